"""The page on performance and the scorecard hold the figures of the committed records, no other."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("script", "page"),
    [
        ("docs/performance.py", "docs/explanation/performance.md"),
        ("benchmarks/scorecard.py", "benchmarks/scorecard.md"),
    ],
)
def test_the_pages_are_made_of_the_records(repository: Path, script: str, page: str) -> None:
    """The script would write what is there."""
    made = runpy.run_path(str(repository / script))["page"]()
    assert (repository / page).read_text("utf-8") == made, f"run `python {script}`"


def test_the_plot_is_of_the_same_waits(repository: Path) -> None:
    """Each wait of the page has its bar, with the same figure."""
    text = (repository / "docs/explanation/performance.md").read_text("utf-8")
    waits = re.findall(r"^\| ([A-Z][^|]*) \| ([\d.]+ m?s) \|$", text, flags=re.MULTILINE)
    assert len(waits) > 5
    for page in ("light", "dark"):
        drawn = (repository / f"docs/explanation/waits-{page}.svg").read_text("utf-8")
        words = re.findall(r"<text [^>]*>([^<]+)</text>", drawn)
        for does, wait in waits:
            # the figure of a bar is written just before its label
            assert words[words.index(does.replace("`", "")) - 1] == wait, does


def test_every_record_has_its_date_and_runs_enough(repository: Path) -> None:
    """A published ratio is one of medians of at least five runs each."""
    records = sorted((repository / "benchmarks/records").glob("*.json"))
    assert records
    for record in records:
        written = json.loads(record.read_text("utf-8"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", written["date"]), record.name
        for case in written["cases"]:
            for timing in case["timings"]:
                assert len(timing["seconds"]) >= 5, (record.name, case["name"], timing["name"])
