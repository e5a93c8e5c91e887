"""Laying out: the tables of a sheet or of a short text, whatever its layout.

Input: a grid, or a text whose dialect is found.  Output: tables with one header and one record a
row.  Long texts are plain lists: only short ones are looked at.
"""

from __future__ import annotations

import csv
import io

import attrs
import numpy as np

from reen.tables.containers.cells import text_column
from reen.tables.containers.grid import Grid
from reen.tables.header_words import key_of
from reen.tables.layouts.blocks import blocks_of
from reen.tables.layouts.matrix import Matrix, find_matrix
from reen.tables.layouts.two_rows import joined_header
from reen.tables.layouts.words import Words
from reen.tables.table import GridTable, TextTable

__all__ = ["PIVOT", "tables_of_grid", "tables_of_text"]

#: Bytes of a text that somebody may have laid out by hand.
_BY_HAND = 1 << 20

#: Rows that show whether a sheet is a matrix, and the most that one has.
_SHOWN, _MOST = 60, 5_000

#: Layouts of a table of counts: one that a person wrote, and one that a workbook computes.
COUNTS, PIVOT = "table of counts", "pivot table"

#: What workbooks write in the corner of a pivot table.
_CORNER = frozenset(
    map(key_of, ("étiquettes de lignes", "étiquettes de colonnes", "row labels", "column labels"))
)


def tables_of_grid(grid: Grid, words: Words) -> list[GridTable]:
    """Return the tables of a sheet that has no header of its own."""
    return [_table(block, words) for block in blocks_of(grid, words)]


def tables_of_text(table: TextTable, words: Words) -> list[GridTable]:
    """Return the tables of a text that is no plain list; nothing when it is one."""
    if len(table.text.data) > _BY_HAND or not table.header:
        return []
    grid = _grid_of_text(table)
    tables = tables_of_grid(grid, words) if grid is not None else []
    if len(tables) == 1 and not tables[0].laid_out:
        return []
    return [attrs.evolve(each, delimiter=table.delimiter) for each in tables]


def _table(block: Grid, words: Words) -> GridTable:
    matrix = _matrix(block, words)
    if matrix is not None:
        return GridTable.of(_unpivoted(block, matrix), words.known)
    table = GridTable.of(block, words.known)
    if not table.start:
        return table
    rows = [[cell or "" for cell in row] for row in block.rows(0, table.start + 1)]
    header, start = joined_header(rows, table.start - 1, words)
    if header == table.header:
        return table
    return attrs.evolve(table, header=header, start=start, laid_out=True)


def _matrix(block: Grid, words: Words) -> Matrix | None:
    """Return the matrix that a block is; most are known not to be one by their first rows."""
    if block.height > _MOST:
        return None
    rows = [[cell or "" for cell in row] for row in block.rows()]
    if len(rows) > _SHOWN and find_matrix(rows[:_SHOWN], words) is None:
        return None
    return find_matrix(rows, words)


def _unpivoted(block: Grid, matrix: Matrix) -> Grid:
    columns = list(zip(*(cells for _, cells in matrix.rows), strict=True))
    return Grid(
        block.place,
        tuple(text_column([cell or None for cell in column]) for column in columns),
        block.lines[[place for place, _ in matrix.rows]],
        matrix.header,
        {**block.details, "layout": PIVOT if _is_pivot(block) else COUNTS},
        (*block.remarks, *matrix.told),
    )


def _is_pivot(block: Grid) -> bool:
    rows = block.rows(0, _SHOWN)
    return any(key_of(cell) in _CORNER for row in rows for cell in row[:2] if cell)


def _grid_of_text(table: TextTable) -> Grid | None:
    """Return a text as a grid; None when it cannot be cut into rows."""
    data, start = table.text.data, table.text.start
    reader = csv.reader(
        io.StringIO(data[start:].decode(errors="replace"), newline=""), delimiter=table.delimiter
    )
    rows, lines = [], []
    line = data[:start].count(b"\n") + 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(line)
            line = data[:start].count(b"\n") + reader.line_num + 1
    except csv.Error:
        return None
    width = max(map(len, rows), default=0)
    padded = [[cell.strip() or None for cell in row] + [None] * (width - len(row)) for row in rows]
    columns = tuple(text_column(list(column)) for column in zip(*padded, strict=True))
    details = {"encoding": table.text.encoding, "delimiter": table.delimiter}
    return Grid(table.source, columns, np.array(lines, np.int64), None, details, table.remarks)
