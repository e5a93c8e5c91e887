"""Identifiers that hold the name of a person or of a device: they join, and reach no output."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.inventory.account import Fate
from reen.inventory.dictionaries import is_text
from reen.inventory.pseudonyms import pseudonym
from reen.tables.headers.header_words import key_of

KEY = b"0123456789abcdef"
INSTANT = "2024-01-02-10-11-12"


def device(name: str, serial: str, **content: object) -> dict[str, object]:
    """Return the document of an agent."""
    return {
        "deviceid": f"{name}-{INSTANT}",
        "content": {
            "versionclient": "GLPI-Agent_v1.5",
            "hardware": {"name": name, "chassis_type": "Notebook"},
            "bios": {"ssn": serial, "smanufacturer": "Dell", "smodel": "Latitude 5420"},
            **content,
        },
    }


def read(records: object, **said: object) -> reen.Inventory:
    return reen.read(json.dumps(records).encode(), name="a.json", **said)  # type: ignore[arg-type]


def read_list(text: str, **said: object) -> reen.Inventory:
    return reen.read(text.encode(), name="parc.csv", **said)  # type: ignore[arg-type]


def everything_in(inventory: reen.Inventory) -> str:
    tables = [table.to_pylist() for table in inventory.tables.values()]
    told = [issue.to_dict() for issue in inventory.issues]
    return json.dumps([tables, told, inventory.account.to_dict()], default=str, ensure_ascii=False)


def ids(inventory: reen.Inventory, column: str = "id") -> list[str | None]:
    return inventory.table[column].to_pylist()  # type: ignore[no-any-return]


# --------------------------------------------------------------------------------- agents


def test_what_an_agent_calls_its_device_leaves() -> None:
    found = read([device("PC-MARTIN", "5CG1234XYZ")])
    assert ids(found) == [None]
    assert "MARTIN" not in everything_in(found)
    (issue,) = [each for each in found.issues if each.reason.code == "identifiers_are_names"]
    assert (issue.column, issue.value, issue.rows, issue.count) == ("id", "deviceid", (1,), 1)
    assert found.position("5CG1234XYZ") == found.position("a.json:1") == 0


def test_it_leaves_where_no_other_column_names_the_device() -> None:
    record = {"deviceid": f"PC-MARTIN-{INSTANT}", "content": device("", "S1A9")["content"]}
    assert "MARTIN" not in everything_in(read([record]))


def test_with_the_key_its_pseudonym_stays_and_is_found_by_the_clear_text() -> None:
    found = read([device("PC-MARTIN", "5CG1234XYZ"), device("PC-LEA", "5CG9876XYZ")], key=KEY)
    assert ids(found)[0] == pseudonym(f"PC-MARTIN-{INSTANT}", KEY)
    assert found.position(f"PC-LEA-{INSTANT}", key=KEY) == 1
    assert "MARTIN" not in everything_in(found)


def test_it_still_joins_two_documents_of_one_device() -> None:
    """The same device, seen twice, without any other identifier."""
    twice = [device("PC-MARTIN", ""), device("PC-MARTIN", "")]
    found = reen.read(json.dumps(twice).encode(), name="a.json", keep=["deviceid"])
    joined = read(twice)
    assert joined.account.rows_of(Fate.MERGED) == found.account.rows_of(Fate.MERGED)
    assert len(joined) == len(found)


@pytest.mark.parametrize("key", [None, KEY])
def test_what_refers_to_such_a_device_still_leads_to_it(key: bytes | None) -> None:
    machine = {"uuid": "u-1", "name": "vm1", "vcpu": 2, "vmtype": "kvm"}
    screen = {"caption": "P2422H", "manufacturer": "Dell Inc.", "serial": "CN0ABC"}
    content = {"virtualmachines": [machine], "monitors": [screen]}
    server = device("srv-paul", "ABC1234", **content)
    server["content"]["bios"]["smodel"] = "PowerEdge R640"  # type: ignore[index]
    found = read([device("PC-LEA", "XYZ9876"), server], key=key)
    host = ids(found)[1]
    assert host == ("a.json:2" if key is None else pseudonym(f"srv-paul-{INSTANT}", KEY))
    assert found.virtual_machines["host_id"].to_pylist() == [host]
    assert ids(found, "parent_id")[2] == host
    assert found.position("a.json:2") == 1
    assert "paul" not in everything_in(found)


def test_a_header_that_is_asked_for_stays_as_it_is() -> None:
    found = read([device("PC-MARTIN", "5CG1234XYZ")], keep=["deviceid"])
    assert ids(found) == [f"PC-MARTIN-{INSTANT}"]


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
@pytest.mark.parametrize("key", [None, KEY])
def test_a_written_list_is_read_again_as_it_is(
    tmp_path: Path, name: str, key: bytes | None
) -> None:
    first = read([device("PC-MARTIN", "5CG1234XYZ"), device("PC-LEA", "5CG9876XYZ")], key=key)
    reen.write_inventory(first, tmp_path / name)
    for again in (reen.read(tmp_path / name, key=key), reen.read(tmp_path / name)):
        assert again.table["id"].to_pylist() == first.table["id"].to_pylist()
        assert again.account == first.account


# --------------------------------------------------------------------------------- lists


@pytest.mark.slow
@pytest.mark.parametrize(
    ("header", "cells", "hidden"),
    [
        ("Nom du poste", ("POSTE-LEA", "POSTE-LEA"), True),
        ("Nom du poste", ("POSTE-LEA", "inv_poste-lea_3"), True),
        ("Nom du poste", ("PC-0042", "PC-0042"), False),
        ("Nom du poste", ("PC-0042", "INV-0042"), False),
        ("Utilisateur", ("Jeanne Dupont", "PC-DUPONT"), True),
        ("Utilisateur", ("j.dupont", "PC-J.DUPONT"), True),
        ("Utilisateur", ("Accueil mairie", "MAIRIE-12"), False),
        ("Courriel", ("jeanne.dupont@ville.example", "jeanne.dupont-2"), True),
        ("Remarque", ("", "j.dupont@ville.example"), True),
        ("Remarque", ("", "VILLE\\jdupont"), True),
        ("Remarque", ("", f"PC-LEA-{INSTANT}"), True),
        ("Remarque", ("", "4c4c4544-0034-3010-8048-b6c04f503732"), False),
        ("Remarque", ("", "2024-01-02"), False),
    ],
)
@pytest.mark.parametrize("identifier", ["Identifiant", "N° inventaire", "N° de série"])
def test_an_identifier_that_holds_a_name(
    identifier: str, header: str, cells: tuple[str, str], *, hidden: bool
) -> None:
    name, written = cells
    text = f"Type;Modèle;{identifier};{header}\nÉcran;P2422H;{written};{name}\nÉcran;P2422H;Z9-7;\n"
    found = read_list(text)
    column = {"Identifiant": "id", "N° inventaire": "asset_tag"}.get(identifier, "serial_number")
    assert ids(found, column) == [None if hidden else written, "Z9-7"]
    assert (written in everything_in(found)) is not hidden


def test_a_screen_that_is_called_by_its_model_keeps_its_number() -> None:
    found = read_list("Type;Modèle;Nom;N° inventaire\nÉcran;P2422H;P2422H;P2422H-7\n")
    assert ids(found, "asset_tag") == ["P2422H-7"]


# --------------------------------------------------------------------------------- samples

#: Headers and keys of names, in the files that tools write.
NAMES = {
    *("nom", "name", "machine", "computer", "computer name", "device name", "asset name"),
    *("friendly name", "device friendly name", "display name", "hostname", "lastloggeduser"),
    *("assetname", "computername", "displayname", "devicefriendlyname", "devicereportedname"),
    *("utilisateur connecte", "connected user", "user", "username", "user name", "contact"),
    *("usager", "primary user upn", "primary user display name", "primary user email address"),
    *("email address", "useremailaddress", "phone number", "phonenumber", "checked out"),
    *("user names", "usernames", "registered owners", "registeredowners", "management name"),
    *("userid", "deviceid", "nom de l actif", "local admins", "localadmins"),
}
#: Where one of these words is a key of something else: the path above it, in JSON.
DEVICES = {"hardware", "network_device", "data", "rows", "Devices", "assigned_to", "", "info"}

#: Numbers of a series, of which a tag or a serial number may be made.
SERIES = re.compile(r"[a-z]{0,4}[ _-]?\d+", re.IGNORECASE)


def names_in_csv(path: Path) -> Iterator[str]:
    text = path.read_bytes().decode("utf-8-sig", errors="replace").lstrip()
    dialect = ";" if text.partition("\n")[0].count(";") else ","
    header, *rows = csv.reader(text.splitlines(), delimiter=dialect)
    places = [place for place, cell in enumerate(header) if key_of(cell) in NAMES]
    yield from (row[place] for row in rows for place in places if place < len(row))


def names_in_json(value: object, above: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            if isinstance(child, str) and key_of(key) in NAMES and above in DEVICES:
                yield child
            else:
                yield from names_in_json(child, key)
    elif isinstance(value, list):
        for child in value:
            yield from names_in_json(child, above)


def names_in(path: Path) -> set[str]:
    found = (
        names_in_csv(path)
        if path.suffix == ".csv"
        else names_in_json(json.loads(path.read_text(encoding="utf-8")))
    )
    return {name.strip().casefold() for name in found if len(name.strip()) > 2}


SAMPLES = [
    *("airwatch/synthetic_device_list.csv", "airwatch/synthetic_api_devices_search.json"),
    *("excel_fr/synthetic_powershell_releves.csv", "glpi/agent_computer_1.json"),
    *("glpi/agent_computer_1_partial_cpu.json", "glpi/agent_computer_2.json"),
    *("glpi/agent_networkequipment_3.json", "glpi/agent_phone_1.json"),
    *("glpi/agent_printer_1.json", "glpi/synthetic_all_assets_en.csv"),
    *("glpi/synthetic_api_items_computer.json", "glpi/synthetic_computers_fr.csv"),
    *("glpi/synthetic_computers_fr_glpi11.csv", "glpi/synthetic_monitors_fr.csv"),
    *("intune/synthetic_DevicesWithInventory.csv", "intune/synthetic_exportDevice_entra.csv"),
    *("lansweeper/synthetic_assets.csv", "ocs/synthetic_all_computers_en.csv"),
    *("ocs/synthetic_all_computers_fr.csv", "snipe-it/synthetic_custom_asset_report_en.csv"),
    *("snipe-it/synthetic_api_hardware.json", "snipe-it/synthetic_custom_asset_report_fr.csv"),
]


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_no_name_of_a_sample_reaches_an_output(shared_data: Path, sample: str) -> None:
    """Names of series alone may stand in tags, and what is called by its maker or model."""
    path = shared_data / "inventories" / sample
    names = names_in(path)
    found = reen.read(path)
    products = set()
    for column in ("manufacturer", "model"):
        if column in found.table.column_names:
            products |= {text.casefold() for text in found.table[column].to_pylist() if text}
    names = {name for name in names if not any(name in product for product in products)}
    assert names or "monitors" in sample or sample.endswith("report_fr.csv"), "nothing is tested"
    leaked = {
        (kind, column, name)
        for kind, table in found.tables.items()
        for column, texts in texts_of(table)
        for name in names
        if any(name in text for text in texts)
        and not (column in ("asset_tag", "serial_number") and SERIES.fullmatch(name))
    }
    assert not leaked


def texts_of(table: pa.Table) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns of text but the name of the file, with what stands in them."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        if is_text(column.type) and name != "source":
            yield name, [text.casefold() for text in column.unique().to_pylist() if text]
