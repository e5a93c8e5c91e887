"""Assets: one table of equipment becomes canonical columns, issues and a report.

Input: a table and what the user says.  Output: an `Imported` in which every row of the table is
accounted for.  The steps are one module each, in this order: `headers` (what the columns are),
`misfits` (rows of another length), `rows` (which are equipment), `not_hardware` (virtual machines,
licences), `conversion` (cells).  Several records of one asset are found by `identity`,
once the rows of all files are together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.errors import EmptyInventoryError
from reen.inventory.issues import ReadReport, Severity
from reen.reasons import Reason
from reen.tables.accounting import set_aside
from reen.tables.conversion import Converted, convert
from reen.tables.headers.header_words import key_of
from reen.tables.headers.told_by_cells import told_by_cells
from reen.tables.headers.understanding import Headings, map_headers
from reen.tables.headers.wording import EQUIPMENT_WORDING
from reen.tables.importing import Imported, ReadOptions
from reen.tables.layouts.words import TITLE
from reen.tables.mapped import mapped_wording, year_wanted
from reen.tables.one_table import OneTable, rows_of
from reen.tables.rows.kinds import SortedRows
from reen.tables.rows.not_hardware import licences, virtual_machines
from reen.tables.sheet import Sheet
from reen.tables.table import GridTable, Rows, Table

if TYPE_CHECKING:
    from reen.tables.rows.short_rows import Completed

__all__ = ["read_assets"]

VIRTUAL = "virtual machine"
LICENCE = "licence or software"
OTHER_YEAR = "other year"
_SET_ASIDE = {VIRTUAL: "virtual_machine_set_aside", LICENCE: "licence_set_aside"}

#: Page sizes of asset tools: a list of exactly that many rows may be one page of a longer one.
_PAGES = frozenset({15, 20, 50, 100})

#: What every header of years and of periods has one of.
_OF_YEARS = (
    *("annee", "exercice", "year", "fy", "period", "millesime", "campagne", "moi", "month"),
    *("trimestre", "quarter", "semestre", "date", "situation"),
)

#: Days since the last contact after which a record is called stale.
_STALE_DAYS = 365


def read_assets(table: Table, options: ReadOptions) -> Imported:
    """Read a table of equipment.

    Raises
    ------
    EmptyInventoryError
        There is no row below the header.
    FileFormatError
        A text cannot be cut into rows.
    InventoryError
        No header is known, or two claim one column.
    """
    wording = mapped_wording(EQUIPMENT_WORDING, table.header, table.source, options)
    options = told_by_cells(table, options, wording)
    headings = map_headers(table.header, options.columns, table.source, wording)
    rows, completed = rows_of(table, headings)
    reading = _Reading(table, options, headings)
    # one file of a system may be empty
    if not rows.count and not reading.unique:
        raise EmptyInventoryError(_no_row_of(table))
    return reading.imported(rows, completed)


def _no_row_of(table: Table) -> Reason:
    """Return what is said of a header alone; that of records or of Arrow data is on no line."""
    if isinstance(table, GridTable) and table.grid.header is not None:
        return Reason("error_there_are_columns_but_no_row", path=table.source)
    return Reason(
        "error_there_only_header_line_expected_line",
        source=table.source,
        header_line=table.header_line,
    )


class _Reading(OneTable):
    """One table on its way from rows to an inventory."""

    def imported(self, rows: Rows, completed: Completed | None) -> Imported:
        found = self._of_one_year(self._without_software(self.sorted(rows, completed)))
        if not len(found.sheet):
            return self._no_equipment(rows)
        converted = convert(
            found.sheet,
            self.headings,
            found.sections,
            self.options,
            self.findings,
            language=self.language,
            title=self.table.details.get(TITLE, ""),
        )
        lines = found.sheet.lines
        report = self.report(rows, converted, self._remarks_on_assets(rows, converted))
        layers = self.headings.wording.layers
        return Imported(
            table=self.columns(converted, lines),
            issues=self.findings.issues,
            report=report,
            rows_read=rows.count,
            lines=set_aside(self.ignored, self.items),
            wanted=self.headings.wanted,
            logins=self.logins,
            keys=() if layers is None else layers.keys,
            unique=self.unique,
            passed=True,
            announced=self.table.announced,
        )

    def _without_software(self, found: SortedRows) -> SortedRows:
        """Return the rows without virtual machines and licences, which are counted."""
        resolve = self.options.equipment_types.resolve
        virtual = virtual_machines(found.sheet, self.headings, resolve)
        software = licences(found.sheet, self.headings) & ~virtual
        for kind, mask in ((VIRTUAL, virtual), (LICENCE, software)):
            if mask.any():
                self.findings.rows(
                    "",
                    self._what_is_on(found.sheet, int(mask.argmax())),
                    Reason(_SET_ASIDE[kind]),
                    found.sheet.lines[mask],
                )
        software = software[~virtual]
        if virtual.any():
            found = self.set_aside(found, virtual, VIRTUAL)
        return self.set_aside(found, software, LICENCE) if software.any() else found

    def _of_one_year(self, found: SortedRows) -> SortedRows:
        """Return the rows of one yearly count; those of others are counted, and never added."""
        if not _may_name_years(self.headings):
            return found
        from reen.tables.layouts.snapshots import chosen_year, said_years, without

        choice = chosen_year(found.sheet, self.headings, year_wanted(self.options))
        if choice is None:
            return found
        if not choice.taken:
            self.findings.rows(
                "",
                choice.heading.text,
                Reason("years_may_be_counts", years=", ".join(choice.years)),
                found.sheet.lines,
                expected=Reason("expect_year"),
                severity=Severity.DOUBT,
            )
            return found
        self.findings.rows(
            "",
            choice.heading.text,
            Reason(
                "one_year_counted", year=choice.year, years=said_years(choice.years, choice.year)
            ),
            found.sheet.lines[choice.others],
            expected=Reason("expect_year"),
            severity=Severity.NOTE if choice.sure else Severity.DOUBT,
        )
        found = self.set_aside(found, choice.others, OTHER_YEAR)
        self.headings = without(self.headings, choice.heading)
        return found

    def _no_equipment(self, rows: Rows) -> Imported:
        """Return the account of a table none of whose rows is equipment."""
        return Imported(
            table=pa.table({"equipment_type": pa.array([], pa.string())}),
            issues=self.findings.issues,
            report=ReadReport(source=self.table.source, importer="table"),
            rows_read=rows.count,
            lines=set_aside(self.ignored, self.items),
            unique=self.unique,
            wanted=self.headings.wanted,
            passed=True,
            announced=self.table.announced,
        )

    def _what_is_on(self, sheet: Sheet, row: int) -> str:
        """Return the words by which a person knows a row."""
        for column in ("model", "manufacturer", "equipment_type"):
            for heading in self.headings.columns.get(column, ()):
                word = sheet.words(heading.position)[row].as_py()
                if word:
                    return str(word)
        return ""

    def _remarks_on_assets(self, rows: Rows, converted: Converted) -> list[Reason]:
        remarks = []
        if rows.count in _PAGES and self.table.announced in (None, rows.count):
            remarks.append(Reason("read_whole_list", rows=rows.count))
        remarks += _without_model(converted.columns)
        seen = converted.columns.get("last_seen")
        if seen is not None:
            days = pc.days_between(seen, pa.scalar(self.options.today, pa.date32()))
            stale = pc.sum(pc.greater(days, _STALE_DAYS)).as_py() or 0
            if stale:
                remarks.append(Reason("read_stale", count=int(stale)))
        return remarks


def _may_name_years(headings: Headings) -> bool:
    """Tell whether a header may be that of the years in which the rows were counted."""
    known = (heading for group in headings.columns.values() for heading in group)
    keys = (key_of(heading.text) for heading in (*headings.kept.values(), *known))
    return any(word in key for key in keys for word in _OF_YEARS)


def _without_model(columns: dict[str, pa.Array]) -> list[Reason]:
    """Return what share of the quantity has no model, in a sentence; nothing when all have one."""
    rows = len(next(iter(columns.values())))
    model = columns.get("model")
    blank = np.ones(rows, np.bool_) if model is None else ~_valid(model)
    without = int(blank.sum())
    if not without:
        return []
    quantity = columns.get("quantity")
    share: Reason | str = ""
    if quantity is not None:
        items = np.nan_to_num(numpy_of(quantity), nan=0.0)
        if items.sum() > 0:
            part = float(items[blank].sum() / items.sum())
            share = Reason("read_share_of_items", part=part)
    return [Reason("read_without_model", count=without, rows=rows, share=share)]


def _valid(cells: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(numpy_of(cells.is_valid()), np.bool_)
