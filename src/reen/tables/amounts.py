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
from collections.abc import Iterable

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import DimensionError
from reen.inventory.issues import Severity
from reen.inventory.schema import EQUIPMENT
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet, cast_all, codes_of
from reen.tables.text_cells import PLACEHOLDERS, UNKNOWN
from reen.tables.units_in_text import in_column, read_unit
from reen.vocabulary import units

__all__ = ["Marks", "decide_marks", "read_amounts", "read_number"]

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<number>\d(?:[\d.,'\u2019 ]*\d)?|[.,]\d+)"
    r"(?P<exponent>[eE][+-]?\d{1,3})?\.?\s*(?P<unit>.*)",
    re.DOTALL | re.ASCII,
)
_CURRENCY_FIRST = re.compile(r"(?P<unit>€|EUR)\s*(?P<rest>.+)", re.IGNORECASE)
#: Thousands, always by the same mark.
_GROUPS = re.compile(r"\d{1,3}(?:(?P<mark>[ .,'])\d{3}(?:(?P=mark)\d{3})*)", re.ASCII)
_LONE_MARK = re.compile(
    r"(?P<whole>\d*|\d{1,3}(?P<groups> \d{3}(?: \d{3})*|'\d{3}(?:'\d{3})*))[.,](?P<decimals>\d+)",
    re.ASCII,
)

#: A whole column of decimal commas that leaves no doubt, and what proves it.
_COMMA_NUMBERS = r"^[+-]?\d+(,\d+)?$"
_PROOF_OF_COMMA = r",(\d{1,2}|\d{4,})$|^[+-]?0,"

_GROUP = 3


@attrs.frozen
class Marks:
    """How the numbers of a column are written.

    Attributes
    ----------
    decimal
        The decimal mark; the other one separates thousands.
    doubtful
        Whether nothing but cells such as ``4,096`` says so.
    """

    decimal: str = "."
    doubtful: bool = False


def decide_marks(texts: Iterable[str]) -> Marks:
    """Return how the numbers among `texts` are written.

    A mark followed by other than three digits, or after a lone zero, or last of two kinds, is the
    decimal one; a mark that comes twice in a number separates thousands.  A comma that three
    digits always follow separates thousands (4,096 is 4096), which is flagged when nothing else
    in the column proves it.
    """
    proofs = {",": 0, ".": 0}
    groups = {",": 0, ".": 0}
    for text in texts:
        found = _NUMBER.match(text)
        number = found["number"] if found else ""
        marks = [c for c in number if c in ",."]
        if not marks:
            continue
        last = marks[-1]
        whole, _, decimals = number.rpartition(last)
        if len(set(marks)) > 1 or not whole.replace(".", "").replace(",", "").isdigit():
            proofs[last] += 1
        elif len(marks) > 1:
            proofs["." if last == "," else ","] += 1
        elif len(decimals) != _GROUP or whole in ("", "0"):
            proofs[last] += 1
        else:
            groups[last] += 1
    if proofs[","] > proofs["."]:
        return Marks(",")
    return Marks(".", doubtful=bool(groups[","]) and proofs[","] == proofs["."])


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


def _plain_digits(number: str, decimal: str) -> str | None:
    """Return a number with a decimal point and no thousands, None when its groups are wrong."""
    lone = _LONE_MARK.fullmatch(number)
    if lone and (len(lone["decimals"]) != _GROUP or lone["whole"] in ("", "0") or lone["groups"]):
        # No thousands, whatever the column.
        return f"{re.sub('[^0-9]', '', lone['whole']) or '0'}.{lone['decimals']}"
    whole, _, decimals = number.partition(decimal)
    if not (whole.isdigit() or _GROUPS.fullmatch(whole)) or not (decimals or "0").isdigit():
        return None
    return f"{re.sub('[^0-9]', '', whole)}.{decimals or '0'}"


def read_amounts(
    sheet: Sheet, position: int, column: str, unit: str, findings: Findings
) -> tuple[pa.Array, Marks]:
    """Return a number column as float64 in `unit`, and how its numbers are written.

    Parameters
    ----------
    sheet, position
        The cells.
    column
        Canonical column.
    unit
        Unit of the header, or the canonical one.
    findings
        Where the unreadable cells are told.
    """
    at_once = _cast(sheet.raw(position))
    if at_once is not None:
        return at_once, Marks()
    words = sheet.words(position)
    distinct = words.dictionary
    at_once = _cast_with_commas(distinct)
    if at_once is not None:
        return at_once.take(words.indices), Marks(",")
    texts = distinct.to_pylist()
    marks = decide_marks(texts)
    numbers, unreadable, wrong_units = _read_texts(texts, column, unit, marks)
    codes = codes_of(words)
    expected = EQUIPMENT[column].expected
    findings.values(column, unreadable, "is no number", codes, sheet.lines, expected=expected)
    for wrong, cells in wrong_units.items():
        reason = f"is in {wrong!r}, which cannot be converted to {unit!r}"
        findings.values(column, cells, reason, codes, sheet.lines, expected=expected)
    if marks.doubtful:
        doubtful = {k: text for k, text in enumerate(texts) if "," in text}
        findings.values(
            column,
            doubtful,
            "has a comma before three digits, read as thousands",
            codes,
            sheet.lines,
            expected="a decimal point if it is a decimal mark",
            severity=Severity.NOTE,
        )
    return pa.array(numbers, pa.float64(), from_pandas=False).take(words.indices), marks


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
    if not pc.any(pc.match_substring_regex(texts, _PROOF_OF_COMMA)).as_py():
        return None
    return _cast(pc.replace_substring(texts, ",", "."))


def _read_texts(
    texts: list[str], column: str, unit: str, marks: Marks
) -> tuple[list[float | None], dict[int, str], dict[str, dict[int, str]]]:
    """Return (numbers, unreadable texts by place, texts by wrong unit and place)."""
    numbers: list[float | None] = []
    unreadable: dict[int, str] = {}
    wrong_units: dict[str, dict[int, str]] = {}
    for k, text in enumerate(texts):
        if text.casefold() in PLACEHOLDERS | UNKNOWN:
            numbers.append(None)
            continue
        found = read_number(text, marks)
        own_unit = read_unit(found[1]) if found and found[1] else ""
        if found is None or own_unit is None:
            unreadable[k] = text
            numbers.append(np.nan)
            continue
        try:
            factor = _factor(own_unit, column, unit)
        except DimensionError:
            wrong_units.setdefault(own_unit, {})[k] = text
            numbers.append(np.nan)
            continue
        numbers.append(found[0] * factor)
    return numbers, unreadable, wrong_units


def _factor(own_unit: str, column: str, unit: str) -> float:
    if not own_unit:
        return 1.0
    own_unit = in_column(own_unit, column)
    if own_unit in (unit, unit.replace("/item", "")):
        return 1.0
    return units.conversion_factor(own_unit, unit, what=f"column {column!r}")
