"""Account: what became of every row of every file, from the bytes to the figure.

Each row is counted, merged into another, set aside (it is no equipment: a total, a note) or refused
(it may be equipment, and could not be read).  The account travels with the inventory to every
result, and accounts of several files add up.  A figure with refused or doubtful rows is never
complete.  Knows no file format and no method.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence

import attrs

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason

__all__ = ["Account", "AccountLine", "Fate", "Merge"]


class Fate(enum.StrEnum):
    """What became of a row."""

    #: It is a row of the inventory.
    COUNTED = "counted"
    #: It is the same asset as another row, which is counted.
    MERGED = "merged"
    #: It is no equipment: a total, a title, a virtual machine.
    SET_ASIDE = "set aside"
    #: It may be equipment, and could not be read.
    REFUSED = "refused"


@attrs.frozen(kw_only=True)
class AccountLine:
    """Rows of one table that fared alike.

    Attributes
    ----------
    source
        File, with its sheet where it has several: ``parc.xlsx[Ordinateurs]``.
    fate, reason
        What became of the rows, and why; counted rows need no reason.
    rows
        Their number.
    items
        Sum of the quantities that are known.
    unknown
        Rows whose quantity is not known.
    examples
        The first of them: lines of the file.
    """

    source: str
    fate: Fate
    reason: Reason | None = None
    rows: int
    items: float = 0.0
    unknown: int = 0
    examples: tuple[int, ...] = ()

    def __add__(self, other: AccountLine) -> AccountLine:
        """Return both lines as one; they have one source, fate and reason."""
        return attrs.evolve(
            self,
            rows=self.rows + other.rows,
            items=self.items + other.items,
            unknown=self.unknown + other.unknown,
            examples=tuple(sorted({*self.examples, *other.examples}))[: Issue.SHOWN],
        )


@attrs.frozen
class Merge:
    """One row that is the same asset as another.

    Attributes
    ----------
    source, row
        Where it stands.
    into_source, into_row
        The row that is counted.
    reason
        What shows that they are one asset.
    """

    source: str
    row: int
    into_source: str
    into_row: int
    reason: Reason


@attrs.frozen
class Account:
    """What became of the rows of some tables.  Add two with ``+``.

    Attributes
    ----------
    lines
        Rows by source, fate and reason.
    issues
        Refused rows and doubts, by file, row, column and value: what keeps a figure from being
        complete.
    merges
        Every row merged into another.

    Examples
    --------
    >>> read = AccountLine(source="parc.csv", fate=Fate.COUNTED, rows=12, items=40.0)
    >>> total = AccountLine(source="parc.csv", fate=Fate.SET_ASIDE, reason=Reason("total"), rows=1)
    >>> account = Account.of([read, total])
    >>> account.rows, account.rows_of(Fate.COUNTED), account.is_complete
    (13, 12, True)
    """

    lines: tuple[AccountLine, ...] = ()
    issues: tuple[Issue, ...] = ()
    merges: tuple[Merge, ...] = ()

    @classmethod
    def of(
        cls,
        lines: Iterable[AccountLine],
        *,
        issues: Iterable[Issue] = (),
        merges: Sequence[Merge] = (),
    ) -> Account:
        """Make an account: equal lines are one, issues that do not matter here are left out."""
        joined: dict[tuple[str, Fate, Reason | None], AccountLine] = {}
        for line in lines:
            key = (line.source, line.fate, line.reason)
            joined[key] = joined[key] + line if key in joined else line
        bearing = tuple(issue for issue in issues if issue.severity in _BEARING)
        return cls(tuple(line for line in joined.values() if line.rows), bearing, tuple(merges))

    def __add__(self, other: Account) -> Account:
        """Return the account of both."""
        if not isinstance(other, Account):
            return NotImplemented
        return Account.of(
            (*self.lines, *other.lines),
            issues=(*self.issues, *other.issues),
            merges=(*self.merges, *other.merges),
        )

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return sum(line.rows for line in self.lines)

    def rows_of(self, fate: Fate) -> int:
        """Return how many rows had a fate."""
        return sum(line.rows for line in self.lines if line.fate is fate)

    def items_of(self, fate: Fate) -> float:
        """Return the sum of the known quantities of the rows that had a fate."""
        return sum(line.items for line in self.lines if line.fate is fate)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the tables, in the order in which they were read."""
        return tuple(dict.fromkeys(line.source for line in self.lines))

    @property
    def refused(self) -> tuple[Issue, ...]:
        """Return the issues of refused rows."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.REJECTED)

    @property
    def doubts(self) -> tuple[Issue, ...]:
        """Return the doubts: values used that may be wrong, rows that may count twice."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.DOUBT)

    @property
    def is_complete(self) -> bool:
        """Tell whether no row was refused and nothing is doubted."""
        return not self.issues and not self.rows_of(Fate.REFUSED)


#: Issues that keep a figure from being complete.
_BEARING = (Severity.REJECTED, Severity.DOUBT)
