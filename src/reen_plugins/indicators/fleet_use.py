"""Fleet use: how the fleet of axis 2 is made up and used, per agent and by age.

Ages, renewal, items for each agent, second computers, stock that sleeps, devices that nobody heard
of.  Reads a fleet, and beside it purchases, headcounts and the dates of last contact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

import attrs
import numpy as np
import numpy.typing as npt

from reen.plugin import Reason
from reen.plugin.indicators import Direction, Indicator, IndicatorContext, IndicatorValue
from reen_plugins.indicators.columns import of_rows
from reen_plugins.indicators.declared import Described, Proportion, value_of_share
from reen_plugins.indicators.people import counted_of, people_of
from reen_plugins.indicators.rows import Answers, Rows, all_of
from reen_plugins.indicators.sums import Share, Sum, share_of, sum_of
from reen_plugins.indicators.tallies import entity_subject, part_subject

__all__ = ["FLEET_USE"]

#: Bounds of the classes of age, in years: from one to under the next.
AGES = (0.0, 1.0, 3.0, 5.0, 7.0, 10.0)

_COMPUTERS = ("desktop", "all_in_one", "workstation", "laptop", "thin_client")
_OF_AGENTS = {
    "computer": _COMPUTERS,
    "monitor": ("monitor",),
    "phone": ("smartphone", "mobile_phone", "desk_phone"),
}
_DORMANT, _RECENT = dt.timedelta(days=180), dt.timedelta(days=30)


@attrs.frozen(kw_only=True)
class AgeClasses(Described):
    """Share of the fleet in each class of age."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return one value for each class, of the whole and of each entity."""
        rows = _fleet(context)
        years = rows.years("purchase_date", context.as_of)
        for entity, mine in _parts(context, rows):
            here = all_of(rows.in_fleet, mine)
            for low, high in zip(AGES, (*AGES[1:], np.inf), strict=True):
                inside = np.where(np.isnan(years), np.nan, ((years >= low) & (years < high)) * 1.0)
                name = f"{low:g}-{high:g}" if np.isfinite(high) else f">={low:g}"
                found = share_of(rows.items, inside, here)
                yield self._of(context, found, part_subject(entity, name))

    def _of(self, context: IndicatorContext, found: Share, subject: str) -> IndicatorValue:
        told = found.completeness("of known age")
        if found.whole <= 0.0:
            reason = Reason("fill_in", columns="purchase_date")
            return context.left_out(self, reason, subject=subject, completeness=told)
        return value_of_share(self, context, found, subject=subject, completeness=told)


@attrs.frozen(kw_only=True)
class RenewalRate(Described):
    """Items bought over the mean stock of the period."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole, then of each type bought and of each entity."""
        if context.purchases is None or context.inventory_before is None:
            return
        bought, before = Rows(context.purchases.batch), Rows.of_fleet(context.inventory_before)
        tables = bought, before, _fleet(context)
        yield self._of(context, tables, "", "", "")
        types = [name for name, _ in bought.types()]
        for name in types:
            yield self._of(context, tables, "equipment_type", name, name)
        if context.by_entity:
            # one that bought nothing has a fleet: without it, the fleets would not add up
            for name in sorted({name for rows in tables for name, _ in rows.entities()}):
                yield self._of(context, tables, "entity", name, entity_subject(name, types))

    def _of(
        self,
        context: IndicatorContext,
        tables: tuple[Rows, ...],
        column: str,
        word: str,
        subject: str,
    ) -> IndicatorValue:
        bought, before, after = tables
        mine = [rows.among(column, word) if column else rows.yes for rows in tables]
        stock = _halved(
            *(
                sum_of(rows.items, each, rows.in_fleet)
                for rows, each in zip((before, after), mine[1:], strict=True)
            )
        )
        if stock.value <= 0.0:
            reason = Reason("nothing_to_divide_by", what="inventory")
            return context.left_out(self, reason, subject=subject)
        within = bought.dated("date", context.period.start, context.period.end)
        items = sum_of(bought.items, bought.yes, all_of(within, mine[0]))
        ratio, ends = items.over(stock, 100.0)
        return context.value(
            self,
            ratio,
            subject=subject,
            completeness=items.completeness("of known date and quantity"),
            ends=ends,
            limits=(0.0, None),
            numerator=items.value,
            denominator=stock.value,
        )


def _halved(one: Sum, other: Sum) -> Sum:
    """Return the mean of two stocks."""
    return attrs.evolve(
        one, value=(one.value + other.value) / 2.0, most=(one.most + other.most) / 2.0
    )


def _parts(context: IndicatorContext, rows: Rows) -> Iterator[tuple[str, Answers]]:
    """Yield the whole fleet, then each entity where they are asked for."""
    yield "", rows.yes
    yield from rows.entities() if context.by_entity else ()


