"""Numbers of a review: items of rows whose number is known, and rows whose number is not."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen
from reen.review.numbers import counted


@pytest.mark.parametrize(
    ("quantities", "english", "french"),
    [
        ([5.0, None, None], "5 items, 2 rows of unknown quantity", "5 équipements, 2 lignes de"),
        ([None], "1 row of unknown quantity", "1 ligne de quantité inconnue"),
        ([5.0, 1.0], "6 items", "6 équipements"),
    ],
)
def test_rows_of_unknown_quantity_are_told_beside_the_items(
    quantities: list[float | None], english: str, french: str
) -> None:
    """What a row does not say is no item, and is not lost beside those that are counted."""
    rows = len(quantities)
    fleet = pa.table(
        {
            "equipment_type": ["laptop"] * rows,
            "status": ["retired"] * rows,
            "quantity": pa.array(quantities, pa.float64()),
            "lifetime": [5.0] * rows,
        }
    )
    found = reen.measure(fleet, "base-carbone", as_of="2023-12-31").coverage
    (row,) = [each for each in found.excluded() if each.kind == "item"]
    with reen.language("en"):
        assert counted(row).replace("\N{NO-BREAK SPACE}", " ") == english
    with reen.language("fr"):
        assert counted(row).replace("\N{NO-BREAK SPACE}", " ").startswith(french)
