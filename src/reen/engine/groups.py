"""Groups: numbers the distinct combinations of the grouping columns, as batches arrive.

Input: Arrow columns of any type.  Output: one group number per row, and the table of keys.  Work
is on distinct values; combinations of columns are those of `combinations`.  Arrays and Arrow data
only.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.engine.combinations import Combinations
from reen.errors import InventoryError
from reen.inventory.dictionaries import codes_of, look_up, same_memory
from reen.kernel.interface import Places

__all__ = ["GroupIndex", "number_rows"]

#: Product of the columns' sizes up to which a combination is packed into one int64.
_PACKED = 1 << 62


class _NotANumber:
    """Stands for NaN among keys, which is not equal to itself."""


_NAN = _NotANumber()


def _key(value: Hashable) -> Hashable:
    return _NAN if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN


def number_rows(
    table: pa.Table, *, distinct: bool = False
) -> tuple[npt.NDArray[np.int64], pa.Table]:
    """Return the number of each row's combination and the distinct combinations, sorted.

    Sorting is by the columns in order, null last, so the numbering does not depend on the order
    of the rows.

    Parameters
    ----------
    table
        The rows.
    distinct
        Whether no combination is known to stand twice.
    """
    if table.num_columns == 0 or table.num_rows == 0:
        return np.zeros(table.num_rows, np.int64), table.slice(0, min(1, table.num_rows))
    if distinct and table.num_columns == 1 and not pa.types.is_null(table.schema.types[0]):
        ranks = _ranks(_whole(table.column(0)))
        order = np.empty(len(ranks), np.int64)
        order[ranks] = np.arange(len(ranks))
        return ranks, table.take(pa.array(order))
    packed, bound = np.zeros(table.num_rows, np.int64), 1
    for name in table.column_names:
        codes, size = _sorted_codes(table[name])
        if bound * size > _PACKED:
            # renumbering keeps the order, and makes room in 64 bits
            found, packed = np.unique(packed, return_inverse=True)
            packed, bound = packed.reshape(-1).astype(np.int64), len(found)
        packed = packed * size + codes
        bound *= size
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    return inverse.reshape(-1), table.take(pa.array(first))


def _sorted_codes(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], int]:
    """Return the rank of each value among the distinct ones (null last) and their number + 1."""
    array = _whole(column)
    if pa.types.is_null(array.type):
        return np.zeros(len(array), np.int64), 1
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    size = len(array.dictionary)
    table = np.append(_ranks(array.dictionary), size)
    codes = array.indices.fill_null(size).to_numpy(zero_copy_only=False)
    return table[codes], size + 1


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # pyarrow returns either, by version
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], column.type)
    return array


def _ranks(values: pa.Array) -> npt.NDArray[np.int64]:
    """Return the rank of each of some distinct values, from 0; null is last."""
    if values.null_count:
        # apart, since pyarrow 15 gives null the rank of NaN
        there = np.asarray(values.is_valid().to_numpy(zero_copy_only=False), np.bool_)
        ranks = np.empty(len(values), np.int64)
        ranks[there] = _ranks(values.drop_null())
        ranks[~there] = len(values) - values.null_count
        return ranks
    if pa.types.is_integer(values.type):
        numbers = values.to_numpy(zero_copy_only=False)
        if (numbers[1:] > numbers[:-1]).all():  # as identifiers mostly come: nothing to sort
            return np.arange(len(numbers))
        _, ranks = np.unique(numbers, return_inverse=True)
        return ranks.reshape(-1).astype(np.int64, copy=False)
    try:
        found = pc.rank(values, sort_keys="ascending", tiebreaker="dense")
    except pa.ArrowNotImplementedError:  # a type that can be sorted and not ranked, such as bool
        order = values.sort() if len(values) else values
        rank = {_key(value): k for k, value in enumerate(order.to_pylist())}
        return np.array([rank[_key(value)] for value in values.to_pylist()], np.int64)
    places: npt.NDArray[np.int64] = found.to_numpy(zero_copy_only=False).astype(np.int64)
    return places - 1


def _values(array: pa.Array) -> list[Hashable]:
    """Return the values of an array as objects of Python; arrow takes long over the usual ones."""
    usual = pa.types.is_integer(array.type) or pa.types.is_string(array.type)
    if array.null_count or not usual:
        values: list[Hashable] = array.to_pylist()
        return values
    found: list[Hashable] = array.to_numpy(zero_copy_only=False).tolist()
    return found


def _numbered(values: Sequence[Hashable], codes: dict[Hashable, int]) -> npt.NDArray[np.int64]:
    """Return the code of each of some distinct values, giving the next ones to those unseen."""
    first, size = len(codes), len(values)
    found = np.fromiter(map(codes.setdefault, values, range(first, first + size)), np.int64, size)
    if len(codes) in (first, first + size):  # none is unseen, or all are
        return found
    unseen = np.flatnonzero(found >= first)
    found[unseen] = np.arange(first, len(codes))
    codes.update(zip([values[k] for k in unseen.tolist()], found[unseen].tolist(), strict=True))
    return found


class GroupIndex:
    """Group numbers by order of first sight, stable while batches arrive."""

    def __init__(self, by: Sequence[str]) -> None:
        self.by = tuple(by)
        self._codes: list[dict[Hashable, int]] = [{} for _ in self.by]
        self._types: list[pa.DataType | None] = [None for _ in self.by]
        self._known: list[tuple[pa.Array, npt.NDArray[np.int64]] | None] = [None for _ in self.by]
        self._combinations = Combinations(len(self.by))
        self._height = 0 if self.by else 1

    def __len__(self) -> int:
        """Return the number of groups seen."""
        return self._height

    def numbers(self, data: pa.RecordBatch) -> npt.NDArray[np.int64] | int:
        """Return the group number of each row; 0 for all when there is no grouping column."""
        return self.of_places(self.places(data))

    @staticmethod
    def of_places(places: Places) -> npt.NDArray[np.int64] | int:
        """Return the group number of each row of what `places` returned."""
        return look_up(places[1], places[0]) if isinstance(places, tuple) else places

    def places(self, data: pa.RecordBatch) -> Places:
        """Return what `numbers` does; of one column as codes and the numbers that they stand for.

        Code -1 is the last number, that of null.
        """
        if not self.by:
            return 0
        coded = [self._column(k, data, name) for k, name in enumerate(self.by)]
        if len(coded) == 1:
            # with one column the code is the group; codes are given in order of first sight
            self._height = len(self._codes[0])
            return coded[0]
        codes = [look_up(table, codes) for codes, table in coded]
        numbers = self._combinations.numbers(codes, [len(known) for known in self._codes])
        self._height = len(self._combinations)
        return numbers

    def _column(
        self, k: int, data: pa.RecordBatch, name: str
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        index = data.schema.get_field_index(name)
        array = data.column(index) if index >= 0 else pa.nulls(data.num_rows)
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        known = self._known[k]
        if known is None or not same_memory(known[0], array.dictionary):
            self._accept(k, name, array.type.value_type)
            codes = self._codes[k]
            values = _values(array.dictionary)
            if pa.types.is_floating(array.type.value_type):
                values = list(map(_key, values))
            table = np.append(_numbered(values, codes), -1)
            if array.null_count:
                table[-1] = codes.setdefault(None, len(codes))
            known = (array.dictionary, table)
        elif array.null_count and known[1][-1] < 0:
            known[1][-1] = self._codes[k].setdefault(None, len(self._codes[k]))
        self._known[k] = known
        return codes_of(array), known[1]

    def _accept(self, k: int, name: str, kind: pa.DataType) -> None:
        if pa.types.is_null(kind):
            return
        known = self._types[k]
        if known is not None and known != kind:
            message = (
                f"Grouping column {name!r} is {known} in one part of the data and {kind} in"
                " another; give it one type."
            )
            raise InventoryError(message)
        self._types[k] = kind

    def keys(self) -> pa.Table:
        """Return the key of each group, one row per group number."""
        columns = []
        # with one column, the group number is the code
        alone = len(self.by) == 1
        codes = self._combinations.codes()
        for k, known in enumerate(self._codes):
            # a column that is nowhere has no type yet: it takes that of another part's
            kind = self._types[k] or pa.null()
            values = list(known)
            if pa.types.is_floating(kind):
                values = [math.nan if key is _NAN else key for key in values]
            distinct = pa.array(values, kind)
            columns.append(distinct if alone else distinct.take(pa.array(codes[:, k])))
        return pa.table(columns, names=list(self.by))
