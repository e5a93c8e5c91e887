"""Content digest: the same for equal contents however they are held, and another for any other."""

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np
import pyarrow as pa
import pytest

from reen.results.content_digest import content_digest


@attrs.frozen
class Point:
    x: float
    names: tuple[str, ...] = ()


KEYS = pa.table(
    {"a": pa.array(["x", None, "", "yé"]), "b": pa.array([1.5, float("nan"), None, -0.0])}
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1, 2], np.int32), np.array([1, 2], np.int64)),
        (np.array([1.0, np.nan]), np.array([1.0, -np.nan])),
        ([1, 2.0], (np.int64(1), np.float32(2.0))),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (Point(1.0, ("a",)), Point(np.float64(1.0), ["a"])),
        (KEYS, pa.concat_tables([KEYS.slice(0, 1), KEYS.slice(1)])),
        (KEYS, KEYS.slice(0)),
        (KEYS.slice(2), pa.Table.from_pylist(KEYS.slice(2).to_pylist(), KEYS.schema)),
        (
            pa.table({"a": pa.array(["x", "y"]).dictionary_encode()}),
            pa.table({"a": pa.DictionaryArray.from_arrays([1, 0], ["y", "x"])}),
        ),
    ],
)
def test_one_content_held_in_two_ways(one: object, other: object) -> None:
    """Widths, NaN, kinds of sequence and number, order of mappings, chunks, dictionaries."""
    assert content_digest(one) == content_digest(other)


@pytest.mark.parametrize(
    "other",
    [
        KEYS.take([1, 0, 2, 3]),
        KEYS.slice(0, 3),
        KEYS.rename_columns(["a", "c"]),
        KEYS.set_column(0, "a", pa.array(["x", "", None, "yé"])),
        KEYS.set_column(0, "a", pa.array(["", "x", None, "yé"])),
        KEYS.set_column(1, "b", pa.array([1.5, None, float("nan"), -0.0])),
        KEYS.set_column(1, pa.field("b", pa.float64(), metadata={"unit": "W"}), KEYS["b"]),
        KEYS.set_column(1, pa.field("b", pa.float32()), KEYS["b"].cast(pa.float32())),
    ],
)
def test_another_table(other: pa.Table) -> None:
    """Order, rows, names, blanks, what is no number, units, types."""
    assert content_digest(KEYS) != content_digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([["a"], ["b"]], [["a", "b"]]),
        (["ab"], ["a", "b"]),
        (1.0, 1.0000000000000002),
        ("1", 1),
        (None, "None"),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        ({"a": "b"}, {"b": "a"}),
        (Point(1.0), Point(2.0)),
    ],
)
def test_another_content(one: object, other: object) -> None:
    """Structure counts as well as values."""
    assert content_digest(one) != content_digest(other)


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([dt.date(2022, 1, 1), None]),
        pa.array([dt.datetime(2022, 1, 1, tzinfo=dt.UTC), None]),
        pa.array([True, None]),
        pa.array([b"\xff", None]),
        pa.array([dt.timedelta(1), None]),
        pa.array([dt.time(1), None]),
        pa.array([None, None]),
    ],
    ids=lambda cells: str(cells.type),
)
def test_keys_of_every_type(cells: pa.Array) -> None:
    """What can be grouped by can be hashed, and its order counts."""
    table = pa.table({"a": cells})
    assert content_digest(table) == content_digest(pa.table({"a": pa.chunked_array([cells])}))
    if cells.null_count < len(cells):
        assert content_digest(table) != content_digest(table.take([1, 0]))
