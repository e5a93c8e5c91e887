"""Variance: worked by hand, source by source."""

from __future__ import annotations

import numpy as np
import pytest

from reen.engine.amounts import Amounts, SharedLaws
from reen.engine.draws import UnitLaws, stream_of
from reen.engine.variance import variance_of
from reen.factors.flow import Flow


def units(*laws: tuple[float, float]) -> UnitLaws:
    """Return flows of one stage: (value, relative standard deviation)."""
    values, spread = (np.array(column)[:, None] for column in zip(*laws, strict=True))
    return UnitLaws.of(values, spread, [Flow("pack", str(k)) for k in range(len(laws))])


def amounts(*cells: tuple[int, int, int, float], noise: tuple[float, ...] | None = None) -> Amounts:
    """Return amounts: (row of results, class, flow, amount)."""
    row, klass, flow = (np.array([cell[k] for cell in cells], np.int64) for k in range(3))
    column = np.array([cell[3] for cell in cells])
    return Amounts.summed(row, klass, flow, column, None if noise is None else np.array(noise))


def shared(*spreads: float, members: tuple[tuple[int, ...], ...] = ()) -> SharedLaws:
    """Return shared assumptions; the only one, if any, acts on class 1."""
    members = members or ((), *((k,) for k in range(len(spreads))))
    streams = tuple(stream_of(str(k)) for k in range(len(spreads)))
    return SharedLaws(members, np.array(spreads), streams)


def test_two_factors() -> None:
    """10 x 3 with s = 0.3 and 5 x 2 with s = 0.1: (30 x 0.3)^2 + (10 x 0.1)^2 = 81 + 1."""
    found = variance_of(
        amounts((0, 0, 0, 10.0), (0, 0, 1, 5.0)), units((3.0, 0.3), (2.0, 0.1)), shared(), rows=1
    )
    assert found.flows.tolist() == pytest.approx([81.0, 1.0], rel=1e-12)
    assert (found.total, found.noise) == (pytest.approx(82.0, rel=1e-12), 0.0)


def test_a_factor_and_an_assumption() -> None:
    """10 x 3 = 30, factor 0.3, lifetime 0.2: 30^2 (1.09 x 1.04 - 1) = 900 x 0.1336 = 120.24.

    Factor alone 900 x 0.09 = 81, lifetime alone 900 x 0.04 = 36, both 900 x 0.0036 = 3.24, half
    each: 82.62 and 37.62.
    """
    found = variance_of(amounts((0, 1, 0, 10.0)), units((3.0, 0.3)), shared(0.2), rows=1)
    assert found.total == pytest.approx(120.24, rel=1e-12)
    assert found.flows.tolist() == pytest.approx([82.62], rel=1e-12)
    assert found.shared.tolist() == pytest.approx([37.62], rel=1e-12)


def test_a_shared_error_does_not_cancel_out() -> None:
    """Four flows of 10 under one lifetime of 0.2: (4 x 10 x 0.2)^2 = 64, and not 4 x 4 = 16."""
    found = variance_of(
        amounts(*((0, 1, flow, 10.0) for flow in range(4))),
        units(*((1.0, 0.0) for _ in range(4))),
        shared(0.2),
        rows=1,
    )
    assert found.total == pytest.approx(64.0, rel=1e-12)


def test_a_lifetime_of_each_type() -> None:
    """Laptops 30, desktops 10, spread 0.2 each: (30 x 0.2)^2 + (10 x 0.2)^2 = 36 + 4."""
    found = variance_of(
        amounts((0, 1, 0, 30.0), (1, 2, 0, 10.0)),
        units((1.0, 0.0)),
        shared(0.2, 0.2, members=((), (0,), (1,))),
        rows=2,
    )
    assert found.shared.tolist() == pytest.approx([36.0, 4.0], rel=1e-12)
    assert found.rows.tolist() == pytest.approx([36.0, 4.0], rel=1e-12)


