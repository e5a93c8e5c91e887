"""Purchases: what is no equipment, what was cancelled, and what was given back."""

from __future__ import annotations

import datetime as dt

import pytest

import reen
from reen import Fate, Imported, ReadOptions
from reen.inventory.issues import Severity
from reen.tables.reader import read_tables

HEADER = "N° BC;Date cde;Fournisseur;Désignation;Qté;PU HT;Observations\n"


def read(rows: str) -> Imported:
    types = reen.default_registry().equipment_types
    options = ReadOptions(today=dt.date(2025, 6, 30), equipment_types=types)
    (part,) = read_tables([("achats.csv", (HEADER + rows).encode())], options)
    assert part.rows_read == part.table.num_rows + part.uncounted.rows, "no row is lost"
    return part


def line(what: str, quantity: str = "2", remark: str = "") -> str:
    return f"A1;14/02/2025;D;{what};{quantity};100;{remark}\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line("Licences de bureautique (1 an)"), "row_licence_or_software"),
        (line("Extension de garantie serveurs"), "row_service"),
        (line("Installation et câblage"), "row_service"),
        (line("Location copieurs - 2e trimestre"), "row_rental"),
        (line("Toners noirs"), "row_consumables"),
        (line("Tablette 10 pouces", remark="COMMANDE ANNULEE"), "row_cancelled_order"),
        (line("Écran 24", quantity="-2"), "row_credit_note"),
        (line("AVOIR - écran 24"), "row_credit_note"),
    ],
)
def test_what_is_no_purchase_of_equipment_is_set_aside_by_its_words(row: str, reason: str) -> None:
    """7 screens are bought; the other row is named, with its items."""
    part = read(line("Écran 24", quantity="7") + row)
    assert part.table["quantity"].to_pylist() == [7.0]
    (other,) = part.lines
    assert (other.fate, other.reason.code, other.rows) == (Fate.SET_ASIDE, reason, 1)
    doubts = [issue for issue in part.issues if issue.severity is Severity.DOUBT]
    assert bool(doubts) is (reason == "row_credit_note"), "its items still count elsewhere"


@pytest.mark.parametrize(
    "row",
    [
        line("Écran 24", remark="remplace la commande annulée A0"),
        line("Serveur pour l'installation centrale"),
        line("Imprimante et toner de départ"),
        line("Écran 24", remark="livraison en mars"),
    ],
)
def test_equipment_stays(row: str) -> None:
    assert read(row).lines == ()


def test_what_is_said_to_be_refurbished_is() -> None:
    """By the words of what was bought, or by a remark; who marks some marks all, which is told."""
    rows = line("UC reconditionnée") + line("Écran 24", remark="Reconditionné grade A")
    part = read(rows + line("Écran 24"))
    assert part.table["reconditioned"].to_pylist() == [True, True, False]
    (told,) = (issue for issue in part.issues if issue.reason.code == "others_are_new")
    assert (told.value, told.count, told.severity) == ("UC reconditionnée", 1, Severity.DOUBT)
    assert "reconditioned" not in read(line("Écran 24")).table.column_names
