"""The page on performance holds the figures of the committed records, and no other."""

from __future__ import annotations

import runpy
from pathlib import Path


def test_the_page_is_made_of_the_records(repository: Path) -> None:
    """`docs/performance.py` would write what is there."""
    script = repository / "docs" / "performance.py"
    made = runpy.run_path(str(script))["page"]()
    written = (repository / "docs/explanation/performance.md").read_text("utf-8")
    assert written == made, "run `python docs/performance.py`"


def test_every_record_has_runs_enough(repository: Path) -> None:
    """A published ratio is one of medians of at least five runs each."""
    import json

    records = sorted((repository / "docs/explanation/performance").glob("*.json"))
    assert records
    for record in records:
        for case in json.loads(record.read_text("utf-8"))["cases"]:
            for timing in case["timings"]:
                assert len(timing["seconds"]) >= 5, (record.name, case["name"], timing["name"])
