"""The single score and person-equivalents are linear, and their tables add up to them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.plugin import Registry
from reen.testing import Measurement, ToyMethod, factor_packs, inventories, measurements

#: Criteria with a weight and a boundary, with a weight only, with neither.
CRITERIA = ("climate_change", "land_use", "primary_energy")


@pytest.fixture(scope="module")
def cases(registry: Registry) -> st.SearchStrategy[Measurement]:
    """Return measurements by the toy method.

    Nothing is negative: what is left of a large sum and its opposite would be rounding.
    """
    criteria = st.lists(st.sampled_from(CRITERIA), unique=True, min_size=1)
    packs = criteria.flatmap(
        lambda keys: factor_packs(criteria=keys, years=(2022,), negative=False, uncertain=False)
    )
    return measurements(
        registry,
        method=st.just(ToyMethod()),
        inventory=inventories(min_rows=1, max_rows=4),
        pack=packs,
    )


def rows_of(inventory: reen.Inventory, rows: Sequence[int]) -> reen.Inventory:
    return reen.Inventory(inventory.table.take(pa.array(rows, pa.int64())))


def points(footprint: reen.Footprint) -> float:
    """Return the score, 0 when there is nothing to score: that is what it adds."""
    value = reen.pef_single_score(footprint).value
    return 0.0 if math.isnan(value) else value


@pytest.mark.slow
@given(data=st.data())
def test_the_score_of_a_whole_is_the_sum_of_those_of_its_parts(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """score(a + b) = score(a) + score(b), for any deal of the rows into two hands."""
    case = data.draw(cases)
    rows = range(len(case.inventory))
    left = data.draw(st.sets(st.sampled_from(rows)), label="left")
    one = case.run(rows_of(case.inventory, sorted(left)))
    other = case.run(rows_of(case.inventory, [row for row in rows if row not in left]))
    assert points(one + other) == pytest.approx(points(one) + points(other), rel=1e-9)
    assert points(case.run()) == pytest.approx(points(one) + points(other), rel=1e-9)


@pytest.mark.slow
@given(data=st.data())
def test_twice_the_footprint_is_twice_the_score_and_twice_the_persons(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """score(2 a) = 2 score(a); and half the people have twice the share."""
    footprint = data.draw(cases).run()
    assert points(footprint + footprint) == pytest.approx(2.0 * points(footprint), rel=1e-9)
    once = reen.person_equivalents(footprint)
    twice = reen.person_equivalents(footprint + footprint, population=2.0 * once.population)
    for impact in once:
        value = twice[impact.criterion].value
        assert value == pytest.approx(4.0 * impact.value, rel=1e-9, nan_ok=True)


@given(data=st.data())
def test_tables_add_up_to_the_totals(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Groups and stages sum to the score, and to the persons of each criterion."""
    footprint = data.draw(cases).run()
    score = reen.pef_single_score(footprint)
    total = pc.sum(score.to_arrow()["value"]).as_py()
    assert (total or 0.0) == pytest.approx(points(footprint), rel=1e-9)
    assert set(score.missing) >= {each.criterion for each in score.impacts} - set(CRITERIA)
    persons = reen.person_equivalents(footprint)
    table = persons.to_arrow()
    for impact in persons:
        mine = table.filter(pc.equal(table["criterion"], impact.criterion))
        found = pc.sum(mine["value"]).as_py()
        expected = None if math.isnan(impact.value) else pytest.approx(impact.value, rel=1e-9)
        assert found == expected
