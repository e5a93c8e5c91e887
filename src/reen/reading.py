"""Reading: paths become an inventory, an information system or a factor pack.

Role: sniff with every registered importer, choose, read, conform, and put the tables of several
files together.  Formats live in plugins; this module only asks them.  Raises when two importers
claim a file alike: a format is never guessed.
"""

from __future__ import annotations

import datetime as dt
import functools
import urllib.parse
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import attrs
import pyarrow as pa

from reen.errors import (
    AmbiguousFormatError,
    FactorWarning,
    FileFormatError,
    PluginError,
    StrictReadError,
)
from reen.factors.pack import FactorPack, read_pack_folder, read_pack_table
from reen.inventory.inventory import Inventory
from reen.inventory.issues import ReadReport, Severity
from reen.inventory.system import InformationSystem
from reen.plugins.guard import answer_of
from reen.plugins.import_checks import checked_import
from reen.plugins.importer import ImportedSystem, Importer, StreamingImporter, SystemImporter
from reen.plugins.registry import Registry, default_registry
from reen.tables.importing import HEAD_BYTES, Imported, ReadOptions, Sample, Sniff

__all__ = ["Readable", "read", "read_factors"]

#: A file, a folder, or several of them.
Readable: TypeAlias = "str | Path | Sequence[str | Path]"

#: What the folder of blank values is called.
_NULL = "__HIVE_DEFAULT_PARTITION__"

#: Two importers within this score of each other claim a file alike.
_TIE = 0.1


def read(
    path: Readable,
    *,
    importer: str | None = None,
    country: str | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    strict: bool = False,
    registry: Registry | None = None,
) -> Inventory | InformationSystem:
    """Read inventory files.

    Parameters
    ----------
    path
        File to read; or several, or a folder of a format that is one (NumEcoEval, Parquet), read
        as one.
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
    StrictReadError
        In a strict read, when there were issues; it holds all of them.
    """
    paths = [Path(path)] if isinstance(path, (str, Path)) else [Path(each) for each in path]
    if not paths:
        raise FileFormatError("reen.read", "no file was given; name at least one")
    registry = registry or default_registry()
    options = ReadOptions(
        country=country,
        columns=dict(columns or {}),
        encoding=encoding,
        delimiter=delimiter,
        today=dt.datetime.now(tz=dt.UTC).date(),
        equipment_types=registry.equipment_types,
    )
    found = _together(_read_parts(paths, importer, options, registry), registry)
    refused = [str(issue) for issue in found.issues if issue.severity is not Severity.NOTE]
    if strict and refused:
        raise StrictReadError(", ".join(map(str, paths)), refused)
    return found


def read_with(
    paths: Sequence[Path], importer: str, *, today: dt.date, registry: Registry
) -> Inventory | InformationSystem:
    """Read files by an importer that is already chosen, without options.

    Parameters
    ----------
    paths, importer, registry
        The files, the name of the importer, and where it is found.
    today
        Day of the import.

    Raises
    ------
    FileFormatError
        A file does not exist, or the importer cannot read it.
    """
    options = ReadOptions(today=today, equipment_types=registry.equipment_types)
    return _together(_read_parts(paths, importer, options, registry), registry)


def choose_importer(path: Path, registry: Registry) -> Importer:
    """Return the importer that is surest of a file, by its first bytes.

    Raises
    ------
    FileFormatError
        The file does not exist, or no importer knows it.
    AmbiguousFormatError
        Two importers claim it.
    """
    if not path.exists():
        raise FileFormatError(str(path), "there is no such file; check the path")
    return _choose(path, registry)


def _read_parts(
    paths: Sequence[Path], importer: str | None, options: ReadOptions, registry: Registry
) -> list[Imported | ImportedSystem]:
    """Read the files, those of one system importer together."""
    groups: dict[str, list[Path]] = {}
    for path in paths:
        if not path.exists():
            raise FileFormatError(str(path), "there is no such file; check the path")
        chosen = registry.importer(importer) if importer else choose_importer(path, registry)
        groups.setdefault(chosen.name, []).append(path)
    parts: list[Imported | ImportedSystem] = []
    for name, files in groups.items():
        reader = registry.importer(name)
        doing = f"on {', '.join(map(str, files))}"
        read_them = functools.partial(_read_files, reader, files, options)
        parts += answer_of(f"importer {name}", doing, read_them, reads_files=True)
    return parts


