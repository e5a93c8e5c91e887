"""Totals of lines: numbers of all items of a row, as the figure of one.

Input: the number columns whose header speaks of the whole row ("Consommation totale (kWh)"), and
the quantities.  Output: the same columns divided by the quantity of their row, which is told.  A
number whose row does not say how many items it is of stands for none.

Knows no unit and no limits.
"""

from __future__ import annotations

import attrs
import numpy as np
import pyarrow as pa

from reen.reasons import Reason
from reen.tables.cells.amounts import Amounts
from reen.tables.converted import Converted
from reen.tables.headers.headings import Headings

__all__ = ["share_lines"]


def share_lines(headings: Headings, amounts: dict[str, Amounts], result: Converted) -> None:
    """Divide the columns of whole rows by the quantities, in `amounts`.

    Parameters
    ----------
    headings
        What the columns are.
    amounts
        What their cells hold, by canonical column.
    result
        The quantities, and where it is told.
    """
    quantity = result.columns.get("quantity")
    for column, group in headings.columns.items():
        if not headings.is_of_line(column) or column not in amounts or quantity is None:
            continue
        items = quantity.to_numpy(zero_copy_only=False)
        numbers = amounts[column].numbers
        with np.errstate(invalid="ignore", divide="ignore"):
            each = np.where(items > 0.0, numbers.to_numpy(zero_copy_only=False) / items, np.nan)
        blank = numbers.is_null().to_numpy(zero_copy_only=False)
        shared = pa.array(each, pa.float64(), mask=blank, from_pandas=False)
        amounts[column] = attrs.evolve(amounts[column], numbers=shared)
        result.assumptions.append(Reason("read_of_line", header=group[0].text))
