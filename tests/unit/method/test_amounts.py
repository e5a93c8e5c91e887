"""Amounts: products of named factors, checked for their units, compared when they are constants."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from reen.errors import PluginError
from reen.method.amounts import Amount, Factor, constant, day
from reen.method.terms import Column, Constant, form_of, slots_in, worked_out

YEARS = constant("lifetime", 4.0, "year")
ITEMS = Amount([Factor("quantity", Column("quantity", "item"), "item")])


def values(amount: Amount, **columns: list[float]) -> list[float]:
    """Return the values of an amount of one factor, by the columns given."""
    slots: list[float] = []
    form = form_of(amount.one.term, slots)
    cells = {name: np.array(cells) for name, cells in columns.items()}
    found: list[float] = worked_out(form, slots, lambda column: cells[column.name]).tolist()
    return found


def test_a_quotient_names_its_divisor() -> None:
    """Quantity / lifetime is quantity [item] times per_lifetime [1/year]."""
    amount = ITEMS / YEARS
    assert [each.driver for each in amount.factors] == ["quantity", "per_lifetime"]
    assert amount.formula == "quantity [item] x per_lifetime [1/year]"
    assert amount.scale_in("item/year") == 1.0


def test_a_product_of_another_dimension_is_refused_in_the_words_of_the_formula() -> None:
    """Items times years are no items per year; the message shows both units."""
    with pytest.raises(PluginError, match=r"quantity \[item\] x lifetime \[year\] is not in item"):
        (ITEMS * YEARS).scale_in("item/year")


def test_a_name_converts() -> None:
    """0.05 kW/item x 2000 h/year = 100 kWh a year; in W it is 50 x 2000 / 1000, the same."""
    hours = constant("usage_hours", 2000.0, "h/year")
    for power, unit in ((0.05, "kW/item"), (50.0, "W/item")):
        energy = (constant("power", power, unit) * hours).named("energy", "kWh/item/year")
        assert energy.one.term == Constant(100.0)
        assert energy.one.unit == "kWh/item/year"


def test_columns_are_worked_out_row_by_row() -> None:
    """(50 W x [1000, 2000] h) / 1000 = 50 and 100 kWh; a divisor is inverted: 10 / [2, 4]."""
    power = Amount([Factor("power", Column("power", "W/item"), "W/item")])
    hours = Amount([Factor("usage_hours", Column("usage_hours", "h/year"), "h/year")])
    energy = (power * hours).named("energy", "kWh/item/year")
    assert values(energy, power=[50.0, 50.0], usage_hours=[1000.0, 2000.0]) == [50.0, 100.0]
    lifetime = Amount([Factor("lifetime", Column("lifetime", "year"), "year")])
    rate = (constant("items", 10.0, "item") / lifetime).named("rate", "item/year")
    assert values(rate, lifetime=[2.0, 4.0]) == [5.0, 2.5]


def test_numbers_multiply_one_factor_or_stand_beside_several() -> None:
    """1.5 x 4 years are 6; a product of two keeps its factors and gets a constant."""
    assert (1.5 * YEARS).one.term == Constant(6.0)
    assert (YEARS / 2).one.term == Constant(2.0)
    tripled = 3 * (ITEMS / YEARS)
    assert [each.driver for each in tripled.factors] == ["quantity", "per_lifetime", "constant"]
    assert ((ITEMS / YEARS) * np.float64(3.0)).factors == tripled.factors


def test_a_number_times_a_divisor_divides() -> None:
    """2 / (4 years) is one half a year: the divisor becomes 4 / 2."""
    per_year = 2 * (Amount([]) / YEARS)
    assert per_year.named("rate", "1/year").one.term == Constant(0.5)


def test_sums_and_bounds_are_in_the_unit_of_the_first() -> None:
    """4 years + 6 months = 4.5; 4 years - 1 = 3; 4 clipped to 0..1 is 1."""
    assert (YEARS + constant("more", 6.0, "month")).one.term == Constant(4.5)
    assert (YEARS - 1.0).one.term == Constant(3.0)
    assert YEARS.clip(0.0, 1.0).one.term == Constant(1.0)


def test_constants_compare_at_once() -> None:
    """4 years are more than 3, and than 47 months; no more than 48."""
    assert YEARS > 3.0
    assert constant("other", 47.0, "month") < YEARS
    assert constant("other", 48.0, "month") >= YEARS
    assert not constant("other", 48.0, "month") > YEARS
    assert day(dt.date(2024, 1, 1)) >= day(dt.date(2023, 12, 31))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: YEARS == YEARS, id="equal"),  # noqa: PLR0124
        pytest.param(lambda: bool(YEARS), id="true"),
        pytest.param(lambda: float(YEARS), id="float"),
        pytest.param(lambda: ITEMS / YEARS < 1.0, id="a product compared"),
        pytest.param(lambda: (ITEMS / YEARS) + 1.0, id="a product added"),
        pytest.param(lambda: ITEMS < 1.0, id="a column without a case"),
        pytest.param(lambda: YEARS + constant("mass", 1.0, "kg"), id="years and kilograms"),
    ],
)
def test_what_an_amount_is_not_is_refused_with_the_remedy(wrong: object) -> None:
    """An amount is of many rows: no number, no truth, no equality, no other dimension."""
    assert callable(wrong)
    with pytest.raises(PluginError):
        wrong()


def test_forms_have_a_slot_for_each_constant() -> None:
    """Two amounts that differ by a constant have one form, and a slot each for theirs."""
    lifetime = Amount([Factor("lifetime", Column("lifetime", "year"), "year")])
    found: dict[float, list[float]] = {1.0: [], 2.0: []}
    forms = {form_of((lifetime + years).one.term, found[years]) for years in found}
    (form,) = forms
    assert slots_in(form) == 1
    assert found == {1.0: [1.0], 2.0: [2.0]}
