"""Headcounts: the last count of each entity, and what several counts of the same people say.

Input: the rows of a headcount, of any files.  Output: the last count of each entity and of the
whole, or a whole that is not known where two files say different numbers.  A total beside its
parts is one headcount, and never people of its own.

Within one file rows of one entity and day add up: they are parts of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs
import numpy as np
import numpy.typing as npt

from reen.inventory.batch import Batch
from reen.reasons import Reason

__all__ = ["Counts", "counts_on"]

#: Share by which a total of one file may be off the sum of the parts of another and still be
#: thought to count the same people.
_NEAR = 0.1

Count = tuple[float, dt.date]


@attrs.frozen
class Counts:
    """The last counts on or before a day.

    Attributes
    ----------
    last
        Count and day of each entity; the empty text is the whole organisation.
    said
        Why people were not added up, None where nothing was odd.
    """

    last: Mapping[str, Count]
    said: Reason | None = None


@attrs.frozen
class _Row:
    """The count of an entity by one file on its last day."""

    entity: str
    source: int
    number: float
    day: dt.date


def counts_on(batch: Batch, on: dt.date, column: str) -> Counts:
    """Return the last count of each entity on or before a day.

    Parameters
    ----------
    batch
        Rows of a headcount.
    on
        The day.
    column
        What is counted: ``agents`` or ``inhabitants``.
    """
    by_entity: dict[str, list[_Row]] = {}
    for row in _last_rows(batch, on, column):
        by_entity.setdefault(row.entity, []).append(row)
    last, differing = dict[str, Count](), list[float]()
    for entity, rows in by_entity.items():
        numbers = sorted({row.number for row in rows if not np.isnan(row.number)})
        blank = any(np.isnan(row.number) for row in rows)
        if len(numbers) > 1:
            differing = differing or numbers
        last[entity] = (numbers[0] if len(numbers) == 1 and not blank else np.nan, rows[0].day)
    if differing:
        return Counts({**last, "": (np.nan, _earliest(last))}, _differ(column, differing))
    return _with_whole(last, by_entity, column)


def _last_rows(batch: Batch, on: dt.date, column: str) -> Iterator[_Row]:
    """Yield the sum in each file for each entity on its last day, without files of no count."""
    counted, days = batch.values(column, "person"), batch.dates("date")
    (codes, names), (sources, _) = batch.codes("entity"), batch.codes("source")
    there = days <= np.datetime64(on, "D")  # False for an unknown date
    for source in np.unique(sources):
        mine = sources == source
        if source >= 0 and np.isnan(counted[mine]).all():
            there &= ~mine
        elif source >= 0:
            there &= ~_counted_elsewhere(counted, mine, codes < 0)
    for code in np.unique(codes[there]):
        mine = there & (codes == code)
        last = days[mine].max()
        mine &= days == last
        for source in np.unique(sources[mine]):
            total = float(counted[mine & (sources == source)].sum())
            entity = "" if code < 0 else names[code]
            yield _Row(entity, int(source), total, last.astype(dt.date))


def _counted_elsewhere(
    counted: npt.NDArray[np.float64],
    mine: npt.NDArray[np.bool_],
    whole: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Return the rows of a file that leave a count to others: parts to the whole, or it to them.

    A file may count its agents by entity and its inhabitants in one row of the whole.  Where some
    parts are counted, a blank of another is not known.
    """
    parts, at_once = mine & ~whole, mine & whole
    blank = np.isnan(counted)
    if not parts.any() or not at_once.any() or blank[parts].all() == blank[at_once].all():
        return np.zeros(len(counted), np.bool_)
    return parts if blank[parts].all() else at_once


def _with_whole(
    last: Mapping[str, Count], by_entity: Mapping[str, list[_Row]], column: str
) -> Counts:
    """Return the counts with that of the whole, where a file gives a total and another its parts.

    The total stands alone in its file, and is of the year of the parts.
    """
    for entity, rows in by_entity.items():
        others = {name: count for name, count in last.items() if name != entity}
        alone = _stands_alone(rows, by_entity)
        if len(others) < 2 or not alone:  # noqa: PLR2004 - one part is no sum
            continue
        total, day = last[entity]
        parts = sum(number for number, _ in others.values())
        same_year = all(each.year == day.year for _, each in others.values())
        if not same_year or np.isnan(total) or np.isnan(parts):
            continue
        if total == parts:
            said = Reason(
                "people_counted_once",
                number=total,
                column=column,
                entities=", ".join(sorted(others)),
                date=str(_earliest(last)),
            )
            return Counts({**last, "": (total, _earliest(last))}, said)
        if entity and abs(total - parts) <= _NEAR * max(total, parts):
            return Counts({**last, "": (np.nan, day)}, _differ(column, sorted((total, parts))))
    return Counts(last)


def _stands_alone(rows: list[_Row], by_entity: Mapping[str, list[_Row]]) -> bool:
    """Tell whether the files that count an entity count no other one."""
    mine = {row.source for row in rows}
    entity = rows[0].entity
    others = {row.source for name, found in by_entity.items() if name != entity for row in found}
    return mine.isdisjoint(others)


def _earliest(last: Mapping[str, Count]) -> dt.date:
    return min(day for _, day in last.values())


def _differ(column: str, numbers: list[float]) -> Reason:
    shown = ", ".join(f"{number:.10g}" for number in numbers)
    return Reason("counts_of_people_differ", column=column, numbers=shown)
