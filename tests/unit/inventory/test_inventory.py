"""Inventories: rows named three ways, and added whatever their columns and units."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

import reen


def inventory(**columns: object) -> reen.Inventory:
    return reen.Inventory.from_arrow(pa.table(columns))


NAMED = inventory(
    equipment_type=["laptop"] * 4,
    id=["PC-1", "PC-2", "PC-2", "7"],
    source=["a/parc.csv", "a/parc.csv", "b/parc.csv", "b/parc.csv"],
    source_row=[2, 3, 3, 4],
)


# -- naming a row ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "position"),
    [
        ("PC-1", 0),
        (3, 3),
        ("a/parc.csv:3", 1),
        ("b/parc.csv:3", 2),
        ("parc.csv:4", 3),
        ("7", 3),
    ],
)
def test_a_row_by_id_place_or_position(row: str | int, position: int) -> None:
    """An id comes first, then file and line, then the position."""
    assert NAMED.position(row) == position


def test_an_id_of_two_rows_is_refused() -> None:
    """Their places are given as they can be typed."""
    with pytest.raises(reen.errors.InventoryError) as caught:
        NAMED.position("PC-2")
    assert caught.value.parameters["places"] == "a/parc.csv:3, b/parc.csv:3"


def test_a_line_of_two_files_is_refused() -> None:
    """A bare line: the same places, to choose from."""
    with pytest.raises(reen.errors.InventoryError, match=r"\(a/parc\.csv:3, b/parc\.csv:3\)"):
        NAMED.position("3")


def test_rows_without_files_are_named_by_line() -> None:
    """A table with lines and no file, or a row of no file: as much as is known."""
    lines = inventory(equipment_type=["laptop"] * 2, id=["a", "a"], source_row=[3, None])
    with pytest.raises(reen.errors.InventoryError, match=r"\(line 3, position 1\)"):
        lines.position("a")


def test_an_unknown_id_proposes_the_nearest() -> None:
    """And says how to name a row."""
    with pytest.raises(reen.errors.UnknownNameError) as caught:
        NAMED.position("PC-3")
    assert str(caught.value) == (
        "The inventory has no row 'PC-3'. Did you mean 'PC-2' or 'PC-1'? Name a row by its id,"
        " asset tag or serial number, or by its line in the file."
    )


def test_a_row_by_its_tag_or_serial_number() -> None:
    """After its id: what is written on the machine."""
    tagged = inventory(
        equipment_type=["laptop"] * 3,
        id=["1", "2", "3"],
        asset_tag=["A1", "A2", None],
        serial_number=["S1", None, "A2"],
    )
    assert (tagged.position("A1"), tagged.position("A2"), tagged.position("S1")) == (0, 1, 0)


def test_a_place_without_files() -> None:
    """Lines but no file: no row of that file."""
    lines = inventory(equipment_type=["laptop"], source_row=[3])
    with pytest.raises(reen.errors.UnknownNameError, match=r"no row 'parc\.csv:3'"):
        lines.position("parc.csv:3")


@pytest.mark.parametrize("row", [-1, 4])
def test_a_position_outside_is_refused(row: int) -> None:
    """Positions go from 0 to the number of rows less one."""
    with pytest.raises(reen.errors.UnknownNameError, match=f"no row '{row}'"):
        NAMED.position(row)


def test_positions_as_text() -> None:
    """A row number typed on the command line, where no id is in the way."""
    assert inventory(equipment_type=["laptop"] * 3).position("2") == 2


# -- adding ----------------------------------------------------------------------------------


def test_rows_come_in_order() -> None:
    """Those of the first, then those of the second."""
    both = inventory(equipment_type=["laptop"]) + inventory(equipment_type=["desktop", "laptop"])
    assert both.table["equipment_type"].to_pylist() == ["laptop", "desktop", "laptop"]


def test_columns_of_either_are_kept() -> None:
    """Blank where the other has them."""
    both = inventory(equipment_type=["laptop"], site=["A"]) + inventory(model=["X"], floor=[1])
    assert both.table["site"].to_pylist() == ["A", None]
    assert both.table["floor"].to_pylist() == [None, 1]


def test_an_absent_quantity_stays_one() -> None:
    """Added to rows with quantities, one item a row does not become unknown."""
    for both in (
        inventory(equipment_type=["laptop"]) + inventory(equipment_type=["laptop"], quantity=[5.0]),
        inventory(equipment_type=["laptop"], quantity=[5.0]) + inventory(equipment_type=["laptop"]),
    ):
        assert sorted(both.table["quantity"].to_pylist()) == [1.0, 5.0]


def test_numbers_take_the_first_unit() -> None:
    """24 months added to 4 years: 4 and 2 years."""
    months = pa.table(
        [["laptop"], [24.0]],
        schema=pa.schema(
            [
                pa.field("equipment_type", pa.string()),
                pa.field("lifetime", pa.float64(), metadata={"unit": "month"}),
            ]
        ),
    )
    both = inventory(equipment_type=["laptop"], lifetime=[4.0]) + reen.Inventory.from_arrow(months)
    assert both.table["lifetime"].to_pylist() == pytest.approx([4.0, 2.0], rel=1e-12)


def test_issues_of_both_are_kept() -> None:
    """The words that each did not know."""
    both = inventory(equipment_type=["zorglub"]) + inventory(equipment_type=["bidule"])
    assert [issue.value for issue in both.issues] == ["zorglub", "bidule"]


def test_a_column_of_two_types_is_refused() -> None:
    """Text on one side, numbers on the other: the message says what to do."""
    with pytest.raises(
        reen.errors.InventoryError, match="Give the columns that both have one type"
    ):
        _ = inventory(equipment_type=["laptop"], floor=["rez"]) + inventory(
            equipment_type=["laptop"], floor=[1]
        )


def test_something_else_is_not_added() -> None:
    """Python's own error."""
    with pytest.raises(TypeError):
        _ = NAMED + 1  # type: ignore[operator]


