"""CSV text of a table: for programs, or as a French spreadsheet opens it.

Input: a table.  Output: bytes in which every value is one cell, and none a formula that a
spreadsheet would run, unless it is asked to stay.
"""

from __future__ import annotations

import csv
import io

import pyarrow as pa

from reen.gate.characters import inert, inert_column

__all__ = ["in_one_cell", "table_as_csv", "table_as_french_csv"]


def table_as_csv(table: pa.Table, *, keep_formulas: bool = False) -> bytes:
    """Return a table as CSV: UTF-8, commas, decimal points, a header; blank where unknown.

    A list stands in one cell, its parts after semicolons; of a structure, its fields after spaces.
    A text that a spreadsheet would run as a formula has an apostrophe before it, unless it is to be
    kept as it is.
    """
    import pyarrow.csv

    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(_in_cells(table, keep_formulas=keep_formulas), sink)
    return bytes(sink.getvalue())


def _in_cells(table: pa.Table, *, keep_formulas: bool) -> pa.Table:
    """Return a table each value of which is one cell, that no spreadsheet runs unless kept."""
    plain, names = [in_one_cell(column) for column in table.columns], table.column_names
    if not keep_formulas:
        plain, names = [inert_column(column) for column in plain], [inert(name) for name in names]
    return pa.table(plain, names=names)


def table_as_french_csv(table: pa.Table, *, keep_formulas: bool = False) -> bytes:
    r"""Return a table as a French spreadsheet opens it: ``;``, decimal commas, a byte-order mark.

    The cells are those of `table_as_csv`; only marks differ, and names stay as they are.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table_as_french_csv(pa.table({"total [kg]": [1234.5, None], "note": ["a;b", "c"]}))
    b'\xef\xbb\xbftotal [kg];note\r\n1234,5;"a;b"\r\n;c\r\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    cells = _in_cells(table, keep_formulas=keep_formulas)
    writer.writerow(cells.column_names)
    writer.writerows(zip(*map(_french_cells, cells.columns), strict=True))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _french_cells(column: pa.ChunkedArray | pa.Array) -> list[object]:
    """Return the cells of a column, its fractions with a comma."""
    if pa.types.is_floating(column.type):
        return ["" if each is None else str(each).replace(".", ",") for each in column.to_pylist()]
    if pa.types.is_boolean(column.type):
        return ["" if each is None else str(each).lower() for each in column.to_pylist()]
    return ["" if each is None else each for each in column.to_pylist()]


def in_one_cell(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """Return a column of which every cell is a number or a text."""
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if not pa.types.is_list(column.type):
        return column

    def text(part: object) -> str:
        return " ".join(map(str, part.values())) if isinstance(part, dict) else str(part)

    lists = column.to_pylist()
    return pa.array(["; ".join(map(text, each or ())) or None for each in lists], pa.string())
