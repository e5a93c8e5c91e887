"""Parts: chunks of rows that can be read and folded independently, here or in a worker process.

A part is small enough to be in memory, picklable, and knows where its rows stand; `View` says what
is wanted of them.  `Opened` is a source ready to be cut into parts.  Also here: parts of what is in
memory, and the way from rows as they are read to batches in canonical types.  Knows no method and
no executor.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol, runtime_checkable

import attrs
import pyarrow as pa

from reen.arrays import empty_of
from reen.errors import ReenError
from reen.gate.arrow_checks import admit_schema
from reen.inventory.account import Account
from reen.inventory.batch import BATCH_ROWS, Batch, BatchMemo, batches_of
from reen.inventory.conform import conform
from reen.inventory.dictionaries import TEXT, shares_one_dictionary
from reen.inventory.inventory import NEED, ArrowStream, Inventory
from reen.inventory.ledger import Ledger
from reen.inventory.linked import check_kind
from reen.inventory.schema import EQUIPMENT
from reen.plugins.registry import Registry
from reen.values import Compared

__all__ = [
    "SHOWN",
    "ArrowDataset",
    "Block",
    "HeldPart",
    "LazyQuery",
    "Opened",
    "Part",
    "View",
    "check_columns",
    "conformed",
    "held_parts",
    "in_blocks",
    "located",
    "open_inventory",
]

#: Columns by which coverage shows a row, whatever the method reads.
SHOWN = ("source", "source_row", "id", "name", "equipment_type_raw", "equipment_type", "model")

#: Those of them that are left as they are, unless somebody reads or groups by them: hardly two rows
#: share one, so that words would be costly to find and of no use.
_AS_THEY_ARE = ("id", "name", "model")

#: Batches of a part in memory: enough rows for the hand-over to be forgotten.
_HELD_BATCHES = 8


class ArrowDataset(Protocol):
    """Files of Arrow opened together: what `pyarrow.dataset.dataset` gives.

    By its shape, as pyarrow says no types: a type checker would know nothing of all that can be
    measured if one part of it were unknown.
    """

    def get_fragments(self) -> object:
        """Return the files, or what a filter leaves of them."""


@runtime_checkable
class LazyQuery(Protocol):
    """A query that gives its rows in data frames: the lazy frame of Polars."""

    def collect_batches(self, *, chunk_size: int | None = None) -> Iterable[ArrowStream]:
        """Run the query, and give its rows as they come."""

    def head(self, n: int) -> LazyQuery:
        """Return the query for the first rows."""

    def collect(self) -> ArrowStream:
        """Run the query, and give all its rows at once."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class View(Compared):
    """What is wanted of the rows.

    Attributes
    ----------
    columns
        Columns to be given in canonical types; those of `SHOWN` come with them as they are.
    registry
        Importers and equipment types.
    by
        Columns that figures are grouped by.
    batch_rows
        Rows of a batch at most.
    memo
        What was worked out on the distinct values of their columns, from one block to the next.
    """

    columns: frozenset[str]
    registry: Registry
    by: tuple[str, ...] = ()
    batch_rows: int = BATCH_ROWS
    memo: BatchMemo = attrs.field(factory=BatchMemo, init=False, eq=False)

    def names(self, there: Iterable[str]) -> list[str]:
        """Return the columns to read, in their order."""
        return [name for name in there if name in self.columns or name in SHOWN]


class Part(Protocol):
    """Some rows of a source."""

    @property
    def carries_rows(self) -> bool:
        """Tell whether the rows travel with the part, rather than being read where they are."""

    def batches(self, view: View, ledger: Ledger) -> Iterator[Batch]:
        """Read the rows, and write in a ledger what became of them.

        Rows that are in memory have their account already, and write nothing.
        """


def _unknown() -> int | None:
    return None


def _as_counted(counted: Account) -> Account:
    return counted


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Opened:
    """A source ready to be read.

    Attributes
    ----------
    parts
        Cuts the rows that a view wants into parts, in order; of a stream, once.
    columns
        Names of its columns; None when they are known only once every file is read.
    files
        Where the rows come from.
    rows
        Returns their number; None when it is not known.
    held
        The inventory, when it is in memory: the rows are those of its equipment.
    readers
        Names of the importers that the rows were read by, or are.
    mappings
        Digests of the mappings by which they were read, by name.
    written
        Columns that no source has: reading wrote them, as it does statuses.
    settle
        Takes what the parts wrote in their ledgers, and returns the account of the source.
    """

    parts: Callable[[View], Iterator[Part]]
    columns: frozenset[str] | None
    files: tuple[str, ...] = ()
    rows: Callable[[], int | None] = _unknown
    held: Inventory | None = None
    readers: frozenset[str] = frozenset()
    mappings: Mapping[str, str] = attrs.field(factory=dict)
    written: frozenset[str] = frozenset()
    settle: Callable[[Account], Account] = _as_counted

    def batches(self, view: View, ledger: Ledger | None = None) -> Iterator[Batch]:
        """Read the rows, one batch after the other; `settle` takes the account of the ledger."""
        for part in self.parts(view):
            yield from part.batches(view, ledger or Ledger())


