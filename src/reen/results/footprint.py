"""Footprint: groups x stages x criteria, with coverage and provenance.

Input: a fold and the factors of its flows.  Output: totals, breakdowns, tables and intervals,
computed when read, so that a million groups cost no dense table.  An immutable value that can be
pickled, written and read back equal.  Knows no method and no inventory.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.exchanges import Status
from reen.engine.fold import Fold, make_cells, make_coverage, merge_folds
from reen.engine.groups import number_rows
from reen.engine.impacts import group_impacts
from reen.errors import MissingExtraError, OptionError, UnknownColumnError, UnknownCriterionError
from reen.factors.factor_set import FactorSet
from reen.provenance import Provenance
from reen.results.bounds import Bounds, bounds_of
from reen.results.coverage import Coverage, status_at
from reen.results.display import footprint_html, footprint_text, scaled
from reen.results.interval import Interval, interval_of
from reen.results.sensitivity import Sensitivity, sensitivity_of
from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.stages import Stage
from reen.vocabulary.units import quantity

if TYPE_CHECKING:
    import pandas as pd
    import pint
    import polars as pl

__all__ = ["Footprint", "Total"]

#: Groups whose impacts are computed at a time when a table is made.
_GROUPS = 4096


#: Columns of figures of `Footprint.to_arrow`.
_FIGURES = frozenset({"criterion", "stage", "value", "unit", "rows_left_out"})


@attrs.frozen
class Total:
    """A figure of a footprint and how complete it is.

    Attributes
    ----------
    value, unit
        Figure in the criterion's unit per year; NaN when nothing was assessed.
    criterion
        Criterion key.
    complete
        Whether every row that should be counted is.
    lower_bound
        Whether the figure can only grow when the rest is counted: something is left out, and no
        factor of the packs in use is negative for this criterion.
    """

    value: float
    unit: str
    criterion: str
    complete: bool
    lower_bound: bool

    @property
    def quantity(self) -> pint.Quantity[float]:
        """Return the figure as a pint Quantity of reen's registry."""
        return quantity(self.value, self.unit)

    def __float__(self) -> float:
        """Return the figure in `unit`."""
        return self.value

    def __str__(self) -> str:
        """Return the figure in a readable multiple; '>=' on a lower bound."""
        if np.isnan(self.value):
            return "nothing assessed"
        value, unit = scaled(self.value, self.unit)
        sign = ">= " if self.lower_bound else ""
        note = "" if self.complete or self.lower_bound else " (incomplete)"
        return f"{sign}{value:,.4g} {unit}{note}"


