"""Arrow IPC at the gate: files, streams and bytes become a table that was checked.

The sizes that the messages state are compared with the size of the file before pyarrow reserves
any memory for them; then every cell is checked, as of any foreign data.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import pyarrow as pa

from reen.errors import FileFormatError
from reen.gate.admission import admit
from reen.gate.arrow_checks import admit_schema, first_line
from reen.gate.limits import GENEROUS, Limits
from reen.gate.messages import FILE_MAGIC, check_sizes
from reen.gate.reads import noted
from reen.reasons import Reason

__all__ = ["arrow_file", "check_ipc", "read_ipc", "read_ipc_bytes"]


def read_ipc(
    file: Path | bytes, *, place: str = "", limits: Limits = GENEROUS
) -> tuple[pa.Table, Literal["file", "stream"]]:
    """Read an IPC file or stream, and say which of the two it is.

    Raises
    ------
    FileFormatError
        It is neither, is damaged or cut short, or is larger than `limits` allow.
    InventoryError
        As `admit`.
    """
    place = place or str(file)
    with _readable(place), _opened(file) as opened:
        check_sizes(opened, opened.size(), place=place, limits=limits)
        opened.seek(0)
        form: Literal["file", "stream"] = (
            "file" if opened.read(len(FILE_MAGIC)) == FILE_MAGIC else "stream"
        )
        opened.seek(0)
        reader = pa.ipc.open_file(opened) if form == "file" else pa.ipc.open_stream(opened)
        admit_schema(reader.schema, place=place, limits=limits)
        table = reader.read_all()
    return admit(table, place=place, limits=limits), form


def read_ipc_bytes(data: bytes, *, place: str) -> pa.Table:
    """Read an IPC stream that is in memory.

    Raises
    ------
    FileFormatError, InventoryError
        As `read_ipc`.
    """
    with _readable(place):
        check_sizes(io.BytesIO(data), len(data), place=place, limits=GENEROUS)
        table = pa.ipc.open_stream(data).read_all()
    return admit(table, place=place, limits=GENEROUS)


def check_ipc(file: BinaryIO, size: int, *, place: str) -> None:
    """Compare the sizes that an IPC file states with its own, before another reads it.

    Raises
    ------
    FileFormatError
        As `read_ipc`.
    """
    with _readable(place):
        check_sizes(file, size, place=place, limits=GENEROUS)


def _opened(file: Path | bytes) -> pa.NativeFile:
    """Open a file, not mapped into memory: it may be replaced while its rows are in use."""
    return pa.BufferReader(file) if isinstance(file, bytes) else arrow_file(file)


def arrow_file(path: Path) -> pa.NativeFile:
    """Open a file for Arrow, which takes no name that is not in UTF-8."""
    try:
        return pa.OSFile(str(noted(path)))
    except UnicodeEncodeError:
        return pa.PythonFile(path.open("rb"), mode="r")


@contextmanager
def _readable(place: str) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        reason = Reason("error_needs_more_memory_than_there_read")
        raise FileFormatError(place, reason) from error
    except (pa.ArrowException, OSError, OverflowError, UnicodeDecodeError) as error:
        reason = Reason("error_cannot_read_parquet_arrow_write_file", error=first_line(error))
        raise FileFormatError(place, reason) from error
