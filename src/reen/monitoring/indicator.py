"""The indicator contract: a named quantity with a unit, followed over the years.

An indicator is an `attrs.frozen` class with the attributes of `Indicator`; its `values` reads what
the context holds (inventory, footprint, dated records) and gives one value for the whole and one
for each part it knows.  The context makes the values, so that unit, period, target and provenance
are never forgotten.  Imports inventory and results; knows no file and no plugin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

import attrs

from reen.inventory.inventory import Inventory
from reen.inventory.record_kinds import (
    ConnectedObjects,
    Contracts,
    Disposals,
    EnergyReadings,
    Events,
    Headcount,
    LastSeen,
    Maturity,
    Projects,
    Purchases,
    Repairs,
    Services,
)
from reen.monitoring.values import Completeness, Direction, IndicatorValue, Period, Target
from reen.reasons import Reason
from reen.results.footprint import Footprint

__all__ = ["AXES", "INPUTS", "Indicator", "IndicatorContext"]

#: Axes of a responsible digital strategy: the objectives that article D. 2311-15-1 of the French
#: general code of local authorities lists (decree no. 2022-1084 of 29 July 2022), in our words.
#: What concerns all of them stands under 0.
AXES: Mapping[int, tuple[str, str]] = {
    0: ("The whole strategy", "Ensemble de la stratégie"),
    1: ("Local and sustainable purchasing", "Commande publique locale et durable"),
    2: ("Life cycle of equipment", "Cycle de vie du matériel"),
    3: ("Eco-design of sites and services", "Écoconception des sites et services"),
    4: ("Awareness of elected members and staff", "Sensibilisation des élus et des agents"),
    5: ("Responsible digital use by citizens", "Numérique responsable pour tous"),
    6: ("Connected and sustainable territory", "Territoire connecté et durable"),
}


@runtime_checkable
class Indicator(Protocol):
    """A quantity followed over time: an attrs.frozen class whose fields are its options."""

    @property
    def name(self) -> str:
        """Return the name by which it is called."""

    @property
    def title_en(self) -> str:
        """Return its title in English."""

    @property
    def title_fr(self) -> str:
        """Return its title in French."""

    @property
    def unit(self) -> str:
        """Return the unit of its values, such as ``kWh/item/year`` or ``%``."""

    @property
    def formula(self) -> str:
        """Return how it is computed, in words."""

    @property
    def denominator(self) -> str:
        """Return what it is divided by; without it there is no value."""

    @property
    def source(self) -> str:
        """Return who asks for it, or sets how it is computed; may be empty."""

    @property
    def axis(self) -> int:
        """Return its axis of the REEN strategy, 1 to 6 (see `AXES`); 0 for all of them."""

    @property
    def direction(self) -> Direction:
        """Return which way it should go."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return the levels to reach, each with its source and its dates; may be empty."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the inputs that it cannot do without.

        Among `INPUTS`: inventory, inventory_before, footprint, purchases_footprint, and the kinds
        of records;
        ``"footprint or inventory"`` names alternatives.
        """

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return its values: the whole first (empty subject), then the parts.

        Called only when all of `needs` is there.  Make values with `IndicatorContext.value` and
        `IndicatorContext.left_out`; what cannot be computed is left out by name, never dropped.
        """


