"""Data frames with cells that are no text: an error that names the column, and what to do."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen
from reen.errors import InventoryError

CELLS = {
    "a structure": pa.array([{"a": 1}, {"a": 2}]),
    "a list": pa.array([[1], [2]], pa.list_(pa.int64())),
    "bytes that are no UTF-8": pa.array([b"PC portable", b"\xff"]),
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_column_without_text_is_named_with_the_remedy(kind: str) -> None:
    frame = pa.table({"Type": ["PC portable", "Écran"], "Détail": CELLS[kind]})
    with pytest.raises(InventoryError, match=r"column 'Détail' holds .*; leave the column out"):
        reen.read(frame)
