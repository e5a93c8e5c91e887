"""Answers: what `boaviztapi` says of a configuration, unrounded, with its minima and maxima.

Input: a configuration and the method's rules.  Output: an `Answer` for one item.  Builds the
package's own model of a device from a request, as its server would, and lets its own functions
compute; what no request can say (how many modules make the memory) is assumed, and named.
"""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from reen.plugin import Assumption
from reen_plugins.boavizta.configurations import Configuration
from reen_plugins.boavizta.package import (
    CRITERIA,
    DEVICES,
    HOURS,
    PACKAGE,
    part,
    stranger,
)

if TYPE_CHECKING:
    from typing import Any

__all__ = ["Answer", "Rules", "answer_to", "split"]

#: Its curve fitting warns of a covariance that it does not read; warning filters are the process's,
#: so one call at a time.
_CALLING = threading.Lock()
_NEEDLESS = "Covariance of the parameters could not be estimated"

#: What stands in for a figure that the row gives: results are proportional to it.
_ANY_POWER = 100.0


@attrs.frozen(kw_only=True)
class Rules:
    """What the method's options say of a request.

    Attributes
    ----------
    archetypes
        Archetype of each equipment type.
    ram_module, ssd_drive, hdd_drive
        Capacity of one module (GiB) and drive (GB); the archetype's when None.
    server_load
        Mean load of servers in percent; the archetype's range when None.
    """

    archetypes: Mapping[str, str]
    ram_module: float | None = None
    ssd_drive: float | None = None
    hdd_drive: float | None = None
    server_load: float | None = None


@attrs.frozen(eq=False, kw_only=True)
class Answer:
    """What the package says of one item.

    Attributes
    ----------
    embedded
        float64 (3, criteria): value, minimum and maximum over the whole life; NaN where the
        package does not implement the criterion.
    use
        The same per kWh of the mean yearly electricity: the minimum holds those of power and
        hours of use too.
    lifetime
        Years, NaN when it has none.
    power, use_ratio
        Mean power in use (W) and share of the year in use; NaN when it has none.
    archetype
        Archetype that completes what is not known.
    assumed
        What was taken for granted.
    """

    embedded: npt.NDArray[np.float64]
    use: npt.NDArray[np.float64]
    lifetime: float
    power: float
    use_ratio: float
    archetype: str
    assumed: tuple[Assumption, ...] = ()


def _assumed(code: str, parameter: str, **details: str) -> Assumption:
    return Assumption(code, parameter=parameter, pack=PACKAGE, **details)


class _Range(Protocol):
    """A figure of the package with its range."""

    value: float
    min: float
    max: float


