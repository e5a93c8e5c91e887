"""Grouping columns: the names in `by`, checked against the columns that there are.

Input: names, and the columns of the data or the schema.  Output: none; a name that is nowhere, or
a column that cannot be grouped by, is refused.  Knows no method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from reen.errors import OptionError, UnknownNameError
from reen.inventory.batch import Batch
from reen.inventory.schema import TableSchema
from reen.reasons import Reason

__all__ = ["check_group_names", "check_group_types", "check_groups"]


#: Cells that have no text, no order or no equality in Arrow.
_UNGROUPABLE = (
    pa.types.is_nested,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_fixed_size_binary,
    pa.types.is_interval,
)


def check_groups(by: Sequence[str], batch: Batch) -> None:
    """Refuse a grouping column that neither the data nor the schema has (raises as below)."""
    check_group_names(by, batch.data.schema.names, batch.schema)
    check_group_types(by, batch.data.schema)


def check_group_names(by: Sequence[str], names: Iterable[str], schema: TableSchema) -> None:
    """Refuse a grouping column that is neither among `names` nor in the schema.

    Raises
    ------
    UnknownNameError
        With the nearest column names.
    """
    import difflib

    there = list(names)
    for name in by:
        if not isinstance(name, str):
            raise OptionError("measure", "by", str(name), Reason("error_names_columns"))
        if name not in there and name not in schema:
            near = difflib.get_close_matches(name, {*there, *schema}, 2)
            raise UnknownNameError("column", name, near, known=there, left_out=True)


def check_group_types(by: Sequence[str], data: pa.Schema) -> None:
    """Refuse a grouping column of lists, structures, bytes or calendar intervals.

    Raises
    ------
    OptionError
        With its type.
    """
    for name in by:
        index = data.get_field_index(name)
        if index >= 0 and any(ask(data.field(index).type) for ask in _UNGROUPABLE):
            kind = str(data.field(index).type)
            expected = Reason("error_column_text_numbers_dates_booleans_not", kind=kind)
            raise OptionError("measure", "by", name, expected)
