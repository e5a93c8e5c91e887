"""Labels of totals as people write them, and words that only begin like one."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import reen
from reen.tables.rows import totals
from reen.types import Fate

LABELS = ("Parc total", "Tot.", "T O T A L", "T.O.T.A.L", "Σ", "Gesamt", "Gesamtsumme", "Summe")

#: A total of 10 + 20 in the middle of a list, with its label in each column of words.
LISTS = {
    "type": "Type;Quantité\nPC portable;10\nÉcran;20\n{};30\nServeur;2\n",
    "remark": "Type;Quantité;Commentaire\nPC portable;10;\nPC portable;20;\nPC portable;30;{}\n"
    "Serveur;2;\n",
    "site": "Site;Type;Quantité\nA;PC portable;10\nB;PC portable;20\n{};PC portable;30\n"
    "A;Serveur;2\n",
    "site without a type": "Site;Type;Quantité\nA;PC portable;10\nB;Écran;20\n{};;30\n"
    "A;Serveur;2\n",
}


@pytest.mark.parametrize("where", LISTS)
@pytest.mark.parametrize("label", LABELS)
def test_a_total_in_the_middle_is_counted_once(label: str, where: str) -> None:
    """10 + 20 + 2 = 32 items, and a total of 30 that is set aside."""
    account = reen.read(LISTS[where].format(label).encode(), name="parc.csv").account
    assert account.items_of(Fate.COUNTED) == 32.0
    assert account.rows_of(Fate.SET_ASIDE) == 1
    assert account.is_complete


@pytest.mark.parametrize("place", ["Sumène", "Totalé", "Sommières", "Totes", "Gesamtschule Nord"])
@pytest.mark.parametrize("header", ["Site;Type;Quantité", "Modèle;Type;Quantité"])
def test_a_word_that_begins_like_a_label_is_none(place: str, header: str) -> None:
    """7 + 3 = 10 items, and nothing that looks like a total."""
    text = f"{header}\n{place};PC portable;7\nAlès;Écran;3\n"
    account = reen.read(text.encode(), name="parc.csv").account
    assert account.items_of(Fate.COUNTED) == 10.0
    assert account.is_complete


@pytest.mark.parametrize(
    "text",
    [
        *("Sumène", "Total", "TOTAL GÉNÉRAL :", "Éotal", "soit 12 postes au total", "Σ", "\u03c3"),
        *("soit un total", "nombre total de postes", "quantité totale d'équipements", "Tot. 12"),
        *("- Total -", "ensemble", "ensemble du parc", "ensembles", "dont portables", "dontés"),
    ],
)
def test_both_searches_find_the_same_labels(text: str) -> None:
    """Columns are searched by Arrow, cells by Python, which differ in what a letter is."""
    for expression, found in (
        (totals._LABEL, totals.is_total_label(text)),
        (totals._ALONE, totals.is_label_alone(text)),
        (totals._PART, totals.is_part_label(text)),
    ):
        assert pc.match_substring_regex(pa.array([text]), expression)[0].as_py() is found


def test_the_whole_label_is_one_alone() -> None:
    for text in ("nombre total de postes", "quantité totale d'équipements", "Total du parc 2022"):
        assert totals.is_label_alone(text)
    for text in ("Total Access 924", "Tot. Écrans", "Σ Systems 4"):
        assert totals.is_total_label(text)
        assert not totals.is_label_alone(text)
