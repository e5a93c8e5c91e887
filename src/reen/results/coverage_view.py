"""The view of a coverage: what became of the items, by part of the life cycle, and why.

Input: a `Coverage`.  Output: a `View` in the language in force.
"""

from __future__ import annotations

from collections.abc import Iterator

from reen.engine.exchanges import Status
from reen.reasons import Reason, say, title_of
from reen.results.coverage import Coverage, CoverageRow
from reen.results.coverage_words import items_of, known_of, merged_lines, once, type_of
from reen.views.figures import count, joined, percent
from reen.views.model import Breakdown, Point, Row, View
from reen.vocabulary.titles import bundled_title

__all__ = ["coverage_view"]

#: The four fates of an item, in the order of the columns.
_FATES = (Status.ASSESSED, Status.LEFT_OUT, Status.EXCLUDED, Status.INCLUDED_ELSEWHERE)


def coverage_view(coverage: Coverage) -> View:
    """Return the view of a coverage."""
    rows = list(coverage)
    points = sorted(_points(rows), key=lambda point: point.rank)
    return View(
        kind="coverage",
        title=say("view_coverage", rows=say("account_rows", count=coverage.rows)),
        headline=tuple(_shares(coverage, rows)),
        breakdowns=(_by_part(coverage, rows),) if rows else (),
        mend_first=tuple(points),
        mend_title=say("page_mend_first"),
        stands_out=tuple(_set_apart(rows)),
    )


def _part(coverage: Coverage, kind: str) -> str:
    stages = {stage for each in coverage.fold.classes if each.kind == kind for stage in each.stages}
    seen = [stage for stage in coverage.stages if stage in stages] or sorted(stages)
    return joined(title_of(stage).lower() for stage in seen).capitalize()


def _shares(coverage: Coverage, rows: list[CoverageRow]) -> Iterator[str]:
    """Yield which share of the items each part counts, of those that it should."""
    for kind in dict.fromkeys(row.kind for row in rows):
        of_kind = [row for row in rows if row.kind == kind]
        known = sum(row.quantity for row in of_kind if row.status is Status.ASSESSED)
        asked = [row for row in of_kind if row.status in (Status.ASSESSED, Status.LEFT_OUT)]
        total = sum(row.quantity for row in asked)
        if not asked:
            continue
        share = percent(known / total) if total else say("page_nothing")
        if total and any(row.unknown for row in asked):
            share = say("page_at_most", figure=share)
        counted = known_of(kind, known, total)
        yield say("page_part", part=_part(coverage, kind), share=share, counted=counted)


def _by_part(coverage: Coverage, rows: list[CoverageRow]) -> Breakdown:
    heads = ("counted", "left_out", "excluded", "elsewhere")
    listed = []
    for kind in dict.fromkeys(row.kind for row in rows):
        sums = [
            sum(row.quantity for row in rows if row.kind == kind and row.status is status)
            for status in _FATES
        ]
        listed.append(Row(_part(coverage, kind), tuple(sums), tuple(map(count, sums))))
    return Breakdown(
        head=say("page_part_head"),
        columns=tuple(say(f"view_{name}") for name in heads),
        rows=tuple(listed),
        unit="item",
        additive=False,
    )


def _points(rows: list[CoverageRow]) -> Iterator[Point]:
    """Yield what is left out, by reason."""
    groups: dict[Reason | None, list[CoverageRow]] = {}
    for line in merged_lines(row for row in rows if row.status is Status.LEFT_OUT):
        groups.setdefault(line.row.reason, []).append(line.row)
    for reason, concerned in groups.items():
        largest = sorted(concerned, key=lambda row: (-row.unknown, -row.quantity))
        types = list(dict.fromkeys(type_of(row, bundled_title) for row in largest))
        more = f" {say('page_and_more_types', count=len(types) - 2)}" if len(types) > 2 else ""  # noqa: PLR2004 - two are named
        named = f"{', '.join(types[:2])}{more}"
        yield Point(
            say("page_point", items=items_of(concerned), why=str(reason), types=named),
            items=sum(row.quantity for row in concerned),
            rows=sum(row.unknown for row in concerned),
        )


def _set_apart(rows: list[CoverageRow]) -> Iterator[str]:
    """Yield what a rule does not count, and what is assumed."""
    excluded: dict[str, list[CoverageRow]] = {}
    assumed: dict[str, list[CoverageRow]] = {}
    for row in rows:
        if row.status is Status.EXCLUDED:
            excluded.setdefault(str(row.reason), []).append(row)
        for assumption in row.assumptions if row.status is Status.ASSESSED else ():
            assumed.setdefault(str(assumption), []).append(row)
    for why, concerned in (*excluded.items(), *assumed.items()):
        yield say("page_colon", name=items_of(once(concerned)), text=why)
