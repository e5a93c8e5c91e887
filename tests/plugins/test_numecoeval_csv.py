"""The mapping `numecoeval`: the four files, whole, awkward, alone, together, and wrong.

The fixtures of tests/fixtures/numecoeval/ are ours; the published samples and the awkward set of
the reference data are read where that directory is there.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import reen
from reen import Inventory
from reen.inventory.account import Fate
from reen.reasons import Reason
from reen.types import Issue, Severity

HERE = Path(__file__).resolve().parents[1] / "fixtures" / "numecoeval"

EQUIPMENT = (
    "nomEquipementPhysique;modele;quantite;nomCourtDatacenter;dateAchat;dateRetrait;type;statut;"
    "paysDUtilisation;consoElecAnnuelle"
)


def system_of(path: Path | list[Path], **options: object) -> Inventory:
    """Return what the files hold, a system."""
    found = reen.read(path, **options)  # type: ignore[arg-type]
    assert isinstance(found, Inventory)
    return found


def issues_of(
    issues: tuple[Issue, ...], column: str, *, source: str = "", reason: str = ""
) -> list[Issue]:
    """Return the issues of one column, of a file and with words in their reason."""
    return [
        issue
        for issue in issues
        if issue.column == column and issue.source.endswith(source) and reason in str(issue.reason)
    ]


def count(issues: list[Issue]) -> int:
    return sum(issue.count for issue in issues)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with our fixture files."""
    for file in HERE.glob("*.csv"):
        shutil.copy(file, tmp_path)
    return tmp_path


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of one equipment file from its rows."""

    def write(*rows: str, header: str = EQUIPMENT, name: str = "equipment.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


# -- the published files -----------------------------------------------------------------------


def read_and_refused(system: Inventory, file: int) -> tuple[int, int]:
    """Return how many rows a file has, and how many of them were refused."""
    told = system.account.of_source(system.reports[file].source)
    return told.rows, told.rows_of(Fate.REFUSED)


SAMPLES = ("1-datacenter", "2-physicalEquipments", "3-virtualEquipments", "4-applications")


@pytest.mark.slow
def test_the_published_samples_are_read_whole(shared_data: Path) -> None:
    """4 data centres, 6 rows of 24 servers, 12 machines, 12 applications, and nothing refused."""
    folder = shared_data / "inventories" / "numecoeval"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    system = system_of([folder / f"{name}.csv" for name in SAMPLES])
    tables = (
        system.datacenters,
        system.table,
        system.virtual_machines,
        system.applications,
    )
    for name, table, report in zip(SAMPLES, tables, system.reports, strict=True):
        assert report.source == f"{name}.csv"
        counted = system.account.of_source(report.source).rows_of(Fate.COUNTED)
        assert table.num_rows == counted == expected[f"{name}.csv"]["rows"]
        assert report.details["encoding"] == expected[f"{name}.csv"]["encoding"]
    assert not system.account.has_refused
    quantity = system.table["quantity"].to_pylist()
    assert (
        sum(quantity)
        == expected["2-physicalEquipments.csv"]["physical_quantity_after_deduplication"]
    )
    assert by_status(system) == {"in_use": 12.0, "retired": 12.0}
    assert [(issue.value, issue.count) for issue in system.issues] == [("physical-eq-4", 3)]
    assert "hosts no virtual machine" in str(system.issues[0].reason)


def by_status(inventory: Inventory) -> dict[str, float]:
    """Return the quantity by status."""
    found: dict[str, float] = {}
    table = inventory.table.select(["status", "quantity"]).to_pylist()
    for row in table:
        found[row["status"]] = found.get(row["status"], 0.0) + (row["quantity"] or 0.0)
    return found


@pytest.fixture(scope="module")
def awkward(shared_data: Path) -> tuple[Inventory, Mapping[str, Mapping[str, object]]]:
    """Return the awkward set and what a right import finds in it."""
    folder = shared_data / "inventories" / "numecoeval"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    names = ("datacenter", "physicalEquipments", "virtualEquipments", "applications")
    system = system_of([folder / f"synthetic_{name}.csv" for name in names])
    return system, {name: expected[f"synthetic_{name}.csv"] for name in names}


@pytest.mark.slow
def test_awkward_data_centres(
    awkward: tuple[Inventory, Mapping[str, Mapping[str, object]]],
) -> None:
    system, expected = awkward
    report, wanted = system.reports[0], expected["datacenter"]
    assert report.details["encoding"] == wanted["encoding"]
    assert read_and_refused(system, 0) == (wanted["rows"], wanted["duplicates"])
    pue = issues_of(system.issues, "pue")
    assert (
        count([i for i in pue if "decimal comma" in str(i.reason)])
        == wanted["pue_with_decimal_comma"]
    )
    assert count([i for i in pue if "blank" in str(i.reason)]) == wanted["pue_missing"]
    assert count([i for i in pue if "out of range" in str(i.reason)]) == wanted["pue_below_1"]
    places = system.datacenter()
    assert places["DC-MAIRIE"].pue == 1.8
    assert places["COLO-1"].country == "DE"
    assert places["DC-REUNION"].country == "RE"


def test_awkward_equipment(
    awkward: tuple[Inventory, Mapping[str, Mapping[str, object]]],
) -> None:
    """As expected, but for the blank quantity: unknown here, counted as 1 there (2,211)."""
    system, expected = awkward
    wanted = expected["physicalEquipments"]
    told = (wanted["rows_with_equipment"], wanted["duplicate_rows"])
    assert read_and_refused(system, 1) == told
    quantities = system.table["quantity"].to_pylist()
    assert quantities.count(None) == 1
    assert sum(q for q in quantities if q) == wanted["physical_quantity_after_deduplication"] - 1  # type: ignore[operator]
    status = wanted["physical_quantity_by_status"]
    assert isinstance(status, dict)
    assert by_status(system) == status | {"in_use": status["in_use"] - 1}
    flags = wanted["rows_flagged"]
    found = {
        flag: count(issues_of(system.issues, column, reason=reason, source="Equipments.csv"))
        for flag, column, reason in (
            ("decimal_comma", "annual_energy", "decimal comma"),
            ("missing_country", "country", "blank"),
            ("missing_model", "model", "blank"),
            ("missing_quantity", "quantity", "blank"),
            ("retirement_before_purchase", "retirement_date", "before the purchase"),
            ("thousands_space", "quantity", "thousands"),
            ("unknown_datacenter", "datacenter_id", "not there"),
            ("unknown_type", "equipment_type", "no word that names one type"),
            ("zero_quantity", "quantity", "counts nothing"),
        )
    }
    # the month that no day names is read as one, and says so
    assert found == {flag: number for flag, number in flags.items() if flag != "unparsed_date"}
    (row,) = [row for row in system.table.to_pylist() if row["id"] == "bad-date"]
    assert row["purchase_date_precision"] == "month"
    assert (row["purchase_date"].year, row["purchase_date"].month) == (2018, 3)


def test_awkward_machines_and_applications(
    awkward: tuple[Inventory, Mapping[str, Mapping[str, object]]],
) -> None:
    system, expected = awkward
    wanted = expected["virtualEquipments"]
    assert read_and_refused(system, 2) == (wanted["rows"], wanted["duplicates"])
    found = {
        flag: count(issues_of(system.issues, column, reason=reason, source=source))
        for flag, column, reason, source in (
            ("unknown_host", "host_id", "not there", "virtualEquipments.csv"),
            ("missing_host_on_prem", "host_id", "names no host", "virtualEquipments.csv"),
            ("ambiguous_load_fraction_or_percent", "average_load", "is it in 1?", ""),
            ("hours_above_8760", "hours", "out of range", ""),
            ("provider_outside_known_list", "provider", "no value that this tool", ""),
            ("decimal_comma", "allocation_share", "decimal comma", "virtualEquipments.csv"),
        )
    }
    assert found == {flag: wanted[flag] for flag in found}
    wanted = expected["applications"]
    told = (wanted["rows"], wanted["duplicates_after_trim_and_case"])
    assert read_and_refused(system, 3) == told
    lost = issues_of(system.issues, "virtual_machine_id", reason="not there")
    blank = issues_of(system.issues, "virtual_machine_id", reason="names no virtual machine")
    assert count(lost) == wanted["unknown_virtual_equipment"]
    assert count(blank) == wanted["missing_virtual_equipment"]


# -- our own files -----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_folder_is_read_by_headers(copy: Path) -> None:
    """The files have French names of ours; a file that is none of the four is named, not read."""
    (copy / "notes.csv").write_text("a;b\n1;2\n")
    system = system_of(copy)
    assert len(system) == 8
    assert system.datacenters.num_rows == 3
    assert system.virtual_machines.num_rows == 9
    assert system.applications.num_rows == 6
    assert {report.details.get("encoding", "") for report in system.reports} == {
        "",
        "utf-8",
        "utf-8-sig",
        "cp1252",
    }
    (aside,) = [line for line in system.account.lines if line.source.endswith("notes.csv")]
    assert (aside.fate, aside.rows, aside.reason) == (Fate.SET_ASIDE, 1, Reason("row_no_table"))


@pytest.mark.slow
def test_cells_are_as_written(copy: Path) -> None:
    """Four date spellings, decimal commas, COPE and BYOD, energies of either header, words."""
    assert "qualite" not in system_of(copy).table.column_names
    system = system_of(copy, keep=["qualite"])
    rows = {row["id"]: row for row in system.table.to_pylist()}
    bought = [rows[name]["purchase_date"] for name in ("srv-1", "srv-2", "baie-1")]
    assert bought == [dt.date(2019, 11, 4), dt.date(2019, 11, 4), dt.date(2021, 6, 1)]
    assert rows["baie-1"]["retirement_date"] == dt.date(2026, 6, 1)
    lives = ("lifetime", "upstream_lifetime", "downstream_lifetime")
    assert [rows["srv-1"][name] for name in lives] == [5.0, 1.0, 0.5]
    assert rows["lap"]["quantity"] == 1200.0
    assert (rows["lap"]["country"], rows["lap"]["country_raw"]) == ("RE", "Réunion")
    assert rows["lap"]["ownership"] == "corporate_personal_use"
    assert (rows["perso"]["ownership"], rows["perso"]["usage_share"]) == ("personal", 0.3)
    assert (rows["perso"]["status"], rows["perso"]["status_raw"]) == ("retired", "Not used")
    assert (rows["flou"]["status"], rows["flou"]["equipment_type"]) == ("in_stock", "unknown")
    assert rows["flou"]["equipment_type_raw"] == "Borne"
    assert rows["srv-2"]["equipment_type"] == "server"
    assert rows["srv-1"]["qualite"] == "HAUTE"
    machines = {row["id"]: row for row in system.virtual_machines.to_pylist()}
    assert (machines["vm-1"]["kind"], machines["lun-2"]["kind"]) == ("compute", "storage")
    assert machines["vm-3"]["allocation_share"] == 0.7
    assert machines["lun-2"]["annual_energy"] == 120.0
    assert machines["lun-2"]["storage"] == 35.5
    assert machines["nuage"]["infrastructure"] == "public_cloud"
    assert [machines[name]["quantity"] for name in ("vm-1", "nuage")] == [1.0, 2.0]


@pytest.mark.slow
def test_persons_are_left_out_and_assumptions_told(copy: Path) -> None:
    """No name of a user is anywhere in the inventory; units that no file states are told."""
    system = system_of(copy)
    reports = {report.source: report for report in system.reports}
    said = " ".join(str(s) for report in reports.values() for s in report.assumptions)
    assert "utilisateur" in said
    assert "Durand" not in str(system.table.to_pydict())
    assert "storage in GB" in said
    assert "lifetime in years, upstream_lifetime in years, downstream_lifetime in years" in said
    assert "say nothing else have the quantity '1'" in said


@pytest.mark.slow
def test_every_row_is_accounted_for(copy: Path) -> None:
    """Rows that hold something, and blank ones, file by file."""
    system = system_of(copy)
    for report in system.reports:
        lines = (copy.parent / report.source).read_bytes().splitlines()
        filled = sum(bool(line.strip(b";")) for line in lines) - 1
        told = system.account.of_source(report.source)
        assert told.rows - told.rows_of(Fate.SET_ASIDE) == filled, report.source


def test_what_the_files_say_is_measured(copy: Path) -> None:
    """srv-1: a rate of 1, 5 + 1 + 0.5 years, 2,628 kWh with the PUE of 1.8, in France.

    Read with the fixture's invented factors: 1200.5 / 6.5 kg a year for manufacture, and
    2628 x 0.08 x 1.8 = 378.432 kg for use.
    """
    pack = reen.read_factors(HERE / "reference_fr")
    footprint = reen.measure(copy, method="numecoeval", factors=[pack], by="id", as_of="2024-12-31")
    found = {
        (row["id"], row["stage"]): row["value"]
        for row in footprint.to_arrow().to_pylist()
        if row["criterion"] == "climate_change"
    }
    assert found["srv-1", "manufacturing"] == pytest.approx(1200.5 / 6.5, rel=1e-12)
    assert found["srv-1", "use"] == pytest.approx(2628 * 0.08 * 1.8, rel=1e-12)
    assert found["srv-2", "use"] == pytest.approx(2500 * 0.6 * 1.32, rel=1e-12)
    names = ("applications.csv", "machines.csv", "materiel.csv", "salles.csv")
    assert footprint.provenance.sources == tuple(f"{copy.name}/{name}" for name in names)


@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [
        ("materiel.csv", Inventory, 8),
        ("salles.csv", Inventory, 0),
        ("machines.csv", Inventory, 0),
        ("applications.csv", Inventory, 0),
    ],
)
def test_one_file_alone(copy: Path, name: str, kind: type, rows: int) -> None:
    """Equipment alone is an inventory; another file alone is a system without equipment."""
    found = reen.read(copy / name)
    assert isinstance(found, kind)
    assert len(found) == rows
    assert isinstance(found, Inventory)


def test_files_of_one_kind_are_added(file: Callable[..., Path]) -> None:
    """Two lists of equipment are one; a name in both counts once; a lacking quantity is one."""
    one = file("a;M;2;;;;Laptop;;France;", "b;M;3;;;;Laptop;;France;", name="one.csv")
    header = "type;nomEquipementPhysique;modele"
    two = file("Laptop;b;M", "Monitor;c;M", header=header, name="two.csv")
    inventory = reen.read([one, two])
    assert isinstance(inventory, Inventory)
    rows = {row["id"]: row["quantity"] for row in inventory.table.to_pylist()}
    assert rows == {"a": 2.0, "b": 3.0, "c": 1.0}
    (issue,) = issues_of(inventory.issues, "id")
    assert (issue.source, issue.rows, issue.severity) == ("two.csv", (2,), Severity.REJECTED)


def test_one_name_in_two_data_sources_is_two_things(file: Callable[..., Path]) -> None:
    """The publisher's key is the name within its source of data; references take the first."""
    header = "nomEquipementPhysique;type;quantite;nomSourceDonnee"
    path = file("srv;Server;1;CMDB", "srv;Server;2;vCenter", header=header)
    inventory = reen.read(path)
    assert [row["quantity"] for row in inventory.table.to_pylist()] == [1.0, 2.0]


