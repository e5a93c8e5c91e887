"""Watching: which files took the typed path, and a way to take none.

For benchmarks and for the tests that hold the two paths to each other; no user needs it, because
both give the same.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator

import attrs

__all__ = ["Watch", "current_watch", "watched"]


@attrs.define(eq=False, repr=False)
class Watch:
    """What the typed path did.

    Attributes
    ----------
    careful
        Whether it is shut.
    typed, others
        Sources of the texts that took it, and of those that did not.
    """

    careful: bool = False
    typed: list[str] = attrs.field(factory=list)
    others: list[str] = attrs.field(factory=list)


_WATCH: contextvars.ContextVar[Watch | None] = contextvars.ContextVar("watch", default=None)


def current_watch() -> Watch:
    """Return who watches, or a watch that nobody reads."""
    return _WATCH.get() or Watch()


@contextlib.contextmanager
def watched(*, careful: bool = False) -> Iterator[Watch]:
    """Watch the files that are read meanwhile.

    Parameters
    ----------
    careful
        Read all of them by the careful path.
    """
    watch = Watch(careful)
    token = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(token)
