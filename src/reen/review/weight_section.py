"""Sections one to four of the review: whose it is, its figures, what weighs most, why they changed.

Input: a `ReviewYear`, and the cells of its footprint.  Output: blocks in words.  Every figure comes
from the results; nothing is worked out here but sums of cells and shares.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from reen.reasons import Reason, say, title_of
from reen.results.footprint import Footprint
from reen.results.footprint_words import stage_bound
from reen.review.cells import Cell, sum_of
from reen.review.charts import stacked
from reen.review.document import Block, Chart, Column, Section, Table, Text
from reen.review.figures import NO_FLEET, Coverage, coverage_of
from reen.review.numbers import (
    NONE,
    at_least,
    coverage_text,
    lines,
    number,
    unit_of_kind,
    unit_text,
)
from reen.review.wording import (
    TONNES,
    in_sentence,
    tonnes,
    total_text,
    type_title,
)
from reen.review.year import CLIMATE, ReviewYear
from reen.vocabulary.stages import Stage

__all__ = ["counted"]

#: Rows of a table of the largest cells.
_TOP = 10

_ASSESSED = Reason("review_assessed_least_known_stage")


def counted(review: ReviewYear, cells: tuple[Cell, ...]) -> Section:
    """Return the footprint by type, entity and stage, the largest cells, and other methods."""
    footprint = review.now.footprint
    stages = footprint.stages
    blocks: list[Block] = []
    types = _sums(cells, lambda cell: cell.equipment_type)
    order = sorted(types, key=lambda key: -sum(types[key].values.values()))
    services = say("review_and_of_service") if any(cell.kind == "service" for cell in cells) else ""
    charted = [key for key in order if sum(types[key].values.values()) > 0.0]
    if charted:
        titles = [type_title(review.registry, key) for key in charted]
        series = [
            (title_of(stage), [types[key].values.get(str(stage), 0.0) / 1000.0 for key in charted])
            for stage in stages
        ]
        bounds = [_grows(footprint) and types[key].lacks_of(footprint) for key in charted]
        largest = tonnes(sum(types[charted[0]].values.values()), bound=bounds[0])
        most = f"{titles[0]}{say('review_colon')}{largest} {TONNES}"
        blocks.append(
            Chart(
                say("review_footprint_by_type_of_equipment", services=services),
                *stacked(titles, series, marks=list(map(at_least, bounds)), unit=str(TONNES)),
                say("review_bars_by_type_and_stage", most=most),
            )
        )
    columns = (
        Column(say("review_type")),
        Column(say("review_total_t"), numeric=True),
        *(Column(f"{title_of(stage)}, t", numeric=True) for stage in stages),
        Column(str(_ASSESSED)),
    )
    blocks.append(
        Table(
            say("review_footprint_by_type_of_equipment_and", services=services, tonnes=TONNES),
            columns,
            tuple(_row(type_title(review.registry, key), types[key], footprint) for key in order),
        )
    )
    entities = _sums(cells, lambda cell: cell.entity)
    if len(entities) > 1 or "" not in entities:
        ranked = sorted(entities, key=lambda key: -sum(entities[key].values.values()))
        blocks.append(
            Table(
                say("review_footprint_by_entity", tonnes=TONNES),
                (Column(say("review_entity")), *columns[1:]),
                tuple(
                    _row(key or say("review_no_entity"), entities[key], footprint) for key in ranked
                ),
            )
        )
        blocks.append(_top(review, cells))
    blocks.append(_stages(review, cells))
    blocks += _beside(review)
    blocks.append(
        Text(
            say("review_to_follow_a_figure_to"),
            "note",
        )
    )
    return Section("empreinte", say("review_what_weighs"), tuple(blocks))


class _Sum:
    """Sums of cells: values by stage, and what they rest on by kind of flow."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}
        #: Stages in which something is not assessed.
        self.short: set[str] = set()
        self._wholes: dict[str, dict[tuple[str, str], Coverage]] = {}

    def add(self, cell: Cell) -> None:
        """Add a cell."""
        if cell.value is not None:
            self.values[cell.stage] = self.values.get(cell.stage, 0.0) + cell.value
        if cell.left_out or cell.unknown_rows:
            self.short.add(cell.stage)
        # a kind of flow rests on the same rows in each of its stages
        self._wholes.setdefault(cell.kind, {})[cell.entity, cell.equipment_type] = cell.whole

    @property
    def coverages(self) -> dict[str, Coverage]:
        """Return what each kind of flow rests on."""
        return {kind: _together(parts.values()) for kind, parts in self._wholes.items()}

    def lacks_of(self, footprint: Footprint) -> bool:
        """Tell whether something of any kind is not assessed; a refused row may be of any cell."""
        found = self.coverages.values()
        short = any(each.known < each.total or each.unknown_rows for each in found)
        return short or footprint.account.has_refused

    def covered(self) -> str:
        """Return what is assessed by the kind of flow that is covered least, in words."""
        found = self.coverages
        fleet = {kind: each for kind, each in found.items() if kind not in NO_FLEET}
        kinds = fleet or found
        worst = min(kinds, key=lambda kind: _share(kinds[kind]))
        counted_ = kinds[worst]
        unit = "" if fleet else unit_text(unit_of_kind(worst), counted_.total)
        of = number(counted_.total) + unit
        text = say("review_of", known=number(counted_.known), of=of)
        if not counted_.total and counted_.unknown_rows:
            return say("review_of_unknown_quantity", unknown_rows=lines(counted_.unknown_rows))
        return text + (say("review_and_an_unknown_quantity") if counted_.unknown_rows else "")


