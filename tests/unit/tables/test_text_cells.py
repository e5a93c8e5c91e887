"""Fillers, identifiers that stay text, yes and no, closed lists, personal data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import reen
from reen import Inventory
from reen.errors import OptionError
from reen.plugin.files import Imported
from reen.types import Severity

Read = Callable[..., Imported]


def column(found: Imported, name: str) -> list[object]:
    cells: list[object] = found.table[name].to_pylist()
    return cells


def test_identifiers_stay_text(read: Read) -> None:
    found = read("Type;N° de série;N° inventaire;Id\nPC;0004512;000123;007\nPC;1E5;'12;12345678\n")
    assert column(found, "serial_number") == ["0004512", "1E5"]
    assert column(found, "asset_tag") == ["000123", "12"]
    assert column(found, "id") == ["007", "12345678"]


@pytest.mark.parametrize(
    "filler",
    [
        *("To Be Filled By O.E.M.", "default string", "System Serial Number", "None", "N/A", "?"),
        *("-", "0", "00000000", "XXXXXX", "0123456789", "123456789", "Unknown", "néant", "#N/A"),
        *("NÉANT", "Non Renseigné", "NON RENSEIGNÉ"),
    ],
)
def test_fillers_are_no_identifier(read: Read, filler: str) -> None:
    found = read(f"Type;Modèle;Serial number\nPC;x;{filler}\nPC;y;4TX1J73\n")
    assert column(found, "serial_number") == [None, "4TX1J73"]
    (issue,) = found.issues
    assert (issue.column, issue.value, issue.severity) == ("serial_number", filler, Severity.NOTE)


def test_fillers_in_other_text_are_blank(read: Read) -> None:
    found = read("Type;Modèle;Fabricant\nPC;System Product Name;System manufacturer\nPC;0;n.c.\n")
    assert column(found, "model") == [None, "0"]
    assert column(found, "manufacturer") == [None, None]
    assert found.issues == ()


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("ID", ["1110", "1111", "1112"], ["1110", "1111", "1112"]),
        ("ID", ["1110", "1111", "2222"], ["1110", "1111", "2222"]),
        ("N° d'inventaire", ["8887", "8888", "9999"], ["8887", "8888", "9999"]),
        ("ID", ["0000", "0001"], ["0000", "0001"]),
        ("N° de série", ["5CG1234", "1111111", "XXXXXXX"], ["5CG1234", None, None]),
        ("N° de série", ["1111", "1111", "1234"], [None, None, "1234"]),
        ("N° de série", ["00000000", "12345679"], [None, "12345679"]),
    ],
)
def test_a_run_of_one_digit_that_the_column_explains_is_an_identifier(
    read: Read, header: str, cells: list[str], expected: list[str | None]
) -> None:
    found = read(f"{header};Type;Modèle\n" + "".join(f"{c};Écran;U\n" for c in cells))
    (name,) = {"id", "asset_tag", "serial_number"} & set(found.table.column_names)
    assert column(found, name) == expected


def test_rounded_identifiers_are_lost_and_said_so(read: Read) -> None:
    found = read("Type;Modèle;N° de série\nPC;x;3,56789E+14\n")
    assert column(found, "serial_number") == [None]
    assert "rounded by a spreadsheet" in str(found.issues[0].reason)


def test_words_are_tidied(read: Read) -> None:
    found = read(
        "Type;Modèle;Site\n"
        '  PC\u00a0fixe ;"OptiPlex\n 7090";Mode\u0300ne  \n'
        "Écran;\u202fP2422H\u00a0;\u200bHôtel   de ville\n"
    )
    assert column(found, "equipment_type") == ["PC fixe", "Écran"]
    assert column(found, "model") == ["OptiPlex 7090", "P2422H"]
    assert column(found, "site") == ["Mod\u00e8ne", "Hôtel de ville"]
    assert column(found, "source_row") == [2, 4]


def test_yes_and_no(read: Read) -> None:
    cells = ["oui", "Non", "x", "1", "faux", "", "N/A", "neuf", "peut-être"]
    found = read("Type;Modèle;Reconditionné\n" + "".join(f"PC;m;{cell}\n" for cell in cells))
    assert column(found, "reconditioned") == [
        *(True, False, True, True, False, None, None, False, None)
    ]
    (issue,) = found.issues
    assert str(issue) == (
        "parc.csv, row 10, column 'reconditioned': 'peut-être' is neither yes nor no; expected yes"
        " or no (oui, non, true, false, 1, 0) (value not used)"
    )


def test_words_of_closed_lists(conformed: Callable[..., Inventory]) -> None:
    inventory = conformed(
        "Type;Mode d'acquisition;Propriété;Type de disque\n"
        "PC fixe;Location;BYOD;NVMe\nPC fixe;Achat;Professionnel;SSD\nPC fixe;Troc;;\n"
    )
    table = inventory.table
    assert table["acquisition"].to_pylist() == ["lease", "purchase", None]
    assert table["ownership"].to_pylist() == ["personal", "corporate", None]
    assert table["storage_type"].to_pylist() == ["ssd", "ssd", None]
    assert {(issue.column, issue.value, issue.rows) for issue in inventory.issues} == {
        ("acquisition", "Troc", (4,)),
        ("ownership", "personal", (2,)),  # a personal device is noted
    }


def test_status_words_and_blank_status(conformed: Callable[..., Inventory]) -> None:
    inventory = conformed(
        "Type;Modèle;Statut\n"
        "PC fixe;a;En service\nPC fixe;b;\nPC fixe;c;Réformé\nPC fixe;d;Location\n"
    )
    assert inventory.table["status"].to_pylist() == ["in_use", "unknown", "retired", "in_use"]
    assert inventory.table["status_raw"].to_pylist()[3] == "Location"
    assert inventory.table["acquisition"].to_pylist() == [None, None, None, "lease"]
    (noted,) = inventory.issues
    assert (noted.value, noted.rows, noted.severity) == ("Location", (5,), Severity.NOTE)
    assert noted.reason.code == "status_is_lease"


def test_what_a_column_says_of_acquisition_goes_before_the_status(
    conformed: Callable[..., Inventory],
) -> None:
    inventory = conformed(
        "Type;Modèle;État;Mode d'acquisition\nPC fixe;a;Loué;Achat\nPC fixe;b;En location;\n"
    )
    assert inventory.table["status"].to_pylist() == ["in_use", "in_use"]
    assert inventory.table["acquisition"].to_pylist() == ["purchase", "lease"]


def test_a_header_that_means_place_or_lease_is_flagged(read: Read) -> None:
    found = read("Type;Marque;Location\nPC;Dell;oui\n")
    assert any(
        "columns={'Location': 'acquisition'}" in text
        for text in list(map(str, found.report.assumptions))
    )
    found = read("Type;Serial;Asset number;Location\nPC;S;A;Town hall\n")
    assert not any("leased" in text for text in list(map(str, found.report.assumptions)))


def test_no_status_column_means_in_use_and_says_so(read: Read) -> None:
    found = read("Type;Modèle\nPC;x\n")
    assert column(found, "status") == ["in_use"]
    assert "No status column: every row is in use." in list(map(str, found.report.assumptions))


def test_a_portable_is_not_guessed(conformed: Callable[..., Inventory]) -> None:
    inventory = conformed("Type;Quantité\nPortable;3\nPC portable;2\n")
    assert inventory.table["equipment_type"].to_pylist() == ["unknown", "laptop"]
    (issue,) = inventory.issues
    assert "did you mean 'laptop', 'mobile_phone'" in str(issue.expected)


def test_country_of_the_rows_that_name_none(conformed: Callable[..., Inventory]) -> None:
    text = "Type;Pays\nPC fixe;Réunion\nPC fixe;\n"
    assert conformed(text).table["country"].to_pylist() == ["RE", None]
    inventory = conformed(text, country="FR")
    assert inventory.table["country"].to_pylist() == ["RE", "FR"]
    assert inventory.report is not None
    assert "1 row(s) without a country are in FR." in list(map(str, inventory.report.assumptions))
    assert conformed("Type;Nb\nPC fixe;1\n", country="FR").table["country"].to_pylist() == ["FR"]
    assert "country" not in conformed("Type;Nb\nPC fixe;1\n").table.column_names


def test_a_country_that_does_not_exist(read: Read) -> None:
    with pytest.raises(OptionError, match="Frnace"):
        read("Type;Nb\nPC;1\n", country="Frnace")


def test_personal_columns_are_left_out_and_said_so(read: Read) -> None:
    text = (
        "Type;Utilisateur;Référent;Poste;Remarque\n"
        "Serveur;Jeanne Dupont;j.dupont@ville.example;01 23 45 67 89;lent\n"
        "Serveur;Ali Martin;a.martin@ville.example;+33 6 12 34 56 78;bruyant\n"
    )
    found = read(text)
    assert set(found.table.column_names) == {
        *("equipment_type", "status", "user", "Remarque", "source", "source_row")
    }
    (said,) = [said for said in list(map(str, found.report.assumptions)) if "persons" in said]
    assert "'Utilisateur', 'Référent', 'Poste'" in said
    assert (found.report.kept, found.report.left_out) == ((), ("Remarque",))
    inventory = reen.read(text.encode(), name="parc.csv")
    kept = {"equipment_type", "equipment_type_raw", "status", "source", "source_row"}
    assert set(inventory.table.column_names) == kept


def test_a_network_address_is_personal(read: Read) -> None:
    found = read(
        "Type;Modèle;X;Y\nPC;a;00:50:56:aa:01:02;10.0.0.1\nPC;b;52-54-00-12-34-56;10.0.0.2\n"
    )
    assert not {"X", "Y"} & set(found.table.column_names)


def test_no_person_is_shown_in_an_issue(read: Read) -> None:
    found = read("Type;Modèle;Utilisateur;Site\nPC;x;Jeanne Dupont\nPC;y;Ali;s\n;;Jeanne Dupont;\n")
    assert "Jeanne" not in str(found)
