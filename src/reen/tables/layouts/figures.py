"""Figures: columns of numbers of a matrix that count anything but items of equipment.

Input: headers.  Output: whether one is a figure about its rows (an age, a budget, a headcount), and
which of some columns count pupils or rooms among columns of types.

Reads no cell.
"""

from __future__ import annotations

from collections.abc import Sequence

from reen.tables.cells.units_in_text import read_unit
from reen.tables.headers.header_words import key_of
from reen.tables.headers.quantity_words import counts_something_else, names_quantity
from reen.tables.layouts.counts import without_number
from reen.tables.layouts.matrix_counts import names_a_type
from reen.tables.layouts.matrix_header import Column
from reen.tables.layouts.words import Words

__all__ = ["counts_others", "is_figure", "of_others"]

#: Words of headers that are figures about the rows, and no counts.
_FIGURES = frozenset(
    {
        *(
            "age",
            "duree",
            "lifetime",
            "conso",
            "poids",
            "weight",
        ),
        *(
            "garantie",
            "warranty",
            "etage",
            "floor",
            "baie",
            "ram",
        ),
        *(
            "numero",
            "code",
            "n",
            "port",
            "prise",
            "mois",
        ),
        *(
            "month",
            "prix",
            "price",
            "cout",
            "cost",
            "coeur",
        ),
        *(
            "core",
            "lot",
            "ligne",
            "puissance",
            "power",
        ),
        *("budget", "montant", "depense", "surface", "superficie", "population", "habitant", "etp"),
    }
)


def is_figure(text: str, *, wide: bool = False) -> bool:
    """Tell whether a header is that of a figure about the rows: an age, a budget, a headcount.

    In a wide sense it is anything that is no equipment.
    """
    words = set(key_of(text).split())
    if ("effectif" in words and not names_quantity(text)) or words & _FIGURES:
        return True
    last = text.rpartition(" ")[2]
    # a letter may be the name of a building as well as a unit
    unit = len(last) > 1 and bool(read_unit(last))
    return unit or (wide and counts_something_else(text))


def of_others(counts: Sequence[Column], words: Words) -> list[Column]:
    """Return columns of numbers of anything but items, such as pupils, among those of types.

    Where the rows are types, "Élèves" is who uses them.
    """
    of_types = [each for each in counts if names_a_type(without_number(each.text), words)]
    if 2 * len(of_types) < len(counts):
        return []
    return [
        each
        for each in counts
        if each not in of_types and len(each.levels) == 1 and counts_something_else(each.text)
    ]


def counts_others(text: str) -> bool:
    """Tell whether a header is a number of anything but items: rooms, pupils."""
    return without_number(text) != text and counts_something_else(text)
