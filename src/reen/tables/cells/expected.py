"""Expected: what a cell of a canonical column must hold.

Input: the name of a column.  Output: a reason, which both languages can write.
"""

from __future__ import annotations

from reen.inventory.schema import EQUIPMENT, ColumnKind, TableSchema
from reen.reasons import Reason

__all__ = ["expected_in"]


def expected_in(name: str, schema: TableSchema = EQUIPMENT) -> Reason:
    """Return what a cell of a column of a table must hold.

    Examples
    --------
    >>> str(expected_in("lifetime"))
    'a number in year, above 0'
    """
    column = schema[name]
    if column.kind is ColumnKind.DATE:
        return Reason("expected_date")
    if column.kind is ColumnKind.TIMESTAMP:
        return Reason("expected_instant")
    if column.kind is ColumnKind.BOOLEAN:
        return Reason("expected_yes_or_no")
    if column.kind is not ColumnKind.NUMBER:
        values = ", ".join(column.values)
        return Reason("expected_one_of", values=values) if values else Reason("expected_text")
    number = Reason("number") if column.unit == "1" else Reason("number_in", unit=column.unit)
    low = column.minimum or 0.0
    if column.maximum is not None:
        return Reason("expected_between", number=number, low=low, high=column.maximum)
    return Reason("expected_above" if column.exclusive else "expected_from", number=number, low=low)
