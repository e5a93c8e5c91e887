"""Kinds of indicators of events, objects and grids: shares of people, counts a head, scores.

Input: what a description says of rows.  Output: the classes that `acting` makes indicators of; each
leaves out by code what it cannot work out.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from reen.plugin import Reason
from reen.plugin.indicators import Completeness, IndicatorContext, IndicatorValue
from reen_plugins.indicators.columns import Reads
from reen_plugins.indicators.declared import Described
from reen_plugins.indicators.people import people_of
from reen_plugins.indicators.rows import Rows, all_of
from reen_plugins.indicators.sums import mean_of, sum_of

__all__ = ["ForEach", "MaturityScore", "NetEnergy", "Partners", "ShareOfPeople"]


#: Dimensions of the grid of the ANCT.
DIMENSIONS = 7


@attrs.frozen(kw_only=True)
class ShareOfPeople(Described):
    """People of one column over those of another, of the events that count.

    Attributes
    ----------
    part, whole
        Columns of the events.
    counts
        Which events.
    """

    part: str
    whole: str
    counts: Reads

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole."""
        assert context.events is not None  # noqa: S101 - named in `needs`
        rows = Rows(context.events.batch)
        within = rows.dated("date", context.period.start, context.period.end)
        mine = all_of(self.counts(rows), within)
        part, whole = rows.number(self.part, "person"), rows.number(self.whole, "person")
        # an event of which one of the two is not known says nothing of the share
        known = (mine == 1.0) & ~np.isnan(part) & ~np.isnan(whole)
        below, above = float(whole[known].sum()), float(part[known].sum())
        if below <= 0.0:
            columns = f"{self.part}, {self.whole}"
            yield context.left_out(self, Reason("fill_in", columns=columns))
            return
        every_event = bool((known == (mine != 0.0)).all())
        share = 100.0 * above / below
        yield context.value(
            self,
            share,
            ends=(share, share) if every_event else (0.0, max(100.0, share)),
            limits=(0.0, max(100.0, share)),
            numerator=above,
            denominator=below,
        )


@attrs.frozen(kw_only=True)
class ForEach(Described):
    """A sum over the events or objects that count, for each person or thousand of them.

    Attributes
    ----------
    kind
        Kind of records.
    amounts, counts
        As of a sum.
    people
        ``agents`` or ``inhabitants``.
    times
        Factor, such as 1,000 inhabitants.
    dated
        Date column; empty of a list that holds at a date as a whole.
    counted_in
        Unit of the amounts.
    """

    kind: str
    amounts: Reads
    counts: Reads
    people: str
    times: float = 1.0
    dated: str = ""
    counted_in: str = "item"

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole."""
        people = people_of(context, self.people)
        if isinstance(people, Reason):
            yield context.left_out(self, people)
            return
        rows = Rows(getattr(context, self.kind).batch)
        period = context.period
        within = rows.dated(self.dated, period.start, period.end) if self.dated else rows.yes
        if not (within != 0.0).any():
            reason = Reason("no_row_in_period", kind=self.kind, period=str(period))
            yield context.left_out(self, reason)
            return
        found = sum_of(self.amounts(rows), self.counts(rows), within)
        least, most = found.ends
        scale = self.times / people.count
        yield context.value(
            self,
            found.value * scale,
            completeness=found.completeness("known", self.counted_in),
            ends=(least * scale, None if most is None else most * scale),
            limits=(0.0, None),
            notes=(people.said,),
            numerator=found.value,
            denominator=people.count,
        )


@attrs.frozen(kw_only=True)
class Partners(Described):
    """Bodies that took part in events."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the number of all of them, then of each kind."""
        assert context.events is not None  # noqa: S101 - named in `needs`
        rows = Rows(context.events.batch)
        within = rows.dated("date", context.period.start, context.period.end) == 1.0
        codes, _ = rows.batch.codes("partner")
        kinds, words = rows.batch.codes("partner_kind")
        there = within & (codes >= 0)
        if not there.any():
            yield context.left_out(self, Reason("fill_in", columns="partner"))
            return
        # an event without a partner has none, or does not say so: there may be more
        yield self._count(context, set(codes[there]), "")
        for code in sorted(set(kinds[there & (kinds >= 0)]), key=lambda each: words[each]):
            yield self._count(context, set(codes[there & (kinds == code)]), words[code])

    def _count(self, context: IndicatorContext, found: set[int], subject: str) -> IndicatorValue:
        number = float(len(found))
        return context.value(
            self,
            number,
            subject=subject,
            lower_bound=True,
            ends=(number, None),
            limits=(0.0, None),
        )


