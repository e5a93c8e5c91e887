"""A footprint as a page for whoever runs the equipment: total, groups, stages.

Input: a `Footprint`.  Output: rich renderables, in reading order.  What the figure leaves out
stands in `coverage_page`, which this page ends with.  Computes nothing but shares of totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

import reen
from reen.cli.coverage_page import coverage_page
from reen.cli.page import Page, uncertainty
from reen.cli.tables import hang, heading, paragraph, table, unit_text
from reen.reasons import say, title_of
from reen.results.display import lines_apart
from reen.results.factor_words import factor_name, factor_text
from reen.results.footprint_words import column_title, group_sums, key_text, stage_bound, total_text
from reen.views.figures import bar, day, decimals_for, figure, joined, multiple_of, percent

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

__all__ = ["footprint_page", "group_table", "made_with"]

#: Criteria whose groups are shown in a table each; more would bury the page.
_CRITERIA_SHOWN = 3

#: Factors named on one line about what they hold.
_NAMES_SHOWN = 8


def _meaning(stage: reen.Stage) -> str:
    """Return what a stage includes, where its title does not make it plain."""
    return say(f"stage_{stage}")


def footprint_page(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Yield the blocks of the page of a footprint."""
    yield from _headline(footprint, page)
    shown = footprint.criteria[:_CRITERIA_SHOWN]
    if footprint.grouped_by:
        for criterion in shown:
            yield from _by_group(footprint, criterion, page)
        if len(footprint.criteria) > len(shown):
            names = joined(_title(footprint, each) for each in shown)
            yield hang(say("page_groups_shown", names=names), width=page.width)
    if len(footprint.stages) > 1:
        for criterion in shown:
            yield from _by_stage(footprint, criterion, page)
    yield from coverage_page(footprint, page)
    yield from _what_factors_hold(footprint, page)
    yield paragraph()
    yield hang(made_with(footprint, page), width=page.width, rest="  ")


