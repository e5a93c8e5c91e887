"""Layouts: tables of counts, two tables in a sheet, headers of two rows, several years.

The tables are invented; their own totals are the arithmetic.  Each is read as text and as a
workbook, and gives the same items.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import reen
from reen.inventory.issues import Severity
from reen.plugin.files import Imported, ReadOptions
from reen.reasons import Reason
from reen.tables.layouts.counts import count_of, is_unknown, year_of, years_of
from reen.tables.mapping.mapping import FileMapping, TableMapping
from reen.tables.reader import read_tables
from reen.types import Fate

from .workbooks import workbook_of

Row = list[object]


def text_of(rows: list[Row]) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows([["" if c is None else c for c in r] for r in rows])
    return target.getvalue().encode()


def read(data: bytes, name: str, *, year: str = "") -> list[Imported]:
    mapping = FileMapping(name="own", shared=TableMapping(constants={"year": year}))
    options = ReadOptions(
        today=dt.date(2025, 6, 30),
        equipment_types=reen.default_registry().equipment_types,
        mapping=mapping if year else None,
    )
    return read_tables([(name, data)], options)


def both(rows: list[Row], merged: tuple[str, ...] = ()) -> list[Imported]:
    """Return the table, once it is made sure that both containers give the same."""
    (one,) = read(text_of(rows), "liste.csv")
    (other,) = read(workbook_of({"Feuil1": rows}, merged), "liste.xlsx")
    for column in ("equipment_type", "quantity", "site", "source_row"):
        assert (column in one.table.column_names) == (column in other.table.column_names)
        if column in one.table.column_names:
            assert str(one.table[column].to_pylist()) == str(other.table[column].to_pylist())
    assert one.rows_read == other.rows_read
    for part in (one, other):
        told = part.uncounted.rows
        assert part.rows_read == part.table.num_rows + told, "no row is lost"
    return [one, other]


def items(part: Imported, column: str = "") -> dict[str, float]:
    found: Counter[str] = Counter()
    for row in part.table.to_pylist():
        number = row["quantity"]
        found[row[column] if column else ""] += number if number == number else 0.0  # noqa: PLR0124
    return dict(found)


def columns_told(part: Imported) -> dict[str, object]:
    reasons = [issue.reason for issue in part.issues]
    return {r.code: r.detail("columns") for r in reasons if "columns" in dict(r.details)}


def codes(part: Imported, severity: Severity) -> list[str]:
    return [issue.reason.code for issue in part.issues if issue.severity is severity]


CENSUS: list[Row] = [
    ["Catégorie", "Mairie", "Écoles", "Total"],
    ["PC fixe", 10, 20, 30],
    ["Écran", 5, "n.c.", 5],
    ["Tablette", None, 0, None],
    ["Total", 15, 20, 35],
]


def test_a_table_of_types_by_place() -> None:
    """10 + 20 + 5 = 35 items in three cells; "n.c." is a fourth of unknown number.

    The blank and the zero are no record.  The total is set aside: 4 + 1 rows are read.
    """
    for part in both(CENSUS):
        assert items(part, "site") == {"Mairie": 15.0, "Écoles": 20.0}
        assert (part.table.num_rows, part.rows_read) == (4, 5)
        assert part.table["source_row"].to_pylist() == [2, 2, 3, 3]
        assert codes(part, Severity.DOUBT) == []
        assert len(codes(part, Severity.CELL)) == 1
        inventory = reen.Inventory.from_arrow(part.table, source=part.report.source)
        assert inventory.account.unknown_of(Fate.COUNTED) == 1


def test_totals_that_do_not_agree_are_a_doubt_that_names_both() -> None:
    """30 is 31 in the row, and 20 is 21 in the column: two totals are wrong, and one of all."""
    rows = [list(row) for row in CENSUS]
    rows[1][3], rows[4][2] = 31, 21
    for part in both(rows):
        doubts = [issue.reason for issue in part.issues if issue.severity is Severity.DOUBT]
        told = {(r.detail("row"), r.detail("column"), r.detail("written")) for r in doubts}
        assert told == {
            ("PC fixe", "Total", 31.0),
            ("Total", "Écoles", 21.0),
            ("Total", "Total", 35.0),
        }
        assert {r.detail("computed") for r in doubts} == {30.0, 20.0, 36.0}


def test_two_rows_of_headers() -> None:
    """The group "Nombre" says nothing; the age and the lifetime beside the total are no counts."""
    rows: list[Row] = [
        ["Recensement des équipements", None, None, None, None],
        [],
        ["Catégorie", "Nombre", None, None, "Âge moyen (années)"],
        [None, "Mairie", "Écoles", "Total", None],
        ["PC fixe", 10, 20, 30, "4,5"],
        ["Écran", 5, 6, 11, 3],
        ["TOTAL", 15, 26, 41, None],
    ]
    for part in both(rows, ("A3:A4", "B3:D3", "E3:E4")):
        assert items(part, "site") == {"Mairie": 15.0, "Écoles": 26.0}
        assert codes(part, Severity.DOUBT) == []


def test_places_by_types() -> None:
    """The types stand in the header: 10 + 20 + 5 + 6 = 41."""
    rows: list[Row] = [
        ["Service", "Nb PC fixes", "Nb écrans", "Total"],
        ["RH", 10, 20, 30],
        ["DSI", 5, 6, 11],
        ["Ensemble", 15, 26, 41],
    ]
    for part in both(rows):
        assert items(part, "entity") == {"RH": 30.0, "DSI": 11.0}
        assert items(part, "equipment_type") == {"PC fixes": 15.0, "écrans": 26.0}


AGENTS: list[Row] = [
    ["Effectifs (tous statuts)"],
    [],
    ["Direction", "31/12/2023", "31/12/2024"],
    ["Finances", 14, 15],
    ["Culture", 22, "n.c."],
    ["TOTAL AGENTS", 36, 15],
    ["dont télétravailleurs", 9, 10],
    [],
    ["Élus (hors effectif)", 42, 42],
]


def test_a_headcount_by_department_and_day() -> None:
    """14 + 22 = 36 agents at the end of 2023, 15 and an unknown number a year later.

    The total, those of them who work at home, and the councillors are no record.
    """
    for data, name in ((text_of(AGENTS), "liste.csv"), (workbook_of({"RH": AGENTS}), "liste.xlsx")):
        (part,) = read(data, name)
        assert part.kind == "headcount"
        rows = [(r["entity"], str(r["date"]), r["agents"]) for r in part.table.to_pylist()]
        assert rows[:3] == [
            ("Finances", "2023-12-31", 14.0),
            ("Finances", "2024-12-31", 15.0),
            ("Culture", "2023-12-31", 22.0),
        ]
        assert len(rows) == 4
        assert part.rows_read == 4 + part.uncounted.rows
        assert codes(part, Severity.DOUBT) == []
    (listed,) = read(b"agents;Date;n\n12;2023-12-31;1\n14;2024-12-31;1\n", "effectifs.csv")
    assert listed.table["agents"].to_pylist() == [12.0, 14.0], "a list, whose days are records"
    wrong = [list(row) for row in AGENTS]
    wrong[5][1] = 40
    (part,) = read(text_of(wrong), "liste.csv")
    (doubt,) = (i.reason for i in part.issues if i.severity is Severity.DOUBT)
    assert (doubt.detail("written"), doubt.detail("computed")) == (40.0, 36.0)


def test_types_by_status() -> None:
    rows: list[Row] = [
        ["Type", "En service", "En stock", "HS"],
        ["PC fixe", 10, 2, 1],
        ["Écran", 20, 3, 4],
    ]
    for part in both(rows):
        assert items(part, "status") == {"En service": 30.0, "En stock": 5.0, "HS": 5.0}


def test_a_part_of_a_row_is_not_added_to_it() -> None:
    """4 of the 10 computers are laptops: 10 + 5 = 15 items."""
    rows: list[Row] = [
        ["Type", "Mairie", "Écoles", "Total"],
        ["Ordinateurs", 6, 4, 10],
        ["dont PC portables", 3, 1, 4],
        ["Écran", 5, 0, 5],
        ["Total général", 11, 4, 15],
    ]
    for part in both(rows):
        assert items(part) == {"": 15.0}
        assert codes(part, Severity.DOUBT) == []


@pytest.mark.parametrize("label", ["Ensemble", "Cumul", "Total général", "TOTAL DU PARC"])
def test_labels_of_totals_in_a_list(label: str) -> None:
    rows: list[Row] = [["Type", "Nombre"], ["PC fixe", 10], ["Écran", 5], [label, 15]]
    for part in both(rows):
        assert items(part) == {"": 15.0}


def test_a_product_called_ensemble_is_no_total() -> None:
    rows: list[Row] = [["Type", "Nombre"], ["PC fixe", 10], ["Ensemble clavier souris", 5]]
    for part in both(rows):
        assert items(part) == {"": 15.0}


def test_a_quantity_that_is_a_sum() -> None:
    """8 + 2 are 10, two of which may be out of use: a doubt; 3+4 are 7.  Blanks change nothing."""
    rows: list[Row] = [["Type", "Nombre"], ["PC fixe", "8 + 2 HS"], ["Écran", "3+4"]]
    for part in both(rows):
        assert items(part, "equipment_type") == {"PC fixe": 10.0, "Écran": 7.0}
        assert codes(part, Severity.DOUBT) == codes(part, Severity.NOTE) == ["quantities_added"]


def test_years_in_columns_are_one_choice() -> None:
    """The fleet of 2024 has 37 items; those of 2022 and 2023 (15 + 26 = 41) are not added."""
    rows: list[Row] = [["Type", 2022, 2023, 2024], ["PC fixe", 10, 20, 30], ["Écran", 5, 6, 7]]
    for part in both(rows):
        assert items(part) == {"": 37.0}
        (line,) = part.lines
        assert (line.fate, line.rows, line.items) == (Fate.SET_ASIDE, 4, 41.0)
        assert "one_year_counted" in codes(part, Severity.NOTE)
    (named,) = read(text_of(rows), "liste.csv", year="2023")
    assert items(named) == {"": 26.0}


def test_years_with_words_beside_them_are_one_choice() -> None:
    """11 + 7 = 18 items of 2024; no year is added to another, nor the difference, nor a plan.

    A year whose count was not given for one type is of unknown number there, and never taken for
    the latest because of it: it is an older one.
    """
    rows: list[Row] = [
        ["Évolution du parc"],
        [],
        ["Catégorie", "2022", "Fin 2023", "2024 (prov.)", "2025 (prévision)", "Écart"],
        ["Postes fixes", 15, 12, 11, 9, 1],
        ["Tablettes", "n.c.", 5, 7, 20, 2],
        ["TOTAL", 15, 17, 18, 29, 3],
    ]
    for part in both(rows):
        assert items(part) == {"": 18.0}
        (total,) = (line for line in part.lines if line.reason.code == "row_other_year")
        assert (total.rows, total.items, total.unknown) == (4, 32.0, 1)
        told = columns_told(part)
        assert told["matrix_years_marked"] == "2024 (prov.)"
        assert told["matrix_columns_left"] == "2025 (prévision) (29), Écart (3)"


SCHOOLS: list[Row] = [
    ["Équipement des écoles"],
    [],
    [
        "Commune",
        "École",
        "Nb classes",
        "Postes fixes",
        None,
        "Portables",
        None,
        "Imprimantes",
        "Total",
    ],
    [None, None, None, "en service", "HS", "élèves", "enseignants", None, None],
    ["Sud", "Jaurès", 7, 4, 1, 8, "-", 1, 14],
    [None, "Ferry", 3, "-", None, 12, 5, 2, 19],
    ["S/total Sud", None, 10, 4, 1, 20, 5, 3, 33],
    ["Nord", "Curie", 5, 6, 2, "-", 4, None, 12],
    ["TOTAL", None, 15, 10, 3, 20, 9, 3, 45],
]


def test_groups_of_columns_beside_columns_without_one() -> None:
    """33 + 12 = 45 items: all columns of counts are read, those with a group and those without.

    "HS" is a status, "élèves" a detail; the name of the town holds for the rows below it; rooms
    are no equipment, and a dash is none.
    """
    merged = ("D3:E3", "F3:G3", "A3:A4", "B3:B4", "C3:C4", "H3:H4", "I3:I4")
    for part in both(SCHOOLS, merged):
        assert items(part, "equipment_type") == {
            "Postes fixes": 13.0,
            "Portables": 29.0,
            "Imprimantes": 3.0,
        }
        broken = [r for r in part.table.to_pylist() if r["status"] == "HS"]
        assert sum(row["quantity"] for row in broken) == 3.0
        assert items(part, "site") == {"Jaurès": 14.0, "Ferry": 19.0, "Curie": 12.0}
        assert codes(part, Severity.DOUBT) == codes(part, Severity.CELL) == []
        told = columns_told(part)
        assert told["matrix_columns_left"] == "Nb classes (15)"


def test_counts_that_are_not_read_are_a_doubt() -> None:
    """The tablets stand apart from the counts with a total, 30 + 7 = 37: they are told."""
    rows: list[Row] = [
        ["Service", "Nb tablettes", "Remarque", "Nb PC fixes", "Nb écrans", "Total"],
        ["RH", 3, "à l'étage", 10, 20, 30],
        ["DSI", 1, "rien", 4, 3, 7],
    ]
    for part in both(rows):
        assert items(part) == {"": 37.0}
        (doubt,) = (i for i in part.issues if i.severity is Severity.DOUBT)
        assert doubt.reason.code == "matrix_counts_left"
        assert doubt.reason.detail("columns") == "Nb tablettes (4)"


def test_years_of_purchase_add_up() -> None:
    """Their total is their sum: what was bought in each year is the fleet, 15 + 26 = 41."""
    rows: list[Row] = [
        ["Type", 2022, 2023, "Total"],
        ["PC fixe", 10, 20, 30],
        ["Écran", 5, 6, 11],
    ]
    for part in both(rows):
        assert items(part) == {"": 41.0}
        years = {day.year for day in part.table["purchase_date"].to_pylist()}
        assert years == {2022, 2023}


LONG: list[Row] = [
    ["Type", "Année", "Quantité"],
    *(["PC fixe", 2022, 10], ["Écran", 2022, 5]),
    *(["PC fixe", 2023, 20], ["Écran", 2023, 6]),
]


def test_a_list_of_several_years_is_one_choice() -> None:
    """The same types under each year: 26 items of 2023, and 15 of 2022 set aside, in doubt."""
    for part in both(LONG):
        assert items(part) == {"": 26.0}
        assert part.lines[0].items == 15.0
        assert codes(part, Severity.DOUBT) == ["one_year_counted"]
    said = read(text_of([["Type", "Année d'inventaire", "Quantité"], *LONG[1:]]), "liste.csv")
    assert codes(said[0], Severity.DOUBT) == []


@pytest.mark.parametrize("header", ["Année d'achat", "Année de mise en service"])
def test_years_of_purchase_in_a_list_are_no_choice(header: str) -> None:
    rows: list[Row] = [["Type", header, "Quantité"], *LONG[1:]]
    for part in both(rows):
        assert items(part) == {"": 41.0}


def test_assets_of_several_years_are_no_choice() -> None:
    """A serial number is one asset, whatever its year."""
    rows: list[Row] = [
        ["Type", "N° de série", "Année", "Quantité"],
        *(["PC fixe", "AX1", 2022, 1], ["Écran", "AX2", 2022, 1]),
        *(["PC fixe", "AX3", 2023, 1], ["Écran", "AX4", 2023, 1]),
    ]
    for part in both(rows):
        assert items(part) == {"": 4.0}


@pytest.mark.parametrize(
    ("header", "years"),
    [
        *(("Période", ("2023", "2024")), ("Période", ("T4 2023", "T1 2024"))),
        *(("FY", ("FY23", "FY24")), ("Exercice", ("2023", "2024")), ("Année", ("2023", "2024"))),
        ("Année scolaire", ("2022-2023", "2023-2024")),
    ],
)
def test_the_same_assets_under_several_years_are_one_choice(
    header: str, years: tuple[str, str]
) -> None:
    """Three assets, then four of which two were there: 4, neither 7 nor the 5 that ever were."""
    listed = zip(years, ((1, 2, 3), (2, 3, 4, 5)), strict=True)
    rows: list[Row] = [["Type", header, "N° de série"]]
    rows += [["Écran", year, f"AX100{n}"] for year, numbers in listed for n in numbers]
    for part in (*read(text_of(rows), "liste.csv"), *read(workbook_of({"A": rows}), "liste.xlsx")):
        assert part.table["serial_number"].to_pylist() == ["AX1002", "AX1003", "AX1004", "AX1005"]
        (line,) = part.lines
        assert (line.reason, line.rows, line.items) == (Reason("row_other_year"), 3, 3.0)
        assert codes(part, Severity.DOUBT) == []
        assert "purchase_date" not in part.table.column_names
    (named,) = read(text_of(rows), "liste.csv", year="2022" if "-" in years[0] else "2023")
    assert named.table.num_rows == 3


@pytest.mark.parametrize(("header", "doubted"), [("Année", False), ("Période", True)])
def test_an_asset_that_stands_twice_makes_no_list_of_years(header: str, *, doubted: bool) -> None:
    """AX1 was typed again among ten others: nothing is set aside; a period is asked about."""
    rows: list[Row] = [["Type", header, "N° de série"], ["Écran", 2015, "AX1"]]
    rows += [["Écran", 2016, f"AX{n}"] for n in range(1, 12)]
    (part,) = read(text_of(rows), "liste.csv")
    assert part.table.num_rows == 12
    assert (codes(part, Severity.DOUBT) == ["years_may_be_counts"]) is doubted


def test_lines_that_come_back_in_part_are_doubted() -> None:
    """Two of three models stand under both years: 3 + 3 rows count, and it is asked."""
    rows: list[Row] = [["Type", "Modèle", "Site", "Exercice"]]
    rows += [["Écran", f"P{n}", "A", 2023] for n in (1, 2, 3)]
    rows += [["Écran", f"P{n}", "A", 2024] for n in (2, 3, 4)]
    (part,) = read(text_of(rows), "liste.csv")
    assert (part.table.num_rows, codes(part, Severity.DOUBT)) == (6, ["years_may_be_counts"])
    again = [rows[0], *rows[1:4], *([*row[:3], 2024] for row in rows[1:4])]
    (part,) = read(text_of(again), "liste.csv")
    assert (part.table.num_rows, codes(part, Severity.DOUBT)) == (3, ["one_year_counted"])


def test_purchases_of_several_years_in_a_list_add_up() -> None:
    """Ten alike screens each year, one row each: lines that come back within a year tell none."""
    rows: list[Row] = [["Type", "Modèle", "Année"]]
    rows += [["Écran", "P24", year] for year in (2022, 2023) for _ in range(10)]
    (part,) = read(text_of(rows), "liste.csv")
    assert (part.table.num_rows, codes(part, Severity.DOUBT)) == (20, [])


def sheets(names: list[str]) -> dict[str, list[Row]]:
    """Return a sheet each: 10 items in the first, 20 in the second..."""
    head: Row = ["Type", "Nombre"]
    return {name: [head, ["PC fixe", 10 * (k + 1)]] for k, name in enumerate(names)}


@pytest.mark.parametrize("year", ["", "2023"])
def test_sheets_of_several_years_are_one_choice(year: str) -> None:
    """30 items in 2024, or the 20 of the year that is named; the order changes nothing."""
    content = sheets(["Parc 2022", "Parc 2023 (ancien)", "Parc 2024"])
    for order in (content, dict(reversed(content.items()))):
        parts = read(workbook_of(order), "parc.xlsx", year=year)
        counted = {part.report.source: items(part) for part in parts if part.table.num_rows}
        sheet, number = ("Parc 2023 (ancien)", 20.0) if year else ("Parc 2024", 30.0)
        assert counted == {f"parc.xlsx[{sheet}]": {"": number}}
        assert sum(line.items for part in parts for line in part.lines) == 60.0 - number


def test_sheets_of_places_and_of_deliveries_are_a_sum() -> None:
    for names in (["Mairie", "Écoles"], ["Livraison 2022", "Livraison 2023"]):
        parts = read(workbook_of(sheets(names)), "parc.xlsx")
        assert sum(items(part)[""] for part in parts) == 30.0


def test_assets_in_sheets_of_years_that_share_none_are_a_sum() -> None:
    head: Row = ["Type", "N° de série"]
    content: dict[str, list[Row]] = {
        "2022": [head, ["PC fixe", "AX1"], ["Écran", "AX2"]],
        "2023": [head, ["PC fixe", "AX3"], ["Écran", "AX4"]],
    }
    assert sum(part.table.num_rows for part in read(workbook_of(content), "parc.xlsx")) == 4


@pytest.mark.slow
def test_a_sheet_that_adds_up_the_list_is_set_aside() -> None:
    """10 + 5 computers and 7 screens; the recapitulation says 15 and 7, by place."""
    content: dict[str, list[Row]] = {
        "Liste": [["Type", "Nombre"], ["PC fixe", 10], ["PC fixe", 5], ["Écran", 7]],
        "Synthèse": [["Type", "Mairie", "Écoles"], ["PC fixe", 10, 5], ["Écran", 7, 0]],
    }
    for order in (content, dict(reversed(content.items()))):
        parts = read(workbook_of(order), "parc.xlsx")
        assert sum(items(part).get("", 0.0) for part in parts) == 22.0
        (line,) = (line for part in parts for line in part.lines)
        assert (line.fate, line.items) == (Fate.SET_ASIDE, 22.0)
    content["Synthèse"][1][1] = (
        11  # it says something else: a person must look, and it never counts
    )
    parts = read(workbook_of(content), "parc.xlsx")
    assert sum(items(part).get("", 0.0) for part in parts) == 22.0
    (doubt,) = (i for part in parts for i in part.issues if i.severity is Severity.DOUBT)
    assert doubt.reason == Reason("table_sums_differ", total=23.0, others=22.0)


@pytest.mark.slow
@pytest.mark.parametrize("sheet", ["Synthèse", "TCD", "Bilan 2025", "Feuil2"])
@pytest.mark.parametrize(("computers", "doubted"), [(3, False), (2, False), (5, True)])
def test_a_summary_is_a_control(sheet: str, computers: int, *, doubted: bool) -> None:
    """A list has 3 computers, one of them twice, and 1 screen.

    The summary was made before or after somebody saw it: 4 or 3 items.  What a workbook computes is
    a summary whatever its name.
    """
    head: Row = ["Type", "Modèle", "N° de série", "Site"]
    rows: list[Row] = [["PC fixe", "M70", serial, "A"] for serial in ("AX1234", "AX5678", "AX5678")]
    pivot: list[Row] = [
        ["Nombre de Type", "Étiquettes de colonnes", None, None],
        ["Étiquettes de lignes", "Mairie", "Écoles", "Total général"],
        ["PC fixe", computers - 1, 1, computers],
        ["Écran", 1, None, 1],
        ["Total général", computers, 1, computers + 1],
    ]
    content = {"Parc": [head, *rows, ["Écran", "P24", "CX9876", "B"]], sheet: pivot}
    parts = read(workbook_of(content), "parc.xlsx")
    assert [part.table.num_rows for part in parts] == [4, 0]
    assert parts[1].lines[-1].items == computers + 1
    assert codes(parts[1], Severity.DOUBT) == ["table_sums_differ"] * doubted
    assert all(part.rows_read == part.table.num_rows + part.uncounted.rows for part in parts)


def test_a_summary_of_less_than_the_lists_is_no_doubt() -> None:
    """A pivot of 3 of the 10 devices is set aside for sure: it shows none that the list lacks."""
    content: dict[str, list[Row]] = {
        "Parc": [["Type", "N° de série"], *(["PC fixe", f"AX{k}123"] for k in range(10))],
        "Synthèse": [["Type", "Mairie"], ["PC fixe", 3]],
    }
    parts = read(workbook_of(content), "parc.xlsx")
    assert sum(part.table.num_rows for part in parts) == 10
    assert [code for part in parts for code in codes(part, Severity.DOUBT)] == []
    assert codes(parts[1], Severity.NOTE)[-1:] == ["table_sums_differ"]


LISTED: list[Row] = [
    ["Type", "Site", "N° de bureau"],
    *(["PC portable", "A", f"B{n}"] for n in range(6)),
    *(["Écran", "A", f"B{n}"] for n in range(4)),
]


def with_counts(laptops: int, place: str) -> dict[str, list[Row]]:
    """Return the list of 6 laptops and 4 screens, and counts of its types in some place."""
    counts: list[Row] = [["Type", "Nombre"], ["PC portable", laptops], ["Écran", 4]]
    if place == "beside":
        pairs = itertools.zip_longest(LISTED, counts, fillvalue=[None, None])
        return {"Parc": [[*row, None, *count] for row, count in pairs]}
    if place == "below":
        return {"Parc": [*LISTED, [], [], *counts]}
    return {"Parc": LISTED, place: counts}


@pytest.mark.slow
@pytest.mark.parametrize(
    "place", ["Feuil2", "Sheet 3", "Par type", "Statistiques", "beside", "below"]
)
@pytest.mark.parametrize(("laptops", "doubted"), [(6, False), (7, True)])
def test_counts_of_the_types_of_a_list_are_a_control(
    place: str, laptops: int, *, doubted: bool
) -> None:
    """6 + 4 = 10 assets are listed; counts of 10 or 11 beside them are never 20 or 21 in all."""
    content = with_counts(laptops, place)
    for order in (content, dict(reversed(content.items()))):
        parts = read(workbook_of(order), "parc.xlsx")
        assert sum(part.table.num_rows for part in parts) == 10
        (line,) = (line for part in parts for line in part.lines if line.items)
        assert (line.reason.code, line.items) == ("row_recapitulation", laptops + 4.0)
        told = [code for part in parts for code in codes(part, Severity.DOUBT)]
        assert told == ["table_sums_differ"] * doubted
        assert all(part.rows_read == part.table.num_rows + part.uncounted.rows for part in parts)


@pytest.mark.slow
def test_counts_are_compared_with_the_list_beside_them() -> None:
    """Two sheets have a list and its counts each: 10 and 10 are right, 20 would be those of both.

    Counts of some types alone are compared with these types: 4 screens.
    """
    (rows,) = with_counts(6, "beside").values()
    screens = [
        [*row[:4], *(count or [None, None])]
        for row, count in zip(rows, [["Type", "Nombre"], ["Écran", 4], *[None] * 9], strict=True)
    ]
    parts = read(workbook_of({"Mairie": rows, "Écoles": rows, "Dépôt": screens}), "parc.xlsx")
    assert sum(part.table.num_rows for part in parts) == 30
    assert [code for part in parts for code in codes(part, Severity.DOUBT)] == []


@pytest.mark.parametrize(
    ("sheet", "counts"),
    [
        ("Écoles", [["Type", "Nombre"], ["PC portable", 7], ["Écran", 4]]),  # of a place
        ("Feuil2", [["Type", "Nombre"], ["PC portable", 7], ["Tablette", 4]]),  # of another type
        ("Feuil2", [["Type", "Site", "Nombre"], ["PC portable", "Z", 11]]),  # of another place
        ("Feuil2", [["Type", "Modèle", "Nombre"], ["PC portable", "L5420", 11]]),  # of models
    ],
)
def test_counts_of_other_things_add_up(sheet: str, counts: list[Row]) -> None:
    """10 + 11 items."""
    parts = read(workbook_of({"Parc": LISTED, sheet: counts}), "parc.xlsx")
    inventory = reen.read(workbook_of({"Parc": LISTED, sheet: counts}), name="parc.xlsx")
    assert len(parts) == 2
    assert inventory.account.items_of(Fate.COUNTED) == 21.0


def test_a_list_called_bilan_is_a_list() -> None:
    """It has models; and a summary that stands alone in its file is all that is known."""
    content: dict[str, list[Row]] = {
        "Bilan": [["Type", "Modèle", "Nombre"], ["PC fixe", "M70", 10]],
        "Écoles": [["Type", "Nombre"], ["Écran", 5]],
    }
    parts = read(workbook_of(content), "parc.xlsx")
    assert sum(items(part)[""] for part in parts) == 15.0
    (alone,) = read(workbook_of({"Synthèse": content["Écoles"]}), "parc.xlsx")
    assert items(alone) == {"": 5.0}


def test_choices_are_no_fleet() -> None:
    content = sheets(["Parc"]) | {"Listes": [["Types"], ["PC fixe"], ["Écran"]]}
    parts = read(workbook_of(content), "parc.xlsx")
    assert sum(items(part)[""] for part in parts if part.table.num_rows) == 10.0


def test_lists_of_choices_side_by_side_are_no_fleet() -> None:
    """No column has a word twice, and they end where they end: nothing is a row."""
    choices: list[Row] = [
        ["Nature", "État", "Site"],
        *(["PC fixe", "En service", "Mairie"], ["Écran 22", "En stock", "École"]),
        *(["Écran 24", "HS", None], ["Imprimante", None, None]),
    ]
    parts = read(workbook_of(sheets(["Parc"]) | {"Feuil3": choices}), "parc.xlsx")
    assert [part.table.num_rows for part in parts] == [1, 0]
    assert parts[1].lines[-1].rows == 4
    described = [choices[0], *([*row[:2], "Mairie"] for row in choices[1:])]
    parts = read(workbook_of(sheets(["Parc"]) | {"Feuil3": described}), "parc.xlsx")
    assert [part.table.num_rows for part in parts] == [1, 4], "four assets of one site"


STACKED: list[Row] = [
    ["Type", "Nb"],
    ["PC fixe", 10],
    ["Écran", 5],
    [],
    ["Achats de l'année"],
    ["Date", "Type", "Quantité", "Fournisseur"],
    ["2024-01-31", "Écran", 20, "D"],
]


def test_two_tables_below_each_other_are_of_their_own_kinds() -> None:
    """15 items are the fleet; 20 were bought."""
    for data, name in (
        (text_of(STACKED), "liste.csv"),
        (workbook_of({"Feuil1": STACKED}), "liste.xlsx"),
    ):
        fleet, bought = read(data, name)
        assert (fleet.kind, items(fleet)) == ("equipment", {"": 15.0})
        assert (bought.kind, items(bought)) == ("purchases", {"": 20.0})
        assert bought.table["source_row"].to_pylist() == [7]
        assert bought.report.source == fleet.report.source + "[2]"


def test_a_table_above_one_that_names_more_columns_is_not_lost() -> None:
    """Two screens and a computer above, one row each; 12 telephones below: 15 items.

    The header of the second table is the one that names most columns; the sheet begins in its
    second column.  The number of rows below the first is no item.
    """
    rows: list[Row] = [
        [],
        [None, "Inventaire du syndicat"],
        [None, "Tableau 1"],
        [None, "N°", "Type", "Marque", "Remarque", "Divers", "Vu"],
        *([None, k, "Écran", "D", "ras", "x", "oui"] for k in range(1, 3)),
        [None, 3, "PC fixe", "H", "lent", "y", "non"],
        [None, None, "Nombre de lignes", 3],
        [],
        [None, "Tableau 2"],
        [None, "Lieu", "Matériel", "Modèle", "Nombre", "Date d'achat"],
        [None, "Mairie", "Téléphone fixe", "DE410", 9, "2021-04-01"],
        [None, "Dépôt", "Téléphone fixe", "DE410", 3, "2021-04-01"],
        [None, None, "TOTAL", None, 12],
    ]
    for data, name in ((text_of(rows), "a.csv"), (workbook_of({"A": rows}), "a.xlsx")):
        first, second = read(data, name)
        assert (first.table.num_rows, first.rows_read) == (3, 4)
        assert (items(second), second.rows_read) == ({"": 12.0}, 3)
        assert first.table["source_row"].to_pylist() == [5, 6, 7]


#: Headers of stacked tables: those that are known, some of which nothing is known of.
HEADERS = (
    ["Type", "Modèle", "Nombre"],
    ["Lieu", "Matériel", "Marque", "Nombre", "Date d'achat"],
    ["N°", "Type", "Divers", "Vu", "Remarque"],
    ["Repère", "Genre", "Coloris"],
    ["Date", "Fournisseur", "Désignation", "Qté", "PU HT"],
)
CELLS = {
    "Type": "Écran",
    "Matériel": "PC fixe",
    "Désignation": "Serveur",
    "Nombre": 2,
    "Qté": 3,
    "Date": "2024-01-31",
    "Date d'achat": "2021-04-01",
    "PU HT": 120,
    "N°": 1,
}


@pytest.mark.slow
@settings(
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    max_examples=settings.default.max_examples // 5,
)
@given(data=st.data())
def test_every_row_of_a_sheet_is_a_row_of_a_part(data: st.DataObject) -> None:
    """Tables below each other, whatever is known of their headers: no row is in no part.

    What is above a header is read, set aside or refused, and so are headers of which nothing is
    known; only titles and known headers are no rows.
    """
    stack = data.draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=3))
    assume(any(set(header) & {"Type", "Matériel"} for header in stack))
    sheet: list[Row] = []
    records = 0
    for k, header in enumerate(stack):
        if data.draw(st.booleans()):
            sheet.append([f"Tableau {k + 1}"])
        count = data.draw(st.integers(2, 6))
        records += count
        body: list[Row] = [[CELLS.get(name, f"x{k}") for name in header] for _ in range(count)]
        sheet += [list(header), *body, []]
    parts = read(workbook_of({"A": sheet}), "a.xlsx")
    for part in parts:
        assert part.rows_read == part.table.num_rows + part.uncounted.rows
    blank = sum(r.rows for p in parts for r in p.lines if r.reason.code == "row_blank_row")
    assert records <= sum(part.rows_read for part in parts) - blank


def test_two_tables_side_by_side() -> None:
    rows: list[Row] = [
        ["Type", "Nb", None, "Type", "Site", "Quantité"],
        ["PC fixe", 10, None, "Écran", "Mairie", 20],
        ["Tablette", 3],
    ]
    for data, name in ((text_of(rows), "a.csv"), (workbook_of({"A": rows}), "a.xlsx")):
        left, right = read(data, name)
        assert (items(left), items(right)) == ({"": 13.0}, {"": 20.0})


def test_groups_above_the_headers_of_a_list() -> None:
    """The group only serves where the header alone is not known, or stands twice."""
    rows: list[Row] = [
        ["Matériel", None, "Garantie", None],
        ["Type", "Modèle", "Fournisseur", "Observations"],
        ["PC fixe", "M70", "D", "x"],
        ["Écran", "P24", "D", "y"],
    ]
    for part in both(rows, ("A1:B1", "C1:D1")):
        assert part.table["model"].to_pylist() == ["M70", "P24"]
        assert part.report.left_out == ("Garantie - Fournisseur", "Garantie - Observations")


def test_numbers_that_are_no_counts_make_no_matrix() -> None:
    """Ports and floors of models: each row is an asset."""
    for rows in (
        [["Type", "Modèle", "Étage", "Prises"], ["Switch", "A", 1, 24], ["Routeur", "B", 2, 48]],
        [["Type", "Modèle", "Cuivre", "Fibre"], ["Switch", "A", 24, 4], ["Routeur", "B", 8, 2]],
    ):
        for part in both(rows):
            assert part.table.num_rows == 2
            assert "quantity" not in part.table.column_names


def test_counts_that_could_be_years_are_counts() -> None:
    """1,950 + 2,010 + 4 + 5 = 3,969: a line that names a type is no header of years."""
    rows: list[Row] = [["Type", "Mairie", "Écoles"], ["PC fixe", 1950, 2010], ["Écran", 4, 5]]
    for part in both(rows):
        assert items(part) == {"": 3969.0}


@pytest.mark.parametrize("beside", ["Service", "Direction"])
def test_years_beside_a_service_are_never_added(beside: str) -> None:
    """14 + 4 = 18 items of the last year: a service is a department, and no "mise en service"."""
    rows: list[Row] = [
        [beside, "Type", 2019, 2020],
        ["DSI", "Écran", 12, 14],
        ["RH", "Écran", 3, 4],
    ]
    for part in both(rows):
        assert items(part) == {"": 18.0}
    for part in both([[row[1], row[0], *row[2:]] for row in rows]):
        assert items(part) == {"": 18.0}


@pytest.mark.parametrize("corner", ["Année de mise en service", "Date d'entrée en service"])
def test_years_in_which_items_came_into_service_are_added(corner: str) -> None:
    """12 + 14 + 3 + 4 = 33 items in all."""
    for part in both([[corner, 2019, 2020], ["PC portable", 12, 14], ["PC fixe", 3, 4]]):
        assert items(part) == {"": 33.0}


TYPES = ("PC fixe", "PC portable", "Écran", "Tablette", "Serveur")
PLACES = ("Mairie", "Médiathèque", "Gymnase", "Crèche")


@settings(
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
    max_examples=max(2, settings.default.max_examples // 8),
)
@given(data=st.data())
def test_a_matrix_sums_to_its_totals_with_or_without_them(data: st.DataObject) -> None:
    """Rows, columns and all of them add up; totals change nothing, and are set aside."""
    types = data.draw(st.lists(st.sampled_from(TYPES), min_size=2, unique=True))
    places = data.draw(st.lists(st.sampled_from(PLACES), min_size=2, unique=True))
    # below 1900: a row of years alone is read as a header
    counts = [[data.draw(st.integers(0, 1800)) for _ in places] for _ in types]
    counts[0] = [count + 1 for count in counts[0]]  # no column is of zeros alone
    plain: list[Row] = [["Type", *places]]
    plain += [[kind, *row] for kind, row in zip(types, counts, strict=True)]
    with_totals = [[*plain[0], "Total"], *([*row, sum(row[1:])] for row in plain[1:])]  # type: ignore[arg-type]
    sums = [sum(row[k] for row in counts) for k in range(len(places))]
    with_totals.append(["Total", *sums, sum(sums)])
    for rows in (plain, with_totals):
        (part,) = read(text_of(rows), "liste.csv")
        assert items(part) == {"": float(sum(sums))}
        by_place = items(part, "site")
        assert [by_place.get(place, 0.0) for place in places] == [float(each) for each in sums]
        by_type = items(part, "equipment_type")
        assert [by_type.get(kind, 0.0) for kind in types] == [float(sum(row)) for row in counts]
        assert codes(part, Severity.DOUBT) == []


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("12", 12.0),
        ("1 200", 1200.0),
        ("1,200", 1200.0),
        ("12.0", 12.0),
        ("4,5", None),
        ("n.c.", None),
    ],
)
def test_counts(cell: str, count: float | None) -> None:
    found = count_of(cell)
    assert found == count if count is not None else found != found  # noqa: PLR0124
    assert is_unknown(cell) == (cell == "n.c.")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024", "2024"),
        ("Parc 2023", "2023"),
        ("au 31/12/2022", "2022"),
        ("Lot 2022", ""),
        ("24", ""),
    ],
)
def test_years(text: str, year: str) -> None:
    assert year_of(text) == year


def test_a_year_that_stands_twice_is_no_year() -> None:
    assert years_of(["Parc informatique 2023", "Autre 2024"]) == ["2023", "2024"]
    assert years_of(["PC 2023", "Écrans 2023"]) == years_of(["2023", "Mairie"]) == []


@pytest.mark.slow
def test_the_samples(shared_data: Path) -> None:
    """A census of 919 items in 29 cells and one not reported; a fleet beside its older count."""
    folder = shared_data / "inventories" / "excel_fr"
    path = folder / "synthetic_recensement_agrege.xlsx"
    (part,) = read(path.read_bytes(), path.name)
    assert (items(part), part.table.num_rows) == ({"": 919.0}, 30)
    assert codes(part, Severity.DOUBT) == []
    path = folder / "synthetic_parc_mairie.xlsx"
    counted = [part for part in read(path.read_bytes(), path.name) if part.table.num_rows]
    assert [part.report.source for part in counted] == ["synthetic_parc_mairie.xlsx[Parc 2024]"]
    assert sum(items(part)[""] for part in counted) == 148.0, "147, and a row that is there twice"


@pytest.mark.parametrize(
    "text",
    [
        "Type;Janv 2024;Févr 2024;Mars 2024\nPC fixe;10;20;30\nÉcran;5;6;7\n",
        "Type;T1 2024;T2 2024\nPC fixe;10;20\nÉcran;5;6\n",
        "Type;2022-2023;2023-2024\nPC fixe;10;20\nÉcran;5;6\n",
        "Type;Prévu;Réel\nPC fixe;10;12\nÉcran;5;2\n",
        "Type;Stock 2023;Achats 2024;Sorties 2024;Stock 2024\nPC fixe;10;12;2;20\nÉcran;5;2;1;6\n",
    ],
)
def test_columns_that_name_periods_are_never_added_in_silence(text: str) -> None:
    """Stocks of two periods are one fleet seen twice: a sum of them is doubted."""
    inventory = reen.read(text.encode(), name="comptage.csv")
    assert "matrix_periods" in {each.reason.code for each in inventory.account.doubts}


def test_places_are_no_periods() -> None:
    text = "Type;Mairie;École 1;École 2\nPC fixe;10;20;1\nÉcran;5;6;1\n"
    assert reen.read(text.encode(), name="comptage.csv").account.is_complete


def test_groups_repeated_above_years_are_a_header_of_two_rows() -> None:
    """Of 2024 alone: 20 + 6 in the town hall and 2 + 4 in the schools."""
    text = (
        ";Mairie;Mairie;Écoles;Écoles\nType;2023;2024;2023;2024\nPC fixe;10;20;1;2\nÉcran;5;6;3;4\n"
    )
    inventory = reen.read(text.encode(), name="comptage.csv")
    assert inventory.account.items_of(Fate.COUNTED) == 32.0
    assert inventory.account.items_of(Fate.SET_ASIDE) == 19.0


@pytest.mark.parametrize(
    "second",
    [
        "Article;Prix;Fournisseur\nPC;900;Zyxwq\nEcran;200;Zyxwqa\n",
        "Titre;Demandeur;Statut\nPanne;Zyxwq;Clos\nBruit;Zyxwqa;Ouvert\n",
        "Titre;Demandeur\nPanne;Zyxwq\nBruit;Zyxwqa\n",
        "Logiciel;Licences\nZyxwq;4\nZyxwqa;5\n",
    ],
)
def test_a_table_of_another_kind_below_a_list_is_none_of_its_rows(second: str) -> None:
    """3 + 4 items; what stands below is refused or set aside, and none of its cells is shown."""
    text = f"Type;Modèle;Site;Qté\nPC portable;L;A;3\nEcran;P;B;4\n\n{second}"
    inventory = reen.read(text.encode(), name="parc.csv")
    assert inventory.table["quantity"].to_pylist() == [3.0, 4.0]
    assert inventory.account.rows == 2 + 2
    assert "Zyxwq" not in f"{inventory.table.to_pylist()} {inventory.issues}"


@pytest.mark.parametrize("odd", ["-4", "12,5", "~30", "0x10"])
def test_one_odd_cell_of_a_table_of_counts_hides_no_other(odd: str) -> None:
    """2 + 3 + 4 + 1 + 1 = 11 items, and one cell that is told."""
    text = f"Type;Mairie;École\nPC fixe;{odd};2\nÉcran;3;4\nServeur;1;1\n"
    inventory = reen.read(text.encode(), name="comptage.csv")
    account = inventory.account
    assert account.items_of(Fate.COUNTED) in {11.0, 11.0 + 12.5}
    shown = odd.replace(",", ".")
    assert any(issue.value.replace(",", ".").startswith(shown) for issue in inventory.issues)
    assert len(inventory) == 6


SEPARATED = {
    # two rows, of 2 and 3 items, whatever stands to the right of the blank column
    "columns of one list": (
        "Type;Quantité;;Modèle;Date d'achat\nÉcran;2;;X;2020\nÉcran;3;;Y;2021",
        5,
    ),
    "seldom filled": ("Type;Quantité;;Modèle;Prix\nÉcran;2;;X;100\nÉcran;3;;;", 5),
    "nothing beyond it": ("Type;Quantité;;Modèle;Prix\nÉcran;2;;;\nÉcran;3;;;", 5),
    # the same column on both sides: two lists, of 2 and 3 items
    "two lists": ("Type;Quantité;;Type;Quantité\nÉcran;2;;Souris;3", 5),
    # four rows beside one: the second says nothing of the others; 2 + 4 items
    "another list": (
        "Type;Quantité;;Modèle;Série\nÉcran;2;;X;A1\n;;;X;A2\n;;;X;A3\n;;;X;A4",
        6,
    ),
}


@pytest.mark.parametrize("name", SEPARATED)
def test_a_blank_column_parts_tables_and_not_the_columns_of_one(name: str) -> None:
    """What one header heads, row by row, is one list: its items are counted once."""
    text, items = SEPARATED[name]
    counted = 0.0
    for found in read(text.encode(), "parc.csv"):
        names = found.table.column_names
        cells = found.table["quantity"].to_pylist() if "quantity" in names else []
        counted += sum(1.0 if each is None else each for each in cells)
        counted += 0 if cells else found.table.num_rows
    assert counted == items
