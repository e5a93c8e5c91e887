"""Blank cells as masks, and values replaced by them without a choice for each row."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from reen.inventory.masks import floats_of, nulls_of, with_ones, with_zeros

_FLOATS = st.lists(st.one_of(st.none(), st.floats(allow_nan=False)), max_size=40)


@given(values=_FLOATS, start=st.integers(0, 20), size=st.integers(0, 40))
def test_slices_keep_their_nulls(values: list[float | None], start: int, size: int) -> None:
    """A slice of an Arrow array shares the bitmap of the whole, at any bit of it."""
    part = pa.array(values, pa.float64()).slice(start, size)
    expected = values[start : start + size]
    assert nulls_of(part).tolist() == [value is None for value in expected]
    found = floats_of(part).tolist()
    assert [None if math.isnan(value) else value for value in found] == expected


@pytest.mark.parametrize(
    "array",
    [
        pa.nulls(3),
        pa.array([None, None, None], pa.string()),
        pa.array([None, None, None], pa.string()).dictionary_encode(),
        pa.array([None, None, None], pa.int64()),
    ],
    ids=["null", "text", "codes", "whole numbers"],
)
def test_nulls_of_every_type(array: pa.Array) -> None:
    assert nulls_of(array).tolist() == [True, True, True]


def test_whole_numbers_become_floats() -> None:
    assert repr(floats_of(pa.array([1, None, 3])).tolist()) == "[1.0, nan, 3.0]"


def test_what_is_not_null_is_not_copied() -> None:
    array = pa.array([1.0, 2.0])
    assert floats_of(array).ctypes.data == array.buffers()[1].address


@given(pairs=st.lists(st.tuples(st.floats(), st.booleans()), max_size=30))
def test_chosen_floats_become_nan_or_zero(pairs: list[tuple[float, bool]]) -> None:
    values = np.array([value for value, _ in pairs], np.float64)
    where = np.array([chosen for _, chosen in pairs], np.bool_)
    before = values.tobytes()
    np.testing.assert_array_equal(with_ones(values, where), np.where(where, np.nan, values))
    np.testing.assert_array_equal(with_zeros(values, where), np.where(where, 0.0, values))
    assert values.tobytes() == before


def test_chosen_codes_become_minus_one() -> None:
    codes = with_ones(np.array([0, 7, 2**31 - 1], np.int32), np.array([True, False, True]))
    assert codes.dtype == np.int32
    assert codes.tolist() == [-1, 7, -1]


def test_chosen_bits_become_all_ones() -> None:
    bits = with_ones(np.array([0, 5], np.uint64), np.array([True, False]))
    assert bits.tolist() == [2**64 - 1, 5]
