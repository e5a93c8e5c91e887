"""Content digest: one hash of the whole content of a result, to verify it when it is read.

Input: an attrs value of values, sequences, mappings, arrays and Arrow tables.  Output: a SHA-256
in which every cell counts and nothing else does: neither the width of an integer, nor the chunks
or dictionary of a column, nor which NaN stands for nothing.  Knows no format and no field.
"""

from __future__ import annotations

import enum
import functools
import hashlib
import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Protocol

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.factors.factor_set import UNLESS_EMPTY

__all__ = ["content_digest"]

#: Values whose `repr` says all and is the same wherever they come from.
_PLAIN = frozenset({str, int, bool, type(None)})


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def content_digest(value: object) -> str:
    """Return the SHA-256 of a value, in hexadecimal.

    Mappings are taken in the order of their keys' text, everything else in its own order.
    """
    digest = hashlib.sha256()
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: _Hash, value: object) -> None:
    kind = type(value)
    if attrs.has(kind):
        name, fields, later = _fields(kind)
        # an empty field of a later version says no more than none
        _feed_fields(digest, name, fields + tuple(n for n in later if getattr(value, n)), value)
    elif isinstance(value, np.ndarray):
        _feed_array(digest, value)
    elif isinstance(value, pa.Table):
        digest.update(f"table {value.num_rows}\n".encode())
        for field, column in zip(value.schema, value.columns, strict=True):
            said = sorted((field.metadata or {}).items())
            digest.update(f"field {field.name!r} {field.nullable} {said!r}\n".encode())
            _feed_column(digest, column)
    elif isinstance(value, Mapping):
        _feed_parts(digest, [part for key in sorted(value, key=repr) for part in (key, value[key])])
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        _feed_parts(digest, value)
    else:
        digest.update(f"{_text(value)}\n".encode())


def _feed_parts(digest: _Hash, parts: Sequence[object]) -> None:
    digest.update(f"sequence {len(parts)}\n".encode())
    for part in parts:
        _feed(digest, part)


def _feed_fields(digest: _Hash, name: str, fields: Sequence[str], value: object) -> None:
    parts = tuple(getattr(value, field) for field in fields)
    if all(type(part) in _PLAIN for part in parts):
        digest.update(f"{name}{parts!r}\n".encode())
        return
    digest.update(f"{name}\n".encode())
    _feed_parts(digest, parts)


@functools.cache
def _fields(kind: type[attrs.AttrsInstance]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the name of an attrs class, of its fields, and of those that count unless empty."""
    fields = attrs.fields(kind)
    later = tuple(field.name for field in fields if UNLESS_EMPTY in field.metadata)
    return kind.__name__, tuple(each.name for each in fields if each.name not in later), later


def _text(value: object) -> str:
    """Return a single value as text, a number the same whatever type holds it."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, (str, bool, np.bool_)):
        return repr(str(value))
    if isinstance(value, numbers.Integral):
        return repr(int(value))
    if isinstance(value, numbers.Real):
        return "nan" if math.isnan(value) else repr(float(value))
    return repr(value)


def _feed_array(digest: _Hash, array: npt.NDArray[np.generic]) -> None:
    digest.update(f"array {array.shape!r}\n".encode())
    if array.dtype.kind == "f":
        # A NaN has a sign and a payload, which no file keeps.
        digest.update(np.where(np.isnan(array), np.nan, array).astype("<f8").tobytes())
    else:
        digest.update(array.astype("<i8").tobytes())


def _feed_column(digest: _Hash, column: pa.ChunkedArray) -> None:
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(kind)
    digest.update(f"column {kind} {len(column)}\n".encode())
    missing = column.is_null()
    digest.update(np.packbits(numpy_of(missing)).tobytes())
    if pa.types.is_null(kind):
        return
    try:
        texts = column.cast(pa.large_string() if not _is_binary(kind) else pa.large_binary())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        _feed(digest, column.to_pylist())
        return
    texts = pc.fill_null(texts.cast(pa.large_binary()), b"").combine_chunks()
    for chunk in texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]:
        digest.update(numpy_of(pc.binary_length(chunk)).tobytes())
        _, offsets, data = chunk.buffers()
        if len(chunk) and data is not None:
            ends = np.frombuffer(offsets, np.int64, len(chunk) + 1, 8 * chunk.offset)
            digest.update(memoryview(data)[int(ends[0]) : int(ends[-1])].tobytes())


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
