"""Names of persons: which cells name a person where a column mixes persons and services.

Input: the text of a cell of a column such as "Affectation" or "Service / Utilisateur".  Output: the
cell without the persons that it names: nothing, or the service beside them.  A cell names a person
by its form (an address, a login, "J. Dupont", "Mme Durand"), or by a first name beside words that
are no places nor services.

Cannot tell a rare surname that stands alone from the name of a place.
"""

from __future__ import annotations

import csv
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from reen.patterns import pattern
from reen.tables.headers.header_words import key_of
from reen.vocabulary.lookup import bundled_text
from reen.vocabulary.text import normalise

__all__ = [
    "ADDRESS",
    "begins_with_title",
    "has_initial",
    "holds_a_name",
    "is_first_name",
    "is_no_person",
    "is_surname",
    "may_hold_title",
    "names_a_person",
    "names_persons_too",
    "services_of",
    "without_persons",
    "words_of_data",
]

#: Words of a header that say that its cells may be persons.
_OF_PERSONS = frozenset(
    {"affectation", "affectataire", "affecte", "attribue", "attributaire", "attribution"}
    | {"agent", "beneficiaire", "detenteur", "destinataire", "occupant", "possesseur"}
    | {"responsable", "titulaire", "usager", "utilisateur"}
    | {"assigned", "assignee", "assignment", "beneficiary", "holder", "owner", "person"}
    | {"recipient", "responsible", "user", "allocated", "allocation"}
)

#: What stands between a person and a service in one cell; a hyphen alone is part of a name.
_BETWEEN = pattern(r"\s*(?:[/|;,()\[\]\n]|\s[-\u2013\u2014:]\s)\s*")

