"""Arrays of numpy, without the libraries that numpy and pyarrow look for when they are asked.

Input: arrays of one dimension.  Output: the same values as an Arrow array, or the distinct ones.
`pyarrow.array` and `numpy.unique` do it too, but ask first whether the array is one of `numpy.ma`
or of pandas: importing those takes longer than all the work of a small command.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["arrow_of", "distinct_of"]

T = TypeVar("T", bound=np.generic)


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
