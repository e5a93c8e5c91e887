"""The benchmark of the gate still runs on tiny sizes, and both sides read the same cells."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_the_gate_is_measured_against_pyarrow_alone(repository: Path, tmp_path: Path) -> None:
    script = repository / "benchmarks" / "bench_gate.py"
    if not script.is_file():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    record = tmp_path / "gate.json"
    done = subprocess.run(
        [sys.executable, str(script), "--repeats", "1", "--json", str(record), "--rows", "500"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cases = json.loads(record.read_text("utf-8"))["cases"]
    assert {case["name"].partition(", ")[2] for case in cases} == {
        "Parquet",
        "Parquet of dictionaries",
        "Arrow IPC",
    }
    assert all(case["agreement"]["pyarrow, unchecked"] == 0.0 for case in cases)
    targets = [case["ratios"]["pyarrow, unchecked"]["target"] for case in cases]
    assert targets == [0.5, 1.5, 0.5, 1.5, None, None]
