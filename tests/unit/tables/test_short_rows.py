"""Rows whose end was left out are completed; those that lost another cell are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reen.plugin.files import Imported
from reen.types import Severity

Read = Callable[..., Imported]

HEADER = "Type;Modèle;Quantité;Durée de vie;Commentaire;Lieu\n"
ROWS = "Écran;U24;1;5;ok;RDC\nPC fixe;Opti;2;6;prêté;Étage\nÉcran;U27;3;5;ok;RDC\n"


def kept(found: Imported) -> list[int]:
    """Return the lines of the rows that are equipment, once the account is seen to add up."""
    lines: list[int] = found.table["source_row"].to_pylist()
    assert found.rows_read == len(lines) + sum(line.rows for line in found.uncounted.lines)
    return lines


def told(found: Imported) -> dict[str, tuple[Severity, tuple[int, ...]]]:
    return {issue.reason.code: (issue.severity, issue.rows) for issue in found.issues}


@pytest.mark.parametrize(
    ("short", "quantity"),
    [("Écran;U24;7;5", 7.0), ("Écran;U24;3", 3.0), ("Écran;U24;7;5;ok", 7.0), ("Écran;;7;5", 7.0)],
)
def test_the_end_was_left_out(read: Read, short: str, quantity: float) -> None:
    found = read(f"{HEADER}{ROWS}{short}\n{ROWS}")
    assert kept(found) == [2, 3, 4, 5, 6, 7, 8]
    assert found.table["quantity"].to_pylist()[3] == quantity
    assert told(found) == {"short_row_completed": (Severity.NOTE, (5,))}


def test_whole_blocks_of_short_rows(read: Read) -> None:
    """Excel decides for 16 rows at a time whether to write their blank ends."""
    found = read(HEADER + "Écran;U24;1;5;;\n" * 16 + "Écran;U24;2;5\n" * 16 + "PC;x;3\n" * 3)
    assert found.table.num_rows == 35
    assert sum(found.table["quantity"].to_pylist()) == 16 + 32 + 9


def test_no_row_is_as_long_as_the_header(read: Read) -> None:
    found = read(HEADER + "Écran;U24;2;5\n" * 3)
    assert found.table["quantity"].to_pylist() == [2.0] * 3


@pytest.mark.parametrize(
    "short",
    [
        "Écran;7;5;ok;RDC",  # no model
        "U24;7;5;ok;RDC",  # no type
        "Écran;U24;5;ok;RDC",  # a quantity or a lifetime: the words shift
        "7;5",
    ],
)
def test_another_cell_was_left_out(read: Read, short: str) -> None:
    found = read(f"{HEADER}{ROWS}{short}\n")
    assert kept(found) == [2, 3, 4]
    assert told(found) == {"other_length": (Severity.REJECTED, (5,))}


def test_words_alone_need_another_row_to_show_the_habit(read: Read) -> None:
    """Of PC;HP;École, the place or the model may be lost."""
    header, rows = "Type;Marque;Modèle;Lieu;Nb\n", "PC;Dell;Opti;Mairie;1\n" * 3
    alone = read(f"{header}{rows}PC;HP;École\n")
    assert told(alone) == {"other_length": (Severity.REJECTED, (5,))}


def test_a_row_completed_because_others_are_is_a_doubt(read: Read) -> None:
    header, rows = "Nb;Durée de vie;Type;Marque;Modèle;Lieu\n", "1;5;PC;Dell;Opti;Mairie\n" * 3
    found = read(f"{header}{rows}1;5;PC;Dell\n1;5;PC;HP\n")
    assert found.table.num_rows == 5
    severities = {issue.rows: issue.severity for issue in found.issues}
    assert severities == {(5,): Severity.NOTE, (6,): Severity.DOUBT}


def test_a_writer_that_keeps_blanks_left_out_the_end(read: Read) -> None:
    """7 may be a quantity or a lifetime, were it not for the blank model of another row."""
    short = f"{HEADER}{ROWS}Écran;U24;7\n"
    assert told(read(short)) == {"other_length": (Severity.REJECTED, (5,))}
    found = read(f"{short}PC fixe;;1;5;ok;RDC\n")
    assert found.table.num_rows == 5
    assert told(found) == {"short_row_completed": (Severity.DOUBT, (5,))}


def test_surplus_blank_cells_are_cut(read: Read) -> None:
    found = read(f"{HEADER}{ROWS}Écran;U24;7;5;ok;RDC;;;\nÉcran;U24;7;5;ok;RDC;x\n")
    assert kept(found) == [2, 3, 4, 5]
    assert told(found) == {"other_length": (Severity.REJECTED, (6,))}


def test_remarks_and_totals_show_nothing(read: Read) -> None:
    found = read(f"{HEADER}{ROWS}Note en bas\nTotal;;6\n")
    others = {str(line.reason): line.rows for line in found.uncounted.lines}
    assert others == {"note": 1, "total": 1}


def test_names_are_not_shown(read: Read) -> None:
    found = read("Type;Nb;Utilisateur;Lieu\nPC;1;Jean;A\nPC;2;Jean\n")
    assert found.table.num_rows == 2
    assert all("Jean" not in str(issue) for issue in found.issues)


def test_reasons_in_french(read: Read) -> None:
    """A row that lacks any 3 of its 6 cells: its second may be the comment, the fifth, unasked."""
    found = read(f"{HEADER}{ROWS}Écran;U24;3\nÉcran;7;ok\n")
    short, shifted = (issue.text("fr") for issue in found.issues)
    assert short == (
        "parc.csv, ligne 5 : 'Écran;U24;3' compte 3 cellules sur 6 : la fin, omise, est lue comme"
        " vide (signalé)"
    )
    assert shifted == (
        "parc.csv, ligne 6 : 'Écran' compte 3 cellules ; attendu : 6 cellules, comme dans"
        " l'en-tête : une cellule omise décale les suivantes (ligne refusée)"
    )
