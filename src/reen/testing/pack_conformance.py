"""Conformance of factor packs: `check_factor_pack` checks the laws of a pack, flow by flow.

Input: a factor pack.  Output: nothing, or a `BrokenLawError` that names the first flow or default
that is wrong.  The last law measures generated inventories with the pack, whose types, models and
countries they hold.
"""

from __future__ import annotations

import functools
import math
import pickle
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from reen.errors import BrokenLawError, FactorDataError
from reen.factors.columns import PARAMETERS
from reen.factors.factor_set import FactorSet
from reen.factors.flow import REFERENCE_UNITS, FlowDescription, is_reference_unit
from reen.factors.pack import FactorPack
from reen.plugins.building import default_registry
from reen.plugins.contract_checks import check_content
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.testing.laws import Law, chosen_laws, must, verdict
from reen.testing.method_conformance import check_method
from reen.testing.toy_method import ToyMethod
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.stages import Stage

__all__ = ["check_factor_pack"]

_FINE = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE)


def _description(pack: FactorPack) -> None:
    for name in ("name", "version", "title", "publisher", "licence", "source"):
        text = getattr(pack, name, None)
        must(isinstance(text, str) and bool(text.strip()), f"its {name} is {text!r}")


def _contract(pack: FactorPack) -> None:
    try:
        check_content(pack)
    except FactorDataError as error:
        raise AssertionError(str(error)) from error


def _determinism(pack: FactorPack) -> None:
    one, two = pack.load(), pack.load()
    must(one.digest() == two.digest(), "loading it twice gives two contents")
    must(one.digest() == pack.digest, "what it loads is not what it holds")


def _keys(pack: FactorPack) -> None:
    factors = pack.factors
    seen = set()
    for flow in factors.flows:
        must(flow.pack == pack.name, f"the flow {flow} says the pack {flow.pack!r}")
        must(flow not in seen, f"the flow {flow} is there twice")
        seen.add(flow)
    ids = {flow.id for flow in factors.flows}
    for match, key, target in pack.matching:
        must(
            match == "model" or target in ids,
            f"the {match} {key!r} is matched with the flow {target!r}, which is not there",
        )


def _values(pack: FactorPack) -> None:
    factors = pack.factors
    for k, flow in enumerate(factors.flows):
        values = factors.values[k]
        there = ~np.isnan(values)
        must(bool(there.any()), f"the flow {flow} publishes nothing")
        low, high = factors.lower[k], factors.upper[k]
        wrong = (low > values) | (high < values) | (low > high)
        must(not wrong.any(), f"the bounds of {flow}{_where(factors, wrong)} do not hold its value")
        must(
            not (factors.spread[k] < 0.0).any(),
            f"the spread of {flow}{_where(factors, factors.spread[k] < 0.0)} is negative",
        )
        alone = ~there & ~(np.isnan(low) & np.isnan(high) & np.isnan(factors.spread[k]))
        must(not alone.any(), f"{flow}{_where(factors, alone)} has bounds or a spread and no value")
    for default in pack.defaults:
        text = f"the default {default.parameter} of {default.equipment_type}"
        must(math.isfinite(default.value), f"{text} is {default.value}")


