"""A footprint as a page for whoever runs the equipment: total, groups, stages.

Input: a `Footprint`.  Output: rich renderables, in reading order.  What the figure leaves out
stands in `coverages`, which this page ends with.  Computes nothing but shares of totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

import reen
from reen.cli.coverages import coverage_page
from reen.cli.page import Page
from reen.cli.tables import (
    bar,
    decimals_for,
    figure,
    hang,
    heading,
    joined,
    multiple_of,
    plural,
    table,
)
from reen.plugins.method import title_of
from reen.results.display import proxy_lines

__all__ = ["footprint_page"]

#: Criteria whose groups are shown in a table each; more would bury the page.
_CRITERIA_SHOWN = 3

#: Factors named on one line about what they hold.
_NAMES_SHOWN = 8

#: What a stage holds, where its title does not say it all.
_MEANING = {
    reen.Stage.MANUFACTURING: "raw materials, parts and assembly",
    reen.Stage.DISTRIBUTION: "transport to the place of use",
    reen.Stage.USE: "electricity and consumables in service",
    reen.Stage.END_OF_LIFE: "collection, treatment and recycling",
    reen.Stage.EMBEDDED: "one figure of the source; what it holds is said below, under Factors",
    reen.Stage.UNSPECIFIED: "one declared figure; what it holds is not known",
}


def footprint_page(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Yield the blocks of the page of a footprint."""
    yield from _headline(footprint, page)
    shown = footprint.criteria[:_CRITERIA_SHOWN]
    if footprint.grouped_by:
        for criterion in shown:
            yield from _by_group(footprint, criterion, page)
        if len(footprint.criteria) > len(shown):
            yield hang(
                f"Groups are shown for {joined(shown)}; --criteria chooses others, and --format"
                " csv gives them all.",
                width=page.width,
            )
    if len(footprint.stages) > 1:
        for criterion in shown:
            yield from _by_stage(footprint, criterion, page)
    yield from coverage_page(footprint, page)
    yield from _what_factors_hold(footprint, page)
    yield Text("")
    yield hang(_made_with(footprint, page), width=page.width, first="Made with: ")


