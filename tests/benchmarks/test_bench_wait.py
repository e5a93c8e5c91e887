"""The benchmark of what people wait for still runs, and the scripts print the figures of reen."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_every_program_prints_the_same_figures(repository: Path, tmp_path: Path) -> None:
    script, record = repository / "benchmarks" / "bench_wait.py", tmp_path / "wait.json"
    if not script.is_file():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    done = subprocess.run(
        [sys.executable, str(script), "--rows", "500", "--repeats", "1", "--json", str(record)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cases = json.loads(record.read_text("utf-8"))["cases"]
    assert [case["name"] for case in cases] == [
        "start to result, reen --help",
        "start to result, reen measure",
        "start to result, csv",
        "start to result, parquet",
    ]
    there = {name for name in ("duckdb", "polars", "pandas") if importlib.util.find_spec(name)}
    for case in cases[2:]:
        assert set(case["agreement"]) - {"import numpy, pyarrow"} == there
        assert max(case["agreement"].values(), default=0.0) <= 1e-9
