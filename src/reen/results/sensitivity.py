"""Sensitivity: which factors, assumptions and groups the variance of a total comes from.

Exact, no draws: the arithmetic is `engine.variance`.  What two sources bring at once (a factor and
the lifetime that divides its amount) is shared equally between them.  The share of a group is its
covariance with the total, so that a flow shared by several groups is counted once; both sets of
shares add up to 1.

It speaks of what has a stated uncertainty only.  Not covered: factors that publish none (`covered`
and `without` say which), amounts that are given none, the choice of the factor for a row, and what
was not assessed.
"""

from __future__ import annotations

import attrs
import numpy as np

from reen.engine.variance import Variance, variance_of
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.results.assumptions import SharedAssumption, SharedValue
from reen.results.footprint_figures import FootprintFigures
from reen.results.law import Law, used_law_of
from reen.results.wording import scale_of

__all__ = ["AssumptionShare", "FlowShare", "GroupShare", "Sensitivity", "sensitivity_of"]


@attrs.frozen
class FlowShare:
    """The contribution of one flow to the variance of a total.

    Attributes
    ----------
    flow, name
        Key and label of the flow.
    value
        What it brings to the total, in its unit.
    deviation
        Standard deviation of that if its factor alone were uncertain, in the same unit.
    share
        Share of the variance, between 0 and 1.
    """

    flow: Flow
    name: str
    value: float
    deviation: float
    share: float


@attrs.frozen
class AssumptionShare:
    """The contribution of one shared value to the variance of a total.

    Attributes
    ----------
    shared
        The assumption, and the type (or other value) that it is about.
    value
        What the amounts that it acts on bring to the total, in its unit.
    deviation
        Standard deviation of that if this value alone were uncertain, in the same unit.
    share
        Share of the variance, between 0 and 1.
    """

    shared: SharedValue
    value: float
    deviation: float
    share: float


@attrs.frozen
class GroupShare:
    """The contribution of one group to the variance of a total.

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
        Flows whose factors bring some of it, the largest first.
    assumptions
        Shared values that bring some of it, the largest first.
    amounts_share
        Share of the errors of the rows' own amounts, which are independent from row to row.
    groups
        Groups, the largest first; one when the footprint is not grouped.  Their shares add up to
        1, as do those of flows, assumptions and amounts together.
    covered
        Share of the total (in absolute contributions) from factors with an uncertainty.
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
    assumptions: tuple[AssumptionShare, ...]
    amounts_share: float
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
        shares = [(each.share, each.name) for each in self.flows]
        shares += [(each.share, str(each.shared)) for each in self.assumptions]
        if self.amounts_share:
            shares.append((self.amounts_share, "amounts of the rows"))
        shares.sort(key=lambda each: -each[0])
        return "\n".join([first, *(f"  {share:.1%} {name}" for share, name in shares)])


def sensitivity_of(
    footprint: FootprintFigures,
    *,
    criterion: str,
    assume_spread: float | None,
    assumptions: tuple[SharedAssumption, ...],
) -> Sensitivity:
    """Return the sensitivity of a total; the parameters are those of `Footprint.sensitivity`.

    Raises
    ------
    OptionError
        A spread that is none, or an assumption that is about nothing in the footprint.
    """
    law = used_law_of(
        footprint,
        criterion=criterion,
        assume_spread=assume_spread,
        assumptions=assumptions,
        owner="sensitivity",
    )
    found = variance_of(law.amounts, law.units, law.shared, rows=footprint.group_count)
    # nothing assessed is not zero
    known = not np.isnan(footprint.total(criterion).value)
    bare = np.where(law.spread > 0.0, 0.0, np.abs(law.contributions)).sum(axis=1)
    order = np.argsort(-bare, kind="stable")
    return Sensitivity(
        criterion=criterion,
        unit=footprint.unit(criterion),
        total=float(law.contributions.sum()) if known else float("nan"),
        variance=found.total if known else float("nan"),
        flows=_flow_shares(law, footprint.factors, found),
        assumptions=_assumption_shares(law, found),
        amounts_share=found.noise / found.total if found.total > 0.0 else 0.0,
        groups=_group_shares(law, footprint, found),
        covered=law.covered(),
        without=tuple(law.units.flows[k] for k in order.tolist() if bare[k] > 0.0),
        assumed_spread=assume_spread,
    )


def _group_shares(law: Law, footprint: FootprintFigures, found: Variance) -> tuple[GroupShare, ...]:
    if not found.total > 0.0:
        return ()
    cells, count = law.fold.cells, footprint.group_count
    value = np.bincount(cells.group, cells.amount * law.units.mean[cells.flow], minlength=count)
    keys = footprint.groups.to_pylist() if footprint.grouped_by else [{}]
    return tuple(
        GroupShare(tuple(keys[g].values()), float(value[g]), float(found.rows[g]) / found.total)
        for g in np.argsort(-found.rows, kind="stable").tolist()
    )


def _flow_shares(law: Law, factors: FactorSet, found: Variance) -> tuple[FlowShare, ...]:
    cells = law.fold.cells
    amounts = np.bincount(cells.flow, cells.amount, minlength=len(factors))
    deviation = np.abs(amounts) * np.sqrt(law.units.variance)
    return tuple(
        FlowShare(
            factors.flows[k],
            factors.descriptions[k].name or str(factors.flows[k]),
            float(amounts[k] * law.units.mean[k]),
            float(deviation[k]),
            float(found.flows[k]) / found.total,
        )
        for k in np.argsort(-found.flows, kind="stable")
        if found.flows[k] > 0.0
    )


def _assumption_shares(law: Law, found: Variance) -> tuple[AssumptionShare, ...]:
    amounts = law.amounts
    of_class = np.bincount(
        amounts.klass,
        amounts.amount * law.units.mean[amounts.flow],
        minlength=len(law.shared.members),
    )
    value = np.zeros(len(law.shared_values))
    for members, brought in zip(law.shared.members, of_class.tolist(), strict=True):
        value[list(members)] += brought
    return tuple(
        AssumptionShare(
            law.shared_values[k],
            float(value[k]),
            float(abs(value[k]) * law.shared.spread[k]),
            float(found.shared[k]) / found.total,
        )
        for k in np.argsort(-found.shared, kind="stable")
        if found.shared[k] > 0.0
    )
