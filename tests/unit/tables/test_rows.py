"""Rows that are no equipment: blanks, totals, titles, notes, virtual machines, licences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reen.inventory.account import Fate
from reen.plugin.files import Imported
from reen.types import Severity

Read = Callable[..., Imported]

HEADER = "Type;Modèle;Quantité;Site\n"


def kept(found: Imported) -> list[int]:
    """Return the lines of the rows that are equipment."""
    lines: list[int] = found.table["source_row"].to_pylist()
    return lines


def account(found: Imported) -> tuple[int, int, dict[str, int], int]:
    """Return the account's figures, once they are seen to add up."""
    told = found.uncounted
    counted, refused = found.table.num_rows, told.rows_of(Fate.REFUSED)
    others = {str(line.reason): line.rows for line in told.lines if line.fate != Fate.REFUSED}
    assert found.rows_read == counted + sum(others.values()) + refused
    return found.rows_read, counted, others, refused


def test_blank_rows(read: Read) -> None:
    found = read(HEADER + "PC;x;1;A\n;;;\n ;\u00a0;  ;\n\nÉcran;y;2;B\n\n")
    assert kept(found) == [2, 6]
    assert account(found) == (5, 2, {"blank row": 3}, 0)


def test_a_row_of_one_name_is_no_blank_row(read: Read) -> None:
    found = read("Type;Modèle;Site;Utilisateur\nPC;x;A;Ali\n;;;Jo\nPC;y;B;Al\n")
    assert account(found)[2] == {"note": 1}  # a person's name is the title of no section


@pytest.mark.parametrize(
    "label",
    [
        "Total",
        "TOTAL",
        "Totaux",
        "Total général",
        "Grand total",
        "Somme",
        "- Total -",
        "Total PC :",
    ],
)
def test_total_rows(read: Read, label: str) -> None:
    found = read(HEADER + f"PC;x;10;A\nÉcran;y;5;A\n{label};;15;\n")
    assert kept(found) == [2, 3]
    assert account(found) == (3, 2, {"total": 1}, 0)
    assert found.issues == ()


def test_a_total_that_is_not_the_sum_is_told(read: Read) -> None:
    found = read(HEADER + "PC;x;10;A\nÉcran;y;5;A\nTotal;;17;\n")
    (issue,) = found.issues
    assert (issue.column, issue.value, issue.rows) == ("quantity", "17", (4,))
    assert issue.severity is Severity.DOUBT
    assert "is the total of the sheet, but its rows add up to 15" in str(issue.reason)


def test_sub_totals_are_of_their_own_rows(read: Read) -> None:
    found = read(
        HEADER
        + "PC;x;10;A\nÉcran;y;5;A\nSous-total;;15;\n"
        + "PC;x;3;B\nSous total;;3;\nSous-total;;9;\nTotal;;18;\n"
    )
    assert account(found)[2] == {"sub-total": 3, "total": 1}
    (issue,) = found.issues
    assert issue.rows == (7,)


def test_a_quantity_alone_that_is_the_sum_is_a_total(read: Read) -> None:
    found = read(HEADER + "PC;x;10;A\nÉcran;y;5;A\n;;15;\n")
    assert account(found)[2] == {"total": 1}
    found = read(HEADER + "PC;x;10;A\nÉcran;y;5;A\n;;16;\n")
    assert account(found)[:2] == (3, 3)


def test_the_total_of_a_file_without_quantity(read: Read) -> None:
    found = read("Type;Modèle;Site\nPC;x;A\nPC;y;A\nTotal : 2;;\n")
    assert account(found)[2] == {"total": 1}


def test_a_model_called_total_is_equipment(read: Read) -> None:
    found = read(
        "Type;Modèle;N° de série;Quantité\nSwitch;Total Access 924;A1;1\n;Total Access 924;A2;1\n"
    )
    assert account(found)[:2] == (2, 2)


