"""Regular expressions that are compiled when they are first looked for."""

from __future__ import annotations

import re

import pytest

from reen.patterns import pattern


def test_it_finds_what_the_expression_finds() -> None:
    found = pattern(r"(?P<number>\d+) PC", re.IGNORECASE).search("12 pc")
    assert found is not None
    assert found["number"] == "12"


def test_it_is_compiled_on_first_use() -> None:
    late = pattern("(")  # no expression
    with pytest.raises(re.error, match="missing"):
        late.search("a")


def test_what_was_asked_for_stays() -> None:
    each = pattern("a")
    assert each.search is each.search
    assert each.pattern == "a"
