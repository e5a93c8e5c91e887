"""Rows that say several items and count as one: a doubt with their number, and no quantity."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import reen
from reen import Imported, Severity
from reen.tables.packs import items_said

Read = Callable[..., Imported]


def doubted(found: Imported) -> list[tuple[int, tuple[int, ...]]]:
    """Return the numbers of items that are proposed, and for which rows."""
    return [
        (int(str(issue.reason.detail("items"))), issue.rows)
        for issue in found.issues
        if issue.severity is Severity.DOUBT and issue.reason.code == "maybe_several"
    ]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        *(("lot de 6", 6), ("Écran P24 (lot de 6)", 6), ("Pack of 10 mice", 10)),
        *(("carton de 12", 12), ("x6", 6), ("P24 x 6", 6), ("P24 (x6)", 6), ("(6)", 6)),
        *(("2 x Écran 24", 2), ("6 exemplaires", 6), ("P24 6 unités", 6)),
        # parts of models, sizes, durations
        *(("ProBook x360", 0), ("Nokia X6", 0), ("iPad (6)", 0), ("Écran (24)", 0)),
        *(("P24 (27)", 0), ("lot de 6 mois", 0), ("1920 x 1080", 0), ("2 x 8 Go", 0)),
        *(("lot 6", 0), ("Latitude 5420", 0), ("MacBook (2019)", 0), ("x1", 0)),
    ],
)
def test_how_many_items_a_cell_says(text: str, items: int) -> None:
    assert items_said(text) == items


@pytest.mark.parametrize("text", ["lot de 6", "x6", "(6)", "6 unités"])
@pytest.mark.parametrize("header", ["Modèle", "Remarque", "Observations"])
def test_a_row_that_says_several_is_doubted(read: Read, header: str, text: str) -> None:
    """It counts as one, and the six that it may be are named."""
    cell = f"P24 {text}" if header == "Modèle" else text
    found = read(f"Type;{header};Site\nÉcran;{cell};A\nÉcran;P25;B\n")
    assert found.table.num_rows == 2
    assert doubted(found) == [(6, (2,))]
    (issue,) = (each for each in found.issues if each.reason.code == "maybe_several")
    assert issue.value == (cell if header == "Modèle" else ""), "nobody asked for remarks"


def test_it_is_a_question_of_the_worklist() -> None:
    inventory = reen.read("Type;Remarque\nÉcran;lot de 6\n".encode(), name="parc.csv")
    assert not inventory.account.is_complete
    assert [question.reason.code for question in inventory.worklist][:1] == ["maybe_several"]


@pytest.mark.parametrize(
    ("text", "quantity", "doubts"),
    [
        *(("lot de 6", "6", []), ("lot de 6", "12", []), ("x6", "1", []), ("(6)", "6", [])),
        *(("lot de 6", "1", [(6, (2,))]), ("lot de 6", "2", [(6, (2,))]), ("x6", "", [(6, (2,))])),
    ],
)
def test_a_quantity_says_it(
    read: Read, text: str, quantity: str, doubts: list[tuple[int, tuple[int, ...]]]
) -> None:
    """Two of a "lot de 6" may be two screens or twelve; 6 and 12 are screens."""
    assert doubted(read(f"Type;Modèle;Quantité\nÉcran;P24 {text};{quantity}\n")) == doubts


def test_an_asset_of_a_lot_is_one(read: Read) -> None:
    found = read("Type;N° de série;Remarque\nÉcran;CN0X1234;lot de 6\nÉcran;;lot de 6\n")
    assert doubted(found) == [(6, (3,))]


def test_brackets_in_any_column_are_no_number_of_items(read: Read) -> None:
    assert doubted(read("Type;Site;Prise\nÉcran;(6);B (2)\n")) == []
    assert doubted(read("Type;Site\nPC portables (12);A\n")) == [(12, (2,))]


def test_a_pack_among_purchases() -> None:
    text = "Date facture;Désignation;Quantité\n01/02/2024;Lot de 6 écrans 24;1\n"
    bought = reen.read_records(text.encode(), kind="purchases", name="achats.csv")
    assert [issue.reason.code for issue in bought.issues if issue.severity is Severity.DOUBT] == [
        "maybe_several"
    ]
