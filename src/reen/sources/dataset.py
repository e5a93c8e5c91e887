"""Datasets: files that pyarrow scans, cut into parts that any process can read for itself.

Input: a pyarrow dataset, or files of an importer that need no work but reading.  Output:
`ScannedPart`: one file or some row groups of a Parquet file, scanned with no more than a batch read
ahead, text of few distinct words as dictionaries, and only the columns that somebody wants.
Memory follows the size of a batch and of a column chunk's page, not that of a file or a row group.
"""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as pa_dataset
import pyarrow.fs as pa_fs

from reen.errors import FileFormatError, InventoryError, ReenError
from reen.gate.admission import FAULTS, Admission
from reen.gate.array_checks import first_line
from reen.gate.ipc import check_ipc
from reen.gate.parquet import check_parquet
from reen.gate.reads import note
from reen.gate.schema import admit_schema
from reen.inventory.account import Account
from reen.inventory.batch import Batch
from reen.inventory.carried_account import without_account
from reen.inventory.ledger import Ledger
from reen.inventory.schema import EQUIPMENT
from reen.plugins.importer import Completion, ImportedFiles
from reen.reasons import Reason
from reen.sources.ipc_scan import scan_ipc
from reen.sources.part import View, conformed, in_blocks
from reen.tables.arrow_persons import (
    check_groups,
    cut_names_of,
    cut_persons_of_places,
    without_personal_ids,
)
from reen.tables.files import folder_columns, label_of
from reen.tables.headers.reading_columns import NAMES_PERSONS, PERSONAL_IDENTIFIERS
from reen.tables.privacy.identifiers import NAMES
from reen.tables.together.kept_account import (
    METADATA_KEY,
    WRITTEN,
    Kept,
    find_kept,
    kept_issue,
    settle_files,
)

__all__ = [
    "Files",
    "ScannedPart",
    "files_of_dataset",
    "files_of_importer",
    "is_ipc_file",
    "with_dictionaries",
]

#: Rows of a part, in whole row groups: a second of work, and no more to do again when it is lost.
_PART_ROWS = 1 << 20

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

    @property
    def names(self) -> frozenset[str]:
        """Return the columns that some file has."""
        there = {name for schema in self.schemas for name in schema.names}
        said = {name for constants in self.constants for name in constants}
        return frozenset({*there, *said, *self.completions, "source", "source_row"})

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
                raise FileFormatError(label, _cannot(error)) from error
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
            raise FileFormatError(label, _cannot(error)) from error
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
                pieces = _row_groups(fragment, view.batch_rows)
            except FAULTS as error:
                raise FileFormatError(label, _cannot(error)) from error
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
            if not offset and k == len(self.fragments) - 1:
                # no row in any file: the method still says what it would have answered
                yield ScannedPart(
                    fragment=fragment, pieces=(), schema=schema, label=label, first=0, offset=0
                )


@attrs.frozen
class Piece:
    """Rows of a file that are scanned at a time.

    Attributes
    ----------
    row_groups
        Their row groups; empty for a file without any.
    rows
        Their number.
    """

    row_groups: tuple[int, ...]
    rows: int


def _row_groups(fragment: pa_dataset.Fragment, batch_rows: int) -> list[list[Piece]]:
    """Return the pieces of each part of a file."""
    if not isinstance(fragment, pa_dataset.ParquetFileFragment):
        rows = int(fragment.count_rows())
        return [[Piece((), rows)]] if rows else []
    pieces: list[Piece] = []
    for group in fragment.row_groups:
        if not group.num_rows:
            continue
        last = pieces[-1] if pieces else None
        if last is not None and last.rows + group.num_rows <= batch_rows:
            # small row groups are scanned together, since each scan has a cost of its own
            pieces[-1] = Piece((*last.row_groups, group.id), last.rows + group.num_rows)
        else:
            pieces.append(Piece((group.id,), group.num_rows))
    parts: list[list[Piece]] = []
    held = 0
    for piece in pieces:
        if not parts or held + piece.rows > _PART_ROWS:
            parts.append([])
            held = 0
        parts[-1].append(piece)
        held += piece.rows
    return parts


