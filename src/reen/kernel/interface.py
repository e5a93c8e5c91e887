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

__all__ = ["Factor", "Floats", "HashedColumn", "Ints", "Loops", "Numbers"]

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.int32]
Bools: TypeAlias = npt.NDArray[np.bool_]

#: Constants by case, column that is taken by case (-1: the constant), and the columns by row.
Factor: TypeAlias = tuple[Floats, Numbers, tuple[Floats, ...]]

#: How a column is hashed, its cells, what stands beside them, and its salt.
HashedColumn: TypeAlias = tuple[str, npt.NDArray[Any], npt.NDArray[Any] | None, int]


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

    def add_by_case(
        self,
        table: Floats,
        width: int,
        rows: Ints | int,
        cases: Numbers,
        column: Ints,
        v: Floats,
        /,
    ) -> None:
        """Add values into ``table[rows * width + column[cases]]``."""

    def amounts(
        self, cases: Numbers, column: Ints, factors: tuple[Factor, ...], out: Floats, /
    ) -> int:
        """Multiply the factors of each row; return how many of those counted are not finite."""

    def count(self, rows: Ints, columns: Ints, width: int, cells: Ints, counts: Ints, /) -> None:
        """Write ``rows * width + columns`` into `cells`, and count each."""

    def count_nan(self, v: Floats, /) -> int:
        """Return how many values are NaN."""

    def digest(
        self, columns: tuple[HashedColumn, ...], start: int, blank: int, rows: int, /
    ) -> int:
        """Return the sum modulo 2**64 of the hashes of rows."""

    def joined(self, parts: tuple[tuple[Numbers, Ints], ...], table: Ints, out: Ints, /) -> int:
        """Look up the sum of the weights of the cases of each row; return how many are below 0."""

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

    def take(self, table: npt.NDArray[Any], codes: Numbers, out: npt.NDArray[Any], /) -> None:
        """Look up codes in a table, -1 being its last entry."""

    def with_ones(self, v: npt.NDArray[Any], where: Bools, out: npt.NDArray[Any], /) -> None:
        """Set all bits somewhere."""
