"""Kinds of table: what an inventory may hold beside equipment.

Role: one list of them, each with its canonical columns.  Declarations only.
"""

from __future__ import annotations

from collections.abc import Mapping

from reen.inventory.schema import DISPOSALS, EQUIPMENT, HEADCOUNT, PURCHASES, TableSchema
from reen.inventory.system_schema import APPLICATIONS, DATACENTERS, VIRTUAL_MACHINES

__all__ = ["SCHEMA_OF_KIND"]

#: Canonical columns by kind of table, equipment first.
SCHEMA_OF_KIND: Mapping[str, TableSchema] = {
    schema.name: schema
    for schema in (
        EQUIPMENT,
        VIRTUAL_MACHINES,
        DATACENTERS,
        APPLICATIONS,
        PURCHASES,
        DISPOSALS,
        HEADCOUNT,
    )
}
