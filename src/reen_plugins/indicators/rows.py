"""Rows: the rows of a table as answers of yes, no or unknown, and amounts.

Input: a batch of records or of a fleet.  Output: arrays with one number a row, in which NaN is what
nobody knows: 1 and 0 are yes and no, and `all_of` keeps a no though the rest is unknown.  Knows no
indicator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen import Inventory
from reen.plugin.arrays import Batch
from reen.plugin.files import EQUIPMENT
from reen_plugins.indicators.tallies import in_fleet, status_unread

__all__ = ["Answers", "Rows", "all_of", "any_of", "entities_of", "no"]

#: One number a row: 1 yes, 0 no, NaN unknown.
Answers = npt.NDArray[np.float64]

_UNKNOWN = frozenset({"unknown"})


def all_of(*answers: Answers) -> Answers:
    """Return yes where all are, no where one is, else unknown."""
    told = np.stack(answers)
    unknown = np.where(np.isnan(told).any(axis=0), np.nan, 1.0)
    return np.where((told == 0.0).any(axis=0), 0.0, unknown)


def no(answers: Answers) -> Answers:
    """Return yes for no and no for yes."""
    return 1.0 - answers


def any_of(*answers: Answers) -> Answers:
    """Return yes where one is, no where none is, else unknown."""
    return no(all_of(*map(no, answers)))


@attrs.frozen(eq=False)
class Rows:
    """The rows of one table.

    Attributes
    ----------
    batch
        The rows.
    """

    batch: Batch

    @classmethod
    def of_fleet(cls, inventory: Inventory) -> Rows:
        """Return the rows of equipment."""
        return cls(inventory.batch(EQUIPMENT))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.batch)

    @property
    def yes(self) -> Answers:
        """Return yes for every row."""
        return np.ones(len(self), np.float64)

    @property
    def items(self) -> Answers:
        """Return the number of items of each row."""
        return self.batch.values("quantity", "item")

    def number(self, column: str, unit: str) -> Answers:
        """Return a number column in a unit."""
        return self.batch.values(column, unit)

    def among(self, column: str, *values: str) -> Answers:
        """Return whether the word of a column is one of some."""
        codes, words = self.batch.codes(column)
        told = [np.nan if word in _UNKNOWN else float(word in values) for word in words]
        return np.asarray([*told, np.nan], np.float64)[codes]

    def of_types(self, figures: Mapping[str, float]) -> Answers:
        """Return the figure of the equipment type of each row, unknown where there is none."""
        codes, names = self.batch.codes("equipment_type")
        return np.array([*(figures.get(name, np.nan) for name in names), np.nan])[codes]

    def flag(self, column: str) -> Answers:
        """Return a column of yes or no."""
        if column not in self.batch.data.schema.names:
            return np.full(len(self), np.nan)
        told = self.batch.data.column(column).cast(pa.float64())
        return np.asarray(told.to_numpy(zero_copy_only=False), np.float64)

    def dated(self, column: str, start: dt.date, end: dt.date) -> Answers:
        """Return whether a day lies between two, both included."""
        days = self.batch.dates(column)
        within = (days >= np.datetime64(start, "D")) & (days <= np.datetime64(end, "D"))
        return np.where(np.isnat(days), np.nan, within.astype(np.float64))

    def years(self, first: str, last: str | dt.date) -> Answers:
        """Return the years of 365.25 days between two days, unknown where turned round."""
        begun = self.batch.dates(first)
        ended = np.datetime64(last, "D") if isinstance(last, dt.date) else self.batch.dates(last)
        days = (ended - begun).astype("timedelta64[D]").astype(np.float64)
        days[np.isnat(begun) | np.isnat(np.broadcast_to(ended, begun.shape))] = np.nan
        return np.where(days < 0.0, np.nan, days / 365.25)

    @property
    def in_fleet(self) -> Answers:
        """Return which rows are neither retired nor lost.

        A blank status is in the fleet; one that nobody understands may be anywhere.
        """
        there = in_fleet(self.batch).astype(np.float64)
        return np.where(status_unread(self.batch), np.nan, there)

    def types(self) -> Iterator[tuple[str, Answers]]:
        """Yield each equipment type with whether a row is of it; a blank type may be of any."""
        yield from self._each_word("equipment_type")

    def entities(self) -> Iterator[tuple[str, Answers]]:
        """Yield each entity with whether a row is of it; a row without one may be of any."""
        yield from self._each_word("entity")

    def of_entity(self, name: str) -> Answers:
        """Return whether a row is of an entity; of the whole, which has no name, all are."""
        return self.among("entity", name) if name else self.yes

    def _each_word(self, column: str) -> Iterator[tuple[str, Answers]]:
        codes, names = self.batch.codes(column)
        there = {names[code] for code in np.unique(codes) if code >= 0} - {None, *_UNKNOWN}
        for name in sorted(there):
            yield name, self.among(column, name)


def entities_of(*tables: Rows) -> list[str]:
    """Return the entities that some row of a table names, sorted."""
    return sorted({name for rows in tables for name, _ in rows.entities()})
