"""Totals, groups and stages of a footprint as people read them.

Input: a footprint and the titles of types.  Output: texts in the language in force, and the largest
groups with the sum of the others.  Shared by the view of a footprint and by its long page.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from reen.arrays import arrow_of
from reen.reasons import has_sentence, say, spoken
from reen.results.footprint import Footprint
from reen.results.total import Total
from reen.results.wording import unit_in
from reen.views.figures import decimals_for, figure, multiple_of
from reen.views.model import Breakdown, breakdown_of
from reen.vocabulary.stages import Stage
from reen.vocabulary.titles import status_title

__all__ = [
    "amount",
    "column_title",
    "group_breakdown",
    "group_sums",
    "key_text",
    "stage_bound",
    "total_text",
]


def amount(number: str, unit: str, value: float = 1.0) -> str:
    """Return a number with its unit, which French does not let go on the next line.

    Parameters
    ----------
    number, unit
        As they are written.
    value
        The number itself, which decides the plural of a unit that takes one.
    """
    if unit == "1":
        return number
    return f"{number}{chr(0xA0) if spoken() == 'fr' else ' '}{unit_in(unit, spoken(), value)}"


def total_text(total: Total) -> str:
    """Return a total as people read it, with how complete it is."""
    if math.isnan(total.value):
        # where nothing is missing, a rule leaves all of it out
        return say("page_nothing_to_measure" if total.complete else "page_nothing_measured")
    unit, divisor = multiple_of(total.unit, abs(total.value))
    value = total.value / divisor
    said = amount(figure(value, decimals_for(value)), unit)
    if total.doubtful:
        code = "page_doubtful_incomplete_figure" if total.lacking else "page_doubtful_figure"
        return say(code, figure=said)
    if total.lower_bound:
        return say("page_at_least", figure=said)
    return said if total.complete else say("page_incomplete_figure", figure=said)


def stage_bound(footprint: Footprint, stage: Stage, criterion: str) -> str:
    """Return ``>= `` where the figure of a stage can only grow, else nothing."""
    lacks = footprint.coverage.lacks(stage, criterion) or footprint.account.has_refused
    lacks = lacks and not footprint.account.doubts
    return ">= " if lacks and criterion in footprint.nonnegative else ""


def column_title(name: str) -> str:
    """Return a grouping column in words."""
    code = f"by_{name}"
    return say(code) if has_sentence(code) else name.replace("_", " ")


def key_text(name: str, value: object, title: Callable[[str], str]) -> str:
    """Return the value of a grouping column in words."""
    if value is None:
        return say("page_not_given")
    if name == "equipment_type":
        return title(str(value))
    return status_title(str(value)) if name == "status" else str(value)


def group_sums(
    footprint: Footprint, criterion: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp], str, float, int]:
    """Return the figures of the groups of a footprint, and how they are written.

    Returns
    -------
    tuple
        The sum of each group over the stages, NaN where nothing was assessed; the groups, the
        largest first; a multiple of the unit, its size, and the decimals.
    """
    impacts = footprint.impacts()[:, :, footprint.criteria.index(criterion)]
    sums = np.where(np.isnan(impacts).all(axis=1), np.nan, np.nansum(impacts, axis=1))
    order = np.argsort(-np.where(np.isnan(sums), -np.inf, sums), kind="stable")
    largest = float(np.nanmax(np.abs(sums), initial=0.0))
    unit, divisor = multiple_of(footprint.unit(criterion), largest)
    return sums, order, unit, divisor, decimals_for(largest / divisor)


def group_breakdown(footprint: Footprint, criterion: str, title: Callable[[str], str]) -> Breakdown:
    """Return the groups of a footprint, the largest first."""
    sums, order, unit, divisor, decimals = group_sums(footprint, criterion)
    lacking = footprint.group_left_out(criterion)
    grows = criterion in footprint.nonnegative and not footprint.account.doubts
    keys = footprint.groups.take(arrow_of(order)).to_pylist()
    frame = Breakdown(
        head=" / ".join(column_title(name).capitalize() for name in footprint.grouped_by),
        columns=(unit_in(unit, spoken()),),
        unit=footprint.unit(criterion),
        divisor=divisor,
        decimals=decimals,
        shares=True,
        nothing=say("page_not_measured"),
    )
    rows = []
    for key, k in zip(keys, order.tolist(), strict=True):
        label = " / ".join(key_text(name, key[name], title) for name in footprint.grouped_by)
        value = None if np.isnan(sums[k]) else float(sums[k])
        rows.append((label, (value,), (grows and bool(lacking[k]),)))
    return breakdown_of(frame, rows)
