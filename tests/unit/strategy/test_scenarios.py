"""Scenarios by hand: cohorts that age, levers, both ways to count, payback, common draws."""

from __future__ import annotations

import math

import attrs
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.strategy.cohorts import TypeFigures, survival
from reen.strategy.levers import (
    Drop,
    KeepLonger,
    Lever,
    MoveToCloud,
    Pool,
    Refurbish,
    Replace,
    Sleep,
    Virtualise,
)
from reen.strategy.scenario import Ages, Outlook, Scenario, ages_of, payback_years

LAPTOP = TypeFigures(
    equipment_type="laptop",
    embedded=156.0,
    life=5.0,
    kwh=30.0,
    price=800.0,
    weight=2.0,
    source="invented",
)
#: A hundred bought in 2025.
NEW = {"laptop": {0: 100.0}}
MIX = 0.05


def outlook(*levers: Lever, **given: object) -> Outlook:
    options: dict[str, object] = {
        "figures": [LAPTOP],
        "first": 2026,
        "last": 2032,
        "mix": MIX,
    }
    parts = ("undated", "uncounted")
    ages = {name: given.pop(name) for name in parts if name in given}
    options["ages"] = Ages(placed=given.pop("stock", NEW), **ages)  # type: ignore[arg-type]
    return Scenario(id="S", title="x", levers=levers).outlook(**(options | given))  # type: ignore[arg-type]


def test_what_is_bought_again_without_a_lever() -> None:
    """Bought in 2025 and kept 5 years: there until 2029, bought again in 2030.

    100 x 156 / 5 = 3,120 kg a year; 100 x 156 = 15,600 kg in 2030; 100 x 30 x 0.05 = 150 kg of use.
    """
    years = outlook(Drop(equipment_type="laptop", from_year=2026, items=0.0)).before
    assert [year.bought for year in years] == [0, 0, 0, 0, 100, 0, 0]
    assert {year.annualised for year in years} == {3_120.0}
    assert [year.purchased for year in years][4] == 15_600.0
    assert {year.use for year in years} == {150.0}
    assert years[4].euros == 80_000.0
    assert years[4].waste == 200.0
    assert years[4].total(purchase_time=True) == 15_750.0


def test_keeping_longer() -> None:
    """7 years: bought again in 2032; 100 x 156 / 7 a year from 2026: seven times 891.43 saved."""
    found = outlook(KeepLonger(equipment_type="laptop", from_year=2026, years=2.0))
    assert [year.bought for year in found.after] == [0, 0, 0, 0, 0, 0, 100]
    assert found.after[0].annualised == pytest.approx(15_600 / 7)
    assert found.saved() == pytest.approx(7 * (3_120 - 15_600 / 7))
    assert found.saved(purchase_time=True) == 0.0  # bought once in both, later in one
    assert outlook(KeepLonger(equipment_type="laptop", from_year=2026, years=2.0), last=2031).saved(
        purchase_time=True
    ) == pytest.approx(15_600.0)


def test_refurbishing_half() -> None:
    """In 2030: 50 x 156 + 50 x 30 = 9,300 kg, and 50 x 800 + 50 x 400 = 60,000 EUR."""
    lever = Refurbish(
        equipment_type="laptop", from_year=2026, share=0.5, embedded=30.0, price=400.0, source="x"
    )
    year = outlook(lever).after[4]
    assert (year.bought, year.refurbished) == (100.0, 50.0)
    assert year.purchased == 9_300.0
    assert year.annualised == pytest.approx((50 * 156 + 50 * 30) / 5)
    assert year.euros == 60_000.0


def test_pooling_and_dropping() -> None:
    """0.8 for each of 100 agents: 20 leave in 2027; the same by dropping 20."""
    for lever in (
        Pool(equipment_type="laptop", from_year=2027, items_per_agent=0.8, agents=100.0),
        Drop(equipment_type="laptop", from_year=2027, items=20.0),
    ):
        years = outlook(lever).after
        assert [year.stock for year in years] == [100, 80, 80, 80, 80, 80, 80]
        assert years[1].left == 20.0
        assert years[1].waste == 40.0
        assert years[4].bought == 80.0


