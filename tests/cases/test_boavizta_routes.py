"""BoaviztAPI by its routes: 36 requests, 216 cells, as its server prints them.

Each request is a row of an inventory too.  The routes of the installed package answer the one,
reen the other; three criteria by two stages by 36 are compared as printed: value, minimum and
maximum in the package's own rounding.  Skipped where there is no `boaviztapi`.
"""

from __future__ import annotations

import asyncio
import inspect
import math
import warnings
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

import reen

routes = pytest.importorskip(
    "boaviztapi.routers", reason="boaviztapi is not installed: pip install '.[boavizta]'"
)

CRITERIA = {"gwp": "climate_change", "adp": "abiotic_depletion", "pe": "primary_energy"}
YEAR = 8760.0
FRANCE, GERMANY = {"usage_location": "FRA"}, {"usage_location": "DEU"}
_PLACES = {"FRA": "FR", "DEU": "DE"}
#: Modules and drives of the requests below: a row says the total only.
SIZES = {"ram_module": 32.0, "ssd_drive": 800.0, "hdd_drive": 4000.0}

Usage = dict[str, object]
Row = dict[str, object]
Request = tuple[str, str, Usage, dict[str, object], Row]

#: Type, archetype, usage, rest of the request, and what the row says beside type, archetype and
#: country.
TERMINALS: list[Request] = [
    (kind, "", FRANCE, {}, {})
    for kind in (
        *("laptop", "desktop", "tablet", "smartphone", "television", "monitor", "box"),
        *("usb_stick", "external_ssd", "external_hdd", "vr_headset"),
    )
] + [
    (
        "laptop",
        "",
        {**GERMANY, "avg_power": 30.0, "use_time_ratio": 0.25},
        {},
        {"power": 30.0, "usage_hours": YEAR / 4},
    ),
    ("laptop", "", {**FRANCE, "hours_life_time": 5 * YEAR}, {}, {"lifetime": 5.0}),
    ("monitor", "", {**FRANCE, "avg_power": 20.0}, {}, {"power": 20.0}),
    ("laptop", "laptop-perso", FRANCE, {}, {}),
    ("laptop", "", {}, {}, {}),
]
_MEMORY = {"ram": [{"units": 12, "capacity": 32}]}
_FLASH = {"disk": [{"type": "ssd", "units": 2, "capacity": 800}]}
_DISKS = {"disk": [{"type": "hdd", "units": 4, "capacity": 4000}]}
_CARDS = {"gpu": {"units": 2, "name": "NVIDIA T4"}}
_SUPPLIES = {"power_supply": {"units": 2, "unit_weight": 3.5}}
SERVERS: list[Request] = [
    ("server", archetype, usage, request, row)
    for archetype, usage, request, row in (
        ("", FRANCE, {}, {}),
        ("dellR740", FRANCE, {}, {}),
        (
            "",
            FRANCE,
            {"configuration": {"cpu": {"units": 2, "name": "Intel Xeon Gold 6134"}}},
            {"cpu_sockets": 2.0, "cpu_model": "Intel Xeon Gold 6134"},
        ),
        ("", FRANCE, {"configuration": _MEMORY}, {"ram": 384.0}),
        ("", FRANCE, {"configuration": _FLASH}, {"storage": 1600.0, "storage_type": "ssd"}),
        ("", GERMANY, {"configuration": _DISKS}, {"storage": 16000.0, "storage_type": "hdd"}),
        ("", FRANCE, {"configuration": _CARDS}, {"gpu_model": "NVIDIA T4", "gpu_count": 2.0}),
        ("", FRANCE, {"model": {"type": "blade"}}, {"case_type": "blade"}),
        (
            "",
            FRANCE,
            {"configuration": _SUPPLIES},
            {"power_supplies": 2.0, "power_supply_weight": 3.5},
        ),
        ("", FRANCE, {"configuration": {"cpu": {"die_size": 400.0}}}, {"cpu_die_size": 400.0}),
        ("", {**FRANCE, "avg_power": 300.0}, {}, {"power": 300.0}),
        ("", {**FRANCE, "time_workload": 50.0}, {}, {"average_load": 0.5}),
    )
]
INSTANCES: list[Request] = [
    ("cloud_instance", name, usage, {"provider": provider, "instance_type": name}, row)
    for provider, name, usage, row in (
        ("aws", "m5.xlarge", {**FRANCE, "time_workload": 50.0}, {"average_load": 0.5}),
        ("aws", "m5.xlarge", FRANCE, {}),
        ("scaleway", "dev1-s", FRANCE, {}),
        ("azure", "d2ads_v5", GERMANY, {}),
    )
]
OBJECTS: list[Request] = [
    ("iot", name, usage, {}, row)
    for name, usage, row in (
        (
            "occupancy_sensor",
            {**FRANCE, "avg_power": 2.0, "use_time_ratio": 1.0},
            {"power": 2.0, "usage_hours": YEAR},
        ),
        ("smart_watch", FRANCE, {}),
        (
            "drone_mini",
            {**FRANCE, "avg_power": 50.0, "use_time_ratio": 0.25},
            {"power": 50.0, "usage_hours": YEAR / 4},
        ),
        ("home_connected_assistant_mini", FRANCE, {}),
    )
]


