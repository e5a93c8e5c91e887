"""Record batches of an Arrow IPC file, read one after the other, with the columns of a dataset.

pyarrow's own scanner reads some columns of a damaged IPC file in a way that may end the process
(seen in version 26 with bodies that cannot be decompressed); its plain reader gives an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.dataset as pa_dataset

__all__ = ["scan_ipc"]


def scan_ipc(
    fragment: pa_dataset.FileFragment, schema: pa.Schema, names: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Yield the record batches of a file.

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
