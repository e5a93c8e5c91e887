"""Draws: random factors around their published values, the mean preserved.

A factor with relative standard deviation s is lognormal with mean 1 times its value:
sigma^2 = ln(1 + s^2), multiplier = exp(sigma z - sigma^2 / 2), z standard normal.  (The law of
EcoDiag and of ecoinvent's pedigree approach; the mean is the published value, the median lies
below it.)  One z per flow and draw: the stages and criteria of a flow move together, different
flows are independent.  Cost: flows x draws normals, whatever the number of rows.  Arrays only.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

__all__ = ["draw_totals"]

#: Draws made at a time: bounds the memory at flows x this.
_BLOCK = 4096


def draw_totals(
    contributions: npt.NDArray[np.float64],
    spread: npt.NDArray[np.float64],
    *,
    draws: int,
    seed: int,
) -> npt.NDArray[np.float64]:
    """Return draws of ``sum over f, s of contributions[f, s] * multiplier[f, s]``.

    Parameters
    ----------
    contributions
        float64 (F, S): mean contribution of each flow and stage to a total.
    spread
        float64 (F, S): relative standard deviation, 0 where none is known.
    draws
        Number of draws.
    seed
        Seed of numpy's PCG64; the draws depend on it and on the order of the flows only.

    Returns
    -------
    numpy.ndarray
        float64 (draws,).
    """
    sigma = np.sqrt(np.log1p(spread**2))
    moving = (sigma > 0.0).any(axis=1)
    fixed = float(contributions[~moving].sum())
    totals = np.full(draws, fixed)
    if not moving.any():
        return totals
    contributions, sigma = contributions[moving], sigma[moving]
    generator = np.random.default_rng(seed)
    for start, stop in _blocks(draws):
        z = generator.standard_normal((stop - start, len(sigma)))
        for stage in range(sigma.shape[1]):
            each = sigma[:, stage]
            totals[start:stop] += np.exp(z * each - 0.5 * each**2) @ contributions[:, stage]
    return totals


def _blocks(draws: int) -> Iterator[tuple[int, int]]:
    for start in range(0, draws, _BLOCK):
        yield start, min(start + _BLOCK, draws)
