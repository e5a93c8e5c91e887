"""Groups: numbers of the distinct combinations, stable while batches arrive."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pyarrow as pa
import pytest

from reen.engine.numbering import GroupIndex, number_rows
from reen.errors import InventoryError


def found(batches: list[pa.RecordBatch], *by: str) -> list[dict[str, object]]:
    """Return the key that each row of some batches is given back."""
    index = GroupIndex(by)
    numbers = [number for batch in batches for number in np.asarray(index.numbers(batch)).tolist()]
    keys = index.keys().to_pylist()
    return [keys[number] for number in numbers]


def test_without_columns_there_is_one_group() -> None:
    """Number 0 for every row."""
    index = GroupIndex(())
    assert index.numbers(pa.RecordBatch.from_pydict({"a": [1, 2]})) == 0
    assert len(index) == 1


@pytest.mark.parametrize(
    "values",
    [
        ["b", "a", None, "b"],
        [3, -1, None, 3],
        [1.5, 0.0, None, 1.5],
        [True, None, False, True],
        [dt.date(2022, 1, 1), None, dt.date(2021, 1, 1), dt.date(2022, 1, 1)],
        [dt.datetime(2022, 1, 1, 8), None, dt.datetime(2021, 1, 1), dt.datetime(2022, 1, 1, 8)],  # noqa: DTZ001 - a plain Arrow timestamp
    ],
    ids=["text", "whole", "float", "truth", "day", "instant"],
)
def test_rows_find_their_value_back(values: list[object]) -> None:
    """Any type of column, nulls included."""
    batch = pa.RecordBatch.from_pydict({"key": values})
    assert [key["key"] for key in found([batch], "key")] == values


def test_two_columns_make_combinations() -> None:
    """Each row finds its pair back, a pair of nulls too."""
    batch = pa.RecordBatch.from_pydict({"a": ["x", "x", "y", None], "b": [1, 2, 1, None]})
    assert found([batch], "a", "b") == batch.to_pylist()


def test_numbers_do_not_move_when_values_arrive() -> None:
    """Sixty batches, each with a value never seen: the table is laid out again several times."""
    batches = [
        pa.RecordBatch.from_pydict({"a": [f"a{k}", "a0"], "b": [k, k // 2]}) for k in range(60)
    ]
    expected = [row for batch in batches for row in batch.to_pylist()]
    assert found(batches, "a", "b") == expected


def test_a_column_that_is_not_there_is_null() -> None:
    """In every row."""
    batch = pa.RecordBatch.from_pydict({"a": [1, 2]})
    assert found([batch], "b") == [{"b": None}, {"b": None}]


def test_a_column_that_is_null_at_first_takes_the_later_type() -> None:
    """A part without values, then whole numbers."""
    batches = [
        pa.RecordBatch.from_pydict({"a": pa.nulls(1)}),
        pa.RecordBatch.from_pydict({"a": [3]}),
    ]
    assert found(batches, "a") == [{"a": None}, {"a": 3}]


def test_nulls_that_come_later_are_a_group() -> None:
    """The same dictionary, first without nulls and then with one."""
    words = pa.array(["x", "y"])
    batches = [
        pa.RecordBatch.from_pydict(
            {"a": pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), words)}
        )
        for codes in ([0, 1], [1, None])
    ]
    assert [key["a"] for key in found(batches, "a")] == ["x", "y", "y", None]


def test_two_types_of_one_column_are_refused() -> None:
    """Text in one part, numbers in the other: the message names both types."""
    index = GroupIndex(["a"])
    index.numbers(pa.RecordBatch.from_pydict({"a": ["x"]}))
    with pytest.raises(InventoryError, match="'a' is string in one part of the data and int64 in"):
        index.numbers(pa.RecordBatch.from_pydict({"a": [1]}))


def test_sorted_numbers_follow_the_keys() -> None:
    """Sorted by the first column, then the second, null last."""
    table = pa.table({"a": ["y", None, "x", "x"], "b": [1, 1, 2, 1]})
    numbers, keys = number_rows(table)
    assert numbers.tolist() == [2, 3, 1, 0]
    assert keys.to_pylist() == [
        {"a": "x", "b": 1},
        {"a": "x", "b": 2},
        {"a": "y", "b": 1},
        {"a": None, "b": 1},
    ]


def test_equal_keys_share_a_number() -> None:
    """Rows 0 and 2 are both 2, the second of the sorted keys."""
    numbers, keys = number_rows(pa.table({"a": [2, 1, 2]}))
    assert (numbers.tolist(), keys["a"].to_pylist()) == ([1, 0, 1], [1, 2])


def test_many_groups_use_no_table() -> None:
    """3,000 x 3,000 possible combinations, 3,000 of them there."""
    size = 3_000
    batch = pa.RecordBatch.from_pydict(
        {"a": [f"a{k}" for k in range(size)], "b": [f"b{size - k}" for k in range(size)]}
    )
    assert found([batch.slice(0, 1_000), batch.slice(1_000)], "a", "b") == batch.to_pylist()


def test_five_columns_of_thousands_of_values() -> None:
    """Identifier, name, user, serial number and tag of 9,000 assets: each is its own group."""
    size = 9_000
    names = ("id", "name", "user_id", "serial_number", "asset_tag")
    batch = pa.RecordBatch.from_pydict(
        {name: [f"{name}-{k}" for k in range(size)] for name in names}
    )
    index = GroupIndex(names)
    numbers = index.numbers(batch)
    assert index.keys().take(pa.array(numbers)).equals(pa.table(batch))


def test_numbers_that_are_not_numbers_are_one_group() -> None:
    """Two unreadable prices, in two batches, are one group."""
    index = GroupIndex(["price"])
    numbers = [
        np.asarray(index.numbers(pa.RecordBatch.from_pydict({"price": [value, 3.0]}))).tolist()
        for value in (math.nan, math.nan)
    ]
    assert numbers[0] == numbers[1]
    final, keys = number_rows(index.keys())
    assert (len(final), keys.num_rows) == (2, 2)


@pytest.mark.parametrize(
    "values",
    [
        ["b", None, "a", "c"],
        [3.5, math.nan, -1.0, None],
        [dt.date(2024, 1, 2), dt.date(2023, 1, 1)],
        [True, None, False],
        [7],
    ],
    ids=["text", "numbers", "dates", "booleans", "one"],
)
def test_rows_known_to_be_distinct_are_numbered_as_any(values: list[object]) -> None:
    table = pa.table({"a": values})
    numbers, keys = number_rows(table)
    found, distinct = number_rows(table, distinct=True)
    assert found.tolist() == numbers.tolist()
    assert repr(distinct.to_pylist()) == repr(keys.to_pylist())
