"""Names of sheets that say a status: of rows that state none, and never against those that do."""

from __future__ import annotations

import pytest

import reen
from reen.tables.rows.status_of_name import status_of_name
from reen.types import Severity

from .workbooks import workbook_of

HEADER = ["Type", "Modèle", "Site"]
FLEET = [HEADER, ["PC portable", "L5420", "A"], ["Écran", "P24", "A"]]
ASIDE = [HEADER, ["Écran", "P22", "B"], ["Écran", "P19", "B"]]


def read(sheets: dict[str, list[list[str]]]) -> reen.Inventory:
    return reen.read(workbook_of(sheets), name="parc.xlsx")


def statuses(inventory: reen.Inventory) -> list[str]:
    found: list[str] = inventory.table["status"].to_pylist()
    return sorted(found)


def told(inventory: reen.Inventory, severity: Severity) -> list[str]:
    return [issue.reason.code for issue in inventory.issues if issue.severity is severity]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "status"),
    [
        *(("Réformés", "retired"), ("Rebut", "retired"), ("Sortis", "retired")),
        *(("Mis au rebut", "retired"), ("Matériel réformé 2024", "retired"), ("HS", "retired")),
        *(("Stock", "in_stock"), ("Réserve", "in_stock"), ("En stock", "in_stock")),
        *(("PC en stock", "in_stock"), ("Perdus", "lost"), ("Volés", "lost"), ("SAV", "in_repair")),
        ("Prêts", "loaned"),
    ],
)
def test_the_name_of_a_sheet_says_the_status(name: str, status: str) -> None:
    """Two rows stand in use and two as the sheet says; it is told, and nothing is doubted."""
    for order in ({"Parc": FLEET, name: ASIDE}, {name: ASIDE, "Parc": FLEET}):
        inventory = read(order)
        assert statuses(inventory) == sorted(["in_use", "in_use", status, status])
        assert told(inventory, Severity.DOUBT) == []
        (issue,) = (each for each in inventory.issues if each.reason.code == "status_of_name")
        assert (issue.value, issue.source, issue.count) == (name, f"parc.xlsx[{name}]", 2)


@pytest.mark.parametrize(
    "name",
    ["Mairie", "Maintenance", "Production", "Absents", "École des Réformés", "Feuil1", "2024"],
)
def test_other_names_say_none(name: str) -> None:
    assert status_of_name(f"parc.xlsx[{name}]") is None


def test_rows_keep_the_status_that_they_state() -> None:
    """One is in use, which is doubted; "HS" is as the sheet says; the blank one is filled."""
    rows = [["Type", "Statut"], ["Écran", "En service"], ["Écran", "HS"], ["Écran", ""]]
    inventory = read({"Réformés": rows})
    assert statuses(inventory) == ["in_use", "retired", "retired"]
    assert told(inventory, Severity.DOUBT) == ["status_against_name"]
    (doubt,) = inventory.account.doubts
    assert (doubt.rows, doubt.count) == ((2,), 1)
    (note,) = (each for each in inventory.issues if each.reason.code == "status_of_name")
    assert note.rows == (4,)


def test_a_file_is_called_as_its_rows_are() -> None:
    """A file "stock" may be all that is held: a doubt, and no word against its rows."""
    text = "Type;Modèle\nÉcran;P24\n".encode()
    assert statuses(reen.read(text, name="volés.csv")) == ["lost"]
    stock = reen.read(text, name="stock.csv")
    assert statuses(stock) == ["in_stock"]
    assert told(stock, Severity.DOUBT) == ["status_of_name"]
    stated = "Type;Statut\nÉcran;En service\nÉcran;\n".encode()
    held = reen.read(stated, name="stock.csv")
    assert statuses(held) == ["in_use", "unknown"]
    assert told(held, Severity.DOUBT) == []


def test_what_left_on_a_day_stays_a_list_of_disposals() -> None:
    found = read({"Parc": FLEET, "Rebut": [["Date", "Type", "Nb"], ["2024-02-01", "Écran", "3"]]})
    assert found.disposals["quantity"].to_pylist() == [3.0]
    assert statuses(found) == ["in_use", "in_use"]
