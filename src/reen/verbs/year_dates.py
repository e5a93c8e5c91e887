"""Year dates: the day that each of two years is measured at, where it is not given.

Input: an opened source.  Output: the day of its own year, and what says it: the names of its files,
or the dates of its records.  Where nothing says it, or they disagree, it is asked for: today is the
day of neither year.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePath

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import OptionError
from reen.reasons import Reason
from reen.results.footprint import Footprint
from reen.sources.parts import Opened
from reen.tables.together.moments import moment_in
from reen.verbs.two_years import Day

__all__ = ["OwnDay", "day_named", "days_of_years", "own_day", "swapped_days"]

#: Date column of the tables of a year; a meter may be read over two.
_DATE = "date"

#: Lengths of the key of a moment: a year, a month, a day.
_YEAR, _MONTH, _DAY = 4, 7, 10


@attrs.frozen
class OwnDay:
    """The day of the year of a source.

    Attributes
    ----------
    day
        The day that is named; else the last one of the month or the year.
    said_by
        ``names`` of the files, or ``records``.
    """

    day: dt.date
    said_by: str


def days_of_years(
    given: tuple[Day, ...] | Day, opened: Sequence[Opened], printed: Footprint | None = None
) -> tuple[tuple[Day, Day], tuple[str, str]]:
    """Return the reference date of each of two years, and what says it: empty where it is given.

    Parameters
    ----------
    given
        A date of both, or of each; None where it is to be found.
    opened
        The two sources.
    printed
        Footprint of the first year as it was published: its date is that of the first year.

    Raises
    ------
    OptionError
        More or fewer than two dates; a date that is not given, and that nothing says.
    """
    days = list(given) if isinstance(given, tuple) else [given, given]
    if len(days) != 2:  # noqa: PLR2004 - two years
        expected = Reason("error_pair_dates_2024_12_31_2025")
        raise OptionError("change", "as_of", repr(given), expected)
    if days[0] is None and printed is not None:
        days[0] = printed.provenance.as_of
    said = ["", ""]
    for k, which in enumerate(("first", "second")):
        if days[k] is None:
            own = own_day(opened[k], which=which)
            days[k], said[k] = own.day, own.said_by
    return (days[0], days[1]), (said[0], said[1])


def swapped_days(days: Sequence[Day], opened: Sequence[Opened]) -> tuple[str, ...]:
    """Return the days of two years whose second one is before the first; else nothing.

    The names of the files are asked where both years are measured as of one day.
    """
    found = [dt.date.fromisoformat(each) if isinstance(each, str) else each for each in days]
    if found[0] == found[1]:
        found = [day_named(each.files) for each in opened]
    before, after = found
    if before is None or after is None or before <= after:
        return ()
    return before.isoformat(), after.isoformat()


def own_day(opened: Opened, *, which: str) -> OwnDay:
    """Return the day of the year that a source is of.

    Parameters
    ----------
    opened
        The source.
    which
        ``first`` or ``second``, for the message.

    Raises
    ------
    OptionError
        Nothing says which year it is, or two things say two.
    """
    keys, dated = set(_named(opened.files)), set(_dated(opened))
    years = {int(key[:_YEAR]) for key in keys} | (dated if len(dated) == 1 else set())
    if len(years) != 1:
        found = ", ".join(map(str, sorted(years | dated)))
        expected = Reason(f"error_date_of_the_{which}_year", found=found or Reason("page_nothing"))
        raise OptionError("change", "as_of", Reason("page_not_given"), expected)
    (year,) = years
    return OwnDay(_day_of(keys or {str(year)}), "names" if keys else "records")


def day_named(names: Iterable[str]) -> dt.date | None:
    """Return the day of the one year in the names of files, None where they have none or several.

    Examples
    --------
    >>> day_named(["ville/2025"]), day_named(["parc au 30-06-2024.csv"]), day_named(["parc.csv"])
    (datetime.date(2025, 12, 31), datetime.date(2024, 6, 30), None)
    """
    keys = set(_named(names))
    return _day_of(keys) if len({key[:_YEAR] for key in keys}) == 1 else None


def _day_of(keys: Collection[str]) -> dt.date:
    """Return the last day of the finest of some moments of one year."""
    finest = max(keys, key=len)
    same = {key for key in keys if len(key) == len(finest)} == {finest}
    return _last(finest if same else finest[:_YEAR])


def _last(key: str) -> dt.date:
    """Return the last day of a moment."""
    if len(key) == _DAY:
        return dt.date.fromisoformat(key)
    year, month = int(key[:_YEAR]), int(key[_YEAR + 1 :] or 12)
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _named(names: Iterable[str]) -> Iterator[str]:
    """Yield the moments in the names of files, of one calendar year each."""
    for name in names:
        path = PurePath(name)
        for part in (*path.parts[:-1], path.stem):
            moment = moment_in(part)
            if moment is not None and moment.sure and len(moment.years) == 1:
                key = moment.key
                yield key if _is_date(key) else next(iter(moment.years))


def _is_date(key: str) -> bool:
    """Tell whether the key of a moment is a year, a month or a day."""
    parts = key.split("-")
    if len(key) not in (_YEAR, _MONTH, _DAY) or not all(each.isdigit() for each in parts):
        return False
    try:
        _last(key)
    except ValueError:
        return False
    return True


def _dated(opened: Opened) -> Iterator[int]:
    """Yield the years that records beside the fleet are dated of."""
    for table in () if opened.held is None else opened.held.linked.values():
        kind = table.schema.field(_DATE).type if _DATE in table.column_names else pa.null()
        if pa.types.is_date(kind):
            yield from pc.unique(pc.year(table[_DATE])).drop_null().to_pylist()
