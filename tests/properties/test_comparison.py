"""Invariant 7: the effects of a gap add up to it; a method against itself gives zeros.

And what follows from it: permuting the methods negates every effect, groups and types have gaps of
their own that add up likewise, each footprint is the one that `measure` gives, and neither the
order of the rows nor the size of the batches matters.
"""

from __future__ import annotations

import itertools
import math

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import reen
from reen.engine.gap import FACTOR, shapley_coefficients
from reen.plugin import Method
from reen.results.comparison import names_of
from reen.results.effect_sums import group_key
from reen.testing import Measurement, ToyMethod, assert_footprints_close
from reen.types import Effect, Gap

#: Largest error of a sum, relative to the sum of what is added in absolute value.
_RTOL = 1e-9


@attrs.frozen
class Compared:
    """A measurement whose method is compared with others."""

    case: Measurement
    methods: tuple[Method, ...]

    def run(
        self, methods: tuple[Method, ...] | None = None, *, batch_rows: int = 65_536
    ) -> reen.types.Comparison:
        return reen.compare(
            self.case.inventory,
            methods=self.methods if methods is None else methods,
            by=self.case.by,
            factors=self.case.factors,
            as_of=self.case.as_of,
            registry=self.case.registry,
            batch_rows=batch_rows,
        )


@pytest.fixture(scope="session")
def compared(
    cases: st.SearchStrategy[Measurement], any_method: st.SearchStrategy[Method]
) -> st.SearchStrategy[Compared]:
    """Return a strategy of comparisons of two or three methods, any of which may come again."""

    @st.composite
    def compared(draw: st.DrawFn) -> Compared:
        case = draw(cases)
        others = draw(st.lists(any_method, min_size=1, max_size=2))
        return Compared(case, (case.method, *others))

    return compared()


def magnitude(footprint: reen.Footprint, criterion: str) -> float:
    """Return the sum of the absolute contributions to a total."""
    if criterion not in footprint.criteria:
        return 0.0
    values = footprint.factors.values[:, :, footprint.factors.criteria.index(criterion)]
    cells = footprint.fold.cells
    return float(np.nansum(np.abs(cells.amount[:, None] * values[cells.flow])))


def size_of(comparison: reen.types.Comparison, gap: Gap) -> float:
    """Return what the errors of a gap are relative to."""
    contributions = (magnitude(comparison.details[name], gap.criterion) for name in (gap.a, gap.b))
    return sum(contributions) + sum(abs(effect.value) for effect in gap.effects)


