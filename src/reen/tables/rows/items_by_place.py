"""Items of a list by place and type: the pairs that have any, and the places that stand together.

Input: the place, the type and the quantity of each row.  Output: sums of them.  A list of a hundred
thousand places takes no more room than its rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["FEW_KEYS", "SAME", "ItemsByPlace", "places_beside"]

#: Distinct keys that are numbered without being sorted.
FEW_KEYS = 1_000_000
#: Two sums of quantities that differ by less are the same.
SAME = 1e-6
#: Places that have a sum.
_SEVERAL = 2

_Floats = npt.NDArray[np.float64]
_MASK = npt.NDArray[np.bool_]


@attrs.frozen(eq=False, repr=False)
class ItemsByPlace:
    """How many items of a type a place has, where it has any, place by place.

    Attributes
    ----------
    places, types, items
        Of each pair.
    """

    places: npt.NDArray[np.intp]
    types: npt.NDArray[np.intp]
    items: _Floats

    @classmethod
    def of(
        cls, places: npt.NDArray[np.intp], types: npt.NDArray[np.intp], items: _Floats, several: int
    ) -> ItemsByPlace:
        """Add up the rows of the same place and type; there are so many types."""
        keys = places * several + types
        size = int(keys.max()) + 1 if len(keys) else 0
        if size <= max(FEW_KEYS, 4 * len(keys)):
            sums = np.bincount(keys, items, size)
            keys = np.flatnonzero(sums)
            added = sums[keys]
        else:
            keys, inverse = np.unique(keys, return_inverse=True)
            added = np.bincount(inverse.ravel(), items, len(keys))
        return cls(*np.divmod(keys, several), added.astype(np.float64, copy=False))

    def between(self, first: int, last: int) -> ItemsByPlace:
        """Return those of the places from one to another."""
        begin, end = np.searchsorted(self.places, (first, last + 1))
        return ItemsByPlace(self.places[begin:end], self.types[begin:end], self.items[begin:end])

    def of_place(self, place: int) -> ItemsByPlace:
        """Return those of a place."""
        return self.between(place, place)

    def but(self, out: _MASK) -> ItemsByPlace:
        """Return those of all places but some."""
        kept = ~out[self.places]
        return ItemsByPlace(self.places[kept], self.types[kept], self.items[kept])

    def by_place(self, several: int) -> _Floats:
        """Return the items of each place."""
        return np.bincount(self.places, self.items, several).astype(np.float64, copy=False)

    def by_type(self, several: int) -> _Floats:
        """Return the items of each type."""
        return np.bincount(self.types, self.items, several).astype(np.float64, copy=False)

    def split_by_type(self, several: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield what is the same for two types of which every place has as many."""
        order = np.argsort(self.types, kind="stable")
        ends = np.searchsorted(self.types[order], np.arange(several + 1))
        for begin, end in itertools.pairwise(ends.tolist()):
            own = order[begin:end]
            yield self.places[own].tobytes(), self.items[own].tobytes()


def places_beside(items: _Floats, kept: _MASK, looked: _MASK) -> Iterator[tuple[int, int, int]]:
    """Yield places, and the first of the kept ones beside them and the one after the last.

    Those right above or below a place that have as many items in all as it has.
    """
    upto = np.append(0.0, np.cumsum(items[kept]))
    after: npt.NDArray[np.intp] = np.cumsum(kept)
    before = after - kept
    places = np.flatnonzero(looked)
    for side, ends in ((-1.0, before[places]), (1.0, after[places])):
        wanted = upto[ends] + side * items[places]
        others = np.minimum(np.searchsorted(upto, wanted - SAME), len(upto) - 1)
        same = (abs(upto[others] - wanted) < SAME) & (abs(others - ends) >= _SEVERAL)
        firsts, lasts = np.minimum(ends, others), np.maximum(ends, others)
        yield from zip(
            places[same].tolist(), firsts[same].tolist(), lasts[same].tolist(), strict=True
        )
