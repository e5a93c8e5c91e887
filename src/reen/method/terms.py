"""Terms: what the factors of an amount are made of: columns, constants, functions of both.

A term is written once for a case and worked out for all of its rows at once.  Cases that differ by
their constants alone share one form: the term with its constants taken out, which are looked up by
case.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

__all__ = [
    "Apply",
    "Column",
    "Constant",
    "Derived",
    "Floats",
    "Part",
    "Slot",
    "Term",
    "Whole",
    "applied",
    "form_of",
    "inverted",
    "is_whole",
    "slots_in",
    "worked_out",
]

Floats: TypeAlias = npt.NDArray[np.float64]

#: A vectorised function of numbers: NaN in, NaN out, no state.
Function: TypeAlias = Callable[..., Any]


@attrs.frozen(cache_hash=True, repr=False)
class Column:
    """A column of the inventory.

    Attributes
    ----------
    name
        Its name.
    unit
        Unit in which it is read; ``day`` for a date, as the number of days since 1970.
    """

    name: str
    unit: str


@attrs.frozen(repr=False)
class Constant:
    """A number that all rows of a case share."""

    value: float


@attrs.frozen(repr=False)
class Slot:
    """Place of a constant in a form."""

    number: int


@attrs.frozen(repr=False)
class Apply:
    """A vectorised function of terms."""

    function: Function
    terms: tuple[Term, ...]


@attrs.frozen(repr=False)
class Derived:
    """A vectorised function of columns and numbers that are the same for all cases.

    Worked out once for all rows of a batch, whatever the cases that use it.
    """

    function: Function
    terms: tuple[Column | Constant, ...]

    def worked_out(self, whole: Callable[[Whole], Floats]) -> Floats:
        """Return its values, `whole` giving those of a column: one for each row."""
        cells = (
            np.float64(each.value) if isinstance(each, Constant) else whole(each)
            for each in self.terms
        )
        with np.errstate(all="ignore"):
            found: Floats = self.function(*cells)
        return found


@attrs.frozen(repr=False)
class Part:
    """The share of a row in the sum over its group, such as its virtual processors of a host's.

    Attributes
    ----------
    name, unit
        Column of numbers that is summed, times the quantity of each row; the quantity alone where
        there is no name.
    group
        Column of text whose words are the groups.
    """

    name: str
    unit: str
    group: str


#: What is read of a batch as a whole.
Whole: TypeAlias = Column | Derived | Part

Term: TypeAlias = Column | Constant | Slot | Apply | Derived | Part


def is_whole(term: Term) -> bool:
    """Tell whether a term is read of a batch as a whole."""
    return isinstance(term, (Column, Derived, Part))


def inverted(values: Floats) -> Floats:
    """Return one over each value."""
    found: Floats = 1.0 / values
    return found


def applied(function: Function, *terms: Term) -> Term:
    """Return a function of terms, worked out at once where all of them are constants."""
    values = [term.value for term in terms if isinstance(term, Constant)]
    if len(values) == len(terms):
        with np.errstate(all="ignore"):
            return Constant(float(function(*map(np.float64, values))))
    return Apply(function, terms)


def form_of(term: Term, constants: list[float]) -> Term:
    """Return a term with slots for its constants, which are put at the end of `constants`."""
    if isinstance(term, Constant):
        constants.append(term.value)
        return Slot(len(constants) - 1)
    if isinstance(term, Apply):
        return Apply(term.function, tuple(form_of(each, constants) for each in term.terms))
    return term


@functools.lru_cache(maxsize=4096)
def slots_in(form: Term) -> int:
    """Return the number of slots of a form."""
    if isinstance(form, Slot):
        return form.number + 1
    return max(map(slots_in, form.terms), default=0) if isinstance(form, Apply) else 0


def worked_out(
    form: Term, slots: Sequence[Floats | float], whole: Callable[[Whole], Floats]
) -> Floats:
    """Return the values of a form.

    Parameters
    ----------
    form
        A term, its constants in slots.
    slots
        Constants of the slots: one each, or one for each row.
    whole
        Gives the values of what is read as a whole, one for each row.
    """
    if isinstance(form, (Column, Derived, Part)):
        return whole(form)
    if isinstance(form, Slot):
        return np.asarray(slots[form.number], np.float64)
    if isinstance(form, Constant):
        return np.asarray(form.value)
    with np.errstate(all="ignore"):
        found: Floats = form.function(*(worked_out(each, slots, whole) for each in form.terms))
    return found
