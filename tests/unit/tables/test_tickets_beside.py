"""A table of tickets beside a list of equipment: nothing of it is read, nor shown."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl
import pytest

import reen

Rows = Sequence[Sequence[str]]

LIST: Rows = [
    ("Matériel", "", "Achat", "", "Personne en charge", ""),
    ("Type", "Modèle", "Date", "Prix", "Nom", "Service"),
    ("PC portable", "Latitude 5420", "12/03/2020", "800", "", "DSI"),
    ("Écran", "P2422H", "12/03/2021", "150", "", "RH"),
]
TICKETS: Rows = [
    ("Ticket", "Titre", "Demandeur", "Technicien", "Statut"),
    ("1", "Panne", "Jeanne Zyxw", "Ali Zyxw", "Clos"),
    ("2", "Lenteur", "Eve Zyxw", "Ali Zyxw", "Ouvert"),
]
TITLE: Rows = [("Tickets", "", "", "", "")]


def beside(left: Rows, right: Rows, *, between: int = 1) -> bytes:
    """Return a workbook of two tables side by side."""
    book = openpyxl.Workbook()
    for place, rows in ((1, left), (len(left[0]) + between + 1, right)):
        for line, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells, place):
                book.active.cell(line, column, cell or None)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def everything_in(inventory: reen.Inventory) -> str:
    rows = [table.to_pylist() for table in inventory.tables.values()]
    told = [issue.to_dict() for issue in inventory.issues]
    return f"{rows} {told} {inventory.account.to_dict()} {inventory.reports}"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (LIST, TICKETS),
        (TICKETS, LIST),
        (LIST, [[""] * 5, *TICKETS]),
        (LIST, [*TITLE, *TICKETS]),
        (LIST[1:], TICKETS),
        (LIST, [("Incident", "Priorité", "Opened by", "Title"), ("1", "1", "A. Zyxw", "x")]),
    ],
)
def test_tickets_are_another_table(left: Rows, right: Rows) -> None:
    """Their "Statut" is none of the equipment, and their persons reach no output."""
    found = reen.read(beside(left, right), name="parc.xlsx")
    assert found.table["equipment_type"].to_pylist() == ["laptop", "monitor"]
    assert found.table["status"].to_pylist() == ["in_use", "in_use"]
    assert "Zyxw" not in everything_in(found)


def test_tickets_that_touch_the_list_show_nobody() -> None:
    """No column between: GLPI's own names for tickets refuse the sheet, and show no cell of it."""
    with pytest.raises(reen.errors.EmptyInventoryError) as caught:
        reen.read(beside(LIST, TICKETS, between=0), name="parc.xlsx")
    assert "tickets" in str(caught.value)
    assert "Zyxw" not in str(caught.value)
    others = [("N° ticket", "Urgence", "Qui"), ("1", "2", "Jeanne Zyxw"), ("2", "1", "Ali Zyxw")]
    found = reen.read(beside(LIST, others, between=0), name="parc.xlsx")
    assert "Zyxw" not in everything_in(found)
