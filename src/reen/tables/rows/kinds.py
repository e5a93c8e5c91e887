"""Rows: which rows of a sheet are equipment, and what the others are.

Input: the rows of a file and its headings.  Output: the rows that are equipment, and how many of
the others there are by reason: blank, header repeated, total, sub-total, section title, note.
A section title is written into the rows below it.  A row is an asset unless it is proved not to
be: with an identifier, or with two filled cells and no total label, it stays.

Must not convert cells; virtual machines and duplicates are other modules'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.issues import Severity
from reen.inventory.schema import ColumnKind
from reen.reasons import Reason
from reen.tables.cells.days import DayKind, Precision, read_day
from reen.tables.cells.number_marks import Marks, NumberColumn, marks_of_file, number_columns
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.headers.understanding import Headings, recognise
from reen.tables.printed_pages import feet_of_pages
from reen.tables.rows.of_the_whole import counts_of_the_whole
from reen.tables.rows.parent_rows import counted_by_others
from reen.tables.rows.said import set_aside_rows
from reen.tables.rows.sums_of_places import sums_of_places
from reen.tables.rows.totals import (
    Places,
    bare_totals,
    check_totals,
    is_total_label,
    labelled_totals,
    quantities_of,
    settle_total,
)
from reen.tables.sheet import Sheet, chosen_rows, codes_of

__all__ = ["Sections", "SortedRows", "sort_rows"]

BLANK = "blank row"
HEADER = "header repeated"
TOTAL = "total"
SUBTOTAL = "sub-total"
SECTION = "section title"
NOTE = "note"
#: Rows of one cell that stay; no reason to ignore a row.
ALONE = "alone"

_DAYS = (DayKind.DATE, DayKind.ORDERED)

#: A whole row in one cell: "Écran,5", "12 écrans".
_RECORD = re.compile(r"[^\W\d][^;,|\t]*[;,|\t]\s*\d+(?:[.,]\d+)?|\d+\s+[^\W\d]\w{2,}(?: \w+)?")

#: What an identifier alone in its row looks like; "1. Postes de travail" is a title.
_CODE = re.compile(r"(?!\d+ ?[.)] )(?=.*\d)\S+(?: \S+)?")

#: Preference of a header of labels ("Désignation"), which are types where no other header has any.
_LABEL = 4

#: Columns of places.
_PLACES = frozenset({"entity", "site"})

#: A sheet of fewer columns has no section titles: a row of one cell is an asset.
_COLUMNS_FOR_SECTIONS = 3


@attrs.frozen(eq=False, repr=False)
class Sections:
    """Section titles of a sheet.

    Attributes
    ----------
    column
        Column that they fill: `entity`, `site`, `equipment_type`, or ``section``.
    titles
        Title of each row, null above the first one.
    types
        Word of the title that names a type, null elsewhere; None when no title does.
    """

    column: str
    titles: pa.DictionaryArray
    types: pa.DictionaryArray | None = None

    def chosen(self, mask: npt.NDArray[np.bool_]) -> Sections:
        """Return the titles of some rows."""
        rows = pa.array(mask)
        types = None if self.types is None else chosen_rows(self.types, rows)
        return Sections(self.column, chosen_rows(self.titles, rows), types)


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


@attrs.frozen(eq=False, repr=False)
class _Layout:
    """Where the kinds of columns stand."""

    positions: list[int]
    text: list[int]
    quantity: int | None
    identifiers: list[int]
    ids: list[int]
    types: list[int]
    labels: list[int]
    unshown: frozenset[int]
    private: frozenset[int]
    numbers: list[NumberColumn]
    days: list[int]
    places_of_rows: list[int]

    @classmethod
    def of(cls, headings: Headings) -> _Layout:
        schema = headings.wording.schema
        numbers = {
            heading.position
            for column, group in headings.columns.items()
            if schema[column].kind is not ColumnKind.TEXT
            for heading in group
        }
        place = {
            column: [heading.position for heading in group]
            for column, group in headings.columns.items()
        }
        unnamed = {heading.position for heading in headings.unnamed}
        named = [position for position in headings.read if position not in unnamed]
        return cls(
            positions=named,
            text=[position for position in named if position not in numbers],
            quantity=next(iter(place.get(headings.wording.counted, ())), None),
            identifiers=[*place.get("serial_number", ()), *place.get("asset_tag", ())],
            ids=place.get("id", []),
            types=place.get("equipment_type", []),
            labels=[
                heading.position
                for heading in headings.columns.get("model", ())
                if heading.preference >= _LABEL
            ],
            unshown=headings.unshown,
            private=frozenset(each.position for each in (*headings.personal, *headings.passing)),
            numbers=number_columns(headings),
            places_of_rows=[*place.get("entity", ()), *place.get("site", ())],
            days=[
                position
                for group in headings.wording.need
                for column in group
                if schema[column].kind in (ColumnKind.DATE, ColumnKind.TIMESTAMP)
                for position in place.get(column, ())
            ],
        )

    @property
    def text_and_dates(self) -> list[int]:
        """Return the columns that hold no numbers."""
        numbers = {number.position for number in self.numbers}
        return [position for position in self.positions if position not in numbers]

    def places(self, headings: Headings) -> Places:
        """Return what is looked at for totals."""
        models = headings.columns.get("model", ())
        # of a scope, "total" is a value and no label
        values = {
            heading.position
            for column, group in headings.columns.items()
            if any(map(is_total_label, headings.wording.schema[column].values))
            for heading in group
        }
        return Places(
            all=[position for position in headings.read if position not in values],
            texts=[position for position in self.text_and_dates if position not in values],
            identifiers=self.identifiers,
            types=self.types,
            models=[heading.position for heading in models],
        )


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
    layout = _Layout.of(headings)
    sheet.prepare(layout.text)
    headers = _repeated_headers(sheet, headings, layout)
    kinds: dict[str, npt.NDArray[np.bool_]] = {
        HEADER: headers | _other_headers(sheet, headings, layout, headers, findings)
    }
    feet = feet_of_pages(sheet, headings.read, headers) & ~kinds[HEADER]
    marks = marks_of_file(sheet, headings, language=language or headings.language)
    quantities = _quantities(sheet, layout, marks)
    labelled = labelled_totals(sheet, layout.places(headings))
    total, partial = labelled.total, labelled.partial
    settle_total(sheet, labelled, quantities, findings, unshown=layout.unshown)
    total &= ~kinds[HEADER]
    types = layout.types or layout.labels
    others = [each for each in layout.text_and_dates if each not in types]
    answered = set_aside_rows(sheet, headings)
    looked = ~(total | answered | kinds[HEADER] | _names_assets(sheet, layout))
    added = _added_up(sheet, headings, layout, quantities, looked, findings)
    summed = counted_by_others(
        sheet,
        types,
        quantities,
        others,
        findings,
        places=[each for each in layout.places_of_rows if each not in types],
        names_a_type=names_a_type,
        answered=answered | added,
    )
    partial |= summed & ~added
    summed |= added
    total |= summed
    total |= bare_totals(
        sheet, layout.text_and_dates, layout.numbers, marks, total, headings.wording.counted
    )
    kinds[BLANK], single = (mask & ~total for mask in _rows_of_few_cells(sheet, layout))
    if feet.any():
        kinds[NOTE], total, single = feet, total & ~feet, single & ~feet
    is_data = ~_any(kinds, len(sheet)) & ~total & ~single
    titled = _may_have_sections(sheet, layout, single, is_data)
    if titled:
        kinds |= _sort_single_rows(sheet, layout, single, is_data, names_a_type)
        kinds[NOTE] |= feet
        single = kinds.pop(ALONE)
        is_data = ~_any(kinds, len(sheet)) & ~total
    else:
        is_data |= single
    _tell_alone(sheet, layout, single, is_data, findings, titled=titled)
    told = names_a_type, speaks_of_a_type
    sections = _sections(sheet, layout, headings, kinds.get(SECTION), *told)
    if sections is not None and sections.column != "equipment_type":
        looked &= is_data
        added = _added_up(sheet, headings, layout, quantities, looked, findings, sections.titles)
        summed, total, is_data = summed | added, total | added, is_data & ~added
    if layout.quantity is not None and quantities is not None and total.any():
        check_totals(
            sheet,
            NumberColumn(headings.wording.counted, layout.quantity),
            quantities,
            totals=(total & ~summed, partial & ~summed),
            types=types,
            is_data=is_data,
            findings=findings,
        )
    whole = counts_of_the_whole(sheet, headings, total & ~partial, is_data, findings)
    total, is_data = total & ~whole, is_data | whole
    kinds[TOTAL], kinds[SUBTOTAL] = total & ~partial, total & partial
    for kind, code in ((SECTION, "alone_title"), (NOTE, "alone_note")):
        _tell(sheet, layout, kinds.get(kind), Reason(code), findings)
    if sections is not None:
        sections = sections.chosen(is_data)
    ignored = {kind: int(np.count_nonzero(mask)) for kind, mask in kinds.items()}
    return SortedRows(
        sheet.keep(is_data), {kind: count for kind, count in ignored.items() if count}, sections
    )


def _added_up(
    sheet: Sheet,
    headings: Headings,
    layout: _Layout,
    quantities: npt.NDArray[np.float64] | None,
    looked: npt.NDArray[np.bool_],
    findings: Findings,
    titles: pa.DictionaryArray | None = None,
) -> npt.NDArray[np.bool_]:
    """Return the rows that add up those of other places, or of other sections where there are."""
    types = layout.types or layout.labels
    # of two columns of places the finer one may only be kept
    finer = [each.position for each in headings.kept.values() if each.column in _PLACES]
    places = [each for each in (*layout.places_of_rows, *finer) if each not in types]
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
        unshown=layout.unshown,
    )


def _names_assets(sheet: Sheet, layout: _Layout) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(sheet), np.bool_)
    if layout.quantity is not None:  # of a list of assets nothing is added up
        for position in (*layout.identifiers, *layout.ids):
            found |= sheet.filled(position)
    return found


def _quantities(
    sheet: Sheet, layout: _Layout, marks: dict[int, Marks]
) -> npt.NDArray[np.float64] | None:
    if layout.quantity is None:
        return None
    return quantities_of(sheet, layout.quantity, marks[layout.quantity])


def _any(kinds: dict[str, npt.NDArray[np.bool_]], rows: int) -> npt.NDArray[np.bool_]:
    found = np.zeros(rows, np.bool_)
    for mask in kinds.values():
        found |= mask
    return found


def _rows_of_few_cells(
    sheet: Sheet, layout: _Layout
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return the rows of no cell, and those of one."""
    count = np.zeros(len(sheet), np.int32)
    if _all_rows_have_two_cells(sheet, layout):
        return count > 0, count > 0
    for position in layout.positions:
        count += sheet.filled(position)
    return count == 0, count == 1


