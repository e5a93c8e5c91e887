"""Days: one written date, in the forms that French and English inventories use.

Input: text of a date cell.  Output: its parts, before anything is decided about the order of day
and month, which belongs to the whole column (`date_columns`).

Knows one cell at a time: no column, no file, no today.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable

import attrs

from reen.patterns import pattern
from reen.vocabulary.text import normalise as normalise_text

__all__ = ["Day", "DayKind", "Precision", "as_date", "read_day"]


class DayKind(enum.Enum):
    """What a date cell holds."""

    #: A day, month and year in a known order, or a month, or a year.
    DATE = "date"
    #: Two numbers and a year: day first or month first.
    ORDERED = "ordered"
    #: A filler such as 0000-00-00 or 31/12/9999.
    FILLER = "filler"
    #: Anything else.
    UNREADABLE = "unreadable"


class Precision(enum.StrEnum):
    """How precise a date is; the values of the column `purchase_date_precision`."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@attrs.frozen(eq=False, repr=False)
class Day:
    """The parts of a written date.

    Attributes
    ----------
    kind
        What the cell holds.
    year, first, second
        For a date, its year, month and day; for two numbers and a year, the two in order.
    precision
        Day, month (the 15th is taken) or year (1 July is taken).
    about
        Whether it says only about when: "vers 2019".
    """

    kind: DayKind
    year: int = 0
    first: int = 0
    second: int = 0
    precision: Precision = Precision.DAY
    about: bool = False


#: Days that stand for none, as tools write them.
_FILLERS = frozenset(
    {
        *((0, 0, 0), (1, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 0), (1900, 1, 1)),
        *((1970, 1, 1), (9999, 12, 31), (2999, 12, 31)),
    }
)

_MONTHS: dict[str, int] = {
    word: month
    for month, words in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout aou august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for word in words.split()
}

#: Words beside a year or a month that only say about when it was, and marks that do.
_ABOUT = frozenset(
    {"vers", "env", "environ", "approx", "approximativement", "approximatif", "autour", "circa"}
    | {"ca", "about", "around", "approximately", "probablement", "probably", "peut", "etre"}
    | {"maybe", "presume", "estime", "estimee", "estimated"}
)
_MARKS_OF_ABOUT = frozenset("~\u2248\u00b1?")
#: Words that say when within it: it stays the year or the month that is written.
_WITHIN = frozenset(
    {"courant", "cours", "en", "dans", "annee", "an", "exercice", "debut", "fin", "mi", "milieu"}
    | {"du", "de", "d", "l", "la", "le", "au", "ete", "printemps", "automne", "hiver", "rentree"}
    | {"early", "late", "mid", "middle", "during", "in", "of", "the", "year", "beginning", "end"}
    | {"start", "summer", "spring", "autumn", "fall", "winter"}
)

