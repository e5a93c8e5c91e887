"""Totals add, convert, and keep how complete they are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.errors import DimensionError, OptionError


def total(
    value: float, *, complete: bool = True, bound: bool = False, doubt: bool = False
) -> reen.types.Total:
    return reen.types.Total(value, "kgCO2e/year", "climate_change", complete, bound, (), doubt)


def test_a_sum_is_as_complete_as_its_parts() -> None:
    """120 kg + 1.5 t = 1,620 kg; one lower bound makes the sum one; one doubt makes it doubtful."""
    tonnes = reen.types.Total(1.5, "tCO2e/year", "climate_change", complete=True, lower_bound=False)
    whole = total(120.0) + tonnes
    assert (whole.value, whole.unit, whole.complete) == (1620.0, "kgCO2e/year", True)
    assert str(total(120.0) + total(5.0, complete=False, bound=True)) == ">= 125 kgCO2e/year"
    assert str(total(1.0) + total(2.0, complete=False)) == "3 kgCO2e/year (incomplete)"
    doubtful = total(1.0, complete=False, bound=True) + total(2.0, complete=False, doubt=True)
    assert str(doubtful) == "3 kgCO2e/year (doubtful)"
    assert not doubtful.lower_bound


def test_what_is_not_assessed_adds_nothing_and_is_no_zero() -> None:
    nothing = total(math.nan, complete=False)
    assert math.isnan((nothing + nothing).value)
    found = total(3.0) + nothing
    assert found.value == 3.0
    assert not found.complete
    assert not found.lower_bound


def test_totals_of_two_criteria_or_dimensions_do_not_add() -> None:
    water = reen.types.Total(1.0, "m3_world_eq/year", "water", complete=True, lower_bound=False)
    with pytest.raises(OptionError, match="climate_change"):
        total(1.0) + water
    with pytest.raises(DimensionError):
        total(1.0).to("kWh/year")
    with pytest.raises(TypeError):
        total(1.0) + 2.0  # type: ignore[operator]


@given(st.lists(st.floats(0, 1e9), min_size=1), st.booleans())
def test_sum_of_totals_is_the_total_of_sums(values: list[float], bound: bool) -> None:  # noqa: FBT001
    totals = [total(value, complete=not bound, bound=bound) for value in values]
    added = sum(totals)
    assert isinstance(added, reen.types.Total)
    assert added.value == pytest.approx(math.fsum(values), rel=1e-12)
    assert (added.complete, added.lower_bound) == (not bound, bound)


@given(st.floats(0, 1e12))
def test_converted_there_and_back_a_total_is_the_same(value: float) -> None:
    back = total(value).to("tCO2e/year").to("kgCO2e/year")
    assert back.value == pytest.approx(value, rel=1e-12)
    assert back.unit == "kgCO2e/year"
