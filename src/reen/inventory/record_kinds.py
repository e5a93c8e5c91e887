"""Kinds of records: one class of `Records` each, and all of them by name.

Values with the rows of one kind of table, and the look-ups that several indicators share.  Reads no
file and knows no indicator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

import attrs
import pyarrow as pa

from reen.inventory.headcounts import counts_on
from reen.inventory.record_schema import (
    CONNECTED_OBJECTS,
    CONTRACTS,
    DISPOSALS,
    ENERGY_READINGS,
    EVENTS,
    HEADCOUNT,
    LAST_SEEN,
    MATURITY,
    PROJECTS,
    PURCHASES,
    REPAIRS,
    SERVICES,
)
from reen.inventory.records import Records
from reen.inventory.schema import TableSchema
from reen.reasons import Reason

__all__ = [
    "RECORD_KINDS",
    "ConnectedObjects",
    "Contracts",
    "Disposals",
    "EnergyReadings",
    "Events",
    "Headcount",
    "LastSeen",
    "Maturity",
    "Projects",
    "Purchases",
    "Repairs",
    "Services",
]


@attrs.frozen
class Purchases(Records):
    """Order or invoice lines, dated by invoice, else delivery, else order.

    Examples
    --------
    >>> purchases = reen.read_records("examples/ville/2025/achats.csv", kind="purchases")
    >>> type(purchases).__name__, purchases.table.num_rows
    ('Purchases', 62)
    """

    schema: ClassVar[TableSchema] = PURCHASES


@attrs.frozen
class Disposals(Records):
    """Equipment that left the organisation, dated, with its destination.

    Examples
    --------
    >>> disposals = reen.read_records("examples/ville/2025/sorties.csv", kind="disposals")
    >>> type(disposals).__name__, disposals.table.num_rows
    ('Disposals', 86)
    """

    schema: ClassVar[TableSchema] = DISPOSALS


@attrs.frozen
class Headcount(Records):
    """Numbers of agents (staff members) at given dates, for the whole or by entity.

    Examples
    --------
    >>> import datetime as dt
    >>> agents = reen.types.Headcount.of(1195, date=dt.date(2025, 12, 31))
    >>> agents.table.num_rows
    1
    """

    schema: ClassVar[TableSchema] = HEADCOUNT

    @classmethod
    def of(cls, agents: float, *, date: dt.date) -> Headcount:
        """Return one count, of the whole organisation."""
        return cls.from_arrow(
            pa.table(
                {
                    "date": pa.array([date], pa.date32()),
                    "agents": pa.array([agents], pa.float64()),
                }
            )
        )

    def latest(self, on: dt.date, column: str = "agents") -> Mapping[str, tuple[float, dt.date]]:
        """Return the last count of each entity on or before a day, with its date.

        The key of rows without an entity, which count the whole organisation, is the empty text.
        Rows of one entity and one date add up within a file; the count is NaN when one of them is
        blank or invalid, or when two files differ.  A total of one file beside its parts in another
        is the whole.

        Parameters
        ----------
        on
            The day.
        column
            What is counted: ``agents`` or ``inhabitants``.
        """
        return counts_on(self.batch, on, column).last

    def said_of(self, on: dt.date, column: str = "agents") -> Reason | None:
        """Return why counts on or before a day were not added up, None where nothing is odd.

        Parameters
        ----------
        on
            The day.
        column
            What is counted: ``agents`` or ``inhabitants``.
        """
        return counts_on(self.batch, on, column).said


@attrs.frozen
class EnergyReadings(Records):
    """Meter readings, period by period."""

    schema: ClassVar[TableSchema] = ENERGY_READINGS


@attrs.frozen
class Repairs(Records):
    """Equipment that failed, dated, with what became of it."""

    schema: ClassVar[TableSchema] = REPAIRS


@attrs.frozen
class Contracts(Records):
    """Contracts, dated by their award, with their clauses."""

    schema: ClassVar[TableSchema] = CONTRACTS


@attrs.frozen
class Events(Records):
    """Workshops, courses and campaigns, dated, with who was reached."""

    schema: ClassVar[TableSchema] = EVENTS


@attrs.frozen
class Projects(Records):
    """Digital projects, dated by their start of service."""

    schema: ClassVar[TableSchema] = PROJECTS


@attrs.frozen
class ConnectedObjects(Records):
    """Sensors and the like in the territory."""

    schema: ClassVar[TableSchema] = CONNECTED_OBJECTS


@attrs.frozen
class LastSeen(Records):
    """Last contact of each device with its management tool."""

    schema: ClassVar[TableSchema] = LAST_SEEN


@attrs.frozen
class Maturity(Records):
    """Answers to a grid of maturity, dated."""

    schema: ClassVar[TableSchema] = MATURITY


@attrs.frozen
class Services(Records):
    """Services and supplies, with their users and the data that they store."""

    schema: ClassVar[TableSchema] = SERVICES


#: Classes of records by the name of their kind.
RECORD_KINDS: Mapping[str, type[Records]] = {
    made.schema.name: made
    for made in (
        Purchases,
        Disposals,
        Headcount,
        EnergyReadings,
        Repairs,
        Contracts,
        Events,
        Projects,
        ConnectedObjects,
        LastSeen,
        Maturity,
        Services,
    )
}
