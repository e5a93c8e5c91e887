"""Spoilt files end in a value or in an error of reen: no other error, crash, hang or loss.

Seconds in the suite.  Hours at night: ``REEN_FUZZ_SECONDS=600 pytest tests/fuzz`` gives so many to
each reader; ``REEN_FUZZ_SEED`` other inputs.  What went wrong once is a file of the corpus.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("fuzz.py")
SECONDS = float(os.environ.get("REEN_FUZZ_SECONDS", "0"))
SEED = os.environ.get("REEN_FUZZ_SEED", "1")

#: Inputs of each reader where no time is given: a second or two.
COUNT = 20

NAMES = (
    "delimited", "measured", "xlsx", "xls", "xml-workbook", "ods", "json", "xml", "html", "zip",
    "parquet", "arrow", "streamed", "mapping", "answers", "factors", "pack", "sharing",
    "strategy", "records", "purchases", "disposals", "energy", "review", "purchase", "offers",
    "comparison", "change", "footprint", "footprint-parquet",
)  # fmt: skip


def fuzzed(folder: Path, *words: str) -> list[dict[str, Any]]:
    """Run the script, and return what it says of each reader."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words[:1], str(folder), *words[1:]],
        capture_output=True,
        text=True,
        check=False,
        timeout=60 * len(NAMES) + 2 * SECONDS * len(NAMES),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_spoilt_files(tmp_path: Path, name: str) -> None:
    """A reader in processes of its own, whose memory and time are bounded."""
    limit = ("--seconds", str(SECONDS)) if SECONDS else ("--count", str(COUNT))
    (found,) = fuzzed(tmp_path, name, "--seed", SEED, *limit)
    assert not found["faults"]
    assert found["inputs"] == sum(found["kinds"].values()) >= 1
    if found["inputs"] >= 200:
        assert found["past_container"] >= 0.3 * found["inputs"], "too few reach what is behind"


def test_what_went_wrong_once(tmp_path: Path) -> None:
    """Every file of the corpus, by its reader."""
    found = fuzzed(tmp_path, "all", "--corpus")
    assert [each["reader"] for each in found] == list(NAMES)
    assert {each["reader"]: each["faults"] for each in found if each["faults"]} == {}
    assert sum(each["files"] for each in found) >= 8
