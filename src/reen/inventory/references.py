"""References: the names by which rows of one table point to rows of another, checked.

Input: the tables of an inventory by kind.  Output: issues for names that stand twice and names that
lead nowhere; the position of each row's target.  A row whose reference dangles stays: a method
leaves it out by name.  Knows no method.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Issue, Severity

__all__ = ["positions", "reference_issues"]

#: Names of a column reported one by one; those beyond are counted in one issue.
_NAMES_REPORTED = 100

#: Kinds of table that others refer to, or that refer to them, beside equipment.
_LINKING = ("datacenters", "virtual_machines", "applications")

#: Column that refers, its table, the table it refers to, and what that lists.
_KEYS = (
    ("equipment", "datacenter_id", "datacenters", "a data centre"),
    ("virtual_machines", "host_id", "equipment", "an equipment row"),
    ("applications", "virtual_machine_id", "virtual_machines", "a virtual machine"),
)


def positions(table: pa.Table, key: str, target: pa.Table) -> npt.NDArray[np.int64]:
    """Return the first row of `target` whose ``id`` is each row's `key`, -1 for none."""
    if key not in table.column_names or "id" not in target.column_names or not table.num_rows:
        return np.full(table.num_rows, -1, np.int64)
    found = pc.index_in(
        table[key].cast(pa.string()),
        value_set=target["id"].cast(pa.string()).combine_chunks(),
        skip_nulls=True,
    )
    rows: npt.NDArray[np.int64] = numpy_of(found.fill_null(-1)).astype(np.int64)
    return rows


def reference_issues(tables: Mapping[str, pa.Table]) -> tuple[Issue, ...]:
    """Return the issues of duplicate names and dangling references.

    Parameters
    ----------
    tables
        By kind.  Equipment alone refers to nothing that could be looked up, and is not checked.
    """
    if not any(tables[kind].num_rows for kind in _LINKING):
        return ()
    issues = []
    for kind in ("equipment", "datacenters", "virtual_machines"):
        issues += _duplicates(tables[kind], kind)
    for kind, key, target, what in _KEYS:
        issues += _dangling(tables[kind], kind, key, tables[target], what)
    return tuple(issues)


def _duplicates(table: pa.Table, source: str) -> list[Issue]:
    if "id" not in table.column_names:
        return []
    counts = table["id"].cast(pa.string()).drop_null().value_counts()
    twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    return _by_name(
        _Names(table, source, "id", twice),
        one="stands in several rows; references take the first",
        many="stand in several rows each; references take the first",
        expected="one row per name",
        severity=Severity.NOTE,
    )


def _dangling(table: pa.Table, source: str, key: str, target: pa.Table, what: str) -> list[Issue]:
    if key not in table.column_names:
        return []
    found = positions(table, key, target)
    values = table[key].cast(pa.string())
    lost = pc.and_(pa.array(found < 0), values.is_valid().combine_chunks())
    return _by_name(
        _Names(table, source, key, values.filter(lost).unique()),
        one=f"refers to {what} that is not there",
        many=f"refer each to {what} that is not there",
        expected=f"the id of {what}",
        severity=Severity.CELL,
    )


@attrs.frozen(eq=False, repr=False)
class _Names:
    """Names of a column that have one fault, and so have the cells with one of these names."""

    table: pa.Table
    source: str
    column: str
    names: pa.Array


def _by_name(
    at_fault: _Names, *, one: str, many: str, expected: str, severity: Severity
) -> list[Issue]:
    """Return an issue per name; those beyond a limit share the last one, which counts them."""
    cells = at_fault.table[at_fault.column].cast(pa.string())
    first, rest = at_fault.names[:_NAMES_REPORTED], at_fault.names[_NAMES_REPORTED:]
    said = [(name, one, pc.equal(cells, name)) for name in first.to_pylist()]
    if len(rest):
        other = pc.is_in(cells, value_set=rest, skip_nulls=True)
        said.append(("(other names)", f"{len(rest):,} further names {many}", other))
    return [
        _issue(at_fault, value, reason, expected=expected, where=where, severity=severity)
        for value, reason, where in said
    ]


def _issue(
    at_fault: _Names,
    value: str,
    reason: str,
    *,
    expected: str,
    where: pa.ChunkedArray,
    severity: Severity,
) -> Issue:
    table, source = at_fault.table, at_fault.source
    rows = pc.indices_nonzero(where)
    lines = rows[: Issue.SHOWN]
    if "source_row" in table.column_names:
        lines = table["source_row"].take(lines)
    if "source" in table.column_names and len(rows):
        source = table["source"][int(rows[0].as_py())].as_py() or source
    return Issue(
        at_fault.column,
        value,
        reason,
        expected=expected,
        severity=severity,
        source=source,
        rows=tuple(int(line) for line in lines.to_pylist() if line is not None),
        count=len(rows),
    )
