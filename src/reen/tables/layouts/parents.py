"""Parents: lines of counts that add up the lines beside them, as "PC" adds up its kinds.

Input: the labels and counts of consecutive lines.  Output: the lines that are the sum of those
right below or above them, with how sure that is.  It is sure where the lines are indented below it,
named as its kinds, or where its word stands for all sorts ("Parc informatique"); where only the
numbers agree, it may be chance, and where only the indents say so, a line may be missing.

Must not drop a line: who asks sets the parent aside, and counts the lines that it adds up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.layouts.indents import depth_of, indented_groups, is_indented
from reen.tables.rows.totals import is_part_label, is_total_label
from reen.values import Compared

__all__ = ["Parent", "parents_of", "told_parents", "without_part"]

_PART = pattern(r"(?i)^\W*dont\s+(?:les?\s+|des\s+|l')?")

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
#: Words for all sorts of things, of which no label of one item is made; and those between them.
_OF_ALL_SORTS = frozenset(
    word
    for text in (
        *("parc", "informatique", "matériels", "équipements", "numérique", "téléphonie"),
        *("périphériques", "impression", "réseau", "réseaux", "bureautique", "audiovisuel"),
        *("hardware", "devices", "equipment", "peripherals", "network", "networking", "it"),
        *("fleet", "assets", "telephony", "printing", "infrastructure"),
    )
    for word in key_of(text).split()
)
_BETWEEN = frozenset({"de", "du", "des", "d", "le", "la", "les", "l", "et", "of", "the", "and"})

#: Lines beside a parent that are looked at; items from which numbers agree by no likely chance, by
#: the columns in which they do.
_DEEPEST = 40
_LEAST_ITEMS = {0: math.inf, 1: math.inf, 2: 50.0}
_LEAST_OF_MORE = 20.0
#: The same of a line whose word is no type: there is more reason to ask.
_LEAST_OF_UNKNOWN = {0: math.inf, 1: 20.0}
_LEAST_OF_MORE_UNKNOWN = 10.0

_Counts = Sequence[Sequence[float]]


@attrs.frozen(eq=False, repr=False)
class Parent(Compared):
    """A line that is the sum of those beside it.

    Attributes
    ----------
    row
        Its place.
    first, last
        The places of the first and the last line that it adds up.
    sure
        Whether labels or indents say so too.
    equal
        Whether the numbers agree; where they do not, the indents alone say so.
    """

    row: int
    first: int
    last: int
    sure: bool
    equal: bool = True

    @property
    def added(self) -> range:
        """Return the places of the lines that it adds up."""
        return range(self.first, self.last + 1)

    def placed(self, places: Sequence[int]) -> Parent:
        """Return it by the places of its lines among others."""
        first = places[self.first] if self.first <= self.last else places[self.row] + 1
        return attrs.evolve(self, row=places[self.row], first=first, last=places[self.last])


def parents_of(
    labels: Sequence[str],
    counts: _Counts,
    *,
    names_a_type: Callable[[str], bool] | None = None,
) -> list[Parent]:
    """Return the lines that add up those right below or above them, in their order.

    A line that is added up may add up others itself.

    Parameters
    ----------
    labels
        What each line is called, with the blanks before it.
    counts
        The counts of each line, as many in all; NaN where a number is not known.
    names_a_type
        Of labels that are types: tells those that are known.  Where the word of a line is none,
        or has kinds whatever it is called, or those of all lines that it adds up are none, fewer
        items are enough for a doubt.

    Examples
    --------
    >>> labels = ("PC", "PC portable", "PC fixe", "Écran")
    >>> [(each.row, each.last) for each in parents_of(labels, ((30,), (9,), (21,), (7,)))]
    [(0, 2)]
    >>> labels = ("Écran", "Parc informatique", "PC portable", "PC fixe")
    >>> known = lambda label: "Parc" not in label
    >>> [
    ...     (each.row, each.sure)
    ...     for each in parents_of(labels, ((7,), (30,), (9,), (21,)), names_a_type=known)
    ... ]
    [(1, True)]
    """
    found = {parent.row: parent for parent in _indented(labels, counts)}
    for row in reversed(range(len(labels))):
        open_ = row not in found or not found[row].equal
        if open_ and (below := _beside(row, labels, counts, names_a_type, found)):
            found[row] = below
    added = {row for parent in found.values() for row in parent.added}
    for row in range(len(labels)):
        if row in found or row in added or names_a_type is None:
            continue
        if above := _beside(row, labels, counts, names_a_type, found, down=False):
            found[row] = above
    return sorted(found.values(), key=lambda parent: parent.row)


def without_part(label: str) -> str:
    """Return a label without the word that says that it is a part: "dont portables"."""
    return _PART.sub("", label)


def told_parents(named: Sequence[tuple[Parent, str, float]]) -> Iterator[Reason]:
    """Yield what is to be told of some parents, of which each has a name and a number.

    Those that are sure are counted by their lines; the others beside them, which is doubted.
    """
    for code, sure, equal in (
        ("matrix_parents", True, None),
        ("matrix_may_be_parents", False, True),
        ("indented_sums_differ", False, False),
    ):
        shown = [
            f"{name.strip()} ({number:g})"
            for each, name, number in named
            if each.sure is sure and equal in (None, each.equal)
        ]
        if shown:
            yield Reason(code, rows=", ".join(shown))


def _indented(labels: Sequence[str], counts: _Counts) -> Iterator[Parent]:
    """Yield the lines that stand above indented ones, where both have numbers."""
    groups = indented_groups(labels)
    sums: dict[int, list[float]] = {}
    for row in reversed(range(len(labels))):
        own = list(counts[row])
        if row in groups:
            parts = [at for at in groups[row] if not _is_total(labels[at])]
            added = [math.fsum(sums[at][k] for at in parts) for k in range(len(own))]
            equal = all(map(math.isclose, added, own))
            # what is said to be a part need not be all of it
            several = equal or not all(is_part_label(labels[at]) for at in parts)
            unknown = any(map(math.isnan, added))
            if several and _is_filled(own) and (unknown or _is_filled(added)):
                yield Parent(row, row + 1, _last_of(row, groups), sure=equal, equal=equal)
            own = own if _is_filled(own) else added
        sums[row] = own


def _last_of(row: int, groups: Mapping[int, Sequence[int]]) -> int:
    """Return the last line below a line, those below its own ones too."""
    while row in groups:
        row = groups[row][-1]
    return row


def _is_filled(numbers: Sequence[float]) -> bool:
    return any(number > 0.0 for number in numbers)


def _is_total(label: str) -> bool:
    return is_total_label(label) and not is_part_label(label)


def _beside(
    row: int,
    labels: Sequence[str],
    counts: _Counts,
    names_a_type: Callable[[str], bool] | None,
    found: Mapping[int, Parent],
    *,
    down: bool = True,
) -> Parent | None:
    """Return a line as the sum of those right below it, or right above it; None if it is none."""
    own, label = counts[row], labels[row]
    unnamed = not label.strip()
    if unnamed or not sum(own) > 0.0 or is_total_label(label) or is_indented(label):
        return None
    # what is called the same is one more of it
    ends = [
        end
        for end in _sums(row, labels, counts, found, down=down)
        if key_of(label) not in map(key_of, labels[slice(*_between(row, end))])
    ]
    if not ends:
        return None
    related = [end for end in ends if _are_kinds(label, labels[slice(*_between(row, end))])]
    if related:
        return _parent(row, related[-1], sure=True)
    unknown = names_a_type is not None and not names_a_type(label)
    models = names_a_type is not None and not any(
        map(names_a_type, labels[slice(*_between(row, ends[0]))])
    )
    if unknown and _is_of_all_sorts(label):
        return _parent(row, ends[-1], sure=True)
    filled = sum(number > 0.0 for number in own)
    if unknown or models or (names_a_type is not None and key_of(label) in _VAGUE):
        least = _LEAST_OF_UNKNOWN.get(filled, _LEAST_OF_MORE_UNKNOWN)
    else:
        least = _LEAST_ITEMS.get(filled, _LEAST_OF_MORE)
    return _parent(row, ends[0], sure=False) if sum(own) >= least else None


def _between(row: int, end: int) -> tuple[int, int]:
    """Return the first line beside a line and the one after the last, up to some end."""
    return (row + 1, end + 1) if end > row else (end, row)


def _parent(row: int, end: int, *, sure: bool) -> Parent:
    first, after = _between(row, end)
    return Parent(row, first, after - 1, sure=sure)


def _sums(
    row: int,
    labels: Sequence[str],
    counts: _Counts,
    found: Mapping[int, Parent],
    *,
    down: bool,
) -> Iterator[int]:
    """Yield the lines at which those beside a line add up to it, in every column.

    Lines that another one adds up are in its sum.
    """
    own = counts[row]
    sums = [0.0] * len(own)
    parts = 0
    for place, end in _steps(row, len(labels), found, down=down):
        if _is_total(labels[place]):
            return
        sums = [total + number for total, number in zip(sums, counts[place], strict=True)]
        # also where a number is not known: no comparison with NaN holds
        if not all(total <= number for total, number in zip(sums, own, strict=True)):
            return
        parts += any(counts[place])
        if parts > 1 and all(map(math.isclose, sums, own)):
            yield end


def _steps(
    row: int, lines: int, found: Mapping[int, Parent], *, down: bool
) -> Iterator[tuple[int, int]]:
    """Yield the lines beside a line, and where each ends with those that it adds up."""
    if down:
        place = row + 1
        while place < min(lines, row + 1 + _DEEPEST):
            end = found[place].last if place in found else place
            yield place, end
            place = max(end, place) + 1
        return
    heads = {parent.last: parent.row for parent in found.values() if parent.last > parent.row}
    place = row - 1
    while place >= max(0, row - _DEEPEST):
        # of a parent above its lines, the parent stands for all; of one below them, itself
        head = heads.get(place, place)
        if head in found:
            yield head, min(head, found[head].first)
            place = min(head, found[head].first) - 1
        else:
            yield place, place
            place -= 1


def _is_of_all_sorts(label: str) -> bool:
    words = [word for word in key_of(label).split() if word not in _BETWEEN]
    return bool(words) and all(word in _OF_ALL_SORTS for word in words)


def _are_kinds(parent: str, children: Sequence[str]) -> bool:
    """Tell whether lines are indented below another one, or named as its kinds."""
    if all(map(depth_of, children)):
        return True
    words = set(key_of(parent).split())
    named = [set(key_of(without_part(child)).split()) for child in children]
    if words and all(words < each for each in named):
        return True
    return key_of(parent) in _VAGUE and any(map(is_part_label, children))
