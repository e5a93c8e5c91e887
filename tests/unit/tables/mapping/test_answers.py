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

import reen
from reen.errors import FileFormatError
from reen.inventory.questions import Question, Subject, Worklist
from reen.reasons import Reason
from reen.tables.headers.reading_columns import READ_EQUIPMENT
from reen.tables.mapping.answer_words import ANSWERS, words_of
from reen.tables.mapping.answers import read_answers, worklist_to_csv
from reen.tables.mapping.given import combined
from reen.tables.mapping.loading import mapping_from_toml
from reen.tables.mapping.mapping import (
    AcceptedDoubt,
    ColumnRule,
    FileMapping,
    TableMapping,
    no_equipment,
    sum_line,
)
from reen.tables.mapping.saving import mapping_to_toml

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


def filled(answers: Sequence[str], language: str = "en") -> list[list[str]]:
    """Return the table with the answers of the first questions filled in."""
    text = worklist_to_csv(worklist(), language=language).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    place, code = ANSWERS.index("answer"), ANSWERS.index("code")
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
        (["=A1"], 2, "'exclude' for what is no equipment of the inventory"),
        (["", "", "peut-être"], 4, "a word that status can be: in_use, in_stock"),
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
    rows = filled([], "fr")
    assert rows[0][:6] == ["sujet", "colonne", "valeur", "question", "propositions", "réponse"]
    assert rows[1][:2] == ["mot", "type d'équipement"]
    assert rows[1][ANSWERS.index("question")] == "ne désigne aucun type d'équipement connu"
    assert rows[4][ANSWERS.index("how_to_answer")].startswith("la colonne dont il s'agit")
    assert filled([])[0] == list(ANSWERS)


@pytest.mark.parametrize("spoken", ["en", "fr"])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "answers",
    [ANSWERED, ["Client léger", "tablet", "in_use", "entité", "ok"]],
    ids=["one", "other"],
)
def test_a_worklist_in_one_language_is_read_in_any(
    tmp_path: Path, answers: list[str], language: str, spoken: str
) -> None:
    """A city answers in French on a machine that speaks English, and the other way round."""
    path = as_csv(filled(answers, language), tmp_path / "questions.csv", ";", "utf-8")
    with reen.language(spoken):
        assert read_answers(path) == EXPECTED


def test_headers_without_their_accents_are_known(tmp_path: Path) -> None:
    """Some tools drop them, or write capitals."""
    rows = filled(ANSWERED, "fr")
    rows[0] = ["SUJET", "Colonne", "Valeur", "Question", "", "REPONSE", *rows[0][6:]]
    assert read_answers(as_csv(rows, tmp_path / "questions.csv", ";", "utf-8")) == EXPECTED


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("durée de vie (mois)", ColumnRule("lifetime", unit="month")),
        ("Durée de vie", ColumnRule("lifetime")),
        ("garder", ColumnRule("keep")),
        ("keep", ColumnRule("keep")),
        ("durée de vie amont", ColumnRule("upstream_lifetime")),
    ],
)
def test_a_column_may_be_answered_in_french(tmp_path: Path, answer: str, rule: ColumnRule) -> None:
    path = as_csv(filled(["", "", "", answer], "fr"), tmp_path / "q.csv", ";", "utf-8")
    assert read_answers(path).shared.columns == {"Parc": rule}


def test_an_error_names_the_column_as_the_file_does(tmp_path: Path) -> None:
    path = as_csv(filled(["bof"], "fr"), tmp_path / "q.csv", ";", "utf-8")
    with reen.language("fr"), pytest.raises(FileFormatError, match="un type d'équipement") as told:
        read_answers(path)
    assert "ligne 2, colonne « réponse »" in told.value.said.text("fr")
    assert "line 2, column 'réponse': says 'bof'; expected a type" in str(told.value)
    with pytest.raises(FileFormatError, match="line 2, column 'réponse': says 'bof'"):
        read_answers(path)
    rows = filled(ANSWERED, "fr")
    rows[1][0] = "truc"
    with (
        reen.language("fr"),
        pytest.raises(FileFormatError, match=r"colonne « sujet ».*mot, modèle"),
    ):
        read_answers(as_csv(rows, path, ";", "utf-8"))


def test_no_two_columns_have_the_same_words() -> None:
    """An answer would otherwise mean either."""
    for language in ("en", "fr"):
        for kind in ("parameter", "worklist_column", "worklist_about", "worklist_answer"):
            known = words_of(kind)
            keys = set(known.list().split(", ")) if kind != "parameter" else set(READ_EQUIPMENT)
            assert {known.read(known.write(key, language)) for key in keys} == keys


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


@pytest.mark.parametrize("answer", ["exclude", "Exclure", "hors inventaire", "-", "Hors périmètre"])
def test_a_word_of_no_equipment_is_set_aside(answer: str, tmp_path: Path) -> None:
    path = as_csv(filled([answer]), tmp_path / "q.csv", ";", "utf-8")
    assert read_answers(path).shared.set_aside == (no_equipment("Bulot"),)


@pytest.mark.parametrize("answer", ["total", "Sous-total", "somme"])
def test_a_word_that_adds_up_others_is_set_aside(answer: str, tmp_path: Path) -> None:
    path = as_csv(filled([answer]), tmp_path / "q.csv", ";", "utf-8")
    assert read_answers(path).shared.set_aside == (sum_line("Bulot"),)


def test_a_formula_is_no_answer_and_is_named_with_its_line(tmp_path: Path) -> None:
    """The workbook does not hold what "=A1" is: it was dropped in silence."""
    book = openpyxl.Workbook()
    for row in filled(["=A1"]):
        book.active.append(row)
    book.save(tmp_path / "q.xlsx")
    with pytest.raises(FileFormatError, match=r"line 2, column 'answer'.*correct the formula"):
        read_answers(tmp_path / "q.xlsx")