@attrs.frozen(eq=False, kw_only=True)
class ScannedPart:
    """Some rows of a file.

    Attributes
    ----------
    fragment
        The file.
    pieces
        What to scan of it.
    schema
        Columns to read from it.
    label
        What the file is called.
    first
        Position in the file of the first row, from 0.
    offset
        The same in the inventory.
    completions
        Columns that it lacks, and how they are made.
    constants
        Text columns with one value for all its rows.
    passing
        Columns of which no cell is shown where nobody asks for them.
    looked_into
        Whether no person is to be looked for in its cells.
    aside
        Positions in the file of the rows that add up others; None when there are none.
    """

    fragment: pa_dataset.Fragment
    pieces: tuple[Piece, ...]
    schema: pa.Schema
    label: str
    first: int
    offset: int
    completions: Mapping[str, Completion] = attrs.field(factory=dict)
    constants: Mapping[str, str | None] = attrs.field(factory=dict)
    passing: frozenset[str] = frozenset()
    looked_into: bool = True
    aside: npt.NDArray[np.int64] | None = None

    @property
    def carries_rows(self) -> bool:
        """Return false: who has the part reads the file."""
        return False

    def batches(self, view: View, ledger: Ledger) -> Iterator[Batch]:
        """Scan the rows.

        Raises
        ------
        InventoryError
            They cannot be read; the file and the row groups are named.
        """
        fragment, schema = with_dictionaries(self.fragment, self.schema, view.columns)
        needed = {name for each in self.completions.values() for name in each.reads}
        wanted = {*view.names(schema.names), *needed} - (self.passing - view.columns)
        identifying = wanted & set(PERSONAL_IDENTIFIERS)
        if identifying and not self.looked_into:
            wanted |= {*NAMES} & set(schema.names)
        names = [name for name in schema.names if name in wanted]
        if not self.pieces:
            none = admit_schema(schema, place=self.label).empty_table().select(names)
            yield from conformed(none, view, place=self.label, offset=self.offset)
        done = 0
        for piece in self.pieces:
            place = _place(self.label, piece)
            if piece.row_groups:
                scanned = fragment.subset(row_group_ids=list(piece.row_groups))
            else:
                scanned = fragment
            scan = _scan(scanned, schema, names, view.batch_rows, place)
            for block in in_blocks(scan, view.batch_rows):
                table = pa.Table.from_batches(block.data)
                if not self.looked_into:
                    table = self._without_persons(table, view)
                table = self._without_sums(self._complete(table, done), done)
                offset = self.offset + done
                for batch in conformed(table, view, place=place, offset=offset):
                    ledger.count(batch, source=self.label)
                    yield batch
                done += block.rows

    def _without_persons(self, table: pa.Table, view: View) -> pa.Table:
        """Return rows without the persons that their words and identifiers name."""
        table = without_personal_ids(table, grouped=view.by)
        table, _ = cut_persons_of_places(table)
        table, _ = cut_names_of(table, EQUIPMENT)
        unshown = self.passing - view.columns
        return table.drop_columns([name for name in table.column_names if name in unshown])

    def _without_sums(self, table: pa.Table, done: int) -> pa.Table:
        if self.aside is None:
            return table
        rows = self.aside - (self.first + done)
        rows = rows[(rows >= 0) & (rows < table.num_rows)]
        if not len(rows):
            return table
        kept = np.ones(table.num_rows, np.bool_)
        kept[rows] = False
        return table.filter(pa.array(kept))

    def _complete(self, table: pa.Table, done: int) -> pa.Table:
        """Add what the file lacks, what its folders say, and its name and place for each row."""
        rows = table.num_rows
        for name, completion in self.completions.items():
            table = table.append_column(name, completion.make(table))
        said = {**self.constants, "source": self.label}
        own = [name for name in (*said, "source_row") if name in table.column_names]
        table = table.drop_columns(own)
        for name, value in said.items():
            codes = pa.array(np.full(rows, 0, np.int32), mask=np.full(rows, value is None))
            column = pa.DictionaryArray.from_arrays(codes, pa.array([value or ""], pa.string()))
            table = table.append_column(name, column)
        start = self.first + done + 1
        lines = np.arange(start, start + rows, dtype=np.int64)
        return table.append_column("source_row", pa.array(lines))


