"""Inventory: what an organisation owns and uses at a date, as checked tables.

Input: Arrow data from importers, data frames or code.  Output: an immutable value: the equipment,
and the tables beside it (virtual machines, data centres, applications, purchases, disposals,
headcount, energy readings, repairs, contracts, events...), in canonical types, with the issues met,
how it was read and the account of every row.  (ISO 14040's "life-cycle inventory" is what this
library calls exchanges; this inventory is the list of assets.)

Must not read files nor know any method.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

import attrs
import numpy as np
import pyarrow as pa

from reen.errors import InventoryError
from reen.gate.limits import GENEROUS, Limits
from reen.inventory.account import Account, Fate
from reen.inventory.batch import BATCH_ROWS, Batch, BatchMemo, batches_of
from reen.inventory.carried_account import (
    WRITTEN,
    Kept,
    carried,
    settle_carried,
    with_account,
    without_account,
)
from reen.inventory.equipment import Equipment, equipment_table
from reen.inventory.issues import Issue, ReadReport, joint_report
from reen.inventory.ledger import Ledger
from reen.inventory.linked import NEED, canonical, counted_by_source
from reen.inventory.record_schema import DISPOSALS, PURCHASES, REPAIRS
from reen.inventory.schema import EQUIPMENT
from reen.inventory.table_kinds import LINKED_KINDS, SCHEMA_OF_KIND, empty_table
from reen.inventory.tables_by_kind import TablesByKind
from reen.inventory.users import ComputerUsers, Users, computer_users
from reen.lazy_names import lazy_module
from reen.reasons import Reason
from reen.views.arrow_table import ArrowStream, ArrowTable
from reen.views.viewed import Viewed
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types

if TYPE_CHECKING:
    from reen.gate import admission
    from reen.inventory import questions, references, row_places, stacking
else:  # what a list of one file does not need
    admission = lazy_module("reen.gate.admission")
    questions = lazy_module("reen.inventory.questions")
    references = lazy_module("reen.inventory.references")
    row_places = lazy_module("reen.inventory.row_places")
    stacking = lazy_module("reen.inventory.stacking")

__all__ = ["NEED", "ArrowStream", "Inventory", "inventory_of"]


def _with_rows(given: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """Return the tables beside the equipment that have a row, in the order of their kinds."""
    there = {kind: given[kind] for kind in LINKED_KINDS if kind in given}
    return {kind: table for kind, table in there.items() if table.num_rows}


class _Tables(Mapping[str, pa.Table]):
    """All tables by kind, equipment first; one without a row is made when it is asked for."""

    def __init__(self, there: Mapping[str, pa.Table]) -> None:
        self._there = there

    def __getitem__(self, kind: str) -> pa.Table:
        found = self._there.get(kind)
        return empty_table(kind) if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter((EQUIPMENT.name, *LINKED_KINDS))

    def __len__(self) -> int:
        return 1 + len(LINKED_KINDS)


#: Kinds of records of which the types are asked like those of the equipment.
_TYPED = (PURCHASES.name, DISPOSALS.name, REPAIRS.name)


@attrs.frozen(repr=False)
class Inventory(TablesByKind, ArrowTable, Viewed):
    """The digital equipment of an organisation, with its purchases, services and other tables.

    Build one with `reen.read`, `Inventory.from_arrow`, `Inventory.from_tables` or
    `Inventory.from_equipment`; add two with ``+``.

    Attributes
    ----------
    table
        Equipment, in canonical types (see the columns page).  Unknown columns are kept of data
        given in code; of files, those that were asked for.
    issues
        What was odd or refused, by file, row, column and value, duplicate names and dangling
        references between tables included.
    reports
        How each file was read.
    users
        Number of rows with a user, and of users, as counted when the files were read; None when
        no column names users, and for lists put together.
    read_account
        Fate of every row of the files of equipment, as found when they were read; None for rows
        from memory, which are all counted.  Ask `account`.
    linked
        Tables beside the equipment that have a row, by kind.  Ask `tables`.
    linked_accounts
        What became of every row of their files, by kind.  Ask `account_of`.

    Examples
    --------
    >>> inventory = reen.Inventory.from_equipment(
    ...     [reen.Equipment("laptop", quantity=120), reen.Equipment("monitor", quantity=200)]
    ... )
    >>> inventory.table.num_rows
    2
    >>> print(inventory.account)
    rows in memory: 2 rows: 2 counted
    """

    made_by: ClassVar = "reen.inventory.inventory_view:inventory_view"

    table: pa.Table
    issues: tuple[Issue, ...] = ()
    reports: tuple[ReadReport, ...] = ()
    read_account: Account | None = attrs.field(default=None, repr=False)
    linked: Mapping[str, pa.Table] = attrs.field(
        factory=dict, converter=_with_rows, kw_only=True, repr=lambda found: repr(tuple(found))
    )
    linked_accounts: Mapping[str, Account] = attrs.field(factory=dict, kw_only=True, repr=False)
    users: Users | None = attrs.field(default=None, kw_only=True)

    @property
    def report(self) -> ReadReport | None:
        """Return how the files were read, as one report; None of rows that come from memory."""
        return joint_report(self.reports) if self.reports else None

    @functools.cached_property
    def tables(self) -> Mapping[str, pa.Table]:
        """Return all tables by kind, equipment first; those that are not there have no row."""
        return _Tables({EQUIPMENT.name: self.table, **self.linked})

    @functools.cached_property
    def worklist(self) -> questions.Worklist:
        """Return what to answer first, so that more of the equipment can be measured."""
        from reen.inventory.worklist import worklist_of

        return worklist_of(
            self.batches(),
            issues=self.issues,
            equipment_types=bundled_equipment_types(),
            headers=[each for report in self.reports for each in report.unknown_headers],
            records=[batch for kind in _TYPED for batch in self._batches_of(kind)],
            refused=self.account_of(EQUIPMENT.name).rows_of(Fate.REFUSED),
            linked={kind: table.num_rows for kind, table in self.linked.items()},
        )

    @property
    def account(self) -> Account:
        """Return what became of every row that was read, of every table."""
        return Account.sum(map(self.account_of, (EQUIPMENT.name, *self.linked_accounts)))

    @functools.cached_property
    def computer_users(self) -> ComputerUsers:
        """Return how many users have a desktop and a laptop, as a read counted it by their names.

        Of other lists it is counted by ``user_id``: with none of them, there are no users.
        """
        if self.users is not None and self.users.computers is not None:
            return self.users.computers
        rows = self.batch(EQUIPMENT)
        return computer_users(rows, rows.codes("user_id")[0].astype(np.int64))

    def account_of(self, kind: str) -> Account:
        """Return what became of every row that was read of the tables of one kind."""
        if kind != EQUIPMENT.name:
            return self.linked_accounts.get(kind, Account())
        return self._rows_in_memory if self.read_account is None else self.read_account

    @functools.cached_property
    def _rows_in_memory(self) -> Account:
        """Return the account of equipment that is all here."""
        source = "" if self.report is None else self.report.source
        return self._counted(source, by_row=self.report is not None) + Account.of(
            issues=self.issues
        )

    def counted(self, source: str = "") -> Account:
        """Return the account of the rows of equipment that are here, by their column ``source``.

        Parameters
        ----------
        source
            Table of the rows that name none.
        """
        return self._counted(source, by_row=True)

    def _counted(self, source: str, *, by_row: bool) -> Account:
        ledger = Ledger()
        for batch in self.batches():
            ledger.count(batch, source=source, by_row=by_row)
        return ledger.account()

    @classmethod
    def from_arrow(
        cls,
        data: ArrowStream,
        *,
        kind: str = EQUIPMENT.name,
        source: str = "",
        equipment_types: EquipmentTypes | None = None,
        issues: Iterable[Issue] = (),
        report: ReadReport | None = None,
        limits: Limits = GENEROUS,
        uncounted: Account | None = None,
    ) -> Inventory:
        """Check a table and make an inventory of it.

        Parameters
        ----------
        data
            Rows; the unit of a number column stands in its Arrow field metadata under ``unit``,
            else it is the canonical one.
        kind
            What the rows are: ``equipment``, or another kind of the columns page.
        source
            Name used in messages.
        equipment_types
            Taxonomy, the bundled one by default.
        issues, report, uncounted
            What an importer already found: `uncounted` is the account of the rows that it did not
            hand over; those that it did are counted by their column ``source``.
        limits
            How much of it is accepted.

        Raises
        ------
        InventoryError
            A kind that there is not; a column that cannot hold what it should, twice the same
            column, no type and no model, or none of what the kind cannot do without.
        InventoryError
            Cells that are not what their type says, or more of them than the limits allow.
        DimensionError
            A unit of the wrong dimension.
        """
        given: object = data
        # asking whether a table has the protocol would take longer than most of what follows
        if not isinstance(given, pa.Table) and not isinstance(given, ArrowStream):
            message = Reason("error_not_arrow_data_give_pyarrow_table", name=type(data).__name__)
            raise InventoryError(message)
        place = source or ("table" if kind == EQUIPMENT.name else kind)
        table = admission.admit(data, place=place, limits=limits)
        # an importer gives the account beside the rows
        own = kind != EQUIPMENT.name or report is not None or uncounted is not None
        kept = Kept() if own else carried(table.schema, place)
        made = inventory_of(
            table.replace_schema_metadata(without_account(table.schema).metadata),
            kind=kind,
            source=source,
            equipment_types=equipment_types,
            issues=issues if kept.issue is None else (*issues, kept.issue),
            report=report,
            uncounted=uncounted,
        )
        if kept.account is None:
            return made
        account = settle_carried(kept, made.account_of(kind), place)
        return attrs.evolve(made, read_account=account, users=kept.users)

    @classmethod
    def from_tables(
        cls,
        *,
        equipment: Inventory | ArrowStream | None = None,
        equipment_types: EquipmentTypes | None = None,
        limits: Limits = GENEROUS,
        **tables: ArrowStream | None,
    ) -> Inventory:
        """Check several tables, and the references between them.

        Parameters
        ----------
        equipment
            Equipment, when there is any.
        equipment_types, limits
            As in `from_arrow`.
        **tables
            Other tables by kind, such as ``virtual_machines``, ``datacenters``, ``applications``,
            ``purchases``, ``disposals`` or ``headcount``.

        Raises
        ------
        InventoryError, DimensionError
            As `from_arrow`.

        Examples
        --------
        >>> hosts = pa.table({"id": ["h1"], "equipment_type": ["server"]})
        >>> machines = pa.table({"id": ["m1", "m2"], "host_id": ["h1", "h7"]})
        >>> found = reen.Inventory.from_tables(equipment=hosts, virtual_machines=machines)
        >>> len(found), found.virtual_machines.num_rows, found.applications.num_rows
        (1, 2, 0)
        >>> print(found.issues[0].value, found.issues[0].reason)
        h7 refers to an equipment row that is not there
        """
        if isinstance(equipment, Inventory):
            parts = [equipment]
        else:
            given = {} if equipment is None else {EQUIPMENT.name: equipment}
            tables, parts = {**given, **tables}, []
        parts += [
            cls.from_arrow(
                table, kind=kind, source=kind, equipment_types=equipment_types, limits=limits
            )
            for kind, table in tables.items()
            if table is not None
        ]
        return functools.reduce(operator.add, parts) if parts else cls.from_equipment([])

    @classmethod
    def from_equipment(
        cls, items: Iterable[Equipment], *, equipment_types: EquipmentTypes | None = None
    ) -> Inventory:
        """Make an inventory of some `Equipment`."""
        table = equipment_table(items)
        if not table.num_columns:
            table = _no_equipment()
        return inventory_of(table, equipment_types=equipment_types)

    def __len__(self) -> int:
        """Return the number of rows of equipment."""
        return int(self.table.num_rows)

    def __add__(self, other: Inventory) -> Inventory:
        """Return the rows of both, table by table, in order; numbers take the first one's unit.

        Raises
        ------
        InventoryError
            When a column that the schema does not know has two types.
        """
        if not isinstance(other, Inventory):
            return NotImplemented
        kinds = [kind for kind in LINKED_KINDS if kind in {*self.linked, *other.linked}]
        told = dict.fromkeys((*self.linked_accounts, *other.linked_accounts))
        both = Inventory(
            stacking.stacked(self.table, other.table, EQUIPMENT),
            # what a reference means is known once all tables are there
            (*_issues_of_cells(self), *_issues_of_cells(other)),
            self.reports + other.reports,
            self.account_of(EQUIPMENT.name) + other.account_of(EQUIPMENT.name),
            linked={
                kind: stacking.stacked(self.tables[kind], other.tables[kind], SCHEMA_OF_KIND[kind])
                for kind in kinds
            },
            linked_accounts={kind: self.account_of(kind) + other.account_of(kind) for kind in told},
        )
        return _with_references(both)

    def to_arrow(self) -> pa.Table:
        """Return the equipment; the other tables are in `tables`, by kind.

        The account of the rows stands in the metadata of its schema, so that who measures the table
        is told of the same refusals and doubts as who measures the inventory.
        """
        account = self.account_of(EQUIPMENT.name)
        if account.is_complete and not set(self.table.column_names) >= WRITTEN:
            return self.table
        return with_account(self.table, account, self.users)

    def __repr__(self) -> str:
        """Return the rows of each table and what became of those of the files, in one line."""
        beside = "".join(f", {table.num_rows} {kind}" for kind, table in self.linked.items())
        refused = self.account.rows_of(Fate.REFUSED)
        note = f"; {refused} row(s) refused" if refused else ""
        return f"<Inventory: {len(self)} row(s) of equipment{beside}{note}>"

    def batches(self, *, rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """Iterate over the equipment as batches, in order."""
        return batches_of(self.table, schema=EQUIPMENT, memo=BatchMemo(), rows=rows)

    def _batches_of(self, kind: str) -> Iterator[Batch]:
        table = self.tables[kind]
        return batches_of(table, schema=SCHEMA_OF_KIND[kind], memo=BatchMemo(), rows=BATCH_ROWS)

    def position(self, row: str | int, *, key: bytes | None = None) -> int:
        """Return the position of a row of equipment.

        Parameters
        ----------
        row
            Text: its id, else its asset tag or serial number, else ``file:line``, else the bare
            line of the file (the position when no row says its line).  A number: its position,
            counted from 0.
        key
            Secret with which names were hashed when the files were read: the text may then be the
            name of a device or of its user, too.

        Raises
        ------
        UnknownNameError
            When there is no such row, or several have that id.
        """
        return row_places.position_of(self.table, row, key=key)


def _issues_of_cells(inventory: Inventory) -> tuple[Issue, ...]:
    """Return the issues but those of references between tables."""
    own = set(references.reference_issues(inventory.tables))
    return (
        tuple(issue for issue in inventory.issues if issue not in own) if own else inventory.issues
    )


def _with_references(inventory: Inventory) -> Inventory:
    """Add the issues of references between tables."""
    found = references.reference_issues(inventory.tables)
    return attrs.evolve(inventory, issues=(*inventory.issues, *found)) if found else inventory


def _no_equipment() -> pa.Table:
    return pa.table({EQUIPMENT["equipment_type"].name: pa.array([], pa.string())})


def inventory_of(
    table: pa.Table,
    *,
    kind: str = EQUIPMENT.name,
    source: str = "",
    equipment_types: EquipmentTypes | None = None,
    issues: Iterable[Issue] = (),
    report: ReadReport | None = None,
    uncounted: Account | None = None,
) -> Inventory:
    """Make an inventory of a table that passed the gate, or that this process made itself.

    Raises
    ------
    InventoryError, DimensionError
        As `Inventory.from_arrow`.
    """
    equipment_types = equipment_types or bundled_equipment_types()
    conformed, found = canonical(
        table, kind, source=source, equipment_types=equipment_types, report_nan=report is None
    )
    told = (*issues, *found)
    reports = () if report is None else (attrs.evolve(report, kind=kind),)
    if kind == EQUIPMENT.name:
        inventory = Inventory(conformed, told, reports)
        if uncounted is None:
            return inventory
        account = inventory.counted(source) + uncounted + Account.of(issues=found)
        return attrs.evolve(inventory, read_account=account)
    account = counted_by_source(conformed, source or kind)
    account += (
        Account.of(issues=told) if uncounted is None else uncounted + Account.of(issues=found)
    )
    none = inventory_of(_no_equipment(), equipment_types=equipment_types).table
    alone = Inventory(
        none,
        told,
        reports,
        Account(),
        linked={kind: conformed},
        linked_accounts={kind: account},
    )
    return _with_references(alone)
