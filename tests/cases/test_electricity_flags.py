"""The electricity factor that is not the plain answer is flagged: another series, year, or none.

One laptop of 100 kWh a year, in each method that reads the packs of electricity.
"""

from __future__ import annotations

import math

import pyarrow as pa
import pytest

import reen
from reen.plugin import FactorPack
from reen.plugin.arrays import Status

METHODS = {
    "base-carbone": {},
    "ecodiag": {"electricity": "packs"},
    "numecoeval": {},
}


def mixes(*places: tuple[str, str, float], name: str = "mine") -> FactorPack:
    """Return a pack of mixes: place, year or nothing, kgCO2e/kWh."""
    return FactorPack.from_rows(
        name=name,
        version="1",
        title="Invented mixes",
        publisher="the test",
        licence="none",
        source="INVENTED",
        factors=[
            {
                "flow": "electricity",
                "reference_unit": "kWh",
                "geography": place,
                "year": year,
                "stage": "use",
                "criterion": "climate_change",
                "value": str(value),
                "unit": "kgCO2e/kWh",
                "source": "INVENTED",
            }
            for place, year, value in places
        ],
    )


def measure(
    method: str, year: int, *packs: FactorPack, country: str = "FR", **options: str
) -> reen.Footprint:
    laptop = reen.Equipment("laptop", country=country, annual_energy=100, lifetime=4)
    return reen.measure(
        laptop,
        method=reen.configure(
            reen.default_registry().method(method), {**METHODS[method], **options}
        ),
        factors=packs,
        as_of=f"{year}-12-31",
    )


def flags(footprint: reen.Footprint) -> list[str]:
    return sorted(
        str(each)
        for row in footprint.coverage
        if row.kind == "electricity"
        for each in row.assumptions
        if each.parameter == "electricity"
    )


def use(footprint: reen.Footprint) -> float:
    return footprint.stage_totals()[reen.Stage.USE]


def has_use(footprint: reen.Footprint) -> bool:
    """Tell whether anything of the electricity was measured."""
    return not math.isnan(use(footprint))


@pytest.mark.parametrize("method", METHODS)
def test_the_plain_answer_has_no_flag(method: str) -> None:
    """France 2022 is in ADEME's series, Germany 2022 in the only one that has it."""
    assert flags(measure(method, 2022)) == flags(measure(method, 2022, country="DE")) == []


@pytest.mark.parametrize("method", METHODS)
def test_another_series_is_flagged(method: str) -> None:
    """A given pack begins in 2020: 2019 is that of the next, 100 x 0.3 = 30 kg."""
    first, second = mixes(("FR", "2020", 0.1)), mixes(("FR", "2019", 0.3), name="theirs")
    footprint = measure(method, 2019, first, second)
    assert use(footprint) == pytest.approx(30.0, rel=1e-9)
    assert flags(footprint) == ["electricity: another series, mine having none for 2019 (theirs)"]


@pytest.mark.parametrize("method", METHODS)
def test_france_since_2008_is_the_series_of_its_agency(method: str) -> None:
    """2008: 100 x 0.0785 kg; 2007 has none, though the world series is closer than nothing."""
    assert use(measure(method, 2008)) == pytest.approx(7.85, rel=1e-9)
    assert flags(measure(method, 2008)) == []
    assert not has_use(measure(method, 2007))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("year", "options", "kilograms", "said"),
    [
        (2025, {}, 4.61, []),
        (2026, {}, 4.61, ["2025, the last published year, provisional for 2026"]),
        (2027, {}, 4.61, ["2025, the last published year, provisional for 2027"]),
        (2028, {}, None, []),
        (2026, {"electricity_year": "exact"}, None, []),
        (2028, {"electricity_year": "nearest"}, 4.61, ["nearest year to 2028"]),
        (2007, {"electricity_year": "nearest"}, 7.85, ["nearest year to 2007"]),
        (
            2026,
            {"electricity_year": "2024"},
            5.19,
            ["of 2024 for 2026, by option electricity_year"],
        ),
        (2024, {"electricity_year": "2024"}, 5.19, []),
        (2026, {"electricity_year": "1990"}, None, []),
    ],
)
def test_the_year_of_the_electricity_is_an_option(
    method: str, year: int, options: dict[str, str], kilograms: float | None, said: list[str]
) -> None:
    """France ends in 2025 (0.0461): that serves two years, flagged; any other year by option."""
    footprint = measure(method, year, **options)
    if kilograms is None:
        assert not has_use(footprint)
    else:
        assert use(footprint) == pytest.approx(kilograms, rel=1e-9)
    assert [
        each.removeprefix("electricity: ").partition(" (elec")[0] for each in flags(footprint)
    ] == (said)


