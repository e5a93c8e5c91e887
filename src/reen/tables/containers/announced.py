"""Announced totals: how many records the document around a list says that there are in all.

Input: the root of a document and the lists found in it.  Output: the number for each list, None
where nothing announces one.  A page of a longer list is known by it; it must not guess from the
number of records alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from reen.tables.containers.record_lists import RecordList
from reen.tables.containers.record_words import LOOKED_AT, is_envelope, meanings, plain

__all__ = ["announced_totals"]

#: Keys, beside a list or in the envelope beside it, that may say how many records there are.  That
#: of one page is never more than its records, so the largest is taken.
_TOTALS = frozenset(
    {
        *("total", "totalcount", "totalrecords", "totalresults", "totalelements", "totalitems"),
        *("totalrows", "totalentries", "recordstotal", "totalhits", "count", "odatacount"),
        *("nombretotal", "nbtotal"),
    }
)


def announced_totals(root: Any, lists: Sequence[RecordList]) -> list[int | None]:  # noqa: ANN401 - a value of a document
    """Return, for each list, how many records the objects around it announce.

    Several lists under one total share it: none of them says how many it has itself.  A total of a
    list with quantities may be one of items, and says nothing of records.
    """
    under = Counter(one.path[:length] for one in lists for length in range(len(one.path)))
    totals: dict[tuple[str, ...], int | None] = {}
    outermost = root[0] if isinstance(root, list) and len(root) == 1 else root
    for one in lists:
        around = outermost
        for length, key in enumerate(one.path):
            path = one.path[:length]
            if path not in totals:
                totals[path] = _total(around) if under[path] == 1 else None
            around = around[key]
    return [None if _counts_items(one) else _announced(one, totals) for one in lists]


def _announced(one: RecordList, totals: Mapping[tuple[str, ...], int | None]) -> int | None:
    found = (totals[one.path[:length]] for length in range(len(one.path)))
    return max((number for number in found if number is not None), default=None)


def _total(envelope: Mapping[str, Any]) -> int | None:
    """Return the largest total that an object, or what describes it, says."""
    beside = [
        child for key, child in envelope.items() if isinstance(child, dict) and is_envelope(key)
    ]
    numbers = [
        int(value)
        for each in (envelope, *beside)
        for key, value in each.items()
        if isinstance(value, str) and value.isdecimal() and plain(key) in _TOTALS
    ]
    return max(numbers, default=None)


def _counts_items(one: RecordList) -> bool:
    return any("quantity" in meanings(record) for record in one.records[:LOOKED_AT])
