"""Registers the bundled indicators, each with its default targets.

The hook that the entry point of the package exposes; adding an indicator is its name here.  A
module is imported when one of its indicators is first used.
"""

from __future__ import annotations

from reen.plugin import Deferred, hookimpl

__all__ = ["reen_indicators"]

#: Names of the indicators by where they stand, below this package.
_HOMES = {
    "electricity_per_item:ElectricityPerItem": "electricity_per_item",
    "fleet_assessed:FleetAssessed": "fleet_assessed",
    "footprint_per_agent:FootprintPerAgent": "footprint_per_agent",
    "footprint_per_agent:FootprintPerInhabitant": "footprint_per_inhabitant",
    "mean_age:MeanAge": "mean_age",
    "mean_lifetime:MeanLifetime": "mean_lifetime",
    "acting:ACTING": (
        "eco_design_trained eco_designed_projects rgesn_score workshops participants "
        "elected_participants participants_per_agent phishing_clicks phishing_reports "
        "data_deleted public_events people_reached partners people_certified citizens_weee "
        "repair_visits objects_per_1000 shared_objects net_energy_saved maturity"
    ),
    "buying:BUYING": (
        "reuse_in_purchases reuse_in_spending refurbished_over_retired repairability "
        "label_share rental_share clauses clause_spending criterion_weight "
        "local_repair_contracts"
    ),
    "energy:ENERGY": ("pue energy_saved kwh_per_agent"),
    "fleet_use:FLEET_USE": (
        "age_classes renewal_rate items_per_agent screens_per_pc double_equipped "
        "dormant_stock used_devices"
    ),
    "leaving:LEAVING": (
        "reuse_of_disposals donated reused_inside weee_mass weee_approved observed_life "
        "kept_after_warranty reuse_of_retired repaired repair_rate repair_hours"
    ),
    "services_use:SERVICES_USE": ("used_accounts stored_per_agent footprint_per_user"),
}


@hookimpl
def reen_indicators() -> list[Deferred]:
    """Return the bundled indicators."""
    return [
        Deferred(name, f"reen_plugins.indicators.{home}")
        for home, names in _HOMES.items()
        for name in names.split()
    ]
