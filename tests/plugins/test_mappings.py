"""The mappings of tools: what their files say, and what a whole read finds by them.

Each tool has a folder of invented exports in `tests/fixtures/inventories` that hold the traps of
its files.  What is expected of each was counted by hand; where the shared samples stand beside the
repository, their `expected.json` is the judge.
"""

from __future__ import annotations

import collections
import datetime as dt
import functools
import io
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

import reen
from reen import Inventory
from reen.inventory.account import Fate
from reen.inventory.schema import EQUIPMENT
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.tables.headers.header_words import PERSONAL, header_words, key_of
from reen.tables.headers.reading_columns import JOINING
from reen.tables.mapping.mapping import FileMapping, TableMapping
from reen.vocabulary.units import conversion_factor
from reen_plugins import hooks

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "inventories"
FOLDER = Path(hooks.__file__).parent / "mappings"

TOOLS = {file.name: file.load() for file in hooks.reen_mappings()}
EVERY_TOOL = pytest.mark.parametrize("tool", TOOLS.values(), ids=list(TOOLS))


class Case(NamedTuple):
    """An invented export, and what a read of it finds."""

    path: str
    #: Assets by status, each counted once.
    statuses: Mapping[str, float]
    #: Rows merged with another row of the same asset.
    merged: int = 0
    #: Rows set aside, by the code of the reason.
    aside: Mapping[str, int] = {}


CASES = (
    Case(
        "glpi/ordinateurs.csv",
        {"in_use": 3, "loaned": 1, "in_stock": 1, "retired": 1},
        merged=1,
        aside={"row_virtual_machine": 1},
    ),
    Case("glpi/moniteurs.csv", {"in_use": 2, "in_stock": 1}),
    Case(
        "glpi/all_assets.csv",
        {"in_use": 5, "in_stock": 1, "retired": 1},
        aside={"row_virtual_machine": 1},
    ),
    Case("ocs/ordinateurs.csv", {"in_use": 4}, merged=1, aside={"row_virtual_machine": 1}),
    Case("ocs/computers.csv", {"in_use": 2}),
    Case(
        "intune/devices.csv",
        {"in_use": 4, "unknown": 1},
        merged=1,
        aside={"row_virtual_machine": 1},
    ),
    Case("intune/api_devices.csv", {"in_use": 2}),
    Case("entra/exportDevice.csv", {"in_use": 2}, aside={"row_virtual_machine": 1}),
    Case("workspace_one/devices.csv", {"in_use": 4, "in_stock": 1, "unknown": 1}, merged=1),
    Case(
        "snipe_it/custom_report.csv",
        {"in_use": 3, "in_stock": 1, "retired": 1, "lost": 1},
        aside={"row_licence_or_software": 1},
    ),
    Case("snipe_it/rapport_personnalise.csv", {"in_use": 2, "retired": 1}),
    Case("snipe_it/import.csv", {"in_stock": 1, "retired": 1}),
    Case(
        "lansweeper/assets.csv",
        {"in_use": 4, "in_stock": 1, "retired": 1, "in_repair": 1},
        aside={"row_virtual_machine": 1, "row_not_equipment": 2},
    ),
    Case(
        "netbox/devices.csv",
        {"in_use": 3, "in_stock": 1, "in_repair": 1, "retired": 1},
        aside={"row_planned": 1},
    ),
    Case("netbox/bulk_devices.csv", {"in_use": 1, "in_stock": 1}),
    Case(
        "servicenow/cmdb_ci_computer.csv",
        {"in_use": 2, "in_stock": 1, "in_repair": 1, "retired": 1, "lost": 1},
        aside={"row_virtual_machine": 2},
    ),
    Case("servicenow/alm_hardware.csv", {"in_use": 1, "in_stock": 1, "lost": 1}),
    Case("jamf/computers.csv", {"in_use": 3}, aside={"row_continuation": 3}),
    Case("jamf/mobile_devices.csv", {"in_use": 2}),
    Case(
        "itop/pc.csv",
        {"in_use": 2, "in_stock": 1, "retired": 1},
        aside={"row_virtual_machine": 1},
    ),
    Case("itop/network_devices.csv", {"in_use": 1, "in_stock": 1}),
    Case("ecodiag/liste.csv", {"in_use": 6}),
    Case("ecodiag/ges1point5.tsv", {"in_use": 5}),
    Case("powershell_log/releves.csv", {"in_use": 2}, merged=2, aside={"row_virtual_machine": 1}),
    Case("chrome_os/devices.csv", {"in_use": 1, "retired": 1, "unknown": 1}),
    Case("configuration_manager/query.csv", {"in_use": 2}, aside={"row_virtual_machine": 1}),
)
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)


