"""Worklist: what to answer first, so that more of an inventory can be measured.

Input: an inventory.  Output: how many of its items can be measured, and the distinct questions
that stand in the way (a word, a model, a header, a doubt), ordered by the items that they block,
each with what the library would propose.  Guesses nothing, and changes no row.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.batch import Batch
from reen.inventory.issues import Issue, Severity
from reen.inventory.kinds import SCHEMA_OF_KIND
from reen.reasons import Reason
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["Question", "Subject", "Worklist", "worklist_of"]

#: Type of what is not known.
UNKNOWN = "unknown"

#: Columns of which a word may be answered by another; numbers and days are mended in their file.
_OF_WORDS = {"equipment_type", "country", "status"} | {
    column.name for schema in SCHEMA_OF_KIND.values() for column in schema.values() if column.values
}

#: What a type rests on where the word says it, or the user.
_SAID = frozenset({"word", "mapping"})


class Subject(enum.StrEnum):
    """What a question is about."""

    #: A word of a column: "Bulot" is no type that is known.
    WORD = "word"
    #: A model without a type.
    MODEL = "model"
    #: Rows without type and model.
    BLANK = "blank"
    #: A header that nothing explains.
    HEADER = "header"
    #: What was read on an assumption, and may be wrong.
    DOUBT = "doubt"
    #: A table, a row or a cell that could not be read.
    REFUSED = "refused"


@attrs.frozen(kw_only=True)
class Question:
    """One thing to answer.

    Attributes
    ----------
    subject
        What it is about.
    column
        Canonical column that the answer fills; empty where it fills none.
    value
        What is written in the file: the word, the model, the header.
    reason
        What is not known.
    proposals
        What the answer may be, likeliest first.
    rows, items
        What it is about; items are None where the rows do not say how many they stand for.
    blocks
        Whether they cannot be measured without an answer.
    source, examples
        File, and the first lines, where it stands.
    """

    subject: Subject
    column: str
    value: str
    reason: Reason
    proposals: tuple[str, ...] = ()
    rows: int = 0
    items: float | None = None
    source: str = ""
    examples: tuple[int, ...] = ()
    blocks: bool = True

    @property
    def how(self) -> Reason:
        """Return what an answer may be."""
        if self.subject is Subject.WORD and not self.column:
            return Reason("answer_refused")
        return Reason(f"answer_{self.subject}")

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types."""
        return {
            "about": str(self.subject),
            "column": self.column,
            "value": self.value,
            "reason": self.reason.to_dict(),
            "proposals": list(self.proposals),
            "rows": self.rows,
            "items": self.items,
            "source": self.source,
            "examples": list(self.examples),
            "blocks": self.blocks,
        }

    @property
    def blocked(self) -> float:
        """Return the items that it blocks, at least one a row where their number is not known."""
        if not self.blocks:
            return 0.0
        return max(float(self.rows), self.items or 0.0)


