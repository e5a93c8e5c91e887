"""Buying: indicators of axis 1, sustainable purchasing, from purchases and contracts.

Sums, shares and means of the rows of a year; each names who asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from reen.plugin import Reason
from reen.plugin.indicators import Direction, Indicator, IndicatorContext, IndicatorValue
from reen_plugins.indicators.columns import Flag, Held, Number, Words, of_rows
from reen_plugins.indicators.declared import Average, Described, Proportion, Total
from reen_plugins.indicators.legal import OF_PURCHASES
from reen_plugins.indicators.rows import Answers, Rows, all_of, any_of, entities_of
from reen_plugins.indicators.sums import sum_of
from reen_plugins.indicators.tallies import entity_subject

__all__ = ["BUYING", "ReuseInSpending"]

_GUIDANCE = "State guidance to local authorities, example"
_BORDEAUX = "engagements of Bordeaux Métropole: one refurbished item bought for two retired"


def _with_clause(rows: Rows) -> Answers:
    return any_of(rows.flag("environmental_clause"), rows.flag("social_clause"))


@attrs.frozen(kw_only=True)
class RefurbishedOverRetired(Described):
    """Refurbished items bought, over all items that left."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole, and of each entity where they are asked for."""
        bought, gone = context.purchases, context.disposals
        if bought is None or gone is None:
            return
        purchases, disposals = Rows(bought.batch), Rows(gone.batch)
        yield self._of(context, purchases, disposals, "")
        for name in entities_of(purchases, disposals) if context.by_entity else ():
            yield self._of(context, purchases, disposals, name)

    def _of(
        self, context: IndicatorContext, purchases: Rows, disposals: Rows, entity: str
    ) -> IndicatorValue:
        days = context.period.start, context.period.end
        subject = entity_subject(entity, ()) if entity else ""
        within = all_of(disposals.dated("date", *days), disposals.of_entity(entity))
        left = sum_of(disposals.items, disposals.yes, within)
        if left.value <= 0.0:
            reason = Reason("no_row_in_period", kind="disposals", period=str(context.period))
            return context.left_out(self, reason, subject=subject)
        reused = sum_of(
            purchases.items,
            purchases.flag("reconditioned"),
            all_of(purchases.dated("date", *days), purchases.of_entity(entity)),
        )
        ratio, ends = reused.over(left, 100.0)
        return context.value(
            self,
            ratio,
            subject=subject,
            completeness=reused.completeness("known to be refurbished or not"),
            ends=ends,
            limits=(0.0, None),
            numerator=reused.value,
            denominator=left.value,
        )


def _spent(rows: Rows) -> Answers:
    return rows.items * rows.number("unit_price", "EUR/item")


@attrs.frozen(kw_only=True)
class ReuseInSpending(Proportion):
    """Share of reused items in spending, what was given counted at flat values that you name.

    The law counts items that were given to the authority at the flat values of a ministerial order
    (29 February 2024).  Its table is not bundled, since it could not be checked: without it, what
    was given without a price is unknown, and opens the ends.

    Attributes
    ----------
    flat_values
        Value of an item given, EUR without tax, by equipment type.
    flat_values_source
        Who says so.
    """

    flat_values: Mapping[str, float] = attrs.field(factory=dict)
    flat_values_source: str = ""

    def of(
        self, context: IndicatorContext, rows: Rows, within: Answers, subject: str
    ) -> IndicatorValue:
        """Return the share of some rows, and what of it is by flat values."""
        spent, reused, given = _spent(rows), _REUSED(rows), _GIVEN(rows) == 1.0
        # the price of a gift is no spending, and a gift of no flat value is not worth nothing
        worth = np.where(given, rows.items * rows.of_types(self.flat_values), spent)
        # what was given was used before, unless the row says that it was not
        again = np.where(given & np.isnan(reused), 1.0, reused)
        share = attrs.evolve(self, amounts=Held(worth), part=Held(again))
        value = super(ReuseInSpending, share).of(context, rows, within, subject)
        counted = given & (again == 1.0) & (within == 1.0) & ~np.isnan(worth)
        if not counted.any():
            return value
        euros = float(worth[counted].sum())
        note = Reason("by_flat_values", eur=euros, source=self.flat_values_source)
        return attrs.evolve(value, notes=(*value.notes, note))


