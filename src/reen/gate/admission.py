"""Admission: every cell of foreign Arrow data is checked once, before anything else reads it.

Arrow trusts the offsets, codes and lengths of what it is given: a wrong one ends the process when
it is used, in whatever function comes first.  Input: anything that gives Arrow data.  Output: the
same cells in plain types, which every function of Arrow can handle, in memory that was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import InventoryError
from reen.gate.arrow_checks import (
    MEND,
    admit_schema,
    check_calendar,
    decoded_bytes,
    first_line,
    in_plain_type,
    validate,
)
from reen.gate.limits import GENEROUS, Limits
from reen.reasons import Reason, Words, joined

__all__ = ["FAULTS", "Admission", "admit", "reader_of", "told"]

#: What Arrow and those who give Arrow data raise when they cannot.
FAULTS = (
    pa.ArrowException,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def admit(
    data: object,
    *,
    place: str = "table",
    limits: Limits = GENEROUS,
    where: Callable[[int], Words] | None = None,
) -> pa.Table:
    """Check foreign Arrow data and return it as a table of plain types.

    Parameters
    ----------
    data
        A pyarrow table or record batch, a data frame, or whatever exports the Arrow C stream.
    place
        What it is called in messages: the file, the table.
    limits
        How much is accepted.
    where
        Says where a row stands, such as its row group, from its position.

    Returns
    -------
    pyarrow.Table
        The same cells.  Extension types, views and run-ends are ordinary arrays in it.

    Raises
    ------
    InventoryError
        Columns that cannot be read: one name twice, a type that no function handles, a unit that
        is no text; or the object gives no Arrow data.
    InventoryError
        Cells that are not what their type says, dates out of the calendar, or more of them than
        `limits` allow.

    Examples
    --------
    >>> admit(pa.table({"model": ["Latitude 5420"]})).num_rows
    1
    """
    admission = Admission(place=place, limits=limits)
    if isinstance(data, pa.Table):
        return admission.table(data, where=where)
    if _is_stream(data):
        return admission.stream(data)
    with told(place, "cannot be read as Arrow data"):
        table = pa.table(data)
    return admission.table(table)


def reader_of(data: object, *, place: str) -> pa.RecordBatchReader:
    """Return what gives the batches of a stream, none of which is checked yet.

    What is of pyarrow is not sent through the C interface, where an array says no sizes: pyarrow
    would work them out from the very offsets that are to be checked.

    Raises
    ------
    InventoryError
        The object gives no Arrow data.
    """
    with told(place, "cannot be read as Arrow data"):
        if isinstance(data, pa.RecordBatch):
            data = pa.Table.from_batches([data])
        if isinstance(data, pa.RecordBatchReader):
            reader = data
        elif type(data).__module__.startswith("pyarrow.") and hasattr(data, "to_reader"):
            reader = data.to_reader()
        else:
            reader = pa.RecordBatchReader.from_stream(data)
        _ = reader.schema
    return reader


def _is_stream(data: object) -> bool:
    # pandas gives better types to its own conversion, and holds its rows in memory already
    of_pandas = type(data).__module__.partition(".")[0] == "pandas"
    return hasattr(data, "__arrow_c_stream__") and not of_pandas


@contextmanager
def told(place: Words, what: Words) -> Iterator[None]:
    """Turn the errors of whoever gives the data into one that names the place."""
    try:
        yield
    except MemoryError as error:
        reason = Reason("error_needs_more_memory_than_there_give")
        raise InventoryError(reason, place) from error
    except InventoryError:
        raise
    except FAULTS as error:
        message = Reason(
            "error_give_pyarrow_table_polars_pandas_data",
            place=place,
            what=what,
            error=first_line(error),
        )
        raise InventoryError(message) from error


@attrs.define(eq=False, kw_only=True, repr=False)
class Admission:
    """The gate for the batches of one file or stream, one after the other.

    Attributes
    ----------
    place
        What the batches are of, for messages.
    limits
        How much is accepted.
    rows
        Rows that passed.
    """

    place: str
    limits: Limits = GENEROUS
    rows: int = 0
    #: Dictionaries that passed, by column and address: batches share them.  Held, so that no other
    #: can come to stand at the same address.
    _words: dict[str, tuple[tuple[int, ...], pa.Array]] = attrs.field(factory=dict, init=False)

    def table(self, table: pa.Table, *, where: Callable[[int], Words] | None = None) -> pa.Table:
        """Check a table; see `admit`."""
        schema = admit_schema(table.schema, place=self.place, limits=self.limits)
        self._count(table.num_rows)
        columns, size = [], 0
        for field, column in zip(schema, table.columns, strict=True):
            first, chunks = self.rows, []
            for chunk in column.chunks:
                stands = self._stands(field.name, first - self.rows, len(chunk), where)
                passed, bytes_ = self._array(chunk, field, stands, self.limits.decoded_bytes - size)
                chunks.append(passed)
                size += bytes_
                first += len(chunk)
            unchanged = all(new is old for new, old in zip(chunks, column.chunks, strict=False))
            plain = column.type == field.type and unchanged
            columns.append(column if plain else pa.chunked_array(chunks, field.type))
        self.rows += table.num_rows
        if not columns:
            return table
        return pa.table(columns, schema=schema)

    def batch(self, batch: pa.RecordBatch, *, schema: pa.Schema | None = None) -> pa.RecordBatch:
        """Check a record batch, whose columns passed when `schema` says their plain types."""
        if schema is None:
            schema = admit_schema(batch.schema, place=self.place, limits=self.limits)
        self._count(batch.num_rows)
        columns, size = [], 0
        for field, column in zip(schema, batch.columns, strict=True):
            stands = self._stands(field.name, self.rows, len(column), None)
            passed, bytes_ = self._array(column, field, stands, self.limits.decoded_bytes - size)
            columns.append(passed)
            size += bytes_
        self.rows += batch.num_rows
        if not columns:
            return batch
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def stream(self, data: object) -> pa.Table:
        """Take all rows of a stream, no more of them than the limits allow."""
        reader = reader_of(data, place=self.place)
        schema = admit_schema(reader.schema, place=self.place, limits=self.limits)
        batches, size = [], 0
        for batch in self._taken(reader):
            passed = self.batch(batch, schema=schema)
            size += passed.nbytes
            if size > self.limits.decoded_bytes:
                raise self._too_large(self.place)
            batches.append(passed)
        return pa.Table.from_batches(batches, schema)

    def _taken(self, reader: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        batches = iter(reader)
        while True:
            with told(
                Reason("error_after_row", place=self.place, row=self.rows),
                Reason("error_read_no_further"),
            ):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    def _count(self, rows: int) -> None:
        if self.rows + rows > self.limits.rows:
            reason = Reason(
                "error_there_are_rows_more_expected_at",
                rows=self.rows + rows,
                rows_2=self.limits.rows,
            )
            raise InventoryError(reason, self.place)

    def _stands(
        self, column: str, first: int, rows: int, where: Callable[[int], Words] | None
    ) -> Callable[[int | None], Words]:
        def stands(row: int | None) -> Words:
            at = first if row is None else first + row
            parts: list[Words] = [self.place]
            if where is not None and rows:
                parts.append(where(at))
            parts.append(Reason("error_column_named", column=column))
            if row is not None:
                parts.append(Reason("place_row", line=str(at + 1)))
            elif rows:
                ends = {"first": str(first + 1), "last": str(first + rows)}
                parts.append(Reason("place_rows", **ends))
            return joined(parts)

        return stands

    def _array(
        self, array: pa.Array, field: pa.Field, stands: Callable[[int | None], Words], room: int
    ) -> tuple[pa.Array, int]:
        """Return one column of one batch in its plain type, and the bytes that it takes."""
        if not pa.types.is_dictionary(array.type):
            validate(array, stands)
        else:
            self._validate_codes(array, field.name, stands)
        while isinstance(array, pa.ExtensionArray):
            array = array.storage
        size = decoded_bytes(array)
        if size > room:
            raise self._too_large(stands(None))
        if array.type != field.type:
            array = in_plain_type(array, field.type, stands)
        check_calendar(array, stands)
        return array, size

    def _validate_codes(
        self, array: pa.DictionaryArray, name: str, stands: Callable[[int | None], Words]
    ) -> None:
        """Do what `validate(full=True)` does, in a tenth of its time, and the words once only."""
        validate(array, stands, full=False)
        words = array.dictionary
        address = (len(words), words.offset, *(b.address if b else 0 for b in words.buffers()))
        if self._words.get(name, ((), None))[0] != address:
            validate(words, stands)
            self._words[name] = (address, words)
        codes = array.indices
        validate(codes, stands)
        span = pc.min_max(codes)
        low, high = span["min"].as_py(), span["max"].as_py()
        if low is not None and (low < 0 or high >= len(words)):
            outside = pc.or_(pc.less(codes, 0), pc.greater_equal(codes, len(words)))
            row = pc.indices_nonzero(outside)[0].as_py()
            code = codes[row].as_py()
            raise InventoryError(
                Reason(
                    "error_damaged_word_number_dictionary",
                    given_code=code,
                    words=len(words),
                    mend=MEND,
                ),
                stands(row),
            )

    def _too_large(self, place: Words) -> InventoryError:
        most = self.limits.decoded_bytes / (1 << 30)
        return InventoryError(
            Reason("error_takes_more_memory_than_expected_gib", most=f"{most:.3g}"), place
        )
