"""Doubts about lists together: what may count twice in the rows of all files, or be missing.

Input: the rows of all lists, and the tables that they came in.  Output: a doubt for each table
whose items, type by type, are those of all other tables together; for each list without identifiers
that has the items of one that names each asset, such as a list kept by hand beside the export of a
tool; and for each page of a list whose other pages are not there.

Must not merge rows, nor set one aside: two schools may be equipped alike.
"""

from __future__ import annotations

import collections
import itertools
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.cells.unread_numbers import BESIDE
from reen.tables.headers.header_words import key_of
from reen.tables.importing import Imported

__all__ = ["settle_beside", "tell_doubts"]

#: Types that agree without any doubt, and items that two types or one must have to agree.
_TYPES, _ITEMS_OF_TWO, _ITEMS_OF_ONE = 3, 10, 50

#: Items from which two lists do not agree by chance.
_ITEMS = 5
_IDENTIFIERS = ("asset_tag", "serial_number", "id")
_WORDS = ("model", "site", "entity")
_COLUMNS = ("equipment_type", *_WORDS, *_IDENTIFIERS)

#: Columns whose headers tell two lists apart: monitors have another header for their model.
_TELLING = ("id", "name", "model", "equipment_type", "serial_number")

_Key = tuple[str, str, str]


def settle_beside(
    parts: Sequence[Imported], resolve: Callable[[str], str | None]
) -> list[Imported]:
    """Return tables of which no column of screens is doubted where others list the screens.

    Parameters
    ----------
    parts
        Tables of any kind.
    resolve
        Resolves a word to an equipment type, or to None.
    """
    return [
        attrs.evolve(
            part,
            issues=tuple(
                attrs.evolve(issue, severity=Severity.NOTE)
                if issue.reason.code == BESIDE and _lists(issue.value, part, parts, resolve)
                else issue
                for issue in part.issues
            ),
        )
        if any(issue.reason.code == BESIDE for issue in part.issues)
        else part
        for part in parts
    ]


def _lists(
    header: str, part: Imported, parts: Sequence[Imported], resolve: Callable[[str], str | None]
) -> bool:
    """Tell whether another table has rows of the type that a header names."""
    words = re.sub(r"[\d°]", " ", header).split()
    parted = itertools.combinations(range(len(words) + 1), 2)
    named = {resolve(" ".join(words[first:end])) for first, end in parted} - {None}
    others = (each.table for each in parts if each is not part and each.kind == part.kind)
    return any(
        resolve(word or "") in named
        for table in others
        if "equipment_type" in table.column_names
        for word in table["equipment_type"].cast(pa.string()).unique().to_pylist()
    )


def tell_doubts(table: pa.Table, parts: Sequence[Imported]) -> list[Issue]:
    """Return what is in doubt once the rows of all files are together.

    Parameters
    ----------
    table
        Rows of all lists of equipment, each asset once.
    parts
        The tables that were read, of any kind.
    """
    return [*_sums_of_others(table), *_pages(parts)]


def _sums_of_others(table: pa.Table) -> list[Issue]:
    """Return a doubt for each table that adds up the others, and each that may list their devices.

    Small tables may agree by chance: three types have to, or two in ten items, or one in fifty that
    are spread over several others.
    """
    items = _items(table)
    if len(items) < 2:  # noqa: PLR2004 - nothing to add up
        return []
    everything: dict[str, float] = {}
    for own in items.values():
        for kind, number in own.items():
            everything[kind] = everything.get(kind, 0.0) + number
    told = []
    for source, own in items.items():
        others = {kind: number - own.get(kind, 0.0) for kind, number in everything.items()}
        same = own == {kind: number for kind, number in others.items() if number}
        if same and _is_no_chance(own, others=len(items) - 1):
            told.append(
                Issue(
                    "",
                    source,
                    Reason("table_repeats_others", total=sum(own.values())),
                    expected=Reason("expect_no_recapitulation"),
                    severity=Severity.DOUBT,
                    source=source,
                )
            )
    told += _lists_alike(table, items, {issue.source for issue in told})
    return told


def _is_no_chance(own: Mapping[str, float], *, others: int) -> bool:
    total = sum(own.values())
    return (
        len(own) >= _TYPES
        or (len(own) == _TYPES - 1 and total >= _ITEMS_OF_TWO)
        or (len(own) == 1 and others > 1 and total >= _ITEMS_OF_ONE)
    )


def _items(table: pa.Table) -> Mapping[str, Mapping[str, float]]:
    """Return the items of each type in each table, of rows whose type and number are known."""
    if not {"source", "equipment_type"} <= set(table.column_names):
        return {}
    if len(pc.unique(table["source"])) < 2:  # noqa: PLR2004 - most lists stand alone
        return {}
    number = (
        table["quantity"]
        if "quantity" in table.column_names
        else pa.chunked_array([pa.array([1.0] * table.num_rows)])
    )
    rows = pa.table(
        {
            "source": table["source"].cast(pa.string()),
            "type": table["equipment_type"].cast(pa.string()),
            "number": number,
        }
    )
    known = pc.and_(pc.not_equal(rows["type"], "unknown"), pc.greater(rows["number"], 0.0))
    sums = rows.filter(known).group_by(["source", "type"]).aggregate([("number", "sum")])
    found: dict[str, dict[str, float]] = {}
    for row in sums.to_pylist():
        found.setdefault(row["source"] or "", {})[row["type"]] = row["number_sum"]
    return found


def _lists_alike(
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


def _pages(parts: Sequence[Imported]) -> list[Issue]:
    """Return a doubt for each part that is a page of a list which is not whole."""
    rows: collections.Counter[tuple[object, ...]] = collections.Counter()
    for part in parts:
        rows[_list_of(part)] += part.rows_read
    return [
        Issue(
            "",
            part.report.source,
            Reason("list_is_a_page", rows=rows[_list_of(part)], total=part.announced),
            expected=Reason("expect_all_pages"),
            severity=Severity.DOUBT,
            source=part.report.source,
        )
        for part in parts
        if part.announced is not None and rows[_list_of(part)] < part.announced
    ]


def _list_of(part: Imported) -> tuple[object, ...]:
    """Return what pages of one list have in common."""
    mapped = part.report.mapped
    return (part.announced, part.kind, *(mapped.get(column) for column in _TELLING))
