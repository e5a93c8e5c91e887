"""Sums by cell: the kernel under every fold.

`CellSum` adds values into cells (row, column) of a table of unknown height.  While the table is
small it is dense and each value costs one indexed addition (about 8 ns, the same as numpy's
bincount, without a temporary of the table's size); past `DENSE_CELLS` the cells are kept as
sorted (key, sum) pairs, whose memory follows the number of distinct cells.  Both give the same
sums up to float rounding.  Arrays only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["DENSE_CELLS", "CellSum", "sum_by_key"]

#: Cells up to which a table is dense: 128 MiB of float64.
DENSE_CELLS = 1 << 24

#: Values kept before the sparse form is sorted and summed again.
_SPARSE_BUFFER = 1 << 22

_COLUMN_BITS = 32


def sum_by_key(
    keys: npt.NDArray[np.int64], values: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the sorted distinct keys and the sum of the values of each; O(n log n)."""
    if not len(keys):
        return keys, values
    distinct, inverse = np.unique(keys, return_inverse=True)
    sums = np.bincount(inverse, weights=values, minlength=len(distinct)).astype(
        np.float64, copy=False
    )
    return distinct, sums


class CellSum:
    """Sums of float64 values by (row, column), rows and columns counted from 0."""

    def __init__(self, *, dense_cells: int = DENSE_CELLS) -> None:
        self._limit = dense_cells
        self._width = 1
        self._table = np.zeros(0)
        self._keys: list[npt.NDArray[np.int64]] = []
        self._sums: list[npt.NDArray[np.float64]] = []
        self._buffered = 0
        self._sparse = False

    def add(
        self,
        rows: npt.NDArray[np.signedinteger] | int,
        columns: npt.NDArray[np.signedinteger],
        values: npt.NDArray[np.float64] | float,
        *,
        height: int,
        width: int,
    ) -> None:
        """Add ``values[i]`` to cell ``(rows[i], columns[i])``.

        Parameters
        ----------
        rows, columns, values
            Same length; `rows` and `values` may be one number for all.
        height, width
            Numbers of rows and columns known so far, above every index given.
        """
        if not self._sparse:
            self._make_room(height, width)
        if self._sparse:
            self._buffer(
                (np.asarray(rows, np.int64) << _COLUMN_BITS) + columns,
                # a copy: the caller may use its array again
                np.broadcast_to(np.array(values, np.float64), columns.shape),
            )
            return
        keys = np.multiply(rows, self._width, dtype=np.intp) + columns
        np.add.at(self._table, keys, values)

    def _make_room(self, height: int, width: int) -> None:
        """Grow the dense table by doubling, or give it up when it would be too large."""
        wide = self._width
        while wide < width:
            wide *= 2
        have = len(self._table) // self._width
        tall = max(have, 1)
        while tall < height:
            tall *= 2
        if tall * wide > self._limit:
            self._give_up_dense()
            return
        if wide != self._width:
            table = np.zeros((tall, wide))
            table[:have, : self._width] = self._table.reshape(have, self._width)
            self._table, self._width = table.reshape(-1), wide
        elif tall > have:
            self._table = np.concatenate([self._table, np.zeros((tall - have) * wide)])

    def _give_up_dense(self) -> None:
        self._sparse = True
        cells = np.flatnonzero(self._table)
        rows, columns = np.divmod(cells, self._width)
        self._buffer((rows.astype(np.int64) << _COLUMN_BITS) + columns, self._table[cells])
        self._table = np.zeros(0)

    def _buffer(self, keys: npt.NDArray[np.int64], values: npt.NDArray[np.float64]) -> None:
        self._keys.append(keys)
        self._sums.append(values)
        self._buffered += len(keys)
        if self._buffered > _SPARSE_BUFFER and len(self._keys) > 1:
            self._compact()

    def _compact(self) -> None:
        keys, sums = sum_by_key(np.concatenate(self._keys), np.concatenate(self._sums))
        self._keys, self._sums = [keys], [sums]
        # Distinct cells alone may exceed the buffer: sort again only once they have doubled.
        self._buffered = 0

    def cells(
        self,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.float64]]:
        """Return rows, columns and sums of the cells that are not zero, by row then column."""
        if self._sparse:
            self._compact()
            keys, sums = self._keys[0], self._sums[0]
            there = sums != 0.0
            keys, sums = keys[there], sums[there]
            return (
                keys >> _COLUMN_BITS,
                (keys & ((1 << _COLUMN_BITS) - 1)).astype(np.int32),
                sums,
            )
        cells = np.flatnonzero(self._table)
        rows, columns = np.divmod(cells, self._width)
        return rows.astype(np.int64), columns.astype(np.int32), self._table[cells]
