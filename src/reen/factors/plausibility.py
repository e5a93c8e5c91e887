"""Find factors that are implausible in their unit, such as 52 kgCO2e for a kilowatt-hour.

A factor in grams under a header of kilograms makes every figure a thousand times too large, and
looks like any other number.  These checks refuse nothing, because a source may publish what nobody
expected; they return doubts, each with the unit that is likely meant.

The limits of electricity: the dirtiest national mix on record is near 1.5 kgCO2e/kWh with its
fuels and losses; the smallest generator on diesel stays below 2.5.  Those of equipment are the
limits of declared footprints in `reen.inventory.plausible`.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import numpy.typing as npt

from reen.factors.factor_set import FactorSet
from reen.inventory.issues import Issue, Severity
from reen.inventory.plausible import ranges_of
from reen.reasons import Reason
from reen.vocabulary.stages import Stage

__all__ = ["doubts_of"]

_CLIMATE = "climate_change"

#: kgCO2e for one kWh: above the first it is in grams, below the second in tonnes.
_LARGEST_PER_KWH = 2.5
_SMALLEST_PER_KWH = 1e-4

#: Units of weight, by which no item is measured; and what makes an item good again.
_WEIGHTS = frozenset({"g", "kg", "t"})
_REFURBISHING = "refurbishing-"

#: What a thousand makes of a unit: grams taken for kilograms, tonnes taken for kilograms.
_THOUSAND = 1000.0

#: Stages of which a negative figure is a mistake; recycling may be credited at the end of life.
_NEVER_NEGATIVE = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.USE, Stage.EMBEDDED)


@attrs.frozen
class _Check:
    """Values of one kind of flow, with the limits of each."""

    factors: FactorSet
    source: str

    def issue(
        self, flow: int, value: float, reason: Reason, count: int, expected: str = "check_factor"
    ) -> Issue:
        text = f"{value:g}"
        where = Reason("factor", flow=str(self.factors.flows[flow]), reason=reason)
        return Issue(
            "value",
            text,
            where,
            expected=Reason(expected),
            severity=Severity.DOUBT,
            source=self.source,
            count=count,
        )


def doubts_of(
    factors: FactorSet, source: str, *, matched: frozenset[str] = frozenset()
) -> tuple[Issue, ...]:
    """Return the doubts about a set of factors, one for each kind of fault.

    Parameters
    ----------
    factors
        The factors, in the units of their criteria.
    source
        Pack or file, for the issues.
    matched
        Types of equipment for which the matching table of the pack names a factor.
    """
    check = _Check(factors, source)
    return (
        *_negative(check),
        *_electricity(check),
        *_equipment(check),
        *_unmade(check),
        *_by_weight(check),
        *_rivals(check, matched),
    )


def _negative(check: _Check) -> list[Issue]:
    factors = check.factors
    stages = [k for k, stage in enumerate(factors.stages) if stage in _NEVER_NEGATIVE]
    if not stages or not len(factors):
        return []
    values = factors.values[:, stages, :]
    flows = np.flatnonzero((values < 0.0).any(axis=(1, 2)))
    if not len(flows):
        return []
    first = float(np.nanmin(values[flows[0]]))
    return [check.issue(int(flows[0]), first, Reason("factor_negative"), len(flows))]


def _climate_of(
    factors: FactorSet, unit: str, stages: tuple[Stage, ...]
) -> npt.NDArray[np.float64]:
    """Return the climate change of the flows of a unit over some stages, NaN for other flows."""
    found = np.full(len(factors), np.nan)
    if _CLIMATE not in factors.criteria:
        return found
    places = [k for k, stage in enumerate(factors.stages) if stage in stages]
    values = factors.values[:, places, factors.criteria.index(_CLIMATE)]
    known = np.isfinite(values).any(axis=1)
    mine = np.array([text.reference_unit == unit for text in factors.descriptions], np.bool_)
    if len(factors):
        found[known & mine] = np.nansum(values[known & mine], axis=1)
    return found


def _electricity(check: _Check) -> list[Issue]:
    values = _climate_of(check.factors, "kWh", (Stage.USE,))
    large = values > _LARGEST_PER_KWH
    small = (values > 0.0) & (values < _SMALLEST_PER_KWH)
    return [
        *_told(check, values, large, lambda value: _per_kwh("gCO2e/kWh", value / _THOUSAND)),
        *_told(check, values, small, lambda value: _per_kwh("tCO2e/kWh", value * _THOUSAND)),
    ]


def _per_kwh(unit: str, value: float) -> Reason:
    if not _SMALLEST_PER_KWH <= value <= _LARGEST_PER_KWH:
        return Reason("factor_implausible", unit="kgCO2e/kWh")
    return Reason("factor_unit", unit="kgCO2e/kWh", likely=unit)


def _equipment(check: _Check) -> list[Issue]:
    making = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.EMBEDDED)
    values = _climate_of(check.factors, "item", making)
    ranges = ranges_of("declared_footprint")
    limits = [ranges.get(text.equipment_type) for text in check.factors.descriptions]
    highest = np.array([np.inf if each is None else each.maximum for each in limits])
    lowest = np.array([-np.inf if each is None else each.minimum for each in limits])
    grams, tonnes = (
        Reason("factor_unit", unit="kgCO2e", likely=likely) for likely in ("gCO2e", "tCO2e")
    )
    return [
        *_told(check, values, values > highest, lambda _value: grams),
        *_told(check, values, (values > 0.0) & (values < lowest), lambda _value: tonnes),
    ]


def _unmade(check: _Check) -> list[Issue]:
    """Return the doubt about equipment of which the making is not given.

    A factor takes the place of another as a whole: a total by it would miss most of the footprint.
    """
    factors = check.factors
    making = [
        k
        for k, stage in enumerate(factors.stages)
        if stage in (Stage.MANUFACTURING, Stage.EMBEDDED)
    ]
    made = np.isfinite(factors.values[:, making, :]).any(axis=(1, 2))
    typed = np.array(
        [
            text.reference_unit == "item" and bool(text.equipment_type)
            for text in factors.descriptions
        ],
        np.bool_,
    )
    flows = np.flatnonzero(typed & ~made)
    if not len(flows):
        return []
    first = int(flows[0])
    value = float(np.nansum(factors.values[first]))
    return [check.issue(first, value, Reason("factor_without_making"), len(flows))]


def _by_weight(check: _Check) -> list[Issue]:
    """Return the doubt about equipment that is given per kilogram, by which no item is measured."""
    factors = check.factors
    flows = [
        k
        for k, text in enumerate(factors.descriptions)
        if text.reference_unit in _WEIGHTS and (text.equipment_type or text.model)
    ]
    if not flows:
        return []
    unit = factors.descriptions[flows[0]].reference_unit
    value = float(np.nansum(factors.values[flows[0]]))
    reason = Reason("factor_per_weight", unit=unit)
    return [check.issue(flows[0], value, reason, len(flows), "expect_factor_per_item")]


def _rivals(check: _Check, matched: frozenset[str]) -> list[Issue]:
    """Return a doubt for each type that several factors are for: the first one is taken."""
    found: dict[str, dict[str, int]] = {}
    pairs = zip(check.factors.flows, check.factors.descriptions, strict=True)
    for k, (flow, text) in enumerate(pairs):
        of_type = text.reference_unit == "item" and text.equipment_type and not text.model
        if of_type and text.equipment_type not in matched and not flow.id.startswith(_REFURBISHING):
            found.setdefault(text.equipment_type, {}).setdefault(flow.id, k)
    return [
        check.issue(
            next(iter(flows.values())),
            float(np.nansum(check.factors.values[next(iter(flows.values()))])),
            Reason(
                "factor_rivals",
                type=kind,
                others=", ".join(list(flows)[1:]),
            ),
            len(flows),
            "expect_one_factor",
        )
        for kind, flows in found.items()
        if len(flows) > 1
    ]


def _told(
    check: _Check,
    values: npt.NDArray[np.float64],
    bad: npt.NDArray[np.bool_],
    reason: Callable[[float], Reason],
) -> list[Issue]:
    """Return one issue for all the flows of a fault, the first of them named."""
    flows = np.flatnonzero(bad)
    if not len(flows):
        return []
    first = int(flows[0])
    value = float(values[first])
    return [check.issue(first, value, reason(value), len(flows))]
