"""Columns of equipment by which some method makes its figures: those that are named when unused.

A method looks at some of them only; what a file says in the others changes nothing, and whoever
filled them must know.  Identifiers, places and what is only shown are none of them.  Read together
with the type and the quantity, which every method reads.
"""

from __future__ import annotations

__all__ = ["FIGURE_COLUMNS"]

#: Power, lives, places, components... by table of the inventory, which is the equipment.
FIGURE_COLUMNS = frozenset(
    {
        *("annual_energy", "power", "usage_hours", "average_load", "usage_share"),
        *("country", "datacenter_id", "region", "provider", "instance_type"),
        *("lifetime", "upstream_lifetime", "downstream_lifetime", "reconditioned"),
        *("purchase_date", "retirement_date", "status", "ownership"),
        *("declared_footprint", "declared_annual_footprint"),
        *("model", "archetype", "case_type"),
        *("cpu_model", "cpu_cores", "cpu_sockets", "cpu_die_size", "gpu_model", "gpu_count"),
        *("ram", "ram_density", "storage", "storage_type", "storage_disks"),
        *("power_supplies", "power_supply_weight"),
    }
)
