"""Lists of records: which part of a document is a list of records, and what is a record alone.

The records are found from the outside in, so that the 469 applications of one phone stay inside
that phone.  XML, and some programs, write a list of one as the record alone: an object beside a
list, or alone in its envelope, is a record when its keys say that it is equipment, or are those of
the records of a list.  What only describes the document (paging, links, totals) is none; how many
records it says that there are in all is kept beside its list: a page of a longer list is known by
that, never by the number of records alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from reen.tables.containers.record_words import (
    COUNTED,
    LOOKED_AT,
    Record,
    is_alike,
    is_envelope,
    is_keyed,
    meanings,
    plain,
    scalars,
    tells_record,
    words_of,
)

__all__ = ["RecordList", "announced_totals", "find_lists"]

#: Name of the column of the keys of an object of records.
KEY = "(key)"

#: Kinds of record that an object alone is compared with.
_KINDS = 100


@attrs.frozen(eq=False, repr=False)
class RecordList:
    """A list of objects found in a document.

    Attributes
    ----------
    path
        Keys that lead to it.
    records
        The objects.
    numbers
        Number of each, where others lie among them.
    parents
        Number of the record that each lies in.
    loose
        Number and text of the values among them that are no object, None for a blank one.
    """

    path: tuple[str, ...]
    records: Sequence[Record]
    numbers: Sequence[int] | None = None
    parents: Sequence[int] | None = None
    loose: tuple[tuple[int, str | None], ...] = ()

    def rank(self) -> tuple[int, int, int]:
        """Return what makes it the list of devices rather than another: larger is likelier."""
        words = [words_of(record) for record in self.records[:LOOKED_AT]]
        identifiers = any(found.identifier or found.common for found in words)
        described = any(found.description for found in words)
        return int(identifiers), int(described), len(self.records)


def find_lists(root: Any, lines: Sequence[int]) -> list[RecordList]:  # noqa: ANN401 - a value of a document
    """Return the outermost lists of records of a document.

    Parameters
    ----------
    root
        The document.
    lines
        Line of each of its values, where it is JSON Lines.
    """
    if isinstance(root, list):
        return _find_in_list(root, lines)
    if not isinstance(root, dict) or not root:
        return []
    lists = list(_lists(root, ()))
    if not lists:
        return _find_alone(root)
    if not lists[0].path:
        return lists
    around = _Lists.of(lists)
    alone = list(_alone(root, (), around))
    siblings = [one for one in alone if _is_sibling(one.records[0], around.known)]
    if _is_device(_without(root, [one.path for one in siblings]), [*lists, *siblings]):
        return [RecordList((), [root])]
    own = scalars(root)
    if meanings(own) >= COUNTED:
        alone.append(RecordList((), [own]))
    return [*_beside(lists, alone), *alone]


@attrs.frozen(eq=False, repr=False)
class _Lists:
    """The lists of a document: by each path that leads to them, and the keys of their records."""

    inside: Mapping[tuple[str, ...], Sequence[RecordList]]
    known: Sequence[frozenset[str]]

    @classmethod
    def of(cls, lists: Sequence[RecordList]) -> _Lists:
        """Gather lists."""
        inside: dict[tuple[str, ...], list[RecordList]] = {}
        known: dict[frozenset[str], None] = {}
        for one in lists:
            for length in range(1, len(one.path) + 1):
                inside.setdefault(one.path[:length], []).append(one)
            if len(known) < _KINDS:
                known.update(dict.fromkeys(map(frozenset, one.records[:LOOKED_AT])))
        return cls(inside, tuple(known))


def _is_sibling(record: Record, known: Sequence[frozenset[str]]) -> bool:
    """Tell whether a record is beside some lists, rather than a section of what is around them."""
    return meanings(record) >= COUNTED or any(is_alike(record, keys) for keys in known)


def _without(record: Record, paths: Sequence[tuple[str, ...]]) -> Record:
    """Return an object without some objects inside it."""
    by_key: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        by_key.setdefault(path[0], []).append(path[1:])
    kept: dict[str, Any] = {}
    for key, value in record.items():
        deeper = by_key.get(key, [])
        if () not in deeper:
            kept[key] = _without(value, deeper) if deeper else value
    return kept


def _beside(lists: Sequence[RecordList], alone: Sequence[RecordList]) -> list[RecordList]:
    """Return the lists that do not lie in a record alone, of which they are then a part."""
    paths = {one.path for one in alone if one.path}
    return [
        one
        for one in lists
        if _is_of_equipment(one)
        or not any(one.path[:length] in paths for length in range(1, len(one.path)))
    ]


def _is_of_equipment(one: RecordList) -> bool:
    """Tell whether a list holds equipment, wherever it lies."""
    return one.rank()[:2] != (0, 0) or any(
        meanings(record) >= COUNTED for record in one.records[:LOOKED_AT]
    )


def _find_in_list(root: Sequence[Any], lines: Sequence[int]) -> list[RecordList]:
    kept = [value for value in root if isinstance(value, dict)]
    if not kept:
        return []
    # A page of results may itself be the only element of a list.
    if len(root) == 1:
        found = find_lists(kept[0], ())
        if found and found[0].path:
            return found
    return [_list_of((), root, lines or range(1, len(root) + 1))]


def _list_of(path: tuple[str, ...], values: Sequence[Any], numbers: Sequence[int]) -> RecordList:
    """Return a list of values as records; those that are none are named."""
    records = [value for value in values if isinstance(value, dict)]
    kept = [
        number for number, value in zip(numbers, values, strict=True) if value.__class__ is dict
    ]
    loose = tuple(
        (number, _text(value))
        for number, value in zip(numbers, values, strict=True)
        if not isinstance(value, dict)
    )
    return RecordList(path, _unwrapped(records), kept, loose=loose)


def _unwrapped(records: Sequence[Record]) -> Sequence[Record]:
    """Return records without the envelope that each has: ``[{"asset": {...}}, ...]``."""
    while all(len(record) == 1 for record in records):
        inner = [value for record in records for value in record.values()]
        if len({key for record in records for key in record}) > 1:
            break
        if not all(isinstance(value, dict) and value for value in inner):
            break
        records = inner
    return records


def _text(value: Any) -> str | None:  # noqa: ANN401 - a value of a document
    """Return a value that is no record as text, None when it is blank."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value))) or None
    if isinstance(value, dict):
        shown = (f"{key}: {text}" for key, child in value.items() if (text := _text(child)))
        return ", ".join(shown) or None
    return (str(value).strip() or None) if value is not None else None


