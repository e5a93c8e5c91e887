"""Files with faults: every line is accounted for, and every fault is named."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen

FAULTY = """\
{"type": "Laptop", "count": "three"}
not JSON
["a", "list"]
{"count": 2}

{"model": "Latitude 5420", "count": 2, "bought": "04/05/2023", "floor": 3}
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Return a file of two assets and four faults."""
    path = tmp_path / "assets.jsonl"
    path.write_text(FAULTY, encoding="utf-8")
    return path


def test_faults_are_named(faulty: Path) -> None:
    """Row, column, value and reason; three lines are refused."""
    inventory = reen.read(faulty)
    assert len(inventory) == 2
    said = [(issue.rows[0], issue.column, str(issue.reason)) for issue in inventory.issues][:5]
    assert said == [
        (1, "quantity", "is no number"),
        (2, "", "is no JSON object"),
        (3, "", "is no JSON object"),
        (4, "", "has neither type nor model"),
        (6, "purchase_date", "is no date such as 2023-05-04"),
    ]


def test_other_keys_are_kept(faulty: Path) -> None:
    """When they are asked for: they can then be grouped by."""
    assert "floor" not in reen.read(faulty).table.column_names
    table = reen.read(faulty, keep=["floor"]).table
    assert table["floor"].to_pylist() == [None, "3"]


def test_a_file_of_something_else(tmp_path: Path) -> None:
    """When it is asked for by name; sniffing does not choose it."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear all,", encoding="utf-8")
    with pytest.raises(reen.errors.FileFormatError, match="has no line such as"):
        reen.read(path, importer="json-lines")
