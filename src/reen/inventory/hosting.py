"""Hosting: faults in the links between machines, their hosts and applications.

Input: the tables of an inventory by kind.  Output: the rows of one table with the columns of what
supports them, each under the name of the support (``host.datacenter_id``); and issues that no row
shows alone: machines without host or kind, servers without machine, applications without machine
or environment, explicit shares of a host that exceed it.  Names that lead nowhere are `references`'
affair.

Knows no method; changes no row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import empty_of, numpy_of
from reen.inventory.batch import Batch
from reen.inventory.issues import Issue, Severity
from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.inventory.system_schema import APPLICATIONS, VIRTUAL_MACHINES
from reen.reasons import Reason

__all__ = ["APPLICATIONS_ON_MACHINES", "MACHINES_ON_HOSTS", "hosting_issues", "supported"]


def _with(schema: TableSchema, support: TableSchema, prefix: str) -> TableSchema:
    """Return the columns of a table, and those of its support, which have no default there."""
    theirs = (
        attrs.evolve(column, name=f"{prefix}.{column.name}", default=None)
        for column in support.columns
    )
    return TableSchema(schema.name, (*schema.columns, *theirs))


#: Virtual machines, with the columns of their hosts.
MACHINES_ON_HOSTS = _with(VIRTUAL_MACHINES, EQUIPMENT, "host")

#: Applications, with the columns of the machines that they run on.
APPLICATIONS_ON_MACHINES = _with(APPLICATIONS, VIRTUAL_MACHINES, "machine")


def supported(
    rows: pa.Table,
    support: pa.Table,
    at: npt.NDArray[np.int64],
    *,
    schema: TableSchema,
    columns: Collection[str],
) -> Batch:
    """Return the rows of a table with columns of what supports them, as one batch.

    Parameters
    ----------
    rows, support
        The two tables.
    at
        Row of `support` for each row, -1 for none: its columns are then blank.
    schema
        One of the schemas of this module.
    columns
        Columns that may be read: those of the support that are not asked for are not put together.
    """
    there = pa.array(at, pa.int64(), mask=at < 0)
    for name in sorted(columns):
        _, dot, column = name.partition(".")
        if dot and column in support.column_names:
            field = support.schema.field(column).with_name(name)
            rows = rows.append_column(field, support[column].take(there))
    merged = rows.combine_chunks().to_batches()
    data = merged[0] if merged else empty_of(rows.schema)
    return Batch(data, schema=schema, columns=frozenset(columns))


#: What a sum of shares may exceed 1 by: rounded fractions such as 0.333 + 0.667.
_ROUNDING = 1e-6
#: Hosts that are told one by one.
_SHOWN = 20

_MASK = npt.NDArray[np.bool_]


def hosting_issues(tables: Mapping[str, pa.Table], servers: Collection[str]) -> Iterator[Issue]:
    """Yield what is odd between machines, hosts and applications.

    Parameters
    ----------
    tables
        By kind; nothing is told of an inventory without machines and applications.
    servers
        Types of equipment that are servers.
    """
    machines = tables["virtual_machines"]
    if machines.num_rows:
        yield from _without_host(machines)
        yield from _without_kind(machines)
        yield from _hosts_of_nothing(tables["equipment"], machines, servers)
        yield from _excess(machines)
    applications = tables["applications"]
    if not applications.num_rows:
        return
    if "environment" in applications.column_names:
        yield from _issues(
            applications,
            _blank(applications, "environment"),
            ("environment", ""),
            Reason("application_without_environment"),
            expected=Reason("expect_environment"),
        )
    yield from _issues(
        applications,
        _blank(applications, "virtual_machine_id"),
        ("virtual_machine_id", ""),
        Reason("application_without_machine"),
        expected=Reason("expect_machine_of_application"),
        severity=Severity.CELL,
    )


def _text(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Return a column as text, all blank where it is not there."""
    if name in table.column_names:
        return table[name].cast(pa.string())
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])


def _mask(column: pa.ChunkedArray | pa.Array) -> _MASK:
    return np.asarray(numpy_of(pc.fill_null(column, fill_value=False)), np.bool_)


def _blank(table: pa.Table, name: str) -> _MASK:
    return _mask(_text(table, name).is_null())


