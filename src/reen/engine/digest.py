"""Row digest: one number for a set of rows, whatever their order and their batches.

Input: the columns that a measurement reads.  Output: a 64-bit sum of row hashes, added modulo
2**64.  It tells inputs apart; it is no protection against forgery.  Arrays only.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reen.inventory.masks import with_ones

__all__ = [
    "BLANK",
    "MASK",
    "TextHashes",
    "constant_of",
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
