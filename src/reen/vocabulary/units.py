"""Units: private pint registries, each built on first use, once per process.

Role: convert columns at the boundary, check the dimension of products, give Quantities to users.
Units of our own vocabulary are answered by `unit_table`; pint is loaded for any other, and for
Quantities.
Inputs are unit names; outputs are plain floats, booleans and pint Quantities.  Every criterion's
unit is a dimension of its own, so adding kgCO2e to kgSbe is an error and not a number.  Units of
criteria that reen does not ship are known where these criteria are given, and nowhere else.

Must not: be imported for its side effects (there are none), touch pint's application registry, or
be used inside the engine, which works on float64 in declared units.

Examples
--------
>>> round(float(reen.units.quantity(1.5, "kWh").to("MJ").magnitude), 6)
5.4
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from reen.errors import DimensionError
from reen.lazy_names import lazy_module
from reen.vocabulary.criteria import Criterion, bundled_criteria, own_criteria
from reen.vocabulary.unit_table import CLIMATE_MULTIPLES, COUNTS, Measure, known

if TYPE_CHECKING:
    import pint
else:  # most units are in the table: who needs no other does not wait for it
    pint = lazy_module("pint")

__all__ = [
    "conversion_factor",
    "define_in",
    "parse",
    "parse_quantity",
    "product_factor",
    "product_has_dimension_of",
    "quantity",
    "spelt_out",
]

_BUILDING = threading.Lock()

#: What a unit may look like: names, products, quotients and small powers.
_UNIT_PART = r"(?:1|%|[^\W\d]\w*)(?:\s*(?:\*\*|\^)\s*-?\d)?"
_UNIT = re.compile(rf"(?=.{{1,80}}$){_UNIT_PART}(?:\s*[ */.]\s*{_UNIT_PART})*")


def define_in(registry: pint.UnitRegistry[float], criteria: Iterable[Criterion] = ()) -> None:
    """Define reen's units in a host's pint registry, leaving its own definitions alone.

    Parameters
    ----------
    registry
        The registry to complete.  Names that it already has are not redefined.
    criteria
        Criteria whose units are defined too, such as `Registry.criteria`.
    """
    for name in COUNTS:
        _define(registry, name, f"[{'currency' if name == 'EUR' else name}]")
    for criterion in bundled_criteria():
        _define(registry, criterion.unit, f"[{criterion.key}]")
    for name, factor in CLIMATE_MULTIPLES.items():
        _define(registry, name, f"{float(factor)!r} * kgCO2e")
    # shortest first: of Foo and kFoo the second is always a thousand of the first
    for criterion in sorted(own_criteria(criteria), key=lambda each: (len(each.unit), each.unit)):
        # what pint has, prefixed or not (kg, MJ), keeps its meaning: everything else stands on it
        if criterion.unit not in registry:
            dimension = f"[{criterion.key}]"
            if dimension in registry._dimensions:  # noqa: SLF001 - see _define
                dimension = f"[{criterion.key}_criterion]"
            registry.define(f"{criterion.unit} = {dimension}")


def _define(registry: pint.UnitRegistry[float], name: str, definition: str) -> None:
    # `name in registry` would also accept prefixed spellings (kilo + gCO2e), which print badly.
    if name not in registry._units:  # noqa: SLF001 - pint has no public "is this exact name defined"
        registry.define(f"{name} = {definition}")


@functools.lru_cache(maxsize=64)
def _registry(own: tuple[Criterion, ...]) -> pint.UnitRegistry[float]:
    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    define_in(registry, own)
    return registry


def _locked_registry(own: tuple[Criterion, ...] = ()) -> pint.UnitRegistry[float]:
    # functools.cache alone would let two threads build two registries, whose quantities
    # could not be added.
    with _BUILDING:
        return _registry(own)


def parse(
    unit: str,
    *,
    what: str = "value",
    expected: str = "a unit",
    where: str = "",
    criteria: tuple[Criterion, ...] = (),
) -> pint.Unit:
    """Return the pint unit of `unit`.

    Parameters
    ----------
    unit
        Text.
    what, expected, where
        For the message.
    criteria
        Criteria that reen does not ship, whose units are known too.

    Raises
    ------
    DimensionError
        When `unit` is not a unit name.
    """
    return _unit(_registry_for((unit,), criteria), unit, what, expected, where)


def _registry_for(
    units: Iterable[str], criteria: tuple[Criterion, ...]
) -> pint.UnitRegistry[float]:
    """Return the registry of everybody where it has some units, else one that has `criteria`."""
    shared = _locked_registry()
    if not criteria:
        return shared
    try:
        for unit in units:
            _unit(shared, unit, "value", "a unit", "")
    except DimensionError:
        return _locked_registry(criteria)
    return shared


def _unit(
    registry: pint.UnitRegistry[float], unit: str, what: str, expected: str, where: str
) -> pint.Unit:
    if not _UNIT.fullmatch(unit):
        # pint would work out "year**9**9**9", and reads brackets as expressions
        raise DimensionError(what, unit, expected, where)
    try:
        return registry.Unit(unit)
    except (pint.PintError, ValueError, TypeError, AttributeError, AssertionError) as error:
        # pint raises any of these on text that is not a unit ("kWh//an", "98,5").
        raise DimensionError(what, unit, expected, where) from error


@functools.lru_cache(maxsize=4096)
def conversion_factor(
    unit: str,
    to: str,
    *,
    what: str = "value",
    where: str = "",
    criteria: tuple[Criterion, ...] = (),
) -> float:
    """Return the number by which a value in `unit` is multiplied to be in `to`.

    A per-item column may be written without its ``/item``: ``kWh/year`` is accepted for
    ``kWh/item/year``.

    Parameters
    ----------
    unit, to
        Units.
    what, where
        For the message.
    criteria
        Criteria that reen does not ship, whose units are known too.

    Raises
    ------
    DimensionError
        When the two units do not have the same dimension.
    """
    if unit == to:
        return 1.0
    found_here, wanted_here = known(unit), known(to)
    if found_here is not None and wanted_here is not None:
        return _in_table(found_here, wanted_here, what=what, unit=unit, to=to, where=where)
    registry = _registry_for((unit, to), criteria)
    found = _unit(registry, unit, what, to, where)
    wanted = _unit(registry, to, what, "a unit", "")
    if found.dimensionality != wanted.dimensionality and "/item" in to:
        found = found / registry.Unit("item")
    if found.dimensionality != wanted.dimensionality:
        raise DimensionError(what, unit, to, where)
    # Only multiplicative units are columns of an inventory; an offset unit (degC) has no
    # dimension in common with any of them.
    return float((1.0 * found).to(wanted).magnitude)


def _in_table(
    found: Measure, wanted: Measure, *, what: str, unit: str, to: str, where: str
) -> float:
    if found.powers != wanted.powers and "/item" in to:
        found = found.times(Measure(powers=(("item", 1),)), -1)
    if found.powers != wanted.powers:
        raise DimensionError(what, unit, to, where)
    return float(found.scale / wanted.scale)


@functools.lru_cache(maxsize=4096)
def spelt_out(unit: str, to: str) -> str:
    """Return `unit` with the ``/item`` that a per-item column may leave out.

    Raises
    ------
    DimensionError
        When `unit` is not a unit name.
    """
    if unit == to or "/item" not in to:
        return unit
    found, wanted = known(unit), known(to)
    if found is not None and wanted is not None:
        same = found.powers == wanted.powers
    else:
        same = parse(unit).dimensionality == parse(to).dimensionality
    return unit if same else f"{unit}/item"


@functools.lru_cache(maxsize=4096)
def product_has_dimension_of(units: tuple[str, ...], expected: str) -> bool:
    """Tell whether the product of `units` has the dimension of `expected`, at scale 1.

    The engine multiplies drivers without converting them, so ``MWh/year`` for ``kWh/year`` is
    refused as well as ``kg/year``.

    Raises
    ------
    DimensionError
        One of the units is not a unit name.
    """
    try:
        return product_factor(units, expected) == 1.0
    except DimensionError:
        for unit in (*units, expected):
            if known(unit) is None:
                parse(unit)  # raises with the name of what is no unit
        return False


@functools.lru_cache(maxsize=4096)
def product_factor(units: tuple[str, ...], to: str) -> float:
    """Return the number by which a product of values in `units` is multiplied to be in `to`.

    Raises
    ------
    DimensionError
        When the product does not have the dimension of `to`, or one of them is not a unit name.

    Examples
    --------
    >>> product_factor(("kW/item", "h/year"), "kWh/item/year")
    1.0
    >>> product_factor(("W/item", "h/year"), "kWh/item/year")
    0.001
    """
    measures = [known(unit) for unit in units]
    wanted = known(to)
    if wanted is None or None in measures:
        return _factor_by_pint(units, to)
    product = Measure()
    for each in measures:
        if each is not None:
            product = product.times(each)
    if product.powers != wanted.powers:
        raise DimensionError("product", " x ".join(units), to)
    return float(product.scale / wanted.scale)


def _factor_by_pint(units: tuple[str, ...], to: str) -> float:
    """Return the factor of a product of which some unit is a user's own.

    Whole numbers and their inverses are exact: pint finds 0.9999999999999999 for some of them.
    """
    product = 1.0 * _locked_registry().dimensionless
    for unit in units:
        product = product * parse(unit)
    wanted = parse(to)
    if product.dimensionality != wanted.dimensionality:
        raise DimensionError("product", " x ".join(units), to)
    factor = float(product.to(wanted).magnitude)
    return _whole(factor) or 1.0 / (_whole(1.0 / factor) or 1.0 / factor)


def _whole(number: float) -> float:
    """Return the whole number that one stands for but for the noise of unit scales; 0 for none."""
    whole = float(round(number))
    return whole if abs(number - whole) <= 1e-12 * whole else 0.0


def parse_quantity(text: str, *, what: str, expected: str) -> tuple[float, str]:
    """Return the number and the unit of text such as ``"5 year"``; the unit may be empty.

    Raises
    ------
    DimensionError
        When the text is not a number followed by a unit.
    """
    number, _, unit = text.strip().partition(" ")
    try:
        return float(number), unit.strip()
    except ValueError as error:
        raise DimensionError(what, text, expected) from error


def quantity(
    value: float, unit: str, *, criteria: tuple[Criterion, ...] = ()
) -> pint.Quantity[float]:
    """Return `value` as a pint Quantity of reen's registry.

    Parameters
    ----------
    value, unit
        Figure.
    criteria
        Criteria that reen does not ship, whose units are known too.  A quantity in one of them is
        of a registry of theirs, the same for the same criteria.

    Raises
    ------
    DimensionError
        When `unit` is not a unit name.
    """
    made: pint.Quantity[float] = value * parse(unit, criteria=criteria)
    return made
