"""Headers of a matrix: one or two rows, the upper one naming groups of columns.

Input: the rows of a block and the place of the lower header row.  Output: its columns, each with
the texts that stand above its cells, the group first.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from reen.tables.layouts.counts import is_count, year_of
from reen.values import Compared

__all__ = ["INVENTORY_YEAR", "YEARS", "YEAR_OF_PURCHASE", "Column", "header_columns"]

#: Header of the year at which a fleet was counted.
INVENTORY_YEAR = "Année d'inventaire"
#: Header of the year in which things were bought.
YEAR_OF_PURCHASE = "Année d'achat"
YEARS = frozenset({INVENTORY_YEAR, YEAR_OF_PURCHASE})


@attrs.frozen(eq=False, repr=False)
class Column(Compared):
    """One column of a matrix.

    Attributes
    ----------
    place
        From 0.
    levels
        What stands above it, the group first.
    """

    place: int
    levels: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return its header, without the group: the lowest one that says something."""
        return next((level for level in reversed(self.levels) if level), "")


def header_columns(rows: Sequence[Sequence[str]], place: int) -> list[Column]:
    """Return the columns that have a header, when a row is the last one of the header."""
    below = [cell.strip() for cell in rows[place]]
    above = [cell.strip() for cell in rows[place - 1]] if place else [""] * len(below)
    if not any(below):
        return []
    if not any(above[1:]) or _is_body(above):
        return [Column(k, (text,)) for k, text in enumerate(below) if text]
    found = []
    group = ""
    for k, text in enumerate(below):
        group = above[k] or group
        if not text:
            if above[k]:
                found.append(Column(k, (above[k],)))
            group = ""  # what is merged over two rows ends a group
        elif not group or above[k] == text:
            found.append(Column(k, (text,)))
            group = ""
        else:
            found.append(Column(k, (group, text)))
    return found


def _is_body(cells: Sequence[str]) -> bool:
    """Tell whether a row holds counts: it is no header, unless they are years."""
    filled = [cell for cell in cells if cell]
    return any(is_count(cell) and not year_of(cell) for cell in filled)
