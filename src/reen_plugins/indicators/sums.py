"""Sums: what indicators add up and divide, between the ends that the unread rows leave open.

Input: amounts and answers of `rows`.  Output: sums, shares and means, with their two ends and how
much is known.  All amounts are of zero or more.  Knows no indicator and no file.
"""

from __future__ import annotations

import math

import attrs
import numpy as np

from reen.plugin.indicators import Completeness
from reen_plugins.indicators.rows import Answers, all_of

__all__ = ["Mean", "Share", "Sum", "mean_of", "share_of", "sum_of"]


def _added(amounts: Answers, where: Answers) -> float:
    """Return the sum of the known amounts of the rows where an answer is yes."""
    return float(np.nansum(np.where(where == 1.0, amounts, 0.0)))


@attrs.frozen
class Sum:
    """Amounts added up.

    Attributes
    ----------
    value
        Sum of what is known to count.
    most
        Sum if all that may count did; infinite where an amount is not known.
    known, total
        Amounts of which it is known whether they count, and all of them that may.
    rows, unknown
        Rows that may count, and those of them of unknown amount.
    """

    value: float
    most: float
    known: float
    total: float
    rows: int
    unknown: int

    @property
    def ends(self) -> tuple[float, float | None]:
        """Return the ends, None where there is none."""
        return self.value, self.most if math.isfinite(self.most) else None

    def completeness(self, what: str, unit: str = "item") -> Completeness:
        """Return how much is known."""
        return Completeness(self.known, self.total, self.rows, self.unknown, what, unit)

    def over(self, other: Sum, times: float = 1.0) -> tuple[float, tuple[float, float | None]]:
        """Return a ratio and its ends; the other sum is above zero."""
        low = times * self.value / other.most if math.isfinite(other.most) else 0.0
        high = times * self.most / other.value
        return times * self.value / other.value, (low, high if math.isfinite(high) else None)


def sum_of(amounts: Answers, counts: Answers, within: Answers | None = None) -> Sum:
    """Return the sum of the rows that count.

    Parameters
    ----------
    amounts
        Amount of each row, NaN where unknown.
    counts
        Whether it counts.
    within
        Rows of which the sum is, such as those of the year; all when absent.
    """
    within = np.ones(len(amounts)) if within is None else within
    both = all_of(counts, within)
    may = np.isnan(both)
    lost = np.isnan(amounts)
    open_ended = bool((lost & (both != 0.0)).any())
    value = _added(amounts, both)
    of_all = (within != 0.0) & ~lost
    return Sum(
        value,
        math.inf if open_ended else value + float(np.nansum(np.where(may, amounts, 0.0))),
        known=float(amounts[of_all & ~may].sum()),
        total=float(amounts[of_all].sum()),
        rows=int((within != 0.0).sum()),
        unknown=int((lost & (both != 0.0)).sum()),
    )


@attrs.frozen
class Share:
    """A part of a whole, in per cent.

    Attributes
    ----------
    part, whole
        Sums of what is known.
    least, most
        The share if all that is unread counted against it, and for it.
    total, rows, unknown
        As of `Sum`.
    """

    part: float
    whole: float
    least: float
    most: float
    total: float
    rows: int
    unknown: int

    @property
    def value(self) -> float:
        """Return the share of what is known."""
        return 100.0 * self.part / self.whole

    @property
    def ends(self) -> tuple[float, float]:
        """Return the ends."""
        return self.least, self.most

    def completeness(self, what: str, unit: str = "item") -> Completeness:
        """Return how much is known."""
        return Completeness(self.whole, self.total, self.rows, self.unknown, what, unit)


def share_of(amounts: Answers, part: Answers, whole: Answers) -> Share:
    """Return the share of the rows of a part in those of a whole.

    A row of which it is not known whether it belongs to the whole, or to the part, counts for
    the share at one end and against it at the other; an unknown amount opens both ends.

    Parameters
    ----------
    amounts
        Amount of each row, NaN where unknown.
    part, whole
        Whether it belongs to each.
    """
    lost = np.isnan(amounts)
    known = (whole == 1.0) & ~np.isnan(part)
    inside, outside = _added(amounts, known & (part == 1.0)), _added(amounts, known & (part == 0.0))
    either = _added(amounts, (whole != 0.0) & np.isnan(part))
    may = np.isnan(whole)
    perhaps_in, perhaps_out = (
        _added(amounts, may & (part == 1.0)),
        _added(amounts, may & (part == 0.0)),
    )
    lowest, highest = (
        inside + outside + either + perhaps_out,
        inside + outside + either + perhaps_in,
    )
    opened = bool((lost & (whole != 0.0)).any())
    return Share(
        inside,
        inside + outside,
        0.0 if opened or not lowest else 100.0 * inside / lowest,
        100.0 if opened or not highest else 100.0 * (inside + either + perhaps_in) / highest,
        total=float(amounts[(whole != 0.0) & ~lost].sum()),
        rows=int((whole != 0.0).sum()),
        unknown=int((lost & (whole != 0.0)).sum()),
    )


@attrs.frozen
class Mean:
    """A mean of figures, weighed by amounts.

    Attributes
    ----------
    part, weight
        Sum of amount times figure, and of amounts, where both are known.
    least, most
        The mean if all that is unread had the smallest figure, and the largest; None where a figure
        has no limit or an amount is not known.
    total, rows, unknown
        As of `Sum`.
    """

    part: float
    weight: float
    least: float | None
    most: float | None
    total: float
    rows: int
    unknown: int

    @property
    def value(self) -> float:
        """Return the mean of what is known."""
        return self.part / self.weight

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """Return the ends."""
        return self.least, self.most

    def completeness(self, what: str, unit: str = "item") -> Completeness:
        """Return how much is known."""
        return Completeness(self.weight, self.total, self.rows, self.unknown, what, unit)


def mean_of(
    amounts: Answers,
    figures: Answers,
    counts: Answers,
    limits: tuple[float | None, float | None] = (None, None),
) -> Mean:
    """Return the mean of the figures of the rows that count.

    Parameters
    ----------
    amounts, counts
        As of `sum_of`.
    figures
        Figure of each row, NaN where unknown.
    limits
        Ends that no figure can pass.
    """
    lost = np.isnan(amounts)
    known = (counts == 1.0) & ~np.isnan(figures) & ~lost
    open_rows = (counts != 0.0) & ~known
    weight, part = float(amounts[known].sum()), float((amounts * figures)[known].sum())
    more = float(amounts[open_rows & ~lost].sum())
    opened = bool((open_rows & lost).any())

    def end(limit: float | None) -> float | None:
        if not (more or opened):
            return part / weight if weight else None
        if limit is None:
            return None
        return limit if opened or not weight else (part + more * limit) / (weight + more)

    return Mean(
        part,
        weight,
        end(limits[0]),
        end(limits[1]),
        total=float(amounts[(counts != 0.0) & ~lost].sum()),
        rows=int((counts != 0.0).sum()),
        unknown=int((lost & (counts != 0.0)).sum()),
    )
