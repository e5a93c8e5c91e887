"""The change between two years, by hand: each effect worked out in the docstring of its test."""

from __future__ import annotations

import datetime as dt
import json
import math
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import attrs
import pyarrow as pa
import pytest

import reen
from reen.plugin import FactorPack
from reen.testing import ToyMethod, registry_of

TODAY = "2025-12-31"


def pack(
    version: str, items: Mapping[str, float], mixes: Mapping[int, float] = {}, **lives: float
) -> FactorPack:
    """Return a pack of items by type (manufacturing), French mixes by year, and lifetimes."""
    rows: list[dict[str, str]] = [
        {
            "flow": kind,
            "reference_unit": "item",
            "stage": "manufacturing",
            "criterion": "climate_change",
            "value": str(value),
            "unit": "kgCO2e/item",
            "equipment_type": kind,
            "source": "tests",
        }
        for kind, value in items.items()
    ]
    rows += [
        {
            "flow": "mix",
            "reference_unit": "kWh",
            "stage": "use",
            "criterion": "climate_change",
            "value": str(value),
            "unit": "kgCO2e/kWh",
            "geography": "FR",
            "year": str(year),
            "source": "tests",
        }
        for year, value in mixes.items()
    ]
    return FactorPack.from_rows(
        name="by-hand",
        version=version,
        title="By hand",
        publisher="tests",
        licence="CC0-1.0",
        source="tests",
        factors=rows,
        defaults=[
            {
                "equipment_type": kind,
                "parameter": "lifetime",
                "value": str(years),
                "unit": "year",
                "source": "tests",
            }
            for kind, years in lives.items()
        ],
    )


OLD = pack("2024", {"laptop": 156.0})
NEW = pack("2025", {"laptop": 185.1})


def fleet(**columns: list[object]) -> reen.Inventory:
    """Return an inventory: laptops kept five years unless it is said."""
    size = len(next(iter(columns.values())))
    usual: dict[str, list[object]] = {"equipment_type": ["laptop"] * size, "lifetime": [5.0] * size}
    return reen.Inventory.from_arrow(pa.table({**usual, **columns}))


def changed(before: reen.Inventory, after: reen.Inventory, **options: object) -> reen.types.Change:
    given: dict[str, object] = {"method": ToyMethod(), "factors": NEW, "as_of": TODAY}
    return reen.change(before, after, **{**given, **options})


def causes(change: reen.types.Change, *keys: str) -> dict[tuple[object, ...], float]:
    return {key: value for key, value in change.by_cause(*keys).items() if value}


def close(found: Mapping[tuple[object, ...], float], **expected: float) -> bool:
    return found == pytest.approx({(key,): value for key, value in expected.items()}, rel=1e-9)


def test_factor_fleet_and_lifetime() -> None:
    """100 laptops of 156 kg kept 5 years, then 80 of 185.1 kg kept 6 years.

    Last year: 100 x 156 / 5 = 3,120; measured again 100 x 185.1 / 5 = 3,702; now 80 x 185.1 / 6 =
    2,468.
      factors   3,702 - 3,120 = 582
      fleet     -20 x 185.1 x (1/5 + 1/6) / 2 = -678.7
      lifetime  (100 + 80) / 2 x 185.1 x (1/6 - 1/5) = -555.3
    Sum -652.
    """
    change = changed(
        fleet(quantity=[100.0]), fleet(quantity=[80.0], lifetime=[6.0]), before_factors=OLD
    )
    assert close(causes(change), factors=582.0, fleet=-678.7, lifetime=-555.3)
    assert change.value() == pytest.approx(-652.0, rel=1e-9)
    assert [round(each.value, 9) for each in change.totals().values()] == [3120.0, 3702.0, 2468.0]
    assert change.sentence() == (
        "From 3,120.0 to 2,468.0 kgCO2e/year: -652.0, of which -678.7 by fewer items, +582.0 by new"
        " factors (not a change of the fleet) and -555.3 by longer lives."
    )
    assert change.sentence("fr") == (
        "De 3\u202f120,0 à 2\u202f468,0 kg\u00a0CO₂e/an\u00a0: -652,0, dont -678,7 par la baisse du"
        " nombre d'équipements, +582,0 par les nouveaux facteurs (le parc n'y est pour rien) et"
        " -555,3 par l'allongement des durées de vie."
    )
    assert change.of_the_fleet() == pytest.approx(-1234.0, rel=1e-9)
    assert repr(change).startswith("<Change toy: climate_change 3.12 tCO2e/year")
    table = change.to_arrow()
    assert table.column("cause").to_pylist() == ["factors", "fleet", "lifetime"]
    assert table.column("detail").to_pylist() == ["factor", None, None]


def test_entries_exits_and_what_is_kept() -> None:
    """Ten laptops of 185.1 kg over 5 years: 37.02 kg/year each.

    A, B and C, of 1, 2 and 3 items; then B of 1, C of 3 and D of 5: one exit of 1, one entry of 5,
    one item fewer of what is kept; nothing else changes.
    """
    change = changed(
        fleet(id=["A", "B", "C"], quantity=[1.0, 2.0, 3.0]),
        fleet(id=["C", "D", "B"], quantity=[3.0, 5.0, 1.0]),
    )
    assert change.identified
    assert causes(change, "detail") == pytest.approx(
        {
            ("fleet", "entries"): 5 * 37.02,
            ("fleet", "exits"): -37.02,
            ("fleet", "kept"): -37.02,
        },
        rel=1e-9,
    )


