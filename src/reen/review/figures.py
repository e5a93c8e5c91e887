"""Figures of a review: a number with all that a reader must know of it.

Input: totals and indicator values.  Output: `Figure`: value, unit, bound, ends, what it rests on,
denominator, formula, source.  Computes nothing but shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import attrs

from reen.engine.exchanges import Status
from reen.monitoring.indicator import Indicator
from reen.monitoring.values import IndicatorValue
from reen.reasons import Reason
from reen.results.footprint import Footprint
from reen.results.total import Total
from reen.results.unread import NO_FLEET

__all__ = ["NO_FLEET", "Coverage", "Figure", "coverage_of", "of_indicator", "of_total"]

#: Unit of a count of items.
ITEM = "item"


@attrs.frozen(kw_only=True)
class Coverage:
    """How much of what should be counted is behind a figure.

    Attributes
    ----------
    known, total
        What is behind it, and all that should be.
    unit
        Unit of both.
    unknown_rows
        Rows whose number of items nobody knows: in neither count.
    refused_rows
        Rows of the files that could not be read: in neither count.
    """

    known: float
    total: float
    unit: str = ITEM
    unknown_rows: int = 0
    refused_rows: int = 0

    @property
    def share(self) -> float | None:
        """Return known / total, None where nothing is to be counted."""
        return self.known / self.total if self.total > 0.0 else None


@attrs.frozen(kw_only=True)
class Figure:
    """A number of the review.

    Attributes
    ----------
    name
        What it is, as a key.
    value, unit
        The number; None where there is none.
    missing
        Why there is none.
    lower_bound, doubtful, complete
        Whether the true value can only be higher, something counted may be wrong, nothing lacks.
    low, high
        Ends between which it lies, None where none is known.
    ends_are
        What the ends are: ``unread`` (what is not known counts against and for it) or ``interval``
        (uncertainty of the factors).
    coverage
        What it rests on; None where nothing is counted.
    denominator, denominator_value
        What it is divided by, or is of.
    formula, source
        How it is worked out, and who sets that.
    inputs
        Hash of each input.
    """

    name: str
    value: float | None
    unit: str
    missing: Reason | None = None
    lower_bound: bool = False
    doubtful: bool = False
    complete: bool = True
    low: float | None = None
    high: float | None = None
    ends_are: str = ""
    coverage: Coverage | None = None
    denominator: str
    denominator_value: float | None = None
    formula: str
    source: str = ""
    inputs: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def lacking(self) -> bool:
        """Tell whether something that should be counted is not."""
        on = self.coverage
        share = None if on is None else on.share
        return on is not None and (
            (share is not None and share < 1.0) or bool(on.unknown_rows or on.refused_rows)
        )


def coverage_of(footprint: Footprint) -> Coverage:
    """Return what the total rests on: the fleet, by the kind of flow that is covered least."""
    found: dict[str, list[float]] = {}
    for row in footprint.coverage:
        place = {Status.ASSESSED: 0, Status.LEFT_OUT: 1}.get(row.status)
        if place is not None and row.kind not in NO_FLEET:
            counts = found.setdefault(row.kind, [0.0] * 3)
            counts[place] += row.quantity
            counts[2] += row.unknown
    refused = sum(issue.count for issue in footprint.account.refused)
    kinds = [
        Coverage(
            known=known,
            total=known + left,
            unknown_rows=int(unknown),
            refused_rows=refused,
        )
        for known, left, unknown in found.values()
    ]
    none = Coverage(known=0.0, total=0.0, refused_rows=refused)
    return min(kinds, key=lambda each: 1.0 if each.share is None else each.share, default=none)


def of_total(name: str, footprint: Footprint, criterion: str, *, draw: bool = False) -> Figure:
    """Return the figure of the total of a footprint.

    Parameters
    ----------
    name
        What it is.
    footprint
        The footprint.
    criterion
        Its criterion.
    draw
        Whether to draw its interval; left out where the interval speaks of too little of it.
    """
    total: Total = footprint.total(criterion)
    nothing = math.isnan(total.value)
    low = high = None
    if draw and not nothing:
        found = footprint.interval(criterion=criterion)
        if found.covers_enough:
            low, high = found.lower, found.upper
    return Figure(
        name=name,
        value=None if nothing else total.value,
        unit=total.unit,
        missing=Reason("review_nothing_could_be_measured") if nothing else None,
        lower_bound=total.lower_bound,
        doubtful=total.doubtful,
        complete=total.complete,
        low=low,
        high=high,
        ends_are="" if low is None else "interval",
        coverage=coverage_of(footprint),
        denominator="year",
        denominator_value=1.0,
        formula=f"{footprint.provenance.method} {footprint.provenance.method_version}",
        source=", ".join(f"{each.name} {each.version}" for each in footprint.provenance.packs),
        inputs={"footprint": footprint.provenance.hash},
    )


def of_indicator(value: IndicatorValue, indicator: Indicator) -> Figure:
    """Return the figure of an indicator value."""
    counted = value.completeness
    low, high = value.ends
    wide = value.value is not None and not (low == high == value.value)
    return Figure(
        name=f"{value.indicator}/{value.subject}" if value.subject else value.indicator,
        value=value.value,
        unit=value.unit,
        missing=value.missing,
        lower_bound=value.lower_bound,
        doubtful=value.unread,
        complete=value.value is not None and not wide,
        low=low if wide else None,
        high=high if wide else None,
        ends_are="unread" if wide and (low, high) != (None, None) else "",
        coverage=(
            None
            if counted is None
            else Coverage(
                known=counted.known,
                total=counted.total,
                unit=counted.unit,
                unknown_rows=counted.unknown_rows,
            )
        ),
        denominator=indicator.denominator,
        denominator_value=value.denominator,
        formula=indicator.formula,
        source=indicator.source,
        inputs=value.provenance,
    )
