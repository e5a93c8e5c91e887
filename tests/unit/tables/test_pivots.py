"""Pivots of one column beside the list that they count: a control, and never more items."""

from __future__ import annotations

import datetime as dt

import pytest

import reen
from reen.inventory.issues import Severity
from reen.plugin.files import Imported, ReadOptions
from reen.reasons import Reason
from reen.tables.reader import read_tables

from .workbooks import workbook_of

Row = list[object]

OPTIONS = ReadOptions(
    today=dt.date(2025, 6, 30), equipment_types=reen.default_registry().equipment_types
)

#: 6 laptops, 4 desktop computers and 4 screens: 14 assets.
LISTED: list[Row] = [
    ["Type", "Modèle", "N° de série", "Site"],
    *(["PC portable", "ThinkPad L14", f"PF3L{n:03}Q", "Mairie"] for n in range(6)),
    *(["PC fixe", "ThinkCentre M70", f"MJ0{n:03}K", "Annexe"] for n in range(4)),
    *(["Écran", "T24", f"V30{n:03}Z", "Annexe"] for n in range(4)),
]
BOUGHT: list[Row] = [
    ["Date facture", "Désignation", "Quantité", "Prix HT"],
    ["02/02/2024", "PC portable", 6, 700],
    ["03/02/2024", "Écran", 4, 120],
]


def read(sheets: dict[str, list[Row]]) -> list[Imported]:
    return read_tables([("parc.xlsx", workbook_of(sheets))], OPTIONS)


def doubts(parts: list[Imported]) -> list[Reason]:
    return [i.reason for part in parts for i in part.issues if i.severity is Severity.DOUBT]


def pivot(screens: int, *, labels: str = "Étiquettes de lignes", count: str) -> list[Row]:
    """Return the pivot of the list, with some number of screens instead of 4."""
    body: list[Row] = [["Écran", screens], ["PC fixe", 4], ["PC portable", 6]]
    return [[labels, count], *body, ["Total général", screens + 10]]


def is_control(sheets: dict[str, list[Row]], said: float) -> None:
    """Check that 14 assets are counted, and that a pivot of more of them is in doubt."""
    parts = read(sheets)
    assert sum(part.table.num_rows for part in parts) == 14
    (line,) = (each for part in parts for each in part.lines if each.items)
    assert (line.reason, line.items) == (Reason("row_recapitulation"), said)
    told = [Reason("table_sums_differ", total=said, others=14.0)] if said > 14 else []
    assert doubts(parts) == told
    assert all(part.rows_read == part.table.num_rows + part.uncounted.rows for part in parts)


@pytest.mark.slow
@pytest.mark.parametrize("screens", [4, 6])
@pytest.mark.parametrize(
    ("sheet", "count"),
    [
        *(("TCD", "Nombre de N° de série"), ("Feuil2", "Nombre de Type")),
        *(("Synthèse", "Nombre de Modèle"), ("Par bâtiment", "Somme de Quantité")),
        *(("Feuil3", "NB de Type"), ("x", "Nombre de Champ1")),
    ],
)
def test_a_pivot_of_one_column_is_a_control(sheet: str, count: str, screens: int) -> None:
    """4 + 4 + 6 = 14 items as in the list, or 6 + 4 + 6 = 16."""
    content = {"Parc": LISTED, sheet: pivot(screens, count=count)}
    is_control(content, screens + 10.0)
    is_control(dict(reversed(content.items())), screens + 10.0)


@pytest.mark.parametrize("count", ["Count of Serial", "Count of Type", "Sum of Quantity"])
def test_an_english_pivot(count: str) -> None:
    rows = pivot(6, labels="Row Labels", count=count)
    is_control({"List": LISTED, "Sheet2": [*rows[:-1], ["Grand Total", 16]]}, 16.0)


def test_a_title_and_a_filter_above_a_pivot() -> None:
    rows = pivot(6, count="Nombre de Type")
    is_control({"L": LISTED, "TCD": [["Parc au 1er mars"], [], *rows]}, 16.0)
    is_control({"L": LISTED, "TCD": [["Site", "(Tous)"], [], *rows]}, 16.0)


