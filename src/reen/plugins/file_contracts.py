"""The contracts of what reads and writes the files of others: importers, factor readers, exporters.

An importer knows one format and no life-cycle rule.  `sniff` says how sure it is from the head of
a file; `read` returns rows under canonical column names, as text or typed, which the inventory
then conforms.  It never stops at a bad cell: it reports it and goes on.  A format that holds
several tables returns a part for each, with its kind.  An importer that has a method
``read_files(paths, options)``, which returns what `read` does, is given all its files at once when
there are several: what one file names may stand in another.  A factor reader makes a pack of a file
of published factors (the pack folder and the long form are read by the core).  An exporter measures
or traces with the public functions, and writes what they say under the names that another tool
reads, so that a dashboard made for it keeps working.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import attrs
import pyarrow as pa

from reen.factors.pack import FactorPack
from reen.inventory.inventory import Inventory
from reen.lazy_names import lazy_module
from reen.plugins.method import Method
from reen.tables.importing import Imported, ReadOptions, Sample, Sniff
from reen.values import Compared

if TYPE_CHECKING:
    from reen.plugins import registry as registries
else:  # the registry lists exporters
    registries = lazy_module("reen.plugins.registry")

__all__ = [
    "Completion",
    "ExportOptions",
    "Exporter",
    "FactorReader",
    "ImportedFiles",
    "Importer",
    "StreamingImporter",
]


@attrs.frozen(eq=False, repr=False)
class Completion(Compared):
    """A column that a file may lack, and how to fill it then.

    Attributes
    ----------
    make
        Takes some rows of the file and returns the column of those rows; a module-level function,
        or a partial of one, since other processes may call it.
    reads
        Columns that it looks at; those that the file does not have are not there.
    """

    make: Callable[[pa.Table], pa.Array]
    reads: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ImportedFiles(Compared):
    """Files that can be read piece by piece, each piece in another process.

    The pieces are those of `pyarrow`: row groups of Parquet, record batches of Arrow IPC.  Each
    row gets its file and its position there (from 1), as in `Importer.read`.

    Attributes
    ----------
    paths
        The files, in the order of the rows.
    format
        ``parquet`` or ``ipc``.
    folder
        Folder from which ``column=value`` folders above a file are text columns of its rows.
    completions
        Columns that files may lack, by name.
    """

    paths: tuple[Path, ...]
    format: Literal["parquet", "ipc"]
    folder: Path | None = None
    completions: Mapping[str, Completion] = attrs.field(factory=dict)


@runtime_checkable
class Importer(Protocol):
    """A reader of one inventory format."""

    @property
    def name(self) -> str:
        """Return the name by which it is called."""

    @property
    def title(self) -> str:
        """Return one line for a list."""

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file."""

    def read(self, path: Path, options: ReadOptions) -> Imported | Sequence[Imported]:
        """Read the file, or the folder when `sniff` claims folders; one part per table.

        Each part says its `kind`: equipment, virtual machines, purchases...
        """


@runtime_checkable
class StreamingImporter(Importer, Protocol):
    """An importer some of whose files can be read piece by piece, each piece by another process."""

    def files(self, path: Path) -> ImportedFiles | None:
        """Say how to read the file or folder piece by piece; None when it must be read whole.

        What is measured must be the same as from the rows that `read` returns without options.
        """


@runtime_checkable
class FactorReader(Protocol):
    """A reader of one format of factor files."""

    @property
    def name(self) -> str:
        """Return the name by which it is called."""

    @property
    def title(self) -> str:
        """Return one line for a list."""

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file."""

    def read(self, path: Path) -> FactorPack:
        """Read the file as a factor pack."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ExportOptions(Compared):
    """Method, factors and format-specific options of an export.

    Attributes
    ----------
    method
        The configured method.
    factors
        Packs that go before the method's own.
    as_of
        Reference date.
    registry
        Plugins in use.
    labels
        Names that the format wants and no inventory holds (of the organisation, of the run...);
        each exporter documents its own.
    """

    method: Method
    factors: tuple[FactorPack, ...] = ()
    as_of: dt.date
    registry: registries.Registry = attrs.field(repr=False)
    labels: Mapping[str, str] = attrs.field(factory=dict)


@runtime_checkable
class Exporter(Protocol):
    """A writer of one format."""

    @property
    def name(self) -> str:
        """Return the name by which it is called."""

    @property
    def title(self) -> str:
        """Return one line for a list."""

    def export(self, source: Inventory, folder: Path, options: ExportOptions) -> tuple[Path, ...]:
        """Write the files of the format in a folder that exists, and return their paths."""
