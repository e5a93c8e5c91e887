"""Cells to columns: what is read alike in every kind of table.

Input: the rows that are records and what their columns are.  Output: one Arrow array per canonical
column (text dictionary-encoded, numbers float64 with their unit, dates date32) and one per column
kept; instants as they are written, of which `periods` makes points in time.  `conversion` adds what
is special to equipment, `record_rows` to dated records.

Types, statuses and countries stay words: reen resolves them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs
import numpy as np
import pyarrow as pa

from reen.arrays import arrow_of, numpy_of, texts_of
from reen.inventory.issues import Severity
from reen.inventory.schema import ColumnKind
from reen.reasons import Reason
from reen.tables.cells.amounts import Amounts, read_amounts
from reen.tables.cells.date_columns import Days, read_days
from reen.tables.cells.judging import judge, types_of
from reen.tables.cells.number_marks import PROVED, marks_of_file, number_columns
from reen.tables.cells.text import read_booleans, read_text_column
from reen.tables.cells.units_in_text import names_a_unit
from reen.tables.converted import Converted, first_of, say_alternatives
from reen.tables.evidence.placing import SECTION_TYPE
from reen.tables.findings import Findings
from reen.tables.headers.headings import LEFT_OUT
from reen.tables.headers.reading_columns import NAMES_PERSONS
from reen.tables.headers.understanding import Heading, Headings
from reen.tables.importing import ReadOptions
from reen.tables.mapping.layers import TOOL
from reen.tables.privacy.contents import names_persons, tell_persons
from reen.tables.privacy.keeping_columns import refuse_group_of_persons
from reen.tables.rows.said import fill_columns, fill_numbers, said_days
from reen.tables.sheet import Sheet, codes_of

if TYPE_CHECKING:
    from reen.tables.cells.instants import Instants
    from reen.tables.rows.titles import Sections

__all__ = [
    "Cells",
    "add_sections",
    "add_type",
    "check_quantity",
    "constant",
    "judge_numbers",
    "keep_others",
    "read_cells",
]

_TEXT = pa.dictionary(pa.int32(), pa.string())

#: Order of preference from which a header of models ("Désignation") may as well be one of types.
_DESIGNATION = 3

#: Share of the rows that must name a type.
_MOSTLY = 0.5


@attrs.frozen(eq=False, repr=False)
class Cells:
    """What the cells of a table hold.

    Attributes
    ----------
    result
        Its columns, but for the dates.
    dates
        The date columns of each canonical one, the preferred first.
    amounts
        The number columns, which are in `result` too.
    instants
        The columns of instants.
    """

    result: Converted = attrs.field(factory=Converted)
    dates: dict[str, list[Days]] = attrs.field(factory=dict)
    amounts: dict[str, Amounts] = attrs.field(factory=dict)
    instants: dict[str, Instants] = attrs.field(factory=dict)


def constant(value: str, rows: int) -> pa.DictionaryArray:
    """Return a text column of one value."""
    codes = arrow_of(np.zeros(rows, np.int32))
    return pa.DictionaryArray.from_arrays(codes, texts_of([value]))


def read_cells(
    sheet: Sheet,
    headings: Headings,
    findings: Findings,
    *,
    language: str,
    but: frozenset[str] = frozenset(),
) -> Cells:
    """Return what the cells of the canonical columns hold.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    findings
        Where the faults of cells are told.
    language
        Language of dates and numbers whose order or marks nothing tells.
    but
        Columns that the caller reads itself.
    """
    cells = Cells()
    schema = headings.wording.schema
    cells.amounts.update(_numbers(sheet, headings, cells.result, findings, language=language))
    for column, group in headings.columns.items():
        kind = schema[column].kind
        if column in but:
            continue
        if kind is ColumnKind.NUMBER:
            cells.result.columns[column] = cells.amounts[column].numbers
        elif kind is ColumnKind.DATE:
            cells.dates[column] = [
                said_days(
                    read_days(sheet, heading.position, column, findings, language=language),
                    heading,
                )
                for heading in group
            ]
        elif kind is ColumnKind.TIMESTAMP:
            from reen.tables.cells.instants import read_instants  # which few tables have

            cells.instants[column] = read_instants(
                sheet, group[0].position, column, findings, language=language
            )
        elif kind is ColumnKind.BOOLEAN:
            position = group[0].position
            answers = read_booleans(sheet, position, column, findings, schema=schema)
            cells.result.columns[column] = answers
        else:
            _text(sheet, column, group, headings, cells.result, findings)
    fill_columns(sheet, headings, cells.result, cells.dates, but=but)
    return cells


def _numbers(
    sheet: Sheet, headings: Headings, result: Converted, findings: Findings, *, language: str
) -> dict[str, Amounts]:
    """Return the number columns; one decimal mark for the file, proved by all of them."""
    marks = marks_of_file(sheet, headings, language=language)
    shown = [each for each in marks.values() if each.open_marks or each.by == PROVED]
    if any(each.decimal == "," for each in shown):
        result.details["decimal mark"] = ","
    return {
        each.column: read_amounts(sheet, each, findings, marks=marks[each.position])
        for each in number_columns(headings)
    }


def judge_numbers(
    sheet: Sheet,
    headings: Headings,
    amounts: dict[str, Amounts],
    options: ReadOptions,
    result: Converted,
    findings: Findings,
) -> None:
    """Put the numbers that cannot be what their unit says out of use."""
    words = result.columns.get("equipment_type")
    types = types_of(words, len(sheet), options.equipment_types.resolve)
    for column, found in amounts.items():
        heading = headings.columns[column][0]
        judged = judge(
            column,
            found,
            header_unit=heading.unit,
            types=types,
            lines=sheet.lines,
            findings=findings,
            schema=headings.wording.schema,
            assumed=heading.layer == TOOL and not names_a_unit(heading.text),
        )
        result.columns[column], result.units[column] = judged.numbers, judged.unit
    fill_numbers(headings, result)


def _text(
    sheet: Sheet,
    column: str,
    group: tuple[Heading, ...],
    headings: Headings,
    result: Converted,
    findings: Findings,
) -> None:
    schema = headings.wording.schema
    arrays = [
        read_text_column(sheet, heading.position, column, findings, schema=schema)
        for heading in group
    ]
    result.columns[column] = first_of(arrays)
    if column not in NAMES_PERSONS:
        say_alternatives(column, group, result)


def add_sections(sections: Sections | None, result: Converted) -> None:
    """Add the column that section titles fill."""
    if sections is None:
        return
    result.columns[sections.column] = sections.titles
    if sections.types is not None:
        result.columns[SECTION_TYPE] = sections.types
    result.assumptions.append(Reason("read_sections", column=sections.column))


def add_type(headings: Headings, options: ReadOptions, result: Converted) -> None:
    """Read the type from a column of designations when no other gives it.

    "Désignation" holds models in one sheet and types in another: it is read as the type when at
    least half of its rows name one.
    """
    if "equipment_type" in result.columns:
        return
    headers = headings.columns.get("model", ())
    models = result.columns.get("model")
    resolve = options.equipment_types.resolve
    shared = 0.0
    if models is not None and headers and headers[0].preference >= _DESIGNATION:
        shared = _share_of_types(models, resolve)
    if shared >= _MOSTLY:
        result.columns["equipment_type"] = models
        result.assumptions.append(Reason("read_model_as_type", header=headers[0].text))
    else:
        # a header that nothing explains above words of types, then free text that may say the type
        typed = [
            heading
            for name, heading in headings.kept.items()
            if name in result.columns
            and _share_of_types(result.columns[name].dictionary_encode(), resolve) >= _MOSTLY
        ]
        near = (*typed, *headings.columns.get("description", ()), *headers)
        likely = Reason("read_for_instance", header=near[0].text) if near else ""
        result.assumptions.append(Reason("read_no_type", likely=likely))


def _share_of_types(words: pa.DictionaryArray, resolve: Callable[[str], str | None]) -> float:
    """Return the share of rows whose word names a type."""
    known = np.array([resolve(word or "") is not None for word in words.dictionary.to_pylist()])
    table = np.append(known, False).astype(np.bool_)
    return float(table[codes_of(words)].mean()) if len(words) else 0.0


def check_quantity(sheet: Sheet, result: Converted, findings: Findings) -> None:
    """Tell the quantities that are no whole number, or several under one serial number."""
    quantity = result.columns.get("quantity")
    if quantity is None:
        result.assumptions.append(Reason("read_no_quantity"))
        return
    values = numpy_of(quantity)
    serial = result.columns.get("serial_number")
    known = np.zeros(len(values), np.bool_) if serial is None else numpy_of(serial.is_valid())
    with np.errstate(invalid="ignore"):
        broken = np.isfinite(values) & (np.floor(values) != values)
        parts, several_parts = broken & (values < 1), broken & (values > 1)
        nothing = values == 0
        several = known & (values > 1)
    note, doubt = Severity.NOTE, Severity.DOUBT
    for mask, reason, expected, severity in (
        # a part of one item is shared; two and a half are a mean, or a slip
        (parts, Reason("parts_of_items"), Reason("whole_items"), note),
        (several_parts, Reason("parts_of_items"), Reason("whole_items"), doubt),
        (several, Reason("one_serial_number"), Reason("row_per_serial_number"), note),
        (nothing, Reason("counts_nothing"), Reason("expect_items"), note),
    ):
        rows = np.flatnonzero(mask)
        if len(rows):
            findings.rows(
                "quantity",
                f"{values[rows[0]]:g}",
                reason,
                sheet.lines[rows],
                expected=expected,
                severity=severity,
            )


def keep_others(
    sheet: Sheet, headings: Headings, result: Converted, findings: Findings, *, joins: bool
) -> None:
    """Add the columns that nothing knows; tell those that were asked for and name persons.

    Parameters
    ----------
    sheet, headings, result, findings
        The rows, what their columns are, where they go, and where it is told.
    joins
        Whether those that nobody asked for may show which rows are one asset; of them, none that
        names persons.

    Raises
    ------
    OptionError
        One to group by names persons.
    """
    for name, heading in headings.kept.items():
        asked = heading.position in headings.asked
        if (not asked and not joins) or heading.column == LEFT_OUT:
            continue
        words = sheet.words(heading.position)
        grouped = heading.position in headings.grouped
        if grouped and names_persons(words.dictionary):
            raise refuse_group_of_persons(heading.text)
        if asked or not names_persons(words.dictionary):
            result.columns[name] = words.cast(_TEXT)
        else:
            result.personal.append(heading.text)
    tell_persons(sheet, headings, findings)
