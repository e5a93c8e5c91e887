"""Conversion: the columns of equipment, with what was taken for granted.

Input: the rows that are equipment and what their columns are.  Output: one Arrow array per
canonical column and one per column kept, the assumptions in sentences.  `cells_to_columns` reads
the cells; this module fills one column from another where that is stated.

Types, statuses and countries stay words: reen resolves them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.inventory.schema import EQUIPMENT, UNREADABLE, ColumnKind
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.countries import read_countries
from reen.tables.cells.life_dates import add_dates
from reen.tables.cells.prices import tell_price_of_line
from reen.tables.cells.quantities import share_lines
from reen.tables.cells.unread_numbers import tell_beside, tell_unread_numbers
from reen.tables.cells_to_columns import (
    add_sections,
    add_type,
    check_quantity,
    constant,
    judge_numbers,
    keep_others,
    read_cells,
)
from reen.tables.converted import Converted, first_of, say_units
from reen.tables.evidence.placing import place_types, placing_of
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of, value_words
from reen.tables.headers.reading_columns import EVIDENCE
from reen.tables.headers.understanding import Headings
from reen.tables.importing import ReadOptions
from reen.tables.rows.status_of_name import (
    fill_status,
    placed_statuses,
    status_of_name,
    tell_remarks,
    ticked_statuses,
    titled_statuses,
)
from reen.tables.sheet import Sheet, codes_of, recode_words
from reen.vocabulary.statuses import resolve_status

if TYPE_CHECKING:
    from reen.tables.rows.titles import Sections

__all__ = ["Converted", "convert"]

#: A header that counts memory in powers of two itself.
_BINARY = pattern(r"(?i)[kmgt]i[bo]\b")


def convert(
    sheet: Sheet,
    headings: Headings,
    sections: Sections | None,
    options: ReadOptions,
    findings: Findings,
    *,
    language: str,
    title: str = "",
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
    title
        Title of the table, where several stand on its sheet.
    """
    country = options.country or headings.wording.constants.get("country")
    options = attrs.evolve(options, country=country)
    cells = read_cells(sheet, headings, findings, language=language, but=frozenset({"country"}))
    result = cells.result
    if "country" in headings.columns:
        _country(sheet, headings, options, result, findings)
    add_dates(sheet, headings, cells.dates, options, result, findings)
    add_sections(sections, result)
    titles = None if sections is None else sections.titles
    _add_status(sheet, headings, result, findings, title=title, titles=titles)
    if "country" not in result.columns and options.country is not None:
        result.columns["country"] = constant(options.country, len(sheet))
        result.assumptions.append(Reason("read_country", country=options.country))
    check_quantity(sheet, result, findings)
    share_lines(headings, cells.amounts, result)
    keep_others(sheet, headings, result, findings, joins=True)
    tell_unread_numbers(sheet, headings, findings, language=language)
    tell_beside(sheet, headings, findings)
    add_type(headings, options, result)
    place_types(
        result,
        placing_of(options, headings.wording, findings.source),
        findings,
        sheet.lines,
        schema=headings.wording.schema,
    )
    judge_numbers(sheet, headings, cells.amounts, options, result, findings)
    if not _are_single_assets(sheet, headings):
        from reen.tables.rows.lots import tell_lots

        tell_lots(sheet, headings, options.mapping, result, findings)
    tell_price_of_line(sheet, headings, "price", result, findings)
    _tell_personal(sheet, result, findings)
    say_units(headings, result)
    _say_meanings(headings, result)
    for column in EVIDENCE:
        result.columns.pop(column.name, None)
    return result


def _are_single_assets(sheet: Sheet, headings: Headings) -> bool:
    """Tell whether every row has a serial number or an asset tag: none is a lot of several."""
    named = np.zeros(len(sheet), np.bool_)
    for column in ("serial_number", "asset_tag"):
        for heading in headings.columns.get(column, ()):
            named |= sheet.filled(heading.position)
    return bool(named.all())


def _tell_personal(sheet: Sheet, result: Converted, findings: Findings) -> None:
    """Note the devices that are not the organisation's own: few methods look whose a device is."""
    words = result.columns.get("ownership")
    if words is not None:
        own = pc.fill_null(pc.equal(words.cast(pa.string()), "personal"), fill_value=False)
        lines = sheet.lines[numpy_of(own)]
        findings.rows("ownership", "personal", Reason("personal_devices"), lines)