#: An address of electronic mail.
ADDRESS = pattern(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_LOGIN = pattern(r"[A-Za-z][\w.-]*\\[\w.-]+|[a-z][a-z-]+\.[a-z][a-z-]+")
_TITLES = r"(?:M\.|MM\.|Mr\.?|Mme\.?|Mlle\.?|Mrs\.?|Ms\.?|Dr\.?|Monsieur|Madame|Mademoiselle)"
_TITLE = pattern(rf"(?:^|\s){_TITLES}\s*[^\W\d_]|^M (?=[^\W\d_a-z])[^\W\d_]{{3,}}")
#: The same wherever it stands, as in a part of a cell; and what each of them has.
_TITLE_INSIDE = pattern(rf"\b{_TITLES}|\bM\s")
_IN_TITLES = ("M.", "Mr", "Mme", "Mlle", "Ms", "Dr", "Monsieur", "Madame", "Mademoiselle")
#: "J. Dupont", "Dupont J.", "J.-P. DUPONT", "J DUPONT": an initial beside a name.
_INITIAL = pattern(
    r"(?:[^\W\d_]\.[ -]?){1,2}[^\W\d_]{2,}(?:[ '-][^\W\d_]+)*"
    r"|[^\W\d_]{2,}(?:[ '-][^\W\d_]+)* [^\W\d_]\.(?:-?[^\W\d_]\.)?"
)
_WORD = pattern(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\.?")

#: "Zyx NOVAKOVA": a word, then one in capitals that is no short name of a service.
_CAPITALS = pattern(r"[^\W\d_]+(?:-[^\W\d_]+)? [^\W\d_]{4,}(?:[ '-][^\W\d_]{2,})*")

#: Most words of a name: "Marie Anne DE LA TOUR".
_LONGEST = 5
#: Letters from which a word is a surname, and no prefix of a series.
_LONG = 4
#: Most words of a surname beside a service, and the letters that the longest of them has: those in
#: capitals may be an abbreviation.
_BESIDE, _LETTERS_OF_SURNAME, _CAPITALS_OF_SURNAME = 3, 3, 4
_VOWELS = frozenset("aeiouy")


def names_persons_too(header: str) -> bool:
    """Tell whether a header says that its cells may be persons.

    Examples
    --------
    >>> [names_persons_too(text) for text in ("Affectation", "Service / Utilisateur", "Site")]
    [True, True, False]
    """
    return not _OF_PERSONS.isdisjoint(key_of(header).split())


def services_of(cells: Iterable[str]) -> dict[str, str | None]:
    """Return what is left of each cell that names persons, None when nothing is.

    A word alone is a person where another cell has it beside a first name, where it is one of the
    most frequent surnames of France, or where it may be one and most cells name persons.

    Examples
    --------
    >>> services_of(["DUPONT Jeanne", "Dupont", "Finances"])
    {'DUPONT Jeanne': None, 'Dupont': None}
    >>> services_of(["MOREL", "Finances", "CCAS", "Valcour"])
    {'MOREL': None}
    """
    left = {cell: without_persons(cell) for cell in cells}
    found = {cell: rest for cell, rest in left.items() if rest != cell}
    named = {word for cell in found for word in normalise(cell).split()}
    # what stands beside a person may be the service
    beside = {word for rest in found.values() for word in normalise(rest or "").split()}
    services = {normalise(word) for word in words_of_data("no_persons.csv")}
    surnames = (named - beside - services) | words_of_data("surnames.csv")
    alone = [cell for cell in left if cell not in found]
    found |= dict.fromkeys(cell for cell in alone if normalise(cell) in surnames)
    if 2 * len(found) >= len(left):  # a column of persons: what else may be a surname is one
        found |= dict.fromkeys(
            cell
            for cell in alone
            if cell not in found and not _is_service(cell) and _is_surname_alone(cell)
        )
    return found


def without_persons(text: str) -> str | None:
    """Return a cell without the persons that it names, None when nothing is left.

    Examples
    --------
    >>> without_persons("Service des sports"), without_persons("Jeanne DUPONT")
    ('Service des sports', None)
    >>> without_persons("Finances / J. Dupont")
    'Finances'
    """
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    left = [part for part in parts if not names_a_person(part)]
    if any(map(_is_service, left)):
        left = [part for part in left if not _may_be_surname(part)]
    if len(left) == len(parts):
        return None if names_a_person(text) else text
    return " / ".join(left) or None


def names_a_person(text: str) -> bool:
    """Tell whether a text is the name, the login or the address of a person.

    Examples
    --------
    >>> [names_a_person(text) for text in ("DUPONT Jeanne", "j.dupont", "Accueil", "CCAS Valcour")]
    [True, True, False, False]
    """
    text = " ".join(text.split())
    if ADDRESS.search(text) or _LOGIN.fullmatch(text) or _TITLE.search(text):
        return True
    keys = key_of(text).split()
    if not keys or not _keys("no_persons.csv").isdisjoint(keys):
        return False
    if _INITIAL.fullmatch(text):
        return True
    words = text.split()
    if len(words) > _LONGEST or not all(map(_WORD.fullmatch, words)):
        return False
    if _CAPITALS.fullmatch(text) and words[0].istitle() and " ".join(words[1:]).isupper():
        return True
    ends = (*normalise(words[0]).split(), *normalise(words[-1]).split())
    return not words_of_data("first_names.csv").isdisjoint(ends)


def holds_a_name(identifier: str, name: str) -> bool:
    """Tell whether an identifier holds the surname of a person, if only as a login does.

    Examples
    --------
    >>> [holds_a_name(text, "Jeanne LE GALL") for text in ("jlegall", "PC-GALL", "PC-0012")]
    [True, True, False]
    """
    words = [word for word in normalise(name).split() if word.isalpha()]
    surnames = {word for word in (*words, *_end_to_end(words)) if len(word) >= _LONG}
    return any(
        _is_login(login, surname, words)
        for login in re.findall(r"[^\W\d_]+", normalise(identifier))
        for surname in surnames
    )


def _end_to_end(words: Sequence[str]) -> Iterator[str]:
    """Yield two words of a name that follow each other as one: "legall"."""
    return map("".join, itertools.pairwise(words))


def _is_login(login: str, surname: str, words: Sequence[str]) -> bool:
    """Tell whether a word is a surname, alone or beside the beginning of another word of a name."""
    if login.endswith(surname):
        rest = login.removesuffix(surname)
    elif login.startswith(surname):
        rest = login.removeprefix(surname)
    else:
        return False
    return any(word.startswith(rest) for word in words)


def _is_service(part: str) -> bool:
    """Tell whether a text names a service, and no place that may be called after a person."""
    keys = key_of(part).split()
    return bool(keys) and not _keys("services.csv").isdisjoint(keys)


def _may_be_surname(part: str) -> bool:
    """Tell whether what stands beside a service may be a surname: "Benali", "LE GOFF"."""
    keys, words = key_of(part).split(), part.split()
    if not keys or len(words) > _BESIDE or not _keys("no_persons.csv").isdisjoint(keys):
        return False
    if not all(map(_WORD.fullmatch, words)) or not all(word[0].isupper() for word in words):
        return False
    last = max(normalise(part).split(), key=len)
    # short capitals are the abbreviation of a service, and a name has a vowel
    enough = _CAPITALS_OF_SURNAME if part.isupper() else _LETTERS_OF_SURNAME
    return len(last) >= enough and not _VOWELS.isdisjoint(last)


def _is_surname_alone(text: str) -> bool:
    """Tell whether a word that stands alone may be a surname, and no short name of a service."""
    return len(text.split()) == 1 and len(text) > _LONG and _may_be_surname(text)


def begins_with_title(text: str) -> bool:
    """Tell whether a text is an address, or begins with the title of a person.

    Examples
    --------
    >>> begins_with_title("Mme Durand"), begins_with_title("Mairie")
    (True, False)
    """
    if "@" in text and ADDRESS.fullmatch(text):
        return True
    return text[:1] in "MD" and _TITLE.match(text) is not None


def may_hold_title(text: str) -> bool:
    """Tell whether a part of a text may begin with the title of a person.

    Examples
    --------
    >>> may_hold_title("Accueil (M Durand)"), may_hold_title("Mairie")
    (True, False)
    """
    may = any(title in text for title in _IN_TITLES) or any(
        word.endswith("M") for word in text.split()
    )
    return may and _TITLE_INSIDE.search(text) is not None


def has_initial(text: str) -> bool:
    """Tell whether a text is an initial and a surname, in any order.

    Examples
    --------
    >>> has_initial("J. Dupont"), has_initial("DUPONT J."), has_initial("Mairie")
    (True, True, False)
    """
    return "." in text and _INITIAL.fullmatch(text) is not None


def is_surname(word: str) -> bool:
    """Tell whether a word is one of the most frequent surnames of France.

    Examples
    --------
    >>> is_surname("MOREL"), is_surname("Latitude")
    (True, False)
    """
    return normalise(word) in words_of_data("surnames.csv")


@functools.lru_cache(maxsize=1 << 14)
def is_first_name(word: str) -> bool:
    """Tell whether a word, or each part of it between hyphens, is a first name.

    Examples
    --------
    >>> is_first_name("Jean-Marc"), is_first_name("Latitude")
    (True, False)
    """
    keys = normalise(word).split()
    return bool(keys) and words_of_data("first_names.csv").issuperset(keys)


@functools.lru_cache(maxsize=1 << 14)
def is_no_person(word: str) -> bool:
    """Tell whether a word is that of a place or service."""
    return not _keys("no_persons.csv").isdisjoint(key_of(word).split())


@functools.cache
def words_of_data(name: str) -> frozenset[str]:
    """Return the words of a file of `reen.tables.data` that has nothing else.

    Examples
    --------
    >>> "jeanne" in words_of_data("first_names.csv")
    True
    """
    lines = bundled_text("reen.tables", name).splitlines()[1:]
    rows = csv.reader(lines, delimiter=";")
    return frozenset(word for row in rows for word in row)


@functools.cache
def _keys(name: str) -> frozenset[str]:
    """Return words in the form by which those of a header or a cell are compared."""
    return frozenset(map(key_of, words_of_data(name)))
