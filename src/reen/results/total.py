"""Total: one figure of a footprint, its unit, and how complete it is.

A value: a float and a unit name inside, a pint Quantity on demand.  Knows no fold and no factors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from reen.results.wording import scaled
from reen.vocabulary.criteria import Criterion
from reen.vocabulary.units import quantity

if TYPE_CHECKING:
    import pint

__all__ = ["Total"]


@attrs.frozen
class Total:
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

    @property
    def quantity(self) -> pint.Quantity[float]:
        """Return the figure as a pint Quantity of reen's registry."""
        return quantity(self.value, self.unit, criteria=self.definitions)

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
            note = " (doubtful)"
        return f"{sign}{value:,.4g} {unit}{note}"
