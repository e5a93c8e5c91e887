"""Which column says how many items a row stands for, and columns of numbers that nobody reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reen.plugin.files import Imported
from reen.reasons import Reason
from reen.tables.headers.quantity_words import names_quantity
from reen.types import Issue, Severity

Read = Callable[..., Imported]


@pytest.mark.parametrize(
    "header",
    [
        *("Nombre de PC", "Qté en service", "Number of units", "Nb postes", "Total parc"),
        *("Effectif matériel", "Quantité installée", "Qty on hand", "Units", "Count of devices"),
        *("Device count", "Nombre d'équipements", "Nb. d'ordinateurs portables", "Qté réelle"),
        *("Quantité totale en service", "NB PC", "Parc (nb)", "Unités", "Total équipements"),
        *("Nombre total d'appareils", "Nb imprimantes", "Number of laptops in use", "Asset qty"),
    ],
)
def test_headers_that_name_a_quantity(header: str) -> None:
    assert names_quantity(header)


@pytest.mark.parametrize(
    "header",
    [
        *("Nombre de ports", "Nombre de cœurs", "Number of CPUs", "Nb licences", "Nombre d'agents"),
        *("Asset number", "Serial number", "Numéro d'inventaire", "N° de poste", "Total HT"),
        *("Prix total", "Effectif", "Nb utilisateurs", "Nombre d'heures par jour", "Qté commandée"),
        *("Quantité minimale", "Total", "Total", "Nombre de pages", "Nb disques", "Unité centrale"),
        *("Nombre de bidules", "Phone number", "Count", "Nombre d'élèves", "Parc", "Poste"),
    ],
)
def test_headers_that_name_none(header: str) -> None:
    assert not names_quantity(header)


@pytest.mark.parametrize("header", ["Nombre de PC", "Qté en service", "Number of units"])
def test_a_quantity_by_its_sense(read: Read, header: str) -> None:
    found = read(f"Type;Modèle;{header}\nPC portable;X;1200\nPC fixe;Y;1 250\n")
    assert found.table["quantity"].to_pylist() == [1200.0, 1250.0]
    assert found.report.mapped["quantity"] == header
    assert found.issues == ()


@pytest.mark.parametrize(
    "cells",
    [
        ["12,50", "14,90", "800,00"],  # money
        ["A1", "A2", "A3"],
        ["-1", "2", "3"],
    ],
)
def test_the_cells_have_to_show_it_too(read: Read, cells: list[str]) -> None:
    rows = "".join(f"PC portable;X;{cell}\n" for cell in cells)
    found = read("Type;Modèle;Nombre de PC\n" + rows)
    assert "quantity" not in found.table.column_names
    assert found.table["Nombre de PC"].to_pylist() == cells


@pytest.mark.parametrize("cells", [["2000"], ["0", "0"], [str(k) for k in range(1, 11)]])
def test_a_header_that_counts_things_is_believed(read: Read, cells: list[str]) -> None:
    """2,000 is no year where the header says "Nombre de PC", nor is 0 one item."""
    rows = "".join(f"PC portable;X;{cell}\n" for cell in cells)
    found = read("Type;Modèle;Nombre de PC\n" + rows)
    assert found.table["quantity"].to_pylist() == [float(cell) for cell in cells]


def doubts(found: Imported) -> list[Issue]:
    return [issue for issue in found.issues if issue.severity is Severity.DOUBT]


def test_several_columns_that_may_be_the_quantity_are_a_question(read: Read) -> None:
    found = read("Type;Nb PC installés;Nb PC en stock\nPC;10;2\nÉcran;20;5\n")
    assert found.table["quantity"].to_pylist() == [10.0, 20.0]
    assert found.table["Nb PC en stock"].to_pylist() == ["2", "5"]
    (issue,) = doubts(found)
    assert issue.reason.code == "several_quantities"
    assert "Nb PC en stock (7)" in str(issue)
    assert "--column 'Nb PC installés=quantity'" in str(issue)


def test_the_sum_of_the_others_is_the_quantity(read: Read) -> None:
    found = read("Type;Qté en service;Qté en stock;Nombre total de postes\nPC;10;2;12\nPC;3;;3\n")
    assert found.table["quantity"].to_pylist() == [12.0, 3.0]
    assert found.report.mapped["quantity"] == "Nombre total de postes"
    assert doubts(found) == []


def test_a_plain_quantity_goes_first_and_twins_are_no_question(read: Read) -> None:
    found = read("Type;Nombre de PC;Quantité\nPC;10;10\nPC;3;3\n")
    assert found.report.mapped["quantity"] == "Quantité"
    assert doubts(found) == []
    found = read("Type;Nombre de PC;Quantité\nPC;10;12\nPC;3;3\n")
    assert found.table["quantity"].to_pylist() == [12.0, 3.0]
    assert [issue.reason.code for issue in doubts(found)] == ["several_quantities"]


def test_the_user_says_which_one(read: Read) -> None:
    found = read(
        "Type;Nb PC installés;Nb PC en stock\nPC;10;2\nÉcran;20;5\n",
        columns={"Nb PC en stock": "quantity"},
    )
    assert found.table["quantity"].to_pylist() == [2.0, 5.0]
    assert doubts(found) == []


def test_numbers_without_a_header_are_told_and_can_be_named(read: Read) -> None:
    text = "Type;Modèle;\nPC portable;X;120\nPC fixe;Y;500\nÉcran;Z;2\n"
    found = read(text)
    assert found.table.num_rows == 3
    (issue,) = doubts(found)
    assert (issue.value, issue.rows, issue.count) == ("column 3", (2, 3, 4), 3)
    assert "holds 3 numbers (sum 622)" in str(issue)
    assert "--column 'column 3=quantity'" in str(issue)
    named = read(text, columns={"column 3": "quantity"})
    assert named.table["quantity"].to_pylist() == [120.0, 500.0, 2.0]
    assert doubts(named) == []


def test_an_unknown_header_above_numbers(read: Read) -> None:
    found = read("Type;Modèle;Bidules\nPC portable;X;120\nPC fixe;Y;500\n")
    (issue,) = doubts(found)
    assert issue.value == "Bidules"
    found = read("Type;Modèle;Quantité;Bidules\nPC portable;X;3;120\nPC fixe;Y;2;500\n")
    assert doubts(found) == []
    (note,) = found.issues
    assert (note.value, note.severity) == ("Bidules", Severity.NOTE)
    assert "holds 2 numbers (sum 620)" in str(note)
    assert note.text("fr").startswith("parc.csv, ligne")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("CPU (MHz)", ("2400", "3600")),
        ("Code postal", ("92100", "75001")),
        ("N° de bureau", ("12", "14")),
        ("Année de fin", ("2023", "2025")),
        ("Étage", ("01", "02")),
        ("Nombre de ports", ("24", "48")),
        ("Durée garantie (mois)", ("36", "24")),
    ],
)
def test_numbers_that_cannot_be_items_are_noted(
    read: Read, header: str, cells: tuple[str, ...]
) -> None:
    found = read(f"Type;Modèle;{header}\nPC;X;{cells[0]}\nPC;Y;{cells[1]}\n")
    assert [issue.severity for issue in found.issues] == [Severity.NOTE]


def test_rows_with_identifiers_are_one_item_each(read: Read) -> None:
    found = read("Type;N° de série;Bidules\nPC;4TX1J73;120\nPC;4TX1J74;500\n")
    assert [issue.severity for issue in found.issues] == [Severity.NOTE]


def test_trailing_delimiters_are_no_column(read: Read) -> None:
    found = read("Type;Modèle;\nPC;X;\nPC;Y;\n")
    assert found.issues == ()


def test_numbers_without_a_header_beside_the_quantity_are_a_doubt(read: Read) -> None:
    """A header over two columns, one a site: 42 + 80 PCs, of which 42 are counted, in doubt."""
    found = read("Catégorie;Nombre;;Âge\nPC fixe;42;80;4\nÉcran;40;75;6\nServeur;2;1;5\n")
    assert found.table["quantity"].to_pylist() == [42.0, 40.0, 2.0]
    (doubt,) = doubts(found)
    assert doubt.reason == Reason("unread_numbers_doubt", count=3, total=156.0)
    assert doubt.value == "column 3"


def test_numbers_below_one_lot_each_may_be_items(read: Read) -> None:
    """4 + 2 + 10 + 0 + 1 + 1 = 18 items in two lots: three rows are not three items for sure."""
    text = "Type;Marque;Lot 1;Lot 2\nPC portable;Dell;4;2\nÉcran;Iiyama;10;0\nImprimante;HP;1;1\n"
    assert {issue.value for issue in doubts(read(text))} == {"Lot 1", "Lot 2"}
    codes = "Type;Marque;Lot;Étage\nPC portable;Dell;2;1\nÉcran;Iiyama;2;2\nImprimante;HP;3;2\n"
    assert doubts(read(codes)) == []


def test_two_quantities_that_differ_are_doubted(read: Read) -> None:
    """15 ordered and 14 delivered: one of them is the fleet; the same twice leaves no doubt."""
    differ = read("Type;Qté;Qté livrée\nPC portable;5;4\nÉcran;10;10\n")
    assert differ.table["quantity"].to_pylist() == [5.0, 10.0]
    assert [issue.value for issue in doubts(differ)] == ["Qté livrée"]
    same = read("Type;Qté;Qté livrée\nPC portable;5;5\nÉcran;10;10\n")
    assert doubts(same) == []
