"""Invariant 2: twice the quantity, twice the footprint; another unit changes nothing."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import assume, given

import reen
from reen.plugin.files import EQUIPMENT
from reen.testing import Measurement, assert_footprints_close
from reen.vocabulary.units import conversion_factor

#: Other units of some columns: powers of ten and of two keep the sums exact to 1e-12.
UNITS = {
    "lifetime": ("month", "day", "week"),
    "usage_share": ("percent",),
    "declared_footprint": ("tCO2e/item", "gCO2e/item"),
    "declared_annual_footprint": ("tCO2e/item/year", "kgCO2e/item/month"),
    "annual_energy": ("MWh/item/year", "kWh/item/month", "MJ/item/year"),
}


def with_column(
    inventory: reen.Inventory, name: str, values: pa.ChunkedArray, unit: str
) -> reen.Inventory:
    """Return the inventory with a number column replaced, in a unit."""
    index = inventory.table.column_names.index(name)
    field = pa.field(name, pa.float64(), metadata={"unit": unit})
    return reen.Inventory(inventory.table.set_column(index, field, values))


@given(data=st.data())
def test_twice_the_quantity_is_twice_the_footprint(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Every figure and every quantity doubles, exactly: a power of two does not round."""
    case = data.draw(cases)
    assume("quantity" in case.inventory.table.column_names)
    doubled = with_column(
        case.inventory, "quantity", pc.multiply(case.inventory.table["quantity"], 2.0), "item"
    )
    once, twice = case.run(), case.run(doubled)
    np.testing.assert_array_equal(twice.impacts(), 2.0 * once.impacts())
    assert [row.quantity for row in twice.coverage] == [2.0 * row.quantity for row in once.coverage]


@pytest.mark.slow
@given(data=st.data())
def test_another_unit_changes_nothing(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """A number column expressed in another unit, named in its metadata: the same footprint."""
    case = data.draw(cases)
    names = [name for name in case.inventory.table.column_names if name in UNITS]
    assume(names)
    name = data.draw(st.sampled_from(names), label="column")
    unit = data.draw(st.sampled_from(UNITS[name]), label="unit")
    field = case.inventory.table.schema.field(name)
    here = field.metadata[b"unit"].decode()
    values = pc.divide(
        pc.multiply(case.inventory.table[name], conversion_factor(here, EQUIPMENT[name].unit)),
        conversion_factor(unit, EQUIPMENT[name].unit),
    )
    assert_footprints_close(case.run(with_column(case.inventory, name, values, unit)), case.run())
