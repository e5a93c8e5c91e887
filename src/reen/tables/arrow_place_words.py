"""Words of places in Arrow data that make it worth adding up the items of each place.

Input: the words of record batches, and their quantities.  Output: whether one of them may stand for
all places, by its word or its number.  Most data have none, and are spared another look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.tables.arrow_amounts import SAME
from reen.tables.arrow_grid import PLACES
from reen.tables.rows.place_words import may_name_all_places
from reen.tables.rows.totals import is_total_label

__all__ = ["WordsOfPlaces", "may_be_all", "one_is_half"]

#: Words of which one may be half.
_SEVERAL = 2

_Floats = npt.NDArray[np.float64]


class WordsOfPlaces:
    """Looks for words that may stand for other places, so that items are worth adding up."""

    def __init__(self) -> None:
        self._known: dict[str, pa.Array] = {}
        self._blank: set[str] = set()
        self._items: dict[str, dict[str, float]] = {}
        self._is_found = False

    @property
    def are_there(self) -> bool:
        """Tell whether there is one, or a word of as many items as all others, or none for some."""
        return (
            self._is_found
            or not self._blank.isdisjoint(self._items)
            or any(one_is_half(np.array([*items.values()])) for items in self._items.values())
        )

    def add(
        self,
        columns: Mapping[str, pa.Array],
        constants: Mapping[str, str | None],
        quantities: _Floats,
    ) -> None:
        """Look at the words of the rows of a batch, as dictionaries, and at those of all rows."""
        for name in PLACES:
            column = columns.get(name)
            if self._is_found:
                return
            if name in constants:
                word = constants[name] or ""
                self._is_found = is_total_label(word) or may_be_all(word)
                self._count(name, [word], np.array([quantities.sum()]))
            elif column is not None:
                words, known = column.dictionary, self._known.get(name)
                if known is None or not (known is words or known.equals(words)):
                    self._known[name] = words
                    # a blank word is no null: it is taken for one wherever it may be used
                    self._is_found = any(map(may_be_all, words.to_pylist()))
                codes, weights = column.indices, quantities
                blank = column.null_count
                if blank:
                    there = numpy_of(column.is_valid())
                    codes, weights = codes.drop_null(), weights[there]
                    if name == "equipment_type" and "model" in columns:
                        blank = np.count_nonzero(~there & numpy_of(columns["model"].is_null()))
                if blank:
                    self._blank.add(name)
                if len(codes):
                    items = np.bincount(numpy_of(codes), weights, len(words))
                    self._count(name, words.to_pylist(), items.astype(np.float64, copy=False))

    def _count(self, name: str, words: Sequence[str], items: _Floats) -> None:
        counted = self._items.setdefault(name, {})
        for word, more in zip(words, items.tolist(), strict=True):
            counted[word] = counted.get(word, 0.0) + more


def may_be_all(word: str) -> bool:
    """Tell whether a word, or none, may stand for all places."""
    return not word or may_name_all_places(word)


def one_is_half(items: _Floats) -> bool:
    """Tell whether one of several words has as many items as all others together."""
    if np.count_nonzero(items) < _SEVERAL:
        return False
    return bool((abs(items - items.sum() / 2.0) < SAME).any())