def _share(coverage: Coverage) -> float:
    return 0.0 if coverage.share is None else coverage.share


def _together(parts: Iterable[Coverage]) -> Coverage:
    given = list(parts)
    return Coverage(
        known=math.fsum(each.known for each in given),
        total=math.fsum(each.total for each in given),
        unknown_rows=sum(each.unknown_rows for each in given),
    )


def _sums(cells: tuple[Cell, ...], key: Callable[[Cell], str]) -> dict[str, _Sum]:
    found: dict[str, _Sum] = {}
    for cell in cells:
        found.setdefault(key(cell), _Sum()).add(cell)
    return found


def _row(title: str, found: _Sum, footprint: Footprint) -> tuple[str, ...]:
    total = sum(found.values.values()) if found.values else None
    lacks, grows = found.lacks_of(footprint), _grows(footprint)
    note = say("review_incomplete_x") if lacks and not grows else ""
    refused = footprint.account.has_refused
    return (
        title,
        NONE if total is None else f"{tonnes(total, bound=lacks and grows)}{note}",
        *(
            tonnes(
                found.values.get(str(stage)),
                bound=grows and (refused or str(stage) in found.short),
            )
            for stage in footprint.stages
        ),
        found.covered(),
    )


def _grows(footprint: Footprint) -> bool:
    """Tell whether a figure that lacks something can only grow."""
    return CLIMATE in footprint.nonnegative and not footprint.account.doubts


def _of_stage(footprint: Footprint, stage: Stage, value: float) -> str:
    """Return the figure of a stage, and whether it lacks something."""
    if math.isnan(value):
        return NONE
    if stage_bound(footprint, stage, CLIMATE):
        return tonnes(value, bound=True)
    lacks = footprint.coverage.lacks(stage, CLIMATE) or footprint.account.has_refused
    return tonnes(value) + (say("review_incomplete_x") if lacks else "")


def _covered_by_kind(cells: Sequence[Cell]) -> str:
    """Return what a stage rests on: items, lines of spending, items thrown away, each by itself."""
    fleet = [cell for cell in cells if cell.kind not in NO_FLEET]
    found = [sum_of(fleet)] if fleet else []
    found += [
        attrs.evolve(sum_of(cell for cell in cells if cell.kind == kind), unit=unit_of_kind(kind))
        for kind in sorted(NO_FLEET & {cell.kind for cell in cells})
    ]
    return say("review_semicolon").join(map(coverage_text, found)) or NONE


def _top(review: ReviewYear, cells: tuple[Cell, ...]) -> Table:
    footprint = review.now.footprint
    pairs = _sums(cells, lambda cell: f"{cell.entity}\0{cell.equipment_type}")
    ranked = sorted(pairs, key=lambda key: -sum(pairs[key].values.values()))[:_TOP]
    rows = []
    for key in ranked:
        entity, _, kind = key.partition("\0")
        title = (
            f"{entity or say('review_no_entity')}, {in_sentence(type_title(review.registry, kind))}"
        )
        rows.append(_row(title, pairs[key], footprint))
    return Table(
        say("review_the_groups_that_weigh_most", rows=len(rows), tonnes=TONNES),
        (
            Column(say("review_entity_and_type")),
            Column(say("review_total_t"), numeric=True),
            *(Column(f"{title_of(stage)}, t", numeric=True) for stage in footprint.stages),
            Column(str(_ASSESSED)),
        ),
        tuple(rows),
    )


def _stages(review: ReviewYear, cells: tuple[Cell, ...]) -> Table:
    footprint = review.now.footprint
    totals = footprint.stage_totals(CLIMATE)
    return Table(
        say("review_by_stage_of_the_life"),
        (
            Column(say("review_stage")),
            Column(say("review_t_co2e_a_year"), numeric=True),
            Column(say("review_what_is_assessed")),
        ),
        tuple(
            (
                title_of(stage),
                _of_stage(footprint, stage, value),
                _covered_by_kind([cell for cell in cells if cell.stage == str(stage)]),
            )
            for stage, value in totals.items()
        ),
    )


def _beside(review: ReviewYear) -> Iterator[Block]:
    if not review.beside:
        return
    mine = review.now.footprint
    rows = [
        (
            say("review_that_of_this_review", method=review.plan.method),
            total_text(mine.total(CLIMATE)),
            coverage_text(coverage_of(mine)),
        )
    ]
    for each in review.beside:
        if each.footprint is None or CLIMATE not in each.footprint.criteria:
            rows.append((each.method, say("review_could_not_be_run"), str(each.why or NONE)))
        else:
            rows.append(
                (
                    each.method,
                    total_text(each.footprint.total(CLIMATE)),
                    coverage_text(coverage_of(each.footprint)),
                )
            )
    yield Table(
        say("review_the_same_fleet_by_other"),
        (
            Column(say("review_method")),
            Column(say("review_co2e_a_year"), numeric=True),
            Column(say("review_items_assessed")),
        ),
        tuple(rows),
    )
    yield Text(
        say("review_two_methods_do_not_count"),
        "note",
    )
