"""Reading: a path becomes an inventory or a factor pack, by the importer that knows its format.

Role: sniff with every registered importer, choose, read, conform.  Formats live in plugins; this
module only asks them.  Raises when two importers claim a file alike: a format is never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from reen.errors import (
    AmbiguousFormatError,
    FileFormatError,
    StrictReadError,
)
from reen.factors.pack import FactorPack, read_pack_folder, read_pack_table
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Severity
from reen.plugins.guard import blame
from reen.plugins.importer import HEAD_BYTES, Importer, ReadOptions, Sample
from reen.plugins.registry import Registry, default_registry

__all__ = ["read", "read_factors"]

#: Two importers within this score of each other claim a file alike.
_TIE = 0.1


def read(
    path: str | Path,
    *,
    importer: str | None = None,
    country: str | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    strict: bool = False,
    registry: Registry | None = None,
) -> Inventory:
    """Read an inventory file.

    Parameters
    ----------
    path
        File to read.
    importer
        Name of the importer; chosen by sniffing when absent.
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

    Raises
    ------
    FileFormatError
        The file does not exist, or no importer can read it.
    AmbiguousFormatError
        Two importers claim it; name one.
    StrictReadError
        In a strict read, when there were issues; it holds all of them.
    """
    path = Path(path)
    registry = registry or default_registry()
    if not path.exists():
        raise FileFormatError(str(path), "there is no such file; check the path")
    chosen = registry.importer(importer) if importer else _choose(path, registry)
    options = ReadOptions(
        country=country,
        columns=dict(columns or {}),
        encoding=encoding,
        delimiter=delimiter,
        today=dt.datetime.now(tz=dt.UTC).date(),
        equipment_types=registry.equipment_types,
    )
    with blame(f"importer {chosen.name}", f"on {path}"):
        found = chosen.read(path, options)
    inventory = Inventory.from_arrow(
        found.table,
        source=path.name,
        equipment_types=registry.equipment_types,
        issues=found.issues,
        report=found.report,
    )
    refused = [str(issue) for issue in inventory.issues if issue.severity is not Severity.NOTE]
    if strict and refused:
        raise StrictReadError(str(path), refused)
    return inventory


def _choose(path: Path, registry: Registry) -> Importer:
    sample = Sample(path, b"" if path.is_dir() else _head(path))
    scores = sorted(
        ((importer.sniff(sample).score, name) for name, importer in registry.importers.items()),
        reverse=True,
    )
    claims = [(score, name) for score, name in scores if score > 0.0]
    known = ", ".join(sorted(registry.importers))
    if not claims:
        raise FileFormatError(
            str(path),
            f"no importer knows this format (installed: {known}); name one with importer=",
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

    Other formats (the official Base Carbone export) are those of the registered factor readers,
    chosen by sniffing.

    Raises
    ------
    FileFormatError
        The file does not exist.
    FactorDataError
        A row that does not fit; the message names row, column, value and what was expected.
    """
    path = Path(path)
    if not path.exists():
        raise FileFormatError(str(path), "there is no such file; check the path")
    if path.is_dir():
        return read_pack_folder(path)
    registry = registry or default_registry()
    sample = Sample(path, _head(path))
    scores = [
        (reader.sniff(sample).score, name) for name, reader in registry.factor_readers.items()
    ]
    best = max(scores, default=(0.0, ""))
    if best[0] > 0.5:  # noqa: PLR2004 - aliases alone (0.5 and less) do not beat the long form
        return registry.factor_readers[best[1]].read(path)
    return read_pack_table(path)
