"""Workbooks: values stay what they are, and no text of a file becomes a formula."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.errors import MissingExtraError, OptionError
from reen.tables.mapping.answers import worklist_table
from reen.verbs import spreadsheets
from reen.verbs.spreadsheets import as_workbook, write_workbook

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

TABLE = pa.table(
    {
        "name": pa.array(["=1+1", None, "http://x"]),
        "value": pa.array([1.5, None, float("nan")]),
        "count": pa.array([3, 0, None], pa.int64()),
        "known": pa.array([True, False, None]),
        "day": pa.array([dt.date(2024, 2, 29), None, dt.date(1999, 1, 1)]),
        "parts": pa.array([["a", "b"], [], None], pa.list_(pa.string())),
    }
)


def cells(content: bytes, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book[sheet].iter_rows(values_only=True))


def test_values_stay_what_they_are_and_what_is_unknown_is_blank() -> None:
    """0 is 0 and not blank; NaN and null are blank and not 0; =1+1 is a text."""
    head, first, second, third = cells(as_workbook({"a": TABLE}), "a")
    assert head == tuple(TABLE.column_names)
    assert first == ("=1+1", 1.5, 3, True, dt.datetime(2024, 2, 29), "a; b")  # noqa: DTZ001
    assert second == (None, None, 0, False, None, None)
    assert third == ("http://x", None, None, None, dt.datetime(1999, 1, 1), None)  # noqa: DTZ001
    book = openpyxl.load_workbook(io.BytesIO(as_workbook({"a": TABLE})))
    assert book["a"]["A2"].data_type == "s"


def test_units_stand_in_the_header() -> None:
    field = pa.field("v", pa.float64(), metadata={"unit": "kgCO2e/year"})
    table = pa.table([pa.array([1.0])], schema=pa.schema([field]))
    assert cells(as_workbook({"a": table}), "a")[0] == ("v [kgCO2e/year]",)


def test_the_same_table_is_the_same_file() -> None:
    assert as_workbook({"a": TABLE}) == as_workbook({"a": TABLE})


def test_a_table_that_no_sheet_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    with pytest.raises(OptionError, match="at most 2 rows"):
        as_workbook({"a": TABLE})


def test_a_worklist_answered_in_a_workbook_is_given_back(tmp_path: Path) -> None:
    """Seven items of type Bidule: answered "laptop" in the workbook, they have a type."""
    parc = tmp_path / "parc.csv"
    parc.write_text("Type;Nombre\nBidule;7\nPC portable;2\n", encoding="utf-8")
    asked = tmp_path / "questions.xlsx"
    write_workbook({"worklist": worklist_table(reen.read(parc).worklist)}, asked)
    book = openpyxl.load_workbook(asked)
    sheet = book["worklist"]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if "idule" in str(row[2].value))
    row[heads.index("answer")].value = "laptop"
    book.save(asked)
    types = reen.read(parc, mapping=asked).table["equipment_type"].to_pylist()
    assert types == ["laptop", "laptop"]


def test_without_the_writer_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[xlsx\]'"):
        as_workbook({"a": TABLE})
