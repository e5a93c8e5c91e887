"""Records of a list, which are no header of a matrix however much they look like one.

Input: the rows of a block and the place of one of them.  Output: whether that row is a record, told
by the header of a list above it or by its own cells: a year of purchase above numbers, or an odd
cell above energies, makes a row of a list look like the header of a table of counts.

Must not take the corner of a table of counts for a record: one word alone may be either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from reen.tables.layouts.counts import is_count, is_none, is_unknown, year_in, year_of
from reen.tables.layouts.matrix_header import Column
from reen.tables.layouts.words import Words

__all__ = ["continues_a_list", "first_list", "is_record", "is_row_of_types"]

Cells = Sequence[Sequence[str]]

#: Rows among which the header of a list stands, and cells that make one.
_HEADER_ROWS, _TWO = 30, 2

#: Share of the headers of a list that are known, where none of them is a quantity.
_KNOWN = 0.6

#: Columns that say what each row of a list is.
_OF_ROWS = frozenset({"equipment_type", "model"})

#: Columns of a list whose cells may be years or counts in the lower row of a header.
_OF_NUMBERS = frozenset({"quantity"})

#: A number that is written with a decimal mark or a sign, or a name that holds a digit.
_NUMBER = re.compile(r"[-+]?\d[\d \u00a0\u202f'.,]*")
_NAME = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).+")


def is_record(rows: Cells, place: int, counts: Sequence[Column], words: Words) -> bool:
    """Tell whether a row is a record of a list, and so no header of a table of counts.

    Parameters
    ----------
    rows, place
        The rows of a block, and which of them is looked at.
    counts
        Columns that hold counts below it.
    words
        What is known of cells.
    """
    if continues_a_list(rows, place, words):
        return True
    places = {column.place for column in counts}
    return _has_types_on_both_sides(rows, place, places, words) or _is_headless(
        rows, place, places, words
    )


def first_list(rows: Cells, stop: int, words: Words) -> tuple[int, int] | None:
    """Return the header and the first record of the list that a block begins with, None without.

    Parameters
    ----------
    rows, stop
        The rows of a block, and the one above which both stand.
    words
        What is known of cells.
    """
    header: int | None = None
    types: list[int] = []
    for at, row in enumerate(rows[: min(stop, _HEADER_ROWS)]):
        if header is None:
            types = _types_of_list(row, words)
            header = at if types else None
        elif any(_is_label(row[k], words) for k in types) and sum(map(bool, row)) >= _TWO:
            return header, at
    return None


def _types_of_list(cells: Sequence[str], words: Words) -> list[int]:
    """Return the columns of types and models of a list, none when a row is no header of one.

    It names a quantity beside them, or mostly columns that are known: places and years name none.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if any(map(_is_number, filled)):
        return []
    known = {k: words.column_of(cell.strip()) for k, cell in enumerate(cells) if cell.strip()}
    named = set(filter(None, known.values()))
    enough = "quantity" in named or len(named) >= _KNOWN * len(filled)
    if len(named) < _TWO or not enough:
        return []
    return [k for k, column in known.items() if column in _OF_ROWS]


def _is_label(cell: str, words: Words) -> bool:
    """Tell whether a cell below "Type" may be a type, and no header of a lower row."""
    text = cell.strip()
    return bool(text) and not _is_number(text) and not words.column_of(text)


def is_row_of_types(rows: Cells, place: int, words: Words) -> bool:
    """Tell whether types stand in a row of a list, and are the labels of the rows below it."""
    typed = {k for k, cell in enumerate(rows[place]) if k and words.names_a_type(cell.strip())}
    return bool(typed) and _has_types_on_both_sides(rows, place, typed, words)


def _has_types_on_both_sides(
    rows: Cells, place: int, counts: AbstractSet[int], words: Words
) -> bool:
    """Tell whether types stand in a row of a list and are the labels of the rows below it too.

    Columns of types count what places have: "Serveur" is the label of a record, and no place.
    """
    if not any(words.names_a_type(rows[place][k].strip()) for k in counts):
        return False
    if first_list(rows, place, words) is None:
        return False
    below = (row[k].strip() for row in rows[place + 1 :] for k in range(min(counts)))
    return any(map(words.names_a_type, filter(None, below)))


def continues_a_list(rows: Cells, place: int, words: Words, *, least: int = 1) -> bool:
    """Tell whether the header of a list stands above a row, and the row says what it is.

    Parameters
    ----------
    rows, place
        The rows of a block, and which of them is looked at.
    words
        What is known of cells.
    least
        Words that the row has at least under known headers; below a blank row one alone may be the
        corner of another table.
    """
    for above in rows[: min(place, _HEADER_ROWS)]:
        columns = _columns_of_list(above, words)
        if not columns:
            continue
        worded = [rows[place][k].strip() for k in columns]
        worded = [cell for cell in worded if cell and not _is_number(cell)]
        headers = sum(bool(words.column_of(cell)) for cell in worded)
        if len(worded) - headers >= max(least, headers + 1):
            return True
    return False


def _columns_of_list(cells: Sequence[str], words: Words) -> list[int]:
    """Return the columns of words that the header of a list knows, none when it is no such header.

    What names a group of columns, or stands twice, has headers below it rather than records.
    """
    texts = [cell.strip() for cell in cells]
    filled = [text for text in texts if text]
    if len(filled) < _TWO or any(map(_is_number, filled)):
        return []
    known = {k: words.column_of(text) for k, text in enumerate(texts) if text}
    named = set(filter(None, known.values()))
    if not named & _OF_ROWS and (len(named) < _TWO or _TWO * len(named) <= len(filled)):
        return []
    return [
        k
        for k, column in known.items()
        if column and column not in _OF_NUMBERS and not _is_group(texts, k)
    ]


def _is_group(texts: Sequence[str], k: int) -> bool:
    spreads = k + 1 < len(texts) and not texts[k + 1]
    return spreads or texts.count(texts[k]) > 1


def _is_number(cell: str) -> bool:
    """Tell whether a cell is a number, a year or a date, or says that there is none."""
    blank = is_none(cell) or is_unknown(cell)
    return blank or is_count(cell) or bool(_NUMBER.fullmatch(cell)) or bool(year_in(cell))


def _is_headless(rows: Cells, place: int, counts: AbstractSet[int], words: Words) -> bool:
    """Tell whether a row is a record by its own cells, whether or not a header stands above it.

    It names a type where a header has its label; and that of a row below it, or a price or the name
    of a model beside it, or years in no order, or years that stand above others.
    """
    cells = [cell.strip() for cell in rows[place]]
    if any(words.column_of(cell) for cell in cells if cell):
        return False
    beside = {k for k, cell in enumerate(cells) if cell and k not in counts}
    typed = {k for k in beside if words.names_a_type(cells[k])}
    if len(typed) != 1:
        return False
    (label,) = typed
    below = [row for row in rows[place + 1 :] if any(cell.strip() for cell in row)]
    if any(row[label].strip() == cells[label] for row in below):
        return True
    others = [cells[k] for k in beside - typed if not year_in(cells[k])]
    if any(_NUMBER.fullmatch(cell) or _NAME.fullmatch(cell) for cell in others):
        return True
    years = [year_of(cells[k]) for k in sorted(counts)]
    if not all(years):
        return False
    stand_above_years = all(year_of(row[k]) for row in below for k in counts if row[k].strip())
    return years not in (sorted(years), sorted(years, reverse=True)) or (
        bool(others) and stand_above_years
    )
