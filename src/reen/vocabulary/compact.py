"""Compact vocabularies: the forms of all the words that reen ships, worked out beforehand.

Input: the bundled tables of criteria, equipment types and countries.  Output: the text of
``data/word_forms.txt``, by which `WordIndex.of` opens without reading any word of theirs.  The
tables stay what counts: after a change of their words, nothing is taken from the file until

    python -m reen.vocabulary.compact > src/reen/vocabulary/data/word_forms.txt
"""

from __future__ import annotations

import sys

from reen.vocabulary.countries import country_words
from reen.vocabulary.criteria import bundled_criteria, words_of_criteria
from reen.vocabulary.equipment_types import bundled_equipment_types, words_of_types
from reen.vocabulary.lookup import indexed_form

__all__ = ["word_forms"]


def word_forms() -> str:
    """Return the forms of the words of each vocabulary, a line each."""
    vocabularies = {
        "criteria": words_of_criteria(bundled_criteria()),
        "equipment types": words_of_types(bundled_equipment_types()),
        "countries": country_words(),
    }
    return "".join(indexed_form(name, words) for name, words in vocabularies.items())


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(word_forms())
