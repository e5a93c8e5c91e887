"""Impacts: footprint[g, s, c] = sum over f of W[g, f] * F[f, s, c], from sparse W.

Computed when read, for a range of groups, so that a million groups cost no dense table.  Arrays
only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reen.engine.fold import Cells

__all__ = ["group_impacts"]

#: Cells of a dense block of W: beyond, groups are multiplied block by block.
_BLOCK = 1 << 22


def group_impacts(
    cells: Cells, factors: npt.NDArray[np.float64], *, start: int, stop: int
) -> npt.NDArray[np.float64]:
    """Return the impacts of groups `start` to `stop`, NaN factors counted as 0.

    Parameters
    ----------
    cells
        Amounts by (group, flow), sorted by group.
    factors
        float64 (F, S, C).
    start, stop
        Range of groups.

    Returns
    -------
    numpy.ndarray
        float64 (stop - start, S, C).
    """
    count, stages, criteria = factors.shape
    flat = np.nan_to_num(factors, nan=0.0).reshape(count, stages * criteria)
    impacts = np.zeros((stop - start, stages * criteria))
    if not count:
        return impacts.reshape(stop - start, stages, criteria)
    step = max(1, _BLOCK // count)
    for low in range(start, stop, step):
        high = min(low + step, stop)
        first, last = np.searchsorted(cells.group, [low, high])
        block = np.zeros((high - low, count))
        part = slice(int(first), int(last))
        block[cells.group[part] - low, cells.flow[part]] = cells.amount[part]
        impacts[low - start : high - start] = block @ flat
    return impacts.reshape(stop - start, stages, criteria)
