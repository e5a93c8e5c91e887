"""Sheets that are read cell by cell (ods, SpreadsheetML, HTML): rows gathered into a grid.

Repeated cells and rows are kept as counts until something follows them: a sheet says that its last
row is repeated a million times.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import pyarrow as pa

from reen.reasons import Reason
from reen.tables.containers.cells import NOT_CALCULATED, text_column
from reen.tables.containers.grid import Grid, Skipped
from reen.tables.containers.limits import Limits
from reen.tables.containers.patches import fill_merges, formula_remark, struck_remark

__all__ = ["SheetBuilder", "read_count"]

#: A count has no more digits than this.
_COUNT_DIGITS = 9


def read_count(text: str | None, default: int) -> int:
    """Return a count written in an attribute, or the default if there is none."""
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > _COUNT_DIGITS:
        return default
    return int(text)


@attrs.define(eq=False, repr=False)
class SheetBuilder:
    """Gather the cells of one sheet, row after row, from the top left."""

    place: str
    name: str
    limits: Limits
    hidden: bool = False
    _rows: dict[int, dict[int, str]] = attrs.field(factory=dict)
    _row: int = 0
    _column: int = 0
    _filled: int = 0
    _merges: list[tuple[int, int, int, int]] = attrs.field(factory=list)
    _hidden_rows: set[int] = attrs.field(factory=set)
    _errors: list[tuple[int, str]] = attrs.field(factory=list)
    _formulas: list[tuple[int, int]] = attrs.field(factory=list)
    _struck: dict[int, int] = attrs.field(factory=dict)

    @property
    def row(self) -> int:
        """Row of the next cell, from 0."""
        return self._row

    @property
    def column(self) -> int:
        """Column of the next cell, from 0."""
        return self._column

    def move_to_row(self, row: int) -> None:
        """Go to the beginning of a row, from 0."""
        self._row, self._column = row, 0

    def move_to_column(self, column: int) -> None:
        """Go to a column of the row, from 0."""
        self._column = column

    def add(self, text: str | None, *, times: int = 1, rows: int = 1, columns: int = 1) -> None:
        """Add a cell, repeated to the right, and merged over some rows and columns."""
        if text:
            self.limits.check(self.place, "columns", self._column + times)
            self.limits.check(self.place, "rows", self._row + 1)
            cells = self._rows.setdefault(self._row, {})
            for column in range(self._column, self._column + times):
                cells[column] = text
            self._count(times)
            if rows > 1:
                last = (self._row + rows - 1, self._column + columns - 1)
                self._merges.append((self._row, self._column, *last))
        self._column += times

    def strike(self, *, times: int = 1) -> None:
        """Say of the cell just added, and repeated, that its text is struck through."""
        self._struck[self._row] = self._struck.get(self._row, 0) + times

    def add_error(self, text: str, *, times: int = 1) -> None:
        """Add a cell in error."""
        self._errors.append((self._row, text))
        self.add(text, times=times)

    def add_formula(self, *, times: int = 1) -> None:
        """Add a formula whose value the file does not hold."""
        first = self._column
        self.add(NOT_CALCULATED, times=times)
        self._formulas += [(self._row, column) for column in range(first, self._column)]

    def end_row(self, *, times: int = 1, hidden: bool = False) -> None:
        """End a row, repeated downwards."""
        cells = self._rows.get(self._row)
        if cells:
            self.limits.check(self.place, "rows", self._row + times)
            self._count(len(cells) * (times - 1))
            for row in range(self._row + 1, self._row + times):
                self._rows[row] = cells
                if self._row in self._struck:
                    self._struck[row] = self._struck[self._row]
            if hidden:
                self._hidden_rows.update(range(self._row, self._row + times))
        self._row, self._column = self._row + times, 0

    def _count(self, cells: int) -> None:
        self._filled += cells
        self.limits.check(self.place, "cells", self._filled)

    def build(self) -> Grid | Skipped:
        """Return the grid, from its first to its last cell that is not blank."""
        if not self._rows:
            return Skipped(self.place, Reason("sheet_empty", sheet=self.name))
        top, bottom = min(self._rows), max(self._rows)
        left = min(min(cells) for cells in self._rows.values())
        right = max(max(cells) for cells in self._rows.values())
        width = right - left + 1
        self.limits.check(self.place, "cells", (bottom - top + 1) * width)
        columns = self._columns((top, bottom), (left, right))
        merges = [(a - top, b - left, c - top, d - left) for a, b, c, d in self._merges]
        columns, told = fill_merges(self.place, columns, merges, (top, left))
        details = {"sheet": self.name}
        if self.hidden:
            details["hidden sheet"] = "yes"
            told.append(Reason("sheet_hidden", sheet=self.name))
        if self._hidden_rows:
            count, first = len(self._hidden_rows), min(self._hidden_rows) + 1
            details["hidden rows"] = str(count)
            told.append(Reason("rows_hidden", count=count, first=first))
        if self._errors:
            row, text = min(self._errors)
            facts: dict[str, str | int] = {
                "count": len(self._errors),
                "error": text,
                "first": row + 1,
            }
            told.append(Reason("cells_in_error", **facts))
        # a row is struck out when at least half of what it holds is
        struck = [row for row, cells in self._struck.items() if 2 * cells >= len(self._rows[row])]
        if struck:
            details["rows struck through"] = str(len(struck))
            told += struck_remark(sorted(struck))
        told += formula_remark(self._formulas)
        lines = np.arange(top + 1, bottom + 2, dtype=np.int64)
        return Grid(self.place, columns, lines, None, details, tuple(told))

    def _columns(self, rows: Sequence[int], columns: Sequence[int]) -> tuple[pa.Array, ...]:
        top, bottom = rows
        blank: dict[int, str] = {}
        lines = [self._rows.get(row, blank) for row in range(top, bottom + 1)]
        return tuple(
            text_column([line.get(column) for line in lines])
            for column in range(columns[0], columns[1] + 1)
        )
