"""Cells: the text of a column of records becomes numbers, dates, flags or known words.

Input: a text column and its canonical description.  Output: a typed Arrow column and the issues
found.  Work is done on distinct texts and spread by code, never row by row.  Knows no file.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.issues import Issue
from reen.inventory.schema import Column, ColumnKind
from reen.monitoring.headers import destination
from reen.vocabulary.text import normalise

__all__ = ["Parsed", "parse_column"]

#: What a cell that gives no value holds; what these mean is "not known".
_BLANK = frozenset({"", "n a", "na", "nc", "n c", "nr", "null", "none"})

_YES = frozenset({"yes", "y", "oui", "o", "true", "vrai", "1", "x"})
_NO = frozenset({"no", "n", "non", "false", "faux", "0"})

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d*)?(?:[eE][+-]?\d+)?")
_SPACES = re.compile(r"\s+")

#: "1,234": a decimal comma or a thousands mark, which only the writer knows.
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+")


@attrs.frozen
class Parsed:
    """A typed column and what was odd in it."""

    array: pa.Array
    issues: tuple[Issue, ...] = ()


def parse_column(
    column: Column,
    texts: pa.ChunkedArray,
    *,
    lines: npt.NDArray[np.int64],
    source: str,
    decimal_comma: bool = True,
) -> Parsed:
    """Return the typed form of a text column.

    Parameters
    ----------
    column
        What the cells should be.
    texts
        Cells as written.
    lines
        Line of the file of each row, for messages.
    source
        Name of the file, for messages.
    decimal_comma
        Whether ``1,234`` is a decimal number; else it is ambiguous, and not used.

    Returns
    -------
    Parsed
        float64, date32, boolean or text.  Blank cells are null; an unreadable number is NaN (there
        but unusable), any other unreadable cell is null; both are reported.
    """
    read, target = _reader(column, decimal_comma=decimal_comma)
    encoded = pa.concat_arrays([pa.array([], pa.string()), *texts.chunks]).dictionary_encode()
    words: list[str] = encoded.dictionary.to_pylist()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    found: list[object] = []
    issues: list[Issue] = []
    for code, word in enumerate(words):
        if not word.strip() or (column.kind is not ColumnKind.TEXT and normalise(word) in _BLANK):
            found.append(None)
            continue
        value = read(word)
        if value is None:
            rows = lines[codes == code]
            issues.append(
                Issue(
                    column.name,
                    word,
                    _reason(column, word),
                    expected=column.expected,
                    source=source,
                    rows=tuple(int(row) for row in rows[: Issue.SHOWN]),
                    count=len(rows),
                )
            )
            value = math.nan if column.kind is ColumnKind.NUMBER else None
        found.append(value)
    table = pa.array([*found, None], target, from_pandas=False)
    return Parsed(table.take(pa.array(np.where(codes < 0, len(words), codes))), tuple(issues))


def _reader(
    column: Column, *, decimal_comma: bool
) -> tuple[Callable[[str], object | None], pa.DataType]:
    if column.kind is ColumnKind.NUMBER:
        return (lambda text: _number(text, decimal_comma=decimal_comma)), pa.float64()
    if column.kind is ColumnKind.DATE:
        return _date, pa.date32()
    if column.kind is ColumnKind.BOOLEAN:
        return _flag, pa.bool_()
    if column.kind is ColumnKind.INTEGER:
        return _integer, pa.int64()
    if column.name == "destination":
        return destination, pa.string()
    return str.strip, pa.string()


def _reason(column: Column, word: str) -> str:
    if column.kind is ColumnKind.NUMBER and _AMBIGUOUS.fullmatch(word.strip()):
        return "may be a decimal number or thousands (write 1234 or 1.234)"
    what = {
        ColumnKind.NUMBER: "a number",
        ColumnKind.DATE: "a date",
        ColumnKind.BOOLEAN: "yes or no",
        ColumnKind.INTEGER: "a whole number",
    }
    return f"is not {what.get(column.kind, 'known')}"


def _number(text: str, *, decimal_comma: bool) -> float | None:
    """Return a number written the French or the English way, or None."""
    bare = _SPACES.sub("", text).removesuffix("€").removeprefix("€")
    if not decimal_comma and _AMBIGUOUS.fullmatch(bare):
        return None
    if "," in bare and "." in bare:  # the last of the two marks the decimals
        thousands = "," if bare.rindex(".") > bare.rindex(",") else "."
        bare = bare.replace(thousands, "")
    if not _NUMBER.fullmatch(bare):
        return None
    value = float(bare.replace(",", "."))
    return value if math.isfinite(value) else None


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,18}", text.strip()) else None


def _date(text: str) -> dt.date | None:
    """Return a day written 2022-12-31 or 31/12/2022 (day first), or None."""
    bare = text.strip()
    for form, order in ((_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
        match = form.fullmatch(bare)
        if match:
            year, month, day = (int(match.group(k)) for k in order)
            try:
                return dt.date(year, month, day)
            except ValueError:
                return None
    return None


def _flag(text: str) -> bool | None:
    word = normalise(text)
    if word in _YES:
        return True
    return False if word in _NO else None
