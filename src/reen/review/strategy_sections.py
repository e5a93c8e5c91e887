"""Sections five to seven of the review: the axes of the law, what was promised, what is done.

Input: a `ReviewYear`.  Output: blocks in words: indicators by axis and by part, objectives and
where they stand, actions and their effects.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from reen.monitoring.indicator import AXES
from reen.monitoring.value_words import subject_text
from reen.monitoring.values import IndicatorValue
from reen.reasons import Reason, has_sentence, say, spoken, title_of
from reen.review.document import Block, Bullets, Column, Section, Table, Text
from reen.review.figures import of_indicator
from reen.review.numbers import (
    NONE,
    as_printed,
    bounded,
    coverage_text,
    day,
    ends_text,
    figure_text,
    number,
)
from reen.review.wording import (
    ACTION_STATES,
    STATES,
    missing_text,
    type_title,
)
from reen.review.year import ReviewYear
from reen.strategy.action import Action, Saving
from reen.strategy.judging import Standing

__all__ = ["actions", "axes", "indicator_table", "objectives"]

_VERDICTS: Mapping[bool | None, Reason] = {
    True: Reason("review_met"),
    False: Reason("review_not_met"),
    None: Reason("review_undetermined"),
}

#: A class of age, in years: ``3-5``, ``>=10``.
_AGES = re.compile(r"(?:>=)?(?P<low>\d+)(?:-(?P<high>\d+))?")

#: Percent of all, and what is said of more.
_ALL = 100.0

_ABOVE_ALL = Reason("review_a_share_above_100_is")


def axes(review: ReviewYear) -> Section:
    """Return what is followed on each of the six axes."""
    blocks: list[Block] = []
    for number_, (english, french) in AXES.items():
        title = french if spoken() == "fr" else english
        values = [
            value
            for value in review.indicators
            if not value.subject and review.registry.indicator(value.indicator).axis == number_
        ]
        blocks.append(
            Text(say("review_axis", number=number_, title=title) if number_ else title, "heading")
        )
        blocks += [
            Text(each.text)
            for each in review.plan.narratives
            if (each.year, each.axis) == (review.year, number_)
        ]
        known = [value for value in values if value.value is not None]
        if known:
            blocks.append(indicator_table(review, title, known))
            if any(value.unit == "%" and (value.value or 0.0) > _ALL for value in known):
                blocks.append(Text(str(_ABOVE_ALL), "note"))
        blocks += _by_part(review, number_)
        lacking: dict[str, list[str]] = {}
        for value in values:
            if value.value is None:
                lacking.setdefault(missing_text(value.missing), []).append(title_of(value))
        if lacking:
            blocks.append(Text(say("review_not_worked_out_for_want"), "note"))
            colon = say("review_colon")
            said = (f"{why}{colon}{', '.join(titles)}" for why, titles in lacking.items())
            blocks.append(Bullets(tuple(said)))
    blocks.append(
        Text(
            say("review_values_by_entity_and_by"),
            "note",
        )
    )
    return Section("axes", say("review_axis_by_axis"), tuple(blocks))


def indicator_table(review: ReviewYear, title: str, values: list[IndicatorValue]) -> Table:
    """Return indicators with their value, that of the year before, their target and coverage."""
    before = {(each.indicator, each.subject): each for each in review.indicators_before or ()}
    rows = []
    for value in values:
        indicator = review.registry.indicator(value.indicator)
        figure = of_indicator(value, indicator)
        last = before.get((value.indicator, ""))
        rows.append(
            (
                title_of(value),
                figure_text(figure),
                _ratio(value),
                coverage_text(figure.coverage),
                NONE if last is None else figure_text(of_indicator(last, indicator)),
                _target(value),
            )
        )
    return Table(
        say("review_indicators", title=title[:1].lower(), title_2=title[1:]),
        (
            Column(say("review_indicator")),
            Column(str(review.year), numeric=True),
            Column(say("review_computation"), numeric=True),
            Column(say("review_data_known")),
            Column(str(review.year - 1), numeric=True),
            Column(say("review_legal_target")),
        ),
        tuple(rows),
    )


def _by_part(review: ReviewYear, axis: int) -> Iterator[Table]:
    """Yield a table of each indicator that has values of parts and none of the whole."""
    parts: dict[str, list[IndicatorValue]] = {}
    for value in review.indicators:
        if review.registry.indicator(value.indicator).axis == axis:
            parts.setdefault(value.indicator, []).append(value)
    before = {(each.indicator, each.subject): each for each in review.indicators_before or ()}
    for name, values in parts.items():
        known = [value for value in values if value.value is not None]
        if not known or any(not value.subject for value in values):
            continue
        indicator = review.registry.indicator(name)
        rows = []
        for value in known:
            figure = of_indicator(value, indicator)
            last = before.get((name, value.subject))
            rows.append(
                (
                    _part_title(review, value),
                    figure_text(figure),
                    _ratio(value),
                    coverage_text(figure.coverage),
                    NONE if last is None else figure_text(of_indicator(last, indicator)),
                )
            )
        yield Table(
            title_of(known[0]),
            (
                Column(say("review_part")),
                Column(str(review.year), numeric=True),
                Column(say("review_computation"), numeric=True),
                Column(say("review_data_known")),
                Column(str(review.year - 1), numeric=True),
            ),
            tuple(rows),
        )


def _part_title(review: ReviewYear, value: IndicatorValue) -> str:
    """Return what a value of a part is about: a class of age, a kind of equipment, a flow."""
    age = _AGES.fullmatch(value.subject)
    if age is not None and value.indicator == "age_classes":
        low, high = age["low"], age["high"]
        if high is None:
            return say("review_age_from", low=int(low))
        if not int(low):
            return say("review_age_under", count=int(high))
        return say("review_age_between", low=int(low), high=int(high))
    if value.subject in review.registry.equipment_types:
        return type_title(review.registry, value.subject)
    if has_sentence(f"review_part_{value.subject}"):
        return say(f"review_part_{value.subject}")
    said = subject_text(value.subject, review.registry.equipment_types)
    return said[:1].upper() + said[1:]


def _ratio(value: IndicatorValue) -> str:
    """Return the division that gives a value as it is printed, with its factor: 100 for a share."""
    if value.value is None or value.numerator is None or not value.denominator:
        return NONE
    quotient = value.numerator / value.denominator
    # 100 for a share, 1,000 for a value by 1,000 inhabitants, 1 for a mean of percentages.
    times = as_printed(value.value, value.unit) / quotient if quotient else 1.0
    said = "" if math.isclose(times, 1.0, rel_tol=1e-9) else f"{number(times)} \u00d7 "
    return f"{said}{number(value.numerator)} ÷ {number(value.denominator)}"


def _target(value: IndicatorValue) -> str:
    target = value.target
    if target is None:
        return NONE
    sign = "≤" if target.at_most else "≥"
    text = f"{sign}\u00a0{bounded(target.value, value.unit)}"
    if not target.in_force(value.period.end):
        return say("review_no_longer_in_force", text=text)
    return f"{text}{say('review_colon')}{_VERDICTS[value.meets_target]}"


def objectives(review: ReviewYear) -> Section:
    """Return the progress on each objective, and why."""
    if review.strategy is None:
        said = say("review_no_strategy_was_given_key")
        return Section("objectifs", say("review_objectives_and_paths"), (Text(said),))
    rows = [_objective(each) for each in review.standings]
    blocks: list[Block] = [
        Table(
            say("review_objectives_on_31_december", year=review.year),
            (
                Column(say("review_objective_x")),
                Column(say("review_baseline"), numeric=True),
                Column(say("review_expected", year=review.year), numeric=True),
                Column(say("review_found", year=review.year), numeric=True),
                Column(say("review_target"), numeric=True),
                Column(say("review_state")),
            ),
            tuple(rows),
        ),
        Text(say("review_why_this_state"), "heading"),
        Bullets(
            tuple(
                f"{each.objective.id}{say('review_colon')}{reason.text()}"
                for each in review.standings
                for reason in each.reasons
            )
        ),
        Text(
            say("review_a_state_holds_only_if"),
            "note",
        ),
    ]
    return Section("objectifs", say("review_objectives_and_paths"), tuple(blocks))


def _objective(each: Standing) -> tuple[str, ...]:
    of, value = each.objective, each.value
    unit = of.unit or ("" if value is None else value.unit)
    found = NONE
    if value is not None and value.value is not None:
        low, high = value.ends
        found = bounded(value.value, value.unit, lower_bound=value.lower_bound)
        if low is not None and high is not None and low < high:
            found += f" ({ends_text(low, high, value.unit, of=value.value)})"
    source = f" ({of.source})" if of.source else ""
    baseline = (
        NONE if each.baseline is None else f"{bounded(each.baseline, unit)} en {of.baseline_year}"
    )
    return (
        f"{of.id}. {of.title}{source}",
        baseline,
        NONE if each.expected is None else bounded(each.expected, unit),
        found,
        f"{bounded(of.target, unit)} en {of.target_year}",
        str(STATES[each.state]),
    )


def actions(review: ReviewYear) -> Section:
    """Return what is done, by whom, and to what effect."""
    if review.strategy is None or not review.strategy.actions:
        return Section(
            "actions", say("review_actions"), (Text(say("review_no_action_is_described")),)
        )
    late = {each.id for each in review.late}
    late_mark = say("review_late")
    rows = tuple(
        (
            f"{each.id}. {each.title}",
            NONE if not each.axis else str(each.axis),
            each.owner,
            f"{ACTION_STATES[each.state]}{late_mark if each.id in late else ''}",
            NONE if each.end is None else day(each.end),
            _effects(each),
        )
        for each in review.strategy.actions
    )
    columns = (
        say("review_action"),
        say("review_axis_x"),
        say("review_responsible"),
        say("review_state"),
        say("review_due"),
        say("review_effect_on_a_year"),
    )
    note = say("review_an_expected_effect_is_an")
    table = Table(
        say("review_actions_on_31_december", year=review.year), tuple(map(Column, columns)), rows
    )
    return Section("actions", say("review_actions"), (table, Text(note, "note")))


def _effects(action: Action) -> str:
    parts = [(say("review_expected_x"), action.expected), (say("review_measured"), action.measured)]
    return say("review_semicolon").join(
        f"{name}{say('review_colon')}{_effect(each)}" for name, each in parts if each
    ) or say("review_not_known")


def _effect(effect: Saving) -> str:
    numbers = ((effect.tonnes, say("review_t_co2e")), (effect.kwh, "kWh"), (effect.euros, "€"))
    said = ", ".join(f"{number(value)}\u00a0{unit}" for value, unit in numbers if value is not None)
    return f"{said} ({effect.method or say('review_assumption_not_stated')})"
