"""The benchmarks of streaming and of executors still run, on tiny sizes, and compare results."""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def run(script: Path, record: Path, *options: str) -> list[dict[str, dict[str, object]]]:
    """Run one benchmark in a process of its own and return the cases of its record."""
    if not script.is_file():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    done = subprocess.run(
        [sys.executable, str(script), "--repeats", "1", "--json", str(record), *options],
        cwd=record.parent,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cases: list[dict[str, dict[str, object]]] = json.loads(record.read_text("utf-8"))["cases"]
    assert all(str(case["name"]) in done.stdout for case in cases)
    return cases


def test_stream_runs_and_agrees_with_what_is_held(repository: Path, tmp_path: Path) -> None:
    peers = ["duckdb"] if importlib.util.find_spec("duckdb") else []
    cases = run(
        repository / "benchmarks" / "bench_stream.py",
        tmp_path / "stream.json",
        *("--rows", "2000", "5000", "--entities", "20", "--models", "40"),
        *("--sources", "path", *peers),
    )
    assert len(cases) == 1 + len(peers)
    for case in cases:
        assert set(case["memory"]) == {"2,000 rows", "5,000 rows"}
        assert 0.0 <= case["agreement"]["2,000 rows"] <= 1e-9  # type: ignore[operator]


def test_executors_run_and_agree(repository: Path, tmp_path: Path) -> None:
    cases = run(
        repository / "benchmarks" / "bench_executors.py",
        tmp_path / "executors.json",
        *("--rows", "3000", "--files", "3", "--entities", "20", "--models", "40"),
        *("--formats", "csv"),
    )
    assert [case["name"] for case in cases] == ["end to end, csv", "sums that share nothing"]
    assert len(cases[0]["agreement"]) == 3
    assert max(cases[0]["agreement"].values()) <= 1e-9  # type: ignore[type-var]


def test_models_run_and_agree(repository: Path, tmp_path: Path) -> None:
    cases = run(
        repository / "benchmarks" / "bench_models.py",
        tmp_path / "models.json",
        *("--rows", "300", "--models", "7", "--methods", "ecodiag"),
    )
    assert [case["name"] for case in cases] == ["measure, ecodiag"]
    assert cases[0]["agreement"]["7 models"] <= 1e-9  # type: ignore[operator]


def test_what_is_recorded_is_there(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every benchmark of the scorecard has a program, which takes the options of the record."""
    folder = repository / "benchmarks"
    if not folder.is_dir():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    monkeypatch.syspath_prepend(folder)
    record = importlib.import_module("record")
    for name in record.names():
        program = folder / f"bench_{name}.py"
        assert program.is_file()
        text = program.read_text("utf-8")
        wanted = [each for each in record.OPTIONS.get(name, ()) if each.startswith("--")]
        assert [each for each in wanted if f'"{each}"' not in text] == []


def test_merge_runs(repository: Path, tmp_path: Path) -> None:
    """The sum of two equal folds is twice one of them."""
    cases = run(
        repository / "benchmarks" / "bench_merge.py",
        tmp_path / "merge.json",
        *("--groups", "10", "50", "--rows", "2000", "--draws", "100"),
    )
    assert [case["name"] for case in cases] == ["merge", "merge", "draws"]
    assert all(case["sizes"]["bytes"] > 0 for case in cases[:2])  # type: ignore[operator]
