"""Amounts: what a total multiplies the factors by, and the assumptions that rows share.

Input: cells of a fold.  Output: amounts by (row of results, class, flow), a class being the set of
shared assumptions that act on an amount.  A shared assumption (one lifetime for all laptops) is a
lognormal multiplier of mean 1 (see `draws`), independent of the others and of the factors.  Arrays
only.
"""

from __future__ import annotations

import functools

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.cells import sum_by_pair
from reen.engine.draws import Floats, Stream, multipliers

__all__ = ["Amounts", "Ints", "SharedLaws", "sums_at"]

Ints = npt.NDArray[np.int64]


def sums_at(position: Ints, values: Floats, size: int) -> Floats:
    """Return the sum of the values of each position, float64 (size,)."""
    return np.bincount(position, values, minlength=size).astype(np.float64, copy=False)


@attrs.frozen(eq=False)
class Amounts:
    """Amounts by (row, class, flow), sorted and distinct.

    Attributes
    ----------
    row, klass, flow
        int64 (N,).
    amount
        float64 (N,), reference units per year.
    noise
        float64 (N,): variance of the amount from independent errors of its rows, or None when no
        row has any.
    """

    row: Ints
    klass: Ints
    flow: Ints
    amount: Floats
    noise: Floats | None = None

    @classmethod
    def summed(
        cls, row: Ints, klass: Ints, flow: Ints, amount: Floats, noise: Floats | None
    ) -> Amounts:
        """Sort cells, and sum those of one (row, class, flow)."""
        order = np.lexsort((flow, klass, row))
        row, klass, flow = row[order], klass[order], flow[order]
        changes = (np.diff(row) != 0) | (np.diff(klass) != 0) | (np.diff(flow) != 0)
        first = np.flatnonzero(np.r_[True, changes][: len(row)])

        def sums(column: Floats) -> Floats:
            return np.add.reduceat(column[order], first) if len(first) else np.zeros(0)

        return cls(
            row[first],
            klass[first],
            flow[first],
            sums(amount),
            None if noise is None else sums(noise),
        )

    def in_all(self) -> Amounts:
        """Return the amounts of all rows together, as row 0."""
        columns = [self.amount] if self.noise is None else [self.amount, self.noise]
        klass, flow, sums = sum_by_pair(self.klass, self.flow, np.stack(columns))
        return Amounts(
            np.zeros(len(klass), np.int64),
            klass,
            flow.astype(np.int64),
            sums[0],
            None if self.noise is None else sums[1],
        )

    def rows(self, start: int, stop: int) -> Amounts:
        """Return the amounts of rows `start` to `stop`, numbered from 0."""
        first, last = np.searchsorted(self.row, [start, stop])
        return self.take(slice(int(first), int(last)), start)

    def take(self, kept: slice | npt.NDArray[np.bool_], start: int = 0) -> Amounts:
        """Return some of the amounts, rows being numbered from `start`."""
        return Amounts(
            self.row[kept] - start,
            self.klass[kept],
            self.flow[kept],
            self.amount[kept],
            None if self.noise is None else self.noise[kept],
        )

    def runs(self) -> list[tuple[int, int, int, int]]:
        """Return (row, class, first, last) of each run of amounts of one row and class."""
        changes = (np.diff(self.row) != 0) | (np.diff(self.klass) != 0)
        first = np.flatnonzero(np.r_[True, changes][: len(self.row)])
        last = np.r_[first[1:], len(self.row)][: len(first)]
        found = zip(
            self.row[first].tolist(),
            self.klass[first].tolist(),
            first.tolist(),
            last.tolist(),
            strict=True,
        )
        return list(found)


@attrs.frozen(eq=False)
class SharedLaws:
    """The shared multipliers, and which of them act on each class of amounts.

    Attributes
    ----------
    members
        Positions of the multipliers of each class; those of class 0 are none.
    spread
        float64 (K,): relative standard deviation of each multiplier.
    streams
        Streams of random numbers, length K.
    """

    members: tuple[tuple[int, ...], ...] = ((),)
    spread: Floats = attrs.field(factory=functools.partial(np.zeros, 0))
    streams: tuple[Stream, ...] = ()

    def draw(self, klass: int, *, draws: int, seed: int) -> Floats:
        """Return draws of the product of the multipliers of a class, float64 (draws,)."""
        product = np.ones(draws)
        for k in self.members[klass]:
            product *= multipliers(self.streams[k], self.spread[k], draws=draws, seed=seed)
        return product
