"""Draws: lognormal multipliers of mean 1, one per flow."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reen.engine.draws import draw_totals


def test_without_spread_every_draw_is_the_total() -> None:
    """1 + 2, five times."""
    totals = draw_totals(np.array([[1.0, 2.0]]), np.zeros((1, 2)), draws=5, seed=0)
    assert totals.tolist() == [3.0] * 5


def test_no_flow_gives_zero() -> None:
    """A sum of nothing, for the arithmetic's sake."""
    totals = draw_totals(np.zeros((0, 2)), np.zeros((0, 2)), draws=3, seed=0)
    assert totals.tolist() == [0.0] * 3


def test_the_law_is_lognormal() -> None:
    """Ln of a draw of 1 with s = 0.3: mean -sigma^2/2, deviation sigma, sigma^2 = ln(1.09)."""
    totals = draw_totals(np.array([[1.0]]), np.array([[0.3]]), draws=200_000, seed=1)
    sigma = math.sqrt(math.log(1.09))
    logs = np.log(totals)
    assert logs.mean() == pytest.approx(-(sigma**2) / 2, abs=5 * sigma / math.sqrt(200_000))
    assert logs.std() == pytest.approx(sigma, rel=0.01)


def test_stages_of_one_flow_move_together() -> None:
    """Two stages of 1 with one spread draw like one stage of 2."""
    one = draw_totals(np.array([[1.0, 1.0]]), np.array([[0.3, 0.3]]), draws=50, seed=2)
    other = draw_totals(np.array([[2.0]]), np.array([[0.3]]), draws=50, seed=2)
    np.testing.assert_allclose(one, other, rtol=1e-12)


def test_flows_are_independent() -> None:
    """Two flows of equal spread: the deviation of the sum is sqrt(2) times that of one."""
    spread = np.array([[0.2], [0.2]])
    both = draw_totals(np.array([[1.0], [1.0]]), spread, draws=100_000, seed=3)
    assert both.std() == pytest.approx(0.2 * math.sqrt(2), rel=0.02)


def test_draws_do_not_depend_on_their_block() -> None:
    """The first draws are the same whether 10 or 10,000 are asked for."""
    few, many = (
        draw_totals(np.array([[1.0], [2.0]]), np.full((2, 1), 0.2), draws=draws, seed=4)
        for draws in (10, 10_000)
    )
    np.testing.assert_array_equal(few, many[:10])


def test_exact_flows_do_not_move_the_others() -> None:
    """A flow without spread adds its value to every draw, and uses up no random number."""
    alone = draw_totals(np.array([[1.0]]), np.array([[0.2]]), draws=20, seed=5)
    beside = draw_totals(np.array([[10.0], [1.0]]), np.array([[0.0], [0.2]]), draws=20, seed=5)
    np.testing.assert_allclose(beside, alone + 10.0, rtol=1e-12)
