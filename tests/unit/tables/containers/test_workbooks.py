"""Workbooks of each kind: cells as text, and what a spreadsheet hides."""

from __future__ import annotations

import datetime as dt
import io
import struct
from collections.abc import Callable
from types import SimpleNamespace

import openpyxl
import pytest
import xlwt

from reen.errors import FileFormatError
from reen.tables.containers import Grid, Limits, Skipped

Codes = Callable[[Grid], dict[str, dict[str, str | int]]]

CELLS = [
    (2.0, "2"),
    (30.125, "30.1250"),
    (30.12, "30.12"),
    (0.1 + 0.2, "0.3"),
    (1e-7, "0.0000001"),
    (-1.5, "-1.5"),
    (356789012345678, "356789012345678"),
    (True, "true"),
    (dt.date(2022, 3, 15), "2022-03-15"),
    (dt.datetime(2022, 3, 15, 10, 30, 1), "2022-03-15T10:30:01"),  # noqa: DTZ001 - as in a cell
    ("3.56789E+14", "3.56789E+14"),
    ("00123", "00123"),
    ("é ", "é "),
]


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_native_cells_become_text_without_a_doubt(files: SimpleNamespace, kind: str) -> None:
    data = getattr(files, kind)({"Parc": [[value for value, _ in CELLS]]})
    grid = files.grid("parc", data)
    assert grid.place == "parc[Parc]"
    expected = [text for _, text in CELLS]
    if kind == "ods":  # an ods holds the digits that it was given
        expected[3] = "0.30000000000000004"
    assert list(grid.rows()[0]) == expected


def test_cells_of_an_old_workbook() -> None:
    from reen.tables.containers import open_container

    book = xlwt.Workbook()
    sheet = book.add_sheet("Parc")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    sheet.write(1, 1, 30.125)
    sheet.write(1, 2, dt.date(2022, 3, 15), day)
    sheet.write(1, 3, 356789012345678)
    sheet.row(2).set_cell_error(1, 0x2A)
    sheet.write(2, 2, "x")
    sheet.write_merge(3, 5, 2, 2, "Mairie")
    sheet.row(4).hidden = True
    sheet.write(4, 1, "h")
    other = book.add_sheet("Archives")
    other.visibility = 1
    other.write(0, 0, "y")
    target = io.BytesIO()
    book.save(target)
    grid, hidden = open_container("parc.xls", target.getvalue())
    assert isinstance(grid, Grid)
    assert isinstance(hidden, Grid)
    assert grid.rows() == [
        ("30.1250", "2022-03-15", "356789012345678"),
        ("#N/A", "x", None),
        (None, "Mairie", None),
        ("h", "Mairie", None),
    ]
    assert grid.lines.tolist() == [2, 3, 4, 5]
    told = {remark.code: dict(remark.details) for remark in grid.remarks}
    assert told["cells_merged"] == {"count": 1, "example": "C4:C5", "columns": "C"}
    assert told["rows_hidden"] == {"count": 1, "first": 5}
    assert told["cells_in_error"] == {"count": 1, "error": "#N/A", "first": 3}
    assert [remark.code for remark in hidden.remarks] == ["sheet_hidden"]


def test_errors_stay_visible_in_xlsx(files: SimpleNamespace, codes: Codes) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"], sheet["C3"], sheet["D9"] = "#N/A", "ok", "#REF!"
    sheet["B3"].data_type = sheet["D9"].data_type = "e"
    grid = files.grid("p", saved(book))
    assert grid.rows()[0] == ("#N/A", "ok", None)
    assert grid.rows()[-1] == (None, None, "#REF!")
    assert codes(grid)["cells_in_error"] == {"count": 2, "error": "#N/A", "first": 3}


def test_merged_hidden_and_1904_in_xlsx(files: SimpleNamespace, codes: Codes) -> None:
    """Day 1000 after 1 January 1904 is 27 September 1906."""
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["Site", "Date"])
    for _ in range(4):
        sheet.append([None, 1000])
        sheet.cell(sheet.max_row, 2).number_format = "yyyy-mm-dd"
    sheet["A2"] = "Mairie"
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[3].hidden = True
    grid = files.grid("p", saved(book))
    assert [row[0] for row in grid.rows()] == ["Site", "Mairie", "Mairie", "Mairie", None]
    assert grid.rows()[1][1] == "1906-09-27"
    assert set(codes(grid)) == {"cells_merged", "rows_hidden"}
    assert codes(grid)["rows_hidden"] == {"count": 1, "first": 3}


