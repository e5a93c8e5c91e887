"""The indicators of records on tables small enough to compute by hand."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Mapping
from pathlib import Path

import attrs
import pyarrow as pa
import pytest

import reen
from reen.monitoring.value_words import value_text
from reen.plugin.files import SCHEMA_OF_KIND, ColumnKind
from reen.plugin.indicators import Indicator, IndicatorValue
from reen_plugins.indicators.leaving import WasteMass

YEAR = ("2025-01-01", "2025-12-31")
END = dt.date(2025, 12, 31)

Columns = Mapping[str, list[object]]


def table(columns: Columns, kind: str) -> pa.Table:
    schema = SCHEMA_OF_KIND[kind]
    types = {
        ColumnKind.NUMBER: pa.float64(),
        ColumnKind.DATE: pa.date32(),
        ColumnKind.BOOLEAN: pa.bool_(),
        ColumnKind.TIMESTAMP: pa.timestamp("s", tz="UTC"),
    }
    made = {}
    for name, values in columns.items():
        cells = values
        if schema[name].kind is ColumnKind.DATE:
            cells = [None if v is None else dt.date.fromisoformat(str(v)) for v in values]
        made[name] = pa.array(cells, types.get(schema[name].kind, pa.string()))
    return pa.table(made)


def held(**tables: Columns) -> reen.Inventory:
    return reen.Inventory.from_tables(**{kind: table(each, kind) for kind, each in tables.items()})


def compute(name: str | Indicator, **tables: Columns) -> reen.types.Indicators:
    before = tables.pop("before", None)
    earlier = None if before is None else held(equipment=before)
    return reen.indicators(
        inventory=held(**tables), inventory_before=earlier, names=[name], period=YEAR
    )


def whole(name: str | Indicator, **tables: Columns) -> IndicatorValue:
    return compute(name, **tables)[0]


def said(value: IndicatorValue) -> str:
    return str(value.missing)


DAY = "2025-05-05"

# -- axis 1 ----------------------------------------------------------------------------------


def test_bordeaux() -> None:
    """50 refurbished of 80 bought, 100 retired: 50 %."""
    value = whole(
        "refurbished_over_retired",
        purchases={
            "date": [DAY] * 2,
            "quantity": [50, 30],
            "reconditioned": [True, False],
        },
        disposals={"date": [DAY], "quantity": [100]},
    )
    assert (value.value, value.ends) == (50.0, (50.0, 50.0))
    assert (value.numerator, value.denominator) == (50.0, 100.0)


GIVEN = {
    "date": [DAY] * 3,
    "equipment_type": ["laptop", "laptop", "monitor"],
    "quantity": [10, 5, 4],
    "unit_price": [800, None, None],
    "reconditioned": [False, None, True],
    "acquisition": ["purchase", "donation", "donation"],
}


def test_what_was_given_counts_at_flat_values() -> None:
    """8,000 bought new; 5 x 150 + 4 x 40 = 910 given: 910 / 8,910 (values of the test's own)."""
    registered = reen.default_registry().indicator("reuse_in_spending")
    indicator = attrs.evolve(
        registered, flat_values={"laptop": 150.0, "monitor": 40.0}, flat_values_source="a test"
    )
    value = whole(indicator, purchases=GIVEN)
    assert value.value == pytest.approx(91_000 / 8910)
    assert value.ends == pytest.approx((value.value, value.value))
    assert [str(note) for note in value.notes] == [
        "910 EUR of items given, by the flat values of a test"
    ]


def test_what_was_given_without_a_value_is_not_worth_nothing() -> None:
    value = whole("reuse_in_spending", purchases=GIVEN)
    assert (value.value, value.ends) == (0.0, (0.0, 100.0))


def test_what_is_not_known_to_be_refurbished_opens_the_ratio() -> None:
    """50 known, 10 that may be, 100 retired and 25 undated: 50 / 125 to 60 / 100."""
    value = whole(
        "refurbished_over_retired",
        purchases={"date": [DAY] * 2, "quantity": [50, 10], "reconditioned": [True, None]},
        disposals={"date": [DAY, None], "quantity": [100, 25]},
    )
    assert value.value == 50.0
    assert value.ends == (40.0, 60.0)


CONTRACTS = {
    "date": [DAY, DAY, DAY, "2024-05-05"],
    "amount": [100.0, 300.0, 600.0, 9_999.0],
    "environmental_clause": [True, False, None, True],
    "social_clause": [False, False, False, True],
    "criterion_weight": [10.0, 20.0, None, 50.0],
    "local_repair": [True, False, False, True],
}


def test_clauses_of_contracts() -> None:
    """One of three has a clause, one may: 1 to 2; 100 of the 400 EUR that say, 10 % to 70 %."""
    assert whole("clauses", contracts=CONTRACTS).ends == (1.0, 2.0)
    spending = whole("clause_spending", contracts=CONTRACTS)
    assert (spending.value, spending.ends) == (25.0, (10.0, 70.0))
    assert (spending.completeness.known, spending.completeness.total) == (400.0, 1000.0)  # type: ignore[union-attr]
    assert whole("local_repair_contracts", contracts=CONTRACTS).value == 1.0


def test_the_weight_of_the_criterion() -> None:
    """(100 x 10 + 300 x 20) / 400 = 17.5; with 600 EUR at 0 or 100: 7 to 67."""
    value = whole("criterion_weight", contracts=CONTRACTS)
    assert (value.value, value.ends) == (17.5, (7.0, 67.0))


BOUGHT = {
    "date": [DAY] * 3,
    "equipment_type": ["laptop", "laptop", "monitor"],
    "quantity": [3, 1, 6],
    "repairability": [8.0, 4.0, None],
    "labelled": [True, False, True],
    "acquisition": ["purchase", "lease", "purchase"],
}


def test_purchases_by_index_label_and_way() -> None:
    """(3 x 8 + 1 x 4) / 4 = 7; 9 of 10 labelled; 1 of 10 leased."""
    index = compute("repairability", purchases=BOUGHT)
    assert index.get("repairability", "laptop").value == 7.0
    # six monitors without an index: from 28 / 10 to 88 / 10
    assert index[0].ends == (2.8, 8.8)
    assert said(index.get("repairability", "monitor")) == "nothing is known: fill in repairability"
    assert whole("label_share", purchases=BOUGHT).value == 90.0
    assert whole("rental_share", purchases=BOUGHT).value == 10.0


# -- axis 2 ----------------------------------------------------------------------------------

GONE = {
    "date": [DAY] * 5,
    "equipment_type": ["laptop", "laptop", "monitor", "monitor", "tablet"],
    "quantity": [4, 2, 3, 1, 5],
    "weight": [None, 5.0, None, None, None],
    "destination": ["donation", "recycling", "recycling", "unknown", "reuse_internal"],
    "approved": [None, True, False, None, None],
    "purchase_date": ["2019-05-05", "2015-05-06", None, None, "2020-05-05"],
    "warranty_end_date": ["2022-05-05", "2024-05-05", "2024-05-06", None, None],
}


def test_donations_and_reuse_inside() -> None:
    """4 given, 5 passed on; one of unknown destination may be either."""
    assert whole("donated", disposals=GONE).ends == (4.0, 5.0)
    assert whole("reused_inside", disposals=GONE).ends == (5.0, 6.0)
    by_type = compute("donated", disposals=GONE)
    assert by_type.get("donated", "monitor").ends == (0.0, 1.0)
    assert by_type.get("donated", "laptop").ends == (4.0, 4.0)


def test_the_mass_of_waste() -> None:
    """5 kg are said; three screens have no mass, and are left out by name."""
    value = whole("weee_mass", disposals=GONE)
    assert (value.value, value.ends, value.lower_bound) == (5.0, (5.0, None), True)
    assert "left out, without a mass: monitor" in map(str, value.notes)


def test_what_is_thrown_away_is_waste_and_no_reuse() -> None:
    """1 given, 3 recycled by an approved body (30 kg), 4 thrown away (10 kg): 12.5 %, 40 kg.

    Nobody says whether those 10 kg went to an approved body: 75 to 100 % did, not 100 %.
    """
    left = {
        "date": [DAY] * 3,
        "quantity": [1, 3, 4],
        "weight": [5.0, 30.0, 10.0],
        "destination": ["donation", "recycling", "discarded"],
        "approved": [None, True, None],
    }
    assert whole("reuse_of_disposals", disposals=left).value == 12.5
    assert whole("weee_mass", disposals=left).value == 40.0
    assert whole("weee_approved", disposals=left).ends == (75.0, 100.0)


def test_the_mass_of_waste_by_masses_that_somebody_gives() -> None:
    """5 + 3 x 6 = 23 kg; the screen of unknown destination makes it up to 29."""
    bundled = reen.default_registry().indicator("weee_mass")
    assert isinstance(bundled, WasteMass)
    given = attrs.evolve(bundled, weights={"monitor": 6.0}, weights_source="our scales")
    value = whole(given, disposals={**GONE, "destination": [*GONE["destination"][:4], "donation"]})
    assert (value.value, value.ends) == (23.0, (23.0, 29.0))
    assert "18 kg by the mass of their type: our scales" in map(str, value.notes)


def test_the_share_of_approved_bodies_weighs() -> None:
    """8 of 10 kg that say, and 2 kg more that do not: 80 %, from 8 / 12 to 10 / 12."""
    value = whole(
        "weee_approved",
        disposals={
            "date": [DAY] * 4,
            "weight": [8.0, 2.0, 2.0, 100.0],
            "destination": ["recycling"] * 3 + ["sale"],
            "approved": [True, False, None, None],
        },
    )
    assert value.value == 80.0
    assert value.ends == pytest.approx((100 * 8 / 12, 100 * 10 / 12))


def test_lives_that_were_observed() -> None:
    """Four for 2,192 days, two for 3,652, five for 1,826: (8,768 + 7,304 + 9,130) / 11 / 365.25."""
    value = whole("observed_life", disposals=GONE)
    assert value.value == pytest.approx(25_202 / 11 / 365.25)
    assert (value.completeness.known, value.completeness.total) == (11.0, 15.0)  # type: ignore[union-attr]
    assert value.ends[1] is None  # four more of unknown age may be of any


def test_what_outlived_its_warranty_by_a_year() -> None:
    """1,096 and 365 days are a year or more, 364 are not: 6 of 9."""
    value = whole("kept_after_warranty", disposals=GONE)
    assert value.value == pytest.approx(600 / 9)
    assert value.ends == pytest.approx((600 / 15, 1200 / 15))


def test_the_share_of_the_decree() -> None:
    """A: 4 laptops given, 5 tablets sold, of under ten years; B: 20 screens retired on 1 January.

    The server is of another category, the old screens are over ten years old, the laptop in use is
    not retired.
    """
    value = whole(
        "reuse_of_retired",
        disposals={
            **GONE,
            "destination": ["donation", "recycling", "recycling", "recycling", "sale"],
        },
        before={
            "equipment_type": ["monitor", "server", "monitor", "laptop"],
            "quantity": [20, 3, 7, 100],
            "status": ["retired", "retired", "retired", "in_use"],
            "purchase_date": ["2018-01-01", "2018-01-01", "2014-12-31", "2018-01-01"],
        },
    )
    assert (value.value, value.numerator, value.denominator) == (45.0, 9.0, 20.0)
    assert value.target is not None
    assert (value.target.value, value.meets_target) == (50.0, False)


REPAIRS = {
    "date": [DAY] * 4,
    "equipment_type": ["laptop", "laptop", "monitor", "monitor"],
    "quantity": [6, 2, 1, 1],
    "outcome": ["repaired", "replaced", "not_repaired", "unknown"],
    "hours": [3.0, 0.5, None, 1.0],
}


def test_repairs() -> None:
    """6 of 9 of known outcome; the tenth makes it 60 % to 70 %."""
    assert whole("repaired", repairs=REPAIRS).ends == (6.0, 7.0)
    rate = whole("repair_rate", repairs=REPAIRS)
    assert rate.value == pytest.approx(600 / 9)
    assert rate.ends == (60.0, 70.0)
    hours = whole("repair_hours", repairs=REPAIRS)
    assert (hours.value, hours.lower_bound) == (4.5, True)


FLEET = {
    "equipment_type": ["desktop", "laptop", "laptop", "monitor", "smartphone", "monitor"],
    "quantity": [2, 6, 2, 5, 4, 50],
    "status": ["in_use", "in_use", "in_stock", "in_use", "in_use", "retired"],
    "purchase_date": ["2015-12-31", "2024-12-31", "2022-12-31", "2020-12-30", None, "2000-01-01"],
}


def test_classes_of_age() -> None:
    """19 in the fleet, of which four phones of unknown age; 15 known.

    31 December 2024 is 365 days ago, 0.9993 years; 2022: 3.0007; 2020: 5.0021; 2015: 10.0014.
    """
    found = compute("age_classes", equipment=FLEET)
    shares = {value.subject: value.value for value in found}
    assert shares == pytest.approx(
        {"0-1": 600 / 15, "1-3": 0, "3-5": 200 / 15, "5-7": 500 / 15, "7-10": 0, ">=10": 200 / 15}
    )
    assert found.get("age_classes", "0-1").ends == pytest.approx((600 / 19, 1000 / 19))


def test_items_for_each_agent() -> None:
    """10 computers, 5 screens, 4 telephones for 8 agents; what is retired counts no more."""
    found = compute(
        "items_per_agent", equipment=FLEET, headcount={"date": ["2025-06-30"], "agents": [8]}
    )
    assert [(v.subject, v.value) for v in found] == [
        ("computer", 1.25),
        ("monitor", 0.625),
        ("phone", 0.5),
    ]
    assert whole("screens_per_pc", equipment=FLEET).value == 0.5


def test_the_share_renewed() -> None:
    """8 bought over (12 + 19) / 2 items."""
    value = whole(
        "renewal_rate",
        equipment=FLEET,
        before={"equipment_type": ["laptop"], "quantity": [12]},
        purchases={"date": [DAY], "equipment_type": ["laptop"], "quantity": [8]},
    )
    assert value.value == pytest.approx(800 / 15.5)


def test_users_with_two_computers() -> None:
    """u1 of u1, u2, u3 has both; a laptop of nobody is of u2, or of a fourth: 1 / 4 to 2 / 3."""
    value = whole(
        "double_equipped",
        equipment={
            "equipment_type": ["desktop", "laptop", "desktop", "laptop", "laptop", "monitor"],
            "user_id": ["u1", "u1", "u2", "u3", None, "u2"],
        },
    )
    assert value.value == pytest.approx(100 / 3)
    assert value.ends == pytest.approx((25.0, 200 / 3))


def test_a_second_computer_out_of_use_equips_nobody_twice() -> None:
    """u1 keeps a desktop; its laptop is in stock.  u2 has both.  1 of 2.

    u3's status is not understood: its two laptops make a third user, or double u1: 1 / 4 to 2 / 2.
    """
    value = whole(
        "double_equipped",
        equipment={
            "equipment_type": ["desktop", "laptop", "desktop", "laptop", "laptop"],
            "user_id": ["u1", "u1", "u2", "u2", "u3"],
            "status": ["in_use", "in_stock", "in_repair", None, "unknown"],
            "quantity": [1, 1, 1, 1, 2],
        },
    )
    assert (value.value, value.ends) == (50.0, (25.0, 100.0))


def test_double_equipment_without_users_is_not_none() -> None:
    value = whole("double_equipped", equipment={"equipment_type": ["desktop", "laptop"]})
    assert (value.value, value.missing and value.missing.code) == (None, "users_not_known")


def test_double_equipment_is_counted_while_names_are_read(tmp_path: Path) -> None:
    """Dupont has both, Martin one; the names leave, the numbers stay, written and read again."""
    path, again = tmp_path / "parc.csv", tmp_path / "kept.parquet"
    rows = "Type;Utilisateur\nPC fixe;M. Dupont\nPC portable;m. dupont\nPC fixe;Mme Martin\n"
    path.write_text(rows, encoding="utf-8")
    read = reen.read(path)
    assert {"user", "user_id"}.isdisjoint(read.table.column_names)
    reen.write_inventory(read, again)
    for inventory in (read, reen.read(again)):
        value = reen.indicators(inventory=inventory, names=["double_equipped"], period=YEAR)[0]
        assert (value.value, value.numerator, value.denominator) == (50.0, 1.0, 2.0)
    lists = reen.indicators(inventory=read + read, names=["double_equipped"], period=YEAR)[0]
    assert lists.value is None  # nobody knows whether the users of both are the same


def test_a_status_that_nobody_understands_gives_no_verdict() -> None:
    """3 screens, 1 computer, and 5 that may be gone: 3 / 6 to 3 / 1, which is not under 1."""
    fleet = {
        "equipment_type": ["monitor", "laptop", "laptop"],
        "quantity": [3, 1, 5],
        "status": ["in_use", "in_use", "unknown"],
        "purchase_date": ["2023-12-31", "2020-12-31", "2024-12-31"],
        "lifetime": [9, 9, 3],
    }
    screens = whole("screens_per_pc", equipment=fleet)
    assert (screens.value, screens.ends) == (3.0, (0.5, 3.0))
    kept = whole("mean_lifetime", equipment=fleet)
    assert (kept.value, kept.ends) == (9.0, (None, None))
    assert whole("mean_age", equipment=fleet).ends == (None, None)
    young = compute("age_classes", equipment=fleet).get("age_classes", "0-1")
    assert (young.value, young.ends) == (0.0, (0.0, pytest.approx(500 / 9)))


@pytest.mark.parametrize("name", list(reen.default_registry().indicators))
def test_each_indicator_travels(name: str) -> None:
    indicator = reen.default_registry().indicator(name)
    assert pickle.loads(pickle.dumps(indicator)) == indicator  # noqa: S301 - our own bytes


def test_a_footprint_of_statuses_that_nobody_understands_is_no_bound() -> None:
    """One of two laptops may be gone: the figure counts both, and is no lower bound."""
    fleet = held(
        equipment={
            "equipment_type": ["laptop"] * 2,
            "lifetime": [4, 4],
            "annual_energy": [30, 30],
            "country": ["FR"] * 2,
            "status": ["in_use", "unknown"],
        },
        headcount={"date": ["2025-06-30"], "agents": [1]},
    )
    footprint = reen.measure(fleet, method="base-carbone", as_of=END)
    names = ["footprint_per_agent", "kwh_per_agent", "electricity_per_item"]
    for value in reen.indicators(inventory=fleet, footprint=footprint, names=names, period=YEAR):
        assert value.value, value
        assert not value.lower_bound
        assert value.ends[0] in (None, 0.0), value


def test_electricity_that_could_not_be_counted_is_not_that_of_the_stock() -> None:
    """1 smartphone in use of no known country, and 1 in stock: not the 50 kWh of both."""
    fleet = held(
        equipment={
            "equipment_type": ["smartphone"] * 2,
            "annual_energy": [30, 70],
            "country": [None, "FR"],
            "status": ["in_use", "in_stock"],
        }
    )
    footprint = reen.measure(fleet, method="base-carbone", as_of=END)
    found = reen.indicators(
        inventory=fleet, footprint=footprint, names=["electricity_per_item"], period=YEAR
    )[0]
    assert (found.value, found.missing and found.missing.code) == (None, "no_electricity_assessed")


def test_stock_that_sleeps() -> None:
    """180 days before 31 December 2025 is 4 July: what was heard of the day before sleeps.

    One bought in August cannot; one that nobody heard of may: 1 of 3, 1 / 4 to 2 / 4.
    """
    value = whole(
        "dormant_stock",
        equipment={
            "equipment_type": ["laptop"] * 5,
            "status": ["in_stock"] * 4 + ["in_use"],
            "last_seen": ["2025-07-03", "2025-07-04", None, None, "2020-01-01"],
            "purchase_date": ["2020-01-01"] * 2 + ["2025-08-01", "2020-01-01", "2020-01-01"],
        },
    )
    assert value.value == pytest.approx(100 / 3)
    assert value.ends == (25.0, 50.0)


def test_the_list_of_last_contacts_goes_before_the_fleet() -> None:
    value = whole(
        "dormant_stock",
        equipment={
            "equipment_type": ["laptop"] * 2,
            "serial_number": ["S1", "S2"],
            "status": ["in_stock"] * 2,
            "last_seen": ["2020-01-01"] * 2,
        },
        last_seen={"serial_number": ["S1"], "last_contact": ["2025-12-01"]},
    )
    assert value.value == 50.0


def test_devices_in_use() -> None:
    """30 days before 31 December is 1 December; a blank is unknown: 1 of 2, 1 / 3 to 2 / 3."""
    value = whole(
        "used_devices",
        last_seen={
            "serial_number": ["S1", "S2", "S3"],
            "last_contact": ["2025-12-01", "2025-11-30", None],
        },
    )
    assert value.value == 50.0
    assert value.ends == pytest.approx((100 / 3, 200 / 3))


def test_per_inhabitant_and_kwh_per_agent() -> None:
    """2 desktops of 100 kg kept 5 years: 40 kg a year for 80 inhabitants."""
    fleet = held(
        equipment={
            "equipment_type": ["desktop"],
            "quantity": [2],
            "lifetime": [5],
            "declared_footprint": [100],
        },
        headcount={"date": ["2025-01-01"], "agents": [4], "inhabitants": [80]},
    )
    footprint = reen.measure(fleet, method="declared", as_of=END)
    names = ["footprint_per_inhabitant", "footprint_per_agent", "kwh_per_agent"]
    found = reen.indicators(inventory=fleet, footprint=footprint, names=names, period=YEAR)
    assert [value.value for value in found] == [0.5, 10.0, None]
    assert said(found[2]) == "the footprint counts no electricity"


# -- axis 3 ----------------------------------------------------------------------------------


def reading(meter: str, month: int, year: int, kwh: float | None, scope: str) -> dict[str, object]:
    after = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=dt.UTC)
    return {
        "meter_id": meter,
        "subject_id": "hall",
        "period_start": dt.datetime(year, month, 1, tzinfo=dt.UTC),
        "period_end": after,
        "energy": kwh,
        "scope": scope,
    }


