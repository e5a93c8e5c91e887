"""Several files, several tables, several records of one asset: what counts, whatever the order."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import reen
from reen import Inventory
from reen.types import Fate

from .workbooks import workbook_of

HEADER = "equipment_type,serial_number,quantity,country,lifetime\n"


def read(*given: str | Path) -> Inventory:
    found = reen.read(*given)
    assert isinstance(found, Inventory)
    return found


def text(content: str) -> Inventory:
    found = reen.read(content.encode(), name="parc.csv")
    assert isinstance(found, Inventory)
    return found


def doubts(inventory: Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


@pytest.mark.parametrize("quantities", [("", "10"), ("10", "")])
def test_the_items_of_a_merged_row_are_counted_once(quantities: tuple[str, str]) -> None:
    """10 is stated once: it is counted, and the merged row states nothing, in both orders."""
    inventory = text(HEADER + "".join(f"laptop,SN12345X,{q},FR,5\n" for q in quantities))
    lines = [(line.fate, line.items, line.unknown) for line in inventory.account.lines]
    assert lines == [(Fate.COUNTED, 10.0, 0), (Fate.MERGED, 0.0, 1)]


@pytest.mark.slow
def test_files_of_one_name_are_told_apart_and_their_order_changes_nothing(tmp_path: Path) -> None:
    for folder, (laptop, monitor) in {"x": ("1", "1"), "y": ("1", "0"), "z": ("", "1")}.items():
        path = tmp_path / folder / "p.csv"
        path.parent.mkdir()
        path.write_text(f"{HEADER}laptop,SN12345X,{laptop},,\nmonitor,SN77777X,{monitor},,\n")
    accounts = {
        str(sorted(map(str, read(*(tmp_path / name / "p.csv" for name in order)).account.lines)))
        for order in itertools.permutations("xyz")
    }
    assert len(accounts) == 1
    found = read(*(tmp_path / name / "p.csv" for name in "xyz"))
    assert found.account.sources == ("x/p.csv", "y/p.csv", "z/p.csv")
    assert found.account.rows_by_fate[Fate.COUNTED] == 2
    assert found.account.items_of(Fate.MERGED) == 2.0
    assert found.account.unknown_of(Fate.MERGED) == 1


@pytest.mark.parametrize("name", ["w.csv", "w.parquet"])
def test_a_doubt_is_not_told_again_when_its_list_is_read_again(tmp_path: Path, name: str) -> None:
    header = "equipment_type,serial_number,entity,country,lifetime\n"
    for file, entity in (("a.csv", "École"), ("b.csv", "Ville")):
        (tmp_path / file).write_text(f"{header}laptop,SN00000X,{entity},FR,5\n", encoding="utf-8")
    inventory = read(tmp_path / "a.csv", tmp_path / "b.csv")
    assert len(inventory.account.doubts) == 1
    reen.write_inventory(inventory, tmp_path / name)
    assert read(tmp_path / name).account == inventory.account


def workbook(sheets: dict[str, list[list[object]]], hidden: str = "") -> Inventory:
    found = reen.read(workbook_of(sheets, hidden=hidden), name="parc.xlsx")
    assert isinstance(found, Inventory)
    return found


HEAD: list[object] = ["Type", "Quantité"]
TOWN: list[list[object]] = [HEAD, ["PC portable", 10], ["Écran", 20]]
SCHOOLS: list[list[object]] = [HEAD, ["Tablette", 30], ["Écran", 5]]


def test_a_recapitulation_is_a_doubt() -> None:
    """10 + 25 + 30 = 65 items stand in it and in the two others: 130 may be twice the fleet."""
    recap: list[list[object]] = [HEAD, ["PC portable", 10], ["Écran", 25], ["Tablette", 30]]
    inventory = workbook({"Mairie": TOWN, "Écoles": SCHOOLS, "Ville": recap})
    assert doubts(inventory) == ["table_repeats_others"]
    (doubt,) = inventory.account.doubts
    assert doubt.source == "parc.xlsx[Ville]"
    assert str(doubt.reason).startswith("has the same 65 items, type by type")
    assert not doubts(workbook({"Mairie": TOWN, "Écoles": SCHOOLS}))


def test_small_tables_that_add_up_by_chance_are_no_doubt() -> None:
    """2 laptops here, 1 and 1 there."""
    sheets: dict[str, list[list[object]]] = {
        name: [HEAD, ["PC portable", number]] for name, number in (("A", 2), ("B", 1), ("C", 1))
    }
    assert not doubts(workbook(sheets))


def test_a_list_of_choices_is_a_doubt() -> None:
    """The words of a drop-down list are no items; such a list alone is a fleet.

    A sheet whose name says so is set aside.
    """
    choices: list[list[object]] = [["Type", "Statut"], ["PC portable", "En service"], ["Écran", ""]]
    inventory = workbook({"Mairie": TOWN, "Écoles": choices})
    assert doubts(inventory) == ["table_of_choices"]
    assert not doubts(workbook({"Listes": choices}))


def test_a_hidden_sheet_is_a_doubt() -> None:
    """It counts, since somebody may have hidden it for printing; it is often an archive."""
    inventory = workbook({"Mairie": TOWN, "Archive 2015": [HEAD, ["Serveur", 500]]}, "Archive 2015")
    assert inventory.account.items_of(Fate.COUNTED) == 530.0
    assert doubts(inventory) == ["sheet_hidden"]


def test_a_second_table_below_is_a_doubt() -> None:
    """Its columns stand in another order: 30 tablets of 3 years would be 3 of 30 years."""
    inventory = text(
        "Type;Nb;Durée de vie (ans)\nPC portable;10;5\nÉcran;20;6\n"
        "Type;Durée de vie (ans);Nb\nTablette;3;30\n"
    )
    assert "another_header" in doubts(inventory)
    assert inventory.account.rows_of(Fate.SET_ASIDE) == 1
    assert not reen.measure(inventory, method="base-carbone", as_of="2022-12-31").total().complete


@pytest.mark.parametrize("cell", ["Imprimante", "Serveur R740", "Imprimante HP LaserJet"])
def test_a_row_of_which_only_a_type_is_left_is_no_note(cell: str) -> None:
    inventory = text(f"Modèle;Site;Type\nLatitude;A;PC portable\nP2422H;B;Écran\n{cell}\n")
    assert inventory.account.rows_of(Fate.SET_ASIDE) == 0
    assert not inventory.account.is_complete or len(inventory) == 3


def test_subtotals_in_short() -> None:
    """8 + 30 = 38 items; S/T and the last row add them up."""
    inventory = text(
        "Site;Type;Nb\nMairie;PC fixe;10\nMairie;Écran;20\nTOTAL MAIRIE;;30\nÉcole;Tablette;8\n"
        "S/T École;;8\n;;38\n"
    )
    assert inventory.account.items_of(Fate.COUNTED) == 38.0
    assert not inventory.account.doubts


@pytest.mark.parametrize(("second", "doubted"), [(12, False), (13, True)])
def test_totals_of_sites_with_sub_totals(second: int, *, doubted: bool) -> None:
    """10 + 20 = 30 items in the first site, 8 + 4 = 12 in the second, 42 in all: 13 is wrong."""
    inventory = text(
        "Type;Modèle;Nb\nPC fixe;M70;10\nSous-total postes;;10\nÉcran;P24;20\n"
        "Sous-total écrans;;20\nTOTAL Mairie;;30\nTablette;T1;8\nSous-total tablettes;;8\n"
        f"Serveur;R1;4\nSous-total serveurs;;4\nTOTAL École;;{second}\nTOTAL GÉNÉRAL;;42\n"
    )
    assert inventory.account.items_of(Fate.COUNTED) == 42.0
    assert doubts(inventory) == ["wrong_total"] * doubted


def test_a_price_with_its_unit_in_a_list_of_purchases() -> None:
    found = reen.read_records(
        b"Date facture;Type;Nb;PU HT\n15/03/2022;PC portable;2;850 EUR\n16/03/2022;PC fixe;1;900\n",
        kind="purchases",
        name="achats.csv",
    )
    assert found.table["unit_price"].to_pylist() == [850.0, 900.0]


def test_words_on_many_rows_are_no_serial_and_no_doubt() -> None:
    rows = "".join("Écran;P2422H;N/C\n" for _ in range(10))
    inventory = text("Type;Modèle;Numéro de série\n" + rows)
    assert inventory.account.rows_of(Fate.COUNTED) == 10
    assert inventory.account.is_complete
