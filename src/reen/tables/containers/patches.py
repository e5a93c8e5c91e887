"""Cells put into the columns of a sheet afterwards: errors, and the values of merged blocks.

Input: Arrow columns and cells by their place.  Output: columns, and what is to be told of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.tables.containers.layout import Merge

__all__ = [
    "STEP",
    "column_letters",
    "fill_merges",
    "formula_remark",
    "patch",
    "set_in",
    "struck_remark",
]


def column_letters(number: int) -> str:
    """Return the name of a column of a spreadsheet, from its number (0 is A)."""
    letters = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def patch(
    columns: Sequence[pa.Array], texts: Mapping[tuple[int, int], str | None]
) -> tuple[pa.Array, ...]:
    """Return columns with other texts at some (row, column), counted from 0."""
    by_column: dict[int, dict[int, str | None]] = {}
    for (row, column), text in texts.items():
        by_column.setdefault(column, {})[row] = text
    result = list(columns)
    for column, changed in by_column.items():
        values = result[column].to_pylist()
        for row, text in changed.items():
            values[row] = text
        result[column] = pa.array(values, pa.string())
    return tuple(result)


#: Cells that a remark names.
_NAMED = 5


def formula_remark(cells: Collection[tuple[int, int]]) -> list[Reason]:
    """Return what is told of the formulas of a sheet that were never calculated, if there are any.

    Parameters
    ----------
    cells
        Their rows and columns in the sheet, from 0.
    """
    if not cells:
        return []
    named = [f"{column_letters(column)}{row + 1}" for row, column in sorted(cells)[:_NAMED]]
    more = ", …" if len(cells) > _NAMED else ""
    return [Reason("formulas_not_calculated", count=len(cells), cells=", ".join(named) + more)]


#: Blanks of one step of the alignment of a cell.
STEP = "  "
_LETTER = re.compile(r"[^\W\d_]")


def set_in(
    columns: Sequence[pa.Array], indents: Mapping[tuple[int, int], int]
) -> tuple[pa.Array, ...]:
    """Return columns with blanks before the texts that their alignment sets in.

    They tell which lines are parts of another one, as blanks that somebody typed do.

    Parameters
    ----------
    columns
        The cells.
    indents
        Steps by (row, column), counted from 0.
    """
    texts: dict[tuple[int, int], str | None] = {}
    for (row, column), steps in indents.items():
        if not (0 <= column < len(columns) and 0 <= row < len(columns[column])):
            continue
        text = columns[column][row].as_py()
        if text is not None and _LETTER.search(text):
            texts[row, column] = f"{STEP * steps}{text}"
    return patch(columns, texts) if texts else tuple(columns)


#: Rows that a remark names.
_SHOWN = 20

#: Cells that are a number, as containers write it.
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def fill_merges(
    place: str, columns: Sequence[pa.Array], merges: Sequence[Merge], corner: tuple[int, int]
) -> tuple[tuple[pa.Array, ...], list[Reason]]:
    """Give the text of each merged block to all its rows, in its first column.

    Parameters
    ----------
    place
        Where the sheet is, for the error.
    columns
        The cells.
    merges
        The blocks; rows and columns counted from the first cell of `columns`.
    corner
        Row and column of that cell in the sheet, from 0.

    Returns
    -------
    tuple
        The columns, and what is to be told.
    """
    height = len(columns[0]) if columns else 0
    tall = [
        (first, left, min(last, height - 1))
        for first, left, last, _ in merges
        if last > first >= 0 and 0 <= left < len(columns)
    ]
    if sum(last - first for first, _, last in tall) > height * len(columns):
        raise FileFormatError(place, Reason("error_merged_blocks_overlap_open_file_spreadsheet"))
    texts: dict[tuple[int, int], str | None] = {}
    blocks: dict[str, list[tuple[int, int, int]]] = {"cells_merged": [], "numbers_merged": []}
    for first, left, last in tall:
        value = columns[left][first].as_py() if first < height else None
        if value is None or last <= first:
            continue
        # A number over several rows may be theirs together: repeating it would multiply it.
        if _NUMBER.fullmatch(value):
            blocks["numbers_merged"].append((first, left, last))
        else:
            blocks["cells_merged"].append((first, left, last))
            texts.update(((row, left), value) for row in range(first + 1, last + 1))
    told = [_told(code, found, corner) for code, found in blocks.items() if found]
    return (patch(columns, texts) if texts else tuple(columns)), told


def struck_remark(rows: Sequence[int]) -> list[Reason]:
    """Return what is told of rows, from 0, whose cells are struck through."""
    if not rows:
        return []
    shown = ", ".join(str(row + 1) for row in rows[:_SHOWN])
    shown += ", ..." if len(rows) > _SHOWN else ""
    return [Reason("rows_struck", count=len(rows), rows=shown)]


def _told(code: str, blocks: Sequence[tuple[int, int, int]], corner: tuple[int, int]) -> Reason:
    """Return what is to be told of merged blocks."""
    top, margin = corner
    first, left, last = blocks[0]
    letters = column_letters(left + margin)
    columns = sorted({block[1] for block in blocks})
    return Reason(
        code,
        count=len(blocks),
        example=f"{letters}{first + top + 1}:{letters}{last + top + 1}",
        columns=", ".join(column_letters(column + margin) for column in columns),
    )
