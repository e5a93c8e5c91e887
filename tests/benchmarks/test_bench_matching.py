"""The benchmark of the matching still runs on tiny sizes, order being nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_matching_runs_and_order_is_nothing(repository: Path, tmp_path: Path) -> None:
    script = repository / "benchmarks" / "bench_matching.py"
    if not script.is_file():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    record = tmp_path / "matching.json"
    sizes = ("--names", "300", "--sheets", "60")
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
    assert [case["name"] for case in cases] == ["match", "candidates"]
    assert cases[0]["agreement"]["reen, other order"] == 0.0
    assert done.stdout.count("distinct models/s") == 2
