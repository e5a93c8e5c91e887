"""The first page of the review: the total, the total per head, what became better, what is next.

Input: a `ReviewYear` and the cells of its footprint.  Output: blocks in words.  Every figure comes
from the results; nothing is worked out here but sums of cells and shares.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from reen.reasons import Reason, say, share_text, spoken
from reen.results.change import Change
from reen.review.cells import Cell
from reen.review.content import headline_of
from reen.review.document import Block, Bullets, Card, Cards, Section, Text
from reen.review.figures import NO_FLEET, Figure
from reen.review.numbers import (
    bounded,
    counted,
    coverage_text,
    lines,
    number,
    sure_of,
    unit_of_kind,
    unit_text,
)
from reen.review.wording import (
    PER,
    STATES,
    TONNES,
    in_sentence,
    missing_text,
    per_text,
    tonnes,
    type_title,
)
from reen.review.year import CLIMATE, ReviewYear
from reen.strategy.judging import State

__all__ = ["first_page"]

#: What adding floats may leave of nothing, relative to what is added.
_ROUNDING = 1e-12

#: States whose word takes an s.
_PLURALS = (State.REACHED, State.UNKNOWN)

#: What lacks where nobody is counted, and the reasons that say so.
_UNCOUNTED = {
    "footprint_per_agent": Reason("review_the_number_of_staff_is"),
    "footprint_per_inhabitant": Reason("review_the_population_is_missing_key"),
}

_NO_COUNT = frozenset({"count_blank", "no_count_before", "not_given"})


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
        title, whose = map(str, PER[figure.name])
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
            per_text(figure),
            say("review_same_basis", people=people, whose=whose),
        )


def _held(cells: tuple[Cell, ...]) -> Iterator[str]:
    """Yield the parts of the total, where it includes more than the fleet."""
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
    left = review.now.footprint.coverage.left_out()
    # what has no known quantity may weigh most: it comes first
    worst = sorted(left, key=lambda row: (-row.unknown, -row.quantity))
    seen: set[str] = set()
    for row in worst:
        if row.equipment_type not in seen and len(seen) < 3:  # noqa: PLR2004 - the first page is short
            seen.add(row.equipment_type)
            title = in_sentence(type_title(review.registry, row.equipment_type))
            why = "" if row.reason is None else say("review_colon") + row.reason.text()
            yield say("review_not_assessed", title=title, items=counted(row), why=why)
