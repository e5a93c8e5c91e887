"""Parent rows: "PC 30" above "PC portable 9" and "PC fixe 21" in a list of types and quantities.

Input: the rows of a list, its types and quantities.  Output: the rows that are counted by others:
those that add up the ones beside them, or, where these say that they are parts ("dont portables"),
these.

Must not look at totals, nor drop a row: `rows` does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from reen.inventory.issues import Severity
from reen.tables.findings import Findings
from reen.tables.layouts.indents import indented_groups, named_in_levels
from reen.tables.layouts.parents import Parent, parents_of, told_parents
from reen.tables.rows.totals import is_part_label
from reen.tables.sheet import Sheet, codes_of

__all__ = ["counted_by_others"]

_MASK = npt.NDArray[np.bool_]


def counted_by_others(
    sheet: Sheet,
    types: Sequence[int],
    quantities: npt.NDArray[np.float64],
    others: Sequence[int],
    findings: Findings,
    *,
    places: Sequence[int],
    names_a_type: Callable[[str], bool],
    answered: _MASK,
) -> _MASK:
    """Return the rows whose items other rows count.

    Parameters
    ----------
    sheet, quantities
        The rows, and how many items each is.
    types, others
        Positions of the types, the finer ones first, and of the other columns: a row that adds up
        others says there what they say, or nothing.
    findings
        Where it is told; where it is not sure, the rows stay and are doubted.
    places
        Positions of the places and services: one that stands alone beside a number adds up the
        lines below it.
    names_a_type
        Tells whether a word is a type of equipment.
    answered
        Rows that a mapping sets aside: nothing is asked of them.
    """
    found = np.zeros(len(sheet), np.bool_)
    labels = _labels(sheet, types, places)
    found |= _titles(labels, quantities)
    alike = _Alike(sheet, others)
    parents = [
        each
        for each in parents_of(labels, [(each,) for each in quantities], names_a_type=names_a_type)
        if alike.says_no_more(each) and (each.sure or not answered[each.row])
    ]
    for parent in parents:
        if not parent.sure:
            continue
        if any(is_part_label(labels[row]) for row in parent.added):
            found[parent.first : parent.last + 1] = True
        else:
            found[parent.row] = True
    for reason in told_parents([(p, labels[p.row], quantities[p.row]) for p in parents]):
        sure = reason.code == "matrix_parents"
        rows = [each.row for each in parents if not each.sure]
        findings.rows(
            "",
            "",
            reason,
            sheet.lines[found] if sure else sheet.lines[rows],
            severity=Severity.NOTE if sure else Severity.DOUBT,
        )
    return found


def _labels(sheet: Sheet, types: Sequence[int], places: Sequence[int]) -> list[str]:
    """Return what each row is called, with the blanks that tell what it is a part of."""
    kinds, *families = (
        [str(cell or "") for cell in sheet.raw(position).to_pylist()]
        for position in (*types, *places)
    )
    if not families or all(kinds):
        return kinds
    above = [next(filter(None, row), "") for row in zip(*families, strict=True)]
    return named_in_levels(above, kinds)


def _titles(labels: Sequence[str], quantities: npt.NDArray[np.float64]) -> _MASK:
    """Return the rows without a number above rows that are set in, of which one has a number."""
    found = np.zeros(len(labels), np.bool_)
    for row, below in indented_groups(labels).items():
        found[row] = quantities[row] == 0.0 and bool(quantities[below].any())
    return found


class _Alike:
    """What rows say beside their type and number."""

    def __init__(self, sheet: Sheet, others: Sequence[int]) -> None:
        self._sheet = sheet
        self._others = others

    @functools.cached_property
    def _codes(self) -> list[npt.NDArray[np.int32]]:
        return [codes_of(self._sheet.words(position)) for position in self._others]

    def says_no_more(self, parent: Parent) -> bool:
        """Tell whether a row says what those say that it adds up, or nothing."""
        for codes in self._codes:
            own = codes[parent.row]
            parts = codes[parent.first : parent.last + 1]
            if own >= 0 and not np.isin(parts, (own, -1)).all():
                return False
        return True
