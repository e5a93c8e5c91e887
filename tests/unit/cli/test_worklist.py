"""`reen read --worklist`: the questions are written, answered, and given back as a mapping."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reen
from reen.plugin.files import FileMapping
from reen.reasons.spoken import speaking
from reen.tables.mapping.mapping import TableMapping

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

#: Two kinds of thin client under a word of the house, one that nobody knows, and months as years.
ROWS = """\
Nature;Modèle;Qté;Durée d'amortissement;Parc
Bulot;Zeta 1;4;60;Ville
Bulot;Zeta 2;2;60;Ville
PC portable;Eta 9;10;48;CCAS
Portable;Iota 3;3;36;CCAS
"""


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "parc.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def answer(path: Path, answers: dict[str, str]) -> None:
    """Fill in the answers by what is asked, as a person does in a spreadsheet."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert set(answers) <= {row["value"] for row in rows}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows({**row, "answer": answers.get(row["value"], "")} for row in rows)


def test_the_page_opens_with_what_can_be_measured(typed: Typed, messy: Path) -> None:
    """Of 19 items, the 10 laptops have a type: 52.6 %."""
    run = typed("read", "--full", messy)
    words = " ".join(run.out.split())
    assert "the type is known of 52.6% of the items (10 of 19)" in words
    assert "First question: 'Bulot' names no type of equipment that is known (6 items)" in words
    assert words.index("52.6%") < words.index("Columns")


@pytest.mark.slow
def test_answers_are_given_back_and_kept_for_next_year(
    typed: Typed, messy: Path, tmp_path: Path
) -> None:
    questions, mapping = tmp_path / "questions.csv", tmp_path / "mairie.toml"
    assert typed("read", "--full", messy, "--worklist", questions).code == 0
    answer(
        questions, {"Bulot": "client léger", "Iota 3": "PC portable", "Parc": "entity", "60": "ok"}
    )
    run = typed("read", "--full", messy, "--mapping", questions, "--save-mapping", mapping)
    assert run.code == 0, run.err
    assert "the type of every item is known (19 items)" in " ".join(run.out.split())
    inventory = reen.read(messy, mapping=[mapping])
    rows = inventory.table.to_pylist()
    assert [row["equipment_type"] for row in rows] == [
        *("thin_client", "thin_client", "laptop", "laptop")
    ]
    assert [row["entity"] for row in rows] == ["Ville", "Ville", "CCAS", "CCAS"]
    assert not inventory.account.doubts
    again = reen.read(messy, mapping=[questions])
    assert again.table.equals(inventory.table)
    assert not [each for each in inventory.worklist if each.value in {"Bulot", "Parc", "60"}]


def test_a_doubt_that_was_accepted_bears_on_no_figure(messy: Path, tmp_path: Path) -> None:
    before = reen.read(messy)
    assert before.account.doubts
    questions = tmp_path / "q.csv"
    questions.write_text(
        "about;column;value;answer;code\n"
        + "".join(
            f"doubt;{each.column};{each.value};ok;{each.reason.code}\n"
            for each in before.account.doubts
        ),
        encoding="utf-8",
    )
    after = reen.read(messy, mapping=questions)
    assert not after.account.doubts
    assert after.table.equals(before.table)
    notes = {(each.column, each.value) for each in after.issues}
    assert {(each.column, each.value) for each in before.account.doubts} <= notes


def test_the_questions_are_in_the_report_for_programs(typed: Typed, messy: Path) -> None:
    content = json.loads(typed("read", "--full", messy, "--format", "json").out)
    worklist = content["worklist"]
    assert (worklist["items"], worklist["typed"]) == (19.0, 10.0)
    assert worklist["questions"][0]["value"] == "Bulot"


def test_the_questions_are_written_over_no_file_that_was_read(typed: Typed, messy: Path) -> None:
    run = typed("read", "--full", messy, "--worklist", messy)
    assert run.code == 2
    assert messy.read_text(encoding="utf-8") == ROWS


@pytest.mark.parametrize("answered", ["-", "entity"])
def test_what_a_header_is_answered_reads_no_total_as_equipment(
    typed: Typed, tmp_path: Path, answered: str
) -> None:
    """The labels of titles and totals stand under it: 4 + 1 + 3 + 2 items, whatever is said."""
    path = tmp_path / "parc.csv"
    path.write_text(
        "Réf interne;Nature;Modèle;Qté\n"
        "1. POSTES DE TRAVAIL;;;\nDSI-1;PC portable;A;4\nDSI-3;PC portable;C;1\n"
        "2. ÉCRANS;;;\nDSI-2;Écran;B;3\nDSI-4;Écran;D;2\n"
        "Total;;;10\n(1) sans pied, contact 02 00 00 00 00;;;\n",
        encoding="utf-8",
    )
    questions = tmp_path / "q.csv"
    assert typed("read", "--full", path, "--worklist", questions).code == 0
    answer(questions, {"Réf interne": "asset_tag" if answered == "entity" else answered})
    inventory = reen.read(path, mapping=questions)
    assert inventory.table["quantity"].to_pylist() == [4.0, 1.0, 3.0, 2.0]
    assert not [each for each in inventory.worklist if each.value == "Réf interne"]


def test_a_word_that_was_answered_is_contradicted_by_no_model() -> None:
    text = "Type;Marque;Modèle;Nb\nBulot;Dell;OptiPlex 7080;2\n".encode()
    mapping = FileMapping(
        name="m",
        shared=TableMapping(words={"equipment_type": {"Bulot": "thin_client"}}),
    )
    inventory = reen.read(text, name="parc.csv", mapping=mapping)
    assert inventory.table["equipment_type"].to_pylist() == ["thin_client"]
    assert not inventory.account.doubts


def test_answers_are_never_written_over(typed: Typed, messy: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.csv"
    assert typed("read", "--full", messy, "--worklist", questions).code == 0
    answer(questions, {"Bulot": "client léger"})
    before = questions.read_bytes()
    run = typed("read", "--full", messy, "--worklist", questions)
    assert run.code == 2
    assert "may hold answers" in run.err
    assert questions.read_bytes() == before


def test_questions_and_lines_to_fill_in_are_in_the_language_of_the_page(
    messy: Path, typed: Typed, tmp_path: Path
) -> None:
    questions, mapping = tmp_path / "q.csv", tmp_path / "m.toml"
    how = ("--worklist", str(questions), "--save-mapping", str(mapping), "--lang", "fr")
    with speaking("en"):  # what follows speaks English again
        assert typed("read", messy, *how).code == 0
    written = questions.read_text(encoding="utf-8-sig")
    assert "ne désigne aucun type d'équipement connu" in written
    assert "a word of the library" not in written
    assert "# Headers that are not known" not in mapping.read_text(encoding="utf-8")
