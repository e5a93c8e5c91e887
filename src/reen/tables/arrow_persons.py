"""Persons in Arrow columns: their names are removed from files of canonical columns.

Input: rows under canonical names, read whole or block by block.  Output: the same rows without the
persons that free text names, and without identifiers that hold a person or a device; a column of
persons is no group.  The rules are those of all other files (`names_in_text`, `personal_ids`); each
distinct word is looked at once.

What this library wrote itself was looked at when it was read, and is not looked at again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Issue, Severity
from reen.inventory.pseudonyms import are_pseudonyms
from reen.inventory.schema import ColumnKind, TableSchema
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.reasons import Reason
from reen.tables.headers.header_words import PERSONAL, header_words, key_of
from reen.tables.headers.reading_columns import (
    JOINING_NAMES,
    NAMES_PERSONS,
    OF_NUMBERS,
    PERSONAL_IDENTIFIERS,
    PSEUDONYMOUS,
)
from reen.tables.importing import Imported, ReadOptions
from reen.tables.privacy.identifiers import no_numbers, personal_identifiers
from reen.tables.privacy.keeping_columns import headers_asked, refuse_group_of_persons
from reen.tables.privacy.names_in_places import services_of_places
from reen.tables.privacy.names_in_text import MARK, PLACES, without_holders, without_names
from reen.tables.privacy.person_names import names_persons_too, services_of

__all__ = [
    "check_groups",
    "cut_names_of",
    "cut_persons_of_places",
    "cut_services_of",
    "holds_persons_too",
    "without_personal_ids",
    "without_persons",
]

#: Importer that looks for persons while it reads.
_LOOKED_INTO = "table"

#: Texts that are told apart; those of a column of numbers would fill the memory for nothing.
_KNOWN = 1 << 16

#: Cells of each piece of a column that are looked at first.
_HEAD = 100


def check_groups(by: Iterable[str], schema: TableSchema) -> None:
    """Refuse to group by a column whose header is that of persons.

    Raises
    ------
    OptionError
        One of the headers is.
    """
    for header in by:
        word = header_words(schema.name).get(key_of(header))
        personal = word is not None and word.column in {PERSONAL, *JOINING_NAMES}
        if header not in schema and (personal or header in JOINING_NAMES):
            raise refuse_group_of_persons(header)


def holds_persons_too(header: str, schema: TableSchema) -> bool:
    """Tell whether the cells of a column to group by may be persons as well as services."""
    return header not in schema and names_persons_too(header)


def cut_names_of(
    table: pa.Table, schema: TableSchema, *, but: Collection[str] = ()
) -> tuple[pa.Table, dict[str, list[int]]]:
    """Return rows without the persons whom their words name, and which rows named one, by column.

    Parameters
    ----------
    table
        Rows under canonical names.
    schema
        What the columns are; one that it does not know is read as a column of places.
    but
        Columns that were asked for as they are.
    """
    found = {}
    for name in table.column_names:
        column = schema.get(name)
        words = column is None or column.kind is ColumnKind.TEXT
        if not words or name in NAMES_PERSONS | OF_NUMBERS or name in but:
            continue
        if _are_numbers(table[name]):
            continue
        cut = _in_places if column is None or name in PLACES else _in_text
        table, rows = _recoded(table, name, cut)
        if rows:
            found[name] = rows
    return table, found


def cut_services_of(table: pa.Table, name: str) -> tuple[pa.Table, list[int]]:
    """Return rows of whose column of persons and services the services are left.

    Raises
    ------
    OptionError
        Nothing is left: it is a column of persons.
    """
    texts = _texts(table[name])
    left = services_of(texts)
    if texts and not any(left.get(text, text) for text in texts):
        raise refuse_group_of_persons(name)
    return _recoded(table, name, lambda text: left.get(text, text))


def cut_persons_of_places(
    table: pa.Table, *, but: Collection[str] = ()
) -> tuple[pa.Table, dict[str, list[int]]]:
    """Return rows without the persons who stand in columns of places, and which rows had one.

    Parameters
    ----------
    table
        Rows under canonical names.
    but
        Columns that were asked for as they are.
    """
    found = {}
    for name in sorted(PLACES.intersection(table.column_names).difference(but)):
        left = services_of_places(_texts(table[name]))
        if left:
            table, found[name] = _recoded(table, name, lambda text: left.get(text, text))  # noqa: B023
    return table, found


def without_personal_ids(table: pa.Table, *, grouped: Collection[str] = ()) -> pa.Table:
    """Return rows whose personal identifiers are blank.

    Parameters
    ----------
    table
        Rows under canonical names, with the columns of names that they have.
    grouped
        Columns by which figures are grouped: of the names among them, pseudonyms alone may be.

    Raises
    ------
    OptionError
        A column to group by names persons or their devices.
    """
    for name in set(PSEUDONYMOUS) & set(grouped) & set(table.column_names):
        if not pc.all(are_pseudonyms(_as_text(table[name])), min_count=0).as_py():
            raise refuse_group_of_persons(name)
    columns = [name for name in PERSONAL_IDENTIFIERS if name in table.column_names]
    found = personal_identifiers(table, columns) if columns else frozenset()
    for name in columns if found else ():
        table, _ = _recoded(table, name, lambda text: None if text in found else text)
    return table


def without_persons(part: Imported, options: ReadOptions) -> Imported:
    """Return a table of an importer of canonical columns, without the persons in its words.

    The reader of tables has looked at its own; so has who wrote the account that a file kept.

    Parameters
    ----------
    part
        What an importer returned.
    options
        Which columns are to be kept as they are, and which are grouped by.

    Raises
    ------
    OptionError
        A column to group by is one of persons.
    """
    if part.report.importer == _LOOKED_INTO or part.kept is not None:
        return part
    asked = headers_asked(options)
    schema = SCHEMA_OF_KIND[part.kind]
    by = [header for header in options.by if key_of(header) not in asked]
    check_groups((header for header in by if header in part.table.column_names), schema)
    table, found = part.table, dict[str, list[int]]()
    for header in by:
        if header in table.column_names and holds_persons_too(header, schema):
            table, found[header] = cut_services_of(table, header)
    as_they_are = [name for name in table.column_names if key_of(name) in asked]
    table, of_places = cut_persons_of_places(table, but=(*as_they_are, *found))
    found |= of_places
    table, named = cut_names_of(table, schema, but=as_they_are)
    told = [
        _told(part, name, rows, code)
        for code, each in (("persons_left_out", found), ("names_cut", named))
        for name, rows in each.items()
        if rows
    ]
    return attrs.evolve(part, table=table, issues=(*part.issues, *told))


def _told(part: Imported, name: str, rows: list[int], code: str) -> Issue:
    """Return how many rows of a column named persons, none of whom is shown."""
    lines = part.table["source_row"].take(pa.array(rows[: Issue.SHOWN])).to_pylist()
    mark = {"mark": MARK} if code == "names_cut" else {}
    expected = "names_kept_by" if code == "names_cut" else "services_alone"
    return Issue(
        name,
        name,
        Reason(code, count=len(rows), **mark),
        expected=Reason(expected, header=name),
        severity=Severity.NOTE,
        source=part.report.source,
        rows=tuple(lines),
        count=len(rows),
    )


@functools.lru_cache(maxsize=_KNOWN)
def _in_text(text: str) -> str | None:
    return without_names(text)


@functools.lru_cache(maxsize=_KNOWN)
def _in_places(text: str) -> str | None:
    return without_holders(text)


def _are_numbers(column: pa.ChunkedArray) -> bool:
    """Tell whether no cell of a column is more than a number, which a tool gives each row.

    A million of them are looked at where they lie, and no word is made of any.
    """
    if not pa.types.is_string(column.type):
        return False
    first = [chunk.slice(0, _HEAD) for chunk in column.chunks]
    return not any(len(no_numbers(cells)) for cells in (*first, *column.chunks))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Return the distinct texts of a column; numbers, dates and lists name nobody."""
    column = _as_text(column)
    return [text for text in pc.unique(column).to_pylist() if text] if _is_text(column.type) else []


