"""Questions: what prevents measuring more, one value per thing to answer.

Values only: a `Worklist` is what `worklist` makes of an inventory, and what pages and tables of
answers show.  Counts nothing and reads no row.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping, Sequence
from typing import overload

import attrs

from reen.reasons import Detail, Reason
from reen.values import Compared
from reen.views.figures import of_items

__all__ = ["SEVERAL", "Question", "Subject", "Worklist", "question_text"]


#: Code of the doubt about rows that say several items: a number answers it.
SEVERAL = "maybe_several"


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


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Question(Compared):
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
        if self.reason.code == SEVERAL:
            return Reason("answer_several")
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
    unknown
        Those among them whose type is not known either.
    refused
        Rows of the files that could not be read, and may be equipment.
    linked
        Rows of the tables beside the equipment, by kind (`reen.inventory.table_kinds`).
    """

    questions: tuple[Question, ...] = ()
    items: float = 0.0
    typed: float = 0.0
    rows: int = 0
    uncountable: int = 0
    unknown: int = 0
    refused: int = 0
    linked: Mapping[str, int] = attrs.field(factory=dict)

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.questions)

    @overload
    def __getitem__(self, place: int) -> Question: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Question, ...]: ...

    def __getitem__(self, place: int | slice) -> Question | tuple[Question, ...]:
        """Return a question, or some."""
        return self.questions[place]

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types."""
        return {
            "headline": self.headline.text("en"),
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
        """Return in one line what can be measured, and what prevents most of the rest."""
        if not self.rows:
            said = self._without_equipment()
        elif self.typed == self.items:
            code = "worklist_known" if self.unknown else "worklist_all"
            said = Reason(code, count=of_items(self.items))
        else:
            share = self.share if self.items else 0.0
            parts = {"typed": of_items(self.typed), "items": of_items(self.items), "share": share}
            said = Reason("worklist_share", **parts)
        gaps = [
            Reason(code, count=count)
            for code, count in (
                ("worklist_unknown", self.unknown),
                ("worklist_uncountable", self.uncountable - self.unknown),
                ("worklist_refused", self.refused),
            )
            if count
        ]
        for gap in gaps:
            said = Reason("worklist_and", first=said, second=gap)
        if not self.questions:
            return said
        return Reason("worklist_first", said=said, question=question_text(self.questions[0]))

    def _without_equipment(self) -> Reason:
        """Return what was found instead of equipment."""
        found = [Reason(f"found_{kind}", count=rows) for kind, rows in self.linked.items() if rows]
        if not found:
            return Reason("worklist_nothing")
        said = functools.reduce(
            lambda first, second: Reason("worklist_and", first=first, second=second), found
        )
        return Reason("worklist_records", found=said)


def question_text(question: Question) -> Reason:
    """Return a question with what it blocks, as one sentence."""
    if not question.rows and question.items is None:
        return Reason("worklist_question_plain", value=question.value, reason=question.reason)
    parts: dict[str, Detail] = {
        "reason": question.reason,
        "blocked": Reason("worklist_items", count=round(question.items))
        if question.items is not None
        else Reason("worklist_rows", count=question.rows),
    }
    if not question.value:  # whole rows, or cells that are not shown
        return Reason("worklist_question_of_rows", **parts)
    of_cell = question.subject in (Subject.REFUSED, Subject.DOUBT)
    of_cell |= question.subject is Subject.WORD and question.column != "equipment_type"
    if question.column and of_cell:
        # a type or a model shows which column it is in, a number or a day does not
        return Reason(
            "worklist_question_of_cell", column=question.column, value=question.value, **parts
        )
    return Reason("worklist_question", value=question.value, **parts)
