"""Reasons: why a row is not counted, a value is not used, or a figure is doubted.

A reason is data: a code and its parameters.  Sentences live in gettext catalogues (English and
French in `languages/`), so that a page can be written in either language, coverage can be grouped
by code, and no code ever compares prose.
"""

from __future__ import annotations

import functools
import gettext
import importlib.resources
import string
from collections.abc import Mapping
from typing import Any, TypeAlias, Union

import attrs

__all__ = ["LANGUAGES", "Detail", "Reason", "as_reason", "sentence_template"]

#: Value of a parameter: text, a number, or a reason that is part of the sentence.
Detail: TypeAlias = Union[str, int, float, "Reason"]

#: Languages that the library speaks.
LANGUAGES = ("en", "fr")

#: Code of a sentence that somebody else wrote, such as an importer of a third party.
SAID = "said"


@attrs.frozen(init=False)
class Reason:
    """Why something is as it is: a code with parameters.

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
    details: tuple[tuple[str, Detail], ...]

    def __init__(self, code: str, /, **details: Detail) -> None:
        """Make a reason of a code and the parameters of its sentence."""
        self.__attrs_init__(code, tuple(sorted(details.items())))

    def detail(self, name: str) -> Detail:
        """Return a parameter."""
        return dict(self.details)[name]

    def text(self, language: str = "en") -> str:
        """Return the sentence in a language.

        Raises
        ------
        KeyError
            The language is not one of `LANGUAGES`, or no catalogue has the code.
        """
        written = {name: _written(value, language) for name, value in self.details}
        count = dict(self.details).get("count")
        template = sentence_template(
            self.code, language, count=count if isinstance(count, int) else None
        )
        return template.format(**written)

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types: code, parameters, and the English sentence for readers."""
        details = {
            name: value.to_dict() if isinstance(value, Reason) else value
            for name, value in self.details
        }
        return {"code": self.code, "details": details, "text": str(self)}

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
        """Return the sentence in English."""
        return self.text()


def as_reason(given: Reason | str) -> Reason:
    """Return a reason, or plain text as one: what somebody said, in the language they chose."""
    return given if isinstance(given, Reason) else Reason(SAID, text=given)


def sentence_template(code: str, language: str, *, count: int | None = None) -> str:
    """Return the sentence of a code, with its parameters in braces.

    Raises
    ------
    KeyError
        No catalogue of the language has the code.
    """
    catalogue = _catalogue(language)
    if count is not None:
        found = catalogue.ngettext(code, code, count)
        if found != code:
            return found
    found = catalogue.gettext(code)
    if found == code:
        message = f"no sentence for {code!r} in the catalogue {language!r}"
        raise KeyError(message)
    return found


def parameters_of(template: str) -> frozenset[str]:
    """Return the names in braces of a sentence."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


@functools.cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    if language not in LANGUAGES:
        raise KeyError(language)
    folder = importlib.resources.files("reen").joinpath("languages", language, "LC_MESSAGES")
    with folder.joinpath("reen.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


#: Mark between thousands and decimal mark.
_MARKS: Mapping[str, tuple[str, str]] = {"en": (",", "."), "fr": ("\u202f", ",")}


def _written(value: Detail, language: str) -> str:
    """Return a parameter as it is written in a language."""
    if isinstance(value, Reason):
        return value.text(language)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    thousands, decimal = _MARKS[language]
    return text.translate({ord(","): thousands, ord("."): decimal})
