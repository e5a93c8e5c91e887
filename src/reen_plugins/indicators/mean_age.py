"""Mean age by type: how long ago the equipment in the fleet was bought.

    mean age = sum of quantity x (reference day - purchase date) / sum of quantity

over items of known purchase date, in years of 365.25 days.  What is retired or lost is not
counted, nor is what was bought after the reference day.  A mean age describes a fleet; it is not a
lifetime: half of a steady fleet kept 6 years is under 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt

from reen.plugin import Reason
from reen.plugin.arrays import Batch
from reen.plugin.indicators import Direction, IndicatorContext, IndicatorValue, Target
from reen_plugins.indicators.tallies import in_fleet, mean_of_part, parts_of_fleet

__all__ = ["MeanAge"]

_YEAR = 365.25


@attrs.frozen
class MeanAge:
    """Quantity-weighted mean of the time since purchase, by equipment type.

    Attributes
    ----------
    targets
        Levels of your own strategy; the law sets none.
    """

    targets: tuple[Target, ...] = ()

    name: ClassVar[str] = "mean_age"
    title_en: ClassVar[str] = "Mean age of equipment"
    title_fr: ClassVar[str] = "Âge moyen des équipements"
    unit: ClassVar[str] = "year"
    formula: ClassVar[str] = (
        "sum of quantity x (reference day - purchase_date) / sum of quantity, over items in the"
        " fleet of known purchase date; a year is 365.25 days"
    )
    denominator: ClassVar[str] = "items of known purchase date"
    source: ClassVar[str] = "reen"
    axis: ClassVar[int] = 2
    direction: ClassVar[Direction] = Direction.NONE
    needs: ClassVar[tuple[str, ...]] = ("inventory",)

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return the value of the whole fleet, then of each type and entity."""
        inventory = context.inventory
        if inventory is None:
            return
        if "purchase_date" not in inventory.table.column_names:
            yield context.left_out(self, Reason("no_column_of_purchase_dates"))
            return
        day = np.datetime64(context.as_of, "D")

        def age(batch: Batch) -> npt.NDArray[np.float64]:
            bought = batch.dates("purchase_date")
            years: npt.NDArray[np.float64] = (day - bought).astype("timedelta64[D]").astype(
                np.float64
            ) / _YEAR
            # not a time: unknown; after the reference day: not there yet
            return np.where(np.isnat(bought) | (bought > day), np.nan, years)

        later = sum(
            float(np.nansum(batch.values("quantity", "item")[_later(batch, day)]))
            for batch in inventory.batches()
        )
        note = Reason("items_bought_later", count=later, date=context.as_of.isoformat())
        for part in parts_of_fleet(context, inventory, age):
            told = (note,) if later and not part[0] else ()  # once, of the whole
            yield mean_of_part(
                self, context, part, known="of known age", column="purchase_date", notes=told
            )


def _later(batch: Batch, day: np.datetime64) -> npt.NDArray[np.bool_]:
    """Return the rows of the fleet bought after a day; an unknown date is not."""
    return in_fleet(batch) & (batch.dates("purchase_date") > day)
