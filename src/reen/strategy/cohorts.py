"""Cohorts: a stock of equipment of one type that ages, leaves and is bought again, year by year.

Input: items by age, what one item weighs on the climate, and how long it is kept.  Output: for each
year the stock, what was bought and left, and the embedded footprint both ways: spread over the
life, and whole in the year of purchase.  Knows no lever and reads no file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import attrs

from reen.errors import OptionError
from reen.reasons import Reason

__all__ = ["Cohort", "TypeFigures", "Year", "survival"]


#: The widest spread of a figure, and the Weibull shapes that lives of equipment have.
_SPREAD = 10.0
_SHAPES = (0.5, 20.0)


def _positive(instance: object, field: attrs.Attribute[float], value: float | None) -> None:
    if value is not None and not (math.isfinite(value) and value >= 0.0):
        raise OptionError(
            type(instance).__name__, field.name, str(value), Reason("error_number_0_more")
        )


@attrs.frozen(kw_only=True)
class TypeFigures:
    """What one item of a type weighs, draws and costs, with its source.

    Attributes
    ----------
    equipment_type
        The type.
    embedded
        Embedded footprint of one item, kgCO2e.
    life
        Years that it is kept.
    kwh
        Electricity of one item over a year, kWh.
    price, weight
        Price of one item, EUR without tax, and its mass, kg; None when not known.
    source
        Who says so.
    spread
        Relative standard deviation of `embedded` and of `kwh`; 0 for none.
    shape
        Shape of a Weibull distribution of lives; 0 for one life for all.
    """

    equipment_type: str
    embedded: float = attrs.field(validator=_positive)
    life: float = attrs.field()
    kwh: float = attrs.field(default=0.0, validator=_positive)
    price: float | None = attrs.field(default=None, validator=_positive)
    weight: float | None = attrs.field(default=None, validator=_positive)
    source: str
    spread: float = attrs.field(default=0.0, validator=_positive)
    shape: float = attrs.field(default=0.0, validator=_positive)

    @life.validator
    def _life_is_a_year_at_least(self, _: object, life: float) -> None:
        if not (math.isfinite(life) and life >= 1.0):
            raise OptionError("TypeFigures", "life", str(life), Reason("error_year_at_least"))

    @spread.validator
    def _spread_is_of_a_figure(self, _: object, spread: float) -> None:
        if spread > _SPREAD:
            expected = Reason("error_share_figure_at_most_0_3", spread=_SPREAD)
            raise OptionError("TypeFigures", "spread", f"{spread:g}", expected)

    @shape.validator
    def _shape_is_of_lives(self, _: object, shape: float) -> None:
        low, high = _SHAPES
        if shape and not low <= shape <= high:
            expected = Reason("error_weibull_shape_from_0_fixed_life", low=low, high=high)
            raise OptionError("TypeFigures", "shape", f"{shape:g}", expected)


def survival(age: int, life: float, shape: float = 0.0) -> float:
    """Return the share of a cohort that is still there at an age, in whole years.

    An item bought in a year serves in that year: of a life of 5 years, those of age 0 to 4 are
    there.  A part of a year is a part of the cohort: 5.5 years keep half of it at age 5.  With a
    shape, lives follow a Weibull distribution of that mean.

    Examples
    --------
    >>> [survival(age, 5.5) for age in (0, 4, 5, 6)]
    [1.0, 1.0, 0.5, 0.0]
    """
    if shape:
        scale = life / math.gamma(1.0 + 1.0 / shape)
        return math.exp(-((age / scale) ** shape))
    return min(1.0, max(0.0, life - age))


@attrs.frozen
class Cohort:
    """Items bought in one year, alike.

    Attributes
    ----------
    age
        Years since, 0 in the year of purchase.
    items
        How many are left.
    embedded, life, kwh
        As of `TypeFigures`, of these items.
    key
        What its embedded footprint is drawn with: items of one key are right or wrong together.
    """

    age: int
    items: float
    embedded: float
    life: float
    kwh: float
    key: str

    def older(self, shape: float) -> Cohort:
        """Return what is left of it a year later."""
        before = survival(self.age, self.life, shape)
        after = survival(self.age + 1, self.life, shape)
        left = self.items * (after / before) if before > 0.0 else 0.0
        return attrs.evolve(self, age=self.age + 1, items=left)


@attrs.frozen(kw_only=True)
class Year:
    """What a type, or a whole fleet, is and does in a year.

    Attributes
    ----------
    year
        The year.
    stock, bought, refurbished, left
        Items at its end, bought (refurbished ones included), refurbished, and gone.
    annualised, purchased
        Embedded footprint, kgCO2e: spread over lives, and whole in the year of purchase.
    use
        Footprint of use and hosting, kgCO2e.
    kwh
        Electricity, kWh.
    euros, waste
        Money spent on purchases, EUR, and mass that left, kg; None where a price or a mass is not
        known.
    parts
        kgCO2e by what they are drawn with: annualised, purchased.
    """

    year: int
    stock: float = 0.0
    bought: float = 0.0
    refurbished: float = 0.0
    left: float = 0.0
    annualised: float = 0.0
    purchased: float = 0.0
    use: float = 0.0
    kwh: float = 0.0
    euros: float | None = 0.0
    waste: float | None = 0.0
    parts: Mapping[str, tuple[float, float]] = attrs.field(factory=dict)

    def __add__(self, other: Year) -> Year:
        """Return both together."""
        parts = dict(self.parts)
        for key, both in other.parts.items():
            mine = parts.get(key, (0.0, 0.0))
            parts[key] = mine[0] + both[0], mine[1] + both[1]
        sums = {
            name: getattr(self, name) + getattr(other, name)
            for name in ("stock", "bought", "refurbished", "left", "annualised", "purchased")
        }
        return Year(
            year=self.year,
            use=self.use + other.use,
            kwh=self.kwh + other.kwh,
            euros=_both(self.euros, other.euros),
            waste=_both(self.waste, other.waste),
            parts=parts,
            **sums,
        )

    def total(self, *, purchase_time: bool) -> float:
        """Return the footprint of the year, kgCO2e, in one of the two ways."""
        return self.use + (self.purchased if purchase_time else self.annualised)


def _both(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def stock_of(cohorts: Iterable[Cohort]) -> float:
    """Return the items of some cohorts."""
    return sum(each.items for each in cohorts)


def without_oldest(cohorts: Iterable[Cohort], items: float) -> list[Cohort]:
    """Return the cohorts without some items, the oldest first."""
    kept = []
    for each in sorted(cohorts, key=lambda cohort: -cohort.age):
        gone = min(items, each.items)
        items -= gone
        if each.items > gone:
            kept.append(attrs.evolve(each, items=each.items - gone))
    return kept
