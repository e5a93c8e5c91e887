"""Rows of numbers: what stands below a list of assets and counts or adds up its rows.

Input: the rows of a list without quantities, and what its columns are.  Output: rows that count the
assets of a type ("PC portable", and 6 below the models), and rows that hold nothing but the sums of
columns that nothing knows (rents, page counters); those that may be such rows are doubted.

Must not drop anything: `kinds` does.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.amounts import read_amounts
from reen.tables.cells.number_marks import NumberColumn, marks_of_columns
from reen.tables.findings import Findings
from reen.tables.headers.headings import Headings
from reen.tables.rows.columns import Columns
from reen.tables.sheet import Sheet

__all__ = ["counts_of_types", "sums_of_unread"]

#: Last rows that are looked at, more than there are types; and cells of a row that counts.
_LAST, _CELLS = 500, 2

_COUNT = pattern(r"\d{1,5}")
_NUMBER = pattern(r"[+-]?\d[\d .,'\u00a0\u202f]*")

#: Two sums that differ by less are the same, written and computed.
_SAME = 1e-6

_MASK = npt.NDArray[np.bool_]


def counts_of_types(sheet: Sheet, columns: Columns, looked: _MASK, findings: Findings) -> _MASK:
    """Return the last rows of a list, where they count its assets type by type.

    Each fills its type and a number, in a column of words.  Where the numbers are others, they may
    be the models of some assets: these rows are doubted.

    Parameters
    ----------
    sheet, columns
        The rows, and where their kinds of columns stand.
    looked
        Shape (rows,): the rows that may be assets.
    findings
        Where they are told.
    """
    none = np.zeros(len(sheet), np.bool_)
    if columns.quantity is not None or not columns.types:
        return none
    rows = np.flatnonzero(looked)
    last = rows[-_LAST:]
    kinds = sheet.words(columns.types[0])
    others = [position for position in columns.positions if position != columns.types[0]]
    types, *cells = (
        words.take(pa.array(last)).to_pylist() for words in (kinds, *map(sheet.words, others))
    )
    counts: dict[str, int] = {}
    place = -1
    for row in reversed(range(len(last))):
        filled = [k for k, column in enumerate(cells) if column[row]]
        text = cells[filled[0]][row] if len(filled) == _CELLS - 1 else ""
        kind = types[row]
        counted = kind and kind not in counts and _COUNT.fullmatch(text)
        if not counted or place not in (-1, filled[0]):
            break
        place = filled[0]
        counts[kind] = int(text)
    listed = rows[: len(rows) - len(counts)]
    if not counts or not len(listed):
        return none
    above = sheet.words(others[place]).take(pa.array(listed)).to_pylist()
    if any(_COUNT.fullmatch(text or "") for text in above):
        return none
    numbers = Counter(kinds.take(pa.array(listed)).to_pylist())
    right = all(numbers[kind] == count for kind, count in counts.items())
    if len(counts) == 1 and not (right and numbers.keys() == counts.keys()):
        return none  # the model of one asset
    found = none.copy()
    found[rows[len(listed) :]] = True
    findings.rows(
        "",
        ", ".join(f"{kind} {n}" for kind, n in reversed(counts.items())),
        Reason("counts_of_types" if right else "maybe_counts_of_types"),
        sheet.lines[found],
        expected=None if right else Reason("expect_counts_apart"),
        severity=Severity.NOTE if right else Severity.DOUBT,
    )
    return found if right else none


def sums_of_unread(
    sheet: Sheet,
    headings: Headings,
    columns: Columns,
    looked: _MASK,
    findings: Findings,
) -> _MASK:
    """Return the rows that fill nothing but columns that nothing knows, with the sums of these.

    Where they are no sums, a row is counted all the same, and doubted.

    Parameters
    ----------
    sheet, headings, columns
        The rows, and what their columns are.
    looked
        Shape (rows,): the rows that may be assets.
    findings
        Where they are told.
    """
    bare = looked.copy()
    known = [each.position for group in headings.columns.values() for each in group]
    for position in (*known, *(each.position for each in headings.personal)):
        if not bare.any():
            return bare
        bare &= ~sheet.filled(position)
    rows = np.flatnonzero(bare)
    numbers = [
        each.position
        for each in headings.kept.values()
        if _holds_numbers(sheet, each.position, rows)
    ]
    for position in set(columns.positions) - set(numbers):
        bare &= ~sheet.filled(position)
    if not numbers or not bare.any():
        return np.zeros(len(sheet), np.bool_)
    read = [NumberColumn("quantity", position) for position in numbers]
    marks = marks_of_columns(sheet, read, usual="," if headings.language == "fr" else ".")
    unheard = Findings("")  # what is no number there is no fault
    values = [
        np.nan_to_num(
            numpy_of(read_amounts(sheet, each, unheard, marks=marks[each.position]).numbers)
        )
        for each in read
    ]
    listed = looked & ~bare
    found = np.zeros(len(sheet), np.bool_)
    for row in np.flatnonzero(bare).tolist():
        filled = [column for column in values if column[row]]
        above = listed[:row].nonzero()[0]
        found[row] = bool(filled) and all(
            abs(column[above].sum() - column[row]) < _SAME for column in filled
        )
    findings.rows(
        "",
        "",
        Reason("row_of_numbers"),
        sheet.lines[bare & ~found],
        expected=Reason("type_and_quantity"),
        severity=Severity.DOUBT,
    )
    return found


def _holds_numbers(sheet: Sheet, position: int, rows: npt.NDArray[np.intp]) -> bool:
    words = sheet.words(position).take(pa.array(rows)).to_pylist()
    filled = [word for word in words if word]
    return bool(filled) and all(map(_NUMBER.fullmatch, filled))
