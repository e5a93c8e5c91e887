"""Wording: a gap between two methods as one plain sentence, in English and in French.

Input: the figures of a gap.  Output: text in which every figure has the same unit and the same
number of decimals, so that they can be checked against each other and against the table of
effects.  Figures are rounded here and nowhere before.  Knows no method and no inventory.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import attrs

from reen.errors import UnknownNameError

__all__ = [
    "LANGUAGES",
    "Scale",
    "gap_sentence",
    "joined",
    "scale_of",
    "scaled",
    "unit_in",
]

LANGUAGES = ("en", "fr")

#: Significant digits of the largest figure of a sentence; the others have as many decimals.
_DIGITS = 4

#: What adding floats may leave of nothing, relative to what is added.
_ROUNDING = 1e-12


@attrs.frozen
class Scale:
    """How the figures of a gap are written.

    Attributes
    ----------
    unit
        Unit that they are written in, such as ``tCO2e/year``.
    divisor
        What a figure is divided by to be in that unit.
    decimals
        Decimals of every figure.
    """

    unit: str
    divisor: float
    decimals: int

    def text(self, value: float, *, language: str = "en", sign: bool = False) -> str:
        """Return a figure; one too small for the decimals keeps a digit rather than vanish."""
        value = value / self.divisor
        signed = "+" if sign else ""
        text = f"{value:{signed},.{self.decimals}f}"
        if value and float(text.replace(",", "")) == 0.0:
            text = f"{value:{signed}.1g}"
        if language == "fr":
            # thousands apart by a thin space that does not break, decimals after a comma
            text = text.translate(str.maketrans(",.", "\u202f,"))
        return text

    def unit_in(self, language: str) -> str:
        """Return the unit in words of a language."""
        return unit_in(self.unit, language)


def scaled(value: float, unit: str) -> tuple[float, str]:
    """Return a figure in a readable multiple: kgCO2e above a thousand in tCO2e."""
    if unit.startswith("kgCO2e") and not unit.startswith("kgCO2e_") and abs(value) >= 1000.0:  # noqa: PLR2004 - a thousand kg is a tonne
        return value / 1000.0, "tCO2e" + unit.removeprefix("kgCO2e")
    return value, unit


def unit_in(unit: str, language: str, value: float = 1.0) -> str:
    """Return the unit of a value as a language writes it: ``t CO₂e/an`` in French."""
    if language != "fr":
        return unit
    said = _FRENCH_UNIT.sub(lambda found: _FRENCH_UNITS[found[0]], unit)
    head, mark, rest = said.partition("/")
    plural = abs(value) >= 2 and head in _COUNTED  # noqa: PLR2004 - 1,9 is a singular in French
    return f"{head}s{mark}{rest}" if plural else said


#: Units that take a plural.
_COUNTED = {
    *("agent", "an", "compte", "habitant", "jour", "ligne", "marché", "personne", "projet"),
    *("réponse", "équipement", "événement"),
}


#: Words of units that French writes otherwise.
_FRENCH_UNITS = {
    "tCO2e": "t\u00a0CO₂e",
    "kgCO2e": "kg\u00a0CO₂e",
    "year": "an",
    "day": "jour",
    "month": "mois",
    "item": "équipement",
    "agent": "agent",
    "inhabitant": "habitant",
    "EUR": "€",
    "kEUR": "k€",
    "GB": "Go",
    "person": "personne",
    "accounts": "compte",
    "answer": "réponse",
    "contract": "marché",
    "event": "événement",
    "line": "ligne",
    "project": "projet",
}
_FRENCH_UNIT = re.compile(r"\b(?:" + "|".join(_FRENCH_UNITS) + r")\b")


def scale_of(values: Sequence[float], unit: str) -> Scale:
    """Return the unit and decimals that give the largest of some figures four digits."""
    largest = max((abs(value) for value in values), default=0.0)
    figure, written = scaled(largest, unit)
    digits = math.floor(math.log10(figure)) if figure and math.isfinite(figure) else 0
    return Scale(written, largest / figure if figure else 1.0, max(0, _DIGITS - 1 - digits))


def gap_sentence(
    *,
    names: tuple[str, str],
    totals: tuple[float | None, float | None],
    at_least: tuple[bool, bool],
    parts: Mapping[tuple[str, str], float],
    scale: Scale,
    language: str,
) -> str:
    """Return the gap b - a in one sentence.

    Parameters
    ----------
    names, totals, at_least
        Of the methods a and b: name, total (None when nothing is assessed), whether it is a lower
        bound.
    parts
        Effects by (name, the only method that covers it), largest first; they add up to b - a.
    scale
        How figures are written.
    language
        ``en`` or ``fr``.

    Raises
    ------
    UnknownNameError
        Another language.
    """
    if language not in LANGUAGES:
        raise UnknownNameError("language", language, (), LANGUAGES)
    words = _WORDS[language]
    known = [0.0 if total is None else total for total in totals]
    gap = known[1] - known[0]
    figures = [
        words["at least"] * low + scale.text(value, language=language)
        for value, low in zip(known, at_least, strict=True)
    ]
    causes = {_cause(name, only, words): value for (name, only), value in parts.items() if value}
    fields = {
        "a": names[0],
        "b": names[1],
        "total_a": figures[0],
        "total_b": figures[1],
        "unit": scale.unit_in(language),
        "value": scale.text(gap, language=language, sign=True),
        "cause": next(iter(causes), ""),
        "parts": joined(
            [
                words["part"].format(
                    value=scale.text(value, language=language, sign=True), cause=cause
                )
                for cause, value in causes.items()
            ],
            words["and"],
        ),
        "times": _times(known[0], known[1], words, language),
    }
    return words[_template(totals, known, parts)].format(**fields)


def _template(
    totals: tuple[float | None, float | None],
    known: Sequence[float],
    parts: Mapping[tuple[str, str], float],
) -> str:
    """Return which sentence fits."""
    if totals[0] is None and totals[1] is None:
        return "neither"
    if totals[0] is None or totals[1] is None:
        return "only b" if totals[0] is None else "only a"
    size = max(*map(abs, known), sum(map(abs, parts.values())))
    causes = sum(abs(value) > _ROUNDING * size for value in parts.values())
    if abs(known[1] - known[0]) > _ROUNDING * size:
        return "gap, one cause" if causes == 1 else "gap"
    return "cancel" if causes else "same"


def _cause(name: str, only: str, words: Mapping[str, str]) -> str:
    if only:
        return words["only"].format(only=only)
    return words.get(name, name.replace("_", " "))


def _times(a: float, b: float, words: Mapping[str, str], language: str) -> str:
    """Return how many times as much b is, in brackets; nothing where it would say nothing."""
    ratio = f"{b / a:.3g}" if a > 0.0 and b > 0.0 else "1"
    if language == "fr":
        ratio = ratio.replace(".", ",")
    return "" if ratio == "1" else words["times"].format(ratio=ratio)


def joined(parts: Sequence[str], word: str) -> str:
    """Return parts one after the other, with a word before the last."""
    *most, last = parts or [""]
    return f"{', '.join(most)} {word} {last}" if most else last


#: Sentences and their parts, by language.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "gap": (
            "{b} gives {total_b} {unit} where {a} gives {total_a}{times}: {value}, of which"
            " {parts}."
        ),
        "gap, one cause": (
            "{b} gives {total_b} {unit} where {a} gives {total_a}{times}: {value}, wholly from"
            " {cause}."
        ),
        "times": " ({ratio} times as much)",
        "same": "{a} and {b} give the same figure, {total_a} {unit}.",
        "cancel": (
            "{a} and {b} give the same figure, {total_a} {unit}, by effects that cancel out:"
            " {parts}."
        ),
        "only b": "{b} gives {total_b} {unit}; {a} measures nothing of it.",
        "only a": "{a} gives {total_a} {unit}; {b} measures nothing of it.",
        "neither": "Neither {a} nor {b} measures anything of it.",
        "at least": "at least ",
        "and": "and",
        "part": "{value} from {cause}",
        "only": "what only {only} covers",
        "factor": "the factors of the equipment",
        "factor of use": "the factors of electricity",
        "lifetime": "the lifetimes",
        "annual_energy": "the yearly energy",
        "pue": "the overhead of data centres",
        "usage_share": "the share of use",
        "year_share": "the years that are written off",
    },
    "fr": {
        "gap": (
            "{b} donne {total_b} {unit} là où {a} donne {total_a}{times}\u00a0: {value}, dont"
            " {parts}."
        ),
        "gap, one cause": (
            "{b} donne {total_b} {unit} là où {a} donne {total_a}{times}\u00a0: {value},"
            " entièrement par {cause}."
        ),
        "times": " ({ratio} fois autant)",
        "same": "{a} et {b} donnent le même chiffre, {total_a} {unit}.",
        "cancel": (
            "{a} et {b} donnent le même chiffre, {total_a} {unit}, par des effets qui se"
            " compensent\u00a0: {parts}."
        ),
        "only b": "{b} donne {total_b} {unit}\u00a0; {a} n'en mesure rien.",
        "only a": "{a} donne {total_a} {unit}\u00a0; {b} n'en mesure rien.",
        "neither": "Ni {a} ni {b} n'en mesurent rien.",
        "at least": "au moins ",
        "and": "et",
        "part": "{value} par {cause}",
        "only": "ce que seule la méthode {only} couvre",
        "factor": "les facteurs des équipements",
        "factor of use": "les facteurs de l'électricité",
        "lifetime": "les durées de vie",
        "annual_energy": "l'énergie annuelle",
        "pue": "le surcoût énergétique des centres de données",
        "usage_share": "la part d'usage",
        "year_share": "les années amorties",
    },
}