def readings(*rows: dict[str, object]) -> Columns:
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_power_usage_effectiveness() -> None:
    """(150 + 170) / (100 + 100) = 1.6."""
    rows = [
        reading(meter, month, 2025, kwh, scope)
        for meter, scope, both in (
            ("m1", "total", (150.0, 170.0)),
            ("m2", "it_only", (100.0, 100.0)),
        )
        for month, kwh in zip((1, 2), both, strict=True)
    ]
    assert whole("pue", energy_readings=readings(*rows)).value == 1.6
    short = whole("pue", energy_readings=readings(*rows[:3]))
    assert said(short) == "a room lacks a reading of the whole or of its computers"
    room = compute("pue", energy_readings=readings(*rows[:3])).get("pue", "hall")
    assert said(room) == "the two meters do not cover the same time: 1,416 h and 744 h"


def test_a_room_that_takes_less_than_its_computers_has_no_effectiveness() -> None:
    """1,000 kWh of the room and 3,000 of its computers: 0.33 would reach every target."""
    rows = [reading("m1", 1, 2025, 1000.0, "total"), reading("m2", 1, 2025, 3000.0, "it_only")]
    found = compute("pue", energy_readings=readings(*rows))
    assert found.get("pue").value is None
    assert said(found.get("pue", "hall")).startswith("the room would take 1,000 kWh")


