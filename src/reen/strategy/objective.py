"""Objectives: a promised value of an indicator by a year, and the way there.

Input: what a strategy says.  Output: the value expected in each year.  Judges nothing (`judging`)
and reads no file.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping

import attrs

from reen.errors import OptionError
from reen.monitoring.values import Direction
from reen.reasons import Reason

__all__ = ["Objective", "PathShape"]


class PathShape(enum.StrEnum):
    """How the way from the baseline to the target is laid out."""

    #: The same change every year.
    LINEAR = "linear"
    #: The values of `Objective.steps`, each from its year on.
    STEPS = "steps"


def _sorted(steps: Mapping[int, float]) -> tuple[tuple[int, float], ...]:
    return tuple(sorted(dict(steps).items()))


@attrs.frozen(kw_only=True)
class Objective:
    """A target: the value of an indicator that an organisation promised for a year.

    Attributes
    ----------
    id
        Short name, such as ``O3``.
    title
        What was promised, in words.
    indicator
        Name of the indicator that follows it.
    scope
        Subject of the indicator: an equipment type, an entity...; empty for the whole.
    axis
        Axis of the strategy, 1 to 6; 0 for all of them.
    direction
        Which way the figure should go.
    baseline_year, baseline
        Year from which it is counted, and the value of that year; None when nobody measured it.
    target_year, target
        Year and value promised.
    unit
        Unit of both values, that of the indicator.
    path
        How the way there is laid out.
    steps
        Values by year, from each year on, of a path in steps.
    source
        Law, deliberation or plan that sets it.
    owner
        Who answers for it: a function, never a name.

    Raises
    ------
    OptionError
        A target that is not after its baseline, numbers that are not finite, no direction, or
        steps where the path is linear.

    Examples
    --------
    >>> from reen.monitoring.values import Direction
    >>> objective = Objective(
    ...     id="O1",
    ...     title="Half as much by 2030",
    ...     indicator="footprint_per_agent",
    ...     direction=Direction.LOWER,
    ...     baseline_year=2020,
    ...     baseline=40.0,
    ...     target_year=2030,
    ...     target=20.0,
    ... )
    >>> objective.expected(2025)
    30.0
    """

    id: str
    title: str
    indicator: str
    scope: str = ""
    axis: int = 0
    direction: Direction
    baseline_year: int
    baseline: float | None = None
    target_year: int
    target: float
    unit: str = ""
    path: PathShape = PathShape.LINEAR
    steps: tuple[tuple[int, float], ...] = attrs.field(default=(), converter=_sorted)
    source: str = ""
    owner: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what is no objective."""
        numbers = [self.target, *(value for _, value in self.steps)]
        numbers += [] if self.baseline is None else [self.baseline]
        faults = {
            "target_year": (self.target_year <= self.baseline_year, Reason("error_objective_1")),
            "direction": (self.direction is Direction.NONE, Reason("error_objective_2")),
            "target": (not all(map(math.isfinite, numbers)), Reason("error_objective_3")),
            "steps": (
                (self.path is PathShape.STEPS) != bool(self.steps),
                Reason("error_objective_4"),
            ),
        }
        for option, (wrong, expected) in faults.items():
            if wrong:
                raise OptionError(
                    Reason("error_objective", id=self.id),
                    option,
                    f"{getattr(self, option)}",
                    expected,
                )
        begin = self.baseline
        if begin is not None and self.sign * (self.target - begin) < 0.0:
            other = Reason(
                "error_than_baseline_other_direction", direction=self.direction, begin=begin
            )
            raise OptionError(
                Reason("error_objective", id=self.id), "target", f"{self.target:g}", other
            )
        years = [year for year, _ in self.steps]
        if years and (years[-1] > self.target_year or years[0] < self.baseline_year):
            within = Reason(
                "error_years_from", baseline_year=self.baseline_year, target_year=self.target_year
            )
            raise OptionError(Reason("error_objective", id=self.id), "steps", str(years), within)

    @property
    def sign(self) -> float:
        """Return 1 where more is better, -1 where less is."""
        return 1.0 if self.direction is Direction.HIGHER else -1.0

    def expected(self, year: int, baseline: float | None = None) -> float | None:
        """Return the value that the path has in a year, None without a baseline.

        ``b + (t - b) (y - y0) / (y1 - y0)`` of a linear path, between its two years; the baseline
        before them, the target from the target year on.

        Parameters
        ----------
        year
            The year.
        baseline
            Value of the baseline year, over that of the objective: one that was measured again.
        """
        begin = self.baseline if baseline is None else baseline
        if begin is None:
            return None
        if year >= self.target_year:
            return self.target
        if year <= self.baseline_year and self.path is PathShape.LINEAR:
            return begin
        if self.path is PathShape.STEPS:
            return dict([(self.baseline_year, begin), *self._until(year)])[self._last(year)]
        done = (year - self.baseline_year) / (self.target_year - self.baseline_year)
        return begin + (self.target - begin) * done

    def _until(self, year: int) -> list[tuple[int, float]]:
        return [(each, value) for each, value in self.steps if each <= year]

    def _last(self, year: int) -> int:
        return max((each for each, _ in self._until(year)), default=self.baseline_year)
