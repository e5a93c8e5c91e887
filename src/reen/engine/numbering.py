"""Numbering: distinct combinations of codes get a number, by order of first sight.

`Combinations` numbers the rows of several columns of small codes: one look-up in a table while the
product of the columns' sizes is small (about 1 ns a row and 0.5 ns a column), one sort otherwise.
`GroupIndex` numbers the groups of a fold, from Arrow columns of any type, by working on distinct
values; `number_rows` numbers rows in sorted order, once all are there.  Numbers are stable while
batches arrive.  Arrays and Arrow data only.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import arrow_of, numpy_of, texts_of
from reen.errors import InventoryError
from reen.inventory.dictionaries import codes_of, look_up, same_memory
from reen.kernel.interface import Places

__all__ = ["Combinations", "GroupIndex", "number_rows"]

#: Product of the columns' sizes up to which combinations are looked up in a table.
_TABLE = 1 << 22

#: Product of the columns' sizes up to which a combination is packed into one int64.
_PACKED = 1 << 62

#: Sizes when combinations are too many to be packed.
_WIDE = (-1,)

Codes = npt.NDArray[np.signedinteger]


class Combinations:
    """Numbers of combinations, by order of first sight.

    Parameters
    ----------
    columns
        Number of code columns.
    """

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._seen: list[npt.NDArray[np.int64]] = []  # one row of codes per combination
        self._sizes: tuple[int, ...] = ()
        self._table = np.zeros(0, np.int64)
        self._positions: dict[Hashable, int] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return the number of combinations seen."""
        return self._count

    def codes(self) -> npt.NDArray[np.int64]:
        """Return the codes of each combination: (combinations, columns)."""
        if not self._seen:
            return np.zeros((0, self._columns), np.int64)
        if len(self._seen) > 1:
            self._seen = [np.concatenate(self._seen)]
        return self._seen[0]

    def numbers(self, codes: Sequence[Codes], sizes: Sequence[int]) -> npt.NDArray[np.int64]:
        """Return the number of each row's combination.

        Parameters
        ----------
        codes
            The columns, of one length.
        sizes
            Number of codes of each column known so far, above every code given.
        """
        if math.prod(_roomy(size) for size in sizes) > _PACKED or self._sizes == _WIDE:
            return self._wide(codes)
        if len(self._sizes) != len(sizes) or any(
            size > have for size, have in zip(sizes, self._sizes, strict=True)
        ):
            self._resize(sizes)
        packed = codes[0].astype(np.int64)
        for code, size in zip(codes[1:], self._sizes[1:], strict=True):
            packed *= size
            packed += code
        if len(self._table):
            numbers = self._table.take(packed)
            if numbers.size and int(numbers.min()) < 0:
                unseen = np.zeros(len(self._table), np.bool_)  # to sort them takes longer
                unseen[packed[numbers < 0]] = True
                self._open(np.flatnonzero(unseen))
                numbers = self._table.take(packed)
            return numbers
        distinct, inverse = np.unique(packed, return_inverse=True)
        return self._find(distinct)[inverse.reshape(-1)]

    def table(self, sizes: Sequence[int]) -> tuple[npt.NDArray[np.int64], tuple[int, ...]] | None:
        """Return the number of each packed combination, -1 for those unseen, as the loops read it.

        Parameters
        ----------
        sizes
            As in `numbers`.

        Returns
        -------
        tuple or None
            The table, and what the code of each column is multiplied by; None where there is no
            such table, or none that is large enough: `numbers` makes it.
        """
        if not len(self._table) or any(
            size > have for size, have in zip(sizes, self._sizes, strict=True)
        ):
            return None
        weights = [math.prod(self._sizes[k + 1 :]) for k in range(len(self._sizes))]
        return self._table, tuple(weights)

    def _wide(self, codes: Sequence[Codes]) -> npt.NDArray[np.int64]:
        """Return numbers of combinations too many for 64 bits, found by their rows of codes."""
        distinct, inverse = np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)
        if self._sizes != _WIDE:
            # packed keys of earlier batches give way to rows of codes
            known = map(tuple, self.codes().tolist())
            self._positions = {row: number for number, row in enumerate(known)}
            self._sizes, self._table = _WIDE, np.zeros(0, np.int64)
        numbers = np.empty(len(distinct), np.int64)
        unseen: list[tuple[int, ...]] = []
        for k, row in enumerate(map(tuple, distinct.tolist())):
            number = self._positions.setdefault(row, self._count + len(unseen))
            if number == self._count + len(unseen):
                unseen.append(row)
            numbers[k] = number
        if unseen:
            self._seen.append(np.array(unseen, np.int64))
            self._count += len(unseen)
        return numbers[inverse.reshape(-1)]

    def _resize(self, sizes: Sequence[int]) -> None:
        """Lay the table out again for larger columns, with room to grow."""
        self._sizes = tuple(
            max(have, _roomy(size)) if have < size else have
            for have, size in zip(self._sizes or (0,) * len(sizes), sizes, strict=True)
        )
        cells = math.prod(self._sizes)
        self._table = np.full(cells, -1, np.int64) if cells <= _TABLE else np.zeros(0, np.int64)
        packed = self._packed()
        if len(self._table):
            self._table[packed] = np.arange(self._count)
        else:
            self._positions = dict(zip(packed.tolist(), range(self._count), strict=True))

    def _packed(self) -> npt.NDArray[np.int64]:
        rows = self.codes()
        packed = np.zeros(len(rows), np.int64)
        for k, size in enumerate(self._sizes):
            packed = packed * size + rows[:, k]
        return packed

    def _open(self, packed: npt.NDArray[np.int64]) -> None:
        """Give numbers to combinations never seen."""
        codes = np.empty((len(packed), self._columns), np.int64)
        rest = packed
        for k in range(self._columns - 1, -1, -1):
            rest, codes[:, k] = np.divmod(rest, self._sizes[k])
        self._seen.append(codes)
        numbers = np.arange(self._count, self._count + len(packed))
        self._count += len(packed)
        if len(self._table):
            self._table[packed] = numbers
        else:
            self._positions.update(zip(packed.tolist(), numbers.tolist(), strict=True))

    def _find(self, distinct: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        unseen = [key for key in distinct.tolist() if key not in self._positions]
        if unseen:
            self._open(np.array(unseen, np.int64))
        return np.array([self._positions[key] for key in distinct.tolist()], np.int64)


def _roomy(size: int) -> int:
    """Return the power of two above a size: sizes grow by doubling."""
    return 1 << max(size, 1).bit_length()


class _NotANumber:
    """The key of NaN, which is not equal to itself."""


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
        return ranks, table.take(arrow_of(order))
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
    return inverse.reshape(-1), table.take(arrow_of(first))


def _sorted_codes(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], int]:
    """Return the rank of each value among the distinct ones (null last) and their number + 1."""
    array = _whole(column)
    if pa.types.is_null(array.type):
        return np.zeros(len(array), np.int64), 1
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    size = len(array.dictionary)
    table = np.append(_ranks(array.dictionary), size)
    codes = numpy_of(array.indices.fill_null(size))
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
        there = np.asarray(numpy_of(values.is_valid()), np.bool_)
        ranks = np.empty(len(values), np.int64)
        ranks[there] = _ranks(values.drop_null())
        ranks[~there] = len(values) - values.null_count
        return ranks
    if pa.types.is_integer(values.type):
        numbers = numpy_of(values)
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
    places: npt.NDArray[np.int64] = numpy_of(found).astype(np.int64)
    return places - 1


def _values(array: pa.Array) -> list[Hashable]:
    """Return the values of an array as objects of Python; arrow takes long over the usual ones."""
    usual = pa.types.is_integer(array.type) or pa.types.is_string(array.type)
    if array.null_count or not usual:
        values: list[Hashable] = array.to_pylist()
        return values
    found: list[Hashable] = numpy_of(array).tolist()
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
        """Return what `numbers` does; of one column as codes, with the number of each code.

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
            distinct = (
                texts_of(cast("list[str | None]", values))
                if pa.types.is_string(kind)
                else pa.array(values, kind)
            )
            columns.append(distinct if alone else distinct.take(arrow_of(codes[:, k])))
        return pa.table(columns, names=list(self.by))
