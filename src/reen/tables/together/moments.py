"""Moments: when the fleet of a table was counted, by the name of the table.

Input: the name of a sheet or of a file.  Output: the moment in it, whatever its form ("au
31-12-23", "20241231", "sept23", "2023-2024", "N-1", "ancien"), and what the table is called without
it.  Two tables that are called the same but for their moments may be one fleet, counted twice.

Reads no row: whether two tables are one fleet is `yearly_tables`'s.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

import attrs

from reen.patterns import pattern
from reen.tables.headers.header_words import key_of
from reen.values import Compared
from reen.vocabulary.text import normalise

__all__ = ["BEFORE", "NOW", "Moment", "called_alike", "moment_in", "newest", "without_moments"]

#: Keys of a table whose name says no moment, and of one that is said to be an older one.
NOW, BEFORE = "9999", "0000"

#: Beginnings of the French and English names of the months, in order.
_MONTHS = (
    *(("jan",), ("fev", "feb"), ("mar",), ("avr", "apr"), ("mai", "may"), ("juin", "jun")),
    *(("juil", "jul"), ("aout", "aug"), ("sep",), ("oct",), ("nov",), ("dec",)),
)
_MONTH = (
    r"(?P<name>janv?(?:ier|uary)?|fevr?(?:ier)?|feb(?:ruary)?|mars|march|mar|avr(?:il)?|apr(?:il)?"
    r"|mai|may|juin|june?|juil(?:let)?|july?|aout|aug(?:ust)?|sept?(?:embre|ember)?"
    r"|oct(?:obre|ober)?|nov(?:embre|ember)?|dec(?:embre|ember)?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT = r"(?P<short>[0-4]\d)"
_M, _D = r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12]\d|3[01])"
_ONE_M, _ONE_D = r"(?P<month>0?[1-9]|1[0-2])", r"(?P<day>0?[1-9]|[12]\d|3[01])"

#: Forms of a moment, the longest first; letters are without accents, words one blank apart.
_FORMS = tuple(
    pattern(rf"(?<!\d)(?<![a-z]){form}(?![a-z\d])")
    for form in (
        rf"{_YEAR} ?{_M} ?{_D}(?: ?t? ?\d\d ?\d\d(?: ?\d\d)?)?",
        rf"{_ONE_D} {_ONE_M} {_YEAR}",
        rf"{_D} {_M} {_SHORT}",
        rf"{_D}{_M}{_YEAR}",
        r"(?P<year>20\d\d) (?P<next>20\d\d)",
        r"(?P<year>20\d\d) (?P<next>\d\d)",
        r"(?P<shorter>[0-4]\d) (?P<next>[0-4]\d)",
        rf"(?:{_ONE_D}(?:er)? )?{_MONTH} ?(?:{_YEAR}|{_SHORT})",
        rf"(?:t|q|trimestre )(?P<quarter>[1-4]) ?{_YEAR}",
        rf"(?:s|semestre )(?P<half>[12]) ?{_YEAR}",
        rf"{_YEAR} ?(?:t|q|trimestre )(?P<quarter>[1-4])",
        rf"{_YEAR} ?(?:s|semestre )(?P<half>[12])",
        rf"{_M} {_YEAR}",
        rf"{_YEAR} ?{_M}",
        rf"(?:fy|exercice) ?(?:{_YEAR}|{_SHORT})",
        _YEAR,
    )
)
#: The same, of years that are counted from now.
_BACK = pattern(r"(?<![a-z\d])(?:(?:annee|exercice) )?n(?: (?P<back>[1-9]))?$")

#: Forms that may be a moment as well as another thing; nothing is set aside by them alone.
_MAYBE = tuple(
    pattern(rf"(?<![a-z\d]){form}(?![a-z\d])")
    for form in (
        rf"{_D}{_M}{_SHORT}",
        rf"{_M} {_SHORT}",
        _MONTH,
        r"v(?:ersion)? ?(?P<version>\d{1,2}(?: \d{1,2})?)",
        r"(?P<copy>copie(?: de)?|copy(?: of)?|sauvegarde|backup|bak|brouillon|draft)",
    )
)

#: What a spreadsheet or a browser adds to the name of a copy.
_COPY_NUMBER = pattern(r"\((\d{1,2})\)\s*$")

#: A name that says that it is a copy.
_COPY = pattern(r"\b(?:copies?|copy|sauvegardes?|backups?|bak|duplicata|archives?)\b")

_OLD = pattern(
    r"\b(?:anciens?|anciennes?|archives?|old|prec[eé]dent(?:e|s|es)?|obsoletes?)\b"
    r"|^(?:historiques?|history)\b"  # "Centre historique" is a place
)
_NEW = pattern(r"\b(?:actuel(?:le|s|les)?|courante?s?|en cours|current|a jour|present|now)\b")
#: Words for what is new: without a year it is the list of now, with one it came that year.
_CAME = pattern(r"\b(?:nouveaux?|nouvelles?|new)\b")

#: Words that every list of a fleet may be called by: they tell none from another.
_ANY_FLEET = frozenset(
    {
        *("parc", "inventaire", "liste", "export", "extraction", "extract", "situation", "etat"),
        *("releve", "recensement", "annee", "exercice", "au", "du", "de", "d", "le", "la", "les"),
        *("fin", "debut", "a", "scolaire", "rentree", "informatique", "materiel", "equipement"),
        *("complet", "global", "general", "it", "fleet", "inventory", "list", "asset", "of"),
        *("at", "the", "end", "year", "snapshot", "en", "date"),
    }
)


@attrs.frozen(eq=False, repr=False)
class Moment(Compared):
    """A moment in a name.

    Attributes
    ----------
    key
        By which moments are ordered: ``2024-12-31``, ``2023-2024``, `NOW`, `BEFORE`; of what is
        only perhaps one, the words as they stand.
    stem
        What the table is called without it, in normal form; empty for the whole fleet.
    sure
        Whether its form is that of a moment and of nothing else.
    """

    key: str
    stem: str
    sure: bool = True

    @property
    def years(self) -> frozenset[str]:
        """Return the calendar years that it lies in."""
        return frozenset(re.findall(r"(?<!\d)(?:19|20)\d\d", self.key)) - {NOW}


@functools.lru_cache(maxsize=4096)
def moment_in(name: str) -> Moment | None:
    """Return the moment of a table by its name, None when several are named.

    Examples
    --------
    >>> from reen.tables.together.moments import moment_in
    >>> names = ("Parc au 31-12-23", "export-20241231", "écoles_sept23", "2023-2024", "N-1")
    >>> for found in map(moment_in, names):
    ...     print(found.key, found.stem or "-")
    2023-12-31 -
    2024-12-31 -
    2023-09 ecole
    2023-2024 -
    9998 -
    >>> moment_in("Parc 2010-2015") is None
    True
    """
    text = normalise(name)
    found = list(_all_in(text))
    for match in reversed(found):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    if len(found) > 1 or re.search(rf"(?<!\d){_YEAR}(?!\d)", text):
        return None
    if not found:
        return _relative(text) or _perhaps(name) or Moment(NOW, _stem(text))
    stem = _stem(_NEW.sub(" ", _OLD.sub(" ", text)))
    # rooms 23-24 are no school year
    return Moment(_key(found[0]), stem, sure=not stem or "shorter" not in _parts(found[0]))


def _relative(text: str) -> Moment | None:
    """Return the moment that is told by how long ago it was, None when none is."""
    if found := _BACK.search(text):
        key = NOW if found["back"] is None else str(int(NOW) - int(found["back"]))
        return Moment(key, _stem(text[: found.start()]))
    for words, key in ((_NEW, NOW), (_CAME, NOW), (_OLD, BEFORE)):
        if words.search(text):
            return Moment(key, _stem(words.sub(" ", text)))
    return None


def _perhaps(name: str) -> Moment | None:
    """Return what may be a moment as well as another thing, None when nothing is."""
    if copy := _COPY_NUMBER.search(name):
        stem = _stem(normalise(_COPY_NUMBER.sub("", name)))
        return Moment(copy[0].strip(), stem, sure=False)
    text = normalise(name)
    for form in _MAYBE:
        if found := form.search(text):
            return Moment(found[0], _stem(form.sub(" ", text)), sure=False)
    return None


def newest(keys: Sequence[str], wanted: str = "") -> str:
    """Return the moment that counts: the latest one, of those in the year that is wanted."""
    named = [key for key in keys if wanted and key.startswith(wanted)]
    return max(named or keys)


def without_moments(name: str) -> str:
    """Return what a name says beside its moment, in normal form; all of it when it has none."""
    found = moment_in(name)
    if found is None or found.key == NOW or not found.sure:
        return normalise(name)
    return found.stem


def called_alike(one: str, other: str) -> bool:
    """Tell whether two names of files differ by a moment, or by what the name of a copy has, alone.

    Examples
    --------
    >>> from reen.tables.together.moments import called_alike
    >>> names = ("parc (1).csv", "sauvegarde/parc.csv", "parc_2024.csv", "ecole_b.csv")
    >>> [called_alike(name, "parc.csv") for name in names]
    [True, True, True, False]
    >>> called_alike("Jules Ferry/parc.csv", "Jean Moulin/parc.csv")
    False
    """
    names = [PurePath(name).with_suffix("").parts for name in (one, other)]
    pairs = zip(*names, strict=False)
    shared = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    texts = ["/".join(parts[shared:]) for parts in names]
    if any(_COPY_NUMBER.search(text) or _COPY.search(normalise(text)) for text in texts):
        return True
    first, second = (_stem(without_moments(text)) for text in texts)
    return first == second


def _all_in(text: str) -> Iterator[re.Match[str]]:
    """Yield the moments of a text from left to right, at each place the longest form."""
    start = 0
    while True:
        forms = (form.search(text, start) for form in _FORMS)
        here = [found for found in forms if found is not None and _is_moment(found)]
        if not here:
            return
        first = min(here, key=lambda match: (match.start(), -match.end()))
        yield first
        start = first.end()


def _is_moment(match: re.Match[str]) -> bool:
    """Tell whether two years are those of one school year; other forms are moments as they are."""
    parts = _parts(match)
    if "next" not in parts:
        return True
    first = parts.get("year") or parts["shorter"]
    return int(parts["next"][-2:]) == (int(first[-2:]) + 1) % 100


def _parts(match: re.Match[str]) -> dict[str, str]:
    return {name: text for name, text in match.groupdict().items() if text is not None}


def _key(match: re.Match[str]) -> str:
    """Return the key of a moment, as far as its parts are named."""
    parts = _parts(match)
    year = parts.get("year") or f"20{parts.get('short') or parts['shorter']}"
    if "next" in parts:
        return f"{year}-{int(year) + 1}"
    month = int(parts.get("month", 0))
    if "name" in parts:
        month = 1 + next(k for k, names in enumerate(_MONTHS) if parts["name"].startswith(names))
    month = 3 * int(parts["quarter"]) if "quarter" in parts else month
    month = 6 * int(parts["half"]) if "half" in parts else month
    key = f"{year}-{month:02}" if month else year
    return f"{key}-{int(parts['day']):02}" if "day" in parts else key


def _stem(text: str) -> str:
    return " ".join(word for word in key_of(text).split() if word not in _ANY_FLEET)
