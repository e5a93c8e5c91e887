"""Combining: several mappings of a user as one, such as last year's and the answers of this one.

Input: mappings, the later ones going before the earlier ones.  Output: one mapping.  Whether two of
them say one thing differently is no fault: the later one is the answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import attrs

from reen.tables.headers.header_words import key_of
from reen.tables.mapping.mapping import FileMapping, TableMapping

__all__ = ["combined"]

T = TypeVar("T")


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
