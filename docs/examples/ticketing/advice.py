"""What a request costs the purse and the planet: the part of a host program that uses reen.

Input: the items that may be requested.  Output: for a reference and a quantity, the price and the
yearly footprint, or why there is none.  One `Advisor` is made when the program starts; it keeps
its plugins and its prepared measurement to itself, so two of them never meet.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
from collections.abc import Iterable
from pathlib import Path

import attrs

import reen
from reen.plugin import Registry
from reen.types import PreparedMeasurement

__all__ = ["Advice", "Advisor", "Item", "read_catalogue"]


@attrs.frozen(kw_only=True)
class Item:
    """One line of the catalogue: price in euros, lifetime in years, electricity in kWh a year."""

    reference: str
    title: str
    equipment_type: str
    price: float
    lifetime: float
    annual_energy: float | None = None


@attrs.frozen(kw_only=True)
class Advice:
    """What the form shows of a request.

    Attributes
    ----------
    price
        Euros, of all the items asked for.
    total
        Yearly footprint of all of them; it prints ``>=`` where something is left out.
    unknown
        What is left out, and why, in words.
    """

    price: float
    total: reen.types.Total
    unknown: tuple[str, ...] = ()


def read_catalogue(path: Path) -> list[Item]:
    """Return the items of a catalogue file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Item(
                reference=row["reference"],
                title=row["title"],
                equipment_type=row["equipment_type"],
                price=float(row["price"]),
                lifetime=float(row["lifetime"]),
                annual_energy=float(row["annual_energy"]) if row["annual_energy"] else None,
            )
            for row in csv.DictReader(file)
        ]


class Advisor:
    """Prices and footprints of the items of one catalogue, in one country.

    Parameters
    ----------
    items
        The catalogue.
    country
        Where the items will be used, such as ``"FR"``.
    as_of
        Reference date: a figure that a user saw must not change during the day.
    registry
        Plugins to use; the bundled ones when absent, and no others that happen to be installed.
    """

    def __init__(
        self,
        items: Iterable[Item],
        *,
        country: str,
        as_of: dt.date,
        registry: Registry | None = None,
    ) -> None:
        self.items = {item.reference: item for item in items}
        self._country = country
        self._as_of = as_of
        self._registry = registry or reen.load_plugins(only=["reen-bundled"])

    @functools.cached_property
    def _prepared(self) -> PreparedMeasurement:
        """Prepare on first use: without a method, the program still starts and takes requests."""
        return reen.prepare("base-carbone", as_of=self._as_of, registry=self._registry)

    def warm(self) -> None:
        """Measure every item now, so that no request has to wait for it."""
        for reference in self.items:
            self.of(reference)

    def of(self, reference: str, quantity: int = 1) -> Advice:
        """Return the price and footprint of a request.

        Raises
        ------
        KeyError
            No item has that reference.
        """
        item = self.items[reference]
        footprint = self._prepared.measure(
            reen.Equipment(
                item.equipment_type,
                lifetime=item.lifetime,
                annual_energy=item.annual_energy,
                country=self._country,
            )
        )
        one = footprint.total()
        left_out = dict.fromkeys(str(row.reason) for row in footprint.coverage.left_out())
        return Advice(
            price=item.price * quantity,
            # a footprint is linear: twice the quantity, twice the footprint
            total=attrs.evolve(one, value=one.value * quantity),
            unknown=tuple(left_out),
        )