def test_the_oldest_are_dropped_first() -> None:
    """20 of age 3 and 80 of age 0: without 20, all are of one age."""
    found = outlook(
        Drop(equipment_type="laptop", from_year=2026, items=20.0), stock={"laptop": {3: 20, 0: 80}}
    )
    assert [year.bought for year in found.after] == [0, 0, 0, 0, 80, 0, 0]
    assert [year.bought for year in found.before] == [0, 20, 0, 0, 80, 0, 20]


def test_sleep_at_boulogne() -> None:
    """640 PCs of 153.3 kWh, 21 %: 20,603.5 kWh, at 0.052 kg 1.07 t a year: not "more than 4 t"."""
    computer = TypeFigures(
        equipment_type="desktop", embedded=0.0, life=30.0, kwh=153.3, source="measured"
    )
    lever = Sleep(
        equipment_type="desktop",
        from_year=2026,
        saved_share=0.21,
        measured_kwh=153.3,
        source="AVOB",
    )
    found = outlook(lever, figures=[computer], stock={"desktop": {0: 640.0}}, last=2026, mix=0.052)
    assert found.saved_kwh == pytest.approx(20_603.52)
    assert found.saved() == pytest.approx(1_071.38304)
    assert found.saved() / 1_000 == pytest.approx(1.07, abs=0.005)


def test_sleep_needs_what_was_measured() -> None:
    with pytest.raises(reen.errors.OptionError, match="the electricity that was measured before"):
        Sleep(
            equipment_type="desktop", from_year=2026, saved_share=0.2, measured_kwh=0.0, source="x"
        )


def test_virtualising() -> None:
    """4 of 10 servers leave, the others draw 500 kWh more: 10 x 1,000 against 6 x 1,000 + 500."""
    server = attrs.evolve(LAPTOP, equipment_type="server", kwh=1_000.0)
    lever = Virtualise(equipment_type="server", from_year=2026, items=4.0, added_kwh=500.0)
    found = outlook(lever, figures=[server], stock={"server": {0: 10.0}}, last=2026)
    assert found.saved_kwh == 3_500.0
    assert [reason.code for reason in found.remarks] == ["scenario_rebound"]


def test_moving_to_a_cloud() -> None:
    """10 servers of 1,000 kWh and 156 / 5 kg: 500 + 312 kg; hosting of 600 kg a year: 212 saved."""
    server = attrs.evolve(LAPTOP, equipment_type="server", kwh=1_000.0)
    lever = MoveToCloud(
        equipment_type="server", from_year=2026, items=10.0, hosting=600.0, source="the host"
    )
    found = outlook(lever, figures=[server], stock={"server": {0: 10.0}}, last=2026)
    assert found.saved() == pytest.approx(212.0)
    assert found.remarks[0].code == "scenario_rebound"


def test_another_mix() -> None:
    """No lever, 0.05 and 0.03: 100 x 30 x 0.02 x 7 = 420 kg."""
    assert outlook(mix_after=dict.fromkeys(range(2026, 2033), 0.03)).saved() == pytest.approx(420.0)


# -- payback ---------------------------------------------------------------------------------


