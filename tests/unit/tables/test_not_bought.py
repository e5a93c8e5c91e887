"""Purchases: what is no equipment, what was cancelled, and what was given back."""

from __future__ import annotations

import datetime as dt

import pytest
from reen.plugin.files import Imported, ReadOptions
from reen.types import Fate

import reen
from reen.inventory.issues import Severity
from reen.tables.reader import read_tables

HEADER = "N° BC;Date cde;Fournisseur;Désignation;Qté;PU HT;Observations\n"


def read(rows: str) -> Imported:
    types = reen.default_registry().equipment_types
    options = ReadOptions(today=dt.date(2025, 6, 30), equipment_types=types)
    (part,) = read_tables([("achats.csv", (HEADER + rows).encode())], options)
    assert part.rows_read == part.table.num_rows + part.uncounted.rows, "no row is lost"
    return part


def line(
    what: str, quantity: str = "2", remark: str = "", *, order: str = "A1", price: str = "100"
) -> str:
    return f"{order};14/02/2025;D;{what};{quantity};{price};{remark}\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line("Licences de bureautique (1 an)"), "row_licence_or_software"),
        (line("Extension de garantie serveurs"), "row_service"),
        (line("Installation et câblage"), "row_service"),
        (line("Location copieurs - 2e trimestre"), "row_rental"),
        (line("Toners noirs"), "row_consumables"),
        (line("Tablette 10 pouces", remark="COMMANDE ANNULEE"), "row_cancelled_order"),
        (line("Écran 24", quantity="-2", order="B7"), "row_credit_note"),
        (line("AVOIR - écran 24", order="B7"), "row_credit_note"),
        (line("Écran 24", price="-100", order="B7"), "row_credit_note"),
        (line("Extension de garantie", price="-100"), "row_service"),
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


CREDITS = [
    line("Écran 24", quantity="-2"),
    line("Écran 24", quantity="(2)"),
    line("AVOIR - écran 24"),
    line("Écran 24", price="-100"),
    line("Avoir sur commande A1 - écran 24", order=""),
    line("Écran 24", quantity="-2", order="", remark="avoir de la commande A1"),
]


@pytest.mark.parametrize("row", CREDITS)
def test_a_credit_note_is_taken_off_the_purchase_that_it_names(row: str) -> None:
    """7 screens were bought and 2 given back: 5, wherever the credit note stands."""
    bought = [line("Écran 24", quantity="7"), line("Tablette 10", quantity="3")]
    for rows in ([*bought, row], [row, *bought]):
        part = read("".join(rows))
        assert part.table["quantity"].to_pylist() == [5.0, 3.0]
        (other,) = part.lines
        assert (other.reason.code, other.rows, other.items) == ("row_credit_note", 1, 2.0)
        assert [issue for issue in part.issues if issue.severity is Severity.DOUBT] == []


def test_a_purchase_that_was_given_back_as_a_whole() -> None:
    """3 + 2 of 5 screens on two lines come back: 7 - 5 = 2; one line is set aside, told once."""
    part = read(
        line("Écran 24", quantity="3")
        + line("Écran 24", quantity="4")
        + line("Écran 24", quantity="-5")
    )
    assert part.table["quantity"].to_pylist() == [2.0]
    items = {each.reason.code: each.items for each in part.lines}
    assert items == {"row_returned_purchase": 3.0, "row_credit_note": 2.0}
    assert [issue for issue in part.issues if issue.severity is Severity.DOUBT] == []


@pytest.mark.parametrize(
    "row",
    [
        line("Écran 24", quantity="-8"),  # more than was bought
        line("Écran 27", quantity="-1"),  # of what was not
        line("Avoir", quantity="-1"),  # of one of two things
        line("Avoir écran 24", quantity=""),  # nobody knows how many
        line("Écran 24", quantity="-1", order="", remark="avoir de la commande 24"),
    ],
)
def test_a_credit_note_that_names_no_purchase_is_a_doubt(row: str) -> None:
    part = read(line("Écran 24", quantity="7") + line("Tablette 10", quantity="3") + row)
    assert part.table["quantity"].to_pylist() == [7.0, 3.0]
    doubts = [issue.reason.code for issue in part.issues if issue.severity is Severity.DOUBT]
    assert doubts == ["credit_note_set_aside"]


def test_a_serial_number_names_a_purchase() -> None:
    text = (
        "Date;N° de série;Désignation;Qté\n14/02/2025;5CG1234;Écran 24;1\n"
        "14/02/2025;5CG1235;Écran 24;1\n20/02/2025;5CG1234;Écran 24;-1\n"
    )
    bought = reen.read_records(text.encode(), kind="purchases", name="achats.csv")
    assert bought.table["serial_number"].to_pylist() == ["5CG1235"]
