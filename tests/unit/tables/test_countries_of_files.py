"""What "NC" and "NA" mean in a column of countries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reen.plugin.files import Imported
from reen.types import Severity

Read = Callable[..., Imported]


def countries(read: Read, *cells: str, given: str | None = "FR") -> tuple[list[str], Imported]:
    rows = "".join(f"PC fixe;m;{cell}\n" for cell in cells)
    found = read(f"Type;Modèle;Pays\n{rows}", country=given)
    return found.table["country"].to_pylist(), found


@pytest.mark.parametrize("word", ["NC", "NA", "NR", "NP", "SO", "nc"])
def test_alone_it_is_a_question_and_never_the_country_of_the_others(read: Read, word: str) -> None:
    found, imported = countries(read, word, "France")
    assert found == [None, "France"]
    (issue,) = imported.issues
    assert (issue.column, issue.value, issue.rows) == ("country", word, (2,))
    assert issue.severity is Severity.CELL
    assert "the file does not tell which" in str(issue)
    assert "ne permet pas de trancher" in issue.text("fr")
    assert imported.table["country_raw"].to_pylist() == [word, "France"]


@pytest.mark.parametrize(
    "cells",
    [("NC", "FR", "PF"), ("NC", "RE"), ("NC", "Polynésie française"), ("NC", "FR", "BE")],
)
def test_other_territories_settle_that_it_is_one(read: Read, cells: tuple[str, ...]) -> None:
    found, imported = countries(read, *cells)
    assert found[0] == "NC"
    assert imported.issues == ()


def test_blanks_written_otherwise_show_a_country_in_doubt(read: Read) -> None:
    found, imported = countries(read, "NC", "France", "", "inconnu")
    assert found == ["NC", "France", "FR", "FR"]
    (issue,) = imported.issues
    assert (issue.value, issue.severity) == ("NC", Severity.DOUBT)


def test_the_same_letters_for_nothing_elsewhere_show_a_blank(read: Read) -> None:
    found = read("Type;Modèle;Pays\nPC;NC;NC\nPC;x;France\n", country="FR")
    assert found.table["country"].to_pylist() == ["FR", "France"]
    (issue,) = found.issues
    assert (issue.value, issue.severity) == ("NC", Severity.NOTE)
    found = read("Type;Modèle;Pays\nPC;NC;NC\nPC;x;PF\n", country="FR")
    assert found.table["country"].to_pylist() == [None, "PF"]


def test_programs_write_na_beside_codes(read: Read) -> None:
    assert countries(read, "NA", "FR", "BE")[0] == [None, "FR", "BE"]
    assert countries(read, "NA", "FR", "ZA", "", given=None)[0] == ["NA", "FR", "ZA", None]


def test_codes_with_one_meaning_are_countries(read: Read) -> None:
    found, imported = countries(read, "MC", "SM", "N/A", "n.c.", "")
    assert found == ["MC", "SM", "FR", "FR", "FR"]
    assert imported.issues == ()


def test_a_question_written_and_read_again_stays_one(read: Read) -> None:
    found = read(
        "equipment_type,country,country_raw\nlaptop,,NC\nlaptop,FR,FR\nlaptop,,\n", country="FR"
    )
    assert found.table["country"].to_pylist() == [None, "FR", "FR"]
