"""Date columns: cells as calendar days, the order of day and month decided for the whole column.

Input: the cells of a date column.  Output: date32 with null where blank, filler or unreadable (the
last with an issue), and how precise each day is.  A column of ISO days is cast at once, one whose
days are all of two digits, two digits and four in one order is read at once, any other by distinct
day.

Must not know other columns, but for the day before which nothing was bought (`today` is given).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.bounds import Bounds, bounds_of, content_of, is_within, spans_of
from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.cells.days import Day, DayKind, Precision, as_date, read_day
from reen.tables.cells.text import PLACEHOLDERS, UNKNOWN
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet, cast_all, codes_of

__all__ = [
    "DAY_FIRST",
    "MONTH_FIRST",
    "Days",
    "check_purchases",
    "days_of_one_order",
    "past_days",
    "precision_of",
    "read_days",
]

#: Evidence for one order that outweighs contrary evidence, which is then a typing error.
_OUTWEIGHS = 10

#: Purchases before it are flagged.
_LONG_AGO = dt.date(1995, 1, 1)

#: The hour after a day, as Arrow reads it (see `days` for the full forms).
_HOUR = r"[ T]\d{1,2}:\d{2}.*$"
_HALF_DAY = r"(?i)\d\s?[ap]\.?m\.?$"

_EXPECTED = Reason("expected_day")
_FILLER = Reason("no_day")
_ABOUT = Reason("date_is_about")
_LARGEST_MONTH = 12


@attrs.frozen(eq=False, repr=False)
class Days:
    """A date column.

    Attributes
    ----------
    days
        date32.
    precision
        Dictionary-encoded `Precision` of each row, null where there is no date; None when all are
        to the day.
    order
        What was decided of day and month: ``day first``, ``month first``, or empty.
    unreadable
        Whether a row holds something that is no day and no filler; None where none does.
    """

    days: pa.Array
    precision: pa.Array | None = None
    order: str = ""
    unreadable: pa.Array | None = None


def read_days(
    sheet: Sheet, position: int, column: str, findings: Findings, *, language: str
) -> Days:
    """Return a date column.

    Parameters
    ----------
    sheet, position
        The cells; rows set aside are evidence of the order too.
    column
        Canonical column.
    findings
        Where the unreadable cells are told.
    language
        ``fr`` or ``en``: which order an undecidable column has (English: month first).
    """
    at_once = _cast(sheet.raw(position))
    if at_once is not None:
        return Days(at_once)
    words = sheet.words(position)
    texts = words.dictionary
    ordered = days_of_one_order(texts) if sheet.evidence is sheet else None
    if ordered is not None:
        return Days(ordered[0].take(words.indices), order=ordered[1])
    # A column of timestamps has few days: they are read once each.
    shortened = pc.replace_substring_regex(texts, _HOUR, "").dictionary_encode()
    written = shortened.dictionary.to_pylist()
    found = [_read(text) for text in written]
    if sheet.evidence is sheet:
        order, doubtful = _decide_order(found, texts, language)
    else:
        shown = sheet.evidence.words(position).dictionary
        others = pc.replace_substring_regex(shown, _HOUR, "").unique().to_pylist()
        order, doubtful = _decide_order([_read(text) for text in others], shown, language)
    if not any(day.kind is DayKind.ORDERED for day in found):
        order = ""
    dates = [_resolve(day, order) for day in found]
    table = pa.array(dates, pa.date32())
    place = shortened.indices
    _tell(sheet, position, column, findings, (found, dates, place.to_pylist()), order)
    if doubtful:
        _tell_order(sheet, position, column, findings, (found, place.to_pylist()), order)
    days = table.take(place).take(words.indices)
    unread = _unreadable(found, dates, place.take(words.indices))
    imprecise = any(day.precision is not Precision.DAY for day in found)
    if not imprecise:
        return Days(days, order=order, unreadable=unread)
    names = pa.array(
        [
            None if date is None else str(day.precision)
            for day, date in zip(found, dates, strict=True)
        ],
        pa.string(),
    )
    precision = names.take(place).take(words.indices).dictionary_encode()
    return Days(days, precision, order, unread)


def _unreadable(
    found: Sequence[Day], dates: Sequence[dt.date | None], place: pa.Array
) -> pa.Array | None:
    """Return which rows hold something that is no day and no filler; None where none does."""
    bad = [
        date is None and day.kind is not DayKind.FILLER
        for day, date in zip(found, dates, strict=True)
    ]
    if not any(bad):
        return None
    return pc.fill_null(pa.array(bad, pa.bool_()).take(place), fill_value=False)


def precision_of(days: Days) -> pa.Array:
    """Return how precise each day of a column is, as text; null where there is none."""
    if days.precision is not None:
        return days.precision.cast(pa.string())
    return pc.if_else(days.days.is_valid(), "day", pa.scalar(None, pa.string()))


def _cast(cells: pa.Array) -> pa.Array | None:
    """Return a column of ISO days at once; None when any cell needs a closer look."""
    days = cast_all(cells, pa.date32())
    if days is None:
        return None
    bounds = pc.min_max(days).as_py()
    if bounds["min"] is None:
        return days
    # Fillers (1970-01-01, 9999-12-31) are looked at one by one.
    sound = dt.date(1970, 1, 1) < bounds["min"] and bounds["max"] < dt.date(2999, 12, 31)
    return days if sound else None


def _read(text: str) -> Day:
    return Day(DayKind.FILLER) if text.casefold() in PLACEHOLDERS | UNKNOWN else read_day(text)


def _decide_order(found: Sequence[Day], texts: pa.Array, language: str) -> tuple[str, bool]:
    """Return (the order, empty when both are in the column; whether it is only an assumption)."""
    ordered = [day for day in found if day.kind is DayKind.ORDERED]
    if not ordered:
        return "", False
    day_first = sum(day.first > _LARGEST_MONTH >= day.second for day in ordered)
    month_first = sum(day.second > _LARGEST_MONTH >= day.first for day in ordered)
    if (day_first and not month_first) or day_first >= _OUTWEIGHS * month_first > 0:
        return "day first", False
    if (month_first and not day_first) or month_first >= _OUTWEIGHS * day_first > 0:
        return "month first", False
    if day_first and month_first:
        return "", False
    # 04/04/2022 is the same day in both orders.
    doubtful = any(day.first != day.second for day in ordered)
    half_days = pc.any(pc.match_substring_regex(texts, _HALF_DAY)).as_py()
    if language == "en" or half_days:
        return "month first", doubtful
    # French lists have one order
    return "day first", False


def _resolve(day: Day, order: str) -> dt.date | None:
    if day.kind is DayKind.DATE:
        return as_date(day.year, day.first, day.second)
    if day.kind is not DayKind.ORDERED:
        return None
    as_day_first = as_date(day.year, day.second, day.first)
    as_month_first = as_date(day.year, day.first, day.second)
    if order:
        return as_day_first if order == "day first" else as_month_first
    # Both orders are in the column: only a day that has one reading is taken.
    if as_day_first == as_month_first or as_month_first is None:
        return as_day_first
    return as_month_first if as_day_first is None else None


def _tell(
    sheet: Sheet,
    position: int,
    column: str,
    findings: Findings,
    reading: tuple[Sequence[Day], Sequence[dt.date | None], Sequence[int]],
    order: str,
) -> None:
    """Tell the cells that are no date, those of undecidable order, and the fillers."""
    found, dates, place = reading
    words = sheet.words(position)
    texts = words.dictionary.to_pylist()
    faults: dict[Reason, dict[int, str]] = {}
    for code, text in enumerate(texts):
        day, date = found[place[code]], dates[place[code]]
        if date is not None and day.about:
            faults.setdefault(_ABOUT, {})[code] = text
        if date is not None or (day.kind is DayKind.FILLER and not text[0].isdigit()):
            continue
        if day.kind is DayKind.FILLER:
            reason = _FILLER
        elif day.kind is DayKind.ORDERED and not order:
            reason = Reason("both_orders")
        else:
            reason = Reason("no_date")
        faults.setdefault(reason, {})[code] = text
    for reason, bad in faults.items():
        filler = reason == _FILLER
        used = Severity.DOUBT if reason == _ABOUT else Severity.CELL
        findings.values(
            column,
            bad,
            reason,
            codes_of(words),
            sheet.lines,
            expected=None if filler else _EXPECTED,
            severity=Severity.NOTE if filler else used,
        )


def _tell_order(
    sheet: Sheet,
    position: int,
    column: str,
    findings: Findings,
    reading: tuple[Sequence[Day], Sequence[int]],
    order: str,
) -> None:
    """Tell the cells whose order of day and month nothing in the column proves."""
    found, place = reading
    words = sheet.words(position)
    doubtful = [
        code
        for code, k in enumerate(place)
        if found[k].kind is DayKind.ORDERED and found[k].first != found[k].second
    ]
    if not doubtful:
        return  # such cells are in rows set aside alone
    where = sheet.lines[np.isin(codes_of(words), doubtful)]
    findings.rows(
        column,
        words.dictionary[doubtful[0]].as_py(),
        Reason("day_first" if order == "day first" else "month_first"),
        where,
        expected=Reason("iso_dates"),
    )


def check_purchases(
    columns: Mapping[str, pa.Array], sheet: Sheet, today: dt.date, findings: Findings
) -> dict[str, pa.Array]:
    """Return the date columns without the purchases of the future, and note the odd ones.

    Noted and kept: a purchase before 1995, a retirement before its purchase.
    """
    checked = dict(columns)
    bought = columns.get("purchase_date")
    if bought is None or not len(bought):
        return checked
    bought = past_days("purchase_date", bought, sheet, today, findings)
    checked["purchase_date"] = bought
    retired = columns.get("retirement_date")
    if retired is not None:
        wrong = pc.less(retired, bought).fill_null(pa.scalar(value=False))
        where = np.flatnonzero(numpy_of(wrong))
        if len(where):
            findings.rows(
                "retirement_date",
                str(retired[int(where[0])].as_py()),
                Reason("before_purchase"),
                sheet.lines[where],
                expected=Reason("later_day"),
            )
    return checked


def past_days(
    column: str, days: pa.Array, sheet: Sheet, today: dt.date, findings: Findings
) -> pa.Array:
    """Return a date column without the days of the future, and note those before 1995."""
    bounds = pc.min_max(days).as_py()
    if bounds["max"] is not None and bounds["max"] > today:
        future = pc.greater(days, pa.scalar(today)).fill_null(pa.scalar(value=False))
        _each(column, days, future, sheet, findings, in_the_future=True)
        days = pc.if_else(future, pa.scalar(None, pa.date32()), days)
    if bounds["min"] is not None and bounds["min"] < _LONG_AGO:
        old = pc.less(days, pa.scalar(_LONG_AGO)).fill_null(pa.scalar(value=False))
        _each(column, days, old, sheet, findings, in_the_future=False)
    return days


def _each(
    column: str,
    days: pa.Array,
    which: pa.Array,
    sheet: Sheet,
    findings: Findings,
    *,
    in_the_future: bool,
) -> None:
    """Tell the days that a mask names, one issue per distinct day."""
    words = pc.if_else(which, days, pa.scalar(None, pa.date32())).dictionary_encode()
    bad = {code: str(day) for code, day in enumerate(words.dictionary.to_pylist())}
    findings.values(
        column,
        bad,
        Reason("in_the_future" if in_the_future else "before_1995"),
        codes_of(words),
        sheet.lines,
        expected=Reason("past_day" if in_the_future else "purchase_day"),
        severity=Severity.CELL if in_the_future else Severity.NOTE,
    )


DAY_FIRST, MONTH_FIRST = "day first", "month first"

#: Two digits, two digits and four; each mark is the same in the whole column.
_FORM = "##?##?####"
_MARKS = (b"-", b"/", b".")
_MONTHS = 12

#: Years in which no day stands for none (`days` has those that do).
_FIRST_YEAR, _LAST_YEAR = 1971, 2998

_INTS = npt.NDArray[np.int64]


def days_of_one_order(texts: pa.Array) -> tuple[pa.Array, str] | None:
    """Return the days of distinct cells, and their order; None when they need a closer look."""
    if not len(texts) or texts.null_count:
        return None
    bounds = bounds_of(texts)
    if bounds is None or not _has_form(bounds):
        return None
    begin, end = spans_of(texts)[[0, -1]]
    digits = np.frombuffer(content_of(texts), np.uint8)[begin:end].reshape(-1, len(bounds))
    values = digits.astype(np.int64) - ord("0")
    first, second = _number(values[:, 0:2]), _number(values[:, 3:5])
    year = _number(values[:, 6:])
    day_first = bool(((first > _MONTHS) & (second <= _MONTHS)).any())
    month_first = bool(((second > _MONTHS) & (first <= _MONTHS)).any())
    if day_first == month_first or year.min() < _FIRST_YEAR or year.max() > _LAST_YEAR:
        return None
    month, day = (second, first) if day_first else (first, second)
    if month.min() < 1 or month.max() > _MONTHS or day.min() < 1:
        return None
    starts = ((year - 1970) * _MONTHS + month - 1).astype("datetime64[M]")
    days = starts.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    if (days.astype("datetime64[M]") != starts).any():
        return None  # the 31st of a month of thirty days
    return pa.array(days, pa.date32()), DAY_FIRST if day_first else MONTH_FIRST


def _has_form(bounds: Bounds) -> bool:
    """Tell whether all cells are as `_FORM` says."""
    return len(bounds) == len(_FORM) and all(
        is_within(bounds, place, b"0", b"9")
        if form == "#"
        else any(is_within(bounds, place, mark, mark) for mark in _MARKS)
        for place, form in enumerate(_FORM)
    )


def _number(digits: _INTS) -> _INTS:
    """Return the numbers that rows of digits write."""
    places: _INTS = 10 ** np.arange(digits.shape[1] - 1, -1, -1)
    return digits @ places
