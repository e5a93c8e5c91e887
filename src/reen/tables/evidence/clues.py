"""Clues: what a platform, an operating system, a chassis or a record type says of a device.

Input: a word as a tool writes it.  Output: the types that it leaves open.  The words are those of
device managers and of SMBIOS; the table is `data/clues.csv`.  Nothing is taken for more than it
says: "Windows 11" leaves a laptop and a desktop open.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from reen.vocabulary.lookup import read_table, split_words, word_form

__all__ = ["rows_of_data", "types_of_clue"]

#: Clues that an edition or a version may follow.
_WITH_VERSIONS = frozenset({"platform", "operating_system"})


def rows_of_data(name: str) -> list[dict[str, str]]:
    """Return the rows of a bundled table of evidence."""
    return list(read_table(name, __package__))


@functools.cache
def _clues(kind: str) -> Mapping[str, tuple[str, ...]]:
    return {
        word_form(word): split_words(row["types"])
        for row in rows_of_data("clues.csv")
        if row["kind"] == kind
        for word in split_words(row["words"])
    }


@functools.lru_cache(maxsize=8192)
def types_of_clue(kind: str, text: str) -> tuple[str, ...]:
    """Return the types that a clue leaves open; nothing when it is not known.

    Parameters
    ----------
    kind
        Reading column that it stands in: ``platform``, ``operating_system``, ``form_factor``...
    text
        As the tool writes it; an edition or a version after the words does not matter.

    Examples
    --------
    >>> types_of_clue("form_factor", "Notebook")
    ('laptop',)
    >>> types_of_clue("operating_system", "Windows Server 2019 Standard")
    ('server',)
    """
    known, parts = _clues(kind), word_form(text).split()
    # what follows a system is an edition or a version: the longest known beginning decides
    shortest = 1 if kind in _WITH_VERSIONS else max(len(parts), 1)
    for size in range(len(parts), shortest - 1, -1):
        found = known.get(" ".join(parts[:size]))
        if found is not None:
            return found
    return ()