@pytest.mark.parametrize(
    ("header", "total"),
    [
        ("Date d'achat;Type;Modèle;Quantité", "Total;;;15"),
        ("Type;Modèle;Date d'achat;Quantité", ";;TOTAL GÉNÉRAL;15"),
        ("Site;Type;Modèle;Statut;Quantité", ";;;Total;15"),
        ("Site;Type;Modèle;Quantité", "Mairie;Total;;15"),
        ("Site;Type;Modèle;Quantité", "Total Mairie;;;15"),
        ("Site;Type;Modèle;Quantité", "Total Mairie;PC;;15"),
        ("Type;Modèle;Quantité;Observations", ";;15;Total du parc"),
        ("Type;Modèle;Quantité;", ";;15;Total"),
        ("Type;Modèle;Prix HT;Quantité", ";;700;15"),
    ],
)
def test_a_total_in_any_column(read: Read, header: str, total: str) -> None:
    names = header.split(";")
    values = {"Type": "PC", "Modèle": "x", "Site": "A", "Date d'achat": "2022-01-05"}
    lines = []
    for quantity in ("10", "5"):
        cells = values | {"Quantité": quantity, "Prix HT": "350", "Statut": "En service"}
        lines.append(";".join(cells.get(name, "") for name in names))
    found = read("\n".join([header, *lines, total]) + "\n")
    assert found.table["quantity"].to_pylist() == [10.0, 5.0]
    assert account(found)[2] == {"total": 1}


def test_sub_totals_by_site_and_a_grand_total(read: Read) -> None:
    found = read(
        "Site;Type;Quantité\nMairie;PC;10\nMairie;Écran;5\nTotal Mairie;;15\n"
        "École;PC;3\nTotal École;;3\nTotal général;;18\n"
    )
    assert found.table["quantity"].to_pylist() == [10.0, 5.0, 3.0]
    assert found.issues == ()


@pytest.mark.parametrize(
    "row", ["Switch;Total Access 924;1;A", "Switch;Total Access 924;3;", "PC;Sum 3000;7;B"]
)
def test_a_typed_row_whose_model_is_called_total_is_equipment(read: Read, row: str) -> None:
    found = read(HEADER + f"PC;x;1;A\nÉcran;y;2;A\n{row}\n")
    assert kept(found) == [2, 3, 4]
    assert found.issues == ()


def test_a_place_called_somme_is_no_total(read: Read) -> None:
    for model in ("x", ""):
        found = read(f"Site;Type;Modèle;Quantité\nSomme;PC;{model};10\nSomme;Écran;{model};5\n")
        assert found.table["quantity"].to_pylist() == [10.0, 5.0]
        assert found.issues == ()


def test_a_row_that_may_be_a_total_and_is_no_sum_is_counted_in_doubt(read: Read) -> None:
    found = read("Modèle;Site;Quantité\nx;A;10\ny;A;5\nTotal Access 924;A;4\n")
    assert found.table["quantity"].to_pylist() == [10.0, 5.0, 4.0]
    (issue,) = found.issues
    assert (issue.value, issue.severity) == ("Total Access 924", Severity.DOUBT)
    found = read("Modèle;Site;Quantité\nx;A;10\ny;A;5\nTotal PC;A;15\n")
    assert found.table["quantity"].to_pylist() == [10.0, 5.0]
    assert found.issues == ()


def test_section_titles_become_the_entity_of_their_rows(read: Read) -> None:
    found = read(HEADER + "PC;v;1;A\nÉcole Ferry;;;\nPC;x;1;A\nPC;y;2;A\nMairie;;;\nPC;z;3;B\n")
    assert found.table["entity"].to_pylist() == [None, "École Ferry", "École Ferry", "Mairie"]
    assert account(found)[2] == {"section title": 2}
    (issue,) = found.issues
    assert (issue.value, issue.rows, issue.count) == ("École Ferry", (3, 6), 2)
    assert "taken for a section title" in str(issue.reason)


def test_section_titles_fill_what_the_file_does_not_have(read: Read) -> None:
    body = "PC;v;A;{0}\nPC;x;A;{0}\nBâtiment 3;;;\nPC;y;B;{0}\nPC;y;B;{0}\n"
    found = read("Type;Modèle;Entité;Nb\n" + body.format(1))
    assert found.table["site"].to_pylist() == [None, None, "Bâtiment 3", "Bâtiment 3"]
    found = read("Type;Entité;Site;Nb\n" + body.format(1))
    assert found.table["section"].to_pylist()[2] == "Bâtiment 3"
    found = read(
        "Modèle;Fabricant;Nb\nÉcrans\u00a0;;\nP24;Dell;1\nP27;Dell;2\nImprimantes;;\nX;HP;3\n"
    )
    types = found.table["equipment_type"].to_pylist()
    assert types == ["Écrans", "Écrans", "Imprimantes"]