# -- headers, encodings, delimiters ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("nomEquipementPhysique;type;quantite;paysDUtilisation", "a;Laptop;2;France"),
        ("paysDUtilisation;quantite;type;nomEquipementPhysique;", "France;2;Laptop;a;"),
        ("NOMEQUIPEMENTPHYSIQUE;Type;Quantité;PaysDUtilisation", "a;Laptop;2;France"),
        ("nom_equipement_physique;type;quantite;pays_d_utilisation", "a;Laptop;2;France"),
        (
            '"nomEquipementPhysique";"type";"quantite";"paysDUtilisation"',
            '"a";"Laptop";"2";"France"',
        ),
        ("nomEquipementPhysique,type,quantite,paysDUtilisation", "a,Laptop,2,France"),
        ("nomEquipementPhysique\ttype\tquantite\tpaysDUtilisation", "a\tLaptop\t2\tFrance"),
    ],
)
def test_headers_and_delimiters(file: Callable[..., Path], header: str, row: str) -> None:
    inventory = reen.read(file(row, header=header))
    assert inventory.report is not None
    assert list(inventory.report.mappings) == ["numecoeval"]
    (found,) = inventory.table.select(["id", "equipment_type", "quantity", "country"]).to_pylist()
    assert found == {"id": "a", "equipment_type": "laptop", "quantity": 2.0, "country": "FR"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, ends: str) -> None:
    path = tmp_path / "equipment.csv"
    text = ends.join(["nomEquipementPhysique;type;nomEntite", "a;Laptop;Écoles", ""])
    path.write_bytes(text.encode(encoding))
    (row,) = reen.read(path).table.to_pylist()
    assert (row["entity"], row["source_row"]) == ("Écoles", 2)


