"""Dates of the life of equipment: when it was bought, first used and taken out of service.

Input: the date columns of a file.  Output: one column for each, filled from the next header where
it is blank, and how precise the day of the purchase is.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.schema import UNREADABLE
from reen.reasons import Reason
from reen.tables.cells.date_columns import Days, check_purchases, precision_of
from reen.tables.converted import Converted, first_of, say_alternatives
from reen.tables.findings import Findings
from reen.tables.headers.headings import Headings
from reen.tables.importing import ReadOptions
from reen.tables.sheet import Sheet

__all__ = ["add_dates"]


def add_dates(
    sheet: Sheet,
    headings: Headings,
    dates: dict[str, list[Days]],
    options: ReadOptions,
    result: Converted,
    findings: Findings,
) -> None:
    """Add the date columns; what was bought is told by the day of use when by nothing else."""
    for column, group in dates.items():
        result.columns[column] = first_of([days.days for days in group])
        say_alternatives(column, headings.columns.get(column, ()), result)
        orders = {days.order for days in group if days.order}
        if orders:
            result.details[f"order in {column}"] = ", ".join(sorted(orders))
    bought = dates.get("purchase_date", [])
    estimated: list[pa.Array] = []
    imprecise = any(days.precision is not None for days in bought)
    used = result.columns.get("commissioning_date")
    known = result.columns.get("purchase_date")
    if used is not None and (known is None or known.null_count):
        estimate = used if known is None else first_of([known, used])
        if known is None or estimate.null_count < known.null_count:
            result.columns["purchase_date"] = estimate
            estimated = [pc.if_else(used.is_valid(), "estimated", pa.scalar(None, pa.string()))]
            imprecise = True
            result.assumptions.append(Reason("read_commissioning"))
    names = {"purchase_date", "retirement_date"} & set(result.columns)
    checked = check_purchases(
        {name: result.columns[name] for name in names}, sheet, options.today, findings
    )
    result.columns |= checked
    if imprecise and "purchase_date_precision" not in result.columns:
        precision = first_of([*map(precision_of, bought), *estimated])
        there = checked["purchase_date"].is_valid()
        precision = pc.if_else(there, precision, pa.scalar(None, pa.string()))
        result.columns["purchase_date_precision"] = precision.dictionary_encode()
    for column in sorted(names):
        _add_unreadable(column, dates.get(column, []), checked[column], result)


def _add_unreadable(column: str, group: list[Days], days: pa.Array, result: Converted) -> None:
    """Say of a date that it is there and cannot be used, which is no blank.

    Parameters
    ----------
    column, group
        The date column, and what was read under its headers.
    days
        What is used of it: days of the future are not.
    result
        Where its precision is added.
    """
    read = first_of([each.days for each in group]) if group else days
    unused = pc.and_(read.is_valid(), days.is_null())
    for each in group:
        if each.unreadable is not None:
            unused = pc.or_(unused, pc.and_(each.unreadable, days.is_null()))
    if not pc.any(unused).as_py():
        return
    name = f"{column}_precision"
    known = result.columns.get(name)
    known = pa.nulls(len(days), pa.string()) if known is None else known.cast(pa.string())
    result.columns[name] = pc.if_else(unused, UNREADABLE, known).dictionary_encode()
