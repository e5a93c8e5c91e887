"""Number marks: which decimal mark a file has, proved by all its number columns together.

Input: the number columns of a sheet.  Output: how the numbers of each are written, and what is
doubtful about it.  "1.250" alone may be one and a quarter or 1250.  What settles
it: cells that have only one reading, in the column and in the file; what a column can hold (whole
items, plausible kilowatt-hours); at last the language, and then the cells are doubtful.

All is decided on distinct values, by Arrow; a column without marks costs a look at its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.errors import DimensionError
from reen.inventory.bounds import spans_of
from reen.inventory.plausible import mistakes_of, range_of
from reen.inventory.schema import EQUIPMENT, ColumnKind, TableSchema
from reen.tables.headers.headings import Headings
from reen.tables.sheet import Sheet
from reen.tables.typed.proofs import holds_byte
from reen.values import Compared
from reen.vocabulary.units import conversion_factor

__all__ = [
    "EITHER",
    "PROVED",
    "SENSE",
    "UNDECIDED",
    "Marks",
    "NumberColumn",
    "decide_marks",
    "marks_of_columns",
    "marks_of_file",
    "number_columns",
]

#: What decided the decimal mark: cells with one reading, what a column can hold, or the language.
PROVED = "proved"
SENSE = "sense"
UNDECIDED = "undecided"

#: Decimal mark of a tool that writes both, and none between thousands.
EITHER = "either"

#: Columns of whole numbers.
_WHOLE = frozenset({"quantity", "cpu_sockets", "cpu_cores", "storage_disks"})

_BEFORE = r"^(?:€|EUR|-|\+|\s)*"
_AFTER = r"(?:[^\d.,'\x{2019}\s].*|\s+[^\d\s].*|\s*|\.)$"
#: Thousands and decimals, with `{d}` the decimal mark and `{t}` the other one.
_PROOFS = (
    r"(?:\d+|\d{{1,3}}(?:[ {t}'\x{{2019}}]\d{{3}})+)?{d}(?:\d{{1,2}}|\d{{4,}})",  # 12,5 and 1.234,5
    r"(?:0|\d{{4,}}|\d{{1,3}}(?:[ {t}'\x{{2019}}]\d{{3}})+)?{d}\d{{3}}",  # 0,125 and 1234,500
    r"\d{{1,3}}(?:{t}\d{{3}}){{2,}}",  # 1.234.567
)
#: The shortest number that proves a decimal mark without it: 1.234.567.
_TWICE_PARTED = 9
_OPEN = r"[1-9]\d{{0,2}}{m}\d{{3}}"


def _pattern(*bodies: str) -> str:
    return f"{_BEFORE}(?:{'|'.join(bodies)}){_AFTER}"


_PROOF = {
    decimal: _pattern(*(body.format(d=mark, t=other) for body in _PROOFS))
    for decimal, mark, other in ((",", ",", r"\."), (".", r"\.", ","))
}
#: One to three digits, a mark and three digits: two readings.
_OPEN_WITH = {",": _pattern(_OPEN.format(m=",")), ".": _pattern(_OPEN.format(m=r"\."))}
_OTHER = {",": ".", ".": ","}


@attrs.frozen(eq=False, repr=False)
class Marks:
    """How the numbers of a column are written.

    Attributes
    ----------
    decimal
        The decimal mark; the other one separates thousands.  `EITHER`: a lone mark is decimal.
    by
        What decided it: `PROVED` (or nothing was open), `SENSE` (what the column can hold), or
        `UNDECIDED` (the language of the file).
    contested
        Whether other evidence spoke for the other mark.
    open_marks
        The marks of cells that have two readings.
    """

    decimal: str = "."
    by: str = PROVED
    contested: bool = False
    open_marks: str = ""

    @property
    def doubtful(self) -> bool:
        """Tell whether cells with two readings may be read wrongly."""
        return bool(self.open_marks) and (self.by == UNDECIDED or self.contested)

    def open_cells(self, texts: pa.Array) -> list[int]:
        """Return the places of the texts that have two readings."""
        found: set[int] = set()
        for mark in self.open_marks:
            hits = pc.match_substring_regex(texts, _OPEN_WITH[mark])
            found |= set(pc.indices_nonzero(hits).to_pylist())
        return sorted(found)


@attrs.frozen(eq=False, repr=False)
class NumberColumn(Compared):
    """One number column: its name, its place, the unit of its header and the table it is of."""

    column: str
    position: int
    unit: str = ""
    schema: TableSchema = EQUIPMENT

    @property
    def canonical_unit(self) -> str:
        """Return the unit of the canonical column."""
        return self.schema[self.column].unit


@attrs.define(eq=False, repr=False)
class _Evidence:
    """What one column says: cells that prove a decimal mark, and cells that make sense with it."""

    proofs: dict[str, int] = attrs.field(factory=lambda: {",": 0, ".": 0})
    sense: dict[str, int] = attrs.field(factory=lambda: {",": 0, ".": 0})
    open_marks: str = ""


def marks_of_columns(
    sheet: Sheet, columns: Sequence[NumberColumn], *, usual: str = ".", trusted: bool = False
) -> dict[int, Marks]:
    """Return how the numbers of each column are written, by its position.

    Parameters
    ----------
    sheet, columns
        The cells, and the number columns among them; rows set aside are evidence too.
    usual
        Decimal mark of the language of the file, for cells that nothing else settles.
    trusted
        Whether the usual mark is known, as in a file that this library wrote.
    """
    if trusted:
        return {each.position: Marks(usual) for each in columns}
    shown = sheet.evidence
    evidence = {
        each.position: _looked(shown, each) if _has_marks(shown.raw(each.position)) else _Evidence()
        for each in columns
    }
    return _decide(evidence, usual)


def marks_of_file(sheet: Sheet, headings: Headings, *, language: str) -> dict[int, Marks]:
    """Return how the numbers of each column of a file are written, by its position.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    language
        ``fr`` or ``en``, for cells that nothing else settles.
    """
    layers = headings.wording.layers
    if layers is not None and layers.decimal:
        return {each.position: Marks(layers.decimal) for each in number_columns(headings)}
    french = language == "fr"
    # the library writes canonical names and commas between cells; a French spreadsheet does not
    trusted = headings.is_canonical and not french
    columns = number_columns(headings)
    return marks_of_columns(sheet, columns, usual="," if french else ".", trusted=trusted)


def number_columns(headings: Headings) -> list[NumberColumn]:
    """Return the number columns of a file."""
    schema = headings.wording.schema
    return [
        NumberColumn(column, group[0].position, group[0].unit, schema)
        for column, group in headings.columns.items()
        if schema[column].kind is ColumnKind.NUMBER
    ]


def decide_marks(columns: Sequence[Sequence[str]], *, usual: str = ".") -> list[Marks]:
    """Return how the numbers among the texts of each column of one file are written."""
    evidence = {
        place: _look(pa.array(texts, pa.string()), NumberColumn("", place))
        for place, texts in enumerate(columns)
    }
    return list(_decide(evidence, usual).values())


def _has_marks(cells: pa.Array) -> bool:
    """Tell whether a point or a comma stands anywhere in the bytes of a column."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary
    if not pa.types.is_string(cells.type):
        return True
    data = cells.buffers()[2]
    if data is None:
        return False
    bytes_ = np.frombuffer(data, np.uint8)
    return bool(((bytes_ == ord(".")) | (bytes_ == ord(","))).any())


