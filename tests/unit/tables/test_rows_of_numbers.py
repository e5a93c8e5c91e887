"""Rows of numbers below a list of assets: what counts them, and sums of columns nothing knows."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate

LIST = ("Type;Modèle", *["PC portable;L5420"] * 6, *["Écran;P24"] * 4)


def read(*lines: str, name: str = "parc.csv") -> reen.Inventory:
    return reen.read("\n".join(lines).encode(), name=name, country="FR")


def counted(inventory: reen.Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


def doubts(inventory: reen.Inventory) -> list[str]:
    return [issue.reason.code for issue in inventory.account.doubts]


@pytest.mark.parametrize("blank", [(), (";",)])
@pytest.mark.parametrize("total", [(), ("Total;10",)])
def test_counts_of_types_below_a_list_are_no_assets(
    blank: tuple[str, ...], total: tuple[str, ...]
) -> None:
    """6 + 4 = 10 assets; the rows below say so again, and were two more."""
    inventory = read(*LIST, *blank, "PC portable;6", "Écran;4", *total)
    assert counted(inventory) == 10.0
    assert doubts(inventory) == []
    assert "counts_of_types" in {issue.reason.code for issue in inventory.issues}


def test_counts_below_a_long_list_are_no_assets() -> None:
    """6,000 + 4 = 6,004 assets, however long the list is that the two rows count."""
    lines = ("Type;Modèle", *["PC portable;L5420"] * 6_000, *["Écran;P24"] * 4)
    inventory = read(*lines, "PC portable;6000", "Écran;4")
    assert (counted(inventory), doubts(inventory)) == (6_004.0, [])


def test_other_counts_below_a_list_are_doubted() -> None:
    """12 rows are counted, and nobody knows whether "7" is a number or a model."""
    inventory = read(*LIST, "PC portable;7", "Écran;4")
    assert counted(inventory) == 12.0
    assert doubts(inventory) == ["maybe_counts_of_types"]


@pytest.mark.parametrize(
    "rows",
    [
        ("Téléphone;3310",),  # a model
        ("PC portable;6",),  # of one type of two
        ("Écran;24", "Écran;27", "Écran;24"),  # sizes
    ],
)
def test_numbers_that_are_models_count(rows: tuple[str, ...]) -> None:
    """6 + 4 = 10 assets, and one for each row."""
    assert counted(read(*LIST, *rows)) == 10.0 + len(rows)


def test_the_count_of_a_list_of_one_type_is_no_asset() -> None:
    """6 laptops, and their number."""
    assert counted(read(*LIST[:7], ";", "PC portable;6")) == 6.0


def test_numbers_among_models_of_a_list_count() -> None:
    """Models are numbers here: 3 printers and 1 telephone."""
    inventory = read("Type;Modèle", "Imprimante;4250", "Imprimante;4250", "Imprimante;1", "Écran;1")
    assert counted(inventory) == 4.0
    assert doubts(inventory) == []


COPIERS = (
    "Marque;Modèle;N° série;Loyer;Compteur",
    "Canon;iR-ADV C5535;X1;450;125 000",
    "Canon;iR-ADV C3520;X2;210,50;45 000",
)


def test_sums_of_unread_columns_are_no_copier() -> None:
    """Two copiers; 450 + 210.50 = 660.50 of rent and 170,000 pages are their sums."""
    inventory = read(*COPIERS, ";;;660,50;170 000", name="copieurs.csv")
    assert counted(inventory) == 2.0
    assert doubts(inventory) == []


def test_other_numbers_alone_are_doubted() -> None:
    """Half of the rent: an average, or a third copier."""
    inventory = read(*COPIERS, ";;;330,25;85 000", name="copieurs.csv")
    assert counted(inventory) == 3.0
    assert doubts(inventory) == ["row_of_numbers"]


def test_an_asset_with_a_serial_number_alone_counts() -> None:
    inventory = read(*COPIERS, ";;X3;660,50;170 000", name="copieurs.csv")
    assert counted(inventory) == 3.0
    assert doubts(inventory) == []


@pytest.mark.parametrize("text", ["10 PC portables", "10 PC", "10 ordinateurs portables"])
def test_a_number_before_things_is_doubted_beside_one(text: str) -> None:
    """The row is counted once, and in doubt: it may be ten."""
    inventory = read("Lot;Désignation;Qté", f"Lot 1;{text};1", "Lot 2;Écran;5")
    assert counted(inventory) == 6.0
    assert doubts(inventory) == ["maybe_several"]


@pytest.mark.parametrize(
    ("text", "quantity"), [("10 PC portables", "10"), ("24 pouces Dell", "1"), ("8 ports", "1")]
)
def test_a_number_that_the_quantity_says_is_not_doubted(text: str, quantity: str) -> None:
    inventory = read("Type;Désignation;Qté", f"Écran;{text};{quantity}", "Écran;P24;5")
    assert counted(inventory) == 5.0 + float(quantity)
    assert doubts(inventory) == []


@pytest.mark.parametrize(
    ("header", "physical", "virtual"),
    [
        *(("Physique / Virtuel", "Physique", "Virtuel"), ("Nature", "Physique", "VM")),
        *(("Virtuel", "non", "oui"), ("VM", "", "x")),
    ],
)
def test_a_column_says_which_servers_are_virtual(header: str, physical: str, virtual: str) -> None:
    """One server of three has hardware of its own."""
    inventory = read(
        f"Serveur;{header};Modèle",
        f"SRV1;{physical};ProLiant DL380",
        f"SRV2;{virtual};",
        f"SRV3;{virtual};",
        name="serveurs.csv",
    )
    assert counted(inventory) == 1.0
    assert inventory.account.rows_of(Fate.SET_ASIDE) == 2


def test_other_columns_make_no_server_virtual() -> None:
    """Three servers: "Virtualisation" says what runs on them."""
    inventory = read(
        "Serveur;Usage;Modèle",
        "SRV1;Virtualisation;ProLiant DL380",
        "SRV2;;ProLiant DL380",
        "SRV3;;ProLiant DL380",
        name="serveurs.csv",
    )
    assert counted(inventory) == 3.0
