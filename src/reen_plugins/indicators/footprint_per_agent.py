"""Footprint per agent: the yearly footprint divided by the number of agents.

    footprint per agent = climate change of a year / agents

The agents are those of the last count on or before the end of the period: a count of the whole
organisation, else the sum of the last counts of its entities.  With a footprint grouped by
``entity``, each entity that has a count of its own has a value.  Asked for in the State guidance
on responsible digital strategies through the self-evaluation sheet of INR and Les Interconnectés
(kg CO2e per staff member).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import ClassVar

import attrs
import numpy as np

from reen import Footprint
from reen.plugin import Reason
from reen.plugin.indicators import Completeness, Direction, IndicatorContext, IndicatorValue, Target
from reen_plugins.indicators.kind_tallies import kind_tallies, least_covered
from reen_plugins.indicators.people import of_year
from reen_plugins.indicators.tallies import holds_unread_status

__all__ = [
    "CRITERION",
    "FootprintPerAgent",
    "FootprintPerInhabitant",
    "impact_of_groups",
    "is_bound",
]

#: What the figures are about.
CRITERION = "climate_change"


@attrs.frozen
class FootprintPerAgent:
    """Climate change of the fleet over a year, per agent.

    Attributes
    ----------
    targets
        Levels of your own strategy; the law sets none.
    """

    targets: tuple[Target, ...] = ()

    name: ClassVar[str] = "footprint_per_agent"
    title_en: ClassVar[str] = "Footprint per agent"
    title_fr: ClassVar[str] = "Empreinte par agent"
    unit: ClassVar[str] = "kgCO2e/person/year"
    formula: ClassVar[str] = (
        "yearly climate change of the footprint / agents of the last count on or before the end of"
        " the period"
    )
    denominator: ClassVar[str] = "agents"
    source: ClassVar[str] = (
        "self-evaluation sheet of INR and Les Interconnectés (kg CO2e per staff member)"
    )
    axis: ClassVar[int] = 2
    direction: ClassVar[Direction] = Direction.LOWER
    needs: ClassVar[tuple[str, ...]] = ("footprint", "headcount")
    people: ClassVar[str] = "agents"

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return the value of the whole, then of each entity of the footprint."""
        footprint, headcount = context.footprint, context.headcount
        if footprint is None or headcount is None:
            return
        if CRITERION not in footprint.criteria:
            yield context.left_out(
                self,
                Reason("no_criterion", criterion=CRITERION, known=", ".join(footprint.criteria)),
            )
            return
        counts = headcount.latest(context.period.end, self.people)
        by_entity = footprint.by("entity") if "entity" in footprint.grouped_by else None
        entities = [] if by_entity is None else by_entity.groups["entity"].to_pylist()
        odd = headcount.said_of(context.period.end, self.people)
        yield self._whole(context, footprint, counts, entities, odd)
        if by_entity is None or set(counts) <= {""}:
            return
        sums, tallies = impact_of_groups(by_entity), kind_tallies(by_entity)
        for position, entity in enumerate(entities):
            if entity is None:
                continue  # in the whole; no headcount can be said of it
            mine = [tally for (group, _), tally in tallies.items() if group == position]
            covered = least_covered(mine)
            yield self._value(
                context,
                sums[position],
                counts.get(str(entity)),
                subject=str(entity),
                completeness=covered,
                lower_bound=is_bound(
                    footprint, any(each.left_out or each.unknown for each in mine)
                ),
                # rows that say no entity may be of this one
                unread=None in entities,
            )

    def _whole(
        self,
        context: IndicatorContext,
        footprint: Footprint,
        counts: Mapping[str, tuple[float, dt.date]],
        entities: Iterable[object],
        odd: Reason | None,
    ) -> IndicatorValue:
        total = footprint.total(CRITERION)
        covered = least_covered(kind_tallies(footprint.by()).values())
        unread = not (total.complete or total.lower_bound)
        blank = sorted(name for name, (agents, _) in counts.items() if name and np.isnan(agents))
        if blank and "" not in counts:
            missing = Reason("last_counts_blank", people=self.people, entities=", ".join(blank))
            return context.left_out(self, missing, completeness=covered)
        if odd is not None and "" in counts and np.isnan(counts[""][0]):
            return context.left_out(self, odd, completeness=covered)
        notes = [] if odd is None else [odd]
        if "" in counts or not counts:
            count = counts.get("")
        else:
            count = (
                sum(agents for agents, _ in counts.values()),
                min(day for _, day in counts.values()),
            )
            alone = sorted({str(each or "(-)") for each in entities} - set(counts))
            if alone:
                notes.append(
                    Reason("no_people_counted_for", people=self.people, entities=", ".join(alone))
                )
        return self._value(
            context,
            total.value,
            count,
            completeness=covered,
            lower_bound=total.lower_bound,
            notes=notes,
            unread=unread,
        )

    def _value(
        self,
        context: IndicatorContext,
        amount: float,
        count: tuple[float, dt.date] | None,
        *,
        subject: str = "",
        completeness: Completeness | None,
        lower_bound: bool,
        notes: Iterable[Reason] = (),
        unread: bool = False,
    ) -> IndicatorValue:
        """Return amount / agents, or why there is no such figure."""
        if count is None:
            end = str(context.period.end)
            uncounted = Reason("no_count_before", people=self.people, day=end)
            if subject:
                uncounted = Reason(
                    "no_count_of_entity_before", people=self.people, entity=subject, day=end
                )
            return context.left_out(self, uncounted, subject=subject, completeness=completeness)
        missing: Reason | None = None
        if np.isnan(count[0]):
            missing = Reason("count_blank", people=self.people, day=str(count[1]))
        elif count[0] <= 0.0:
            missing = Reason("count_of_nobody", people=self.people, day=str(count[1]))
        elif np.isnan(amount):
            missing = Reason("nothing_assessed")
        if missing is not None:
            return context.left_out(self, missing, subject=subject, completeness=completeness)
        agents, day = count
        gone = holds_unread_status(context.inventory)  # such a row may add nothing
        return context.value(
            self,
            amount / agents,
            subject=subject,
            completeness=completeness,
            lower_bound=lower_bound and not gone,
            limits=(0.0, None),
            numerator=amount,
            denominator=agents,
            notes=(self._counted(agents, day), *notes),
            unread=unread or gone,
        )

    def _counted(self, agents: float, day: dt.date) -> Reason:
        if of_year(day):
            year = str(day.year)
            return Reason("people_counted_of", count=agents, people=self.people, year=year)
        return Reason("people_counted_on", count=agents, people=self.people, day=str(day))


