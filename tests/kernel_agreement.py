"""Whether compiled loops do what numpy does, on hostile arrays: byte for byte, error for error.

    python tests/kernel_agreement.py --seeds 200 --module PATH

Input: the loops of `reen.kernel`, or a module built elsewhere: with sanitizers, wrong on purpose.
Output: the names of the loops that differ; as a script, exit code 1 where there is one.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import attrs
import numpy as np
import numpy.typing as npt

from reen.kernel.interface import Loops

Random = np.random.Generator

#: Numbers on which sums, products and comparisons go wrong first.
HOSTILE = (0.0, -0.0, 1.0, -1.0, 0.1, 1e-310, 5e-324, -5e-324, 1e308, -1e308, 1e16, np.pi, 3.0)
WORSE = (np.inf, -np.inf, np.nan, -np.nan)

#: Lengths around those of blocks and of bytes of bits.
LENGTHS = (0, 1, 7, 8, 9, 63, 1023, 1024, 1025, 2500)


def floats(rng: Random, size: int, *, finite: bool = False) -> npt.NDArray[np.float64]:
    """Return numbers of all sizes, some of them hostile."""
    values = rng.lognormal(0.0, 20.0, size) * rng.choice([-1.0, 1.0], size)
    chosen = HOSTILE if finite else HOSTILE + WORSE
    return np.where(rng.random(size) < 0.4, rng.choice(chosen, size), values)


def tame(rng: Random, size: int) -> npt.NDArray[np.float64]:
    """Return numbers of which products and sums are finite."""
    return rng.lognormal(0.0, 5.0, size) * rng.choice([-1.0, 1.0], size)


def _from_zero(
    made: Callable[[Random, int], npt.NDArray[np.float64]], rng: Random, size: int
) -> npt.NDArray[np.float64]:
    """Return numbers from 0 on."""
    return np.abs(made(rng, size))


def cut(rng: Random, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the same numbers in the middle of a larger array, as a slice is."""
    before = int(rng.integers(0, 3))
    larger = np.zeros(len(array) + before + 2, array.dtype)
    larger[before : before + len(array)] = array
    return larger[before : before + len(array)]


def numbers(rng: Random, size: int, below: int, kind: type = np.int32) -> npt.NDArray[Any]:
    """Return numbers from 0 to below a bound."""
    return cut(rng, rng.integers(0, max(below, 1), size).astype(kind))


def same(left: object, right: object) -> bool:
    """Tell whether two results are the same, bit for bit."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return left.dtype == right.dtype and left.tobytes() == right.tobytes()
    return left == right


def outcome(function: Callable[[], Sequence[object]]) -> Sequence[object]:
    """Return what a function gives, or that it refused a number outside of a table."""
    try:
        return function()
    except IndexError:
        return ("IndexError",)


def agree(compiled: Callable[[], Sequence[object]], plain: Callable[[], Sequence[object]]) -> bool:
    """Tell whether both give the same, or both refuse."""
    mine, theirs = outcome(compiled), outcome(plain)
    return len(mine) == len(theirs) and all(map(same, mine, theirs))


# -- one loop each: what it is given, and what numpy makes of the same ---------------------------


def check_take(loops: Loops, rng: Random, size: int) -> bool:
    """Look-ups in tables of every width, some codes outside."""
    kind = rng.choice(["uint8", "bool", "uint16", "int32", "float64", "int64", "uint64"])
    table = (rng.random(int(rng.integers(1, 9))) * 200).astype(kind)
    codes = cut(rng, rng.integers(-1, len(table), size).astype(np.int32))
    if size and rng.random() < 0.3:
        codes[rng.integers(size)] = rng.choice([len(table), -2, 2**31 - 1, -(2**31)])

    def compiled() -> Sequence[object]:
        out = np.zeros(size, kind)
        loops.take(table, codes, out)
        return (out,)

    def plain() -> Sequence[object]:
        if ((codes < -1) | (codes >= len(table))).any():
            raise IndexError
        return (table[codes],)

    return agree(compiled, plain)


def check_mark(loops: Loops, rng: Random, size: int) -> bool:
    """Which cases are there."""
    below = int(rng.integers(1, 40))
    codes = numbers(rng, size, below)
    if size and rng.random() < 0.3:
        codes[rng.integers(size)] = rng.choice([below, -1, 2**31 - 1])

    def compiled() -> Sequence[object]:
        out = np.zeros(below, np.bool_)
        loops.mark(codes, out)
        return (out,)

    def plain() -> Sequence[object]:
        if ((codes < 0) | (codes >= below)).any():
            raise IndexError
        return (np.bincount(codes, minlength=below) > 0,)

    return agree(compiled, plain)


def check_stage(loops: Loops, rng: Random, size: int) -> bool:
    """Keys of codes of every width, from one place or from many."""
    kinds = rng.choice(["uint8", "int8", "uint16", "int32", "int64"], int(rng.integers(0, 4)))
    parts, radix = [], 1
    for kind in kinds:
        room = int(rng.integers(1, 5))
        parts.append((numbers(rng, size, room, kind), radix))
        radix *= room
    height = int(rng.integers(1, 4))
    places = None if rng.random() < 0.5 else numbers(rng, size, height)
    table = rng.integers(-5, 4, radix * height).astype(np.int32)
    if rng.random() < 0.3:
        table = table[:-1]
    constant = 0 if places is not None else radix * int(rng.integers(height))
    cases = rng.integers(-1, 5, size).astype(np.int32)

    def compiled() -> Sequence[object]:
        of_row, onwards = cases.copy(), np.zeros(size, np.int32)
        found = loops.stage(tuple(parts), places, radix, constant, table, of_row, onwards)
        return (of_row, onwards, *found)

    def plain() -> Sequence[object]:
        key = np.full(size, constant) + (0 if places is None else places.astype(np.int64) * radix)
        for codes, weight in parts:
            key = key + codes.astype(np.int64) * weight
        if (key >= len(table)).any():
            raise IndexError
        to = table[key]
        of_row = np.where(to < -1, -2 - to, cases).astype(np.int32)
        onwards = np.where(to < -1, 0, to).astype(np.int32)
        return (of_row, onwards, int((to == -1).sum()), int((to > 0).sum()))

    return agree(compiled, plain)


def _one_nan(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the same with one NaN for all: which of two NaN a product keeps is the machine's."""
    return np.where(np.isnan(values), np.nan, values)


