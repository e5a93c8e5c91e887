"""Plain lists: whether a text or a sheet is one list below its header, or is laid out otherwise.

Input: a text whose dialect is found, or a sheet.  Output: its tables: one list, or what `laying`
makes of several ones, of a table of counts, of a header of two rows.  Most files are plain lists,
and are known as such by their header and their rows before the layouts are so much as loaded.

Long texts are not laid out by hand: only short ones are looked at.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from itertools import zip_longest

import attrs
import numpy as np

from reen.tables.containers.cells import NOT_CALCULATED
from reen.tables.containers.grid import Grid
from reen.tables.delimited.dialect import HEADER_ROWS, find_header
from reen.tables.headers.header_words import key_of
from reen.tables.layouts.words import ROW_LABELS, Words
from reen.tables.table import GridTable, TextTable

__all__ = ["tables_of_sheet", "tables_of_text"]

#: Rows of the longest sheet that is looked at here, and bytes of a text that somebody may have laid
#: out by hand.
_ROWS, _BY_HAND = 5_000, 1 << 20

#: Bytes from which the first lines of a text are looked at alone, and a line that holds nothing.
_BY_LINES = 1 << 14
_BLANK_LINE = rb'\n[ \t;,|"]*\r?\n'

#: Columns that a list of assets has, and no table of counts.
_OF_LISTS = frozenset({"serial_number", "asset_tag", "purchase_date", "last_seen"})

#: Columns of what is one asset, which no row of a table of counts is.
_OF_ASSETS = frozenset({"serial_number", "asset_tag"})

#: Columns of counts that make a table of counts, and rows among which its header stands; cells that
#: make a title no header.
_COUNTS, _HEADERS, _TWO = 2, 20, 2

_DIGITS_OF_A_YEAR = 4

#: What may stand between the digits of a whole number.
_MARKS = str.maketrans("", "", " \u00a0\u202f'.,")


def tables_of_sheet(grid: Grid, words: Words) -> list[GridTable]:
    """Return the tables of a sheet that has no header of its own."""
    if grid.height <= _ROWS:
        rows = [[(cell or "").strip() for cell in row] for row in grid.rows()]
        if _is_one_list(rows, words):
            return [GridTable.of(grid, words.known)]
    from reen.tables.layouts.laying import tables_of_grid

    return tables_of_grid(grid, words)


def tables_of_text(table: TextTable, words: Words) -> list[GridTable]:
    """Return the tables of a text that is no plain list; nothing when it is one."""
    data = table.text.data
    if len(data) > _BY_HAND or not table.header:
        return []
    if len(data) >= _BY_LINES and not _may_be_several(table):
        if table.header_line == 1 and _OF_LISTS & set(words.known(table.header)):
            return []
        # a table of counts is one from its first rows: the others need not be cut twice
        head = data[: data.find(b"\n", _BY_LINES // 2) + 1] or data
        if not _laid_out(attrs.evolve(table, text=attrs.evolve(table.text, data=head)), words):
            return []
    return _laid_out(table, words)


def _may_be_several(table: TextTable) -> bool:
    """Tell whether tables may stand apart in a text, by a blank line or a blank column."""
    data = table.text.data
    if not all(cell.strip() for cell in table.header):
        return True
    return (
        _may_have_blank_line(data)
        and re.compile(_BLANK_LINE).search(data, table.text.start) is not None
    )


def _may_have_blank_line(data: bytes) -> bool:
    """Tell whether a line begins as one that holds nothing does."""
    text = np.frombuffer(data, np.uint8)
    following = text.take(np.flatnonzero(text[:-1] == ord("\n")) + 1)
    return any((following == mark).any() for mark in b' \t;,|"\r\n')


def _laid_out(table: TextTable, words: Words) -> list[GridTable]:
    """Return the tables of a text by its cells; nothing when it is a list, or cannot be cut."""
    data, start = table.text.data, table.text.start
    reader = csv.reader(
        io.StringIO(data[start:].decode(errors="replace"), newline=""), delimiter=table.delimiter
    )
    rows, lines = [], []
    above = data[:start].count(b"\n") + 1
    line = above
    try:
        for row in reader:
            rows.append([cell.rstrip() for cell in row])  # blanks before a label say what it is of
            lines.append(line)
            line = above + reader.line_num
    except csv.Error:
        return []
    if _is_one_list(rows, words):
        return []
    from reen.tables.layouts.laying import grid_of_rows, tables_of_grid

    found = tables_of_grid(grid_of_rows(table, rows, lines), words)
    if len(found) == 1 and not found[0].laid_out:
        return []
    return [attrs.evolve(each, delimiter=table.delimiter) for each in found]


def _is_one_list(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Tell whether it is certain that rows are one list below its header.

    Its header is the first row and names every column, so that no group of columns and no table
    beside it can be; there is no blank row, below which another table could begin; and neither the
    header nor a row below it can head counts.
    """
    header = rows[0] if rows else ()
    if len(set(header)) < _TWO or not all(header):
        return False
    if any(len(row) > len(header) or not any(row) for row in rows):
        return False
    if any("19" in cell or "20" in cell for cell in header):  # a headcount has days there
        return False
    filled = ([cell for cell in row if cell] for row in rows)
    if any(len(cells) == _TWO and key_of(cells[0]) in ROW_LABELS for cells in filled):
        return False
    if find_header(rows[:HEADER_ROWS], words.known) != (0, True):
        return False
    return not _may_hold_matrix(rows, words)


def _may_hold_matrix(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Tell whether a row may be the header of a table of counts: two columns of counts below it.

    One that names columns of one kind of table is none, nor is that of a list of assets; below it,
    a number is no header unless it is a year.
    """
    last = [
        max((at for at, cell in enumerate(column) if _may_be_count(cell)), default=0)
        for column in zip_longest(*rows, fillvalue="")
    ]
    counted = [k for k, at in enumerate(last) if at]
    if len(counted) < _COUNTS:
        return False
    known = set(words.known(rows[0]))
    if len(known) < len(rows[0]) and not known & _OF_ASSETS:
        return True
    if _has_words_among_quantities(rows, words):
        return True
    return any(
        sum(last[k] > at and (k >= len(row) or not _is_number(row[k])) for k in counted) >= _COUNTS
        for at, row in enumerate(rows[1:_HEADERS], 1)
    )


def _has_words_among_quantities(rows: Sequence[Sequence[str]], words: Words) -> bool:
    """Tell whether another header may stand below the first rows, where a list has a quantity."""
    if len(rows) <= _HEADERS:
        return False
    for k, cell in enumerate(rows[0]):
        if words.column_of(cell) == "quantity" and any(
            len(row) > k and row[k] and not _is_number(row[k]) for row in rows[_HEADERS:]
        ):
            return True
    return False


def _may_be_count(cell: str) -> bool:
    """Tell whether a cell may be a whole number, or the formula of one."""
    return cell.strip().translate(_MARKS).isdecimal() or cell == NOT_CALCULATED


def _is_number(cell: str) -> bool:
    """Tell whether a cell is surely a whole number, and no year."""
    whole, mark, zeros = cell.strip().replace(",", ".").partition(".")
    if not whole.isdecimal() or bool(mark) is not bool(zeros) or zeros.strip("0"):
        return False
    return len(whole) != _DIGITS_OF_A_YEAR or not whole.startswith(("19", "20"))
