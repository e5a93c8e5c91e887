"""Ends of cells: between which values a published cell lies, by the uncertainty of its factors.

Input: the footprint of a year, its cells, and under which key each is published.  Output: two ends
by published key and stage, where factors with a published uncertainty cover enough of its value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import attrs
import pyarrow as pa

from reen.results.footprint import Footprint
from reen.results.interval import ENOUGH
from reen.review.cells import OTHERS, Cell, Key
from reen.review.year import CLIMATE

__all__ = ["ends_of_cells"]

#: A published key and a stage.
Published = tuple[str, str, str]

_COLUMNS = ("entite", "categorie")

#: Relative difference of two sums that is rounding.
_ROUNDING = 1e-9


def ends_of_cells(
    footprint: Footprint, cells: Sequence[Cell], places: Mapping[str, Mapping[Key, Key]]
) -> dict[Published, tuple[float, float]]:
    """Return the ends at 95 % of each published cell that has some.

    Parameters
    ----------
    footprint
        Of the year, by entity and type.
    cells
        Its cells.
    places
        Under which key each entity and type is published, by kind of flow.
    """
    found: dict[Published, tuple[float, float]] = {}
    if CLIMATE not in footprint.criteria:
        return found
    for stage in footprint.stages:
        mine = [each for each in cells if each.stage == str(stage) and each.value is not None]
        values: dict[Key, float] = {}
        at: dict[Key, Key] = {}
        for each in mine:
            key = (each.entity, each.equipment_type)
            at[key] = place = places[each.kind][key]
            values[place] = values.get(place, 0.0) + (each.value or 0.0)
        named = _named(footprint, at)
        alone = attrs.evolve(named, factors=named.factors.on_stages((stage,)))
        for row in alone.intervals(criterion=CLIMATE).to_pylist():
            place = (row[_COLUMNS[0]], row[_COLUMNS[1]])
            whole = values.get(place)
            # a group that is published in two places, by two kinds of flow, is the sum of neither
            same = whole is not None and math.isclose(row["mean"] or 0.0, whole, rel_tol=_ROUNDING)
            if same and (row["covered"] or 0.0) >= ENOUGH:
                found[(*place, str(stage))] = (row["lower"], row["upper"])
    return found


def _named(footprint: Footprint, at: Mapping[Key, Key]) -> Footprint:
    """Return the footprint by the keys under which its groups are published."""
    keys = [
        at.get((row.get("entity") or "", row["equipment_type"] or ""), (OTHERS, ""))
        for row in footprint.groups.to_pylist()
    ]
    columns = {name: [key[k] for key in keys] for k, name in enumerate(_COLUMNS)}
    groups = pa.table({**columns, "place": list(range(len(keys)))})
    fold = attrs.evolve(footprint.fold, groups=groups)
    return attrs.evolve(footprint, fold=fold).by(*_COLUMNS)