def _where(factors: FactorSet, cells: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> str:
    s, c = (int(place[0]) for place in np.nonzero(cells)) if cells.any() else (0, 0)
    return f", {factors.stages[s]}, {factors.criteria[c]}" if cells.any() else ""


def _units(pack: FactorPack) -> None:
    for stage in pack.factors.stages:
        must(isinstance(stage, Stage), f"the stage {stage!r} is none")
    for flow, text in _described(pack):
        must(
            is_reference_unit(text.reference_unit),
            f"one unit of {flow} is {text.reference_unit!r}; expected {REFERENCE_UNITS}",
        )
    for default in pack.defaults:
        expected = PARAMETERS.get(default.parameter)
        what = f"the default {default.parameter!r} of {default.equipment_type}"
        must(expected is not None, f"{what} is no parameter; expected {', '.join(PARAMETERS)}")
        must(default.unit == expected, f"{what} is in {default.unit!r}, not in {expected!r}")


def _described(pack: FactorPack) -> Iterable[tuple[str, FlowDescription]]:
    pairs = zip(pack.factors.flows, pack.factors.descriptions, strict=True)
    return ((str(flow), text) for flow, text in pairs)


def _provenance(pack: FactorPack) -> None:
    for flow, text in _described(pack):
        must(any(text.sources), f"the flow {flow} has no source")
    for own in pack.factors.definitions:
        must(bool(own.source.strip()), f"the criterion {own.key!r} has no source")
    for default in pack.defaults:
        text_of = f"the default {default.parameter} of {default.equipment_type}"
        must(bool(default.source.strip()), f"{text_of} has no source")
        must(default.pack == pack.name, f"{text_of} says the pack {default.pack!r}")


def _pickling(pack: FactorPack) -> None:
    try:
        again = pickle.loads(pickle.dumps(pack))  # noqa: S301 - our own bytes
    except (pickle.PicklingError, AttributeError, TypeError, RecursionError) as error:
        message = f"the pack cannot be pickled: {error}"
        raise AssertionError(message) from error
    must(again.digest == pack.digest, "it comes back with another content")


def _types(pack: FactorPack, types: EquipmentTypes) -> None:
    """Check that the taxonomy has every type that is named by its key."""
    ids = {flow.id for flow in pack.factors.flows}
    for flow, text in _described(pack):
        key = text.equipment_type
        said = f"the flow {flow} answers for the type {key!r}"
        must(not key or key in types, f"{said}{_near(key, types)}")
    for default in pack.defaults:
        key = default.equipment_type
        must(
            key in types or key == "*" or key in ids,
            f"the default {default.parameter} is of the type {key!r}{_near(key, types)}",
        )


def _near(key: str, types: EquipmentTypes) -> str:
    near = types.nearest(key)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ", which nobody knows"


#: Laws of the content, in the order in which they are looked at.
_LAWS_OF_CONTENT: Mapping[Law, Callable[[FactorPack], None]] = {
    Law("description", "a pack says its name, version, title, publisher, licence, source"): (
        _description
    ),
    Law("contract", "the arrays fit the flows, stages and criteria, each defined"): _contract,
    Law("determinism", "a pack loaded twice is the same"): _determinism,
    Law("keys", "each flow is there once, under the pack's name"): _keys,
    Law("values", "what is published is a number within its bounds"): _values,
    Law("units", "stages and units are those of the vocabulary"): _units,
    Law("provenance", "every figure has a source"): _provenance,
    Law("pickling", "a pack is the same in another process"): _pickling,
}
_TYPES = Law("types", "types are keys of the taxonomy")
_USE = Law("use", "inventories can be measured with the pack")
_LAWS = (*_LAWS_OF_CONTENT, _TYPES, _USE)


def check_factor_pack(
    pack: FactorPack,
    *,
    method: Method | None = None,
    laws: str | Iterable[str] | None = None,
    examples: int = 25,
    registry: Registry | None = None,
) -> None:
    """Check a factor pack against the laws that every pack must satisfy.

    Parameters
    ----------
    pack
        The pack.
    method
        The method that it is made for; when absent, a plain one that takes items by type and
        electricity by country.
    laws
        Names of the laws to look at: ``description``, ``contract``, ``determinism``, ``keys``,
        ``values``, ``units``, ``provenance``, ``pickling``, ``types``, ``use``; all when absent.
    examples
        Inventories measured with it.
    registry
        Where equipment types are; the installed plugins when absent.

    Raises
    ------
    BrokenLawError
        The first law that does not hold.
    OptionError
        A law that there is not.
    MissingExtraError
        When hypothesis is not installed.
    """
    chosen = chosen_laws("check_factor_pack", _LAWS, laws)
    here = registry or default_registry()
    subject = f"factor pack {pack.name} {pack.version}"
    for law in chosen:
        if law in _LAWS_OF_CONTENT:
            verdict(subject, law, functools.partial(_LAWS_OF_CONTENT[law], pack))
    if _TYPES in chosen:
        verdict(subject, _TYPES, lambda: _types(pack, here.equipment_types))
    if _USE in chosen:
        user = ToyMethod() if method is None else method
        verdict(subject, _USE, lambda: _use(subject, pack, user, here, examples))


def _use(subject: str, pack: FactorPack, method: Method, registry: Registry, examples: int) -> None:
    """Measure with the pack; what goes wrong is an error of the pack, with the inventory."""
    laws = ("contract", "coverage", "linearity")
    try:
        check_method(method, factors=[pack], laws=laws, examples=examples, registry=registry)
    except BrokenLawError as error:
        found = f"by the {error.subject}, {error.found}"
        raise BrokenLawError(subject, _USE.name, _USE.rule, found, error.example) from error
