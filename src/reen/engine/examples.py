"""Examples: the first rows of each coverage class and type, whatever the order of the batches.

Input: row facts and the class of each row.  Output: a few `Example` rows for each (class, type),
chosen by (source, line).  A batch is searched only for what its rows could still change, so that
a long stream costs nothing once the examples are found.  Arrays and Arrow data only.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from reen.engine.coverage_sums import RowClasses
from reen.engine.fold import EXAMPLES, CoverageClass, Example, by_class_and_type
from reen.engine.rows import RowFacts, examples_of, least_place, place_order

__all__ = ["Examples"]

#: Class number and type number.
Key = tuple[int, int]

#: Source and line.
Place = tuple[str, int]

_PLACE = operator.attrgetter("source", "row", "id", "text")

#: Rows at the head of a batch that are looked at first.
_HEAD = 4096


class Examples:
    """The first rows of each coverage class and type."""

    def __init__(self) -> None:
        self._found: dict[Key, list[Example]] = {}
        self._classes: Sequence[CoverageClass] = ()
        self._types: Sequence[str] = ()
        self._full = np.zeros((0, 0), np.bool_)
        self._last: Place = ("", -1)

    def add(
        self,
        facts: RowFacts,
        rows: RowClasses,
        classes: Sequence[CoverageClass],
        types: Sequence[str],
    ) -> None:
        """Look for examples in a batch.

        Parameters
        ----------
        facts
            The rows.
        rows
            Their types and classes, by number.
        classes, types
            What the numbers stand for, so far.
        """
        self._classes, self._types = classes, types
        present, least = rows.present, least_place(facts)
        if least >= self._last:
            # No row of this batch comes before an example: what has enough of them is settled.
            self._make_room(len(types), rows.width)
            present = present[~self._full[present // rows.width, present % rows.width]]
        codes: list[list[int]] = rows.codes.tolist()
        wanted: dict[int, list[Key]] = {}
        for cell in present.tolist():
            type_, number = divmod(cell, rows.width)
            keys = [(klass, type_) for klass in codes[number]]
            keys = [key for key in keys if self._open(key, least)]
            if keys:
                wanted[cell] = keys
        if not wanted:
            return
        first = _first(rows.cells, wanted, place_order(facts))
        at = sorted({row for found in first.values() for row in found})
        shown = dict(zip(at, examples_of(facts, at), strict=True))
        for key, found in first.items():
            kept = self._found.setdefault(key, [])
            kept.extend(shown[row] for row in found)
            kept.sort(key=_PLACE)  # what examples are ordered by, without their comparisons
            del kept[EXAMPLES:]
            if kept:
                self._last = max(self._last, (kept[-1].source, kept[-1].row))
        self._make_room(len(types), rows.width)
        for cell in wanted:
            type_, number = divmod(cell, rows.width)
            self._full[type_, number] = all(
                len(self._found.get((klass, type_), ())) == EXAMPLES for klass in codes[number]
            )

    def _make_room(self, height: int, width: int) -> None:
        """Grow the table of what is settled: a row per type, a column per combination."""
        have = self._full
        if have.shape[0] < height or have.shape[1] < width:
            shape = (max(height, have.shape[0]), max(width, have.shape[1]))
            self._full = np.zeros(shape, np.bool_)
            self._full[: have.shape[0], : have.shape[1]] = have

    def _open(self, key: Key, least: Place) -> bool:
        """Tell whether a batch that begins at `least` could hold an earlier example."""
        found = self._found.get(key, [])
        return len(found) < EXAMPLES or (found[-1].source, found[-1].row) > least

    def result(self) -> dict[tuple[CoverageClass, str], tuple[Example, ...]]:
        """Return the examples by class and type, sorted."""
        named = {
            (self._classes[klass], self._types[type_]): tuple(rows)
            for (klass, type_), rows in self._found.items()
        }
        return {key: named[key] for key in by_class_and_type(named)}


def _first(
    cells: npt.NDArray[np.int64],
    wanted: Mapping[int, Sequence[Key]],
    order: npt.NDArray[np.intp] | None,
) -> dict[Key, list[int]]:
    """Return the first rows of some (class, type) pairs, by their cells.

    The head of the batch has enough of the frequent ones, so that the search through all of it is
    for the rare ones only.
    """
    found: dict[Key, list[int]] = {key: [] for keys in wanted.values() for key in keys}
    sought = np.zeros(int(cells.max(initial=0)) + 1, np.bool_)
    done = 0
    for stop in (min(_HEAD, len(cells)), len(cells)):
        for cell, keys in wanted.items():
            sought[cell] = any(len(found[key]) < EXAMPLES for key in keys)
        part = cells[done:stop] if order is None else cells[order[done:stop]]
        at = np.flatnonzero(sought.take(part))
        for k in _first_of_each(part.take(at)).tolist():
            row = done + int(at[k]) if order is None else int(order[done + at[k]])
            for key in wanted[int(part[at[k]])]:
                if len(found[key]) < EXAMPLES:
                    found[key].append(row)
        done = stop
    return found


def _first_of_each(cells: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Return the positions, in order, of the first `EXAMPLES` of each cell."""
    order = np.argsort(cells, kind="stable")
    ordered = cells[order]
    # the one so many places before is of another cell
    first = np.ones(len(cells), np.bool_)
    first[EXAMPLES:] = ordered[EXAMPLES:] != ordered[:-EXAMPLES]
    return np.sort(order[first])
