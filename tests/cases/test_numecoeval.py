"""NumEcoEval, formula by formula: published figures, figures of its real outputs, rules by hand.

Notation: Q items, F the factor of one item for a stage, u the utilisation rate, L the retained
lifetime (years), E the yearly energy of one item, M the electricity mix.

    manufacturing, distribution, end of life    Q F u / L
    use                                         Q E M u      (M x PUE in a data centre)

Factors are those printed in the outputs and examples that each test names, or invented; none is a
licensed value.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest

import reen
from reen import Stage
from reen.plugin import FactorPack, Method
from reen.plugins.method import Titling

#: Factor printed by the engine in the trace of its own example.
SERVER = 2226.09317222576
#: Electricity mixes printed there (kgCO2e/kWh).
FRANCE, GERMANY = 0.0813225, 0.657374

EXACT = 1e-9

#: Units of the criteria of the engine's recorded runs.
UNITS = {
    "climate_change": "kgCO2e",
    "acidification": "molHe",
    "particulate_matter": "disease_incidence",
    "ionising_radiation": "kBqU235e",
    "resource_use_minerals_metals": "kgSbe",
}


def item(flow: str, stage: str, value: float, criterion: str = "climate_change") -> dict[str, str]:
    """Return a factor row of one item."""
    unit = UNITS[criterion]
    return {
        "flow": flow,
        "reference_unit": "item",
        "stage": stage,
        "criterion": criterion,
        "value": repr(value),
        "unit": f"{unit}/item",
        "source": "the test",
    }


def mix(country: str, value: float, criterion: str = "climate_change") -> dict[str, str]:
    """Return a factor row of one kWh, of no year."""
    unit = UNITS[criterion]
    return {
        "flow": f"mix-{country}",
        "reference_unit": "kWh",
        "geography": country,
        "stage": "use",
        "criterion": criterion,
        "value": repr(value),
        "unit": f"{unit}/kWh",
        "source": "the test",
    }


def default(key: str, parameter: str, value: float, unit: str) -> dict[str, str]:
    """Return a default row."""
    return {
        "equipment_type": key,
        "parameter": parameter,
        "value": repr(value),
        "unit": unit,
        "source": "the test",
    }


def reference(
    *,
    factors: Sequence[Mapping[str, str]] = (),
    defaults: Sequence[Mapping[str, str]] = (),
    matching: Sequence[tuple[str, str, str]] = (),
) -> FactorPack:
    """Return a reference set: a server, a scanner of its weight, a laptop, two mixes, the given."""
    return FactorPack.from_rows(
        name="reference",
        version="1",
        title="Reference of the test",
        publisher="the test",
        licence="none",
        source="the test",
        factors=[
            item("server", "manufacturing", SERVER),
            item("scanner", "manufacturing", SERVER),
            item("laptop", "manufacturing", 170.3),
            item("laptop", "distribution", 12.3),
            item("laptop", "end_of_life", 2.8),
            mix("FR", FRANCE),
            mix("DE", GERMANY),
            *factors,
        ],
        defaults=[default("laptop", "annual_energy", 26.6, "kWh/item/year"), *defaults],
        matching=[
            {"match": match, "key": key, "flow": flow}
            for match, key, flow in [
                ("type", "server", "server"),
                ("type", "scanner", "scanner"),
                ("type", "laptop", "laptop"),
                *matching,
            ]
        ],
    )


def method(**options: object) -> Method:
    """Return the method with options."""
    given = {name: str(value) for name, value in options.items()}
    return reen.configure(reen.default_registry().method("numecoeval"), given)


def measure(
    equipment: Mapping[str, Sequence[object]],
    *,
    datacenters: Mapping[str, Sequence[object]] | None = None,
    pack: FactorPack | None = None,
    as_of: str = "2024-12-31",
    **options: object,
) -> reen.Footprint:
    """Return the footprint of equipment rows given as columns."""
    system = reen.Inventory.from_tables(
        equipment=pa.table(dict(equipment)),
        datacenters=None if datacenters is None else pa.table(dict(datacenters)),
    )
    return reen.measure(
        system, method=method(**options), factors=[pack or reference()], as_of=as_of
    )


def stages(footprint: reen.Footprint, criterion: str = "climate_change") -> dict[str, float]:
    """Return the totals of the stages in which something was assessed."""
    totals = footprint.stage_totals(criterion).items()
    return {str(stage): total for stage, total in totals if not math.isnan(total)}


NO_ENERGY = "annual_energy unknown, and no default for the type either"


def reasons(footprint: reen.Footprint) -> dict[str, str]:
    """Return why rows are left out, by flow kind."""
    return {row.kind: str(row.reason) for row in footprint.coverage.left_out()}


def close(value: float) -> object:
    return pytest.approx(value, rel=EXACT)


# -- figures of the engine's own outputs -----------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "retired", "expected"),
    [
        (1.0, dt.date(2024, 11, 20), 509.1002555528837),
        (2.0, dt.date(2023, 1, 1), 1791.6736667307662),
    ],
)
def test_outputs_of_the_real_engine(quantity: float, retired: dt.date, expected: float) -> None:
    """The two lines of a published output file, to the last digits.

    2020-07-08 to 2024-11-20 is 1,596 days: 2226.09317222576 / (1596 / 365) = 509.10025...
    2020-07-08 to 2023-01-01 is 907 days: 2 x 2226.09317222576 / (907 / 365) = 1791.67366...
    """
    footprint = measure(
        {
            "equipment_type": ["server"],
            "quantity": [quantity],
            "purchase_date": [dt.date(2020, 7, 8)],
            "retirement_date": [retired],
            "country": ["FR"],
        },
        lifetime="real",
    )
    assert stages(footprint)["manufacturing"] == close(expected)


#: The French mix of the recorded run, by kWh, and a phone of 3.29 kWh a year by it.
RECORDED_USE = {
    "climate_change": (0.0813225, 0.267551025),
    "particulate_matter": (4.15844e-9, 1.3681267600000001e-08),
    "ionising_radiation": (3.23443, 10.6412747),
    "acidification": (2.09809e-4, 0.0006902716100000001),
    "resource_use_minerals_metals": (4.85798e-8, 1.59827542e-07),
}


def test_a_recorded_phone_that_is_hosted_abroad() -> None:
    """Recorded by engine 1.0: five criteria of use by the mix of France, where the phone is.

    Its data centre stands in Russia, PUE 1.42; a phone is no server.  Its retirement (2019-08-27)
    is before its purchase (2021-06-03): an error of the other stages, and no error of its use.
    Source: G4IT, `indicatorview.sql`, run of 2023-06-14, physical-eq-3386.
    """
    mixes = [
        mix("FR", value, key) for key, (value, _) in RECORDED_USE.items() if key != "climate_change"
    ]
    footprint = measure(
        {
            "equipment_type": ["phone"],
            "purchase_date": [dt.date(2021, 6, 3)],
            "retirement_date": [dt.date(2019, 8, 27)],
            "country": ["FR"],
            "datacenter_id": ["X1"],
            "annual_energy": [3.29],
        },
        datacenters={"id": ["X1"], "pue": [1.42], "country": ["RU"]},
        pack=reference(factors=mixes, matching=[("type", "phone", "laptop")]),
        as_of="2023-06-14",
        lifetime="real",
    )
    for key, (_, recorded) in RECORDED_USE.items():
        assert stages(footprint, key)["use"] == close(recorded), key
    assert reasons(footprint) == {"item": "retirement_date before purchase_date"}


def test_a_recorded_speaker_of_a_third_of_a_year() -> None:
    """118 days / 365: 0.733 / 0.3232876712328767 = 2.26733...; today's floor of a year: 0.733.

    Engine 1.0 had no floor (`minimum_lifetime=0`), G4IT's documentation has one.  Source: as
    above, physical-eq-3392, end of life.
    """
    row = {
        "equipment_type": ["speaker"],
        "purchase_date": [dt.date(2023, 2, 16)],
        "retirement_date": [dt.date(2023, 6, 14)],
    }
    pack = reference(
        factors=[item("speaker", "end_of_life", 0.733)],
        matching=[("type", "speaker", "speaker")],
    )
    for floor, expected in (("0", 2.267330508474576), ("1", 0.733)):
        found = measure(row, pack=pack, lifetime="real", minimum_lifetime=floor)
        assert stages(found)["end_of_life"] == close(expected)


def test_a_machine_and_an_application_of_the_example() -> None:
    """4 of 8 vCPU are 509.10025.../2 = 254.55; one of three applications on it 84.85."""
    system = reen.Inventory.from_tables(
        equipment=pa.table(
            {
                "id": ["host"],
                "equipment_type": ["server"],
                "purchase_date": [dt.date(2020, 7, 8)],
                "retirement_date": [dt.date(2024, 11, 20)],
            }
        ),
        virtual_machines=pa.table(
            {
                "id": ["vm-1", "vm-2"],
                "host_id": ["host", "host"],
                "kind": ["compute", "compute"],
                "vcpu": [4.0, 4.0],
            }
        ),
        applications=pa.table({"id": ["a", "b", "c"], "virtual_machine_id": ["vm-1"] * 3}),
    )
    found = {}
    for level in ("virtual_machine", "application"):
        footprint = reen.measure(
            system,
            method=method(lifetime="real"),
            factors=[reference()],
            as_of="2024-12-31",
            level=level,
            by="id",
        )
        table = footprint.to_arrow().to_pylist()
        found |= {row["id"]: row["value"] for row in table if row["stage"] == "manufacturing"}
    assert found["vm-1"] == close(254.55012777644183)
    assert found["a"] == found["b"] == found["c"] == close(84.85004259214728)


def test_use_of_a_hosted_server() -> None:
    """3,504 kWh x 0.657374 x 1.41 = 3,247.84827936: the data centre's country, times its PUE."""
    footprint = measure(
        {
            "equipment_type": ["server"],
            "annual_energy": [3504.0],
            "datacenter_id": ["Y1"],
            "country": ["FR"],
        },
        datacenters={"id": ["Y1"], "pue": [1.41], "country": ["DE"]},
    )
    assert stages(footprint)["use"] == close(3247.84827936)


