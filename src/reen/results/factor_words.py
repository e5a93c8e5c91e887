"""Words of factors in the language in force: boundary, status, note, and names in two languages.

Input: the texts of a factor, which are data and stand as its pack has them.  Output: those that
are ours in the language in force; what a publisher wrote, and the name of a licence, stay.
"""

from __future__ import annotations

from collections.abc import Mapping

from reen.reasons import say, spoken

__all__ = ["factor_name", "factor_text"]

#: Packs whose names are ours, in English, with the French of the source in brackets.
_BOTH = frozenset({"ademe-numerique"})

#: What begins a part of a text, before the words of the publisher.
_HEADS: Mapping[str, str] = {
    "sub-lines": "factor_sub_lines",
    "boundary": "factor_boundary",
    "structure": "factor_structure",
    "place": "factor_place",
    "remark": "factor_remark",
}

#: Texts of our packs, with the code of their sentence.
_TEXTS: Mapping[str, str] = {
    "boundary not stated": "factor_not_stated",
    "generation, life cycle; network losses not included": "factor_generation",
    "manufacturing, distribution and end of life of one item; use not included": "factor_three",
    "that of the factors borrowed; use not included": "factor_borrowed",
    "what the source calls construction, without saying what it holds beyond manufacturing;"
    " use not included": "factor_construction",
    "manufacturing and end of life of one item; distribution not published, use not"
    " included": "factor_two",
    "continental France, average mix, consumption; not split in the copy read": "factor_mix",
    "current": "factor_current",
    "proxy": "factor_proxy",
    "older report": "factor_older",
    "not yet published": "factor_to_come",
    "not stated in the copy read": "factor_not_in_copy",
}


def factor_text(text: str, *, under: str = "") -> str:
    """Return a boundary, a status or a note in the language in force.

    Parameters
    ----------
    text
        As the pack has it.
    under
        Head under which it is written: it is not said again.
    """
    text = text.removeprefix(f"{under}: ") if under else text
    if spoken() == "en" or not text:
        return text
    if text in _TEXTS:
        return say(_TEXTS[text])
    return say("page_series").join(map(_part, text.split("; ")))


def _part(text: str) -> str:
    head, mark, rest = text.partition(": ")
    if mark and head in _HEADS:
        return say("page_colon", name=say(_HEADS[head]), text=rest)
    return text


def factor_name(name: str, pack: str) -> str:
    """Return the name of a factor in the language in force, where its pack gives both."""
    french = name.rpartition(" (")[2]
    if spoken() == "en" or pack not in _BOTH or not name.endswith(")"):
        return name
    return french[:1].upper() + french[1:-1]