def test_several_sheets_and_an_empty_one(files: SimpleNamespace) -> None:
    first, empty, second = files.read("p", files.xlsx({"A": [["x"]], "B": [], "C": [["y"]]}))
    assert (first.place, second.place) == ("p[A]", "p[C]")
    assert isinstance(empty, Skipped)
    assert empty.remark.code == "sheet_empty"


def sheet_xml(files: SimpleNamespace, xml: str) -> bytes:
    """Return a workbook whose one sheet has the XML given."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(files.xlsx({"A": [["x"]]}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    members["xl/worksheets/sheet1.xml"] = xml.replace("SPACE", space).encode()
    return files.zipped(members)


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><v>7</v></c></row>',
        '<row r="2"><c t="e" r="B2"><v>#N/A</v></c><c r="C2"><v>7</v></c></row>',
        "<row r='2'><c r='B2' t='e'><v>#N/A</v></c><c r='C2'><v>7</v></c></row>",
        '<row r="2"><c r="B2" s="0" t="e"><f>NA()</f><v>#N/A</v></c><c r="C2"><v>7</v></c></row>',
    ],
)
def test_however_a_cell_is_written_its_error_is_found(files: SimpleNamespace, cells: str) -> None:
    xml = f'<worksheet xmlns="SPACE"><sheetData>{cells}</sheetData></worksheet>'
    grid = files.grid("p", sheet_xml(files, xml))
    assert grid.rows() == [("#N/A", "7")]
    assert grid.lines.tolist() == [2]


def test_prefixed_tags_are_read_alike(files: SimpleNamespace) -> None:
    cells = '<x:row r="1" hidden="1"><x:c r="A1" t="e"><x:v>#REF!</x:v></x:c></x:row>'
    xml = f'<x:worksheet xmlns:x="SPACE"><x:sheetData>{cells}</x:sheetData></x:worksheet>'
    grid = files.grid("p", sheet_xml(files, xml))
    assert grid.rows() == [("#REF!",)]
    assert grid.details["hidden rows"] == "1"


@pytest.mark.parametrize(
    "last",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        '<c s="0" r="XFD1048576"><v>1</v></c>',
        '<c a=">" r = "XFD1048576"><v>1</v></c>',
    ],
)
def test_two_cells_in_opposite_corners_are_refused_before_memory_is_asked_for(
    files: SimpleNamespace, last: str
) -> None:
    """1,048,576 rows of 16,384 columns are 17,179,869,184 cells."""
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{last}</row>'
    xml = f'<worksheet xmlns="SPACE"><sheetData>{cells}</sheetData></worksheet>'
    with pytest.raises(FileFormatError, match=r"17,179,869,184 cells.*100,000,000"):
        files.read("p", sheet_xml(files, xml))


def test_formatted_rows_without_cells_are_no_size(files: SimpleNamespace) -> None:
    cells = '<row r="1"><c r="AAA1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>'
    xml = f'<worksheet xmlns="SPACE"><sheetData>{cells}</sheetData></worksheet>'
    assert files.grid("p", sheet_xml(files, xml)).rows() == [("1",)]


def xlsb_sheet(files: SimpleNamespace) -> bytes:
    """Return rows 0 (text), 1 (hidden; a number and an error), 2 to 3 (a merged block)."""
    record = files.xlsb_record

    def row(number: int, *, hidden: bool = False) -> bytes:
        flags = 0x10 if hidden else 0
        body = struct.pack("<IIHBBB", number, 0, 300, 0, flags, 0) + struct.pack("<I", 0)
        return bytes(record(0, body))

    def text(column: int, value: str) -> bytes:
        body = struct.pack("<III", column, 0, len(value)) + value.encode("utf-16-le")
        return bytes(record(6, body))

    data = row(0) + text(0, "Site") + text(1, "Nombre")
    data += row(1, hidden=True) + record(5, struct.pack("<IId", 0, 0, 30.125))
    data += record(3, struct.pack("<IIB", 1, 0, 0x2A))
    data += row(2) + text(0, "Mairie") + row(3) + text(1, "x")
    merged = record(177, struct.pack("<I", 1)) + record(176, struct.pack("<IIII", 2, 3, 0, 0))
    return bytes(record(145) + data + record(146) + merged + record(178))


def test_binary_workbook(files: SimpleNamespace, codes: Codes) -> None:
    grid = files.grid("p.xlsb", files.xlsb(xlsb_sheet(files)))
    assert grid.rows() == [
        ("Site", "Nombre"),
        ("30.1250", "#N/A"),
        ("Mairie", None),
        ("Mairie", "x"),
    ]
    assert set(codes(grid)) == {"cells_merged", "rows_hidden", "cells_in_error"}


def test_what_an_ods_hides(files: SimpleNamespace, codes: Codes) -> None:
    style = (
        '<style:style style:name="t"><style:table-properties table:display="false"/></style:style>'
    )
    tables = """
      <table:table table:name="Parc" table:style-name="t">
        <table:table-row table:number-rows-repeated="3">
          <table:table-cell table:number-columns-repeated="1024"/>
        </table:table-row>
        <table:table-row>
          <table:table-cell/>
          <table:table-cell office:value-type="string" table:number-rows-spanned="2">
            <text:p>Mai<text:span>rie</text:span></text:p>
            <text:p>annexe<text:s text:c="2"/>2</text:p>
          </table:table-cell>
          <table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0">
            <text:p>#DIV/0!</text:p>
          </table:table-cell>
        </table:table-row>
        <table:table-row table:visibility="filter">
          <table:table-cell/><table:covered-table-cell/>
          <table:table-cell office:value-type="percentage" office:value="0.25">
            <office:annotation><text:p>a note</text:p></office:annotation><text:p>25 %</text:p>
          </table:table-cell>
          <table:table-cell table:number-columns-repeated="2" office:value-type="string">
            <text:p>r</text:p>
          </table:table-cell>
        </table:table-row>
        <table:table-row table:number-rows-repeated="1048571">
          <table:table-cell table:number-columns-repeated="16384"/>
        </table:table-row>
      </table:table>"""
    grid = files.grid("p", files.ods_of(tables, style))
    assert grid.rows() == [
        ("Mairie\nannexe  2", "#DIV/0!", None, None),
        ("Mairie\nannexe  2", "0.25", "r", "r"),
    ]
    assert grid.lines.tolist() == [4, 5]
    assert set(codes(grid)) == {"cells_merged", "rows_hidden", "sheet_hidden", "cells_in_error"}


def test_an_ods_that_repeats_a_row_of_cells_for_ever_is_refused(files: SimpleNamespace) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
    tables = (
        '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
        f"{cell}<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    )
    with pytest.raises(FileFormatError, match="cells, and the limit is 100,000,000"):
        files.read("p", files.ods_of(tables))


def test_a_password_says_how_to_remove_it(files: SimpleNamespace) -> None:
    manifest = "<m><file-entry><encryption-data/></file-entry></m>"
    with pytest.raises(FileFormatError, match="remove the password"):
        files.read("p.ods", files.ods_of("", manifest=manifest))


def test_limits_name_the_number_and_the_way_to_raise_it(files: SimpleNamespace) -> None:
    data = files.xlsx({"A": [["x"], ["y"], ["z"]]})
    with pytest.raises(FileFormatError, match=r"p\[A\]: 3 rows, .* is 2; .*Limits\(rows=3\)"):
        files.read("p", data, Limits(rows=2))


def test_a_damaged_part_is_a_file_format_error(files: SimpleNamespace) -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(files.xlsx({"A": [["x"]]}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        damaged = {**members, name: members[name][: len(members[name]) // 2]}
        with pytest.raises(FileFormatError, match="cannot be read"):
            files.read("p", files.zipped(damaged))


def repeated(files: SimpleNamespace, rows: str = "1", columns: str = "1", cell: str = "x") -> bytes:
    text = f"<text:p>{cell}</text:p>" if cell else ""
    return files.ods_of(
        '<table:table table:name="P"><table:table-row><table:table-cell><text:p>a</text:p>'
        "</table:table-cell></table:table-row>"
        f'<table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}">{text}</table:table-cell>'
        "</table:table-row></table:table>"
    )


@pytest.mark.parametrize("count", ["1000000000", "99999999999999999999999", "0001000000000"])
def test_a_filled_row_repeated_beyond_the_limit_is_refused(
    files: SimpleNamespace, count: str
) -> None:
    with pytest.raises(FileFormatError, match="rows"):
        files.read("x.ods", repeated(files, rows=count))
    with pytest.raises(FileFormatError, match="columns"):
        files.read("x.ods", repeated(files, columns=count))
    grid = files.grid("x.ods", repeated(files, rows=count, cell=""))
    assert grid.rows() == [("a",)]


@pytest.mark.parametrize("count", ["-1", "0", "abc", "", "1.5"])
def test_a_count_that_is_none_is_damage(files: SimpleNamespace, count: str) -> None:
    with pytest.raises(FileFormatError, match="row 2 of sheet 'P' is damaged"):
        files.read("x.ods", repeated(files, rows=count))
    with pytest.raises(FileFormatError, match="number-columns-repeated"):
        files.read("x.ods", repeated(files, columns=count))