@pytest.mark.parametrize(
    ("ownership", "rate", "embodied", "use"),
    [
        (None, 1.0, 14_832.0, 865.2714),
        ("corporate_personal_use", 0.8, 11_865.6, 692.21712),
        ("personal", 0.57, 8_454.24, 493.204698),
    ],
)
def test_laptops_of_a_city(ownership: str | None, rate: float, embodied: float, use: float) -> None:
    """400 laptops of 5 years, 26.6 kWh each; as COPE 0.8 of it, as BYOD 0.57.

    400 x 170.3 / 5 = 13,624; 400 x 12.3 / 5 = 984; 400 x 2.8 / 5 = 224: 14,832 kg/year.
    400 x 26.6 x 0.0813225 = 865.2714 kg/year.
    """
    footprint = measure(
        {
            "equipment_type": ["laptop"],
            "quantity": [400.0],
            "lifetime": [5.0],
            "country": ["FR"],
            "ownership": [ownership],
        }
    )
    assert stages(footprint) == {
        "manufacturing": close(13_624 * rate),
        "distribution": close(984 * rate),
        "use": close(use),
        "end_of_life": close(224 * rate),
    }
    found = stages(footprint)
    assert sum(found.values()) - found["use"] == close(embodied)


def test_share_of_a_network_line() -> None:
    """1,000 GB on a fixed line of 2,640 GB a year, as the quantity of lines (sample values).

    Manufacture 1000 / 2640 x 7.626 = 2.8886; use 1000 / 2640 x 195.12 x 0.0813225 = 6.0105.
    """
    line = "fixed-line-network-1"
    footprint = measure(
        {
            "equipment_type": ["box"],
            "model": [line],
            "quantity": [1000 / 2640],
            "lifetime": [1.0],
            "country": ["FR"],
        },
        pack=reference(
            factors=[item(line, "manufacturing", 7.626)],
            defaults=[default(line, "annual_energy", 195.12, "kWh/item/year")],
            matching=[("model", line, line)],
        ),
    )
    found = stages(footprint)
    assert found["manufacturing"] == close(7.626 * 1000 / 2640)
    assert found["manufacturing"] == pytest.approx(2.89, abs=0.005)
    assert found["use"] == close(195.12 * FRANCE * 1000 / 2640)
    assert found["use"] == pytest.approx(6.01, abs=0.005)