def test_rows_that_end_in_surplus_delimiters_are_kept(file: Callable[..., Path]) -> None:
    """One trailing ``;`` or three: nothing shifts; a cell too many is refused.

    A row cut at its end is completed, and told.
    """
    header = "nomEquipementPhysique;type;quantite"
    path = file(
        "a;Laptop;1", "b;Laptop;2;", "c;Laptop;3;;;", "d;Laptop;4;;x", "e;Laptop", header=header
    )
    inventory = reen.read(path)
    kept = {row["id"]: (row["quantity"], row["source_row"]) for row in inventory.table.to_pylist()}
    assert kept == {"a": (1.0, 2), "b": (2.0, 3), "c": (3.0, 4), "e": (None, 6)}
    refused = [issue for issue in inventory.issues if issue.severity is Severity.REJECTED]
    assert [issue.rows for issue in refused] == [(5,)]
    assert "5 cells" in str(refused[0].reason)
    assert "3 cells" in str(refused[0].expected)
    (cut,) = [issue for issue in inventory.issues if issue.rows == (6,) and not issue.column]
    assert cut.severity in (Severity.NOTE, Severity.DOUBT)


def test_rows_whose_quotation_marks_do_not_balance(tmp_path: Path) -> None:
    """Cells that two readers of quotation marks would count otherwise are refused, not guessed."""
    path = tmp_path / "applications.csv"
    header = b"nomApplication;typeEnvironnement;nomEquipementVirtuel;domaine\n"
    path.write_bytes(header + b'"\n";;";";;')
    found = reen.read(path)
    assert isinstance(found, Inventory)
    assert found.account.rows == 1
    assert found.account.rows_of(Fate.COUNTED) == found.applications.num_rows


