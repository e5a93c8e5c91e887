"""Bytes to text: the encoding of a file, found by trying, and what is no text at all.

Input: a file, or its first bytes.  Output: its content as UTF-8 with plain line ends, and the name
of the encoding.  The order is: byte order mark, UTF-16 without one, strict UTF-8, Windows-1252 (the
French spreadsheets' own).  A file of another kind is named, with the way to get a table out of it.

Knows nothing of delimiters, headers or inventories.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa

from reen.errors import EmptyInventoryError, FileFormatError, OptionError

__all__ = ["Text", "decode", "decode_head", "foreign_kind", "read_text"]

#: First bytes of kinds of file that hold no delimited text, and what to do with them.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document: ask for the table itself, or copy it into a spreadsheet"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls): save the sheet as CSV UTF-8"),
    (b"PAR1", "a Parquet file: read it with importer='arrow'"),
    (b"ARROW1", "an Arrow file: read it with importer='arrow'"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3\x00", "an SQLite database: export the table as CSV"),
    (b"{\\rtf", "a word processor's file: copy the table into a spreadsheet"),
)

_ZIP = b"PK\x03\x04"

#: Marks found in the first bytes of a zip archive, and what they tell.
_IN_ZIP: tuple[tuple[bytes, str], ...] = (
    (b"xl/", "an Excel workbook (.xlsx): save the sheet as CSV UTF-8"),
    (
        b"opendocument.spreadsheet",
        "an OpenDocument spreadsheet (.ods): save the sheet as CSV UTF-8",
    ),
    (b"word/", "a word processor's file: copy the table into a spreadsheet"),
    (b"[Content_Types].xml", "an Office file: save the sheet as CSV UTF-8"),
)

#: Beginnings of text that is marked up, not delimited.
_MARKED_UP: tuple[tuple[str, str], ...] = (
    ('{"', "JSON text: export the list as CSV"),
    ("[{", "JSON text: export the list as CSV"),
    ("<?xml", "an XML document: export the list as CSV"),
    ("<!doctype", "a web page: export the list as CSV"),
    ("<html", "a web page: export the list as CSV"),
    ("<table", "a web page: export the list as CSV"),
)

_MARKS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)

#: Bytes looked at to tell UTF-16 without a mark from a binary file, and share of them that must be
#: zero on one side of the pairs.
_PAIRS_SEEN = 4096
_SHARE_OF_ZEROS = 0.7

#: What bytes that are no UTF-8 become under ``surrogateescape``.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


@attrs.frozen
class Text:
    """The content of a file as UTF-8.

    Attributes
    ----------
    data
        The bytes; lines end with LF or CRLF.
    start
        Where the text begins (after a byte order mark).
    encoding
        The encoding as found: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``cp1252``...
    """

    data: bytes = attrs.field(repr=False)
    start: int
    encoding: str


def foreign_kind(head: bytes) -> str | None:
    """Return what a file that is no delimited text seems to be, or None."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(_ZIP):
        return next((kind for mark, kind in _IN_ZIP if mark in head), "a zip archive: unpack it")
    begin = head[:64].decode("utf-8-sig", errors="ignore").lstrip().casefold()
    return next((kind for mark, kind in _MARKED_UP if begin.startswith(mark)), None)


def read_text(path: Path, encoding: str | None = None) -> Text:
    """Read a file as text.

    Raises
    ------
    EmptyInventoryError
        The file holds nothing, or only blanks.
    FileFormatError
        The file is not text, or not in the encoding given.
    OptionError
        Python knows no encoding of that name.
    """
    data = path.read_bytes()
    head = data[: 1 << 16]
    kind = foreign_kind(head)
    if kind is not None:
        raise FileFormatError(str(path), f"this is no delimited text but seems to be {kind}")
    text = decode(data, path, encoding)
    if not text.data[text.start : text.start + len(head)].strip() and not text.data.strip(
        b"\xef\xbb\xbf \t\r\n"
    ):
        message = f"{path}: the file is empty; expected a line of headers and a line per asset."
        raise EmptyInventoryError(message)
    return text


def decode(data: bytes, path: Path | str, encoding: str | None = None) -> Text:
    """Return the bytes of a file as text (raises as `read_text` does)."""
    codec, start, name = _find_codec(data, path, encoding)
    if codec == "utf-8":
        found = Text(data, start, name)
    else:
        try:
            found = Text(data[start:].decode(codec).encode("utf-8"), 0, name)
        except (UnicodeError, LookupError) as error:  # LookupError: a codec of something else
            reason = (
                f"the text cannot be read as {name}; give its encoding, such as encoding='cp850'"
                " or 'mac_roman', or save it as CSV UTF-8"
            )
            raise FileFormatError(str(path), reason) from error
    zero = found.data.find(b"\0")
    if zero >= 0:
        reason = (
            f"this is a binary file (zero byte at offset {zero}), not delimited text: export the"
            " list as CSV UTF-8"
        )
        raise FileFormatError(str(path), reason)
    return attrs.evolve(found, data=_with_plain_line_ends(found.data))


def decode_head(head: bytes) -> str | None:
    """Return the first bytes of a file as text, its last line maybe cut; None for no text."""
    if foreign_kind(head) is not None:
        return None
    for mark, codec, _ in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(codec, errors="replace")
    codec = _utf16_without_mark(head) or "utf-8"
    text = head.decode(codec, errors="surrogateescape" if codec == "utf-8" else "replace")
    if codec == "utf-8" and _NOT_UTF8.search(text[:-4]):
        text = head.decode("cp1252", errors="replace")
    return None if "\0" in text else text.encode(errors="replace").decode()


def _find_codec(data: bytes, path: Path | str, encoding: str | None) -> tuple[str, int, str]:
    """Return (codec, where the text begins, name for the report)."""
    if encoding is not None:
        try:
            codec = codecs.lookup(encoding).name
        except LookupError as error:
            expected = "an encoding that Python knows, such as 'utf-8', 'cp1252' or 'cp850'"
            raise OptionError("read", "encoding", encoding, expected) from error
        if codec in {"utf-8", "utf-8-sig"}:
            if not _is_utf8(data):
                raise FileFormatError(str(path), "the text is not UTF-8; leave encoding out")
            return "utf-8", len(codecs.BOM_UTF8) * data.startswith(codecs.BOM_UTF8), encoding
        return codec, 0, encoding
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            if codec == "utf-8" and not _is_utf8(data):
                break
            return codec, len(mark), name
    utf16 = _utf16_without_mark(data)
    if utf16:
        return utf16, 0, utf16
    if data.find(b"\0") >= 0 or _is_utf8(data):
        return "utf-8", 0, "utf-8"  # a zero byte is refused by the caller, whatever the encoding
    return "cp1252", 0, "cp1252"


def _utf16_without_mark(data: bytes) -> str | None:
    head = data[:_PAIRS_SEEN]
    pairs = len(head) // 2
    if not pairs:
        return None
    first, second = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if second >= _SHARE_OF_ZEROS * pairs and not first:
        return "utf-16-le"
    if first >= _SHARE_OF_ZEROS * pairs and not second:
        return "utf-16-be"
    return None


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    # Arrow checks text without decoding it: no second copy, and half the time
    ends = pa.py_buffer(np.array([0, len(data)], np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _with_plain_line_ends(data: bytes) -> bytes:
    """Replace the line ends of old Macs, which nothing here would count as lines."""
    if b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"):
        return data
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
