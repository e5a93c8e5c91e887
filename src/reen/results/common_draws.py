"""Common draws: how often one method is above another, their shared factors being drawn once.

Input: two footprints.  Output: the share of draws in which the first total is above the second.
A flow that both use has one multiplier in both, so what they have in common does not blur how
they differ.  It speaks of the published uncertainty of factors, and says how much of each total
has one.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.draws import draw_together
from reen.errors import OptionError
from reen.factors.factor_set import Flow
from reen.results.footprint import Footprint
from reen.results.interval import check_draws
from reen.results.sensitivity import spreads

__all__ = ["ProbabilityAbove", "probability_above"]


@attrs.frozen
class ProbabilityAbove:
    """How often the total of one method is above that of another.

    Attributes
    ----------
    a, b
        Names of the methods.
    criterion
        Criterion key.
    probability
        Share of draws in which a is above b; NaN when one of them assessed nothing.
    shared
        Uncertain flows that both use: drawn once.
    covered
        Of a and b, the share of the total that has a published (or assumed) uncertainty.
    draws, seed
        How it was drawn.
    assumed_spread
        Relative standard deviation given to the factors without one, or None.
    """

    a: str
    b: str
    criterion: str
    probability: float
    shared: tuple[Flow, ...]
    covered: tuple[float, float]
    draws: int
    seed: int
    assumed_spread: float | None = None

    @property
    def standard_error(self) -> float:
        """Return how far the share may be from the probability, as one standard deviation."""
        return float(np.sqrt(self.probability * (1.0 - self.probability) / self.draws))

    def __float__(self) -> float:
        """Return the probability."""
        return self.probability

    def __str__(self) -> str:
        """Return the probability, and what it speaks of."""
        if np.isnan(self.probability):
            return f"{self.a} and {self.b} cannot be ordered: one of them assessed nothing"
        return (
            f"{self.a} is above {self.b} in {100.0 * self.probability:.3g}% of {self.draws:,} draws"
            f" ({self.covered[0]:.0%} of {self.a} and {self.covered[1]:.0%} of {self.b} have an"
            f" uncertainty; uncertain factors in common: {len(self.shared)})"
        )


def probability_above(
    names: tuple[str, str],
    footprints: tuple[Footprint, Footprint],
    *,
    criterion: str,
    draws: int,
    seed: int,
    assume_spread: float | None,
) -> ProbabilityAbove:
    """Draw two totals together and count; the parameters are those of `ProbabilityAbove`.

    Raises
    ------
    OptionError
        Fewer than one draw, a seed below 0, or a spread that is none.
    """
    check_draws("probability_above", draws)
    if seed < 0:
        raise OptionError("probability_above", "seed", str(seed), "a whole number, 0 or more")
    parts = [_parts(each, criterion, assume_spread) for each in footprints]
    flows = sorted({flow for part in parts for flow in part})
    width = max((len(row[0]) for part in parts for row in part.values()), default=0)
    arrays = np.zeros((2, 2, len(flows), width))
    for k, part in enumerate(parts):
        for f, flow in enumerate(flows):
            if flow in part:
                contributions, spread = part[flow]
                arrays[0, k, f, : len(contributions)] = contributions
                arrays[1, k, f, : len(spread)] = spread
    totals = draw_together(arrays[0], arrays[1], draws=draws, seed=seed)
    size, uncertain = np.abs(arrays[0]), arrays[1] > 0.0
    covered = [
        float(size[k][uncertain[k]].sum() / size[k].sum()) if size[k].any() else 0.0
        for k in range(2)
    ]
    known = all(criterion in each.criteria for each in footprints) and not any(
        np.isnan(each.total(criterion).value) for each in footprints
    )
    moving = (uncertain & (size > 0.0)).any(axis=2)
    return ProbabilityAbove(
        names[0],
        names[1],
        criterion,
        float(np.mean(totals[0] > totals[1])) if known else float("nan"),
        tuple(flow for f, flow in enumerate(flows) if moving[:, f].all()),
        (covered[0], covered[1]),
        draws,
        seed,
        assume_spread,
    )


def _parts(
    footprint: Footprint, criterion: str, assume_spread: float | None
) -> dict[Flow, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Return contribution and spread of each flow, by stage; nothing without the criterion."""
    if criterion not in footprint.criteria:
        return {}
    factors, cells = footprint.factors, footprint.fold.cells
    amounts = np.bincount(cells.flow, weights=cells.amount, minlength=len(factors))
    values = np.nan_to_num(factors.values[:, :, factors.criteria.index(criterion)])
    contributions = amounts[:, None] * values
    spread = spreads(factors, criterion, assume_spread)
    return {
        flow: (contributions[k], spread[k])
        for k, flow in enumerate(factors.flows)
        if contributions[k].any()
    }
