"""The view of a comparison, and of a gap: the totals side by side, and why they differ.

Input: a `Comparison` or a `Gap`.  Output: a `View` in the language in force.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import attrs

from reen.reasons import has_sentence, say, spoken, title_of
from reen.results.comparison import Comparison
from reen.results.footprint_view import made_with, points_of, rows_of_files, sources_of
from reen.results.footprint_words import total_text
from reen.results.gap import Gap
from reen.results.total import Total
from reen.results.wording import unit_in
from reen.views.figures import decimals_for, figure, joined, multiple_of, series
from reen.views.model import Breakdown, Point, Row, View, breakdown_of
from reen.vocabulary.stages import Stage
from reen.vocabulary.titles import bundled_title

__all__ = ["comparison_view", "gap_view"]


def comparison_view(comparison: Comparison, *, baseline: str = "") -> View:
    """Return the view of a comparison, by the first criterion that two methods measure.

    Parameters
    ----------
    comparison
        What is shown.
    baseline
        Method that the others are ratios of; the first when not given.
    """
    key = _main_criterion(comparison)
    if not key:
        return View(
            kind="comparison",
            title=say("page_nothing_measured"),
            headline=tuple(_failed(comparison)),
        )
    named = title_of(comparison.vocabulary[key])
    totals = comparison.totals(key)
    said = series(f"{name} {_said(total)}" for name, total in totals.items())
    points = sorted(_points(comparison, key), key=lambda point: point.rank)
    return View(
        kind="comparison",
        title=say("page_figure", criterion=named, total=said),
        headline=(
            *_failed(comparison),
            *(comparison.gap(a, b, key).sentence(spoken()) for a, b in comparison.gaps),
        ),
        breakdowns=(
            _side_by_side(comparison, key, baseline or comparison.methods[0]),
            _by_type(comparison, key),
        ),
        mend_first=tuple(points),
        mend_title=say("page_mend_first"),
        stands_out=tuple(_others(comparison, key)),
        rests_on=tuple(_rests_on(comparison)),
        sources=tuple(
            dict.fromkeys(
                source for each in comparison.details.values() for source in sources_of(each)
            )
        ),
    )


def _main_criterion(comparison: Comparison) -> str:
    """Return the first criterion that two methods measure; the first of all when none is."""
    for key in comparison.criteria:
        known = [_value(total) for total in comparison.totals(key).values()]
        if len(known) - known.count(None) > 1:
            return key
    return comparison.criteria[0] if comparison.criteria else ""


def _value(total: Total | None) -> float | None:
    return None if total is None or math.isnan(total.value) else total.value


def _said(total: Total | None) -> str:
    return say("page_nothing_measured") if total is None else total_text(total)


def _failed(comparison: Comparison) -> Iterator[str]:
    for name, why in comparison.failed.items():
        yield say("view_failed", name=name, why=why)


def _frame(comparison: Comparison, key: str, head: str) -> Breakdown:
    """Return a table without rows, in the unit in which the largest total reads best."""
    known = [abs(value) for each in comparison.totals(key).values() if (value := _value(each))]
    plain = f"{comparison.vocabulary[key].unit}/year"
    unit, divisor = multiple_of(plain, max(known, default=0.0))
    return Breakdown(
        head=f"{head} ({unit_in(unit, spoken())})",
        columns=comparison.methods,
        unit=plain,
        divisor=divisor,
        decimals=decimals_for(max(known, default=0.0) / divisor),
    )


def _side_by_side(comparison: Comparison, key: str, baseline: str) -> Breakdown:
    frame = _frame(comparison, key, say("view_method"))
    ratios = comparison.ratios(baseline, key)
    rows = []
    for name, total in comparison.totals(key).items():
        value = _value(total)
        bounded = total is not None and total.lower_bound
        ratio = "" if math.isnan(ratios[name]) else figure(ratios[name], 2)
        rows.append(
            Row(name, (value, None), (frame.text(value, bounded=bounded), ratio), (bounded, False))
        )
    columns = (say("page_total"), say("view_times", name=baseline))
    return attrs.evolve(frame, columns=columns, rows=tuple(rows), additive=False)


def _by_type(comparison: Comparison, key: str) -> Breakdown:
    frame = _frame(comparison, key, say("page_type"))
    lacks = not comparison.account.is_complete
    doubts = bool(comparison.account.doubts)
    grows = {
        name: not doubts and key in each.nonnegative for name, each in comparison.footprints.items()
    }
    return breakdown_of(
        frame,
        [
            (
                bundled_title(each.equipment_type) or say("page_without_type"),
                tuple(each.totals.values()),
                [grows[name] and (lacks or name in each.left_out) for name in each.totals],
            )
            for each in comparison.by_type(key)
        ],
    )


def _points(comparison: Comparison, key: str) -> Iterator[Point]:
    """Yield what each method leaves out."""
    for name, footprint in comparison.details.items():
        if key in footprint.criteria:
            for point in points_of(footprint, key):
                yield attrs.evolve(point, text=say("page_colon", name=name, text=point.text))


def _others(comparison: Comparison, key: str) -> Iterator[str]:
    others = [title_of(comparison.vocabulary[each]) for each in comparison.criteria if each != key]
    if others:
        yield say("page_other_criteria", count=len(others), names=joined(others))


def _rests_on(comparison: Comparison) -> Iterator[str]:
    if said := rows_of_files(comparison.account):
        yield said
    yield from map(made_with, comparison.footprints.values())


def gap_view(gap: Gap) -> View:
    """Return the view of a gap."""
    largest = max((abs(effect.value) for effect in gap.effects), default=0.0)
    unit, divisor = multiple_of(gap.unit, max(largest, abs(gap.value)))
    frame = Breakdown(
        head=say("view_cause"),
        columns=(unit_in(unit, spoken()),),
        unit=gap.unit,
        divisor=divisor,
        decimals=decimals_for(largest / divisor),
        signed=True,
    )
    effects = [
        (_effect_title(*map(str, names)), (value,), (False,))
        for names, value in gap.by("name", "only", "stage").items()
        if value
    ]
    return View(
        kind="gap",
        title=say("view_gap", a=gap.a, b=gap.b),
        headline=(gap.sentence(spoken()),),
        breakdowns=(breakdown_of(frame, effects),),
    )


def _effect_title(name: str, only: str, stage: str) -> str:
    code = f"view_cause_{name}"
    cause = say("view_only", name=only) if only else say(code) if has_sentence(code) else name
    return f"{cause}, {title_of(Stage(stage)).lower()}" if stage in set(Stage) else cause
