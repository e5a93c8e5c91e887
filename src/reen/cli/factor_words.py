"""Words of factors in the language of the page: boundary, status, note, and names in two languages.

Input: the texts of a factor, which are data and stand as its pack has them.  Output: those that
are ours in the language in force; what a publisher wrote, and the name of a licence, stay.
"""

from __future__ import annotations

from reen.cli.speech import translated
from reen.reasons import say, spoken

__all__ = ["factor_name", "factor_text"]

#: Packs whose names are ours, in English, with the French of the source in brackets.
_BOTH = frozenset({"ademe-numerique"})

#: What begins a part of a text, before the words of the publisher.
_HEADS = ("sub-lines", "boundary", "structure", "place", "remark")


def factor_text(text: str) -> str:
    """Return a boundary, a status or a note in the language in force."""
    if spoken() == "en" or not text:
        return text
    whole = translated(text)
    if whole != text:
        return whole
    return say("page_series").join(map(_part, text.split("; ")))


def _part(text: str) -> str:
    head, mark, rest = text.partition(": ")
    if mark and head in _HEADS:
        return say("page_colon", name=say(f"factor_{head.replace('-', '_')}"), text=rest)
    return translated(text)


def factor_name(name: str, pack: str) -> str:
    """Return the name of a factor in the language in force, where its pack gives both."""
    french = name.rpartition(" (")[2]
    if spoken() == "en" or pack not in _BOTH or not name.endswith(")"):
        return name
    return french[:1].upper() + french[1:-1]