# -- equipment in code -----------------------------------------------------------------------


def test_equipment_makes_an_inventory() -> None:
    """One row each, a column per filled attribute."""
    made = reen.Inventory.from_equipment(
        [
            reen.Equipment("PC portable", model="Latitude 5420", lifetime="60 month"),
            reen.Equipment("serveur", quantity=2, purchase_date=dt.date(2022, 3, 1)),
        ]
    )
    assert made.table["equipment_type"].to_pylist() == ["laptop", "server"]
    assert made.table["lifetime"].to_pylist() == [pytest.approx(5.0), None]
    assert made.table["quantity"].to_pylist() == [1.0, 2.0]
    assert made.table["purchase_date"].to_pylist() == [None, dt.date(2022, 3, 1)]


def test_no_equipment_is_an_empty_inventory() -> None:
    """With the column that it needs."""
    assert len(reen.Inventory.from_equipment([])) == 0


def test_equipment_needs_a_type_or_a_model() -> None:
    """The message gives an example of each."""
    with pytest.raises(
        reen.errors.InventoryError, match="needs an equipment_type \\(such as 'laptop'\\)"
    ):
        reen.Equipment(manufacturer="Dell")


@pytest.mark.parametrize("lifetime", [5, 5.0, "5", "5 year", "60 month"])
def test_amounts_are_numbers_or_text_with_a_unit(lifetime: float | str) -> None:
    """All of them are five years."""
    cells = reen.Equipment("laptop", lifetime=lifetime).cells()
    assert cells["lifetime"] == pytest.approx(5.0)


def test_amounts_may_be_quantities() -> None:
    """A pint Quantity of reen's registry: 0.058 MWh are 58 kWh."""
    energy = reen.units.quantity(0.058, "MWh/year")
    cells = reen.Equipment("laptop", annual_energy=energy).cells()
    assert cells["annual_energy"] == pytest.approx(58.0)


def test_an_amount_of_the_wrong_dimension() -> None:
    """Five kilograms are no lifetime."""
    with pytest.raises(reen.errors.DimensionError, match="lifetime is in 'kg'"):
        reen.Equipment("laptop", lifetime="5 kg").cells()


def test_an_amount_that_is_no_number() -> None:
    """Words, a unit alone and marks of thousands are refused, and what is expected is said."""
    for text in ("five years", "year", "", "5,5 year"):
        with pytest.raises(
            reen.errors.OptionError, match=rf"lifetime='{text}': expected a number such as 5 or"
        ):
            reen.Equipment("laptop", lifetime=text).cells()
    with pytest.raises(reen.errors.OptionError, match="usage_share='50%': expected a number"):
        reen.Equipment("laptop", usage_share="50%").cells()
    assert reen.Equipment("laptop", usage_share="50 %").cells()["usage_share"] == 0.5


def test_extra_does_not_contradict_an_attribute() -> None:
    """2 laptops are no 3; what is said twice, or by `extra` alone, is taken."""
    with pytest.raises(
        reen.errors.OptionError, match=r"extra\.quantity='3': expected the value of the attribute"
    ):
        reen.Equipment("laptop", quantity=2, extra={"quantity": 3}).cells()
    assert reen.Equipment("laptop", quantity=3, extra={"quantity": 3}).cells()["quantity"] == 3.0
    assert reen.Equipment("laptop", extra={"power": 40.0}).cells()["power"] == 40.0


@pytest.mark.parametrize(
    "day",
    [
        "2020-01-31",
        dt.date(2020, 1, 31),
        dt.datetime(2020, 1, 31, 23, tzinfo=dt.UTC),
        np.datetime64("2020-01-31"),
    ],
)
def test_days_are_dates_or_iso_text(day: str | dt.date | np.datetime64) -> None:
    """As `as_of` takes them; in further columns too."""
    item = reen.Equipment("laptop", purchase_date=day, extra={"last_seen": day})
    assert item.cells()["purchase_date"] == item.cells()["last_seen"] == dt.date(2020, 1, 31)
    table = reen.Inventory.from_equipment([item]).table
    assert table["purchase_date"].to_pylist() == [dt.date(2020, 1, 31)]


@pytest.mark.parametrize("day", ["31/01/2020", "2020", "", 2020, 2020.5, np.datetime64("NaT", "D")])
def test_a_day_that_is_none(day: object) -> None:
    """A number is no day, though Arrow would count it from 1970."""
    with pytest.raises(
        reen.errors.OptionError, match="expected a date, or ISO text such as '2022-12-31'"
    ):
        reen.Equipment("laptop", purchase_date=day).cells()  # type: ignore[arg-type]


def test_an_amount_that_is_a_truth_value() -> None:
    """True is not one."""
    with pytest.raises(reen.errors.OptionError, match="option quantity='True'"):
        reen.Equipment("laptop", quantity=True).cells()


def test_further_columns() -> None:
    """Canonical or not, by name."""
    made = reen.Inventory.from_equipment(
        [reen.Equipment("laptop", extra={"site": "Town hall", "floor": 3})]
    )
    assert made.table["site"].to_pylist() == ["Town hall"]
    assert made.table["floor"].to_pylist() == [3]