def _all_rows_have_two_cells(sheet: Sheet, layout: _Layout) -> bool:
    """Tell, without counting, that no row is blank and none has a single cell."""
    full = 0
    for position in layout.text:
        full += sheet.has_no_blank(position)
        if full > 1:
            return True
    return False


def _repeated_headers(sheet: Sheet, headings: Headings, layout: _Layout) -> npt.NDArray[np.bool_]:
    """Return the rows that are the header again (pages or files put end to end)."""
    known = (heading for group in headings.columns.values() for heading in group)
    every = (*known, *headings.kept.values(), *headings.personal)
    texts = {heading.position: heading.text for heading in every}
    found = np.zeros(len(sheet), np.bool_)
    first = (layout.text or layout.positions)[0]
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
    layout: _Layout,
    repeated: npt.NDArray[np.bool_],
    findings: Findings,
) -> npt.NDArray[np.bool_]:
    """Return the rows that are another header: a second table of other columns stands below."""
    found = np.zeros(len(sheet), np.bool_)
    known = headings.wording.headers
    for position in layout.types:
        words = sheet.words(position)
        codes = [k for k, word in enumerate(words.dictionary.to_pylist()) if key_of(word) in known]
        for row in np.flatnonzero(np.isin(codes_of(words), codes) & ~repeated).tolist():
            cells = [sheet.words(other)[row].as_py() for other in layout.positions]
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


