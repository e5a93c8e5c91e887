"""Reasons: why a row is not counted, a value is not used, or a figure is doubted.

A reason is data: a code and its parameters.  Sentences live in gettext catalogues (English and
French in `languages/`) and in `reason_sentences`, where plugins add their own; so that a page can
be written in either language, coverage can be grouped by code, and no code ever compares prose.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from reen.reasons.catalogue import catalogue_of
from reen.reasons.numbers import MARKS, decimals_of, number_text, rounded_apart, share_text
from reen.reasons.sentences import (
    FORMS,
    LANGUAGES,
    Sentences,
    added_by,
    added_template,
    parameters_of,
)
from reen.reasons.spoken import speak, speaking, spoken, title_of

__all__ = [
    "LANGUAGES",
    "Detail",
    "Reason",
    "Words",
    "as_reason",
    "as_reasons",
    "day_text",
    "decimals_of",
    "has_sentence",
    "joined",
    "number_text",
    "parameters_of",
    "reason_if_given",
    "rounded_apart",
    "say",
    "sentence_template",
    "share_text",
    "speak",
    "speaking",
    "spoken",
    "title_of",
]

#: Code of a sentence that somebody else wrote, such as an importer of a third party.
SAID = "said"


def details_of(given: Mapping[str, Detail]) -> tuple[tuple[str, Detail], ...]:
    """Return the parameters of a sentence, sorted by name."""
    return tuple(sorted(given.items(), key=lambda pair: pair[0]))


def order_of_details(details: tuple[tuple[str, Detail], ...]) -> tuple[tuple[object, ...], ...]:
    """Return what details are ordered by: numbers, then texts, then reasons, under each name."""
    return tuple((name, _rank(value), value) for name, value in details)


def _rank(value: Detail) -> int:
    if isinstance(value, Reason):
        return 2
    return 1 if isinstance(value, str) else 0


@attrs.frozen(init=False, order=True)
class Reason:
    """Why something is as it is: a code with parameters.

    Reasons are ordered by code, then by details, so that tables of them are always the same.

    Attributes
    ----------
    code
        What is the matter, in snake_case.
    details
        Parameters of the sentence, sorted by name.

    Examples
    --------
    >>> reason = Reason("many_cells", count=7)
    >>> str(reason)
    'has 7 cells'
    >>> reason.text("fr")
    'compte 7 cellules'
    """

    code: str
    details: tuple[tuple[str, Detail], ...] = attrs.field(eq=True, order=order_of_details)

    def __init__(self, code: str, /, **details: Detail) -> None:
        """Make a reason of a code and the parameters of its sentence."""
        self.__attrs_init__(code, details_of(details))

    def detail(self, name: str) -> Detail:
        """Return a parameter."""
        return dict(self.details)[name]

    def text(self, language: str | None = None) -> str:
        """Return the sentence in a language, that in force (`reen.language`) when none is named.

        A sentence that a plugin gives in English only is written in English.  Where there is no
        sentence, or it speaks of a detail that is not there, code and details are written as they
        are: a plugin that is no longer installed must not make an old result unreadable.

        Raises
        ------
        KeyError
            The language is not one of `LANGUAGES`.
        """
        language = language or spoken()
        details = dict(self.details)
        template = _template_or_none(self.code, language, _number(details.get("count"), language))
        if template is not None:
            number = details.get("value")
            written = {name: _Written.of(value, language, number) for name, value in self.details}
            try:
                return template.format_map(written)
            except KeyError:  # it speaks of a detail that is not there
                pass
        said = ", ".join(f"{name}={value}" for name, value in self.details)
        return f"{self.code} ({said})" if said else self.code

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types: code, parameters, and the English sentence for readers."""
        details = {
            name: value.to_dict() if isinstance(value, Reason) else value
            for name, value in self.details
        }
        return {"code": self.code, "details": details, "text": self.text("en")}

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Reason:
        """Return the reason written by `to_dict`; its sentence is not read."""
        fields: dict[str, Any] = dict(content)
        details: dict[str, Detail] = {
            name: cls.from_dict(value) if isinstance(value, Mapping) else value
            for name, value in fields["details"].items()
        }
        return cls(str(fields["code"]), **details)

    def __str__(self) -> str:
        """Return the sentence in the language in force: English unless `reen.language` says so."""
        return self.text()


#: Value of a parameter: text, a number, or a reason that is part of the sentence.
Detail: TypeAlias = str | int | float | Reason

#: What a person is told: a reason, or text that somebody wrote in the language they chose.
Words: TypeAlias = str | Reason


def say(code: str, /, **details: Detail) -> str:
    """Return the sentence of a code in the language in force."""
    return Reason(code, **details).text()


def has_sentence(code: str) -> bool:
    """Tell whether a code has a sentence, in a catalogue or from a plugin."""
    return _template_or_none(code, "en", None) is not None


def as_reason(given: Words) -> Reason:
    """Return a reason, or plain text as one: what somebody said, in the language they chose."""
    return given if isinstance(given, Reason) else Reason(SAID, text=given)


def reason_if_given(given: Words | None) -> Reason | None:
    """Return a reason, or plain text as one; None for nothing, or an empty text."""
    return as_reason(given) if given else None


