"""Cell sums: dense while small, pairs beyond, the same sums."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from reen.engine.cells import CellSum, sum_by_key

LIMITS = pytest.mark.parametrize("limit", [0, 1 << 20], ids=["sparse", "dense"])


def cells(sums: CellSum) -> list[tuple[int, int, float]]:
    rows, columns, values = sums.cells()
    return list(zip(rows.tolist(), columns.tolist(), values[0].tolist(), strict=True))


@LIMITS
def test_nothing_added_is_nothing(limit: int) -> None:
    """No cell."""
    assert cells(CellSum(dense_cells=limit)) == []


@LIMITS
def test_equal_cells_are_summed(limit: int) -> None:
    """1 + 2 in (0, 1), 4 in (2, 0)."""
    sums = CellSum(dense_cells=limit)
    sums.add(np.array([0, 2, 0]), np.array([1, 0, 1]), np.array([1.0, 4.0, 2.0]), height=3, width=2)
    assert cells(sums) == [(0, 1, 3.0), (2, 0, 4.0)]


@LIMITS
def test_one_row_for_all(limit: int) -> None:
    """Row 0 throughout, as without groups: 1 + 2 in column 1, 5 in column 0."""
    sums = CellSum(dense_cells=limit)
    sums.add(0, np.array([1, 1, 0]), np.array([1.0, 2.0, 5.0]), height=1, width=2)
    assert cells(sums) == [(0, 0, 5.0), (0, 1, 3.0)]


@LIMITS
def test_one_value_for_all(limit: int) -> None:
    """1.0 throughout, as for counting: two rows 0 and one row 1."""
    sums = CellSum(dense_cells=limit)
    sums.add(np.array([0, 0, 1]), np.array([0, 0, 0]), 1.0, height=2, width=1)
    assert cells(sums) == [(0, 0, 2.0), (1, 0, 1.0)]


@LIMITS
def test_sums_of_zero_are_left_out(limit: int) -> None:
    """2 - 2 is no cell."""
    sums = CellSum(dense_cells=limit)
    sums.add(np.array([0, 0]), np.array([0, 0]), np.array([2.0, -2.0]), height=1, width=1)
    assert cells(sums) == []


@LIMITS
def test_new_rows_and_columns_keep_the_old_sums(limit: int) -> None:
    """1 + 3 in (0, 0), and 2 in a cell that was not there."""
    sums = CellSum(dense_cells=limit)
    sums.add(np.array([0]), np.array([0]), np.array([1.0]), height=1, width=1)
    sums.add(np.array([4]), np.array([6]), np.array([2.0]), height=5, width=7)
    sums.add(np.array([0]), np.array([0]), np.array([3.0]), height=5, width=7)
    assert cells(sums) == [(0, 0, 4.0), (4, 6, 2.0)]


@LIMITS
def test_reading_does_not_end_the_sums(limit: int) -> None:
    """Cells may be read, then more values added."""
    sums = CellSum(dense_cells=limit)
    sums.add(np.array([0]), np.array([0]), np.array([1.0]), height=1, width=1)
    cells(sums)
    sums.add(np.array([0]), np.array([0]), np.array([1.0]), height=1, width=1)
    assert cells(sums) == [(0, 0, 2.0)]


@pytest.mark.parametrize("limit", [0, 1 << 20], ids=["sparse", "dense"])
def test_the_caller_may_reuse_its_arrays(limit: int) -> None:
    """Values are summed as they were when added."""
    sums = CellSum(dense_cells=limit)
    values = np.array([1.0])
    sums.add(np.array([0]), np.array([0]), values, height=1, width=1)
    values[0] = 100.0
    assert cells(sums) == [(0, 0, 1.0)]


def test_sum_by_key_sorts() -> None:
    """Keys 1 and 5: 2, and 1 + 3."""
    keys, sums = sum_by_key(np.array([5, 1, 5]), np.array([1.0, 2.0, 3.0]))
    assert (keys.tolist(), sums.tolist()) == ([1, 5], [2.0, 4.0])


def test_sum_by_key_of_nothing() -> None:
    """Empty in, empty out."""
    keys, sums = sum_by_key(np.array([], np.int64), np.array([]))
    assert (len(keys), len(sums)) == (0, 0)


def test_a_large_table_is_not_made_for_few_values() -> None:
    """A million groups, eight cells each, of which ten have a value: 64 MiB as a table."""
    sums = CellSum()
    rows = np.arange(0, 1_000_000, 100_000)
    tracemalloc.start()
    sums.add(rows, np.full(10, 3), np.arange(10.0) + 1.0, height=1_000_000, width=8)
    found = sums.cells()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20
    assert found[0].tolist() == rows.tolist()
    assert found[2][0].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]


def test_sum_by_key_of_keys_in_no_order() -> None:
    """Keys 0 to 9, each 100 times in no order, all worth its key: 100 times the key each."""
    keys = np.random.default_rng(7).permutation(np.repeat(np.arange(10), 100))
    found, sums = sum_by_key(keys, keys[None, :].astype(np.float64))
    assert found.tolist() == list(range(10))
    assert sums[0].tolist() == [100.0 * key for key in range(10)]
