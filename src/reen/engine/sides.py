"""Sides: the answers of two methods, laid out row by row and paired.

Input: the exchanges of two methods for the rows of one batch.  Output: pairs of exchanges that are
about the same part of the life cycle of the same rows, and those that have no counterpart; for a
pair, the drivers that both have.  Arrays only: knows no factor value, stage figure or inventory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges
from reen.factors.flow import Flow
from reen.vocabulary.stages import Stage

__all__ = [
    "INTENSITY",
    "ITEM",
    "RATIO",
    "USE",
    "FlowNumbers",
    "Pairing",
    "Side",
    "about",
    "comparable",
    "occurrence",
    "pair_sides",
    "sides_of",
]

#: The two parts of the life cycle that are compared: the item itself, and its use.
ITEM, USE = "item", "use"

#: Driver that is a property of the figure and not of the use: it counts with the factor.
INTENSITY = "intensity"

#: Unit of a ratio, which is 1 where a method does not have it.
RATIO = "1"

Arrays = dict[str, npt.NDArray[np.float64]]


class FlowNumbers:
    """Numbers the flows of one method by order of first sight."""

    def __init__(self) -> None:
        self._numbers: dict[Flow, int] = {}

    def __iter__(self) -> Iterator[Flow]:
        """Iterate over the flows, in the order of their numbers."""
        return iter(self._numbers)

    def __len__(self) -> int:
        """Return how many flows were seen."""
        return len(self._numbers)

    def of(self, each: Exchanges) -> npt.NDArray[np.int64]:
        """Return the number of each exchange's flow, -1 where it has none."""
        table = np.full(len(each.flows) + 1, -1, np.int64)
        # only flows that are used: a method may offer the mixes of the whole world
        for code in np.flatnonzero(np.bincount(each.flow + 1, minlength=len(table))[1:]).tolist():
            table[code] = self._numbers.setdefault(each.flows[code], len(self._numbers))
        numbers: npt.NDArray[np.int64] = table[each.flow]
        return numbers


