"""Questions: what a case may ask of its rows, each answered for all rows of a batch at once.

A question numbers its answers: rows with the same numbers for every question that a method asks
are one case.  Words are classed once for each distinct word, numbers are taken as they are only
where the method asks for them by value.
"""

from __future__ import annotations

import abc
import enum
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.errors import PluginError
from reen.inventory.batch import Batch
from reen.inventory.schema import Column as ColumnOfSchema
from reen.inventory.schema import ColumnKind
from reen.method.amounts import DAY
from reen.method.terms import Column, Constant, Floats
from reen.method.verdicts import Verdict
from reen.plugins.guard import A_METHOD
from reen.reasons import Reason
from reen.values import Compared

__all__ = [
    "Codes",
    "Comparison",
    "Given",
    "Question",
    "Refusal",
    "State",
    "There",
    "Value",
    "Word",
    "combinations",
    "distinct_codes",
    "values_of",
]

#: Number of the answer of each row, or of all rows.
Codes: TypeAlias = npt.NDArray[np.integer[Any]] | int

#: Distinct answers on words above which a method is told to class them.
MOST_ANSWERS = 2000

#: Largest table of combinations of words that is counted rather than sorted.
_COUNTED = 1 << 22


class State(enum.IntEnum):
    """Whether a cell is given, blank or invalid."""

    GIVEN = 0
    BLANK = 1
    #: Unreadable, or out of the range of its column.
    INVALID = 2
    #: The inventory lacks the column, which has a default.
    ABSENT = 3


#: By number: to look one up takes a tenth of the time of making it.
_STATES = tuple(State)


class Question(abc.ABC):
    """Something that a case may ask."""

    @abc.abstractmethod
    def codes(self, batch: Batch) -> Codes:
        """Return the number of the answer of each row, or of all rows when it is the same."""

    @abc.abstractmethod
    def answer(self, code: int) -> Any:  # noqa: ANN401 - of any kind
        """Return the answer of a number."""

    def room(self, codes: npt.NDArray[np.integer[Any]]) -> int:  # noqa: ARG002 - of those who count
        """Return how many numbers the answers of a batch may take."""
        return 2


class Given(Question):
    """The state of a cell of a column: see `State`."""

    def __init__(self, name: str, column: ColumnOfSchema | None) -> None:
        self.name = name
        self._number = column is not None and column.kind is ColumnKind.NUMBER
        self._date = column is not None and column.kind is ColumnKind.DATE
        absent = column is not None and column.default is not None
        self._without_column = State.ABSENT if absent else State.BLANK

    def codes(self, batch: Batch) -> Codes:
        """Return the state of each cell."""
        if not batch.has(self.name):
            return int(self._without_column)
        blank = batch.missing(self.name)
        codes = blank.view(np.uint8)
        if self._number:
            invalid = batch.invalid(self.name)
            if invalid.any():
                # an invalid cell is not blank: the two never add up
                return codes + np.uint8(State.INVALID) * invalid.view(np.uint8)
        if self._date:
            unread = batch.unreadable(self.name)
            if unread.any():
                return np.where(unread, np.uint8(State.INVALID), codes)
        return codes if blank.any() else int(State.GIVEN)

    def answer(self, code: int) -> State:
        """Return the state."""
        return _STATES[code]

    def room(self, codes: npt.NDArray[np.integer[Any]]) -> int:
        """Return room for the states that are there."""
        return 1 + int(codes.max())


@attrs.frozen(eq=False, repr=False)
class Refusal(Compared):
    """A verdict that is the answer on some words.

    Without the exception itself, which holds on to whoever raised it.
    """

    kind: type[Verdict]
    reason: Reason

    def verdict(self) -> Verdict:
        """Return the verdict, to be raised."""
        return self.kind.because(self.reason)


class _Answers:
    """Distinct answers and their numbers.

    Parameters
    ----------
    too_many
        What is said of more than `MOST_ANSWERS`: of what, and the remedy.
    """

    def __init__(self, too_many: str) -> None:
        self._too_many = too_many
        self._number: dict[Hashable, int] = {}
        self._answers: list[Any] = []
        self._numbering = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def __getitem__(self, number: int) -> Any:  # noqa: ANN401 - of any kind
        return self._answers[number]

    def number(self, answer: Hashable) -> int:
        """Return the number of an answer, a new one at first sight.

        Raises
        ------
        PluginError
            There are too many.
        """
        with self._numbering:
            number = self._number.get(answer)
            if number is None:
                number = len(self._answers)
                if number == MOST_ANSWERS:
                    raise PluginError(A_METHOD, self._too_many)
                self._answers.append(answer)
                self._number[answer] = number
        return number


