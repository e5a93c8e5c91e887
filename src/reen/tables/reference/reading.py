"""Tables whose columns are known in advance: factor files, matching tables, published exports.

From a file to rows of text, each with its line: delimited text in any usual encoding and with any
usual delimiter, sheets of workbooks, lists of records, Parquet.  Nothing is guessed beyond that and
nothing is passed over: a column lacking, repeated or unknown, a row of another length, a quotation
mark that does not close is a `Fault`, which each reader of a format turns into an error of its own.

What the cells mean is not known here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import attrs

from reen.errors import FileFormatError, InventoryError, ReenError
from reen.gate.reads import noted
from reen.reasons import Reason, Words, say
from reen.tables.containers.cells import NOT_CALCULATED
from reen.tables.delimited.dialect import HEADER_ROWS
from reen.tables.delimited.textfile import Text, decode_head, decode_strictly
from reen.tables.reference.header import (
    Header,
    Layout,
    find_in_rows,
    find_in_text,
    first_lines,
)

if TYPE_CHECKING:
    from reen.tables.containers.grid import ArrowFile, Grid

__all__ = ["Fault", "Layout", "ReferenceTable", "read_reference"]

#: Bytes in which the header of most tables lies; a few lines are looked at before anything else.
_FIRST_BYTES = 4096
#: Lines, or rows of a sheet, among which the header is looked for, blank ones included.
_ROWS_SEEN = 4 * HEADER_ROWS

#: What a spreadsheet shows in place of a value that it cannot compute.
_ERRORS = frozenset(
    {NOT_CALCULATED, "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#DIV/0!", "#NULL!"}
)

Row = tuple[int, Sequence[str]]


Kind = Literal["file", "missing", "repeated", "unknown", "row"]


@attrs.frozen(kw_only=True)
class Fault:
    """Why a table is refused, for the reader of a format to say in an error of its own.

    Attributes
    ----------
    kind
        The file as a whole; a column that is missing, repeated or unknown; a row.
    place
        The file, with its sheet where it has several.
    line
        Line of the file or row of the sheet; None for the file as a whole.
    column, value
        The cell; an empty column for the whole row.
    expected
        What was expected, and how to mend it.
    header
        The header, or the row that comes nearest to it.
    """

    kind: Kind
    place: str
    line: int | None = None
    column: str = ""
    value: Words = ""
    expected: Words
    header: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Return the line and the column, or what stands there."""
        line = "" if self.line is None else say("error_line_comma", line=str(self.line))
        column = say("error_column_named", column=self.column) if self.column else self.value
        return f"{line}{column}"


Refuse = Callable[[Fault], ReenError]


