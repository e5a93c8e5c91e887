"""Account: what became of every row of every file, from the bytes to the figure.

Each row is counted, merged into another, set aside (it is no equipment: a total, a note) or refused
(it may be equipment, and could not be read).  Lines say how many rows of a table had which fate,
and why.  The account travels with the inventory to every result, and accounts of several files add
up.  A figure with refused or doubtful rows is never complete.  Knows no file format and no method.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason, number_text, reason_if_given
from reen.values import Compared

__all__ = ["BEARING", "Account", "AccountLine", "Fate", "Merge", "uncounted"]


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


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AccountLine(Compared):
    """Rows of one table that had the same fate, counted.

    Attributes
    ----------
    fate, reason
        What became of the rows, and why (plain text is taken as what an importer said); counted
        rows need no reason.
    rows
        Their number.
    source
        File, with its sheet where it has several: ``parc.xlsx[Ordinateurs]``; an importer of one
        file may leave it out.
    items
        Sum of the quantities that are known; a total, a title or a note stands for no item.
    unknown
        Rows that stand for items whose number is not known.
    examples
        The first of them: lines of the file.
    """

    fate: Fate
    reason: Reason | None = attrs.field(default=None, converter=reason_if_given)
    rows: int
    source: str = ""
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

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types."""
        return {
            "source": self.source,
            "fate": str(self.fate),
            "reason": None if self.reason is None else self.reason.to_dict(),
            "rows": self.rows,
            "items": self.items,
            "rows_of_unknown_quantity": self.unknown,
            "examples": list(self.examples),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> AccountLine:
        """Return the line written by `to_dict`."""
        fields: dict[str, Any] = dict(content)
        reason = fields["reason"]
        return cls(
            source=str(fields["source"]),
            fate=Fate(fields["fate"]),
            reason=None if reason is None else Reason.from_dict(reason),
            rows=int(fields["rows"]),
            items=float(fields["items"]),
            unknown=int(fields["rows_of_unknown_quantity"]),
            examples=tuple(map(int, fields["examples"])),
        )


@attrs.frozen(eq=False, repr=False)
class Merge(Compared):
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


@attrs.frozen(eq=False, repr=False)
class Account(Compared):
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
        lines: Iterable[AccountLine] = (),
        *,
        issues: Iterable[Issue] = (),
        merges: Iterable[Merge] = (),
    ) -> Account:
        """Make an account: equal lines are one, issues that do not matter here are left out.

        Everything is sorted, so that the account of some tables is the same in whatever order they
        are read.
        """
        joined: dict[tuple[str, Fate, Reason | None], AccountLine] = {}
        for line in lines:
            key = (line.source, line.fate, line.reason)
            joined[key] = joined[key] + line if key in joined else line
        return cls(
            tuple(sorted((line for line in joined.values() if line.rows), key=_place_of_line)),
            tuple(_in_order(issue for issue in issues if issue.severity in BEARING)),
            tuple(sorted(merges, key=_place_of_merge)),
        )

    @classmethod
    def sum(cls, accounts: Iterable[Account]) -> Account:
        """Return the account of all tables of some accounts."""
        every = list(accounts)
        if len(every) == 1:
            return every[0]
        return cls.of(
            (line for each in every for line in each.lines),
            issues=(issue for each in every for issue in each.issues),
            merges=(merge for each in every for merge in each.merges),
        )

    def __add__(self, other: Account) -> Account:
        """Return the account of both."""
        if not isinstance(other, Account):
            return NotImplemented
        return Account.sum([self, other])

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.lines or self.issues or self.merges)

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return sum(line.rows for line in self.lines)

    @property
    def rows_by_fate(self) -> Mapping[Fate, int]:
        """Return the number of rows of every fate."""
        return {fate: self.rows_of(fate) for fate in Fate}

    def rows_of(self, fate: Fate) -> int:
        """Return how many rows had a fate."""
        return sum(line.rows for line in self.lines if line.fate is fate)

    def items_of(self, fate: Fate) -> float:
        """Return the sum of the known quantities of the rows that had a fate."""
        return sum(line.items for line in self.lines if line.fate is fate)

    def unknown_of(self, fate: Fate) -> int:
        """Return how many rows of a fate have an unknown number of items."""
        return sum(line.unknown for line in self.lines if line.fate is fate)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the tables, by name."""
        return tuple(dict.fromkeys(line.source for line in self.lines))

    def of_source(self, source: str) -> Account:
        """Return what became of the rows of one table."""
        return Account(
            tuple(line for line in self.lines if line.source == source),
            tuple(issue for issue in self.issues if issue.source == source),
            tuple(merge for merge in self.merges if merge.source == source),
        )

    def fate_of(self, place: str) -> Merge | Issue | AccountLine | None:
        """Return what became of a row that is not counted, None when it is not named here.

        Parameters
        ----------
        place
            ``file:line``, or the line alone.
        """
        source, _, line = place.rpartition(":")
        if not line.isascii() or not line.isdecimal():
            return None
        row = int(line)

        def here(other: str) -> bool:
            return not source or other == source or other.endswith(f"/{source}")

        for merge in self.merges:
            if merge.row == row and here(merge.source):
                return merge
        for issue in self.refused:
            if row in issue.rows and here(issue.source):
                return issue
        for told in self.lines:
            if told.fate is not Fate.COUNTED and row in told.examples and here(told.source):
                return told
        return None

    @property
    def uncounted(self) -> Account:
        """Return the account without the counted rows."""
        lines = tuple(line for line in self.lines if line.fate is not Fate.COUNTED)
        return attrs.evolve(self, lines=lines)

    @property
    def refused(self) -> tuple[Issue, ...]:
        """Return the issues of refused rows."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.REJECTED)

    @property
    def doubts(self) -> tuple[Issue, ...]:
        """Return the doubts: values used that may be wrong, rows that may count twice."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.DOUBT)

    @property
    def has_refused(self) -> bool:
        """Tell whether a row was refused: a figure can only lack what it stands for."""
        return bool(self.refused) or self.rows_of(Fate.REFUSED) > 0

    def to_dict(self, *, merges: bool = True) -> dict[str, object]:
        """Return plain JSON types, counts by fate included.

        Parameters
        ----------
        merges
            Whether to name every merged row.
        """
        pairs: dict[tuple[str, str, Reason], list[list[int]]] = {}
        for merge in self.merges if merges else ():
            key = (merge.source, merge.into_source, merge.reason)
            pairs.setdefault(key, []).append([merge.row, merge.into_row])
        named = [
            {"source": source, "into_source": into, "reason": reason.to_dict(), "rows": rows}
            for (source, into, reason), rows in pairs.items()
        ]
        return {
            "complete": self.is_complete,
            "rows": self.rows,
            **{fate.name.lower(): rows for fate, rows in self.rows_by_fate.items()},
            "lines": [line.to_dict() for line in self.lines],
            "issues": [issue.to_dict() for issue in self.issues],
            **({"merges": named} if merges else {}),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Account:
        """Return the account written by `to_dict`, which must name every merged row."""
        fields: dict[str, Any] = dict(content)
        merges = [
            Merge(
                str(each["source"]),
                int(row),
                str(each["into_source"]),
                int(into),
                Reason.from_dict(each["reason"]),
            )
            for each in fields["merges"]
            for row, into in each["rows"]
        ]
        return cls(
            tuple(AccountLine.from_dict(line) for line in fields["lines"]),
            tuple(Issue.from_dict(issue) for issue in fields["issues"]),
            tuple(sorted(merges, key=_place_of_merge)),
        )

    def text(self, language: str | None = None) -> str:
        """Return a line per table: how many rows it has, and what became of them."""
        return "\n".join(
            Reason(
                "account_line",
                source=source or Reason("account_memory"),
                rows=Reason("account_rows", count=self.of_source(source).rows),
                fates=", ".join(_fates(self.of_source(source), language)),
            ).text(language)
            for source in self.sources
        )

    def __str__(self) -> str:
        """Return a line per table, in the language in force."""
        return self.text()

    @property
    def is_complete(self) -> bool:
        """Tell whether no row was refused and nothing is doubted."""
        return not self.issues and not self.rows_of(Fate.REFUSED)


#: Issues that keep a figure from being complete.
BEARING = (Severity.REJECTED, Severity.DOUBT)

_FATES = {fate: place for place, fate in enumerate(Fate)}


def _place_of_line(line: AccountLine) -> tuple[str, int, str]:
    return line.source, _FATES[line.fate], repr(line.reason)


def _place_of_merge(merge: Merge) -> tuple[object, ...]:
    return merge.source, merge.row, merge.into_source, merge.into_row, repr(merge.reason)


def _issue_order(issue: Issue) -> tuple[object, ...]:
    return issue.source, issue.rows, issue.column, issue.value, issue.severity, issue.reason.code


def _in_order(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Yield issues sorted; the whole of one is written out only where the rest does not decide."""
    for _, alike in itertools.groupby(sorted(issues, key=_issue_order), key=_issue_order):
        several = list(alike)
        yield from sorted(several, key=repr) if len(several) > 1 else several


