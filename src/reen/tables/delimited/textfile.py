"""Bytes to text: the encoding of a file, what was damaged in it, and what is no text at all.

Input: the bytes of a file, or the first.  Output: its content as UTF-8 with plain line ends, the
name of the encoding, and what was repaired.  The order is: byte order mark, UTF-16 without one,
strict UTF-8, then whichever encoding makes most headers and words known (`encodings`).

Knows nothing of delimiters or inventories.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from reen.errors import FileFormatError, OptionError
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.lost_letters import LOST
from reen.tables.delimited.mojibake import BYTES_OF_SIGNS, mend_mojibake, undo_entities
from reen.tables.delimited.survey import is_utf8, survey

if TYPE_CHECKING:
    from reen.tables.delimited.encodings import Decoded, Known

__all__ = [
    "Place",
    "Repair",
    "Text",
    "decode",
    "decode_head",
    "decode_strictly",
    "foreign_kind",
]

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

#: A line this long at the top of a file is no header (16,384 columns of 250 letters).
_LONGEST_HEADER = 1 << 22

#: Places of a repair that are kept, the bytes before each that tell its column, and those after.
_PLACES, _BEFORE, _AFTER = 200, 1 << 14, 80

#: Line ends of old Macs, padding, entities, marks of lost letters (two of them), quotation marks.
_LOOKED_FOR = b'\r\0&?\xef"' + BYTES_OF_SIGNS

#: Zero bytes that pad a cell to a fixed width; elsewhere they are a binary file's.
_NEWLINE = b"\n"
_PADDING = pattern(rb"(?<=[;,\t|\"\r\n ])\x00++|\A\x00++|(?<!\x00)\x00++(?=[;,\t|\"\r\n ]|\Z)")


#: Bytes that no text has, so that zero bytes beside them are not padding.
_CONTROLS = pattern(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


@attrs.frozen(eq=False, repr=False)
class Place:
    """Where something was repaired.

    Attributes
    ----------
    line
        Line of the file, from 1.
    before
        What stands before it on the line, which tells the column; None when that is very long.
    after
        The beginning of what stands there now.
    """

    line: int
    before: str | None
    after: str


@attrs.frozen(eq=False, repr=False)
class Repair:
    """What was repaired in a text, one for each kind of damage.

    Attributes
    ----------
    reason
        What was damaged and how it was read.
    lines
        Lines of the file that have it, each once, in order.
    places
        The first places, where they are known.
    guessed
        Whether what stands there now is a guess.
    """

    reason: Reason
    lines: tuple[int, ...]
    places: tuple[Place, ...] = attrs.field(default=())
    guessed: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen(eq=False, repr=False)
class Text:
    """The content of a file as UTF-8.

    Attributes
    ----------
    data
        The bytes; lines end with LF or CRLF.
    start
        Where the text begins (after a byte order mark).
    encoding
        The encoding as found, and its damage: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``cp1252``,
        ``utf-8, 1 damaged byte read as cp1252``...
    repairs
        What was repaired.
    absent
        Bytes that are known not to be there; the others may be.
    parts
        Where each part of the bytes ends, and how many line ends it has; nothing where they were
        not counted (see `survey`).
    """

    data: bytes
    start: int
    encoding: str
    repairs: tuple[Repair, ...] = ()
    absent: frozenset[int] = attrs.field(default=frozenset(), repr=False, eq=False, kw_only=True)
    parts: tuple[tuple[int, int], ...] = attrs.field(default=(), repr=False, eq=False, kw_only=True)


def foreign_kind(head: bytes) -> str | None:
    """Return what a file that is no delimited text seems to be, or None."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(_ZIP):
        return next((kind for mark, kind in _IN_ZIP if mark in head), "a zip archive: unpack it")
    begin = head[:64].decode("utf-8-sig", errors="ignore").lstrip().casefold()
    return next((kind for mark, kind in _MARKED_UP if begin.startswith(mark)), None)


