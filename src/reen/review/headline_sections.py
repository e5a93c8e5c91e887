"""Sections of the review that give its figures: whose it is, the headline, why it changed.

Input: a `ReviewYear`.  Output: blocks in words.  Every figure comes from the results.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from reen.reasons import say, spoken
from reen.results.change import Change
from reen.results.change_wording import cause_title
from reen.review.charts import steps
from reen.review.content import headline_of
from reen.review.document import Block, Bullets, Chart, Column, Section, Table, Text
from reen.review.figures import coverage_of, of_indicator
from reen.review.numbers import (
    NONE,
    at_least,
    coverage_text,
    day,
    figure_text,
    number,
)
from reen.review.people import said_twice
from reen.review.wording import (
    PER,
    TONNES,
    per_text,
    tonnes,
    total_text,
)
from reen.review.year import CLIMATE, ReviewYear

__all__ = ["changed", "headline", "identity"]


def identity(review: ReviewYear) -> Section:
    """Return whose review it is, who is inside, and what it covers."""
    plan, now = review.plan, review.now
    who = plan.organisation
    start, end = now.files.period
    # the count that the figures of the year are divided by, before what the plan says of no year
    counted = {each.name: each.denominator_value for each in headline_of(review)}
    population = counted.get("footprint_per_inhabitant") or who.population
    rows = [
        (say("review_authority"), who.name),
        (say("review_siren"), who.siren or say("review_not_stated")),
        (
            say("review_population"),
            say("review_inhabitants_x", population=number(population))
            if population
            else say("review_not_stated_x"),
        ),
        (say("review_period"), say("review_period_from_to", start=day(start), end=day(end))),
        (say("review_inventory_on"), day(now.files.as_of)),
        (say("review_method"), f"{plan.method} {now.footprint.provenance.method_version}"),
        (say("review_items_assessed"), coverage_text(coverage_of(now.footprint))),
    ]
    blocks: list[Block] = [
        Table(
            say("review_identity_and_coverage"),
            (Column(say("review_heading")), Column(say("review_content"))),
            tuple(rows),
        )
    ]
    if plan.perimeter:
        blocks.append(
            Table(
                say("review_perimeter"),
                (
                    Column(say("review_entity")),
                    Column(say("review_in_the_review")),
                    Column(say("review_reason")),
                ),
                tuple(
                    (
                        each.name,
                        say("review_yes") if each.inside else say("review_no"),
                        str(each.why or NONE),
                    )
                    for each in plan.perimeter
                ),
            )
        )
    else:
        blocks.append(Text(say("review_the_perimeter_is_not_described"), "note"))
    blocks += [Text(each.text(), "note") for each in said_twice(plan, now)]
    blocks.append(Text(_scope(review), "note"))
    return Section("identite", say("review_identity_perimeter_and_coverage"), tuple(blocks))


def _scope(review: ReviewYear) -> str:
    """Return what kinds of things are counted, and which are not."""
    kinds = {row.kind for row in review.now.footprint.coverage}
    inside = [say("review_the_making_of_equipment_spread")]
    outside = [say("review_the_networks_of_operators")]
    for kind, what in (
        ("waste", say("review_the_waste_of_the_year")),
        ("service", say("review_services_bought_hosting_telecommunications_online")),
    ):
        (inside if kind in kinds else outside).append(what)
    return say(
        "review_counted_not_counted",
        inside=say("review_semicolon").join(inside),
        outside=say("review_semicolon").join(outside),
    )


def headline(review: ReviewYear) -> Section:
    """Return the figures of the year beside those of last year and of its review as published."""
    before = {(each.indicator, each.subject): each for each in (review.indicators_before or ())}
    rows = []
    coverage = coverage_of(review.now.footprint)
    for figure in headline_of(review):
        if figure.name == "total":
            last = (
                NONE
                if review.before is None
                else total_text(review.before.footprint.total(CLIMATE))
            )
            title, base = say("review_total"), say("review_the_authority_one_year")
        else:
            value = before.get((figure.name, ""))
            last = (
                NONE
                if value is None or value.value is None
                else per_text(of_indicator(value, review.registry.indicator(value.indicator)))
            )
            title, whose = map(str, PER[figure.name])
            base = (
                NONE
                if figure.denominator_value is None
                else f"{number(figure.denominator_value)} {whose}"
            )
        shown = figure_text(figure) if figure.name == "total" else per_text(figure)
        row = (title, shown, base, coverage_text(coverage))
        rows.append(row if review.change is None else (*row, last))
    columns = [
        Column(say("review_figure")),
        Column(str(review.year), numeric=True),
        Column(say("review_divided_by")),
        Column(say("review_items_assessed")),
    ]
    if review.change is not None:
        columns.append(Column(say("review_measured_again", year=review.year - 1), numeric=True))
    blocks: list[Block] = [Table(say("review_figures_of_the_year_in"), tuple(columns), tuple(rows))]
    blocks += _as_published(review)
    return Section("chiffres", say("review_the_figures_of_the_year"), tuple(blocks))


def _as_published(review: ReviewYear) -> Iterator[Block]:
    change = review.change
    if change is None:
        yield Text(
            say("review_no_comparison_with_its_files", year=review.year - 1),
            "note",
        )
    elif change.printed is None:
        yield Text(
            say("review_the_review_published_last_year", year=review.year - 1),
            "note",
        )
    else:
        totals = change.totals(CLIMATE)
        yield Text(
            say(
                "review_total_of_published_measured_again",
                year=review.year - 1,
                printed=total_text(totals["printed"]),
                restated=total_text(totals["restated"]),
            ),
            "note",
        )


def changed(review: ReviewYear) -> Section:
    """Return why the footprint changed, exactly."""
    blocks: list[Block] = []
    if review.change is None or CLIMATE not in review.change.criteria:
        blocks.append(Text(say("review_no_change_the_files_of", year=review.year - 1)))
    else:
        blocks += _evolution(review, review.change, review.year - 1)
    if review.since_baseline is not None and review.plan.baseline_year is not None:
        blocks.append(
            Text(
                say("review_since_the_baseline_year", baseline_year=review.plan.baseline_year),
                "heading",
            )
        )
        blocks += _evolution(review, review.since_baseline, review.plan.baseline_year)
    return Section("evolution", say("review_what_changed_and_why"), tuple(blocks))


def _evolution(review: ReviewYear, change: Change, first: int) -> Iterator[Block]:
    yield Text(change.sentence(spoken()), "lead")
    notes = change.notes(spoken())
    if notes:
        yield Bullets(tuple(notes))
    effects = {key: value for key, value in change.by_cause("detail").items() if abs(value) > 1e-9}  # noqa: PLR2004 - what rounding leaves
    begin, end = change.ends(CLIMATE)
    parts = [
        (cause_title(str(cause), str(detail or ""), spoken()), value)
        for (cause, detail), value in effects.items()
    ]
    first_name = say("review_published", first=first) if change.printed is not None else str(first)
    if parts and not math.isnan(begin.value) and not math.isnan(end.value):
        yield Chart(
            say("review_from_to_cause_by_cause", first=first, year=review.year),
            *steps(
                (first_name, begin.value / 1000.0),
                [(name, value / 1000.0) for name, value in parts],
                (str(review.year), end.value / 1000.0),
                marks=(at_least(begin.lower_bound), at_least(end.lower_bound)),
                unit=str(TONNES),
            ),
            say("review_from_the_total_of_to", first=first, year=review.year)
            + say("review_semicolon").join(
                f"{name} {number(value, sign=True)} kg" for name, value in parts
            ),
        )
    rows = [(first_name, tonnes(begin.value, bound=begin.lower_bound), total_text(begin))]
    rows += [
        (name, tonnes(value, sign=True), _of_us(cause))
        for (name, value), (cause, _) in zip(parts, effects, strict=True)
    ]
    rows.append((str(review.year), tonnes(end.value, bound=end.lower_bound), total_text(end)))
    yield Table(
        say("review_exact_effects_from_to_they", first=first, year=review.year),
        (
            Column(say("review_cause")),
            Column(say("review_t_co2e_a_year"), numeric=True),
            Column(say("review_remark")),
        ),
        tuple(rows),
    )
    yield Text(
        say("review_each_effect_is_the_mean"),
        "note",
    )


def _of_us(cause: object) -> str:
    apart = {
        "factors",
        "method",
        "restatement",
        "reading",
        "perimeter",
        "mix",
        "assumed",
        "unsplit",
    }
    return (
        say("review_not_of_the_authority_s")
        if cause in apart
        else say("review_of_the_authority_s_doing")
    )
