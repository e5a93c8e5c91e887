"""The builder of a fold: takes batches and their exchanges in, gives a `Fold` out.

The mutable half of the fold: flow columns, group numbers and coverage classes are numbered by
first sight while batches arrive, then sorted once.  A method that breaks its contract (amounts
that are not finite, rows without an answer, flows where there should be none) is refused here,
by name and with the rows.  Per row and flow kind: two look-ups, one product, one scatter; per row:
the scatters of its coverage.  Arrays and Arrow data only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import distinct_of
from reen.engine.cases import CaseAnswers, CaseExchange
from reen.engine.cells import DENSE_CELLS, CellSum
from reen.engine.contract import LARGEST_AMOUNT, check_amounts, check_case_amounts, check_shapes
from reen.engine.coverage_sums import Answer, CoverageSums, FoundCells, RowClasses
from reen.engine.digest import MASK
from reen.engine.examples import Examples
from reen.engine.exchanges import Exchanges
from reen.engine.flow_columns import DriverUse, FlowColumns, Keyed, KnownKeys
from reen.engine.fold import Cells, ColumnRows, Fold, make_cells, no_groups
from reen.engine.numbering import GroupIndex, number_rows
from reen.engine.rows import RowFacts
from reen.errors import PluginError
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.kernel import lendable, loops, threads
from reen.kernel.interface import Covering, Loops, Places

__all__ = ["FoldBuilder"]

T = TypeVar("T", bound=Hashable)

#: Rows up to which numpy multiplies amounts as soon as their factors are laid out by case.
_FEW = 64

#: Groups whose amounts are laid out in final order at a time.
_BLOCK = 128


class FoldBuilder:
    """Accumulates the exchanges of one method.

    Parameters
    ----------
    method
        Name of the method, for messages.
    by
        Grouping columns.
    factors
        Factors of the packs in use.
    dense_cells
        Cells up to which sums are kept in a dense table.
    """

    def __init__(
        self,
        *,
        method: str,
        by: Sequence[str],
        factors: FactorSet,
        dense_cells: int = DENSE_CELLS,
    ) -> None:
        self._method = method
        self._index = GroupIndex(by)
        self._flows = FlowColumns(method, factors)
        self._dense_cells = dense_cells
        self._drivers = DriverUse()
        self._amounts: dict[str, CellSum] = {}
        self._noise: dict[str, CellSum] = {}  # of the methods that state a spread
        self._coverage = CoverageSums(method, dense_cells=dense_cells)
        self._keys = KnownKeys()
        self._examples = Examples()
        self._rows = 0
        self._digest = 0
        self._unused = Counter[str]()
        self._last: tuple[RowFacts, RowClasses] | None = None

    def add(self, facts: RowFacts, exchanges: Iterable[Exchanges]) -> None:
        """Add the exchanges of one batch.

        Raises
        ------
        PluginError
            When the exchanges break the method contract.
        """
        groups = self._index.places(facts.data)
        height, compiled = len(self._index), loops()
        if compiled is not None and facts.data.num_rows > _FEW:
            exchanges = list(exchanges)
            for each in exchanges:
                check_shapes(self._method, each, facts)
            keyed = self._keys.of(exchanges)
            if keyed:
                self._add_keyed(compiled, facts, groups, exchanges, keyed)
                return
        number = self._index.of_places(groups)
        answers: dict[str, list[Answer]] = {}
        for each in exchanges:
            check_shapes(self._method, each, facts)
            kind, width = each.kind.name, self._flows.width(each.kind.name)
            columns, patterns = self._flows.of(each)
            self._drivers.add(kind, each.drivers, columns, width)
            amount = each.amount()
            check_amounts(self._method, each, amount, facts)
            group = number if each.row is None or isinstance(number, int) else number[each.row]
            self._add_amounts(kind, group, columns, amount, each.amount_spread, height)
            answers.setdefault(kind, []).append((each, patterns))
        classes = self._coverage.add(
            facts, number, answers, patterns=self._flows.patterns, height=height
        )
        self._finish(facts, classes)

    def _add_keyed(
        self,
        compiled: Loops,
        facts: RowFacts,
        groups: Places,
        exchanges: Sequence[Exchanges],
        keyed: Sequence[Keyed],
    ) -> None:
        """Add exchanges of one a row, whose classes and columns are looked up by key."""
        widths = [self._flows.width(each.kind) for each in keyed]
        for each in exchanges:
            self._flows.offered(each)

        def learn() -> None:
            for each, known in zip(exchanges, keyed, strict=True):
                keys, rows = known.unseen()
                few = attrs.evolve(
                    each, flow=each.flow[rows], outcome=each.outcome[rows], drivers={}, row=rows
                )
                try:
                    self._learn_keys(facts, few, known, keys)
                except PluginError:  # told of all rows, and not of one for each key
                    self._learn_keys(facts, each, known, known.keys())
                    raise

        def add(coverage: Covering) -> None:
            for each, known, width in zip(exchanges, keyed, widths, strict=True):
                if not self._drivers.is_usual(known.kind, each.drivers):
                    columns = known.column.take(known.keys()).astype(np.int64)
                    self._drivers.add(known.kind, each.drivers, columns, width)
            if not self._loop(compiled, groups, keyed, coverage):
                for each in exchanges:
                    check_amounts(self._method, each, each.amount(), facts)

        self._finish(
            facts,
            self._coverage.add_keyed(
                compiled, facts, keyed, groups, height=len(self._index), learn=learn, add=add
            ),
        )

    def _learn_keys(
        self, facts: RowFacts, each: Exchanges, known: Keyed, keys: npt.NDArray[np.int64]
    ) -> None:
        """Find the column and the class of some keys."""
        columns, patterns = self._flows.of(each)
        seen = self._flows.patterns
        known.klass[keys] = self._coverage.classes_of(each, patterns, seen, facts)
        known.column[keys] = columns

    def _loop(
        self, compiled: Loops, groups: Places, keyed: Sequence[Keyed], coverage: Covering | None
    ) -> bool:
        """Add the amounts of a batch, and its coverage; return whether each is 0 or more."""
        rows, height = len(keyed[0].parts[0][0]), len(self._index)
        adding = []
        for each in keyed:
            if each.factors is None:
                continue
            sums = self._sums(self._amounts, each.kind)
            lent = sums.lent(rows, height, self._flows.width(each.kind))
            given = each.parts, each.shift, each.column, each.factors, *lent
            adding.append((sums, lent, given))
        at = groups if not isinstance(groups, np.ndarray) else lendable(groups)
        kinds = tuple(given for _, _, given in adding)
        if compiled.fold(kinds, rows, at, LARGEST_AMOUNT, coverage, threads(rows)):
            return False
        for sums, lent, _ in adding:
            sums.take_in(lent)
        return True

    def add_cases(self, facts: RowFacts, answers: Sequence[CaseAnswers]) -> None:
        """Add the answers of one batch by case; the same as to add their exchanges.

        Raises
        ------
        PluginError
            When an amount is not finite, or a flow is not what its kind says.
        """
        groups, compiled = self._index.places(facts.data), loops()
        learnt = [self._learn_cases(facts, each) for each in answers]
        if compiled is not None and answers and facts.data.num_rows > _FEW:
            self._finish(facts, self._add_by_loops(compiled, facts, groups, answers, learnt))
            return
        number, height = self._index.of_places(groups), len(self._index)
        classes = {}
        for each, (klass, columns) in zip(answers, learnt, strict=True):
            for exchange, column in zip(each.exchanges, columns, strict=True):
                self._add_exchange(facts, each, exchange, column, (number, height))
            classes[each.kind.name] = klass.take(each.case)
        self._finish(facts, self._coverage.add_classes(facts, number, classes, height=height))

    def _add_by_loops(
        self,
        compiled: Loops,
        facts: RowFacts,
        groups: Places,
        answers: Sequence[CaseAnswers],
        learnt: Sequence[tuple[npt.NDArray[np.int32], Sequence[npt.NDArray[np.int64]]]],
    ) -> RowClasses:
        """Add the answers of one batch by case, in one pass over its rows for most methods.

        Amounts with errors of their own, and the second exchange of a row, are added apart.
        """
        keyed = [
            _keyed(each, 0, column[0], klass)
            for each, (klass, column) in zip(answers, learnt, strict=True)
        ]

        def add(coverage: Covering) -> None:
            if not self._loop(compiled, groups, keyed, coverage):
                self._refuse(facts, answers, learnt)

        rows = self._coverage.add_keyed(
            compiled,
            facts,
            keyed,
            groups,
            height=len(self._index),
            learn=lambda: None,
            add=add,
        )
        for each, (klass, columns) in zip(answers, learnt, strict=True):
            for number, exchange in enumerate(each.exchanges):
                if exchange.spread is not None:
                    at = self._index.of_places(groups), len(self._index)
                    self._add_exchange(facts, each, exchange, columns[number], at)
                elif number:
                    alone = [_keyed(each, number, columns[number], klass)]
                    if not self._loop(compiled, groups, alone, None):
                        self._refuse(facts, answers, learnt)
        return rows

    def _refuse(
        self,
        facts: RowFacts,
        answers: Sequence[CaseAnswers],
        learnt: Sequence[tuple[object, Sequence[npt.NDArray[np.int64]]]],
    ) -> None:
        for each, (_, columns) in zip(answers, learnt, strict=True):
            for exchange, column in zip(each.exchanges, columns, strict=True):
                assessed = column.take(each.case) > 0
                check_case_amounts(self._method, each, exchange, assessed, facts)

    def _learn_cases(
        self, facts: RowFacts, each: CaseAnswers
    ) -> tuple[npt.NDArray[np.int32], list[npt.NDArray[np.int64]]]:
        """Return the coverage class of each case of a kind, and the column of each exchange."""
        kind, there = each.kind.name, each.present()
        classes, columns_of = np.full(len(each.outcome), -1, np.int32), []
        for number, exchange in enumerate(each.exchanges):
            # a case without a second exchange says nothing more than by its first
            present = there[exchange.flow[there] >= 0] if number else there
            width, mine = self._flows.width(kind), each.of_cases(exchange, present)
            columns, patterns = self._flows.of(mine)
            signs = exchange.sign[present]
            used = distinct_of(signs[signs >= 0]).tolist()
            # the first set of drivers has its columns noted once there is another
            for sign in used * min(len(used), 2):
                names = dict.fromkeys(exchange.drivers[sign])
                self._drivers.add(kind, names, columns[signs == sign], width)
            found = self._coverage.classes_of(mine, patterns, self._flows.patterns, facts)
            classes[present] = self._coverage.worse(classes[present], found)
            of_case = np.zeros(len(each.outcome), np.int64)
            of_case[present] = columns
            columns_of.append(of_case)
        return classes, columns_of

    def _add_exchange(
        self,
        facts: RowFacts,
        each: CaseAnswers,
        exchange: CaseExchange,
        of_case: npt.NDArray[np.int64],
        groups: tuple[npt.NDArray[np.int64] | int, int],
    ) -> None:
        """Add the amounts of an exchange of each case, whose columns are known by case."""
        column = of_case.take(each.case)
        check_case_amounts(self._method, each, exchange, column > 0, facts)
        self._add_amounts(
            each.kind.name, groups[0], column, exchange.amount, exchange.spread, groups[1]
        )

    def _sums(self, tables: dict[str, CellSum], kind: str) -> CellSum:
        if kind not in tables:
            # column 0 collects what is not assessed
            tables[kind] = CellSum(dense_cells=self._dense_cells, first=1)
        return tables[kind]

    def _add_amounts(
        self,
        kind: str,
        group: npt.NDArray[np.int64] | int,
        column: npt.NDArray[np.int64],
        amount: npt.NDArray[np.float64],
        spread: npt.NDArray[np.float64] | None,
        height: int,
    ) -> None:
        """Add the amounts of some exchanges of a kind, and their variance where it is stated."""
        # A table for each kind: the few mixes stay in cache, whatever the items take.
        added = [(self._amounts, amount)]
        if spread is not None:
            with np.errstate(all="ignore"):  # of exchanges without a flow, in column 0
                added.append((self._noise, np.square(amount * spread)))
        for tables, values in added:
            width = self._flows.width(kind)
            self._sums(tables, kind).add(group, column, values, height=height, width=width)

    def _finish(self, facts: RowFacts, rows: RowClasses) -> None:
        """Count the rows of a batch, what they fill in vain, and look for examples among them."""
        self._examples.add(facts, rows, self._coverage.classes, self._coverage.types)
        # the arrays of a batch are freed once the next one has its own: all at once, their memory
        # would go back to the system, to be handed out again page by page
        self._last = facts, rows
        data = facts.data
        self._rows += data.num_rows
        for name in facts.unused.intersection(data.schema.names):
            self._unused[name] += data.num_rows - data.column(name).null_count
        self._digest = (self._digest + facts.digest) & MASK

    def result(self) -> Fold:
        """Return the fold of everything added so far."""
        classes, types = sorted(self._coverage.classes), sorted(self._coverage.types)
        found = self._coverage.by_group()
        group_at, groups = self._sorted_groups(found)
        by_group, by_type = self._coverage.cells(
            found,
            group_at=group_at,
            class_at=_ranks(self._coverage.classes, classes),
            type_at=_ranks(self._coverage.types, types),
        )
        used = distinct_of(by_type.key)
        flows = sorted(
            {flow for kind in self._amounts for flow in self._flows.flows(kind)},
            key=Flow.sort_key,
        )
        flow_at = {flow: k for k, flow in enumerate(flows)}
        return Fold(
            groups=groups,
            flows=tuple(flows),
            cells=self._cells(group_at, flow_at),
            classes=tuple(classes),
            by_group=by_group,
            types=tuple(types[k] for k in used),
            by_type=attrs.evolve(by_type, key=np.searchsorted(used, by_type.key)),
            examples=self._examples.result(),
            rows=self._rows,
            digest=self._digest,
            made=self._flows.made(),
            drivers=self._drivers.table(
                {kind: self._flows.flows(kind) for kind in self._amounts}, flow_at
            ),
            noise=self._sorted_cells(self._noise, group_at, flow_at) if self._noise else None,
            unused=tuple(ColumnRows(*each) for each in sorted(self._unused.items()) if each[1]),
        )

    def _sorted_groups(self, found: Sequence[FoundCells]) -> tuple[npt.NDArray[np.int64], pa.Table]:
        """Return the final number of each group (-1: no row) and the sorted key table."""
        if not self._index.by:
            return np.zeros(1, np.int64), no_groups()
        seen = np.zeros(len(self._index), np.bool_)
        for rows, _, _ in found:
            seen[rows] = True
        keys = self._index.keys()
        there = keys if seen.all() else keys.filter(pa.array(seen))
        numbers, table = number_rows(there, distinct=True)
        final = np.full(len(seen), -1, np.int64)
        final[seen] = numbers
        return final, table

    def _cells(self, group_at: npt.NDArray[np.int64], flow_at: Mapping[Flow, int]) -> Cells:
        """Return the amounts of all kinds by final group and flow."""
        flows = {kind: self._flows.flows(kind) for kind in self._amounts}
        if sum(map(len, flows.values())) == len(flow_at):
            cells = self._cells_in_order(group_at, flow_at)
            if cells is not None:
                return cells
        return self._sorted_cells(self._amounts, group_at, flow_at)

    def _sorted_cells(
        self,
        tables: Mapping[str, CellSum],
        group_at: npt.NDArray[np.int64],
        flow_at: Mapping[Flow, int],
    ) -> Cells:
        """Return the sums of some tables, kind by kind, by final group and flow."""
        parts = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
        for kind, sums in tables.items():
            at = np.array([flow_at[flow] for flow in self._flows.flows(kind)], np.int64)
            group, column, amount = sums.cells()
            kept = (column > 0) & (group_at[group] >= 0)  # column 0: what is not assessed
            parts.append((group_at[group[kept]], at[column[kept] - 1], amount[0, kept]))
        return make_cells(*(np.concatenate(each) for each in zip(*parts, strict=True)))

    def _cells_in_order(
        self, group_at: npt.NDArray[np.int64], flow_at: Mapping[Flow, int]
    ) -> Cells | None:
        """Return the amounts found without sorting, by laying their tables out in final order.

        Block by block of groups, which stays in the processor's cache.  None when they are too
        many for a table.
        """
        where = np.flatnonzero(group_at >= 0)
        if not flow_at or len(where) * len(flow_at) > self._dense_cells:
            return None
        order = np.empty(len(where), np.int64)
        order[group_at[where]] = where
        # of the last group first, so that no table has to grow between two blocks
        tables = self._tables_of(where[-1:])
        if tables is None:
            return None
        columns, start = np.empty(len(flow_at), np.int64), 0
        for kind, table in zip(self._amounts, tables, strict=True):
            flows = self._flows.flows(kind)
            # column 0 collected what is not assessed
            columns[[flow_at[flow] for flow in flows]] = start + 1 + np.arange(len(flows))
            start += table.shape[1]
        parts: list[tuple[npt.NDArray[np.generic], ...]] = []
        for first in range(0, len(order), _BLOCK):
            tables = self._tables_of(order[first : first + _BLOCK])
            if tables is None:
                return None
            block = np.concatenate(tables, axis=1).take(columns, axis=1)
            there = np.flatnonzero(block != 0.0)
            group = there // len(columns)
            flow = there - group * len(columns)
            parts.append((group + first, flow.astype(np.int32), block.reshape(-1).take(there)))
        return Cells(*(np.concatenate(each) for each in zip(*parts, strict=True)))

    def _tables_of(self, groups: npt.NDArray[np.int64]) -> list[npt.NDArray[np.float64]] | None:
        """Return the amounts of some groups, a table per kind; None when one is kept sparse."""
        tables = []
        for kind, sums in self._amounts.items():
            table = sums.table(groups, self._flows.width(kind))
            if table is None:
                return None
            tables.append(table)
        return tables


def _keyed(
    each: CaseAnswers, number: int, column: npt.NDArray[np.int64], klass: npt.NDArray[np.int32]
) -> Keyed:
    """Return one exchange of each case as the compiled loops take it, the case being the key."""
    exchange = each.exchanges[number]
    factors = exchange.amounts.factors() if exchange.spread is None else None
    parts = ((lendable(each.case), 1),)
    return Keyed(each.kind.name, parts, 0, klass, column.astype(np.int32), factors)


def _ranks(items: Sequence[T], ordered: Sequence[T]) -> npt.NDArray[np.int64]:
    """Return the final position of each item among the ordered ones."""
    at = {item: k for k, item in enumerate(ordered)}
    return np.array([at[item] for item in items], np.int64)
