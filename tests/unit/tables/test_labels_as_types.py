"""A column "Désignation" is the type where its words are types, and describes models elsewhere."""

from __future__ import annotations

import pytest

import reen

LIST = "N°;{};Marque;Modèle;Qté\n1;PC portable;Dell;Latitude 5420;3\n2;Écran;HP;E223;4\n"


def mapped(text: str, name: str = "parc.csv") -> dict[str, str]:
    report = reen.read(text.encode(), name=name).report
    assert report is not None
    return dict(report.mapped)


@pytest.mark.parametrize("header", ["Désignation", "Libellé"])
def test_words_of_types_make_it_the_type(header: str) -> None:
    """What nobody knows below it is then a word to answer, and not a row to mend in the file."""
    text = LIST.format(header) + "3;Machin;;;5\n"
    found = reen.read(text.encode(), name="parc.csv")
    assert found.report.mapped["equipment_type"] == header
    question = found.worklist[0]
    assert (str(question.subject), question.value, question.items) == ("word", "Machin", 5.0)


def test_totals_among_its_words_do_not_hide_them() -> None:
    """Two types of four words: half."""
    text = LIST.format("Désignation") + ";Sous-total;;;7\n;Total général;;;7\n"
    assert mapped(text)["equipment_type"] == "Désignation"


@pytest.mark.parametrize(
    "text",
    [
        "N°;Désignation;Modèle\n1;Poste de l'accueil;Latitude 5420\n2;Salle 2;E223\n3;Hall;R740\n",
        "Type;Désignation;Modèle\nPC portable;PC portable;Latitude 5420\nÉcran;Écran;E223\n",
    ],
)
def test_other_words_and_other_columns_leave_it_a_description(text: str) -> None:
    assert mapped(text)["description"] == "Désignation"


def test_a_header_that_nothing_explains_is_proposed_for_its_words() -> None:
    """The types stand under "Bien", and "Modèle" was proposed."""
    found = reen.read(LIST.format("Bien").encode(), name="parc.csv")
    (said,) = [each for each in found.report.assumptions if each.code == "read_no_type"]
    assert "for instance 'Bien'" in str(said)
