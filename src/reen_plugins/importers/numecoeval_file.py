"""One NumEcoEval file as canonical rows, with its issues and the parts of its report.

Input: a path and the options of the read.  Output: a `FileRows`: the kind of the file, its rows in
canonical columns with file and line, what was odd, and what was taken for granted.  Text, dialect,
records and cells are read by the modules that the importer `delimited` uses too.

Knows one file at a time; links between files are `numecoeval_links`' affair.
"""

from __future__ import annotations

import array
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen import (
    AccountLine,
    FileFormatError,
    ReadOptions,
    ReadReport,
    Severity,
)
from reen.tables.accounting import set_aside
from reen.tables.delimited.dialect import Dialect, find_dialect, split_record
from reen.tables.delimited.records import Records, read_records
from reen.tables.delimited.textfile import Text, read_text
from reen.tables.findings import Findings
from reen.tables.rows import BLANK
from reen.tables.sheet import Sheet
from reen_plugins.importers.numecoeval_columns import FileKind, Headings, kind_of, map_headers
from reen_plugins.importers.numecoeval_judging import read_columns

__all__ = ["FileRows", "find_header", "read_file"]


@attrs.frozen(eq=False, kw_only=True)
class FileRows:
    """The rows of one file.

    Attributes
    ----------
    kind
        Which file it is.
    table
        Rows in canonical columns, kept ones under their header, `source` and `source_row` last.
    findings
        What was odd so far; links add theirs.
    report
        How the file was read.
    rows_read
        Rows of the file.
    lines
        What became of those that are neither in the table nor refused; each refused row has an
        issue.
    said
        Headers that the user's `columns` named and the file has.
    """

    kind: FileKind
    table: pa.Table
    findings: Findings
    report: ReadReport
    rows_read: int
    lines: tuple[AccountLine, ...]
    said: frozenset[str]

    def without(self, mask: npt.NDArray[np.bool_]) -> FileRows:
        """Return the rows where `mask` is false; the others are refused, each with an issue."""
        if not mask.any():
            return self
        return attrs.evolve(self, table=self.table.filter(pa.array(~mask)))


def find_header(text: Text, delimiter: str | None = None) -> tuple[FileKind | None, Dialect]:
    """Return which file a text is, None when it has no header of the set, and its layout.

    Raises
    ------
    OptionError
        The delimiter given is not one character.
    """
    # The name that only one file has makes a line its header, however few columns stand beside it.
    dialect = find_dialect(
        text, lambda cells: ["equipment_type"] * 3 if kind_of(cells) else [], delimiter
    )
    return kind_of(dialect.header) if dialect.header_line else None, dialect


def read_file(path: Path, options: ReadOptions) -> FileRows:
    """Read one file.

    Raises
    ------
    EmptyInventoryError
        The file holds nothing.
    FileFormatError
        It is no delimited text, or has no header of the set.
    SchemaError
        Two headers claim one column.
    OptionError
        An encoding or delimiter that does not exist.
    """
    text = read_text(path, options.encoding)
    kind, dialect = find_header(text, options.delimiter)
    if kind is None:
        reason = (
            "no line has the header of a NumEcoEval file; expected nomCourtDatacenter,"
            " nomEquipementPhysique, nomEquipementVirtuel or nomApplication"
        )
        raise FileFormatError(str(path), reason)
    headings = map_headers(dialect.header, kind, options.columns, path.name)
    records = read_records(text, dialect, headings.read, path)
    return _Reading(path, options, kind, headings).rows(text, dialect, records)


class _Reading:
    """One file on its way from records to canonical rows."""

    def __init__(
        self, path: Path, options: ReadOptions, kind: FileKind, headings: Headings
    ) -> None:
        self._options = options
        self._kind = kind
        self._headings = headings
        self._source = path.name
        self._findings = Findings(path.name)

    def rows(self, text: Text, dialect: Dialect, records: Records) -> FileRows:
        sheet = self._sheet(dialect, records)
        empty = ~np.any([sheet.filled(k) for k in self._headings.read], axis=0)
        blank = records.blank_lines + int(empty.sum())
        sheet = self._named(sheet.keep(~empty))
        columns, assumptions = read_columns(
            self._kind, self._headings, sheet, self._options, self._findings
        )
        if self._headings.personal:
            names = ", ".join(map(repr, self._headings.personal))
            assumptions.append(f"Left out, because they name persons: {names}.")
        size = len(sheet)
        columns["source"] = pa.DictionaryArray.from_arrays(
            pa.array(np.zeros(size, np.int32)), pa.array([self._source], pa.string())
        )
        columns["source_row"] = pa.array(sheet.lines, pa.int64())
        report = ReadReport(
            source=self._source,
            importer="numecoeval-csv",
            details={
                "file": self._kind.words,
                "encoding": text.encoding,
                "delimiter": dialect.delimiter,
                "header line": str(dialect.header_line),
                **({} if records.quoted else {"quotation marks": "none (they do not balance)"}),
            },
            mapped={name: dialect.header[k].strip() for name, k in self._headings.mapped.items()},
            kept=tuple(dialect.header[k].strip() for k in self._headings.kept.values()),
            assumptions=tuple(assumptions),
        )
        return FileRows(
            kind=self._kind,
            table=pa.table(columns),
            findings=self._findings,
            report=report,
            rows_read=records.read,
            lines=set_aside({BLANK: blank}, {}) if blank else (),
            said=self._headings.said,
        )

    # -- rows --------------------------------------------------------------------------------

    def _sheet(self, dialect: Dialect, records: Records) -> Sheet:
        """Return the rows as a sheet, those that only end in surplus delimiters included."""
        width = len(dialect.header)
        more: list[list[str]] = []
        more_lines = array.array("q")
        refused: dict[int, array.array[int]] = {}
        examples: dict[int, str] = {}
        for misfit in records.misfits:
            cells = split_record(misfit.text, dialect.delimiter) if misfit.cells > width else []
            if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                more.append(cells[:width])
                more_lines.append(misfit.line)
            else:
                refused.setdefault(misfit.cells, array.array("q")).append(misfit.line)
                examples.setdefault(misfit.cells, misfit.text)
        for size, where in refused.items():
            self._findings.rows(
                "",
                examples[size],
                f"has {size} cell(s)",
                np.array(where, np.int64),
                expected=f"{width} cells, as the header has",
                severity=Severity.REJECTED,
            )
        unquote = not records.quoted
        if not more:
            return Sheet(records.columns, records.lines, unquote=unquote)
        lines = np.concatenate([records.lines, np.array(more_lines, np.int64)])
        order = np.argsort(lines, kind="stable")
        columns = {}
        for position, found in records.columns.items():
            surplus = pa.array([row[position] or None for row in more], pa.string())
            columns[position] = pa.concat_arrays([found, surplus]).take(pa.array(order))
        return Sheet(columns, lines[order], unquote=unquote)

    def _named(self, sheet: Sheet) -> Sheet:
        """Return the rows that have a name; only equipment can be counted without one."""
        position = self._headings.mapped["id"]
        named = sheet.filled(position)
        if named.all():
            return sheet
        keep = self._kind is FileKind.EQUIPMENT
        self._findings.rows(
            "id",
            "",
            "has no name" + (": nothing can refer to it" if keep else ""),
            sheet.lines[~named],
            expected="a name, the same in the files that refer to the row",
            severity=Severity.NOTE if keep else Severity.REJECTED,
        )
        return sheet if keep else sheet.keep(named)
