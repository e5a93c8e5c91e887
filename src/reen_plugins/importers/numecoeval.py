"""The importer `numecoeval-csv`: the four files of NumEcoEval and G4IT.

Input: one of the files, several, or a folder of them; which is which is told by the headers, never
by names.  Output: a table for each, of its kind.

The steps are one module each: `numecoeval_columns` (headers), `numecoeval_file` (one file),
`numecoeval_cells` (its cells), `numecoeval_links` (names and references between files).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from reen import (
    CountryError,
    FileFormatError,
    Imported,
    Issue,
    OptionError,
    ReadOptions,
    Sample,
    SchemaError,
    Severity,
    Sniff,
    resolve_country,
)
from reen.tables.delimited.textfile import Text, decode_head
from reen_plugins.importers.numecoeval_columns import FileKind
from reen_plugins.importers.numecoeval_file import FileRows, find_header, read_file
from reen_plugins.importers.numecoeval_links import check_links, each_name_once

__all__ = ["NumEcoEvalFiles"]

#: Bytes of a file that tell whether it is of the set, and files of a folder that are looked at.
_HEAD = 65_536

#: The name that only one of the files has ends in one of these words, however it is written; and
#: the bytes between its letters.
_IN_EVERY_HEADER = (b"application", b"virtuel", b"physique", b"datacenter")
_NO_LETTERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz"))
_LOOKED_AT = 200

_SUFFIXES = frozenset({".csv", ".txt"})

#: A header of the set is a signature; a folder holds one, and may hold other things.
_SIGNATURE, _FOLDER = 0.97, 0.95


@attrs.frozen
class NumEcoEvalFiles:
    """Reader of the NumEcoEval and G4IT input files."""

    name: str = attrs.field(default="numecoeval-csv", init=False)
    title: str = attrs.field(
        default="NumEcoEval and G4IT files: equipment, data centres, machines, applications",
        init=False,
    )

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is: certain of a header that only these files have."""
        if sample.path.is_dir():
            kinds = {_kind(path) for path in _files(sample.path)} - {None}
            if not kinds:
                return Sniff(0.0)
            return Sniff(
                _FOLDER, tuple(sorted(f"a file of {kind.words}" for kind in kinds if kind))
            )
        kind = _kind_of_head(sample.head)
        return Sniff(0.0) if kind is None else Sniff(_SIGNATURE, (f"the header of {kind.words}",))

    def read(self, path: Path, options: ReadOptions) -> list[Imported]:
        """Read one file, or a folder.

        Raises
        ------
        FileFormatError
            No header of the set is in it.
        EmptyInventoryError, SchemaError, OptionError, CountryError
            As the importer ``delimited``.
        """
        return self.read_files([path], options)

    def read_files(self, paths: Sequence[Path], options: ReadOptions) -> list[Imported]:
        """Read several files, or folders, as one (raises as `read`)."""
        if options.country is not None and resolve_country(options.country) is None:
            raise CountryError(options.country)
        issues: list[Issue] = []
        files: list[FileRows] = []
        for path in paths:
            files += [read_file(file, options) for file in _members(path, issues)]
        _check_columns(files, options)
        files = each_name_once(files)
        check_links(files, {each.key for each in options.equipment_types if each.is_server})
        # what no file of the set is goes with the first one
        return [_part(file, () if k else issues) for k, file in enumerate(files)]


def _files(folder: Path) -> list[Path]:
    """Return the text files of a folder, in order of their names."""
    found = sorted(path for path in folder.iterdir() if path.suffix.casefold() in _SUFFIXES)
    return [path for path in found if path.is_file()][:_LOOKED_AT]


def _kind(path: Path) -> FileKind | None:
    with path.open("rb") as file:
        return _kind_of_head(file.read(_HEAD))


def _kind_of_head(head: bytes) -> FileKind | None:
    text = decode_head(head)
    if text is None or not text.strip():
        return None
    letters = text.encode().lower().translate(None, _NO_LETTERS)
    if not any(word in letters for word in _IN_EVERY_HEADER):
        return None  # to look for the header of a file of another kind takes milliseconds
    try:
        return find_header(Text(text.encode(), 0, ""))[0]
    except OptionError:  # pragma: no cover - only a delimiter given by a user is refused
        return None


def _members(path: Path, issues: list[Issue]) -> list[Path]:
    """Return the files to read: the path itself, or those of the set in a folder."""
    if not path.is_dir():
        return [path]
    members = []
    for file in _files(path):
        if _kind(file) is None:
            issues.append(
                Issue(
                    "",
                    file.name,
                    "has no header of a NumEcoEval file and is not read",
                    expected="one of the four files, or another folder",
                    severity=Severity.NOTE,
                    source=str(path),
                )
            )
        else:
            members.append(file)
    if not members:
        raise FileFormatError(str(path), "this folder holds no file with a NumEcoEval header")
    return members


def _check_columns(files: Sequence[FileRows], options: ReadOptions) -> None:
    """Refuse a header that the user names and no file has."""
    said = frozenset().union(*(file.said for file in files))
    for header in options.columns:
        if header not in said:
            names = ", ".join(file.report.source for file in files)
            message = f"{names}: there is no header {header!r}, which columns= names."
            raise SchemaError(message)


def _part(file: FileRows, issues: Sequence[Issue]) -> Imported:
    return Imported(
        table=file.table,
        report=file.report,
        rows_read=file.rows_read,
        kind=file.kind.value,
        issues=(*file.findings.issues, *issues),
        lines=file.lines,
        keyed=True,
        wanted=frozenset({"nomSourceDonnee"}),  # a part of the key of every row
    )
