"""An amount below zero: the method and the row are named, by whatever way it was worked out."""

from __future__ import annotations

import datetime as dt

import pytest

import reen
from reen.plugin import Case, Exchange, Packs

from . import toys


def backwards(case: Case, packs: Packs) -> Exchange:
    """Take the life of a laptop for one that ends before it begins."""
    lifetime = case.number("lifetime", else_=packs.default("laptop", "lifetime", "year"))
    found: Exchange = case.quantity / (lifetime * -1) * packs.by_type("laptop")
    return found


@pytest.mark.parametrize("rows", [1, 2000])
def test_a_lifetime_below_zero(rows: int) -> None:
    """2 laptops of 200 kg over -4 years would be -100 kg a year, in a total that is complete."""
    with pytest.raises(reen.errors.PluginError, match=r"toy 1: .* not a finite number, 0 or more"):
        toys.measured(toys.Toy(backwards), equipment_type=["laptop"] * rows, quantity=[2.0] * rows)


def test_of_a_single_item() -> None:
    laptop = reen.Equipment("laptop", quantity=2)
    with pytest.raises(reen.errors.PluginError, match=r"toy 1: .* not a finite number, 0 or more"):
        reen.measure(laptop, toys.Toy(backwards), factors=toys.pack(), as_of=dt.date(2024, 12, 31))