def test_notes_after_the_table(read: Read) -> None:
    found = read(HEADER + "PC;x;1;A\nPC;y;2;A\n* sauf les écoles;;;\n;;;\nSource : DSI;;;\n")
    assert account(found)[2] == {"blank row": 1, "note": 2}


def test_a_type_alone_is_equipment(read: Read) -> None:
    """Quantity unknown where there is such a column, one item where there is none; noted."""
    found = read(HEADER + "PC;x;1;A\nServeurs;;;\nÉcran;y;2;A\n")
    assert kept(found) == [2, 3, 4]
    assert found.table["quantity"].to_pylist() == [1.0, None, 2.0]
    (issue,) = found.issues
    assert "is alone in its row, counted as equipment" in str(issue.reason)


def test_an_identifier_alone_is_equipment(read: Read) -> None:
    found = read("Id;Type;Modèle;Nb\nPC-1;PC;x;1\nPC-2;;;\nPC-3;PC;x;1\n")
    assert kept(found) == [2, 3, 4]


def test_files_of_two_columns_have_no_titles(read: Read) -> None:
    found = read("Type;Quantité\nServeurs;\nBidules;\nPC;3\nÉcrans;2\nUPS;1\n")
    assert account(found)[:2] == (5, 5)


def test_mostly_single_cells_are_no_titles(read: Read) -> None:
    found = read("Modèle;Marque;Site;Nb\nA;;;\nB;;;\nC;;;\nD;HP;x;1\n")
    assert account(found)[:2] == (4, 4)


def test_a_header_repeated_is_no_row(read: Read) -> None:
    found = read(HEADER + "PC;x;1;A\n" + HEADER + "PC;y;2;B\n")
    assert kept(found) == [2, 4]
    assert account(found)[2] == {"header repeated": 1}


def test_rows_of_another_length(read: Read) -> None:
    found = read(HEADER + "PC;x;1;A\nPC;2;A\nPC;z;3;A;5\n4;PC;t\n;;\nNote en bas\nTotal;;1\n")
    assert kept(found) == [2]
    rows = account(found)
    assert rows == (7, 1, {"blank row": 1, "note": 1, "total": 1}, 3)
    short, long = (issue for issue in found.issues if issue.severity is Severity.REJECTED)
    assert str(short) == (
        "parc.csv, row 3, 5: 'PC;2;A' has 3 cells; expected 4 cells, as in the header: one left"
        " out shifts the rest (row refused)"
    )
    assert (long.rows, str(long.reason)) == ((4,), "has 5 cells")


@pytest.mark.parametrize(
    ("cells", "virtual"),
    [
        ("PC;VMware, Inc.;VMware7,1;VMware-42 1f", True),
        ("PC;QEMU;Standard PC (Q35 + ICH9, 2009);", True),
        ("PC;Microsoft Corporation;Virtual Machine;0000-0008-1234-5678", True),
        ("PC;innotek GmbH;VirtualBox;", True),
        ("PC;Xen;HVM domU;", True),
        ("PC;Amazon EC2;t3.large;", True),
        ("PC;Microsoft Corporation;Cloud PC Enterprise 2vCPU;", True),
        ("PC;Dell;KVM;", True),
        ("VMware Guest;;;", True),
        ("VM;;x;", True),
        ("Machine virtuelle;;x;", True),
        ("PC;Dell Inc.;OptiPlex 7090;4TX1J73", False),
        ("VMware ESX server;Dell Inc.;PowerEdge R640;7XK2P13", False),
        ("Switch KVM;Aten;KVM switch 8;A1", False),
        ("PC;Microsoft Corporation;Surface Pro 7;012345678953", False),
    ],
)
def test_virtual_machines_are_set_aside(read: Read, cells: str, virtual: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = read(f"Type;Fabricant;Modèle;N° de série\nPC;HP;ProDesk;5CG1\n{cells}\n")
    assert account(found)[2] == ({"virtual machine": 1} if virtual else {})


def test_licences_are_no_equipment(read: Read) -> None:
    found = read("Type;Modèle;Nb\nLicences;CAL;5\nLogiciel;Suite;2\nPC;x;1\n")
    assert account(found)[2] == {"licence or software": 2}


def test_a_page_is_suspected(read: Read) -> None:
    found = read("Type;Modèle\n" + "PC;x\n" * 20)
    assert any("20 rows is a page" in text for text in list(map(str, found.report.assumptions)))
