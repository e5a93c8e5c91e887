"""Simulation: a fleet of one type carried forward, with or without levers.

Input: items by age, figures of the type, an electricity mix by year, levers.  Output: one `Year`
for each year.  The same fleet without a lever is what a scenario is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from reen.strategy.cohorts import Cohort, TypeFigures, Year, stock_of, without_oldest
from reen.strategy.levers import (
    Drop,
    KeepLonger,
    Lever,
    MoveToCloud,
    Pool,
    Refurbish,
    Replace,
    Sleep,
    Virtualise,
)

__all__ = ["carried_forward"]


def carried_forward(
    figures: TypeFigures,
    stock: Mapping[int, float],
    years: Sequence[int],
    mix: Mapping[int, float],
    levers: Iterable[Lever] = (),
) -> list[Year]:
    """Return what becomes of a type year by year.

    The stock is kept: what leaves at the end of its life is bought again, unless a lever says
    otherwise.

    Parameters
    ----------
    figures
        Those of the type.
    stock
        Items by age in whole years, at the end of the year before the first.
    years
        The years, in order.
    mix
        Electricity of each year, kgCO2e/kWh.
    levers
        Those of the type.
    """
    fleet = _Fleet(figures, stock)
    mine = [each for each in levers if each.equipment_type == figures.equipment_type]
    return [fleet.year(year, mix[year], mine) for year in years]


class _Fleet:
    """The cohorts of a type, and what is bought now.

    Holds what changes from one year to the next; `year` moves it on.
    """

    def __init__(self, figures: TypeFigures, stock: Mapping[int, float]) -> None:
        self.figures = figures
        name = figures.equipment_type
        self.new = Cohort(0, 0.0, figures.embedded, figures.life, figures.kwh, f"embedded:{name}")
        self.price = figures.price
        self.refurbish: Refurbish | None = None
        self.cohorts = [
            attrs.evolve(self.new, age=age, items=float(items))
            for age, items in stock.items()
            if items > 0.0
        ]
        self.wanted = stock_of(self.cohorts)
        self.saved_kwh = 0.0  # of each item
        self.added_kwh = 0.0  # of all
        self.hosting = 0.0

    def year(self, year: int, mix: float, levers: Sequence[Lever]) -> Year:
        begun = stock_of(self.cohorts)
        for lever in levers:
            if lever.from_year == year:
                self._apply(lever)
        cohorts = [each.older(self.figures.shape) for each in self.cohorts]
        cohorts = [each for each in cohorts if each.items > 0.0]
        extra = max(0.0, stock_of(cohorts) - self.wanted)
        cohorts = without_oldest(cohorts, extra)
        bought = max(0.0, self.wanted - stock_of(cohorts))
        left = begun + bought - self.wanted
        lots = self._lots(bought)
        self.cohorts = [*cohorts, *(cohort for cohort, _ in lots)]
        return self._told(year, mix, lots, left)

    def _apply(self, lever: Lever) -> None:
        """Change what the lever changes, from this year on."""
        if isinstance(lever, KeepLonger):
            self.new = attrs.evolve(self.new, life=self.new.life + lever.years)
            self.cohorts = [
                attrs.evolve(each, life=each.life + lever.years) for each in self.cohorts
            ]
        elif isinstance(lever, Refurbish):
            self.refurbish = lever
        elif isinstance(lever, Pool):
            self.wanted = lever.items_per_agent * lever.agents
        elif isinstance(lever, (Drop, Virtualise, MoveToCloud)):
            self.wanted = max(0.0, self.wanted - lever.items)
            self.added_kwh += lever.added_kwh if isinstance(lever, Virtualise) else 0.0
            self.hosting += lever.hosting if isinstance(lever, MoveToCloud) else 0.0
        elif isinstance(lever, Sleep):
            self.saved_kwh += lever.saved_share * lever.measured_kwh
        else:
            self._replace(lever)

    def _replace(self, lever: Replace) -> None:
        key = f"replacement:{lever.equipment_type}"
        self.new = Cohort(0, 0.0, lever.embedded, lever.life, lever.kwh, key)
        self.price = lever.price
        self.cohorts = []

    def _lots(self, bought: float) -> list[tuple[Cohort, float | None]]:
        """Return what is bought, new and refurbished, with its price."""
        second = self.refurbish
        share = 0.0 if second is None else second.share
        lots = [(attrs.evolve(self.new, items=bought * (1.0 - share)), self.price)]
        if second is not None:
            cohort = attrs.evolve(
                self.new,
                items=bought * share,
                embedded=second.embedded,
                life=second.life or self.new.life,
                key=f"refurbished:{second.equipment_type}",
            )
            lots.append((cohort, second.price))
        return [(cohort, price) for cohort, price in lots if cohort.items > 0.0]

    def _told(
        self, year: int, mix: float, lots: list[tuple[Cohort, float | None]], left: float
    ) -> Year:
        parts: dict[str, tuple[float, float]] = {}

        def add(key: str, annualised: float, purchased: float) -> None:
            mine = parts.get(key, (0.0, 0.0))
            parts[key] = mine[0] + annualised, mine[1] + purchased

        for each in self.cohorts:
            add(each.key, each.items * each.embedded / each.life, 0.0)
        for cohort, _ in lots:
            add(cohort.key, 0.0, cohort.items * cohort.embedded)
        annualised, purchased = (sum(both[k] for both in parts.values()) for k in range(2))
        own = sum(each.items * max(0.0, each.kwh - self.saved_kwh) for each in self.cohorts)
        kwh = own + self.added_kwh
        if kwh:
            add(f"use:{self.figures.equipment_type}", kwh * mix, kwh * mix)
        if self.hosting:
            add(f"hosting:{self.figures.equipment_type}", self.hosting, self.hosting)
        prices = [None if price is None else cohort.items * price for cohort, price in lots]
        weight = self.figures.weight
        return Year(
            year=year,
            stock=stock_of(self.cohorts),
            bought=stock_of(cohort for cohort, _ in lots),
            refurbished=stock_of(c for c, _ in lots if c.key.startswith("refurbished")),
            left=left,
            annualised=annualised,
            purchased=purchased,
            use=kwh * mix + self.hosting,
            kwh=kwh,
            euros=None if None in prices else sum(filter(None, prices)),
            waste=0.0 if not left else None if weight is None else left * weight,
            parts=parts,
        )
