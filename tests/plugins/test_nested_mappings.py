"""Files of objects in objects, by the bundled mappings: agents and programming interfaces of tools.

The fixtures are invented, in the shape that each tool documents; the shared samples are read where
they stand beside the repository.
"""

from __future__ import annotations

import itertools
import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

import reen
from reen import Inventory
from reen.inventory.account import Fate

FIXTURES = Path(__file__).parents[1] / "fixtures" / "inventories"
AGENTS = FIXTURES / "glpi_agent"

Row = Mapping[str, object]


def read(*paths: Path) -> Inventory:
    found = reen.read(*paths)
    assert isinstance(found, Inventory)
    return found


def rows(*paths: Path) -> list[Row]:
    found: list[Row] = read(*paths).table.to_pylist()
    return found


def chosen(found: Row, *names: str) -> tuple[object, ...]:
    return tuple(found.get(name) for name in names)


def aside(inventory: Inventory) -> dict[str, int]:
    """Return the rows that are set aside, by reason, without what is only inside a record."""
    found: Counter[str] = Counter()
    for line in inventory.account.lines:
        if line.fate is Fate.SET_ASIDE:
            assert line.reason is not None
            found[line.reason.code] += line.rows
    del found["row_inside_record"]
    return dict(found)


def doubts(inventory: Inventory) -> list[tuple[str, dict[str, object]]]:
    return [(each.reason.code, dict(each.reason.details)) for each in inventory.account.doubts]


@pytest.mark.slow
def test_the_computer_of_an_agent() -> None:
    """8192 + 8192 MiB; 512110 MB, the disk on USB apart; the firmware's date is no purchase."""
    (laptop,) = [row for row in rows(AGENTS / "laptop.json") if row["parent_id"] is None]
    assert chosen(laptop, "equipment_type", "manufacturer", "model", "serial_number") == (
        ("laptop", "Dell Inc.", "Latitude 5440", "LAPFIX01")
    )
    assert chosen(laptop, "ram", "storage", "cpu_sockets", "cpu_cores") == (
        (16384.0, 512110.0, 1.0, 10.0)
    )
    assert chosen(laptop, "entity", "asset_tag") == ("Mairie", "INV-0001")
    assert laptop.get("purchase_date") is None
    schema = read(AGENTS / "laptop.json").table.schema
    assert schema.field("ram").metadata == {b"unit": b"MiB/item"}
    assert schema.field("storage").metadata == {b"unit": b"MB/item"}


def test_the_monitors_of_a_laptop_are_those_plugged_in() -> None:
    """The panel goes, and the monitor whose serial number nobody can read: it may be the panel.

    What the agent calls the laptop is its host name: the monitor refers to its file and line.
    """
    inventory = read(AGENTS / "laptop.json")
    (screen,) = [row for row in inventory.table.to_pylist() if row["parent_id"] is not None]
    assert chosen(screen, "equipment_type", "model", "serial_number", "parent_id") == (
        ("monitor", "DELL P2423", "MONFIX01", "laptop.json:1")
    )
    assert aside(inventory) == {"row_internal_panel": 2, "row_removable": 2}


@pytest.mark.slow
def test_an_update_of_one_section_is_no_second_computer() -> None:
    """In both orders: what the whole inventory says is not lost either."""
    paths = (AGENTS / "laptop.json", AGENTS / "laptop_update.json")
    for order in itertools.permutations(paths):
        inventory = read(*order)
        assert len(inventory) == 2  # with its monitor
        assert inventory.account.rows_of(Fate.MERGED) == 1
        (laptop,) = [row for row in inventory.table.to_pylist() if row["parent_id"] is None]
        assert chosen(laptop, "ram", "serial_number") == (16384.0, "LAPFIX01")


def test_an_agent_in_capitals() -> None:
    """XML of OCS agents: lists of one are objects alone, and the chassis stands in the BIOS."""
    inventory = read(AGENTS / "desktop.xml")
    computer, screen = inventory.table.to_pylist()
    assert chosen(computer, "equipment_type", "model", "cpu_model", "ram", "storage", "entity") == (
        ("desktop", "ThinkCentre M75s", "AMD Ryzen 5 PRO 3400G", 8192.0, 250059.0, "Ecole")
    )
    assert chosen(computer, "cpu_sockets", "cpu_cores", "asset_tag") == (1.0, 6.0, None)
    assert chosen(screen, "model", "parent_id", "entity") == (
        ("iiyama XUB2463", computer["id"], "Ecole")
    )
    assert aside(inventory) == {"row_virtual_machine_of_user": 1}


