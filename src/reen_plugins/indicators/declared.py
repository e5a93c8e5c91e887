"""Declared: indicators that are a sum, a share or a mean of the rows of one table.

Input: a description: which rows, what of them, and what it is called.  Output: indicators like any
other, whose values are worked out by `sums`.  What cannot be worked out is left out by code.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from reen.plugin import Reason
from reen.plugin.indicators import (
    Completeness,
    Direction,
    Indicator,
    IndicatorContext,
    IndicatorValue,
    Target,
)
from reen_plugins.indicators.columns import Reads, of_items, of_rows
from reen_plugins.indicators.rows import Answers, Rows, all_of
from reen_plugins.indicators.sums import Share, mean_of, share_of, sum_of
from reen_plugins.indicators.tallies import entity_subject

__all__ = ["Average", "Described", "Proportion", "Total", "value_of_share"]


def sure(within: Answers) -> Answers:
    """Return no where it is not known: completeness is of what is surely of the period."""
    return np.where(within == 1.0, 1.0, 0.0)


def value_of_share(
    indicator: Indicator,
    context: IndicatorContext,
    found: Share,
    *,
    subject: str,
    completeness: Completeness,
) -> IndicatorValue:
    """Return the value of a share of some whole, in per cent, between the ends it may have."""
    return context.value(
        indicator,
        found.value,
        subject=subject,
        completeness=completeness,
        ends=found.ends,
        limits=(0.0, 100.0),
        numerator=found.part,
        denominator=found.whole,
    )


@attrs.frozen(kw_only=True)
class Described:
    """The description of every indicator; see `reen.plugin.indicators.Indicator`.

    Attributes
    ----------
    targets
        Levels of your own strategy, where no law sets one.
    """

    name: str
    title_en: str
    title_fr: str
    unit: str
    formula: str
    denominator: str
    source: str
    axis: int
    direction: Direction
    needs: tuple[str, ...]
    targets: tuple[Target, ...] = ()


@attrs.frozen(kw_only=True)
class OfRecords(Described):
    """An indicator of the rows of one kind of records that are dated in the period.

    Attributes
    ----------
    fill_in
        Columns that would have to be filled in where nothing is known.
    amounts
        Amount of each row.
    counted_in
        Unit of the amounts.
    what
        What is known of the known ones.
    dated
        Date column; empty of a list that holds at a date as a whole.
    by_type
        Whether there is a value for each equipment type.
    """

    fill_in: str = ""
    amounts: Reads = of_items
    counted_in: str = "item"
    what: str = "known"
    dated: str = "date"
    by_type: bool = False

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of all rows of the period, then of each type."""
        (kind,) = self.needs
        rows = Rows(getattr(context, kind).batch)
        within = rows.yes
        if self.dated:
            period = context.period
            within = rows.dated(self.dated, period.start, period.end)
        if not (within == 1.0).any():
            reason = Reason("no_row_in_period", kind=kind, period=str(context.period))
            yield context.left_out(self, reason)
            return
        value = self.of(context, rows, within, "")
        undated = int(np.isnan(within).sum())
        if undated and value.value is not None:
            note = Reason("rows_without_date", count=undated, kind=kind)
            value = attrs.evolve(value, notes=(note, *value.notes))
        yield value
        for name, mine in self._parts(context, rows):
            here = all_of(within, mine)
            if (here == 1.0).any():
                yield self.of(context, rows, here, name)

    def _parts(self, context: IndicatorContext, rows: Rows) -> Iterator[tuple[str, Answers]]:
        """Yield the parts that have a value of their own: types, then entities."""
        types = dict(rows.types()) if self.by_type else {}
        yield from types.items()
        for name, mine in rows.entities() if context.by_entity else ():
            yield entity_subject(name, types), mine

    def of(
        self, context: IndicatorContext, rows: Rows, within: Answers, subject: str
    ) -> IndicatorValue:
        """Return the value of some rows."""
        raise NotImplementedError

    def unknown(self, context: IndicatorContext, subject: str, **said: object) -> IndicatorValue:
        """Return that nothing is known, and what to fill in."""
        reason = Reason("fill_in", columns=self.fill_in)
        return context.left_out(self, reason, subject=subject, **said)  # type: ignore[arg-type]


@attrs.frozen(kw_only=True)
class Total(OfRecords):
    """The sum of the amounts of the rows that count."""

    counts: Reads = of_rows

    def of(
        self, context: IndicatorContext, rows: Rows, within: Answers, subject: str
    ) -> IndicatorValue:
        """Return the sum of some rows."""
        amounts, counts = self.amounts(rows), self.counts(rows)
        found = sum_of(amounts, counts, within)
        told = sum_of(amounts, counts, sure(within)).completeness(self.what, self.counted_in)
        nothing = all_of(counts, within) != 0.0
        if nothing.any() and np.isnan(amounts[nothing]).all():
            return self.unknown(context, subject, completeness=told)
        return context.value(
            self,
            found.value,
            subject=subject,
            completeness=told,
            ends=found.ends,
            limits=(0.0, None),
            lower_bound=found.ends[1] is None,
        )


@attrs.frozen(kw_only=True)
class Proportion(OfRecords):
    """The share of the rows of a part in those of a whole, in per cent."""

    part: Reads
    whole: Reads = of_rows

    def of(
        self, context: IndicatorContext, rows: Rows, within: Answers, subject: str
    ) -> IndicatorValue:
        """Return the share of some rows."""
        amounts, part, whole = self.amounts(rows), self.part(rows), self.whole(rows)
        found = share_of(amounts, part, all_of(whole, within))
        counted = share_of(amounts, part, all_of(whole, sure(within)))
        told = counted.completeness(self.what, self.counted_in)
        if found.whole <= 0.0:
            return self.unknown(context, subject, completeness=told)
        return value_of_share(self, context, found, subject=subject, completeness=told)


@attrs.frozen(kw_only=True)
class Average(OfRecords):
    """The mean of a figure of the rows that count, weighed by their amounts."""

    figures: Reads
    counts: Reads = of_rows
    limits: tuple[float | None, float | None] = (None, None)

    def of(
        self, context: IndicatorContext, rows: Rows, within: Answers, subject: str
    ) -> IndicatorValue:
        """Return the mean of some rows."""
        amounts, figures, counts = self.amounts(rows), self.figures(rows), self.counts(rows)
        found = mean_of(amounts, figures, all_of(counts, within), self.limits)
        counted = mean_of(amounts, figures, all_of(counts, sure(within)))
        told = counted.completeness(self.what, self.counted_in)
        if found.weight <= 0.0:
            return self.unknown(context, subject, completeness=told)
        return context.value(
            self,
            found.value,
            subject=subject,
            completeness=told,
            ends=found.ends,
            limits=self.limits,
            numerator=found.part,
            denominator=found.weight,
        )