def _what_factors_hold(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Yield the system boundaries of the item factors in use, as their sources state them."""
    held: dict[str, list[str]] = {}
    factors = footprint.factors
    for flow, text in zip(factors.flows, factors.descriptions, strict=True):
        if text.reference_unit == "item" and text.boundary:
            name = factor_name(text.name, flow.pack)
            held.setdefault(factor_text(text.boundary), []).append(name)
    if not held:
        return
    yield paragraph()
    yield heading(say("page_factors"))
    for boundary, names in sorted(held.items()):
        listed = names[:_NAMES_SHOWN]
        rest = len(names) - len(listed)
        more = f" {say('page_and_more', count=rest)}" if rest else ""
        said = say("page_colon", name=f"{', '.join(listed)}{more}", text=boundary)
        yield hang(said, width=page.width)


def _title(footprint: reen.Footprint, criterion: str) -> str:
    return title_of(footprint.factors.vocabulary[criterion])


def _headline(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    about = footprint.provenance
    totals = footprint.totals()
    if len(totals) == 1:
        yield heading(
            say(
                "page_figure",
                criterion=_title(footprint, totals[0].criterion),
                total=total_text(totals[0]),
            )
        )
    else:
        listed = table(say("page_criterion"), say("page_total"), right=[say("page_total")])
        for total in totals:
            listed.add_row(_title(footprint, total.criterion), total_text(total))
        yield listed
    for line in lines_apart(footprint):
        yield hang(line, width=page.width)
    packs = [pack.name for pack in about.packs]
    facts = {say("page_method_head"): page.method_title(about.method, packs)}
    date = day(about.as_of)
    facts[say("page_as_of")] = date if page.dated else say("page_today", day=date)
    facts |= _boundary(footprint)
    if len(footprint.stages) == 1:
        (stage,) = footprint.stages
        said = say("page_colon", name=title_of(stage).lower(), text=_meaning(stage))
        facts[say("page_stage")] = said
    if any(total.lower_bound for total in totals):
        refused = footprint.account.has_refused
        facts[">="] = say("page_bound_refused" if refused else "page_bound")
    if footprint.account.doubts:
        facts[say("page_doubt_head")] = say("page_doubt")
    if any(total.unit.startswith("kgCO2e") for total in totals):
        facts["CO2e"] = say("page_co2e")
    facts |= uncertainty(footprint, page, footprint.criteria)
    for label, text in facts.items():
        yield hang(text, width=page.width, first=f"{label:<8} ")


def _boundary(footprint: reen.Footprint) -> dict[str, str]:
    """Return which tables the figure counts and which it does not, where there are several."""
    words = {
        counted: joined(
            say(f"found_{each.table}", count=each.rows)
            for each in footprint.boundary
            if each.counted is counted
        )
        for counted in (True, False)
    }
    if words[False]:
        words[False] = say("page_counts_not", tables=words[False])
    heads = {True: say("page_counts_head"), False: say("page_counts_not_head")}
    return {heads[counted]: text for counted, text in words.items() if text}


def _shares(columns: Sequence[str], unit: str) -> Table:
    unit, share = unit_text(unit), say("page_share")
    return table(*columns, unit, share, "", right=[unit, share])


def _cells(value: float, total: float, *, decimals: int, sign: str, page: Page) -> list[str]:
    """Return value, share and bar of one line; blanks when there is nothing to share."""
    if np.isnan(value):
        return [say("page_not_measured"), "", ""]
    share = value / total if total > 0.0 else float("nan")
    return [
        f"{sign}{figure(value, decimals)}",
        "" if np.isnan(share) else percent(share),
        bar(share, cells=page.bar_cells, ascii_only=page.ascii_only),
    ]


def _by_group(footprint: reen.Footprint, criterion: str, page: Page) -> Iterator[RenderableType]:
    names = footprint.grouped_by
    yield paragraph()
    by = say("page_by", names=joined(column_title(name) for name in names))
    yield heading(f"{by}{_of(footprint, criterion)}")
    if not footprint.group_count:
        yield paragraph(say("page_no_group"))
        return
    yield group_table(footprint, criterion, page)
    if page.head(footprint.group_count) < footprint.group_count:
        yield hang(say("page_more_groups"), width=page.width)


def group_table(footprint: reen.Footprint, criterion: str, page: Page) -> Table:
    """Return the table of the groups, the largest first; those beyond the limit are added up."""
    names = footprint.grouped_by
    sums, order, unit, divisor, decimals = group_sums(footprint, criterion)
    total = float(np.nansum(sums)) / divisor
    lacking = footprint.group_left_out(criterion)
    grows = criterion in footprint.nonnegative and not footprint.account.doubts
    bound = set(np.flatnonzero(lacking).tolist()) if grows else set()
    made = _shares([column_title(name).capitalize() for name in names], unit)
    shown = order[: page.head(len(order))]
    keys = footprint.groups.take(shown).to_pylist()
    for key, k in zip(keys, shown, strict=True):
        sign = ">= " if k in bound else ""
        cells = _cells(sums[k] / divisor, total, decimals=decimals, sign=sign, page=page)
        made.add_row(*(key_text(name, key[name], page.type_title) for name in names), *cells)
    rest = order[len(shown) :]
    if len(rest):
        sign = ">= " if bound.intersection(rest) else ""
        value = (
            float("nan") if np.isnan(sums[rest]).all() else float(np.nansum(sums[rest])) / divisor
        )
        cells = _cells(value, total, decimals=decimals, sign=sign, page=page)
        made.add_row(say("page_others", count=len(rest)), *[""] * (len(names) - 1), *cells)
    return made


def _by_stage(footprint: reen.Footprint, criterion: str, page: Page) -> Iterator[RenderableType]:
    yield paragraph()
    yield heading(f"{say('page_by_stage')}{_of(footprint, criterion)}")
    yield stage_table(footprint, criterion, page)
    for stage in footprint.stage_totals(criterion):
        money = stage is reen.Stage.UNSPECIFIED and bool(footprint.boundary)
        meaning = say("stage_unspecified_money") if money else _meaning(stage)
        said = say("page_colon", name=title_of(stage), text=meaning)
        yield hang(said, width=page.width, rest="  ")


def stage_table(footprint: reen.Footprint, criterion: str, page: Page) -> Table:
    """Return the table of the stages."""
    values = footprint.stage_totals(criterion)
    largest = max((abs(value) for value in values.values() if not np.isnan(value)), default=0.0)
    unit, divisor = multiple_of(footprint.unit(criterion), largest)
    total = sum(value for value in values.values() if not np.isnan(value)) / divisor
    made = _shares([say("page_stage")], unit)
    for stage, value in values.items():
        sign = stage_bound(footprint, stage, criterion)
        decimals = decimals_for(largest / divisor)
        cells = _cells(value / divisor, total, decimals=decimals, sign=sign, page=page)
        made.add_row(title_of(stage), *cells)
    return made


def _of(footprint: reen.Footprint, criterion: str) -> str:
    """Name the criterion of a table where there are several."""
    return f" - {_title(footprint, criterion)}" if len(footprint.criteria) > 1 else ""


def made_with(footprint: reen.Footprint, page: Page) -> str:
    """Return what made a footprint: versions, options, factor packs, hash."""
    about = footprint.provenance
    options = "".join(f", {name}={value}" for name, value in page.options.items())
    packs = ", ".join(f"{pack.name} {pack.version}" for pack in about.packs) or say("page_none")
    method = f"{about.method} {about.method_version}{options}"
    made = say("page_made_by_method", digest=about.made[:12]) if about.made else ""
    return say(
        "page_made_with",
        reen=about.reen_version,
        method=method,
        day=about.as_of,
        packs=packs + made,
        digest=about.hash[:12],
    )
