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

#: Keys that there might be, for each row, up to which a table of them all is quicker than a sort.
_FEW = 4

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
        found = np.stack(columns)
        packed, widths = _packed(keys)
        if packed is not None and math.prod(widths) <= _FEW * len(keys):
            keys, found = _scattered(packed, widths, found)
        self._keys.append(keys)
        self._columns.append(found)
        self._pending += len(keys)
        if self._pending > _PENDING:
            self.merged()

    def merged(self) -> tuple[Keys, Floats]:
        """Return distinct keys (n, width), sorted, and their sums (columns, n)."""
        keys = np.concatenate(self._keys)
        columns = np.concatenate(self._columns, axis=1)
        packed, widths = _packed(keys)
        if packed is not None and math.prod(widths) <= _FEW * len(keys):
            keys, columns = _scattered(packed, widths, columns)
        elif len(keys):
            # billions of groups do not fit in one integer
            order = (
                np.lexsort(keys.T[::-1]) if packed is None else np.argsort(packed, kind="stable")
            )
            keys, columns = keys[order], columns[:, order]
            first = np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)]
            columns = np.add.reduceat(columns, np.flatnonzero(first), axis=1)
            keys = keys[first]
        self._keys, self._columns, self._pending = [keys], [columns], 0
        return keys, columns


def _packed(keys: Keys) -> tuple[Keys | None, list[int]]:
    """Return each row of integers from -1 on as one integer of the same order, and the widths.

    None where they do not fit in one.
    """
    widths = [int(column.max(initial=-1)) + 2 for column in keys.T]
    if math.prod(widths) > 1 << 62:
        return None, widths
    packed = np.zeros(len(keys), np.int64)
    for column, width in zip(keys.T, widths, strict=True):
        packed = packed * width + (column + 1)
    return packed, widths


def _scattered(packed: Keys, widths: list[int], columns: Floats) -> tuple[Keys, Floats]:
    """Return the distinct keys and their sums, by a table of all the keys that there might be."""
    there = np.flatnonzero(np.bincount(packed))
    sums = np.empty((len(columns), len(there)))
    for place, column in enumerate(columns):
        sums[place] = np.bincount(packed, column)[there]
    keys = np.empty((len(there), len(widths)), np.int64)
    rest = there
    for place in range(len(widths) - 1, -1, -1):
        rest, digit = np.divmod(rest, widths[place])
        keys[:, place] = digit - 1
    return keys, sums
