"""The layout of a sheet that python-calamine does not give, read from the file itself.

calamine gives an error cell (``#N/A``) as a blank one, does not tell hidden rows, and lays every
sheet out as a full rectangle: two cells in opposite corners would ask for gigabytes.  So the size
of the rectangle is known here before calamine is asked for it.
"""

from __future__ import annotations

import attrs

__all__ = ["Layout", "Merge"]

#: First row, first column, last row, last column, from 0.
Merge = tuple[int, int, int, int]


@attrs.define(eq=False, repr=False)
class Layout:
    """Facts about one sheet; rows and columns are numbered from 0.

    Attributes
    ----------
    height, width
        Bounds of the rectangle that holds all cells; never too small.
    errors
        Text of each error cell.
    formulas
        Cells of the formulas whose value the file does not hold.
    hidden
        Rows that are hidden or filtered out.
    merges
        Merged blocks, where calamine cannot tell them.
    indents
        Steps by which the alignment of a cell sets its text in, of cells that are set in.
    struck
        Cells whose text is struck through.
    exact
        Whether the bounds are those of the cells, rather than what any such sheet fits in.
    """

    height: int = 0
    width: int = 0
    errors: dict[tuple[int, int], str] = attrs.field(factory=dict)
    formulas: set[tuple[int, int]] = attrs.field(factory=set)
    hidden: set[int] = attrs.field(factory=set)
    merges: list[Merge] = attrs.field(factory=list)
    indents: dict[tuple[int, int], int] = attrs.field(factory=dict)
    struck: set[tuple[int, int]] = attrs.field(factory=set)
    exact: bool = True

    def grow(self, row: int, column: int) -> None:
        """Take a cell into the rectangle."""
        self.height = max(self.height, row + 1)
        self.width = max(self.width, column + 1)
