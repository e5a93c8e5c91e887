"""Merging: folds of parts added up as they arrive, with the same result in whatever order.

Input: folds and the numbers of their parts.  Output: their sum, bit for bit the same whoever was
first: sums are taken in a tree over the numbers, two neighbours at a time, so that few are held
and none is added to a large one again and again.
"""

from __future__ import annotations

from reen.engine.fold import Fold, merge_folds

__all__ = ["FoldTree"]


class FoldTree:
    """The sum of some folds, while they arrive.

    Each fold is merged about log2(n) times, n being their number.  Held are the sums whose
    neighbour has not come: about log2(n), and one for each part that is late.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[int, int], Fold] = {}

    def add(self, number: int, fold: Fold) -> None:
        """Add the fold of a part; parts are numbered from 0, each once."""
        level, place = 0, number
        while (other := self._held.pop((level, place ^ 1), None)) is not None:
            fold = merge_folds([fold, other] if place % 2 == 0 else [other, fold])
            level, place = level + 1, place // 2
        self._held[level, place] = fold

    def result(self) -> Fold | None:
        """Return the sum, None when there was nothing to add."""
        ordered = sorted(self._held.items(), key=lambda held: held[0][1] << held[0][0])
        total: Fold | None = None
        # from the right, where the small ones are
        for _, fold in reversed(ordered):
            total = fold if total is None else merge_folds([fold, total])
        return total
