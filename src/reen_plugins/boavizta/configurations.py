"""Configurations: what BoaviztAPI is asked about, as the cases of a fleet are.

A configuration is a type, the components of a server, a country, and which figures the row gives
itself.  Figures that a result is proportional to (power, hours, lifetime, quantity) are no part of
it: a fleet has few of these, whatever its size.  What is embedded in an item is asked apart from
its use: a country does not make it another item.  Knows nothing of the package.
"""

from __future__ import annotations

import attrs
import numpy as np

from reen.plugin import Case, Floats

__all__ = ["COMPONENTS", "Configuration", "with_components"]

#: Number columns that describe a server, and the unit in which they are read.
COMPONENTS = {"cpu_sockets": "1", "cpu_cores": "1", "ram": "GiB/item", "storage": "GB/item"}


@attrs.frozen(kw_only=True)
class Configuration:
    """One thing to ask about.

    Attributes
    ----------
    device
        Equipment type.
    country
        Place of use, ISO 3166-1 alpha-2; empty when unknown, or without a factor.
    cpu_model, storage_type
        As in the inventory, empty when unknown; servers only.
    cpu_sockets, cpu_cores, ram, storage
        Whole numbers, GiB and GB; None when unknown; servers only.
    own_lifetime, own_power, own_hours
        Whether the row gives its lifetime, power and hours of use itself: what it gives has no
        range.
    """

    device: str
    country: str = ""
    cpu_model: str = ""
    cpu_sockets: int | None = None
    cpu_cores: int | None = None
    ram: int | None = None
    storage: int | None = None
    storage_type: str = ""
    own_lifetime: bool = False
    own_power: bool = False
    own_hours: bool = False

    def components(self) -> dict[str, str | int]:
        """Return what is known of the components, by column."""
        names = ("cpu_model", *COMPONENTS, "storage_type")
        found = {name: getattr(self, name) for name in names}
        return {name: value for name, value in found.items() if value not in ("", None)}


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
    return attrs.evolve(
        configuration,
        cpu_model=case.of(of_server, "equipment_type", "cpu_model") or "",
        storage_type=case.word("storage_type") or "",
        cpu_sockets=_whole(case, "cpu_sockets"),
        cpu_cores=_whole(case, "cpu_cores"),
        ram=_whole(case, "ram"),
        storage=_whole(case, "storage"),
    )


def of_server(equipment_type: str | None, word: str | None) -> str | None:
    """Return a word of a server; those of other types are as one, for they are not asked about."""
    return word if equipment_type == "server" else None


def _whole(case: Case, name: str) -> int | None:
    """Return a component as a whole number, None where it is unknown."""
    found = case.value(name, COMPONENTS[name], whole if name == "storage" else at_least_one)
    return None if found is None else int(found)


def whole(values: Floats) -> Floats:
    """Return whole numbers; a server may have no disk.

    Memory that an operating system reports (15.8 GiB) is the 16 that were bought.
    """
    return np.rint(values)


def at_least_one(values: Floats) -> Floats:
    """Return whole numbers, NaN for zero: no server has zero processors or no memory."""
    found = np.rint(values)
    return np.where(found >= 1.0, found, np.nan)
