"""Drawn totals: rows of totals, whatever the memory and the blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reen.engine.amounts import Amounts, SharedLaws
from reen.engine.drawn_totals import TotalLaws, drawn_quantiles
from reen.engine.draws import UnitLaws, multipliers, normals, stream_of
from reen.factors.flow import Flow


def units(*laws: tuple[float, float]) -> UnitLaws:
    """Return flows of one stage: (value, relative standard deviation)."""
    values, spread = (np.array(column)[:, None] for column in zip(*laws, strict=True))
    return UnitLaws.of(values, spread, [Flow("pack", str(k)) for k in range(len(laws))])


def laws(
    of: UnitLaws,
    *cells: tuple[int, int, int, float],
    noise: tuple[float, ...] | None = None,
    shared: SharedLaws | None = None,
    rows: int = 1,
) -> TotalLaws:
    row, klass, flow = (np.array([cell[k] for cell in cells], np.int64) for k in range(3))
    column = np.array([cell[3] for cell in cells])
    return TotalLaws(
        amounts=Amounts.summed(
            row, klass, flow, column, None if noise is None else np.array(noise)
        ),
        names=[f"row {k}" for k in range(rows)],
        units=of,
        shared=shared or SharedLaws(),
    )


ONE = SharedLaws(((), (0,)), np.array([0.2]), (stream_of("lifetime"),))


def block(
    given: TotalLaws, draws: int, seed: int = 0
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.concatenate([each for _, each in given.blocks(draws=draws, seed=seed)])


def test_rows_share_the_draws_of_a_flow() -> None:
    """3 and 1 of one flow: the first row is three times the second in every draw."""
    found = block(laws(units((2.0, 0.3)), (0, 0, 0, 3.0), (1, 0, 0, 1.0), rows=2), 100)
    np.testing.assert_allclose(found[0], 3.0 * found[1], rtol=1e-12)


def test_a_shared_assumption_multiplies_its_amounts() -> None:
    """5 + 3 B of exact flows: the draws are those of B."""
    found = block(laws(units((1.0, 0.0)), (0, 0, 0, 5.0), (0, 1, 0, 3.0), shared=ONE), 50)
    expected = 5.0 + 3.0 * multipliers(stream_of("lifetime"), 0.2, draws=50, seed=0)
    np.testing.assert_allclose(found[0], expected, rtol=1e-12)


def test_a_factor_and_an_assumption_are_drawn_apart() -> None:
    """The draws under an assumption are those without it, times those of the assumption."""
    plain = block(laws(units((2.0, 0.3)), (0, 0, 0, 4.0)), 50)
    under = block(laws(units((2.0, 0.3)), (0, 1, 0, 4.0), shared=ONE), 50)
    factor = multipliers(stream_of("lifetime"), 0.2, draws=50, seed=0)
    np.testing.assert_allclose(under, plain * factor, rtol=1e-12)


def test_the_error_of_one_row_is_lognormal() -> None:
    """One row of 10 +- 30 % of an exact factor: exp(sigma z - sigma^2 / 2), sigma^2 = ln 1.09."""
    found = block(laws(units((1.0, 0.0)), (0, 0, 0, 10.0), noise=(9.0,)), 50)
    z = np.empty(50)
    normals(stream_of("rows", "row 0"), seed=0, out=z)
    sigma2 = math.log(1.09)
    np.testing.assert_allclose(
        found[0], 10.0 * np.exp(math.sqrt(sigma2) * z - sigma2 / 2), rtol=1e-12
    )


def test_errors_of_amounts_that_offset_each_other_are_normal() -> None:
    """10 - 4 with variances 1 and 3: 6 + 2 z."""
    given = laws(units((1.0, 0.0), (1.0, 0.0)), (0, 0, 0, 10.0), (0, 0, 1, -4.0), noise=(1.0, 3.0))
    z = np.empty(50)
    normals(stream_of("rows", "row 0"), seed=0, out=z)
    np.testing.assert_allclose(block(given, 50)[0], 6.0 + 2.0 * z, rtol=1e-12)


def test_errors_of_amounts_that_leave_nothing_stay() -> None:
    """10 - 10 of one flow of value 2, variances 1 and 3: a normal of variance (1 + 3) x 2 x 2."""
    given = laws(units((2.0, 0.0)), (0, 0, 0, 10.0), (0, 0, 0, -10.0), noise=(1.0, 3.0))
    z = np.empty(50)
    normals(stream_of("rows", "row 0"), seed=0, out=z)
    np.testing.assert_allclose(block(given, 50)[0], 4.0 * z, rtol=1e-12)


def test_rows_without_errors_have_none() -> None:
    """The second row is exact beside a first that is not."""
    given = laws(units((1.0, 0.0)), (0, 0, 0, 10.0), (1, 0, 0, 5.0), noise=(4.0, 0.0), rows=2)
    assert block(given, 5)[1].tolist() == [5.0] * 5


def test_a_row_without_amount_is_zero() -> None:
    """Group 1 has none."""
    given = laws(units((2.0, 0.3)), (0, 0, 0, 3.0), (2, 0, 0, 1.0), rows=3)
    assert block(given, 5)[1].tolist() == [0.0] * 5


def test_quantiles_are_those_of_numpy() -> None:
    """Linear interpolation between the draws, for three rows."""
    given = laws(
        units((2.0, 0.3), (1.0, 0.5)), (0, 0, 0, 3.0), (1, 0, 1, 1.0), (2, 0, 0, -2.0), rows=3
    )
    found = drawn_quantiles(given, (0.025, 0.5, 0.975), draws=999, seed=3)
    expected = np.quantile(block(given, 999, 3), [0.025, 0.5, 0.975], axis=1).T
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("memory", [1, 8 * 100 * 4 * 3, 1 << 27])
def test_the_memory_changes_no_figure(memory: int) -> None:
    """200 rows of up to 8 of 30 flows: a flow and a row at a time, a few, or all at once."""
    random = np.random.default_rng(0)
    count = 1000
    cells = [
        (int(row), int(klass), int(flow), float(amount))
        for row, klass, flow, amount in zip(
            random.integers(0, 200, count),
            random.integers(0, 2, count),
            random.integers(0, 30, count),
            random.uniform(-1.0, 5.0, count),
            strict=True,
        )
    ]
    of = units(*((float(k + 1), 0.1 * (k % 4)) for k in range(30)))
    noise = tuple(random.uniform(0.0, 1.0, count))
    given = laws(of, *cells, noise=noise, shared=ONE, rows=200)
    found = drawn_quantiles(given, (0.1, 0.9), draws=100, seed=1, memory=memory)
    expected = drawn_quantiles(given, (0.1, 0.9), draws=100, seed=1)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
