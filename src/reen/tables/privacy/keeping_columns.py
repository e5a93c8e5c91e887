"""Keeping columns: which columns of a file stay beside those that reen knows.

Input: what the columns of a table are, and what the user and the mappings ask for.  Output: the
same headings with those that stay.  All others are read, because they may show which rows are one
asset, and leave when the files are merged.  A column to group by stays too, unless it names
persons.

Looks at headers only: cells have no say in it (`reen.tables.privacy.contents` looks at them).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from reen.errors import OptionError
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import Heading, Headings, named_apart
from reen.tables.headers.reading_columns import JOINING_NAMES, NAMES_PERSONS, PSEUDONYMOUS
from reen.tables.importing import ReadOptions
from reen.tables.mapping.mapping import KEEP, FileMapping, TableMapping

__all__ = [
    "headers_asked",
    "headers_that_stay",
    "keep_asked",
    "refuse_group_of_persons",
    "wanted",
]


def headers_asked(options: ReadOptions) -> frozenset[str]:
    """Return the headers that the user asks to keep, in the form by which they are compared."""
    return frozenset(map(key_of, (*options.keep, *_of_mapping(options.mapping))))


def headers_that_stay(options: ReadOptions) -> frozenset[str]:
    """Return the headers asked for, and those to group by but for columns of names of persons."""
    persons = frozenset(map(key_of, NAMES_PERSONS))
    return headers_asked(options) | (_headers_grouped(options) - persons)


def refuse_group_of_persons(header: str) -> OptionError:
    """Return the error that a column to group by names persons."""
    return OptionError(
        "measure",
        "by",
        header,
        Reason("error_column_names_no_persons_who_are", header=header),
    )


def _headers_grouped(options: ReadOptions) -> frozenset[str]:
    return frozenset(map(key_of, options.by))


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
    return _positions(headings, headers_asked(options))


def _positions(headings: Headings, keys: frozenset[str]) -> frozenset[int]:
    layers = headings.wording.layers
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

    Raises
    ------
    OptionError
        A header to group by is that of a column of persons, which nobody asked to keep.
    """
    asked = wanted(headings, options)
    grouped = _grouped(headings, options) - asked
    asked |= grouped
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
        grouped=grouped,
    )


def _grouped(headings: Headings, options: ReadOptions) -> frozenset[int]:
    """Return the positions of the columns to group by, but for the hashed names of persons."""
    grouped = _positions(headings, _headers_grouped(options)) if options.by else frozenset()
    if not grouped:
        return grouped
    keys = headers_asked(options)
    joining = [h for name in JOINING_NAMES & set(headings.columns) for h in headings.columns[name]]
    for heading in (*joining, *headings.personal):
        if heading.position in grouped and key_of(heading.text) not in keys:
            raise refuse_group_of_persons(heading.text)
    # names of devices and users: a pseudonym may stand for each
    hashed = {h.position for name in PSEUDONYMOUS for h in headings.columns.get(name, ())}
    return grouped - hashed
