"""Pivots of one column: what a workbook counts of a list, "Étiquettes de lignes | Nombre de Type".

Input: the rows of a block.  Output: labels and counts under the headers of a list, those of one
level.  A workbook shows levels by a format that is not read, but each level of a pivot adds up to
the grand total.

A sum or an average of prices is no count: such a pivot stays what it was.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import attrs

from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.headers.quantity_words import names_quantity
from reen.tables.layouts.counts import count_of
from reen.tables.layouts.words import ROW_LABELS, Words
from reen.tables.rows.totals import is_total_label
from reen.values import Compared

__all__ = ["Pivot", "find_pivot"]

Cells = Sequence[Sequence[str]]

_COUNT = re.compile(r"(?i)\s*(?:nombre|nb|count) (?:de |d'|of )\s*(?P<of>\S.*)")
_SUM = re.compile(r"(?i)\s*(?:somme|sum) (?:de |d'|of )\s*(?P<of>\S.*)")

#: Columns of a list of assets: a number of their cells is one of assets.
_OF_ASSETS = frozenset({"asset_tag", "equipment_type", "model", "serial_number"})

#: Rows among which the header stands, and levels of labels.
_HEADER_ROWS, _LEVELS = 20, 4


@attrs.frozen(eq=False, repr=False)
class Pivot:
    """Labels and counts of a pivot, under two headers.

    Attributes
    ----------
    header
        The headers of a list that has types and quantities.
    rows
        Place of each row in the block, and its cells.
    told
        What is to be said of rows that add up others.
    """

    header: tuple[str, str]
    rows: tuple[tuple[int, tuple[str, str]], ...]
    told: tuple[Reason, ...] = ()


@attrs.frozen(eq=False, repr=False)
class _Line(Compared):
    """A line of a pivot."""

    place: int
    label: str
    cell: str

    @property
    def count(self) -> float:
        return count_of(self.cell) if self.cell.strip() else 0.0

    @property
    def indent(self) -> int:
        return len(self.label) - len(self.label.lstrip())


def find_pivot(rows: Cells, words: Words) -> Pivot | None:
    """Return the pivot of one column of counts that a block is, None when it is none."""
    for place, row in enumerate(rows[:_HEADER_ROWS]):
        filled = [k for k, cell in enumerate(row) if cell.strip()]
        if not filled or key_of(row[filled[0]]) not in ROW_LABELS:
            continue
        if len(filled) != 2:  # noqa: PLR2004 - labels and one column of counts
            return None
        label, count = filled
        below = enumerate(rows[place + 1 :], place + 1)
        lines = [
            _Line(k, each[label], each[count]) for k, each in below if any(map(str.strip, each))
        ]
        counted = any(each.cell.strip() for each in lines)
        if not counted or any(math.isnan(each.count) for each in lines):
            return None
        return _pivot(lines, words) if _counts_assets(row[count], lines, words) else None
    return None


def _counts_assets(header: str, lines: Sequence[_Line], words: Words) -> bool:
    """Tell whether numbers are those of assets: of a column that they have, or by their types."""
    if found := _SUM.fullmatch(header):
        return words.column_of(found["of"]) == "quantity" or names_quantity(found["of"])
    found = _COUNT.fullmatch(header)
    if found is None:
        return False
    return bool(_types_in(lines, words)) or words.column_of(found["of"]) in _OF_ASSETS


def _pivot(lines: Sequence[_Line], words: Words) -> Pivot:
    """Return the lines of one level, and the totals: that whose labels are types, else the last."""
    totals = [each for each in lines if is_total_label(each.label)]
    single = [each for each in lines if each not in totals]
    levels = _levels_of(single, _total(single, totals))
    best = max(levels, key=lambda level: _types_in(level, words))
    taken = {each.place for each in best}
    left = [each for level in levels for each in level if each.place not in taken]
    left.sort(key=lambda each: each.place)
    shown = ", ".join(f"{each.label.strip()} ({each.count:g})" for each in left)
    stays = [each for each in lines if each not in left]
    return Pivot(
        ("Type", "Nombre"),
        tuple((each.place, (each.label.strip(), each.cell)) for each in stays),
        (Reason("pivot_levels", rows=shown),) if left else (),
    )


def _types_in(level: Sequence[_Line], words: Words) -> int:
    return sum(words.names_a_type(each.label.strip()) for each in level)


def _levels_of(lines: Sequence[_Line], total: float) -> list[list[_Line]]:
    """Return the lines by level, the last one first: each level adds up to the grand total."""
    everything = sum(each.count for each in lines)
    for depth in range(2, _LEVELS + 1):
        if math.isclose(everything, depth * total) and (levels := _cut(lines, depth)):
            return levels[::-1]
    return [[*lines]]


def _cut(lines: Sequence[_Line], depth: int) -> list[list[_Line]]:
    """Return as many levels of lines, in which parts follow their sum; nothing if they do not."""
    levels: list[list[_Line]] = [[] for _ in range(depth)]
    left: list[float] = []  # what is still to come below the open lines
    for line in lines:
        while left and left[-1] == 0.0:
            left.pop()
        if left and line.count > left[-1]:
            return []
        if left:
            left[-1] -= line.count
        levels[len(left)].append(line)
        if len(left) < depth - 1:
            left.append(line.count)
    return [] if any(left) else levels


def _total(lines: Sequence[_Line], totals: Sequence[_Line]) -> float:
    """Return the grand total; without one, that of the lines that are not indented."""
    if totals:
        return totals[-1].count
    return sum(each.count for each in lines if not each.indent)
