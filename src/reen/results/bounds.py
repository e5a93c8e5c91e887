"""Bounds: the lower and upper figure of a total, from the published bounds of its factors.

A rule of the sources and not a probability: each bound is folded as the value is, W x lower and
W x upper, so that every factor is taken at its bound at once.  That is EcoDiag's rule (the bounds
of all lines are summed) and BoaviztAPI's (minima together, maxima together).  A value; input
arrays, no method.  The interval that draws each factor by itself is `interval`.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow

__all__ = ["Bounds", "bounds_of"]


@attrs.frozen
class Bounds:
    """The bounds of a total.

    Attributes
    ----------
    lower, upper
        Sums of the factors' bounds, in `unit`; NaN when nothing was assessed.
    value
        Published total, in `unit`.
    unit, criterion
        What they are bounds of.
    covered
        Share of the total that comes from factors with published bounds; the rest enters with its
        value in both sums, as if it were exact.
    without
        Flows of that rest, in order.
    """

    lower: float
    upper: float
    value: float
    unit: str
    criterion: str
    covered: float
    without: tuple[Flow, ...] = ()

    def __str__(self) -> str:
        """Return the bounds, and the share of the total that they cover."""
        if np.isnan(self.value):
            return "nothing assessed"
        return (
            f"{self.lower:,.4g} to {self.upper:,.4g} {self.unit} (bounds of the factors, summed;"
            f" {self.covered:.0%} of the total has bounds)"
        )


def bounds_of(
    amounts: npt.NDArray[np.float64], factors: FactorSet, *, criterion: str, unit: str
) -> Bounds:
    """Return the sums of values and bounds over flows and stages.

    Parameters
    ----------
    amounts
        float64 (F,): amount of each flow, in its reference unit per year.
    factors
        Factors of the flows, in that order.
    criterion, unit
        Criterion, and unit of its yearly figures.
    """
    c = factors.criteria.index(criterion)
    values = factors.values[:, :, c]
    used = ~np.isnan(values) & (amounts != 0.0)[:, None]
    bounded = ~np.isnan(factors.lower[:, :, c]) & ~np.isnan(factors.upper[:, :, c])
    ends = np.stack(
        [
            amounts[:, None] * np.where(used, np.where(bounded, end[:, :, c], values), 0.0)
            for end in (factors.lower, factors.upper)
        ]
    )
    contributions = amounts[:, None] * np.where(used, values, 0.0)
    weight = np.abs(contributions)
    total = float(weight.sum())
    there = not np.isnan(values).all()
    return Bounds(
        # of a credit (negative amount) the upper bound is the lesser end
        float(ends.min(axis=0).sum()) if there else float("nan"),
        float(ends.max(axis=0).sum()) if there else float("nan"),
        float(contributions.sum()) if there else float("nan"),
        unit,
        criterion,
        float(weight[bounded].sum() / total) if total else 0.0,
        tuple(factors.flows[k] for k in np.flatnonzero((used & ~bounded).any(axis=1))),
    )
