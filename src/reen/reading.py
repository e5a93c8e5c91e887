"""Reading: paths become an inventory, an information system or a factor pack.

Role: sniff with every registered importer, choose, read, conform, and put the tables of several
files together.  Formats live in plugins; this module only asks them.  Raises when two importers
claim a file alike: a format is never guessed.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import operator
import urllib.parse
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeAlias

import attrs
import numpy as np
import pyarrow as pa

from reen.errors import (
    AmbiguousFormatError,
    FactorWarning,
    FileFormatError,
    OptionError,
    PluginError,
    StrictReadError,
)
from reen.factors.pack import FactorPack, read_pack_folder, read_pack_table
from reen.files import File, files_of_folder, given_files, without_repeated
from reen.gate.admission import admit
from reen.inventory.account import BEARING, Account, AccountLine, Fate
from reen.inventory.inventory import Inventory, inventory_of
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.inventory.system import InformationSystem
from reen.plugins.guard import answer_of
from reen.plugins.import_checks import checked_import
from reen.plugins.importer import ImportedSystem, Importer, StreamingImporter, SystemImporter
from reen.plugins.registry import Registry, default_registry
from reen.tables.identity import Merged, merge_assets
from reen.tables.importing import HEAD_BYTES, Imported, ReadOptions, Sample, Sniff
from reen.tables.kept_account import WRITTEN, file_metadata, find_kept, kept_issue, settled
from reen.tables.reader import TableReader
from reen.tables.recapitulation import tell_recapitulations

#: The importer of tables: the one that reads what lies in no file of its own.
TABLE = "table"

__all__ = ["Readable", "read", "read_factors"]

#: A file, a folder, the bytes of a file, a file that is open; or several of them.
Readable: TypeAlias = "str | Path | bytes | IO[bytes] | IO[str] | Sequence[str | Path]"

#: What the folder of blank values is called.
_NULL = "__HIVE_DEFAULT_PARTITION__"

#: Two importers within this score of each other claim a file alike.
_TIE = 0.1


def read(
    *sources: Readable,
    name: str | None = None,
    importer: str | None = None,
    country: str | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    strict: bool = False,
    registry: Registry | None = None,
) -> Inventory | InformationSystem:
    r"""Read inventory files.

    Parameters
    ----------
    *sources
        Files to read, as paths, bytes or open files; a folder is read as all its files, or as one
        where its format is one (NumEcoEval, Parquet).  Several are read as one inventory: an asset
        that stands in two of them counts once.
    name
        What bytes or an open file are called in messages and in the column ``source``; an open
        file has its own name when none is given.
    importer
        Name of the importer; chosen by sniffing, file by file, when absent.
    country
        Country of the rows that name none, as a code or name; none is assumed.
    columns
        Header of the file to canonical column, over what the importer would find.
    encoding, delimiter
        For text files, over what the importer would find.
    strict
        Raise at the end when any cell or row was refused.
    registry
        Plugins to use, the installed ones by default.

    Returns
    -------
    Inventory or InformationSystem
        A system when the files hold data centres, virtual machines or applications, else an
        inventory.  The equipment is at ``.equipment`` of either.

    Raises
    ------
    FileFormatError
        A file does not exist, or no importer can read it.
    AmbiguousFormatError
        Two importers claim a file; name one.
    OptionError
        Bytes without a name, or one name for several files.
    StrictReadError
        In a strict read, when there were issues; it holds all of them.

    Examples
    --------
    >>> inventory = reen.read(b"Type;Nombre\\nPC portable;12\\n", name="parc.csv")
    >>> len(inventory), inventory.table["equipment_type"].to_pylist()
    (1, ['laptop'])
    """
    registry = registry or default_registry()
    options = ReadOptions(
        country=country,
        columns=dict(columns or {}),
        encoding=encoding,
        delimiter=delimiter,
        today=dt.datetime.now(tz=dt.UTC).date(),
        equipment_types=registry.equipment_types,
    )
    files = given_files(sources, name)
    parts, passed = _read_parts(files, importer, options, Claims(registry))
    found = _together(parts, passed, registry)
    refused = [str(issue) for issue in found.issues if issue.severity is not Severity.NOTE]
    if strict and refused:
        raise StrictReadError(", ".join(file.label for file in files), refused)
    return found


def read_claimed(paths: Sequence[Path], claims: Claims) -> Inventory | InformationSystem:
    """Read files whose importers were asked for before (raises as `read`)."""
    options = ReadOptions(
        columns={},
        today=dt.datetime.now(tz=dt.UTC).date(),
        equipment_types=claims.registry.equipment_types,
    )
    parts, passed = _read_parts(given_files(paths, None), None, options, claims)
    return _together(parts, passed, claims.registry)


class Claims:
    """Which importer reads each file; every file is looked at once."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._found: dict[Path, Importer | None] = {}

    def of(self, path: Path) -> Importer | None:
        """Return the importer that is surest of a file or folder; None when none knows it.

        Raises
        ------
        FileFormatError
            There is no such file.
        AmbiguousFormatError
            Two claim it alike.
        """
        if path not in self._found:
            self._found[path] = claiming_importer(path, self.registry)
        return self._found[path]

    def chosen(self, path: Path) -> Importer:
        """Return the importer that is surest of a file, by its first bytes.

        Raises
        ------
        FileFormatError
            The file does not exist, or no importer knows it.
        AmbiguousFormatError
            Two importers claim it.
        """
        claim = self.of(path)
        if claim is None:
            what = "what this folder holds" if path.is_dir() else "this format"
            known = ", ".join(sorted(self.registry.importers))
            reason = f"no importer knows {what} (installed: {known}); name one with importer="
            raise FileFormatError(str(path), reason)
        return claim


