"""The view of a footprint: the total, how much of the fleet it counts, what to fix first.

Input: a `Footprint`, and what the place that shows it adds.  Output: a `View` in the language in
force.  What is not named one by one is counted and grouped.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs
import pyarrow as pa

from reen.engine.exchanges import Status
from reen.inventory.account import Account, Fate
from reen.reasons import Reason, say, title_of
from reen.results.coverage import CoverageRow
from reen.results.coverage_words import (
    beside,
    items_of,
    known_of,
    merged_lines,
    once,
    part_titles,
    type_of,
    unused_columns,
    whole,
)
from reen.results.display import lines_apart
from reen.results.footprint import Footprint
from reen.results.footprint_words import amount, group_breakdown, stage_bound, total_text
from reen.results.left_out_weights import weight_of
from reen.views.figures import day, decimals_for, figure, joined, multiple_of, percent
from reen.views.figures import series as listed
from reen.views.model import Point, View
from reen.vocabulary.spellings import spelt_alike
from reen.vocabulary.titles import bundled_title

__all__ = [
    "Showing",
    "footprint_view",
    "made_with",
    "main_criterion",
    "points_of",
    "rows_of_files",
    "sources_of",
]

#: What a criterion is shown for when there are several.
_FIRST = "climate_change"

#: Groups whose names are compared, and names that are spelt alike of which a page tells.
_GROUPS, _ALIKE = 20_000, 5

#: Characters of the types named in one point.
_TYPES = 40


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Showing:
    """What the place that shows a footprint adds to it.

    Attributes
    ----------
    type_title
        Titles of types, those of plugins among them.
    dated
        Whether the reference date was chosen, and is not today for want of one.
    options
        Options of the method as they were typed.
    headline, stands_out
        Further sentences: the interval asked for, devices of persons.
    of_files
        What is said of the issues of the files, beside what became of their rows.
    typed
        How the messages of the library are written where a person types options.
    more
        How to see all of it.
    """

    type_title: Callable[[str], str] = bundled_title
    dated: bool = True
    options: Mapping[str, str] = attrs.field(factory=dict)
    headline: tuple[str, ...] = ()
    stands_out: tuple[str, ...] = ()
    of_files: str = ""
    typed: Callable[[str], str] = str
    more: str = ""


def main_criterion(criteria: Sequence[str]) -> str:
    """Return the criterion that is shown of several; empty when there is none."""
    return _FIRST if _FIRST in criteria else criteria[0] if criteria else ""


def footprint_view(footprint: Footprint, showing: Showing | None = None) -> View:
    """Return the view of a footprint."""
    showing = showing or Showing()
    criterion = main_criterion(footprint.criteria)
    if not criterion:
        return View(kind="footprint", title=say("page_empty"), more=showing.more)
    title = title_of(footprint.factors.vocabulary[criterion])
    grouped = footprint.grouped_by and footprint.group_count
    points = points_of(footprint, criterion, showing)
    return View(
        kind="footprint",
        title=_title(footprint, criterion, title),
        headline=tuple(_headline(footprint, criterion, showing)),
        breakdowns=(group_breakdown(footprint, criterion, showing.type_title),) if grouped else (),
        mend_first=points,
        mend_title=say("page_mend_first"),
        stands_out=(*_notes(footprint), *showing.stands_out),
        rests_on=tuple(_rests_on(footprint, showing)),
        sources=sources_of(footprint),
        more=showing.more,
    )


# -- the figure ------------------------------------------------------------------------------


def _title(footprint: Footprint, criterion: str, title: str) -> str:
    """Return the total, and what it includes beside the fleet."""
    said = say("page_figure", criterion=title, total=total_text(footprint.total(criterion)))
    held = beside(footprint)
    return say("page_figure_with", said=said, held=held) if held else said


def _headline(footprint: Footprint, criterion: str, showing: Showing) -> Iterator[str]:
    yield from lines_apart(footprint)
    yield _counted(footprint, criterion)
    if len(footprint.stages) > 1:
        yield _by_stage(footprint, criterion)
    yield from showing.headline
    others = [each for each in footprint.criteria if each != criterion]
    if others:
        named = joined(title_of(footprint.factors.vocabulary[each]) for each in others)
        yield say("page_other_criteria", count=len(others), names=named)


def _counted(footprint: Footprint, criterion: str) -> str:
    """Return which share of the fleet is counted, by part of the life cycle."""
    rows = list(footprint.coverage)
    said = []
    for kind, part in part_titles(footprint, rows).items():
        of_kind = [row for row in rows if row.kind == kind]
        known = sum(row.quantity for row in of_kind if row.status is Status.ASSESSED)
        asked = [row for row in of_kind if row.status in (Status.ASSESSED, Status.LEFT_OUT)]
        if not asked:
            continue  # a rule counts none of it, which is said below
        total = sum(row.quantity for row in asked)
        unknown = sum(row.unknown for row in asked)
        share = percent(known / total) if total else say("page_nothing")
        if total and (unknown or footprint.account.has_refused):
            share = say("page_at_most", figure=share)
        counted = known_of(kind, known, total)
        if unknown:
            counted = f"{counted}, {say('page_rows_unknown', count=unknown)}"
        counted = ", ".join([counted, *_without_stages(footprint, kind, criterion)])
        said.append(say("page_part", part=part.lower(), share=share, counted=counted))
    return say("page_share_counted", parts=listed(said) or say("page_nothing"))


def _without_stages(footprint: Footprint, kind: str, criterion: str) -> Iterator[str]:
    """Yield how many of the counted items of a kind are counted without a stage."""
    stages = {
        each for klass in footprint.fold.classes if klass.kind == kind for each in klass.stages
    }
    for stage, key, quantity, _ in footprint.coverage.partly_published():
        if key == criterion and stage in stages:
            yield say("page_without_stage", count=whole(quantity), stage=title_of(stage).lower())


def _by_stage(footprint: Footprint, criterion: str) -> str:
    """Return the figure of each stage in one paragraph, in one unit."""
    values = footprint.stage_totals(criterion)
    known = [abs(value) for value in values.values() if not math.isnan(value)]
    unit, divisor = multiple_of(footprint.unit(criterion), max(known, default=0.0))
    decimals = decimals_for(max(known, default=0.0) / divisor)
    total = math.fsum(known)
    said = []
    for stage, value in values.items():
        shown = say("page_not_measured")
        if not math.isnan(value):
            bound = stage_bound(footprint, stage, criterion)
            shown = f"{bound}{amount(figure(value / divisor, decimals), unit)}"
            if total > 0.0 and value >= 0.0:
                shown += f" ({percent(value / total)})"
        said.append(f"{title_of(stage).lower()} {shown}")
    return say("page_stages", said=listed(said))


# -- what must be known beside it ------------------------------------------------------------


def _notes(footprint: Footprint) -> Iterator[str]:
    """Yield what stands out: what is assumed, and what is not counted on purpose."""
    assumed: dict[str, list[CoverageRow]] = {}
    excluded: dict[str, list[CoverageRow]] = {}
    for row in footprint.coverage:
        if row.status is Status.ASSESSED:
            for assumption in row.assumptions:
                assumed.setdefault(assumption.parameter, []).append(row)
        elif row.status is Status.EXCLUDED:
            excluded.setdefault(str(row.reason), []).append(row)
    if assumed:
        by_items = sorted(
            ((name, once(rows)) for name, rows in assumed.items()),
            key=lambda pair: -sum(row.quantity for row in pair[1]),
        )
        said = [
            say("page_assumed_one", parameter=name, items=items_of(rows)) for name, rows in by_items
        ]
        yield say("page_assumed_for", said=", ".join(said))
    if excluded:
        said = [
            say("page_colon", name=why, text=items_of(once(rows))) for why, rows in excluded.items()
        ]
        yield say("page_not_counted", said=listed(said))
    if unused := unused_columns(footprint):
        yield unused


# -- what to fix first ----------------------------------------------------------------------


def points_of(
    footprint: Footprint, criterion: str, showing: Showing | None = None
) -> tuple[Point, ...]:
    """Return what to mend of a footprint, in order."""
    found = _points(footprint, criterion, showing or Showing())
    return tuple(sorted(found, key=lambda point: point.rank))


def _points(footprint: Footprint, criterion: str, showing: Showing) -> Iterator[Point]:
    """Yield what is refused, doubted and left out."""
    account = footprint.account
    for code, issues in (("page_refused", account.refused), ("page_doubtful", account.doubts)):
        if issues:
            rows = sum(issue.count for issue in issues)
            first = showing.typed(issues[0].text())
            yield Point(say(code, count=rows, first=first), rows=rows)
    if alike := groups_spelt_alike(footprint):
        names = listed(" / ".join(map(repr, each)) for each in alike)
        yield Point(say("page_groups_alike", names=names))
    refused = account.rows_of(Fate.REFUSED)
    if refused and not account.refused:
        yield Point(say("page_refused_only", count=refused), rows=refused)
    yield from _left_out(footprint, criterion, showing)


def groups_spelt_alike(footprint: Footprint) -> tuple[tuple[str, ...], ...]:
    """Return the first names of groups that differ by case, accents, hyphens or blanks alone."""
    if footprint.group_count > _GROUPS:
        return ()
    groups = footprint.groups
    columns = [groups[name] for name in footprint.grouped_by if name != "equipment_type"]
    alike = (
        spelt_alike(filter(None, column.to_pylist()))
        for column in columns
        if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)
    )
    return tuple(itertools.chain.from_iterable(alike))[:_ALIKE]


def _left_out(footprint: Footprint, criterion: str, showing: Showing) -> Iterator[Point]:
    rows = list(footprint.coverage)
    parts = part_titles(footprint, rows)
    groups: dict[tuple[Reason | None, tuple[str, ...]], list[CoverageRow]] = {}
    for line in merged_lines(row for row in rows if row.status is Status.LEFT_OUT):
        groups.setdefault((line.row.reason, tuple(line.kinds)), []).append(line.row)
    for (reason, kinds), concerned in groups.items():
        part = joined(parts[kind].lower() for kind in kinds)
        why = str(reason)
        if len(kinds) < len(parts):
            why = say("page_reason_of_part", reason=why, part=part)
        types = _types(concerned, showing)
        yield Point(
            say("page_point", items=items_of(concerned), why=why, types=types),
            items=sum(row.quantity for row in concerned),
            rows=sum(row.unknown for row in concerned),
            weight=weight_of(footprint, criterion, kinds, concerned),
        )
    for stage, key, quantity, _ in footprint.coverage.partly_published():
        if key == criterion:
            items = say("page_items", count=whole(quantity))
            text = say("page_point_unpublished", items=items, stage=title_of(stage).lower())
            yield Point(text, items=quantity)


def _types(rows: Sequence[CoverageRow], showing: Showing) -> str:
    """Return the types concerned, the largest first, as many as fit on a line."""
    ordered = sorted(rows, key=lambda row: (-row.unknown, -row.quantity))
    named = list(dict.fromkeys(type_of(row, showing.type_title) for row in ordered))
    shown = [named[0]]
    for name in named[1:]:
        if len(", ".join([*shown, name])) > _TYPES:
            break
        shown.append(name)
    rest = len(named) - len(shown)
    more = f" {say('page_and_more_types', count=rest)}" if rest else ""
    return ", ".join(shown) + more


# -- where it comes from ---------------------------------------------------------------------


def _rests_on(footprint: Footprint, showing: Showing) -> Iterator[str]:
    if said := rows_of_files(footprint.account, showing.of_files):
        yield said
    yield made_with(footprint, showing)


def rows_of_files(account: Account, issues: str = "") -> str:
    """Return what became of the rows of the files, in one line; empty where there is none."""
    if not account.rows:
        return ""
    told = [
        say(f"account_{fate.name.lower()}", count=rows)
        for fate, rows in account.rows_by_fate.items()
        if rows
    ]
    rows = say("account_rows", count=account.rows)
    said = say("page_rows_of_files", rows=rows, fates=", ".join(told))
    return listed([said, issues]) if issues else said


def made_with(footprint: Footprint, showing: Showing | None = None) -> str:
    """Return the method, its date and the packs that gave factors, in one line."""
    showing, about = showing or Showing(), footprint.provenance
    options = "".join(f", {name}={value}" for name, value in showing.options.items())
    packs = ", ".join(f"{pack.name} {pack.version}" for pack in about.packs) or say("page_none")
    date = day(about.as_of)
    return say(
        "page_sources",
        packs=packs,
        day=date if showing.dated else say("page_today", day=date),
        method=f"{about.method} {about.method_version}{options}",
    )


def sources_of(footprint: Footprint) -> tuple[str, ...]:
    """Return the citations of the factors in use, each once, in alphabetical order."""
    return tuple(
        sorted({source for text in footprint.factors.descriptions for source in text.sources})
    )
