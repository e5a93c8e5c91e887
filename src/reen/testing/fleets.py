"""Fleets: many rows that differ in every way, to count what a method makes of them.

Input: the columns that a method reads, and the words that its packs know.  Output: always the same
inventory: blank and invalid cells, numbers of which hardly two are equal, and many distinct words
in each column of free text, as models and serial numbers have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT, Column, ColumnKind

__all__ = ["FLEET_ROWS", "fleet_of"]

#: Rows of a fleet.
FLEET_ROWS = 80_000

#: Words of the packs that are taken into a column.
_MOST_WORDS = 200

#: Columns whose words are looked up when an inventory is made: invented ones would all be one.
_RESOLVED = ("country", "equipment_type", "status")

#: First day of a date, and days from there on.
_FIRST_DAY, _DAYS = "2008-01-01", 15 * 365

#: Columns by which rows are left out before a method looks at them: few of them are.
_STEADY = ("quantity", "retirement_date", "status", "usage_share")


def fleet_of(
    columns: Iterable[str],
    words: Mapping[str, Sequence[str]],
    *,
    rows: int = FLEET_ROWS,
    invented: int = 1500,
) -> Inventory:
    """Return an inventory of many rows.

    Parameters
    ----------
    columns
        Columns that a method reads; those that the schema does not have are left out.
    words
        Words that a method knows, by column.
    rows
        Number of rows.
    invented
        Distinct words invented for a column of free text.
    """
    dice = np.random.default_rng(12)
    names = sorted({"equipment_type", "quantity", *columns} & set(EQUIPMENT))
    cells = {
        name: _cells(dice, EQUIPMENT[name], words.get(name, ()), rows, invented) for name in names
    }
    return Inventory.from_arrow(pa.table(cells))


def _cells(
    dice: np.random.Generator, column: Column, known: Sequence[str], rows: int, invented: int
) -> pa.Array:
    steady = column.name in _STEADY
    blank = dice.random(rows) < (0.02 if steady else 0.15)
    if column.kind is ColumnKind.NUMBER:
        values = np.ones(rows) if column.name == "usage_share" else _numbers(dice, column, rows)
        return pa.array(values, mask=blank)
    if column.kind is ColumnKind.DATE:
        days = np.datetime64(_FIRST_DAY, "D") + dice.integers(0, _DAYS, rows)
        return pa.array(days, mask=~blank if steady else blank)
    if column.kind is ColumnKind.BOOLEAN:
        return pa.array(dice.random(rows) < 0.5, mask=blank)  # noqa: PLR2004 - as many of each
    if column.kind is not ColumnKind.TEXT:
        return pa.array(dice.integers(0, 100, rows), mask=blank)
    texts = [*known[:_MOST_WORDS], *column.values]
    if not column.values and column.name not in _RESOLVED:
        texts += [f"{column.name} {number}" for number in range(invented)]
    codes = dice.integers(0, max(len(texts), 1), rows).astype(np.int32)
    if steady:
        codes[dice.random(rows) < 0.9] = 0  # noqa: PLR2004 - one in ten has another
    words = pa.DictionaryArray.from_arrays(pa.array(codes, mask=blank), texts or ["other"])
    return words.cast(pa.string())


def _numbers(dice: np.random.Generator, column: Column, rows: int) -> npt.NDArray[np.float64]:
    """Return numbers: mostly of a few usual values, some invalid, the others distinct."""
    low = column.minimum or 0.0
    high = 1e3 if column.maximum is None else column.maximum
    usual = np.array([1.0, 2.0, 4.0, 8.0, 16.0, low, high])
    values = dice.choice(usual.clip(low, high), rows)
    other = dice.random(rows)
    distinct = other < 0.2  # noqa: PLR2004 - one in five
    values[distinct] = low + (high - low) * dice.random(int(distinct.sum()))
    values[other > 0.95] = -1.0  # noqa: PLR2004 - one in twenty: invalid in every column
    return values
