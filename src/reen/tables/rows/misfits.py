"""Misfits: rows that do not have as many cells as the header.

Input: these rows as text.  Output: how many are refused, with an issue by number of cells; how many
are no equipment at all (blanks, a remark in one cell, a total cut short).  A value left out shifts
all that follow it; only rows cut at their end are completed (`short_rows`), and told here.

Shows no cell of a column that names persons, or that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.delimited.dialect import Dialect, split_record
from reen.tables.findings import Findings
from reen.tables.rows.kinds import BLANK, NOTE, TOTAL
from reen.tables.rows.totals import is_total_label

if TYPE_CHECKING:
    from reen.tables.delimited.records import Misfit
    from reen.tables.rows.short_rows import Completed

__all__ = ["sort_misfits", "tell_completed"]

#: What may stand between the words of a row in one cell.
_BETWEEN = pattern(r"[\s,;|]+")

_TAKEN_FOR = {NOTE: "other_length_note", TOTAL: "other_length_total"}


def sort_misfits(
    misfits: Sequence[Misfit],
    dialect: Dialect,
    unshown: frozenset[int],
    ignored: dict[str, int],
    findings: Findings,
    *,
    names_a_type: Callable[[str], bool],
) -> int:
    """Return how many rows are refused; count the others in `ignored` by reason.

    Parameters
    ----------
    misfits, dialect
        The rows, and how the file is laid out.
    unshown
        Positions of the columns of which no cell may be shown.
    ignored
        Rows that are no equipment, by reason; added to.
    findings
        Where all but the blank rows are told.
    names_a_type
        Tells whether a word is a type of equipment: a row of that alone is no note.
    """
    groups: dict[tuple[str, int], list[int]] = {}
    examples: dict[tuple[str, int], str] = {}
    for misfit in misfits:
        cells = [cell.strip() for cell in split_record(misfit.text, dialect.delimiter)]
        kind = _kind(cells, len(dialect.header), names_a_type)
        if kind == BLANK:
            ignored[BLANK] = ignored.get(BLANK, 0) + 1
            continue
        group = (kind, misfit.cells)
        groups.setdefault(group, []).append(misfit.line)
        shown = dialect.delimiter.join(_shown(cells, len(dialect.header), unshown))
        examples.setdefault(group, shown)
    rejected = 0
    for (kind, cells_found), lines in groups.items():
        where = np.array(lines, np.int64)
        example = examples[kind, cells_found]
        if kind:
            ignored[kind] = ignored.get(kind, 0) + len(lines)
            findings.rows("", example, Reason(_TAKEN_FOR[kind], count=cells_found), where)
            continue
        rejected += len(lines)
        findings.rows(
            "",
            example,
            Reason("other_length", count=cells_found),
            where,
            expected=Reason("cells_as_in_header", count=len(dialect.header)),
            severity=Severity.REJECTED,
        )
    return rejected


def tell_completed(
    completed: Completed,
    dialect: Dialect,
    unshown: frozenset[int],
    findings: Findings,
) -> None:
    """Tell which short rows were completed with blanks, once for each number of cells.

    One that might have lost another cell than its last is a doubt.
    """
    groups: dict[tuple[int, Severity], list[Misfit]] = {}
    for severity, misfits in (
        (Severity.NOTE, completed.certain),
        (Severity.DOUBT, completed.doubtful),
    ):
        for misfit in misfits:
            groups.setdefault((misfit.cells, severity), []).append(misfit)
    for (count, severity), rows in groups.items():
        cells = split_record(rows[0].text, dialect.delimiter)
        if severity is Severity.DOUBT:
            cells = list(_shown(cells, len(dialect.header), unshown))
        else:  # they lack their last cells: the others stand under their headers
            cells = [cell for place, cell in enumerate(cells) if place not in unshown]
        findings.rows(
            "",
            dialect.delimiter.join(cells),
            Reason("short_row_completed", count=count, width=len(dialect.header)),
            np.array([row.line for row in rows], np.int64),
            severity=severity,
        )


def _shown(cells: Sequence[str], width: int, unshown: frozenset[int]) -> Sequence[str]:
    """Return the first cells, up to the one that may be of a column that is not shown.

    A row that lacks cells may lack any of them: each of the others may be that many further on.
    """
    lacking = max(width - len(cells), 0)
    return cells[: max(min(unshown, default=len(cells) + lacking) - lacking, 0)]


def _kind(cells: Sequence[str], width: int, names_a_type: Callable[[str], bool]) -> str:
    """Return why a row is no equipment, empty when it is refused."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return BLANK
    if len(cells) < width and is_total_label(filled[0]):
        return TOTAL
    if len(filled) > 1 or len(cells) >= width:
        return ""
    # "Imprimante" or "Serveur R740" may be all that is left of a row; "Écran,5" and "12 écrans" are
    # rows that somebody typed otherwise
    words = [word for word in _BETWEEN.split(filled[0]) if word and not word.isdecimal()]
    named = any(names_a_type(" ".join(words[:k])) for k in range(1, len(words) + 1))
    return "" if named else NOTE
