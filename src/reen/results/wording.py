"""Wording: a gap between two methods as one plain sentence, in English and in French.

Input: the figures of a gap.  Output: text in which every figure has the same unit and the same
number of decimals, so that they can be checked against each other and against the table of
effects.  Figures are rounded here and nowhere before.  Knows no method and no inventory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import attrs

from reen.errors import UnknownNameError
from reen.patterns import pattern
from reen.reasons import Reason, has_sentence

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


@attrs.frozen(eq=False, repr=False)
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
    "agent",
    "an",
    "compte",
    "dimension",
    "habitant",
    "jour",
    "ligne",
    "marché",
    "personne",
    "projet",
    "réponse",
    "événement",
    "équipement",
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
    "person": "personne",
    "accounts": "compte",
    "answer": "réponse",
    "contract": "marché",
    "dimensions": "dimension",
    "event": "événement",
    "line": "ligne",
    "project": "projet",
    "EUR": "€",
    "kEUR": "k€",
    "GB": "Go",
}
_FRENCH_UNIT = pattern(r"\b(?:" + "|".join(_FRENCH_UNITS) + r")\b")


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
    known = [0.0 if total is None else total for total in totals]
    gap = known[1] - known[0]
    figures = [
        Reason("gap_at_least", value=text).text(language) if low else text
        for text, low in zip(
            [scale.text(value, language=language) for value in known], at_least, strict=True
        )
    ]
    causes = {_cause(name, only, language): value for (name, only), value in parts.items() if value}
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
                Reason(
                    "gap_part", value=scale.text(value, language=language, sign=True), cause=cause
                ).text(language)
                for cause, value in causes.items()
            ],
            Reason("gap_and").text(language),
        ),
        "times": _times(known[0], known[1], language),
    }
    return Reason(_template(totals, known, parts), **fields).text(language)


def _template(
    totals: tuple[float | None, float | None],
    known: Sequence[float],
    parts: Mapping[tuple[str, str], float],
) -> str:
    """Return which sentence fits."""
    if totals[0] is None and totals[1] is None:
        return "gap_neither"
    if totals[0] is None or totals[1] is None:
        return "gap_only_b" if totals[0] is None else "gap_only_a"
    size = max(*map(abs, known), sum(map(abs, parts.values())))
    causes = sum(abs(value) > _ROUNDING * size for value in parts.values())
    if abs(known[1] - known[0]) > _ROUNDING * size:
        return "gap_one_cause" if causes == 1 else "gap_sentence"
    return "gap_cancel" if causes else "gap_same"


def _cause(name: str, only: str, language: str) -> str:
    if only:
        return Reason("gap_only", only=only).text(language)
    code = f"gap_{name.replace(' ', '_')}"
    return Reason(code).text(language) if has_sentence(code) else name.replace("_", " ")


def _times(a: float, b: float, language: str) -> str:
    """Return how many times as much b is, in brackets; nothing where it would say nothing."""
    ratio = f"{b / a:.3g}" if a > 0.0 and b > 0.0 else "1"
    if language == "fr":
        ratio = ratio.replace(".", ",")
    return "" if ratio == "1" else Reason("gap_times", ratio=ratio).text(language)


def joined(parts: Sequence[str], word: str) -> str:
    """Return parts one after the other, with a word before the last."""
    *most, last = parts or [""]
    return f"{', '.join(most)} {word} {last}" if most else last
