"""Levers: what a scenario changes of a type of equipment, and from which year.

Input: what a strategy says.  Output: immutable values; `simulation` applies them.  A lever that
needs a figure that nobody measured refuses to be made: a saving of an unknown is no saving.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import attrs

from reen.errors import OptionError
from reen.reasons import Reason

__all__ = [
    "Drop",
    "KeepLonger",
    "Lever",
    "MoveToCloud",
    "Pool",
    "Refurbish",
    "Replace",
    "Sleep",
    "Virtualise",
]


def _is(
    least: float, most: float = math.inf
) -> Callable[[object, attrs.Attribute[float], float], None]:
    def check(instance: object, field: attrs.Attribute[float], value: float) -> None:
        if not (math.isfinite(value) and least <= value <= most):
            to = Reason("error_to", most=most) if most < math.inf else ""
            expected = Reason("error_a_number_from", least=least, to=to)
            raise OptionError(type(instance).__name__, field.name, str(value), expected)

    return check


@attrs.frozen(kw_only=True)
class _OfType:
    """The fields of every lever.

    Attributes
    ----------
    equipment_type
        The type that it acts on.
    from_year
        The first year in which it acts.
    """

    equipment_type: str
    from_year: int


@attrs.frozen(kw_only=True)
class KeepLonger(_OfType):
    """Keep what is there, and what is bought, some years longer."""

    years: float = attrs.field(validator=_is(0.0))


@attrs.frozen(kw_only=True)
class Refurbish(_OfType):
    """Buy a share refurbished, of another embedded footprint (kgCO2e) and perhaps another life."""

    share: float = attrs.field(validator=_is(0.0, 1.0))
    embedded: float = attrs.field(validator=_is(0.0))
    life: float = attrs.field(default=0.0, validator=_is(0.0))
    price: float | None = None
    source: str


@attrs.frozen(kw_only=True)
class Pool(_OfType):
    """Share: so many items for each agent."""

    items_per_agent: float = attrs.field(validator=_is(0.0))
    agents: float = attrs.field(validator=_is(1.0))


@attrs.frozen(kw_only=True)
class Drop(_OfType):
    """Do without some items: second screens, devices that nobody heard of; the oldest first."""

    items: float = attrs.field(validator=_is(0.0))


@attrs.frozen(kw_only=True)
class Sleep(_OfType):
    """Let items sleep: a share of an electricity that was measured, kWh per item and year."""

    saved_share: float = attrs.field(validator=_is(0.0, 1.0))
    measured_kwh: float = attrs.field(validator=_is(0.0))
    source: str

    def __attrs_post_init__(self) -> None:
        """Refuse a baseline that nobody measured."""
        if self.measured_kwh <= 0.0 or not self.source.strip():
            expected = Reason("error_electricity_was_measured_before_above_0")
            raise OptionError("Sleep", "measured_kwh", str(self.measured_kwh), expected)


@attrs.frozen(kw_only=True)
class Virtualise(_OfType):
    """Do without some hosts, of which the others take the load: so many kWh a year more."""

    items: float = attrs.field(validator=_is(0.0))
    added_kwh: float = attrs.field(validator=_is(0.0))


@attrs.frozen(kw_only=True)
class Replace(_OfType):
    """Replace all at once, and from then on, by another model."""

    embedded: float = attrs.field(validator=_is(0.0))
    kwh: float = attrs.field(validator=_is(0.0))
    life: float = attrs.field(validator=_is(1.0))
    price: float | None = None
    source: str


@attrs.frozen(kw_only=True)
class MoveToCloud(_OfType):
    """Do without some items, for hosting of so many kgCO2e a year."""

    items: float = attrs.field(validator=_is(0.0))
    hosting: float = attrs.field(validator=_is(0.0))
    source: str


Lever: TypeAlias = KeepLonger | Refurbish | Pool | Drop | Sleep | Virtualise | Replace | MoveToCloud