@attrs.frozen(eq=False, repr=False)
class HeldPart:
    """Batches that are in memory."""

    held: tuple[Batch, ...]

    @property
    def carries_rows(self) -> bool:
        """Return true: the rows are here."""
        return True

    def batches(self, view: View, ledger: Ledger) -> Iterator[Batch]:
        """Give the batches, which have the columns of the view already."""
        del view, ledger
        return iter(self.held)


def held_parts(inventory: Inventory, view: View) -> Iterator[HeldPart]:
    """Cut an inventory into parts, without the columns that nobody asked for."""
    table = inventory.table.select(view.names(inventory.table.column_names))
    batches = batches_of(table, schema=EQUIPMENT, memo=view.memo, rows=view.batch_rows)
    while part := tuple(itertools.islice(batches, _HELD_BATCHES)):
        yield HeldPart(part)


def open_inventory(inventory: Inventory) -> Opened:
    """Return an inventory that is in memory, ready to be read."""
    return Opened(
        parts=lambda view: held_parts(inventory, view),
        columns=frozenset(inventory.table.column_names),
        files=tuple(report.source for report in inventory.reports),
        rows=lambda: len(inventory),
        held=inventory,
        readers=frozenset(report.importer for report in inventory.reports),
        mappings={
            name: each for report in inventory.reports for name, each in report.mappings.items()
        },
        written=_written(inventory),
        # a purchase that was refused is no equipment that is missing
        settle=lambda _: inventory.account_of(EQUIPMENT.name),
    )


def _written(inventory: Inventory) -> frozenset[str]:
    lists = [each for each in inventory.reports if each.kind == EQUIPMENT.name]
    if not lists or any("status" in {*each.mapped, *each.written_anew} for each in lists):
        return frozenset()
    return frozenset({"status"})


class Block(NamedTuple):
    """Rows that become one batch.

    Attributes
    ----------
    data
        The rows, in one record batch or several.
    first, last
        Numbers, from 0, of the record batches that they come from.
    rows
        Their number.
    """

    data: list[pa.RecordBatch]
    first: int
    last: int
    rows: int


def in_blocks(given: Iterable[pa.RecordBatch], rows: int) -> Iterator[Block]:
    """Cut record batches of any size into blocks of `rows` rows, the last one smaller."""
    held: list[pa.RecordBatch] = []
    count = first = last = 0
    for number, batch in enumerate(given):
        at = 0
        while at < batch.num_rows:
            first, last = number if not held else first, number
            piece = batch.slice(at, rows - count)
            held.append(piece)
            at += piece.num_rows
            count += piece.num_rows
            if count == rows:
                yield Block(held, first, last, count)
                held, count = [], 0
    if held:
        yield Block(held, first, last, count)


def check_columns(schema: pa.Schema, name: str, registry: Registry) -> None:
    """Refuse columns of a wrong type before any row is read.

    Raises
    ------
    InventoryError, DimensionError
        A column that cannot hold what it should; no type and no model.
    """
    types = registry.equipment_types
    check_kind(schema, EQUIPMENT.name, source=name)
    plain = admit_schema(schema, place=name)
    none = pa.Table.from_batches([empty_of(plain)])
    conform(none, schema=EQUIPMENT, equipment_types=types, source=name, need=NEED)


def conformed(
    data: Sequence[pa.RecordBatch] | pa.Table, view: View, *, place: str, offset: int
) -> Iterator[Batch]:
    """Return some rows in canonical types, as one batch.

    Parameters
    ----------
    data
        Rows under canonical names; columns that nobody asked for are left out.
    view
        What is wanted.
    place
        Where they were read, for messages.
    offset
        Position of the first one in the inventory.

    Raises
    ------
    InventoryError, DimensionError
        A column that cannot hold what it should.
    """
    table = data if isinstance(data, pa.Table) else pa.Table.from_batches(data)
    table = table.select(view.names(table.column_names))
    untouched = [
        name for name in table.column_names if name in _AS_THEY_ARE and name not in view.columns
    ]
    checked, _ = conform(
        table.drop_columns(untouched),
        schema=EQUIPMENT,
        equipment_types=view.registry.equipment_types,
        source=place,
    )
    for name in untouched:
        column = table[name]
        # words in one piece cost nothing; several dictionaries would be made one for nobody
        if column.type != TEXT or not shares_one_dictionary(column):
            column = column.cast(pa.string())
        checked = checked.append_column(name, column)
    yield from batches_of(
        checked.combine_chunks(),
        schema=EQUIPMENT,
        memo=view.memo,
        rows=view.batch_rows,
        offset=offset,
        place=place,
    )


@contextmanager
def located(place: str) -> Iterator[None]:
    """Name the place of the rows in whatever error of reen is raised inside."""
    try:
        yield
    except ReenError as error:
        if place and place not in str(error):
            error.add_note(f"in {place}")
        raise
