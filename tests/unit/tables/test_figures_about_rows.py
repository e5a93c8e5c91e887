"""Rows that are figures about others, such as averages and targets, are no equipment."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate

HEADER = "Site;Type;Quantité"
ROWS = ("Mairie;PC portable;10", "École;PC portable;2")


def read(*lines: str) -> reen.Inventory:
    return reen.read("\n".join(lines).encode(), name="parc.csv", country="FR")


def counted(inventory: reen.Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


@pytest.mark.parametrize(
    "label",
    [
        *("Moyenne", "Moyenne par site", "Écart", "Évolution 2023", "Variation N-1", "N-1"),
        *("Objectif 2026", "Besoins", "Prévisions 2026", "MÉDIANE"),
    ],
)
def test_a_figure_about_the_rows_is_set_aside(label: str) -> None:
    """10 + 2 = 12 laptops; the 6 of the last row are their average, or what is aimed at."""
    inventory = read(HEADER, *ROWS, f"{label};PC portable;6")
    assert counted(inventory) == 12.0
    assert inventory.account.rows_of(Fate.SET_ASIDE) == 1
    (told,) = (each for each in inventory.issues if each.reason.code == "figure_set_aside")
    assert (told.value, told.count) == (label, 1)


def test_figures_below_counts_are_set_aside() -> None:
    """10 + 12 + 2 + 4 = 28 items; the rows below are their averages, and what is missing."""
    counts = ("Site;PC portable;Écran", "Mairie;10;12", "École;2;4")
    inventory = read(*counts, "Moyenne;6;8", "Objectif 2026;16;18", "Écart;4;2")
    assert counted(inventory) == 28.0
    assert not inventory.account.doubts


def test_columns_of_needs_are_no_counts() -> None:
    """10 + 12 + 12 + 13 = 47 items in the two places; 2 + 1 are to be bought."""
    inventory = read("Type;Mairie;École;Besoins", "PC portable;10;12;2", "Écran;12;13;1")
    assert counted(inventory) == 47.0


@pytest.mark.parametrize(
    "row",
    [
        "Moyenne section;PC portable;6",  # a class
        "Objectif Lune;PC portable;6",  # a school
        "Écarts-les-Bains;PC portable;6",
        "Besoins spécifiques;PC portable;6",
    ],
)
def test_places_with_such_names_count(row: str) -> None:
    """10 + 2 + 6 = 18 laptops."""
    assert counted(read(HEADER, *ROWS, row)) == 18.0


def test_models_with_such_names_count() -> None:
    """2 + 3 = 5 items: an uninterruptible power supply may be called Evolution."""
    inventory = read("Type;Modèle;Quantité", "Onduleur;Evolution;2", "Écran;P24;3")
    assert counted(inventory) == 5.0


def test_machines_with_such_names_count() -> None:
    inventory = read("Nom;Type;Modèle", "OBJECTIF;Serveur;R740", "MOYENNE;Serveur;R640")
    assert counted(inventory) == 2.0
