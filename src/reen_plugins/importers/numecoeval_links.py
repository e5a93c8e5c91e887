"""Links between NumEcoEval files: names that stand twice, and references from file to file.

Input: the rows of every file.  Output: the same rows, each name once, and issues on machines
without host, servers without machine, and explicit shares of a host that exceed it.  References to
what is not there at all are checked by reen itself, for every format.

A name is one within its data source (`nomSourceDonnee`), as the publisher's own key has it; an
application is one per environment and machine.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen import Severity
from reen.tables.sheet import codes_of
from reen_plugins.importers.numecoeval_cells import where_true
from reen_plugins.importers.numecoeval_columns import FileKind
from reen_plugins.importers.numecoeval_file import FileRows

__all__ = ["check_links", "each_name_once"]

#: Columns that make a row one, by kind of file; kept columns under their header.
_KEYS = {
    FileKind.DATACENTERS: ("id",),
    FileKind.EQUIPMENT: ("id", "nomSourceDonnee"),
    FileKind.VIRTUAL_MACHINES: ("id", "nomSourceDonnee"),
    FileKind.APPLICATIONS: ("id", "environment", "virtual_machine_id", "equipment_id"),
}

#: What a share sum may exceed 1 by: rounded fractions such as 0.333 + 0.667.
_ROUNDING = 1e-6


def each_name_once(files: Sequence[FileRows]) -> list[FileRows]:
    """Return the files without the rows whose name stands in a row before, which are refused."""
    result = list(files)
    for kind in FileKind:
        places = [k for k, file in enumerate(files) if file.kind is kind]
        if not places:
            continue
        keys = pa.chunked_array([_keys(files[k].table, kind) for k in places], pa.string())
        codes = codes_of(keys.combine_chunks().dictionary_encode())
        _, first = np.unique(codes, return_index=True)
        repeated = codes >= 0
        repeated[first] = False
        start = 0
        for k in places:
            size = files[k].table.num_rows
            result[k] = _refuse_repeated(files[k], repeated[start : start + size])
            start += size
    return result


def _keys(table: pa.Table, kind: FileKind) -> pa.Array:
    """Return the key of each row, null for a row without a name."""
    parts = []
    for name in _KEYS[kind]:
        if name not in table.column_names:
            continue
        cells = table[name].cast(pa.string())
        # "finances" and "Finances" of one environment and machine are one application
        parts.append(pc.utf8_lower(cells) if kind is FileKind.APPLICATIONS else cells)
    if not table.num_rows:
        return pa.array([], pa.string())
    joined = pc.binary_join_element_wise(
        *parts, "\x1f", null_handling="replace", null_replacement=""
    )
    keys = pc.if_else(table["id"].is_valid(), joined, pa.scalar(None, pa.string()))
    return keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys


def _refuse_repeated(file: FileRows, repeated: npt.NDArray[np.bool_]) -> FileRows:
    if not repeated.any():
        return file
    rows = np.flatnonzero(repeated)
    words = _dictionary(file.table["id"].take(pa.array(rows)))
    one = "application, environment and machine" if file.kind is FileKind.APPLICATIONS else "name"
    file.findings.values(
        "id",
        dict(enumerate(words.dictionary.to_pylist())),
        "stands in a row before, which is kept",
        codes_of(words),
        _lines(file, rows),
        expected=f"one row per {one}",
        severity=Severity.REJECTED,
    )
    return file.without(repeated)


def _dictionary(cells: pa.ChunkedArray) -> pa.DictionaryArray:
    words = cells.cast(pa.string()).combine_chunks().dictionary_encode()
    return words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words


def _lines(file: FileRows, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    lines: npt.NDArray[np.int64] = file.table["source_row"].to_numpy()[rows]
    return lines


def check_links(files: Sequence[FileRows], servers: Collection[str]) -> None:
    """Add the issues of hosts and machines to the findings of the files.

    Parameters
    ----------
    files
        All files.
    servers
        Keys of the equipment types that are servers.
    """
    machines = [file for file in files if file.kind is FileKind.VIRTUAL_MACHINES]
    for file in machines:
        _tell_hostless(file)
    if machines:
        hosts = _named_hosts(machines)
        for file in files:
            if file.kind is FileKind.EQUIPMENT:
                _tell_unused_servers(file, hosts, servers)
        _tell_share_sums(machines)


def _tell_hostless(file: FileRows) -> None:
    """Tell the machines that name no host, those of a cloud apart: they have none."""
    table = file.table
    if "host_id" in table.column_names:
        hostless = where_true(table["host_id"].is_null())
    else:
        hostless = np.ones(table.num_rows, np.bool_)
    cloud = np.zeros(table.num_rows, np.bool_)
    if "infrastructure" in table.column_names:
        places = table["infrastructure"].cast(pa.string())
        cloud = where_true(pc.equal(places, "public_cloud"))
    rows = np.flatnonzero(hostless & ~cloud)
    file.findings.rows(
        "host_id",
        "",
        "names no host: nothing can be allocated to the machine",
        _lines(file, rows),
        expected="the nomEquipementPhysique of its host",
        severity=Severity.CELL,
    )
    rows = np.flatnonzero(hostless & cloud)
    file.findings.rows(
        "infrastructure",
        "CLOUD_SERVICES",
        "is a machine of a cloud, without a host to share: a method of hosts leaves it out",
        _lines(file, rows),
        expected="",
    )


def _named_hosts(machines: Sequence[FileRows]) -> pa.Array:
    """Return the distinct hosts that machines name."""
    names = [
        file.table["host_id"].cast(pa.string()).combine_chunks()
        for file in machines
        if "host_id" in file.table.column_names
    ]
    flat = pa.chunked_array(names, pa.string())
    return flat.unique().drop_null()


def _tell_unused_servers(file: FileRows, hosts: pa.Array, servers: Collection[str]) -> None:
    """Note the servers that host no machine: their footprint reaches no application."""
    table = file.table
    if "equipment_type" not in table.column_names or not table.num_rows:
        return
    kind = table["equipment_type"].cast(pa.string())
    of_servers = where_true(pc.is_in(kind, value_set=pa.array(sorted(servers), pa.string())))
    hosting = where_true(pc.is_in(table["id"].cast(pa.string()), value_set=hosts))
    rows = np.flatnonzero(of_servers & ~hosting)
    if len(rows):
        file.findings.rows(
            "id",
            table["id"][int(rows[0])].as_py() or "",
            "hosts no virtual machine: its footprint is in the equipment only",
            _lines(file, rows),
            expected="its name in nomEquipementPhysique of a virtual machine, when it hosts any",
        )


def _tell_share_sums(machines: Sequence[FileRows]) -> None:
    """Tell the hosts whose explicit shares add up to more than the host."""
    tables = [
        file.table.select(["host_id", "allocation_share"])
        for file in machines
        if {"host_id", "allocation_share"} <= set(file.table.column_names)
    ]
    if not tables:
        return
    together = pa.concat_tables(
        [
            pa.table({"host": t["host_id"].cast(pa.string()), "share": t["allocation_share"]})
            for t in tables
        ]
    )
    usable = pc.and_(together["host"].is_valid(), pc.is_finite(together["share"]))
    usable_rows = together.filter(pa.array(where_true(usable)))
    sums = usable_rows.group_by("host").aggregate([("share", "sum")])
    over = sums.filter(pc.greater(sums["share_sum"], 1.0 + _ROUNDING))
    if not over.num_rows:
        return
    excess = dict(zip(over["host"].to_pylist(), over["share_sum"].to_pylist(), strict=True))
    for file in machines:
        if {"host_id", "allocation_share"} <= set(file.table.column_names):
            _tell_excess(file, excess)


def _tell_excess(file: FileRows, excess: dict[str, float]) -> None:
    words = _dictionary(file.table["host_id"])
    shared = where_true(file.table["allocation_share"].is_valid())
    codes = np.where(shared, codes_of(words), -1)
    there = [(k, host) for k, host in enumerate(words.dictionary.to_pylist()) if host in excess]
    for k, host in sorted(there, key=lambda pair: -excess[pair[1]])[:20]:
        file.findings.rows(
            "allocation_share",
            host,
            f"is a host whose explicit shares add up to {excess[host]:.6g}: what exceeds 1 is"
            " allocated twice",
            _lines(file, np.flatnonzero(codes == k)),
            expected="shares of one host that add up to 1 at the most",
        )
    rest = [k for k, _ in sorted(there, key=lambda pair: -excess[pair[1]])[20:]]
    file.findings.rows(
        "allocation_share",
        f"{len(rest)} other hosts",
        "have explicit shares that add up to more than 1",
        _lines(file, np.flatnonzero(np.isin(codes, rest))),
        expected="shares of one host that add up to 1 at the most",
    )
