"""Numbers, dates and units as the readers of a language write them.

Input: values.  Output: text: a narrow space between thousands, a comma, units in words.  What is
not known is said, never written as nought.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from reen.reasons import Reason, Words, say, spoken
from reen.review.figures import Coverage, Figure
from reen.review.packages import needed

__all__ = [
    "NONE",
    "at_least",
    "bounded",
    "coverage_text",
    "day",
    "figure_text",
    "number",
    "sure_of",
    "unit_text",
]

#: A cell without a figure.
NONE = "\u2013"

#: Share of the data under which a figure calls itself incomplete.
_ENOUGH = 0.8

_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
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
    "item/person": Reason("review_per_person"),
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
    "dimension": "dimensions",
    "dimensions": "dimensions",
}


def number(value: float, *, decimals: int | None = None, sign: bool = False) -> str:
    """Return a number; three figures that count, where `decimals` does not say otherwise.

    Examples
    --------
    >>> number(23.8287), number(61530.0), number(-0.3873, decimals=1)
    ('23.8', '61,530', '-0.4')
    """
    babel = needed("babel", "writing numbers in words", module="babel.numbers")
    if decimals is None:
        whole = value == math.floor(value) and abs(value) < 1e7  # noqa: PLR2004 - a count
        size = math.floor(math.log10(abs(float(f"{value:.3g}")))) if value else 0
        decimals = 0 if whole else max(0, 2 - size)
    shape = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = str(babel.format_decimal(value, format=shape, locale=_LOCALES[spoken()]))
    return f"+{text}" if sign and value > 0.0 else text


def lines(count: int) -> str:
    """Return a number of rows in words."""
    return say("review_rows_counted", count=count)


def day(value: dt.date) -> str:
    """Return a day: 31 December 2025."""
    babel = needed("babel", "writing dates in words", module="babel.dates")
    text = str(babel.format_date(value, "d MMMM y", locale=_LOCALES[spoken()]))
    return f"1er{text[1:]}" if value.day == 1 and spoken() == "fr" else text


def unit_text(unit: str) -> str:
    """Return a unit in words, with the space before it."""
    said = _UNITS.get(unit, unit)
    return f"{_SPACE}{said}" if said else ""


def _scaled(value: float, unit: str) -> tuple[float, str]:
    """Return a mass of gases in tonnes where it is large."""
    large = unit == "kgCO2e/year" and abs(value) >= 1000.0  # noqa: PLR2004 - kg in a tonne
    return (value / 1000.0, "tCO2e/year") if large else (value, unit)


def at_least(lower_bound: object) -> str:
    """Return the sign of a lower bound, else nothing."""
    return f"≥{_SPACE}" if lower_bound else ""


def bounded(value: float, unit: str, *, lower_bound: bool = False) -> str:
    """Return a value with its unit, ``≥`` before a lower bound."""
    shown, of = _scaled(value, unit)
    return f"{at_least(lower_bound)}{number(shown)}{unit_text(of)}"


def figure_text(figure: Figure) -> str:
    """Return a figure with what a reader must know: bound, doubt, ends."""
    if figure.value is None:
        return NONE
    text = bounded(figure.value, figure.unit, lower_bound=figure.lower_bound)
    both = figure.low is not None and figure.high is not None and figure.low < figure.high
    if both and figure.low is not None and figure.high is not None:
        scale = 1000.0 if _scaled(figure.value, figure.unit)[1] != figure.unit else 1.0
        ends = say(
            "review_from_to", low=number(figure.low / scale), high=number(figure.high / scale)
        )
        share = None if figure.coverage is None else figure.coverage.share
        why = say("review_uncertainty_of_the_factors") if figure.ends_are == "interval" else ""
        if figure.ends_are == "unread" and share is not None and share < _ENOUGH:
            why = say("review_incomplete_x_x")
        text += f" ({why}{ends})"
        return text + (say("review_doubtful_x") if figure.doubtful else "")
    return text + sure_of(figure)


def sure_of(figure: Figure) -> str:
    """Return what a figure says of itself beside its bound: that it is incomplete, doubtful."""
    if figure.doubtful:
        return say("review_doubtful_incomplete_x" if figure.lacking else "review_doubtful_x")
    return "" if figure.complete or figure.lower_bound else say("review_incomplete_x")


def coverage_text(coverage: Coverage | None) -> str:
    """Return what a figure rests on, in words."""
    if coverage is None:
        return NONE
    unit = unit_text(coverage.unit)
    text = say("review_of_x", known=number(coverage.known), total=number(coverage.total), unit=unit)
    share = coverage.share
    if share is not None and share < 1.0:
        known = math.floor(1000.0 * share) / 10.0  # never rounded up to all of them
        text += f" ({number(known)}{_SPACE}%)"
    if coverage.unknown_rows:
        text += say("review_and_of_unknown_quantity", unknown_rows=lines(coverage.unknown_rows))
    if coverage.refused_rows:
        text += say("review_and_refused", count=coverage.refused_rows)
    return text
