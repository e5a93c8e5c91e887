"""Drawn totals: draws of many sums of amounts x factors, within a bounded memory.

Input: amounts by row of results, the laws of one unit of each flow, the shared assumptions.
Output: blocks of rows x draws.  A flow has the same draws in every row and every block, so that
correlation survives and neither the blocks nor the memory change a figure (but for rounding).
Cost: flows x draws normals, whatever the number of inventory rows.  Arrays only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.amounts import Amounts, Ints, SharedLaws, sums_at
from reen.engine.draws import Floats, UnitLaws, normals, stream_of

__all__ = ["MEMORY", "TotalLaws", "drawn_quantiles"]

#: Bytes of draws that are held at a time.
MEMORY = 128 << 20

#: Bytes of the draws of flows while one row is drawn: they fit in a processor's cache.
_CACHE = 1 << 20

#: Rows from which they are summed as one product of tables, when these are filled to one part in
#: so many.
_FEW, _FILLED = 4, 8

#: Shares of a row's contributions of the wrong sign that are only rounding.
_ROUNDING = 1e-12


@attrs.frozen(eq=False, kw_only=True)
class TotalLaws:
    """The law of rows of totals: ``sum over flows of amount x shared multipliers x factor``.

    Attributes
    ----------
    amounts
        Amounts of each row.
    names
        What the independent errors of each row's amounts are drawn by, one text per row.
    units
        Law of one unit of each flow.
    shared
        Shared assumptions.
    """

    amounts: Amounts
    names: Sequence[str]
    units: UnitLaws
    shared: SharedLaws = attrs.field(factory=SharedLaws)

    def blocks(
        self, *, draws: int, seed: int, memory: int = MEMORY
    ) -> Iterator[tuple[int, Floats]]:
        """Yield the first row of each block and its draws, float64 (rows, draws).

        Parameters
        ----------
        draws, seed
            Number of draws, and seed: the draws depend on nothing else.
        memory
            Bytes of draws held at a time (one row and one flow at least).
        """
        many = len(self.names) > 1
        share = memory // 2 if many else min(memory // 2, _CACHE)
        height = max(1, memory // 4 // (8 * draws))
        flows = _FlowDraws(self.units, draws, seed, max(1, share // (8 * draws)))
        flows.hold(np.unique(self.amounts.flow))
        factors = _Multipliers(self.shared, flows)
        for start in range(0, len(self.names), height):
            stop = min(start + height, len(self.names))
            yield start, self._block(start, stop, flows, factors)

    def _block(self, start: int, stop: int, flows: _FlowDraws, factors: _Multipliers) -> Floats:
        """Return the draws of some rows."""
        amounts = self.amounts.rows(start, stop)
        sums = _Sums(np.zeros((stop - start, flows.draws)), factors)
        height = 0 if amounts.noise is None else stop - start
        noise = _Sums(np.zeros((height, flows.draws)), factors, power=2)
        moving = self.units.uncertain[amounts.flow]
        certain, mean = amounts.take(~moving), self.units.mean
        sums.add_certain(certain, certain.amount * mean[certain.flow])
        if certain.noise is not None:
            noise.add_certain(certain, certain.noise * mean[certain.flow] ** 2)
        uncertain = amounts.take(moving)
        for first, last, rows in flows.of(np.unique(uncertain.flow)):
            inside = (uncertain.flow >= first) & (uncertain.flow <= last)
            part = uncertain if inside.all() else uncertain.take(inside)
            sums.add(part, part.amount, rows)
            if part.noise is not None:
                noise.add(part, part.noise, rows)
        if amounts.noise is not None:
            noisy = sums_at(amounts.row, amounts.noise, stop - start)
            names = {row: self.names[start + row] for row in np.flatnonzero(noisy).tolist()}
            one_sign = self._of_one_sign(amounts, stop - start)
            for row, name in names.items():
                stream = stream_of("rows", name)
                z = np.empty(flows.draws)
                normals(stream, seed=flows.seed, out=z)
                _add_noise(sums.table[row], noise.table[row], z, one_sign=bool(one_sign[row]))
        return sums.table

    def _of_one_sign(self, amounts: Amounts, count: int) -> npt.NDArray[np.bool_]:
        """Return the rows of which all contributions have one sign, but for rounding.

        Amounts that offset each other to nothing have none, though their errors stay.
        """
        parts = amounts.amount * self.units.mean[amounts.flow]
        size = sums_at(amounts.row, np.abs(parts), count)
        net = np.abs(sums_at(amounts.row, parts, count))
        return np.asarray((net > 0.0) & (net >= size * (1.0 - _ROUNDING)))


def _add_noise(total: Floats, noise: Floats, z: Floats, *, one_sign: bool) -> None:
    """Add to the draws of a total the independent errors of its inventory rows.

    Given all the rest, their sum has a known variance in each draw, `noise`.  Its law is taken as
    lognormal (exact for one row; for the sum of several, the approximation of Fenton 1960, "The
    sum of log-normal probability distributions in scatter transmission systems"), or as normal
    where contributions of both signs offset each other.
    """
    if not one_sign:
        total += np.sqrt(noise) * z
        return
    squared = np.square(total)
    variance = np.log1p(np.divide(noise, squared, out=squared, where=squared > 0.0))
    total *= np.exp(np.sqrt(variance) * z - 0.5 * variance)


class _FlowDraws:
    """Draws of one unit of flows, as many at a time as there is room for."""

    def __init__(self, units: UnitLaws, draws: int, seed: int, room: int) -> None:
        self.draws, self.seed = draws, seed
        self._units, self.room = units, room
        self._scratch = np.empty((2, draws))
        self._rows = np.empty((0, draws))
        self._held: _DrawnFlows | None = None

    def hold(self, flows: Ints) -> None:
        """Keep the draws of these flows if there is room for all."""
        moving = flows[self._units.uncertain[flows]]
        if len(moving) <= self.room:
            self._held = self._draw(moving)

    def _draw(self, flows: Ints) -> _DrawnFlows:
        if len(self._rows) < len(flows):
            self._rows = np.empty((len(flows), self.draws))
        rows = self._rows[: len(flows)]
        for flow, row in zip(flows.tolist(), rows, strict=True):
            self._units.draw(flow, seed=self.seed, out=row, scratch=self._scratch)
        return _DrawnFlows(flows, rows)

    def of(self, flows: Ints) -> Iterator[tuple[int, int, _DrawnFlows]]:
        """Yield (first, last, draws) of ranges of the flows asked for, in order.

        The draws of a range hold until the next one is asked for.
        """
        if not len(flows):
            return
        if self._held is not None:
            yield int(flows[0]), int(flows[-1]), self._held
            return
        for start in range(0, len(flows), self.room):
            part = flows[start : start + self.room]
            yield int(part[0]), int(part[-1]), self._draw(part)


@attrs.frozen(eq=False)
class _DrawnFlows:
    """Draws of some flows: positions (sorted) and float64 (flows, draws)."""

    flows: Ints
    rows: Floats

    def combined(self, flow: Ints, weight: Floats, *, power: int) -> Floats:
        """Return ``sum over n of weight[n] * draws[flow[n]] ** power``, float64 (draws,)."""
        total = np.zeros(self.rows.shape[1])
        # a few flows at a time: what is gathered stays in a processor's cache
        step = self._step()
        for first in range(0, len(flow), step):
            at = np.searchsorted(self.flows, flow[first : first + step])
            whole = int(at[-1]) - int(at[0]) + 1 == len(at)
            rows = self.rows[int(at[0]) : int(at[-1]) + 1] if whole else self.rows[at]
            total += weight[first : first + step] @ (rows if power == 1 else rows**power)
        return total

    def filled(self, row: Ints, flow: Ints, weight: Floats, *, power: int) -> Floats | None:
        """Return the sums of rows 0, 1, ..., float64 (rows, draws), as one product of tables.

        None where the table of weights would be mostly empty, or has few rows.
        """
        at = np.searchsorted(self.flows, flow)
        low, high = int(at.min(initial=0)), int(at.max(initial=-1)) + 1
        height = int(row.max(initial=-1)) + 1
        if height < _FEW or height * (high - low) > _FILLED * len(row):
            return None
        weights = np.zeros((height, high - low))
        weights[row, at - low] = weight
        if power == 1:
            return np.asarray(weights @ self.rows[low:high])
        total = np.zeros((height, self.rows.shape[1]))
        for first in range(0, high - low, self._step()):
            part = slice(first, first + self._step())
            total += weights[:, part] @ self.rows[low:high][part] ** power
        return total

    def _step(self) -> int:
        draws: int = self.rows.shape[1]
        return max(1, _CACHE // (8 * draws))


class _Multipliers:
    """Draws of the shared multipliers of a class, kept while there is room."""

    def __init__(self, shared: SharedLaws, flows: _FlowDraws) -> None:
        self._shared, self._flows = shared, flows
        self._known: dict[int, Floats] = {}

    def __getitem__(self, klass: int) -> Floats:
        """Return the draws of a class, float64 (draws,)."""
        known = self._known.get(klass)
        if known is None:
            if len(self._known) > self._flows.room // _FEW:
                self._known.clear()
            known = self._shared.draw(klass, draws=self._flows.draws, seed=self._flows.seed)
            self._known[klass] = known
        return known


class _Sums:
    """Sums by row of what flows bring, times the shared multipliers to some power."""

    def __init__(self, table: Floats, shared: _Multipliers, *, power: int = 1) -> None:
        self.table = table
        self._shared, self._power = shared, power

    def _times(self, part: Floats | float, klass: int) -> Floats | float:
        return part * self._shared[klass] ** self._power if klass else part

    def add_certain(self, amounts: Amounts, parts: Floats) -> None:
        """Add what flows without uncertainty bring."""
        plain = amounts.klass == 0
        sums = sums_at(amounts.row[plain], parts[plain], len(self.table))
        self.table += sums[:, None]
        rest = amounts.take(~plain)
        parts = parts[~plain]
        for row, klass, first, last in rest.runs():
            self.table[row] += self._times(float(parts[first:last].sum()), klass)

    def add(self, amounts: Amounts, weights: Floats, drawn: _DrawnFlows) -> None:
        """Add ``weights`` times the draws of their flows."""
        order = np.argsort(amounts.klass, kind="stable")
        classes, starts = np.unique(amounts.klass[order], return_index=True)
        for klass, mine in zip(classes.tolist(), np.split(order, starts[1:]), strict=True):
            rows, flow, weight = amounts.row[mine], amounts.flow[mine], weights[mine]
            distinct, row = np.unique(rows, return_inverse=True)
            table = drawn.filled(row.reshape(-1), flow, weight, power=self._power)
            if table is not None:
                self.table[distinct] += self._times(table, klass)
                continue
            ends = np.searchsorted(rows, distinct, side="right").tolist()
            for number, first, last in zip(distinct.tolist(), [0, *ends], ends, strict=False):
                part = drawn.combined(flow[first:last], weight[first:last], power=self._power)
                self.table[number] += self._times(part, klass)


def drawn_quantiles(
    laws: TotalLaws,
    probabilities: Sequence[float],
    *,
    draws: int,
    seed: int,
    memory: int = MEMORY,
) -> Floats:
    """Return quantiles of the draws of each row, interpolated linearly between draws.

    Parameters
    ----------
    laws
        Law of each row.
    probabilities
        Between 0 and 1, length P.
    draws, seed, memory
        As in `TotalLaws.blocks`.

    Returns
    -------
    numpy.ndarray
        float64 (rows, P).
    """
    found = np.empty((len(laws.names), len(probabilities)))
    places = np.asarray(probabilities) * (draws - 1)
    below = np.floor(places).astype(np.intp)
    above = np.minimum(below + 1, draws - 1)
    for start, block in laws.blocks(draws=draws, seed=seed, memory=memory):
        block.sort(axis=1)  # in place, and quicker than a selection of so many
        low, high = block[:, below], block[:, above]
        found[start : start + len(block)] = low + (high - low) * (places - below)
    return found