def test_an_early_replacement_is_warned_against() -> None:
    """203 kg to save 100 kWh a year at 0.0461: 203 / 4.61 = 44.03 years, kept 6."""
    assert payback_years(203.0, 150.0, 50.0, 0.0461) == pytest.approx(44.0347, abs=1e-4)
    assert payback_years(203.0, 50.0, 50.0, 0.0461) == math.inf
    old = attrs.evolve(LAPTOP, kwh=150.0)
    lever = Replace(
        equipment_type="laptop", from_year=2026, embedded=203.0, kwh=50.0, life=6.0, source="x"
    )
    found = outlook(lever, figures=[old], mix=0.0461)
    (warning,) = found.remarks
    assert str(warning) == (
        "what it takes to make the new model is saved after 44 years, and it is kept 6"
    )
    assert "44 ans" in warning.text("fr")
    assert (found.after[0].left, found.after[0].bought) == (100.0, 100.0)
    assert found.after[0].purchased == 20_300.0
    assert found.saved_euros is None  # nobody said what the new model costs
    assert found.saved(purchase_time=True) < 0.0


# -- chance ----------------------------------------------------------------------------------


def test_without_a_spread_there_is_no_chance() -> None:
    assert (
        outlook(Drop(equipment_type="laptop", from_year=2026, items=1.0)).probability_better()
        is None
    )


def test_common_draws_know_that_fewer_of_the_same_is_better() -> None:
    """Whatever a laptop weighs, 99 weigh less than 100: independent draws would say about half."""
    wide = attrs.evolve(LAPTOP, spread=0.5)
    fewer = Drop(equipment_type="laptop", from_year=2026, items=1.0)
    assert outlook(fewer, figures=[wide]).probability_better() == 1.0
    more = Replace(
        equipment_type="laptop", from_year=2026, embedded=156.0, kwh=30.0, life=5.0, source="x"
    )
    chance = outlook(more, figures=[wide]).probability_better()
    assert chance is not None
    assert 0.3 < chance < 0.7  # another model of the same figures, drawn apart


# -- cohorts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "life", "expected"), [(4, 5.0, 1.0), (5, 5.0, 0.0), (5, 5.25, 0.25), (0, 1.0, 1.0)]
)
def test_a_life_is_a_number_of_years_of_service(age: int, life: float, expected: float) -> None:
    assert survival(age, life) == expected


def test_lives_by_weibull_have_the_mean_life() -> None:
    """The mean life is the integral of survival; with a shape of 2 and a mean of 6, by trapezia."""
    shares = [survival(age, 6.0, 2.0) for age in range(60)]
    assert sum(shares) - 0.5 == pytest.approx(6.0, abs=0.05)


def test_ages_of_a_fleet() -> None:
    fleet = reen.Inventory.from_arrow(
        pa.table(
            {
                "equipment_type": ["laptop", "laptop", "laptop", "laptop", "monitor"],
                "quantity": [2.0, 3.0, 4.0, 5.0, 6.0],
                "purchase_date": pa.array(
                    ["2025-06-01", "2020-01-01", None, "2020-01-01", "2024-01-01"], pa.string()
                ).cast(pa.date32()),
                "status": ["in_use", None, "in_use", "retired", "in_stock"],
            }
        )
    )
    ages = ages_of(fleet, 2025)
    assert ages.placed == {"laptop": {0: 2.0, 5: 3.0}, "monitor": {1: 6.0}}
    assert ages.undated == {"laptop": 4.0}
    assert ages.uncounted == {}
    found = outlook(Drop(equipment_type="laptop", from_year=2026, items=1.0), undated=ages.undated)
    assert str(found.remarks[0]) == "4 items of laptop are of no known age, and left out"


def test_an_unknown_number_is_no_item() -> None:
    """A row of unknown quantity is one that nobody counted, dated or not; so is one of no type."""
    fleet = reen.Inventory.from_arrow(
        pa.table(
            {
                "equipment_type": ["laptop", "laptop", "laptop", None, None],
                "quantity": [10.0, None, None, 3.0, None],
                "purchase_date": pa.array(
                    ["2024-06-01", "2024-06-01", None, "2024-06-01", None], pa.string()
                ).cast(pa.date32()),
            }
        )
    )
    ages = ages_of(fleet, 2025)
    assert ages.placed == {"laptop": {1: 10.0}}
    assert ages.undated == {"unknown": 3.0}
    assert ages.uncounted == {"laptop": 2, "unknown": 1}


