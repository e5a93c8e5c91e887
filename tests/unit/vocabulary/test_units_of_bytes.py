"""Multiples of a byte are converted without pint, to the same numbers."""

from __future__ import annotations

import itertools

import pint
import pytest

from reen.errors import DimensionError
from reen.vocabulary.units import conversion_factor

MULTIPLES = ("B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB")
REGISTRY: pint.UnitRegistry[float] = pint.UnitRegistry()


@pytest.mark.parametrize(("unit", "to"), list(itertools.permutations(MULTIPLES, 2)))
def test_a_multiple_of_a_byte_is_that_of_pint(unit: str, to: str) -> None:
    expected = REGISTRY.Quantity(1.0, unit).to(to).magnitude
    assert conversion_factor(unit, to) == pytest.approx(expected, rel=1e-15)
    assert conversion_factor(unit, f"{to}/item") == conversion_factor(unit, to)
    assert conversion_factor(f"{unit}/item", f"{to}/item") == conversion_factor(unit, to)


def test_bytes_of_an_item_are_no_bytes() -> None:
    with pytest.raises(DimensionError):
        conversion_factor("MB/item", "GB")
    with pytest.raises(DimensionError):
        conversion_factor("MB", "kWh")
