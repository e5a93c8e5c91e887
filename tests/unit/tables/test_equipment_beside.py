"""Columns of screens beside computers, and counts of several days, are neither lost nor added."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate

from .workbooks import workbook_of


def read(*lines: str) -> reen.Inventory:
    return reen.read("\n".join(lines).encode(), name="parc.csv", country="FR")


def counted(inventory: reen.Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


def doubts(inventory: reen.Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Écran associé", "P2419H"), ("Écran 1", "P2419H"), ("Dock", "WD19"), ("Nb écrans", "2")],
)
def test_equipment_in_a_column_of_other_rows_is_doubted(header: str, cell: str) -> None:
    """Two laptops are counted; their screens are in no figure, and no total is complete."""
    row = f"PC portable;L5420;{cell}"
    inventory = read(f"Type;Modèle;{header};N° série", f"{row};S1", f"{row};S2")
    assert counted(inventory) == 2.0
    assert doubts(inventory) == ["equipment_beside"]
    assert not reen.measure(inventory, "base-carbone", as_of="2024-12-31").total().complete


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Écran", ('15,6"', "14")),  # their own
        ("Nb écrans", ("0", "0")),
        ("Écran 2", ("non", "")),
        ("Résolution écran", ("1920x1080", "1920x1080")),
    ],
)
def test_other_columns_are_no_doubt(header: str, cells: tuple[str, str]) -> None:
    rows = [f"PC portable;L5420;{cell};S{k}" for k, cell in enumerate(cells)]
    inventory = read(f"Type;Modèle;{header};N° série", *rows)
    assert counted(inventory) == 2.0
    assert doubts(inventory) == []


def test_screens_that_have_rows_are_counted_there() -> None:
    """A laptop and its screen: two items."""
    rows = ("PC portable;L5420;P2419H;S1", "Écran;P2419H;;S2")
    inventory = read("Type;Modèle;Écran associé;N° série", *rows)
    assert counted(inventory) == 2.0
    assert doubts(inventory) == []


def test_screens_that_have_a_sheet_are_counted_there() -> None:
    """Two laptops and two screens, on a sheet each."""
    header = ["Type", "Modèle", "N° série"]
    book = {
        "PC": [[*header, "Écran associé"], *(["PC portable", "L", f"S{k}", "P24"] for k in "12")],
        "Écrans": [header, *(["Écran", "P24", f"E{k}"] for k in "12")],
    }
    inventory = reen.read(workbook_of(book), name="parc.xlsx")
    assert counted(inventory) == 4.0
    assert doubts(inventory) == []


@pytest.mark.parametrize(
    ("columns", "doubt"),
    [
        (["PC portable", "Nb écrans", "Smartphone"], ["no_inventory"]),
        (["Téléphone", "Portable", "Poste"], []),  # numbers, and what people do
    ],
)
def test_users_with_equipment_in_columns_are_set_aside_in_doubt(
    columns: list[str], doubt: list[str]
) -> None:
    """One laptop is counted; what the user has is in no figure."""
    users = [["Nom", "Prénom", *columns], ["MARTIN", "Anne", "oui", "2", "oui"]]
    fleet = [["Type", "Modèle"], ["PC portable", "L5420"]]
    inventory = reen.read(workbook_of({"Parc": fleet, "Agents": users}), name="parc.xlsx")
    assert counted(inventory) == 1.0
    assert doubts(inventory) == doubt


@pytest.mark.parametrize("types", [("Écran 24", "Écran 27"), ("Écran", "Moniteur")])
def test_a_number_of_screens_is_the_quantity_of_screens(types: tuple[str, str]) -> None:
    """12 + 3 = 15 screens."""
    inventory = read("Type;Marque;Nb écrans", f"{types[0]};Dell;12", f"{types[1]};HP;3")
    assert counted(inventory) == 15.0
    assert doubts(inventory) == []


@pytest.mark.parametrize("header", ["Mois", "Trimestre"])
def test_counts_of_several_months_are_doubted(header: str) -> None:
    months = ("Janvier 2024", "Février 2024", "Mars 2024")
    rows = [f"{month};PC portable;{10 + k}" for k, month in enumerate(months)]
    assert doubts(read(f"{header};Type;Qté", *rows)) == ["years_may_be_counts"]


def test_counts_of_two_days_are_doubted() -> None:
    days = [f"31/12/{year};{kind};10" for year in (2022, 2023) for kind in ("PC portable", "Écran")]
    assert doubts(read("Date;Type;Qté", *days)) == ["years_may_be_counts"]


def test_of_two_days_of_inventory_the_later_one_counts() -> None:
    """10 + 10 = 20 items on the last day of 2023; those of 2022 are the same fleet."""
    days = [f"31/12/{year};{kind};10" for year in (2022, 2023) for kind in ("PC portable", "Écran")]
    assert counted(read("Date d'inventaire;Type;Qté", *days)) == 20.0


def test_other_days_are_no_counts() -> None:
    """5 + 3 + 4 = 12 items, of different models."""
    rows = ("12/01/2022;PC portable;L5420;5", "05/02/2023;Écran;P24;3", "07/03/2024;Écran;P22;4")
    inventory = read("Date;Type;Modèle;Qté", *rows)
    assert counted(inventory) == 12.0
    assert doubts(inventory) == []


@pytest.mark.parametrize(
    "header", ["Type;janv-24;févr-24", "Type;Entrées;Sorties", "Type;Stock initial;Stock final"]
)
def test_counts_of_months_and_movements_are_doubted(header: str) -> None:
    assert doubts(read(header, "PC portable;10;11", "Écran;12;13")) == ["matrix_periods"]


def test_users_above_counts_are_no_names() -> None:
    """10 + 9 + 4 = 23 laptops and 12 + 12 + 3 = 27 screens."""
    inventory = read("Type;Agents;Élus;Écoles", "PC portable;10;9;4", "Écran;12;12;3")
    assert counted(inventory) == 50.0


def test_numbers_of_agents_of_services_are_no_counts() -> None:
    """3 + 2 = 5 laptops and 6 + 3 = 9 screens, for 14 agents."""
    inventory = read("Service;Agents;PC portable;Écran", "RH;4;3;6", "CTM;10;2;3")
    assert counted(inventory) == 14.0
    assert sum(row["quantity"] for row in inventory.table.to_pylist()) == 14.0
