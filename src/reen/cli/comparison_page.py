"""A comparison as a page: totals side by side, then each pair of methods and why it differs.

Input: a `Comparison`.  Output: rich renderables, in reading order, in English or in French.
The figures are the library's; why a pair differs is laid out in `gap_page`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

import reen
from reen.cli.account_page import account_blocks
from reen.cli.gap_page import gap_page
from reen.cli.tables import hang, heading, paragraph, table
from reen.cli.titles import Sheet, bound
from reen.reasons import say
from reen.views.figures import day, decimals_for, joined, multiple_of, series

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.cli.page import Page

__all__ = ["comparison_page"]


def comparison_page(
    comparison: reen.types.Comparison,
    page: Page,
    *,
    baseline: str,
    language: str,
    options: Mapping[str, Mapping[str, str]],
) -> Iterator[RenderableType]:
    """Yield the blocks of the page of a comparison; `options` are those given to each method."""
    sheet = Sheet(comparison, page, baseline, language, options)
    if not comparison.criteria:
        yield hang(sheet.word("nothing_at_all"), width=page.width)
    else:
        yield from _figures(sheet, _main_criterion(comparison))
    if comparison.failed:
        yield paragraph()
        yield heading(sheet.word("failed"))
        for name, reason in comparison.failed.items():
            yield hang(reason, width=page.width, first=f"{name}: ", rest="  ")
    yield paragraph()
    yield hang(_made_with(sheet), width=page.width, first=sheet.word("made"))


def _main_criterion(comparison: reen.types.Comparison) -> str:
    """Return the first criterion that two methods measure; the first of all when none is."""
    for key in comparison.criteria:
        if sum(_known(total) for total in comparison.totals(key).values()) > 1:
            return key
    return comparison.criteria[0]


def _known(total: reen.types.Total | None) -> bool:
    return total is not None and not np.isnan(total.value)


def _figures(sheet: Sheet, first: str) -> Iterator[RenderableType]:
    """Yield the tables side by side, and why the methods differ for the first criterion."""
    comparison = sheet.comparison
    yield from _totals(sheet, first)
    yield from _notes(sheet)
    if len(comparison.criteria) > 1:
        yield from _other_criteria(sheet, first)
        text = sheet.word("others_criteria", criterion=sheet.criterion_title(first))
        yield hang(text, width=sheet.page.width)
    yield from _by_type(sheet, first)
    yield from _by_stage(sheet, first)
    if comparison.by:
        yield from _by_group(sheet, first)
    for a, b in comparison.gaps:
        yield from gap_page(sheet, comparison.gap(a, b, first))


# -- side by side ----------------------------------------------------------------------------


def _totals(sheet: Sheet, criterion: str) -> Iterator[RenderableType]:
    totals = sheet.comparison.totals(criterion)
    values = {name: total.value for name, total in totals.items() if total and _known(total)}
    largest = max(map(abs, values.values()), default=0.0)
    unit, divisor = multiple_of(_unit(sheet, criterion), largest)
    yield heading(f"{sheet.criterion_title(criterion)}, {sheet.unit(unit)}")
    times = sheet.word("times", baseline=sheet.baseline)
    made = table(sheet.word("method"), sheet.unit(unit), times, "", right=[sheet.unit(unit), times])
    ratios = sheet.comparison.ratios(sheet.baseline, criterion)
    for name, total in totals.items():
        if total is None or not _known(total):
            made.add_row(name, sheet.word("nothing"), "", "")
            continue
        made.add_row(
            name,
            _total_bound(total)
            + sheet.number(total.value / divisor, decimals_for(largest / divisor)),
            "" if math.isnan(ratios[name]) else sheet.number(ratios[name], 2),
            sheet.bar(total.value / largest if largest else 0.0),
        )
    yield made


def _total_bound(total: reen.types.Total) -> str:
    return bound(left_out=not total.complete, grows=total.lower_bound)


def _other_criteria(sheet: Sheet, shown: str) -> Iterator[RenderableType]:
    """Yield the totals for the criteria besides the one that is shown in full."""
    others = [key for key in sheet.comparison.criteria if key != shown]
    totals = {key: sheet.comparison.totals(key) for key in others}
    measured = [key for key in others if any(map(_known, totals[key].values()))]
    if measured:
        yield paragraph()
        yield heading(sheet.word("other_criteria"))
        names = list(sheet.comparison.methods)
        made = table(sheet.word("criterion"), sheet.word("unit"), *names, right=names)
        for key in measured:
            cells = [
                _total_bound(each) + sheet.number(each.value, decimals_for(each.value))
                if each and _known(each)
                else "-"
                for each in totals[key].values()
            ]
            made.add_row(sheet.criterion_title(key), sheet.unit(_unit(sheet, key)), *cells)
        yield made
    nothing = [sheet.criterion_title(key) for key in others if key not in measured]
    if nothing:
        first = f"{sheet.word('by_none')} "
        yield hang("; ".join(nothing), width=sheet.page.width, first=first, rest="  ")


def _notes(sheet: Sheet) -> Iterator[RenderableType]:
    about = next(iter(sheet.comparison.provenance.values()))
    width = sheet.page.width
    today = "" if sheet.page.dated else sheet.word("today")
    yield hang(f"{day(about.as_of)}{today}", width=width, first=f"{sheet.word('as_of')} ")
    totals = [
        total
        for key in sheet.comparison.criteria
        for total in sheet.comparison.totals(key).values()
        if total and _known(total)
    ]
    command = f"`reen measure {sheet.page.typed_path} --method ...`"
    if any(total.lower_bound for total in totals):
        text = f"{sheet.word('at_least')} {command} {sheet.word('who')}"
        yield hang(text, width=width, first=">= ")
    if sheet.comparison.account.doubts:
        yield hang(sheet.word("doubtful"), width=width, first="~  ")
    elif any(not total.complete and not total.lower_bound for total in totals):
        text = f"{sheet.word('incomplete')} {command} {sheet.word('who')}"
        yield hang(text, width=width, first="~  ")
    yield hang(sheet.word("nothing"), width=width, first="-  ")
    yield from _tables(sheet)
    yield paragraph()
    yield heading(sheet.word("rows"))
    yield from account_blocks(
        sheet.comparison.account, width=width, limit=sheet.page.limit, language=sheet.language
    )


def _tables(sheet: Sheet) -> Iterator[RenderableType]:
    """Yield a line for each method that makes no figure of some tables."""
    left_out = sheet.comparison.tables_left_out
    if left_out:
        yield paragraph()
        yield heading(sheet.word("tables"))
    for name, tables in left_out.items():
        named = joined(say(f"found_{each.table}", count=each.rows) for each in tables)
        yield hang(named, width=sheet.page.width, first=f"{name}: ", rest="  ")


def _side_by_side(
    sheet: Sheet,
    title: str,
    rows: Sequence[tuple[str, Sequence[float | None], Sequence[str], str]],
    unit: str,
    *,
    first: str,
    last: str = "",
) -> Iterator[RenderableType]:
    """Yield a table of one line per row (label, figures, their signs, remark)."""
    largest = max(
        (abs(value) for _, values, _, _ in rows for value in values if value is not None),
        default=0.0,
    )
    unit, divisor = multiple_of(unit, largest)
    yield paragraph()
    yield heading(f"{title}, {sheet.unit(unit)}")
    names = list(sheet.comparison.methods)
    made = table(first, *names, *([last] if last else []), right=[*names, last])
    shown = sheet.page.head(len(rows))
    for label, values, signs, remark in rows[:shown]:
        cells = [
            "-"
            if value is None
            else sign + sheet.number(value / divisor, decimals_for(largest / divisor))
            for value, sign in zip(values, signs, strict=True)
        ]
        made.add_row(label, *cells, *([remark] if last else []))
    if shown < len(rows):
        made.add_row(sheet.word("others", count=len(rows) - shown))
    yield made


def _by_type(sheet: Sheet, criterion: str) -> Iterator[RenderableType]:
    rows = []
    types = sheet.comparison.by_type(criterion)
    # a row that was refused may be of any type, of any group
    lacks = not sheet.comparison.account.is_complete
    grows = _growing(sheet, criterion)
    for each in types:
        ratio = each.highest_over_lowest
        agreement = "" if math.isnan(ratio) else sheet.number(ratio, 2)
        if agreement and each.partly_covered:
            agreement = f"({agreement})"
        values = list(each.totals.values())
        signs = [
            bound(left_out=lacks or name in each.left_out, grows=grows[name])
            for name in each.totals
        ]
        rows.append((sheet.type_title(each.equipment_type), values, signs, agreement))
    yield from _side_by_side(
        sheet,
        sheet.word("by_type"),
        rows,
        _unit(sheet, criterion),
        first=sheet.word("type"),
        last=sheet.word("agreement"),
    )
    if any(each.partly_covered for each in types):
        yield hang(sheet.word("in_brackets"), width=sheet.page.width, first="(...) ")


def _growing(sheet: Sheet, criterion: str) -> dict[str, bool]:
    """Return of which methods a figure can only grow when more is counted."""
    footprints = sheet.comparison.footprints
    doubts = bool(sheet.comparison.account.doubts)
    return {name: not doubts and criterion in each.nonnegative for name, each in footprints.items()}


def _by_stage(sheet: Sheet, criterion: str) -> Iterator[RenderableType]:
    footprints = list(sheet.comparison.footprints.values())
    found = [
        each.stage_totals(criterion) if criterion in each.criteria else {} for each in footprints
    ]
    rows = []
    for stage in reen.Stage:
        values = [each.get(stage) for each in found]
        known = [None if value is None or np.isnan(value) else value for value in values]
        if any(value is not None for value in known):
            signs = [_stage_bound(each, stage, criterion) for each in footprints]
            rows.append((sheet.stage_title(stage), known, signs, ""))
    title, first = sheet.word("by_stage"), sheet.word("stage")
    yield from _side_by_side(sheet, title, rows, _unit(sheet, criterion), first=first)


def _stage_bound(footprint: reen.Footprint, stage: reen.Stage, criterion: str) -> str:
    if stage not in footprint.stages:
        return ""
    account = footprint.account
    return bound(
        left_out=footprint.coverage.lacks(stage, criterion) or not account.is_complete,
        grows=not account.doubts and criterion in footprint.nonnegative,
    )


def _unit(sheet: Sheet, criterion: str) -> str:
    return f"{sheet.comparison.vocabulary[criterion].unit}/year"


def _by_group(sheet: Sheet, criterion: str) -> Iterator[RenderableType]:
    columns: list[list[float | None]] = []
    signs = []
    grows = _growing(sheet, criterion)
    for name, each in sheet.comparison.footprints.items():
        impacts = np.full((each.group_count, 1), np.nan)
        if criterion in each.criteria:
            impacts = each.impacts()[:, :, each.criteria.index(criterion)]
        nothing = np.asarray(np.isnan(impacts).all(axis=1))
        sums = np.nansum(impacts, axis=1).tolist()
        columns.append([None if none else value for value, none in zip(sums, nothing, strict=True)])
        lacking = each.group_left_out(criterion) | (not each.account.is_complete)
        signs.append([bound(left_out=out, grows=grows[name]) for out in lacking.tolist()])
    keys = next(iter(sheet.comparison.footprints.values())).groups.to_pylist()
    rows = [
        (sheet.group_title(key), [column[g] for column in columns], [low[g] for low in signs], "")
        for g, key in enumerate(keys)
    ]
    rows.sort(
        key=lambda row: -max((abs(value) for value in row[1] if value is not None), default=0)
    )
    named = sheet.columns_title(sheet.comparison.by)
    title = sheet.word("by", columns=named)
    unit = _unit(sheet, criterion)
    yield from _side_by_side(sheet, title, rows, unit, first=named.capitalize())


def _made_with(sheet: Sheet) -> str:
    parts = []
    for name, about in sheet.comparison.provenance.items():
        packs = ", ".join(f"{pack.name} {pack.version}" for pack in about.packs)
        given = sheet.options.get(name, {})
        options = "".join(f", {key}={value}" for key, value in given.items())
        digest = f"{sheet.word('digest')} {about.hash[:12]}"
        parts.append(
            f"{name} {about.method_version}{options} ({sheet.word('packs')}"
            f" {series([packs or sheet.word('none'), digest])})"
        )
    version = next(iter(sheet.comparison.provenance.values())).reen_version
    return series([f"reen {version}", *parts])
