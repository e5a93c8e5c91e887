"""Words: the type that the words of a row suggest, those of its type cell and those beside it.

Input: the text of a cell.  Output: the types that it leaves open, and whether the words leave no
doubt.  A type cell is taken apart where it is no word that is known: "Poste de travail - Tiny" is a
workplace computer of the form Tiny; "AccessSwitch" a switch; "Imprimantes / copieurs" one of two;
"Batterie de PC portable" nothing: a word that is not read never makes a type.  Clues are the words
of device managers and of SMBIOS for a platform, an operating system, a chassis or a record type
(`data/clues.csv`): "Windows 11" leaves a laptop and a desktop open.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Mapping, Sequence

import attrs

from reen.patterns import pattern
from reen.tables.bundled_words import rows_of
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.lookup import split_words, word_form

__all__ = ["WordTypes", "types_of_clue", "types_of_words"]

#: Where the words stand.
_EVIDENCE = "reen.tables.evidence"
#: Types that say nothing.
_NOTHING = frozenset({"unknown"})

#: What stands between things or their qualities.
_PARTS = pattern(r"\s*(?:[/|;,+()\[\]&–—]|\s-\s|:)\s*")  # noqa: RUF001 - dashes of all kinds
_ALTERNATIVES = pattern(
    r"\s*(?:/|\||,|;|&|\+|\bou\b|\bor\b|\bet\b|\band\b|\bavec\b|\bwith\b)\s*", re.IGNORECASE
)
_AND = pattern(r"&|\b(?:et|and|avec|with)\b", re.IGNORECASE)
_CAMEL = pattern(r"(?<=[a-z])(?=[A-Z])")
_WITH_DIGIT = pattern(r"\d")


@attrs.frozen(eq=False, repr=False)
class WordTypes:
    """What a text says of a type.

    Attributes
    ----------
    types
        The types that it leaves open; empty when it says nothing.
    plain
        Whether the whole text is a word that is known.
    bundle
        Whether it names several things that stand together: "UC + écran" is two devices, and no
        model makes it one.
    """

    types: tuple[str, ...] = ()
    plain: bool = False
    bundle: bool = False


def types_of_words(text: str, known: EquipmentTypes) -> WordTypes:
    """Return what the text of a type cell says.

    Examples
    --------
    >>> from reen.vocabulary.equipment_types import bundled_equipment_types
    >>> types_of_words("Poste de travail - Tiny", bundled_equipment_types()).types
    ('desktop',)
    >>> types_of_words("Batterie de PC portable", bundled_equipment_types()).types
    ()
    """
    return _types_of_words(text, known)


@functools.lru_cache(maxsize=8192)
def _types_of_words(text: str, known: EquipmentTypes) -> WordTypes:
    found = known.resolve(text)
    if found is not None:
        return WordTypes((found,), plain=True) if found not in _NOTHING else WordTypes()
    open_types = known.candidates(text)
    if open_types:
        return WordTypes(open_types, plain=True)
    spaced = text if " " in text.strip() else _CAMEL.sub(" ", text)  # AccessSwitch, not PoE
    phrase = _of_phrase(spaced, known)
    if phrase:
        return WordTypes(phrase)
    alternatives = [part for part in _ALTERNATIVES.split(spaced) if part.strip()]
    if len(alternatives) > 1:
        several = [_of_phrase(part, known) for part in alternatives]
        if all(several):
            types = tuple(dict.fromkeys(itertools.chain(*several)))
            return WordTypes(types, bundle=len(types) > 1 and _stand_together(spaced))
    parts = [part for part in _PARTS.split(spaced) if part.strip()]
    if len(parts) > 1:
        return WordTypes(_qualified(parts, known))
    return WordTypes()


def _stand_together(text: str) -> bool:
    """Tell whether the things that a text names are bought as one: "UC + écran", "PC et écran".

    "Smartphones et tablettes", in the plural, is a class of both.
    """
    return "+" in text or (_AND.search(text) is not None and not text.rstrip(" )").endswith("s"))


def _qualified(parts: Sequence[str], known: EquipmentTypes) -> tuple[str, ...]:
    """Return the types of a thing and its qualities: all must be read, and agree.

    The first part that names a type is the thing; the others narrow it, or are asides.
    """
    found: tuple[str, ...] = ()
    for part in parts:
        said = _of_phrase(part, known) or types_of_clue("form_factor", part)
        if not said:
            if not _is_aside(word_form(part).split()):
                return ()
            continue
        if not found:
            found = said
            continue
        narrowed = tuple(each for each in found if each in said)
        if not narrowed:
            return ()
        found = narrowed
    return found


def _of_phrase(text: str, known: EquipmentTypes) -> tuple[str, ...]:
    """Return the types of the longest run of words that is known, if the rest are asides.

    French puts the thing first ("PC portable Dell"), English last ("Cisco access switch").
    """
    words = word_form(text).split()
    for size in range(len(words), 0, -1):
        for run, rest in ((words[:size], words[size:]), (words[-size:], words[:-size])):
            said = known.meanings.get(" ".join(run))
            if said and not _NOTHING & set(said) and _is_aside(rest):
                return said
    return ()


@functools.cache
def _asides() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that add nothing to a type, and those of them that are makers."""
    rows = [
        (word_form(word), row["why"] == "maker")
        for row in rows_of("asides.csv", _EVIDENCE)
        for word in split_words(row["words"])
    ]
    return frozenset(form for form, _ in rows), frozenset(form for form, maker in rows if maker)


def _is_aside(parts: Sequence[str]) -> bool:
    """Tell whether words add nothing to a type: a maker with its model, a size, a colour."""
    words, makers = _asides()
    if " ".join(parts) in words:
        return True
    for part in parts:
        if part in makers:
            return True  # what follows is its model
        if part not in words and not _WITH_DIGIT.search(part) and len(part) > 1:
            return False
    return True


#: Clues that an edition or a version may follow.
_WITH_VERSIONS = frozenset({"platform", "operating_system"})


@functools.cache
def _clues(kind: str) -> Mapping[str, tuple[str, ...]]:
    return {
        word_form(word): split_words(row["types"])
        for row in rows_of("clues.csv", _EVIDENCE)
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
