"""Kinds of table: what an inventory may hold, equipment first.

Role: one list of them, each with its canonical columns and those that it cannot do without; and
the table of a kind that nobody gave, which has no row.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import pyarrow as pa

from reen.arrays import empty_of
from reen.inventory.dictionaries import TEXT
from reen.inventory.record_schema import (
    CONNECTED_OBJECTS,
    CONTRACTS,
    DISPOSALS,
    ENERGY_READINGS,
    EVENTS,
    HEADCOUNT,
    LAST_SEEN,
    MATURITY,
    PROJECTS,
    PURCHASES,
    REPAIRS,
    SERVICES,
)
from reen.inventory.schema import EQUIPMENT, Column, ColumnKind, TableSchema
from reen.inventory.system_schema import APPLICATIONS, DATACENTERS, VIRTUAL_MACHINES

__all__ = ["KIND_KEY", "LINKED_KINDS", "REQUIRED_OF_KIND", "SCHEMA_OF_KIND", "empty_table"]

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
        ENERGY_READINGS,
        REPAIRS,
        CONTRACTS,
        EVENTS,
        PROJECTS,
        CONNECTED_OBJECTS,
        LAST_SEEN,
        MATURITY,
        SERVICES,
    )
}

#: Where the metadata of a table says of which kind its rows are.
KIND_KEY = b"reen.kind"

#: The kinds beside equipment: their rows stand for no item of equipment.
LINKED_KINDS = tuple(kind for kind in SCHEMA_OF_KIND if kind != EQUIPMENT.name)

#: Columns without which a row of a kind says nothing; equipment needs a type or a model.
REQUIRED_OF_KIND: Mapping[str, tuple[str, ...]] = {
    VIRTUAL_MACHINES.name: ("id",),
    DATACENTERS.name: ("id",),
    APPLICATIONS.name: ("id",),
    PURCHASES.name: ("date",),
    DISPOSALS.name: ("date",),
    HEADCOUNT.name: ("date", "agents"),
    ENERGY_READINGS.name: ("meter_id", "period_start", "period_end"),
    REPAIRS.name: ("date",),
    CONTRACTS.name: ("date",),
    EVENTS.name: ("date",),
    PROJECTS.name: ("date",),
    CONNECTED_OBJECTS.name: ("object_use",),
    LAST_SEEN.name: ("last_contact",),
    MATURITY.name: ("date", "dimension", "score"),
    SERVICES.name: ("service_type",),
}

_TYPES = {
    ColumnKind.NUMBER: pa.float64(),
    ColumnKind.DATE: pa.date32(),
    ColumnKind.TIMESTAMP: pa.timestamp("s", tz="UTC"),
    ColumnKind.BOOLEAN: pa.bool_(),
    ColumnKind.INTEGER: pa.int64(),
}


def _field(column: Column) -> pa.Field:
    if column.kind is ColumnKind.NUMBER:
        return pa.field(column.name, pa.float64(), metadata={"unit": column.unit})
    if column.kind is ColumnKind.TEXT:
        return pa.field(column.name, pa.string() if column.identifier else TEXT)
    return pa.field(column.name, _TYPES[column.kind])


@functools.cache
def empty_table(kind: str) -> pa.Table:
    """Return the canonical table of a kind, without a row."""
    schema = pa.schema([_field(column) for column in SCHEMA_OF_KIND[kind].columns])
    return pa.Table.from_batches([empty_of(schema)])
