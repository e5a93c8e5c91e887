"""`reen objectives` and `reen scenarios`: pages in both languages, data, mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from reen.cli.summary import LINES

PURCHASES = """\
Date de facture;Type;Quantité;PU HT;Reconditionné;Fournisseur
03/02/2025;PC portable;6;1000,00;non;UGAP
04/02/2025;PC portable;4;500,00;oui;UGAP
"""

STRATEGY = """\
[organisation]
nom = "Valmarin"

[[objectif]]
id = "O1"
titre = "Un quart des dépenses"
indicateur = "reuse_in_spending"
sens = "hausse"
annee_reference = 2024
reference = 5
annee_cible = 2028
cible = 25

[[action]]
id = "A1"
titre = "Acheter reconditionné"
responsable = "Achats"
etat = "en cours"
fin = 2025-06-30
objectifs = ["O1"]
attendu = { tonnes = 1.5 }
scenario = "S1"

[mix]
kg_kwh = 0.05
source = "invented"

[[hypothese]]
type = "laptop"
fabrication_kg = 100
duree_ans = 5
source = "invented"

[[scenario]]
id = "S1"
titre = "Dix de moins"
leviers = [{ levier = "retirer", type = "laptop", a_partir_de = 2026, nombre = 10 }]
"""


class Run(Protocol):
    """What a command did."""

    code: int
    out: str
    err: str


Typed = Callable[..., Run]


@pytest.fixture
def strategy(tmp_path: Path) -> Path:
    path = tmp_path / "strategie.toml"
    path.write_text(STRATEGY, encoding="utf-8")
    (tmp_path / "achats.csv").write_text(PURCHASES, encoding="utf-8")
    (tmp_path / "parc.csv").write_text(
        "Type;Quantité;Date d'achat\nPC portable;50;01/06/2025\n", encoding="utf-8"
    )
    return path


def test_the_page_in_english(typed: Typed, strategy: Path) -> None:
    """2,000 of 8,000 EUR: 25 %, the target; the path expects 5 + 20 / 4 = 10."""
    run = typed(
        *("objectives", strategy, "--year", "2025", "--full"),
        *("--purchases", strategy.parent / "achats.csv"),
    )
    assert run.code == 0, run.err
    assert "O1 Un quart des dépenses  10 %      25 %   reached" in run.out
    assert "O1: 25, and the target is 25" in run.out
    assert "running, late" in run.out
    assert "expected 1.5 tCO2e" in run.out


def test_the_page_in_french(typed: Typed, strategy: Path) -> None:
    run = typed(
        *("objectives", strategy, "--year", "2025", "--lang", "fr", "--full"),
        *("--purchases", strategy.parent / "achats.csv"),
    )
    assert "Valmarin\N{NO-BREAK SPACE}: objectifs" in run.out
    assert "atteint" in run.out
    assert "O1\N{NO-BREAK SPACE}: 25, pour une cible de 25" in run.out
    assert "en retard sur" in run.out
    assert "30 juin 2025" in run.out
    assert "attendu 1,5\N{NO-BREAK SPACE}t\N{NO-BREAK SPACE}CO₂e" in run.out


def test_the_short_pages_in_french(typed: Typed, strategy: Path) -> None:
    """Few lines, with French numbers; a month of June is late at the end of the year."""
    folder = strategy.parent
    judged = typed(
        *("objectives", strategy, "--year", "2025", "--lang", "fr"),
        *("--purchases", folder / "achats.csv"),
    )
    assert "objectifs\N{NO-BREAK SPACE}: 1 atteint" in judged.out
    assert "Actions\N{NO-BREAK SPACE}: 1 en cours, 1 en retard (A1)" in judged.out
    carried = typed(
        *("scenarios", strategy, folder / "parc.csv", "--year", "2025"),
        *("--until", "2028", "--lang", "fr"),
    )
    assert "0,60 t" in carried.out
    for page in (judged.out, carried.out):
        assert len(page.splitlines()) <= LINES


def test_data(typed: Typed, strategy: Path) -> None:
    run = typed(
        *("objectives", strategy, "--year", "2025", "--format", "json"),
        *("--purchases", strategy.parent / "achats.csv"),
    )
    found = json.loads(run.out)
    (objective,), (action,) = found["objectives"], found["actions"]
    assert (objective["state"], objective["found"], objective["expected"]) == (
        "reached",
        25.0,
        10.0,
    )
    assert (objective["least"], objective["most"], objective["distance"]) == (25.0, 25.0, 15.0)
    assert objective["reasons"][0]["code"] == "objective_reached"
    assert action["late"] is True
    assert action["expected"]["tonnes"] == 1.5
    assert action["expected"]["kwh"] is None


def test_scenarios(typed: Typed, strategy: Path) -> None:
    """Fifty new in 2025; ten fewer for three years: 3 x 10 x 100 / 5 = 600 kg; none is bought."""
    run = typed(
        *("scenarios", strategy, strategy.parent / "parc.csv", "--year", "2025"),
        *("--until", "2028", "--format", "json"),
    )
    (scenario,) = json.loads(run.out)
    assert scenario["saved_annualised_kg"] == 600.0
    assert scenario["saved_purchased_kg"] == 0.0
    assert [year["stock"] for year in scenario["with"]] == [40.0, 40.0, 40.0]
    page = typed(
        *("scenarios", strategy, strategy.parent / "parc.csv", "--year", "2025"),
        *("--until", "2028", "--lang", "fr"),
    )
    assert "scénarios, économies sur 2026-2028" in page.out
    assert "0,60 t" in page.out
    assert "Chance que ce soit mieux : selon" not in page.out  # nothing is drawn here
    plan = strategy.read_text("utf-8")
    spread = strategy.with_name("dispersion.toml")
    spread.write_text(plan.replace("duree_ans = 5", "duree_ans = 5\ndispersion = 0.3"), "utf-8")
    drawn = typed(
        *("scenarios", spread, strategy.parent / "parc.csv", "--year", "2025"),
        *("--until", "2028", "--lang", "fr"),
    )
    assert "on suppose que chaque levier tient ce qu'il promet" in " ".join(drawn.out.split())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('sens = "hausse"', 'sens = "haut"', "line 8: [[objectif]] 1, key 'sens' is 'haut'"),
        ('levier = "retirer"', 'levier = "ôter"', "line 37: [[scenario]] 1, key 'leviers'"),
        (
            "nombre = 10",
            "nombre = -1",
            "key 'leviers' ('nombre') is -1.0; expected a number from 0",
        ),
        ("kg_kwh = 0.05\n", "", "line 24: [[mix]] 1 is neither; expected either kg_kwh"),
        ('scenario = "S1"', 'scenario = "S9"', "key 'scenario' is 'S9'; expected one of S1"),
        ("duree_ans = 5", "duree_ans = 0.5", "line 31: [[hypothese]] 1, key 'duree_ans' is 0.5"),
    ],
)
def test_a_mistake_is_one_line(
    typed: Typed, strategy: Path, old: str, new: str, message: str
) -> None:
    assert old in STRATEGY
    strategy.write_text(STRATEGY.replace(old, new, 1), encoding="utf-8")
    run = typed("objectives", strategy, strategy.parent / "parc.csv", "--year", "2025")
    assert run.code == 2
    assert message in run.err


def test_an_indicator_that_there_is_not(typed: Typed, strategy: Path) -> None:
    wrong = STRATEGY.replace("reuse_in_spending", "reuse_in_spendin")
    strategy.write_text(wrong, encoding="utf-8")
    run = typed("objectives", strategy, strategy.parent / "parc.csv", "--year", "2025")
    assert run.code == 2
    assert "reuse_in_spending" in run.err


def test_a_scenario_of_a_type_without_items(typed: Typed, strategy: Path) -> None:
    (strategy.parent / "ecrans.csv").write_text("Type;Quantité\nÉcran;5\n", encoding="utf-8")
    run = typed(
        *("scenarios", strategy, strategy.parent / "ecrans.csv"),
        *("--year", "2025", "--until", "2028"),
    )
    assert run.code == 2
    assert "expected a type with items of known age" in run.err


def test_indicators_of_a_folder(typed: Typed, strategy: Path) -> None:
    """A folder holds fleet and purchases; 10 bought over 50 and the 40 of the year before."""
    before = strategy.parent / "avant.csv"
    before.write_text("Type;Quantité\nPC portable;40\n", encoding="utf-8")
    folder = strategy.parent / "annee"
    folder.mkdir()
    for name in ("parc.csv", "achats.csv"):
        (strategy.parent / name).rename(folder / name)
    run = typed(
        *("indicators", folder, "--before", before, "-i", "renewal_rate"),
        *("--from", "2025-01-01", "--to", "2025-12-31"),
    )
    assert run.code == 0, run.err
    assert "22.22 %" in run.out


def test_a_strategy_without_objectives_is_refused(typed: Typed, tmp_path: Path) -> None:
    """An empty table would say that every promise is kept."""
    empty = tmp_path / "strategie.toml"
    empty.write_text("\ufeff", "utf-8")
    run = typed("objectives", empty, "--agents", "10", "--year", "2025")
    assert run.code != 0
    assert "holds no objective" in run.err
