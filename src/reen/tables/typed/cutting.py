"""Cutting: text without quotation marks cut into columns by the compiled loops, where they load.

Input: the bytes below a header, in parts of known rows.  Output: an Arrow array for each column:
words encoded while they are cut, in the order of the rows; or plain text, of which hardly two cells
are alike.  None for text that is not as it has to be: another number of cells in some row, or a
blank line.

Gives what pyarrow's reader gives, which reads where there are no loops.  Knows no column by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.inventory.bounds import spans_of
from reen.kernel import loops
from reen.kernel.interface import CutColumn, Loops
from reen.tables.delimited.dialect import Dialect
from reen.tables.delimited.textfile import Text

__all__ = ["MANY", "Body", "body_of"]

#: Rows of a sample; fewer cells than `MANY` are words whatever they hold.
_SAMPLE, MANY = 500, 100
#: Bytes among which the rows of a sample are looked for.
_SAMPLE_BYTES = 1 << 16

#: Distinct words of a column, until it is one of plain text.
_WORDS = 1 << 14
#: Bytes kept ready for its words, and for each byte of those in a sample: more where they are full.
_BYTES, _MORE = 1 << 16, 1 << 5

#: Text is cut in places of 32 bits.
_LARGEST = (1 << 31) - 1

_ASCII = 0x80

#: What one call of the loops gave: the fault or the rows, and bytes, words and blanks by column.
_Told: TypeAlias = tuple[int, npt.NDArray[np.int64]]


@attrs.frozen(eq=False, repr=False)
class _Part:
    """Some lines of the text."""

    data: npt.NDArray[np.uint8]
    rows: int


@attrs.frozen(eq=False, repr=False)
class _Store:
    """Memory for the cells of a column in one part: of words, or of plain text."""

    numbers: npt.NDArray[np.int32]
    content: npt.NDArray[np.uint8]
    other: npt.NDArray[np.int32] | npt.NDArray[np.bool_]

    @classmethod
    def of_words(cls, codes: npt.NDArray[np.int32], most: int, room: int) -> _Store:
        return cls(codes, np.empty(room, np.uint8), np.empty(most + 1, np.int32))

    @classmethod
    def of_text(cls, rows: int, room: int) -> _Store:
        return cls(np.empty(rows + 1, np.int32), np.empty(room, np.uint8), np.empty(rows, np.bool_))

    @property
    def given(self) -> CutColumn:
        """Return the arrays as the loops take them."""
        return self.numbers, self.content, self.other

    def words(self, told: npt.NDArray[np.int64]) -> pa.Array:
        """Return the distinct words."""
        content = pa.py_buffer(self.content[: told[0]])
        ends = pa.py_buffer(self.other[: told[1] + 1])
        return pa.Array.from_buffers(pa.string(), int(told[1]), [None, ends, content], null_count=0)

    def text(self, told: npt.NDArray[np.int64]) -> pa.Array:
        """Return the cells, blank ones null."""
        content = pa.py_buffer(self.content[: told[0]])
        blanks = int(told[2])
        valid = pa.py_buffer(np.packbits(self.other, bitorder="little")) if blanks else None
        return pa.Array.from_buffers(
            pa.string(),
            len(self.other),
            [valid, pa.py_buffer(self.numbers), content],
            null_count=blanks,
        )


@attrs.frozen(eq=False, repr=False)
class Body:
    """The rows of a text, in parts.  Make one with `body_of`."""

    loops: Loops
    delimiter: str
    width: int
    parts: tuple[_Part, ...]

    @property
    def rows(self) -> int:
        """Return how many rows there are, if each is a line."""
        return sum(part.rows for part in self.parts)

    def sample(self, positions: Sequence[int]) -> dict[int, pa.Array] | None:
        """Return the first cells of some columns as words."""
        head = self.parts[0]
        data, rows = head.data, head.rows
        if len(data) > _SAMPLE_BYTES or rows > _SAMPLE:
            ends = np.flatnonzero(data[:_SAMPLE_BYTES] == ord("\n"))[:_SAMPLE]
            if not len(ends):
                return None
            data, rows = data[: ends[-1] + 1], len(ends)
        body = attrs.evolve(self, parts=(_Part(data, rows),))
        return body.read(dict.fromkeys(positions, True), dict.fromkeys(positions))

    def read(
        self, encoded: Mapping[int, bool], samples: Mapping[int, pa.DictionaryArray | None]
    ) -> dict[int, pa.Array] | None:
        """Return some columns.

        Parameters
        ----------
        encoded
            For each column, by position, whether it is to be words: a column that has too many of
            them is plain text all the same.
        samples
            The first cells of each, which tell how much memory to keep ready; None says nothing.
        """
        encoded, most = dict(encoded), min(_WORDS, self.rows)
        codes = {k: np.empty(self.rows, np.int32) for k, words in encoded.items() if words}
        room = {
            k: max(_BYTES, _MORE * _bytes_of(samples[k])) if k in codes else _room(samples[k])
            for k in encoded
        }
        while True:
            stores = []
            first = 0
            for part in self.parts:
                rows = slice(first, first + part.rows)
                stores.append(
                    {
                        k: _Store.of_words(codes[k][rows], most, min(room[k], len(part.data)))
                        if encoded[k]
                        else _Store.of_text(part.rows, min(room[k] * part.rows, len(part.data)))
                        for k in encoded
                    }
                )
                first += part.rows
            told = self._cut(stores)
            faults = [fault for fault, _ in told if fault < 0]
            if not faults:
                break
            if -1 in faults:
                return None
            for fault in faults:
                column, too_many = divmod(-fault - 2, 2)
                if too_many:
                    encoded[column], room[column] = False, _room(samples[column])
                else:
                    room[column] *= 8 if encoded[column] else 2
        return {
            k: self._words(
                codes[k],
                [(each[k], got[3 * k :]) for each, (_, got) in zip(stores, told, strict=True)],
            )
            if encoded[k]
            else _joined(
                [each[k].text(got[3 * k :]) for each, (_, got) in zip(stores, told, strict=True)]
            )
            for k in encoded
        }

    def _cut(self, stores: Sequence[Mapping[int, _Store]]) -> list[_Told]:
        """Cut all parts, each in a thread of its own."""

        def cut(part: _Part, store: Mapping[int, _Store]) -> _Told:
            columns = tuple(store[k].given if k in store else None for k in range(self.width))
            told = np.zeros(3 * self.width, np.int64)
            return self.loops.cut(part.data, ord(self.delimiter), part.rows, columns, told), told

        if len(self.parts) == 1:
            return [cut(self.parts[0], stores[0])]
        from concurrent.futures import ThreadPoolExecutor  # few files are long

        with ThreadPoolExecutor(pa.cpu_count()) as pool:
            return [*pool.map(cut, self.parts, stores)]

    def _words(
        self,
        codes: npt.NDArray[np.int32],
        parts: Sequence[tuple[_Store, npt.NDArray[np.int64]]],
    ) -> pa.DictionaryArray:
        """Return a column of words: those of later parts are numbered after those of the first."""
        every = [store.words(told) for store, told in parts]
        words = every[0]
        if len(every) > 1:
            numbered = pa.concat_arrays(every).dictionary_encode()
            words, places = numbered.dictionary, numpy_of(numbered.indices)
            first = len(every[0])
            for (store, _), own in zip(parts[1:], every[1:], strict=True):
                table = np.append(places[first : first + len(own)], -1).astype(np.int32)
                self.loops.take(table, store.numbers, store.numbers)
                first += len(own)
        blanks = int(sum(told[2] for _, told in parts))
        valid = pa.py_buffer(np.packbits(codes >= 0, bitorder="little")) if blanks else None
        if blanks:
            # Arrow may look up the code of a blank cell, too, when it puts words together
            np.maximum(codes, 0, out=codes)
        indices = pa.Array.from_buffers(
            pa.int32(), len(codes), [valid, pa.py_buffer(codes)], null_count=blanks
        )
        return pa.DictionaryArray.from_arrays(indices, words, safe=False)


def body_of(text: Text, dialect: Dialect) -> Body | None:
    """Return the rows of a text for the loops; None where there are none, or where they cannot.

    Parameters
    ----------
    text
        Without quotation marks below the header.
    dialect
        How it is laid out.
    """
    compiled = loops()
    if compiled is None or not text.parts or ord(dialect.delimiter) >= _ASCII:
        return None
    if len(text.data) > _LARGEST:
        return None
    whole = np.frombuffer(text.data, np.uint8)
    parts = []
    start, before = dialect.start, text.data.count(b"\n", 0, dialect.start)
    for end, lines in text.parts:
        if start < end:
            last = end == len(text.data) and not text.data.endswith(b"\n")
            parts.append(_Part(whole[start:end], lines - before + last))
            start, before = end, 0
        else:
            before -= lines
    return Body(compiled, dialect.delimiter, len(dialect.header), tuple(parts))


def _bytes_of(sample: pa.DictionaryArray | None) -> int:
    """Return the bytes of the distinct words of some cells."""
    return 0 if sample is None else int(spans_of(sample.dictionary)[-1])


def _room(sample: pa.DictionaryArray | None) -> int:
    """Return the bytes that are kept ready for a cell of plain text."""
    words = 1 if sample is None else max(1, len(sample.dictionary))
    return int(1.25 * _bytes_of(sample) / words) + 2


def _joined(parts: Sequence[pa.Array]) -> pa.Array:
    return parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
