"""Sections of the review: the first page, whose it is, its figures, why they changed.

Input: a `ReviewYear`.  Output: blocks in words.  Every figure comes from the results; nothing is
worked out here but sums of cells and shares.  The rest stands in `weight_section`
and `later_sections`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from reen.plugins.registry import Registry
from reen.reasons import Reason, say, share_text, spoken
from reen.results.change import Change
from reen.results.change_wording import cause_title
from reen.results.total import Total
from reen.review.cells import Cell
from reen.review.charts import steps
from reen.review.content import headline_of
from reen.review.document import Block, Bullets, Card, Cards, Chart, Column, Section, Table, Text
from reen.review.figures import NO_FLEET, Figure, coverage_of, of_indicator
from reen.review.missing import missing_text
from reen.review.numbers import (
    NONE,
    at_least,
    bounded,
    coverage_text,
    day,
    figure_text,
    lines,
    number,
    sure_of,
    unit_of_kind,
    unit_text,
)
from reen.review.people import said_twice
from reen.review.year import CLIMATE, ReviewYear
from reen.strategy.judging import State
from reen.vocabulary import titles

__all__ = [
    "TONNES",
    "changed",
    "first_page",
    "headline",
    "identity",
    "tonnes",
    "total_text",
    "type_title",
]

#: What adding floats may leave of nothing, relative to what is added.
_ROUNDING = 1e-12

STATES: Mapping[State, Reason] = {
    State.REACHED: Reason("review_reached"),
    State.ON_TRACK: Reason("review_on_track"),
    State.BEHIND: Reason("review_behind"),
    State.OFF: Reason("review_off_track"),
    State.UNKNOWN: Reason("review_undetermined"),
}

#: States whose word takes an s.
_PLURALS = (State.REACHED, State.UNKNOWN)

#: What lacks where nobody is counted, and the reasons that say so.
_UNCOUNTED = {
    "footprint_per_agent": Reason("review_the_number_of_staff_is"),
    "footprint_per_inhabitant": Reason("review_the_population_is_missing_key"),
}
_NO_COUNT = frozenset({"count_blank", "no_count_before", "not_given"})

_PER = {
    "footprint_per_agent": (
        Reason("review_per_member_of_staff"),
        Reason("review_members_of_staff"),
    ),
    "footprint_per_inhabitant": (Reason("review_per_inhabitant"), Reason("review_inhabitants")),
}
TONNES = Reason("review_t_co2e_a_year")


def type_title(registry: Registry, key: str) -> str:
    """Return the title of a type of equipment or of service."""
    return titles.type_title(registry.equipment_types, key, spoken()) or say("review_no_type")


def in_sentence(title: str) -> str:
    """Return a title as it stands within a sentence: no capital, but in words that have others.

    Examples
    --------
    >>> in_sentence("Logiciels en ligne (SaaS)"), in_sentence("UPS")
    ('logiciels en ligne (SaaS)', 'UPS')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def tonnes(value: float | None, *, sign: bool = False, bound: bool = False) -> str:
    """Return a mass in kilograms as tonnes, without its unit; ``≥`` before a lower bound."""
    if value is None:
        return NONE
    return at_least(bound) + number(value / 1000.0, decimals=2, sign=sign)


def total_text(total: Total) -> str:
    """Return a total with its unit, and whether it is a lower bound, doubtful or incomplete."""
    if math.isnan(total.value):
        return say("review_nothing_measured")
    text = bounded(total.value, total.unit, lower_bound=total.lower_bound)
    if total.doubtful:
        return say("review_doubtful_incomplete" if total.lacking else "review_doubtful", text=text)
    return text if total.complete or total.lower_bound else say("review_incomplete", text=text)


# -- the first page --------------------------------------------------------------------------


