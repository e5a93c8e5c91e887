"""Text of strangers: what a terminal obeys is shown, what a spreadsheet runs is text."""

from __future__ import annotations

import csv
import io
import sys
import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.gate.characters import _ANY, _SHOWN, escaped, inert, inert_column, visible


@given(st.text())
def test_nothing_that_moves_a_cursor_or_turns_a_line_is_left(text: str) -> None:
    """No control but ends of lines and tabs, no mark of direction; as long; once is all."""
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    assert not [
        c
        for c in shown
        if unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI"}
    ]
    assert len(shown) == len(text)
    assert visible(shown) == shown


def test_what_is_harmless_stays() -> None:
    assert visible("Écran 24″\t12 €\nمكتب") == "Écran 24″\t12 €\nمكتب"
    assert visible("\x1b[2J\x9b31m\u202eevil\x7f") == "␛[2J\ufffd31m\ufffdevil␡"
    assert escaped("<b>\u202e") == "&lt;b&gt;\ufffd"


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1"])  # noqa: RUF001 - wide signs
def test_formulas_are_text(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert inert_column(pa.array([text, None, "a=b"])).to_pylist() == [f"'{text}", None, "a=b"]


@given(st.lists(st.one_of(st.none(), st.text(alphabet=st.characters(exclude_categories=["Cs"])))))
def test_a_column_is_as_its_cells(texts: list[str | None]) -> None:
    made = inert_column(pa.array(texts, pa.string())).to_pylist()
    assert made == [None if text is None else inert(text) for text in texts]


def test_numbers_are_not_touched() -> None:
    column = pa.array([-1.5])
    assert inert_column(column) is column


NAMES = ["=cmd|'/c calc'!A1", "+33", "-2+3", "@evil", "a=b", "PC-1"]


def test_a_written_inventory_is_inert_and_read_as_it_was(tmp_path: Path) -> None:
    """In CSV the apostrophe is there, and `read` takes it away; kept, the bytes are the same."""
    table = pa.table(
        {"id": NAMES, "equipment_type": ["laptop"] * 6, "entity": NAMES, "quantity": [1.0] * 6}
    )
    inventory = reen.Inventory.from_arrow(table)
    path = tmp_path / "a.csv"
    reen.write_inventory(inventory, path)
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    again = reen.read(path)
    assert again.table["id"].to_pylist() == NAMES
    assert again.table["entity"].to_pylist() == NAMES
    assert not again.account.doubts
    reen.write_inventory(inventory, path, keep_formulas=True)
    with path.open(encoding="utf-8") as file:
        assert "\n\"=cmd|'/c calc'!A1\"" in file.read()


def test_worklists_and_matching_tables_are_inert_too() -> None:
    from reen.method.matching_table import MatchedModel, MatchingTable

    made = MatchingTable((MatchedModel(model="=1+1", manufacturer="", sheet=""),)).to_csv()
    (row,) = csv.DictReader(io.StringIO(made))
    assert row["model"] == "'=1+1"


def test_what_is_looked_for_is_what_is_shown_otherwise() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    found = {ord(each) for each in every if _ANY.search(each)}
    assert found == set(_SHOWN)
