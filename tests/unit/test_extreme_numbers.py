"""One cell that no number can be: it is named, the rest counts, and no method is blamed."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.types import Severity

NUMBERS = [
    column.name
    for column in EQUIPMENT.columns
    if column.kind is ColumnKind.NUMBER and column.name != "usage_share"  # a blank one leaves out
]
EXTREME = [5e-324, 1e-310, 1e-200, -0.0, 2e14, 1e15, 1e160, 1.7e308, math.inf, math.nan, -1e300]


def fleet(column: str, value: float) -> reen.Inventory:
    """Return ten good laptops, and a row of one with an extreme cell."""
    cells: dict[str, list[float | None]] = {
        "quantity": [10.0, 1.0],
        "lifetime": [5.0, 5.0],
        "declared_footprint": [100.0, 100.0],
        "annual_energy": [30.0, 30.0],
    }
    cells[column] = [cells.get(column, [None])[0], value]
    table = {"id": ["good", "bad"], "equipment_type": ["laptop"] * 2, "country": ["FR"] * 2}
    numbers = {name: pa.array(given, pa.float64()) for name, given in cells.items()}
    return reen.Inventory.from_arrow(pa.table(table | numbers))


@pytest.mark.slow
@pytest.mark.parametrize("column", NUMBERS)
@pytest.mark.parametrize("method", ["declared", "base-carbone"])
def test_the_rest_counts(column: str, method: str) -> None:
    """Ten laptops of 100 kg over five years are 200 kg a year, whatever stands in the other row.

    The other row counts too, by a default, where the cell is one that the method does not need.
    """
    good = reen.measure(fleet("weight", 2.0), method, as_of="2025-12-31").total().value * 10 / 11
    for value in EXTREME:
        inventory = fleet(column, value)
        found = reen.measure(inventory, method, as_of="2025-12-31").total()
        assert math.isfinite(found.value)
        assert good * (1 - 1e-9) <= found.value < 1e12, f"{value}"
        if abs(value) > 1e14 or value < 0.0:
            assert [issue for issue in inventory.issues if issue.column == column], f"{value}"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("lifetime", 1e-310, "a number in year, above 0, and at least 1e-09"),
        ("quantity", 1e15, "a number in item, at least 0, and at most 1e+14"),
    ],
)
def test_the_cell_is_named(column: str, value: float, expected: str) -> None:
    """1 / 1e-310 is no number, and 1e15 items are nobody's."""
    (issue,) = fleet(column, value).issues
    assert (issue.column, issue.value, issue.severity) == (column, f"{value:g}", Severity.CELL)
    assert str(issue.expected) == expected


def test_in_a_file_too(tmp_path: Path) -> None:
    """The one extreme cell of a list leaves its own row out, by name."""
    path = tmp_path / "a.csv"
    path.write_text(
        "id,equipment_type,quantity,lifetime,country,declared_footprint [kgCO2e/item]\n"
        "a,laptop,10,5,FR,100\nb,laptop,1,1e-310,FR,100\n",
        "utf-8",
    )
    total = reen.measure(path, "declared", as_of="2025-12-31").total()
    assert (total.value, total.lower_bound) == (200.0, True)


@pytest.mark.parametrize("value", ["1e308", "-1e300", "1e19"])
def test_a_factor_that_no_sum_can_hold(tmp_path: Path, value: str) -> None:
    """It is the factor that is refused, with its line."""
    path = tmp_path / "f.csv"
    path.write_text(
        "flow,reference_unit,equipment_type,stage,criterion,value,unit,source,licence\n"
        f"l,item,laptop,manufacturing,climate_change,{value},kgCO2e,own,x\n",
        "utf-8",
    )
    with pytest.raises(reen.errors.FactorDataError, match=r"row 2, column 'value'.*at most 1e\+18"):
        reen.read_factors(path)
