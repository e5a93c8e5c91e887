"""Folder: takes batches and their exchanges in, gives a `Fold` out.

The mutable half of the fold: flow columns, group numbers and coverage classes are numbered by
first sight while batches arrive, then sorted once.  A method that breaks its contract (amounts
that are not finite, rows without an answer, flows where there should be none) is refused here,
by name and with the rows.  Arrays and Arrow data only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.cells import CellSum
from reen.engine.contract import check_amounts, check_shapes, places
from reen.engine.digest import MASK
from reen.engine.exchanges import Exchanges
from reen.engine.fold import (
    EXAMPLES,
    Cells,
    CoverageCells,
    CoverageClass,
    Example,
    Fold,
    make_cells,
    make_coverage,
    no_groups,
)
from reen.engine.groups import GroupIndex, number_rows
from reen.engine.rows import RowFacts, example_of, first_rows, least_place, place_order
from reen.errors import PluginError
from reen.factors.factor_set import FactorSet, Flow

__all__ = ["Folder"]


class Folder:
    """Accumulates the exchanges of one method.

    Parameters
    ----------
    method
        Name of the method, for messages.
    by
        Grouping columns.
    published
        Cells that each flow of the packs in use publishes, by flow key.
    """

    def __init__(
        self,
        *,
        method: str,
        by: Sequence[str],
        factors: FactorSet,
    ) -> None:
        self._method = method
        self._index = GroupIndex(by)
        self._factors = factors
        self._factor_at = {flow: k for k, flow in enumerate(factors.flows)}
        self._flows: dict[Flow, int] = {}
        self._flow_tables: dict[
            int, tuple[Sequence[Flow], npt.NDArray[np.int32], npt.NDArray[np.int32]]
        ] = {}
        self._patterns: dict[tuple[tuple[object, str], ...], int] = {(): 0}
        self._classes: dict[CoverageClass, int] = {}
        self._types: dict[str, int] = {}
        self._amounts = CellSum()
        self._group_sums = [CellSum() for _ in range(3)]
        self._type_sums = [CellSum() for _ in range(3)]
        self._examples: dict[tuple[CoverageClass, str], list[Example]] = {}
        self._made: dict[Flow, tuple[FactorSet, int]] = {}
        self._offered: dict[int, tuple[FactorSet, dict[Flow, int]]] = {}
        self._rows = 0
        self._digest = 0

    # -- taking in ---------------------------------------------------------------------------

    def add(self, facts: RowFacts, exchanges: Iterable[Exchanges]) -> None:
        """Add the exchanges of one batch.

        Raises
        ------
        PluginError
            When the exchanges break the method contract.
        """
        groups = self._index.numbers(facts.data)
        types = self._number_types(facts)
        by_kind: dict[str, list[tuple[Exchanges, npt.NDArray[np.int32]]]] = {}
        for each in exchanges:
            check_shapes(self._method, each, facts)
            self._offered_at(each)
            columns, patterns = self._flow_columns(each)
            flow = columns[each.flow]
            amount = each.amount()
            check_amounts(self._method, each, amount, facts)
            group = groups if each.row is None or isinstance(groups, int) else groups[each.row]
            self._amounts.add(
                group, flow, amount, height=len(self._index), width=len(self._flows) + 1
            )
            classes = self._class_numbers(each, patterns)
            by_kind.setdefault(each.kind.name, []).append((each, classes))
        for parts in by_kind.values():
            self._cover(facts, groups, types, self._one_class_per_row(facts, parts))
        self._rows += facts.data.num_rows
        self._digest = (self._digest + facts.digest) & MASK

    def _number_types(self, facts: RowFacts) -> npt.NDArray[np.int64]:
        table = [self._types.setdefault(name, len(self._types)) for name in facts.type_names]
        blank = self._types.setdefault("", len(self._types))
        return np.array([*table, blank], np.int64)[facts.type_codes]

    def _flow_columns(self, each: Exchanges) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Return the column of W and the published pattern of each local flow.

        Both tables end with the entry of code -1: column 0, which collects what is not assessed
        and is dropped, and pattern 0, nothing published.  Flows that no row uses get no column:
        a method may offer the mixes of the whole world.
        """
        known = self._flow_tables.get(id(each.flows))
        if known is None or known[0] is not each.flows:
            blank = np.zeros(len(each.flows) + 1, np.int32)
            known = (each.flows, blank, blank.copy())
            self._flow_tables[id(each.flows)] = known
        _, columns, patterns = known
        used = np.bincount(each.flow + np.int32(1), minlength=len(columns))[1:] > 0
        for code in np.flatnonzero(used & (columns[:-1] == 0)).tolist():
            flow = each.flows[code]
            patterns[code] = self._pattern(flow, each)
            columns[code] = self._flows.setdefault(flow, len(self._flows) + 1)
        return columns, patterns

    def _offered_at(self, each: Exchanges) -> Mapping[Flow, int]:
        """Return the positions of the flows that come with some exchanges, indexed once."""
        factors = each.factors
        if factors is None:
            return {}
        if id(factors) not in self._offered:
            index = {flow: k for k, flow in enumerate(factors.flows)}
            self._offered[id(factors)] = (factors, index)
        return self._offered[id(factors)][1]

    def _pattern(self, flow: Flow, each: Exchanges) -> int:
        position = self._factor_at.get(flow)
        factors = self._factors
        if position is None:
            position = self._offered_at(each).get(flow)
            if position is None or each.factors is None:
                raise PluginError(
                    self._method,
                    f"flow {flow} is in no factor pack in use, and no run-time factors come with"
                    " it; put it in Exchanges.factors or name its pack in Method.packs",
                )
            factors = each.factors
            self._made[flow] = (factors, position)
        unit = factors.descriptions[position].reference_unit
        if unit != each.reference_unit:
            raise PluginError(
                self._method,
                f"flow {flow} is of one {unit}, and its amounts are in {each.reference_unit} per"
                " year",
            )
        there = ~np.isnan(factors.values[position])
        cells = tuple(
            (stage, criterion)
            for s, stage in enumerate(factors.stages)
            for c, criterion in enumerate(factors.criteria)
            if there[s, c]
        )
        outside = {stage for stage, _ in cells} - set(each.kind.stages)
        if outside:
            raise PluginError(
                self._method,
                f"flow {flow} publishes the stages {', '.join(sorted(outside))}, which the flow"
                f" kind {each.kind.name!r} does not answer for; declare them in FlowKind.stages",
            )
        return self._patterns.setdefault(cells, len(self._patterns))

    def _class_numbers(
        self, each: Exchanges, patterns: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.int32]:
        """Return the coverage class of each exchange."""
        width = len(self._patterns)
        local = each.outcome.astype(np.int32) * np.int32(width) + patterns[each.flow]
        present = np.flatnonzero(np.bincount(local, minlength=len(each.outcomes) * width))
        cells = list(self._patterns)
        table = np.zeros(len(each.outcomes) * width, np.int32)
        for number in present.tolist():
            outcome, pattern = divmod(number, width)
            klass = CoverageClass(
                each.kind.name,
                each.kind.stages,
                each.outcomes[outcome],
                cells[pattern],  # type: ignore[arg-type]
            )
            table[number] = self._classes.setdefault(klass, len(self._classes))
        numbers: npt.NDArray[np.int32] = table[local]
        return numbers

    def _one_class_per_row(
        self, facts: RowFacts, parts: Sequence[tuple[Exchanges, npt.NDArray[np.int32]]]
    ) -> npt.NDArray[np.int32]:
        """Return one class per row; the worst status counts when a row has several exchanges."""
        if len(parts) == 1 and parts[0][0].row is None:
            return parts[0][1]
        size = facts.data.num_rows
        status = np.array([klass.outcome.status for klass in self._classes], np.int64)
        rank = np.full(size, -1, np.int64)
        for each, classes in parts:
            rows = np.arange(size) if each.row is None else each.row
            np.maximum.at(rank, rows, (status[classes] << 32) + classes)
        unanswered = np.flatnonzero(rank < 0)
        if len(unanswered):
            kind = parts[0][0].kind.name
            raise PluginError(
                self._method,
                f"{len(unanswered)} row(s) got no answer for the flow kind {kind!r}"
                f" ({places(facts, unanswered)}); every row needs at least one exchange, with"
                " flow -1 and an outcome when it is not assessed",
            )
        return (rank & ((1 << 32) - 1)).astype(np.int32)

    def _cover(
        self,
        facts: RowFacts,
        groups: npt.NDArray[np.int64] | int,
        types: npt.NDArray[np.int64],
        classes: npt.NDArray[np.int32],
    ) -> None:
        quantity = facts.quantity
        unknown = np.isnan(quantity)
        width = len(self._classes)
        blank = bool(unknown.any())
        if blank:
            quantity = np.where(unknown, 0.0, quantity)
        sides: list[tuple[list[CellSum], npt.NDArray[np.int64], int]] = [
            (self._type_sums, types, len(self._types))
        ]
        if not isinstance(groups, int):
            sides.append((self._group_sums, groups, len(self._index)))
        for sums, keys, height in sides:
            sums[0].add(keys, classes, quantity, height=height, width=width)
            sums[1].add(keys, classes, 1.0, height=height, width=width)
            if blank:
                sums[2].add(keys[unknown], classes[unknown], 1.0, height=height, width=width)
        self._collect_examples(facts, classes, types)

    def _collect_examples(
        self,
        facts: RowFacts,
        classes: npt.NDArray[np.int32],
        types: npt.NDArray[np.int64],
    ) -> None:
        width = len(self._types)
        codes = classes * np.int64(width) + types
        present = np.flatnonzero(np.bincount(codes, minlength=len(self._classes) * width))
        class_names, type_names = list(self._classes), list(self._types)
        least = least_place(facts)
        order = place_order(facts)
        if order is not None:
            codes = codes[order]
        for code in present.tolist():
            number, kind = divmod(code, width)
            found = self._examples.setdefault((class_names[number], type_names[kind]), [])
            if len(found) == EXAMPLES and (found[-1].source, found[-1].row) <= least:
                continue  # nothing in this batch comes before the examples already kept
            rows = first_rows(codes, code)
            rows = rows if order is None else order[rows]
            found.extend(example_of(facts, int(row)) for row in rows)
            found.sort()
            del found[EXAMPLES:]

    # -- giving out --------------------------------------------------------------------------

    def result(self) -> Fold:
        """Return the fold of everything added so far."""
        classes = sorted(self._classes)
        class_at = _ranks(list(self._classes), classes)
        types = sorted(self._types)
        by_type = _coverage(self._type_sums, _ranks(list(self._types), types), class_at)
        used = np.unique(by_type.key)
        by_type = attrs.evolve(by_type, key=np.searchsorted(used, by_type.key))
        group_at, groups = self._sorted_groups()
        if self._index.by:
            by_group = _coverage(self._group_sums, group_at, class_at)
        else:
            by_group = make_coverage(
                np.zeros(len(by_type.key), np.int64),
                by_type.klass.astype(np.int64),
                by_type.quantity,
                by_type.rows,
                by_type.unknown,
            )
        flows = sorted(self._flows)
        return Fold(
            groups=groups,
            flows=tuple(flows),
            cells=self._cells(group_at, _ranks(list(self._flows), flows)),
            classes=tuple(classes),
            by_group=by_group,
            types=tuple(types[k] for k in used),
            by_type=by_type,
            examples={key: tuple(self._examples[key]) for key in sorted(self._examples)},
            rows=self._rows,
            digest=self._digest,
            made=self._made_factors(),
        )

    def _sorted_groups(self) -> tuple[npt.NDArray[np.int64], pa.Table]:
        """Return the final number of each group (-1: no row) and the sorted key table."""
        if not self._index.by:
            return np.zeros(1, np.int64), no_groups()
        seen = np.zeros(len(self._index), np.bool_)
        rows, _, _ = self._group_sums[1].cells()
        seen[rows] = True
        keys = self._index.keys()
        numbers, table = number_rows(keys.filter(pa.array(seen)))
        final = np.full(len(seen), -1, np.int64)
        final[seen] = numbers
        return final, table

    def _cells(self, group_at: npt.NDArray[np.int64], flow_at: npt.NDArray[np.int64]) -> Cells:
        group, column, amount = self._amounts.cells()
        there = column > 0  # column 0 collected what is not assessed
        return make_cells(group_at[group[there]], flow_at[column[there] - 1], amount[there])

    def _made_factors(self) -> FactorSet | None:
        if not self._offered:
            return None
        # Sets of which no flow was used still say which stages and criteria were possible.
        axes = [factors.take([]) for factors, _ in self._offered.values()]
        used = [self._made[flow][0].take([self._made[flow][1]]) for flow in sorted(self._made)]
        return FactorSet.concatenate([*axes, *used])


def _ranks(items: Sequence[object], ordered: Sequence[object]) -> npt.NDArray[np.int64]:
    """Return the final position of each item among the ordered ones."""
    at = {item: k for k, item in enumerate(ordered)}
    return np.array([at[item] for item in items], np.int64)


def _coverage(
    sums: Sequence[CellSum], key_at: npt.NDArray[np.int64], class_at: npt.NDArray[np.int64]
) -> CoverageCells:
    """Return the coverage cells of three sums on final key and class positions."""
    parts = []
    for which, cell_sum in enumerate(sums):
        key, klass, value = cell_sum.cells()
        zeros = np.zeros(len(key))
        columns = [zeros, zeros, zeros]
        columns[which] = value
        parts.append((key_at[key], class_at[klass.astype(np.int64)], *columns))
    return make_coverage(
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        *(np.concatenate([part[k] for part in parts]) for k in (2, 3, 4)),
    )
