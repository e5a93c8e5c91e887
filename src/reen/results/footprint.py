"""Footprint: groups x stages x criteria, with coverage and provenance.

Input: a fold and the factors of its flows.  Output: totals, breakdowns, tables and intervals,
computed when read, so that a million groups cost no dense table.  An immutable value that can be
pickled, written and read back equal.  Knows no method and no inventory.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.fold import Fold, TableRows
from reen.engine.impacts import group_impacts
from reen.errors import UnknownNameError
from reen.factors.factor_set import UNLESS_EMPTY, FactorSet
from reen.factors.flow import Flow
from reen.gate.frozen import frozen
from reen.inventory.account import Account
from reen.provenance import Provenance
from reen.reasons import say
from reen.results.assumptions import SharedAssumption, listed
from reen.results.bounds import Bounds, bounds_of
from reen.results.coverage import Coverage, assessed_groups, groups_left_out
from reen.results.display import footprint_text
from reen.results.interval import Interval, interval_of, intervals_of
from reen.results.sensitivity import Sensitivity, sensitivity_of
from reen.results.statement import Statement, statement_of
from reen.results.summing import added, summed_by
from reen.results.tables import long_table
from reen.results.total import Total
from reen.views.arrow_table import ArrowTable
from reen.views.model import View, Viewed
from reen.vocabulary.stages import Stage

__all__ = ["Footprint"]


@attrs.frozen(eq=False, kw_only=True)
class Footprint(ArrowTable, Viewed):
    """The footprint of an inventory by one method.

    Attributes
    ----------
    fold
        Amounts by (group, flow) and coverage.
    factors
        Factors of the fold's flows, in their order.
    criteria
        Criterion keys shown.
    nonnegative
        Criteria for which no factor of the packs in use is negative.
    provenance
        Versions, options and hashes of all that was used.
    parts
        (flow, part, kgCO2e per kWh) of the electricity whose source splits it: combustion and
        fugitive emissions at the plant, what comes before it, losses of the network.
    apart
        What each line apart gives of what is left out here, by its name, where the method was
        asked for it (``proxy``: documented proxies; ``archived_element``): footprints of their
        own; none of their figures is part of this one.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> print(footprint.total())
    312 kgCO2e/year
    >>> footprint.total().complete
    True
    >>> footprint.to_arrow().column_names
    ['criterion', 'stage', 'value', 'unit', 'rows_left_out']
    """

    fold: Fold
    factors: FactorSet
    criteria: tuple[str, ...]
    nonnegative: tuple[str, ...]
    provenance: Provenance
    parts: tuple[tuple[Flow, str, float], ...] = attrs.field(
        default=(), metadata={UNLESS_EMPTY: True}
    )
    apart: Mapping[str, Footprint] = attrs.field(
        factory=dict, repr=False, metadata={UNLESS_EMPTY: True}
    )

    def __eq__(self, other: object) -> bool:
        """Tell whether every figure, class and version is the same."""
        if not isinstance(other, Footprint):
            return NotImplemented
        return (
            self.fold == other.fold
            and self.factors == other.factors
            and self.criteria == other.criteria
            and self.nonnegative == other.nonnegative
            and self.provenance == other.provenance
            and self.parts == other.parts
            and self.apart == other.apart
        )

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Footprint) -> Footprint:
        """Return the footprint of both inventories.

        Raises
        ------
        OptionError
            When the two were not made by the same method, options, packs, date and groups.
        """
        if not isinstance(other, Footprint):
            return NotImplemented
        return added(self, other)

    @property
    def grouped_by(self) -> tuple[str, ...]:
        """Return the grouping columns."""
        return tuple(self.fold.groups.column_names)

    @property
    def groups(self) -> pa.Table:
        """Return the group keys, one row per group, sorted, null last."""
        return self.fold.groups

    @property
    def group_count(self) -> int:
        """Return the number of groups, one when nothing is grouped by."""
        return self.fold.group_count

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Return the stages that some factor in use publishes."""
        return self.factors.stages

    def unit(self, criterion: str) -> str:
        """Return the unit of a criterion's figures, such as ``kgCO2e/year``."""
        return f"{self.factors.vocabulary[criterion].unit}/year"

    def _criterion(self, criterion: str | None) -> str:
        if criterion is None:
            if "climate_change" in self.criteria or len(self.criteria) != 1:
                criterion = "climate_change"
            else:
                criterion = self.criteria[0]
        key = self.factors.vocabulary.resolve(criterion).key
        if key not in self.criteria:
            raise UnknownNameError(
                "criterion", say("error_not_in_footprint", criterion=criterion), self.criteria[:3]
            )
        return key

    @functools.cached_property
    def coverage(self) -> Coverage:
        """Return what was assessed, and what was not and why."""
        return Coverage(self.fold, self.stages, self.criteria)

    @property
    def account(self) -> Account:
        """Return what became of every row of the files."""
        return self.fold.account

    def impacts(self, start: int = 0, stop: int | None = None) -> npt.NDArray[np.float64]:
        """Return the impacts of groups `start` to `stop`.

        Returns
        -------
        numpy.ndarray
            float64 (groups, stages, criteria), in `unit(criterion)`; NaN where no row of the
            group was assessed for the cell: missing is never zero.
        """
        stop = self.group_count if stop is None else stop
        shown = [self.factors.criteria.index(key) for key in self.criteria]
        factors = self.factors.values[:, :, shown]
        values = group_impacts(self.fold.cells, factors, start=start, stop=stop)
        # A row of several exchanges may be left out for one of them: what the others give counts.
        assessed = assessed_groups(self.fold, self.stages, self.criteria, start=start, stop=stop)
        values[~assessed & (values == 0.0)] = np.nan
        return values

    @functools.cached_property
    def _sums(self) -> npt.NDArray[np.float64]:
        """Return the impacts of all groups together, worked out once: (stages, criteria)."""
        return frozen(self.by().impacts()[0])

    def stage_totals(self, criterion: str | None = None) -> dict[Stage, float]:
        """Return the total of each stage, in `unit(criterion)`; NaN when nothing was assessed."""
        key = self._criterion(criterion)
        values = self._sums[:, self.criteria.index(key)]
        return {stage: float(value) for stage, value in zip(self.stages, values, strict=True)}

    def total(self, criterion: str | None = None) -> Total:
        """Return the total over groups and stages, with its completeness.

        Parameters
        ----------
        criterion
            Key or alias; climate change, or the only criterion, when absent.

        Raises
        ------
        UnknownNameError
            When the footprint does not have it.
        """
        key = self._criterion(criterion)
        values = np.array(list(self.stage_totals(key).values()))
        there = values[~np.isnan(values)]
        complete = self.coverage.is_complete(key)
        doubtful = bool(self.account.doubts)
        return Total(
            float(there.sum()) if len(there) else float("nan"),
            self.unit(key),
            key,
            complete,
            not complete and not doubtful and key in self.nonnegative,
            self.factors.definitions,
            doubtful,
            self.coverage.has_gaps(key) or self.account.has_refused,
        )

    def totals(self) -> tuple[Total, ...]:
        """Return the total of every criterion."""
        return tuple(self.total(key) for key in self.criteria)

    def by(self, *columns: str) -> Footprint:
        """Return the footprint summed up by some of its grouping columns (none: one group).

        Raises
        ------
        UnknownColumnError
            When the footprint was not grouped by a column; declare it in `measure(by=...)`.
        """
        return summed_by(self, columns)

    def group_left_out(self) -> npt.NDArray[np.bool_]:
        """Return which groups have, or may have, rows left out: boolean (groups,).

        A row that was refused may be of any group.
        """
        return groups_left_out(self.fold) | self.account.has_refused

    def bounds(
        self, criterion: str | None = None, *, stages: Collection[Stage] | None = None
    ) -> Bounds:
        """Return the bounds of the total: the published bounds of the factors, summed.

        Every factor at its lower bound, then every factor at its upper one; factors without
        bounds enter with their value, and `Bounds.without` names them.  What is left out of the
        total is left out of its bounds.

        Parameters
        ----------
        criterion
            As in `total`.
        stages
            Stages to sum, as those of which a source gives bounds; all when absent.
        """
        key = self._criterion(criterion)
        amounts = np.zeros(len(self.fold.flows))
        np.add.at(amounts, self.fold.cells.flow, self.fold.cells.amount)
        factors = self.factors if stages is None else self.factors.on_stages(stages)
        return bounds_of(amounts, factors, criterion=key, unit=self.unit(key))

    def interval(
        self,
        *,
        level: float = 0.95,
        draws: int = 10_000,
        seed: int = 0,
        criterion: str | None = None,
        assume_spread: float | None = None,
        assumptions: SharedAssumption | Sequence[SharedAssumption] = (),
    ) -> Interval:
        """Return an interval of the total, from the uncertainty of factors and assumptions.

        Each factor is lognormal around its published value, one draw per flow for all groups and
        stages (see the uncertainty page for the law and its source).

        Parameters
        ----------
        level
            Probability between the bounds, between 0 and 1.
        draws, seed
            Number of draws and seed; the same seed gives the same interval on every platform.
        criterion
            As in `total`.
        assume_spread
            Relative standard deviation for factors that publish none; None leaves them exact,
            and `Interval.covered` says which share of the total is not.
        assumptions
            Drivers of amounts that many rows share, such as one lifetime per type.

        Raises
        ------
        OptionError
            When `level`, `draws` or `seed` is out of range, or an assumption is about nothing in
            this footprint.
        """
        return interval_of(
            self,
            criterion=self._criterion(criterion),
            level=level,
            draws=draws,
            seed=seed,
            assume_spread=assume_spread,
            assumptions=listed(assumptions, "interval"),
        )

    def intervals(
        self,
        *,
        level: float = 0.95,
        draws: int = 10_000,
        seed: int = 0,
        criterion: str | None = None,
        assume_spread: float | None = None,
        assumptions: SharedAssumption | Sequence[SharedAssumption] = (),
    ) -> pa.Table:
        """Return the interval of each group, as a table of one row per group.

        The same draws serve all groups, so they move together as their common factors do: the
        bounds of groups do not add up to those of the total.  Groups are drawn block by block;
        the memory does not grow with their number times the draws.

        Columns: the grouping columns (as ``group.NAME`` when a column of the figures has that
        name), criterion, unit, mean (the total of the group), lower, upper, covered; null where
        nothing was assessed.

        Parameters
        ----------
        level, draws, seed, criterion, assume_spread, assumptions
            As in `interval`.

        Raises
        ------
        OptionError
            As in `interval`.
        """
        return intervals_of(
            self,
            criterion=self._criterion(criterion),
            level=level,
            draws=draws,
            seed=seed,
            assume_spread=assume_spread,
            assumptions=listed(assumptions, "intervals"),
        )

    def variance(
        self,
        criterion: str | None = None,
        *,
        assume_spread: float | None = None,
        assumptions: SharedAssumption | Sequence[SharedAssumption] = (),
    ) -> float:
        """Return the variance of the total, in `unit(criterion)` squared: exact, without draws.

        NaN when nothing was assessed.

        Parameters
        ----------
        criterion, assume_spread, assumptions
            As in `interval`.
        """
        return self.sensitivity(
            criterion, assume_spread=assume_spread, assumptions=assumptions
        ).variance

    def sensitivity(
        self,
        criterion: str | None = None,
        *,
        assume_spread: float | None = None,
        assumptions: SharedAssumption | Sequence[SharedAssumption] = (),
    ) -> Sensitivity:
        """Return which flows, assumptions and groups the variance of the total comes from.

        Exact: flows and assumptions are independent, the stages of a flow move together.  A
        footprint measured by equipment type gives the shares of the types.

        Parameters
        ----------
        criterion, assume_spread, assumptions
            As in `interval`.

        Raises
        ------
        OptionError
            As in `interval`.
        """
        return sensitivity_of(
            self,
            criterion=self._criterion(criterion),
            assume_spread=assume_spread,
            assumptions=listed(assumptions, "sensitivity"),
        )

    @property
    def boundary(self) -> tuple[TableRows, ...]:
        """Return which tables are counted and which are not; nothing where there is one only."""
        return self.fold.boundary

    def statement(
        self,
        scheme: str,
        *,
        bought: Footprint | None = None,
        market: Mapping[str, float] | None = None,
    ) -> Statement:
        """Return the footprint under the categories of a greenhouse-gas account.

        `reen.statement` does it in one call; here the footprint must be grouped by
        ``reen.STATEMENT_BY``, which tells who owns what.

        Parameters
        ----------
        scheme
            ``beges-v5`` or ``ghg-protocol``.
        bought
            For the GHG Protocol, the same inventory with what was bought in the year counted whole
            (method base-carbone, ``amortisation="purchase-year"``); without it the category of
            capital goods is unknown, and said to be.
        market
            Market-based electricity: kgCO2e per kWh of the contracts, by place.

        Raises
        ------
        OptionError
            Another scheme, a footprint that does not tell who owns what, or that lacks climate
            change, a market factor that is none.
        """
        return statement_of(self, scheme, bought=bought, market=market)

    def to_arrow(self) -> pa.Table:
        """Return one row per group, criterion and stage.

        Columns: the grouping columns (as ``group.NAME`` when a column of the figures has that
        name), criterion, stage, value (null when nothing was assessed), unit, rows_left_out.
        """
        return long_table(self)

    def view(self) -> View:
        """Return what the footprint says to a person, in the language in force."""
        from reen.results.footprint_view import footprint_view

        return footprint_view(self)

    def __str__(self) -> str:
        """Return totals, breakdown and coverage as plain text."""
        return footprint_text(self)

    def __repr__(self) -> str:
        """Return the method, the size and the totals in one line."""
        totals = "; ".join(f"{total.criterion} {total}" for total in self.totals())
        return f"<Footprint {self.provenance.method}: {self.group_count} group(s), {totals}>"
