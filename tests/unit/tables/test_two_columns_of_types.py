"""Two columns of words for one thing: families beside kinds, labels beside makes and models."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate


def read(rows: list[str]) -> reen.Inventory:
    return reen.read("".join(f"{row}\n" for row in rows).encode(), name="parc.csv")


def doubts(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


def sums(inventory: reen.Inventory, column: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in inventory.table.to_pylist():
        found[row[column]] = found.get(row[column], 0.0) + row["quantity"]
    return found


@pytest.mark.parametrize(
    "headers", ["Famille;Catégorie", "Type;Catégorie", "Catégorie;Type", "Nature;Type de matériel"]
)
@pytest.mark.parametrize("total", [True, False])
def test_a_table_of_counts_by_family_and_kind(headers: str, *, total: bool) -> None:
    """10 + 5, 4 + 6 and 8 + 2 are 35 items, 22 on the one site and 13 on the other."""
    rows = [
        f"{headers};Mairie;École",
        "Informatique;PC portable;10;5",
        "Informatique;PC fixe;4;6",
        "Téléphonie;Smartphone;8;2",
        *(["Total;;22;13"] if total else []),
    ]
    found = read(rows)
    assert sums(found, "site") == {"Mairie": 22.0, "École": 13.0}
    assert sums(found, "equipment_type") == {"laptop": 15.0, "desktop": 10.0, "smartphone": 10.0}
    assert doubts(found) == []


def test_the_totals_of_such_a_table_are_checked() -> None:
    rows = ["Famille;Catégorie;A;B", "Informatique;PC portable;10;5", "Réseau;Switch;4;6"]
    assert doubts(read([*rows, "Total;;14;11"])) == []
    assert doubts(read([*rows, "Total;;15;11"])) == ["matrix_total"]


@pytest.mark.parametrize("family", ["Informatique", "Direction", "Imprimante"])
@pytest.mark.parametrize("once", [True, False])
def test_a_line_of_a_family_alone_adds_up_its_kinds(family: str, *, once: bool) -> None:
    """14 + 11 = 25 stand above 10 + 5 and 4 + 6; the one smartphone of the next family too."""
    again = "" if once else family
    rows = [
        "Famille;Catégorie;A;B",
        f"{family};;14;11",
        f"{again};PC portable;10;5",
        f"{again};PC fixe;4;6",
        "Mobiles;;8;2",
        f"{'' if once else 'Mobiles'};Smartphone;8;2",
        "Écran;;1;1",
    ]
    found = read(rows)
    assert (found.account.items_of(Fate.COUNTED), doubts(found)) == (37.0, [])
    assert found.account.rows_of(Fate.SET_ASIDE) == 2


def test_a_family_with_another_number_than_its_kinds_is_doubted() -> None:
    """26 is not 10 + 5 + 4 + 6: one of its kinds may have no line, and 26 + 25 may be too many."""
    rows = [
        "Famille;Catégorie;A;B",
        "Informatique;;15;11",
        "Informatique;PC portable;10;5",
        "Informatique;PC fixe;4;6",
    ]
    assert doubts(read(rows)) == ["indented_sums_differ"]


@pytest.mark.parametrize("headers", ["Type;Catégorie", "Catégorie;Type", "Famille;Type"])
@pytest.mark.parametrize("first", ["families", "kinds"])
def test_of_two_columns_of_a_list_the_one_with_types_counts(headers: str, first: str) -> None:
    """Its order and its header do not matter; where it is blank, the other one says the type."""
    lines = [("Informatique", "PC portable", 10), ("Informatique", "Écran", 4), ("Tablette", "", 2)]
    rows = [
        f"{a};{b};{number}" if first == "families" else f"{b};{a};{number}"
        for a, b, number in lines
    ]
    found = read([f"{headers};Quantité", *rows])
    assert sums(found, "equipment_type") == {"laptop": 10.0, "monitor": 4.0, "tablet": 2.0}


@pytest.mark.parametrize("model", ["Marque / modèle", "Marque et modèle", "Modèle", "Make / Model"])
@pytest.mark.parametrize("label", ["Désignation", "Libellé"])
@pytest.mark.parametrize("turned", [True, False])
def test_a_label_beside_a_model_describes_it(model: str, label: str, *, turned: bool) -> None:
    """Both headers may name models; the one that does so says more, the other is evidence."""
    rows = [(label, model), ("PC", "Dell Latitude 5420"), ("Imprimante", "")]
    lines = [";".join(reversed(row) if turned else row) for row in rows]
    found = read([f"{lines[0]};Quantité", *(f"{line};5" for line in lines[1:])])
    assert sums(found, "equipment_type") == {"laptop": 5.0, "printer": 5.0}
    assert found.table["model"].to_pylist() == ["Dell Latitude 5420", None]
    assert "description" not in found.table.column_names


def test_a_label_alone_is_the_model() -> None:
    found = read(["Désignation;Quantité", "Latitude 5420;5"])
    assert found.table["model"].to_pylist() == ["Latitude 5420"]
