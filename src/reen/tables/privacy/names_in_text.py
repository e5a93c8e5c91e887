"""Names in text: persons whom a cell of free text names, cut out of it.

Input: the text of a cell such as a type, a status or a model ("Portable de Jeanne Dupont").
Output: the same text with a mark for each person ("Portable de …").  A person is known by a title,
an address of electronic mail, a login, a first name beside a capitalised word, or by what stands
before ("chez", "domicile").

Places are called after persons ("Collège Jean Moulin"): in the cells of a column of places only
what stands before a name tells of a person.  A surname that stands alone is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reen.patterns import pattern
from reen.tables.privacy.person_names import ADDRESS, is_first_name, is_no_person
from reen.vocabulary.text import fold_plurals, normalise

__all__ = [
    "BETWEEN_CELLS",
    "MARK",
    "ONE_WORD",
    "PARTICLES",
    "PLACES",
    "is_called_after",
    "name_nobody",
    "without_holders",
    "without_names",
]

#: What stands for a person.
MARK = "\u2026"

#: What no word, no blank and no mark is: cells put end to end are looked at at once.
BETWEEN_CELLS = "\0"

#: Columns whose cells are names of places and of parts of an organisation.
PLACES = frozenset({"site", "entity", "country", "city", "building", "room", "cluster"})

_WORD = r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*"
ONE_WORD = pattern(_WORD)
#: A title and a name: "Mme Durand", "M. DE LA TOUR".
_TITLED = pattern(
    r"(?<!\w)(?:M\.|MM\.|Mr\.?|Mme\.?|Mlle\.?|Mrs\.?|Monsieur|Madame|Mademoiselle)\s*"
    rf"(?:[^\W\d_]\.\s?)?[^\W\d_a-z]{_WORD}(?: (?=[^\W\d_a-z]){_WORD}){{0,3}}"
)
#: What each of these titles has.
_IN_TITLES = ("M.", "Mr", "Mme", "Mlle", "Monsieur", "Madame", "Mademoiselle")
#: Titles without a full stop, which are no first word of a name.
_TITLES = frozenset({"Mr", "Mme", "Mlle", "Mrs", "Monsieur", "Madame", "Mademoiselle"})
_LOGIN = pattern(r"(?<![\w\\:])[A-Za-z][\w.-]*\\[\w.-]+")
#: What says that a person comes next, whatever the name.
_HOLDER = pattern(
    r"\b(?:chez|domicile(?: de)?|(?:pr[eê]t[eé]|attribu[eé]|affect[eé]|confi[eé])e?s? [aà])"
    rf"\s+(?={_WORD} {_WORD})",
    re.IGNORECASE,
)
#: What says so when a first name comes next.
_DEVICE_OF = pattern(
    r"\b(?:(?:poste|portable|pc|ordinateur|laptop|ordi|bureau|[eé]cran|t[eé]l[eé]phone|tablette|"
    r"imprimante|remis|rendu|prise?|utilis[eé]e?)s? (?:de |d['\u2019]|[aà] |par |pour )"
    r"|chez |pour |domicile (?:de )?|(?:pr[eê]t|attribu|affect|confi)[eé]e?s? [aà] )",
    re.IGNORECASE,
)
#: A word that both patterns have: most cells have none.
_LINK = pattern(r"(?:\b(?:chez|domicile|de|[aà]|par|pour)\s|\bd['\u2019])", re.IGNORECASE)
_LINKS = ("chez", "domicile", "de", "a", "\u00e0", "par", "pour")
_FROM_HERE = pattern(rf"{_WORD}(?: {_WORD}){{0,4}}")
#: Words between two of a name.
PARTICLES = frozenset({"de", "du", "la", "le", "el", "al", "ben", "da", "van", "von", "bin"})
#: First names that also stand in names of products and colours.
_OF_PRODUCTS = frozenset(
    {"max", "maxime", "rose", "aurore", "martin", "george", "victoria", "jade", "ambre", "violette"}
    | {"blanche", "marine", "said", "line", "constance", "aime", "stella", "flora", "iris", "luna"}
    | {"axel", "robin", "leo", "noe", "olivia", "adele", "claire", "alex", "lea", "yan"}
)
#: What is called after persons: these are no persons of the inventory.
_CALLED_AFTER = frozenset(
    map(
        fold_plurals,
        {"ecole", "college", "lycee", "maternelle", "creche", "salle", "espace", "centre", "stade"}
        | {"gymnase", "piscine", "mediatheque", "bibliotheque", "theatre", "rue", "place", "avenue"}
        | {"boulevard", "residence", "hopital", "school", "street", "room"},
    )
)
#: A name has at most so many words.
_LONGEST = 4
_SURNAME_IN_CAPITALS = 4


def name_nobody(cells: Iterable[str], *, places: bool = False) -> bool:
    """Tell whether it is certain that no cell of a column names a person.

    Cells of which it says so are those that `without_names`, or `without_holders` in a column of
    `places`, leaves as they are; where it does not, they have to be asked one by one.

    Examples
    --------
    >>> name_nobody(["Latitude 5420", "Série 7"]), name_nobody(["Latitude 5420", "PC de Jeanne"])
    (True, False)
    """
    text = BETWEEN_CELLS.join(cells)
    if _may_hold_title(text) and _TITLED.search(text):
        return False
    if _may_link(text) and _LINK.search(text):
        return False
    if places:
        return True
    return not ("@" in text or "\\" in text or any(map(is_first_name, {*ONE_WORD.findall(text)})))


def _may_hold_title(text: str) -> bool:
    return any(title in text for title in _IN_TITLES)


def _may_link(text: str) -> bool:
    """Tell whether a text may have a word of `_LINK`, by the ends of its words."""
    small = text.lower()
    if any(
        mark in small for mark in ("d'", "d\u2019", "\u0131", "\u0307")
    ):  # i without a dot, or with
        return True
    return any(word.endswith(_LINKS) for word in small.split())


def without_names(text: str, *, places: bool = False) -> str:
    """Return a text with a mark for each person that it names.

    Parameters
    ----------
    text
        A cell.
    places
        Whether it is the cell of a column of places: these are called after persons, too.

    Examples
    --------
    >>> without_names("Portable de Jeanne Dupont"), without_names("PC DUPONT Jeanne (2e étage)")
    ('Portable de …', 'PC … (2e étage)')
    >>> without_names("Collège Jean Moulin", places=True), without_names("Latitude 5420")
    ('Collège Jean Moulin', 'Latitude 5420')
    """
    if not any(map(str.isalpha, text)):
        return text
    if "@" in text or "\\" in text:
        text = _LOGIN.sub(MARK, ADDRESS.sub(MARK, text))
    if _may_hold_title(text):
        text = _TITLED.sub(MARK, text)
    text = without_holders(text)
    return text if places else _without_first_names(text)


def without_holders(text: str) -> str:
    """Return a text with a mark for each person of whom it says that a device is there, or theirs.

    Examples
    --------
    >>> without_holders("Domicile Jeanne Dupont"), without_holders("Bureau 12 Mme Durand")
    ('Domicile …', 'Bureau 12 …')
    >>> without_holders("Rue Madame Curie")
    'Rue Madame Curie'
    """
    if _may_hold_title(text):
        text = _TITLED.sub(_unless_called_after, text)
    if not (_may_link(text) and _LINK.search(text)):
        return text
    for announced, only_first_names in ((_HOLDER, False), (_DEVICE_OF, True)):
        text = _cut(text, [each.end() for each in announced.finditer(text)], only_first_names)
    return text


def _unless_called_after(found: re.Match[str]) -> str:
    """Return what stands for a person with a title: the same where a place is called after it."""
    before = ONE_WORD.findall(found.string[: found.start()])
    named = [word for word in before if word.casefold() not in PARTICLES]
    return found.group() if named and is_called_after(named[-1]) else MARK


def _cut(text: str, starts: list[int], only_first_names: bool) -> str:  # noqa: FBT001
    """Return a text without the names that begin at some places."""
    for start in reversed(starts):
        found = _FROM_HERE.match(text, start)
        if found is None:
            continue
        length = _length_of_name(found.group().split(), only_first_names)
        if length:
            text = text[:start] + MARK + text[start + length :]
    return text


def _length_of_name(words: list[str], only_first_names: bool) -> int:  # noqa: FBT001
    """Return how many characters of some words are a name, 0 when they begin with none."""
    if words[0] in _TITLES or any(map(is_no_person, words[:2])):
        return 0
    first = [is_first_name(word) for word in words]
    if only_first_names and not any(first[:2]):
        return 0
    if not only_first_names and not any(first[:2]) and not all(map(_is_capital, words[:2])):
        return 0
    # a name in small letters is one word after the first name
    end = 2 if not _is_capital(words[0]) else _end_of_name(words)
    return len(" ".join(words[:end]))


def _end_of_name(words: list[str]) -> int:
    end = 1
    for place, word in enumerate(words[1:_LONGEST], 1):
        if _is_capital(word) and not is_no_person(word):
            end = place + 1
        elif word.casefold() not in PARTICLES:
            break
    return end


def _is_capital(word: str) -> bool:
    return word[:1].isupper()


def _without_first_names(text: str) -> str:
    """Return a text without first names and the capitalised words beside them."""
    if not any(map(is_first_name, ONE_WORD.findall(text))):
        return text
    for start, end in reversed([*_first_names_in(text)]):
        text = text[:start] + MARK + text[end:]
    return text


def _first_names_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a first name and a surname beside it begin and end."""
    words = [*ONE_WORD.finditer(text)]
    done = -1
    for place, word in enumerate(words):
        if place <= done or not _may_be_first(word.group()):
            continue
        if place and is_called_after(words[place - 1].group()):
            continue
        first, last = place, _last_of_name(text, words, place)
        if last == place and place and _is_surname_before(text, words[place - 1], word):
            first = place - 1
        if first < last:
            done = last
            yield words[first].start(), words[last].end()