def test_the_users_own_columns(file: Callable[..., Path]) -> None:
    """A header of the user's, for a column of the table; an empty one leaves it out."""
    header = "nomEquipementPhysique;type;Parc;modele"
    path = file("a;Laptop;Écoles;X", header=header)
    inventory = reen.read(path, columns={"Parc": "entity", "modele": ""})
    (row,) = inventory.table.to_pylist()
    assert row["entity"] == "Écoles"
    assert "model" not in row
    with pytest.raises(reen.errors.InventoryError, match="no header 'Autre'"):
        reen.read(path, columns={"Autre": "entity"})
    with pytest.raises(
        reen.errors.InventoryError, match=r"no column 'entityy'.*did you mean 'entity'"
    ):
        reen.read(path, columns={"Parc": "entityy"})


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,125"], [1.125]),
        (["1.5", "1,125"], [1.5, 1.125]),
        (["1,5", "1.125"], [1.5, 1.125]),
        (["1 234,5", "2\u202f000"], [1234.5, 2000.0]),
        (["1.234,5", "7"], [1234.5, 7.0]),
        (["+3", "1e2", "12."], [3.0, 100.0, 12.0]),
    ],
)
def test_marks_of_numbers(
    file: Callable[..., Path], cells: list[str], numbers: list[float]
) -> None:
    """A single comma or point is a decimal mark: French files know no other between thousands."""
    header = "nomEquipementPhysique;type;consoElecAnnuelle"
    path = file(*(f"e{k};Laptop;{cell}" for k, cell in enumerate(cells)), header=header)
    assert reen.read(path).table["annual_energy"].to_pylist() == numbers


