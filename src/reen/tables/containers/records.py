"""Trees to grids: which list of a document holds its records, and what each record holds.

A record is an object; objects inside it are flattened (``bios.ssn``), a list of values is joined, a
list of objects is a grid inside that of the record.  `record_lists` finds the records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from reen.reasons import Reason
from reen.tables.containers.cells import join_text
from reen.tables.containers.grid import RECORD, Grid, Skipped, inside_records
from reen.tables.containers.limits import Limits
from reen.tables.containers.record_lists import RecordList, announced_totals, find_lists
from reen.tables.containers.record_words import Record
from reen.tables.containers.tree import Document

__all__ = ["open_document"]

#: Keys of the headers of rows that stand beside them.
_HEADERS = frozenset({"columns", "colonnes", "fields", "champs", "header", "headers", "en-têtes"})

#: Key of how a value is shown, in an object that holds it beside the value itself or a link to it.
_SHOWN = "display_value"
_SHOWN_WITH = frozenset({_SHOWN, "value", "link"})


def open_document(place: str, document: Document, limits: Limits) -> Iterator[Grid | Skipped]:
    """Yield the lists of records of a document, the likeliest list of devices first.

    Raises
    ------
    FileFormatError
        A list exceeds a limit.
    """
    root = document.root
    if isinstance(root, list) and _is_table(root):
        yield _table(place, root, document.remarks)
        return
    split = _split_table(root) if isinstance(root, dict) else None
    if split is not None:
        yield _table(place, split, document.remarks)
        return
    lists = find_lists(root, document.lines)
    nested = next(_lists_in_lists(root, ""), None)
    alone = len(lists) == 1 and not lists[0].path and lists[0].records[0] is root
    if not lists or (alone and nested is not None):
        yield Skipped(place, nested or Reason("document_without_records"))
        return
    lists.sort(key=RecordList.rank, reverse=True)
    remarks = [*document.remarks]
    if len(lists) > 1:
        others = ", ".join(
            f"{'.'.join(one.path) or place} ({len(one.records)})" for one in lists[1:]
        )
        remarks.append(
            Reason("lists_several", path=".".join(lists[0].path) or place, others=others)
        )
    grids = _Grids(place, limits)
    for one, announced in zip(lists, announced_totals(root, lists), strict=True):
        grid = grids.grid(one, tuple(remarks))
        remarks = []
        yield attrs.evolve(grid, announced=announced)
    if isinstance(root, dict) and any(one.path for one in lists):
        for path, rows in _tables(root, ()):
            grids.count()
            yield _table(f"{place}[{'.'.join(path)}]", rows, ())


def _tables(value: Record, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Yield the lists of rows that lie in objects only, beside the lists of records."""
    for key, child in value.items():
        if isinstance(child, list) and _is_table(child) and any(child):
            yield (*path, key), child
        elif isinstance(child, dict):
            yield from _tables(child, (*path, key))


def _split_table(root: Record) -> list[Any] | None:
    """Return the header and the rows of a document that keeps them apart; None of any other.

    So do data frames and interfaces of the web: ``{"columns": [...], "data": [[...], ...]}``.
    """
    headers = [
        value
        for key, value in root.items()
        if key.casefold() in _HEADERS
        and isinstance(value, list)
        and value
        and all(isinstance(cell, str) for cell in value)
    ]
    rows = [value for value in root.values() if isinstance(value, list) and _is_table(value)]
    if len(headers) != 1 or len(rows) != 1 or {*map(len, rows[0])} != {len(headers[0])}:
        return None
    return [headers[0], *rows[0]]


