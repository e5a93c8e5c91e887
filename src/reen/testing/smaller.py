"""Smaller measurements: what a measurement can do without, and still break a law.

Input: a `Measurement`, and what tells whether one breaks the law.  Tried one by one: no pack of the
user's, no groups, one piece of table, fewer rows, fewer columns.  Hypothesis has made the numbers
and words simple before; it knows the bytes that an inventory is drawn from, and not its rows.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pyarrow as pa

from reen.inventory.inventory import Inventory
from reen.testing.measurements import Measurement

__all__ = ["reduce_measurement"]


def reduce_measurement(case: Measurement, breaks: Callable[[Measurement], bool]) -> None:
    """Try smaller measurements; each that still breaks the law is made smaller in turn."""

    def tried(best: Measurement, smaller: Measurement) -> Measurement:
        return smaller if breaks(smaller) else best

    best = case
    if best.factors:
        best = tried(best, attrs.evolve(best, factors=()))
    if best.by:
        best = tried(best, attrs.evolve(best, by=()))
    best = tried(best, _with(best, best.inventory.table.combine_chunks()))
    for row in reversed(range(len(case.inventory))):
        best = tried(best, _with(best, _without_row(best.inventory.table, row)))
    for name in case.inventory.table.column_names:
        best = tried(best, _with(best, best.inventory.table.drop_columns([name])))


def _with(case: Measurement, table: pa.Table) -> Measurement:
    return attrs.evolve(case, inventory=Inventory(table))


def _without_row(table: pa.Table, row: int) -> pa.Table:
    return pa.concat_tables([table.slice(0, row), table.slice(row + 1)])
