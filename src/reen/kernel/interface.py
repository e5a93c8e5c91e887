"""Loops: what the compiled module offers, for type checkers and readers.

Each function works on contiguous arrays of one dimension, row after row; it raises ``IndexError``
where a number is outside of its table, and touches nothing outside of an array.  See
``_compiled.c``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "Adding",
    "Covering",
    "CutColumn",
    "Factor",
    "Floats",
    "HashedColumn",
    "Ints",
    "Loops",
    "Numbers",
    "Parts",
    "Places",
    "Sums",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.int32]
Bools: TypeAlias = npt.NDArray[np.bool_]
Bytes: TypeAlias = npt.NDArray[np.uint8]

#: A number for all rows, one for each, or a code for each and their table (code -1 is the last).
Places: TypeAlias = int | Ints | tuple[Numbers, Ints]

#: Codes of the rows, and what they are multiplied by in a key.
Parts: TypeAlias = tuple[tuple[npt.NDArray[Any], int], ...]

#: A column; or constants by case, column that is taken by case (-1: the constant), and columns.
Factor: TypeAlias = Floats | tuple[Floats, Numbers, tuple[Floats, ...]]

#: Where sums go: a table and its width; or width 0, and the keys that the loops write for later.
Sums: TypeAlias = tuple[npt.NDArray[Any], int]

#: Parts and shift of the keys, column by key, factors; where sums go, its width, and what the
#: amounts of the rows are written to where they are summed later.
Adding: TypeAlias = tuple[
    Parts, int, Ints, tuple[Factor, ...], npt.NDArray[Any], int, Floats | None
]

#: Quantity and combination of each row, its type; sums by group and by type, with their widths.
Covering: TypeAlias = tuple[Floats, Numbers, Places, npt.NDArray[Any], int, npt.NDArray[Any], int]

#: How a column is hashed, its cells, what stands beside them, and its salt.
HashedColumn: TypeAlias = tuple[str, npt.NDArray[Any], npt.NDArray[Any] | None, int]

#: Codes of the cells, the distinct words end to end, where each ends; or where each cell ends, all
#: cells end to end, and whether each is filled.
CutColumn: TypeAlias = tuple[Numbers, Bytes, Numbers | Bools]


class Loops(Protocol):
    """The functions of ``reen.kernel._compiled``."""

    def add(
        self,
        table: Floats,
        width: int,
        per_cell: int,
        rows: Ints | int,
        columns: Ints,
        v: Floats,
        /,
    ) -> None:
        """Add values into ``table[rows * width + columns]``; with two a cell, count as well."""

    def bounds(
        self,
        spans: Numbers,
        content: Bytes,
        blank: Bools | None,
        low: Bytes,
        high: Bytes,
        /,
    ) -> bool:
        """Write the lowest and the highest byte at each place of cells of one length.

        Tell whether they are: as long as `low` and `high`, but for the blank ones.
        """

    def classed(
        self,
        kinds: tuple[tuple[Parts, int, Ints], ...],
        table: Ints,
        types: Places,
        width: int,
        joint: Numbers,
        cells: Numbers,
        counts: Ints,
        /,
    ) -> int:
        """Join the classes of each row into a number, and count it by type.

        A kind is the parts and the shift of its keys, and a weight by key: the sum of the weights
        is looked up in the table.  Return how many rows are of a weight or a combination below 0,
        never seen: after them nothing is numbered.
        """

    def count(self, rows: Ints, columns: Ints, width: int, cells: Ints, counts: Ints, /) -> None:
        """Write ``rows * width + columns`` into `cells`, and count each."""

    def count_nan(self, v: Floats, /) -> int:
        """Return how many values are NaN."""

    def cut(
        self,
        data: Bytes,
        delimiter: int,
        rows: int,
        columns: tuple[CutColumn | None, ...],
        used: Ints,
        /,
    ) -> int:
        """Cut text into cells; write into `used`, by column, the bytes, words and blanks.

        Return the rows; or -1 where they have another number of cells, or are of another number;
        ``-2 - 2 * column`` where the content of one is full, one less where its words are.
        """

    def digest(
        self, columns: tuple[HashedColumn, ...], start: int, blank: int, rows: int, /
    ) -> int:
        """Return the sum modulo 2**64 of the hashes of rows."""

    def fold(
        self,
        kinds: tuple[Adding, ...],
        rows: int,
        groups: Places,
        largest: float,
        coverage: Covering | None,
        /,
    ) -> int:
        """Add the amounts of rows by group and column, and their quantity by group and by type.

        Return how many amounts with a column above 0 are no number from 0 to `largest`.
        """

    def mark(self, codes: Numbers, out: Bools, /) -> None:
        """Mark the numbers that are there."""

    def multiply(
        self,
        out: Floats,
        width: int,
        groups: Ints,
        first: int,
        flows: Numbers,
        factors: Floats,
        amounts: Floats,
        /,
    ) -> None:
        """Add to each group from `first` on the factors of a flow times an amount, cell by cell."""

    def nulls(self, bitmap: object, offset: int, out: Bools, /) -> None:
        """Tell which bits are not set."""

    def number(
        self,
        codes: Numbers,
        others: Numbers,
        width: int,
        table: Numbers,
        numbers: Numbers,
        firsts: Ints,
        /,
    ) -> int:
        """Give pairs, ``code * width + other + 1``, numbers in the order of the rows.

        `table` holds a zero for each pair; `firsts` is where each number comes first.  Return how
        many there are.
        """

    def outside(
        self,
        v: Floats,
        largest: float,
        smallest: float,
        low: float,
        high: float,
        exclusive: int,
        out: Bools,
        /,
    ) -> int:
        """Tell which values are out of their range; return how many."""

    def pairs(
        self,
        rows: Ints,
        columns: Numbers,
        values: tuple[Floats, ...],
        height: int,
        out_rows: Ints,
        out_columns: Numbers,
        out_values: tuple[Floats, ...],
        /,
    ) -> int:
        """Write the distinct pairs, sorted, and the sums of each; return how many there are."""

    def repeats(self, prints: npt.NDArray[np.uint64], out: Bools, /) -> None:
        """Tell which numbers come more than once."""

    def stage(
        self,
        parts: Sequence[tuple[npt.NDArray[Any], int]],
        places: Numbers | None,
        radix: int,
        constant: int,
        table: Numbers,
        cases: Numbers,
        onwards: Numbers,
        /,
    ) -> tuple[int, int]:
        """Look up the case of each row, or where it goes on; count those unseen, and waiting."""

    def survey(self, data: Bytes, looked_for: Bytes, seen: Bytes, /) -> int:
        """Return the line ends of a text, -1 for one that is no UTF-8.

        Mark in `seen` those of at most five bytes of ASCII that are there, and all beyond it.
        """

    def take(self, table: npt.NDArray[Any], codes: Numbers, out: npt.NDArray[Any], /) -> None:
        """Look up codes in a table, -1 being its last entry."""

    def with_ones(self, v: npt.NDArray[Any], where: Bools, out: npt.NDArray[Any], /) -> None:
        """Set all bits somewhere."""
