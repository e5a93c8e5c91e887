"""Scanning: rows of a Parquet or Arrow file, read where they are wanted.

Input: a file, and which of its rows.  Output: `ScannedPart`, which any process can read for itself:
one file or some row groups of a Parquet file, with no more than a batch read ahead, text of few
distinct words as dictionaries, and only the columns that somebody wants.  Memory follows the size
of a batch and of a column chunk's page, not that of a file or a row group.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as pa_dataset

from reen.arrays import all_but, empty_of
from reen.errors import InventoryError, ReenError
from reen.gate.admission import FAULTS, Admission
from reen.gate.arrow_checks import admit_schema, first_line
from reen.inventory.batch import Batch
from reen.inventory.ledger import Ledger
from reen.inventory.schema import EQUIPMENT
from reen.plugins.file_contracts import Completion
from reen.reasons import Reason
from reen.sources.parts import View, conformed, in_blocks
from reen.tables.arrow_persons import (
    cut_names_of,
    cut_persons_of_places,
    without_personal_ids,
)
from reen.tables.headers.reading_columns import PERSONAL_IDENTIFIERS
from reen.tables.privacy.identifiers import NAMES

__all__ = [
    "ScannedPart",
    "cannot_be_read",
    "is_ipc_file",
    "parts_of_file",
    "scan_ipc",
    "with_dictionaries",
]

#: Rows of a part, in whole row groups: a second of work, and no more to do again when it is lost.
_PART_ROWS = 1 << 20


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


def parts_of_file(fragment: pa_dataset.Fragment, batch_rows: int) -> list[list[Piece]]:
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
            none = pa.Table.from_batches([empty_of(admit_schema(schema, place=self.label))])
            yield from conformed(none.select(names), view, place=self.label, offset=self.offset)
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
        return table.filter(all_but(table.num_rows, rows))

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
        raise InventoryError(cannot_be_read(error), place) from error


def is_ipc_file(fragment: pa_dataset.Fragment) -> bool:
    """Tell whether a fragment is an Arrow IPC file, and not bytes in memory."""
    return (
        isinstance(fragment, pa_dataset.FileFragment)
        and isinstance(fragment.format, pa_dataset.IpcFileFormat)
        and fragment.buffer is None
    )


def cannot_be_read(error: Exception) -> Reason:
    """Return the reason that names what the system, or pyarrow, has against a file."""
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


def scan_ipc(
    fragment: pa_dataset.FileFragment, schema: pa.Schema, names: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Yield the record batches of a file.

    pyarrow's own scanner reads some columns of a damaged IPC file in a way that may end the process
    (seen in version 26 with bodies that cannot be decompressed); its plain reader gives an error.

    Parameters
    ----------
    fragment
        The file, with what the folders above it say.
    schema
        Columns of the dataset; those that the file lacks are blank.
    names
        Those of them to read.
    """
    said = pa_dataset.get_partition_keys(fragment.partition_expression)
    wanted = pa.schema([schema.field(name) for name in names])
    with fragment.filesystem.open_input_file(fragment.path) as file:
        there = pa.ipc.open_file(file).schema.names
        read = [k for k, name in enumerate(there) if name in names and name not in said]
        if not read:  # a batch without columns says no number of rows
            read = list(range(len(there)))
        options = pa.ipc.IpcReadOptions(included_fields=read, use_threads=False)
        reader = pa.ipc.open_file(file, options=options)
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            columns = [_column(batch, field, said) for field in wanted]
            yield pa.RecordBatch.from_arrays(columns, schema=wanted)


def _column(batch: pa.RecordBatch, field: pa.Field, said: dict[str, object]) -> pa.Array:
    if field.name in said:
        return pa.repeat(pa.scalar(said[field.name], field.type), batch.num_rows)
    place = batch.schema.get_field_index(field.name)
    if place < 0:
        return pa.nulls(batch.num_rows, field.type)
    column = batch.column(place)
    if column.type == field.type:
        return column
    column.validate(full=True)  # the gate looks at what was cast, which is too late for the cast
    return column.cast(field.type)
