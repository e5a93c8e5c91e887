"""Folds: values that add up by flow key, group key and coverage class."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.engine.fold import Fold, merge_folds
from reen.engine.fold_builder import FoldBuilder
from reen.engine.rows import RowFacts
from reen.measurement.folding import fold_batches
from reen.measurement.ready_method import prepare_method
from reen.plugin.arrays import (
    Driver,
    Exchanges,
    FactorSet,
    Flow,
    FlowDescription,
    FlowKind,
    Outcome,
)
from reen.sources.parts import View, open_inventory


def fold(table: pa.Table, *by: str) -> Fold:
    ready = prepare_method("base-carbone", as_of="2022-12-31")
    view = View(columns=frozenset(table.column_names), registry=reen.default_registry())
    return fold_batches(ready, by, open_inventory(reen.Inventory.from_arrow(table)).batches(view))


LAPTOP = pa.table({"equipment_type": ["laptop"], "entity": ["a"], "lifetime": [4.0]})
DESKTOP = pa.table({"equipment_type": ["desktop"], "entity": ["b"], "lifetime": [5.0]})


def test_amounts_of_different_flows_stand_side_by_side() -> None:
    """1/4 of the laptop flow, 1/5 of the desktop flow."""
    both = fold(LAPTOP) + fold(DESKTOP)
    amounts = {both.flows[f].id: a for f, a in zip(both.cells.flow, both.cells.amount, strict=True)}
    assert amounts == {"27002": 0.25, "27003": 0.2}


def test_amounts_of_one_flow_are_summed() -> None:
    """1/4 + 1/4."""
    both = fold(LAPTOP) + fold(LAPTOP)
    assert both.cells.amount.tolist() == [0.5]


def test_groups_are_merged_by_key() -> None:
    """Entity a of two folds is one group: 1/4 + 1/4; b keeps its 1/5."""
    both = fold(DESKTOP, "entity") + fold(LAPTOP, "entity") + fold(LAPTOP, "entity")
    assert both.groups["entity"].to_pylist() == ["a", "b"]
    assert both.cells.amount.tolist() == [0.5, 0.2]


def test_rows_are_counted() -> None:
    """One row and one row."""
    assert (fold(LAPTOP) + fold(DESKTOP)).rows == 2


def test_the_order_of_folds_does_not_count() -> None:
    """Either way round, the same value."""
    parts = [fold(LAPTOP, "entity"), fold(DESKTOP, "entity")]
    assert merge_folds(parts) == merge_folds(parts[::-1])


def test_five_examples_are_kept() -> None:
    """Seven rows of one class: the first five are shown."""
    table = pa.table({"equipment_type": ["laptop"], "source": ["f"], "source_row": pa.array([0])})
    folds = [
        fold(table.set_column(2, "source_row", pa.array([row]))) for row in (7, 3, 1, 6, 2, 5, 4)
    ]
    examples = merge_folds(folds).examples
    assert {tuple(row.row for row in rows) for rows in examples.values()} == {(1, 2, 3, 4, 5)}


def test_different_groups_cannot_be_added() -> None:
    """The message says why."""
    with pytest.raises(ValueError, match="grouped by different columns"):
        _ = fold(LAPTOP) + fold(LAPTOP, "entity")


def test_nothing_cannot_be_merged() -> None:
    """The message says what to give."""
    with pytest.raises(ValueError, match="nothing to merge"):
        merge_folds([])


def test_a_fold_is_equal_to_itself_made_again() -> None:
    """Equality is by content."""
    assert fold(LAPTOP, "entity") == fold(LAPTOP, "entity")


def test_a_fold_differs_from_another() -> None:
    """Of another flow."""
    assert fold(LAPTOP) != fold(DESKTOP)


@pytest.mark.slow
def test_a_table_that_is_given_up_at_the_end_loses_nothing() -> None:
    """One amount of a kind that 600,000 later groups do not have: 7 items, and 600,001 x 2 kWh."""
    groups, stages = 600_000, (reen.Stage.MANUFACTURING, reen.Stage.USE)
    flows = (Flow("mine", "laptop"), Flow("mine", "electricity"))
    values = np.array([[[3.0], [np.nan]], [[np.nan], [0.5]]])
    blank = np.full(values.shape, np.nan)
    factors = FactorSet(
        flows,
        tuple(FlowDescription(reference_unit=unit) for unit in ("item", "kWh")),
        stages,
        ("climate_change",),
        *(values, blank, blank, blank),
    )

    def rows(first: int, count: int) -> RowFacts:
        data = pa.RecordBatch.from_pydict({"id": list(range(first, first + count))})
        codes = np.full(count, -1, np.int32)
        return RowFacts(
            data=data,
            quantity=np.ones(count),
            type_codes=codes,
            type_names=(),
            digest=0,
            offset=first,
        )

    def exchanges(k: int, name: str, unit: str, count: int, amount: float) -> Exchanges:
        return Exchanges(
            kind=FlowKind(name, (stages[k],)),
            flows=flows,
            flow=np.full(count, k, np.int32),
            drivers={"amount": Driver(np.full(count, amount), f"{unit}/year")},
            reference_unit=unit,
            outcomes=(Outcome(),),
            outcome=np.zeros(count, np.uint8),
        )

    builder = FoldBuilder(method="mine", by=("id",), factors=factors)
    # as many amounts of electricity as groups: its table is full enough to be kept
    first = [exchanges(0, "item", "item", 1, 7.0), exchanges(1, "electricity", "kWh", 1, 2.0)]
    builder.add(rows(0, 1), first)
    builder.add(rows(1, groups), [exchanges(1, "electricity", "kWh", groups, 2.0)])
    found = builder.result()
    assert found.group_count == groups + 1
    item, electricity = found.flows.index(flows[0]), found.flows.index(flows[1])
    cells = found.cells
    assert cells.amount[cells.flow == item].tolist() == [7.0]
    assert cells.amount[cells.flow == electricity].sum() == 2.0 * (groups + 1)
