"""Formulas that a program wrote and nobody calculated: unknown numbers, told with their cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
import xlwt

import reen
from reen.tables.containers.formulas_xlsx import find_formulas
from reen.types import Fate, Severity

#: 12 laptops as a formula, 10 screens as a number, and their sum: what the file holds is 10.
ROWS: list[list[object]] = [
    ["Type", "Modèle", "Qté", "Montant"],
    ["PC portable", "Latitude 5420", "=5+7", "=C2*1050"],
    ["Écran", "P2419H", 10, 1490],
    ["Total", None, "=SUM(C2:C3)", None],
]


def by_openpyxl(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Parc"
    for row in rows:
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def by_xlsxwriter(rows: list[list[object]]) -> bytes:
    """Write 0 as the value of each formula, and ask for all to be calculated."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Parc")
    for k, row in enumerate(rows):
        sheet.write_row(k, 0, row)
    book.close()
    return target.getvalue()


def by_xlwt(rows: list[list[object]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Parc")
    for k, row in enumerate(rows):
        for j, cell in enumerate(row):
            is_formula = isinstance(cell, str) and cell.startswith("=")
            sheet.write(k, j, xlwt.Formula(cell[1:]) if is_formula else cell)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_ods(rows: list[list[object]]) -> bytes:
    names = ("office", "table", "text")
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )

    def cell(value: object) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str) and value.startswith("="):
            return f'<table:table-cell table:formula="of:{value}"/>'
        if isinstance(value, str):
            return (
                f'<table:table-cell office:value-type="string"><text:p>{value}</text:p>'
                "</table:table-cell>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Parc">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


def as_spreadsheet_xml(rows: list[list[object]]) -> bytes:
    def cell(value: object) -> str:
        if value is None:
            return "<Cell/>"
        if isinstance(value, str) and value.startswith("="):
            return f'<Cell ss:Formula="{value}"/>'
        kind = "String" if isinstance(value, str) else "Number"
        return f'<Cell><Data ss:Type="{kind}">{value}</Data></Cell>'

    lines = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in rows)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="Parc"><Table>{lines}</Table></Worksheet></Workbook>'
    ).encode()


WRITERS: dict[str, Callable[[list[list[object]]], bytes]] = {
    "openpyxl.xlsx": by_openpyxl,
    "xlsxwriter.xlsx": by_xlsxwriter,
    "xlwt.xls": by_xlwt,
    "of.ods": as_ods,
    "xml.xls": as_spreadsheet_xml,
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_quantity_that_nobody_calculated_is_unknown_and_told(name: str) -> None:
    """Ten items are known; the laptops are of unknown number, and no one of 1 or of 0."""
    found = reen.read(WRITERS[name](ROWS), name=name)
    assert found.account.items_of(Fate.COUNTED) == 10.0
    assert found.table["quantity"].to_pylist() == [None, 10.0]
    (cell,) = [each for each in found.issues if each.reason.code == "column_not_calculated"]
    assert (cell.column, cell.value, cell.rows, cell.severity) == (
        "quantity",
        "Qté",
        (2,),
        Severity.CELL,
    )
    (note,) = [each for each in found.issues if each.reason.code == "formulas_not_calculated"]
    assert note.source.endswith("[Parc]")
    assert (note.reason.detail("count"), note.reason.detail("cells")) == (3, "C2, D2, C4")
    assert "spreadsheet program, save it" in str(note)
    assert [each.reason.code for each in found.issues if each.severity is Severity.DOUBT] == []
    measured = reen.measure(found, "base-carbone", as_of="2025-12-31")
    assert not measured.total().complete


@pytest.mark.parametrize("name", ["openpyxl.xlsx", "xlsxwriter.xlsx"])
def test_rows_of_formulas_at_the_end_are_no_blank_rows(name: str) -> None:
    """Two rows refer to another sheet: two assets of which nothing is known, and not none."""
    rows = [*ROWS[:3], ["=A2", "=B2", "=C2"], ["=A3", "=B3", "=C3"]]
    found = reen.read(WRITERS[name](rows), name=name)
    assert (len(found), found.account.rows_of(Fate.COUNTED)) == (4, 4)
    assert found.table["equipment_type"].to_pylist() == ["laptop", "monitor", None, None]


def test_a_sheet_of_nothing_but_formulas_is_refused_and_not_left_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(by_openpyxl(ROWS[:3])))
    sheet = book.create_sheet("Liens")
    for row in range(1, 8):
        sheet.append([f"=Parc!{column}{row}" for column in "ABC"])
    target = io.BytesIO()
    book.save(target)
    found = reen.read(target.getvalue(), name="parc.xlsx")
    assert found.account.rows_of(Fate.REFUSED) > 0


def test_what_a_spreadsheet_calculated_is_its_value() -> None:
    """A text formula that gives "" is blank, and a number formula its number."""
    cells = (
        b'<c r="A1" t="str"><f>IF(B1,"x","")</f><v></v></c><c r="B1"><f>1+1</f><v>2</v></c>'
        b'<c r="C1"><f>1-1</f><v>0</v></c>'
    )
    assert find_formulas(b"<row>" + cells + b"</row>", asks=False) == set()
    assert find_formulas(b"<row>" + cells + b"</row>", asks=True) == {(0, 2)}


def test_cells_that_are_not_numbered_are_counted() -> None:
    """B1 and A2, of a writer that gives neither rows nor cells a number."""
    cells = b"<row><c><v>1</v></c><c><f>1+1</f></c></row><row><c><f>A1</f><v/></c></row>"
    assert find_formulas(cells, asks=False) == {(0, 1), (1, 0)}


def test_a_table_of_counts_that_nobody_calculated() -> None:
    """10 and 5 are known, one count is not; the totals, unknown, are no wrong sums."""
    rows: list[list[object]] = [
        ["Type", "Mairie", "École", "Total"],
        ["PC fixe", 10, "=2+3", "=B2+C2"],
        ["Écran", 5, 0, "=B3+C3"],
        ["Total", "=SUM(B2:B3)", "=SUM(C2:C3)", "=SUM(D2:D3)"],
    ]
    found = reen.read(by_openpyxl(rows), name="parc.xlsx")
    assert found.account.items_of(Fate.COUNTED) == 15.0
    assert found.table["quantity"].to_pylist() == [10.0, None, 5.0]
    assert [each.reason.code for each in found.account.doubts] == []
