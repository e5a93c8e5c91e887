"""The view of a statement: the categories of a greenhouse-gas account, and what is missing.

Input: a `Statement`.  Output: a `View` in the language in force.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from reen.reasons import Reason, say, spoken
from reen.results.statement import Statement, StatementLine
from reen.results.wording import unit_in
from reen.views.figures import figure, percent
from reen.views.model import Breakdown, Point, Row, View

__all__ = ["statement_view"]

_TONNE = 1000.0


def statement_view(statement: Statement) -> View:
    """Return the view of a statement."""
    every = (*statement.lines, *statement.outside)
    differences = [each.text(spoken()) for each in statement.differences]
    if differences and not math.isnan(statement.footprint):
        differences.append(statement.footprint_in_words(spoken()))
    points = sorted(_points(every), key=lambda point: point.rank)
    return View(
        kind="statement",
        title=say("statement_of", scheme=statement.scheme, year=statement.year),
        headline=(statement.sum_in_words(spoken()), *differences),
        breakdowns=(_categories(every),),
        mend_first=tuple(points),
        mend_title=say("view_missing"),
        stands_out=tuple(_notes(every)),
        sources=tuple(dict.fromkeys(source for each in every for source in each.sources)),
    )


def _categories(lines: tuple[StatementLine, ...]) -> Breakdown:
    rows = []
    for each in lines:
        value = None if math.isnan(each.value) else each.value
        spread = "" if each.uncertainty is None else f"± {percent(each.uncertainty)}"
        text = "-" if value is None else f"{each.bound}{figure(value / _TONNE, 3)}"
        values = (value, each.uncertainty)
        bounded = (bool(each.bound), False)
        rows.append(Row(f"{each.code} {each.title}", values, (text, spread), bounded))
    return Breakdown(
        head=say("statement_column_category"),
        columns=(unit_in("tCO2e", spoken()), say("statement_column_uncertainty")),
        unit="kgCO2e/year",
        rows=tuple(rows),
        additive=False,
    )


def _points(lines: tuple[StatementLine, ...]) -> Iterator[Point]:
    for each in lines:
        for missing in each.missing:
            said = Reason("statement_missing", count=missing.rows, reason=missing.reason)
            text = say("page_colon", name=each.code, text=str(said))
            yield Point(text, items=float(missing.rows))


def _notes(lines: tuple[StatementLine, ...]) -> Iterator[str]:
    """Yield how figures must be read, each note once with the categories that it is about."""
    said: dict[str, list[str]] = {}
    for each in lines:
        for note in each.notes:
            said.setdefault(str(note), []).append(each.code)
    for text, codes in said.items():
        yield say("page_colon", name=", ".join(codes), text=text)
