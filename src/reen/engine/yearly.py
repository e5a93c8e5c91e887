"""Yearly: the change of a footprint between two years, split exactly by cause, cell by cell.

Input: the driver sums of two years measured by one method and one set of factors.  Output: effects
by cause, stage, cell (group and type) and criterion, which add up to the change.  In a cell that
both years measure, the impact is a product of means: items there x share of them that is measured
x mean share of use x mean of 1 / lifetime... x mean factor.  The effect of each is its Shapley
value (Bennet's midpoint rule where two change; sources in `gap`).  Arrays only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.driver_sums import Signature
from reen.engine.gap import FACTOR, shapley_slopes
from reen.engine.key_sums import Floats, Keys
from reen.engine.sides import ITEM, RATIO, USE
from reen.engine.year_tables import Measured, PartTable, Year, figures_of, union_of
from reen.vocabulary.stages import Stage

__all__ = ["Arrivals", "YearEffect", "year_effects"]

#: Share of a sum below which a difference is what rounding leaves of nothing.
_ROUNDING = 1e-12

_PRESENT, _KNOWN = "present", "known"

Mask = npt.NDArray[np.bool_]


class YearEffect(NamedTuple):
    """One effect: cause, detail, stage boundary, cell, criterion, value of after - before."""

    cause: str
    detail: str
    stage: Stage
    cell: int
    criterion: str
    value: float


@attrs.frozen(eq=False, kw_only=True)
class Arrivals:
    """The causes of what exists in one year only, by cell.

    Attributes
    ----------
    came, gone
        (cause, detail) of a cell that only the second year has, and of one that only the first has.
    """

    came: Sequence[tuple[str, str]]
    gone: Sequence[tuple[str, str]]


def year_effects(
    a: Year,
    b: Year,
    *,
    cells: Keys,
    criteria: Sequence[str],
    arrivals: Arrivals,
    pieces: Mapping[str, Mapping[str, Floats]],
) -> Iterator[YearEffect]:
    """Yield the effects that lead from year a to year b.

    Parameters
    ----------
    a, b
        The years.
    cells
        Sorted numbers of the cells of both.
    criteria
        Criteria to give.
    arrivals
        What a cell of one year only means.
    pieces
        By part of the life cycle: the change of the number of items by cell, split by what became
        of them (entries, exits...); empty when the items cannot be told apart.
    """
    for part in (ITEM, USE):
        names = union_of((a, b), part)
        tables = PartTable(a, part, cells, names), PartTable(b, part, cells, names)
        split = _Split(part, names, tables, arrivals, pieces.get(part, {}))
        for criterion in criteria:
            figures = figures_of(a.factors, criterion), figures_of(b.factors, criterion)
            for stage, columns, mask in _columns(part, figures, tables):
                yield from split.effects(stage, criterion, columns, mask)


def _columns(
    part: str,
    figures: tuple[Mapping[str, Floats], Mapping[str, Floats]],
    tables: tuple[PartTable, PartTable],
) -> Iterator[tuple[Stage, tuple[Floats, Floats], Mask]]:
    """Yield each stage boundary, the figures of both years on it, and the cells it is for.

    Stage by stage where a cell has separate stages in both years; as a whole, without the use,
    where a figure of one of them does not separate them.
    """
    size = len(tables[0].present)
    stages = [stage for stage in Stage if (stage is Stage.USE) == (part == USE)]
    found = [[stage for stage in stages if str(stage) in each] for each in figures]
    if not any(found):
        return
    fine = np.ones(size, np.bool_)
    for coarse in (Stage.UNSPECIFIED, Stage.EMBEDDED):
        here = np.zeros(size, np.bool_)
        for each, table in zip(figures, tables, strict=True):
            if str(coarse) in each and coarse in stages:
                here |= table.uses(~np.isnan(each[str(coarse)]))
        here &= fine
        if here.any():
            fine = fine & ~here
            yield coarse, (_whole(figures[0], stages), _whole(figures[1], stages)), here
    for stage in stages:
        if fine.any() and any(stage in each for each in found):
            yield stage, (_whole(figures[0], [stage]), _whole(figures[1], [stage])), fine


def _whole(figures: Mapping[str, Floats], stages: Sequence[Stage]) -> Floats:
    """Return the sum of the stages that a flow publishes; NaN where it publishes none."""
    chosen = [figures[str(stage)] for stage in stages if str(stage) in figures]
    if not chosen:
        size = len(next(iter(figures.values()), np.zeros(0)))
        return np.full(size, np.nan)
    columns = np.stack(chosen)
    return np.where(np.isnan(columns).all(axis=0), np.nan, np.nansum(columns, axis=0))


@attrs.frozen(eq=False)
class _Split:
    """Splits the change of the cells of one part of the life cycle.

    Attributes
    ----------
    part, names, tables, arrivals, pieces
        As in `year_effects`.
    """

    part: str
    names: Signature
    tables: tuple[PartTable, PartTable]
    arrivals: Arrivals
    pieces: Mapping[str, Floats]

    def effects(
        self, stage: Stage, criterion: str, columns: tuple[Floats, Floats], mask: Mask
    ) -> Iterator[YearEffect]:
        """Yield the effects of some cells on one stage boundary."""
        a, b = (
            table.measured(self._padded(table, column))
            for table, column in zip(self.tables, columns, strict=True)
        )
        change = b.impact - a.impact
        said = mask & ((a.impact != 0.0) | (b.impact != 0.0))
        there = [table.present > 0.0 for table in self.tables]
        known = [each.sums[0] > 0.0 for each in (a, b)]

        def of(cause: str, detail: str, cell: Keys, values: Floats) -> Iterator[YearEffect]:
            for place, value in zip(cell.tolist(), values.tolist(), strict=True):
                if value:
                    yield YearEffect(cause, detail, stage, place, criterion, value)

        for present, words in ((there[0], self.arrivals.came), (there[1], self.arrivals.gone)):
            for cell in np.flatnonzero(said & ~present).tolist():
                cause, detail = words[cell]
                for piece, value in self._arrived(cause, detail, cell, float(change[cell])):
                    yield YearEffect(cause, piece, stage, cell, criterion, value)
        both = said & there[0] & there[1]
        once = np.flatnonzero(both & ~(known[0] & known[1]))
        yield from of("perimeter", _KNOWN, once, change[once])
        rest = np.flatnonzero(both & known[0] & known[1])
        if len(rest):
            for cause, detail, values in self._decomposed(rest, a, b):
                yield from of(cause, detail, rest, values)

    def _padded(self, table: PartTable, column: Floats) -> Floats:
        """Return a column of figures, one a flow even where the factors have no such criterion."""
        return column if len(column) else np.full(table.flow_count, np.nan)

    def _arrived(
        self, cause: str, detail: str, cell: int, change: float
    ) -> Iterator[tuple[str, float]]:
        """Yield what only one year has; of the fleet, by what became of the items."""
        parts = {name: float(values[cell]) for name, values in self.pieces.items()}
        whole = sum(parts.values())
        if cause != "fleet" or not whole:
            yield detail, change
            return
        yield from ((name, change * part / whole) for name, part in parts.items() if part)

    def _decomposed(
        self, cells: Keys, a: Measured, b: Measured
    ) -> Iterator[tuple[str, str, Floats]]:
        """Yield (cause, detail, values) of cells that both years measure."""
        depth = self._depth(cells, (a, b))
        left, right = self._means(cells, depth, (a, b))
        ends = _filled(*(_factor(each, cells, depth) for each in (a, b)), otherwise=0.0)
        shifts = {
            name: np.where(depth > k, _shift(a, b, k, cells), 0.0)
            for k, (name, _) in enumerate(self.names)
        }
        shifts[FACTOR] = np.where(depth == len(self.names), self._factor_shift(a, b, cells), 0.0)
        players = {name for name, shift in shifts.items() if shift.any()} - {FACTOR}
        slopes = shapley_slopes(
            left,
            right,
            rows=len(cells),
            players=frozenset(players | ({_PRESENT} if self.pieces else set())),
        )

        def slope(name: str) -> Floats:
            return slopes.on_a[name] * ends[0] + slopes.on_b[name] * ends[1]

        for name in left:
            if name not in slopes.on_a:
                continue
            change = right[name] - left[name]
            if name == _PRESENT and self.pieces:
                for piece, values in self.pieces.items():
                    yield "fleet", piece, slope(name) * values[cells]
            elif name in (_PRESENT, _KNOWN):
                cause, detail = ("fleet", "") if name == _PRESENT else ("perimeter", _KNOWN)
                yield cause, detail, slope(name) * change
            else:
                cause = name.removeprefix("per_")
                yield cause, "", slope(name) * (change - shifts[name])
                yield "assumed", cause, slope(name) * shifts[name]
        cause = "mix" if self.part == USE else "models"
        weight = slopes.on_b[FACTOR]
        told = depth == len(self.names)
        effect = weight * (ends[1] - ends[0] - shifts[FACTOR])
        yield cause, "", np.where(told, effect, 0.0)
        yield "unsplit", "", np.where(told, 0.0, effect)
        yield "assumed", cause, weight * shifts[FACTOR]

    def _depth(self, cells: Keys, measured: Sequence[Measured]) -> Keys:
        """Return the number of drivers whose effects can be separated in each cell.

        Where exchanges of a cell do not all have the same drivers (a yearly figure beside a figure
        over a lifetime), only the ratios; where the product of all is nothing and the impact is
        not, none.
        """
        depth = np.full(len(cells), len(self.names))
        has = self.tables[0].has | self.tables[1].has
        lacks = self.tables[0].lacks | self.tables[1].lacks
        first = next((k for k, (_, unit) in enumerate(self.names) if unit != RATIO), 0)
        mixed: Mask = np.asarray((has & lacks).any(axis=0))
        depth[mixed[cells]] = first
        for each in measured:
            nothing = each.sums[depth, cells] == 0.0
            depth = np.where(nothing & (each.impact[cells] != 0.0), 0, depth)
        return depth

    def _means(
        self, cells: Keys, depth: Keys, measured: tuple[Measured, Measured]
    ) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return the means of the drivers of both years, by name."""
        found: list[dict[str, Floats]] = []
        for table, each in zip(self.tables, measured, strict=True):
            there = table.present[cells]
            found.append({_PRESENT: there, _KNOWN: each.sums[0][cells] / there})
        for k, (name, _) in enumerate(self.names):
            means = [
                np.where(depth > k, _quotient(each.sums[k + 1][cells], each.sums[k][cells]), np.nan)
                for each in measured
            ]
            found[0][name], found[1][name] = _filled(*means, otherwise=1.0)
        return found[0], found[1]

    def _factor_shift(self, a: Measured, b: Measured, cells: Keys) -> Floats:
        before = [each.sums[-1][cells] for each in (a, b)]
        after = [each.impact[cells] for each in (a, b)]
        assumed = [(each.assumed[-1, 0][cells], each.impact_assumed[cells]) for each in (a, b)]
        return _shifted(before, after, assumed)


