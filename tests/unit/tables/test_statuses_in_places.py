"""Statuses that stand where a place, a person or a model should: "Stock", "Rebut", "L5420 (HS)"."""

from __future__ import annotations

import pytest

import reen


def read(*lines: str) -> reen.Inventory:
    return reen.read("\n".join(lines).encode(), name="parc.csv", country="FR")


def statuses(inventory: reen.Inventory) -> list[str]:
    found: list[str] = inventory.table["status"].to_pylist()
    return found


def doubts(inventory: reen.Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


@pytest.mark.parametrize(
    "header", ["Affectation", "Localisation", "Site", "Service", "Utilisateur", "Affecté à"]
)
@pytest.mark.parametrize(
    ("word", "status"),
    [("Stock", "in_stock"), ("REBUT", "retired"), ("Réformé", "retired"), ("Volé", "lost")],
)
def test_a_status_in_a_place_is_that_of_its_row(header: str, word: str, status: str) -> None:
    """One of two laptops is there; it is told, and no doubt."""
    inventory = read(f"Type;Modèle;{header}", "PC portable;L5420;Mairie", f"PC portable;L1;{word}")
    assert statuses(inventory) == ["in_use", status]
    assert doubts(inventory) == []
    assert "status_of_name" in {issue.reason.code for issue in inventory.issues}


@pytest.mark.parametrize("word", ["Archives", "Maintenance", "Recyclage", "Stockholm"])
def test_services_and_places_say_no_status(word: str) -> None:
    inventory = read("Type;Modèle;Service", "Écran;P24;Mairie", f"Écran;P24;{word}")
    assert statuses(inventory) == ["in_use", "in_use"]


def test_rows_keep_the_status_that_they_state() -> None:
    inventory = read("Type;Statut;Site", "Écran;En service;Stock", "Écran;Réformé;Mairie")
    assert statuses(inventory) == ["in_use", "retired"]
    assert doubts(inventory) == []


@pytest.mark.parametrize("model", ["L5420 (HS)", "L5420 - réformé", "L5420 [volé en 2023]"])
def test_a_status_behind_a_model_is_doubted(model: str) -> None:
    inventory = read("Type;Modèle;Qté", f"PC portable;{model};2", "Écran;P24;3")
    assert doubts(inventory) == ["remark_says_status"]


@pytest.mark.parametrize("model", ["ProBook 450 (G8)", "Latitude - 5420", "iPad (9e génération)"])
def test_what_else_stands_behind_a_model_is_no_doubt(model: str) -> None:
    inventory = read("Type;Modèle;Qté", f"PC portable;{model};2", "Écran;P24;3")
    assert "remark_says_status" not in doubts(inventory)


def test_numbers_of_what_left_are_doubted() -> None:
    """10 laptops, or 8: two of them are said to be scrapped."""
    inventory = read("Type;Modèle;Qté;Qté réformée", "PC portable;L1;10;2", "Écran;P1;7;3")
    assert doubts(inventory) == ["unread_numbers_left"]
    assert sum(row["quantity"] for row in inventory.table.to_pylist()) == 17.0
