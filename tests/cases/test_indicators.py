"""The bundled indicators on systems small enough to compute by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.plugin import Reason
from reen.plugin.indicators import Completeness, Indicator, IndicatorValue, Target

YEAR = ("2022-01-01", "2022-12-31")
LAST_DAY = dt.date(2022, 12, 31)

#: City of Boulogne-Billancourt, REEN work programme of 5 February 2023, figures 1 and 2: scope,
#: type, number, years of amortisation, declared kgCO2e per item.
BOULOGNE = (
    ("agents", "Serveurs rack", None, None, None),
    ("agents", "PC fixes", 1_227, 5, 59),
    ("agents", "PC portables", 400, 5, 29),
    ("agents", "Smartphones", 288, 2, 32),
    ("agents", "Téléphones mobiles basiques", 257, None, None),
    ("agents", "Imprimantes", 448, 5, 17),
    ("schools", "Serveurs rack", None, None, None),
    ("schools", "PC fixes", 514, 4, 34),
    ("schools", "PC portables", 272, 4, None),
    ("schools", "Vidéo projecteurs interactifs", 34, None, None),
    ("schools", "Écrans numériques interactifs", 230, 10, 100),
    ("schools", "Bornes Wifi", 186, None, None),
    ("schools", "Tablettes", 1_000, 5, 33),
)


def texts(notes: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(map(str, notes))


def inventory(columns: Mapping[str, list[object]]) -> reen.Inventory:
    numbers = {"quantity", "lifetime", "declared_footprint", "annual_energy", "usage_share"}
    return reen.Inventory.from_arrow(
        pa.table(
            {
                name: pa.array(cells, pa.float64() if name in numbers else None)
                for name, cells in columns.items()
            }
        )
    )


@pytest.fixture(scope="module")
def city() -> reen.Inventory:
    names = ("entity", "equipment_type", "quantity", "lifetime", "declared_footprint")
    rows = list(zip(*BOULOGNE, strict=True))
    return inventory(dict(zip(names, map(list, rows), strict=True)))


@pytest.fixture(scope="module")
def footprint(city: reen.Inventory) -> reen.Footprint:
    return reen.measure(city, method="declared", by=("entity",), as_of=LAST_DAY)


def compute(name: str, **given: object) -> reen.types.Indicators:
    options: dict[str, object] = {"period": YEAR, "names": [name]}
    return reen.indicators(**(options | given))  # type: ignore[arg-type]


def counted(*rows: tuple[str | None, float | None]) -> reen.types.Headcount:
    entities, agents = zip(*rows, strict=True)
    return reen.types.Headcount.from_arrow(
        pa.table(
            {
                "date": pa.array([LAST_DAY] * len(rows), pa.date32()),
                "entity": pa.array(entities, pa.string()),
                "agents": pa.array(agents, pa.float64()),
            }
        )
    )


# -- footprint per agent ---------------------------------------------------------------------


def test_footprint_per_agent_of_the_city(footprint: reen.Footprint) -> None:
    """36.1988 t over 1,650 agents: 21.938666... kg per agent, and servers are not counted.

    agents: 1,227 x 59/5 + 400 x 29/5 + 288 x 32/2 + 448 x 17/5 = 22,929.8 kg
    schools: 514 x 34/4 + 230 x 100/10 + 1,000 x 33/5 = 13,269 kg
    """
    found = compute(
        "footprint_per_agent",
        footprint=footprint,
        headcount=reen.types.Headcount.of(1_650, date=LAST_DAY),
    )
    assert len(found) == 1
    assert found[0].value == pytest.approx(36_198.8 / 1_650, rel=1e-12)
    assert str(found[0]) == ">= 21.94 kgCO2e/person/year"
    assert found[0].lower_bound
    assert texts(found[0].notes) == ("1,650 agents, counted on 2022-12-31",)
    assert found[0].provenance["footprint"] == footprint.provenance.hash


def test_footprint_per_agent_by_entity(footprint: reen.Footprint) -> None:
    """22,929.8 / 1,650 = 13.8968..., 13,269 / 350 = 37.9114..., 36,198.8 / 2,000 = 18.0994."""
    found = compute(
        "footprint_per_agent",
        footprint=footprint,
        headcount=counted(("agents", 1_650.0), ("schools", 350.0)),
    )
    assert {value.subject: value.value for value in found} == {
        "": pytest.approx(18.0994),
        "agents": pytest.approx(22_929.8 / 1_650),
        "schools": pytest.approx(13_269 / 350),
    }
    assert all(value.lower_bound for value in found)


def test_an_entity_without_agents_is_left_out_and_said(footprint: reen.Footprint) -> None:
    found = compute(
        "footprint_per_agent", footprint=footprint, headcount=counted(("agents", 1_650.0))
    )
    assert str(found.get("footprint_per_agent", "schools").missing) == (
        "no count of agents of schools on or before 2022-12-31"
    )
    assert "no agents counted for schools" in texts(found[0].notes)


@pytest.mark.parametrize(
    ("headcount", "missing"),
    [
        (reen.types.Headcount.of(10, date=dt.date(2023, 1, 1)), "no count of agents on or before"),
        (
            reen.types.Headcount.of(0, date=LAST_DAY),
            "there are no agents in the count of 2022-12-31",
        ),
        (counted((None, None)), "the count of agents of 2022-12-31 is blank"),
        (counted(("agents", 5.0), ("schools", None)), "of agents of schools is blank"),
    ],
)
def test_without_agents_there_is_no_footprint_per_agent(
    footprint: reen.Footprint, headcount: reen.types.Headcount, missing: str
) -> None:
    value = compute("footprint_per_agent", footprint=footprint, headcount=headcount)[0]
    assert value.value is None
    assert missing in str(value.missing)


def test_nothing_assessed_is_not_zero_per_agent() -> None:
    fleet = inventory({"equipment_type": ["laptop"], "quantity": [None]})
    value = compute(
        "footprint_per_agent",
        footprint=reen.measure(fleet, method="declared", as_of=LAST_DAY),
        headcount=reen.types.Headcount.of(10, date=LAST_DAY),
    )[0]
    assert str(value.missing) == "nothing was assessed"


def test_a_footprint_of_another_year_is_said(city: reen.Inventory) -> None:
    value = compute(
        "footprint_per_agent",
        footprint=reen.measure(city, method="declared", as_of="2021-12-31"),
        headcount=reen.types.Headcount.of(1_650, date=LAST_DAY),
    )[0]
    assert str(value.notes[-1]) == "footprint as of 2021-12-31, outside the period"


# -- fleet assessed --------------------------------------------------------------------------


def test_share_of_the_fleet_assessed(footprint: reen.Footprint) -> None:
    """4,107 of 4,856 items; the two rows of servers have no quantity and are named.

    Left out: 257 mobile phones, 272 school laptops, 34 projectors, 186 access points: 749.
    """
    found = compute("fleet_assessed", footprint=footprint)
    assert len(found) == 1
    assert found[0].value == pytest.approx(100 * 4_107 / 4_856)
    assert found[0].completeness == Completeness(4_107.0, 4_856.0, 13, 2, "assessed (declared)")
    assert texts(found[0].notes) == ("of unknown quantity: server (row 0, row 6)",)


def test_what_a_rule_excludes_is_not_missing() -> None:
    """Of 10 laptops 4 are retired: 6 of 6 are assessed."""
    fleet = inventory(
        {
            "equipment_type": ["laptop", "laptop"],
            "quantity": [6, 4],
            "status": ["in_use", "retired"],
            "lifetime": [5, 5],
            "declared_footprint": [29, 29],
        }
    )
    measured = reen.measure(fleet, method="declared", as_of=LAST_DAY)
    value = compute("fleet_assessed", footprint=measured)[0]
    assert value.value == 100.0
    assert texts(value.notes) == ("4 items excluded by a rule of the method",)


def test_one_share_per_flow_kind(city: reen.Inventory) -> None:
    """Without the use stage, electricity is excluded as a whole: a reason, not 0 %."""
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    measured = reen.measure(city, method=method, as_of=LAST_DAY)
    found = compute("fleet_assessed", footprint=measured)
    assert [value.subject for value in found] == ["electricity", "item"]
    assert str(found[0].missing) == "excluded by a rule of the method (4,856 items)"
    assert found[1].value is not None


# -- lifetime and age ------------------------------------------------------------------------


def test_mean_lifetime_by_type(city: reen.Inventory) -> None:
    """Laptops: (400 x 5 + 272 x 4) / 672 = 4.5952...; desktops: (1,227 x 5 + 514 x 4) / 1,741.

    All: 21,395 item-years over 4,379 items.
    """
    found = compute("mean_lifetime", inventory=city)
    values = {value.subject: value.value for value in found}
    assert values["laptop"] == pytest.approx(3_088 / 672)
    assert values["desktop"] == pytest.approx(8_191 / 1_741)
    assert values[""] == pytest.approx(21_395 / 4_379)
    assert str(found.get("mean_lifetime").completeness) == (
        "4,379 of 4,856 items of known lifetime; 2 rows of unknown quantity"
    )


def test_a_type_without_lifetime_is_left_out(city: reen.Inventory) -> None:
    found = compute("mean_lifetime", inventory=city)
    assert str(found.get("mean_lifetime", "mobile_phone").missing) == (
        "none of the 257 items has a known lifetime"
    )
    assert str(found.get("mean_lifetime", "server").missing).startswith(
        "the quantity of every row is unknown (2 rows)"
    )


def test_retired_equipment_and_bad_lifetimes_do_not_count() -> None:
    """2 laptops of 4 years and one of 7: 5 years; the retired one (20) and the 0 are not used."""
    fleet = inventory(
        {
            "equipment_type": ["laptop"] * 4,
            "quantity": [2, 1, 1, 1],
            "lifetime": [4, 7, 20, 0],
            "status": ["in_use", "in_stock", "retired", "in_use"],
        }
    )
    whole = compute("mean_lifetime", inventory=fleet).get("mean_lifetime")
    assert whole.value == pytest.approx(5.0)
    assert whole.completeness == Completeness(3.0, 4.0, 3, 0, "of known lifetime")


def test_mean_age() -> None:
    """3 items of 730 days and 1 of 1,461 days on 2022-12-31: 3,651 / 4 / 365.25 = 2.49897 years."""
    fleet = inventory(
        {
            "equipment_type": ["laptop", "laptop", None, "laptop"],
            "quantity": [3, 1, 2, 5],
            "purchase_date": [
                dt.date(2020, 12, 31),
                dt.date(2018, 12, 31),
                None,
                dt.date(2023, 3, 1),
            ],
        }
    )
    found = compute("mean_age", inventory=fleet)
    whole = found.get("mean_age")
    assert whole.value == pytest.approx(3_651 / 4 / 365.25)
    assert whole.completeness is not None
    assert (whole.completeness.known, whole.completeness.total) == (4.0, 11.0)
    assert texts(whole.notes) == ("5 items bought after 31 December 2022 are not counted",)
    assert whole.notes[0].text("fr") == (
        "5 équipements achetés après le 31 décembre 2022 ne sont pas comptés"
    )
    assert str(found.get("mean_age", "unknown").missing) == (
        "none of the 2 items has a known purchase_date"
    )


def test_one_item_bought_later_is_told_in_the_singular() -> None:
    fleet = inventory(
        {
            "equipment_type": ["laptop", "laptop"],
            "quantity": [3, 1],
            "purchase_date": [dt.date(2020, 12, 31), dt.date(2023, 3, 1)],
        }
    )
    (note,) = compute("mean_age", inventory=fleet).get("mean_age").notes
    assert note.text("en") == "1 item bought after 31 December 2022 is not counted"
    assert note.text("fr") == "1 équipement acheté après le 31 décembre 2022 n'est pas compté"


def test_without_purchase_dates_there_is_no_age(city: reen.Inventory) -> None:
    assert str(compute("mean_age", inventory=city)[0].missing) == (
        "the inventory has no column purchase_date"
    )


# -- electricity -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def powered() -> reen.Inventory:
    return inventory(
        {
            "equipment_type": ["laptop", "desktop", "desktop", "router"],
            "quantity": [2, 1, 1, 1],
            "annual_energy": [30, 150, 999, None],
            "usage_share": [0.5, 1, 1, 1],
            "status": ["in_use", "in_use", "retired", "in_use"],
            "country": ["FR"] * 4,
        }
    )


def test_electricity_per_item_from_the_inventory(powered: reen.Inventory) -> None:
    """(2 x 30 + 150) / 3 = 70 kWh; the retired desktop is no longer there."""
    found = compute("electricity_per_item", inventory=powered)
    assert {value.subject: value.value for value in found} == {
        "": pytest.approx(70.0),
        "desktop": pytest.approx(150.0),
        "laptop": pytest.approx(30.0),
        "router": None,
    }
    assert list(found[0].provenance) == ["inventory"]


def test_electricity_per_item_from_a_footprint(powered: reen.Inventory) -> None:
    """The method counts half of each laptop: (2 x 30 x 0.5 + 150) / 3 = 60 kWh."""
    measured = reen.measure(powered, method="base-carbone", by=("equipment_type",), as_of=LAST_DAY)
    found = compute("electricity_per_item", inventory=powered, footprint=measured)
    assert found.get("electricity_per_item").value == pytest.approx(60.0)
    assert found.get("electricity_per_item", "laptop").value == pytest.approx(15.0)
    assert list(found[0].provenance) == ["footprint"]


def test_electricity_by_default_is_said(city: reen.Inventory) -> None:
    table = city.table.append_column("country", pa.array(["FR"] * len(city)))
    fleet = reen.Inventory.from_arrow(table)
    measured = reen.measure(fleet, method="base-carbone", as_of=LAST_DAY)
    whole = compute("electricity_per_item", footprint=measured).get("electricity_per_item")
    assert whole.completeness is not None
    items = whole.completeness.known
    assert texts(whole.notes) == (f"{items:,g} items by the default of their type",)


def test_a_method_without_electricity_leaves_it_to_the_inventory(
    powered: reen.Inventory, footprint: reen.Footprint
) -> None:
    assert compute("electricity_per_item", inventory=powered, footprint=footprint)[0].value == (
        pytest.approx(70.0)
    )
    assert "counts no electricity" in str(
        compute("electricity_per_item", footprint=footprint)[0].missing
    )


# -- purchases and disposals -----------------------------------------------------------------


@pytest.fixture(scope="module")
def purchases() -> reen.types.Purchases:
    days = [dt.date(2022, 1, 1), LAST_DAY, dt.date(2022, 6, 1), dt.date(2022, 6, 2)]
    return reen.types.Purchases.from_arrow(
        pa.table(
            {
                "date": pa.array([*days, dt.date(2023, 1, 1), None], pa.date32()),
                "equipment_type": [
                    "laptop",
                    "laptop",
                    "smartphone",
                    "smartphone",
                    "tablet",
                    "tablet",
                ],
                "quantity": [6.0, 4.0, 5.0, None, 100.0, 100.0],
                "unit_price": [1_000.0, 500.0, 200.0, 200.0, 1.0, 1.0],
                "reconditioned": [False, True, None, True, True, True],
            }
        )
    )


def test_reuse_in_purchases(purchases: reen.types.Purchases) -> None:
    """4 of the 10 laptops known: 40 %; 5 phones say nothing, one row has no quantity."""
    found = compute("reuse_in_purchases", purchases=purchases)
    whole = found.get("reuse_in_purchases")
    assert whole.value == pytest.approx(40.0)
    assert whole.completeness == Completeness(10.0, 15.0, 4, 1, "known to be reused or not")
    assert texts(whole.notes) == ("1 row of purchases without a date may be of any period",)
    assert str(found.get("reuse_in_purchases", "smartphone").missing) == (
        "nothing is known: fill in reconditioned, quantity"
    )


def test_reuse_against_the_legal_share(purchases: reen.types.Purchases) -> None:
    whole = compute("reuse_in_purchases", purchases=purchases).get("reuse_in_purchases")
    assert whole.target is not None
    assert whole.target.text(whole.unit) == "at least 20 % (until 2024-06-30)"
    assert "2020-105" in whole.target.source
    # one row has no quantity, and may outweigh the others
    assert whole.ends == (0.0, 100.0)
    assert whole.meets_target is None


def test_reuse_in_spending(purchases: reen.types.Purchases) -> None:
    """4 x 500 of 6 x 1,000 + 4 x 500: 2,000 / 8,000 = 25 %."""
    whole = compute("reuse_in_spending", purchases=purchases).get("reuse_in_spending")
    assert whole.value == pytest.approx(25.0)
    assert str(whole.completeness) == (
        "8,000 of 9,000 EUR known to be reused or not; 1 row of unknown quantity"
    )


def test_no_purchase_is_no_share(purchases: reen.types.Purchases) -> None:
    found = compute("reuse_in_purchases", purchases=purchases, period=("2019-01-01", "2019-12-31"))
    assert [str(value.missing) for value in found] == ["no row of purchases is dated in 2019"]
    assert found[0].target is None  # the decree is of 2021


def test_reuse_of_disposals() -> None:
    """Sold 3 and given 1, of 8 known (recycled 3, lost 1): 50 %; leased and unknown ones apart."""
    rows = [("sale", 3.0), ("donation", 1.0), ("recycling", 3.0), ("lost", 1.0)]
    rows += [("returned_to_lessor", 50.0), ("unknown", 2.0), ("recycling", None)]
    gone = reen.types.Disposals.from_arrow(
        pa.table(
            {
                "date": pa.array([dt.date(2024, 5, 1)] * len(rows), pa.date32()),
                "destination": [name for name, _ in rows],
                "quantity": pa.array([quantity for _, quantity in rows], pa.float64()),
            }
        )
    )
    whole = compute("reuse_of_disposals", disposals=gone, period=("2024-01-01", "2024-12-31")).get(
        "reuse_of_disposals"
    )
    assert whole.value == pytest.approx(50.0)
    assert whole.completeness == Completeness(8.0, 10.0, 6, 1, "of known destination")
    assert whole.target is not None
    assert (whole.target.value, whole.meets_target) == (35.0, None)  # a row has no quantity


def _gone(*rows: tuple[str | None, str | None, float | None, bool]) -> IndicatorValue:
    """Return the share of reuse of (destination, type, items, dated) in 2024."""
    day = dt.date(2024, 5, 1)
    records = reen.types.Disposals.from_arrow(
        pa.table(
            {
                "date": pa.array([day if dated else None for *_, dated in rows], pa.date32()),
                "destination": pa.array([row[0] for row in rows], pa.string()),
                "equipment_type": pa.array([row[1] for row in rows], pa.string()),
                "quantity": pa.array([row[2] for row in rows], pa.float64()),
            }
        )
    )
    found = compute("reuse_of_disposals", disposals=records, period=("2024-01-01", "2024-12-31"))
    return found.get("reuse_of_disposals", rows[0][1] or "")


SOLD = ("sale", "laptop", 6.0, True)


@pytest.mark.parametrize(
    ("other", "ends", "met"),
    [
        (("recycling", "laptop", 4.0, True), (60.0, 60.0), True),  # 6 of 10, above 35 %
        ((None, "laptop", 4.0, True), (60.0, 100.0), True),  # 6 to 10 of 10
        ((None, "laptop", 24.0, True), (20.0, 100.0), None),  # 6 to 30 of 30
        (("recycling", None, 24.0, True), (20.0, 100.0), None),  # it may be a laptop
        (("recycling", "laptop", 24.0, False), (20.0, 100.0), None),  # it may be of 2024
        (("recycling", "laptop", None, True), (0.0, 100.0), None),  # it may be a thousand
        (("recycling", "monitor", 24.0, True), (100.0, 100.0), True),
    ],
    ids=["known", "few unread", "unread", "untyped", "undated", "no quantity", "another type"],
)
def test_what_is_unread_is_between_the_ends(
    other: tuple[str | None, str | None, float | None, bool],
    ends: tuple[float, float],
    met: bool | None,  # noqa: FBT001 - a verdict
) -> None:
    """Six laptops sold; the verdict holds at both ends, or is unknown."""
    found = _gone(SOLD, other)
    assert found.ends == pytest.approx(ends)
    assert found.meets_target is met
    if ends[0] < ends[1]:
        assert f"(from {ends[0]:.4g} to {ends[1]:.4g})" in str(found)


def test_words_for_failures_that_nobody_understands_do_not_turn_a_verdict_green(
    tmp_path: Path,
) -> None:
    """Three sold and seven "au rebut chez X": 100 % of what is known, and no verdict."""
    path = tmp_path / "sorties.csv"
    path.write_text(
        "Date;Type;Quantité;Destination\n2024-05-01;PC portable;3;vente\n"
        "2024-05-02;PC portable;27;mis au trou\n",
        encoding="utf-8",
    )
    records = reen.read_records(path, kind="disposals")
    found = compute("reuse_of_disposals", disposals=records, period=("2024-01-01", "2024-12-31"))
    whole = found.get("reuse_of_disposals")
    assert str(whole) == "100 % (from 10 to 100)"
    assert whole.meets_target is None
    row = found.to_arrow().to_pylist()[0]
    assert (row["least"], row["most"], row["meets_target"]) == (10.0, 100.0, None)
    assert reen.types.Indicators.from_json(found.to_json()) == found


def test_a_refused_row_leaves_no_verdict(tmp_path: Path) -> None:
    """A line cut short may be anything."""
    path = tmp_path / "sorties.csv"
    path.write_text(
        "Date;Type;Quantité;Destination\n2024-05-01;PC portable;3;vente\n2024-05-02;PC\n",
        encoding="utf-8",
    )
    records = reen.read_records(path, kind="disposals")
    assert str(records.account).endswith("sorties.csv: 2 rows: 1 counted, 1 refused")
    found = compute("reuse_of_disposals", disposals=records, period=("2024-01-01", "2024-12-31"))
    whole = found.get("reuse_of_disposals")
    assert (whole.value, whole.ends, whole.meets_target) == (100.0, (0.0, 100.0), None)
    assert "rows of the disposals were refused or are doubtful" in texts(whole.notes)


# -- all of them -----------------------------------------------------------------------------


BUNDLED = sorted(reen.default_registry().indicators)


def test_the_bundled_indicators() -> None:
    assert {
        "electricity_per_item",
        "fleet_assessed",
        "footprint_per_agent",
        "mean_lifetime",
        "reuse_in_purchases",
    } <= set(BUNDLED)


@pytest.mark.parametrize("name", BUNDLED)
def test_each_says_what_it_is(name: str) -> None:
    indicator = reen.default_registry().indicator(name)
    assert isinstance(indicator, Indicator)
    assert indicator.title_en
    assert indicator.title_fr
    assert indicator.formula
    assert indicator.denominator
    assert 0 <= indicator.axis <= 6
    assert reen.units.parse(indicator.unit)
    assert all(target.source for target in indicator.targets)


@pytest.mark.parametrize("name", BUNDLED)
def test_each_is_left_out_by_name_without_inputs(name: str) -> None:
    assert str(compute(name)[0].missing).startswith("asks for ")


def test_an_empty_fleet_has_no_indicator() -> None:
    fleet = inventory({"equipment_type": [], "quantity": [], "purchase_date": []})
    measured = reen.measure(fleet, method="declared", as_of=LAST_DAY)
    found = reen.indicators(
        inventory=fleet,
        footprint=measured,
        headcount=reen.types.Headcount.of(3, date=LAST_DAY),
        purchases=reen.types.Purchases.from_arrow(pa.table({"date": pa.array([], pa.date32())})),
        disposals=reen.types.Disposals.from_arrow(pa.table({"date": pa.array([], pa.date32())})),
        period=YEAR,
    )
    assert {value.value for value in found} == {None}
    assert sorted({value.indicator for value in found}) == BUNDLED


def test_your_own_target() -> None:
    bundled = type(reen.default_registry().indicator("mean_lifetime"))
    indicator = bundled(targets=(Target(6.0, "our plan, action 12"),))  # type: ignore[call-arg]
    fleet = inventory({"equipment_type": ["laptop"], "lifetime": [5]})
    value = reen.indicators(inventory=fleet, period=YEAR, names=[indicator])[0]
    assert value.meets_target is False
