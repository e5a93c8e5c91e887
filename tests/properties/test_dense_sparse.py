"""Dense and sparse sums give the same numbers, whatever the number of groups."""

from __future__ import annotations

import math

import attrs
import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

import reen
from reen.engine.cells import CellSum
from reen.engine.fold_builder import FoldBuilder
from reen.engine.numbering import GroupIndex, number_rows
from reen.measurement.ready_method import prepare_method
from reen.plugin import Registry
from reen.sources.parts import View, open_inventory
from reen.testing import Measurement, assert_footprints_close

_VALUES = st.floats(-1e12, 1e12)
_TRIPLES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), _VALUES), max_size=30)


@given(parts=st.lists(_TRIPLES, max_size=4), limit=st.sampled_from((0, 16, 64, 1 << 20)))
def test_cell_sums_do_not_depend_on_the_table(
    parts: list[list[tuple[int, int, float]]], limit: int
) -> None:
    """Sums by cell, in a table of any size or without one, are those of a dictionary."""
    sums = CellSum(dense_cells=limit)
    expected: dict[tuple[int, int], float] = {}
    sizes: dict[tuple[int, int], float] = {}
    height = width = 1
    for part in parts:
        height = max([height, *(row + 1 for row, _, _ in part)])
        width = max([width, *(column + 1 for _, column, _ in part)])
        rows, columns = (np.array([each[k] for each in part], np.int64) for k in (0, 1))
        values = np.array([value for _, _, value in part])
        sums.add(rows, columns, values, height=height, width=width)
        for row, column, value in part:
            expected[row, column] = expected.get((row, column), 0.0) + value
            sizes[row, column] = sizes.get((row, column), 0.0) + abs(value)
    at, under, values = sums.cells()
    found = {
        (int(row), int(column)): float(value)
        for row, column, value in zip(at, under, values[0], strict=True)
    }
    for cell, value in expected.items():
        assert abs(found.get(cell, 0.0) - value) <= 1e-12 * sizes[cell]
    assert set(found) <= set(expected)


@pytest.mark.slow
@given(data=st.data())
def test_a_footprint_does_not_depend_on_the_table(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Every sum of a fold kept sparse from the first value: the same footprint."""
    case = data.draw(cases)
    dense = case.run()
    ready = prepare_method(
        case.method, factors=case.factors, as_of=case.as_of, registry=case.registry
    )
    builder = FoldBuilder(
        method=case.method.name, by=case.by, factors=ready.library.factors, dense_cells=0
    )
    opened = open_inventory(case.inventory)
    view = View(columns=opened.columns or frozenset(), registry=case.registry, batch_rows=2)
    for batch in opened.batches(view):
        builder.add(ready.facts(batch, case.by), ready.answers(batch))
    fold = builder.result()
    assert fold.flows == dense.fold.flows
    assert_footprints_close(attrs.evolve(dense, fold=fold), dense)


_KEYS = {
    "text": st.sampled_from(("a", "b", "c", None)),
    "number": st.sampled_from((-5, 0, 7, None)),
    "truth": st.sampled_from((True, False, None)),
    "price": st.sampled_from((0.5, -0.0, math.inf, None)),
}
_TYPES = {
    "text": pa.string(),
    "number": pa.int64(),
    "truth": pa.bool_(),
    "price": pa.float64(),
}


@given(
    by=st.lists(st.sampled_from(sorted(_KEYS)), unique=True, min_size=1),
    rows=st.lists(st.fixed_dictionaries(_KEYS), max_size=20),
    size=st.integers(1, 20),
)
def test_groups_are_the_distinct_combinations(
    by: list[str], rows: list[dict[str, object]], size: int
) -> None:
    """Numbered batch by batch, then sorted: each row finds its own combination back."""
    index = GroupIndex(by)
    schema = pa.schema([(name, _TYPES[name]) for name in _KEYS])
    numbers: list[int] = []
    for start in range(0, len(rows), size):
        batch = pa.RecordBatch.from_pylist(rows[start : start + size], schema=schema)
        numbers += np.asarray(index.numbers(batch)).tolist()
    keys = index.keys().to_pylist()
    assert [keys[number] for number in numbers] == [
        {name: row[name] for name in by} for row in rows
    ]
    final, table = number_rows(index.keys())
    again = table.to_pylist()
    assert [again[final[number]] for number in numbers] == [keys[number] for number in numbers]


def test_a_million_cells_fall_back_on_pairs() -> None:
    """Past the limit of the table the sums go on as sorted pairs: 1 + 1 in cell (5, 3)."""
    sums = CellSum(dense_cells=8)
    for height in (2, 1_000_000):
        sums.add(np.array([1]), np.array([3]), np.array([1.0]), height=height, width=4)
    rows, columns, values = sums.cells()
    assert (rows.tolist(), columns.tolist(), values.tolist()) == ([1], [3], [[2.0]])


def test_one_group_per_asset(registry: Registry) -> None:
    """Two thousand assets, one group each, dense or sparse: 156 / 4 kg each."""
    size = 2_000
    table = pa.table(
        {
            "equipment_type": ["laptop"] * size,
            "lifetime": [4.0] * size,
            "id": [f"PC-{k:05}" for k in range(size)],
        }
    )
    footprint = reen.measure(
        reen.Inventory.from_arrow(table),
        method="base-carbone",
        by="id",
        as_of="2022-12-31",
        registry=registry,
        batch_rows=300,
    )
    assert footprint.group_count == size
    embedded = footprint.impacts()[:, footprint.stages.index(reen.Stage.EMBEDDED), 0]
    np.testing.assert_allclose(embedded, 39.0, rtol=1e-12)
