"""The short page of a footprint: what a councillor reads, on one small terminal.

Input: a `Footprint`.  Output: at most `LINES` lines: the total and how far it can be trusted, the
share of the fleet that is counted, stages and largest groups, what stands out, what to mend first.
What is not named one by one is counted and grouped; `--full` shows `footprints` instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import attrs
from rich.console import Console, RenderableType
from rich.text import Text

import reen
from reen.cli.coverages import merged_lines, part_titles, personal_line, type_of, unused_line
from reen.cli.errors import as_typed
from reen.cli.footprints import group_table, made_with, stage_bound, total_text, uncertainty
from reen.cli.options import counts_of
from reen.cli.page import Page
from reen.cli.tables import (
    amount,
    as_is,
    count,
    decimals_for,
    figure,
    hang,
    heading,
    joined,
    multiple_of,
    percent,
    series,
)
from reen.plugin import Reason, Status
from reen.reasons import say, title_of
from reen.results.display import lines_apart
from reen.types import CoverageRow, Fate

__all__ = ["LINES", "summary_page"]

#: Lines of the page at the most, at 80 columns.
LINES = 25

#: Groups in the table of the largest, where there is room.
_GROUPS = 4

#: Lines that a point of a list may take.
_POINT = 2

#: What a criterion is shown for when there are several.
_FIRST = "climate_change"


@attrs.frozen
class _Point:
    """One thing to mend: what it holds back, and what it is."""

    items: float
    unknown: int
    text: str


def summary_page(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Yield the blocks of the short page."""
    names = footprint.criteria
    criterion = _FIRST if _FIRST in names else names[0] if names else ""
    if not criterion:
        yield Text(say("page_empty"))
        return
    top = list(_headline(footprint, criterion, page))
    notes = [Text(""), *_notes(footprint, page)]
    tail = [*notes, *_tail(footprint, page)]
    points = list(_points(footprint, criterion, page))
    left = LINES - sum(_height(each, page) for each in (*top, *tail))
    wanted = 2 + min(len(points), 3) * _POINT if points else 0
    groups: list[RenderableType] = []
    for limit in range(_GROUPS, 1, -1):
        groups = list(_largest(footprint, criterion, attrs.evolve(page, limit=limit)))
        if sum(_height(each, page) for each in groups) <= left - wanted:
            break
    left -= sum(_height(each, page) for each in groups)
    unused = unused_line(footprint)
    if unused and left > wanted:  # the first to give way
        tail.insert(len(notes), _clipped(unused, page, lines=1))
        left -= 1
    yield from top
    yield from groups
    yield from _mend(points, page, left)
    yield from tail


def _height(block: RenderableType, page: Page) -> int:
    """Return how many lines a block takes."""
    if isinstance(block, Text) and block.no_wrap:
        return block.plain.count("\n") + 1
    console = Console(width=page.width, color_system=None, legacy_windows=False)
    return len(console.render_lines(block, console.options, pad=False))


def _clipped(text: str, page: Page, *, first: str = "", rest: str = "  ", lines: int = 2) -> Text:
    """Return a paragraph of so many lines at the most, what is cut marked as cut."""
    made = hang(text, width=page.width, first=first, rest=rest)
    told = made.plain.split("\n")
    if len(told) > lines:
        end = "..." if page.ascii_only else "…"
        told = [*told[: lines - 1], told[lines - 1][: page.width - len(end)].rstrip() + end]
    # a path without a space is not wrapped: it is cut, so that the line stays one
    return as_is("\n".join(line[: page.width] for line in told))


# -- the figure ------------------------------------------------------------------------------


def _headline(footprint: reen.Footprint, criterion: str, page: Page) -> Iterator[RenderableType]:
    title = title_of(footprint.factors.vocabulary[criterion])
    total = total_text(footprint.total(criterion))
    yield heading(say("page_figure", criterion=title, total=total))
    for line in lines_apart(footprint):
        yield _clipped(line, page)
    yield _clipped(_counted(footprint), page)
    if len(footprint.stages) > 1:
        yield _clipped(_by_stage(footprint, criterion), page)
    for label, text in uncertainty(footprint, page, (criterion,)).items():
        yield _clipped(f"{label} {text}", page)
    others = [each for each in footprint.criteria if each != criterion]
    if others:
        named = joined(title_of(footprint.factors.vocabulary[each]) for each in others)
        yield _clipped(say("page_other_criteria", count=len(others), names=named), page)


def _counted(footprint: reen.Footprint) -> str:
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
        counted = say("page_known_of", known=count(known), count=_whole(total))
        if unknown:
            counted = f"{counted}, {say('page_rows_unknown', count=unknown)}"
        said.append(say("page_part", part=part.lower(), share=share, counted=counted))
    return say("page_share_counted", parts=series(said) or say("page_nothing"))


def _by_stage(footprint: reen.Footprint, criterion: str) -> str:
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
    return say("page_stages", said=series(said))


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 2)


