"""Messages: the sizes that an Arrow IPC file or stream states, compared with the size that it has.

pyarrow reserves the memory that a message asks for before it looks whether the file holds as much,
and as much for a compressed buffer as its first eight bytes say.  Nothing that it offers tells
these sizes without reserving them, and the package `flatbuffers` reads them only with code that is
generated from Arrow's schema; so the dozen fields that state a size are read here, by their
positions in the format (`Message.fbs` and `File.fbs` of Apache Arrow, version 1.0 and later).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

import attrs

from reen.errors import FileFormatError
from reen.gate.limits import Limits
from reen.reasons import Reason

__all__ = ["FILE_MAGIC", "check_sizes"]

#: First and last bytes of an IPC file; a stream has none.
FILE_MAGIC = b"ARROW1"

#: What stands before the length of a message, since version 0.15 of the format.
_CONTINUATION = b"\xff\xff\xff\xff"

#: Kinds of message that have a body of buffers.
_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3

#: No codec of Arrow makes a byte out of more: Zstandard writes 128 KiB in four bytes.
_RATIO = 1 << 16

_MEND = Reason("error_mend_write_again")

#: Longest description of one message: a column takes some hundred bytes.
_LONGEST = 1 << 28


@attrs.frozen(repr=False)
class _Table:
    """A table of FlatBuffers: numbered fields, found by the offsets of its vtable."""

    data: bytes
    at: int

    @classmethod
    def root(cls, data: bytes) -> _Table:
        """Return the outermost table."""
        return cls(data, struct.unpack_from("<I", data)[0])

    def _field(self, number: int) -> int | None:
        """Return the position of a field; None when it has its default."""
        vtable = self.at - struct.unpack_from("<i", self.data, self.at)[0]
        if vtable < 0:
            raise struct.error("a vtable before the first byte")
        size = struct.unpack_from("<H", self.data, vtable)[0]
        if 4 + 2 * number >= size:
            return None
        offset = struct.unpack_from("<H", self.data, vtable + 4 + 2 * number)[0]
        return self.at + offset if offset else None

    def number(self, number: int, form: str) -> int:
        """Return a number, by its `struct` format."""
        at = self._field(number)
        return 0 if at is None else int(struct.unpack_from(form, self.data, at)[0])

    def table(self, number: int) -> _Table | None:
        """Return a table within the table."""
        at = self._field(number)
        if at is None:
            return None
        return _Table(self.data, at + struct.unpack_from("<I", self.data, at)[0])

    def structs(self, number: int, form: str) -> Iterator[tuple[int, ...]]:
        """Yield the structs of a vector, by their `struct` format."""
        at = self._field(number)
        if at is None:
            return
        at += struct.unpack_from("<I", self.data, at)[0]
        count, width = struct.unpack_from("<I", self.data, at)[0], struct.calcsize(form)
        if at + 4 + count * width > len(self.data):
            raise struct.error("a vector longer than its message")
        for k in range(count):
            yield struct.unpack_from(form, self.data, at + 4 + k * width)


def check_sizes(file: BinaryIO, size: int, *, place: str, limits: Limits) -> None:
    """Refuse an IPC file or stream whose messages ask for more than it can hold.

    Parameters
    ----------
    file
        Its bytes, open for reading at any position.
    size
        Their number.
    place
        What it is called in messages.
    limits
        How much is accepted.

    Raises
    ------
    FileFormatError
        It is cut short, states sizes that it does not have, or more than `limits` allow.
    """
    if size > limits.file_bytes:
        reason = Reason(
            "error_holds_bytes_expected_at_most_write", size=size, file_bytes=limits.file_bytes
        )
        raise FileFormatError(place, reason)
    walk = _Walk(file, size, place, limits)
    try:
        file.seek(0)
        if file.read(len(FILE_MAGIC)) == FILE_MAGIC:
            walk.file()
        else:
            walk.stream()
    except struct.error as error:
        reason = Reason("error_cannot_read_parquet_arrow_damaged", error=str(error), mend=_MEND)
        raise FileFormatError(place, reason) from error


@attrs.define(eq=False, repr=False)
class _Walk:
    """The way from one message to the next."""

    source: BinaryIO
    size: int
    place: str
    limits: Limits
    rows: int = 0

    def file(self) -> None:
        """Check the messages that the end of a file lists."""
        tail = len(FILE_MAGIC) + 4
        end = self._read(self.size - tail, tail, Reason("error_end_of_file"))
        if end[4:] != FILE_MAGIC:
            raise self._damaged(Reason("error_its_last_bytes_are_not_those"))
        length = struct.unpack("<i", end[:4])[0]
        footer = _Table.root(
            self._read(self.size - tail - length, length, Reason("error_list_of_batches"))
        )
        for number, what in ((2, "error_dictionary"), (3, "error_record_batch")):
            for k, (at, _described, _body) in enumerate(footer.structs(number, "<qi4xq")):
                self._message(at, Reason(what, number=k))

    def stream(self) -> None:
        """Check the messages of a stream, up to its end."""
        at, number = 0, 0
        while at < self.size:
            following = self._message(at, Reason("error_message", number=number))
            if following is None:
                return
            at, number = following, number + 1

    def _message(self, at: int, what: Reason) -> int | None:
        """Check one message, and return where the next one starts; None after the last."""
        start, head = at + 4, self._read(at, 4, what)
        if head == _CONTINUATION:
            start, head = at + 8, self._read(at + 4, 4, what)
        length = struct.unpack("<i", head)[0]
        if length == 0:
            return None
        if length > _LONGEST:
            raise self._damaged(Reason("error_described_bytes", what=what, length=length))
        message = _Table.root(self._read(start, length, what))
        body, body_length = start + int(length), message.number(3, "<q")
        if not 0 <= body_length <= self.size - body:
            raise self._damaged(
                Reason(
                    "error_states_bytes_data_follow",
                    what=what,
                    body_length=body_length,
                    what_2=max(self.size - body, 0),
                )
            )
        kind, header = message.number(1, "<B"), message.table(2)
        if header is not None and kind == _DICTIONARY_BATCH:
            header = header.table(1)
        if header is not None and kind in {_DICTIONARY_BATCH, _RECORD_BATCH}:
            self._batch(header, body, body_length, what, counted=kind == _RECORD_BATCH)
        return body + body_length

    def _batch(
        self, batch: _Table, body: int, body_length: int, what: Reason, *, counted: bool
    ) -> None:
        rows = batch.number(0, "<q")
        self.rows += rows if counted else 0
        if not 0 <= rows <= self.limits.rows or self.rows > self.limits.rows:
            raise self._damaged(
                Reason(
                    "error_states_rows_expected_all_at_most",
                    what=what,
                    rows=rows,
                    rows_2=self.limits.rows,
                )
            )
        compressed, size = batch.table(3) is not None, 0
        for at, length in batch.structs(2, "<qq"):
            if at < 0 or length < 0 or at + length > body_length:
                raise self._damaged(
                    Reason(
                        "error_states_buffer_bytes_at_byte_bytes",
                        what=what,
                        length=length,
                        at=at,
                        body_length=body_length,
                    )
                )
            size += self._decompressed(body + at, length, what) if compressed else length
        if size > self.limits.decoded_bytes:
            raise self._damaged(
                Reason(
                    "error_takes_bytes_once_decompressed_expected_at",
                    what=what,
                    size=size,
                    decoded_bytes=self.limits.decoded_bytes,
                )
            )

    def _decompressed(self, at: int, length: int, what: Reason) -> int:
        """Return the decompressed size of a buffer, which its first eight bytes state."""
        if length < 8:  # noqa: PLR2004 - an empty buffer has none
            return length
        stated = int(struct.unpack("<q", self._read(at, 8, what))[0])
        if stated == -1:  # stored as it is
            return length
        if not 0 <= stated <= length * _RATIO:
            raise self._damaged(
                Reason(
                    "error_states_buffer_bytes_compressed", what=what, stated=stated, length=length
                )
            )
        return stated

    def _read(self, at: int, length: int, what: Reason) -> bytes:
        if at < 0 or length < 0 or at + length > self.size:
            raise self._damaged(
                Reason(
                    "error_states_bytes_at_byte_file_ends",
                    what=what,
                    length=length,
                    at=at,
                    size=self.size,
                )
            )
        self.source.seek(at)
        return self.source.read(length)

    def _damaged(self, found: Reason) -> FileFormatError:
        reason = Reason("error_damaged_or_cut", found=found, mend=_MEND)
        return FileFormatError(self.place, reason)
