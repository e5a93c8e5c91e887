"""The importer `delimited` on real and synthetic exports, where they stand beside the repository.

Each folder of `inventories` has an `expected.json` that says what a right import finds.  Compared
here is what the reader of tables finds, with what the mappings know of each tool.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

import reen
from reen import Inventory
from reen.inventory.account import Fate
from reen.plugin.files import Sample
from reen.tables.reader import TableReader
from reen.types import Severity


class Case(NamedTuple):
    """A file, what the user says of it, and what is left to another importer."""

    path: str
    columns: Mapping[str, str] = {}
    #: Rows that this importer refuses: shorter than the header.
    rejected: int = 0
    #: Rows that this importer knows to be no equipment.
    ignored: int = 0
    score: float = 0.4


CASES = (
    Case("canonical/synthetic_physical_equipment.csv", score=0.9),
    Case("ecodiag/synthetic_liste_sans_date.csv", score=0.5),
    Case("ecodiag/synthetic_liste_avec_date_cp1252.csv", score=0.5),
    Case("ecodiag/synthetic_ges1point5.tsv", score=0.5),
    Case("excel_fr/synthetic_powershell_releves.csv"),
    Case("glpi/synthetic_computers_fr.csv"),
    Case("glpi/synthetic_computers_fr_glpi11.csv"),
    Case("glpi/synthetic_monitors_fr.csv"),
    Case("glpi/synthetic_all_assets_en.csv"),
    Case("ocs/synthetic_all_computers_fr.csv"),
    Case("ocs/synthetic_all_computers_en.csv"),
    Case(
        "snipe-it/synthetic_custom_asset_report_en.csv",
        columns={"Category": "equipment_type"},
        ignored=1,
    ),
    Case("snipe-it/synthetic_custom_asset_report_fr.csv"),
    Case("lansweeper/synthetic_assets.csv", ignored=2),
    Case("airwatch/synthetic_device_list.csv"),
    Case("intune/synthetic_DevicesWithInventory.csv"),
    Case("intune/synthetic_exportDevice_entra.csv"),
    Case("numecoeval/2-physicalEquipments.csv"),
)
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)

Expected = Mapping[str, object]


@pytest.fixture(scope="module")
def inventories(shared_data: Path) -> Path:
    folder = shared_data / "inventories"
    if not folder.is_dir():
        pytest.skip("no reference inventories")
    return folder


@pytest.fixture(scope="module")
def read(inventories: Path) -> Callable[[Case], tuple[Inventory, Expected]]:
    """Return a function that reads a file and what is expected of it."""

    def read_case(case: Case) -> tuple[Inventory, Expected]:
        path = inventories / case.path
        expected = json.loads((path.parent / "expected.json").read_text("utf-8"))[path.name]
        if path not in known:
            known[path] = reen.read(path, importer="table", columns=case.columns)
        return known[path], expected

    known: dict[Path, Inventory] = {}
    return read_case


@pytest.mark.slow
@EVERY_CASE
def test_dialect(case: Case, read: Callable[[Case], tuple[Inventory, Expected]]) -> None:
    inventory, expected = read(case)
    assert inventory.report is not None
    details = inventory.report.details
    assert details["encoding"] == expected["encoding"]
    assert details["delimiter"] == expected["delimiter"]
    assert details["header line"] == str(expected["header_line"])


@pytest.mark.slow
@EVERY_CASE
def test_rows(case: Case, read: Callable[[Case], tuple[Inventory, Expected]]) -> None:
    """Every row is an asset, another listing of one, a virtual machine, or known to be nothing."""
    inventory, expected = read(case)
    account = inventory.account
    aside = {str(line.reason): line.rows for line in account.lines if line.fate is Fate.SET_ASIDE}
    rejected, merged = account.rows_of(Fate.REFUSED), account.rows_of(Fate.MERGED)
    assert account.rows == len(inventory) + sum(aside.values()) + merged + rejected
    assert aside.pop("virtual machine", 0) == expected.get("virtual_rows", 0)
    assert merged == expected.get("duplicate_rows", 0)
    assert sum(aside.values()) == case.ignored
    assert rejected == case.rejected
    rows = expected.get("physical_rows", expected.get("rows"))
    assert isinstance(rows, int)
    found = len(inventory) + merged + rejected
    assert found == rows


@pytest.mark.slow
@EVERY_CASE
def test_quantity_by_status(case: Case, read: Callable[[Case], tuple[Inventory, Expected]]) -> None:
    inventory, expected = read(case)
    by_status: dict[str, float] = {}
    rows = inventory.table.to_pylist()
    for row in rows:
        quantity = row.get("quantity", 1.0) or 0.0
        by_status[row["status"]] = by_status.get(row["status"], 0.0) + quantity
    total = expected.get("physical_quantity_after_deduplication", len(rows))
    assert isinstance(total, int)
    assert sum(by_status.values()) + case.rejected == total
    wanted = expected.get("physical_quantity_by_status")
    if isinstance(wanted, dict):
        wanted["in_use"] -= case.rejected
        assert by_status == wanted


@EVERY_CASE
def test_score(case: Case, inventories: Path) -> None:
    path = inventories / case.path
    assert TableReader().sniff(Sample(path, path.read_bytes()[:65_536])).score == case.score


def test_dates_of_a_laboratory_list(
    read: Callable[[Case], tuple[Inventory, Expected]],
) -> None:
    """The flags of the file: 2 years only, 1 month only, 1 spreadsheet serial, 1 missing."""
    inventory, _ = read(Case("ecodiag/synthetic_liste_avec_date_cp1252.csv"))
    precision = inventory.table["purchase_date_precision"].to_pylist()
    assert precision.count("year") == 2
    assert precision.count("month") == 1
    assert precision.count(None) == 1
    assert str(inventory.table["purchase_date"].to_pylist()[9]) == "2021-01-01"


#: Kind of table that each file of canonical names is.
CANONICAL = {
    "application": "applications",
    "datacenter": "datacenters",
    "disposal": "disposals",
    "energy_reading": "energy_readings",
    "physical_equipment": "equipment",
    "purchase": "purchases",
    "virtual_equipment": "virtual_machines",
}


@pytest.mark.parametrize("name", CANONICAL)
def test_a_file_of_canonical_names_is_of_its_kind(name: str, inventories: Path) -> None:
    """Ten rows, all of one kind, none of them refused or set aside."""
    found = reen.read(inventories / "canonical" / f"synthetic_{name}.csv")
    rows = {kind: table.num_rows for kind, table in found.tables.items() if table.num_rows}
    assert rows == {CANONICAL[name]: 10}
    account = found.account_of(CANONICAL[name])
    assert {line.fate: line.rows for line in account.lines} == {Fate.COUNTED: 10}


@pytest.mark.slow
def test_files_of_canonical_names_refer_to_each_other(inventories: Path) -> None:
    """Applications run on the machines of another file; no cell of any file is lost."""
    found = reen.read(inventories / "canonical")
    assert {kind for kind, table in found.tables.items() if table.num_rows == 10} == {
        *CANONICAL.values()
    }
    assert {issue.severity for issue in found.issues} <= {Severity.NOTE}


def test_readings_of_canonical_names(inventories: Path) -> None:
    """Months in UTC, and kWh as they are written: 1213.5 and 13 more each month."""
    file = inventories / "canonical" / "synthetic_energy_reading.csv"
    (first, second, *_) = reen.read(file).energy_readings.to_pylist()
    assert (first["meter_id"], first["energy"], second["energy"]) == (
        "14000000000001",
        1213.5,
        1226.5,
    )
    assert first["period_end"] == second["period_start"]
    assert first["period_start"].isoformat() == "2024-01-01T00:00:00+00:00"


@pytest.mark.slow
def test_a_fleet_of_a_hand_made_workbook(inventories: Path) -> None:
    """147 items; "8 + 2 HS" is ten in use, and the state "Location" is in use under a lease."""
    file = inventories / "excel_fr" / "synthetic_parc_mairie.xlsx"
    expected = json.loads((file.parent / "expected.json").read_text("utf-8"))[file.name]
    by_status: dict[str, float] = {}
    rows = reen.read(file).table.to_pylist()
    for row in rows:
        by_status[row["status"]] = by_status.get(row["status"], 0.0) + row["quantity"]
    assert by_status == expected["physical_quantity_by_status"]
    assert [row["model"] for row in rows if row["acquisition"] == "lease"] == ["IM C3000"]


@pytest.mark.slow
def test_fleet_of_the_city(shared_data: Path) -> None:
    """The example has the lines of figures 1 and 2 as they were transcribed, and no other.

    It says of the "Téléphones mobiles" that they are basic: beside "Smartphones" they are.
    """
    seed = shared_data / "seed_boulogne.csv"
    example = Path(__file__).resolve().parents[2] / "examples" / "boulogne_billancourt_2022.csv"
    transcribed = reen.read(
        seed,
        columns={
            "scope": "entity",
            "equipment_fr": "equipment_type",
            "equipment_type": "",
            "count": "quantity",
            "amortisation_years": "lifetime",
            "declared_kgco2e_per_post": "declared_footprint",
        },
        keep=["figure"],
    ).table.to_pylist()
    names = ("entity", "equipment_type", "quantity", "lifetime", "declared_footprint")
    rows = [
        tuple(row[name] for name in names) for row in transcribed if row["figure"] in ("1", "2")
    ]
    listed = [tuple(row[name] for name in names) for row in reen.read(example).table.to_pylist()]
    phones = [k for k, row in enumerate(listed) if row[1] == "mobile_phone"]
    assert [rows[k][1] for k in phones] == ["unknown"]
    rows = [
        (a, "mobile_phone", *rest) if k in phones else (a, b, *rest)
        for k, (a, b, *rest) in enumerate(rows)
    ]
    assert listed == rows


@pytest.mark.slow
def test_machines_of_rvtools(inventories: Path) -> None:
    """29 rows: a template, a placeholder, one of the cluster and one listed twice do not count."""
    folder = inventories / "rvtools"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    name = "synthetic_RVTools_export_all.xlsx"
    found = reen.read(folder / name)
    assert found.virtual_machines.num_rows == expected[name]["virtual_machines_counted_by_default"]
    assert len(found) == expected[name]["physical_hosts"]
    account = found.account_of("virtual_machines")
    assert account.rows == expected[name]["virtual_rows"]
    for name in ("synthetic_RVTools_old_mb_text_numbers.xlsx", "synthetic_RVTools_tabvInfo.csv"):
        found = reen.read(folder / name)
        assert found.virtual_machines.num_rows == expected[name]["virtual_rows"]
        assert set(found.virtual_machines["ram"].to_pylist()) == {4096.0}
        assert found.virtual_machines.schema.field("ram").metadata == {b"unit": b"MiB"}
