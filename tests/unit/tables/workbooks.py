"""Workbooks as people make them, for the tests of the readers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

__all__ = ["workbook_of"]


def workbook_of(
    sheets: Mapping[str, Iterable[Sequence[object]]],
    merged: Iterable[str] = (),
    *,
    hidden: str = "",
) -> bytes:
    """Return an Excel file.

    Parameters
    ----------
    sheets
        Rows of cells by name of sheet.
    merged
        Ranges of cells that are merged in each sheet, such as ``A1:C1``.
    hidden
        Name of a hidden sheet.
    """
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
        if name == hidden:
            sheet.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
