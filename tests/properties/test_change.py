"""The effects of a change add up to it, whatever the two years are.

And what follows from it: a year against itself is nothing at all; the years swapped, every effect
changes its sign where factors, method and perimeter are the same; each footprint is the one that
`measure` gives; neither the order of the rows nor the size of the batches matters.
"""

from __future__ import annotations

import math

import attrs
import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

import reen
from reen.plugin import Method
from reen.results.change_figures import ChangeEffect
from reen.results.effect_sums import group_key
from reen.testing import Measurement, ToyMethod, assert_footprints_close, inventories

#: Largest error of a sum, relative to the sum of what is added in absolute value.
_RTOL = 1e-9

_COLUMNS = ("entity", "site", "country", "equipment_type")


@attrs.frozen
class Years:
    """Two years, and what they are measured with."""

    case: Measurement
    later: reen.Inventory
    by: tuple[str, ...]
    then: Method | None

    def run(
        self,
        before: reen.Inventory | None = None,
        after: reen.Inventory | None = None,
        *,
        swapped: bool = False,
        batch_rows: int = 65_536,
    ) -> reen.types.Change:
        years = [
            self.case.inventory if before is None else before,
            self.later if after is None else after,
        ]
        days = (self.case.as_of, "2022-12-31")
        return reen.change(
            *(reversed(years) if swapped else years),
            method=self.case.method,
            by=self.by,
            factors=self.case.factors,
            as_of=days[::-1] if swapped else days,
            before_method=self.then,
            registry=self.case.registry,
            batch_rows=batch_rows,
        )


def drawn(
    cases: st.SearchStrategy[Measurement], other: st.SearchStrategy[Method] | None
) -> st.SearchStrategy[Years]:
    """Return a strategy of two years, the first measured by another method where there is one."""

    @st.composite
    def years(draw: st.DrawFn) -> Years:
        case = draw(cases)
        if draw(st.booleans()):
            case = attrs.evolve(
                case, method=ToyMethod(exchanges=draw(st.sampled_from(["one", "two"])))
            )
        later = draw(inventories(min_rows=1, also=("entity", "id")))
        there = {*case.inventory.table.column_names} & {*later.table.column_names}
        by = draw(st.sets(st.sampled_from([each for each in _COLUMNS if each in there])))
        then = None if other is None else draw(st.none() | other)
        return Years(case, later, tuple(sorted(by)), then)

    return years()


@pytest.fixture(scope="session")
def years(cases: st.SearchStrategy[Measurement]) -> st.SearchStrategy[Years]:
    """Return a strategy of two years by one method."""
    return drawn(cases, None)


@pytest.fixture(scope="session")
def restated(
    cases: st.SearchStrategy[Measurement], any_method: st.SearchStrategy[Method]
) -> st.SearchStrategy[Years]:
    """Return a strategy of two years, the first measured by any method."""
    return drawn(cases, any_method)


def magnitude(footprint: reen.Footprint, criterion: str) -> float:
    """Return the sum of the absolute contributions to a total."""
    if criterion not in footprint.criteria:
        return 0.0
    values = footprint.factors.values[:, :, footprint.factors.criteria.index(criterion)]
    cells = footprint.fold.cells
    return float(np.nansum(np.abs(cells.amount[:, None] * values[cells.flow])))


def tolerance(change: reen.types.Change, criterion: str) -> float:
    """Return the largest error of a sum of effects."""
    steps = (change.before, change.restated, change.after)
    effects = sum(abs(each.value) for each in change.effects if each.criterion == criterion)
    return _RTOL * (sum(magnitude(each, criterion) for each in steps) + effects)


@given(data=st.data())
def test_effects_add_up_to_the_change(
    restated: st.SearchStrategy[Years], data: st.DataObject
) -> None:
    """For every criterion; the sentences can be made of any of them."""
    change = data.draw(restated).run()
    for criterion in change.criteria:
        found = math.fsum(each.value for each in change.effects if each.criterion == criterion)
        assert abs(found - change.value(criterion)) <= tolerance(change, criterion)
        for language in ("en", "fr"):
            assert change.sentence(language, criterion=criterion).endswith(".")
            assert all(note.endswith(".") for note in change.notes(language, criterion=criterion))


@pytest.mark.slow
@given(data=st.data())
def test_effects_add_up_by_group_and_by_type(
    restated: st.SearchStrategy[Years], data: st.DataObject
) -> None:
    """Within each (group, type), the effects add up to the difference of the two figures."""
    change = data.draw(restated).run()
    for criterion in change.criteria:
        expected = cells_of(change.after, change.by, criterion)
        for key, value in cells_of(change.before, change.by, criterion).items():
            expected[key] = expected.get(key, 0.0) - value
        for key, value in change.sums("group", "equipment_type", criterion=criterion).items():
            expected[key] = expected.get(key, 0.0) - value
        most = tolerance(change, criterion)
        assert all(abs(rest) <= most for rest in expected.values())