def test_a_reading_of_an_unknown_meter_opens_the_effectiveness_of_its_room() -> None:
    """It may be of the whole room: 1.5 of what is read, and nobody knows of the rest."""
    rows = [
        reading("m1", 1, 2025, 150.0, "total"),
        reading("m2", 1, 2025, 100.0, "it_only"),
        {**reading("m1", 2, 2025, 900.0, "total"), "scope": None},
    ]
    for value in compute("pue", energy_readings=readings(*rows)):
        assert (value.value, value.ends) == (1.5, (None, None))
    past = [*rows[:2], {**reading("m1", 2, 2024, 900.0, "total"), "scope": None}]
    assert whole("pue", energy_readings=readings(*past)).ends == (1.5, 1.5)


def test_an_answer_of_no_dimension_may_be_of_any() -> None:
    found = compute(
        "maturity", maturity={"date": [DAY] * 2, "dimension": [1, None], "score": [4, 1]}
    )
    assert (found[1].subject, found[1].value, found[1].ends) == ("1", 4.0, (1.0, 5.0))


def test_energy_saved_over_the_months_of_both_years() -> None:
    """January and February: (200 + 100 - 150 - 90) / 300 = 20 %; March is of one year only."""
    rows = [
        reading("m1", 1, 2024, 200.0, "total"),
        reading("m1", 2, 2024, 100.0, "total"),
        reading("m1", 1, 2025, 150.0, "total"),
        reading("m1", 2, 2025, 90.0, "total"),
        reading("m1", 3, 2025, 5.0, "total"),
        reading("m2", 1, 2025, 77.0, "it_only"),
    ]
    value = whole("energy_saved", energy_readings=readings(*rows))
    assert value.value == pytest.approx(20.0)
    assert [str(note) for note in value.notes] == [
        "2 months of meters compared",
        "1 month is of one year only, and not compared",
    ]
    blurred = [*rows, {**reading("m1", 4, 2025, 999.0, "total"), "period_end": None}]
    assert whole("energy_saved", energy_readings=readings(*blurred)).ends == (None, None)
    unread = [*rows[:3], reading("m1", 2, 2025, None, "total")]
    assert whole("energy_saved", energy_readings=readings(*unread)).value is None