def _find_alone(root: Record) -> list[RecordList]:
    """Return the records of a document without a list.

    It is one record, as a device with its sections is, unless it only holds one, or holds several
    that have the same keys or a quantity each.
    """
    own = {key: value for key, value in root.items() if not isinstance(value, dict)}
    if tells_record(own, [], envelope=False) or words_of(own).common:
        return [RecordList((), [root])]
    found = list(_alone(root, (), _Lists.of([])))
    if len(found) == 1 and not _has_other_parts(root, found[0].path):
        return found
    records = [one.records[0] for one in found]
    if len(found) > 1 and (
        all(is_alike(record, records[0]) for record in records)
        or all("quantity" in meanings(record) for record in records)
    ):
        return found
    return [RecordList((), [root])]


def _has_other_parts(root: Record, path: Sequence[str]) -> bool:
    """Tell whether objects other than metadata lie beside the path to a record."""
    for key in path:
        for other, value in root.items():
            if other != key and isinstance(value, dict) and not is_envelope(other):
                return True
        root = root[key]
    return False


def _is_device(root: Record, lists: Sequence[RecordList]) -> bool:
    """Tell whether an object around lists is a device rather than their envelope."""
    own = words_of(root)
    inner = max(one.rank()[:2] for one in lists)
    counted = any(meanings(one.records[0]) >= COUNTED for one in lists)
    if counted:  # equipment, not parts of a device
        return words_of(scalars(root)).identifier
    return (
        own.identifier
        or (own.common and own.description)
        or ((own.common or own.description) and inner == (0, 0))
    )


def _lists(value: Record, path: tuple[str, ...]) -> Iterator[RecordList]:
    """Yield the lists of objects that lie in objects only, and the objects of records by key."""
    if is_keyed(value):
        records = [{KEY: key, **record} for key, record in value.items()]
        yield RecordList(path, records)
        return
    for key, child in value.items():
        if isinstance(child, list):
            if any(isinstance(record, dict) for record in child):
                yield _list_of((*path, key), child, range(1, len(child) + 1))
        elif isinstance(child, dict):
            yield from _lists(child, (*path, key))


def _alone(
    value: Record,
    path: tuple[str, ...],
    lists: _Lists,
    *,
    envelope: bool = False,
) -> Iterator[RecordList]:
    """Yield the records that lie in an object alone, beside some lists."""
    for key, child in value.items():
        here = (*path, key)
        if not isinstance(child, dict) or not child:
            continue
        inside = lists.inside.get(here, ())
        if any(one.path == here for one in inside):  # records by key
            continue
        own = scalars(child)
        outer = envelope or is_envelope(key)
        if tells_record(own, lists.known, envelope=outer):
            others = [one.path[len(here) :] for one in inside if _is_of_equipment(one)]
            yield RecordList(here, [_without(child, others)])
        elif not inside and not any(own.values()) and _is_of_sections(child):
            yield RecordList(here, [child])
        else:
            yield from _alone(child, here, lists, envelope=outer)


def _is_of_sections(record: Record) -> bool:
    """Tell whether an object of objects is one device: one has its identifier, no two are alike."""
    parts = [part for part in record.values() if isinstance(part, dict)]
    return (
        len(parts) > 1
        and sum(words_of(part).identifier for part in parts) == 1
        and not any(is_alike(part, parts[0]) for part in parts[1:])
    )


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
