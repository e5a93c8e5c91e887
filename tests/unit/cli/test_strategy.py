"""`reen objectives` and `reen scenarios`: pages in both languages, data, mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from reen.views.text import LINES

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


LONG = """[[objectif]]
id = "O8"
titre = "Réduire de moitié l'électricité par équipement"
indicateur = "electricity_per_item"
unite = "kWh/item/year"
sens = "baisse"
annee_reference = 2024
reference = 123456.789
annee_cible = 2030
cible = 12345.678

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
    assert "O1 Un quart des dépenses  reached  25%    10%" in run.out
    assert "O1: 25%, and the target is 25%" in run.out
    assert "running, late" in run.out
    assert "expected 1.5 tCO2e" in run.out


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("full", [(), ("--full",)])
def test_the_verdict_is_whole_on_every_terminal(
    typed: Typed, strategy: Path, monkeypatch: pytest.MonkeyPatch, width: int, full: tuple[str, ...]
) -> None:
    """With figures of such units as leave no room for it."""
    monkeypatch.setenv("COLUMNS", str(width))
    text = strategy.read_text("utf-8").replace("[[action]]", LONG + "[[action]]", 1)
    strategy.write_text(text, "utf-8")
    run = typed(
        *("objectives", strategy, strategy.parent / "parc.csv", "--year", "2025", "--lang", "fr"),
        *("--method", "base-carbone", "--purchases", strategy.parent / "achats.csv"),
        *("--column", "Quantité=quantity", *full),
    )
    assert run.code == 0, run.err
    lines = [line for line in run.out.splitlines() if line.lstrip().startswith(("O1 ", "O8 "))]
    assert ["atteint" in lines[0], "indéterminé" in lines[1]] == [True, True]


def test_the_page_in_french(typed: Typed, strategy: Path) -> None:
    run = typed(
        *("objectives", strategy, "--year", "2025", "--lang", "fr", "--full"),
        *("--purchases", strategy.parent / "achats.csv"),
    )
    assert "Valmarin\N{NO-BREAK SPACE}: objectifs" in run.out
    assert "atteint" in run.out
    assert (
        "O1\N{NO-BREAK SPACE}: 25\N{NO-BREAK SPACE}%, pour une cible de 25\N{NO-BREAK SPACE}%"
        in run.out
    )
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
    assert "22.2%" in run.out


def test_a_strategy_without_objectives_is_refused(typed: Typed, tmp_path: Path) -> None:
    """An empty table would say that every promise is kept."""
    empty = tmp_path / "strategie.toml"
    empty.write_text("\ufeff", "utf-8")
    run = typed("objectives", empty, "--agents", "10", "--year", "2025")
    assert run.code != 0
    assert "holds no objective" in run.err


FIGURES = """
[organisation]
nom = "Valmarin"

[mix]
kg_kwh = 0.05
source = "invented"

[[hypothese]]
type = "laptop"
fabrication_kg = 100
duree_ans = 5
kwh_an = 20
prix_euros = 800
source = "invented"

[[hypothese]]
type = "server"
fabrication_kg = 600
duree_ans = 6
kwh_an = 2000
source = "invented"

[[hypothese]]
type = "monitor"
fabrication_kg = 80
duree_ans = 8
kwh_an = 40
source = "invented"
"""

LEVERS = {
    "keep": '"garder plus longtemps", type = "laptop", annees = 1',
    "refurbish": '"reconditionner", type = "laptop", part = 0.5, fabrication_kg = 20,'
    ' prix_euros = 400, source = "invented"',
    "pool": '"mutualiser", type = "laptop", par_agent = 0.8, agents = 100',
    "drop": '"retirer", type = "monitor", nombre = 10',
    "sleep": '"mettre en veille", type = "laptop", part = 0.25, kwh_mesures = 20,'
    ' source = "invented"',
    "virtualise": '"virtualiser", type = "server", nombre = 4, kwh_ajoutes = 1500',
    "replace": '"remplacer", type = "laptop", fabrication_kg = 100, kwh_an = 10, duree_ans = 5,'
    ' prix_euros = 900, source = "invented"',
    "cloud": '"passer au nuage", type = "server", nombre = 4, hebergement_kg = 300,'
    ' source = "invented"',
}


