"""Year tables: the driver sums of one year, by cell and on the drivers of both years.

Input: `DriverSums` of a year, the factors of its flows, and what its groups and types are called in
both years.  Output: for a column of factors (one stage, or several as a whole, of one criterion),
the quantity measured, the means of the drivers and the impact of every cell.  Arrays only.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.driver_sums import DriverSums, Signature, ordered
from reen.engine.key_sums import Floats, Keys
from reen.engine.sides import RATIO
from reen.factors.factor_set import FactorSet

__all__ = ["Measured", "PartTable", "Year", "figures_of", "union_of"]


@attrs.frozen(eq=False, kw_only=True)
class Year:
    """One year, ready to be set against another.

    Attributes
    ----------
    sums, factors
        Sums of the drivers, and the factors of their flows in order.
    group, kind
        int64: the number that each group and type of `sums` has in both years.
    kinds
        How many types both years have.
    """

    sums: DriverSums
    factors: FactorSet
    group: Keys
    kind: Keys
    kinds: int

    def cells(self, keys: Keys) -> Keys:
        """Return the cell of each key (group, type, ...)."""
        found: Keys = self.group[keys[:, 0]] * self.kinds + self.kind[keys[:, 1]]
        return found


def union_of(years: Iterable[Year], part: str) -> Signature:
    """Return the drivers that the exchanges of some years have, in order."""
    names: dict[str, str] = {}
    for year in years:
        for lead in year.sums.leads(part):
            names.update(lead.signature)
    return ordered(names)


@attrs.frozen(eq=False)
class Measured:
    """What a year measures of one column of factors, by cell.

    Attributes
    ----------
    sums
        (1 + drivers, cells): quantity, then the product up to each driver.
    assumed
        (drivers + 1, 2, cells): see `Lead.assumed`.
    impact, impact_assumed
        Impact, and that of the rows that do not state what decides on the flow.
    """

    sums: Floats
    assumed: Floats
    impact: Floats
    impact_assumed: Floats


class PartTable:
    """The sums of a year about one part of the life cycle, by cell.

    Parameters
    ----------
    year, part
        What it is of.
    cells
        Sorted numbers of the cells of both years.
    names
        Drivers of both years.
    """

    def __init__(self, year: Year, part: str, cells: Keys, names: Signature) -> None:
        self._size = len(cells)
        self.flow_count = len(year.factors.flows)
        keys, self._amount = year.sums.amounts(part)
        self._amount_cell = np.searchsorted(cells, year.cells(keys))
        self._flow, self._flag = keys[:, 2], keys[:, 3] > 0
        there = year.sums.presence(part)
        self.present = np.zeros(len(cells))
        np.add.at(self.present, np.searchsorted(cells, year.cells(there.keys)), there.quantity)
        self._combinations = year.sums.combinations()
        self._cell: list[Keys] = []
        self._combination: list[Keys] = []
        sums, assumed = [], []
        dims = [k for k, (_, unit) in enumerate(names) if unit != RATIO]
        #: of every driver with a dimension: cells whose exchanges have it, and lack it
        self.has = np.zeros((len(names), len(cells)), np.bool_)
        self.lacks = np.zeros((len(names), len(cells)), np.bool_)
        for lead in year.sums.leads(part):
            place = np.searchsorted(cells, year.cells(lead.keys))
            self._cell.append(place)
            self._combination.append(lead.keys[:, 2])
            own = {name: k for k, (name, _) in enumerate(lead.signature)}
            at, told = [0], []
            for name, _ in names:
                at.append(own[name] + 1 if name in own else at[-1])
                # a ratio that is nowhere is 1 because nobody says another
                one = np.stack([lead.sums[at[-1]]] * 2)
                told.append(lead.assumed[own[name]] if name in own else one)
            for k in dims:
                (self.has if names[k][0] in own else self.lacks)[k, place] = True
            sums.append(lead.sums[at])
            assumed.append(np.stack([*told, lead.assumed[-1]]))
        empty = np.zeros((1 + len(names), 0))
        self._sums = np.concatenate([empty, *sums], axis=1)
        self._assumed = np.concatenate([np.zeros((1 + len(names), 2, 0)), *assumed], axis=2)

    @functools.cached_property
    def _lead_cell(self) -> Keys:
        return np.concatenate([np.zeros(0, np.int64), *self._cell])

    @functools.cached_property
    def _lead_combination(self) -> Keys:
        return np.concatenate([np.zeros(0, np.int64), *self._combination])

    def uses(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return the cells that use one of the chosen flows."""
        found = np.zeros(self._size, np.bool_)
        found[self._amount_cell[chosen[self._flow]]] = True
        return found

    def measured(self, column: Floats) -> Measured:
        """Return what is measured by one figure a flow, NaN where it publishes none."""
        published = ~np.isnan(column)
        figures = np.where(published, column, 0.0)
        impact = self._amount * figures[self._flow]
        # an exchange of a row that has several: the row is measured where one of them is
        covers = np.array(
            [bool(published[list(flows)].any()) for flows in self._combinations], np.bool_
        )
        rows = np.flatnonzero(covers[self._lead_combination])
        cell = self._lead_cell[rows]
        return Measured(
            _by_cell(self._sums[:, rows], cell, self._size),
            np.stack([_by_cell(each[:, rows], cell, self._size) for each in self._assumed]),
            _summed(impact, self._amount_cell, self._size),
            _summed(impact[self._flag], self._amount_cell[self._flag], self._size),
        )


def _summed(values: Floats, cell: Keys, size: int) -> Floats:
    return np.bincount(cell, values, size).astype(np.float64, copy=False)


def _by_cell(columns: Floats, cell: Keys, size: int) -> Floats:
    return np.stack([_summed(each, cell, size) for each in columns])


def figures_of(factors: FactorSet, criterion: str) -> Mapping[str, Floats]:
    """Return the figures of all flows by stage, NaN where not published."""
    if criterion not in factors.criteria:
        return {}
    cells = factors.values[:, :, factors.criteria.index(criterion)]
    return {str(stage): cells[:, k] for k, stage in enumerate(factors.stages)}
