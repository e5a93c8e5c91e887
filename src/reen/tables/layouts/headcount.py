"""Headcounts: a table of departments by day becomes one record a count.

Input: the rows of a block, and the name of its sheet or file.  Output: a `Matrix` of departments,
days and agents.  It is one when its columns of counts are days or years and its name, a title or
the label of its total speaks of agents.  A total, a part of it ("dont ...") and who is not in it
("hors effectif") are no record.  A list of agents below a title that says the day has that day.

Must not read tables of equipment.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from reen.reasons import Reason
from reen.tables.headers.header_words import header_words, key_of
from reen.tables.layouts.counts import (
    count_of,
    day_in,
    is_count,
    is_none,
    is_unknown,
    year_in,
    year_of,
)
from reen.tables.layouts.matrix_header import Column
from reen.tables.layouts.matrix_records import Matrix, sum_of
from reen.tables.layouts.words import Words
from reen.tables.recognition.signs import names_of_kinds
from reen.tables.rows.totals import is_part_label, is_total_label

__all__ = ["find_dated_headcount", "find_headcount"]

Cells = Sequence[Sequence[str]]

#: Rows among which the header is looked for.
_HEADER_ROWS = 20

#: Rows of a title, a header and a record.
_WITH_RECORDS = 3

#: Who is told beside the agents, and is none of them.
_OUTSIDE = re.compile(r"(?i)\b(hors|not in(cluded)?)\b.*\b(effectifs?|agents?|total|headcount)\b")


def find_headcount(rows: Cells, words: Words) -> Matrix | None:
    """Return the headcount that a block is, None when it is none."""
    for place in range(min(len(rows) - 1, _HEADER_ROWS)):
        days = [Column(k, (cell,)) for k, cell in enumerate(rows[place]) if year_of(cell) and k]
        if not days and sum(map(bool, map(str.strip, rows[place]))) > 1:
            return None  # a header of other things: what stands below it are records
        body = [(at, row) for at, row in enumerate(rows) if at > place and any(map(str.strip, row))]
        if not days or not _are_counts(days, body):
            continue
        label = next((k for k in range(days[0].place) if any(row[k] for _, row in body)), None)
        if label is None or not _is_said(rows[: place + 1], label, body, words):
            return None
        if any(words.names_a_type(row[label]) for _, row in body):
            return None
        return _records(label, rows[place][label], days, body)
    return None


def find_dated_headcount(rows: Cells, words: Words) -> Matrix | None:
    """Return the list of agents below a title that says their day, None when a block is none.

    The title ("Effectifs au 31/12/2025") stands alone on its row, and no header names a day.
    """
    filled = [(at, row) for at, row in enumerate(rows) if any(map(str.strip, row))]
    if len(filled) < _WITH_RECORDS or len(titles := _texts(filled[0][1])) > 1:
        return None
    (title,), (_, header) = titles, filled[1]
    known = header_words("headcount")
    columns = {known[key].column for cell in header if (key := key_of(cell)) in known}
    if "agents" not in columns or "date" in columns or any(map(words.names_a_type, header)):
        return None
    named = any(_names_agents(text) for text in (title, words.place))
    day = day_in(title) if named and year_in(title) else ""
    if not day:
        return None
    found = tuple((at, (*row, day)) for at, row in filled[2:])
    return Matrix((*header, "Date"), found, (Reason("day_of_title", day=day),))


def _texts(row: Sequence[str]) -> set[str]:
    """Return the texts of a row; one that is merged over it stands in each of its cells."""
    return {cell.strip() for cell in row} - {""}


def _names_agents(text: str) -> bool:
    return any(f" {name} " in f" {key_of(text)} " for name in names_of_kinds()["headcount"])


def _are_counts(days: Sequence[Column], body: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Tell whether all columns of days hold whole numbers, and each day stands once."""
    cells = [[row[day.place] for _, row in body if not is_none(row[day.place])] for day in days]
    once = len({day_in(day.text) for day in days}) == len(days)
    return once and all(
        any(map(is_count, column)) and all(is_count(cell) or is_unknown(cell) for cell in column)
        for column in cells
    )


def _is_said(
    head: Cells, label: int, body: Sequence[tuple[int, Sequence[str]]], words: Words
) -> bool:
    """Tell whether the name, a title or the label of a total speaks of agents."""
    totals = [row[label] for _, row in body if is_total_label(row[label])]
    texts = [words.place, *totals, *(cell for row in head for cell in row)]
    return any(map(_names_agents, texts))


def _records(
    label: int,
    header: str,
    days: Sequence[Column],
    body: Sequence[tuple[int, Sequence[str]]],
) -> Matrix:
    found: list[tuple[int, tuple[str, ...]]] = []
    departments = []
    for place, row in body:
        if not row[label].strip() or is_total_label(row[label]) or _OUTSIDE.search(row[label]):
            found.append((place, (row[label] or "Total", "", "")))
            continue
        departments.append(row)
        found += [
            (place, (row[label], day_in(day.text), row[day.place]))
            for day in days
            if not is_none(row[day.place])
        ]
    read = Reason("headcount_read", count=len(departments), columns=len(days))
    wrong = _wrong_totals(label, days, body, departments)
    return Matrix((header.strip() or "Service", "Date", "Agents"), tuple(found), (read, *wrong))


def _wrong_totals(
    label: int,
    days: Sequence[Column],
    body: Sequence[tuple[int, Sequence[str]]],
    departments: Cells,
) -> Iterator[Reason]:
    """Yield the totals that are not the sums of the departments."""
    for _, row in body:
        if not is_total_label(row[label]) or is_part_label(row[label]):
            continue
        for day in days:
            written = count_of(row[day.place])
            computed = sum_of(each[day.place] for each in departments)
            if not math.isnan(written) and written != computed:
                yield Reason(
                    "matrix_total",
                    row=row[label],
                    column=day.text,
                    written=written,
                    computed=computed,
                )
