"""Mean lifetime by type: how long equipment is kept, or meant to be kept.

    mean lifetime = sum of quantity x lifetime / sum of quantity, over items of known lifetime

`lifetime` is the inventory's column: years of use, or of amortisation where that is what the
organisation writes.  What is retired or lost is not counted.  "Mean life per type" is an example
of the State guidance for axes 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs

from reen.plugin.indicators import Direction, IndicatorContext, IndicatorValue, Target
from reen_plugins.indicators.tallies import mean_of_part, parts_of_fleet

__all__ = ["MeanLifetime"]


@attrs.frozen
class MeanLifetime:
    """Quantity-weighted mean of the lifetime that the inventory gives, by equipment type.

    Attributes
    ----------
    targets
        Levels of your own strategy; the law sets none.
    """

    targets: tuple[Target, ...] = ()

    name: ClassVar[str] = "mean_lifetime"
    title_en: ClassVar[str] = "Mean lifetime of equipment"
    title_fr: ClassVar[str] = "Durée de vie moyenne des équipements"
    unit: ClassVar[str] = "year"
    formula: ClassVar[str] = (
        "sum of quantity x lifetime / sum of quantity, over items in the fleet whose lifetime is"
        " in the inventory"
    )
    denominator: ClassVar[str] = "items of known lifetime"
    source: ClassVar[str] = "State guidance to local authorities, example 4: mean life by type"
    axis: ClassVar[int] = 2
    direction: ClassVar[Direction] = Direction.HIGHER
    needs: ClassVar[tuple[str, ...]] = ("inventory",)

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return the value of the whole fleet, then of each type and entity."""
        if context.inventory is None:
            return
        parts = parts_of_fleet(
            context, context.inventory, lambda batch: batch.values("lifetime", "year")
        )
        for part in parts:
            yield mean_of_part(self, context, part, known="of known lifetime", column="lifetime")
