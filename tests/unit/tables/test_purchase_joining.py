"""Purchases that tell the fleet when an asset was bought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pyarrow as pa
import pytest

from reen import Inventory
from reen.tables.identity.purchase_joining import Joined, join_purchases
from reen.types import Purchases

DAY, LATER = dt.date(2021, 3, 12), dt.date(2023, 9, 1)


def fleet(*rows: Mapping[str, object]) -> pa.Table:
    names = {"model", *(name for row in rows for name in row)}
    lines = [
        {**dict.fromkeys(names), **row, "source": "parc.csv", "source_row": line}
        for line, row in enumerate(rows, 2)
    ]
    return Inventory.from_arrow(pa.Table.from_pylist(lines)).table


def purchases(*rows: Mapping[str, object]) -> pa.Table:
    names = {"date", *(name for row in rows for name in row)}
    lines = [{**dict.fromkeys(names), **row} for row in rows]
    return Purchases.from_arrow(pa.Table.from_pylist(lines)).table


def column(found: Joined, name: str) -> list[object]:
    cells: list[object] = found.table[name].to_pylist()
    return cells


def test_a_serial_number_gives_date_and_price() -> None:
    found = join_purchases(
        fleet({"serial_number": "abc1", "model": "X"}, {"serial_number": "ABC2"}),
        purchases({"serial_number": "ABC1 ", "date": DAY, "unit_price": 712.5}, {"date": LATER}),
    )
    assert column(found, "purchase_date") == [DAY, None]
    assert column(found, "price") == [712.5, None]
    assert found.filled == {"purchase_date": 1, "price": 1}
    assert found.issues == ()


def test_what_the_fleet_states_is_kept() -> None:
    found = join_purchases(
        fleet({"serial_number": "ABC1", "purchase_date": LATER, "price": None}),
        purchases({"serial_number": "ABC1", "date": DAY, "unit_price": 712.5}),
    )
    assert column(found, "purchase_date") == [LATER]
    assert column(found, "price") == [712.5]
    (issue,) = found.issues
    assert str(issue) == (
        "parc.csv, row 2, column 'purchase_date': '2023-09-01' is kept, though the purchase of this"
        " serial number is of another date (noted)"
    )


def test_no_row_is_added_for_a_purchase_that_is_nowhere() -> None:
    given = fleet({"serial_number": "ABC1"})
    found = join_purchases(given, purchases({"serial_number": "ZZZ9", "date": DAY}))
    assert found.table.equals(given)


def test_an_order_gives_the_price_of_each_type() -> None:
    order = {"order_number": "BC-2021-14", "date": DAY}
    found = join_purchases(
        fleet(
            {"order_number": "bc-2021-14", "equipment_type": "laptop"},
            {"order_number": "BC-2021-14", "equipment_type": "monitor"},
            {"order_number": "BC-2021-15", "equipment_type": "monitor"},
        ),
        purchases(
            {**order, "equipment_type": "laptop", "unit_price": 900.0, "quantity": 12.0},
            {**order, "equipment_type": "monitor", "unit_price": 150.0, "quantity": 12.0},
        ),
    )
    assert column(found, "price") == [900.0, 150.0, None]
    assert column(found, "purchase_date") == [DAY, DAY, None]
    assert found.table.num_rows == 3


def test_lines_of_an_order_that_differ_are_told_and_not_used() -> None:
    order = {"order_number": "BC-14", "date": DAY, "equipment_type": "laptop"}
    found = join_purchases(
        fleet({"order_number": "BC-14", "equipment_type": "laptop"}),
        purchases({**order, "unit_price": 900.0}, {**order, "unit_price": 700.0}),
    )
    assert column(found, "purchase_date") == [DAY]
    assert "price" not in found.table.column_names
    assert [issue.reason.code for issue in found.issues] == ["purchases_differ"]


def test_the_model_tells_two_lines_of_an_order_apart() -> None:
    order = {"order_number": "BC-14", "date": DAY, "equipment_type": "laptop"}
    found = join_purchases(
        fleet({"order_number": "BC-14", "equipment_type": "laptop", "model": "Latitude 5420"}),
        purchases(
            {**order, "model": "Dell Latitude 5420", "unit_price": 900.0},
            {**order, "model": "Dell Latitude 3420", "unit_price": 700.0},
        ),
    )
    assert column(found, "price") == [900.0]


@pytest.mark.parametrize("known", ["desktop", "monitor"])
def test_contradicting_types_join_nothing(known: str) -> None:
    found = join_purchases(
        fleet({"serial_number": "ABC1", "equipment_type": known}),
        purchases({"serial_number": "ABC1", "equipment_type": "laptop", "date": DAY}),
    )
    assert "purchase_date" not in found.table.column_names
    assert [issue.reason.code for issue in found.issues] == ["purchase_contradicts"]


@pytest.mark.parametrize("serial", ["1,2E+17", "En attente", "8939010102358470000"])
def test_what_proves_nothing_joins_nothing(serial: str) -> None:
    given = fleet({"serial_number": serial})
    assert join_purchases(given, purchases({"serial_number": serial, "date": DAY})).table == given


def test_a_serial_on_several_assets_joins_nothing() -> None:
    given = fleet({"serial_number": "4XK2"}, {"serial_number": "4XK2"})
    assert join_purchases(given, purchases({"serial_number": "4XK2", "date": DAY})).table == given


def test_the_price_is_written_in_the_unit_of_the_fleet() -> None:
    table = pa.table(
        {
            "model": ["X", "Y"],
            "serial_number": ["ABC1", "ABC2"],
            "price": pa.array([None, 0.5], pa.float64()),
            "purchase_date": pa.array([None, DAY], pa.date32()),
            "purchase_date_precision": ["", "year"],
        }
    )
    place = table.column_names.index("price")
    field = pa.field("price", pa.float64(), metadata={"unit": "kEUR/item"})
    given = Inventory.from_arrow(table.set_column(place, field, table["price"])).table
    bought = purchases({"serial_number": "ABC1", "date": LATER, "unit_price": 900.0})
    found = join_purchases(given, bought)
    assert column(found, "price") == [pytest.approx(0.9), 0.5]
    assert column(found, "purchase_date_precision") == ["day", "year"]
    assert found.table.schema == given.schema