def test_every_lever_on_the_command_line(typed: Typed, tmp_path: Path) -> None:
    """Over 2026 and 2027: saved spread over lives, whole in the year of purchase, kWh, EUR.

    100 laptops, 60 of them of age 3: bought again in 2027; 2 x 100 x 100 / 5 = 4,000 kg, or 6,000.
    10 servers and 50 screens, none bought again: 2 x 10 x 100 = 2,000 kg, 2 x 50 x 10 = 1,000 kg.
      keep       lives of 6 years: 4,000 - 3,333.3; none bought: 6,000 kg, 60 x 800 EUR
      refurbish  30 of the 60, of 20 kg: 30 x 80 / 5 = 480 kg; 30 x 80 = 2,400 kg; 30 x 400 EUR
      pool       80 laptops: 20 x 20 x 2 = 800 kg, or 20 x 100; 800 kWh are 40 kg; 20 x 800 EUR
      drop       10 screens: 2 x 10 x 10 = 200 kg; 800 kWh are 40 kg
      sleep      100 x 0.25 x 20 x 2 = 1,000 kWh, 50 kg
      virtualise 4 servers: 800 kg; 16,000 - 3,000 = 13,000 kWh are 650 kg
      replace    100 bought at once: 6,000 - 10,000; 2,000 kWh are 100 kg; 48,000 - 90,000 EUR
      cloud      4 servers: 800 kg; 16,000 kWh are 800 kg; hosting of 300 kg a year, twice
    A new laptop saves 10 kWh, 0.5 kg a year: its 100 kg after 200 years.
    """
    scenarios = "".join(
        f'[[scenario]]\nid = "{name}"\ntitre = "{name}"\n'
        f"leviers = [{{ a_partir_de = 2026, levier = {text} }}]\n"
        for name, text in LEVERS.items()
    )
    (tmp_path / "s.toml").write_text(FIGURES + scenarios, "utf-8")
    (tmp_path / "parc.csv").write_text(
        "Type;Quantité;Date d'achat\nPC portable;40;01/03/2025\nPC portable;60;01/03/2022\n"
        "Serveur;10;01/03/2024\nÉcran;50;01/03/2023\n",
        "utf-8",
    )
    asked = ("scenarios", tmp_path / "s.toml", tmp_path / "parc.csv", "--year", "2025")
    data = json.loads(typed(*asked, "--until", "2027", "--format", "json").out)
    names = ("saved_annualised_kg", "saved_purchased_kg", "saved_kwh", "saved_euros")
    found = {each["id"]: tuple(each[name] for name in names) for each in data}
    expected = {
        "keep": (4_000 - 4_000 * 5 / 6, 6_000, 0, 48_000),
        "refurbish": (480, 2_400, 0, 12_000),
        "pool": (840, 2_040, 800, 16_000),
        "drop": (240, 40, 800, 0),
        "sleep": (50, 50, 1_000, 0),
        "virtualise": (1_450, 650, 13_000, 0),
        "replace": (100, -3_900, 2_000, -42_000),
        "cloud": (1_000, 200, 16_000, 0),
    }
    assert found.keys() == expected.keys()
    for name, numbers in expected.items():
        assert found[name] == pytest.approx(numbers), name
    page = typed(*asked, "--until", "2027", "--lang", "fr").out
    assert "compensée après 200 ans, et il est" in " ".join(page.split())
    assert " ".join(page.split()).count("(effet rebond)") == 2


def test_the_period_is_the_year_that_the_name_says(typed: Typed, tmp_path: Path) -> None:
    """A laptop of June 2020 in a folder 2022 is 2.5 years old, whatever year it is now."""
    folder = tmp_path / "2022"
    folder.mkdir()
    (folder / "parc.csv").write_text(
        "Type;Quantité;Date d'achat\nPC portable;1;01/07/2020\n", "utf-8"
    )
    run = typed("indicators", folder, "-i", "mean_age", "--format", "json")
    (value, *_) = json.loads(run.out)["values"]
    assert value["period"] == {"start": "2022-01-01", "end": "2022-12-31"}
    assert value["value"] == pytest.approx(913 / 365.25)  # 184 + 365 + 364 days
    dated = typed(
        "indicators", folder, "-i", "mean_age", "--as-of", "2021-07-01", "--format", "json"
    )
    assert json.loads(dated.out)["values"][0]["period"]["end"] == "2021-12-31"
