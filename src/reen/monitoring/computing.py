"""Computing: wires inputs -> context -> indicators -> values, and nothing else.

Input: an inventory, a footprint, dated records, a period, and indicators by name or as objects.
Output: `Indicators`.  An indicator whose inputs are not there gives a value left out by name, so
that a list of indicators always says what it would take to compute all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from reen.errors import OptionError, PluginError
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT
from reen.monitoring.collection import Indicators
from reen.monitoring.digests import rows_digest
from reen.monitoring.indicator import AXES, INPUTS, Indicator, IndicatorContext
from reen.monitoring.records import Disposals, Headcount, Purchases, Records
from reen.monitoring.values import IndicatorValue, Period
from reen.plugins.guard import blame
from reen.plugins.registry import Registry, default_registry
from reen.results.footprint import Footprint

__all__ = ["indicators"]

_Dated = TypeVar("_Dated", Purchases, Disposals)
_AnyRecords = TypeVar("_AnyRecords", bound=Records)

_KINDS = {
    "inventory": Inventory,
    "footprint": Footprint,
    "purchases": Purchases,
    "disposals": Disposals,
    "headcount": Headcount,
}


def indicators(
    *,
    inventory: Inventory | None = None,
    footprint: Footprint | None = None,
    purchases: Purchases | None = None,
    disposals: Disposals | None = None,
    headcount: Headcount | None = None,
    period: tuple[dt.date | str, dt.date | str] | None = None,
    names: Sequence[str | Indicator] | None = None,
    registry: Registry | None = None,
) -> Indicators:
    """Compute indicators over a period.

    Parameters
    ----------
    inventory
        The fleet, and the records that it holds; purchases, disposals or a headcount that it holds
        cannot be given apart too.
    footprint
        Its footprint; grouped by entity or type, it gives values for each of them.
    purchases, disposals, headcount
        Dated records that the inventory does not hold, of any dates: each indicator takes those of
        the period.
    period
        First and last day, as dates or ISO text; the calendar year of the footprint's reference
        date when absent, else the current one.
    names
        Indicators, by registered name or as objects; all registered ones when absent.
    registry
        Plugins to use, the installed ones by default.

    Returns
    -------
    Indicators
        At least one value per indicator.  What cannot be computed has no number but a reason.

    Raises
    ------
    UnknownNameError
        An indicator that no plugin provides; the nearest names are proposed.
    OptionError
        An input of the wrong kind, records that the inventory holds too, or a period that is none.
    PluginError
        An indicator broke its contract.
    """
    _check_kind("inventory", inventory)
    purchases = _only_one(Purchases, purchases, inventory)
    disposals = _only_one(Disposals, disposals, inventory)
    headcount = _only_one(Headcount, headcount, inventory)
    if inventory is not None and not len(inventory) and inventory.linked:
        inventory = None  # its other tables say nothing of a fleet
    given = {
        "inventory": inventory,
        "footprint": footprint,
        "purchases": purchases,
        "disposals": disposals,
        "headcount": headcount,
    }
    for name, value in given.items():
        _check_kind(name, value)
    chosen = _chosen(names, registry)
    days = _period(period, footprint)
    needed = {name for each in chosen for need in each.needs for name in need.split(" or ")}
    context = IndicatorContext(
        period=days,
        as_of=days.end if footprint is None else _as_of(footprint),
        inventory=inventory,
        footprint=footprint,
        purchases=_settled(purchases, days),
        disposals=_settled(disposals, days),
        headcount=headcount,
        digests={name: _digest(given[name]) for name in needed if given[name] is not None},
    )
    return Indicators(tuple(value for each in chosen for value in _values(each, context)))


def _settled(records: _Dated | None, days: Period) -> _Dated | None:
    """Return records whose dates are certain to lie in a period or out of it, or are blank."""
    return None if records is None else records.settled_in(days.start, days.end)


def _only_one(
    kind: type[_AnyRecords], given: _AnyRecords | None, inventory: Inventory | None
) -> _AnyRecords | None:
    """Return records from where they are: given, or a table of the inventory.

    Raises
    ------
    OptionError
        They are in both, which would count them twice.
    """
    held = None if inventory is None else kind.held_by(inventory)
    if held is not None and given is not None:
        name = kind.schema.name
        expected = f"none, since the inventory holds {len(held):,} rows of {name} itself"
        raise OptionError("indicators", name, f"{name} apart", expected)
    return given if held is None else held


def _check_kind(name: str, value: object) -> None:
    kind = _KINDS[name]
    if value is None or isinstance(value, kind):
        return
    ways = {
        "inventory": "reen.read(path) or Inventory.from_arrow(table)",
        "footprint": "reen.measure(inventory, method=...)",
    }
    way = ways.get(name, f"reen.read_records(path, kind={name!r}) or {kind.__name__}.from_arrow")
    raise OptionError("indicators", name, type(value).__name__, f"a {kind.__name__}: {way}")


def _chosen(
    names: Sequence[str | Indicator] | None, registry: Registry | None
) -> tuple[Indicator, ...]:
    """Return the indicators asked for, in that order, each checked."""
    if names is None:
        chosen = tuple((registry or default_registry()).indicators.values())
    else:
        asked = (names,) if isinstance(names, str) else names
        chosen = tuple(
            (registry or default_registry()).indicator(each) if isinstance(each, str) else each
            for each in asked
        )
    for each in chosen:
        _check_contract(each)
    return chosen


def _check_contract(indicator: object) -> None:
    who = f"indicator {getattr(indicator, 'name', type(indicator).__name__)}"
    if not isinstance(indicator, Indicator):
        raise PluginError(
            who,
            "is no indicator: it needs name, title_en, title_fr, unit, formula, denominator, axis,"
            " direction, targets, needs and values(context)",
        )
    if indicator.axis not in AXES:
        raise PluginError(who, f"axis {indicator.axis!r}: expected one of 1 to {len(AXES)}")
    for need in indicator.needs:
        unknown = [name for name in need.split(" or ") if name not in INPUTS]
        if unknown:
            raise PluginError(who, f"needs {unknown[0]!r}, which is not among {', '.join(INPUTS)}")


def _period(
    period: tuple[dt.date | str, dt.date | str] | None, footprint: Footprint | None
) -> Period:
    if period is None:
        day = dt.datetime.now(tz=dt.UTC).date() if footprint is None else _as_of(footprint)
        return Period.year(day.year)
    given: object = period
    if not isinstance(given, (tuple, list)) or len(given) != 2:  # noqa: PLR2004 - a start and an end
        raise OptionError(
            "indicators", "period", str(period), "two dates: ('2022-01-01', '2022-12-31')"
        )
    return Period.of(*period)


def _as_of(footprint: Footprint) -> dt.date:
    return dt.date.fromisoformat(footprint.provenance.as_of)


def _digest(value: object) -> str:
    if isinstance(value, Footprint):
        return value.provenance.hash
    if isinstance(value, Inventory):
        return rows_digest(value.table, EQUIPMENT)
    if isinstance(value, (Purchases, Disposals, Headcount)):
        return rows_digest(value.table, value.schema)
    raise TypeError(value)  # pragma: no cover - the kinds are checked before


def _values(indicator: Indicator, context: IndicatorContext) -> list[IndicatorValue]:
    lacking = context.lacks(indicator)
    if lacking:
        return [context.left_out(indicator, f"not given: {', '.join(lacking)}")]
    who = f"indicator {indicator.name}"
    with blame(who, f"over {context.period}"):
        found: list[object] = list(indicator.values(context))
    values: dict[str, IndicatorValue] = {}
    for value in found:
        if not isinstance(value, IndicatorValue) or value.indicator != indicator.name:
            raise PluginError(
                who, f"returned {value!r} instead of its own values: use context.value"
            )
        if value.subject in values:
            raise PluginError(who, f"returned two values for the subject {value.subject!r}")
        values[value.subject] = value
    if not values:
        raise PluginError(who, "returned nothing: what cannot be computed is left out by name")
    return list(values.values())
