"""Draws: lognormal multipliers of mean 1, one stream of random numbers per flow."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from reen.engine.amounts import Amounts
from reen.engine.drawn_totals import TotalLaws
from reen.engine.draws import UnitLaws, multipliers, normals, stream_of
from reen.factors.flow import Flow

Floats = npt.NDArray[np.float64]


def flows(*names: str) -> tuple[Flow, ...]:
    return tuple(Flow("pack", name) for name in names)


def draw(
    contributions: list[list[float]],
    spread: list[list[float]],
    *,
    draws: int,
    seed: int,
    names: str = "abcdefgh",
) -> Floats:
    """Return draws of a total of one unit of each flow."""
    count = len(contributions)
    values, spreads = (
        np.array(each, np.float64).reshape(count, -1 if count else 1)
        for each in (contributions, spread)
    )
    units = UnitLaws.of(values, spreads, flows(*names[:count]))
    nought = np.zeros(count, np.int64)
    amounts = Amounts(nought, nought, np.arange(count), np.ones(count))
    laws = TotalLaws(amounts=amounts, names=("",), units=units)
    ((_, block),) = laws.blocks(draws=draws, seed=seed)
    return block[0]


def test_without_spread_every_draw_is_the_total() -> None:
    """1 + 2, five times."""
    assert draw([[1.0, 2.0]], [[0.0, 0.0]], draws=5, seed=0).tolist() == [3.0] * 5


def test_no_flow_gives_zero() -> None:
    """A sum of nothing, for the arithmetic's sake."""
    assert draw([], [], draws=3, seed=0).tolist() == [0.0] * 3


def test_the_law_is_lognormal() -> None:
    """Ln of a draw of 1 with s = 0.3: mean -sigma^2/2, deviation sigma, sigma^2 = ln(1.09)."""
    totals = draw([[1.0]], [[0.3]], draws=200_000, seed=1)
    sigma = math.sqrt(math.log(1.09))
    logs = np.log(totals)
    assert logs.mean() == pytest.approx(-(sigma**2) / 2, abs=5 * sigma / math.sqrt(200_000))
    assert logs.std() == pytest.approx(sigma, rel=0.01)


def test_the_moments_of_a_unit_are_exact() -> None:
    """Values 2 and 3 with spreads 0.3 and 0, and 1 and 1 with 0.2 both: means 5 and 2.

    Variances (2 x 0.3)^2 = 0.36 and ((1 + 1) x 0.2)^2 = 0.16.
    """
    units = UnitLaws.of(
        np.array([[2.0, 3.0], [1.0, 1.0]]), np.array([[0.3, 0.0], [0.2, 0.2]]), flows("a", "b")
    )
    assert units.mean.tolist() == [5.0, 2.0]
    assert units.variance.tolist() == pytest.approx([0.36, 0.16], rel=1e-12)
    assert units.uncertain.tolist() == [True, True]


def test_two_spreads_of_one_flow_have_the_covariance_of_one_z() -> None:
    """1 with s = 0.3 and 1 with s = 0.5, one z: 0.09 + 0.25 + 2 (exp(s1 s2) - 1).

    sigma1^2 = ln 1.09 = 0.0861777, sigma2^2 = ln 1.25 = 0.2231436, product of the sigmas
    0.1386727, exp - 1 = 0.1487480: 0.09 + 0.25 + 0.2974959 = 0.6374959.
    """
    units = UnitLaws.of(np.array([[1.0, 1.0]]), np.array([[0.3, 0.5]]), flows("a"))
    assert units.variance[0] == pytest.approx(0.6374959, abs=1e-6)


def test_stages_of_one_flow_move_together() -> None:
    """Two stages of 1 with one spread draw like one stage of 2."""
    one = draw([[1.0, 1.0]], [[0.3, 0.3]], draws=50, seed=2)
    other = draw([[2.0]], [[0.3]], draws=50, seed=2)
    np.testing.assert_allclose(one, other, rtol=1e-12)


def test_flows_are_independent() -> None:
    """Two flows of equal spread: the deviation of the sum is sqrt(2) times that of one."""
    both = draw([[1.0], [1.0]], [[0.2], [0.2]], draws=100_000, seed=3)
    assert both.std() == pytest.approx(0.2 * math.sqrt(2), rel=0.02)


def test_more_draws_begin_like_fewer() -> None:
    """The first draws are the same whether 10 or 10,000 are asked for."""
    few, many = (draw([[1.0], [2.0]], [[0.2], [0.2]], draws=n, seed=4) for n in (10, 10_000))
    np.testing.assert_allclose(few, many[:10], rtol=1e-14)


def test_a_flow_is_drawn_alike_beside_any_other() -> None:
    """Its draws are named by its key: those of `b` alone are those of `b` after `a`."""
    alone = draw([[1.0]], [[0.2]], draws=20, seed=5, names="b")
    beside = draw([[10.0], [1.0]], [[0.3], [0.2]], draws=20, seed=5)
    first = draw([[10.0]], [[0.3]], draws=20, seed=5)
    np.testing.assert_allclose(beside, first + alone, rtol=1e-12)


def test_draws_are_the_same_on_every_platform() -> None:
    """Three draws of a flow, written down: a change of them changes every published interval."""
    found = draw([[1.0]], [[0.3]], draws=3, seed=0)
    expected = [0.5376039213864946, 0.7797946354314819, 0.6630485814355778]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_streams_are_told_apart_by_their_name() -> None:
    """Flow 1 of 11 and flow 11 of 1 are two streams; each is four 32-bit words."""
    first, second = stream_of("flow", "1", "11"), stream_of("flow", "11", "1")
    assert first != second
    assert len(first) == 4
    assert all(0 <= word < 2**32 for word in first)
    numbers = np.empty((2, 1000))
    normals(first, seed=0, out=numbers[0])
    normals(second, seed=0, out=numbers[1])
    assert abs(np.corrcoef(numbers)[0, 1]) < 0.15


def test_a_multiplier_has_mean_one_and_its_spread() -> None:
    """200,000 draws with s = 0.2: within five standard errors (0.2 / sqrt(n)) of 1."""
    drawn = multipliers(stream_of("x"), 0.2, draws=200_000, seed=0)
    assert drawn.mean() == pytest.approx(1.0, abs=5 * 0.2 / math.sqrt(200_000))
    assert drawn.std() == pytest.approx(0.2, rel=0.02)
