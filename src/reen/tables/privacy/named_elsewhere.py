"""Surnames that one cell of a table shows, looked for in the identifiers of all its rows.

Input: the rows of a table, and the words of persons that left their cells.  Output: the identifiers
of which such a surname is a word: "QA15-QUERMELIN", where a row beside says "Mme Quermelin".  Users
by name are persons too.  A word of many identifiers is the code of a place or of a series.

Shows nothing of what it looks at.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

import pyarrow.compute as pc

from reen.tables.headers.headings import Headings
from reen.tables.headers.reading_columns import PERSONAL_IDENTIFIERS
from reen.tables.privacy.person_names import is_first_name, names_a_person
from reen.tables.sheet import Sheet
from reen.vocabulary.text import normalise

__all__ = ["identifiers_with"]

#: Columns whose cells are persons where they look like one.
_OF_USERS = ("user", "email")
#: Identifiers from which a word is the code of a place or of a series.
_MANY = 4
#: Words before a name that are no name.
_TITLES = frozenset({"monsieur", "madame", "mademoiselle", "mlle"})
#: A word of its own, and not some letters of a number.
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{4,}(?![^\W_])")
_WORDED = "[A-Za-zÀ-ÿ]{4}"


def identifiers_with(
    sheet: Sheet, headings: Headings, gone: Iterable[str]
) -> Mapping[str, frozenset[str]]:
    """Return the identifiers that hold a surname which another cell shows, by column.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    gone
        Words of the persons that left their cells.
    """
    worded = {
        column: [text for heading in group for text in _worded(sheet, heading.position)]
        for column, group in headings.columns.items()
        if column in PERSONAL_IDENTIFIERS
    }
    found = {}
    for column, texts in worded.items():
        held = {text: _words_of(text) for text in texts}
        times = collections.Counter(word for words in held.values() for word in words)
        rare = {word for word, number in times.items() if number < _MANY}
        surnames = (rare.intersection(gone) | _of_users(sheet, headings, rare)) - _TITLES
        surnames = {word for word in surnames if not is_first_name(word)}
        if surnames:
            found[column] = frozenset(text for text, words in held.items() if words & surnames)
    return found


def _worded(sheet: Sheet, position: int) -> list[str]:
    """Return the identifiers of a column that hold a word long enough to be a surname."""
    cells = sheet.plain_cells(position)
    if cells is None:
        cells = sheet.words(position).dictionary
    held = pc.unique(cells.filter(pc.match_substring_regex(cells, _WORDED)))
    return [text for text in held.to_pylist() if _WORD.search(text)]


def _words_of(text: str) -> set[str]:
    return {normalise(word) for word in _WORD.findall(text)}


def _of_users(sheet: Sheet, headings: Headings, words: AbstractSet[str]) -> set[str]:
    """Return which of some words are part of the name of a user."""
    found: set[str] = set()
    for column in _OF_USERS if words else ():
        for heading in headings.columns.get(column, ()):
            for text in sheet.words(heading.position).dictionary.to_pylist():
                named = words & set(normalise(text.partition("@")[0]).split())
                if named and names_a_person(text):
                    found |= named
    return found
