"""Shared assumptions: what they do to the variance and the interval of a measured fleet."""

from __future__ import annotations

import math
import pickle

import pyarrow as pa
import pytest

import reen
from reen.plugin import FactorPack
from reen.types import SharedAssumption

AS_OF = "2022-12-31"

#: One kilogram an item to make, exactly, and one a kWh: what is uncertain is what is assumed.
EXACT = FactorPack.from_rows(
    name="mine",
    version="1",
    title="Mine",
    publisher="me",
    licence="CC0-1.0",
    source="me",
    factors=[
        {
            "flow": flow,
            "reference_unit": unit,
            "stage": stage,
            "criterion": "climate_change",
            "value": value,
            "unit": f"kgCO2e/{unit}",
            "equipment_type": kind,
            "geography": place,
            "year": year,
            "source": "me",
        }
        for flow, kind, unit, stage, value, place, year in (
            ("27002", "laptop", "item", "manufacturing", "100", "", ""),
            ("27003", "desktop", "item", "manufacturing", "200", "", ""),
            ("mix", "", "kWh", "use", "0.5", "FR", "2022"),
        )
    ],
)

FLEET = {
    "equipment_type": ["laptop", "laptop", "desktop"],
    "entity": ["a", "b", "b"],
    "quantity": [2.0, 1.0, 3.0],
    "lifetime": [5.0, 5.0, 6.0],
    "annual_energy": [40.0, 40.0, 100.0],
    "country": ["FR", "FR", "FR"],
}


def measure(*by: str, method: object = "base-carbone", **columns: object) -> reen.Footprint:
    """Laptops 3 x 100 / 5 = 60, desktops 3 x 200 / 6 = 100; use 120 x 0.5 and 300 x 0.5 kg."""
    return reen.measure(
        reen.Inventory.from_arrow(pa.table({**FLEET, **columns})),
        method=method,  # type: ignore[arg-type]
        by=by,
        factors=[EXACT],
        as_of=AS_OF,
    )


LIFETIME = SharedAssumption(driver="lifetime", spread=0.2)
ENERGY = SharedAssumption(driver="annual_energy", spread=0.3)


# -- exact -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_one_lifetime_per_type() -> None:
    """(60 x 0.2)^2 + (100 x 0.2)^2 = 144 + 400: the types are independent."""
    assert measure("equipment_type").variance(assumptions=LIFETIME) == pytest.approx(544.0)


def test_one_lifetime_of_one_type() -> None:
    """Laptops alone: (60 x 0.2)^2 = 144."""
    laptops = SharedAssumption(driver="lifetime", spread=0.2, only="laptop")
    assert measure("equipment_type").variance(assumptions=laptops) == pytest.approx(144.0)


def test_one_error_for_everything() -> None:
    """A bias common to all lifetimes: ((60 + 100) x 0.2)^2 = 1,024; no grouping is needed."""
    everything = SharedAssumption(driver="lifetime", spread=0.2, by=None)
    assert measure().variance(assumptions=everything) == pytest.approx(1024.0)


def test_one_lifetime_per_entity() -> None:
    """Entity a 40 kg, b 20 + 100: (40 x 0.2)^2 + (120 x 0.2)^2 = 64 + 576."""
    entities = SharedAssumption(driver="lifetime", spread=0.2, by="entity")
    assert measure("entity", "equipment_type").variance(assumptions=entities) == pytest.approx(640)


def test_groups_of_a_type_share_its_lifetime() -> None:
    """The laptops of two entities are one draw: 144 + 400 by entity and type too."""
    footprint = measure("entity", "equipment_type")
    assert footprint.variance(assumptions=LIFETIME) == pytest.approx(544.0)