def assumed_status(
    rows: int, retired: pa.Array | pa.ChunkedArray | None
) -> tuple[pa.DictionaryArray, Reason]:
    """Return the status of rows that state none, and the sentence that says so.

    They are in use, but for those with a retirement date: the date says until when.
    """
    status = constant("in_use", rows)
    if retired is None or retired.null_count == rows:
        return status, Reason("read_no_status")
    dated = numpy_of(retired.is_valid())
    codes = pa.array(np.zeros(rows, np.int32), mask=np.asarray(dated, np.bool_))
    dictionary = pa.DictionaryArray.from_arrays(codes, status.dictionary)
    return dictionary, Reason("read_no_status_until")


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
        if headings.wording.schema[column].kind is ColumnKind.TEXT and column != "country"
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
    blank = ~np.asarray(numpy_of(words.is_valid()), np.bool_) & ~asked
    if options.country is not None and blank.any():
        given = pa.scalar(options.country, pa.string())
        words = pc.if_else(pa.array(blank), given, words.cast(pa.string())).dictionary_encode()
        result.assumptions.append(
            Reason(
                "read_country_of_blanks",
                count=int(np.count_nonzero(blank)),
                country=options.country,
            )
        )
    result.columns["country"] = words


def _add_status(
    sheet: Sheet,
    headings: Headings,
    result: Converted,
    findings: Findings,
    *,
    title: str,
    titles: pa.DictionaryArray | None,
) -> None:
    """Add the status of rows that state none; note the word that means two things."""
    words = result.columns.get("status")
    ticked = ticked_statuses(words, sheet, headings, findings)
    if titles is not None:
        ticked = titled_statuses(words if ticked is None else ticked, titles, sheet, findings)
    ticked = placed_statuses(words if ticked is None else ticked, sheet, headings, findings)
    if ticked is words:
        ticked = None
    named = status_of_name(findings.source, title)
    if named is None or not named.sure:
        tell_remarks(ticked if ticked is not None else words, sheet, headings, findings)
    if named is not None:
        filled = fill_status(words, named, sheet, findings)
        if words is None:
            result.assumptions.append(
                Reason("read_status_of_name", name=named.name, status=str(named.status))
            )
        result.columns["status"] = filled if ticked is None else first_of([ticked, filled])
    elif words is None:
        assumed, said = assumed_status(len(sheet), _left(result))
        if ticked is not None:
            assumed, said = first_of([ticked, assumed]), Reason("read_status_of_ticks")
        result.columns["status"] = assumed
        result.assumptions.append(said)
        return
    elif ticked is not None:
        result.columns["status"] = ticked
    words = _in_use_where_leased(sheet, result, findings)
    if words.null_count:
        known = words.cast(pa.string()).fill_null("unknown")
        result.columns["status"] = known.dictionary_encode()


def _left(result: Converted) -> pa.Array | None:
    """Return the retirement dates, one that cannot be read being there all the same."""
    retired = result.columns.get("retirement_date")
    precision = result.columns.get("retirement_date_precision")
    if retired is None or precision is None:
        return retired
    unread = pc.equal(precision.cast(pa.string()), UNREADABLE).fill_null(pa.scalar(value=False))
    return pc.if_else(unread, pa.scalar(0, pa.int32()).cast(pa.date32()), retired)


def _in_use_where_leased(sheet: Sheet, result: Converted, findings: Findings) -> pa.DictionaryArray:
    """Return the statuses; "Location" among them is of equipment in use under a lease.

    What was written stays in ``status_raw``; the lease goes to blank cells of ``acquisition``.
    """
    words = result.columns["status"]
    texts = words.dictionary.to_pylist()
    leased = {
        code: word
        for code, word in enumerate(texts)
        if value_words()["acquisition"].get(key_of(word)) == "lease" and not resolve_status(word)
    }
    if not leased:
        return words
    findings.values(
        "status",
        leased,
        Reason("status_is_lease"),
        codes_of(words),
        sheet.lines,
        severity=Severity.NOTE,
    )
    result.columns.setdefault("status_raw", words)
    known = set(leased.values())
    lease = recode_words(words, lambda word: "lease" if word in known else None)
    said = result.columns.get("acquisition")
    result.columns["acquisition"] = lease if said is None else first_of([said, lease])
    result.columns["status"] = recode_words(words, lambda w: "in_use" if w in known else w)
    return result.columns["status"]


def _is_location(word: str) -> bool:
    """Tell whether a word means a place in English and a lease in French."""
    return key_of(word) == "location"


def _say_meanings(headings: Headings, result: Converted) -> None:
    for heading in headings.columns.get("site", ()):
        if _is_location(heading.text) and headings.language != "en":
            result.assumptions.append(Reason("read_place", header=heading.text))
    for heading in headings.columns.get("lifetime", ()):
        if "amorti" in key_of(heading.text):
            result.assumptions.append(Reason("read_amortisation", header=heading.text))
    several = result.columns.get("quantity")
    each = [
        name
        for name in result.units
        if "/item" in EQUIPMENT[name].unit and not headings.is_of_line(name)
    ]
    if each and several is not None and (pc.max(several).as_py() or 0.0) > 1.0:
        result.assumptions.append(Reason("read_per_item", columns=", ".join(each)))
    memory = headings.columns.get("ram")
    if memory is not None and memory[0].unit and not _BINARY.search(memory[0].text):
        result.assumptions.append(Reason("read_memory"))
