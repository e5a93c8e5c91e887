"""Figures of the method, worked out by hand, and what becomes of the rows it cannot measure."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen
from reen_example_method.second_life import SecondLife

ASSETS = Path(__file__).with_name("assets.jsonl")


def test_a_new_laptop() -> None:
    """(200 + 10) kg over 4 years: 52.5 kg a year."""
    laptop = reen.Equipment("laptop", lifetime=4)
    assert reen.measure(laptop, method="second-life").total().value == pytest.approx(52.5)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 26.25), (0.0, 0.0), (1.0, 52.5)])
def test_a_second_hand_laptop(share: float, expected: float) -> None:
    """The option says what the second life carries."""
    laptop = reen.Equipment("laptop", lifetime=4, reconditioned=True)
    footprint = reen.measure(laptop, method=SecondLife(share=share))
    assert footprint.total().value == pytest.approx(expected)


def test_a_share_above_one_is_refused() -> None:
    """An option has a range."""
    method = reen.default_registry().method("second-life")
    with pytest.raises(reen.errors.OptionError, match="share"):
        reen.configure(method, {"share": "1.5"})


def test_a_file() -> None:
    """3 x 210 / 4 = 157.5; 2 x 210 / 4 x 0.5 = 52.5; 10 x 120 / 6 = 200; coffee is left out."""
    footprint = reen.measure(ASSETS, method="second-life", as_of="2025-12-31")
    assert footprint.total().value == pytest.approx(157.5 + 52.5 + 200.0)
    assert [str(row.reason) for row in footprint.coverage.left_out()] == ["equipment type unknown"]


def test_the_plugin_is_in_the_provenance() -> None:
    """Method, pack and importer come from this distribution."""
    footprint = reen.measure(ASSETS, method="second-life", as_of="2025-12-31")
    names = [plugin.distribution for plugin in footprint.provenance.plugins]
    assert names == ["reen-example-method"]
