"""An inventory given as an Arrow table is measured with the refusals and doubts of its files.

Laptops of ten and monitors of five are counted, a row of six cells is refused: the figure is at
least what the two give, whichever way the rows take.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pyarrow as pa
import pytest

import reen

DAY = "2025-12-31"
REFUSED = "Type;Quantité;Pays\nPC portable;10;FR\nÉcran;3;FR;4;5;6\nÉcran;5;FR\n"
DOUBTED = "Type;Quantité;Pays\nPC portable;1.234;FR\nÉcran;5;FR\n"
WHOLE = "Type;Quantité;Pays\nPC portable;10;FR\nÉcran;5;FR\n"


def read(text: str) -> reen.Inventory:
    return reen.read(text.encode(), name="parc.csv")


def total(source: object) -> reen.types.Total:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return reen.measure(source, "base-carbone", as_of=DAY).total()  # type: ignore[arg-type]


WAYS: dict[str, Callable[[pa.Table], object]] = {
    "measured": lambda table: table,
    "read": reen.read,
    "checked": reen.Inventory.from_arrow,
    "put together": lambda table: reen.Inventory.from_tables(equipment=table),
    "a stream": lambda table: pa.RecordBatchReader.from_batches(table.schema, table.to_batches()),
    "twice": lambda table: reen.Inventory.from_arrow(table).to_arrow(),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("text", [REFUSED, DOUBTED, WHOLE], ids=["refused", "doubted", "whole"])
def test_the_account_comes_along(text: str, way: str) -> None:
    inventory = read(text)
    assert str(total(WAYS[way](pa.table(inventory)))) == str(total(inventory))


def test_methods_compared_on_a_table_say_at_least() -> None:
    methods = ["base-carbone", "ecodiag"]
    inventory = read(REFUSED)
    of_table = reen.compare(pa.table(inventory), methods, as_of=DAY)
    assert str(of_table) == str(reen.compare(inventory, methods, as_of=DAY))
    assert str(of_table).startswith("base-carbone: >= ")


@pytest.mark.parametrize("way", ["measured", "read", "checked"])
def test_a_table_that_lost_its_account_says_so(way: str) -> None:
    # what polars does: it knows no metadata
    bare = pa.table(read(REFUSED)).replace_schema_metadata(None)
    assert "doubtful" in str(total(WAYS[way](bare)))


@pytest.mark.parametrize("way", ["measured", "read", "checked"])
def test_rows_that_are_no_longer_those_of_the_account_are_doubted(way: str) -> None:
    table = pa.table(read(REFUSED))
    assert "doubtful" in str(total(WAYS[way](table.slice(0, 1))))
    assert "doubtful" in str(total(WAYS[way](pa.concat_tables([table, table]))))
    whole = pa.table(read(WHOLE))
    assert "doubtful" not in str(total(WAYS[way](whole.slice(0, 1))))


def test_a_list_of_ones_own_is_not_doubted() -> None:
    own = pa.table({"equipment_type": ["laptop"], "quantity": [10.0], "country": ["FR"]})
    assert "doubtful" not in str(total(own))
    assert reen.Inventory.from_arrow(own).to_arrow().schema.metadata is None