def test_yearly_energy_concerns_the_electricity() -> None:
    """Use 60 and 150 kg: (60 x 0.3)^2 + (150 x 0.3)^2 = 324 + 2,025, beside the lifetimes."""
    footprint = measure("equipment_type")
    assert footprint.variance(assumptions=ENERGY) == pytest.approx(2349.0)
    found = footprint.sensitivity(assumptions=[LIFETIME, ENERGY])
    assert found.variance == pytest.approx(2349.0 + 544.0)
    shares = {str(each.shared): each.share for each in found.assumptions}
    assert shares == {
        "annual_energy of desktop": pytest.approx(2025 / 2893),
        "lifetime of desktop": pytest.approx(400 / 2893),
        "annual_energy of laptop": pytest.approx(324 / 2893),
        "lifetime of laptop": pytest.approx(144 / 2893),
    }
    first = found.assumptions[0]
    assert (first.value, first.deviation) == (pytest.approx(150.0), pytest.approx(45.0))
    assert found.covered == 0.0  # the factors themselves publish none
    assert "  70.0% annual_energy of desktop" in str(found)


def test_a_common_error_and_one_of_each_type() -> None:
    """0.2 of each type under 0.1 for all, both on lifetimes: 1.04 x 1.01 - 1 = 0.0504.

    (60^2 + 100^2) x 0.0504 + 2 x 60 x 100 x 0.01 = 685.44 + 120 = 805.44.
    """
    common = SharedAssumption(driver="lifetime", spread=0.1, by=None)
    found = measure("equipment_type").variance(assumptions=[LIFETIME, common])
    assert found == pytest.approx(805.44, rel=1e-12)


def test_the_driver_may_be_named_as_methods_name_it() -> None:
    """``per_lifetime`` divides by the lifetime: it is the same assumption."""
    assert SharedAssumption(driver="per_lifetime", spread=0.2) == LIFETIME


# -- draws -----------------------------------------------------------------------------------


def test_the_interval_of_one_assumption() -> None:
    """60 kg of laptops with s = 0.2: 60 exp(+-1.96 tau - tau^2 / 2), tau^2 = ln 1.04."""
    footprint = measure(
        "equipment_type", equipment_type=["laptop"] * 3, lifetime=[5.0] * 3, annual_energy=[0.0] * 3
    )
    assert footprint.total().value == pytest.approx(120.0)
    interval = footprint.interval(assumptions=LIFETIME, draws=100_000)
    tau = math.sqrt(math.log(1.04))
    low, high = (120.0 * math.exp(sign * 1.96 * tau - tau**2 / 2) for sign in (-1, 1))
    assert interval.lower == pytest.approx(low, rel=0.01)
    assert interval.upper == pytest.approx(high, rel=0.01)
    assert interval.assumptions == (LIFETIME,)
    assert not interval.covers_enough  # of factors, whatever is assumed of the amounts
    assumed = footprint.interval(assumptions=LIFETIME, assume_spread=0.1, draws=1_000)
    assert "lifetime by equipment_type (0.2 relative standard deviation)" in str(assumed)


def test_intervals_of_groups_of_one_type_move_together() -> None:
    """Entity b has half the laptops of a: bounds 20 / 40 of those of a, in every draw."""
    footprint = measure("entity", "equipment_type", annual_energy=[0.0] * 3)
    table = footprint.intervals(assumptions=LIFETIME, draws=500).to_pylist()
    rows = {(row["entity"], row["equipment_type"]): row for row in table}
    first, second = rows["a", "laptop"], rows["b", "laptop"]
    assert (first["mean"], second["mean"]) == (pytest.approx(40.0), pytest.approx(20.0))
    for bound in ("lower", "upper"):
        assert second[bound] == pytest.approx(first[bound] / 2, rel=1e-12)
    assert first["lower"] < 40.0 < first["upper"]


def test_two_methods_share_an_assumption() -> None:
    """The same lifetimes in both: the cheaper is never above, whatever they are."""
    comparison = reen.compare(
        reen.Inventory.from_arrow(
            pa.table(
                {
                    **{k: v for k, v in FLEET.items() if k not in ("annual_energy", "country")},
                    "declared_footprint": [90.0, 90.0, 180.0],
                }
            )
        ),
        methods=["declared", "base-carbone"],
        factors=[EXACT],
        as_of=AS_OF,
    )
    found = comparison.probability_above(
        "base-carbone", "declared", assumptions=LIFETIME, draws=500
    )
    assert (found.probability, found.assumptions) == (1.0, (LIFETIME,))


# -- what is refused -------------------------------------------------------------------------


