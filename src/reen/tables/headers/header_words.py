"""Header words: what the columns of inventories and records are called, in French and in English.

Input: the bundled tables `data/headers.csv` and `data/record_headers.csv` (canonical column, order
of preference, synonyms) and `data/words.csv` (words of the closed lists).  Output: look-ups by
reen's normal form, so that case, accents, punctuation, underscores and plurals do not matter.

Knows words only: neither units nor files of an inventory.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

import attrs

from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.tables.bundled_words import rows_of, rows_of_forms
from reen.tables.cells.lost_letters import KnownWords, has_lost_letters, mend_beginning
from reen.tables.headers.reading_columns import READ_EQUIPMENT
from reen.vocabulary.lookup import word_form

__all__ = [
    "GROUP",
    "PERSONAL",
    "REMARK",
    "Word",
    "header_words",
    "key_of",
    "mend_header",
    "spelt_values",
    "value_words",
]

#: Column of the headers that name persons, or devices by their persons.
PERSONAL = "(personal)"
#: Words of every column of yes or no that has none of its own.
_YES_OR_NO = "(yes or no)"
#: Prefixes that some tools put before the header.
GROUP = "(group)"


_SCHEMAS = {**SCHEMA_OF_KIND, EQUIPMENT.name: READ_EQUIPMENT}


@attrs.frozen(eq=False, repr=False)
class Word:
    """What a header word means.

    Attributes
    ----------
    column
        Canonical column, or `PERSONAL`, or `GROUP`.
    preference
        Order among the words for one column: 1 goes before 2; two of the same order conflict.
    language
        ``fr``, ``en``, or empty for a word of both.
    """

    column: str
    preference: int
    language: str


@functools.lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    """Return the form by which headers and words are compared."""
    return word_form(text)


@functools.cache
def _forms_of_records() -> Mapping[str, list[dict[str, str]]]:
    """Return the rows of each other table: a header is looked up in all of them."""
    by_table: dict[str, list[dict[str, str]]] = {}
    for row in rows_of_forms("record_headers.csv"):
        by_table.setdefault(row["table"], []).append(row)
    return by_table


@functools.cache
def header_words(table: str = EQUIPMENT.name) -> Mapping[str, Word]:
    """Return the meaning of each known header of a table, by its normal form, spaces or none."""
    words: dict[str, Word] = {}
    of_equipment = table == EQUIPMENT.name
    rows = rows_of_forms("headers.csv") if of_equipment else _forms_of_records().get(table, ())
    for row in rows:
        for language, name in (("fr", "french"), ("en", "english")):
            if not row[name]:
                continue
            meaning = Word(row["column"], int(row["preference"]), language)
            for key in row[name].split(";"):
                known = words.get(key)
                if known is None:
                    words[key] = meaning
                elif known.language not in ("", language) and known.column == meaning.column:
                    words[key] = Word(known.column, known.preference, "")
    for column in _SCHEMAS[table]:
        key = key_of(column)
        known = words.get(key, Word(column, 1, "en"))
        if known.column == PERSONAL:
            continue
        words[key] = Word(column, known.preference, known.language)
    joined = [(key.replace(" ", ""), word) for key, word in words.items() if " " in key]
    for key, word in joined:
        words.setdefault(key, word)  # SerialNumber, Lastseen
    return words


@functools.cache
def _spelt_words(table: str) -> KnownWords:
    of_equipment = table == EQUIPMENT.name
    rows = rows_of("headers.csv" if of_equipment else "record_headers.csv")
    return KnownWords.of(
        (word, row["column"])
        for row in rows
        if of_equipment or row["table"] == table
        for name in ("french", "english")
        for word in row[name].split(";")
        if word
    )


#: Words of headers of remarks.
REMARK = frozenset(
    map(
        key_of,
        (
            *("remarque", "observation", "commentaire", "note", "description", "détail", "divers"),
            *("précision", "information", "info", "comment", "remark", "details", "notes"),
        ),
    )
)


def mend_header(header: str, table: str = EQUIPMENT.name) -> str | None:
    """Return a header that lost letters as it was, None when not exactly one column fits."""
    return mend_beginning(header, _spelt_words(table)) if has_lost_letters(header) else None


def spelt_values(column: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a closed list as they are spelt, each with its value."""
    for row in rows_of("words.csv"):
        if row["column"] == column:
            for word in (row["value"], *row["words"].split(";")):
                yield word, row["value"]


@functools.cache
def value_words() -> Mapping[str, Mapping[str, str]]:
    """Return, by canonical column, the value of its closed list that each word names."""
    words: dict[str, dict[str, str]] = {}
    for row in rows_of_forms("words.csv"):
        meanings = words.setdefault(row["column"], {})
        for key in (key_of(row["value"]), *row["words"].split(";")):
            meanings.setdefault(key, row["value"])
    answers = words.pop(_YES_OR_NO)
    for schema in _SCHEMAS.values():
        for column in schema.columns:
            if column.kind is ColumnKind.BOOLEAN:
                words.setdefault(column.name, answers)
    return words