# -- lifetime --------------------------------------------------------------------------------


def years(footprint: reen.Footprint) -> float:
    """Return the lifetime that the manufacturing of a server or scanner was divided by."""
    return SERVER / stages(footprint)["manufacturing"]


def test_fixed_lifetime_ignores_dates() -> None:
    """Fixed is the default: 4 years declared, whatever the dates say."""
    footprint = measure(
        {
            "equipment_type": ["server"],
            "lifetime": [4.0],
            "purchase_date": [dt.date(2010, 1, 1)],
            "retirement_date": [dt.date(2011, 1, 1)],
        }
    )
    assert years(footprint) == close(4.0)


def test_real_lifetime_ignores_the_declared_one() -> None:
    """365 + 366 days (2019 and 2020) / 365 = 2.00274 years."""
    footprint = measure(
        {
            "equipment_type": ["server"],
            "lifetime": [9.0],
            "purchase_date": [dt.date(2019, 1, 1)],
            "retirement_date": [dt.date(2021, 1, 1)],
        },
        lifetime="real",
    )
    assert years(footprint) == close(731 / 365)


def test_the_reference_date_stands_for_the_retirement() -> None:
    """Bought 2008-02-20, measured on 2023-06-14: 5,593 days / 365, as in an old output."""
    footprint = measure(
        {"equipment_type": ["server"], "purchase_date": [dt.date(2008, 2, 20)]},
        as_of="2023-06-14",
        lifetime="real",
    )
    assert years(footprint) == close(15.323287671232876)
    (row,) = [row for row in footprint.coverage.assumed() if row.kind == "item"]
    assert "retirement_date: unknown, taken as the reference date" in map(str, row.assumptions)


