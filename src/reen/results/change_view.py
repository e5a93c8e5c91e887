"""The view of a change between two years: from what to what, and by which causes.

Input: a `Change`.  Output: a `View` in the language in force.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reen.reasons import say, spoken, title_of
from reen.results.change import Change
from reen.results.change_wording import cause_title
from reen.results.footprint_view import made_with, points_of, rows_of_files, sources_of
from reen.results.footprint_words import total_text
from reen.results.wording import unit_in
from reen.views.figures import joined, series
from reen.views.model import Breakdown, Row, View, breakdown_of
from reen.vocabulary.titles import bundled_title

__all__ = ["change_view"]


def change_view(change: Change, *, names: Sequence[str] = ()) -> View:
    """Return the view of a change.

    Parameters
    ----------
    change
        What is shown.
    names
        Names of the two years; their reference dates when not given.
    """
    if not change.criteria:
        return View(kind="change", title=say("page_nothing_measured"))
    key = change.criteria[0]
    first, last = change.ends(key)
    points = points_of(change.after, key)
    others = [title_of(change.vocabulary[each]) for each in change.criteria[1:]]
    return View(
        kind="change",
        title=say(
            "view_change",
            criterion=title_of(change.vocabulary[key]),
            before=total_text(first),
            after=total_text(last),
        ),
        headline=(
            change.sentence(spoken(), criterion=key),
            *change.notes(spoken(), criterion=key),
        ),
        breakdowns=(_by_cause(change, key), _by_type(change, key), _totals(change, key, names)),
        mend_first=points,
        mend_title=say("page_mend_first"),
        stands_out=(
            (say("page_other_criteria", count=len(others), names=joined(others)),) if others else ()
        ),
        rests_on=tuple(_rests_on(change, names)),
        sources=tuple(dict.fromkeys((*sources_of(change.restated), *sources_of(change.after)))),
    )


def _frame(change: Change, key: str, head: str, *, signed: bool) -> Breakdown:
    scale = change.scale(key)
    return Breakdown(
        head=head,
        columns=(unit_in(scale.unit, spoken()),),
        unit=change.unit(key),
        divisor=scale.divisor,
        decimals=scale.decimals,
        signed=signed,
    )


def _by_cause(change: Change, key: str) -> Breakdown:
    rows = [
        (cause_title(str(cause), str(detail or ""), spoken()), (value,), (False,))
        for (cause, detail), value in change.by_cause("detail", criterion=key).items()
        if value
    ]
    return breakdown_of(_frame(change, key, say("view_cause"), signed=True), rows)


def _by_type(change: Change, key: str) -> Breakdown:
    rows = [
        (bundled_title(str(kind)) if kind else say("page_without_type"), (value,), (False,))
        for (kind,), value in change.sums("equipment_type", criterion=key).items()
        if value
    ]
    return breakdown_of(_frame(change, key, say("page_type"), signed=True), rows)


def _totals(change: Change, key: str, names: Sequence[str]) -> Breakdown:
    """Return the totals of the years: as printed, measured then, measured again, and now."""
    frame = _frame(change, key, say("view_year"), signed=False)
    totals = change.totals(key)
    if change.before == change.restated:
        del totals["before"]
    before, after = _named(change, names)
    rows = []
    for name, total in totals.items():
        value = None if math.isnan(total.value) else total.value
        text = say("page_nothing_measured")
        if value is not None:
            text = frame.text(value, bounded=total.lower_bound)
        title = say(f"view_year_{name}", name=after if name == "after" else before)
        rows.append(Row(title, (value,), (text,), (total.lower_bound,)))
    return Breakdown(
        head=frame.head,
        columns=frame.columns,
        unit=frame.unit,
        rows=tuple(rows),
        additive=False,
    )


def _named(change: Change, names: Sequence[str]) -> tuple[str, str]:
    """Return the names of the two years, their dates when they have none."""
    before, after = names or (change.restated.provenance.as_of, change.after.provenance.as_of)
    return before, after


def _rests_on(change: Change, names: Sequence[str]) -> Iterator[str]:
    years = zip(_named(change, names), (change.restated, change.after), strict=True)
    said = [
        say("page_colon", name=name, text=rows)
        for name, each in years
        if (rows := rows_of_files(each.account))
    ]
    if said:
        yield series(said)
    yield from dict.fromkeys(map(made_with, (change.restated, change.after)))
