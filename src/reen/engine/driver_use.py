"""Driver use: which drivers enter the amounts of each flow.

Input: the names of the drivers of exchanges, and the columns of their flows.  Output: for each
driver, the flows of which it enters all amounts or some, so that what is assumed of a lifetime is
applied where a lifetime stands and nowhere else.  Costs nothing per row while the exchanges of a
flow kind all have the same drivers, as they mostly do.  Arrays only.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from reen.factors.flow import Flow

__all__ = ["DriverUse", "Use", "UseTable", "merge_uses"]

Uses = npt.NDArray[np.uint8]

#: Use of each flow (uint8) by name of a driver, sorted by name.
UseTable = Mapping[str, Uses]


class Use(enum.IntEnum):
    """How a driver enters the amounts of a flow."""

    NONE = 0
    SOME = 1
    ALL = 2


class DriverUse:
    """Names of the drivers seen with each column, kind by kind of flow."""

    def __init__(self) -> None:
        self._first: dict[str, frozenset[str]] = {}
        # once a kind has had other drivers than the first: the columns seen with each set
        self._seen: dict[str, dict[frozenset[str], set[int]]] = {}

    def is_usual(self, kind: str, drivers: Mapping[str, object]) -> bool:
        """Tell whether all exchanges of a kind had these drivers: there is nothing to note."""
        first = self._first.get(kind)
        return first is not None and kind not in self._seen and first == drivers.keys()

    def add(
        self, kind: str, drivers: Mapping[str, object], columns: npt.NDArray[np.int64], width: int
    ) -> None:
        """Note the drivers of some exchanges.

        Parameters
        ----------
        kind, drivers
            Name of the flow kind, and drivers by name.
        columns
            Column of each exchange, 0 where it has no flow.
        width
            Number of columns that the kind had before these exchanges, column 0 included.
        """
        if self.is_usual(kind, drivers):
            return
        first, names = self._first.get(kind), frozenset(drivers)
        if first is None:
            self._first[kind] = names
            return
        if kind not in self._seen:
            self._seen[kind] = {first: set(range(1, width))}
        self._seen[kind].setdefault(names, set()).update(
            np.flatnonzero(np.bincount(columns)).tolist()
        )

    def table(self, flows: Mapping[str, Sequence[Flow]], flow_at: Mapping[Flow, int]) -> UseTable:
        """Return how each driver enters the amounts of each flow.

        Parameters
        ----------
        flows
            Flows of columns 1, 2, ... of each kind.
        flow_at
            Final position of each flow.
        """
        sets = np.zeros(len(flow_at), np.int64)  # of drivers, seen with each flow
        with_it: dict[str, npt.NDArray[np.int64]] = {}
        for kind, first in self._first.items():
            at = np.array([flow_at[flow] for flow in flows.get(kind, ())], np.int64)
            seen = self._seen.get(kind, {first: set(range(1, len(at) + 1))})
            for names, columns in seen.items():
                here = at[np.array(sorted(columns - {0}), np.int64) - 1]
                sets[here] += 1
                for name in names if len(here) else ():
                    with_it.setdefault(name, np.zeros(len(sets), np.int64))[here] += 1
        return {name: _use(with_it[name], sets) for name in sorted(with_it)}


def _use(with_it: npt.NDArray[np.int64], all_of_them: npt.NDArray[np.int64]) -> Uses:
    """Return the use of a driver, from how many times it was seen of how many."""
    some = np.where(with_it > 0, Use.SOME, Use.NONE)
    return np.where((with_it > 0) & (with_it == all_of_them), Use.ALL, some).astype(np.uint8)


def merge_uses(
    tables: Sequence[UseTable], positions: Sequence[npt.NDArray[np.int64]], size: int
) -> UseTable:
    """Return the use of drivers in several folds together.

    Parameters
    ----------
    tables
        Uses of the flows of each fold.
    positions
        Final position of the flows of each fold.
    size
        Number of flows of all.
    """
    folds = np.zeros(size, np.int64)
    for at in positions:
        folds[at] += 1
    merged = {}
    for name in sorted({name for table in tables for name in table}):
        whole, part = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for table, at in zip(tables, positions, strict=True):
            if name in table:
                whole[at] += table[name] == Use.ALL
                part[at] += table[name] != Use.NONE
        # a fold in which it enters some amounts only counts as none of the whole ones
        merged[name] = np.where(part > whole, np.uint8(Use.SOME), _use(whole, folds))
    return merged
