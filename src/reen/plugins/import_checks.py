"""Import checks: what an importer returned, looked at before anything is made of it.

An importer is somebody else's code.  Its report is what a user trusts to know that no row of a
file was lost, so it must add up, and its records must be the rows it hands over; what does not is
the importer's fault, by name.  Imports the contract and the errors only.
"""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral

import pyarrow as pa

from reen.errors import PluginError
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.plugins.importer import ImportedSystem
from reen.tables.importing import Imported

__all__ = ["checked_import"]


def checked_import(plugin: str, given: object) -> list[Imported | ImportedSystem]:
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
        Something else than `Imported`, several of them, or `ImportedSystem`; a report whose rows do
        not add up, whose records are not the rows of the table, or that refused more rows than its
        issues say.
    """
    if isinstance(given, (list, tuple)) and given:
        return [_checked(plugin, part) for part in given]
    return [_checked(plugin, given)]


def _checked(plugin: str, given: object) -> Imported | ImportedSystem:
    if isinstance(given, Imported):
        equipment, reports = given, _tuple(plugin, [given.report])
        issues = _tuple(plugin, given.issues)
    elif isinstance(given, ImportedSystem):
        equipment, reports = given.equipment, _tuple(plugin, given.reports)
        if not isinstance(equipment, Imported):
            raise PluginError(plugin, f"returned {equipment!r} as equipment instead of Imported")
        issues = (*_tuple(plugin, equipment.issues), *_tuple(plugin, given.issues))
    else:
        raise PluginError(plugin, f"returned {given!r} instead of Imported: see its contract")
    if not isinstance(equipment.table, pa.Table):
        raise PluginError(plugin, f"returned {equipment.table!r} instead of a pyarrow table")
    for report in (*reports, equipment.report):
        _check_report(plugin, report)
    records, rows = equipment.report.records, equipment.table.num_rows
    if records != rows:
        reason = f"reports {records:,} records in {equipment.report.source}, and returned {rows:,}"
        raise PluginError(plugin, f"{reason} rows")
    _check_refused(plugin, reports, issues)
    return given


def _tuple(plugin: str, given: object) -> tuple[object, ...]:
    if isinstance(given, Iterable):
        return tuple(given)
    raise PluginError(plugin, f"returned {given!r} instead of a tuple of issues or reports")


def _check_report(plugin: str, report: object) -> None:
    if not isinstance(report, ReadReport):
        raise PluginError(plugin, f"returned {report!r} instead of a ReadReport")
    counts = {"records": report.records, **report.ignored, "rejected": report.rejected}
    for name, number in {"rows_read": report.rows_read, **counts}.items():
        given: object = number
        if not isinstance(given, Integral) or number < 0:
            raise PluginError(plugin, f"reports {number!r} as {name}; expected a number of rows")
    ignored = sum(report.ignored.values())
    if report.rows_read != report.records + ignored + report.rejected:
        raise PluginError(
            plugin,
            f"its report of {report.source} does not add up: {report.rows_read:,} rows read are not"
            f" {report.records:,} records + {ignored:,} ignored + {report.rejected:,} rejected; a"
            " row of the file was lost, or counted twice",
        )


def _check_refused(plugin: str, reports: Iterable[object], issues: Iterable[object]) -> None:
    told = 0
    for issue in issues:
        if not isinstance(issue, Issue):
            raise PluginError(plugin, f"returned {issue!r} among its issues instead of an Issue")
        told += issue.count if issue.severity is Severity.REJECTED else 0
    rejected = sum(report.rejected for report in reports if isinstance(report, ReadReport))
    if rejected > told:
        raise PluginError(
            plugin,
            f"reports {rejected:,} rejected rows, and has issues for {told:,} of them: each needs"
            " one, which says where and why",
        )