def test_one_flow_in_two_rows_of_results() -> None:
    """3 and 1 of a flow of 10, s = 0.5: (40 x 0.5)^2 = 400, shared by amount: 300 and 100."""
    found = variance_of(
        amounts((0, 0, 0, 3.0), (1, 0, 0, 1.0)), units((10.0, 0.5)), shared(), rows=2
    )
    assert found.rows.tolist() == pytest.approx([300.0, 100.0], rel=1e-12)


def test_errors_of_the_rows() -> None:
    """Rows of 6 +- 10 % and 4 +- 50 % of a factor of 3 +- 30 %.

    Noise N = (6 x 0.1)^2 + (4 x 0.5)^2 = 0.36 + 4 = 4.36; E F = 3, Var F = 0.81.
    Var = (E F^2 + Var F) N + Var F (6 + 4)^2 = 9.81 x 4.36 + 81 = 42.7716 + 81 = 123.7716.
    Rows alone 9 x 4.36 = 39.24, factor alone 81, both 0.81 x 4.36 = 3.5316, half each.
    """
    found = variance_of(
        amounts((0, 0, 0, 6.0), (0, 0, 0, 4.0), noise=(0.36, 4.0)),
        units((3.0, 0.3)),
        shared(),
        rows=1,
    )
    assert found.total == pytest.approx(123.7716, rel=1e-12)
    assert found.noise == pytest.approx(39.24 + 1.7658, rel=1e-12)
    assert found.flows.tolist() == pytest.approx([81.0 + 1.7658], rel=1e-12)
    assert found.rows.tolist() == pytest.approx([123.7716], rel=1e-12)


def test_errors_of_rows_a_factor_and_an_assumption() -> None:
    """As above under a lifetime of 0.2: E[B^2] = 1.04.

    Var = 1.04 x 9.81 x 4.36 + 30^2 (1.09 x 1.04 - 1) = 44.482464 + 120.24 = 164.722464.
    The component of all three, 0.04 x 0.81 x 4.36 = 0.141264, gives a third to each:
    lifetime 36 + (3.24 + 0.04 x 9 x 4.36) / 2 + 0.047088 = 36 + 2.4048 + 0.047088 = 38.451888.
    """
    found = variance_of(
        amounts((0, 1, 0, 10.0), noise=(4.36,)), units((3.0, 0.3)), shared(0.2), rows=1
    )
    assert found.total == pytest.approx(164.722464, rel=1e-12)
    assert found.shared.tolist() == pytest.approx([38.451888], rel=1e-12)
    assert found.rows.tolist() == pytest.approx([164.722464], rel=1e-12)


def test_two_assumptions_on_one_amount() -> None:
    """Energy 0.3 and PUE 0.1 on 20 exact: 400 (1.09 x 1.01 - 1) = 400 x 0.1009 = 40.36.

    Energy 400 x (0.09 + 0.0009 / 2) = 36.18, PUE 400 x (0.01 + 0.00045) = 4.18.
    """
    found = variance_of(
        amounts((0, 1, 0, 20.0)),
        units((1.0, 0.0)),
        shared(0.3, 0.1, members=((), (0, 1))),
        rows=1,
    )
    assert found.shared.tolist() == pytest.approx([36.18, 4.18], rel=1e-12)
    assert found.total == pytest.approx(40.36, rel=1e-12)


def test_what_is_certain_has_none() -> None:
    """No spread anywhere, or nothing at all."""
    assert variance_of(amounts((0, 0, 0, 7.0)), units((2.0, 0.0)), shared(), rows=1).total == 0.0
    nothing = Amounts(*(np.zeros(0, np.int64) for _ in range(3)), np.zeros(0))
    empty = variance_of(nothing, units((1.0, 0.1)), shared(), rows=2)
    assert (empty.total, empty.rows.tolist()) == (0.0, [0.0, 0.0])
