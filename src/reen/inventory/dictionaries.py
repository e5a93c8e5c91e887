"""Dictionaries: text columns as distinct words and one code per row.

Input: Arrow text of any kind.  Output: the same dictionary-encoded or plain, empty text as null;
words replaced word by distinct word; answers on words looked up for each row.  Knows no schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import arrow_of, numpy_of, texts_of
from reen.inventory.bounds import spans_of
from reen.inventory.masks import nulls_of, with_ones
from reen.kernel import lendable, loops

__all__ = [
    "TEXT",
    "codes_of",
    "encoded_text",
    "is_text",
    "look_up",
    "plain_text",
    "recoded",
    "same_memory",
    "shares_one_dictionary",
]

T = TypeVar("T", bound=np.generic)

#: Arrow type of every text column but those of identifiers.
TEXT = pa.dictionary(pa.int32(), pa.string())

#: Rows that are looked up together: their positions stay in the processor's cache.
_BLOCK = 1 << 15

#: Distinct words up to which Python looks through them sooner than Arrow does.
_FEW = 16


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a type is text, dictionary-encoded or not."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    # by name: pyarrow 15 has no test for the type of text that it does not know
    views = str(kind) == "string_view"
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or views)


def codes_of(chunk: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Return the int32 codes of a dictionary array, -1 for null; a view when there is no null."""
    indices = chunk.indices
    if indices.type != pa.int32():
        codes: npt.NDArray[np.int32] = numpy_of(indices.fill_null(-1))
        return codes.astype(np.int32, copy=False)
    if not len(indices):
        return np.zeros(0, np.int32)  # without rows there may be no memory to look at
    stored = np.frombuffer(indices.buffers()[1], np.int32, len(indices), indices.offset * 4)
    # asked of Arrow, to fill no null copies all codes
    return with_ones(stored, nulls_of(indices)) if indices.null_count else stored


def look_up(table: npt.NDArray[T], codes: npt.NDArray[np.int32]) -> npt.NDArray[T]:
    """Return ``table[codes]``; code -1 reads the last entry.

    Block by block, so that the codes in the type that numpy looks up with, twice as wide, are
    never written to memory: half the time of one look-up for all rows.

    Parameters
    ----------
    table
        Any type (m,).
    codes
        Integers (n,) from -1 to m - 1.

    Returns
    -------
    numpy.ndarray
        Of the type of the table (n,).

    Raises
    ------
    IndexError
        A code that the table does not have.
    """
    compiled = loops()
    if compiled is not None and codes.dtype == np.int32 and table.dtype.kind in "iufb":
        looked_up = np.empty(len(codes), table.dtype)
        compiled.take(lendable(table), lendable(codes), looked_up)
        return looked_up
    if len(codes) <= _BLOCK:
        return table.take(codes.astype(np.intp))
    found, positions = np.empty(len(codes), table.dtype), np.empty(_BLOCK, np.intp)
    for first in range(0, len(codes), _BLOCK):
        part = codes[first : first + _BLOCK]
        positions[: len(part)] = part
        found[first : first + _BLOCK] = table.take(positions[: len(part)])
    return found


def encoded_text(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a text column dictionary-encoded with int32 codes, empty text as null."""
    made = not pa.types.is_dictionary(array.type)
    if array.type != TEXT:
        if not made:
            array, made = array.cast(array.type.value_type), True
        array = _as_text(array)
    if all(_is_clean(words, distinct=made) for words in _dictionaries(array)):
        return array
    parts = [pa.chunked_array([chunk]) for chunk in array.chunks]
    if shares_one_dictionary(array):
        parts = [array]
    cleaned = [
        recoded(part, [word or None for word in part.chunk(0).dictionary.to_pylist()])
        for part in parts
    ]
    return pa.chunked_array([chunk for part in cleaned for chunk in part.chunks], type=TEXT)


def plain_text(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a text column as plain text, empty text as null."""
    if array.type != pa.string():
        if pa.types.is_dictionary(array.type):
            array = array.cast(array.type.value_type)
        array = array.cast(pa.string())
    if not any(map(_may_hold_empty, array.chunks)):
        return array
    empty = pc.equal(array, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), array)


def _may_hold_empty(cells: pa.Array) -> bool:
    """Tell whether a cell that is not null may be empty."""
    empty = np.diff(spans_of(cells)) == 0
    return bool((empty & ~nulls_of(cells) if cells.null_count else empty).any())


def _as_text(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return text dictionary-encoded; a cast to the type that is there costs more than a row."""
    if array.type != pa.string():
        array = array.cast(pa.string())
    encoded = array.dictionary_encode()
    return encoded if encoded.type == TEXT else encoded.cast(TEXT)


def same_memory(left: pa.Array, right: pa.Array) -> bool:
    """Tell whether two arrays are the same memory: equal is not needed, only cheap."""
    return (
        len(left) == len(right)
        and left.offset == right.offset
        and [buffer and buffer.address for buffer in left.buffers()]
        == [buffer and buffer.address for buffer in right.buffers()]
    )


def shares_one_dictionary(array: pa.ChunkedArray) -> bool:
    """Tell whether the codes of all chunks are those of one dictionary."""
    return len(_dictionaries(array)) <= 1


def _dictionaries(array: pa.ChunkedArray) -> list[pa.Array]:
    """Return the dictionaries of the chunks, one that follows itself once.

    Arrow gives all chunks of what it encodes one dictionary: to look at it once for every chunk
    would take time as the square of the rows where each word is another.
    """
    found: list[pa.Array] = []
    for chunk in array.chunks:
        words = chunk.dictionary
        if not found or not same_memory(found[-1], words):
            found.append(words)
    return found


def _is_clean(words: pa.Array, *, distinct: bool) -> bool:
    """Tell whether the words of a dictionary are distinct, none of them null or empty.

    Parameters
    ----------
    words
        The dictionary.
    distinct
        Whether they are known to be distinct, because Arrow has just made the dictionary.
    """
    if words.null_count:
        return False
    if len(words) <= _FEW:
        found = words.to_pylist()
        return "" not in found and (distinct or len(set(found)) == len(found))
    return bool(
        not _may_hold_empty(words) and (distinct or pc.count_distinct(words).as_py() == len(words))
    )


def recoded(array: pa.ChunkedArray, words: Sequence[str | None]) -> pa.ChunkedArray:
    """Return a column with the k-th word of its only dictionary replaced by ``words[k]``.

    None takes a word away.  The chunks share one dictionary again.
    """
    distinct = list(dict.fromkeys(word for word in words if word is not None))
    position = {word: code for code, word in enumerate(distinct)}
    places = np.array([-1 if word is None else position[word] for word in words], np.int32)
    codes = arrow_of(places, missing=places < 0)
    dictionary = texts_of(distinct)
    chunks = [
        pa.DictionaryArray.from_arrays(codes.take(chunk.indices), dictionary)
        for chunk in array.chunks
    ]
    return pa.chunked_array(chunks, type=TEXT)