@attrs.frozen(eq=False, kw_only=True)
class ReferenceTable:
    """A table with a header that fits; its rows are read and checked as they are asked for.

    Attributes
    ----------
    place
        The file, with its sheet.
    header
        Headers as written, blanks around them left out.
    names
        The column that each header stands for.
    encoding, delimiter
        Of the text; empty where cells are not cut from text.
    """

    place: str
    header: tuple[str, ...]
    names: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    _cut: Callable[[], Iterator[Row]] = attrs.field(repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield the line of each row and its cells, one per header.

        Rows that hold nothing are left out.  Each call reads the file's bytes anew, so that a large
        file is never held as rows unless the caller keeps them.

        Raises
        ------
        ReenError
            A row does not fit: what the `refuse` of `read_reference` makes of it.
        """
        return self._cut()

    def records(self, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the line of each row and its cells by column, of those that the table has.

        Where several headers stand for one column, the first cell filled counts.  Raises as `rows`.
        """
        wanted = set(columns)
        places = [(name, k) for k, name in enumerate(self.names) if name in wanted]
        once = len({name for name, _ in places}) == len(places)
        for line, cells in self._cut():
            if once:
                yield line, {name: cells[k] for name, k in places}
                continue
            row: dict[str, str] = {}
            for name, k in places:
                if not row.get(name, "").strip():
                    row[name] = cells[k]
            yield line, row


def read_reference(
    name: str, data: bytes | Path, *, layout: Layout, refuse: Refuse
) -> ReferenceTable:
    """Read a table whose columns are known in advance.

    Parameters
    ----------
    name
        What stands in messages.
    data
        The bytes of the file, or where to read them.
    layout
        What is known of the table.
    refuse
        Makes the error that a fault raises.

    Returns
    -------
    ReferenceTable
        With a header that fits.

    Raises
    ------
    ReenError
        Whatever `refuse` makes of a fault: a file that holds no such table or several, a column
        lacking, repeated or unknown; and, as rows are asked for, one that does not fit.
    MissingExtraError
        A package that the file needs is not installed.
    OSError
        The file cannot be read.
    """
    return _Reader(name, layout, refuse).read(data)


@attrs.frozen(eq=False, kw_only=True)
class _Found:
    """A table of a container, its rows not read yet."""

    place: str
    header: Header
    header_line: int | None
    encoding: str = ""
    rows: Callable[[], Iterator[Row]]


class _Reader:
    """One file on its way to a table."""

    def __init__(self, name: str, layout: Layout, refuse: Refuse) -> None:
        self._name = name
        self._layout = layout
        self._refuse = refuse

    def read(self, data: bytes | Path) -> ReferenceTable:
        try:
            found = self._choose(list(self._tables(data)))
        except (FileFormatError, InventoryError) as error:
            place: str = self._name
            reason: Words = str(error)
            if isinstance(error, FileFormatError):
                place = error.path if error.path.startswith(place) else place
                reason = error.reason
            raise self._refuse(Fault(kind="file", place=place, expected=reason)) from error
        self._check_header(found)
        return ReferenceTable(
            place=found.place,
            header=found.header.cells,
            names=found.header.names,
            encoding=found.encoding,
            delimiter=found.header.delimiter,
            cut=lambda: self._fitting_rows(found),
        )

    def _fail(
        self,
        found: _Found,
        line: int | None,
        *,
        kind: Kind = "row",
        column: str = "",
        value: Words = "",
        expected: Words,
    ) -> NoReturn:
        raise self._refuse(
            Fault(
                kind=kind,
                place=found.place,
                line=line,
                column=column,
                value=value,
                expected=expected,
                header=found.header.cells,
            )
        )

    # -- the tables of a file ----------------------------------------------------------------

    def _tables(self, data: bytes | Path) -> Iterator[_Found]:
        raw = noted(data).read_bytes() if isinstance(data, Path) else data
        head = decode_head(raw[:_FIRST_BYTES])
        # The usual case costs no more than its own bytes: no library of workbooks is imported.
        if not raw or (head and find_in_text(list(first_lines(head)), self._layout).complete):
            yield self._text(self._name, raw)
            return
        from reen.tables.containers.grid import ArrowFile, Grid, TextFile
        from reen.tables.containers.opening import open_container

        for content in open_container(self._name, data):
            if isinstance(content, TextFile):
                yield self._text(content.place, content.data)
            elif isinstance(content, Grid):
                yield self._grid(content)
            elif isinstance(content, ArrowFile):
                yield self._arrow(content)

    def _choose(self, tables: Sequence[_Found]) -> _Found:
        """Return the one table that has the columns; else the nearest, to say what it lacks."""
        complete = [found for found in tables if found.header.complete]
        if len(complete) == 1:
            return complete[0]
        if complete:
            places = ", ".join(found.place for found in complete)
            reason = Reason("error_each_hold_table_keep_one_them", places=places)
            raise FileFormatError(self._name, reason)
        if not tables:
            raise FileFormatError(self._name, Reason("error_file_holds_no_table"))
        columns = set(self._layout.columns)
        return max(tables, key=lambda found: len(columns & set(found.header.names)))

    def _text(self, place: str, data: bytes) -> _Found:
        text = decode_strictly(data, place, self._layout.encoding)
        # Room for the longest header several times over; the last line may be cut.
        head = text.data[text.start : text.start + (1 << 18)].decode(errors="replace")
        header = find_in_text(list(first_lines(head)), self._layout)
        start, line = text.start, header.row + 1
        for _ in range(line):
            start = text.data.find(b"\n", start) + 1 or len(text.data)
        found = _Found(
            place=place,
            header=header,
            header_line=line,
            encoding=text.encoding,
            rows=lambda: self._cut(found, text, start),
        )
        return found

    def _cut(self, found: _Found, text: Text, start: int) -> Iterator[Row]:
        """Yield each record of a text with its first line: a quoted cell may span several."""
        # The standard reader: pyarrow's would take a mark that does not close as it comes, and
        # does not tell the line of a record.
        content = str(memoryview(text.data)[start:], "utf-8")
        reader = csv.reader(
            io.StringIO(content, newline=""), delimiter=found.header.delimiter, strict=True
        )
        first = line = (found.header_line or 0) + 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = first + reader.line_num
        except csv.Error as error:
            expected = Reason("error_quotes", error=str(error))
            self._fail(found, line, value=str(error), expected=expected)

    def _grid(self, grid: Grid) -> _Found:
        if grid.header is not None:
            header, start, line = find_in_rows([grid.header], self._layout), 0, None
        else:
            first = [[cell or "" for cell in row] for row in grid.rows(0, _ROWS_SEEN)]
            header = find_in_rows(first, self._layout)
            start, line = header.row + 1, int(grid.lines[header.row]) if grid.height else 1
        found = _Found(
            place=grid.place,
            header=header,
            header_line=line,
            rows=lambda: self._rows_of(found, grid, start),
        )
        return found

    def _rows_of(self, found: _Found, grid: Grid, start: int) -> Iterator[Row]:
        """Yield the rows of a grid; a cell that a spreadsheet could not compute is refused."""
        broken = any(
            remark.code in ("cells_in_error", "formulas_not_calculated") for remark in grid.remarks
        )
        for line, row in zip(grid.lines[start:].tolist(), grid.rows(start), strict=True):
            cells = [cell or "" for cell in row]
            if broken and not _ERRORS.isdisjoint(cells):
                for name, header, cell in zip(
                    found.header.names, found.header.cells, cells, strict=True
                ):
                    if cell in _ERRORS and name in self._layout.columns:
                        expected = Reason("error_formula")
                        self._fail(found, line, column=header, value=cell, expected=expected)
            yield line, cells

    def _arrow(self, file: ArrowFile) -> _Found:
        from reen.gate.parquet import read_parquet

        if not isinstance(file.data, Path):
            raise FileFormatError(file.place, Reason("error_parquet_file_read_on_its_own"))
        table = read_parquet(file.data)
        header = find_in_rows([table.column_names], self._layout)

        def rows() -> Iterator[Row]:
            cells = (column.to_pylist() for column in table.columns)
            for number, row in enumerate(zip(*cells, strict=True), start=1):
                yield number, ["" if cell is None else str(cell) for cell in row]

        return _Found(place=file.place, header=header, header_line=None, rows=rows)

    # -- what must hold ----------------------------------------------------------------------

    def _check_header(self, found: _Found) -> None:
        """Refuse a header that lacks a column, has one twice, or one that nothing says."""
        layout, line = self._layout, found.header_line
        header, names = found.header.cells, found.header.names
        known = [(name, cell) for name, cell in zip(names, header, strict=True) if cell]
        if found.header.above is not None and line is not None:
            at = line - found.header.row + found.header.above
            expected = Reason("error_above_header", line=line)
            self._fail(found, at, expected=expected)
        if not layout.repeats:
            for name, cell in known:
                if names.count(name) > 1 and (name in layout.columns or not layout.others):
                    expected = Reason("error_column_once")
                    self._fail(found, line, kind="repeated", column=cell, expected=expected)
        for name in layout.required:
            if name not in names:
                expected = Reason("error_a_column", name=name)
                self._fail(found, line, kind="missing", column=name, expected=expected)
        if not layout.others:
            for name, cell in known:
                if name not in layout.columns:
                    expected = Reason("error_only_columns", columns=", ".join(layout.columns))
                    self._fail(found, line, kind="unknown", column=cell, expected=expected)

    def _fitting_rows(self, found: _Found) -> Iterator[Row]:
        """Yield the rows that hold something, each as wide as the header, or refuse one."""
        width = len(found.header.cells)
        unnamed = [
            k for k, cell in enumerate(found.header.cells) if not cell and not self._layout.others
        ]
        for line, cells in found.rows():
            if not cells[0].strip() and not any(map(str.strip, cells)):
                continue
            if len(cells) != width:
                cells = self._fitted(found, line, cells)  # noqa: PLW2901 - the same row
            for k in unnamed:
                if cells[k].strip():
                    expected = Reason("error_header_of_column", number=k + 1)
                    self._fail(found, line, value=cells[k], expected=expected)
            yield line, cells

    def _fitted(self, found: _Found, line: int, cells: Sequence[str]) -> Sequence[str]:
        """Return a row as wide as the header: what is short ends in blanks."""
        width = len(found.header.cells)
        blank = self._layout.surplus and not any(map(str.strip, cells[width:]))
        if self._layout.exact or (len(cells) > width and not blank):
            mark = found.header.delimiter
            expected = Reason("error_cells_of_header", width=width, mark=mark)
            self._fail(
                found, line, value=Reason("error_cells", cells=len(cells)), expected=expected
            )
        return [*cells[:width], *[""] * (width - len(cells))]