def test_the_machines_of_a_hypervisor_are_virtual_ones_and_containers_are_none() -> None:
    inventory = read(AGENTS / "server.json")
    (server,) = inventory.table.to_pylist()
    assert inventory.virtual_machines is not None
    machines = inventory.virtual_machines.to_pylist()
    assert [chosen(row, "name", "vcpu", "host_id") for row in machines] == [
        ("vm-compta", 4.0, server["id"]),
        ("vm-web", 2.0, server["id"]),
    ]
    assert chosen(server, "equipment_type", "cpu_sockets", "cpu_cores", "ram") == (
        ("server", 2.0, 32.0, 131072.0)
    )
    assert aside(inventory) == {"row_container": 2}


@pytest.mark.parametrize(
    ("name", "kind", "model", "serial"),
    [
        ("printer.json", "printer", "HP LaserJet M507", "PRNFIX01"),
        ("switch.json", "switch", "2530-48G", "SWIFIX01"),
        ("phone.json", "smartphone", "Mi 9T Pro", "PHOFIX01"),
    ],
)
def test_what_is_no_computer(name: str, kind: str, model: str, serial: str) -> None:
    """Ports and the neighbours seen on them are no equipment; a phone's volumes are no storage."""
    (row,) = rows(AGENTS / name)
    assert chosen(row, "equipment_type", "model", "serial_number") == (kind, model, serial)
    assert row.get("storage") is None
    assert row.get("asset_tag") is None


def test_devices_asked_over_the_network_in_one_document() -> None:
    found = rows(AGENTS / "snmp.xml")
    assert [chosen(row, "model", "serial_number") for row in found] == [
        ("LaserJet 4250", "SNMFIX01"),
        ("2530-24G", "SNMFIX02"),
    ]


