"""Amounts: cells of a number column as float64 in one unit.

Input: the cells of a column and the unit of its header.  Output: numbers, null where the cell is
blank, NaN where it holds something that is no number (with an issue).  Decimal and thousands marks
are decided for the whole column; a unit written in a cell is converted; a column that is clean is
cast at once, any other is read by distinct value.

Must not know rows, files or dates.
"""

from __future__ import annotations

import math
import re
import unicodedata

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import DimensionError
from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.number_marks import (
    EITHER,
    PROVED,
    UNDECIDED,
    Marks,
    NumberColumn,
    decide_marks,
    marks_of_columns,
)
from reen.tables.cells.prices import UNSAID, WITH, tax_in
from reen.tables.cells.text import PLACEHOLDERS, UNKNOWN
from reen.tables.cells.units_in_text import POWERS, in_column, read_unit
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet, cast_all, codes_of
from reen.vocabulary import units

__all__ = ["Amounts", "Marks", "decide_marks", "read_amounts", "read_number"]

_NUMBER = pattern(
    r"(?P<sign>[+-]?)\s*(?P<number>\d(?:[\d.,'\u2019 ]*\d)?|[.,]\d+)"
    r"(?P<exponent>[eE][+-]?\d{1,3})?\.?\s*(?P<unit>.*)",
    re.DOTALL | re.ASCII,
)
_CURRENCY_FIRST = pattern(r"(?P<unit>€|EUR)\s*(?P<rest>.+)", re.IGNORECASE)
#: Thousands, always by the same mark.
_GROUPS = pattern(r"\d{1,3}(?:(?P<mark>[ .,'])\d{3}(?:(?P=mark)\d{3})*)", re.ASCII)
_LONE_MARK = pattern(
    r"(?P<whole>\d*|\d{1,3}(?P<groups> \d{3}(?: \d{3})*|'\d{3}(?:'\d{3})*))[.,](?P<decimals>\d+)",
    re.ASCII,
)

#: A whole column of decimal commas, and nothing else.
_COMMA_NUMBERS = r"^[+-]?\d+(,\d+)?$"

#: What a spreadsheet writes of a box that is ticked, and people of what there is.
_YES_OR_NO = frozenset({"true", "false", "vrai", "faux", "oui", "non", "yes", "no"})

_GROUP = 3
#: Marks between digits that are neither comma nor point.
_GROUPED = pattern(r"\d[ '\u2019]\d")


@attrs.frozen(eq=False, repr=False)
class Amounts:
    """A number column.

    Attributes
    ----------
    numbers
        float64 in the unit of the header: null where blank, NaN where it is no number.
    own_unit
        Where a cell has a unit of its own.
    taxes
        What each cell says of value-added tax (see `taxes`); empty where none says anything.
    """

    numbers: pa.Array
    own_unit: npt.NDArray[np.bool_]
    taxes: npt.NDArray[np.int8] = attrs.field(factory=lambda: np.zeros(0, np.int8))


def read_number(text: str, marks: Marks) -> tuple[float, str] | None:
    """Return the number and the words after it, None when `text` is no number.

    Examples
    --------
    >>> read_number("1 234,5 kWh/an", Marks(","))
    (1234.5, 'kWh/an')
    """
    currency = _CURRENCY_FIRST.fullmatch(text)
    if currency:
        text = f"{currency['rest']} {currency['unit']}"
    if not text.isascii() and _has_footnote(text):
        return None
    # full-width digits are digits; those of other scripts are left to a person
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).replace("\u2212", "-"))
    if found is None:
        return None
    number = found["number"].replace("\u2019", "'")
    digits = _plain_digits(number, marks.decimal)
    if digits is None:
        return None
    value = float(f"{found['sign']}{digits}{found['exponent'] or ''}")
    return (value, found["unit"].strip()) if math.isfinite(value) else None


def _has_footnote(text: str) -> bool:
    """Tell whether a raised, lowered or circled digit is in the number itself, as in "12¹"."""
    return any(
        unicodedata.category(mark) == "No" and (text[:at].strip() or "0")[-1].isdecimal()
        for at, mark in enumerate(text)
    )


