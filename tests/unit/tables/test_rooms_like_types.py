"""Tables of counts whose rooms are called like types of equipment: "Serveur", "Imprimante"."""

from __future__ import annotations

import pytest

import reen


def read(*lines: str) -> reen.Inventory:
    return reen.read("\n".join(lines).encode(), name="parc.csv", country="FR")


def items(inventory: reen.Inventory) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in inventory.table.to_pylist():
        found[row["equipment_type"]] = found.get(row["equipment_type"], 0.0) + row["quantity"]
    return found


def doubts(inventory: reen.Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


@pytest.mark.parametrize("rooms", ["Mairie;Serveur", "Serveur;Accueil"])
def test_types_of_rows_are_counted_in_rooms_like_types(rooms: str) -> None:
    """2 + 1 = 3 laptops and 5 + 1 = 6 screens; a room is called "Serveur", and none is one."""
    inventory = read(f"Type;{rooms}", "PC portable;2;1", "Écran;5;1")
    assert items(inventory) == {"laptop": 3.0, "monitor": 6.0}
    assert doubts(inventory) == []


def test_rooms_of_rows_like_types_are_places() -> None:
    """2 + 5 = 7 laptops and 1 + 1 = 2 screens, in rooms of which one is called "Serveur"."""
    inventory = read("Salle;PC portable;Écran", "Serveur;2;1", "Accueil;5;1")
    assert items(inventory) == {"laptop": 7.0, "monitor": 2.0}
    assert doubts(inventory) == []
    assert set(inventory.table["site"].to_pylist()) == {"Serveur", "Accueil"}


def test_types_on_both_sides_are_doubted() -> None:
    """Laptops in the room of the printer, or printers in that of the laptops: nobody can tell."""
    inventory = read(";Serveur;Imprimante", "PC portable;2;1", "Écran;5;1")
    assert sum(items(inventory).values()) == 9.0
    assert doubts(inventory) == ["matrix_types_both"]
    assert not reen.measure(inventory, "base-carbone", as_of="2024-12-31").total().complete


def test_types_on_both_sides_are_those_below_the_word_type() -> None:
    """2 + 1 = 3 laptops and 5 + 1 = 6 screens, and a doubt: both rooms are called like types."""
    inventory = read("Type;Serveur;Imprimante", "PC portable;2;1", "Écran;5;1")
    assert items(inventory) == {"laptop": 3.0, "monitor": 6.0}
    assert doubts(inventory) == ["matrix_types_both"]


@pytest.mark.parametrize("corner", ["Type", "Site", ""])
def test_types_above_places_are_counted(corner: str) -> None:
    """2 + 4 = 6 servers and 1 + 3 = 4 printers in two sites."""
    inventory = read(f"{corner};Serveur;Imprimante", "Mairie;2;1", "École;4;3")
    assert items(inventory) == {"server": 6.0, "printer": 4.0}
    assert doubts(inventory) == []
