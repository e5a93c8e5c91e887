"""Allocation: what virtual machines get of their host, and applications of their machine.

A share is a function of one case too: a machine, with the columns of its host under ``host.``, or
an application, with those of its machine under ``machine.``.  The engine multiplies the exchanges
of hosts by the shares.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterator
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges, Status
from reen.factors.flow import Flow
from reen.inventory.batch import Batch
from reen.inventory.hosting import APPLICATIONS_ON_MACHINES, MACHINES_ON_HOSTS
from reen.method.amounts import Amount
from reen.method.answers import Exchange, ReferenceFlow
from reen.method.case import Case
from reen.method.case_method import Answering, CaseMethod, CasesOfKind
from reen.method.flow_kinds import Kind
from reen.method.questions import Question
from reen.method.reader import Reader
from reen.method.verdicts import IncludedElsewhere
from reen.plugins.method import Shares

__all__ = ["AllocatingCaseMethod"]

#: What a share is a share of: the support, whatever it is.
_SUPPORT = ReferenceFlow(Flow("share", "support"), "1")
_SHARE = Kind("share", (), "1")


class AllocatingCaseMethod(CaseMethod):
    """Base of a prepared method of cases that also divides hosts between their machines.

    A subclass gives `machine_share` and `application_share`; and, where a machine may have an
    exchange of its own instead of a share of its host's, a function ``machine_<kind>`` of a kind of
    flow (``machine_electricity``), which returns None for the machines that have none.

    Attributes
    ----------
    machine_reads
        Columns of the virtual machines that its functions read; those of their hosts are
        ``host.id``, ``host.datacenter_id``...
    application_reads
        Columns of the applications; those of their machines are ``machine.id``...
    """

    machine_reads: ClassVar[tuple[str, ...]] = ()
    application_reads: ClassVar[tuple[str, ...]] = ()

    def machine_share(self, case: Case) -> Amount:
        """Return the share of its host that a machine gets, without unit."""
        raise NotImplementedError

    def application_share(self, case: Case) -> Amount:
        """Return the share of its machine that an application gets, without unit."""
        raise NotImplementedError

    # -- the engine's side -----------------------------------------------------------------------

    @property
    def machine_columns(self) -> tuple[str, ...]:
        """Return the columns of the virtual machines that are read."""
        return self.machine_reads

    @property
    def application_columns(self) -> tuple[str, ...]:
        """Return the columns of the applications that are read."""
        return self.application_reads

    @functools.cached_property
    def allocation(self) -> _Allocation:
        """Return the cases of machines and applications met so far."""
        return _Allocation(self)

    def machine_shares(self, machines: Batch) -> Shares:
        """Return the share of its host that each machine gets."""
        return _shares(self.allocation.machines, machines)

    def application_shares(self, applications: Batch) -> Shares:
        """Return the share of its machine that each application gets."""
        return _shares(self.allocation.applications, applications)

    def machine_exchanges(self, machines: Batch) -> Iterator[Exchanges]:
        """Return the exchanges that machines have of their own."""
        for cases in self.allocation.own:
            yield from _own(cases, machines)


class _Allocation:
    """The cases of machines and of applications.

    Parameters
    ----------
    method
        The prepared method.
    """

    def __init__(self, method: AllocatingCaseMethod) -> None:
        made: dict[Hashable, Question] = {}

        def of_machines(kind: Kind, answering: Answering, per: str = "/year") -> CasesOfKind:
            return CasesOfKind(kind, answering, made=made, schema=MACHINES_ON_HOSTS, per=per)

        self.machines = of_machines(_SHARE, _share_of(method.machine_share), "")
        self.applications = _applications(method)
        self.own = [
            of_machines(kind, _own_or_share(getattr(method, f"machine_{kind.name}")))
            for kind in method.kinds
            if hasattr(method, f"machine_{kind.name}")
        ]


def _applications(method: AllocatingCaseMethod) -> CasesOfKind:
    return CasesOfKind(
        _SHARE,
        _share_of(method.application_share),
        made={},
        schema=APPLICATIONS_ON_MACHINES,
        per="",
    )


def _share_of(function: Callable[[Case], Amount]) -> Answering:
    def answer(case: Case) -> Exchange:
        return function(case) * _SUPPORT

    return answer


def _own_or_share(function: Callable[[Case], object]) -> Answering:
    def answer(case: Case) -> object:
        found = function(case)
        if found is None:
            raise IncludedElsewhere("share_of_host")
        return found

    return answer


def _rows(each: Exchanges) -> npt.NDArray[np.intp]:
    return np.arange(len(each)) if each.row is None else each.row


def _shares(cases: CasesOfKind, batch: Batch) -> Shares:
    """Return the shares of all rows of a table."""
    reader = Reader(batch)
    numbers = cases.numbers(reader)
    found, share = cases.snapshot(), np.full(len(batch), np.nan)
    for each in found.exchanges(reader, numbers):
        there = each.flow >= 0
        share[_rows(each)[there]] = each.amount()[there]
    return Shares(share, found.outcomes, found.outcome.take(numbers))


def _own(cases: CasesOfKind, batch: Batch) -> Iterator[Exchanges]:
    """Yield the exchanges of the rows that have some of their own."""
    for each in cases.exchanges(Reader(batch)):
        own = [said.status is not Status.INCLUDED_ELSEWHERE for said in each.outcomes]
        mine = np.flatnonzero(np.array(own, np.bool_)[each.outcome])
        if len(mine):
            spread = each.amount_spread
            yield attrs.evolve(
                each,
                flow=each.flow[mine],
                outcome=each.outcome[mine],
                row=_rows(each)[mine],
                amount_spread=None if spread is None else spread[mine],
                drivers={
                    name: attrs.evolve(driver, values=driver.values[mine])
                    for name, driver in each.drivers.items()
                },
            )
