"""Inventory: the organisation's assets, as a checked table.

Input: Arrow data from importers, data frames or code.  Output: an immutable value with the rows in
canonical types, the issues met, the report of the read and the account of its rows.  (ISO 14040's
"life-cycle inventory" is what this library calls exchanges; this inventory is the list of assets.)

Must not read files nor know any method.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import AmbiguousRowError, SchemaError, UnknownRowError
from reen.gate.admission import admit
from reen.gate.limits import GENEROUS, Limits
from reen.inventory.account import Account
from reen.inventory.batch import BATCH_ROWS, Batch, BatchMemo, batches_of
from reen.inventory.conform import conform, unit_of
from reen.inventory.dictionaries import TEXT
from reen.inventory.equipment import Equipment, equipment_table
from reen.inventory.issues import Issue, ReadReport
from reen.inventory.ledger import Ledger
from reen.inventory.pseudonyms import pseudonym
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.inventory.users import Users
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types
from reen.vocabulary.units import conversion_factor

__all__ = ["ArrowStream", "Inventory", "inventory_of"]

#: One of these columns must be there.
NEED = ("equipment_type", "model")


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that exports the Arrow C stream (pyarrow, polars, pandas, DuckDB)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows as an Arrow C stream."""


@attrs.frozen
class Inventory:
    """The equipment of an organisation.

    Build one with `reen.read`, `Inventory.from_arrow` or `Inventory.from_equipment`; add two with
    ``+``.

    Attributes
    ----------
    table
        Rows in canonical types (see the columns page).  Unknown columns are kept of data given in
        code; of files, those that were asked for.
    issues
        What was odd or refused, by file, row, column and value.
    report
        How the file was read, or None.
    users
        How many rows have a user, and how many users there are, as a read counted them; None when
        no column says, and of lists put together.
    read_account
        What became of every row of the files, as a read found it; None of rows that come from
        memory, all of which are counted.  Ask `account`.
    """

    table: pa.Table
    issues: tuple[Issue, ...] = ()
    report: ReadReport | None = None
    read_account: Account | None = attrs.field(default=None, repr=False)
    users: Users | None = attrs.field(default=None, kw_only=True)

    @property
    def account(self) -> Account:
        """Return what became of every row that was read."""
        return self._rows_in_memory if self.read_account is None else self.read_account

    @functools.cached_property
    def _rows_in_memory(self) -> Account:
        """Return the account of rows that are all here."""
        source = "" if self.report is None else self.report.source
        return self._counted(source, by_row=self.report is not None) + Account.of(
            issues=self.issues
        )

    def counted(self, source: str = "") -> Account:
        """Return the account of the rows that are here, by their column ``source``.

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
        SchemaError
            A column that cannot hold what it should, twice the same column, no type and no model.
        BatchError
            Cells that are not what their type says, or more of them than the limits allow.
        DimensionError
            A unit of the wrong dimension.
        """
        given: object = data
        # asking whether a table has the protocol would take longer than most of what follows
        if not isinstance(given, pa.Table) and not isinstance(given, ArrowStream):
            message = (
                f"{type(data).__name__} is not Arrow data; give a pyarrow table, a polars or pandas"
                " data frame, or a DuckDB relation."
            )
            raise SchemaError(message)
        return inventory_of(
            admit(data, place=source or "table", limits=limits),
            source=source,
            equipment_types=equipment_types,
            issues=issues,
            report=report,
            uncounted=uncounted,
        )

    @classmethod
    def from_equipment(
        cls, items: Iterable[Equipment], *, equipment_types: EquipmentTypes | None = None
    ) -> Inventory:
        """Make an inventory of some `Equipment`."""
        table = equipment_table(items)
        if not table.num_columns:
            table = pa.table({"equipment_type": pa.array([], pa.string())})
        return inventory_of(table, equipment_types=equipment_types)

    @property
    def equipment(self) -> Inventory:
        """Return the inventory itself: what an `InformationSystem` has under that name."""
        return self

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.table.num_rows)

    def __add__(self, other: Inventory) -> Inventory:
        """Return the rows of both, in order; number columns take the first one's unit.

        Raises
        ------
        SchemaError
            When a column that the schema does not know has two types.
        """
        if not isinstance(other, Inventory):
            return NotImplemented
        right = other.table
        for name in right.column_names:
            column = EQUIPMENT.get(name)
            if column is None or column.kind is not ColumnKind.NUMBER:
                continue
            if name not in self.table.column_names:
                continue
            right = _in_unit(right, name, unit_of(self.table.schema.field(name), column))
        left, right = _fill_defaults(self.table, right), _fill_defaults(right, self.table)
        try:
            table = pa.concat_tables([left, right], promote_options="permissive")
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            message = (
                f"The two inventories cannot be added: {error}. Give the columns that both have"
                " one type."
            )
            raise SchemaError(message) from error
        return Inventory(
            table.unify_dictionaries(),
            self.issues + other.issues,
            read_account=self.account + other.account,
        )

    def batches(self, *, rows: int = BATCH_ROWS) -> Iterator[Batch]:
        """Iterate over the rows as batches, in order."""
        return batches_of(self.table, schema=EQUIPMENT, memo=BatchMemo(), rows=rows)

    def position(self, row: str | int, *, key: bytes | None = None) -> int:
        """Return the position of a row.

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
        UnknownRowError
            When there is no such row, or several have that id.
        """
        if isinstance(row, int):
            if 0 <= row < len(self):
                return row
            raise UnknownRowError(str(row))
        found = [self._by_text(name, row) for name in ("id", "asset_tag", "serial_number")]
        if key is not None:
            hidden = pseudonym(row, key)
            found += [self._by_text(name, hidden) for name in ("name", "user_id")]
        for positions in (*found, self._by_source(row)):
            if len(positions) == 1:
                return positions[0]
            if len(positions) > 1:
                raise AmbiguousRowError(row, [self._place(each) for each in positions[:5]])
        if _is_line(row) and "source_row" not in self.table.column_names:
            return self.position(int(row))
        ids = self.table["id"].unique().to_pylist() if "id" in self.table.column_names else []
        near = difflib.get_close_matches(row, [text for text in ids[:10_000] if text], 3)
        raise UnknownRowError(row, near)

    def _place(self, position: int) -> str:
        """Return where a row stands: file and line, as `position` takes them; else its position."""
        names = self.table.column_names
        cells = {
            name: self.table[name][position].as_py()
            for name in ("source", "source_row")
            if name in names
        }
        line, source = cells.get("source_row"), cells.get("source")
        if line is None:
            return f"position {position}"
        return f"{source}:{line}" if source else f"line {line}"

    def _by_text(self, name: str, row: str) -> list[int]:
        if name not in self.table.column_names:
            return []
        # indices_nonzero takes null for zero
        hits = pc.indices_nonzero(pc.equal(self.table[name].cast(pa.string()), row))
        return [int(hit) for hit in hits.to_pylist()]

    def _by_source(self, row: str) -> list[int]:
        source, _, line = row.rpartition(":")
        needed = {"source", "source_row"} if source else {"source_row"}
        if not _is_line(line) or not needed <= set(self.table.column_names):
            return []
        hits = pc.equal(self.table["source_row"], int(line))
        if source:
            sources = self.table["source"].cast(pa.string())
            hits = pc.and_(
                hits, pc.or_(pc.equal(sources, source), pc.ends_with(sources, "/" + source))
            )
        return [int(hit) for hit in pc.indices_nonzero(hits).to_pylist()]