def first_page(review: ReviewYear, cells: tuple[Cell, ...]) -> Section:
    """Return the first page: how much, better or worse, than the promise, what next."""
    total, *per = headline_of(review)
    blocks: list[Block] = [Cards(tuple(_cards(total, per)))]
    blocks += [Text(said, "note") for said in _held(cells)]
    blocks.append(Text(_missing(total), "note"))
    blocks.append(Text(say("review_better_or_worse_than_last"), "heading"))
    blocks += _better(review)
    blocks.append(Text(say("review_against_the_objectives_that_were"), "heading"))
    blocks += _promised(review)
    blocks.append(Text(say("review_what_remains_to_be_done"), "heading"))
    blocks.append(Bullets(tuple(_next(review)) or (say("review_nothing_is_reported"),)))
    return Section("essentiel", say("review_the_essentials"), tuple(blocks))


def _cards(total: Figure, per: list[Figure]) -> Iterator[Card]:
    value = total.value
    shown = (
        say("review_nothing_measured")
        if value is None
        else bounded(value, total.unit, lower_bound=total.lower_bound) + sure_of(total)
    )
    yield Card(
        say("review_carbon_footprint_of_digital_equipment"),
        shown,
        say("review_assessed_at_the_least_known", coverage=coverage_text(total.coverage)),
    )
    for figure in per:
        title, whose = map(str, _PER[figure.name])
        if figure.value is None:
            code = None if figure.missing is None else figure.missing.code
            lacks = missing_text(figure.missing)
            if code in _NO_COUNT:
                lacks = str(_UNCOUNTED[figure.name])
            yield Card(title, say("review_not_worked_out"), lacks)
            continue
        people = number(figure.denominator_value or 0.0)
        yield Card(
            title,
            _per(figure),
            say("review_same_basis", people=people, whose=whose),
        )


def _held(cells: tuple[Cell, ...]) -> Iterator[str]:
    """Yield what the total adds up, where it holds more than the fleet."""
    parts: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.value is not None:
            parts.setdefault(cell.kind if cell.kind in NO_FLEET else "fleet", []).append(cell)
    if parts.keys() <= {"fleet"}:
        return
    said = []
    for kind in sorted(parts):
        mine = parts[kind]
        mass = tonnes(math.fsum(cell.value or 0.0 for cell in mine))
        what = say(f"review_holds_{kind}")
        if kind != "fleet":
            items = math.fsum(cell.assessed for cell in mine)
            what += f" ({number(items)}{unit_text(unit_of_kind(kind), items)})"
        said.append(say("review_part_of_total", what=what, mass=mass, unit=TONNES))
    yield say("review_the_total_adds_up", parts=say("review_semicolon").join(said))


def _per(figure: Figure) -> str:
    """Return a figure per person, whose unit the heading says, with what must be said of it."""
    if figure.value is None:
        return NONE
    text = bounded(figure.value, "kgCO2e/year", lower_bound=figure.lower_bound)
    return text + sure_of(figure)


def _missing(total: Figure) -> str:
    """Return what the total lacks, and its interval."""
    parts = []
    coverage = total.coverage
    if total.doubtful:
        parts.append(say("review_this_total_is_doubtful_a"))
    if not total.complete and coverage is not None:
        left = coverage.total - coverage.known
        if left:
            parts.append(
                say("review_the_true_total_is_higher", left=number(left))
                if total.lower_bound
                else say("review_this_total_is_incomplete_items", left=number(left))
            )
        if coverage.unknown_rows:
            parts.append(
                say("review_unknown_number_of_items_of", unknown_rows=lines(coverage.unknown_rows))
            )
    if total.low is not None and total.high is not None:
        parts.append(
            say(
                "review_uncertainty_of_the_factors_on",
                low=number(total.low / 1000.0),
                high=number(total.high / 1000.0),
                tonnes=TONNES,
            )
        )
    else:
        parts.append(say("review_the_uncertainty_is_not_stated"))
    return " ".join(parts)


