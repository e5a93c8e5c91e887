"""Reuse of disposals: the share of what leaves the organisation that is used again.

    share = 100 x items sold, given or passed on for reuse / items of known destination

over the disposals of the period.  Lost items count in the denominator; leased items that go back
to their lessor are not the organisation's to give and count in neither.  French public bodies must
direct a minimal share of their discarded computer equipment to reuse: decree no. 2023-266 of 12
April 2023, article 3 (25 % in 2023, 35 % in 2024, 50 % from 2025), under law no. 2021-1485 of 15
November 2021 (REEN), article 16.  The decree counts over the discarded items in stock on 1 January
and leaves out equipment over ten years old: this share is close to it and not the legal statement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

import attrs
import numpy as np

from reen import Direction, Disposals, IndicatorContext, IndicatorValue, Target
from reen_plugins.indicators.tallies import Tally, may_belong, tally_by_type, with_whole

__all__ = ["ReuseOfDisposals"]

#: Destinations where the item is used again, and those that are not the organisation's choice.
REUSE = frozenset({"reuse_internal", "donation", "sale", "refurbisher"})
NOT_COUNTED = frozenset({"returned_to_lessor"})

_SOURCE = "decree no. 2023-266 of 12 April 2023, article 3 (REEN law no. 2021-1485, article 16)"

LEGAL = (
    Target(25.0, _SOURCE, since=dt.date(2023, 1, 1), until=dt.date(2023, 12, 31)),
    Target(35.0, _SOURCE, since=dt.date(2024, 1, 1), until=dt.date(2024, 12, 31)),
    Target(50.0, _SOURCE, since=dt.date(2025, 1, 1)),
)


@attrs.frozen
class ReuseOfDisposals:
    """Share of the items that left the organisation in a period and are used again.

    Attributes
    ----------
    targets
        The legal levels by default, by year.
    """

    targets: tuple[Target, ...] = LEGAL

    name: ClassVar[str] = "reuse_of_disposals"
    title_en: ClassVar[str] = "Items reused among those disposed of"
    title_fr: ClassVar[str] = "Part du réemploi dans les matériels réformés"
    unit: ClassVar[str] = "%"
    formula: ClassVar[str] = (
        "100 x items reused inside, given, sold or handed to a refurbisher / items disposed of"
        " whose destination is known, over the period; returns to a lessor are in neither"
    )
    denominator: ClassVar[str] = "items disposed of, of known destination"
    source: ClassVar[str] = "decree no. 2023-266 of 12 April 2023, article 3, over all that left"
    axis: ClassVar[int] = 2
    direction: ClassVar[Direction] = Direction.HIGHER
    needs: ClassVar[tuple[str, ...]] = ("disposals",)

    def values(self, context: IndicatorContext) -> Iterable[IndicatorValue]:
        """Return the value of all disposals, then of each type."""
        if context.disposals is None:
            return
        tallies = _tallies(context.disposals.between(context.period.start, context.period.end))
        dateless = _tallies(context.disposals.without_date())
        undated = context.disposals.undated
        for subject, tally in with_whole(tallies).items():
            completeness = tally.completeness("of known destination")
            if not tally.rows:
                why = f"no disposal dated in {context.period}"
            elif tally.rows == tally.unknown:
                why = "no quantity is known (a weight alone does not say how many)"
            else:
                why = "no destination is known"
            if tally.known <= 0.0:
                yield context.left_out(self, why, subject=subject, completeness=completeness)
                continue
            note = f"{undated} disposal(s) without a date are in no period"
            yield context.value(
                self,
                100.0 * (tally.part / tally.known),
                subject=subject,
                completeness=completeness,
                notes=(note,) if undated and not subject else (),
                ends=tally.shares(may_belong(subject, tallies, dateless)),
                limits=(0.0, 100.0),
                numerator=tally.part,
                denominator=tally.known,
            )


def _tallies(disposals: Disposals) -> dict[str, Tally]:
    """Return the sums by type, what goes back to a lessor left out."""
    batch = disposals.batch
    codes, names = batch.codes("destination")
    reused = np.array([_reused(name) for name in names] + [np.nan])[codes]
    leased = np.array([name in NOT_COUNTED for name in names] + [False])[codes]
    return tally_by_type(batch, batch.values("quantity", "item"), reused, keep=~leased)


def _reused(destination: str) -> float:
    """Return 1 for a destination of reuse, 0 for another, NaN where it is not known."""
    if destination == "unknown":
        return float("nan")
    return 1.0 if destination in REUSE else 0.0
