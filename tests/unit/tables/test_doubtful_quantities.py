"""Quantities that are no number of items, types alone in their row, texts called workbooks."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pyarrow as pa
import pytest

import reen
from reen.inventory.account import Fate
from reen.inventory.issues import Severity


def _read(text: str, name: str = "parc.csv") -> reen.Inventory:
    return reen.read(text.encode(), name=name)


def _doubts(inventory: reen.Inventory) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(each.reason.code, each.value, each.rows) for each in inventory.account.doubts]


@pytest.mark.parametrize("written", ["2.5", "2,5"])
def test_two_laptops_and_a_half_are_doubted(written: str) -> None:
    """2.5 laptops and 3 screens are counted, and the former said to be odd."""
    read = _read(f"Type;Modèle;Quantité\nPC portable;Latitude;{written}\nÉcran;P24;3\n")
    assert read.account.items_of(Fate.COUNTED) == 5.5
    assert _doubts(read) == [("parts_of_items", "2.5", (2,))]


def test_half_a_printer_is_shared() -> None:
    """A part of one item is a share of it: noted, and no doubt."""
    read = _read("Type;Modèle;Quantité\nImprimante;M404;0,5\nÉcran;P24;3\n")
    assert not _doubts(read)
    assert [issue.reason.code for issue in read.issues] == ["parts_of_items"]


@pytest.mark.parametrize(("yes", "no"), [("TRUE", "FALSE"), ("VRAI", "FAUX"), ("oui", "non")])
def test_a_box_that_is_ticked_is_no_number(yes: str, no: str) -> None:
    """Two rows of an unknown number of items, both doubted; 3 screens."""
    read = _read(f"Type;Modèle;Quantité\nPC portable;A;{yes}\nPC fixe;B;{no}\nÉcran;P24;3\n")
    assert read.account.items_of(Fate.COUNTED) == 3
    assert read.account.unknown_of(Fate.COUNTED) == 2
    assert _doubts(read) == [("yes_or_no", yes, (2,)), ("yes_or_no", no, (3,))]


def test_the_same_of_a_workbook_and_of_a_data_frame() -> None:
    book = openpyxl.Workbook()
    for row in (["Type", "Quantité"], ["PC portable", True], ["Écran", 3]):
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    frame = pa.table({"equipment_type": ["laptop", "monitor"], "quantity": [True, False]})
    in_book = reen.read(target.getvalue(), name="parc.xlsx")
    assert [code for code, _, _ in _doubts(in_book)] == ["yes_or_no"]
    measured = reen.measure(frame, "ecodiag").account
    assert measured.items_of(Fate.COUNTED) == 0
    assert measured.unknown_of(Fate.COUNTED) == 2
    assert [doubt.reason.code for doubt in measured.doubts] == ["yes_or_no", "yes_or_no"]


@pytest.mark.parametrize(
    "text",
    [
        'Type;Quantité\nPC portable;5\nECRAN 24"S;\nÉcran;4\nÉcran;3\n',
        'Désignation;Quantité\nPC portable;5\nECRAN 24"S;\nP2419H;4\nP2418H;3\n',
        "Type;Modèle;Quantité\nPC portable;Latitude;5\nÉcrans;;\nÉcran;P24;4\nÉcran;P27;3\n",
    ],
)
def test_a_type_alone_among_quantities_may_be_a_title(text: str) -> None:
    """5 + 4 + 3 = 12 items; the row that has no quantity is named."""
    read = _read(text)
    assert read.account.items_of(Fate.COUNTED) == 12
    assert read.account.unknown_of(Fate.COUNTED) == 1
    assert [(code, rows) for code, _, rows in _doubts(read)] == [("alone_counted", (3,))]


@pytest.mark.parametrize(
    "text",
    [
        "Type\nPC portable\nÉcran\n",
        "Type;Quantité\nPC portable;\nÉcran;\nImprimante;2\n",
        "Type;Quantité;Numéro de série\nPC portable;5;\nÉcran;1;CN0123\nÉcran;;CN0124\n",
    ],
)
def test_where_most_rows_have_no_quantity_it_is_equipment(text: str) -> None:
    assert not _doubts(_read(text))


@pytest.mark.parametrize("ending", ["xlsx", "XLS", "ods", "xlsm"])
def test_a_text_that_is_called_a_workbook_is_read_and_told(ending: str) -> None:
    """3 laptops, and a note."""
    read = _read("Type;Quantité\nPC portable;3\n", f"parc.{ending}")
    assert read.account.items_of(Fate.COUNTED) == 3
    (note,) = (issue for issue in read.issues if issue.reason.code == "text_named_workbook")
    assert note.severity is Severity.NOTE
    assert note.source == f"parc.{ending}"


def test_a_text_of_an_archive_too() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("parc.xlsx", "Type;Quantité\nPC portable;3\n")
    read = reen.read(target.getvalue(), name="parcs.zip")
    assert "text_named_workbook" in [issue.reason.code for issue in read.issues]


def test_a_text_of_its_own_name_is_not_told() -> None:
    assert not _read("Type;Quantité\nPC portable;3\n").issues
