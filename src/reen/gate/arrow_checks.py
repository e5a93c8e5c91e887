"""Checks of Arrow columns and of their arrays, as `admission` makes them of whatever comes in.

Columns first: their names, their number and their types, before any cell is looked at.  Types that
few functions of Arrow can handle become the plain type of the same cells (extension types their
storage; views, run-ends and dictionaries of anything but text ordinary arrays); those that have
none are refused.  Then each array: whole, in a calendar, in a plain type, of so many bytes.  What
comes out: the same cells in types that every function can handle, or the error that names column
and row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.errors import InventoryError
from reen.gate.limits import GENEROUS, Limits
from reen.reasons import Reason, Words, say

__all__ = [
    "MEND",
    "admit_schema",
    "check_calendar",
    "children",
    "decoded_bytes",
    "first_line",
    "in_plain_type",
    "is_run_end_encoded",
    "is_view",
    "plain_type",
    "validate",
]

#: Keys of a column's metadata that the library reads as text.
_READ = (b"unit",)

#: Names of a refused type are shown to this length: a nested one may name a thousand fields.
_SHOWN = 120


def admit_schema(schema: pa.Schema, *, place: str, limits: Limits = GENEROUS) -> pa.Schema:
    """Check the columns of foreign data, and return them with plain types.

    Parameters
    ----------
    schema
        Columns as they are given.
    place
        What they are the columns of, for messages.
    limits
        How many of them, and how deep, are accepted.

    Raises
    ------
    InventoryError
        Too many columns, one name twice, a name or a unit that is no UTF-8 text, a type that
        cannot be handled.
    """
    if len(schema) > limits.columns:
        message = Reason(
            "error_there_are_columns_expected_at_most",
            place=place,
            schema=len(schema),
            columns=limits.columns,
        )
        raise InventoryError(message)
    names = [_name(schema, position, place) for position in range(len(schema))]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        message = Reason("error_two_columns_are_called_rename_drop", place=place, twice=twice[0])
        raise InventoryError(message)
    fields = []
    for name, field in zip(names, schema, strict=True):
        _check_metadata(name, field.metadata, place)
        given = field.type
        kind = plain_type(given, column=name, place=place, limits=limits)
        fields.append(field if kind is given else field.with_type(kind))
    return pa.schema(fields, metadata=schema.metadata)


def _name(schema: pa.Schema, position: int, place: str) -> str:
    try:
        name: str = schema.field(position).name
    except UnicodeDecodeError as error:
        message = Reason(
            "error_name_column_no_utf_8_text",
            place=place,
            position=position + 1,
            reason=error.reason,
            start=error.start,
        )
        raise InventoryError(message) from error
    return name


def _check_metadata(name: str, metadata: Mapping[bytes, bytes] | None, place: str) -> None:
    for key in _READ:
        value = (metadata or {}).get(key, b"")
        try:
            value.decode()
        except UnicodeDecodeError as error:
            message = Reason(
                "error_column_its_metadata_which_no_utf",
                place=place,
                name=name,
                key=key.decode(),
                value=repr(value),
            )
            raise InventoryError(message) from error


def is_view(kind: pa.DataType) -> bool:
    """Return whether the cells of a type may all refer to the same bytes."""
    return _is("is_string_view", kind) or _is("is_binary_view", kind)


def is_run_end_encoded(kind: pa.DataType) -> bool:
    """Return whether a type holds one value for a run of cells."""
    return _is("is_run_end_encoded", kind)


def _is(question: str, kind: pa.DataType) -> bool:
    # older versions of pyarrow have neither these types nor the functions
    ask: Callable[[pa.DataType], bool] | None = getattr(pa.types, question, None)
    return ask is not None and ask(kind)


def children(kind: pa.DataType) -> list[pa.DataType]:
    """Return the types that a nested type is made of, in their order."""
    if pa.types.is_dictionary(kind):
        return [kind.value_type]
    if pa.types.is_nested(kind) and not pa.types.is_union(kind):
        return [kind.field(place).type for place in range(kind.num_fields)]
    return []


def plain_type(
    kind: pa.DataType, *, column: str, place: str, limits: Limits = GENEROUS
) -> pa.DataType:
    """Return the type in which cells of `kind` can be handled; the same object when it is plain.

    Raises
    ------
    InventoryError
        There is none.
    """
    plain = _outer(kind)
    if plain is None:
        raise _refused(kind, column, place, Reason("error_cannot_read_one_kind_cell"))
    level, depth = [plain], 0
    while level := [child for each in level for child in children(each)]:
        depth += 1
        if depth > limits.depth:
            what = Reason("error_nested_more_than_levels_deep", depth=limits.depth)
            raise _refused(kind, column, place, what)
        odd = [child for child in level if _outer(child) is not child]
        if odd:
            what = Reason("error_holds_type_which_cannot_read_within", odd=_shown(odd[0]))
            raise _refused(kind, column, place, what)
    if pa.types.is_timestamp(plain):
        _check_zone(plain, column, place)
    return plain


def _outer(kind: pa.DataType) -> pa.DataType | None:
    """Return the plain type of the outermost level, None where there is none."""
    while isinstance(kind, pa.BaseExtensionType) or is_run_end_encoded(kind):
        kind = kind.value_type if is_run_end_encoded(kind) else kind.storage_type
    # pyarrow casts list views to lists whose offsets are one too few
    if pa.types.is_union(kind) or _is("is_list_view", kind) or _is("is_large_list_view", kind):
        return None
    if pa.types.is_dictionary(kind):
        # only text stays as words: few functions know dictionaries of anything else
        text = pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)
        return kind if text else _outer(kind.value_type)
    return _plain_flat(kind)


def _plain_flat(kind: pa.DataType) -> pa.DataType:
    if _is("is_string_view", kind):
        return pa.string()
    if _is("is_binary_view", kind):
        return pa.binary()
    if pa.types.is_float16(kind):
        return pa.float32()
    if _is("is_decimal32", kind) or _is("is_decimal64", kind):
        return pa.decimal128(kind.precision, kind.scale)
    return kind


def _check_zone(kind: pa.DataType, column: str, place: str) -> None:
    try:
        if kind.tz is not None:
            pa.lib.string_to_tzinfo(kind.tz)
    except (pa.ArrowException, ValueError, LookupError, OSError) as error:
        what = Reason("error_time_zone_not_known_here")
        raise _refused(kind, column, place, what) from error


def _shown(kind: pa.DataType) -> str:
    try:
        text = str(kind)
    except UnicodeDecodeError:  # the name of a field, or of a time zone
        return say("error_name_no_utf8")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _refused(kind: pa.DataType, column: str, place: str, what: Reason) -> InventoryError:
    return InventoryError(
        Reason(
            "error_column_has_arrow_type_which_expected",
            place=place,
            column=column,
            kind=_shown(kind),
            what=what,
        )
    )


_DAY = 86_400

#: The days that Python can show in any time zone: year 1 to 9999, but for the first and last day.
_FIRST_DAY, _LAST_DAY = -719_161, 2_932_895

#: The longest duration of Python, in days.
_LONGEST = 999_999_999

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def first_line(error: BaseException) -> str:
    """Return the first line of the message of an error."""
    return str(error).partition("\n")[0] or type(error).__name__


#: What to do about damaged data.
MEND = Reason("error_mend_whole_arrow")


def validate(array: pa.Array, stands: Callable[[int | None], Words], *, full: bool = True) -> None:
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
    there = np.asarray(numpy_of(array.is_valid()), np.bool_)
    # a view is sixteen bytes, of which the first four are its length
    views: npt.NDArray[np.int32] = np.frombuffer(
        array.buffers()[1], np.int32, 4 * len(array), 16 * array.offset
    )
    lengths = views[::4]
    return 8 * len(array) + int(lengths[there].sum(dtype=np.int64))


def in_plain_type(
    array: pa.Array, kind: pa.DataType, stands: Callable[[int | None], Words]
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


def check_calendar(array: pa.Array, stands: Callable[[int | None], Words]) -> None:
    """Refuse dates, moments and durations that Python cannot represent, at any depth."""
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


def _check_span(array: pa.Array, stands: Callable[[int | None], Words]) -> None:
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
