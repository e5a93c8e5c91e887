"""Unnamed summaries: the counts of the types of a list, beside it or on a sheet of no name.

Input: tables of one workbook.  Output: for a table of counts, the lists that it sums up: those of
its sheet, else of its file, that name each asset or model and have all of its types.  A count that
differs from the list is a question, and never more items.

Must not set a row aside: `recapitulation` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.tables.headers.header_words import key_of
from reen.tables.importing import Imported

__all__ = ["summed_lists", "type_sums"]

Resolve = Callable[[str], str | None]

#: Columns of which a count of types has none, and of which a list of assets or models has one.
_OF_ASSETS = ("asset_tag", "id", "model", "model_number", "name", "serial_number")
_OF_RECORDS = (*_OF_ASSETS, "manufacturer", "price", "purchase_date", "commissioning_date")
#: Columns by which types may be counted apart, if the list has them.
_PLACES = ("site", "entity")

#: Names of sheets that say nothing of what stands on them, and words of those that count.
_NO_NAME = re.compile(r"(?i)(feuil(le)?|sheet|tabelle|hoja|blad)? ?\d*")
_COUNTING = frozenset(
    map(
        key_of,
        (
            *("type", "nombre", "répartition", "statistique", "stat", "comptage", "compte"),
            *("tableau", "graphique", "graph", "chiffre", "contrôle", "catégorie", "quantité"),
            *("count", "chart", "dashboard", "breakdown", "statistics", "category", "check"),
        ),
    )
)
_PLACE = re.compile(r"(?P<file>[^\[]*)(?:\[(?P<sheet>[^\]]*)\])?(?P<block>\[\d+\])?")


def summed_lists(part: Imported, others: Sequence[Imported], resolve: Resolve) -> list[Imported]:
    """Return the lists whose types a table counts again, cut to these types; none if it does not.

    Parameters
    ----------
    part
        A table of equipment.
    others
        Those of the same reading.
    resolve
        Resolves a word to an equipment type, or to None.
    """
    place = _PLACE.fullmatch(part.report.source)
    if place is None or not _counts_types(part) or not _is_called_nothing(place):
        return []
    near = [each for each in others if each is not part and _names_records(each)]
    on_sheet = [each for each in near if _same(place, each, "file", "sheet")]
    in_file = [each for each in near if _same(place, each, "file")]
    for lists in (on_sheet if place["block"] else [], in_file):
        cut = [_of_types(each, set(type_sums(part.table, resolve)), resolve) for each in lists]
        if cut and _sums_up(part, cut, resolve):
            return cut
    return []


def type_sums(table: pa.Table, resolve: Resolve) -> Mapping[str, float]:
    """Return the items of each type of a table, of rows whose type and number are known."""
    if "equipment_type" not in table.column_names:
        return {}
    numbers = (
        table["quantity"].to_numpy() if "quantity" in table.column_names else [1.0] * table.num_rows
    )
    sums: dict[str, float] = {}
    for kind, number in zip(_types(table, resolve), numbers, strict=True):
        if kind and kind != "unknown" and number > 0.0:
            sums[kind] = sums.get(kind, 0.0) + number
    return sums


def _types(table: pa.Table, resolve: Resolve) -> list[str]:
    words = pc.dictionary_encode(table["equipment_type"].cast(pa.string())).combine_chunks()
    known = [resolve(word) or key_of(word) for word in words.dictionary.to_pylist()]
    return ["" if code is None else known[code] for code in words.indices.to_pylist()]


def _is_called_nothing(place: re.Match[str]) -> bool:
    """Tell whether a table stands beside another one, or on a sheet whose name is no place's."""
    sheet = place["sheet"]
    if place["block"] or sheet is None:
        return bool(place["block"])
    return _NO_NAME.fullmatch(sheet) is not None or bool(_COUNTING & set(key_of(sheet).split()))


def _same(place: re.Match[str], other: Imported, *parts: str) -> bool:
    found = _PLACE.fullmatch(other.report.source)
    return found is not None and all(found[each] == place[each] for each in parts)


def _filled(table: pa.Table, names: Sequence[str]) -> bool:
    there = set(table.column_names)
    return any(table[name].null_count < table.num_rows for name in names if name in there)


def _counts_types(part: Imported) -> bool:
    """Tell whether a table has a number for each type, or type and place, and says nothing else."""
    table = part.table
    if "quantity" not in table.column_names or _filled(table, _OF_RECORDS):
        return False
    names = [name for name in ("equipment_type", *_PLACES, "status") if name in table.column_names]
    lines = list(zip(*(table[name].to_pylist() for name in names), strict=True))
    return "equipment_type" in names and len(set(lines)) == len(lines)


def _names_records(part: Imported) -> bool:
    """Tell whether a table lists assets or models, and is no table of counts."""
    return _filled(part.table, _OF_ASSETS) or "quantity" not in part.table.column_names


def _sums_up(part: Imported, lists: Sequence[Imported], resolve: Resolve) -> bool:
    """Tell whether all types of a table, and all places that it names, are those of lists."""
    types = {kind for each in lists for kind in type_sums(each.table, resolve)}
    own = set(type_sums(part.table, resolve))
    return (
        bool(own)
        and own <= types
        and all(
            _words(part.table, name)
            <= {word for each in lists for word in _words(each.table, name)}
            for name in _PLACES
        )
    )


def _words(table: pa.Table, name: str) -> set[str]:
    if name not in table.column_names:
        return set()
    words = pc.drop_null(pc.unique(table[name].cast(pa.string()))).to_pylist()
    return {key_of(word) for word in words if word.strip()}


def _of_types(part: Imported, types: set[str], resolve: Resolve) -> Imported:
    """Return a list without the rows of other types."""
    stays = np.array([kind in types for kind in _types(part.table, resolve)], np.bool_)
    return attrs.evolve(part, table=part.table.filter(pa.array(stays)))
