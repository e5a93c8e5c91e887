"""Judging: whether an objective is on track in a year, and why.

Input: an objective and the value of its indicator.  Output: a state that holds at both ends between
which the true value lies, else ``unknown``; with its reasons, as codes.  Reads no file.
"""

from __future__ import annotations

import enum
import math

import attrs

from reen.monitoring.collection import Indicators
from reen.monitoring.values import IndicatorValue
from reen.reasons import Reason, rounded_apart
from reen.strategy.objective import Objective
from reen.strategy.unit_words import EXAMPLES, factor_to, unit_of_words

__all__ = [
    "LEAST_COMPLETENESS",
    "TOLERANCE",
    "Standing",
    "State",
    "in_unit_of",
    "judge",
    "value_of",
]

#: Share of what should be counted below which no state is given.
LEAST_COMPLETENESS = 0.8

#: How far from the value on the path an objective is behind, rather than off: 10 % of that value.
TOLERANCE = 0.1


class State(enum.StrEnum):
    """The progress on an objective."""

    #: The target itself is met.
    REACHED = "reached"
    #: At the value of the path for the year, or better.
    ON_TRACK = "on_track"
    #: Worse than the path by a tenth of its value at most.
    BEHIND = "behind"
    #: Worse than that.
    OFF = "off"
    #: What is known does not say.
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class Standing:
    """The progress on an objective in a year.

    Attributes
    ----------
    objective
        The objective.
    year
        The year.
    state
        Where it stands.
    reasons
        Why, as codes with sentences.
    value
        The value of its indicator; None where there is none of that name and scope.
    baseline
        Value of the baseline year that was used; None when it is not known.
    expected
        Value of the path; None without a baseline.
    """

    objective: Objective
    year: int
    state: State
    reasons: tuple[Reason, ...]
    value: IndicatorValue | None = None
    baseline: float | None = None
    expected: float | None = None

    @property
    def found(self) -> float | None:
        """Return the number of the indicator, None where there is none."""
        return None if self.value is None else self.value.value

    @property
    def distance(self) -> float | None:
        """Return how much better than the path the value is, below zero where it is worse."""
        if self.found is None or self.expected is None:
            return None
        return self.objective.sign * (self.found - self.expected)


def value_of(objective: Objective, indicators: Indicators) -> IndicatorValue | None:
    """Return the value that an objective is followed by, None where there is none."""
    for value in indicators:
        if (value.indicator, value.subject) == (objective.indicator, objective.scope):
            return value
    return None


def judge(
    objective: Objective,
    value: IndicatorValue | None,
    year: int,
    *,
    baseline: float | None = None,
) -> Standing:
    """Return the progress on an objective.

    A state holds only if both ends of the value give it.  It is ``unknown`` where the indicator was
    not computed, less than 80 % of what should be counted is known, or nobody knows the baseline.

    Parameters
    ----------
    objective
        The objective.
    value
        The value of its indicator over the year.
    year
        The year.
    baseline
        Value of the baseline year, over that of the objective.
    """
    other_unit: tuple[Reason, ...] = ()
    if value is not None:
        objective, other_unit = in_unit_of(objective, value.unit)
    begin = objective.baseline if baseline is None else baseline
    expected = objective.expected(year, begin)
    reasons = (*other_unit, *_lacks(objective, value, begin, year))
    if not reasons and value is not None and expected is not None:
        state, reasons = _between(objective, value, expected)
    else:
        state = State.UNKNOWN
    return Standing(
        objective=objective,
        year=year,
        state=state,
        reasons=reasons,
        value=value,
        baseline=begin,
        expected=expected,
    )


def in_unit_of(objective: Objective, unit: str) -> tuple[Objective, tuple[Reason, ...]]:
    """Return an objective with its numbers in a unit; as it is and why, where it cannot be."""
    if objective.unit in ("", unit):
        return objective, ()
    own = unit_of_words(objective.unit)
    factor = None if own is None else factor_to(own, unit)
    if factor is None:
        code = "objective_unit_not_known" if own is None else "objective_in_another_unit"
        said = {"examples": EXAMPLES} if own is None else {}
        return objective, (Reason(code, unit=objective.unit, found=unit, **said),)
    begin = objective.baseline
    return attrs.evolve(
        objective,
        unit=unit,
        baseline=None if begin is None else begin * factor,
        target=objective.target * factor,
        steps={year: value * factor for year, value in objective.steps},
    ), ()


def _lacks(
    objective: Objective, value: IndicatorValue | None, baseline: float | None, year: int
) -> tuple[Reason, ...]:
    """Return why there can be no state."""
    found = []
    if value is None:
        said = {"indicator": objective.indicator, "scope": objective.scope or "-"}
        found.append(Reason("objective_without_value", **said))
    elif value.missing is not None:
        found.append(Reason("objective_not_computed", why=value.missing))
    else:
        if value.period.end.year != year:
            found.append(Reason("objective_of_another_year", period=str(value.period), year=year))
        counted = value.completeness
        share = None if counted is None else counted.share
        if counted is not None and (share is None or share < LEAST_COMPLETENESS):
            limit = 100.0 * LEAST_COMPLETENESS
            known, _ = rounded_apart(100.0 * (share or 0.0), limit, unit="%")
            found.append(Reason("objective_too_incomplete", known=known, least=limit))
    if baseline is None:
        found.append(Reason("objective_without_baseline", year=objective.baseline_year))
    return tuple(found)


def _between(
    objective: Objective, value: IndicatorValue, expected: float
) -> tuple[State, tuple[Reason, ...]]:
    least, most = value.ends
    low = -math.inf if least is None else least
    high = math.inf if most is None else most
    states = [_at(objective, number, expected) for number in (low, high)]
    if states[0] is not states[1]:
        words = [Reason(f"state_{state}") for state in states]
        if math.isfinite(low) and math.isfinite(high):
            both = (low, high, objective.target, expected)
            low, high, *_ = rounded_apart(*both, unit=value.unit)
            said = Reason(
                "objective_between_states",
                low=low,
                high=high,
                unit=value.unit,
                one=words[0],
                other=words[1],
            )
            return State.UNKNOWN, (said,)
        return State.UNKNOWN, (Reason("objective_open_ended"),)
    state = states[0]
    return state, (Reason(f"objective_{state}", **_compared(objective, value, expected, state)),)


def _compared(
    objective: Objective, value: IndicatorValue, expected: float, state: State
) -> dict[str, float | str]:
    other = objective.target if state is State.REACHED else expected
    found = value.value or 0.0
    found, other = rounded_apart(found, other, unit=value.unit)
    return {"found": found, "expected": other, "unit": value.unit}


def _at(objective: Objective, number: float, expected: float) -> State:
    """Return the state at a number."""
    sign = objective.sign
    if sign * (number - objective.target) >= 0.0:
        return State.REACHED
    if sign * (number - expected) >= 0.0:
        return State.ON_TRACK
    return State.BEHIND if sign * (expected - number) <= TOLERANCE * abs(expected) else State.OFF
