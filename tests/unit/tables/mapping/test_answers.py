"""Answers: the questions of a worklist, filled in, are a mapping."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.errors import FileFormatError
from reen.inventory.questions import Question, Subject, Worklist
from reen.reasons import Reason
from reen.tables.mapping.answers import ANSWERS, read_answers, worklist_to_csv
from reen.tables.mapping.combining import combined
from reen.tables.mapping.loading import mapping_from_toml, mapping_to_toml
from reen.tables.mapping.mapping import (
    AcceptedDoubt,
    ColumnRule,
    FileMapping,
    TableMapping,
)

QUESTIONS = (
    ("word", "equipment_type", "Bulot", "word_names_no_type"),
    ("model", "equipment_type", "Acme Zeta 5", "model_without_type"),
    ("word", "status", "qui sait", "word_counted_as"),
    ("header", "", "Parc", "header_not_known"),
    ("doubt", "lifetime", "60", "column_in_another_unit"),
    ("blank", "equipment_type", "", "nothing_says_type"),
)


def worklist() -> Worklist:
    return Worklist(
        questions=tuple(
            Question(
                subject=Subject(subject),
                column=column,
                value=value,
                reason=Reason("word_names_no_type"),
                rows=3,
                source="parc.csv",
                examples=(2, 3),
            )
            for subject, column, value, _ in QUESTIONS
        )
    )


def filled(answers: Sequence[str]) -> list[list[str]]:
    """Return the table with the answers of the first questions filled in."""
    text = worklist_to_csv(worklist(), language="fr").removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    place, code = rows[0].index("answer"), rows[0].index("code")
    for row, answer, (*_, reason) in zip(rows[1:], answers, QUESTIONS, strict=False):
        row[place], row[code] = answer, reason
    return rows


def as_csv(rows: list[list[str]], path: Path, delimiter: str, encoding: str) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


ANSWERED = ["client léger", "tablette", "in_use", "entity", "oui"]
EXPECTED = FileMapping(
    name="questions",
    title="Answers to a worklist",
    shared=TableMapping(
        columns={"Parc": ColumnRule("entity")},
        words={
            "equipment_type": {"Bulot": "thin_client", "Acme Zeta 5": "tablet"},
            "status": {"qui sait": "in_use"},
        },
    ),
    accepted=(AcceptedDoubt("column_in_another_unit", "lifetime", "60"),),
)


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-8-sig"), (",", "utf-8"), (";", "cp1252")]
)
def test_the_answers_are_a_mapping_however_they_were_saved(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = as_csv(filled(ANSWERED), tmp_path / "questions.csv", delimiter, encoding)
    assert read_answers(path) == EXPECTED


def test_answers_in_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in filled(ANSWERED):
        book.active.append(row)
    book.save(tmp_path / "questions.xlsx")
    assert read_answers(tmp_path / "questions.xlsx") == EXPECTED


def test_questions_without_an_answer_stay_questions(tmp_path: Path) -> None:
    path = as_csv(filled([]), tmp_path / "q.csv", ";", "utf-8")
    assert read_answers(path) == FileMapping(name="q", title="Answers to a worklist")


@pytest.mark.parametrize(
    ("answers", "line", "expected"),
    [
        (["labtop"], 2, "did you mean 'laptop'"),
        (["", "", "peut-être"], 4, "a word that status can be"),
        (["", "", "", "Parc"], 5, "a column (id, name"),
        (["", "", "", "", "bof"], 6, "'ok' when it is read rightly"),
        (["", "", "", "", "", "laptop"], 7, "correct this in the file"),
    ],
)
def test_an_answer_that_cannot_be_is_named_with_its_line(
    tmp_path: Path, answers: list[str], line: int, expected: str
) -> None:
    path = as_csv(filled(answers), tmp_path / "q.csv", ";", "utf-8")
    with pytest.raises(FileFormatError) as caught:
        read_answers(path)
    assert f"q.csv: line {line}, column 'answer'" in str(caught.value)
    assert expected in str(caught.value)


def test_a_column_may_be_answered_with_its_unit(tmp_path: Path) -> None:
    path = as_csv(filled(["", "", "", "lifetime month"]), tmp_path / "q.csv", ";", "utf-8")
    assert read_answers(path).shared.columns == {"Parc": ColumnRule("lifetime", unit="month")}


def test_two_spellings_of_a_word_are_one_answer(tmp_path: Path) -> None:
    rows = filled(["client léger"])
    other = [*rows[1]]
    other[ANSWERS.index("value")] = "BULOT"
    path = as_csv([*rows, other], tmp_path / "q.csv", ";", "utf-8")
    assert read_answers(path).shared.words == {"equipment_type": {"Bulot": "thin_client"}}
    other[ANSWERS.index("answer")] = "écran"
    path = as_csv([*rows, other], tmp_path / "q.csv", ";", "utf-8")
    with pytest.raises(FileFormatError, match="one answer to a word: above, it is 'thin_client'"):
        read_answers(path)


def test_all_answers_that_cannot_be_are_told_together(tmp_path: Path) -> None:
    path = as_csv(filled(["labtop", "tablette", "bof"]), tmp_path / "q.csv", ";", "utf-8")
    with pytest.raises(FileFormatError, match=r"line 2, .*; line 4, "):
        read_answers(path)


def test_a_header_of_no_use_is_asked_no_more_and_drops_no_column(tmp_path: Path) -> None:
    """It may be a known header of another sheet, and hold the labels of totals in this one."""
    path = as_csv(filled(["", "", "", "-"]), tmp_path / "q.csv", ";", "utf-8")
    mapping = read_answers(path)
    assert not mapping.shared.columns
    assert mapping.accepted == (AcceptedDoubt("header_not_known", "", "Parc"),)


def test_another_table_is_no_worklist(tmp_path: Path) -> None:
    (tmp_path / "parc.csv").write_text("Type;Nombre\nPC portable;3\n", encoding="utf-8")
    with pytest.raises(FileFormatError, match="neither a mapping in TOML nor a worklist"):
        read_answers(tmp_path / "parc.csv")
    with pytest.raises(FileFormatError, match="cannot be read"):
        read_answers(tmp_path / "absent.csv")


def test_the_questions_say_how_to_answer_in_french() -> None:
    rows = filled([])
    assert rows[0] == list(ANSWERS)
    assert rows[1][ANSWERS.index("question")] == "ne désigne aucun type d'équipement connu"
    assert rows[4][ANSWERS.index("how_to_answer")].startswith("la colonne dont il s'agit")


def test_the_later_mapping_is_the_answer() -> None:
    """Last year "Parc" was a place; the answer of this year says that it is the entity."""
    last = FileMapping(
        name="mairie",
        shared=TableMapping(
            columns={"Parc": ColumnRule("site"), "Réf": ColumnRule("asset_tag")},
            words={"equipment_type": {"Bulot": "desktop"}},
        ),
        keep=("Étage",),
    )
    both = combined([last, EXPECTED])
    assert both.name == "mairie"
    assert both.shared.columns == {"Réf": ColumnRule("asset_tag"), "Parc": ColumnRule("entity")}
    assert both.shared.words["equipment_type"] == {"Bulot": "thin_client", "Acme Zeta 5": "tablet"}
    assert (both.keep, both.accepted) == (("Étage",), EXPECTED.accepted)


def test_accepted_doubts_are_written_and_read() -> None:
    assert mapping_from_toml(mapping_to_toml(EXPECTED), place="m.toml") == EXPECTED


WORDS = st.dictionaries(
    st.sampled_from(["Bulot", "bulots", "Zeta", "Truc"]), st.sampled_from(["laptop", "server"])
)


@given(WORDS, WORDS, WORDS)
def test_combining_is_associative(one: dict, two: dict, three: dict) -> None:
    a, b, c = (
        FileMapping(name="m", shared=TableMapping(words={"equipment_type": words}))
        for words in (one, two, three)
    )
    assert combined([combined([a, b]), c]) == combined([a, combined([b, c])]) == combined([a, b, c])