@pytest.mark.parametrize("indent", ["  ", ""])
@pytest.mark.parametrize("total", [True, False])
def test_two_levels_are_counted_once(indent: str, *, total: bool) -> None:
    """10 in one place (6 + 4) and 6 in the other are 16, and not 32.

    Excel shows levels by a format alone: without a grand total, nothing tells them then.
    """
    levels: list[Row] = [
        ["Étiquettes de lignes", "Nombre de Modèle"],
        *(["Annexe", 10], [f"{indent}Écran", 6], [f"{indent}PC fixe", 4]),
        *(["Mairie", 6], [f"{indent}PC portable", 6]),
    ]
    if total:
        levels.append(["Total général", 16])
    is_control({"Parc": LISTED, "TCD": levels}, 16.0 if indent or total else 32.0)


def test_of_two_levels_that_of_the_types_is_read() -> None:
    """6 laptops of 2 models and 8 screens of one: 14 items below two types."""
    (part,) = read(
        {
            "TCD": [
                ["Étiquettes de lignes", "Nombre de N° de série"],
                *(["PC portable", 6], ["ThinkPad L14", 4], ["ThinkPad T14", 2]),
                *(["Écran", 8], ["P2423", 8], ["Total général", 14]),
            ]
        }
    )
    assert part.table["equipment_type"].to_pylist() == ["PC portable", "Écran"]
    assert part.table["quantity"].to_pylist() == [6.0, 8.0]


def test_three_levels() -> None:
    """9 = 5 + 4, of which 5 = 3 + 2 and 4 = 4: three levels of 9 are 9 items."""
    levels: list[Row] = [
        ["Étiquettes de lignes", "Nombre de Type"],
        *(["Ville", 9], ["Annexe", 5], ["Écran", 3], ["PC fixe", 2]),
        *(["Mairie", 4], ["PC portable", 4], ["Total général", 9]),
    ]
    is_control({"Parc": LISTED, "TCD": levels}, 9.0)


def test_places_are_counted_by_a_pivot_too() -> None:
    """8 + 6 = 14 assets by site: no type is read, and the sum is that of the list."""
    rows: list[Row] = [
        ["Étiquettes de lignes", "Nombre de N° de série"],
        *(["Annexe", 8], ["Mairie", 6], ["Total général", 14]),
    ]
    is_control({"Parc": LISTED, "TCD": rows}, 14.0)


@pytest.mark.parametrize(
    "count", ["Somme de Prix HT", "Moyenne de Âge", "Nombre de ports", "Max de Quantité"]
)
def test_other_figures_are_no_counts(count: str) -> None:
    """A price, an age or ports of departments are no items."""
    rows: list[Row] = [
        ["Étiquettes de lignes", count],
        *(["Finances", 800], ["Écoles", 600], ["Total général", 1400]),
    ]
    parts = read({"Parc": LISTED, "TCD": rows})
    assert sum(part.table.num_rows for part in parts) == 14
    assert doubts(parts) == []
    assert [line.reason.code for part in parts for line in part.lines if line.reason] == [
        "row_no_table"
    ]


def test_a_pivot_of_purchases_is_no_equipment() -> None:
    """6 + 4 bought items stand in the pivot of the purchases, not in a fleet of 10."""
    rows: list[Row] = [
        ["Étiquettes de lignes", "Somme de Quantité"],
        *(["PC portable", 6], ["Écran", 4], ["Total général", 10]),
    ]
    parts = read({"Achats": BOUGHT, "TCD": rows})
    assert {part.kind: part.table.num_rows for part in parts} == {"purchases": 2, "equipment": 0}
    assert doubts(parts) == [Reason("pivot_of_records", total=10.0)]


def test_a_pivot_alone_is_the_fleet() -> None:
    """Nothing else says what there is: 4 + 4 + 6 items."""
    (part,) = read({"Feuil1": pivot(4, count="Nombre de Type")})
    assert part.table["quantity"].to_pylist() == [4.0, 4.0, 6.0]
