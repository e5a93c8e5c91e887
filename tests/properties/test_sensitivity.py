"""The exact variance, what the draws tend to, its shares by flow and group, and common draws."""

from __future__ import annotations

import itertools
import math

import attrs
import hypothesis.strategies as st
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from numpy.polynomial.hermite_e import hermegauss

import reen
from reen.engine.draws import covariance_weights, draw_together, draw_totals
from reen.testing import Measurement, ToyMethod, factor_packs, inventories, measurements

_DRAWS = 4_000

_SHARES = st.floats(-1e3, 1e3).filter(lambda number: abs(number) > 1e-3)
_SPREADS = st.sampled_from((0.0, 0.051, 0.255, 0.5))

Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def uncertain(registry: reen.Registry) -> st.SearchStrategy[Measurement]:
    """Return a strategy of measurements on factors of which some have an uncertainty."""
    return measurements(
        registry,
        method=st.sampled_from([ToyMethod(), ToyMethod(declared=True)]),
        inventory=inventories(min_rows=1, columns=("quantity", "lifetime")),
        pack=factor_packs(),
        groups=("entity", "equipment_type"),
    )


@given(data=st.data())
def test_shares_sum_to_one(uncertain: st.SearchStrategy[Measurement], data: st.DataObject) -> None:
    """Those of the flows, all positive, and those of the groups, which may offset each other."""
    footprint = data.draw(uncertain).run()
    for criterion in footprint.criteria:
        found = footprint.sensitivity(criterion, assume_spread=data.draw(_ASSUMED))
        assert 0.0 <= found.covered <= 1.0 + 1e-12
        assert math.isnan(found.variance) == math.isnan(footprint.total(criterion).value)
        if not found.variance > 0.0:
            assert found.flows == found.groups == ()
            continue
        assert math.fsum(each.share for each in found.flows) == pytest.approx(1.0, rel=1e-12)
        assert all(each.share > 0.0 for each in found.flows)
        shares = [each.share for each in found.groups]
        assert math.fsum(shares) == pytest.approx(1.0, abs=1e-9 * (1.0 + sum(map(abs, shares))))
        assert len(shares) == footprint.group_count


_ASSUMED = st.sampled_from((None, 0.3))


