"""What is not read: tables that are no inventory, of which nothing is known, or that lack a column.

Input: a table, and why it is not read.  Output: an `Imported` without rows, in which every row of
the table is counted and named: set aside when it is no inventory, else refused with what to say.
"""

from __future__ import annotations

import pyarrow as pa

from reen.errors import InventoryError
from reen.inventory.account import AccountLine, Fate
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.reasons import Reason
from reen.tables.containers import Skipped
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.headers.quantity_words import names_things, names_what_stands_beside
from reen.tables.headers.understanding import recognise
from reen.tables.headers.wording import EQUIPMENT_WORDING, Wording
from reen.tables.importing import Imported
from reen.tables.kind_of_table import question
from reen.tables.recognition.kinds import Verdict
from reen.tables.table import Table

__all__ = ["empty", "no_inventory", "nothing", "skipped", "unread"]

#: Columns and rows from which a sheet without a known header is a table of something.
_TABLE_COLUMNS, _TABLE_ROWS = 3, 5


#: Users whose equipment stands in columns of their list, and headers that are theirs all the same:
#: a telephone is a number, and a post a function.
_USERS, _EQUIPPED = "users", 2
_OF_USERS = frozenset(map(key_of, ("téléphone", "portable", "mobile", "poste", "phone", "serveur")))


def no_inventory(table: Table, verdict: Verdict) -> Imported:
    """Return a table that is no inventory, its rows set aside; or that may be either, refused.

    A list of users with columns of equipment is set aside in doubt: what they have is in no figure.
    """
    rows = table.rows(range(len(table.header)))
    if not verdict.refused:
        issues = (question(table.source, verdict, rows.count),) if rows.count else ()
        return nothing(table.source, rows=rows.count, issues=issues)
    what = verdict.what
    why = Reason("row_no_inventory", what=what)
    line = AccountLine(fate=Fate.SET_ASIDE, reason=why, rows=rows.count)
    note = Issue(
        "",
        verdict.told,
        Reason("no_inventory", what=what),
        expected=Reason("expect_kind"),
        severity=Severity.DOUBT if _names_equipment(table, verdict) else Severity.NOTE,
        source=table.source,
        count=max(rows.count, 1),
    )
    return nothing(table.source, lines=(line,), issues=(note, *_remarks(table)))


def _names_equipment(table: Table, verdict: Verdict) -> bool:
    """Tell whether several columns of a list of users name equipment that they have."""
    named = {
        key_of(cell)
        for cell in table.header
        if names_what_stands_beside(cell) or (names_things(cell) and key_of(cell) not in _OF_USERS)
    }
    return verdict.refused == _USERS and len(named) >= _EQUIPPED


def skipped(content: Skipped) -> Imported:
    """Return the part of a container that is not opened: no row, and a note."""
    issue = Issue(
        "",
        content.place,
        content.remark,
        severity=Severity.NOTE,
        source=content.place,
    )
    return nothing(content.place, issues=(issue,))


def empty(place: str) -> Imported:
    """Return the part of a file or sheet that holds nothing: no row, and a note."""
    reason = Reason("member_empty", member=place)
    issue = Issue("", place, reason, severity=Severity.NOTE, source=place)
    return nothing(place, issues=(issue,))


def unread(
    table: Table,
    wording: Wording,
    verdict: Verdict | None = None,
    error: InventoryError | None = None,
) -> Imported:
    """Return a table of another kind, its rows counted and named.

    A few words on a sheet are no table: they are set aside.  A table whose columns are not known
    may be of the kind asked for: its rows are refused, so that no total calls itself complete.  One
    that has the columns it needs is refused for what was wrong with it, which `error` says.
    """
    rows = table.rows(range(len(table.header))) if table.header else None
    if not any(cell.strip() for cell in table.header):
        return empty(table.source)
    if rows is None or not rows.count:
        return nothing(table.source)
    count = rows.count
    is_table = bool(rows.loose) or (len(table.header) >= _TABLE_COLUMNS and count >= _TABLE_ROWS)
    if not is_table and not recognise(table.header, wording=wording):
        line = AccountLine(fate=Fate.SET_ASIDE, reason=Reason("row_no_table"), rows=count)
        return nothing(table.source, lines=(line,), issues=tuple(_remarks(table)))
    expected: Reason | None
    reason, expected = _what_lacks(table, wording, verdict)
    if error is not None and not wording.lacks(recognise(table.header, wording=wording)):
        reason, expected = Reason("table_not_read", error=error.said), None
    issue = Issue(
        "",
        ", ".join(cell for cell in table.header if cell.strip())[:80],
        reason,
        expected=expected,
        severity=Severity.REJECTED,
        source=table.source,
        count=count,
    )
    return nothing(table.source, issues=(issue, *_remarks(table)), rows=count)


def _what_lacks(table: Table, wording: Wording, verdict: Verdict | None) -> tuple[Reason, Reason]:
    if wording is EQUIPMENT_WORDING:
        return Reason("no_equipment_columns"), Reason("expect_type_or_model")
    columns = ", ".join(" or ".join(group) for group in wording.need)
    expected = Reason("expect_columns", columns=columns)
    if verdict is None or not verdict.evidence:
        return Reason("no_record_columns"), expected
    lacking = " or ".join(wording.lacks(recognise(table.header, wording=wording))) or columns
    kind = Reason(f"kind_{verdict.kind}")
    return Reason("kind_lacks_column", kind=kind, column=lacking), expected


def _remarks(table: Table) -> list[Issue]:
    findings = Findings(table.source)
    for remark in table.remarks:
        findings.note(remark)
    return list(findings.issues)


def nothing(
    source: str,
    *,
    rows: int = 0,
    lines: tuple[AccountLine, ...] = (),
    issues: tuple[Issue, ...] = (),
) -> Imported:
    """Return a part without rows: some refused, and those that stand in lines."""
    return Imported(
        table=pa.table({"equipment_type": pa.array([], pa.string())}),
        issues=issues,
        report=ReadReport(source=source, importer="table"),
        rows_read=rows + sum(line.rows for line in lines),
        lines=lines,
        passed=True,
    )