def _last_of_name(text: str, words: Sequence[re.Match[str]], place: int) -> int:
    """Return the place of the last word of a name that begins with a first name."""
    last = place
    for nearby in range(place + 1, min(place + _LONGEST, len(words))):
        if text[words[nearby - 1].end() : words[nearby].start()] != " ":
            break
        if _may_be_surname(words[nearby].group()):
            last = nearby
        elif words[nearby].group().casefold() not in PARTICLES:
            break
    return last


def _is_surname_before(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    """Tell whether the word before a first name is a surname in capitals: "DUPONT Jeanne"."""
    surname = before.group()
    beside = text[before.end() : word.start()] == " " and len(surname) >= _SURNAME_IN_CAPITALS
    return beside and surname.isupper() and _may_be_surname(surname)


def is_called_after(word: str) -> bool:
    """Tell whether a word is that of a place which may be called after a person.

    Examples
    --------
    >>> is_called_after("École"), is_called_after("Finances")
    (True, False)
    """
    return not _CALLED_AFTER.isdisjoint(fold_plurals(normalise(word)).split())


def _may_be_first(word: str) -> bool:
    return _is_capital(word) and is_first_name(word) and word.casefold() not in _OF_PRODUCTS


def _may_be_surname(word: str) -> bool:
    return _is_capital(word) and len(word) > 1 and not is_no_person(word)