def test_what_moves_to_another_entity_is_neither_entry_nor_exit() -> None:
    """Laptop A goes from the schools to the town hall: -37.02 there, +37.02 here, 0 in all."""
    change = changed(
        fleet(id=["A", "B", "C"], entity=["schools", "schools", "hall"]),
        fleet(id=["A", "B", "C"], entity=["hall", "schools", "hall"]),
        by="entity",
    )
    assert change.by_cause("detail", "entity") == pytest.approx(
        {("fleet", "moved", "hall"): 37.02, ("fleet", "moved", "schools"): -37.02}, rel=1e-9
    )
    assert change.value() == 0.0


def test_effects_are_followed_to_their_rows() -> None:
    """Three laptops of 37.02 kg, then three: C left, A moved, B is kept, D came, and E has no name.

    The records of a year add up to its footprint.
    """
    before = fleet(id=["A", "B", "C"], entity=["schools", "hall", "hall"])
    after = fleet(id=["B", "A", "D", None], entity=["hall", "hall", "hall", "hall"])
    rows = reen.trace_change(before, after, method=ToyMethod(), factors=NEW, as_of=(TODAY, TODAY))
    items = [row for row in rows.to_pylist() if row["kind"] == "item"]
    assert [(row["when"], row["id"], row["fate"], row["entity"]) for row in items] == [
        ("before", "A", "moved", "schools"),
        ("before", "B", "kept", "hall"),
        ("before", "C", "exits", "hall"),
        ("after", "B", "kept", "hall"),
        ("after", "A", "moved", "hall"),
        ("after", "D", "entries", "hall"),
        ("after", None, "unnamed", "hall"),
    ]
    change = changed(before, after)
    for year, total in zip(("before", "after"), change.ends(), strict=True):
        found = [row["climate_change.manufacturing"] for row in items if row["when"] == year]
        assert sum(found) == pytest.approx(total.value, rel=1e-9)
    alone = fleet(quantity=[1.0])
    rows = reen.trace_change(alone, alone, method=ToyMethod(), factors=NEW, as_of=TODAY)
    assert set(rows["fate"].to_pylist()) == {None}


def test_entities_and_types_that_come_stand_apart() -> None:
    """The library comes with 4 laptops, the screens are new in both: no change of the fleet.

    4 x 37.02 of the entity; screens of 100 kg over 5 years, 3 in the town hall.  The town hall has
    2 laptops fewer: the only change of the fleet, -74.04.
    """
    factors = pack("2025", {"laptop": 185.1, "monitor": 100.0})
    change = changed(
        fleet(entity=["hall"], quantity=[10.0]),
        fleet(
            entity=["hall", "library", "hall"],
            equipment_type=["laptop", "laptop", "monitor"],
            quantity=[8.0, 4.0, 3.0],
        ),
        factors=factors,
    )
    assert causes(change, "detail") == pytest.approx(
        {
            ("perimeter", "entity_entered"): 148.08,
            ("perimeter", "type_entered"): 60.0,
            ("fleet", ""): -74.04,
        },
        rel=1e-9,
    )
    assert change.of_the_fleet() == pytest.approx(-74.04, rel=1e-9)


def test_a_year_without_rows_names_no_entity() -> None:
    """Nothing, then 8 laptops of the hall: 8 x 185.1 / 5 = 296.16; and the other way round.

    A list of which every row is left out has its columns still, and no group.
    """
    nothing = fleet(entity=pa.array([], pa.string()))
    hall = fleet(entity=["hall"], quantity=[8.0])
    came, gone, never = changed(nothing, hall), changed(hall, nothing), changed(nothing, nothing)
    entered, left = ("perimeter", "entity_entered"), ("perimeter", "entity_left")
    assert causes(came, "detail") == pytest.approx({entered: 296.16}, rel=1e-9)
    assert causes(gone, "detail") == pytest.approx({left: -296.16}, rel=1e-9)
    assert not never.effects


def test_a_factor_that_becomes_known_is_no_change_of_the_fleet() -> None:
    """Ten screens had no factor last year; now they have: 10 x 100 / 5 = 200 stand apart."""
    change = changed(
        fleet(equipment_type=["laptop", "monitor"], quantity=[1.0, 10.0]),
        fleet(equipment_type=["laptop", "monitor"], quantity=[1.0, 10.0]),
        factors=pack("2025", {"laptop": 156.0, "monitor": 100.0}),
        before_factors=OLD,
    )
    assert causes(change, "detail") == pytest.approx({("perimeter", "known"): 200.0}, rel=1e-9)


