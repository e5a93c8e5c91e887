"""Arrow data as a grid of text: what has typed columns, but headers that are not canonical.

Input: a Parquet or Arrow file.  Output: a `Grid` whose header is certain and whose cells are
written so that they are read as what they were: a unit of the metadata stands in the header, days
are ISO days, and a number of three decimals has a fourth one, so that nobody takes its point for a
mark between thousands.  Canonical tables need not pass here: they keep their types, unless their
last rows are the sums of the others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.errors import InventoryError
from reen.gate.limits import GENEROUS, Limits
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.reasons import Reason
from reen.tables.containers.grid import ArrowFile, Grid
from reen.tables.headers.understanding import recognise
from reen.tables.rows.totals import is_total_label
from reen.tables.together.kept_account import METADATA_KEY

__all__ = [
    "MANY_ROWS",
    "NO_LABEL",
    "ends_in_sums",
    "grid_of_arrow",
    "is_canonical",
    "is_words",
]

#: Rows from which Arrow data is not read as text for its sums: `arrow_sums` finds them.
MANY_ROWS = 10_000

_NEED = frozenset({"equipment_type", "model"})

#: Columns of words that a figure depends on.
_TELLING = frozenset({"country", "equipment_type", "model", "status"})

#: Columns in which no row is called a total: what identifies an asset, and where its row stood.
NO_LABEL = frozenset({"asset_tag", "id", "serial_number", "source"})

#: Two sums that differ by less are the same.
_SAME = 1e-6

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


def ends_in_sums(table: pa.Table) -> bool:
    """Tell whether the last row of a canonical table may be the sum of others.

    It is called a total; or the rows that have its cell, or its blank, in some column of words add
    up to all other rows, as what a query or a data frame puts below its groups does ("All", a
    null).  Which rows are sums is for the reader of tables to find.  What reen wrote has none; a
    table of `MANY_ROWS` is not looked at.
    """
    if METADATA_KEY in (table.schema.metadata or {}) or not 1 < table.num_rows < MANY_ROWS:
        return False
    counts = _counts_of(table)
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name in NO_LABEL or not is_words(column.type):
            continue
        words = column.cast(pa.string())
        last = words[-1].as_py()
        if last is not None and is_total_label(last):
            return True
        if counts is None:
            continue
        same = pc.is_null(words) if last is None else pc.equal(words, last)
        alike = numpy_of(pc.fill_null(same, fill_value=False))
        if abs(counts[alike].sum() - counts[~alike].sum()) < _SAME:
            return True
    return False


def _counts_of(table: pa.Table) -> npt.NDArray[np.float64] | None:
    """Return the quantity of each row, 0 where there is none; None where no column has them."""
    if table.column_names.count("quantity") != 1:
        return None
    column = table["quantity"]
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return None
    plain = column.cast(kind).cast(pa.float64(), safe=False)
    counts: npt.NDArray[np.float64] = numpy_of(plain)
    return np.nan_to_num(counts, nan=0.0, posinf=0.0, neginf=0.0)


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
