"""Documents of lists that no table is: what is said of them, where, and how to mend it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

import reen
from reen.errors import InventoryError
from reen.inventory.account import Fate
from reen.tables.headers.understanding import recognise


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


def _device(number: int) -> dict[str, object]:
    """Return a record of a tool of mobile devices."""
    return {
        "device": {
            "serial_number": f"C02XK{number}ABMD6",
            "asset_tag": f"PARC-{number}",
            "model": {"name": "Latitude 5420", "manufacturer": {"name": "Dell"}},
            "os_version": "14.2",
            "processor": {"name": "i5-1145G7", "count": 4},
            "battery": {"serial_number": f"BAT{number}"},
        },
        "location": {"site": {"name": "Mairie"}, "id": 12, "name": "Rez-de-chaussée"},
        "purchasing": {"purchase_date": "2022-03-01", "status": "paid"},
        "user": {"name": "Camille Petit", "id": 7},
    }


@pytest.mark.parametrize("around", [None, "devices", "results"])
def test_objects_inside_the_records_of_devices(around: str | None) -> None:
    """The parts of a device are its columns; those of its parts and of its user are not."""
    records = [_device(number) for number in range(3)]
    text = json.dumps(records if around is None else {around: records})
    found = reen.read(text.encode(), name="parc.json")
    first = {name: value for name, value in found.table.to_pylist()[0].items() if value is not None}
    assert first.pop("source").startswith("parc.json")
    assert first == {
        "equipment_type": "laptop",
        "equipment_type_basis": "model",
        "model": "Latitude 5420",
        "serial_number": "C02XK0ABMD6",
        "asset_tag": "PARC-0",
        "site": "Mairie",
        "purchase_date": dt.date(2022, 3, 1),
        "cpu_model": "i5-1145G7",
        "status": "in_use",
        "source_row": 1,
    }
    assert found.account.items_of(Fate.COUNTED) == 3
    assert not found.account.doubts


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("device.serial_number", "serial_number"),
        ("general.device.model.name", "model"),
        ("hardware.model", "model"),
        ("computer.manufacturer.name", "manufacturer"),
        ("location.site.name", "site"),
        ("battery.serial_number", ""),
        ("hardware.processor.count", ""),
        ("location.id", ""),
        ("purchasing.status", ""),
        ("network.device.model", ""),
        ("device.", ""),
        ("2.5", ""),
        ("srv01.device.model", ""),
    ],
)
def test_the_last_parts_of_a_path_name_a_column(header: str, column: str) -> None:
    assert recognise([header]) == [column] * bool(column)


def test_what_stands_alone_goes_before_what_lies_inside() -> None:
    text = '[{"type": "laptop", "model": "X1", "device": {"model": {"name": "Y2"}}}]'
    assert reen.read(text.encode(), name="a.json").table["model"].to_pylist() == ["X1"]


def test_the_surest_of_two_objects_counts() -> None:
    text = '[{"type": "laptop", "hardware": {"model": "Y2"}, "general": {"model": "X1"}}]'
    assert reen.read(text.encode(), name="a.json").table["model"].to_pylist() == ["X1"]
