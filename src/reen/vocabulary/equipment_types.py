"""Equipment types: one taxonomy, and the words by which inventories and tools call each type.

Role: resolve "PC portables", "Notebook" or "Écran 24 pouces" to a key, on distinct values.  The
words are those of French and English inventory sheets and of GLPI (SMBIOS chassis types), OCS,
Lansweeper, Snipe-IT, Intune, ServiceNow, NumEcoEval, G4IT, BoaviztAPI, EcoDiag and GES 1point5.  A
match is exact once normalised.  Words that name several types on their own (`portable`,
`téléphone`, `station`: ``data/ambiguous_words.csv``) resolve to none.  A keyboard sold with its
mouse is one `keyboard`; a disk counted apart from a computer is an external one; `other` is for
what is known and has no type here, `unknown` for what is not known.

Waste category (directive 2012/19/EU, annex III): a screen above 100 cm2 makes it 2; else a
dimension above 50 cm makes it 4; else it is 6 for IT and telecommunications and 5 for the rest
(sound, image, sensors), for the usual professional device of the type.  A bare rack is not
electrical, a cloud instance is somebody else's, `other` and `unknown` are undecided: no category.

Imports errors and the lookup; must not decide from a model or from other rows.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterable, Iterator, Mapping

import attrs

from reen.errors import UnknownNameError
from reen.patterns import pattern
from reen.values import Printed
from reen.vocabulary.lookup import (
    VocabularyError,
    WordIndex,
    read_table,
    split_words,
    word_form,
)

__all__ = [
    "AmbiguousWord",
    "EquipmentType",
    "EquipmentTypes",
    "WeeeCategory",
    "bundled_equipment_types",
    "words_of_types",
]

_VOCABULARY = "equipment types"

_SIZE = r"\d{1,3}(?:[.,]\d{1,2})?"

#: A screen diagonal or a range of them: 24", 15,6 pouces, 40 - 49 inches.
_DIAGONAL = pattern(
    rf"(?:{_SIZE}\s*(?:-|–|à|to)\s*)?{_SIZE}[\s-]*(?:\"|''|”|″|(?:pouces?|inch(?:es)?)\b)",  # noqa: RUF001
    re.IGNORECASE,
)


class WeeeCategory(enum.IntEnum):
    """Category of waste equipment: directive 2012/19/EU, annex III."""

    TEMPERATURE_EXCHANGE = 1
    SCREENS = 2
    LAMPS = 3
    LARGE = 4
    SMALL = 5
    SMALL_IT = 6

    @property
    def title_en(self) -> str:
        """Title in English, in short."""
        return _WEEE_TITLES[self][0]

    @property
    def title_fr(self) -> str:
        """Title in French, in short."""
        return _WEEE_TITLES[self][1]


_WEEE_TITLES = {
    WeeeCategory.TEMPERATURE_EXCHANGE: (
        "Temperature exchange equipment",
        "Équipements d'échange thermique",
    ),
    WeeeCategory.SCREENS: (
        "Screens and equipment with a screen above 100 cm2",
        "Écrans et équipements à écran de plus de 100 cm2",
    ),
    WeeeCategory.LAMPS: ("Lamps", "Lampes"),
    WeeeCategory.LARGE: (
        "Large equipment (above 50 cm)",
        "Gros équipements (plus de 50 cm)",
    ),
    WeeeCategory.SMALL: (
        "Small equipment (up to 50 cm)",
        "Petits équipements (50 cm au plus)",
    ),
    WeeeCategory.SMALL_IT: (
        "Small IT and telecommunication equipment (up to 50 cm)",
        "Petits équipements informatiques et de télécommunication (50 cm au plus)",
    ),
}


@attrs.frozen(kw_only=True, repr=False)
class EquipmentType(Printed):
    """One type of equipment.

    Attributes
    ----------
    key
        Name in reen, e.g. ``laptop``.
    title_en, title_fr
        Titles.
    synonyms
        Other words for it; case, accents, punctuation and plain plurals do not matter.
    weee_category
        Category of waste equipment; None when undecided or not electrical.
    is_server
        Whether it counts among servers: it may carry virtual machines or volumes, and bears the
        overhead of its data centre.
    """

    key: str
    title_en: str
    title_fr: str
    synonyms: tuple[str, ...] = ()
    weee_category: WeeeCategory | None = None
    is_server: bool = False


@attrs.frozen(repr=False)
class AmbiguousWord:
    """A word that names several types when it stands alone.

    Attributes
    ----------
    word
        The word, in any spelling.
    candidates
        Keys of the types it may mean, likeliest first.
    """

    word: str
    candidates: tuple[str, ...]


def _type_tuple(types: Iterable[EquipmentType]) -> tuple[EquipmentType, ...]:
    return tuple(types)


def _word_tuple(words: Iterable[AmbiguousWord]) -> tuple[AmbiguousWord, ...]:
    return tuple(words)


# a taxonomy is a key of what was read with it: its hash is worked out once
@attrs.frozen(cache_hash=True, repr=False)
class EquipmentTypes:
    """An immutable, ordered set of equipment types, looked up by key or by any word.

    Parameters
    ----------
    types
        The types, in the order in which tables show them.
    ambiguous
        Words that must resolve to no type, with what they may mean.

    Raises
    ------
    VocabularyError
        When two types claim one key or word, when a type claims an ambiguous word, or when an
        ambiguous word has a candidate that is not a type.
    """

    types: tuple[EquipmentType, ...] = attrs.field(converter=_type_tuple)
    ambiguous: tuple[AmbiguousWord, ...] = attrs.field(
        converter=_word_tuple, default=(), kw_only=True
    )
    _by_key: Mapping[str, EquipmentType] = attrs.field(init=False, eq=False, repr=False)
    _index: WordIndex = attrs.field(init=False, eq=False, repr=False)

    @_by_key.default
    def _keyed(self) -> Mapping[str, EquipmentType]:
        return {each.key: each for each in self.types}

    @_index.default
    def _indexed(self) -> WordIndex:
        return WordIndex.of(_VOCABULARY, words_of_types(self.types))

    def __attrs_post_init__(self) -> None:
        for entry in self.ambiguous:
            key = self._index.get(entry.word)
            # "mobile phone" is more than the type of that key, which only the key itself names
            if key is not None and word_form(entry.word) != word_form(key):
                reason = (
                    f"names {key!r}, but alone it may mean {' or '.join(entry.candidates)}:"
                    " add the word that tells them apart."
                )
                raise VocabularyError(_VOCABULARY, entry.word, reason)
            for candidate in entry.candidates:
                if candidate not in self:
                    reason = f"is no type, but the ambiguous word {entry.word!r} may mean it."
                    raise VocabularyError(_VOCABULARY, candidate, reason)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys, in order."""
        return tuple(self._by_key)

    def __iter__(self) -> Iterator[EquipmentType]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self.types)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __getitem__(self, key: str) -> EquipmentType:
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownNameError("equipment type", key, self.nearest(key)) from None

    def resolve(self, text: str) -> str | None:
        """Return the key of the type that `text` names, or None.

        The match is exact on the normalised words; a screen diagonal (``Écran 24"``) is not part
        of a type and is left aside.  A key names its type, also where its words are ambiguous.
        Nothing is guessed: see `nearest` for suggestions.
        """
        key = self._index.get(text) or self._index.get(_DIAGONAL.sub(" ", text))
        # "mobile_phone" is the key, "Mobile phones" are also smartphones
        return key if text.strip().casefold() == key or not self.candidates(text) else None

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return up to three keys that `text` may mean, best first.

        An ambiguous word gives its candidates; any other gives the types whose words look most
        like it.
        """
        return self.candidates(text)[:3] or self._index.nearest(_DIAGONAL.sub(" ", text))

    def candidates(self, text: str) -> tuple[str, ...]:
        """Return what an ambiguous word may mean, likeliest first; nothing for any other."""
        found = self.meanings.get(word_form(_DIAGONAL.sub(" ", text)), ())
        return found if len(found) > 1 else ()

    @functools.cached_property
    def meanings(self) -> Mapping[str, tuple[str, ...]]:
        """Return what each word may mean, by the form in which words are compared."""
        single = {form: (key,) for form, key in self._index.items()}
        return single | {word_form(each.word): each.candidates for each in self.ambiguous}

    def extended(self, types: Iterable[EquipmentType]) -> EquipmentTypes:
        """Return these types followed by `types`, with the same ambiguous words.

        Raises
        ------
        VocabularyError
            When a new one claims a key or word already taken, or an ambiguous one.
        """
        new = tuple(types)
        # most plugins add none, and an index of all words is not made again for that
        return EquipmentTypes((*self.types, *new), ambiguous=self.ambiguous) if new else self


def words_of_types(types: Iterable[EquipmentType]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the key of each type with the other words that name it."""
    return ((t.key, (t.title_en, t.title_fr, *t.synonyms)) for t in types)


@functools.cache
def bundled_equipment_types() -> EquipmentTypes:
    """Return the equipment types that reen ships (read once, on first use)."""
    types = (
        EquipmentType(
            key=row["key"],
            title_en=row["title_en"],
            title_fr=row["title_fr"],
            synonyms=split_words(row["synonyms"]),
            weee_category=(
                WeeeCategory(int(row["weee_category"])) if row["weee_category"] else None
            ),
            is_server=row["is_server"] == "yes",
        )
        for row in read_table("equipment_types.csv")
    )
    ambiguous = (
        AmbiguousWord(word, split_words(row["candidates"]))
        for row in read_table("ambiguous_words.csv")
        for word in split_words(row["words"])
    )
    return EquipmentTypes(types, ambiguous=ambiguous)
