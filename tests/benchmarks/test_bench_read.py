"""The benchmark of reading still runs on tiny sizes, and both paths read the same inventory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_reading_is_measured_against_pyarrow_alone(repository: Path, tmp_path: Path) -> None:
    script = repository / "benchmarks" / "bench_read.py"
    if not script.is_file():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    record = tmp_path / "read.json"
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "clean.csv").write_text("Type;Nombre\nPC portable;3\n", "utf-8")
    (tmp_path / "samples" / "blank.csv").write_text("Type;Nombre\n\nPC portable;3\n", "utf-8")
    options = ["--repeats", "1", "--rows", "500", "--samples", "samples", "--json", str(record)]
    done = subprocess.run(
        [sys.executable, str(script), *options],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = json.loads(record.read_text("utf-8"))
    assert {case["name"] for case in written["cases"]} == {"canonical columns", "tidy French list"}
    assert all(case["agreement"]["the careful path"] == 0.0 for case in written["cases"])
    assert written["environment"]["samples"] == {"typed": 1, "careful": 1, "not read": 0}
