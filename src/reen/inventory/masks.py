"""Masks: blank cells of Arrow columns as numpy booleans, and values replaced by them.

Input: Arrow arrays, numpy columns.  Output: numpy columns.  Blanks come in no order, so that a
choice for each row is guessed wrong by the processor: a selection costs 3 ns a row and the same by
bits, without a choice, under 1 ns.  Knows no schema.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.kernel import lendable, loops

__all__ = ["count_nan", "days_of", "floats_of", "nulls_of", "present_in", "with_ones", "with_zeros"]

T = TypeVar("T", np.float64, np.int32, np.uint64)


def nulls_of(array: pa.Array) -> npt.NDArray[np.bool_]:
    """Return where an array is null."""
    size = len(array)
    if not array.null_count:
        return np.zeros(size, np.bool_)
    bitmap = array.buffers()[0]
    if bitmap is None:  # an array of the type null has none
        return np.ones(size, np.bool_)
    compiled = loops()
    if compiled is not None:
        blank = np.empty(size, np.bool_)
        compiled.nulls(bitmap, array.offset, blank)
        return blank
    first, skipped = divmod(array.offset, 8)
    valid = np.frombuffer(bitmap, np.uint8)[first : first + (skipped + size + 7) // 8]
    bits: npt.NDArray[np.uint8] = np.unpackbits(valid, bitorder="little")
    null: npt.NDArray[np.bool_] = bits[skipped : skipped + size] == 0
    return null


def count_nan(values: npt.NDArray[np.float64]) -> int:
    """Return how many values are NaN."""
    compiled = loops()
    if compiled is not None:
        return compiled.count_nan(lendable(values))
    return int(np.count_nonzero(np.isnan(values)))


def floats_of(array: pa.Array) -> npt.NDArray[np.float64]:
    """Return a float64 array, NaN for null; a view where nothing is null."""
    if not array.null_count or array.type != pa.float64():
        values: npt.NDArray[np.float64] = numpy_of(array)
        return values
    stored = np.frombuffer(array.buffers()[1], np.float64, len(array), array.offset * 8)
    return with_ones(stored, nulls_of(array))


def days_of(array: pa.Array) -> npt.NDArray[np.datetime64]:
    """Return a datetime64[D] array, NaT for null."""
    if array.type != pa.date32() or not len(array):
        other: npt.NDArray[np.datetime64] = numpy_of(array)
        return other.astype("datetime64[D]", copy=False)
    stored = np.frombuffer(array.buffers()[1], np.int32, len(array), array.offset * 4)
    days = stored.astype(np.int64)
    if array.null_count:
        # no day is the number of which the first bit alone is set
        null = nulls_of(array).astype(np.uint64)
        bits = days.view(np.uint64)
        bits &= null - np.uint64(1)
        bits |= null << np.uint64(63)
    return days.view("datetime64[D]")


def present_in(codes: npt.NDArray[np.int32], size: int) -> npt.NDArray[np.intp]:
    """Return which of the numbers from 0 to `size` - 1 are among some codes, sorted."""
    compiled = loops()
    if compiled is not None:
        there = np.zeros(size, np.bool_)
        compiled.mark(lendable(codes), there)
        return np.flatnonzero(there)
    if not len(codes):
        return np.zeros(0, np.intp)
    return np.flatnonzero(np.bincount(codes, minlength=size))


def with_ones(values: npt.NDArray[T], where: npt.NDArray[np.bool_]) -> npt.NDArray[T]:
    """Return values of 4 or 8 bytes with all their bits set somewhere: NaN of floats, -1 of ints.

    Parameters
    ----------
    values, where
        (n,).
    """
    compiled = loops()
    if compiled is not None:
        found = np.empty(len(values), values.dtype)
        compiled.with_ones(lendable(values), lendable(where), found)
        return found
    if values.itemsize == np.dtype(np.int32).itemsize:
        short = np.negative(where.astype(np.uint32))
        short |= values.view(np.uint32)
        return short.view(values.dtype)
    long = np.negative(where.astype(np.uint64))
    long |= values.view(np.uint64)
    return long.view(values.dtype)


def with_zeros(
    values: npt.NDArray[np.float64], where: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Return values with none of their bits set somewhere: zero.

    Parameters
    ----------
    values, where
        (n,).
    """
    kept = where.astype(np.uint64)
    kept -= np.uint64(1)
    kept &= values.view(np.uint64)
    return kept.view(np.float64)