def _recoded(
    table: pa.Table, name: str, change: Callable[[str], str | None]
) -> tuple[pa.Table, list[int]]:
    """Return a table with some words of a column changed, and the rows that have them."""
    kind = table.schema.field(name).type
    of_words = pa.types.is_dictionary(kind)
    if not _is_text(kind.value_type if of_words else kind):
        return table, []
    column = table[name].unify_dictionaries() if of_words else table[name].dictionary_encode()
    chunks = column.chunks
    if not chunks:
        return table, []
    words = chunks[0].dictionary.cast(pa.string())
    texts = _changed(words, change)
    if texts is None:
        return table, []
    dictionary = pa.array(texts, pa.string())
    changed = [chunk.indices for chunk in chunks]
    taken = pa.chunked_array([dictionary.take(indices) for indices in changed], pa.string())
    differs = np.array([a != b for a, b in zip(texts, words.to_pylist(), strict=True)], np.bool_)
    codes = np.concatenate([numpy_of(each.fill_null(-1)) for each in changed])
    rows = np.flatnonzero(np.append(differs, False)[codes])
    if of_words:
        taken = taken.dictionary_encode().cast(pa.dictionary(kind.index_type, pa.string()))
    place = table.column_names.index(name)
    field = table.schema.field(name).with_type(taken.type)
    return table.set_column(place, field, taken), rows.tolist()


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _changed(words: pa.Array, change: Callable[[str], str | None]) -> list[str | None] | None:
    """Return words of which some change, None when none does."""
    texts: list[str | None] = words.to_pylist()
    changed = [None if text is None else change(text) for text in texts]
    return None if changed == texts else changed
