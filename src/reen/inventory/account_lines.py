"""Lines of an account: rows of one table that fared alike, and rows merged into others.

Values that importers fill.  Knows no file format and no method.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

import attrs

from reen.inventory.issues import Issue
from reen.reasons import Reason, as_reason

__all__ = ["AccountLine", "Fate", "Merge"]


class Fate(enum.StrEnum):
    """What became of a row."""

    #: It is a row of the inventory.
    COUNTED = "counted"
    #: It is the same asset as another row, which is counted.
    MERGED = "merged"
    #: It is no equipment: a total, a title, a virtual machine.
    SET_ASIDE = "set aside"
    #: It may be equipment, and could not be read.
    REFUSED = "refused"


def _as_reason(given: Reason | str | None) -> Reason | None:
    return as_reason(given) if given else None


@attrs.frozen(kw_only=True)
class AccountLine:
    """Rows of one table that had the same fate, counted.

    Attributes
    ----------
    fate, reason
        What became of the rows, and why (plain text is taken as what an importer said); counted
        rows need no reason.
    rows
        Their number.
    source
        File, with its sheet where it has several: ``parc.xlsx[Ordinateurs]``; an importer of one
        file may leave it out.
    items
        Sum of the quantities that are known; a total, a title or a note stands for no item.
    unknown
        Rows that stand for items whose number is not known.
    examples
        The first of them: lines of the file.
    """

    fate: Fate
    reason: Reason | None = attrs.field(default=None, converter=_as_reason)
    rows: int
    source: str = ""
    items: float = 0.0
    unknown: int = 0
    examples: tuple[int, ...] = ()

    def __add__(self, other: AccountLine) -> AccountLine:
        """Return both lines as one; they have one source, fate and reason."""
        return attrs.evolve(
            self,
            rows=self.rows + other.rows,
            items=self.items + other.items,
            unknown=self.unknown + other.unknown,
            examples=tuple(sorted({*self.examples, *other.examples}))[: Issue.SHOWN],
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types."""
        return {
            "source": self.source,
            "fate": str(self.fate),
            "reason": None if self.reason is None else self.reason.to_dict(),
            "rows": self.rows,
            "items": self.items,
            "rows_of_unknown_quantity": self.unknown,
            "examples": list(self.examples),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> AccountLine:
        """Return the line written by `to_dict`."""
        fields: dict[str, Any] = dict(content)
        reason = fields["reason"]
        return cls(
            source=str(fields["source"]),
            fate=Fate(fields["fate"]),
            reason=None if reason is None else Reason.from_dict(reason),
            rows=int(fields["rows"]),
            items=float(fields["items"]),
            unknown=int(fields["rows_of_unknown_quantity"]),
            examples=tuple(map(int, fields["examples"])),
        )


@attrs.frozen
class Merge:
    """One row that is the same asset as another.

    Attributes
    ----------
    source, row
        Where it stands.
    into_source, into_row
        The row that is counted.
    reason
        What shows that they are one asset.
    """

    source: str
    row: int
    into_source: str
    into_row: int
    reason: Reason
