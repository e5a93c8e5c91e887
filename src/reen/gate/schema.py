"""Columns at the gate: their names, their number and their types, before any cell is looked at.

Types that few functions of Arrow can handle become the plain type of the same cells (extension
types their storage; views, run-ends and dictionaries of anything but text ordinary arrays); those
that have none are refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import pyarrow as pa

from reen.errors import InventoryError
from reen.gate.limits import GENEROUS, Limits
from reen.reasons import Reason, say

__all__ = ["admit_schema", "children", "is_run_end_encoded", "is_view", "plain_type"]

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
