"""Hypothesis strategies: methods with their options, and whole measurements.

Input: a registry.  Output: configured methods, and `Measurement` values that hold everything
`reen.measure` is given, so that a law can run one of them in several ways.  ``hypothesis`` is
imported on use, by `strategies`.
"""

from __future__ import annotations

import functools
import math
import typing
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Protocol

import attrs

from reen.factors.pack import FactorPack
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT
from reen.lazy_names import lazy_module
from reen.plugins.method import Method
from reen.plugins.options import configure
from reen.plugins.registry import Registry
from reen.results.footprint import Footprint
from reen.testing.reference_engine import ReferenceFootprint, reference_footprint
from reen.testing.strategies import composite, factor_packs, inventories
from reen.verbs.measuring import measure

if TYPE_CHECKING:
    from hypothesis import strategies as searching
else:  # an extra, imported where something is drawn
    searching = lazy_module("hypothesis.strategies")


class _Printer(Protocol):
    """What Hypothesis and IPython show values with."""

    def text(self, text: str) -> None:
        """Show some text."""


__all__ = ["Measurement", "measurements", "methods"]

#: Columns to group by; some of them no drawn inventory has.
GROUPS = (
    "entity",
    "service",
    "equipment_type",
    "country",
    "floor",
    "checked",
    "seen",
    "site",
    "manufacturer",
)


def methods(
    registry: Registry, *, names: Iterable[str] | None = None
) -> searching.SearchStrategy[Method]:
    """Return a strategy of the methods of a registry, with options drawn.

    Options that are true or false, or one of a list, take any value; the others keep theirs.

    Parameters
    ----------
    registry
        Where the methods are.
    names
        Methods to draw from; all when absent.

    Raises
    ------
    MissingExtraError
        When hypothesis is not installed.
    """
    chosen = [registry.method(name) for name in names or registry.methods]
    known = [(method, _choices(method)) for method in chosen]

    def draw_method(draw: searching.DrawFn) -> Method:
        from hypothesis import strategies as st

        method, choices = draw(st.sampled_from(known))
        options = {name: draw(st.sampled_from(values)) for name, values in choices.items()}
        return configure(method, options)

    return composite(draw_method)


def _choices(method: Method) -> dict[str, list[str]]:
    """Return the values, as text, of the options that have a closed list; its own comes first."""
    kind: type = type(method)
    known = attrs.fields_dict(kind) if attrs.has(kind) else {}
    hints = typing.get_type_hints(kind) if known else {}
    found = {}
    for name in known:
        if hints[name] is bool:
            found[name] = ["true", "false"]
        elif typing.get_origin(hints[name]) is typing.Literal:
            found[name] = [str(choice) for choice in typing.get_args(hints[name])]
    for name, values in found.items():
        own = str(getattr(method, name))
        values.sort(key=lambda value: value.casefold() != own.casefold())
    return found


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Measurement:
    """The arguments of one `reen.measure`, to run it in several ways.

    Attributes
    ----------
    inventory, method, by, factors, as_of, registry
        As in `reen.measure`.
    """

    inventory: Inventory
    method: Method
    by: tuple[str, ...]
    factors: tuple[FactorPack, ...]
    as_of: str
    registry: Registry

    @functools.cached_property
    def whole(self) -> Footprint:
        """Return the footprint of the inventory as it is, measured once."""
        return self.run()

    def run(
        self,
        inventory: Inventory | None = None,
        *,
        by: Sequence[str] | None = None,
        batch_rows: int = 65_536,
        executor: Executor | None = None,
    ) -> Footprint:
        """Return the footprint of the inventory, or of another one in its place."""
        return measure(
            self.inventory if inventory is None else inventory,
            method=self.method,
            by=self.by if by is None else by,
            factors=self.factors,
            as_of=self.as_of,
            registry=self.registry,
            batch_rows=batch_rows,
            executor=executor,
        )

    def __repr__(self) -> str:
        """Return what to type to make the rows, the packs and the options again."""
        table = self.inventory.table
        fields = {field.name: field.metadata for field in table.schema if field.metadata}
        packs = {pack.name: dict(_published(pack)) for pack in self.factors}
        return (
            f"<Measurement {self.method!r} by={self.by!r} as_of={self.as_of!r}"
            f" rows={table.to_pydict()!r} metadata={fields!r} packs={packs!r}>"
        )

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:  # noqa: FBT001 - IPython's protocol
        printer.text("<Measurement ...>" if cycle else repr(self))

    def reference(self) -> ReferenceFootprint:
        """Return the footprint by the reference engine."""
        return reference_footprint(
            self.inventory,
            method=self.method,
            by=self.by,
            factors=self.factors,
            as_of=self.as_of,
            registry=self.registry,
        )


def _published(pack: FactorPack) -> Iterable[tuple[str, float]]:
    """Yield the cells that a pack publishes."""
    factors = pack.factors
    for k, flow in enumerate(factors.flows):
        for s, stage in enumerate(factors.stages):
            for c, criterion in enumerate(factors.criteria):
                value = float(factors.values[k, s, c])
                if not math.isnan(value):
                    yield f"{flow}, {stage}, {criterion}", value


def measurements(
    registry: Registry,
    *,
    method: searching.SearchStrategy[Method] | None = None,
    inventory: searching.SearchStrategy[Inventory] | None = None,
    pack: searching.SearchStrategy[FactorPack] | None = None,
    groups: Sequence[str] = GROUPS,
) -> searching.SearchStrategy[Measurement]:
    """Return a strategy of measurements: an inventory, a method, packs, groups and a date.

    Parameters
    ----------
    registry
        Where the methods and their own packs are.
    method, inventory, pack
        Strategies of the method (any of the registry when absent), of the inventory, and of a pack
        given by the user (used or not).
    groups
        Columns to group by; those that are neither canonical nor in the inventory are left out.

    Raises
    ------
    MissingExtraError
        When hypothesis is not installed.
    """
    rows = inventories() if inventory is None else inventory
    packs = factor_packs() if pack is None else pack
    chosen = methods(registry) if method is None else method

    def draw_measurement(draw: searching.DrawFn) -> Measurement:
        from hypothesis import strategies as st

        drawn = draw(rows)
        columns = [name for name in groups if name in EQUIPMENT or name in drawn.table.column_names]
        by = draw(st.lists(st.sampled_from(columns), unique=True, max_size=3)) if columns else []
        return Measurement(
            inventory=drawn,
            method=draw(chosen),
            by=tuple(by),
            factors=tuple(draw(st.lists(packs, max_size=1))),
            as_of=draw(st.sampled_from(("2021-06-30", "2022-12-31", "2023-01-01"))),
            registry=registry,
        )

    return composite(draw_measurement)
