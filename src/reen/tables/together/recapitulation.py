"""Recapitulations: tables beside the fleet whose rows are no items of their own.

Input: several tables.  Output: the same tables, summaries without their rows: a table that is
called so ("Synthèse"), a pivot table, or counts of the types of a list beside it or on a sheet that
is called nothing.  A summary is never added to the lists that it sums up: its sum is a control, and
one that differs is a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.importing import Imported
from reen.tables.layouts.words import PIVOT, RECAPS
from reen.tables.together.choices import is_called
from reen.tables.together.yearly_tables import items_of, put_aside

__all__ = ["settle_recapitulations"]

Resolve = Callable[[str], str | None]

#: Columns of what is one asset or one model, which no summary has; and what tells assets apart.
_OF_ASSETS = ("asset_tag", "id", "model", "model_number", "name", "serial_number")
_OF_RECORDS = (*_OF_ASSETS, "manufacturer", "price", "purchase_date", "commissioning_date")
_KEYS = frozenset({"asset_tag", "serial_number"})
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

#: What the rows of a summary are.
_ROWS = Reason("row_recapitulation")


def settle_recapitulations(parts: Sequence[Imported], resolve: Resolve) -> list[Imported]:
    """Return tables without the rows of those that sum up others.

    A summary stands in the file of the lists that it sums up, and is called so or is a pivot table;
    its items are compared with theirs, before and after each asset is counted once.  In another
    file it is a summary when its items are those of all lists, type by type.  A pivot table beside
    nothing but records of another kind may count these: it is set aside in doubt.

    Parameters
    ----------
    parts
        Tables of any kind.
    resolve
        Resolves a word to an equipment type, or to None.
    """
    fleet = [part for part in parts if part.kind == "equipment" and part.table.num_rows]
    recaps = [part for part in fleet if _is_summary(part)]
    others = [part for part in fleet if part not in recaps]
    aside = {}
    for part in others:
        lists = _summed_lists(part, others, resolve)
        if lists:
            aside[id(part)] = put_aside(part, _ROWS, *_compared(part, lists))
    others = [part for part in others if id(part) not in aside]
    for part in recaps:
        near = [each for each in others if _file_of(each) == _file_of(part)]
        why, severity = _compared(part, near) if near else (None, Severity.NOTE)
        if not near and _same_items([part], others, resolve):
            why = Reason("table_adds_up_others", total=items_of(part)[0])
        if why is None and _is_pivot(part) and _beside_records(part, parts):
            why, severity = Reason("pivot_of_records", total=items_of(part)[0]), Severity.DOUBT
        if why is not None:
            aside[id(part)] = put_aside(part, _ROWS, why, severity)
    return [aside.get(id(part), part) for part in parts]


def _is_summary(part: Imported) -> bool:
    """Tell whether a table is called a summary, or is a pivot table, and describes no asset."""
    called = _is_pivot(part) or is_called(part, RECAPS)
    return called and not any(
        part.table[name].null_count < part.table.num_rows
        for name in {*_OF_ASSETS} & {*part.table.column_names}
    )


def _is_pivot(part: Imported) -> bool:
    return part.report.details.get("layout") == PIVOT


def _beside_records(part: Imported, parts: Sequence[Imported]) -> bool:
    """Tell whether the file of a table has purchases or other records, which a pivot may count."""
    return any(
        each.kind != part.kind and each.table.num_rows and _file_of(each) == _file_of(part)
        for each in parts
    )


def _file_of(part: Imported) -> str:
    return part.report.source.partition("[")[0]


def _compared(part: Imported, others: Sequence[Imported]) -> tuple[Reason, Severity]:
    """Return what the sum of a summary says of the lists beside it."""
    own = items_of(part)[0]
    written = sum(items_of(each)[0] for each in others)
    once = sum(items_of(_each_once(each))[0] for each in others)
    if own in (written, once):
        return Reason("table_adds_up_others", total=own), Severity.NOTE
    # a summary of a part of the lists shows no item that they lack
    severity = Severity.NOTE if own < once else Severity.DOUBT
    return Reason("table_sums_differ", total=own, others=once), severity


def _each_once(part: Imported) -> Imported:
    """Return a list without the rows that repeat a serial number or an asset tag."""
    stays = np.ones(part.table.num_rows, np.bool_)
    for name in _KEYS & set(part.table.column_names):
        words = numpy_of(part.table[name].cast(pa.string()))
        filled = np.flatnonzero(part.table[name].is_valid())
        _, first = np.unique(words[filled].astype(str), return_index=True)
        again = np.ones(len(filled), np.bool_)
        again[first] = False
        stays[filled[again]] = False
    return attrs.evolve(part, table=part.table.filter(pa.array(stays)))


def _same_items(parts: Sequence[Imported], others: Sequence[Imported], resolve: Resolve) -> bool:
    """Tell whether some tables have the items of others, type by type."""
    sums: list[dict[str, float]] = [{}, {}]
    for found, group in zip(sums, (parts, others), strict=True):
        for part in group:
            for kind, number in _type_sums(part.table, resolve).items():
                found[kind] = found.get(kind, 0.0) + number
    return bool(sums[0]) and sums[0] == sums[1]


def _summed_lists(part: Imported, others: Sequence[Imported], resolve: Resolve) -> list[Imported]:
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
        cut = [_of_types(each, set(_type_sums(part.table, resolve)), resolve) for each in lists]
        if cut and _sums_up(part, cut, resolve):
            return cut
    return []


def _type_sums(table: pa.Table, resolve: Resolve) -> Mapping[str, float]:
    """Return the items of each type of a table, of rows whose type and number are known."""
    if "equipment_type" not in table.column_names:
        return {}
    numbers = (
        numpy_of(table["quantity"]) if "quantity" in table.column_names else [1.0] * table.num_rows
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
    types = {kind for each in lists for kind in _type_sums(each.table, resolve)}
    own = set(_type_sums(part.table, resolve))
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