def test_an_unreadable_row_of_a_known_type_is_no_progress() -> None:
    """100 laptops both years; of 20 the lifetime of the second year is not readable.

    The number of items is the same: the fleet has no effect.  The share that is measured goes from
    1 to 0.8: 100 x -0.2 x 37.02 = -740.4, apart.
    """
    change = changed(fleet(quantity=[100.0]), fleet(quantity=[80.0, 20.0], lifetime=[5.0, -1.0]))
    assert causes(change, "detail") == pytest.approx({("perimeter", "known"): -740.4}, rel=1e-9)
    assert change.of_the_fleet() == 0.0
    assert any("second year is incomplete" in note for note in change.notes())


def test_rows_of_no_known_type_make_fewer_items_doubtful() -> None:
    """80 laptops and 20 items whose word is not read: fewer laptops, perhaps.

    -20 x 37.02 = -740.4; if each of the 20 weighed 37.02 kg, nothing would have changed.
    """
    change = changed(
        fleet(quantity=[100.0]),
        fleet(equipment_type=["laptop", "zorglub"], quantity=[80.0, 20.0]),
    )
    assert close(causes(change), fleet=-740.4)
    assert change.doubtful
    assert "fewer items" not in change.sentence()  # 80 + 20 are there
    assert "(doubtful: see what is not read)" in change.sentence()
    assert "(douteux\u00a0: voir ce qui n'est pas lu)" in change.sentence("fr")
    assert change.break_even() == pytest.approx(37.02, rel=1e-9)
    assert any("1 row of no known type" in note for note in change.notes())
    assert not changed(fleet(quantity=[100.0]), fleet(quantity=[80.0])).doubtful


def test_items_that_lose_their_entity_make_fewer_items_doubtful() -> None:
    """10 laptops of the town hall, then 8, and 2 of nobody: -74.04 and +74.04, nothing proved."""
    change = changed(
        fleet(quantity=[10.0], entity=["hall"]),
        fleet(quantity=[8.0, 2.0], entity=pa.array(["hall", None])),
    )
    assert causes(change, "detail") == pytest.approx(
        {("fleet", ""): -74.04, ("perimeter", "entity_unstated"): 74.04}, rel=1e-9
    )
    assert change.without_entity == (0.0, 2.0)
    assert change.doubtful
    assert any("Items of no entity: 0 in the first year, 2" in note for note in change.notes())


def test_statuses_that_are_known_in_one_year_make_fewer_items_doubtful() -> None:
    """The second list says that 2 of the 10 are retired; those of the first may have been, too."""
    change = changed(
        fleet(quantity=[8.0, 2.0], status=pa.array(["unknown", "unknown"])),
        fleet(quantity=[8.0, 2.0], status=["in_use", "retired"]),
        method=reen.configure(
            reen.default_registry().method("base-carbone"), {"use_stage": "false"}
        ),
    )
    assert change.by_cause()[("fleet",)] < 0.0
    assert change.doubtful
    assert any("for want of a status" in note for note in change.notes())


def test_a_default_is_no_longer_life() -> None:
    """Stated as 4 years, then blank, where the default of the type is 5: no longer life.

    10 x 185.1 x (1/5 - 1/4) = -92.55, of what one year states and the other assumes.  Where half
    the items of both years are blank, and those stated go from 4 to 6, the mean of 1 / lifetime
    goes by 1/2 x (1/6 - 1/4), and that is a longer life: -77.125.
    """
    factors = pack("2025", {"laptop": 185.1}, laptop=5.0)
    change = changed(
        fleet(quantity=[10.0], lifetime=[4.0]),
        fleet(quantity=[10.0], lifetime=pa.array([None], pa.float64())),
        factors=factors,
    )
    assert causes(change, "detail") == pytest.approx({("assumed", "lifetime"): -92.55}, rel=1e-9)
    assert change.of_the_fleet() == pytest.approx(0.0, abs=1e-9)
    half = changed(
        fleet(quantity=[5.0, 5.0], lifetime=[4.0, None]),
        fleet(quantity=[5.0, 5.0], lifetime=[6.0, None]),
        factors=factors,
    )
    assert causes(half, "detail") == pytest.approx({("lifetime", ""): -77.125}, rel=1e-9)


def test_a_share_of_use_that_is_newly_stated_is_no_lesser_use() -> None:
    """Ten laptops of 156 kg over 5 years; the second list says that half of them is ours.

    10 x 31.2 x (0.5 - 1) = -156: the first list did not say, and it was taken whole.  From 0.8 to
    0.5 it would have been a smaller share: 10 x 31.2 x -0.3 = -93.6.
    """
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    half = fleet(quantity=[10.0], usage_share=[0.5])
    change = reen.change(fleet(quantity=[10.0]), half, method=method, as_of=TODAY)
    assert causes(change, "detail") == pytest.approx({("assumed", "usage_share"): -156.0}, rel=1e-9)
    said = fleet(quantity=[10.0], usage_share=[0.8])
    change = reen.change(said, half, method=method, as_of=TODAY)
    assert causes(change, "detail") == pytest.approx({("usage_share", ""): -93.6}, rel=1e-9)


