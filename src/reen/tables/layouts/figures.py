"""Figures: columns of numbers of a matrix that count anything but items of equipment.

Input: headers.  Output: whether one is a figure about its rows (an age, a budget, a headcount), and
which of some columns count pupils or rooms among columns of types.

Reads no cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reen.tables.cells.units_in_text import read_unit
from reen.tables.headers.header_words import key_of
from reen.tables.headers.quantity_words import counts_something_else, is_share, names_quantity
from reen.tables.layouts.counts import without_number
from reen.tables.layouts.matrix_counts import names_a_type
from reen.tables.layouts.matrix_header import Column
from reen.tables.layouts.words import Words

__all__ = ["counts_others", "is_figure", "is_of_ages", "of_others"]

#: Words of headers that are figures about the rows, and no counts.
_FIGURES = frozenset(
    map(
        key_of,
        (
            *("âge", "durée", "lifetime", "conso", "poids", "weight", "garantie", "warranty"),
            *("étage", "floor", "baie", "ram", "numéro", "code", "n", "port", "prise", "mois"),
            *("month", "prix", "price", "coût", "cost", "cœur", "core", "lot", "ligne"),
            *("puissance", "power", "budget", "montant", "dépense", "surface", "superficie"),
            *("population", "habitant", "etp", "taux", "ratio", "pourcentage", "distance", "débit"),
            *("note", "score", "priorité", "rang", "classement"),
            *("euro", "eur", "amount", "spending"),
            *("besoin", "objectif", "target", "prévision", "écart", "évolution", "variation"),
            *("remplacer", "renouveler", "commander", "acheter", "acquérir"),
            *("rate", "percentage", "share", "area", "median", "moyenne", "moyen", "average"),
        ),
    )
)

#: A floor, and no number of floors.
_A_FLOOR = re.compile(r"\d+ ?(?:er|eme|e|nd|nde|st|rd|th)\b (?:etage|floor)|rez de chaussee")

#: Headers of the items of some ages: "0-3 ans", "+ de 5 ans", "moins de 2 ans".
_OF_AGES = re.compile(
    r"(?:(?:plus|moins|over|under|more|less)\b.*|\W*(?:de )?\d+.*|>.*|<.*)\b(?:ans?|years?)\b.*",
    re.IGNORECASE,
)


def is_of_ages(text: str) -> bool:
    """Tell whether a header names the items of some ages, as the columns of a table of counts do.

    Examples
    --------
    >>> [is_of_ages(text) for text in ("0-3 ans", "+ de 5 ans", "Plus de 5 ans", "Âge (ans)")]
    [True, True, True, False]
    """
    return _OF_AGES.fullmatch(text.strip()) is not None


def is_figure(text: str, *, wide: bool = False) -> bool:
    """Tell whether a header is that of a figure about the rows: an age, a budget, a headcount.

    In a wide sense it is anything that is no equipment.
    """
    if is_of_ages(text) or _A_FLOOR.fullmatch(key_of(text)):
        return False
    words = set(key_of(text).split())
    if is_share(text) or ("effectif" in words and not names_quantity(text)) or words & _FIGURES:
        return True
    last = text.rpartition(" ")[2].strip("()[]")
    # a letter may be the name of a building as well as a unit
    unit = (len(last) > 1 or not last.isalnum()) and bool(read_unit(last))
    return unit or (wide and counts_something_else(text))


def of_others(counts: Sequence[Column], words: Words) -> list[Column]:
    """Return columns of numbers of anything but items, such as pupils, among those of types.

    Where the rows are types, "Élèves" is who uses them.
    """
    of_types = [each for each in counts if _counts_a_type(without_number(each.text), words)]
    if 2 * len(of_types) < len(counts):
        return []
    return [
        each
        for each in counts
        if each not in of_types and len(each.levels) == 1 and counts_something_else(each.text)
    ]


def _counts_a_type(text: str, words: Words) -> bool:
    """Tell whether a header names a type, if only before who uses it: "Ordinateurs élèves"."""
    parts = text.split()
    return any(names_a_type(" ".join(parts[:size]), words) for size in range(len(parts), 0, -1))


def counts_others(text: str) -> bool:
    """Tell whether a header is a number of anything but items: rooms, pupils."""
    return without_number(text) != text and counts_something_else(text)
