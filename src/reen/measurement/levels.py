"""Levels: what equipment takes, given to virtual machines, and what those take to applications.

    amount[target, flow] = sum over links of share * amount[source, flow]

Input: a prepared method that allocates and an inventory.  Output: the rows of the level and their
exchanges, ready to be folded, traced or explained like any other, with the driver
`allocation_share` beside those of their source; and the balance of what hosts gave.  The method
says the shares.  Nothing is normalised: shares that add up to more or less than 1 are the method's
affair, and are reported beside the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.digest import MASK, digest_of
from reen.engine.exchanges import Driver, Exchanges, FlowKind
from reen.engine.fold import Fold
from reen.engine.fold_builder import FoldBuilder
from reen.errors import OptionError, PluginError
from reen.inventory.account import Account
from reen.inventory.batch import Batch
from reen.inventory.grouping_columns import check_groups
from reen.inventory.hosting import APPLICATIONS_ON_MACHINES, MACHINES_ON_HOSTS, supported
from reen.inventory.inventory import Inventory
from reen.inventory.schema import TableSchema
from reen.inventory.system_schema import APPLICATIONS, DATACENTERS, VIRTUAL_MACHINES
from reen.measurement.folding import LINKED
from reen.measurement.ready_method import ReadyMethod
from reen.plugins.guard import blame
from reen.plugins.method import Allocating, Shares
from reen.reasons import Reason

__all__ = [
    "EXPECTED_LEVEL",
    "LEVELS",
    "Level",
    "Links",
    "allocate",
    "balance",
    "fold_level",
    "level_of",
    "machine_links",
]

#: What may be measured, and the table whose rows are then counted.
LEVELS = ("equipment", "virtual_machine", "application")

#: What may be measured of a source without virtual machines or applications.
EXPECTED_LEVEL = Reason("error_level_of_equipment")


@attrs.frozen(eq=False)
class Level:
    """The rows of a level and their exchanges.

    Attributes
    ----------
    schema
        Table of the rows.
    batch
        All rows.
    exchanges
        Their exchanges; `row` is always given.
    """

    schema: TableSchema
    batch: Batch
    exchanges: tuple[Exchanges, ...]


def level_of(ready: ReadyMethod, inventory: Inventory, level: str) -> Level:
    """Return the rows and exchanges of virtual machines or applications.

    Raises
    ------
    OptionError
        Another level, one of which the inventory has no row, or a method that does not allocate.
    PluginError
        The method broke its contract.
    """
    if level not in LEVELS[1:]:
        raise OptionError(
            "measure", "level", level, Reason("error_one_of", names=", ".join(LEVELS))
        )
    machines = _machines(ready, inventory)
    table = VIRTUAL_MACHINES if level == "virtual_machine" else APPLICATIONS
    if not inventory.tables[table.name].num_rows:
        raise OptionError("measure", "level", level, EXPECTED_LEVEL)
    if level == "virtual_machine":
        return machines
    prepared = _allocating(ready)
    batch = inventory.batch(APPLICATIONS)
    support = inventory.machine_of_application()
    rows = supported(
        inventory.applications,
        inventory.virtual_machines,
        support,
        schema=APPLICATIONS_ON_MACHINES,
        columns=prepared.application_columns,
    )
    with blame(ready.name, "on the shares of applications"):
        shares = prepared.application_shares(rows)
    links = _links(ready, support, shares)
    given = (allocate(each, links) for each in machines.exchanges)
    missing = (_without(kind, shares) for kind in ready.prepared.kinds)
    return Level(APPLICATIONS, batch, tuple(each for each in (*given, *missing) if len(each)))


def _allocating(ready: ReadyMethod) -> Allocating:
    if not isinstance(ready.prepared, Allocating):
        raise OptionError(
            Reason("error_method", name=ready.method.name),
            "level",
            Reason("error_virtual_machine_application"),
            Reason("error_equipment_this_method_does_not_say"),
        )
    return ready.prepared


def machine_links(
    ready: ReadyMethod, inventory: Inventory
) -> tuple[Shares, dict[str, Links], tuple[Exchanges, ...]]:
    """Return the machines' shares, the links by flow kind, and the machines' own exchanges.

    A machine with an exchange of its own for a flow kind gets no share of its host's for it.
    """
    prepared = _allocating(ready)
    hosts = inventory.host_of_machine()
    machines = supported(
        inventory.virtual_machines,
        inventory.table,
        hosts,
        schema=MACHINES_ON_HOSTS,
        columns=prepared.machine_columns,
    )
    with blame(ready.name, "on the shares of virtual machines"):
        shares = prepared.machine_shares(machines)
        own = tuple(ready.checked(list(prepared.machine_exchanges(machines))))
    links = {}
    for kind in ready.prepared.kinds:
        mine = _own_rows(own, kind, len(hosts))
        links[kind.name] = _links(ready, np.where(mine, -1, hosts), shares)
    return shares, links, own


def _own_rows(own: Sequence[Exchanges], kind: FlowKind, size: int) -> npt.NDArray[np.bool_]:
    mine = np.zeros(size, np.bool_)
    for each in own:
        if each.kind == kind and each.row is not None:
            mine[each.row] = True
    return mine


def _links(ready: ReadyMethod, support: npt.NDArray[np.int64], shares: Shares) -> Links:
    if len(shares.share) != len(support):
        raise PluginError(ready.name, f"gave {len(shares.share)} shares for {len(support)} rows")
    there = ~np.isnan(shares.share)
    if (shares.share[there] < 0.0).any() or np.isinf(shares.share[there]).any():
        raise PluginError(ready.name, "gave a share that is negative or infinite")
    if (there & (support < 0)).any():
        # a share without a support would be lost; only rows with their own exchanges may have one
        there = there & (support >= 0)
    rows = np.flatnonzero(there)
    return Links.of(support[rows], rows.astype(np.int64), shares.share[rows])


def _machines(ready: ReadyMethod, inventory: Inventory) -> Level:
    shares, links, own = machine_links(ready, inventory)
    batch = inventory.batch(VIRTUAL_MACHINES)
    exchanges = [
        allocate(each, links[each.kind.name], offset=offset)
        for offset, each in _host_exchanges(ready, inventory)
    ]
    exchanges += own
    exchanges += [
        _without(kind, shares, _own_rows(own, kind, len(batch))) for kind in ready.prepared.kinds
    ]
    return Level(VIRTUAL_MACHINES, batch, tuple(each for each in exchanges if len(each)))


def _host_exchanges(ready: ReadyMethod, inventory: Inventory) -> Iterator[tuple[int, Exchanges]]:
    for batch in inventory.batches():
        for each in ready.answers(batch):
            yield batch.offset, each


def _without(kind: FlowKind, shares: Shares, own: npt.NDArray[np.bool_] | None = None) -> Exchanges:
    """Return the answer for the rows that get no share: no flow, and the reason."""
    without = np.isnan(shares.share)
    if own is not None:
        without &= ~own
    rows = np.flatnonzero(without)
    unit = "item"
    blank = np.full(len(rows), np.nan)
    return Exchanges(
        kind=kind,
        flows=(),
        flow=np.full(len(rows), -1, np.int32),
        drivers={"quantity": Driver(blank, "item"), "per_lifetime": Driver(blank, "1/year")},
        reference_unit=unit,
        outcomes=shares.outcomes,
        outcome=shares.outcome[rows],
        row=rows,
    )


def fold_level(ready: ReadyMethod, inventory: Inventory, level: str, by: Sequence[str]) -> Fold:
    """Fold the rows of a level; the digest also covers the tables that they depend on."""
    rows = level_of(ready, inventory, level)
    check_groups(by, rows.batch)
    builder = FoldBuilder(method=ready.method.name, by=by, factors=ready.library.factors)
    with blame(ready.name, f"while its answers were folded by {level}"):
        facts = ready.facts(rows.batch, by, columns=frozenset(rows.batch.schema))
        builder.add(facts, rows.exchanges)
    fold = builder.result()
    below = [*inventory.batches(), inventory.batch(DATACENTERS)]
    if level == "application":
        below.append(inventory.batch(VIRTUAL_MACHINES))
    digest = sum(digest_of(batch, batch.schema) for batch in below)
    account = Account.sum(map(inventory.account_of, LINKED))
    return attrs.evolve(fold, digest=(fold.digest + digest) & MASK, account=account)


@attrs.frozen(eq=False)
class Links:
    """Shares of source rows that target rows get.

    Attributes
    ----------
    source, target
        int64 row positions, length n, sorted by source.
    share
        float64, length n.
    """

    source: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    share: npt.NDArray[np.float64]

    @classmethod
    def of(
        cls,
        source: npt.NDArray[np.int64],
        target: npt.NDArray[np.int64],
        share: npt.NDArray[np.float64],
    ) -> Links:
        """Return links sorted by source row, those without a source (-1) left out."""
        there = source >= 0
        order = np.argsort(source[there], kind="stable")
        return cls(source[there][order], target[there][order], share[there][order])


def allocate(each: Exchanges, links: Links, *, offset: int = 0) -> Exchanges:
    """Return the exchanges of target rows that source exchanges give them.

    Parameters
    ----------
    each
        Exchanges of source rows; row r of the batch is source row ``offset + r``.
    links
        Who gets which share of what.
    offset
        Position of the batch's first row in the source table.

    Returns
    -------
    Exchanges
        One exchange per (source exchange, link of its row), with `row` in the target table.  Each
        keeps the relative spread of its source; what targets of one source share of its error is
        not kept, so that the spread of their sum comes out too small.
    """
    rows = offset + (np.arange(len(each)) if each.row is None else each.row)
    first = np.searchsorted(links.source, rows, side="left")
    count = np.searchsorted(links.source, rows, side="right") - first
    origin = np.repeat(np.arange(len(each)), count)
    # positions of the links of each exchange, one run after the other
    runs = np.arange(len(origin)) - np.repeat(np.cumsum(count) - count, count)
    link = np.repeat(first, count) + runs
    drivers = {
        name: Driver(driver.values[origin], driver.unit) for name, driver in each.drivers.items()
    }
    name = "allocation_share" if "allocation_share" not in drivers else "application_share"
    drivers[name] = Driver(links.share[link], "1")
    return attrs.evolve(
        each,
        flow=each.flow[origin],
        drivers=drivers,
        outcome=each.outcome[origin],
        row=links.target[link],
        amount_spread=None if each.amount_spread is None else each.amount_spread[origin],
    )


def balance(
    links: Links, *, sources: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return (allocated, unallocated, over-allocated) shares of each source row.

    For every source row: allocated + unallocated - over-allocated = 1.

    Parameters
    ----------
    links
        Who gets which share of what.
    sources
        Number of source rows.

    Returns
    -------
    tuple of numpy.ndarray
        Three float64 arrays of length `sources`.
    """
    allocated = np.zeros(sources)
    np.add.at(allocated, links.source, links.share)
    return (
        allocated,
        np.maximum(0.0, 1.0 - allocated),
        np.maximum(0.0, allocated - 1.0),
    )
