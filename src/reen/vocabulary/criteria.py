"""Criteria: the impact columns that a footprint may have, and every name they go by.

Role: one `Criterion` per computable column (category, indicator, unit).  The sixteen impact
categories, their indicators and published units are those of the Environmental Footprint method,
EF 3.1 (Commission Recommendation (EU) 2021/2279; Joint Research Centre, EUR 31414 EN, 2023); the
others are the sub-indicators of climate change and what BoaviztAPI adds.  Aliases are the names
and codes of EF, NumEcoEval, G4IT, BoaviztAPI, NegaOctet and Ecobalyse.

Imports errors and the lookup; must not import pint: a unit here is only a name, of a dimension of
its own, so that two criteria are never added by mistake.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

import attrs

from reen.errors import UnknownCriterionError
from reen.vocabulary.lookup import VocabularyError, WordIndex, read_table, split_words

__all__ = ["Criteria", "Criterion", "bundled_criteria"]

_VOCABULARY = "criteria"

#: What pint can define as a unit: one name, without operators.
_UNIT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@attrs.frozen(kw_only=True)
class Criterion:
    """One impact column.

    Attributes
    ----------
    key
        Name in reen, e.g. ``climate_change``.
    ef_category
        Impact category of the Environmental Footprint method; empty when it has none.
    unit
        Unit name, e.g. ``kgCO2e``: a dimension of its own, shared with no other criterion.
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
    """

    key: str
    unit: str
    title_en: str
    title_fr: str
    ef_category: str = ""
    aliases: tuple[str, ...] = ()
    in_ef: bool = False
    published_unit: str = ""
    note: str = ""


def _as_tuple(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    return tuple(criteria)


@attrs.frozen
class Criteria:
    """An immutable, ordered set of criteria, looked up by key or by any alias.

    Parameters
    ----------
    criteria
        The criteria, in the order in which tables show them.

    Raises
    ------
    VocabularyError
        When two criteria claim one key, alias or unit, or a unit is not a single name.
    """

    criteria: tuple[Criterion, ...] = attrs.field(converter=_as_tuple)
    _index: WordIndex = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        owners: dict[str, str] = {}
        for criterion in self.criteria:
            if not _UNIT_NAME.fullmatch(criterion.unit):
                reason = f"cannot be the unit of {criterion.key!r}: write one name, such as kgCO2e."
                raise VocabularyError(_VOCABULARY, criterion.unit, reason)
            owner = owners.setdefault(criterion.unit, criterion.key)
            if owner != criterion.key:
                reason = (
                    f"is the unit of both {owner!r} and {criterion.key!r}; give one of them a name"
                    " of its own, so that the two cannot be added."
                )
                raise VocabularyError(_VOCABULARY, criterion.unit, reason)

    @_index.default
    def _indexed(self) -> WordIndex:
        return WordIndex.of(
            _VOCABULARY,
            ((c.key, (c.title_en, c.title_fr, *c.aliases)) for c in self.criteria),
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys, in order."""
        return tuple(criterion.key for criterion in self.criteria)

    def __iter__(self) -> Iterator[Criterion]:
        return iter(self.criteria)

    def __len__(self) -> int:
        return len(self.criteria)

    def __contains__(self, key: object) -> bool:
        return key in self.keys

    def __getitem__(self, key: str) -> Criterion:
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise UnknownCriterionError(key, self.nearest(key))

    def resolve(self, text: str) -> Criterion:
        """Return the criterion that `text` names by its key, a title or an alias.

        Raises
        ------
        UnknownCriterionError
            When it names none; the error proposes the nearest keys.
        """
        key = self._index.get(text)
        if key is None:
            raise UnknownCriterionError(text, self.nearest(text))
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
        return Criteria((*self.criteria, *criteria))


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