def _fleet(context: IndicatorContext) -> Rows:
    assert context.inventory is not None  # noqa: S101 - named in `needs`
    return Rows.of_fleet(context.inventory)


@attrs.frozen(kw_only=True)
class ItemsPerAgent(Described):
    """Computers, screens and telephones in the fleet for each agent."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return one value for each group of types, of the whole and of each entity counted."""
        rows, counted = _fleet(context), counted_of(context, "agents")
        there = {name for name, _ in rows.entities()}
        yield from self._of(context, rows, "", there - counted if "" not in counted else ())
        if context.by_entity and counted - {""}:
            for entity in sorted(there | counted - {""}):
                yield from self._of(context, rows, entity)

    def _of(
        self, context: IndicatorContext, rows: Rows, entity: str, uncounted: Collection[str] = ()
    ) -> Iterator[IndicatorValue]:
        people = people_of(context, "agents", entity) if len(rows) else Reason("fleet_is_empty")
        mine = all_of(rows.in_fleet, rows.among("entity", entity) if entity else rows.yes)
        for name, types in _OF_AGENTS.items():
            subject = part_subject(entity, name)
            if isinstance(people, Reason):
                yield context.left_out(self, people, subject=subject)
                continue
            found = sum_of(rows.items, rows.among("equipment_type", *types), mine)
            least, most = found.ends
            notes = [people.said]
            if uncounted:
                alone = ", ".join(sorted(uncounted))
                notes.append(Reason("no_people_counted_for", people="agents", entities=alone))
            yield context.value(
                self,
                found.value / people.count,
                subject=subject,
                completeness=found.completeness("of known type"),
                ends=(least / people.count, None if most is None else most / people.count),
                limits=(0.0, None),
                notes=notes,
                numerator=found.value,
                denominator=people.count,
            )


@attrs.frozen(kw_only=True)
class ScreensPerComputer(Described):
    """Screens in the fleet for each computer."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole, then of each entity."""
        rows = _fleet(context)
        for subject, mine in _parts(context, rows):
            yield self._of(context, rows, mine, subject)

    def _of(
        self, context: IndicatorContext, rows: Rows, mine: Answers, subject: str
    ) -> IndicatorValue:
        screens, computers, both = (
            sum_of(rows.items, rows.among("equipment_type", *types), all_of(rows.in_fleet, mine))
            for types in (("monitor",), _COMPUTERS, ("monitor", *_COMPUTERS))
        )
        if computers.value <= 0.0:
            reason = Reason("nothing_to_divide_by", what="computers")
            return context.left_out(self, reason, subject=subject)
        ratio, ends = screens.over(computers)
        if not subject and ends[1] == 0.0:
            # a list without a single screen is a list of other things
            return context.left_out(self, Reason("no_screen_listed"))
        return context.value(
            self,
            ratio,
            subject=subject,
            completeness=both.completeness("of known type"),
            ends=ends,
            limits=(0.0, None),
            numerator=screens.value,
            denominator=computers.value,
        )


@attrs.frozen(kw_only=True)
class DoubleEquipped(Described):
    """Users of a desktop and a laptop, among users of a computer."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole, then of each entity.

        As counted while names were read, or by pseudonyms.
        """
        inventory = context.inventory
        assert inventory is not None  # noqa: S101 - named in `needs`
        whole = inventory.computer_users
        found = {"": whole}
        if context.by_entity and whole.users:
            each = sorted(whole.by_entity.items())
            found |= {entity_subject(name, ()): mine for name, mine in each}
        for subject, mine in found.items():
            if not mine.users:
                yield context.left_out(self, Reason("users_not_known"), subject=subject)
                continue
            apart = mine.of_no_entity if mine.by_entity and len(found) > 1 else 0
            yield context.value(
                self,
                100.0 * mine.double / mine.users,
                subject=subject,
                ends=(mine.least, mine.most),
                limits=(0.0, 100.0),
                notes=(Reason("users_of_no_entity", count=apart),) if apart else (),
                numerator=mine.double,
                denominator=mine.users,
            )


@attrs.frozen(kw_only=True)
class DormantStock(Described):
    """Items in stock of which nothing was heard for 180 days, among items in stock."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole, then of each entity."""
        rows = _fleet(context)
        since = context.as_of - _DORMANT
        last = _last_contact(context, rows)
        quiet = np.where(np.isnat(last), np.nan, (last < np.datetime64(since, "D")) * 1.0)
        bought = rows.dated("purchase_date", since, dt.date.max)
        # what was bought since cannot have slept for so long
        quiet = np.where(np.isnan(quiet) & (bought == 1.0), 0.0, quiet)
        stock = rows.among("status", "in_stock")
        for subject, mine in _parts(context, rows):
            yield self._of(context, share_of(rows.items, quiet, all_of(stock, mine)), subject)

    def _of(self, context: IndicatorContext, found: Share, subject: str) -> IndicatorValue:
        told = found.completeness("in stock, of known last contact")
        if found.whole <= 0.0:
            reason = Reason("fill_in", columns="status, last_seen")
            return context.left_out(self, reason, subject=subject, completeness=told)
        return value_of_share(self, context, found, subject=subject, completeness=told)


