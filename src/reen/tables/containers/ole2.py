"""OLE2 files: the stream of an xls taken out by olefile, and put into a sound file for calamine.

calamine follows the chains of sectors of the file that it is given, even where they run in a circle
for ever.  olefile notices; what it reads is wrapped anew.  Source: [MS-CFB] 2.2 to 2.6.
"""

from __future__ import annotations

import io
import struct

from reen.errors import FileFormatError
from reen.gate.packages import needed
from reen.reasons import Reason

__all__ = ["read_xls_stream", "wrap_stream"]

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Sectors of version 4; the header has room for the numbers of 109 sectors of the allocation table.
_SECTOR, _TABLES = 4096, 109
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_ROOT, _STREAM, _BLACK = 5, 2, 1
_NUMBERS = _SECTOR // 4


def read_xls_stream(place: str, data: bytes) -> bytes:
    """Return the workbook stream of an OLE2 file.

    Raises
    ------
    FileFormatError
        The file is damaged, protected by a password, or no workbook.
    MissingExtraError
        olefile is not installed.
    """
    olefile = needed("olefile", "Reading an old Office file", extra="tables")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            streams = {"/".join(path) for path in file.listdir()}
            book = next((one for one in ("Workbook", "Book") if one in streams), None)
            stream: bytes = file.openstream(book).read() if book else b""
    except (
        *(OSError, ValueError, LookupError, struct.error, TypeError),
        RecursionError,  # a directory that leads back into itself
    ) as error:
        reason = Reason("error_old_office_file_damaged_cut_short", error=str(error))
        raise FileFormatError(place, reason) from error
    if "EncryptedPackage" in streams:
        raise FileFormatError(place, Reason("error_workbook_locked"))
    if book is None:
        kind = Reason("file_word" if "WordDocument" in streams else "file_old_office")
        reason = Reason("error_this_without_sheet_copy_table_into", kind=kind)
        raise FileFormatError(place, reason)
    return stream


def wrap_stream(place: str, stream: bytes) -> bytes:
    """Return an OLE2 file whose only stream is the workbook given.

    Raises
    ------
    FileFormatError
        The stream is larger than an xls can be.
    """
    # The directory, a sector for small streams (calamine asks for one), the stream, the tables.
    pages = max(-(-len(stream) // _SECTOR), 1)
    tables = 1
    while tables * _NUMBERS < 2 + pages + tables:
        tables += 1
        if tables > _TABLES:
            raise FileFormatError(place, Reason("error_workbook_too_large_an_xls_save"))
    numbers = [_END, _END, *range(3, pages + 2), _END, *[_TABLE] * tables]
    numbers += [_FREE] * (tables * _NUMBERS - len(numbers))
    header = _SIGNATURE + bytes(16)
    # Minor and major version, byte order, sizes of sectors (as powers of two), reserved.
    header += struct.pack("<HHHHH6x", 0x3E, 4, 0xFFFE, 12, 6)
    # Directory sectors, table sectors, first of the directory, ..., limit and table of small ones.
    header += struct.pack("<IIIIIIIII", 1, tables, 0, 0, _SECTOR, _END, 0, _END, 0)
    places = [*range(2 + pages, 2 + pages + tables), *[_FREE] * (_TABLES - tables)]
    header += struct.pack(f"<{_TABLES}I", *places)
    directory = _entry("Root Entry", _ROOT, child=1, start=1, size=0)
    directory += _entry("Workbook", _STREAM, child=_FREE, start=2, size=pages * _SECTOR)
    return b"".join(
        (
            header.ljust(_SECTOR, b"\0"),
            directory.ljust(_SECTOR, b"\0"),
            bytes(_SECTOR),
            stream.ljust(pages * _SECTOR, b"\0"),
            struct.pack(f"<{len(numbers)}I", *numbers),
        )
    )


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, _BLACK)
    entry += struct.pack("<III", _FREE, _FREE, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)
