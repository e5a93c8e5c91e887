"""The content of an inventory: items and rows by type and status, and the tables beside them.

Input: an `Inventory`.  Output: counts, and words for the tables beside the equipment.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np

from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue, Severity
from reen.inventory.table_kinds import LINKED_KINDS
from reen.reasons import say

__all__ = ["WORST", "Holding", "counts_of", "holdings_of", "linked_in_words"]

#: The worst issues first.
WORST = (Severity.REJECTED, Severity.DOUBT, Severity.CELL, Severity.NOTE)


@attrs.define
class Holding:
    """Items and rows of one type and status."""

    quantity: float = 0.0
    rows: int = 0
    unknown: int = 0


def holdings_of(inventory: Inventory) -> dict[tuple[str, str], Holding]:
    """Count items and rows by type and status, both empty where there is none."""
    found: dict[tuple[str, str], Holding] = {}
    for batch in inventory.batches():
        types, type_names = batch.codes("equipment_type")
        statuses, status_names = batch.codes("status")
        quantity = batch.values("quantity", "item")
        width = len(status_names) + 1
        # code -1 (none) goes to the last place of each axis
        cell = np.where(types < 0, len(type_names), types).astype(np.int64) * width + np.where(
            statuses < 0, len(status_names), statuses
        )
        size = (len(type_names) + 1) * width
        known = ~np.isnan(quantity)
        rows = np.bincount(cell, minlength=size)
        unknown = np.bincount(cell[~known], minlength=size)
        items = np.bincount(cell[known], weights=quantity[known], minlength=size)
        for k in np.flatnonzero(rows):
            kind, status = divmod(int(k), width)
            key = ((*type_names, "")[kind], (*status_names, "")[status])
            holding = found.setdefault(key, Holding())
            holding.quantity += float(items[k])
            holding.rows += int(rows[k])
            holding.unknown += int(unknown[k])
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].quantity, pair[0])))


def linked_in_words(inventory: Inventory) -> list[str]:
    """Return the number of rows of the tables beside the equipment, in words."""
    return [
        say(f"found_{kind}", count=inventory.linked[kind].num_rows)
        for kind in LINKED_KINDS
        if kind in inventory.linked
    ]


def counts_of(issues: Iterable[Issue]) -> str:
    """Return how many rows and values have an issue, the worst first: ``1 row doubtful``."""
    counts = dict.fromkeys(WORST, 0)
    for issue in issues:
        counts[issue.severity] += issue.count
    return ", ".join(
        say(f"page_count_{severity}", count=number) for severity, number in counts.items() if number
    )