@attrs.frozen(eq=False, kw_only=True)
class Footprint:
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
    """

    fold: Fold
    factors: FactorSet
    criteria: tuple[str, ...]
    nonnegative: tuple[str, ...]
    provenance: Provenance

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
        for name in ("method", "method_version", "options", "as_of", "packs"):
            left, right = getattr(self.provenance, name), getattr(other.provenance, name)
            if left != right:
                raise OptionError("Footprint + Footprint", name, str(right), f"the same as {left}")
        if self.grouped_by != other.grouped_by:
            expected = f"the same as {self.grouped_by}"
            raise OptionError("Footprint + Footprint", "by", str(other.grouped_by), expected)
        fold = merge_folds([self.fold, other.fold])
        # a side without any flow has all possible stages in view: it adds none
        sides = [each.factors for each in (self, other) if len(each.factors)]
        both = FactorSet.concatenate(sides or [self.factors, other.factors])
        position = {flow: k for k, flow in enumerate(both.flows)}
        return Footprint(
            fold=fold,
            factors=both.take([position[flow] for flow in fold.flows]),
            criteria=tuple(dict.fromkeys(self.criteria + other.criteria)),
            nonnegative=tuple(key for key in self.nonnegative if key in other.nonnegative),
            provenance=attrs.evolve(
                self.provenance,
                rows=fold.rows,
                rows_digest=f"{fold.digest:016x}",
                sources=tuple(dict.fromkeys(self.provenance.sources + other.provenance.sources)),
            ),
        )

    # -- axes --------------------------------------------------------------------------------

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
        return f"{bundled_criteria()[criterion].unit}/year"

    def _criterion(self, criterion: str | None) -> str:
        if criterion is None:
            if "climate_change" in self.criteria or len(self.criteria) != 1:
                criterion = "climate_change"
            else:
                criterion = self.criteria[0]
        key = bundled_criteria().resolve(criterion).key
        if key not in self.criteria:
            raise UnknownCriterionError(f"{criterion} (not in this footprint)", self.criteria[:3])
        return key

    def _factor_values(self) -> npt.NDArray[np.float64]:
        columns = [self.factors.criteria.index(key) for key in self.criteria]
        return self.factors.values[:, :, columns]

    # -- figures -----------------------------------------------------------------------------

    @property
    def coverage(self) -> Coverage:
        """Return what was assessed, and what was not and why."""
        return Coverage(self.fold, self.stages, self.criteria)

    def impacts(self, start: int = 0, stop: int | None = None) -> npt.NDArray[np.float64]:
        """Return the impacts of groups `start` to `stop`.

        Returns
        -------
        numpy.ndarray
            float64 (groups, stages, criteria), in `unit(criterion)`; NaN where no row of the
            group was assessed for the cell: missing is never zero.
        """
        stop = self.group_count if stop is None else stop
        values = group_impacts(self.fold.cells, self._factor_values(), start=start, stop=stop)
        # A row of several exchanges may be left out for one of them: what the others give counts.
        values[~self._assessed(start, stop) & (values == 0.0)] = np.nan
        return values

    def _assessed(self, start: int, stop: int) -> npt.NDArray[np.bool_]:
        """Return where a group has at least one assessed row: boolean (groups, S, C)."""
        table = np.zeros((len(self.fold.classes), len(self.stages), len(self.criteria)), np.bool_)
        for k, klass in enumerate(self.fold.classes):
            for s, stage in enumerate(self.stages):
                for c, criterion in enumerate(self.criteria):
                    verdict = status_at(klass, stage, criterion)
                    table[k, s, c] = verdict is not None and verdict[0] is Status.ASSESSED
        cells = self.fold.by_group
        first, last = np.searchsorted(cells.key, [start, stop])
        found = np.zeros((stop - start, *table.shape[1:]), np.bool_)
        np.logical_or.at(found, cells.key[first:last] - start, table[cells.klass[first:last]])
        return found

    def _all(self) -> Footprint:
        return self.by()

    def stage_totals(self, criterion: str | None = None) -> dict[Stage, float]:
        """Return the total of each stage, in `unit(criterion)`; NaN when nothing was assessed."""
        key = self._criterion(criterion)
        values = self._all().impacts()[0, :, self.criteria.index(key)]
        return {stage: float(value) for stage, value in zip(self.stages, values, strict=True)}

    def total(self, criterion: str | None = None) -> Total:
        """Return the total over groups and stages, with its completeness.

        Parameters
        ----------
        criterion
            Key or alias; climate change, or the only criterion, when absent.

        Raises
        ------
        UnknownCriterionError
            When the footprint does not have it.
        """
        key = self._criterion(criterion)
        values = np.array(list(self.stage_totals(key).values()))
        there = values[~np.isnan(values)]
        complete = self.coverage.is_complete(key)
        return Total(
            float(there.sum()) if len(there) else float("nan"),
            self.unit(key),
            key,
            complete,
            not complete and key in self.nonnegative,
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
        for name in columns:
            if name not in self.grouped_by:
                raise UnknownColumnError(name, known=self.grouped_by)
        if columns == self.grouped_by:
            return self
        if columns:
            numbers, groups = number_rows(self.groups.select(list(columns)))
        else:
            numbers, groups = np.zeros(self.group_count, np.int64), pa.table({})
        cells, cover = self.fold.cells, self.fold.by_group
        fold = attrs.evolve(
            self.fold,
            groups=groups,
            cells=make_cells(numbers[cells.group], cells.flow.astype(np.int64), cells.amount),
            by_group=make_coverage(
                numbers[cover.key],
                cover.klass.astype(np.int64),
                cover.quantity,
                cover.rows,
                cover.unknown,
            ),
        )
        return attrs.evolve(self, fold=fold)

    def group_left_out(self) -> npt.NDArray[np.bool_]:
        """Return which groups have rows left out: boolean (groups,)."""
        out = np.array(
            [klass.outcome.status is Status.LEFT_OUT for klass in self.fold.classes], np.bool_
        )
        found = np.zeros(self.group_count, np.bool_)
        if len(out):
            cells = self.fold.by_group
            np.logical_or.at(found, cells.key, out[cells.klass])
        return found

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
    ) -> Interval:
        """Return an interval of the total, from the published uncertainty of the factors.

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

        Raises
        ------
        OptionError
            When `level` or `draws` is out of range.
        """
        key = self._criterion(criterion)
        interval = interval_of(
            self.fold.cells,
            self.factors,
            criterion=key,
            unit=self.unit(key),
            level=level,
            draws=draws,
            seed=seed,
            assume_spread=assume_spread,
        )
        if np.isnan(self.total(key).value):  # nothing assessed is not zero
            nothing = float("nan")
            return attrs.evolve(interval, lower=nothing, upper=nothing, mean=nothing)
        return interval

    def variance(
        self, criterion: str | None = None, *, assume_spread: float | None = None
    ) -> float:
        """Return the variance of the total, in `unit(criterion)` squared: exact, without draws.

        NaN when nothing was assessed.

        Parameters
        ----------
        criterion, assume_spread
            As in `interval`.
        """
        return self.sensitivity(criterion, assume_spread=assume_spread).variance

    def sensitivity(
        self, criterion: str | None = None, *, assume_spread: float | None = None
    ) -> Sensitivity:
        """Return which flows and which groups the variance of the total comes from.

        Exact for the linear model: flows are independent, the stages of a flow move together.  A
        footprint measured by equipment type gives the shares of the types.

        Parameters
        ----------
        criterion, assume_spread
            As in `interval`.
        """
        key = self._criterion(criterion)
        keys = self.groups.to_pylist() if self.grouped_by else [{}]
        found = sensitivity_of(
            self.fold.cells,
            self.factors,
            [tuple(each.values()) for each in keys],
            criterion=key,
            unit=self.unit(key),
            assume_spread=assume_spread,
        )
        if np.isnan(self.total(key).value):  # nothing assessed is not zero
            return attrs.evolve(found, total=float("nan"), variance=float("nan"))
        return found

    # -- tables ------------------------------------------------------------------------------

    def to_arrow(self) -> pa.Table:
        """Return one row per group, criterion and stage.

        Columns: the grouping columns (as ``group.NAME`` when a column of the figures has that
        name), criterion, stage, value (null when nothing was assessed),
        unit, rows_left_out (whether rows of the group are left out).
        """
        parts = []
        left_out = self.group_left_out()
        for start in range(0, max(self.group_count, 1), _GROUPS):
            stop = min(start + _GROUPS, self.group_count)
            parts.append(self._long(start, stop, left_out[start:stop]))
        return pa.concat_tables(parts)

    def _long(self, start: int, stop: int, left_out: npt.NDArray[np.bool_]) -> pa.Table:
        height, cells = stop - start, len(self.criteria) * len(self.stages)
        values = self.impacts(start, stop).transpose(0, 2, 1).reshape(-1)
        at = pa.array(np.repeat(np.arange(start, stop), cells))
        columns = {
            f"group.{name}" if name in _FIGURES else name: self.groups[name].take(at)
            for name in self.grouped_by
        }
        names = np.repeat(np.array(self.criteria, dtype=object), len(self.stages))
        units = np.array([self.unit(key) for key in names], dtype=object)
        stages = np.tile(
            np.array([str(stage) for stage in self.stages], dtype=object), len(self.criteria)
        )
        columns["criterion"] = pa.array(np.tile(names, height), pa.string())
        columns["stage"] = pa.array(np.tile(stages, height), pa.string())
        columns["value"] = pa.array(values, pa.float64(), from_pandas=True)
        columns["unit"] = pa.array(np.tile(units, height), pa.string())
        columns["rows_left_out"] = pa.array(np.repeat(left_out, cells))
        return pa.table(columns)

    def to_pandas(self) -> pd.DataFrame:
        """Return `to_arrow` as a pandas data frame (needs pandas)."""
        try:
            import pandas  # noqa: ICN001, F401 - an extra, imported on use
        except ImportError as error:
            raise MissingExtraError("pandas", "pandas", "Footprint.to_pandas") from error
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Return `to_arrow` as a polars data frame (needs polars)."""
        try:
            import polars  # noqa: ICN001 - an extra, imported on use
        except ImportError as error:
            raise MissingExtraError("polars", "polars", "Footprint.to_polars") from error
        frame = polars.from_arrow(self.to_arrow())
        if not isinstance(frame, polars.DataFrame):  # pragma: no cover - a table is never a series
            raise TypeError(frame)
        return frame

    def __str__(self) -> str:
        """Return totals, breakdown and coverage as plain text."""
        return footprint_text(self)

    def __repr__(self) -> str:
        """Return the method, the size and the totals in one line."""
        totals = "; ".join(f"{total.criterion} {total}" for total in self.totals())
        return f"<Footprint {self.provenance.method}: {self.group_count} group(s), {totals}>"

    def _repr_html_(self) -> str:
        return footprint_html(self)