def answer_to(
    configuration: Configuration, *, rules: Rules, countries: Mapping[str, str]
) -> Answer:
    """Return what the package says of a configuration.

    Parameters
    ----------
    configuration
        What to ask about.
    rules
        Options of the method.
    countries
        `country_codes()`.

    Raises
    ------
    PluginError
        When the package computes otherwise than the version that we know.
    """
    usage: dict[str, float | str] = {}
    if configuration.country:
        usage["usage_location"] = countries[configuration.country]
    if configuration.own_lifetime:
        usage["hours_life_time"] = HOURS
    if configuration.own_power:
        usage["avg_power"] = _ANY_POWER
    if configuration.own_hours:
        usage["use_time_ratio"] = 1.0
    name = rules.archetypes[configuration.device]
    assumed: list[Assumption] = []
    if configuration.device == "server":
        model = _server(configuration, rules, usage, assumed)
    else:
        model = _terminal(configuration.device, name, usage)
    with _CALLING, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_NEEDLESS)
        embedded, use = _figures(model, _number(model.usage.hours_life_time.value))
    if configuration.cpu_model and not model.cpu.name.is_completed():
        assumed.append(_assumed("not_recognised", "cpu_model"))
    return Answer(
        embedded=embedded,
        use=use,
        lifetime=_number(model.usage.hours_life_time.value) / HOURS,
        power=_number(model.usage.avg_power.value),
        use_ratio=_number(model.usage.use_time_ratio.value),
        archetype=name,
        assumed=tuple(assumed),
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _terminal(device: str, archetype: str, usage: Mapping[str, float | str]) -> Any:  # noqa: ANN401 - an untyped package
    terminals = part("dto.device.user_terminal")
    asked = getattr(terminals, DEVICES[device])(usage=part("dto.usage").Usage(**usage))
    found = part("data.archetype").get_user_terminal_archetype(archetype)
    return terminals.mapper_user_terminal(asked, archetype=found)


def _server(
    configuration: Configuration,
    rules: Rules,
    usage: Mapping[str, float | str],
    assumed: list[Assumption],
) -> Any:  # noqa: ANN401 - an untyped package
    """Return the package's model of a server, completed by its archetype."""
    dto, parts = part("dto.device.device"), part("dto.component")
    archetype = part("data.archetype").get_server_archetype(rules.archetypes["server"])
    known = configuration.components()
    given: dict[str, object] = {}
    if not {"cpu_model", "cpu_cores", "ram", "storage"} <= known.keys():
        assumed.append(_assumed("of_archetype", "components"))
    if {"cpu_model", "cpu_sockets", "cpu_cores"} & known.keys():
        given["cpu"] = parts.CPU(**_processor(configuration, archetype, assumed))
    if configuration.ram is not None:
        size = rules.ram_module or _size(archetype, "ram")
        modules = split(configuration.ram, size)
        given["ram"] = [parts.RAM(units=units, capacity=each) for units, each in modules]
        assumed.append(_assumed("usual_capacity", "ram"))
    if configuration.storage_type == "mixed":
        assumed.append(_assumed("mixed_drives", "storage"))
    elif configuration.storage is not None:
        kind = configuration.storage_type or "ssd"
        if not configuration.storage_type:
            assumed.append(_assumed("taken_as", "storage_type", value="ssd"))
        size = (rules.hdd_drive if kind == "hdd" else rules.ssd_drive) or _size(archetype, kind)
        drives = split(configuration.storage, size) if configuration.storage else [(0, int(size))]
        given["disk"] = [parts.Disk(type=kind, units=n, capacity=each) for n, each in drives]
        assumed.append(_assumed("usual_capacity", "storage"))
    load = {} if rules.server_load is None else {"time_workload": float(rules.server_load)}
    asked = dto.Server(
        configuration=dto.ConfigurationServer(**given),
        usage=part("dto.usage").UsageServer(**usage, **load),
    )
    return dto.mapper_server(asked, archetype=archetype)


def _processor(
    configuration: Configuration,
    archetype: Mapping[str, Any],
    assumed: list[Assumption],
) -> dict[str, str | int]:
    """Return the request for processors; cores are those of one of them."""
    asked: dict[str, str | int] = {}
    if configuration.cpu_model:
        asked["name"] = configuration.cpu_model
    sockets = configuration.cpu_sockets
    if sockets is not None:
        asked["units"] = sockets
    elif configuration.cpu_cores is not None:
        sockets = int(archetype["CPU"]["units"].get("default", 1))
        assumed.append(_assumed("of_archetype", "cpu_sockets"))
    if configuration.cpu_cores is not None and sockets:
        asked["core_units"] = max(1, round(configuration.cpu_cores / sockets))
    return asked


def _size(archetype: Mapping[str, Any], kind: str) -> float:
    """Return the capacity of one module or drive: the archetype's, else the package's default."""
    own = archetype[kind.upper()].get("capacity", {}).get("default", 0.0)
    if own and own > 0.0:
        return float(own)
    component = part("data.archetype").get_component_archetype("DEFAULT", kind)
    return float(component["capacity"]["default"])


def _figures(
    model: Any,  # noqa: ANN401 - an untyped package
    whole_life: float,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the figures of a model, in the order in which the package itself computes them.

    The order matters: computing the embedded impacts completes what the model of power reads.
    """
    compute = part("compute.impacts_computation").compute_single_impact
    embedded, use = np.full((3, len(CRITERIA)), math.nan), np.full((3, len(CRITERIA)), math.nan)
    order = list(CRITERIA)
    for code in part("models.impact").IMPACT_CRITERIAS:
        if code not in order:
            continue
        column = order.index(code)
        whole = None if math.isnan(whole_life) else compute(model, "embedded", code, whole_life)
        if whole is not None:
            embedded[:, column] = whole.value, whole.min, whole.max
        year = compute(model, "use", code, HOURS)
        if year is not None:
            use[:, column] = _per_kwh(model, code, year)
    return embedded, use


def _per_kwh(model: Any, code: str, year: _Range) -> Sequence[float]:  # noqa: ANN401 - an untyped package
    """Return factor, minimum and maximum per kWh of the mean yearly electricity.

    Raises
    ------
    PluginError
        When the yearly impact is not factor x power x hours.
    """
    factor: _Range = model.usage.elec_factors[code]
    energy = model.usage.avg_power.value / 1000.0 * model.usage.use_time_ratio.value * HOURS
    if not math.isclose(factor.value * energy, year.value, rel_tol=1e-9):
        raise stranger(f"computes the use of {model.NAME} otherwise than power x hours x factor")
    if energy == 0.0:
        return factor.value, factor.min, factor.max
    return factor.value, year.min / energy, year.max / energy


def split(total: int, size: float) -> list[tuple[int, int]]:
    """Return (number, capacity) of the fewest modules of at most `size` that make `total`.

    Capacities are whole numbers that differ by one at the most: 97 by 32 is one of 25, three of 24.
    """
    number = max(1, int(np.ceil(total / size)))
    capacity, more = divmod(total, number)
    return [(n, c) for n, c in ((more, capacity + 1), (number - more, capacity)) if n]
