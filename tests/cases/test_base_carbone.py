"""Base Carbone by hand: 120 laptops at 156 kgCO2e, bought in 2023, and the electricity they use.

The three ways of counting durable goods are those that the administrator of the Base Carbone sums
up (bilans-ges.ademe.fr forum, t=4164 and t=4848).
"""

from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa
import pytest

import reen
from reen.plugin import Match, Reason
from reen.types import CoverageRow

MIX_2022 = 0.052
MIX_2023 = 0.058


def measure(
    *, as_of: str = "2023-12-31", options: dict[str, str] | None = None, **columns: object
) -> reen.Footprint:
    """Return the footprint of one row by base-carbone with some options."""
    method = reen.configure(reen.default_registry().method("base-carbone"), options or {})
    cells = {"equipment_type": "laptop", **columns}
    arrays = {
        name: pa.array([cell.as_py()], cell.type) if isinstance(cell, pa.Scalar) else [cell]
        for name, cell in cells.items()
    }
    inventory = reen.Inventory.from_arrow(pa.table(arrays))
    return reen.measure(inventory, method=method, as_of=as_of)


def laptops(*, as_of: str, amortisation: str, **options: str) -> reen.Footprint:
    """Return 120 laptops bought on 15 March 2023, to be used 5 years, without their electricity."""
    return measure(
        as_of=as_of,
        options={"amortisation": amortisation, "use_stage": "false", **options},
        quantity=120.0,
        lifetime=5.0,
        purchase_date=dt.date(2023, 3, 15),
    )


def embedded(footprint: reen.Footprint) -> float:
    return footprint.stage_totals()[reen.Stage.EMBEDDED]


def only(rows: tuple[CoverageRow, ...], kind: str) -> CoverageRow:
    """Return the one row of a flow kind."""
    (row,) = (row for row in rows if row.kind == kind)
    return row


def said(row: CoverageRow) -> tuple[str, ...]:
    """Return what was assumed, in words."""
    return tuple(map(str, row.assumptions))


# -- embedded --------------------------------------------------------------------------------


def test_purchase_year_counts_all_at_once() -> None:
    """120 x 156 = 18,720 kg in the year of purchase."""
    footprint = laptops(as_of="2023-12-31", amortisation="purchase-year")
    assert float(footprint.total()) == pytest.approx(18_720.0, rel=1e-12)


@pytest.mark.parametrize(
    ("as_of", "reason"),
    [
        ("2022-12-31", "purchased after the reference date"),
        ("2024-01-01", "not bought in 2024"),
        ("2027-12-31", "not bought in 2027"),
    ],
)
def test_purchase_year_counts_nothing_in_the_others(as_of: str, reason: str) -> None:
    """In any other year the laptops are excluded, by that name."""
    footprint = laptops(as_of=as_of, amortisation="purchase-year")
    assert str(only(footprint.coverage.excluded(), "item").reason) == reason


def test_purchase_year_needs_no_lifetime() -> None:
    """A row without lifetime, of a type without default, still counts in the year of purchase."""
    footprint = measure(
        options={"amortisation": "purchase-year", "elements": "kiosk=27002"},
        equipment_type="kiosk",
        purchase_date=dt.date(2023, 1, 1),
    )
    assert embedded(footprint) == pytest.approx(156.0, rel=1e-12)


@pytest.mark.parametrize("year", range(2023, 2028))
def test_accounting_spreads_over_five_years(year: int) -> None:
    """120 x 156 / 5 = 3,744 kg a year, from 2023 to 2027."""
    footprint = laptops(as_of=f"{year}-12-31", amortisation="accounting")
    assert float(footprint.total()) == pytest.approx(3_744.0, rel=1e-12)


def test_accounting_stops_when_the_period_has_elapsed() -> None:
    """In 2028 the 120 laptops are still there and count nothing: reported as fully amortised."""
    footprint = laptops(as_of="2028-06-30", amortisation="accounting")
    row = only(footprint.coverage.excluded(), "item")
    assert (row.quantity, str(row.reason)) == (120.0, "fully amortised, still in the inventory")


