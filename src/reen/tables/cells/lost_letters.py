"""Lost letters: words in which a program left a mark for each letter that it did not have.

"Quantit\ufffd" and "Unit? centrale" resolve when one meaning alone fits: the marks stand for
letters with an accent, a ligature, an apostrophe or the sign of "n°", and nothing else.  A word
that fits two meanings, or none, stays as it is and is unknown.

Knows no vocabulary; it is given one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping

import attrs

from reen.patterns import pattern
from reen.vocabulary.text import fold_plurals, normalise

__all__ = ["LOST", "KnownWords", "has_lost_letters", "mend_beginning", "mend_lost_letters"]

#: The mark of a letter that was lost.
LOST = "\ufffd"

#: A letter that no vocabulary has, to carry a mark through the normal form.
_CARRIER = "\ua7fb"

#: What a mark may stand for in the normal form: "é" is "e" there, "œ" is "oe", "'" and "°" are a
#: blank and "o ".
_LOST = "[aceinouy]"
_LOST_BETWEEN = f"(?:{_LOST}|oe|ae|o? )"
_LOST_AT_AN_END = f"(?:{_LOST}|oe|ae|o )"
_SKIPPED = pattern(f"[aceinouy {_CARRIER}]")

_RUN = pattern("[\ufffd?]+")
#: A question mark after a blank is punctuation; one that touches a letter may be a lost letter.
_MARK = pattern(r"\ufffd|(?<=\w)\?|\?(?=\w)")
_MOST_MARKS = 8
#: A letter of two or three bytes may have left a mark for each of them.
_BYTES_OF_A_LETTER = (1, 2, 3)


def has_lost_letters(text: str) -> bool:
    """Tell whether a word may have lost a letter."""
    return ("?" in text or LOST in text) and _MARK.search(text) is not None


@attrs.frozen(eq=False, repr=False)
class KnownWords:
    """Words by what is left of them without the letters that get lost.

    Attributes
    ----------
    words
        For each remainder, the normal forms that have it, each with a word and its meaning.
    forms
        The normal forms.
    """

    words: Mapping[str, tuple[tuple[str, str, str], ...]]
    forms: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[tuple[str, str]]) -> KnownWords:
        """Return an index of pairs of a word, as it is written, and its meaning."""
        groups: dict[str, dict[str, tuple[str, str, str]]] = {}
        forms = set()
        for word, meaning in words:
            for form in (normalise(word), fold_plurals(normalise(word))):
                forms.add(form)
                group = groups.setdefault(_SKIPPED.sub("", form), {})
                group.setdefault(f"{form}\n{meaning}", (form, word, meaning))
        return cls({key: tuple(group.values()) for key, group in groups.items()}, frozenset(forms))


def mend_lost_letters(word: str, known_words: KnownWords) -> str | None:
    """Return the known word that a word with lost letters was, None when not exactly one fits.

    Parameters
    ----------
    word
        As written, with U+FFFD or ``?`` for what was lost.
    known_words
        The vocabulary.

    Examples
    --------
    >>> known = KnownWords.of([("Unité centrale", "desktop"), ("Écran", "monitor")])
    >>> mend_lost_letters("Unit\ufffd centrale", known), mend_lost_letters("?cran", known)
    ('Unité centrale', 'Écran')
    >>> mend_lost_letters("?tran", known) is None
    True
    """
    marks = _RUN.findall(word)
    if not has_lost_letters(word) or sum(map(len, marks)) > _MOST_MARKS:
        return None
    for bytes_each in _BYTES_OF_A_LETTER:
        carried = _with_carriers(word, bytes_each)
        form = fold_plurals(normalise(carried))
        if form.replace(_CARRIER, "").strip() == "":
            return None
        found = _fitting(form, known_words)
        if found:
            meanings = {meaning for _, meaning in found}
            return found[0][0] if len(meanings) == 1 else None
    return None


def mend_beginning(text: str, known_words: KnownWords) -> str | None:
    """Return a text whose first words are a known word with lost letters, that word mended.

    What follows ("(ans)", '24"') stays as it is.
    """
    words = text.split()
    for size in range(len(words), 0, -1):
        beginning = " ".join(words[:size])
        if not has_lost_letters(beginning):
            return None
        mended = mend_lost_letters(beginning, known_words)
        if mended is not None:
            return " ".join((mended, *words[size:]))
    return None


def _with_carriers(word: str, bytes_each: int) -> str:
    return _RUN.sub(lambda run: _CARRIER * -(-len(run[0]) // bytes_each), word)


def _fitting(form: str, known_words: KnownWords) -> list[tuple[str, str]]:
    """Return (word, meaning) of the known words that a normal form with marks may be."""
    pattern = None
    found = []
    for known, word, meaning in known_words.words.get(_SKIPPED.sub("", form), ()):
        if pattern is None:
            parts = form.split(_CARRIER)
            inner = [re.escape(parts[0])]
            for before, after in itertools.pairwise(parts):
                inside = before[-1:].isalnum() and after[:1].isalnum()
                inner += (_LOST_BETWEEN if inside else _LOST_AT_AN_END, re.escape(after))
            pattern = re.compile("".join(inner))
        if pattern.fullmatch(known):
            found.append((word, meaning))
    return found
