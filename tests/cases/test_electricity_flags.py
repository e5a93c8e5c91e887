"""The electricity factor that is not the plain answer is flagged: another series, year, or none.

One laptop of 100 kWh a year, in each method that reads the packs of electricity.
"""

from __future__ import annotations

import pytest

import reen

METHODS = {
    "base-carbone": {},
    "ecodiag": {"electricity": "packs"},
    "numecoeval": {},
}


def mixes(*places: tuple[str, str, float], name: str = "mine") -> reen.FactorPack:
    """Return a pack of mixes: place, year or nothing, kgCO2e/kWh."""
    return reen.FactorPack.from_rows(
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
    method: str, year: int, *packs: reen.FactorPack, country: str = "FR", **options: str
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
        each
        for row in footprint.coverage
        if row.kind == "electricity"
        for each in row.assumptions
        if each.startswith("electricity")
    )


def use(footprint: reen.Footprint) -> float:
    return footprint.stage_totals()[reen.Stage.USE]


@pytest.mark.parametrize("method", METHODS)
def test_the_plain_answer_has_no_flag(method: str) -> None:
    """France 2022 is in ADEME's series, Germany 2022 in the only one that has it."""
    assert flags(measure(method, 2022)) == flags(measure(method, 2022, country="DE")) == []


@pytest.mark.parametrize("method", METHODS)
def test_france_before_its_series_is_flagged(method: str) -> None:
    """ADEME's series begins in 2020: 2019 is the world series', whose perimeter differs."""
    world = reen.default_registry().factor_pack("electricity-world").factors
    (k,) = (k for k, flow in enumerate(world.flows) if (flow.geography, flow.year) == ("FR", 2019))
    footprint = measure(method, 2019)
    assert use(footprint) == pytest.approx(100.0 * world.values[k, 0, 0], rel=1e-9)
    assert flags(footprint) == [
        "electricity: another series, electricity-france having none for 2019 (electricity-world)"
    ]
    assert flags(measure(method, 2019, country="DE")) == []


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
    footprint = measure(method, 2022, pack, nearest_year="true")
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
        row.rows: any(each.startswith("electricity: mix") for each in row.assumptions)
        for row in footprint.coverage
        if row.kind == "electricity" and row.status is reen.Status.ASSESSED
    }
    assert flagged == {1: True, 2: False}


def test_machines_that_state_their_energy_are_flagged() -> None:
    """The mix of their host's data centre, of no stated year: 1,000 kWh x 0.1 x 1.5."""
    import pyarrow as pa

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
