"""Offers and the terms of the buyer: what is known before anything is compared.

Input: what a supplier states and what the buyer decides.  Output: immutable values, and the figures
of one offer per year of service.  They are compared in
`offer_comparison`, and read in `consultation_reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from reen.errors import OptionError
from reen.reasons import Reason

__all__ = ["Consultation", "Offer", "Terms"]

#: kgCO2e/kWh between which the electricity of every country lies, with room on both sides.
_MIXES = (0.005, 1.5)

#: The widest spread of a figure.
_SPREAD = 3.0


#: Refuses a value of a field.
_Check: TypeAlias = Callable[[object, "attrs.Attribute[Any]", Any], None]


#: kgCO2e: the footprint of no device is smaller.
_LEAST = 0.5

#: The largest amount of an offer, and how it is told.
_MOST, _MOST_TEXT = 1e12, "1e12"


def _in(low: float, high: float, expected: Reason) -> _Check:
    """Return what refuses a number that is not between two; None is not known."""

    def check(instance: object, field: attrs.Attribute[Any], value: float | None) -> None:
        if value is not None and not low <= value <= high:
            who = getattr(instance, "name", "") or type(instance).__name__.lower()
            raise OptionError(who, field.name, f"{value:g}", expected)

    return check


_AMOUNT = _in(0.0, _MOST, Reason("error_number_0_to_most", most=_MOST_TEXT))
_POSITIVE = _in(1e-9, _MOST, Reason("error_number_above_0_to_most", most=_MOST_TEXT))
_SHARE = _in(0.0, 1.0, Reason("offer_expects_share"))
_YEARS = _in(1e-9, 50.0, Reason("offer_expects_years", most=50))
_ERROR = _in(0.0, _SPREAD, Reason("offer_expects_spread", most=_SPREAD))


@attrs.frozen(kw_only=True)
class Offer:
    """One offer, as its supplier states it; None is not stated, never nought.

    Attributes
    ----------
    supplier, model
        Who offers what.
    quantity
        Items of the lot.
    price
        Of one item, EUR without tax.
    warranty, parts, updates
        Years of warranty, of spare parts, and of security updates.
    sheet_method
        How the footprint of its sheet was worked out: ``PAIA 2023``, ``ISO 14067``...
    total
        Footprint of one item over its life in the sheet, kgCO2e.
    use_share
        Share of it that is use, 0 to 1: it is left out, the buyer's own use takes its place.
    sheet_life
        Years of use in the sheet.
    kwh
        Electricity of one item over a year, kWh.
    refurbished
        Whether the items are second-hand.
    repairability
        French index of repairability or durability, 0 to 10.
    end_of_life
        What the end of one item costs, EUR, where it is not what the buyer says.
    spread
        Relative standard deviation of the footprint without use; that of the buyer where the sheet
        states none.

    Raises
    ------
    OptionError
        A number that no such figure can be.
    """

    supplier: str
    model: str
    quantity: float = attrs.field(default=1.0, validator=_POSITIVE)
    price: float | None = attrs.field(default=None, validator=_AMOUNT)
    warranty: float | None = attrs.field(default=None, validator=_AMOUNT)
    parts: float | None = attrs.field(default=None, validator=_AMOUNT)
    updates: float | None = attrs.field(default=None, validator=_AMOUNT)
    sheet_method: str = ""
    total: float | None = attrs.field(default=None, validator=_POSITIVE)
    use_share: float | None = attrs.field(default=None, validator=_SHARE)
    sheet_life: float | None = attrs.field(default=None, validator=_YEARS)
    kwh: float | None = attrs.field(default=None, validator=_AMOUNT)
    refurbished: bool = False
    repairability: float | None = attrs.field(
        default=None, validator=_in(0.0, 10.0, Reason("offer_expects_index", most=10))
    )
    end_of_life: float | None = attrs.field(default=None, validator=_AMOUNT)
    spread: float | None = attrs.field(default=None, validator=_ERROR)

    @property
    def name(self) -> str:
        """Return what it is called: supplier and model."""
        return f"{self.supplier}, {self.model}"

    @property
    def may_be_in_tonnes(self) -> bool:
        """Tell whether its total is below that of any device: it is likely not in kilograms."""
        return self.total is not None and self.total < _LEAST

    @property
    def embedded(self) -> float | None:
        """Return the footprint of one item without its use, kgCO2e: ``T (1 - u)``."""
        if self.total is None or self.use_share is None:
            return None
        return self.total * (1.0 - self.use_share)


@attrs.frozen(kw_only=True)
class Terms:
    """What the buyer decides, the same for all offers.

    Attributes
    ----------
    title
        What is bought.
    life
        Years that the buyer keeps an item.
    mix
        Electricity of the buyer, kgCO2e/kWh.
    kwh_price
        Price of electricity, EUR/kWh.
    end_of_life
        What the end of one item costs, EUR.
    source
        Where these come from.
    spread, spread_source
        Relative standard deviation of the footprints whose sheet states none, and who says so; None
        where nobody does, and no two of them are told apart then.
    kwh_spread
        Relative standard deviation of stated consumptions; None: they are taken as exact, which is
        said.
    points_carbon, points_cost, points_repairability
        Points of each criterion; 0 for none.

    Raises
    ------
    OptionError
        A number that no such figure can be, or a spread without its source.
    """

    title: str = ""
    life: float = attrs.field(validator=_YEARS)
    mix: float = attrs.field(
        validator=_in(*_MIXES, Reason("offer_expects_mix", least=_MIXES[0], most=_MIXES[1]))
    )
    kwh_price: float = attrs.field(validator=_in(0.0, 10.0, Reason("offer_expects_price", most=10)))
    end_of_life: float = attrs.field(validator=_AMOUNT)
    source: str
    spread: float | None = attrs.field(default=None, validator=_ERROR)
    spread_source: str = ""
    kwh_spread: float | None = attrs.field(default=None, validator=_ERROR)
    points_carbon: float = attrs.field(default=0.0, validator=_AMOUNT)
    points_cost: float = attrs.field(default=0.0, validator=_AMOUNT)
    points_repairability: float = attrs.field(default=0.0, validator=_AMOUNT)

    def __attrs_post_init__(self) -> None:
        """Refuse a spread that nobody answers for."""
        if self.spread is not None and not self.spread_source:
            raise OptionError("terms", "spread_source", "none", Reason("error_who_says_so"))

    def carbon(self, offer: Offer) -> float | None:
        """Return kgCO2e of one item over a year of service, ``F / L + E M``; None if not known."""
        if offer.embedded is None or offer.kwh is None:
            return None
        return offer.embedded / self.life + offer.kwh * self.mix

    def cost(self, offer: Offer) -> float | None:
        """Return the life-cycle cost of one item, EUR: price, ``E p L``, end; None if not known."""
        if offer.price is None or offer.kwh is None:
            return None
        end = self.end_of_life if offer.end_of_life is None else offer.end_of_life
        return offer.price + offer.kwh * self.kwh_price * self.life + end

    def remarks(self, offer: Offer) -> Iterator[Reason]:
        """Yield what the figures of an offer lack, and what of them is doubted."""
        lacking = {
            "offer_without_total": offer.total is None,
            "offer_without_use_share": offer.use_share is None,
            "offer_without_kwh": offer.kwh is None,
            "offer_without_price": offer.price is None,
            "offer_in_tonnes": offer.may_be_in_tonnes,
            "offer_without_method": not offer.sheet_method,
            "offer_without_spread": offer.spread is None and self.spread is None,
        }
        yield from (Reason(code) for code, lacks in lacking.items() if lacks)
        for code, years in (
            ("offer_warranty_ends", offer.warranty),
            ("offer_parts_end", offer.parts),
            ("offer_updates_end", offer.updates),
        ):
            if years is not None and years < self.life:
                yield Reason(code, years=years, life=self.life)
        if offer.total and offer.use_share is not None and offer.sheet_life and offer.kwh:
            mix = offer.total * offer.use_share / (offer.sheet_life * offer.kwh)
            if not _MIXES[0] <= mix <= _MIXES[1]:
                yield Reason("offer_sheet_mix", mix=float(f"{mix:.2g}"))


def _in_order(offered: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(offered)


def _at_least_two(_: object, __: object, offered: Sequence[Offer]) -> None:
    if len(offered) < 2:  # noqa: PLR2004 - a comparison
        raise OptionError("consultation", "offers", str(len(offered)), Reason("error_two_offers"))


@attrs.frozen(kw_only=True)
class Consultation:
    """What is bought: the terms of the buyer and the offers.

    Attributes
    ----------
    terms, offers
        Both.
    files
        Files that they were read from.

    Raises
    ------
    OptionError
        Fewer than two offers, or two of one supplier and model.
    """

    terms: Terms
    offers: tuple[Offer, ...] = attrs.field(converter=_in_order, validator=_at_least_two)
    files: tuple[Path, ...] = attrs.field(default=(), eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse offers that are given twice."""
        names = [each.name for each in self.offers]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise OptionError("consultation", "offers", twice, Reason("error_each_offer_once"))

    @property
    def exact_consumption(self) -> bool:
        """Tell whether consumptions are taken as exact because nobody says how sure they are."""
        return self.terms.kwh_spread is None and any(each.kwh for each in self.offers)
