"""Identity: several records of one asset become one, inside a list and across lists.

Input: the tables of tools that name each thing once in all their files, and a conformed table of
all others (types resolved; `source` and `source_row` say where each row stands).  Output: the same
rows, each asset once, every merge named by its rows, and what is in doubt.  Of two rows that a tool
gives one name, the first counts and the other is refused.

Records are candidates when they share a serial number, a UUID, an inventory number, or an id inside
one list; never for a name alone.  What an asset is must agree wherever both state it; what says
when it was seen may differ where the evidence shows why (`verdicts`).  Which record gives which
cell stands in `fields`.  Lists are settled one by one before they are compared (`rounds`).

The result depends neither on the order of rows, lists or columns nor on blank columns, and merging
it again changes nothing: rounds are made until none merges.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.account import Merge
from reen.inventory.issues import Issue, Severity
from reen.inventory.schema import EQUIPMENT
from reen.inventory.system_schema import APPLICATIONS
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.identity.identifiers import (
    IDENTIFYING,
    comparable,
    hardware_columns,
    repeated_rows,
)
from reen.tables.importing import Imported
from reen.tables.sheet import codes_of, map_columns

__all__ = ["Merged", "each_name_once", "merge_assets"]

Codes = npt.NDArray[np.int64]


@attrs.frozen(eq=False, repr=False)
class Merged:
    """Rows, each asset once.

    Attributes
    ----------
    table
        The rows kept, in their order, fields combined.
    rows
        Their positions in the table given.
    cells
        For a column, the positions in the table given of the rows that its cells come from.
    merges
        Every other row, the row that it is merged into, and why.
    issues
        Rows that may be one asset (doubts), identifiers that are none, fields that differ (notes).
    """

    table: pa.Table
    rows: Codes
    cells: Callable[[str], Codes]
    merges: tuple[Merge, ...] = ()
    issues: tuple[Issue, ...] = ()


def merge_assets(
    table: pa.Table,
    *,
    keys: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Merged:
    """Return the rows of a table with each asset once.

    Parameters
    ----------
    table
        Conformed rows of one list or several; the column `source` says which.
    keys
        For a list, the columns by which its tool tells assets apart: rows that have the first
        filled one in common are one asset, without further evidence.

    Returns
    -------
    Merged
        The rows kept, the merges and the issues.
    """
    shared = _candidates(table, {name for columns in keys.values() for name in columns})
    if not len(shared):
        every = np.arange(table.num_rows, dtype=np.int64)
        return Merged(table, every, lambda _: every)
    from reen.tables.identity.rounds import Rounds

    work = Rounds(table, shared)
    work.by_keys(keys)
    while work.inside() or work.across():
        pass
    return Merged(*work.outcome())


def _candidates(table: pa.Table, keys: Collection[str]) -> Codes:
    """Return the rows that share an identifier or a key with another, in order."""
    found = np.zeros(table.num_rows, np.bool_)
    others = (name for name in table.column_names if name not in EQUIPMENT)
    names = dict.fromkeys((*IDENTIFYING, *hardware_columns(others, "uuid"), *sorted(keys)))
    there = [name for name in names if name in table.column_names]
    columns = [table[name] for name in there if table[name].null_count < table.num_rows]
    for rows in map_columns(lambda cells: repeated_rows(comparable(cells)), columns):
        found[rows] = True
    return np.flatnonzero(found).astype(np.int64)


def each_name_once(parts: Sequence[Imported]) -> list[Imported]:
    """Return the tables without the rows whose name stands in a row before.

    A row without a name is refused too, but for equipment, which counts all the same.  Names that
    other tables refer to are compared as they are written; those of applications, to which nothing
    refers, in any case.

    Parameters
    ----------
    parts
        The tables, in order; those of one kind and the same `Imported.unique` are looked at as one.
    """
    result = list(parts)
    together: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for place, part in enumerate(parts):
        if part.unique and "id" in part.table.column_names:
            together.setdefault((part.kind, part.unique), []).append(place)
    for places in together.values():
        keys = pa.chunked_array([_keys(parts[place]) for place in places], pa.string())
        codes = codes_of(keys.combine_chunks().dictionary_encode())
        _, first = np.unique(codes, return_index=True)
        repeated = codes >= 0
        repeated[first] = False
        start = 0
        for place in places:
            end = start + parts[place].table.num_rows
            result[place] = _once(parts[place], codes[start:end] < 0, repeated[start:end])
            start = end
    return result


def _keys(part: Imported) -> pa.Array:
    """Return the name of each row, null where it has none."""
    table = part.table
    cells = [table[name].cast(pa.string()) for name in part.unique if name in table.column_names]
    if part.kind == APPLICATIONS.name:
        cells = [pc.utf8_lower(each) for each in cells]
    joined = pc.binary_join_element_wise(
        *cells, "\x1f", null_handling="replace", null_replacement=""
    )
    named = pc.if_else(table["id"].is_valid(), joined, pa.scalar(None, pa.string()))
    return named.combine_chunks() if isinstance(named, pa.ChunkedArray) else named


def _once(
    part: Imported, nameless: npt.NDArray[np.bool_], repeated: npt.NDArray[np.bool_]
) -> Imported:
    """Return a table without repeated names, and without rows that need a name and have none."""
    if not nameless.any() and not repeated.any():
        return part
    findings = Findings(part.report.source)
    lines: npt.NDArray[np.int64] = numpy_of(part.table["source_row"])
    counted = part.kind == EQUIPMENT.name
    findings.rows(
        "id",
        "",
        Reason("name_missing"),
        lines[nameless],
        expected=Reason("expect_name"),
        severity=Severity.NOTE if counted else Severity.REJECTED,
    )
    names = part.table["id"].filter(pa.array(repeated)).cast(pa.string())
    words = pa.chunked_array(names).combine_chunks().dictionary_encode()
    findings.values(
        "id",
        dict(enumerate(words.dictionary.to_pylist())),
        Reason("name_repeated"),
        codes_of(words),
        lines[repeated],
        expected=Reason("expect_name_once"),
        severity=Severity.REJECTED,
    )
    gone = repeated if counted else repeated | nameless
    table = part.table.filter(pa.array(~gone))
    return attrs.evolve(part, table=table, issues=(*part.issues, *findings.issues))
