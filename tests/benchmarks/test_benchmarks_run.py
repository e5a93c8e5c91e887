"""The benchmarks still run: each of them, on tiny sizes, results compared as in a real run.

Nothing is said here of how long anything takes.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

needs_duckdb = pytest.mark.skipif(
    importlib.util.find_spec("duckdb") is None,
    reason="duckdb is not installed: pip install -e '.[test]'",
)


@pytest.fixture(scope="module")
def benchmarks(repository: Path) -> Path:
    folder = repository / "benchmarks"
    if not folder.is_dir():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    return folder


@pytest.fixture
def harness(benchmarks: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(benchmarks)
    return importlib.import_module("harness")


@pytest.fixture
def generators(benchmarks: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(benchmarks)
    return importlib.import_module("generators")


def run(script: Path, record: Path, *options: str) -> list[Mapping[str, object]]:
    """Run one benchmark in a process of its own and return the cases of its record."""
    done = subprocess.run(
        [sys.executable, str(script), "--repeats", "1", "--json", str(record), *options],
        cwd=record.parent,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cases: list[Mapping[str, object]] = json.loads(record.read_text("utf-8"))["cases"]
    assert cases
    assert all(str(case["name"]) in done.stdout for case in cases)
    return cases


@pytest.mark.slow
@needs_duckdb
def test_fold_runs_and_all_contenders_agree(benchmarks: Path, tmp_path: Path) -> None:
    sizes = ("--rows", "3000", "--entities", "20", "--models", "40", "--criteria", "1", "3")
    cases = run(benchmarks / "bench_fold.py", tmp_path / "fold.json", *sizes)
    # two shapes and three sources, each with one criterion and with three
    assert len(cases) == 2 * 2 + 3 * 2
    for case in cases:
        found = case["agreement"]
        assert isinstance(found, dict)
        assert found
        assert max(found.values()) <= 1e-9


@pytest.mark.slow
def test_steps_run_for_every_format_and_number_of_chunks(benchmarks: Path, tmp_path: Path) -> None:
    sizes = ("--rows", "2000", "--entities", "20", "--models", "40", "--chunks", "1", "7")
    cases = run(benchmarks / "bench_steps.py", tmp_path / "steps.json", *sizes)
    steps = ("conform", "conform", "import", "measure", "all")
    names = [f"{step}, {form}" for form in ("csv", "parquet") for step in steps]
    assert [case["name"] for case in cases] == names


@pytest.mark.slow
@needs_duckdb  # the generated work is shared with the benchmark of the fold
def test_draws_run_and_agree_with_the_plain_formula(benchmarks: Path, tmp_path: Path) -> None:
    sizes = (
        "--rows",
        "300",
        "3000",
        "--entities",
        "20",
        "--models",
        "40",
        "--draws",
        "500",
        "--groups",
        "200",
    )
    cases = run(benchmarks / "bench_draws.py", tmp_path / "draws.json", *sizes)
    # two numbers of rows, each with spreads by flow and by stage; the groups
    assert len(cases) == 2 * 2 + 1
    for case in cases:
        found = case["agreement"]
        assert isinstance(found, dict)
        assert max(found.values()) <= 1e-9


@pytest.mark.slow
def test_import_runs(benchmarks: Path, tmp_path: Path) -> None:
    cases = run(benchmarks / "bench_import.py", tmp_path / "import.json")
    assert "start-up, import reen" in [case["name"] for case in cases]


def test_contenders_that_disagree_are_not_timed(harness: ModuleType) -> None:
    right, wrong = np.array([[1.0, 2.0]]), np.array([[1.0, 2.0 + 1e-8]])
    timed = []
    contenders = [
        harness.Contender("right", run=lambda: timed.append("right"), check=lambda: right),
        harness.Contender("wrong", run=lambda: timed.append("wrong"), check=lambda: wrong),
    ]
    with pytest.raises(harness.Disagreement, match=r"^wrong: .* instead of .* at \(0, 1\)"):
        harness.run_in_turns("case", contenders, sizes={}, repeats=1)
    assert not timed


def test_a_missing_figure_is_a_disagreement(harness: ModuleType) -> None:
    with pytest.raises(harness.Disagreement):
        harness.compare(np.array([[1.0]]), np.array([[np.nan]]), who="peer")


@pytest.mark.slow
def test_a_ratio_says_how_many_times_as_fast_the_reference_is(harness: ModuleType) -> None:
    """A peer's time over the reference's; a floor the other way round."""
    contenders = [
        harness.Contender(name, run=lambda: None, floor=name == "floor")
        for name in ("reference", "peer", "floor")
    ]
    case = harness.run_in_turns("case", contenders, sizes={}, repeats=3)
    reference, peer, floor = (timing.median for timing in case.timings)
    assert case.ratios["peer"].value == pytest.approx(peer / reference)
    assert case.ratios["floor"].value == pytest.approx(reference / floor)


@pytest.mark.slow
def test_turns_start_with_another_contender_each_time(harness: ModuleType) -> None:
    order: list[str] = []
    contenders = [
        harness.Contender(name, run=lambda name=name: order.append(name)) for name in ("a", "b")
    ]
    harness.run_in_turns("case", contenders, sizes={}, repeats=2)
    assert order == ["a", "b", "a", "b", "b", "a"]  # the first two warm up


def test_the_fleet_is_the_same_for_the_same_seed(generators: ModuleType) -> None:
    first, second = (generators.make_fleet(generators.Sizes(rows=500)) for _ in range(2))
    assert first.inventory(dictionary=True).equals(second.inventory(dictionary=True))
    other = generators.make_fleet(generators.Sizes(rows=500), seed=1)
    assert not first.inventory(dictionary=True).equals(other.inventory(dictionary=True))


def test_plain_and_dictionary_text_say_the_same(generators: ModuleType) -> None:
    fleet = generators.make_fleet(generators.Sizes(rows=500))
    plain, coded = (fleet.inventory(dictionary=each, ids=True) for each in (False, True))
    assert plain.to_pylist() == coded.to_pylist()
