"""Calendar: years of dates, as functions that `Case.derived` takes.

Dates are numbers of days since 1970, NaN for none.  The calendar of the years that inventories
speak of is laid out once, since to work a year out of each date takes ten times as long.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from reen.method.terms import Floats

__all__ = ["year_of", "years_between", "years_since"]

#: First and last year of the calendar that is laid out.
_FIRST, _LAST = 1970, 2099


def year_of(days: Floats) -> Floats:
    """Return the calendar year of dates, NaN for no date.

    Examples
    --------
    >>> year_of(np.array([0.0, 19723.0, np.nan]))
    array([1970., 2024.,   nan])
    """
    return _looked_up(days, _years(), _year_of)


def years_since(days: Floats, year: float) -> Floats:
    """Return the whole calendar years from dates to a year."""
    found: Floats = year - year_of(days)
    return found


def years_between(days: Floats, year: float) -> Floats:
    """Return dates as years from the start of a year: 2 July 2023 is 182 / 365 from 2023.

    A day is 1/365 or 1/366 of its own year.
    """
    found: Floats = _looked_up(days, _fractions(), _fraction_of) - year
    return found


def _looked_up(days: Floats, table: Floats, work_out: Callable[[Floats], Floats]) -> Floats:
    """Return the entry of each day of the calendar; those of other days are worked out."""
    known = (days >= 0.0) & (days < len(table) - 1)
    if known.all():
        return table.take(days.astype(np.intp))
    found = table.take(np.where(known, days, len(table) - 1).astype(np.intp))
    other = np.flatnonzero(~known & ~np.isnan(days))
    if len(other):
        found[other] = work_out(days[other])
    return found


def _year_of(days: Floats) -> Floats:
    years = days.astype(np.int64).view("datetime64[D]").astype("datetime64[Y]")
    return years.view(np.int64).astype(np.float64) + _FIRST


def _fraction_of(days: Floats) -> Floats:
    own = _year_of(days)
    start, end = _first_day(own), _first_day(own + 1.0)
    found: Floats = own + (days - start) / (end - start)
    return found


def _first_day(years: Floats) -> Floats:
    """Return the first day of years."""
    whole = years.astype(np.int64) - _FIRST
    return whole.view("datetime64[Y]").astype("datetime64[D]").view(np.int64).astype(np.float64)


def _days() -> Floats:
    """Return the days that are laid out."""
    count = int(np.datetime64(f"{_LAST + 1}-01-01", "D").astype(np.int64))
    return np.arange(count, dtype=np.float64)


@functools.cache
def _years() -> Floats:
    """Return the year of each day from 1970 on, NaN at the end for no day."""
    return np.append(_year_of(_days()), np.nan)


@functools.cache
def _fractions() -> Floats:
    """Return each day from 1970 on as a year and its part, NaN at the end for no day."""
    return np.append(_fraction_of(_days()), np.nan)