def _last_contact(context: IndicatorContext, rows: Rows) -> npt.NDArray[np.datetime64]:
    """Return when each item was last heard of: from the list of last contacts, else the fleet."""
    days = rows.batch.dates("last_seen").astype("datetime64[D]").copy()
    if context.last_seen is None:
        return days
    seen = Rows(context.last_seen.batch)
    when = seen.batch.dates("last_contact")
    for column in ("serial_number", "asset_tag"):
        codes, names = seen.batch.codes(column)
        known = {names[code]: when[k] for k, code in enumerate(codes) if code >= 0}
        own, words = rows.batch.codes(column)
        never = np.datetime64("NaT", "D")
        table = np.array([*(known.get(word, never) for word in words), never], "datetime64[D]")
        told = table[own]
        days = np.where(np.isnat(told), days, told)
    return days


def _heard_of(rows: Rows, context: IndicatorContext) -> Answers:
    return rows.dated("last_contact", context.as_of - _RECENT, dt.date.max)


@attrs.frozen(kw_only=True)
class UsedDevices(Described):
    """Devices heard of in the last 30 days, among those that are managed."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole."""
        assert context.last_seen is not None  # noqa: S101 - named in `needs`
        rows = Rows(context.last_seen.batch)
        measure = Proportion(
            **{field.name: getattr(self, field.name) for field in attrs.fields(Described)},
            amounts=of_rows,
            part=lambda rows: _heard_of(rows, context),
            dated="",
            what="of known last contact",
            fill_in="last_contact",
        )
        yield measure.of(context, rows, rows.yes, "")


_OWN = "reen"
FLEET_USE: tuple[Indicator, ...] = (
    AgeClasses(
        name="age_classes",
        title_en="Fleet by class of age",
        title_fr="Parc par classe d'âge",
        unit="%",
        formula="100 x items of an age / items in the fleet of known purchase date",
        denominator="items of known purchase date",
        source=_OWN,
        axis=2,
        direction=Direction.NONE,
        needs=("inventory",),
    ),
    RenewalRate(
        name="renewal_rate",
        title_en="Share of the fleet renewed",
        title_fr="Taux de renouvellement du parc",
        unit="%",
        formula="100 x items bought in the period / mean of the fleets at its beginning and end",
        denominator="mean fleet",
        source=_OWN,
        axis=2,
        direction=Direction.LOWER,
        needs=("inventory", "inventory_before", "purchases"),
    ),
    ItemsPerAgent(
        name="items_per_agent",
        title_en="Items for each agent",
        title_fr="Équipements par agent",
        unit="item/person",
        formula="items in the fleet (computers, screens, telephones) / agents of the last count",
        denominator="agents",
        source=_OWN,
        axis=2,
        direction=Direction.LOWER,
        needs=("inventory", "headcount"),
    ),
    ScreensPerComputer(
        name="screens_per_pc",
        title_en="Screens for each computer",
        title_fr="Écrans par ordinateur",
        unit="1",
        formula="screens in the fleet / computers in the fleet",
        denominator="computers in the fleet",
        source=_OWN,
        axis=2,
        direction=Direction.LOWER,
        needs=("inventory",),
    ),
    DoubleEquipped(
        name="double_equipped",
        title_en="Users with a desktop and a laptop",
        title_fr="Utilisateurs doublement équipés (fixe et portable)",
        unit="%",
        formula="100 x users of a desktop and a laptop in use / users of one of them at least",
        denominator="users of a desktop or a laptop",
        source=_OWN,
        axis=2,
        direction=Direction.LOWER,
        needs=("inventory",),
    ),
    DormantStock(
        name="dormant_stock",
        title_en="Stock that sleeps",
        title_fr="Stock dormant",
        unit="%",
        formula="100 x items in stock not heard of for 180 days / items in stock of known contact",
        denominator="items in stock, of known last contact",
        source=_OWN,
        axis=2,
        direction=Direction.LOWER,
        needs=("inventory",),
    ),
    UsedDevices(
        name="used_devices",
        title_en="Managed devices in use",
        title_fr="Part des appareils gérés réellement utilisés",
        unit="%",
        formula="100 x devices heard of in the last 30 days or since / devices managed",
        denominator="devices managed, of known last contact",
        source=_OWN,
        axis=2,
        direction=Direction.HIGHER,
        needs=("last_seen",),
    ),
)
