"""Factor sets: long-form rows checked, then arrays by flow, stage and criterion."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from reen.errors import FactorDataError
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.vocabulary.equipment_types import EquipmentType, bundled_equipment_types
from reen.vocabulary.stages import Stage

ROW = {
    "flow": "laptop",
    "name": "Laptop",
    "reference_unit": "item",
    "stage": "manufacturing",
    "criterion": "climate_change",
    "value": "170.3",
    "unit": "kgCO2e/item",
    "equipment_type": "laptop",
    "source": "A study",
    "source_year": "2025",
    "source_url": "https://example.org",
}


def rows(*changes: dict[str, str]) -> list[dict[str, str]]:
    return [ROW | change for change in changes]


def read(*changes: dict[str, str]) -> FactorSet:
    return FactorSet.from_rows(rows(*changes), pack="p")


def refused(*changes: dict[str, str]) -> FactorDataError:
    with pytest.raises(FactorDataError) as caught:
        read(*changes)
    return caught.value


# -- reading ---------------------------------------------------------------------------------


def test_a_value_lands_in_its_cell() -> None:
    """Two stages and two criteria of one flow: four cells, one of them not published."""
    factors = read(
        {},
        {"stage": "distribution", "value": "12"},
        {"criterion": "acidification", "unit": "molHe/item", "value": "1.5"},
    )
    assert factors.flows == (Flow("p", "laptop"),)
    assert factors.stages == (Stage.MANUFACTURING, Stage.DISTRIBUTION)
    assert factors.criteria == ("climate_change", "acidification")
    np.testing.assert_array_equal(factors.values, [[[170.3, 1.5], [12.0, math.nan]]])


def test_stages_stand_in_their_order() -> None:
    """That of the life cycle, whatever the order of the rows."""
    factors = read({"stage": "end_of_life"}, {"stage": "manufacturing"})
    assert factors.stages == (Stage.MANUFACTURING, Stage.END_OF_LIFE)


def test_place_and_year_are_part_of_the_key() -> None:
    """Three flows of one id."""
    kwh = {"reference_unit": "kWh", "unit": "kgCO2e/kWh", "stage": "use", "flow": "electricity"}
    factors = read(
        kwh | {"geography": "FR", "year": "2022"},
        kwh | {"geography": "FR", "year": "2023"},
        kwh | {"geography": "DE", "year": "2022"},
    )
    assert [str(flow) for flow in factors.flows] == [
        "p:electricity (FR, 2022)",
        "p:electricity (FR, 2023)",
        "p:electricity (DE, 2022)",
    ]


def test_units_are_converted() -> None:
    """0.052 kgCO2e/kWh is 52 g/kWh or 52 kg/MWh."""
    kwh = {"reference_unit": "kWh", "stage": "use"}
    for value, unit in (("52", "gCO2e/kWh"), ("52", "kgCO2e/MWh"), ("0.000052", "tCO2e/kWh")):
        factors = read(kwh | {"value": value, "unit": unit})
        assert factors.values[0, 0, 0] == pytest.approx(0.052, rel=1e-12)


def test_criteria_have_aliases() -> None:
    """`gwp` is climate change."""
    assert read({"criterion": "gwp"}).criteria == ("climate_change",)


def test_a_percentage_is_the_half_width_of_95_percent() -> None:
    """±50 % is a relative standard deviation of 0.5 / 1.96 = 0.2551."""
    assert read({"uncertainty_percent": "50"}).spread[0, 0, 0] == pytest.approx(0.2551, abs=1e-4)


def test_no_percentage_is_no_spread() -> None:
    """NaN, not zero: not published is not certain."""
    assert math.isnan(read({}).spread[0, 0, 0])


def test_bounds_are_converted_with_their_value() -> None:
    """In grams, like the value."""
    factors = read({"value": "2000", "lower": "1000", "upper": "3000", "unit": "gCO2e/item"})
    assert (factors.lower[0, 0, 0], factors.upper[0, 0, 0]) == (1.0, 3.0)


def test_scientific_notation() -> None:
    """4.74E-3."""
    assert read({"value": "4.74E-3"}).values[0, 0, 0] == 0.00474


def test_citations_are_collected_once() -> None:
    """Two rows of one source and one of another."""
    factors = read({}, {"stage": "distribution"}, {"stage": "end_of_life", "source": "B study"})
    assert factors.descriptions[0].sources == (
        "A study, 2025, https://example.org",
        "B study, 2025, https://example.org",
    )


def test_no_row_is_an_empty_set() -> None:
    """No flow, no stage, no criterion."""
    assert FactorSet.from_rows([], pack="p").values.shape == (0, 0, 0)


# -- refusing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "4,74"}, "p, row 3, column 'value': '4,74'; expected a number with a decimal"),
        ({"value": "inf"}, "column 'value': 'inf'; expected a finite number"),
        ({"value": ""}, "column 'value': ''; expected number with a decimal point"),
        ({"unit": "kgCO2e/kWh"}, "expected a unit of the dimension kgCO2e/item"),
        ({"unit": "kgSbe/item"}, "expected a unit of the dimension kgCO2e/item"),
        ({"unit": "kg/item"}, "column 'unit': 'kg/item'"),
        ({"stage": "fabrication"}, "expected one of manufacturing, distribution, use"),
        ({"criterion": "warmth"}, "column 'criterion': 'warmth'; expected a criterion"),
        ({"reference_unit": "kWh/year"}, "expected item, kWh, kgCO2e, EUR"),
        ({"reference_unit": "box"}, "expected item, kWh, kgCO2e, EUR"),
        ({"year": "last"}, "expected a year such as 2022, or nothing"),
        (
            {"year": "20222"},
            "column 'year': '20222'; expected a year from 1900 to 2100, or nothing",
        ),
        ({"year": "0"}, "column 'year': '0'; expected a year from 1900 to 2100, or nothing"),
        ({"year": "-2022"}, "expected a year from 1900 to 2100"),
        ({"geography": "France"}, "column 'geography': 'France'; expected ISO 3166-1 alpha-2 code"),
        ({"geography": "France"}, "(did you mean 'FR'?)"),
        ({"geography": "fr"}, "(did you mean 'FR'?)"),
        (
            {"geography": "EU"},
            "'EU'; expected ISO 3166-1 alpha-2 code, FR-20R for Corsica, XK for Koso",
        ),
        ({"equipment_type": "labtop"}, "'labtop'; expected the key of a type of equipment, or not"),
        ({"equipment_type": "labtop"}, "(did you mean 'laptop'"),
        ({"equipment_type": "PC portable"}, "(did you mean 'laptop'?)"),
        ({"equipment_type": "zorglub"}, "'zorglub'; expected the key of a type of equipment, or"),
        ({"uncertainty_percent": "-10"}, "expected a percentage from 0 to 1,000, or nothing when"),
        ({"uncertainty_percent": "1001"}, "expected a percentage from 0 to 1,000, or nothing when"),
        ({"remainder": "maybe"}, "column 'remainder': 'maybe'; expected yes, no, or nothing"),
        ({"remainder": "yes"}, "nothing for the stage manufacturing: a remainder is a"),
        ({"note": "a\0b"}, "column 'note': 'a\\x00b'; expected text without the control character"),
        ({"flow": "lap\x1btop"}, "text without the control character '\\x1b': type the cell again"),
        ({"lowr": "1"}, "column 'lowr': ''; expected only the columns flow, name,"),
        ({"flow": " "}, "column 'flow'"),
        ({"source": ""}, "column 'source'"),
    ],
)
def test_a_cell_that_does_not_fit(change: dict[str, str], message: str) -> None:
    """Pack, line of the file (header first), column, value and what was expected."""
    error = refused({"stage": "use"}, change)
    assert error.row == 3
    assert message in str(error)


def test_two_values_for_one_cell() -> None:
    """The second one is named with its line."""
    with pytest.raises(FactorDataError) as caught:
        read({}, {"value": "171"})
    assert str(caught.value) == (
        "p, row 3, column 'value': '171'; expected one value for p:laptop, manufacturing,"
        " climate_change; the first is in row 2."
    )


def test_one_flow_of_two_reference_units() -> None:
    """An item is no kilowatt-hour."""
    error = refused({}, {"reference_unit": "kWh", "unit": "kgCO2e/kWh", "stage": "use"})
    assert "expected 'item' as in the other rows of p:laptop" in str(error)


@pytest.mark.parametrize(("percent", "spread"), [("0", 0.0), ("1000", 10 / 1.959963984540054)])
def test_the_ends_of_the_uncertainties_accepted(percent: str, spread: float) -> None:
    """0 is an exact figure, 1000 % ten times the value."""
    found = read({"uncertainty_percent": percent}).spread[0, 0, 0]
    assert found == pytest.approx(spread, rel=1e-9)


@pytest.mark.parametrize("place", ["FR", "RE", "US", "WORLD", ""])
def test_places(place: str) -> None:
    """Codes of ISO 3166-1, territories too; the world; nowhere."""
    assert read({"geography": place}).flows[0].geography == place


@pytest.mark.parametrize("year", ["1900", "2022", "2100"])
def test_years(year: str) -> None:
    """From the first accounts of electricity to the end of published scenarios."""
    assert read({"year": year}).flows[0].year == int(year)


def test_a_cell_that_is_no_text() -> None:
    """A number in place of text, in rows given by code."""
    assert "row 2, column 'value': '170.3'; expected text, as in a CSV file" in str(
        refused({"value": 170.3})  # type: ignore[dict-item]
    )


def test_types_of_a_plugin() -> None:
    """A taxonomy with the plugin's own types is given."""
    types = bundled_equipment_types().extended(
        [EquipmentType(key="zorglub", title_en="Zorglub", title_fr="Zorglub")]
    )
    row = ROW | {"equipment_type": "zorglub"}
    factors = FactorSet.from_rows([row], pack="p", equipment_types=types)
    assert factors.descriptions[0].equipment_type == "zorglub"


