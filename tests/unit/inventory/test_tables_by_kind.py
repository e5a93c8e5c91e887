"""An inventory of several tables: each found by its kind, added, counted and checked."""

from __future__ import annotations

import datetime as dt
import pickle

import pyarrow as pa
import pytest

import reen
from reen.plugin.files import SCHEMA_OF_KIND, VIRTUAL_MACHINES
from reen.types import Account, AccountLine, Fate

DAY = pa.array([dt.date(2024, 5, 2)], pa.date32())
FLEET = pa.table({"equipment_type": ["laptop"], "quantity": [3.0]})
BOUGHT = pa.table({"date": DAY, "quantity": [3.0], "source": ["achats.csv"]})
AGENTS = pa.table({"date": DAY, "agents": [120.0]})


def test_every_kind_has_a_table() -> None:
    """Two tables given: the others have every canonical column and no row."""
    found = reen.Inventory.from_tables(equipment=FLEET, purchases=BOUGHT)
    assert list(found.tables) == list(SCHEMA_OF_KIND)
    rows = {kind: table.num_rows for kind, table in found.tables.items() if table.num_rows}
    assert rows == {"equipment": 1, "purchases": 1}
    for kind, schema in SCHEMA_OF_KIND.items():
        assert getattr(found, "table" if kind == "equipment" else kind) is found.tables[kind]
        if kind not in rows:
            assert found.tables[kind].column_names == list(schema)
            assert reen.Inventory.from_arrow(found.tables[kind], kind=kind).issues == ()


def test_rows_beside_the_equipment_stand_for_no_item() -> None:
    """Three laptops in one row; a purchase of three and a headcount are rows of no item."""
    found = reen.Inventory.from_tables(equipment=FLEET, purchases=BOUGHT, headcount=AGENTS)
    assert found.account.rows == found.account.rows_of(Fate.COUNTED) == 3
    assert found.account.items_of(Fate.COUNTED) == 3.0
    assert found.account_of("purchases").sources == ("achats.csv",)
    assert found.account_of("headcount").sources == ("headcount",)
    assert found.account_of("disposals") == Account()


def test_an_inventory_may_have_no_equipment() -> None:
    """It is added, pickled and shown; measuring it is refused rather than nought."""
    found = reen.Inventory.from_tables(purchases=BOUGHT)
    assert (len(found), found.purchases.num_rows) == (0, 1)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert again == found
    assert again.account == found.account
    both = found + reen.Inventory.from_arrow(FLEET)
    assert both.table["equipment_type"].to_pylist() == ["laptop"]
    with pytest.raises(reen.errors.EmptyInventoryError, match="only 1 purchase"):
        reen.measure(found, method="base-carbone")


def test_a_refused_purchase_is_no_equipment_that_is_missing() -> None:
    """The account of the inventory has the refused row, that of the footprint has none of it."""
    refused = AccountLine(source="achats.csv", fate=Fate.REFUSED, rows=1)
    bought = reen.Inventory.from_arrow(BOUGHT, kind="purchases", uncounted=Account.of([refused]))
    fleet = reen.Inventory.from_arrow(FLEET)
    found = fleet + bought
    assert found.account.has_refused
    one, other = (reen.measure(each, method="base-carbone") for each in (found, fleet))
    assert str(one.total()) == str(other.total())
    assert one.account == other.account


def test_adding_converts_units_and_writes_defaults_in_every_table() -> None:
    """1 TB beside 500 GB; a row without the column quantity is one machine, not an unknown."""
    terabyte = pa.field("storage", pa.float64(), metadata={"unit": "TB"})
    schema = pa.schema([pa.field("id", pa.string()), terabyte])
    first = pa.table([pa.array(["m1"]), pa.array([1.0])], schema=schema)
    second = pa.table({"id": ["m2"], "storage": [500.0], "quantity": [2.0]})
    found = reen.Inventory.from_arrow(first, kind="virtual_machines") + reen.Inventory.from_arrow(
        second, kind="virtual_machines"
    )
    batch = found.batch(VIRTUAL_MACHINES)
    assert batch.values("storage", "GB").tolist() == pytest.approx([1000.0, 500.0])
    assert batch.values("quantity", "item").tolist() == [1.0, 2.0]


def test_a_reference_that_another_inventory_answers_dangles_no_more() -> None:
    """The machine of one inventory stands on the host of the other, whichever comes first."""
    machines = reen.Inventory.from_arrow(
        pa.table({"id": ["m1"], "host_id": ["h1"]}), kind="virtual_machines"
    )
    hosts = reen.Inventory.from_arrow(pa.table({"id": ["h1"], "equipment_type": ["server"]}))
    assert [issue.value for issue in machines.issues] == ["h1"]
    assert (machines + hosts).issues == (hosts + machines).issues == ()


@pytest.mark.parametrize(
    ("kind", "table", "message"),
    [
        ("purchase", BOUGHT, "no kind of table 'purchase' (is it 'purchases'?)"),
        ("headcount", BOUGHT, "headcount: the column 'agents' is not there"),
        ("purchases", BOUGHT.rename_columns(["dates", "q", "s"]), "(is it 'dates'?)"),
        ("energy_readings", AGENTS, "the column 'meter_id' is not there"),
    ],
)
def test_what_is_no_table_of_its_kind_is_refused(kind: str, table: pa.Table, message: str) -> None:
    with pytest.raises(reen.errors.InventoryError) as caught:
        reen.Inventory.from_tables(**{kind: table})
    assert message in str(caught.value)


def test_energy_readings_are_dated_to_the_second_in_utc() -> None:
    """A day and an instant: both become instants of UTC."""
    readings = pa.table(
        {
            "meter_id": ["01234567890123"],
            "period_start": DAY,
            "period_end": pa.array([dt.datetime(2024, 5, 2, 14, 30, tzinfo=dt.UTC)]),
            "energy": [1.5],
        }
    )
    (row,) = reen.Inventory.from_tables(energy_readings=readings).energy_readings.to_pylist()
    assert row["meter_id"] == "01234567890123"
    assert row["period_start"] == dt.datetime(2024, 5, 2, tzinfo=dt.UTC)
    assert row["period_end"] == dt.datetime(2024, 5, 2, 14, 30, tzinfo=dt.UTC)
