"""The method contract: for each inventory row, which flow, and how much of it per year.

A method is an `attrs.frozen` class whose fields are its options.  `prepare` runs once and gives a
`Prepared`, whose `exchanges` answers batch by batch: columns in, columns out.  A method does
nothing else: stages, criteria, groups, draws and coverage are the engine's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import ClassVar, Protocol, runtime_checkable

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.assessment import Assessment
from reen.engine.exchanges import Assumption, Exchanges, FlowKind, Outcome
from reen.factors.library import FactorLibrary
from reen.inventory.batch import Batch
from reen.inventory.datacenter import Datacenter
from reen.reasons import Reason
from reen.values import Compared, Printed
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = [
    "Allocating",
    "Context",
    "CountingBeside",
    "LinesApart",
    "Method",
    "OtherItems",
    "Prepared",
    "Remark",
    "Remarking",
    "Remarks",
    "Shares",
    "StatusRule",
    "Titling",
    "title_on",
]


#: Reason of rows that no status explains.
_RETIRED = Reason("retired")

#: Reason of rows whose day of leaving cannot be read.
_UNREAD = Reason("invalid", column="retirement_date")


@attrs.frozen(eq=False, repr=False)
class StatusRule(Compared):
    """How the status of an asset, and the dates of its life, decide what is counted.

    The default is: retired and lost excluded by name; in stock counted, but without use; unknown
    counted as in use, flagged.  At a reference date, items purchased after it are excluded, and
    so are items without a status that were retired before it.

    Attributes
    ----------
    excluded
        Statuses that are not counted at all.
    unused
        Statuses that are counted without a use stage.
    as_of
        Reference date; without one, the dates of the rows decide nothing.
    """

    excluded: tuple[str, ...] = ("retired", "lost")
    unused: tuple[str, ...] = ("in_stock",)
    as_of: dt.date | None = None

    #: Columns that it reads; a method that reads the status is given the others too.
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "purchase_date",
        "retirement_date",
        "retirement_date_precision",
        "status",
    )

    def apply(self, batch: Batch, assessment: Assessment, *, use: bool = False) -> None:
        """Judge the rows of a batch by their status and their dates.

        Parameters
        ----------
        batch, assessment
            Rows and their outcomes.
        use
            Whether the flow kind is a use stage, which stocked items do not have.
        """
        gone, dated = self._by_dates(batch, assessment)
        lost = np.zeros(len(batch), np.bool_)
        if self.as_of is not None:
            # it left, and nobody can read when: whether it is still there is not known
            lost = batch.unreadable("retirement_date")
        if not batch.has("status"):
            assessment.leave_out(lost, _UNREAD)
            # a file without a status column lists what is in use, until it is retired
            assessment.exclude(gone, _RETIRED)
            return
        codes, statuses = batch.codes("status")
        for code, status in enumerate(statuses):
            if status in self.excluded:
                assessment.exclude(codes == code, Reason("status", status=status))
            elif use and status in self.unused:
                assessment.exclude(codes == code, Reason("not_in_use", status=status))
        unknown = codes < 0
        if "unknown" in statuses:
            unknown |= codes == statuses.index("unknown")
        assessment.leave_out(unknown & lost, _UNREAD)
        assessment.exclude(unknown & gone, _RETIRED)
        taken = Assumption("taken_as", parameter="status", value="in_use")
        assessment.assume(unknown & ~dated, taken)

    def _by_dates(
        self, batch: Batch, assessment: Assessment
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Exclude what was not there yet; return what had left, and what has a retirement date."""
        nothing = np.zeros(len(batch), np.bool_)
        if self.as_of is None:
            return nothing, nothing
        day = np.datetime64(self.as_of, "D")
        if batch.has("purchase_date"):
            # as day numbers, no date being the lowest of all: dates take twice as long to compare
            bought = batch.dates("purchase_date").view(np.int64)
            assessment.exclude(bought > day.astype(np.int64), Reason("not_yet_acquired"))
        if not batch.has("retirement_date"):
            return nothing, nothing
        retired = batch.dates("retirement_date")
        return retired < day, ~np.isnat(retired)


@attrs.frozen(eq=False, repr=False)
class Context(Compared):
    """Factors, options and dates that a method receives to prepare itself.

    Attributes
    ----------
    as_of
        Reference date of the measurement.
    factors
        Flows and type defaults of the packs in use.
    equipment_types
        Taxonomy.
    status_rule
        How statuses and dates are counted, at the reference date when not given.
    datacenters
        Data centres by id; empty when the source is not an information system.
    """

    as_of: dt.date
    factors: FactorLibrary
    equipment_types: EquipmentTypes
    status_rule: StatusRule = attrs.field()
    datacenters: Mapping[str, Datacenter] = attrs.field(factory=dict)

    @status_rule.default
    def _at_the_reference_date(self) -> StatusRule:
        return StatusRule(as_of=self.as_of)

    @property
    def day(self) -> np.datetime64:
        """Return the reference date as datetime64[D]."""
        return np.datetime64(self.as_of, "D")


