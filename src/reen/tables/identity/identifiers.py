"""Identifiers: which rows of a table share a serial number, an inventory number, a UUID or an id.

Input: the columns of a table.  Output: the rows whose identifier another row has too, found by
fingerprints of the text, so that a million different ones are never encoded; and what the shape of
an identifier says of it: rounded by a spreadsheet (it proves nothing), or too plain to prove
anything alone.

Knows no rule about assets.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.bounds import Bounds, bounds_of, content_of, spans_of
from reen.inventory.masks import nulls_of
from reen.kernel import lendable, loops
from reen.patterns import pattern
from reen.tables.typed.proofs import is_tidy
from reen.vocabulary.text import normalise

__all__ = [
    "IDENTIFYING",
    "comparable",
    "hardware_columns",
    "is_rounded",
    "is_shapeless",
    "is_short",
    "repeated_rows",
]

#: Identifiers of the schema.
IDENTIFYING = ("serial_number", "asset_tag", "id")

#: A number that a spreadsheet wrote in short, or kept to 15 digits: the others are lost.
_ROUNDED = pattern(r"\d[.,]\d+E\+?\d+|\d+E\+\d+|[1-9]\d{14}0+")

#: Bytes of an identifier that its fingerprint is made of; equal ones are compared in full later.
_PRINTED = 64
_WORD = 8
_MIXER = np.uint64(0x9E3779B97F4A7C15)
#: Bits of a word that belong to a text of which so many bytes are left.
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_WORD + 1)], np.uint64)
#: Bits of the largest table of places: 16 MiB.
_PLACES = 22
#: Rows that are looked at together: they stay in the processor's cache.
_BLOCK = 1 << 15

#: Length from which a number made of one digit is no number of a series, and under which a number
#: is of any list.
_LONG = 8
_SHORT = 5

_SMALL_LETTERS = bytes(range(ord("a"), ord("z") + 1))

Rows = npt.NDArray[np.int64]


def comparable(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return text as identifiers are compared: upper case, no blanks around, null when empty."""
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if pa.types.is_dictionary(cells.type):
        words = _upper(cells.dictionary.cast(pa.string()))
        return words.take(cells.indices)
    return _upper(cells.cast(pa.string()))


def _upper(words: pa.Array) -> pa.Array:
    if is_tidy(words):
        bounds = bounds_of(words)
        if bounds is not None and not bounds.may_hold(_SMALL_LETTERS):
            return words
        return pc.ascii_upper(words)
    words = pc.utf8_upper(pc.utf8_trim_whitespace(words))
    empty = pc.equal(words, "")
    if not pc.any(empty).as_py():
        return words
    return pc.if_else(empty, pa.scalar(None, pa.string()), words)


def is_rounded(word: str) -> bool:
    """Tell whether a spreadsheet has taken the last digits of a comparable identifier.

    Examples
    --------
    >>> is_rounded("1,23457E+18"), is_rounded("8939010102358470000"), is_rounded("3081R900123")
    (True, True, False)
    """
    return _ROUNDED.fullmatch(word) is not None


def is_shapeless(word: str) -> bool:
    """Tell whether a comparable identifier has no digit, or is one digit over and over.

    Examples
    --------
    >>> is_shapeless("EN ATTENTE"), is_shapeless("0000000001"), is_shapeless("4XK2Z4J")
    (True, True, False)
    """
    if not any(character.isdigit() for character in word):
        return True
    if not word.isdecimal() or len(word) < _LONG:
        return False
    return max(map(word.count, set(word))) >= len(word) - 1


def is_short(word: str) -> bool:
    """Tell whether a comparable identifier is a number so short that two lists may both have it."""
    return word.isdecimal() and len(word) < _SHORT


def hardware_columns(names: Iterable[str], word: str) -> list[str]:
    """Return the columns that say in their name what they hold: ``uuid``, ``mac``."""
    return sorted(name for name in names if word in normalise(name).split())