@pytest.mark.parametrize("mode", ["fixed", "real"])
def test_upstream_and_downstream_lives_are_added(mode: str) -> None:
    """3 years here (1,095 days / 365), 1.5 before and 0.5 after: 5 years."""
    footprint = measure(
        {
            "equipment_type": ["server"],
            "lifetime": [3.0],
            "upstream_lifetime": [1.5],
            "downstream_lifetime": [0.5],
            "purchase_date": [dt.date(2021, 1, 1)],
            "retirement_date": [dt.date(2024, 1, 1)],
        },
        lifetime=mode,
    )
    assert years(footprint) == close(5.0)


@pytest.mark.parametrize(("days", "old"), [(118, 0.3233), (223, 0.6110)])
def test_floor_of_one_year(days: int, old: float) -> None:
    """An older output divides by 0.3233 and 0.6110; documented is a floor of one year.

    118 / 365 = 0.32329; 223 / 365 = 0.61096.  With the floor: 1; with `minimum_lifetime=0`: so.
    """
    bought = dt.date(2023, 1, 1)
    row = {
        "equipment_type": ["server"],
        "purchase_date": [bought],
        "retirement_date": [bought + dt.timedelta(days=days)],
    }
    floored = measure(row, lifetime="real")
    assert years(floored) == close(1.0)
    (assumed,) = [r.assumptions for r in floored.coverage.assumed() if r.kind == "item"]
    assert "lifetime: raised to the minimum of 1" in map(str, assumed)
    bare = measure(row, lifetime="real", minimum_lifetime=0)
    assert years(bare) == close(days / 365)
    assert years(bare) == pytest.approx(old, abs=5e-5)


def test_the_floor_comes_after_other_lives() -> None:
    """0.2 + 0.3 + 0.1 = 0.6 year is raised to 1; 0.2 + 0.9 = 1.1 is not."""
    lives = {"equipment_type": ["server"], "lifetime": [0.2], "upstream_lifetime": [0.3]}
    assert years(measure(lives | {"downstream_lifetime": [0.1]})) == close(1.0)
    assert years(measure(lives | {"upstream_lifetime": [0.9]})) == close(1.1)


def test_default_of_the_type_then_of_everything() -> None:
    """The type's 7 years, else the hypothesis of the set (3), else the documented 2."""
    row = {"equipment_type": ["scanner"]}
    typed = reference(
        defaults=[
            default("scanner", "lifetime", 7.0, "year"),
            default("*", "lifetime", 3.0, "year"),
        ]
    )
    general = reference(defaults=[default("*", "lifetime", 3.0, "year")])
    assert years(measure(row, pack=typed)) == close(7.0)
    assert years(measure(row, pack=general)) == close(3.0)
    assert years(measure(row)) == close(2.0)
    assert years(measure(row, pack=general, default_lifetime=6)) == close(6.0)


def test_a_purchase_date_alone_is_no_fixed_lifetime() -> None:
    """In fixed mode, dates do not replace the declared lifetime: the default does."""
    footprint = measure({"equipment_type": ["scanner"], "purchase_date": [dt.date(2015, 1, 1)]})
    assert years(footprint) == close(2.0)


# -- utilisation rate ------------------------------------------------------------------------


def test_a_rate_of_the_row_goes_before_that_of_its_ownership() -> None:
    """Rate 0.25 on a COPE laptop: 170.3 x 0.25 / 5 = 8.515; 26.6 x 0.0813225 x 0.25."""
    footprint = measure(
        {
            "equipment_type": ["laptop"],
            "lifetime": [5.0],
            "country": ["FR"],
            "ownership": ["corporate_personal_use"],
            "usage_share": [0.25],
        }
    )
    assert stages(footprint)["manufacturing"] == close(8.515)
    assert stages(footprint)["use"] == close(26.6 * FRANCE * 0.25)


