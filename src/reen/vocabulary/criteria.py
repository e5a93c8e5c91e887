"""Criteria: the impact columns that a footprint may have, and every name they go by.

Role: one `Criterion` per computable column (category, indicator, unit).  The sixteen impact
categories, their indicators and published units are those of the Environmental Footprint method,
EF 3.1 (Commission Recommendation (EU) 2021/2279; Joint Research Centre, EUR 31414 EN, 2023); the
others are the sub-indicators of climate change and what BoaviztAPI adds.  Aliases are the names
and codes of EF, NumEcoEval, G4IT, BoaviztAPI, NegaOctet and Ecobalyse.  Plugins and packs may add
criteria of their own, which go with the figures: nothing here is changed by them.

Imports errors and the lookup; must not import pint: a unit here is only a name, of a dimension of
its own, so that two criteria are never added by mistake.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping

import attrs

from reen.errors import UnknownNameError
from reen.values import Compared
from reen.vocabulary.lookup import VocabularyError, WordIndex, read_table, split_words

__all__ = [
    "Criteria",
    "Criterion",
    "bundled_criteria",
    "completed",
    "own_criteria",
    "words_of_criteria",
]

_VOCABULARY = "criteria"

#: What pint can define as a unit: one name, without operators.
_UNIT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

#: What a key may look like: it is part of the name of a column.
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def _word_tuple(words: Iterable[str]) -> tuple[str, ...]:
    # a text is kept whole, and refused later with the name of its criterion
    return words if isinstance(words, str) else tuple(words)  # type: ignore[return-value]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Criterion(Compared):
    """One impact column.

    Attributes
    ----------
    key
        Name in reen, e.g. ``climate_change``.
    ef_category
        Impact category of the Environmental Footprint method; empty when it has none.
    unit
        Unit name, e.g. ``kgCO2e``: a dimension of its own, shared with no other criterion.  A name
        that pint has (``kg``) keeps the dimension that it has there.
    title_en, title_fr
        Titles.
    aliases
        Other names and codes.
    in_ef
        Whether it is one of the sixteen of EF 3.1 (sub-indicators are not).
    published_unit
        Unit as its source prints it, e.g. ``kg CO2 eq``.
    note
        What to know before comparing or adding; may be empty.
    source
        Document that defines the category, its model and unit; empty for those that reen ships,
        whose documents the page on criteria cites.
    """

    key: str
    unit: str
    title_en: str
    title_fr: str
    ef_category: str = ""
    aliases: tuple[str, ...] = attrs.field(default=(), converter=_word_tuple)
    in_ef: bool = False
    published_unit: str = ""
    note: str = ""
    source: str = ""


#: Fields that hold text.
_TEXTS = ("key", "unit", "title_en", "title_fr", "ef_category", "published_unit", "note", "source")


def _checked(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Return criteria as a tuple, each of them well formed."""
    found = tuple(criteria)
    for criterion in found:
        each: object = criterion
        if not isinstance(each, Criterion):
            raise VocabularyError(_VOCABULARY, repr(each), "is no Criterion: make it with one.")
        for name in _TEXTS:
            text: object = getattr(criterion, name)
            if not isinstance(text, str):
                reason = f"has {text!r} as its {name}: expected text."
                raise VocabularyError(_VOCABULARY, str(criterion.key), reason)
        if not _KEY.fullmatch(criterion.key):
            reason = "cannot be a key: write small letters, digits and _, such as climate_change."
            raise VocabularyError(_VOCABULARY, criterion.key, reason)
        if not criterion.title_en.strip() or not criterion.title_fr.strip():
            reason = "has no title: give title_en and title_fr."
            raise VocabularyError(_VOCABULARY, criterion.key, reason)
        words: object = criterion.aliases
        if not isinstance(words, tuple) or not all(isinstance(word, str) for word in words):
            reason = f"has {words!r} as its aliases: expected several words, such as ('gwp',)."
            raise VocabularyError(_VOCABULARY, criterion.key, reason)
        if not _UNIT_NAME.fullmatch(criterion.unit):
            reason = f"cannot be the unit of {criterion.key!r}: write one name, such as kgCO2e."
            raise VocabularyError(_VOCABULARY, criterion.unit, reason)
    return found


