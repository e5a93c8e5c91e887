"""Folds: values that add up by flow key, group key and coverage class."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen
from reen.engine.fold import Fold, merge_folds
from reen.execution.work import fold_batches
from reen.preparation import prepare_method
from reen.sources import open_source


def fold(table: pa.Table, *by: str) -> Fold:
    ready = prepare_method("base-carbone", as_of="2022-12-31")
    batches, _ = open_source(reen.Inventory.from_arrow(table))
    return fold_batches(ready, by, batches)


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
