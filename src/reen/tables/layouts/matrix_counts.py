"""Counts of a matrix: which of its columns of counts are read, and what stands above them.

Input: columns of counts.  Output: those that are read together, beside those that are left and
told; columns that all have as many levels; and whether the types stand above them.  Counts of one
year are never added to those of another, and what is planned is no count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from reen.reasons import Reason
from reen.tables.headers.quantity_words import names_things
from reen.tables.layouts.counts import is_forecast, without_number, year_in
from reen.tables.layouts.matrix_header import Column
from reen.tables.layouts.words import Words

__all__ = [
    "DETAIL",
    "Sides",
    "even_levels",
    "filled_down",
    "names_a_type",
    "of_years",
    "sides_of",
    "together",
]

#: Header of what stands below a type and is neither a status nor a place.
DETAIL = "Description"

_TWO, _HALF = 2, 0.5


def of_years(columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    """Return the columns of counts, and those that are no counts beside them.

    Beside two years or more, a column that is no year is a difference or a share; a year that is
    planned was never counted.
    """
    planned = [each for each in columns if is_forecast(each.text) and year_in(each.text)]
    counted = [each for each in columns if each not in planned]
    years = [each for each in counted if year_in(each.text)]
    if len(years) < _TWO or len({year_in(each.text) for each in years}) < len(years):
        return counted, planned
    return years, [each for each in columns if each not in years]


def together(
    values: Sequence[Column], totals: Sequence[Column], passed: Sequence[Column], *, even: bool
) -> list[Column]:
    """Return the columns of counts that stand side by side, or beside a total.

    Parameters
    ----------
    values, totals
        Columns of counts and of their totals.
    passed
        Columns that may stand among them.
    even
        Whether columns below a group and columns without one are kept apart.
    """
    between = {column.place for column in (*totals, *passed)}
    groups: list[list[Column]] = []
    for column in values:
        near = groups and all(
            place in between for place in range(groups[-1][-1].place + 1, column.place)
        )
        same = groups and bool(groups[-1][-1].levels[:-1]) == bool(column.levels[:-1])
        if near and (same or not even):
            groups[-1].append(column)
        else:
            groups.append([column])
    if not totals:
        return max(groups, key=len, default=[])
    return max(groups, key=lambda group: (_touches(group, totals), len(group)), default=[])


def _touches(group: Sequence[Column], totals: Sequence[Column]) -> bool:
    ends = {group[0].place - 1, group[-1].place + 1}
    return bool(ends & {total.place for total in totals})


def even_levels(values: Sequence[Column], words: Words, *, has_place: bool) -> list[Column]:
    """Return columns of counts that all have as many levels.

    A column without a group stands beside the groups, or beside what stands below them when both
    name types.  What stands below types is a status in some groups and a detail in others ("HS",
    "pupils"), or a detail in all when the rows are places already.

    Parameters
    ----------
    values
        The columns.
    words
        What is known of cells.
    has_place
        Whether the rows name places.
    """
    depth = max(len(column.levels) for column in values)
    if depth < _TWO:
        return list(values)
    grouped = [column for column in values if len(column.levels) == depth]
    lower = [column.levels[-1] for column in grouped]
    groups = [column.levels[0] for column in grouped]
    types = _share(groups, _types(words)) >= _HALF
    below = not types and _share(lower, _types(words)) >= _HALF
    found = []
    for column in values:
        lacking = ("",) * (depth - len(column.levels))
        levels = (*lacking, *column.levels) if below else (*column.levels, *lacking)
        found.append(Column(column.place, levels))
    plain = depth != _TWO or not types or any(map(year_in, lower))
    if plain or _share(lower, _types(words)) >= _HALF:
        return found
    stated = {
        group: _share([c.levels[1] for c in grouped if c.levels[0] == group], words.names_a_status)
        >= _HALF
        for group in groups
    }
    if all(stated.values()) or not (has_place or any(stated.values())):
        return found
    return [_cut(column, stated=stated.get(column.levels[0], False)) for column in found]


def _cut(column: Column, *, stated: bool) -> Column:
    group, text = column.levels
    return Column(column.place, (group, text, "") if stated else (group, "", text))


def names_a_type(text: str, words: Words) -> bool:
    """Tell whether a text is a type of equipment, if only a vague one."""
    return words.names_a_type(text) or names_things(text)


def _types(words: Words) -> Callable[[str], bool]:
    return lambda text: names_a_type(text, words)


def _share(texts: Sequence[str], is_one: Callable[[str], bool]) -> float:
    """Return the share of texts that are some words."""
    known = [text for text in texts if text]
    return sum(map(is_one, known)) / len(known) if known else 0.0


def filled_down(
    rows: Sequence[Sequence[str]], start: int, labels: Sequence[Column], totals: Sequence[bool]
) -> list[Sequence[str]]:
    """Return rows in which a label that is written once stands in each row of its group.

    Parameters
    ----------
    rows, start
        Rows, and the first one below the header.
    labels
        Columns of labels; the last one names the row itself.
    totals
        Whether each row is a total: it ends a group.
    """
    found = list(rows[:start])
    last = [""] * len(labels)
    for row, is_total in zip(rows[start:], totals[start:], strict=True):
        cells = list(row)
        if is_total:
            last = [""] * len(labels)
        elif labels and cells[labels[-1].place].strip():
            for k, label in enumerate(labels[:-1]):
                if cells[label.place].strip():
                    last[k:] = [""] * (len(labels) - k)
                    last[k] = cells[label.place]
                cells[label.place] = last[k]
        found.append(cells)
    return found


@attrs.frozen(eq=False, repr=False)
class Sides:
    """Whether the types stand in the rows or in the header, where both may name some.

    Rooms may be called as what stands in them ("Serveur", "Imprimante").

    Attributes
    ----------
    in_rows
        Whether they stand in the rows.
    told
        What is to be told where it is not sure.
    """

    in_rows: bool = False
    told: tuple[Reason, ...] = ()


def sides_of(
    values: Sequence[Column],
    label: Column,
    body: Sequence[Sequence[str]],
    words: Words,
    *,
    corner: bool,
) -> Sides:
    """Return where the types stand: on the side that has more of them, or as the corner says."""
    if len(values[0].levels) > 1:
        return Sides()
    both = (
        [row[label.place] for row in body if row[label.place].strip()],
        [without_number(column.text) for column in values],
    )
    types = [[text for text in texts if names_a_type(text, words)] for texts in both]
    rows, columns = (len(named) / len(texts) for named, texts in zip(types, both, strict=True))
    if min(rows, columns) < _HALF:
        return Sides()
    known = words.column_of(label.text) if corner else ""
    in_rows = rows > columns or (rows == columns and known == "equipment_type")
    says = known == "equipment_type" if in_rows else known in ("entity", "site")
    if says and (columns if in_rows else rows) < 1.0:
        return Sides(in_rows)
    axis = Reason("axis_rows" if in_rows else "axis_columns")
    names = ", ".join(dict.fromkeys(types[1 if in_rows else 0]))
    return Sides(in_rows, (Reason("matrix_types_both", names=names, axis=axis),))
