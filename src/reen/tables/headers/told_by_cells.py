"""Told by cells: headers that name a column only where their cells do: "École", "Terminal".

Input: a table, and what is known of its headers.  Output: the columns of those headers.  "Terminal"
heads types or models, numbers of telephones, or counts; only its cells tell.  Where they do not, or
another header is the column, it stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from reen.tables.headers.header_words import PERSONAL, key_of
from reen.tables.headers.understanding import DEVICES, recognised
from reen.tables.headers.wording import Wording
from reen.tables.importing import ReadOptions
from reen.tables.table import Table

__all__ = ["told_by_cells"]

#: Headers of places that may as well be a column of counts.
_PLACES = frozenset(
    map(
        key_of,
        ("école", "nom de l'école", "nom école", "school", "school name", "collège", "lycée"),
    )
)

#: What words alone make of such a header: nothing, or the number of a telephone.
_OPEN = frozenset({PERSONAL, "phone_number"})

#: Digits from which a cell may be the number of a telephone.
_DIGITS = 8

#: Letters that a tick may have: "x", "oui".
_TICK = 3

#: Share of the distinct cells that must name types or models.
_HALF = 0.5


def told_by_cells(table: Table, options: ReadOptions, wording: Wording) -> ReadOptions:
    """Return what the user says of a table of equipment, with the headers that its cells tell."""
    keys = [key_of(cell) for cell in table.header]
    if DEVICES.isdisjoint(keys) and _PLACES.isdisjoint(keys):
        return options
    known = {
        each.position: each.column for each in recognised(table.header, options.columns, wording)
    }
    taken = set(known.values())
    found: dict[str, str] = {}
    for position, key in enumerate(keys):
        if known.get(position, PERSONAL) not in _OPEN or keys.count(key) > 1:
            continue
        column = ""
        if key in DEVICES:
            column = _of_devices(_distinct(table, position), options)
        elif key in _PLACES and "site" not in taken:
            texts = _distinct(table, position)
            # a name has letters, and more of them than a tick
            named = all(sum(map(str.isalpha, text)) > _TICK for text in texts)
            column = "site" if texts and named else ""
        if column and column not in taken:
            found[table.header[position]] = column
            taken.add(column)
    return attrs.evolve(options, columns={**found, **options.columns}) if found else options


def _distinct(table: Table, position: int) -> list[str]:
    words = table.rows([position]).sheet.words(position)
    return [text for text in words.dictionary.to_pylist() if text]


def _of_devices(texts: Sequence[str], options: ReadOptions) -> str:
    """Return the column that cells are of: types, models, or neither."""
    if any(sum(map(str.isdigit, text)) >= _DIGITS for text in texts):
        return ""
    from reen.tables.evidence.models import types_of_model  # few lists have such a header

    resolve = options.equipment_types.resolve
    types = sum(resolve(text) is not None for text in texts)
    models = sum(bool(types_of_model("", text).types) for text in texts if resolve(text) is None)
    if not texts or types + models < _HALF * len(texts):
        return ""
    return "equipment_type" if types > models else "model"