def test_bounds_the_wrong_way_round() -> None:
    """A lower bound above the upper one."""
    assert "lower" in str(refused({"lower": "200", "upper": "100"}))


def test_embedded_beside_its_parts_would_count_twice() -> None:
    """Refused with the flow and every row concerned; it may be the rest, if the row says so."""
    error = refused(
        {"stage": "embedded", "value": "200"}, {}, {"stage": "use"}, {"stage": "end_of_life"}
    )
    assert str(error) == (
        "p, row 2, column 'stage': 'embedded'; expected either embedded or its parts for p:laptop,"
        " climate_change: beside manufacturing (row 3), end_of_life (row 5) it would count them"
        " twice. If it is what these leave, write yes in its column remainder."
    )


@pytest.mark.parametrize("yes", ["yes", "Yes", "true", "True"])
def test_embedded_may_be_the_rest(yes: str) -> None:
    """A source may separate some stages only: `embedded` then holds what it does not separate."""
    factors = read({}, {"stage": "embedded", "value": "12", "remainder": yes})
    assert factors.stages == (Stage.MANUFACTURING, Stage.EMBEDDED)
    np.testing.assert_array_equal(factors.values, [[[170.3], [12.0]]])


def test_embedded_beside_parts_of_other_cells() -> None:
    """Another criterion, year, place or flow, or the use stage: nothing is counted twice."""
    embedded = {"stage": "embedded"}
    factors = read(
        embedded,
        {"stage": "use"},
        {"criterion": "acidification", "unit": "molHe/item"},
        {"year": "2022"},
        {"geography": "FR"},
        {"flow": "desktop"},
    )
    assert len(factors) == 4


