"""Cells of the NumEcoEval files: numbers, days and closed words, decided on distinct values.

Input: one column of a sheet.  Output: an Arrow array, with null where a cell is blank and, for
numbers, NaN where it holds something that cannot be used, so that a method never takes a wrong
value for a missing one.  Everything odd becomes an issue.

The forms are those that the publisher's own loader takes: four for dates, a decimal comma or point
for numbers.  Must not know files or links between them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen import Column, Severity
from reen.tables.amounts import Marks, decide_marks, read_number
from reen.tables.days import DayKind, as_date, read_day
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet, codes_of, recode
from reen.tables.text_cells import PLACEHOLDERS, UNKNOWN

__all__ = ["read_date_cells", "read_numbers", "resolved", "where_true"]

Texts = Sequence[str]

_DATE_FORMS = re.compile(r"\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?|\d\d?/\d\d?/\d{4}|\d{8}")
_DATE_EXPECTED = "a day of the calendar as 2020-07-08, 08/07/2020, 20200708 or 2020/07/08"

#: Marks between thousands that are neither comma nor point.
_GROUPED = re.compile("[ '\u2019]")

#: Days between which a column of ISO dates needs no closer look: outside stand fillers.
_SOUND = (dt.date(1970, 1, 1), dt.date(2999, 12, 31))


def read_numbers(sheet: Sheet, position: int, column: Column, findings: Findings) -> pa.Array:
    """Return a number column as float64: null for blank, NaN for what is no number or out of range.

    Parameters
    ----------
    sheet, position
        The cells.
    column
        Canonical column, for its range and for messages.
    findings
        Where unreadable cells, cells out of range and decimal commas are told.
    """
    at_once = _cast_numbers(sheet.raw(position))
    if at_once is not None and not _outside(_as_numpy(at_once), column).any():
        return at_once
    words = sheet.words(position)
    texts = words.dictionary.to_pylist()
    marks = decide_marks(texts)
    values = np.full(len(texts), np.nan)
    blank = np.zeros(len(texts), np.bool_)
    for k, text in enumerate(texts):
        if text.casefold() in PLACEHOLDERS | UNKNOWN:
            blank[k] = True
            continue
        found = _read(text, marks)
        values[k] = np.nan if found is None else found
    unreadable = np.isnan(values) & ~blank
    outside = _outside(values, column)
    codes, lines = codes_of(words), sheet.lines
    expected = column.expected
    for mask, reason in ((unreadable, "is no number"), (outside, "is out of range")):
        bad = {int(k): texts[k] for k in np.flatnonzero(mask)}
        findings.values(column.name, bad, reason, codes, lines, expected=expected)
    used = ~(unreadable | outside | blank)
    _tell_marks(texts, used, column, sheet, codes, findings)
    values[outside] = np.nan
    return pa.array(values, pa.float64(), mask=blank, from_pandas=False).take(words.indices)


def _cast_numbers(cells: pa.Array) -> pa.Array | None:
    try:
        numbers = cells.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    # "nan" and "inf" are numbers for Arrow, not for an inventory
    return numbers if pc.all(pc.is_finite(numbers)).as_py() is not False else None


def _as_numpy(numbers: pa.Array) -> npt.NDArray[np.float64]:
    values: npt.NDArray[np.float64] = numbers.to_numpy(zero_copy_only=False)
    return values


def _outside(values: npt.NDArray[np.float64], column: Column) -> npt.NDArray[np.bool_]:
    """Return where values are outside the column's range; NaN is not."""
    outside = np.isinf(values)
    if column.minimum is not None:
        low = values <= column.minimum if column.exclusive else values < column.minimum
        outside |= low
    if column.maximum is not None:
        outside |= values > column.maximum
    return outside


