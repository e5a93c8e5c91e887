"""Preparation: a method, its packs and a source, made ready to be run.

Role: the part that `measure`, `trace` and `explain` share: names resolved in a registry, packs
put in order, the method prepared, the source cut into batches, and the method's answers checked
for what arrays cannot tell (units, exceptions).  Does no arithmetic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arguments import one_or_more
from reen.engine.contract import check_shapes
from reen.engine.digest import hash_days, hash_numbers, hash_texts, row_digest
from reen.engine.exchanges import Exchanges
from reen.engine.rows import RowFacts
from reen.errors import (
    OptionError,
    PluginError,
    UnknownColumnError,
)
from reen.factors.factor_set import FactorSet
from reen.factors.library import FactorLibrary
from reen.factors.pack import FactorPack
from reen.inventory.batch import Batch
from reen.inventory.schema import ColumnKind, TableSchema
from reen.inventory.system import Datacenter
from reen.plugins.guard import answer_of, blame
from reen.plugins.loading import LoadedPlugin
from reen.plugins.method import Context, Method, Prepared, StatusRule
from reen.plugins.method_checks import check_answers, check_prepared
from reen.plugins.options import check_options, options_of
from reen.plugins.pack_contract import check_content
from reen.plugins.registry import Registry, default_registry
from reen.provenance import PackRecord, PluginRecord, Provenance
from reen.reading import read_factors

__all__ = ["PackLike", "Preparation", "prepare"]

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
        Plugins that gave the method, the packs, and the importers of what is measured.
    given
        Packs that the user gave.
    datacenters
        Data centres by id.
    registry
        Where names were looked up.
    """

    method: Method
    prepared: Prepared
    library: FactorLibrary
    as_of: dt.date
    columns: frozenset[str]
    plugins: tuple[PluginRecord, ...]
    given: tuple[FactorPack, ...]
    datacenters: Mapping[str, Datacenter]
    registry: Registry

    def answers(self, batch: Batch) -> list[Exchanges]:
        """Return the method's exchanges for a batch, checked.

        Raises
        ------
        PluginError
            When the method raises, answers something else, or its amounts have a wrong unit.
        """
        answers = answer_of(
            self.name,
            f"on rows {batch.offset} to {batch.offset + len(batch) - 1}",
            lambda: list(self.prepared.exchanges(batch.restricted(self.columns))),
            where=batch.place,
        )
        with blame(self.name, "while its answers were checked", where=rows_of(batch)):
            self.checked(answers)
            kinds = {kind.name for kind in self.prepared.kinds}
            missing = kinds - {each.kind.name for each in answers}
            if missing and len(batch):
                reason = f"gave no exchanges for the flow kind {min(missing)!r}"
                raise PluginError(self.name, reason)
        return answers

    def shaped_answers(self, batch: Batch) -> list[Exchanges]:
        """Return the method's exchanges for a batch, their shapes checked as the fold checks them.

        Raises
        ------
        PluginError
            As `answers`, or lengths, types and codes that do not fit.
        """
        answers = self.answers(batch)
        facts = self.facts(batch, (), columns=frozenset())
        with blame(self.name, "while its answers were checked", where=rows_of(batch)):
            for each in answers:
                check_shapes(self.method.name, each, facts)
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
        check_answers(self.name, self.prepared.kinds, answers)
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

    def provenance(
        self, *, rows: int, digest: int, sources: Sequence[str], types: Sequence[str] = ()
    ) -> Provenance:
        """Return the provenance of a result.

        Parameters
        ----------
        rows, digest, sources
            Number of rows, their digest, the files that they come from.
        types
            Equipment types of the rows, some of which plugins may have added.
        """
        from reen._version import __version__

        origins = self.registry.origins
        added = (origins.get(("equipment type", key)) for key in types)
        known = _records_of(plugin for plugin in added if plugin is not None)

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
            plugins=tuple(sorted({*self.plugins, *known})),
            rows=rows,
            rows_digest=f"{digest:016x}",
            sources=tuple(sources),
        )


def prepare(
    method: str | Method,
    *,
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    registry: Registry | None = None,
    datacenters: Mapping[str, Datacenter] | None = None,
    importers: Iterable[str] = (),
) -> Preparation:
    """Resolve names, put the packs in order, and prepare the method.

    Parameters
    ----------
    method, factors, as_of, registry
        As in `measure`.
    datacenters
        Those of an information system, by id.
    importers
        Names of the importers of what is measured, whose plugins are used too.

    Raises
    ------
    UnknownNameError
        A method or pack that no plugin provides.
    OptionError
        An option of the method that is not finite, or something else than packs.
    PluginError
        The method fails while preparing, or a pack cannot be loaded.
    """
    registry = registry or default_registry()
    configured = registry.method(method) if isinstance(method, str) else method
    if not isinstance(configured, Method):
        raise PluginError(
            type(configured).__name__,
            "is not a method: it needs name, version, title, reference, packs and prepare(context)",
        )
    check_options(configured)
    own = [registry.factor_pack(name) for name in configured.packs]
    given = given_packs(factors, registry)
    for pack in (*own, *given):
        check_content(pack)
    library = FactorLibrary.of(own, given)
    day = _date(as_of)
    context = Context(
        as_of=day,
        factors=library,
        equipment_types=registry.equipment_types,
        datacenters=dict(datacenters or {}),
    )
    who = f"method {configured.name} {configured.version}"
    prepared = answer_of(who, "while preparing", lambda: configured.prepare(context))
    with blame(who, "while what it prepared was checked"):
        check_prepared(who, prepared)
        columns = _columns_of(prepared)
    used = registry.plugins_of(method=configured, packs=library.packs, importers=importers)
    return Preparation(
        method=configured,
        prepared=prepared,
        library=library,
        as_of=day,
        columns=columns,
        plugins=_records_of(used),
        given=tuple(given),
        datacenters=context.datacenters,
        registry=registry,
    )