def _plain_digits(number: str, decimal: str) -> str | None:
    """Return a number with a decimal point and no thousands, None when its groups are wrong."""
    lone = _LONE_MARK.fullmatch(number)
    if lone and (len(lone["decimals"]) != _GROUP or lone["whole"] in ("", "0") or lone["groups"]):
        # No thousands, whatever the column.
        return f"{re.sub('[^0-9]', '', lone['whole']) or '0'}.{lone['decimals']}"
    if decimal == EITHER:
        marks = re.findall("[.,]", number)
        decimal = "" if len(marks) > 1 == len(set(marks)) else ("", *marks)[-1]
    whole, _, decimals = number.partition(decimal or "\0")
    if not (whole.isdigit() or _GROUPS.fullmatch(whole)) or not (decimals or "0").isdigit():
        return None
    return f"{re.sub('[^0-9]', '', whole)}.{decimals or '0'}"


def read_amounts(
    sheet: Sheet, number: NumberColumn, findings: Findings, *, marks: Marks | None = None
) -> Amounts:
    """Return a number column as float64 in the unit of its header.

    Parameters
    ----------
    sheet, number
        The cells, and which column they are.
    findings
        Where the unreadable and the doubtful cells are told.
    marks
        How its numbers are written, when the file tells; else the column alone decides.
    """
    if marks is None:
        marks = marks_of_columns(sheet, [number])[number.position]
    at_once = None
    if not marks.open_marks or (marks.decimal == "." and "," not in marks.open_marks):
        at_once = _cast(sheet.raw(number.position))
    if at_once is None:
        words = sheet.words(number.position)
        distinct = words.dictionary
        by_commas = _cast_with_commas(distinct) if marks.decimal == "," else None
        at_once = None if by_commas is None else by_commas.take(words.indices)
    if at_once is not None:
        if marks.open_marks:
            _tell_open(sheet, number, marks, findings)
        return Amounts(at_once, np.zeros(len(at_once), np.bool_))
    return _read_words(sheet, number, marks, findings)


def _read_words(sheet: Sheet, number: NumberColumn, marks: Marks, findings: Findings) -> Amounts:
    column, unit = number.column, number.unit or number.canonical_unit
    words = sheet.words(number.position)
    found = _read_texts(words.dictionary.to_pylist(), number, unit, marks)
    codes = codes_of(words)
    expected = number.schema[column].expected
    said = {k: text for k, text in found.unreadable.items() if text.casefold() in _YES_OR_NO}
    if column == "quantity" and said:
        # of equipment that is ticked nobody knows how many items there are
        doubt = Severity.DOUBT
        no = Reason("yes_or_no")
        findings.values(column, said, no, codes, sheet.lines, expected=expected, severity=doubt)
        found.unreadable = {k: text for k, text in found.unreadable.items() if k not in said}
    unread = Reason("no_number")
    findings.values(column, found.unreadable, unread, codes, sheet.lines, expected=expected)
    for wrong, cells in found.wrong_units.items():
        reason = Reason("wrong_unit", written=wrong, unit=unit)
        findings.values(column, cells, reason, codes, sheet.lines, expected=expected)
    if marks.open_marks:
        _tell_open(sheet, number, marks, findings)
    if marks.decimal == EITHER:
        _tell_either(sheet, number, found.numbers, findings)
    reason = Reason("with_tax_in_a_column_without")
    findings.values(column, found.with_tax, reason, codes, sheet.lines, expected=expected)
    numbers = pa.array(found.numbers, pa.float64(), from_pandas=False).take(words.indices)
    taxes = np.array([*found.taxes, UNSAID], np.int8)
    return Amounts(
        numbers,
        np.array([*found.own_units, False], np.bool_)[codes],
        taxes[codes] if taxes.any() else taxes[:0],
    )


def _tell_open(sheet: Sheet, number: NumberColumn, marks: Marks, findings: Findings) -> None:
    """Tell how the cells that have two readings were read, unless other cells prove it."""
    if marks.by == PROVED and not marks.contested:
        return
    words = sheet.words(number.position)
    texts = words.dictionary
    cells: dict[str, dict[int, str]] = {}
    for place in marks.open_cells(texts):
        text = texts[place].as_py()
        mark = "," if "," in text else "."
        cells.setdefault(mark, {})[place] = text
    for mark, shown in cells.items():
        code = "mark_is_decimal" if mark == marks.decimal else "mark_is_thousands"
        if marks.doubtful:
            code += "_by_guess" if marks.by == UNDECIDED else "_contested"
        findings.values(
            number.column,
            shown,
            Reason(code, mark=mark),
            codes_of(words),
            sheet.lines,
            expected=Reason("one_decimal_mark") if marks.doubtful else None,
            severity=Severity.DOUBT if marks.doubtful else Severity.NOTE,
        )


