"""Words that a place may be called by and that stand for several: "Tous", "Ville", "Synthèse".

Input: the name of a place.  Output: what it says of its rows.
"""

from __future__ import annotations

import enum

from reen.tables.headers.header_words import key_of

__all__ = ["PlaceWord", "may_name_all_places", "names_a_summary", "names_all_places", "said_by"]

#: Words for all places: no place is called so.
_ALL = frozenset(
    map(
        key_of,
        (
            *("tous", "toutes", "tout", "ensemble", "global", "général", "cumul", "totalité"),
            *("tous sites", "tous les sites", "toutes les écoles", "tous services", "tous types"),
            *("tous les services", "toutes les directions", "all", "all sites", "everything"),
            *("overall", "ensemble des sites", "ensemble des services", "ensemble des écoles"),
        ),
    )
)
#: First words of the titles of sections that add up the others.
_SUMMARIES = frozenset(
    {"synthese", "recap", "recapitulatif", "recapitulation", "recapitulative", "bilan", "summary"}
)
#: Words for an authority: all of its places, or those that are no school or workshop.
_WHOLE = frozenset(
    map(
        key_of,
        (
            *("ville", "commune", "agglo", "agglomération", "collectivité", "métropole"),
            *("communauté", "territoire", "département", "région", "parc", "secteur", "city"),
            *(
                "town",
                "council",
                "district",
                "county",
                "region",
                "fleet",
                "epci",
                "intercommunalité",
            ),
        ),
    )
)


def names_all_places(word: str) -> bool:
    """Tell whether a word stands for all places ("Tous"), so that no place is called so."""
    return key_of(word) in _ALL


def may_name_all_places(word: str) -> bool:
    """Tell whether a word stands for all places, or for an authority ("Tous", "Ville")."""
    key = key_of(word)
    return key in _ALL or key in _WHOLE


def names_a_summary(word: str) -> bool:
    """Tell whether the key of a title is that of a section that adds up the others."""
    return word.partition(" ")[0] in _SUMMARIES


class PlaceWord(enum.IntEnum):
    """What the name of a place says of its rows, from "one place" to a summary of all."""

    NAMED = 0
    BLANK = 1
    WHOLE = 2
    ALL = 3
    SUMMARY = 4


def said_by(word: str) -> PlaceWord:
    """Return what the name of a place says; its key is given."""
    if names_a_summary(word):
        return PlaceWord.SUMMARY
    if word in _ALL:
        return PlaceWord.ALL
    if word in _WHOLE:
        return PlaceWord.WHOLE
    return PlaceWord.NAMED if word else PlaceWord.BLANK
