"""Tables whose columns are known in advance: read in any container, refused where wrong."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.errors import ReenError
from reen.tables.reference.header import find_header
from reen.tables.reference.reading import Fault, Layout, ReferenceTable, read_reference

COLUMNS = ("model", "sheet", "note")
LAYOUT = Layout(columns=COLUMNS, required=("model", "sheet"))
TEXT = "model;sheet;note\nÉcran;e-1;\nPortable;p-1;à voir\n"
ROWS = [("Écran", "e-1", ""), ("Portable", "p-1", "à voir")]


class RefusedError(ReenError):
    """Carries a fault out of the reader."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)


def read(data: bytes | Path, layout: Layout = LAYOUT) -> ReferenceTable:
    return read_reference("t", data, layout=layout, refuse=RefusedError)


def fault(data: bytes | str, layout: Layout = LAYOUT) -> Fault:
    with pytest.raises(RefusedError) as caught:
        list(read(data.encode() if isinstance(data, str) else data, layout).rows())
    return caught.value.fault


def cells(table: ReferenceTable) -> list[tuple[str, ...]]:
    return [tuple(row) for _, row in table.rows()]


def workbook(**sheets: Sequence[Sequence[str | float]]) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for k, row in enumerate(rows):
                sheet.write_row(k, 0, row)
    return target.getvalue()


# -- any container ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_any_encoding_and_delimiter(encoding: str, found: str, delimiter: str) -> None:
    table = read(TEXT.replace(";", delimiter).encode(encoding))
    assert (cells(table), table.header) == (ROWS, COLUMNS)
    assert (table.encoding, table.delimiter) == (found, delimiter)
    assert [line for line, _ in table.rows()] == [2, 3]


def test_a_sheet_of_a_workbook_among_others() -> None:
    """The one that has the columns; lines are those of the sheet, titles above are passed over."""
    notes = [("Read me", ""), ("by", "us")]
    table = read(workbook(Notes=notes, Data=[("Sheets of 2026",), (), COLUMNS, *ROWS]))
    assert (cells(table), table.place) == (ROWS, "t[Data]")
    assert [line for line, _ in table.rows()] == [4, 5]
    assert (table.encoding, table.delimiter) == ("", "")


def test_two_tables_in_one_file_are_refused() -> None:
    found = fault(workbook(A=[COLUMNS, *ROWS], B=[COLUMNS, *ROWS]))
    assert (found.kind, found.line) == ("file", None)
    assert "t[A], t[B] each hold such a table; keep one" in str(found.expected)


def test_a_parquet_file_counts_its_rows_from_one(tmp_path: Path) -> None:
    path = tmp_path / "t.bin"
    pq.write_table(pa.table({"model": ["a", None], "sheet": pa.array([1, 2])}), path)
    assert list(read(path).rows()) == [(1, ["a", "1"]), (2, ["", "2"])]


def test_an_archive_of_one_table() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("matching.csv", TEXT)
    table = read(target.getvalue())
    assert (cells(table), table.place) == (ROWS, "t/matching.csv")


def test_a_list_of_records() -> None:
    assert cells(read(b'[{"model": "a", "sheet": "s"}, {"model": "b", "sheet": "t"}]')) == [
        ("a", "s"),
        ("b", "t"),
    ]


@pytest.mark.parametrize("above", ["Our sheets\n", "\n\n", "sep=;\n", "Sheets;;\nof 2026;;\n\n"])
def test_titles_above_the_header(above: str) -> None:
    table = read(f"{above}{TEXT}".encode())
    assert cells(table) == ROWS
    assert next(table.rows())[0] == above.count("\n") + 2


def test_a_row_of_data_above_the_header_is_not_lost() -> None:
    found = fault(f"a;b;c\n{TEXT}")
    assert (found.kind, found.line) == ("row", 1)
    assert "nothing but titles above the header in row 2" in str(found.expected)


