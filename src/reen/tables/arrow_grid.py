"""Arrow data as a grid of text: what has typed columns, but headers that are not canonical.

Input: a Parquet or Arrow file.  Output: a `Grid` whose header is certain and whose cells are
written so that they are read as what they were: a unit of the metadata stands in the header, days
are ISO days, and a number of three decimals has a fourth one, so that nobody takes its point for a
mark between thousands.  Canonical tables need not pass here: they keep their types, unless some
of their rows may be the sums of others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.errors import InventoryError
from reen.gate.limits import GENEROUS, Limits
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.reasons import Reason
from reen.tables.arrow_amounts import SAME, amounts_of, counted_column
from reen.tables.containers.grid import ArrowFile, Grid
from reen.tables.headers.understanding import recognise
from reen.tables.rows.totals import is_total_label, may_hold_label
from reen.tables.together.kept_account import METADATA_KEY

__all__ = [
    "COMPANIES",
    "MANY_ROWS",
    "NO_LABEL",
    "PLACES",
    "grid_of_arrow",
    "is_canonical",
    "is_words",
    "may_have_sums",
]

#: Rows from which Arrow data is not read as text for its sums: `arrow_sums` finds them.
MANY_ROWS = 10_000

_NEED = frozenset({"equipment_type", "model"})

#: Columns of words that a figure depends on.
_TELLING = frozenset({"country", "equipment_type", "model", "status"})

#: Columns in which no row is called a total: what identifies an asset, and where its row stood.
NO_LABEL = frozenset({"asset_tag", "id", "serial_number", "source"})

#: Columns of companies: one is called Total.
COMPANIES = frozenset({"manufacturer", "supplier"})

#: Columns whose words may name no place in particular, or no type, in a row that adds up others.
PLACES = ("entity", "site", "equipment_type")

#: What a cast to text would make of a number that could be read as grouped by thousands.
_THREE_DECIMALS = r"^(-?\d{1,3}\.\d{3})$"


def is_canonical(schema: pa.Schema) -> bool:
    """Tell whether columns have canonical names, so that their types can be trusted.

    They do not when another header names a column that is missing and that figures depend on: its
    cells would be kept aside, and what they say be lost; nor when numbers or days are written as
    words, or as yes and no, which have to be read.  What reen wrote is canonical.
    """
    if METADATA_KEY in (schema.metadata or {}):
        return True
    names = set(schema.names)
    if not _NEED & names:
        return False
    if any(_needs_reading(field.type) and _is_a_value(field.name) for field in schema):
        return False
    meant = {column for name in names - set(EQUIPMENT) for column in recognise([name])}
    return not any(_matters(column) for column in meant - names if column in EQUIPMENT)


def may_have_sums(table: pa.Table) -> bool:
    """Tell whether rows of a canonical table may be the sums of others.

    One is called a total, or stands for all places; or the rows that have a place, a type or none
    of these count as many items as all other rows, as what a query or a data frame puts below its
    groups does ("All", a null).  Which rows are sums is for the reader of tables to find.  What
    reen wrote has none; a table of `MANY_ROWS` is not looked at.
    """
    if METADATA_KEY in (table.schema.metadata or {}) or not 1 < table.num_rows < MANY_ROWS:
        return False
    counted = counted_column(table.schema)
    counts = amounts_of(table[counted].combine_chunks()) if counted else None
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name in NO_LABEL or not is_words(column.type):
            continue
        words = column.cast(pa.string()).combine_chunks()
        codes, distinct = _encoded(words)
        last = distinct[codes[-1]]
        if last is not None and is_total_label(last):
            return True
        if name not in COMPANIES and _has_a_label(words, distinct, is_place=name in PLACES):
            return True
        if counts is None:
            continue
        sums = np.bincount(codes, counts, len(distinct))
        half = counts.sum() / 2.0
        looked = sums if name in PLACES else sums[codes[-1:]]
        if (abs(looked - half) < SAME).any() or (
            name in PLACES and _blank_items(table, name, counts) > half - SAME
        ):
            return True
    return False


def _encoded(words: pa.Array) -> tuple[npt.NDArray[np.int64], list[str | None]]:
    """Return the number of the word of each row, and the words; the last one is none."""
    encoded = words.dictionary_encode()
    distinct = [*encoded.dictionary.to_pylist(), None]
    codes = pc.fill_null(encoded.indices, len(distinct) - 1)
    return numpy_of(codes).astype(np.int64), distinct


def _has_a_label(words: pa.Array, distinct: Sequence[str | None], *, is_place: bool) -> bool:
    """Tell whether some word is the label of a total, or stands for all places."""
    named = [word for word in distinct if word]
    if may_hold_label(words) and any(map(is_total_label, named)):
        return True
    if not is_place:
        return False
    from reen.tables.rows.place_words import may_name_all_places

    return any(map(may_name_all_places, named))


def _blank_items(table: pa.Table, name: str, counts: npt.NDArray[np.float64]) -> float:
    """Return how many items the rows without a place or type are, when others have one.

    A row with a model needs no type.
    """
    blank = pc.is_null(table[name])
    if pc.all(blank).as_py():
        return 0.0
    if name == "equipment_type" and "model" in table.column_names:
        blank = pc.and_(blank, pc.is_null(table["model"]))
    return float(counts[numpy_of(blank)].sum())


def is_words(kind: pa.DataType) -> bool:
    """Tell whether a column is text, or a dictionary of texts."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    forms = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_form(kind) for is_form in forms)


def _needs_reading(kind: pa.DataType) -> bool:
    """Tell whether a column is no column of numbers or days: yes and no are no amounts."""
    return is_words(kind) or bool(pa.types.is_boolean(kind))


def _is_a_value(name: str) -> bool:
    return name in EQUIPMENT and EQUIPMENT[name].kind in {ColumnKind.NUMBER, ColumnKind.DATE}


def _matters(name: str) -> bool:
    return name in _TELLING or EQUIPMENT[name].kind is not ColumnKind.TEXT


def grid_of_arrow(file: ArrowFile, limits: Limits = GENEROUS) -> Grid:
    """Read a Parquet or Arrow file as text.

    Raises
    ------
    FileFormatError, InventoryError
        As `read_arrow`.
    """
    from reen.gate.files import read_arrow

    table, form = read_arrow(file.data, place=file.place, limits=limits)
    columns = tuple(
        _text_of(table.column(k), name=str(table.schema.names[k]), place=file.place)
        for k in range(table.num_columns)
    )
    return Grid(
        place=file.place,
        columns=columns,
        lines=np.arange(1, table.num_rows + 1, dtype=np.int64),
        header=tuple(_header(field) for field in table.schema),
        details={"format": form},
        remarks=file.remarks,
    )


def _header(field: pa.Field) -> str:
    unit = (field.metadata or {}).get(b"unit", b"").decode()
    return f"{field.name} [{unit}]" if unit not in ("", "1") else str(field.name)


def _text_of(column: pa.ChunkedArray, *, name: str, place: str) -> pa.Array:
    try:
        return _text(column)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
        reason = Reason("error_column_no_text", column=name, kind=column.type)
        raise InventoryError(reason, place) from error


def _text(column: pa.ChunkedArray) -> pa.Array:
    kind = column.type
    if pa.types.is_timestamp(kind):
        days = column.cast(pa.date32(), safe=False)
        text = days.cast(pa.string())
    else:
        text = column.cast(pa.string())
        if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            text = pc.replace_substring_regex(text, _THREE_DECIMALS, r"\10")
    cells = text.combine_chunks()
    return pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
