"""Rows that somebody struck through in a workbook: removed, to a reader; named, and not decided."""

from __future__ import annotations

import io
from collections.abc import Collection

import openpyxl
import pytest
from openpyxl.styles import Font

import reen
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
