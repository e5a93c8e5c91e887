"""Share of the fleet assessed: how much of what should be counted the footprint counts.

    share = 100 x items assessed / (items assessed + items left out)

for each flow kind of the method (``item``, ``electricity``, ``declared``...); with one kind, that
is the value of the whole.  Items that a named rule of the method excludes (retired, fully
amortised, use counted elsewhere) should not be counted and are in neither; rows of unknown
quantity cannot be, and are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs

from reen import Footprint
from reen.plugin import Reason
from reen.plugin.indicators import Direction, IndicatorContext, IndicatorValue, Target
from reen_plugins.indicators.kind_tallies import KindTally, example_rows, kind_tallies
from reen_plugins.indicators.tallies import entity_subject, part_subject

__all__ = ["FleetAssessed"]


#: Kinds of flow of tables beside the equipment.
_NO_FLEET = frozenset({"service", "waste"})


@attrs.frozen
class FleetAssessed:
    """Share of the items that should be assessed and are.

    Attributes
    ----------
    targets
        Levels of your own strategy; the law sets none.
    """

    targets: tuple[Target, ...] = ()

    name: ClassVar[str] = "fleet_assessed"
    title_en: ClassVar[str] = "Share of the fleet assessed"
    title_fr: ClassVar[str] = "Part du parc évaluée"
    unit: ClassVar[str] = "%"
    formula: ClassVar[str] = (
        "100 x items assessed / (items assessed + items left out), for each flow kind of the"
        " method; items excluded by a rule of the method and rows of unknown quantity are in"
        " neither"
    )
    denominator: ClassVar[str] = "items that should be assessed, of known quantity"
    source: ClassVar[str] = "reen: it says how far the other figures can be trusted"
    axis: ClassVar[int] = 2
    direction: ClassVar[Direction] = Direction.HIGHER
    needs: ClassVar[tuple[str, ...]] = ("footprint",)

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return one value per flow kind, of the whole and of each entity that is asked for."""
        footprint = context.footprint
        if footprint is None:
            return
        tallies = _of_fleet(footprint.by())
        if not tallies:
            yield context.left_out(self, Reason("inventory_is_empty"))
        kinds = {kind for _, kind in tallies}
        parts = [("", kind, tally) for (_, kind), tally in tallies.items()]
        unplaced = False
        if context.by_entity and "entity" in footprint.grouped_by:
            by_entity = footprint.by("entity")
            names = by_entity.groups["entity"].to_pylist()
            unplaced = None in names or "" in names
            parts += [
                (entity_subject(names[position], kinds), kind, tally)
                for (position, kind), tally in _of_fleet(by_entity).items()
                if names[position]
            ]
        for entity, kind, tally in parts:
            subject = part_subject(entity, kind) if len(kinds) > 1 else entity
            completeness = tally.completeness
            if completeness.share is None:
                why = (
                    Reason("excluded_by_rule", count=tally.excluded)
                    if tally.excluded
                    else Reason("no_known_quantity_to_assess")
                )
                yield context.left_out(self, why, subject=subject, completeness=completeness)
                continue
            notes = []
            if tally.unknown:
                notes.append(Reason("rows_of_unknown_quantity", rows=example_rows(footprint, kind)))
            if tally.excluded:
                notes.append(Reason("items_excluded_by_rule", count=tally.excluded))
            share = 100.0 * completeness.share
            yield context.value(
                self,
                share,
                subject=subject,
                completeness=completeness,
                notes=notes,
                # what is left out is in the share: only what has no quantity could change it
                ends=(0.0, 100.0) if tally.unknown else (share, share),
                limits=(0.0, 100.0),
                unread=bool(entity) and unplaced,
            )


def _of_fleet(footprint: Footprint) -> dict[tuple[int, str], KindTally]:
    """Return the tallies of the fleet; services and waste are none."""
    tallies = kind_tallies(footprint)
    return {key: tally for key, tally in tallies.items() if key[1] not in _NO_FLEET}
