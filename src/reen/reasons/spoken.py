"""The language that sentences are written in: English unless somebody asks for another.

Input: ``en`` or ``fr``, for the length of a ``with`` block.  Output: what `Reason.text` and the
pages use when no language is named.  A context variable, so that two threads, or two requests of a
web application, can each have their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from reen.errors import UnknownNameError
from reen.reasons.sentences import LANGUAGES

__all__ = ["Titled", "language", "spoken", "title_of"]

_SPOKEN = ContextVar("reen_language", default="en")


class Titled(Protocol):
    """What has a title in each language: a type of equipment, a stage, a criterion."""

    @property
    def title_en(self) -> str:
        """Return the title in English."""

    @property
    def title_fr(self) -> str:
        """Return the title in French."""


@contextmanager
def language(name: str) -> Iterator[None]:
    """Write reasons, issues and titles in a language, inside a ``with`` block.

    Sentences for people follow it: reasons, assumptions, issues, accounts, explanations.  Data for
    programs (JSON, CSV, Arrow, codes) stay in English.

    Parameters
    ----------
    name
        ``en`` or ``fr``.

    Raises
    ------
    UnknownNameError
        Another language.

    Examples
    --------
    >>> import reen
    >>> from reen.plugin import Reason
    >>> with reen.language("fr"):
    ...     print(Reason("many_cells", count=7))
    compte 7 cellules
    >>> print(Reason("many_cells", count=7))
    has 7 cells
    """
    if name not in LANGUAGES:
        raise UnknownNameError("language", name, (), LANGUAGES)
    before = _SPOKEN.set(name)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def spoken() -> str:
    """Return the language in force."""
    return _SPOKEN.get()


def title_of(thing: Titled) -> str:
    """Return a title in the language in force."""
    return thing.title_fr if spoken() == "fr" else thing.title_en
