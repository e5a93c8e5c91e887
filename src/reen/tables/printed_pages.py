"""Printed pages: the line that a program writes at the foot of each page of a list.

Input: the rows of a sheet, and which of them repeat the header.  Output: the rows that stand before
such a header, or at the end, and hold the number of a page: "Édité le 12/11/2025 - Page 2/3".

Looks at these rows alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reen.tables.sheet import Sheet

__all__ = ["feet_of_pages"]

_PAGE = re.compile(r"(?i)(?:.*[\s,;(-])?page\s*:?\s*\d+(?:\s*(?:/|sur|de|of)\s*\d+)?\W*")


def feet_of_pages(
    sheet: Sheet, positions: Sequence[int], headers: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return the rows that are the foot of a printed page.

    Parameters
    ----------
    sheet, positions
        The rows, and the columns that are looked at.
    headers
        Shape (rows,): those that are the header again.
    """
    found = np.zeros(len(sheet), np.bool_)
    if not len(sheet):
        return found
    for row in {*(np.flatnonzero(headers) - 1).tolist(), len(sheet) - 1} - {-1}:
        cells = (sheet.raw(position)[row].as_py() for position in positions)
        found[row] = any(_PAGE.fullmatch(str(cell).strip()) for cell in cells if cell)
    return found
