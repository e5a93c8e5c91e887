"""Repeated files: the rows of a file whose content was given twice are accounted for twice.

Input: the tables that were read, and the names of a file and of its copy.  Output: for the copy,
the same tables without rows, and a line of the account for each: its rows are set aside, by name.
Where neither the names nor an identifier or a site in the rows say that it is a copy, two sites may
be equipped alike: it is doubted.

Must not compare files: who opens them does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from reen.inventory.account import AccountLine, Fate
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.reasons import Reason
from reen.tables.files import Repeated
from reen.tables.importing import Imported
from reen.tables.together.moments import called_alike
from reen.tables.together.yearly_tables import items_of

__all__ = ["tables_of_copies"]

#: Columns that no other device, or no other site, has the same of.
_TELLING = ("asset_tag", "id", "name", "serial_number", "site")


def tables_of_copies(parts: Sequence[Imported], repeated: Iterable[Repeated]) -> Iterator[Imported]:
    """Yield the tables of some copies, whose rows are set aside.

    Parameters
    ----------
    parts
        Tables that were read.
    repeated
        Files that have the content of another one, which was read.
    """
    for each in repeated:
        yield from _tables_of_copy(parts, each)


def _tables_of_copy(parts: Sequence[Imported], repeated: Repeated) -> Iterator[Imported]:
    copy, first = repeated.label, repeated.first
    is_copy = called_alike(*repeated.names)
    for part in parts:
        source = part.report.source
        if not part.rows_read or not source.startswith(first):
            continue
        inner = source.removeprefix(first)
        if inner and inner[0] not in "[/":
            continue
        known, unknown = items_of(part)
        line = AccountLine(
            fate=Fate.SET_ASIDE,
            reason=Reason("row_repeated_file", first=first),
            rows=part.rows_read,
            items=known,
            unknown=unknown,
        )
        yield Imported(
            table=pa.table({"equipment_type": pa.array([], pa.string())})
            if part.kind == "equipment"
            else part.table.slice(0, 0),
            report=ReadReport(source=copy + inner, importer=part.report.importer),
            rows_read=part.rows_read,
            kind=part.kind,
            lines=(line,),
            issues=() if is_copy or _is_told(part) else (_doubt(copy + inner, source, known),),
            unique=part.unique,
            passed=part.passed,
        )


def _is_told(part: Imported) -> bool:
    """Tell whether rows name assets or sites, so that the same rows are of the same ones."""
    if part.kind != "equipment":
        return True  # a purchase of one day is no site's
    there = set(_TELLING) & set(part.table.column_names)
    return any(part.table[name].null_count < part.table.num_rows for name in there)


def _doubt(source: str, first: str, items: float) -> Issue:
    return Issue(
        "",
        source,
        Reason("copy_or_twin", first=first, total=items),
        expected=Reason("expect_copy_or_site"),
        severity=Severity.DOUBT,
        source=source,
    )
