"""Digests: one short text for the rows of an input, for the provenance of indicator values.

Input: a conformed table and its schema.  Output: an order-independent digest over the canonical
columns that hold something, except where the row comes from: the same rows in another file are the
same data.  Tells inputs apart; no protection against forgery.  Imports the inventory and the
engine's row digest only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.engine.digest import MASK, hash_days, hash_numbers, hash_texts, row_digest
from reen.inventory.batch import Batch, BatchMemo, batches_of
from reen.inventory.schema import ColumnKind, TableSchema

__all__ = ["rows_digest"]

_ORIGIN = frozenset({"source", "source_row"})


def rows_digest(table: pa.Table, schema: TableSchema) -> str:
    """Return the digest of a conformed table's rows, as 16 hexadecimal digits."""
    names = sorted(
        name
        for name in schema
        if name not in _ORIGIN
        and name in table.column_names
        and table[name].null_count < table.num_rows
    )
    memo, total = BatchMemo(), 0
    for batch in batches_of(table, schema=schema, memo=memo):
        columns = [(name, _cells(batch, name, schema)) for name in names]
        total = (total + row_digest(columns, rows=len(batch))) & MASK
    return f"{total:016x}"


def _cells(batch: Batch, name: str, schema: TableSchema) -> npt.NDArray[np.uint64]:
    kind = schema[name].kind
    if kind is ColumnKind.NUMBER:
        return hash_numbers(batch.values(name, schema[name].unit))
    if kind is ColumnKind.DATE:
        return hash_days(batch.dates(name))
    if kind is ColumnKind.BOOLEAN:
        column = batch.data.column(name).cast(pa.uint8()).fill_null(2)
        return np.asarray(numpy_of(column), np.uint64)
    return batch.map(name, hash_texts).astype(np.uint64, copy=False)