def places(
    rng: Random, size: int, below: int, *, wrong: bool = True
) -> tuple[Any, Callable[[], npt.NDArray[np.int64]]]:
    """Return numbers as the loops take them, one, one a row or by code, and as numpy reads them."""
    way = int(rng.integers(3))
    if way == 0:
        one = int(rng.integers(below))
        return one, lambda: np.full(size, one, np.int64)
    if way == 1:
        each = numbers(rng, size, below, np.int64)
        return each, lambda: each
    table = numbers(rng, int(rng.integers(1, 6)), below, np.int64)
    codes = cut(rng, rng.integers(-1, len(table), size).astype(np.int32))
    if wrong and size and rng.random() < 0.1:
        codes[rng.integers(size)] = rng.choice([len(table), -2, 2**31 - 1])
    return (codes, table), lambda: look_up(table, codes)


def look_up(table: npt.NDArray[Any], codes: npt.NDArray[np.int32]) -> npt.NDArray[Any]:
    """Return what codes stand for, -1 being the last."""
    if ((codes < -1) | (codes >= len(table))).any():
        raise IndexError
    return table[codes]


def keys(rng: Random, size: int) -> tuple[Any, int, int, Callable[[int], npt.NDArray[np.int64]]]:
    """Return the parts and the shift of some keys, how many there may be, and the keys."""
    room, shift, parts = 1, 0, []
    for _ in range(int(rng.integers(1, 3))):
        below = int(rng.integers(1, 5))
        kind = rng.choice(["uint8", "int16", "int32", "int64"])
        codes = numbers(rng, size, below, kind)
        if kind == "int32" and rng.random() < 0.5:  # as flows are, -1 for none
            codes -= np.int32(1)
            shift += room
        parts.append((codes, room))
        room *= below

    def plain(known: int) -> npt.NDArray[np.int64]:
        found = np.full(size, shift, np.int64)
        for codes, weight in parts:
            found += codes.astype(np.int64) * weight
        if (found >= known).any() or (found < 0).any():
            raise IndexError
        return found

    return tuple(parts), shift, room, plain


def check_classed(loops: Loops, rng: Random, size: int) -> bool:
    """Join the classes of keys, counted by type; some never seen, some outside."""
    kinds, plain_kinds, room = [], [], 1
    never = rng.random() < 0.2
    for _ in range(int(rng.integers(1, 4))):
        parts, shift, known, plain = keys(rng, size)
        width = int(rng.integers(1, 4))
        weights = rng.integers(0, width, known).astype(np.int64) * room
        if never and rng.random() < 0.5:
            weights[rng.integers(known)] = -1
        if not never and rng.random() < 0.1:
            weights = weights[:-1]
        kinds.append((parts, shift, weights))
        plain_kinds.append((plain, weights))
        room *= width
    height, width = (int(each) for each in rng.integers(1, 5, 2))
    table = rng.integers(-1 if never else 0, width, room).astype(np.int64)
    types, types_of = places(rng, size, height, wrong=not never)
    most = height * width - int(not never and rng.random() < 0.1)

    def compiled() -> Sequence[object]:
        joint, cells = (np.zeros(size, np.int32) for _ in range(2))
        counts = np.zeros(most, np.int64)
        unseen = loops.classed(tuple(kinds), table, types, width, joint, cells, counts)
        return ("unseen",) if unseen else (joint, cells, counts)

    def plain() -> Sequence[object]:
        weighted = [weights[key(len(weights))] for key, weights in plain_kinds]
        lost = np.any([each < 0 for each in weighted], axis=0)
        joint = np.where(lost, -1, table[np.where(lost, 0, np.sum(weighted, axis=0))])
        cells = types_of() * width + joint
        if ((joint >= 0) & (cells >= most)).any():
            raise IndexError
        if (joint < 0).any():
            return ("unseen",)
        counts = np.bincount(cells, minlength=most).astype(np.int64)
        return joint.astype(np.int32), cells.astype(np.int32), counts

    return agree(compiled, plain)