EVENTS = {
    "date": [DAY] * 6 + ["2024-05-05"],
    "axis": [4, 4, 3, 4, 5, None, 4],
    "event_kind": [
        "workshop",
        "campaign",
        "training",
        "phishing_test",
        "collection",
        "workshop",
        "workshop",
    ],
    "theme": ["sober_use", "sober_use", "eco_design", "security", "reuse", None, None],
    "participants": [20, 100, 6, 500, 80, 10, 999],
    "elected": [3, 0, 0, 0, 0, 0, 9],
    "concerned": [None, None, 8, None, None, None, None],
    "certified": [None, None, None, None, 2, 0, None],
    "clicked": [None, None, None, 60, None, None, None],
    "reported": [None, None, None, 150, None, None, None],
    "weight": [None, None, None, None, 30.0, None, None],
    "partner": [None, None, None, None, "ecosystem", "Maison", None],
    "partner_kind": [None, None, None, None, "scheme", None, None],
}


def test_training_and_projects() -> None:
    """6 of the 8 concerned; one project of two, and one that does not say: 1 / 3 to 2 / 3."""
    assert whole("eco_design_trained", events=EVENTS).value == 75.0
    value = whole(
        "eco_designed_projects",
        projects={"date": [DAY] * 3, "id": ["a", "b", "c"], "eco_designed": [True, False, None]},
    )
    assert value.value == 50.0
    assert value.ends == pytest.approx((100 / 3, 200 / 3))


def test_the_score_of_services_weighs_by_users() -> None:
    """(300 x 80 + 100 x 40) / 400 = 70; 100 more users of a service without a score: 56 to 76."""
    value = whole(
        "rgesn_score",
        projects={
            "date": ["2020-01-01", DAY, DAY],
            "users": [300, 100, 100],
            "rgesn_score": [80.0, 40.0, None],
        },
    )
    assert (value.value, value.ends) == (70.0, (56.0, 76.0))


# -- axes 4 to 6 -----------------------------------------------------------------------------


