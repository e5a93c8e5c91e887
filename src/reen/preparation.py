"""Preparation: a method, its packs and a source, made ready to be run.

Role: the part that `measure`, `trace` and `explain` share: names resolved in a registry, packs
put in order, the method prepared, the source cut into batches, and the method's answers checked
for what arrays cannot tell (units, exceptions).  Does no arithmetic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.digest import hash_days, hash_numbers, hash_texts, row_digest
from reen.engine.exchanges import Exchanges
from reen.engine.rows import RowFacts
from reen.errors import (
    DimensionError,
    InventoryError,
    OptionError,
    PluginError,
    UnknownColumnError,
)
from reen.factors.factor_set import FactorSet
from reen.factors.library import FactorLibrary
from reen.factors.pack import FactorPack
from reen.inventory.batch import BATCH_ROWS, Batch, BatchMemo, batches_of
from reen.inventory.conform import conform
from reen.inventory.equipment import Equipment
from reen.inventory.inventory import NEED, ArrowStream, Inventory
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.inventory.system import Datacenter, InformationSystem
from reen.plugins.guard import blame
from reen.plugins.method import Context, Method, Prepared
from reen.plugins.options import options_of
from reen.plugins.registry import Registry, default_registry
from reen.provenance import PackRecord, PluginRecord, Provenance
from reen.reading import read, read_factors
from reen.vocabulary.units import product_has_dimension_of

__all__ = ["PackLike", "Preparation", "Source", "open_source", "prepare"]

#: What can be measured.
Source: TypeAlias = "Inventory | Equipment | Iterable[Equipment] | ArrowStream | str | Path"

#: A factor pack, its registered name, or a file or folder of factors.
PackLike: TypeAlias = "FactorPack | str | Path"


@attrs.frozen
class Preparation:
    """A prepared method with all that its provenance must say.

    Attributes
    ----------
    method, prepared
        The configured method, and what it prepared.
    library
        Packs in use.
    as_of
        Reference date.
    columns
        Columns that are read: the method's and the engine's.
    plugins
        Plugins that gave the method and the packs.
    """

    method: Method
    prepared: Prepared
    library: FactorLibrary
    as_of: dt.date
    columns: frozenset[str]
    plugins: tuple[PluginRecord, ...]

    def answers(self, batch: Batch) -> list[Exchanges]:
        """Return the method's exchanges for a batch, checked.

        Raises
        ------
        PluginError
            When the method raises, answers something else, or its amounts have a wrong unit.
        """
        with blame(self.name, f"on rows {batch.offset} to {batch.offset + len(batch) - 1}"):
            answers = list(self.prepared.exchanges(batch.restricted(self.columns)))
        with blame(self.name, "its answers being checked"):
            self.checked(answers)
        missing = {kind.name for kind in self.prepared.kinds} - {each.kind.name for each in answers}
        if missing and len(batch):
            raise PluginError(self.name, f"gave no exchanges for the flow kind {min(missing)!r}")
        return answers

    @property
    def name(self) -> str:
        """Return the method's name and version, for messages."""
        return f"method {self.method.name} {self.method.version}"

    def checked(self, answers: Sequence[Exchanges]) -> Sequence[Exchanges]:
        """Return the answers of a method, refused when arrays alone could not tell the fault.

        Raises
        ------
        PluginError
            Something else than exchanges, an unlisted flow kind, drivers of a wrong unit.
        """
        name = self.name
        for each in answers:
            if not isinstance(each, Exchanges):
                raise PluginError(name, f"returned {type(each).__name__} instead of Exchanges")
            if each.kind not in self.prepared.kinds:
                raise PluginError(
                    name, f"answered for the flow kind {each.kind.name!r}, which it does not list"
                )
            units = tuple(driver.unit for driver in each.drivers.values())
            try:
                fits = product_has_dimension_of(units, f"{each.reference_unit}/year")
            except DimensionError as error:
                raise PluginError(name, f"a driver of {each.kind.name!r}: {error}") from error
            if not fits:
                product = " x ".join(
                    f"{key} [{driver.unit}]" for key, driver in each.drivers.items()
                )
                raise PluginError(
                    name,
                    f"the drivers {product or '(none)'} of the flow kind {each.kind.name!r} do not"
                    f" make {each.reference_unit}/year",
                )
        return answers

    def facts(
        self, batch: Batch, by: Sequence[str], *, columns: frozenset[str] | None = None
    ) -> RowFacts:
        """Return what the fold must know of a batch's rows.

        Parameters
        ----------
        batch
            The rows.
        by
            Grouping columns.
        columns
            Columns of the digest besides `by`; those that the method reads when absent.
        """
        codes, names = batch.codes("equipment_type")
        counted = "quantity" in batch.schema
        return RowFacts(
            data=batch.data,
            # a row of a table without quantities is one thing
            quantity=batch.values("quantity", "item") if counted else np.ones(len(batch)),
            type_codes=codes,
            type_names=names,
            digest=digest_of(batch, (self.columns if columns is None else columns) | set(by)),
            offset=batch.offset,
        )

    def provenance(self, *, rows: int, digest: int, sources: Sequence[str]) -> Provenance:
        """Return the provenance of a result."""
        from reen._version import __version__

        return Provenance(
            reen_version=__version__,
            method=self.method.name,
            method_version=self.method.version,
            options=options_of(self.method),
            as_of=self.as_of.isoformat(),
            packs=tuple(
                PackRecord(pack.name, pack.version, pack.digest, pack.licence)
                for pack in self.library.packs
            ),
            plugins=self.plugins,
            rows=rows,
            rows_digest=f"{digest:016x}",
            sources=tuple(sources),
        )


