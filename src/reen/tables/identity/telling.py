"""Telling: the issues about rows that share an identifier, and about fields that differ.

Input: records, groups and what was found about them.  Output: issues, each with the rows that it is
about; beyond a few of one kind the others are one issue together.

Decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import attrs
import numpy as np
import numpy.typing as npt

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.headers.reading_columns import NAMES_PERSONS
from reen.tables.identity.identifiers import IDENTIFYING
from reen.tables.identity.records import Codes, Groups, Records
from reen.tables.identity.verdicts import Verdict, Verdicts

__all__ = ["Places", "tell_conflicts", "tell_rounded", "tell_states", "tell_verdicts"]

#: Groups of one fault in one column that have an issue of their own.
_SHOWN = 20


class Places:
    """Where the rows of records stand: their list and line, as they were read.

    Attributes
    ----------
    source, line
        Of each row; its position in the table when no column says its line.
    rank
        Place of each row in the order of lists and lines.
    """

    def __init__(self, records: Records, positions: Codes) -> None:
        names = records.table.column_names
        size = len(records)
        sources = records.table["source"].to_pylist() if "source" in names else [None] * size
        lines = records.table["source_row"].to_pylist() if "source_row" in names else [None] * size
        self.source = [source or "" for source in sources]
        self.line = [
            position if line is None else line
            for line, position in zip(lines, positions.tolist(), strict=True)
        ]
        order = sorted(range(size), key=lambda row: (self.source[row], self.line[row]))
        self.rank = np.empty(size, np.int64)
        self.rank[order] = np.arange(size)

    def by_source(self, rows: Codes) -> dict[str, list[int]]:
        """Return the lines of some rows by list, both in order."""
        lines: dict[str, list[int]] = {}
        for row in rows[np.argsort(self.rank[rows])].tolist():
            lines.setdefault(self.source[row], []).append(self.line[row])
        return lines


@attrs.frozen(eq=False, repr=False)
class _Telling:
    """What is told of some groups.

    Attributes
    ----------
    records, groups, places
        What it is about.
    column, severity
        As in an issue.
    """

    records: Records
    groups: Groups
    places: Places
    column: str
    severity: Severity = Severity.NOTE

    def tell(
        self, chosen: Codes, reason: Callable[[int], Reason], *, cells: Codes | None = None
    ) -> Iterator[Issue]:
        """Tell some groups, the first of them one by one.

        Parameters
        ----------
        chosen
            The groups.
        reason
            Says what is the matter with one.
        cells
            For each of all groups, the row whose cell is shown; the first one where it is absent.
        """
        if not len(chosen):
            return
        firsts = self._firsts()
        chosen = chosen[np.argsort(self.places.rank[firsts[chosen]])]
        for group in chosen[:_SHOWN].tolist():
            row = int((firsts if cells is None else cells)[group])
            lines = self.places.by_source(self.groups.rows_of(group))
            yield self._issue(self._cell(row), reason(group), lines)
        others = np.isin(self.groups.group, chosen[_SHOWN:])
        for source, there in self.places.by_source(self.groups.members[others]).items():
            yield self._issue("(other values)", reason(int(chosen[_SHOWN])), {source: there})

    def _firsts(self) -> Codes:
        """Return the row of each group that stands first."""
        order = np.lexsort((self.places.rank[self.groups.members], self.groups.group))
        starts = np.flatnonzero(np.diff(self.groups.group[order], prepend=-1))
        return self.groups.members[order[starts]]

    def _cell(self, row: int) -> str:
        """Return a cell as it was read, if it may be shown."""
        if self.column in NAMES_PERSONS:
            return ""
        pick = int(self.records.pick(self.column)[row])
        return str(self.records.table[self.column][pick].as_py())

    def _issue(self, value: str, reason: Reason, lines: dict[str, list[int]]) -> Issue:
        (source, here), *others = lines.items()
        expected = Reason("one_identifier_per_asset") if self.column in IDENTIFYING else None
        if others:
            places = "; ".join(
                f"{other}: {', '.join(map(str, there[: Issue.SHOWN]))}" for other, there in others
            )
            expected = Reason("one_row_per_asset_in_lists", places=places)
        return Issue(
            self.column,
            value,
            reason,
            expected=expected,
            severity=self.severity,
            source=source,
            rows=tuple(here[: Issue.SHOWN]),
            count=len(here),
        )


def tell_verdicts(
    records: Records, groups: Groups, verdicts: Verdicts, *, key: str, places: Places
) -> list[Issue]:
    """Tell the groups that are several assets, or may be one."""
    issues: list[Issue] = []
    codes = np.array([reason.code for reason in verdicts.reasons])
    for verdict, severity in (
        (Verdict.SEVERAL, Severity.NOTE),
        (Verdict.UNDECIDED, Severity.DOUBT),
    ):
        telling = _Telling(records, groups, places, key, severity)
        of_verdict = verdicts.verdict == verdict
        for code in np.unique(codes[of_verdict]).tolist():
            chosen = np.flatnonzero(of_verdict & (codes == code)).astype(np.int64)
            issues += telling.tell(chosen, verdicts.reasons.__getitem__)
    return issues


def tell_conflicts(
    records: Records,
    groups: Groups,
    kept: Codes,
    *,
    differ: Mapping[str, npt.NDArray[np.bool_]],
    places: Places,
) -> list[Issue]:
    """Tell, after a merge, which value was kept where the records of one asset differed."""
    issues: list[Issue] = []
    for name, where in differ.items():
        telling = _Telling(records, groups, places, name)
        chosen = np.flatnonzero(where).astype(np.int64)
        issues += telling.tell(chosen, lambda _: Reason("merged_values_differ"), cells=kept)
    return issues


def tell_states(
    records: Records, groups: Groups, kept: Codes, *, where: npt.NDArray[np.bool_], places: Places
) -> list[Issue]:
    """Tell the assets that one list has in use and another gone, with no date to settle it."""
    telling = _Telling(records, groups, places, "status", Severity.DOUBT)
    chosen = np.flatnonzero(where).astype(np.int64)
    return list(telling.tell(chosen, lambda _: Reason("merged_states_contradict"), cells=kept))


def tell_rounded(records: Records, places: Places) -> list[Issue]:
    """Tell the identifiers on several rows whose last digits a spreadsheet took."""
    issues: list[Issue] = []
    for name in IDENTIFYING:
        records.codes(name)
        if name not in records.rounded:
            continue
        rounded, codes = records.rounded[name]
        groups = Groups.of(np.flatnonzero(rounded).astype(np.int64), codes)
        telling = _Telling(records, groups, places, name)
        every = np.arange(groups.count, dtype=np.int64)
        issues += telling.tell(every, lambda _: Reason("identifier_rounded"))
    return issues