def _looked(sheet: Sheet, column: NumberColumn) -> _Evidence:
    """Return what a column says; it is asked again once rows are sorted, and says the same."""
    words = sheet.words(column.position)
    known = sheet.looks.get(column)
    if known is not None and known[0] is words and isinstance(known[1], _Evidence):
        return known[1]
    found = _look(words.dictionary, column)
    sheet.looks[column] = words, found
    return found


def _look(texts: pa.Array, column: NumberColumn) -> _Evidence:
    found = _Evidence()
    there = {mark: holds_byte(texts, mark) for mark in ",."}
    longest = int(np.diff(spans_of(texts)).max(initial=0))
    for decimal in (",", "."):
        if not there[decimal] and longest < _TWICE_PARTED:
            continue
        hits = pc.match_substring_regex(texts, _PROOF[decimal])
        found.proofs[decimal] = pc.sum(hits).as_py() or 0
    for mark in (",", "."):
        if not there[mark]:
            continue
        hits = pc.match_substring_regex(texts, _OPEN_WITH[mark])
        if not pc.any(hits).as_py():
            continue
        found.open_marks += mark
        if not column.column:
            continue
        as_decimal, as_thousands = _sense(texts.filter(hits), column)
        found.sense[mark] += as_decimal
        found.sense[_OTHER[mark]] += as_thousands
    return found


