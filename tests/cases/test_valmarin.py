"""The invented city: reen against a plain recount that knows nothing of it, figure by figure."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import reen
from reen.reasons import has_sentence
from reen.strategy.strategy import Strategy

YEAR = ("2025-01-01", "2025-12-31")


@pytest.fixture(scope="module")
def city(repository: Path) -> Path:
    folder = repository / "examples" / "ville"
    if not folder.is_dir():
        pytest.skip("the examples are not part of an installed package")
    return folder


def counted_by(script: Path) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-I", str(script)], capture_output=True, text=True, check=True, timeout=60
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def recount(city: Path) -> dict[str, Any]:
    return counted_by(city / "recount.py")


@pytest.fixture(scope="module")
def values(city: Path) -> reen.types.Indicators:
    fleet, before = reen.read(city / "2025"), reen.read(city / "2024")
    assert fleet.account.is_complete
    footprint = reen.measure(fleet, method="base-carbone", by="entity", as_of="2025-12-31")
    return reen.indicators(
        inventory=fleet, inventory_before=before, footprint=footprint, by_entity=True
    )


@pytest.mark.slow
def test_the_files_are_what_the_script_writes(city: Path, tmp_path: Path) -> None:
    script = city / "make_city.py"
    subprocess.run([sys.executable, "-I", str(script), str(tmp_path)], check=True, timeout=60)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert len(written) == 24
    for name in written:
        assert (tmp_path / name).read_bytes() == (city / name).read_bytes(), name


@pytest.mark.parametrize("name", ["recount.py", "recount_change.py"])
def test_the_recount_knows_nothing_of_reen(city: Path, name: str) -> None:
    tree = ast.parse((city / name).read_text("utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= {*sys.stdlib_module_names, "collections.abc"}


#: What the city calls its equipment.
WORDS = {
    "PC portable": "laptop",
    "PC fixe": "desktop",
    "Écran": "monitor",
    "Smartphone": "smartphone",
    "Tablette": "tablet",
    "Imprimante": "printer",
    "Serveur": "server",
    "Commutateur réseau": "switch",
}


@pytest.mark.slow
def test_every_effect_of_the_change(city: Path) -> None:
    """Of each cause, department and type, from the files alone: 135 effects, to 1e-9."""
    told = counted_by(city / "recount_change.py")
    change = reen.change(city / "2024", city / "2025", method="base-carbone", by="entity")
    assert change.dated_by == ("names", "names")
    assert [each.value for each in change.ends()] == pytest.approx(told["totals"], rel=1e-9)
    expected = {
        (cause, detail, place, WORDS[kind]): value
        for cause, detail, place, kind, value in told["effects"]
    }
    found = change.by_cause("detail", "entity", "equipment_type")
    found = {key: value for key, value in found.items() if value}
    assert len(expected) > 100
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-9), key


@pytest.mark.slow
def test_every_figure_of_the_recount(
    recount: dict[str, Any], values: reen.types.Indicators
) -> None:
    figures = recount["indicators"]
    assert len(figures) > 80
    for name, (number, least, most) in figures.items():
        indicator, _, subject = name.partition(" of ")
        value = values.get(indicator, subject)
        assert value.value == pytest.approx(number, rel=1e-9), name
        assert value.ends == pytest.approx((least, most), rel=1e-9), name


@pytest.mark.slow
def test_every_state_of_the_recount(
    city: Path, recount: dict[str, Any], values: reen.types.Indicators
) -> None:
    strategy = Strategy.read(city / "strategie.toml")
    found = {each.objective.id: each for each in strategy.standings(values, 2025)}
    assert len(strategy.actions) == 12
    assert {name: str(each.state) for name, each in found.items()} == recount["states"]
    assert [name for name, state in recount["states"].items() if state == "unknown"] == [
        "O2",
        "O3",
        "O5",
    ]


@pytest.mark.slow
def test_every_scenario_of_the_recount(city: Path, recount: dict[str, Any]) -> None:
    """What is bought each year, the footprint both ways and the electricity, with and without."""
    strategy = Strategy.read(city / "strategie.toml")
    outlooks = strategy.outlooks(reen.read(city / "2025"), year=2025, last=2030)
    found = {each.scenario.id: each for each in outlooks}
    assert list(recount["scenarios"]) == ["S1", "S2", "S3", "S4"] == list(found)
    for name, both in recount["scenarios"].items():
        for years, told in (
            (found[name].before, both["without"]),
            (found[name].after, both["with"]),
        ):
            numbers = [year.bought for year in years]
            numbers += [sum(year.total(purchase_time=False) for year in years)]
            numbers += [sum(year.total(purchase_time=True) for year in years)]
            numbers += [sum(year.kwh for year in years)]
            assert numbers == pytest.approx(told, rel=1e-9), name


def test_the_examples_of_the_state_are_computed(
    city: Path, repository: Path, values: reen.types.Indicators
) -> None:
    """Each indicator that the page names for one of the 24 has a number of the whole, but one.

    That of services asks for a table of services, which this city does not keep.
    """
    page = (repository / "docs" / "reference" / "state-indicators.md").read_text("utf-8")
    rows = [line.split("|") for line in page.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [int(row[1]) for row in rows] == list(range(1, 25))
    without = {int(row[1]) for row in rows if "](indicators.md#" not in row[4]}
    assert without == {9, 17}
    named = [name for row in rows for name in re.findall(r"\(indicators\.md#(\w+)\)", row[4])]
    assert len(named) == len(set(named)) >= 30
    lacking = {name for name in named if values.get(name).value is None}
    assert lacking == {"footprint_per_user"}
    assert len(Strategy.read(city / "strategie.toml").actions) == 12  # the 17th


def test_what_is_known_of_a_figure_is_said_in_french(
    city: Path, values: reen.types.Indicators
) -> None:
    """Each has a sentence: what is shown beside a figure is no English word."""
    whole = reen.indicators(inventory=reen.read(city / "2025"), period=YEAR, by_entity=True)
    counted = [each.completeness for each in (*values, *whole) if each.completeness is not None]
    words = {each.what.partition(" (")[0] for each in counted}
    codes = {f"known_{each.replace(',', '').replace(' ', '_')}" for each in words}
    missing = sorted(code for code in codes if not has_sentence(code))
    assert not missing, f"add them to both catalogues: {missing}"


def test_what_no_file_says_is_left_out_by_name(values: reen.types.Indicators) -> None:
    silent = {
        (value.indicator, value.subject): str(value.missing)
        for value in values
        if value.value is None
    }
    assert silent == {
        ("data_deleted", ""): "nothing is known: fill in data_deleted",
        ("footprint_per_user", ""): "asks for services",
        ("kg_per_keuro", ""): "asks for purchases_footprint",
        ("stored_per_agent", ""): "asks for services",
        ("used_accounts", ""): "asks for services",
        ("repairability", "monitor"): "nothing is known: fill in repairability",
        ("repairability", "server"): "nothing is known: fill in repairability",
        ("weee_mass", "tablet"): "nothing is known: fill in weight",
    }