@attrs.frozen(eq=False)
class _Kind:
    """One kind of flow of a fold, for the loops and for numpy."""

    key: tuple[Any, int, int, Callable[[int], npt.NDArray[np.int64]]]
    column: npt.NDArray[np.int64]
    factors: Sequence[tuple[Any, Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float64]]]]
    sums: _Target

    @classmethod
    def of(cls, rng: Random, size: int, height: int) -> _Kind:
        key = keys(rng, size)
        sums = _Target.of(rng, height, int(rng.integers(1, 4)))
        column = rng.integers(0, sums.width, key[2]).astype(np.int64)
        if rng.random() < 0.2:
            column[rng.integers(key[2])] = rng.choice([sums.width, -1])
        made = tame if rng.random() < 0.7 else floats
        if rng.random() < 0.9:  # an amount below 0 is none
            made = functools.partial(_from_zero, made)
        factors = [_factor(rng, size, key[2], made) for _ in range(int(rng.integers(0, 5)))]
        return cls(key, column, factors, sums)

    def lent(self, size: int) -> tuple[Any, list[Any]]:
        """Return the kind as the loops take it, and what they write to."""
        table, width = self.sums.lent(size)
        amount = None if width else np.zeros(size)
        factors = tuple(factor for factor, _ in self.factors)
        given = (*self.key[:2], self.column, factors, table, width, amount)
        return given, [table] if amount is None else [table, amount]

    def plain(
        self, group: npt.NDArray[np.int64], largest: float
    ) -> tuple[list[object], npt.NDArray[np.bool_]]:
        """Return what numpy makes of it, and where an amount is none."""
        key, amount = self.key[3](len(self.column)), np.ones(len(group))
        for number, (_, values_of) in enumerate(self.factors):
            values = values_of(key)
            amount = values.copy() if not number else amount * values
        at = self.column[key]
        return self.sums.added(group, at, amount), (at > 0) & ~(
            (amount >= 0.0) & (amount <= largest)
        )


@attrs.frozen(eq=False)
class _Target:
    """Sums that were there before: a table, or keys that are summed later."""

    start: npt.NDArray[np.float64]
    width: int
    dense: bool

    @classmethod
    def of(cls, rng: Random, height: int, width: int, per_cell: int = 1) -> _Target:
        start = floats(rng, per_cell * height * width, finite=True)
        return cls(start, width, bool(rng.random() < 0.7))

    def lent(self, size: int) -> tuple[npt.NDArray[Any], int]:
        """Return what the loops write to, and its width."""
        return (self.start.copy(), self.width) if self.dense else (np.zeros(size, np.int64), 0)

    def added(
        self,
        rows: npt.NDArray[np.int64],
        columns: npt.NDArray[Any],
        *values: npt.NDArray[np.float64],
    ) -> list[object]:
        """Return the table with values added row after row; or keys, and the first values."""
        if (columns < 0).any() or (self.dense and (columns >= self.width).any()):
            raise IndexError
        if not self.dense:
            return [(rows << 32) + columns, _one_nan(values[0])]
        table = self.start.copy()
        for place, each in enumerate(values):
            np.add.at(table, (rows * self.width + columns) * len(values) + place, each)
        return [_one_nan(table)]