def _what_factors_hold(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Yield the system boundaries of the item factors in use, as their sources state them."""
    held: dict[str, list[str]] = {}
    for text in footprint.factors.descriptions:
        if text.reference_unit == "item" and text.boundary:
            held.setdefault(text.boundary, []).append(text.name)
    if not held:
        return
    yield Text("")
    yield heading("Factors: what the figure of one item holds")
    for boundary, names in sorted(held.items()):
        listed = names[:_NAMES_SHOWN]
        more = f" and {len(names) - len(listed)} more" if len(names) > len(listed) else ""
        yield hang(f"{', '.join(listed)}{more}: {boundary}", width=page.width)


def _title(footprint: reen.Footprint, criterion: str) -> str:
    return footprint.factors.vocabulary[criterion].title_en


def _total_text(total: reen.Total) -> str:
    if np.isnan(total.value):
        return "nothing could be measured"
    unit, divisor = multiple_of(total.unit, abs(total.value))
    value = total.value / divisor
    sign = ">= " if total.lower_bound else ""
    note = "" if total.complete or total.lower_bound else " (incomplete)"
    if total.doubtful:
        note = " (doubtful)"
    return f"{sign}{figure(value, decimals_for(value))} {unit}{note}"


def _headline(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    about = footprint.provenance
    totals = footprint.totals()
    if len(totals) == 1:
        yield heading(f"{_title(footprint, totals[0].criterion)}: {_total_text(totals[0])}")
    else:
        listed = table("Criterion", "Total", right=["Total"])
        for total in totals:
            listed.add_row(_title(footprint, total.criterion), _total_text(total))
        yield listed
    for line in proxy_lines(footprint):
        yield hang(line, width=page.width)
    method = page.registry.methods.get(about.method)
    packs = [pack.name for pack in about.packs]
    facts = {"Method": f"{about.method} - {title_of(method, packs)}" if method else about.method}
    facts["As of"] = about.as_of + ("" if page.dated else " (today; --as-of sets another date)")
    facts |= _boundary(footprint)
    if len(footprint.stages) == 1:
        (stage,) = footprint.stages
        facts["Stage"] = f"{stage.title_en.lower()}: {_MEANING[stage]}"
    if any(total.lower_bound for total in totals):
        refused = " or was refused" if footprint.account.has_refused else ""
        facts[">="] = f"at least: some equipment is left out{refused}, named below"
    if footprint.account.doubts:
        facts["Doubt"] = "something that is counted may be wrong, as said below, under Doubtful"
    if any(total.unit.startswith("kgCO2e") for total in totals):
        facts["CO2e"] = "all greenhouse gases, as the mass of CO2 that warms the climate as much"
    facts |= _uncertainty(footprint, page)
    for label, text in facts.items():
        yield hang(text, width=page.width, first=f"{label:<8}")


def _boundary(footprint: reen.Footprint) -> dict[str, str]:
    """Return which tables the figure counts and which it does not, where there are several."""
    words = {
        label: joined(
            f"{each.table} ({plural(each.rows, 'row')})"
            for each in footprint.boundary
            if each.counted is counted
        )
        for label, counted in (("Counts", True), ("Not", False))
    }
    if words["Not"]:
        words["Not"] += ": the method does not count these"
    return {label: text for label, text in words.items() if text}


def _uncertainty(footprint: reen.Footprint, page: Page) -> dict[str, str]:
    """Return what is said of the uncertainty of each total, where it is asked for."""
    if page.spread is None:
        return {}
    found = {}
    for total in footprint.totals():
        interval = page.spread.interval(footprint, total.criterion)
        hint = "" if total.complete else "; of what is counted, and of nothing that is left out"
        if not interval.covers_enough:
            hint = ": --assume-spread 0.3 takes 30 %"
        label = "Range" if len(footprint.criteria) == 1 else _title(footprint, total.criterion)
        found[label] = f"{interval}{hint}"
    return found


def _shares(columns: Sequence[str], unit: str) -> Table:
    return table(*columns, unit, "Share", "", right=[unit, "Share"])


def _cells(value: float, total: float, *, decimals: int, sign: str, page: Page) -> list[str]:
    """Return value, share and bar of one line; blanks when there is nothing to share."""
    if np.isnan(value):
        return ["not measured", "", ""]
    share = value / total if total > 0.0 else float("nan")
    return [
        f"{sign}{figure(value, decimals)}",
        "" if np.isnan(share) else f"{100.0 * share:.0f} %",
        bar(share, cells=page.bar_cells, ascii_only=page.ascii_only),
    ]


def _by_group(footprint: reen.Footprint, criterion: str, page: Page) -> Iterator[RenderableType]:
    names = footprint.grouped_by
    yield Text("")
    yield heading(f"By {joined(_spaced(name) for name in names)}{_of(footprint, criterion)}")
    if not footprint.group_count:
        yield Text("no group: the inventory is empty")
        return
    impacts = footprint.impacts()[:, :, footprint.criteria.index(criterion)]
    nothing = np.asarray(np.isnan(impacts).all(axis=1), np.bool_)
    sums = np.where(nothing, np.nan, np.nansum(impacts, axis=1))
    order = np.argsort(-np.where(nothing, -np.inf, sums), kind="stable")
    largest = float(np.nanmax(np.abs(sums), initial=0.0))
    unit, divisor = multiple_of(footprint.unit(criterion), largest)
    total, decimals = float(np.nansum(sums)) / divisor, decimals_for(largest / divisor)
    # a row that was refused may be of any group
    lacking = footprint.group_left_out() | footprint.account.has_refused
    grows = criterion in footprint.nonnegative and not footprint.account.doubts
    bound = set(np.flatnonzero(lacking).tolist()) if grows else set()
    made = _shares([_spaced(name).capitalize() for name in names], unit)
    shown = order[: page.head(len(order))]
    keys = footprint.groups.take(shown).to_pylist()
    for key, k in zip(keys, shown, strict=True):
        sign = ">= " if k in bound else ""
        cells = _cells(sums[k] / divisor, total, decimals=decimals, sign=sign, page=page)
        made.add_row(*(_key(name, key[name], page) for name in names), *cells)
    rest = order[len(shown) :]
    if len(rest):
        blanks = [""] * (len(names) - 1)
        sign = ">= " if bound.intersection(rest) else ""
        value = float("nan") if nothing[rest].all() else float(np.nansum(sums[rest])) / divisor
        cells = _cells(value, total, decimals=decimals, sign=sign, page=page)
        made.add_row(f"({len(rest):,} others)", *blanks, *cells)
    yield made
    if len(rest):
        yield hang("--limit 0 shows every group, --format csv writes them.", width=page.width)


def _by_stage(footprint: reen.Footprint, criterion: str, page: Page) -> Iterator[RenderableType]:
    yield Text("")
    yield heading(f"By stage of the life cycle{_of(footprint, criterion)}")
    values = footprint.stage_totals(criterion)
    largest = max((abs(value) for value in values.values() if not np.isnan(value)), default=0.0)
    unit, divisor = multiple_of(footprint.unit(criterion), largest)
    total = sum(value for value in values.values() if not np.isnan(value)) / divisor
    made = _shares(["Stage"], unit)
    for stage, value in values.items():
        lacks = footprint.coverage.lacks(stage, criterion) or footprint.account.has_refused
        lacks = lacks and not footprint.account.doubts
        sign = ">= " if lacks and criterion in footprint.nonnegative else ""
        decimals = decimals_for(largest / divisor)
        cells = _cells(value / divisor, total, decimals=decimals, sign=sign, page=page)
        made.add_row(stage.title_en, *cells)
    yield made
    for stage in values:
        said = _MEANING[stage]
        if stage is reen.Stage.UNSPECIFIED and footprint.boundary:
            said = "declared figures and ratios of money; what they hold is not known"
        yield hang(said, width=page.width, first=f"{stage.title_en}: ", rest="  ")


def _of(footprint: reen.Footprint, criterion: str) -> str:
    """Name the criterion of a table where there are several."""
    return f" - {_title(footprint, criterion)}" if len(footprint.criteria) > 1 else ""


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _key(name: str, value: object, page: Page) -> str:
    if value is None:
        return "(not given)"
    return page.type_title(str(value)) if name == "equipment_type" else str(value)


def _made_with(footprint: reen.Footprint, page: Page) -> str:
    about = footprint.provenance
    options = "".join(f", {name}={value}" for name, value in page.options.items())
    packs = ", ".join(f"{pack.name} {pack.version}" for pack in about.packs) or "none"
    made = f"; factors of the method itself: {about.made[:12]}" if about.made else ""
    return (
        f"reen {about.reen_version}; method {about.method} {about.method_version}{options};"
        f" as of {about.as_of}; factor packs: {packs}{made}; hash of all this {about.hash[:12]}"
    )
