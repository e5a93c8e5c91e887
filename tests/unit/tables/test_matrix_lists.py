"""A record of a list is no header of a table of counts, however many years and numbers it holds."""

from __future__ import annotations

import itertools
import textwrap

import pytest

import reen
from reen.errors import ReenError


def read(*lines: str) -> reen.Inventory:
    return reen.read("\n".join(lines).encode(), name="parc.csv")


def items(found: reen.Inventory) -> dict[str, float]:
    """Return the number of items of each type; a row that says none is one item."""
    table = found.table
    types = table["equipment_type"].to_pylist()
    numbers = (
        table["quantity"].to_pylist() if "quantity" in table.column_names else [1] * len(found)
    )
    counted: dict[str, float] = {}
    for kind, number in zip(types, numbers, strict=True):
        counted[kind] = counted.get(kind, 0.0) + number
    return counted


#: Lists, and the items of each type: one a row, whatever the years and the numbers are.
LISTS = {
    "a year above years": (
        """
        Type;Modèle;Date d'achat;Consommation annuelle (kWh)
        Licence;Office;2019;12.5
        PC portable;m0;2019;
        PC portable;m1;2019;
        PC portable;m2;2019;
        PC portable;m3;02/13/2019;30
        """,
        {"laptop": 4.0},
    ),
    "an odd serial number above others": (
        """
        Type;Modèle;Consommation annuelle (kWh);N° de série;Date d'achat
        PC portable;m0;1.250;1111;03/04/2019
        VM;v;12,5;XXXX;03/04/2019
        PC portable;m2;1.250;1111;03/04/2019
        PC portable;m3;1.250;1111;03/04/2019
        """,
        {"laptop": 3.0},
    ),
    "an odd remark above others": (
        """
        Type;Modèle;N° de série;Remarque
        PC portable;m0;1111;1.250
        Écran;m1;XXXX;12,5
        PC portable;m2;1111;1.250
        PC portable;m3;1111;1.250
        """,
        {"laptop": 3.0, "monitor": 1.0},
    ),
    "two years in each row": (
        """
        Type;Modèle;Date d'achat;Année de livraison
        PC portable;m0;2018;03/2019
        PC portable;m1;2019;2020
        Écran;m2;2020;2021
        Écran;m3;2020;2022
        """,
        {"laptop": 2.0, "monitor": 2.0},
    ),
    "a header of two rows": (
        """
        Matériel;;Achat;
        Type;Modèle;Date d'achat;Consommation annuelle (kWh)
        PC portable;m0;2019;2020
        Écran;m1;30;40
        PC fixe;m2;30;40
        """,
        {"laptop": 1.0, "monitor": 1.0, "desktop": 1.0},
    ),
    "only the type is known": (
        """
        Type;Machin;Truc
        PC portable;2019;2020
        Écran;x;y
        PC fixe;30;z
        Serveur;20;30
        Switch;20;30
        """,
        dict.fromkeys(("laptop", "monitor", "desktop", "server", "switch"), 1.0),
    ),
    "below a blank row": (
        """
        Type;Modèle;Date d'achat;Consommation annuelle (kWh)
        PC portable;m0;2018;1.250
        PC portable;m1;2018;1.250

        PC portable;m2;2019;2020
        Écran;m3;30;40
        PC fixe;m4;50;60
        """,
        {"laptop": 3.0, "monitor": 1.0, "desktop": 1.0},
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_a_row_of_a_list_is_no_header(case: str) -> None:
    text, expected = LISTS[case]
    found = read(*textwrap.dedent(text).strip().splitlines())
    assert items(found) == expected
    assert "matrix_read" not in {issue.reason.code for issue in found.issues}


@pytest.mark.slow
@pytest.mark.parametrize("order", [*itertools.permutations(range(5))])
def test_a_list_is_one_whatever_the_order_of_its_columns(order: tuple[int, ...]) -> None:
    """Three laptops.

    The line of the machine was a header: 2 x (2,019 + 1,111) = 6,260 items, or
    2 x (2,019 + 1,111 + 1,250) = 8,760 of them.
    """
    rows = [
        ["Type", "Modèle", "Date d'achat", "N° de série", "Consommation annuelle (kWh)"],
        ["PC portable", "m0", "2019", "1111", "1.250"],
        ["VM", "v", "03/04/2019", "XXXX", "12,5"],
        ["PC portable", "m1", "2019", "1111", "1.250"],
        ["PC portable", "m2", "2019", "1111", "1.250"],
    ]
    found = read(*(";".join(row[k] for k in order) for row in rows))
    assert items(found) == {"laptop": 3.0}


def test_counts_that_could_be_years_stay_counts_of_their_row() -> None:
    """2,019 + 2 + 3 = 2,024 items, each row of them bought in one year."""
    found = read(
        "Type;Modèle;Date d'achat;Quantité",
        "Écran;m0;2019;2019",
        "PC portable;m1;2019;2",
        "PC portable;m2;2020;3",
    )
    assert items(found) == {"monitor": 2019.0, "laptop": 5.0}


@pytest.mark.parametrize(
    "lines",
    [
        ("PC portable;m0;2019;2020", "Écran;m1;2018;2021", "PC fixe;m2;12;15"),
        ("PC portable;Latitude;2019;2022", "Écran;Dell;2018;2021", "PC fixe;Optiplex;2017;2020"),
        ("PC portable;2021;2019", "Écran;12;14", "PC portable;3;4"),
        ("PC portable;2021;2019;2020", "Écran;12;14;15", "PC fixe;3;4;5"),
    ],
)
def test_records_without_a_header_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(ReenError, match="no header is known"):
        read(*lines)


#: Tables of counts whose last year is counted: 14 and 4.
COUNTS = {
    "a label": ("Type;2019;2020", "PC portable;12;14", "PC fixe;3;4"),
    "years that go down": ("Type;2020;2019", "PC portable;14;12", "PC fixe;4;3"),
    "a blank corner": (";2019;2020", "PC portable;12;14", "PC fixe;3;4"),
    "a type in the corner": ("Ordinateurs;2019;2020", "PC portable;12;14", "PC fixe;3;4"),
    "a header of two rows": (
        "Type;Modèle;Quantité;",
        ";;2019;2020",
        "PC portable;m0;12;14",
        "PC fixe;m1;3;4",
    ),
    "titles that name columns": (
        "Service;DSI",
        "Équipement;2019;2020",
        "PC portable;12;14",
        "PC fixe;3;4",
    ),
}


@pytest.mark.parametrize("case", COUNTS)
def test_a_table_of_counts_by_year_stays_one(case: str) -> None:
    found = read(*COUNTS[case])
    assert items(found) == {"laptop": 14.0, "desktop": 4.0}
    assert "matrix_read" in {issue.reason.code for issue in found.issues}


@pytest.mark.parametrize("corner", ["Type", "", "Ordinateurs"])
def test_a_table_of_counts_below_a_list_stays_another_table(corner: str) -> None:
    """Two monitors of the list, and 14 + 4 computers of the last year."""
    found = read(
        "Type;Modèle;Date d'achat",
        "Écran;m0;2018",
        "Écran;m1;2018",
        "",
        f"{corner};2019;2020",
        "PC portable;12;14",
        "PC fixe;3;4",
    )
    assert items(found) == {"monitor": 2.0, "laptop": 14.0, "desktop": 4.0}


@pytest.mark.parametrize("corner", ["Type", "Ordinateurs"])
def test_columns_named_by_a_letter_and_a_digit_stay_places(corner: str) -> None:
    """Classes of a school: 12 + 14 and 3 + 4."""
    found = read(f"{corner};CP;CE1", "PC portable;12;14", "PC fixe;3;4")
    assert items(found) == {"laptop": 26.0, "desktop": 7.0}