def test_rates_come_from_the_hypotheses() -> None:
    """COPE 0.7 in the reference set, 0.9 as an option: 170.3 x 0.7 / 5 and 170.3 x 0.9 / 5."""
    row = {
        "equipment_type": ["laptop"],
        "lifetime": [5.0],
        "ownership": ["corporate_personal_use"],
    }
    pack = reference(defaults=[default("*", "cope_rate", 0.7, "1")])
    assert stages(measure(row, pack=pack))["manufacturing"] == close(170.3 * 0.7 / 5)
    found = stages(measure(row, pack=pack, cope_rate=0.9))["manufacturing"]
    assert found == close(170.3 * 0.9 / 5)


# -- use stage -------------------------------------------------------------------------------

HOSTED = {"annual_energy": [100.0], "datacenter_id": ["dc"], "country": ["FR"]}


@pytest.mark.parametrize(
    ("pack", "options", "pue"),
    [
        (None, {}, 1.75),
        (reference(defaults=[default("*", "pue", 1.6, "1")]), {}, 1.6),
        (reference(defaults=[default("*", "pue", 1.6, "1")]), {"default_pue": 1.2}, 1.2),
    ],
)
def test_pue_of_a_data_centre_that_gives_none(
    pack: FactorPack | None, options: Mapping[str, float], pue: float
) -> None:
    """100 kWh x 0.657374 x 1.75, the documented PUE; the set's own, or an option, before it."""
    footprint = measure(
        {"equipment_type": ["server"], **HOSTED},
        datacenters={"id": ["dc"], "country": ["DE"]},
        pack=pack,
        **options,
    )
    assert stages(footprint)["use"] == close(100 * GERMANY * pue)


@pytest.mark.parametrize(
    ("options", "mix_and_pue"),
    [
        # engine 1.0: 100 kWh of the row's own country, without PUE
        ({}, FRANCE),
        # G4IT: the data centre's country, without PUE
        ({"hosted_mix": "datacenter"}, GERMANY),
        ({"pue_for": "hosted"}, GERMANY * 1.41),
    ],
)
def test_use_of_what_is_hosted_and_no_server(
    options: Mapping[str, str], mix_and_pue: float
) -> None:
    """A laptop of France in a data centre of Germany: engine and G4IT differ, by option."""
    footprint = measure(
        {"equipment_type": ["laptop"], **HOSTED},
        datacenters={"id": ["dc"], "pue": [1.41], "country": ["DE"]},
        **options,
    )
    assert stages(footprint)["use"] == close(100 * mix_and_pue)


@pytest.mark.parametrize(("flag", "pue"), [(1.0, 1.41), (0.0, None)])
def test_the_reference_set_says_what_is_a_server(flag: float, pue: float | None) -> None:
    """Its flag of the type as written decides, whatever reen's taxonomy says of the type."""
    for written in ("ServeurCalcul", "server"):
        pack = reference(
            matching=[("type", "ServeurCalcul", "server")],
            defaults=[default(written, "server", flag, "1")],
        )
        footprint = measure(
            {"equipment_type": [written], **HOSTED},
            datacenters={"id": ["dc"], "pue": [1.41], "country": ["DE"]},
            pack=pack,
        )
        expected = FRANCE if pue is None else GERMANY * pue
        assert stages(footprint)["use"] == close(100 * expected)


def test_a_set_that_flags_servers_flags_all_of_them() -> None:
    """A type that it does not list is none, even if reen's taxonomy says so."""
    pack = reference(defaults=[default("other", "server", 1.0, "1")])
    footprint = measure(
        {"equipment_type": ["server"], **HOSTED},
        datacenters={"id": ["dc"], "pue": [1.41], "country": ["DE"]},
        pack=pack,
    )
    assert stages(footprint)["use"] == close(100 * FRANCE)


@pytest.mark.parametrize(
    ("columns", "kind", "reason"),
    [
        # Spain is in the open series of the world, and not in the set
        (
            {"equipment_type": ["laptop"], "country": ["ES"], "lifetime": [5.0]},
            "electricity",
            "no electricity factor of ES for 2024 (no series)",
        ),
        # the open packs know the energy of a smartphone, and not the set
        ({"equipment_type": ["smartphone"], "country": ["FR"]}, "electricity", NO_ENERGY),
    ],
)
def test_what_a_set_lacks_is_an_error_or_named_by_an_option(
    columns: Mapping[str, Sequence[object]], kind: str, reason: str
) -> None:
    """The engine has one set of data: it completes it from nowhere."""
    assert reasons(measure(columns))[kind] == reason
    completed = measure(columns, open_completion="true")
    assert kind not in reasons(completed)
    assert stages(completed)["use"] > 0.0
    assert completed.provenance.options["open_completion"] in ("True", True, "true")