def tables() -> list[tuple[FileMapping, TableMapping]]:
    return [(tool, table) for tool in TOOLS.values() for table in tool.tables]


# What a file says
# ----------------


def test_each_file_is_the_mapping_of_its_name() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(TOOLS)


@EVERY_TOOL
def test_a_tool_says_where_its_headers_are_documented(tool: FileMapping) -> None:
    """Or that they are gathered from files that are not public, header by header or as a whole."""
    text = (FOLDER / f"{tool.name}.toml").read_text("utf-8")
    assert tool.title
    assert tool.source.startswith("https://") or "All headers are aliases" in text


def test_each_folder_of_invented_files_is_of_a_tool() -> None:
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()}
    assert folders <= set(TOOLS)
    assert {case.path.partition("/")[0] for case in CASES} <= folders


@EVERY_TOOL
def test_each_table_of_a_tool_is_found_by_headers_or_by_the_name_of_its_sheet(
    tool: FileMapping,
) -> None:
    for table in tool.tables:
        assert table.kind
        assert table.signature or table.sheets
        assert bool(table.refused) == (table.kind == "none")


def test_no_two_tables_have_a_signature_in_common() -> None:
    """Two tables of one signature could not be told apart."""
    groups = [frozenset(map(key_of, group)) for _, table in tables() for group in table.signature]
    assert len(groups) == len(set(groups))


def test_a_header_that_names_persons_joins_or_is_left_out() -> None:
    """What the base vocabulary knows to name a person leaves no read because a tool is known."""
    joining = {column.name for column in JOINING}
    personal = {key for key, word in header_words().items() if word.column in {PERSONAL, *joining}}
    looked_at = 0
    for _, table in tables():
        for header, rule in table.columns.items():
            if key_of(header) in personal:
                looked_at += 1
                assert rule.column in {*joining, "", "name"}, header
    assert looked_at > 50


# What a read finds
# -----------------


@functools.cache
def read(path: str) -> Inventory:
    """Return what an invented export holds; several tests look at it."""
    return reen.read(FIXTURES / path)


def rows_of(inventory: Inventory) -> list[dict[str, object]]:
    return inventory.table.to_pylist()


def by_status(inventory: Inventory) -> dict[str, float]:
    found: dict[str, float] = collections.defaultdict(float)
    for row in rows_of(inventory):
        quantity = row.get("quantity", 1.0)
        assert isinstance(quantity, float)
        found[str(row["status"])] += quantity
    return dict(found)


def set_aside(inventory: Inventory) -> dict[str, int]:
    found: dict[str, int] = collections.defaultdict(int)
    for line in inventory.account.lines:
        if line.fate is Fate.SET_ASIDE:
            found[line.reason.code] += line.rows
    return dict(found)


@EVERY_CASE
def test_every_row_is_counted_merged_or_set_aside(case: Case) -> None:
    inventory = read(case.path)
    account = inventory.account
    assert set_aside(inventory) == dict(case.aside)
    assert account.rows_of(Fate.MERGED) == case.merged
    assert account.rows_of(Fate.REFUSED) == 0
    assert by_status(inventory) == dict(case.statuses)
    assert account.rows == len(inventory) + case.merged + sum(case.aside.values())


#: What the files say of persons and of their devices, all invented.
_PERSONAL = (
    "agent 0",
    "agent 1",
    "agent0",
    "agent1",
    "commune.example",
    "02:00:00",
    "0200000000",
    "192.0.2.",
    "990000000000",
    "3363998",
)


@EVERY_CASE
def test_no_cell_names_a_person(case: Case) -> None:
    """Names of devices leave by a rule of the whole read, whatever the tool."""
    inventory = read(case.path)
    for row in rows_of(inventory):
        for column, cell in row.items():
            if column != "name":
                text = str(cell).casefold()
                assert not any(each in text for each in _PERSONAL), (column, cell)