def answered(request: Request) -> Mapping[str, Mapping[str, Any]]:
    """Return what a route of the package prints of a request, by criterion and stage."""
    from boaviztapi import config
    from boaviztapi.dto.device import device, user_terminal
    from boaviztapi.dto.device.iot import IoT
    from boaviztapi.routers import (
        cloud_router,
        iot_router,
        peripheral_router,
        server_router,
        terminal_router,
    )

    from reen_plugins.boavizta.package import DEVICES

    kind, archetype, usage, rest, _ = request
    asked: object
    if kind == "server":
        asked = device.Server(usage=usage, **rest)
        route = server_router.server_impact_from_configuration
    elif kind == "cloud_instance":
        asked = device.Cloud(usage=usage, **rest)
        route = cloud_router.instance_cloud_impact_from_configuration
    elif kind == "iot":
        asked = IoT(usage=usage)
        (route,) = (
            found for name, found in vars(iot_router).items() if "from_configuration" in name
        )
    else:
        asked = getattr(user_terminal, DEVICES[kind])(usage=usage)
        name = f"{kind}_impact_from_configuration"
        route = getattr(terminal_router, name, None) or getattr(peripheral_router, name)
    body = next(iter(inspect.signature(route).parameters))
    given = {body: asked, "verbose": False, "duration": YEAR, "criteria": list(CRITERIA)}
    if kind != "cloud_instance":
        given["archetype"] = archetype or getattr(config, f"default_{kind}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        impacts: Mapping[str, Mapping[str, Any]] = asyncio.run(route(**given))["impacts"]
    return impacts


def measured(request: Request) -> reen.Footprint:
    """Return the footprint of the row that says the same."""
    kind, archetype, usage, rest, row = request
    cells: Row = {"equipment_type": kind, **row}
    options: dict[str, object] = dict(SIZES)
    if kind == "cloud_instance":
        cells |= {**rest, "usage_hours": YEAR}
    elif archetype:
        cells["archetype"] = archetype
    if "usage_location" in usage:
        cells["country"] = _PLACES[str(usage["usage_location"])]
    else:
        options["unknown_country"] = "package-default"
    table = pa.table({name: pa.array([cell]) for name, cell in cells.items()})
    method = reen.configure(reen.default_registry().method("boavizta"), options)
    return reen.measure(reen.Inventory.from_arrow(table), method, as_of="2022-12-31")


def printed(footprint: reen.Footprint, criterion: str, stage: reen.Stage) -> object:
    """Return a figure of ours as the package would print it."""
    from boaviztapi.models.impact import NOT_IMPLEMENTED, Impact

    totals = footprint.stage_totals(criterion) if criterion in footprint.criteria else {}
    value = totals.get(stage, math.nan)
    if math.isnan(value):
        return NOT_IMPLEMENTED
    bounds = footprint.bounds(criterion, stages=[stage])
    # minimum x hours and value x hours may part in their last digit where there is no range
    least, most = min(value, bounds.lower), max(value, bounds.upper)
    return Impact(value=value, min=least, max=most).to_json()


def alike(cell: object, found: object) -> bool:
    """Tell whether two printed figures are one, their minima and maxima too."""
    if not isinstance(cell, dict) or not isinstance(found, dict):
        return cell == found
    names = ("value", "min", "max")
    return all(math.isclose(found[name], cell[name], rel_tol=1e-12) for name in names)


def test_216_cells_as_the_package_prints_them() -> None:
    """16 terminals, 12 servers, 4 instances and 4 connected objects; 3 criteria; 2 stages."""
    requests = [*TERMINALS, *SERVERS, *INSTANCES, *OBJECTS]
    assert len(requests) == 36
    cells, differ = 0, []
    for request in requests:
        theirs, ours = answered(request), measured(request)
        for code, criterion in CRITERIA.items():
            for stage in (reen.Stage.EMBEDDED, reen.Stage.USE):
                cell, found = theirs[code][str(stage)], printed(ours, criterion, stage)
                cells += 1
                if not alike(cell, found):
                    differ.append((request, code, str(stage), cell, found))
    assert cells == 216
    assert not differ
