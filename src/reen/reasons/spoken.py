"""The language that sentences are written in: English unless somebody asks for another.

Input: ``en`` or ``fr``, for the length of a ``with`` block.  Output: what `Reason.text` and the
pages use when no language is named.  A context variable, so that two threads, or two requests of a
web application, can each have their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

__all__ = ["Titled", "speak", "speaking", "spoken", "title_of"]

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
def speaking(name: str) -> Iterator[None]:
    """Speak one of `LANGUAGES` for the length of a ``with`` block; see `reen.language`."""
    before = _SPOKEN.set(name)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def speak(name: str) -> Callable[[], None]:
    """Speak one of `LANGUAGES` from now on; return what speaks the one before again."""
    before = _SPOKEN.set(name)
    return lambda: _SPOKEN.reset(before)


def spoken() -> str:
    """Return the language in force."""
    return _SPOKEN.get()


def title_of(thing: Titled) -> str:
    """Return a title in the language in force."""
    return thing.title_fr if spoken() == "fr" else thing.title_en