@attrs.frozen(kw_only=True, eq=False)
class IndicatorContext:
    """What an indicator may read.

    Attributes
    ----------
    period
        Days that the values are about.
    as_of
        Day on which the fleet is looked at: the footprint's reference date, else the end of the
        period.
    inventory, footprint
        The fleet and its footprint, None where not given.
    inventory_before
        The fleet at the beginning of the period.
    purchases_footprint
        What it took to make what was bought in the period, each item whole.
    purchases, disposals, headcount, energy_readings, repairs, contracts
        Records, None where not given.  They hold all their dates: call ``between``.
    events, projects, connected_objects, last_seen, maturity, services
        Records of other kinds, in the same way.
    by_entity
        Whether values of each entity are asked for, where the rows say theirs.
    digests
        Hash of each input, by name.
    """

    period: Period
    as_of: dt.date
    inventory: Inventory | None = None
    footprint: Footprint | None = None
    purchases: Purchases | None = None
    disposals: Disposals | None = None
    headcount: Headcount | None = None
    energy_readings: EnergyReadings | None = None
    repairs: Repairs | None = None
    contracts: Contracts | None = None
    events: Events | None = None
    projects: Projects | None = None
    connected_objects: ConnectedObjects | None = None
    last_seen: LastSeen | None = None
    maturity: Maturity | None = None
    services: Services | None = None
    inventory_before: Inventory | None = None
    purchases_footprint: Footprint | None = None
    by_entity: bool = False
    digests: Mapping[str, str] = attrs.field(factory=dict)

    def lacks(self, indicator: Indicator) -> tuple[str, ...]:
        """Return the needs of an indicator that nothing here meets."""
        return tuple(
            need
            for need in indicator.needs
            if all(getattr(self, name) is None for name in need.split(" or "))
        )

    def value(  # noqa: PLR0913 - all that a value may say, each by its name
        self,
        indicator: Indicator,
        value: float,
        *,
        subject: str = "",
        completeness: Completeness | None = None,
        lower_bound: bool = False,
        notes: Iterable[Reason | str] = (),
        inputs: Iterable[str] = (),
        ends: tuple[float | None, float | None] | None = None,
        limits: tuple[float | None, float | None] = (None, None),
        unread: bool = False,
        numerator: float | None = None,
        denominator: float | None = None,
    ) -> IndicatorValue:
        """Return a value of an indicator, with its unit, period, target and provenance.

        Where rows of an input were refused or are doubted, the value lies between `limits`, and a
        verdict on a target is given only if it holds at both ends.

        Parameters
        ----------
        indicator
            The indicator itself.
        value
            A finite number in the indicator's unit.
        subject, completeness, lower_bound, notes
            See `IndicatorValue`.
        inputs
            Inputs that were read; all the indicator's needs when absent.
        ends
            The value if all that could not be read counted against it, and if all counted for it.
        limits
            Ends that no value can pass, such as 0 and 100 of a share.
        unread
            Whether something that could not be read may belong to the subject.
        numerator, denominator
            What was divided by what, where the value is a ratio.

        Raises
        ------
        ValueError
            When the number is not finite: use `left_out`; or does not lie between the ends.
        """
        lost = self._not_read(indicator, inputs)
        undated = self._undated_people(indicator, inputs)
        if undated:
            # a count of an unknown day may be the last one: more people, or fewer
            lower_bound, ends, unread = False, limits, True
        elif lost:
            # refused rows are in the lower bound of a footprint already
            lower_bound = lower_bound and lost == ("footprint",) and not self._has_doubts
            ends = None if lower_bound else limits
        elif unread or (ends is None and completeness is not None and not completeness.complete):
            ends = None if lower_bound else limits
        least, most = ends or (None, None)
        lower_bound = lower_bound or (least is not None and most is None and value <= least)
        said = [Reason("rows_of_input_lost", kind=name) for name in lost]
        said += [Reason("rows_without_date", count=undated, kind="headcount")] * bool(undated)
        return self._make(
            indicator,
            value=float(value),
            subject=subject,
            completeness=completeness,
            lower_bound=lower_bound,
            notes=(*notes, *said, *self._cautions(indicator, inputs)),
            provenance=self._provenance(indicator, inputs),
            least=least,
            most=most,
            unread=unread or bool(lost),
            numerator=numerator,
            denominator=denominator,
        )

    def _not_read(self, indicator: Indicator, inputs: Iterable[str]) -> tuple[str, ...]:
        """Return the inputs of which rows were refused or are doubted."""
        return tuple(
            name
            for name in self._inputs(indicator, inputs)
            if not getattr(self, name).account.is_complete
        )

    def _undated_people(self, indicator: Indicator, inputs: Iterable[str]) -> int:
        """Return the counts of people of no known day."""
        read = self.headcount is not None and "headcount" in self._inputs(indicator, inputs)
        return self.headcount.undated if read and self.headcount is not None else 0

    @property
    def _has_doubts(self) -> bool:
        return self.footprint is not None and bool(self.footprint.account.doubts)

    def left_out(
        self,
        indicator: Indicator,
        missing: Reason | str,
        *,
        subject: str = "",
        completeness: Completeness | None = None,
        inputs: Iterable[str] = (),
    ) -> IndicatorValue:
        """Return a value without a number, with the reason and the remedy."""
        return self._make(
            indicator,
            missing=missing,
            subject=subject,
            completeness=completeness,
            provenance=self._provenance(indicator, inputs),
        )

    def _make(self, indicator: Indicator, **given: object) -> IndicatorValue:
        return IndicatorValue(
            indicator=indicator.name,
            title_en=indicator.title_en,
            title_fr=indicator.title_fr,
            unit=indicator.unit,
            period=self.period,
            target=self._target(indicator),
            **given,  # type: ignore[arg-type]
        )

    def _target(self, indicator: Indicator) -> Target | None:
        """Return the target in force at the end of the period, else the last one before it."""
        begun = [
            target
            for target in indicator.targets
            if target.since is None or target.since <= self.period.end
        ]
        return max(begun, key=lambda target: target.since or dt.date.min) if begun else None

    def _cautions(self, indicator: Indicator, inputs: Iterable[str]) -> tuple[Reason, ...]:
        """Return what must be known of the inputs' dates, and of a target that has lapsed."""
        cautions = []
        target = self._target(indicator)
        if target is not None and not target.in_force(self.period.end):
            said = target.note or target.cited
            cautions.append(Reason("target_ended", date=str(target.until), note=said))
        if "footprint" in self._inputs(indicator, inputs) and not (
            self.period.start <= self.as_of <= self.period.end
        ):
            cautions.append(Reason("footprint_outside_period", date=str(self.as_of)))
        return tuple(cautions)

    def _inputs(self, indicator: Indicator, inputs: Iterable[str]) -> tuple[str, ...]:
        named = tuple(inputs) or tuple(
            name for need in indicator.needs for name in need.split(" or ")
        )
        return tuple(name for name in named if getattr(self, name) is not None)

    def _provenance(self, indicator: Indicator, inputs: Iterable[str]) -> dict[str, str]:
        return {
            name: self.digests[name]
            for name in self._inputs(indicator, inputs)
            if name in self.digests
        }


#: What an indicator may need: the inputs that a context has.
INPUTS = tuple(
    field.name
    for field in attrs.fields(IndicatorContext)
    if field.name not in {"period", "as_of", "by_entity", "digests"}
)