def cells_of(
    detail: reen.Footprint, by: tuple[str, ...], criterion: str
) -> dict[tuple[object, ...], float]:
    """Return the figures of a year by (group, type)."""
    impacts = detail.impacts()[:, :, detail.criteria.index(criterion)]
    found: dict[tuple[object, ...], float] = {}
    for row, values in zip(detail.groups.to_pylist(), impacts, strict=True):
        key = (group_key([row[name] for name in by]), row["equipment_type"] or "")
        found[key] = found.get(key, 0.0) + float(np.nansum(values))
    return found


@pytest.mark.slow
@given(data=st.data())
def test_a_year_against_itself_is_nothing(
    years: st.SearchStrategy[Years], data: st.DataObject
) -> None:
    """Exactly: there is no effect, not even one of zero, at one date."""
    case = data.draw(years)
    change = attrs.evolve(case, case=attrs.evolve(case.case, as_of="2022-12-31")).run(
        after=case.case.inventory
    )
    assert all(effect.value == 0.0 for effect in change.effects)
    assert all(change.value(key) == 0.0 for key in change.criteria)


_OTHER_WAY = {
    "entries": "exits",
    "entity_entered": "entity_left",
    "type_entered": "type_left",
}
_OTHER_WAY |= {there: here for here, there in _OTHER_WAY.items()}


@pytest.mark.slow
@given(data=st.data())
def test_swapping_the_years_negates(years: st.SearchStrategy[Years], data: st.DataObject) -> None:
    """What came has then left; every other effect changes its sign and nothing else."""
    case = data.draw(years)
    forth, back = case.run(), case.run(swapped=True)

    def key(effect: ChangeEffect, detail: str) -> tuple[object, ...]:
        place = (effect.stage, group_key(effect.group), effect.equipment_type, effect.criterion)
        return (effect.cause, detail, *place)

    expected = {key(each, each.detail): each.value for each in forth.effects}
    found = {
        key(each, _OTHER_WAY.get(each.detail, each.detail)): each.value for each in back.effects
    }
    for each in expected.keys() | found.keys():
        most = tolerance(forth, str(each[-1]))
        assert abs(expected.get(each, 0.0) + found.get(each, 0.0)) <= most
    assert forth.doubtful == back.doubtful


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 2)
@given(data=st.data())
def test_each_footprint_is_that_of_measure(
    years: st.SearchStrategy[Years], data: st.DataObject
) -> None:
    """Measured side by side, no figure changes."""
    case = data.draw(years)
    change = case.run()
    assert_footprints_close(change.before.by(*case.by), case.case.run(by=case.by))
    assert change.restated == change.before


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 2)
@given(data=st.data())
def test_batches_and_the_order_of_rows_change_nothing(
    years: st.SearchStrategy[Years], data: st.DataObject
) -> None:
    """The same effects, but for the rounding of sums."""
    case = data.draw(years)
    whole = case.run()
    table = case.later.table
    turned = reen.Inventory.from_arrow(table.take(list(range(table.num_rows))[::-1]))
    for other in (case.run(batch_rows=1), case.run(after=turned)):
        for criterion in whole.criteria:
            keys = ("cause", "detail", "stage", "group", "equipment_type")
            expected = whole.sums(*keys, criterion=criterion)
            found = other.sums(*keys, criterion=criterion)
            most = tolerance(whole, criterion)
            for key in expected.keys() | found.keys():
                assert abs(expected.get(key, 0.0) - found.get(key, 0.0)) <= most


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 2)
@given(data=st.data())
def test_written_and_read_back_it_is_equal(
    restated: st.SearchStrategy[Years], data: st.DataObject
) -> None:
    """All of it: effects, footprints and what they rest on."""
    change = data.draw(restated).run()
    assert reen.stored.change_from_json(reen.stored.change_to_json(change)) == change


#: Cells that no method can use, or that it must replace, by column.
_UNREAD: dict[str, tuple[object, ...]] = {
    "equipment_type": ("zorglub", None),
    "quantity": (None, -1.0),
    "lifetime": (None, -1.0),
    "annual_energy": (None, -1.0),
    "usage_share": (None, -1.0),
    "country": (None, "Atlantis"),
    "status": ("qui sait", None),
    "entity": (None,),
}


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples * 2)
@given(data=st.data())
def test_what_is_not_read_is_never_progress(
    years: st.SearchStrategy[Years], data: st.DataObject
) -> None:
    """The same list, some cells of which cannot be read any more: no change, or a doubtful one."""
    case = data.draw(years)
    table = case.case.inventory.table
    columns = {}
    for name in table.column_names:
        values = table[name].to_pylist()
        for row in range(len(values) if name in _UNREAD else 0):
            if data.draw(st.integers(0, 3)) == 0:
                values[row] = data.draw(st.sampled_from(_UNREAD[name]))
        field = table.schema.field(name)
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        columns[field.with_type(kind)] = pa.array(values, kind)
    spoilt = pa.table(list(columns.values()), schema=pa.schema(list(columns)))
    kept = [name for name in spoilt.column_names if name != "equipment_type_raw"]
    after = reen.Inventory.from_arrow(spoilt.select(kept))
    case = attrs.evolve(case, case=attrs.evolve(case.case, as_of="2022-12-31"))
    for change in (
        case.run(after=after),
        case.run(before=after, after=case.case.inventory),
    ):
        for criterion in change.criteria:
            moved = abs(change.of_the_fleet(criterion)) > tolerance(change, criterion)
            assert not moved or change.doubtful