@attrs.frozen
class FootprintPerInhabitant(FootprintPerAgent):
    """Climate change of the fleet over a year, per inhabitant of the territory."""

    name: ClassVar[str] = "footprint_per_inhabitant"
    title_en: ClassVar[str] = "Footprint per inhabitant"
    title_fr: ClassVar[str] = "Empreinte par habitant"
    formula: ClassVar[str] = (
        "yearly climate change of the footprint / inhabitants of the last count on or before the"
        " end of the period"
    )
    denominator: ClassVar[str] = "inhabitants"
    source: ClassVar[str] = "reen"
    people: ClassVar[str] = "inhabitants"


def impact_of_groups(footprint: Footprint) -> list[float]:
    """Return the climate change of each group, all stages; NaN where nothing was assessed."""
    values = footprint.impacts()[:, :, footprint.criteria.index(CRITERION)]
    nothing = np.isnan(values).all(axis=1)
    return [float(each) for each in np.where(nothing, np.nan, np.nansum(values, axis=1))]


def is_bound(footprint: Footprint, left_out: bool) -> bool:  # noqa: FBT001 - a verdict, not an option
    """Tell whether the true figure of a part can only be higher, given what it leaves out."""
    partly = any(key == CRITERION for _, key, _, _ in footprint.coverage.partly_published())
    lacks = left_out or partly or footprint.account.has_refused
    return lacks and not footprint.account.doubts and CRITERION in footprint.nonnegative
