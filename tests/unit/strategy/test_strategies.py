"""Strategies as values: names that lead somewhere, and baselines that were measured again."""

from __future__ import annotations

import pytest

import reen
from reen.monitoring.values import Period
from reen.plugin.indicators import Direction, IndicatorValue
from reen.strategy import Action, ActionState, Objective, Saving, Scenario, State, Strategy

GOAL = Objective(
    id="O1",
    title="Half",
    indicator="footprint_per_agent",
    direction=Direction.LOWER,
    baseline_year=2020,
    baseline=40.0,
    target_year=2030,
    target=20.0,
)


def values(number: float, year: int, **more: object) -> reen.types.Indicators:
    value = IndicatorValue(
        indicator="footprint_per_agent",
        title_en="Footprint per agent",
        title_fr="Empreinte par agent",
        value=number,
        unit="kgCO2e/person/year",
        period=Period.year(year),
        **more,  # type: ignore[arg-type]
    )
    return reen.types.Indicators((value,))


def action(**changed: object) -> Action:
    fields: dict[str, object] = {
        "id": "A1",
        "title": "x",
        "owner": "DSI",
        "state": ActionState.PLANNED,
    }
    return Action(**(fields | changed))  # type: ignore[arg-type]


def test_a_baseline_measured_again_moves_the_path() -> None:
    """Printed 40: 2025 expects 30. Measured again 60: it expects 40, and 35 is on track."""
    strategy = Strategy(objectives=[GOAL])
    now = values(35.0, 2025)
    assert strategy.standings(now, 2025)[0].state is State.OFF
    again = strategy.standings(now, 2025, baseline=values(60.0, 2020))[0]
    assert (again.state, again.baseline, again.expected) == (State.ON_TRACK, 60.0, 40.0)


def test_a_baseline_of_which_something_is_unread_is_none() -> None:
    strategy = Strategy(objectives=[GOAL])
    open_ended = values(60.0, 2020, lower_bound=True)
    (standing,) = strategy.standings(values(35.0, 2025), 2025, baseline=open_ended)
    assert (standing.state, standing.objective) == (State.UNKNOWN, GOAL)
    assert standing.reasons[0].code == "objective_baseline_not_measured"


def test_a_baseline_of_another_year_says_nothing() -> None:
    strategy = Strategy(objectives=[GOAL])
    (standing,) = strategy.standings(values(30.0, 2025), 2025, baseline=values(99.0, 2019))
    assert (standing.state, standing.baseline) == (State.ON_TRACK, 40.0)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"objectives": [GOAL, GOAL]}, "an id that no other has"),
        ({"actions": [action(), action()]}, "an id that no other has"),
        ({"actions": [action(objectives=("O1",))]}, "one of none"),
        ({"actions": [action(scenario="S1")]}, "scenario='S1'"),
        ({"scenarios": [Scenario(id="S", title="x", levers=())] * 2}, "an id that no other has"),
    ],
)
def test_names_that_stand_twice_or_lead_nowhere(parts: dict[str, object], message: str) -> None:
    with pytest.raises(reen.errors.OptionError, match=message):
        Strategy(**parts)  # type: ignore[arg-type]


def test_an_objective_by_its_id() -> None:
    assert Strategy(objectives=[GOAL]).objective("O1") == GOAL
    with pytest.raises(reen.errors.UnknownNameError):
        Strategy(objectives=[GOAL]).objective("O9")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"owner": " "}, "exactly one function"),
        ({"priority": 4}, "a whole number from 1 to 3"),
        ({"anct_dimension": 8}, "a whole number from 1 to 7"),
    ],
)
def test_what_is_no_action(changed: dict[str, object], message: str) -> None:
    with pytest.raises(reen.errors.OptionError, match=message):
        action(**changed)


def test_a_saving_is_a_finite_number_or_not_known() -> None:
    assert Saving().tonnes is None
    with pytest.raises(reen.errors.OptionError, match="a finite number"):
        Saving(kwh=float("inf"))


def test_scenarios_ask_for_a_mix() -> None:
    strategy = Strategy(scenarios=[Scenario(id="S", title="x", levers=())])
    with pytest.raises(reen.errors.OptionError, match=r"a section \[mix\]"):
        strategy.outlooks(reen.Inventory.from_equipment([]), year=2025, last=2026)
