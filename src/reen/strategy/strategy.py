"""Strategies: objectives, actions and scenarios of one organisation, as one value.

Input: the parts, or a TOML file.  Output: an immutable value that says where each objective stands,
which actions are late, and what a scenario may bring.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import attrs

from reen.errors import OptionError, UnknownNameError
from reen.inventory.inventory import Inventory
from reen.monitoring.collection import Indicators
from reen.reasons import Reason
from reen.strategy.action import Action
from reen.strategy.cohorts import TypeFigures
from reen.strategy.judging import Standing, in_unit_of, judge, value_of
from reen.strategy.objective import Objective
from reen.strategy.organisation import Organisation
from reen.strategy.scenario import Outlook, Scenario, ages_of
from reen.strategy.scenario_reading import Mix
from reen.strategy.strategy_reading import read_parts

__all__ = ["Strategy"]


@attrs.frozen(kw_only=True)
class Strategy:
    """A digital strategy: objectives, actions and scenarios.

    Attributes
    ----------
    organisation
        Whose it is.
    objectives
        What was promised.
    actions
        What is done.
    scenarios
        What levers may bring.
    figures
        What an item of each type weighs on the climate, for scenarios.
    mix
        Electricity for scenarios; None when not given.
    files
        Files that all of this was read from.

    Raises
    ------
    OptionError
        Two objectives, actions or scenarios with one id, or an action that names an objective or a
        scenario that there is not.

    Examples
    --------
    >>> strategy = Strategy(organisation=Organisation(name="Valmarin"))
    >>> len(strategy.objectives)
    0
    """

    organisation: Organisation = attrs.field(factory=Organisation)
    objectives: tuple[Objective, ...] = attrs.field(default=(), converter=tuple)
    actions: tuple[Action, ...] = attrs.field(default=(), converter=tuple)
    scenarios: tuple[Scenario, ...] = attrs.field(default=(), converter=tuple)
    figures: tuple[TypeFigures, ...] = attrs.field(default=(), converter=tuple)
    mix: Mix | None = None
    files: tuple[Path, ...] = attrs.field(default=(), eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse names that are given twice, and those that refer to nothing."""
        known = _once("objectives", self.objectives)
        _once("actions", self.actions)
        runs = _once("scenarios", self.scenarios)
        for action in self.actions:
            named = [("objectives", each, known) for each in action.objectives]
            named += [("scenario", action.scenario, runs)] if action.scenario else []
            for option, name, there in named:
                if name not in there:
                    expected = Reason("error_one_of", names=", ".join(sorted(there)) or "none")
                    raise OptionError(Reason("error_action", id=action.id), option, name, expected)

    @classmethod
    def read(cls, path: str | Path) -> Strategy:
        """Return the strategy that a TOML file or a sheet holds, in French or in English.

        A TOML file may name sheets beside it: ``feuilles = ["objectifs.csv", "actions.xlsx"]``.  A
        sheet has a column for each key (CSV, xlsx, ods); a workbook may have both.

        Raises
        ------
        FileFormatError
            The file cannot be read, is no TOML, or says what no strategy can: every fault is named,
            with its line and key or its row and column, what was expected and how to mend it.
        """
        return cls(**attrs.asdict(read_parts(Path(path)), recurse=False))

    def objective(self, name: str) -> Objective:
        """Return an objective by its id.

        Raises
        ------
        UnknownNameError
            When there is none of that id.
        """
        for each in self.objectives:
            if each.id == name:
                return each
        raise UnknownNameError("objective", name, [], [each.id for each in self.objectives])

    def standings(
        self, indicators: Indicators, year: int, *, baseline: Indicators | None = None
    ) -> tuple[Standing, ...]:
        """Return where each objective stands in a year.

        Parameters
        ----------
        indicators
            Their values over the year.
        year
            The year.
        baseline
            Values of a baseline year, measured again with the method of today.  They go before
            what the file says of the objectives that count from that year; one that is not wholly
            known leaves its objective unknown.
        """
        return tuple(self._standing(each, indicators, year, baseline) for each in self.objectives)

    @staticmethod
    def _standing(
        objective: Objective, indicators: Indicators, year: int, baseline: Indicators | None
    ) -> Standing:
        value = value_of(objective, indicators)
        again = None if baseline is None else value_of(objective, baseline)
        if again is None or again.period.end.year != objective.baseline_year:
            return judge(objective, value, year)
        least, most = again.ends
        if again.value is not None and least is not None and least == most:
            return judge(objective, value, year, baseline=again.value)
        # what is printed was measured in another way: it is no baseline of the figure of today
        found = judge(attrs.evolve(objective, baseline=None), value, year)
        lacks = "incomplete_baseline" if again.missing is None else again.missing
        said = Reason(
            "objective_baseline_not_measured",
            year=objective.baseline_year,
            why=Reason(lacks) if isinstance(lacks, str) else lacks,
        )
        reasons = [
            said if each.code == "objective_without_baseline" else each for each in found.reasons
        ]
        shown = objective if value is None else in_unit_of(objective, value.unit)[0]
        return attrs.evolve(found, objective=shown, reasons=tuple(reasons))

    def outlooks(self, inventory: Inventory, *, year: int, last: int) -> tuple[Outlook, ...]:
        """Return what each scenario brings, from the year after one to another.

        Parameters
        ----------
        inventory
            The fleet at the end of `year`.
        year
            The year.
        last
            The last year to look at.

        Raises
        ------
        OptionError
            Scenarios without a mix, or as of `Scenario.outlook`.
        """
        if self.mix is None:
            expected = Reason("error_section_mix_kg_kwh_its_source")
            raise OptionError("strategy", "mix", "none", expected)
        ages = ages_of(inventory, year)
        return tuple(
            each.outlook(
                self.figures,
                ages,
                first=year + 1,
                last=last,
                mix=self.mix.by_year if self.mix.value is None else self.mix.value,
            )
            for each in self.scenarios
        )

    def late(self, day: dt.date) -> tuple[Action, ...]:
        """Return the actions that should be over on a day and are not, or have such a step."""
        return tuple(each for each in self.actions if each.is_late(day))


def _once(what: str, parts: Iterable[Objective | Action | Scenario]) -> set[str]:
    known: set[str] = set()
    for part in parts:
        if part.id in known:
            raise OptionError("strategy", what, part.id, Reason("error_an_id_no_other_has"))
        known.add(part.id)
    return known