def test_awareness() -> None:
    """One workshop, and one of an axis that nobody said; 120 people, and 10 more perhaps."""
    assert whole("workshops", events=EVENTS).ends == (1.0, 2.0)
    assert whole("participants", events=EVENTS).ends == (120.0, 130.0)
    assert whole("elected_participants", events=EVENTS).ends == (3.0, 3.0)
    agents = {"date": ["2025-01-01"], "agents": [60]}
    per_agent = whole("participants_per_agent", events=EVENTS, headcount=agents)
    assert per_agent.value == 2.0
    assert per_agent.ends == pytest.approx((2.0, 130 / 60))
    assert whole("phishing_clicks", events=EVENTS).value == 12.0
    assert whole("phishing_reports", events=EVENTS).value == 30.0


def test_citizens() -> None:
    """One event of axis 5, and one that may be; two bodies are named."""
    assert whole("public_events", events=EVENTS).ends == (1.0, 2.0)
    assert whole("people_reached", events=EVENTS).ends == (80.0, 90.0)
    assert whole("people_certified", events=EVENTS).ends == (2.0, 2.0)
    assert whole("citizens_weee", events=EVENTS).value == 30.0
    assert said(whole("repair_visits", events={"date": ["2020-01-01"]})) == (
        "no row of events is dated in 2025"
    )
    partners = compute("partners", events=EVENTS)
    assert [(v.subject, v.value, v.lower_bound) for v in partners] == [
        ("", 2.0, True),
        ("scheme", 1.0, True),
    ]


OBJECTS = {
    "object_use": ["lighting", "water"],
    "quantity": [30, 10],
    "shared_network": [True, False],
    "annual_energy": [4.0, 2.0],
    "saved_energy": [1_000.0, 0.0],
    "counterfactual": ["meter of 2022", None],
}


def test_connected_objects() -> None:
    """40 for 20,000 people: 2 a thousand; 30 of 40 shared; 1,000 - 120 - 20 kWh."""
    people = {"date": ["2025-01-01"], "agents": [5], "inhabitants": [20_000]}
    per_thousand = whole("objects_per_1000", connected_objects=OBJECTS, headcount=people)
    assert per_thousand.value == 2.0
    assert whole("shared_objects", connected_objects=OBJECTS).value == 75.0
    net = whole("net_energy_saved", connected_objects=OBJECTS)
    assert net.value == 860.0
    assert "savings counted against: meter of 2022" in map(str, net.notes)
    unnamed = {**OBJECTS, "counterfactual": [None, None]}
    assert said(whole("net_energy_saved", connected_objects=unnamed)) == (
        "nothing is known: fill in counterfactual"
    )


def test_the_maturity_of_the_slides() -> None:
    """(3.0 + 1.0 + 3.5 + 2.0 + 2.4 + 1.7 + 2.5) / 7 = 16.1 / 7 = 2.3."""
    scores = [3.0, 1.0, 3.5, 2.0, 2.4, 1.7, 2.5]
    grid = {"date": [DAY] * 7, "dimension": list(range(1, 8)), "score": scores}
    value = whole("maturity", maturity=grid)
    assert value.value == pytest.approx(2.3)
    assert value.numerator == pytest.approx(16.1)


def test_an_answer_that_lacks_opens_the_maturity() -> None:
    """Dimension 1: 3 and a blank, 2 to 4; dimension 2: 1; the five others from 1 to 5.

    Mean of what is answered 2, from (2 + 1 + 5) / 7 to (4 + 1 + 25) / 7.
    """
    grid = {"date": [DAY] * 3, "dimension": [1, 1, 2], "score": [3.0, None, 1.0]}
    value = whole("maturity", maturity=grid)
    assert value.value == 2.0
    assert value.ends == pytest.approx((8 / 7, 30 / 7))
    assert (value.completeness.known, value.completeness.total) == (2, 7)  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["repairs", "contracts", "events", "projects", "maturity"])
def test_a_table_that_a_city_does_not_have_is_asked_for(kind: str) -> None:
    registry = reen.default_registry()
    for name, indicator in registry.indicators.items():
        if indicator.needs == (kind,):
            value = whole(name, equipment=FLEET)
            assert (value.value, said(value)) == (None, f"asks for {kind}")


# -- entities --------------------------------------------------------------------------------


def test_each_entity_has_its_own_share() -> None:
    """Schools: 1 of 3 reused; library 1 of 1.  One row of nobody is reused: schools 1 / 3 to 2 / 4.

    An entity whose name is that of a type keeps its own value.
    """
    purchases = {
        "date": [DAY] * 5,
        "equipment_type": ["laptop"] * 5,
        "quantity": [1, 2, 1, 1, 4],
        "reconditioned": [True, False, True, True, False],
        "entity": ["schools", "schools", "library", None, "laptop"],
    }
    found = reen.indicators(
        inventory=held(purchases=purchases),
        names=["reuse_in_purchases"],
        period=YEAR,
        by_entity=True,
    )
    assert {value.subject for value in found} == {
        "",
        "laptop",
        "entity laptop",
        "schools",
        "library",
    }
    schools = found.get("reuse_in_purchases", "schools")
    assert (schools.value, *schools.ends) == pytest.approx((100 / 3, 100 / 3, 50.0))
    assert found.get("reuse_in_purchases", "library").ends == (100.0, 100.0)
    assert found.get("reuse_in_purchases", "entity laptop").value == 0.0
    assert len(compute("reuse_in_purchases", purchases=purchases)) == 2


def test_fleet_indicators_by_entity() -> None:
    """Schools: 4 screens for 2 computers; library 1 for 2; 1 computer of nobody opens both.

    Schools 4 / 2 = 2, from 4 / 3; mean life (2 x 5 + 4 x 8) / 6 = 7; library (2 x 4 + 1 x 10) / 3.
    """
    equipment = {
        "equipment_type": ["laptop", "monitor", "desktop", "monitor", "laptop"],
        "quantity": [2, 4, 2, 1, 1],
        "lifetime": [5, 8, 4, 10, 5],
        "entity": ["schools", "schools", "library", "library", None],
    }
    found = reen.indicators(
        inventory=held(equipment=equipment),
        names=["screens_per_pc", "mean_lifetime", "dormant_stock"],
        period=YEAR,
        by_entity=True,
    )
    schools = found.get("screens_per_pc", "schools")
    assert (schools.value, *schools.ends) == pytest.approx((2.0, 4 / 3, 2.0))
    assert found.get("screens_per_pc", "library").value == pytest.approx(0.5)
    life = found.get("mean_lifetime", "schools")
    assert life.value == pytest.approx(7.0)
    assert life.ends == (None, None)  # the laptop of nobody may be theirs
    assert found.get("mean_lifetime", "library").value == pytest.approx(6.0)
    assert found.get("dormant_stock", "library").value is None


def by_entity(name: str, **tables: dict[str, list[object]]) -> reen.types.Indicators:
    before = tables.pop("before", None)
    return reen.indicators(
        inventory=held(**tables),
        inventory_before=None if before is None else held(equipment=before),
        names=[name],
        period=YEAR,
        by_entity=True,
    )