def check_fold(loops: Loops, rng: Random, size: int) -> bool:
    """Add amounts of some kinds, and coverage: the last bit depends on the order of the rows."""
    height, of_types, width = (int(each) for each in rng.integers(1, 5, 3))
    groups, groups_of = places(rng, size, height)
    types, types_of = places(rng, size, of_types)
    kinds = [_Kind.of(rng, size, height) for _ in range(int(rng.integers(0, 3)))]
    by_group, by_type = _Target.of(rng, height, width, 2), _Target.of(rng, of_types, width)
    quantity, joint = cut(rng, floats(rng, size)), numbers(rng, size, width)
    covered, largest = bool(rng.random() < 0.8), float(rng.choice([np.inf, 1e80, 1e3, 1.0]))
    if size and rng.random() < 0.05:
        joint[rng.integers(size)] = rng.choice([width, -1])

    def compiled() -> Sequence[object]:
        lent = [kind.lent(size) for kind in kinds]
        out = [array for _, written in lent for array in written]
        coverage = None
        if covered:
            targets = by_group.lent(size), by_type.lent(size)
            coverage = (quantity, joint, types, *targets[0], *targets[1])
            out += [target for target, _ in targets]
        found = loops.fold(tuple(given for given, _ in lent), size, groups, largest, coverage)
        told = [_one_nan(each) if each.dtype == np.float64 else each for each in out]
        return ("unsound",) if found else told

    def plain() -> Sequence[object]:
        group, out, unsound = groups_of(), list[object](), False
        for kind in kinds:
            added, none = kind.plain(group, largest)
            out += added
            unsound |= bool(none.any())
        if covered:
            items = np.where(np.isnan(quantity), 0.0, quantity)
            out += by_group.added(group, joint, items, np.ones(size))[:1]
            out += by_type.added(types_of(), joint, items)[:1]
        return ("unsound",) if unsound else out

    with np.errstate(all="ignore"):
        if agree(compiled, plain):
            return True
        # of an amount that is none and a number outside, that of the first block is told
        told = [outcome(compiled)[:1], outcome(plain)[:1]]
    return sorted(map(str, told)) == ["('IndexError',)", "('unsound',)"]


