"""Configurations: what BoaviztAPI is asked about, as the cases of a fleet are.

A configuration is a type, an archetype, the components of a server, a country, and which figures
the row gives itself.  Figures that a result is proportional to (power, hours, lifetime, quantity)
are no part of it: a fleet has few of these, whatever its size.  What is embedded in an item is
asked apart from its use: a country or a load does not make it another item.  Knows nothing of the
package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
import numpy as np

from reen.plugin import Case
from reen.plugin.arrays import Floats

__all__ = ["CLOUD", "COMPONENTS", "WORDS", "Configuration", "Known", "with_components", "with_load"]

#: What a configuration knows: the value of a column.
Known = str | int | float

#: Equipment type of an instance of a cloud, which is a part of a server of its provider.
CLOUD = "cloud_instance"


def whole(values: Floats) -> Floats:
    """Return whole numbers; a server may have no disk.

    Memory that an operating system reports (15.8 GiB) is the 16 that were bought.
    """
    return np.rint(values)


def at_least_one(values: Floats) -> Floats:
    """Return whole numbers, NaN for zero: no server has zero processors or no memory."""
    found = np.rint(values)
    return np.where(found >= 1.0, found, np.nan)


def hundredths(values: Floats) -> Floats:
    """Return two decimals: data sheets give no more."""
    return np.rint(values * 100.0) / 100.0


#: Number columns that describe a server: the unit in which each is read, and its rounding.
COMPONENTS: Mapping[str, tuple[str, Callable[[Floats], Floats]]] = {
    "cpu_sockets": ("1", at_least_one),
    "cpu_cores": ("1", at_least_one),
    "cpu_die_size": ("mm^2", hundredths),
    "ram": ("GiB/item", at_least_one),
    "ram_density": ("GB/cm^2", hundredths),
    "storage": ("GB/item", whole),
    "gpu_count": ("1", whole),
    "power_supplies": ("1", whole),
    "power_supply_weight": ("kg", hundredths),
}

#: Columns that are whole in a request.
_WHOLE = frozenset({whole, at_least_one})

#: Text columns that describe a server, and those of few words.
WORDS = ("cpu_model", "gpu_model")
_FEW_WORDS = ("storage_type", "case_type")


@attrs.frozen(kw_only=True)
class Configuration:
    """One thing to ask about.

    Attributes
    ----------
    device
        Equipment type.
    archetype
        Archetype that the row names, empty when it names none; the instance of a cloud.
    provider
        Provider of an instance of a cloud, empty for what is no such instance.
    country
        Place of use, ISO 3166-1 alpha-2; empty when unknown, or without a factor.
    known
        What is known of the components and of the load of a server: columns and their values.
    own_lifetime, own_power, own_hours
        Whether the row gives its lifetime, power and hours of use itself: what it gives has no
        range.
    """

    device: str
    archetype: str = ""
    provider: str = ""
    country: str = ""
    known: tuple[tuple[str, Known], ...] = ()
    own_lifetime: bool = False
    own_power: bool = False
    own_hours: bool = False

    def components(self) -> dict[str, Known]:
        """Return what is known of the components, by column."""
        return dict(self.known)


def with_components(case: Case, configuration: Configuration) -> Configuration:
    """Return a configuration with the components of its case; they are those of servers.

    Raises
    ------
    LeftOut
        A component is invalid.
    """
    if configuration.device != "server":
        return configuration
    case.refuse_invalid(*COMPONENTS)
    found: dict[str, Known | None] = {
        name: case.of(of_server, "equipment_type", name) for name in WORDS
    }
    found |= {name: case.word(name) for name in _FEW_WORDS}
    for name, (unit, rounding) in COMPONENTS.items():
        value = case.value(name, unit, rounding)
        found[name] = None if value is None else int(value) if rounding in _WHOLE else value
    known = tuple((name, value) for name, value in found.items() if value not in ("", None))
    return attrs.evolve(configuration, known=known)


def with_load(case: Case, configuration: Configuration) -> Configuration:
    """Return a configuration with the mean load of its case, in percent, where it has one.

    Raises
    ------
    LeftOut
        The load is invalid.
    """
    if configuration.device not in ("server", CLOUD) or configuration.own_power:
        return configuration
    case.refuse_invalid("average_load")
    load = case.value("average_load", "percent", hundredths)
    if load is None:
        return configuration
    return attrs.evolve(configuration, known=(*configuration.known, ("average_load", load)))


def of_server(equipment_type: str | None, word: str | None) -> str | None:
    """Return a word of a server; those of other types are as one, for they are not asked about."""
    return word if equipment_type == "server" else None
