"""Impacts: W x F, group by group, from sparse W."""

from __future__ import annotations

import numpy as np
import pytest

from reen.engine.fold import Cells
from reen.results import footprint_figures
from reen.results.footprint_figures import group_impacts

#: Group 0 has 2 of flow 0 and 1 of flow 1; group 2 has 3 of flow 1; group 1 has nothing.
CELLS = Cells(np.array([0, 0, 2]), np.array([0, 1, 1], np.int32), np.array([2.0, 1.0, 3.0]))

#: Two flows, one stage, two criteria.
FACTORS = np.array([[[10.0, 1.0]], [[100.0, np.nan]]])


def test_the_product_by_hand() -> None:
    """Group 0: 2 x 10 + 1 x 100 = 120 and 2 x 1 = 2; group 2: 300 and nothing published."""
    assert group_impacts(CELLS, FACTORS, start=0, stop=3).tolist() == [
        [[120.0, 2.0]],
        [[0.0, 0.0]],
        [[300.0, 0.0]],
    ]


def test_a_range_of_groups() -> None:
    """Groups 1 and 2: nothing, and 3 x 100."""
    assert group_impacts(CELLS, FACTORS, start=1, stop=3)[:, 0, 0].tolist() == [0.0, 300.0]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One group a block gives the product of all at once."""
    whole = group_impacts(CELLS, FACTORS, start=0, stop=3)
    monkeypatch.setattr(footprint_figures, "_BLOCK", 1)
    np.testing.assert_array_equal(group_impacts(CELLS, FACTORS, start=0, stop=3), whole)


@pytest.mark.parametrize("shape", [(0, 1, 1), (0, 0, 0), (2, 0, 1), (2, 1, 0)])
def test_empty_axes(shape: tuple[int, int, int]) -> None:
    """No flow, no stage or no criterion: an array of that shape."""
    found = group_impacts(
        Cells(np.array([], np.int64), np.array([], np.int32), np.array([])),
        np.zeros(shape),
        start=0,
        stop=2,
    )
    assert found.shape == (2, *shape[1:])


def test_no_group() -> None:
    """An empty range keeps the other axes."""
    assert group_impacts(CELLS, FACTORS, start=0, stop=0).shape == (0, 1, 2)


@pytest.mark.parametrize("block", [8, 1 << 22])
@pytest.mark.parametrize(("start", "stop"), [(0, 200), (17, 180), (60, 61)])
def test_rare_cells_are_multiplied_one_by_one(
    monkeypatch: pytest.MonkeyPatch, block: int, start: int, stop: int
) -> None:
    """200 groups of 0 to 3 of 100 flows: W @ F, whatever the size of the blocks."""
    monkeypatch.setattr("reen.results.footprint_figures._BLOCK", block)
    random = np.random.default_rng(20_221_231)
    weights = np.zeros((200, 100))
    for group, flows in enumerate(random.integers(0, 4, 200)):
        weights[group, random.choice(100, flows, replace=False)] = random.normal(size=flows)
    group, flow = np.nonzero(weights)
    cells = Cells(group.astype(np.int64), flow.astype(np.int32), weights[group, flow])
    factors = random.normal(size=(100, 2, 3))
    expected = np.einsum("gf,fsc->gsc", weights, factors)[start:stop]
    found = group_impacts(cells, factors, start=start, stop=stop)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