def test_a_type_without_lifetime_in_the_set_has_the_hypothesis() -> None:
    """Two years, and not the lifetime of the open packs, which knows laptops: 170.3 / 2."""
    columns = {"equipment_type": ["laptop"], "country": ["FR"]}
    assert stages(measure(columns))["manufacturing"] == close(170.3 / 2)
    assert stages(measure(columns, open_completion="true"))["manufacturing"] < 170.3 / 2


def test_second_hand_rules_over_the_sum_of_lives() -> None:
    """Engine: 170.3 / (4 + 3); cut-off leaves the making to the first owner."""
    columns = {
        "equipment_type": ["laptop"],
        "country": ["FR"],
        "lifetime": [4.0],
        "upstream_lifetime": [3.0],
    }
    assert stages(measure(columns))["manufacturing"] == close(170.3 / 7)
    by_half = measure(columns, second_hand="half")
    assert stages(by_half)["manufacturing"] == close(170.3 / 8)
    cut_off = measure(columns, second_hand="cut-off")
    assert set(stages(cut_off)) == {"use"}


def test_an_unreadable_pue_takes_no_default() -> None:
    """0.9 is an error, and not the documented 1.75."""
    footprint = measure(
        {"equipment_type": ["server"], **HOSTED},
        datacenters={"id": ["dc"], "pue": [0.9], "country": ["DE"]},
    )
    assert reasons(footprint)["electricity"] == "pue unreadable or out of range"


def test_the_title_says_that_no_reference_set_is_in_use() -> None:
    """On open factors, it is the engine's rules and not its figures."""
    numecoeval = reen.default_registry().method("numecoeval")
    assert isinstance(numecoeval, Titling)
    assert numecoeval.title_on([*numecoeval.packs, "reference"]) == numecoeval.title
    assert "on open factors" in numecoeval.title_on(numecoeval.packs)


def test_no_pue_outside_data_centres() -> None:
    """A server without data centre: 3,504 x 0.0813225 = 284.95404, as in an old output."""
    footprint = measure(
        {"equipment_type": ["server"], "annual_energy": [3504.0], "country": ["FR"]}
    )
    assert stages(footprint)["use"] == close(284.95404)


def test_an_unknown_data_centre_does_not_host() -> None:
    """A name that no data centre has gives neither country nor PUE: the country of use counts."""
    footprint = measure(
        {"equipment_type": ["server"], **HOSTED},
        datacenters={"id": ["other"], "pue": [1.41], "country": ["DE"]},
    )
    assert stages(footprint)["use"] == close(100 * FRANCE)


def test_energy_of_the_row_goes_before_that_of_its_item() -> None:
    """98.5 kWh declared beside the item's 26.6: 98.5 x 0.0813225."""
    columns = {"equipment_type": ["laptop"], "lifetime": [5.0], "country": ["FR"]}
    own = measure(columns | {"annual_energy": [98.5]})
    assert stages(own)["use"] == close(98.5 * FRANCE)
    assert stages(measure(columns))["use"] == close(26.6 * FRANCE)


def test_all_criteria_in_one_pass() -> None:
    """Acidification beside climate change, with factors of its own: 0.9 x 400 / 5 = 72 mol."""
    pack = reference(
        factors=[
            item("laptop", "manufacturing", 0.9, "acidification"),
            mix("FR", 0.0002, "acidification"),
        ]
    )
    footprint = measure(
        {"equipment_type": ["laptop"], "quantity": [400.0], "lifetime": [5.0], "country": ["FR"]},
        pack=pack,
    )
    assert footprint.criteria == ("climate_change", "acidification")
    acid = stages(footprint, "acidification")
    assert acid["manufacturing"] == close(72.0)
    assert acid["use"] == close(400 * 26.6 * 0.0002)
    assert stages(footprint)["manufacturing"] == close(13_624.0)


# -- matching --------------------------------------------------------------------------------


def test_the_model_decides_before_the_type() -> None:
    """A laptop whose model is matched to the server's item has the server's factor."""
    pack = reference(matching=[("model", "ThinkPad S", "server")])
    row = {"equipment_type": ["laptop"], "lifetime": [1.0]}
    found = measure(row | {"model": ["ThinkPad S"]}, pack=pack)
    assert stages(found)["manufacturing"] == close(SERVER)
    other = measure(row | {"model": ["thinkpad s"]}, pack=pack)
    assert stages(other)["manufacturing"] == close(170.3), "matching is exact"


