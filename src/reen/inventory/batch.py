"""Batches: an inventory read in columns, the only thing a method sees of it.

Input: record batches in canonical types.  Output: numpy arrays of one length.  Text is handled by
distinct value: `Batch.map` calls a function once per distinct word and spreads the answers, so a
method never loops over rows.

Must not know any method, factor or file.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar, cast

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import empty_of
from reen.errors import PluginError, UnknownNameError
from reen.gate.frozen import frozen
from reen.inventory.conform import out_of_range, unit_of
from reen.inventory.dictionaries import TEXT, codes_of, look_up, same_memory
from reen.inventory.masks import count_nan, days_of, floats_of, nulls_of, with_ones
from reen.inventory.schema import UNREADABLE, Column, ColumnKind, TableSchema
from reen.reasons import Reason
from reen.vocabulary.units import conversion_factor

__all__ = ["BATCH_ROWS", "Batch", "BatchMemo", "batches_of"]

T = TypeVar("T", bound=np.generic)

#: Rows of a batch: large enough to forget Python's cost per batch, small enough that its columns
#: stay in the processor's cache (measured in benchmarks/bench_fold.py).
BATCH_ROWS = 131_072

#: Answers on distinct values that are kept at a time.
_KEPT = 256


@attrs.define(eq=False, repr=False)
class BatchMemo:
    """What was worked out on distinct values, shared by the batches of one run.

    Keyed by (column, function); each entry keeps the dictionary it was made for, so another
    dictionary replaces it.  All are forgotten when they become many, as with a function made anew
    for each batch: memory does not grow with the number of batches.  Left behind when it travels
    to another process.
    """

    entries: dict[Hashable, tuple[pa.Array, npt.NDArray[np.generic]]] = attrs.field(factory=dict)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel without what was worked out."""
        return BatchMemo, ()

    def get(
        self, key: Hashable, dictionary: pa.Array, make: Callable[[], npt.NDArray[T]]
    ) -> npt.NDArray[T]:
        """Return the table made for `dictionary`, making it at first sight."""
        known = self.entries.get(key)
        if known is not None and (same_memory(known[0], dictionary) or known[0].equals(dictionary)):
            return cast("npt.NDArray[T]", known[1])
        if known is None and len(self.entries) >= _KEPT:
            self.entries.clear()
        table = make()
        self.entries[key] = (dictionary, table)
        return table


@attrs.define(eq=False, repr=False)
class _Read:
    """Columns of a batch that were worked out already, whoever reads them.

    Attributes
    ----------
    arrays
        All columns by name, once one was asked for.
    numbers
        Number columns in the schema's unit.
    outside, missing, invalid
        Where they are out of range; where a column is blank; where it is out of range or
        unreadable.
    encoded
        Columns of another type as text by distinct value.
    codes
        Codes of text columns.
    days
        Date columns.
    """

    arrays: dict[str, pa.Array] = attrs.field(factory=dict)
    numbers: dict[str, npt.NDArray[np.float64]] = attrs.field(factory=dict)
    outside: dict[str, npt.NDArray[np.bool_]] = attrs.field(factory=dict)
    missing: dict[str, npt.NDArray[np.bool_]] = attrs.field(factory=dict)
    invalid: dict[str, npt.NDArray[np.bool_]] = attrs.field(factory=dict)
    encoded: dict[str, pa.DictionaryArray] = attrs.field(factory=dict)
    codes: dict[str, npt.NDArray[np.int32]] = attrs.field(factory=dict)
    days: dict[str, npt.NDArray[np.datetime64]] = attrs.field(factory=dict)


