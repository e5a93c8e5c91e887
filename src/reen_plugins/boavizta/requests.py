"""Requests: the package's own model of a device, built as its server builds it from a request.

Input: a configuration and the rules of the method.  Output: `Asked`: the model, the usage that
holds its electricity and its lifetime, and what no request can say (how many modules make the
memory) and was assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs
import numpy as np

from reen.plugin import Assumption
from reen_plugins.boavizta.configurations import CLOUD, Configuration, Known
from reen_plugins.boavizta.package import DEVICES, HOURS, PACKAGE, is_gpu, part

if TYPE_CHECKING:
    from typing import Any

__all__ = ["Asked", "Rules", "ask", "split"]

#: What stands in for a figure that the row gives: results are proportional to it.
_ANY_POWER = 100.0


@attrs.frozen(kw_only=True)
class Rules:
    """The options of the method that a request depends on.

    Attributes
    ----------
    archetypes
        Archetype of each equipment type.
    ram_module, ssd_drive, hdd_drive
        Capacity of one module (GiB) and drive (GB); the archetype's when None.
    server_load
        Mean load of servers and instances in percent, or (percent of the time, load in percent)
        of each part of it; the archetype's range when None.
    """

    archetypes: Mapping[str, str]
    ram_module: float | None = None
    ssd_drive: float | None = None
    hdd_drive: float | None = None
    server_load: float | tuple[tuple[float, float], ...] | None = None


@attrs.frozen(eq=False, kw_only=True)
class Asked:
    """A model of the package, ready to be computed.

    Attributes
    ----------
    model
        Device or instance.
    usage
        Usage whose electricity, hours and lifetime count: of an instance, that of its platform.
    archetype
        Name of what completes it.
    range_of_power
        Whether its power and hours may have a range: those of the row have none.
    assumed
        What was taken for granted.
    """

    model: Any
    usage: Any
    archetype: str
    range_of_power: bool = True
    assumed: tuple[Assumption, ...] = ()


def _assumed(code: str, parameter: str, **details: str) -> Assumption:
    return Assumption(code, parameter=parameter, pack=PACKAGE, **details)


def ask(configuration: Configuration, rules: Rules, countries: Mapping[str, str]) -> Asked:
    """Return the package's model of a configuration.

    Parameters
    ----------
    configuration
        What to ask about.
    rules
        Options of the method.
    countries
        `country_codes()`.
    """
    usage = _usage(configuration, countries)
    if configuration.device == CLOUD:
        return _instance(configuration, rules, usage)
    if configuration.own_power:
        usage["avg_power"] = _ANY_POWER
    if configuration.own_hours:
        usage["use_time_ratio"] = 1.0
    name = configuration.archetype or rules.archetypes[configuration.device]
    if configuration.device == "server":
        return _server(configuration, rules, name, usage)
    model = (_object if configuration.device == "iot" else _terminal)(
        configuration.device, name, usage
    )
    return Asked(model=model, usage=model.usage, archetype=name)


def _usage(configuration: Configuration, countries: Mapping[str, str]) -> dict[str, object]:
    usage: dict[str, object] = {}
    if configuration.country:
        usage["usage_location"] = countries[configuration.country]
    if configuration.own_lifetime:
        usage["hours_life_time"] = HOURS
    return usage


def _terminal(device: str, archetype: str, usage: Mapping[str, object]) -> Any:  # noqa: ANN401 - an untyped package
    terminals = part("dto.device.user_terminal")
    asked = getattr(terminals, DEVICES[device])(usage=part("dto.usage").Usage(**usage))
    found = part("data.archetype").get_user_terminal_archetype(archetype)
    return terminals.mapper_user_terminal(asked, archetype=found)


def _object(device: str, archetype: str, usage: Mapping[str, object]) -> Any:  # noqa: ANN401 - an untyped package
    """Return the package's model of a connected object: the blocks of its archetype."""
    objects = part("dto.device.iot")
    asked = getattr(objects, DEVICES[device])(usage=part("dto.usage").Usage(**usage))
    found = part("data.archetype").get_iot_device_archetype(archetype)
    return objects.mapper_iot_device(asked, archetype=found)


def _instance(configuration: Configuration, rules: Rules, usage: Mapping[str, object]) -> Asked:
    """Return the package's model of an instance of a cloud, a part of its platform.

    Its own power is not asked with: the package then forgets the place of the platform.
    """
    dto = part("dto.device.device")
    found = part("data.archetype").get_cloud_instance_archetype(
        configuration.archetype, configuration.provider
    )
    load = _load(configuration, rules)
    asked = dto.Cloud(
        provider=configuration.provider,
        instance_type=configuration.archetype,
        usage=part("dto.usage").UsageCloud(**usage, **load),
    )
    model = dto.mapper_cloud_instance(asked, archetype=found)
    return Asked(
        model=model,
        usage=model.platform.usage,
        archetype=f"{configuration.provider} {configuration.archetype}",
        range_of_power=not configuration.own_power,
        assumed=(_assumed("without_power", "gpu_model"),) if model.platform.gpu else (),
    )


def _load(configuration: Configuration, rules: Rules) -> dict[str, object]:
    """Return the load to ask with: that of the row, else that of the method, else none."""
    load = configuration.components().get("average_load", rules.server_load)
    if load is None:
        return {}
    if isinstance(load, tuple):
        of_time = part("dto.usage.usage").WorkloadTime
        parts = [of_time(time_percentage=time, load_percentage=each) for time, each in load]
        return {"time_workload": parts}
    return {"time_workload": float(load)}