def test_the_matching_of_an_option_goes_first() -> None:
    """`matching="ThinkPad S=laptop"` over the set's own line."""
    pack = reference(matching=[("model", "ThinkPad S", "server")])
    row = {"equipment_type": ["server"], "model": ["ThinkPad S"], "lifetime": [1.0]}
    found = measure(row, pack=pack, matching="ThinkPad S=laptop")
    assert stages(found)["manufacturing"] == close(170.3)


def test_a_target_without_factor_does_not_fall_back_to_the_type() -> None:
    """The matching table names an item that the factors do not have: an error, not the type's."""
    pack = reference(matching=[("model", "R640", "absent")])
    footprint = measure(
        {
            "equipment_type": ["server"],
            "model": ["R640"],
            "annual_energy": [10.0],
            "country": ["FR"],
        },
        pack=pack,
    )
    assert reasons(footprint) == {"item": "no factor for the type in reference"}
    assert stages(footprint) == {"use": close(10 * FRANCE)}


def test_a_type_by_the_name_that_the_set_gives_it() -> None:
    """Reference data may know a type by a word that is none of reen's: it matches as written."""
    pack = reference(matching=[("type", "Communication Device", "laptop")])
    footprint = measure(
        {"equipment_type": ["Communication Device"], "lifetime": [5.0], "country": ["FR"]},
        pack=pack,
    )
    assert stages(footprint)["manufacturing"] == close(170.3 / 5)


def test_the_lifetime_of_a_type_by_the_name_that_the_set_gives_it() -> None:
    """The set's 5 years for "Communication Device": 170.3 / 5, not the default of 2 years."""
    pack = reference(
        matching=[("type", "Communication Device", "laptop")],
        defaults=[default("Communication Device", "lifetime", 5.0, "year")],
    )
    footprint = measure({"equipment_type": ["Communication Device"]}, pack=pack)
    assert stages(footprint)["manufacturing"] == close(170.3 / 5)


# -- statuses and errors -----------------------------------------------------------------------


@pytest.mark.parametrize("status", ["in_use", "in_stock", "retired", "lost", "unknown"])
def test_every_status_is_computed(status: str) -> None:
    """Outputs show figures for "On order", "In stock" and "Retired": a status excludes nothing."""
    footprint = measure({"equipment_type": ["server"], "lifetime": [4.0], "status": [status]})
    assert years(footprint) == close(4.0)


def test_an_error_concerns_its_stages_only() -> None:
    """A phone without lifetime fails for three stages while its use is computed."""
    pack = reference(
        factors=[item("phone", "manufacturing", 50.0)], matching=[("type", "kiosk", "phone")]
    )
    footprint = measure(
        {"equipment_type": ["kiosk"], "annual_energy": [5.0], "country": ["FR"]},
        pack=pack,
        default_lifetime=0,
    )
    assert reasons(footprint) == {"item": "lifetime unknown, and no default for the type either"}
    assert stages(footprint) == {"use": close(5 * FRANCE)}


@pytest.mark.parametrize(
    ("columns", "options", "kind", "reason"),
    [
        ({"equipment_type": ["tablet"]}, {}, "item", "no factor for the type in reference"),
        ({"equipment_type": ["server"]}, {}, "electricity", NO_ENERGY),
        (
            {"equipment_type": ["laptop"], "country": ["FR"], "quantity": [None]},
            {},
            "item",
            "quantity unknown",
        ),
        ({"equipment_type": ["laptop"]}, {}, "electricity", "country unknown"),
        (
            {"equipment_type": ["laptop"], "country": ["AQ"]},
            {},
            "electricity",
            "no electricity factor of AQ for 2024 (no series)",
        ),
        (
            {
                "equipment_type": ["server"],
                "purchase_date": [dt.date(2021, 7, 5)],
                "retirement_date": [dt.date(2014, 9, 1)],
            },
            {"lifetime": "real"},
            "item",
            "retirement_date before purchase_date",
        ),
        (
            {"equipment_type": ["server"], "lifetime": [-1.0]},
            {},
            "item",
            "lifetime unreadable or out of range",
        ),
        (
            {"equipment_type": ["laptop"], "country": ["FR"], "annual_energy": [-5.0]},
            {},
            "electricity",
            "annual_energy unreadable or out of range",
        ),
        (
            {"equipment_type": ["laptop"], "country": ["FR"], "usage_share": [1.5]},
            {},
            "item",
            "usage_share unreadable or out of range",
        ),
    ],
)
def test_reasons_of_errors(
    columns: Mapping[str, Sequence[object]],
    options: Mapping[str, str],
    kind: str,
    reason: str,
) -> None:
    """The three known errors of the engine, and those that its loader would have refused."""
    given = {
        name: pa.array(cells, pa.float64()) if name == "quantity" else cells
        for name, cells in columns.items()
    }
    footprint = measure(given, **options)
    assert reasons(footprint)[kind] == reason


