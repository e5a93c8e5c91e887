"""Invariants 3, 4 and 5: the engine equals naive loops, its sums add up, and nothing is lost."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings

import reen
from reen.plugin import FactorPack, Registry
from reen.testing import (
    Measurement,
    ToyMethod,
    assert_conserves,
    assert_footprints_close,
)


@given(data=st.data())
def test_engine_equals_the_naive_loop(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Figures, groups and coverage are those of loops and `math.fsum` over the same exchanges."""
    case = data.draw(cases)
    assert_footprints_close(case.run(), case.reference())


@pytest.mark.slow
@given(data=st.data())
def test_nothing_is_lost(cases: st.SearchStrategy[Measurement], data: st.DataObject) -> None:
    """Groups sum to stages, stages to the total, and the four statuses to the inventory."""
    case = data.draw(cases)
    assert_conserves(case.run(), case.inventory)


@pytest.mark.slow
@given(data=st.data())
def test_trace_rows_sum_to_the_footprint(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Each column ``criterion.stage`` of the trace sums to that stage's total."""
    case = data.draw(cases)
    footprint = case.run(by=())
    table = reen.trace(
        case.inventory,
        method=case.method,
        factors=case.factors,
        as_of=case.as_of,
        registry=case.registry,
        batch_rows=data.draw(st.integers(2, 8), label="batch_rows"),
    ).read_all()
    # Criteria that only run-time factors publish: a test of their own, below.
    assume(set(footprint.criteria) <= {name.partition(".")[0] for name in table.column_names})
    for criterion in footprint.criteria:
        for stage, total in footprint.stage_totals(criterion).items():
            column = table[f"{criterion}.{stage}"].drop_null().to_pylist()
            assert bool(column) == (not math.isnan(total))
            size = math.fsum(map(abs, column))
            assert math.fsum(column) == pytest.approx(total or 0.0, rel=0, abs=1e-12 * size) or (
                not column
            )


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_explained_total_is_the_row_of_the_trace(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Explaining a row gives the sum of its climate impacts in the trace."""
    case = data.draw(cases)
    position = data.draw(st.integers(0, len(case.inventory) - 1), label="row")
    explained = reen.explain(
        case.inventory,
        row=position,
        method=case.method,
        factors=case.factors,
        as_of=case.as_of,
        registry=case.registry,
    ).total()
    table = reen.trace(
        case.inventory,
        method=case.method,
        factors=case.factors,
        as_of=case.as_of,
        registry=case.registry,
    ).read_all()
    here = table.filter(np.equal(table["row"].to_numpy(), position))
    parts = [
        value
        for name in table.column_names
        if name.startswith("climate_change.")
        for value in here[name].drop_null().to_pylist()
    ]
    size = math.fsum(map(abs, parts))
    assert math.isnan(explained) == (not parts)
    assert not parts or abs(explained - math.fsum(parts)) <= 1e-12 * size


def test_trace_has_the_criteria_of_run_time_factors(registry: Registry) -> None:
    """Packs that publish acidification, a declared kgCO2e made at run time: both are traced."""
    pack = FactorPack.from_rows(
        name="acid",
        version="1",
        title="One flow",
        publisher="tests",
        licence="CC0-1.0",
        source="tests",
        factors=[
            {
                "flow": "laptop",
                "reference_unit": "item",
                "stage": "embedded",
                "criterion": "acidification",
                "value": "2",
                "unit": "molHe/item",
                "equipment_type": "laptop",
                "source": "tests",
            }
        ],
    )
    inventory = reen.Inventory.from_arrow(
        pa.table({"equipment_type": ["laptop"], "declared_annual_footprint": [7.0]})
    )
    table = reen.trace(
        inventory, method=ToyMethod(declared=True), factors=[pack], registry=registry
    ).read_all()
    assert table["climate_change.unspecified"].drop_null().to_pylist() == [7.0]


def test_an_empty_inventory_has_no_group(registry: Registry) -> None:
    """No row, no group, and a total that says that nothing was assessed."""
    empty = reen.Inventory.from_arrow(pa.table({"equipment_type": pa.array([], pa.string())}))
    footprint = reen.measure(empty, method="declared", by="entity", registry=registry)
    assert footprint.group_count == 0
    assert math.isnan(footprint.total().value)


def test_stages_in_view_are_those_of_the_method(registry: Registry) -> None:
    """The method `declared` answers for the stage `unspecified` only, whatever packs are given."""
    laptop = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    given_packs = ["base-carbone"]
    footprint = reen.measure(laptop, method="declared", factors=given_packs, registry=registry)
    assert set(footprint.stages) <= {reen.Stage.UNSPECIFIED}