def _without_host(machines: pa.Table) -> Iterator[Issue]:
    """Yield an issue for the machines that name no host, and another for those of a cloud."""
    hostless = _blank(machines, "host_id")
    cloud = _mask(pc.equal(_text(machines, "infrastructure"), "public_cloud"))
    yield from _issues(
        machines,
        hostless & ~cloud,
        ("host_id", ""),
        Reason("machine_without_host"),
        expected=Reason("expect_host"),
        severity=Severity.CELL,
    )
    yield from _issues(
        machines, hostless & cloud, ("infrastructure", "public_cloud"), Reason("machine_of_cloud")
    )


def _without_kind(machines: pa.Table) -> Iterator[Issue]:
    """Yield an issue for the machines whose share of their host is not stated in any way.

    Where the table has the column at all: one without it leaves the question open for all.
    """
    if "kind" in machines.column_names:
        yield from _issues(
            machines,
            _blank(machines, "kind")
            & ~_blank(machines, "host_id")
            & _blank(machines, "allocation_share"),
            ("kind", ""),
            Reason("machine_without_kind"),
            expected=Reason("expect_kind_of_machine"),
            severity=Severity.CELL,
        )


def _hosts_of_nothing(
    equipment: pa.Table, machines: pa.Table, servers: Collection[str]
) -> Iterator[Issue]:
    """Note the servers that host no machine: their footprint reaches no application."""
    types = pa.array(sorted(servers), pa.string())
    hosts = _text(machines, "host_id").unique().drop_null()
    of_servers = _mask(pc.is_in(_text(equipment, "equipment_type"), value_set=types))
    idle = of_servers & ~_mask(pc.is_in(_text(equipment, "id"), value_set=hosts))
    if idle.any():
        first = _text(equipment, "id")[int(idle.argmax())].as_py() or ""
        yield from _issues(
            equipment,
            idle,
            ("id", first),
            Reason("server_without_machine"),
            expected=Reason("expect_machine_of_server"),
        )


def _excess(machines: pa.Table) -> Iterator[Issue]:
    """Yield an issue for the hosts whose explicit shares add up to more than the host."""
    if not {"host_id", "allocation_share"} <= set(machines.column_names):
        return
    host, share = _text(machines, "host_id"), machines["allocation_share"]
    usable = _mask(pc.and_(host.is_valid(), pc.is_finite(share)))
    sums = pa.table({"host": host, "share": share}).filter(pa.array(usable))
    sums = sums.group_by("host").aggregate([("share", "sum")])
    over = sums.filter(pc.greater(sums["share_sum"], 1.0 + _ROUNDING))
    over = over.sort_by([("share_sum", "descending"), ("host", "ascending")])
    for row in over.slice(0, _SHOWN).to_pylist():
        yield from _excess_of(machines, usable, [row["host"]], row["host"], row["share_sum"])
    rest = over.slice(_SHOWN)
    if rest.num_rows:
        names = rest["host"].to_pylist()
        shown = f"{names[0]}, +{len(names) - 1}"
        yield from _excess_of(machines, usable, names, shown, rest["share_sum"][0].as_py())


def _excess_of(
    machines: pa.Table, usable: _MASK, hosts: list[str], shown: str, total: float
) -> Iterator[Issue]:
    of_hosts = _mask(pc.is_in(_text(machines, "host_id"), value_set=pa.array(hosts, pa.string())))
    yield from _issues(
        machines,
        of_hosts & usable,
        ("allocation_share", shown),
        Reason("shares_exceed_host", total=float(f"{total:.6g}")),
        expected=Reason("expect_shares_of_host"),
    )


def _issues(
    table: pa.Table,
    mask: _MASK,
    cell: tuple[str, str],
    reason: Reason,
    *,
    expected: Reason | None = None,
    severity: Severity = Severity.NOTE,
) -> Iterator[Issue]:
    """Yield one issue of some rows for each file that they come from."""
    found = table.filter(pa.array(mask))
    sources = _text(found, "source")
    for source in sources.unique().to_pylist():
        own = _mask(sources.is_null() if source is None else pc.equal(sources, source))
        rows = found.filter(pa.array(own))
        lines = rows["source_row"].to_pylist() if "source_row" in rows.column_names else []
        yield Issue(
            cell[0],
            cell[1],
            reason,
            expected=expected,
            severity=severity,
            source=source or "",
            rows=tuple(line for line in lines[: Issue.SHOWN] if line is not None),
            count=rows.num_rows,
        )