def _read_files(
    reader: Importer, files: Sequence[Path], options: ReadOptions
) -> list[Imported | ImportedSystem]:
    """Read some files of one importer, together when it wants them so."""
    if len(files) > 1 and isinstance(reader, SystemImporter):
        return [checked_import(f"importer {reader.name}", reader.read_files(files, options))]
    return [part for file in files for part in _read_each(reader, file, options)]


def _read_each(
    reader: Importer, path: Path, options: ReadOptions
) -> Iterator[Imported | ImportedSystem]:
    """Read a file; or each file of a folder that is to be read so, with what its folders say."""
    name = f"importer {reader.name}"
    found = reader.files(path) if isinstance(reader, StreamingImporter) and path.is_dir() else None
    if found is None:
        yield checked_import(name, reader.read(path, options))
        return
    for file in found.paths:
        part = checked_import(name, reader.read(file, options))
        if isinstance(part, Imported):
            yield _in_folder(part, file, found.folder)
        else:
            yield part


def _in_folder(part: Imported, file: Path, folder: Path | None) -> Imported:
    """Add to the rows of a file what the folders above it say, and its path as their source."""
    table, label = part.table, label_of(file, folder)
    for name, value in {**folder_columns(file, folder), "source": label}.items():
        column = pa.array([value] * table.num_rows, pa.string()).dictionary_encode()
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, column)
        else:
            table = table.append_column(name, column)
    report = attrs.evolve(part.report, source=label)
    issues = tuple(attrs.evolve(issue, source=label) for issue in part.issues)
    return Imported(table=table, issues=issues, report=report)


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


def _together(
    parts: Sequence[Imported | ImportedSystem], registry: Registry
) -> Inventory | InformationSystem:
    """Return the rows of all parts as one inventory or one system."""
    inventories = [_inventory(part, registry) for part in parts]
    equipment = inventories[0]
    for other in inventories[1:]:
        equipment += other
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
    return Inventory.from_arrow(
        imported.table,
        source=imported.report.source,
        equipment_types=registry.equipment_types,
        issues=imported.issues,
        report=imported.report,
    )


def _stacked(tables: Sequence[pa.Table | None]) -> pa.Table | None:
    there = [table for table in tables if table is not None]
    if len(there) < 2:  # noqa: PLR2004 - nothing to put together
        return there[0] if there else None
    return pa.concat_tables(there, promote_options="permissive").unify_dictionaries()


def _joint_report(reports: Sequence[ReadReport]) -> ReadReport:
    """Return one report of several reads: counts added, what each found in order."""
    if len(reports) == 1:
        return reports[0]
    ignored: dict[str, int] = {}
    mapped: dict[str, str] = {}
    for report in reports:
        for reason, count in report.ignored.items():
            ignored[reason] = ignored.get(reason, 0) + count
        mapped |= {
            column: header for column, header in report.mapped.items() if column not in mapped
        }
    return ReadReport(
        source=", ".join(report.source for report in reports),
        importer=", ".join(dict.fromkeys(report.importer for report in reports)),
        mapped=mapped,
        kept=tuple(dict.fromkeys(header for report in reports for header in report.kept)),
        rows_read=sum(report.rows_read for report in reports),
        records=sum(report.records for report in reports),
        ignored=ignored,
        rejected=sum(report.rejected for report in reports),
        assumptions=tuple(
            f"{report.source}: {sentence}" for report in reports for sentence in report.assumptions
        ),
    )


def _choose(path: Path, registry: Registry) -> Importer:
    sample = Sample(path, b"" if path.is_dir() else _head(path))
    scores = sorted(
        (
            (_score(f"importer {name}", importer.sniff, sample), name)
            for name, importer in registry.importers.items()
        ),
        reverse=True,
    )
    claims = [(score, name) for score, name in scores if score > 0.0]
    known = ", ".join(sorted(registry.importers))
    if not claims:
        what = "what this folder holds" if path.is_dir() else "this format"
        raise FileFormatError(
            str(path),
            f"no importer knows {what} (installed: {known}); name one with importer=",
        )
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
    """Read a factor pack: a pack folder, a long-form CSV or Parquet file, or another format.

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
