"""Formulas of an xlsx workbook whose value the file does not hold, because nobody calculated them.

Input: the XML of the workbook and of a sheet.  Output: the cells of such formulas.  Programs that
write workbooks without calculating them leave the value out, or write 0 and ask for all to be
calculated when the file is opened; spreadsheets save the value.  Source: ECMA-376-1, 18.3.1.40 (f)
and 18.2.2 (calcPr).
"""

from __future__ import annotations

import re

from reen.tables.containers.layout_xlsx import cell_of_tag, walk_cells

__all__ = ["asks_to_calculate", "find_formulas"]

_ASKS = re.compile(rb"""<(?:\w+:)?calcPr\b[^>]*\sfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
#: Most sheets have no formula: two searches tell.
_MAY_HOLD = (b"<f", b":f")
_FORMULA = rb"\s*<(?:\w+:)?f(?:\s[^>]*)?(?:(?<=/)>|>[^<]*</(?:\w+:)?f>)\s*"
_NO_VALUE = rb"(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</%b)"
#: The text of a formula that gives none is a value.
_TEXT = re.compile(rb"""\st\s*=\s*["']str["']""")
_CELL = rb"<(?:\w+:)?c(\s[^>]*)?>"


def asks_to_calculate(book: bytes) -> bool:
    """Tell whether a workbook asks for its formulas to be calculated when it is opened."""
    return _ASKS.search(book) is not None


def find_formulas(sheet: bytes, *, asks: bool) -> set[tuple[int, int]]:
    """Return the rows and columns, from 0, of the formulas of a sheet that have no value.

    Parameters
    ----------
    sheet
        Its XML.
    asks
        Whether the workbook asks for its formulas to be calculated: then 0 is no value either.
    """
    if not any(mark in sheet for mark in _MAY_HOLD):
        return set()
    zero = rb"|<(?:\w+:)?v>0</" if asks else b""
    after = _FORMULA + _NO_VALUE.replace(b"%b", zero)
    found = set()
    for cell in re.finditer(_CELL + after, sheet):
        if _TEXT.search(cell[1] or b""):
            continue
        place = cell_of_tag(cell[1] or b"")
        if place is None:  # the writer numbers no cell
            return _counted(sheet, re.compile(after))
        found.add(place)
    return found


def _counted(sheet: bytes, after: re.Pattern[bytes]) -> set[tuple[int, int]]:
    return {
        (row, column)
        for row, column, attributes, end in walk_cells(sheet)
        if after.match(sheet, end) and not _TEXT.search(attributes)
    }