@attrs.frozen(kw_only=True)
class Worklist(Sequence[Question]):
    """What to answer, by the items that it blocks.

    Attributes
    ----------
    questions
        The questions; those that block most come first.
    items
        Items of the equipment rows, as far as their quantity is known.
    typed
        Those whose type is known: the ones that a method can measure.
    rows
        Rows of equipment.
    uncountable
        Rows whose quantity is not known.
    refused
        Rows of the files that could not be read, and may be equipment.
    """

    questions: tuple[Question, ...] = ()
    items: float = 0.0
    typed: float = 0.0
    rows: int = 0
    uncountable: int = 0
    refused: int = 0

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.questions)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204
        """Return a question, or some."""
        return self.questions[place]

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types."""
        return {
            "headline": str(self.headline),
            "items": self.items,
            "typed": self.typed,
            "rows": self.rows,
            "rows_of_unknown_quantity": self.uncountable,
            "refused_rows": self.refused,
            "questions": [each.to_dict() for each in self.questions],
        }

    @property
    def share(self) -> float:
        """Return the share of the items whose type is known; NaN when there is none."""
        return self.typed / self.items if self.items else float("nan")

    @property
    def headline(self) -> Reason:
        """Return in one line what can be measured, and what stands most in the way."""
        parts = {
            "typed": round(self.typed),
            "items": round(self.items),
            "percent": int(100 * self.share) if self.items else 0,
        }
        if not self.rows:
            said = Reason("worklist_nothing")
        elif self.typed == self.items:
            said = Reason("worklist_all", count=round(self.items))
        else:
            said = Reason("worklist_share", **parts)
        gaps = [
            Reason(code, count=count)
            for code, count in (
                ("worklist_uncountable", self.uncountable),
                ("worklist_refused", self.refused),
            )
            if count
        ]
        for gap in gaps:
            said = Reason("worklist_and", first=said, second=gap)
        if not self.questions:
            return said
        return Reason("worklist_first", said=said, question=question_text(self.questions[0]))


def question_text(question: Question) -> Reason:
    """Return a question with what it blocks, as one sentence."""
    return Reason(
        "worklist_question",
        value=question.value,
        reason=question.reason,
        blocked=Reason("worklist_items", count=round(question.items))
        if question.items is not None
        else Reason("worklist_rows", count=question.rows),
    )


def worklist_of(
    batches: Iterable[Batch],
    *,
    issues: Iterable[Issue],
    equipment_types: EquipmentTypes,
    headers: Iterable[tuple[str, str]] = (),
    refused: int = 0,
) -> Worklist:
    """Return what to answer first about some equipment.

    Parameters
    ----------
    batches
        The rows of equipment.
    issues
        What was odd or refused while reading.
    equipment_types
        Taxonomy, for proposals.
    headers
        Headers that nothing explains: file and header.
    refused
        Rows of the files that could not be read.
    """
    tally = _Tally()
    for batch in batches:
        tally.add(batch)
    questions = [
        *tally.questions(equipment_types),
        # rows without a type are asked by word and model, with what each stands for
        *_of_issues(
            issue
            for issue in issues
            if issue.column != "equipment_type" or issue.severity is not Severity.CELL
        ),
        *(
            Question(
                subject=Subject.HEADER,
                column="",
                value=header,
                reason=Reason("header_not_known"),
                proposals=("-", "keep"),
                source=source,
            )
            for source, header in dict.fromkeys(headers)
        ),
    ]
    order = list(Subject)
    questions.sort(key=lambda each: (-each.blocked, order.index(each.subject), each.value))
    return Worklist(
        questions=tuple(questions),
        items=tally.items,
        typed=tally.typed,
        rows=tally.rows,
        uncountable=tally.uncountable,
        refused=refused,
    )


def _of_issues(issues: Iterable[Issue]) -> Iterator[Question]:
    """Yield a question for every issue that keeps a row or a cell out, or that doubts it."""
    subjects = {
        Severity.REJECTED: Subject.REFUSED,
        Severity.CELL: Subject.WORD,
        Severity.DOUBT: Subject.DOUBT,
    }
    for issue in issues:
        if issue.severity not in subjects:
            continue
        yield Question(
            subject=Subject.REFUSED
            if issue.severity is Severity.CELL and issue.column not in _OF_WORDS
            else subjects[issue.severity],
            column=issue.column,
            value=issue.value,
            reason=issue.reason,
            rows=issue.count,
            source=issue.source,
            examples=issue.rows,
        )


@attrs.define
class _Group:
    """Rows without a type that one answer would mend."""

    rows: int = 0
    items: float = 0.0
    source: str = ""
    examples: tuple[int, ...] = ()
    candidates: tuple[str, ...] = ()


@attrs.define
class _Tally:
    """Items with and without a type, counted batch by batch."""

    items: float = 0.0
    typed: float = 0.0
    rows: int = 0
    uncountable: int = 0
    groups: dict[tuple[str, str, str], _Group] = attrs.field(factory=dict)
    words: dict[str, _Group] = attrs.field(factory=dict)

    def add(self, batch: Batch) -> None:
        quantity = batch.values("quantity", "item")
        known = ~np.isnan(quantity)
        types, names = batch.codes("equipment_type")
        untyped = (types < 0) | (types == _place(names, UNKNOWN))
        self.rows += len(batch)
        self.uncountable += int(np.count_nonzero(~known))
        self.items += float(quantity[known].sum())
        self.typed += float(quantity[known & ~untyped].sum())
        items = np.where(known, quantity, 0.0)
        self._group(batch, np.flatnonzero(untyped), items)
        self._words(batch, np.flatnonzero(~untyped), items)

    def _group(
        self, batch: Batch, rows: npt.NDArray[np.intp], quantity: npt.NDArray[np.float64]
    ) -> None:
        """Count the rows without a type by what they say: word, maker and model."""
        if not len(rows):
            return
        columns = ("equipment_type_raw", "manufacturer", "model", "equipment_type_candidates")
        coded = [batch.codes(name) for name in columns]
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
        for code in np.unique(words[rows]).tolist():
            if code < 0:
                continue
            own = rows[words[rows] == code]
            seen = self.words.setdefault(texts[code], _Group())
            seen.rows += len(own)
            seen.items += float(quantity[own].sum())
            found = {keys[each] for each in np.unique(types[own]).tolist()}
            seen.candidates = tuple(sorted({*seen.candidates, *found}))

    def questions(self, types: EquipmentTypes) -> list[Question]:
        """Return a question for every word, every model and the rows that say neither."""
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
                value, subject, reason = maker, Subject.BLANK, Reason("nothing_says_type")
            near = group.candidates or (types.nearest(word) if word else ())
            known = asked.get((subject, value))
            if known is not None:
                known = attrs.evolve(
                    known, rows=known.rows + group.rows, items=(known.items or 0) + group.items
                )
            asked[subject, value] = known or Question(
                subject=subject,
                column="equipment_type",
                value=value,
                reason=reason,
                proposals=tuple(near),
                rows=group.rows,
                items=group.items,
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
                    reason=Reason("word_told_by_others", types=", ".join(group.candidates)),
                    proposals=group.candidates,
                    rows=group.rows,
                    items=group.items,
                    blocks=False,
                )


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
