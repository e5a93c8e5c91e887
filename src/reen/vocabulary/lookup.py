"""Lookup: from a word as written to the key it names, and the reading of the bundled tables.

Role: the index behind criteria, equipment types and countries.  A word is compared in its
normalised form with plurals folded; one form names one key, and two claims on a form are an error
when the vocabulary is built, never a silent choice when it is used.  The forms of the vocabularies
that reen ships are worked out beforehand (`data/word_forms.txt`), each under the digest of the
words that they come from: other words are indexed when they are given.

Imports errors and text; must not know what the keys mean.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
import pkgutil
from collections.abc import Iterable, Mapping

import attrs

from reen.errors import ReenError
from reen.vocabulary.text import fold_plurals, normalise

__all__ = [
    "WORD_FORMS",
    "VocabularyError",
    "WordIndex",
    "bundled_text",
    "indexed_form",
    "read_table",
    "split_words",
    "word_form",
]

#: The forms of the words that reen ships, in the folder ``data``.
WORD_FORMS = "word_forms.txt"

#: A suggestion must share about three quarters of its letters with what was written.
_SIMILARITY = 0.75


class VocabularyError(ReenError, ValueError):
    """A vocabulary that contradicts itself, as bundled or as a plugin completes it.

    Attributes
    ----------
    vocabulary
        The vocabulary: ``"criteria"``, ``"equipment types"``...
    word
        The key, word or unit concerned.
    reason
        What is wrong, and how to mend it.
    """

    def __init__(self, vocabulary: str, word: str, reason: str) -> None:
        self.vocabulary = vocabulary
        self.word = word
        self.reason = reason
        super().__init__(vocabulary, word, reason)

    def __str__(self) -> str:
        """Return the vocabulary, the word and the reason."""
        return f"{self.vocabulary}: {self.word!r} {self.reason}"


def word_form(text: str) -> str:
    """Return the form in which words are compared: normalised, plurals folded."""
    return fold_plurals(normalise(text))


@attrs.frozen(eq=False, repr=False)
class WordIndex:
    """An immutable map from word forms to keys; see `WordIndex.of`."""

    _keys: Mapping[str, str]

    @classmethod
    def of(cls, vocabulary: str, entries: Iterable[tuple[str, Iterable[str]]]) -> WordIndex:
        """Return the index of `entries`.

        Parameters
        ----------
        vocabulary
            Name of the vocabulary, for messages.
        entries
            Pairs of a key and the words that name it; the key itself is one of them.  A word may
            be repeated for one key; one without a letter or digit names nothing.

        Raises
        ------
        VocabularyError
            When a key is declared twice, or a word names two keys.
        """
        given = [(key, *words) for key, words in entries]
        found = _worked_out(_digest(given))
        return cls(_indexed(vocabulary, given) if found is None else found)

    def get(self, text: str) -> str | None:
        """Return the key that `text` names, or None."""
        return self._keys.get(word_form(text))

    def items(self) -> Iterable[tuple[str, str]]:
        """Return word forms and the key that each names."""
        return self._keys.items()

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return the keys whose words look most like `text`, best first, at most three."""
        import difflib  # only what is not found is compared letter by letter

        matches = difflib.get_close_matches(
            word_form(text), self._keys, n=len(self._keys), cutoff=_SIMILARITY
        )
        return tuple(dict.fromkeys(self._keys[form] for form in matches))[:3]


def _indexed(vocabulary: str, entries: Iterable[tuple[str, ...]]) -> Mapping[str, str]:
    """Return the key of each form of the words of some entries, each a key and its other words."""
    keys: dict[str, str] = {}
    declared: set[str] = set()
    for key, *words in entries:
        if key in declared:
            raise VocabularyError(vocabulary, key, "is declared twice; rename or remove one.")
        declared.add(key)
        for word in (key, *words):
            form = word_form(word)
            holder = keys.setdefault(form, key) if form else key
            if holder != key:
                raise VocabularyError(
                    vocabulary, word, f"names both {holder!r} and {key!r}; remove it from one."
                )
    return keys


def _digest(entries: Iterable[tuple[str, ...]]) -> str:
    return hashlib.sha256(repr(entries).encode("utf-8", "surrogatepass")).hexdigest()


def indexed_form(vocabulary: str, entries: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return the line of ``word_forms.txt`` by which the index of `entries` opens at once.

    Raises
    ------
    VocabularyError
        See `WordIndex.of`.
    """
    given = [(key, *words) for key, words in entries]
    keys = _indexed(vocabulary, given)
    return f"{_digest(given)} {json.dumps(keys, ensure_ascii=False, separators=(',', ':'))}\n"


@functools.cache
def _lines_worked_out() -> Mapping[str, str]:
    lines = (
        line.partition(" ") for line in bundled_text("reen.vocabulary", WORD_FORMS).splitlines()
    )
    return {digest: forms for digest, _, forms in lines}


def _worked_out(digest: str) -> Mapping[str, str] | None:
    """Return the index of entries that reen ships; None of others."""
    forms = _lines_worked_out().get(digest)
    found: Mapping[str, str] | None = None if forms is None else json.loads(forms)
    return found


def bundled_text(package: str, name: str) -> str:
    """Return the text of the file `name` in the folder ``data`` of a package of reen."""
    # `importlib.resources` would import temporary files, archives and compression with it
    data = pkgutil.get_data(package, f"data/{name}")
    if data is None:
        raise FileNotFoundError(f"{package}/data/{name}")
    return data.decode("utf-8")


def read_table(name: str, package: str = "reen.vocabulary") -> tuple[dict[str, str], ...]:
    """Return the rows of the bundled table `name` (a CSV file of the ``data`` of `package`)."""
    header, *rows = csv.reader(bundled_text(package, name).splitlines(), strict=True)
    return tuple(dict(zip(header, row, strict=True)) for row in rows if row)


def split_words(cell: str) -> tuple[str, ...]:
    """Return the words of a ``;``-separated cell, without blanks around them."""
    return tuple(filter(None, map(str.strip, cell.split(";"))))
