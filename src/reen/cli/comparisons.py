"""A comparison as a page: totals side by side, then each pair of methods and why it differs.

Input: a `Comparison`.  Output: rich renderables, in reading order, in English or in French.
Sentences and effects are the library's; the figures of a pair are all written as its sentence
writes them, so that they can be checked against each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

import reen
from reen.cli.comparison_words import WORDS
from reen.cli.page import Page
from reen.cli.tables import bar, decimals_for, figure, hang, heading, multiple_of, table

__all__ = ["comparison_page"]

#: Lines of the table of what weighs most in a gap.
_RANKED = 5


@attrs.frozen
class _Sheet:
    """The page that is being written: the comparison, its frame, and its language."""

    comparison: reen.Comparison
    page: Page
    baseline: str
    language: str
    options: Mapping[str, Mapping[str, str]]

    def word(self, key: str) -> str:
        """Return a text of the page."""
        return WORDS[self.language].get(key, key.replace("_", " "))

    def number(self, value: float, decimals: int) -> str:
        """Return a figure as the language writes it."""
        text = figure(value, decimals)
        return text.translate(str.maketrans(",.", "\u00a0,")) if self.language == "fr" else text

    def unit(self, unit: str) -> str:
        """Return a unit as the language writes it."""
        return unit.replace("/year", "/an") if self.language == "fr" else unit

    def type_title(self, key: str) -> str:
        """Return the title of an equipment type."""
        types = self.page.registry.equipment_types
        if key not in types:
            return key or self.word("untyped")
        return types[key].title_fr if self.language == "fr" else types[key].title_en

    def stage_title(self, key: str) -> str:
        """Return the title of a stage."""
        stage = reen.Stage(key)
        return stage.title_fr if self.language == "fr" else stage.title_en

    def criterion_title(self, key: str) -> str:
        """Return the title of a criterion."""
        criterion = self.page.registry.criteria[key]
        return criterion.title_fr if self.language == "fr" else criterion.title_en

    def cause(self, name: str, only: str) -> str:
        """Return the title of an effect."""
        return self.word("only").format(only=only) if only else self.word(name)

    def bar(self, share: float, *, columns: int = 1) -> str:
        """Return a share of the largest figure as a bar, in one of some columns."""
        cells = self.page.bar_cells // columns
        return bar(share, cells=cells, ascii_only=self.page.ascii_only)


def comparison_page(
    comparison: reen.Comparison,
    page: Page,
    *,
    baseline: str,
    language: str,
    options: Mapping[str, Mapping[str, str]],
) -> Iterator[RenderableType]:
    """Yield the blocks of the page of a comparison; `options` are those given to each method."""
    sheet = _Sheet(comparison, page, baseline, language, options)
    for number, criterion in enumerate(comparison.criteria):
        if number:
            yield Text("")
        yield from _totals(sheet, criterion)
    yield from _notes(sheet)
    first = comparison.criteria[0]
    if len(comparison.criteria) > 1:
        text = sheet.word("others criteria").format(criterion=sheet.criterion_title(first))
        yield hang(text, width=page.width)
    yield from _by_type(sheet, first)
    yield from _by_stage(sheet, first)
    if comparison.by:
        yield from _by_group(sheet, first)
    for a, b in comparison.gaps:
        yield from _gap(sheet, comparison.gap(a, b, first))
    if comparison.failed:
        yield Text("")
        yield heading(sheet.word("failed"))
        for name, reason in comparison.failed.items():
            yield hang(reason, width=page.width, first=f"{name}: ", rest="  ")
    yield Text("")
    yield hang(_made_with(sheet), width=page.width, first=sheet.word("made"))


# -- side by side ----------------------------------------------------------------------------


def _totals(sheet: _Sheet, criterion: str) -> Iterator[RenderableType]:
    totals = sheet.comparison.totals(criterion)
    known = {name: total for name, total in totals.items() if total is not None}
    values = {name: 0.0 if np.isnan(total.value) else total.value for name, total in known.items()}
    largest = max(map(abs, values.values()), default=0.0)
    unit, divisor = multiple_of(next(iter(known.values())).unit, largest)
    yield heading(f"{sheet.criterion_title(criterion)}, {sheet.unit(unit)}")
    times = sheet.word("times").format(baseline=sheet.baseline)
    made = table(sheet.word("method"), sheet.unit(unit), times, "", right=[sheet.unit(unit), times])
    ratios = sheet.comparison.ratios(sheet.baseline, criterion)
    for name, total in totals.items():
        if total is None or np.isnan(total.value):
            made.add_row(name, sheet.word("nothing"), "", "")
            continue
        made.add_row(
            name,
            _bound(total.lower_bound)
            + sheet.number(total.value / divisor, decimals_for(largest / divisor)),
            "" if math.isnan(ratios[name]) else sheet.number(ratios[name], 2),
            sheet.bar(total.value / largest if largest else 0.0),
        )
    yield made


def _bound(low: bool) -> str:  # noqa: FBT001 - the sign of a lower bound, or nothing
    return ">= " if low else ""


def _notes(sheet: _Sheet) -> Iterator[RenderableType]:
    about = next(iter(sheet.comparison.provenance.values()))
    width = sheet.page.width
    today = "" if sheet.page.dated else sheet.word("today")
    yield hang(f"{about.as_of}{today}", width=width, first=f"{sheet.word('as of')} ")
    totals = [
        total
        for key in sheet.comparison.criteria
        for total in sheet.comparison.totals(key).values()
    ]
    if any(total is not None and total.lower_bound for total in totals):
        command = f"`reen measure {sheet.page.typed_path} --method ...`"
        text = f"{sheet.word('at least')} {command} {sheet.word('who')}"
        yield hang(text, width=width, first=">= ")
    yield hang(sheet.word("nothing"), width=width, first="-  ")


def _side_by_side(
    sheet: _Sheet,
    title: str,
    rows: Sequence[tuple[str, Sequence[float | None], Sequence[bool], str]],
    unit: str,
    *,
    first: str,
    last: str = "",
) -> Iterator[RenderableType]:
    """Yield a table of one line per row (label, figures, whether a lower bound, remark)."""
    largest = max(
        (abs(value) for _, values, _, _ in rows for value in values if value is not None),
        default=0.0,
    )
    unit, divisor = multiple_of(unit, largest)
    yield Text("")
    yield heading(f"{title}, {sheet.unit(unit)}")
    names = list(sheet.comparison.methods)
    made = table(first, *names, *([last] if last else []), right=[*names, last])
    shown = sheet.page.head(len(rows))
    for label, values, bounds, remark in rows[:shown]:
        cells = [
            "-"
            if value is None
            else _bound(low) + sheet.number(value / divisor, decimals_for(largest / divisor))
            for value, low in zip(values, bounds, strict=True)
        ]
        made.add_row(label, *cells, *([remark] if last else []))
    if shown < len(rows):
        made.add_row(sheet.word("others").format(number=f"{len(rows) - shown:,}"))
    yield made


def _by_type(sheet: _Sheet, criterion: str) -> Iterator[RenderableType]:
    rows = []
    types = sheet.comparison.by_type(criterion)
    for each in types:
        ratio = each.highest_over_lowest
        agreement = "" if math.isnan(ratio) else sheet.number(ratio, 2)
        values = list(each.totals.values())
        low = [name in each.left_out for name in each.totals]
        rows.append((sheet.type_title(each.equipment_type), values, low, agreement))
    yield from _side_by_side(
        sheet,
        sheet.word("by type"),
        rows,
        types[0].unit if types else "",
        first=sheet.word("type"),
        last=sheet.word("agreement"),
    )


def _by_stage(sheet: _Sheet, criterion: str) -> Iterator[RenderableType]:
    footprints = list(sheet.comparison.footprints.values())
    found = [
        each.stage_totals(criterion) if criterion in each.criteria else {} for each in footprints
    ]
    rows = []
    for stage in reen.Stage:
        values = [each.get(stage) for each in found]
        known = [None if value is None or np.isnan(value) else value for value in values]
        if any(value is not None for value in known):
            bounds = [_stage_bound(each, stage, criterion) for each in footprints]
            rows.append((sheet.stage_title(stage), known, bounds, ""))
    unit = _unit(sheet, criterion)
    title, first = sheet.word("by stage"), sheet.word("stage")
    yield from _side_by_side(sheet, title, rows, unit, first=first)


def _stage_bound(footprint: reen.Footprint, stage: reen.Stage, criterion: str) -> bool:
    if stage not in footprint.stages or criterion not in footprint.nonnegative:
        return False
    _, rows, _ = footprint.coverage.quantities(stage, criterion)[reen.Status.LEFT_OUT]
    return rows > 0


def _unit(sheet: _Sheet, criterion: str) -> str:
    return f"{sheet.page.registry.criteria[criterion].unit}/year"


def _by_group(sheet: _Sheet, criterion: str) -> Iterator[RenderableType]:
    columns: list[list[float | None]] = []
    bounds = []
    for each in sheet.comparison.footprints.values():
        impacts = np.full((each.group_count, 1), np.nan)
        if criterion in each.criteria:
            impacts = each.impacts()[:, :, each.criteria.index(criterion)]
        nothing = np.asarray(np.isnan(impacts).all(axis=1))
        sums = np.nansum(impacts, axis=1).tolist()
        columns.append([None if none else value for value, none in zip(sums, nothing, strict=True)])
        low = each.group_left_out() & (criterion in each.nonnegative)
        bounds.append(low.tolist())
    keys = next(iter(sheet.comparison.footprints.values())).groups.to_pylist()
    rows = [
        (_label(sheet, key), [column[g] for column in columns], [low[g] for low in bounds], "")
        for g, key in enumerate(keys)
    ]
    rows.sort(
        key=lambda row: -max((abs(value) for value in row[1] if value is not None), default=0)
    )
    named = ", ".join(name.replace("_", " ") for name in sheet.comparison.by)
    title = sheet.word("by").format(columns=named)
    unit = _unit(sheet, criterion)
    yield from _side_by_side(sheet, title, rows, unit, first=named.capitalize())


def _label(sheet: _Sheet, key: Mapping[str, object]) -> str:
    return " / ".join(
        sheet.type_title(str(value or "")) if name == "equipment_type" else str(value or "-")
        for name, value in key.items()
    )


# -- why -------------------------------------------------------------------------------------


def _gap(sheet: _Sheet, gap: reen.Gap) -> Iterator[RenderableType]:
    yield Text("")
    yield heading(sheet.word("why").format(a=gap.a, b=gap.b))
    yield hang(gap.sentence(sheet.language), width=sheet.page.width)
    if any(effect.value for effect in gap.effects):
        yield _effects(sheet, gap)
        yield Text("")
        yield _ranked(sheet, gap)


def _effects(sheet: _Sheet, gap: reen.Gap) -> Table:
    """Return the effects from the total of a to that of b, with bars on either side of zero."""
    scale = gap.scale
    unit = sheet.unit(scale.unit)
    effects = {key: value for key, value in gap.by("name", "only", "stage").items() if value}
    largest = max(map(abs, effects.values()))
    below = any(value < 0.0 for value in effects.values())
    made = table(sheet.word("cause"), sheet.word("stage"), unit, right=[unit])
    if below:
        made.add_column("", justify="right")
    made.add_column("")

    def ends(name: str, total: float | None, *, low: bool) -> None:
        text = scale.text(total or 0.0, language=sheet.language)
        made.add_row(name, "", _bound(low) + text)

    ends(gap.a, gap.assessed_a, low=gap.at_least[0])
    for (name, only, stage), value in effects.items():
        bars = [sheet.bar(-value / largest, columns=2)] if below else []
        made.add_row(
            sheet.cause(name, only),
            sheet.stage_title(stage),
            scale.text(value, language=sheet.language, sign=True),
            *bars,
            sheet.bar(value / largest, columns=1 + below),
        )
    ends(gap.b, gap.assessed_b, low=gap.at_least[1])
    return made


def _ranked(sheet: _Sheet, gap: reen.Gap) -> Table:
    scale = gap.scale
    unit, share = sheet.unit(scale.unit), sheet.word("share")
    made = table(sheet.word("rank"), sheet.word("type"), unit, share, right=[unit, share])
    for each in gap.rank("name", "only", "equipment_type", top=_RANKED):
        name, only, kind = each.key
        made.add_row(
            sheet.cause(name, only),
            sheet.type_title(kind),
            scale.text(each.value, language=sheet.language, sign=True),
            "" if math.isnan(each.share) else f"{100.0 * each.share:.0f} %",
        )
    return made


def _made_with(sheet: _Sheet) -> str:
    parts = []
    for name, about in sheet.comparison.provenance.items():
        packs = ", ".join(f"{pack.name} {pack.version}" for pack in about.packs)
        given = sheet.options.get(name, {})
        options = "".join(f", {key}={value}" for key, value in given.items())
        parts.append(
            f"{name} {about.method_version}{options} ({sheet.word('packs')}:"
            f" {packs or sheet.word('none')}; hash {about.hash[:12]})"
        )
    version = next(iter(sheet.comparison.provenance.values())).reen_version
    return f"reen {version}; {'; '.join(parts)}"
