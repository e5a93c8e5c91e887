"""The lines of a statement add up to the footprint, whatever the organisation and the method.

Those of the BEGES exactly; those of the GHG Protocol but for one named difference: whole purchases
against yearly shares.  Two organisations together are the sum of both, line by line.
"""

from __future__ import annotations

import datetime as dt
import math

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

import reen
from reen.types import Statement

_SHARES = st.floats(0.0, 1e4, allow_nan=False)

EQUIPMENT = st.fixed_dictionaries(
    {
        "equipment_type": st.sampled_from(["laptop", "monitor", "server", "switch", "unknown"]),
        "quantity": _SHARES,
        "lifetime": st.floats(0.5, 20.0),
        "annual_energy": st.none() | st.floats(0.0, 1e4),
        "country": st.sampled_from(["FR", "DE", "GP", None]),
        "acquisition": st.sampled_from(["purchase", "lease", "made_available", "donation", None]),
        "ownership": st.sampled_from(["corporate", "personal", "third_party", None]),
        "purchase_date": st.none() | st.dates(dt.date(2019, 1, 1), dt.date(2024, 6, 1)),
    }
)
SERVICES = st.fixed_dictionaries(
    {
        "service_type": st.sampled_from(["saas", "telecom", "paper", "small_equipment", "other"]),
        "amount": st.none() | _SHARES,
        "amount_with_tax": st.none() | _SHARES,
        "reams": st.none() | _SHARES,
        "price_year": st.none() | st.sampled_from([2018.0, 2021.0, 2030.0]),
    }
)
DISPOSALS = st.fixed_dictionaries(
    {
        "date": st.dates(dt.date(2022, 12, 1), dt.date(2024, 2, 1)),
        "equipment_type": st.sampled_from(["monitor", "laptop", "switch", None]),
        "quantity": st.none() | _SHARES,
        "weight": st.none() | _SHARES,
        "destination": st.sampled_from(["recycling", "donation", "unknown"]),
    }
)
WORDS = {
    "equipment_type", "country", "acquisition", "ownership", "service_type", "destination",
}  # fmt: skip
TYPES = {"purchase_date": pa.date32(), "date": pa.date32()}


def table_of(rows: list[dict[str, object]]) -> pa.Table | None:
    """Return rows as a table; None for no row."""
    if not rows:
        return None
    text = pa.string()
    columns = {}
    for name in rows[0]:
        cells = [row[name] for row in rows]
        columns[name] = pa.array(cells, TYPES.get(name, text if name in WORDS else pa.float64()))
    return pa.table(columns)


@st.composite
def organisations(draw: st.DrawFn) -> reen.Inventory:
    """Draw an organisation with a fleet, and services and disposals perhaps."""
    return reen.Inventory.from_tables(
        equipment=table_of(draw(st.lists(EQUIPMENT, min_size=1, max_size=6))),
        services=table_of(draw(st.lists(SERVICES, max_size=5))),
        disposals=table_of(draw(st.lists(DISPOSALS, max_size=4))),
    )


def stated(inventory: reen.Inventory, scheme: str, method: str) -> Statement:
    return reen.statement(inventory, method=method, scheme=scheme, as_of="2023-12-31")


def everything(found: Statement) -> float:
    lines = (*found.lines, *found.outside)
    return math.fsum(each.value for each in lines if not math.isnan(each.value))


def known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


@settings(max_examples=settings.default.max_examples // 3)
@given(inventory=organisations(), method=st.sampled_from(["base-carbone", "ecodiag"]))
def test_the_beges_lines_sum_to_the_footprint(inventory: reen.Inventory, method: str) -> None:
    found = stated(inventory, "beges-v5", method)
    assert everything(found) == pytest.approx(known(found.footprint), rel=1e-9, abs=1e-9)
    assert found.differences == ()


@settings(max_examples=settings.default.max_examples // 3)
@given(inventory=organisations(), method=st.sampled_from(["base-carbone", "ecodiag"]))
def test_the_ghg_lines_differ_by_one_named_difference(
    inventory: reen.Inventory, method: str
) -> None:
    found = stated(inventory, "ghg-protocol", method)
    (difference,) = found.differences
    assert everything(found) - difference.value == pytest.approx(
        known(found.footprint), rel=1e-9, abs=1e-6
    )


@settings(max_examples=settings.default.max_examples // 6)
@given(one=organisations(), other=organisations())
def test_two_organisations_are_the_sum_of_both(one: reen.Inventory, other: reen.Inventory) -> None:
    together = stated(one + other, "beges-v5", "base-carbone")
    parts = [stated(each, "beges-v5", "base-carbone") for each in (one, other)]
    for line in together.lines:
        apart = sum(known(each.line(line.code).value) for each in parts)
        assert known(line.value) == pytest.approx(apart, rel=1e-9, abs=1e-9)
    assert together.complete == all(each.complete for each in parts)
