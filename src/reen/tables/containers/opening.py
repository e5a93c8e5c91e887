"""Bytes to grids: which container a file is, told by its content and never by its suffix.

Input: a name, which stands in messages, and bytes or a path.  Output: grids, text and Arrow files
to be read further, and what was left out.  Nothing is ever written to disc.

The reader of a kind of container is imported when a file is of that kind.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from reen.errors import FileFormatError
from reen.gate.reads import noted
from reen.kernel import loops
from reen.reasons import Reason
from reen.tables.containers.grid import ArrowFile, Content, Skipped, TextFile
from reen.tables.containers.limits import Limits
from reen.tables.containers.signatures import markup_kind, refused_kind

if TYPE_CHECKING:
    from reen.tables.containers.parts import Parts

__all__ = ["open_container"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GZIP = b"\x1f\x8b"
_ARROW = (b"PAR1", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")
#: Endings of the names of workbooks, which programs give to texts too.
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_HEAD = 1 << 16
_LARGE = 1 << 23
_DEFAULT = Limits()


@attrs.frozen(eq=False, repr=False)
class _Place:
    """Where a file lies: how deep in archives, and the contents already met beside it."""

    name: str
    archives: int = 0
    seen: dict[bytes, str] = attrs.field(factory=dict)


def open_container(name: str, data: bytes | Path, limits: Limits = _DEFAULT) -> Iterator[Content]:
    """Yield what a file holds: sheets, lists of records, files of an archive.

    Parameters
    ----------
    name
        What stands in messages; the content alone says what the file is.
    data
        Its bytes, or where to read them.
    limits
        What it may cost.

    Yields
    ------
    Grid, TextFile, ArrowFile or Skipped
        In the order of the file.

    Raises
    ------
    FileFormatError
        The file is of a kind that holds no table, is damaged, protected by a password, or exceeds
        a limit.
    MissingExtraError
        A package of ``reen[tables]`` is not installed.
    """
    if isinstance(data, Path):
        size = data.stat().st_size
        limits.check(name, "bytes", size)
        with noted(data).open("rb") as file:
            if file.read(len(_GZIP) + 4).startswith(_ARROW):
                yield ArrowFile(name, data)
                return
        data = _bytes_of(data, size)
    limits.check(name, "bytes", len(data))
    yield from _open(_Place(name), data, limits)


def _bytes_of(path: Path, size: int) -> bytes:
    """Return the bytes of a file, in large pages of memory where they are many."""
    compiled = loops()
    if compiled is not None and size >= _LARGE:
        with path.open("rb", buffering=0) as file:
            content = compiled.contents(file.fileno(), size)
        if content is not None:
            return content
    return path.read_bytes()


def _open(place: _Place, data: bytes, limits: Limits) -> Iterator[Content]:
    name = place.name
    reason = refused_kind(data[:_HEAD])
    if reason is not None:
        raise FileFormatError(name, reason)
    if data.startswith(_ZIP):
        from reen.tables.containers.parts import Parts

        yield from _open_zip(place, Parts(name, data, limits), limits)
    elif data.startswith(_OLE2):
        from reen.tables.containers.ole2 import read_xls_stream
        from reen.tables.containers.workbook import open_xls

        yield from open_xls(name, read_xls_stream(name, data), limits)
    elif data.startswith(_GZIP):
        yield from _open_gzip(place, data, limits)
    elif data.startswith(_ARROW):
        yield ArrowFile(name, data)
    else:
        yield from _open_text(name, data, limits)


def _open_text(name: str, data: bytes, limits: Limits) -> Iterator[Content]:
    kind = markup_kind(data[:_HEAD])
    if kind == "json":
        from reen.tables.containers.records import open_document
        from reen.tables.containers.tree import parse_json

        yield from open_document(name, parse_json(name, data, limits), limits)
    elif kind == "spreadsheet xml":
        from reen.tables.containers.spreadsheet_xml import open_spreadsheet_xml

        yield from open_spreadsheet_xml(name, data, limits)
    elif kind == "web page":
        from reen.tables.containers.web_page import open_web_page

        yield from open_web_page(name, data, limits)
    elif kind == "xml":
        from reen.tables.containers.records import open_document
        from reen.tables.containers.tree import parse_xml

        yield from open_document(name, parse_xml(name, data, limits), limits)
    else:
        is_named = name.casefold().endswith(_WORKBOOKS)
        yield TextFile(name, data, (Reason("text_named_workbook"),) if is_named else ())


def _open_zip(place: _Place, parts: Parts, limits: Limits) -> Iterator[Content]:
    if "xl/workbook.xml" in parts or "xl/workbook.bin" in parts:
        from reen.tables.containers.workbook import open_zipped_workbook

        yield from open_zipped_workbook(place.name, parts, limits)
    elif _is_ods(parts):
        from reen.tables.containers.ods import open_ods

        yield from open_ods(place.name, parts, limits)
    elif any(name.startswith(("word/", "ppt/", "visio/")) for name in parts):
        reason = Reason("error_this_an_office_document_not_workbook")
        raise FileFormatError(place.name, reason)
    else:
        yield from _open_archive(place, parts, limits)


def _is_ods(parts: Parts) -> bool:
    if "mimetype" not in parts:
        return False
    kind = parts.read("mimetype")
    if b"opendocument.spreadsheet" in kind:
        return True
    if b"opendocument" in kind:
        reason = Reason("error_this_an_opendocument_file_not_spreadsheet")
        raise FileFormatError(parts.place, reason)
    return False


def _open_archive(place: _Place, parts: Parts, limits: Limits) -> Iterator[Content]:
    if place.archives > 1:
        reason = Reason("error_archives_lie_one_another_more_than")
        raise FileFormatError(place.name, reason)
    if not parts.labels:
        yield Skipped(place.name, Reason("archive_without_files"))
    for member in parts.labels:
        where = f"{place.name}/{member}"
        why = _skipped(member)
        if why:
            yield Skipped(where, Reason(why, member=member))
            continue
        content = parts.read_label(member)
        digest = hashlib.sha256(content).digest()
        first = place.seen.setdefault(digest, where)
        if not content:
            yield Skipped(where, Reason("member_empty", member=member))
        elif first != where:
            yield Skipped(where, Reason("member_repeated", member=member, first=first))
        else:
            yield from _open_member(_Place(where, place.archives + 1, place.seen), content, limits)


def _open_member(place: _Place, content: bytes, limits: Limits) -> Iterator[Content]:
    """Open a member; one that holds no table leaves the others of the archive readable."""
    reason = refused_kind(content[:_HEAD])
    if reason is None:
        yield from _open(place, content, limits)
    else:
        yield Skipped(place.name, Reason("member_not_a_table", reason=reason))


def _skipped(member: str) -> str | None:
    """Return why a member of an archive is not opened, or None."""
    folders = member.split("/")
    if folders[0] == "__MACOSX" or folders[-1] in {"Thumbs.db", "desktop.ini"}:
        return "member_of_the_system"
    if folders[-1].startswith(("~$", ".~lock.")):
        return "member_lock_file"
    if any(folder.startswith(".") for folder in folders):
        return "member_hidden"
    return None


def _open_gzip(place: _Place, data: bytes, limits: Limits) -> Iterator[Content]:
    if place.archives > 1:
        reason = Reason("error_archives_lie_one_another_more_than")
        raise FileFormatError(place.name, reason)
    import gzip  # few files are

    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(limits.inflated + 1)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        reason = Reason("error_gzip_file_damaged_cut_short_transfer", error=str(error))
        raise FileFormatError(place.name, reason) from error
    limits.check(place.name, "inflated", len(content), what="bytes or more, decompressed")
    yield from _open(_Place(place.name, place.archives + 1, place.seen), content, limits)