def decode(
    data: bytes, path: Path | str, encoding: str | None = None, *, known: Known | None = None
) -> Text:
    """Return the bytes of a file as text.

    Parameters
    ----------
    data, path
        The bytes, and the file that stands in messages.
    encoding
        Its encoding, when the user gives it.
    known
        Tells whether a cell is a known header or word, which tells encodings apart.

    Raises
    ------
    FileFormatError
        The file is not text, or not in the encoding given.
    OptionError
        Python knows no encoding of that name.
    """
    looked = survey(data, _LOOKED_FOR)
    codec, start, name = _find_codec(data, path, encoding, is_utf8=looked.is_utf8)
    repairs: list[Repair] = []
    if codec not in {"", "utf-8"}:
        data, repair = _decode_whole(data[start:], codec, name, path, given=encoding is not None)
        repairs += [repair] if repair else []
        start = 0
        looked = survey(data, _LOOKED_FOR)
    absent, surveyed = looked.absent, data
    if ord("\r") not in absent:
        data = _with_plain_line_ends(data)
    if 0 not in absent:
        data, repair = _without_padding(data, path)
        repairs += [repair] if repair else []
    if codec == "":
        from reen.tables.delimited.encodings import find_encoding  # most files are UTF-8

        found = find_encoding(data[start:], known)
        name, told = _name_of_found(found, data[start:], name)
        data, start = found.data, 0
        repairs += told
        absent = survey(data, _LOOKED_FOR).absent
    _check_first_line(data, start, path)
    mended, lines, times = mend_mojibake(data, absent)
    if times:
        data = mended
        if data.startswith(codecs.BOM_UTF8):
            start = len(codecs.BOM_UTF8)
        name += ", encoded twice in places" if times == 1 else ", encoded several times in places"
        repairs.append(Repair(Reason("encoded_twice"), tuple(line + 1 for line in lines)))
    undone = data if ord("&") in absent and not times else undo_entities(data)
    absent = absent if undone is data and not times else frozenset()
    parts = looked.parts if undone is surveyed else ()
    return Text(undone, start, name, tuple(repairs), absent=absent, parts=parts)


def decode_strictly(data: bytes, place: str, encoding: str | None = None) -> Text:
    """Return the bytes of a reference file as text, as they stand: nothing is repaired.

    Parameters
    ----------
    data, place
        The bytes, and what the file is called in messages.
    encoding
        What is known of it; else UTF-8, UTF-16 or Windows-1252, whichever fits.

    Raises
    ------
    FileFormatError
        Bytes that the encoding has not, or a zero byte: where, and what to do.
    OptionError
        Python knows no encoding of that name.
    """
    codec, start, name = _find_codec(data, place, encoding, is_utf8=is_utf8(data))
    codec, name = codec or "cp1252", name or "cp1252"
    if codec == "utf-8":
        found = Text(data, start, name)
    else:
        try:
            found = Text(data[start:].decode(codec).encode(), 0, name)
        except (UnicodeError, LookupError) as error:  # LookupError: a codec of something else
            reason = Reason(
                "error_give_its_encoding_encoding_cp850_mac",
                error=_unread(error, start, name, guessed=encoding is None),
            )
            raise FileFormatError(place, reason) from error
    zero = found.data.find(b"\0")
    if zero >= 0:
        line = found.data.count(b"\n", 0, zero) + 1
        reason = Reason("error_this_binary_file_zero_byte_at", zero=zero, line=line)
        raise FileFormatError(place, reason)
    return attrs.evolve(found, data=_with_plain_line_ends(found.data))


def _unread(error: Exception, start: int, name: str, *, guessed: bool) -> Reason:
    """Return what cannot be read, with the offset of the byte where it is known."""
    if not isinstance(error, UnicodeDecodeError):
        return Reason("error_text_not_in_encoding", name=name)
    at = str(start + error.start)
    if guessed and name == "cp1252":
        return Reason("error_byte_in_no_encoding", at=at)
    return Reason("error_byte_not_in_encoding", at=at, name=name)


def decode_head(head: bytes, *, known: Known | None = None) -> str | None:
    """Return the first bytes of a file as text, its last line maybe cut; None for no text."""
    if foreign_kind(head) is not None:
        return None
    for mark, codec, _ in _MARKS:
        if head.startswith(mark) and codec != "utf-8":
            return head[len(mark) :].decode(codec, errors="replace")
    utf16 = _utf16_without_mark(head)
    if utf16:
        text = head.decode(utf16, errors="replace")
        return None if "\0" in text else text
    head = _PADDING.sub(b"", head.removeprefix(codecs.BOM_UTF8)) if b"\0" in head else head
    head = head.removeprefix(codecs.BOM_UTF8)
    if b"\0" in head:
        return None
    try:
        whole = codecs.getincrementaldecoder("utf-8")().decode(head).encode()
    except UnicodeDecodeError:
        from reen.tables.delimited.encodings import find_encoding

        whole = find_encoding(head, known).data
    return undo_entities(mend_mojibake(whole)[0]).decode().removeprefix("\ufeff")


def _find_codec(
    data: bytes, path: Path | str, encoding: str | None, *, is_utf8: bool
) -> tuple[str, int, str]:
    """Return (codec, where the text begins, name for the report); no codec when it is given."""
    if encoding is not None:
        try:
            codec = codecs.lookup(encoding).name
        except (LookupError, ValueError) as error:  # ValueError: a name that is no text
            expected = Reason("error_an_encoding_python_knows_utf_8")
            raise OptionError("read", "encoding", encoding, expected) from error
        if codec in {"utf-8", "utf-8-sig"}:
            if not is_utf8:
                raise FileFormatError(str(path), Reason("error_text_not_utf_8_leave_encoding"))
            return "utf-8", len(codecs.BOM_UTF8) * data.startswith(codecs.BOM_UTF8), encoding
        return codec, 0, encoding
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return codec if codec != "utf-8" or is_utf8 else "", len(mark), name
    utf16 = _utf16_without_mark(data)
    if utf16:
        return utf16, 0, utf16
    return ("utf-8", 0, "utf-8") if is_utf8 else ("", 0, "")


