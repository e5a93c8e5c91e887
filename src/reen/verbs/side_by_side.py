"""Side by side: several measurements of one source, folded together, and pairs of them jointly.

Input: prepared methods, then the batches of one source.  Output: the footprint of each, and the
effects of each pair on their joint key (see `engine.joint`); of those that are watched, what the
means of their drivers are made of (see `engine.driver_sums`).  Comparing methods and comparing
years are both made of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.driver_sums import DriverSums
from reen.engine.exchanges import Exchanges
from reen.engine.fold import TableRows
from reen.engine.fold_builder import FoldBuilder
from reen.engine.joint import GapCell, Joint, Places
from reen.engine.numbering import GroupIndex
from reen.errors import ReenError
from reen.inventory.account import Account
from reen.inventory.batch import Batch
from reen.inventory.datacenter import Datacenter
from reen.inventory.grouping_columns import check_group_names, check_group_types
from reen.inventory.inventory import Inventory
from reen.inventory.ledger import Ledger
from reen.inventory.schema import EQUIPMENT
from reen.measurement.arguments import PackLike
from reen.measurement.folding import Progress, boundary_of, footprint_of, names_beside, tables_of
from reen.measurement.ready_method import ReadyMethod, data_by, prepare_method, rows_of
from reen.plugins.guard import blame
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.results.footprint import Footprint
from reen.sources.parts import SHOWN, Opened, View, located
from reen.vocabulary.criteria import bundled_criteria

__all__ = ["Packs", "SideBySide"]

#: Packs given to a method.
Packs: TypeAlias = PackLike | Sequence[PackLike]

_TYPE = "equipment_type"

#: Is given a batch, the places of its rows, their quantities, and which are there by part.
Told: TypeAlias = Callable[
    [Batch, Places, npt.NDArray[np.float64], Mapping[str, npt.NDArray[np.bool_]]], None
]


class SideBySide:
    """The fold of each method and the joint sums of each pair, while batches arrive.

    Parameters
    ----------
    by
        Grouping columns; the folds also tell the equipment types apart.
    registry
        Plugins in use.
    cells_by
        Grouping columns of the joint sums; those of `by` when absent.
    chained
        Whether only a method and the next are paired, rather than every two.
    report
        Whether a method that fails is kept in `failed` rather than raised.

    Attributes
    ----------
    groups, types
        Groups of the joint sums; numbers of the types, by name.
    watched
        Driver sums by method; `watch` adds one.
    failed
        Methods that could not be run, with the reason.
    """

    def __init__(
        self,
        by: Sequence[str],
        *,
        registry: Registry,
        cells_by: Sequence[str] | None = None,
        chained: bool = False,
        report: bool = False,
    ) -> None:
        self._by = tuple(by)
        self._cells_by = self._by if cells_by is None else tuple(cells_by)
        self._chained = chained
        self._registry = registry
        self._detailed = self._by if _TYPE in self._by else (*self._by, _TYPE)
        self._report = report
        self._ready: dict[str, ReadyMethod] = {}
        self._builders: dict[str, FoldBuilder] = {}
        self._pairs: dict[tuple[str, str], Joint] = {}
        self.groups = GroupIndex(self._cells_by)
        self.types: dict[str, int] = {}
        # one criterion is the same for all methods
        self._criteria = bundled_criteria()
        self.watched: dict[str, DriverSums] = {}
        self._told: list[Told] = []
        self._accounts: dict[str, Account] = {}
        self._boundaries: dict[str, tuple[TableRows, ...]] = {}
        self._more: set[str] = set()
        self.failed: dict[str, str] = {}

    @property
    def columns(self) -> frozenset[str]:
        """Return the columns that the methods read."""
        return frozenset().union(*(ready.columns for ready in self._ready.values()), {_TYPE})

    def _fail(self, name: str, error: ReenError) -> None:
        """Keep or raise what went wrong with a method; it takes no further part."""
        if not self._report:
            raise error
        self.failed[name] = str(error)
        self._ready.pop(name, None)

    def prepare(
        self,
        name: str,
        method: str | Method,
        factors: Packs,
        as_of: dt.date | str | None,
        places: Mapping[str, Datacenter] | None,
        *,
        registry: Registry | None = None,
    ) -> None:
        """Prepare a method and its place among the others; `registry` where not that of all."""
        try:
            ready = prepare_method(
                method,
                factors=factors,
                as_of=as_of,
                registry=registry or self._registry,
                datacenters=places,
            )
            self._criteria = ready.library.criteria(self._criteria)
        except ReenError as error:
            self._fail(name, error)
            return
        others = list(self._ready)[-1:] if self._chained else self._ready
        self._pairs |= {(other, name): Joint() for other in others}
        self._ready[name] = ready
        self._builders[name] = FoldBuilder(
            method=ready.method.name, by=self._detailed, factors=ready.library.factors
        )

    def run(
        self,
        opened: Opened,
        *,
        batch_rows: int,
        progress: Progress | None,
    ) -> Account:
        """Run every method on a source; return the account of its rows.

        Parameters
        ----------
        opened, batch_rows, progress
            The source, in how many rows at a time, and who is told of them.

        Raises
        ------
        UnknownNameError
            A grouping column that the source does not have.
        ReenError
            What reading and measuring raise.
        """
        for name, ready in self._ready.items():
            self._boundaries[name] = boundary_of(ready, opened.held)
        held = opened.held
        others = (names_beside(each, held) for each in self._ready.values())
        there = {*(opened.columns or ())}.union(*others)
        check_group_names(self._by, sorted(there), EQUIPMENT)
        wanted = self.columns | {*self._by, *self._cells_by} | self._more
        wanted |= frozenset().union(*(each.unused for each in self._ready.values())) - {*SHOWN}
        by = tuple(dict.fromkeys((*self._by, *self._cells_by)))
        view = View(columns=wanted, registry=self._registry, by=by, batch_rows=batch_rows)
        total = None if progress is None else opened.rows()
        done, ledger = 0, Ledger()
        for batch in opened.batches(view, ledger):
            with located(batch.place):
                check_group_types(self._by, batch.data.schema)
                self.add(batch)
            done += len(batch)
            if progress is not None:
                progress(done, total)
        if held is not None:
            self._add_beside(held)
        return opened.settle(ledger.account())

    def add(self, batch: Batch) -> None:
        """Run every method on a batch of equipment; one that counts none has no answer."""
        counting = {
            name: ready for name, ready in self._ready.items() if EQUIPMENT.name in ready.tables
        }
        places, answers = self._add(batch, counting)
        for name, sums in self.watched.items():
            if name in answers:
                facts = self._ready[name].facts(batch, (), columns=frozenset())
                present = sums.add(places, facts.quantity, answers[name])
                for told in self._told:
                    told(batch, places, facts.quantity, present)

    def _add_beside(self, inventory: Inventory) -> None:
        """Run the methods on the tables beside the equipment that they count."""
        tables: dict[str, tuple[Batch, dict[str, ReadyMethod]]] = {}
        for name, ready in self._ready.items():
            for each, batch in ready.beside(inventory):
                table = batch.schema.name
                tables.setdefault(table, (batch, {}))[1][name] = each
                account = inventory.account_of(table)
                self._accounts[name] = self._accounts.get(name, Account()) + account
        for batch, counting in tables.values():
            self._add(batch, counting)

    def _add(
        self, batch: Batch, counting: Mapping[str, ReadyMethod]
    ) -> tuple[Places, Mapping[str, list[Exchanges]]]:
        """Fold the answers of those that count the table of a batch; the others have none."""
        answers: dict[str, list[Exchanges]] = {name: [] for name in self._ready}
        for name, ready in counting.items():
            try:
                found = ready.answers(batch)
                with blame(ready.name, "while its answers were folded", where=rows_of(batch)):
                    self._builders[name].add(ready.facts(batch, self._detailed), found)
            except ReenError as error:
                self._fail(name, error)
                answers.pop(name)
                continue
            answers[name] = found
        data = data_by(batch, self._cells_by)
        groups = np.asarray(self.groups.numbers(data), np.int64)
        places = Places(np.broadcast_to(groups, (len(batch),)), self._type_numbers(batch))
        for (a, b), joint in self._pairs.items():
            if a in answers and b in answers:
                joint.add(places, answers[a], answers[b])
        return places, answers

    def _type_numbers(self, batch: Batch) -> npt.NDArray[np.int64]:
        codes, names = batch.codes(batch.schema.type_column)
        # the last entry is that of code -1: no type
        table = [self.types.setdefault(name, len(self.types)) for name in (*names, "")]
        return np.array(table, np.int64)[codes]

    def watch(self, name: str, told: Told | None = None, *, columns: Sequence[str] = ()) -> None:
        """Sum the drivers of a method.

        Parameters
        ----------
        name
            The method.
        told
            Is given each batch, and which of its rows are there.
        columns
            Columns that it reads.
        """
        self.watched[name] = DriverSums()
        self._more |= {*columns}
        if told is not None:
            self._told.append(told)

    def ready(self, name: str) -> ReadyMethod:
        """Return a method as it was prepared."""
        return self._ready[name]

    def details(
        self, files: Sequence[str], criteria: str | Sequence[str] | None, account: Account
    ) -> dict[str, Footprint]:
        """Return the footprints of the methods that ran, by group and type."""
        found: dict[str, Footprint] = {}
        for name, ready in list(self._ready.items()):
            try:
                own = account if EQUIPMENT.name in ready.tables else Account()
                fold = attrs.evolve(
                    self._builders[name].result(),
                    account=own + self._accounts.get(name, Account()),
                    boundary=self._boundaries.get(name, ()),
                )
                found[name] = footprint_of(ready, fold, files, criteria)
            except ReenError as error:
                self._fail(name, error)
        return found

    def tables(self, held: Inventory | None) -> dict[str, tuple[TableRows, ...]]:
        """Return the tables of a source by method; nothing where there is equipment only."""
        found = {name: tables_of(ready, held) for name, ready in self._ready.items()}
        return found if any(found.values()) else {}

    def gap_cells(
        self, details: Mapping[str, Footprint], criteria: Sequence[str]
    ) -> dict[tuple[str, str], list[GapCell]]:
        """Return the effects of every pair of methods that ran."""
        found = {}
        for (a, b), joint in self._pairs.items():
            if a in details and b in details:
                tables = [
                    self._ready[name].library.rows(flows, details[name].fold.made)
                    for name, flows in zip((a, b), joint.flows, strict=True)
                ]
                found[a, b] = list(joint.cells(tables[0], tables[1], criteria))
        return found
