"""Rare surnames in identifiers, known because another cell of the table names the person."""

from __future__ import annotations

import pytest

import reen

TAG = "QA15-QUERMELIN"


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Utilisateur", "Jeanne Quermelin"),
        ("Courriel", "j.quermelin@ville.example"),
        ("Site", "Bureau 12 Mme Quermelin"),
        ("Affectation", "Jeanne Quermelin"),
        ("État", "chez Jeanne Quermelin"),
    ],
)
@pytest.mark.parametrize("same_row", [True, False])
def test_an_identifier_with_a_surname_of_the_table_leaves(
    header: str, cell: str, *, same_row: bool
) -> None:
    """The screen is called after a person whom that row, or the one above, names."""
    cells = ["", cell] if same_row else [cell, ""]
    text = f"Type;N° de série;{header}\nPC portable;AB12;{cells[0]}\nÉcran;{TAG};{cells[1]}\n"
    found = reen.read(text.encode(), name="parc.csv")
    assert found.table["serial_number"].to_pylist() == ["AB12", None]
    assert "QUERMELIN" not in " ".join(map(str, (*found.issues, found.report))).upper()


def test_a_word_of_many_identifiers_is_the_code_of_a_place() -> None:
    """Mme Mairie is a person; MAIRIE-01 to MAIRIE-05 are five assets of the town hall."""
    rows = "".join(f"Écran;MAIRIE-0{k};Accueil\n" for k in range(1, 6))
    text = f"Type;N° inventaire;Site\n{rows}PC portable;AB12;Bureau Mme Mairie\n"
    found = reen.read(text.encode(), name="parc.csv")
    assert found.table["asset_tag"].to_pylist() == [*(f"MAIRIE-0{k}" for k in range(1, 6)), "AB12"]


def test_a_surname_that_nothing_shows_stays() -> None:
    """The limit that the documentation tells."""
    text = f"Type;N° de série;Site\nÉcran;{TAG};Accueil\n"
    assert reen.read(text.encode(), name="a.csv").table["serial_number"].to_pylist() == [TAG]
