"""Numbers, dates and units as French readers write them.

Input: values.  Output: text: a narrow space between thousands, a comma, units in words.  What is
not known is said, never written as nought.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from reen.review.figures import Coverage, Figure
from reen.review.packages import needed

__all__ = ["NONE", "bounded", "coverage_text", "day", "figure_text", "number", "unit_text"]

#: A cell without a figure.
NONE = "\u2013"

#: Share of the data under which a figure calls itself incomplete.
_ENOUGH = 0.8

_LOCALE = "fr_FR"
_SPACE = "\u00a0"

#: Units in words; others are written as they are.
_UNITS: Mapping[str, str] = {
    "1": "",
    "%": "%",
    "kgCO2e": "kg CO₂e",
    "kgCO2e/year": "kg CO₂e par an",
    "tCO2e/year": "t CO₂e par an",
    "kgCO2e/person/year": "kg CO₂e par personne et par an",
    "kgCO2e/item/year": "kg CO₂e par équipement et par an",
    "kWh/item/year": "kWh par équipement et par an",
    "kWh/person/year": "kWh par personne et par an",
    "kWh/year": "kWh par an",
    "item": "équipements",
    "line": "lignes de dépense",
    "item/person": "par personne",
    "year": "ans",
    "h": "h",
    "kg": "kg",
    "kgCO2e/kEUR": "kg CO₂e par millier d'euros",
    "kWh": "kWh",
    "EUR": "€",
    "person": "personnes",
    "contract": "marchés",
    "project": "projets",
    "event": "événements",
    "dimension": "dimensions",
    "dimensions": "dimensions",
}


def number(value: float, *, decimals: int | None = None, sign: bool = False) -> str:
    """Return a number; three figures that count, where `decimals` does not say otherwise.

    Examples
    --------
    >>> number(23.8287), number(61530.0), number(-0.3873, decimals=1)
    ('23,8', '61\u202f530', '-0,4')
    """
    babel = needed("babel", "writing numbers in French", module="babel.numbers")
    if decimals is None:
        whole = value == math.floor(value) and abs(value) < 1e7  # noqa: PLR2004 - a count
        size = math.floor(math.log10(abs(float(f"{value:.3g}")))) if value else 0
        decimals = 0 if whole else max(0, 2 - size)
    shape = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = str(babel.format_decimal(value, format=shape, locale=_LOCALE))
    return f"+{text}" if sign and value > 0.0 else text


def lines(count: int) -> str:
    """Return a number of lines: 1 ligne, 2 lignes."""
    return f"{number(count)} ligne{'s' if count > 1 else ''}"


def day(value: dt.date) -> str:
    """Return a day: 31 décembre 2025."""
    babel = needed("babel", "writing dates in French", module="babel.dates")
    text = str(babel.format_date(value, "d MMMM y", locale=_LOCALE))
    return f"1er{text[1:]}" if value.day == 1 else text


def unit_text(unit: str) -> str:
    """Return a unit in words, with the space before it."""
    said = _UNITS.get(unit, unit)
    return f"{_SPACE}{said}" if said else ""


def _scaled(value: float, unit: str) -> tuple[float, str]:
    """Return a mass of gases in tonnes where it is large."""
    large = unit == "kgCO2e/year" and abs(value) >= 1000.0  # noqa: PLR2004 - kg in a tonne
    return (value / 1000.0, "tCO2e/year") if large else (value, unit)


def bounded(value: float, unit: str, *, lower_bound: bool = False) -> str:
    """Return a value with its unit, ``≥`` before a lower bound."""
    shown, of = _scaled(value, unit)
    return f"{'≥' + _SPACE if lower_bound else ''}{number(shown)}{unit_text(of)}"


def figure_text(figure: Figure) -> str:
    """Return a figure with what a reader must know: bound, doubt, ends."""
    if figure.value is None:
        return NONE
    text = bounded(figure.value, figure.unit, lower_bound=figure.lower_bound)
    both = figure.low is not None and figure.high is not None and figure.low < figure.high
    if both and figure.low is not None and figure.high is not None:
        scale = 1000.0 if _scaled(figure.value, figure.unit)[1] != figure.unit else 1.0
        ends = f"de {number(figure.low / scale)} à {number(figure.high / scale)}"
        share = None if figure.coverage is None else figure.coverage.share
        why = "incertitude des facteurs : " if figure.ends_are == "interval" else ""
        if figure.ends_are == "unread" and share is not None and share < _ENOUGH:
            why = "incomplet : "
        text += f" ({why}{ends})"
    elif not figure.complete and not figure.lower_bound:
        text += " (incomplet)"
    return text + (" (douteux)" if figure.doubtful else "")


def coverage_text(coverage: Coverage | None) -> str:
    """Return what a figure rests on, in words."""
    if coverage is None:
        return NONE
    unit = unit_text(coverage.unit)
    text = f"{number(coverage.known)} sur {number(coverage.total)}{unit}"
    share = coverage.share
    if share is not None and share < 1.0:
        known = math.floor(1000.0 * share) / 10.0  # never rounded up to all of them
        text += f" ({number(known)}{_SPACE}%)"
    if coverage.unknown_rows:
        text += f", et {lines(coverage.unknown_rows)} de quantité inconnue"
    if coverage.refused_rows:
        several = "s" if coverage.refused_rows > 1 else ""
        text += f", et {lines(coverage.refused_rows)} refusée{several}"
    return text