@runtime_checkable
class Prepared(Protocol):
    """A method ready to answer; must be picklable to work in other processes."""

    @property
    def kinds(self) -> tuple[FlowKind, ...]:
        """Return the flow kinds that it answers for."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the inventory columns that it reads; it gets no other."""

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return the exchanges of a batch: for each kind, at least one per row."""


@attrs.frozen(eq=False, repr=False)
class Shares(Printed):
    """The share of a host or machine that each row gets, or why it gets none.

    Attributes
    ----------
    share
        float64, one per row; NaN where the row gets none.
    outcomes, outcome
        Distinct outcomes and the code of each row, read where the share is NaN.
    """

    share: npt.NDArray[np.float64]
    outcomes: tuple[Outcome, ...]
    outcome: npt.NDArray[np.unsignedinteger]


@runtime_checkable
class Allocating(Protocol):
    """What a prepared method adds to be measured by virtual machine and by application."""

    @property
    def machine_columns(self) -> tuple[str, ...]:
        """Return the columns of the virtual machines that it reads."""

    @property
    def application_columns(self) -> tuple[str, ...]:
        """Return the columns of the applications that it reads."""

    def machine_shares(self, machines: Batch) -> Shares:
        """Return the share of its host that each virtual machine gets.

        Parameters
        ----------
        machines
            All virtual machines, with the columns of their hosts that are asked for, such as
            ``host.id``; blank where there is no host.
        """

    def machine_exchanges(self, machines: Batch) -> Iterable[Exchanges]:
        """Return exchanges that machines have of their own, instead of a share of their host's.

        Parameters
        ----------
        machines
            As in `machine_shares`.
        """

    def application_shares(self, applications: Batch) -> Shares:
        """Return the part of its machine that each application row gets.

        Parameters
        ----------
        applications
            All application rows, with the columns of their machines: ``machine.id``...
        """


@runtime_checkable
class CountingBeside(Protocol):
    """What a prepared method adds to count rows of tables beside the equipment."""

    @property
    def kinds_beside(self) -> tuple[FlowKind, ...]:
        """Return the flow kinds of other tables that it answers for."""

    @property
    def beside(self) -> Mapping[str, Prepared]:
        """Return what answers for the rows of each of these tables."""


@attrs.frozen(eq=False, repr=False)
class Remark(Compared):
    """A remark of a method on a row.

    Attributes
    ----------
    text
        In words, one line: ``approximate match with the sheet x, score 93.3``.
    details
        The same as data, by name: ``{"sheet": "x", "score": 93.333}``.
    """

    text: str
    details: Mapping[str, str | float] = attrs.field(factory=dict, hash=False)


@attrs.frozen(eq=False, repr=False)
class Remarks(Printed):
    """A column of remarks, as a dictionary column: the distinct ones, and that of each row.

    Attributes
    ----------
    remarks
        Distinct remarks.
    remark
        int64, one per row: position in `remarks`, -1 for none.
    """

    remarks: tuple[Remark, ...]
    remark: npt.NDArray[np.signedinteger]


@runtime_checkable
class Remarking(Protocol):
    """What a prepared method adds to be explained: how it came to its answers, row by row.

    Outcomes are lines of the coverage, so they are few; there may be as many remarks as models.
    No figure depends on them.  `explain` and `trace` ask for them, `measure` never does.
    """

    def remarks(self, batch: Batch) -> Iterable[Remarks]:
        """Return remarks on the rows of a batch, several columns of them when rows have several.

        Parameters
        ----------
        batch
            As in `Prepared.exchanges`.
        """


@runtime_checkable
class Method(Protocol):
    """A way to measure: an attrs.frozen class whose fields are its options."""

    @property
    def name(self) -> str:
        """Return the name by which it is called."""

    @property
    def version(self) -> str:
        """Return its version; it changes whenever a result may."""

    @property
    def title(self) -> str:
        """Return one line for a list."""

    @property
    def reference(self) -> str:
        """Return the publication that it follows."""

    @property
    def packs(self) -> tuple[str, ...]:
        """Return the names of its default factor packs, in order of precedence."""

    def prepare(self, context: Context) -> Prepared:
        """Prepare once: look up factors and defaults, check options."""


@runtime_checkable
class Titling(Protocol):
    """What a method adds whose title depends on the packs that it runs on."""

    def title_on(self, packs: Collection[str]) -> str:
        """Return the title of a measurement by packs of these names."""


def title_on(method: Method, packs: Collection[str]) -> str:
    """Return the title of a method that ran on packs of these names."""
    return method.title_on(packs) if isinstance(method, Titling) else method.title


@runtime_checkable
class OtherItems(Protocol):
    """A method with factors of items beside the equipment itself: a drum, a ream, a repair.

    What a user gives for laptops replaces all making of equipment, which is never of two origins;
    these are no making of equipment, and each is replaced by a flow of its own identifier only.
    """

    @property
    def other_items(self) -> Collection[str]:
        """Return the identifiers of these flows in the packs of the method."""


@runtime_checkable
class LinesApart(Protocol):
    """A method with lines apart: figures that others of its kind give, and never part of its own.

    An item is counted by one of them at most: what a method counts is excluded from the lines after
    it, so that figures that a reader adds up count nothing twice.
    """

    @property
    def lines_apart(self) -> Mapping[str, Method]:
        """Return the method of each line by name, in order; none where no option asks for any.

        A name says by what a line counts, in the singular: ``proxy``, ``archived_element``.
        """
