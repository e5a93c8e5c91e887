"""`reen offers`: a page in both languages, and data."""

from __future__ import annotations

import json
from pathlib import Path

from reen.views.text import LINES

from .conftest import Typed

PURCHASE = """\
[achat]
titre = "Portables"
duree_ans = 6
kg_kwh = 0.0461
euros_kwh = 0.2
fin_de_vie_euros = 3
source = "la ville"
dispersion = 0.2
source_dispersion = "constructeurs"
fichier = "offres.csv"

[points]
carbone = 20
cout = 40
"""
OFFERS = """\
Fournisseur;Modèle;Prix euros;Méthode fiche;Total kg;Part utilisation;kWh an
Alpha;Lat 5450;890,50;PAIA;256;0,154;20,5
Beta;Think T14;845;PAIA;301;0,2;19
Gamma;Lat 5420 R;490;ISO 14067;60;0,1;22
"""


def purchase(folder: Path) -> str:
    (folder / "offres.csv").write_text(OFFERS, "utf-8")
    (folder / "achat.toml").write_text(PURCHASE, "utf-8")
    return str(folder / "achat.toml")


def test_a_page_in_both_languages(tmp_path: Path, typed: Typed) -> None:
    path = purchase(tmp_path)
    french = typed("offers", path, "--lang", "fr", "--full")
    english = typed("offers", path, "--lang", "en", "--full")
    for said in (
        "Alpha, Lat 5450",
        "37,04",
        "918,1",
        "fiches de méthodes différentes",
        "Note coût",
    ):
        assert said in french.out
    for said in ("37.04", "918.1", "sheets of different methods", "Points for cost"):
        assert said in english.out


def test_the_page_fits_on_a_small_terminal(tmp_path: Path, typed: Typed) -> None:
    """What stands against a rank is on it, and how to see the formulas."""
    for language in ("en", "fr"):
        run = typed("offers", purchase(tmp_path), "--lang", language)
        assert len(run.out.splitlines()) <= LINES
        assert "Alpha, Lat 5450 / Beta, Think T14" in run.out
        assert "--full" in run.out
    assert "37,04" in run.out


def test_data(tmp_path: Path, typed: Typed) -> None:
    data = json.loads(typed("offers", purchase(tmp_path), "--format", "json").out)
    assert not data["ranked"]
    assert [each["rank"] for each in data["offers"]] == [None, None, None]
    assert [each["reason"]["code"] for each in data["pairs"]] == [
        "offers_not_told_apart",
        "offers_of_methods",
        "offers_of_methods",
    ]


def test_the_files_are_not_written_over(tmp_path: Path, typed: Typed) -> None:
    path = purchase(tmp_path)
    for output in (path, str(tmp_path / "offres.csv")):
        done = typed("offers", path, "--output", output)
        assert done.code == 2
    assert (tmp_path / "offres.csv").read_text("utf-8") == OFFERS


def test_a_table_without_terms(tmp_path: Path, typed: Typed) -> None:
    purchase(tmp_path)
    done = typed("offers", str(tmp_path / "offres.csv"))
    assert done.code == 2
    assert "[achat]" in done.err
