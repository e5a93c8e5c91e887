"""The unit table: every name of it is held to pint, and pint stays away while it is enough."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reen.errors import DimensionError
from reen.vocabulary.unit_table import inverse, known, names
from reen.vocabulary.units import conversion_factor, parse, product_factor, product_has_dimension_of

#: Units of columns, packs and results, as they are written.
WRITTEN = (
    "1",
    "EUR/item",
    "GiB/item",
    "h/year",
    "kWh/item/year",
    "kWh/year",
    "Wh/item/day",
    "MJ/item/year",
    "kgCO2e/item/month",
    "m^2",
    "m**3/year",
    "kW/item*h",
    "kgCO2e kWh^-1",
    "kg.m^2/s^2",
    "item*year/kWh",
)


@pytest.mark.slow
@pytest.mark.parametrize("unit", [*names(), *WRITTEN])
def test_a_unit_is_what_pint_makes_of_it(unit: str) -> None:
    """Same dimension as, and same size beside, every other unit of the table.

    Bytes are compared with bytes only: pint takes them for plain numbers.
    """
    measure, one = known(unit), parse(unit)
    assert measure is not None
    for other in (*names(), *WRITTEN):
        if ("B" in other) != ("B" in unit):
            continue
        found, theirs = known(other), parse(other)
        assert found is not None
        alike = one.dimensionality == theirs.dimensionality
        assert (measure.powers == found.powers) == alike, other
        if alike:
            expected = (1.0 * one).to(theirs).magnitude
            assert float(measure.scale / found.scale) == pytest.approx(expected, rel=1e-12), other


@pytest.mark.parametrize(
    "text", ["", "kWh//an", "98,5", "year**9**9", "2 kWh", "kWh/", "/kWh", "k Wh;"]
)
def test_what_is_no_unit_is_not_in_the_table(text: str) -> None:
    """The table says nothing of it, and the converter refuses it as before."""
    assert known(text) is None
    with pytest.raises(DimensionError):
        conversion_factor(text, "kWh/year")


def test_conversions_are_exact() -> None:
    """12 months a year; 1 MWh is 1,000 kWh; 1 TB is 1,000 GB; 3 months are a quarter."""
    assert conversion_factor("year", "month") == 12.0
    assert conversion_factor("MWh/item/year", "kWh/item/year") == 1000.0
    assert conversion_factor("month", "year") == 1.0 / 12.0
    assert conversion_factor("kWh/year", "kWh/item/year") == 1.0
    assert product_factor(("item", "EUR/item", "kgCO2e/EUR", "1/year"), "kgCO2e/year") == 1.0


@pytest.mark.parametrize("unit", ["year", "kWh/item/year", "1/year", "m^2/item", "kW/item*h"])
def test_a_unit_times_its_inverse_is_one(unit: str) -> None:
    """Whatever is written."""
    assert product_has_dimension_of((unit, inverse(unit)), "1")


@pytest.mark.parametrize(
    ("unit", "to"),
    [("kg", "kWh/item/year"), ("kgCO2e", "kg"), ("item/year", "kWh/item/year"), ("GB", "1")],
)
def test_a_unit_of_another_dimension_is_refused(unit: str, to: str) -> None:
    """No kilograms of energy, no mass of carbon, no bytes for a count."""
    with pytest.raises(DimensionError):
        conversion_factor(unit, to)


_PROGRAM = """
import sys
import reen
energy = "0.05 MWh/item/year"
item = reen.Equipment("laptop", lifetime="60 month", annual_energy=energy, country="FR")
total = reen.measure(item, method="base-carbone", as_of="2024-12-31").total()
assert total.complete, total
print("pint" in sys.modules)
"""


@pytest.mark.slow
def test_measuring_in_our_own_units_loads_no_pint() -> None:
    """A new process measures an item, months and megawatt-hours included, without it."""
    found = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