class Word(Question):
    """The class of the words of some columns: a function of them, or the word of one itself."""

    def __init__(
        self, names: tuple[str, ...], function: Callable[..., Hashable] | None = None
    ) -> None:
        self.names, self.function = names, function
        self._known: dict[tuple[str | None, ...], int] = {}
        asked = "case.word" if function is None else "case.of"
        self._answers = _Answers(
            f"{asked} has more than {MOST_ANSWERS:,} different answers on {' and '.join(names)}:"
            f" class the words first, as in case.of(self.kind_of, {', '.join(map(repr, names))}),"
            " with a function of few answers"
        )

    def codes(self, batch: Batch) -> Codes:
        """Return the number of each row's class."""
        there = [name for name in self.names if batch.has(name)]
        if not there:
            return self._class((None,) * len(self.names))
        if len(self.names) == 1:
            return batch.map(self.names[0], self._classes)
        return self._of_several(batch)

    def _classes(self, words: Sequence[str | None]) -> npt.NDArray[np.int32]:
        return np.array([self._class((word,)) for word in words], np.int32)

    def _of_several(self, batch: Batch) -> npt.NDArray[np.int32]:
        found, place = combinations(batch, self.names)
        return np.array([self._class(each) for each in found], np.int32)[place]

    def _class(self, words: tuple[str | None, ...]) -> int:
        known = self._known.get(words)
        if known is not None:
            return known
        answer: Hashable = words[0]
        if self.function is not None:
            try:
                answer = self.function(*words)
            except Verdict as verdict:
                answer = Refusal(type(verdict), verdict.reason)
        self._known[words] = number = self._answers.number(answer)
        return number

    def answer(self, code: int) -> Any:  # noqa: ANN401 - what the function gave
        """Return the class."""
        return self._answers[code]

    def room(self, codes: npt.NDArray[np.integer[Any]]) -> int:  # noqa: ARG002
        """Return room for twice the classes known, so that keys seldom change."""
        return 1 << len(self._answers).bit_length()


class Value(Question):
    """A number by its value, for configurations: so many cores, so many GiB.

    Asked of the rows that come to it, alone: what laptops hold is no configuration of a server.
    """

    def __init__(self, name: str, unit: str, rounding: Callable[[Floats], Floats]) -> None:
        self.column, self._rounding = Column(name, unit), rounding
        self._answers = _Answers(
            f"case.value has more than {MOST_ANSWERS:,} different answers on {name}: give it a"
            " rounding that leaves few, or ask for an amount with case.number"
        )

    def codes(self, batch: Batch) -> Codes:
        """Return the number of each row's value."""
        return self.codes_of(values_of(batch, self.column))

    def codes_of(self, values: Floats) -> npt.NDArray[np.int32]:
        """Return the number of each of some values."""
        distinct, place = np.unique(self._rounding(values), return_inverse=True)
        # NaN is no value: a blank asked for by value is None
        numbers = [self._answers.number(None if v != v else v) for v in distinct.tolist()]  # noqa: PLR0124
        return np.array(numbers, np.int32)[place.reshape(-1)]

    def answer(self, code: int) -> float | None:
        """Return the value, None for none."""
        found: float | None = self._answers[code]
        return found


class There(Question):
    """Whether the inventory has a column at all."""

    def __init__(self, name: str) -> None:
        self._name = name

    def codes(self, batch: Batch) -> Codes:
        """Return 1 where it has."""
        return int(batch.has(self._name))

    def answer(self, code: int) -> bool:
        """Return whether it has."""
        return bool(code)


class Comparison(Question):
    """A column beside a number, whatever the case: worked out for all rows at once."""

    def __init__(self, holds: Callable[[Any, Any], Any], column: Column, value: Constant) -> None:
        self.column = column
        self._holds, self._value = holds, value

    def codes(self, batch: Batch) -> Codes:
        """Return 1 where it holds; blank cells answer no, as whoever asks has learnt before."""
        if self.column.unit == DAY:
            # as numbers of days, no date being the lowest of all: no date is never asked about
            days = batch.dates(self.column.name).view(np.int64)
            found = self._holds(days, int(self._value.value))
        else:
            found = self.holds_for(values_of(batch, self.column))
        codes: npt.NDArray[np.uint8] = found.view(np.uint8)
        return codes if found.any() else 0

    def holds_for(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Return whether it holds for some values of the column."""
        with np.errstate(invalid="ignore"):
            found: npt.NDArray[np.bool_] = self._holds(values, self._value.value)
        return found

    def answer(self, code: int) -> bool:
        """Return whether it holds."""
        return bool(code)


def values_of(batch: Batch, column: Column) -> Floats:
    """Return a column as a term reads it: NaN where it is blank or invalid."""
    if column.unit != DAY:
        return batch.values(column.name, column.unit)
    days = batch.dates(column.name)
    numbers: Floats = days.view(np.int64).astype(np.float64)
    return np.where(np.isnat(days), np.nan, numbers)


def distinct_codes(
    codes: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the distinct codes, sorted, and the place of each row's among them."""
    if size > _COUNTED:
        distinct, place = np.unique(codes, return_inverse=True)
        return distinct, place.reshape(-1).astype(np.int64, copy=False)
    distinct = np.flatnonzero(np.bincount(codes, minlength=size))
    table = np.zeros(size, np.int64)
    table[distinct] = np.arange(len(distinct))
    return distinct, table[codes]


def combinations(
    batch: Batch, names: Sequence[str]
) -> tuple[list[tuple[str | None, ...]], npt.NDArray[np.int64]]:
    """Return the distinct combinations of words of some columns, and the place of each row's."""
    key, size = np.zeros(len(batch), np.int64), 1
    words: list[tuple[str | None, ...]] = []
    for name in names:
        codes, found = batch.codes(name)
        key = key * (len(found) + 1) + (codes + 1)
        size *= len(found) + 1
        words.append((None, *found))
    distinct, place = distinct_codes(key, size)
    columns = []
    for known in reversed(words):
        distinct, code = np.divmod(distinct, len(known))
        columns.append([known[k] for k in code.tolist()])
    return list(zip(*reversed(columns), strict=True)), place
