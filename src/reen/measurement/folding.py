"""Folding: the rows of a source become sums, batch after batch, and the sums a footprint.

Input: a method that is ready and what to fold by; parts of a source, and the tables beside its
equipment.  Output: a fold with the account of its rows, which tables the method counts, and the
footprint of a fold.  This process only: other processes fold in `workers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import attrs

from reen.engine.exchanges import Status
from reen.engine.fold import Fold, TableRows
from reen.engine.fold_builder import FoldBuilder
from reen.factors.factor_set import FactorSet
from reen.inventory.account import Account
from reen.inventory.batch import Batch
from reen.inventory.grouping_columns import check_group_types
from reen.inventory.inventory import Inventory
from reen.inventory.ledger import Ledger
from reen.inventory.record_schema import DISPOSALS, SERVICES
from reen.inventory.schema import EQUIPMENT
from reen.inventory.system_schema import APPLICATIONS, DATACENTERS, VIRTUAL_MACHINES
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.measurement.ready_method import ReadyMethod, rows_of
from reen.plugins.contract_checks import check_criteria
from reen.plugins.guard import blame
from reen.plugins.method import Allocating
from reen.reasons import Reason, joined
from reen.results.footprint import Footprint
from reen.sources.parts import SHOWN, Part, View, located
from reen.vocabulary.arguments import criteria_of
from reen.vocabulary.criteria import completed
from reen.vocabulary.stages import Stage

__all__ = [
    "COUNTABLE",
    "LINKED",
    "Folded",
    "Folding",
    "Progress",
    "boundary_of",
    "fold_batches",
    "fold_beside",
    "fold_parts",
    "footprint_of",
    "names_beside",
    "nothing_to_count",
    "tables_of",
]

#: Called with the number of rows done and that of all rows, None when it is not known.
Progress: TypeAlias = Callable[[int, int | None], None]

#: Tables whose rows bear on the figures of virtual machines and applications.
LINKED = (EQUIPMENT.name, DATACENTERS.name, VIRTUAL_MACHINES.name, APPLICATIONS.name)

#: Tables whose rows some method counts.
COUNTABLE = (EQUIPMENT.name, SERVICES.name, DISPOSALS.name)


@attrs.frozen(eq=False, repr=False)
class Folded:
    """What became of a source, or of a part of it.

    Attributes
    ----------
    fold
        Its sums.
    columns
        Grouping columns that some of its rows have.
    account
        What became of its rows; nothing of those that are in memory.
    """

    fold: Fold
    columns: frozenset[str]
    account: Account = attrs.field(factory=Account)


@attrs.frozen(eq=False, repr=False)
class Folding:
    """A prepared method and what to fold by.

    Attributes
    ----------
    ready
        The method.
    by
        Grouping columns.
    view
        What to read of the rows.
    """

    ready: ReadyMethod
    by: tuple[str, ...]
    view: View

    @classmethod
    def of(cls, ready: ReadyMethod, by: Sequence[str], *, batch_rows: int) -> Folding:
        """Return how to fold by some columns with a prepared method."""
        columns = ready.columns | set(by) | _counted_in_vain(ready)
        view = View(columns=columns, registry=ready.registry, by=tuple(by), batch_rows=batch_rows)
        return cls(ready, tuple(by), view)

    def builder(self) -> FoldBuilder:
        """Return a builder that has seen no row."""
        ready = self.ready
        return FoldBuilder(method=ready.method.name, by=self.by, factors=ready.library.factors)

    def add(self, builder: FoldBuilder, batch: Batch) -> None:
        """Fold one batch.

        Raises
        ------
        PluginError
            The method broke its contract.
        """
        with located(batch.place):
            check_group_types(self.by, batch.data.schema)
            by_case = self.ready.answers_by_case(batch)
            answers = self.ready.answers(batch) if by_case is None else []
            facts = self.ready.facts(batch, self.by)
            doing = "while its answers were folded"
            with blame(self.ready.name, doing, where=rows_of(batch)):
                if by_case is None:
                    builder.add(facts, answers)
                else:
                    builder.add_cases(facts, by_case)

    def columns_of(self, batch: Batch) -> frozenset[str]:
        """Return the grouping columns that a batch has, or that every inventory may have."""
        there = {*batch.data.schema.names, *batch.schema}
        return frozenset(name for name in self.by if name in there)

    def fold(self, part: Part) -> Folded:
        """Fold one part."""
        builder, columns, ledger = self.builder(), frozenset[str](), Ledger()
        for batch in part.batches(self.view, ledger):
            self.add(builder, batch)
            columns |= self.columns_of(batch)
        return Folded(builder.result(), columns, ledger.account())


def _counted_in_vain(ready: ReadyMethod) -> frozenset[str]:
    """Return the unused columns to read; those that show a row are read as they are."""
    return ready.unused - {*SHOWN}


def fold_parts(
    folding: Folding, parts: Iterator[Part], *, total: int | None, progress: Progress | None
) -> Folded:
    """Fold the parts here, batch after batch."""
    builder, columns, done = folding.builder(), frozenset[str](), 0
    accounts: list[Account] = []
    for part in parts:
        ledger = Ledger()
        for batch in part.batches(folding.view, ledger):
            folding.add(builder, batch)
            columns |= folding.columns_of(batch)
            done += len(batch)
            if progress is not None:
                progress(done, total)
        accounts.append(ledger.account())
    return Folded(builder.result(), columns, Account.sum(accounts))


def fold_batches(ready: ReadyMethod, by: Sequence[str], batches: Iterable[Batch]) -> Fold:
    """Fold some batches, here.

    Raises
    ------
    PluginError
        The method broke its contract.
    """
    folding = Folding.of(ready, by, batch_rows=1)
    builder = folding.builder()
    for batch in batches:
        folding.add(builder, batch)
    return builder.result()


def fold_beside(ready: ReadyMethod, held: Inventory | None, by: Sequence[str]) -> list[Fold]:
    """Return the fold of each table beside the equipment that the method counts.

    A grouping column that such a table lacks is blank in its rows.
    """
    folds = []
    for each, batch in ready.beside(held):
        assert held is not None  # noqa: S101 - there is no table without an inventory
        account = held.account_of(batch.schema.name)
        folds.append(attrs.evolve(fold_batches(each, by, [batch]), account=account))
    return folds


def names_beside(ready: ReadyMethod, held: Inventory | None) -> frozenset[str]:
    """Return what may be grouped by besides columns of equipment: those of tables beside it.

    A column that the library knows need not be there, as with equipment: it is blank then.
    """
    canonical = (frozenset(SCHEMA_OF_KIND[table]) for table in COUNTABLE)
    there = (frozenset(batch.data.schema.names) for _, batch in ready.beside(held))
    return frozenset().union(*canonical, *there)


def boundary_of(ready: ReadyMethod, held: Inventory | None) -> tuple[TableRows, ...]:
    """Return which tables are counted and which are not; nothing where there is equipment only."""
    if held is None:
        return ()
    rows = {table: held.tables[table].num_rows for table in COUNTABLE}
    if not any(count for table, count in rows.items() if table != EQUIPMENT.name):
        return ()
    return tuple(
        sorted(
            TableRows(table, table in ready.tables, count) for table, count in rows.items() if count
        )
    )


def tables_of(ready: ReadyMethod, held: Inventory | None) -> tuple[TableRows, ...]:
    """Return every table that has rows, and whether the method makes figures of them.

    Data centres count where their PUE and country do, machines and applications where the method
    shares the figure of hosts.  Nothing where there is equipment only.
    """
    counted = {*ready.tables}
    if "datacenter_id" in ready.columns:
        counted.add(DATACENTERS.name)
    if isinstance(ready.prepared, Allocating):
        counted |= {VIRTUAL_MACHINES.name, APPLICATIONS.name}
    if held is None:
        return ()
    rows = {table: held.tables[table].num_rows for table in (*COUNTABLE, *LINKED)}
    tables = tuple(
        sorted(TableRows(table, table in counted, count) for table, count in rows.items() if count)
    )
    return tables if any(each.table != EQUIPMENT.name for each in tables) else ()


def nothing_to_count(ready: ReadyMethod, held: Inventory | None) -> Reason:
    """Return why nothing can be measured: the tables that the method counts have no row."""
    linked = {} if held is None else held.linked
    there = [Reason(f"found_{kind}", count=each.num_rows) for kind, each in linked.items()]
    if held is None or len(held):
        there.insert(0, Reason("value_equipment"))
    found = joined(there)
    if EQUIPMENT.name in ready.tables:
        return Reason("error_no_equipment_only", found=found)
    if not there:
        return Reason("error_no_table_to_count", method=ready.method.name, tables=_counted(ready))
    return Reason(
        "error_no_table_counted", method=ready.method.name, tables=_counted(ready), found=found
    )


def _counted(ready: ReadyMethod) -> Reason:
    return joined([Reason(f"value_{table}") for table in ready.tables], "joined_by_and")


def footprint_of(
    ready: ReadyMethod, fold: Fold, files: Sequence[str], criteria: str | Sequence[str] | None
) -> Footprint:
    """Return the footprint of a fold: its factors, what to show of them, and its provenance.

    Raises
    ------
    OptionError
        A criterion that no pack in use publishes.
    PluginError
        Figures of the method's own making, of a criterion that nobody defines.
    """
    factors = ready.library.rows(fold.flows, fold.made)
    factors = factors.on_stages(_stages_in_view(ready, fold, factors))
    all_factors = [ready.library.factors] + ([fold.made] if fold.made is not None else [])
    available = tuple(dict.fromkeys(key for each in all_factors for key in each.criteria))
    known = ready.criteria
    if fold.made is not None:
        check_criteria(ready.name, fold.made)
        known = completed(known, fold.made.definitions)
    shown = criteria_of("measure", criteria, available, known)
    parts = ready.library.parts(fold.flows)
    negative = frozenset().union(*(each.negative for each in all_factors))
    return Footprint(
        fold=fold,
        factors=factors,
        parts=parts,
        criteria=shown,
        nonnegative=tuple(key for key in available if key not in negative),
        provenance=ready.provenance(
            rows=fold.rows,
            digest=fold.digest,
            sources=files,
            types=fold.types,
            made=fold.made_digest,
        ),
    )


def _stages_in_view(ready: ReadyMethod, fold: Fold, factors: FactorSet) -> set[Stage]:
    """Return the stages to show, kind by kind of flow.

    Those that the flows in use publish; where a kind has none in use, those that it could have
    had, so that a use stage of which nothing could be assessed stays in view.  A kind that the
    method's rules exclude as a whole has no stage.
    """
    published = set(factors.published_stages())
    shown: set[Stage] = set()
    for kind in ready.kinds:
        mine = [klass for klass in fold.classes if klass.kind == kind.name]
        if mine and all(klass.outcome.status is Status.EXCLUDED for klass in mine):
            continue
        if not mine and kind.table != EQUIPMENT.name:
            continue  # nobody gave such a table
        stages = published & set(kind.stages)
        shown |= stages or set(kind.stages) & set(factors.stages)
    return shown
