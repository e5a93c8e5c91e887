"""Admission: every cell of foreign Arrow data is checked once, before anything else reads it.

Arrow trusts the offsets, codes and lengths of what it is given: a wrong one ends the process when
it is used, in whatever function comes first.  Input: anything that gives Arrow data.  Output: the
same cells in plain types, which every function of Arrow can handle, in memory that was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import InventoryError
from reen.gate.limits import GENEROUS, Limits
from reen.gate.schema import admit_schema, children, is_run_end_encoded, is_view
from reen.reasons import Reason, Words, say

__all__ = ["FAULTS", "Admission", "admit", "first_line", "reader_of", "told"]

_DAY = 86_400

#: The days that Python can show in any time zone: year 1 to 9999, but for the first and last day.
_FIRST_DAY, _LAST_DAY = -719_161, 2_932_895

#: The longest duration of Python, in days.
_LONGEST = 999_999_999

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}

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


def first_line(error: BaseException) -> str:
    """Return what an error says, in one line."""
    return str(error).partition("\n")[0] or type(error).__name__


def admit(
    data: object,
    *,
    place: str = "table",
    limits: Limits = GENEROUS,
    where: Callable[[int], str] | None = None,
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
def told(place: str, what: Words) -> Iterator[None]:
    """Turn what those who give the data raise into an error that says where."""
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


@attrs.define(eq=False, kw_only=True)
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

    def table(self, table: pa.Table, *, where: Callable[[int], str] | None = None) -> pa.Table:
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
                say("error_after_row", place=self.place, row=self.rows),
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
        self, column: str, first: int, rows: int, where: Callable[[int], str] | None
    ) -> Callable[[int | None], str]:
        def stands(row: int | None) -> str:
            at = first if row is None else first + row
            group = f", {where(at)}" if where is not None and rows else ""
            if row is not None:
                text = f", {say('place_row', line=str(at + 1))}"
            elif rows:
                last = str(first + rows)
                text = f", {say('place_rows', first=str(first + 1), last=last)}"
            else:
                text = ""
            return f"{self.place}{group}{say('error_comma_column', column=column)}{text}"

        return stands

    def _array(
        self, array: pa.Array, field: pa.Field, stands: Callable[[int | None], str], room: int
    ) -> tuple[pa.Array, int]:
        """Return one column of one batch in its plain type, and the bytes that it takes."""
        if not pa.types.is_dictionary(array.type):
            _validate(array, stands)
        else:
            self._validate_codes(array, field.name, stands)
        while isinstance(array, pa.ExtensionArray):
            array = array.storage
        size = _decoded_bytes(array)
        if size > room:
            raise self._too_large(stands(None))
        if array.type != field.type:
            array = _plain(array, field.type, stands)
        _check_calendar(array, stands)
        return array, size

    def _validate_codes(
        self, array: pa.DictionaryArray, name: str, stands: Callable[[int | None], str]
    ) -> None:
        """Do what `validate(full=True)` does, in a tenth of its time, and the words once only."""
        _validate(array, stands, full=False)
        words = array.dictionary
        address = (len(words), words.offset, *(b.address if b else 0 for b in words.buffers()))
        if self._words.get(name, ((), None))[0] != address:
            _validate(words, stands)
            self._words[name] = (address, words)
        codes = array.indices
        _validate(codes, stands)
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
                    mend=_MEND,
                ),
                stands(row),
            )

    def _too_large(self, place: str) -> InventoryError:
        most = self.limits.decoded_bytes / (1 << 30)
        return InventoryError(
            Reason("error_takes_more_memory_than_expected_gib", most=f"{most:.3g}"), place
        )


_MEND = Reason("error_mend_whole_arrow")


def _validate(array: pa.Array, stands: Callable[[int | None], str], *, full: bool = True) -> None:
    try:
        array.validate(full=full)
    except (pa.ArrowException, ValueError) as error:
        raise InventoryError(
            Reason("error_damaged", error=first_line(error), mend=_MEND), stands(None)
        ) from error


def _decoded_bytes(array: pa.Array) -> int:
    """Return an upper bound of the bytes of a valid array once its cells are written out."""
    kind, rows = array.type, len(array)
    if pa.types.is_dictionary(kind):
        words = array.dictionary
        if not len(words):
            return int(array.nbytes)
        # the bound first: it is enough for all but a few huge words
        bound = rows * int(words.nbytes)
        return bound if bound < _LITTLE else rows * _longest(words)
    if is_run_end_encoded(kind):
        return rows * max(_longest(array.values), 1)
    if is_view(kind):
        return _viewed_bytes(array)
    # a column without any value still has a row of eight bytes in what is made of it
    return max(int(array.nbytes), 8 * rows if pa.types.is_null(kind) else 0)


#: Too few bytes to be worth a closer look.
_LITTLE = 1 << 24


def _longest(values: pa.Array) -> int:
    """Return the bytes of the longest cell, an upper bound for nested ones."""
    kind = values.type
    if not len(values):
        return 0
    if _is_binary(kind):
        longest = pc.max(pc.binary_length(values)).as_py()
        return 8 + (longest or 0)
    if is_view(kind) or children(kind):
        return int(values.nbytes)
    return 8 if pa.types.is_null(kind) else (int(kind.bit_width) + 7) // 8


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def _viewed_bytes(array: pa.Array) -> int:
    """Return the bytes of all that the views of an array show, however often they show it."""
    there = np.asarray(array.is_valid().to_numpy(zero_copy_only=False), np.bool_)
    # a view is sixteen bytes, of which the first four are its length
    views: npt.NDArray[np.int32] = np.frombuffer(array.buffers()[1], np.int32).reshape(-1, 4)
    lengths = views[array.offset : array.offset + len(array), 0]
    return 8 * len(array) + int(lengths[there].sum(dtype=np.int64))


def _plain(array: pa.Array, kind: pa.DataType, stands: Callable[[int | None], str]) -> pa.Array:
    try:
        while array.type != kind:
            if is_run_end_encoded(array.type):
                array = pc.run_end_decode(array)
            elif isinstance(array, pa.DictionaryArray):
                words = array.dictionary
                if is_view(words.type):
                    # no kernel of Arrow takes cells out of views
                    words = words.cast(kind)
                array = words.take(array.indices)
            elif isinstance(array, pa.ExtensionArray):
                array = array.storage
            else:
                array = array.cast(kind)
    except (pa.ArrowException, MemoryError, ValueError) as error:
        raise InventoryError(
            Reason(
                "error_cannot_converted_from_convert_column_leave",
                given_type=array.type,
                kind=kind,
                error=first_line(error),
            ),
            stands(None),
        ) from error
    return array


def _check_calendar(array: pa.Array, stands: Callable[[int | None], str]) -> None:
    """Refuse dates, moments and durations that no calendar of Python holds, at any depth."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        _check_calendar(array.dictionary, lambda _: stands(None))
    elif pa.types.is_struct(kind):
        for place in range(kind.num_fields):
            _check_calendar(array.field(place), lambda _: stands(None))
    elif pa.types.is_map(kind):
        for part in (array.keys, array.items):
            _check_calendar(part, lambda _: stands(None))
    elif children(kind):
        _check_calendar(array.values, lambda _: stands(None))
    elif pa.types.is_temporal(kind) and not pa.types.is_interval(kind):
        _check_span(array, stands)


