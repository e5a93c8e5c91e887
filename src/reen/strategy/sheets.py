"""Sheets: objectives, actions or offers as rows of a table, beside or instead of sections of TOML.

Input: a CSV file or a workbook, and the kinds of rows that it may hold.  Output: the same `Tables`
as of TOML, each cell read by the field of its column; faults are named by row and column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pyarrow as pa

from reen.errors import FileFormatError, ReenError
from reen.reasons import Reason, say
from reen.strategy.fields import Fault, Field
from reen.strategy.toml_tables import Tables, not_known
from reen.tables.cells.amounts import read_number
from reen.tables.cells.days import DayKind, Precision, as_date, read_day
from reen.tables.cells.number_marks import Marks, decide_marks
from reen.tables.reference.header import Layout
from reen.tables.reference.reading import Fault as FileFault
from reen.tables.reference.reading import ReferenceTable, read_reference
from reen.vocabulary.text import normalise

__all__ = ["SHEET_SUFFIXES", "SheetKind", "SheetTables"]

#: Endings of files that are sheets.
SHEET_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods"})

_YES = {"oui": True, "vrai": True, "yes": True, "true": True, "x": True}
_NO = {"non": False, "faux": False, "no": False, "false": False}
_FLAGS = _YES | _NO

#: Decimal mark of the spreadsheets of those who write these files.
_USUAL = ","

#: What a field of numbers takes, one of them at least.
_NUMBERS: tuple[object, ...] = (0.5, 1, 2025, {"2025": 1})

_Rows: TypeAlias = "list[tuple[int, Sequence[str]]]"
_Column: TypeAlias = "tuple[Field, tuple[str, str]] | None"


@attrs.frozen(kw_only=True, eq=False)
class SheetKind:
    """One kind of rows.

    Attributes
    ----------
    name
        What their section is called in TOML.
    fields
        The keys of a section, each a column.
    inner
        Keys of the tables within a section, by the names of that table: columns such as
        ``attendu_tonnes``.
    """

    name: str
    fields: Sequence[Field]
    inner: Mapping[tuple[str, str], Sequence[Field]] = attrs.field(factory=dict)

    def columns(self) -> Iterator[tuple[str, Field, tuple[str, str]]]:
        """Yield the name of each column in either language, its field, and where it belongs."""
        for field in self.fields:
            for name in field.names:
                yield name, field, ("", name)
        for names, fields in self.inner.items():
            for field in fields:
                for table, name in zip(names, field.names, strict=True):
                    yield f"{table}_{name}", field, (table, name)


class SheetTables(Tables):
    """The rows of one file as the sections of a TOML file, and the faults met."""

    def __init__(
        self, content: Mapping[str, Any], lines: Mapping[tuple[str, int, str], int]
    ) -> None:
        super().__init__(content, lines)
        #: Headers as written, by kind of rows and key.
        self.headers: dict[tuple[str, str], str] = {}

    @classmethod
    def read_sheet(cls, path: Path, kinds: Sequence[SheetKind]) -> SheetTables:
        """Return the rows of each kind in the file.

        Raises
        ------
        FileFormatError
            The file cannot be read, or one of its tables is of no kind: the column that it lacks is
            named.
        """
        made = cls({}, {})
        found: dict[str, ReferenceTable] = {}
        refused: list[_RefusedError] = []
        for kind in kinds:
            try:
                found[kind.name] = _table(path, kind)
            except _RefusedError as refusal:
                refused.append(refusal)
        places = {table.place for table in found.values()}
        for each in sorted(refused, key=lambda one: -one.likeness):
            # a table that is another kind lacks what this kind needs; one that is no kind is told
            if each.fault.kind == "file" or each.fault.place not in places:
                raise each.told(path)
        rows = {kind: _rows(found[kind.name]) for kind in kinds if kind.name in found}
        marks = _marks(rows, {kind: found[kind.name].header for kind in rows})
        for kind, lines in rows.items():
            made._add(kind, found[kind.name].header, lines, marks[kind])
        made.refuse_faults(path)
        return made

    def _add(
        self, kind: SheetKind, headers: Sequence[str], rows: _Rows, marks: Sequence[Marks | None]
    ) -> None:
        """Add the rows of a table as sections; a number with two readings is a fault."""
        columns = _columns(kind, headers)
        sections = []
        for number, (line, row) in enumerate(rows, 1):
            section: dict[str, Any] = {}
            self.lines[kind.name, number, ""] = line
            for header, column, cell, mark in zip(headers, columns, row, marks, strict=True):
                if column is None or not cell.strip():
                    continue
                field, (inner, key) = column
                held = section.setdefault(inner, {}) if inner else section
                held[key] = _value(field, cell.strip(), mark or Marks(_USUAL))
                self.lines[kind.name, number, inner or key] = line
                if not inner:
                    self.headers[kind.name, key] = header
                if mark is not None and mark.doubtful and mark.open_cells(_numbers_in(cell)):
                    said = say("error_sheet_number_two_readings", value=repr(cell.strip()))
                    self.fault((kind.name, number, inner or key), said)
            sections.append(section)
        self.content[kind.name] = sections

    def fault(self, where: tuple[str, int, str], message: str) -> None:
        """Add a fault at a row."""
        table, position, key = where
        line = self.lines.get((table, position, ""), 0)
        header = self.headers.get((table, key), key)
        column = say("error_comma_column", column=header) if key else ""
        self.faults.append((line, f"{say('place_row', line=str(line))}{column} {message}"))


class _RefusedError(ReenError):
    """What the reader of tables refused; becomes the error of the file."""

    def __init__(self, fault: FileFault, kind: SheetKind) -> None:
        self.fault, self.kind = fault, kind
        super().__init__(fault.expected)

    @property
    def likeness(self) -> int:
        """Return how many columns of the kind the table has."""
        known = {_plain(name) for name, _, _ in self.kind.columns()}
        return sum(_plain(header) in known for header in self.fault.header)

    def told(self, path: Path) -> FileFormatError:
        """Return the error of the file."""
        fault = self.fault
        place = fault.place or str(path)
        if fault.kind == "file":
            return FileFormatError(place, fault.expected)
        names = {field.name: field.french for field in self.kind.fields}
        column = names.get(fault.column, fault.column)
        if fault.kind == "unknown":
            known = [name for name, _, _ in self.kind.columns()]
            return FileFormatError(
                place, Reason("error_column_then", column=column, text=not_known(column, known))
            )
        if fault.kind == "missing":
            header = ", ".join(map(repr, fault.header))
            reason = Reason("error_has_no_column", column=column, header=header)
            return FileFormatError(place, reason)
        if fault.kind == "repeated":
            return FileFormatError(place, Reason("error_column_twice", column=column))
        where = say("error_sheet_row", row=str(fault.line))
        where += say("error_comma_column", column=column) if column else ""
        said = Reason(
            "error_place_is", where=where, value=repr(str(fault.value)), expected=fault.expected
        )
        return FileFormatError(place, said)


def _table(path: Path, kind: SheetKind) -> ReferenceTable:
    names = {_plain(name): (field.name, inner) for name, field, (inner, _) in kind.columns()}

    def name_of(header: str) -> str:
        field, inner = names.get(_plain(header), (header.strip(), ""))
        return f"{inner}_{field}" if inner else field

    layout = Layout(
        columns=tuple(dict.fromkeys(map(name_of, names))),
        required=tuple(field.name for field in kind.fields if field.required),
        surplus=True,
        name_of=name_of,
    )
    return read_reference(
        str(path), path, layout=layout, refuse=lambda fault: _RefusedError(fault, kind)
    )


def _rows(table: ReferenceTable) -> _Rows:
    try:
        return list(table.rows())
    except _RefusedError as refusal:
        raise refusal.told(Path(table.place)) from refusal


def _columns(kind: SheetKind, headers: Sequence[str]) -> list[_Column]:
    """Return what each column of a table is; None for a blank header, as its cells are."""
    known = {_plain(name): (field, where) for name, field, where in kind.columns()}
    return [known.get(_plain(name)) for name in headers]


def _marks(
    tables: Mapping[SheetKind, _Rows], headers: Mapping[SheetKind, Sequence[str]]
) -> dict[SheetKind, list[Marks | None]]:
    """Return how each column of numbers is written, by what all of those of a file prove."""
    places = [
        (kind, place)
        for kind in tables
        for place, column in enumerate(_columns(kind, headers[kind]))
        if column is not None and _takes_numbers(column[0])
    ]
    texts = [
        [text for _, row in tables[kind] for text in _numbers_in(row[place]).to_pylist()]
        for kind, place in places
    ]
    found: dict[SheetKind, list[Marks | None]] = {
        kind: [None] * len(header) for kind, header in headers.items()
    }
    for (kind, place), marks in zip(places, decide_marks(texts, usual=_USUAL), strict=True):
        found[kind][place] = marks
    return found


def _takes_numbers(field: Field) -> bool:
    for number in _NUMBERS:
        try:
            field.read(number)
        except Fault:
            continue
        return True
    return False


def _numbers_in(cell: str) -> pa.Array:
    """Return what may be numbers in a cell: all of it, or the words after each year."""
    parts = [part.rpartition("=")[2].strip() for part in cell.split(";")]
    return pa.array(parts, pa.string())


def _plain(header: str) -> str:
    """Return a header as it is compared: no accents, no case, one space between words."""
    return normalise(header.replace("_", " "))


def _value(field: Field, cell: str, marks: Marks) -> object:
    """Return a cell as a TOML file would hold it: the first reading that the field takes."""
    for reading in _readings(cell, marks):
        try:
            field.read(reading)
        except Fault:
            continue
        return reading
    return cell


def _readings(cell: str, marks: Marks) -> Iterator[object]:
    number = _number(cell, marks)
    if number is not None:
        yield number
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    years = dict(_pair(part, marks) for part in parts if "=" in part)
    if years and len(years) == len(parts):
        yield years
    if (day := _day(cell)) is not None:
        yield day
    if (flag := _FLAGS.get(cell.casefold())) is not None:
        yield flag
    if len(parts) > 1:
        yield parts
    yield cell


def _number(cell: str, marks: Marks) -> float | int | None:
    found = read_number(cell, marks)
    if found is None or found[1]:
        return None  # a unit beside the number may be another than that of the column
    return int(found[0]) if found[0].is_integer() else found[0]


def _pair(part: str, marks: Marks) -> tuple[str, object]:
    year, _, number = part.partition("=")
    return year.strip(), _number(number.strip(), marks)


def _day(cell: str) -> dt.date | None:
    """Return a whole day, written in the French order where both could be; None for less."""
    day = read_day(cell)
    if day.kind is DayKind.ORDERED:
        return as_date(day.year, day.second, day.first)
    whole = day.kind is DayKind.DATE and day.precision is Precision.DAY
    return as_date(day.year, day.first, day.second) if whole else None
