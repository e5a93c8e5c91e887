"""Ordered days: a whole column of dd/mm/yyyy or mm/dd/yyyy, read at once.

Input: the distinct cells of a date column.  Output: their days, when every cell has two digits, two
digits and four, the column proves one order, and every day is one of the calendar; else None, and
the cells are read one by one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.bounds import Bounds, bounds_of, content_of, is_within, spans_of

__all__ = ["DAY_FIRST", "MONTH_FIRST", "days_of_one_order"]

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