def prepare(
    method: str | Method,
    *,
    factors: Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    registry: Registry | None = None,
    datacenters: Mapping[str, Datacenter] | None = None,
) -> Preparation:
    """Resolve names, put the packs in order, and prepare the method.

    Raises
    ------
    UnknownNameError
        A method or pack that no plugin provides.
    PluginError
        The method fails while preparing.
    """
    registry = registry or default_registry()
    configured = registry.method(method) if isinstance(method, str) else method
    if not isinstance(configured, Method):
        raise PluginError(
            type(configured).__name__,
            "is not a method: it needs name, version, title, reference, packs and prepare(context)",
        )
    own = [registry.factor_pack(name) for name in configured.packs]
    given = [_pack(each, registry) for each in factors or ()]
    library = FactorLibrary.of(own, given)
    day = _date(as_of)
    context = Context(
        as_of=day,
        factors=library,
        equipment_types=registry.equipment_types,
        datacenters=dict(datacenters or {}),
    )
    with blame(f"method {configured.name} {configured.version}", "while preparing"):
        prepared = configured.prepare(context)
    _check_prepared(configured, prepared)
    used = {
        registry.origins.get(("method", configured.name)),
        *(registry.origins.get(("factor pack", pack.name)) for pack in library.packs),
    }
    records = {PluginRecord(plugin.distribution, plugin.version) for plugin in used if plugin}
    return Preparation(
        method=configured,
        prepared=prepared,
        library=library,
        as_of=day,
        columns=frozenset(prepared.columns) | {"quantity", "equipment_type"},
        plugins=tuple(sorted(records)),
    )


def _check_prepared(method: Method, prepared: object) -> None:
    """Refuse what `prepare` returned when it is no `Prepared`, or its kinds overlap."""
    name = f"method {method.name} {method.version}"
    if not isinstance(prepared, Prepared):
        raise PluginError(
            name,
            f"prepare returned {type(prepared).__name__}, which lacks kinds, columns or"
            " exchanges(batch)",
        )
    if not prepared.kinds:
        raise PluginError(name, "answers for no flow kind: nothing would be assessed, nor left out")
    taken: dict[str, str] = {}
    for kind in prepared.kinds:
        for stage in kind.stages:
            if taken.setdefault(stage, kind.name) != kind.name:
                raise PluginError(
                    name,
                    f"the flow kinds {taken[stage]!r} and {kind.name!r} both answer for the stage"
                    f" {stage}: its rows would count twice",
                )


def _date(as_of: dt.date | str | None) -> dt.date:
    if as_of is None:
        return dt.datetime.now(tz=dt.UTC).date()
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    if isinstance(as_of, dt.date):
        return as_of
    if not isinstance(as_of, str):
        raise OptionError("measure", "as_of", str(as_of), "a date such as 2022-12-31")
    try:
        return dt.date.fromisoformat(as_of)
    except ValueError as error:
        raise OptionError("measure", "as_of", as_of, "a date such as 2022-12-31") from error


def _pack(given: PackLike, registry: Registry) -> FactorPack:
    if isinstance(given, FactorPack):
        return given
    if isinstance(given, str) and given in registry.factor_packs:
        return registry.factor_packs[given]
    if isinstance(given, Path) or Path(given).exists():
        return read_factors(given, registry=registry)
    return registry.factor_pack(given)  # raises with the nearest names