@EVERY_CASE
def test_the_tool_is_known_by_its_headers(case: Case) -> None:
    report = read(case.path).report
    assert report is not None
    assert list(report.mappings) == [Path(case.path).parent.name]


# What the columns mean
# ---------------------


def numbers(inventory: Inventory, column: str) -> list[float | None]:
    """Return a column in its canonical unit, to three places."""
    unit = inventory.table.schema.field(column).metadata[b"unit"].decode()
    factor = conversion_factor(unit, EQUIPMENT[column].unit)
    values: list[float | None] = inventory.table[column].to_pylist()
    return [None if value is None else round(value * factor, 3) for value in values]


def test_what_a_tool_calls_megabytes_are_mebibytes() -> None:
    """8192 "Mo" of OCS, "MB" of Jamf and ServiceNow, 16777216 KiB of Configuration Manager."""
    assert numbers(read("ocs/ordinateurs.csv"), "ram") == [8, 16, 8, 8]
    assert numbers(read("jamf/computers.csv"), "ram") == [16, 8, 8]
    found = read("servicenow/cmdb_ci_computer.csv")
    assert numbers(found, "ram") == [16, 8, 192, 8, 8, 8]
    assert numbers(read("configuration_manager/query.csv"), "ram") == [16, 8]


def test_storage_is_in_megabytes_of_a_million_bytes() -> None:
    found = numbers(read("intune/devices.csv"), "storage")
    assert found == [487.424, 65.536, 107.52, None, None]
    assert numbers(read("jamf/computers.csv"), "storage")[0] == 494.384


@pytest.mark.slow
def test_storage_in_bytes_under_a_header_of_megabytes_is_told() -> None:
    """512110190592 MB are half an exabyte: the whole column is in bytes, in doubt.

    Of a column in megabytes in which one cell is in bytes, that cell is refused: nothing is guessed
    of one cell.
    """
    lines = (FIXTURES / "intune/devices.csv").read_text("utf-8").splitlines()
    header = lines[0].split(",")
    place = header.index("Total storage")
    rows = [line.split(",") for line in lines[1:3]]
    for cells, expected, code, severity in (
        (("512110190592", "63988301824"), [512.11, 63.988], "column_in_another_unit", "doubt"),
        (("487424", "487424"), [487.424, 487.424], None, None),
        (("512110190592", "65536"), [None, 65.536], "implausible_unit", "cell"),
    ):
        for row, cell in zip(rows, cells, strict=True):
            row[place] = cell
        text = "\n".join(",".join(row) for row in (header, *rows))
        found = reen.read(text.encode(), name="DevicesWithInventory.csv")
        values = [
            None if value is None or math.isnan(value) else value
            for value in numbers(found, "storage")
        ]
        assert values == expected
        told = {
            issue.reason.code: issue.severity.value
            for issue in found.issues
            if issue.column == "storage"
        }
        assert told == ({} if code is None else {code: severity})


def test_an_asset_without_a_place_is_where_it_belongs() -> None:
    """Snipe-IT leaves Location blank for what is not checked out; Default Location says where."""
    sites = {row["asset_tag"]: row["site"] for row in rows_of(read("snipe_it/custom_report.csv"))}
    assert (sites["000003"], sites["000004"], sites["000006"]) == ("Mairie", "Réserve", None)


def test_one_letter_says_whose_a_device_is_and_who_uses_it() -> None:
    """C, E and S: dedicated to an agent, the agent's own, and shared by several."""
    text = (
        "Friendly Name,C/E/S,Model,Serial Number,Organization Group,Enrollment Status\n"
        + "".join(f"x,{letter},iPad,SERIE000{k},DSI,Enrolled\n" for k, letter in enumerate("CES"))
    )
    rows = rows_of(reen.read(text.encode(), name="devices.csv"))
    assert [(row["ownership"], row["user_mode"]) for row in rows] == [
        ("corporate", None),
        ("personal", None),
        ("corporate", "shared"),
    ]


def test_cores_of_one_processor_are_not_those_of_all() -> None:
    """2 processors of 16 cores: the 16 of `cpu_core_count` would halve the server."""
    found = read("servicenow/cmdb_ci_computer.csv")
    assert "cpu_cores" not in found.table.column_names
    assert numbers(found, "cpu_sockets")[2] == 2


