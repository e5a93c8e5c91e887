"""The digest of a batch: columns that are not there count, in one number worked out beforehand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from reen.engine.digest import constant_of, digest_of, row_digest
from reen.inventory.batch import Batch
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT


def batch_of(**columns: list[object]) -> Batch:
    return next(Inventory.from_arrow(pa.table(columns)).batches())


def test_a_cell_that_all_rows_have_may_be_given_as_a_number() -> None:
    """Columns a and b of three rows; b holds 7 throughout: as a column, and as a constant."""
    a = np.array([1, 2, 3], np.uint64)
    whole = row_digest([("a", a), ("b", np.array([7, 7, 7], np.uint64))], rows=3)
    assert row_digest([("a", a)], rows=3, constant=constant_of([("b", 7)])) == whole
    assert row_digest([("a", a)], rows=3, constant=constant_of([("b", 8)])) != whole
    assert row_digest([("a", a)], rows=3) != whole


@pytest.mark.parametrize("name", ["lifetime", "country", "purchase_date", "room"])
def test_a_column_that_is_not_there_is_one_that_is_blank(name: str) -> None:
    """Number, text, day, and a column that the schema does not have."""
    kinds = {"lifetime": pa.float64(), "purchase_date": pa.date32()}
    blank = pa.nulls(2, kinds.get(name, pa.string()))
    without = batch_of(equipment_type=["laptop", "screen"])
    having = batch_of(equipment_type=["laptop", "screen"], **{name: blank})
    columns = {"equipment_type", name}
    assert digest_of(without, columns) == digest_of(having, columns)
    assert digest_of(without, columns) != digest_of(without, {"equipment_type"})


def test_a_column_with_a_default_is_one_that_holds_it() -> None:
    """One item a row when nothing says so; a blank cell is not that."""
    columns = {"equipment_type", "quantity"}
    meant = digest_of(batch_of(equipment_type=["laptop"], quantity=[1.0]), columns)
    assert digest_of(batch_of(equipment_type=["laptop"]), columns) == meant
    blank = batch_of(equipment_type=["laptop"], quantity=pa.nulls(1, pa.float64()))
    assert digest_of(blank, columns) != meant


def test_rows_of_several_blocks_are_the_sum_of_each() -> None:
    """70,001 rows: numbers, some blank, days and words, whole and in slices that cut blocks."""
    rows = 70_001
    count = np.arange(rows)
    lifetime = pa.array(count / 7.0, mask=count % 5 == 0)
    days = pa.array(count.astype(np.int32), mask=count % 11 == 0).cast(pa.date32())
    words = pa.array([("laptop", "desktop", None)[k % 3] for k in range(rows)])
    table = pa.table({"equipment_type": words, "lifetime": lifetime, "purchase_date": days})
    inventory = Inventory.from_arrow(table)
    names = frozenset(table.column_names)
    whole = next(inventory.batches(rows=rows))
    parts = [digest_of(part, names) for part in inventory.batches(rows=4_999)]
    assert len(whole) == rows
    assert len(parts) == 15
    assert digest_of(whole, names) == sum(parts) % (1 << 64)
    assert digest_of(whole, names) != sum(parts[1:]) % (1 << 64)


def test_no_row_has_no_digest() -> None:
    empty = pa.RecordBatch.from_pylist([], schema=pa.schema([("id", pa.string())]))
    assert digest_of(Batch(empty, schema=EQUIPMENT), {"id", "lifetime"}) == 0
