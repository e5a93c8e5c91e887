"""Digest: one number for a set of rows, whatever their order and their batches.

`digest_of` takes a batch and the names of columns, as a provenance wants it; `row_digest` takes
hashed cells.  Output: a 64-bit sum of row hashes, added modulo 2**64.  It tells inputs apart; it
is no protection against forgery.  A column that is not there has the same cell in every row: what
those cells add is worked out once for each set of columns.  Knows no method.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.batch import Batch
from reen.inventory.masks import with_ones
from reen.inventory.schema import ColumnKind, TableSchema
from reen.kernel import lendable, loops, threads
from reen.kernel.interface import HashedColumn, Loops

__all__ = [
    "BLANK",
    "MASK",
    "RowDigest",
    "TextHashes",
    "constant_of",
    "digest_of",
    "hash_days",
    "hash_numbers",
    "hash_texts",
    "mixed",
    "row_digest",
    "salt_of",
]

MASK = (1 << 64) - 1

#: Hash of a blank number cell, which is not that of a wrong one.
BLANK = 0x626C616E6B

# Odd 64-bit constants of splitmix64 (Steele, Lea, Flood 2014, public domain).
_STEPS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_SHIFT = np.uint64(31)

#: Words whose hashes are kept at most.
_WORDS = 1 << 16

#: Rows that are hashed together: their cells and states stay in the processor's cache.
_BLOCK = 1 << 15


class TextHashes:
    """Hashes of texts, each worked out once: a file brings the same words in each of its parts.

    Kept by whoever makes it, and nowhere else: words of an inventory may name persons.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def __call__(self, values: Sequence[str | None]) -> npt.NDArray[np.uint64]:
        """Return a 64-bit hash of each text, uint64 (n,); None has one of its own."""
        if len(self._known) + len(values) > _WORDS:
            self._known.clear()
        if len(values) > _WORDS:  # hardly words: they would fill the memory and not come again
            return hash_texts(values)
        return np.array([0 if value is None else self._hash(value) for value in values], np.uint64)

    def _hash(self, value: str) -> int:
        found = self._known.get(value)
        if found is None:  # threads may share this: what one has forgotten is worked out again
            found = self._known[value] = _hash_text(value)
        return found


def hash_texts(values: Sequence[str | None]) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each text, uint64 (n,); None has one of its own."""
    return np.array([0 if value is None else _hash_text(value) for value in values], np.uint64)


def _hash_text(value: str) -> int:
    digest = hashlib.blake2b(value.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def hash_numbers(
    values: npt.NDArray[np.float64], blank: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.uint64]:
    """Return the bits of each number, one pattern for every NaN and for both zeros.

    Parameters
    ----------
    values
        (n,).
    blank
        Where a cell is blank and its value NaN: blank cells have a pattern of their own.
    """
    bits = (values + 0.0).view(np.uint64)
    nan = np.isnan(values)
    if nan.any():
        bits = with_ones(bits, nan)
    if blank is not None and blank.any():
        # all bits of theirs are set: the difference makes another pattern, without a choice a row
        bits += blank.astype(np.uint64) * np.uint64(BLANK - MASK & MASK)
    return bits


def hash_days(values: npt.NDArray[np.datetime64]) -> npt.NDArray[np.uint64]:
    """Return the day number of each date."""
    return values.astype("datetime64[D]").view(np.int64).view(np.uint64)


@functools.lru_cache(maxsize=1024)
def salt_of(column: str) -> tuple[int, int]:
    """Return the two numbers of a column: what is added, and the odd one that cells are times."""
    salt = int.from_bytes(hashlib.blake2b(column.encode(), digest_size=16).digest(), "little")
    return salt >> 64, salt & MASK | 1


def constant_of(columns: Sequence[tuple[str, int]]) -> int:
    """Return what columns add to the hash of a row, from one hashed cell that all rows have."""
    total = 0
    for name, cell in columns:
        added, factor = salt_of(name)
        total += added + cell * factor
    return total & MASK


def mixed(state: int) -> int:
    """Return the hash of one row from the sum of its cells, as `row_digest` mixes it."""
    for shift, factor in _STEPS:
        state ^= state >> int(shift)
        state = state * int(factor) & MASK
    return state ^ state >> int(_SHIFT)


def row_digest(
    columns: Sequence[tuple[str, npt.NDArray[np.uint64]]], *, rows: int, constant: int = 0
) -> int:
    """Return the sum modulo 2**64 of the hashes of `rows` rows.

    A row's hash is the sum of its cells, each times an odd number that belongs to its column
    (multilinear hashing, Carter and Wegman 1979), then mixed: swapping two cells changes it.  Two
    passes a column.

    Parameters
    ----------
    columns
        Name and hashed cells of each column; one cell stands for all rows.
    rows
        Number of rows.
    constant
        What the columns whose cells are all alike add to each row (see `constant_of`).
    """
    # a column that is blank throughout counts too
    start = np.uint64((constant + sum(salt_of(name)[0] for name, _ in columns)) & MASK)
    salts = [np.uint64(salt_of(name)[1]) for name, _ in columns]
    state, buffer = np.full(rows, start), np.empty(rows, np.uint64)
    for (_, cells), salt in zip(columns, salts, strict=True):
        state += np.multiply(cells, salt, out=buffer)
    for shift, factor in _STEPS:
        state ^= np.right_shift(state, shift, out=buffer)
        state *= factor
    state ^= np.right_shift(state, _SHIFT, out=buffer)
    return int(state.sum(dtype=np.uint64)) & MASK


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