def _check_span(array: pa.Array, stands: Callable[[int | None], str]) -> None:
    kind = array.type
    bounds = _bounds(kind)
    if bounds is None:
        return
    low, high = bounds
    ticks = array.view(pa.int32() if kind.bit_width == 32 else pa.int64())  # noqa: PLR2004 - bits
    span = pc.min_max(ticks)
    if span["min"].as_py() is None or (span["min"].as_py() >= low and span["max"].as_py() <= high):
        return
    outside = pc.or_(pc.less(ticks, low), pc.greater(ticks, high))
    row = pc.indices_nonzero(outside)[0].as_py()
    expected = (
        Reason("error_longest_duration", days=_LONGEST)
        if pa.types.is_duration(kind)
        else Reason("error_date_in_range")
    )
    reason = Reason(
        "error_holds_expected_correct_blank_cell",
        ticks=ticks[row].as_py(),
        kind=kind,
        expected=expected,
    )
    raise InventoryError(reason, stands(row))


def _bounds(kind: pa.DataType) -> tuple[int, int] | None:
    """Return the least and the largest tick that Python can show; None when all are."""
    if pa.types.is_date32(kind):
        return _FIRST_DAY, _LAST_DAY
    if pa.types.is_date64(kind):
        return _FIRST_DAY * _DAY * 1000, _LAST_DAY * _DAY * 1000
    if pa.types.is_timestamp(kind):
        per_day = _DAY * _PER_SECOND[kind.unit]
        return _within(_FIRST_DAY * per_day, _LAST_DAY * per_day)
    if pa.types.is_duration(kind):
        most = _LONGEST * _DAY * _PER_SECOND[kind.unit]
        return _within(-most, most)
    return None  # the time of a day: `validate(full=True)` has checked it


def _within(low: int, high: int) -> tuple[int, int]:
    most = 2**63 - 1
    return max(low, -most), min(high, most)
