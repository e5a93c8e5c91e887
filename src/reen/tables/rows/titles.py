"""Titles: rows of one cell, which head a section, remark on the list, or are an asset all the same.

Input: the rows of a sheet of which one cell is filled.  Output: which of them are section titles,
notes or assets, and the titles, written into the rows below them: a place, or a type.  A row is an
asset unless it is proved not to be.

Must not drop a row: `kinds` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.patterns import pattern
from reen.tables.cells.days import DayKind, Precision, read_day
from reen.tables.headers.headings import Headings
from reen.tables.rows.columns import Columns
from reen.tables.sheet import Sheet, chosen_rows

__all__ = ["Sections", "SingleRows"]

_DAYS = (DayKind.DATE, DayKind.ORDERED)

#: A whole row in one cell: "Écran,5", "12 écrans".
_RECORD = pattern(r"[^\W\d][^;,|\t]*[;,|\t]\s*\d+(?:[.,]\d+)?|\d+\s+[^\W\d]\w{2,}(?: \w+)?")

#: What an identifier alone in its row looks like; "1. Postes de travail" is a title.
_CODE = pattern(r"(?!\d+ ?[.)] )(?=.*\d)\S+(?: \S+)?")

_MASK = npt.NDArray[np.bool_]

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

    def chosen(self, mask: _MASK) -> Sections:
        """Return the titles of some rows."""
        rows = pa.array(mask)
        types = None if self.types is None else chosen_rows(self.types, rows)
        return Sections(self.column, chosen_rows(self.titles, rows), types)


@attrs.frozen(eq=False, repr=False)
class SingleRows:
    """The rows of a sheet of which one cell is filled, and what they are.

    Attributes
    ----------
    sheet, columns
        All rows, and where their kinds of columns stand.
    titles, notes, assets
        Shape (rows,): section titles, remarks, and what is equipment all the same.
    """

    sheet: Sheet
    columns: Columns
    titles: _MASK
    notes: _MASK
    assets: _MASK

    @classmethod
    def of(
        cls,
        sheet: Sheet,
        columns: Columns,
        single: _MASK,
        is_data: _MASK,
        names_a_type: Callable[[str], bool],
    ) -> SingleRows | None:
        """Return what rows of one cell are, None where these are no more than others have.

        Parameters
        ----------
        sheet, columns
            All rows, and where their kinds of columns stand.
        single, is_data
            Shape (rows,): the rows of one cell, and those of more, of which there are as many.
        names_a_type
            Tells whether a word is a type of equipment.
        """
        used = sum(bool(sheet.filled(position)[is_data].any()) for position in columns.positions)
        if used < _COLUMNS_FOR_SECTIONS:
            return None
        titles, notes, assets = (np.zeros(len(sheet), np.bool_) for _ in range(3))
        place = sheet.first_filled(columns.positions)
        last = int(np.flatnonzero(is_data)[-1])
        for row in np.flatnonzero(single):
            position = columns.positions[place[row]]
            text = sheet.words(position)[int(row)].as_py()
            if position == columns.quantity:
                continue
            if _names_an_asset(position, text, columns, names_a_type):
                assets[row] = True
            elif position in columns.private:
                notes[row] = True  # the name of a person is the title of no section
            else:
                (titles if row < last else notes)[row] = True
        return cls(sheet, columns, titles, notes, assets)

    def sections(
        self,
        headings: Headings,
        names_a_type: Callable[[str], bool],
        speaks_of_a_type: Callable[[str], bool],
    ) -> Sections | None:
        """Return the titles as they stand above all rows, None when there is none.

        Parameters
        ----------
        headings
            What the columns are.
        names_a_type, speaks_of_a_type
            Tell whether a title is a type of equipment, or speaks of some.
        """
        rows = np.flatnonzero(self.titles)
        if not len(rows):
            return None
        sheet, positions = self.sheet, self.columns.positions
        place = sheet.first_filled(positions)[rows]
        titles = [
            sheet.words(positions[k])[int(row)].as_py() for k, row in zip(place, rows, strict=True)
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
        return Sections(
            column, _spread(titles, places, len(sheet)), _spread(types, rows, len(sheet))
        )


def _names_an_asset(
    position: int, text: str, columns: Columns, names_a_type: Callable[[str], bool]
) -> bool:
    """Tell whether the only cell of a row is an identifier, or a type of which nothing is known.

    "Imprimantes" alone may be the title of the printers below it; it may as well be one printer,
    and equipment is never dropped.  A day is a record of that day; a year may be a title.
    """
    if _RECORD.fullmatch(text):
        return True  # a row with another separator, or a number before its word
    if position in columns.days:
        day = read_day(text)
        return day.kind in _DAYS and day.precision is Precision.DAY
    if position in (*columns.identifiers, *columns.ids):
        return _CODE.fullmatch(text) is not None
    return position in columns.types and names_a_type(text)


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