def _largest(footprint: reen.Footprint, criterion: str, page: Page) -> Iterator[RenderableType]:
    if footprint.grouped_by and footprint.group_count:
        yield Text("")
        yield group_table(footprint, criterion, page, label=max(page.width // 2 - 5, 12))


# -- what must be known beside it ------------------------------------------------------------


def _notes(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Yield what stands out: assumed, not counted on purpose, devices of persons."""
    assumed: dict[str, list[CoverageRow]] = {}
    for row in footprint.coverage:
        if row.status is Status.ASSESSED:
            for assumption in row.assumptions:
                assumed.setdefault(assumption.parameter, []).append(row)
    told = []
    assumed = {name: _once(rows) for name, rows in assumed.items()}
    if assumed:
        said = [
            say("page_assumed_one", parameter=name, items=_items(rows))
            for name, rows in sorted(assumed.items(), key=lambda pair: -_sum(pair[1]))
        ]
        told.append(say("page_assumed_for", said=", ".join(said)))
    excluded: dict[str, list[CoverageRow]] = {}
    for row in footprint.coverage:
        if row.status is Status.EXCLUDED:
            excluded.setdefault(str(row.reason), []).append(row)
    if excluded:
        said = [
            say("page_colon", name=why, text=_items(_once(rows))) for why, rows in excluded.items()
        ]
        told.append(say("page_not_counted", said=series(said)))
    if personal := personal_line(footprint, page):
        told.append(personal)
    yield from (_clipped(each, page) for each in told)


def _once(rows: Iterable[CoverageRow]) -> list[CoverageRow]:
    """Return rows of which those that fared alike in several parts are there once."""
    return [line.row for line in merged_lines(rows)]


def _sum(rows: Sequence[CoverageRow]) -> float:
    return sum(row.quantity for row in rows)


def _items(rows: Sequence[CoverageRow]) -> str:
    """Return items in words, or rows where no quantity is known."""
    quantity, unknown = _sum(rows), sum(row.unknown for row in rows)
    known = sum(row.rows for row in rows) - unknown
    said = [say("page_items", count=_whole(quantity))] if known else []
    if unknown:
        said.append(say("page_rows_unknown", count=unknown))
    return joined(said)


# -- what to mend first ----------------------------------------------------------------------


def _points(footprint: reen.Footprint, criterion: str, page: Page) -> Iterator[_Point]:
    """Yield what is refused, doubted and left out: what cannot be counted first, then by items."""
    account = footprint.account
    for code, issues in (("page_refused", account.refused), ("page_doubtful", account.doubts)):
        if issues:
            rows = sum(issue.count for issue in issues)
            first = as_typed(issues[0].text())
            yield _Point(0.0, rows, say(code, count=rows, first=first))
    refused = account.rows_of(Fate.REFUSED)
    if refused and not account.refused:
        text = say("page_refused_only", count=refused)
        yield _Point(0.0, refused, text)
    yield from sorted(_left_out(footprint, criterion, page), key=lambda p: (-p.unknown, -p.items))


def _left_out(footprint: reen.Footprint, criterion: str, page: Page) -> Iterator[_Point]:
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
        types = _types(concerned, page)
        text = say("page_point", items=_items(concerned), why=why, types=types)
        unknown = sum(row.unknown for row in concerned)
        yield _Point(_sum(concerned), unknown, text)
    for stage, key, quantity, _ in footprint.coverage.partly_published():
        if key == criterion:
            items = say("page_items", count=_whole(quantity))
            text = say("page_point_unpublished", items=items, stage=title_of(stage).lower())
            yield _Point(quantity, 0, text)


def _types(rows: Sequence[CoverageRow], page: Page) -> str:
    """Return the types concerned, the largest first, as many as a line holds."""
    ordered = sorted(rows, key=lambda row: (-row.unknown, -row.quantity))
    named = list(dict.fromkeys(type_of(row, page) for row in ordered))
    shown = [named[0]]
    for name in named[1:]:
        if len(", ".join([*shown, name])) > page.width // 2:
            break
        shown.append(name)
    rest = len(named) - len(shown)
    more = f" {say('page_and_more_types', count=rest)}" if rest else ""
    return ", ".join(shown) + more


def _mend(points: Sequence[_Point], page: Page, lines: int) -> Iterator[RenderableType]:
    """Yield the points, in so many lines; those that do not fit are added up."""
    if not points:
        return
    yield Text("")
    yield heading(say("page_mend_first"))
    left = max(lines - 2, 1)
    # a line for each as far as they go, and one that counts the rest; then a second from the top
    shown = len(points) if len(points) <= left else left - 1
    spare = left - shown - (shown < len(points))
    for point in points[:shown]:
        block = _clipped(point.text, page, first="- ", lines=min(_POINT, 1 + spare))
        spare -= _height(block, page) - 1
        yield block
    if shown < len(points):
        yield _clipped(say("page_more_points", count=len(points) - shown), page, lines=1)


# -- where it comes from ---------------------------------------------------------------------


def _tail(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    account = footprint.account
    told = [
        say(f"account_{fate.name.lower()}", count=rows)
        for fate, rows in account.rows_by_fate.items()
        if rows
    ]
    if account.rows:
        rows = say("account_rows", count=account.rows)
        said = say("page_rows_of_files", rows=rows, fates=", ".join(told))
        issues = counts_of(page.inventory.issues)
        said = series([said, issues]) if issues else said
        yield _clipped(said, page)
    yield _clipped(made_with(footprint, page, short=True), page)
    yield _clipped(say("page_all_of_it"), page)