def _decode_whole(
    data: bytes, codec: str, name: str, path: Path | str, *, given: bool
) -> tuple[bytes, Repair | None]:
    """Return a text of a known encoding; only one found, not given, may be damaged."""
    try:
        return _with_plain_line_ends(data.decode(codec).encode()), None
    except (UnicodeError, LookupError) as error:  # LookupError: a codec of something else
        if given:
            reason = Reason("error_text_cannot_read_give_its_encoding", name=name)
            raise FileFormatError(str(path), reason) from error
    whole = data.decode(codec, errors="replace")
    lines = tuple(k + 1 for k, line in enumerate(whole.splitlines()) if LOST in line)
    return _with_plain_line_ends(whole.encode()), Repair(
        Reason("damaged_text", encoding=name), lines, guessed=True
    )


def _without_padding(data: bytes, path: Path | str) -> tuple[bytes, Repair | None]:
    """Remove the zero bytes that pad cells; raise FileFormatError for those of a binary file."""
    zero = data.find(b"\0")
    if zero < 0:
        return data, None
    places = [found.start() for found in _PADDING.finditer(data)]
    text = _PADDING.sub(b"", data)
    if b"\0" in text or _CONTROLS.search(text):
        reason = Reason(
            "error_this_binary_file_zero_byte_at_offset",
            zero=zero,
            data=data.count(_NEWLINE, 0, zero) + 1,
        )
        raise FileFormatError(str(path), reason)
    return text, Repair(Reason("zero_bytes_removed"), _lines_at(data, places))


def _name_of_found(found: Decoded, data: bytes, mark: str) -> tuple[str, list[Repair]]:
    """Return the name of an encoding that was looked for, and what is told of it."""
    name = mark if mark and found.encoding == "utf-8" else found.encoding
    repairs = []
    if found.encoding not in {"utf-8", "cp1252"}:
        high = [k for k, line in enumerate(data.split(b"\n"), 1) if not line.isascii()]
        repairs.append(Repair(Reason("read_in_encoding", encoding=name), tuple(high)))
    if found.damaged:
        name += f", {_count_of_damaged(found, data)}"
        at = [start for start, _ in found.damaged]
        lines = _lines_at(data, at, each=True)
        places = []
        for start, line in zip(at[:_PLACES], lines, strict=False):
            begin = data.rfind(b"\n", max(0, start - _BEFORE), start) + 1
            told = found.read_piece(data[begin:start]) if begin or line == 1 else None
            after = data[start : start + _AFTER].partition(b"\n")[0]
            places.append(Place(line, told, found.read_piece(after)))
        reason = Reason("damaged_bytes", encoding=found.encoding)
        lines = tuple(dict.fromkeys(lines))
        repairs.append(Repair(reason, lines, tuple(places), guessed=True))
    return name, repairs


def _count_of_damaged(found: Decoded, data: bytes) -> str:
    """Say how many bytes did not fit, and what became of them."""
    total = len(found.damaged)
    lost = sum(
        LOST in found.read_piece(data[start : start + length]) for start, length in found.damaged
    )
    said = f"{total} damaged byte{'s' if total > 1 else ''}"
    if not lost:
        return f"{said} read as cp1252"
    return f"{said} marked as lost" if lost == total else f"{said}, {lost} of them marked as lost"


def _lines_at(data: bytes, places: list[int], *, each: bool = False) -> tuple[int, ...]:
    """Return the lines, from 1, of places in order; each line once, or one for each place."""
    lines = []
    at, line = 0, 1
    for place in places:
        line += data.count(b"\n", at, place)
        at = place
        lines.append(line)
    return tuple(lines if each else dict.fromkeys(lines))


def _check_first_line(data: bytes, start: int, path: Path | str) -> None:
    """Raise FileFormatError when what should be a header is no line of a table."""
    if len(data) - start > _LONGEST_HEADER and b"\n" not in data[start : start + _LONGEST_HEADER]:
        reason = Reason("error_its_first_line_has_more_than", longest_header=_LONGEST_HEADER)
        raise FileFormatError(str(path), reason)


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


def _with_plain_line_ends(data: bytes) -> bytes:
    """Replace the line ends of old Macs, which nothing here would count as lines."""
    if b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"):
        return data
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
