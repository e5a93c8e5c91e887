"""Numbers, dates and units as the readers of a language write them.

Input: values.  Output: text: a narrow space between thousands, a comma, units in words.  What is
not known is said, never written as nought.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from reen.reasons import (
    Reason,
    Words,
    day_text,
    decimals_of,
    has_sentence,
    say,
    share_text,
    spoken,
)
from reen.results.coverage import CoverageRow
from reen.review.figures import Coverage, Figure
from reen.views.figures import figure

__all__ = [
    "NONE",
    "at_least",
    "bounded",
    "counted",
    "coverage_text",
    "day",
    "ends_text",
    "figure_text",
    "number",
    "sure_of",
    "unit_of_kind",
    "unit_text",
]

#: A cell without a figure.
NONE = "\u2013"

#: Share of the data under which a figure calls itself incomplete.
_ENOUGH = 0.8

_SPACE = "\u00a0"

#: Units in words; others are written as they are.
_UNITS: Mapping[str, Words] = {
    "1": "",
    "%": "%",
    "kgCO2e": Reason("review_kg_co2e"),
    "kgCO2e/year": Reason("review_kg_co2e_a_year"),
    "tCO2e/year": Reason("review_t_co2e_a_year"),
    "kgCO2e/person/year": Reason("review_kg_co2e_per_person_and"),
    "kgCO2e/item/year": Reason("review_kg_co2e_per_item_and"),
    "kWh/item/year": Reason("review_kwh_per_item_and_year"),
    "kWh/person/year": Reason("review_kwh_per_person_and_year"),
    "kWh/year": Reason("review_kwh_a_year"),
    "item": Reason("review_items_x_x"),
    "line": Reason("review_lines_of_spending"),
    "thrown": Reason("review_items_thrown_away"),
    "item/100 persons": Reason("review_per_100_persons"),
    "year": Reason("review_years"),
    "h": "h",
    "kg": "kg",
    "kgCO2e/kEUR": Reason("review_kg_co2e_per_thousand_euros"),
    "kWh": "kWh",
    "EUR": "€",
    "person": Reason("review_persons"),
    "contract": Reason("review_contracts"),
    "project": Reason("review_projects"),
    "event": Reason("review_events"),
    "dimension": Reason("review_dimensions"),
    "dimensions": Reason("review_dimensions"),
}


def number(value: float, *, decimals: int | None = None, sign: bool = False) -> str:
    """Return a number; three figures that count, where `decimals` does not say otherwise.

    Examples
    --------
    >>> number(23.8287), number(61530.0), number(-0.3873, decimals=1)
    ('23.8', '61,530', '-0.4')
    """
    text = figure(value, decimals_of(value) if decimals is None else decimals)
    return f"+{text}" if sign and value > 0.0 else text


#: What is counted of kinds of flow that are no fleet.
_COUNTED: Mapping[str, str] = {"service": "line", "waste": "thrown"}


def unit_of_kind(kind: str) -> str:
    """Return the unit of what a kind of flow counts: items, lines of spending, items thrown away.

    Examples
    --------
    >>> unit_of_kind("electricity"), unit_of_kind("service")
    ('item', 'line')
    """
    return _COUNTED.get(kind, "item")


def counted(row: CoverageRow) -> str:
    """Return how many some rows count, and of what; rows whose number is not known apart."""
    known = number(row.quantity) + unit_text(unit_of_kind(row.kind), row.quantity)
    if not row.unknown:
        return known
    unknown = say("page_rows_unknown", count=row.unknown)
    return unknown if row.unknown == row.rows else f"{known}, {unknown}"


def lines(count: int) -> str:
    """Return a number of rows in words."""
    return say("review_rows_counted", count=count)


def day(value: dt.date) -> str:
    """Return a day: 31 December 2025."""
    return day_text(value.isoformat())


def unit_text(unit: str, value: float = 2.0) -> str:
    """Return the unit of a value in words, with the space before it; of several if none is given.

    Examples
    --------
    >>> unit_text("year", 1.0).strip(), unit_text("year").strip()
    ('year', 'years')
    """
    said = _UNITS.get(unit, unit)
    single = abs(value) < 2.0 if spoken() == "fr" else value == 1.0  # noqa: PLR2004
    if single and isinstance(said, Reason) and has_sentence(f"{said.code}_one"):
        said = Reason(f"{said.code}_one")
    return f"{_SPACE}{said}" if said else ""


def _scale(value: float, unit: str) -> tuple[float, str]:
    """Return what a value is divided by to be read, and its unit then.

    A large mass of gases is in tonnes; items of each person are those of a hundred.
    """
    if unit == "item/person":
        return 0.01, "item/100 persons"
    large = unit == "kgCO2e/year" and abs(value) >= 1000.0  # noqa: PLR2004 - kg in a tonne
    return (1000.0, "tCO2e/year") if large else (1.0, unit)


def at_least(lower_bound: bool) -> str:  # noqa: FBT001 - its only argument
    """Return the sign of a lower bound, else nothing."""
    return f"≥{_SPACE}" if lower_bound else ""


def bounded(value: float, unit: str, *, lower_bound: bool = False) -> str:
    """Return a value with its unit, ``≥`` before a lower bound."""
    if unit == "%":
        return at_least(lower_bound) + share_text(value / 100.0)
    scale, of = _scale(value, unit)
    shown = value / scale
    return f"{at_least(lower_bound)}{number(shown)}{unit_text(of, shown)}"


def ends_text(low: float, high: float, unit: str, *, of: float) -> str:
    """Return both ends of a figure, in the unit that stands before them.

    Parameters
    ----------
    low, high, unit
        The ends.
    of
        The figure.
    """
    scale, _ = _scale(of, unit)
    ends = {"low": low / scale, "high": high / scale}
    told = {
        name: share_text(end / 100.0).rstrip("%\u00a0") if unit == "%" else number(end)
        for name, end in ends.items()
    }
    return say("review_from_to", **told)


def figure_text(given: Figure) -> str:
    """Return a figure with what a reader must know: bound, doubt, ends."""
    if given.value is None:
        return NONE
    text = bounded(given.value, given.unit, lower_bound=given.lower_bound)
    if given.low is not None and given.high is not None and given.low < given.high:
        ends = ends_text(given.low, given.high, given.unit, of=given.value)
        share = None if given.coverage is None else given.coverage.share
        why = say("review_uncertainty_of_the_factors") if given.ends_are == "interval" else ""
        if given.ends_are == "unread" and share is not None and share < _ENOUGH:
            why = say("review_incomplete_x_x")
        text += f" ({why}{ends})"
        if given.ends_are == "interval":  # of the factors: they say nothing of what is missing
            return text + sure_of(given)
        return text + (say("review_doubtful_x") if given.doubtful else "")
    return text + sure_of(given)


def sure_of(given: Figure) -> str:
    """Return what a figure says of itself beside its bound: that it is incomplete, doubtful."""
    if given.doubtful:
        return say("review_doubtful_incomplete_x" if given.lacking else "review_doubtful_x")
    return "" if given.complete or given.lower_bound else say("review_incomplete_x")


def coverage_text(coverage: Coverage | None) -> str:
    """Return what a figure rests on, in words."""
    if coverage is None:
        return NONE
    unit = unit_text(coverage.unit, coverage.total)
    text = say("review_of_x", known=number(coverage.known), total=number(coverage.total), unit=unit)
    share = coverage.share
    if share is not None and share < 1.0:
        text += f" ({share_text(share)})"
    if coverage.unknown_rows:
        text += say("review_and_of_unknown_quantity", unknown_rows=lines(coverage.unknown_rows))
    if coverage.refused_rows:
        text += say("review_and_refused", count=coverage.refused_rows)
    return text
