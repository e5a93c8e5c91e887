"""Case: one distinct combination of what a method looks at in a row.

The function of a method reads a case as if it were one row.  What it asks (a word, whether a
number is given, a comparison) is a question; rows that answer alike are one case, for which the
function runs once.  Numbers are amounts: they keep the name of their column, and are multiplied
row by row later.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np

from reen.engine.exchanges import NOT_COUNTED, Assumption, Match
from reen.errors import PluginError
from reen.inventory.schema import ColumnKind, TableSchema
from reen.method.amounts import DAY, Amount, Factor, column
from reen.method.answers import Default
from reen.method.parts import HasPart
from reen.method.questions import (
    Comparison,
    Given,
    Question,
    Refusal,
    State,
    There,
    Value,
    Word,
)
from reen.method.reader import AnyRow, Test
from reen.method.terms import Column, Constant, Derived, Floats, Part, Term
from reen.method.verdicts import LeftOut
from reen.plugins.guard import A_METHOD
from reen.reasons import Detail

__all__ = ["Case", "Fallback", "Path", "Questions"]

H = TypeVar("H", bound=Hashable)

#: What `Case.number` takes where a cell is blank, or a function that returns it.
Fallback: TypeAlias = Default | Amount | Callable[[], Default | Amount | None] | None

#: That no fallback was asked for, which None (a pack has none) does not say.
_NOTHING: Any = types.SimpleNamespace()

#: One step through the tree: what was asked, and the number of the answer.
Step: TypeAlias = tuple[Question | Test, int]


class Questions:
    """The questions that a function asks.

    Parameters
    ----------
    schema
        Columns of the rows.
    made
        Questions of all functions of the method, each made once: what rows answer to it is worked
        out once for all of them.
    """

    def __init__(self, schema: TableSchema, made: dict[Hashable, Question]) -> None:
        self.schema = schema
        self._made = made
        #: By what was asked, in the order in which they came up.
        self.asked: dict[Hashable, Question] = {}
        #: Those that some row was asked right before a question.
        self._before: dict[Question, dict[Question, None]] = {}
        self._order: tuple[Question, ...] = ()

    @property
    def in_order(self) -> tuple[Question, ...]:
        """Return the questions asked so far, each after those that any row was asked before it.

        Whoever answers them in this order comes to the end of each row in one go.  Where rows are
        asked two of them in either order, the one that came up first stands first.
        """
        if len(self._order) < len(self.asked):
            placed: dict[Question, None] = {}
            for question in tuple(self.asked.values()):
                self._place(question, placed, {question})
            self._order = tuple(placed)
        return self._order

    def _place(
        self, question: Question, placed: dict[Question, None], coming: set[Question]
    ) -> None:
        if question in placed:
            return
        for before in tuple(self._before.get(question, ())):
            if before not in coming:  # else each stands before the other
                self._place(before, placed, coming | {before})
        placed[question] = None

    def follow(self, steps: Sequence[Step]) -> None:
        """Note in which order a row was asked."""
        last: Question | None = None
        for asked, _ in steps:
            if isinstance(asked, Test):
                continue
            known = self._before.setdefault(asked, {})
            if last is not None and last not in known:
                known[last] = None
                self._order = ()
            last = asked

    def get(self, key: Hashable, make: Callable[[], Question]) -> Question:
        """Return the question of a key, making it at first sight."""
        found = self.asked.get(key)
        if found is None:
            found = self._made.get(key) or self._made.setdefault(key, make())
            self.asked[key] = found
        return found

    def in_words(self, asked: Question | Test) -> str:
        """Return a question as the author wrote it, about: ``case.word('model')``."""
        keys = (key for key, each in self.asked.items() if each is asked)
        key = next(keys, None)
        if not isinstance(key, tuple) or key[0] == "compare":
            return "a comparison of amounts"
        asking, *given = key
        return f"case.{asking}({', '.join(map(_in_words, given))})"


def _in_words(given: object) -> str:
    if isinstance(given, tuple):
        return ", ".join(map(_in_words, given))
    return getattr(given, "__qualname__", None) or repr(given)


class Path:
    """What was asked of one row, in order; asked again, a question has its answer already.

    Parameters
    ----------
    questions
        The questions of the function.
    row
        The row that answers.
    """

    def __init__(self, questions: Questions, row: AnyRow) -> None:
        self.questions, self._row = questions, row
        self.steps: list[Step] = []
        self._codes: dict[Question | Test, int] = {}

    def ask(self, key: Hashable, make: Callable[[], Question]) -> Any:  # noqa: ANN401 - of any kind
        """Return the answer to a question."""
        question = self.questions.asked.get(key) or self.questions.get(key, make)
        code = self._codes.get(question)
        if code is None:
            code = self._codes[question] = self._row.code(question)
            self.steps.append((question, code))
        return question.answer(code)

    def compare(self, holds: Callable[[Any, Any], Any], left: Term, right: Term) -> bool:
        """Return whether a comparison holds."""
        if isinstance(left, Column) and isinstance(right, Constant):
            key = ("compare", holds, left, right)
            return bool(self.ask(key, lambda: Comparison(holds, left, right)))
        test = Test(holds, left, right)
        code = self._codes.get(test)
        if code is None:
            code = self._took(test, int(self._row.holds(test)))
        return bool(code)

    def _took(self, asked: Question | Test, code: int) -> int:
        self._codes[asked] = code
        self.steps.append((asked, code))
        return code


class Case:
    """One row, as the function of a method sees it.

    Columns are attributes: ``case.country`` is a word or None, ``case.quantity`` an amount, and
    ``case.purchase_date`` an amount in days or None.

    Parameters
    ----------
    path
        Answers what is asked.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._schema = path.questions.schema
        #: Of the columns asked so far: most are asked several times.
        self._states: dict[str, State] = {}
        #: What was taken for granted.
        self.assumptions: set[Assumption] = set()
        #: Match level that the function stated.
        self.level: Match | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a word or an amount
        """Return a column: its word, its amount or its date.

        Raises
        ------
        LeftOut
            A number that is blank or invalid.
        AttributeError
            The inventory knows no such column.
        """
        known = self._schema.get(name)
        if known is None:
            message = f"no column {name!r}; the inventory knows {', '.join(self._schema)}"
            raise AttributeError(message)
        if known.kind is ColumnKind.NUMBER:
            return self.number(name)
        return self.date(name) if known.kind is ColumnKind.DATE else self.word(name)

    @property
    def quantity(self) -> Amount:
        """Return the number of items."""
        return self.number("quantity")

    @property
    def usage_share(self) -> Amount:
        """Return the share of its use that is the organisation's: all of it without the column."""
        return self.number("usage_share")

    # -- words -----------------------------------------------------------------------------------

    def word(self, name: str) -> str | None:
        """Return the word of a cell, None when it is blank.

        For columns of few words; class those of many with `of`.
        """
        found: str | None = self._path.ask(("word", name), lambda: Word((name,)))
        return found

    def of(self, function: Callable[..., H], *names: str) -> H:
        """Return a function of the words of some columns, called once for each distinct words.

        Parameters
        ----------
        function
            A method or a function of a module, of one word (or None) for each column; its answers
            are few, hashable, and depend on the words alone.  It may raise a verdict.
        names
            Columns of text.

        Raises
        ------
        PluginError
            A lambda or a function made on the fly, which would be asked anew for each case.
        """
        if getattr(function, "__name__", "<lambda>") == "<lambda>" or getattr(
            function, "__closure__", None
        ):
            raise PluginError(
                A_METHOD,
                f"case.of was given {_in_words(function)}: give it a method or a function"
                " of a module, so that it is the same question for every case",
            )
        found = self._path.ask(("of", function, names), lambda: Word(names, function))
        if isinstance(found, Refusal):
            raise found.verdict()
        return cast("H", found)

    def value(
        self, name: str, unit: str, rounding: Callable[[Floats], Floats] = np.rint
    ) -> float | None:
        """Return a number by its value, None when it is blank: one case for each value.

        For configurations (cores, GiB), whose factors are made for each.

        Parameters
        ----------
        name, unit
            Column of numbers, and unit of the value.
        rounding
            Vectorised function that makes few values of many.
        """
        made = ("value", name, unit, rounding)
        found: float | None = self._path.ask(made, lambda: Value(name, unit, rounding))
        return found

    def has(self, name: str) -> bool:
        """Tell whether the inventory has a column."""
        return bool(self._path.ask(("has", name), lambda: There(name)))

    # -- numbers ---------------------------------------------------------------------------------

    def state(self, name: str) -> State:
        """Return what the cell of a column holds."""
        found = self._states.get(name)
        if found is None:
            found = self._path.ask(("state", name), lambda: Given(name, self._schema.get(name)))
            self._states[name] = found
        return found

    def given(self, name: str) -> bool:
        """Tell whether a cell holds a value that can be used."""
        return self.state(name) in (State.GIVEN, State.ABSENT)

    def refuse_invalid(self, *names: str) -> None:
        """Refuse a case with an invalid cell, whether its amount needs the cell or not.

        Raises
        ------
        LeftOut
            ``invalid``, with the first such column.
        """
        for name in names:
            if self.state(name) is State.INVALID:
                raise LeftOut("invalid", column=name)

    def number(self, name: str, unit: str = "", else_: Fallback = _NOTHING) -> Amount:
        """Return a number as an amount.

        Parameters
        ----------
        name, unit
            Column, and the unit in which it is read; that of the schema when empty.
        else_
            What stands in for a blank cell: a `Default`, an amount, or a function that is asked
            for one of them then; None where the packs have none.

        Raises
        ------
        LeftOut
            ``invalid``, whatever the fallback; ``no_default`` where it is None; ``missing`` where
            none was asked for.
        """
        unit = unit or self._schema[name].unit
        state = self.state(name)
        if state is State.INVALID:
            raise LeftOut("invalid", column=name)
        if state is State.BLANK:
            return self._fallback(name, else_)
        if state is State.ABSENT and unit == "1":
            return Amount((), self._path.compare)  # all of it: nothing to multiply by
        return column(name, unit, self._path.compare)

    def part(self, name: str, unit: str = "", *, of: str, else_: Fallback = _NOTHING) -> Amount:
        """Return what a row has of the sum over its group: of machines, a share of their host.

        A row counts as often as its quantity says.  A number that is blank, invalid or 0 on one row
        of the group spoils the part of all of them.

        Parameters
        ----------
        name, unit
            Column of numbers, and unit in which it is read, that of the schema when empty; with an
            empty name, rows are counted.
        of
            Column of text whose words are the groups, such as ``host.id``.
        else_
            What stands in where the sum is spoilt, as `number` takes it.

        Raises
        ------
        LeftOut
            ``spoilt_key``, where none stands in.
        """
        unit = unit or (self._schema[name].unit if name else "")
        part = Part(name, unit, of)
        if self._path.ask(("part", part), lambda: HasPart(part)):
            return Amount([Factor(f"part_of_{of}", part, "1")], self._path.compare)
        if else_ is _NOTHING:
            raise LeftOut("spoilt_key", column=name or "quantity")
        return self._fallback(name or "quantity", else_)

    def _fallback(self, name: str, else_: Fallback) -> Amount:
        if else_ is _NOTHING:
            raise LeftOut("missing", column=name)
        found = else_() if callable(else_) else else_
        if found is None:
            raise LeftOut("no_default", parameter=name)
        return found if isinstance(found, Amount) else self.stand_in(name, found)

    def stand_in(self, name: str, default: Default) -> Amount:
        """Return a default as an amount, and flag it."""
        shown: dict[str, Detail] = {}
        if default.code == "default_of_method":
            # the one figure of a method; those of types would make a sentence for each type
            shown = {"value": default.value, "unit": default.unit}
        parameter = default.parameter or name
        self.assume(default.code, parameter=parameter, pack=default.pack, **shown)
        if default.match is not None:
            self.match(default.match)
        factor = Factor(name, Constant(float(default.value)), default.unit)
        return Amount([factor], self._path.compare)

    def date(self, name: str) -> Amount | None:
        """Return a date as an amount, to be compared and derived from; None when it is blank.

        Raises
        ------
        LeftOut
            The source gives one that cannot be read.
        """
        self.refuse_invalid(name)
        if self.state(name) is not State.GIVEN:
            return None
        return column(name, DAY, self._path.compare)

    def derived(
        self, name: str, unit: str, function: Callable[..., Floats], *amounts: Amount | float
    ) -> Amount:
        """Return a vectorised function of amounts, as a factor.

        Parameters
        ----------
        name, unit
            Of the result.
        function
            A function of a module: arrays in, one array out, NaN where an argument is NaN.
        amounts
            Columns, dates, and numbers that do not depend on the case.

        Raises
        ------
        PluginError
            An amount that is worked out already: derive first, then add and clip.
        """
        terms = tuple(
            each.one.term if isinstance(each, Amount) else Constant(float(each)) for each in amounts
        )
        for term, each in zip(terms, amounts, strict=True):
            if not isinstance(term, (Column, Constant)):
                raise PluginError(A_METHOD, f"case.derived takes columns and numbers, not {each!r}")
        derived = Derived(function, cast("tuple[Column | Constant, ...]", terms))
        return Amount([Factor(name, derived, unit)], self._path.compare)

    # -- saying ----------------------------------------------------------------------------------

    def assume(self, code: str, *, parameter: str, pack: str = "", **details: Detail) -> None:
        """Say what is taken for granted: it is counted in the coverage, and shown."""
        self.assumptions.add(Assumption(code, parameter=parameter, pack=pack, **details))

    def not_counted(self, part: str) -> None:
        """Say that a part of what is counted is missing: the total is a lower bound.

        Parameters
        ----------
        part
            What no source gives: ``refurbishing``, ``pue``...
        """
        self.assume(NOT_COUNTED, parameter=part)

    def match(self, level: Match) -> None:
        """Say how well what answers fits the case; the last one said counts."""
        self.level = level