def zipped(target: Path, *paths: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in paths:
            archive.write(path, path.name)
    return target


def test_a_virtual_machine_and_its_screens_are_no_equipment(tmp_path: Path) -> None:
    both = zipped(tmp_path / "x.zip", AGENTS / "virtual.json", AGENTS / "printer.json")
    inventory = read(both)
    assert len(inventory) == 1
    assert aside(inventory) == {"row_virtual_machine": 1, "row_of_record_not_counted": 2}


@pytest.mark.slow
def test_a_zip_of_agents_is_what_it_holds(tmp_path: Path) -> None:
    """As a folder or in a zip, and in any order."""
    whole = read(AGENTS)
    packed = read(zipped(tmp_path / "agents.zip", *sorted(AGENTS.iterdir(), reverse=True)))
    serials = [
        sorted(map(str, each.table["serial_number"].to_pylist())) for each in (whole, packed)
    ]
    assert serials[0] == serials[1]
    assert aside(whole) == aside(packed)
    assert len(whole) == 10


def test_the_search_form_of_glpi() -> None:
    """Its keys are numbers; it is one page, and HTML and a virtual machine are in it."""
    inventory = read(FIXTURES / "glpi_api" / "search.json")
    first, second = inventory.table.to_pylist()
    assert chosen(first, "id", "equipment_type", "entity", "site", "serial_number") == (
        ("11", "laptop", "Ville > DSI", "Hôtel de ville", "0012AB3")
    )
    assert chosen(second, "status", "model", "asset_tag") == ("in_stock", None, None)
    assert [str(row["purchase_date"]) for row in (first, second)] == ["2023-03-01", "2019-09-02"]
    assert aside(inventory) == {"row_virtual_machine": 1}
    assert doubts(inventory) == [("list_is_a_page", {"rows": 3, "total": 7})]
    assert not inventory.account.is_complete


def test_numbers_as_headers_alone_are_not_glpi() -> None:
    """A count by month is no search: it has no entity under 80."""
    months = [{"type": "PC portable", **{str(month): 1 for month in range(1, 13)}}] * 2
    inventory = reen.read(json.dumps({"data": months}).encode(), name="mois.json")
    assert isinstance(inventory, Inventory)
    assert inventory.report is not None
    assert inventory.report.mappings == {}


def test_the_items_form_of_glpi() -> None:
    """Templates and the bin are set aside; keys without a label are told, 0 is none."""
    inventory = read(FIXTURES / "glpi_api" / "items.json")
    found = {row["id"]: row for row in inventory.table.to_pylist()}
    assert set(found) == {"21", "24", "25"}
    assert chosen(found["21"], "model", "manufacturer", "price", "site") == (
        ("Latitude 5440", "Dell Inc.", 812.0, "Mairie")
    )
    assert chosen(found["25"], "model", "manufacturer", "status", "site") == (
        (None, None, "unknown", None)
    )
    assert found["24"]["purchase_date"] is None
    assert aside(inventory) == {"row_deleted": 1, "row_template": 1}
    told = [issue for issue in inventory.issues if issue.reason.code == "reference_unresolved"]
    assert [(issue.column, issue.value, issue.rows) for issue in told] == [
        ("manufacturer", "12", (5,)),
        ("site", "7", (5,)),
    ]


def test_the_monitors_of_glpi_are_monitors() -> None:
    found = rows(FIXTURES / "glpi_api" / "monitors.json")
    assert [chosen(row, "equipment_type", "model") for row in found] == [("monitor", "P2423")] * 2


@pytest.mark.slow
def test_the_pages_of_snipe_it() -> None:
    """4 and 2 of 6: one page alone is a part of the list, both are the whole."""
    folder = FIXTURES / "snipe_it_api"
    alone = read(folder / "page_1.json")
    assert doubts(alone) == [("list_is_a_page", {"rows": 4, "total": 6})]
    both = read(folder / "page_1.json", folder / "page_2.json")
    assert doubts(both) == []
    found = both.table.to_pylist()
    assert [row["status"] for row in found] == (
        ["in_use", "in_stock", "retired", "in_repair", "in_use"]
    )
    assert [row["equipment_type"] for row in found] == ["laptop", *["monitor"] * 3, "laptop"]
    assert [row["site"] for row in found] == [*["Hôtel de ville"] * 4, "École"]
    assert chosen(found[0], "asset_tag", "price", "entity") == ("00001", 812.1, "Ville")
    assert str(found[0]["warranty_end_date"]) == "2026-01-09"
    assert aside(both) == {"row_deleted": 1}


def test_the_devices_of_workspace_one() -> None:
    """An enrolment stands for a purchase; who is no longer managed may still be there."""
    found = rows(FIXTURES / "workspace_one_api" / "devices.json")
    assert [row["equipment_type"] for row in found] == ["smartphone", "tablet", "smartphone"]
    assert [row["status"] for row in found] == ["in_use", "in_use", "unknown"]
    assert [row["ownership"] for row in found] == ["corporate", "corporate", "personal"]
    assert {row["purchase_date_precision"] for row in found} == {"estimated"}
    assert found[0].get("storage") is None


def test_the_keys_of_servicenow_are_no_labels() -> None:
    inventory = read(FIXTURES / "servicenow_api" / "keys.json")
    (row,) = inventory.table.to_pylist()
    assert chosen(row, "manufacturer", "model", "site", "status", "ram", "serial_number") == (
        (None, None, None, "in_use", 16384.0, "SNWFIX51")
    )
    told = [i.column for i in inventory.issues if i.reason.code == "reference_unresolved"]
    assert told == ["manufacturer", "model", "site"]
    assert aside(inventory) == {"row_virtual_machine": 1}


def test_the_labels_of_servicenow_are_read_as_values() -> None:
    found = rows(FIXTURES / "servicenow_api" / "display_values.json")
    assert [chosen(row, "manufacturer", "model", "site", "entity") for row in found] == [
        ("Dell Inc.", "Dell Latitude 5440", "Mairie", "Ville"),
        ("HPE", "HPE ProLiant DL380", None, "Ville"),
    ]


def test_the_computers_of_jamf() -> None:
    """251000 + 1000000 MB of two disks; what is leased was not bought."""
    inventory = read(FIXTURES / "jamf_api" / "computers.json")
    air, mini = inventory.table.to_pylist()
    assert chosen(air, "equipment_type", "model_number", "asset_tag", "entity") == (
        ("laptop", "MacBookAir10,1", "INV-61", "DSI")
    )
    assert chosen(air, "ram", "storage", "price", "acquisition") == (
        (8192.0, 251000.0, 999.0, "purchase")
    )
    assert chosen(mini, "equipment_type", "storage", "acquisition") == (
        "desktop",
        1251000.0,
        "lease",
    )
    assert doubts(inventory) == []


def test_the_devices_of_netbox() -> None:
    inventory = read(FIXTURES / "netbox_api" / "devices.json")
    found = inventory.table.to_pylist()
    assert [chosen(row, "equipment_type", "model", "status", "site") for row in found] == [
        ("switch", "C9200L-48P", "in_use", "Mairie"),
        ("switch", "C9200L-48P", "in_stock", "Mairie"),
    ]
    assert aside(inventory) == {"row_planned": 1}
    assert doubts(inventory) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*_a*/*.*")), ids=lambda path: path.name)
def test_every_row_of_every_list_is_accounted_for(path: Path, tmp_path: Path) -> None:
    inventory = read(zipped(tmp_path / "x.zip", *{path, AGENTS / "switch.json"}))
    account = inventory.account
    assert account.rows == sum(map(account.rows_of, Fate))
    machines = inventory.virtual_machines
    virtual = 0 if machines is None else machines.num_rows
    assert account.rows_of(Fate.COUNTED) == len(inventory) + virtual
    assert account.rows_of(Fate.REFUSED) == 0


SAMPLES = (
    "glpi/synthetic_api_search_computer.json",
    "glpi/synthetic_api_items_computer.json",
    "airwatch/synthetic_api_devices_search.json",
    "snipe-it/synthetic_api_hardware.json",
)
#: What is in the bin of GLPI is set aside there as deleted; the samples call it retired.
IN_THE_BIN = {"glpi/synthetic_api_items_computer.json": 1}


@pytest.fixture(scope="module")
def samples(shared_data: Path) -> Path:
    folder = shared_data / "inventories"
    if not folder.is_dir():
        pytest.skip("no reference inventories")
    return folder


def expected_of(samples: Path, path: str) -> dict[str, object]:
    folder, name = path.split("/")
    said: dict[str, dict[str, object]] = json.loads(
        (samples / folder / "expected.json").read_text()
    )
    return said[name]


@pytest.mark.parametrize("path", SAMPLES)
def test_the_answers_of_interfaces_are_as_expected(samples: Path, path: str) -> None:
    expected, inventory = expected_of(samples, path), read(samples / path)
    bin_ = IN_THE_BIN.get(path, 0)
    assert len(inventory) == expected["physical_quantity_after_deduplication"] - bin_  # type: ignore[operator]
    by_status = Counter(inventory.table["status"].to_pylist())
    if bin_:
        by_status["retired"] += bin_
    assert by_status == expected["physical_quantity_by_status"]
    assert aside(inventory).get("row_virtual_machine", 0) == expected["virtual_rows"]
    partial = [details["total"] for code, details in doubts(inventory) if code == "list_is_a_page"]
    assert partial == ([expected["total_announced"]] if expected.get("page_is_partial") else [])
    assert None not in inventory.table["equipment_type"].to_pylist()


DEVICES = {
    "category": "equipment_type",
    "manufacturer": "manufacturer",
    "model": "model",
    "serial_number": "serial_number",
    "cpu_sockets": "cpu_sockets",
    "cpu_cores": "cpu_cores",
    "ram_mib_installed": "ram",
    "storage_mb": "storage",
    "purchase_date": "purchase_date",
}
ASIDE = {
    "internal_panels": "row_internal_panel",
    "containers": "row_container",
    "virtual_machines_on_a_user_computer": "row_virtual_machine_of_user",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "agent_computer_1.json",
        "agent_computer_1_partial_cpu.json",
        "agent_computer_2.json",
        "agent_inventory_1.xml",
        "agent_networkequipment_3.json",
        "agent_phone_1.json",
        "agent_printer_1.json",
    ],
)
def test_the_inventories_of_agents_are_as_expected(samples: Path, name: str) -> None:
    expected, inventory = expected_of(samples, f"glpi/{name}"), read(samples / "glpi" / name)
    (row,) = inventory.table.to_pylist()
    for key, column in DEVICES.items():
        if key in expected:
            assert row.get(column) == expected[key], key
    found = aside(inventory)
    for key, reason in ASIDE.items():
        if key in expected:
            assert found.get(reason, 0) == expected[key], key


@pytest.mark.slow
def test_the_sample_of_an_update_is_counted_once(samples: Path) -> None:
    folder = samples / "glpi"
    names = ("agent_computer_1.json", "agent_computer_1_partial_cpu.json")
    inventory = read(*(folder / name for name in names))
    assert len(inventory) == 1
    assert inventory.account.rows_of(Fate.MERGED) == 1
