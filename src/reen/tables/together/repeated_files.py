"""Repeated files: the rows of a file whose content was given twice are accounted for twice.

Input: the tables that were read, and the names of a file and of its copy.  Output: for the copy,
the same tables without rows, and a line of the account for each: its rows are set aside, by name.

Must not compare files: who opens them does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from reen.inventory.account import AccountLine, Fate
from reen.inventory.issues import ReadReport
from reen.reasons import Reason
from reen.tables.importing import Imported
from reen.tables.together.yearly_tables import items_of

__all__ = ["tables_of_copy"]


def tables_of_copy(parts: Sequence[Imported], first: str, copy: str) -> Iterator[Imported]:
    """Yield the tables of a copy, whose rows are set aside.

    Parameters
    ----------
    parts
        Tables that were read.
    first
        Name of the file that was read, as its tables have it.
    copy
        Name of the file that has the same content.
    """
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
            unique=part.unique,
            passed=part.passed,
        )