#: Years in which every driver varies: number, share of use, life, energy, PUE, country, entity.
_HOUSES = st.tuples(st.none() | st.floats(1.0, 2.5), st.none() | st.floats(1.0, 2.5))
_ASSETS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from([f"A{k}" for k in range(12)]),
            "equipment_type": st.sampled_from(["laptop", "server", "server", "printer", "ups"]),
            "quantity": st.integers(1, 9).map(float),
            "usage_share": st.none() | st.sampled_from([0.25, 0.5, 1.0]),
            "lifetime": st.none() | st.sampled_from([3.0, 5.0, 6.5]),
            "annual_energy": st.none() | st.sampled_from([20.0, 180.0, 2_000.0]),
            "country": st.sampled_from(["FR", "DE", None]),
            "entity": st.sampled_from(["hall", "schools", "library", None]),
            "datacenter_id": st.sampled_from(["hall", "cloud", None, None]),
        }
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda row: row["id"],
)


def hosted(
    rows: list[dict[str, object]], houses: tuple[float | None, float | None]
) -> reen.Inventory:
    """Return a year of a city, and its two data centres."""
    numbers = ("quantity", "usage_share", "lifetime", "annual_energy")
    return reen.Inventory.from_tables(
        equipment=pa.table(
            {
                name: pa.array(
                    [row[name] for row in rows], pa.float64() if name in numbers else pa.string()
                )
                for name in rows[0]
            }
        ),
        datacenters=pa.table(
            {
                "id": ["hall", "cloud"],
                "country": ["FR", "DE"],
                "pue": pa.array(houses, pa.float64()),
            }
        ),
    )


@pytest.mark.slow
@given(
    years=st.tuples(_ASSETS, _ASSETS),
    houses=st.tuples(_HOUSES, _HOUSES),
    by=st.sampled_from([(), ("entity",), ("entity", "equipment_type")]),
    packs=st.sampled_from([(), ("base-carbone@2026.1",)]),
)
def test_every_driver_adds_up_negates_and_vanishes(
    years: tuple[list[dict[str, object]], list[dict[str, object]]],
    houses: tuple[tuple[float | None, float | None], tuple[float | None, float | None]],
    by: tuple[str, ...],
    packs: tuple[str, ...],
) -> None:
    """With the published factors: last year's pack restates, and the rest is as without it."""
    first, last = (hosted(*each) for each in zip(years, houses, strict=True))
    days = ("2023-12-31", "2024-12-31")
    given_ = {"method": "base-carbone", "by": by}
    forth = reen.change(first, last, as_of=days, before_packs=packs, **given_)
    most = tolerance(forth, "climate_change")
    assert abs(math.fsum(each.value for each in forth.effects) - forth.value()) <= most
    back = reen.change(last, first, as_of=days[::-1], **given_).by_cause()
    there = forth.by_cause()
    restated = {("factors",)} if packs else set()
    for cause in (there.keys() | back.keys()) - restated:
        # a pack in which a type had no figure makes it known: the perimeter is not only the years'
        if not (packs and cause == ("perimeter",)):
            assert abs(there.get(cause, 0.0) + back.get(cause, 0.0)) <= most, cause
    same = reen.change(last, last, as_of=days[1], **given_)
    assert all(each.value == 0.0 for each in same.effects)


def test_every_cause_comes_up_in_such_years() -> None:
    """One pair in which all of them differ: no cause of the property above is vacuous."""
    row = {
        "id": "S",
        "equipment_type": "server",
        "quantity": 2.0,
        "usage_share": 0.5,
        "lifetime": 5.0,
        "annual_energy": 2_000.0,
        "country": "FR",
        "entity": "hall",
        "datacenter_id": "hall",
    }
    printer = {**row, "id": "P", "equipment_type": "printer", "datacenter_id": None}
    changed = {"usage_share": 0.75, "lifetime": 6.0, "annual_energy": 1_800.0, "quantity": 3.0}
    came = {**row, "id": "L", "entity": "library"}
    change = reen.change(
        hosted([row, printer], (1.6, None)),
        hosted([{**row, **changed}, printer, came], (1.4, None)),
        method="base-carbone",
        as_of=("2023-12-31", "2024-12-31"),
        before_packs=["base-carbone@2026.1"],
    )
    assert {cause for (cause,), value in change.by_cause().items() if value} == {
        *("factors", "perimeter", "fleet", "usage_share", "lifetime", "annual_energy"),
        *("pue", "mix"),
    }
