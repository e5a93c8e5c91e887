"""A method made ready: names resolved, packs in order, the method prepared for a date.

Input: a method, packs and a date, by name or as objects.  Output: a `ReadyMethod`, which `measure`,
`trace` and `explain` share: it checks what the method answers for a batch as arrays cannot (units,
exceptions), and writes the provenance.  Folds nothing.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
import numpy as np
import pyarrow as pa

from reen.engine.cases import CaseAnswers
from reen.engine.contract import check_shapes
from reen.engine.digest import TextHashes, digest_of
from reen.engine.exchanges import Exchanges, FlowKind
from reen.engine.rows import RowFacts
from reen.errors import PluginError
from reen.factors.library import FactorLibrary
from reen.factors.pack import FactorPack
from reen.inventory.batch import Batch
from reen.inventory.datacenter import Datacenter
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT, FIGURE_COLUMNS
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.measurement.arguments import PackLike, day_of, given_packs, method_of, other_items_of
from reen.method.case_method import CaseMethod, OfTable
from reen.plugins.building import default_registry
from reen.plugins.contract_checks import check_answers, check_content, check_prepared
from reen.plugins.guard import answer_of, blame
from reen.plugins.loading import LoadedPlugin
from reen.plugins.method import (
    Context,
    CountingBeside,
    Method,
    Prepared,
    StatusRule,
)
from reen.plugins.options import options_of
from reen.plugins.registry import Registry
from reen.provenance import MappingRecord, PackRecord, PluginRecord, Provenance
from reen.values import Compared
from reen.vocabulary.criteria import Criteria

__all__ = [
    "ReadyMethod",
    "data_by",
    "prepare_method",
]

_TYPE = "equipment_type"


#: Exchanges that a batch may have: so many a row, and some that belong to none.
_MOST_OF_A_ROW = 1_000
_MOST = 10_000


@attrs.frozen(eq=False, repr=False)
class ReadyMethod(Compared):
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
        Plugins that gave the method, the packs, and the importers of what is measured (`read_by`).
    given
        Packs that the user gave.
    datacenters
        Data centres by id.
    mappings
        Mappings by which what is measured was read (`read_by`).
    registry
        Where names were looked up.
    criteria
        The criteria of the registry, and those that the packs in use bring.
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
    criteria: Criteria
    mappings: tuple[MappingRecord, ...] = ()
    _hashes: TextHashes = attrs.field(factory=TextHashes, init=False, eq=False)

    @property
    def unused(self) -> frozenset[str]:
        """Return the columns of equipment that other methods make figures of, and this one none."""
        return FIGURE_COLUMNS - self.columns

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
            lambda: self._bounded(self.prepared.exchanges(batch.restricted(self.columns)), batch),
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

    def _bounded(self, given: Iterable[Exchanges], batch: Batch) -> list[Exchanges]:
        """Return the exchanges of a batch, of which there is an end.

        Raises
        ------
        PluginError
            More than any rows of that number can have.
        """
        found: list[Exchanges] = []
        most, size = _MOST + _MOST_OF_A_ROW * len(batch), 0
        for each in given:
            found.append(each)
            size += 1 + len(getattr(each, "flow", ()))  # what else it is, is looked at later
            if size > most:
                reason = f"gave more than {most} exchanges for {len(batch)} rows, and was stopped"
                raise PluginError(self.name, reason, rows_of(batch))
        return found

    def answers_by_case(self, batch: Batch) -> list[CaseAnswers] | None:
        """Return the answers for a batch by case; None where the method gives exchanges only.

        Raises
        ------
        PluginError
            When the method raises.
        """
        prepared = self.prepared
        if not isinstance(prepared, (CaseMethod, OfTable)):
            return None
        return answer_of(
            self.name,
            f"on rows {batch.offset} to {batch.offset + len(batch) - 1}",
            lambda: prepared.answers(batch.restricted(self.columns)),
            where=batch.place,
        )

    @property
    def kinds(self) -> tuple[FlowKind, ...]:
        """Return the kinds of flow that the method answers for, in whatever table."""
        beside = (kind for each in self._beside.values() for kind in each.prepared.kinds)
        return (*self.prepared.kinds, *beside)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the kinds of table whose rows the method counts."""
        own = (EQUIPMENT.name,) if self.prepared.kinds else ()
        return (*own, *self._beside)

    @functools.cached_property
    def _beside(self) -> Mapping[str, ReadyMethod]:
        if not isinstance(self.prepared, CountingBeside):
            return {}
        return {
            table: attrs.evolve(self, prepared=prepared, columns=frozenset(prepared.columns))
            for table, prepared in self.prepared.beside.items()
        }

    def columns_beside(self, table: str) -> frozenset[str]:
        """Return the columns that are read of a table beside the equipment."""
        return self._beside[table].columns

    def beside(self, inventory: Inventory | None) -> Iterator[tuple[ReadyMethod, Batch]]:
        """Yield the tables beside the equipment that the method counts, each with what counts it.

        Parameters
        ----------
        inventory
            The tables; None where a source has equipment only.
        """
        if inventory is None:
            return
        for table, ready in self._beside.items():
            if inventory.tables[table].num_rows:
                yield ready, inventory.batch(SCHEMA_OF_KIND[table])

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
        codes, names = batch.codes(batch.schema.type_column)
        counted = "quantity" in batch.schema
        return RowFacts(
            data=data_by(batch, by),
            # a row of a table without quantities is one thing
            quantity=batch.values("quantity", "item") if counted else np.ones(len(batch)),
            type_codes=codes,
            type_names=names,
            digest=digest_of(
                batch, (self.columns if columns is None else columns) | set(by), self._hashes
            ),
            offset=batch.offset,
            unused=self.unused if batch.schema is EQUIPMENT else frozenset(),
        )

    def provenance(
        self,
        *,
        rows: int,
        digest: int,
        sources: Sequence[str],
        types: Sequence[str] = (),
        made: str = "",
    ) -> Provenance:
        """Return the provenance of a result.

        Parameters
        ----------
        rows, digest, sources
            Number of rows, their digest, the files that they come from.
        types
            Equipment types of the rows, some of which plugins may have added.
        made
            Digest of the factors made at run time, empty without any.
        """
        origins = self.registry.origins
        added = (origins.get(("equipment type", key)) for key in types)
        known = _records_of(plugin for plugin in added if plugin is not None)
        stated = self._stated
        return Provenance(
            reen_version=stated.reen_version,
            method=stated.method,
            method_version=stated.method_version,
            options=dict(stated.options),
            as_of=stated.as_of,
            packs=stated.packs,
            plugins=tuple(sorted({*self.plugins, *known})) if known else self.plugins,
            rows=rows,
            rows_digest=f"{digest:016x}",
            sources=tuple(sources),
            mappings=self.mappings,
            made=made,
        )

    @functools.cached_property
    def _stated(self) -> Provenance:
        """Return the part of the provenance that does not depend on what is measured."""
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
            rows=0,
            rows_digest="",
        )

    def read_by(
        self, importers: Iterable[str], mappings: Mapping[str, str] | None = None
    ) -> ReadyMethod:
        """Return the same, with the plugins of the importers of what is measured.

        Parameters
        ----------
        importers
            Their names.
        mappings
            Digests of the mappings by which it was read, by name.
        """
        names = tuple(importers)
        if not names:
            return self
        records = tuple(MappingRecord(*each) for each in sorted((mappings or {}).items()))
        more = _records_of(self.registry.plugins_of(importers=names))
        plugins = tuple(sorted({*self.plugins, *more}))
        return attrs.evolve(self, plugins=plugins, mappings=records)


