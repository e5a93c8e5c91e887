"""Actions: what a city does to keep its promises, by whom, when, and to what effect.

Input: what a strategy says.  Output: immutable values.  Functions answer for them, never persons.
"""

from __future__ import annotations

import datetime as dt
import enum
import math

import attrs

from reen.errors import OptionError
from reen.reasons import Reason

__all__ = ["Action", "ActionState", "Saving", "Step"]


class ActionState(enum.StrEnum):
    """How far an action is."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"


@attrs.frozen(kw_only=True)
class Saving:
    """What an action saves, or was found to save, in a year; None is not known, never nought.

    Attributes
    ----------
    tonnes
        Climate change avoided, tCO2e.
    kwh
        Electricity saved, kWh.
    euros
        Money saved, EUR without tax.
    method
        How it was worked out, with its assumptions.
    evidence
        Where it can be checked: a file, a meter, a report.
    """

    tonnes: float | None = None
    kwh: float | None = None
    euros: float | None = None
    method: str = ""
    evidence: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse numbers that are not finite."""
        for name in ("tonnes", "kwh", "euros"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise OptionError("saving", name, str(number), Reason("error_finite_number_none"))


@attrs.frozen(kw_only=True)
class Step:
    """One step of an action.

    Attributes
    ----------
    what
        What is to be done.
    who
        Who does it: a function.
    due
        By when; None when nobody said.
    done
        Whether it is done.
    """

    what: str
    who: str = ""
    due: dt.date | None = None
    done: bool = False


@attrs.frozen(kw_only=True)
class Action:
    """A measure of a strategy.

    Attributes
    ----------
    id, title
        Short name, and what it is.
    axis
        Axis of the strategy, 1 to 6; 0 for all of them.
    owner
        Who answers for it: exactly one function.
    state
        How far it is.
    start, end
        First and last day; None when not given.
    objectives
        Objectives that it serves, by id.
    lever
        What it acts on, in words.
    anct_dimension
        Dimension of the grid of maturity of the ANCT, 1 to 7; 0 for none.
    priority, difficulty
        1 to 3; 0 when not given.
    resources, complexity
        1 to 5; 0 when not given.
    perimeter
        ``dsi``, ``general``, ``all`` or ``territory``; empty when not given.
    sponsor, pilot, contributors
        Who backs it, runs it and takes part: functions or bodies.
    prerequisites
        What must be there first.
    results
        What is expected of it, in words.
    euros, person_days
        Its cost; None when not given.
    scenario
        Scenario that links it to a figure, by id; empty for none.
    expected, measured
        What it should save in a year, and what it was found to save.
    steps
        Its steps.

    Raises
    ------
    OptionError
        No owner, an end before its start, or a number out of its scale.

    Examples
    --------
    >>> action = reen.Strategy.read("examples/ville/strategie.toml").actions[0]
    >>> print(action.title, "|", action.owner)
    Marché d'ordinateurs reconditionnés | Direction de la commande publique
    """

    id: str
    title: str
    axis: int = 0
    owner: str
    state: ActionState
    start: dt.date | None = None
    end: dt.date | None = None
    objectives: tuple[str, ...] = ()
    lever: str = ""
    anct_dimension: int = 0
    priority: int = 0
    difficulty: int = 0
    resources: int = 0
    complexity: int = 0
    perimeter: str = ""
    sponsor: str = ""
    pilot: str = ""
    contributors: tuple[str, ...] = ()
    prerequisites: str = ""
    results: str = ""
    euros: float | None = None
    person_days: float | None = None
    scenario: str = ""
    expected: Saving | None = None
    measured: Saving | None = None
    steps: tuple[Step, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse what is no action."""
        who = f"action {self.id}"
        if not self.owner.strip():
            raise OptionError(
                who, "owner", repr(self.owner), Reason("error_exactly_one_function_answers")
            )
        if self.start is not None and self.end is not None and self.end < self.start:
            raise OptionError(
                who, "end", str(self.end), Reason("error_day_from_on", start=str(self.start))
            )
        scales = {
            "anct_dimension": 7,
            "priority": 3,
            "difficulty": 3,
            "resources": 5,
            "complexity": 5,
        }
        for name, most in scales.items():
            if not 0 <= getattr(self, name) <= most:
                raise OptionError(
                    who,
                    name,
                    str(getattr(self, name)),
                    Reason("error_whole_number_from_1", most=most),
                )

    def is_late(self, day: dt.date) -> bool:
        """Tell whether it should be over on a day and is not, or a step of it should."""
        if self.state in (ActionState.DONE, ActionState.DROPPED):
            return False
        dues = [step.due for step in self.steps if not step.done and step.due is not None]
        ends = [*dues, *([] if self.end is None else [self.end])]
        return any(each < day for each in ends)
