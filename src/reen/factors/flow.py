"""Flows: what a factor describes, and the units of which one may be.

A flow's key is its content (pack, id, geography, year), never an index, so that folds made anywhere
can be added.
"""

from __future__ import annotations

import attrs

from reen.values import Compared, Printed
from reen.vocabulary.unit_table import known

__all__ = ["REFERENCE_UNITS", "Flow", "FlowDescription", "is_reference_unit"]

#: What one unit of a flow may be, in words.
REFERENCE_UNITS = (
    "item, kWh, kgCO2e, EUR, GB, kg, m^2 or another unit of the vocabulary, not a rate"
)


def is_reference_unit(unit: str) -> bool:
    """Tell whether flows may be of one such unit.

    Examples
    --------
    >>> [is_reference_unit(unit) for unit in ("item", "EUR", "m^2", "kWh/year", "percent", "box")]
    [True, True, True, False, False, False]
    """
    measure = known(unit)
    return measure is not None and bool(measure.powers) and "/" not in unit


# A flow is a key many times over: its hash is worked out once.
@attrs.frozen(order=True, cache_hash=True, repr=False)
class Flow(Printed):
    """The key of a reference flow.

    Attributes
    ----------
    pack
        Factor pack that describes it.
    id
        Identifier in that pack.
    geography
        Place, empty when it is not tied to one.
    year
        Year, 0 when it is not tied to one.
    """

    pack: str
    id: str
    geography: str = ""
    year: int = 0

    def sort_key(self) -> tuple[str, str, str, int]:
        """Return what flows are ordered by, for sorting many of them quickly."""
        return (self.pack, self.id, self.geography, self.year)

    def __str__(self) -> str:
        """Return the key in words, such as ``electricity-france:mix (FR, 2022)``."""
        place = ", ".join(part for part in (self.geography, str(self.year or "")) if part)
        return f"{self.pack}:{self.id}" + (f" ({place})" if place else "")


@attrs.frozen(eq=False, repr=False)
class FlowDescription(Compared):
    """Name, source and scope of a flow, for explanations and matching.

    Attributes
    ----------
    name
        Label.
    reference_unit
        What one unit is: ``item``, ``kWh``, ``EUR``...
    equipment_type, manufacturer, model
        Match keys; empty when the flow is found by id only.
    boundary, status
        System boundary and status as published.
    sources
        Distinct citations of its rows.
    licence, note
        Licence of the figures, remarks.
    validity
        Date until which, or period in which, the figure is valid, as printed.
    """

    name: str = ""
    reference_unit: str = "item"
    equipment_type: str = ""
    manufacturer: str = ""
    model: str = ""
    boundary: str = ""
    status: str = ""
    sources: tuple[str, ...] = ()
    licence: str = ""
    note: str = ""
    validity: str = ""
