"""Laying out: the tables of a sheet or of a short text, whatever its layout.

Input: a grid, or a text whose dialect is found.  Output: tables with one header and one record a
row.  Long texts are plain lists: only short ones are looked at.
"""

from __future__ import annotations

import csv
import io
import re

import attrs
import numpy as np

from reen.tables.containers.cells import text_column
from reen.tables.containers.grid import Grid
from reen.tables.headers.header_words import key_of
from reen.tables.layouts.blocks import blocks_of
from reen.tables.layouts.headcount import find_dated_headcount, find_headcount
from reen.tables.layouts.matrix import Matrix, find_matrix
from reen.tables.layouts.pivot import LABELS, find_pivot
from reen.tables.layouts.two_rows import joined_header
from reen.tables.layouts.words import Words
from reen.tables.table import GridTable, TextTable

__all__ = ["PIVOT", "tables_of_grid", "tables_of_text"]

#: Bytes of a text that somebody may have laid out by hand.
_BY_HAND = 1 << 20

#: Bytes from which the first lines of a text are looked at alone, and a line that holds nothing.
_BY_LINES = 1 << 14
_BLANK_LINE = re.compile(rb'\n[ \t;,|"]*\r?\n')

#: Columns that a list of assets has, and no table of counts.
_OF_LISTS = frozenset({"serial_number", "asset_tag", "purchase_date", "last_seen"})

#: Rows that show whether a sheet is a matrix, and the most that one has.
_SHOWN, _MOST = 60, 5_000

#: Layouts of a table of counts: one that a person wrote, and one that a workbook computes.
COUNTS, PIVOT = "table of counts", "pivot table"

#: What workbooks write in the corner of a pivot table.
_CORNER = LABELS | frozenset(map(key_of, ("étiquettes de colonnes", "column labels")))


def tables_of_grid(grid: Grid, words: Words) -> list[GridTable]:
    """Return the tables of a sheet that has no header of its own."""
    return [_table(block, words) for block in blocks_of(grid, words)]


def tables_of_text(table: TextTable, words: Words) -> list[GridTable]:
    """Return the tables of a text that is no plain list; nothing when it is one."""
    if len(table.text.data) > _BY_HAND or not table.header:
        return []
    if _is_plain_list(table, words):
        return []
    grid = _grid_of_text(table)
    tables = tables_of_grid(grid, words) if grid is not None else []
    if len(tables) == 1 and not tables[0].laid_out:
        return []
    return [attrs.evolve(each, delimiter=table.delimiter) for each in tables]


def _is_plain_list(table: TextTable, words: Words) -> bool:
    """Tell whether a text is one list, by its first lines and its blank ones.

    Two tables of one text stand apart by a blank line or a blank column, and a table of counts is
    one from its first rows; all else need not be cut into cells twice.
    """
    data = table.text.data
    if len(data) < _BY_LINES or not all(cell.strip() for cell in table.header):
        return False
    if _may_have_blank_line(data) and _BLANK_LINE.search(data, table.text.start) is not None:
        return False
    if table.header_line == 1 and _OF_LISTS & set(words.known(table.header)):
        return True
    head = data[: data.find(b"\n", _BY_LINES // 2) + 1] or data
    grid = _grid_of_text(attrs.evolve(table, text=attrs.evolve(table.text, data=head)))
    if grid is None:
        return True
    tables = tables_of_grid(grid, words)
    return len(tables) == 1 and not tables[0].laid_out


def _may_have_blank_line(data: bytes) -> bool:
    """Tell whether a line begins as one that holds nothing does."""
    text = np.frombuffer(data, np.uint8)
    following = text.take(np.flatnonzero(text[:-1] == ord("\n")) + 1)
    return any((following == mark).any() for mark in b' \t;,|"\r\n')


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
    # the blanks before a label tell what it is a part of
    padded = [[cell.rstrip() or None for cell in row] + [None] * (width - len(row)) for row in rows]
    columns = tuple(text_column(list(column)) for column in zip(*padded, strict=True))
    details = {"encoding": table.text.encoding, "delimiter": table.delimiter}
    return Grid(table.source, columns, np.array(lines, np.int64), None, details, table.remarks)
