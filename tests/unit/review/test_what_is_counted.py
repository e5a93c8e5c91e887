"""What a review says that it counts: items, lines of spending, what left; what a total holds."""

from __future__ import annotations

import html

import pytest

import reen
from reen.review.all_sections import document_of
from reen.review.document import Document, Section, Table, Text
from reen.types import YearReview

#: A review is measured before anything of it can be looked at.
pytestmark = pytest.mark.slow

TIMES = "\N{MULTIPLICATION SIGN}"

FILES = {
    "parc.csv": "Type;Modèle;Quantité;Date d'achat;Direction\n"
    "PC portable;Latitude 5420;40;01/03/2023;Mairie\nÉcran;P2419H;10;01/03/2014;CCAS\n",
    "prestations.csv": "Date;Type de prestation;Montant HT;Libellé\n"
    "01/02/2025;télécom;12000;Abonnements\n01/03/2025;télécom;3000;Lignes\n",
    "sorties.csv": "Date de sortie;Type de matériel;Quantité;Poids (kg);Destination\n"
    "01/05/2025;Écran;4;22;recyclage\n02/05/2025;PC portable;1;2;à la benne\n",
    "effectifs.csv": "Date;Service;Agents;Habitants\n31/12/2025;Mairie;30;\n31/12/2025;CCAS;20;\n"
    "Total;;50;4000\n",
    "review.toml": '[organisation]\nnom = "Bourg"\n[bilan]\nmethode = "base-carbone"\n'
    '[[annee]]\nannee = 2025\nfichiers = ["parc.csv", "prestations.csv", "sorties.csv",'
    ' "effectifs.csv"]\n',
}


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> YearReview:
    made = tmp_path_factory.mktemp("bourg")
    for name, text in FILES.items():
        (made / name).write_text(text, "utf-8")
    return reen.Review.open(made / "review.toml").year(2025)


def document(review: YearReview, language: str) -> Document:
    with reen.language(language):
        return document_of(review, {}, language=language)


def section(document: Document, key: str) -> Section:
    return next(each for each in document.sections if each.key == key)


def table(section: Section, caption: str) -> list[list[str]]:
    found = next(
        each for each in section.blocks if isinstance(each, Table) and each.caption == caption
    )
    plain = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")
    return [[cell.translate(plain) for cell in row] for row in found.rows]


def test_stages_say_what_they_count(review: YearReview) -> None:
    """Two lines of spending are no items, nor is what left."""
    french = table(section(document(review, "fr"), "empreinte"), "Par étape du cycle de vie")
    said = {row[0]: row[2] for row in french}
    assert said["Fin de vie"] == "4 sur 5 équipements sortis (80 %)"
    assert "2 sur 2 lignes de dépense" in said["Non précisé"].split(" ; ")
    english = table(section(document(review, "en"), "empreinte"), "By stage of the life cycle")
    assert "4 of 5 items that left (80%)" in [row[2] for row in english]


def test_what_is_left_out_says_of_what(review: YearReview) -> None:
    left = table(
        section(document(review, "fr"), "qualite"), "Laissé de côté, et qui devrait être compté"
    )
    thrown = next(row for row in left if "jeté" in row[3])
    assert thrown[2] == "1 équipement sorti"


def test_the_first_page_says_what_the_total_holds(review: YearReview) -> None:
    texts = [
        each.text.replace("\N{NO-BREAK SPACE}", " ")
        for each in section(document(review, "fr"), "essentiel").blocks
        if isinstance(each, Text)
    ]
    said = next(each for each in texts if each.startswith("Le total additionne"))
    assert "les services achetés (2 lignes de dépense)" in said
    assert "les déchets de l'année (4 équipements sortis) 0,02 t" in said


def test_the_short_page_says_what_the_total_holds(review: YearReview) -> None:
    with reen.language("fr"):
        lines = review.now.footprint._repr_html_()
    assert "y compris les services achetés et les déchets de l'année" in html.unescape(lines)


def test_items_per_agent_and_ages_stand_in_the_review(review: YearReview) -> None:
    """40 laptops and 10 screens for 50 agents; 40 items of 2 years, 10 of 11."""
    axes = section(document(review, "fr"), "axes")
    per = {row[0]: row[1:3] for row in table(axes, "Équipements par agent")}
    assert per["Ordinateurs"] == ["80 pour 100 agents", f"100 {TIMES} 40 ÷ 50"]
    assert per["Écran d'ordinateur"] == [
        "20 pour 100 agents",
        "100 \N{MULTIPLICATION SIGN} 10 ÷ 50",
    ]
    ages = {row[0]: row[1] for row in table(axes, "Parc par classe d'âge")}
    assert ages["de 1 à 3 ans"] == "80 %"
    assert ages["10 ans et plus"] == "20 %"
    english = section(document(review, "en"), "axes")
    assert ["10 years or more", "20%"] in [
        row[:2] for row in table(english, "Fleet by class of age")
    ]


def test_inhabitants_of_a_total_row_divide_the_total(review: YearReview) -> None:
    value = next(each for each in review.indicators if each.indicator == "footprint_per_inhabitant")
    assert value.denominator == 4000.0
