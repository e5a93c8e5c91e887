"""Issues: what was odd or refused while reading, and the report of one read.

Role: values that importers fill and users look at.  Equal faults are one `Issue` with its count
and its first rows, so a hundred thousand bad lines do not fill the memory.  Must not read files.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

__all__ = ["Issue", "ReadReport", "Severity"]


class Severity(enum.StrEnum):
    """What became of the row that has the issue."""

    #: The row is not in the inventory.
    REJECTED = "rejected"
    #: The row is in the inventory, the cell counts as invalid or unknown.
    CELL = "cell"
    #: The cell is used, under the assumption that the issue names.
    NOTE = "note"


@attrs.frozen
class Issue:
    """One fault, with every row that has it.

    Attributes
    ----------
    column
        Canonical column, or empty for a whole row.
    value
        The cell as written.
    reason
        What is odd about it.
    expected
        What was expected, and how to mend it.
    severity
        What became of the rows.
    source
        File or table.
    rows
        The first rows that have it: lines of the file (header included), positions from 0 when
        there is no file.
    count
        How many rows have it.
    """

    column: str
    value: str
    reason: str
    expected: str = attrs.field(default="", kw_only=True)
    severity: Severity = attrs.field(default=Severity.CELL, kw_only=True)
    source: str = attrs.field(default="", kw_only=True)
    rows: tuple[int, ...] = attrs.field(default=(), kw_only=True)
    count: int = attrs.field(default=1, kw_only=True)

    #: Rows kept in `rows`.
    SHOWN = 5

    def __str__(self) -> str:
        """Return where, what, what was expected and what became of the rows, in one line."""
        lines = ", ".join(str(row) for row in self.rows)
        more = f" and {self.count - len(self.rows)} more" if self.count > len(self.rows) else ""
        rows = f"row {lines}{more}" if self.rows else ""
        where = ", ".join(part for part in (self.source, rows) if part)
        column = f", column {self.column!r}" if self.column else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        fate = {"rejected": "row refused", "cell": "value not used", "note": "noted"}[self.severity]
        place = f"{where}{column}".removeprefix(", ")
        return f"{place}: {self.value!r} {self.reason}{expected} ({fate})"


@attrs.frozen
class ReadReport:
    """What one read found.

    Attributes
    ----------
    source
        File or table.
    importer
        Name of the importer.
    details
        Encoding, delimiter, line of the header, sheet... as the importer found them.
    mapped
        Header of the source by canonical column.
    kept
        Headers kept as they are (they can be grouped by).
    rows_read
        Rows of the source after the header.
    records
        Rows in the inventory.
    ignored
        Rows that are not equipment, counted by reason (blank, total, note...).
    rejected
        Rows refused; each has an issue.
    assumptions
        What the importer took for granted, in sentences.
    """

    source: str
    importer: str
    details: Mapping[str, str] = attrs.field(factory=dict)
    mapped: Mapping[str, str] = attrs.field(factory=dict)
    kept: tuple[str, ...] = ()
    rows_read: int = 0
    records: int = 0
    ignored: Mapping[str, int] = attrs.field(factory=dict)
    rejected: int = 0
    assumptions: tuple[str, ...] = ()