@given(data=st.data())
def test_effects_add_up_to_the_gap(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """Of every ordered pair, for every criterion; the sentence can be made of any of them."""
    comparison = data.draw(compared).run()
    for a, b in itertools.product(comparison.methods, repeat=2):
        for criterion in comparison.criteria:
            gap = comparison.gap(a, b, criterion)
            found = math.fsum(effect.value for effect in gap.effects)
            assert abs(found - gap.value) <= _RTOL * size_of(comparison, gap)
            assert gap.sentence("en").endswith(".")
            assert gap.sentence("fr").endswith(".")


@pytest.mark.slow
@given(data=st.data())
def test_effects_add_up_by_group_and_by_type(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """Within each (group, type) cell, the effects add up to the difference of the two figures."""
    comparison = data.draw(compared).run()
    for (a, b), criterion in itertools.product(comparison.gaps, comparison.criteria):
        gap = comparison.gap(a, b, criterion)
        expected = cells_of(comparison, b, criterion)
        for key, value in cells_of(comparison, a, criterion).items():
            expected[key] = expected.get(key, 0.0) - value
        for key, value in gap.by("group", "equipment_type").items():
            expected[key] = expected.get(key, 0.0) - value
        tolerance = _RTOL * size_of(comparison, gap)
        assert all(abs(rest) <= tolerance for rest in expected.values())


def cells_of(
    comparison: reen.types.Comparison, name: str, criterion: str
) -> dict[tuple[object, ...], float]:
    """Return the figures of a method by (group, type)."""
    detail = comparison.details[name]
    if criterion not in detail.criteria:
        return {}
    impacts = detail.impacts()[:, :, detail.criteria.index(criterion)]
    found: dict[tuple[object, ...], float] = {}
    for row, values in zip(detail.groups.to_pylist(), impacts, strict=True):
        group = group_key([row[name] for name in comparison.by])
        key = (group, row["equipment_type"] or "")
        found[key] = found.get(key, 0.0) + float(np.nansum(values))
    return found


@pytest.mark.slow
@given(data=st.data())
def test_a_method_against_itself_gives_zeros(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """Exactly: the same method given twice, with the same options; and a name against itself."""
    case = data.draw(compared)
    comparison = case.run((case.methods[0], *case.methods))
    name = case.methods[0].name
    assert comparison.methods[:2] == (name, f"{name} #2")
    for criterion in comparison.criteria:
        again = comparison.gap(name, f"{name} #2", criterion)
        assert again.value == 0.0
        assert all(effect.value == 0.0 for effect in again.effects)
        assert comparison.gap(name, name, criterion).effects == ()


@pytest.mark.slow
@given(data=st.data())
def test_permuting_methods_negates(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """Asked for the other way round, every effect changes its sign and nothing else."""
    case = data.draw(compared)
    a, b = case.methods[:2]
    forth, back = case.run((a, b)), case.run((b, a))
    left, right = names_of([a.name, b.name])
    for criterion in forth.criteria:
        gap = forth.gap(left, right, criterion)
        # given twice, the names change places: what is "x #2" in one run is "x" in the other
        other = back.gap(*reversed(names_of([b.name, a.name])), criterion)
        renamed = {left: other.a, right: other.b, "": ""}
        tolerance = _RTOL * size_of(forth, gap)
        expected = {
            (effect.name, renamed[effect.only], *place(effect)): effect.value
            for effect in gap.effects
        }
        found = {
            (effect.name, effect.only, *place(effect)): effect.value for effect in other.effects
        }
        assert found.keys() == expected.keys()
        assert all(abs(found[key] - expected[key]) <= tolerance for key in found)
        swapped = forth.gap(right, left, criterion)
        assert swapped.value == -gap.value
        assert [-effect.value for effect in swapped.effects] == [
            effect.value for effect in gap.effects
        ]


def place(effect: Effect) -> tuple[object, ...]:
    return (effect.stage, group_key(effect.group), effect.equipment_type)


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_each_footprint_is_that_of_measure(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """Running together changes no figure, no coverage and no provenance."""
    case = data.draw(compared)
    comparison = case.run()
    for name, method in zip(comparison.methods, case.methods, strict=True):
        alone = attrs.evolve(case.case, method=method).run()
        assert_footprints_close(comparison.footprint(name), alone)
        assert comparison.footprint(name).provenance == alone.provenance


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_types_add_up_to_the_totals(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """The figures by type of a method sum to its total; agreement is at least 1."""
    comparison = data.draw(compared).run()
    for criterion in comparison.criteria:
        types = comparison.by_type(criterion)
        for name, total in comparison.totals(criterion).items():
            known = [each.totals[name] for each in types if each.totals[name] is not None]
            assert bool(known) == (total is not None and not math.isnan(total.value))
            if total is not None and known:
                size = magnitude(comparison.details[name], criterion)
                assert abs(math.fsum(known) - total.value) <= 1e-12 * size
        ratios = [each.highest_over_lowest for each in types]
        assert all(math.isnan(ratio) or ratio >= 1.0 for ratio in ratios)


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_ranks_share_the_gap(compared: st.SearchStrategy[Compared], data: st.DataObject) -> None:
    """Ranked lines are in order, and their weights add up to 1."""
    comparison = data.draw(compared).run()
    for (a, b), criterion in itertools.product(comparison.gaps, comparison.criteria):
        ranked = comparison.gap(a, b, criterion).rank()
        sizes = [abs(each.value) for each in ranked]
        assert sizes == sorted(sizes, reverse=True)
        assert [each.rank for each in ranked] == list(range(1, len(ranked) + 1))
        if any(sizes):
            assert math.fsum(each.weight for each in ranked) == pytest.approx(1.0)


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_size_of_batches_is_indifferent(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """Any batch size gives the same effects."""
    case = data.draw(compared)
    whole, cut = case.run(), case.run(batch_rows=data.draw(st.integers(1, 4), label="batch_rows"))
    for (a, b), criterion in itertools.product(whole.gaps, whole.criteria):
        one, other = whole.gap(a, b, criterion), cut.gap(a, b, criterion)
        tolerance = _RTOL * size_of(whole, one)
        keys = ("name", "only", "stage", "group", "equipment_type")
        left, right = one.by(*keys), other.by(*keys)
        # an effect of nothing but rounding may be listed, or be exactly zero and not
        for key in left.keys() | right.keys():
            assert abs(left.get(key, 0.0) - right.get(key, 0.0)) <= tolerance


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_a_comparison_is_read_back_equal(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """Written to JSON and read, footprints, effects and provenance are the same."""
    comparison = data.draw(compared).run()
    again = reen.stored.comparison_from_json(reen.stored.comparison_to_json(comparison))
    assert again == comparison
    assert again.provenance == comparison.provenance
    assert str(again) == str(comparison)


_NUMBERS = st.floats(-1e3, 1e3).map(lambda number: round(number, 3))


@given(
    drivers=st.lists(st.tuples(_NUMBERS, _NUMBERS), max_size=4),
    factors=st.tuples(_NUMBERS, _NUMBERS),
)
def test_effects_are_the_mean_over_all_orders(
    drivers: list[tuple[float, float]], factors: tuple[float, float]
) -> None:
    """The definition, by brute force: what changing a driver changes, over every order."""
    players = {f"x{k}": pair for k, pair in enumerate(drivers)} | {FACTOR: factors}
    orders = list(itertools.permutations(players))
    expected = dict.fromkeys(players, 0.0)
    for order in orders:
        values = {name: pair[0] for name, pair in players.items()}
        for name in order:
            before = math.prod(values.values())
            values[name] = players[name][1]
            expected[name] += (math.prod(values.values()) - before) / len(orders)
    a, b = (
        {name: np.array([pair[side]]) for name, pair in players.items() if name != FACTOR}
        for side in (0, 1)
    )
    made = shapley_coefficients(a, b, rows=1)
    size = math.prod(max(abs(x), abs(y), 1.0) for x, y in players.values())
    for name, value in expected.items():
        found = 0.0
        if name in made.on_a:
            found = float(made.on_a[name][0] * factors[0] + made.on_b[name][0] * factors[1])
        assert abs(found - value) <= 1e-12 * len(orders) * size


@pytest.mark.slow
@given(data=st.data())
def test_several_exchanges_per_row_are_paired_once(
    compared: st.SearchStrategy[Compared], data: st.DataObject
) -> None:
    """Rows with two exchanges of a kind, and of two kinds: the effects still add up."""
    case = data.draw(compared)
    several = reen.configure(
        ToyMethod(),
        {
            "exchanges": "two",
            "declared": data.draw(st.sampled_from(("true", "false"))),
            "answers": data.draw(st.sampled_from(("whole", "halves"))),
        },
    )
    comparison = case.run((several, case.methods[1]))
    for (a, b), criterion in itertools.product(comparison.gaps, comparison.criteria):
        gap = comparison.gap(a, b, criterion)
        # what the engine sums, whatever the classes of the rows let show
        first, second = (sum_of(comparison.details[name], criterion) for name in (gap.a, gap.b))
        found = math.fsum(effect.value for effect in gap.effects)
        assert abs(found - (second - first)) <= _RTOL * size_of(comparison, gap)


def sum_of(footprint: reen.Footprint, criterion: str) -> float:
    if criterion not in footprint.criteria:
        return 0.0
    values = footprint.factors.values[:, :, footprint.factors.criteria.index(criterion)]
    cells = footprint.fold.cells
    return float(np.nansum(cells.amount[:, None] * values[cells.flow]))