def refused(footprint: reen.Footprint, *assumptions: SharedAssumption) -> str:
    for ask in (footprint.interval, footprint.intervals, footprint.sensitivity):
        with pytest.raises(reen.errors.OptionError) as caught:
            ask(assumptions=assumptions)
    return str(caught.value)


def test_a_footprint_that_does_not_tell_types_apart() -> None:
    """The remedy is given: group by the column."""
    message = refused(measure("entity"), LIFETIME)
    assert "a footprint grouped by 'equipment_type'" in message
    assert "measure with by=(..., 'equipment_type')" in message


def test_a_type_that_is_not_there() -> None:
    """Those that are there are listed."""
    server = SharedAssumption(driver="lifetime", spread=0.2, only="server")
    assert "(values of equipment_type: desktop, laptop)" in refused(
        measure("equipment_type"), server
    )


def test_a_driver_that_enters_nothing() -> None:
    """Those that do are listed."""
    pue = SharedAssumption(driver="pue", spread=0.1)
    assert "pue enters none (drivers: annual_energy, lifetime, quantity)" in refused(
        measure("equipment_type"), pue
    )


def test_a_lifetime_where_none_divides() -> None:
    """Purchases counted whole, in their year: no lifetime enters, and none is assumed silently."""
    method = reen.configure(
        reen.default_registry().method("base-carbone"),
        {"amortisation": "purchase-year", "use_stage": "false"},
    )
    bought = pa.array(["2022-05-01"] * 3).cast(pa.date32())
    footprint = measure("equipment_type", method=method, purchase_date=bought)
    assert footprint.total().value == pytest.approx(900.0)
    assert "lifetime enters none" in refused(footprint, LIFETIME)


def test_a_lifetime_that_divides_some_amounts_of_a_flow() -> None:
    """Declared by year and over a life are one flow: the two cannot be told apart."""
    table = pa.table(
        {
            "equipment_type": ["laptop", "laptop"],
            "declared_footprint": [100.0, None],
            "declared_annual_footprint": [None, 30.0],
            "lifetime": [5.0, 5.0],
        }
    )
    footprint = reen.measure(
        reen.Inventory.from_arrow(table), method="declared", by="equipment_type", as_of=AS_OF
    )
    assert "enters some of those of declared:declared-footprint" in refused(footprint, LIFETIME)


def test_the_same_value_twice() -> None:
    """Laptops by their type and as such."""
    laptops = SharedAssumption(driver="lifetime", spread=0.3, only="laptop")
    assert "the lifetime of laptop once" in refused(measure("equipment_type"), LIFETIME, laptops)


@pytest.mark.parametrize("spread", [0.0, -0.1, math.inf, math.nan])
def test_no_relative_standard_deviation(spread: float) -> None:
    """Above 0 and finite."""
    with pytest.raises(reen.errors.OptionError, match="a relative standard deviation above 0"):
        SharedAssumption(driver="lifetime", spread=spread)


def test_one_value_of_no_column() -> None:
    """``only`` needs ``by``."""
    with pytest.raises(reen.errors.OptionError, match="only='laptop'"):
        SharedAssumption(driver="lifetime", spread=0.2, by=None, only="laptop")


def test_something_else_than_an_assumption() -> None:
    """A number is no assumption."""
    with pytest.raises(reen.errors.OptionError, match="a SharedAssumption, or several"):
        measure("equipment_type").interval(assumptions=0.2)  # type: ignore[arg-type]


def test_an_assumption_that_neither_method_depends_on() -> None:
    """In a comparison it is enough that one does."""
    comparison = reen.compare(
        reen.Equipment(
            "laptop", lifetime=5, declared_footprint=100, annual_energy=40, country="FR"
        ),
        methods=["declared", "base-carbone"],
        as_of=AS_OF,
    )
    names = ("declared", "base-carbone")
    assert comparison.probability_above(*names, assumptions=ENERGY, draws=50).draws == 50
    with pytest.raises(reen.errors.OptionError, match="pue enters none"):
        comparison.probability_above(*names, assumptions=SharedAssumption(driver="pue", spread=0.1))


def test_it_survives_pickling() -> None:
    """As results do."""
    assert pickle.loads(pickle.dumps(LIFETIME)) == LIFETIME  # noqa: S301 - our own