def _tell_either(
    sheet: Sheet, number: NumberColumn, read: list[float | None], findings: Findings
) -> None:
    """Note the numbers that are not written with a decimal point alone."""
    words = sheet.words(number.position)
    cells: dict[str, dict[int, str]] = {"decimal_comma": {}, "marks_of_thousands": {}}
    for place, text in enumerate(words.dictionary.to_pylist()):
        value = read[place]
        if value is None or not math.isfinite(value):
            continue
        if _GROUPED.search(text) or text.count(",") + text.count(".") > 1:
            cells["marks_of_thousands"][place] = text
        elif "," in text:
            cells["decimal_comma"][place] = text
    for code, shown in cells.items():
        findings.values(
            number.column,
            shown,
            Reason(code),
            codes_of(words),
            sheet.lines,
            expected=Reason(f"expect_without_{code}"),
            severity=Severity.NOTE,
        )


def _cast(cells: pa.Array) -> pa.Array | None:
    """Return clean numbers at once; None when any cell needs a closer look."""
    numbers = cast_all(cells, pa.float64())
    if numbers is None:
        return None
    # "nan" and "inf" are numbers for Arrow, not for an inventory.
    return numbers if pc.all(pc.is_finite(numbers)).as_py() is not False else None


def _cast_with_commas(texts: pa.Array) -> pa.Array | None:
    if not pc.all(pc.match_substring_regex(texts, _COMMA_NUMBERS)).as_py():
        return None
    return _cast(pc.replace_substring(texts, ",", "."))


@attrs.define(eq=False, repr=False)
class _Texts:
    """What distinct texts hold: numbers in order, faulty texts by place."""

    numbers: list[float | None] = attrs.field(factory=list)
    own_units: list[bool] = attrs.field(factory=list)
    unreadable: dict[int, str] = attrs.field(factory=dict)
    wrong_units: dict[str, dict[int, str]] = attrs.field(factory=dict)
    with_tax: dict[int, str] = attrs.field(factory=dict)
    taxes: list[int] = attrs.field(factory=list)


#: Letters that are typed for a digit: "12O" items are 120, or a slip, and no 12 octets.
_LIKE_DIGITS = frozenset({"o", "l", "i"})


def _read_texts(texts: list[str], number: NumberColumn, unit: str, marks: Marks) -> _Texts:
    result = _Texts()
    for k, text in enumerate(texts):
        value: float | None = np.nan
        own_unit: str | None = ""
        tax = UNSAID
        if text.casefold() in PLACEHOLDERS | UNKNOWN:
            value = None
        else:
            found = read_number(text, marks)
            unit_words = found[1] if found else ""
            if number.canonical_unit.startswith("EUR"):
                unit_words, tax = tax_in(unit_words)
            own_unit = read_unit(unit_words) if unit_words else ""
            if found is None or own_unit is None:
                result.unreadable[k] = text
            else:
                factor = _factor(own_unit, number, unit)
                if tax == WITH and "amount_with_tax" not in number.schema:
                    result.with_tax[k] = text
                elif factor is None and unit_words.casefold() in _LIKE_DIGITS:
                    result.unreadable[k] = text
                elif factor is None:
                    result.wrong_units.setdefault(own_unit, {})[k] = text
                else:
                    value = found[0] * factor
        result.numbers.append(value)
        result.taxes.append(tax)
        result.own_units.append(bool(own_unit))
    return result


def _factor(own_unit: str, number: NumberColumn, unit: str) -> float | None:
    """Return what makes a unit of a cell that of its column, None when nothing does."""
    column = number.column
    if not own_unit:
        return 1.0
    if column == "annual_energy" and own_unit in POWERS:
        return None  # it has the dimension, but nobody means watts all the year round
    own_unit = in_column(own_unit, column, number.schema)
    if own_unit in (unit, unit.replace("/item", "")):
        return 1.0
    try:
        return units.conversion_factor(own_unit, unit, what=f"column {column!r}")
    except DimensionError:
        return None
