"""Import checks: what an importer returned, looked at before anything is made of it.

An importer is somebody else's code.  Its account is what a user trusts to know that no row of a
file was lost, so it must add up; what does not is the importer's fault, by name.  Imports the
contract and the errors only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import TypeVar

import pyarrow as pa

from reen.errors import PluginError
from reen.inventory.account import Account, AccountLine, Fate, Merge
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.inventory.kinds import SCHEMA_OF_KIND
from reen.tables.importing import Imported

__all__ = ["checked_import"]

T = TypeVar("T")


def checked_import(plugin: str, given: object) -> list[Imported]:
    """Return the parts that an importer returned, once they are what the contract says.

    Parameters
    ----------
    plugin
        Name of the importer, for messages.
    given
        What `read` or `read_files` returned.

    Raises
    ------
    PluginError
        Something else than `Imported`, or several of them; a kind that there is not; an account
        that does not add up to the rows read, or that refuses more rows than its issues say.
    """
    if isinstance(given, (list, tuple)) and given:
        return [_checked(plugin, part) for part in given]
    return [_checked(plugin, given)]


def _checked(plugin: str, given: object) -> Imported:
    if not isinstance(given, Imported):
        raise PluginError(plugin, f"returned {given!r} instead of Imported: see its contract")
    if given.kind not in SCHEMA_OF_KIND:
        expected = ", ".join(SCHEMA_OF_KIND)
        raise PluginError(plugin, f"returned a table of kind {given.kind!r}; expected {expected}")
    _check_table(plugin, given.table)
    _check_report(plugin, given.report)
    issues = _all(plugin, given.issues, Issue)
    _check_lines(plugin, given.lines)
    _all(plugin, given.merges, Merge)
    _check_refused(plugin, given.uncounted, issues)
    rows = given.table.num_rows
    _check_sum(plugin, given.report.source, given.rows_read, rows, given.uncounted)
    merged = given.uncounted.rows_of(Fate.MERGED)
    if merged != len(given.merges):
        raise PluginError(
            plugin,
            f"merged {merged:,} rows of {given.report.source}, and says of {len(given.merges):,}"
            " into which: each needs a Merge",
        )
    return given


def _check_table(plugin: str, table: object) -> None:
    if not isinstance(table, pa.Table):
        raise PluginError(plugin, f"returned {table!r} instead of a pyarrow table")


def _check_report(plugin: str, report: object) -> None:
    if not isinstance(report, ReadReport):
        raise PluginError(plugin, f"returned {report!r} instead of a ReadReport")


def _all(plugin: str, given: object, kind: type[T]) -> tuple[T, ...]:
    """Return the values of a tuple that the contract asks for."""
    if not isinstance(given, Iterable):
        raise PluginError(plugin, f"returned {given!r} instead of a tuple of {kind.__name__}")
    values: Sequence[object] = tuple(given)
    found: list[T] = []
    for value in values:
        if not isinstance(value, kind):
            raise PluginError(plugin, f"returned {value!r} instead of {_a(kind)}")
        found.append(value)
    return tuple(found)


def _a(kind: type) -> str:
    return f"an {kind.__name__}" if kind.__name__[0] in "AI" else f"a {kind.__name__}"


def _check_lines(plugin: str, given: object) -> None:
    for line in _all(plugin, given, AccountLine):
        if line.fate is Fate.COUNTED:
            reason = "gave a line of counted rows: these are the rows of its table"
            raise PluginError(plugin, reason)
        for name in ("rows", "unknown"):
            _check_number(plugin, getattr(line, name), f"{line.reason or line.fate}, {name}")
        items: object = line.items
        if not isinstance(items, Real) or not math.isfinite(items) or items < 0:
            raise PluginError(plugin, f"reports {items!r} items as {line.reason or line.fate}")


def _check_number(plugin: str, given: object, name: str) -> None:
    if not isinstance(given, Integral) or given < 0:
        raise PluginError(plugin, f"reports {given!r} as {name}; expected a number of rows")


def _check_sum(plugin: str, source: str, read: object, counted: int, others: Account) -> None:
    _check_number(plugin, read, "rows_read")
    if read == counted + others.rows:
        return
    parts = [f"{counted:,} counted"]
    parts += [
        f"{others.rows_of(fate):,} {fate}" for fate in (Fate.MERGED, Fate.SET_ASIDE, Fate.REFUSED)
    ]
    raise PluginError(
        plugin,
        f"its account of {source} does not add up: {read:,} rows read are not {' + '.join(parts)};"
        " a row of the file was lost, or counted twice",
    )


def _check_refused(plugin: str, account: Account, issues: Iterable[Issue]) -> None:
    told = sum(issue.count for issue in issues if issue.severity is Severity.REJECTED)
    refused = account.rows_of(Fate.REFUSED)
    if refused > told:
        raise PluginError(
            plugin,
            f"reports {refused:,} refused rows, and has issues for {told:,} of them: each needs"
            " one, which says where and why",
        )
