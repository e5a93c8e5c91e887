"""Keeping columns: which columns of a file stay beside those that reen knows.

Input: what the columns of a table are, and what the user and the mappings ask for.  Output: the
same headings with those that stay.  All others are read, because they may show which rows are one
asset, and leave when the files are merged.

Looks at headers only: cells have no say in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from reen.tables.header_words import key_of
from reen.tables.headings import Heading, Headings, named_apart
from reen.tables.importing import ReadOptions
from reen.tables.mapping.mapping import KEEP, FileMapping, TableMapping
from reen.tables.reading_columns import JOINING_NAMES

__all__ = ["headers_asked", "keep_asked", "wanted"]


def headers_asked(options: ReadOptions) -> frozenset[str]:
    """Return the headers that the user asks to keep, in the form by which they are compared."""
    return frozenset(map(key_of, (*options.keep, *_of_mapping(options.mapping))))


def _of_mapping(mapping: FileMapping | None) -> Iterator[str]:
    if mapping is None:
        return
    yield from mapping.keep
    for table in (mapping.shared, *mapping.tables):
        yield from _of_rules(table)


def _of_rules(table: TableMapping) -> Iterator[str]:
    for header, rule in table.columns.items():
        if rule.column == KEEP:
            yield header


def wanted(headings: Headings, options: ReadOptions) -> frozenset[int]:
    """Return the positions of the columns that were asked for, or are a part of a row's name."""
    layers = headings.wording.layers
    keys = headers_asked(options)
    if layers is not None:
        keys |= {key_of(name) for name in layers.unique if name not in headings.wording.schema}
    if not keys:
        return frozenset()
    known = (heading for group in headings.columns.values() for heading in group)
    every: Iterable[Heading] = (*known, *headings.kept.values(), *headings.personal)
    return frozenset(each.position for each in every if key_of(each.text) in keys)


def keep_asked(headings: Headings, options: ReadOptions) -> Headings:
    """Return the headings with those that were asked for among the ones kept.

    A column that names persons, and that no inventory has, is kept under its own header, and joins.
    """
    asked = wanted(headings, options)
    if not asked:
        return headings
    joining = [
        each
        for column in JOINING_NAMES & set(headings.columns)
        for each in headings.columns[column]
        if each.text != column
    ]
    more = [each for each in (*joining, *headings.personal) if each.position in asked]
    kept = sorted((*headings.kept.values(), *more), key=lambda each: each.position)
    return attrs.evolve(
        headings,
        kept=named_apart(kept, headings.wording),
        personal=tuple(each for each in headings.personal if each.position not in asked),
        asked=asked,
    )
