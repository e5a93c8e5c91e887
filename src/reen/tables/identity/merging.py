"""Identity: several records of one asset become one, inside a list and across lists.

Input: a conformed table (types resolved; `source` and `source_row` say where each row stands).
Output: the same rows, each asset once, every merge named by its rows, and what is in doubt.

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

from reen.inventory.account import Merge
from reen.inventory.issues import Issue
from reen.inventory.schema import EQUIPMENT
from reen.tables.identity.identifiers import (
    IDENTIFYING,
    comparable,
    hardware_columns,
    repeated_rows,
)
from reen.tables.sheet import map_columns

__all__ = ["Merged", "merge_assets"]

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
    precedence: Mapping[str, Sequence[str]] = MappingProxyType({}),
    keys: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Merged:
    """Return the rows of a table with each asset once.

    Parameters
    ----------
    table
        Conformed rows of one list or several; the column `source` says which.
    precedence
        For a column, the sources that win it, best first; all other columns follow the rule of
        `fields`.
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

    work = Rounds(table, shared, precedence)
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
