"""Reading records: files in any container become purchases, disposals, a headcount, repairs...

Role: hand the files to the reader of tables with the wording of the kind, make each table
canonical, and put them together.  Nothing here knows a header, a cell or a container.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Literal, TypeAlias, TypedDict, TypeVar, Unpack, overload

import attrs

from reen.errors import EmptyInventoryError, FileFormatError, OptionError, StrictReadError
from reen.inventory.issues import Issue, Severity
from reen.inventory.record_kinds import RECORD_KINDS, Disposals, Headcount, Purchases
from reen.inventory.records import Records
from reen.plugins.building import default_registry
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.tables.files import File, Repeated, files_of_folder, given_files, without_repeated
from reen.tables.headers.wording import WORDING_OF_KIND
from reen.tables.importing import Imported, ReadOptions
from reen.tables.reader import read_tables
from reen.tables.together.repeated_files import tables_of_copies
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["Kind", "read_records"]

#: Kinds of records.
Kind: TypeAlias = Literal[
    "purchases",
    "disposals",
    "headcount",
    "energy_readings",
    "repairs",
    "contracts",
    "events",
    "projects",
    "connected_objects",
    "last_seen",
    "maturity",
    "services",
]

#: A file, a folder, the bytes of a file, a file that is open; or several of them.
_Readable: TypeAlias = "str | Path | bytes | IO[bytes] | IO[str] | Sequence[str | Path]"

_AnyRecords = TypeVar("_AnyRecords", bound=Records)


class _How(TypedDict, total=False):
    """How files are read, whatever their kind; see `read_records`."""

    name: str | None
    columns: Mapping[str, str] | None
    encoding: str | None
    delimiter: str | None
    keep: Sequence[str]
    strict: bool
    registry: Registry | None


@overload
def read_records(
    *sources: _Readable, kind: Literal["purchases"], **how: Unpack[_How]
) -> Purchases: ...


@overload
def read_records(
    *sources: _Readable, kind: Literal["disposals"], **how: Unpack[_How]
) -> Disposals: ...


@overload
def read_records(
    *sources: _Readable, kind: Literal["headcount"], **how: Unpack[_How]
) -> Headcount: ...


@overload
def read_records(*sources: _Readable, kind: Kind, **how: Unpack[_How]) -> Records: ...


def read_records(
    *sources: _Readable,
    kind: Kind,
    name: str | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    keep: Sequence[str] = (),
    strict: bool = False,
    registry: Registry | None = None,
) -> Records:
    r"""Read purchases, disposals, a headcount or other records from files.

    Parameters
    ----------
    *sources
        Files to read, as paths, bytes or open files, in any container that inventories are read
        from: text, workbooks, JSON, XML, archives, Parquet.  A folder is read as all its files.
    kind
        ``purchases``, ``disposals``, ``headcount``, ``energy_readings``, ``repairs``,
        ``contracts``, ``events``, ``projects``, ``connected_objects``, ``last_seen`` or
        ``maturity``.
    name
        What bytes or an open file are called in messages and in the column ``source``.
    columns
        Header of the file to canonical column, in place of the meaning of its words.
    encoding, delimiter
        For text files, over what the reader would find.
    keep
        Headers of columns to keep as they are, beside those that reen knows.
    strict
        Raise at the end when any cell or row was refused.
    registry
        Plugins whose equipment types are known, the installed ones by default.

    Returns
    -------
    Records
        Of that kind: rows, the issues by file, row and column, and the account of every row.  The
        date of a purchase is that of its invoice, else of its delivery, else of its order.

    Raises
    ------
    FileFormatError
        A file does not exist, is empty, or has no readable table.
    InventoryError
        A required column is missing, two columns claim one meaning, or `columns` names a header
        or a column that does not exist.
    OptionError
        Another kind, or bytes without a name.
    StrictReadError
        In a strict read, when there were issues.

    Examples
    --------
    >>> bought = reen.read_records(
    ...     b"Date de facture;Type;Nb\n15 mars 2022;PC portable;12\n",
    ...     kind="purchases",
    ...     name="achats.csv",
    ... )
    >>> bought.table["date"].to_pylist(), bought.table["quantity"].to_pylist()
    ([datetime.date(2022, 3, 15)], [12.0])
    """
    if kind not in RECORD_KINDS:
        raise OptionError(
            "read_records", "kind", str(kind), Reason("error_one_of", names=", ".join(RECORD_KINDS))
        )
    types = (registry or default_registry()).equipment_types
    options = ReadOptions(
        columns=dict(columns or {}),
        encoding=encoding,
        delimiter=delimiter,
        keep=tuple(keep),
        today=dt.datetime.now(tz=dt.UTC).date(),
        equipment_types=types,
    )
    made, wording = RECORD_KINDS[kind], WORDING_OF_KIND[kind]
    files, passed, repeated = _files(sources, name)
    try:
        parts = read_tables([(file.label, file.data) for file in files], options, wording)
    except EmptyInventoryError as error:
        reason = Reason("error_empty_expected_headers_row_per_record")
        raise FileFormatError(", ".join(file.label for file in files), reason) from error
    records = _together([*parts, *tables_of_copies(parts, repeated)], made, types)
    records = attrs.evolve(records, issues=(*records.issues, *passed))
    refused = [str(issue) for issue in records.issues if issue.severity is not Severity.NOTE]
    if strict and refused:
        raise StrictReadError(", ".join(file.label for file in files), refused)
    return records


def _files(
    sources: Sequence[object], name: str | None
) -> tuple[list[File], list[Issue], list[Repeated]]:
    """Return the files that were given, those of folders one by one, each content once."""
    files: list[File] = []
    passed: list[Issue] = []
    for file in given_files(sources, name):
        if isinstance(file.data, bytes) or file.data.is_file():
            files.append(file)
        elif file.data.is_dir():
            members, skipped = files_of_folder(file.data)
            files += members.values()
            passed += skipped
        else:
            raise FileFormatError(str(file.data), Reason("error_there_no_file_check_path"))
    if not files:
        reason = Reason("error_folder_holds_no_file_can_read")
        raise FileFormatError(", ".join(map(str, sources)), reason)
    kept, repeated = without_repeated(files)
    return kept, [*passed, *(each.issue for each in repeated)], repeated


def _together(
    parts: Sequence[Imported], made: type[_AnyRecords], types: EquipmentTypes
) -> _AnyRecords:
    """Return the rows of all tables; those of another kind have none, and are accounted for."""
    records = [
        made.from_arrow(
            part.table,
            source=part.report.source,
            equipment_types=types,
            issues=part.issues,
            lines=part.uncounted.lines,
        )
        for part in parts
        if part.table.num_rows or part.report.mapped
    ]
    others = [part for part in parts if not part.table.num_rows and not part.report.mapped]
    whole = records[0]
    for other in records[1:]:
        whole += other
    return attrs.evolve(
        whole,
        issues=(*whole.issues, *(issue for part in others for issue in part.issues)),
        lines=(*whole.lines, *(line for part in others for line in part.uncounted.lines)),
    )
