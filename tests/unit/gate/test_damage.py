"""Files damaged in every way end in a value or in an error of reen, never in a dead process.

The inputs are tried by a process of their own (`damage.py`), because a fault of memory in one of
them must fail the test rather than end it.  A minute of the same, with other seeds, is

    python tests/unit/gate/damage.py FOLDER --seed 2 --count 3000
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

#: Inputs of each run: some seconds.
COUNT = 120


@pytest.mark.parametrize("seed", [1, 2])
def test_damaged_files_give_a_value_or_an_error_of_reen(tmp_path: Path, seed: int) -> None:
    script = Path(__file__).with_name("damage.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), "--seed", str(seed), "--count", str(COUNT)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=600,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    tried = [line["number"] for line in lines if "sample" in line]
    wrong = [line for line in lines if "wrong" in line]
    again = f"python {script.name} FOLDER --seed {seed} --first {tried[-1:]} --count 1"
    assert done.returncode == 0, f"ended at {lines[-1:]} ({again}):\n{done.stderr[-3000:]}"
    assert tried == list(range(COUNT))
    assert not wrong, f"{wrong} ({again})"