@attrs.frozen(kw_only=True)
class FootprintOfSpending(Described):
    """What it took to make what was bought, over what was spent on it."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole."""
        bought, footprint = context.purchases, context.purchases_footprint
        if bought is None or footprint is None:
            return
        rows = Rows(bought.batch)
        within = rows.dated("date", context.period.start, context.period.end)
        spent = sum_of(_spent(rows), rows.yes, within)
        told = spent.completeness("of known price", "EUR")
        made = footprint.total(_CLIMATE) if _CLIMATE in footprint.criteria else None
        if made is None or np.isnan(made.value):
            yield context.left_out(self, Reason("nothing_assessed"), completeness=told)
            return
        if spent.value <= 0.0:
            yield context.left_out(self, Reason("fill_in", columns="unit_price"), completeness=told)
            return
        least, most = spent.ends
        # a row of no date would add to both, and one without a factor to the upper end only
        open_ended = bool(np.isnan(within).any())
        low = 0.0 if open_ended or most is None else _KILO * made.value / most
        high = _KILO * made.value / least if least and made.complete and not open_ended else None
        # what was paid for is counted, and what it took to make it not wholly
        bound = made.lower_bound and not open_ended and least == most
        yield context.value(
            self,
            _KILO * made.value / spent.value,
            completeness=told,
            lower_bound=bound,
            ends=None if bound else (low, high),
            limits=(0.0, None),
            numerator=made.value,
            denominator=spent.value / _KILO,
        )


#: Criterion of footprints, and EUR in a kEUR.
_CLIMATE, _KILO = "climate_change", 1000.0

_AMOUNT, _REUSED = Number("amount", "EUR"), Flag("reconditioned")
_GIVEN = Words("acquisition", ("donation",))

