"""Laws of inventories of several tables: accounts add up over kinds, and come back from a file."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reen
from reen.plugin.files import SCHEMA_OF_KIND
from reen.types import Fate

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2024, 12, 31))
QUANTITIES = st.none() | st.integers(0, 40).map(float)
NAMES = st.sampled_from(["a", "b", "c"])
ROWS = {
    "equipment": {
        "equipment_type": (st.sampled_from(["laptop", "server"]), pa.string()),
        "id": (NAMES, pa.string()),
        "quantity": (QUANTITIES, pa.float64()),
        "status": (st.just("in_use"), pa.string()),
    },
    "virtual_machines": {
        "id": (NAMES, pa.string()),
        "host_id": (st.none() | NAMES, pa.string()),
        "quantity": (QUANTITIES, pa.float64()),
    },
    "purchases": {"date": (DAYS, pa.date32()), "quantity": (QUANTITIES, pa.float64())},
    "disposals": {"date": (DAYS, pa.date32()), "quantity": (QUANTITIES, pa.float64())},
    "headcount": {"date": (DAYS, pa.date32()), "agents": (QUANTITIES, pa.float64())},
}


@st.composite
def tables(draw: st.DrawFn) -> Mapping[str, pa.Table]:
    """Return some tables of some rows."""
    kinds = draw(st.lists(st.sampled_from(sorted(ROWS)), unique=True))
    made = {}
    for kind in kinds:
        size = draw(st.integers(0, 4))
        made[kind] = pa.table(
            {
                name: pa.array(draw(st.lists(cells, min_size=size, max_size=size)), arrow)
                for name, (cells, arrow) in ROWS[kind].items()
            }
        )
    return made


def content(inventory: reen.Inventory) -> dict[str, list[object]]:
    """Return the rows by kind, blank columns and places aside."""
    return {
        kind: [
            {
                name: cell
                for name, cell in row.items()
                if cell is not None and name not in ("source", "source_row")
            }
            for row in table.to_pylist()
        ]
        for kind, table in inventory.tables.items()
    }


@pytest.mark.slow
@given(first=tables(), second=tables())
@settings(max_examples=settings.default.max_examples // 5)
def test_adding_adds_every_table_and_every_account(
    first: Mapping[str, pa.Table], second: Mapping[str, pa.Table]
) -> None:
    """Rows and accounts of a sum, kind by kind, are those of its parts; so is their whole.

    Every row is counted, as many as there are; only those of equipment stand for items.
    """
    one, other = (reen.Inventory.from_tables(**each) for each in (first, second))
    both = one + other
    for kind in SCHEMA_OF_KIND:
        assert both.account_of(kind) == one.account_of(kind) + other.account_of(kind)
        assert content(both)[kind] == content(one)[kind] + content(other)[kind]
    assert both.account == one.account + other.account
    assert both.account.rows == sum(table.num_rows for table in both.tables.values())
    known = [row.get("quantity") or 0.0 for row in both.table.to_pylist()]
    assert both.account.items_of(Fate.COUNTED) == sum(known)
    whole = reen.Inventory.from_tables(
        **{
            kind: pa.concat_tables([each[kind] for each in (first, second) if kind in each])
            for kind in {*first, *second}
        }
    )
    assert set(both.issues) == set(whole.issues)


@given(made=tables())
@settings(max_examples=max(2, settings.default.max_examples // 10))
def test_what_is_written_is_read_again(made: Mapping[str, pa.Table]) -> None:
    """Every table and its account, in whatever order the files are read."""
    inventory = reen.Inventory.from_tables(**made)
    if not any(table.num_rows for table in inventory.tables.values()):
        return
    with tempfile.TemporaryDirectory() as name:
        written = reen.write_inventory(inventory, Path(name) / "parc.parquet")
        for paths in (written, written[::-1]):
            again = reen.read(*paths)
            # rows alike but for their places are told as maybe one asset: they stay two
            assert again.account.lines == inventory.account.lines
            assert content(again) == content(inventory)
