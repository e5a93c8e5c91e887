"""Columns: what an indicator reads of rows, named by its column, so that an indicator travels.

Input: the name of a column, and a unit or words.  Output: values that give a number or an answer
for each row when they are called with rows.  They compare equal and pickle, which a lambda does
not: a measurement carries its indicators to other processes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs
import numpy as np

from reen_plugins.indicators.rows import Answers, Rows, all_of

__all__ = [
    "Both",
    "Figure",
    "Flag",
    "Held",
    "Number",
    "Reads",
    "Words",
    "Years",
    "of_items",
    "of_rows",
]

#: What an indicator reads of the rows of a table.
Reads: TypeAlias = Callable[[Rows], Answers]


def of_items(rows: Rows) -> Answers:
    """Return the number of items of each row."""
    return rows.items


def of_rows(rows: Rows) -> Answers:
    """Return one for each row."""
    return rows.yes


@attrs.frozen
class Number:
    """The number of a column, in a unit."""

    column: str
    unit: str

    def __call__(self, rows: Rows) -> Answers:
        """Return the number of each row."""
        return rows.number(self.column, self.unit)


@attrs.frozen
class Flag:
    """The yes or no of a column."""

    column: str

    def __call__(self, rows: Rows) -> Answers:
        """Return the answer of each row."""
        return rows.flag(self.column)


@attrs.frozen
class Words:
    """Whether the word of a column is one of some."""

    column: str
    words: tuple[str, ...]

    def __call__(self, rows: Rows) -> Answers:
        """Return the answer of each row."""
        return rows.among(self.column, *self.words)


@attrs.frozen
class Figure:
    """Whether the number of a column is the one given."""

    column: str
    number: float

    def __call__(self, rows: Rows) -> Answers:
        """Return the answer of each row."""
        given = rows.number(self.column, "1")
        return np.where(np.isnan(given), np.nan, (given == self.number) * 1.0)


@attrs.frozen
class Years:
    """The years from the day of one column to that of another."""

    first: str
    last: str

    def __call__(self, rows: Rows) -> Answers:
        """Return the years of each row."""
        return rows.years(self.first, self.last)


@attrs.frozen(eq=False)
class Held:
    """What was worked out of the rows already."""

    answers: Answers

    def __call__(self, _: Rows) -> Answers:
        """Return the answer of each row."""
        return self.answers


@attrs.frozen
class Both:
    """Yes where two answers are yes, no where one is no."""

    one: Reads
    other: Reads

    def __call__(self, rows: Rows) -> Answers:
        """Return the answer of each row."""
        return all_of(self.one(rows), self.other(rows))
