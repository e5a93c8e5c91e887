"""Objectives: the path by year, and the state that both ends of a figure give."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.errors import OptionError
from reen.monitoring.values import Period
from reen.plugin.indicators import Completeness, Direction, IndicatorValue
from reen.strategy.judging import State, judge
from reen.strategy.objective import Objective, PathShape

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER


def objective(**changed: object) -> Objective:
    """From 30 in 2020 to 80 in 2030: 5 a year."""
    fields: dict[str, object] = {
        "id": "O1",
        "title": "More",
        "indicator": "reuse_of_disposals",
        "direction": HIGHER,
        "baseline_year": 2020,
        "baseline": 30.0,
        "target_year": 2030,
        "target": 80.0,
    }
    return Objective(**(fields | changed))  # type: ignore[arg-type]


def value(number: float | None, year: int = 2025, **changed: object) -> IndicatorValue:
    fields: dict[str, object] = {
        "indicator": "reuse_of_disposals",
        "title_en": "Reuse",
        "title_fr": "Réemploi",
        "value": number,
        "missing": None if number is not None else "nobody counted",
        "unit": "%",
        "period": Period.year(year),
    }
    return IndicatorValue(**(fields | changed))  # type: ignore[arg-type]


# -- the path --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "expected"), [(2019, 30.0), (2020, 30.0), (2021, 35.0), (2025, 55.0), (2031, 80.0)]
)
def test_a_linear_path(year: int, expected: float) -> None:
    """30 + (80 - 30) x (y - 2020) / 10."""
    assert objective().expected(year) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("year", "expected"), [(2021, 30.0), (2022, 40.0), (2026, 40.0), (2027, 60.0), (2030, 80.0)]
)
def test_a_path_in_steps_keeps_each_value_until_the_next(year: int, expected: float) -> None:
    steps = objective(path=PathShape.STEPS, steps={2022: 40.0, 2027: 60.0})
    assert steps.expected(year) == expected


def test_a_measured_baseline_moves_the_path() -> None:
    """From 40 rather than 30: 40 + 40 x 5 / 10 = 60."""
    assert objective().expected(2025, 40.0) == 60.0
    assert objective(baseline=None).expected(2025) is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"target_year": 2020}, "a year after baseline_year"),
        ({"direction": Direction.NONE}, "higher or lower"),
        ({"target": float("nan")}, "finite numbers"),
        ({"path": PathShape.STEPS}, "a value by year of a path in steps"),
        ({"steps": {2022: 1.0}}, "none of a linear one"),
        ({"path": PathShape.STEPS, "steps": {2035: 1.0}}, "years from 2020 to 2030"),
    ],
)
def test_what_is_no_objective(changed: dict[str, object], message: str) -> None:
    with pytest.raises(reen.errors.OptionError, match=message):
        objective(**changed)


# -- the state -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (80.0, State.REACHED),
        (79.9, State.ON_TRACK),
        (55.0, State.ON_TRACK),
        (54.9, State.BEHIND),
        (49.5, State.BEHIND),
        (49.4, State.OFF),
    ],
)
def test_states_of_more_is_better(number: float, state: State) -> None:
    """2025 expects 55; a tenth of it is 5.5: behind from 49.5."""
    assert judge(objective(), value(number), 2025).state is state


@pytest.mark.parametrize(
    ("number", "state"),
    [(20.0, State.REACHED), (30.0, State.ON_TRACK), (33.0, State.BEHIND), (33.1, State.OFF)],
)
def test_states_of_less_is_better(number: float, state: State) -> None:
    """From 40 to 20: 2025 expects 30; a tenth of it is 3: behind up to 33."""
    less = objective(direction=LOWER, baseline=40.0, target=20.0)
    assert judge(less, value(number), 2025).state is state


def test_the_distance_is_how_much_better_than_the_path() -> None:
    assert judge(objective(), value(50.0), 2025).distance == -5.0
    less = objective(direction=LOWER, baseline=40.0, target=20.0)
    assert judge(less, value(25.0), 2025).distance == 5.0


def test_bordeaux_buys_one_refurbished_for_two_retired() -> None:
    """50 refurbished bought, 100 retired: 50 %, and the objective is 50 % at least."""
    wanted = objective(target=50.0, baseline=0.0, target_year=2025)
    assert judge(wanted, value(50.0), 2025).state is State.REACHED


def test_disposals_of_which_a_third_is_unread_give_no_state() -> None:
    """488 of 741 known, all reused: 65.9 % to 100 %, and 65.9 % known: never "100 %, met"."""
    counted = Completeness(488.0, 741.0, 741)
    found = value(100.0, least=100.0 * 488 / 741, most=100.0, completeness=counted)
    for target in (50.0, 80.0, 95.0):
        standing = judge(objective(target=target), found, 2025)
        assert standing.state is State.UNKNOWN
        assert standing.reasons[0].code == "objective_too_incomplete"
        assert standing.reasons[0].detail("known") == 65.9
    enough = attrs.evolve(found, completeness=None)
    states = [judge(objective(target=each), enough, 2025).state for each in (50.0, 80.0)]
    assert states == [State.REACHED, State.UNKNOWN]


def test_an_open_end_gives_no_state() -> None:
    """Of >= 60 it is not known whether 80 is reached; of <= and less is better neither."""
    assert judge(objective(), value(60.0, lower_bound=True), 2025).state is State.UNKNOWN
    assert judge(objective(), value(81.0, lower_bound=True), 2025).state is State.REACHED
    less = objective(direction=LOWER, baseline=40.0, target=20.0)
    assert judge(less, value(10.0, lower_bound=True), 2025).state is State.UNKNOWN
    assert judge(less, value(50.0, lower_bound=True), 2025).state is State.OFF


@pytest.mark.parametrize(
    ("found", "baseline", "code"),
    [
        (None, 30.0, "objective_without_value"),
        (value(None), 30.0, "objective_not_computed"),
        (value(90.0), None, "objective_without_baseline"),
        (value(90.0, 2024), 30.0, "objective_of_another_year"),
    ],
)
def test_what_leaves_no_state(
    found: IndicatorValue | None, baseline: float | None, code: str
) -> None:
    standing = judge(objective(baseline=baseline), found, 2025)
    assert standing.state is State.UNKNOWN
    assert [reason.code for reason in standing.reasons] == [code]
    assert standing.reasons[0].text("fr") != code


def test_a_target_against_its_direction_is_refused() -> None:
    """From 40 down to 20, "higher": 36 would be called reached, as it is above 20."""
    with pytest.raises(OptionError, match="target='20': expected higher than the baseline, 40"):
        objective(baseline=40.0, target=20.0)


def test_an_objective_in_another_unit_is_not_compared() -> None:
    standing = judge(objective(unit="kg"), value(90.0), 2025)
    assert (standing.state, standing.reasons[0].code) == (
        State.UNKNOWN,
        "objective_in_another_unit",
    )


@pytest.mark.parametrize(
    ("unit", "of", "times"),
    [
        ("t CO2e par agent", "kgCO2e/person/year", 1000.0),
        ("kg CO2e par agent", "kgCO2e/person/year", 1.0),
        ("kg CO₂e par agent et par an", "kgCO2e/person/year", 1.0),
        ("kg eq. CO2 / habitant", "kgCO2e/person/year", 1.0),
        ("kWh/an", "kWh", None),
        ("kWh par agent", "kWh/person/year", 1.0),
        ("MWh", "kWh", 1000.0),
        ("années", "year", 1.0),
        ("ans", "year", 1.0),
        ("mois", "year", 1.0 / 12.0),
        ("tonnes", "kg", 1000.0),
        ("pour cent", "%", 1.0),
        ("équipements", "item", 1.0),
        ("équipements par agent", "item/person", 1.0),
        ("ateliers", "1", 1.0),
        ("tonnes of CO2e per person and per year", "kgCO2e/person/year", 1000.0),
        ("years", "year", 1.0),
        ("items", "item", 1.0),
    ],
)
def test_units_as_people_write_them(unit: str, of: str, times: float | None) -> None:
    """The target of 80 is compared in the unit of the indicator, or not at all."""
    given = objective(unit=unit, direction=HIGHER)
    standing = judge(given, value(1e9, unit=of), 2025)
    if times is None:
        assert [each.code for each in standing.reasons] == ["objective_in_another_unit"]
        return
    assert standing.state is State.REACHED
    assert standing.objective.target == pytest.approx(80.0 * times)
    assert standing.expected == pytest.approx(55.0 * times)
    assert standing.objective.unit == of


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_unit_that_nobody_knows_is_told_with_those_that_are(language: str) -> None:
    standing = judge(objective(unit="bananes"), value(90.0), 2025)
    assert standing.state is State.UNKNOWN
    said = standing.reasons[0].text(language)
    assert "bananes" in said
    assert "kg CO2e par agent" in said


def test_a_unit_of_a_plugin_is_its_own() -> None:
    """What the indicator says word for word needs no list."""
    assert judge(objective(unit="vélos"), value(90.0, unit="vélos"), 2025).state is State.REACHED


NUMBERS = st.floats(-1e6, 1e6)


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from([HIGHER, LOWER]), st.floats(0.0, 1.0))
def test_a_state_is_that_of_every_number_between_the_ends(
    one: float, other: float, target: float, direction: Direction, share: float
) -> None:
    """Widening a value to its ends gives the state of each number between them, or none."""
    low, high = sorted((one, other))
    inside = min(max(low + share * (high - low), low), high)
    begin = min(30.0, target) if direction is HIGHER else max(30.0, target)
    wanted = objective(target=target, direction=direction, baseline=begin)
    state = judge(wanted, value(inside, least=low, most=high), 2025).state
    if state is not State.UNKNOWN:
        assert judge(wanted, value(inside), 2025).state is state
