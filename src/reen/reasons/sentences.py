"""Sentences of codes that plugins add, beside the catalogues of reen.

A code means one thing in a process, whichever plugin or registry brought it: the table is only
added to, and a code that has other sentences already is refused.  Knows no plugin, and not the
catalogues either.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Mapping

import attrs

__all__ = [
    "FORMS",
    "LANGUAGES",
    "Sentences",
    "add_sentences",
    "added_by",
    "added_template",
    "parameters_of",
]

#: Languages that the library speaks.
LANGUAGES = ("en", "fr")

#: How a sentence may ask for a parameter: as it is, as a day, a year or a share, or as the words
#: for a key.
FORMS = frozenset(
    {"", "day", "parameter", "parameters", "share", "status", "unit", "value", "values", "year"}
)

_CODE = re.compile(r"[a-z][a-z0-9_]*")


@functools.cache
def parameters_of(template: str) -> frozenset[str]:
    """Return the names in braces of a sentence."""
    import string  # only sentences of plugins and tests ask

    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def _is_code(_: object, __: object, value: str) -> None:
    if not _CODE.fullmatch(value):
        message = f"{value!r} is no code: expected snake_case, such as no_battery_factor"
        raise ValueError(message)


def _sorted(given: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, Mapping):
        message = f"{given!r} is no mapping of languages to sentences: expected {{'en': '...'}}"
        raise ValueError(message)  # noqa: TRY004 - one error for a plugin that gives it
    return tuple(sorted((str(language), text) for language, text in given.items()))


@attrs.frozen(repr=False)
class Sentences:
    """The sentences of one code.

    Attributes
    ----------
    code
        Code of the reason or assumption.
    texts
        Sentence by language, its parameters in braces; English at least.

    Raises
    ------
    ValueError
        A code that is not snake_case, no English sentence, a language that reen does not speak, or
        sentences that cannot be filled in, or speak of different parameters.

    Examples
    --------
    >>> said = Sentences(
    ...     "no_cell", {"en": "no cell of {size} Ah", "fr": "pas de pile de {size} Ah"}
    ... )
    >>> said.template("fr")
    'pas de pile de {size} Ah'
    """

    code: str = attrs.field(converter=str, validator=_is_code)
    texts: tuple[tuple[str, str], ...] = attrs.field(converter=_sorted)

    def __attrs_post_init__(self) -> None:
        """Refuse sentences that could not be written."""
        known = dict(self.texts)
        if "en" not in known:
            message = f"{self.code} has no sentence in English ('en')"
            raise ValueError(message)
        strange = sorted(set(known) - set(LANGUAGES))
        if strange:
            message = f"{self.code} has a sentence in {strange[0]!r}; reen speaks {LANGUAGES}"
            raise ValueError(message)
        asked = {language: _checked(self.code, text) for language, text in known.items()}
        if len(set(asked.values())) > 1:
            message = f"the sentences of {self.code} speak of different parameters"
            raise ValueError(message)

    def template(self, language: str) -> str:
        """Return the sentence in a language, else in English."""
        known = dict(self.texts)
        return known.get(language, known["en"])


def _checked(code: str, text: object) -> frozenset[str]:
    """Return the parameters of a sentence that can be filled in."""
    if not isinstance(text, str) or not text.strip():
        message = f"{code} has the sentence {text!r}; expected text"
        raise ValueError(message)
    import string

    try:
        parts = [part[1:] for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        message = f"the sentence {text!r} of {code} cannot be filled in: {error}"
        raise ValueError(message) from error
    for name, form, conversion in parts:
        if not str(name).isidentifier() or form not in FORMS or conversion not in (None, "r"):
            message = f"the sentence {text!r} of {code} cannot be filled in: {{{name}:{form}}}"
            raise ValueError(message)
    return parameters_of(text)


_LOCK = threading.Lock()
_ADDED: dict[str, tuple[Sentences, str]] = {}


def add_sentences(sentences: Sentences, owner: str) -> str:
    """Add the sentences of a code for the whole process.

    Parameters
    ----------
    sentences
        A code and its sentences.
    owner
        Who gives them.

    Returns
    -------
    str
        Who gave the code other sentences before, which stay; empty when nobody did.
    """
    with _LOCK:
        known, first = _ADDED.setdefault(sentences.code, (sentences, owner))
    return "" if known == sentences else first


def added_by(code: str) -> tuple[Sentences, str] | None:
    """Return the sentences that were added for a code, and who gave them."""
    return _ADDED.get(code)


def added_template(code: str, language: str) -> str | None:
    """Return the sentence that was added for a code, in English where there is no other."""
    known = _ADDED.get(code)
    return None if known is None else known[0].template(language)
