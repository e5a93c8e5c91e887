"""Leaving: indicators of axis 2, the life cycle of equipment, from disposals and repairs.

Donations, reuse, waste and its mass, lives that were observed, repairs; and the share of decree
no. 2023-266, over what was retired and in stock on 1 January.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from reen import default_registry
from reen.plugin import Reason
from reen.plugin.indicators import Direction, Indicator, IndicatorContext, IndicatorValue
from reen_plugins.indicators.columns import Flag, Held, Number, Words, Years
from reen_plugins.indicators.declared import (
    Average,
    Described,
    Proportion,
    Total,
)
from reen_plugins.indicators.legal import OF_RETIRED, REUSE
from reen_plugins.indicators.rows import Answers, Rows, all_of, entities_of, no
from reen_plugins.indicators.sums import sum_of
from reen_plugins.indicators.tallies import entity_subject

__all__ = ["LEAVING", "WasteMass"]

_GUIDANCE = "State guidance to local authorities, example"
_OWN = "reen"

#: Years after which decree no. 2023-266 counts an item no more, and categories that it counts.
_OLD, _CATEGORIES = 10.0, frozenset({2, 6})

#: Waste: what goes to recycling, and what is thrown away, of whose treatment nobody knows.
_IS_WASTE = Words("destination", ("recycling", "discarded"))


def _warranty_outlived(rows: Rows) -> Answers:
    """Return whether an item stayed for a year of 365 days after its warranty."""
    kept = rows.batch.dates("date") - rows.batch.dates("warranty_end_date")
    told = (kept >= np.timedelta64(365, "D")).astype(np.float64)
    return np.where(np.isnat(kept), np.nan, told)


def _counted_by_decree(rows: Rows) -> Answers:
    """Return whether an item is of the categories 2 or 6 of waste equipment."""
    types = default_registry().equipment_types
    known = [each.key for each in types if each.weee_category in _CATEGORIES]
    return rows.among("equipment_type", *known)


@attrs.frozen(kw_only=True)
class WasteMass(Total):
    """Mass of waste equipment: the mass of each row, else that of its type.

    Attributes
    ----------
    weights
        Mass of an item by type, kg, where a row says none; none is bundled, since no source that we
        may copy gives them.
    weights_source
        Who says so.
    """

    weights: Mapping[str, float] = attrs.field(factory=dict)
    weights_source: str = ""

    def of(
        self, context: IndicatorContext, rows: Rows, within: Answers, subject: str
    ) -> IndicatorValue:
        """Return the mass of some rows, with what has none left out by name."""
        given = rows.number("weight", "kg")
        codes, names = rows.batch.codes("equipment_type")
        mass = np.where(np.isnan(given), rows.items * rows.of_types(self.weights), given)
        waste = all_of(_IS_WASTE(rows), within)
        assumed = np.isnan(given) & ~np.isnan(mass) & (waste == 1.0)
        lost = np.isnan(mass) & (waste == 1.0)
        notes = []
        if assumed.any():
            kilograms = float(mass[assumed].sum())
            notes.append(Reason("weight_of_types", kg=kilograms, source=self.weights_source))
        if lost.any():
            missing = sorted({"unknown" if code < 0 else names[code] for code in codes[lost]})
            notes.append(Reason("without_weight", types=", ".join(missing)))
        value = attrs.evolve(self, amounts=Held(mass))
        found = super(WasteMass, value).of(context, rows, within, subject)
        return attrs.evolve(found, notes=(*found.notes, *notes))


@attrs.frozen(kw_only=True)
class ReuseOfRetired(Described):
    """A / B of the decree: directed to reuse, over retired and in stock on 1 January."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole, and of each entity where they are asked for."""
        disposals, before = context.disposals, context.inventory_before
        if disposals is None or before is None:
            return
        gone, stock = Rows(disposals.batch), Rows.of_fleet(before)
        yield self._of(context, gone, stock, "")
        for name in entities_of(gone, stock) if context.by_entity else ():
            yield self._of(context, gone, stock, name)

    def _of(
        self, context: IndicatorContext, gone: Rows, stock: Rows, entity: str
    ) -> IndicatorValue:
        subject = entity_subject(entity, ()) if entity else ""
        days = context.period.start, context.period.end
        day_before = days[0] - dt.timedelta(days=1)
        young = self._young(stock.years("purchase_date", days[0]))
        retired = all_of(stock.among("status", "retired"), _counted_by_decree(stock), young)
        base = sum_of(stock.items, retired, stock.of_entity(entity))
        reused = sum_of(
            gone.items,
            all_of(
                gone.among("destination", *REUSE),
                _counted_by_decree(gone),
                self._young(gone.years("purchase_date", "date")),
            ),
            all_of(gone.dated("date", *days), gone.of_entity(entity)),
        )
        inputs = ("disposals", "inventory_before")
        if base.value <= 0.0:
            reason = Reason("nothing_retired", date=str(day_before))
            return context.left_out(self, reason, subject=subject, inputs=inputs)
        ratio, ends = reused.over(base, 100.0)
        over = ratio > 100.0  # noqa: PLR2004 - the whole, in per cent
        return context.value(
            self,
            ratio,
            subject=subject,
            notes=[Reason("more_than_retired", before=base.value, left=reused.value)] * over,
            completeness=reused.completeness("known to be reused or not"),
            ends=ends,
            limits=(0.0, None),
            numerator=reused.value,
            denominator=base.value,
            inputs=inputs,
        )

    @staticmethod
    def _young(years: Answers) -> Answers:
        return np.where(np.isnan(years), np.nan, (years <= _OLD).astype(np.float64))


