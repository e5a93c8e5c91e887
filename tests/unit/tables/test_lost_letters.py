"""Words that lost letters: found again when one meaning alone fits."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from reen.plugin.files import Imported
from reen.tables.cells.lost_letters import KnownWords, has_lost_letters, mend_lost_letters
from reen.tables.headers.header_words import mend_header
from reen.tables.headers.understanding import recognise
from reen.types import Severity

Read = Callable[..., Imported]

KNOWN = KnownWords.of(
    [
        *(("Unité centrale", "desktop"), ("Écran", "monitor"), ("Téléphone", "phone")),
        *(("Réformé", "retired"), ("Prêt", "loaned"), ("Prît", "taken"), ("Nœud", "node")),
        *(("N° de série", "serial"), ("Date d'achat", "date"), ("PC", "pc")),
    ]
)


@pytest.mark.parametrize("mark", ["\ufffd", "?", "\ufffd\ufffd", "??"])
@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        *(("Unit", " centrale", "Unité centrale"), ("", "cran", "Écran"), ("n", "ud", "Nœud")),
        *(("n", " de série", "N° de série"), ("date d", "achat", "Date d'achat")),
    ],
)
def test_one_word_fits(mark: str, before: str, after: str, word: str) -> None:
    assert mend_lost_letters(before + mark + after, KNOWN) == word


def test_several_letters_lost() -> None:
    assert mend_lost_letters("T\ufffdl\ufffdphone", KNOWN) == "Téléphone"
    assert mend_lost_letters("R??form??", KNOWN) == "Réformé"


@pytest.mark.parametrize(
    "word",
    [
        "Pr\ufffdt",  # prêt or prît
        "Unit\ufffd",  # a word that is longer
        "\ufffdC",  # no letter with an accent stands there
        "\ufffdtran",
        "\ufffd",
        "???",
        "Écran",
        "Statut ?",
        "",
    ],
)
def test_nothing_is_guessed(word: str) -> None:
    assert mend_lost_letters(word, KNOWN) is None


def test_a_question_is_no_lost_letter() -> None:
    assert not has_lost_letters("Reconditionné ?")
    assert has_lost_letters("Quantit?")


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Quantit\ufffd", "quantity"),
        ("Mod?le", "model"),
        ("Dur\ufffde de vie (ans)", "lifetime"),
        ("Date d\ufffdachat", "purchase_date"),
        ("N\ufffd de s\ufffdrie", "serial_number"),
        ("Cat\ufffd\ufffdgorie", "equipment_type"),
    ],
)
def test_headers(header: str, column: str) -> None:
    assert recognise([header]) == [column]


def test_headers_that_nothing_fits() -> None:
    assert mend_header("\ufffd\ufffd\ufffd") is None
    assert mend_header("Quantit") is None


def test_words_of_a_file(read: Read) -> None:
    found = read(
        "Type;Mod\ufffdle;Quantit\ufffd;Statut\n"
        "Unit\ufffd centrale;R\ufffdf;2;R\ufffdform\ufffd\n"
        '\ufffdcran 24 pouces;y;1;En service\nzz\ufffdz;"a ?";1;En service\n'
    )
    rows = found.table.to_pylist()
    assert [row["equipment_type"] for row in rows] == [
        "unité centrale",
        "écran 24 pouces",
        "zz\ufffdz",
    ]
    assert rows[0]["status"] == "réformé"
    told = {(issue.column, issue.reason.code): issue for issue in found.issues}
    assert told["equipment_type", "lost_letters_found"].severity is Severity.NOTE
    assert told["equipment_type", "letters_lost"].rows == (4,)
    assert told["model", "letters_lost"].value == "R\ufffdf"


@pytest.mark.slow
def test_the_time_for_damaged_words_grows_as_their_number(read: Read) -> None:
    """Each is looked up by what is left of it: the vocabulary is not walked through.

    Ten times the words take about ten times the time; pairs of words would take a hundred.
    """

    def seconds(words: int) -> float:
        rows = "".join(f"\ufffdcran{k}x;m;1\n" for k in range(words))
        began = time.process_time()
        assert read(f"Type;Modèle;Nb\n{rows}").table.num_rows == words
        return time.process_time() - began

    seconds(1_000)  # what is made once is made
    assert seconds(20_000) < 40 * seconds(2_000)