def _existing(path: Path) -> None:
    if not path.exists():
        raise FileFormatError(str(path), "there is no such file; check the path")


def _read_parts(
    given: Sequence[File], importer: str | None, options: ReadOptions, claims: Claims
) -> tuple[list[Imported | ImportedSystem], list[Issue]]:
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
    parts: list[Imported | ImportedSystem] = []
    for name, group in chosen.items():
        reader = claims.registry.importer(name)
        doing = f"on {', '.join(file.label for file in group)}"
        read_them = functools.partial(_read_files, reader, group, options)
        parts += answer_of(f"importer {name}", doing, read_them, reads_files=True)
    return parts, [*passed, *repeated]


def _with_importers(
    file: File, importer: str | None, claims: Claims
) -> tuple[list[tuple[str, File]], list[Issue]]:
    """Return a file with its importer; the files of a folder that no importer claims as one."""
    if isinstance(file.data, bytes):
        return [(importer or TABLE, file)], []
    _existing(file.data)
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
        reason = "the folder holds no file that can be read; expected CSV, Excel or other tables"
        raise FileFormatError(str(file.data), reason)
    return [
        (importer or claims.chosen(path).name, member) for path, member in members.items()
    ], passed


def _read_files(
    reader: Importer, files: Sequence[File], options: ReadOptions
) -> list[Imported | ImportedSystem]:
    """Read some files of one importer, together when it wants them so."""
    name = f"importer {reader.name}"
    if isinstance(reader, TableReader):
        groups: dict[object, list[tuple[str, Path | bytes]]] = {}
        for file in files:
            groups.setdefault(file.folder or file, []).append((file.label, file.data))
        return [
            part
            for group in groups.values()
            for part in _tables_with_kept(reader.read_contents(group, options), dict(group))
        ]
    paths = {file.data: file for file in files if isinstance(file.data, Path)}
    if len(paths) < len(files):
        expected = f"{TABLE!r} for bytes and open files"
        raise OptionError("read", "importer", reader.name, expected)
    if len(files) > 1 and isinstance(reader, SystemImporter):
        return checked_import(name, reader.read_files(list(paths), options))
    return [
        part for path, file in paths.items() for part in _read_each(reader, path, file, options)
    ]


def _tables_with_kept(
    parts: Sequence[Imported], files: Mapping[str, Path | bytes]
) -> Iterator[Imported | ImportedSystem]:
    """Add to the table of each file the account that was written beside it."""
    for part in parts:
        data = files.get(part.report.source)
        yield part if data is None else _with_kept(part, data)


