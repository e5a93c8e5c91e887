"""Services by hand: what has no device, by the monetary ratios, the paper and the waste of ADEME.

Ratios of Base Carbone V23.6, kgCO2e per thousand euros without tax, in prices of 2023: programming,
consulting and information services 75 (element 43445), telecommunications 136 (43510), repair of
computers 158 (43500), publishing 96 (43345), computer and electronic products 216 (43420).
"""

from __future__ import annotations

import datetime as dt
import pickle

import pyarrow as pa
import pytest

import reen
from reen.errors import EmptyInventoryError, UnknownNameError
from reen.plugin import FactorPack, Reason
from reen.types import CoverageRow

DATE = pa.date32()


def services(**columns: object) -> reen.Inventory:
    """Return one service."""
    return reen.Inventory.from_tables(services=table(**columns))


def table(**columns: object) -> pa.Table:
    return pa.table({name: [value] for name, value in columns.items()})


def measured(
    inventory: reen.Inventory, *, as_of: str = "2023-12-31", method: str = "spend", **options: str
) -> reen.Footprint:
    chosen = reen.configure(reen.default_registry().method(method), options)
    return reen.measure(inventory, method=chosen, as_of=as_of)


def row(footprint: reen.Footprint, kind: str = "service") -> CoverageRow:
    """Return the one row of a kind of flow."""
    (found,) = (each for each in footprint.coverage if each.kind == kind)
    return found


def codes(footprint: reen.Footprint, kind: str = "service") -> set[str]:
    return {each.code for each in row(footprint, kind).assumptions}


# -- spending --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service_type", "kilograms"),
    [
        ("saas", 750.0),
        ("it_services", 750.0),
        ("hosting", 750.0),
        ("software_licence", 960.0),
        ("telecom", 1360.0),
        ("telephone_line", 1360.0),
        ("maintenance", 1580.0),
        ("small_equipment", 2160.0),
    ],
)
def test_ten_thousand_euros_of_2023(service_type: str, kilograms: float) -> None:
    """10,000 EUR without tax x the ratio of the division, in prices of 2023."""
    found = measured(services(service_type=service_type, amount=10_000.0, price_year=2023.0))
    assert found.total().value == pytest.approx(kilograms, rel=1e-12)
    assert codes(found) == {"taken_as"}  # it has no date, and is taken as of the year


def test_with_tax() -> None:
    """14,400 EUR with tax at the normal rate of 20 % are 12,000; x 0.136 = 1,632 kg."""
    found = measured(services(service_type="telecom", amount_with_tax=14_400.0, price_year=2023.0))
    assert found.total().value == pytest.approx(1632.0, rel=1e-12)
    assert "normal_tax_rate" in codes(found)


def test_with_tax_at_a_rate_of_its_own() -> None:
    """1,055 EUR with tax at 5.5 % are 1,000; x 0.075 = 75 kg; nothing is assumed of the rate."""
    given = table(service_type="saas", amount_with_tax=1055.0, tax_rate=5.5, price_year=2023.0)
    found = measured(reen.Inventory.from_tables(services=given))
    assert found.total().value == pytest.approx(75.0, rel=1e-12)
    assert "default_of_method" not in codes(found)


def test_an_amount_that_says_neither_with_nor_without_tax() -> None:
    """1,000 EUR are taken as without tax, which weighs more, and said: 75 kg."""
    found = measured(services(service_type="saas", amount_as_written=1000.0, price_year=2023.0))
    assert found.total().value == pytest.approx(75.0, rel=1e-12)
    assert "tax_not_stated" in codes(found)


@pytest.mark.parametrize(
    ("price_year", "kilograms", "flagged"),
    [(2018.0, 125.0, True), (2019.0, 125.0, False), (2022.0, 140.0, False), (2025.0, 136.0, True)],
)
def test_prices_of_another_year(price_year: float, kilograms: float, *, flagged: bool) -> None:
    """1,000 EUR of telecommunications: 125 kg in prices of 2019, 140 of 2022, 136 of 2023.

    No index is applied: prices of 2018 take the ratio of 2019, those of 2025 that of 2023, and the
    page says so.
    """
    found = measured(services(service_type="telecom", amount=1000.0, price_year=price_year))
    assert found.total().value == pytest.approx(kilograms, rel=1e-12)
    assert ("other_price_year" in codes(found)) == flagged


def test_a_price_without_a_year_is_of_the_reference_year() -> None:
    found = measured(services(service_type="telecom", amount=1000.0), as_of="2022-12-31")
    assert found.total().value == pytest.approx(140.0, rel=1e-12)
    assert {"price_year_taken"} <= codes(found)


