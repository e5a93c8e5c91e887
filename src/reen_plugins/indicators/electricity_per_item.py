"""Electricity per item: the yearly electricity of one item, in kWh.

From a footprint: the kWh that its method counted (amounts on flows whose reference unit is the
kWh, shares of use applied) over the items assessed for electricity.

    electricity per item = sum of kWh per year / items assessed for electricity

Without a footprint, or when its method counts no electricity: the mean of the inventory's
`annual_energy` over the items that have one.  By type when the footprint is grouped by
``equipment_type``, and always from the inventory.  A method answers for electricity in the flow
kind called ``electricity``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import ClassVar

import attrs
import numpy as np

from reen import Footprint, Inventory
from reen.plugin import Reason
from reen.plugin.indicators import Direction, IndicatorContext, IndicatorValue, Target
from reen_plugins.indicators.kind_tallies import KindTally, kind_tallies
from reen_plugins.indicators.tallies import (
    UNTYPED,
    entity_subject,
    holds_unread_status,
    parts_of_fleet,
    without_quantity,
)

__all__ = ["ElectricityPerItem", "energy_counted"]

_KIND = "electricity"


@attrs.frozen
class ElectricityPerItem:
    """Yearly electricity of one item, for the fleet and by equipment type.

    Attributes
    ----------
    targets
        Levels of your own strategy; the law sets none.
    """

    targets: tuple[Target, ...] = ()

    name: ClassVar[str] = "electricity_per_item"
    title_en: ClassVar[str] = "Electricity per item"
    title_fr: ClassVar[str] = "Électricité par équipement"
    unit: ClassVar[str] = "kWh/item/year"
    formula: ClassVar[str] = (
        "kWh per year counted by the footprint / items assessed for electricity; without a"
        " footprint that counts electricity, sum of quantity x annual_energy / sum of quantity"
        " over the inventory's items that have an annual_energy"
    )
    denominator: ClassVar[str] = "items of known electricity"
    source: ClassVar[str] = "reen"
    axis: ClassVar[int] = 2
    direction: ClassVar[Direction] = Direction.LOWER
    needs: ClassVar[tuple[str, ...]] = ("footprint or inventory",)

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return the value of the whole fleet, then of each type and entity."""
        if context.footprint is not None:
            tallies = kind_tallies(context.footprint.by())
            whole = tallies.get((0, _KIND))
            # a footprint of which nothing could be counted says so: the list counts other items
            if whole is not None and whole.rows:
                return self._from_footprint(context, context.footprint, whole)
        if context.inventory is not None:
            return self._from_inventory(context, context.inventory)
        return [context.left_out(self, Reason("method_counts_no_electricity"))]

    def _from_footprint(
        self, context: IndicatorContext, footprint: Footprint, whole: KindTally
    ) -> Iterable[IndicatorValue]:
        yield self._mean(context, energy_counted(footprint.by())[0], whole)
        types: Container[str] = ()
        if "equipment_type" in footprint.grouped_by:
            types = together = _by_word(footprint, "equipment_type")
            for name, (kwh, tally) in together.items():
                unread = name != UNTYPED and UNTYPED in together
                yield self._mean(context, kwh, tally, subject=name, unread=unread)
        if context.by_entity and "entity" in footprint.grouped_by:
            entities = _by_word(footprint, "entity")
            for name, (kwh, tally) in entities.items():
                if name != UNTYPED:
                    subject, unread = entity_subject(name, types), UNTYPED in entities
                    yield self._mean(context, kwh, tally, subject=subject, unread=unread)

    def _mean(
        self,
        context: IndicatorContext,
        energy: float,
        tally: KindTally,
        *,
        subject: str = "",
        unread: bool = False,
    ) -> IndicatorValue:
        inputs = ("footprint",)
        if tally.assessed <= 0.0:
            why = (
                Reason("excluded_by_rule", count=tally.excluded)
                if tally.excluded and not tally.rows
                else Reason("no_electricity_assessed")
            )
            return context.left_out(
                self, why, subject=subject, completeness=tally.completeness, inputs=inputs
            )
        assumed = tally.assumed.get("annual_energy", 0.0)
        notes = [Reason("items_by_default", count=assumed)] if assumed else []
        return context.value(
            self,
            energy / tally.assessed,
            subject=subject,
            completeness=tally.completeness,
            notes=notes,
            inputs=inputs,
            unread=unread or holds_unread_status(context.inventory),
        )

    def _from_inventory(
        self, context: IndicatorContext, inventory: Inventory
    ) -> Iterable[IndicatorValue]:
        inputs = ("inventory",)
        if "annual_energy" not in inventory.table.column_names:
            yield context.left_out(
                self,
                Reason("no_electricity_anywhere"),
                inputs=inputs,
            )
            return
        parts = parts_of_fleet(
            context, inventory, lambda batch: batch.values("annual_energy", "kWh/item/year")
        )
        for subject, tally, unread in parts:
            completeness = tally.completeness("of known electricity")
            if tally.known > 0.0:
                yield context.value(
                    self,
                    tally.part / tally.known,
                    subject=subject,
                    completeness=completeness,
                    inputs=inputs,
                    unread=unread,
                )
            else:
                yield context.left_out(
                    self,
                    without_quantity(tally, "annual_energy"),
                    subject=subject,
                    completeness=completeness,
                    inputs=inputs,
                )


def _by_word(footprint: Footprint, column: str) -> dict[str, tuple[float, KindTally]]:
    """Return the electricity and the tally of each word of a column; rows without one as unknown.

    A blank type and the word for an unknown one are one group: neither says what it is.
    """
    parts = footprint.by(column)
    energy, tallies = energy_counted(parts), kind_tallies(parts)
    together: dict[str, tuple[float, KindTally]] = {}
    for position, name in enumerate(parts.groups[column].to_pylist()):
        tally = tallies.get((position, _KIND))
        if tally is not None:
            sum_, others = together.get(name or UNTYPED, (0.0, KindTally(_KIND)))
            together[name or UNTYPED] = sum_ + energy[position], others + tally
    return together


def energy_counted(footprint: Footprint) -> list[float]:
    """Return the kWh per year of each group."""
    electric = np.array(
        [text.reference_unit == "kWh" for text in footprint.factors.descriptions], np.bool_
    )
    cells = footprint.fold.cells
    there = electric[cells.flow] if len(electric) else np.zeros(len(cells.flow), np.bool_)
    sums = np.bincount(
        cells.group[there], weights=cells.amount[there], minlength=footprint.group_count
    )
    return [float(each) for each in sums]
