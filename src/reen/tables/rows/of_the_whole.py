"""Counts of people that only the total row of a headcount gives: the inhabitants of a town.

Input: the rows of a headcount, and which of them are its total.  Output: the total rows that stay,
as a count of the whole: without the name of a part, without what their parts count already, and of
the day of the row above.  Two totals of one day say nothing that can be chosen: they are named.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.issues import Severity
from reen.inventory.record_schema import HEADCOUNT
from reen.inventory.schema import ColumnKind
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.headers.understanding import Headings
from reen.tables.rows.totals import is_total_label
from reen.tables.sheet import Sheet

__all__ = ["counts_of_the_whole"]

_Mask = npt.NDArray[np.bool_]


def counts_of_the_whole(
    sheet: Sheet, headings: Headings, total: _Mask, is_data: _Mask, findings: Findings
) -> _Mask:
    """Return the total rows that hold a count which no other row has; their cells are rewritten.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    total
        The total rows; no sub-totals.
    is_data
        The rows that are data.
    findings
        Where what is used, and what cannot be, is told.
    """
    kept = np.zeros(len(sheet), np.bool_)
    if headings.wording.schema is not HEADCOUNT or not total.any() or not is_data.any():
        return kept
    places = {column: [h.position for h in group] for column, group in headings.columns.items()}
    counts = [
        column
        for column, positions in places.items()
        if HEADCOUNT[column].kind is ColumnKind.NUMBER and len(positions) == 1
    ]
    filled = {column: sheet.filled(places[column][0]) for column in counts}
    only = {column: here & total for column, here in filled.items() if not (here & is_data).any()}
    only = {column: here for column, here in only.items() if here.any()}
    if not only:
        return kept
    days = _days_from_above(sheet, places.get("date", []))
    for column, here in only.items():
        position = places[column][0]
        words = sheet.words(position)
        times = Counter(days[row] for row in np.flatnonzero(here))
        chosen = here & np.array([times[day] == 1 for day in days])
        for rows, code, severity in (
            (chosen, "count_of_total_row", Severity.NOTE),
            (here & ~chosen, "counts_of_total_rows", Severity.DOUBT),
        ):
            if rows.any():
                example = words[int(rows.argmax())].as_py()
                findings.rows(column, example, Reason(code), sheet.lines[rows], severity=severity)
        kept |= chosen
    if kept.any():
        _as_whole(sheet, places, kept, days, set(only))
    return kept


def _days_from_above(sheet: Sheet, positions: list[int]) -> list[str | None]:
    """Return the day of each row as it is written, that of the row above where it says none."""
    if len(positions) != 1:
        return [None] * len(sheet)
    found: list[str | None] = []
    for word in sheet.words(positions[0]).to_pylist():
        above = found[-1] if found else None
        found.append(above if word is None or is_total_label(word) else word)
    return found


def _as_whole(
    sheet: Sheet,
    places: dict[str, list[int]],
    kept: _Mask,
    days: list[str | None],
    only: set[str],
) -> None:
    """Blank the cells of the kept rows but the counts that are theirs alone; fill in their day."""
    rows = np.flatnonzero(kept)
    for column, positions in places.items():
        if column in only:
            continue
        for position in positions:
            words = sheet.words(position).to_pylist()
            for row in rows:
                words[row] = days[row] if column == "date" else None
            sheet.rewrite(position, pa.array(words, pa.string()).dictionary_encode())
