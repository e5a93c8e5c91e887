"""The benchmark of one item at request time still runs, and says when its peer is not there."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PEER = importlib.util.find_spec("boaviztapi") is not None


def test_it_runs_with_or_without_its_peer(repository: Path, tmp_path: Path) -> None:
    script = repository / "benchmarks" / "bench_embed.py"
    if not script.is_file():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    record = tmp_path / "embed.json"
    done = subprocess.run(
        [
            *(sys.executable, str(script), "--calls", "1", "--repeats", "1"),
            *("--assets", "10", "--json", str(record)),
        ],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cases = json.loads(record.read_text("utf-8"))["cases"]
    names = [case["name"] for case in cases]
    assert "measure, base-carbone" in names
    assert {"prepared, new, declared", "prepared, again, ecodiag", "advice"} <= set(names)
    assert "assets, base-carbone" in names
    assert ("measure, boavizta" in names) is PEER
    assert ("the peer boaviztapi is not installed" in done.stdout) is not PEER
    compared = [case for case in cases if case["agreement"]]
    assert len(compared) == (3 if PEER else 0)