def _server(
    configuration: Configuration, rules: Rules, name: str, usage: Mapping[str, object]
) -> Asked:
    """Return the package's model of a server, completed by its archetype."""
    dto = part("dto.device.device")
    archetype = part("data.archetype").get_server_archetype(name)
    known = configuration.components()
    request = _Request(known, archetype, rules)
    kind = known.get("case_type")
    asked = dto.Server(
        model=None if kind is None else dto.ModelServer(type=kind),
        configuration=dto.ConfigurationServer(**request.parts()),
        usage=part("dto.usage").UsageServer(**usage, **_load(configuration, rules)),
    )
    model = dto.mapper_server(asked, archetype=archetype)
    assumed = [*request.assumed]
    if model.gpu is not None and not configuration.own_power:
        assumed.append(_assumed("without_power", "gpu_model"))
    return Asked(model=model, usage=model.usage, archetype=name, assumed=tuple(assumed))


@attrs.define
class _Request:
    """The parts of a request for a server, and what they take for granted."""

    known: Mapping[str, Known]
    archetype: Mapping[str, Any]
    rules: Rules
    assumed: list[Assumption] = attrs.field(factory=list)

    def parts(self) -> dict[str, object]:
        """Return processors, memory, drives, accelerators and power supplies, where known."""
        if not {"cpu_model", "cpu_cores", "ram", "storage"} <= self.known.keys():
            self.assumed.append(_assumed("of_archetype", "components"))
        found = {
            "cpu": self._processors(),
            "ram": self._memory(),
            "disk": self._drives(),
            "gpu": self._accelerators(),
            "power_supply": self._supplies(),
        }
        return {name: each for name, each in found.items() if each is not None}

    def _processors(self) -> object:
        """Return the processors; cores are those of one of them."""
        columns = {"cpu_model": "name", "cpu_sockets": "units", "cpu_die_size": "die_size"}
        asked = {key: self.known[name] for name, key in columns.items() if name in self.known}
        cores, sockets = self.known.get("cpu_cores"), self.known.get("cpu_sockets")
        if cores is not None:
            if sockets is None:
                sockets = int(self.archetype["CPU"]["units"].get("default", 1))
                self.assumed.append(_assumed("of_archetype", "cpu_sockets"))
            asked["core_units"] = max(1, round(float(cores) / float(sockets)))
        return part("dto.component").CPU(**asked) if asked else None

    def _memory(self) -> object:
        """Return the modules of the memory: the package counts pieces."""
        density = self.known.get("ram_density")
        given = {} if density is None else {"density": density}
        memory = part("dto.component").RAM
        if "ram" not in self.known:
            return [memory(**given)] if given else None
        size = self.rules.ram_module or self._size("ram")
        self.assumed.append(_assumed("usual_capacity", "ram"))
        modules = split(int(self.known["ram"]), size)
        return [memory(units=units, capacity=each, **given) for units, each in modules]

    def _drives(self) -> object:
        kind = self.known.get("storage_type")
        if kind == "mixed":
            self.assumed.append(_assumed("mixed_drives", "storage"))
            return None
        if "storage" not in self.known:
            return None
        if kind is None:
            kind = "ssd"
            self.assumed.append(_assumed("taken_as", "storage_type", value=kind))
        own = self.rules.hdd_drive if kind == "hdd" else self.rules.ssd_drive
        size = own or self._size(str(kind))
        self.assumed.append(_assumed("usual_capacity", "storage"))
        total = int(self.known["storage"])
        drives = split(total, size) if total else [(0, int(size))]
        disk = part("dto.component").Disk
        return [disk(type=kind, units=units, capacity=each) for units, each in drives]

    def _accelerators(self) -> object:
        """Return the accelerators: those of a number, and those of a name that the package knows.

        The graphics of a board are in lists of assets too, and are no accelerator.
        """
        name, count = self.known.get("gpu_model"), self.known.get("gpu_count")
        recognised = name is not None and is_gpu(str(name))
        if name is not None and not recognised:
            code = "not_recognised" if count else "not_counted"
            self.assumed.append(_assumed(code, "gpu_model"))
        if count is None and recognised:
            count = 1
            self.assumed.append(_assumed("taken_as", "gpu_count", value="1"))
        if not count:
            return None
        asked = {"name": name} if recognised else {}
        return part("dto.component").GPU(units=count, **asked)

    def _supplies(self) -> object:
        columns = {"power_supplies": "units", "power_supply_weight": "unit_weight"}
        asked = {key: self.known[name] for name, key in columns.items() if name in self.known}
        return part("dto.component").PowerSupply(**asked) if asked else None

    def _size(self, kind: str) -> float:
        """Return the capacity of one module or drive: the archetype's, else the default."""
        own = self.archetype[kind.upper()].get("capacity", {}).get("default", 0.0)
        if own and own > 0.0:
            return float(own)
        component = part("data.archetype").get_component_archetype("DEFAULT", kind)
        return float(component["capacity"]["default"])


def split(total: int, size: float) -> list[tuple[int, int]]:
    """Return (number, capacity) of the fewest modules of at most `size` that make `total`.

    Capacities are whole numbers that differ by one at the most: 97 by 32 is one of 25, three of 24.
    """
    number = max(1, int(np.ceil(total / size)))
    capacity, more = divmod(total, number)
    return [(n, c) for n, c in ((more, capacity + 1), (number - more, capacity)) if n]
