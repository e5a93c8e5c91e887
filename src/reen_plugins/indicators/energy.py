"""Energy: indicators of axis 3 and of the electricity of each agent, from meters.

Power usage effectiveness of machine rooms, and energy saved against the same months of the year
before.  Two sums are divided only where they cover the same time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.plugin import Reason
from reen.plugin.indicators import Direction, Indicator, IndicatorContext, IndicatorValue
from reen_plugins.indicators.declared import Described
from reen_plugins.indicators.electricity_per_item import energy_counted
from reen_plugins.indicators.kind_tallies import kind_tallies
from reen_plugins.indicators.people import people_of
from reen_plugins.indicators.rows import Rows
from reen_plugins.indicators.tallies import holds_unread_status

__all__ = ["ENERGY"]

_HOUR, _DAY = np.timedelta64(1, "h"), 24.0

#: Readings by (meter, month of the year) for a year: kWh and hours.
_Months: TypeAlias = dict[tuple[str, int], tuple[float, float]]


@attrs.frozen
class _Readings:
    """Readings of one scope that lie in a period."""

    kwh: float
    hours: float
    lost: bool


def _readings(rows: Rows, scope: str, start: dt.date, end: dt.date, subject: str) -> _Readings:
    """Return the sum of the meters of a scope and a place; lost where one reading is not known."""
    begun, ended = (_instants(rows, name) for name in ("period_start", "period_end"))
    inside = (begun >= np.datetime64(start) - _HOUR) & (
        ended <= np.datetime64(end + dt.timedelta(days=1)) + _HOUR
    )
    mine = inside & (rows.among("scope", scope) == 1.0) & (rows.among("subject_id", subject) == 1.0)
    kwh = rows.number("energy", "kWh")[mine]
    hours = (ended[mine] - begun[mine]) / _HOUR
    return _Readings(float(kwh.sum()), float(hours.sum()), bool(np.isnan(kwh).any()))


def _has_unread(rows: Rows, start: dt.date, end: dt.date, subject: str) -> bool:
    """Tell whether a reading may be of a place and a period, and nobody knows of which meter."""
    begun, ended = (_instants(rows, name) for name in ("period_start", "period_end"))
    outside = (ended <= np.datetime64(start)) | (begun >= np.datetime64(end + dt.timedelta(days=1)))
    place, scope = rows.among("subject_id", subject), rows.among("scope", "total", "it_only")
    lost = np.isnan(place) | np.isnan(scope) | np.isnat(begun) | np.isnat(ended)
    return bool((~outside & (place != 0.0) & lost).any())


def _instants(rows: Rows, column: str) -> npt.NDArray[np.datetime64]:
    if column not in rows.batch.data.schema.names:
        return np.full(len(rows), np.datetime64("NaT", "s"))
    told = rows.batch.data.column(column).to_numpy(zero_copy_only=False)
    return np.asarray(told.astype("datetime64[s]"))


@attrs.frozen(kw_only=True)
class PowerUsage(Described):
    """Energy of a machine room over that of its computers."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of all rooms whose two meters cover the same time, then of each."""
        assert context.energy_readings is not None  # noqa: S101 - named in `needs`
        rows = Rows(context.energy_readings.batch)
        codes, names = rows.batch.codes("subject_id")
        rooms = sorted({names[code] for code in codes if code >= 0})
        days = context.period.start, context.period.end
        found = [(room, self._room(context, rows, room)) for room in rooms]
        unread = {room for room in rooms if _has_unread(rows, *days, room)}
        good = [(room, both) for room, both in found if not isinstance(both, Reason)]
        whole, part = (sum(both[k] for _, both in good) for k in range(2))
        if good and len(good) == len(found):
            yield context.value(
                self, whole / part, numerator=whole, denominator=part, unread=bool(unread)
            )
        else:
            yield context.left_out(self, Reason("rooms_without_both_meters"))
        for room, both in found:
            if isinstance(both, Reason):
                yield context.left_out(self, both, subject=room)
            else:
                ratio = both[0] / both[1]
                yield context.value(
                    self,
                    ratio,
                    subject=room,
                    numerator=both[0],
                    denominator=both[1],
                    unread=room in unread,
                )

    @staticmethod
    def _room(context: IndicatorContext, rows: Rows, room: str) -> tuple[float, float] | Reason:
        days = context.period.start, context.period.end
        whole, part = (_readings(rows, scope, *days, room) for scope in ("total", "it_only"))
        if whole.lost or part.lost or part.kwh <= 0.0:
            return Reason("rooms_without_both_meters")
        if abs(whole.hours - part.hours) > _DAY:
            hours = {"whole": whole.hours, "part": part.hours}
            return Reason("meters_cover_other_times", **hours)
        if whole.kwh < part.kwh:  # a room takes what its computers take, and more
            return Reason("room_below_its_computers", whole=whole.kwh, part=part.kwh)
        return whole.kwh, part.kwh