def _better(review: ReviewYear) -> Iterator[Block]:
    change = review.change
    if change is None or CLIMATE not in change.criteria:
        yield Text(say("review_this_is_a_first_review", year=review.year - 1))
        return
    own, whole = (
        _in_kg(change, value) for value in (change.of_the_fleet(CLIMATE), change.value(CLIMATE))
    )
    begin = change.ends(CLIMATE)[0].value
    share = f" ({share_text(own / begin, sign=True)})" if begin else ""
    moved = (
        say("review_does_not_change")
        if not own
        else say("review_falls")
        if own < 0.0
        else say("review_rises")
    )
    sure = say("review_doubtful_number") if change.doubtful else ""
    by = say("review_by_kg_co2e", own=number(abs(own)), share=share) + sure if own else ""
    rest = say("review_the_rest_kg_is_not", whole=number(whole - own, sign=True))
    why = say("review_electricity_mix_factors_perimeter", rest=rest) if whole != own else ""
    yield Text(
        say(
            "review_by_what_the_authority_owns",
            moved=moved,
            by=by,
            whole=number(whole, sign=True),
            why=why,
        ),
        "lead",
    )
    yield Text(change.sentence(spoken()))
    if change.doubtful or not all(each.complete for each in change.ends(CLIMATE)):
        yield Text(say("review_the_difference_is_about_what"), "note")


def _in_kg(change: Change, value: float) -> float:
    """Return a difference in whole kg, so that what is printed adds up; no rounding of nothing."""
    size = max(abs(end.value) for end in change.ends(CLIMATE))
    return 0.0 if abs(value) <= _ROUNDING * size else float(round(value))


def _promised(review: ReviewYear) -> Iterator[Block]:
    if review.strategy is None:
        yield Text(say("review_no_strategy_was_given_there"))
        return
    found = Counter(each.state for each in review.standings)
    mark = "s" if spoken() == "fr" else ""
    said = ", ".join(
        f"{found[state]} {words}{mark if found[state] > 1 and state in _PLURALS else ''}"
        for state, words in STATES.items()
        if found[state]
    )
    yield Text(
        say("review_objectives", standings=len(review.standings), said=said or say("review_none")),
        "lead",
    )
    if found[State.UNKNOWN]:
        yield Text(
            say("review_undetermined_means_that_the_data"),
            "note",
        )


def _next(review: ReviewYear) -> Iterator[str]:
    for each in review.standings:
        if each.state in (State.OFF, State.BEHIND):
            yield say(
                "review_objective",
                id=each.objective.id,
                states=STATES[each.state],
                title=each.objective.title,
            )
    for action in review.late:
        yield say("review_action_late", id=action.id, owner=action.owner, title=action.title)
    for each in review.standings:
        if each.state is State.UNKNOWN and each.reasons:
            why = each.reasons[0].text()
            yield say("review_objective_undetermined", id=each.objective.id, why=why)
    worst = sorted(review.now.footprint.coverage.left_out(), key=lambda row: -row.quantity)
    seen: set[str] = set()
    for row in worst:
        if row.equipment_type not in seen and len(seen) < 3:  # noqa: PLR2004 - the first page is short
            seen.add(row.equipment_type)
            title = in_sentence(type_title(review.registry, row.equipment_type))
            items = (
                number(row.quantity) + unit_text(unit_of_kind(row.kind), row.quantity)
                if row.quantity
                else say("review_unknown_quantity")
            )
            why = "" if row.reason is None else say("review_colon") + row.reason.text()
            yield say("review_not_assessed", title=title, items=items, why=why)


# -- sections 1 to 4 -------------------------------------------------------------------------


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
                else _per(of_indicator(value, review.registry.indicator(value.indicator)))
            )
            title, whose = map(str, _PER[figure.name])
            base = (
                NONE
                if figure.denominator_value is None
                else f"{number(figure.denominator_value)} {whose}"
            )
        shown = figure_text(figure) if figure.name == "total" else _per(figure)
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
