"""Checks of one Arrow array: whole, in a calendar, in a plain type, of so many bytes.

Input: an array of any type, and what says where it stands.  Output: the same cells in a type that
every function of Arrow can handle, or the error that names the column and the row.  `admission`
calls these for every column of every batch.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import InventoryError
from reen.gate.schema import children, is_run_end_encoded, is_view
from reen.reasons import Reason

__all__ = ["MEND", "check_calendar", "decoded_bytes", "first_line", "in_plain_type", "validate"]

_DAY = 86_400

#: The days that Python can show in any time zone: year 1 to 9999, but for the first and last day.
_FIRST_DAY, _LAST_DAY = -719_161, 2_932_895

#: The longest duration of Python, in days.
_LONGEST = 999_999_999

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def first_line(error: BaseException) -> str:
    """Return what an error says, in one line."""
    return str(error).partition("\n")[0] or type(error).__name__


#: What to do about damaged data.
MEND = Reason("error_mend_whole_arrow")


def validate(array: pa.Array, stands: Callable[[int | None], str], *, full: bool = True) -> None:
    """Refuse an array whose offsets, lengths or texts are not what its type says."""
    try:
        array.validate(full=full)
    except (pa.ArrowException, ValueError) as error:
        raise InventoryError(
            Reason("error_damaged", error=first_line(error), mend=MEND), stands(None)
        ) from error


def decoded_bytes(array: pa.Array) -> int:
    """Return an upper bound of the bytes of a valid array once its cells are written out."""
    kind, rows = array.type, len(array)
    if pa.types.is_dictionary(kind):
        words = array.dictionary
        if not len(words):
            return int(array.indices.nbytes)
        # the bound first: it is enough for all but a few huge words
        # pyarrow cannot say, in older versions, how many bytes views have
        bound = rows * (_viewed_bytes(words) if is_view(words.type) else int(words.nbytes))
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
    if is_view(kind):
        return _viewed_bytes(values)
    if children(kind):
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
    views: npt.NDArray[np.int32] = np.frombuffer(
        array.buffers()[1], np.int32, 4 * len(array), 16 * array.offset
    )
    lengths = views[::4]
    return 8 * len(array) + int(lengths[there].sum(dtype=np.int64))


def in_plain_type(
    array: pa.Array, kind: pa.DataType, stands: Callable[[int | None], str]
) -> pa.Array:
    """Return the same cells in a type that every function of Arrow can handle."""
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


def check_calendar(array: pa.Array, stands: Callable[[int | None], str]) -> None:
    """Refuse dates, moments and durations that no calendar of Python holds, at any depth."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        check_calendar(array.dictionary, lambda _: stands(None))
    elif pa.types.is_struct(kind):
        for place in range(kind.num_fields):
            check_calendar(array.field(place), lambda _: stands(None))
    elif pa.types.is_map(kind):
        for part in (array.keys, array.items):
            check_calendar(part, lambda _: stands(None))
    elif children(kind):
        check_calendar(array.values, lambda _: stands(None))
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