#: The hour that follows a day: 08:30, T08:00:00.0000000Z, 10h15, 8:17:11 AM.
_HOUR = pattern(
    r"[ T]+\d{1,2}(?:[:h]\d{0,2}){1,2}(?:[.,]\d+)?\s*(?:[ap]\.?m\.?)?\s*(?:z|utc|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)
_ISO = pattern(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = pattern(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_ORDERED = pattern(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_MONTH = pattern(r"(\d{1,2})[-/.](\d{4})")
_YEAR_MONTH = pattern(r"(\d{4})[-/.](\d{1,2})")
_YEAR = pattern(r"((?:19|20)\d\d)(?:[.,]0+)?")
_SERIAL = pattern(r"(\d{5})(?:[.,]\d+)?")
_NAMED = pattern(r"(?:(\d{1,2})(?:er|st|nd|rd|th)? )?([a-z]+) (\d{4}|\d{2})")
_NAMED_FIRST = pattern(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")

#: Whole numbers of a spreadsheet that are days (1954 to 2064), counted from this one.
_SERIALS = range(20_000, 60_001)
_SERIAL_ZERO = dt.date(1899, 12, 30)

_MIDDLE_OF_MONTH = 15
_MIDDLE_OF_YEAR = 7

_UNREADABLE = Day(DayKind.UNREADABLE)


def read_day(text: str) -> Day:
    """Return the parts of a date cell.

    Examples
    --------
    >>> day = read_day("sept. 2022")
    >>> day.year, day.first, day.second, day.precision.value
    (2022, 9, 15, 'month')
    >>> read_day("12/03/2021 00:00:00").kind.value
    'ordered'
    """
    text = _HOUR.sub("", text.strip())
    for form, read in _FORMS:
        if found := form.fullmatch(text):
            return read(*found.groups())
    return _worded(text)


def _worded(text: str) -> Day:
    """Return a month or a year among words, the month in words or none."""
    plain = normalise_text(text)
    found = _named(plain)
    words = plain.split()
    left = [word for word in words if word not in _ABOUT | _WITHIN]
    about = not _MARKS_OF_ABOUT.isdisjoint(text) or not _ABOUT.isdisjoint(words)
    if found is not _UNREADABLE or (len(left) == len(words) and not about):
        return found
    rest = " ".join(left)
    year = _YEAR.fullmatch(rest)
    found = _year(year[1]) if year else _named(rest)
    if found.precision is Precision.DAY:
        return _UNREADABLE
    return attrs.evolve(found, about=about)


def _year(year: str) -> Day:
    return Day(DayKind.DATE, int(year), _MIDDLE_OF_YEAR, 1, Precision.YEAR)


def _serial(number: str) -> Day:
    if int(number) not in _SERIALS:
        return _UNREADABLE
    day = _SERIAL_ZERO + dt.timedelta(days=int(number))
    return Day(DayKind.DATE, day.year, day.month, day.day)


def _named(text: str) -> Day:
    """Return a date whose month is a word."""
    if found := _NAMED.fullmatch(text):
        month, year = _MONTHS.get(found[2]), _full_year(found[3])
        if month and found[1]:
            return _date(year, month, int(found[1]))
        return _month(year, month) if month else _UNREADABLE
    if (found := _NAMED_FIRST.fullmatch(text)) and found[1] in _MONTHS:
        return _date(int(found[3]), _MONTHS[found[1]], int(found[2]))
    return _UNREADABLE


def _full_year(digits: str) -> int:
    """Return a year; two digits are this century's up to 2068 (the rule of POSIX)."""
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 - written in full
        return year
    return year + (2000 if year <= 68 else 1900)  # noqa: PLR2004 - POSIX, see above


def _ordered(one: str, two: str, year: str) -> Day:
    first, second, full = int(one), int(two), _full_year(year)
    if _FILLERS & {(full, second, first), (full, first, second)} or full == 0:
        return Day(DayKind.FILLER)
    return Day(DayKind.ORDERED, full, first, second)


def _month(year: int, month: int) -> Day:
    if month == year == 0:
        return Day(DayKind.FILLER)
    found = _date(year, month, _MIDDLE_OF_MONTH)
    return attrs.evolve(found, precision=Precision.MONTH)


def _date(year: int, month: int, day: int) -> Day:
    if (year, month, day) in _FILLERS:
        return Day(DayKind.FILLER)
    return Day(DayKind.DATE, year, month, day) if as_date(year, month, day) else _UNREADABLE


def as_date(year: int, month: int, day: int) -> dt.date | None:
    """Return a day of the calendar, None when there is no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


#: The forms of a date, in the order in which they are tried.
_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Day]], ...] = (
    (_ISO, lambda year, month, day: _date(int(year), int(month), int(day))),
    (_COMPACT, lambda year, month, day: _date(int(year), int(month), int(day))),
    (_ORDERED, _ordered),
    (_MONTH, lambda month, year: _month(int(year), int(month))),
    (_YEAR, _year),
    (_YEAR_MONTH, lambda year, month: _month(int(year), int(month))),
    (_SERIAL, _serial),
)
