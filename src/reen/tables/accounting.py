"""Accounting: counts of rows that are not in the inventory, as lines of the account.

Input: what the steps of a read set aside.  Output: `AccountLine` values, with the items that these
rows stand for where their quantity can be read.  Decides nothing about rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reen.arrays import numpy_of
from reen.inventory.account import AccountLine, Fate
from reen.reasons import Reason
from reen.tables.cells.amounts import read_amounts
from reen.tables.cells.number_marks import NumberColumn, marks_of_file
from reen.tables.findings import Findings
from reen.tables.headers.understanding import Headings
from reen.tables.sheet import Sheet

__all__ = ["Items", "items_of_sheet", "set_aside"]


class Items(NamedTuple):
    """Items of some rows: those that are known, and the rows of which they are not."""

    known: float = 0.0
    unknown: int = 0


def set_aside(counts: Mapping[str, int], items: Mapping[str, Items]) -> tuple[AccountLine, ...]:
    """Return a line per kind of row that is no equipment.

    Parameters
    ----------
    counts
        Rows by kind, such as ``sub-total`` or ``blank row``.
    items
        Items of the kinds that stand for some; a total or a title stands for none.
    """
    return tuple(
        AccountLine(
            fate=Fate.SET_ASIDE,
            reason=Reason("row_" + kind.replace(" ", "_").replace("-", "_")),
            rows=rows,
            items=items.get(kind, Items()).known,
            unknown=items.get(kind, Items()).unknown,
        )
        for kind, rows in counts.items()
    )


def items_of_sheet(sheet: Sheet, headings: Headings, *, language: str) -> Items:
    """Return the items of rows that are not converted; each is one when no column says.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    language
        ``fr`` or ``en``, for numbers that nothing else settles.
    """
    group = headings.columns.get("quantity")
    if not group:
        return Items(float(len(sheet)))
    unheard = Findings("")  # these rows are not in the inventory: their cells need no issue
    column = NumberColumn("quantity", group[0].position, group[0].unit)
    marks = marks_of_file(sheet, headings, language=language)[column.position]
    found = read_amounts(sheet, column, unheard, marks=marks)
    return _items(numpy_of(found.numbers))


def _items(quantity: npt.NDArray[np.float64]) -> Items:
    with np.errstate(invalid="ignore"):
        known = quantity[quantity >= 0.0]
    return Items(float(known.sum()), len(quantity) - len(known))
