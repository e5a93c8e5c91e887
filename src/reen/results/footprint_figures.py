"""The figures of a footprint: groups x stages x criteria, summed when read.

Input: a fold and the factors of its flows.  Output: totals, sums by group, bounds and coverage, so
that a million groups cost no dense table.  What is worked out from these figures (intervals, a
statement, tables, text) stands above, and takes them as they are.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Self

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.fold import Cells, Fold, TableRows
from reen.errors import OptionError, UnknownNameError
from reen.factors.factor_set import UNLESS_EMPTY, FactorSet
from reen.factors.flow import Flow
from reen.gate.frozen import frozen
from reen.inventory.account import Account
from reen.kernel import lendable, loops
from reen.lazy_names import lazy_module
from reen.provenance import Provenance
from reen.reasons import Reason
from reen.results.coverage import Coverage, assessed_groups
from reen.vocabulary.stages import Stage

if TYPE_CHECKING:
    from reen.results import bounds as bounding
    from reen.results import total as totalling
else:
    bounding = lazy_module("reen.results.bounds")
    totalling = lazy_module("reen.results.total")

__all__ = ["FootprintFigures", "group_impacts"]

_ADDED = "Footprint + Footprint"

#: Cells of a dense block of W: beyond, groups are multiplied block by block.
_BLOCK = 1 << 22

#: In place of infinity: times 0 it is 0.
_LARGEST = np.finfo(np.float64).max

#: How much rarer than the cells of a dense table those of W must be, to be multiplied one by one:
#: both take as long at about a hundredth, for 1 to 16 criteria and 300 to 20,000 groups.
_SPARSE = 100


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FootprintFigures:
    """What a footprint is made of, and its sums; see `Footprint` for the attributes."""

    fold: Fold
    factors: FactorSet
    criteria: tuple[str, ...]
    nonnegative: tuple[str, ...]
    provenance: Provenance
    parts: tuple[tuple[Flow, str, float], ...] = attrs.field(
        default=(), metadata={UNLESS_EMPTY: True}
    )
    apart: Mapping[str, FootprintFigures] = attrs.field(
        factory=dict, repr=False, metadata={UNLESS_EMPTY: True}
    )

    def __eq__(self, other: object) -> bool:
        """Tell whether every figure, class and version is the same."""
        if not isinstance(other, FootprintFigures):
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

    def __add__(self, other: Self) -> Self:
        """Return the footprint of both inventories.

        Raises
        ------
        OptionError
            When the two were not made by the same method, options, packs, date and groups, or their
            groups are told by text on one side and by numbers on the other.
        PluginError
            When the method made a flow at run time with another figure on each side.
        """
        from reen.results.summing import added

        if not isinstance(other, FootprintFigures):
            return NotImplemented
        self._check_same_measurement(other)
        about = self.provenance
        made_by = f"method {about.method} {about.method_version}"
        fold = added(self.fold, other.fold, method=made_by)
        # a side without any flow has all possible stages in view: it adds none
        sides = [each.factors for each in (self, other) if len(each.factors)]
        both = FactorSet.concatenate(sides or [self.factors, other.factors])
        return attrs.evolve(
            self,
            apart={name: line + other.apart[name] for name, line in self.apart.items()},
            fold=fold,
            factors=both.take([both.position[flow] for flow in fold.flows]),
            parts=tuple(sorted({*self.parts, *other.parts})),
            criteria=tuple(dict.fromkeys(self.criteria + other.criteria)),
            nonnegative=tuple(key for key in self.nonnegative if key in other.nonnegative),
            provenance=attrs.evolve(
                self.provenance,
                rows=fold.rows,
                rows_digest=f"{fold.digest:016x}",
                plugins=tuple(sorted({*self.provenance.plugins, *other.provenance.plugins})),
                sources=tuple(dict.fromkeys(self.provenance.sources + other.provenance.sources)),
                made=fold.made_digest,
            ),
        )

    def _check_same_measurement(self, other: Self) -> None:
        for name in ("method", "method_version", "options", "as_of", "packs"):
            mine, theirs = getattr(self.provenance, name), getattr(other.provenance, name)
            if mine != theirs:
                raise OptionError(_ADDED, name, str(theirs), Reason("error_same", mine=mine))
        if self.apart.keys() != other.apart.keys():
            expected = Reason("error_the_same_as_185", apart=str(list(self.apart)))
            raise OptionError(_ADDED, "apart", str(list(other.apart)), expected)
        if self.grouped_by != other.grouped_by:
            expected = Reason("error_the_same_as_186", grouped_by=str(self.grouped_by))
            raise OptionError(_ADDED, "by", str(other.grouped_by), expected)

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
            asked = Reason("error_not_in_footprint", criterion=criterion)
            raise UnknownNameError("criterion", asked, self.criteria[:3])
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

    def total(self, criterion: str | None = None) -> totalling.Total:
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
        return totalling.Total(
            float(there.sum()) if len(there) else float("nan"),
            self.unit(key),
            key,
            complete,
            not complete and not doubtful and key in self.nonnegative,
            self.factors.definitions,
            doubtful,
            self.coverage.has_gaps(key) or self.account.has_refused,
        )

    def totals(self) -> tuple[totalling.Total, ...]:
        """Return the total of every criterion."""
        return tuple(self.total(key) for key in self.criteria)

    def by(self, *columns: str) -> Self:
        """Return the footprint summed up by some of its grouping columns (none: one group).

        Raises
        ------
        UnknownNameError
            When the footprint was not grouped by a column; declare it in `measure(by=...)`.
        """
        from reen.results.summing import summed_by

        if columns == self.grouped_by:
            return self
        lines = {name: line.by(*columns) for name, line in self.apart.items()}
        return attrs.evolve(self, fold=summed_by(self.fold, columns), apart=lines)

    def group_left_out(self, criterion: str | None = None) -> npt.NDArray[np.bool_]:
        """Return which groups miss, or may miss, something of a criterion: boolean (groups,).

        Rows are left out of it, or counted by factors that lack a stage of it, or all of it where
        no factor has the criterion.  A row that was refused may be of any group.
        """
        if criterion is None:
            main = "climate_change"
            criterion = main if main in self.criteria or not self.criteria else self.criteria[0]
        key = self.factors.vocabulary.resolve(criterion).key
        return self.coverage.groups_lacking(key) | self.account.has_refused

    def bounds(
        self, criterion: str | None = None, *, stages: Collection[Stage] | None = None
    ) -> bounding.Bounds:
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
        return bounding.bounds_of(amounts, factors, criterion=key, unit=self.unit(key))

    @property
    def boundary(self) -> tuple[TableRows, ...]:
        """Return which tables are counted and which are not; nothing where there is one only."""
        return self.fold.boundary


def group_impacts(
    cells: Cells, factors: npt.NDArray[np.float64], *, start: int, stop: int
) -> npt.NDArray[np.float64]:
    """Return the impacts of groups `start` to `stop`, NaN factors counted as 0.

    Parameters
    ----------
    cells
        Amounts by (group, flow), sorted by group.
    factors
        float64 (F, S, C).
    start, stop
        Range of groups.

    Returns
    -------
    numpy.ndarray
        float64 (stop - start, S, C).
    """
    count, stages, criteria = factors.shape
    flat = np.where(np.isnan(factors), 0.0, factors).reshape(count, stages * criteria)
    # what `nan_to_num` does, in a tenth of its time for the factors of one item
    np.minimum(flat, _LARGEST, out=flat)
    np.maximum(flat, -_LARGEST, out=flat)
    impacts = np.zeros((stop - start, stages * criteria))
    if not flat.size:
        return impacts.reshape(stop - start, stages, criteria)
    first, last = np.searchsorted(cells.group, [start, stop])
    if (last - first) * _SPARSE < (stop - start) * count:
        _by_cell(impacts, cells, flat, first=int(first), last=int(last), start=start)
        return impacts.reshape(stop - start, stages, criteria)
    step = max(1, _BLOCK // count)
    for low in range(start, stop, step):
        high = min(low + step, stop)
        first, last = np.searchsorted(cells.group, [low, high])
        block = np.zeros((high - low, count))
        part = slice(int(first), int(last))
        block[cells.group[part] - low, cells.flow[part]] = cells.amount[part]
        impacts[low - start : high - start] = block @ flat
    return impacts.reshape(stop - start, stages, criteria)


def _by_cell(
    impacts: npt.NDArray[np.float64],
    cells: Cells,
    flat: npt.NDArray[np.float64],
    *,
    first: int,
    last: int,
    start: int,
) -> None:
    """Add the impacts of the cells from `first` to `last`, one product per cell that is there."""
    compiled = loops()
    if compiled is not None:
        there = slice(first, last)
        group, flow = lendable(cells.group[there]), lendable(cells.flow[there])
        amount = lendable(cells.amount[there])
        out, width = impacts.reshape(-1), flat.shape[1]
        compiled.multiply(out, width, group, start, flow, lendable(flat).reshape(-1), amount)
        return
    step = max(1, _BLOCK // flat.shape[1])
    for low in range(first, last, step):
        part = slice(low, min(low + step, last))
        products = flat[cells.flow[part]]
        products *= cells.amount[part, None]
        group = cells.group[part] - start
        # The first cell of each group, then the second, ...: within a turn no group comes twice.
        starts = np.concatenate([[0], np.flatnonzero(np.diff(group)) + 1])
        sizes = np.diff(np.append(starts, len(group)))
        turn = np.arange(len(group)) - np.repeat(starts, sizes)
        order = np.argsort(turn, kind="stable")
        for rows in np.split(order, np.cumsum(np.bincount(turn))[:-1]):
            impacts[group[rows]] += products[rows]