def test_what_is_dated_of_another_year_is_not_of_this_one() -> None:
    given = pa.table(
        {
            "service_type": ["saas", "saas"],
            "amount": [1000.0, 4000.0],
            "price_year": [2023.0, 2023.0],
            "date": pa.array([dt.date(2023, 6, 30), dt.date(2022, 6, 30)], DATE),
        }
    )
    found = measured(reen.Inventory.from_tables(services=given))
    assert found.total().value == pytest.approx(75.0, rel=1e-12)
    (excluded,) = found.coverage.excluded()
    assert excluded.reason == Reason("not_of_year", year=2023)


# -- what has no figure ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"service_type": "other", "amount": 1000.0}, "no_ratio"),
        ({"service_type": "unknown", "amount": 1000.0}, "service_type_unknown"),
        ({"service_type": "saas", "reams": 3.0}, "missing"),
        ({"service_type": "saas", "amount": -3.0}, "invalid"),
        ({"service_type": "telephone_line", "lines": 120.0}, "no_figure_per_line"),
        ({"service_type": "mobile_network", "data_volume": 500.0}, "networks_by_option"),
    ],
)
def test_it_is_left_out_by_name(columns: dict[str, object], code: str) -> None:
    found = measured(services(**columns))
    assert not found.total().complete
    reason = row(found).reason
    assert reason is not None
    assert reason.code == code


GB_OF_NETWORK = {
    "flow": "mobile-network-fr",
    "name": "Mobile network",
    "reference_unit": "GB",
    "stage": "unspecified",
    "criterion": "climate_change",
    "value": "0.025",
    "unit": "kgCO2e/GB",
    "source": "an invented figure",
    "source_year": "2024",
}


def test_networks_by_option() -> None:
    """500 GB x an invented 0.025 kg/GB of the user's pack = 12.5 kg, flagged with its origin."""
    pack = FactorPack.from_rows(
        name="networks",
        version="1",
        title="Networks",
        publisher="somebody",
        licence="CC0-1.0",
        source="invented",
        factors=[GB_OF_NETWORK],
    )
    given = services(service_type="mobile_network", data_volume=500.0)
    method = reen.configure(reen.default_registry().method("spend"), {"networks": "negaoctet"})
    found = reen.measure(given, method=method, factors=pack, as_of="2023-12-31")
    assert found.total().value == pytest.approx(12.5, rel=1e-12)
    assert "networks_origin" in codes(found)
    without = reen.measure(given, method=method, as_of="2023-12-31")
    assert row(without).reason == Reason("no_factor", packs="base-carbone-services, weee-weights")


# -- paper -----------------------------------------------------------------------------------------


def test_reams() -> None:
    """400 reams x 500 sheets x 0.210 x 0.297 m2 x 0.080 kg/m2 = 997.92 kg; x 0.919 = 917.09 kg."""
    found = measured(services(service_type="paper", reams=400.0))
    assert found.total().value == pytest.approx(400 * 2.4948 * 0.919, rel=1e-12)
    assert "ream_mass" in codes(found)


def test_a_ream_is_the_published_one() -> None:
    """ADEME prints 2.29 kg for the same ream (element 24295): ours is within 0.2 %."""
    found = measured(services(service_type="paper", reams=1.0))
    assert found.total().value == pytest.approx(2.29, rel=2e-3)


def test_paper_by_mass_and_by_price() -> None:
    """1,000 kg x 0.919 = 919 kg; 1,000 EUR of paper in prices of 2023 x 0.357 = 357 kg."""
    by_mass = measured(services(service_type="paper", paper_weight=1000.0))
    assert by_mass.total().value == pytest.approx(919.0, rel=1e-12)
    by_price = measured(services(service_type="paper", amount=1000.0, price_year=2023.0))
    assert by_price.total().value == pytest.approx(357.0, rel=1e-12)


# -- waste -----------------------------------------------------------------------------------------


def disposals(**columns: object) -> reen.Inventory:
    given = {"date": pa.array([dt.date(2023, 5, 2)], DATE), "destination": ["recycling"]}
    given |= {name: pa.array([value]) for name, value in columns.items()}
    fleet = pa.table({"equipment_type": ["monitor"], "quantity": [0.0]})
    return reen.Inventory.from_tables(equipment=fleet, disposals=pa.table(given))


def waste(inventory: reen.Inventory, as_of: str = "2023-12-31") -> reen.Footprint:
    return measured(inventory, as_of=as_of, method="base-carbone")


@pytest.mark.parametrize(
    ("destination", "code"), [("discarded", "waste_thrown_away"), ("lost", "waste_lost")]
)
def test_waste_that_nobody_treated_is_left_out_by_name(destination: str, code: str) -> None:
    """The figures are those of the treatment of waste equipment: none for what had none."""
    given = disposals(equipment_type="monitor", weight=110.0)
    table = given.linked["disposals"]
    place = table.column_names.index("destination")
    there = table.set_column(place, "destination", pa.array([destination]))
    found = waste(reen.Inventory.from_tables(equipment=given.table, disposals=there))
    left = [row for row in found.coverage.left_out() if row.kind == "waste"]
    assert [(row.reason.code, row.rows) for row in left if row.reason] == [(code, 1)]


