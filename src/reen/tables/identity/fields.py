"""Fields: which record gives which cell, when several records are one asset.

================================================  ==============================================
Columns                                           Record that gives the cell
================================================  ==============================================
status, site, country, user, last contact, id,    the one of the latest contact; without dates
name, source and all columns not named below      one that is in use; then the first by source
                                                  and line
purchase date, price, inventory number, entity,   one that states a purchase (the asset manager),
acquisition, warranty, reconditioned, ownership,  the earliest; then as above.  A date that
lifetimes                                         stands for another states none
quantity                                          the largest
================================================  ==============================================

A blank cell is filled from the next record that has one, and an unknown type or status is blank.
Another order may be asked for, column by column, as a list of sources.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.tables.identity.evidence import CONFIGURATION, WHAT_IT_IS
from reen.tables.identity.records import FOLLOWS, Codes, Groups, Records

__all__ = ["OWNED", "combine", "conflicting"]

#: Columns that the asset manager knows best.
OWNED = (
    *("purchase_date", "price", "asset_tag", "entity", "acquisition", "warranty_end_date"),
    *("commissioning_date", "reconditioned", "ownership", "lifetime", "upstream_lifetime"),
    *("downstream_lifetime", "order_number"),
)

#: Cells that stay together: where the survivor stands.
_OF_THE_SURVIVOR = frozenset({"source", "source_row"})
#: Columns of which it is told that records of one asset differ.
_TOLD = (*WHAT_IT_IS, *CONFIGURATION, "quantity")

_STATES = ("in use", "loaned", "in repair", "in stock")


def _ranks(records: Records, groups: Groups) -> Codes:
    """Return a rank for every member: the record that is counted comes first."""
    members = groups.members
    days = records.numbers("last_seen")[members]
    lines = records.numbers("source_row")[members]
    words = records.words("status")
    used = np.array([*(_STATES.index(w) if w in _STATES else 9 for w in words), 8], np.int64)
    order = np.lexsort(
        (
            members,
            np.nan_to_num(lines, nan=np.inf),
            _alphabetical(records, "source")[members],
            used[records.codes("status")[members]],
            -np.nan_to_num(days, nan=-np.inf),
        )
    )
    return _inverse(order)


def _alphabetical(records: Records, name: str) -> Codes:
    """Return codes that sort as the words do; blank is last."""
    words = records.words(name)
    places = np.empty(len(words) + 1, np.int64)
    places[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    places[-1] = len(words)
    return places[records.codes(name)]


def _inverse(order: npt.NDArray[np.intp]) -> Codes:
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _owner_ranks(records: Records, groups: Groups, seen: Codes) -> Codes:
    """Return a rank for every member: records of a purchase come first, the earliest before all."""
    members = groups.members
    bought = records.numbers("purchase_date")[members]
    states = (records.stated("purchase_date") >= 0) | (records.codes("price") >= 0)
    order = np.lexsort((seen, np.nan_to_num(bought, nan=np.inf), ~states[members]))
    return _inverse(order)


def _firsts(groups: Groups, ranks: Codes, blank: npt.NDArray[np.bool_]) -> Codes:
    """Return the row of each group that is filled, and of the lowest rank."""
    order = np.lexsort((ranks, blank, groups.group))
    starts = np.flatnonzero(np.diff(groups.group[order], prepend=-1))
    return groups.members[order[starts]]


def combine(records: Records, groups: Groups) -> Codes:
    """Merge each group into one record, which takes each cell where the rule says; return them."""
    seen = _ranks(records, groups)
    owned = _owner_ranks(records, groups, seen)
    never = np.zeros(len(groups.members), np.bool_)
    kept = _firsts(groups, seen, never)
    chosen: dict[str, Codes] = {}
    for name in records.table.column_names:
        if name in _OF_THE_SURVIVOR or name in FOLLOWS:
            continue
        ranks = owned if name in OWNED else seen
        if name == "quantity":
            amounts = np.nan_to_num(records.numbers(name)[groups.members], nan=-1.0)
            ranks = _inverse(np.lexsort((seen, -amounts)))
        chosen[name] = _firsts(groups, ranks, _blank(records, name)[groups.members])
    for name, rows in chosen.items():
        records.set_pick(name, kept, rows)
    records.alive[groups.members] = False
    records.alive[kept] = True
    return kept


def _blank(records: Records, name: str) -> npt.NDArray[np.bool_]:
    """Return where a cell says nothing: a word for the status that is not understood does."""
    cells = records.table[name]
    if pa.types.is_nested(cells.type):
        there = numpy_of(cells.combine_chunks().is_valid())
        return ~np.asarray(there, np.bool_)[records.pick(name)]
    blank = records.codes(name) < 0
    if name == "status":
        blank = blank & (records.codes("status_raw") < 0)
    return np.asarray(blank, np.bool_)


def conflicting(records: Records, groups: Groups) -> dict[str, npt.NDArray[np.bool_]]:
    """Return, for each column of what an asset is, the groups whose records differ in it."""
    found = {}
    for name in sorted({*records.table.column_names} & {*_TOLD}):
        differ = groups.distinct(records.stated(name)) > 1
        if differ.any():
            found[name] = differ
    return found
