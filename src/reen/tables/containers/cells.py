"""Native cells to text that no reader of numbers can take for something else.

A spreadsheet's 30.125 would read as thirty thousand in a file of French numbers: a number with
exactly three decimals gets a fourth.  Whole numbers have no point, nothing is ever in scientific
notation (it would destroy an IMEI), days are ISO days, an error stays visible.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of, texts_of
from reen.patterns import pattern

__all__ = ["NOT_CALCULATED", "cell_text", "join_text", "literal_text", "number_text", "text_column"]

#: Text of the cell of a formula that was never calculated: the file does not hold its value.
NOT_CALCULATED = "#FORMULA!"

#: Beyond it, a float no longer tells one whole number from the next.
_EXACT = float(1 << 53)
#: Digits that a spreadsheet keeps and shows: 0.1 + 0.2 is 0.3 there, as in the CSV that it saves.
_DIGITS = 15
#: An exponent is written out up to here; beyond, the text is left as it is, and is no number.
_ZEROS = 40

_LITERAL = pattern(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?", re.ASCII)


def number_text(value: float) -> str:
    """Return a spreadsheet's number as text.

    Examples
    --------
    >>> number_text(2.0), number_text(30.125), number_text(3.56789012345678e14)
    ('2', '30.1250', '356789012345678')
    """
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - not a number
        return str(value)
    if value == int(value) and abs(value) < 10.0**_ZEROS:
        return str(int(value))
    return literal_text(format(value, f".{_DIGITS}g"))


def literal_text(literal: str) -> str:
    """Return a number of JSON, as written there, as text with a plain point and no exponent.

    Examples
    --------
    >>> literal_text("30.125"), literal_text("12.0"), literal_text("1e-05")
    ('30.1250', '12', '0.00001')
    """
    parts = _LITERAL.fullmatch(literal)
    if parts is None:
        return literal
    sign, whole, decimals, exponent = parts.groups()
    if exponent is not None:
        if abs(int(exponent)) > _ZEROS:
            return literal
        plain = _LITERAL.fullmatch(format(Decimal(literal), "f"))
        if plain is None:
            return literal
        sign, whole, decimals, _ = plain.groups()
    if decimals is None or not decimals.strip("0"):
        return "0" if not whole.strip("0") else sign + whole
    return f"{sign}{whole}.{decimals}{'0' if len(decimals) == len('125') else ''}"


def cell_text(value: object) -> str | None:
    """Return a cell of a workbook as text; None for a blank one."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return _time_text(value)
    return str(value)


def _time_text(value: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime):
        # Serials are binary fractions of a day: half a second more or less is their own noise.
        whole = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return str(whole.date()) if whole.time() == dt.time() else whole.isoformat()
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return value.replace(microsecond=0).isoformat() if isinstance(value, dt.time) else str(value)


def join_text(values: Sequence[str | None]) -> str | None:
    """Return several values of one cell as one text; None if all are blank."""
    filled = [value for value in values if value]
    return "; ".join(filled) if filled else None


def text_column(values: Sequence[object]) -> pa.Array:
    """Return the cells of (a part of) a column as an Arrow string array; blanks are null."""
    kinds = set(map(type, values))
    if kinds == {str}:
        cells = texts_of(cast("Sequence[str]", values))
    elif kinds == {float}:
        return _numbers(pa.array(values, pa.float64()))
    else:
        cells = texts_of(
            [value if isinstance(value, str) else cell_text(value) for value in values]
        )
    if "" in values:
        cells = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
    return cells


def _numbers(values: pa.Array) -> pa.Array:
    found = numpy_of(values)
    if (np.abs(found) < _EXACT).all() and (found == np.floor(found)).all():
        return values.cast(pa.int64()).cast(pa.string())
    distinct = values.dictionary_encode()
    texts = pa.array(list(map(number_text, distinct.dictionary.to_pylist())), pa.string())
    return texts.take(distinct.indices)
