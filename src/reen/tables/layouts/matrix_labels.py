"""Labels of a matrix: the column that says what a row counts, put before the columns of counts.

Input: the rows of a block, the place of the last row of its header, and which of its columns are
counts.  Output: the same rows, the label first: the column of types, else of places, else the first
column of words.  People write it last, between columns of counts, or after a number or a code.

Changes no cell, and knows no count.
"""

from __future__ import annotations

from collections.abc import Sequence

from reen.tables.layouts.counts import is_count, is_none, is_unknown
from reen.tables.layouts.matrix_header import Column
from reen.tables.layouts.words import Words

__all__ = ["label_first"]

#: Share of the filled cells of a column that must be words, or types.
_HALF = 0.5


def label_first(
    rows: Sequence[Sequence[str]],
    place: int,
    columns: Sequence[Column],
    counts: Sequence[Column],
    body: Sequence[Sequence[str]],
    words: Words,
) -> list[list[str]] | None:
    """Return rows with the label before the counts, None where it stands there under a header.

    Parameters
    ----------
    rows, place
        The rows, and which of them is the last one of the header.
    columns, counts
        Columns that have a header, and those of them that hold counts.
    body
        The rows below the header that hold something.
    words
        What is known of cells.
    """
    if not counts:
        return None
    named = {each.place for each in columns}
    corners = [Column(k, ("",)) for k in range(len(rows[0])) if k not in named]
    others = (each for each in (*columns, *corners) if each not in counts)
    worded = [each for each in others if _holds_words(each, body)]
    label = _label(worded, body, words)
    if label is None or (label.text and label.place < counts[0].place):
        return None
    order = [label.place, *(k for k in range(len(rows[0])) if k != label.place)]
    found = [[row[k] for k in order] for row in rows]
    if not label.text:  # it is the column of types: no other one without a header is a label
        found[place][0] = "Type"
    return found


def _holds_words(column: Column, body: Sequence[Sequence[str]]) -> bool:
    cells = [row[column.place] for row in body if row[column.place].strip()]
    odd = sum(is_count(cell) or is_unknown(cell) or is_none(cell) for cell in cells)
    return bool(cells) and odd < _HALF * len(cells)


def _label(worded: Sequence[Column], body: Sequence[Sequence[str]], words: Words) -> Column | None:
    """Return the column that says what each row is about."""
    for column in worded:
        cells = [row[column.place] for row in body if row[column.place].strip()]
        types = sum(map(words.names_a_type, cells))
        if words.column_of(column.text) == "equipment_type" or types >= _HALF * len(cells):
            return column
    named = [each for each in worded if each.text]
    places = [each for each in named if words.column_of(each.text) in ("site", "entity")]
    return next(iter((*places, *named)), None)
