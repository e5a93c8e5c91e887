"""Documents of lists that no table is: what is said of them, where, and how to mend it."""

from __future__ import annotations

import pytest

import reen
from reen.errors import InventoryError


def test_lists_of_lists() -> None:
    with pytest.raises(InventoryError) as error:
        reen.read(b'{"ecoles": [[{"type": "PC portable"}]]}', name="parc.json")
    assert "parc.json has its records in lists of lists: ecoles[0] is one, of 1" in str(error.value)
    assert 'such as [{"type": "laptop", "quantity": 3}]' in str(error.value)


def test_equipment_inside_the_records_of_sites() -> None:
    text = '[{"nom": "A", "parc": [{"genre": "PC"}]}, {"nom": "B", "parc": [{"genre": "Écran"}]}]'
    with pytest.raises(InventoryError, match=r"Its records hold lists: parc \(2\)"):
        reen.read(text.encode(), name="parc.json")


def test_a_frame_in_two_parts() -> None:
    text = '{"columns": ["type", "quantity"], "data": [["PC portable", 3], ["Écran", 2]]}'
    found = reen.read(text.encode(), name="parc.json")
    assert found.table["quantity"].to_pylist() == [3.0, 2.0]