def _factor(each: Measured, cells: Keys, depth: Keys) -> Floats:
    """Return the mean figure of a unit of what the drivers multiply to."""
    return _quotient(each.impact[cells], each.sums[depth, cells])


def _quotient(after: Floats, before: Floats) -> Floats:
    """Return a mean, NaN where there is nothing to take it of."""
    found = np.full(len(before), np.nan)
    np.divide(after, before, out=found, where=before != 0.0)
    return found


def _filled(a: Floats, b: Floats, *, otherwise: float) -> tuple[Floats, Floats]:
    """Return means of two years, that of one year alone standing for both."""
    left = np.where(np.isnan(a), b, a)
    right = np.where(np.isnan(b), a, b)
    left = np.where(np.isnan(left), otherwise, left)
    right = np.where(np.isnan(right), otherwise, right)
    # a mean of the same figures is the same figure, however they were added
    return left, np.where(np.abs(right - left) <= _ROUNDING * np.abs(left), left, right)


def _shift(a: Measured, b: Measured, k: int, cells: Keys) -> Floats:
    """Return the part of the change of a mean that comes from who states it and who does not."""
    return _shifted(
        [each.sums[k][cells] for each in (a, b)],
        [each.sums[k + 1][cells] for each in (a, b)],
        [(each.assumed[k, 0][cells], each.assumed[k, 1][cells]) for each in (a, b)],
    )


def _shifted(
    before: Sequence[Floats], after: Sequence[Floats], assumed: Sequence[tuple[Floats, Floats]]
) -> Floats:
    """Return the change of the assumed share times the difference of the two means.

    The mean of all is ``s x assumed + (1 - s) x stated``, `s` being the share that is assumed; its
    change is that of the two means at the mean shares, and (s_B - s_A) (assumed - stated) at the
    mean of both years.  A mean that one year does not have is that of the other.
    """
    shares, of_assumed, of_stated = [], [], []
    for whole, product, (part, its_product) in zip(before, after, assumed, strict=True):
        share = np.where(np.isnan(_quotient(part, whole)), 0.0, _quotient(part, whole))
        share = np.where(share > 1.0 - _ROUNDING, 1.0, share)
        shares.append(share)
        of_assumed.append(_quotient(its_product, part))
        stated = np.where(share == 1.0, 0.0, whole - part)
        of_stated.append(_quotient(product - its_product, stated))
    taken = _filled(of_assumed[0], of_assumed[1], otherwise=0.0)
    told = _filled(of_stated[0], of_stated[1], otherwise=0.0)
    found: Floats = (shares[1] - shares[0]) * (taken[0] + taken[1] - told[0] - told[1]) / 2.0
    return found
