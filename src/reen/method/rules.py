"""Rules that all methods share: what the engine reads of a row before a method does.

A fact has one wording because it is judged in one place: statuses and dates here, as
`StatusRule` says them.
"""

from __future__ import annotations

from reen.method.amounts import day
from reen.method.case import Case
from reen.method.kinds import Kind
from reen.method.verdicts import Excluded, LeftOut
from reen.plugins.method import StatusRule

__all__ = ["STATUS", "columns_of", "known_type", "read_preamble"]

#: In a preamble: the rule of statuses and dates.
STATUS = "status"


def columns_of(kind: Kind) -> tuple[str, ...]:
    """Return the columns that the preamble of a kind reads."""
    numbers = tuple(name for name in kind.preamble if name != STATUS)
    return (*numbers, *StatusRule.COLUMNS) if STATUS in kind.preamble else numbers


def read_preamble(case: Case, kind: Kind, rule: StatusRule) -> None:
    """Judge a case by its status and its dates, and require the numbers that every row needs.

    Raises
    ------
    Excluded
        By the options of the method, by its status or by its dates.
    LeftOut
        A number is missing or invalid.
    """
    if kind.excluded is not None:
        raise Excluded.because(kind.excluded)
    for name in kind.preamble:
        if name == STATUS:
            _in_use(case, rule, use=kind.use)
        else:
            case.number(name)


def _in_use(case: Case, rule: StatusRule, *, use: bool) -> None:
    gone = dated = False
    if rule.as_of is not None:
        today = day(rule.as_of)
        bought = case.date("purchase_date")
        if bought is not None and bought > today:
            raise Excluded("not_yet_acquired")
        retired = case.date("retirement_date")
        dated = retired is not None
        gone = retired is not None and retired < today
    if not case.has("status"):
        # a file without a status column lists what is in use, until it is retired
        if gone:
            raise Excluded("retired")
        return
    status = case.word("status")
    if status in rule.excluded:
        raise Excluded("status", status=status)
    if use and status in rule.unused:
        raise Excluded("not_in_use", status=status)
    if status in (None, "unknown"):
        if gone:
            raise Excluded("retired")
        if not dated:
            case.assume("taken_as", parameter="status", value="in_use")


def known_type(equipment_type: str | None) -> str:
    """Return an equipment type.

    Raises
    ------
    LeftOut
        It is blank, or ``unknown``.
    """
    if equipment_type is None or equipment_type == "unknown":
        raise LeftOut("type_unknown")
    return equipment_type
