"""Short rows: those whose trailing blank cells the writer left out.

Input: the rows that fit the header and those that do not.  Output: the rows with the short ones
completed where that is the only reading; the others stay misfits.  Some programs (Excel by blocks
of 16 rows, libraries for workbooks) stop a row after its last filled cell; people instead leave a
value out in the middle, which shifts the rest.  What each column holds tells one from the other.

Converts no cell, and tells nothing.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.inventory.schema import Column, ColumnKind
from reen.patterns import pattern
from reen.tables.cells.text import PLACEHOLDERS
from reen.tables.delimited.dialect import Dialect, split_record
from reen.tables.delimited.records import Misfit, Records
from reen.tables.headers.headings import Headings
from reen.tables.rows.mending import matters
from reen.tables.rows.totals import is_total_label

__all__ = ["Completed", "complete_short_rows"]

#: Rows from which it is learnt what a column holds, and share of its cells that must agree.
_LEARNT_FROM, _SHARE = 2000, 0.95

#: Text columns that never hold a bare number.
_WORDS = frozenset({"equipment_type", "manufacturer", "status", "country", "entity", "site"})

_NUMBER = pattern(r"[-+~<>≈(]*\s*\d[\d\s.,'\u00a0\u202f]*(?:[eE][-+]?\d+)?\s*[^\d\s]{0,8}\s*\)?")
_DIGITS, _LETTERS = pattern(r"[0-9]+"), pattern(r"[^\W\d_]+")
_DATE = pattern(r".*\d.*", re.DOTALL)


class _Holds(enum.IntEnum):
    """What a column holds."""

    NUMBERS = 1
    DATES = 2
    WORDS = 3
    ANYTHING = 4


class _Verdict(enum.Enum):
    """What the cells of a short row show."""

    #: Only the end can be missing.
    COMPLETE = 1
    #: The end or another place may be missing.
    UNDECIDED = 2
    #: Another place is missing, or nothing fits.
    SHIFTED = 3


@attrs.frozen(eq=False, repr=False)
class Completed:
    """Short rows that were completed with blanks.

    Attributes
    ----------
    certain
        Those that can be read in no other way.
    doubtful
        Those completed because others of the file are, and those that lost their quantity.
    """

    certain: tuple[Misfit, ...] = ()
    doubtful: tuple[Misfit, ...] = ()


def complete_short_rows(
    records: Records, dialect: Dialect, headings: Headings
) -> tuple[Records, Completed]:
    """Return rows, some of another length, with those that can only be read in one way.

    Rows longer than the header lose their surplus cells when these are blank.  A row that may have
    lost its end or another cell is completed when other rows show that the writer leaves out
    trailing blanks, and no row shows the contrary.

    Parameters
    ----------
    records, dialect, headings
        The rows, how the text is laid out, and what its columns are.

    Returns
    -------
    tuple
        The rows, whose misfits are those that remain, and the short ones among them.
    """
    width = len(dialect.header)
    judge = _Judge(records, headings, width)
    cut: dict[int, list[str]] = {}
    verdicts: dict[_Verdict, list[int]] = {verdict: [] for verdict in _Verdict}
    cells: dict[int, list[str]] = {}
    evidence = 0
    for k, misfit in enumerate(records.misfits):
        found = _cells_of(misfit, dialect.delimiter, quoted=records.quoted)
        if len(found) > width:
            if not any(cell.strip() for cell in found[width:]):
                cut[k] = found[:width]
            continue
        if len(found) == width or not any(cell.strip() for cell in found):
            continue
        cells[k] = found
        verdict = judge.verdict(found)
        verdicts[verdict].append(k)
        evidence += verdict is _Verdict.COMPLETE and not _is_aside(found)
    if verdicts[_Verdict.UNDECIDED]:
        # A writer that keeps blanks between cells has left none out there.
        evidence += judge.keeps_blanks
    undecided = set(verdicts[_Verdict.UNDECIDED])
    chosen = set(verdicts[_Verdict.COMPLETE]) if evidence else set()
    if evidence and not verdicts[_Verdict.SHIFTED]:
        chosen.update(undecided)
    added = cut | {k: [*cells[k], *[""] * (width - len(cells[k]))] for k in chosen}
    quantity = min((each.position for each in headings.columns.get("quantity", ())), default=-1)
    doubtful = {
        k
        for k in chosen
        if k in undecided or (quantity >= len(cells[k]) and not _is_aside(cells[k]))
    }
    completed = Completed(
        tuple(records.misfits[k] for k in sorted(chosen - doubtful)),
        tuple(records.misfits[k] for k in sorted(doubtful)),
    )
    return _with_rows(records, added), completed


def _cells_of(misfit: Misfit, delimiter: str, *, quoted: bool) -> list[str]:
    text = misfit.text.rstrip("\r\n")
    return split_record(text, delimiter) if quoted else text.split(delimiter)


def _is_aside(cells: Sequence[str]) -> bool:
    """Tell whether a short row is a remark or a total, which shows nothing of the writer."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 or is_total_label(filled[0])


