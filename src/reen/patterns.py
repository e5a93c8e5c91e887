"""Patterns: regular expressions that are compiled when one of them is first looked for.

Input: the text of an expression, as of `re.compile`.  Output: what stands for it, and becomes it on
first use.  For what few files need: a short list would wait for all of them.  Imports nothing else.
"""

from __future__ import annotations

import re
from typing import AnyStr, cast

__all__ = ["pattern"]


class _Pattern:
    """An expression that is not compiled yet; each of its methods, once asked for, stays."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        found: object = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)  # the next look asks the expression itself
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return an expression that is compiled on first use.

    Its methods are to be called on it: `re.sub` and the like do not take it.

    Examples
    --------
    >>> pattern("[0-9]+").findall("12 PC, 3 écrans")
    ['12', '3']
    """
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))