@pytest.mark.parametrize(
    ("columns", "kilograms", "assumed"),
    [
        # 110 kg of flat screens x 0.907
        ({"equipment_type": "monitor", "weight": 110.0}, 99.77, set()),
        # 20 screens x 5.5 kg x 0.907
        ({"equipment_type": "monitor", "quantity": 20.0}, 99.77, {"default_of_type"}),
        # 100 desktops x 8.77 kg x 0.802, the stream of small appliances
        ({"equipment_type": "desktop", "quantity": 100.0}, 703.354, {"default_of_type"}),
        # 250 kg of who knows what x 0.802
        ({"weight": 250.0}, 200.5, {"waste_stream_unknown"}),
    ],
)
def test_waste_equipment(columns: dict[str, object], kilograms: float, assumed: set[str]) -> None:
    found = waste(disposals(**columns))
    assert found.stage_totals()[reen.Stage.END_OF_LIFE] == pytest.approx(kilograms, rel=1e-12)
    assert codes(found, "waste") == assumed


def test_waste_without_a_mass_is_left_out() -> None:
    found = waste(disposals(equipment_type="switch", quantity=5.0))
    assert row(found, "waste").reason == Reason("no_default", parameter="weight")


@pytest.mark.parametrize(
    ("destination", "status"),
    [
        ("donation", "excluded"),
        ("refurbisher", "excluded"),
        ("unknown", "left out"),
        (None, "left out"),
    ],
)
def test_what_is_used_again_is_no_waste(destination: str | None, status: str) -> None:
    inventory = disposals(
        equipment_type="monitor", weight=110.0, destination=destination or "unknown"
    )
    assert row(waste(inventory), "waste").status.label == status


def test_waste_of_another_year() -> None:
    found = waste(disposals(equipment_type="monitor", weight=110.0), as_of="2024-12-31")
    assert row(found, "waste").reason == Reason("not_of_year", year=2024)


END_OF_LIFE = [
    {
        "flow": "screen",
        "name": "Screen",
        "reference_unit": "item",
        "equipment_type": "monitor",
        "stage": stage,
        "criterion": "climate_change",
        "value": value,
        "unit": "kgCO2e/item",
        "source": "an invented figure",
        "source_year": "2024",
    }
    for stage, value in (("manufacturing", "60"), ("end_of_life", "6"))
]


def test_waste_is_not_counted_twice() -> None:
    """Items whose figure holds their end of life, spread over it, are no waste on top of it."""
    pack = FactorPack.from_rows(
        name="screens",
        version="1",
        title="Screens",
        publisher="somebody",
        licence="CC0-1.0",
        source="invented",
        factors=END_OF_LIFE,
    )
    inventory = disposals(equipment_type="monitor", weight=110.0)
    found = reen.measure(inventory, method="base-carbone", factors=pack, as_of="2023-12-31")
    assert row(found, "waste").reason == Reason("in_item_end_of_life")


# -- methods and boundaries ------------------------------------------------------------------------

FLEET = pa.table({"equipment_type": ["laptop"], "quantity": [10.0], "lifetime": [5.0]})
SAAS = pa.table({"service_type": ["saas"], "amount": [10_000.0], "price_year": [2023.0]})


def whole() -> reen.Inventory:
    return reen.Inventory.from_tables(equipment=FLEET, services=SAAS)


def test_base_carbone_counts_services_unless_told_not_to() -> None:
    """10 laptops x 156 kg / 5 years = 312 kg; 10,000 EUR x 0.075 = 750 kg."""
    off = {"use_stage": "false"}
    assert measured(whole(), method="base-carbone", **off).total().value == pytest.approx(1062.0)
    found = measured(whole(), method="base-carbone", services="false", **off)
    assert found.total().value == pytest.approx(312.0)
    assert row(found).reason == Reason("option", option="services", value="false")


def test_spend_counts_that_table_alone() -> None:
    found = measured(whole())
    assert found.total().value == pytest.approx(750.0, rel=1e-12)
    assert {each.table: each.counted for each in found.boundary} == {
        "equipment": False,
        "services": True,
    }
    assert found.total().complete


def test_a_method_that_knows_no_services_says_so() -> None:
    found = measured(whole(), method="ecodiag")
    boundary = {each.table: (each.counted, each.rows) for each in found.boundary}
    assert boundary == {"equipment": (True, 1), "services": (False, 1)}
    assert "does not count services, 1 rows" in str(found)


def test_nothing_that_the_method_counts() -> None:
    with pytest.raises(EmptyInventoryError, match="counts services"):
        measured(reen.Inventory.from_tables(equipment=FLEET))
    with pytest.raises(EmptyInventoryError, match="no equipment"):
        measured(reen.Inventory.from_tables(services=SAAS), method="ecodiag")


