"""Services: rows add up, in any order and cut, and twice the amounts are twice the footprint."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

import reen

AMOUNTS = ("amount", "amount_with_tax", "amount_as_written", "reams", "paper_weight")
_AMOUNT = st.none() | st.floats(0.0, 1e6, allow_subnormal=False)

ROW = st.fixed_dictionaries(
    {
        "service_type": st.sampled_from(
            ["saas", "paper", "telecom", "telephone_line", "mobile_network", "other", "unknown"]
        ),
        **dict.fromkeys(AMOUNTS, _AMOUNT),
        "tax_rate": st.none() | st.floats(0.0, 100.0),
        "price_year": st.none() | st.integers(2000, 2040).map(float),
        "data_volume": _AMOUNT,
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=8)
NUMBERS = (*AMOUNTS, "tax_rate", "price_year", "data_volume")


def inventory_of(rows: list[dict[str, object]], *, times: float = 1.0) -> reen.Inventory:
    """Return rows as an inventory, all amounts multiplied."""
    fields = [pa.field("service_type", pa.string())]
    columns = [pa.array([row["service_type"] for row in rows], pa.string())]
    for name in NUMBERS:
        cells = [row[name] for row in rows]
        if name in AMOUNTS or name == "data_volume":
            cells = [None if cell is None else times * cell for cell in cells]  # type: ignore[operator]
        fields.append(pa.field(name, pa.float64()))
        columns.append(pa.array(cells, pa.float64()))
    return reen.Inventory.from_tables(services=pa.table(columns, schema=pa.schema(fields)))


def total(inventory: reen.Inventory) -> float:
    value = reen.measure(inventory, method="spend", as_of="2023-12-31").total().value
    return 0.0 if math.isnan(value) else value


@settings(max_examples=settings.default.max_examples * 2 // 5)
@given(rows=ROWS)
def test_each_row_has_the_figure_that_it_has_alone(rows: list[dict[str, object]]) -> None:
    alone = math.fsum(total(inventory_of([row])) for row in rows)
    assert total(inventory_of(rows)) == pytest.approx(alone, rel=1e-12, abs=1e-12)


@settings(max_examples=settings.default.max_examples * 2 // 5)
@given(rows=ROWS)
def test_twice_the_amounts_are_twice_the_footprint(rows: list[dict[str, object]]) -> None:
    assert total(inventory_of(rows, times=2.0)) == 2.0 * total(inventory_of(rows))


@settings(max_examples=settings.default.max_examples * 2 // 5)
@given(rows=ROWS, data=st.data())
def test_any_order_and_any_cut(rows: list[dict[str, object]], data: st.DataObject) -> None:
    """Measured together or in two inventories that are added: figures and coverage are equal."""
    cut = data.draw(st.integers(0, len(rows)), label="cut")
    parts = [part for part in (rows[:cut], rows[cut:]) if part]
    found = [reen.measure(inventory_of(part), method="spend", as_of="2023-12-31") for part in parts]
    together = reen.measure(inventory_of(list(reversed(rows))), method="spend", as_of="2023-12-31")
    summed = found[0] if len(found) == 1 else found[0] + found[1]
    a, b = together.total(), summed.total()
    assert a.value == pytest.approx(b.value, rel=1e-12, nan_ok=True)
    assert (a.complete, a.lower_bound) == (b.complete, b.lower_bound)
    counts = [
        {
            (row.equipment_type, row.status, str(row.reason), row.assumptions): row.rows
            for row in each.coverage
        }
        for each in (together, summed)
    ]
    assert counts[0] == counts[1]
    assert sum(counts[0].values()) == len(rows)
