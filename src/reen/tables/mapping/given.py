"""Given: what a user gives as a mapping becomes one: values, TOML files, answered worklists.

Input: one of them or several, such as last year's and the answers of this one, the later ones going
before the earlier.  Output: one checked mapping, or None.  Whether two of them say one thing
differently is no fault: the later one is the answer.  Knows no inventory file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

import attrs

from reen.inventory.issues import Issue, Severity
from reen.tables.files import File, whole_place
from reen.tables.headers.header_words import key_of
from reen.tables.mapping.choosing import Place
from reen.tables.mapping.mapping import FileMapping, TableMapping
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["Mapped", "combined", "mapping_given", "settled_doubts"]

T = TypeVar("T")

#: A mapping, or the file that holds it.
Mapped: TypeAlias = FileMapping | str | Path


def mapping_given(
    given: Mapped | Sequence[Mapped] | None, types: EquipmentTypes
) -> FileMapping | None:
    """Return what the user says of files, from all that was given; None when it is nothing.

    Raises
    ------
    FileFormatError
        A file that is neither a mapping nor a worklist, or says what cannot be.
    """
    if given is None:
        return None
    several = [given] if isinstance(given, (FileMapping, str, Path)) else [*given]
    found = [_one(each, types) for each in several]
    return combined(found) if found else None


def _one(given: Mapped, types: EquipmentTypes) -> FileMapping:
    from reen.tables.mapping.loading import checked_mapping, read_mapping  # most files need none

    if isinstance(given, FileMapping):
        place = f"the mapping {given.name!r}"
        return checked_mapping(given, place=place, equipment_types=types)

    from reen.tables.mapping.answers import is_answers, read_answers

    if is_answers(Path(given)):
        return read_answers(given, equipment_types=types)
    return read_mapping(given, equipment_types=types)


def combined(mappings: Sequence[FileMapping]) -> FileMapping:
    """Return one mapping that says what several say, under the name of the first.

    Parameters
    ----------
    mappings
        At least one; what a later one says of a header or a word goes before the others.
    """
    if len(mappings) == 1:
        return mappings[0]
    shared = [mapping.shared for mapping in mappings]
    words = {column: None for table in shared for column in table.words}
    return attrs.evolve(
        mappings[0],
        shared=TableMapping(
            columns=_latest(table.columns for table in shared),
            words={
                column: _latest(table.words.get(column, {}) for table in shared) for column in words
            },
            constants=_latest(table.constants for table in shared),
            set_aside=_once(table.set_aside for table in shared),
        ),
        # of two sections for one table, the last counts
        tables=_once(mapping.tables for mapping in mappings),
        keep=_once(mapping.keep for mapping in mappings),
        accepted=_once(mapping.accepted for mapping in mappings),
    )


def settled_doubts(
    mapping: FileMapping, issues: Iterable[Issue], files: Sequence[File]
) -> list[tuple[str, str, str]]:
    """Return code, column and value of the doubts that a mapping says are none.

    A doubt about a whole table has its place as value, and the place was written as the file was
    given then: by itself, or in its folder.  It is the table whose path ends so; where two do,
    nothing says which one was meant, and the doubt stays.

    Parameters
    ----------
    mapping
        The user's.
    issues
        What was raised.
    files
        What was given to be read.
    """
    doubts = [each for each in issues if each.severity is Severity.DOUBT]
    known = {(each.reason.code, each.column, each.value) for each in doubts}
    places = [
        (each, Place.of(whole_place(each.source, files)))
        for each in doubts
        if each.value == each.source
    ]
    found = []
    # a number is what its rows are read as; those that it does not fit stay in doubt
    for each in mapping.accepted:
        if each.quantity:
            continue
        said = each.doubt, each.column, each.value
        if said in known:
            found.append(said)
            continue
        meant = Place.of(each.value)
        alike = {
            issue.value
            for issue, place in places
            if (issue.reason.code, issue.column, place.sheet) == (*said[:2], meant.sheet)
            and f"/{place.file}".endswith(f"/{meant.file}")
        }
        found.append((*said[:2], alike.pop()) if len(alike) == 1 else said)
    return found


def _latest(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """Return what is said last under each header or word, in any spelling."""
    spelt: dict[str, str] = {}
    found: dict[str, T] = {}
    for text, value in itertools.chain.from_iterable(part.items() for part in parts):
        found.pop(spelt.get(key_of(text), ""), None)
        spelt[key_of(text)] = text
        found[text] = value
    return found


def _once(parts: Iterable[Iterable[T]]) -> tuple[T, ...]:
    every = list(itertools.chain.from_iterable(parts))
    return tuple(each for k, each in enumerate(every) if each not in every[:k])
