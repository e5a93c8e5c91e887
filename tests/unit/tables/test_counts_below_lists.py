"""A table of counts directly below a list: neither takes the rows of the other for its own."""

from __future__ import annotations

import pytest

import reen
from reen import Inventory
from reen.types import Fate

from .workbooks import workbook_of

#: Headers of places and of types, which an odd row of a list may have as its first cell.
CORNERS = ("Site", "Bureau", "Salle", "Service", "Bâtiment", "Office", "Type")

LIST = ("Type;Quantité;Prix", "PC portable;10;900", "Imprimante;5;200")


def as_text(lines: tuple[str, ...]) -> Inventory:
    return reen.read("\n".join(lines).encode(), name="parc.csv")


def as_workbook(lines: tuple[str, ...]) -> Inventory:
    rows = [[int(c) if c.isdigit() else c or None for c in line.split(";")] for line in lines]
    return reen.read(workbook_of({"Parc": rows}), name="parc.xlsx")


def both(*lines: str) -> tuple[Inventory, Inventory]:
    return as_text(lines), as_workbook(lines)


def counted(inventory: Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


def doubts(inventory: Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


@pytest.mark.parametrize("corner", CORNERS)
def test_a_row_of_words_in_a_list_of_types_heads_no_counts(corner: str) -> None:
    """10 + 5 + 2 + 4 = 21 items; prices were screens: 2 + 4 + 3,000 + 100 = 3,106 of them."""
    for found in both(*LIST, f"{corner};PC portable;Écran", "Serveur;2;3000", "Écran;4;100"):
        assert counted(found) == 21.0
        assert found.account.unknown_of(Fate.COUNTED) == 1  # the odd row
        assert found.account.rows_of(Fate.COUNTED) == 5
        assert "matrix_read" not in {issue.reason.code for issue in found.issues}
        measured = reen.measure(found, "base-carbone", as_of="2024-12-31")
        assert not measured.total().complete


@pytest.mark.parametrize("rows", [1, 2, 17, 18, 19, 25, 40, 200])
@pytest.mark.parametrize("title", [(), ("Détail par site;;",)])
def test_a_list_above_counts_by_place_is_counted(rows: int, title: tuple[str, ...]) -> None:
    """7 laptops a row, and 1 + 3 screens and 2 + 4 printers."""
    for found in both(
        "Type;Quantité;Pays",
        *["PC portable;7;FR"] * rows,
        *title,
        "Site;Écran;Imprimante",
        "A;1;2",
        "B;3;4",
    ):
        assert counted(found) == 7.0 * rows + 10.0
        assert found.account.unknown_of(Fate.COUNTED) == 0
        assert found.account.rows_of(Fate.COUNTED) == rows + 4
        assert not doubts(found)
        assert found.account.sources[1].endswith("[2]")


def test_a_list_above_counts_by_year_is_counted() -> None:
    """7 laptops, and the 2 + 4 items of the last year; those of the year before are set aside."""
    lines = ("Type;Quantité;Pays", "PC portable;7;FR", "Type;2022;2023")
    for found in both(*lines, "Écran;1;2", "Imprimante;3;4"):
        assert counted(found) == 13.0
        assert found.account.items_of(Fate.SET_ASIDE) == 4.0


def test_a_type_alone_above_counts_is_no_title() -> None:
    """7 laptops, a server of unknown number, and 10 items below."""
    lines = ("Type;Quantité;Pays", "PC portable;7;FR", "Serveur;;", "Site;Écran;Imprimante")
    for found in both(*lines, "A;1;2", "B;3;4"):
        assert counted(found) == 17.0
        assert found.account.unknown_of(Fate.COUNTED) == 1
        assert found.account.rows_of(Fate.COUNTED) == 6


@pytest.mark.parametrize(
    "lines",
    [
        ("Type;Paris;Lyon", "Serveur;2;3000", "Écran;4;100"),
        ("Site;PC portable;Écran", "R740;2;3000", "U2720Q;4;100"),
    ],
)
def test_counts_below_numbers_of_a_list_are_a_doubt(lines: tuple[str, ...]) -> None:
    """15 items of the list and 3,106 below, unless these are prices: nothing shows which."""
    for found in both(*LIST, *lines):
        assert counted(found) == 15.0 + 3106.0
        assert doubts(found) == ["matrix_below_list"]
        (doubt,) = found.account.doubts
        assert "row 4" in str(doubt.reason)
        measured = reen.measure(found, "base-carbone", as_of="2024-12-31")
        assert not measured.total().complete


def test_a_title_of_two_cells_above_counts_begins_no_list() -> None:
    """1 + 2 + 3 + 4 = 10 items, below what a sheet says of itself."""
    for found in both("Parc;2024;", "Site;Écran;Imprimante", "A;1;2", "B;3;4"):
        assert counted(found) == 10.0
        assert not doubts(found)


@pytest.mark.parametrize("corner", ["Site", "Bureau"])
def test_a_row_of_words_below_a_blank_one_heads_no_counts(corner: str) -> None:
    """10 + 5 + 2 + 4 = 21 items, and the odd row."""
    lines = (f"{corner};PC portable;Écran", "Serveur;2;3000", "Écran;4;100")
    for found in both(*LIST, ";;", *lines):
        assert counted(found) == 21.0
        assert found.account.unknown_of(Fate.COUNTED) == 1


PIVOT = ("Étiquettes de lignes;Somme de Quantité;", "PC portable;7;", "Serveur;3;")


@pytest.mark.parametrize("blank", [(), (";;",)])
def test_a_pivot_below_its_list_is_no_fleet_of_its_own(blank: tuple[str, ...]) -> None:
    """7 + 3 = 10 items of the list, which the pivot table repeats."""
    for found in both("Type;Quantité;Pays", "PC portable;7;FR", "Serveur;3;FR", *blank, *PIVOT):
        assert counted(found) == 10.0
        assert found.account.rows_of(Fate.COUNTED) == 2
        assert found.account.rows_of(Fate.SET_ASIDE) == 2
        assert not doubts(found)


def test_a_pivot_that_is_not_the_sum_of_the_list_above_is_a_doubt() -> None:
    """7 + 2 = 9 items of the list; the pivot table has 10, three of them servers."""
    for found in both("Type;Quantité;Pays", "PC portable;7;FR", "Serveur;2;FR", *PIVOT):
        assert counted(found) == 9.0
        assert doubts(found)


def test_a_pivot_beside_a_list_cuts_none_of_its_rows() -> None:
    """7 + 3 + 4 = 14 items of the list."""
    for found in both(
        "Type;Quantité;;X;Y",
        "PC portable;7;;Étiquettes de lignes;Somme de Quantité",
        "Écran;3;;PC portable;7",
        "Écran;4;;Écran;7",
    ):
        assert counted(found) == 14.0


def test_records_without_a_header_above_counts_are_named() -> None:
    """10 items below two rows that nothing heads."""
    lines = ("PC portable;7;FR", "Imprimante;2;FR", "Site;Écran;Imprimante", "A;1;2", "B;3;4")
    for found in both(*lines):
        assert counted(found) == 10.0
        assert found.account.rows_of(Fate.SET_ASIDE) + found.account.rows_of(Fate.REFUSED) >= 1
        assert not found.account.is_complete
