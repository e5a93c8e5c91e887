"""Amounts: products of named factors with units, as a method writes them for a case.

``case.quantity / lifetime`` is no number: it is the product of two factors, each a column of the
inventory or a constant, which the engine works out for all rows of the case at once.  Units are
checked here, once for each case and in the words of the author's formula; comparing two amounts is
a question that the case asks of its rows.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, Protocol, TypeAlias, TypeVar, overload

import attrs
import numpy as np

from reen.errors import DimensionError, PluginError
from reen.method.terms import Column, Constant, Term, applied
from reen.plugins.guard import A_METHOD
from reen.values import Compared
from reen.vocabulary.unit_table import inverse
from reen.vocabulary.units import product_factor

__all__ = ["Amount", "Asking", "Factor", "constant", "day"]

#: Asks the rows of a case whether an operator holds between two terms.
Asking: TypeAlias = Callable[[Callable[[Any, Any], Any], Term, Term], bool]

E_co = TypeVar("E_co", covariant=True)

#: Unit of dates: days since 1970, to be compared with each other only.
DAY = "day"


class _Flow(Protocol[E_co]):
    """What an amount may be of: a reference flow, which makes an exchange of it."""

    def amounting_to(self, amount: Amount) -> E_co: ...


@attrs.frozen(eq=False, repr=False)
class Factor(Compared):
    """One named factor of an amount.

    Attributes
    ----------
    name
        Name of the driver, as `explain` and the gap between methods call it.
    term
        Its values.
    unit
        Unit of the values.
    power
        1, or -1 for a divisor.
    """

    name: str
    term: Term
    unit: str
    power: int = 1

    @property
    def driver(self) -> str:
        """Return the name of the driver: ``per_lifetime`` divides by a lifetime."""
        return self.name if self.power > 0 else f"per_{self.name}"

    @property
    def driver_unit(self) -> str:
        """Return the unit of the driver."""
        return self.unit if self.power > 0 else inverse(self.unit)


class Amount:
    """A product of named factors.

    Multiply and divide amounts by each other and by numbers; add, subtract and clip those of one
    factor and one dimension; compare them: each answer is a case of its own.

    Parameters
    ----------
    factors
        The factors, in the order in which they are multiplied.
    asking
        Asks the rows of the case; None for an amount of constants.

    Examples
    --------
    >>> power, hours = constant("power", 50.0, "W/item"), constant("hours", 2000.0, "h/year")
    >>> (power * hours).named("annual_energy", "kWh/item/year")
    <Amount annual_energy [kWh/item/year]>
    >>> (power * hours).named("lifetime", "year")
    Traceback (most recent call last):
        ...
    reen.errors.PluginError: method: power [W/item] x hours [h/year] is not in year
    """

    __slots__ = ("asking", "factors")

    #: numpy scalars leave ``2.0 * amount`` to the amount.
    __array_ufunc__ = None
    # amounts are not compared for equality
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, factors: Iterable[Factor], asking: Asking | None = None) -> None:
        self.factors = tuple(factors)
        self.asking = asking

    def __repr__(self) -> str:
        """Return the product in words."""
        return f"<Amount {self.formula}>"

    @property
    def formula(self) -> str:
        """Return the factors with their units: ``quantity [item] x per_lifetime [1/year]``."""
        return " x ".join(f"{each.driver} [{each.driver_unit}]" for each in self.factors) or "1"

    def scale_in(self, unit: str) -> float:
        """Return the number by which the product is multiplied to be in `unit`.

        Raises
        ------
        PluginError
            The product has another dimension: the factors and their units are named.
        """
        try:
            return product_factor(tuple(each.driver_unit for each in self.factors), unit)
        except DimensionError as error:
            raise PluginError(A_METHOD, f"{self.formula} is not in {unit}") from error

    # -- products --------------------------------------------------------------------------------

    @overload
    def __mul__(self, other: _Flow[E_co]) -> E_co: ...

    @overload
    def __mul__(self, other: Amount | float) -> Amount: ...

    def __mul__(self, other: Amount | float | _Flow[E_co]) -> Amount | E_co:
        """Return the product with an amount or a number, or the exchange with a flow."""
        if isinstance(other, Amount):
            return Amount(self.factors + other.factors, self.asking or other.asking)
        if isinstance(other, (int, float)):
            return self._times(float(other))
        if not hasattr(other, "amounting_to"):
            raise PluginError(
                A_METHOD,
                f"{self.formula} was multiplied by {other!r}: expected an amount, a number or a"
                " flow (Packs.item says why there is none)",
            )
        return other.amounting_to(self)

    def __rmul__(self, other: float) -> Amount:
        """Return the product with a number."""
        return self._times(float(other))

    def __truediv__(self, other: Amount | float) -> Amount:
        """Return the quotient by an amount or a number."""
        if not isinstance(other, Amount):
            return self._times(1.0 / float(other))
        divisors = [attrs.evolve(each, power=-each.power) for each in other.factors]
        return Amount([*self.factors, *divisors], self.asking or other.asking)

    def _times(self, number: float) -> Amount:
        if len(self.factors) != 1:
            factor = Factor("constant", Constant(number), "1")
            return Amount([*self.factors, factor], self.asking)
        (mine,) = self.factors
        multiplier = Constant(number if mine.power > 0 else 1.0 / number)
        term = applied(np.multiply, multiplier, mine.term)
        return Amount([attrs.evolve(mine, term=term)], self.asking)

    # -- one factor ------------------------------------------------------------------------------

    def named(self, name: str, unit: str) -> Amount:
        """Return the same quantity as one factor of that name, in `unit`.

        Raises
        ------
        PluginError
            The product has another dimension than `unit`.
        """
        scale = self.scale_in(unit)
        term: Term | None = None
        for each in self.factors:
            if term is None:
                divided = applied(np.divide, Constant(1.0), each.term)
                term = each.term if each.power > 0 else divided
            else:
                function = np.multiply if each.power > 0 else np.divide
                term = applied(function, term, each.term)
        term = Constant(1.0) if term is None else term
        if scale < 1.0 and float(1.0 / scale).is_integer():
            term = applied(np.divide, term, Constant(1.0 / scale))
        elif scale != 1.0:
            term = applied(np.multiply, term, Constant(scale))
        return Amount([Factor(name, term, unit)], self.asking)

    @property
    def one(self) -> Factor:
        """Return the only factor of the amount.

        Raises
        ------
        PluginError
            The amount is a product of several, or a quotient.
        """
        if len(self.factors) == 1 and self.factors[0].power > 0:
            return self.factors[0]
        raise PluginError(
            A_METHOD,
            f"{self.formula} is a product: give it a name before it is added, clipped or compared,"
            " as in (power * hours).named('annual_energy', 'kWh/item/year')",
        )

    def _combined(self, function: Callable[..., Any], other: Amount | float) -> Amount:
        mine = self.one
        theirs = self._like(mine, other)
        term = applied(function, mine.term, theirs)
        asking = self.asking or (other.asking if isinstance(other, Amount) else None)
        return Amount([attrs.evolve(mine, term=term)], asking)

    @staticmethod
    def _like(mine: Factor, other: Amount | float) -> Term:
        """Return the term of another amount in the unit of a factor; a number is in it already."""
        if not isinstance(other, Amount):
            return Constant(float(other))
        if len(other.factors) == 1 and (other.factors[0].unit, other.factors[0].power) == (
            mine.unit,
            1,
        ):
            return other.factors[0].term
        return other.named(mine.name, mine.unit).one.term

    def __add__(self, other: Amount | float) -> Amount:
        """Return the sum with an amount of the same dimension, in the unit of the first."""
        return self._combined(np.add, other)

    def __sub__(self, other: Amount | float) -> Amount:
        """Return the difference with an amount of the same dimension, in the unit of the first."""
        return self._combined(np.subtract, other)

    def clip(self, low: Amount | float, high: Amount | float) -> Amount:
        """Return the amount, raised to `low` and lowered to `high`."""
        raised = self._combined(np.maximum, low)
        return raised._combined(np.minimum, high)  # noqa: SLF001 - an amount too

    # -- questions -------------------------------------------------------------------------------

    def _asked(self, holds: Callable[[Any, Any], Any], other: Amount | float) -> bool:
        mine = self.one
        theirs = self._like(mine, other)
        if isinstance(mine.term, Constant) and isinstance(theirs, Constant):
            return bool(holds(mine.term.value, theirs.value))
        asking = self.asking or (other.asking if isinstance(other, Amount) else None)
        if asking is None:  # columns come from cases alone
            raise PluginError(A_METHOD, f"{self.formula} belongs to no case")
        return asking(holds, mine.term, theirs)

    def __lt__(self, other: Amount | float) -> bool:
        """Tell whether the amount is below another."""
        return self._asked(operator.lt, other)

    def __le__(self, other: Amount | float) -> bool:
        """Tell whether the amount is at most another."""
        return self._asked(operator.le, other)

    def __gt__(self, other: Amount | float) -> bool:
        """Tell whether the amount is above another."""
        return self._asked(operator.gt, other)

    def __ge__(self, other: Amount | float) -> bool:
        """Tell whether the amount is at least another."""
        return self._asked(operator.ge, other)

    def __eq__(self, other: object) -> bool:
        """Refuse: amounts are measured, and equal by accident only."""
        self._refuse("equal to another: compare it by <= or >=")

    def __bool__(self) -> bool:  # noqa: PLE0304 - it never returns
        """Refuse: an amount is neither true nor false."""
        self._refuse("true or false: compare it, as in lifetime <= 0")

    def __float__(self) -> float:
        """Refuse: the rows of a case have many values."""
        self._refuse("one number: multiply it, or ask for a number by value with case.value")

    def _refuse(self, what: str) -> NoReturn:
        raise PluginError(A_METHOD, f"{self.formula} is an amount of many rows, and never {what}")


def constant(name: str, value: float, unit: str) -> Amount:
    """Return a number as an amount.

    Parameters
    ----------
    name
        Name of the driver.
    value, unit
        The number, and its unit.

    Examples
    --------
    >>> 2 * constant("lifetime", 3.0, "year") >= constant("floor", 5.0, "year")
    True
    """
    return Amount([Factor(name, Constant(float(value)), unit)])


@functools.lru_cache(maxsize=64)
def day(date: dt.date) -> Amount:
    """Return a calendar day as an amount, to be compared with the dates of a case."""
    days = int(np.datetime64(date, "D").astype(np.int64))
    return Amount([Factor(DAY, Constant(float(days)), DAY)])


def column(name: str, unit: str, asking: Asking) -> Amount:
    """Return a column as an amount."""
    return Amount(_of_column(name, unit), asking)


@functools.lru_cache(maxsize=256)
def _of_column(name: str, unit: str) -> tuple[Factor]:
    """Return the factor of a column: cases ask for few, and each of them for all."""
    return (Factor(name, Column(name, unit), unit),)
