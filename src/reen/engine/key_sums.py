"""Key sums: columns of floats summed on rows of integers, while batches arrive.

Input: keys (one row of small integers, -1 or more, for each row) and columns of the same length.
Output: the distinct keys, sorted, and the sums of each column on them.  What waits is summed once
there is enough of it, so that memory is bounded by the distinct keys.  Arrays only.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

__all__ = ["KeySums"]

#: Keys that wait before they are summed: bounds the memory, and sorts seldom.
_PENDING = 1 << 20

Keys = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class KeySums:
    """Sums of some columns by key, keys being rows of integers."""

    def __init__(self) -> None:
        self._keys: list[Keys] = []
        self._columns: list[Floats] = []
        self._pending = 0

    def add(self, keys: Keys, *columns: Floats) -> None:
        """Add rows: keys (n, width), and as many columns (n,) every time."""
        self._keys.append(keys)
        self._columns.append(np.stack(columns))
        self._pending += len(keys)
        if self._pending > _PENDING:
            self.merged()

    def merged(self) -> tuple[Keys, Floats]:
        """Return distinct keys (n, width), sorted, and their sums (columns, n)."""
        keys = np.concatenate(self._keys)
        columns = np.concatenate(self._columns, axis=1)
        order = _order(keys)
        keys, columns = keys[order], columns[:, order]
        first = np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)][: len(keys)]
        starts = np.flatnonzero(first)
        keys, columns = keys[first], np.add.reduceat(columns, starts, axis=1)
        self._keys, self._columns, self._pending = [keys], [columns], 0
        return keys, columns


def _order(keys: Keys) -> npt.NDArray[np.intp]:
    """Return what sorts rows of integers from -1 on, stably."""
    packed = np.zeros(len(keys), np.int64)
    widths = [int(column.max(initial=-1)) + 2 for column in keys.T]
    if math.prod(widths) > 1 << 62:  # billions of groups
        return np.lexsort(keys.T[::-1])
    for column, width in zip(keys.T, widths, strict=True):
        packed = packed * width + (column + 1)
    return np.argsort(packed, kind="stable")