class _Judge:
    """What the columns hold, and so where a cell may stand."""

    def __init__(self, records: Records, headings: Headings, width: int) -> None:
        self._width = width
        self._first_rows = [
            records.columns[position].slice(0, _LEARNT_FROM) for position in sorted(records.columns)
        ]
        self._learnt = {
            position: [cell for cell in column.slice(0, _LEARNT_FROM).to_pylist() if cell]
            for position, column in records.columns.items()
        }
        # A remark or a place that stands in the wrong column changes no figure.
        self._last_at_stake = max(
            (
                heading.position
                for column, group in headings.columns.items()
                if matters(column, headings.wording.schema)
                for heading in group
            ),
            default=-1,
        )
        canonical = {
            heading.position: headings.wording.schema[column]
            for column, group in headings.columns.items()
            for heading in group
        }
        self._holds = [
            _what_is_held(canonical.get(position), self._learnt.get(position, ()))
            for position in range(width)
        ]
        self._shapes: dict[tuple[tuple[_Holds, ...], ...], tuple[bool, list[tuple[int, int]]]] = {}
        self._seen = functools.cache(self._values_seen)

    def _values_seen(self, position: int) -> frozenset[str]:
        cells = [cell.strip() for cell in self._learnt.get(position, ())]
        return frozenset(cells).union(filter(None, map(_pattern, cells)))

    @property
    def keeps_blanks(self) -> bool:
        """Tell whether a row has a blank cell and a filled one after it."""
        blank_before = np.zeros(0, np.bool_)
        for column in self._first_rows:
            valid = np.asarray(numpy_of(column.is_valid()), np.bool_)
            blank_before = ~valid if not len(blank_before) else blank_before
            if (blank_before & valid).any():
                return True
            blank_before = blank_before | ~valid
        return False

    def verdict(self, cells: Sequence[str]) -> _Verdict:
        """Return what the cells of a short row show."""
        shape = tuple(map(_shape, cells))
        if shape not in self._shapes:
            self._shapes[shape] = self._readings(shape)
        fits, shifts = self._shapes[shape]
        if not fits:
            return _Verdict.SHIFTED
        if not shifts:
            return _Verdict.COMPLETE
        here = self._support(cells, 0, 0)
        there = max(self._support(cells, place, by) for place, by in shifts)
        if here > there:
            return _Verdict.COMPLETE
        return _Verdict.UNDECIDED if here == there else _Verdict.SHIFTED

    def _readings(
        self, shape: tuple[tuple[_Holds, ...], ...]
    ) -> tuple[bool, list[tuple[int, int]]]:
        """Return whether the cells fit as they are, and the shifts (place, by) that fit as well."""
        missing = self._width - len(shape)
        filled = [k for k, each in enumerate(shape) if each]
        fits = all(self._holds[k] in shape[k] for k in filled)
        shifts: list[tuple[int, int]] = []
        if not fits:
            return fits, shifts
        for by in sorted({1, missing}):
            # From the end: once a cell does not fit where it is shifted to, no earlier shift does.
            for place in reversed(filled):
                if place > self._last_at_stake:
                    continue
                if self._holds[place + by] not in shape[place]:
                    break
                shifts.append((place, by))
        return fits, shifts

    def _support(self, cells: Sequence[str], place: int, by: int) -> int:
        """Return what speaks for a reading, the cells from `place` being shifted.

        A cell that stands in a column of numbers or dates counts one, a value seen before another,
        and so does a code made like those seen before (serial numbers differ, but look alike).
        """
        support = 0
        for k, cell in enumerate(cells):
            if cell.strip():
                position = k + by if k >= place else k
                support += self._holds[position] in {_Holds.NUMBERS, _Holds.DATES}
                support += cell.strip() in self._seen(position)
                support += _pattern(cell.strip()) in self._seen(position)
        return support


@functools.lru_cache(maxsize=4096)
def _pattern(cell: str) -> str:
    """Return how a code of letters and digits is made, empty for words and numbers."""
    shape = _LETTERS.sub("A", _DIGITS.sub("9", cell))
    return f"like {shape}" if "9" in shape and "A" in shape else ""


@functools.lru_cache(maxsize=4096)
def _shape(cell: str) -> tuple[_Holds, ...]:
    """Return the kinds of column in which a cell may stand; none for a blank one."""
    cell = cell.strip().strip('"').strip()
    if not cell:
        return ()
    if cell.casefold() in PLACEHOLDERS:
        return tuple(_Holds)
    if _NUMBER.fullmatch(cell):
        return (_Holds.NUMBERS, _Holds.DATES, _Holds.ANYTHING)
    if _DATE.fullmatch(cell):
        return (_Holds.DATES, _Holds.WORDS, _Holds.ANYTHING)
    return (_Holds.WORDS, _Holds.ANYTHING)


def _what_is_held(column: Column | None, cells: Sequence[str]) -> _Holds:
    kind = None if column is None else column.kind
    if kind is ColumnKind.NUMBER:
        return _Holds.NUMBERS
    if kind in (ColumnKind.DATE, ColumnKind.TIMESTAMP):
        return _Holds.DATES
    if not cells:
        return _Holds.WORDS if column is not None and column.name in _WORDS else _Holds.ANYTHING
    numbers = sum(_Holds.WORDS not in _shape(cell) for cell in cells) / len(cells)
    if numbers >= _SHARE:
        return _Holds.NUMBERS
    return _Holds.WORDS if numbers <= 1 - _SHARE else _Holds.ANYTHING


def _with_rows(records: Records, added: Mapping[int, Sequence[str]]) -> Records:
    """Return records with some misfits among the rows, in the order of the file."""
    if not added:
        return records
    places = sorted(added)
    lines = np.append(records.lines, [records.misfits[k].line for k in places]).astype(np.int64)
    order = np.argsort(lines, kind="stable")
    columns = {}
    for position, column in records.columns.items():
        new = pa.array([added[k][position] or None for k in places], pa.string())
        columns[position] = pa.concat_arrays([column, new]).take(pa.array(order))
    remaining = tuple(each for k, each in enumerate(records.misfits) if k not in added)
    ordered: npt.NDArray[np.int64] = lines[order]
    return attrs.evolve(records, columns=columns, lines=ordered, misfits=remaining)