def inventory_of(
    table: pa.Table,
    *,
    source: str = "",
    equipment_types: EquipmentTypes | None = None,
    issues: Iterable[Issue] = (),
    report: ReadReport | None = None,
    uncounted: Account | None = None,
) -> Inventory:
    """Make an inventory of a table that passed the gate, or that this process made itself.

    Raises
    ------
    SchemaError, DimensionError
        As `Inventory.from_arrow`.
    """
    conformed, found = conform(
        table,
        schema=EQUIPMENT,
        equipment_types=equipment_types or bundled_equipment_types(),
        source=source,
        need=NEED,
        report_nan=report is None,
    )
    inventory = Inventory(conformed, (*issues, *found), report)
    if uncounted is None:
        return inventory
    account = inventory.counted(source) + uncounted + Account.of(issues=found)
    return attrs.evolve(inventory, read_account=account)


def _is_line(text: str) -> bool:
    """Tell whether text is a whole number that can count lines."""
    return text.isascii() and text.isdecimal() and len(text) < 19  # noqa: PLR2004 - int64


def _in_unit(table: pa.Table, name: str, unit: str) -> pa.Table:
    """Return `table` with a number column expressed in `unit`."""
    index = table.column_names.index(name)
    field = table.schema.field(index)
    own = unit_of(field, EQUIPMENT[name])
    if own == unit:
        return table
    factor = conversion_factor(own, unit, what=f"column {name!r}")
    return table.set_column(
        index,
        pa.field(name, pa.float64(), metadata={"unit": unit}),
        pc.multiply(table.column(index), factor),
    )


def _fill_defaults(table: pa.Table, other: pa.Table) -> pa.Table:
    """Write out the columns that are absent here with a default and present in `other`.

    Without this, adding a table without `quantity` (one item a row) to one that has it would
    turn those ones into unknown quantities.
    """
    if "status" in other.column_names and "status" not in table.column_names:
        # a list without statuses is one of what is in use; the date says until when
        in_use = pa.array(["in_use"] * table.num_rows, pa.string())
        if "retirement_date" in table.column_names:
            dated = table["retirement_date"].is_valid().combine_chunks()
            in_use = pc.if_else(dated, None, in_use)
        table = table.append_column("status", in_use.dictionary_encode().cast(TEXT))
    for name in other.column_names:
        column = EQUIPMENT.get(name)
        if column is None or column.default is None or name in table.column_names:
            continue
        unit = unit_of(other.schema.field(name), column)
        value = column.default * conversion_factor(column.unit, unit)
        table = table.append_column(
            pa.field(name, pa.float64(), metadata={"unit": unit}),
            pa.array([value] * table.num_rows, pa.float64()),
        )
    return table
