"""Identity inside one file, while its words are not yet resolved.

Input: the columns of a file, read.  Output: the same columns, each asset once.  Types and statuses
are resolved for the comparison alone; the cells stay as they were read.

Knows no rule of its own: see `identity`.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.account import Merge
from reen.inventory.issues import Issue
from reen.tables.identity import merge_assets
from reen.tables.sheet import recode_words
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.statuses import resolve_status

__all__ = ["MergedColumns", "merge_inside"]


@attrs.frozen(eq=False)
class MergedColumns:
    """Columns of a file, each asset once.

    Attributes
    ----------
    columns, lines
        The rows kept, and their lines.
    merges
        Every other row, and the row that it is merged into.
    issues
        What is in doubt, and what differed.
    """

    columns: dict[str, pa.Array]
    lines: npt.NDArray[np.int64]
    merges: tuple[Merge, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def merged(self) -> int:
        """Return how many rows were merged into others."""
        return len(self.merges)


def merge_inside(
    columns: dict[str, pa.Array],
    lines: npt.NDArray[np.int64],
    *,
    source: str,
    equipment_types: EquipmentTypes,
) -> MergedColumns:
    """Return the columns of one file with each asset once.

    Parameters
    ----------
    columns, lines
        The rows, and their lines in the file.
    source
        Name of the file.
    equipment_types
        Taxonomy that resolves the words of types.
    """
    resolved = dict(columns)
    for name, resolve in (
        ("equipment_type", equipment_types.resolve),
        ("status", resolve_status),
    ):
        if name in columns:
            resolved[name] = recode_words(columns[name], _or_unknown(resolve))
            resolved[f"{name}_raw"] = columns[name]
    resolved["source"] = pa.array([source]).take(pa.array(np.zeros(len(lines), np.int32)))
    resolved["source_row"] = pa.array(lines, pa.int64())
    merged = merge_assets(pa.table(resolved))
    if not merged.merges:
        return MergedColumns(columns, lines, issues=merged.issues)
    kept = {name: cells.take(pa.array(merged.cells(name))) for name, cells in columns.items()}
    return MergedColumns(kept, lines[merged.rows], merged.merges, merged.issues)


def _or_unknown(resolve: Callable[[str], str | None]) -> Callable[[str], str]:
    return lambda word: resolve(word) or "unknown"
