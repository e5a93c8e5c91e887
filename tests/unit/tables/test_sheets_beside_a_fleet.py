"""Sheets beside that of the fleet: what left it, what it was, what is wanted; and remarks."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate
from reen.vocabulary.statuses import resolve_status

from .workbooks import workbook_of

HEADER = ["Type", "Modèle", "Qté"]
FLEET = [HEADER, ["PC portable", "L5420", 5], ["Écran", "P24", 7]]
ASIDE = [HEADER, ["PC portable", "E6410", 3]]


def read(name: str) -> reen.Inventory:
    sheets = {"Parc": FLEET, name: ASIDE}
    return reen.read(workbook_of(sheets), name="parc.xlsx", country="FR")


def in_use(inventory: reen.Inventory) -> float:
    rows = inventory.table.to_pylist()
    return float(sum(row["quantity"] for row in rows if row["status"] == "in_use"))


def doubts(inventory: reen.Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


@pytest.mark.parametrize(
    "name",
    ["Sortie d'inventaire", "Retirés", "Déclassés 2023", "Destruction", "Recyclage", "Restitués"],
)
def test_what_left_is_not_in_use(name: str) -> None:
    """5 + 7 = 12 items in use; the three others left."""
    inventory = read(name)
    assert in_use(inventory) == 12.0
    assert doubts(inventory) == []
    assert inventory.account.items_of(Fate.COUNTED) == 15.0


@pytest.mark.parametrize("name", ["Besoins", "À commander", "Prévisions 2026", "Devis", "Budget"])
def test_what_is_wanted_is_no_equipment(name: str) -> None:
    """5 + 7 = 12 items are there; the three others are wanted, and it is asked."""
    inventory = read(name)
    assert in_use(inventory) == 12.0
    assert inventory.account.items_of(Fate.SET_ASIDE) == 3.0
    assert doubts(inventory) == ["no_inventory"]


def test_a_list_that_is_alone_is_read_whatever_its_name() -> None:
    inventory = reen.read(workbook_of({"Besoins": ASIDE}), name="parc.xlsx")
    assert inventory.account.items_of(Fate.COUNTED) == 3.0


@pytest.mark.parametrize(
    ("name", "doubt"), [("Anciens PC", 1), ("Brouillon", 1), ("Historique", 0)]
)
def test_older_lists_are_not_added_unseen(name: str, doubt: int) -> None:
    """Either they are set aside, and 12 items count, or all 15 do, in doubt."""
    inventory = read(name)
    assert in_use(inventory) == 12.0 + 3 * doubt
    assert len(doubts(inventory)) == doubt


@pytest.mark.parametrize(
    "name", ["Mairie", "École", "Centre historique", "Ancienne mairie", "Besançon", "Atelier"]
)
def test_places_add_up(name: str) -> None:
    """5 + 7 + 3 = 15 items."""
    inventory = read(name)
    assert in_use(inventory) == 15.0
    assert doubts(inventory) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *(("Rebut 2021", "retired"), ("réformé en 2023", "retired"), ("HS depuis 2022", "retired")),
        *(("volé le 12/03/2023", "lost"), ("En service depuis 2019", "in_use")),
        *(("sorti du parc", "retired"), ("DEEE", "retired")),
        *(("à réformer en 2027", None), ("stock 2", None), ("Windows 2019", None)),
    ],
)
def test_a_status_may_have_its_day(text: str, status: str | None) -> None:
    assert resolve_status(text) == status


@pytest.mark.parametrize("header", ["Observations", "Commentaire"])
def test_a_remark_that_is_a_status_is_doubted(header: str) -> None:
    """All 10 + 2 + 3 = 15 are counted, and two rows of three may be out of use."""
    text = f"Type;Modèle;Qté;{header}\nÉcran;P24;10;\nÉcran;P22;2;HS\nÉcran;P19;3;réformé en 2023\n"
    inventory = reen.read(text.encode(), name="parc.csv", country="FR")
    assert in_use(inventory) == 15.0
    assert doubts(inventory) == ["remark_says_status"]
    assert inventory.account.doubts[0].count == 2


def test_other_remarks_are_no_doubt() -> None:
    text = (
        "Type;Modèle;Qté;Observations\nÉcran;P24;10;dont 3 en panne\nÉcran;P22;2;2024 : à revoir\n"
    )
    assert doubts(reen.read(text.encode(), name="parc.csv")) == []


def test_a_remark_beside_a_status_is_no_doubt() -> None:
    text = "Type;Statut;Observations\nÉcran;En service;HS\nÉcran;Réformé;HS\n"
    assert doubts(reen.read(text.encode(), name="parc.csv")) == []
