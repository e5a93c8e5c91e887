"""Columns that say yes or no below the name of a status: "HS", "Réformé", "En service"."""

from __future__ import annotations

import pytest

import reen
from reen.types import Severity

HEADER = "Type;Modèle;N° série;"
ROWS = ("PC portable;L5420;S1;", "PC portable;L5430;S2;", "Écran;P24;S3;")


def read(header: str, *cells: str) -> reen.Inventory:
    lines = [HEADER + header, *(row + cell for row, cell in zip(ROWS, cells, strict=True))]
    return reen.read("\n".join(lines).encode(), name="parc.csv", country="FR")


def statuses(inventory: reen.Inventory) -> list[str]:
    found: list[str] = inventory.table["status"].to_pylist()
    return found


def doubts(inventory: reen.Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


@pytest.mark.parametrize(
    ("header", "yes", "no", "status"),
    [
        *(("HS", "x", "", "retired"), ("Réformé", "oui", "non", "retired")),
        *(("Réformé (O/N)", "O", "N", "retired"), ("Rebut", "1", "0", "retired")),
        *(("Volé", "VRAI", "FAUX", "lost"), ("En stock", "Oui", "-", "in_stock")),
    ],
)
def test_a_ticked_row_has_the_status_of_the_column(
    header: str, yes: str, no: str, status: str
) -> None:
    """One of three rows is ticked; it is told, and the two others are in use."""
    inventory = read(header, no, yes, no)
    assert statuses(inventory) == ["in_use", status, "in_use"]
    assert doubts(inventory) == []
    (told,) = (each for each in inventory.issues if each.reason.code == "status_of_name")
    assert (told.value, told.count, told.severity) == (header, 1, Severity.NOTE)


def test_what_is_not_in_service_is_doubted() -> None:
    """It is counted, and nobody knows whether it is in stock or was scrapped."""
    inventory = read("En service", "oui", "non", "oui")
    assert statuses(inventory) == ["in_use", "unknown", "in_use"]
    assert doubts(inventory) == ["status_not_in_use"]
    assert not reen.measure(inventory, "base-carbone", as_of="2024-12-31").total().complete


def test_another_word_below_a_status_is_doubted() -> None:
    """One row is scrapped, one says "pièces": three items are counted, one in doubt."""
    inventory = read("HS", "x", "pièces", "")
    assert statuses(inventory) == ["retired", "in_use", "in_use"]
    assert doubts(inventory) == ["status_not_ticked"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Maintenance", ("oui", "non", "oui")),  # a contract, and no repair
        ("Prêt", ("Dupont", "Martin", "Durand")),
        ("HS", ("", "", "")),
        ("Réformable", ("oui", "non", "oui")),
    ],
)
def test_other_columns_say_no_status(header: str, cells: tuple[str, ...]) -> None:
    inventory = read(header, *cells)
    assert statuses(inventory) == ["in_use"] * 3
    assert doubts(inventory) == []


def test_rows_keep_the_status_that_they_state() -> None:
    lines = ("Statut;HS", "En service;x", "En stock;", ";x")
    text = "\n".join(f"Type;{line}" if not k else f"Écran;{line}" for k, line in enumerate(lines))
    inventory = reen.read(text.encode(), name="parc.csv")
    assert statuses(inventory) == ["in_use", "in_stock", "retired"]
    assert doubts(inventory) == ["status_against_name"]


def test_numbers_beside_a_quantity_are_no_ticks() -> None:
    """One of twelve laptops is out of order: twelve are in use as far as the rows say."""
    text = "Type;Modèle;Quantité;HS\nPC portable;L5420;12;1\nÉcran;P24;3;0\n"
    inventory = reen.read(text.encode(), name="parc.csv")
    assert statuses(inventory) == ["in_use", "in_use"]


@pytest.mark.parametrize("header", ["Sorti le", "Date de rebut", "Date de cession"])
def test_a_day_of_leaving_ends_the_use(header: str) -> None:
    """Of three items one left in 2023: two are measured at the end of 2024."""
    inventory = read(header, "", "12/03/2023", "")
    found = inventory.table["retirement_date"].to_pylist()
    assert [day is not None for day in found] == [False, True, False]


def test_a_year_of_leaving_to_come_ends_no_use() -> None:
    inventory = read("Année de réforme", "2021", "2027", "2027")
    days = [str(day)[:4] for day in inventory.table["retirement_date"].to_pylist()]
    assert days == ["2021", "2027", "2027"]