def _read_each(
    reader: Importer, path: Path, file: File, options: ReadOptions
) -> Iterator[Imported | ImportedSystem]:
    """Read a file; or each file of a folder that is to be read so, with what its folders say."""
    name = f"importer {reader.name}"
    found = reader.files(path) if isinstance(reader, StreamingImporter) and path.is_dir() else None
    paths, above = ((path,), file.folder) if found is None else (found.paths, found.folder)
    for member in paths:
        for whole in checked_import(name, reader.read(member, options)):
            part = _with_kept(whole, member)
            if isinstance(part, ImportedSystem):
                yield part
            elif above is not None:
                yield _labelled(part, label_of(member, above), folder_columns(member, above))
            else:
                yield part if file.label == path.name else _labelled(part, file.label, {})


def _with_kept(part: Imported | ImportedSystem, data: Path | bytes) -> Imported | ImportedSystem:
    """Add the account that a written inventory kept, or the doubt that it should have one."""
    if isinstance(part, ImportedSystem):
        return part
    written = frozenset(part.report.written_anew)
    if isinstance(data, Path) and data.is_file():
        kept = find_kept(data, file_metadata(data), written)
        account, issue = kept.account, kept.issue
    else:
        lost = written >= WRITTEN
        issue = kept_issue(Path(part.report.source), "account_lost") if lost else None
        account = None
    issues = part.issues if issue is None else (*part.issues, issue)
    return attrs.evolve(part, issues=issues, kept=account)


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


def label_of(file: Path, folder: Path | None) -> str:
    """Return what a file is called: its name, or its path from the folder that was given."""
    return (
        file.name if folder is None else (Path(folder.name) / file.relative_to(folder)).as_posix()
    )


def folder_columns(file: Path, folder: Path | None) -> dict[str, str | None]:
    """Return the columns that folders called ``column=value`` give to the rows of a file.

    That is how Hive, Spark, DuckDB, Polars and pyarrow write a partitioned table; all are text.
    """
    if folder is None:
        return {}
    pairs = [part.partition("=") for part in file.relative_to(folder).parts[:-1]]
    return {
        urllib.parse.unquote(name): None if value == _NULL else urllib.parse.unquote(value)
        for name, mark, value in pairs
        if mark and name
    }


def _sum_of(inventories: Sequence[Inventory]) -> Inventory | None:
    """Return the rows of some inventories, in order; None when there is none."""
    return functools.reduce(operator.add, inventories) if inventories else None


def _together(
    parts: Sequence[Imported | ImportedSystem], passed: Sequence[Issue], registry: Registry
) -> Inventory | InformationSystem:
    """Return the rows of all parts as one inventory or one system."""
    lists = [part for part in parts if isinstance(part, Imported) and not part.keyed]
    equipment = _sum_of([_inventory(part, registry) for part in lists])
    # a list that was read before, and not changed since, has its assets once
    if equipment is not None and (len(lists) > 1 or lists[0].kept is None):
        equipment = _each_asset_once(equipment)
    # the files of a system have keys of their own
    others = [
        _inventory(part, registry) for part in parts if not any(part is each for each in lists)
    ]
    equipment = _sum_of([*([equipment] if equipment is not None else []), *others])
    if equipment is None:
        raise FileFormatError("reen.read", "no importer returned anything")
    told = (*passed, *tell_recapitulations(equipment.table))
    account = equipment.account + Account.of(issues=told)
    equipment = attrs.evolve(equipment, issues=(*equipment.issues, *told), read_account=account)
    systems = [part for part in parts if isinstance(part, ImportedSystem)]
    reports: list[ReadReport] = []
    for part in parts:
        reports += part.reports if isinstance(part, ImportedSystem) else (part.report,)
    if not systems:
        return attrs.evolve(equipment, report=_joint_report(reports))
    return InformationSystem.from_tables(
        equipment=equipment,
        datacenters=_stacked([part.datacenters for part in systems]),
        virtual_machines=_stacked([part.virtual_machines for part in systems]),
        applications=_stacked([part.applications for part in systems]),
        equipment_types=registry.equipment_types,
        issues=[issue for part in systems for issue in part.issues],
        reports=reports,
        uncounted=Account.sum(part.uncounted for part in systems),
    )


