"""Tables beside the equipment are written beside it, and read again as what they are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.plugin.files import PURCHASES
from reen.types import Account, AccountLine, Fate

DAY = pa.array([dt.date(2024, 5, 2)], pa.date32())
TABLES = {
    "equipment": pa.table({"id": ["h1"], "equipment_type": ["server"], "status": ["in_use"]}),
    "virtual_machines": pa.table({"id": ["m1"], "host_id": ["h1"], "quantity": [1.0]}),
    "purchases": pa.table({"date": DAY, "quantity": [1.0], "unit_price": [-4.0]}),
    "headcount": pa.table({"date": DAY, "agents": [120.0]}),
}


@pytest.mark.slow
def test_each_table_has_a_file_and_a_kind(tmp_path: Path) -> None:
    """Four tables: the account of each comes back, and the refused price is refused again."""
    inventory = reen.Inventory.from_tables(**TABLES)
    written = reen.write_inventory(inventory, tmp_path / "parc.parquet")
    assert [path.name for path in written] == [
        "parc.parquet",
        "parc.virtual_machines.parquet",
        "parc.purchases.parquet",
        "parc.headcount.parquet",
    ]
    for found in (reen.read(*written), reen.read(*reversed(written)), reen.read(tmp_path)):
        assert found.account.lines == inventory.account.lines
        for kind, table in inventory.tables.items():
            same = found.tables[kind].select(table.column_names)
            if kind != "purchases":
                assert same.to_pylist() == table.to_pylist()
        (price,) = found.batch(PURCHASES).invalid("unit_price").tolist()
        assert price
    alone = reen.read(written[2])
    assert (len(alone), alone.purchases.num_rows) == (0, 1)
    assert alone.account.lines == inventory.account_of("purchases").lines


def test_a_table_that_is_alone_has_the_name_given(tmp_path: Path) -> None:
    inventory = reen.Inventory.from_tables(purchases=TABLES["purchases"])
    path = tmp_path / "achats.parquet"
    assert reen.write_inventory(inventory, path) == (path,)
    assert reen.read(path).purchases.num_rows == 1


def test_what_was_read_of_a_kind_without_rows_is_kept(tmp_path: Path) -> None:
    """Every purchase was refused: the account still has the two rows, beside one of equipment."""
    refused = AccountLine(source="achats.csv", fate=Fate.REFUSED, rows=2)
    none = reen.Inventory.from_arrow(
        TABLES["purchases"].slice(0, 0), kind="purchases", uncounted=Account.of([refused])
    )
    inventory = reen.Inventory.from_tables(equipment=TABLES["equipment"]) + none
    (path,) = reen.write_inventory(inventory, tmp_path / "parc.parquet")
    assert reen.read(path).account == inventory.account


def test_a_text_is_read_as_the_records_that_it_is(tmp_path: Path) -> None:
    inventory = reen.Inventory.from_tables(**TABLES)
    written = reen.write_inventory(inventory, tmp_path / "parc.csv")
    assert [path.suffix for path in written] == [".csv"] * 4
    agents = reen.read_records(written[3], kind="headcount")
    assert agents.table["agents"].to_pylist() == [120.0]


def test_purchases_are_never_taken_for_a_fleet(tmp_path: Path) -> None:
    """They have types and quantities too: a table, a stream or a dataset of them is refused."""
    import pyarrow.dataset as pa_dataset
    import pyarrow.parquet as pq

    bought = TABLES["purchases"].append_column("equipment_type", [["laptop"]])
    path = tmp_path / "achats.parquet"
    reen.write_inventory(reen.Inventory.from_tables(purchases=bought), path)
    table = pq.read_table(path)
    message = "rows are of the kind 'purchases', not 'equipment'"
    with pytest.raises(reen.errors.InventoryError, match=message):
        reen.Inventory.from_arrow(table)
    for source in (table, table.to_reader(), pa_dataset.dataset(path)):
        with pytest.raises(reen.errors.InventoryError, match=message):
            reen.measure(source, method="base-carbone")
    assert reen.Inventory.from_arrow(table, kind="purchases").purchases.num_rows == 1


def test_a_file_of_a_kind_unknown_is_refused(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "x.parquet"
    pq.write_table(TABLES["equipment"].replace_schema_metadata({"reen.kind": "tickets"}), path)
    with pytest.raises(
        reen.errors.FileFormatError, match="a table of 'tickets'; expected one of equip"
    ):
        reen.read(path)
