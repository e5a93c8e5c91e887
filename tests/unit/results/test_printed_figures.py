"""Readable figures of a footprint that somebody rewrote are refused; what is as written is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

import reen
from reen.errors import FileFormatError


def written() -> dict[str, Any]:
    laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    found = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    content: dict[str, Any] = json.loads(reen.stored.footprint_to_json(found))
    return content


def test_what_is_as_written_is_read_in_either_language() -> None:
    with reen.language("fr"):
        content = written()
    assert float(reen.stored.footprint_from_json(json.dumps(content)).total()) == pytest.approx(
        312.0
    )


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("totals", lambda part: part[0].update(value=31.2)),
        ("totals", lambda part: part[0].update(complete=False)),
        ("totals", list.clear),
        ("coverage", lambda part: part["assessed"][0].update(rows=2)),
        ("coverage", lambda part: part["assessed"].clear()),
    ],
)
def test_what_was_rewritten_is_refused(part: str, change: Any) -> None:  # noqa: ANN401 - any part
    content = written()
    change(content[part])
    with pytest.raises(FileFormatError, match=f"its {part} are not those that its state gives"):
        reen.stored.footprint_from_json(json.dumps(content))
