"""Titles above tables of one sheet, and above rows: what they say of a year or of a status."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import reen
from reen.types import Fate

from .workbooks import workbook_of

HEADER = ["Type", "Qté"]
ONE = [HEADER, ["PC portable", 10], ["Écran", 12]]
OTHER = [HEADER, ["PC portable", 11], ["Écran", 13]]

Rows = list[list[object]]
Laid = Callable[[str, str], Rows]


def below(first: str, second: str) -> Rows:
    return [[first], *ONE, [], [second], *OTHER]


def beside(first: str, second: str) -> Rows:
    top: Rows = [[first, None, None, second, None]]
    return top + [[*one, None, *other] for one, other in zip(ONE, OTHER, strict=True)]


def read(rows: Rows) -> reen.Inventory:
    return reen.read(workbook_of({"Feuil1": rows}), name="parc.xlsx", country="FR")


def items(inventory: reen.Inventory) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in inventory.table.to_pylist():
        found[row["status"]] = found.get(row["status"], 0.0) + row["quantity"]
    return found


@pytest.mark.parametrize("laid", [below, beside])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2022", "2023"),
        ("Inventaire 2022", "Inventaire 2023"),
        ("Parc au 31/12/2022", "Parc au 31/12/2023"),
    ],
)
def test_of_two_years_the_later_one_counts(laid: Laid, first: str, second: str) -> None:
    """11 + 13 = 24 items of 2023 count; the 10 + 12 = 22 of 2022 are the same fleet."""
    inventory = read(laid(first, second))
    assert items(inventory) == {"in_use": 24.0}
    assert inventory.account.items_of(Fate.SET_ASIDE) == 22.0


@pytest.mark.parametrize("laid", [below, beside])
def test_a_title_says_the_status_of_its_table(laid: Laid) -> None:
    """10 + 12 = 22 in use, and 11 + 13 = 24 that were scrapped."""
    inventory = read(laid("Parc actuel", "Matériel réformé"))
    assert items(inventory) == {"in_use": 22.0, "retired": 24.0}


@pytest.mark.parametrize("laid", [below, beside])
@pytest.mark.parametrize(
    ("first", "second"),
    [("Mairie", "École"), ("Dotation 2022", "Dotation 2023"), ("Étage 1", "Étage 2")],
)
def test_tables_of_two_places_add_up(laid: Laid, first: str, second: str) -> None:
    """10 + 12 + 11 + 13 = 46 items, whatever stands above them."""
    inventory = read(laid(first, second))
    assert inventory.account.items_of(Fate.COUNTED) == 46.0
    assert inventory.account.items_of(Fate.SET_ASIDE) == 0.0


def test_a_summary_below_a_list_of_one_place_is_not_added() -> None:
    """10 + 12 = 22 items are counted once."""
    inventory = read([["Mairie"], *ONE, [], ["Synthèse"], *ONE])
    assert items(inventory) == {"in_use": 22.0}
    assert inventory.account.items_of(Fate.SET_ASIDE) == 22.0
    assert not inventory.account.doubts


def test_titles_of_sections_say_the_status_of_their_rows() -> None:
    """5 + 20 = 25 in use, 2 in stock, 3 scrapped; the section of the school is in use again."""
    rows: Rows = [
        ["Type", "Modèle", "Qté"],
        ["PC portable", "L5420", 5],
        ["En stock"],
        ["PC portable", "L5430", 2],
        ["À réformer"],
        ["PC portable", "E6410", 3],
        ["École"],
        ["Écran", "P24", 20],
    ]
    inventory = read(rows)
    assert items(inventory) == {"in_use": 25.0, "in_stock": 2.0, "retired": 3.0}
    told = [i.value for i in inventory.issues if i.reason.code == "status_of_name"]
    assert told == ["En stock", "À réformer"]


def test_titles_of_places_say_no_status() -> None:
    rows: Rows = [["Type", "Modèle", "Qté"], ["Mairie"], ["Écran", "P24", 2], ["Maintenance"]]
    inventory = read([*rows, ["Écran", "P22", 3]])
    assert items(inventory) == {"in_use": 5.0}