def test_explained_traced_and_compared() -> None:
    """One row, one figure: what explains it, what traces it and what compares it agree."""
    inventory = reen.Inventory.from_tables(
        equipment=FLEET, services=SAAS.append_column("id", pa.array(["F-1"]))
    )
    text = str(reen.explain(inventory, row="F-1", method="spend", as_of="2023-12-31"))
    assert "10,000 EUR (amount) / 1 year (year) = 10,000 EUR/year" in text
    assert "element 43445" in text
    with pytest.raises(UnknownNameError):
        reen.explain(inventory, row="F-2", method="spend", as_of="2023-12-31")
    rows = reen.trace(inventory, method="base-carbone", as_of="2023-12-31").read_all().to_pylist()
    by_kind = {each["kind"]: each for each in rows}
    assert by_kind["service"]["amount_unit"] == "EUR/year"
    assert by_kind["service"]["climate_change.unspecified"] == pytest.approx(750.0)
    both = reen.compare(inventory, methods=["base-carbone", "spend"], as_of="2023-12-31")
    totals = {name: each.total().value for name, each in both.footprints.items()}
    gap = sum(each.value for each in both.gaps["base-carbone", "spend"])
    assert totals["spend"] == pytest.approx(750.0)
    assert gap == pytest.approx(totals["spend"] - totals["base-carbone"], rel=1e-9)


def test_grouped_by_type_with_the_equipment() -> None:
    found = reen.measure(whole(), method="base-carbone", by="equipment_type", as_of="2023-12-31")
    assert found.groups["equipment_type"].to_pylist() == ["laptop", "saas"]


def test_a_prepared_method_travels() -> None:
    prepared = reen.prepare("spend", as_of="2023-12-31")
    ready = pickle.loads(pickle.dumps(prepared))  # noqa: S301 - our own bytes
    assert ready.measure(whole()).total().value == pytest.approx(750.0)


def test_written_and_read_back() -> None:
    found = measured(whole(), method="base-carbone")
    assert reen.stored.footprint_from_json(reen.stored.footprint_to_json(found)) == found


def test_folds_add_up() -> None:
    """Two inventories, measured apart and together: the same figures and the same boundary."""
    one, other = whole(), reen.Inventory.from_tables(services=SAAS)
    together = measured(one + other, method="base-carbone")
    apart = measured(one, method="base-carbone") + measured(other, method="base-carbone")
    assert together.total().value == pytest.approx(apart.total().value, rel=1e-12)
    assert together.boundary == apart.boundary


def test_services_beside_a_line_by_proxy() -> None:
    """Ten laptops of 156 kg over 5 years, 312; 1,000 EUR at 0.075, 75; a screen by proxy apart."""
    equipment = pa.table(
        {
            "equipment_type": ["laptop", "interactive_display"],
            "quantity": [10.0, 1.0],
            "lifetime": [5.0, 5.0],
            "annual_energy": [0.0, 0.0],
            "country": ["FR", "FR"],
        }
    )
    services = pa.table({"service_type": ["saas"], "amount": [1000.0], "price_year": [2023.0]})
    method = reen.configure(reen.default_registry().method("base-carbone"), {"proxies": "true"})
    both = reen.Inventory.from_tables(equipment=equipment, services=services)
    found = reen.measure(both, method=method, as_of="2023-12-31")
    assert found.total().value == pytest.approx(312.0 + 75.0)
    (line,) = found.apart.values()
    assert line.total().value > 0.0
    alone = reen.Inventory.from_tables(services=services)
    found = reen.measure(alone, method=method, as_of="2023-12-31")
    assert found.total().value == pytest.approx(75.0)
    assert not found.apart


def test_an_amount_that_no_line_has_is_left_out_by_name() -> None:
    """1,000,000,000,000,000 EUR is a slip: the other line counts, 1,000 x 0.075 = 75 kg."""
    text = (
        "Type de service;Montant HT;Date\nSaaS;1000000000000000;01/02/2023\nSaaS;1000;01/02/2023\n"
    )
    inventory = reen.read(text.encode(), name="prestations.csv")
    found = reen.measure(inventory, method="spend", as_of="2023-12-31")
    assert found.total().value == pytest.approx(75.0)
    assert found.total().lower_bound


def test_the_rows_behind_a_figure_name_the_kind_of_service() -> None:
    """As the groups of the footprint do; a page writes its title."""
    rows = reen.trace(whole(), method="base-carbone", as_of="2023-12-31").read_all()
    kinds = dict(zip(rows["kind"].to_pylist(), rows["equipment_type"].to_pylist(), strict=True))
    assert kinds["service"] == "saas"
    assert kinds["item"] == "laptop"
