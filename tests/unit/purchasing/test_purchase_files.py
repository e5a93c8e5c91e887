"""Files of a purchase: TOML, sheets, and every fault named by its line or row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import reen
from reen.cli.app import app
from reen.errors import FileFormatError, OptionError

TERMS = """\
[achat]
titre = "Portables"
duree_ans = 6
kg_kwh = 0.0461
euros_kwh = 0.2
fin_de_vie_euros = 3
source = "la ville"
dispersion = 0.2
source_dispersion = "constructeurs"

[points]
carbone = 20
"""
SHEET = """\
Fournisseur;Modèle;Prix euros;Méthode fiche;Total kg;Part utilisation;kWh an;Reconditionné
Alpha;Lat 5450;890,50;PAIA;256;0,154;20,5;non
Gamma;Lat 5420 R;490;PAIA;60;0,1;22;oui
"""
OFFERS = """\
[[offre]]
fournisseur = "Alpha"
modele = "Lat 5450"
prix_euros = 890.5
methode_fiche = "PAIA"
total_kg = 256
part_utilisation = 0.154
kwh_an = 20.5
reconditionne = false

[[offer]]
supplier = "Gamma"
model = "Lat 5420 R"
price = 490
sheet_method = "PAIA"
total = 60
use_share = 0.1
kwh = 22
refurbished = true
"""


def write(folder: Path, **files: str) -> dict[str, Path]:
    found = {}
    for name, text in files.items():
        found[name] = folder / name.replace("_", ".")
        found[name].write_text(text, "utf-8")
    return found


def test_sections_and_a_sheet_say_the_same(tmp_path: Path) -> None:
    named = TERMS.replace("[points]", 'fichier = "offres.csv"\n\n[points]')
    write(tmp_path, a_toml=TERMS + OFFERS, b_toml=named, terms_toml=TERMS, offres_csv=SHEET)
    found = [
        reen.offers(tmp_path / "a.toml"),
        reen.offers(tmp_path / "b.toml"),
        reen.offers(tmp_path / "offres.csv", terms=tmp_path / "terms.toml"),
    ]
    assert found[0] == found[1] == found[2]
    assert found[0].results[0].carbon == pytest.approx(37.04105)
    assert [each.rank for each in found[0].results] == [2, 1]


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (line.split(";") for line in SHEET.splitlines()):
        typed: list[Any] = [float(c.replace(",", ".")) if c[0].isdigit() else c for c in row]
        book.active.append(typed)
    book.save(tmp_path / "offres.xlsx")
    files = write(tmp_path, terms_toml=TERMS, offres_csv=SHEET)
    of_csv = reen.offers(files["offres_csv"], terms=files["terms_toml"])
    assert reen.offers(tmp_path / "offres.xlsx", terms=files["terms_toml"]) == of_csv


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("890,50", "890 €", "row 2, column 'Prix euros' is '890 €'; expected a number"),
        ("0,154", "15,4", "row 2, column 'Part utilisation' is 15.4; expected a share from 0 to 1"),
        ("Prix euros", "Prix uros", "column 'Prix uros' is not known; is it 'prix_euros'?"),
        ("Fournisseur", "Vendeur", "has no column 'fournisseur'"),
        ("Gamma;Lat 5420 R", "Alpha;Lat 5450", "each supplier and model once"),
        (";oui", ";peut-être", "row 3, column 'Reconditionné' is 'peut-être'; expected true"),
    ],
)
def test_faults_of_a_sheet(tmp_path: Path, old: str, new: str, said: str) -> None:
    files = write(tmp_path, terms_toml=TERMS, offres_csv=SHEET.replace(old, new))
    with pytest.raises(FileFormatError) as error:
        reen.offers(files["offres_csv"], terms=files["terms_toml"])
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("duree_ans", "duree_an", "line 3: [[achat]] 1, key 'duree_an' is not known; is it 'duree"),
        ("0.0461", "46.1", "line 4: [[achat]] 1, key 'kg_kwh' is 46.1; expected kgCO2e/kWh from"),
        ("[achat]", "[achats]", "line 1: [[achats]] 1 is not known; is it 'achat'?"),
        ("kwh_an = 20.5", "kwh_an = -1", "line 20: [[offre]] 1, key 'kwh_an' is -1; expected"),
        ("carbone = 20", "carbone = -20", "[[points]] 1, key 'carbone' is -20; expected a number"),
    ],
)
def test_faults_of_a_toml_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    files = write(tmp_path, a_toml=(TERMS + OFFERS).replace(old, new))
    with pytest.raises(FileFormatError) as error:
        reen.offers(files["a_toml"])
    assert said in str(error.value)


def test_terms_are_given_once(tmp_path: Path) -> None:
    files = write(tmp_path, a_toml=TERMS + OFFERS, offres_csv=SHEET)
    with pytest.raises(OptionError, match="terms"):
        reen.offers(files["offres_csv"])
    with pytest.raises(OptionError, match="terms"):
        reen.offers(files["a_toml"], terms=files["a_toml"])


def test_points_of_another_column_prove_decimals(tmp_path: Path) -> None:
    """256.125 kg stand beside a share of 0.154: no comma, so the point is that of decimals."""
    sheet = SHEET.replace("256;", "256.125;").replace(",", ".")
    files = write(tmp_path, terms_toml=TERMS, offres_csv=sheet)
    found = reen.offers(files["offres_csv"], terms=files["terms_toml"])
    assert found.results[0].offer.total == 256.125


def test_the_limit_of_an_amount_is_told(tmp_path: Path) -> None:
    files = write(tmp_path, a_toml=TERMS + OFFERS.replace("490", "1e15"))
    with pytest.raises(reen.errors.FileFormatError, match="a number of 0 and more, 1e12 at most"):
        reen.offers(files["a_toml"])
    with reen.language("fr"), pytest.raises(reen.errors.FileFormatError, match="d'au plus 1e12"):
        reen.offers(files["a_toml"])


@pytest.mark.parametrize("name", ["x.xlsx", "x.ods", "x.parquet"])
def test_a_page_is_not_written_into_a_workbook(tmp_path: Path, name: str) -> None:
    files = write(tmp_path, a_toml=TERMS + OFFERS)
    run = CliRunner().invoke(
        app, ["offers", str(files["a_toml"]), "--output", str(tmp_path / name)]
    )
    assert run.exit_code == 2
    assert "A page is text" in run.output
    assert not (tmp_path / name).exists()
