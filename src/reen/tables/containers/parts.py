"""Members of a zip archive, decompressed under limits that do not trust what it declares.

A directory of a zip archive may lie about sizes: a member is inflated here no further than what is
declared and allowed, and one that would go on is refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Container, Iterator

import attrs

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.tables.containers.limits import Limits

__all__ = ["Parts"]

#: A ratio says nothing of small members: a thousand blanks are no bomb.
_HARMLESS = 100_000_000
_ENCRYPTED = 0x1
_HEADER = 30


@attrs.define(eq=False, repr=False)
class Parts:
    """The members of one archive, and how much of the limit they have used."""

    place: str
    data: bytes = attrs.field(repr=False)
    limits: Limits
    inflated: int = 0
    _files: dict[str, zipfile.ZipInfo] = attrs.field(init=False, repr=False)
    _labelled: dict[str, zipfile.ZipInfo] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Read the directory of the archive."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise FileFormatError(self.place, _damaged(error)) from error
        self.limits.check(self.place, "members", len(members))
        files = [member for member in members if not _is_folder(member)]
        self._files = {member.filename: member for member in files}
        self._labelled = {}
        for member in files:
            self._labelled[_unused(_label(member.filename), self._labelled)] = member

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of all members, each different: two of one name are two members here."""
        return tuple(self._labelled)

    def read(self, name: str) -> bytes:
        """Return the content of a member.

        Raises
        ------
        FileFormatError
            The member is damaged, encrypted, compressed in an unusual way, or too large.
        """
        return self._read(name, self._files[name])

    def read_label(self, label: str) -> bytes:
        """Return the content of a member by its label (raises as `read` does)."""
        return self._read(label, self._labelled[label])

    def _read(self, name: str, member: zipfile.ZipInfo) -> bytes:
        place = f"{self.place}/{name}"
        if member.flag_bits & _ENCRYPTED:
            raise FileFormatError(place, Reason("error_member_encrypted_extract_its_password_read"))
        self.limits.check(
            self.place, "inflated", self.inflated + member.file_size, what="bytes, decompressed"
        )
        self._check_ratio(place, member)
        content = self._inflate(place, member)
        self.inflated += len(content)
        if len(content) != member.file_size or zlib.crc32(content) != member.CRC:
            raise FileFormatError(place, _damaged(Reason("error_its_size_checksum_wrong")))
        return content

    def _check_ratio(self, place: str, member: zipfile.ZipInfo) -> None:
        if member.file_size > _HARMLESS:
            ratio = member.file_size // max(member.compress_size, 1)
            self.limits.check(place, "ratio", ratio, what="times its compressed size")

    def _inflate(self, place: str, member: zipfile.ZipInfo) -> bytes:
        start = member.header_offset
        header = self.data[start : start + _HEADER]
        start += _HEADER + int.from_bytes(header[26:28], "little")
        start += int.from_bytes(header[28:30], "little")
        packed = memoryview(self.data)[start : start + member.compress_size]
        if member.compress_type == zipfile.ZIP_STORED:
            return bytes(packed)
        if member.compress_type != zipfile.ZIP_DEFLATED:
            reason = Reason("error_member_compressed_by_rare_method_zip")
            raise FileFormatError(place, reason)
        try:
            return zlib.decompressobj(-15).decompress(packed, member.file_size + 1)
        except zlib.error as error:
            raise FileFormatError(place, _damaged(error)) from error


def _damaged(error: Exception | Reason) -> Reason:
    found = error if isinstance(error, Reason) else str(error)
    return Reason("error_archive_damaged", error=found)


def _label(name: str) -> str:
    """Return a name without what would lead out of a folder; nothing is written to disc anyway."""
    folders = name.replace("\\", "/").split("/")
    return "/".join(part for part in folders if part not in {"", ".", ".."}) or "(no name)"


def _unused(label: str, used: Container[str]) -> str:
    """Return a label, with a number if another member has it."""
    chosen, number = label, 1
    while chosen in used:
        number += 1
        chosen = f"{label} ({number})"
    return chosen


def _is_folder(member: zipfile.ZipInfo) -> bool:
    # Not its own `is_dir`, which fails on a member without a name.
    return member.filename.endswith("/")