@attrs.frozen(kw_only=True)
class EnergySaved(Described):
    """Energy saved against the year before, over the months that both years have."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of all meters of a whole place that both years have."""
        assert context.energy_readings is not None  # noqa: S101 - named in `needs`
        readings = context.energy_readings
        year = context.period.end.year
        after, before = (_months(Rows(readings.batch), each) for each in (year, year - 1))
        if context.inventory_before is not None:
            held = type(readings).held_by(context.inventory_before)
            before = ({} if held is None else _months(Rows(held.batch), year - 1)) | before
        shared = sorted(
            key
            for key in set(after) & set(before)
            if abs(after[key][1] - before[key][1]) <= _DAY + 1.0
        )
        known = [key for key in shared if not np.isnan(after[key][0] + before[key][0])]
        old = sum(before[key][0] for key in known)
        if not known or len(known) < len(shared) or old <= 0.0:
            yield context.left_out(self, Reason("no_month_of_both_years", year=year))
            return
        new = sum(after[key][0] for key in known)
        said = Reason("months_compared", count=len(known))
        alone = len(set(after) ^ set(before)) + len(set(after) & set(before)) - len(shared)
        notes = [said, Reason("months_of_one_year", count=alone)] if alone else [said]
        saved = old - new
        yield context.value(
            self,
            100.0 * saved / old,
            notes=notes,
            numerator=saved,
            denominator=old,
            unread=_has_unplaced(Rows(readings.batch)),
        )


def _has_unplaced(rows: Rows) -> bool:
    """Tell whether a reading may be of a whole place, and nobody knows of which month or meter."""
    codes, _ = rows.batch.codes("meter_id")
    begun, ended = (_instants(rows, name) for name in ("period_start", "period_end"))
    whole = rows.among("scope", "total")
    lost = np.isnat(begun) | np.isnat(ended) | (codes < 0) | np.isnan(whole)
    return bool((lost & (whole != 0.0)).any())


def _months(rows: Rows, year: int) -> _Months:
    """Return the readings of a month at most, of a whole place, by meter and month."""
    begun, ended = (_instants(rows, name) for name in ("period_start", "period_end"))
    # local midnight of mainland France is one or two hours before that of UTC
    middle = begun + (ended - begun) / 2
    codes, names = rows.batch.codes("meter_id")
    whole, kwh = rows.among("scope", "total"), rows.number("energy", "kWh")
    found: _Months = {}
    for k in np.flatnonzero((whole == 1.0) & (codes >= 0) & ~np.isnat(middle)):
        when = middle[k].astype(dt.datetime)
        hours = float((ended[k] - begun[k]) / _HOUR)
        if when.year == year and hours <= 32 * _DAY:
            key = names[codes[k]], when.month
            energy, length = found.get(key, (0.0, 0.0))
            found[key] = energy + float(kwh[k]), length + hours
    return found


@attrs.frozen(kw_only=True)
class ElectricityPerAgent(Described):
    """Electricity counted by a footprint, for each agent."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole."""
        assert context.footprint is not None  # noqa: S101 - named in `needs`
        people = people_of(context, "agents")
        whole = kind_tallies(context.footprint.by()).get((0, "electricity"))
        if isinstance(people, Reason):
            yield context.left_out(self, people)
            return
        if whole is None or whole.assessed <= 0.0:
            yield context.left_out(self, Reason("no_electricity_counted"))
            return
        kwh = energy_counted(context.footprint.by())[0]
        unread = holds_unread_status(context.inventory)
        yield context.value(
            self,
            kwh / people.count,
            completeness=whole.completeness,
            lower_bound=bool(whole.left_out or whole.unknown) and not unread,
            limits=(0.0, None),
            unread=unread,
            notes=(people.said,),
            numerator=kwh,
            denominator=people.count,
        )


ENERGY: tuple[Indicator, ...] = (
    PowerUsage(
        name="pue",
        title_en="Power usage effectiveness",
        title_fr="Efficacité énergétique des salles serveurs (PUE)",
        unit="1",
        formula="energy of the whole room / energy of its computers, over the same time",
        denominator="energy of the computers",
        source="EN 50600-4-2; State guidance to local authorities, example 13",
        axis=3,
        direction=Direction.LOWER,
        needs=("energy_readings",),
    ),
    EnergySaved(
        name="energy_saved",
        title_en="Energy saved against the year before",
        title_fr="Énergie économisée par rapport à l'année précédente",
        unit="%",
        formula="100 x (energy before - energy after) / energy before, over the same months",
        denominator="energy of the same months of the year before",
        source="State guidance to local authorities, example 14",
        axis=3,
        direction=Direction.HIGHER,
        needs=("energy_readings",),
    ),
    ElectricityPerAgent(
        name="kwh_per_agent",
        title_en="Electricity per agent",
        title_fr="Électricité par agent",
        unit="kWh/person/year",
        formula="electricity of a year that the footprint counts / agents of the last count",
        denominator="agents",
        source="reen",
        axis=2,
        direction=Direction.LOWER,
        needs=("footprint", "headcount"),
    ),
)