def _lists_in_lists(value: Any, path: str) -> Iterator[Reason]:  # noqa: ANN401 - of a document
    """Yield where a list of records or of rows lies right in another list, and how long it is."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _lists_in_lists(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, child in enumerate(value):
            if isinstance(child, list) and any(isinstance(one, dict | list) for one in child):
                yield Reason("document_nested_lists", path=f"{path}[{at}]", count=len(child))


def _is_table(root: Sequence[Any]) -> bool:
    """Tell whether a list is one of rows, each a list of values."""
    return bool(root) and all(
        isinstance(row, list) and not any(isinstance(cell, dict | list) for cell in row)
        for row in root
    )


def _table(place: str, root: Sequence[Any], remarks: tuple[Reason, ...]) -> Grid:
    width = max(map(len, root))
    columns = tuple(
        pa.array([_scalar(row[at]) if at < len(row) else None for row in root], pa.string())
        for at in range(width)
    )
    lines = np.arange(1, len(root) + 1, dtype=np.int64)
    return Grid(place, columns, lines, None, {}, remarks)


def _scalar(value: Any) -> str | None:  # noqa: ANN401 - a value of a document
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@attrs.define(eq=False, repr=False)
class _Columns:
    """The cells of records, by name of column."""

    place: str
    limits: Limits
    cells: dict[str, list[str | None]] = attrs.field(factory=dict)
    inner: dict[tuple[str, ...], list[tuple[int, Record]]] = attrs.field(factory=dict)
    count: int = 0
    clashes: int = 0

    def add(self, record: Record, number: int, listed: frozenset[tuple[str, ...]]) -> None:
        """Add a record; `listed` are the paths at which some record has a list of objects."""
        waiting: list[tuple[tuple[str, ...], Record]] = [((), record)]
        while waiting:
            path, fields = waiting.pop()
            deeper: list[tuple[tuple[str, ...], Record]] = []
            prefix = "".join(f"{key}." for key in path)
            for key, value in fields.items():
                if value is None or value.__class__ is str:
                    self._put(prefix + key if key else prefix[:-1], value or None)
                    continue
                here = (*path, key) if key else path
                if isinstance(value, dict) and _SHOWN in value and value.keys() <= _SHOWN_WITH:
                    self._put(".".join(here), _scalar(value[_SHOWN]))
                elif isinstance(value, dict):
                    if here in listed:
                        self.inner.setdefault(here, []).append((number, value))
                    else:
                        deeper.append((here, value))
                elif isinstance(value, list):
                    self._add_list(here, value, number)
                else:
                    self._put(".".join(here), _scalar(value))
            if deeper:
                waiting += reversed(deeper)
        self.count += 1
        self.limits.check(self.place, "rows", self.count, what="records")
        self.limits.check(self.place, "cells", self.count * len(self.cells))

    def _add_list(self, path: tuple[str, ...], values: Sequence[Any], number: int) -> None:
        objects = [value for value in values if isinstance(value, dict)]
        if objects:
            self.inner.setdefault(path, []).extend((number, value) for value in objects)
        plain = [_flat(value) for value in values if not isinstance(value, dict)]
        if plain or not objects:
            self._put(".".join(path), join_text(plain))

    def _put(self, name: str, value: str | None) -> None:
        column = self.cells.get(name)
        if column is None:
            self.limits.check(self.place, "columns", len(self.cells) + 1)
            column = self.cells[name] = []
        missing = self.count - len(column)
        if missing == 0:
            column.append(value)
        elif missing > 0:
            column.extend([None] * missing)
            column.append(value)
        else:  # two keys that flatten to one name
            self.clashes += 1
            column[-1] = join_text([column[-1], value])

    def arrays(self) -> tuple[pa.Array, ...]:
        """Return the columns, all of one length."""
        for column in self.cells.values():
            column.extend([None] * (self.count - len(column)))
        return tuple(pa.array(column, pa.string()) for column in self.cells.values())


def _flat(value: Any) -> str | None:  # noqa: ANN401 - a value of a document
    """Return a value of a list as text, a list in the list included."""
    if isinstance(value, list):
        return join_text([_flat(one) for one in value if not isinstance(one, dict)])
    return _scalar(value)


@attrs.define(eq=False, repr=False)
class _Grids:
    """Lists of records as grids, those inside their records included, under one limit."""

    place: str
    limits: Limits
    opened: int = 0

    def count(self) -> None:
        """Count one more list."""
        self.opened += 1
        self.limits.check(self.place, "members", self.opened, what="lists")

    def grid(self, one: RecordList, remarks: tuple[Reason, ...] = ()) -> Grid:
        """Return a list of records as a grid."""
        self.count()
        path = ".".join(one.path)
        where = f"{self.place}[{path}]" if path else self.place
        columns = _Columns(where, self.limits)
        listed = _listed(one.records)
        numbers = one.numbers if one.numbers is not None else range(1, len(one.records) + 1)
        for at, (record, number) in enumerate(zip(one.records, numbers, strict=True)):
            if one.parents is not None:
                record = {RECORD: str(one.parents[at]), **record}  # noqa: PLW2901 - the same, numbered
            columns.add(record, number, listed)
        inner = tuple(
            self.grid(
                RecordList(
                    (*one.path, *key), [value for _, value in found], None, [at for at, _ in found]
                )
            )
            for key, found in columns.inner.items()
        )
        told = [*remarks]
        if columns.clashes:
            told.append(Reason("names_clash", count=columns.clashes))
        return Grid(
            where,
            columns.arrays(),
            np.asarray(list(numbers), dtype=np.int64),
            tuple(columns.cells),
            {"list": path} if path else {},
            (*inside_records(inner), *told),
            one.loose,
            inner,
        )


def _listed(records: Sequence[Record]) -> frozenset[tuple[str, ...]]:
    """Return the paths at which a record has a list of objects: XML writes a list of one bare."""
    found: set[tuple[str, ...]] = set()
    for record in records:
        waiting: list[tuple[tuple[str, ...], Record]] = [((), record)]
        while waiting:
            path, fields = waiting.pop()
            for key, value in fields.items():
                if value is None or value.__class__ is str:
                    continue
                if isinstance(value, dict):
                    waiting.append(((*path, key), value))
                elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
                    found.add((*path, key))
    return frozenset(found)
