"""Scenarios: levers on a fleet, against the same fleet without them.

Input: a fleet by age, figures with their sources, levers.  Output: both, year by year and
cumulated, the chance that the scenario is better (the same draws for both), and warnings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np

from reen.errors import OptionError
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT
from reen.plugins.method import StatusRule
from reen.reasons import Reason
from reen.strategy.cohorts import TypeFigures, Year
from reen.strategy.levers import Lever, MoveToCloud, Replace, Virtualise
from reen.strategy.simulation import carried_forward

__all__ = ["Ages", "Outlook", "Scenario", "ages_of", "payback_years"]

#: What has no type.
UNTYPED = "unknown"

#: Differences of a saving, kgCO2e, kWh or EUR an item, that are rounding.
_ROUNDING = 1e-9

#: How many times the figures are drawn.
DRAWS = 2_000


#: A figure of a year.
_OfYear: TypeAlias = Callable[[Year], "float | None"]

#: What a scenario saves, by name.
_SAVINGS: Mapping[str, _OfYear] = {
    "annualised": lambda year: year.total(purchase_time=False),
    "purchased": lambda year: year.total(purchase_time=True),
    "kwh": lambda year: year.kwh,
    "euros": lambda year: year.euros,
}


def payback_years(embedded: float, before: float, after: float, mix: float) -> float:
    """Return after how many years what it takes to make an item is saved by its electricity.

    ``F / ((E_old - E_new) M)``; infinite where it saves none.

    Parameters
    ----------
    embedded
        Embedded footprint of the new item, kgCO2e.
    before, after
        Electricity of the old and the new item, kWh per year.
    mix
        kgCO2e/kWh.

    Examples
    --------
    >>> round(payback_years(203.0, 150.0, 50.0, 0.0461))
    44
    """
    saved = (before - after) * mix
    return embedded / saved if saved > 0.0 else math.inf


@attrs.frozen(kw_only=True)
class Ages:
    """A fleet by age at the end of a year.

    Attributes
    ----------
    placed
        Items by type and age in whole years.
    undated
        Items by type that have no place in a cohort: of unknown purchase date, or bought after the
        year.
    uncounted
        Rows by type whose number of items nobody knows.

    What has no type stands under ``unknown`` in the last two: it may be of any.
    """

    placed: Mapping[str, Mapping[int, float]] = attrs.field(factory=dict)
    undated: Mapping[str, float] = attrs.field(factory=dict)
    uncounted: Mapping[str, int] = attrs.field(factory=dict)


def ages_of(inventory: Inventory, year: int) -> Ages:
    """Return the items of each type by age at the end of a year, and what has no place there.

    What is retired or lost is not counted.
    """
    placed: dict[str, dict[int, float]] = {}
    undated: dict[str, float] = {}
    uncounted: dict[str, int] = {}
    batch = inventory.batch(EQUIPMENT)
    gone = StatusRule().excluded
    types, names = batch.codes("equipment_type")
    statuses, words = batch.codes("status")
    items, days = batch.values("quantity", "item"), batch.dates("purchase_date")
    for k in range(len(batch)):
        if statuses[k] >= 0 and words[statuses[k]] in gone:
            continue
        name = names[types[k]] if types[k] >= 0 else UNTYPED
        count = float(items[k])
        if math.isnan(count):
            uncounted[name] = uncounted.get(name, 0) + 1
            continue
        age = -1 if np.isnat(days[k]) else year - days[k].astype(object).year
        if age < 0 or name == UNTYPED:
            undated[name] = undated.get(name, 0.0) + count
            continue
        ages = placed.setdefault(name, {})
        ages[age] = ages.get(age, 0.0) + count
    return Ages(placed=placed, undated=undated, uncounted=uncounted)


@attrs.frozen(kw_only=True)
class Scenario:
    """A scenario: levers that act together, under one name.

    Attributes
    ----------
    id, title
        Short name, and what it is.
    levers
        In the order in which they act within a year.

    Examples
    --------
    >>> scenario = reen.Strategy.read("examples/ville/strategie.toml").scenarios[0]
    >>> print(scenario.title, "|", len(scenario.levers))
    Portables gardés deux ans de plus, la moitié des achats en reconditionné | 2
    """

    id: str
    title: str
    levers: tuple[Lever, ...]

    def outlook(
        self,
        figures: Iterable[TypeFigures],
        ages: Ages,
        *,
        first: int,
        last: int,
        mix: float | Mapping[int, float],
        mix_after: Mapping[int, float] | None = None,
    ) -> Outlook:
        """Carry the types that the levers act on forward, without and with them.

        Parameters
        ----------
        figures
            Figures of each type.
        ages
            The fleet at the end of the year before the first; see `ages_of`.
        first, last
            Years.
        mix
            kgCO2e/kWh, for all years or by year.
        mix_after
            The mix of the scenario, where it is another.

        Raises
        ------
        OptionError
            A type without figures or without items, a year without a mix, or a lever of a year that
            is not among them.
        """
        years = range(first, last + 1)
        known = {each.equipment_type: each for each in figures}
        types = list(dict.fromkeys(each.equipment_type for each in self.levers))
        types = types or [name for name in known if name in ages.placed]
        self._check(types, known, ages.placed, years)
        mixes = [_by_year(self.id, each, years) for each in (mix, mix_after or mix)]

        def run(name: str, stock: Mapping[int, float]) -> tuple[list[Year], list[Year]]:
            before, after = (
                carried_forward(known[name], stock, years, each, levers)
                for each, levers in zip(mixes, ((), self.levers), strict=True)
            )
            return before, after

        runs = {name: run(name, ages.placed[name]) for name in types}
        apart = [
            name
            for name in types
            if any(
                each.get(part)
                for each in (ages.undated, ages.uncounted)
                for part in (name, UNTYPED)
            )
        ]
        more = [
            (
                runs[name],
                run(name, {**ages.placed[name], age: ages.placed[name].get(age, 0.0) + 1.0}),
            )
            for name in apart
            for age in range(math.ceil(known[name].life) + 1)
        ]
        return Outlook(
            scenario=self,
            before=tuple(_added(before for before, _ in runs.values())),
            after=tuple(_added(after for _, after in runs.values())),
            spreads={name: known[name].spread for name in types},
            remarks=tuple(self._remarks(known, mixes[1], types, ages)),
            marks={name: _mark(more, of) for name, of in _SAVINGS.items()},
        )

    def _check(
        self,
        types: Sequence[str],
        known: Mapping[str, TypeFigures],
        stock: Mapping[str, Mapping[int, float]],
        years: range,
    ) -> None:
        who = f"scenario {self.id}"
        for name in types:
            if name not in known:
                raise OptionError(
                    who, "equipment_type", name, Reason("error_type_figures_their_source")
                )
            if not stock.get(name):
                raise OptionError(who, "equipment_type", name, Reason("error_type_items_known_age"))
        for lever in self.levers:
            if lever.from_year not in years:
                expected = Reason("error_year_from", years=years[0], years_2=years[-1])
                raise OptionError(who, "from_year", str(lever.from_year), expected)

    def _remarks(
        self,
        known: Mapping[str, TypeFigures],
        mix: Mapping[int, float],
        types: Sequence[str],
        ages: Ages,
    ) -> Iterable[Reason]:
        for lever in self.levers:
            if isinstance(lever, Replace):
                old = known[lever.equipment_type].kwh
                years = payback_years(lever.embedded, old, lever.kwh, mix[lever.from_year])
                if math.isinf(years):
                    yield Reason("scenario_never_pays_back")
                elif years > lever.life:
                    said = {"years": float(f"{years:.3g}"), "life": lever.life}
                    yield Reason("scenario_pays_back_late", **said)
            if isinstance(lever, (MoveToCloud, Virtualise)):
                yield Reason("scenario_rebound")
        for name in (*types, UNTYPED):
            if ages.undated.get(name):
                code = "untyped" if name == UNTYPED else "undated"
                yield Reason(f"scenario_without_{code}", type=name, count=ages.undated[name])
            if ages.uncounted.get(name):
                yield Reason("scenario_without_uncounted", type=name, count=ages.uncounted[name])


def _by_year(who: str, mix: float | Mapping[int, float], years: range) -> Mapping[int, float]:
    if isinstance(mix, Mapping):
        for year in years:
            if year not in mix:
                raise OptionError(
                    Reason("error_scenario", who=who),
                    "mix",
                    str(year),
                    Reason("error_mix_every_year"),
                )
        return mix
    return dict.fromkeys(years, mix)


def _added(runs: Iterable[Sequence[Year]]) -> list[Year]:
    """Return the years of all types together."""
    found: list[Year] = []
    for run in runs:
        found = [a + b for a, b in zip(found, run, strict=True)] if found else list(run)
    return found


def _saved(runs: tuple[Sequence[Year], Sequence[Year]], of: _OfYear) -> float:
    before, after = (sum(of(year) or 0.0 for year in run) for run in runs)
    return before - after


def _mark(
    more: Sequence[
        tuple[tuple[Sequence[Year], Sequence[Year]], tuple[Sequence[Year], Sequence[Year]]]
    ],
    of: _OfYear,
) -> str:
    """Return what one more item, of any age, of what is left out would do to a saving.

    ``>=`` where it can only grow, ``<=`` where it can only shrink, ``~`` where it may do either;
    empty where it would do nothing, or nothing is left out.
    """
    steps = [_saved(grown, of) - _saved(runs, of) for runs, grown in more]
    if all(abs(step) <= _ROUNDING for step in steps):
        return ""
    if all(step >= -_ROUNDING for step in steps):
        return ">="
    return "<=" if all(step <= _ROUNDING for step in steps) else "~"


@attrs.frozen(kw_only=True)
class Outlook:
    """A fleet without and with the levers of a scenario.

    Attributes
    ----------
    scenario
        The scenario.
    before, after
        One `Year` each year, without and with the levers; of the types that they act on.
    spreads
        Relative standard deviation by type.
    remarks
        Warnings: a late payback, a rebound, what is of unknown age or number.
    marks
        What the savings are where something of the fleet is left out, by name (``annualised``,
        ``purchased``, ``kwh``, ``euros``): ``>=`` at least, ``<=`` at most, ``~`` neither; empty
        where the figure is exact.
    """

    scenario: Scenario
    before: tuple[Year, ...]
    after: tuple[Year, ...]
    spreads: Mapping[str, float]
    remarks: tuple[Reason, ...] = ()
    marks: Mapping[str, str] = attrs.field(factory=dict)

    def saved(self, *, purchase_time: bool = False) -> float:
        """Return the footprint saved over all years, kgCO2e; below zero where it grows."""
        return _sum(self.before, lambda y: y.total(purchase_time=purchase_time)) - _sum(
            self.after, lambda y: y.total(purchase_time=purchase_time)
        )

    @property
    def saved_kwh(self) -> float:
        """Return the electricity saved over all years, kWh."""
        return _sum(self.before, lambda y: y.kwh) - _sum(self.after, lambda y: y.kwh)

    @property
    def saved_euros(self) -> float | None:
        """Return the spending on purchases saved, EUR; None where a price is not known."""
        spent = [each.euros for each in (*self.before, *self.after)]
        if None in spent:
            return None
        half = len(self.before)
        return sum(filter(None, spent[:half])) - sum(filter(None, spent[half:]))

    def probability_better(
        self, *, purchase_time: bool = False, draws: int = DRAWS, seed: int = 0
    ) -> float | None:
        """Return the chance that the scenario has the smaller footprint over all years.

        Each figure is drawn once for both sides, so that what they share cannot tell them apart.
        None where no figure has a spread.

        Parameters
        ----------
        purchase_time
            Whether embedded footprints stand whole in the year of purchase.
        draws, seed
            How many draws, and where they begin.
        """
        if not any(self.spreads.values()):
            return None
        random = np.random.default_rng(seed)
        keys = sorted({key for year in (*self.before, *self.after) for key in year.parts})
        saved = np.zeros(draws)
        for key in keys:
            spread = self.spreads.get(key.partition(":")[2], 0.0)
            sigma = math.sqrt(math.log1p(spread**2))
            factor = np.exp(random.normal(-(sigma**2) / 2.0, sigma, draws))
            saved += factor * (
                _part(self.before, key, purchase_time=purchase_time)
                - _part(self.after, key, purchase_time=purchase_time)
            )
        return float((saved > 0.0).mean())


def _sum(years: Iterable[Year], of: Callable[[Year], float]) -> float:
    return sum(map(of, years))


def _part(years: Iterable[Year], key: str, *, purchase_time: bool) -> float:
    return sum(year.parts.get(key, (0.0, 0.0))[int(purchase_time)] for year in years)
