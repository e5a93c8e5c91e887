"""Invariant 6: longer lifetimes, exact factors, and the mean of the draws."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

import reen
from reen.plugin import Registry
from reen.testing import Measurement, factor_packs, inventories, measurements
from reen_plugins.base_carbone.method import ELEMENTS, BaseCarbone

#: Types of the strategies, by the elements that `base-carbone` asks for.
_FLOWS = {key: ELEMENTS[key] for key in ("laptop", "desktop", "smartphone", "server")}


@pytest.fixture(scope="module")
def physical(registry: Registry) -> st.SearchStrategy[Measurement]:
    """Return a strategy of physical amortisation, on factors that are never negative."""
    method = st.sampled_from([BaseCarbone(), BaseCarbone(sub_lines=True)])
    pack = factor_packs(flows=_FLOWS, negative=False)
    rows = inventories(min_rows=1, columns=("lifetime", "quantity"))
    return measurements(registry, method=method, inventory=rows, pack=pack, groups=("id",))


@pytest.mark.slow
@given(data=st.data())
def test_a_longer_lifetime_never_raises_the_embedded_share(
    physical: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Lifetimes multiplied by 1 or more: no embedded stage of any group grows."""
    case = data.draw(physical)
    table = case.inventory.table
    longer = data.draw(
        st.lists(st.floats(1.0, 20.0), min_size=len(table), max_size=len(table)), label="times"
    )
    index = table.column_names.index("lifetime")
    field = table.schema.field(index)
    lifetimes = pa.array(
        [
            None if cell is None else cell * times
            for cell, times in zip(table["lifetime"].to_pylist(), longer, strict=True)
        ],
        pa.float64(),
    )
    before = case.run()
    after = case.run(reen.Inventory(table.set_column(index, field, lifetimes)))
    for stage in set(before.stages) & set(after.stages) - {reen.Stage.USE}:
        short, long = (each.impacts()[:, each.stages.index(stage)] for each in (before, after))
        there = ~np.isnan(short)
        assert np.all(long[there] <= short[there] * (1.0 + 1e-12))


@given(data=st.data())
def test_exact_factors_give_an_interval_without_width(
    registry: Registry, data: st.DataObject
) -> None:
    """No published spread anywhere: both bounds are the total, and 0 % of it has an uncertainty."""
    pack = data.draw(_EXACT)
    inventory = data.draw(_ROWS)
    footprint = reen.measure(
        inventory, method="toy", factors=[pack], as_of="2022-12-31", registry=registry
    )
    for criterion in footprint.criteria:
        interval = footprint.interval(criterion=criterion, draws=50)
        if math.isnan(interval.mean):  # nothing assessed
            continue
        assert interval.lower == interval.upper == pytest.approx(interval.mean, rel=1e-12, abs=1e-9)
        assert interval.covered == 0.0


_EXACT = factor_packs(uncertain=False)
_ROWS = inventories(min_rows=1)


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_intervals_are_ordered_and_nested(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """The 50 % interval lies inside the 95 % one, and covered is a share."""
    footprint = data.draw(cases).run()
    for criterion in footprint.criteria:
        wide, narrow = (
            footprint.interval(criterion=criterion, level=level, draws=200, assume_spread=0.3)
            for level in (0.95, 0.5)
        )
        if math.isnan(wide.mean):  # nothing assessed
            continue
        assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper
        assert 0.0 <= wide.covered <= 1.0 + 1e-12
