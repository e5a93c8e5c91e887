"""Datasets: files that pyarrow scans, opened to be read in parts by any process.

Input: a pyarrow dataset, or files of an importer that need no work but reading.  Output: `Opened`,
whose parts are scanned where they are wanted (`scanning`), with the account that the files kept.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as pa_dataset
import pyarrow.fs as pa_fs

from reen.errors import EmptyInventoryError, FileFormatError, ReenError
from reen.gate.admission import FAULTS, told
from reen.gate.ipc import check_ipc
from reen.gate.parquet import check_parquet
from reen.gate.reads import note
from reen.inventory.account import Account
from reen.inventory.carried_account import without_account
from reen.inventory.schema import EQUIPMENT
from reen.plugins.file_contracts import Completion, ImportedFiles
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.sources.parts import Opened, Part, View, check_columns
from reen.sources.scanning import ScannedPart, cannot_be_read, is_ipc_file, parts_of_file
from reen.sources.stream import open_stream
from reen.tables.arrow_persons import (
    check_groups,
)
from reen.tables.files import folder_columns, label_of
from reen.tables.headers.reading_columns import NAMES_PERSONS
from reen.tables.together.kept_account import (
    METADATA_KEY,
    WRITTEN,
    Kept,
    find_kept,
    kept_issue,
    settle_files,
)

__all__ = ["Files", "files_of_importer", "open_dataset", "open_files", "table_of"]

#: Bytes of a column that are read from a local file at a time.
_BUFFER = 1 << 20


@attrs.frozen(eq=False)
class Files:
    """Files to be scanned.

    Attributes
    ----------
    fragments
        One per file.
    labels
        What the files are called in messages and in the column ``source``.
    schemas
        Columns to read from each: its own, so that a column it lacks has its default there; or
        those of a dataset, in which it is blank.
    completions
        Columns that a file may lack.
    constants
        Text columns that the folders of each file say.
    kept
        What each says of the files that it was made from; empty when none does.
    passing
        Columns of which no cell is shown where nobody asks for them.
    aside
        Positions of the rows that add up others, by the number of their file.
    of_sums
        The account of these, and what is doubted of others.
    """

    fragments: tuple[pa_dataset.Fragment, ...]
    labels: tuple[str, ...]
    schemas: tuple[pa.Schema, ...]
    completions: Mapping[str, Completion] = attrs.field(factory=dict)
    constants: tuple[Mapping[str, str | None], ...] = ()
    kept: tuple[Kept, ...] = ()
    passing: frozenset[str] = frozenset()
    aside: Mapping[int, npt.NDArray[np.int64]] = attrs.field(factory=dict)
    of_sums: Account = attrs.field(factory=Account)
    #: Files whose stated sizes were compared with their own.
    _checked: set[str] = attrs.field(factory=set, init=False, repr=False)

    def settle(self, counted: Account) -> Account:
        """Return the account of the files, from that of their rows and what they kept."""
        kept = zip(self.labels, self.kept, strict=True) if self.kept else ()
        return settle_files(kept, counted + self.of_sums)

    def without_sums(self) -> Files:
        """Return the same files, to be read without the rows that add up others.

        Raises
        ------
        FileFormatError
            A file states sizes that it does not have.
        """
        from reen.sources.file_sums import find_sums

        for fragment, label in zip(self.fragments, self.labels, strict=True):
            self.check(fragment, label)
        aside, account = find_sums(self.fragments, self.labels, self.constants)
        return attrs.evolve(self, aside=aside, of_sums=account)

    @property
    def names(self) -> frozenset[str]:
        """Return the columns that some file has."""
        there = {name for schema in self.schemas for name in schema.names}
        said = {name for constants in self.constants for name in constants}
        return frozenset({*there, *said, *self.completions, "source", "source_row"})

    @property
    def written(self) -> frozenset[str]:
        """Return the columns that no file has, and that are completed."""
        said = {name for constants in self.constants for name in constants}
        return frozenset(self.completions).difference(*(each.names for each in self.schemas), said)

    def rows(self) -> int:
        """Return the number of rows; of Parquet, only the end of each file is read.

        Raises
        ------
        FileFormatError
            It cannot be told.
        """
        rows = 0
        for fragment, label in zip(self.fragments, self.labels, strict=True):
            self.check(fragment, label)
            try:
                rows += int(fragment.count_rows())
            except FAULTS as error:
                raise FileFormatError(label, cannot_be_read(error)) from error
        return rows

    def check(self, fragment: pa_dataset.Fragment, label: str) -> None:
        """Compare the sizes that a file states with its own, before memory is reserved for them.

        Raises
        ------
        FileFormatError
            It states sizes that it does not have, or more than any inventory needs.
        """
        if label in self._checked or fragment.buffer is not None:
            return
        try:
            with fragment.filesystem.open_input_file(fragment.path) as file:
                if isinstance(fragment, pa_dataset.ParquetFileFragment):
                    check_parquet(fragment.metadata, file.size(), place=label)
                elif is_ipc_file(fragment):
                    check_ipc(file, file.size(), place=label)
        except FAULTS as error:
            if isinstance(error, ReenError):
                raise
            raise FileFormatError(label, cannot_be_read(error)) from error
        self._checked.add(label)

    def _was_looked_into(self, number: int) -> bool:
        """Tell whether a file has no persons that were not asked for: this library wrote it."""
        return not self.passing or (bool(self.kept) and self.kept[number].account is not None)

    def parts(self, view: View) -> Iterator[ScannedPart]:
        """Cut the files into parts.

        Raises
        ------
        OptionError
            A column to group by is one of persons.
        EmptyInventoryError
            No file has a row.
        FileFormatError
            The end of a Parquet file, which says what it holds, cannot be read.
        """
        offset = 0
        if self.passing:
            check_groups(view.by, EQUIPMENT)
        files = zip(self.fragments, self.labels, self.schemas, strict=True)
        for k, (fragment, label, schema) in enumerate(files):
            constants = self.constants[k] if self.constants else {}
            lacking = {
                name: completion
                for name, completion in self.completions.items()
                if name not in schema.names and name not in constants and name in view.columns
            }
            first = 0
            self.check(fragment, label)
            try:
                pieces = parts_of_file(fragment, view.batch_rows)
            except FAULTS as error:
                raise FileFormatError(label, cannot_be_read(error)) from error
            for part in pieces:
                yield ScannedPart(
                    fragment=fragment,
                    pieces=tuple(part),
                    schema=schema,
                    label=label,
                    first=first,
                    offset=offset,
                    completions=lacking,
                    constants=constants,
                    passing=self.passing,
                    looked_into=self._was_looked_into(k),
                    aside=self.aside.get(k),
                )
                rows = sum(piece.rows for piece in part)
                first += rows
                offset += rows
        if not offset:
            raise EmptyInventoryError(
                Reason("error_there_are_columns_but_no_row", path=", ".join(self.labels))
            )


def files_of_dataset(dataset: pa_dataset.Dataset) -> Files | None:
    """Return the files of a dataset; None when it is filtered, or made of something else."""
    try:
        fragments = tuple(dataset.get_fragments())
    except ValueError:
        # pyarrow gives no fragments of a filtered dataset
        return None
    if not all(isinstance(each, pa_dataset.FileFragment) for each in fragments):
        return None
    if any(each.buffer is not None for each in fragments):
        return None
    paths = [each.path for each in fragments]
    for each in fragments:
        if isinstance(each.filesystem, pa_fs.LocalFileSystem):
            note(each.path)
    labels = _labels(paths)
    kept: tuple[Kept, ...] = ()
    if _may_have_kept(dataset.schema):
        kept = _kept_of(fragments, labels, [each.physical_schema for each in fragments])
    schema = without_account(dataset.schema)
    return Files(fragments, labels, (schema,) * len(fragments), kept=kept)


def _may_have_kept(schema: pa.Schema) -> bool:
    return METADATA_KEY in (schema.metadata or {}) or set(schema.names) >= WRITTEN


def _kept_of(
    fragments: Sequence[pa_dataset.Fragment], labels: Sequence[str], schemas: Sequence[pa.Schema]
) -> tuple[Kept, ...]:
    """Return the account that each file carries of the files that it was made from."""
    found = []
    for fragment, label, schema in zip(fragments, labels, schemas, strict=True):
        path, written = Path(fragment.path), frozenset(WRITTEN & set(schema.names))
        kept = Kept()
        if isinstance(fragment.filesystem, pa_fs.LocalFileSystem):
            kept = find_kept(path, schema.metadata, written)
        elif _may_have_kept(schema):
            # whether it was changed since cannot be seen from here
            kept = Kept(None, kept_issue(path, "account_unreadable"))
        if kept.issue is not None:
            kept = attrs.evolve(kept, issue=attrs.evolve(kept.issue, source=label))
        found.append(kept)
    return tuple(found)


def _labels(paths: Sequence[str]) -> tuple[str, ...]:
    """Return short names that tell the files apart: their paths from the folder of all."""
    if not paths:
        return ()
    above = posixpath.commonpath([str(PurePosixPath(path).parent) for path in paths])
    return tuple(PurePosixPath(path).relative_to(above).as_posix() for path in paths)


def files_of_importer(found: ImportedFiles) -> Files:
    """Return the files that an importer gives to be read piece by piece.

    Raises
    ------
    FileFormatError
        One of them is not what its name says.
    """
    scanning = pa_dataset.ParquetFragmentScanOptions(
        # column chunks are read as they are decoded, not held as a whole beforehand
        pre_buffer=False,
        use_buffered_stream=True,
        buffer_size=_BUFFER,
    )
    form: pa_dataset.FileFormat = (
        pa_dataset.ParquetFileFormat(default_fragment_scan_options=scanning)
        if found.format == "parquet"
        else pa_dataset.IpcFileFormat()
    )
    labels = tuple(label_of(path, found.folder) for path in found.paths)
    schemas: list[pa.Schema] = []
    try:
        dataset = pa_dataset.dataset(
            [str(path) for path in found.paths], format=form, schema=pa.schema([])
        )
        fragments = tuple(dataset.get_fragments())
        for fragment in fragments:
            schemas.append(fragment.physical_schema)  # noqa: PERF401 - their number tells which file failed
    except FAULTS as error:
        raise FileFormatError(labels[len(schemas)], cannot_be_read(error)) from error
    return Files(
        fragments,
        labels,
        tuple(without_account(schema) for schema in schemas),
        found.completions,
        tuple(folder_columns(path, found.folder) for path in found.paths),
        _kept_of(fragments, labels, schemas),
        passing=NAMES_PERSONS,
    )


def open_dataset(dataset: pa_dataset.Dataset, registry: Registry, batch_rows: int) -> Opened:
    """Open a dataset: no row is read yet.

    Raises
    ------
    InventoryError, DimensionError
        A column that cannot hold what it should; no type and no model.
    """
    files = files_of_dataset(dataset)
    if files is None or not files.fragments:
        # what is filtered, or in memory, has no files to be given to workers
        reader = dataset.scanner(batch_size=batch_rows).to_reader()
        return open_stream(reader, batch_rows=batch_rows).opened(registry)
    check_columns(dataset.schema, type(dataset).__name__, registry)
    files = files.without_sums()
    return Opened(
        parts=files.parts,
        columns=files.names,
        files=files.labels,
        rows=files.rows,
        settle=files.settle,
    )


def table_of(dataset: pa_dataset.Dataset) -> pa.Table:
    """Return all rows of a dataset, none of which is checked yet."""
    files = files_of_dataset(dataset)
    if files is not None:
        files.rows()  # compares the sizes that the files state with their own
    with told(type(dataset).__name__, "cannot be read as Arrow data"):
        return dataset.to_table()


def open_files(scanned: Sequence[Files], paths: Sequence[Path]) -> Opened:
    """Return Parquet and Arrow files, the rows of each after those of the one before."""
    counts = [files.rows() for files in scanned]
    for path, count in zip(paths, counts, strict=True):
        if not count:
            message = Reason("error_there_are_columns_but_no_row", path=str(path))
            raise EmptyInventoryError(message)

    def parts(view: View) -> Iterator[Part]:
        before = 0
        for files, count in zip(scanned, counts, strict=True):
            for part in files.parts(view):
                yield attrs.evolve(part, offset=part.offset + before)
            before += count

    return Opened(
        parts=parts,
        columns=frozenset().union(*(files.names for files in scanned)),
        files=tuple(path.name for path in paths),
        rows=lambda: sum(counts),
        written=frozenset.intersection(*(files.written for files in scanned)),
        settle=lambda counted: _settled(scanned, counted),
    )


def _settled(scanned: Sequence[Files], counted: Account) -> Account:
    """Return the account of files of which some were scanned."""
    kept = [pair for files in scanned for pair in zip(files.labels, files.kept, strict=True)]
    counted = Account.sum([counted, *(files.of_sums for files in scanned)])
    return settle_files(kept, counted) if kept else counted
