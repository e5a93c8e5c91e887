"""One table on its way: the steps that every kind of table goes through.

Input: a table, what its columns are, and what the user says.  Output: the rows that are records,
what was set aside or refused, and the report of the read.  `assets` and `record_rows` add what is
special to equipment and to dated records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import arrow_of
from reen.inventory.issues import ReadReport, Severity
from reen.reasons import Reason
from reen.tables.accounting import Items, items_of_sheet
from reen.tables.cells.quantities import add_up_quantities
from reen.tables.cells_to_columns import constant
from reen.tables.containers.cells import NOT_CALCULATED
from reen.tables.converted import Converted
from reen.tables.evidence.words import types_of_words
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.headers.reading_columns import NAMES_PERSONS
from reen.tables.headers.settling import settle
from reen.tables.headers.understanding import Headings
from reen.tables.importing import ReadOptions
from reen.tables.privacy.contents import leave_out_persons
from reen.tables.privacy.keeping_columns import keep_asked
from reen.tables.rows.kinds import SortedRows, sort_rows
from reen.tables.rows.mending import knows, may_have_lost_letters, mend_words, tell_repairs
from reen.tables.rows.not_hardware import names_virtual_machine
from reen.tables.rows.said import leave_out_keys, rows_of_rule, said_words, tell_unexpected
from reen.tables.sheet import Sheet, recode_words
from reen.tables.table import Rows, Table, TextTable
from reen.tables.typed.reading import typed_rows

if TYPE_CHECKING:
    from reen.tables.rows.short_rows import Completed

__all__ = ["OneTable", "rows_of"]


def rows_of(table: Table, headings: Headings) -> tuple[Rows, Completed | None]:
    """Return the rows, and those of a text whose blank end was left out, if there are any."""
    rows, completed = _rows_below(table, headings)
    if table.header_line < 2:  # noqa: PLR2004 - nothing stands above the first line
        return rows, completed
    from reen.tables.rows.above import records_above

    above = records_above(table)
    return (attrs.evolve(rows, above=above) if above else rows), completed


def _rows_below(table: Table, headings: Headings) -> tuple[Rows, Completed | None]:
    typed = typed_rows(table, headings)
    if typed is not None:
        return typed, None
    if not isinstance(table, TextTable):
        return table.rows(headings.read), None
    records = table.records(headings.read)
    if not records.misfits:
        return table.rows_of(records), None
    from reen.tables.rows.short_rows import complete_short_rows

    records, completed = complete_short_rows(records, table.dialect, headings)
    return table.rows_of(records), completed


class OneTable:
    """One table on its way from rows to canonical columns.

    Attributes
    ----------
    table, options, headings
        What is read, what the user says, and what the columns are.
    findings
        Where all that is odd is told.
    ignored
        Rows set aside, by reason.
    items
        Items of those that stand for some.
    logins
        Identifiers that hold the name of a person who left another cell of their row, by column.
    """

    def __init__(self, table: Table, options: ReadOptions, headings: Headings) -> None:
        self.table = table
        self.options = options
        self.headings = keep_asked(headings, options)
        self.findings = Findings(table.source)
        self.findings.hide(self.headings.unshown_names)
        self.ignored: dict[str, int] = {}
        self.items: dict[str, Items] = {}
        self.logins: Mapping[str, frozenset[str]] = {}

    def sorted(self, rows: Rows, completed: Completed | None) -> SortedRows:
        """Return the rows that are records; count the others."""
        for remark in self.table.remarks:
            self.findings.note(remark)
        if isinstance(self.table, TextTable):
            self._tell_text(self.table, completed)
        # clean text builds no column before threads do so
        if not isinstance(self.table, TextTable) or may_have_lost_letters(self.table.text):
            mend_words(rows.sheet, self.headings, self.options.equipment_types, self.findings)
        self._tell_rivals()
        if rows.blank:
            self.ignored["blank row"] = rows.blank
        self._refuse(rows.loose)
        self.findings.rows(
            "",
            "",
            Reason("rows_above_header", line=self.table.header_line),
            np.array(rows.above, np.int64),
            expected=Reason("expect_header_first"),
            severity=Severity.REJECTED,
        )
        if isinstance(self.table, TextTable) and rows.misfits:
            from reen.tables.rows.misfits import sort_misfits

            sort_misfits(
                rows.misfits,
                self.table.dialect,
                self.headings.unshown,
                self.ignored,
                self.findings,
                names_a_type=self._names_a_type,
            )
        self.headings = settle(
            rows.sheet,
            self.headings,
            self.findings,
            language=self.language,
            names_a_type=self._names_a_type,
            speaks_of_a_type=self._speaks_of_a_type,
        )
        add_up_quantities(rows.sheet, self.headings, self.findings)
        whole = self._without_said(SortedRows(rows.sheet, {}, None), blank=True)
        found = sort_rows(
            whole.sheet,
            self.headings,
            self._names_a_type,
            self.findings,
            language=self.language,
            speaks_of_a_type=self._speaks_of_a_type,
        )
        for kind, count in found.ignored.items():
            self.ignored[kind] = self.ignored.get(kind, 0) + count
        found = self._without_said(found, blank=False)
        self._tell_formulas(found.sheet)
        leave_out_keys(found.sheet, self.headings, self.findings)
        self.logins = leave_out_persons(found.sheet, self.headings, self.findings)
        given = frozenset({"country"} if self.options.country else ())
        tell_unexpected(found.sheet, self.headings, self.findings, but=given)
        self.headings = said_words(found.sheet, self.headings, len(self.table.header))
        return found

    def set_aside(self, found: SortedRows, mask: npt.NDArray[np.bool_], kind: str) -> SortedRows:
        """Return the other rows; count those of a mask, and what they stand for."""
        self.ignored[kind] = self.ignored.get(kind, 0) + int(mask.sum())
        items = items_of_sheet(found.sheet.set_aside(~mask), self.headings, language=self.language)
        before = self.items.get(kind, Items())
        self.items[kind] = Items(before.known + items.known, before.unknown + items.unknown)
        sections = found.sections
        if sections is not None:
            sections = sections.chosen(~mask)
        return attrs.evolve(found, sheet=found.sheet.set_aside(mask), sections=sections)

    def _without_said(self, found: SortedRows, *, blank: bool) -> SortedRows:
        """Return the rows without those that a mapping sets aside, which are counted.

        Those that are known by a blank cell come first: they may hold one value, as titles do.
        """
        layers = self.headings.wording.layers
        rules = () if layers is None else layers.set_aside
        for rule in (each for each in rules if ("" in each.values and not each.keep) is blank):
            mask = rows_of_rule(found.sheet, self.headings, rule)
            if mask.any():
                self.findings.rows(
                    "",
                    rule.header,
                    Reason("set_aside_by_mapping", reason=Reason(rule.reason)),
                    found.sheet.lines[mask],
                )
                found = self.set_aside(found, mask, rule.reason.removeprefix("row_"))
        return found

    def _refuse(self, loose: Sequence[tuple[int, str]]) -> None:
        """Refuse the values among the records that are no record: they may be equipment."""
        lines = np.array([line for line, _ in loose], np.int64)
        # the text of one may be that of any column
        example = loose[0][1] if loose and not self.headings.unshown else ""
        self.findings.rows(
            "",
            example,
            Reason("values_not_records", count=len(loose)),
            lines,
            expected=Reason("expect_record"),
            severity=Severity.REJECTED,
        )

    def _tell_text(self, table: TextTable, completed: Completed | None) -> None:
        """Tell what was repaired in a text, and which rows were completed."""
        headings, findings = self.headings, self.findings
        known = knows(self.options, headings.wording)
        tell_repairs(table.text, table.dialect, headings, known, findings)
        if completed is not None:
            from reen.tables.rows.misfits import tell_completed

            tell_completed(completed, table.dialect, headings.unshown, findings)

    def _names_a_type(self, word: str) -> bool:
        """Tell whether a word alone in its row is a type, if only of a virtual machine."""
        known = self.options.equipment_types.resolve(word) is not None
        return known or names_virtual_machine(word)

    def _speaks_of_a_type(self, title: str) -> bool:
        """Tell whether a title speaks of equipment, if only of several types."""
        return bool(types_of_words(title, self.options.equipment_types).types)

    @property
    def unique(self) -> tuple[str, ...]:
        """Return the columns that together name a row, where the mapping of the tool has such."""
        layers = self.headings.wording.layers
        kept = {key_of(heading.text): name for name, heading in self.headings.kept.items()}
        named = () if layers is None else layers.unique
        return tuple(kept.get(key_of(name), name) for name in named)

    @property
    def language(self) -> str:
        """Return the language of dates whose order nothing tells: French lists use ``;``."""
        if self.headings.language:
            return self.headings.language
        return "fr" if self.table.delimiter in ("", ";") else "en"

    def report(self, rows: Rows, converted: Converted, remarks: Sequence[Reason]) -> ReadReport:
        """Return how the table was read, with what is to be said of it."""
        layers = self.headings.wording.layers
        quoted = {} if rows.quoted else {"quotation marks": "none (they do not balance)"}
        return ReadReport(
            source=self.table.source,
            importer="table",
            details={**self.table.details, **quoted, **converted.details},
            mapped={
                name: group[0].text
                for name, group in self.headings.columns.items()
                if name in self.headings.wanted or name not in NAMES_PERSONS
            },
            kept=tuple(
                heading.text
                for heading in self.headings.kept.values()
                if heading.position in self.headings.asked
            ),
            left_out=tuple(
                heading.text
                for heading in self.headings.left_out
                if heading.text not in converted.personal
            ),
            joining=tuple(heading.text for heading in self.headings.passing),
            written_anew=tuple(str(heading.column) for heading in self.headings.dropped),
            assumptions=(*converted.assumptions, *self._remarks(rows, converted), *remarks),
            columns_read=tuple(
                each
                for each in self.headings.as_read(self.table.source, len(self.table.header))
                # of cells that were left out for what they hold nothing is asked
                if each.column or each.header not in converted.personal
            ),
            mappings={} if layers is None else layers.digests,
            tool="" if layers is None or layers.choice is None else layers.choice.tool.name,
        )

    def _tell_formulas(self, sheet: Sheet) -> None:
        """Tell the cells that are read and whose value the file does not hold."""
        if not any(remark.code == "formulas_not_calculated" for remark in self.table.remarks):
            return
        for column, group in self.headings.columns.items():
            for heading in group:
                self.findings.rows(
                    column,
                    heading.text,
                    Reason("column_not_calculated"),
                    sheet.lines[sheet.rows_with(heading.position, NOT_CALCULATED)],
                    expected=Reason("expect_calculated"),
                    severity=Severity.CELL,
                )
                sheet.replace(
                    heading.position,
                    recode_words(
                        sheet.words(heading.position),
                        lambda word: None if word == NOT_CALCULATED else word,
                    ),
                )

    def _tell_rivals(self) -> None:
        """Doubt a table that the mappings of several tools fit, and that each reads otherwise."""
        layers = self.headings.wording.layers
        choice = None if layers is None else layers.choice
        if choice is not None and choice.rivals and choice.tool.name not in choice.rivals:
            self.findings.rows(
                "",
                choice.tool.name,
                Reason("mapping_rivals", others=", ".join(choice.rivals)),
                np.array([self.table.header_line], np.int64),
                expected=Reason("expect_mapping_named"),
                severity=Severity.DOUBT,
            )

    def _remarks(self, rows: Rows, converted: Converted) -> list[Reason]:
        remarks = []
        headings = self.headings
        passing = [heading.text for heading in headings.passing]
        personal = [*(heading.text for heading in headings.personal), *converted.personal]
        if self.options.key is not None and passing:
            names = ", ".join(map(repr, passing))
            remarks.append(Reason("read_names_used", names=names))
            passing = []
        if names := ", ".join(map(repr, (*passing, *personal))):
            remarks.append(Reason("read_names_left_out", names=names))
        if headings.dropped:
            names = ", ".join(repr(heading.text) for heading in headings.dropped)
            remarks.append(Reason("read_written_anew", names=names))
        if not rows.quoted:
            remarks.append(Reason("read_inch_marks"))
        return remarks

    def columns(self, converted: Converted, lines: npt.NDArray[np.int64]) -> pa.Table:
        """Return the columns in the order of the schema, with the place of each row."""
        schema = self.headings.wording.schema
        names = [name for name in schema if name in converted.columns]
        columns = {name: converted.columns[name] for name in (*names, *converted.columns)}
        columns["source"] = constant(self.table.source, len(lines))
        columns["source_row"] = arrow_of(lines)
        fields = [
            pa.field(
                name,
                array.type,
                metadata={"unit": converted.units[name]} if name in converted.units else None,
            )
            for name, array in columns.items()
        ]
        return pa.table(list(columns.values()), schema=pa.schema(fields))
