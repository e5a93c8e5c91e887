"""The reader of tables: any container, any number of tables, as equipment.

Input: a path, or bytes with a name.  Output: one `Imported` per table that lists equipment.  Every
row of every table is accounted for: a sheet that lists no equipment is counted and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs
import pyarrow as pa

from reen.errors import CountryError, EmptyInventoryError, InventoryError, SchemaError
from reen.inventory.account import AccountLine, Fate
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.reasons import Reason
from reen.tables.assets import read_assets
from reen.tables.containers import ArrowFile, Grid, Skipped, TextFile, open_container
from reen.tables.headers import recognise
from reen.tables.importing import Imported, ReadOptions, Sample, Sniff
from reen.tables.mending import knows
from reen.tables.sniffing import sniff_table
from reen.tables.table import GridTable, Table, TextTable
from reen.vocabulary.countries import resolve_country

__all__ = ["TableReader"]

#: Columns and rows from which a sheet without a known header is a table of something.
_TABLE_COLUMNS, _TABLE_ROWS = 3, 5


@attrs.frozen
class TableReader:
    """Reader of tables in any container: text, workbooks, JSON, XML, archives, Parquet, Arrow."""

    name: str = attrs.field(default="table", init=False)
    title: str = attrs.field(
        default="CSV, Excel, OpenDocument, JSON, XML and zip, in French or English", init=False
    )

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file."""
        return sniff_table(sample)

    def read(self, path: Path, options: ReadOptions) -> list[Imported]:
        """Read a file: one part per table.

        Raises
        ------
        EmptyInventoryError
            The file is empty, or none of its rows is equipment.
        FileFormatError
            The file holds no table that can be read.
        SchemaError
            No header is known, or two claim one column.
        OptionError, CountryError
            An encoding, delimiter or country that does not exist.
        """
        return self.read_contents([(path.name, path)], options)

    def read_contents(
        self, files: Iterable[tuple[str, bytes | Path]], options: ReadOptions
    ) -> list[Imported]:
        """Read some files as one, such as those of a folder.

        Parameters
        ----------
        files
            The name of each, which stands in messages, and its bytes or path.
        options
            What the user says.

        Raises
        ------
        ReenError
            As `read`, when no table of any file lists equipment.
        """
        if options.country is not None and resolve_country(options.country) is None:
            raise CountryError(options.country)
        parts: list[Imported] = []
        others: list[Imported] = []
        errors: list[InventoryError] = []
        names: list[str] = []
        for name, data in files:
            names.append(name)
            for content in open_container(name, data):
                if isinstance(content, Skipped):
                    others.append(_skipped(content))
                    continue
                try:
                    parts += _read_content(content, options)
                except (EmptyInventoryError, SchemaError) as error:
                    errors.append(error)
                    if not isinstance(content, ArrowFile):
                        others.append(_unread(_table_of(content, options)))
        if parts:
            return [*parts, *others]
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise SchemaError("\n".join(map(str, errors)))
        message = (
            f"{', '.join(names)}: the file is empty; expected a line of headers and a line per"
            " asset."
        )
        raise EmptyInventoryError(message)


def _read_content(content: Grid | TextFile | ArrowFile, options: ReadOptions) -> list[Imported]:
    if isinstance(content, ArrowFile):
        raise SchemaError(content.place)
    table = _table_of(content, options)
    if not any(cell.strip() for cell in table.header):
        message = f"{table.source}: the file is empty; expected headers and a row per asset."
        raise EmptyInventoryError(message)
    return [read_assets(table, options)]


def _table_of(content: Grid | TextFile, options: ReadOptions) -> Table:
    """Return the table of a grid or of a text."""

    def known(cells: Sequence[str]) -> list[str]:
        return recognise(cells, options.columns)

    if isinstance(content, Grid):
        return GridTable.of(content, known)
    return TextTable.of(
        content,
        known,
        encoding=options.encoding,
        delimiter=options.delimiter,
        known=knows(options),
    )


def _skipped(content: Skipped) -> Imported:
    """Return the part of a container that is not opened: no row, and a note."""
    issue = Issue(
        "",
        content.place,
        Reason(content.remark.code, **content.remark.details),
        severity=Severity.NOTE,
        source=content.place,
    )
    return _nothing(content.place, issues=(issue,))


def _unread(table: Table) -> Imported:
    """Return a table that lists no equipment, its rows counted and named.

    A few words on a sheet are no table: they are set aside.  A table whose columns are not known
    may list equipment: its rows are refused, so that no total calls itself complete.
    """
    count = table.rows(range(len(table.header))).count if table.header else 0
    if not count:
        return _nothing(table.source)
    is_table = len(table.header) >= _TABLE_COLUMNS and count >= _TABLE_ROWS
    if not is_table and not recognise(table.header):
        line = AccountLine(fate=Fate.SET_ASIDE, reason=Reason("row_no_table"), rows=count)
        return _nothing(table.source, lines=(line,))
    issue = Issue(
        "",
        ", ".join(cell for cell in table.header if cell.strip())[:80],
        Reason("no_equipment_columns"),
        expected=Reason("expect_type_or_model"),
        severity=Severity.REJECTED,
        source=table.source,
        count=count,
    )
    return _nothing(table.source, issues=(issue,), rows=count)


def _nothing(
    source: str,
    *,
    rows: int = 0,
    lines: tuple[AccountLine, ...] = (),
    issues: tuple[Issue, ...] = (),
) -> Imported:
    return Imported(
        table=pa.table({"equipment_type": pa.array([], pa.string())}),
        issues=issues,
        report=ReadReport(source=source, importer="table"),
        rows_read=rows + sum(line.rows for line in lines),
        lines=lines,
        passed=True,
    )
