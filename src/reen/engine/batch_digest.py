"""Batch digest: the digest of some columns of a batch, as a provenance holds it.

Input: a batch and the names of columns.  Output: the order-independent number of `digest`.  A
column that is not there has the same cell in every row: what those cells add is worked out once
for each set of columns.  Knows no method.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.digest import constant_of, hash_days, hash_numbers, hash_texts, row_digest
from reen.inventory.batch import Batch
from reen.inventory.schema import ColumnKind, TableSchema

__all__ = ["digest_of"]


def digest_of(batch: Batch, columns: Iterable[str]) -> int:
    """Return the order-independent digest of some columns of a batch."""
    names = frozenset(columns)
    there = names.intersection(batch.data.schema.names)
    hashed = [(name, _cells(batch, name)) for name in sorted(there)]
    constant = _absent(batch.schema, names - there)
    return row_digest(hashed, rows=len(batch), constant=constant)


@functools.lru_cache(maxsize=256)
def _absent(schema: TableSchema, names: frozenset[str]) -> int:
    """Return what columns that are not there add to the hash of a row."""
    one = Batch(pa.record_batch([pa.nulls(1)], names=["-"]), schema=schema)
    return constant_of([(name, int(_cells(one, name)[0])) for name in sorted(names)])


def _cells(batch: Batch, name: str) -> npt.NDArray[np.uint64]:
    """Return the hash of each cell of a column."""
    column = batch.schema.get(name)
    if column is not None and column.kind is ColumnKind.NUMBER:
        return hash_numbers(*batch.written(name))
    if column is not None and column.kind is ColumnKind.DATE:
        return hash_days(batch.dates(name))
    return batch.map(name, hash_texts).astype(np.uint64, copy=False)
