"""Issues: what was odd or refused while reading, and the report of one read.

Role: values that importers fill and users look at.  Equal faults are one `Issue` with its count
and its first rows, so a hundred thousand bad lines do not fill the memory.  Must not read files.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from reen.reasons import Detail, Reason, Words, as_reason, as_reasons, joined, reason_if_given
from reen.values import Compared

__all__ = ["ColumnRead", "Issue", "ReadReport", "Severity", "joint_report"]


class Severity(enum.StrEnum):
    """What became of the row that has the issue."""

    #: The row is not in the inventory.
    REJECTED = "rejected"
    #: The row is in the inventory, the cell counts as invalid or unknown.
    CELL = "cell"
    #: The row is counted as it is read, and may be wrong: a figure made of it is "doubtful".
    DOUBT = "doubt"
    #: The cell is used, under the assumption that the issue names.
    NOTE = "note"


@attrs.frozen(eq=False, repr=False)
class Issue(Compared):
    """One fault, with every row that has it.

    Attributes
    ----------
    column
        Canonical column, or empty for a whole row.
    value
        The cell as written; empty when it is blank, or not to be shown: cells of columns that name
        persons, or that nobody asked for, stand in no message.
    reason
        What is odd about it; plain text is taken as what an importer said.
    expected
        What was expected, and how to mend it, or None.
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
    reason: Reason = attrs.field(converter=as_reason)
    expected: Reason | None = attrs.field(default=None, kw_only=True, converter=reason_if_given)
    severity: Severity = attrs.field(default=Severity.CELL, kw_only=True)
    source: str = attrs.field(default="", kw_only=True)
    rows: tuple[int, ...] = attrs.field(default=(), kw_only=True)
    count: int = attrs.field(default=1, kw_only=True)

    #: Rows kept in `rows`.
    SHOWN = 5

    @property
    def said(self) -> Reason:
        """Return where, what, what was expected and what became of the rows, in one line."""
        parts: dict[str, Detail] = {
            "place": self._place,
            "value": self.value,
            "reason": self.reason,
            "fate": Reason(f"fate_{self.severity}"),
        }
        unshown = "" if self.value else "_unshown"
        if self.expected is None:
            return Reason(f"issue{unshown}", **parts)
        return Reason(f"issue_expected{unshown}", expected=self.expected, **parts)

    def text(self, language: str | None = None) -> str:
        """Return the sentence of the issue in a language; that in force when none is named."""
        return self.said.text(language)

    def place(self, language: str | None = None) -> str:
        """Return where it is: file, rows, column."""
        return self._place.text(language)

    @property
    def _place(self) -> Reason:
        parts: list[Words] = [self.source] if self.source else []
        if self.rows:
            rows, more = ", ".join(map(str, self.rows)), self.count - len(self.rows)
            where = Reason("rows_and_more", rows=rows, count=more) if more > 0 else None
            parts.append(where or Reason("rows", rows=rows))
        if self.column:
            parts.append(Reason("column", name=self.column))
        return joined(parts)

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types."""
        return {
            "source": self.source,
            "rows": list(self.rows),
            "count": self.count,
            "column": self.column,
            "value": self.value,
            "severity": str(self.severity),
            "reason": self.reason.to_dict(),
            "expected": None if self.expected is None else self.expected.to_dict(),
            "text": self.text("en"),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Issue:
        """Return the issue written by `to_dict`."""
        fields: dict[str, Any] = dict(content)
        expected = fields["expected"]
        return cls(
            str(fields["column"]),
            str(fields["value"]),
            Reason.from_dict(fields["reason"]),
            expected=None if expected is None else Reason.from_dict(expected),
            severity=Severity(fields["severity"]),
            source=str(fields["source"]),
            rows=tuple(map(int, fields["rows"])),
            count=int(fields["count"]),
        )

    def __str__(self) -> str:
        """Return the issue in one line, in the language in force."""
        return self.text()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ColumnRead(Compared):
    """What one header of a table was read as.

    Attributes
    ----------
    source
        File or table.
    header
        As written.
    column
        Canonical column; empty when nothing knows it.
    unit
        Unit of its numbers, as the header or a mapping says it.
    preference
        Order among the headers for one column.
    precision
        Of a date that stands for another one.
    sure
        Whether the header alone says it: other headers, or the cells, had no say; of a header that
        is not known, whether somebody has said so.
    """

    source: str
    header: str
    column: str = ""
    unit: str = ""
    preference: int = 1
    precision: str = ""
    sure: bool = False


@attrs.frozen(eq=False, repr=False)
class ReadReport(Compared):
    """How one file was read; what became of its rows is in the `Account`.

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
        Headers kept as they are, because they were asked for (they can be grouped by).
    left_out
        Headers that are neither known nor asked for: their cells are not kept.
    joining
        Headers that name persons or their devices: their cells only served to find the records of
        one asset, and are not kept, or as pseudonyms.
    written_anew
        Columns of the source that reading writes itself, such as `source_row`: the source is a
        list that was read before.
    assumptions
        What the importer took for granted; plain text is taken as what it says itself.
    mappings
        Digest of each mapping by which it was read, by name.
    columns_read
        What each header was read as, but for those that name persons.
    kind
        What its rows are (`reen.inventory.table_kinds`).
    tool
        Name of the tool that it comes from, by its headers; empty when it is none that is known.
    """

    source: str
    importer: str
    details: Mapping[str, str] = attrs.field(factory=dict)
    mapped: Mapping[str, str] = attrs.field(factory=dict)
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    written_anew: tuple[str, ...] = ()
    assumptions: tuple[Reason, ...] = attrs.field(default=(), converter=as_reasons)
    mappings: Mapping[str, str] = attrs.field(factory=dict)
    columns_read: tuple[ColumnRead, ...] = ()
    kind: str = "equipment"
    tool: str = ""

    @property
    def unknown_headers(self) -> tuple[tuple[str, str], ...]:
        """Return file and header of the columns that nothing explains, and nobody asked for.

        What a tool that is known writes beside what matters is no question.
        """
        if self.tool:
            return ()
        unknown = (each for each in self.columns_read if not each.column and not each.sure)
        return tuple((each.source, each.header) for each in unknown if each.header not in self.kept)


def joint_report(reports: Sequence[ReadReport]) -> ReadReport:
    """Return one report of several reads: what each found, in order."""
    if len(reports) == 1:
        return reports[0]
    mapped: dict[str, str] = {}
    for report in reports:
        for column, header in report.mapped.items():
            mapped.setdefault(column, header)
    return ReadReport(
        source=", ".join(report.source for report in reports),
        importer=", ".join(dict.fromkeys(report.importer for report in reports)),
        mapped=mapped,
        kept=_headers(reports, "kept"),
        left_out=_headers(reports, "left_out"),
        joining=_headers(reports, "joining"),
        columns_read=tuple(each for report in reports for each in report.columns_read),
        mappings={name: each for report in reports for name, each in report.mappings.items()},
        assumptions=tuple(
            Reason("read_of", source=report.source, said=each)
            for report in reports
            for each in report.assumptions
        ),
    )


def _headers(reports: Sequence[ReadReport], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(header for each in reports for header in getattr(each, field)))
