"""Indicator values: a number with its unit, period, target, completeness and provenance.

Role: what comes out of an indicator.  Immutable, picklable, plain strings and numbers: a value can
be shown, stored and compared with next year's without the plugin that made it.  A value that
cannot be computed is there without a number and with the reason; it is never zero and never NaN.

Must not compute anything, nor know an inventory, a footprint or a file.
"""

from __future__ import annotations

import datetime as dt
import enum
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from reen.errors import OptionError
from reen.lazy_names import lazy_module
from reen.reasons import Reason, as_reasons, reason_if_given, spoken
from reen.results.wording import scaled
from reen.vocabulary.units import quantity

if TYPE_CHECKING:
    import pint
else:  # who asks for no quantity does not wait for it
    pint = lazy_module("pint")

__all__ = ["Completeness", "Direction", "IndicatorValue", "Period", "Target"]


class Direction(enum.StrEnum):
    """Which way an indicator should go."""

    #: Less is better.
    LOWER = "lower"
    #: More is better.
    HIGHER = "higher"
    #: Neither: the figure describes, it does not judge.
    NONE = "none"


@attrs.frozen
class Target:
    """A level to reach, and who set it.

    Attributes
    ----------
    value
        Level, in the unit of the indicator.
    source
        Law, decree, deliberation or plan that sets it.
    since, until
        First and last day on which the source sets it; None without limit.
    at_most
        Whether the value should stay below it, rather than reach it.
    note
        What must be known to compare with it.
    source_fr
        The source in French; empty where it is only given as `source`.
    """

    value: float
    source: str
    since: dt.date | None = attrs.field(default=None, kw_only=True)
    until: dt.date | None = attrs.field(default=None, kw_only=True)
    at_most: bool = attrs.field(default=False, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)
    source_fr: str = attrs.field(default="", kw_only=True)

    @property
    def cited(self) -> str:
        """Return the source in the language in force."""
        return self.source_fr if self.source_fr and spoken() == "fr" else self.source

    def in_force(self, day: dt.date) -> bool:
        """Tell whether the source sets it on `day`."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    def text(self, unit: str) -> str:
        """Return the level in words, such as ``at least 20 %``."""
        last = f" (until {self.until})" if self.until else ""
        return f"{'at most' if self.at_most else 'at least'} {self.value:g} {unit}{last}"


@attrs.frozen
class Completeness:
    """The share of what should be counted that a value covers.

    Attributes
    ----------
    known
        Items (or money) of which all that the indicator needs is known.
    total
        Items (or money) in all, the known ones included, where their number is known.
    rows
        Rows that the value is about.
    unknown_rows
        Rows whose number of items is not known: they are in neither count.
    what
        What is known of the known ones: ``assessed``, ``of known lifetime``...
    unit
        Unit of both counts, ``item`` or ``EUR``.
    """

    known: float
    total: float
    rows: int = 0
    unknown_rows: int = 0
    what: str = "known"
    unit: str = "item"

    @property
    def share(self) -> float | None:
        """Return known / total, from 0 to 1; None when there is nothing to count."""
        return self.known / self.total if self.total > 0.0 else None

    @property
    def complete(self) -> bool:
        """Tell whether everything is known."""
        return self.known >= self.total and not self.unknown_rows

    def __str__(self) -> str:
        """Return both counts in words."""
        unit = "items" if self.unit == "item" else self.unit
        text = f"{_count(self.known)} of {_count(self.total)} {unit} {self.what}"
        if self.unknown_rows:
            plural = "s" if self.unknown_rows > 1 else ""
            text += f"; {self.unknown_rows} row{plural} of unknown quantity"
        return text


#: Ends that are as near as this to the value are the value: sums of the same items differ in order.
_SAME = 1e-9


def _count(value: float) -> str:
    return f"{value:,.0f}" if value == math.floor(value) else f"{value:,.2f}"


@attrs.frozen
class Period:
    """Some days, from `start` to `end`, both included."""

    start: dt.date
    end: dt.date = attrs.field()

    @end.validator
    def _end_is_not_before_start(self, _: object, end: dt.date) -> None:
        if end < self.start:
            raise OptionError(
                "indicators", "period", str(self), Reason("error_an_end_on_after_start_period")
            )

    def __str__(self) -> str:
        """Return the year, or the first and last day."""
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31):
            years = {self.start.year, self.end.year}
            return "-".join(str(year) for year in sorted(years))
        return f"{self.start} to {self.end}"

    @classmethod
    def of(cls, start: dt.date | str, end: dt.date | str) -> Period:
        """Return the period between two days, as dates or ISO text.

        Raises
        ------
        OptionError
            When one is no date, or the end is before the start.
        """
        return cls(_day(start), _day(end))

    @classmethod
    def year(cls, year: int) -> Period:
        """Return a calendar year."""
        return cls(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _day(given: dt.date | str) -> dt.date:
    if isinstance(given, dt.datetime):
        return given.date()
    if isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise OptionError(
            "indicators", "period", str(given), Reason("error_two_dates_2022_01_01_2022_12")
        ) from error


@attrs.frozen(kw_only=True)
class IndicatorValue:
    """One value of an indicator, for a whole organisation or a part of it.

    Attributes
    ----------
    indicator
        Name of the indicator.
    title_en, title_fr
        Its titles.
    subject
        What the value is about: an equipment type, an entity, a flow kind; empty for the whole.
    value
        Number in `unit`, finite; None when it cannot be computed.
    missing
        Why there is no number, and what would give one; None when there is one.
    unit
        Unit of the indicator.
    period
        Days that the value is about.
    completeness
        What the number rests on; None where nothing is counted.
    lower_bound
        Whether the true value can only be higher.
    target
        Level to reach, with its source; None where nobody set one.
    notes
        What must be known to read the number.
    provenance
        Hash of each input, by name: ``footprint``, ``inventory``, ``purchases``...
    least, most
        Ends between which the true value lies, all that could not be read counting against or for
        it; None where there is none, or none is known.
    unread
        Whether rows of an input were refused or are doubted, or may belong to the subject.
    numerator, denominator
        What was divided by what, where the value is a ratio; None where it is none.
    """

    indicator: str
    title_en: str
    title_fr: str
    subject: str = ""
    value: float | None = attrs.field(default=None)
    missing: Reason | None = attrs.field(default=None, converter=reason_if_given)
    unit: str
    period: Period
    completeness: Completeness | None = None
    lower_bound: bool = False
    target: Target | None = None
    notes: tuple[Reason, ...] = attrs.field(default=(), converter=as_reasons)
    provenance: Mapping[str, str] = attrs.field(factory=dict)
    least: float | None = None
    most: float | None = None
    unread: bool = False
    numerator: float | None = None
    denominator: float | None = None

    @value.validator
    def _value_is_finite_or_the_reason_is_given(self, _: object, value: float | None) -> None:
        if (value is None) != (self.missing is not None):
            message = f"{self.indicator}: give a number, or the reason why there is none"
            raise ValueError(message)
        if value is not None and not math.isfinite(value):
            message = f"{self.indicator}: {value} is no value; say why it is missing instead"
            raise ValueError(message)

    @property
    def quantity(self) -> pint.Quantity[float] | None:
        """Return the value as a pint Quantity of reen's registry, or None."""
        return None if self.value is None else quantity(self.value, self.unit)

    def __attrs_post_init__(self) -> None:
        """Refuse ends that the value does not lie between."""
        for end, sign in ((self.least, 1.0), (self.most, -1.0)):
            if end is not None and (self.value is None or sign * (self.value - end) < -_SAME):
                message = f"{self.indicator}: {self.value} does not lie from {self.least} to"
                raise ValueError(f"{message} {self.most}")

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """Return the ends between which the true value lies, None where none is known.

        Both are the value where all that it needs is known.
        """
        if self.least is not None or self.most is not None:
            return self.least, self.most
        if self.lower_bound:
            return self.value, None
        if self.unread or (self.completeness is not None and not self.completeness.complete):
            return None, None
        return self.value, self.value

    @property
    def is_judged(self) -> bool:
        """Tell whether there is a number, and a target in force at the end of the period."""
        target = self.target
        return self.value is not None and target is not None and target.in_force(self.period.end)

    @property
    def meets_target(self) -> bool | None:
        """Tell whether the target is reached.

        None when there is no number, no target, or the source of the target did not set it at the
        end of the period; and when what could not be read might change the answer: a verdict holds
        at both `ends`.
        """
        if not self.is_judged or self.target is None:
            return None
        least, most = self.ends
        level = self.target.value
        good, bad = (most, least) if self.target.at_most else (least, most)
        sign = -1.0 if self.target.at_most else 1.0
        if good is not None and sign * (good - level) >= 0.0:
            return True
        if bad is not None and sign * (bad - level) < 0.0:
            return False
        return None

    def __str__(self) -> str:
        """Return the number with its unit and ends, '>=' on a bound; else why there is none."""
        if self.value is None:
            return f"left out: {self.missing}"
        value, unit = scaled(self.value, self.unit)
        if unit == "year" and value != 1.0:
            unit = "years"
        shown = "" if unit == "1" else f" {unit}"
        if self.lower_bound:
            return f">= {value:,.4g}{shown}"
        least, most = (
            None if end is None else f"{scaled_like(end, self.value, value):,.4g}"
            for end in self.ends
        )
        if least is None or most is None:
            opened = f"from {least}" if least else f"up to {most}" if most else "incomplete"
            return f"{value:,.4g}{shown} ({opened})"
        between = f" (from {least} to {most})" if self.ends[0] != self.ends[1] else ""
        return f"{value:,.4g}{shown}{between}"


def scaled_like(number: float, value: float, shown: float) -> float:
    """Return a number in the multiple in which a value is shown."""
    return number * (shown / value) if value else number
