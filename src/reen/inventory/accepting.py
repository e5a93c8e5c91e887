"""Accepted doubts: those that their owner has checked become notes, and change no figure.

Input: an inventory and the doubts that were accepted.  Output: the same rows and figures, without
these doubts in its accounts.  A refused row or cell is never accepted: it is mended in its file.
"""

from __future__ import annotations

from collections.abc import Collection

import attrs

from reen.inventory.account import Account
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue, ReadReport, Severity

__all__ = ["without_doubts"]


def without_doubts(inventory: Inventory, accepted: Collection[tuple[str, str, str]]) -> Inventory:
    """Return an inventory some of whose doubts are notes.

    Parameters
    ----------
    inventory
        As it was read.
    accepted
        Code, column and value of the doubts.
    """
    known = frozenset(accepted)

    def is_accepted(issue: Issue) -> bool:
        place = (issue.reason.code, issue.column, issue.value)
        return issue.severity is Severity.DOUBT and place in known

    settled_headers = {value for code, _, value in known if code == "header_not_known"}
    inventory = attrs.evolve(
        inventory, reports=tuple(_told(each, settled_headers) for each in inventory.reports)
    )

    def is_settled(issue: Issue) -> bool:
        # whoever left a column out knows that its numbers are not read
        return issue.reason.code == "unread_numbers" and issue.value in settled_headers

    if not any(is_accepted(each) or is_settled(each) for each in inventory.issues):
        return inventory

    def settled(account: Account) -> Account:
        rest = tuple(issue for issue in account.issues if not is_accepted(issue))
        return attrs.evolve(account, issues=rest)

    account = inventory.read_account
    return attrs.evolve(
        inventory,
        issues=tuple(
            attrs.evolve(issue, severity=Severity.NOTE) if is_accepted(issue) else issue
            for issue in inventory.issues
            if not is_settled(issue)
        ),
        read_account=None if account is None else settled(account),
        linked_accounts={kind: settled(each) for kind, each in inventory.linked_accounts.items()},
    )


def _told(report: ReadReport, headers: Collection[str]) -> ReadReport:
    """Return a report of whose headers some are known to be of no use."""
    if not headers:
        return report
    columns = tuple(
        attrs.evolve(each, sure=True) if not each.column and each.header in headers else each
        for each in report.columns_read
    )
    return attrs.evolve(report, columns_read=columns)