def as_reasons(given: Iterable[Words]) -> tuple[Reason, ...]:
    """Return reasons, and plain texts as such."""
    return tuple(map(as_reason, given))


def joined(parts: Sequence[Words], between: str = "joined_by_comma") -> Reason:
    """Return several reasons as one, which is written in one language whenever that is chosen.

    Parameters
    ----------
    parts
        What is said, in this order; nothing is said of none.
    between
        Code of the sentence of two: ``joined_by_comma``, ``joined_by_semicolon``,
        ``joined_by_and``, ``joined_by_or``, ``joined_by_space``, ``joined_by_line``.

    Examples
    --------
    >>> several = joined([Reason("joined_by_or", first="1", second="2"), "3"], "joined_by_and")
    >>> several.text("fr")
    '1 ou 2 et 3'
    """
    if len(parts) <= 1:
        return as_reason(parts[0] if parts else "")
    half = len(parts) // 2  # by halves, so that a thousand of them do not nest a thousand deep
    return Reason(
        between, first=joined(parts[:half], between), second=joined(parts[half:], between)
    )


def sentence_template(code: str, language: str, *, count: int | None = None) -> str:
    """Return the sentence of a code, with its parameters in braces.

    Raises
    ------
    KeyError
        Neither a catalogue nor a plugin has the code.
    """
    found = _template_or_none(code, language, count)
    if found is None:
        message = f"no sentence for {code!r} in the catalogue {language!r}"
        raise KeyError(message)
    return found


def other_sentences(sentences: Sentences) -> str:
    """Return who has other sentences for a code; empty when nobody has."""
    written = [catalogue_of(language).sentence(sentences.code) for language in LANGUAGES]
    if any(written):
        return "" if written == [sentences.template(language) for language in LANGUAGES] else "reen"
    known = added_by(sentences.code)
    return "" if known is None or known[0] == sentences else known[1]


def _template_or_none(code: str, language: str, count: int | None) -> str | None:
    found = catalogue_of(language).sentence(code, count)
    return added_template(code, language) if found is None else found


def _number(count: Detail | None, language: str) -> int | None:
    """Return the whole number whose grammatical number a count has: 1.5 is a singular in French."""
    if not isinstance(count, (int, float)) or not math.isfinite(count):
        return None
    if float(count).is_integer():
        return int(count)
    return int(count) if language == "fr" else 2


#: Forms that ask for the words of a key, which stand in the catalogue under that prefix.
_KEYS = FORMS - {"", "day", "parameters", "share", "values", "year"}


class _Written(str):
    """A parameter as it is written in a language.

    A sentence may say how: ``{year:year}`` a number without a mark of thousands, ``{date:day}`` an
    ISO date as people write it (other text as it is), ``{known:share}`` a share of one in percent,
    ``{column:parameter}`` the words for a column (``status``, ``unit``, ``value`` likewise),
    ``{columns:parameters}`` (``values``) those for several; a unit brings the space before it.
    """

    __slots__ = ("_given", "_language", "_number")
    _given: Detail
    _language: str
    _number: Detail | None

    @classmethod
    def of(cls, value: Detail, language: str, number: Detail | None = None) -> _Written:
        """Return a parameter written in a language.

        Parameters
        ----------
        value, language
            The parameter, and the language.
        number
            How many of it there are, where it is a unit.
        """
        made = cls(_written(value, language))
        made._given, made._language, made._number = value, language, number
        return made

    def __format__(self, form: str) -> str:
        """Return the parameter in the form that the sentence asks for."""
        if form in ("day", "share", "year"):
            return self._figure(form, str(self._given))
        if form in ("parameters", "values"):
            prefix = form.removesuffix("s")
            return ", ".join(self._word(prefix, each) for each in str(self).split(", "))
        if form == "unit":
            return self._unit()
        if form in _KEYS:
            return self._word(form, str(self))
        return super().__format__(form)

    def _unit(self) -> str:
        if self in ("", "1"):
            return ""
        if self == "%":
            return MARKS[self._language][2] + "%"
        return f" {self._word('unit', self, _plural(self._number, self._language))}"

    def _figure(self, form: str, text: str) -> str:
        if form == "share":
            return share_text(float(text), self._language)
        return text if form == "year" else day_text(text, self._language)

    def _word(self, prefix: str, key: str, count: int | None = None) -> str:
        return _template_or_none(f"{prefix}_{key}", self._language, count) or key


def day_text(date: str, language: str | None = None) -> str:
    """Return an ISO date as people write it, ``31 December 2025``; other text as it is."""
    try:
        read = dt.date.fromisoformat(date)
    except ValueError:
        return date
    code = "date_first" if read.day == 1 else "date_day"
    month = Reason(f"month_{read.month}")
    return Reason(code, day=read.day, month=month, year=read.year).text(language)


def _plural(number: Detail | None, language: str) -> int:
    """Return the whole number whose plural a number takes: 1.5 years, but 1,5 an."""
    if not isinstance(number, (int, float)):
        return 2
    alone = abs(number) < 2 if language == "fr" else number == 1  # noqa: PLR2004
    return 1 if alone else 2


def _written(value: Detail, language: str) -> str:
    if isinstance(value, Reason):
        return value.text(language)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return number_text(value, language)
