"""The view of indicators: those that have a value, those that meet their target, what others lack.

Input: `Indicators`.  Output: a `View` in the language in force.  Parts of an indicator (entities,
types) are counted; its table has them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reen.monitoring.collection import Indicators
from reen.monitoring.value_words import completeness_text, period_text, value_text
from reen.monitoring.values import IndicatorValue
from reen.reasons import Reason, say, title_of
from reen.views.figures import count, percent, series
from reen.views.model import Breakdown, Point, Row, View

__all__ = ["indicators_view"]

#: Indicators named in one point.
_NAMED = 3


def indicators_view(indicators: Indicators) -> View:
    """Return the view of indicators."""
    names = list(dict.fromkeys(value.indicator for value in indicators))
    mains = [_main(indicators, name) for name in names]
    there = [value for value in mains if value.value is not None]
    period = period_text(mains[0]) if mains else ""
    parts = len(indicators) - sum(not value.subject for value in mains)
    points = sorted(_points(mains), key=lambda point: point.rank)
    return View(
        kind="indicators",
        title=say("view_indicators", known=count(len(there)), count=len(mains), period=period),
        headline=tuple(_verdicts(there)),
        breakdowns=(_table(indicators, there),) if there else (),
        mend_first=tuple(points),
        mend_title=say("view_indicators_lack"),
        stands_out=(say("view_indicator_parts", count=parts),) if parts else (),
        rests_on=(f"reen {indicators.reen_version}",),
    )


def _main(indicators: Indicators, name: str) -> IndicatorValue:
    """Return the value of the whole; of an indicator that has parts only, the first known one."""
    mine = indicators.named(name)
    whole = (value for value in mine if not value.subject)
    known = (value for value in mine if value.value is not None)
    return next(whole, next(known, mine[0]))


def _verdicts(values: list[IndicatorValue]) -> Iterator[str]:
    judged = [value for value in values if value.is_judged and not value.subject]
    verdicts = {True: "page_met", False: "page_not_met", None: "page_verdict_unknown"}
    for verdict, code in verdicts.items():
        titles = [title_of(value) for value in judged if value.meets_target is verdict]
        if titles:
            yield say("view_targets", verdict=say(code), titles=series(titles))


def _table(indicators: Indicators, values: list[IndicatorValue]) -> Breakdown:
    """Return the values, those with a target first."""
    ordered = sorted(values, key=lambda value: not value.is_judged)
    rows = [
        _row_of_parts(indicators.named(value.indicator))
        if value.subject
        else Row(
            title_of(value),
            (value.value, _share(value)),
            (value_text(value), _known(value)),
            (value.lower_bound, False),
        )
        for value in ordered
    ]
    return Breakdown(
        head=say("view_indicator"),
        columns=(say("page_value"), say("page_known")),
        rows=tuple(rows),
        additive=False,
    )


def _row_of_parts(parts: Sequence[IndicatorValue]) -> Row:
    """Return the row of an indicator that has parts and no whole: the number of its parts."""
    known = [value for value in parts if value.value is not None]
    counted = {_known(value) for value in known}
    return Row(
        title_of(parts[0]),
        (None, _share(known[0]) if len(counted) == 1 else None),
        (say("view_parts", count=len(known)), counted.pop() if len(counted) == 1 else ""),
        (False, False),
    )


def _share(value: IndicatorValue) -> float | None:
    counted = value.completeness
    return counted.known / counted.total if counted and counted.total else None


def _known(value: IndicatorValue) -> str:
    share, counted = _share(value), value.completeness
    if share is None or counted is None:
        return completeness_text(counted)
    if not counted.unknown_rows:
        return percent(share)
    return f"{percent(share)}; {say('page_rows_unknown', count=counted.unknown_rows)}"


def _points(values: list[IndicatorValue]) -> Iterator[Point]:
    """Yield what is lacking, by the number of indicators that wait for it."""
    lacking: dict[Reason, list[str]] = {}
    for value in values:
        if value.missing is not None:
            lacking.setdefault(value.missing, []).append(title_of(value))
    for reason, titles in lacking.items():
        more = len(titles) - _NAMED
        named = series([*titles[:_NAMED], *([say("view_more", count=more)] if more > 0 else [])])
        text = say("view_lacks", count=len(titles), why=reason, titles=named)
        yield Point(text, items=float(len(titles)), weight=float(len(titles)))