def test_a_country_for_the_rows_that_name_none(file: Callable[..., Path]) -> None:
    """Only when the user says so, and the report says how many."""
    path = file("a;M;1;;;;Laptop;;;", "b;M;1;;;;Laptop;;Belgique;")
    inventory = reen.read(path, country="France")
    assert [row["country"] for row in inventory.table.to_pylist()] == ["FR", "BE"]
    assert inventory.report is not None
    assert "1 row(s) without a country are in France." in list(
        map(str, inventory.report.assumptions)
    )
    assert not issues_of(inventory.issues, "country")
    with pytest.raises(reen.errors.OptionError):
        reen.read(path, country="Atlantide")


# -- wrong files -------------------------------------------------------------------------------

DATACENTER = "nomCourtDatacenter;pue;localisation"
MACHINE = "nomEquipementVirtuel;nomEquipementPhysique;cleRepartition;vCPU;typeEqv"


@pytest.mark.parametrize(
    ("header", "rows", "column", "value", "line", "words"),
    [
        (DATACENTER, ["a;1,4;France"], "pue", "1,4", 2, "decimal point"),
        (DATACENTER, ["a;0.85;France"], "pue", "0.85", 2, "at least 1"),
        (DATACENTER, ["a;un;France"], "pue", "un", 2, "is no number"),
        (DATACENTER, ["a;1.4;Atlantide"], "country", "Atlantide", 2, "ISO 3166-1"),
        (DATACENTER, ["a;;France"], "pue", "", 2, "at least 1"),
        (DATACENTER, ["a;1.4;France", ";1.2;France"], "id", "", 3, "a name"),
        (
            EQUIPMENT,
            ["a;M;1;;2020/02/31;;Laptop;;France;"],
            "purchase_date",
            "2020/02/31",
            2,
            "31/12/2022",
        ),
        (
            EQUIPMENT,
            ["a;M;1;;un jour;;Laptop;;France;"],
            "purchase_date",
            "un jour",
            2,
            "2022-12-31",
        ),
        (
            EQUIPMENT,
            ["a;M;1;;2021-07-05;2014-09-01;Laptop;;France;"],
            "retirement_date",
            "2014-09-01",
            2,
            "a later day",
        ),
        (
            EQUIPMENT,
            ["a;M;1;;;;Grille-pain;;France;"],
            "equipment_type",
            "Grille-pain",
            2,
            "one type",
        ),
        (EQUIPMENT, ["a;M;-2;;;;Laptop;;France;"], "quantity", "-2", 2, "at least 0"),
        (EQUIPMENT, ["a;M;deux;;;;Laptop;;France;"], "quantity", "deux", 2, "is no number"),
        (EQUIPMENT, ["a;M;1;;;;Laptop;;France;-5"], "annual_energy", "-5", 2, "kWh/item/year"),
        (EQUIPMENT, ["a;M;1;;;;Laptop;;France;5 pommes"], "annual_energy", "5 pommes", 2, "pommes"),
        (
            EQUIPMENT,
            ["a;M;1;;;;Laptop;;France;", "a;M;9;;;;Laptop;;France;"],
            "id",
            "a",
            3,
            "one row per name",
        ),
        (MACHINE, ["v;;;4;calcul"], "host_id", "", 2, "the equipment that hosts it"),
        (MACHINE, ["v;h;1.5;4;calcul"], "allocation_share", "1.5", 2, "at most 1"),
        (MACHINE, ["v;h;;4;mesure"], "kind", "mesure", 2, "compute, storage"),
        (MACHINE, ["v;h;0.6;;", "w;h;0.7;;"], "allocation_share", "h", 2, "add up to 1"),
    ],
)
def test_each_fault_says_where_what_and_what_was_expected(
    file: Callable[..., Path],
    header: str,
    rows: list[str],
    column: str,
    value: str,
    line: int,
    words: str,
) -> None:
    """File, line, column, value, expected; valid rows stay."""
    found = reen.read(file(*rows, header=header, name="wrong.csv"))
    issue = next(i for i in found.issues if i.column == column and i.value == value)
    text = str(issue)
    assert issue.source == "wrong.csv"
    assert issue.rows[0] == line
    assert f"wrong.csv, row {line}" in text
    shown = f"column {column!r}: {value!r}" if value else f"column {column!r}: "
    assert shown in text
    assert words in text
    assert {each.source for each in found.issues} == {"wrong.csv"}, "each fault is told once"


