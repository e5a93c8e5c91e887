"""The words of a worklist in each language: its headers, what it asks about, what keeps a column.

Input: words of the file, in whichever language it was written.  Output: the keys that reen reads
them as; and the other way round.  The words stand in the catalogues.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from reen.inventory.questions import Subject
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.reasons import LANGUAGES, Reason, has_sentence, spoken
from reen.tables.headers.reading_columns import READ_EQUIPMENT
from reen.tables.mapping.mapping import KEEP
from reen.vocabulary.text import normalise

__all__ = ["ANSWERS", "SUM", "Words", "column_at_start", "key_of_header", "words_of"]

#: Columns of the table.
ANSWERS = (
    *("about", "column", "value", "question", "proposals", "answer", "how_to_answer"),
    *("rows", "items", "file", "lines", "code"),
)

#: What says of a word that its lines add up others.
SUM = "total"

#: What a cell of words stands for: its name in the catalogue, and its keys.
_COLUMNS = tuple(
    dict.fromkeys(name for schema in (READ_EQUIPMENT, *SCHEMA_OF_KIND.values()) for name in schema)
)
_KINDS: Mapping[str, tuple[str, ...]] = {
    "worklist_column": ANSWERS,
    "worklist_about": tuple(map(str, Subject)),
    "worklist_answer": (KEEP, SUM),
    "parameter": _COLUMNS,
}


class Words:
    """The words of one kind in a language, and their keys in all of them.

    English writes the keys themselves, so that a file that programs read stays as it is.

    Parameters
    ----------
    kind
        What the codes of the words begin with.
    """

    def __init__(self, kind: str) -> None:
        self._kind, self._keys = kind, _KINDS[kind]
        self._known = {
            normalise(word): key
            for key in self._keys
            for word in (*(self._word(key, language) for language in LANGUAGES), key)
        }

    def _word(self, key: str, language: str) -> str:
        code = f"{self._kind}_{key}"
        return Reason(code).text(language) if has_sentence(code) else key

    def write(self, key: str, language: str | None = None) -> str:
        """Return the word of a key in a language, by default that in force."""
        language = language or spoken()
        return key if language == "en" or key not in self._keys else self._word(key, language)

    def read(self, word: str) -> str | None:
        """Return the key of a word of any language, None where it is none."""
        return self._known.get(normalise(word))

    def list(self, keys: Iterable[str] | None = None) -> str:
        """Return words in the language in force, one after the other."""
        return ", ".join(self.write(key) for key in (self._keys if keys is None else keys))


@functools.cache
def words_of(kind: str) -> Words:
    """Return the words of a kind: ``worklist_column``, ``worklist_about``, ``parameter``..."""
    return Words(kind)


def key_of_header(header: str) -> str:
    """Return the column of a worklist that a header names, or the header."""
    return words_of("worklist_column").read(header) or header.strip()


def column_at_start(answer: str) -> tuple[str, str] | None:
    """Return the column that an answer begins with, and what follows: ``durée de vie (mois)``.

    None where it begins with none.  The longest name counts: it may begin with another.
    """
    parts = answer.split()
    for end in range(len(parts), 0, -1):
        name, rest = " ".join(parts[:end]), " ".join(parts[end:])
        if words_of("worklist_answer").read(name) == KEEP:
            return KEEP, rest
        found = words_of("parameter").read(name)
        if found is not None and found in READ_EQUIPMENT:
            return found, rest
    return None