def _score(plugin: str, sniff: Callable[[Sample], Sniff], sample: Sample) -> float:
    """Return how sure a plugin is of a file; what it does wrong is named."""
    doing = f"looking at {sample.path}"
    found: object = answer_of(plugin, doing, lambda: sniff(sample), reads_files=True)
    if not isinstance(found, Sniff) or not 0.0 <= found.score <= 1.0:
        raise PluginError(plugin, f"sniff returned {found!r}; expected a Sniff of 0 to 1")
    return found.score


def _inventory(part: Imported | ImportedSystem, registry: Registry) -> Inventory:
    imported = part.equipment if isinstance(part, ImportedSystem) else part
    table, place = imported.table, imported.report.source
    inventory = inventory_of(
        table if imported.passed else admit(table, place=place),
        source=imported.report.source,
        equipment_types=registry.equipment_types,
        issues=imported.issues,
        report=imported.report,
        uncounted=imported.uncounted,
    )
    if imported.kept is None:
        return inventory
    # what was doubted when the rows were read first stands in the account that was kept
    rest = tuple(issue for issue in inventory.issues if issue.severity not in BEARING)
    account = settled(imported.kept, inventory.account)
    return attrs.evolve(inventory, issues=(*account.issues, *rest), read_account=account)


def _stacked(tables: Sequence[pa.Table | None]) -> pa.Table | None:
    there = [table for table in tables if table is not None]
    if len(there) < 2:  # noqa: PLR2004 - nothing to put together
        return there[0] if there else None
    return pa.concat_tables(there, promote_options="permissive").unify_dictionaries()


def _each_asset_once(equipment: Inventory) -> Inventory:
    """Return the rows of all files with each asset once, and what became of the others."""
    table = equipment.table
    merged = merge_assets(table)
    # a list that was written keeps its doubts: read again, it raises none of them twice
    told = {(doubt.column, doubt.value, doubt.reason) for doubt in equipment.account.doubts}
    new = tuple(
        issue
        for issue in merged.issues
        if issue.severity not in BEARING or (issue.column, issue.value, issue.reason) not in told
    )
    issues = (*equipment.issues, *new)
    doubts = Account.of(issues=new)
    if not merged.merges:
        account = equipment.account + doubts
        return attrs.evolve(equipment, issues=issues, read_account=account)
    once = Inventory(merged.table, issues, equipment.report)
    lines = _merged_lines(equipment, merged)
    account = Account.of(lines, merges=merged.merges)
    counted = once.counted() + equipment.account.uncounted
    return attrs.evolve(once, read_account=counted + account + doubts)


def _merged_lines(equipment: Inventory, merged: Merged) -> list[AccountLine]:
    """Return the rows that were merged, by file and reason, with the items they stood for.

    A row that gave its quantity to the one that is kept stands for what that one said.
    """
    table = equipment.table
    dropped = np.setdiff1d(np.arange(table.num_rows), merged.rows)
    told = dropped.copy()
    if "quantity" in table.column_names:
        given = merged.cells("quantity")
        borrowed = given != merged.rows
        told[np.searchsorted(dropped, given[borrowed])] = merged.rows[borrowed]
        quantity = table["quantity"].take(pa.array(told)).to_pylist()
    else:
        quantity = [1.0] * len(dropped)
    rows = table.select(["source", "source_row"]).take(pa.array(dropped))
    items: dict[tuple[str, int], list[float | None]] = {}
    places = zip(rows["source"].to_pylist(), rows["source_row"].to_pylist(), strict=True)
    for place, number in zip(places, quantity, strict=True):
        items.setdefault(place, []).append(number)
    lines = []
    for merge in merged.merges:
        number = items[merge.source, merge.row].pop()
        known = -1.0 if number is None or math.isnan(number) else number
        lines.append(
            AccountLine(
                source=merge.source,
                fate=Fate.MERGED,
                reason=merge.reason,
                rows=1,
                items=max(known, 0.0),
                unknown=int(known < 0.0),
                examples=(merge.row,),
            )
        )
    return lines


