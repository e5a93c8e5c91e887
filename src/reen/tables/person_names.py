"""Names of persons: which cells name a person where a column mixes persons and services.

Input: the text of a cell of a column such as "Affectation" or "Service / Utilisateur".  Output: the
cell without the persons that it names: nothing, or the service beside them.  A cell names a person
by its form (an address, a login, "J. Dupont", "Mme Durand"), or by a first name beside words that
are no places nor services.

Cannot tell a surname that stands alone from the name of a place.
"""

from __future__ import annotations

import csv
import functools
import importlib.resources
import re
from collections.abc import Iterable

from reen.tables.header_words import key_of
from reen.vocabulary.text import normalise

__all__ = ["names_a_person", "names_persons_too", "services_of", "without_persons"]

#: Words of a header that say that its cells may be persons.
_OF_PERSONS = frozenset(
    {"affectation", "affectataire", "affecte", "attribue", "attributaire", "attribution"}
    | {"agent", "beneficiaire", "detenteur", "destinataire", "occupant", "possesseur"}
    | {"responsable", "titulaire", "usager", "utilisateur"}
    | {"assigned", "assignee", "assignment", "beneficiary", "holder", "owner", "person"}
    | {"recipient", "responsible", "user", "allocated", "allocation"}
)

#: What stands between a person and a service in one cell; a hyphen alone is part of a name.
_BETWEEN = re.compile(r"\s*(?:[/|;,()\[\]\n]|\s[-\u2013\u2014:]\s)\s*")

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_LOGIN = re.compile(r"[A-Za-z][\w.-]*\\[\w.-]+|[a-z][a-z-]+\.[a-z][a-z-]+")
_TITLE = re.compile(
    r"(?:^|\s)(?:M\.|MM\.|Mr\.?|Mme\.?|Mlle\.?|Mrs\.?|Ms\.?|Dr\.?|Monsieur|Madame|Mademoiselle)"
    r"\s*[^\W\d_]"
)
#: "J. Dupont", "Dupont J.", "J.-P. DUPONT", "J DUPONT": an initial beside a name.
_INITIAL = re.compile(
    r"(?:[^\W\d_]\.[ -]?){1,2}[^\W\d_]{2,}(?:[ '-][^\W\d_]+)*"
    r"|[^\W\d_]{2,}(?:[ '-][^\W\d_]+)* [^\W\d_]\.(?:-?[^\W\d_]\.)?"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\.?")

#: "Zyx NOVAKOVA": a word, then one in capitals that is no short name of a service.
_CAPITALS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)? [^\W\d_]{4,}(?:[ '-][^\W\d_]{2,})*")

#: Most words of a name: "Marie Anne DE LA TOUR".
_LONGEST = 5


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

    A word alone is a person where another cell has it beside a first name.

    Examples
    --------
    >>> services_of(["DUPONT Jeanne", "Dupont", "Finances"])
    {'DUPONT Jeanne': None, 'Dupont': None}
    """
    left = {cell: without_persons(cell) for cell in cells}
    found = {cell: rest for cell, rest in left.items() if rest != cell}
    named = {word for cell in found for word in normalise(cell).split()}
    # what stands beside a person may be the service
    beside = {word for rest in found.values() for word in normalise(rest or "").split()}
    surnames = named - beside - {normalise(word) for word in _words("no_persons.csv")}
    return found | dict.fromkeys(
        cell for cell in left if cell not in found and normalise(cell) in surnames
    )


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
    if _ADDRESS.search(text) or _LOGIN.fullmatch(text) or _TITLE.search(text):
        return True
    keys = key_of(text).split()
    if not keys or not _words("no_persons.csv").isdisjoint(keys):
        return False
    if _INITIAL.fullmatch(text):
        return True
    words = text.split()
    if len(words) > _LONGEST or not all(map(_WORD.fullmatch, words)):
        return False
    if _CAPITALS.fullmatch(text) and words[0].istitle() and " ".join(words[1:]).isupper():
        return True
    ends = (*normalise(words[0]).split(), *normalise(words[-1]).split())
    return not _words("first_names.csv").isdisjoint(ends)


@functools.cache
def _words(name: str) -> frozenset[str]:
    source = importlib.resources.files(__package__).joinpath("data", name)
    rows = csv.reader(source.read_text(encoding="utf-8").splitlines()[1:], delimiter=";")
    return frozenset(word for row in rows for word in row)