@pytest.mark.parametrize("method", METHODS)
def test_a_wrong_year_is_refused(method: str) -> None:
    with pytest.raises(
        reen.errors.OptionError, match=r"one of latest, exact, nearest, or a year such as"
    ):
        measure(method, 2022, electricity_year="newest")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("place", "kilograms", "validity"),
    [("RE", 78.0, "2020-12-01"), ("Corse", 59.4, "2020-12-01"), ("BL", 85.9, "déc.-18")],
)
def test_a_factor_without_a_series_holds_at_any_date(
    method: str, place: str, kilograms: float, validity: str
) -> None:
    """La Réunion 0.78, Corsica 0.594, Saint-Barthélemy 0.859 kgCO2e/kWh x 100 kWh."""
    for year in (2012, 2026):
        footprint = measure(method, year, country=place)
        assert use(footprint) == pytest.approx(kilograms, rel=1e-9)
        assert flags(footprint) == [
            (
                f"electricity: one factor without a series, validity printed: {validity}, taken"
                f" for {year} (electricity-france)"
            )
        ]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", ["NC", "PF", "WF", "TF"])
def test_a_territory_without_a_valid_element_is_left_out(method: str, place: str) -> None:
    """Never filled from the series of the world, which has New Caledonia and French Polynesia."""
    assert not has_use(measure(method, 2022, country=place))


@pytest.mark.parametrize("method", METHODS)
def test_kosovo_has_a_series(method: str) -> None:
    """2022: 945.00726 g in the world series; 2024 (958.7156) is the last, and serves 2026."""
    assert use(measure(method, 2022, country="Kosovo")) == pytest.approx(94.500726, rel=1e-9)
    assert use(measure(method, 2026, country="XK")) == pytest.approx(95.87156, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_mix_of_no_year_is_flagged(method: str) -> None:
    """0.1 kgCO2e/kWh of no stated year, taken for 2022: 10 kg."""
    footprint = measure(method, 2022, mixes(("FR", "", 0.1)))
    assert use(footprint) == pytest.approx(10.0, rel=1e-9)
    assert flags(footprint) == ["electricity: mix of no stated year, taken for 2022 (mine)"]


@pytest.mark.parametrize("method", METHODS)
def test_the_nearest_year_is_flagged(method: str) -> None:
    """2021 for 2022: 100 x 0.1 = 10 kg."""
    pack = mixes(("FR", "2021", 0.1), ("FR", "2030", 0.5))
    footprint = measure(method, 2022, pack, electricity_year="nearest")
    assert use(footprint) == pytest.approx(10.0, rel=1e-9)
    assert flags(footprint) == ["electricity: nearest year to 2022"]


@pytest.mark.parametrize("method", METHODS)
def test_only_the_rows_concerned_are_flagged(method: str) -> None:
    """A mix of no year in one country, a dated one in the other, none in the third."""
    pack = mixes(("FR", "", 0.1), ("DE", "2022", 0.2))
    fleet = [
        reen.Equipment("laptop", country=place, annual_energy=100, lifetime=4)
        for place in ("FR", "DE", "DE", "XX")
    ]
    configured = reen.configure(reen.default_registry().method(method), METHODS[method])
    footprint = reen.measure(fleet, method=configured, factors=pack, as_of="2022-12-31")
    flagged = {
        row.rows: any(each.code == "no_stated_year" for each in row.assumptions)
        for row in footprint.coverage
        if row.kind == "electricity" and row.status is Status.ASSESSED
    }
    assert flagged == {1: True, 2: False}


def test_machines_that_state_their_energy_are_flagged() -> None:
    """The mix of their host's data centre, of no stated year: 1,000 kWh x 0.1 x 1.5."""
    system = reen.Inventory.from_tables(
        equipment=pa.table(
            {"id": ["h"], "equipment_type": ["server"], "datacenter_id": ["D"], "lifetime": [5.0]}
        ),
        datacenters=pa.table({"id": ["D"], "country": ["FR"], "pue": [1.5]}),
        virtual_machines=pa.table({"id": ["m"], "host_id": ["h"], "annual_energy": [1000.0]}),
    )
    footprint = reen.measure(
        system,
        method="numecoeval",
        level="virtual_machine",
        factors=mixes(("FR", "", 0.1)),
        as_of="2022-12-31",
    )
    assert use(footprint) == pytest.approx(150.0, rel=1e-9)
    assert "electricity: mix of no stated year, taken for 2022 (mine)" in flags(footprint)


def test_a_data_centre_abroad_has_the_electricity_of_its_place() -> None:
    """A server of 1,000 kWh hosted in Germany, PUE 1.5, for an authority in France, in 2026.

    The last year of Germany is 2024, 344.13992 g in the world series: 1,500 x 0.34413992 kg.
    """
    system = reen.Inventory.from_tables(
        equipment=pa.table(
            {
                "id": ["h"],
                "equipment_type": ["server"],
                "country": ["FR"],
                "datacenter_id": ["D"],
                "lifetime": [5.0],
                "annual_energy": [1000.0],
            }
        ),
        datacenters=pa.table({"id": ["D"], "country": ["DE"], "pue": [1.5]}),
    )
    footprint = reen.measure(system, method="numecoeval", as_of="2026-11-29")
    assert use(footprint) == pytest.approx(1500.0 * 0.34413992, rel=1e-9)
    assert (
        "electricity: 2024, the last published year, provisional for 2026 (electricity-world)"
        in flags(footprint)
    )
