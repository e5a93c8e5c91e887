"""Batch digest: the digest of some columns of a batch, as a provenance holds it.

Input: a batch and the names of columns.  Output: the order-independent number of `digest`.  A
column that is not there has the same cell in every row: what those cells add is worked out once
for each set of columns.  Knows no method.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.digest import (
    BLANK,
    MASK,
    TextHashes,
    constant_of,
    hash_days,
    hash_numbers,
    mixed,
    row_digest,
    salt_of,
)
from reen.inventory.batch import Batch
from reen.inventory.schema import ColumnKind, TableSchema
from reen.kernel import lendable, loops, threads
from reen.kernel.interface import HashedColumn, Loops

__all__ = ["RowDigest", "digest_of"]

#: Rows that are hashed together: their cells and states stay in the processor's cache.
_BLOCK = 1 << 15


def digest_of(batch: Batch, columns: Iterable[str], hashes: TextHashes | None = None) -> int:
    """Return the order-independent digest of some columns of a batch.

    Parameters
    ----------
    batch, columns
        Rows, and the names of their columns that count.
    hashes
        Hashes of words, from one batch of a source to the next.
    """
    hashes = TextHashes() if hashes is None else hashes
    names = frozenset(columns)
    there = names.intersection(batch.data.schema.names)
    constant = _absent(batch.schema, names - there)
    compiled = loops()
    if compiled is not None:
        return _compiled_digest(compiled, batch, sorted(there), hashes, constant)
    read = [(name, _cells(batch, name, hashes)) for name in sorted(there)]
    total = 0
    for first in range(0, len(batch), _BLOCK):
        part = slice(first, min(first + _BLOCK, len(batch)))
        hashed = [(name, cells(part)) for name, cells in read]
        total += row_digest(hashed, rows=part.stop - first, constant=constant)
    return total & MASK


def _compiled_digest(
    compiled: Loops, batch: Batch, names: Sequence[str], hashes: TextHashes, constant: int
) -> int:
    """Return what `row_digest` does of some columns, in one pass over their cells."""
    columns = tuple(_hashed(batch, name, hashes) for name in names)
    start = constant + sum(salt_of(name)[0] for name in names)
    rows = len(batch)
    return compiled.digest(columns, start & MASK, BLANK, rows, threads(rows))


def _hashed(batch: Batch, name: str, hashes: TextHashes) -> HashedColumn:
    """Return how a column is hashed: numbers by their bits, words by a table, days as cells."""
    column, salt = batch.schema.get(name), salt_of(name)[1]
    if column is not None and column.kind is ColumnKind.NUMBER:
        values, blank = batch.written(name)
        return "n", lendable(values), lendable(blank), salt
    if column is not None and column.kind is ColumnKind.DATE:
        return "c", lendable(hash_days(batch.dates(name))), None, salt
    codes, table = batch.coded(name, hashes)
    return "w", lendable(codes), table * np.uint64(salt), salt


class RowDigest:
    """The digest of one row, as its numbers change.

    Parameters
    ----------
    batch
        The row.
    columns
        Names of the columns that count.
    """

    def __init__(self, batch: Batch, columns: Iterable[str]) -> None:
        names = frozenset(columns)
        there = names.intersection(batch.data.schema.names)
        hashes = TextHashes()
        cells = {name: _cells(batch, name, hashes)(slice(1)) for name in sorted(there)}
        self._cells = {name: int(cell[0]) for name, cell in cells.items()}
        found = constant_of([*self._cells.items()])
        self._state = found + _absent(batch.schema, names - there)

    def of(self, numbers: Mapping[str, npt.NDArray[np.float64]]) -> int:
        """Return what `digest_of` gives of the row with some other numbers, none of them blank."""
        state = self._state
        for name, values in numbers.items():
            if name in self._cells:
                cell = int(hash_numbers(values)[0])
                state += (cell - self._cells[name]) * salt_of(name)[1]
        return mixed(state & MASK)


@functools.lru_cache(maxsize=256)
def _absent(schema: TableSchema, names: frozenset[str]) -> int:
    """Return what columns that are not there add to the hash of a row."""
    one = Batch(pa.record_batch([pa.nulls(1)], names=["-"]), schema=schema)
    cells = {name: _cells(one, name, TextHashes())(slice(1)) for name in sorted(names)}
    return constant_of([(name, int(cell[0])) for name, cell in cells.items()])


def _cells(
    batch: Batch, name: str, hashes: TextHashes
) -> Callable[[slice], npt.NDArray[np.uint64]]:
    """Return what hashes the cells of some rows of a column."""
    column = batch.schema.get(name)
    if column is not None and column.kind is ColumnKind.NUMBER:
        values, blank = batch.written(name)
        return lambda part: hash_numbers(values[part], blank[part])
    if column is not None and column.kind is ColumnKind.DATE:
        return hash_days(batch.dates(name)).__getitem__
    return batch.map(name, hashes).astype(np.uint64, copy=False).__getitem__
