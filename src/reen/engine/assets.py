"""Assets: which items of a year are those of another, by their identifiers.

Input: the identifiers, cells and quantities of the rows of two years.  Output: the change of the
number of items of each cell, split into entries, exits, what was kept, what moved to another cell,
and what no identifier tells.  An identifier that stands twice in a year tells nothing.  Arrays and
Arrow data only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.engine.joint import Places
from reen.engine.key_sums import Floats, Keys

__all__ = ["IDENTIFIERS", "Roll", "fleet_pieces", "matched"]

#: Columns that may tell assets apart, the surest first.
IDENTIFIERS = ("asset_tag", "serial_number", "id")

Mask = npt.NDArray[np.bool_]


class Roll:
    """The assets of a year, while batches arrive."""

    def __init__(self) -> None:
        self._names: dict[str, list[pa.Array]] = {name: [] for name in IDENTIFIERS}
        self._group: list[Keys] = []
        self._kind: list[Keys] = []
        self._quantity: list[Floats] = []
        self._present: dict[str, list[Mask]] = {}

    def add(
        self, data: pa.RecordBatch, places: Places, quantity: Floats, present: Mapping[str, Mask]
    ) -> None:
        """Add the rows of a batch; `present` says by part of the life cycle which are there."""
        for name, arrays in self._names.items():
            index = data.schema.get_field_index(name)
            column = pa.nulls(len(quantity)) if index < 0 else data.column(index)
            arrays.append(column.cast(pa.large_string()))
        self._group.append(places.group)
        self._kind.append(places.kind)
        self._quantity.append(quantity)
        for part, mask in present.items():
            self._present.setdefault(part, []).append(mask & ~np.isnan(quantity))

    def names(self, column: str) -> pa.Array:
        """Return one identifier of every row."""
        return pa.concat_arrays([pa.array([], pa.large_string()), *self._names[column]])

    @property
    def keys(self) -> Keys:
        """Return the cell of every row: (n, 2), group and type."""
        empty = np.zeros(0, np.int64)
        columns = [np.concatenate([empty, *each]) for each in (self._group, self._kind)]
        return np.stack(columns, axis=1)

    def quantity(self, part: str) -> Floats:
        """Return the items of every row that are there, 0 where they are not."""
        quantity = np.concatenate([np.zeros(0), *self._quantity])
        present = np.concatenate([np.zeros(0, np.bool_), *self._present.get(part, [])])
        return np.where(present, quantity, 0.0)


def fleet_pieces(
    rolls: tuple[Roll, Roll], places: tuple[Keys, Keys], parts: Sequence[str], *, cells: int
) -> dict[str, dict[str, Floats]]:
    """Return the change of the number of items by part, by what became of them, and by cell.

    Parameters
    ----------
    rolls
        The assets of both years.
    places
        The cell of every row of each, from 0.
    parts
        Parts of the life cycle.
    cells
        How many cells there are.

    Returns
    -------
    dict
        Nothing when no asset of a year is found in the other: the years name them in different
        ways, or not at all.  Else the pieces of a part add up, in each cell, to its change.
    """
    found = [matched(*(roll.names(column) for roll in rolls)) for column in IDENTIFIERS]
    codes, once, count = max(found, key=lambda each: each[2])
    if not count:
        return {}
    pieces = {}
    for part in parts:
        quantities = [roll.quantity(part) for roll in rolls]
        pieces[part] = _pieces(codes, once, quantities, places, cells)
    return pieces


def matched(a: pa.Array, b: pa.Array) -> tuple[tuple[Keys, Keys], Mask, int]:
    """Return the code of each row, the codes that occur once in both years, and their number.

    Code -1: no identifier, or one that stands several times in a year.
    """
    coded = pa.concat_arrays([a, b]).dictionary_encode()
    codes = numpy_of(coded.indices.fill_null(-1)).astype(np.int64)
    size = len(coded.dictionary)
    sides = codes[: len(a)], codes[len(a) :]
    counts = [np.bincount(side[side >= 0], minlength=size) for side in sides]
    several = np.append((counts[0] > 1) | (counts[1] > 1), False)
    told = tuple(np.where(several[side], -1, side) for side in sides)
    once = (counts[0] == 1) & (counts[1] == 1)
    return (told[0], told[1]), once, int(once.sum())


def _pieces(
    codes: tuple[Keys, Keys],
    once: Mask,
    quantities: Sequence[Floats],
    places: tuple[Keys, Keys],
    cells: int,
) -> dict[str, Floats]:
    """Return the pieces of one part of the life cycle."""
    size = len(once)
    #: cell and quantity of each code, in the two years; nowhere where it is not there
    where = np.full((2, size), -1, np.int64)
    there = np.zeros((2, size))
    names = ("entries", "exits", "kept", "moved", "unnamed")
    found = {name: np.zeros((2, cells)) for name in names}
    for side in (0, 1):
        code, quantity, place = codes[side], quantities[side], places[side]
        named = np.flatnonzero(code >= 0)
        where[side, code[named]] = np.where(quantity[named] > 0.0, place[named], -1)
        there[side, code[named]] = quantity[named]
        np.add.at(found["unnamed"][side], place[code < 0], quantity[code < 0])
    both = (where >= 0).all(axis=0)
    same = both & (where[0] == where[1])
    for side, alone in ((0, "exits"), (1, "entries")):
        here = where[side] >= 0
        for name, chosen in (("kept", same), ("moved", both & ~same), (alone, here & ~both)):
            np.add.at(found[name][side], where[side, chosen], there[side, chosen])
    # the sums of a year first: those of the same rows leave nothing
    return {name: sums[1] - sums[0] for name, sums in found.items()}
