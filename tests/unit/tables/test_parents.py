"""Lines that add up those below them, and columns of other figures among counts: no item twice."""

from __future__ import annotations

import io
import math

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.tables.findings import Findings
from reen.tables.layouts.parents import Parent, parents_of
from reen.tables.rows.kinds import _may_have_parents
from reen.tables.rows.parent_rows import counted_by_others
from reen.tables.sheet import Sheet
from reen.types import Fate


def read(rows: list[list[object]]) -> reen.Inventory:
    """Return the inventory of a workbook, once it is made sure that a text says the same."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    found = reen.read(target.getvalue(), name="parc.xlsx")
    text = "".join(
        ";".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows
    )
    other = reen.read(text.encode(), name="parc.csv")
    for fate in Fate:
        assert found.account.items_of(fate) == other.account.items_of(fate)
        assert found.account.rows_of(fate) == other.account.rows_of(fate)
    assert codes(found) == codes(other)
    return found


def codes(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


def items(inventory: reen.Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


@pytest.mark.parametrize(
    ("parent", "children"),
    [
        ("PC", ("  PC portable", "  PC fixe")),
        ("PC", ("PC portable", "PC fixe")),
        ("Ordinateurs", ("  Portables", "  Unités centrales")),
        ("Postes de travail", ("- Portables", "- Fixes")),
        ("PC", ("dont portables", "PC fixe")),
        ("Imprimantes", ("Imprimantes laser", "Imprimantes jet d'encre")),
    ],
)
def test_a_parent_line_of_a_table_of_counts(parent: str, children: tuple[str, str]) -> None:
    """4 + 5 + 6 + 15 = 30, which the line above says too; with 3 + 4 screens 37, and not 67."""
    one, other = children
    rows: list[list[object]] = [
        ["Type", "Mairie", "École", "Total"],
        [parent, 10, 20, 30],
        [one, 4, 5, 9],
        [other, 6, 15, 21],
        ["Écran", 3, 4, 7],
        ["Total", 13, 24, 37],
    ]
    found = read(rows)
    assert (items(found), codes(found)) == (37.0, [])
    (line,) = (each for each in found.account.lines if "total" in str(each.reason).split()[-1:])
    assert line.rows == 1
    told = [issue.reason for issue in found.issues if issue.reason.code == "matrix_parents"]
    assert [reason.detail("rows") for reason in told] == [f"{parent} (30)"]


@pytest.mark.parametrize(
    ("children", "counted"),
    [(("PC portable", "PC fixe"), 2), (("dont portables", "PC fixe"), 1)],
)
def test_a_parent_row_of_a_list(children: tuple[str, str], counted: int) -> None:
    """9 + 21 = 30 computers and 7 screens.  Where a part is called so, the parent counts."""
    one, other = children
    rows: list[list[object]] = [
        ["Type", "Quantité"],
        ["PC", 30],
        [one, 9],
        [other, 21],
        ["Écran", 7],
    ]
    found = read(rows)
    assert (items(found), codes(found), len(found)) == (37.0, [], counted + 1)


@pytest.mark.parametrize("mark", ["   ", "- ", "\u00a0\u00a0"])
def test_indented_rows_of_a_list_are_parts_whatever_they_are_called(mark: str) -> None:
    """9 + 21 = 30 computers, which the row above says too, and 7 screens: 37, and not 67."""
    rows: list[list[object]] = [
        ["Type", "Quantité"],
        ["Ordinateurs", 30],
        [f"{mark}Portables", 9],
        [f"{mark}Unités centrales", 21],
        ["Écran", 7],
    ]
    found = read(rows)
    assert (items(found), codes(found), len(found)) == (37.0, [], 3)


def test_numbers_alone_are_doubted() -> None:
    """10 + 20 + 30 stand under a line of 60 in three columns: they count, and it is asked."""
    rows: list[list[object]] = [
        ["Type", "A", "B", "C"],
        ["Serveur", 6, 7, 8],
        ["Switch", 4, 3, 2],
        ["Onduleur", 2, 4, 6],
        ["Écran", 1, 1, 2],
    ]
    found = read(rows)
    assert (items(found), codes(found)) == (46.0, ["matrix_may_be_parents"])
    rows[1][1] = 5
    found = read(rows)
    assert (items(found), codes(found)) == (45.0, [])


def test_kinds_of_one_site_do_not_add_up_to_another_one() -> None:
    rows: list[list[object]] = [
        ["Site", "Type", "Quantité"],
        ["A", "PC", 30],
        ["B", "PC portable", 9],
        ["B", "PC fixe", 21],
    ]
    assert items(read(rows)) == 60.0


@given(
    counts=st.lists(st.lists(st.integers(1, 50), min_size=2, max_size=2), min_size=2, max_size=6)
)
def test_the_sum_of_indented_lines_is_their_parent(counts: list[list[int]]) -> None:
    """Whatever their numbers; where one is not known, the indents alone say so."""
    sums = [sum(column) for column in zip(*counts, strict=True)]
    labels = ["PC", *(f"  kind {k}" for k in range(len(counts))), "Écran"]
    lines = [sums, *counts, [1, 1]]
    last = len(counts)
    assert parents_of(labels, lines) == [Parent(0, 1, last, sure=True)]
    lines[1] = [math.nan, 1]
    assert parents_of(labels, lines) == [Parent(0, 1, last, sure=False, equal=False)]


def test_figures_among_counts_are_no_equipment() -> None:
    """10 + 12 + 3 + 20 + 25 + 4 = 74 devices, for 110 agents and 3,000 euros."""
    rows: list[list[object]] = [
        ["Site", "PC", "Effectif", "Écrans", "Budget", "Tablettes"],
        ["Mairie", 10, 50, 12, 1000, 3],
        ["École", 20, 60, 25, 2000, 4],
    ]
    found = read(rows)
    assert (items(found), codes(found)) == (74.0, [])
    (told,) = (each.reason for each in found.issues if each.reason.code == "matrix_columns_left")
    assert told.detail("columns") == "Effectif (110), Budget (3000)"


@pytest.mark.parametrize("header", ["Élèves", "Nb classes", "Agents", "Population", "Surface (m2)"])
def test_what_a_place_has_beside_its_devices(header: str) -> None:
    rows: list[list[object]] = [
        ["École", "PC fixes", header, "Tablettes"],
        ["Jaurès", 4, 200, 8],
        ["Ferry", 3, 150, 12],
    ]
    assert items(read(rows)) == 27.0


def test_who_uses_the_devices_is_a_column_of_counts() -> None:
    """Where the rows are types, pupils and teachers have 4 + 1 + 8 + 2 = 15 of them."""
    rows: list[list[object]] = [
        ["Type", "Élèves", "Enseignants", "Total"],
        ["PC fixe", 4, 1, 5],
        ["Tablette", 8, 2, 10],
    ]
    assert items(read(rows)) == 15.0


def test_buildings_that_are_called_as_units_are() -> None:
    """A, B and W are buildings, neither amperes, bytes nor watts: 1 + 2 + 3 + 4 + 5 + 6 = 21."""
    rows: list[list[object]] = [
        ["Type", "Bât A", "Bât B", "Bât W"],
        ["PC fixe", 1, 2, 3],
        ["Écran", 4, 5, 6],
    ]
    assert items(read(rows)) == 21.0


@pytest.mark.parametrize("header", ["Type", "Désignation", "Libellé"])
def test_a_parent_of_a_list_of_labels_is_found_as_in_one_of_types(header: str) -> None:
    """60 + 40 = 100: told where the word is not known, set aside where it says all sorts."""
    for word, counted, code in (("Zorglub", 200.0, ["matrix_may_be_parents"]), ("Parc", 100.0, [])):
        found = read([[header, "Qté"], [word, 100], ["PC portable", 60], ["PC fixe", 40]])
        assert (items(found), codes(found)) == (counted, code)


LABELS = (
    *(
        "PC",
        "PC portable",
        "Écran",
        "  portable",
        "- fixe",
        "dont tablettes",
        "Dont PC",
        "1. Postes",
    ),
    *("1.2 Fixe", "Parc informatique", "", "  ", "DONT", "donte", "Total"),
)


@given(
    rows=st.lists(st.tuples(st.sampled_from(LABELS), st.integers(0, 5)), min_size=1, max_size=8),
    places=st.lists(st.sampled_from(("", "Mairie", "Réseau")), min_size=8, max_size=8),
    placed=st.booleans(),
)
def test_rows_that_are_not_asked_count_no_others(
    rows: list[tuple[str, int]], places: list[str], *, placed: bool
) -> None:
    """What is asked before a list is searched for sums never hides one."""
    texts = [[label or None for label, _ in rows], [word or None for word in places[: len(rows)]]]
    columns = dict(enumerate(pa.array(column, pa.string()) for column in texts))
    sheet = Sheet(columns, np.arange(len(rows), dtype=np.int64))
    quantities = np.array([number for _, number in rows], np.float64)
    others = [1] if placed else []
    if not _may_have_parents(sheet, [0], others, quantities):
        findings = Findings("parc.csv")
        found = counted_by_others(
            sheet,
            [0],
            quantities,
            [],
            findings,
            places=others,
            names_a_type=lambda word: "PC" in word,
            answered=np.zeros(len(rows), np.bool_),
        )
        assert not found.any()
        assert not findings.issues