def test_energy_and_mix() -> None:
    """Ten laptops at 50 kWh and 0.06 kg/kWh, then at 40 kWh and 0.05: 30, then 20 kg.

    energy 10 x -10 x (0.06 + 0.05) / 2 = -5.5; mix 10 x (50 + 40) / 2 x -0.01 = -4.5.  What they
    are made of is the same.
    """
    factors = pack("2025", {"laptop": 185.1}, {2024: 0.06, 2025: 0.05})
    change = changed(
        fleet(quantity=[10.0], annual_energy=[50.0], country=["FR"]),
        fleet(quantity=[10.0], annual_energy=[40.0], country=["FR"]),
        factors=factors,
        as_of=(dt.date(2024, 12, 31), dt.date(2025, 12, 31)),
    )
    assert close(causes(change), annual_energy=-5.5, mix=-4.5)
    assert change.of_the_fleet() == pytest.approx(-5.5, rel=1e-9)
    assert not any("Both years are measured as of" in note for note in change.notes())


def test_a_room_that_wastes_less() -> None:
    """Ten servers of 2,000 kWh at the mix of France in 2024, 0.0519; the PUE goes from 1.6 to 1.4.

    pue 10 x 2,000 x (1.4 - 1.6) x 0.0519 = -207.6 kg; what they are made of is the same.
    """
    servers = {
        "equipment_type": ["server"],
        "quantity": [10.0],
        "lifetime": [5.0],
        "annual_energy": [2_000.0],
        "datacenter_id": ["room"],
    }
    years = [
        reen.Inventory.from_tables(
            equipment=pa.table(servers),
            datacenters=pa.table({"id": ["room"], "country": ["FR"], "pue": [pue]}),
        )
        for pue in (1.6, 1.4)
    ]
    change = reen.change(*years, method="base-carbone", as_of="2024-12-31")
    assert close(causes(change), pue=-207.6)
    assert change.of_the_fleet() == pytest.approx(-207.6, rel=1e-9)


def test_other_models_of_a_type() -> None:
    """The declared figure of a laptop goes from 156 to 185.1 kg, and the number from 10 to 8.

    models (10 + 8) / 2 x 29.1 / 5 = 52.38; fleet -2 x (156 + 185.1) / 2 / 5 = -68.22.
    """
    change = reen.change(
        fleet(quantity=[10.0], declared_footprint=[156.0]),
        fleet(quantity=[8.0], declared_footprint=[185.1]),
        method="declared",
        as_of=TODAY,
    )
    assert close(causes(change), models=52.38, fleet=-68.22)


def test_factors_then_method() -> None:
    """Last year each laptop was counted half on itself and half on the first flow of the pack.

    The first flow is the desktop, of 300 kg; 10 items over 5 years.
      then                whole on the laptop, and half on the desktop: 2 x 156 + 1 x 300 = 612
      with the new factor 2 x 185.1 + 300 = 670.2: factors +58.2
      by the new method   2 x 185.1 = 370.2: what only the old method counts, -300, stands apart
    """
    old = pack("2024", {"desktop": 300.0, "laptop": 156.0})
    new = pack("2025", {"desktop": 300.0, "laptop": 185.1})
    change = changed(
        fleet(quantity=[10.0]),
        fleet(quantity=[10.0]),
        factors=new,
        before_factors=old,
        before_method=ToyMethod(exchanges="two"),
    )
    assert causes(change, "detail") == pytest.approx(
        {("factors", "factor"): 58.2, ("perimeter", "known"): -300.0}, rel=1e-9
    )


def test_the_printed_figure_is_made_again() -> None:
    """By the pack that it names, which the registry has kept: restatement +582, nothing else."""
    registry = registry_of(methods=[ToyMethod()], packs=[NEW])
    printed = reen.measure(fleet(quantity=[100.0]), method=ToyMethod(), factors=OLD, as_of=TODAY)
    change = changed(
        fleet(quantity=[100.0]),
        fleet(quantity=[80.0], lifetime=[6.0]),
        printed=printed,
        before_packs=[OLD],
        before_factors=OLD,
        registry=registry,
    )
    assert close(causes(change), factors=582.0, fleet=-678.7, lifetime=-555.3)
    assert list(change.totals()) == ["printed", "before", "restated", "after"]
    assert any("printed as 3,120.0" in note for note in change.notes())


def test_what_cannot_be_made_again_is_one_effect() -> None:
    """The pack of that time is not kept: factors and method are one, and the page says why."""
    registry = registry_of(methods=[ToyMethod()], packs=[NEW])
    printed = reen.measure(fleet(quantity=[100.0]), method=ToyMethod(), factors=OLD, as_of=TODAY)
    change = changed(
        fleet(quantity=[100.0]),
        fleet(quantity=[80.0], lifetime=[6.0]),
        printed=printed,
        registry=registry,
    )
    assert close(causes(change), restatement=582.0, fleet=-678.7, lifetime=-555.3)
    assert "by-hand" in change.not_replayed
    assert any("is one effect" in note for note in change.notes())
    assert any("un seul effet" in note for note in change.notes("fr"))


