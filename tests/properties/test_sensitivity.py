"""The exact variance, what the draws tend to, its shares by source and group, common draws."""

from __future__ import annotations

import itertools
import math

import attrs
import hypothesis.strategies as st
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from numpy.polynomial.hermite_e import hermegauss

import reen
from reen.engine.amounts import Amounts, SharedLaws
from reen.engine.drawn_totals import TotalLaws, drawn_quantiles
from reen.engine.draws import UnitLaws, multipliers, normals, sigma_of, stream_of
from reen.engine.variance import variance_of
from reen.plugin import Method, Registry
from reen.plugin.arrays import Flow
from reen.testing import Measurement, ToyMethod, factor_packs, inventories, measurements
from reen.types import SharedAssumption

_DRAWS = 4_000

_SHARES = st.floats(-1e3, 1e3).filter(lambda number: abs(number) > 1e-3)
_SPREADS = st.sampled_from((0.0, 0.051, 0.255, 0.5))

Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def uncertain(registry: Registry) -> st.SearchStrategy[Measurement]:
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


@pytest.mark.slow
@given(data=st.data())
def test_assumptions_only_add_to_the_variance(
    uncertain: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """On measured fleets: shares of sources and of groups add up to 1, and the draws follow.

    An assumption on a driver that enters nothing, or some amounts of a flow only, is refused.
    """
    footprint = data.draw(uncertain).run()
    drivers = st.sampled_from(sorted(footprint.fold.drivers) or ["lifetime"])
    by = st.sampled_from((None, *footprint.grouped_by))
    assumption = st.builds(SharedAssumption, driver=drivers, spread=_POSITIVE, by=by)
    assumptions = data.draw(st.lists(assumption, min_size=1, max_size=2), label="assumptions")
    for criterion in footprint.criteria:
        try:
            found = footprint.sensitivity(criterion, assumptions=assumptions)
        except reen.errors.OptionError as error:
            assert "enters" in str(error) or "once" in str(error)  # noqa: PT017 - both are right
            continue
        assert not found.variance < footprint.variance(criterion) * (1.0 - 1e-9)
        if not found.variance > 0.0:
            continue
        sources = [each.share for each in (*found.flows, *found.assumptions)]
        assert math.fsum(sources) == pytest.approx(1.0, rel=1e-9)
        shares = [each.share for each in found.groups]
        assert math.fsum(shares) == pytest.approx(1.0, abs=1e-9 * (1.0 + sum(map(abs, shares))))
        first, second = (
            footprint.interval(criterion=criterion, assumptions=assumptions, draws=20)
            for _ in range(2)
        )
        assert (first.lower, first.upper) == (second.lower, second.upper)


@pytest.mark.slow
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


@pytest.mark.slow
@given(data=st.data())
def test_without_uncertainty_there_is_no_variance(registry: Registry, data: st.DataObject) -> None:
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


#: Classes of two assumptions: none, each alone, both.
_MEMBERS = ((), (0,), (1,), (0, 1))


@st.composite
def laws(draw: st.DrawFn, *, rows: int = 1, flows: int = 3, noisy: int = 12) -> TotalLaws:
    """Return totals of a few flows of two stages under two assumptions, some amounts noisy."""
    count = draw(st.integers(1, flows), label="flows")
    cell = st.tuples(_SHARES, _SPREADS)
    factors = np.array(draw(st.lists(st.tuples(cell, cell), min_size=count, max_size=count)))
    entry = st.tuples(
        st.integers(0, rows - 1), st.integers(0, 3), st.integers(0, count - 1), _SHARES, _SPREADS
    )
    row, klass, flow, amount, spread = zip(
        *draw(st.lists(entry, min_size=1, max_size=4 * rows)), strict=True
    )
    numbers = np.array(amount)
    variance = np.square(numbers * np.array(spread))
    variance[noisy:] = 0.0
    return TotalLaws(
        amounts=Amounts.summed(
            *(np.array(each, np.int64) for each in (row, klass, flow)),
            numbers,
            variance if draw(st.booleans(), label="noise") else None,
        ),
        names=[str(k) for k in range(rows)],
        units=UnitLaws.of(
            factors[:, :, 0], factors[:, :, 1], [Flow("pack", str(k)) for k in range(count)]
        ),
        shared=SharedLaws(
            _MEMBERS,
            np.array([draw(_POSITIVE), draw(_POSITIVE)]),
            (stream_of("lifetime"), stream_of("energy")),
        ),
    )


_POSITIVE = st.sampled_from((0.051, 0.2, 0.5))


def size_of(law: TotalLaws) -> float:
    """Return the sum of the absolute contributions."""
    values = np.abs(law.units.mean) + np.sqrt(law.units.variance)
    return float((np.abs(law.amounts.amount) * values[law.amounts.flow]).sum())


@settings(max_examples=settings.default.max_examples // 3)
@given(law=laws(flows=2, noisy=2))
def test_the_variance_and_its_shares_are_those_of_their_definition(law: TotalLaws) -> None:
    """Shapley effects by definition, from conditional expectations over a grid of all sources.

    The effect of a source is the mean, over the orders in which sources become known, of what
    knowing it adds to the variance of the expectation.  Normal laws are integrated by quadrature;
    an error of rows stands for one of two values, which has the same variance.
    """
    axes, total = _grid(law)
    effects = _shapley(total, [weights for _, weights in axes])
    found = variance_of(law.amounts, law.units, law.shared, rows=1)
    flows = len(law.units.mean)
    tolerance = 1e-8 * size_of(law) ** 2
    np.testing.assert_allclose(found.flows, effects[:flows], rtol=0, atol=tolerance)
    np.testing.assert_allclose(found.shared, effects[flows : flows + 2], rtol=0, atol=tolerance)
    assert found.noise == pytest.approx(sum(effects[flows + 2 :]), abs=tolerance)
    assert found.total == pytest.approx(sum(effects), abs=tolerance)


def _grid(law: TotalLaws) -> tuple[list[tuple[Floats, Floats]], Floats]:
    """Return nodes and weights of each source, and the total on their grid."""
    z, weight = hermegauss(10)
    normal = (z, weight / weight.sum())
    coin = (np.array([-1.0, 1.0]), np.array([0.5, 0.5]))
    units, amounts = law.units, law.amounts
    noise = np.zeros(len(amounts.amount)) if amounts.noise is None else amounts.noise
    noisy = np.flatnonzero(noise).tolist()
    axes = [normal] * (len(units.mean) + 2) + [coin] * len(noisy)
    shape = [len(nodes) for nodes, _ in axes]

    def on(axis: int, values: Floats) -> Floats:
        return values.reshape([-1 if k == axis else 1 for k in range(len(shape))])

    unit = []
    for flow in range(len(units.mean)):
        terms = slice(int(units.starts[flow]), int(units.starts[flow + 1]))
        lognormal = np.exp(z[:, None] * units.sigma[terms]) @ units.weight[terms]
        unit.append(on(flow, units.certain[flow] + lognormal))
    sigma = sigma_of(law.shared.spread)
    shared = [on(len(units.mean) + k, np.exp(sigma[k] * z - 0.5 * sigma[k] ** 2)) for k in range(2)]
    total = np.zeros(shape)
    for k, amount in enumerate(amounts.amount.tolist()):
        known: Floats = np.full((1,) * len(shape), amount)
        if k in noisy:
            known = known + on(len(units.mean) + 2 + noisy.index(k), math.sqrt(noise[k]) * coin[0])
        for member in _MEMBERS[int(amounts.klass[k])]:
            known = known * shared[member]
        total += known * unit[int(amounts.flow[k])]
    return axes, total


def _shapley(total: Floats, weights: list[Floats]) -> list[float]:
    """Return the Shapley effect of each axis of a grid."""
    count = len(weights)
    explained: dict[frozenset[int], float] = {}
    for size in range(count + 1):
        for kept in itertools.combinations(range(count), size):
            mean = total
            for axis in reversed(range(count)):
                if axis not in kept:
                    mean = np.tensordot(mean, weights[axis], axes=(axis, 0))
            chance = np.ones(())
            for axis in kept:
                chance = np.multiply.outer(chance, weights[axis])
            centre = float((mean * chance).sum())
            explained[frozenset(kept)] = float((chance * (mean - centre) ** 2).sum())
    effects = []
    for axis in range(count):
        others = [k for k in range(count) if k != axis]
        effect = 0.0
        for size in range(count):
            orders = math.factorial(size) * math.factorial(count - size - 1)
            for known in itertools.combinations(others, size):
                gain = explained[frozenset((*known, axis))] - explained[frozenset(known)]
                effect += orders / math.factorial(count) * gain
        effects.append(effect)
    return effects


@pytest.mark.slow
@given(law=laws(), seed=st.integers(0, 2**32))
def test_monte_carlo_agrees_with_the_exact_variance(law: TotalLaws, seed: int) -> None:
    """Mean and variance of the draws, within seven of their standard errors.

    That of the variance is at most sqrt(m4 / n), and the fourth moment at most (sum of |c| |X - 1|
    in the norm of degree 4)^4, a product of lognormals being a lognormal (Minkowski).
    """
    ((_, (draws,)),) = law.blocks(draws=_DRAWS, seed=seed)
    exact = variance_of(law.amounts, law.units, law.shared, rows=1).total
    mean = float((law.amounts.amount * law.units.mean[law.amounts.flow]).sum())
    rounding = 1e-12 * size_of(law)
    assert abs(draws.mean() - mean) <= 7.0 * math.sqrt(exact / _DRAWS) + rounding
    error = _fourth_norm(law) ** 2 / math.sqrt(_DRAWS)
    assert abs(float(np.var(draws, ddof=1)) - exact) <= 7.0 * error + rounding**2


def _fourth_norm(law: TotalLaws) -> float:
    """Return a bound of the norm of degree 4 of the total around its mean."""
    amounts, units = law.amounts, law.units
    noise = np.zeros(len(amounts.amount)) if amounts.noise is None else amounts.noise
    total = 0.0
    for k, amount in enumerate(amounts.amount.tolist()):
        flow = int(amounts.flow[k])
        shared = sum(
            math.log1p(law.shared.spread[member] ** 2) for member in _MEMBERS[amounts.klass[k]]
        )
        rows = 0.0 if amount == 0.0 else math.log1p(noise[k] / amount**2)
        terms = range(int(units.starts[flow]), int(units.starts[flow + 1]))
        parts = [(units.certain[flow], 0.0)]
        parts += [
            (units.weight[t] * math.exp(0.5 * units.sigma[t] ** 2), units.sigma[t] ** 2)
            for t in terms
        ]
        for value, variance in parts:
            w = math.exp(variance + shared + rows)
            fourth = w**6 - 4.0 * w**3 + 6.0 * w - 3.0
            total += abs(amount * value) * max(fourth, 0.0) ** 0.25
    return total


@given(
    shares=st.lists(st.tuples(_SHARES, _SPREADS), min_size=1, max_size=6),
    seed=st.integers(0, 2**32),
)
def test_monte_carlo_agrees_tightly_where_the_fourth_moment_is_known(
    shares: list[tuple[float, float]], seed: int
) -> None:
    """Independent flows: within seven standard errors of a sample variance.

    They are sqrt((k4 + 2 k2^2 n / (n - 1)) / n), k4 the sum of the fourth cumulants.
    """
    law = flows_of(shares)
    exact = variance_of(law.amounts, law.units, law.shared, rows=1).total
    ((_, (draws,)),) = law.blocks(draws=_DRAWS, seed=seed)
    k4 = sum(fourth_cumulant(share, relative) for share, relative in shares)
    error = math.sqrt((k4 + 2.0 * exact**2 * _DRAWS / (_DRAWS - 1)) / _DRAWS)
    rounding = 1e-12 * size_of(law)
    assert abs(float(np.var(draws, ddof=1)) - exact) <= 7.0 * error + rounding**2


def fourth_cumulant(contribution: float, spread: float) -> float:
    """Return that of a lognormal: the excess kurtosis times the squared variance."""
    w = 1.0 + spread**2
    return (contribution * spread) ** 4 * (w**4 + 2.0 * w**3 + 3.0 * w**2 - 6.0)


def flows_of(shares: list[tuple[float, float]]) -> TotalLaws:
    """Return the sum of one unit of independent flows: (contribution, spread)."""
    values, spread = (np.array(column)[:, None] for column in zip(*shares, strict=True))
    flows = [Flow("pack", str(k)) for k in range(len(shares))]
    nought = np.zeros(len(shares), np.int64)
    return TotalLaws(
        amounts=Amounts(nought, nought, np.arange(len(shares)), np.ones(len(shares))),
        names=("",),
        units=UnitLaws.of(values, spread, flows),
    )


@pytest.mark.slow
@given(law=laws(rows=3))
def test_the_shares_of_rows_add_up(law: TotalLaws) -> None:
    """The covariances of the rows with the total add up to its variance, as the sources do."""
    found = variance_of(law.amounts, law.units, law.shared, rows=3)
    tolerance = 1e-9 * size_of(law) ** 2
    assert found.rows.sum() == pytest.approx(found.total, rel=1e-9, abs=tolerance)
    assert (found.flows >= 0.0).all()
    assert (found.shared >= 0.0).all()
    assert found.noise >= 0.0


@pytest.mark.slow
@given(
    cells=st.lists(st.tuples(_SHARES, _SPREADS), min_size=1, max_size=4),
)
def test_stages_of_a_flow_are_fully_correlated(cells: list[tuple[float, float]]) -> None:
    """One flow, several stages: its variance is that of one z, by quadrature over the normal law.

    With one spread s for all stages it is (sum of the contributions x s) squared.
    """
    contributions, spread = (np.array(row)[None] for row in zip(*cells, strict=True))
    flow = [Flow("pack", "a")]
    exact = float(UnitLaws.of(contributions, spread, flow).variance[0])
    z, weight = hermegauss(80)
    sigma = np.sqrt(np.log1p(spread[0] ** 2))
    draws = np.exp(z[:, None] * sigma - 0.5 * sigma**2) @ contributions[0]
    mean = contributions.sum()
    by_quadrature = float(weight @ (draws - mean) ** 2) / math.sqrt(2.0 * math.pi)
    scale = float(np.abs(contributions).sum() ** 2)
    assert abs(exact - by_quadrature) <= 1e-9 * scale
    same = np.full_like(spread, 0.255)
    alike = float(UnitLaws.of(contributions, same, flow).variance[0])
    assert abs(alike - (mean * 0.255) ** 2) <= 1e-12 * scale


@settings(max_examples=settings.default.max_examples // 2)
@given(law=laws(rows=3), seed=st.integers(0, 2**32))
def test_draws_are_those_of_the_plain_formula(law: TotalLaws, seed: int) -> None:
    """Amount by amount, amount x shared multipliers x factor, then the errors of the rows."""
    amounts, units, draws = law.amounts, law.units, 40
    found = np.concatenate([block for _, block in law.blocks(draws=draws, seed=seed)])
    expected, noise, size = (np.zeros((3, draws)) for _ in range(3))
    for k, amount in enumerate(amounts.amount.tolist()):
        flow = int(amounts.flow[k])
        z = np.empty(draws)
        normals(stream_of("flow", "pack", str(flow), "", "0"), seed=seed, out=z)
        terms = slice(int(units.starts[flow]), int(units.starts[flow + 1]))
        factor = units.certain[flow] + units.weight[terms] @ np.exp(
            units.sigma[terms, None] * z[None]
        )
        for member in _MEMBERS[int(amounts.klass[k])]:
            stream, spread = law.shared.streams[member], float(law.shared.spread[member])
            factor = factor * multipliers(stream, spread, draws=draws, seed=seed)
        expected[amounts.row[k]] += amount * factor
        size[amounts.row[k]] += abs(amount) * np.abs(factor)
        if amounts.noise is not None:
            noise[amounts.row[k]] += amounts.noise[k] * factor**2
    means = amounts.amount * units.mean[amounts.flow]
    for row in range(3) if amounts.noise is not None else ():
        mine = means[amounts.row == row]
        z = np.empty(draws)
        normals(stream_of("rows", str(row)), seed=seed, out=z)
        if abs(mine.sum()) < np.abs(mine).sum() * (1.0 - 1e-9):
            expected[row] += np.sqrt(noise[row]) * z
            size[row] += np.sqrt(noise[row]) * np.abs(z)
        elif len(mine):
            variance = np.log1p(noise[row] / expected[row] ** 2)
            errors = np.exp(np.sqrt(variance) * z - 0.5 * variance)
            expected[row] *= errors
            size[row] *= errors * (1.0 + np.abs(z))
    assert np.all(np.abs(found - expected) <= 1e-9 * size)


@settings(max_examples=settings.default.max_examples // 3)
@given(law=laws(rows=4), seed=st.integers(0, 2**32), memory=st.integers(1, 10_000))
def test_the_memory_changes_no_interval(law: TotalLaws, seed: int, memory: int) -> None:
    """One row and one flow at a time, or all of them: the same quantiles, to 1e-12."""
    small, large = (
        drawn_quantiles(law, (0.025, 0.975), draws=60, seed=seed, memory=room)
        for room in (memory, 1 << 27)
    )
    scale = np.abs(small).max() + size_of(law)
    np.testing.assert_allclose(small, large, rtol=1e-12, atol=1e-12 * scale)


@pytest.mark.slow
@given(data=st.data())
def test_no_draw_puts_both_above(
    uncertain: st.SearchStrategy[Measurement],
    any_method: st.SearchStrategy[Method],
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
    flows = [Flow("pack", name) for name in "ab"]
    each = np.arange(2)
    law = TotalLaws(
        amounts=Amounts(each, np.zeros(2, np.int64), each, np.ones(2)),
        names=("a", "b"),
        units=UnitLaws.of(np.array(shares)[:, None], np.array(spread)[:, None], flows),
    )
    totals = np.concatenate([block for _, block in law.blocks(draws=_DRAWS, seed=seed)])
    error = math.sqrt(expected * (1.0 - expected) / _DRAWS)
    assert abs(float(np.mean(totals[0] > totals[1])) - expected) <= 6.0 * error + 3.0 / _DRAWS


def test_what_cannot_be_drawn_is_refused() -> None:
    fleet = reen.Equipment("laptop", quantity=400, lifetime=5, declared_footprint=29)
    comparison = reen.compare(fleet, methods=["declared", "base-carbone"], as_of="2022-12-31")
    footprint = comparison.footprint("base-carbone")
    for spread in (-0.1, math.inf, math.nan):
        with pytest.raises(reen.errors.OptionError, match="assume_spread"):
            footprint.sensitivity(assume_spread=spread)
    with pytest.raises(reen.errors.OptionError, match="draws='0'"):
        comparison.probability_above("declared", "base-carbone", draws=0)
    with pytest.raises(reen.errors.OptionError, match="seed='-1'"):
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
