"""Balancing: what hosts gave to their virtual machines, set against what they have.

Input: an information system and a method that allocates.  Output: a table with, for every host,
stage and criterion, the host's impact and what was allocated, left over, and given twice:

    allocated + unallocated - over-allocated = impact of the host

The use of machines that declare their own electricity is no share of a host and stands apart.
Adds nothing to the arithmetic of `measure`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.engine.exchanges import Exchanges, FlowKind
from reen.errors import OptionError
from reen.inventory.inventory import Inventory
from reen.measurement.arguments import PackLike
from reen.measurement.levels import balance, machine_links
from reen.measurement.ready_method import ReadyMethod, prepare_method
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.sources.reading import read
from reen.vocabulary.arguments import criteria_of
from reen.vocabulary.stages import Stage

__all__ = ["allocation_balance"]

Floats = npt.NDArray[np.float64]


def allocation_balance(
    source: Inventory | str | Path,
    *,
    method: str | Method,
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    criteria: str | Sequence[str] | None = None,
    registry: Registry | None = None,
) -> pa.Table:
    """Return the impact that each host passed on to its virtual machines.

    Parameters
    ----------
    source
        An inventory with virtual machines, or the path of its folder.
    method
        A registered name or a configured method, one that allocates (``numecoeval``).
    factors, as_of, registry
        As in `measure`.
    criteria
        A criterion to show, or several, keys or aliases; all that the packs publish when absent.

    Returns
    -------
    pyarrow.Table
        One row per host that a machine names, stage and criterion that the host publishes:
        ``host`` (its id), ``row`` (its position in the equipment), ``stage``, ``criterion``,
        ``unit`` (such as kgCO2e/year), ``share`` (sum of the shares of its machines), ``impact``
        (of the host), ``allocated``, ``unallocated``, ``over_allocated``, and ``own_use`` (of
        machines that declare their own electricity; they get no share of that stage).  Null where
        the host is not assessed.

    Raises
    ------
    OptionError
        The source has no virtual machine, or the method does not allocate.
    UnknownNameError, PluginError
        As `measure`.

    Examples
    --------
    >>> balance = reen.allocation_balance(
    ...     "examples/numecoeval",
    ...     method="numecoeval",
    ...     criteria="climate_change",
    ...     as_of="2024-12-31",
    ... )
    >>> balance.select(["host", "stage", "share"]).to_pylist()[0]
    {'host': 'srv-1', 'stage': 'use', 'share': 1.0}
    """
    given: object = source
    inventory = read(source, registry=registry) if isinstance(source, (str, Path)) else given
    if not isinstance(inventory, Inventory) or not inventory.virtual_machines.num_rows:
        expected = Reason("error_an_inventory_virtual_machines_reen_read")
        raise OptionError("allocation_balance", "source", type(inventory).__name__, expected)
    ready = prepare_method(
        method, factors=factors, as_of=as_of, registry=registry, datacenters=inventory.datacenter()
    )
    _, links, own = machine_links(ready, inventory)
    machine_hosts = inventory.host_of_machine()
    hosts = np.unique(machine_hosts[machine_hosts >= 0])
    keys = criteria_of(
        "allocation_balance", criteria, ready.library.factors.criteria, ready.criteria
    )
    parts: list[pa.Table] = []
    for kind in ready.prepared.kinds:
        sides = _Sides(ready, kind, keys, hosts)
        for offset, each in _exchanges(ready, inventory, kind):
            sides.add(sides.impact, each, _positions(each, offset))
        for each in own:
            if each.kind == kind:
                sides.add(sides.own, each, machine_hosts[_positions(each, 0)])
        shares, left, twice = balance(links[kind.name], sources=len(inventory))
        parts += sides.tables(shares[hosts], left[hosts], twice[hosts])
    names = _names(inventory, hosts)
    table = pa.concat_tables(parts) if parts else _empty()
    at = pa.array(np.searchsorted(hosts, numpy_of(table["row"])))
    table = table.add_column(0, "host", names.take(at))
    return table.sort_by([("row", "ascending"), ("order", "ascending")]).drop_columns(["order"])


def _exchanges(
    ready: ReadyMethod, inventory: Inventory, kind: FlowKind
) -> Iterator[tuple[int, Exchanges]]:
    """Yield the exchanges of the equipment for one flow kind, with the offset of their batch."""
    for batch in inventory.batches():
        for each in ready.answers(batch):
            if each.kind == kind:
                yield batch.offset, each


def _positions(each: Exchanges, offset: int) -> npt.NDArray[np.int64]:
    rows = np.arange(len(each)) if each.row is None else each.row
    return np.asarray(rows, np.int64) + offset


def _names(inventory: Inventory, hosts: npt.NDArray[np.int64]) -> pa.Array:
    """Return the id of each host; a host was found by it, so there is one."""
    if not len(hosts):
        return pa.array([], pa.string())
    ids = inventory.table["id"].take(pa.array(hosts)).cast(pa.string())
    return ids.combine_chunks()


@attrs.define(eq=False)
class _Sides:
    """Impacts of hosts and of their machines, (hosts, stages, criteria) of one flow kind.

    NaN until something is added: a host whose factor does not publish a cell has none.
    """

    ready: ReadyMethod
    kind: FlowKind
    criteria: tuple[str, ...]
    hosts: npt.NDArray[np.int64]
    impact: Floats = attrs.field(init=False)
    own: Floats = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        shape = (len(self.hosts), len(self.kind.stages), len(self.criteria))
        self.impact = np.full(shape, np.nan)
        self.own = np.full(shape, np.nan)

    def add(self, sums: Floats, each: Exchanges, support: npt.NDArray[np.int64]) -> None:
        """Add the impacts of exchanges to the hosts that they are of, or that support them."""
        place = np.searchsorted(self.hosts, support)
        inside = np.flatnonzero((place < len(self.hosts)) & (each.flow >= 0) & (support >= 0))
        inside = inside[self.hosts[place[inside]] == support[inside]]
        used, flow = np.unique(each.flow[inside], return_inverse=True)
        factors = self.ready.library.rows([each.flows[k] for k in used], each.factors)
        amount = each.amount()[inside]
        for s, stage in enumerate(self.kind.stages):
            for c, key in enumerate(self.criteria):
                if stage not in factors.stages or key not in factors.criteria:
                    continue
                cell = factors.values[:, factors.stages.index(stage), factors.criteria.index(key)]
                values = amount * cell[flow]
                there = ~np.isnan(values)
                at = place[inside][there]
                sums[at, s, c] = np.nan_to_num(sums[at, s, c], nan=0.0)
                np.add.at(sums, (at, s, c), values[there])

    def tables(self, share: Floats, left: Floats, twice: Floats) -> Iterator[pa.Table]:
        """Yield one table per stage and criterion in which some host or machine has an impact."""
        ranks = list(Stage)
        for s, stage in enumerate(self.kind.stages):
            for c, key in enumerate(self.criteria):
                impact, own = self.impact[:, s, c], self.own[:, s, c]
                if np.isnan(impact).all() and np.isnan(own).all():
                    continue
                size = len(self.hosts)
                unit = f"{self.ready.criteria[key].unit}/year"
                yield pa.table(
                    {
                        "row": pa.array(self.hosts, pa.int64()),
                        "stage": pa.array([str(stage)] * size, pa.string()),
                        "criterion": pa.array([key] * size, pa.string()),
                        "unit": pa.array([unit] * size),
                        "share": pa.array(share),
                        "impact": pa.array(impact, from_pandas=True),
                        "allocated": pa.array(impact * share, from_pandas=True),
                        "unallocated": pa.array(impact * left, from_pandas=True),
                        "over_allocated": pa.array(impact * twice, from_pandas=True),
                        "own_use": pa.array(own, from_pandas=True),
                        "order": pa.array([ranks.index(stage) * 1000 + c] * size, pa.int64()),
                    }
                )


def _empty() -> pa.Table:
    numbers = ("share", "impact", "allocated", "unallocated", "over_allocated", "own_use")
    texts = ("stage", "criterion", "unit")
    return pa.table(
        {"row": pa.array([], pa.int64())}
        | {name: pa.array([], pa.string()) for name in texts}
        | {name: pa.array([], pa.float64()) for name in numbers}
        | {"order": pa.array([], pa.int64())}
    )