def test_a_day_of_enrolment_stands_for_that_of_purchase_and_says_so() -> None:
    """The first of two enrolments: the device was bought before."""
    for path, first in (
        ("intune/devices.csv", dt.date(2020, 1, 1)),
        ("workspace_one/devices.csv", dt.date(2021, 10, 24)),
        ("chrome_os/devices.csv", dt.date(2021, 9, 1)),
    ):
        row = rows_of(read(path))[0]
        assert (row["purchase_date"], row["purchase_date_precision"]) == (first, "estimated")


def test_the_filler_of_a_date_is_no_date() -> None:
    """Enrolled on 0001-01-01, last seen on 1/1/0001."""
    assert rows_of(read("intune/devices.csv"))[4]["purchase_date"] is None
    assert rows_of(read("workspace_one/devices.csv"))[3]["last_seen"] is None


def test_the_record_of_a_device_is_not_its_purchase() -> None:
    """POSTE-02 of GLPI has no day of purchase, and one of delivery four days after its record."""
    rows = rows_of(read("glpi/ordinateurs.csv"))
    assert [row["purchase_date"] for row in rows][:3] == [
        dt.date(2023, 3, 14),
        dt.date(2022, 5, 25),
        dt.date(2021, 8, 30),
    ]


def test_whom_an_asset_is_checked_out_to_is_no_type() -> None:
    """Snipe-IT has two types: of the asset (Category) and of who has it (Type)."""
    english = rows_of(read("snipe_it/custom_report.csv"))
    assert [row["equipment_type_raw"] for row in english][:4] == [
        *("Printers", "Mobile Phones", "Displays", "Laptops"),
    ]
    french = read("snipe_it/rapport_personnalise.csv")
    assert "equipment_type_raw" not in french.table.column_names
    assert not any("'user'" in str(issue) for issue in french.issues)


#: What the devices of some files are, row by row, though no column of most of them says it.
TYPES = {
    "glpi/all_assets.csv": (
        "laptop monitor multifunction_printer smartphone switch docking_station printer"
    ),
    "intune/devices.csv": "laptop smartphone smartphone smartphone desktop",
    "workspace_one/devices.csv": "smartphone tablet smartphone ? smartphone laptop",
    "lansweeper/assets.csv": "multifunction_printer laptop laptop server laptop desktop desktop",
    "netbox/devices.csv": "switch server pdu switch switch switch",
    "netbox/bulk_devices.csv": "switch wifi_access_point",
    "servicenow/cmdb_ci_computer.csv": "laptop desktop server desktop laptop laptop",
    "servicenow/alm_hardware.csv": "laptop monitor printer",
    "jamf/computers.csv": "laptop all_in_one laptop",
    "jamf/mobile_devices.csv": "tablet smartphone",
    "itop/pc.csv": "laptop desktop server desktop",
    "itop/network_devices.csv": "switch router",
    "chrome_os/devices.csv": "laptop laptop laptop",
    "configuration_manager/query.csv": "laptop desktop",
}


@pytest.mark.parametrize("path", TYPES)
def test_what_a_tool_says_of_a_device_tells_its_type(path: str) -> None:
    """A telephone of which nothing but Android is known is none for sure: it may be a tablet."""
    rows = rows_of(read(path))
    assert [row["equipment_type"] or "?" for row in rows] == TYPES[path].split()


def test_what_an_asset_is_still_worth_is_not_its_price() -> None:
    found = read("snipe_it/custom_report.csv")
    assert numbers(found, "price")[:3] == [1641.97, 301.61, 150.0]
    assert numbers(read("snipe_it/rapport_personnalise.csv"), "price") == [
        *(614.83, 1632.19, None),
    ]


def test_who_sold_an_asset_did_not_make_it() -> None:
    rows = rows_of(read("jamf/computers.csv"))
    assert {row["manufacturer"] for row in rows} == {"Apple"}
    assert [row["acquisition"] for row in rows] == ["purchase", "lease", "purchase"]


def test_values_of_several_lines_are_no_section() -> None:
    """Rows that continue a computer of Jamf are not titles of the rows below them."""
    found = read("jamf/computers.csv")
    assert "section" not in found.table.column_names


