"""Conversion: text cells become the canonical columns, with what was taken for granted.

Input: the rows that are equipment and what their columns are.  Output: one Arrow array per
canonical column (text dictionary-encoded, numbers float64 with their unit in the field metadata,
dates date32) and one per column kept, the assumptions in sentences.  Each kind of cell has its own
module; this one says which is read how, and fills one column from another where that is stated.

Types, statuses and countries stay words: reen resolves them.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Severity
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.reasons import Reason
from reen.tables.amounts import Amounts, read_amounts
from reen.tables.converted import Converted, first_of, say_alternatives
from reen.tables.countries import read_countries
from reen.tables.date_columns import Days, read_days
from reen.tables.findings import Findings
from reen.tables.header_words import key_of
from reen.tables.headers import Heading, Headings
from reen.tables.importing import ReadOptions
from reen.tables.judging import judge, types_of
from reen.tables.life_dates import add_dates
from reen.tables.number_marks import PROVED, marks_of_file, number_columns
from reen.tables.personal import names_persons
from reen.tables.rows import Sections
from reen.tables.sheet import Sheet, codes_of
from reen.tables.text_cells import read_booleans, read_text_column
from reen.tables.units_in_text import read_unit
from reen.tables.unread_numbers import tell_unread_numbers

__all__ = ["Converted", "convert"]

_TEXT = pa.dictionary(pa.int32(), pa.string())

#: A header that counts memory in powers of two itself.
_BINARY = re.compile(r"[kmgt]i[bo]\b", re.IGNORECASE)

#: Units that need not be written.
_OBVIOUS = frozenset({"1", "item", ""})

#: Order of preference from which a header of models ("Désignation") may as well be one of types.
_DESIGNATION = 3

#: Share of the rows that must name a type.
_MOSTLY = 0.5


def convert(
    sheet: Sheet,
    headings: Headings,
    sections: Sections | None,
    options: ReadOptions,
    findings: Findings,
    *,
    language: str,
) -> Converted:
    """Return the columns of the rows of a sheet.

    Parameters
    ----------
    sheet, headings, sections
        The rows, what their columns are, and the section titles.
    options
        What the user says.
    findings
        Where the faults of cells are told.
    language
        Language of dates whose order nothing tells.
    """
    result = Converted()
    dates: dict[str, list[Days]] = {}
    amounts = _numbers(sheet, headings, result, findings, language=language)
    for column, group in headings.columns.items():
        kind = EQUIPMENT[column].kind
        if kind is ColumnKind.NUMBER:
            result.columns[column] = amounts[column].numbers
        elif column == "country":
            _country(sheet, headings, options, result, findings)
        elif kind is ColumnKind.DATE:
            dates[column] = [
                read_days(sheet, heading.position, column, findings, language=language)
                for heading in group
            ]
        elif kind is ColumnKind.BOOLEAN:
            cells = read_booleans(sheet, group[0].position, column, findings)
            result.columns[column] = cells
        else:
            _text(sheet, column, group, result, findings)
    add_dates(sheet, headings, dates, options, result, findings)
    _add_sections(sections, result)
    _add_status(sheet, headings, result, findings)
    if "country" not in result.columns and options.country is not None:
        result.columns["country"] = constant(options.country, len(sheet))
        result.assumptions.append(f"No country column: every row is in {options.country}.")
    _check_quantity(sheet, result, findings)
    _keep(sheet, headings, result)
    tell_unread_numbers(sheet, headings, findings, language=language)
    _add_type(headings, options, result)
    _judge(sheet, headings, amounts, options, result, findings)
    _say_units_and_meanings(headings, result)
    return result


def constant(value: str, rows: int) -> pa.DictionaryArray:
    """Return a text column of one value."""
    codes = pa.array(np.zeros(rows, np.int32))
    return pa.DictionaryArray.from_arrays(codes, pa.array([value], pa.string()))


def assumed_status(
    rows: int, retired: pa.Array | pa.ChunkedArray | None
) -> tuple[pa.DictionaryArray, str]:
    """Return the status of rows that state none, and the sentence that says so.

    They are in use, but for those with a retirement date: the date says until when.
    """
    said = "No status column: every row is in use"
    status = constant("in_use", rows)
    if retired is None or retired.null_count == rows:
        return status, f"{said}."
    dated = retired.is_valid().to_numpy(zero_copy_only=False)
    codes = pa.array(np.zeros(rows, np.int32), mask=np.asarray(dated, np.bool_))
    dictionary = pa.DictionaryArray.from_arrays(codes, status.dictionary)
    return dictionary, f"{said}, until its retirement date where it has one."


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


def _judge(
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
        judged = judge(
            column,
            found,
            header_unit=headings.columns[column][0].unit,
            types=types,
            lines=sheet.lines,
            findings=findings,
        )
        result.columns[column], result.units[column] = judged.numbers, judged.unit


def _text(
    sheet: Sheet,
    column: str,
    group: tuple[Heading, ...],
    result: Converted,
    findings: Findings,
) -> None:
    arrays = [read_text_column(sheet, heading.position, column, findings) for heading in group]
    result.columns[column] = first_of(arrays)
    say_alternatives(column, group, result)


def _country(
    sheet: Sheet,
    headings: Headings,
    options: ReadOptions,
    result: Converted,
    findings: Findings,
) -> None:
    """Add the countries; the one that the user gives is that of blank cells alone."""
    position = headings.columns["country"][0].position
    others = [
        heading.position
        for column, group in headings.columns.items()
        if EQUIPMENT[column].kind is ColumnKind.TEXT and column != "country"
        for heading in group
    ]
    found = read_countries(sheet, position, others, findings)
    words = found.words
    raw = headings.columns.get("country_raw")
    asked = found.question | (
        sheet.filled(raw[0].position) if raw else np.zeros(len(sheet), np.bool_)
    )
    if found.written is not None and raw is None:
        result.columns["country_raw"] = found.written
    blank = ~np.asarray(words.is_valid().to_numpy(zero_copy_only=False), np.bool_) & ~asked
    if options.country is not None and blank.any():
        given = pa.scalar(options.country, pa.string())
        words = pc.if_else(pa.array(blank), given, words.cast(pa.string())).dictionary_encode()
        result.assumptions.append(
            f"{np.count_nonzero(blank)} row(s) without a country are in {options.country}."
        )
    result.columns["country"] = words


def _add_sections(sections: Sections | None, result: Converted) -> None:
    if sections is None:
        return
    result.columns[sections.column] = sections.titles
    result.assumptions.append(
        f"Titles that stand alone in a row are the {sections.column} of the rows below them."
    )


def _add_type(headings: Headings, options: ReadOptions, result: Converted) -> None:
    """Read the type from a column of designations when no other gives it.

    "Désignation" holds models in one sheet and types in another: it is read as the type when at
    least half of its rows name one.
    """
    if "equipment_type" in result.columns:
        return
    headers = headings.columns.get("model", ())
    models = result.columns.get("model")
    shared = 0.0
    if models is not None and headers and headers[0].preference >= _DESIGNATION:
        resolves = [
            options.equipment_types.resolve(word or "") for word in models.dictionary.to_pylist()
        ]
        table = np.array([each is not None for each in resolves] + [False])
        shared = float(table[codes_of(models)].mean()) if len(models) else 0.0
    if shared >= _MOSTLY:
        result.columns["equipment_type"] = models
        result.assumptions.append(f"{headers[0].text!r} names types: it is read as the type too.")
    else:
        likely = f", for instance {headers[0].text!r}" if headers else ""
        result.assumptions.append(
            "No column gives the type of equipment; if one does, name it with"
            f" columns={{HEADER: 'equipment_type'}}{likely}."
        )


def _add_status(sheet: Sheet, headings: Headings, result: Converted, findings: Findings) -> None:
    """Add the status of a file that has none; note the word that means two things."""
    if "status" not in headings.columns:
        retired = result.columns.get("retirement_date")
        result.columns["status"], said = assumed_status(len(sheet), retired)
        result.assumptions.append(said)
        return
    words = result.columns["status"]
    leased = {
        code: word for code, word in enumerate(words.dictionary.to_pylist()) if _is_location(word)
    }
    findings.values(
        "status",
        leased,
        Reason("location_status"),
        codes_of(words),
        sheet.lines,
        expected=Reason("status_of_leased"),
        severity=Severity.NOTE,
    )
    if words.null_count:
        known = words.cast(pa.string()).fill_null("unknown")
        result.columns["status"] = known.dictionary_encode()


def _is_location(word: str) -> bool:
    """Tell whether a word means a place in English and a lease in French."""
    return key_of(word) == "location"


def _check_quantity(sheet: Sheet, result: Converted, findings: Findings) -> None:
    """Note the quantities that are no whole number, or several under one serial number."""
    quantity = result.columns.get("quantity")
    if quantity is None:
        result.assumptions.append("No quantity column: every row is one item.")
        return
    values = quantity.to_numpy(zero_copy_only=False)
    serial = result.columns.get("serial_number")
    known = (
        np.zeros(len(values), np.bool_)
        if serial is None
        else serial.is_valid().to_numpy(zero_copy_only=False)
    )
    with np.errstate(invalid="ignore"):
        parts = np.isfinite(values) & (values % 1 != 0)
        several = known & (values > 1)
    for mask, reason, expected in (
        (parts, Reason("parts_of_items"), Reason("whole_items")),
        (several, Reason("one_serial_number"), Reason("row_per_serial_number")),
    ):
        rows = np.flatnonzero(mask)
        if len(rows):
            findings.rows(
                "quantity", f"{values[rows[0]]:g}", reason, sheet.lines[rows], expected=expected
            )


def _keep(sheet: Sheet, headings: Headings, result: Converted) -> None:
    """Add the columns that nothing knows, but for those whose cells name persons."""
    for name, heading in headings.kept.items():
        words = sheet.words(heading.position)
        if names_persons(words.dictionary):
            result.personal.append(heading.text)
        else:
            result.columns[name] = words.cast(_TEXT)


def _names_a_unit(heading: Heading) -> bool:
    """Tell whether a header says its unit, if only in a word ("screen_inches")."""
    return bool(heading.unit) or any(map(read_unit, heading.text.replace("_", " ").split()))


def _say_units_and_meanings(headings: Headings, result: Converted) -> None:
    silent = [
        f"{column} in {unit}"
        for column, unit in result.units.items()
        if unit not in _OBVIOUS and not _names_a_unit(headings.columns[column][0])
    ]
    if silent:
        result.assumptions.append(f"No unit in the header: {', '.join(silent)}.")
    for heading in headings.columns.get("site", ()):
        if _is_location(heading.text) and headings.language != "en":
            result.assumptions.append(
                f"{heading.text!r} is the place of the equipment; if it says what is leased, name"
                f" it with columns={{{heading.text!r}: 'acquisition'}}."
            )
    for heading in headings.columns.get("lifetime", ()):
        if "amorti" in key_of(heading.text):
            result.assumptions.append(f"lifetime is the amortisation period of {heading.text!r}.")
    several = result.columns.get("quantity")
    each = [name for name in result.units if EQUIPMENT[name].unit.find("/item") > 0]
    if each and several is not None and (pc.max(several).as_py() or 0.0) > 1.0:
        result.assumptions.append(
            f"{', '.join(each)}: the figure of one item, counted for each item of a row."
        )
    memory = headings.columns.get("ram")
    if memory is not None and memory[0].unit and not _BINARY.search(memory[0].text):
        result.assumptions.append("Memory is counted in powers of two (1 Go is 1 GiB).")
