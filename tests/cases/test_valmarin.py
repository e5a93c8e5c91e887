"""The invented city: reen against a plain recount that knows nothing of it, figure by figure."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import reen
from reen.strategy.judging import State
from reen.strategy.strategy import Strategy


@pytest.fixture(scope="module")
def city(repository: Path) -> Path:
    folder = repository / "examples" / "ville"
    if not folder.is_dir():
        pytest.skip("the examples are not part of an installed package")
    return folder


@pytest.fixture(scope="module")
def recount(city: Path) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-I", str(city / "recount.py")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def values(city: Path) -> reen.Indicators:
    fleet, before = reen.read(city / "2025"), reen.read(city / "2024")
    assert fleet.account.is_complete
    footprint = reen.measure(fleet, method="base-carbone", by="entity", as_of="2025-12-31")
    return reen.indicators(inventory=fleet, inventory_before=before, footprint=footprint)


@pytest.mark.slow
def test_the_files_are_what_the_script_writes(city: Path, tmp_path: Path) -> None:
    script = city / "make_city.py"
    subprocess.run([sys.executable, "-I", str(script), str(tmp_path)], check=True, timeout=60)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert len(written) == 24
    for name in written:
        assert (tmp_path / name).read_bytes() == (city / name).read_bytes(), name


def test_the_recount_knows_nothing_of_reen(city: Path) -> None:
    tree = ast.parse((city / "recount.py").read_text("utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= {*sys.stdlib_module_names, "collections.abc"}


@pytest.mark.slow
def test_every_figure_of_the_recount(recount: dict[str, Any], values: reen.Indicators) -> None:
    figures = recount["indicators"]
    assert len(figures) > 40
    for name, (number, least, most) in figures.items():
        indicator, _, subject = name.partition(" of ")
        value = values.get(indicator, subject)
        assert value.value == pytest.approx(number, rel=1e-9), name
        assert value.ends == pytest.approx((least, most), rel=1e-9), name


@pytest.mark.slow
def test_every_state_of_the_recount(
    city: Path, recount: dict[str, Any], values: reen.Indicators
) -> None:
    strategy = Strategy.read(city / "strategie.toml")
    found = {each.objective.id: each for each in strategy.standings(values, 2025)}
    assert len(strategy.actions) == 12
    for name, state in recount["states"].items():
        standing = found[name]
        if standing.reasons[0].code == "objective_too_incomplete":
            continue  # the recount does not ask how much is known
        assert str(standing.state) == state, name
    assert [name for name, each in found.items() if each.state is State.UNKNOWN] == [
        "O2",
        "O3",
        "O5",
    ]


@pytest.mark.slow
def test_two_scenarios_of_the_recount(city: Path, recount: dict[str, Any]) -> None:
    """What is bought each year, and the embedded footprint both ways, without and with levers."""
    strategy = Strategy.read(city / "strategie.toml")
    outlooks = strategy.outlooks(reen.read(city / "2025"), year=2025, last=2030)
    found = {each.scenario.id: each for each in outlooks}
    assert len(recount["scenarios"]) == 2
    for name, both in recount["scenarios"].items():
        for years, told in (
            (found[name].before, both["without"]),
            (found[name].after, both["with"]),
        ):
            numbers = [year.bought for year in years]
            numbers += [sum(year.annualised for year in years)]
            numbers += [sum(year.purchased for year in years)]
            assert numbers == pytest.approx(told, rel=1e-9), name


def test_what_no_file_says_is_left_out_by_name(values: reen.Indicators) -> None:
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
