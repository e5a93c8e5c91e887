"""Figures, bars and paragraphs: rounding is for people, and happens here only."""

from __future__ import annotations

import math

import pytest

from reen.cli.tables import hang, plural
from reen.views.figures import bar, count, decimals_for, figure, joined, multiple_of


@pytest.mark.parametrize(
    ("largest", "value", "shown"),
    [
        (36.1988, 36.1988, "36.20"),
        (36.1988, 0.3, "0.30"),
        (36.1988, 0.0012, "0.001"),
        (100_935.0, 100_935.0, "100,935"),
        (0.000312, 0.000312, "3.12e-04"),
        (5.0, 0.0, "0.000"),
        (0.0, 0.0, "0"),
    ],
)
def test_figures_have_the_decimals_of_their_table(largest: float, value: float, shown: str) -> None:
    text = figure(value, decimals_for(largest))
    assert float(text.replace(",", "")) == pytest.approx(float(shown.replace(",", "")))
    assert len(text) <= len(shown)


@pytest.mark.parametrize(
    ("unit", "largest", "expected"),
    [
        ("kgCO2e/year", 1000.0, ("tCO2e/year", 1000.0)),
        ("kgCO2e/year", 999.0, ("kgCO2e/year", 1.0)),
        ("kgSbe/year", 5000.0, ("kgSbe/year", 1.0)),
    ],
)
def test_a_thousand_kilograms_of_greenhouse_gases_are_a_tonne(
    unit: str, largest: float, expected: tuple[str, float]
) -> None:
    assert multiple_of(unit, largest) == expected


def test_bars_grow_with_their_share() -> None:
    lengths = [len(bar(share, cells=20)) for share in (0.01, 0.25, 0.5, 1.0)]
    assert lengths == sorted(lengths)
    assert bar(1.0, cells=20) == "█" * 20
    assert bar(0.5, cells=20, ascii_only=True) == "#" * 10
    assert bar(0.0001, cells=20) == "▏"
    assert bar(0.0, cells=20) == bar(math.nan, cells=20) == bar(-0.5, cells=20) == ""


def test_counts_are_words() -> None:
    assert plural(1, "row") == "1 row"
    assert plural(1227, "item") == "1,227 items"
    assert count(0.5) == "0.5"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined(["a"]) == "a"


def test_paragraphs_hang_and_keep_long_words() -> None:
    address = "https://example.org/" + "a" * 80
    text = hang(f"from {address} and more", width=40, first="  source: ", rest="    ").plain
    assert address in text
    assert text.splitlines()[1].startswith("    ")
