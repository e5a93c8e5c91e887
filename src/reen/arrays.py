"""Arrays, without the libraries that numpy and pyarrow look for when they are asked for one.

Input: arrays of one dimension, short lists of texts, single values.  Output: the same as Arrow
data or as a numpy array, or the distinct values.  `pyarrow.array`, `pyarrow.scalar`, `to_numpy` and
`numpy.unique` do it too, but ask first whether they were given something of `numpy.ma` or of
pandas, and import them for that: it takes longer than all the work of a small command.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["all_but", "arrow_of", "distinct_of", "empty_of", "numpy_of", "scalar_of", "texts_of"]

T = TypeVar("T", bound=np.generic)

#: Texts beyond which `pyarrow.array` is worth what it imports.
_MANY = 2_000


def arrow_of(values: npt.NDArray[Any], *, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Return the numbers or truth values of one dimension as an Arrow array.

    Parameters
    ----------
    values
        (n,), integers, floats or booleans.  Not to be written into afterwards: the Arrow array
        looks at the same memory.
    missing
        (n,), which of them are null; none when absent (a nan then stays a nan).

    Examples
    --------
    >>> arrow_of(np.array([3, 1])).to_pylist()
    [3, 1]
    >>> arrow_of(np.array([True, False, True]), missing=np.array([False, False, True])).to_pylist()
    [True, False, None]
    """
    held = np.packbits(values, bitorder="little") if values.dtype == np.bool_ else values
    content = pa.py_buffer(np.ascontiguousarray(held))
    there = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [there, content], 0 if there is None else -1
    )


def all_but(count: int, rows: npt.NDArray[np.int64]) -> pa.BooleanArray:
    """Return a mask of so many rows that keeps all but some.

    Examples
    --------
    >>> all_but(3, np.array([1])).to_pylist()
    [True, False, True]
    """
    kept = np.ones(count, np.bool_)
    kept[rows] = False
    return arrow_of(kept)


def texts_of(texts: Sequence[str | None]) -> pa.StringArray:
    """Return texts as an Arrow array; None is null.

    Examples
    --------
    >>> texts_of(["écran", None, ""]).to_pylist()
    ['écran', None, '']
    """
    if len(texts) > _MANY:
        return pa.array(texts, pa.string())
    content = [b"" if text is None else text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, content)], dtype=np.int32)
    missing = np.array([text is None for text in texts], np.bool_)
    there = pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None
    return pa.Array.from_buffers(
        pa.string(),
        len(content),
        [there, pa.py_buffer(ends), pa.py_buffer(b"".join(content))],
        0 if there is None else -1,
    )


def scalar_of(value: np.generic | str | float) -> pa.Scalar:
    """Return one value as Arrow: of the type of a numpy number, else bool, int64 or double.

    Examples
    --------
    >>> scalar_of(np.int32(-1))
    <pyarrow.Int32Scalar: -1>
    >>> scalar_of("PC")
    <pyarrow.StringScalar: 'PC'>
    """
    return (texts_of([value]) if isinstance(value, str) else arrow_of(np.array([value])))[0]


def empty_of(schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch without a row."""
    return pa.RecordBatch.from_arrays([pa.nulls(0, each.type) for each in schema], schema=schema)


def numpy_of(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return a column as a numpy array, as `to_numpy(zero_copy_only=False)` would.

    Null is nan among numbers, which are float64 then where they were integers, and NaT among dates
    and instants.  Numbers of which none is null are the same memory, not to be written into.

    Examples
    --------
    >>> numpy_of(pa.array([3, None, 1])).tolist()
    [3.0, nan, 1.0]
    >>> numpy_of(pa.array([True, False])).tolist()
    [True, False]
    """
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    parts = [_numpy_of_array(chunk) for chunk in chunks] or [column.to_numpy()]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _numpy_of_array(column: pa.Array) -> npt.NDArray[Any]:
    size, start = len(column), column.offset
    dtype, shown = _dtypes(column.type)
    if dtype is None or (dtype == np.bool_ and column.null_count):
        return _objects_of(column)
    if not size:
        return np.zeros(0, shown or dtype)
    content = column.buffers()[1]
    if dtype == np.bool_:
        return _bits(content, start, size)
    values = np.frombuffer(content, dtype, size, start * dtype.itemsize)
    if shown is not None:
        values = values.astype(np.int64, copy=False).view(shown)
    if not column.null_count:
        return values
    there = _bits(column.buffers()[0], start, size)
    if shown is not None:
        return np.where(there, values, np.full(1, "NaT", shown))
    kept = values.dtype if values.dtype.kind == "f" else np.dtype(np.float64)
    return np.where(there, values, np.nan).astype(kept, copy=False)


def _objects_of(column: pa.Array) -> npt.NDArray[Any]:
    told = pa.types.is_boolean(column.type) or pa.types.is_string(column.type)
    if not told or len(column) > _MANY:
        other: npt.NDArray[Any] = column.to_numpy(zero_copy_only=False)
        return other
    return np.array(column.to_pylist(), dtype=object)


def _bits(content: pa.Buffer, start: int, size: int) -> npt.NDArray[np.bool_]:
    first = start // 8
    bits = np.frombuffer(content, np.uint8, (start + size + 7) // 8 - first, first)
    unpacked = np.unpackbits(bits, bitorder="little", count=start % 8 + size)
    return unpacked[start % 8 :].view(np.bool_)


@functools.cache
def _dtypes(kind: pa.DataType) -> tuple[np.dtype[Any] | None, str | None]:
    """Return how a kind of numbers lies in memory, and as what it is shown; None for others."""
    if pa.types.is_date32(kind):
        return np.dtype(np.int32), "M8[D]"
    if pa.types.is_timestamp(kind):
        return np.dtype(np.int64), f"M8[{kind.unit}]"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        return np.dtype(kind.to_pandas_dtype()), None
    return None, None


def distinct_of(values: npt.NDArray[T]) -> npt.NDArray[T]:
    """Return the distinct values, sorted.

    Parameters
    ----------
    values
        (n,), without nan.

    Examples
    --------
    >>> distinct_of(np.array([3, -1, 3])).tolist()
    [-1, 3]
    """
    found = np.sort(values)
    first = np.ones(len(found), np.bool_)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first]