def _fates(account: Account, language: str | None) -> Iterator[str]:
    """Yield how many rows of one table had each fate; of those set aside, why."""
    for fate in Fate:
        rows = account.rows_of(fate)
        if not rows:
            continue
        said = Reason(f"account_{fate.name.lower()}", count=rows).text(language)
        why = [
            f"{number_text(line.rows, language)}"
            f" {counted_reason(line.reason, line.rows).text(language)}"
            for line in account.lines
            if line.fate is fate and line.reason is not None
        ]
        told = fate in (Fate.SET_ASIDE, Fate.COUNTED) and why
        yield f"{said} ({', '.join(why)})" if told else said


def counted_reason(reason: Reason, rows: int) -> Reason:
    """Return a reason in the number of its rows: one total, two totals."""
    return Reason(reason.code, **{**dict(reason.details), "count": rows})


def uncounted(
    lines: Iterable[AccountLine],
    *,
    issues: Iterable[Issue],
    merges: Iterable[Merge] = (),
    source: str,
) -> Account:
    """Return the account of rows that are in no table.

    Parameters
    ----------
    lines, issues, merges
        As an importer gives them; refused rows without a line get it from their issues.
    source
        File of the lines that name none.
    """
    given = [attrs.evolve(line, source=line.source or source) for line in lines]
    issues = tuple(issues)
    if not any(line.fate is Fate.REFUSED for line in given):
        given += [
            AccountLine(
                source=issue.source or source,
                fate=Fate.REFUSED,
                reason=issue.reason,
                rows=issue.count,
                unknown=issue.count,
                examples=issue.rows,
            )
            for issue in issues
            if issue.severity is Severity.REJECTED
        ]
    return Account.of(given, issues=issues, merges=merges)