def _records_of(plugins: Iterable[LoadedPlugin]) -> tuple[PluginRecord, ...]:
    """Return plugins as a provenance holds them; an object of the host's by its name."""
    found = {PluginRecord(each.distribution or each.name, each.version) for each in plugins}
    return tuple(sorted(found))


def rows_of(batch: Batch) -> str:
    """Return where the rows of a batch stand, in words."""
    if not len(batch):
        return "no row"
    place = f" of {batch.place}" if batch.place else ""
    return f"rows {batch.offset} to {batch.offset + len(batch) - 1}{place}"


def _columns_of(prepared: Prepared) -> frozenset[str]:
    """Return the columns that are read: the method's, its status rule's, and the engine's."""
    rule = StatusRule.COLUMNS if "status" in prepared.columns else ()
    return frozenset({*prepared.columns, *rule, "quantity", "equipment_type"})


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


def given_packs(
    factors: PackLike | Iterable[PackLike] | None, registry: Registry
) -> list[FactorPack]:
    """Return the packs of an argument `factors`, those that are named or in files read.

    Raises
    ------
    OptionError
        Something else than packs.
    """
    expected = "a factor pack, its name or its file, or several"
    found: tuple[PackLike, ...] = one_or_more(
        "measure", "factors", factors, kinds=(FactorPack, str, Path), expected=expected
    )
    return [_pack(each, registry) for each in found]


def _pack(given: PackLike, registry: Registry) -> FactorPack:
    if isinstance(given, FactorPack):
        return given
    if isinstance(given, str) and given in registry.factor_packs:
        return registry.factor_packs[given]
    if isinstance(given, Path) or Path(given).exists():
        return read_factors(given, registry=registry)
    return registry.factor_pack(given)  # raises with the nearest names


def check_groups(by: Sequence[str], batch: Batch) -> None:
    """Refuse a grouping column that neither the data nor the schema has (raises as below)."""
    check_group_names(by, batch.data.schema.names, batch.schema)
    check_group_types(by, batch.data.schema)


def check_group_names(by: Sequence[str], names: Iterable[str], schema: TableSchema) -> None:
    """Refuse a grouping column that is neither among `names` nor in the schema.

    Raises
    ------
    UnknownColumnError
        With the nearest column names.
    """
    import difflib

    there = list(names)
    for name in by:
        if not isinstance(name, str):
            raise OptionError("measure", "by", str(name), "names of columns")
        if name not in there and name not in schema:
            near = difflib.get_close_matches(name, {*there, *schema}, 2)
            raise UnknownColumnError(name, near, known=there)


def check_group_types(by: Sequence[str], data: pa.Schema) -> None:
    """Refuse a grouping column of lists or structures.

    Raises
    ------
    OptionError
        With its type.
    """
    for name in by:
        index = data.get_field_index(name)
        if index >= 0 and pa.types.is_nested(data.field(index).type):
            kind = str(data.field(index).type)
            expected = f"a column of text, numbers, dates or booleans, not of {kind}"
            raise OptionError("measure", "by", name, expected)


#: Hash of a blank number cell, which is not that of a wrong one.
_BLANK = np.uint64(0x626C616E6B)


def digest_of(batch: Batch, columns: Iterable[str]) -> int:
    """Return the order-independent digest of some columns of a batch."""
    # A column that is not there has the same cell in every row: one is hashed.
    row = pa.record_batch([pa.nulls(min(1, len(batch)))], names=["-"])
    cell = Batch(row, schema=batch.schema)
    hashed = [
        (name, _cells(batch, name) if batch.has(name) else _cells(cell, name))
        for name in sorted(columns)
    ]
    return row_digest(hashed, rows=len(batch))


def _cells(batch: Batch, name: str) -> npt.NDArray[np.uint64]:
    """Return the hash of each cell of a column."""
    column = batch.schema.get(name)
    if column is not None and column.kind is ColumnKind.NUMBER:
        values, blank = batch.written(name)
        cells = hash_numbers(values)
        np.copyto(cells, _BLANK, where=blank)
        return cells
    if column is not None and column.kind is ColumnKind.DATE:
        return hash_days(batch.dates(name))
    return batch.map(name, hash_texts).astype(np.uint64, copy=False)


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