def test_a_list_read_otherwise_is_no_change_of_the_fleet() -> None:
    """Printed 3,120; the same method now finds 90 laptops of that year: -312, apart."""
    counted = reen.measure(fleet(quantity=[100.0]), method=ToyMethod(), factors=OLD, as_of=TODAY)
    change = changed(
        fleet(quantity=[90.0]),
        fleet(quantity=[90.0]),
        factors=OLD,
        before_factors=OLD,
        printed=counted,
        registry=registry_of(methods=[ToyMethod()], packs=[OLD]),
    )
    assert close(causes(change), reading=-312.0)
    assert change.ends()[0].value == pytest.approx(3120.0)


def with_services(items: float, bought: float) -> reen.Inventory:
    """Return laptops of 5 years at 30 kWh in France, and a service without tax."""
    equipment = pa.table(
        {
            "id": ["L"],
            "equipment_type": ["laptop"],
            "quantity": [items],
            "lifetime": [5.0],
            "annual_energy": [0.0],
            "country": ["FR"],
        }
    )
    services = pa.table(
        {
            "id": ["S"],
            "service_type": ["saas"],
            "amount": [bought],
            "price_year": [2023],
            "date": [dt.date(2023, 6, 30)],
        }
    )
    return reen.Inventory.from_tables(equipment=equipment, services=services)


def test_what_is_bought_beside_the_equipment_is_one_effect() -> None:
    """Ten laptops of 156 kg over 5 years, then eight: 312 -> 249.6, -62.4.

    10,000 EUR of software at 0.075 kg, then 20,000: 750 -> 1,500, +750; in all 1,062 -> 1,749.6.
    """
    days = ("2023-12-31", "2023-12-31")
    years = with_services(10.0, 10_000.0), with_services(8.0, 20_000.0)
    change = reen.change(*years, method="base-carbone", as_of=days)
    assert close(causes(change), fleet=-62.4, services=750.0)
    assert [each.value for each in change.ends()] == pytest.approx([1062.0, 1749.6])
    assert change.value() == pytest.approx(687.6)
    assert change.of_the_fleet() == pytest.approx(687.6)
    assert causes(change, "equipment_type")[("services", "saas")] == pytest.approx(750.0)
    assert change.not_counted == {}
    assert "+750.0 by services and supplies" in change.sentence()
    assert "par les prestations et les fournitures" in change.sentence("fr")


@pytest.mark.slow
def test_years_with_services_swapped_negate_every_effect() -> None:
    days = ("2023-12-31", "2023-12-31")
    years = with_services(10.0, 10_000.0), with_services(8.0, 20_000.0)
    there = causes(reen.change(*years, method="base-carbone", as_of=days))
    back = causes(reen.change(*years[::-1], method="base-carbone", as_of=days))
    assert {cause: -value for cause, value in back.items()} == pytest.approx(there)
    same = reen.change(years[1], years[1], method="base-carbone", as_of=days)
    assert same.value() == pytest.approx(0.0, abs=1e-9)
    assert all(abs(value) < 1e-9 for value in causes(same).values())


def test_services_that_one_year_only_lists_are_no_progress() -> None:
    """Nobody listed the services of the first year: +1,500 of what became known."""
    days = ("2023-12-31", "2023-12-31")
    first, last = with_services(10.0, 10_000.0), with_services(10.0, 20_000.0)
    change = reen.change(attrs.evolve(first, linked={}), last, method="base-carbone", as_of=days)
    assert close(causes(change), perimeter=1500.0)
    assert change.of_the_fleet() == pytest.approx(0.0, abs=1e-9)
    back = reen.change(last, attrs.evolve(first, linked={}), method="base-carbone", as_of=days)
    assert close(causes(back), perimeter=-1500.0)


def test_a_method_of_equipment_names_the_tables_that_it_does_not_count() -> None:
    days = ("2023-12-31", "2023-12-31")
    years = with_services(10.0, 10_000.0), with_services(8.0, 20_000.0)
    change = reen.change(*years, method="ecodiag", as_of=days)
    assert change.not_counted == {"services": (1, 1)}
    assert any("services and supplies, 1 in the first year" in note for note in change.notes())
    assert any("prestations et fournitures, 1 la première" in n for n in change.notes("fr"))
    stored = json.loads(reen.stored.change_to_json(change))
    assert stored["not_counted"] == {"services": {"before": 1, "after": 1}}


@pytest.mark.slow
def test_services_of_another_year_are_named_and_leave_the_change_incomplete(
    tmp_path: Path,
) -> None:
    """Invoices of 2023, then of 2024: one date, that of 2025, counts neither of them."""
    for year in (2023, 2024):
        folder = tmp_path / str(year)
        folder.mkdir()
        (folder / "parc.csv").write_text("Type;Quantité;Pays\nPC portable;10;FR\n", "utf-8")
        (folder / "prestations.csv").write_text(
            "Type de prestation;Libellé;Montant HT;Année des prix;Date de facture\n"
            f"SaaS;A;18 000,00;{year};31/01/{year}\nSaaS;B;5 000,00;{year};28/02/{year}\n",
            "utf-8",
        )
    years = tmp_path / "2023", tmp_path / "2024"
    for day, rows in (("2025-12-31", (2, 2)), ("2024-12-31", (2, 0))):
        change = reen.change(*years, method="base-carbone", as_of=day)
        assert change.not_counted == change.of_other_years == {"services": rows}
        assert [each.complete for each in change.ends()] == [not count for count in rows]
        assert any(f"{rows[0]} in the first year and {rows[1]}" in n for n in change.notes())
        stored = json.loads(reen.stored.change_to_json(change))
        assert stored["not_counted"]["services"] == {"before": rows[0], "after": rows[1]}
        assert [each["complete"] for each in stored["totals"][-1:]] == [not rows[1]]
    change = reen.change(*years, method="base-carbone", as_of=("2023-12-31", "2024-12-31"))
    assert change.not_counted == {}
    assert all(each.complete for each in change.ends())
    own = reen.change(*years, method="base-carbone")
    assert own.dated_by == ("names", "names")
    assert own.effects == change.effects
    dates = "Dates taken: 2023-12-31 (names of the files), 2024-12-31 (names of the files)."
    assert dates in own.notes()