def test_what_is_left_out_marks_a_saving() -> None:
    """One more laptop that sleeps saves 0.2 x 30 = 6 kWh a year: the saving is a least.

    Seven years of 100 laptops: 7 x 100 x 6 = 4,200 kWh.  Nothing is bought otherwise: no EUR more.
    """
    lever = Sleep(
        equipment_type="laptop", from_year=2026, saved_share=0.2, measured_kwh=30.0, source="x"
    )
    found = outlook(lever, uncounted={"laptop": 2})
    assert found.saved_kwh == pytest.approx(4_200.0)
    assert found.marks == {"annualised": ">=", "purchased": ">=", "kwh": ">=", "euros": ""}
    assert [each.code for each in found.remarks] == ["scenario_without_uncounted"]
    assert set(outlook(lever).marks.values()) == {""}
    assert outlook(lever, undated={"unknown": 3.0}).marks["kwh"] == ">="


def test_a_replacement_of_more_items_costs_more() -> None:
    """All are replaced at once: one more of them is one more to make, at whatever age it was.

    New ones draw as much, so that in purchase time the saving only falls: at most what is printed.
    """
    lever = Replace(
        equipment_type="laptop", from_year=2026, embedded=200.0, kwh=30.0, life=5.0, source="x"
    )
    found = outlook(lever, undated={"laptop": 1.0}, last=2028)
    assert found.marks["purchased"] == "<="
    assert found.saved(purchase_time=True) == pytest.approx(-100 * 200.0)


def test_a_fixed_number_is_exact_whatever_is_left_out() -> None:
    found = outlook(
        Drop(equipment_type="laptop", from_year=2026, items=1.0), undated={"laptop": 4.0}, last=2027
    )
    assert found.marks["kwh"] == ""


@pytest.mark.parametrize(
    ("given_stock", "lever_year", "message"),
    [
        ({}, 2026, "a type with items of known age"),
        (NEW, 2050, "a year from 2026 to 2032"),
    ],
)
def test_what_cannot_be_carried_forward(given_stock: object, lever_year: int, message: str) -> None:
    lever = Drop(equipment_type="laptop", from_year=lever_year, items=1.0)
    with pytest.raises(reen.errors.OptionError, match=message):
        outlook(lever, stock=given_stock)


AGES = st.dictionaries(st.integers(0, 8), st.floats(0.0, 500.0), min_size=1, max_size=5)


@given(AGES, st.floats(1.0, 12.0), st.floats(0.0, 4.0))
def test_items_are_neither_made_nor_lost(
    ages: dict[int, float], life: float, longer: float
) -> None:
    """Stock before, plus bought, less gone, is the stock after; parts add up to the footprint."""
    figures = attrs.evolve(LAPTOP, life=life)
    lever = KeepLonger(equipment_type="laptop", from_year=2027, years=longer)
    if not any(ages.values()):
        return
    found = outlook(lever, figures=[figures], stock={"laptop": ages})
    for run in (found.before, found.after):
        stock = sum(ages.values())
        for year in run:
            assert year.stock == pytest.approx(stock + year.bought - year.left, abs=1e-6)
            for way in (False, True):
                parts = sum(both[int(way)] for both in year.parts.values())
                assert parts == pytest.approx(year.total(purchase_time=way), abs=1e-6)
            stock = year.stock
    assert found.saved() >= -1e-6  # a longer life never raises the share of a year


@pytest.mark.parametrize(("field", "value"), [("shape", 0.001), ("shape", 1e6), ("spread", 1e200)])
def test_figures_that_no_equipment_has_are_refused(field: str, value: float) -> None:
    """A shape of 0.001 has a mean that no float holds."""
    with pytest.raises(reen.errors.OptionError, match=rf"TypeFigures.*{field}"):
        attrs.evolve(LAPTOP, **{field: value})