def test_references_between_files(file: Callable[..., Path]) -> None:
    """A machine without its host, a host without machine, an application without its machine."""
    hosts = file("h1;M;1;DC;;;Server;;France;", "h2;M;1;;;;Server;;France;", name="hosts.csv")
    machines = file("v1;h1;;4;calcul", "v2;h9;;4;calcul", header=MACHINE, name="machines.csv")
    header = "nomApplication;typeEnvironnement;nomEquipementVirtuel"
    applications = file("a;Test;v1", "b;Test;v9", header=header, name="applications.csv")
    places = file("DC;1.4;France", header=DATACENTER, name="places.csv")
    system = system_of([hosts, machines, applications, places])
    said = {(issue.source, issue.column, issue.value) for issue in system.issues}
    assert said == {
        ("hosts.csv", "id", "h2"),
        ("machines.csv", "host_id", "h9"),
        ("applications.csv", "virtual_machine_id", "v9"),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x{k};M;1;;;;Laptop;;France;;;y", "has 12 cells"),
        ("same;M;1;;;;Laptop;;France;", "is in an earlier row, which is kept"),
        ("x{k};M;-1;;;;Laptop;;France;", "is out of range"),
        ("x{k};M;z{k};;;;Laptop;;France;", "is no number"),
        ("x{k};M;1;;3{k}/02/2020;;Laptop;;France;", "is no date"),
    ],
)
def test_a_hundred_thousand_bad_lines(file: Callable[..., Path], row: str, reason: str) -> None:
    """A few issues with a count, whatever the number of lines; the good row is there."""
    lines = 100_000
    path = file(*(row.format(k=k) for k in range(lines)), "good;M;1;;;;Laptop;;France;")
    inventory = reen.read(path)
    found = [issue for issue in inventory.issues if str(issue.reason) == reason]
    assert 1 <= len(found) <= 21
    assert count(found) == lines - (1 if "earlier" in reason else 0)
    assert len(inventory.issues) < 100
    assert all(len(issue.rows) <= Issue.SHOWN for issue in inventory.issues)
    assert len(max(map(str, inventory.issues), key=len)) < 500
    assert "good" in inventory.table["id"].to_pylist()


