"""Rows that somebody struck through in a workbook: removed, to a reader; named, and not decided."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Collection

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font

import reen
from reen.tables.containers.layout_binary import scan_xlsb, struck_xlsb_styles
from reen.tables.containers.styles_xlsx import struck_styles
from reen.types import Fate

ROWS = [["Type", "Modèle", "Quantité"], ["PC portable", "Latitude", 3], ["Écran", "P24", 4]]
ROWS += [["Imprimante", "M404", None], ["Serveur", None, 1]]


def read(cells: Collection[tuple[int, int]], *, strike: bool = True) -> reen.Inventory:
    """Read the list with some cells struck through, by row and column from 1."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    for row, column in cells:
        book.worksheets[0].cell(row, column).font = Font(strike=strike, bold=True)
    target = io.BytesIO()
    book.save(target)
    return reen.read(target.getvalue(), name="parc.xlsx")


@pytest.mark.parametrize(
    ("cells", "rows", "count"),
    [
        ([(3, 1), (3, 2), (3, 3)], "3", 1),
        ([(3, 1), (3, 2), (3, 3), (5, 1), (5, 2), (5, 3)], "3, 5", 2),
        ([(4, 1), (4, 2), (4, 3), (4, 9)], "4", 1),
    ],
)
def test_they_are_counted_and_doubted(cells: list[tuple[int, int]], rows: str, count: int) -> None:
    found = read(cells)
    assert found.account.items_of(Fate.COUNTED) == 8.0
    (doubt,) = found.account.doubts
    assert doubt.reason.code == "rows_struck"
    assert doubt.reason.details == (("count", count), ("rows", rows))
    assert f"({'lignes' if count > 1 else 'ligne'} {rows})" in doubt.text("fr")


@pytest.mark.parametrize("cells", [[], [(3, 2)], [(9, 1), (9, 2)]])
def test_a_cell_alone_or_a_blank_row_is_none(cells: list[tuple[int, int]]) -> None:
    assert not read(cells).account.doubts


def test_a_font_that_is_not_struck() -> None:
    assert not read([(3, 1), (3, 2), (3, 3)], strike=False).account.doubts


def test_styles_as_other_writers_put_them() -> None:
    styles = (
        b'<x:styleSheet><x:fonts count="3"><x:font/><x:font><x:strike x:val="0"/></x:font>'
        b"<x:font><x:b/><x:strike /></x:font></x:fonts>"
        b'<x:cellXfs><x:xf numFmtId="0" fontId="0"/><x:xf fontId="2"><x:alignment/></x:xf>'
        b'<x:xf fontId="1"/></x:cellXfs></x:styleSheet>'
    )
    assert set(struck_styles(styles)) == {b"1"}


def _binary(cells: Collection[tuple[int, int]]) -> bytes:
    """Write the list as an xls workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Parc")
    struck = xlwt.easyxf("font: struck_out on, bold on")
    for row, values in enumerate(ROWS, 1):
        for column, value in enumerate(values, 1):
            style = struck if (row, column) in cells else xlwt.Style.default_style
            if value is not None:
                sheet.write(row - 1, column - 1, value, style)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _open_document(cells: Collection[tuple[int, int]]) -> bytes:
    """Write the list as LibreOffice does."""
    rows = ""
    for row, values in enumerate(ROWS, 1):
        rows += "<table:table-row>"
        for column, value in enumerate(values, 1):
            style = "ce2" if (row, column) in cells else "ce1"
            kind = f'office:value-type="float" office:value="{value}"'
            if not isinstance(value, int):
                kind = 'office:value-type="string"' if value else ""
            text = f"<text:p>{value}</text:p>" if value else ""
            rows += f'<table:table-cell table:style-name="{style}" {kind}>{text}</table:table-cell>'
        rows += "</table:table-row>"
    urn = "urn:oasis:names:tc:opendocument:xmlns:"
    names = ("office", "style", "table", "text", "number")
    spaces = " ".join(
        f'xmlns:{name}="{urn}{"datastyle" if name == "number" else name}:1.0"' for name in names
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>"
        '<style:style style:name="ce1" style:family="table-cell"><style:text-properties '
        'style:text-line-through-style="none"/></style:style>'
        '<number:currency-style style:name="N1"><style:text-properties '
        'style:text-line-through-style="solid"/></number:currency-style>'
        '<style:style style:name="ce2" style:family="table-cell"><style:text-properties '
        'style:text-line-through-style="solid" style:text-line-through-type="single"/>'
        "</style:style></office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Parc">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return target.getvalue()


@pytest.mark.parametrize(("write", "name"), [(_binary, "parc.xls"), (_open_document, "parc.ods")])
@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        ([(3, 1), (3, 2), (3, 3)], "3"),
        ([(3, 1), (3, 2), (3, 3), (5, 1)], "3, 5"),
        ([(4, 1)], "4"),
        ([(3, 2)], ""),
        ([], ""),
    ],
)
def test_other_workbooks_too(
    write: Callable[[Collection[tuple[int, int]]], bytes],
    name: str,
    cells: list[tuple[int, int]],
    rows: str,
) -> None:
    """Half of what a row holds is struck through: 3 + 4 + 1 = 8 items are counted, and doubted."""
    found = reen.read(write(cells), name=name)
    assert found.account.items_of(Fate.COUNTED) == 8.0
    told = [doubt.reason.detail("rows") for doubt in found.account.doubts]
    assert told == ([rows] if rows else [])


def test_numbers_beside_each_other_are_struck_one_by_one() -> None:
    """An xls has them in one record, with a style for each."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Parc")
    struck = xlwt.easyxf("font: struck_out on")
    for column, text in enumerate(["Type", "Quantité", "Puissance (W)", "Année"]):
        sheet.write(0, column, text)
    for row, kind in enumerate(["PC portable", "Écran"], 1):
        sheet.write(row, 0, kind)
        for column in (1, 2, 3):
            sheet.write(
                row,
                column,
                20 + column,
                struck if row == 1 + (column < 3) else xlwt.Style.default_style,
            )
    target = io.BytesIO()
    book.save(target)
    (doubt,) = (
        doubt
        for doubt in reen.read(target.getvalue(), name="parc.xls").account.doubts
        if doubt.reason.code == "rows_struck"
    )
    assert doubt.reason.detail("rows") == "3"


def test_struck_styles_of_an_xlsb() -> None:
    """The second font is struck through, and the third style has it."""

    def record(kind: int, body: bytes) -> bytes:
        number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return number + bytes([len(body)]) + body

    def font(flags: int) -> bytes:
        return record(43, struct.pack("<HH", 220, flags) + bytes(17))

    def style(number: int) -> bytes:
        return record(47, struct.pack("<HHH", 0, 0, number) + bytes(10))

    part = font(0) + font(0x08) + style(1) + record(617, b"")
    part += style(0) + style(0) + style(1) + style(7) + record(618, b"")
    assert struck_xlsb_styles(part) == {2}
    cells = record(0, struct.pack("<I", 4) + bytes(8))
    cells += record(7, struct.pack("<II", 1, 2) + bytes(4))
    cells += record(5, struct.pack("<II", 2, 0) + bytes(8))
    assert scan_xlsb(cells, None, {2}).struck == {(4, 1)}
