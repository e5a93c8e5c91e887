"""Reference engine: the footprint again, row by row, with loops, dictionaries and `math.fsum`.

Input: what `measure` takes.  Output: `ReferenceFootprint`, figures and coverage as plain
dictionaries.  It asks the method for its exchanges, as the engine does, and shares nothing else
with it: no numpy sum, no fold, no coverage class.  Slow on purpose; for tests only.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs

from reen.engine.exchanges import Exchanges, Status
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.inventory.batch import Batch
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT
from reen.measurement.arguments import PackLike
from reen.measurement.ready_method import ReadyMethod, prepare_method
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.vocabulary.stages import Stage
from reen.vocabulary.units import conversion_factor

__all__ = ["Cell", "Key", "ReferenceFootprint", "known_quantities", "reference_footprint"]

#: Values of the grouping columns of one group.
Key: TypeAlias = "tuple[object, ...]"

#: One figure of a footprint.
Cell: TypeAlias = "tuple[Key, Stage, str]"

#: Quantity (item), rows, rows of unknown quantity.
Counts: TypeAlias = "tuple[float, int, int]"

_FINE = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE)


@attrs.frozen
class ReferenceFootprint:
    """A footprint as dictionaries.

    Attributes
    ----------
    values
        Yearly impact of each (group, stage, criterion) for which some row of the group has an
        exchange whose factor publishes the cell; the others are absent, never zero.
    magnitudes
        Sum of the absolute contributions of the same cells: what rounding errors are relative to.
    coverage
        Quantity, rows and rows of unknown quantity by (stage, criterion, status).  A row with
        several exchanges of one flow kind has the worst of their statuses.
    groups
        Keys of the groups that have at least one row.
    rows
        Number of inventory rows.
    """

    values: Mapping[Cell, float]
    magnitudes: Mapping[Cell, float]
    coverage: Mapping[tuple[Stage, str, Status], Counts]
    groups: frozenset[Key]
    rows: int

    def total(self, criterion: str = "climate_change") -> float:
        """Return the sum over groups and stages, NaN when nothing was assessed."""
        found = [value for (_, _, key), value in self.values.items() if key == criterion]
        return math.fsum(found) if found else math.nan


def reference_footprint(
    inventory: Inventory,
    *,
    method: str | Method,
    by: str | Sequence[str] = (),
    factors: Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    registry: Registry | None = None,
) -> ReferenceFootprint:
    """Measure an inventory with plain Python loops.

    For every exchange e of every row r of group g, on a flow f of amount a(e) (the product of its
    drivers) and for every cell (s, c) that f publishes,

        value[g, s, c] = sum of a(e) x F[f, s, c]

    with `math.fsum`, whose result is the exact sum rounded once.

    Parameters
    ----------
    inventory, method, by, factors, as_of, registry
        As in `reen.measure`.

    Raises
    ------
    UnknownNameError, PluginError
        As `reen.measure`.
    """
    ready = prepare_method(method, factors=factors, as_of=as_of, registry=registry)
    columns = (by,) if isinstance(by, str) else tuple(by)
    keys = _keys(inventory, columns)
    work = _Loop(ready, keys, known_quantities(inventory))
    # One batch whatever the chunks of the table: nothing is shared with how the engine cuts it.
    data = inventory.table.combine_chunks().to_batches()
    if data:
        for each in ready.answers(Batch(data[0], schema=EQUIPMENT)):
            work.take(each)
    return work.result(groups=frozenset(keys) if columns else frozenset({()}))


def _keys(inventory: Inventory, by: Sequence[str]) -> list[Key]:
    """Return the group of each row; a column that is not there reads as None."""
    have = inventory.table.column_names
    columns = [
        inventory.table[name].to_pylist() if name in have else [None] * len(inventory)
        for name in by
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * len(inventory)


def known_quantities(inventory: Inventory) -> list[float | None]:
    """Return the items of each row, None where unknown or out of range."""
    if "quantity" not in inventory.table.column_names:
        return [1.0] * len(inventory)
    field = inventory.table.schema.field("quantity")
    unit = (field.metadata or {}).get(b"unit", b"item").decode()
    scale = conversion_factor(unit, "item")
    return [
        cell * scale if cell is not None and math.isfinite(cell) and cell >= 0.0 else None
        for cell in inventory.table["quantity"].to_pylist()
    ]


class _Loop:
    """Exchanges taken one at a time."""

    def __init__(
        self, ready: ReadyMethod, keys: Sequence[Key], quantities: Sequence[float | None]
    ) -> None:
        self._ready = ready
        self._keys = keys
        self._quantities = quantities
        self._parts: dict[Cell, list[float]] = {}
        self._worst: dict[tuple[Stage, str, str, int], Status] = {}
        self._criteria = dict.fromkeys(ready.library.factors.criteria)
        self._answers: list[tuple[Exchanges, int, int, dict[tuple[Stage, str], float]]] = []
        self._known: dict[tuple[Flow, int], dict[tuple[Stage, str], float]] = {}

    def take(self, each: Exchanges) -> None:
        """Add the contributions of some exchanges and keep what their coverage needs."""
        if each.factors is not None:
            self._criteria |= dict.fromkeys(each.factors.criteria)
        for k in range(len(each)):
            row = k if each.row is None else int(each.row[k])
            code = int(each.flow[k])
            cells = self._cells(each.flows[code], each.factors) if code >= 0 else {}
            self._answers.append((each, k, row, cells))
            amount = 1.0
            for driver in each.drivers.values():
                amount *= float(driver.values[k])
            for (stage, criterion), factor in cells.items():
                cell = (self._keys[row], stage, criterion)
                self._parts.setdefault(cell, []).append(amount * factor)

    def _cells(self, flow: Flow, made: FactorSet | None) -> dict[tuple[Stage, str], float]:
        """Return the published cells of a flow."""
        where = (flow, 0 if made is None else id(made))
        if where in self._known:
            return self._known[where]
        own = self._ready.library.factors
        source = own if flow in own.flows or made is None else made
        position = source.flows.index(flow)
        cells = {}
        for s, stage in enumerate(source.stages):
            for c, criterion in enumerate(source.criteria):
                value = float(source.values[position, s, c])
                if not math.isnan(value):
                    cells[stage, criterion] = value
        self._known[where] = cells
        return cells

    def _judge(self) -> None:
        """Find the worst status of each row, by flow kind, stage and criterion."""
        for each, k, row, cells in self._answers:
            status = each.outcomes[int(each.outcome[k])].status
            for stage in each.kind.stages:
                for criterion in self._criteria:
                    verdict = status
                    if status is Status.ASSESSED:
                        verdict = _cell_status(
                            stage, {there for there, key in cells if key == criterion}
                        )
                    cell = (stage, criterion, each.kind.name, row)
                    self._worst[cell] = max(verdict, self._worst.get(cell, verdict))

    def result(self, *, groups: frozenset[Key]) -> ReferenceFootprint:
        """Return everything taken so far."""
        self._judge()
        counts: dict[tuple[Stage, str, Status], tuple[list[float], int, int]] = {}
        for (stage, criterion, _, row), status in self._worst.items():
            known, rows, unknown = counts.get((stage, criterion, status), ([], 0, 0))
            quantity = self._quantities[row]
            counts[stage, criterion, status] = (
                known if quantity is None else [*known, quantity],
                rows + 1,
                unknown + (quantity is None),
            )
        return ReferenceFootprint(
            values={cell: math.fsum(parts) for cell, parts in self._parts.items()},
            magnitudes={cell: math.fsum(map(abs, parts)) for cell, parts in self._parts.items()},
            coverage={
                where: (math.fsum(known), rows, unknown)
                for where, (known, rows, unknown) in counts.items()
            },
            groups=groups,
            rows=len(self._keys),
        )


def _cell_status(stage: Stage, published: set[Stage]) -> Status:
    """Return the status of an assessed row for a stage, its factor publishing some stages."""
    if stage in published:
        return Status.ASSESSED
    # The coarse stages hold the fine ones, and the other way round.
    if stage in _FINE and Stage.EMBEDDED in published:
        return Status.INCLUDED_ELSEWHERE
    if stage is Stage.EMBEDDED and published.intersection(_FINE):
        return Status.INCLUDED_ELSEWHERE
    if Stage.UNSPECIFIED in published or (stage is Stage.UNSPECIFIED and published):
        return Status.INCLUDED_ELSEWHERE
    return Status.LEFT_OUT
