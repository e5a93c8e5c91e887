"""Person-equivalents and the single score, on footprints that can be computed by hand.

One laptop kept four years, with invented factors; its electricity is not counted, so a footprint is
its manufacturing / 4.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping

import pytest

import reen
from reen.plugin import FactorPack
from reen.testing import ToyMethod, registry_of
from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.normalisation import pef_factors, planetary_boundaries

SIXTEEN = tuple(criterion.key for criterion in bundled_criteria() if criterion.in_ef)


def pack(factors: Mapping[str, float]) -> FactorPack:
    """Return a pack with one laptop, its impacts of manufacturing given by criterion."""
    criteria = bundled_criteria()
    return FactorPack.from_rows(
        name="invented",
        version="1",
        title="Invented factors",
        publisher="nobody",
        licence="CC0-1.0",
        source="invented",
        factors=[
            {
                "flow": "laptop",
                "reference_unit": "item",
                "stage": "manufacturing",
                "criterion": key,
                "value": repr(value),
                "unit": f"{criteria[key].unit}/item",
                "equipment_type": "laptop",
                "source": "invented",
            }
            for key, value in factors.items()
        ],
    )


def measured(factors: Mapping[str, float], *fleet: tuple[str, str, float]) -> reen.Footprint:
    """Measure some (entity, type, quantity), each kept four years, by entity."""
    rows = [
        reen.Equipment(kind, quantity=quantity, lifetime="4 year", entity=entity)
        for entity, kind, quantity in fleet or (("a", "laptop", 1.0),)
    ]
    registry = registry_of(methods=[ToyMethod()], packs=[pack(factors)])
    return reen.measure(
        rows, method="toy", factors=["invented"], registry=registry, by="entity", as_of="2022-12-31"
    )


#: Per year, exactly the normalisation factor of each criterion.
ONE_PERSON = {key: 4.0 * pef_factors()[key].normalisation for key in SIXTEEN}


# -- person-equivalents ------------------------------------------------------------------------


def test_climate_change_in_persons() -> None:
    """3,405 kg / 4 years = 851.25 kg a year = 6.81e12 / 8e9: the share of one person."""
    persons = reen.person_equivalents(measured({"climate_change": 3405.0}))
    assert persons["climate_change"].value == pytest.approx(1.0, rel=1e-9)
    assert persons["gwp"].reference == pytest.approx(851.25, rel=1e-9)
    assert str(persons["gwp"].quantity) == "1.0 person"


@pytest.mark.parametrize(
    ("criterion", "per_head"),
    [
        # G4IT's reference file, the figures that it gives without rounding.
        ("climate_change", 851.25),
        ("particulate_matter", 0.0000645),
        ("ionising_radiation", 65875.0),
        ("acidification", 125.0),
        ("resource_use_minerals_metals", 0.027375),
        ("resource_use_fossils", 28000.0),
        # 1.82e14 / 8e9, where that file repeats the figure of minerals and metals.
        ("water_use", 22750.0),
    ],
)
def test_shares_of_one_person(criterion: str, per_head: float) -> None:
    persons = reen.person_equivalents(measured({criterion: 4.0 * per_head}))
    assert persons[criterion].value == pytest.approx(1.0, rel=1e-9)


def test_land_use_has_no_boundary_and_says_why() -> None:
    persons = reen.person_equivalents(measured({"land_use": 4.0, "climate_change_fossil": 4.0}))
    assert persons.impacts == ()
    reasons = dict(persons.left_out)
    assert "contradict one another" in reasons["land_use"]
    assert reasons["climate_change_fossil"] == "no planetary boundary is published"
    with pytest.raises(reen.errors.OptionError, match="contradict one another"):
        persons["land_use"]
    with pytest.raises(reen.errors.OptionError, match="the footprint does not have it"):
        persons["climate_change"]


def test_a_boundary_of_ones_own() -> None:
    """8.75e15 Pt among 8e9 people is 1,093,750 Pt each."""
    footprint = measured({"land_use": 4.0 * 1_093_750.0})
    persons = reen.person_equivalents(footprint, boundaries={"Land use": 8.75e15})
    assert persons["land_use"].value == pytest.approx(1.0, rel=1e-9)
    assert persons.left_out == ()


def test_among_fewer_people_each_has_a_larger_share() -> None:
    """Half the people: 6.81e12 / 4e9 = 1,702.5 kg each, so 851.25 kg is half a person."""
    footprint = measured({"climate_change": 3405.0})
    persons = reen.person_equivalents(footprint, population=4.0e9)
    assert persons["climate_change"].value == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize("population", [0.0, -8e9, math.nan, math.inf])
def test_a_population_that_is_none(population: float) -> None:
    with pytest.raises(reen.errors.OptionError, match="a number of people above 0"):
        reen.person_equivalents(measured({"climate_change": 1.0}), population=population)


@pytest.mark.parametrize("boundary", [0.0, -1.0, math.nan, math.inf])
def test_a_boundary_that_is_none(boundary: float) -> None:
    with pytest.raises(reen.errors.OptionError, match="a boundary above 0 for land_use"):
        reen.person_equivalents(
            measured({"climate_change": 1.0}), boundaries={"land_use": boundary}
        )


def test_an_unknown_criterion_among_the_boundaries() -> None:
    with pytest.raises(reen.errors.UnknownNameError, match="climate_change"):
        reen.person_equivalents(measured({"gwp": 1.0}), boundaries={"climate chnage": 1.0})


def test_completeness_is_carried() -> None:
    """The scanner has no factor: climate, never negative here, is a lower bound; water is not."""
    footprint = measured(
        {"climate_change": 3405.0, "water_use": -91000.0}, ("a", "laptop", 2.0), ("a", "scanner", 1)
    )
    persons = reen.person_equivalents(footprint)
    assert persons["climate_change"].impact.lower_bound
    assert not persons["water_use"].impact.complete
    text = str(persons)
    assert "climate_change: >= 2 person = 1,702 kgCO2e/year / 851.2 kgCO2e/person/year" in text
    assert "water_use: -2 person (incomplete)" in text
    assert "8,000,000,000 people" in text


def test_nothing_assessed_is_not_zero_persons() -> None:
    persons = reen.person_equivalents(measured({"climate_change": 1.0}, ("a", "scanner", 1.0)))
    assert math.isnan(persons["climate_change"].value)
    assert "climate_change: nothing assessed" in str(persons)
    assert set(persons.to_arrow()["value"].to_pylist()) == {None}


def test_persons_by_group_and_stage_add_up() -> None:
    """Entity a: 2 persons of climate change; entity b: 3."""
    footprint = measured(
        {"climate_change": 3405.0, "land_use": 1.0}, ("a", "laptop", 2.0), ("b", "laptop", 3.0)
    )
    persons = reen.person_equivalents(footprint)
    table = persons.to_arrow()
    assert set(table["criterion"].to_pylist()) == {"climate_change"}
    assert set(table["unit"].to_pylist()) == {"person"}
    found = {
        row["entity"]: row["value"] for row in table.to_pylist() if row["stage"] == "manufacturing"
    }
    assert found == pytest.approx({"a": 2.0, "b": 3.0}, rel=1e-9)


# -- single score ------------------------------------------------------------------------------


def test_one_person_of_everything_is_one_point() -> None:
    """Sum of N / N x w / 100 over the sixteen, whose weights add up to 100: 1 point."""
    score = reen.pef_single_score(measured(ONE_PERSON))
    assert score.value == pytest.approx(1.0, rel=1e-9)
    assert score.complete
    assert not score.lower_bound
    assert (score.missing, score.incomplete, score.negative) == ((), (), ())
    assert str(score) == "1 Pt_PEF, EF 3.1"
    assert str(score.quantity.units) == "Pt_PEF"


def test_each_criterion_counts_by_its_weight() -> None:
    """Ozone: 0.0523483833840181 kg a year is one person, of weight 6.31 %."""
    score = reen.pef_single_score(measured(ONE_PERSON))
    points = {impact.criterion: impact.value for impact in score.impacts}
    assert points["ozone_depletion"] == pytest.approx(0.0631, rel=1e-9)
    assert points["climate_change"] == pytest.approx(0.2106, rel=1e-9)
    assert list(points) == list(SIXTEEN)


def test_missing_criteria_are_named_and_the_score_is_incomplete() -> None:
    """7,553.083162851173 kg a year alone: 0.2106 points, fifteen criteria missing."""
    score = reen.pef_single_score(measured({"climate_change": ONE_PERSON["climate_change"]}))
    assert score.value == pytest.approx(0.2106, rel=1e-9)
    assert not score.complete
    assert not score.lower_bound
    assert score.missing == SIXTEEN[1:]
    head, line = str(score).splitlines()
    assert head == "0.2106 Pt_PEF, EF 3.1 (incomplete)"
    assert line.startswith("  missing, 15 of 16 criteria: ozone_depletion, ")


def test_sub_indicators_are_not_counted_twice() -> None:
    one = reen.pef_single_score(measured(ONE_PERSON))
    more = reen.pef_single_score(
        measured(ONE_PERSON | {"climate_change_fossil": 1e6, "primary_energy": 1e6})
    )
    assert more.value == one.value
    assert more.complete


def test_all_there_and_rows_left_out_is_a_lower_bound() -> None:
    score = reen.pef_single_score(measured(ONE_PERSON, ("a", "laptop", 1.0), ("a", "scanner", 1.0)))
    assert not score.complete
    assert score.lower_bound
    assert score.incomplete == SIXTEEN
    assert str(score).startswith(">= 1 Pt_PEF, EF 3.1\n  not complete: climate_change, ")


def test_negative_criteria_are_named_and_bound_nothing() -> None:
    """Water at minus one person takes 2 x 8.51 % off the point: 0.8298."""
    factors = ONE_PERSON | {"water_use": -ONE_PERSON["water_use"]}
    score = reen.pef_single_score(measured(factors))
    assert score.value == pytest.approx(1.0 - 2 * 0.0851, rel=1e-9)
    assert score.negative == ("water_use",)
    assert "negative: water_use" in str(score)
    partly = reen.pef_single_score(measured(factors, ("a", "laptop", 1.0), ("a", "scanner", 1.0)))
    assert not partly.lower_bound


def test_nothing_to_score() -> None:
    score = reen.pef_single_score(measured({"primary_energy": 1.0}))
    assert math.isnan(score.value)
    assert score.missing == SIXTEEN
    assert str(score) == "no criterion of EF 3.1 was assessed"


def test_a_fleet_that_is_excluded_as_a_whole_has_no_score() -> None:
    """The type `other` is out of the scope of the toy method: no stage, no figure, no error."""
    footprint = measured(ONE_PERSON, ("a", "other", 1.0))
    assert math.isnan(reen.pef_single_score(footprint).value)
    assert math.isnan(reen.person_equivalents(footprint)["climate_change"].value)


@pytest.mark.parametrize("version", ["EF 3.0", "3.1", ""])
def test_superseded_or_unknown_versions_are_refused(version: str) -> None:
    with pytest.raises(reen.errors.OptionError, match=r"'EF 3\.1', the only one"):
        reen.pef_single_score(measured({"climate_change": 1.0}), version=version)


def test_points_by_group_and_stage_add_up_with_nulls_for_what_is_missing() -> None:
    """Two thirds of 0.2106 x 3 points are those of entity b; the other criteria are null."""
    footprint = measured(
        {"climate_change": ONE_PERSON["climate_change"]}, ("a", "laptop", 1.0), ("b", "laptop", 2.0)
    )
    score = reen.pef_single_score(footprint)
    rows = score.to_arrow().to_pylist()
    assert len(rows) == 2 * 16 * len(footprint.stages)
    by_entity = {
        entity: sum(row["value"] or 0.0 for row in rows if row["entity"] == entity)
        for entity in ("a", "b")
    }
    assert by_entity == pytest.approx({"a": 0.2106, "b": 0.4212}, rel=1e-9)
    assert float(score) == pytest.approx(0.6318, rel=1e-9)
    missing = {row["criterion"] for row in rows if row["value"] is None}
    assert missing >= set(score.missing)


def test_points_and_persons_have_dimensions_of_their_own() -> None:
    footprint = measured(ONE_PERSON)
    point = reen.pef_single_score(footprint).quantity
    person = reen.person_equivalents(footprint)["climate_change"].quantity
    land = footprint.total("land_use").quantity
    dimensions = {str(each.dimensionality) for each in (point, person, land)}
    assert len(dimensions) == 3


def test_results_travel_to_other_processes() -> None:
    footprint = measured({"climate_change": 3405.0, "land_use": 1.0})
    for result in (reen.person_equivalents(footprint), reen.pef_single_score(footprint)):
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes


@pytest.mark.slow
def test_more_groups_than_are_computed_at_a_time() -> None:
    """5,000 entities of one laptop each, 851.25 kg a year: 5,000 persons."""
    fleet = [(f"e{k:04d}", "laptop", 1.0) for k in range(5_000)]
    persons = reen.person_equivalents(measured({"climate_change": 3405.0}, *fleet))
    values = [value for value in persons.to_arrow()["value"].to_pylist() if value is not None]
    assert len(values) == 5_000
    assert math.fsum(values) == pytest.approx(5_000.0, rel=1e-9)
    assert persons["climate_change"].value == pytest.approx(5_000.0, rel=1e-9)


# -- the bundled figures -----------------------------------------------------------------------


def test_the_sixteen_have_factors_that_weigh_one_hundred() -> None:
    assert tuple(pef_factors()) == SIXTEEN
    assert math.fsum(each.weight for each in pef_factors().values()) == pytest.approx(100.0)
    # EF 3.0 had 0.0536; some public copies still do.
    assert pef_factors()["ozone_depletion"].normalisation == pytest.approx(0.0523484, rel=1e-6)


def test_boundaries_for_all_but_land_use() -> None:
    without = [key for key, each in planetary_boundaries().items() if each.value is None]
    assert tuple(planetary_boundaries()) == SIXTEEN
    assert without == ["land_use"]
    water = planetary_boundaries()["water_use"]
    metals = planetary_boundaries()["resource_use_minerals_metals"]
    assert water.value == pytest.approx(1.82e14)
    assert water.value != metals.value


def test_every_figure_has_its_source() -> None:
    for factor in pef_factors().values():
        assert all("http" in source for source in factor.sources)
    for boundary in planetary_boundaries().values():
        assert ("http" in boundary.source) == (boundary.value is not None)