def _joint_report(reports: Sequence[ReadReport]) -> ReadReport:
    """Return one report of several reads: what each found, in order."""
    if len(reports) == 1:
        return reports[0]
    mapped: dict[str, str] = {}
    for report in reports:
        mapped |= {
            column: header for column, header in report.mapped.items() if column not in mapped
        }
    return ReadReport(
        source=", ".join(report.source for report in reports),
        importer=", ".join(dict.fromkeys(report.importer for report in reports)),
        mapped=mapped,
        kept=tuple(dict.fromkeys(header for report in reports for header in report.kept)),
        assumptions=tuple(
            f"{report.source}: {sentence}" for report in reports for sentence in report.assumptions
        ),
    )


def claiming_importer(path: Path, registry: Registry) -> Importer | None:
    """Return the importer that is surest of a file or folder; None when none knows it.

    Raises
    ------
    FileFormatError
        There is no such file.
    AmbiguousFormatError
        Two claim it alike.
    """
    _existing(path)
    sample = Sample(path, b"" if path.is_dir() else _head(path))
    scores = sorted(
        (
            (_score(f"importer {name}", importer.sniff, sample), name)
            for name, importer in registry.importers.items()
        ),
        reverse=True,
    )
    claims = [(score, name) for score, name in scores if score > 0.0]
    if not claims:
        return None
    if len(claims) > 1 and claims[0][0] - claims[1][0] < _TIE:
        raise AmbiguousFormatError(
            str(path),
            f"the importers {claims[0][1]!r} ({claims[0][0]:.2f}) and {claims[1][1]!r}"
            f" ({claims[1][0]:.2f}) claim it alike; name one with importer=",
        )
    return registry.importers[claims[0][1]]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def read_factors(path: str | Path, *, registry: Registry | None = None) -> FactorPack:
    """Read a factor pack: a pack folder, a long-form file, or another format.

    A long-form file is delimited text, a workbook with one such sheet, or Parquet.

    Other formats (the official Base Carbone export, the reference files of NumEcoEval in their
    folder) are those of the registered factor readers, chosen by sniffing.

    Raises
    ------
    FileFormatError
        The file does not exist.
    FactorDataError
        A row that does not fit; the message names row, column, value and what was expected.

    Warns
    -----
    FactorWarning
        A factor that cannot be what its unit says, such as electricity of 52 kgCO2e/kWh.
    """
    pack = _factor_pack(Path(path), registry)
    for issue in pack.doubts:
        warnings.warn(str(issue), FactorWarning, stacklevel=2)
    return pack


def _factor_pack(path: Path, registry: Registry | None) -> FactorPack:
    if not path.exists():
        raise FileFormatError(str(path), "there is no such file; check the path")
    registry = registry or default_registry()
    types, criteria = registry.equipment_types, registry.criteria
    if path.is_dir() and path.joinpath("pack.toml").is_file():
        return read_pack_folder(path, equipment_types=types, criteria=criteria)
    sample = Sample(path, b"" if path.is_dir() else _head(path))
    scores = [
        (_score(f"factor reader {name}", reader.sniff, sample), name)
        for name, reader in registry.factor_readers.items()
    ]
    best = max(scores, default=(0.0, ""))
    if best[0] > 0.5:  # noqa: PLR2004 - aliases alone (0.5 and less) do not beat the long form
        name = f"factor reader {best[1]}"
        reader = registry.factor_readers[best[1]]
        pack = answer_of(name, f"on {path}", lambda: reader.read(path), reads_files=True)
        if not isinstance(pack, FactorPack):
            raise PluginError(name, f"returned {pack!r} instead of a FactorPack")
        return pack
    if path.is_dir():
        return read_pack_folder(path)  # raises: no pack.toml, and no reader knows the files
    return read_pack_table(path, equipment_types=types, criteria=criteria)
