"""What is doubtful about the totals and quantities of Arrow data, gathered while its rows pass.

Input: totals that are no sums, rows that may be totals, quantities that are no whole number.
Output: the issues of an account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.arrow_amounts import SAME
from reen.tables.findings import Findings

__all__ = ["Doubts", "WrongTotal"]


@attrs.frozen
class WrongTotal:
    """A total that is not the sum of the rows above it; of those of a type where it names one."""

    source: str
    written: float
    computed: float
    line: int
    kind: str | None = None


@attrs.define
class Doubts:
    """What is doubtful.

    Attributes
    ----------
    totals
        Totals that are not the sums of their rows, by what is known so far.
    names
        Rows that may be totals, by their file and label.
    parts
        The first quantity that is no whole number and the rows of all, by file and size.
    """

    totals: list[WrongTotal] = attrs.field(factory=list)
    names: dict[tuple[str, str], list[int]] = attrs.field(factory=dict)
    parts: dict[tuple[str, bool], tuple[str, list[int]]] = attrs.field(factory=dict)

    def add_parts(self, source: str, quantities: npt.NDArray[np.float64], passed: int) -> None:
        """Remember the quantities that are no whole number, as those of a list are told."""
        for row in np.flatnonzero(np.floor(quantities) != quantities).tolist():
            value = float(quantities[row])
            told = self.parts.setdefault((source, value > 1.0), (f"{value:g}", []))
            told[1].append(passed + row + 1)

    def issues(
        self, everything: Sequence[float], items_of_type: Callable[[str], float]
    ) -> list[Issue]:
        """Return them; a total may also be that of all rows, or of all those of a type."""
        found: list[Issue] = []
        for (source, label), lines in self.names.items():
            found += _issues(source, "", label, lines, Reason("maybe_total"), "model_of_asset")
        for (source, several), (value, lines) in self.parts.items():
            # a part of one item is shared; two and a half are a mean, or a slip
            severity = Severity.DOUBT if several else Severity.NOTE
            reason = Reason("parts_of_items")
            found += _issues(source, "quantity", value, lines, reason, "whole_items", severity)
        for each in self.totals:
            of_type = 0.0 if each.kind is None else items_of_type(each.kind)
            # that of all may stand above them
            if all(abs(each.written - items) >= SAME for items in (*everything, of_type)):
                reason = Reason("wrong_total", computed=of_type or each.computed)
                written = f"{each.written:g}"
                found += _issues(
                    each.source, "quantity", written, [each.line], reason, "same_total"
                )
        return found


def _issues(
    source: str,
    column: str,
    value: str,
    lines: Sequence[int],
    reason: Reason,
    expected: str,
    severity: Severity = Severity.DOUBT,
) -> tuple[Issue, ...]:
    findings = Findings(source)
    where = np.array(lines, np.int64)
    findings.rows(column, value, reason, where, expected=Reason(expected), severity=severity)
    return findings.issues
