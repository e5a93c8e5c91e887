"""Plans with mistakes, as a hurried hand would write them: each is told in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen
from reen.errors import FileFormatError

HEAD = '[organisation]\nnom = "Ville"\n[bilan]\nmethode = "base-carbone"\n'
YEAR = '[[annee]]\nannee = 2025\nfichiers = ["parc.csv"]\n'


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("", "[[bilan]] is missing; add [bilan]", "[[bilan]] manque ; ajoutez [bilan]"),
        (
            HEAD + YEAR + 'couleur = "bleu"\n',
            "key 'couleur' is not known; expected annee",
            "clé 'couleur' n'existe pas ; attendu : annee",
        ),
        (
            "[organisation\n",
            "Expected ']' at the end of a table declaration (at line 1, column 14)",
            "ligne 1, colonne 14 : « Expected ']' at the end of a table declaration »",
        ),
        (
            HEAD + YEAR.replace("parc.csv", "absent.csv"),
            "line 7: [[annee]] 1, key 'fichiers' names 'absent.csv', which is not in",
            "ligne 7 : [[annee]] 1, clé 'fichiers' nomme 'absent.csv', qui n'est pas dans",
        ),
    ],
)
def test_a_mistake_says_what_and_where(
    tmp_path: Path, text: str, english: str, french: str
) -> None:
    path = tmp_path / "review.toml"
    path.write_text(text, "utf-8")
    (tmp_path / "parc.csv").write_text("type;quantité\nPC portable;3\n", "utf-8")
    for language, said in (("en", english), ("fr", french)):
        with reen.language(language), pytest.raises(FileFormatError) as told:
            reen.Review.open(path)
        with reen.language(language):
            assert said in str(told.value).replace("\u00a0", " ")


def test_a_plan_that_is_not_there_is_told_in_french() -> None:
    with reen.language("fr"), pytest.raises(FileFormatError, match="dossier introuvable"):
        reen.Review.open("nulle-part/review.toml")