def test_accounting_does_not_count_before_the_purchase() -> None:
    """On 1 March 2023 they are not bought yet."""
    footprint = laptops(as_of="2023-03-01", amortisation="accounting")
    assert str(only(footprint.coverage.excluded(), "item").reason) == (
        "purchased after the reference date"
    )


@pytest.mark.parametrize(
    ("as_of", "share"), [("2020-12-31", 1.0), ("2021-12-31", 1.0), ("2022-12-31", 0.5)]
)
def test_accounting_keeps_half_of_a_half_year(as_of: str, share: float) -> None:
    """A period of 2.5 years from 2020: two whole years, half of the third; 156 / 2.5 = 62.4 kg."""
    footprint = measure(
        as_of=as_of,
        options={"amortisation": "accounting"},
        lifetime=2.5,
        purchase_date=dt.date(2020, 5, 1),
    )
    assert embedded(footprint) == pytest.approx(62.4 * share, rel=1e-12)


def test_accounting_of_a_half_period_ends() -> None:
    """The fourth calendar year of a period of 2.5 years counts nothing."""
    footprint = measure(
        as_of="2023-12-31",
        options={"amortisation": "accounting"},
        lifetime=2.5,
        purchase_date=dt.date(2020, 5, 1),
    )
    assert str(only(footprint.coverage.excluded(), "item").reason).startswith("fully amortised")


@pytest.mark.parametrize("amortisation", ["accounting", "purchase-year"])
def test_a_missing_purchase_date_is_left_out(amortisation: str) -> None:
    """Both dated treatments leave the row out by name."""
    footprint = measure(
        options={"amortisation": amortisation},
        lifetime=5.0,
        purchase_date=pa.scalar(None, pa.date32()),
    )
    assert str(only(footprint.coverage.left_out(), "item").reason) == "purchase_date unknown"


def test_physical_needs_no_purchase_date() -> None:
    """156 / 5 = 31.2 kg a year for as long as it is in use."""
    assert embedded(measure(lifetime=5.0)) == pytest.approx(31.2, rel=1e-12)


def test_pro_rata_counts_the_days_of_the_first_year() -> None:
    """From 2 July to 31 December 2022: 183 of 365 days of 156 / 4 = 39 kg."""
    footprint = measure(
        as_of="2022-12-31",
        options={"amortisation": "accounting", "first_year": "pro-rata"},
        lifetime=4.0,
        purchase_date=dt.date(2022, 7, 2),
    )
    assert embedded(footprint) == pytest.approx(39.0 * 183 / 365, rel=1e-12)


def test_pro_rata_counts_the_days_of_the_last_year() -> None:
    """A period of one year from 2 July 2022 ends after 182 of the 365 days of 2023."""
    footprint = measure(
        as_of="2023-12-31",
        options={"amortisation": "accounting", "first_year": "pro-rata"},
        lifetime=1.0,
        purchase_date=dt.date(2022, 7, 2),
    )
    assert embedded(footprint) == pytest.approx(156.0 * 182 / 365, rel=1e-12)


def spread_over_the_years(bought: dt.date, *, lifetime: float, first_year: str) -> float:
    """Return the sum of the yearly figures of one laptop over all years."""
    found = 0.0
    for year in range(bought.year, bought.year + int(lifetime) + 2):
        footprint = measure(
            as_of=f"{year}-12-31",
            options={
                "amortisation": "accounting",
                "first_year": first_year,
                "use_stage": "false",
            },
            lifetime=lifetime,
            purchase_date=bought,
        )
        figure = float(footprint.total())
        found += figure if figure == figure else 0.0  # noqa: PLR0124 - NaN: nothing that year
    return found


