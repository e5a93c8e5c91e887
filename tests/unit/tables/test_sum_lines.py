"""Lines that add up those below them, whatever stands between their label and the counts."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import reen
from reen.tables.mapping.answers import read_answers, worklist_to_csv
from reen.tables.mapping.loading import mapping_from_toml
from reen.tables.mapping.mapping import FileMapping
from reen.tables.mapping.saving import mapping_to_toml
from reen.types import Fate


def read(rows: list[list[str]], name: str = "parc.csv") -> reen.Inventory:
    return reen.read("".join(";".join(row) + "\n" for row in rows).encode(), name=name)


def items(inventory: reen.Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


def doubts(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


def sites(inventory: reen.Inventory) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in inventory.table.to_pylist():
        found[row["site"]] = found.get(row["site"], 0.0) + row["quantity"]
    return found


#: 9 + 3 + 4 + 1 + 40 + 6 = 63 items; the first line says 13 + 4 = 17 again: 80 if it counts.
CENSUS = [
    ["Catégorie", "Mairie", "CTM", "Total"],
    ["Imprimantes", "13", "4", "17"],
    ["   Imprimantes laser", "9", "3", "12"],
    ["   Imprimantes jet d'encre", "4", "1", "5"],
    ["Écrans", "40", "6", "46"],
    ["Total", "53", "10", "63"],
]

#: Columns that stand beside the label: their header, and a cell for each line.
BESIDE = [
    ("Effectif", ("2", "1", "1", "9", "11")),
    ("Nb agents", ("2", "1", "1", "9", "11")),
    ("Commentaire", ("voir détail", "", "", "", "")),
    ("Commentaire", ("à voir", "prêtées", "à changer", "récents", "relu")),
    ("Domaine", ("Impression", "Impression", "Impression", "Affichage", "")),
    ("Unité", ("u", "u", "u", "u", "u")),
    ("Marque", ("HP", "HP", "Canon", "Dell", "")),
    ("Libellé", ("lot A", "lot B", "lot C", "lot D", "")),
    ("Observations", ("", "au rebut en 2026", "", "", "")),
    ("Modèle", ("x", "", "", "", "")),
    ("Modèle", ("divers", "LaserJet M404", "OfficeJet 8010", "P2422H", "")),
    ("Code", ("1", "1.1", "1.2", "2", "")),
    ("Réf.", ("A-1", "A-2", "A-3", "B-1", "")),
]


@pytest.mark.slow
@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("with_total", [False, True])
@pytest.mark.parametrize(("header", "cells"), BESIDE)
def test_what_stands_beside_the_label_is_no_label(
    header: str, cells: tuple[str, ...], *, with_total: bool, before: bool
) -> None:
    """Printers are 12 + 5 = 17, once; with 46 screens 63, of which 53 in the town hall."""
    rows = [
        [extra, label, *counts] if before else [label, extra, *counts]
        for extra, (label, *counts) in zip((header, *cells), CENSUS, strict=True)
    ]
    found = read(rows if with_total else rows[:-1])
    said = ["remark_says_status"] if "au rebut en 2026" in cells else []
    assert (items(found), doubts(found)) == (63.0, said)
    assert sites(found) == {"Mairie": 53.0, "CTM": 10.0}
    (told,) = (each.reason for each in found.issues if each.reason.code == "matrix_parents")
    assert told.detail("rows") == "Imprimantes (17)"
    assert sum(line.rows for line in found.account.lines if line.fate is Fate.COUNTED) == 6


@pytest.mark.parametrize("first", ["N°", "Code", "Réf."])
@pytest.mark.parametrize("label", ["Site", "Bâtiment", "Lieu"])
def test_totals_of_places_in_the_second_column(first: str, label: str) -> None:
    """Each column adds up: 25 + 5 = 30, 15 + 2 = 17, 47 in all; nothing is doubted."""
    rows = [
        [first, label, "Effectif", "PC fixe", "PC portable", "Total"],
        ["1", "Mairie", "45", "25", "15", "40"],
        ["2", "CTM", "22", "5", "2", "7"],
        ["", "Total", "67", "30", "17", "47"],
    ]
    found = read(rows)
    assert (items(found), doubts(found)) == (47.0, [])
    assert sites(found) == {"Mairie": 40.0, "CTM": 7.0}
    rows[3][3] = "31"
    (doubt,) = read(rows).account.doubts
    assert doubt.reason.code == "matrix_total"
    assert doubt.reason.detail("row") == "Total"


def test_a_total_of_all_places_by_type_is_one() -> None:
    """10 + 2 + 5 + 1 + 20 + 4 = 42: the line of all places names its type too, and is no place."""
    rows = [
        ["Site", "Type", "En service", "En stock"],
        ["Mairie", "Écran", "10", "2"],
        ["Mairie", "PC fixe", "5", "1"],
        ["CTM", "Écran", "20", "4"],
        ["Total", "Écran", "30", "6"],
    ]
    assert items(read(rows)) == 42.0


@pytest.mark.parametrize(
    ("parent", "counted", "doubted"),
    [
        ("Ordinateurs", 124.0, ["matrix_may_be_parents"]),
        ("Postes de travail", 124.0, ["matrix_may_be_parents"]),
        ("Micro-informatique", 124.0, ["matrix_may_be_parents"]),
        ("PC", 85.0, []),  # its kinds are called so
        ("Serveurs", 124.0, []),  # a known type may be as many by chance
    ],
)
@pytest.mark.parametrize("totals", [False, True])
def test_numbers_alone_say_that_a_word_of_no_type_is_a_sum(
    parent: str, counted: float, doubted: list[str], *, totals: bool
) -> None:
    """32 + 7 = 39 stand for 25 + 5 and 7 + 2: counted, 124 in all with 40 + 6, and asked."""
    rows = [
        ["Catégorie", "Mairie", "CTM", "Total"],
        [parent, "32", "7", "39"],
        ["PC fixes", "25", "5", "30"],
        ["PC portables", "7", "2", "9"],
        ["Écrans", "40", "6", "46"],
    ]
    found = read(rows if totals else [row[:-1] for row in rows])
    assert (items(found), doubts(found)) == (counted, doubted)


def test_one_more_item_is_no_sum() -> None:
    """33 is not 25 + 7: nothing is asked of a word that is no type."""
    rows = [
        ["Catégorie", "Mairie", "CTM"],
        ["Ordinateurs", "33", "7"],
        ["PC fixes", "25", "5"],
        ["PC portables", "7", "2"],
        ["Écrans", "40", "6"],
    ]
    found = read(rows)
    assert (items(found), doubts(found)) == (125.0, [])


FLAT = [
    ["Catégorie", "Mairie", "CTM"],
    ["Ordinateurs", "32", "7"],
    ["PC fixes", "25", "5"],
    ["PC portables", "7", "2"],
    ["Écrans", "40", "6"],
]


def answered(inventory: reen.Inventory, answers: dict[str, str], folder: Path) -> FileMapping:
    """Return the mapping that answers to the words of a worklist make."""
    text = worklist_to_csv(inventory.worklist).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    for row in rows:
        row["answer"] = answers.get(row["value"], "")
    assert set(answers) <= {row["value"] for row in rows}
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    (folder / "questions.csv").write_text(out.getvalue(), "utf-8")
    return read_answers(folder / "questions.csv")


def read_with(rows: list[list[str]], mapping: FileMapping) -> reen.Inventory:
    text = "".join(";".join(row) + "\n" for row in rows)
    return reen.read(text.encode(), name="parc.csv", mapping=mapping)


def test_a_word_that_may_be_a_sum_is_asked_as_one() -> None:
    """A type for it would count 39 computers twice, so none is proposed."""
    (question,) = (each for each in read(FLAT).worklist if each.value == "Ordinateurs")
    assert (question.reason.code, question.proposals) == ("word_may_be_sum", ("total",))
    alone = read([FLAT[0], ["Ordinateurs", "33", "7"], *FLAT[2:]])
    (question,) = (each for each in alone.worklist if each.value == "Ordinateurs")
    assert question.reason.code == "word_names_no_type"
    assert "desktop" in question.proposals


@pytest.mark.parametrize("answer", ["total", "-", "Somme", "sous-total", "hors inventaire"])
def test_the_answer_that_a_line_is_a_sum_sets_it_aside(answer: str, tmp_path: Path) -> None:
    """30 + 9 + 46 = 85 items, and nothing is doubted or asked any more."""
    mapping = answered(read(FLAT), {"Ordinateurs": answer}, tmp_path)
    assert mapping_from_toml(mapping_to_toml(mapping), place="a.toml").shared == mapping.shared
    found = read_with(FLAT, mapping)
    assert (items(found), doubts(found), list(found.worklist)) == (85.0, [], [])
    assert sites(found) == {"Mairie": 72.0, "CTM": 13.0}
    assert found.account.rows_of(Fate.SET_ASIDE) == 1


def test_the_answer_that_a_line_is_a_type_counts_it(tmp_path: Path) -> None:
    """39 + 30 + 9 + 46 = 124: its owner says that they are other computers; the doubt stays."""
    mapping = answered(read(FLAT), {"Ordinateurs": "desktop"}, tmp_path)
    found = read_with(FLAT, mapping)
    assert (items(found), doubts(found)) == (124.0, ["matrix_may_be_parents"])


def test_a_line_that_is_said_to_be_a_sum_is_none_of_the_counts(tmp_path: Path) -> None:
    """33 + 8 is not 30 + 9, and the owner says it is their sum: 85 items, as the total says."""
    rows = [
        ["Catégorie", "Mairie", "CTM"],
        ["Ordinateurs", "33", "8"],
        *FLAT[2:],
        ["Total", "72", "13"],
    ]
    mapping = answered(read(rows), {"Ordinateurs": "total"}, tmp_path)
    found = read_with(rows, mapping)
    assert (items(found), doubts(found)) == (85.0, [])


def test_a_sum_of_a_list_is_answered_too(tmp_path: Path) -> None:
    """Of 39 + 30 + 9 + 46 items of a list, whose line of 39 is said to be a sum, 85 count."""
    rows = [
        ["Type", "Quantité"],
        ["Ordinateurs", "39"],
        ["PC fixes", "30"],
        ["PC portables", "9"],
        ["Écrans", "46"],
    ]
    mapping = answered(read(rows), {"Ordinateurs": "total"}, tmp_path)
    found = read_with(rows, mapping)
    assert items(found) == 85.0
    assert found.account.items_of(Fate.SET_ASIDE) == 39.0
    assert list(found.worklist) == []


#: 60 + 40 = 100 computers and 20 + 10 = 30 telephones.
PLAIN = [
    ["Type", "Qte"],
    ["PC portable", "60"],
    ["PC fixe", "40"],
    ["Smartphone", "20"],
    ["Téléphone fixe", "10"],
]


@pytest.mark.parametrize("word", ["Parc informatique", "Informatique", "Matériel", "IT equipment"])
@pytest.mark.parametrize("place", [1, 3])
def test_a_word_for_all_sorts_is_the_sum_beside_it(word: str, place: int) -> None:
    """100 stands above 60 and 40, or below them: 130 items, and not 230."""
    rows = [*PLAIN[:place], [word, "100"], *PLAIN[place:]]
    found = read(rows)
    assert (items(found), doubts(found), len(found)) == (130.0, [], 4)
    assert found.account.rows_of(Fate.SET_ASIDE) == 1


@pytest.mark.parametrize("word", ["Direction du numérique", "Ordinateurs", "Zorglub"])
@pytest.mark.parametrize("place", [1, 3])
def test_a_word_that_nobody_knows_and_the_sum_beside_it_are_doubted(word: str, place: int) -> None:
    """They count, 230 in all, and it is asked whether 100 is 60 and 40."""
    found = read([*PLAIN[:place], [word, "100"], *PLAIN[place:]])
    assert (items(found), doubts(found)) == (230.0, ["matrix_may_be_parents"])
    (question,) = (each for each in found.worklist if each.value == word)
    assert (question.reason.code, question.proposals) == ("word_may_be_sum", ("total",))


@pytest.mark.parametrize(
    ("word", "number"), [("Parc informatique", "101"), ("Serveur", "100"), ("Zorglub", "99")]
)
def test_another_number_or_a_known_type_is_no_sum(word: str, number: str) -> None:
    found = read([PLAIN[0], [word, number], *PLAIN[1:]])
    assert (items(found), doubts(found)) == (130.0 + int(number), [])


def test_sums_of_sums() -> None:
    """130 = 100 + 30 stands above 100 = 60 + 40 and below both 30 = 20 + 10: 130 items."""
    rows = [
        PLAIN[0],
        ["Parc", "130"],
        ["Informatique", "100"],
        *PLAIN[1:3],
        ["Téléphonie", "30"],
        *PLAIN[3:],
    ]
    found = read(rows)
    assert (items(found), doubts(found)) == (130.0, [])
    found = read([PLAIN[0], *rows[2:], rows[1]])
    assert (items(found), doubts(found)) == (130.0, [])


def test_a_sum_says_nothing_of_its_own_beside_its_number() -> None:
    """Where it names a place of its own, or a model, it is one more line."""
    rows = [
        ["Type", "Site", "Qte"],
        ["Matériel", "", "100"],
        ["PC portable", "Mairie", "60"],
        ["PC fixe", "École", "40"],
    ]
    assert items(read(rows)) == 100.0
    rows[1][1] = "Gare"
    assert items(read(rows)) == 200.0


def test_a_sum_in_a_column_of_families() -> None:
    """The family is written in a column of its own; its sum has no category."""
    rows = [
        ["Famille", "Catégorie", "Qte"],
        ["Informatique", "", "100"],
        ["Informatique", "PC portable", "60"],
        ["Informatique", "PC fixe", "40"],
    ]
    found = read(rows)
    assert (items(found), doubts(found)) == (100.0, [])