def _may_have_sections(
    sheet: Sheet,
    layout: _Layout,
    single: npt.NDArray[np.bool_],
    is_data: npt.NDArray[np.bool_],
) -> bool:
    """Tell whether rows of one cell may be titles: most rows have more, in several columns."""
    if not single.any() or single.sum() > is_data.sum():
        return False
    used = sum(bool(sheet.filled(position)[is_data].any()) for position in layout.positions)
    return used >= _COLUMNS_FOR_SECTIONS


def _sort_single_rows(
    sheet: Sheet,
    layout: _Layout,
    single: npt.NDArray[np.bool_],
    is_data: npt.NDArray[np.bool_],
    names_a_type: Callable[[str], bool],
) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which rows of one cell are a section title or a note; the rest are assets."""
    kinds = {kind: np.zeros(len(sheet), np.bool_) for kind in (SECTION, NOTE, ALONE)}
    place = sheet.first_filled(layout.positions)
    last = int(np.flatnonzero(is_data)[-1])
    for row in np.flatnonzero(single):
        position = layout.positions[place[row]]
        text = sheet.words(position)[int(row)].as_py()
        if position == layout.quantity:
            continue
        if _names_an_asset(position, text, layout, names_a_type):
            kinds[ALONE][row] = True
        elif position in layout.private:
            kinds[NOTE][row] = True  # the name of a person is the title of no section
        else:
            kinds[SECTION if row < last else NOTE][row] = True
    return kinds


def _names_an_asset(
    position: int, text: str, layout: _Layout, names_a_type: Callable[[str], bool]
) -> bool:
    """Tell whether the only cell of a row is an identifier, or a type of which nothing is known.

    "Imprimantes" alone may be the title of the printers below it; it may as well be one printer,
    and equipment is never dropped.  A day is a record of that day; a year may be a title.
    """
    if _RECORD.fullmatch(text):
        return True  # a row with another separator, or a number before its word
    if position in layout.days:
        day = read_day(text)
        return day.kind in _DAYS and day.precision is Precision.DAY
    if position in (*layout.identifiers, *layout.ids):
        return _CODE.fullmatch(text) is not None
    return position in layout.types and names_a_type(text)


def _tell_alone(
    sheet: Sheet,
    layout: _Layout,
    alone: npt.NDArray[np.bool_],
    is_data: npt.NDArray[np.bool_],
    findings: Findings,
    *,
    titled: bool,
) -> None:
    """Tell the rows of one cell that are counted; a type may be the title of the rows below it.

    Where most rows have a quantity, how many items such a row stands for is not known.
    """
    named = np.zeros(len(sheet), np.bool_)
    if layout.quantity is not None and alone.any():
        counted = sheet.filled(layout.quantity)[is_data | alone]
        if len(counted) and 2 * np.count_nonzero(counted) > len(counted):
            for position in (*layout.types, *layout.labels):
                named |= sheet.filled(position)
    told = Reason("alone_counted")
    _tell(sheet, layout, alone & named, told, findings, severity=Severity.DOUBT)
    if titled:
        _tell(sheet, layout, alone & ~named, told, findings)


def _tell(
    sheet: Sheet,
    layout: _Layout,
    mask: npt.NDArray[np.bool_] | None,
    reason: Reason,
    findings: Findings,
    *,
    severity: Severity = Severity.NOTE,
) -> None:
    """Tell what became of rows of one cell, so that none is lost or counted unseen."""
    if mask is None or not mask.any():
        return
    rows = np.flatnonzero(mask)
    first = layout.positions[sheet.first_filled(layout.positions)[rows[0]]]
    text = "" if first in layout.unshown else sheet.words(first)[int(rows[0])].as_py()
    findings.rows(
        "",
        text,
        reason,
        sheet.lines[rows],
        expected=Reason("type_and_quantity"),
        severity=severity,
    )


def _sections(
    sheet: Sheet,
    layout: _Layout,
    headings: Headings,
    mask: npt.NDArray[np.bool_] | None,
    names_a_type: Callable[[str], bool],
    speaks_of_a_type: Callable[[str], bool],
) -> Sections | None:
    if mask is None or not mask.any():
        return None
    rows = np.flatnonzero(mask)
    place = sheet.first_filled(layout.positions)[rows]
    titles = [
        sheet.words(layout.positions[k])[int(row)].as_py()
        for k, row in zip(place, rows, strict=True)
    ]
    column = _section_column(headings, titles, names_a_type)
    typed = [speaks_of_a_type(title) for title in titles]
    if column == "equipment_type" or not any(typed):
        return Sections(column, _spread(titles, rows, len(sheet)))
    types = [title if is_type else None for title, is_type in zip(titles, typed, strict=True)]
    if 2 * sum(typed) >= len(typed):  # the sections are kinds of equipment, all of them
        column = _name_of_titles(headings)
        places = rows
    else:
        places = rows[~np.array(typed)]
        titles = [title for title, is_type in zip(titles, typed, strict=True) if not is_type]
    return Sections(column, _spread(titles, places, len(sheet)), _spread(types, rows, len(sheet)))


def _spread(
    titles: Sequence[str | None], rows: npt.NDArray[np.intp], count: int
) -> pa.DictionaryArray:
    """Return the title above each row, null above the first one."""
    codes = np.searchsorted(rows, np.arange(count), side="right") - 1
    taken = pa.array(titles, pa.string()).take(pa.array(codes, pa.int64(), mask=codes < 0))
    return taken.dictionary_encode()


def _section_column(
    headings: Headings, titles: Sequence[str], names_a_type: Callable[[str], bool]
) -> str:
    """Return the column that section titles fill: the first one that the file does not have."""
    schema = headings.wording.schema

    def is_free(column: str) -> bool:
        return column in schema and column not in headings.columns

    # what a row says of itself goes before the title above it
    says_itself = "description" in headings.columns
    if is_free("equipment_type") and not says_itself and all(map(names_a_type, titles)):
        return "equipment_type"
    free = [column for column in ("entity", "site") if is_free(column)]
    return free[0] if free else _name_of_titles(headings)


def _name_of_titles(headings: Headings) -> str:
    """Return a name for a column of titles that no column of the file has."""
    name = "section"
    while name in headings.kept:
        name += " title"
    return name
