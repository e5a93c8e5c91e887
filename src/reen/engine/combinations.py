"""Combinations: numbers the distinct combinations of several columns of small codes.

Input: code columns of one length, batch after batch.  Output: one number per row, given by order
of first sight and stable while batches arrive.  A combination costs one look-up in a table while
the product of the columns' sizes is small (about 1 ns a row and 0.5 ns a column), one sort
otherwise.  Arrays only.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["Combinations"]

#: Product of the columns' sizes up to which combinations are looked up in a table.
_TABLE = 1 << 22

#: Product of the columns' sizes up to which a combination is packed into one int64.
_PACKED = 1 << 62

#: Sizes when combinations are too many to be packed.
_WIDE = (-1,)

Codes = npt.NDArray[np.signedinteger]


class Combinations:
    """Numbers of combinations, by order of first sight.

    Parameters
    ----------
    columns
        Number of code columns.
    """

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._seen: list[npt.NDArray[np.int64]] = []  # one row of codes per combination
        self._sizes: tuple[int, ...] = ()
        self._table = np.zeros(0, np.int64)
        self._positions: dict[Hashable, int] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return the number of combinations seen."""
        return self._count

    def codes(self) -> npt.NDArray[np.int64]:
        """Return the codes of each combination: (combinations, columns)."""
        if not self._seen:
            return np.zeros((0, self._columns), np.int64)
        if len(self._seen) > 1:
            self._seen = [np.concatenate(self._seen)]
        return self._seen[0]

    def numbers(self, codes: Sequence[Codes], sizes: Sequence[int]) -> npt.NDArray[np.int64]:
        """Return the number of each row's combination.

        Parameters
        ----------
        codes
            The columns, of one length.
        sizes
            Number of codes of each column known so far, above every code given.
        """
        if math.prod(_roomy(size) for size in sizes) > _PACKED or self._sizes == _WIDE:
            return self._wide(codes)
        if len(self._sizes) != len(sizes) or any(
            size > have for size, have in zip(sizes, self._sizes, strict=True)
        ):
            self._resize(sizes)
        packed = codes[0].astype(np.int64)
        for code, size in zip(codes[1:], self._sizes[1:], strict=True):
            packed *= size
            packed += code
        if len(self._table):
            numbers = self._table.take(packed)
            if numbers.size and int(numbers.min()) < 0:
                unseen = np.zeros(len(self._table), np.bool_)  # to sort them takes longer
                unseen[packed[numbers < 0]] = True
                self._open(np.flatnonzero(unseen))
                numbers = self._table.take(packed)
            return numbers
        distinct, inverse = np.unique(packed, return_inverse=True)
        return self._find(distinct)[inverse.reshape(-1)]

    def table(self, sizes: Sequence[int]) -> tuple[npt.NDArray[np.int64], tuple[int, ...]] | None:
        """Return the number of each packed combination, -1 for those unseen, as the loops read it.

        Parameters
        ----------
        sizes
            As in `numbers`.

        Returns
        -------
        tuple or None
            The table, and what the code of each column is multiplied by; None where there is no
            such table, or none that is large enough: `numbers` makes it.
        """
        if not len(self._table) or any(
            size > have for size, have in zip(sizes, self._sizes, strict=True)
        ):
            return None
        weights = [math.prod(self._sizes[k + 1 :]) for k in range(len(self._sizes))]
        return self._table, tuple(weights)

    def _wide(self, codes: Sequence[Codes]) -> npt.NDArray[np.int64]:
        """Return numbers of combinations too many for 64 bits, found by their rows of codes."""
        distinct, inverse = np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)
        if self._sizes != _WIDE:
            # packed keys of earlier batches give way to rows of codes
            known = map(tuple, self.codes().tolist())
            self._positions = {row: number for number, row in enumerate(known)}
            self._sizes, self._table = _WIDE, np.zeros(0, np.int64)
        numbers = np.empty(len(distinct), np.int64)
        unseen: list[tuple[int, ...]] = []
        for k, row in enumerate(map(tuple, distinct.tolist())):
            number = self._positions.setdefault(row, self._count + len(unseen))
            if number == self._count + len(unseen):
                unseen.append(row)
            numbers[k] = number
        if unseen:
            self._seen.append(np.array(unseen, np.int64))
            self._count += len(unseen)
        return numbers[inverse.reshape(-1)]

    def _resize(self, sizes: Sequence[int]) -> None:
        """Lay the table out again for larger columns, with room to grow."""
        self._sizes = tuple(
            max(have, _roomy(size)) if have < size else have
            for have, size in zip(self._sizes or (0,) * len(sizes), sizes, strict=True)
        )
        cells = math.prod(self._sizes)
        self._table = np.full(cells, -1, np.int64) if cells <= _TABLE else np.zeros(0, np.int64)
        packed = self._packed()
        if len(self._table):
            self._table[packed] = np.arange(self._count)
        else:
            self._positions = dict(zip(packed.tolist(), range(self._count), strict=True))

    def _packed(self) -> npt.NDArray[np.int64]:
        rows = self.codes()
        packed = np.zeros(len(rows), np.int64)
        for k, size in enumerate(self._sizes):
            packed = packed * size + rows[:, k]
        return packed

    def _open(self, packed: npt.NDArray[np.int64]) -> None:
        """Give numbers to combinations never seen."""
        codes = np.empty((len(packed), self._columns), np.int64)
        rest = packed
        for k in range(self._columns - 1, -1, -1):
            rest, codes[:, k] = np.divmod(rest, self._sizes[k])
        self._seen.append(codes)
        numbers = np.arange(self._count, self._count + len(packed))
        self._count += len(packed)
        if len(self._table):
            self._table[packed] = numbers
        else:
            self._positions.update(zip(packed.tolist(), numbers.tolist(), strict=True))

    def _find(self, distinct: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        unseen = [key for key in distinct.tolist() if key not in self._positions]
        if unseen:
            self._open(np.array(unseen, np.int64))
        return np.array([self._positions[key] for key in distinct.tolist()], np.int64)


def _roomy(size: int) -> int:
    """Return the power of two above a size: sizes grow by doubling."""
    return 1 << max(size, 1).bit_length()
