"""Sums by cell: the kernel under every fold.

`CellSum` adds values into cells (row, column) of a table of unknown height.  While the table is
small it is dense, and a value costs one indexed addition in place: about 2 ns a row (the same as
numpy's bincount, without a temporary of the table's size).  Past `DENSE_CELLS`, or when a large
table would be nearly empty, the cells are kept as sorted keys and sums, whose memory follows the
number of distinct cells: one pass for keys that arrive in order, as with one group per asset, one
sort otherwise.  Both give the same sums up to float rounding.  Arrays only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reen.kernel import lendable, loops
from reen.kernel.interface import Loops
from reen.kernel.interface import Sums as Lent

__all__ = ["DENSE_CELLS", "CellSum", "sum_by_key", "sum_by_pair"]

#: Cells up to which a table is dense: 128 MiB of float64.
DENSE_CELLS = 1 << 24

#: Rows kept before the sparse form is sorted and summed again.
_SPARSE_BUFFER = 1 << 22

_COLUMN_BITS = 32

#: The bits of a key that are its column.
_COLUMN = (1 << _COLUMN_BITS) - 1

#: Cells that the width of a table is a multiple of: a line of the processor's cache.
_LINE = 8

#: Cells from which a table must be small beside the number of values added to it.
_LARGE = 1 << 22

#: Cells of a table, for each value added, beyond which it is given up as sparse.
_THIN = 8

#: Cells of a rectangle, for each pair in it, up to which it is summed as a table.
_FILLED = 8

Sums = npt.NDArray[np.float64]


def sum_by_key(keys: npt.NDArray[np.int64], values: Sums) -> tuple[npt.NDArray[np.int64], Sums]:
    """Return the sorted distinct keys and the sums of the values of each.

    O(n) for keys in order without repetition, O(n log n) otherwise.

    Parameters
    ----------
    keys
        int64 (n,).
    values
        float64 (..., n): each row is summed, one value after the other.
    """
    steps = np.diff(keys)
    if (steps > 0).all():
        return keys, values
    if (steps < 0).any():
        order = np.argsort(keys, kind="stable")
        keys, values = keys[order], values[..., order]
        steps = np.diff(keys)
    new = np.concatenate([[True], steps != 0])
    place = np.cumsum(new) - 1
    # one value after the other, as the compiled loops do
    sums = [np.bincount(place, each) for each in values.reshape(-1, len(keys))]
    found: Sums = np.stack(sums).reshape(*values.shape[:-1], -1).astype(np.float64, copy=False)
    return keys[new], found


def sum_by_pair(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.signedinteger], values: Sums
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], Sums]:
    """Return the distinct (row, column) pairs, sorted, and the sums of the values of each.

    A pair whose sum is zero stays.  O(n) when the pairs fill a good part of their rectangle,
    O(n log n) otherwise.

    Parameters
    ----------
    rows, columns
        (n,), from 0.
    values
        float64 (values, n).
    """
    height, width = (int(each.max(initial=-1)) + 1 for each in (rows, columns))
    compiled = loops()
    if compiled is not None and height <= _FILLED * len(rows) + _COLUMN_BITS:
        return _summed_by_loops(compiled, rows, columns, values, height)
    cells = height * width
    if not cells or cells > _FILLED * len(rows) + _COLUMN_BITS:
        keys, sums = sum_by_key((rows << _COLUMN_BITS) + columns, values)
        low = (keys & _COLUMN).astype(np.int32)
        return keys >> _COLUMN_BITS, low, sums
    keys = rows * width + columns
    there = np.flatnonzero(np.bincount(keys, minlength=cells))
    sums = np.stack([np.bincount(keys, each, minlength=cells)[there] for each in values])
    found, low = np.divmod(there, width)
    return found.astype(np.int64), low.astype(np.int32), sums


def _summed_by_loops(
    compiled: Loops,
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.signedinteger],
    values: Sums,
    height: int,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], Sums]:
    """Return what `sum_by_pair` does, sorting the few pairs of each row."""
    size = len(rows)
    found, low = np.empty(size, np.int64), np.empty(size, np.int32)
    sums = np.empty((len(values), size))
    count = compiled.pairs(
        lendable(np.asarray(rows, np.int64)),
        lendable(np.asarray(columns, np.int32)),
        tuple(map(lendable, values)),
        height,
        found,
        low,
        tuple(sums),
    )
    return found[:count], low[:count], sums[:, :count]


class CellSum:
    """Sums of float64 values by (row, column), rows and columns counted from 0.

    Parameters
    ----------
    values
        How many values are summed in each cell: one or two.
    dense_cells
        Cells up to which the table is dense.
    first
        First column of which the sums are wanted: values of those before may be any.
    """

    def __init__(self, *, values: int = 1, dense_cells: int = DENSE_CELLS, first: int = 0) -> None:
        self._values = values
        self._first = first
        self._limit = dense_cells
        self._width = 1
        self._table = np.zeros((0, values))
        self._keys: list[npt.NDArray[np.int64]] = []
        self._sums: list[Sums] = []
        self._buffered = 0
        self._added = 0
        self._sparse = False

    def add(
        self,
        rows: npt.NDArray[np.signedinteger] | int,
        columns: npt.NDArray[np.signedinteger],
        *values: Sums | float,
        height: int,
        width: int,
    ) -> None:
        """Add ``values[k][i]`` to sum `k` of cell ``(rows[i], columns[i])``.

        Parameters
        ----------
        rows, columns, values
            Same length; `rows` and each of `values` may be one number for all.
        height, width
            Numbers of rows and columns known so far, above every index given.
        """
        if not self._dense_for(len(columns), height, width):
            self._add_sparse(rows, columns, values)
            return
        compiled, first = loops(), values[0]
        if compiled is not None and isinstance(first, np.ndarray) and values[1:] in ((), (1.0,)):
            table, places = self._table.reshape(-1), lendable(np.asarray(columns, np.int64))
            at = rows if isinstance(rows, int) else lendable(np.asarray(rows, np.int64))
            compiled.add(table, self._width, self._values, at, places, lendable(first))
            return
        keys = np.multiply(rows, self._width, dtype=np.intp)
        keys = keys + columns if isinstance(rows, int) else np.add(keys, columns, out=keys)
        if self._values == 1:
            with np.errstate(all="ignore"):  # of values in columns that are not wanted
                np.add.at(self._table[:, 0], keys, values[0])
            return
        # Two sums that lie side by side are one complex number: half the visits to the memory.
        pairs = np.empty(len(keys), np.complex128)
        pairs.real, pairs.imag = values
        np.add.at(self._table.view(np.complex128)[:, 0], keys, pairs)

    def lent(self, count: int, height: int, width: int) -> Lent:
        """Return where the compiled loops add some values, once for each batch, as `add` would.

        Parameters
        ----------
        count
            Number of values.
        height, width
            As in `add`.

        Returns
        -------
        tuple
            The table, its width and None; or room for the key of each value, 0, and room for the
            values: `take_in` sums them.
        """
        if self._dense_for(count, height, width):
            return self._table.reshape(-1), self._width, None
        later = np.empty(count), np.zeros(1, np.int64), self._first
        return np.empty(count, np.int64), 0, later

    def take_in(self, lent: Lent, *more: float) -> None:
        """Take in what the loops have written to `lent`: nothing where it was the table itself.

        Parameters
        ----------
        lent
            What `lent` returned.
        more
            What is added to the other sums of a cell for each value.
        """
        keys, _, later = lent
        if later is None:
            return
        values, written, _ = later
        size = int(written[0])
        sums = np.empty((1 + len(more), size))
        sums[0] = values[:size]
        for row, value in zip(sums[1:], more, strict=True):
            row[:] = value
        self._keep(keys[:size], sums)

    def _dense_for(self, count: int, height: int, width: int) -> bool:
        """Return whether the table is dense once it has room for some values more."""
        self._added += count
        if not self._sparse:
            self._make_room(height, width)
        return not self._sparse

    def _add_sparse(
        self,
        rows: npt.NDArray[np.signedinteger] | int,
        columns: npt.NDArray[np.signedinteger],
        values: Sequence[Sums | float],
    ) -> None:
        # a copy: the caller may use its arrays again
        sums = np.empty((len(values), len(columns)))
        for row, value in zip(sums, values, strict=True):
            row[:] = value
        self._buffer((np.asarray(rows, np.int64) << _COLUMN_BITS) + columns, sums)

    def _make_room(self, height: int, width: int) -> None:
        """Grow the dense table by a half or more, or give it up when it would be too large."""
        wide, have = self._width, len(self._table) // self._width
        if width > wide:
            wide = -(-(width + width // 4) // _LINE) * _LINE
        tall = have if height <= have else max(height, have + have // 2)
        if wide == self._width and tall == have:
            return
        cells = tall * wide
        if cells > self._limit or cells > max(_LARGE, _THIN * self._added):
            self._give_up_dense()
            return
        table = np.zeros((tall, wide, self._values))
        table[:have, : self._width] = self._table.reshape(have, self._width, self._values)
        self._table, self._width = table.reshape(-1, self._values), wide

    def _give_up_dense(self) -> None:
        self._sparse = True
        rows, columns, sums = self._dense_cells()
        self._buffer((rows << _COLUMN_BITS) + columns, sums)
        self._table = np.zeros((0, self._values))

    def _buffer(self, keys: npt.NDArray[np.int64], values: Sums) -> None:
        if self._first:
            wanted = np.flatnonzero((keys & _COLUMN) >= self._first)
            keys, values = keys.take(wanted), values.take(wanted, axis=1)
        self._keep(keys, values)

    def _keep(self, keys: npt.NDArray[np.int64], values: Sums) -> None:
        self._keys.append(keys)
        self._sums.append(values)
        self._buffered += len(keys)
        if self._buffered > _SPARSE_BUFFER and len(self._keys) > 1:
            self._compact()

    def _compact(self) -> None:
        keys, sums = sum_by_key(np.concatenate(self._keys), np.concatenate(self._sums, axis=1))
        self._keys, self._sums = [keys], [sums]
        # Distinct cells alone may exceed the buffer: sort again only once they have doubled.
        self._buffered = -len(keys)

    def cells(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], Sums]:
        """Return the cells of which a sum is not zero, by row then column.

        Returns
        -------
        rows, columns
            int64 and int32, (n,).
        sums
            float64 (values, n).
        """
        return self._sparse_cells() if self._sparse else self._dense_cells()

    def table(self, rows: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.float64] | None:
        """Return the first sum of some rows as a table, None when there is no dense one.

        Parameters
        ----------
        rows
            Those wanted, in the order wanted.
        width
            Number of columns.

        Returns
        -------
        numpy.ndarray
            float64 (len(rows), at least `width`).
        """
        self._make_room(int(rows.max(initial=0)) + 1, width)
        if self._sparse:
            return None
        return self._table[:, 0].reshape(-1, self._width).take(rows, axis=0)

    def _dense_cells(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], Sums]:
        there = self._table[:, 0] != 0.0
        for k in range(1, self._values):
            there |= self._table[:, k] != 0.0
        cells = np.flatnonzero(there)
        rows = cells // self._width
        columns = (cells - rows * self._width).astype(np.int32)
        return rows.astype(np.int64), columns, self._table[cells].T

    def _sparse_cells(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], Sums]:
        self._compact()
        keys, sums = self._keys[0], self._sums[0]
        there: npt.NDArray[np.bool_] = (sums != 0.0).any(axis=0)
        if not there.all():
            keys, sums = keys[there], sums[:, there]
        return keys >> _COLUMN_BITS, (keys & _COLUMN).astype(np.int32), sums
