"""Registers the bundled indicators, each with its default targets.

The hook that the entry point of the package exposes; adding an indicator is one line here.
"""

from __future__ import annotations

from reen.plugin import hookimpl
from reen.plugin.indicators import Indicator
from reen_plugins.indicators.acting import ACTING
from reen_plugins.indicators.buying import BUYING
from reen_plugins.indicators.electricity_per_item import ElectricityPerItem
from reen_plugins.indicators.energy import ENERGY
from reen_plugins.indicators.fleet_assessed import FleetAssessed
from reen_plugins.indicators.fleet_use import FLEET_USE
from reen_plugins.indicators.footprint_per_agent import FootprintPerAgent, FootprintPerInhabitant
from reen_plugins.indicators.leaving import LEAVING
from reen_plugins.indicators.mean_age import MeanAge
from reen_plugins.indicators.mean_lifetime import MeanLifetime
from reen_plugins.indicators.services_use import SERVICES_USE

__all__ = ["reen_indicators"]


@hookimpl
def reen_indicators() -> list[Indicator]:
    """Return the bundled indicators."""
    return [
        ElectricityPerItem(),
        FleetAssessed(),
        FootprintPerAgent(),
        FootprintPerInhabitant(),
        MeanAge(),
        MeanLifetime(),
        *BUYING,
        *LEAVING,
        *FLEET_USE,
        *ENERGY,
        *ACTING,
        *SERVICES_USE,
    ]