def told(found: reen.types.Indicators) -> dict[str, tuple[float | None, ...]]:
    """Return numerator, denominator and ends of each subject."""
    return {v.subject: (v.numerator, v.denominator, *v.ends) for v in found}


OF_SCHOOLS = {
    "equipment_type": ["laptop", "laptop", "monitor", "smartphone", "desktop"],
    "quantity": [3, 2, 5, 4, 1],
    "purchase_date": ["2025-06-30", "2020-06-30", "2020-06-30", None, "2020-06-30"],
    "entity": ["schools", "schools", "library", "library", None],
}


def test_classes_of_age_by_entity() -> None:
    """Schools: 3 of half a year, 2 of 5.5; library: 5 of 5.5 and 4 of unknown age.

    The computer of nobody, of 5.5 years: schools 3 / 5 and 2 / 5, or 3 / 6 and 3 / 6.  Library: 5
    of 5 known, of 9 to 10 if all.  The items of each add up to the whole, but for that of nobody.
    """
    found = told(by_entity("age_classes", equipment=OF_SCHOOLS))
    assert found["0-1"][:2] == (3.0, 11.0)
    assert found["5-7"][:2] == (8.0, 11.0)
    assert found["schools: 0-1"] == pytest.approx((3.0, 5.0, 50.0, 60.0))
    assert found["schools: 5-7"] == pytest.approx((2.0, 5.0, 40.0, 50.0))
    assert found["library: 0-1"] == pytest.approx((0.0, 5.0, 0.0, 400 / 9))
    assert found["library: 5-7"] == pytest.approx((5.0, 5.0, 500 / 9, 100.0))
    assert len(found) == 18


def test_items_for_each_agent_by_entity() -> None:
    """Schools: 5 computers for 4 agents, 6 with that of nobody; library none or 1 for 2 agents.

    5 + 0 + 1 of nobody = 6 computers, 4 + 2 = 6 agents; 4 telephones, 5 screens of the library.
    """
    people = {"date": ["2025-06-30"] * 2, "agents": [4, 2], "entity": ["schools", "library"]}
    found = told(by_entity("items_per_agent", equipment=OF_SCHOOLS, headcount=people))
    assert found["computer"] == (6.0, 6.0, 1.0, 1.0)
    assert found["schools: computer"] == (5.0, 4.0, 1.25, 1.5)
    assert found["library: computer"] == (0.0, 2.0, 0.0, 0.5)
    assert found["library: monitor"] == (5.0, 2.0, 2.5, 2.5)
    assert found["library: phone"] == (4.0, 2.0, 2.0, 2.0)
    assert found["schools: phone"] == (0.0, 4.0, 0.0, 0.0)


def test_items_of_an_entity_without_agents_are_named() -> None:
    """Nobody counted the library: it has no value, and the whole says so; one count, no entity."""
    people = {"date": ["2025-06-30"], "agents": [4], "entity": ["schools"]}
    found = by_entity("items_per_agent", equipment=OF_SCHOOLS, headcount=people)
    assert said(found.get("items_per_agent", "library: computer")).startswith(
        "no count of agents of library"
    )
    assert "no agents counted for library" in map(str, found[0].notes)
    people = {"date": ["2025-06-30"], "agents": [4]}
    found = by_entity("items_per_agent", equipment=OF_SCHOOLS, headcount=people)
    assert [value.subject for value in found] == ["computer", "monitor", "phone"]
    assert [str(note) for note in found[0].notes] == ["4 agents, counted on 2025-06-30"]


def test_a_count_of_no_known_day_gives_no_verdict() -> None:
    """10 computers for 4 agents, 2.5; a count of 20 of an unknown day may be the last: 0.5."""
    people = {"date": ["2025-06-30", None], "agents": [4, 20]}
    found = compute("items_per_agent", equipment=FLEET, headcount=people)[0]
    assert (found.value, found.ends) == (2.5, (0.0, None))
    assert "1 row of headcount without a date may be of any period" in map(str, found.notes)


def test_the_share_renewed_by_entity() -> None:
    """Schools: 2 bought, 4 then 5 items: 2 / 4.5; library: none bought, 6 then 9: 0 / 7.5.

    One bought by nobody may be of either: schools to 3 / 4.5, library to 1 / 7.5.  The item of
    nobody at the end makes a mean fleet of 5 and of 8: schools from 2 / 5.
    2 + 0 + 1 = 3 bought; 4.5 + 7.5 + 0.5 = 12.5, (10 + 15) / 2.
    """
    found = told(
        by_entity(
            "renewal_rate",
            equipment=OF_SCHOOLS,
            before={
                "equipment_type": ["laptop", "monitor"],
                "quantity": [4, 6],
                "entity": ["schools", "library"],
            },
            purchases={
                "date": [DAY] * 2,
                "equipment_type": ["laptop"] * 2,
                "quantity": [2, 1],
                "entity": ["schools", None],
            },
        )
    )
    assert found[""] == pytest.approx((3.0, 12.5, 24.0, 24.0))
    assert found["schools"] == pytest.approx((2.0, 4.5, 40.0, 300 / 4.5))
    assert found["library"] == pytest.approx((0.0, 7.5, 0.0, 100 / 7.5))


def test_users_with_two_computers_by_entity() -> None:
    """Schools: u1 has both, u2 one; library: u3 both; u4 has a desktop in each: in the whole only.

    2 of 4 users have both; 1 of 2 in the schools and 1 of 1 in the library: 2 of 3, and u4.
    """
    equipment = {
        "equipment_type": ["desktop", "laptop", "desktop", "desktop", "laptop", *["desktop"] * 2],
        "user_id": ["u1", "u1", "u2", "u3", "u3", "u4", "u4"],
        "entity": ["schools"] * 3 + ["library"] * 2 + ["schools", "library"],
    }
    found = by_entity("double_equipped", equipment=equipment)
    assert told(found) == {
        "": (2.0, 4.0, 50.0, 50.0),
        "schools": (1.0, 2.0, 50.0, 50.0),
        "library": (1.0, 1.0, 100.0, 100.0),
    }
    assert [str(note) for note in found[0].notes] == [
        "1 user has computers of several entities, or of none, and counts in the whole only"
    ]


def test_computers_of_no_entity_open_the_share_of_each() -> None:
    """Schools: u1 has both, u2 one, and u3 one of no entity; a laptop of the library is of nobody.

    Schools: 1 / 2.  Against it: the laptop is a second one of u1, who is then of both, and u3 is
    of the schools: 0 / 2.  For it: the laptop is of u2, then of both: 1 / 1.
    """
    equipment = {
        "equipment_type": ["desktop", "laptop", "desktop", "desktop", "laptop"],
        "user_id": ["u1", "u1", "u2", "u3", None],
        "entity": ["schools"] * 3 + [None, "library"],
    }
    found = told(by_entity("double_equipped", equipment=equipment))
    assert found[""] == pytest.approx((1.0, 3.0, 25.0, 200 / 3))
    assert found["schools"] == (1.0, 2.0, 0.0, 100.0)
    assert found["library"] == (None, None, None, None)


