"""Reading: files become one inventory, each kind of table in its place.

Each file goes to the importer that is surest of it, those of one folder or one system together;
what a written inventory kept of its account comes back.  Formats live in the reader of tables and
in plugins; `assembling` puts the parts together.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

import attrs
import numpy as np
import pyarrow as pa

from reen.arrays import numpy_of
from reen.errors import (
    FileFormatError,
    InventoryError,
    OptionError,
    StrictReadError,
)
from reen.inventory.accepting import without_doubts
from reen.inventory.carried_account import carried, outdated
from reen.inventory.inventory import ArrowStream, Inventory
from reen.inventory.issues import Issue, Severity
from reen.inventory.pseudonyms import read_key
from reen.inventory.schema import EQUIPMENT
from reen.plugins.building import default_registry
from reen.plugins.contract_checks import checked_import
from reen.plugins.file_contracts import ImportedFiles, Importer, StreamingImporter
from reen.plugins.guard import answer_of
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.sources.assembling import together
from reen.sources.claims import Claims, existing
from reen.tables.files import (
    File,
    arrow_schema,
    files_of_folder,
    folder_columns,
    given_files,
    label_of,
    readable,
    without_repeated,
)
from reen.tables.importing import Imported, ReadOptions
from reen.tables.mapped import check_given, check_named, year_wanted
from reen.tables.mapping.given import Mapped, mapping_given, settled_doubts
from reen.tables.reader import TableReader, error_of
from reen.tables.together.kept_account import WRITTEN, file_metadata, find_kept, kept_issue

if TYPE_CHECKING:
    from reen.sources.dataset import Files

#: The importer of tables: the one that reads what lies in no file of its own.
TABLE = "table"

__all__ = ["Readable", "read", "read_claimed"]

#: A file, a folder, the bytes of a file, a file that is open, a data frame; or several paths.
Readable: TypeAlias = str | Path | bytes | IO[bytes] | IO[str] | ArrowStream | Sequence[str | Path]


def read(  # noqa: PLR0913 - one keyword for each thing that a user may say
    *sources: Readable,
    name: str | None = None,
    importer: str | None = None,
    country: str | None = None,
    columns: Mapping[str, str] | None = None,
    mapping: Mapped | Sequence[Mapped] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    keep: Sequence[str] = (),
    by: Sequence[str] = (),
    key: bytes | str | Path | None = None,
    strict: bool = False,
    registry: Registry | None = None,
) -> Inventory:
    r"""Read inventory files.

    Parameters
    ----------
    *sources
        Files to read, as paths, bytes or open files, or data frames (polars, pandas, Arrow),
        whose headers may be in French or English; a folder is read as all its files, or as one
        where its format is one (Parquet).  Several are read as one inventory: an asset that is in
        two of them counts once.
    name
        What bytes or an open file are called in messages and in the column ``source``; an open
        file has its own name when none is given.
    importer
        Name of the importer; chosen by sniffing, file by file, when absent.
    country
        Country of the rows that name none, as a code or name; none is assumed.
    columns
        Header of the file to canonical column, over what the importer would find.
    mapping
        The meaning of columns, words and units of your files: a mapping, its TOML file, or the
        worklist that you answered.  Of several, the later go before the earlier, and all of them
        before what is known of the tool that a file comes from.
    encoding, delimiter
        For text files, over what the importer would find.
    keep
        Headers of columns to keep as they are, beside those that reen knows; all others leave.
    by
        Headers of columns that figures are to be grouped by: kept too, but for cells that name
        persons; a column of persons is refused.
    key
        Secret key of the organisation, or its file (make one with `reen new-key FILE`): the
        columns ``name`` and ``user_id`` then contain pseudonyms of devices and persons, the same
        every year.  Without it, names are not kept.
    strict
        Raise at the end when any cell or row was refused.
    registry
        Plugins to use, the installed ones by default.

    Returns
    -------
    Inventory
        The equipment is its ``table``; virtual machines, data centres, applications, purchases,
        disposals and headcounts are its other tables.  Purchases read together with a fleet fill
        its blank purchase dates and prices.

    Raises
    ------
    FileFormatError
        A file does not exist, or no importer can read it.
    FileFormatError
        Two importers claim a file; name one.
    OptionError
        Bytes without a name, one name for several files, a key that is too short to be one, or a
        column of persons to group by.
    InventoryError
        The mapping names a header that no table has.
    StrictReadError
        In a strict read, if there are issues; the error has all of them.

    Examples
    --------
    >>> inventory = reen.read(b"Type;Nombre\nPC portable;12\n", name="parc.csv")
    >>> len(inventory), inventory.table["equipment_type"].to_pylist()
    (1, ['laptop'])
    """
    registry = registry or default_registry()
    types = registry.equipment_types
    said = mapping_given(mapping, types)
    options = ReadOptions(
        country=country,
        columns=dict(columns or {}),
        encoding=encoding,
        delimiter=delimiter,
        mapping=said,
        mappings=registry.mappings,
        keep=tuple(keep),
        by=tuple(by),
        key=None if key is None else read_key(key),
        today=dt.datetime.now(tz=dt.UTC).date(),
        equipment_types=registry.equipment_types,
    )
    files = given_files(sources, name)
    parts, passed = _read_parts(files, importer, options, Claims(registry))
    if said is not None:
        passed += check_named(said, [(each.report.source, each.headers) for each in parts])
    found = together(parts, passed, options, registry)
    if said is not None:
        found = without_doubts(found, settled_doubts(said, found.issues, files))
    refused = [issue for issue in found.issues if issue.severity is not Severity.NOTE]
    if strict and refused:
        raise StrictReadError(", ".join(file.label for file in files), list(map(str, refused)))
    return found


def read_claimed(paths: Sequence[Path], claims: Claims, *, by: Sequence[str] = ()) -> Inventory:
    """Read files whose importers were asked for before (raises as `read`)."""
    options = ReadOptions(
        columns={},
        mappings=claims.registry.mappings,
        by=tuple(by),
        today=dt.datetime.now(tz=dt.UTC).date(),
        equipment_types=claims.registry.equipment_types,
    )
    parts, passed = _read_parts(given_files(paths, None), None, options, claims)
    return together(parts, passed, options, claims.registry)


def _read_parts(
    given: Sequence[File], importer: str | None, options: ReadOptions, claims: Claims
) -> tuple[list[Imported], list[Issue]]:
    """Read the files, those of one system importer together; tell what was passed over."""
    chosen: dict[str, list[File]] = {}
    passed: list[Issue] = []
    files: list[tuple[str, File]] = []
    for file in given:
        found, skipped = _with_importers(file, importer, claims)
        files += found
        passed += skipped
    kept, repeated = without_repeated([file for _, file in files])
    once = set(map(id, kept))
    for name, file in files:
        if id(file) in once:
            chosen.setdefault(name, []).append(file)
    parts: list[Imported] = []
    errors: list[InventoryError] = []
    is_read = False
    for name, group in chosen.items():
        reader = claims.registry.importer(name)
        doing = f"on {', '.join(file.label for file in group)}"
        read_them = functools.partial(_read_files, reader, group, options)
        tables, why = answer_of(f"importer {name}", doing, read_them, reads_files=True)
        parts += tables
        errors += why
        # what stands beside an error has no rows, only their account
        is_read = is_read or not why or any(part.table.num_rows for part in tables)
    check_given(options.columns, parts)
    if errors and not is_read:
        raise error_of(errors)
    if not repeated:
        return parts, passed
    from reen.tables.together.repeated_files import tables_of_copies

    copies = tables_of_copies(parts, repeated)
    return [*parts, *copies], [*passed, *(each.issue for each in repeated)]


def _with_importers(
    file: File, importer: str | None, claims: Claims
) -> tuple[list[tuple[str, File]], list[Issue]]:
    """Return a file with its importer; the files of a folder that no importer claims as one."""
    if isinstance(file.data, bytes):
        return [(importer or TABLE, file)], []
    existing(file.data)
    if importer is not None and importer != TABLE:
        return [(importer, file)], []
    if not file.data.is_dir():
        return [(importer or claims.chosen(file.data).name, file)], []
    if importer is None:
        claim = claims.of(file.data)
        if claim is not None:
            return [(claim.name, file)], []
    members, passed = files_of_folder(file.data)
    if not members:
        reason = Reason("error_folder_holds_no_file_can_read")
        raise FileFormatError(str(file.data), reason)
    return [
        (importer or claims.chosen(path).name, member) for path, member in members.items()
    ], passed


def _read_files(
    reader: Importer, files: Sequence[File], options: ReadOptions
) -> tuple[list[Imported], list[InventoryError]]:
    """Read some files of one importer, together when it wants them so.

    Of lists, also return why a file or folder has none: whether another one has is not known here.
    """
    name = f"importer {reader.name}"
    if isinstance(reader, TableReader):
        groups: dict[object, list[tuple[str, Path | bytes]]] = {}
        for file in files:
            groups.setdefault(file.folder or file, []).append((file.label, file.data))
        given = groups.values()
        looked_at = [reader.tables_and_error(group, options) for group in given]
        found = [(tables, group) for (tables, _), group in zip(looked_at, given, strict=True)]
        fleets = _of_one_year(found, options)
        errors = [error for _, error in looked_at if error is not None]
        return [
            part
            for parts, (_, group) in zip(fleets, found, strict=True)
            for part in _tables_with_kept(parts, dict(group))
        ], errors
    paths = {file.data: file for file in files if isinstance(file.data, Path)}
    if len(paths) < len(files):
        expected = Reason("error_bytes_open_files", table=TABLE)
        raise OptionError("read", "importer", reader.name, expected)
    together = getattr(reader, "read_files", None)
    if len(files) > 1 and callable(together):
        return checked_import(name, together(list(paths), options)), []
    return [
        part for path, file in paths.items() for part in _read_each(reader, path, file, options)
    ], []


def _of_one_year(
    found: Sequence[tuple[Sequence[Imported], Sequence[tuple[str, Path | bytes]]]],
    options: ReadOptions,
) -> list[list[Imported]]:
    """Return the tables of files that were read one by one; of a fleet of two years, one counts.

    Files of one folder are compared, as they are when the folder is read, and so are those of
    folders that are called the same but for their year.
    """
    if sum(len(parts) for parts, _ in found) < 2:  # noqa: PLR2004 - one is of its own year
        return [[*parts] for parts, _ in found]
    from reen.tables.together.yearly_tables import choose_years

    beside: dict[tuple[Path, str] | None, list[Imported]] = {}
    for parts, files in found:
        for folder in {_folder_of(data) for _, data in files}:
            beside.setdefault(folder, []).extend(parts)
    chosen = {
        id(part): other
        for parts in beside.values()
        for part, other in zip(parts, choose_years(parts, year_wanted(options)), strict=True)
        if other is not part
    }
    return [[chosen.get(id(part), part) for part in parts] for parts, _ in found]


def _folder_of(data: Path | bytes) -> tuple[Path, str] | None:
    """Return the folder of a file without the year that it is called by; None for mere bytes."""
    if isinstance(data, bytes):
        return None
    from reen.tables.together.moments import without_moments

    folder = data.absolute().parent
    return folder.parent, without_moments(folder.name)


def _tables_with_kept(
    parts: Sequence[Imported], files: Mapping[str, Path | bytes]
) -> Iterator[Imported]:
    """Add to the table of each file the account that was written beside it."""
    for part in parts:
        data = files.get(part.report.source)
        yield part if data is None else _with_kept(part, data)


def _read_each(
    reader: Importer, path: Path, file: File, options: ReadOptions
) -> Iterator[Imported]:
    """Read a file; or each file of a folder that is to be read so, with what its folders say."""
    name = f"importer {reader.name}"
    found = reader.files(path) if isinstance(reader, StreamingImporter) else None
    whole = found is None or not path.is_dir()
    paths, above = ((path,), file.folder) if whole or found is None else (found.paths, found.folder)
    sums = None if found is None else _sums_of(found)
    for k, member in enumerate(paths):
        for imported in checked_import(name, reader.read(member, options)):
            part = _with_kept(imported, member)
            if sums is not None:
                part = _without_sums(part, sums, k)
            if above is not None:
                yield _labelled(part, label_of(member, above), folder_columns(member, above))
            else:
                yield part if file.label == readable(path.name) else _labelled(part, file.label, {})


def _sums_of(found: ImportedFiles) -> Files:
    """Return files with the rows of each that add up others of them."""
    from reen.sources.dataset import files_of_importer

    return files_of_importer(found).without_sums()


def _without_sums(part: Imported, files: Files, number: int) -> Imported:
    """Return the rows of a file that add up no others, and what became of those that do."""
    account = files.of_sums.of_source(files.labels[number])
    if part.kind != EQUIPMENT.name or not account:
        return part
    rows = files.aside.get(number)
    table = part.table
    if rows is not None:
        kept = np.isin(numpy_of(table["source_row"]), rows + 1, invert=True)
        table = table.filter(pa.array(kept))
    source = part.report.source
    return attrs.evolve(
        part,
        table=table,
        lines=(*part.lines, *(attrs.evolve(each, source=source) for each in account.lines)),
        issues=(*part.issues, *(attrs.evolve(each, source=source) for each in account.issues)),
    )


def _with_kept(part: Imported, data: Path | bytes) -> Imported:
    """Add the account that a written inventory kept, or the doubt that it should have one."""
    written = frozenset(part.report.written_anew)
    if isinstance(data, Path) and data.is_file():
        kept = find_kept(data, file_metadata(data), written)
        account, issue, users = kept.account, kept.issue, kept.users
    elif isinstance(data, bytes) and (schema := arrow_schema(data)) is not None:
        kept = carried(schema, part.report.source)
        account, users = kept.account, kept.users
        issue = outdated(kept, part.table.num_rows, part.report.source)
    else:
        lost = written >= WRITTEN
        issue = kept_issue(Path(part.report.source), "account_lost") if lost else None
        account = users = None
    issues = part.issues if issue is None else (*part.issues, issue)
    return attrs.evolve(part, issues=issues, kept=account, users=users)


def _labelled(part: Imported, label: str, columns: Mapping[str, str | None]) -> Imported:
    """Give the rows of a file another source, and the columns that the folders above it say."""
    table = part.table
    for name, value in {**columns, "source": label}.items():
        column = pa.array([value] * table.num_rows, pa.string()).dictionary_encode()
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, column)
        else:
            table = table.append_column(name, column)
    report = attrs.evolve(part.report, source=label)
    issues = tuple(attrs.evolve(issue, source=label) for issue in part.issues)
    return attrs.evolve(
        part,
        table=table,
        issues=issues,
        report=report,
        lines=tuple(attrs.evolve(line, source=label) for line in part.lines),
        merges=tuple(attrs.evolve(merge, source=label, into_source=label) for merge in part.merges),
    )
