"""Rows that say several items and count as one: a doubt with their number, and no quantity."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest

import reen
from reen import Inventory
from reen.plugin.files import Imported, ReadOptions
from reen.reasons import Reason
from reen.tables.mapping.answers import read_answers, worklist_to_csv
from reen.tables.mapping.mapping import AcceptedDoubt, FileMapping
from reen.tables.mapping.saving import mapping_to_toml
from reen.tables.reader import read_tables
from reen.tables.rows.lots import items_said
from reen.types import Severity

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
        *(
            ("Lot de six écrans", 6),
            ("lot de Douze", 12),
            ("Lot 6 écrans", 6),
            ("pack 10 souris", 10),
        ),
        *(("par 6", 6), ("Écran P24 (par 6)", 6), ("Souris, par dix", 10), ("6 x écran", 6)),
        *(("x 6", 6), ("Galaxy Tab A9 x6", 6), ("iPad x 6", 6), ("6x P24", 6), ("Nokia G22 x6", 6)),
        # models that hold x and a number, pixels, and what one machine has several of
        *(("ThinkPad X6", 0), ("thinkpad x13", 0), ("iPhone X", 0), ("iphone x 64", 0)),
        *(("24x7", 0), ("support 24x7", 0), ("1920x1080", 0), ("R7 x360", 0), ("HP x360 11", 0)),
        *(("800 x 60", 0), ("poco x6", 0), ("EB-X06", 0), ("HDMI x2", 0), ("2 x HDMI", 0)),
        *(("PowerEdge 2 x Xeon", 0), ("4 x SSD 1 To", 0), ("10x zoom", 0), ("Windows 11 x64", 0)),
        # parts of contracts, and words that are no number
        *(("Lot 2 : écrans", 0), ("Lot 2 Dell", 0), ("lot de dixième", 0), ("par 6 mois", 0)),
        *(("lot de sixaine", 0), ("par défaut", 0), ("Lot 2", 0)),
        # parts of models, sizes, durations
        *(("ProBook x360", 0), ("Nokia X6", 0), ("iPad (6)", 0), ("Écran (24)", 0)),
        *(("P24 (27)", 0), ("lot de 6 mois", 0), ("1920 x 1080", 0), ("2 x 8 Go", 0)),
        *(("lot 6", 0), ("Latitude 5420", 0), ("MacBook (2019)", 0), ("x1", 0)),
    ],
)
def test_how_many_items_a_cell_says(text: str, items: int) -> None:
    assert items_said(text) == items


@pytest.mark.parametrize(
    "text", ["lot de 6", "lot de six", "x6", "x 6", "par 6", "(6)", "6 unités"]
)
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
        *(("lot de 6", "6", []), ("lot de 6", "12", []), ("x6", "2", []), ("(6)", "1", [])),
        *(("lot de 6", "1", [(6, (2,))]), ("lot de 6", "2", [(6, (2,))]), ("x6", "", [(6, (2,))])),
        *((text, "1", [(6, (2,))]) for text in ("x6", "x 6", "par 6", "6 unités", "lot de six")),
        *((text, "6", []) for text in ("x6", "x 6", "par 6", "6 unités", "lot de six", "(6)")),
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


def answered(tmp_path: Path, text: str, answers: dict[str, str]) -> Inventory:
    """Return a list, read again with the answers to the questions about some cells."""
    first = reen.read(text.encode(), name="parc.csv")
    rows = list(csv.DictReader(io.StringIO(worklist_to_csv(first.worklist)[1:]), delimiter=";"))
    for row in rows:
        row["answer"] = answers.get(row["value"], "") if row["code"] == "maybe_several" else ""
    path = tmp_path / "questions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    # what is answered once is kept as a mapping
    mapping = read_answers(path)
    mapping_path = tmp_path / "own.toml"
    mapping_path.write_text(mapping_to_toml(mapping), encoding="utf-8")
    by_answers = reen.read(text.encode(), name="parc.csv", mapping=path)
    by_mapping = reen.read(text.encode(), name="parc.csv", mapping=mapping_path)
    assert by_answers.table["quantity"].to_pylist() == by_mapping.table["quantity"].to_pylist()
    return by_answers


@pytest.mark.parametrize(("answer", "items"), [("6", 6.0), ("5", 5.0), ("12", 12.0)])
@pytest.mark.parametrize("quantity", ["", "1"])
def test_a_number_answers_the_doubt(
    tmp_path: Path, answer: str, items: float, quantity: str
) -> None:
    """The row is as many items as the owner says, and the other row stays one."""
    text = f"Type;Modèle;Quantité\nÉcran;P24 x6;{quantity}\nPC portable;L14;1\n"
    found = answered(tmp_path, text, {"P24 x6": answer})
    assert found.table["quantity"].to_pylist() == [items, 1.0]
    assert found.account.is_complete
    assert [i.reason for i in found.issues if i.reason.code == "quantity_answered"] == [
        Reason("quantity_answered", items=int(answer))
    ]


def test_a_number_without_a_column_of_quantities(tmp_path: Path) -> None:
    """6 screens, 1 laptop: 7 items."""
    found = answered(tmp_path, "Type;Modèle\nÉcran;P24 x6\nPC portable;L14\n", {"P24 x6": "6"})
    assert found.table["quantity"].to_pylist() == [6.0, 1.0]


@pytest.mark.parametrize("answer", ["ok", "1"])
def test_what_is_read_rightly_stays_one(tmp_path: Path, answer: str) -> None:
    found = answered(tmp_path, "Type;Modèle;Qté\nÉcran;P24 x6;1\n", {"P24 x6": answer})
    assert found.table["quantity"].to_pylist() == [1.0]
    assert found.account.is_complete


def test_two_packs_are_still_asked(tmp_path: Path) -> None:
    """Of a lot of 6, one row is answered; two of them may be 2 items or 12."""
    text = "Type;Modèle;Qté\nÉcran;P24 lot de 6;1\nÉcran;P24 lot de 6;2\n"
    found = answered(tmp_path, text, {"P24 lot de 6": "6"})
    assert found.table["quantity"].to_pylist() == [6.0, 2.0]
    assert [issue.rows for issue in found.issues if issue.severity is Severity.DOUBT] == [(3,)]


def test_an_answer_for_cells_that_are_not_shown(tmp_path: Path) -> None:
    """Remarks are not shown: 6 is for the rows that say 6, and those that say 4 are asked again."""
    text = "Type;Remarque\nÉcran;lot de 6\nÉcran;lot de 4\nÉcran;\n"
    found = answered(tmp_path, text, {"": "6"})
    assert found.table["quantity"].to_pylist() == [6.0, 1.0, 1.0]
    doubts = [issue for issue in found.issues if issue.severity is Severity.DOUBT]
    assert [(issue.reason.detail("items"), issue.rows) for issue in doubts] == [(4, (3,))]


def test_an_answer_among_purchases() -> None:
    """One line of 6 screens, and 3 mice."""
    accepted = AcceptedDoubt("maybe_several", "quantity", "Écran P24 x6", quantity=6)
    options = ReadOptions(
        today=dt.date(2025, 6, 30),
        equipment_types=reen.default_registry().equipment_types,
        mapping=FileMapping(name="own", accepted=(accepted,)),
    )
    text = "Date facture;Désignation;Quantité\n01/02/2024;Écran P24 x6;1\n02/02/2024;Souris;3\n"
    (bought,) = read_tables([("achats.csv", text.encode())], options)
    assert bought.kind == "purchases"
    assert bought.table["quantity"].to_pylist() == [6.0, 3.0]


@pytest.mark.parametrize("answer", ["0", "-6", "six", "6.5", "bof"])
def test_what_is_no_answer(tmp_path: Path, answer: str) -> None:
    with pytest.raises(reen.errors.FileFormatError, match="the number of items"):
        answered(tmp_path, "Type;Modèle\nÉcran;P24 x6\n", {"P24 x6": answer})
