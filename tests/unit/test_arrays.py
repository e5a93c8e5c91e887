"""Arrays of numpy as those of Arrow, and their distinct values, without what numpy looks for."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from reen.arrays import arrow_of, distinct_of, numpy_of, scalar_of, texts_of

KINDS = st.sampled_from([np.bool_, np.int8, np.int32, np.int64, np.uint32, np.float32, np.float64])
ANY = KINDS.flatmap(lambda kind: arrays.arrays(kind, st.integers(0, 40)))


@given(ANY)
def test_it_equals_what_pyarrow_makes(values: np.ndarray) -> None:
    made = arrow_of(values)
    made.validate(full=True)
    assert made.null_count == 0
    assert str(made) == str(pa.array(values))


@given(ANY, st.data())
def test_what_is_missing_is_null(values: np.ndarray, data: st.DataObject) -> None:
    missing = data.draw(arrays.arrays(np.bool_, len(values)))
    made = arrow_of(values, missing=missing)
    made.validate(full=True)
    assert made.null_count == missing.sum()
    assert str(made) == str(pa.array(values, mask=missing))


def test_every_second_number() -> None:
    assert arrow_of(np.arange(6)[::2]).to_pylist() == [0, 2, 4]


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.bool_, str])
def test_distinct_values_are_those_of_numpy(kind: type) -> None:
    values: np.ndarray = np.array([3, 1, 0, 3, 1, 12]).astype(kind)
    assert distinct_of(values).tolist() == np.unique(values).tolist()
    assert distinct_of(values[:0]).tolist() == []


WORDS = st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=5), max_size=20)


@given(WORDS)
def test_texts_are_those_of_pyarrow(texts: list[str | None]) -> None:
    made = texts_of(texts)
    made.validate(full=True)
    assert made.equals(pa.array(texts, pa.string()))


def test_many_texts() -> None:
    texts = ["é", None, ""] * 1_000
    assert texts_of(texts).equals(pa.array(texts, pa.string()))


@pytest.mark.parametrize("value", ["écran", "", True, -1, 2.5, np.int32(7)])
def test_a_scalar_is_that_of_pyarrow(value: np.generic | str | float) -> None:
    assert scalar_of(value).equals(pa.scalar(value))


NUMBERS = st.sampled_from(
    [
        *(pa.int8(), pa.uint8(), pa.int32(), pa.int64(), pa.uint64(), pa.float32(), pa.float64()),
        *(pa.bool_(), pa.date32(), pa.timestamp("s"), pa.timestamp("us", "UTC"), pa.string()),
    ]
)


@given(NUMBERS, st.lists(st.none() | st.integers(0, 100), max_size=40), st.data())
def test_a_column_is_what_pyarrow_makes_of_it(
    kind: pa.DataType, cells: list[int | None], data: st.DataObject
) -> None:
    """Of any kind, with and without nulls, whole, cut and in chunks."""
    if pa.types.is_boolean(kind):
        column = pa.array([None if cell is None else cell > 50 for cell in cells], kind)
    else:
        whole = pa.int32() if pa.types.is_date32(kind) else pa.int64()
        column = pa.array(cells, whole).cast(kind)
    start = data.draw(st.integers(0, len(cells)))
    cut = column.slice(start, data.draw(st.integers(0, len(cells))))
    for each in (column, cut, pa.chunked_array([cut, column]), pa.chunked_array([cut])):
        made = numpy_of(each)
        expected = each.to_numpy(zero_copy_only=False)
        np.testing.assert_array_equal(made, expected)
        assert made.dtype == expected.dtype or not len(made)


def test_no_chunk_at_all() -> None:
    assert numpy_of(pa.chunked_array([], pa.int64())).tolist() == []
