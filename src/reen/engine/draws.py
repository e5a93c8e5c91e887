"""Draws: random factors around their published values, the mean preserved.

A factor with relative standard deviation s is lognormal with mean 1 times its value:
sigma^2 = ln(1 + s^2), multiplier = exp(sigma z - sigma^2 / 2), z standard normal.  (The law of
EcoDiag and of ecoinvent's pedigree approach; the mean is the published value, the median lies
below it.)  One z per flow and draw: the stages and criteria of a flow move together, different
flows are independent.  Cost: flows x draws normals, whatever the number of rows.  Arrays only.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["covariance_weights", "draw_together", "draw_totals"]

#: Normals made at a time: they fit in a processor's cache, and bound the memory.
_BLOCK = 1 << 15

Floats = npt.NDArray[np.float64]


def draw_totals(contributions: Floats, spread: Floats, *, draws: int, seed: int) -> Floats:
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
    totals = draw_together(contributions[None], spread[None], draws=draws, seed=seed)
    return totals.reshape(draws)


def draw_together(contributions: Floats, spread: Floats, *, draws: int, seed: int) -> Floats:
    """Return draws of several totals of the same flows, each flow being drawn once for all.

    Parameters
    ----------
    contributions, spread
        float64 (R, F, S), as in `draw_totals`, for each of R totals.
    draws, seed
        As in `draw_totals`.

    Returns
    -------
    numpy.ndarray
        float64 (R, draws).
    """
    sigma = _sigma(spread)
    moving = (sigma > 0.0).any(axis=(0, 2))
    fixed = np.where(sigma > 0.0, 0.0, contributions).sum(axis=(1, 2))
    totals = np.repeat(fixed[:, None], draws, axis=1)
    if not moving.any():
        return totals
    terms = _Terms.of(contributions[:, moving], sigma[:, moving])
    width = int(moving.sum())
    generator = np.random.default_rng(seed)
    height = max(1, _BLOCK // width)
    normals = np.empty((height, width))
    for start, stop in _blocks(draws, height):
        # whatever the height of a block, the normals come in the same order: draw by draw
        block = generator.standard_normal(out=normals[: stop - start])
        totals[:, start:stop] += terms.sums(block)
    return totals


def _sigma(spread: Floats) -> Floats:
    """Return the standard deviation of the logarithm: sigma^2 = ln(1 + s^2)."""
    sigma: Floats = np.sqrt(np.log1p(spread**2))
    return sigma


def _blocks(draws: int, height: int) -> Iterator[tuple[int, int]]:
    for start in range(0, draws, height):
        yield start, min(start + height, draws)


@attrs.frozen(eq=False)
class _Terms:
    """Cells of one flow and one sigma, as one: mostly one term per flow, whatever the stages.

    Attributes
    ----------
    flow
        int64 (T,), or None when there is one term per flow, in order.
    sigma
        float64 (T,).
    weight
        float64 (T, R): contribution x exp(-sigma^2 / 2), by total.
    """

    flow: npt.NDArray[np.int64] | None
    sigma: Floats
    weight: Floats

    @classmethod
    def of(cls, contributions: Floats, sigma: Floats) -> _Terms:
        total, flow, stage = np.nonzero(sigma)
        cells = sigma[total, flow, stage]
        order = np.lexsort((cells, flow))
        ordered = np.stack([flow[order].astype(np.float64), cells[order]])
        first = np.r_[True, (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)]
        of_cell = np.empty(len(cells), np.int64)
        of_cell[order] = np.cumsum(first) - 1
        flows, sigmas = flow[order][first], cells[order][first]
        weight = np.zeros((len(flows), len(contributions)))
        np.add.at(weight, (of_cell, total), contributions[total, flow, stage])
        weight *= np.exp(-0.5 * sigmas**2)[:, None]
        plain = np.array_equal(flows, np.arange(contributions.shape[1]))
        return cls(None if plain else flows, sigmas, weight)

    def sums(self, normals: Floats) -> Floats:
        """Return the totals (R, n) of n draws, given as normals (n, F), which are overwritten."""
        exponent = normals if self.flow is None else normals[:, self.flow]
        exponent *= self.sigma
        np.exp(exponent, out=exponent)
        sums: Floats = (exponent @ self.weight).T
        return sums


def covariance_weights(contributions: Floats, spread: Floats) -> Floats:
    """Return what a unit of each flow and stage adds to its covariance with the total.

    Exact for the law above: the multipliers of two stages of one flow have the covariance
    exp(sigma_s sigma_t) - 1, which is s^2 when both have the spread s; flows are independent.
    Hence ``sum over s of contributions * weights`` is the variance that a flow brings, and
    ``(sum over s of contributions[f, s] * s_f)^2`` where its stages have one spread s_f.

    Parameters
    ----------
    contributions, spread
        float64 (F, S), as in `draw_totals`.

    Returns
    -------
    numpy.ndarray
        float64 (F, S): ``sum over t of contributions[f, t] * (exp(sigma_s sigma_t) - 1)``.
    """
    sigma = _sigma(spread)
    between = np.expm1(sigma[:, :, None] * sigma[:, None, :])
    weights: Floats = np.einsum("fst,ft->fs", between, contributions)
    return weights
