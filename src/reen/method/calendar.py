"""Calendar: years of dates, as functions that `Case.derived` takes.

Dates are numbers of days since 1970, NaN for none.  The calendar of the years that inventories
speak of is laid out once, since to work a year out of each date takes ten times as long.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

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
    years = _laid_out()
    known = (days >= 0.0) & (days < len(years) - 1)
    if known.all():
        return years.take(days.astype(np.intp))
    found = years.take(np.where(known, days, len(years) - 1).astype(np.intp))
    other = np.flatnonzero(~known & ~np.isnan(days))
    if len(other):
        found[other] = _worked_out(days[other].astype(np.int64).view("datetime64[D]"))
    return found


def years_since(days: Floats, year: float) -> Floats:
    """Return the whole calendar years from dates to a year."""
    found: Floats = year - year_of(days)
    return found


def years_between(days: Floats, year: float) -> Floats:
    """Return dates as years from the start of a year: 2 July 2023 is 182 / 365 from 2023.

    A day is 1/365 or 1/366 of its own year.
    """
    own = year_of(days)
    start, end = _first_day(own), _first_day(own + 1.0)
    found: Floats = own + (days - start) / (end - start) - year
    return found


def _first_day(years: Floats) -> Floats:
    """Return the first day of years."""
    whole = np.where(np.isnan(years), _FIRST, years).astype(np.int64) - _FIRST
    days = whole.view("datetime64[Y]").astype("datetime64[D]").view(np.int64).astype(np.float64)
    return np.where(np.isnan(years), np.nan, days)


def _worked_out(days: npt.NDArray[np.datetime64]) -> Floats:
    return days.astype("datetime64[Y]").view(np.int64).astype(np.float64) + _FIRST


@functools.cache
def _laid_out() -> Floats:
    """Return the year of each day from 1970 on, NaN at the end for no day."""
    days = np.arange(np.datetime64(f"{_LAST + 1}-01-01", "D").astype(np.int64))
    return np.append(_worked_out(days.view("datetime64[D]")), np.nan)
