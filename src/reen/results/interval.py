"""Interval: the uncertainty of a total, from the published uncertainty of its factors.

Input: the sums of a fold and the factors of its flows.  The drawing is `engine.draws`.  An interval
always says which share of the total has a published uncertainty at all: a factor without one is
not certain.
"""

from __future__ import annotations

import math

import attrs
import numpy as np

from reen.engine.draws import draw_totals
from reen.engine.fold import Cells
from reen.errors import OptionError
from reen.factors.factor_set import FactorSet
from reen.results.sensitivity import spreads
from reen.results.wording import scale_of

__all__ = ["Interval", "check_draws", "interval_of"]


@attrs.frozen
class Interval:
    """An interval of a total.

    Attributes
    ----------
    lower, upper
        Quantiles of the draws, in `unit`.
    mean
        Published total (the mean of the law), in `unit`.
    unit, criterion
        What it is an interval of.
    level
        Probability between the bounds.
    covered
        Share of the total that comes from factors with a published (or assumed) uncertainty; the
        rest enters as if it were exact.
    draws, seed
        How it was drawn.
    assumed_spread
        Relative standard deviation given to the factors without one, or None.
    """

    lower: float
    upper: float
    mean: float
    unit: str
    criterion: str
    level: float
    covered: float
    draws: int
    seed: int
    assumed_spread: float | None = None

    def __str__(self) -> str:
        """Return the bounds, the level, and the share of the total that they speak of."""
        scale = scale_of([self.lower, self.upper], self.unit)
        return (
            f"{scale.text(self.lower)} to {scale.text(self.upper)} {scale.unit}"
            f" ({self.level:.0%} interval,"
            f" {self.covered:.0%} of the total has an uncertainty)"
        )


def check_draws(owner: str, draws: int) -> None:
    """Refuse a number of draws of which nothing can be said.

    Raises
    ------
    OptionError
        Fewer than one.
    """
    if draws < 1:
        raise OptionError(owner, "draws", str(draws), "a whole number above 0")


def interval_of(
    cells: Cells,
    factors: FactorSet,
    *,
    criterion: str,
    unit: str,
    level: float,
    draws: int,
    seed: int,
    assume_spread: float | None,
) -> Interval:
    """Return the interval of the total of a fold; the parameters are those of `Interval`.

    Raises
    ------
    OptionError
        When an argument is out of range.
    """
    if not 0.0 < level < 1.0:
        raise OptionError("interval", "level", str(level), "a probability such as 0.95")
    check_draws("interval", draws)
    if assume_spread is not None and not 0.0 <= assume_spread < math.inf:
        expected = "a relative standard deviation, such as 0.3"
        raise OptionError("interval", "assume_spread", str(assume_spread), expected)
    if seed < 0:
        raise OptionError("interval", "seed", str(seed), "a whole number, 0 or more")
    amounts = np.bincount(cells.flow, weights=cells.amount, minlength=len(factors))
    values = np.nan_to_num(factors.values[:, :, factors.criteria.index(criterion)])
    contributions = amounts[:, None] * values
    spread = spreads(factors, criterion, assume_spread)
    totals = draw_totals(contributions, spread, draws=draws, seed=seed)
    tail = (1.0 - level) / 2.0
    lower, upper = np.quantile(totals, [tail, 1.0 - tail])
    weight = np.abs(contributions)
    covered = float(weight[spread > 0.0].sum() / weight.sum()) if weight.sum() else 0.0
    return Interval(
        float(lower),
        float(upper),
        float(contributions.sum()),
        unit,
        criterion,
        level,
        covered,
        draws,
        seed,
        assume_spread,
    )
