"""Row facts: what the fold must know of each row, and the examples it shows of them.

Input: the rows of a batch as Arrow data.  Output: `RowFacts`, and `Example` rows chosen by
(source, line), so that they do not depend on the order of batches.  Arrow data only.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import arrow_of, numpy_of, scalar_of
from reen.engine.fold import Example

__all__ = ["RowFacts", "examples_of", "least_place", "place_order"]

#: Columns that an example shows.
_SHOWN = frozenset(
    (
        "source",
        "source_row",
        "id",
        "name",
        "equipment_type_raw",
        "equipment_type",
        "model",
        "service_type_raw",
        "service_type",
        "label",
    )
)

#: Rows up to which their cells are looked up sooner one by one.
_FEW = 4

_NONE = scalar_of(np.int32(-1))


@attrs.frozen(eq=False, repr=False)
class RowFacts:
    """What the fold needs to know of each row besides its exchanges.

    Attributes
    ----------
    data
        The rows, for grouping columns and examples.
    quantity
        Items, NaN where unknown.
    types
        int32 codes of the equipment types, -1 for none, and the distinct types.
    digest
        Digest of the rows.
    offset
        Position of the first row in the inventory.
    unused
        Columns that could make a figure, and of which the method makes none.
    """

    data: pa.RecordBatch
    quantity: npt.NDArray[np.float64]
    type_codes: npt.NDArray[np.int32]
    type_names: Sequence[str]
    digest: int
    offset: int
    unused: frozenset[str] = frozenset()


def least_place(facts: RowFacts) -> tuple[str, int]:
    """Return a (source, row) that no row of the batch comes before."""
    source, row = "", facts.offset
    names = facts.data.schema.names
    if "source" in names:
        source = min(
            (text or "" for text in facts.data.column("source").dictionary.to_pylist()), default=""
        )
        if facts.data.column("source").null_count:
            source = ""
    if "source_row" in names:
        column = facts.data.column("source_row")
        if column.null_count < len(column):
            least = int(pc.min(column).as_py())
            row = min(row, least) if column.null_count else least
    return source, row


def place_order(facts: RowFacts) -> npt.NDArray[np.intp] | None:
    """Return the order of the rows by (source, line), None when they are in that order already."""
    names = facts.data.schema.names
    if "source_row" not in names:
        return None
    column = facts.data.column("source_row")
    places = facts.offset + np.arange(len(column))
    lines = (
        numpy_of(column)
        if not column.null_count
        else np.where(
            numpy_of(column.is_null()),
            places,
            numpy_of(column.fill_null(0)),
        )
    )
    ranks = np.zeros(len(lines), np.int64)
    if "source" in names:
        sources = facts.data.column("source")
        texts = [text or "" for text in sources.dictionary.to_pylist()] + [""]
        order = {text: rank for rank, text in enumerate(sorted(set(texts)))}
        table = np.array([order[text] for text in texts])
        ranks = table[numpy_of(sources.indices.fill_null(_NONE))]
    steps = np.diff(ranks)
    if ((steps > 0) | ((steps == 0) & (np.diff(lines) >= 0))).all():
        return None
    return np.lexsort((lines, ranks))


def examples_of(facts: RowFacts, rows: Sequence[int]) -> list[Example]:
    """Return some rows as examples: their place, what they are, their quantity."""
    found = []
    for row, cells in zip(rows, _cells_of(facts.data, rows), strict=True):
        line = cells.get("source_row")
        names = ("equipment_type_raw", "equipment_type", "service_type_raw", "service_type")
        kind = next(filter(None, map(cells.get, names)), None)
        found.append(
            Example(
                str(cells.get("source") or ""),
                facts.offset + row if line is None else int(str(line)),
                str(cells.get("id") or cells.get("name") or ""),
                ", ".join(str(p) for p in (kind, cells.get("model"), cells.get("label")) if p),
                float(facts.quantity[row]),
            )
        )
    return found


def _cells_of(data: pa.RecordBatch, rows: Sequence[int]) -> list[dict[str, object]]:
    """Return what is shown of some rows."""
    names = [name for name in data.schema.names if name in _SHOWN]
    if not names or len(rows) <= _FEW:
        columns = [(name, data.column(name)) for name in names]
        return [{name: column[row].as_py() for name, column in columns} for row in rows]
    at = arrow_of(np.asarray(rows, np.int64))
    taken = [_values(data.column(name).take(at)) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*taken, strict=True)]


def _values(cells: pa.Array) -> list[object]:
    """Return some cells as objects of Python; text by numpy, ten times as fast as by Arrow."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    values: list[object]
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        values = numpy_of(cells).tolist()
    else:
        values = cells.to_pylist()
    return values
