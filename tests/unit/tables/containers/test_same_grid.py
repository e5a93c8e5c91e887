"""The law of containers: one table, written in any of them, gives the same cells."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

#: Text as cells hold it: no control character, no blank at either end.
WORDS = st.text("abcé€ 日<&\"'=-/;,.0123", min_size=1, max_size=8).filter(
    lambda text: text == text.strip() and "  " not in text
)
NUMBERS = st.one_of(
    st.integers(-(10**14), 10**14),
    st.integers(-(10**8), 10**8).map(lambda number: number / 1000),
    st.sampled_from([0.5, 1e-6, 123456.789, 30.125]),
)
CELLS = st.one_of(
    WORDS, NUMBERS, st.booleans(), st.none(), st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))
)
HEADERS = ["name", "site", "count", "place"]


@st.composite
def tables(draw: st.DrawFn) -> list[list[Any]]:
    """Draw rows whose first cell is never blank, so that no row and no column disappears."""
    width = draw(st.integers(1, 4))
    rows = draw(
        st.lists(st.tuples(WORDS, *[CELLS] * (width - 1)).map(list), min_size=2, max_size=6)
    )
    return [HEADERS[:width], *rows]


def as_json(table: list[list[Any]]) -> bytes:
    header, *rows = table
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows], default=str).encode()


def as_xml(files: SimpleNamespace, table: list[list[Any]]) -> bytes:
    """Write the texts of the cells: XML knows no types."""
    header, *_ = table
    texts = files.grid("x", files.xlsx({"A": table})).rows()[1:]
    records = ""
    for row in texts:
        fields = "".join(
            f"<{name}>{escape(text or '')}</{name}>" for name, text in zip(header, row, strict=True)
        )
        records += f"<pc>{fields}</pc>"
    return f"<parc>{records}</parc>".encode()


@settings(max_examples=settings.default.max_examples // 2)
@given(table=tables())
def test_the_same_table_in_any_container_gives_the_same_cells(
    files: SimpleNamespace, table: list[list[Any]]
) -> None:
    reference = files.grid("x", files.xlsx({"A": table}))
    expected = reference.rows()
    assert expected[0] == tuple(table[0])
    # A column of blanks has a header, and so remains.
    assert files.grid("x", files.ods({"A": table})).rows() == expected
    for written in (as_json(table), as_xml(files, table)):
        grid = files.grid("x", written)
        assert [grid.header, *grid.rows()] == expected
    (inside,) = files.read("x", files.zipped({"t.xlsx": files.xlsx({"A": table})}))
    assert inside.rows() == expected


@pytest.mark.slow
@given(number=NUMBERS)
def test_a_number_keeps_its_value_and_never_looks_like_thousands(number: float) -> None:
    from reen.tables.containers.cells import number_text

    text = number_text(float(number))
    assert float(text) == float(f"{number:.15g}")
    assert "e" not in text.casefold()
    assert len(text.partition(".")[2]) != 3
