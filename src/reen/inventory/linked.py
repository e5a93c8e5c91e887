"""Tables of one kind: made canonical, and counted.

Input: rows of any kind that an inventory may hold.  Output: the same rows in canonical types, what
was odd in them, and their account.  Reads no file and knows no method.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from reen.errors import InventoryError
from reen.inventory.account import Account, AccountLine, Fate
from reen.inventory.conform import conform
from reen.inventory.issues import Issue
from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.inventory.table_kinds import KIND_KEY, REQUIRED_OF_KIND, SCHEMA_OF_KIND
from reen.reasons import Reason
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["NEED", "canonical", "check_kind", "check_required", "counted_by_source"]

#: One of these columns of equipment must be there.
NEED = ("equipment_type", "model")


def canonical(
    table: pa.Table,
    kind: str,
    *,
    source: str,
    equipment_types: EquipmentTypes,
    report_nan: bool,
) -> tuple[pa.Table, tuple[Issue, ...]]:
    """Return a table with the canonical types of its kind, and the issues found.

    Parameters
    ----------
    table, equipment_types, report_nan
        As in `reen.inventory.conform.conform`.
    kind
        Kind of table.
    source
        Name used in messages.

    Raises
    ------
    InventoryError
        A kind that there is not, a column that is not there, twice the same one, or one that
        cannot hold what it should.
    DimensionError
        A unit of the wrong dimension.
    """
    schema = SCHEMA_OF_KIND.get(kind)
    if schema is None:
        import difflib

        near = difflib.get_close_matches(kind, SCHEMA_OF_KIND, 1)
        hint = Reason("hint_is_it", near=near[0]) if near else ""
        message = Reason(
            "error_there_no_kind_table_expected",
            kind=kind,
            hint=hint,
            schema_of_kind=", ".join(SCHEMA_OF_KIND),
        )
        raise InventoryError(message)
    check_kind(table.schema, kind, source=source)
    if table.num_rows:
        check_required(table, schema, source=source or kind)
    return conform(
        table,
        schema=schema,
        equipment_types=equipment_types,
        source=source if schema is EQUIPMENT else source or kind,
        need=NEED if schema is EQUIPMENT else (),
        report_nan=report_nan,
    )


def check_kind(schema: pa.Schema, kind: str, *, source: str) -> None:
    """Refuse a table whose metadata give another kind of rows.

    Raises
    ------
    InventoryError
        With what they say.
    """
    metadata: Mapping[bytes, bytes] = schema.metadata or {}
    said = metadata.get(KIND_KEY, kind.encode()).decode(errors="replace")
    if said != kind:
        message = Reason(
            "error_its_metadata_say_its_rows_are", source=source or "table", said=said, kind=kind
        )
        raise InventoryError(message)


def check_required(table: pa.Table, schema: TableSchema, *, source: str) -> None:
    """Refuse a table without a column that its kind cannot do without.

    Raises
    ------
    InventoryError
        With the column that may be meant.
    """
    found = table.column_names
    for name in REQUIRED_OF_KIND.get(schema.name, ()):
        if name in found:
            continue
        import difflib

        near = difflib.get_close_matches(name, found, 1, cutoff=0.5)
        hint = Reason("hint_is_it", near=near[0]) if near else ""
        message = Reason(
            "error_column_not_there_found_holds_expected",
            source=source,
            name=name,
            hint=hint,
            found=", ".join(found) or Reason("nothing_found"),
            description=schema[name].description,
            expected=schema[name].expected,
        )
        raise InventoryError(message)


def counted_by_source(table: pa.Table, otherwise: str) -> Account:
    """Return the account of rows that are no items of equipment, by their column ``source``.

    Parameters
    ----------
    table
        The rows.
    otherwise
        Source of the rows that name none.
    """
    rows = {otherwise: table.num_rows}
    if "source" in table.column_names:
        counts = table["source"].cast(pa.string()).value_counts().to_pylist()
        rows = {}
        for each in counts:
            source = each["values"] or otherwise
            rows[source] = rows.get(source, 0) + each["counts"]
    return Account.of(
        AccountLine(source=source, fate=Fate.COUNTED, rows=count) for source, count in rows.items()
    )
