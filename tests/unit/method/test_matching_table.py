"""The table that a person corrects: written, saved by a spreadsheet, read back."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen
from reen.plugin.packs import MatchedModel, MatchingTable

ROWS = (
    MatchedModel(
        model="Feather 5420, 16 Go",
        manufacturer="Makerville",
        equipment_type="laptop",
        quantity=26.0,
        sheet="makerville-feather-5420",
        sheet_name="Makerville Feather 5420",
        level="approximate model",
        score=93.3333,
        candidates=(("makerville-feather-5420", 93.3), ("makerville-feather-5490", 90.0)),
    ),
    MatchedModel(model="Écran «à plat»", quantity=2.5, level="none", remark="no sheet"),
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "matching.csv"
    table = MatchingTable(ROWS)
    path.write_text(table.to_csv(), encoding="utf-8")
    again = MatchingTable.read(path)
    assert again.digest() == table.digest()
    assert [row.sheet for row in again.rows] == [row.sheet for row in ROWS]
    assert again.rows[0].quantity == 26.0
    assert again.rows[0].score == pytest.approx(93.3333)
    assert again.rows[1].line == 3
    assert "makerville-feather-5420 (93) | makerville-feather-5490 (90)" in table.to_csv()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_spreadsheet_may_save_it_its_own_way(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "matching.csv"
    text = "model;manufacturer;sheet;score\nÉcran;Dell;dell-x;93,5\n;;;\n"
    path.write_bytes(text.encode(encoding))
    table = MatchingTable.read(path)
    assert [(row.model, row.sheet, row.score) for row in table.rows] == [("Écran", "dell-x", 93.5)]


def test_a_workbook_with_a_title(tmp_path: Path) -> None:
    """Lines are those of the sheet, in what is read and in what is refused."""
    import xlsxwriter

    path = tmp_path / "matching.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("M")
        for k, row in enumerate([["Modèles"], ["Model", "Sheet", "score"], ["Écran", "x", 93.5]]):
            sheet.write_row(k, 0, row)
    (row,) = MatchingTable.read(path).rows
    assert (row.model, row.sheet, row.score, row.line) == ("Écran", "x", 93.5, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model,sheet\nA,16 Go,x\n", r"m\.csv, line 2: 3 cells; expected 2 cells separated"),
        (
            "model,sheet,model\nA,x,B\n",
            r"m\.csv, line 1, column 'model'; expected each column once",
        ),
        ('model,sheet\n"A,x\nB,y\n', r"m\.csv, line 2: unexpected end of data; expected quotes"),
        ("%PDF-1.7", r"m\.csv: the matching table cannot be read: "),
    ],
    ids=["unquoted comma", "column twice", "open quote", "a document"],
)
def test_a_table_that_would_be_misread_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """Each of these tied a model to what nobody wrote, or lost it, without a word."""
    path = tmp_path / "m.csv"
    path.write_text(text)
    with pytest.raises(reen.errors.InventoryError, match=message):
        MatchingTable.read(path)


def test_lines_are_found_whatever_the_case_and_by_model_alone() -> None:
    table = MatchingTable(
        (
            MatchedModel(model="A 1", manufacturer="Dell", sheet="x"),
            MatchedModel(model="A 1", sheet="y"),
        )
    )
    assert [table.find("a  1", maker).sheet for maker in ("DELL", "HP", "")] == ["x", "y", "y"]  # type: ignore[union-attr]
    assert table.find("A 2") is None


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "matching.csv"
    path.write_text("model,level\nA,model\n")
    with pytest.raises(reen.errors.InventoryError, match=r"matching\.csv: .*'sheet' is missing"):
        MatchingTable.read(path)
    with pytest.raises(reen.errors.InventoryError, match="cannot be read"):
        MatchingTable.read(tmp_path / "nowhere.csv")


def test_two_answers_for_one_model_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "matching.csv"
    path.write_text("model,sheet\nA 1,x\na 1,y\n")
    with pytest.raises(reen.errors.InventoryError, match=r"lines 2 and 3: .*'x' and to 'y'"):
        MatchingTable.read(path)


def test_the_provenance_tells_two_tables_apart() -> None:
    """What decides is hashed: model, maker, sheet, level; not what is there for information."""
    table = MatchingTable(ROWS, "matching.csv")
    assert str(table).startswith("matching.csv (2 models, SHA-256 ")
    assert MatchingTable(ROWS[::-1]).digest() == table.digest()
    assert MatchingTable(ROWS[:1]).digest() != table.digest()
