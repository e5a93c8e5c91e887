"""Small methods of cases, for the tests of the language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

import attrs
import pyarrow as pa

import reen
from reen.plugin import Case, CaseMethod, Context, Exchange, FactorPack, Kind, Packs, Stage

ITEM = Kind("item", (Stage.EMBEDDED,), "item")


def pack() -> FactorPack:
    """Return a pack of two flows: 200 kg a laptop, 300 a monitor; a laptop lives 4 years."""
    rows = [
        {
            "flow": name,
            "name": name,
            "equipment_type": name,
            "reference_unit": "item",
            "stage": "embedded",
            "criterion": "climate_change",
            "value": value,
            "unit": "kgCO2e/item",
            "source": "invented for a test",
        }
        for name, value in (("laptop", "200"), ("monitor", "300"))
    ]
    lives = [
        {
            "equipment_type": "laptop",
            "parameter": "lifetime",
            "value": "4",
            "unit": "year",
            "source": "invented for a test",
        }
    ]
    return FactorPack.from_rows(
        name="toys",
        version="1",
        title="Toys",
        publisher="tests",
        licence="CC0-1.0",
        source="invented for a test",
        factors=rows,
        defaults=lives,
    )


@attrs.frozen(eq=False)
class Toy:
    """A method made of one function of a case."""

    function: Callable[[Case, Packs], Exchange | tuple[Exchange, ...]]
    kind: Kind = ITEM
    reads: tuple[str, ...] = ("equipment_type", "lifetime")
    name: ClassVar[str] = "toy"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Toy"
    reference: ClassVar[str] = "none: for tests"
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> PreparedToy:
        """Return the method ready to answer."""
        return PreparedToy(context, self)


@attrs.frozen(eq=False)
class PreparedToy(CaseMethod):
    """`Toy`, ready to answer."""

    context: Context
    toy: Toy

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kind of the toy."""
        return (self.toy.kind,)

    @property
    def reads(self) -> tuple[str, ...]:  # type: ignore[override]
        """Return the columns of the toy."""
        return self.toy.reads

    def item(self, case: Case) -> Exchange | tuple[Exchange, ...]:
        """Ask the function of the toy."""
        return self.toy.function(case, self.packs)


def measured(toy: Toy, **columns: list[Any]) -> reen.Footprint:
    """Return the footprint of some rows at the end of 2024."""
    table = pa.table({name: pa.array(cells) for name, cells in columns.items()})
    inventory = reen.Inventory.from_arrow(table)
    return reen.measure(inventory, method=toy, factors=pack(), as_of=dt.date(2024, 12, 31))


def kilograms(footprint: reen.Footprint) -> float:
    """Return the total in kilograms."""
    return float(footprint.total().quantity.to("kgCO2e/year").magnitude)