def test_what_is_not_counted_in_either_year_is_not_unchanged() -> None:
    """Services of 2023 then 2024 by the date of 2025: no effect, and no "nothing changed"."""
    years = with_services(10.0, 10_000.0), with_services(10.0, 20_000.0)
    change = reen.change(*years, method="base-carbone", as_of="2025-12-31")
    assert not any(effect.value for effect in change.effects)
    assert change.sentence().startswith("Nothing that is measured changed: 312.0 (incomplete)")
    assert change.sentence("fr").startswith("Rien de ce qui est mesuré n'a changé : 312,0")
    alone = fleet(quantity=[10.0])
    same = changed(alone, alone)
    assert same.sentence() == "Nothing changed: 370.2 kgCO2e/year in both years."


#: A list of one laptop, and a purchase of a day.
_LIST = "Type;Quantité;Pays\nPC portable;10;FR\n"
_BOUGHT = "Désignation;Type;Quantité;PU HT;Date de facture\nLatitude;PC portable;1;900;{day}\n"


@pytest.mark.parametrize(
    ("name", "bought", "expected"),
    [
        ("parc-2024.csv", "", ("2024-12-31", "names")),
        ("parc au 30-06-2024.csv", "", ("2024-06-30", "names")),
        ("parc-09-2024.csv", "", ("2024-09-30", "names")),
        ("parc.csv", "15/03/2024", ("2024-12-31", "records")),
        ("parc-2024.csv", "15/03/2024", ("2024-12-31", "names")),
        ("parc.csv", "", "nothing"),
        ("parc-2023-2024.csv", "", "nothing"),
        ("parc-2023.csv", "15/03/2024", "2023, 2024"),
    ],
)
def test_each_year_is_measured_at_the_end_of_its_own(
    tmp_path: Path, name: str, bought: str, expected: tuple[str, str] | str
) -> None:
    """By the names of its files or the dates of its records; else it is asked for, never today."""
    paths = [tmp_path / name]
    paths[0].write_text(_LIST, "utf-8")
    if bought:
        paths.append(tmp_path / "achats.csv")
        paths[1].write_text(_BOUGHT.format(day=bought), "utf-8")
    other = fleet(quantity=[10.0])
    if isinstance(expected, str):
        with pytest.raises(reen.errors.OptionError, match=rf"first year.*found: {expected}\)"):
            reen.change(paths, other, method="base-carbone", as_of=(None, TODAY))
        with pytest.raises(reen.errors.OptionError, match=r"second year"):
            reen.trace_change(other, paths, method="base-carbone", as_of=(TODAY, None))
        return
    change = reen.change(paths, other, method="base-carbone", as_of=(None, TODAY))
    assert (change.before.provenance.as_of, *change.dated_by) == (*expected, "")
    assert change.after.provenance.as_of == TODAY
    assert any(note.startswith(f"Dates taken: {expected[0]}") for note in change.notes())
    again = reen.stored.change_from_json(reen.stored.change_to_json(change))
    assert (again, again.dated_by) == (change, change.dated_by)


def test_two_years_in_memory_are_asked_for_their_dates() -> None:
    with pytest.raises(reen.errors.OptionError, match="the date of the first year"):
        reen.change(fleet(quantity=[1.0]), fleet(quantity=[2.0]), method="base-carbone")


def test_services_of_the_printed_figure_are_in_both() -> None:
    """Printed with its services, 312 + 10,000 x 0.075 = 1,062: made again, it is the same."""
    days = ("2023-12-31", "2023-12-31")
    years = with_services(10.0, 10_000.0), with_services(8.0, 20_000.0)
    printed = reen.measure(years[0], method="base-carbone", as_of=days[0])
    assert float(printed.total()) == pytest.approx(1062.0)
    change = reen.change(*years, method="base-carbone", as_of=days, printed=printed)
    assert close(causes(change), fleet=-62.4, services=750.0)
    assert change.value() == pytest.approx(687.6)


