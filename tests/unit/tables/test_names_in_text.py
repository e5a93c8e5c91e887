"""Persons named in free text: a mark stands for each, and products and places stay."""

from __future__ import annotations

import pytest

import reen
from reen.tables.privacy.names_in_text import without_holders, without_names


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Portable de Zoé Zyxwin", "Portable de …"),
        ("portable de zoé zyxwin", "portable de …"),
        ("PC Sophie Zyxwin", "PC …"),
        ("PC ZYXWIN Sophie (2e étage)", "PC … (2e étage)"),
        ("prêté à Jean Zyxwin", "prêté à …"),
        ("en réparation, chez Zyxo Zyxwin", "en réparation, chez …"),
        ("poste de Kévin LE ZYXWIN", "poste de …"),
        ("Écran Mme Zyxwin", "Écran …"),
        ("Écran (M. de la Zyxwin)", "Écran (M. de la Zyxwin)"),
        ("Laptop of Jeanne Zyxwin", "Laptop of …"),
        ("j.zyxwin@ville.example", "…"),
        ("VILLE\\zyxwin", "…"),
    ],
)
def test_a_person_is_cut_out_of_a_text(text: str, cut: str) -> None:
    """The last but three is a limit: a title before a small letter is no title of a name."""
    assert without_names(text) == cut


@pytest.mark.parametrize(
    "text",
    [
        *("Latitude 5420", "HP LaserJet Pro MFP M428", "iPhone 11 Pro Max Silver", "PC de bureau"),
        *("Ordinateur de bureau Dell OptiPlex", "en réparation chez Dell", "chez le fournisseur"),
        *("PC salle Jean Moulin", "École Jules Ferry", "Galaxy A54 Rose Gold", "Robert", "", "12"),
        *("Station de Travail Dell", "Bureau de Direction Générale", "en stock", "M 12"),
    ],
)
def test_products_and_places_stay(text: str) -> None:
    assert without_names(text) == text


def test_places_are_called_after_persons() -> None:
    """In a column of places, only what stands before a name tells of a person."""
    for place in ("Simone Veil", "Site Jean Jaurès", "Maison de Rose", "Mairie - Victor Hugo"):
        assert without_names(place, places=True) == place
    assert without_names("chez Mme Zyxwin", places=True) == "chez …"
    assert without_holders("Domicile Jean Zyxwin") == "Domicile …"


def test_rows_with_a_mark_are_told_and_counted() -> None:
    """Two rows name a person in one column: told once, with 2 rows, and the type is still known."""
    text = "Type;Etat;Modèle\nPC Sophie Zyxwin;chez Ali Zyxwin;Latitude 5420\n"
    text += "Écran Mme Zyxwin;;P2422\n"
    found = reen.read(text.encode(), name="a.csv")
    assert found.table["equipment_type_raw"].to_pylist()[1] == "Écran …"
    assert found.table["equipment_type"].to_pylist() == ["laptop", "monitor"]
    told = {each.column: each for each in found.issues if each.reason.code == "names_cut"}
    assert {name: (each.value, each.rows) for name, each in told.items()} == {
        "equipment_type": ("Type", (2, 3)),
        "status": ("Etat", (2,)),
    }


def test_a_column_asked_for_stays_as_it_is() -> None:
    text = b"Type;Etat\nPC portable;chez Ali Zyxwin\n"
    found = reen.read(text, name="a.csv", keep=["Etat"])
    assert found.table["status_raw"].to_pylist() == ["chez Ali Zyxwin"]
