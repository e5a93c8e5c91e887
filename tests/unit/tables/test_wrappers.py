"""What programs put around a cell, undone; what only looks like it, kept."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest
from reen.plugin.files import Imported

from reen.tables.sheet import tidy, tidy_cell

Read = Callable[..., Imported]


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ('="12"', "12"),
        ('= "0012"', "0012"),
        ('=T("x")', "x"),
        ('="a ""b"""', 'a "b"'),
        ("'0012", "0012"),
        ("'0012'", "0012"),
        ('="\'0012"', "0012"),
        ("&Eacute;cran", "Écran"),
        ("a &#62; b", "a > b"),
        ("a &#x3E; b", "a > b"),
        ("a &amp;gt; b", "a > b"),
        ("a &amp;amp;gt; b", "a > b"),
        ("&lt;br&gt;", "<br>"),
        ("two_x000D_\nlines", "two lines"),
        ("N_x00b0__x0020_5", "N° 5"),
        ("_x005F_x000D_", "_x000D_"),
        ("Lati\u200btude", "Latitude"),
        ("Lati\u00adtude\u200e", "Latitude"),
        ("\ufeffType", "Type"),
        ("12\u00a0500", "12 500"),
        ("Dell\0\0", "Dell"),
        ('"abc"', "abc"),
    ],
)
def test_wrappers_are_undone(written: str, content: str) -> None:
    assert tidy(pa.array([written])).to_pylist() == [content]
    assert tidy_cell(written) == content


@pytest.mark.parametrize(
    "cell",
    [
        *("R&D", "R&D;x", "AT&T", "a=b", "=12", "=A1", '=IF(A1;"x";"y")', '24"', '"24" et "27"'),
        *("&nothing;", "l'école", "A_x12_B", "a<br>b", "_xD800_"),
    ],
)
def test_what_only_looks_like_a_wrapper_stays(cell: str) -> None:
    assert tidy(pa.array([cell, None])).to_pylist() == [cell, None]
    assert tidy_cell(cell) == cell


def test_a_file_of_formulas(read: Read) -> None:
    found = read('="Type";="Modèle";="Qté";"N° s&eacute;rie"\n="Écran";="U24";="1";="0012"\n')
    (row,) = found.table.to_pylist()
    kept = (row["equipment_type"], row["model"], row["quantity"], row["serial_number"])
    assert kept == ("Écran", "U24", 1.0, "0012")
    assert found.issues == ()
