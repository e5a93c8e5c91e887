"""Folds of parts add up to the same, bit for bit, whoever was first."""

from __future__ import annotations

import functools

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.engine.fold import Fold
from reen.measurement.folding import fold_batches
from reen.measurement.ready_method import prepare_method
from reen.measurement.workers import FoldTree

PARTS = 13


@functools.cache
def folds() -> tuple[Fold, ...]:
    """Return the folds of thirteen parts, whose sums are not round."""
    ready = prepare_method("base-carbone", as_of="2022-12-31")
    return tuple(
        fold_batches(
            ready,
            ("team",),
            reen.Inventory.from_arrow(
                pa.table(
                    {
                        "equipment_type": ["laptop", "monitor", "desktop"],
                        "lifetime": [3.3 + part, 4.7, 7.1],
                        "team": [f"team {part % 4}", "team 1", f"team {part}"],
                    }
                )
            ).batches(),
        )
        for part in range(PARTS)
    )


@pytest.mark.slow
@given(order=st.permutations(range(PARTS)))
def test_any_order_gives_the_same_bits(order: list[int]) -> None:
    straight, shuffled = FoldTree(), FoldTree()
    for part in range(PARTS):
        straight.add(part, folds()[part])
    for part in order:
        shuffled.add(part, folds()[part])
    assert shuffled.result() == straight.result()


def test_the_sum_is_that_of_all_parts() -> None:
    tree = FoldTree()
    for part, fold in enumerate(folds()):
        tree.add(part, fold)
    total = tree.result()
    assert total is not None
    assert total.rows == 3 * PARTS
    assert total.cells.amount.sum() == pytest.approx(
        sum(fold.cells.amount.sum() for fold in folds()), rel=1e-12
    )
    assert total.digest == sum(fold.digest for fold in folds()) % 2**64


def test_nothing_to_add() -> None:
    assert FoldTree().result() is None


def test_few_folds_are_held() -> None:
    """In order, n folds leave no more than the ones of n in binary: 13 = 1101, three."""
    tree = FoldTree()
    for part, fold in enumerate(folds()):
        tree.add(part, fold)
    assert len(tree._held) == 3
