"""BoaviztAPI in process: equal to the package's own unrounded figures, and the method around it.

The first half needs no package: it is answered by a stand-in with invented figures.  The second
asks the installed `boaviztapi`, and is skipped where there is none (AGPL-3.0, an extra of its own:
``pip install 'reen[boavizta]'``).
"""

from __future__ import annotations

import importlib.util
import json
import math
import pickle
import random
import subprocess
import sys
import warnings
from collections.abc import Mapping

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.plugin import Assumption
from reen_plugins.boavizta import answers as boavizta_answers
from reen_plugins.boavizta import method as boavizta
from reen_plugins.boavizta import package as boavizta_package
from reen_plugins.boavizta.answers import Answer, split
from reen_plugins.boavizta.configurations import Configuration
from reen_plugins.boavizta.method import Boavizta
from reen_plugins.boavizta.package import CRITERIA

AS_OF = "2022-12-31"
INSTALLED = importlib.util.find_spec("boaviztapi") is not None
needs_package = pytest.mark.skipif(
    not INSTALLED, reason="boaviztapi is not installed: pip install 'reen[boavizta]' (AGPL-3.0)"
)
EMBEDDED, USE = reen.Stage.EMBEDDED, reen.Stage.USE

#: Columns of the inventories made here.
NUMBERS = {
    "quantity",
    "lifetime",
    "power",
    "usage_hours",
    "annual_energy",
    "cpu_sockets",
    "cpu_cores",
    "ram",
    "storage",
}


def inventory(*rows: Mapping[str, object]) -> reen.Inventory:
    names = dict.fromkeys(name for row in rows for name in row)
    return reen.Inventory.from_arrow(
        pa.table(
            {
                name: pa.array(
                    [row.get(name) for row in rows],
                    pa.float64() if name in NUMBERS else pa.string(),
                )
                for name in names
            }
        )
    )


def measure(*rows: Mapping[str, object], **options: object) -> reen.Footprint:
    method = Boavizta(**options)  # type: ignore[arg-type]
    return reen.measure(inventory(*rows), method=method, as_of=AS_OF)


def reasons(footprint: reen.Footprint) -> set[str]:
    return {str(row.reason or "") for row in footprint.coverage} - {""}


# -- without the package -------------------------------------------------------------------------


@pytest.mark.skipif(INSTALLED, reason="boaviztapi is installed")
def test_missing_package_is_named_with_command_and_licence() -> None:
    with pytest.raises(reen.errors.MissingExtraError) as caught:
        measure({"equipment_type": "laptop"})
    assert "pip install 'reen[boavizta]'" in str(caught.value)
    assert "AGPL-3.0" in str(caught.value)