def _factor(
    rng: Random, size: int, known: int, made: Callable[[Random, int], npt.NDArray[np.float64]]
) -> tuple[Any, Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float64]]]:
    """Return a factor as the loops take it, and what its values are by key."""
    if rng.random() < 0.4:
        whole = cut(rng, made(rng, size))
        return whole, lambda _: whole
    columns = tuple(cut(rng, made(rng, size)) for _ in range(int(rng.integers(0, 3))))
    source = rng.integers(-1, len(columns), known).astype(np.int32)
    if rng.random() < 0.05:
        source[rng.integers(known)] = rng.choice([len(columns), -2])
    constant = made(rng, known)

    def values(key: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        if ((source < -1) | (source >= len(columns))).any():
            raise IndexError
        found = constant[key]
        for position, each in enumerate(columns):
            found = np.where(source[key] == position, each, found)
        return found

    return (constant, source, columns), values


def check_add(loops: Loops, rng: Random, size: int) -> bool:
    """Add by cell: the last bit depends on the order of the rows."""
    height, width = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    rows: npt.NDArray[np.int64] | int = numbers(rng, size, height, np.int64)
    if rng.random() < 0.3:
        rows = int(rng.integers(height))
    columns = numbers(rng, size, width, np.int64)
    values, per_cell = cut(rng, floats(rng, size, finite=True)), int(rng.integers(1, 3))
    start = floats(rng, height * width * per_cell, finite=True)
    if size and rng.random() < 0.3:
        columns[rng.integers(size)] = rng.choice([height * width, -(2**62), 2**62])

    def compiled() -> Sequence[object]:
        table = start.copy()
        loops.add(table, width, per_cell, rows, columns, values)
        return (table,)

    def plain() -> Sequence[object]:
        keys = np.asarray(rows) * width + columns
        if ((keys < 0) | (keys >= height * width)).any():
            raise IndexError
        table = start.copy()
        for k, value in enumerate((values, np.ones(size))[:per_cell]):
            np.add.at(table, keys * per_cell + k, value)
        return (table,)

    with np.errstate(all="ignore"):
        return agree(compiled, plain)


def check_count(loops: Loops, rng: Random, size: int) -> bool:
    """Cells and how many rows each has."""
    height, width = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    rows, columns = (numbers(rng, size, each, np.int64) for each in (height, width))
    if size and rng.random() < 0.3:
        rows[rng.integers(size)] = rng.choice([height, -1])

    def compiled() -> Sequence[object]:
        cells, counts = np.zeros(size, np.int64), np.zeros(height * width, np.int64)
        loops.count(rows, columns, width, cells, counts)
        return (cells, counts)

    def plain() -> Sequence[object]:
        cells = rows * width + columns
        if ((cells < 0) | (cells >= height * width)).any():
            raise IndexError
        return (cells, np.bincount(cells, minlength=height * width).astype(np.int64))

    return agree(compiled, plain)


def check_multiply(loops: Loops, rng: Random, size: int) -> bool:
    """Add products cell by cell: a product is rounded before it is added."""
    width, height, count = (int(each) for each in rng.integers(1, 5, 3))
    first = int(rng.integers(0, 9))
    groups = np.sort(numbers(rng, size, height, np.int64)) + first
    flows, amounts = numbers(rng, size, count), cut(rng, floats(rng, size, finite=True))
    factors = floats(rng, count * width, finite=True)
    if size and rng.random() < 0.3:
        flows[rng.integers(size)] = rng.choice([count, -1, 2**31 - 1])
    if size and rng.random() < 0.2:
        groups[rng.integers(size)] = rng.choice([first - 1, first + height, 2**62])

    def compiled() -> Sequence[object]:
        out = np.zeros(height * width)
        loops.multiply(out, width, groups, first, flows, factors, amounts)
        return (_one_nan(out),)

    def plain() -> Sequence[object]:
        at = groups - first
        if ((flows < 0) | (flows >= count) | (at < 0) | (at >= height)).any():
            raise IndexError
        out = np.zeros((height, width))
        np.add.at(out, at, factors.reshape(count, width)[flows] * amounts[:, None])
        return (_one_nan(out.reshape(-1)),)

    with np.errstate(all="ignore"):
        return agree(compiled, plain)


def check_pairs(loops: Loops, rng: Random, size: int) -> bool:
    """Sum by pair: many of a row and few, in the order in which they come."""
    height, width = int(rng.integers(1, 40)), int(rng.integers(1, 60))
    rows, columns = numbers(rng, size, height, np.int64), numbers(rng, size, width)
    values = tuple(cut(rng, floats(rng, size, finite=True)) for _ in range(int(rng.integers(4))))
    if size and rng.random() < 0.2:
        rows[rng.integers(size)] = rng.choice([height, -1])
    if size and rng.random() < 0.1:
        columns[rng.integers(size)] = -1

    def compiled() -> Sequence[object]:
        out = np.zeros(size, np.int64), np.zeros(size, np.int32), *(np.zeros(size) for _ in values)
        count = loops.pairs(rows, columns, values, height, out[0], out[1], out[2:])
        return [each[:count] for each in out]

    def plain() -> Sequence[object]:
        if ((rows < 0) | (rows >= height) | (columns < 0)).any():
            raise IndexError
        key = rows * width + columns
        there = np.unique(key)
        sums = [
            np.bincount(key, each, minlength=height * width)[there].astype(np.float64)
            for each in values
        ]
        return [there // width, (there % width).astype(np.int32), *sums]

    with np.errstate(all="ignore"):
        return agree(compiled, plain)


def check_nulls(loops: Loops, rng: Random, size: int) -> bool:
    """Bits from any place on, some bitmaps too short."""
    offset = int(rng.integers(0, 20))
    bits = rng.integers(0, 256, (size + offset + 7) // 8).astype(np.uint8)
    if len(bits) and rng.random() < 0.2:
        bits = bits[:-1]

    def compiled() -> Sequence[object]:
        out = np.zeros(size, np.bool_)
        loops.nulls(bits, offset, out)
        return (out,)

    def plain() -> Sequence[object]:
        if (size + offset + 7) // 8 > len(bits):
            raise IndexError
        return (np.unpackbits(bits, bitorder="little")[offset : offset + size] == 0,)

    return agree(compiled, plain)


def check_outside(loops: Loops, rng: Random, size: int) -> bool:
    """Values at, above and below their bounds."""
    low, high = float(rng.choice([-np.inf, 0.0, -1.0])), float(rng.choice([np.inf, 1.0, 1e16]))
    largest, exclusive = 1e16, bool(rng.integers(2))
    smallest = float(rng.choice([0.0, 1e-9, 0.5]))
    values = cut(rng, floats(rng, size))

    def compiled() -> Sequence[object]:
        out = np.zeros(size, np.bool_)
        found = loops.outside(values, largest, smallest, low, high, exclusive, out)
        return (out, found)

    def plain() -> Sequence[object]:
        bad = (np.abs(values) > largest) | (np.abs(values) < smallest)
        bad |= values <= low if exclusive else values < low
        bad |= values > high
        return (bad, int(bad.sum()))

    return agree(compiled, plain)


def check_count_nan(loops: Loops, rng: Random, size: int) -> bool:
    """Count NaN of any sign and content."""
    values = cut(rng, floats(rng, size))
    return loops.count_nan(values) == int(np.isnan(values).sum())


def check_with_ones(loops: Loops, rng: Random, size: int) -> bool:
    """Values of 4 and of 8 bytes."""
    values: npt.NDArray[Any] = floats(rng, size)
    if rng.random() < 0.5:
        values = numbers(rng, size, 1000)
    where = cut(rng, rng.random(size) < 0.3)

    def compiled() -> Sequence[object]:
        out = np.zeros(size, values.dtype)
        loops.with_ones(values, where, out)
        return (out,)

    def plain() -> Sequence[object]:
        bits = values.view(f"u{values.itemsize}").copy()
        bits[where] = np.iinfo(bits.dtype).max
        return (bits.view(values.dtype),)

    return agree(compiled, plain)


def check_digest(loops: Loops, rng: Random, size: int) -> bool:
    """Columns of every kind, some codes outside; sums modulo 2**64 in whole numbers of Python."""
    blank_bits, salts = 0x626C616E6B, rng.integers(0, 2**63, 3).astype(np.uint64)
    cells = rng.integers(0, 2**63, size).astype(np.uint64)
    values, blank = cut(rng, floats(rng, size)), rng.random(size) < 0.3
    values[blank] = np.nan
    words = rng.integers(0, 2**63, int(rng.integers(1, 6))).astype(np.uint64)
    codes = cut(rng, rng.integers(-1, len(words), size).astype(np.int32))
    if size and rng.random() < 0.2:
        codes[rng.integers(size)] = rng.choice([len(words), -2])
    start = int(rng.integers(0, 2**63))

    def compiled() -> Sequence[object]:
        columns = (
            ("c", cells, None, int(salts[0])),
            ("n", values, blank, int(salts[1])),
            ("w", codes, words * salts[2], 0),
        )
        return (loops.digest(columns, start, blank_bits, size),)

    def plain() -> Sequence[object]:
        if ((codes < -1) | (codes >= len(words))).any():
            raise IndexError
        bits = (values + 0.0).view(np.uint64).copy()
        bits[np.isnan(values)] = 2**64 - 1
        bits[blank] = blank_bits
        state = start + cells * salts[0] + bits * salts[1] + words[codes] * salts[2]
        total = 0
        for given in state.tolist():
            mixed = given ^ given >> 30
            mixed = mixed * 0xBF58476D1CE4E5B9 % 2**64
            mixed ^= mixed >> 27
            mixed = mixed * 0x94D049BB133111EB % 2**64
            total += mixed ^ mixed >> 31
        return (total % 2**64,)

    return agree(compiled, plain)


# -- the loops that read text --------------------------------------------------------------------

#: Pieces of text: ASCII, letters of two to four bytes, and bytes that are no UTF-8.
PIECES = (
    b"a",
    b"Zz09",
    b"-",
    b";",
    b"\n",
    b"\r\n",
    b"&",
    b"?",
    b'"',
    b"\0",
    "é€".encode(),
    "😀".encode(),
)
BROKEN = (
    b"\x80",
    b"\xc3",
    b"\xe0\x80\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff",
    b"\xc1\xbf",
)


def text(rng: Random, size: int, *, broken: bool) -> bytes:
    """Return a text of about as many bytes."""
    chosen = rng.integers(0, len(PIECES), size // 2 + 1)
    pieces = [PIECES[k] for k in chosen]
    if broken:
        pieces.insert(int(rng.integers(0, len(pieces) + 1)), BROKEN[rng.integers(len(BROKEN))])
    return b"".join(pieces)


def check_survey(loops: Loops, rng: Random, size: int) -> bool:
    """UTF-8, bytes that are there, and line ends."""
    data = text(rng, size, broken=rng.random() < 0.4)
    wanted = b'\r\0&?"'[: int(rng.integers(0, 6))]
    seen = np.zeros(256, np.uint8)
    array = cut(rng, np.frombuffer(data, np.uint8))
    lines = loops.survey(array, np.frombuffer(wanted, np.uint8), seen)
    try:
        data.decode()
    except UnicodeDecodeError:
        return lines == -1
    there = {byte for byte in data if byte in wanted or byte > 0x7F}
    return lines == data.count(b"\n") and set(np.flatnonzero(seen).tolist()) == there


def _cells(rng: Random, rows: int, width: int) -> list[list[bytes]]:
    """Return cells of all lengths, some often."""
    often = [b"", b"laptop", b"12", "Série 7".encode(), b"x" * 16, b"y" * 17, b"y" * 16 + b"z"]
    often += [b"abcdefgh" * 3, b"abcdefgh" * 2 + b"abcdefgi", b"12345678", b"123456789"]
    return [
        [
            often[rng.integers(len(often))] if rng.random() < 0.7 else b"%d" % rng.integers(10**9)
            for _ in range(width)
        ]
        for _ in range(rows)
    ]


def check_cut(loops: Loops, rng: Random, size: int) -> bool:
    """Cells as Python splits them; rows of other lengths, and columns that are full, refused."""
    rows, width = min(size, 300), int(rng.integers(2, 5))
    cells = _cells(rng, rows, width)
    end = b"\r\n" if rng.random() < 0.3 else b"\n"
    lines = [b";".join(row) for row in cells]
    spoilt = bool(rows) and rng.random() < 0.3
    if spoilt:
        lines[rng.integers(rows)] = [b"", b"a;" * width, b"a;" * (width - 2)][rng.integers(3)]
    data = end.join(lines) + (b"" if not rows or rng.random() < 0.3 else end)
    columns, stores = [], []
    most, room = int(rng.integers(1, 400)), int(rng.integers(1, 4000))
    for kind in rng.integers(0, 3, width):
        content = np.zeros(room, np.uint8)
        if kind == 0:
            columns.append(None)
        elif kind == 1:
            columns.append((np.full(rows, 7, np.int32), content, np.zeros(most + 1, np.int32)))
        else:
            columns.append((np.zeros(rows + 1, np.int32), content, np.ones(rows, np.bool_)))
        stores.append(kind)
    told = np.zeros(3 * width, np.int64)
    found = loops.cut(cut(rng, np.frombuffer(data, np.uint8)), ord(";"), rows, tuple(columns), told)
    by_column = list(zip(*cells, strict=True)) or [()] * width
    needed = [_needed(kind, column) for kind, column in zip(stores, by_column, strict=True)]
    if spoilt:
        return found < 0
    full = {
        code
        for k, (words, size_of) in enumerate(needed)
        for code, is_full in ((-2 - 2 * k, size_of > room), (-3 - 2 * k, words > most))
        if is_full
    }
    if full:
        return found in full
    return found == rows and all(
        column is None or _is_cut(column, told[3 * k : 3 * k + 3].tolist(), by_column[k])
        for k, column in enumerate(columns)
    )


def _needed(kind: int, cells: Sequence[bytes]) -> tuple[int, int]:
    """Return how many words a column has, and how many bytes it needs."""
    if kind == 0:
        return 0, 0
    words = dict.fromkeys(filter(None, cells))
    return (len(words), sum(map(len, words))) if kind == 1 else (0, sum(map(len, cells)))


def _is_cut(column: tuple[Any, Any, Any], told: Sequence[int], cells: Sequence[bytes]) -> bool:
    """Tell whether the arrays of a column hold its cells."""
    numbers, content, other = column
    used, words, blanks = told
    if blanks != sum(not cell for cell in cells):
        return False
    if other.dtype == np.bool_:
        ends = numbers.tolist()
        same_cells = content[:used].tobytes() == b"".join(cells)
        return (
            same_cells
            and np.diff(ends).tolist() == [*map(len, cells)]
            and other.tolist() == [*map(bool, cells)]
        )
    distinct = [*dict.fromkeys(filter(None, cells))]
    ends = other[: words + 1].tolist()
    kept = [content[a:b].tobytes() for a, b in itertools.pairwise(ends)]
    codes = [distinct.index(cell) if cell else -1 for cell in cells]
    return kept == distinct and numbers.tolist() == codes


def check_bounds(loops: Loops, rng: Random, size: int) -> bool:
    """Bound the bytes at each place of cells of one length, some of them blank."""
    width = int(rng.integers(1, 65))
    blank = rng.random(size) < 0.2 if rng.random() < 0.5 else None
    lengths = np.full(size, width) if blank is None else np.where(blank, 0, width)
    if size and rng.random() < 0.3:
        lengths[rng.integers(size)] += 1
    spans = np.append(0, np.cumsum(lengths)).astype(np.int32) + np.int32(3)
    content = rng.integers(0, 256, int(spans[-1]) + 2).astype(np.uint8)
    low, high = np.zeros((2, width), np.uint8)
    if not size:
        return _refused(lambda: loops.bounds(spans, content, blank, low, high))
    found = loops.bounds(cut(rng, spans), content, blank, low, high)
    wanted = np.where(np.zeros(size, np.bool_) if blank is None else blank, 0, width)
    if not (lengths == wanted).all() or not wanted.any():
        return not found
    cells = content[spans[0] : spans[-1]].reshape(-1, width)
    return found and same(low, cells.min(axis=0)) and same(high, cells.max(axis=0))


def check_repeats(loops: Loops, rng: Random, size: int) -> bool:
    """Which numbers come more than once; many that want one place in a table."""
    below = int(rng.choice([3, 100, 2**62]))
    prints = rng.integers(0, below, size).astype(np.uint64)
    if rng.random() < 0.5:
        prints <<= np.uint64(40)
    out = np.ones(size, np.bool_)
    loops.repeats(cut(rng, prints), out)
    _, places, counts = np.unique(prints, return_inverse=True, return_counts=True)
    return same(out, counts[places.reshape(-1)] > 1 if size else np.zeros(0, np.bool_))


def check_number(loops: Loops, rng: Random, size: int) -> bool:
    """Pairs in the order in which they come; a code that the table has no place for."""
    height, width = (int(each) for each in rng.integers(1, 9, 2))
    codes, others = numbers(rng, size, height), numbers(rng, size, width) - np.int32(1)
    if size and rng.random() < 0.2:
        codes[rng.integers(size)] = rng.choice([height + 1, -1, 2**31 - 1, -(2**31)])

    def compiled() -> Sequence[object]:
        out, firsts = np.zeros(size, np.int32), np.zeros(height * width, np.int64)
        table = np.zeros(height * width, np.int32)
        count = loops.number(codes, others, width, table, out, firsts)
        return out, firsts[:count]

    def plain() -> Sequence[object]:
        pairs = codes.astype(np.int64) * width + others + 1
        if ((pairs < 0) | (pairs >= height * width)).any():
            raise IndexError
        order = list(dict.fromkeys(pairs.tolist()))
        place = {pair: k for k, pair in enumerate(order)}
        firsts = [pairs.tolist().index(pair) for pair in order]
        return np.array([place[k] for k in pairs.tolist()], np.int32), np.array(firsts, np.int64)

    return agree(compiled, plain)


def check_refusals(loops: Loops, _: Random, size: int) -> bool:
    """Arrays of another type, length, order or alignment, and those that may not be written."""
    codes, table = np.zeros(size, np.int32), np.ones(3)
    fixed = np.zeros(size)
    fixed.flags.writeable = False
    bytes_ = np.zeros(8 * size + 9, np.uint8)[1 : 8 * size + 1].view(np.float64)
    wrong: list[Callable[[], object]] = [
        lambda: loops.take(table, codes, np.zeros(size + 1)),
        lambda: loops.take(table, codes.astype(np.int64), np.zeros(size)),
        lambda: loops.take(table, codes.astype(">i4"), np.zeros(size)),
        lambda: loops.take(table, codes, fixed),
        lambda: loops.take(np.ones((3, 1)), codes, np.zeros(size)),
        lambda: loops.take(table, cast("Any", None), np.zeros(size)),
        lambda: loops.take(table, codes, cast("Any", "text")),
        lambda: loops.digest(cast("Any", (("?", table, None, 0),)), 0, 0, 3),
        lambda: loops.digest(cast("Any", ((),)), 0, 0, 3),
        lambda: loops.add(np.zeros(4), 2, 3, 0, np.zeros(1, np.int64), np.ones(1)),
        lambda: loops.nulls(table, 0, np.zeros(3, np.bool_)),
        lambda: loops.nulls(np.zeros(1, np.uint8), -1, np.zeros(3, np.bool_)),
        lambda: loops.nulls(np.zeros(1, np.uint8), 2**63 - 1, np.zeros(3, np.bool_)),
        lambda: loops.fold(cast("Any", (1,)), size, 0, 1.0, None),
        lambda: loops.fold((), size, 0, 1.0, cast("Any", 1)),
        lambda: loops.fold((), -1, 0, 1.0, None),
        lambda: loops.fold(cast("Any", (((), 0, codes, (), table, 1, None),)), size, 0, 1.0, None),
        lambda: loops.classed(
            cast("Any", (1,)), np.zeros(1, np.int64), 0, 1, codes, codes, np.zeros(1, np.int64)
        ),
    ]
    if size > 1:
        wrong += [
            lambda: loops.take(table, np.zeros(2 * size, np.int32)[::2], np.zeros(size)),
            lambda: loops.with_ones(bytes_, np.zeros(size, np.bool_), np.zeros(size)),
        ]
    return all(map(_refused, wrong))


def _refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except (BufferError, IndexError, OverflowError, TypeError, ValueError):
        return True
    return False


CHECKS: dict[str, Callable[[Loops, Random, int], bool]] = {
    name.removeprefix("check_"): function
    for name, function in list(globals().items())
    if name.startswith("check_")
}


def differing(loops: Loops, seeds: range) -> Iterator[tuple[str, int, int]]:
    """Yield the loop, seed and length of each disagreement with numpy."""
    for seed in seeds:
        for number, (name, check) in enumerate(CHECKS.items()):
            for size in LENGTHS:
                if not check(loops, np.random.default_rng([seed, number, size]), size):
                    yield name, seed, size


def loops_at(path: Path) -> Loops:
    """Return the loops of a module that stands somewhere else."""
    spec = importlib.util.spec_from_file_location("_compiled", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Loops", module)


def main() -> None:
    """Compare, and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--module", type=Path, required=True)
    given = parser.parse_args()
    found = list(differing(loops_at(given.module), range(given.seeds)))
    for each in found[:10]:
        print(*each)  # noqa: T201 - what a script says
    print(f"{given.seeds * len(CHECKS) * len(LENGTHS)} inputs, {len(found)} differ")  # noqa: T201
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
