"""Footprint: groups x stages x criteria, with coverage and provenance.

Input: its figures (`footprint_figures`).  Output: intervals, what the uncertainty comes from, a
statement, tables, text, computed when asked for.  An immutable value that can be pickled, written
and read back equal.  Knows no method and no inventory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import attrs
import pyarrow as pa

from reen.factors.factor_set import UNLESS_EMPTY
from reen.lazy_names import lazy_module
from reen.results.display import footprint_text
from reen.results.footprint_figures import FootprintFigures
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed

if TYPE_CHECKING:
    from reen.results import assumptions as sharing
    from reen.results import interval as drawing
    from reen.results import sensitivity as shares
    from reen.results import statement as statements
else:  # a footprint of which nobody asks how sure it is does not wait for them
    sharing = lazy_module("reen.results.assumptions")
    drawing = lazy_module("reen.results.interval")
    shares = lazy_module("reen.results.sensitivity")
    statements = lazy_module("reen.results.statement")

__all__ = ["Footprint"]


@attrs.frozen(eq=False, kw_only=True)
class Footprint(FootprintFigures, ArrowTable, Viewed):
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

    made_by: ClassVar = "reen.results.footprint_view:footprint_view"

    # the lines apart are whole footprints themselves
    apart: Mapping[str, Footprint] = attrs.field(
        factory=dict, repr=False, metadata={UNLESS_EMPTY: True}
    )

    def interval(
        self,
        *,
        level: float = 0.95,
        draws: int = 10_000,
        seed: int = 0,
        criterion: str | None = None,
        assume_spread: float | None = None,
        assumptions: sharing.SharedAssumption | Sequence[sharing.SharedAssumption] = (),
    ) -> drawing.Interval:
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
        return drawing.interval_of(
            self,
            criterion=self._criterion(criterion),
            level=level,
            draws=draws,
            seed=seed,
            assume_spread=assume_spread,
            assumptions=sharing.listed(assumptions, "interval"),
        )

    def intervals(
        self,
        *,
        level: float = 0.95,
        draws: int = 10_000,
        seed: int = 0,
        criterion: str | None = None,
        assume_spread: float | None = None,
        assumptions: sharing.SharedAssumption | Sequence[sharing.SharedAssumption] = (),
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
        return drawing.intervals_of(
            self,
            criterion=self._criterion(criterion),
            level=level,
            draws=draws,
            seed=seed,
            assume_spread=assume_spread,
            assumptions=sharing.listed(assumptions, "intervals"),
        )

    def variance(
        self,
        criterion: str | None = None,
        *,
        assume_spread: float | None = None,
        assumptions: sharing.SharedAssumption | Sequence[sharing.SharedAssumption] = (),
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
        assumptions: sharing.SharedAssumption | Sequence[sharing.SharedAssumption] = (),
    ) -> shares.Sensitivity:
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
        return shares.sensitivity_of(
            self,
            criterion=self._criterion(criterion),
            assume_spread=assume_spread,
            assumptions=sharing.listed(assumptions, "sensitivity"),
        )

    def statement(
        self,
        scheme: str,
        *,
        bought: Footprint | None = None,
        market: Mapping[str, float] | None = None,
    ) -> statements.Statement:
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
        from reen.results.statement_making import statement_of

        return statement_of(self, scheme, bought=bought, market=market)

    def to_arrow(self) -> pa.Table:
        """Return one row per group, criterion and stage.

        Columns: the grouping columns (as ``group.NAME`` when a column of the figures has that
        name), criterion, stage, value (null when nothing was assessed), unit, rows_left_out
        (whether the figure of the group misses rows, or stages that its factors lack).
        """
        from reen.results.tables import long_table

        return long_table(self)

    def __str__(self) -> str:
        """Return totals, breakdown and coverage as plain text."""
        return footprint_text(self)

    def __repr__(self) -> str:
        """Return the method, the size and the totals in one line."""
        totals = "; ".join(f"{total.criterion} {total}" for total in self.totals())
        return f"<Footprint {self.provenance.method}: {self.group_count} group(s), {totals}>"
