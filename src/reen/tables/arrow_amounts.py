"""Quantities of canonical Arrow data, as they are added up where sums are looked for.

Input: a column, or the columns of a table.  Output: numbers, 0 where a cell holds none.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of

__all__ = ["SAME", "Above", "amounts_of", "counted_column", "plain_of"]

#: Two sums that differ by less are the same.
SAME = 1e-6


@attrs.define
class Above:
    """The items of the rows above one, since some other row: their sum, and how many rows."""

    items: float = 0.0
    rows: int = 0

    def equals(self, quantity: float) -> bool:
        """Tell whether a quantity is that of several rows together."""
        return self.rows > 1 and abs(self.items - quantity) < SAME


def counted_column(schema: pa.Schema) -> str:
    """Return the column of quantities, when there is one of numbers."""
    if schema.names.count("quantity") != 1:
        return ""
    kind = schema.field("quantity").type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    numbers = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    return "quantity" if any(is_kind(kind) for is_kind in numbers) else ""


def plain_of(column: pa.Array) -> pa.Array:
    """Return the values of a column that may be a dictionary."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def amounts_of(column: pa.Array) -> npt.NDArray[np.float64]:
    """Return quantities as they are added up: 0 where there is none, or less."""
    values: npt.NDArray[np.float64] = numpy_of(plain_of(column).cast(pa.float64(), safe=False))
    if len(values) and not (values.min() >= 0.0 and values.max() < np.inf):
        values = np.maximum(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0), 0.0)
    return values
