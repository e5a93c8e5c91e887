"""Lines that a workbook sets in by the alignment of their cells: parts of the line above them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Alignment

import reen
from reen.tables.containers.layout_binary import indented_xlsb_styles, scan_xlsb
from reen.tables.containers.styles_xlsx import indented_styles, styled_cells
from reen.types import Fate


def read(
    rows: Sequence[Sequence[object]],
    indents: Mapping[int, int],
    *,
    column: int = 1,
    horizontal: str | None = None,
) -> reen.Inventory:
    """Read a workbook some of whose rows are set in, by their number from 1."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for row, steps in indents.items():
        cell = sheet.cell(row, column)
        cell.alignment = Alignment(indent=steps, horizontal=horizontal)
    target = io.BytesIO()
    book.save(target)
    return reen.read(target.getvalue(), name="parc.xlsx")


def items(inventory: reen.Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


def doubts(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


#: 60 + 40 = 100, which the first line says too, and 90 screens: 190 items, and not 290.
LIST: list[list[object]] = [
    ["Type", "Quantité"],
    ["Direction", 100],
    ["PC portable", 60],
    ["PC fixe", 40],
    ["Écran", 90],
]


@pytest.mark.parametrize("parent", ["Direction", "Ordinateurs", "Serveur", "Parc informatique"])
def test_a_row_above_rows_that_are_set_in_is_their_sum(parent: str) -> None:
    rows = [LIST[0], [parent, 100], *LIST[2:]]
    found = read(rows, {3: 1, 4: 1})
    assert (items(found), doubts(found), len(found)) == (190.0, [], 3)
    assert found.account.rows_of(Fate.SET_ASIDE) == 1


def test_what_the_rows_are_called_does_not_matter() -> None:
    """A known type above families that nobody knows: 100 laptops are not 200."""
    rows = [LIST[0], ["PC portable", 100], ["Gamme A", 60], ["Gamme B", 40], LIST[4]]
    assert items(read(rows, {3: 1, 4: 1})) == 190.0


def test_steps_below_steps() -> None:
    """20 + 30 = 50 laptops and 40 desktops are 90 computers; with 10 telephones 100 in all."""
    rows: list[list[object]] = [
        ["Type", "Quantité"],
        ["Tout", 100],
        ["Ordinateurs", 90],
        ["PC portable", 50],
        ["Gamme A", 20],
        ["Gamme B", 30],
        ["PC fixe", 40],
        ["Smartphone", 10],
    ]
    found = read(rows, {3: 1, 4: 2, 5: 3, 6: 3, 7: 2, 8: 1})
    assert (items(found), doubts(found)) == (100.0, [])


def test_steps_in_a_table_of_counts() -> None:
    """60 + 5 + 40 + 5 + 90 + 3 = 203, and not 313."""
    rows: list[list[object]] = [
        ["Type", "Mairie", "École"],
        ["Direction", 100, 10],
        ["PC portable", 60, 5],
        ["PC fixe", 40, 5],
        ["Écran", 90, 3],
    ]
    found = read(rows, {3: 1, 4: 1})
    assert (items(found), doubts(found)) == (203.0, [])


def test_rows_that_are_set_in_and_add_up_to_another_number_are_doubted() -> None:
    """60 + 40 stand below 105: one of them may be a sum, or five have no line."""
    found = read([LIST[0], ["Direction", 105], *LIST[2:]], {3: 1, 4: 1})
    assert (items(found), doubts(found)) == (295.0, ["indented_sums_differ"])


@pytest.mark.parametrize("indents", [{}, {2: 1, 3: 1, 4: 1, 5: 1}, {1: 2}])
def test_a_list_whose_rows_all_stand_alike_has_no_parents(indents: dict[int, int]) -> None:
    rows = [LIST[0], ["Serveur", 100], *LIST[2:]]
    assert items(read(rows, indents)) == 290.0


@pytest.mark.parametrize("horizontal", ["center", "right"])
def test_what_is_set_in_from_elsewhere_is_no_part(horizontal: str) -> None:
    rows = [LIST[0], ["Serveur", 100], *LIST[2:]]
    assert items(read(rows, {3: 1, 4: 1}, horizontal=horizontal)) == 290.0


def test_numbers_that_are_set_in_stay_numbers() -> None:
    rows = [LIST[0], ["Serveur", 100], *LIST[2:]]
    found = read(rows, {2: 1, 4: 3}, column=2)
    assert (items(found), found.issues) == (290.0, ())


def test_the_styles_and_cells_as_writers_write_them() -> None:
    """Prefixes, quotation marks and the order of attributes are the writer's."""
    styles = (
        b'<x:styleSheet><x:cellStyleXfs><x:xf><x:alignment indent="9"/></x:xf></x:cellStyleXfs>'
        b'<x:cellXfs count="4"><x:xf numFmtId="0"/>'
        b"<x:xf numFmtId='0'><x:alignment horizontal='left' indent='2'/></x:xf>"
        b'<x:xf><x:alignment indent="0"/></x:xf>'
        b'<x:xf><x:alignment indent="1" horizontal="right"/></x:xf></x:cellXfs></x:styleSheet>'
    )
    assert indented_styles(styles) == {b"1": 2}
    sheet = b"""<x:c r="B12" s="1" t="s"><x:c s='1' r='AA3'/><x:c r="B13" s="11"><x:col s="1"/>"""
    assert styled_cells(sheet, {b"1": 2}) == {(11, 1): 2, (2, 26): 2}


def as_xls(rows: Sequence[Sequence[object]], indents: Mapping[int, int], align: str) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Parc")
    for number, row in enumerate(rows, 1):
        style = xlwt.easyxf(f"align: horiz {align}, indent {indents.get(number, 0)}")
        sheet.write(number - 1, 0, row[0], style)
        sheet.write(number - 1, 1, row[1])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_ods(rows: Sequence[Sequence[object]], indents: Mapping[int, int], align: str) -> bytes:
    """Write 0.353 cm a step, as LibreOffice does."""
    names = ("office", "table", "text", "style", "fo")
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )
    align = {"left": "start", "right": "end"}.get(align, align)
    styles = "".join(
        f'<style:style style:name="ce{number}" style:family="table-cell">'
        f'<style:paragraph-properties fo:text-align="{align}"'
        f' fo:margin-left="{0.353 * steps:.3f}cm"/></style:style>'
        for number, steps in indents.items()
    )
    lines = "".join(
        f'<table:table-row><table:table-cell table:style-name="ce{number}"'
        f' office:value-type="string"><text:p>{row[0]}</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="string"><text:p>{row[1]}</text:p>'
        "</table:table-cell></table:table-row>"
        for number, row in enumerate(rows, 1)
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:automatic-styles>{styles}"
            "</office:automatic-styles><office:body><office:spreadsheet>"
            f'<table:table table:name="Parc">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


@pytest.mark.parametrize("write", [as_xls, as_ods], ids=["xls", "ods"])
@pytest.mark.parametrize("parent", ["Direction", "Ordinateurs", "Serveur"])
def test_the_other_workbooks_set_in_too(
    write: Callable[[Sequence[Sequence[object]], Mapping[int, int], str], bytes], parent: str
) -> None:
    """60 + 40 = 100, and 90 screens, as in an xlsx: 190 items."""
    rows = [LIST[0], [parent, 100], *LIST[2:]]
    found = reen.read(write(rows, {3: 1, 4: 1}, "left"), name=f"parc.{write.__name__[3:]}")
    assert (items(found), doubts(found), len(found)) == (190.0, [], 3)
    elsewhere = reen.read(write(rows, {3: 1, 4: 1}, "right"), name=f"parc.{write.__name__[3:]}")
    assert items(elsewhere) != 190.0 or parent == "Ordinateurs"


def test_the_styles_of_an_xlsb_set_in() -> None:
    """Style 1 (left) sets in by 2 steps and style 2 (right) by none: B4 has one, C4 the other."""

    def record(kind: int, body: bytes) -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return number + bytes([len(body)]) + body

    def style(steps: int, align: int) -> bytes:
        return record(47, struct.pack("<HHHHHBBBBH", 0, 0, 0, 0, 0, 0, steps, align, 0, 0))

    styles = (
        style(9, 1)  # a style that cells are derived from
        + record(617, struct.pack("<I", 3))
        + style(0, 0)
        + style(2, 1)
        + style(1, 3)
        + record(618, b"")
    )
    indented = indented_xlsb_styles(styles)
    assert indented == {1: 2}
    row = record(0, struct.pack("<IIHBB", 3, 0, 0, 0, 0))
    cells = b"".join(
        record(7, struct.pack("<I", column) + number.to_bytes(3, "little") + b"\0" + bytes(4))
        for column, number in ((1, 1), (2, 2))
    )
    assert scan_xlsb(row + cells, indented).indents == {(3, 1): 2}