@pytest.mark.parametrize("lifetime", [1.0, 2.5, 4.0])
def test_full_years_spread_the_whole(lifetime: float) -> None:
    """Over the years the factor is counted once: 156 kg."""
    found = spread_over_the_years(dt.date(2023, 7, 2), lifetime=lifetime, first_year="full")
    assert found == pytest.approx(156.0, rel=1e-12)


def test_pro_rata_spreads_the_whole() -> None:
    """Over the years the factor is counted once, leap year or not: 156 kg."""
    found = spread_over_the_years(dt.date(2023, 7, 2), lifetime=1.0, first_year="pro-rata")
    assert found == pytest.approx(156.0, rel=1e-12)


def test_lifetime_by_default_is_flagged() -> None:
    """A laptop without lifetime is spread over the 5 years of its type: 31.2 kg, assumed."""
    footprint = measure()
    assert embedded(footprint) == pytest.approx(31.2, rel=1e-12)
    assert said(only(footprint.coverage.assumed(), "item")) == (
        "lifetime: default of the type (equipment-defaults)",
    )


def test_an_invalid_lifetime_takes_no_default() -> None:
    """A lifetime of 0 is wrong, not missing: the row is left out."""
    footprint = measure(lifetime=0.0)
    assert (
        str(only(footprint.coverage.left_out(), "item").reason)
        == "lifetime unreadable or out of range"
    )


def test_a_type_without_default_lifetime_is_left_out() -> None:
    """No pack gives a lifetime for racks."""
    footprint = measure(equipment_type="rack")
    assert str(only(footprint.coverage.left_out(), "item").reason) == (
        "lifetime unknown, and no default for the type either"
    )


def test_a_usage_share_divides() -> None:
    """Half of a laptop that is used for something else too: 15.6 kg."""
    assert embedded(measure(lifetime=5.0, usage_share=0.5)) == pytest.approx(15.6, rel=1e-12)


def test_sub_lines_split_the_total() -> None:
    """Laptop 27002: 124.54 manufacturing and 31.7 distribution, in place of 156."""
    footprint = measure(lifetime=1.0, options={"sub_lines": "true", "use_stage": "false"})
    assert footprint.stage_totals() == {
        reen.Stage.MANUFACTURING: pytest.approx(124.54, rel=1e-12),
        reen.Stage.DISTRIBUTION: pytest.approx(31.7, rel=1e-12),
    }


def test_sub_lines_that_are_not_published_leave_the_total() -> None:
    """Servers have no sub-lines: 600 kg stay in the stage `embedded`."""
    footprint = measure(
        equipment_type="server", lifetime=1.0, options={"sub_lines": "true", "use_stage": "false"}
    )
    assert footprint.stage_totals() == {reen.Stage.EMBEDDED: pytest.approx(600.0, rel=1e-12)}


def test_another_element_for_a_type() -> None:
    """`elements` gives desktops the 296 kg of the performance desktop, 27004."""
    footprint = measure(
        equipment_type="desktop", lifetime=1.0, options={"elements": "desktop=27004"}
    )
    assert embedded(footprint) == pytest.approx(296.0, rel=1e-12)


def test_an_element_for_a_type_that_has_none() -> None:
    """`elements` makes a kiosk countable: 1,322 kg for the advertising screen of 2 m2, 28315."""
    footprint = measure(equipment_type="kiosk", lifetime=1.0, options={"elements": "kiosk=28315"})
    assert embedded(footprint) == pytest.approx(1322.0, rel=1e-12)


@pytest.mark.parametrize(
    ("equipment_type", "kilograms"),
    [
        ("workstation", 296.0),
        ("television", 371.0),
        ("rack", 500.0),
        ("e_reader", 38.3),
        ("game_console", 73.7),
        ("printer", 197.0),
        ("multifunction_printer", 87.9),
        ("monitor", 248.0),
        ("smartphone", 32.8),
    ],
)
def test_default_elements(equipment_type: str, kilograms: float) -> None:
    """The element of each type, in its own words: the laser for a printer, never the inkjet."""
    footprint = measure(equipment_type=equipment_type, lifetime=1.0)
    assert embedded(footprint) == pytest.approx(kilograms, rel=1e-12)


@pytest.mark.parametrize(
    ("equipment_type", "said"),
    [
        (
            "desk_phone",
            Reason("element_archived", element="20614"),
        ),
        (
            "storage",  # 15.5 kg for an array of disks
            Reason("disks_unknown", element="20893", equipment_type="storage"),
        ),
    ],
)
def test_an_element_that_is_not_used_is_named(equipment_type: str, said: Reason) -> None:
    """Left out, with the element and the option that takes it."""
    footprint = measure(equipment_type=equipment_type, lifetime=1.0)
    reason = only(footprint.coverage.left_out(), "item").reason
    assert reason == said
    option = "archived=true" if said.code == "element_archived" else f"elements={equipment_type}="
    assert option in str(reason)


def archived_line(options: dict[str, str] | None = None, **columns: object) -> reen.Footprint:
    """Return the line by archived elements of one item, of which nothing else counts."""
    footprint = measure(options={"archived": "true", **(options or {})}, **columns)
    assert math.isnan(footprint.total().value)
    assert list(footprint.apart) == ["archived_element"]
    return footprint.apart["archived_element"]


def test_an_archived_element_counts_in_a_line_of_its_own_and_flagged() -> None:
    """17 kg for a desk phone, 20614, with its status in the coverage; none in the headline."""
    line = archived_line(equipment_type="desk_phone", lifetime=1.0)
    assert embedded(line) == pytest.approx(17.0, rel=1e-12)
    assert said(only(line.coverage.assumed(), "item")) == (
        "element: an archived element, by option archived",
    )


def test_an_archived_element_that_is_named_counts_there_too() -> None:
    """20875, a colour A3 machine, 883 kg over 5 years: 176.6 kg; without the line it is refused."""
    named = {"elements": "multifunction_printer=20875"}
    line = archived_line(equipment_type="multifunction_printer", lifetime=5.0, options=named)
    assert embedded(line) == pytest.approx(883.0 / 5.0, rel=1e-12)
    footprint = measure(equipment_type="multifunction_printer", lifetime=5.0, options=named)
    (left,) = (row for row in footprint.coverage.left_out() if row.kind == "item")
    assert left.reason == Reason("element_archived", element="20875")


def test_what_is_valid_is_not_counted_twice() -> None:
    """A laptop is in the headline, and excluded from both lines; so is a basic phone (23.4 kg)."""
    asked = {"archived": "true", "proxies": "true"}
    for equipment_type in ("laptop", "mobile_phone"):
        footprint = measure(equipment_type=equipment_type, lifetime=1.0, options=asked)
        assert float(footprint.total()) > 0.0
        assert list(footprint.apart) == ["archived_element", "proxy"]
        for line in footprint.apart.values():
            assert only(line.coverage.excluded(), "item").reason == Reason("counted_as_published")


def test_what_archived_elements_count_is_no_proxy() -> None:
    """A desk phone with its lifetime is in the one line; without, its lifetime is a proxy.

    17 kg / 4 years by the archived element; 17 kg / 5 years where the lifetime is that of a box.
    """
    asked = {"archived": "true", "proxies": "true"}
    known = measure(equipment_type="desk_phone", lifetime=4.0, options=asked).apart
    assert embedded(known["archived_element"]) == pytest.approx(17.0 / 4.0, rel=1e-12)
    assert only(known["proxy"].coverage.excluded(), "item").reason == Reason("counted_as_archived")
    unknown = measure(equipment_type="desk_phone", options=asked).apart
    assert only(unknown["archived_element"].coverage.left_out(), "item").reason.code == "no_default"
    assert embedded(unknown["proxy"]) == pytest.approx(17.0 / 5.0, rel=1e-12)


def test_one_line_alone_is_one_of_the_two() -> None:
    with pytest.raises(reen.errors.OptionError, match="a result is one line"):
        measure(equipment_type="laptop", options={"archived": "only", "proxies": "only"})


def test_a_storage_array_is_counted_by_its_disks() -> None:
    """2 arrays of 24 disks x 144 kg / 6 years = 1,152 kg, by ADEME's digital study, flagged.

    Without a lifetime, the 5 years that the study gives to a disk: 1,382.4 kg.
    """
    array = {"equipment_type": "storage", "quantity": 2.0, "storage_disks": 24.0}
    footprint = measure(**array, lifetime=6.0)
    assert embedded(footprint) == pytest.approx(2 * 24 * 144 / 6, rel=1e-12)
    assert said(only(footprint.coverage.assumed(), "item")) == (
        "element: that of another pack, as Base Carbone has none (ademe-numerique)",
    )
    assert embedded(measure(**array)) == pytest.approx(2 * 24 * 144 / 5, rel=1e-12)


def test_an_array_whose_disks_are_known_is_no_proxy() -> None:
    """Its making is published; its energy is 24 / 12 of that of the proxy, 630.72 kWh.

    1,261.44 kWh x 0.058 kg (2023) = 73.16352 kg.
    """
    footprint = measure(
        equipment_type="storage",
        storage_disks=24.0,
        lifetime=6.0,
        country="FR",
        options={"proxies": "true"},
    )
    line = footprint.apart["proxy"]
    assert only(line.coverage.excluded(), "item").reason == Reason("counted_as_published")
    assert use(line) == pytest.approx(2 * 630.72 * MIX_2023, rel=1e-12)


@pytest.mark.parametrize("disks", [0.0, math.nan])
def test_an_array_without_a_number_of_disks_is_left_out(disks: float) -> None:
    """Zero disks are a mistake, and no array of nothing."""
    footprint = measure(equipment_type="storage", storage_disks=disks, lifetime=6.0)
    assert math.isnan(footprint.total().value)
    assert only(footprint.coverage.left_out(), "item").reason.code in {"invalid", "disks_unknown"}


def test_a_figure_of_whole_arrays_stands_before_the_disks() -> None:
    """Named by the user, 15.5 kg: the number of disks then says nothing."""
    footprint = measure(
        equipment_type="storage",
        storage_disks=24.0,
        lifetime=1.0,
        options={"elements": "storage=20893"},
    )
    assert embedded(footprint) == pytest.approx(15.5, rel=1e-12)


def test_elements_of_an_unknown_type_are_refused() -> None:
    """An error of the option, not of the method: it names the type and the nearest ones."""
    with pytest.raises(reen.errors.OptionError) as caught:
        measure(options={"elements": "laptops=27002"})
    assert str(caught.value) == (
        "base-carbone: option elements='laptops': expected the key of a type of equipment (did you"
        " mean 'laptop'?)."
    )


def test_an_unknown_element_is_refused() -> None:
    """Every laptop would be left out by a mistyped number."""
    with pytest.raises(
        reen.errors.OptionError, match=r"option elements\.laptop='2702': expected the id"
    ):
        measure(options={"elements": "laptop=2702"})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"elements": "laptop=24308"}, "option elements.laptop='24308': expected the id of a flow"),
        ({"mixes": "NC=27002"}, "option mixes.NC='27002': expected the id of a flow per kWh"),
        ({"mixes": "Corse=24308"}, "option mixes='Corse': expected the code of a place"),
    ],
)
def test_an_element_of_another_unit_or_place_is_refused(options: dict[str, str], said: str) -> None:
    """A kWh is no laptop, a laptop no kWh, and a name no code."""
    with pytest.raises(reen.errors.OptionError) as caught:
        measure(options=options)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"amortisation": "linear"}, "expected one of physical, accounting, purchase-year"),
        ({"use_stage": "maybe"}, "option use_stage='maybe': expected true or false"),
        ({"amortization": "physical"}, "expected 'amortisation'?"),
        ({"elements": "laptop"}, "name=value pairs separated by commas"),
    ],
)
def test_wrong_options_say_what_is_accepted(options: dict[str, str], message: str) -> None:
    """An `OptionError` names the method, the option, the value and what would fit."""
    with pytest.raises(reen.errors.OptionError) as caught:
        measure(options=options)
    assert message in str(caught.value)