BUYING: tuple[Indicator, ...] = (
    FootprintOfSpending(
        name="kg_per_keuro",
        title_en="Footprint of purchases per 1,000 EUR",
        title_fr="Empreinte des achats, par millier d'euros",
        unit="kgCO2e/kEUR",
        formula=(
            "climate change of making what was bought in the period, each item whole / spending"
            " (quantity x unit_price) on it, in thousands of EUR without tax"
        ),
        denominator="spending of known price, kEUR",
        source="reen",
        axis=1,
        direction=Direction.LOWER,
        needs=("purchases", "purchases_footprint"),
    ),
    Proportion(
        name="reuse_in_purchases",
        title_en="Reused or refurbished items in purchases",
        title_fr="Part du réemploi et du reconditionné dans les achats",
        unit="%",
        formula=(
            "100 x items bought second-hand or refurbished / items bought of which it is known,"
            " over the period"
        ),
        denominator="items bought of which it is known whether they are reused",
        source=f"{_GUIDANCE} 1; AGEC law, article 58",
        axis=1,
        direction=Direction.HIGHER,
        needs=("purchases",),
        targets=OF_PURCHASES,
        part=_REUSED,
        what="known to be reused or not",
        fill_in="reconditioned, quantity",
        by_type=True,
    ),
    ReuseInSpending(
        name="reuse_in_spending",
        title_en="Reused or refurbished items in spending",
        title_fr="Part du réemploi et du reconditionné dans les dépenses",
        unit="%",
        formula=(
            "100 x spending (quantity x unit_price) on second-hand or refurbished items / spending"
            " of which it is known, over the period; items given count at the flat values that you"
            " name"
        ),
        denominator="spending of which it is known whether it is on reused items",
        source=f"{_GUIDANCE} 1; AGEC law, article 58",
        axis=1,
        direction=Direction.HIGHER,
        needs=("purchases",),
        targets=OF_PURCHASES,
        amounts=_spent,
        counted_in="EUR",
        part=_REUSED,
        what="known to be reused or not",
        fill_in="reconditioned, quantity, unit_price",
        by_type=True,
    ),
    RefurbishedOverRetired(
        name="refurbished_over_retired",
        title_en="Refurbished items bought for items retired",
        title_fr="Équipements reconditionnés achetés pour équipements sortis",
        unit="%",
        formula="100 x items bought second-hand or refurbished / items that left, over the period",
        denominator="items that left",
        source=_BORDEAUX,
        axis=1,
        direction=Direction.HIGHER,
        needs=("purchases", "disposals"),
    ),
    Average(
        name="repairability",
        title_en="Index of repairability of purchases",
        title_fr="Indice de réparabilité des achats",
        unit="1",
        formula="sum of quantity x repairability / sum of quantity, over purchases with an index",
        denominator="items bought with an index",
        source="AGEC law no. 2020-105, article 16, for the index; the mean is reen's",
        axis=1,
        direction=Direction.HIGHER,
        needs=("purchases",),
        figures=Number("repairability", "1"),
        limits=(0.0, 10.0),
        what="with an index",
        fill_in="repairability",
        by_type=True,
    ),
    Proportion(
        name="label_share",
        title_en="Items bought with an environmental label",
        title_fr="Part des achats porteurs d'un label environnemental",
        unit="%",
        formula="100 x items bought with a label / items bought of which it is known",
        denominator="items bought of which it is known",
        source="reen",
        axis=1,
        direction=Direction.HIGHER,
        needs=("purchases",),
        part=Flag("labelled"),
        what="known to have a label or not",
        fill_in="labelled",
        by_type=True,
    ),
    Proportion(
        name="rental_share",
        title_en="Items leased rather than bought",
        title_fr="Part des équipements loués plutôt qu'achetés",
        unit="%",
        formula="100 x items leased / items acquired of which the way is known",
        denominator="items acquired of which the way is known",
        source="reen",
        axis=1,
        direction=Direction.NONE,
        needs=("purchases",),
        part=Words("acquisition", ("lease",)),
        what="of known way of acquisition",
        fill_in="acquisition",
    ),
    Total(
        name="clauses",
        title_en="Contracts with an environmental or a social clause",
        title_fr="Marchés avec une clause environnementale ou sociale",
        unit="1",
        formula="contracts of the period with an environmental clause, a social one or both",
        denominator="one",
        source=f"{_GUIDANCE} 2",
        axis=1,
        direction=Direction.HIGHER,
        needs=("contracts",),
        amounts=of_rows,
        counted_in="contract",
        counts=_with_clause,
        what="of known clauses",
        fill_in="environmental_clause, social_clause",
    ),
    Proportion(
        name="clause_spending",
        title_en="Spending under an environmental or a social clause",
        title_fr="Part des dépenses sous clause environnementale ou sociale",
        unit="%",
        formula="100 x amount of contracts with a clause / amount of those of which it is known",
        denominator="amount of contracts of known clauses",
        source=f"{_GUIDANCE} 3",
        axis=1,
        direction=Direction.HIGHER,
        needs=("contracts",),
        amounts=_AMOUNT,
        counted_in="EUR",
        part=_with_clause,
        what="of known clauses",
        fill_in="environmental_clause, social_clause, amount",
    ),
    Average(
        name="criterion_weight",
        title_en="Weight of the environmental criterion in awards",
        title_fr="Poids du critère environnemental dans les attributions",
        unit="%",
        formula="sum of amount x weight of the criterion / sum of amount, over contracts",
        denominator="amount of contracts of known weight",
        source="reen",
        axis=1,
        direction=Direction.HIGHER,
        needs=("contracts",),
        amounts=_AMOUNT,
        counted_in="EUR",
        figures=Number("criterion_weight", "percent"),
        limits=(0.0, 100.0),
        what="of known weight",
        fill_in="criterion_weight, amount",
    ),
    Total(
        name="local_repair_contracts",
        title_en="Contracts with a repairer of the territory",
        title_fr="Marchés avec un réparateur du territoire",
        unit="1",
        formula="contracts of the period that are one of repair with a repairer of the territory",
        denominator="one",
        source=f"{_GUIDANCE} 8",
        axis=2,
        direction=Direction.HIGHER,
        needs=("contracts",),
        amounts=of_rows,
        counted_in="contract",
        counts=Flag("local_repair"),
        what="known to be of local repair or not",
        fill_in="local_repair",
    ),
)
