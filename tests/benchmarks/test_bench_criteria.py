"""The benchmark of the criteria still runs on tiny sizes, with the same figures on both sides."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.skipif(
    importlib.util.find_spec("duckdb") is None,
    reason="duckdb is not installed: pip install -e '.[test]'",
)
def test_criteria_run_and_the_first_one_agrees(repository: Path, tmp_path: Path) -> None:
    script = repository / "benchmarks" / "bench_criteria.py"
    if not script.is_file():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    record = tmp_path / "criteria.json"
    sizes = ("--rows", "2000", "--entities", "20", "--models", "40", "--criteria", "3", "16")
    done = subprocess.run(
        [sys.executable, str(script), "--repeats", "1", "--json", str(record), *sizes],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cases = json.loads(record.read_text("utf-8"))["cases"]
    assert [case["name"] for case in cases] == ["kernel", "measure"] * 2
    assert all(case["agreement"]["1 criterion"] <= 1e-9 for case in cases)
    assert all(case["ratios"]["1 criterion"]["target"] == 1.05 for case in cases)
