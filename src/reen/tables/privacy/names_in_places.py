"""Names in places: cells of a column of services or sites that are persons all the same.

Input: the cells of a column such as "Service" or "Site".  Output: what is left of each cell that
names a person: nothing, or the service beside them.

A column whose header speaks of persons is judged by `person_names`, which may take a word alone for
a surname.  Here a cell is a place until its form says otherwise: a title, an initial beside a name,
or a first name beside a capitalised word.  Places are called after persons: a word of a place
before the name keeps it, and so does a name of history after which schools are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reen.patterns import pattern
from reen.tables.privacy.names_in_text import (
    BETWEEN_CELLS,
    ONE_WORD,
    PARTICLES,
    is_called_after,
)
from reen.tables.privacy.person_names import (
    begins_with_title,
    has_initial,
    is_first_name,
    is_no_person,
    is_surname,
    may_hold_title,
    words_of_data,
)
from reen.vocabulary.text import normalise

__all__ = ["services_of_places"]

#: What stands between a person and a service, kept to know which of them it was.
_BETWEEN = pattern(r"(\s*(?:[/|;,()\[\]\n>]|\s[-\u2013\u2014:]\s)\s*)")
#: What a school and its name may stand apart by.
_DASH = pattern(r"\s*[-\u2013\u2014:]\s*")
#: What a person's own place is called.
_OWN = pattern(r"(?i)(?:bureau|bur\.?|poste|pc|domicile)(?:\s+n?°?\s*\d+)?\s+(?:d[e'\u2019]\s*)?")
#: What none but a person has, or what stands between a person and a service, whatever is around.
_IN_PERSONS = "@./|;,()[]\n>"
_DASHES = "-\u2013\u2014:"
#: What each of these places begins with, and letters that a search that ignores case may take so.
_OWN_WORDS = ("bur", "poste", "pc", "domicile", "\u017f", "\u0131", "\u0307")
_WORD = pattern(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\.?")

#: Words that follow a first name which is the name of a thing or a place, too, and words of places
#: before an initial.
_OF_THINGS = frozenset(
    {"bleue", "blanche", "rouge", "verte", "noire", "grise", "dure", "levee", "plantee", "haute"}
    | {"longue", "plate", "percee", "benite", "fontaine", "nationale", "marchande", "pecheur"}
    | {"services", "travail", "connectee", "polaire", "neuve", "fine", "folle", "ronde", "grosse"}
)
_OF_PARTS = frozenset({"aile", "zone", "ilot", "lot", "porte", "niveau", "secteur", "villa"})
#: Most words of a name, and letters of a surname in capitals.
_LONGEST, _CAPITALS = 5, 4


def services_of_places(cells: Iterable[str]) -> dict[str, str | None]:
    """Return what is left of each cell that names persons, None when nothing is.

    A word alone is a person where another cell has it beside a first name.

    Examples
    --------
    >>> services_of_places(["Jean Dupont", "O. Kerbrat", "Finances / Marie Martin", "Dupont"])
    {'Jean Dupont': None, 'O. Kerbrat': None, 'Finances / Marie Martin': 'Finances', 'Dupont': None}
    >>> services_of_places(["Saint-Jean", "École Jean Jaurès", "Jean Jaurès", "Pierre Bleue"])
    {}
    """
    cells = [*cells]
    if _are_places(cells):
        return {}
    left = {cell: _without_persons(cell) for cell in cells}
    found = {cell: rest for cell, rest in left.items() if rest != cell}
    named = {
        word
        for cell in found
        for word in normalise(cell).split()
        if len(word) >= _CAPITALS and not is_first_name(word) and not is_no_person(word)
    }
    kept = {word for rest in left.values() if rest for word in _words_beside(rest)}
    alone = named - kept
    return found | {cell: None for cell in left if cell not in found and normalise(cell) in alone}


def _are_places(cells: Sequence[str]) -> bool:
    """Tell whether it is certain that no cell of a column names a person.

    A person has an address, a title, an initial with its full stop, a first name, a desk, or stands
    beside a service.
    """
    text = BETWEEN_CELLS.join(cells)
    if any(mark in text for mark in _IN_PERSONS):
        return False
    if any(mark in text for mark in _DASHES) and _BETWEEN.search(text):
        return False
    small = text.lower()
    if any(word in small for word in _OWN_WORDS) and _OWN.search(text):
        return False
    return not may_hold_title(text) and not any(map(is_first_name, {*ONE_WORD.findall(text)}))


def _words_beside(rest: str) -> Sequence[str]:
    """Return the words of a service; a word alone is not known to be one."""
    words = normalise(rest).split()
    return words if len(words) > 1 else ()


def _without_persons(cell: str) -> str | None:
    """Return a cell without the persons that it names, None when nothing is left."""
    split = _BETWEEN.split(cell)
    if len(split) == 1 and not _is_person(cell):  # most cells
        return cell
    parts, links = split[::2], ("", *split[1::2])
    left: list[str] = []
    gone = False
    for part, link in zip(parts, links, strict=True):
        called = (
            bool(left) and _DASH.fullmatch(link) and any(map(is_called_after, left[-1].split()))
        )
        surname = bool(left) and not called and is_surname(part) and part[:1].isupper()
        if not called and (surname or _is_person(part)):
            gone = True
            own = _OWN.match(part)
            if own:
                left.append(_place_of(own.group()))
        elif part.strip():
            left.append(part.strip())
    if not gone:
        return cell
    return (" > " if ">" in cell else " / ").join(left) or None


def _place_of(own: str) -> str:
    return re.sub(r"(?i)\s+d[e'\u2019]?\s*$", "", own).strip()


def _is_person(part: str) -> bool:
    """Tell whether a part of a cell is surely a person, or a person's own desk."""
    text = " ".join(part.split())
    own = _OWN.match(text)
    if own:
        text = text[own.end() :]
    words = text.split()
    if not words or len(words) > _LONGEST:
        return False
    has_title = begins_with_title(text)
    if has_title and own is not None:
        return False  # a title in a longer text is cut where it stands
    # whether a word is that of a place takes longest to tell
    return (has_title or has_initial(text) or _is_full_name(text)) and not any(
        map(_names_a_place, words)
    )


def _is_full_name(text: str) -> bool:
    """Tell whether a text is a first name and a surname, and no name of history or of a thing."""
    words = text.split()
    if len(words) < 2 or not (is_first_name(words[0]) or _is_surname_first(words)):  # noqa: PLR2004 - a name alone is a place's
        return False
    if not all(map(_WORD.fullmatch, words)):
        return False
    if not all(word[0].isupper() or word in PARTICLES for word in words):
        return False
    return normalise(words[1]) not in _OF_THINGS and not _is_of_history(text)


def _names_a_place(word: str) -> bool:
    return is_called_after(word) or is_no_person(word) or normalise(word) in _OF_PARTS


def _is_surname_first(words: Sequence[str]) -> bool:
    """Tell whether a surname, known or in capitals, stands before a first name."""
    if not is_first_name(words[-1]):
        return False
    in_capitals = words[0].isupper() and len(words[0]) >= _CAPITALS and not words[-1].isupper()
    return in_capitals or is_surname(words[0])


def _is_of_history(text: str) -> bool:
    """Tell whether a name is one after which schools and streets are called."""
    words = normalise(text)
    return any(f"{words} ".startswith(f"{name} ") for name in words_of_data("called_after.csv"))
