"""Counts: what the cells of a table of counts hold, as people write them.

Input: one cell.  Output: its whole number, or that it says "not known" or nothing.  Knows neither
rows nor columns.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence

from reen.patterns import pattern
from reen.tables.containers.cells import NOT_CALCULATED
from reen.tables.headers.header_words import key_of
from reen.vocabulary.text import normalise

__all__ = [
    "count_of",
    "day_in",
    "is_count",
    "is_forecast",
    "is_none",
    "is_not_calculated",
    "is_unknown",
    "names_a_period",
    "without_number",
    "year_in",
    "year_of",
    "years_of",
]

#: A whole number, thousands apart or not; spreadsheets may add a decimal part of zeros.
_WHOLE = pattern(
    r"\d{1,3}([ \u00a0\u202f'.,]\d{3})+|(\d{1,3}([ \u00a0\u202f']\d{3})+|\d+)([.,]0+)?"
    r"|\d{1,3}(\.\d{3})+,0+|\d{1,3}(,\d{3})+\.0+"
)
_MARKS = pattern(r"[ \u00a0\u202f']|[.,](?=\d{3}\b)")

#: What people write where they do not know how many there are.
_UNKNOWN = frozenset(
    map(normalise, ("n.c.", "nc", "n.r.", "nr", "nd", "n.d.", "?", "??", "inconnu", "unknown"))
) | {"?", "??", "n c", "n r", "n d"}

#: What people write where there is none.
_NONE = frozenset({"", "-", "--", "\u2013", "\u2014", "\u2212"})

_NUMBER_OF = pattern(
    r"^(nb|nbre|nombre|qt[ée]|quantit[ée]|number|count)\.?\s+((de|des|du|of)\s+|d['\u2019]\s*)?",
    re.IGNORECASE,
)

_YEAR = pattern(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: Periods that name no year.
_PERIOD = pattern(
    r"n(?: [12])?|[ts][1-4]|prevus?|reels?|prevision(?:nel)?|realises?|avant|apres|debut|fin"
    r"|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|(?:jan|fev|feb|mar|avr|apr|mai|may|jui|jun|jul|aou|aug|sep|oct|nov|dec)[a-z]{0,6} \d\d"
    r"|entrees?|sorties?|(?:stock|solde) (?:initial|final)|arrivees?|departs?"
    r"|(?:(?:ancien|nouveau|nouvel) )?(?:parc|inventaire|stock|nombre|quantite|total)?"
    r" ?(?:anciens?|anciennes?|nouveaux?|nouvelles?|actuel(?:le)?s?|futurs?|theoriques?"
    r"|initial(?:e|es)?|precedent(?:e|s|es)?|old|new|current|before|after|previous)"
    r"|(?:ancien|nouveau|nouvel|old|new|current|previous) (?:parc|inventaire|stock|fleet|inventory)"
)
_DATE = pattern(r"(\d{1,2}[/.-]){0,2}(?:19|20)\d\d(?!\d)(-\d\d){0,2}( 00:00:00)?")
#: Words that may stand beside a year in a header.
_BESIDE_A_YEAR = frozenset(
    map(key_of, ("parc", "annee", "année", "exercice", "inventaire", "situation", "situation au"))
) | frozenset(map(key_of, ("year", "fleet", "inventory", "au", "fin", "end of")))

#: Words of headers of what is planned, and was never counted.
_FORECAST = frozenset(
    map(key_of, ("prévision", "prévisionnel", "prév", "prévu", "cible", "objectif", "budget"))
) | frozenset(map(key_of, ("projection", "projeté", "forecast", "target", "planned", "budgeted")))


@functools.lru_cache(maxsize=1 << 12)
def count_of(cell: str) -> float:
    """Return the whole number of a cell, NaN when it holds none."""
    text = cell.strip()
    if not _WHOLE.fullmatch(text):
        return math.nan
    return float(_MARKS.sub("", text).replace(",", "."))


def is_count(cell: str) -> bool:
    """Tell whether a cell holds a whole number."""
    return not math.isnan(count_of(cell))


def is_none(cell: str) -> bool:
    """Tell whether a cell says that there is none: it is blank, or a dash."""
    return cell.strip() in _NONE


def is_unknown(cell: str) -> bool:
    """Tell whether a cell says that the number is not known."""
    text = cell.strip().casefold()
    if is_not_calculated(cell):
        return True
    return bool(text) and (text in _UNKNOWN or normalise(text) in _UNKNOWN)


def is_not_calculated(cell: str) -> bool:
    """Tell whether a cell is a formula whose value the file does not hold."""
    return cell.strip() == NOT_CALCULATED


def without_number(text: str) -> str:
    """Return a header without the words that say that it counts: "Nb d'écrans" is "écrans"."""
    return _NUMBER_OF.sub("", text) or text


def year_of(text: str) -> str:
    """Return the year that a header is, empty when it is another thing."""
    years = _YEAR.findall(text)
    if len(years) != 1:
        return ""
    rest = key_of(_DATE.sub(" ", text))
    return years[0] if not rest or rest in _BESIDE_A_YEAR else ""


def names_a_period(text: str) -> bool:
    """Tell whether a text names a year, a school year, a quarter, or what was planned or done.

    Examples
    --------
    >>> from reen.tables.layouts.counts import names_a_period
    >>> [names_a_period(text) for text in ("Janv 2024", "2022-2023", "N-1", "Réel", "Mairie")]
    [True, True, True, True, False]
    >>> [names_a_period(text) for text in ("Ancien", "Nouveau parc", "Stock actuel", "Ancien CCAS")]
    [True, True, True, False]
    """
    return _YEAR.search(text) is not None or _PERIOD.fullmatch(normalise(text)) is not None


def year_in(text: str) -> str:
    """Return the only year that a text names, whatever else it says; empty when there is none.

    Examples
    --------
    >>> [
    ...     year_in(text)
    ...     for text in ("2025 (prov.)", "Parc informatique 2024", "2024/2025", "Mairie")
    ... ]
    ['2025', '2024', '', '']
    """
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else ""


def day_in(text: str) -> str:
    """Return the day or the year that a header names, as it is written there."""
    found = _DATE.search(text)
    return found[0].removesuffix(" 00:00:00") if found else ""


def is_forecast(text: str) -> bool:
    """Tell whether a header speaks of what is planned."""
    return bool(set(key_of(text).split()) & _FORECAST)


def years_of(texts: Sequence[str]) -> list[str]:
    """Return the year of each text, or nothing when they are no years.

    A year is a year whatever stands beside it, as long as no two texts have the same one: columns
    "2024" and "2025 (prov.)" are never added.
    """
    years = [year_of(text) for text in texts]
    if all(years):
        return years
    years = [year_in(text) for text in texts]
    return years if all(years) and len(set(years)) == len(years) else []
