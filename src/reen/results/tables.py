"""Tables: the figures of a footprint as Arrow columns, block of groups by block of groups.

Input: a footprint.  Output: long tables, one row per group and figure.  Knows results only.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import arrow_of, texts_of
from reen.results.footprint_figures import FootprintFigures

__all__ = ["group_totals", "interval_table", "long_table"]

#: Groups whose impacts are computed at a time.
_GROUPS = 4096

#: Columns of figures of `long_table`.
_FIGURES = frozenset({"criterion", "stage", "value", "unit", "rows_left_out"})

#: Columns of figures of `interval_table`.
_BOUNDS = frozenset({"criterion", "unit", "mean", "lower", "upper", "covered"})

Floats = npt.NDArray[np.float64]


def _blocks(footprint: FootprintFigures) -> Iterator[tuple[int, int]]:
    for start in range(0, max(footprint.group_count, 1), _GROUPS):
        yield start, min(start + _GROUPS, footprint.group_count)


def long_table(footprint: FootprintFigures) -> pa.Table:
    """Return one row per group, criterion and stage: see `Footprint.to_arrow`."""
    lacking = [footprint.group_left_out(each) for each in footprint.criteria]
    left_out = np.stack(lacking, axis=1) if lacking else np.zeros((footprint.group_count, 0), bool)
    return pa.concat_tables(
        [_long(footprint, start, stop, left_out[start:stop]) for start, stop in _blocks(footprint)]
    )


def _long(
    footprint: FootprintFigures, start: int, stop: int, left_out: npt.NDArray[np.bool_]
) -> pa.Table:
    criteria, stages = footprint.criteria, footprint.stages
    height, cells = stop - start, len(criteria) * len(stages)
    values = footprint.impacts(start, stop).transpose(0, 2, 1).reshape(-1)
    at = arrow_of(np.repeat(np.arange(start, stop), cells))
    columns = _keys(footprint, _FIGURES, at)
    cell = np.tile(np.arange(cells), height)
    criterion, stage = arrow_of(cell // len(stages)), arrow_of(cell % len(stages))
    units = [footprint.unit(key) for key in criteria]
    columns["criterion"] = texts_of(criteria).take(criterion)
    columns["stage"] = texts_of([str(each) for each in stages]).take(stage)
    columns["value"] = arrow_of(values, missing=np.isnan(values))
    columns["unit"] = texts_of(units).take(criterion)
    columns["rows_left_out"] = arrow_of(np.repeat(left_out.reshape(-1), len(stages)))
    return pa.table(columns)


def _keys(
    footprint: FootprintFigures, figures: frozenset[str], at: pa.Array | None = None
) -> dict[str, pa.ChunkedArray]:
    """Return the grouping columns, renamed where a column of figures has their name."""
    columns = {name: footprint.groups[name] for name in footprint.grouped_by}
    return {
        f"group.{name}" if name in figures else name: column if at is None else column.take(at)
        for name, column in columns.items()
    }


def group_totals(footprint: FootprintFigures, criterion: str) -> Floats:
    """Return the total of each group over its stages, float64 (G,); NaN when nothing assessed."""
    column = footprint.criteria.index(criterion)
    totals = np.full(footprint.group_count, np.nan)
    for start, stop in _blocks(footprint):
        values = footprint.impacts(start, stop)[:, :, column]
        there = ~np.isnan(values)
        sums = np.where(there, values, 0.0).sum(axis=1)
        totals[start:stop] = np.where(there.any(axis=1), sums, np.nan)
    return totals


def interval_table(
    footprint: FootprintFigures, criterion: str, bounds: Floats, covered: Floats
) -> pa.Table:
    """Return one row per group: see `Footprint.intervals`.

    Parameters
    ----------
    footprint, criterion
        Where the groups and their totals come from.
    bounds
        float64 (G, 2).
    covered
        float64 (G,).
    """
    totals, size = group_totals(footprint, criterion), footprint.group_count
    nothing = np.isnan(totals)
    columns = _keys(footprint, _BOUNDS)
    columns["criterion"] = pa.array([criterion] * size, pa.string())
    columns["unit"] = pa.array([footprint.unit(criterion)] * size, pa.string())
    for name, values in (
        ("mean", totals),
        ("lower", bounds[:, 0]),
        ("upper", bounds[:, 1]),
        ("covered", covered),
    ):
        # nothing assessed is not zero
        columns[name] = arrow_of(values, missing=nothing)
    return pa.table(columns)