def _read(text: str, marks: Marks) -> float | None:
    """Return the number that a cell holds, None when it holds none or has words after it.

    A single comma or point is a decimal mark, whatever stands in the rest of the column: these
    files know no marks between thousands but spaces.
    """
    if text.count(",") + text.count(".") == 1:
        text, marks = text.replace(",", "."), Marks()
    found = read_number(text, marks)
    return found[0] if found is not None and not found[1] else None


def _tell_marks(
    texts: Texts,
    used: npt.NDArray[np.bool_],
    column: Column,
    sheet: Sheet,
    codes: npt.NDArray[np.int32],
    findings: Findings,
) -> None:
    """Note the numbers that are not written with a decimal point alone."""
    commas: dict[int, str] = {}
    groups: dict[int, str] = {}
    for k in np.flatnonzero(used).tolist():
        text = texts[k]
        if _GROUPED.search(text) or text.count(",") + text.count(".") > 1:
            groups[k] = text
        elif "," in text:
            commas[k] = text
    for bad, reason, expected in (
        (commas, "has a decimal comma, read as a decimal point", "a decimal point, as in 1.8"),
        (groups, "has marks between thousands, read as one number", "digits only, as in 1200"),
    ):
        findings.values(
            column.name,
            bad,
            reason,
            codes,
            sheet.lines,
            expected=expected,
            severity=Severity.NOTE,
        )


def read_date_cells(sheet: Sheet, position: int, column: Column, findings: Findings) -> pa.Array:
    """Return a date column as date32: null for blank, for fillers, and for what is no day."""
    at_once = _cast_days(sheet.raw(position))
    if at_once is not None:
        return at_once
    words = sheet.words(position)
    texts = words.dictionary.to_pylist()
    days: list[dt.date | None] = []
    bad: dict[int, str] = {}
    fillers: dict[int, str] = {}
    for k, text in enumerate(texts):
        day, filler = _day(text)
        days.append(day)
        if day is None:
            (fillers if filler else bad)[k] = text
    codes = codes_of(words)
    findings.values(column.name, bad, "is no date", codes, sheet.lines, expected=_DATE_EXPECTED)
    findings.values(
        column.name,
        fillers,
        "stands for no date, read as blank",
        codes,
        sheet.lines,
        severity=Severity.NOTE,
    )
    return pa.array(days, pa.date32()).take(words.indices)


def _cast_days(cells: pa.Array) -> pa.Array | None:
    try:
        days = cells.cast(pa.date32())
    except pa.ArrowInvalid:
        return None
    bounds = pc.min_max(days).as_py()
    if bounds["min"] is None:
        return days
    return days if _SOUND[0] < bounds["min"] and bounds["max"] < _SOUND[1] else None


def _day(text: str) -> tuple[dt.date | None, bool]:
    """Return the day that `text` names, and whether it is a filler such as 9999-12-31."""
    if text.casefold() in PLACEHOLDERS | UNKNOWN:
        return None, True
    if not _DATE_FORMS.fullmatch(text):
        return None, False
    day = read_day(text)
    if day.kind is DayKind.DATE:
        return as_date(day.year, day.first, day.second), False
    if day.kind is DayKind.ORDERED:  # dd/MM/yyyy is the only form with the year last
        return as_date(day.year, day.second, day.first), False
    return None, day.kind is DayKind.FILLER


def resolved(
    words: pa.DictionaryArray, resolve: Callable[[str], str | None]
) -> tuple[pa.DictionaryArray, Mapping[int, str]]:
    """Return what each word resolves to, and the words that resolve to nothing, by their code."""
    texts = words.dictionary.to_pylist()
    found = [resolve(text) for text in texts]
    unknown = {k: text for k, text in enumerate(texts) if found[k] is None}
    return recode(words, pa.array(found, pa.string())), unknown


def where_true(mask: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return where a boolean column is true; null is not."""
    found: npt.NDArray[np.bool_] = pc.fill_null(mask, fill_value=False).to_numpy(
        zero_copy_only=False
    )
    return found.astype(np.bool_, copy=False)
