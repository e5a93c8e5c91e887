"""Untyped: the rows of equipment, or of purchases or disposals, whose type is not known, asked.

Input: batches of one kind, one after the other.  Output: how many items have a type, and one
question per word, model or blank that leaves others without; words that nobody knows are asked too
where other evidence told the type.  Guesses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.batch import Batch
from reen.inventory.questions import Question, Subject
from reen.reasons import Reason
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["Tally"]

#: Type of what is not known.
UNKNOWN = "unknown"

#: What a type rests on where the word says it, or the user.
_SAID = frozenset({"word", "mapping"})


@attrs.define
class _Group:
    """Rows without a type that one answer would mend."""

    rows: int = 0
    items: float = 0.0
    source: str = ""
    examples: tuple[int, ...] = ()
    candidates: tuple[str, ...] = ()


@attrs.define
class Tally:
    """Items with and without a type, counted batch by batch."""

    items: float = 0.0
    typed: float = 0.0
    rows: int = 0
    uncountable: int = 0
    unknown: int = 0
    groups: dict[tuple[str, str, str], _Group] = attrs.field(factory=dict)
    words: dict[str, _Group] = attrs.field(factory=dict)

    def add(self, batch: Batch) -> None:
        """Count the rows of a batch."""
        quantity = batch.values("quantity", "item")
        known = ~np.isnan(quantity)
        types, names = batch.codes("equipment_type")
        untyped = (types < 0) | (types == _place(names, UNKNOWN))
        self.rows += len(batch)
        self.uncountable += int(np.count_nonzero(~known))
        self.unknown += int(np.count_nonzero(~known & untyped))
        self.items += float(quantity[known].sum())
        self.typed += float(quantity[known & ~untyped].sum())
        items = np.where(known, quantity, 0.0)
        self._group(batch, np.flatnonzero(untyped), items)
        self._words(batch, np.flatnonzero(~untyped), items)

    def _group(
        self, batch: Batch, rows: npt.NDArray[np.intp], quantity: npt.NDArray[np.float64]
    ) -> None:
        """Count the rows without a type by their word, maker and model."""
        if not len(rows):
            return
        columns = ("equipment_type_raw", "manufacturer", "model", "equipment_type_candidates")
        coded = [_codes(batch, name) for name in columns]
        key = np.stack([codes[rows].astype(np.int64) for codes, _ in coded])
        distinct, place = np.unique(key, axis=1, return_inverse=True)
        place = place.ravel()
        count = np.bincount(place)
        items = np.bincount(place, weights=quantity[rows])
        firsts = np.full(len(count), -1, np.int64)
        firsts[place[::-1]] = rows[::-1]
        sources, lines = _places(batch, firsts)
        for k in range(len(count)):
            word, maker, model, candidates = (
                words[code] if code >= 0 else ""
                for code, (_, words) in zip(distinct[:, k].tolist(), coded, strict=True)
            )
            found = _Group(
                source=sources[k],
                examples=lines[k],
                candidates=tuple(filter(None, candidates.split(", "))),
            )
            group = self.groups.setdefault((word, maker, model), found)
            group.rows += int(count[k])
            group.items += float(items[k])

    def _words(
        self, batch: Batch, rows: npt.NDArray[np.intp], quantity: npt.NDArray[np.float64]
    ) -> None:
        """Count the rows with a type by the word that was written, where other evidence told it."""
        if not batch.has("equipment_type_basis") or not batch.has("equipment_type_raw"):
            return
        bases, names = batch.codes("equipment_type_basis")
        inferred = np.array([name not in _SAID for name in names] + [False])
        rows = rows[inferred[bases[rows]]]
        types, keys = batch.codes("equipment_type")
        words, texts = batch.codes("equipment_type_raw")
        rows = rows[words[rows] >= 0]
        if not len(rows):
            return
        pairs = np.stack([words[rows], types[rows]]).astype(np.int64)
        distinct, place = np.unique(pairs, axis=1, return_inverse=True)
        place = place.ravel()
        counts = np.bincount(place)
        items = np.bincount(place, weights=quantity[rows])
        for k, (word, kind) in enumerate(distinct.T.tolist()):
            seen = self.words.setdefault(texts[word], _Group())
            seen.rows += int(counts[k])
            seen.items += float(items[k])
            seen.candidates = tuple(sorted({*seen.candidates, keys[kind]}))

    def questions(self, types: EquipmentTypes) -> list[Question]:
        """Return a question for every word, every model and the rows that have neither."""
        asked: dict[tuple[Subject, str], Question] = {}
        for (word, maker, model), group in self.groups.items():
            # one answer mends a word that nobody knows; one of everyday means a type by its model
            everyday = bool(types.candidates(word))
            if word and not (everyday and model):
                value, subject, reason = word, Subject.WORD, Reason("word_names_no_type")
            elif model:
                value = model if maker.casefold() in model.casefold() else f"{maker} {model}"
                subject, reason = Subject.MODEL, Reason("model_without_type")
            else:
                value, subject = maker, Subject.BLANK
                # rows of which something was read, a description such as "Portable"
                unsaid = "type_left_open" if group.candidates else "no_type_no_model"
                reason = Reason("nothing_says_type" if maker else unsaid)
            near = group.candidates or (types.nearest(word) if word else ())
            known = asked.get((subject, value))
            if known is not None:
                known = attrs.evolve(
                    known,
                    rows=known.rows + group.rows,
                    items=((known.items or 0.0) + group.items) or None,
                )
            asked[subject, value] = known or Question(
                subject=subject,
                column="equipment_type",
                value=value,
                reason=reason,
                proposals=tuple(near),
                rows=group.rows,
                items=group.items or None,
                source=group.source,
                examples=group.examples,
            )
        return [*asked.values(), *self._unread(types)]

    def _unread(self, types: EquipmentTypes) -> Iterator[Question]:
        """Yield a question for every word that nobody knows, though models told its types."""
        for word, group in self.words.items():
            if types.resolve(word) is None and not types.candidates(word):
                yield Question(
                    subject=Subject.WORD,
                    column="equipment_type",
                    value=word,
                    reason=Reason("word_told_by_others"),
                    proposals=group.candidates,
                    rows=group.rows,
                    items=group.items or None,
                    blocks=False,
                )


def _codes(batch: Batch, name: str) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
    """Return the codes and words of a column, all blank in a table that has none."""
    return batch.codes(name) if batch.has(name) else (np.full(len(batch), -1, np.int32), ())


def _place(names: Sequence[str], name: str) -> int:
    return list(names).index(name) if name in names else len(names)


def _places(batch: Batch, rows: npt.NDArray[np.int64]) -> tuple[list[str], list[tuple[int, ...]]]:
    """Return file and line of some rows."""
    table = batch.data
    chosen = pa.array(rows)
    names = table.schema.names
    sources = table["source"].take(chosen).to_pylist() if "source" in names else [""] * len(rows)
    lines = table["source_row"].take(chosen).to_pylist() if "source_row" in names else []
    return [each or "" for each in sources], [
        () if line is None else (int(line),) for line in (lines or [None] * len(rows))
    ]
