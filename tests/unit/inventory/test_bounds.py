"""What stands at each place of cells of one length."""

from __future__ import annotations

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

from reen.inventory.bounds import Bounds, bounds_of

WIDTHS = st.integers(1, 70)


@st.composite
def columns(draw: st.DrawFn) -> list[str | None]:
    """Return cells most of which have one length."""
    width = draw(WIDTHS)
    cell = st.text("aZ09 é-", min_size=width, max_size=width)
    return draw(st.lists(st.none() | cell, max_size=8)) * draw(st.sampled_from((1, 1, 300)))


@given(columns(), st.integers(0, 3))
def test_bounds_are_those_of_each_place(cells: list[str | None], skipped: int) -> None:
    texts = [cell.encode() for cell in cells[skipped:] if cell is not None]
    found = bounds_of(pa.array(cells, pa.string()).slice(skipped))
    if len({len(text) for text in texts}) != 1 or len(texts[0]) > 64:
        assert found is None
    else:
        places = list(zip(*texts, strict=True))
        assert found == Bounds(bytes(map(min, places)), bytes(map(max, places)))


def test_a_null_cell_that_has_bytes_is_no_cell_of_that_length() -> None:
    """Foreign data may keep the bytes of a cell that it made null, beside an empty one."""
    offsets, content = pa.py_buffer(b"\0\0\0\0\1\0\0\0\1\0\0\0"), pa.py_buffer(b"x")
    array = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\2"), offsets, content])
    assert array.to_pylist() == [None, ""]
    assert bounds_of(array) is None


@pytest.mark.parametrize(
    ("word", "expected"), [("N/A", False), ("sn1", True), ("SN7", True), ("SN", False)]
)
def test_a_word_may_be_a_cell_in_whatever_case(word: str, *, expected: bool) -> None:
    found = bounds_of(pa.array(["SN1", None, "SN9"]))
    assert found is not None
    assert found.may_be(word) is expected
