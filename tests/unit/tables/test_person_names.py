"""Columns whose cells mix persons and services: persons leave, services stay."""

from __future__ import annotations

import pytest

import reen
from reen.tables.privacy.person_names import (
    names_a_person,
    names_persons_too,
    services_of,
    without_persons,
)

PERSONS = [
    *("Jeanne DUPONT", "DUPONT Jeanne", "Jeanne Dupont", "dupont jeanne", "J. Dupont"),
    *("Dupont J.", "J.-P. DUPONT", "Mme Durand", "Bureau de M. Untel", "Zyx NOVAKOVA"),
    *("j.dupont@ville.example", "VILLE\\jd", "j.dupont", "Marie-Claire DE LA TOUR", "Sophie"),
    *("Éloïse Lefèvre", "Dr Martin", "LEFÈVRE Zoé", "Mohamed EL AMRANI"),
]
SERVICES = [
    *("Finances", "Service des sports", "Accueil", "École Jean Moulin", "CCAS Valcour", "DSI"),
    *("Direction générale", "Pôle SANTÉ", "D.S.I.", "S. Techniques", "R. Humaines", "RH"),
    *("Police municipale", "Saint-Martin", "Salle Victor Hugo", "Place Saint-Pierre", "Stock"),
    *("Adjoint au maire", "EHPAD Louise Michel", "Bâtiment A", "2e étage", "Human resources"),
    *("PC-12", "Espace Jean Vilar", "Reception", "", "-", "12", "Mairie annexe"),
]


@pytest.mark.parametrize("cell", PERSONS)
def test_a_person_is_known_by_form_or_first_name(cell: str) -> None:
    assert names_a_person(cell)
    assert without_persons(cell) is None
    assert without_persons(f"{cell} / Finances") == "Finances"
    assert without_persons(f"DSI ({cell})") == "DSI"


@pytest.mark.parametrize("cell", SERVICES)
def test_a_service_or_a_place_stays_as_it_is_written(cell: str) -> None:
    assert not names_a_person(cell)
    assert without_persons(cell) == cell


def test_a_surname_alone_is_known_by_the_cell_that_has_its_first_name() -> None:
    cells = ["DUPONT Jeanne", "Dupont", "DUPONT", "Culture", "Martin J. / Voirie", "Voirie"]
    assert services_of(cells) == {
        "DUPONT Jeanne": None,
        "Martin J. / Voirie": "Voirie",
        "Dupont": None,
        "DUPONT": None,
    }


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Affectation", "site"),
        ("Service / Utilisateur", "entity"),
        ("Bénéficiaire / service", "entity"),
        ("Service ou agent", "entity"),
        ("User / department", "entity"),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "json"])
def test_persons_leave_a_column_that_mixes_them_with_services(
    header: str, column: str, ending: str
) -> None:
    cells = ["Jeanne DUPONT", "Finances", "Dupont", "DSI / A. Martin", "Service des sports"]
    rows = "".join(f"Écran;{cell}\n" for cell in cells)
    if ending == "json":
        listed = ", ".join(f'{{"Type": "Écran", "{header}": "{cell}"}}' for cell in cells)
        found = reen.read(f"[{listed}]".encode(), name="a.json")
    else:
        found = reen.read(f"Type;{header}\n{rows}".encode(), name="a.csv")
    assert found.table[column].to_pylist() == [None, "Finances", None, "DSI", "Service des sports"]
    (issue,) = [each for each in found.issues if each.reason.code == "persons_left_out"]
    assert (issue.column, issue.value, issue.count) == (column, header, 3)
    for word in ("DUPONT", "Dupont", "Martin"):
        assert word not in str(found.issues) + str(found.account.to_dict())


def test_such_a_column_stays_whole_when_it_is_asked_for() -> None:
    text = "Type;Affectation\nÉcran;Jeanne DUPONT\nÉcran;Finances\n"
    found = reen.read(text.encode(), name="a.csv", keep=["Affectation"])
    assert found.table["site"].to_pylist() == ["Jeanne DUPONT", "Finances"]


def test_a_header_of_places_alone_keeps_its_names() -> None:
    """Under "Site", "Jean MOULIN" is a school."""
    found = reen.read("Type;Site\nÉcran;Jean MOULIN\n".encode(), name="a.csv")
    assert found.table["site"].to_pylist() == ["Jean MOULIN"]


def test_headers_of_persons() -> None:
    assert all(map(names_persons_too, ("Affectation", "Utilisateurs", "Assigned to", "Affecté à")))
    assert not any(map(names_persons_too, ("Site", "Service", "Nom du site", "Bureau", "")))


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("M Lefevre", None),
        ("RH - NGUYEN", "RH"),
        ("Urbanisme (Benali)", "Urbanisme"),
        ("RH/Nguyen Linh", "RH"),
        ("ST / Le Goff", "ST"),
        ("Voirie (BENALI)", "Voirie"),
        *((text, text) for text in ("DSI / SIG", "RH - Paie", "RH - PAIE", "RH - Carrières")),
        *((text, text) for text in ("Finances / Commande publique", "CCAS - Portage", "M 12")),
        *((text, text) for text in ("Direction / Cabinet", "Mairie - Valcour", "École (Malraux)")),
    ],
)
def test_what_stands_beside_a_service_and_is_no_service_leaves(cell: str, left: str | None) -> None:
    """What stands beside a place stays: it may be the name of the place."""
    assert without_persons(cell) == left


def test_a_login_of_one_who_left_the_row_leaves_too() -> None:
    """Initial and surname: known by the cell beside it, though that cell is no column of users."""
    rows = "mlefevre;M Lefevre\nPC-LEGALL;Anne LE GALL\nFINANCES-02;Finances / J. Dupont\n"
    text = "Identifiant;Type;Affectation\n" + "".join(
        row.replace(";", ";PC portable;") + "\n" for row in rows.split("\n")[:-1]
    )
    found = reen.read(text.encode(), name="a.csv")
    assert found.table["id"].to_pylist() == [None, None, "FINANCES-02"]
    assert "lefevre" not in str(found.issues).casefold()
