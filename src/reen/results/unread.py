"""What is not known of the items of a year, so that their number is not sure.

Input: a footprint measured by type.  Output: counts of rows that are refused, doubted, of no known
type or number, and of items taken to be in use.  Judges nothing: `change` says what is doubtful.
"""

from __future__ import annotations

import attrs

from reen.engine.exchanges import Status
from reen.inventory.account import Fate
from reen.results.footprint import Footprint

__all__ = ["NO_FLEET", "UNTYPED", "Unread"]

#: Kinds of flow of tables beside the equipment: no fleet.
NO_FLEET = frozenset({"service", "waste"})

#: Types of rows whose type is not known.
UNTYPED = ("", "unknown")


@attrs.frozen(kw_only=True)
class Unread:
    """What is not known of a year, so that its number of items is not sure.

    Attributes
    ----------
    items
        Items that are there: measured, or to be measured.
    refused_rows
        Rows of the files that could not be read.
    doubts
        Rows that may count wrongly, or twice.
    untyped_rows, untyped_items
        Rows whose type is not known, and their items.
    unknown_quantities
        Rows of an unknown number of items.
    assumed_in_use
        Items that are taken to be in use, their status being unknown.
    """

    items: float
    refused_rows: int
    doubts: int
    untyped_rows: int
    untyped_items: float
    unknown_quantities: int
    assumed_in_use: float

    @classmethod
    def of(cls, footprint: Footprint) -> Unread:
        """Return what a footprint measured by type does not say."""
        by_kind: dict[str, list[float]] = {}
        for row in footprint.coverage:
            if row.kind in NO_FLEET:
                continue
            counts = by_kind.setdefault(row.kind, [0.0] * 5)
            if row.status not in (Status.ASSESSED, Status.LEFT_OUT):
                continue
            if row.equipment_type in UNTYPED:
                counts[0] += row.rows
                counts[1] += row.quantity
            counts[2] += row.unknown
            counts[3] += row.quantity
            taken = any(each.parameter == "status" for each in row.assumptions)
            counts[4] += row.quantity if taken else 0.0
        most = [max((each[k] for each in by_kind.values()), default=0.0) for k in range(3)]
        account = footprint.account
        refused = max(account.rows_of(Fate.REFUSED), sum(issue.count for issue in account.refused))
        return cls(
            items=max((each[3] for each in by_kind.values()), default=0.0),
            refused_rows=refused,
            doubts=sum(issue.count for issue in account.doubts),
            untyped_rows=int(most[0]),
            untyped_items=most[1],
            unknown_quantities=int(most[2]),
            assumed_in_use=max((each[4] for each in by_kind.values()), default=0.0),
        )

    @property
    def rows(self) -> int:
        """Return how many rows may stand for items that no type counts."""
        return self.refused_rows + self.untyped_rows + self.unknown_quantities
