"""Units of objectives, as people write them in French or in English.

Input: a text such as ``t CO2e par agent`` or ``kWh/an``.  Output: the unit as the library writes it
(``tCO2e/person``), or nothing where a word of it names none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from reen.errors import DimensionError
from reen.vocabulary.text import normalise
from reen.vocabulary.units import conversion_factor

__all__ = ["EXAMPLES", "factor_to", "unit_of_words"]

#: What is shown to whoever wrote another word.
EXAMPLES = (
    "%, kg CO2e, t CO2e, t CO2e/an, kg CO2e par agent, kWh/an, ans, kg, tonnes, équipements, agents"
)

_WORDS: Mapping[str, tuple[str, ...]] = {
    "1": (
        *("1", "nombre", "sans unite", "number", "point", "note", "marche", "contrat", "clause"),
        *("atelier", "formation", "evenement", "projet", "action", "acteur", "contract"),
        *("workshop", "event", "project"),
    ),
    "%": ("%", "pour cent", "pourcent", "pourcentage", "percent", "per cent"),
    "gCO2e": ("g co2e", "g co2", "g eq co2", "g co2 eq", "gramme co2e"),
    "kgCO2e": (
        *("kg co2e", "kg co2", "kg eq co2", "kg co2 eq", "kg equivalent co2"),
        *("kilo co2e", "kilogramme co2e", "kilogramme equivalent co2"),
    ),
    "tCO2e": (
        *("t co2e", "t co2", "t eq co2", "t co2 eq", "t equivalent co2"),
        *("tonne co2e", "tonne co2", "tonne eq co2", "tonne equivalent co2"),
    ),
    "Wh": ("wh",),
    "kWh": ("kwh", "kilowattheure"),
    "MWh": ("mwh", "megawattheure"),
    "GWh": ("gwh",),
    "g": ("g", "gramme"),
    "kg": ("kg", "kilo", "kilogramme", "kilogram"),
    "t": ("t", "tonne"),
    "h": ("h", "heure", "hour"),
    "day": ("jour", "day", "j"),
    "month": ("mois", "month"),
    "year": ("an", "annee", "year", "yr"),
    "item": ("equipement", "appareil", "materiel", "poste", "item", "device", "objet"),
    "person": (
        *("agent", "personne", "habitant", "participant", "elu", "utilisateur", "etp"),
        *("person", "people", "inhabitant", "user", "fte", "staff", "member staff"),
    ),
    "GB": ("go", "gb", "gigaoctet"),
    "TB": ("to", "tb", "teraoctet"),
    "EUR": ("eur", "euro", "€"),
    "kEUR": ("keur", "k€", "millier euro", "1000 euro", "thousand euro", "kiloeuro"),
}

#: Words between the two that say nothing.
_BETWEEN = re.compile(r"\b(?:de|d|of|des|du)\b|['\N{RIGHT SINGLE QUOTATION MARK}]")
_PER = re.compile(r"\s*/\s*|\s+(?:par|per|et par|and per|and)\s+|^(?:par|per)\s+")


@functools.cache
def _by_word() -> Mapping[str, str]:
    return {key: unit for unit, words in _WORDS.items() for word in words for key in [_key(word)]}


def _key(text: str) -> str:
    text = _BETWEEN.sub(" ", text.lower().replace("\N{SUBSCRIPT TWO}", "2"))
    parts = normalise(text.replace("€", " eur ").replace("%", " pourcent ")).split()
    return "".join(each.removesuffix("s") if len(each) > 2 else each for each in parts)  # noqa: PLR2004 - "an", "go"


def unit_of_words(text: str) -> str | None:
    """Return a unit as the library writes it, None where a word of it is no unit.

    Examples
    --------
    >>> unit_of_words("t CO2e par agent"), unit_of_words("années"), unit_of_words("bananes")
    ('tCO2e/person', 'year', None)
    """
    written = text.strip()
    if _key(written) in ("", "1"):
        return "1" if written else ""
    parts = [part for part in _PER.split(written.replace("\N{NO-BREAK SPACE}", " ")) if part]
    found = [_by_word().get(_key(part)) for part in parts]
    if None in found:
        return None
    return "/".join(str(each) for each in found)


def factor_to(unit: str, other: str) -> float | None:
    """Return what a number in a unit is multiplied by to be in another, None where it cannot be.

    A value of a year may be written without its year, as ``kg CO2e par agent``.

    Examples
    --------
    >>> factor_to("tCO2e/person", "kgCO2e/person/year"), factor_to("year", "%")
    (1000.0, None)
    """
    (head, *below), (other_head, *other_below) = unit.split("/"), other.split("/")
    if head == other_head and sorted(below) == sorted(other_below):
        return 1.0  # of units that nobody else knows too
    of_year = "year" in other_below and "year" not in below
    for written in (unit, f"{unit}/year") if of_year else (unit,):
        try:
            return conversion_factor(written, other)
        except DimensionError:
            continue
    return None
