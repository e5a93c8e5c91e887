"""What the properties measure: the bundled methods and the toy, with small packs.

The bundled world mixes hold two thousand flows, which would make every example slow and show
nothing more: a few countries and years of them are kept.  Everything else is what is shipped.
Strategies are made once, since making one costs more than drawing from it.
"""

from __future__ import annotations

import functools
import importlib.util
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor

import attrs
import hypothesis.strategies as st
import pytest

import reen
from reen.factors.pack import PackContent
from reen.plugin import FactorPack, Method, Registry
from reen.testing import (
    Measurement,
    ToyMethod,
    inventories,
    measurements,
    methods,
    registry_of,
)
from reen_plugins.base_carbone.method import BaseCarbone

_BOAVIZTA = importlib.util.find_spec("boaviztapi") is not None
_COUNTRIES = ("BR", "DE")
_YEARS = (2020, 2021, 2022)

_SERVER = FactorPack.from_rows(
    name="server",
    version="1",
    title="One flow",
    publisher="tests",
    licence="CC0-1.0",
    source="tests",
    factors=[
        {
            "flow": "server",
            "reference_unit": "item",
            "stage": "manufacturing",
            "criterion": "climate_change",
            "value": "600",
            "unit": "kgCO2e/item",
            "equipment_type": "server",
            "source": "tests",
        }
    ],
)


def _content(content: PackContent) -> PackContent:
    return content


def _cut(pack: FactorPack) -> FactorPack:
    """Return a pack with the mixes of a few places and years only."""
    kept = [
        k
        for k, flow in enumerate(pack.factors.flows)
        if flow.geography in _COUNTRIES and flow.year in _YEARS
    ]
    return FactorPack(
        name=pack.name,
        version=pack.version,
        title=pack.title,
        publisher=pack.publisher,
        licence=pack.licence,
        source=pack.source,
        load=functools.partial(_content, PackContent(pack.factors.take(kept))),
    )


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Return the bundled methods and packs with few electricity mixes, and the toy method."""
    bundled = reen.load_plugins(only=["reen-bundled"])
    packs = dict(bundled.factor_packs)
    packs["electricity-world"] = _cut(packs["electricity-world"])
    # An extra that is not there can only say so; its own cases cover it where it is.
    here = [each for name, each in bundled.methods.items() if name != "boavizta" or _BOAVIZTA]
    return registry_of(methods=[*here, ToyMethod()], packs=packs.values())


def _ready(registry: Registry) -> list[str]:
    """Return the methods of equipment that need no file or package of the user's."""
    nothing = reen.Inventory.from_equipment([])
    found = []
    for name in registry.methods:
        try:
            reen.measure(nothing, method=name, registry=registry)
        except (
            reen.errors.EmptyInventoryError,  # it counts another table
            reen.errors.MissingExtraError,
            reen.errors.OptionError,
        ):
            continue
        found.append(name)
    return found


@pytest.fixture(scope="session")
def any_method(registry: Registry) -> st.SearchStrategy[Method]:
    """Return a strategy of every method with any options, one exchange per row and kind."""

    def single(method: Method) -> Method:
        if isinstance(method, ToyMethod):
            return reen.configure(method, {"exchanges": "one"})
        if isinstance(method, BaseCarbone):
            # lines apart are no part of a figure, and have cases of their own
            return reen.configure(method, {"archived": "false", "proxies": "false"})
        return method

    return methods(registry, names=_ready(registry)).map(single)


@pytest.fixture(scope="session")
def cases(
    registry: Registry, any_method: st.SearchStrategy[Method]
) -> st.SearchStrategy[Measurement]:
    """Return a strategy of measurements of at least one row, with at least one factor in view."""
    drawn = measurements(registry, method=any_method, inventory=inventories(min_rows=1))

    # A drawing function and not `map`, so that a failing example is shown as it was measured.
    @st.composite
    def cases(draw: st.DrawFn) -> Measurement:
        return _with_factors(draw(drawn))

    return cases()


def _with_factors(case: Measurement) -> Measurement:
    """Give a pack to the methods that have none; what they do without is tested by itself."""
    if case.method.packs or any(len(pack.factors) for pack in case.factors):
        return case
    return attrs.evolve(case, factors=(_SERVER,))


@pytest.fixture(scope="session")
def threads() -> Iterator[Executor]:
    """Return two threads."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="session")
def processes() -> Iterator[Executor]:
    """Return two processes that share nothing with this one (spawned, not forked)."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool
