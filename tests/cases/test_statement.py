"""Statements by hand: one small organisation by the categories of the BEGES and GHG Protocol.

In 2023, in France (electricity 0.058 kgCO2e/kWh in Base Carbone V23.6, element 43273: combustion
0.0394, upstream 0.0137, losses 0.0049, which the source rounds to 0.058):

    20 laptops owned, bought in 2023, 5 years, 30 kWh a year each     156 kg each
    10 laptops leased, since 2022, 5 years, 30 kWh a year each
     5 smartphones of the staff, 3 years, no electricity given         32.8 kg each
    10,000 EUR of software as a service, prices of 2023               0.075 kg/EUR
    100 reams of paper                                                2.4948 kg x 0.919
    110 kg of screens to recycling                                    0.907 kg/kg
"""

from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa
import pytest

import reen
from reen.errors import OptionError
from reen.plugin import Reason
from reen.reasons import sentence_template
from reen.results.statement_schemes import SCHEMES
from reen.types import Statement

DATE = pa.date32()
DAY = "2023-12-31"

KWH = 30 * 30.0
PAPER = 100 * 2.4948 * 0.919


def organisation(*, country: str = "FR") -> reen.Inventory:
    equipment = pa.table(
        {
            "id": ["owned", "leased", "own"],
            "equipment_type": ["laptop", "laptop", "smartphone"],
            "quantity": [20.0, 10.0, 5.0],
            "lifetime": [5.0, 5.0, 3.0],
            "annual_energy": [30.0, 30.0, 0.0],
            "country": [country] * 3,
            "acquisition": ["purchase", "lease", None],
            "ownership": ["corporate", "corporate", "personal"],
            "purchase_date": pa.array(
                [dt.date(2023, 2, 1), dt.date(2022, 2, 1), dt.date(2021, 2, 1)], DATE
            ),
        }
    )
    services = pa.table(
        {
            "service_type": ["saas", "paper"],
            "amount": [10_000.0, None],
            "reams": [None, 100.0],
            "price_year": [2023.0, None],
        }
    )
    disposals = pa.table(
        {
            "date": pa.array([dt.date(2023, 6, 1)], DATE),
            "equipment_type": ["monitor"],
            "weight": [110.0],
            "destination": ["recycling"],
        }
    )
    return reen.Inventory.from_tables(equipment=equipment, services=services, disposals=disposals)


def stated(scheme: str, **options: object) -> Statement:
    return reen.statement(
        organisation(), method="base-carbone", scheme=scheme, as_of=DAY, **options
    )


def values(found: Statement) -> dict[str, float]:
    return {each.code: each.value for each in (*found.lines, *found.outside)}


def parts_of_2023() -> dict[str, float]:
    """Return the parts of the French mix of 2023, as the pack gives them."""
    flows = reen.default_registry().factor_pack("electricity-france").factors
    return {
        flow.id.partition("-")[2]: float(value)
        for flow, value in zip(flows.flows, flows.values[:, 0, 0], strict=True)
        if flow.year == 2023
    }


def test_the_beges_lines() -> None:
    """Owned 20 x 156 / 5 = 624; leased 10 x 156 / 5 = 312; staff 5 x 32.8 / 3 = 54.67."""
    split = parts_of_2023()
    assert split[""] == 0.058
    burnt = (
        KWH
        * 0.058
        * split["combustion"]
        / (split["combustion"] + split["upstream"] + split["losses"])
    )
    found = stated("beges-v5")
    assert values(found) == pytest.approx(
        {
            "2.1": burnt,
            "4.1": KWH * 0.058 - burnt + PAPER,
            "4.2": 624.0,
            "4.3": 110 * 0.907,
            "4.4": 312.0,
            "4.5": 750.0,
            "6.1": 5 * 32.8 / 3,
        },
        rel=1e-12,
    )
    assert found.total == pytest.approx(found.footprint, rel=1e-12)
    assert found.differences == ()
    assert found.complete


def test_the_lines_of_the_ghg_protocol() -> None:
    """What was bought in 2023 whole: 20 x 156 = 3,120 in place of 624; the staff's own outside."""
    found, beges = stated("ghg-protocol"), values(stated("beges-v5"))
    assert values(found) == pytest.approx(
        {
            "2": beges["2.1"],
            "3.1": 750.0 + PAPER,
            "3.2": 3120.0,
            "3.3": KWH * 0.058 - beges["2.1"],
            "3.5": 110 * 0.907,
            "3.8": 312.0,
            "outside": 5 * 32.8 / 3,
        },
        rel=1e-12,
    )
    (difference,) = found.differences
    assert difference.reason.code == "statement_whole_purchases"
    assert difference.value == pytest.approx(3120.0 - 624.0, rel=1e-12)
    everything = sum(values(found).values())
    assert everything - found.footprint == pytest.approx(difference.value, rel=1e-12)


def test_electricity_by_contract() -> None:
    """900 kWh x 0.01 = 9 kg in place of what the mix burns; what comes before it stays."""
    mix, contract = stated("beges-v5"), stated("beges-v5", market={"FR": 0.01})
    assert contract.line("2.1").value == pytest.approx(9.0, rel=1e-12)
    assert contract.line("4.1").value == mix.line("4.1").value
    (difference,) = contract.differences
    assert difference.reason.code == "statement_market_based"
    assert difference.value == pytest.approx(9.0 - mix.line("2.1").value, rel=1e-12)
    assert contract.total - contract.footprint == pytest.approx(difference.value, rel=1e-9)


def test_electricity_that_its_source_does_not_split() -> None:
    """That of Germany stands whole in 2.1, and the line says so."""
    found = reen.statement(
        organisation(country="DE"), method="base-carbone", scheme="beges-v5", as_of=DAY
    )
    assert found.line("4.1").value == pytest.approx(PAPER, rel=1e-12)
    assert [note.code for note in found.line("2.1").notes] == ["statement_not_split"]
    assert found.total == pytest.approx(found.footprint, rel=1e-12)


def test_uncertainty_is_that_of_the_factors() -> None:
    """One factor: its own 50 %, 80 % and 10 %.  Paper states none, and is most of 4.1: none."""
    found = stated("beges-v5")
    shown = {each.code: each.uncertainty for each in found.lines}
    assert shown["4.2"] == pytest.approx(0.50)
    assert shown["4.5"] == pytest.approx(0.80)
    assert shown["4.3"] == pytest.approx(0.10)
    assert shown["2.1"] == pytest.approx(0.10)
    assert shown["4.1"] is None
    assert found.line("4.1").covered < 0.8


def test_two_factors_add_up_as_variances() -> None:
    """624 kg at 50 % and 1,000 EUR x ... : two independent parts a and b: sqrt(a2 + b2)."""
    equipment = pa.table(
        {
            "equipment_type": ["laptop", "monitor"],
            "quantity": [10.0, 10.0],
            "lifetime": [5.0, 5.0],
            "acquisition": ["purchase", "purchase"],
        }
    )
    inventory = reen.Inventory.from_tables(equipment=equipment)
    line = reen.statement(inventory, method="base-carbone", scheme="beges-v5", as_of=DAY).line(
        "4.2"
    )
    laptop, monitor = 10 * 156.0 / 5, 10 * 248.0 / 5
    half = math.hypot(0.5 * laptop, 0.5 * monitor) / (laptop + monitor)
    assert line.uncertainty == pytest.approx(half, rel=1e-9)


def test_what_a_category_is_made_of() -> None:
    parts = {name.code: value for name, value in stated("beges-v5").line("4.1").parts}
    burnt = stated("beges-v5").line("2.1").value
    assert parts == pytest.approx(
        {"part_energy_upstream": KWH * 0.058 - burnt, "part_goods": PAPER}, rel=1e-12
    )
    assert stated("beges-v5").line("4.2").parts == ()


def test_sources_of_a_line_are_its_own() -> None:
    found = stated("beges-v5")
    assert [source.split(",")[2] for source in found.line("4.5").sources] == [" element 43445"]


def test_what_is_missing_stands_where_it_would_be_counted() -> None:
    """A printer leased without lifetime nor element: 4.4; electricity of nowhere: 2.1."""
    equipment = pa.table(
        {
            "equipment_type": ["docking_station", "laptop"],
            "quantity": [3.0, 4.0],
            "lifetime": [5.0, 5.0],
            "acquisition": ["lease", "purchase"],
        }
    )
    services = pa.table({"service_type": ["other", "telecom"], "amount": [10.0, 10.0]})
    inventory = reen.Inventory.from_tables(equipment=equipment, services=services)
    found = reen.statement(inventory, method="base-carbone", scheme="beges-v5", as_of=DAY)
    missing = {
        each.code: {one.reason.code for one in each.missing} for each in found.lines if each.missing
    }
    assert missing["4.4"] == {"no_element"}
    assert missing["4.5"] == {"no_ratio"}
    assert "missing" in missing["2.1"]
    assert not found.complete
    assert found.lower_bound
    assert "at least" in found.sum_in_words()


def test_a_purchase_without_a_date_is_missing_from_capital_goods() -> None:
    equipment = pa.table({"equipment_type": ["laptop"], "quantity": [4.0], "lifetime": [5.0]})
    inventory = reen.Inventory.from_tables(equipment=equipment)
    found = reen.statement(inventory, method="base-carbone", scheme="ghg-protocol", as_of=DAY)
    line = found.line("3.2")
    assert math.isnan(line.value)
    assert [one.reason for one in line.missing] == [Reason("missing", column="purchase_date")]
    assert not found.complete


def test_a_method_that_knows_no_purchases_says_so() -> None:
    found = reen.statement(organisation(), method="ecodiag", scheme="ghg-protocol", as_of=DAY)
    line = found.line("3.2")
    assert math.isnan(line.value)
    assert [note.code for note in line.notes] == ["statement_needs_purchases"]
    assert not found.complete
    everything = sum(value for value in values(found).values() if not math.isnan(value))
    assert everything - found.footprint == pytest.approx(
        sum(each.value for each in found.differences), rel=1e-9
    )


def test_what_is_not_said_is_taken_as_owned_and_told() -> None:
    fleet = [reen.Equipment("laptop", quantity=10, lifetime=5, country="FR")]
    found = reen.statement(fleet, method="base-carbone", scheme="beges-v5", as_of=DAY)
    assert [note.code for note in found.line("4.2").notes] == ["statement_taken_as_owned"]
    assert math.isnan(found.line("4.5").value)
    assert [note.code for note in found.line("4.5").notes] == ["statement_nothing_counted"]


@pytest.mark.slow
def test_a_footprint_that_tells_who_owns_what() -> None:
    footprint = reen.measure(
        organisation(), method="base-carbone", by=reen.types.STATEMENT_BY, as_of=DAY
    )
    assert footprint.statement("beges-v5") == stated("beges-v5")
    written = reen.stored.footprint_from_json(reen.stored.footprint_to_json(footprint))
    assert written.statement("beges-v5") == stated("beges-v5")


def test_a_contract_of_a_place_without_electricity_is_refused() -> None:
    """It would change nothing, and whoever typed it would believe that it did."""
    with pytest.raises(OptionError, match=r"market='ZZ': expected a place .*: FR"):
        stated("beges-v5", market={"ZZ": 0.01})


@pytest.mark.parametrize(
    ("scheme", "market", "match"),
    [
        ("beges-v4", None, "beges-v5, ghg-protocol"),
        ("beges-v5", {"FR": -0.1}, "0 or more"),
        ("beges-v5", {"FR": math.inf}, "0 or more"),
    ],
)
def test_arguments_that_are_none(scheme: str, market: dict[str, float] | None, match: str) -> None:
    with pytest.raises(OptionError, match=match):
        stated(scheme, market=market)


def test_a_footprint_that_does_not_tell_who_owns_what() -> None:
    footprint = reen.measure(organisation(), method="base-carbone", as_of=DAY)
    with pytest.raises(OptionError, match="STATEMENT_BY"):
        footprint.statement("beges-v5")


def test_every_category_has_a_name_in_both_languages() -> None:
    for scheme in SCHEMES.values():
        for each in (*scheme.categories, *scheme.outside):
            assert all(sentence_template(each.title.code, code) for code in ("en", "fr"))
    said = "\n".join(stated("beges-v5").text("fr"))
    assert "immobilisations de biens : 0,624 t\N{NO-BREAK SPACE}CO₂e" in said


def test_as_arrow() -> None:
    rows = stated("beges-v5").to_arrow().to_pylist()
    assert [each["code"] for each in rows] == ["2.1", "4.1", "4.2", "4.3", "4.4", "4.5", "6.1"]
    assert rows[2]["value"] == pytest.approx(624.0)


def test_a_line_names_the_pue_that_nobody_gives() -> None:
    """A server of 1,000 kWh in a room without PUE: 58 kg in 2.1 and 4.1, and what is missing said.

    With a PUE of 1.5 given the same lines make 87 kg, and say nothing of it.
    """
    server = pa.table(
        {
            "equipment_type": ["server"],
            "lifetime": [5.0],
            "annual_energy": [1000.0],
            "country": ["FR"],
            "datacenter_id": ["room"],
            "acquisition": ["purchase"],
        }
    )
    rooms = pa.table({"id": ["room"], "country": ["FR"], "pue": [1.5]})
    for places, use, said in ((None, 58.0, True), (rooms, 87.0, False)):
        inventory = reen.Inventory.from_tables(equipment=server, datacenters=places)
        found = reen.statement(inventory, method="base-carbone", scheme="beges-v5", as_of=DAY)
        lines = [found.line("2.1"), found.line("4.1")]
        assert math.fsum(each.value for each in lines) == pytest.approx(use)
        assert ("PUE" in " ".join(lines[0].remarks("fr"))) is said
        assert ("statement_part_not_counted" in {n.code for n in lines[0].notes}) is said
        assert found.lower_bound is said


def test_electricity_of_what_a_third_party_owns_is_told() -> None:
    """1,000 kWh of a host's server at 0.058, PUE 1.5: 87 kg in 2.1 and 4.1; 200 kg a year in 4.4.

    The line says that they are of services where the host pays for the electricity.
    """
    server = pa.table(
        {
            "equipment_type": ["server"],
            "lifetime": [3.0],
            "annual_energy": [1000.0],
            "country": ["FR"],
            "datacenter_id": ["host"],
            "ownership": ["third_party"],
        }
    )
    places = pa.table({"id": ["host"], "country": ["FR"], "pue": [1.5]})
    inventory = reen.Inventory.from_tables(equipment=server, datacenters=places)
    found = reen.statement(inventory, method="base-carbone", scheme="beges-v5", as_of=DAY)
    assert found.line("2.1").value + found.line("4.1").value == pytest.approx(87.0)
    assert found.line("4.4").value == pytest.approx(200.0)
    assert "statement_electricity_of_others" in {note.code for note in found.line("2.1").notes}
    assert "appartenant à un tiers" in " ".join(found.line("2.1").remarks("fr"))


def test_a_category_that_misses_something_says_at_least() -> None:
    """The making of 10 laptops, 10 x 156 / 5 = 312 kg a year; 2 access points have no element.

    What is missing is of 4.2, whose figure is a bound in words, in the table and on the page; 4.3,
    of which nothing is said to be missing, is none.
    """
    devices = [
        reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR"),
        reen.Equipment("wifi_access_point", quantity=2, lifetime="5 year", country="FR"),
    ]
    found = reen.statement(devices, scheme="beges-v5", method="base-carbone", as_of="2025-12-31")
    made = next(line for line in found.lines if line.code == "4.2")
    assert made.value == pytest.approx(312.0, rel=1e-12)
    assert made.missing
    assert ": >= 0.312 tCO2e" in made.figure()
    assert " : >= 0,312 t\N{NO-BREAK SPACE}CO₂e" in made.figure("fr")
    bounds = {row["code"]: row["lower_bound"] for row in found.to_arrow().to_pylist()}
    assert bounds["4.2"] is True
    (table,) = found.view().breakdowns
    texts = {row.label.split(" ")[0]: row.texts[0] for row in table.rows}
    assert texts["4.2"] == ">= 0.312"
    assert all(text.startswith(">= ") == bounds[code] for code, text in texts.items())


def test_a_contract_for_a_mix_that_is_not_split_says_what_it_stands_for() -> None:
    """900 kWh in Germany x 0.5 = 450 kg: the contract stands for the whole of that mix."""
    found = reen.statement(
        organisation(country="DE"),
        method="base-carbone",
        scheme="beges-v5",
        as_of=DAY,
        market={"DE": 0.5},
    )
    assert found.line("2.1").value == pytest.approx(450.0, rel=1e-12)
    assert [note.code for note in found.line("2.1").notes] == [
        "statement_market_not_split",
        "statement_market",
    ]


@pytest.mark.parametrize(
    ("types", "english", "french"),
    [
        (["laptop"], "0.312 tCO2e", "0,312 t CO₂e"),
        (["laptop", "interactive_display"], "at least 0.312 tCO2e", "au moins 0,312 t CO₂e"),
    ],
)
def test_the_footprint_beside_a_statement_says_what_it_misses(
    types: list[str], english: str, french: str
) -> None:
    """10 laptops of 156 kg over 5 years: 312 kg, and the Base Carbone has no display."""
    fleet = [reen.Equipment(each, quantity=10, lifetime=5, annual_energy=0) for each in types]
    found = reen.statement(
        fleet, method="base-carbone", scheme="ghg-protocol", as_of=DAY, use_stage=False
    )
    assert found.footprint == pytest.approx(312.0, rel=1e-12)
    assert str(found).endswith(f"footprint by the method: {english}")
    with reen.language("fr"):
        said = found.view().headline[-1].replace("\N{NO-BREAK SPACE}", " ")
    assert said == f"empreinte selon la méthode : {french}"
