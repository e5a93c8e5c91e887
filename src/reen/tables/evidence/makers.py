"""Makers of equipment: which one a cell names, however it is written.

Input: the text of a maker's cell ("DELL Inc.", "Hewlett-Packard") or the words of a model ("HP
EliteBook 840").  Output: keys of the bundled table of makers.

Must not say what a maker makes: that is the business of `model_rules`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from reen.tables.bundled_words import compact_data
from reen.vocabulary.text import normalise

__all__ = ["UNKNOWN", "is_maker", "maker_in", "maker_of"]

#: A maker is named, but it is none that the table knows.
UNKNOWN = "?"

#: Shorter names are too near to one another for a slip of the pen to be told: LG, HP, NEC, AOC.
_SHORTEST_MISSPELT = 5
_NEAR = 0.85

_Names = Mapping[tuple[str, ...], str]


@functools.cache
def _names() -> tuple[_Names, _Names]:
    """Return the names that say a maker anywhere, and those that do in a maker's cell."""
    makers = compact_data("reen.tables.evidence")["makers"]
    anywhere, in_its_cell = (
        {
            tuple(name.split()): maker
            for maker, names in makers[column].items()
            for name in names.split(";")
        }
        for column in ("names", "names_in_its_cell")
    )
    return anywhere, anywhere | in_its_cell


@functools.cache
def _first_words() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return the names that say a maker anywhere by their first word, longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, maker in _names()[0].items():
        found.setdefault(name[0], []).append((name, maker))
    return {
        word: tuple(sorted(names, key=lambda each: (-len(each[0]), each)))
        for word, names in found.items()
    }


def is_maker(text: str) -> bool:
    """Tell whether a text is the name of a maker and nothing else.

    Examples
    --------
    >>> [is_maker(text) for text in ("HP", "Hewlett-Packard", "HP EliteBook", "")]
    [True, True, False, False]
    """
    return tuple(normalise(text).split()) in _names()[1]


@functools.lru_cache(maxsize=4096)
def maker_of(cell: str) -> str:
    """Return the maker that a cell names: empty for a blank one, `UNKNOWN` for a stranger.

    Examples
    --------
    >>> [maker_of(cell) for cell in ("Hewlett-Packard Company", "LENVO", "", "Ets Durand")]
    ['HP', 'Lenovo', '', '?']
    """
    words = normalise(cell).split()
    names = _names()[1]
    for count in range(min(len(words), 4), 0, -1):
        if (maker := names.get(tuple(words[:count]))) is not None:
            return maker
    if not words:
        return ""
    long = {name[0]: maker for name, maker in names.items() if len(name) == 1}
    long = {name: maker for name, maker in long.items() if len(name) >= _SHORTEST_MISSPELT}
    if len(words[0]) >= _SHORTEST_MISSPELT - 1:
        import difflib  # for what is not known alone

        for near in difflib.get_close_matches(words[0], long, n=1, cutoff=_NEAR):
            return long[near]
    return UNKNOWN


def maker_in(words: Sequence[str]) -> tuple[str, int]:
    """Return the first maker that the words of a model name, and the position after its name.

    Examples
    --------
    >>> maker_in("hp elitebook 840 g8".split()), maker_in("latitude 5420".split())
    (('HP', 1), ('', 0))
    """
    first_words = _first_words()
    for position, word in enumerate(words):
        for name, maker in first_words.get(word, ()):
            end = position + len(name)
            if tuple(words[position:end]) == name:
                return maker, end
    return "", 0
