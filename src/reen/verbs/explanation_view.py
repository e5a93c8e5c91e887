"""The view of an explanation: the figure of a row, its formulas, its factors and their sources.

Input: an `Explanation`.  Output: a `View` in the language in force.
"""

from __future__ import annotations

from collections.abc import Iterator

from reen.engine.exchanges import Status
from reen.reasons import say, spoken, title_of
from reen.results.display import by_line
from reen.results.wording import unit_in
from reen.verbs.explanation import Explanation
from reen.views.figures import digits, series
from reen.views.model import Breakdown, Point, Row, View
from reen.vocabulary.criteria import bundled_criteria

__all__ = ["explanation_view"]


def explanation_view(explanation: Explanation) -> View:
    """Return the view of an explanation."""
    criteria = dict.fromkeys(key for each in explanation.exchanges for key, *_ in each.impacts)
    rows = list(_impacts(explanation, one=len(criteria) == 1))
    return View(
        kind="explanation",
        title=say(
            "explain_title",
            row=explanation.row,
            method=explanation.method,
            day=explanation.as_of,
        ),
        headline=(*_totals(explanation), *(remark.text for remark in explanation.remarks)),
        breakdowns=(
            Breakdown(
                head=say("view_impact"),
                columns=(say("view_amount"), say("view_factor"), say("view_result")),
                rows=tuple(rows),
                additive=False,
            ),
        )
        if rows
        else (),
        mend_first=tuple(
            Point(next(iter(each.lines())), items=1.0)
            for each in explanation.exchanges
            if each.outcome.status is Status.LEFT_OUT
        ),
        mend_title=say("page_left_out"),
        stands_out=tuple(_formulas(explanation)),
        sources=tuple(
            dict.fromkeys(
                source
                for each in explanation.exchanges
                if each.description is not None
                for source in each.description.sources
            )
        ),
    )


def _criterion(key: str) -> str:
    known = bundled_criteria()
    return title_of(known[key]) if key in known else key


def _totals(explanation: Explanation) -> Iterator[str]:
    units = {key: unit for each in explanation.exchanges for key, *_, unit in each.impacts}
    for key, unit in units.items():
        said = f"{digits(explanation.total(key))} {unit_in(unit, spoken())}"
        if explanation.left_out:
            said = say("page_incomplete_figure", figure=said)
        yield say("explain_total", criterion=_criterion(key), figure=said)
    for name, line in explanation.apart.items():
        said = series(_totals(line))
        if said:
            yield say("page_colon", name=say("explain_apart", by=by_line(name)), text=said)


def _impacts(explanation: Explanation, *, one: bool) -> Iterator[Row]:
    for each in explanation.exchanges:
        amount = f"{digits(each.amount)} {unit_in(each.amount_unit, spoken())}"
        for criterion, stage, factor, impact, unit in each.impacts:
            label = title_of(stage)
            if not one:
                label = f"{_criterion(criterion)}, {label.lower()}"
            texts = (amount, digits(factor), f"{digits(impact)} {unit_in(unit, spoken())}")
            yield Row(label, (each.amount, factor, impact), texts)


def _formulas(explanation: Explanation) -> Iterator[str]:
    """Yield how each amount came about, by which factor, and what was assumed."""
    for each in explanation.exchanges:
        if each.outcome.status is not Status.ASSESSED:
            if each.outcome.status is not Status.LEFT_OUT:
                yield from each.lines()
            continue
        yield each.headed()
        if each.description is not None and each.flow is not None:
            match = say(f"match_{each.outcome.match.name.lower()}")
            yield say(
                "explain_factor", name=each.description.name, flow=str(each.flow), match=match
            )
        yield from (say("explain_assumed", text=text) for text in each.assumed)