def _sense(texts: pa.Array, column: NumberColumn) -> tuple[int, int]:
    """Return how many cells make sense only with a decimal mark, and only with thousands."""
    written = pc.extract_regex(texts, r"(?P<whole>\d{1,3})[.,](?P<decimals>\d{3})")
    digits = pc.binary_join_element_wise(
        pc.struct_field(written, "whole"), pc.struct_field(written, "decimals"), ""
    )
    thousands: npt.NDArray[np.float64] = numpy_of(digits.cast(pa.float64()))
    decimals = thousands / 1000.0
    fits_decimals, fits_thousands = _fits(decimals, column), _fits(thousands, column)
    return (
        int(np.count_nonzero(fits_decimals & ~fits_thousands)),
        int(np.count_nonzero(fits_thousands & ~fits_decimals)),
    )


def _fits(values: npt.NDArray[np.float64], column: NumberColumn) -> npt.NDArray[np.bool_]:
    """Return which numbers a column can hold."""
    fits = np.ones(len(values), np.bool_)
    if column.column in _WHOLE:
        fits &= values % 1 == 0
    for mistake in mistakes_of(column.column, column.schema):
        if (
            mistake.unit.removesuffix("/item") == column.unit
        ):  # nobody writes 4.096 megabytes of memory
            fits &= values >= mistake.floor
    limits = range_of(column.column, schema=column.schema)
    if limits is None:
        return fits
    unit = column.canonical_unit
    try:
        factor = conversion_factor(column.unit or unit, unit)
    except DimensionError:  # refused, with its header, where the column is made canonical
        return fits
    canonical = values * factor
    return fits & (canonical >= limits.minimum) & (canonical <= limits.maximum)


def _side(votes: Mapping[str, int]) -> str:
    """Return the mark that has most votes, empty when neither has."""
    if votes[","] == votes["."]:
        return ""
    return max(votes, key=lambda mark: votes[mark])


def _decide(evidence: Mapping[int, _Evidence], usual: str) -> dict[int, Marks]:
    proofs = {mark: sum(each.proofs[mark] for each in evidence.values()) for mark in ",."}
    sense = {mark: sum(each.sense[mark] for each in evidence.values()) for mark in ",."}
    return {
        position: _decide_column(each, proofs, sense, usual) for position, each in evidence.items()
    }


def _decide_column(
    own: _Evidence, proofs: Mapping[str, int], sense: Mapping[str, int], usual: str
) -> Marks:
    """Return the marks of one column: its own cells first, then the file, then the language."""
    own_proof, own_sense = _side(own.proofs), _side(own.sense)
    proof, fits = _side(proofs), _side(sense)
    if own_proof:
        contested = bool(own.proofs[_OTHER[own_proof]]) or own_sense == _OTHER[own_proof]
        return Marks(own_proof, PROVED, contested, own.open_marks)
    if proof:
        mixed = bool(proofs[_OTHER[proof]])
        if own_sense and (mixed or own_sense != proof):
            return Marks(own_sense, SENSE, own_sense != proof, own.open_marks)
        return Marks(proof, PROVED, mixed, own.open_marks)
    if own_sense or fits:
        chosen = own_sense or fits
        return Marks(chosen, SENSE, bool(sense[_OTHER[chosen]]), own.open_marks)
    return Marks(usual, UNDECIDED, contested=False, open_marks=own.open_marks)
