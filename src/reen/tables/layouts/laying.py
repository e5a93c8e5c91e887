"""Laying out: the tables of a sheet, or of a text that is no plain list, whatever its layout.

Input: a grid, or the rows of a text.  Output: tables with one header and one record a row.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from reen.tables.containers.cells import text_column
from reen.tables.containers.grid import Grid
from reen.tables.headers.header_words import key_of
from reen.tables.layouts.blocks import blocks_of
from reen.tables.layouts.headcount import find_dated_headcount, find_headcount
from reen.tables.layouts.matrix import Matrix, find_matrix
from reen.tables.layouts.pivot import find_pivot
from reen.tables.layouts.two_rows import joined_header
from reen.tables.layouts.words import COUNTS, PIVOT, ROW_LABELS, Words
from reen.tables.table import GridTable, TextTable

__all__ = ["grid_of_rows", "tables_of_grid"]

#: Rows that show whether a sheet is a matrix, and the most that one has.
_SHOWN, _MOST = 60, 5_000

#: What workbooks write in the corner of a pivot table.
_CORNER = ROW_LABELS | frozenset(map(key_of, ("étiquettes de colonnes", "column labels")))


def tables_of_grid(grid: Grid, words: Words) -> list[GridTable]:
    """Return the tables of a sheet that has no header of its own."""
    return [_table(block, words) for block in blocks_of(grid, words)]


def _table(block: Grid, words: Words) -> GridTable:
    matrix = _matrix(block, words)
    if matrix is not None:
        return GridTable.of(_unpivoted(block, matrix), words.known)
    pivot = _pivot(block, words)
    if pivot is not None:
        return GridTable.of(pivot, words.known)
    table = GridTable.of(block, words.known)
    if not table.start or not block.columns:
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
    for find in (find_matrix, find_headcount, find_dated_headcount):
        if len(rows) <= _SHOWN or find(rows[:_SHOWN], words) is not None:
            matrix = find(rows, words)
            if matrix is not None:
                return matrix
    return None


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


def _pivot(block: Grid, words: Words) -> Grid | None:
    """Return the counts of a pivot that has one column of them; most lists have none of its words.

    What stands above it is a title or a filter.
    """
    if block.height > _MOST or not _is_pivot(block):
        return None
    pivot = find_pivot([[cell or "" for cell in row] for row in block.rows()], words)
    if pivot is None:
        return None
    columns = zip(*(cells for _, cells in pivot.rows), strict=True)
    return Grid(
        block.place,
        tuple(text_column([cell or None for cell in column]) for column in columns),
        block.lines[[place for place, _ in pivot.rows]],
        pivot.header,
        {**block.details, "layout": PIVOT},
        (*block.remarks, *pivot.told),
    )


def _is_pivot(block: Grid) -> bool:
    rows = block.rows(0, _SHOWN)
    return any(key_of(cell) in _CORNER for row in rows for cell in row[:2] if cell)


def grid_of_rows(table: TextTable, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> Grid:
    """Return the rows of a text, each with its line, as a grid."""
    width = max(map(len, rows), default=0)
    padded = [[cell or None for cell in row] + [None] * (width - len(row)) for row in rows]
    columns = tuple(text_column(list(column)) for column in zip(*padded, strict=True))
    details = {"encoding": table.text.encoding, "delimiter": table.delimiter}
    return Grid(table.source, columns, np.array(lines, np.int64), None, details, table.remarks)