# -- use -------------------------------------------------------------------------------------


def use(footprint: reen.Footprint) -> float:
    return footprint.stage_totals()[reen.Stage.USE]


def test_declared_energy() -> None:
    """58 kWh x 0.052 kgCO2e/kWh in France in 2022 = 3.016 kg."""
    footprint = measure(as_of="2022-12-31", annual_energy=58.0, country="FR")
    assert use(footprint) == pytest.approx(3.016, rel=1e-12)


def test_declared_energy_of_another_year() -> None:
    """The factor of 2023 is 0.058: 3.364 kg."""
    footprint = measure(as_of="2023-12-31", annual_energy=58.0, country="FR")
    assert use(footprint) == pytest.approx(58.0 * MIX_2023, rel=1e-12)


def test_energy_by_default_is_flagged() -> None:
    """29.0175 kWh for a laptop x 0.052 = 1.50891 kg, matched by type, assumed."""
    footprint = measure(as_of="2022-12-31", country="FR")
    assert use(footprint) == pytest.approx(29.0175 * MIX_2022, rel=1e-12)
    row = only(footprint.coverage.assumed(), "electricity")
    assert row.match is Match.TYPE
    assert said(row) == ("annual_energy: default of the type (equipment-defaults)",)


def test_no_energy_anywhere_is_left_out() -> None:
    """Mobile phones have no published default."""
    footprint = measure(equipment_type="mobile_phone", country="FR")
    assert str(only(footprint.coverage.left_out(), "electricity").reason) == (
        "annual_energy unknown, and no default for the type either"
    )


def test_an_invalid_energy_takes_no_default() -> None:
    """-5 kWh is wrong, not missing."""
    footprint = measure(annual_energy=-5.0, country="FR")
    assert (
        str(only(footprint.coverage.left_out(), "electricity").reason)
        == "annual_energy unreadable or out of range"
    )


def test_no_country_is_assumed() -> None:
    """Energy without a place is left out."""
    footprint = measure(annual_energy=58.0)
    assert str(only(footprint.coverage.left_out(), "electricity").reason) == "country unknown"


def test_a_year_outside_the_series_is_left_out() -> None:
    """In 2030 no factor of France is known yet; the message gives the series."""
    footprint = measure(as_of="2030-12-31", annual_energy=58.0, country="FR")
    assert str(only(footprint.coverage.left_out(), "electricity").reason) == (
        "no electricity factor of FR for 2030 (series 2008 to 2025)"
    )


def test_the_nearest_year_is_flagged() -> None:
    """With `electricity_year=nearest` 2030 takes the factor of 2025, 0.0461: 2.6738 kg, assumed."""
    footprint = measure(
        as_of="2030-12-31",
        annual_energy=58.0,
        country="FR",
        options={"electricity_year": "nearest"},
    )
    assert use(footprint) == pytest.approx(58.0 * 0.0461, rel=1e-12)
    assert said(only(footprint.coverage.assumed(), "electricity")) == (
        "electricity: nearest year to 2030",
    )


