"""One asset listed several times in one file."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reen import Imported, Severity
from reen.inventory.account import Fate, Merge
from reen.reasons import Reason

Read = Callable[..., Imported]


def lines(found: Imported) -> list[int]:
    rows: list[int] = found.table["source_row"].to_pylist()
    return rows


def test_the_same_serial_number_is_one_asset(read: Read) -> None:
    found = read("Type;N° de série;Site\nPC;xbq1;A\nPC;XBQ2;B\nPC; XBQ1 ;C\n")
    assert lines(found) == [2, 3]
    assert found.uncounted.rows_by_fate[Fate.MERGED] == 1
    assert found.uncounted.merges == (
        Merge("parc.csv", 4, "parc.csv", 2, Reason("same_serial_number")),
    )
    assert found.rows_read == 3


def test_the_latest_contact_is_kept(read: Read) -> None:
    found = read(
        "Type;N° de série;Dernier inventaire;Site\n"
        "PC;A1;2023-01-01;vieux\nPC;A1;2024-05-01;neuf\nPC;A1;;inconnu\nPC;B2;2020-01-01;autre\n"
    )
    assert lines(found) == [3, 5]
    assert found.table["Site" if "Site" in found.table.column_names else "site"].to_pylist() == [
        "neuf",
        "autre",
    ]


def test_empty_cells_are_filled_from_the_others(read: Read) -> None:
    found = read(
        "Type;N° de série;Dernier inventaire;Modèle;Site;Entité\n"
        "PC;A1;2024-05-01;;;\nPC;A1;2023-01-01;OptiPlex;S1;\nPC;A1;2022-01-01;;S2;E2\n"
    )
    assert lines(found) == [2]
    row = found.table.to_pylist()[0]
    assert (row["model"], row["site"], row["entity"]) == ("OptiPlex", "S1", "E2")
    assert row["last_seen"].year == 2024


def test_the_inventory_number_serves_where_there_is_no_serial(read: Read) -> None:
    found = read(
        "Type;N° de série;N° inventaire\nPC;;UC1\nPC;;uc1\nPC;A1;UC2\nPC;B2;UC2\n"
        "PC;00000000;UC3\nPC;;UC3\n"
    )
    assert lines(found) == [2, 4, 5, 6]


def test_rows_without_identifier_are_never_merged(read: Read) -> None:
    found = read("Modele,Fabricant,Type\n" + "Latitude 7490,DELL,PC portable\n" * 4)
    assert found.table.num_rows == 4
    found = read("Nom;Type;Modèle\nPC-1;PC;x\nPC-1;PC;x\n")
    assert found.table.num_rows == 2


def test_equal_rows_of_one_id_are_merged(read: Read) -> None:
    found = read("id;Type;Quantité\nlap;PC portable;120\nlap;PC portable;120\ndesk;PC fixe;5\n")
    assert found.table["quantity"].to_pylist() == [120.0, 5.0]
    assert found.issues == ()


def test_rows_of_one_id_that_differ_are_kept_and_told(read: Read) -> None:
    found = read("id;Type;Quantité\nlot-1;PC portable;120\nlot-1;PC fixe;5\nlot-2;UPS;1\n")
    assert found.table["quantity"].to_pylist() == [120.0, 5.0, 1.0]
    (issue,) = found.issues
    assert (issue.column, issue.value, issue.rows) == ("id", "lot-1", (2, 3))
    assert issue.severity is Severity.NOTE
    assert str(issue) == (
        "parc.csv, row 2, 3, column 'id': 'lot-1' is on rows that differ in type, model or"
        " quantity; all of them are kept; expected one id per asset (noted)"
    )


def test_rows_of_one_serial_that_differ_are_merged_and_told(read: Read) -> None:
    found = read("Type;Modèle;N° de série\nPC fixe;x;A1\nPC portable;x;A1\n")
    assert lines(found) == [2]
    (issue,) = found.issues
    assert (issue.column, issue.value, issue.rows) == ("serial_number", "A1", (2, 3))
    assert "one of them is kept" in str(issue.reason)


def test_a_blank_does_not_differ(read: Read) -> None:
    found = read("id;Type;Modèle\nPC-1;PC;\nPC-1;PC;OptiPlex\n")
    assert found.table["model"].to_pylist() == ["OptiPlex"]


def test_several_items_under_one_serial_are_noted_and_kept(read: Read) -> None:
    found = read("Type;N° de série;Quantité\nPC;A1;4\nPC;B2;1\n")
    assert found.table["quantity"].to_pylist() == [4.0, 1.0]
    (issue,) = found.issues
    assert "items have one serial number; the quantity is kept" in str(issue.reason)


@pytest.mark.parametrize("rows", [1, 10_000])
def test_many_assets_many_times(read: Read, rows: int) -> None:
    """Each asset on two lines, in another order the second time; the second has the site."""
    first = "".join(f"PC;S{k};2024-01-01;\n" for k in range(rows))
    second = "".join(f"PC;s{k};2023-01-01;site {k}\n" for k in reversed(range(rows)))
    found = read(f"Type;N° de série;Dernier inventaire;Site\n{first}{second}")
    assert found.uncounted.rows_by_fate[Fate.MERGED] == rows
    assert lines(found) == list(range(2, rows + 2))
    assert found.table["site"].to_pylist() == [f"site {k}" for k in range(rows)]