def test_the_base_carbone_of_a_year_ago() -> None:
    """Ten printers over 5 years: 88.2 kg each then, 197 kg now: 10 x 108.8 / 5 = 217.6.

    Both versions of the pack are kept, and the printed result names its own.
    """
    printers = reen.Equipment("printer", quantity=10, lifetime=5, country="FR", annual_energy=0)
    then = reen.default_registry().with_packs("base-carbone@2026.1")
    printed = reen.measure(printers, method="base-carbone", as_of="2024-12-31", registry=then)
    change = reen.change(
        printers, printers, method="base-carbone", as_of=(None, "2025-12-31"), printed=printed
    )
    assert change.not_replayed == ""
    assert causes(change)[("factors",)] == pytest.approx(217.6, rel=1e-9)
    assert change.value() == pytest.approx(217.6, rel=1e-9)
    assert change.before.provenance.as_of == "2024-12-31"


def test_dates_are_two(tmp_path: Path) -> None:
    """Three dates are a mistake, and a file that is no change is refused."""
    with pytest.raises(reen.errors.OptionError, match="a pair of dates"):
        changed(fleet(quantity=[1.0]), fleet(quantity=[1.0]), as_of=(TODAY, TODAY, TODAY))
    change = changed(fleet(quantity=[1.0]), fleet(quantity=[2.0]), by="equipment_type")
    reen.stored.write_change(change, tmp_path / "change.json")
    assert reen.stored.read_change(tmp_path / "change.json") == change
    with pytest.raises(reen.errors.FileFormatError, match=r"a change is written as \.json"):
        reen.stored.write_change(change, tmp_path / "change.csv")
    with pytest.raises(reen.errors.UnknownNameError):
        change.value("water_use")


def generated(seed: int) -> dict[str, object]:
    """Return two years of a city: items that come, go, move and change, and words not read."""
    draw = random.Random(seed)  # noqa: S311 - to be the same every time

    def row(number: int) -> dict[str, object]:
        return {
            "id": f"A{number}",
            "entity": draw.choice(["hall", "schools", "works"]),
            "type": draw.choice(["laptop", "laptop", "desktop", "monitor", "server", "unknown"]),
            "quantity": float(draw.randint(1, 9)),
            "lifetime": draw.choice([3.0, 5.0, 6.5, None]),
            "energy": draw.choice([20.0, 55.5, 80.0]),
            "country": draw.choice(["FR", "FR", "DE", "BR"]),
        }

    before = [row(number) for number in range(60)]
    after = []
    for each in before:
        fate = draw.random()
        if fate < 0.6:
            after.append({**each, "quantity": float(draw.randint(1, 9))})
        elif fate < 0.8:
            after.append({**row(0), "id": each["id"]})
    after += [row(number) for number in range(60, 75)]
    after += [{**row(number), "entity": "library"} for number in range(75, 78)]
    after += [{**row(number), "type": "tablet"} for number in range(78, 80)]
    return {
        "years": [before, after],
        "items": {"laptop": 185.1, "desktop": 250.0, "monitor": 80.0, "tablet": 63.2},
        "mixes": [{"FR": 0.06, "DE": 0.4}, {"FR": 0.05, "DE": 0.35}],
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_plain_python_finds_the_same(seed: int, tmp_path: Path) -> None:
    """A script that tries every order, without reen: every effect of a generated pair."""
    data = generated(seed)
    path = tmp_path / "years.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    script = Path(__file__).with_name("plain_change.py")
    assert "reen" not in script.read_text(encoding="utf-8").replace("of ours", "")
    run = subprocess.run(
        [sys.executable, "-I", str(script), str(path)], capture_output=True, check=True, text=True
    )
    expected = {(*key,): value for *key, value in json.loads(run.stdout)}
    items: dict[str, float] = data["items"]  # type: ignore[assignment]
    factors = pack("2025", items)
    mixes = [
        {
            "flow": f"mix-{country}",
            "reference_unit": "kWh",
            "stage": "use",
            "criterion": "climate_change",
            "value": str(value),
            "unit": "kgCO2e/kWh",
            "geography": country,
            "year": str(year),
            "source": "tests",
        }
        for year, of_year in zip((2024, 2025), data["mixes"], strict=True)  # type: ignore[call-overload]
        for country, value in of_year.items()
    ]
    electricity = FactorPack.from_rows(
        name="mixes",
        version="1",
        title="Mixes",
        publisher="tests",
        licence="CC0-1.0",
        source="tests",
        factors=mixes,
    )
    years = [
        reen.Inventory.from_arrow(
            pa.table(
                {
                    {"type": "equipment_type", "energy": "annual_energy"}.get(name, name): [
                        row[name] for row in rows
                    ]
                    for name in rows[0]
                }
            )
        )
        for rows in data["years"]  # type: ignore[attr-defined]
    ]
    change = reen.change(
        *years,
        method=ToyMethod(),
        by="entity",
        factors=[factors, electricity],
        as_of=("2024-12-31", "2025-12-31"),
    )
    found = change.by_cause("detail", "entity", "equipment_type")
    assert change.value() == pytest.approx(sum(expected.values()), rel=1e-9)
    for key in expected.keys() | found.keys():
        assert found.get(key, 0.0) == pytest.approx(expected.get(key, 0.0), rel=1e-9, abs=1e-9), key


def test_rows_behind_the_change_of_what_is_bought() -> None:
    """A service is no asset: no fate; its rows add up to 20,000 x 0.075 - 10,000 x 0.075 = 750."""
    days = ("2023-12-31", "2023-12-31")
    years = with_services(10.0, 10_000.0), with_services(8.0, 20_000.0)
    rows = reen.trace_change(*years, method="base-carbone", as_of=days).to_pylist()
    of_kind = {kind: [row for row in rows if row["kind"] == kind] for kind in ("item", "service")}
    assert {row["fate"] for row in of_kind["item"]} == {"kept"}
    assert {row["fate"] for row in of_kind["service"]} == {None}
    stage = "climate_change.unspecified"
    sums = {row["when"]: row[stage] for row in of_kind["service"]}
    assert sums["after"] - sums["before"] == pytest.approx(750.0)


def test_rows_behind_a_restatement() -> None:
    """100 laptops of 156 kg then, of 185.1 kg now, over 5 years: 3,702 - 3,120 = 582 in one row."""
    rows = reen.trace_change(
        fleet(quantity=[100.0]),
        fleet(quantity=[80.0]),
        method=ToyMethod(),
        factors=NEW,
        before_factors=OLD,
        as_of=(TODAY, TODAY),
        registry=registry_of(methods=[ToyMethod()]),
    ).to_pylist()
    sums = {
        when: math.fsum(
            value
            for row in rows
            for name, value in row.items()
            if row["when"] == when and name.startswith("climate_change.") and value is not None
        )
        for when in ("then", "before", "after")
    }
    assert sums["then"] == pytest.approx(3120.0)
    assert sums["before"] - sums["then"] == pytest.approx(582.0)


def test_a_fleet_without_rows_changes_by_nothing() -> None:
    """It may still have a column of entities, of which there are then none."""
    kinds = pa.table({name: pa.array([], pa.string()) for name in ("equipment_type", "entity")})
    empty = reen.Inventory.from_arrow(kinds)
    assert reen.change(empty, empty, "declared", as_of="2025-12-31").effects == ()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("Ecole Jules Ferry", "École Jules-Ferry"),
        ("ECOLE JULES FERRY", "École Jules Ferry"),
        ("Médiathèque", "mediatheque"),
        ("Pôle  enfance", "pole-enfance"),
    ],
)
def test_a_school_that_is_spelt_otherwise_is_the_same(then: str, now: str) -> None:
    """10 laptops, then 8, of one school: 2 x 185.1 / 5 = 74.04 less, and none closed nor opened."""
    factors = pack("2025", {"laptop": 185.1})
    years = fleet(entity=[then], quantity=[10.0]), fleet(entity=[now], quantity=[8.0])
    change = changed(*years, factors=factors)
    assert change.spelt_alike == (tuple(sorted((then, now))),)
    assert causes(change, "detail") == pytest.approx({("fleet", ""): -74.04}, rel=1e-9)
    grouped = changed(*years, factors=factors, by="entity")
    assert {each.group for each in grouped.effects} == {(now,)}
    again = reen.stored.change_from_json(reen.stored.change_to_json(change))
    assert again == change
    assert again.spelt_alike == change.spelt_alike
    assert any(then in note and now in note for note in change.notes("fr"))