@attrs.frozen(kw_only=True)
class NetEnergy(Described):
    """Energy that connected objects save, less what they use themselves."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the value of the whole, with what the savings are counted against."""
        assert context.connected_objects is not None  # noqa: S101 - named in `needs`
        rows = Rows(context.connected_objects.batch)
        saved = rows.number("saved_energy", "kWh")
        used = rows.items * rows.number("annual_energy", "kWh/item/year")
        if np.isnan(saved).any() or np.isnan(used).any():
            columns = "saved_energy, annual_energy, quantity"
            yield context.left_out(self, Reason("fill_in", columns=columns))
            return
        codes, names = rows.batch.codes("counterfactual")
        claims = saved > 0.0
        told = sorted({names[code] for code in codes[claims & (codes >= 0)]})
        if (claims & (codes < 0)).any():
            yield context.left_out(self, Reason("fill_in", columns="counterfactual"))
            return
        notes = [Reason("saved_against", what=", ".join(told))] if told else []
        used_up = Reason("own_use_of_objects", kwh=float(used.sum()))
        yield context.value(self, float(saved.sum() - used.sum()), notes=(*notes, used_up))


@attrs.frozen(kw_only=True)
class MaturityScore(Described):
    """Plain mean of the dimensions, each the mean of its answers."""

    def values(self, context: IndicatorContext) -> Iterator[IndicatorValue]:
        """Return the mean of the dimensions, then each dimension."""
        assert context.maturity is not None  # noqa: S101 - named in `needs`
        rows = Rows(context.maturity.batch)
        within = rows.dated("date", context.period.start, context.period.end)
        dimension = rows.number("dimension", "1")
        unplaced = bool((np.isnan(dimension) & (within != 0.0)).any())
        there = dimension[(within != 0.0) & ~np.isnan(dimension)]
        numbers = sorted({int(each) for each in there})
        if not numbers:
            reason = Reason("no_row_in_period", kind="maturity", period=str(context.period))
            yield context.left_out(self, reason)
            return
        scores = rows.number("score", "1")
        found = {
            number: mean_of(
                rows.yes, scores, all_of((dimension == number) * 1.0, within), (1.0, 5.0)
            )
            for number in numbers
        }
        empty = [number for number, mean in found.items() if mean.weight <= 0.0]
        means = [mean for mean in found.values() if mean.weight > 0.0]
        if empty or unplaced or not means:
            yield context.left_out(self, Reason("fill_in", columns="dimension, score"))
        else:
            # a dimension that nobody answered has a score from 1 to 5
            silent = DIMENSIONS - len(means)
            least, most = (
                (sum(end or 0.0 for end in ends) + silent * limit) / DIMENSIONS
                for ends, limit in zip(
                    zip(*(mean.ends for mean in means), strict=True), (1.0, 5.0), strict=True
                )
            )
            total = sum(mean.value for mean in means)
            told = Completeness(len(means), DIMENSIONS, DIMENSIONS, 0, "answered", "dimensions")
            yield context.value(
                self,
                total / len(means),
                completeness=told,
                ends=(least, most),
                limits=(1.0, 5.0),
                numerator=total,
                denominator=len(means),
            )
        for number, mean in found.items():
            told = mean.completeness("answered", "answer")
            if mean.weight <= 0.0:
                reason = Reason("fill_in", columns="score")
                yield context.left_out(self, reason, subject=str(number), completeness=told)
                continue
            yield context.value(
                self,
                mean.value,
                subject=str(number),
                completeness=told,
                ends=mean.ends,
                limits=(1.0, 5.0),
                unread=unplaced,
            )
