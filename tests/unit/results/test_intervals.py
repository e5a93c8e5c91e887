"""Intervals of groups: one row per group, from the same draws."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen

AS_OF = "2022-12-31"


def measure(*by: str, **columns: object) -> reen.Footprint:
    """Return a footprint without use stage, lifetimes being one year; +- 50 % published."""
    size = len(next(iter(columns.values())))  # type: ignore[arg-type]
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    table = pa.table({"lifetime": [1.0] * size, **columns})
    return reen.measure(reen.Inventory.from_arrow(table), method=method, by=by, as_of=AS_OF)


FLEET = {
    "equipment_type": ["laptop", "laptop", "desktop", "interactive_display"],
    "entity": ["a", "b", "b", None],
    "quantity": [2.0, 1.0, 3.0, 4.0],
}


def test_one_row_per_group() -> None:
    """Groups in order, null last; nothing assessed is null, not zero."""
    table = measure("entity", **FLEET).intervals(draws=200)
    assert table.column_names == [
        "entity",
        "criterion",
        "unit",
        "mean",
        "lower",
        "upper",
        "covered",
    ]
    assert table["entity"].to_pylist() == ["a", "b", None]
    assert table["unit"].to_pylist() == ["kgCO2e/year"] * 3
    nothing = table.to_pylist()[2]
    assert [nothing[name] for name in ("mean", "lower", "upper", "covered")] == [None] * 4


def test_a_group_of_one_factor_has_the_interval_of_its_total() -> None:
    """The draws of a flow do not depend on what stands beside it: those of laptops alone."""
    whole = measure("entity", **FLEET).intervals(draws=500, seed=7).to_pylist()[0]
    alone = measure(equipment_type=["laptop"], quantity=[2.0]).interval(draws=500, seed=7)
    assert whole["mean"] == pytest.approx(alone.mean, rel=1e-12)
    assert whole["lower"] == pytest.approx(alone.lower, rel=1e-12)
    assert whole["upper"] == pytest.approx(alone.upper, rel=1e-12)
    assert whole["covered"] == 1.0


def test_without_groups_it_is_the_interval_of_the_total() -> None:
    """One row."""
    footprint = measure(**FLEET)
    (row,) = footprint.intervals(draws=300).to_pylist()
    interval = footprint.interval(draws=300)
    assert (row["lower"], row["upper"]) == pytest.approx((interval.lower, interval.upper))


def test_a_grouping_column_named_like_a_figure() -> None:
    """As in `to_arrow`: it is told apart."""
    footprint = measure("lower", equipment_type=["laptop"], lower=["x"])
    assert footprint.intervals(draws=10)["group.lower"].to_pylist() == ["x"]


def test_no_group_at_all() -> None:
    """An empty inventory grouped by a column: no row."""
    empty = reen.Inventory.from_equipment([])
    footprint = reen.measure(empty, method="base-carbone", by="entity", as_of=AS_OF)
    assert footprint.intervals(draws=10).num_rows == 0


def test_a_spread_may_be_assumed() -> None:
    """0 keeps what is published; the share covered becomes whole."""
    footprint = measure("entity", **FLEET)
    assert footprint.intervals(draws=10, assume_spread=0.3)["covered"].to_pylist()[:2] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": 0.0}, "intervals: option level='0.0': expected a probability such as 0.95"),
        ({"draws": 0}, "intervals: option draws='0': expected a whole number above 0"),
        ({"seed": -1}, "intervals: option seed='-1': expected a whole number, 0 or more"),
        ({"assume_spread": -0.1}, "intervals: option assume_spread='-0.1'"),
    ],
)
def test_options(options: dict[str, float], message: str) -> None:
    """Out of range is refused by name."""
    with pytest.raises(reen.errors.OptionError) as caught:
        measure("entity", **FLEET).intervals(**options)  # type: ignore[arg-type]
    assert message in str(caught.value)
