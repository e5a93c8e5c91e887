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

from reen.plugin import Reason
from reen.plugin.indicators import Direction, IndicatorContext, IndicatorValue, Target
from reen_plugins.indicators.kind_tallies import example_rows, kind_tallies

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
    source: ClassVar[str] = "our own: it says how far the other figures can be trusted"
    axis: ClassVar[int] = 2
    direction: ClassVar[Direction] = Direction.HIGHER
    needs: ClassVar[tuple[str, ...]] = ("footprint",)

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return one value per flow kind."""
        footprint = context.footprint
        if footprint is None:
            return
        tallies = kind_tallies(footprint.by())
        # services and waste are no fleet
        tallies = {key: tally for key, tally in tallies.items() if key[1] not in _NO_FLEET}
        if not tallies:
            yield context.left_out(self, Reason("inventory_is_empty"))
        for (_, kind), tally in tallies.items():
            subject = kind if len(tallies) > 1 else ""
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
            )