def test_overseas_has_a_mix_of_its_own() -> None:
    """La Réunion is not continental France: element 24303, 58 x 0.78 = 45.24 kg."""
    footprint = measure(as_of="2022-12-31", annual_energy=58.0, country="La Réunion")
    assert use(footprint) == pytest.approx(45.24, rel=1e-12)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            "NC",
            "electricity element of NC, 15496, is archived (archived=true counts it in a line",
        ),
        (
            "PF",
            "PF for 2022; option mixes takes an element that Base Carbone has (34916, 34917)",
        ),
    ],
)
def test_a_territory_without_an_element_of_its_own_names_what_there_is(
    place: str, said: str
) -> None:
    """Left out under its own code, never filled from another series."""
    footprint = measure(as_of="2022-12-31", annual_energy=58.0, country=place)
    assert said in str(only(footprint.coverage.left_out(), "electricity").reason)


@pytest.mark.parametrize("options", [{}, {"mixes": "NC=15496"}])
def test_the_electricity_of_new_caledonia_is_in_the_line_of_archived_elements(
    options: dict[str, str],
) -> None:
    """58 kWh x 0.822 kg, by 15496; the laptop itself is in the headline, valid as it is."""
    asked = {"archived": "true", **options}
    footprint = measure(
        as_of="2022-12-31", annual_energy=58.0, country="NC", lifetime=4.0, options=asked
    )
    assert embedded(footprint) == pytest.approx(156.0 / 4.0)
    assert math.isnan(use(footprint))
    line = footprint.apart["archived_element"]
    assert use(line) == pytest.approx(58 * 0.822, rel=1e-12)
    assert str(only(line.coverage.assumed(), "electricity").assumptions[0]).startswith(
        "electricity: an archived element, by option archived"
    )
    assert only(line.coverage.excluded(), "item").reason == Reason("counted_as_published")


@pytest.mark.parametrize(
    ("mixes", "country", "kilograms", "said"),
    [
        ("PF=34916", "PF", 58 * 0.543, "an element named by option mixes"),
        ("FR=24308", "FR", 58 * 0.594, "an element named by option mixes"),
        ("FR=26765", "FR", 58 * 0.0571, "an element named by option mixes"),
    ],
)
def test_an_element_for_the_electricity_of_a_place(
    mixes: str, country: str, kilograms: float, said: str
) -> None:
    """Tahiti for Polynesia, Corsica for a row of FR, another year of the series."""
    footprint = measure(
        as_of="2022-12-31", annual_energy=58.0, country=country, options={"mixes": mixes}
    )
    assert use(footprint) == pytest.approx(kilograms, rel=1e-12)
    (assumption,) = only(footprint.coverage.assumed(), "electricity").assumptions
    assert str(assumption).startswith(f"electricity: {said}")


def test_the_use_stage_can_be_left_out() -> None:
    """Accounts that hold this electricity elsewhere exclude it by name."""
    footprint = measure(annual_energy=58.0, country="FR", options={"use_stage": "false"})
    assert str(only(footprint.coverage.excluded(), "electricity").reason) == (
        "not counted: option use_stage=false"
    )


def test_megawatt_hours_are_converted() -> None:
    """0.058 MWh/item/year, as the column's metadata say, is 58 kWh: 3.016 kg in 2022."""
    schema = pa.schema(
        [
            pa.field("equipment_type", pa.string()),
            pa.field("country", pa.string()),
            pa.field("annual_energy", pa.float64(), metadata={"unit": "MWh/item/year"}),
        ]
    )
    inventory = reen.Inventory.from_arrow(pa.table([["laptop"], ["FR"], [0.058]], schema=schema))
    footprint = reen.measure(inventory, method="base-carbone", as_of="2022-12-31")
    assert use(footprint) == pytest.approx(3.016, rel=1e-12)


def test_equipment_in_code() -> None:
    """Three laptops kept 60 months, described in code: 3 x 156 / 5 = 93.6 kg."""
    equipment = reen.Equipment("PC portable", quantity=3, lifetime="60 month")
    footprint = reen.measure(equipment, method="base-carbone", as_of="2022-12-31")
    assert embedded(footprint) == pytest.approx(93.6, rel=1e-12)
