"""Rules that all methods share: what the engine reads of a row before a method does.

A fact has one wording because it is judged in one place: statuses and dates here, as
`StatusRule` says them.
"""

from __future__ import annotations

from typing import Literal

from reen.method.amounts import day
from reen.method.case import Case
from reen.method.flow_kinds import Kind
from reen.method.questions import State
from reen.method.verdicts import Excluded, LeftOut, Verdict
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
    gone = _by_dates(case, rule)
    if not case.has("status"):
        # a file without a status column lists what is in use, until it is retired
        _refuse(gone)
        return
    status = case.word("status")
    if status in rule.excluded:
        raise Excluded("status", status=status)
    if use and status in rule.unused:
        raise Excluded("not_in_use", status=status)
    if status in (None, "unknown"):
        _refuse(gone)
        if gone is None:
            case.assume("taken_as", parameter="status", value="in_use")


def _by_dates(case: Case, rule: StatusRule) -> Verdict | Literal["not yet"] | None:
    """Return the verdict on an item that has left; None where no date shows whether it has."""
    if rule.as_of is None:
        return None
    today = day(rule.as_of)
    # what is listed was bought, as long as no date says that it was later
    if case.state("purchase_date") is State.GIVEN and case.purchase_date > today:
        raise Excluded("not_yet_acquired")
    if case.state("retirement_date") is State.INVALID:
        # it has, and nobody can read when
        return LeftOut("invalid", column="retirement_date")
    retired = case.date("retirement_date")
    if retired is None:
        return None
    return Excluded("retired") if retired < today else "not yet"


def _refuse(gone: object) -> None:
    if isinstance(gone, Verdict):
        raise gone


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