def repeated_rows(cells: pa.Array) -> Rows:
    """Return the rows whose text may be that of another row: all that share one, and few others.

    Parameters
    ----------
    cells
        Comparable text; null is no identifier.
    """
    compiled = loops()
    if compiled is not None:
        blank = nulls_of(cells) if cells.null_count else None
        repeated = np.empty(len(cells), np.bool_)
        content = np.frombuffer(content_of(cells), np.uint8)
        compiled.repeats(lendable(spans_of(cells)), content, blank, repeated)
        return np.flatnonzero(repeated).astype(np.int64, copy=False)
    known = cells
    rows = np.arange(len(cells), dtype=np.int64)
    if cells.null_count:
        rows = np.flatnonzero(numpy_of(cells.is_valid()))
        known = cells.drop_null()
    if len(known) < 2:  # noqa: PLR2004 - one alone repeats nothing
        return rows[:0]
    bounds = bounds_of(known)
    if bounds is None or len(bounds) < _WORD:
        return rows[_repeats(_fingerprints(known))]
    words, whole = _words_of(known, bounds)
    if whole and (words[1:] > words[:-1]).all():
        return rows[:0]  # a list in the order of its identifiers
    prints = words * _MIXER
    return rows[_repeats(prints ^ (prints >> np.uint64(29)))]


def _words_of(cells: pa.Array, bounds: Bounds) -> tuple[npt.NDArray[np.uint64], bool]:
    """Return a number for each text of one length, and whether it is that of no other text.

    A number holds eight bytes; of texts that differ in more places, it is a mixture.
    """
    width, spans = len(bounds), spans_of(cells)
    differ = [k for k in range(width) if bounds.low[k] < bounds.high[k]] or [width - 1]
    first, last = min(differ[0], width - _WORD), differ[-1]
    content = content_of(cells)
    begin = int(spans[0])

    def at(place: int) -> npt.NDArray[np.uint64]:
        return np.ndarray((len(cells),), ">u8", content, begin + place, (width,)).astype(np.uint64)

    found = at(first)
    for place in range(first + _WORD, last + 1, _WORD):
        found *= _MIXER
        found ^= found >> np.uint64(29)
        found ^= at(min(place, width - _WORD))
    return found, last < first + _WORD


def _repeats(prints: npt.NDArray[np.uint64]) -> Rows:
    """Return where a number stands that stands elsewhere too.

    Each takes a place that its first bits give; only those that meet another there are sorted.
    """
    bits = min(max(2 * len(prints), 1 << 10).bit_length(), _PLACES)
    place = (prints >> np.uint64(64 - bits)).astype(np.intp)
    every = np.arange(len(prints), dtype=np.int32)
    last = np.empty(1 << bits, np.int32)
    last[place] = every
    met = last[place] != every
    met[last[place[met]]] = True  # whom they met
    among = np.flatnonzero(met)
    few = prints[among]
    ordered = np.sort(few)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return among[:0]
    found = twice[np.minimum(np.searchsorted(twice, few), len(twice) - 1)] == few
    repeated: Rows = among[found].astype(np.int64)
    return repeated


def _fingerprints(cells: pa.Array) -> npt.NDArray[np.uint64]:
    """Return a number for each text, the same for equal ones."""
    size = len(cells)
    _, spans, data = cells.buffers()
    ends = np.frombuffer(spans, np.int32, size + 1, 4 * cells.offset)
    first, last = int(ends[0]), int(ends[-1])
    # whole words, and more to read over the end
    padded = np.zeros((last - first) // _WORD + 3, "<u8")
    if last > first:
        padded.view(np.uint8)[: last - first] = np.frombuffer(data, np.uint8)[first:last]
    prints = np.empty(size, np.uint64)
    for row in range(0, size, _BLOCK):
        spans_here = ends[row : row + _BLOCK + 1].astype(np.int64) - first
        prints[row : row + _BLOCK] = _prints_of(padded, spans_here)
    return prints


def _prints_of(padded: npt.NDArray[np.uint64], ends: Rows) -> npt.NDArray[np.uint64]:
    """Return the fingerprints of the texts between `ends`, eight bytes at a time."""
    start, left = ends[:-1], np.diff(ends)
    prints: npt.NDArray[np.uint64] = left.astype(np.uint64)
    word, shift = start >> 3, ((start & 7) << 3).astype(np.uint64)
    for _ in range(-(-min(int(left.max()), _PRINTED) // _WORD)):
        bits = padded.take(word) >> shift
        # to shift by 64 is undefined: one, then the rest
        bits |= (padded.take(word + 1) << np.uint64(1)) << (np.uint64(63) - shift)
        bits &= _MASKS.take(np.clip(left, 0, _WORD))
        prints = (prints ^ bits) * _MIXER
        prints ^= prints >> np.uint64(29)
        word = np.minimum(word + 1, len(padded) - 2)
        left = left - _WORD
    return prints
