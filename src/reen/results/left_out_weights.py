"""What rows that are left out would about weigh: an order in which to mend them, no figure.

Input: a footprint and rows of its coverage that are left out of some flow kinds.  Output: the
impact that they would add if each item weighed what the counted items of the same kind weigh on
average; those of the same type where the footprint is grouped by type.  Never part of a total.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Status
from reen.results.coverage import CoverageRow
from reen.results.footprint import Footprint
from reen.vocabulary.stages import Stage

__all__ = ["weight_of"]

_TYPE = "equipment_type"


def weight_of(
    footprint: Footprint, criterion: str, kinds: Sequence[str], rows: Iterable[CoverageRow]
) -> float | None:
    """Return what rows left out of some flow kinds would about add to the total.

    weight = sum over kinds and rows of quantity x (impact of the kind / items assessed in it), of
    the row's type where the footprint is grouped by type and some of its items are assessed, of all
    types otherwise.

    Parameters
    ----------
    footprint, criterion
        The figure.
    kinds
        Flow kinds that the rows are left out of.
    rows
        The rows; those of unknown quantity say nothing.

    Returns
    -------
    float or None
        In the criterion's unit per year, of the stages that one flow kind alone answers for; None
        where no item of one of the kinds is assessed, or no row has a known quantity.
    """
    parts = []
    for row in rows:
        if row.unknown == row.rows:
            continue
        for kind in kinds:
            mean = _mean(footprint, criterion, kind, row.equipment_type)
            if mean is None:
                return None
            parts.append(row.quantity * mean)
    return math.fsum(parts) if parts else None


def _mean(footprint: Footprint, criterion: str, kind: str, equipment_type: str) -> float | None:
    """Return the mean impact of the items assessed in a flow kind, of one type where possible."""
    by_kind: dict[bool, set[Stage]] = {True: set(), False: set()}
    for each in footprint.fold.classes:
        by_kind[each.kind == kind].update(each.stages)
    alone = by_kind[True] - by_kind[False]
    at = [k for k, stage in enumerate(footprint.stages) if stage in alone]
    impacts = footprint.impacts()[:, :, footprint.criteria.index(criterion)]
    assessed = [
        row for row in footprint.coverage if row.kind == kind and row.status is Status.ASSESSED
    ]
    if _TYPE in footprint.grouped_by:
        of_type = [row for row in assessed if row.equipment_type == equipment_type]
        there = [value == equipment_type for value in footprint.groups[_TYPE].to_pylist()]
        found = _per_item(impacts[np.array(there, np.bool_)][:, at], of_type)
        if found is not None:
            return found
    return _per_item(impacts[:, at], assessed)


def _per_item(impacts: npt.NDArray[np.float64], rows: Sequence[CoverageRow]) -> float | None:
    items = math.fsum(row.quantity for row in rows)
    if not items or not impacts.size or np.isnan(impacts).all():
        return None
    return float(np.nansum(impacts)) / items
