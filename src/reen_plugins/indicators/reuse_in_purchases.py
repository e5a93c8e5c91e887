"""Reuse in purchases: the share of what is bought second-hand or refurbished, in items and money.

    share = 100 x reused or refurbished / purchases known to be one or the other

over the purchases of the period.  French public buyers must reach minimal shares (law no. 2020-105
of 10 February 2020, AGEC, article 58), set by decree no. 2021-254 of 9 March 2021: 20 % as a rule,
computers and mobile phones included, in money spent over a year, by product category.  Decree
no. 2024-134 of 21 February 2024 replaced it on 1 July 2024 with categories and rates that rise in
2024, 2027 and 2030: 20, 25 and 30 % for IT and telephony, at second hand (the text of the decree
was not at hand to check them).  So the share of items is followed against them as a mark, the share
of spending is nearer to the legal one, and neither is the legal statement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

import attrs
import numpy as np

from reen import Direction, IndicatorContext, IndicatorValue, Purchases, Target
from reen_plugins.indicators.tallies import Tally, may_belong, tally_by_type, with_whole

__all__ = ["ReuseInPurchases", "ReuseInSpending"]

_SECOND_HAND = (
    "AGEC law no. 2020-105, article 58; decree no. 2024-134 of 21 February 2024, IT and telephony"
    " (rate second-hand, not checked against the decree)"
)

#: Share that the decree of 2021 set as a rule, then those of the decree of 2024; see the module's
#: docstring for their limits.
LEGAL = (
    Target(
        20.0,
        "AGEC law no. 2020-105 of 10 February 2020, article 58; decree no. 2021-254 of 9 March"
        " 2021",
        since=dt.date(2021, 1, 1),
        until=dt.date(2024, 6, 30),
    ),
    Target(20.0, _SECOND_HAND, since=dt.date(2024, 7, 1), until=dt.date(2026, 12, 31)),
    Target(25.0, _SECOND_HAND, since=dt.date(2027, 1, 1), until=dt.date(2029, 12, 31)),
    Target(30.0, _SECOND_HAND, since=dt.date(2030, 1, 1)),
)


@attrs.frozen
class ReuseInPurchases:
    """Share of second-hand or refurbished items in the purchases of a period.

    Attributes
    ----------
    targets
        The legal levels by default, by year.
    """

    targets: tuple[Target, ...] = LEGAL

    name: ClassVar[str] = "reuse_in_purchases"
    title_en: ClassVar[str] = "Reused or refurbished items in purchases"
    title_fr: ClassVar[str] = "Part du réemploi et du reconditionné dans les achats"
    unit: ClassVar[str] = "%"
    formula: ClassVar[str] = (
        "100 x items bought second-hand or refurbished / items bought of which it is known, over"
        " the period"
    )
    denominator: ClassVar[str] = "items bought of which it is known whether they are reused"
    source: ClassVar[str] = "State guidance, example 1; AGEC law, article 58"
    axis: ClassVar[int] = 1
    direction: ClassVar[Direction] = Direction.HIGHER
    needs: ClassVar[tuple[str, ...]] = ("purchases",)

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return the value of all purchases, then of each type."""
        if context.purchases is not None:
            yield from _shares(self, context, context.purchases)


@attrs.frozen
class ReuseInSpending:
    """Share of second-hand or refurbished items in the money spent over a period.

    Attributes
    ----------
    targets
        The legal levels by default, by year.
    """

    targets: tuple[Target, ...] = LEGAL

    name: ClassVar[str] = "reuse_in_spending"
    title_en: ClassVar[str] = "Reused or refurbished items in spending"
    title_fr: ClassVar[str] = "Part du réemploi et du reconditionné dans les dépenses"
    unit: ClassVar[str] = "%"
    formula: ClassVar[str] = (
        "100 x spending (quantity x unit_price) on second-hand or refurbished items / spending of"
        " which it is known, over the period"
    )
    denominator: ClassVar[str] = "spending of which it is known whether it is on reused items"
    source: ClassVar[str] = "State guidance, example 1; AGEC law, article 58"
    axis: ClassVar[int] = 1
    direction: ClassVar[Direction] = Direction.HIGHER
    needs: ClassVar[tuple[str, ...]] = ("purchases",)

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return the value of all purchases, then of each type."""
        if context.purchases is not None:
            yield from _shares(self, context, context.purchases)


def _tallies(bought: Purchases, *, in_money: bool) -> dict[str, Tally]:
    """Return the sums by type, weighed by items or money."""
    batch = bought.batch
    weights = batch.values("quantity", "item")
    if in_money:
        weights = weights * batch.values("unit_price", "EUR/item")
    true, known = bought.flags("reconditioned")
    part = np.where(known, true.astype(np.float64), np.nan)
    return tally_by_type(batch, weights, part)


def _shares(
    indicator: ReuseInPurchases | ReuseInSpending,
    context: IndicatorContext,
    purchases: Purchases,
) -> Iterable[IndicatorValue]:
    money = isinstance(indicator, ReuseInSpending)
    undated = purchases.undated
    within = purchases.between(context.period.start, context.period.end)
    tallies = _tallies(within, in_money=money)
    dateless = _tallies(purchases.without_date(), in_money=money)
    for subject, tally in with_whole(tallies).items():
        completeness = tally.completeness(
            "known to be reused or not", unit="EUR" if money else "item"
        )
        if not tally.rows:
            why = f"no purchase dated in {context.period}"
        elif tally.rows == tally.unknown:
            why = f"no {'quantity or price' if money else 'quantity'} is known"
        else:
            why = "column reconditioned is blank: say yes or no for each purchase"
        if tally.known <= 0.0:
            yield context.left_out(indicator, why, subject=subject, completeness=completeness)
            continue
        notes = []
        if undated and not subject:
            notes.append(f"{undated} purchase(s) without a date are in no period")
        yield context.value(
            indicator,
            100.0 * (tally.part / tally.known),
            subject=subject,
            completeness=completeness,
            notes=notes,
            ends=tally.shares(may_belong(subject, tallies, dateless)),
            limits=(0.0, 100.0),
            numerator=tally.part,
            denominator=tally.known,
        )
