"""Telling: the issues about rows that share an identifier, and about fields that differ.

Input: records, groups and what was found about them.  Output: issues, each with the rows that it is
about; beyond a few of one kind the others are one issue together.

Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs
import numpy as np
import numpy.typing as npt

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.identity_records import IDENTIFYING, Codes, Groups, Records
from reen.tables.identity_verdicts import Verdict, Verdicts

__all__ = ["Places", "tell_conflicts", "tell_rounded", "tell_states", "tell_verdicts"]

#: Groups of one fault in one column that have an issue of their own.
_SHOWN = 20


class Places:
    """Where the rows of records stand: their list and line, as they were read."""

    def __init__(self, records: Records, positions: Codes) -> None:
        names = records.table.column_names
        size = len(records)
        sources = records.table["source"].to_pylist() if "source" in names else [None] * size
        lines = records.table["source_row"].to_pylist() if "source_row" in names else [None] * size
        self.source = [source or "" for source in sources]
        self.line = [
            int(position) if line is None else line
            for line, position in zip(lines, positions, strict=True)
        ]

    def sorted(self, rows: Iterable[int]) -> list[int]:
        """Return rows in the order of their lists and lines."""
        return sorted(rows, key=lambda row: (self.source[row], self.line[row]))

    def others(self, rows: list[int]) -> str:
        """Return the places of rows of other lists than the first: ``mdm.csv: 7, 9``."""
        first = self.source[rows[0]]
        lines: dict[str, list[str]] = {}
        for row in rows:
            if self.source[row] != first:
                lines.setdefault(self.source[row], []).append(str(self.line[row]))
        return "; ".join(
            f"{source}: {', '.join(found[: Issue.SHOWN])}" for source, found in lines.items()
        )


@attrs.frozen
class _Fault:
    column: str
    value: str
    reason: Reason
    severity: Severity
    rows: tuple[int, ...]


def _issues(faults: list[_Fault], places: Places) -> Iterator[Issue]:
    """Return faults as issues, the first of each kind one by one."""
    kinds: dict[tuple[str, str, Severity], list[_Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.column, fault.reason.code, fault.severity), []).append(fault)
    for (column, _, severity), alike in sorted(kinds.items()):
        alike.sort(key=lambda f: (places.source[f.rows[0]], places.line[f.rows[0]], f.value))
        for fault in alike[:_SHOWN]:
            yield _issue(fault, places)
        rest: dict[str, list[int]] = {}
        for fault in alike[_SHOWN:]:
            for row in fault.rows:
                rest.setdefault(places.source[row], []).append(row)
        for rows in rest.values():
            words = "(other values)"
            yield _issue(_Fault(column, words, alike[_SHOWN].reason, severity, tuple(rows)), places)


def _issue(fault: _Fault, places: Places) -> Issue:
    rows = places.sorted(fault.rows)
    source = places.source[rows[0]]
    here = [places.line[row] for row in rows if places.source[row] == source]
    others = places.others(rows)
    expected = Reason("one_identifier_per_asset") if fault.column in IDENTIFYING else None
    if others:
        expected = Reason("one_row_per_asset_in_lists", places=others)
    return Issue(
        fault.column,
        fault.value,
        fault.reason,
        expected=expected,
        severity=fault.severity,
        source=source,
        rows=tuple(here[: Issue.SHOWN]),
        count=len(here),
    )


def _cell(records: Records, name: str, row: int) -> str:
    """Return a cell as it was read."""
    return str(records.table[name][int(records.pick(name)[row])].as_py())


def tell_verdicts(
    records: Records, groups: Groups, verdicts: Verdicts, *, key: str, places: Places
) -> list[Issue]:
    """Tell the groups that are several assets, or may be one."""
    faults = []
    for verdict, severity in (
        (Verdict.SEVERAL, Severity.NOTE),
        (Verdict.UNDECIDED, Severity.DOUBT),
    ):
        for group in np.flatnonzero(verdicts.verdict == verdict).tolist():
            rows = places.sorted(groups.rows_of(group).tolist())
            word = _cell(records, key, rows[0])
            faults.append(_Fault(key, word, verdicts.reasons[group], severity, tuple(rows)))
    return list(_issues(faults, places))


def tell_conflicts(
    records: Records,
    groups: Groups,
    kept: Codes,
    *,
    differ: dict[str, npt.NDArray[np.bool_]],
    places: Places,
) -> list[Issue]:
    """Tell, after a merge, which value was kept where the records of one asset differed."""
    faults = []
    for name, where in differ.items():
        for group in np.flatnonzero(where).tolist():
            rows = places.sorted(groups.rows_of(group).tolist())
            value = _cell(records, name, int(kept[group]))
            reason = Reason("merged_values_differ", kept=value)
            faults.append(_Fault(name, value, reason, Severity.NOTE, tuple(rows)))
    return list(_issues(faults, places))


def tell_states(groups: Groups, where: npt.NDArray[np.bool_], places: Places) -> list[Issue]:
    """Tell the assets that one list has in use and another gone, with no date to settle it."""
    faults = [
        _Fault(
            "status",
            "",
            Reason("merged_states_contradict"),
            Severity.DOUBT,
            tuple(places.sorted(groups.rows_of(group).tolist())),
        )
        for group in np.flatnonzero(where).tolist()
    ]
    return list(_issues(faults, places))


def tell_rounded(records: Records, places: Places) -> list[Issue]:
    """Tell the identifiers on several rows whose last digits a spreadsheet took."""
    faults = []
    for name in IDENTIFYING:
        records.codes(name)
        if name not in records.rounded:
            continue
        rounded, codes = records.rounded[name]
        groups = Groups.of(np.flatnonzero(rounded).astype(np.int64), codes)
        for group in range(groups.count):
            here = places.sorted(groups.rows_of(group).tolist())
            reason = Reason("identifier_rounded")
            faults.append(
                _Fault(name, _cell(records, name, here[0]), reason, Severity.NOTE, tuple(here))
            )
    return list(_issues(faults, places))
