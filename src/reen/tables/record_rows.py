"""Record rows: one table of any kind but equipment becomes canonical columns.

Input: a table, what the user says, and the wording of its kind.  Output: an `Imported` in which
every row is accounted for: title rows, totals and blank rows are set aside, rows of another length
are refused.  The steps are those of any table; dates are what is special.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.inventory.record_schema import PURCHASES, SERVICES
from reen.reasons import Reason
from reen.tables.accounting import set_aside
from reen.tables.cells.date_columns import Days, past_days, precision_of
from reen.tables.cells.days import Precision
from reen.tables.cells.instants import Instants
from reen.tables.cells.periods import read_periods
from reen.tables.cells.prices import place_by_tax, tell_price
from reen.tables.cells.unread_numbers import tell_unread_numbers
from reen.tables.cells_to_columns import (
    add_sections,
    add_type,
    check_quantity,
    constant,
    judge_numbers,
    keep_others,
    read_cells,
)
from reen.tables.converted import Converted, first_of, say_alternatives, say_units
from reen.tables.evidence.placing import place_types, placing_of
from reen.tables.headers.headings import Heading
from reen.tables.headers.understanding import map_headers
from reen.tables.headers.wording import Wording
from reen.tables.importing import Imported, ReadOptions
from reen.tables.mapped import mapped_wording
from reen.tables.one_table import OneTable, rows_of
from reen.tables.rows.credit_notes import settle_credits
from reen.tables.rows.kinds import SortedRows
from reen.tables.rows.lots import tell_lots
from reen.tables.rows.not_bought import CREDIT, no_purchases, says_reconditioned
from reen.tables.sheet import Sheet, codes_of
from reen.tables.table import Rows, Table

if TYPE_CHECKING:
    from reen.tables.rows.short_rows import Completed

__all__ = ["read_record_rows"]

#: Purchases of which all was given back.
RETURNED = "returned purchase"

#: What is added to the name of a date column to say how precise each of its days is.
_PRECISION = "_precision"

_IMPRECISE = {Precision.MONTH: "date_is_a_month", Precision.YEAR: "date_is_a_year"}


def read_record_rows(table: Table, options: ReadOptions, wording: Wording) -> Imported:
    """Read a table of dated records; there may be no row below the header.

    Raises
    ------
    FileFormatError
        A text cannot be cut into rows.
    InventoryError
        A column that must be there is not, or two claim one meaning.
    """
    wording = mapped_wording(wording, table.header, table.source, options)
    headings = map_headers(table.header, options.columns, table.source, wording)
    rows, completed = rows_of(table, headings)
    return _Reading(table, options, headings).imported(rows, completed)


class _Reading(OneTable):
    """One table on its way from rows to records."""

    def imported(self, rows: Rows, completed: Completed | None) -> Imported:
        found = self._purchases(self._once(self.sorted(rows, completed)))
        converted = self._converted(found)
        return Imported(
            table=self.columns(converted, found.sheet.lines),
            issues=self.findings.issues,
            report=self.report(rows, converted, ()),
            rows_read=rows.count,
            lines=set_aside(self.ignored, self.items),
            unique=self.unique,
            wanted=self.headings.wanted,
            passed=True,
        )

    def _purchases(self, found: SortedRows) -> SortedRows:
        """Return the rows that buy equipment; the others are counted and told.

        The items that a credit note gives back are taken off the row that it names; where it names
        none, they are those of another row, and doubted.
        """
        if self.headings.wording.schema is not PURCHASES:
            return found
        resolve = self.options.equipment_types.resolve
        kinds = dict(no_purchases(found.sheet, self.headings, resolve))
        bought = ~np.any(list(kinds.values()), axis=0)
        settled = settle_credits(found.sheet, self.headings, kinds[CREDIT], bought)
        told = [(kind, mask, kind.replace(" ", "_") + "_set_aside") for kind, mask in kinds.items()]
        told += [
            (CREDIT, settled.credits, "credit_note_settled"),
            (RETURNED, settled.returned, "returned_purchase_set_aside"),
        ]
        kinds[CREDIT] &= ~settled.credits
        stays = np.ones(len(found.sheet), np.bool_)
        for kind, mask, code in told:
            here = mask[stays]
            if not here.any():
                continue
            doubted = code == "credit_note_set_aside"
            self.findings.rows(
                "",
                self._bought(found.sheet, int(here.argmax())),
                Reason(code),
                found.sheet.lines[here],
                severity=Severity.DOUBT if doubted else Severity.NOTE,
            )
            found = self.set_aside(found, here, kind)
            stays &= ~mask
        return found

    def _bought(self, sheet: Sheet, row: int) -> str:
        """Return the words that say what a row buys."""
        group = [h for name in ("model", "equipment_type") for h in self._group(name)]
        words = (sheet.words(heading.position)[row].as_py() for heading in group)
        return next(filter(None, words), "")

    def _group(self, column: str) -> tuple[Heading, ...]:
        return tuple(self.headings.columns.get(column, ()))

    def _reconditioned(self, sheet: Sheet, result: Converted) -> None:
        """Add that what was bought is refurbished where its words say so."""
        said = says_reconditioned(sheet, self.headings)
        if not said.any():
            return
        known = result.columns.get("reconditioned")
        if known is not None:
            result.columns["reconditioned"] = first_of([known, pa.array(said, mask=~said)])
            return
        # who marks what is reconditioned marks all of it: an assumption, which is asked
        result.columns["reconditioned"] = pa.array(said)
        self.findings.rows(
            "reconditioned",
            self._bought(sheet, int(said.argmax())),
            Reason("others_are_new", count=int((~said).sum())),
            sheet.lines[~said],
            expected=Reason("expect_reconditioned"),
            severity=Severity.DOUBT,
        )

    def _once(self, found: SortedRows) -> SortedRows:
        """Return the rows without those whose key stands above, where a mapping says the key."""
        layers = self.headings.wording.layers
        group = self.headings.columns.get("id", ()) if layers and "id" in layers.keys else ()
        if len(group) != 1:
            return found
        words = found.sheet.words(group[0].position)
        codes = codes_of(words)
        again = np.ones(len(codes), np.bool_)
        again[np.unique(codes, return_index=True)[1]] = False
        again &= codes >= 0
        if not again.any():
            return found
        example = words[int(again.argmax())].as_py()
        lines = found.sheet.lines[again]
        self.findings.rows("id", example, Reason("key_stands_above"), lines)
        return self.set_aside(found, again, "same_key")

    def _tell_identical(self, sheet: Sheet) -> None:
        """Doubt the records of one number that say the same: one that stands twice counts twice."""
        numbers = self._group("id")
        if not numbers or not len(sheet):
            return
        named = np.any([codes_of(sheet.words(each.position)) >= 0 for each in numbers], axis=0)
        rows = np.flatnonzero(named)
        cells = np.stack(
            [codes_of(sheet.words(position))[rows] for position in sheet.positions], axis=1
        )
        _, first, kinds = np.unique(cells, axis=0, return_index=True, return_inverse=True)
        again = rows[first[kinds.reshape(-1)] != np.arange(len(rows))]
        if len(again):
            example = sheet.words(numbers[0].position)[int(again[0])].as_py() or ""
            self.findings.rows(
                "id",
                example,
                Reason("record_stands_twice"),
                sheet.lines[again],
                expected=Reason("expect_record_once"),
                severity=Severity.DOUBT,
            )

    def _converted(self, found: SortedRows) -> Converted:
        sheet, headings, findings = found.sheet, self.headings, self.findings
        schema = headings.wording.schema
        cells = read_cells(sheet, headings, findings, language=self.language)
        result = cells.result
        for column, group in cells.dates.items():
            self._date(column, group, sheet, result)
        if headings.wording.day is not None and "date" not in result.columns:
            self._date_of_name(headings.wording.day, sheet, result)
        if cells.instants:
            self._periods(cells.instants, sheet, result)
        add_sections(found.sections, result)
        self._of_the_kind(sheet, result)
        if "quantity" in schema:
            self._quantity(sheet, result)
        if {"id", "date"} <= schema.keys():
            self._tell_identical(sheet)
        if {"id", "name"} <= schema.keys():
            self._name_the_nameless(result)
        keep_others(sheet, headings, result, findings, joins=False)
        tell_unread_numbers(sheet, headings, findings, language=self.language)
        if "model" in schema:
            add_type(headings, self.options, result)
        place_types(
            result,
            placing_of(self.options, headings.wording, findings.source),
            findings,
            sheet.lines,
            schema=schema,
        )
        judge_numbers(sheet, headings, cells.amounts, self.options, result, findings)
        if schema is SERVICES:
            taxes = {name: each.taxes for name, each in cells.amounts.items() if len(each.taxes)}
            place_by_tax(taxes, sheet.lines, result, findings)
        if schema is PURCHASES:
            tell_lots(sheet, headings, self.options.mapping, result, findings)
            tell_price(sheet, headings, "unit_price", result, findings)
        say_units(headings, result)
        return result

    def _of_the_kind(self, sheet: Sheet, result: Converted) -> None:
        """Add what only one kind of record says."""
        schema = self.headings.wording.schema
        if schema is PURCHASES:
            self._reconditioned(sheet, result)
        if schema is SERVICES:
            for heading in self._group("service_type")[:1]:  # none where a mapping says it of all
                result.columns.setdefault("service_type_raw", sheet.words(heading.position))

    def _date_of_name(self, day: dt.date, sheet: Sheet, result: Converted) -> None:
        """Add the day, or the last day of the year, that is said of the table, and tell it."""
        result.columns["date"] = pa.array([day] * len(sheet), pa.date32())
        if not self.headings.wording.day_is_year:
            self.findings.rows("date", str(day), Reason("day_of_name"), sheet.lines)
            return
        precision = constant(str(Precision.YEAR), len(sheet))
        result.columns["date" + _PRECISION] = precision
        self.findings.rows("date", str(day.year), Reason("date_of_name"), sheet.lines)

    def _periods(self, instants: dict[str, Instants], sheet: Sheet, result: Converted) -> None:
        for column, each in instants.items():
            if each.order:
                result.details[f"order in {column}"] = each.order
        result.columns.update(read_periods(instants, sheet, self.findings))

    def _name_the_nameless(self, result: Converted) -> None:
        """Give a machine, a place or an application without identifier its name as one."""
        ids, names = result.columns.get("id"), result.columns.get("name")
        if names is None or (ids is not None and not ids.null_count):
            return
        result.columns["id"] = first_of([names] if ids is None else [ids, names])
        result.assumptions.append(Reason("read_name_as_id"))

    def _quantity(self, sheet: Sheet, result: Converted) -> None:
        if "quantity" in result.columns or self.headings.wording.schema["quantity"].default:
            check_quantity(sheet, result, self.findings)

    def _date(self, column: str, group: list[Days], sheet: Sheet, result: Converted) -> None:
        """Add a date, from the first header that gives one, and how precise it is."""
        days = first_of([each.days for each in group])
        say_alternatives(column, self.headings.columns.get(column, ()), result)
        orders = {each.order for each in group if each.order}
        if orders:
            result.details[f"order in {column}"] = ", ".join(sorted(orders))
        if column in self.headings.wording.past:
            days = past_days(column, days, sheet, self.options.today, self.findings)
        result.columns[column] = days
        if all(each.precision is None for each in group):
            return
        precision = first_of([precision_of(each) for each in group])
        result.columns[column + _PRECISION] = precision.dictionary_encode()
        self._tell_imprecise(column, sheet, days, precision)

    def _tell_imprecise(
        self, column: str, sheet: Sheet, days: pa.Array, precision: pa.Array
    ) -> None:
        """Note which day stands for a month or a year."""
        words = numpy_of(precision)
        for kind, code in _IMPRECISE.items():
            where = words == str(kind)
            if where.any():
                example = str(days[int(where.argmax())].as_py() or "")
                lines = sheet.lines[where]
                self.findings.rows(column, example, Reason(code), lines, severity=Severity.NOTE)
