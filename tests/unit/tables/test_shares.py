"""Shares of a whole ("Part du parc"): no numbers of items, and never lost without a word."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate


def read(text: str) -> reen.Inventory:
    return reen.read(text.encode(), name="parc.csv")


def codes(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Part du parc", ("60%", "40%")),
        ("Part du parc", ("30 %", "20 %")),
        ("Part du parc (%)", ("60", "40")),
        ("% du parc", ("60,5", "39,5")),
        ("Part", ("0,6", "0,4")),
        ("Pourcentage", ("60", "40")),
        ("Répartition", ("60 %", "40 %")),
        ("Share of the fleet", ("60%", "40%")),
    ],
)
def test_a_list_of_shares_is_doubted(header: str, cells: tuple[str, str]) -> None:
    """Two rows count as two items, of a fleet of nobody knows how many."""
    found = read(f"Type;{header}\nPC portable;{cells[0]}\nÉcran;{cells[1]}\n")
    assert found.account.items_of(Fate.COUNTED) == 2.0
    assert codes(found) == ["shares_no_items"]
    assert found.account.doubts[0].rows == (2, 3)


@pytest.mark.parametrize("share", ["Part du parc", "% du parc", "Part (%)", "Pourcentage"])
@pytest.mark.parametrize("cells", [("60", "40"), ("60%", "40%"), ("0,6", "0,4")])
def test_shares_beside_numbers_are_not_counted(share: str, cells: tuple[str, str]) -> None:
    """12 + 8 + 15 + 5 = 40 items of a cross table, 20 + 20 of a list."""
    one, other = cells
    cross = read(f"Type;École A;École B;{share}\nPC portable;12;8;{one}\nÉcran;15;5;{other}\n")
    sites = read(f"Site;PC portable;Écran;{share}\nA;12;8;{one}\nB;15;5;{other}\n")
    plain = read(f"Type;Quantité;{share}\nPC portable;20;{one}\nÉcran;20;{other}\n")
    for found in (cross, sites, plain):
        assert found.account.items_of(Fate.COUNTED) == 40.0
        assert codes(found) == []


def test_the_share_of_one_type_beside_its_number() -> None:
    """12 + 15 + 8 + 5 items; 44 and 61 are percentages."""
    found = read("Site;PC portable;Écran;% PC\nA;12;15;44\nB;8;5;61\n")
    assert found.account.items_of(Fate.COUNTED) == 40.0


@pytest.mark.parametrize(
    "text",
    [
        "Type;Modèle;Batterie (%)\nPC portable;Latitude;95\nPC portable;Latitude;87\n",
        "Type;Modèle;Batterie\nPC portable;Latitude;95%\nPC portable;Latitude;87%\n",
        "N° de série;Type;Part du parc\nS1X99;PC portable;60%\nS2X98;PC portable;40%\n",
    ],
)
def test_other_percentages_are_no_shares(text: str) -> None:
    assert codes(read(text)) == []
