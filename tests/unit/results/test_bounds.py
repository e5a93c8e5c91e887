"""Bounds of a total: values and bounds folded alike, what has none named, missing never zero."""

from __future__ import annotations

import math
import pickle

import attrs
import numpy as np
import pytest

import reen
from reen.plugin.arrays import FactorSet
from reen.results.bounds import bounds_of
from reen.types import Bounds

_ROWS = (
    # flow, value, lower, upper
    ("a", "10", "8", "13"),
    ("b", "100", "", ""),
    ("c", "5", "4", ""),
)
FACTORS = FactorSet.from_rows(
    [
        {
            "flow": flow,
            "reference_unit": "item",
            "stage": "embedded",
            "criterion": "climate_change",
            "value": value,
            "lower": lower,
            "upper": upper,
            "unit": "kgCO2e/item",
            "source": "tests",
        }
        for flow, value, lower, upper in _ROWS
    ],
    pack="tests",
)


def bounds(*amounts: float, factors: FactorSet = FACTORS) -> Bounds:
    return bounds_of(np.array(amounts), factors, criterion="climate_change", unit="kgCO2e/year")


def test_flows_without_both_bounds_enter_with_their_value_and_are_named() -> None:
    """2 x 8 + 3 x 100 + 4 x 5 = 336; 2 x 13 + 320 = 346; 20 of 340 have bounds."""
    found = bounds(2, 3, 4)
    assert (found.lower, found.value, found.upper) == (336, 340, 346)
    assert found.covered == pytest.approx(20 / 340, rel=1e-12)
    assert [flow.id for flow in found.without] == ["b", "c"]
    assert str(found) == (
        "336 to 346 kgCO2e/year (bounds of the factors, summed; 6% of the total has bounds)"
    )


def test_flows_of_which_nothing_is_used_are_not_named() -> None:
    assert bounds(2, 0, 0).without == ()
    assert bounds(2, 0, 0).covered == 1.0


def test_the_upper_bound_of_a_credit_is_its_lesser_end() -> None:
    """-1 x 13 = -13 is the lower figure, -1 x 8 the upper one."""
    found = bounds(-1, 0, 0)
    assert (found.lower, found.value, found.upper) == (-13, -10, -8)


def test_nothing_assessed_has_no_bounds() -> None:
    nothing = attrs.evolve(FACTORS, values=np.full_like(FACTORS.values, np.nan))
    found = bounds(1, 1, 1, factors=nothing)
    assert math.isnan(found.lower)
    assert math.isnan(found.upper)
    assert str(found) == "nothing assessed"


def test_nothing_counted_is_zero() -> None:
    found = bounds(0, 0, 0)
    assert (found.lower, found.value, found.upper, found.covered) == (0, 0, 0, 0)


def test_bounds_are_a_value() -> None:
    assert pickle.loads(pickle.dumps(bounds(2, 3, 4))) == bounds(2, 3, 4)  # noqa: S301


def test_footprint_sums_the_groups_and_chooses_stages() -> None:
    """A method without bounds: the total on both sides; an unknown criterion is named."""
    laptops = [
        reen.Equipment("laptop", entity=name, lifetime=4, country="FR") for name in ("x", "y")
    ]
    footprint = reen.measure(laptops, method="base-carbone", by="entity", as_of="2022-12-31")
    found = footprint.bounds()
    assert found.lower == found.upper == pytest.approx(footprint.total().value, rel=1e-12)
    assert found.covered == 0.0
    item = footprint.bounds("gwp", stages=[reen.Stage.EMBEDDED])
    assert item.value == pytest.approx(2 * 156 / 4, rel=1e-12)
    with pytest.raises(reen.errors.UnknownNameError):
        footprint.bounds("zorglub")