@pytest.mark.slow
def test_nothing_imports_the_package_before_it_is_used() -> None:
    """Loading the plugins, listing the methods and reading versions leave boaviztapi alone."""
    code = (
        "import json, sys, reen;"
        "registry = reen.load_plugins(only=['reen-bundled']);"
        "versions = [(m.name, m.version, m.packs) for m in registry.methods.values()];"
        "print(json.dumps([name for name in sys.modules if name.startswith('boaviztapi')]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert json.loads(run.stdout) == []


@pytest.mark.parametrize(
    ("total", "size", "expected"),
    [
        (384, 32, [(12, 32)]),
        (97, 32, [(1, 25), (3, 24)]),
        (16, 32, [(1, 16)]),
        (1, 32, [(1, 1)]),
        (2000, 1500.5, [(2, 1000)]),
    ],
)
def test_split(total: int, size: float, expected: list[tuple[int, int]]) -> None:
    """The fewest modules of at most the size, whole and even; together exactly the total."""
    assert split(total, size) == expected
    assert sum(number * capacity for number, capacity in expected) == total


#: Invented: value, minimum, maximum of one item, by type; and the same per kWh.
_EMBEDDED = {"laptop": (100.0, 90.0, 120.0), "server": (1000.0, 500.0, 3000.0)}
_PER_KWH = {"": (0.3, 0.01, 1.0), "FR": (0.1, 0.05, 0.2), "DE": (0.5, 0.4, 0.7)}


class StandIn:
    """Answers with invented figures, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Configuration] = []

    def __call__(
        self,
        configuration: Configuration,
        *,
        rules: boavizta_answers.Rules,
        countries: Mapping[str, str],
    ) -> Answer:
        del rules, countries
        self.asked.append(configuration)
        embedded, use = np.full((2, 3, len(CRITERIA)), np.nan)
        embedded[:, 0] = np.array(_EMBEDDED[configuration.device]) + (configuration.ram or 0)
        use[:, 0] = _PER_KWH[configuration.country]
        return Answer(
            embedded=embedded,
            use=use,
            lifetime=4.0,
            power=50.0,
            use_ratio=0.5,
            archetype=f"{configuration.device}-invented",
            assumed=(Assumption("invented", parameter="ram", pack="boaviztapi"),)
            if configuration.ram
            else (),
        )


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    answers = StandIn()
    monkeypatch.setattr(boavizta, "answer_to", answers)
    monkeypatch.setattr(
        boavizta_package, "archetypes", lambda _: {"laptop": "laptop-x", "server": "server-x"}
    )
    monkeypatch.setattr(boavizta_package, "country_codes", lambda: {"FR": "FRA", "DE": "DEU"})
    return answers


def test_figures_of_the_archetype(stand_in: StandIn) -> None:
    """3 laptops: 3 x 100 / 4 = 75; 3 x 50 W x 0.5 x 8,760 h = 657 kWh x 0.1 = 65.7."""
    footprint = measure({"equipment_type": "laptop", "quantity": 3.0, "country": "FR"})
    totals = footprint.stage_totals()
    assert totals[EMBEDDED] == pytest.approx(75, rel=1e-12)
    assert totals[USE] == pytest.approx(65.7, rel=1e-12)
    bounds = footprint.bounds()
    assert bounds.lower == pytest.approx(75 * 0.9 + 657 * 0.05, rel=1e-12)
    assert bounds.upper == pytest.approx(75 * 1.2 + 657 * 0.2, rel=1e-12)
    assert bounds.covered == 1.0
    # the item apart from its use: a country does not make it another item
    assert [each.country for each in stand_in.asked] == ["", "FR"]


@pytest.mark.usefixtures("stand_in")
def test_figures_of_the_row() -> None:
    """5 years: 100 / 5 = 20; 40 W x 1,000 h = 40 kWh x 0.5 = 20; 30 kWh declared x 0.5 = 15."""
    row = {"equipment_type": "laptop", "country": "DE", "lifetime": 5.0}
    powered = measure({**row, "power": 40.0, "usage_hours": 1000.0}).stage_totals()
    assert powered[EMBEDDED] == pytest.approx(20, rel=1e-12)
    assert powered[USE] == pytest.approx(20, rel=1e-12)
    declared = measure({**row, "power": 40.0, "annual_energy": 30.0}).stage_totals()
    assert declared[USE] == pytest.approx(15, rel=1e-12)


@pytest.mark.usefixtures("stand_in")
def test_a_year_bears_one_whole_item_at_the_most() -> None:
    """Half a year of life: 100 in the year, as the package caps the share at 1."""
    footprint = measure({"equipment_type": "laptop", "lifetime": 0.5})
    assert footprint.stage_totals()[EMBEDDED] == pytest.approx(100, rel=1e-12)
    assert "lifetime: raised to the minimum of 1" in str(footprint)


@pytest.mark.usefixtures("stand_in")
def test_what_cannot_be_asked_is_left_out_by_name() -> None:
    footprint = measure(
        {"equipment_type": "laptop", "country": None},
        {"equipment_type": "laptop", "country": "BR"},
        {"equipment_type": "printer", "country": "FR"},
        {"equipment_type": "zorglub", "country": "FR"},
        {"equipment_type": "server", "country": "FR", "ram": -1.0},
        {"equipment_type": "laptop", "country": "FR", "ram": -1.0},
    )
    assert reasons(footprint) == {
        "country unknown",
        "no electricity factor of the country in boaviztapi",
        "no factor for the type in boaviztapi",
        "equipment type unknown",
        "ram unreadable or out of range",
    }
    # the memory of a laptop is not read: three laptops bear their share
    assert footprint.stage_totals()[EMBEDDED] == pytest.approx(75, rel=1e-12)
    assert footprint.stage_totals()[USE] == pytest.approx(219 * 0.1, rel=1e-12)


@pytest.mark.usefixtures("stand_in")
def test_the_package_default_of_an_unknown_country_must_be_asked_for() -> None:
    """219 kWh x 0.3 for each of the two, and it is flagged."""
    rows = ({"equipment_type": "laptop", "country": c} for c in (None, "BR"))
    footprint = measure(*rows, unknown_country="package-default")
    assert footprint.stage_totals()[USE] == pytest.approx(2 * 219 * 0.3, rel=1e-12)
    assert "country: Europe, bounds over all countries" in str(footprint)


@pytest.mark.usefixtures("stand_in")
def test_a_fleet_without_any_device_of_the_package() -> None:
    footprint = measure({"equipment_type": "printer"})
    assert math.isnan(footprint.total().value)
    assert math.isnan(footprint.bounds().upper)


def test_one_call_per_distinct_configuration(stand_in: StandIn) -> None:
    """1,000 rows, laptops and servers of 3 memories: 4 items, in use in 2 countries: 8 uses."""
    draw = random.Random(7)  # noqa: S311 - a fleet, not a secret
    rows = [
        {
            "equipment_type": draw.choice(["laptop", "server"]),
            "country": draw.choice(["FR", "DE"]),
            "ram": draw.choice([16.2, 64.0, 128.0]),
            "quantity": float(draw.randint(0, 5)),
        }
        for _ in range(1000)
    ]
    whole = reen.measure(inventory(*rows), method=Boavizta(), as_of=AS_OF)
    assert len(stand_in.asked) == len(set(stand_in.asked)) == 4 + 8
    expected = math.fsum(
        row["quantity"] * (100 if row["equipment_type"] == "laptop" else 1000 + round(row["ram"]))
        for row in rows
    )
    assert whole.stage_totals()[EMBEDDED] == pytest.approx(expected / 4, rel=1e-12)
    stand_in.asked.clear()
    cut = reen.measure(inventory(*rows), method=Boavizta(), as_of=AS_OF, batch_rows=7)
    assert len(stand_in.asked) == 4 + 8
    assert cut.total().value == pytest.approx(whole.total().value, rel=1e-12)
    assert cut.bounds().upper == pytest.approx(whole.bounds().upper, rel=1e-12)


def test_what_is_no_configuration_is_not_asked_about(stand_in: StandIn) -> None:
    """3,000 disks, processors and lifetimes of laptops are one item: 3,000 x 100 / 4."""
    rows = [
        {
            "equipment_type": "laptop",
            "storage": 100.0 + k,
            "cpu_model": f"processor {k}",
            "country": ["FR", "DE"][k % 2],
        }
        for k in range(3000)
    ]
    footprint = measure(*rows)
    assert footprint.stage_totals()[EMBEDDED] == pytest.approx(75_000, rel=1e-12)
    assert sorted(each.country for each in stand_in.asked) == ["", "DE", "FR"]
    assert {each.device for each in stand_in.asked} == {"laptop"}
    assert not any(each.components() for each in stand_in.asked)


@pytest.mark.slow
@pytest.mark.usefixtures("stand_in")
def test_many_distinct_configurations() -> None:
    """500 servers, each of its own: the answer of each row stays its own."""
    rows = [
        {"equipment_type": "server", "ram": float(1 + k), "storage": float(k % 211), "cpu_cores": k}
        for k in range(500)
    ]
    for k, row in enumerate(rows):
        row["cpu_cores"] = float(1 + k % 97)
        row["cpu_sockets"] = float(1 + k % 53)
    footprint = measure(*rows)
    expected = sum(1000 + 1 + k for k in range(500)) / 4
    assert footprint.stage_totals()[EMBEDDED] == pytest.approx(expected, rel=1e-12)


@pytest.mark.usefixtures("stand_in")
def test_footprints_add_up_and_travel() -> None:
    """Flow keys say what was asked, so two footprints add, and one survives pickling."""
    rows = [
        {"equipment_type": "laptop", "country": "FR"},
        {"equipment_type": "server", "country": "DE", "ram": 64.0},
    ]
    both, parts = measure(*rows), [measure(row) for row in rows]
    total = parts[0] + parts[1]
    assert total.total().value == pytest.approx(both.total().value, rel=1e-12)
    assert total.bounds().upper == pytest.approx(both.bounds().upper, rel=1e-12)
    assert pickle.loads(pickle.dumps(both)) == both  # noqa: S301


@pytest.mark.usefixtures("stand_in")
def test_the_gap_to_another_method_adds_up() -> None:
    """Energy is a driver of both sides, so the factor is compared apart."""
    fleet = inventory(
        {"equipment_type": "laptop", "country": "FR", "lifetime": 5.0},
        {"equipment_type": "server", "country": "FR", "lifetime": 5.0},
    )
    comparison = reen.compare(fleet, methods=[Boavizta(), "ecodiag"], as_of=AS_OF)
    gap = comparison.gap("boavizta", "ecodiag")
    sizes = [comparison.footprints[name].total().value for name in ("boavizta", "ecodiag")]
    assert math.fsum(each.value for each in gap.effects) == pytest.approx(
        sizes[1] - sizes[0], rel=1e-9
    )
    assert "annual_energy" in {each.name for each in gap.effects}


# -- with the package ----------------------------------------------------------------------------


@needs_package
def test_laptop_in_france() -> None:
    """181 / 4 = 45.25; 75 W x 0.3 x 8,760 h x 0.098 = 19.3158, with 50 and 100 W as bounds."""
    footprint = measure({"equipment_type": "laptop", "country": "FR"})
    totals, use = footprint.stage_totals(), footprint.bounds(stages=[USE])
    assert totals[EMBEDDED] == pytest.approx(45.25, rel=1e-12)
    assert totals[USE] == pytest.approx(19.3158, rel=1e-12)
    assert use.lower == pytest.approx(19.3158 * 50 / 75, rel=1e-12)
    assert use.upper == pytest.approx(19.3158 * 100 / 75, rel=1e-12)
    assert footprint.provenance.method_version.startswith("1+boaviztapi.")


@needs_package
def test_laptop_of_no_country_over_its_whole_life() -> None:
    """Four years in Europe, bounds over all countries: 300 kg, between 12.09 and 1,190.

    75 W x 0.3 x 35.04 thousand hours x 0.38 = 299.592; 50 W x 0.023 and 100 W x 1.13161 for the
    electricity that is least and most laden, four significant digits of which are displayed.
    """
    footprint = measure({"equipment_type": "laptop"}, unknown_country="package-default")
    use = footprint.bounds(stages=[USE])
    assert 4 * use.value == pytest.approx(75 * 0.3 * 35.04 * 0.38, rel=1e-12)
    assert [f"{4 * value:.4g}" for value in (use.lower, use.upper)] == ["12.09", "1190"]


@attrs.frozen
class Case:
    """A row of ours and the package's own request for the same thing."""

    row: Mapping[str, object]
    usage: Mapping[str, float | str]
    configuration: Mapping[str, object]


CASES = 200
#: Capacities that the generated rows are made of, given to the method as options.
SIZES = {"ram_module": 32.0, "ssd_drive": 800.0, "hdd_drive": 4000.0}
_PLACES = {"FR": "FRA", "DE": "DEU", "PL": "POL", "US": "USA", "BR": "BRA", "SE": "SWE"}
_PROCESSORS = (
    "Intel Xeon Gold 6134",
    "intel xeon e5-2670 v3",
    "AMD EPYC 7543",
    "Xeon Platinum 8280",
    "no processor that anyone made",
)
_TERMINALS = (
    "laptop",
    "desktop",
    "tablet",
    "smartphone",
    "television",
    "monitor",
    "box",
    "usb_stick",
    "external_ssd",
    "external_hdd",
    "vr_headset",
)


def generated() -> list[Case]:
    draw = random.Random(20_260_801)  # noqa: S311 - a fleet, not a secret
    return [_case(draw, server=k % 2 == 0) for k in range(CASES)]


def _case(draw: random.Random, *, server: bool) -> Case:
    row: dict[str, object] = {}
    usage: dict[str, float | str] = {}
    configuration: dict[str, object] = {}
    row["equipment_type"] = "server" if server else draw.choice(_TERMINALS)
    if draw.random() < 0.8:
        row["country"] = draw.choice(list(_PLACES))
        usage["usage_location"] = _PLACES[str(row["country"])]
    if draw.random() < 0.3:
        row["power"] = usage["avg_power"] = draw.uniform(0.5, 800)
    if draw.random() < 0.3:
        row["usage_hours"] = draw.uniform(1, 8760)
        usage["use_time_ratio"] = float(row["usage_hours"]) / 8760  # type: ignore[arg-type]
    if draw.random() < 0.4:
        row["lifetime"] = draw.uniform(0.3, 12)
        usage["hours_life_time"] = float(row["lifetime"]) * 8760  # type: ignore[arg-type]
    if server:
        _components(draw, row, configuration)
    return Case(row, usage, configuration)


def _components(
    draw: random.Random, row: dict[str, object], configuration: dict[str, object]
) -> None:
    cpu: dict[str, object] = {}
    if draw.random() < 0.7:
        row["cpu_model"] = cpu["name"] = draw.choice(_PROCESSORS)
    if draw.random() < 0.6:
        cpu["units"] = draw.choice([1, 2, 4])
        row["cpu_sockets"] = float(cpu["units"])  # type: ignore[arg-type]
        if draw.random() < 0.6:
            cpu["core_units"] = draw.randint(4, 64)
            row["cpu_cores"] = float(cpu["core_units"]) * row["cpu_sockets"]  # type: ignore[arg-type,operator]
    if cpu:
        configuration["cpu"] = cpu
    if draw.random() < 0.7:
        units = draw.randint(1, 24)
        row["ram"] = 32.0 * units
        configuration["ram"] = [{"units": units, "capacity": 32}]
    if draw.random() < 0.7:
        kind = draw.choice(["ssd", "hdd", None])
        units, size = draw.randint(0, 12), 4000 if kind == "hdd" else 800
        row["storage"] = float(units * size)
        if kind is not None:
            row["storage_type"] = kind
        configuration["disk"] = [{"type": kind, "units": units, "capacity": size}]


def own_figures(case: Case) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Return the package's unrounded figures for one year, asked as its own server asks."""
    from boaviztapi.compute.impacts_computation import compute_impacts
    from boaviztapi.data.archetype import get_server_archetype, get_user_terminal_archetype
    from boaviztapi.dto.device import device, user_terminal
    from boaviztapi.utils.config import config

    kind = str(case.row["equipment_type"])
    if kind == "server":
        request = device.Server(
            configuration=dict(case.configuration) or None, usage=dict(case.usage)
        )
        model = device.mapper_server(request, archetype=get_server_archetype(config.default_server))
    else:
        request = getattr(user_terminal, boavizta_package.DEVICES[kind])(usage=dict(case.usage))
        archetype = get_user_terminal_archetype(getattr(config, f"default_{kind}"))
        model = user_terminal.mapper_user_terminal(request, archetype=archetype)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Covariance of the parameters")
        compute_impacts(model=model, selected_criteria=list(CRITERIA), duration=8760)
    return {
        code: {
            phase: (impact.value, impact.min, impact.max)
            for phase, impact in model.impacts.get(code, {}).items()
            if phase in ("embedded", "use") and impact is not None
        }
        for code in CRITERIA
    }


@needs_package
def test_equal_to_the_package_on_200_configurations() -> None:
    """Every criterion and stage: value, minimum and maximum, to 1e-12."""
    compared = 0
    for case in generated():
        footprint = measure(case.row, unknown_country="package-default", **SIZES)
        own = own_figures(case)
        for code, key in CRITERIA.items():
            totals = footprint.stage_totals(key) if key in footprint.criteria else {}
            for stage in (EMBEDDED, USE):
                expected = own[code].get(str(stage))
                if expected is None:
                    assert math.isnan(totals.get(stage, math.nan)), (case, code, stage)
                    continue
                bounds = footprint.bounds(key, stages=[stage])
                found = (totals[stage], bounds.lower, bounds.upper)
                assert found == pytest.approx(expected, rel=1e-12, abs=0), (case, code, stage)
                compared += 1
    assert compared > 5000


@needs_package
def test_together_as_one_by_one() -> None:
    """The same rows in one inventory, each several times, in small batches: the sum of each."""
    cases = generated()[:40]
    rows = [{**case.row, "quantity": float(1 + k % 3)} for k, case in enumerate(cases)]
    options = Boavizta(unknown_country="package-default", **SIZES)  # type: ignore[arg-type]
    fleet = inventory(*rows, *rows)
    footprint = reen.measure(fleet, method=options, as_of=AS_OF, batch_rows=16)
    for code in ("gwp", "adp", "pe"):
        value, lower, upper = np.sum(
            [
                [(1 + k % 3) * figure for figure in figures]
                for k, case in enumerate(cases)
                for figures in own_figures(case)[code].values()
            ],
            axis=0,
        )
        bounds = footprint.bounds(CRITERIA[code])
        assert bounds.value == pytest.approx(2 * value, rel=1e-12)
        assert bounds.lower == pytest.approx(2 * lower, rel=1e-12)
        assert bounds.upper == pytest.approx(2 * upper, rel=1e-12)


@needs_package
def test_usual_capacities_are_those_of_the_archetype() -> None:
    """Without options, memory is split by the archetype's own module: the same as giving it."""
    from boaviztapi.data.archetype import get_server_archetype

    size = get_server_archetype("platform_compute_medium")["RAM"]["capacity"]["default"]
    row = {"equipment_type": "server", "ram": 6 * size}
    assert measure(row).total().value == measure(row, ram_module=size).total().value
    assert measure(row).total().value < measure(row, ram_module=size / 2).total().value


@needs_package
def test_archetypes_can_be_chosen() -> None:
    """A personal laptop of 175 kg is kept 5 years: 175 / 5 = 35."""
    footprint = measure({"equipment_type": "laptop"}, archetypes={"laptop": "laptop-perso"})
    assert footprint.stage_totals()[EMBEDDED] == pytest.approx(35, rel=1e-12)
    for wrong in ({"laptop": "zorglub"}, {"printer": "x"}, {"laptop": "desktop-pro"}):
        with pytest.raises(reen.errors.OptionError, match="archetypes"):
            measure({"equipment_type": "laptop"}, archetypes=wrong)


@needs_package
def test_the_load_of_servers() -> None:
    """A known load has no range: the bounds of use draw together, around the same mean at 50 %."""
    row = {"equipment_type": "server", "country": "FR"}
    free, known = measure(row), measure(row, server_load=50.0)
    assert known.stage_totals()[USE] == pytest.approx(free.stage_totals()[USE], rel=1e-12)
    assert free.bounds(stages=[USE]).lower < known.bounds(stages=[USE]).lower
    assert measure(row, server_load=100.0).total().value > known.total().value


@needs_package
def test_unknown_processor_and_mixed_drives_are_flagged() -> None:
    footprint = measure(
        {"equipment_type": "server", "cpu_model": "no processor that anyone made"},
        {"equipment_type": "server", "storage": 4000.0, "storage_type": "mixed"},
    )
    text = str(footprint)
    assert "cpu_model: not recognised, that of the archetype" in text
    assert "storage: mixed, drives of the archetype" in text


@needs_package
@pytest.mark.parametrize(
    "name", ["default_location", "default_cpu", "cpu_name_fuzzymatch_threshold"]
)
def test_settings_behind_the_options_are_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boaviztapi import config

    monkeypatch.setattr(config, name, "FRA" if name == "default_location" else 1)
    with pytest.raises(reen.errors.OptionError, match=f"BOAVIZTA_{name.upper()}"):
        measure({"equipment_type": "laptop"})


@needs_package
def test_another_computation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use that is no longer power x hours x factor: named, with the version that we know."""
    from boaviztapi.compute import impacts_computation

    def doubled(*arguments: object) -> tuple[float, ...]:
        value, least, most, warnings = impacts_computation.simple_impact_use(*arguments)
        return 2 * value, least, most, warnings

    monkeypatch.setitem(impacts_computation.impacts_functions["LAPTOP"], "use", doubled)
    with pytest.raises(reen.errors.PluginError, match=r"otherwise than power x hours.*2\.5\.0"):
        measure({"equipment_type": "laptop"})