class Batch:
    """Rows of an inventory, read column by column.

    Every array has the length of the batch; arrays are shared, and may be read-only.  A column
    that the inventory does not have reads as missing in every row (or as its default, for
    `quantity` and `usage_share`).
    """

    def __init__(
        self,
        data: pa.RecordBatch,
        *,
        schema: TableSchema,
        offset: int = 0,
        memo: BatchMemo | None = None,
        columns: frozenset[str] | None = None,
        place: str = "",
        read: _Read | None = None,
    ) -> None:
        self._data = data
        self._schema = schema
        self._memo = BatchMemo() if memo is None else memo
        self._columns = columns
        self._read = _Read() if read is None else read
        #: Position of the first row in the inventory.
        self.offset = offset
        #: Where the rows were read: file and row group, or number in a stream; empty in memory.
        self.place = place

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._data.num_rows)

    def __getstate__(self) -> dict[str, object]:
        """Leave what was worked out behind when the batch goes to another process.

        The rows travel as an Arrow stream: pickled as they are, a slice would take the buffers of
        the whole table with it.
        """
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self._data.schema) as writer:
            writer.write_batch(self._data)
        rows = sink.getvalue().to_pybytes()
        return {**self.__dict__, "_memo": BatchMemo(), "_read": _Read(), "_data": rows}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Take the rows out of their Arrow stream."""
        batches = pa.ipc.open_stream(state["_data"]).read_all().combine_chunks().to_batches()
        schema = pa.ipc.open_stream(state["_data"]).schema
        data = batches[0] if batches else empty_of(schema)
        self.__dict__.update(state, _data=data)

    @property
    def schema(self) -> TableSchema:
        """Return the canonical schema of the rows."""
        return self._schema

    @property
    def data(self) -> pa.RecordBatch:
        """Return the rows as Arrow data."""
        return self._data

    def has(self, name: str) -> bool:
        """Tell whether the inventory has the column `name`.

        Raises
        ------
        PluginError
            The method does not declare it: it may be left out although the inventory has it.
        """
        self._allow(name)
        return name in self._data.schema.names

    def _allow(self, name: str) -> None:
        if self._columns is not None and name not in self._columns:
            raise PluginError(
                "method",
                Reason("error_undeclared", name=name, declared=", ".join(sorted(self._columns))),
            )

    def restricted(self, columns: frozenset[str]) -> Batch:
        """Return the same rows, with only `columns` to be read.

        What a method reads is declared, so that files are read by those columns alone and the
        digest of the rows does not depend on how they were cut into batches.
        """
        return Batch(
            self._data,
            schema=self._schema,
            offset=self.offset,
            memo=self._memo,
            columns=columns,
            place=self.place,
            read=self._read,
        )

    def _array(self, name: str) -> pa.Array | None:
        self._allow(name)
        arrays = self._read.arrays
        if not arrays:
            # to ask Arrow for a column again and again takes longer than what is done with one row
            names = self._data.schema.names
            found = zip(names, self._data.columns, strict=True)
            arrays.update({key: array for key, array in found if names.count(key) == 1})
        return arrays.get(name)

    def _column(self, name: str, kind: ColumnKind) -> Column:
        column = self._schema.get(name)
        if column is None:
            extra = self._data.schema.names
            raise UnknownNameError("column", name, known=sorted({*self._schema, *extra}))
        if column.kind is not kind:
            raise UnknownNameError(
                "column",
                name,
                known=[key for key, other in self._schema.items() if other.kind is kind],
            )
        return column

    def codes(self, name: str) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
        """Return (codes, distinct values) of a text column; code -1 is missing."""
        array = self._array(name)
        if array is None:
            return np.full(len(self), -1, np.int32), ()
        array = self._encoded(name, array)
        return self._codes(name, array), tuple(array.dictionary.to_pylist())

    def few_codes(
        self, name: str, most: int
    ) -> tuple[npt.NDArray[np.int32], tuple[str, ...]] | None:
        """Return what `codes` does of a column of at most `most` distinct values, else None."""
        array = self._array(name)
        if array is None:
            return None
        array = self._encoded(name, array)
        if len(array.dictionary) > most:
            return None
        return self._codes(name, array), tuple(array.dictionary.to_pylist())

    def map(
        self, name: str, function: Callable[[Sequence[str | None]], npt.NDArray[T]]
    ) -> npt.NDArray[T]:
        """Return ``function`` of a text column, worked out on distinct values.

        Parameters
        ----------
        name
            Text column.
        function
            Takes the distinct values followed by None (missing) and returns an array of that
            length.  It is called once per distinct set of values in a run, so it must depend on
            nothing else; give the same function object for the answers to be kept.
        """
        if self._array(name) is None:
            return np.repeat(function([None]), len(self))
        codes, table = self.coded(name, function)
        return look_up(table, codes)

    def coded(
        self, name: str, function: Callable[[Sequence[str | None]], npt.NDArray[T]]
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[T]]:
        """Return the codes of a text column, and ``function`` by code, that of None being last.

        Parameters
        ----------
        name, function
            As in `map`; code -1, of a blank cell, reads the last entry.
        """
        array = self._array(name)
        if array is None:
            return np.full(len(self), -1, np.int32), function([None])
        array = self._encoded(name, array)
        dictionary = array.dictionary
        table = self._memo.get(
            (name, function), dictionary, lambda: function([*dictionary.to_pylist(), None])
        )
        return self._codes(name, array), table

    def values(self, name: str, unit: str) -> npt.NDArray[np.float64]:
        """Return a number column as float64 in `unit`, NaN where missing or invalid.

        Raises
        ------
        DimensionError
            When `unit` does not have the dimension of the column.
        UnknownNameError
            When the schema has no number column of that name.
        """
        column = self._column(name, ColumnKind.NUMBER)
        factor = conversion_factor(column.unit, unit, what=f"column {name!r}")
        values = self._in_own_unit(name, column)
        if values is None:
            fill = np.nan if column.default is None else column.default
            return np.full(len(self), fill * factor)
        bad = self._outside(name, column)
        if factor != 1.0:
            values = values * factor
        if bad.any():
            values = with_ones(values, bad)
        return values

    def _in_own_unit(self, name: str, column: Column) -> npt.NDArray[np.float64] | None:
        """Return a number column in the schema's unit, NaN for null; None when it is absent."""
        array = self._array(name)
        if array is None:
            return None
        found = self._read.numbers.get(name)
        if found is None:
            values = floats_of(array)
            factor = conversion_factor(
                unit_of(self._data.schema.field(name), column), column.unit, what=f"column {name!r}"
            )
            found = frozen(values if factor == 1.0 else values * factor)
            self._read.numbers[name] = found
        return found

    def _outside(self, name: str, column: Column) -> npt.NDArray[np.bool_]:
        """Return where a number column that is there is out of its range."""
        found = self._read.outside.get(name)
        values = self._in_own_unit(name, column)
        if found is None and values is not None:
            found = self._read.outside[name] = frozen(out_of_range(values, column))
        return np.zeros(len(self), np.bool_) if found is None else found

    def _encoded(self, name: str, array: pa.Array) -> pa.DictionaryArray:
        """Return a column as text by distinct value, whatever its type."""
        if array.type == TEXT:
            return array
        found = self._read.encoded.get(name)
        if found is None:
            found = array.cast(pa.string()).dictionary_encode().cast(TEXT)
            self._read.encoded[name] = found
        return found

    def _codes(self, name: str, array: pa.DictionaryArray) -> npt.NDArray[np.int32]:
        """Return the codes of a text column."""
        found = self._read.codes.get(name)
        if found is None:
            found = self._read.codes[name] = frozen(codes_of(array))
        return found

    def written(self, name: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return a number column unconverted, in its own schema's unit, and where it is blank.

        Values out of range are there, and NaN for what is not readable: for the digest of the
        rows, in which a wrong cell is not a blank one.
        """
        column = self._column(name, ColumnKind.NUMBER)
        values = self._in_own_unit(name, column)
        if values is None:
            fill = np.nan if column.default is None else column.default
            values = np.full(len(self), fill)
        return values, self.missing(name)

    def missing(self, name: str) -> npt.NDArray[np.bool_]:
        """Return where a column is blank (true everywhere when it is absent without default)."""
        array = self._array(name)
        if array is None:
            column = self._schema.get(name)
            return np.full(len(self), column is None or column.default is None)
        found = self._read.missing.get(name)
        if found is None:
            found = self._read.missing[name] = frozen(nulls_of(array))
        return found

    def invalid(self, name: str) -> npt.NDArray[np.bool_]:
        """Return where a number column is unreadable or out of its range."""
        column = self._column(name, ColumnKind.NUMBER)
        values = self._in_own_unit(name, column)
        if values is None:
            return np.zeros(len(self), np.bool_)
        found = self._read.invalid.get(name)
        if found is None:
            found = self._outside(name, column)
            blank = self.missing(name)
            if count_nan(values) > np.count_nonzero(blank):  # a cell that cannot be read
                found = found | (np.isnan(values) & ~blank)
            self._read.invalid[name] = frozen(found)
        return found

    def dates(self, name: str) -> npt.NDArray[np.datetime64]:
        """Return a date column as datetime64[D], NaT where missing.

        Raises
        ------
        UnknownNameError
            When the schema has no date column of that name.
        """
        self._column(name, ColumnKind.DATE)
        array = self._array(name)
        if array is None:
            return np.full(len(self), np.datetime64("NaT", "D"))
        found = self._read.days.get(name)
        if found is None:
            found = self._read.days[name] = frozen(days_of(array))
        return found

    def unreadable(self, name: str) -> npt.NDArray[np.bool_]:
        """Return where the source gives a date that cannot be read: no blank."""
        precision = f"{name}_precision"
        if precision not in self._schema or not self.has(precision):
            return np.zeros(len(self), np.bool_)
        codes, words = self.codes(precision)
        if UNREADABLE not in words:
            return np.zeros(len(self), np.bool_)
        found: npt.NDArray[np.bool_] = (codes == words.index(UNREADABLE)) & self.missing(name)
        return found


def batches_of(
    table: pa.Table,
    *,
    schema: TableSchema,
    memo: BatchMemo | None = None,
    rows: int = BATCH_ROWS,
    offset: int = 0,
    place: str = "",
) -> Iterator[Batch]:
    """Cut a conformed table into batches of at most `rows` rows, in order."""
    memo = BatchMemo() if memo is None else memo
    if not table.num_rows:
        # one empty batch, so that methods still say what they would have answered
        empty = empty_of(table.schema)
        yield Batch(empty, schema=schema, offset=offset, memo=memo, place=place)
        return
    for data in table.to_batches(max_chunksize=rows):
        yield Batch(data, schema=schema, offset=offset, memo=memo, place=place)
        offset += data.num_rows
