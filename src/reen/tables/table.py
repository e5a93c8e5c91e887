"""Tables: rows and a header found in a container, before anyone knows what the columns mean.

Input: delimited text or a grid of cells.  Output: a `Table`: its header, and on request the rows of
some columns as text, each with its line.  The header is the row, among the first ones, that names
most known columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import attrs
import numpy as np
import pyarrow as pa

from reen.arrays import numpy_of
from reen.errors import FileFormatError, OptionError
from reen.reasons import Reason
from reen.tables.containers.grid import Grid, TextFile
from reen.tables.delimited.dialect import (
    HEADER_ROWS,
    MOST_COLUMNS,
    Dialect,
    Recognise,
    find_dialect,
    find_header,
)
from reen.tables.delimited.textfile import Text, decode
from reen.tables.sheet import Sheet, is_plain

if TYPE_CHECKING:
    from reen.tables.delimited.encodings import Known
    from reen.tables.delimited.records import Misfit, Records

__all__ = ["GridTable", "Rows", "Table", "TextTable"]


class Table(Protocol):
    """Rows and a header."""

    @property
    def source(self) -> str:
        """Return the file, with its sheet where it has several."""

    @property
    def header(self) -> tuple[str, ...]:
        """Return the cells of the header, one per column."""

    @property
    def header_line(self) -> int:
        """Return the line of the header, 0 when none was recognised."""

    @property
    def delimiter(self) -> str:
        """Return the mark between cells, empty where they are not cut from text."""

    @property
    def details(self) -> Mapping[str, str]:
        """Return what was found out on the way: encoding, delimiter, sheet."""

    @property
    def remarks(self) -> tuple[Reason, ...]:
        """Return what is to be told of the container."""

    @property
    def announced(self) -> int | None:
        """Return how many records the container says that there are in all, None if it does not."""

    def rows(self, wanted: Sequence[int]) -> Rows:
        """Return the rows of some columns, at least one."""


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Rows:
    """The rows below a header.

    Attributes
    ----------
    sheet
        Those that have as many cells as the header.
    blank
        Lines that hold nothing.
    misfits
        Rows of another length.
    quoted
        Whether quotation marks were undone; False when they do not balance.
    loose
        Line and text of the values among the records that are no record.
    above
        Lines above the header that look like records.
    """

    sheet: Sheet
    blank: int
    misfits: tuple[Misfit, ...] = ()
    quoted: bool = True
    loose: tuple[tuple[int, str], ...] = ()
    above: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """Return how many rows there are, blank ones included."""
        others = len(self.misfits) + len(self.loose) + len(self.above)
        return len(self.sheet) + self.blank + others


@attrs.frozen(eq=False, kw_only=True, repr=False)
class TextTable:
    """A table in delimited text.  Make one with `TextTable.of`."""

    source: str
    text: Text
    dialect: Dialect
    remarks: tuple[Reason, ...] = ()

    @classmethod
    def of(
        cls,
        file: TextFile,
        recognise: Recognise,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        known: Known | None = None,
        header_line: int = 0,
    ) -> TextTable:
        """Find the encoding and the layout of a text.

        Parameters
        ----------
        file
            Its name and bytes.
        recognise
            Which columns the cells of a line name.
        encoding, delimiter
            What the user says of them.
        known
            Tells whether a cell is a word that tables hold: what decides between encodings.
        header_line
            Line of the header, when the user gives it; 0 when it is to be found.

        Raises
        ------
        FileFormatError
            The file is not text, or not in the encoding given; or it has a header of too many
            columns.
        OptionError
            Python knows no encoding of that name, the delimiter is not one character, or no record
            begins at the line given.
        """
        text = decode(file.data, file.place, encoding, known=known)
        dialect = find_dialect(text, recognise, delimiter, line=header_line)
        if len(dialect.header) > MOST_COLUMNS:
            reason = Reason(
                "error_line_has_cells_expected_header_at",
                header_line=dialect.header_line or 1,
                header=len(dialect.header),
                most_columns=MOST_COLUMNS,
            )
            raise FileFormatError(file.place, reason)
        return cls(source=file.place, text=text, dialect=dialect, remarks=file.remarks)

    @property
    def header(self) -> tuple[str, ...]:
        """Return the cells of the header."""
        return self.dialect.header

    @property
    def header_line(self) -> int:
        """Return the line of the header, 0 when none was recognised."""
        return self.dialect.header_line

    @property
    def delimiter(self) -> str:
        """Return the mark between cells."""
        return self.dialect.delimiter

    @property
    def details(self) -> Mapping[str, str]:
        """Return encoding, delimiter and header line."""
        return {
            "encoding": self.text.encoding,
            "delimiter": self.dialect.delimiter,
            "header line": str(self.dialect.header_line),
        }

    @property
    def announced(self) -> int | None:
        """Return None: text announces nothing."""
        return None

    def records(self, wanted: Sequence[int]) -> Records:
        """Return the records of some columns, as the text is cut.

        Raises
        ------
        FileFormatError
            The text cannot be cut into rows.
        """
        from reen.tables.delimited.records import read_records

        return read_records(self.text, self.dialect, wanted, self.source)

    def rows_of(self, records: Records) -> Rows:
        """Return records as rows."""
        plain = records.quoted and is_plain(self.text.data, self.dialect.delimiter)
        return Rows(
            sheet=Sheet(records.columns, records.lines, plain=plain, unquote=not records.quoted),
            blank=records.blank_lines,
            misfits=records.misfits,
            quoted=records.quoted,
        )

    def rows(self, wanted: Sequence[int]) -> Rows:
        """Return the rows of some columns (raises as `records` does)."""
        return self.rows_of(self.records(wanted))


@attrs.frozen(eq=False, kw_only=True, repr=False)
class GridTable:
    """A table in a sheet or a list of records.  Make one with `GridTable.of`.

    Attributes
    ----------
    start
        Row of the grid at which the records begin.
    laid_out
        Whether it was laid out otherwise than as a list below one row of headers.
    """

    source: str
    grid: Grid
    header: tuple[str, ...]
    header_line: int
    start: int
    delimiter: str = ""
    laid_out: bool = False

    @classmethod
    def of(cls, grid: Grid, recognise: Recognise, *, header_line: int = 0) -> GridTable:
        """Find the header of a grid, unless the container or the user gives it.

        Raises
        ------
        OptionError
            The grid has no such line.
        """
        if grid.header is not None:
            return cls(
                source=grid.place,
                grid=grid,
                header=grid.header,
                header_line=1,
                start=0,
                laid_out="layout" in grid.details,
            )
        if header_line:
            places = np.flatnonzero(grid.lines == header_line).tolist()
            if not places:
                expected = Reason("error_line_holds_something_at_most", lines=grid.lines[-1])
                raise OptionError("read", "header", str(header_line), expected)
            return cls(
                source=grid.place,
                grid=grid,
                header=tuple(cell or "" for cell in grid.rows(places[0], places[0] + 1)[0]),
                header_line=header_line,
                start=places[0] + 1,
            )
        rows = [[cell or "" for cell in row] for row in grid.rows(0, 4 * HEADER_ROWS)]
        filled = [k for k, row in enumerate(rows) if any(cell.strip() for cell in row)]
        filled = filled[:HEADER_ROWS]
        place, known = find_header([rows[k] for k in filled], recognise)
        if not filled:
            return cls(source=grid.place, grid=grid, header=(), header_line=0, start=grid.height)
        at = filled[place]
        line = int(grid.lines[at]) if known else 0
        return cls(
            source=grid.place, grid=grid, header=tuple(rows[at]), header_line=line, start=at + 1
        )

    @property
    def details(self) -> Mapping[str, str]:
        """Return what the container says, and the header line."""
        where = {} if self.grid.header is not None else {"header line": str(self.header_line)}
        return {**self.grid.details, **where}

    @property
    def remarks(self) -> tuple[Reason, ...]:
        """Return what is to be told of the container."""
        return self.grid.remarks

    @property
    def announced(self) -> int | None:
        """Return how many records the document says that there are in all."""
        return self.grid.announced

    def rows(self, wanted: Sequence[int]) -> Rows:
        """Return the rows of some columns; those in which no column holds anything are blank."""
        filled = np.zeros(self.grid.height - self.start, np.bool_)
        for column in self.grid.columns:
            cells = column.slice(self.start)
            filled |= np.asarray(numpy_of(cells.is_valid()), np.bool_)
        # Blank rows below the last one are the sheet's, not the table's.
        end = int(np.flatnonzero(filled)[-1]) + 1 if filled.any() else 0
        chosen = pa.array(filled[:end])
        cells = {k: self.grid.columns[k].slice(self.start, end).filter(chosen) for k in wanted}
        lines = self.grid.lines[self.start : self.start + end][filled[:end]]
        loose = tuple((line, text) for line, text in self.grid.loose if text is not None)
        blank = int(np.count_nonzero(~filled[:end])) + len(self.grid.loose) - len(loose)
        return Rows(sheet=Sheet(cells, lines), blank=blank, loose=loose)
