"""Electricity, power and weight of a whole row, by its header; and electricity that is not read."""

from __future__ import annotations

import math

import pytest

import reen


def read(text: str) -> reen.Inventory:
    return reen.read(text.encode(), name="parc.csv")


def codes(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


@pytest.mark.parametrize(
    "header",
    [
        "Consommation totale (kWh)",
        "Conso totale kWh/an",
        "Consommation électrique totale (kWh/an)",
        "Consommation totale",
        "Énergie totale (kWh)",
        "Consommation du lot (kWh)",
        "Consommation annuelle de la ligne (kWh)",
        "Total energy consumption (kWh)",
    ],
)
def test_the_number_of_a_row_is_shared_by_its_items(header: str) -> None:
    """1,500 kWh of 10 computers are 150 each, 800 of 20 screens 40."""
    found = read(f"Type;Quantité;{header}\nPC fixe;10;1500\nÉcran;20;800\nServeur;1;2000\n")
    assert found.table["annual_energy"].to_pylist() == [150.0, 40.0, 2000.0]
    assert codes(found) == []
    told = [str(each) for each in found.reports[0].assumptions]
    assert f"{header}: the number of the whole row, divided by its quantity." in told
    assert not any("figure of one item" in each for each in told)


@pytest.mark.parametrize(
    "header",
    [
        *("Consommation (kWh)", "Conso unitaire (kWh)", "Consommation par poste (kWh/an)"),
        "Consommation annuelle par appareil (kWh)",
    ],
)
def test_the_number_of_one_item_stays(header: str) -> None:
    found = read(f"Type;Quantité;{header}\nPC fixe;10;150\nÉcran;20;40\n")
    assert found.table["annual_energy"].to_pylist() == [150.0, 40.0]
    assert codes(found) == []


def test_the_column_of_one_item_goes_first() -> None:
    found = read("Type;Quantité;Conso totale (kWh);Conso unitaire (kWh)\nPC fixe;10;1500;150\n")
    assert found.table["annual_energy"].to_pylist() == [150.0]


def test_power_and_weight_of_rows() -> None:
    """300 W of 10 computers are 30 each, 55 kg of them 5.5."""
    found = read("Type;Quantité;Puissance totale (W);Poids total (kg)\nPC fixe;10;300;55\n")
    assert found.table["power"].to_pylist() == [30.0]
    assert found.table["weight"].to_pylist() == [5.5]


def test_a_row_of_unknown_quantity_has_no_number_of_one_item() -> None:
    """It is read as invalid: no default stands for it."""
    found = read("Type;Quantité;Conso totale (kWh)\nPC fixe;?;1500\nPC fixe;10;1500\n")
    first, second = found.table["annual_energy"].to_pylist()
    assert math.isnan(first)
    assert second == 150.0


@pytest.mark.parametrize("header", ["Total kWh", "kWh", "Conso élec estimée (kWh)", "Électricité"])
def test_electricity_that_is_not_read_is_a_doubt(header: str) -> None:
    found = read(f"Type;Quantité;{header}\nPC fixe;10;1500\nÉcran;20;800\n")
    assert codes(found) == ["unread_energy"]
    assert found.account.doubts[0].rows == (2, 3)
    assert reen.measure(found, "base-carbone", as_of="2025-12-31").total().doubtful


@pytest.mark.parametrize("header", ["Conso papier (ramettes)", "Classe énergie", "Ports Ethernet"])
def test_other_numbers_are_not(header: str) -> None:
    assert codes(read(f"Type;Quantité;{header}\nPC fixe;10;15\nÉcran;20;8\n")) == []


def test_electricity_beside_a_column_that_is_read() -> None:
    found = read("Type;Quantité;Consommation (kWh);kWh 2023\nPC fixe;10;150;140\n")
    assert codes(found) == []
