"""Total: one figure of a footprint, its unit, and how complete it is.

A value: a float and a unit name inside, a pint Quantity on demand.  Knows no fold and no factors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from reen.errors import OptionError
from reen.lazy_names import lazy_module
from reen.reasons import Reason
from reen.results.wording import scaled
from reen.values import Compared
from reen.vocabulary.criteria import Criterion
from reen.vocabulary.units import conversion_factor, quantity

if TYPE_CHECKING:
    import pint
else:  # who asks for no quantity does not wait for it
    pint = lazy_module("pint")

__all__ = ["Total"]


@attrs.frozen(eq=False, repr=False)
class Total(Compared):
    """A figure of a footprint and how complete it is.

    Attributes
    ----------
    value, unit
        Figure in the criterion's unit per year; NaN when nothing was assessed.
    criterion
        Criterion key.
    complete
        Whether every row that should be counted is.
    lower_bound
        Whether the figure can only grow when the rest is counted: something is left out or was
        refused, nothing is doubted, and no factor of the packs in use is negative for this
        criterion.
    definitions
        The footprint's criteria that reen does not ship, for their units.
    doubtful
        Whether something that is counted may be wrong, so that the figure may be too high as well
        as too low.
    lacking
        Whether something that should be counted is left out or was refused, doubt or none.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> total = footprint.total()
    >>> total.value, total.unit, total.complete
    (312.0, 'kgCO2e/year', True)
    >>> print(total.quantity.to("tCO2e/year"))
    0.312 tCO2e / year
    """

    value: float
    unit: str
    criterion: str
    complete: bool
    lower_bound: bool
    definitions: tuple[Criterion, ...] = attrs.field(default=(), repr=False)
    doubtful: bool = False
    lacking: bool = False

    @property
    def quantity(self) -> pint.Quantity[float]:
        """Return the figure as a pint Quantity of reen's registry."""
        return quantity(self.value, self.unit, criteria=self.definitions)

    def __add__(self, other: object) -> Total:
        """Return the sum of two totals of one criterion, in the unit of the first.

        It is complete where both are; a lower bound where what one of them lacks can only add to
        it; doubtful where one of them is.  A total of which nothing was assessed adds nothing, and
        leaves the sum incomplete.  ``sum(totals)`` adds any number of them.

        Raises
        ------
        OptionError
            Totals of two criteria.
        DimensionError
            Units that are not of one dimension.

        Examples
        --------
        >>> made = Total(10.0, "kgCO2e/year", "climate_change", True, False)
        >>> used = Total(2000.0, "kgCO2e/year", "climate_change", False, True)
        >>> print(made + used)
        >= 2.01 tCO2e/year
        >>> print(sum([made, made]))
        20 kgCO2e/year
        """
        if isinstance(other, int) and other == 0:
            return self  # where `sum` begins
        if not isinstance(other, Total):
            return NotImplemented
        if other.criterion != self.criterion:
            expected = Reason("error_total_of", criterion=self.criterion)
            raise OptionError("total", "criterion", other.criterion, expected)
        there = other.to(self.unit)
        values = [each for each in (self.value, there.value) if not math.isnan(each)]
        bounded = all(each.complete or each.lower_bound for each in (self, other))
        doubtful = self.doubtful or other.doubtful
        complete = self.complete and other.complete
        return Total(
            math.fsum(values) if values else math.nan,
            self.unit,
            self.criterion,
            complete,
            bounded and not complete and not doubtful,
            tuple(dict.fromkeys((*self.definitions, *other.definitions))),
            doubtful,
            self.lacking or other.lacking,
        )

    __radd__ = __add__

    def to(self, unit: str) -> Total:
        """Return the same total in another unit, as complete as it is.

        Raises
        ------
        DimensionError
            A unit of another dimension, or none.

        Examples
        --------
        >>> Total(1500.0, "kgCO2e/year", "climate_change", False, True).to("tCO2e/year").value
        1.5
        """
        factor = conversion_factor(self.unit, unit, what="total", criteria=self.definitions)
        return attrs.evolve(self, value=self.value * factor, unit=unit)

    def __float__(self) -> float:
        """Return the figure in `unit`."""
        return self.value

    def __str__(self) -> str:
        """Return the figure in a readable multiple; '>=' on a lower bound, a word on a doubt."""
        if math.isnan(self.value):
            return "nothing assessed"
        value, unit = scaled(self.value, self.unit)
        sign = ">= " if self.lower_bound else ""
        note = "" if self.complete or self.lower_bound else " (incomplete)"
        if self.doubtful:
            note = " (incomplete, doubtful)" if self.lacking else " (doubtful)"
        return f"{sign}{value:,.4g} {unit}{note}"