def test_schools_that_are_called_otherwise_are_two() -> None:
    factors = pack("2025", {"laptop": 185.1})
    change = changed(
        fleet(entity=["Site 1 1", "Ferry"], quantity=[10.0, 2.0]),
        fleet(entity=["Site 11", "Ferry 2"], quantity=[10.0, 2.0]),
        factors=factors,
    )
    assert change.spelt_alike == ()
    assert {detail for _, detail in causes(change, "detail")} == {"entity_entered", "entity_left"}


def test_what_was_bought_after_the_first_year_is_told(tmp_path: Path) -> None:
    """Of one list measured at two days, 4 of 14 computers come later: told of the first year."""
    path = tmp_path / "parc.csv"
    path.write_text("Type;Quantité;Date d'achat\nPC portable;10;2021-05-01\nPC fixe;4;2025-03-01\n")
    found = reen.change(path, path, "base-carbone", as_of=("2024-12-31", TODAY))
    assert "Not counted in the first year: 4 items bought after 2024-12-31." in found.notes("en")
    assert "4 équipements acquis après le 31 décembre 2024" in "".join(found.notes("fr"))
    assert found.not_yet_bought == (4.0, 0.0)


def test_years_in_the_wrong_order_are_told(tmp_path: Path) -> None:
    for year in (2024, 2025):
        (tmp_path / f"parc-{year}.csv").write_text("Type;Quantité\nPC portable;10\n")
    first, second = tmp_path / "parc-2024.csv", tmp_path / "parc-2025.csv"
    right = reen.change(first, second, "base-carbone")
    assert right.swapped == ()
    for found in (
        reen.change(second, first, "base-carbone"),
        reen.change(second, first, "base-carbone", as_of=TODAY),
        reen.change(first, second, "base-carbone", as_of=("2025-12-31", "2024-12-31")),
    ):
        assert found.swapped == ("2025-12-31", "2024-12-31")
        assert "wrong order" in found.notes("en")[0]
        assert "à l'envers" in found.notes("fr")[0]
        again = reen.stored.change_from_json(reen.stored.change_to_json(found))
        assert again.swapped == found.swapped