def test_double_equipment_by_entity_is_counted_while_names_are_read(tmp_path: Path) -> None:
    """Dupont has both in the town hall, Martin one at school; written and read, it is the same."""
    path, again = tmp_path / "parc.csv", tmp_path / "kept.parquet"
    rows = "Type;Utilisateur;Entité\nPC fixe;M. Dupont;Mairie\nPC portable;m. dupont;Mairie\n"
    path.write_text(f"{rows}PC fixe;Mme Martin;École\n", encoding="utf-8")
    read = reen.read(path)
    reen.write_inventory(read, again)
    for inventory in (read, reen.read(again)):
        found = reen.indicators(
            inventory=inventory, names=["double_equipped"], period=YEAR, by_entity=True
        )
        assert told(found) == {
            "": (1.0, 2.0, 50.0, 50.0),
            "Mairie": (1.0, 1.0, 100.0, 100.0),
            "École": (0.0, 1.0, 0.0, 0.0),
        }


def test_the_footprint_of_spending() -> None:
    """Ten laptops at 156 kg (Base Carbone), 800 EUR each: 1,560 / 8 = 195 kg for 1,000 EUR.

    A line of 2,000 EUR without a factor: 1,560 / 10 at least.  One without a price: any more EUR.
    """

    def per_keuro(**columns: list[object]) -> reen.plugin.indicators.IndicatorValue:
        bought = {"date": [DAY] * len(columns["quantity"]), **columns}
        records = held(purchases=bought)
        made = reen.measure_purchases(
            reen.types.Purchases.held_by(records), year=2025, method="base-carbone"
        )
        (found,) = reen.indicators(
            inventory=records, purchases_footprint=made, names=["kg_per_keuro"], period=YEAR
        )
        return found

    known = per_keuro(equipment_type=["laptop"], quantity=[10], unit_price=[800.0])
    assert (known.value, *known.ends) == pytest.approx((195.0, 195.0, 195.0))
    other = per_keuro(
        equipment_type=["laptop", "ups"], quantity=[10, 1], unit_price=[800.0, 2_000.0]
    )
    assert (other.value, *other.ends) == (pytest.approx(156.0), pytest.approx(156.0), None)
    assert other.lower_bound
    assert not known.lower_bound
    unpriced = per_keuro(
        equipment_type=["laptop", "laptop"], quantity=[5, 5], unit_price=[800.0, None]
    )
    assert unpriced.value == pytest.approx(390.0)
    assert unpriced.ends == (0.0, pytest.approx(390.0))


# -- services --------------------------------------------------------------------------------

SERVICES = {
    "label": ["mail", "mail", "files", "licences", "paper"],
    "service_type": ["saas", "saas", "saas", "software_licence", "paper"],
    "date": ["2025-03-31", "2025-12-31", "2025-12-31", "2025-12-31", "2025-12-31"],
    "accounts": [1000, 1200, 300, 100, None],
    "active_users": [800, 900, 150, None, None],
    "data_stored": [500, 600, 200, None, None],
    "amount": [10_000, 10_000, 30_000, 5_000, 900],
}


def test_accounts_in_use_by_the_last_line_of_each_service() -> None:
    """(900 + 150) / (1,200 + 300) = 70 %; 100 licences of unknown use: 1,050 to 1,150 / 1,600."""
    found = compute("used_accounts", services=SERVICES)
    assert found[0].value == pytest.approx(70.0)
    assert found[0].ends == pytest.approx((105_000 / 1600, 115_000 / 1600))
    assert (found[0].numerator, found[0].denominator) == pytest.approx((1050.0, 1500.0))
    assert {v.subject: v.value for v in found[1:]} == pytest.approx({"mail": 75.0, "files": 50.0})


def test_accounts_of_an_unknown_service_open_both_ends() -> None:
    lost = SERVICES | {"accounts": [None, None, 300, 100, None]}
    assert whole("used_accounts", services=lost).ends == (0.0, 100.0)


def test_more_users_than_accounts_is_no_share() -> None:
    wrong = SERVICES | {"active_users": [800, 1300, 150, None, None]}
    assert said(whole("used_accounts", services=wrong)).startswith("more active users")


def test_the_service_of_another_year_is_not_of_this_one() -> None:
    past = SERVICES | {"date": ["2024-03-31"] * 5}
    assert said(whole("used_accounts", services=past)).startswith("no row of services")


def test_data_stored_for_each_agent() -> None:
    """600 + 200 GB for 400 agents; licences and paper store nothing: 2 GB."""
    value = whole(
        "stored_per_agent",
        services=SERVICES,
        headcount={"date": ["2025-06-30"], "agents": [400]},
    )
    assert (value.value, value.ends) == (2.0, (2.0, 2.0))
    assert value.quantity is not None


def test_a_hosting_of_unknown_size_makes_the_data_a_lower_bound() -> None:
    unknown = SERVICES | {"service_type": ["saas", "saas", "saas", "hosting", "paper"]}
    value = whole(
        "stored_per_agent",
        services=unknown,
        headcount={"date": ["2025-06-30"], "agents": [400]},
    )
    assert (value.value, value.ends, value.lower_bound) == (2.0, (2.0, None), True)


def test_footprint_of_services_for_each_user() -> None:
    """Spend counts each euro of one type alike, k kg: mail 20,000 k / 900, files 30,000 k / 150.

    Licences have a footprint and no known users: no verdict on the whole.
    """
    services = held(services=SERVICES)
    footprint = reen.measure(services, method="spend", by="label", as_of=END)
    kg = dict(
        zip(
            footprint.groups["label"].to_pylist(),
            footprint.impacts().sum(axis=(1, 2)),
            strict=True,
        )
    )
    found = {
        value.subject: value
        for value in reen.indicators(
            inventory=services, footprint=footprint, names=["footprint_per_user"], period=YEAR
        )
    }
    assert set(found) == {"", "mail", "files"}
    assert found["mail"].value == pytest.approx(kg["mail"] / 900)
    assert found["files"].value == pytest.approx(kg["files"] / 150)
    assert kg["mail"] == pytest.approx(kg["files"] * 2 / 3)
    assert found[""].value == pytest.approx((kg["mail"] + kg["files"]) / 1050)
    assert found[""].ends == (0.0, None)
    assert found["mail"].quantity is not None


def test_without_a_footprint_by_label_nobody_knows_it_for_each_user() -> None:
    services = held(services=SERVICES)
    footprint = reen.measure(services, method="spend", as_of=END)
    values = reen.indicators(
        inventory=services, footprint=footprint, names=["footprint_per_user"], period=YEAR
    )
    assert said(values[0]) == "no footprint by label: measure by it"


