"""Sources: whatever can be measured is opened, to be read in parts, or loaded as one inventory.

Input: an inventory, equipment described in code, paths, a pyarrow dataset,
Arrow data.  Output: `Opened`, which cuts the rows into parts without holding them where that can
be; or all of it at once, for what needs one row.  Knows no method.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence, Sized
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

import attrs
import pyarrow as pa

from reen.errors import InventoryError, OptionError, PluginError, ReenError
from reen.gate.admission import admit, told
from reen.inventory.batch import BATCH_ROWS
from reen.inventory.carried_account import carried
from reen.inventory.equipment import Equipment
from reen.inventory.inventory import ArrowStream, Inventory
from reen.inventory.schema import EQUIPMENT
from reen.plugins.building import default_registry
from reen.plugins.file_contracts import ImportedFiles, Importer, StreamingImporter
from reen.plugins.guard import blame
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.sources.claims import Claims
from reen.sources.parts import ArrowDataset, LazyQuery, Opened, check_columns, open_inventory
from reen.sources.reading import TABLE, read, read_claimed
from reen.tables.arrow_grid import MANY_ROWS, is_canonical, may_have_sums
from reen.tables.arrow_persons import holds_persons_too

if TYPE_CHECKING:
    import pyarrow.dataset as pa_dataset

    from reen.sources.dataset import Files

__all__ = ["Source", "check_twice", "load_source", "open_parts"]

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
        return open_inventory(load_source(source, registry=registry))
    if _is_dataset(source):
        from reen.sources.dataset import open_dataset, table_of

        if _is_ticked(source.schema) and _reads_lists(registry):
            name = type(source).__name__
            return open_inventory(read(table_of(source), name=name, by=by, registry=registry))
        return open_dataset(source, registry, batch_rows)
    if isinstance(source, (ArrowStream, LazyQuery)):
        if _has_other_headers(source, registry):
            return open_inventory(read(source, by=by, registry=registry))
        return _open_stream(source, registry, batch_rows, by)
    if isinstance(source, (str, Path)):
        return _open_paths([Path(source)], registry, by)
    paths = _paths(source)
    if paths:
        return _open_paths(paths, registry, by)
    return open_inventory(load_source(source, registry=registry))


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
        from reen.sources.dataset import table_of

        source = table_of(source)
    elif isinstance(source, LazyQuery) and not isinstance(source, ArrowStream):
        with told(type(source).__name__, "cannot be read as Arrow data"):
            source = source.collect()
    if isinstance(source, ArrowStream):
        if _has_other_headers(source, registry):
            return read(source, registry=registry, key=key)
        return _held(source, registry, key)
    if isinstance(source, Iterable) and not isinstance(source, Mapping):
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
    if _may_have_sums(table, registry):
        return read(table, name=type(source).__name__, registry=registry, key=key)
    rows, account = without_sums(table, "")
    types = (registry or default_registry()).equipment_types
    if not account:
        return Inventory.from_arrow(rows, equipment_types=types)
    lost = carried(table.schema, "table").issue
    issues = (*account.issues, *(() if lost is None else (lost,)))
    return Inventory.from_arrow(rows, equipment_types=types, issues=issues, uncounted=account)


def _is_dataset(source: object) -> TypeGuard[pa_dataset.Dataset]:
    # importing pyarrow.dataset costs more than most measurements, and who has one has done it
    module = sys.modules.get("pyarrow.dataset")
    return module is not None and isinstance(source, module.Dataset)


def _has_other_headers(source: object, registry: Registry | None) -> TypeGuard[ArrowStream]:
    """Tell whether a data frame must be understood, its headers and its sums, as a file is.

    A stream that can be read once, or a query that is not run yet, is taken as it says it is; the
    sums among its rows are found while they are read, as those of a long table are.
    """
    if isinstance(source, (pa.RecordBatchReader, LazyQuery)) or not isinstance(source, ArrowStream):
        return False
    if isinstance(source, (pa.Table, pa.RecordBatch)):
        table = source if isinstance(source, pa.Table) else pa.Table.from_batches([source])
        return not is_canonical(table.schema) or _may_have_sums(table, registry)
    with told(type(source).__name__, "cannot be read as Arrow data"):
        reader = pa.RecordBatchReader.from_stream(source)
        if not is_canonical(reader.schema):
            return True
        # a relation of a database would run its query again to say how long it is
        if not isinstance(source, Sized) or not hasattr(source, "__array__"):
            return False
        return len(source) < MANY_ROWS and _may_have_sums(reader.read_all(), registry)


def _may_have_sums(table: pa.Table, registry: Registry | None) -> bool:
    """Tell whether rows of a short table may add up others; what is damaged is refused later.

    Where no importer reads lists, the sums are found as those of a long table are.
    """
    if table.num_rows >= MANY_ROWS or not _reads_lists(registry):
        return False
    try:
        return may_have_sums(admit(table, place="Arrow data"))
    except ReenError:
        return False


def _reads_lists(registry: Registry | None) -> bool:
    return TABLE in (registry or default_registry()).importers


def _is_ticked(schema: pa.Schema) -> bool:
    """Tell whether quantities are yes or no: of what is ticked nobody knows how many there are."""
    if schema.names.count("quantity") != 1:
        return False
    return bool(pa.types.is_boolean(schema.field("quantity").type))


def _paths(source: object) -> list[Path]:
    """Return the paths of a source that is several of them, else nothing."""
    if not isinstance(source, Sequence) or not source:
        return []
    if not all(isinstance(item, (str, Path)) for item in source):
        return []
    return [Path(item) for item in source]


def _open_stream(
    source: ArrowStream | LazyQuery, registry: Registry, batch_rows: int, by: Sequence[str]
) -> Opened:
    """Open what comes once; the sums of a short one are found as those of a file are."""
    from reen.sources.stream import open_stream

    stream = open_stream(source, batch_rows=batch_rows)
    if isinstance(source, (pa.Table, pa.RecordBatch)):
        return stream.opened(registry)  # it was looked at
    check_columns(stream.schema, stream.name, registry)
    is_ticked = _is_ticked(stream.schema) and _reads_lists(registry)
    table = stream.held_if_short(sys.maxsize if is_ticked else MANY_ROWS)
    if table is not None and (
        is_ticked or (is_canonical(table.schema) and _may_have_sums(table, registry))
    ):
        return open_inventory(read(table, name=stream.name, by=by, registry=registry))
    return stream.opened(registry)


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
    if len(scanned) > 1 and len(scanned) == len(paths):
        from reen.sources.same_assets import have_the_same_assets

        if have_the_same_assets(scanned):
            scanned = []
    if len(scanned) < len(paths):
        # An asset may stand in several files: they are read together.
        return open_inventory(read_claimed(paths, claims, by=by))
    readers = frozenset(importer.name for importer in importers if importer is not None)
    from reen.sources.dataset import open_files

    return attrs.evolve(open_files(scanned, paths), readers=readers)


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

    files = files_of_importer(given)
    for label, schema in zip(files.labels, files.schemas, strict=True):
        check_columns(schema, label, registry)
    return files.without_sums()
