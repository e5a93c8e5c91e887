"""Sensitivity: which factors, and which groups of equipment, the variance of a total comes from.

Exact for the linear model, no draws: the total is a sum over independent flows, each with its
stages fully correlated (see `engine.draws`).  The share of a group is its covariance with the
total, so that a flow shared by several groups is counted once and the shares add up.

It speaks of the published uncertainty of the factors only.  Not covered: factors that publish
none (`covered` and `without` say which), amounts (quantities, lifetimes, yearly energy), the
choice of the factor for a row, and what was not assessed.
"""

from __future__ import annotations

import math

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.draws import covariance_weights
from reen.engine.fold import Cells
from reen.errors import OptionError
from reen.factors.factor_set import FactorSet, Flow
from reen.results.wording import scale_of

__all__ = ["FlowShare", "GroupShare", "Sensitivity", "sensitivity_of", "spreads"]


@attrs.frozen
class FlowShare:
    """What one flow brings to the variance of a total.

    Attributes
    ----------
    flow, name
        Key and label of the flow.
    value
        What it brings to the total, in its unit.
    deviation
        Standard deviation of that, in the same unit.
    share
        Share of the variance, between 0 and 1.
    """

    flow: Flow
    name: str
    value: float
    deviation: float
    share: float


@attrs.frozen
class GroupShare:
    """What one group brings to the variance of a total.

    Attributes
    ----------
    key
        Values of the grouping columns, in their order.
    value
        What it brings to the total, in its unit.
    share
        Its covariance with the total, over the variance; negative for a group that offsets others.
    """

    key: tuple[object, ...]
    value: float
    share: float


@attrs.frozen
class Sensitivity:
    """Where the variance of a total comes from.

    Attributes
    ----------
    criterion, unit
        Of the total.
    total
        Published total, the mean of the law; NaN when nothing was assessed.
    variance
        Its variance, in `unit` squared.
    flows
        Flows that bring some of it, the largest first; their shares add up to 1.
    groups
        Groups likewise; one group when the footprint is not grouped.
    covered
        Share of the total (in absolute contributions) from cells with an uncertainty.
    without
        Flows with cells that have none, the largest contribution first.
    assumed_spread
        Relative standard deviation given to the cells without one, or None.
    """

    criterion: str
    unit: str
    total: float
    variance: float
    flows: tuple[FlowShare, ...]
    groups: tuple[GroupShare, ...]
    covered: float
    without: tuple[Flow, ...]
    assumed_spread: float | None = None

    @property
    def deviation(self) -> float:
        """Return the standard deviation, in `unit`."""
        return float(np.sqrt(self.variance))

    def __str__(self) -> str:
        """Return the deviation and the shares, in lines."""
        scale = scale_of([self.total, self.deviation], self.unit)
        first = (
            f"standard deviation {scale.text(self.deviation)} of a total of"
            f" {scale.text(self.total)} {scale.unit} ({self.covered:.0%} of it has an uncertainty)"
        )
        return "\n".join([first, *(f"  {each.share:.1%} {each.name}" for each in self.flows)])


def spreads(
    factors: FactorSet, criterion: str, assume_spread: float | None
) -> npt.NDArray[np.float64]:
    """Return the relative standard deviation of each flow and stage, float64 (F, S).

    Cells without a published one have `assume_spread`, or 0: they enter as if exact.

    Raises
    ------
    OptionError
        When `assume_spread` is no relative standard deviation.
    """
    if assume_spread is not None and not 0.0 <= assume_spread < math.inf:
        expected = "a relative standard deviation, such as 0.3"
        raise OptionError("uncertainty", "assume_spread", str(assume_spread), expected)
    published = factors.spread[:, :, factors.criteria.index(criterion)]
    fill = 0.0 if assume_spread is None else assume_spread
    return np.where(np.isnan(published), fill, published)


def sensitivity_of(
    cells: Cells,
    factors: FactorSet,
    keys: list[tuple[object, ...]],
    *,
    criterion: str,
    unit: str,
    assume_spread: float | None,
) -> Sensitivity:
    """Return the sensitivity of the total of a fold.

    Parameters
    ----------
    cells
        Amounts by (group, flow).
    factors
        Factors of the flows, in their order.
    keys
        Key of each group.
    criterion, unit
        Criterion, and unit of its yearly figures.
    assume_spread
        Relative standard deviation of what publishes none; None for exact.
    """
    values = np.nan_to_num(factors.values[:, :, factors.criteria.index(criterion)])
    amounts = np.bincount(cells.flow, weights=cells.amount, minlength=len(factors))
    contributions = amounts[:, None] * values
    spread = spreads(factors, criterion, assume_spread)
    weights = covariance_weights(contributions, spread)
    of_flow = (contributions * weights).sum(axis=1)
    # per unit of amount: what a group takes of each flow, it takes of all its stages
    of_group = np.bincount(
        cells.group,
        weights=cells.amount * (values * weights).sum(axis=1)[cells.flow],
        minlength=len(keys),
    )
    in_group = np.bincount(
        cells.group, weights=cells.amount * values.sum(axis=1)[cells.flow], minlength=len(keys)
    )
    variance = float(of_flow.sum())
    size = np.abs(contributions)
    bare = np.where(spread > 0.0, 0.0, size).sum(axis=1)
    return Sensitivity(
        criterion=criterion,
        unit=unit,
        total=float(contributions.sum()),
        variance=variance,
        flows=tuple(
            FlowShare(
                factors.flows[k],
                factors.descriptions[k].name or str(factors.flows[k]),
                float(contributions[k].sum()),
                float(np.sqrt(of_flow[k])),
                float(of_flow[k]) / variance,
            )
            for k in np.argsort(-of_flow, kind="stable")
            if of_flow[k] > 0.0
        ),
        groups=tuple(
            GroupShare(keys[g], float(in_group[g]), float(of_group[g]) / variance)
            for g in np.argsort(-of_group, kind="stable")
            if variance > 0.0
        ),
        covered=float(size[spread > 0.0].sum() / size.sum()) if size.any() else 0.0,
        without=tuple(factors.flows[k] for k in np.argsort(-bare, kind="stable") if bare[k] > 0.0),
        assumed_spread=assume_spread,
    )
