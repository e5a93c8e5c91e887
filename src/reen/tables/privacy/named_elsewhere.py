"""Surnames that one cell of a table shows, looked for in the identifiers of all its rows.

Input: the rows of a table, and the words of persons that left their cells.  Output: the identifiers
of which such a surname is a word: "QA15-QUERMELIN", where a row beside says "Mme Quermelin".  Users
by name are persons too.  A word of many identifiers is the code of a place or of a series.

Shows nothing of what it looks at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import pyarrow as pa
import pyarrow.compute as pc

from reen.patterns import pattern
from reen.tables.headers.headings import Heading, Headings
from reen.tables.headers.reading_columns import PERSONAL_IDENTIFIERS
from reen.tables.privacy.person_names import is_first_name, names_a_person
from reen.tables.sheet import Sheet
from reen.vocabulary.text import normalise

__all__ = ["identifiers_with"]

#: Identifiers from which a word is the code of a place or of a series.
_MANY = 4
#: Words before a name that are no name.
_TITLES = frozenset({"monsieur", "madame", "mademoiselle", "mlle"})
#: Letters of a word, and what stands between words: those beside a digit are no word.
_WORDED, _BETWEEN = "[A-Za-zÀ-ÿ]{4,}", "[^0-9A-Za-zÀ-ÿ]+"
_SPLIT = pattern(_BETWEEN)


def identifiers_with(
    sheet: Sheet, headings: Headings, gone: Iterable[str], users: Sequence[Heading]
) -> Mapping[str, frozenset[str]]:
    """Return the identifiers that hold a surname which another cell shows, by column.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    gone
        Words of the persons that left their cells.
    users
        Columns whose cells are persons where they look like one.
    """
    gone = frozenset(gone)
    found: dict[str, frozenset[str]] = {}
    for column in PERSONAL_IDENTIFIERS:
        for heading in headings.columns.get(column, ()):
            cells = _cells(sheet, heading.position)
            rare = _rare_words(cells)
            named = ((rare & gone) | _of_users(sheet, users, rare)) - _TITLES
            surnames = {word for word in named if not is_first_name(word)}
            if surnames:
                found[column] = found.get(column, frozenset()) | _held(cells, surnames)
    return found


def _cells(sheet: Sheet, position: int) -> pa.Array:
    """Return the identifiers of a column, or the distinct ones where those are known."""
    cells = sheet.plain_cells(position)
    return sheet.words(position).dictionary if cells is None else cells


def _rare_words(cells: pa.Array) -> frozenset[str]:
    """Return the words of few identifiers that are long enough to be a surname."""
    if not pc.any(pc.match_substring_regex(cells, _WORDED)).as_py():
        return frozenset()
    parts = pc.list_flatten(pc.split_pattern_regex(cells, _BETWEEN))
    counted = pc.value_counts(parts)
    words, numbers = counted.field(0), counted.field(1)
    few = pc.and_(pc.less(numbers, _MANY), pc.match_substring_regex(words, f"^{_WORDED}$"))
    return frozenset(map(normalise, words.filter(few).to_pylist()))


def _held(cells: pa.Array, surnames: AbstractSet[str]) -> frozenset[str]:
    """Return the identifiers of which a surname is a word."""
    worded = cells.filter(pc.match_substring_regex(cells, _WORDED)).to_pylist()
    return frozenset(text for text in worded if surnames & set(map(normalise, _SPLIT.split(text))))


def _of_users(sheet: Sheet, users: Sequence[Heading], words: AbstractSet[str]) -> AbstractSet[str]:
    """Return which of some words are part of the name of a user."""
    found: set[str] = set()
    for heading in users if words else ():
        for text in sheet.words(heading.position).dictionary.to_pylist():
            named = words & set(normalise(text.partition("@")[0]).split())
            if named and names_a_person(text):
                found |= named
    return found
