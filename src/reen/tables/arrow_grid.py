"""Arrow grid: the cells of a Parquet or Arrow file as text, to be read like those of a sheet.

Input: such a file, in an archive, as bytes, or of records.  Output: a grid.  Numbers are written
so that no reader of numbers takes them for something else; units of the fields stand in brackets
behind the names, as in any file that this library writes.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.gate.files import read_arrow
from reen.gate.limits import Limits
from reen.tables.containers import ArrowFile, Grid
from reen.tables.containers.cells import text_column

__all__ = ["grid_of_arrow"]


def grid_of_arrow(file: ArrowFile, limits: Limits) -> Grid:
    """Return the cells of a Parquet or Arrow file.

    Raises
    ------
    FileFormatError, SchemaError, BatchError
        It cannot be read; see `reen.read_arrow`.
    """
    table, form = read_arrow(file.data, place=file.place, limits=limits)
    return Grid(
        place=file.place,
        columns=tuple(_texts(column) for column in table.columns),
        lines=np.arange(1, table.num_rows + 1, dtype=np.int64),
        header=tuple(map(_header, table.schema)),
        details={"format": form},
        remarks=file.remarks,
    )


def _header(field: pa.Field) -> str:
    unit = (field.metadata or {}).get(b"unit")
    name = str(field.name)
    return f"{name} [{unit.decode('utf-8', 'replace')}]" if unit else name


def _texts(column: pa.ChunkedArray) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts = pa.concat_arrays([pa.array([], pa.string()), *column.cast(pa.string()).chunks])
        return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("s", kind.tz), safe=False)  # Python has no nanoseconds
    return text_column(column.to_pylist())
