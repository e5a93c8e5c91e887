"""Findings: the issues of one read, gathered by fault and not by cell.

Input: faults on distinct values or on rows.  Output: `Issue` values, each with its count and first
lines; beyond a few distinct values of one fault in one column, the others are one issue together,
so that a column of nonsense does not fill the memory.

Knows no rule of reading.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.privacy.names_in_text import PLACES, without_names

__all__ = ["Findings"]

#: Distinct values of one fault that have an issue of their own.
_SHOWN_VALUES = 20
#: Characters of a cell that an issue shows.
_SHOWN_CHARACTERS = 80

#: Remarks on a container that make a figure doubtful.
_DOUBTS = frozenset(
    {"indented_sums_differ", "keys_repeated", "matrix_counts_left", "matrix_may_be_parents"}
    | {"matrix_below_list", "matrix_periods", "matrix_total", "matrix_types_both"}
    | {"numbers_merged", "rows_struck", "sheet_hidden"}
)

Codes = npt.NDArray[np.int32]
LineNumbers = npt.NDArray[np.int64]


class Findings:
    """What was odd while reading one file."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._issues: list[Issue] = []
        self._unshown: frozenset[str] = frozenset()

    def hide(self, columns: frozenset[str]) -> None:
        """Show no cell of some columns from now on: they name persons, or nobody asked for them."""
        self._unshown = columns

    @property
    def source(self) -> str:
        """Return the file, with its sheet where it has several."""
        return self._source

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Return the issues found so far, in order."""
        return tuple(self._issues)

    def note(self, remark: Reason) -> None:
        """Add what is to be told of the whole table; numbers that may be lost are a doubt."""
        severity = Severity.DOUBT if remark.code in _DOUBTS else Severity.NOTE
        self._issues.append(Issue("", self._source, remark, severity=severity, source=self._source))

    def rows(
        self,
        column: str,
        value: str,
        reason: Reason | str,
        lines: LineNumbers,
        *,
        expected: Reason | str | None = None,
        severity: Severity = Severity.NOTE,
    ) -> None:
        """Add one fault of some rows, if there are any."""
        if not len(lines):
            return
        self._issues.append(
            Issue(
                column,
                self.shown(column, value),
                reason,
                expected=expected,
                severity=severity,
                source=self._source,
                rows=tuple(int(line) for line in lines[: Issue.SHOWN]),
                count=len(lines),
            )
        )

    def shown(self, column: str, value: str) -> str:
        """Return what is shown of a cell."""
        if column in self._unshown:
            return ""
        # no message shows a person, whether or not the cell stays as it is
        value = without_names(value, places=column in PLACES)
        return value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}..."

    def values(
        self,
        column: str,
        bad: Mapping[int, str],
        reason: Reason | str,
        codes: Codes,
        lines: LineNumbers,
        *,
        expected: Reason | str | None = None,
        severity: Severity = Severity.CELL,
    ) -> None:
        """Add one fault of some distinct values.

        Parameters
        ----------
        column
            Canonical column.
        bad
            Text of each faulty value by its code.
        reason, expected, severity
            As in `Issue`.
        codes, lines
            Code of the value, and line in the file, of every row.
        """
        shown = list(bad)[:_SHOWN_VALUES]
        for code in shown:
            where = lines[codes == code]
            self.rows(column, bad[code], reason, where, expected=expected, severity=severity)
        others = list(bad)[_SHOWN_VALUES:]
        if others:
            where = lines[np.isin(codes, others)]
            text = f"{bad[others[0]]} and {len(others) - 1} other values"
            self.rows(column, text, reason, where, expected=expected, severity=severity)