@given(data=st.data())
def test_groups_do_not_change_the_variance(
    uncertain: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Correlation between groups survives: the variance of the total is that of the sum."""
    footprint = data.draw(uncertain).run()
    for criterion in footprint.criteria:
        apart, together = footprint.variance(criterion), footprint.by().variance(criterion)
        assert apart == pytest.approx(together, rel=1e-9, abs=1e-12, nan_ok=True)
        total = footprint.total(criterion).value
        if not math.isnan(total):
            found = footprint.sensitivity(criterion).total
            assert found == pytest.approx(total, rel=1e-9, abs=1e-9 * size(footprint, criterion))


def size(footprint: reen.Footprint, criterion: str) -> float:
    cells, c = footprint.fold.cells, footprint.factors.criteria.index(criterion)
    values = footprint.factors.values[cells.flow, :, c]
    return float(np.nansum(np.abs(cells.amount[:, None] * values)))


@given(data=st.data())
def test_without_uncertainty_there_is_no_variance(
    registry: reen.Registry, data: st.DataObject
) -> None:
    """No published spread: zero variance, and an interval without width."""
    footprint = reen.measure(
        data.draw(_ROWS),
        method="toy",
        factors=[data.draw(_EXACT)],
        as_of="2022-12-31",
        registry=registry,
    )
    for criterion in footprint.criteria:
        if math.isnan(footprint.total(criterion).value):
            continue  # nothing assessed
        assert footprint.variance(criterion) == 0.0
        interval = footprint.interval(criterion=criterion, draws=20)
        assert interval.lower == interval.upper


_EXACT = factor_packs(uncertain=False)
_ROWS = inventories(min_rows=1)


def fourth_cumulant(contribution: float, spread: float) -> float:
    """Return that of a lognormal: the excess kurtosis times the squared variance."""
    w = 1.0 + spread**2
    return (contribution * spread) ** 4 * (w**4 + 2.0 * w**3 + 3.0 * w**2 - 6.0)


@given(
    shares=st.lists(st.tuples(_SHARES, _SPREADS), min_size=1, max_size=6),
    seed=st.integers(0, 2**32),
)
def test_monte_carlo_agrees_with_the_exact_variance(
    shares: list[tuple[float, float]], seed: int
) -> None:
    """Within seven standard errors of a sample variance: (k4 + 2 k2^2 n / (n - 1)) / n, squared."""
    contributions, spread = (np.array(column)[:, None] for column in zip(*shares, strict=True))
    exact = float((contributions * covariance_weights(contributions, spread)).sum())
    totals = draw_totals(contributions, spread, draws=_DRAWS, seed=seed)
    k4 = sum(fourth_cumulant(share, relative) for share, relative in shares)
    error = math.sqrt((k4 + 2.0 * exact**2 * _DRAWS / (_DRAWS - 1)) / _DRAWS)
    rounding = 1e-24 * float(np.abs(contributions).sum()) ** 2
    assert abs(float(np.var(totals, ddof=1)) - exact) <= 7.0 * error + rounding


@given(
    cells=st.lists(st.tuples(_SHARES, _SPREADS), min_size=1, max_size=4),
)
def test_stages_of_a_flow_are_fully_correlated(cells: list[tuple[float, float]]) -> None:
    """One flow, several stages: its variance is that of one z, by quadrature over the normal law.

    With one spread s for all stages it is (sum of the contributions x s) squared.
    """
    contributions, spread = (np.array(row)[None] for row in zip(*cells, strict=True))
    exact = float((contributions * covariance_weights(contributions, spread)).sum())
    z, weight = hermegauss(80)
    sigma = np.sqrt(np.log1p(spread[0] ** 2))
    draws = np.exp(z[:, None] * sigma - 0.5 * sigma**2) @ contributions[0]
    mean = contributions.sum()
    by_quadrature = float(weight @ (draws - mean) ** 2) / math.sqrt(2.0 * math.pi)
    scale = float(np.abs(contributions).sum() ** 2)
    assert abs(exact - by_quadrature) <= 1e-9 * scale
    same = np.full_like(spread, 0.255)
    alike = float((contributions * covariance_weights(contributions, same)).sum())
    assert abs(alike - (mean * 0.255) ** 2) <= 1e-12 * scale


@given(
    cells=st.lists(
        st.lists(st.tuples(_SHARES, _SPREADS), min_size=3, max_size=3), min_size=1, max_size=5
    ),
    seed=st.integers(0, 2**32),
)
def test_draws_are_those_of_the_plain_formula(
    cells: list[list[tuple[float, float]]], seed: int
) -> None:
    """Cell by cell, exp(sigma z - sigma^2 / 2), with one z per flow that has an uncertainty."""
    contributions, spread = np.moveaxis(np.array(cells), 2, 0)
    found = draw_totals(contributions, spread, draws=50, seed=seed)
    sigma = np.sqrt(np.log1p(spread**2))
    moving = (sigma > 0.0).any(axis=1)
    z = np.zeros((50, len(cells)))
    z[:, moving] = np.random.default_rng(seed).standard_normal((50, int(moving.sum())))
    multipliers = np.exp(z[:, :, None] * sigma - 0.5 * sigma**2)
    expected = (multipliers * contributions).sum(axis=(1, 2))
    size_of = (multipliers * np.abs(contributions)).sum(axis=(1, 2))
    assert np.all(np.abs(found - expected) <= 1e-12 * size_of)


@given(
    shares=st.lists(st.tuples(_SHARES, _SPREADS), min_size=1, max_size=5),
    times=st.floats(0.1, 10.0),
    seed=st.integers(0, 2**32),
)
def test_a_shared_flow_is_drawn_once(
    shares: list[tuple[float, float]], times: float, seed: int
) -> None:
    """Twice the amounts on the same flows: the ratio of the two totals is the same in all draws."""
    contributions, spread = (np.array(column)[:, None] for column in zip(*shares, strict=True))
    totals: Floats = draw_together(
        np.stack([contributions, times * contributions]),
        np.stack([spread, spread]),
        draws=100,
        seed=seed,
    )
    sizes = np.abs(contributions).sum() * np.exp(6.0)
    assert np.all(np.abs(totals[1] - times * totals[0]) <= 1e-12 * times * sizes)


@given(data=st.data())
def test_no_draw_puts_both_above(
    uncertain: st.SearchStrategy[Measurement],
    any_method: st.SearchStrategy[reen.Method],
    data: st.DataObject,
) -> None:
    """Shares of a above b and of b above a: at most 1 together; a method is never above itself."""
    case = data.draw(uncertain)
    comparison = reen.compare(
        case.inventory,
        methods=[case.method, case.method, data.draw(any_method)],
        factors=case.factors,
        as_of=case.as_of,
        registry=case.registry,
    )
    for a, b in itertools.product(comparison.methods, repeat=2):
        for criterion in comparison.criteria:
            found = comparison.probability_above(a, b, draws=100, criterion=criterion)
            other = comparison.probability_above(b, a, draws=100, criterion=criterion)
            totals = [comparison.totals(criterion)[name] for name in (a, b)]
            known = all(total is not None and not math.isnan(total.value) for total in totals)
            assert math.isnan(float(found)) != known
            assert not float(found) + float(other) > 1.0
            assert found.shared == other.shared
    for criterion in comparison.criteria:
        again = comparison.probability_above(*comparison.methods[:2], draws=9, criterion=criterion)
        assert again.probability == 0.0 or math.isnan(again.probability)


@given(
    shares=st.tuples(st.floats(1.0, 10.0), st.floats(1.0, 10.0)),
    spread=st.tuples(st.sampled_from((0.1, 0.3)), st.sampled_from((0.1, 0.3))),
    seed=st.integers(0, 2**32),
)
def test_two_independent_totals_are_ordered_as_their_laws_say(
    shares: tuple[float, float], spread: tuple[float, float], seed: int
) -> None:
    """P(A > B) = Phi((ln a - ln b - (v_A - v_B) / 2) / sqrt(v_A + v_B)), v = ln(1 + s^2)."""
    v_a, v_b = (math.log1p(s**2) for s in spread)
    shift = math.log(shares[0] / shares[1]) - 0.5 * (v_a - v_b)
    expected = 0.5 * (1.0 + math.erf(shift / math.sqrt(2.0 * (v_a + v_b))))
    totals = draw_together(
        np.diag(shares)[:, :, None], np.diag(spread)[:, :, None], draws=_DRAWS, seed=seed
    )
    error = math.sqrt(expected * (1.0 - expected) / _DRAWS)
    assert abs(float(np.mean(totals[0] > totals[1])) - expected) <= 6.0 * error + 3.0 / _DRAWS


def test_what_cannot_be_drawn_is_refused() -> None:
    fleet = reen.Equipment("laptop", quantity=400, lifetime=5, declared_footprint=29)
    comparison = reen.compare(fleet, methods=["declared", "base-carbone"], as_of="2022-12-31")
    footprint = comparison.footprint("base-carbone")
    for spread in (-0.1, math.inf, math.nan):
        with pytest.raises(reen.OptionError, match="assume_spread"):
            footprint.sensitivity(assume_spread=spread)
    with pytest.raises(reen.OptionError, match="draws='0'"):
        comparison.probability_above("declared", "base-carbone", draws=0)
    with pytest.raises(reen.OptionError, match="seed='-1'"):
        comparison.probability_above("declared", "base-carbone", seed=-1)


def test_the_variance_of_one_factor_is_by_hand() -> None:
    """400 laptops / 5 years x 156 kgCO2e, +- 50 % read as 1.96 s: s = 0.2551.

    80 x 156 = 12,480 kg a year; standard deviation 12,480 x 0.2551 = 3,183.7.
    """
    fleet = reen.Equipment("laptop", quantity=400, lifetime=5)
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    footprint = reen.measure(fleet, method=method, by="equipment_type", as_of="2022-12-31")
    found = footprint.sensitivity()
    assert footprint.total().value == 12_480.0
    assert found.deviation == pytest.approx(12_480.0 * 0.5 / 1.959963984540054)
    assert footprint.variance() == found.variance
    (flow,) = found.flows
    assert (flow.flow.id, flow.share) == ("27002", 1.0)
    (group,) = found.groups
    assert group == attrs.evolve(group, key=("laptop",), value=12_480.0, share=1.0)
    assert str(found).startswith("standard deviation 3.18 of a total of 12.48 tCO2e/year (100%")