def _place(label: str, piece: Piece) -> str:
    groups = piece.row_groups
    if not groups:
        return label
    if len(groups) == 1:
        return f"{label}, row group {groups[0]}"
    return f"{label}, row groups {groups[0]} to {groups[-1]}"


def _scan(
    fragment: pa_dataset.Fragment,
    schema: pa.Schema,
    names: Sequence[str],
    rows: int,
    place: str,
) -> Iterator[pa.RecordBatch]:
    admission = Admission(place=place)
    try:
        if is_ipc_file(fragment):
            batches = scan_ipc(fragment, schema, names)
        else:
            batches = fragment.scanner(
                schema=schema,
                columns=list(names),
                batch_size=rows,
                # decoding goes on while a batch is folded, and no further than the next one
                batch_readahead=1,
                fragment_readahead=1,
            ).to_batches()
        for batch in batches:
            yield admission.batch(batch)
    except FAULTS as error:
        if isinstance(error, ReenError):
            raise
        raise InventoryError(_cannot(error), place) from error


def is_ipc_file(fragment: pa_dataset.Fragment) -> bool:
    """Tell whether a file is one of Arrow, which `scan_ipc` reads."""
    return (
        isinstance(fragment, pa_dataset.FileFragment)
        and isinstance(fragment.format, pa_dataset.IpcFileFormat)
        and fragment.buffer is None
    )


def _cannot(error: Exception) -> Reason:
    return Reason("error_file_cannot_be_read", error=first_line(error))


def with_dictionaries(
    fragment: pa_dataset.Fragment, schema: pa.Schema, wanted: Container[str]
) -> tuple[pa_dataset.Fragment, pa.Schema]:
    """Return a Parquet file whose wanted words are read as dictionaries, as they are written."""
    if not isinstance(fragment, pa_dataset.ParquetFileFragment) or fragment.buffer is not None:
        return fragment, schema
    folders = pa_dataset.get_partition_keys(fragment.partition_expression)
    encoded = [
        field.name
        for field in schema
        if _is_text(field.type)
        and field.name in wanted
        and field.name not in folders
        and not (field.name in EQUIPMENT and EQUIPMENT[field.name].identifier)
    ]
    text = pa.dictionary(pa.int32(), pa.string())
    for name in encoded:
        place = schema.get_field_index(name)
        schema = schema.set(place, schema.field(place).with_type(text))
    old = fragment.format.read_options
    reading = pa_dataset.ParquetReadOptions(
        dictionary_columns={*old.dictionary_columns, *encoded},
        coerce_int96_timestamp_unit=old.coerce_int96_timestamp_unit,
    )
    form = pa_dataset.ParquetFileFormat(
        read_options=reading,
        default_fragment_scan_options=fragment.format.default_fragment_scan_options,
    )
    again = form.make_fragment(
        fragment.path,
        fragment.filesystem,
        partition_expression=fragment.partition_expression,
    )
    return again, schema


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


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
    """Return what each file says of the files that it was made from."""
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
        raise FileFormatError(labels[len(schemas)], _cannot(error)) from error
    return Files(
        fragments,
        labels,
        tuple(without_account(schema) for schema in schemas),
        found.completions,
        tuple(folder_columns(path, found.folder) for path in found.paths),
        _kept_of(fragments, labels, schemas),
        passing=NAMES_PERSONS,
    )
