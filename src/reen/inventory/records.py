"""Records: what the base of all kinds of them does, as checked and dated tables.

Input: Arrow data from `read_records`, data frames or code.  Output: immutable values with the rows
in canonical types and units, and the issues met.  Two of one kind add with ``+``; ``between`` keeps
the rows of a period.

Must not read files, nor know any indicator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import empty_of, numpy_of
from reen.gate.limits import GENEROUS, Limits
from reen.inventory.account import Account, AccountLine, Fate, uncounted
from reen.inventory.batch import Batch
from reen.inventory.conform import conform, unit_of
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue
from reen.inventory.ledger import Ledger
from reen.inventory.linked import check_required
from reen.inventory.schema import ColumnKind, TableSchema
from reen.lazy_names import lazy_module
from reen.views.arrow_table import ArrowStream
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types
from reen.vocabulary.units import conversion_factor

if TYPE_CHECKING:
    from reen.gate import admission
    from reen.inventory import stacking
else:
    admission = lazy_module("reen.gate.admission")
    stacking = lazy_module("reen.inventory.stacking")

__all__ = ["Records"]


@attrs.frozen
class Records:
    """Dated rows of one kind.

    Attributes
    ----------
    table
        Rows in canonical types and units; unknown columns are kept.
    issues
        What was odd or refused, by file, row, column and value.
    lines
        What became of the rows that are not here: totals, blank rows, refused ones.
    """

    table: pa.Table
    issues: tuple[Issue, ...] = ()
    lines: tuple[AccountLine, ...] = ()

    @property
    def account(self) -> Account:
        """Return what became of every row: counted, set aside, or refused."""
        batch = self.batch
        ledger = Ledger()
        if "quantity" in self.schema:
            ledger.count(batch, by_row=True)
        else:
            ledger.add(Account.of(self._counted()))
        ledger.add(uncounted(self.lines, issues=self.issues, source=self.schema.name))
        return ledger.account()

    def _counted(self) -> list[AccountLine]:
        """Return the rows that are here, by the file that they come from."""
        if "source" not in self.table.column_names:
            return [AccountLine(fate=Fate.COUNTED, rows=len(self))]
        counts = self.table["source"].value_counts().to_pylist()
        return [
            AccountLine(source=each["values"] or "", fate=Fate.COUNTED, rows=each["counts"])
            for each in counts
        ]

    #: Canonical columns.
    schema: ClassVar[TableSchema]

    @classmethod
    def from_arrow(
        cls,
        data: ArrowStream,
        *,
        source: str = "",
        equipment_types: EquipmentTypes | None = None,
        issues: Iterable[Issue] = (),
        lines: Iterable[AccountLine] = (),
        limits: Limits = GENEROUS,
    ) -> Self:
        """Check a table and make records of it.

        Parameters
        ----------
        data
            Rows; the unit of a number column stands in its Arrow field metadata under ``unit``,
            else it is the canonical one.
        source
            Name used in messages.
        equipment_types
            Taxonomy, the bundled one by default.
        issues
            What a reader already found.
        lines
            What became of the rows that it left out.
        limits
            How much of it is accepted.

        Raises
        ------
        InventoryError
            A required column is not there, twice the same column, or a column that cannot hold
            what it should.
        InventoryError
            Cells that are not what their type says, or more of them than the limits allow.
        DimensionError
            A unit of the wrong dimension.
        """
        given = admission.admit(data, place=source or cls.schema.name, limits=limits)
        check_required(given, cls.schema, source=source or cls.schema.name)
        table, found = conform(
            given,
            schema=cls.schema,
            equipment_types=equipment_types or bundled_equipment_types(),
            source=source or cls.schema.name,
            # a reader that writes NaN for what it could not read has said so
            report_nan=not issues,
        )
        return cls(_in_canonical_units(table, cls.schema), (*issues, *found), tuple(lines))

    @classmethod
    def held_by(cls, inventory: Inventory) -> Self | None:
        """Return the records of this kind in an inventory, None when it has none."""
        kind = cls.schema.name
        if kind not in inventory.linked:
            return None
        account = inventory.account_of(kind)
        table = _in_canonical_units(inventory.tables[kind], cls.schema)
        return cls(table, account.issues, account.uncounted.lines)

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.table.num_rows)

    def __add__(self, other: Self) -> Self:
        """Return the rows of both, in order.

        Raises
        ------
        InventoryError
            When a column that the schema does not know has two types.
        """
        if type(other) is not type(self):
            return NotImplemented
        table = stacking.stacked(self.table, other.table, self.schema)
        return type(self)(table, self.issues + other.issues, self.lines + other.lines)

    def between(self, start: dt.date, end: dt.date) -> Self:
        """Return the rows dated from `start` to `end`, both included; undated rows are in none."""
        date = self.table["date"]
        within = pc.and_(
            pc.greater_equal(date, pa.scalar(start, pa.date32())),
            pc.less_equal(date, pa.scalar(end, pa.date32())),
        )
        return attrs.evolve(self, table=self.table.filter(within))

    def settled_in(self, start: dt.date, end: dt.date) -> Self:
        """Return the rows, those of a month or year that only partly is in a period undated.

        The column ``date_precision`` tells which date stands for a month or a year.
        """
        names = self.table.column_names
        if not {"date", "date_precision"} <= set(names) or not len(self):
            return self
        date, precision = self.table["date"], self.table["date_precision"].cast(pa.string())
        both = [pa.scalar(day, pa.date32()) for day in (start, end)]
        open_ended = pa.array(np.zeros(len(self), np.bool_))
        for unit in ("month", "year"):
            first = pc.floor_temporal(date, unit=unit).cast(pa.date32())
            last = pc.subtract(
                pc.ceil_temporal(date, unit=unit, ceil_is_strictly_greater=True).cast(pa.date32()),
                pa.scalar(dt.timedelta(days=1)),
            ).cast(pa.date32())
            touches = pc.and_(pc.less_equal(first, both[1]), pc.greater_equal(last, both[0]))
            within = pc.and_(pc.greater_equal(first, both[0]), pc.less_equal(last, both[1]))
            partly = pc.and_(touches, pc.invert(within))
            open_ended = pc.or_(open_ended, pc.and_(pc.equal(precision, unit), partly))
        none = pa.scalar(None, pa.date32())
        dates = pc.if_else(pc.fill_null(open_ended, fill_value=False), none, date)
        index = self.table.column_names.index("date")
        return attrs.evolve(self, table=self.table.set_column(index, "date", dates))

    @property
    def undated(self) -> int:
        """Return the number of rows without a date: no period can claim them."""
        return int(self.table["date"].null_count)

    @property
    def batch(self) -> Batch:
        """Return the rows as columns of numpy arrays."""
        chunks = self.table.combine_chunks().to_batches()
        data = chunks[0] if chunks else empty_of(self.table.schema)
        return Batch(data, schema=self.schema)

    def flags(self, name: str) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return (true, known) of a boolean column, both False where it is blank or absent."""
        if name not in self.table.column_names:
            nothing = np.zeros(len(self), np.bool_)
            return nothing, nothing
        column = self.table[name]
        known = numpy_of(column.is_valid())
        true = numpy_of(column.fill_null(fill_value=False))
        return np.asarray(true, np.bool_), np.asarray(known, np.bool_)


def _in_canonical_units(table: pa.Table, schema: TableSchema) -> pa.Table:
    """Return `table` with numbers in the schema's units, and defaults written out.

    Written out, so that adding a table without `quantity` (one item a row) to one that has it
    does not turn those ones into unknown quantities.
    """
    for name, column in schema.items():
        if column.kind is not ColumnKind.NUMBER:
            continue
        field = pa.field(name, pa.float64(), metadata={"unit": column.unit})
        if name in table.column_names:
            index = table.column_names.index(name)
            factor = conversion_factor(unit_of(table.schema.field(index), column), column.unit)
            if factor != 1.0:
                table = table.set_column(index, field, pc.multiply(table.column(index), factor))
        elif column.default is not None:
            ones = pa.array(np.full(table.num_rows, column.default), pa.float64())
            table = table.append_column(field, ones)
    return table
