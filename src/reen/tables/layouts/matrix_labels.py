"""Labels of a matrix: the column that says what a row counts, and the rows that it calls totals.

Input: the rows of a block, the place of the last row of its header, and which of its columns are
counts.  Output: the same rows, the label first, where it stands after counts: the column of types,
else of places, else the first column of words.  Of several columns before the counts (a code, the
label, a headcount, a remark), which one is the label.

Changes no cell, and knows no count.
"""

from __future__ import annotations

from collections.abc import Sequence

from reen.tables.layouts.counts import is_count, is_none, is_unknown
from reen.tables.layouts.indents import named_in_levels
from reen.tables.layouts.matrix_header import Column
from reen.tables.layouts.words import Words
from reen.tables.rows.totals import is_total_label

__all__ = ["is_total", "label_first", "label_in", "label_of_rows", "with_families"]

#: Share of the filled cells of a column that must be words, or types.
_HALF = 0.5

#: Share of the rows in which the label is filled, and of its cells that differ.
_MOSTLY = 0.8


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
        known = words.column_of(column.text)
        if known == "equipment_type" or _holds_types(column, body, words):
            return column
    named = [each for each in worded if each.text]
    places = [each for each in named if words.column_of(each.text) in ("site", "entity")]
    return next(iter((*places, *named)), None)


def label_of_rows(labels: Sequence[Column], body: Sequence[Sequence[str]], words: Words) -> int:
    """Return which column before the counts says what each row counts.

    It holds words, in most rows, and mostly other ones; of several such columns, the one of types,
    then of models, then of places, as far as a header or the cells say so.  A remark is filled here
    and there, a maker or a family comes back, a headcount is a number.

    Parameters
    ----------
    labels
        The columns, at least one.
    body
        The rows below the header.
    words
        What is known of cells.
    """
    worded = [each for each in labels if _holds_words(each, body)]
    kinds = [each for each in worded if words.column_of(each.text) == "equipment_type"]
    if len(kinds) > 1:  # families, and their kinds, of which there are more
        return labels.index(max(kinds, key=lambda each: (_different(each, body), each.place)))
    filled = [
        row
        for row in body
        if any(cell.strip() for cell in row)
        and not any(is_total_label(row[each.place]) for each in worded)
    ]
    chosen = worded
    for test in (_is_full, _differs):
        chosen = [each for each in chosen if test(each, filled)] or chosen
    known = {each.place: words.column_of(each.text) for each in chosen}
    ranked = (
        [each for each in chosen if known[each.place] == "equipment_type"],
        [each for each in chosen if _holds_types(each, filled, words)],
        [each for each in chosen if known[each.place] == "model"],
        [each for each in chosen if known[each.place] in ("site", "entity")],
        chosen,
        labels,
    )
    return labels.index(next(group for group in ranked if group)[-1])


def with_families(
    rows: Sequence[Sequence[str]], start: int, labels: Sequence[Column], label: int, words: Words
) -> tuple[list[list[str]], list[Column]]:
    """Return rows whose blank labels say their family, and the columns of families.

    Of two columns that name types ("Famille", "Catégorie"), the label is the finer one.

    Parameters
    ----------
    rows, start
        The rows of a block, and the first one below its header.
    labels, label
        The columns before the counts, and which of them is the label.
    words
        What is known of cells.
    """
    own = labels[label]
    families = [
        each
        for each in labels
        if each is not own and words.column_of(each.text) == "equipment_type"
    ]
    if not families or words.column_of(own.text) not in ("equipment_type", ""):
        return [list(row) for row in rows], []
    found = [list(row) for row in rows]
    body = found[start:]
    above = [next((row[f.place] for f in families if row[f.place].strip()), "") for row in body]
    names = named_in_levels(above, [row[own.place] for row in body])
    for row, name in zip(body, names, strict=True):
        row[own.place] = name
    return found, families


def label_in(row: Sequence[str], labels: Sequence[Column], label: int) -> str:
    """Return what a row is called: its label, else the first word or number beside it."""
    cells = [row[each.place].strip() for each in labels]
    # what stands after a blank label and is a number is a figure of a row that has no name
    named = [cell for at, cell in enumerate(cells) if at <= label or not is_count(cell)]
    return cells[label] or next(filter(None, named), "")


def is_total(
    row: Sequence[str], labels: Sequence[Column], label: int, *, blank: bool = False
) -> bool:
    """Tell whether a row is a total, by its label or a column before it.

    Parameters
    ----------
    row
        Its cells.
    labels, label
        The columns before the counts, and which of them is the label.
    blank
        Whether a row that is not called anything is one.
    """
    if any(is_total_label(row[each.place]) for each in labels[: label + 1]):
        return True
    named = label_in(row, labels, label)
    return is_total_label(named) if named else blank


def _is_full(column: Column, rows: Sequence[Sequence[str]]) -> bool:
    return sum(bool(row[column.place].strip()) for row in rows) >= _MOSTLY * len(rows)


def _different(column: Column, rows: Sequence[Sequence[str]]) -> int:
    return len({row[column.place].strip() for row in rows})


def _differs(column: Column, rows: Sequence[Sequence[str]]) -> bool:
    cells = [row[column.place].strip() for row in rows if row[column.place].strip()]
    return len(set(cells)) >= _MOSTLY * len(cells)


def _holds_types(column: Column, rows: Sequence[Sequence[str]], words: Words) -> bool:
    cells = [row[column.place] for row in rows if row[column.place].strip()]
    return sum(map(words.names_a_type, cells)) >= _HALF * len(cells) > 0
