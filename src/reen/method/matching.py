"""Matching of models: which flow answers for a model that an inventory names.

In order, the first that answers: the line of a matching table; a declared flow id; the same name
once normalised; the most alike name of the same maker whose designators (numbers, short words) are
the same.  Input: names as text, a factor set.  Output: `ModelMatch`.  A pure function of the name
and the set of flows: order of rows, of sheets and of batches changes nothing.

`rapidfuzz` (extra ``match``) scores likeness and is imported on use; knows no inventory.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

import attrs
import numpy as np

from reen.errors import MissingExtraError
from reen.factors.factor_set import FactorSet
from reen.factors.library import FactorLibrary
from reen.method.matching_table import MatchingTable, require_sheets
from reen.method.model_names import (
    ModelName,
    maker_form,
    model_aliases,
    parse_model,
    text_form,
)
from reen.reasons import Reason

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["MATCH_THRESHOLD", "ModelMatch", "ModelMatcher"]

#: Likeness from which two names of one maker, with the same designators, are taken for one model.
MATCH_THRESHOLD = 90.0

#: Likeness of two names that are the same.
_SAME = 100.0

#: What each specification that only the sheet states takes off the likeness.
_UNSTATED = 2.0

#: Likeness below which one word is exchanged for another, not mistyped.
_MISTYPED = 75.0

#: Names compared with all sheets at a time, for candidates: bounds the memory.
_BLOCK = 1024

K = TypeVar("K")

Level = Literal["model", "approximate model", "none"]


@attrs.frozen
class ModelMatch:
    """What a model was matched to.

    Attributes
    ----------
    flow
        Position of the flow in the factor set, -1 for none.
    level
        ``model``, ``approximate model`` or ``none``.
    score
        Likeness of the names, 100 when they are the same, 0 for none.
    by_hand
        Whether a person decided, in a matching table.
    set_aside
        Whether a sheet of the model is there and is not to be used (see the notes of its pack).
    """

    flow: int
    level: Level
    score: float
    by_hand: bool = False
    set_aside: bool = False


_NOTHING = ModelMatch(-1, "none", 0.0)


@attrs.frozen
class _Sheet:
    """One name of one flow; position -1 for a sheet that is set aside."""

    position: int
    id: str
    maker: str
    name: ModelName
    text: str = ""
    alias: bool = False


@attrs.frozen(eq=False)
class ModelMatcher:
    """Finds the flow of a model among those that carry a model name.

    Attributes
    ----------
    factors
        Flows to choose from.
    threshold
        Likeness, 0 to 100, from which an approximate match is accepted.
    approximate
        Whether approximate matches are looked for; they need rapidfuzz.
    table
        Matching table that goes before the matcher's own answer.
    set_aside
        Names, maker first, of models whose sheet is not to be used.

    Raises
    ------
    MissingExtraError
        Approximate matches are looked for and rapidfuzz is not installed.
    InventoryError
        The matching table names a flow that is not there.
    """

    factors: FactorSet
    threshold: float = attrs.field(default=MATCH_THRESHOLD, kw_only=True)
    approximate: bool = attrs.field(default=True, kw_only=True)
    table: MatchingTable | None = attrs.field(default=None, kw_only=True)
    set_aside: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.approximate:
            _rapidfuzz()  # now, not at the first name that is not the same
        if self.table is not None:
            require_sheets(self.table, [self.factors.flows[k].id for k in self._items])

    @classmethod
    def of(
        cls,
        library: FactorLibrary,
        *,
        threshold: float = MATCH_THRESHOLD,
        approximate: bool = True,
        table: MatchingTable | None = None,
    ) -> ModelMatcher:
        """Return the matcher of the packs in use.

        A model that a pack's matching table ties to no factor is set aside.

        Raises
        ------
        InventoryError
            The matching table names a flow that is not there.
        """
        aside = tuple(
            key
            for pack in library.packs
            for match, key, target in pack.matching
            if match == "model" and library.by_id(target) < 0
        )
        return cls(
            library.factors,
            threshold=threshold,
            approximate=approximate,
            table=table,
            set_aside=aside,
        )

    # -- what there is to match ----------------------------------------------------------------

    @functools.cached_property
    def _items(self) -> tuple[int, ...]:
        """Positions of the flows per item, whether they name a model or not."""
        descriptions = enumerate(self.factors.descriptions)
        return tuple(k for k, text in descriptions if text.reference_unit == "item")

    @functools.cached_property
    def _makers(self) -> frozenset[str]:
        texts = (self.factors.descriptions[k] for k in self._items)
        known = {maker_form(text.manufacturer) for text in texts}
        known |= {maker_form(key.partition(" ")[0]) for key in self.set_aside}
        return frozenset(known - {""})

    @functools.cached_property
    def _sheets(self) -> tuple[_Sheet, ...]:
        """All names of all sheets; several for a sheet of several models."""
        found = []
        for k in self._items:
            text, flow = self.factors.descriptions[k], self.factors.flows[k].id
            maker = maker_form(text.manufacturer)
            for number, alias in enumerate(model_aliases(text.model) if text.model else ()):
                name = parse_model(alias, text.manufacturer, known=self._makers)
                found.append(_Sheet(k, flow, maker, name, text_form(alias), number > 0))
        for key in self.set_aside:
            name = parse_model(key, known=self._makers)
            found.append(_Sheet(-1, "", next(iter(name.makers), ""), name))
        return tuple(sheet for sheet in found if sheet.name.key)

    @functools.cached_property
    def _by_key(self) -> Mapping[str, tuple[_Sheet, ...]]:
        return _grouped((sheet.name.key, sheet) for sheet in self._sheets)

    @functools.cached_property
    def _by_designators(self) -> Mapping[frozenset[str], tuple[_Sheet, ...]]:
        usable = (sheet for sheet in self._sheets if sheet.position >= 0)
        return _grouped((sheet.name.designators, sheet) for sheet in usable)

    @functools.cached_property
    def _usable(self) -> tuple[_Sheet, ...]:
        """The first name of each sheet, in the order of their ids."""
        first = {sheet.id: sheet for sheet in reversed(self._sheets) if sheet.position >= 0}
        return tuple(first[key] for key in sorted(first))

    @functools.cached_property
    def _by_id(self) -> Mapping[str, int]:
        return {self.factors.flows[k].id: k for k in reversed(self._items)}

    # -- matching ------------------------------------------------------------------------------

    def match(self, model: str, manufacturer: str = "") -> ModelMatch:
        """Return what answers for a model.

        Parameters
        ----------
        model, manufacturer
            As the inventory writes them; the maker may be empty.

        """
        own = self._own(model, manufacturer)
        row = self.table.find(model, manufacturer) if self.table is not None else None
        if row is None:
            return own
        chosen = self._by_id[row.sheet] if row.sheet else -1
        if chosen < 0:
            return own if own.flow < 0 else attrs.evolve(_NOTHING, by_hand=True)
        if chosen == own.flow and (own.level == "model" or row.level.strip().lower() != "model"):
            return own
        return ModelMatch(chosen, "model", _SAME, by_hand=True)

    def _own(self, model: str, manufacturer: str) -> ModelMatch:
        declared = self._by_id.get(model.strip())
        if declared is not None:
            return ModelMatch(declared, "model", _SAME)
        name = parse_model(model, manufacturer, known=self._makers)
        if not name.key:
            return _NOTHING
        same = [s for s in self._by_key.get(name.key, ()) if _agree(name, s)]
        if same and all(sheet.position < 0 for sheet in same):
            return attrs.evolve(_NOTHING, set_aside=True)
        scored = [(_SAME - _UNSTATED * _unstated(name, s), s) for s in same if s.position >= 0]
        if not scored and self.approximate:
            near = self._by_designators.get(name.designators, ())
            scored = [(self._likeness(name, s), s) for s in near if _agree(name, s)]
        return self._best(scored, text_form(model))

    def _best(self, scored: Sequence[tuple[float, _Sheet]], text: str) -> ModelMatch:
        """Return the best of some sheets, none of two makers alike.

        Of two alike: the one whose own name it is, letter for letter, then the smaller id.
        """
        if not scored:
            return _NOTHING
        order = sorted(scored, key=lambda each: (-each[0], *_precedence(each[1], text)))
        score, sheet = order[0]
        accepted = score >= _SAME or (self.approximate and score >= self.threshold)
        if not accepted or len({each.maker for found, each in order if found == score}) > 1:
            return _NOTHING
        level: Level = "model" if score >= _SAME else "approximate model"
        return ModelMatch(sheet.position, level, score)

    def _likeness(self, name: ModelName, sheet: _Sheet) -> float:
        """Return the likeness of the words, 0 when one is exchanged for another.

        The designators are the same on both sides: they would only hide how unlike the words are.
        """
        fuzz = _rapidfuzz().fuzz
        mine, theirs = name.words.split(), sheet.name.words.split()
        only_mine = [word for word in mine if word not in theirs]
        only_theirs = [word for word in theirs if word not in mine]
        for word in only_theirs if only_mine else ():
            if max(fuzz.ratio(word, other) for other in only_mine) < _MISTYPED:
                return 0.0
        # never 100: the keys differ, so something does
        alike = min(float(fuzz.ratio(name.words, sheet.name.words)), _SAME - 1.0)
        return alike - _UNSTATED * _unstated(name, sheet)

    # -- candidates ----------------------------------------------------------------------------

    def candidates(
        self, models: Sequence[tuple[str, str]], *, limit: int = 3
    ) -> list[tuple[tuple[str, float], ...]]:
        """Return the sheets whose names look most like each model's, best first.

        For a person to choose from: numbers may differ here, makers may not.

        Parameters
        ----------
        models
            (model, maker) pairs.
        limit
            Sheets per model.

        Returns
        -------
        list of tuple
            (flow id, likeness 0 to 100) pairs for each model.
        """
        names = [parse_model(model, maker, known=self._makers) for model, maker in models]
        blocks: dict[frozenset[str], list[int]] = {}
        for k, name in enumerate(names):
            blocks.setdefault(name.makers, []).append(k)
        found: list[tuple[tuple[str, float], ...]] = [()] * len(names)
        for makers, members in blocks.items():
            sheets = [s for s in self._usable if not makers or makers == {s.maker}]
            for start in range(0, len(members), _BLOCK):
                part = members[start : start + _BLOCK]
                listed = _nearest([names[k].form for k in part], sheets, limit)
                for k, each in zip(part, listed, strict=True):
                    found[k] = each
        return found


def _grouped(pairs: Iterable[tuple[K, _Sheet]]) -> Mapping[K, tuple[_Sheet, ...]]:
    groups: dict[K, list[_Sheet]] = {}
    for key, sheet in pairs:
        groups.setdefault(key, []).append(sheet)
    return {key: tuple(sheets) for key, sheets in groups.items()}


def _agree(name: ModelName, sheet: _Sheet) -> bool:
    return name.may_be(sheet.maker) and not name.contradicts(sheet.name.specifications)


def _precedence(sheet: _Sheet, text: str) -> tuple[bool, bool, str]:
    return sheet.text != text, sheet.alias, sheet.id


def _unstated(name: ModelName, sheet: _Sheet) -> int:
    """Return how many specifications the sheet states and the name does not."""
    return len(sheet.name.specifications - name.specifications)


def _nearest(
    forms: Sequence[str], sheets: Sequence[_Sheet], limit: int
) -> list[tuple[tuple[str, float], ...]]:
    size = min(limit, len(sheets))
    if not size:
        return [()] * len(forms)
    rapidfuzz = _rapidfuzz()
    scores = rapidfuzz.process.cdist(
        forms, [sheet.name.form for sheet in sheets], scorer=rapidfuzz.fuzz.ratio, dtype=np.float32
    )
    # One whole number per pair, likeness then order of the ids, so that ties are settled.
    ranks = np.rint(scores * 100.0).astype(np.int64) * len(sheets) - np.arange(len(sheets))
    top = np.argpartition(-ranks, size - 1, axis=1)[:, :size]
    top = np.take_along_axis(top, np.argsort(-np.take_along_axis(ranks, top, axis=1)), axis=1)
    return [
        tuple((sheets[k].id, round(float(scores[row, k]), 1)) for k in chosen)
        for row, chosen in enumerate(top.tolist())
    ]


def _rapidfuzz() -> ModuleType:
    try:
        import rapidfuzz
    except ImportError as error:
        purpose = Reason("error_approximate_matching")
        raise MissingExtraError("rapidfuzz", "match", purpose) from error
    return rapidfuzz