@pytest.mark.slow
def test_strict_reads_raise_with_all_of_it(copy: Path) -> None:
    with pytest.raises(reen.errors.StrictReadError, match="issue"):
        reen.read(copy, strict=True)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", reen.errors.EmptyInventoryError),
        (b"  \n\n", reen.errors.EmptyInventoryError),
        (b"a;b\n1;2\n", reen.errors.InventoryError),
        (b"\x00\x01\x02", reen.errors.InventoryError),
        (b"%PDF-1.4 nomEquipementPhysique", reen.errors.FileFormatError),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        reen.read(path)


def test_two_headers_for_one_column(file: Callable[..., Path]) -> None:
    """Of both generations in one file the newer counts, and the other is told with its sum."""
    header = "nomEquipementVirtuel;consoElecAn;consoElecAnnuelle"
    found = reen.read(file("a;1;2", header=header))
    assert found.virtual_machines["annual_energy"].to_pylist() == [2.0]
    (told,) = [issue for issue in found.issues if issue.value == "consoElecAn"]
    assert "in no known column" in str(told.reason)


def test_a_folder_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(reen.errors.InventoryError, match=r"readme\.txt: no header is known"):
        reen.read(tmp_path)
    with pytest.raises(reen.errors.FileFormatError, match="no file was given"):
        reen.read([])