@attrs.frozen(cache_hash=True, repr=False)
class Criteria:
    """An immutable, ordered set of criteria, looked up by key or by any alias.

    Parameters
    ----------
    criteria
        The criteria, in the order in which tables show them.

    Raises
    ------
    VocabularyError
        When two criteria claim one key, alias or unit, a criterion has no title, or a key or unit
        is not a single name.
    """

    criteria: tuple[Criterion, ...] = attrs.field(converter=_checked)
    _by_key: Mapping[str, Criterion] = attrs.field(init=False, eq=False, repr=False)
    _index: WordIndex = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        owners: dict[str, str] = {}
        for criterion in self.criteria:
            owner = owners.setdefault(criterion.unit, criterion.key)
            if owner != criterion.key:
                reason = (
                    f"is the unit of both {owner!r} and {criterion.key!r}; give one of them a name"
                    " of its own, so that the two cannot be added."
                )
                raise VocabularyError(_VOCABULARY, criterion.unit, reason)

    @_by_key.default
    def _keyed(self) -> Mapping[str, Criterion]:
        return {criterion.key: criterion for criterion in self.criteria}

    @_index.default
    def _indexed(self) -> WordIndex:
        return WordIndex.of(_VOCABULARY, words_of_criteria(self.criteria))

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys, in order."""
        return tuple(self._by_key)

    def __iter__(self) -> Iterator[Criterion]:
        return iter(self.criteria)

    def __len__(self) -> int:
        return len(self.criteria)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __getitem__(self, key: str) -> Criterion:
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownNameError("criterion", key, self.nearest(key)) from None

    def resolve(self, text: str) -> Criterion:
        """Return the criterion that `text` names by its key, a title or an alias.

        Raises
        ------
        UnknownNameError
            When it names none; the error proposes the nearest keys.
        """
        given: object = text
        if not isinstance(given, str):
            raise UnknownNameError("criterion", repr(given), (), (each.key for each in self))
        key = self._index.get(text)
        if key is None:
            raise UnknownNameError("criterion", text, self.nearest(text))
        return self[key]

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return up to three keys whose names look most like `text`, best first."""
        return self._index.nearest(text)

    def extended(self, criteria: Iterable[Criterion]) -> Criteria:
        """Return these criteria followed by `criteria`.

        Raises
        ------
        VocabularyError
            When a new one claims a key, alias or unit already taken.
        """
        new = tuple(criteria)
        return Criteria((*self.criteria, *new)) if new else self

    def rivals(self, criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
        """Return those that claim a key, a name or a unit of one of `criteria`."""
        others = tuple(criteria)
        return tuple(each for each in self if any(_clash(each, other) for other in others))


def words_of_criteria(criteria: Iterable[Criterion]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the key of each criterion with the other words that name it."""
    return ((c.key, (c.title_en, c.title_fr, *c.aliases)) for c in criteria)


def _clash(one: Criterion, other: Criterion) -> bool:
    """Tell whether two criteria cannot stand side by side."""
    try:
        Criteria((one, other))
    except VocabularyError:
        return True
    return False


@functools.cache
def bundled_criteria() -> Criteria:
    """Return the criteria that reen ships (read once, on first use)."""
    return Criteria(
        Criterion(
            key=row["key"],
            ef_category=row["ef_category"],
            unit=row["unit"],
            published_unit=row["published_unit"],
            title_en=row["title_en"],
            title_fr=row["title_fr"],
            in_ef=row["in_ef"] == "yes",
            aliases=split_words(row["aliases"]),
            note=row["note"],
        )
        for row in read_table("criteria.csv")
    )


def own_criteria(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Return those of `criteria` that reen does not ship, each once, sorted by key."""
    found = _checked(criteria)
    if not found:
        return ()
    shipped = set(bundled_criteria())
    return tuple(sorted(set(found) - shipped, key=lambda each: each.key))


def completed(known: Criteria, own: tuple[Criterion, ...]) -> Criteria:
    """Return the criteria `known`, followed by those of `own` that are not among them.

    The same object comes back for the same arguments.

    Raises
    ------
    VocabularyError
        When one of `own` claims a key, alias or unit that another criterion has.
    """
    # most packs have no criterion of their own: nothing is looked up for them
    return _completed(known, own) if own else known


@functools.lru_cache(maxsize=256)
def _completed(known: Criteria, own: tuple[Criterion, ...]) -> Criteria:
    there = set(known)
    new = [each for each in dict.fromkeys(own) if each not in there]
    return known.extended(new) if new else known
