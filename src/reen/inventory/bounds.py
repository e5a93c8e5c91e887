"""Bounds: the lowest and highest byte at each place of cells that are all of one length.

Input: a string array.  Output: the lowest and the highest byte at each place, in one look at the
memory of the column: enough to be certain that no cell of a million numbers of a series holds a
blank, is a filler, or has a letter where a digit belongs.  None where cells differ in length.

Knows no column by name.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.masks import nulls_of
from reen.kernel import lendable, loops
from reen.values import Compared

__all__ = ["Bounds", "bounds_of", "content_of", "is_within", "spans_of"]

#: Cells longer than this are prose, and numbers of no series.
_LONGEST = 64

#: Bytes that are looked at together: rows of as many are compared at the speed of the memory.
_WIDE = 1 << 11

_FIRST_BEYOND_ASCII = 0x80


@attrs.frozen(eq=False, repr=False)
class Bounds(Compared):
    """The lowest and highest byte at each place of the cells of a column, nulls apart."""

    low: bytes
    high: bytes

    def __len__(self) -> int:
        """Return the length of each cell."""
        return len(self.low)

    @property
    def is_ascii(self) -> bool:
        """Tell whether all bytes are of ASCII."""
        return max(self.high) < _FIRST_BEYOND_ASCII

    def may_have(self, place: int, among: Iterable[int]) -> bool:
        """Tell whether one of some bytes may stand at a place of some cell."""
        low, high = self.low[place], self.high[place]
        return any(low <= byte <= high for byte in among)

    def may_hold(self, among: bytes) -> bool:
        """Tell whether one of some bytes may stand anywhere."""
        return any(self.may_have(place, among) for place in range(len(self)))

    def may_be(self, word: str) -> bool:
        """Tell whether some cell may be a word of ASCII, in whatever case."""
        if len(word) != len(self):
            return False
        pairs = zip(word.lower().encode(), word.upper().encode(), strict=True)
        return all(self.may_have(place, pair) for place, pair in enumerate(pairs))


def is_within(bounds: Bounds, place: int, low: bytes, high: bytes) -> bool:
    """Tell whether all cells have one of the bytes from `low` to `high` at a place."""
    return low[0] <= bounds.low[place] and bounds.high[place] <= high[0]


def content_of(cells: pa.Array) -> memoryview:
    """Return the bytes of all cells, end to end; of a slice, those of its whole array."""
    data = cells.buffers()[2]
    return memoryview(b"") if data is None else memoryview(data)


def spans_of(cells: pa.Array) -> npt.NDArray[np.int32]:
    """Return where each cell begins, and where the last one ends."""
    if not len(cells):  # without cells there may be no memory to look at
        return np.zeros(1, np.int32)
    # what stands behind the last one may be half an element
    return np.frombuffer(cells.buffers()[1], np.int32, len(cells) + 1, 4 * cells.offset)


def bounds_of(cells: pa.Array) -> Bounds | None:
    """Return the bounds of a string column; None where its cells are not all of one length.

    Null cells do not count, as long as they have no bytes.
    """
    filled = len(cells) - cells.null_count
    spans = spans_of(cells)
    first, last = int(spans[0]), int(spans[-1])
    if not filled or not 0 < last - first <= filled * _LONGEST or (last - first) % filled:
        return None
    width = (last - first) // filled
    compiled = loops()
    if compiled is not None:
        low, high = np.empty((2, width), np.uint8)
        blank = nulls_of(cells) if cells.null_count else None
        content = np.frombuffer(content_of(cells), np.uint8)
        found = compiled.bounds(lendable(spans), content, blank, low, high)
        return Bounds(low.tobytes(), high.tobytes()) if found else None
    whole = np.diff(spans) == width
    if np.count_nonzero(whole) != filled or (cells.null_count and whole[nulls_of(cells)].any()):
        return None
    content = np.frombuffer(content_of(cells), np.uint8)[first:last]
    # rows of many cells, and the last of them once more
    together = min(width * max(1, _WIDE // width), len(content))
    rows = content[: len(content) // together * together].reshape(-1, together)
    low = np.minimum(np.minimum.reduce(rows), content[-together:]).reshape(-1, width)
    high = np.maximum(np.maximum.reduce(rows), content[-together:]).reshape(-1, width)
    return Bounds(np.minimum.reduce(low).tobytes(), np.maximum.reduce(high).tobytes())
