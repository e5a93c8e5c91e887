"""Parents: lines of counts that add up the lines below them, as "PC" adds up its kinds.

Input: the labels and counts of consecutive lines.  Output: the lines that are the sum of those
right below them, with how sure that is.  It is sure where the lines below are indented, or named as
kinds of the first; where only the numbers agree, it may be chance.

Must not drop a line: who asks sets the parent aside, and counts the lines below it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence

import attrs

from reen.tables.headers.header_words import key_of
from reen.tables.rows.totals import is_part_label, is_total_label

__all__ = ["Parent", "parents_of", "without_part"]

#: What stands before a line of detail.
_INDENTED = re.compile(r"^(?:\s|[-\u2013\u2022>*\u21b3]\s*)+|^(?i:dont)\b")
_PART = re.compile(r"(?i)^\W*dont\s+(?:les?\s+|des\s+|l')?")

#: Words of lines that have kinds below them, whatever these are called.
_VAGUE = frozenset(
    map(
        key_of,
        (
            *("pc", "ordinateur", "poste", "poste de travail", "poste informatique", "matériel"),
            *("équipement", "informatique", "téléphonie", "périphérique", "impression", "réseau"),
            *("terminaux", "computer", "device", "hardware", "workplace", "peripheral", "network"),
        ),
    )
)

#: Lines below a parent that are looked at; items from which numbers agree by no likely chance, by
#: the columns in which they do.
_DEEPEST = 40
_LEAST_ITEMS = {0: math.inf, 1: math.inf, 2: 50.0}
_LEAST_OF_MORE = 20.0
#: The same of a line whose word is no type: there is more reason to ask.
_LEAST_OF_UNKNOWN = {0: math.inf, 1: 20.0}
_LEAST_OF_MORE_UNKNOWN = 10.0


@attrs.frozen
class Parent:
    """A line that is the sum of those below it.

    Attributes
    ----------
    row
        Its place.
    last
        The place of the last line that it adds up.
    sure
        Whether labels or indents say so too.
    """

    row: int
    last: int
    sure: bool


def parents_of(
    labels: Sequence[str],
    counts: Sequence[Sequence[float]],
    *,
    names_a_type: Callable[[str], bool] | None = None,
) -> list[Parent]:
    """Return the lines that add up those right below them.

    Parameters
    ----------
    labels
        What each line is called, with the blanks before it.
    counts
        The counts of each line, as many in all; NaN where a number is not known.
    names_a_type
        Of labels that are types: tells those that are known.  Where the word of a line is none,
        or has kinds whatever it is called, fewer items are enough for a doubt.

    Examples
    --------
    >>> labels = ("PC", "PC portable", "PC fixe", "Écran")
    >>> [(each.row, each.last) for each in parents_of(labels, ((30,), (9,), (21,), (7,)))]
    [(0, 2)]
    """
    found: list[Parent] = []
    end = -1
    for row in range(len(labels)):
        parent = _parent(row, labels, counts, names_a_type) if row > end else None
        if parent is not None:
            found.append(parent)
            end = parent.last
    return found


def without_part(label: str) -> str:
    """Return a label without the word that says that it is a part: "dont portables"."""
    return _PART.sub("", label)


def _parent(
    row: int,
    labels: Sequence[str],
    counts: Sequence[Sequence[float]],
    names_a_type: Callable[[str], bool] | None,
) -> Parent | None:
    own = counts[row]
    if not sum(own) > 0.0 or is_total_label(labels[row]) or _INDENTED.match(labels[row]):
        return None
    ends = list(_sums(row, labels, counts))
    if not ends:
        return None
    related = [last for last in ends if _are_kinds(labels[row], labels[row + 1 : last + 1])]
    if related:
        return Parent(row, related[-1], sure=True)
    filled = sum(number > 0.0 for number in own)
    vague = key_of(labels[row]) in _VAGUE
    if names_a_type is not None and (vague or not names_a_type(labels[row])):
        no_chance = sum(own) >= _LEAST_OF_UNKNOWN.get(filled, _LEAST_OF_MORE_UNKNOWN)
    else:
        no_chance = sum(own) >= _LEAST_ITEMS.get(filled, _LEAST_OF_MORE)
    return Parent(row, ends[0], sure=False) if no_chance else None


def _sums(row: int, labels: Sequence[str], counts: Sequence[Sequence[float]]) -> Iterator[int]:
    """Yield the lines at which those below a line add up to it, in every column."""
    sums = [0.0] * len(counts[row])
    for place in range(row + 1, min(len(labels), row + 1 + _DEEPEST)):
        if is_total_label(labels[place]) and not is_part_label(labels[place]):
            return
        sums = [total + number for total, number in zip(sums, counts[place], strict=True)]
        # also where a number is not known: no comparison with NaN holds
        if not all(total <= own for total, own in zip(sums, counts[row], strict=True)):
            return
        several = sum(any(line) for line in counts[row + 1 : place + 1]) > 1
        if several and all(map(math.isclose, sums, counts[row])):
            yield place


def _are_kinds(parent: str, children: Sequence[str]) -> bool:
    """Tell whether lines are indented below another one, or named as its kinds."""
    if all(_INDENTED.match(child) for child in children):
        return True
    words = set(key_of(parent).split())
    named = [set(key_of(without_part(child)).split()) for child in children]
    if words and all(words < each for each in named):
        return True
    return key_of(parent) in _VAGUE and any(map(is_part_label, children))
