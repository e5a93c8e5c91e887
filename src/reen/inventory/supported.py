"""Supported rows: machines beside their hosts, applications beside their machines.

Input: the tables of an inventory, and which row supports which.  Output: the rows of one table with
the columns of what supports them, each under the name of the support: ``host.datacenter_id``.
"""

from __future__ import annotations

from collections.abc import Collection

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.batch import Batch
from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.inventory.system_schema import APPLICATIONS, VIRTUAL_MACHINES

__all__ = ["APPLICATIONS_ON_MACHINES", "MACHINES_ON_HOSTS", "supported"]


def _with(schema: TableSchema, support: TableSchema, prefix: str) -> TableSchema:
    """Return the columns of a table, and those of its support, which have no default there."""
    theirs = (
        attrs.evolve(column, name=f"{prefix}.{column.name}", default=None)
        for column in support.columns
    )
    return TableSchema(schema.name, (*schema.columns, *theirs))


#: Virtual machines, with the columns of their hosts.
MACHINES_ON_HOSTS = _with(VIRTUAL_MACHINES, EQUIPMENT, "host")

#: Applications, with the columns of the machines that they run on.
APPLICATIONS_ON_MACHINES = _with(APPLICATIONS, VIRTUAL_MACHINES, "machine")


def supported(
    rows: pa.Table,
    support: pa.Table,
    at: npt.NDArray[np.int64],
    *,
    schema: TableSchema,
    columns: Collection[str],
) -> Batch:
    """Return the rows of a table with columns of what supports them, as one batch.

    Parameters
    ----------
    rows, support
        The two tables.
    at
        Row of `support` for each row, -1 for none: its columns are then blank.
    schema
        One of the schemas of this module.
    columns
        Columns that may be read: those of the support that are not asked for are not put together.
    """
    there = pa.array(at, pa.int64(), mask=at < 0)
    for name in sorted(columns):
        _, dot, column = name.partition(".")
        if dot and column in support.column_names:
            field = support.schema.field(column).with_name(name)
            rows = rows.append_column(field, support[column].take(there))
    merged = rows.combine_chunks().to_batches()
    data = merged[0] if merged else pa.RecordBatch.from_pylist([], schema=rows.schema)
    return Batch(data, schema=schema, columns=frozenset(columns))