def test_the_rest_of_nothing() -> None:
    """Without any part in the file, a rest would pass for the whole."""
    error = refused({"stage": "use"}, {"stage": "embedded", "remainder": "yes"})
    assert str(error) == (
        "p, row 3, column 'remainder': 'yes'; expected nothing: no row gives a part of p:laptop,"
        " climate_change; a remainder is a figure of the stage embedded beside its parts."
    )


# -- using -----------------------------------------------------------------------------------


def test_concatenating_joins_the_axes() -> None:
    """Another stage and another criterion: NaN where a set has none."""
    other = FactorSet.from_rows(
        rows({"criterion": "acidification", "unit": "molHe/item", "stage": "use", "value": "2"}),
        pack="q",
    )
    both = FactorSet.concatenate([read({}), other])
    assert both.flows == (Flow("p", "laptop"), Flow("q", "laptop"))
    assert both.stages == (Stage.MANUFACTURING, Stage.USE)
    np.testing.assert_array_equal(
        both.values, [[[170.3, math.nan], [math.nan] * 2], [[math.nan] * 2, [math.nan, 2.0]]]
    )


def test_concatenating_nothing() -> None:
    """An empty set."""
    assert len(FactorSet.concatenate([])) == 0


def test_taking_flows_in_another_order() -> None:
    """With repeats, as the caller asks."""
    factors = read({}, {"flow": "desktop", "value": "200"})
    taken = factors.take([1, 0, 1])
    assert [flow.id for flow in taken.flows] == ["desktop", "laptop", "desktop"]
    assert taken.values[:, 0, 0].tolist() == [200.0, 170.3, 200.0]


def test_the_digest_does_not_depend_on_the_order() -> None:
    """The same rows in another order are the same set."""
    changes: list[dict[str, str]] = [{}, {"flow": "desktop"}, {"stage": "distribution"}]
    assert read(*changes).digest() == read(*changes[::-1]).digest()


@pytest.mark.parametrize(
    "change",
    [
        {"value": "170.4"},
        {"uncertainty_percent": "10"},
        {"lower": "100"},
        {"source": "B study"},
        {"licence": "CC0-1.0"},
        {"equipment_type": "desktop"},
        {"geography": "FR"},
        {"stage": "use"},
        {"validity": "2020-12"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_digest_depends_on_every_cell(change: dict[str, str]) -> None:
    """Value, spread, bound, source, licence, match key, place, stage and validity."""
    assert read({}).digest() != read(change).digest()


def test_sets_are_equal_by_content() -> None:
    """NaN cells included."""
    assert read({}) == read({})
    assert read({}) != read({"value": "1"})


def test_sets_can_be_pickled() -> None:
    """Into another process."""
    factors = read({}, {"stage": "distribution"})
    assert pickle.loads(pickle.dumps(factors)) == factors  # noqa: S301 - our own bytes
