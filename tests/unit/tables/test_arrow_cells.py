"""Data frames with cells that are no text: an error that names the column, and what to do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen
from reen.errors import InventoryError
from reen.inventory.account import Fate

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


def test_numbers_and_days_that_are_words_are_read(tmp_path: Path) -> None:
    """Canonical names are no types: "1 000", "4,5" and 31/12/2021 are read as in a CSV."""
    columns = {
        "equipment_type": ["laptop", "desktop"],
        "quantity": ["1 000", "2"],
        "lifetime": ["4,5", "5"],
        "purchase_date": ["31/12/2021", "2021-02-31"],
    }
    pq.write_table(pa.table(columns), tmp_path / "parc.parquet")
    for source in (tmp_path / "parc.parquet", pa.table(columns)):
        found = reen.read(source)
        first, second = found.table.select(list(columns)).to_pylist()
        assert first == {
            "equipment_type": "laptop",
            "quantity": 1000.0,
            "lifetime": 4.5,
            "purchase_date": dt.date(2021, 12, 31),
        }
        assert second["purchase_date"] is None
        assert found.table["purchase_date_precision"].to_pylist() == [None, "unreadable"]
        measured = reen.measure(source, "ecodiag", as_of="2025-12-31")
        assert measured.account.items_of(Fate.COUNTED) == 1002