def open_source(
    source: Source | InformationSystem,
    *,
    registry: Registry | None = None,
    batch_rows: int = BATCH_ROWS,
) -> tuple[Iterator[Batch], tuple[str, ...]]:
    """Return the batches of anything that can be measured, and the files they come from.

    Of an information system, those of its equipment; its data centres are for `prepare`.

    Raises
    ------
    InventoryError
        When the object is none of the accepted ones.
    """
    if isinstance(source, (str, Path)):
        source = read(source, registry=registry)
    if isinstance(source, InformationSystem):
        return source.equipment.batches(rows=batch_rows), source.files
    if isinstance(source, Equipment):
        source = [source]
    if isinstance(source, Inventory):
        files = (source.report.source,) if source.report else ()
        return source.batches(rows=batch_rows), files
    if isinstance(source, ArrowStream):
        return _stream(source, registry, batch_rows), ()
    if isinstance(source, Iterable):
        items = list(source)
        if all(isinstance(item, Equipment) for item in items):
            types = (registry or default_registry()).equipment_types
            inventory = Inventory.from_equipment(items, equipment_types=types)
            return inventory.batches(rows=batch_rows), ()
    message = (
        f"{type(source).__name__} cannot be measured; give an Inventory, an Equipment or a list of"
        " them, a path, or Arrow data (pyarrow, polars, pandas, DuckDB)."
    )
    raise InventoryError(message)


def _stream(source: ArrowStream, registry: Registry | None, batch_rows: int) -> Iterator[Batch]:
    """Conform an Arrow stream batch by batch, without holding it."""
    types = (registry or default_registry()).equipment_types
    reader = pa.RecordBatchReader.from_stream(source)
    memo, offset = BatchMemo(), 0
    for record_batch in reader:
        table, _ = conform(
            pa.Table.from_batches([record_batch]),
            schema=EQUIPMENT,
            equipment_types=types,
            source=f"stream, rows from {offset}",
            need=NEED,
        )
        yield from batches_of(table, schema=EQUIPMENT, memo=memo, rows=batch_rows, offset=offset)
        offset += record_batch.num_rows


def check_groups(by: Sequence[str], batch: Batch) -> None:
    """Refuse a grouping column that neither the data nor the schema has.

    Raises
    ------
    UnknownColumnError
        With the nearest column names.
    OptionError
        A column of lists or structures.
    """
    import difflib

    names = batch.data.schema.names
    for name in by:
        if not isinstance(name, str):
            raise OptionError("measure", "by", str(name), "names of columns")
        if name not in names and name not in batch.schema:
            near = difflib.get_close_matches(name, {*names, *batch.schema}, 2)
            raise UnknownColumnError(name, near, known=names)
        index = batch.data.schema.get_field_index(name)
        if index >= 0 and pa.types.is_nested(batch.data.schema.field(index).type):
            kind = str(batch.data.schema.field(index).type)
            expected = f"a column of text, numbers, dates or booleans, not of {kind}"
            raise OptionError("measure", "by", name, expected)


def digest_of(batch: Batch, columns: Iterable[str]) -> int:
    """Return the order-independent digest of some columns of a batch."""
    hashed: list[tuple[str, npt.NDArray[np.uint64]]] = []
    for name in sorted(columns):
        column = batch.schema.get(name)
        if column is not None and column.kind is ColumnKind.NUMBER:
            values, blank = batch.written(name)
            cells = np.where(blank, np.uint64(0x626C616E6B), hash_numbers(values))
        elif column is not None and column.kind is ColumnKind.DATE:
            cells = hash_days(batch.dates(name))
        else:
            cells = batch.map(name, hash_texts).astype(np.uint64, copy=False)
        hashed.append((name, cells))
    return row_digest(hashed, rows=len(batch))


def factor_rows(
    library: FactorLibrary, flows: Sequence[object], made: FactorSet | None
) -> FactorSet:
    """Return the factors of some flows, from the packs in use and those made at run time."""
    position = {flow: k for k, flow in enumerate(library.factors.flows)}
    source = library.factors
    if made is not None:
        source = FactorSet.concatenate([library.factors, made])
        for k, flow in enumerate(made.flows, start=len(library.factors)):
            position.setdefault(flow, k)
    return source.take([position[flow] for flow in flows])  # type: ignore[index]