def test_an_error_is_no_zero() -> None:
    """A total with an error in it says so: it is a lower bound, not a figure with zeros."""
    footprint = measure(
        {"equipment_type": ["laptop", "scanner"], "lifetime": [5.0, 5.0], "country": ["FR", "FR"]}
    )
    total = footprint.total()
    assert not total.complete
    assert total.lower_bound
    assert str(total).startswith(">=")


# -- explanation -------------------------------------------------------------------------------


def test_explain_gives_the_formula_with_its_numbers() -> None:
    """Quantity, rate, retained lifetime and how it was had, factor and source, stage by stage."""
    system = reen.Inventory.from_tables(
        equipment=pa.table(
            {
                "id": ["physical-eq-1"],
                "equipment_type": ["server"],
                "quantity": [2.0],
                "purchase_date": [dt.date(2020, 7, 8)],
                "annual_energy": [3504.0],
                "datacenter_id": ["Y1"],
            }
        ),
        datacenters=pa.table({"id": ["Y1"], "country": ["DE"], "pue": [1.41]}),
    )
    explanation = reen.explain(
        system,
        row="physical-eq-1",
        method=method(lifetime="real"),
        factors=[reference()],
        as_of="2023-01-01",
    )
    assert explanation.total() == close(1791.6736667307662 + 2 * 3247.84827936)
    text = str(explanation)
    assert "2 item (quantity) x 1 (usage_share) / 2.484931507 year (lifetime)" in text
    assert "= 0.8048511577 item/year" in text
    assert (
        "climate_change, manufacturing: 0.8048511577 x 2,226.093172 = 1,791.673667 kgCO2e/year"
        in text
    )
    assert "3,504 kWh/item/year (annual_energy) x 1.41 (pue)" in text
    assert "assumed: retirement_date: unknown, taken as the reference date" in text
    assert "source: the test" in text


def test_the_indicator_trace_is_that_of_the_engine() -> None:
    """The JSON of the published output: same keys, same numbers, same shares per head.

    509.1002555528837 / 851.25 = 0.5980619742177782 (6.81e12 kg among 8e9 people).
    """
    from reen_plugins.numecoeval.exporter import indicator_batches

    inventory = reen.Inventory.from_arrow(
        pa.table(
            {
                "id": ["physical-eq-1"],
                "equipment_type": ["Server"],
                "quantity": [1.0],
                "status": ["In use"],
                "purchase_date": [dt.date(2020, 7, 8)],
                "retirement_date": [dt.date(2024, 11, 20)],
            }
        )
    )
    table = indicator_batches(
        inventory, method=method(lifetime="real"), factors=[reference()], as_of="2024-01-01"
    ).read_all()
    lines = {line["acvStep"]: line for line in table.to_pylist()}
    made = lines["FABRICATION"]
    assert (made["indicatorStatus"], made["unit"]) == ("OK", "kg CO2 eq")
    assert made["unitImpact"] == close(509.1002555528837)
    assert made["sipImpact"] == close(0.5980619742177782)
    assert json.loads(made["trace"]) == {
        "formule": "ImpactEquipementPhysique = (Quantité(1.0) *"
        " referentielFacteurCaracterisation(2226.09317222576) * TauxUtilisation(1.0)) /"
        " dureeVie(4.372602739726028)",
        "valeurReferentielFacteurCaracterisation": 2226.09317222576,
        "sourceReferentielFacteurCaracterisation": "the test",
        "dureeDeVie": {
            "valeurRetenue": 4.372602739726028,
            "methodeDureeUsage": "REEL",
            "dureeUsageAmont": 0.0,
            "dureeUsageAval": 0.0,
            "dateAchat": "2020-07-08",
            "dateRetrait": "2024-11-20",
        },
    }
    assert lines["DISTRIBUTION"]["indicatorStatus"] == "ERREUR"
    assert lines["UTILISATION"]["unitImpact"] is None
    assert set(json.loads(lines["UTILISATION"]["trace"])) == {"erreur"}


def test_stages_are_those_of_the_engine() -> None:
    """Four steps; a factor that separates none of them is not the engine's, and says so."""
    kinds = reen.default_registry().method("numecoeval")
    assert isinstance(kinds, Method)
    footprint = measure({"equipment_type": ["laptop"], "lifetime": [5.0], "country": ["FR"]})
    assert footprint.stages == (
        Stage.MANUFACTURING,
        Stage.DISTRIBUTION,
        Stage.USE,
        Stage.END_OF_LIFE,
    )