# -- what does not fit -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "line", "column", "value"),
    [
        ("", "missing", 1, "model", ""),
        ("\nmodel;note\na;b\n", "missing", 2, "sheet", ""),
        ("model;sheet;model\na;b;c\n", "repeated", 1, "model", ""),
        ("model;sheet;colour\na;b;red\n", "unknown", 1, "colour", ""),
        ("model;sheet\na;b\nc;d;e\n", "row", 3, "", "3 cells"),
        ("model;sheet\na;b\nc;d;\n", "row", 3, "", "3 cells"),
        ("model;sheet;\na;b;\nc;d;e\n", "row", 3, "", "e"),
        ('model;sheet\n"a\nb";c\nd;"e"f\n', "row", 4, "", "';' expected after '\"'"),
        ('model;sheet\na;b\nc;"d\ne;f\n', "row", 3, "", "unexpected end of data"),
    ],
)
def test_each_fault_has_its_place(text: str, kind: str, line: int, column: str, value: str) -> None:
    found = fault(text)
    assert (found.kind, found.line, found.column, str(found.value)) == (kind, line, column, value)
    assert found.expected


def test_a_cell_that_a_spreadsheet_could_not_compute() -> None:
    """Of a column that is read: in another one it does no harm."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ("model", "sheet", "other"))
        sheet.write_row(1, 0, ("a", "s"))
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        sheet.write_string(2, 0, "b")
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")
    layout = Layout(columns=("model", "sheet"), required=("model", "sheet"), others=True)
    found = fault(target.getvalue(), layout)
    assert (found.line, found.column, found.value) == (3, "sheet", "#N/A")


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"PK\x03\x04", b"model;sheet\na;\0b\n", b"\x89PNG"])
def test_what_is_no_table(data: bytes) -> None:
    assert fault(data).kind == "file"


def test_other_columns_and_blank_cells_beyond_where_a_format_has_them() -> None:
    layout = Layout(columns=("model",), required=("model",), others=True, surplus=True)
    table = read(b"x;model;x\n1;a;2\n3;b;4;;\n5;c\n", layout)
    assert list(table.records(["model"])) == [
        (2, {"model": "a"}),
        (3, {"model": "b"}),
        (4, {"model": "c"}),
    ]
    assert str(fault("x;model\n1;a;;z\n", layout).value) == "4 cells"


def test_several_headers_of_one_column() -> None:
    """The first cell filled counts."""
    layout = Layout(
        columns=("model",),
        required=("model",),
        others=True,
        repeats=True,
        name_of=lambda _: "model",
    )
    table = read(b"model;modele\na;b\n;c\n", layout)
    assert list(table.records(["model"])) == [(2, {"model": "a"}), (3, {"model": "c"})]


def test_short_rows_of_an_exact_table() -> None:
    exact = Layout(columns=COLUMNS, required=COLUMNS, exact=True)
    assert cells(read(b"model;sheet;note\na;b\n", LAYOUT)) == [("a", "b", "")]
    assert str(fault("model;sheet;note\na;b\n", exact).value) == "2 cells"


@pytest.mark.parametrize("head", [b"", b"\x89PNG", b"\xff\xfe\x00", b"a,b\n1,2\n"])
def test_a_head_that_is_no_header(head: bytes) -> None:
    header = find_header(head, LAYOUT)
    assert header is None or not header.complete


# -- laws ------------------------------------------------------------------------------------

_CELL = st.text(
    st.characters(codec="cp1252", categories=("L", "N", "P", "S"), include_characters=" \n"),
    max_size=6,
).map(lambda text: text.replace("\r", ""))


@pytest.mark.slow
@given(
    rows=st.lists(st.tuples(_CELL, _CELL, _CELL), max_size=5),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read_with_its_line(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str, line_end: str
) -> None:
    """Whatever the encoding, delimiter, quotes and line breaks inside cells."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(COLUMNS)
    expected, line = [], 2
    for row in rows:
        writer.writerow(row)
        if any(cell.strip() for cell in row):
            expected.append((line, list(row)))
        line += 1 + sum(cell.count("\n") for cell in row)
    try:
        raw = text.getvalue().encode(encoding)
    except UnicodeEncodeError:
        return
    table = read(raw)
    if encoding == "cp1252" and table.encoding != "cp1252":
        return  # bytes that are UTF-8 by accident
    assert list(table.rows()) == expected


@given(st.binary(max_size=200), st.sampled_from([b"", b"model;sheet\n", b"model,sheet\n"]))
def test_any_bytes_end_in_rows_or_a_fault(tail: bytes, head: bytes) -> None:
    try:
        table = read(head + tail)
        rows = list(table.rows())
    except RefusedError:
        return
    assert all(len(row) == len(table.header) for _, row in rows)
