"""The probability law of the figures of one criterion of a footprint.

Input: a fold, the factors of its flows, what is assumed.  Output: amounts by group, the law of one
unit of each flow, the shared assumptions; and how much of a figure has an uncertainty.  Intervals,
sensitivity and common draws are read from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.amounts import Amounts, SharedLaws
from reen.engine.drawn_totals import TotalLaws
from reen.engine.draws import UnitLaws
from reen.engine.fold import Cells, Fold
from reen.errors import OptionError
from reen.factors.factor_set import FactorSet
from reen.reasons import Reason
from reen.results.assumptions import Assumptions, SharedAssumption, SharedValue, check_used
from reen.results.footprint_figures import FootprintFigures

__all__ = ["Law", "check_draws", "law_of", "used_law_of"]

Floats = npt.NDArray[np.float64]


@attrs.frozen(eq=False, kw_only=True)
class Law:
    """The law of a footprint for one criterion.

    Attributes
    ----------
    fold
        Amounts by group and flow.
    values, spread
        float64 (F, S): value (0 where none) and relative standard deviation (0 where none) of the
        factors.
    amounts
        Amounts by group, class of assumptions and flow.
    units
        Law of one unit of each flow.
    shared, shared_values
        Laws of the shared assumptions, and what they are about.
    contributions
        float64 (F, S): what each flow and stage brings to the total.
    """

    fold: Fold
    values: Floats
    spread: Floats
    amounts: Amounts
    units: UnitLaws
    shared: SharedLaws
    shared_values: tuple[SharedValue, ...]
    contributions: Floats = attrs.field(init=False)

    @contributions.default
    def _summed_up(self) -> Floats:
        cells = self.fold.cells
        amounts = np.bincount(cells.flow, cells.amount, minlength=len(self.values))
        contributions: Floats = amounts[:, None] * self.values
        return contributions

    def of_total(self) -> TotalLaws:
        """Return the law of the total, as one row."""
        return TotalLaws(
            amounts=self.amounts.in_all(), names=("",), units=self.units, shared=self.shared
        )

    def of_groups(self) -> TotalLaws:
        """Return the law of each group, one row per group."""
        count = self.fold.group_count
        names = [""] * count
        if self.amounts.noise is not None and self.fold.groups.num_columns:
            names = [repr(tuple(key.values())) for key in self.fold.groups.to_pylist()]
        return TotalLaws(amounts=self.amounts, names=names, units=self.units, shared=self.shared)

    def covered(self) -> float:
        """Return the share of the total, in absolute contributions, of uncertain factors."""
        size = np.abs(self.contributions)
        return float(size[self.spread > 0.0].sum() / size.sum()) if size.any() else 0.0

    def covered_groups(self) -> Floats:
        """Return that share for each group, float64 (G,); 0 where a group has no impact."""
        cells, size = self.fold.cells, np.abs(self.values)
        weight, height = np.abs(cells.amount), self.fold.group_count
        uncertain = np.where(self.spread > 0.0, size, 0.0).sum(axis=1)[cells.flow]
        whole = np.bincount(cells.group, weight * size.sum(axis=1)[cells.flow], minlength=height)
        part = np.bincount(cells.group, weight * uncertain, minlength=height)
        return np.divide(part, whole, out=np.zeros(height), where=whole > 0.0)


def used_law_of(
    footprint: FootprintFigures,
    *,
    criterion: str,
    assume_spread: float | None,
    assumptions: Sequence[SharedAssumption],
    owner: str,
) -> Law:
    """Return the law of a footprint (see `law_of`), in which each assumption changes something.

    Raises
    ------
    OptionError
        As `law_of`, or an assumption on which no amount depends.
    """
    law = law_of(
        footprint,
        criterion=criterion,
        assume_spread=assume_spread,
        assumptions=assumptions,
        owner=owner,
    )
    check_used(assumptions, law.shared_values, [law.fold], owner)
    return law


def law_of(
    footprint: FootprintFigures,
    *,
    criterion: str,
    assume_spread: float | None,
    assumptions: Sequence[SharedAssumption],
    owner: str,
) -> Law:
    """Return the law of a footprint.

    Parameters
    ----------
    footprint
        Amounts and factors.
    criterion
        One of its criteria.
    assume_spread
        Relative standard deviation of the factors that publish none; None for exact.
    assumptions
        Shared assumptions on amounts; one that is about nothing here changes nothing.
    owner
        What asks, for messages.

    Raises
    ------
    OptionError
        A spread that is none, or assumptions that the footprint cannot take.
    """
    fold, factors = footprint.fold, footprint.factors
    values = np.nan_to_num(factors.values[:, :, factors.criteria.index(criterion)])
    spread = _spreads(factors, criterion, assume_spread, owner=owner)
    cells, noise = fold.cells, None
    if fold.noise is not None:
        # what cancels out in an amount leaves its noise: there may be cells of noise alone
        cells, noise = _together(fold.cells, fold.noise)
    found = Assumptions.on(fold, cells, assumptions, owner=owner)
    flow = cells.flow.astype(np.int64)
    amounts = Amounts(cells.group, found.klass, flow, cells.amount, noise)
    if assumptions or noise is not None:
        amounts = Amounts.summed(cells.group, found.klass, flow, cells.amount, noise)
    return Law(
        fold=fold,
        values=values,
        spread=spread,
        amounts=amounts,
        units=UnitLaws.of(values, spread, factors.flows),
        shared=found.laws,
        shared_values=found.values,
    )


def _together(cells: Cells, noise: Cells) -> tuple[Cells, Floats]:
    """Return amounts and noise on the cells of both, in any order, with repetitions."""
    blank = np.zeros(len(noise.flow))
    both = Cells(
        np.concatenate([cells.group, noise.group]),
        np.concatenate([cells.flow, noise.flow]),
        np.concatenate([cells.amount, blank]),
    )
    return both, np.concatenate([np.zeros(len(cells.flow)), noise.amount])


def _spreads(
    factors: FactorSet, criterion: str, assume_spread: float | None, *, owner: str
) -> Floats:
    """Return the relative standard deviation of each flow and stage, float64 (F, S).

    Cells without a published one have `assume_spread`, or 0: they enter as if exact.

    Raises
    ------
    OptionError
        When `assume_spread` is no relative standard deviation.
    """
    if assume_spread is not None and not 0.0 <= assume_spread < math.inf:
        expected = Reason("error_relative_standard_deviation_0_3")
        raise OptionError(owner, "assume_spread", str(assume_spread), expected)
    published = factors.spread[:, :, factors.criteria.index(criterion)]
    fill = 0.0 if assume_spread is None else assume_spread
    return np.where(np.isnan(published), fill, published)


def check_draws(owner: str, *, draws: int, seed: int) -> None:
    """Raise OptionError for draws that allow no statement.

    Raises
    ------
    OptionError
        Fewer than one draw, or a seed below 0.
    """
    if draws < 1:
        raise OptionError(owner, "draws", str(draws), Reason("error_whole_number_above_0"))
    if seed < 0:
        raise OptionError(owner, "seed", str(seed), Reason("error_whole_number_0_more"))
