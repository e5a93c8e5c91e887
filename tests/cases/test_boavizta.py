"""BoaviztAPI in process: equal to the package's own unrounded figures, and the method around it.

The first half needs no package: it is answered by a stand-in with invented figures.  The second
asks the installed `boaviztapi`, and is skipped where there is none (AGPL-3.0, an extra of its own:
``pip install '.[boavizta]'``).
"""

from __future__ import annotations

import importlib.util
import json
import math
import pickle
import random
import subprocess
import sys
import types
import warnings
from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.plugin import Assumption
from reen_plugins.boavizta import method as boavizta
from reen_plugins.boavizta import package as boavizta_package
from reen_plugins.boavizta import requests as boavizta_requests
from reen_plugins.boavizta.answers import Answer
from reen_plugins.boavizta.configurations import Configuration, Known
from reen_plugins.boavizta.method import Boavizta
from reen_plugins.boavizta.package import CRITERIA
from reen_plugins.boavizta.requests import Rules, split

AS_OF = "2022-12-31"
INSTALLED = importlib.util.find_spec("boaviztapi") is not None
needs_package = pytest.mark.skipif(
    not INSTALLED, reason="boaviztapi is not installed: pip install '.[boavizta]' (AGPL-3.0)"
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
    "cpu_die_size",
    "ram",
    "ram_density",
    "storage",
    "gpu_count",
    "power_supplies",
    "power_supply_weight",
    "average_load",
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
    assert "pip install '.[boavizta]'" in str(caught.value)
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
_EMBEDDED = {
    "laptop": (100.0, 90.0, 120.0),
    "server": (1000.0, 500.0, 3000.0),
    "cloud_instance": (1000.0, 500.0, 3000.0),
}
_PER_KWH = {"": (0.3, 0.01, 1.0), "FR": (0.1, 0.05, 0.2), "DE": (0.5, 0.4, 0.7)}


class StandIn:
    """Answers with invented figures, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Configuration] = []

    def __call__(
        self,
        configuration: Configuration,
        *,
        rules: Rules,
        countries: Mapping[str, str],
    ) -> Answer:
        del rules, countries
        self.asked.append(configuration)
        embedded, use = np.full((2, 3, len(CRITERIA)), np.nan)
        ram = configuration.components().get("ram")
        embedded[:, 0] = np.array(_EMBEDDED[configuration.device]) + float(ram or 0)
        use[:, 0] = _PER_KWH[configuration.country]
        return Answer(
            embedded=embedded,
            use=use,
            lifetime=4.0,
            power=50.0,
            use_ratio=1.0 if configuration.device == "cloud_instance" else 0.5,
            archetype=f"{configuration.device}-invented",
            assumed=(Assumption("invented", parameter="ram", pack="boaviztapi"),) if ram else (),
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


@pytest.mark.slow
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


# -- what a request says, without the package ----------------------------------------------------


@pytest.fixture
def parts_of_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the package: requests are dictionaries of what they say."""
    names = ("CPU", "RAM", "Disk", "GPU", "PowerSupply")
    foreign = types.SimpleNamespace(**dict.fromkeys(names, dict))
    monkeypatch.setattr(boavizta_requests, "part", lambda _: foreign)
    monkeypatch.setattr(boavizta_requests, "is_gpu", lambda name: name == "Invented G1")


#: An archetype as the package gives it, invented.
_ARCHETYPE = {"CPU": {"units": {"default": 2}}, "RAM": {"capacity": {"default": 16}}}


@pytest.mark.usefixtures("parts_of_requests")
@pytest.mark.parametrize(
    ("known", "said", "assumed"),
    [
        # 24 cores on the archetype's 2 processors: 12 each, with a die of 754 mm2
        (
            {"cpu_cores": 24, "cpu_die_size": 754.0},
            {"cpu": {"die_size": 754.0, "core_units": 12}},
            {"components", "cpu_sockets"},
        ),
        # 64 GiB are 4 modules of the archetype's 16
        (
            {"ram": 64, "ram_density": 1.79},
            {"ram": [{"units": 4, "capacity": 16, "density": 1.79}]},
            {"components", "ram"},
        ),
        ({"ram_density": 1.79}, {"ram": [{"density": 1.79}]}, {"components"}),
        (
            {"gpu_model": "Invented G1"},
            {"gpu": {"units": 1, "name": "Invented G1"}},
            {"components", "gpu_count"},
        ),
        (
            {"gpu_model": "Invented G1", "gpu_count": 4},
            {"gpu": {"units": 4, "name": "Invented G1"}},
            {"components"},
        ),
        # the graphics of a board are no accelerator; two cards of no known name are
        ({"gpu_model": "Matrix of the board"}, {}, {"components", "gpu_model"}),
        (
            {"gpu_model": "Matrix of the board", "gpu_count": 2},
            {"gpu": {"units": 2}},
            {"components", "gpu_model"},
        ),
        ({"gpu_count": 0}, {}, {"components"}),
        (
            {"power_supplies": 2, "power_supply_weight": 1.5},
            {"power_supply": {"units": 2, "unit_weight": 1.5}},
            {"components"},
        ),
    ],
)
def test_what_a_request_for_a_server_says(
    known: Mapping[str, Known], said: Mapping[str, object], assumed: set[str]
) -> None:
    request = boavizta_requests._Request(known, _ARCHETYPE, Rules(archetypes={}))
    assert request.parts() == said
    assert {each.parameter for each in request.assumed} == assumed


# -- archetypes and clouds, without the package --------------------------------------------------


@pytest.mark.usefixtures("stand_in")
def test_an_instance_bears_the_hours_that_it_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    """3 instances for 2,190 h, a quarter of the year: 3 x 1,000 / 4 years x 1/4 = 187.5.

    Use: 3 x 50 W x 2,190 h = 328.5 kWh, x 0.1 in the region = 32.85.
    """
    known = {("acme", "m.large"): ("acme", "m.large")}
    monkeypatch.setattr(boavizta_package, "instance_of", lambda *words: known.get(words))
    places = {("acme", "west"): "FR"}
    monkeypatch.setattr(boavizta_package, "place_of_region", lambda *w: places.get(w, ""))
    row = {"equipment_type": "cloud_instance", "provider": "acme", "quantity": 3.0}
    footprint = measure(
        {**row, "instance_type": "m.large", "region": "west", "usage_hours": 2190.0},
        {**row, "instance_type": "m.huge", "region": "west"},
        {**row, "region": "west"},
    )
    totals = footprint.stage_totals()
    assert totals[EMBEDDED] == pytest.approx(187.5, rel=1e-12)
    assert totals[USE] == pytest.approx(32.85, rel=1e-12)
    assert reasons(footprint) == {
        "its provider or its type of instance is not in boaviztapi",
        "instance_type unknown",
    }
    # all the year without its hours, and the country where the region says nothing
    whole = measure({**row, "instance_type": "m.large", "region": "?", "country": "DE"})
    assert whole.stage_totals()[EMBEDDED] == pytest.approx(750, rel=1e-12)
    assert whole.stage_totals()[USE] == pytest.approx(3 * 438 * 0.5, rel=1e-12)
    assert "usage_hours: of the archetype" in str(whole)


def test_files_of_servers_and_instances_are_read(tmp_path: Path) -> None:
    """French headers: a blade of two accelerators at 35 %, and four instances all the year."""
    servers, clouds = tmp_path / "serveurs.csv", tmp_path / "cloud.csv"
    servers.write_text(
        "Nom;Type;Archétype;Nb GPU;Carte graphique;Forme du serveur;Taux de charge;"
        "Nb alimentations;Densité mémoire\n"
        "srv1;Serveur;dellR740;2;NVIDIA T4;lame;35 %;2;1,79\n",
        encoding="utf-8",
    )
    clouds.write_text(
        "Type;Fournisseur cloud;Type d'instance;Région cloud;Nombre;Heures par an\n"
        "Instance de cloud;aws;m5.xlarge;eu-west-3;4;8760\n",
        encoding="utf-8",
    )
    (server,), (cloud,) = (reen.read(each).table.to_pylist() for each in (servers, clouds))
    expected = {
        "archetype": "dellR740",
        "gpu_count": 2.0,
        "gpu_model": "NVIDIA T4",
        "case_type": "blade",
        "power_supplies": 2.0,
        "ram_density": 1.79,
    }
    assert {name: server[name] for name in expected} == expected
    assert server["average_load"] == pytest.approx(0.35)
    expected = {
        "equipment_type": "cloud_instance",
        "provider": "aws",
        "instance_type": "m5.xlarge",
        "region": "eu-west-3",
        "quantity": 4.0,
        "usage_hours": 8760.0,
    }
    assert {name: cloud[name] for name in expected} == expected


@pytest.mark.usefixtures("stand_in")
def test_an_archetype_of_the_row(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked with; one that is not known is left out, and so is an object that names none."""
    known = {("server", "rack-x"), ("iot", "sensor-x")}
    monkeypatch.setattr(boavizta_package, "has_archetype", lambda *words: words in known)
    footprint = measure(
        {"equipment_type": "server", "country": "FR", "archetype": "rack-x"},
        {"equipment_type": "server", "country": "FR", "archetype": "rack-y"},
        {"equipment_type": "iot", "country": "FR"},
    )
    assert {each.archetype for each in stand_in.asked} == {"rack-x"}
    assert reasons(footprint) == {"its archetype is not in boaviztapi", "archetype unknown"}
    assert footprint.stage_totals()[EMBEDDED] == pytest.approx(250, rel=1e-12)


@pytest.mark.usefixtures("stand_in")
def test_the_load_of_a_row_is_asked_with_its_use_only(stand_in: StandIn) -> None:
    """30 % of the row; a server that gives its power has no use for a load."""
    row = {"equipment_type": "server", "country": "FR", "average_load": 0.3}
    measure(row, {**row, "power": 200.0})
    loads = [each.components().get("average_load") for each in stand_in.asked]
    assert sorted(loads, key=str) == [30.0, None, None]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"load_profile": "10=50,50=40"}, "together 100 percent"),
        ({"load_profile": "110=100"}, "together 100 percent"),
        ({"load_profile": "half=100"}, "together 100 percent"),
        ({"load_profile": "50=100", "server_load": "50"}, "server_load or load_profile, not both"),
        ({"ram_module": [32]}, "expected a number"),
    ],
)
def test_options_that_do_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(reen.errors.OptionError, match=message):
        reen.configure(Boavizta(), options)


def test_options_as_values_are_those_as_text() -> None:
    text = {"ram_module": "32", "load_profile": "10=50,50=50", "archetypes": "laptop=laptop-perso"}
    values = {
        "ram_module": 32,
        "load_profile": {10: 50, 50: 50},
        "archetypes": {"laptop": "laptop-perso"},
    }
    assert reen.configure(Boavizta(), values) == reen.configure(Boavizta(), text)


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
    assert footprint.provenance.method_version.startswith("2+boaviztapi.")


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


def asked_per_row(draw: random.Random) -> Case:
    """Return a server that gives all that a row may give, and the package's own request."""
    place = draw.choice(list(_PLACES))
    kind, die, density = draw.choice(["rack", "blade"]), draw.uniform(50, 900), draw.uniform(1, 3)
    units, supplies, weight = draw.randint(1, 24), draw.randint(1, 4), draw.uniform(0.5, 5)
    load, name = draw.randint(0, 100), draw.choice(["dellR740", "platform_memory_low"])
    cards = draw.choice([None, ("NVIDIA T4", 1), ("NVIDIA A100 PCIe 40GB", 4), (None, 2)])
    die, density, weight = round(die, 2), round(density, 2), round(weight, 2)
    row: dict[str, object] = {
        "equipment_type": "server",
        "country": place,
        "archetype": name,
        "case_type": kind,
        "cpu_die_size": die,
        "ram": 32.0 * units,
        "ram_density": density,
        "power_supplies": float(supplies),
        "power_supply_weight": weight,
        "average_load": load / 100,
    }
    configuration: dict[str, object] = {
        "cpu": {"die_size": die},
        "ram": [{"units": units, "capacity": 32, "density": density}],
        "power_supply": {"units": supplies, "unit_weight": weight},
    }
    if cards is not None:
        row |= {"gpu_model": cards[0], "gpu_count": float(cards[1])}
        configuration["gpu"] = {"units": cards[1]} | ({"name": cards[0]} if cards[0] else {})
    usage = {"usage_location": _PLACES[place], "time_workload": float(load)}
    return Case(row, usage, configuration)


def own_server(case: Case) -> object:
    from boaviztapi.data.archetype import get_server_archetype
    from boaviztapi.dto.device import device

    request = device.Server(
        model={"type": case.row["case_type"]},
        configuration=dict(case.configuration),
        usage=dict(case.usage),
    )
    found = get_server_archetype(str(case.row["archetype"]))
    return device.mapper_server(request, archetype=found)


def figures_of(model: object, hours: float = 8760) -> dict[str, dict[str, tuple[float, ...]]]:
    """Return the package's unrounded figures of one of its models."""
    from boaviztapi.compute.impacts_computation import compute_impacts

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compute_impacts(model=model, selected_criteria=list(CRITERIA), duration=hours)
    return {
        code: {
            phase: (impact.value, impact.min, impact.max)
            for phase, impact in model.impacts.get(code, {}).items()  # type: ignore[attr-defined]
            if phase in ("embedded", "use") and impact is not None
        }
        for code in CRITERIA
    }


def assert_equal_to(
    footprint: reen.Footprint, own: Mapping[str, Mapping[str, tuple[float, ...]]]
) -> int:
    """Compare every criterion and stage: value, minimum and maximum, to 1e-12."""
    compared = 0
    for code, key in CRITERIA.items():
        totals = footprint.stage_totals(key) if key in footprint.criteria else {}
        for stage in (EMBEDDED, USE):
            expected = own[code].get(str(stage))
            if expected is None:
                assert math.isnan(totals.get(stage, math.nan)), (code, stage)
                continue
            bounds = footprint.bounds(key, stages=[stage])
            found = (totals[stage], bounds.lower, bounds.upper)
            assert found == pytest.approx(expected, rel=1e-12, abs=0), (code, stage)
            compared += 1
    return compared


@needs_package
def test_every_column_of_a_server_is_asked_with() -> None:
    """Archetype, form, die, density, accelerators, supplies and load: as in a request of them."""
    draw = random.Random(20_260_802)  # noqa: S311 - a fleet, not a secret
    cases = [asked_per_row(draw) for _ in range(40)]
    compared = sum(
        assert_equal_to(measure(case.row, ram_module=32.0), figures_of(own_server(case)))
        for case in cases
    )
    assert compared > 1000


@needs_package
def test_a_profile_of_loads_is_that_of_the_package() -> None:
    """Half of the time at 10 %, 40 % of it at 50 %, a tenth at full load."""
    profile = [(50.0, 10.0), (40.0, 50.0), (10.0, 100.0)]
    parts = [{"time_percentage": time, "load_percentage": load} for time, load in profile]
    row = {"equipment_type": "server", "country": "FR", "archetype": "dellR740"}
    case = Case({**row, "case_type": "rack"}, {"usage_location": "FRA", "time_workload": parts}, {})
    profiled = reen.configure(Boavizta(), {"load_profile": {10: 50, 50: 40, 100: 10}})
    footprint = reen.measure(inventory(case.row), method=profiled, as_of=AS_OF)
    assert assert_equal_to(footprint, figures_of(own_server(case))) > 20


def instances() -> list[tuple[str, str]]:
    """Return provider and type of each instance that the package has."""
    import csv

    import boaviztapi

    folder = Path(boaviztapi.data_dir) / "archetypes" / "cloud"

    def rows(name: str) -> csv.DictReader[str]:
        return csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines())

    return [
        (provider["provider.name"], row["id"])
        for provider in rows("providers")
        for row in rows(provider["provider.name"])
    ]


def own_instance(provider: str, name: str, **usage: object) -> object:
    from boaviztapi.data.archetype import get_cloud_instance_archetype
    from boaviztapi.dto.device import device

    request = device.Cloud(provider=provider, instance_type=name, usage=usage)
    found = get_cloud_instance_archetype(name, provider)
    return device.mapper_cloud_instance(request, archetype=found)


def assert_instance(draw: random.Random, provider: str, name: str) -> int:
    """Compare an instance in France, for some hours, at a load; return the number of figures."""
    hours, load = draw.uniform(1, 8760), draw.randint(0, 100)
    row = {
        "equipment_type": "cloud_instance",
        "provider": provider.upper(),
        "instance_type": name,
        "country": "FR",
        "usage_hours": hours,
        "average_load": load / 100,
    }
    own = own_instance(provider, name, usage_location="FRA", time_workload=float(load))
    return assert_equal_to(measure(row), figures_of(own, hours))


@needs_package
def test_instances_of_every_provider() -> None:
    """60 of the instances that the package has, for some hours, at the load of the row."""
    known = instances()
    assert len(known) > 2000
    draw = random.Random(20_260_803)  # noqa: S311 - a fleet, not a secret
    chosen = draw.sample(known, 60)
    assert sum(assert_instance(draw, *each) for each in chosen) > 1500


@needs_package
@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_every_instance(part: int) -> None:
    """All of them, an eighth at a time: 2,331 in 2.5.0, by 24 criteria, stages and bounds."""
    draw = random.Random(part)  # noqa: S311 - a fleet, not a secret
    chosen = instances()[part::8]
    assert sum(assert_instance(draw, *each) for each in chosen) > 30 * len(chosen)


@needs_package
def test_every_archetype_of_the_package() -> None:
    """Its terminals and its servers, in France, a year: every criterion and stage that it has."""
    from boaviztapi.data.archetype import get_server_archetype, get_user_terminal_archetype
    from boaviztapi.dto.device import device, user_terminal

    kinds = [kind for kind in boavizta_package.DEVICES if kind not in boavizta_package.NAMED]
    compared, names = 0, 0
    for kind in kinds:
        known = boavizta_package._archetypes_of(kind)
        for name in known if kind != "server" else known[::8]:
            row = {"equipment_type": kind, "archetype": name, "country": "FR"}
            if kind == "server":
                asked = device.Server(usage={"usage_location": "FRA"})
                model = device.mapper_server(asked, archetype=get_server_archetype(name))
            else:
                asked = getattr(user_terminal, boavizta_package.DEVICES[kind])(
                    usage={"usage_location": "FRA"}
                )
                found = get_user_terminal_archetype(name)
                model = user_terminal.mapper_user_terminal(asked, archetype=found)
            compared += assert_equal_to(measure(row), figures_of(model))
            names += 1
    assert names > 50
    assert compared > 1000


@needs_package
def test_an_instance_in_a_region() -> None:
    """m5.xlarge of Paris at half load for a year: 22.6 W in France, whatever the row says else."""
    row = {
        "equipment_type": "cloud_instance",
        "provider": "Amazon Web Services",
        "instance_type": "M5.xlarge",
        "region": "eu-west-3",
    }
    own = own_instance("aws", "m5.xlarge", region="eu-west-3", time_workload=50.0)
    assert_equal_to(measure({**row, "average_load": 0.5, "usage_hours": 8760.0}), figures_of(own))
    nowhere = measure({**row, "region": "mars-1"})
    assert "country unknown" in reasons(nowhere)
    unknown = measure({**row, "instance_type": "m5.xlarg"})
    assert reasons(unknown) == {"its provider or its type of instance is not in boaviztapi"}


@needs_package
@pytest.mark.parametrize(
    "name", ["occupancy_sensor", "home_connected_assistant_mini", "drone_mini", "smart_watch"]
)
def test_connected_objects(name: str) -> None:
    """The blocks of their archetype; electricity with the power of the row, else left out."""
    from boaviztapi.data.archetype import get_iot_device_archetype
    from boaviztapi.dto.device.iot import IoT, mapper_iot_device

    def own(**usage: object) -> dict[str, dict[str, tuple[float, ...]]]:
        request = IoT(usage={"usage_location": "FRA", **usage})
        return figures_of(mapper_iot_device(request, archetype=get_iot_device_archetype(name)))

    row = {"equipment_type": "iot", "archetype": name, "country": "FR"}
    powered = measure({**row, "power": 2.0, "usage_hours": 8760.0})
    assert assert_equal_to(powered, own(avg_power=2.0, use_time_ratio=1.0)) > 20
    silent = measure(row)
    assert math.isnan(silent.stage_totals().get(USE, math.nan))
    assert "power unknown, and no default for the type either" in reasons(silent)


@needs_package
def test_graphics_of_a_board_are_no_accelerator() -> None:
    plain = {"equipment_type": "server", "country": "FR"}
    board = measure({**plain, "gpu_model": "Matrox G200eW3"})
    assert board.total().value == measure(plain).total().value
    assert "gpu_model: not counted, since no source gives it" in str(board)
    card = measure({**plain, "gpu_model": "NVIDIA T4"})
    assert card.total().value > measure(plain).total().value
    assert "gpu_model: its electricity is not counted" in str(card)


@needs_package
def test_an_archetype_that_the_package_lacks_is_left_out() -> None:
    rows = [
        {"equipment_type": "server", "archetype": "zorglub"},
        {"equipment_type": "laptop", "archetype": "dellR740"},
        {"equipment_type": "iot", "archetype": "iot-device-default"},
    ]
    assert reasons(measure(*rows)) == {"its archetype is not in boaviztapi"}


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
