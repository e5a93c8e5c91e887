"""Rows: which rows of a sheet are equipment, and what the others are.

Input: the rows of a file and its headings.  Output: the rows that are equipment, and how many of
the others there are by reason: blank, header repeated, total, sub-total, section title, note.
A section title is written into the rows below it.  A row is an asset unless it is proved not to
be: with an identifier, or with two filled cells and no total label, it stays.

Must not convert cells; virtual machines and duplicates are other modules'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.issues import Severity
from reen.inventory.record_schema import HEADCOUNT
from reen.inventory.schema import EQUIPMENT
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.number_marks import Marks, NumberColumn, marks_of_file
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.headers.understanding import Headings, recognise
from reen.tables.rows.columns import Columns
from reen.tables.rows.said import set_aside_rows
from reen.tables.rows.totals import (
    bare_totals,
    check_totals,
    figures_about_rows,
    labelled_totals,
    quantities_of,
    settle_total,
)
from reen.tables.sheet import Sheet, codes_of

if TYPE_CHECKING:
    from reen.tables.rows.titles import Sections, SingleRows

__all__ = ["SortedRows", "sort_rows"]

BLANK = "blank row"
HEADER = "header repeated"
TOTAL = "total"
SUBTOTAL = "sub-total"
SECTION = "section title"
NOTE = "note"
FIGURE = "figure"

#: Columns of places.
_PLACES = frozenset({"entity", "site"})

#: The foot of a printed page: "Édité le 12/11/2025 - Page 2/3".
_PAGE = pattern(r"(?i)(?:.*[\s,;(-])?page\s*:?\s*\d+(?:\s*(?:/|sur|de|of)\s*\d+)?\W*")

#: What begins the label of a part: "dont portables".
_PART = "dont"

#: Rows of a sum and of what it adds up; rows of the longest list that is looked at for rows that
#: count the ones set in below them.
_SUM_AND_PARTS, _MOST_ROWS = 3, 5_000

_MASK = npt.NDArray[np.bool_]


@attrs.frozen(eq=False, repr=False)
class SortedRows:
    """The rows of a sheet that are equipment.

    Attributes
    ----------
    sheet
        These rows.
    ignored
        Number of the others, by reason.
    sections
        Section titles, or None when there are none.
    """

    sheet: Sheet
    ignored: dict[str, int]
    sections: Sections | None


def sort_rows(
    sheet: Sheet,
    headings: Headings,
    names_a_type: Callable[[str], bool],
    findings: Findings,
    *,
    language: str = "",
    speaks_of_a_type: Callable[[str], bool] = lambda _: False,
) -> SortedRows:
    """Tell the rows that are equipment from the others.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    names_a_type
        Tells whether a word is a type of equipment.
    findings
        Where wrong totals, and rows that were set aside on an assumption, are told.
    language
        ``fr`` or ``en``, for numbers that nothing else settles; that of the headers by default.
    speaks_of_a_type
        Tells whether the title of a section speaks of equipment, if only of several types.
    """
    columns = Columns.of(headings)
    sheet.prepare(columns.text)
    headers = _repeated_headers(sheet, headings, columns)
    kinds: dict[str, _MASK] = {
        HEADER: headers | _other_headers(sheet, headings, columns, headers, findings),
        FIGURE: _figures(sheet, headings, columns, headers, findings),
    }
    feet = _feet_of_pages(sheet, headings, headers) & ~kinds[HEADER]
    marks = marks_of_file(sheet, headings, language=language or headings.language)
    quantities = _quantities(sheet, columns, marks)
    labelled = labelled_totals(sheet, columns.places(headings))
    total, partial = labelled.total, labelled.partial
    settle_total(sheet, labelled, quantities, findings, unshown=columns.unshown)
    total &= ~_any(kinds, len(sheet))
    types = columns.types or columns.labels
    answered = set_aside_rows(sheet, headings) | _any(kinds, len(sheet))
    looked = ~(total | answered | _names_assets(sheet, columns))
    added = _added_up(sheet, headings, columns, quantities, looked, findings)
    summed = _counted_by_others(
        sheet,
        columns,
        quantities,
        findings,
        names_a_type=names_a_type,
        answered=answered | added,
    )
    partial |= summed & ~added
    summed |= added
    total |= summed
    total |= _rows_of_numbers(sheet, headings, columns, marks, total, answered, findings)
    kinds[BLANK], single = (mask & ~total for mask in _rows_of_few_cells(sheet, columns))
    if feet.any():
        kinds[NOTE], total, single = feet, total & ~feet, single & ~feet
    is_data = ~_any(kinds, len(sheet)) & ~total & ~single
    alone = _sort_single_rows(sheet, columns, single, is_data, names_a_type)
    if alone is None:
        is_data |= single
    else:
        kinds[SECTION], kinds[NOTE] = alone.titles, alone.notes | feet
        single = alone.assets
        is_data = ~_any(kinds, len(sheet)) & ~total
    _tell_alone(sheet, columns, single, is_data, findings, titled=alone is not None)
    told = names_a_type, speaks_of_a_type
    sections = None if alone is None else alone.sections(headings, *told)
    if sections is not None and sections.column != "equipment_type":
        looked &= is_data
        added = _added_up(sheet, headings, columns, quantities, looked, findings, sections.titles)
        summed, total, is_data = summed | added, total | added, is_data & ~added
    if columns.quantity is not None and quantities is not None and total.any():
        check_totals(
            sheet,
            NumberColumn(headings.wording.counted, columns.quantity),
            quantities,
            totals=(total & ~summed, partial & ~summed),
            types=types,
            is_data=is_data,
            findings=findings,
        )
    if headings.wording.schema is HEADCOUNT:
        from reen.tables.rows.of_the_whole import counts_of_the_whole

        whole = counts_of_the_whole(sheet, headings, total & ~partial, is_data, findings)
        total, is_data = total & ~whole, is_data | whole
    kinds[TOTAL], kinds[SUBTOTAL] = total & ~partial, total & partial
    for kind, code in ((SECTION, "alone_title"), (NOTE, "alone_note")):
        _tell(sheet, columns, kinds.get(kind), Reason(code), findings)
    if sections is not None:
        sections = sections.chosen(is_data)
    ignored = {kind: int(np.count_nonzero(mask)) for kind, mask in kinds.items()}
    return SortedRows(
        sheet.keep(is_data), {kind: count for kind, count in ignored.items() if count}, sections
    )


def _figures(
    sheet: Sheet, headings: Headings, columns: Columns, headers: _MASK, findings: Findings
) -> _MASK:
    """Return the rows that are figures about others; tell them.  A title has one cell."""
    found = np.zeros(len(sheet), np.bool_)
    if headings.wording.schema.name == EQUIPMENT.name:
        named = {each.position for each in headings.columns.get("name", ())} | columns.private
        of_rows = [each for each in columns.text[:1] if each not in named]
        of_rows += columns.places_of_rows
        found |= figures_about_rows(sheet, columns.places(headings), of_rows) & ~headers
    if found.any():
        found &= ~np.logical_or(*_rows_of_few_cells(sheet, columns))
        _tell(sheet, columns, found, Reason("figure_set_aside"), findings)
    return found


def _rows_of_numbers(
    sheet: Sheet,
    headings: Headings,
    columns: Columns,
    marks: dict[int, Marks],
    total: _MASK,
    answered: _MASK,
    findings: Findings,
) -> _MASK:
    """Return the rows that hold the sums of others alone, or count the assets of a list."""
    numbers, counted = columns.numbers, headings.wording.counted
    found = bare_totals(sheet, columns.text_and_dates, numbers, marks, total, counted)
    if headings.wording.schema.name != EQUIPMENT.name or columns.quantity is not None:
        return found
    from reen.tables.rows.rows_of_numbers import counts_of_types, sums_of_unread

    looked = ~(total | found | answered | np.logical_or(*_rows_of_few_cells(sheet, columns)))
    counts = counts_of_types(sheet, columns, looked, findings)
    return found | counts | sums_of_unread(sheet, headings, columns, looked & ~counts, findings)


def _added_up(
    sheet: Sheet,
    headings: Headings,
    columns: Columns,
    quantities: npt.NDArray[np.float64] | None,
    looked: _MASK,
    findings: Findings,
    titles: pa.DictionaryArray | None = None,
) -> _MASK:
    """Return the rows that add up those of other places, or of other sections where there are."""
    types = columns.types or columns.labels
    if quantities is None or not types:
        return np.zeros(len(sheet), np.bool_)
    looked = looked & (quantities > 0.0)
    if np.count_nonzero(looked) < _SUM_AND_PARTS:
        return np.zeros(len(sheet), np.bool_)
    from reen.tables.rows.sums_of_places import sums_of_places

    # of two columns of places the finer one may only be kept
    finer = [each.position for each in headings.kept.values() if each.column in _PLACES]
    places = [each for each in (*columns.places_of_rows, *finer) if each not in types]
    models = [each.position for each in headings.columns.get("model", ())]
    if titles is not None:
        words = {each: sheet.words(each) for each in {*places, *types, *models}}
        section = max(sheet.positions) + 1
        sheet = Sheet({**words, section: titles}, sheet.lines, words={**words, section: titles})
        places = [*places, section]
    return sums_of_places(
        sheet,
        places=places,
        types=types,
        models=models,
        quantities=quantities,
        looked=looked,
        findings=findings,
        unshown=columns.unshown,
    )


def _sort_single_rows(
    sheet: Sheet,
    columns: Columns,
    single: _MASK,
    is_data: _MASK,
    names_a_type: Callable[[str], bool],
) -> SingleRows | None:
    """Return what rows of one cell are, None where there are none or all are assets."""
    if not single.any() or single.sum() > is_data.sum():
        return None
    from reen.tables.rows.titles import SingleRows

    return SingleRows.of(sheet, columns, single, is_data, names_a_type)


def _counted_by_others(
    sheet: Sheet,
    columns: Columns,
    quantities: npt.NDArray[np.float64] | None,
    findings: Findings,
    *,
    names_a_type: Callable[[str], bool],
    answered: _MASK,
) -> _MASK:
    """Return the rows whose items the rows beside them count: "PC" above its kinds."""
    types = columns.types or columns.labels
    places = [each for each in columns.places_of_rows if each not in types]
    if quantities is None or not _may_have_parents(sheet, types, places, quantities):
        return np.zeros(len(sheet), np.bool_)
    from reen.tables.rows.parent_rows import counted_by_others

    return counted_by_others(
        sheet,
        types,
        quantities,
        [each for each in columns.text_and_dates if each not in types],
        findings,
        places=places,
        names_a_type=names_a_type,
        answered=answered,
    )


def _may_have_parents(
    sheet: Sheet,
    types: Sequence[int],
    places: Sequence[int],
    quantities: npt.NDArray[np.float64],
) -> bool:
    """Tell whether rows may count others: a number is that of two more, or a label is set in."""
    if not types or len(sheet) > _MOST_ROWS:
        return False
    filled = quantities[quantities > 0.0]
    if len(filled) and filled.max() >= 2.0 * filled.min():
        return True
    labels = sheet.raw(types[0]).to_pylist()
    if places and not all(labels):
        return True  # a family stands in a column of its own
    return not all(
        str(label)[0].isalpha() and str(label)[:4].casefold() != _PART for label in labels if label
    )


def _names_assets(sheet: Sheet, columns: Columns) -> _MASK:
    found = np.zeros(len(sheet), np.bool_)
    if columns.quantity is not None:  # of a list of assets nothing is added up
        for position in (*columns.identifiers, *columns.ids):
            found |= sheet.filled(position)
    return found


def _quantities(
    sheet: Sheet, columns: Columns, marks: dict[int, Marks]
) -> npt.NDArray[np.float64] | None:
    if columns.quantity is None:
        return None
    return quantities_of(sheet, columns.quantity, marks[columns.quantity])


def _any(kinds: dict[str, _MASK], rows: int) -> _MASK:
    found = np.zeros(rows, np.bool_)
    for mask in kinds.values():
        found |= mask
    return found


def _rows_of_few_cells(sheet: Sheet, columns: Columns) -> tuple[_MASK, _MASK]:
    """Return the rows of no cell, and those of one."""
    count = np.zeros(len(sheet), np.int32)
    if _all_rows_have_two_cells(sheet, columns):
        return count > 0, count > 0
    for position in columns.positions:
        count += sheet.filled(position)
    return count == 0, count == 1


def _all_rows_have_two_cells(sheet: Sheet, columns: Columns) -> bool:
    """Tell, without counting, that no row is blank and none has a single cell."""
    full = 0
    for position in columns.text:
        full += sheet.has_no_blank(position)
        if full > 1:
            return True
    return False


def _repeated_headers(sheet: Sheet, headings: Headings, columns: Columns) -> _MASK:
    """Return the rows that are the header again (pages or files put end to end)."""
    known = (heading for group in headings.columns.values() for heading in group)
    every = (*known, *headings.kept.values(), *headings.personal)
    texts = {heading.position: heading.text for heading in every}
    found = np.zeros(len(sheet), np.bool_)
    first = (columns.text or columns.positions)[0]
    rows = sheet.rows_with(first, texts[first])
    if not len(rows):
        return found
    same = np.ones(len(rows), np.bool_)
    for position, text in texts.items():
        cells = sheet.words(position).take(pa.array(rows)).to_pylist()
        same &= np.array([cell == text for cell in cells], np.bool_)
    found[rows[same]] = len(texts) > 1
    return found


def _other_headers(
    sheet: Sheet,
    headings: Headings,
    columns: Columns,
    repeated: _MASK,
    findings: Findings,
) -> _MASK:
    """Return the rows that are another header: a second table of other columns stands below."""
    found = np.zeros(len(sheet), np.bool_)
    known = headings.wording.headers
    for position in columns.types:
        words = sheet.words(position)
        codes = [k for k, word in enumerate(words.dictionary.to_pylist()) if key_of(word) in known]
        for row in np.flatnonzero(np.isin(codes_of(words), codes) & ~repeated).tolist():
            cells = [sheet.words(other)[row].as_py() for other in columns.positions]
            filled = [cell for cell in cells if cell]
            named = recognise(filled, wording=headings.wording)
            found[row] = len(filled) > 1 and len(named) == len(filled)
            if found[row]:
                findings.rows(
                    "",
                    ", ".join(filled),
                    Reason("another_header"),
                    sheet.lines[row : row + 1],
                    expected=Reason("expect_one_table"),
                    severity=Severity.DOUBT,
                )
    return found


def _tell_alone(
    sheet: Sheet,
    columns: Columns,
    alone: _MASK,
    is_data: _MASK,
    findings: Findings,
    *,
    titled: bool,
) -> None:
    """Tell the rows of one cell that are counted; a type may be the title of the rows below it.

    Where most rows have a quantity, how many items such a row stands for is not known.
    """
    named = np.zeros(len(sheet), np.bool_)
    if columns.quantity is not None and alone.any():
        counted = sheet.filled(columns.quantity)[is_data | alone]
        if len(counted) and 2 * np.count_nonzero(counted) > len(counted):
            for position in (*columns.types, *columns.labels):
                named |= sheet.filled(position)
    told = Reason("alone_counted")
    _tell(sheet, columns, alone & named, told, findings, severity=Severity.DOUBT)
    if titled:
        _tell(sheet, columns, alone & ~named, told, findings)


def _tell(
    sheet: Sheet,
    columns: Columns,
    mask: _MASK | None,
    reason: Reason,
    findings: Findings,
    *,
    severity: Severity = Severity.NOTE,
) -> None:
    """Tell what became of rows of one cell, so that none is lost or counted unseen."""
    if mask is None or not mask.any():
        return
    rows = np.flatnonzero(mask)
    first = columns.positions[sheet.first_filled(columns.positions)[rows[0]]]
    text = "" if first in columns.unshown else sheet.words(first)[int(rows[0])].as_py()
    findings.rows(
        "",
        text,
        reason,
        sheet.lines[rows],
        expected=Reason("type_and_quantity"),
        severity=severity,
    )


def _feet_of_pages(sheet: Sheet, headings: Headings, headers: _MASK) -> _MASK:
    """Return the rows at the foot of a printed page: before a repeated header, or at the end."""
    found = np.zeros(len(sheet), np.bool_)
    if not len(sheet):
        return found
    for row in {*(np.flatnonzero(headers) - 1).tolist(), len(sheet) - 1} - {-1}:
        cells = (str(sheet.raw(position)[row].as_py() or "") for position in headings.read)
        found[row] = any("page" in cell.lower() and _PAGE.fullmatch(cell.strip()) for cell in cells)
    return found
