"""Streams: Arrow data of any origin, taken block by block and never held.

Input: whatever exports the Arrow C stream (pyarrow, DuckDB, pandas, Polars), a pyarrow scanner, a
Polars lazy query.  Output: `StreamPart`, which carries its rows, since a stream can be read once
and from one place only.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sized

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import all_but, empty_of
from reen.errors import EmptyInventoryError, InventoryError, PluginError, ReenError
from reen.gate.admission import FAULTS, Admission, reader_of, told
from reen.gate.arrow_checks import admit_schema, first_line
from reen.inventory.account import Account
from reen.inventory.batch import Batch
from reen.inventory.carried_account import carried, settle_carried
from reen.inventory.inventory import ArrowStream
from reen.inventory.ledger import Ledger
from reen.plugins.guard import blame
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.sources.parts import Block, LazyQuery, Opened, View, check_columns, conformed, in_blocks

__all__ = ["Stream", "StreamPart", "open_stream"]

#: Blocks of a part: what is handed to a worker at a time.
_BLOCKS = 2
#: Rows in memory beyond which their words are not kept as dictionaries beside them.
_MOST_ENCODED = 10_000_000


@attrs.frozen(eq=False, repr=False)
class Stream:
    """Rows to come.

    Attributes
    ----------
    name
        What gives them, for messages.
    schema
        Their columns.
    batches
        Record batches, once.
    rows
        Their number, None when it is not known.
    is_held
        Whether they are in memory, so that they can be looked at before the first is taken.
    """

    name: str
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    rows: int | None = None
    is_held: bool = False
    _aside: list[Account] = attrs.field(factory=list, init=False)
    _taken: list[pa.RecordBatch] = attrs.field(factory=list, init=False)
    _faults: list[ReenError] = attrs.field(factory=list, init=False)

    @property
    def aside(self) -> Account:
        """Return the account of the rows that add up others, once all were taken."""
        return Account.sum(self._aside)

    def opened(self, registry: Registry) -> Opened:
        """Return the rows to come, ready to be read, their columns checked.

        Raises
        ------
        InventoryError, DimensionError
            A column that cannot hold what it should; no type and no model.
        """
        check_columns(self.schema, self.name, registry)
        kept = carried(self.schema, self.name)
        return Opened(
            parts=self.parts,
            columns=frozenset(self.schema.names),
            rows=lambda: self.rows,
            settle=lambda counted: settle_carried(kept, counted + self.aside, self.name),
        )

    def parts(self, view: View) -> Iterator[StreamPart]:
        """Take the rows off the stream, part by part.

        Raises
        ------
        EmptyInventoryError
            No row came of what is not in memory: whoever has a table sees that it is empty.
        InventoryError
            The stream broke off, or a cell is not what its type says: the number is that of the
            record batch.
        """
        names = view.names(self.schema.names)
        blocks = in_blocks(self._passed(names, view.columns), view.batch_rows)
        offset = 0
        plain = admit_schema(self.schema, place=self.name)
        empty = empty_of(plain).select(names)
        while held := list(itertools.islice(blocks, _BLOCKS)):
            yield StreamPart(self.name, tuple(held), offset)
            offset += sum(block.rows for block in held)
        if not offset and not self.is_held and not self.aside.rows:
            raise EmptyInventoryError(Reason("error_there_are_columns_but_no_row", path=self.name))
        if not offset:
            # no row: the method still says what it would have answered
            yield StreamPart(self.name, (Block([empty], 0, 0, 0),), 0)

    def _passed(self, names: list[str], asked: frozenset[str]) -> Iterator[pa.RecordBatch]:
        from reen.tables.arrow_sums import SumFinder, sums_of_held  # most lists are files

        admission = Admission(place=self.name)
        if self.is_held:
            batches = [*self._read()]
            is_short = sum(batch.num_rows for batch in batches) < _MOST_ENCODED
            rows, account, batches = sums_of_held(
                self.schema, batches, "", place=self.name, encoded=asked if is_short else ()
            )
            self._aside.append(account)
            looked = _but(rows, batches)
        else:
            sums = SumFinder(self.schema, "", place=self.name, encoded=asked)
            looked = sums.looked(self._read())
        for number, (batch, kept) in enumerate(looked):
            admission.place = f"{self.name}, batch {number}"
            passed = admission.batch(batch.select(names))
            yield passed if kept is None else passed.filter(kept)
        if not self.is_held:
            self._aside.append(sums.account)

    def held_if_short(self, rows: int) -> pa.Table | None:
        """Return all rows when there are fewer than so many; else they stay to be taken.

        What goes wrong meanwhile is raised when its batch is taken.
        """
        try:
            while sum(batch.num_rows for batch in self._taken) < rows:
                batch = self._next(len(self._taken))
                if batch is None:
                    return pa.Table.from_batches(self._taken, schema=self.schema)
                self._taken.append(batch)
        except ReenError as error:
            self._faults.append(error)
        except pa.ArrowException:
            pass  # batches of other columns than the stream says: told as they are read
        return None

    def _read(self) -> Iterator[pa.RecordBatch]:
        number = 0
        while self._taken:
            yield self._taken.pop(0)
            number += 1
        if self._faults:
            raise self._faults[0]
        while (batch := self._next(number)) is not None:
            yield batch
            number += 1

    def _next(self, number: int) -> pa.RecordBatch | None:
        place = Reason("error_batch", name=self.name, number=number)
        try:
            # what gives the rows is somebody else's code, as a plugin is
            with blame(self.name, "giving rows", reads_files=True):
                batch: pa.RecordBatch | None = next(self.batches, None)
        except FAULTS as error:
            raise InventoryError(_cannot(error), place) from error
        except PluginError as error:
            raise InventoryError(error.reason, place) from error.__cause__
        return batch


def _but(
    rows: npt.NDArray[np.int64], batches: Iterable[pa.RecordBatch]
) -> Iterator[tuple[pa.RecordBatch, pa.Array | None]]:
    """Yield each batch, and which of its rows stay without some of all rows."""
    first = 0
    for batch in batches:
        here = rows[(rows >= first) & (rows < first + batch.num_rows)] - first
        first += batch.num_rows
        yield batch, all_but(batch.num_rows, here) if len(here) else None


def _cannot(error: Exception) -> Reason:
    return Reason("error_cannot_be_read", error=first_line(error))


@attrs.frozen(eq=False, repr=False)
class StreamPart:
    """Some rows of a stream.

    Attributes
    ----------
    name
        What gave them.
    blocks
        The rows.
    offset
        Position of the first one.
    """

    name: str
    blocks: tuple[Block, ...]
    offset: int

    @property
    def carries_rows(self) -> bool:
        """Return true: nobody else can read them."""
        return True

    def batches(self, view: View, ledger: Ledger) -> Iterator[Batch]:
        """Check the rows."""
        offset = self.offset
        for block in self.blocks:
            place = f"{self.name}, batch {block.first}"
            if block.last > block.first:
                place = f"{self.name}, batches {block.first} to {block.last}"
            for batch in conformed(block.data, view, place=place, offset=offset):
                ledger.count(batch)
                yield batch
            offset += block.rows

    def __getstate__(self) -> tuple[str, list[tuple[bytes, int, int, int]], int]:
        """Write the rows as Arrow streams: pickled as it is, a slice takes the whole with it."""
        written = [
            (_to_bytes(block.data), block.first, block.last, block.rows) for block in self.blocks
        ]
        return self.name, written, self.offset

    def __setstate__(self, state: tuple[str, list[tuple[bytes, int, int, int]], int]) -> None:
        """Read the rows again."""
        name, written, offset = state
        blocks = tuple(
            Block(list(pa.ipc.open_stream(data)), first, last, rows)
            for data, first, last, rows in written
        )
        for field, value in (("name", name), ("blocks", blocks), ("offset", offset)):
            object.__setattr__(self, field, value)


def _to_bytes(batches: list[pa.RecordBatch]) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batches[0].schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def open_stream(source: ArrowStream | LazyQuery, *, batch_rows: int) -> Stream:
    """Open anything that gives Arrow data; no row is read yet, but by a lazy query for its schema.

    Parameters
    ----------
    source
        The object.
    batch_rows
        Rows to ask for at a time, of a source that lets one ask.

    Raises
    ------
    InventoryError
        It gives no Arrow data.
    """
    name = type(source).__name__
    if isinstance(source, ArrowStream):
        reader = reader_of(source, place=name)
        rows = source.num_rows if isinstance(source, (pa.Table, pa.RecordBatch)) else None
        is_held = rows is not None or (isinstance(source, Sized) and hasattr(source, "__array__"))
        return Stream(name, reader.schema, iter(reader), rows, is_held)
    with told(name, "cannot be read as Arrow data"):
        schema = pa.RecordBatchReader.from_stream(source.head(0).collect()).schema
    frames = source.collect_batches(chunk_size=batch_rows)
    batches = (batch for frame in frames for batch in pa.RecordBatchReader.from_stream(frame))
    return Stream(name, schema, batches)