def prepare_method(
    method: str | Method,
    *,
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    registry: Registry | None = None,
    datacenters: Mapping[str, Datacenter] | None = None,
) -> ReadyMethod:
    """Resolve names, put the packs in order, and prepare the method.

    Parameters
    ----------
    method, factors, as_of, registry
        As in `measure`.
    datacenters
        Those of an information system, by id.

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
    configured = method_of(method, registry)
    library, given = _library(configured, factors, registry)
    criteria = library.criteria(registry.criteria)
    day = day_of(as_of)
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
    used = registry.plugins_of(method=configured, packs=library.packs)
    return ReadyMethod(
        method=configured,
        prepared=prepared,
        library=library,
        as_of=day,
        columns=columns,
        plugins=_records_of(used),
        given=tuple(given),
        datacenters=context.datacenters,
        registry=registry,
        criteria=criteria,
    )


def _library(
    method: Method, factors: PackLike | Sequence[PackLike] | None, registry: Registry
) -> tuple[FactorLibrary, list[FactorPack]]:
    """Return the packs in use, checked, and those of them that the user gave."""
    own = [registry.factor_pack(name) for name in method.packs]
    given = given_packs(factors, registry)
    if not given:
        return registry.library(method.packs), given
    for pack in (*own, *given):
        check_content(pack)
    return FactorLibrary.of(own, given, other_items=other_items_of(method)), given


def _records_of(plugins: Iterable[LoadedPlugin]) -> tuple[PluginRecord, ...]:
    """Return plugins as records of a provenance; an object of the host's by its name."""
    found = {PluginRecord(each.distribution or each.name, each.version) for each in plugins}
    return tuple(sorted(found))


def data_by(batch: Batch, by: Sequence[str]) -> pa.RecordBatch:
    """Return the rows of a batch, to be grouped: services by their type as equipment by its own."""
    kind, data = batch.schema.type_column, batch.data
    if _TYPE in by and kind != _TYPE and kind in data.schema.names:
        return data.append_column(_TYPE, data.column(kind))
    return data


def rows_of(batch: Batch) -> str:
    """Format the range of the rows of a batch, for messages."""
    if not len(batch):
        return "no row"
    place = f" of {batch.place}" if batch.place else ""
    return f"rows {batch.offset} to {batch.offset + len(batch) - 1}{place}"


def _columns_of(prepared: Prepared) -> frozenset[str]:
    """Return the columns that are read: the method's, its status rule's, and the engine's."""
    rule = StatusRule.COLUMNS if "status" in prepared.columns else ()
    return frozenset({*prepared.columns, *rule, "quantity", "equipment_type"})
