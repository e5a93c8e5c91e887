"""Sources: whatever can be measured is opened, to be read in parts, or loaded as one inventory.

Input: an inventory, equipment described in code, paths, a pyarrow dataset,
Arrow data.  Output: `Opened`, which cuts the rows into parts without holding them where that can
be; or all of it at once, for what needs one row.  Knows no method.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

import attrs
import pyarrow as pa

from reen.errors import EmptyInventoryError, InventoryError, OptionError, PluginError, ReenError
from reen.gate.admission import admit, told
from reen.gate.schema import admit_schema
from reen.inventory.account import Account
from reen.inventory.batch import BATCH_ROWS, Batch
from reen.inventory.carried_account import carried, settle_carried
from reen.inventory.conform import conform
from reen.inventory.equipment import Equipment
from reen.inventory.inventory import NEED, ArrowStream, Inventory
from reen.inventory.ledger import Ledger
from reen.inventory.linked import check_kind
from reen.inventory.schema import EQUIPMENT
from reen.plugins.guard import blame
from reen.plugins.importer import ImportedFiles, Importer, StreamingImporter
from reen.plugins.registry import Registry, default_registry
from reen.reasons import Reason
from reen.sources.claims import Claims
from reen.sources.part import Part, View, held_parts
from reen.sources.reading import read, read_claimed
from reen.sources.stream import ArrowDataset, LazyQuery, Stream, open_stream
from reen.tables.arrow_grid import MANY_ROWS, ends_in_sums, is_canonical
from reen.tables.arrow_persons import holds_persons_too
from reen.tables.together.kept_account import settle_files

if TYPE_CHECKING:
    import pyarrow.dataset as pa_dataset

    from reen.sources.dataset import Files

__all__ = ["Opened", "Source", "check_twice", "load_source", "open_parts", "open_source"]

#: What can be measured.
Source: TypeAlias = (
    Inventory
    | Equipment
    | Iterable[Equipment]
    | ArrowStream
    | LazyQuery
    | ArrowDataset
    | str
    | Path
    | Sequence[str | Path]
)


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
    settle: Callable[[Account], Account] = _as_counted

    def batches(self, view: View, ledger: Ledger | None = None) -> Iterator[Batch]:
        """Read the rows, one batch after the other; `settle` takes the account of the ledger."""
        for part in self.parts(view):
            yield from part.batches(view, ledger or Ledger())


def open_parts(  # noqa: PLR0911 - one answer for each kind of source
    source: Source,
    *,
    registry: Registry,
    batch_rows: int = BATCH_ROWS,
    by: Sequence[str] = (),
) -> Opened:
    """Open anything that can be measured.

    Parquet and Arrow files, datasets and streams are not read yet; other files are.

    Parameters
    ----------
    source
        What is to be measured.
    registry
        Importers and equipment types.
    batch_rows
        Rows to ask for at a time, of a source that lets one ask.
    by
        Headers of files whose columns figures will be grouped by.

    Raises
    ------
    InventoryError
        When the object is none of the accepted ones, or has no row.
    InventoryError, DimensionError
        A column that cannot hold what it should; no type and no model.
    FileFormatError
        A file that no importer can read.
    """
    if isinstance(source, (Equipment, Inventory)):
        return _of_memory(load_source(source, registry=registry))
    if _is_dataset(source):
        return _open_dataset(source, registry, batch_rows)
    if isinstance(source, (ArrowStream, LazyQuery)):
        if _has_other_headers(source):
            return _of_memory(read(source, by=by, registry=registry))
        return _open_stream(source, registry, batch_rows, by)
    if isinstance(source, (str, Path)):
        return _open_paths([Path(source)], registry, by)
    paths = _paths(source)
    if paths:
        return _open_paths(paths, registry, by)
    return _of_memory(load_source(source, registry=registry))


def check_twice(source: Source, method: object) -> None:
    """Refuse a source that can be read once only, where two methods have to read it.

    Raises
    ------
    OptionError
        A stream or an iterator.
    """
    if isinstance(source, pa.RecordBatchReader) or hasattr(source, "__next__"):
        expected = Reason("error_source_can_read_twice_file_an")
        name = getattr(method, "name", "measure")
        raise OptionError(str(name), "source", type(source).__name__, expected)


def open_source(
    source: Source,
    *,
    registry: Registry | None = None,
    batch_rows: int = BATCH_ROWS,
) -> tuple[Iterator[Batch], tuple[str, ...]]:
    """Return the batches of anything that can be measured, and the files they come from.

    All columns are read.  Raises as `open_parts`.
    """
    registry = registry or default_registry()
    opened = open_parts(source, registry=registry, batch_rows=batch_rows)
    columns = opened.columns or frozenset()
    return opened.batches(View(columns=columns, registry=registry, batch_rows=batch_rows)), (
        opened.files
    )


def load_source(  # noqa: C901, PLR0911 - one answer for each kind of source
    source: Source, *, registry: Registry | None = None, key: bytes | None = None
) -> Inventory:
    """Return anything that can be measured as an inventory.

    With a `key`, names that files give are hashed, and not dropped.

    Raises
    ------
    InventoryError
        When the object is none of the accepted ones.
    """
    if isinstance(source, Inventory):
        return source
    if isinstance(source, (str, Path)):
        return read(source, registry=registry, key=key)
    types = (registry or default_registry()).equipment_types
    if isinstance(source, Equipment):
        return Inventory.from_equipment([source], equipment_types=types)
    if _is_dataset(source):
        source = _table_of(source)
    elif isinstance(source, LazyQuery) and not isinstance(source, ArrowStream):
        with told(type(source).__name__, "cannot be read as Arrow data"):
            source = source.collect()
    if isinstance(source, ArrowStream):
        if _has_other_headers(source):
            return read(source, registry=registry, key=key)
        return _held(source, registry, key)
    if isinstance(source, Iterable):
        items = list(source)
        equipment = [item for item in items if isinstance(item, Equipment)]
        paths = [item for item in items if isinstance(item, (str, Path))]
        if len(equipment) == len(items):
            return Inventory.from_equipment(equipment, equipment_types=types)
        if len(paths) == len(items):
            return read(*paths, registry=registry, key=key)
    message = Reason("error_cannot_measured_give_an_inventory_an", name=type(source).__name__)
    raise InventoryError(message)


def _held(source: ArrowStream, registry: Registry | None, key: bytes | None) -> Inventory:
    """Return rows under canonical names as an inventory, without those that add up others."""
    from reen.tables.arrow_sums import without_sums

    with told(type(source).__name__, "cannot be read as Arrow data"):
        table = source if isinstance(source, pa.Table) else pa.table(source)
    if _ends_in_sums(table):
        return read(table, name=type(source).__name__, registry=registry, key=key)
    rows, account = without_sums(table, "")
    types = (registry or default_registry()).equipment_types
    if not account:
        return Inventory.from_arrow(rows, equipment_types=types)
    lost = carried(table.schema, "table").issue
    issues = (*account.issues, *(() if lost is None else (lost,)))
    return Inventory.from_arrow(rows, equipment_types=types, issues=issues, uncounted=account)


def _table_of(dataset: pa_dataset.Dataset) -> pa.Table:
    """Return all rows of a dataset, none of which is checked yet."""
    from reen.sources.dataset import files_of_dataset

    files = files_of_dataset(dataset)
    if files is not None:
        files.rows()  # compares the sizes that the files state with their own
    with told(type(dataset).__name__, "cannot be read as Arrow data"):
        return dataset.to_table()


def _is_dataset(source: object) -> TypeGuard[pa_dataset.Dataset]:
    # importing pyarrow.dataset costs more than most measurements, and who has one has done it
    module = sys.modules.get("pyarrow.dataset")
    return module is not None and isinstance(source, module.Dataset)


def _has_other_headers(source: object) -> TypeGuard[ArrowStream]:
    """Tell whether a data frame must be understood, its headers and its sums, as a file is.

    A stream that can be read once, or a query that is not run yet, is taken as it says it is; the
    sums among its rows are found while they are read, as those of a long table are.
    """
    if isinstance(source, (pa.RecordBatchReader, LazyQuery)) or not isinstance(source, ArrowStream):
        return False
    if isinstance(source, (pa.Table, pa.RecordBatch)):
        table = source if isinstance(source, pa.Table) else pa.Table.from_batches([source])
        return not is_canonical(table.schema) or _ends_in_sums(table)
    with told(type(source).__name__, "cannot be read as Arrow data"):
        reader = pa.RecordBatchReader.from_stream(source)
        if not is_canonical(reader.schema):
            return True
        # a relation of a database would run its query again to say how long it is
        if not isinstance(source, Sized) or not hasattr(source, "__array__"):
            return False
        return len(source) < MANY_ROWS and _ends_in_sums(reader.read_all())


def _ends_in_sums(table: pa.Table) -> bool:
    """Tell whether a short table may end in sums; what is damaged is refused when it is read."""
    if table.num_rows >= MANY_ROWS:
        return False
    try:
        return ends_in_sums(admit(table, place="Arrow data"))
    except ReenError:
        return False


def _paths(source: object) -> list[Path]:
    """Return the paths of a source that is several of them, else nothing."""
    if not isinstance(source, Sequence) or not source:
        return []
    if not all(isinstance(item, (str, Path)) for item in source):
        return []
    return [Path(item) for item in source]


def _check(schema: pa.Schema, name: str, registry: Registry) -> None:
    """Refuse columns that cannot hold what they should, before any row is read."""
    types = registry.equipment_types
    check_kind(schema, EQUIPMENT.name, source=name)
    plain = admit_schema(schema, place=name)
    conform(plain.empty_table(), schema=EQUIPMENT, equipment_types=types, source=name, need=NEED)


def _of_memory(inventory: Inventory) -> Opened:
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
        # a purchase that was refused is no equipment that is missing
        settle=lambda _: inventory.account_of(EQUIPMENT.name),
    )


def _of_stream(stream: Stream, registry: Registry) -> Opened:
    _check(stream.schema, stream.name, registry)
    kept = carried(stream.schema, stream.name)
    return Opened(
        parts=stream.parts,
        columns=frozenset(stream.schema.names),
        rows=lambda: stream.rows,
        settle=lambda counted: settle_carried(kept, counted + stream.aside, stream.name),
    )


def _open_stream(
    source: ArrowStream | LazyQuery, registry: Registry, batch_rows: int, by: Sequence[str]
) -> Opened:
    """Open what comes once; the sums of a short one are found as those of a file are."""
    stream = open_stream(source, batch_rows=batch_rows)
    if isinstance(source, (pa.Table, pa.RecordBatch)):
        return _of_stream(stream, registry)  # it was looked at
    _check(stream.schema, stream.name, registry)
    table = stream.held_if_short(MANY_ROWS)
    if table is not None and is_canonical(table.schema) and _ends_in_sums(table):
        return _of_memory(read(table, name=stream.name, by=by, registry=registry))
    return _of_stream(stream, registry)


def _open_dataset(dataset: pa_dataset.Dataset, registry: Registry, batch_rows: int) -> Opened:
    from reen.sources.dataset import files_of_dataset

    files = files_of_dataset(dataset)
    if files is None or not files.fragments:
        # what is filtered, or in memory, has no files to be given to workers
        stream = open_stream(
            dataset.scanner(batch_size=batch_rows).to_reader(), batch_rows=batch_rows
        )
        return _of_stream(stream, registry)
    _check(dataset.schema, type(dataset).__name__, registry)
    from reen.sources.file_sums import without_sums

    files = without_sums(files)
    return Opened(
        parts=files.parts,
        columns=files.names,
        files=files.labels,
        rows=files.rows,
        settle=files.settle,
    )


def _open_paths(paths: Sequence[Path], registry: Registry, by: Sequence[str]) -> Opened:
    claims = Claims(registry)
    importers = [claims.of(path) for path in paths]
    found = [
        None if importer is None else _piecewise(path, importer, registry)
        for path, importer in zip(paths, importers, strict=True)
    ]
    scanned = [files for files in found if files is not None]
    mixed = any(holds_persons_too(name, EQUIPMENT) for name in by)
    if mixed and any(files.passing for files in scanned):
        # who is a person there shows in the other rows
        scanned = []
    if len(scanned) < len(paths):
        # An asset may stand in several files: they are read together.
        return _of_memory(read_claimed(paths, claims, by=by))
    readers = frozenset(importer.name for importer in importers if importer is not None)
    return attrs.evolve(_of_files(scanned, paths), readers=readers)


def _of_files(scanned: Sequence[Files], paths: Sequence[Path]) -> Opened:
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
        settle=lambda counted: _settled(scanned, counted),
    )


def _settled(scanned: Sequence[Files], counted: Account) -> Account:
    """Return the account of files of which some were scanned."""
    kept = [pair for files in scanned for pair in zip(files.labels, files.kept, strict=True)]
    counted = Account.sum([counted, *(files.of_sums for files in scanned)])
    return settle_files(kept, counted) if kept else counted


def _piecewise(path: Path, importer: Importer, registry: Registry) -> Files | None:
    """Return the files of a path that need no work but reading; None when they do."""
    if not isinstance(importer, StreamingImporter):
        return None
    name = f"importer {importer.name}"
    with blame(name, f"on {path}", reads_files=True):
        given: object = importer.files(path)
    if given is None:
        return None
    if not isinstance(given, ImportedFiles) or not given.paths:
        raise PluginError(name, f"files() returned {given!r}; expected ImportedFiles or None")
    from reen.sources.dataset import files_of_importer
    from reen.sources.file_sums import without_sums

    files = files_of_importer(given)
    for label, schema in zip(files.labels, files.schemas, strict=True):
        _check(schema, label, registry)
    return without_sums(files)