@attrs.frozen(eq=False)
class Side:
    """At most one exchange per row, of one method, spread over the rows of a batch.

    Attributes
    ----------
    code
        int64, number of the flow, -1 where the row has none.
    vague
        Whether the content of the figures is not known (the stage `unspecified`).
    drivers, units
        By name: float64, NaN where the exchange does not have it, and its unit.
    intensity
        Product of what the row states itself and is part of the figure, 1 where there is none.
    """

    code: npt.NDArray[np.int64]
    vague: bool
    drivers: Arrays = attrs.field(factory=dict)
    units: dict[str, str] = attrs.field(factory=dict)
    intensity: npt.NDArray[np.float64] = attrs.field()

    @intensity.default
    def _ones(self) -> npt.NDArray[np.float64]:
        return np.ones(len(self.code))

    def put(
        self,
        each: Exchanges,
        code: npt.NDArray[np.int64],
        rows: npt.NDArray[np.intp],
        where: npt.NDArray[np.intp],
    ) -> None:
        """Place the exchanges at positions `where` on `rows`."""
        self.code[rows] = code[where]
        for name, driver in each.drivers.items():
            if name == INTENSITY:
                self.intensity[rows] = driver.values[where]
                continue
            self.units[name] = driver.unit
            known = self.drivers.setdefault(name, np.full(len(self.code), np.nan))
            known[rows] = driver.values[where]

    def driver(self, name: str | None, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Return a driver on some rows, NaN where the method does not have it."""
        known = self.drivers.get(name) if name is not None else None
        return np.full(len(rows), np.nan) if known is None else known[rows]

    def amount(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Return the product of all drivers that a row has, the intensity included."""
        product = self.intensity[rows]
        for values in self.drivers.values():
            here = values[rows]
            product = product * np.where(np.isnan(here), 1.0, here)
        return product


def sides_of(
    answers: Sequence[Exchanges], part: str, *, size: int, numbers: FlowNumbers
) -> list[Side]:
    """Return the answers about one part of the life cycle.

    As many sides as the busiest row has exchanges, those of known content first.  An exchange
    whose kind covers both parts stands in both: its factor tells them apart.

    Parameters
    ----------
    answers
        Exchanges of one method for a batch.
    part
        `ITEM` or `USE`.
    size
        Rows of the batch.
    numbers
        Numbers of the method's flows; completed.
    """
    found = []
    for vague in (False, True):
        layers: list[Side] = []
        taken = np.zeros(size, np.int64)
        for each in answers:
            content_unknown = set(each.kind.stages) == {Stage.UNSPECIFIED}
            if not about(each, part) or content_unknown != vague:
                continue
            code = numbers.of(each)
            where = np.flatnonzero(code >= 0)
            rows = where if each.row is None else each.row[where]
            layer_of = taken[rows] + occurrence(rows)
            for layer in range(int(layer_of.max(initial=-1)) + 1):
                if layer == len(layers):
                    layers.append(Side(np.full(size, -1, np.int64), vague))
                mine = layer_of == layer
                layers[layer].put(each, code, rows[mine], where[mine])
            np.add.at(taken, rows, 1)
        found += layers
    return found


def about(each: Exchanges, part: str) -> bool:
    """Return whether exchanges are about a part of the life cycle."""
    stages = set(each.kind.stages)
    return Stage.USE in stages if part == USE else bool(stages - {Stage.USE})


def occurrence(rows: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Return how many times each row came before in the array."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(rows) else rows[:0]
    runs = np.diff(np.r_[starts, len(rows)])
    counts = np.empty(len(rows), np.int64)
    counts[order] = np.arange(len(rows)) - np.repeat(starts, runs)
    return counts


@attrs.frozen(eq=False)
class Pairing:
    """Rows on which an exchange of one method is set against one of the other, or against none."""

    rows: npt.NDArray[np.intp]
    a: Side | None
    b: Side | None


def pair_sides(a: Sequence[Side], b: Sequence[Side]) -> Iterator[Pairing]:
    """Pair the exchanges of each row: known content with known content first, then what is left.

    What finds no counterpart comes last, alone.  Every exchange comes once.
    """
    open_a = [side.code >= 0 for side in a]
    open_b = [side.code >= 0 for side in b]
    for alike in (True, False):
        for left, here in zip(a, open_a, strict=True):
            for right, there in zip(b, open_b, strict=True):
                if (left.vague == right.vague) is not alike:
                    continue
                rows = np.flatnonzero(here & there)
                if len(rows):
                    here[rows] = there[rows] = False
                    yield Pairing(rows, left, right)
    for left, here in zip(a, open_a, strict=True):
        if here.any():
            yield Pairing(np.flatnonzero(here), left, None)
    for right, there in zip(b, open_b, strict=True):
        if there.any():
            yield Pairing(np.flatnonzero(there), None, right)


def comparable(
    a: Side, b: Side, rows: npt.NDArray[np.intp]
) -> tuple[Arrays, Arrays, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the drivers that both sides have, and what of each side counts with its factor.

    A ratio that one side lacks (a PUE, a share of use) is 1 there.  A driver with a dimension that
    one side lacks cannot be compared (a lifetime against a declared yearly figure): it counts with
    the factor of the other.

    Returns
    -------
    tuple
        Drivers of `a` and of `b`, by the same names, and two columns of float64.
    """
    of_a, of_b = a.intensity[rows], b.intensity[rows]
    left, right = {}, {}
    for name, (in_a, in_b) in _counterparts(a, b).items():
        x, y = a.driver(in_a, rows), b.driver(in_b, rows)
        filled = np.where(np.isnan(x), 1.0, x), np.where(np.isnan(y), 1.0, y)
        if RATIO in (a.units.get(in_a or ""), b.units.get(in_b or "")):
            left[name], right[name] = filled
            continue
        lacking = np.isnan(x) | np.isnan(y)
        of_a = of_a * np.where(lacking, filled[0], 1.0)
        of_b = of_b * np.where(lacking, filled[1], 1.0)
        if not lacking.all():
            left[name] = np.where(lacking, 1.0, filled[0])
            right[name] = np.where(lacking, 1.0, filled[1])
    return left, right, of_a, of_b


def _counterparts(a: Side, b: Side) -> Mapping[str, tuple[str | None, str | None]]:
    """Return the name of each driver on both sides.

    A driver answers to the one of its name; without one, to the only other one of its unit that
    is left over (a purchase counted in its year against a lifetime: both are 1/year).
    """
    only_a = [name for name in a.drivers if name not in b.drivers]
    only_b = [name for name in b.drivers if name not in a.drivers]
    found: dict[str, tuple[str | None, str | None]] = {}
    for name in (*a.drivers, *only_b):
        if name in a.drivers and name in b.drivers:
            found[name] = (name, name)
            continue
        unit = a.units[name] if name in a.drivers else b.units[name]
        alike_a = [each for each in only_a if a.units[each] == unit]
        alike_b = [each for each in only_b if b.units[each] == unit]
        if unit != RATIO and len(alike_a) == len(alike_b) == 1:
            found[min(alike_a[0], alike_b[0])] = (alike_a[0], alike_b[0])
        else:
            found[name] = (name, None) if name in a.drivers else (None, name)
    return found
