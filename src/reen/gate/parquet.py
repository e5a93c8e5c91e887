"""Parquet at the gate: a file becomes a table that was checked, or an error that says where.

What the end of the file states (rows, sizes, places of the columns) is compared with the file and
with the limits before any page is read; then every cell is checked, as of any foreign data.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from reen.errors import FileFormatError, InventoryError
from reen.gate.admission import admit
from reen.gate.arrow_checks import admit_schema, first_line
from reen.gate.ipc import arrow_file
from reen.gate.limits import GENEROUS, Limits
from reen.reasons import Reason, Words

if TYPE_CHECKING:
    import pyarrow.parquet as pq

__all__ = ["FAULTS_OF_FILES", "check_parquet", "read_parquet"]

#: Bits of a value in memory, at least; of text, those of its offset.
_BITS = {"BOOLEAN": 1, "INT32": 32, "INT64": 64, "INT96": 64, "FLOAT": 32, "DOUBLE": 64}
_BITS_OF_TEXT = 32

#: What pyarrow raises over a damaged file: its own errors, but also those of decoding a name or
#: turning a number of the file into one of Python.
FAULTS_OF_FILES = (pa.ArrowException, OSError, OverflowError, UnicodeDecodeError)


def read_parquet(
    file: Path | bytes,
    *,
    place: str = "",
    limits: Limits = GENEROUS,
    use_threads: bool = True,
) -> pa.Table:
    """Read a whole Parquet file.

    Parameters
    ----------
    file
        Its path, or its bytes.
    place
        What it is called in messages; its path when nothing is given.
    limits
        How much is accepted.
    use_threads
        Whether columns are read side by side.

    Raises
    ------
    FileFormatError
        It is no Parquet file, is cut short, or is larger than `limits` allow.
    InventoryError
        Its columns cannot be read; see `reen.plugin.files.admit`.
    InventoryError
        Some of its cells cannot be read; the row group and the column are named.
    """
    place = place or str(file)
    size = len(file) if isinstance(file, bytes) else file.stat().st_size
    with _opened(file, place) as opened:
        check_parquet(opened.metadata, size, place=place, limits=limits, at_once=True)
        admit_schema(opened.schema_arrow, place=place, limits=limits)
        try:
            table = opened.read(use_threads=use_threads)
        except MemoryError as error:
            reason = Reason("error_needs_more_memory_than_there_read")
            raise FileFormatError(place, reason) from error
        except FAULTS_OF_FILES as error:
            where, cause = _first_fault(opened, place, error)
            reason = Reason("error_cannot_read_write_file_again_leave", cause=first_line(cause))
            raise InventoryError(reason, where) from error
        where_of = _row_group_of(opened.metadata)
    return admit(table, place=place, limits=limits, where=where_of)


@contextmanager
def _opened(source: Path | bytes, place: str) -> Iterator[pq.ParquetFile]:
    import pyarrow.parquet as pq

    try:
        stored = pa.BufferReader(source) if isinstance(source, bytes) else arrow_file(source)
        # a page that its writer gave a checksum, as Spark does, is compared with it
        file = pq.ParquetFile(stored, page_checksum_verification=True)
        _ = file.schema_arrow
    except (*FAULTS_OF_FILES, MemoryError) as error:
        reason = Reason("error_cannot_read_parquet_arrow_not_parquet", error=first_line(error))
        raise FileFormatError(place, reason) from error
    with stored, file:
        yield file


def check_parquet(
    metadata: pq.FileMetaData,
    size: int,
    *,
    place: str,
    limits: Limits = GENEROUS,
    at_once: bool = False,
) -> None:
    """Compare what the end of a Parquet file states with its size and the limits.

    Parameters
    ----------
    metadata
        What the end of the file states.
    size
        Bytes of the file.
    place
        What it is called in messages.
    limits
        How much is accepted.
    at_once
        Whether all row groups will be in memory at one time, rather than one after the other.

    Raises
    ------
    FileFormatError
        It states sizes that it does not have, or more than `limits` allow.
    """
    if size > limits.file_bytes:
        reason = Reason(
            "error_holds_bytes_expected_at_most_write", size=size, file_bytes=limits.file_bytes
        )
        raise FileFormatError(place, reason)
    if not 0 <= metadata.num_rows <= limits.rows:
        reason = Reason(
            "error_states_rows_expected_at_most_write", num_rows=metadata.num_rows, rows=limits.rows
        )
        raise FileFormatError(place, reason)
    # The metadata of a column chunk is left alone: pyarrow ends the process over some of it, in
    # place of an error, and what it states is checked again when the chunk is read.
    bits = sum(
        _BITS.get(metadata.schema.column(place).physical_type, _BITS_OF_TEXT)
        for place in range(metadata.num_columns)
    )
    rows = decoded = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        rows += group.num_rows
        bytes_ = max(group.total_byte_size, group.num_rows * bits // 8)
        decoded = decoded + bytes_ if at_once else bytes_
        if min(group.num_rows, group.total_byte_size) < 0 or decoded > limits.decoded_bytes:
            reason = Reason(
                "error_states_rows_take_bytes_once_decompressed",
                num_rows=group.num_rows,
                decoded=decoded,
                decoded_bytes=limits.decoded_bytes,
            )
            group = Reason("error_group", number=number)
            raise FileFormatError(place, Reason("page_colon", name=group, text=reason))
    if rows != metadata.num_rows:
        reason = Reason(
            "error_damaged_states_rows_its_row_groups", num_rows=metadata.num_rows, rows=rows
        )
        raise FileFormatError(place, reason)


def _row_group_of(metadata: pq.FileMetaData) -> Callable[[int], Words]:
    groups = range(metadata.num_row_groups)
    ends = list(itertools.accumulate(metadata.row_group(number).num_rows for number in groups))
    return lambda row: Reason("error_group", number=bisect.bisect_right(ends, row))


def _first_fault(file: pq.ParquetFile, place: str, error: Exception) -> tuple[Words, Exception]:
    """Return the first row group and column that cannot be read, and why."""
    for number in range(file.metadata.num_row_groups):
        for name in file.schema_arrow.names:
            try:
                file.read_row_group(number, columns=[name], use_threads=False)
            except (*FAULTS_OF_FILES, MemoryError) as found:
                where = Reason("error_row_group_column", place=place, number=number, name=name)
                return where, found
    return place, error
