"""Reader: the rows of a batch, as cases ask them.

Input: a batch.  Output: numbers of answers, and values of terms, kept while the batch lasts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.inventory.batch import Batch
from reen.method.parts import parts_of
from reen.method.questions import Codes, Question, Value, values_of
from reen.method.terms import Column, Floats, Part, Term, Whole, form_of, worked_out
from reen.values import Compared

__all__ = ["AnyRow", "Reader", "Row", "Test"]

Rows: TypeAlias = npt.NDArray[np.intp]


@attrs.frozen(eq=False, repr=False)
class Test(Compared):
    """A comparison of terms that depend on the case: asked of the rows that come to it."""

    holds: Callable[[Any, Any], Any]
    left: Term
    right: Term

    def holds_for(self, whole: Callable[[Whole], Floats]) -> bool:
        """Tell whether it holds for one row, `whole` giving its columns."""
        constants: list[float] = []
        sides = [form_of(side, constants) for side in (self.left, self.right)]
        left, right = (worked_out(side, constants, whole) for side in sides)
        with np.errstate(invalid="ignore"):
            return bool(np.all(self.holds(left, right)))


class AnyRow(Protocol):
    """What a case asks of a row."""

    def code(self, question: Question) -> int:
        """Return the number of the row's answer."""

    def holds(self, test: Test) -> bool:
        """Tell whether a comparison holds for the row."""


class Reader:
    """Answers of the rows of a batch.

    Parameters
    ----------
    batch
        The rows.
    """

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        #: Answers worked out so far.
        self.known: dict[Question, Codes] = {}
        self._whole: dict[Whole, Floats] = {}

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.batch)

    def codes(self, question: Question) -> Codes:
        """Return the number of the answer of each row, or of all rows."""
        found = self.known.get(question)
        if found is None:
            found = self.known[question] = question.codes(self.batch)
        return found

    def codes_at(self, question: Question, rows: Rows | slice) -> Codes:
        """Return the number of the answer of some rows, or of all of them."""
        if isinstance(question, Value):
            return question.codes_of(self.whole(question.column)[rows])
        codes = self.codes(question)
        return codes if isinstance(codes, int) else codes[rows]

    def whole(self, term: Whole) -> Floats:
        """Return the values of a column, or of what is derived from columns."""
        found = self._whole.get(term)
        if found is None:
            if isinstance(term, Column):
                found = values_of(self.batch, term)
            elif isinstance(term, Part):
                found = parts_of(self.batch, term)
            else:
                found = term.worked_out(self.whole)
            self._whole[term] = found
        return found


@attrs.frozen(eq=False, repr=False)
class Row:
    """One row of a batch."""

    reader: Reader
    number: int

    def code(self, question: Question) -> int:
        """Return the number of the row's answer."""
        if type(question) is Value:
            return int(question.codes_of(self._cell(question.column))[0])
        codes = self.reader.known.get(question)
        if codes is None:
            codes = self.reader.codes(question)
        return codes if type(codes) is int else int(codes[self.number])  # type: ignore[index]

    def holds(self, test: Test) -> bool:
        """Tell whether a comparison holds for the row."""
        return test.holds_for(self._cell)

    def _cell(self, term: Whole) -> Floats:
        return self.reader.whole(term)[self.number : self.number + 1]