@pytest.mark.slow
def test_a_header_alone_is_an_empty_table(copy: Path) -> None:
    """A system without equipment, without applications: a file of it may be empty, also alone."""
    (copy / "materiel.csv").write_text(EQUIPMENT + "\n")
    found = system_of(copy)
    assert (len(found), found.virtual_machines.num_rows) == (0, 9)
    assert len(reen.read(copy / "materiel.csv")) == 0
    (copy / "machines.csv").write_text("nomEquipementVirtuel;nomEquipementPhysique\n")
    assert system_of(copy / "machines.csv").virtual_machines.num_rows == 0
    assert system_of(sorted(copy.glob("*.csv"))).applications.num_rows == 6


@pytest.mark.slow
def test_an_archive_holds_the_same(copy: Path, tmp_path: Path) -> None:
    """The four files in a zip are the four files of a folder."""
    archive = tmp_path / "system.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in sorted(copy.glob("*.csv")):
            zipped.write(path, path.name)
    one, other = system_of(archive), system_of(sorted(copy.glob("*.csv")))
    for kind, table in one.tables.items():
        columns = [name for name in table.column_names if name != "source"]
        assert table.select(columns).to_pylist() == other.tables[kind].select(columns).to_pylist()
    assert [str(i.reason) for i in one.issues] == [str(i.reason) for i in other.issues]


@pytest.mark.slow
def test_a_reference_set_in_the_folder_is_no_inventory(copy: Path) -> None:
    """Its files are set aside as what they are: `factors=` reads them."""
    shutil.copytree(HERE / "reference_en", copy / "reference_en")
    shutil.copytree(HERE / "reference_fr", copy / "reference_fr")
    system = system_of(copy)
    assert len(system) == 8
    told = {i.source.rpartition("/")[2] for i in system.issues if "reference data" in str(i.reason)}
    assert {"itemImpact.csv", "itemType.csv", "facteursCaracterisation.csv"} <= told


@pytest.mark.slow
def test_the_mapping_says_what_it_is(copy: Path) -> None:
    """Every report names it with its digest."""
    tool = next(each for each in reen.default_registry().mappings if each.name == "numecoeval")
    for report in system_of(copy).reports:
        assert report.mappings == {"numecoeval": tool.digest}


@pytest.mark.slow
def test_systems_and_other_inventories_come_together(copy: Path, tmp_path: Path) -> None:
    """A plain list beside the files of the set: its rows are equipment of the system."""
    other = tmp_path / "liste.csv"
    other.write_text("type;modèle;quantité\nÉcran;P2422H;12\n", encoding="utf-8")
    system = system_of([copy / "materiel.csv", copy / "machines.csv", other])
    assert len(system) == 9
    assert len(system.reports) == 3