def test_a_type_of_netbox_is_a_model() -> None:
    for path in ("netbox/devices.csv", "netbox/bulk_devices.csv"):
        assert rows_of(read(path))[0]["model"] == "C9200L-48T-4G"


def test_the_latest_run_of_a_script_counts() -> None:
    """The memory of ECOLE-01 grew from 15.77 to 31.77 between two runs."""
    assert numbers(read("powershell_log/releves.csv"), "ram") == [31.77, 15.77]


def test_an_inch_mark_is_no_quote() -> None:
    models = [row["model"] for row in rows_of(read("ecodiag/liste.csv"))]
    assert models[-2:] == ['MONITEUR IIYAMA PROLITE 24"', 'HP LA2405X 24"']


# Machines that run on others
# ---------------------------


def machines(inventory: Inventory) -> list[dict[str, object]]:
    """Return what is known of virtual machines, each number in its canonical unit."""
    table = inventory.virtual_machines
    rows: list[dict[str, object]] = table.drop_columns(["source", "source_row"]).to_pylist()
    schema = SCHEMA_OF_KIND["virtual_machines"]
    for name in {"ram", "storage", "storage_used"} & set(table.column_names):
        unit = table.schema.field(name).metadata[b"unit"].decode()
        factor = conversion_factor(unit, schema[name].unit)
        for row in rows:
            row[name] = round(row[name] * factor, 3)  # type: ignore[operator]
    return rows


def test_what_rvtools_lists() -> None:
    """Six machines: a copy with the same key, a template, a placeholder and one of the cluster.

    8192 MiB are 8 GiB of memory; 102400 MiB are 107.374 GB of storage.
    """
    inventory = read("rvtools/RVTools_tabvInfo.csv")
    assert machines(inventory) == [
        {
            "id": "uuid-01",
            "name": "app-01",
            "host_id": "hyp-01",
            "cluster": "CL-1",
            "datacenter_id": "Mairie",
            "vcpu": 4.0,
            "ram": 8.0,
            "storage": 107.374,
            "storage_used": 42.95,
            "state": "running",
            "os": "Debian GNU/Linux 12",
        },
        {
            "id": "uuid-02",
            "name": "app-02",
            "host_id": "hyp-02",
            "cluster": "CL-1",
            "datacenter_id": "Mairie",
            "vcpu": 2.0,
            "ram": 4.0,
            "storage": 53.687,
            "storage_used": 21.475,
            "state": "stopped",
            "os": "Windows Server 2019",
        },
    ]
    assert set_aside(inventory) == dict.fromkeys(
        ("row_same_key", "row_template", "row_placeholder", "row_system_machine"), 1
    )
    assert inventory.account.rows == 6


def test_hosts_of_rvtools_are_servers_and_their_machines_are_found() -> None:
    """The folder holds both: no machine is on a host that is not there."""
    inventory = read("rvtools")
    rows = rows_of(inventory)
    assert [(row["equipment_type"], row["serial_number"], row["id"]) for row in rows] == [
        ("server", "SERIE0001", "hyp-01"),
        ("server", "SERIE0002", "hyp-02"),
    ]
    assert numbers(inventory, "ram") == [384, 384]
    assert {row["cpu_cores"] for row in rows} == {32.0}
    assert not [issue for issue in inventory.issues if issue.column == "host_id"]
    assert inventory.account.rows == 8


