"""Unique names: rows of tools that name each thing once, in all their files.

Input: the tables that were read, with the columns that together name a row of each.  Output: the
same tables, each name once: the first row counts, the others are refused, each told.  A row without
a name is refused too, but for equipment, which counts all the same.

Names that other tables refer to are compared as they are written; those of applications, to which
nothing refers, in any case.  Must not know a tool.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Severity
from reen.inventory.schema import EQUIPMENT
from reen.inventory.system_schema import APPLICATIONS
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.importing import Imported
from reen.tables.sheet import codes_of

__all__ = ["each_name_once"]


def each_name_once(parts: Sequence[Imported]) -> list[Imported]:
    """Return the tables without the rows whose name stands in a row before.

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
    lines: npt.NDArray[np.int64] = part.table["source_row"].to_numpy()
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
