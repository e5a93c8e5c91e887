"""Shares and figures as they are printed: by one function, and never better than they are."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.reasons import Reason, rounded_apart, share_text
from reen.review.figures import Coverage
from reen.review.numbers import bounded, coverage_text, ends_text
from reen.views.figures import percent

from .source_trees import read_modules

#: Where shares are written.
HOME = "reen.reasons.numbers"


@given(known=st.integers(0, 9_999), total=st.integers(10_000, 100_000))
def test_what_lacks_something_is_never_all(known: int, total: int) -> None:
    share = known / total
    for text in (share_text(share), percent(share), bounded(100.0 * share, "%")):
        assert "100" not in text
        assert (text == "0%") == (known == 0)


def test_almost_all_and_almost_nothing() -> None:
    assert share_text(0.99996) == ">\u00a099.9%"
    assert share_text(0.0003) == "<\u00a00.1%"
    assert bounded(99.98, "%") == ">\u00a099.9%"
    with reen.language("fr"):
        assert share_text(0.99996) == ">\u00a099,9\u00a0%"
        assert share_text(1.15) == "115\u00a0%"
        assert share_text(-0.01779, sign=True) == "-1,8\u00a0%"


@pytest.mark.parametrize("known", [0.7585, 0.7586, 0.75849999, 0.6535, 0.45348])
def test_one_share_is_printed_once(known: float) -> None:
    """As what is known, as a value, as an end and in the reason of a verdict: the same digits."""
    with reen.language("fr"):
        text = share_text(known)
        assert f"({text})" in coverage_text(Coverage(known=10_000 * known, total=10_000))
        assert bounded(100 * known, "%") == text
        assert text.rstrip("\u00a0%") in ends_text(100 * known, 100.0, "%", of=50.0)
        part = Reason(
            "objective_too_incomplete", known=rounded_apart(100 * known, 80, unit="%")[0], least=80
        )
        assert text.replace("\u00a0", " ") in part.text()


@given(value=st.floats(0.1, 99.9), other=st.floats(0.1, 99.9), unit=st.sampled_from(["%", "year"]))
def test_rounding_changes_no_order(value: float, other: float, unit: str) -> None:
    shown, beside = rounded_apart(value, other, unit=unit)
    assert (shown > beside, shown < beside) == (value > other, value < other)


def test_no_other_module_writes_a_share() -> None:
    """An f-string with a figure before a sign of percent rounds it in its own way."""
    found = []
    for module in read_modules("reen"):
        if module.name == HOME:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.JoinedStr):
                for before, after in zip(node.values, node.values[1:], strict=False):
                    text = after.value if isinstance(after, ast.Constant) else ""
                    if isinstance(before, ast.FormattedValue) and str(text).lstrip().startswith(
                        "%"
                    ):
                        found.append(f"{module.name}:{node.lineno}")
    assert found == []