def test_a_workbook_of_rvtools() -> None:
    """Sheets of parts list the machines again: they are counted and set aside."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    head = ["VM", "Powerstate", "Template", "SRM Placeholder", "CPUs"]
    for name, rows in {
        "vInfo": [
            [*head, "Memory", "Provisioned MiB", "In Use MiB", "Host", "VM UUID"],
            ["app-01", "poweredOn", False, False, 4, 8192, 102400, 40960, "hyp-01", "uuid-01"],
        ],
        "vCPU": [[*head, "Sockets"], ["app-01", "poweredOn", False, False, 4, 1]],
        "vDatastore": [
            ["Name", "Type", "Capacity MiB", "Provisioned MiB", "In Use MiB", "Free MiB"],
            ["DS-1", "VMFS", 41943040, 27962026, 20971520, 20971520],
        ],
        "vHost": [
            ["Host", "CPU Model", "# CPU", "# Cores", "# Memory", "Vendor", "Model", "Service tag"],
            ["hyp-01", "Xeon Gold 5218", 2, 32, 393216, "Dell Inc.", "PowerEdge R640", "SERIE0001"],
        ],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    inventory = reen.read(target.getvalue(), name="RVTools_export_all.xlsx")
    (machine,) = machines(inventory)
    assert (machine["ram"], machine["storage"], machine["storage_used"]) == (8.0, 107.374, 42.95)
    assert [row["serial_number"] for row in rows_of(inventory)] == ["SERIE0001"]
    assert set_aside(inventory) == {"row_no_inventory": 2}


def test_what_vcenter_lists() -> None:
    """Units stand in the cells; what a machine draws from its host now is no memory of its own."""
    inventory = read("vcenter/ExportList.csv")
    assert machines(inventory) == [
        {"id": "app-01", "storage": 66.08, "storage_used": 40.1, "state": "running"},
        {"id": "app-02", "storage": 104.08, "storage_used": 80.4, "state": "stopped"},
    ]
    assert set_aside(inventory) == {"row_system_machine": 1}


@pytest.mark.parametrize(
    ("path", "rows"), [("glpi/tickets.csv", 3), ("servicenow/incident.csv", 2)]
)
def test_tickets_are_no_inventory(path: str, rows: int, tmp_path: Path) -> None:
    """Alone they are refused by name; beside a fleet their rows are set aside and counted."""
    with pytest.raises(reen.errors.EmptyInventoryError, match="tickets of a help desk"):
        read(path)
    fleet = tmp_path / "computers.csv"
    fleet.write_bytes((FIXTURES / "ocs/computers.csv").read_bytes())
    (tmp_path / "tickets.csv").write_bytes((FIXTURES / path).read_bytes())
    inventory = reen.read(tmp_path)
    assert set_aside(inventory) == {"row_no_inventory": rows}
    assert len(inventory) == len(reen.read(fleet))


# Beside the shared samples
# -------------------------

SAMPLES = {
    "glpi/synthetic_computers_fr.csv": "glpi",
    "glpi/synthetic_computers_fr_glpi11.csv": "glpi",
    "glpi/synthetic_monitors_fr.csv": "glpi",
    "glpi/synthetic_all_assets_en.csv": "glpi",
    "ocs/synthetic_all_computers_fr.csv": "ocs",
    "ocs/synthetic_all_computers_en.csv": "ocs",
    "intune/synthetic_DevicesWithInventory.csv": "intune",
    "intune/synthetic_exportDevice_entra.csv": "entra",
    "airwatch/synthetic_device_list.csv": "workspace_one",
    "snipe-it/synthetic_custom_asset_report_en.csv": "snipe_it",
    "snipe-it/synthetic_custom_asset_report_fr.csv": "snipe_it",
    "lansweeper/synthetic_assets.csv": "lansweeper",
    "ecodiag/synthetic_liste_sans_date.csv": "ecodiag",
    "ecodiag/synthetic_liste_avec_date_cp1252.csv": "ecodiag",
    "ecodiag/synthetic_ges1point5.tsv": "ecodiag",
    "excel_fr/synthetic_powershell_releves.csv": "powershell_log",
}


@pytest.fixture(scope="module")
def inventories(shared_data: Path) -> Path:
    folder = shared_data / "inventories"
    if not folder.is_dir():
        pytest.skip("no reference inventories")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES)
def test_a_sample_is_read_as_expected(path: str, inventories: Path) -> None:
    """Rows, virtual machines, duplicates, what is no equipment, and the quantity by status."""
    file = inventories / path
    expected = json.loads((file.parent / "expected.json").read_text("utf-8"))[file.name]
    inventory = reen.read(file)
    assert inventory.report is not None
    assert list(inventory.report.mappings) == [SAMPLES[path]]
    aside = set_aside(inventory)
    assert aside.pop("row_virtual_machine", 0) == expected["virtual_rows"]
    assert sum(aside.values()) == expected["rows_ignored"]
    merged = inventory.account.rows_of(Fate.MERGED)
    assert merged == expected["duplicate_rows"]
    assert len(inventory) + merged == expected["physical_rows"]
    assert inventory.account.rows_of(Fate.REFUSED) == 0
    assert by_status(inventory) == expected["physical_quantity_by_status"]
