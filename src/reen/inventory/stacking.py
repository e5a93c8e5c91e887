"""Stacking: the rows of two tables of one kind, in order, as one table.

Input: canonical tables, each with the columns and units it was given with.  Output: all rows in the
first one's units; what a column means when it is absent is written out where it is.  Knows no file.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import InventoryError
from reen.inventory.conform import unit_of
from reen.inventory.dictionaries import TEXT
from reen.inventory.schema import Column, ColumnKind, TableSchema
from reen.reasons import Reason
from reen.vocabulary.units import conversion_factor

__all__ = ["stacked"]


def stacked(first: pa.Table, second: pa.Table, schema: TableSchema) -> pa.Table:
    """Return the rows of both, in order; number columns take the first one's unit.

    Raises
    ------
    InventoryError
        When a column that the schema does not know has two types.
    """
    if not first.num_rows or not second.num_rows:
        return second if not first.num_rows else first
    for name in second.column_names:
        column = schema.get(name)
        if column is None or column.kind is not ColumnKind.NUMBER:
            continue
        if name in first.column_names:
            second = _in_unit(second, column, unit_of(first.schema.field(name), column))
    first, second = _fill_defaults(first, second, schema), _fill_defaults(second, first, schema)
    try:
        table = pa.concat_tables([first, second], promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        message = Reason(
            "error_two_tables_cannot_added_give_columns", name=schema.name, error=str(error)
        )
        raise InventoryError(message) from error
    return table.unify_dictionaries()


def _in_unit(table: pa.Table, column: Column, unit: str) -> pa.Table:
    """Return `table` with a number column expressed in `unit`."""
    index = table.column_names.index(column.name)
    field = table.schema.field(index)
    own = unit_of(field, column)
    if own == unit:
        return table
    factor = conversion_factor(own, unit, what=f"column {column.name!r}")
    return table.set_column(
        index,
        pa.field(column.name, pa.float64(), metadata={"unit": unit}),
        pc.multiply(table.column(index), factor),
    )


def _fill_defaults(table: pa.Table, other: pa.Table, schema: TableSchema) -> pa.Table:
    """Write out the columns that are absent here with a default and present in `other`.

    Without this, adding a table without `quantity` (one item a row) to one that has it would
    turn those ones into unknown quantities.
    """
    if "status" in schema and "status" in other.column_names and "status" not in table.column_names:
        # a list without statuses is one of what is in use; the date says until when
        in_use = pa.array(["in_use"] * table.num_rows, pa.string())
        if "retirement_date" in table.column_names:
            dated = table["retirement_date"].is_valid().combine_chunks()
            in_use = pc.if_else(dated, None, in_use)
        table = table.append_column("status", in_use.dictionary_encode().cast(TEXT))
    for name in other.column_names:
        column = schema.get(name)
        if column is None or column.default is None or name in table.column_names:
            continue
        unit = unit_of(other.schema.field(name), column)
        value = column.default * conversion_factor(column.unit, unit)
        table = table.append_column(
            pa.field(name, pa.float64(), metadata={"unit": unit}),
            pa.array([value] * table.num_rows, pa.float64()),
        )
    return table
