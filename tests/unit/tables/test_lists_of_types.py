"""Short lists of types with other numbers beside them: marks, floors, amounts, parents."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate


def read(text: str, name: str = "parc.csv") -> reen.Inventory:
    return reen.read(text.encode(), name=name)


def codes(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


def items(inventory: reen.Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


@pytest.mark.parametrize(
    "header", ["Note;Niveau", "Priorité;Score", "Étage;Salle", "Machin;Truc", "Élèves;Classes"]
)
def test_a_quantity_beside_other_numbers(header: str) -> None:
    """12 + 8 items: two columns of numbers make no table of counts of what has a quantity."""
    found = read(f"Type;Quantité;{header}\nPC portable;12;3;1\nÉcran;8;4;2\n")
    assert (items(found), codes(found)) == (20.0, [])


@pytest.mark.parametrize(
    "text",
    [
        "Type;École A;École B;Quantité\nPC portable;12;8;20\nÉcran;15;5;20\n",
        "Type;École A;École B;Nombre\nPC portable;12;8;20\nÉcran;15;5;20\n",
        "Type;Quantité;École A;École B\nPC portable;20;12;8\nÉcran;20;15;5\n",
        "Type;Niveau 0;Niveau 1\nPC portable;12;8\nÉcran;15;5\n",
    ],
)
def test_a_quantity_that_adds_up_places_is_their_total(text: str) -> None:
    assert (items(read(text)), codes(read(text))) == (40.0, [])


@pytest.mark.parametrize(
    "header", ["Montant TTC", "Montant HT", "Montant", "Coût total", "Prix TTC", "Total TTC"]
)
def test_an_inventory_with_its_price_is_one(header: str) -> None:
    """12 + 8 items of known types and quantities, whatever they cost: no services."""
    found = read(f"Type;Quantité;{header}\nPC portable;12;12000\nÉcran;8;1600\n")
    assert items(found) == 20.0
    assert len(found) == 2
    assert "kind_unclear" not in codes(found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Type;Quantité;Montant TTC\nHébergement;1;12000\nMaintenance;2;1600\n", "parc.csv"),
        ("Type;Quantité;Montant TTC\nPC portable;1;12000\nÉcran;2;1600\n", "services.csv"),
    ],
)
def test_services_with_a_quantity_stay_services(text: str, name: str) -> None:
    assert "services" in read(text, name).tables


@pytest.mark.parametrize(
    "header",
    ["École A;École B", "Montant École A;Montant École B", "École A (€);École B (€)"],
)
@pytest.mark.parametrize("cells", [("12000,50;8000,00", "1500,00;700,20")])
def test_amounts_by_place_are_no_items(header: str, cells: tuple[str, str]) -> None:
    """Each row counts as one item, which is doubted: of the types nobody knows how many."""
    found = read(f"Type;{header}\nPC portable;{cells[0]}\nÉcran;{cells[1]}\n")
    assert items(found) == 2.0
    assert set(codes(found)) == {"rows_of_amounts"}


def test_whole_euros_by_place_are_no_items() -> None:
    found = read("Type;École A (€);École B (€)\nPC portable;12000;8000\nÉcran;1500;700\n")
    assert items(found) == 2.0
    assert set(codes(found)) == {"rows_of_amounts"}


def test_a_list_of_assets_with_amounts_is_no_table_of_types() -> None:
    text = "Type;Modèle;Valeur nette\nPC portable;Latitude;120,5\nÉcran;P24;70,2\n"
    assert codes(read(text)) == []


@pytest.mark.parametrize("parent", ["PC portable", "Ordinateur", "Écran"])
def test_a_type_above_words_that_are_none(parent: str) -> None:
    """30 = 9 + 21 of two models in the column of types: asked, with or without indents."""
    found = read(f"Type;Quantité\n{parent};30\nLatitude;9\nEliteBook;21\nServeur;7\n")
    assert "matrix_may_be_parents" in codes(found)
    few = read(f"Type;Quantité\n{parent};3\nLatitude;1\nEliteBook;2\nServeur;7\n")
    assert "matrix_may_be_parents" not in codes(few)


@pytest.mark.parametrize(
    "header",
    [
        "École A;École B;Services",
        "École A;École B;Bureaux",
        "École A;Direction;Services",
        "École A;École B;Site",
        "École A;École B;Service",
    ],
)
def test_a_place_that_is_called_by_its_kind_is_counted(header: str) -> None:
    """12 + 8 + 15 and 5 + 2 + 1: the services have 16 of 43 items, which went without a word."""
    found = read(f"Type;{header}\nPC portable;12;8;15\nÉcran;5;2;1\nTotal;17;10;16\n")
    assert (items(found), codes(found)) == (43.0, [])
    assert set(found.table["site"].to_pylist()) == set(header.split(";"))


@pytest.mark.parametrize(
    "text",
    [
        "Type;Service;Quantité\nPC portable;12;3\nÉcran;14;2\n",
        "Type;Services;Quantité;Prix\nPC portable;12;3;800\nÉcran;14;2;150\n",
    ],
)
def test_numbers_of_services_beside_a_quantity_are_no_counts(text: str) -> None:
    assert items(read(text)) == 5.0


@pytest.mark.parametrize(
    "header",
    ["Ancien;Nouveau", "Ancien parc;Nouveau parc", "Stock initial;Stock actuel", "Before;After"],
)
def test_the_same_fleet_twice_in_time_is_doubted(header: str) -> None:
    """30 + 10 items before, 24 + 12 after: they are no 76."""
    found = read(f"Type;{header};Écart\nÉcran;30;24;-6\nPC fixe;10;12;2\n")
    assert codes(found) == ["matrix_periods"]


def test_old_and_new_places_are_places() -> None:
    found = read("Type;Ancien CCAS;Nouveau gymnase\nÉcran;30;24\nPC fixe;10;12\n")
    assert (items(found), codes(found)) == (76.0, [])
