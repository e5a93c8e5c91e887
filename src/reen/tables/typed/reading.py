"""Typed reading: clean delimited text, each column in the type that its first rows show.

Input: a text with its dialect, and what its columns are.  Output: its rows, numbers and days read
once and words encoded while they are read; or None for a text that is not clean: another number of
cells in some row, blank lines, a cell that its column's type does not take.  The careful path reads
those.

Decides no meaning: a column is typed where every reading of its cells would be the same.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
from collections.abc import Collection, Iterator, Mapping

import attrs
import numpy as np
import pyarrow as pa

from reen.inventory.masks import nulls_of
from reen.inventory.schema import ColumnKind
from reen.tables.delimited.dialect import Dialect
from reen.tables.delimited.textfile import Text
from reen.tables.headers.headings import Headings
from reen.tables.sheet import cast_all
from reen.tables.table import Rows, Table, TextTable
from reen.tables.typed.cutting import MANY, body_of
from reen.tables.typed.sheet import TypedSheet

__all__ = ["Watch", "current_watch", "typed_rows", "watched"]

_WORDS = pa.dictionary(pa.int32(), pa.string())

#: Share of distinct cells from which a column of text is not encoded.
_DISTINCT = 0.95


def typed_rows(table: Table, headings: Headings) -> Rows | None:
    """Return the rows of a clean text; None for what has to be read with care.

    Parameters
    ----------
    table
        The table.
    headings
        What its columns are.
    """
    watch = current_watch()
    rows = None
    if isinstance(table, TextTable) and not watch.careful:
        rows = _read(table.text, table.dialect, headings)
    (watch.others if rows is None else watch.typed).append(table.source)
    return rows


def _read(text: Text, dialect: Dialect, headings: Headings) -> Rows | None:
    if not _may_be_clean(text, dialect):
        return None
    has_quotes = ord('"') not in text.absent and text.data.find(b'"', dialect.start) >= 0
    body = None if has_quotes else body_of(text, dialect)
    if body is None:
        return _read_by_arrow(text, dialect, headings, has_quotes=has_quotes)
    sample = body.sample(headings.read)
    if sample is None:
        return None
    kinds = _kinds(sample, headings)
    written = body.read({k: kind != pa.string() for k, kind in kinds.items()}, sample)
    if written is None or _has_blank_row(written.values()):
        return None
    cells = {k: _typed(cells, kinds[k]) for k, cells in written.items()}
    lines = np.arange(body.rows, dtype=np.int64) + dialect.first_line
    return Rows(sheet=TypedSheet(cells, lines, text=written.__getitem__), blank=0)


def _typed(cells: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return the cells of a column in its type, where all of them can be."""
    if pa.types.is_date(kind) or pa.types.is_floating(kind):
        found = cast_all(cells, kind)
        return cells if found is None else found
    return cells


def _read_by_arrow(
    text: Text, dialect: Dialect, headings: Headings, *, has_quotes: bool
) -> Rows | None:
    from reen.tables.typed.arrow_cutting import arrow_body, one_array

    body = arrow_body(text, dialect, has_quotes=has_quotes)
    try:
        types = _kinds(body.sample(headings.read), headings)
        table = body.read(types)
    except pa.ArrowInvalid:
        return None
    if has_quotes and table.num_rows != text.data.count(b"\n", dialect.start) + (
        not text.data.endswith(b"\n")
    ):
        return None  # a quoted cell of several lines
    cells = {position: one_array(table[str(position)]) for position in types}
    if _has_blank_row(cells.values()):
        return None
    lines = np.arange(table.num_rows, dtype=np.int64) + dialect.first_line
    return Rows(sheet=TypedSheet(cells, lines, text=body.text), blank=0)


def _may_be_clean(text: Text, dialect: Dialect) -> bool:
    """Tell whether a text has several columns, and some row.

    A blank line is a row without a cell: it must not be passed over, for lines are counted.
    """
    several = len(dialect.header) > 1
    return (
        several and len(text.data) > dialect.start and not text.data.endswith((b"\n\n", b"\n\r\n"))
    )


def _has_blank_row(columns: Collection[pa.Array]) -> bool:
    """Tell whether some row, or some line, holds nothing at all."""
    if not all(column.null_count for column in columns):
        return False
    blank = functools.reduce(np.logical_and, (nulls_of(column) for column in columns))
    return bool(blank.any())


def _kinds(sample: Mapping[int, pa.Array], headings: Headings) -> dict[int, pa.DataType]:
    """Return the type in which to read each column, by what its first rows hold."""
    column_of = {
        heading.position: column
        for column, group in headings.columns.items()
        for heading in group
        if len(group) == 1
    }
    schema = headings.wording.schema
    found = {}
    for position, cells in sample.items():
        column = column_of.get(position)
        kind = ColumnKind.TEXT if column is None else schema[column].kind
        found[position] = _type(cells, kind, trusted=headings.is_canonical)
    return found


def _type(cells: pa.DictionaryArray, kind: ColumnKind, *, trusted: bool) -> pa.DataType:
    words, filled = cells.dictionary, len(cells) - cells.null_count
    if kind is ColumnKind.DATE and _is(words, pa.date32()):
        return pa.date32()
    # in a file of this library a point is a decimal mark; elsewhere the cells have to prove it
    if kind is ColumnKind.NUMBER and trusted and _is(words, pa.float64()):
        return pa.float64()
    return pa.string() if filled >= MANY and len(words) > _DISTINCT * filled else _WORDS


def _is(words: pa.Array, kind: pa.DataType) -> bool:
    return len(words) > 0 and cast_all(words, kind) is not None


@attrs.define(eq=False, repr=False)
class Watch:
    """What the typed path did.

    Attributes
    ----------
    careful
        Whether it is shut.
    typed, others
        Sources of the texts that took it, and of those that did not.
    """

    careful: bool = False
    typed: list[str] = attrs.field(factory=list)
    others: list[str] = attrs.field(factory=list)


_WATCH: contextvars.ContextVar[Watch | None] = contextvars.ContextVar("watch", default=None)


def current_watch() -> Watch:
    """Return who watches, or a watch that nobody reads."""
    return _WATCH.get() or Watch()


@contextlib.contextmanager
def watched(*, careful: bool = False) -> Iterator[Watch]:
    """Watch the files that are read meanwhile.

    Parameters
    ----------
    careful
        Read all of them by the careful path.
    """
    watch = Watch(careful)
    token = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(token)