def test_data_deleted_by_campaigns() -> None:
    """850 GB; a campaign that does not say it may have deleted more."""
    value = whole(
        "data_deleted",
        events={
            "date": [DAY] * 3,
            "event_kind": ["campaign", "campaign", "workshop"],
            "data_deleted": [850, None, 5],
        },
    )
    assert (value.value, value.ends, value.lower_bound) == (850.0, (850.0, None), True)


def test_what_is_known_of_screens_per_computer_is_known_of_both() -> None:
    """8 screens and 10 computers: 0.8; 5 more may be in the fleet, and a row says no number.

    18 of the 23 items whose number is known are known to count or not, and a ratio of at least
    four fifths is asked for by who judges by it: 18 / 23 = 78 %.
    """
    fleet = {
        "equipment_type": ["laptop", "laptop", "monitor", "laptop"],
        "quantity": [10, 5, 8, None],
        "status": ["in_use", "unknown", "in_use", "in_use"],
    }
    found = whole("screens_per_pc", equipment=fleet)
    assert (found.value, found.ends) == (0.8, (0.0, 0.8))
    counted = found.completeness
    assert (counted.known, counted.total, counted.unknown_rows) == (18.0, 23.0, 1)
    sure = whole(
        "screens_per_pc",
        equipment={name: column[:1] + column[2:3] for name, column in fleet.items()},
    )
    assert (sure.completeness.known, sure.completeness.total) == (18.0, 18.0)


def test_a_list_without_screens_says_nothing_of_them() -> None:
    """Ten laptops and no line of a screen: 0 screens per computer would be a statement."""
    fleet = {"equipment_type": ["laptop"], "quantity": [10]}
    value = whole("screens_per_pc", equipment=fleet)
    assert value.value is None
    assert "no screen" in str(value.missing)


def test_screens_of_unknown_number_are_not_none() -> None:
    """Ten laptops and a line of screens without a number: nobody knows how many a laptop has.

    With three screens besides, there are 3 / 10 = 0.3 at least; where the number of some laptops is
    not known, 3 / 10 at most, and the line is among those of unknown quantity.
    """
    unread = whole(
        "screens_per_pc",
        equipment={"equipment_type": ["laptop", "monitor"], "quantity": [10, None]},
    )
    assert unread.value is None
    assert "quantity" in str(unread.missing)
    types = ["laptop", "monitor", "monitor"]
    some = whole("screens_per_pc", equipment={"equipment_type": types, "quantity": [10, 3, None]})
    assert (some.value, some.ends, some.lower_bound) == (0.3, (0.3, None), True)
    assert value_text(some) == str(some) == ">= 0.3"
    types = ["laptop", "monitor", "laptop"]
    fewer = whole("screens_per_pc", equipment={"equipment_type": types, "quantity": [10, 3, None]})
    assert (fewer.value, fewer.ends) == (0.3, (0.0, 0.3))
    assert fewer.completeness is not None
    assert fewer.completeness.unknown_rows == 1
    assert "1 row of unknown quantity" in str(fewer.completeness)


def test_a_value_of_which_one_end_is_not_known_says_so() -> None:
    """Screens and laptops of unknown number: 3 / 10 is neither the least nor the most."""
    types = ["laptop", "monitor", "laptop", "monitor"]
    value = whole(
        "screens_per_pc", equipment={"equipment_type": types, "quantity": [10, 3, None, None]}
    )
    assert (value.value, value.ends) == (0.3, (0.0, None))
    assert value_text(value) == "0.3 (from 0; no upper end known)"
    assert str(value) == "0.3 (from 0)"


# -- what the fleet is, by entity -------------------------------------------------------------


def of_each_entity(name: str, **tables: Columns) -> dict[str, IndicatorValue]:
    before = tables.pop("before", None)
    earlier = None if before is None else held(equipment=before)
    found = reen.indicators(
        inventory=held(**tables),
        inventory_before=earlier,
        names=[name],
        period=YEAR,
        by_entity=True,
    )
    return {each.subject: each for each in found}


def test_refurbished_over_retired_of_each_entity() -> None:
    """CCAS: 2 of 4, the town hall: 3 of 6; what was bought for nobody opens the ends of both."""
    found = of_each_entity(
        "refurbished_over_retired",
        purchases={
            "date": [DAY] * 3,
            "quantity": [2, 3, 1],
            "reconditioned": [True] * 3,
            "entity": ["CCAS", "Mairie", None],
        },
        disposals={"date": [DAY] * 2, "quantity": [4, 6], "entity": ["CCAS", "Mairie"]},
    )
    assert {name: each.value for name, each in found.items()} == {
        "": 60.0,
        "CCAS": 50.0,
        "Mairie": 50.0,
    }
    assert found["CCAS"].ends == (50.0, 75.0)


def test_reuse_of_retired_of_each_entity() -> None:
    """CCAS gave 1 of its 2 retired laptops; the town hall retired 4 and gave none."""
    laptops = {"equipment_type": ["laptop"] * 2, "purchase_date": ["2020-01-01"] * 2}
    found = of_each_entity(
        "reuse_of_retired",
        before={
            **laptops,
            "quantity": [2, 4],
            "status": ["retired"] * 2,
            "entity": ["CCAS", "Mairie"],
        },
        disposals={
            **laptops,
            "date": [DAY] * 2,
            "quantity": [1, 4],
            "destination": ["donation", "recycling"],
            "entity": ["CCAS", "Mairie"],
        },
    )
    assert [found[name].value for name in ("CCAS", "Mairie")] == [50.0, 0.0]
    assert found[""].value == pytest.approx(100 / 6)


@pytest.mark.parametrize("by", [("entity",), ("entity", "equipment_type")])
def test_what_is_assessed_and_used_of_each_entity(by: tuple[str, ...]) -> None:
    """CCAS: 3 laptops of 30 kWh; the town hall: a thing that nobody knows, and 1 screen of 50."""
    fleet = held(
        equipment={
            "equipment_type": ["laptop", "monitor", "unknown"],
            "quantity": [3, 1, 1],
            "annual_energy": [30.0, 50.0, None],
            "lifetime": [5.0] * 3,
            "country": ["FR"] * 3,
            "entity": ["CCAS", "Mairie", "Mairie"],
        }
    )
    footprint = reen.measure(fleet, method="base-carbone", by=by, as_of="2025-12-31")
    names = ["fleet_assessed", "electricity_per_item"]
    found = reen.indicators(
        inventory=fleet, footprint=footprint, names=names, period=YEAR, by_entity=True
    )
    values = {(each.indicator, each.subject): each.value for each in found}
    assert values["fleet_assessed", "CCAS: item"] == 100.0
    assert values["fleet_assessed", "Mairie: item"] == 50.0
    assert values["electricity_per_item", "CCAS"] == 30.0
    assert values["electricity_per_item", "Mairie"] == 50.0
    alone = of_each_entity(
        "electricity_per_item",
        equipment={
            "equipment_type": ["laptop", "monitor"],
            "quantity": [3, 1],
            "annual_energy": [30.0, 50.0],
            "entity": ["CCAS", None],
        },
    )
    assert (alone["CCAS"].value, alone["CCAS"].unread) == (30.0, True)
