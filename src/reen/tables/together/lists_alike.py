"""Lists alike: a list without identifiers beside one that names each asset, of the same devices.

Input: the rows of several tables, and the items of each by type.  Output: a doubt for each list
whose items, by type, model and place, are those of another, and whose assets nothing names: a list
kept by hand beside the export of a tool.

Must not merge rows: nothing proves that two devices are one.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Collection, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of

__all__ = ["tell_lists_alike"]

#: Items from which two lists do not agree by chance.
_ITEMS = 5
_IDENTIFIERS = ("asset_tag", "serial_number", "id")
_WORDS = ("model", "site", "entity")
_COLUMNS = ("equipment_type", *_WORDS, *_IDENTIFIERS)

_Key = tuple[str, str, str]


def tell_lists_alike(
    table: pa.Table, items: Mapping[str, Mapping[str, float]], told: Collection[str]
) -> Iterator[Issue]:
    """Yield a doubt for each list without identifiers that has the items of another list.

    Parameters
    ----------
    table
        Rows of all lists.
    items
        Items of each type, by list.
    told
        Lists that are in doubt already.
    """
    same: dict[frozenset[tuple[str, float]], list[str]] = {}
    for source, own in items.items():
        if source not in told and sum(own.values()) >= _ITEMS:
            same.setdefault(frozenset(own.items()), []).append(source)
    done = set[str]()
    for group in same.values():
        if len(group) == 1:
            continue
        makers = _makers(table)
        lists = {source: _List.of(table, source, makers) for source in group}
        for one, other in itertools.permutations(lists, 2):
            if one not in done and lists[one].may_be(lists[other]):
                done.update((one, other))
                yield _doubt(one, other, sum(items[one].values()))


def _doubt(source: str, other: str, total: float) -> Issue:
    return Issue(
        "",
        source,
        Reason("lists_may_be_the_same", total=total, other=other),
        expected=Reason("expect_one_of_two_lists"),
        severity=Severity.DOUBT,
        source=source,
    )


class _List:
    """The items of a list by type, model and place, and whether its assets have identifiers."""

    def __init__(self, keys: Mapping[_Key, float], *, named: bool) -> None:
        self.keys, self.named = keys, named

    @classmethod
    def of(cls, table: pa.Table, source: str, makers: Collection[str]) -> _List:
        """Return the items of one list; the makers are left out of its models."""
        rows = table.filter(pc.equal(table["source"].cast(pa.string()), source))
        names = [name for name in _COLUMNS if name in rows.column_names]
        named = any(rows[name].null_count < len(rows) for name in names if name in _IDENTIFIERS)
        keys = collections.Counter[_Key]()
        numbers = (
            rows["quantity"].to_pylist() if "quantity" in rows.column_names else [1.0] * len(rows)
        )
        for row, number in zip(rows.select(names).to_pylist(), numbers, strict=True):
            if number is not None and number > 0.0:
                keys[_key(row, makers)] += number
        return cls(keys, named=named)

    def may_be(self, other: _List) -> bool:
        """Tell whether the list may be of the devices that another one names."""
        described = all(model or place for _, model, place in self.keys)
        return not self.named and described and self.keys == other.keys


def _makers(table: pa.Table) -> frozenset[str]:
    if "manufacturer" not in table.column_names:
        return frozenset()
    return frozenset(map(key_of, pc.drop_null(pc.unique(table["manufacturer"])).to_pylist()))


def _key(row: Mapping[str, object], makers: Collection[str]) -> _Key:
    """Return the type, model and place of a row, as they are compared."""
    model, site, entity = (key_of(str(row.get(name) or "")) for name in _WORDS)
    # a list may have the maker in the model alone
    first, _, rest = model.partition(" ")
    kind = str(row.get("equipment_type"))
    return kind, rest if rest and first in makers else model, site or entity