def _not_leased(rows: Rows) -> Answers:
    return no(rows.among("destination", "returned_to_lessor"))


LEAVING: tuple[Indicator, ...] = (
    Proportion(
        name="reuse_of_disposals",
        title_en="Items reused among those disposed of",
        title_fr="Part du réemploi dans les matériels réformés",
        unit="%",
        formula=(
            "100 x items reused inside, given, sold or handed to a refurbisher / items disposed of"
            " whose destination is known, over the period; returns to a lessor are in neither"
        ),
        denominator="items disposed of, of known destination",
        source="decree no. 2023-266 of 12 April 2023, article 3, over all that left",
        axis=2,
        direction=Direction.HIGHER,
        needs=("disposals",),
        targets=OF_RETIRED,
        part=Words("destination", tuple(sorted(REUSE))),
        whole=_not_leased,
        what="of known destination",
        fill_in="destination, quantity",
        by_type=True,
    ),
    Total(
        name="donated",
        title_en="Items given away",
        title_fr="Équipements donnés",
        unit="item",
        formula="items that left as a donation, over the period",
        denominator="one",
        source=f"{_GUIDANCE} 5",
        axis=2,
        direction=Direction.HIGHER,
        needs=("disposals",),
        counts=Words("destination", ("donation",)),
        what="of known destination",
        fill_in="destination, quantity",
        by_type=True,
    ),
    Total(
        name="reused_inside",
        title_en="Items reused inside",
        title_fr="Équipements réemployés en interne",
        unit="item",
        formula="items passed on inside the organisation, over the period",
        denominator="one",
        source=f"{_GUIDANCE} 6",
        axis=2,
        direction=Direction.HIGHER,
        needs=("disposals",),
        counts=Words("destination", ("reuse_internal",)),
        what="of known destination",
        fill_in="destination, quantity",
        by_type=True,
    ),
    WasteMass(
        name="weee_mass",
        title_en="Mass of waste equipment",
        title_fr="Masse des déchets d'équipements (DEEE)",
        unit="kg",
        formula=(
            "sum of the mass of the rows that go to recycling or are thrown away: as they say it,"
            " else quantity x the mass of their type that you give"
        ),
        denominator="one",
        source=f"{_GUIDANCE} 7",
        axis=2,
        direction=Direction.NONE,
        needs=("disposals",),
        counted_in="kg",
        counts=_IS_WASTE,
        what="of known destination",
        fill_in="weight",
        by_type=True,
    ),
    Proportion(
        name="weee_approved",
        title_en="Waste equipment handed to approved bodies",
        title_fr="Part des DEEE remis à des organismes agréés",
        unit="%",
        formula="100 x mass of waste to approved bodies / mass of waste of which it is known",
        denominator="mass of waste of which it is known",
        source=f"{_GUIDANCE} 7",
        axis=2,
        direction=Direction.HIGHER,
        needs=("disposals",),
        amounts=Number("weight", "kg"),
        counted_in="kg",
        part=Flag("approved"),
        whole=_IS_WASTE,
        what="known to be approved or not",
        fill_in="approved, weight",
    ),
    Average(
        name="observed_life",
        title_en="Observed lifetime of equipment",
        title_fr="Durée de vie observée des équipements",
        unit="year",
        formula=(
            "sum of quantity x (exit - purchase_date) / sum of quantity, over the items that"
            " left and have both dates; a year is 365.25 days"
        ),
        denominator="items that left, with both dates",
        source=f"{_GUIDANCE} 4",
        axis=2,
        direction=Direction.HIGHER,
        needs=("disposals",),
        figures=Years("purchase_date", "date"),
        limits=(0.0, None),
        what="with both dates",
        fill_in="purchase_date",
        by_type=True,
    ),
    Proportion(
        name="kept_after_warranty",
        title_en="Items kept for a year after their warranty",
        title_fr="Part des équipements gardés un an après leur garantie",
        unit="%",
        formula=(
            "100 x items that left a year (365 days) or more after their warranty ended / items"
            " that left and have an end of warranty"
        ),
        denominator="items that left, of known warranty",
        source=_OWN,
        axis=2,
        direction=Direction.HIGHER,
        needs=("disposals",),
        part=_warranty_outlived,
        what="of known warranty",
        fill_in="warranty_end_date",
        by_type=True,
    ),
    ReuseOfRetired(
        name="reuse_of_retired",
        title_en="Retired items directed to reuse (decree no. 2023-266)",
        title_fr="Matériels réformés orientés vers le réemploi (décret n° 2023-266)",
        unit="%",
        formula=(
            "100 x A / B: A items directed to reuse in the year, B items retired and in stock on 1"
            " January; both of the categories 2 and 6 of waste equipment and ten years old at most"
        ),
        denominator="items retired and in stock at the beginning of the period",
        source="decree no. 2023-266 of 12 April 2023, article 3",
        axis=2,
        direction=Direction.HIGHER,
        needs=("disposals", "inventory_before"),
        targets=OF_RETIRED,
    ),
    Total(
        name="repaired",
        title_en="Items repaired",
        title_fr="Équipements réparés",
        unit="item",
        formula="items repaired, over the period",
        denominator="one",
        source=f"{_GUIDANCE} 8",
        axis=2,
        direction=Direction.HIGHER,
        needs=("repairs",),
        counts=Words("outcome", ("repaired",)),
        what="of known outcome",
        fill_in="outcome, quantity",
        by_type=True,
    ),
    Proportion(
        name="repair_rate",
        title_en="Items repaired rather than replaced",
        title_fr="Part des pannes réparées plutôt que remplacées",
        unit="%",
        formula="100 x items repaired / items that failed: repaired, replaced or beyond repair",
        denominator="items that failed, of known outcome",
        source=_OWN,
        axis=2,
        direction=Direction.HIGHER,
        needs=("repairs",),
        part=Words("outcome", ("repaired",)),
        what="of known outcome",
        fill_in="outcome",
        by_type=True,
    ),
    Total(
        name="repair_hours",
        title_en="Hours of repair",
        title_fr="Heures de réparation",
        unit="h",
        formula="hours of work of the repairs of the period",
        denominator="one",
        source=f"{_GUIDANCE} 8",
        axis=2,
        direction=Direction.NONE,
        needs=("repairs",),
        amounts=Number("hours", "h"),
        counted_in="h",
        what="known",
        fill_in="hours",
    ),
)
