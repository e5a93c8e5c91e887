"""Pages: lists that announce more records than the files hold.

Input: the parts read, each with the number of records that its document announces.  Output: a doubt
on each that is a page whose other pages are not there.  Pages of one list that are read together
make it whole; nothing is set aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.importing import Imported

__all__ = ["tell_pages"]

#: Columns whose headers tell two lists apart: monitors have another header for their model.
_TELLING = ("id", "name", "model", "equipment_type", "serial_number")


def tell_pages(parts: Sequence[Imported]) -> list[Issue]:
    """Return a doubt for each part that is a page of a list which is not whole."""
    rows: Counter[tuple[object, ...]] = Counter()
    for part in parts:
        rows[_list_of(part)] += part.rows_read
    return [
        Issue(
            "",
            part.report.source,
            Reason("list_is_a_page", rows=rows[_list_of(part)], total=part.announced),
            expected=Reason("expect_all_pages"),
            severity=Severity.DOUBT,
            source=part.report.source,
        )
        for part in parts
        if part.announced is not None and rows[_list_of(part)] < part.announced
    ]


def _list_of(part: Imported) -> tuple[object, ...]:
    """Return what pages of one list have in common."""
    mapped = part.report.mapped
    return (part.announced, part.kind, *(mapped.get(column) for column in _TELLING))
