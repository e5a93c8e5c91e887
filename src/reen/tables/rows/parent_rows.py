"""Parent rows: "PC 30" above "PC portable 9" and "PC fixe 21" in a list of types and quantities.

Input: the rows of a list, its types and quantities.  Output: the rows that are counted by others:
those that add up the ones below them, or, where the ones below say that they are parts ("dont
portables"), these.

Must not look at totals, nor drop a row: `rows` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.layouts.parents import Parent, parents_of
from reen.tables.rows.totals import is_part_label
from reen.tables.sheet import Sheet, codes_of

__all__ = ["counted_by_others"]

#: Rows of the longest list that somebody indented by hand.
_MOST = 5_000

_MASK = npt.NDArray[np.bool_]


def counted_by_others(
    sheet: Sheet,
    types: Sequence[int],
    quantities: npt.NDArray[np.float64] | None,
    others: Sequence[int],
    findings: Findings,
) -> _MASK:
    """Return the rows whose items other rows count.

    Parameters
    ----------
    sheet, quantities
        The rows, and how many items each is.
    types, others
        Positions of the types, and of the other columns, which have to say the same in all rows.
    findings
        Where it is told.
    """
    found = np.zeros(len(sheet), np.bool_)
    if len(types) != 1 or quantities is None or len(sheet) > _MOST:
        return found
    # the blanks before a label tell what it is a part of
    labels = [str(cell or "") for cell in sheet.raw(types[0]).to_pylist()]
    shown = []
    for parent in _alike(sheet, parents_of(labels, [(each,) for each in quantities]), others):
        below = slice(parent.row + 1, parent.last + 1)
        if any(map(is_part_label, labels[below])):
            found[below] = True
        else:
            found[parent.row] = True
        shown.append(f"{labels[parent.row].strip()} ({quantities[parent.row]:g})")
    if shown:
        findings.rows("", "", Reason("matrix_parents", rows=", ".join(shown)), sheet.lines[found])
    return found


def _alike(sheet: Sheet, parents: Sequence[Parent], others: Sequence[int]) -> Iterator[Parent]:
    """Yield the parents that say the same as the rows below them, but for their type."""
    codes = [codes_of(sheet.words(position)) for position in others] if parents else []
    for parent in parents:
        rows = slice(parent.row, parent.last + 1)
        if parent.sure and all(len(np.unique(column[rows])) == 1 for column in codes):
            yield parent
