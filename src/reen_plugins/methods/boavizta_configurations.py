"""Configurations: the distinct things that BoaviztAPI is asked about, found in columns.

Input: a batch.  Output: the distinct configurations among its rows (type, components of servers,
country, and which figures the row gives itself), and the position of each row's one.  Figures that
a result is proportional to (power, hours, lifetime, quantity) are no part of a configuration: a
fleet has few of these, whatever its size.  Knows nothing of the package; public names of `reen`.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen import Batch

__all__ = ["COMPONENTS", "Configuration", "Configurations", "distinct_configurations"]

Codes = npt.NDArray[np.int64]

#: Number columns that describe a server, and the unit in which they are read.
COMPONENTS = {"cpu_sockets": "1", "cpu_cores": "1", "ram": "GiB/item", "storage": "GB/item"}

#: Distinct keys up to this many are numbered by a table instead of a sort.
_TABLE = 1 << 20


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


@attrs.frozen(eq=False)
class Configurations:
    """The distinct configurations of a batch.

    Attributes
    ----------
    distinct
        Configurations.
    code
        int64, one per row: position in `distinct`, -1 for a type that is not asked about.
    """

    distinct: tuple[Configuration, ...]
    code: Codes

    def spread(self, values: Sequence[float], *, default: float) -> npt.NDArray[np.float64]:
        """Return one value per row from one per configuration; `default` for rows without one."""
        return np.array([*values, default], np.float64)[self.code]


def distinct_configurations(
    batch: Batch, *, devices: Sequence[str], device: Codes, countries: Sequence[str], country: Codes
) -> Configurations:
    """Return the configurations of a batch.

    Parameters
    ----------
    batch
        The rows.
    devices, device
        Types that can be asked about, and the position of each row's, -1 for none.
    countries, country
        Places with a factor, and the position of each row's, -1 for none.
    """
    given = {name: ~batch.missing(name) for name in ("lifetime", "annual_energy")}
    # a yearly energy stands for power and hours at once
    flags = {
        "own_lifetime": given["lifetime"],
        "own_power": ~batch.missing("power") | given["annual_energy"],
        "own_hours": ~batch.missing("usage_hours") | given["annual_energy"],
    }
    parts, part = _servers(
        batch, device == (devices.index("server") if "server" in devices else -2)
    )
    rows, code = _number(
        _fuse(
            [
                (device + 1, len(devices) + 1),
                (country + 1, len(countries) + 1),
                *((flag.astype(np.int64), 2) for flag in flags.values()),
                (part, len(parts)),
            ]
        )
    )
    asked = device[rows] >= 0
    distinct = [
        attrs.evolve(
            parts[part[row]],
            device=devices[device[row]],
            country=countries[country[row]] if country[row] >= 0 else "",
            **{name: bool(flag[row]) for name, flag in flags.items()},
        )
        for row in rows[asked].tolist()
    ]
    position = np.where(asked, np.cumsum(asked) - 1, -1)
    return Configurations(tuple(distinct), position[code] if len(code) else code)


def _servers(batch: Batch, is_server: npt.NDArray[np.bool_]) -> tuple[list[Configuration], Codes]:
    """Return the distinct sets of components and each row's; the first is none at all."""
    part = np.zeros(len(batch), np.int64)
    where = np.flatnonzero(is_server)
    if not len(where):
        return [Configuration(device="")], part
    cpu, models = batch.codes("cpu_model")
    kind, kinds = batch.codes("storage_type")
    numbers = {name: _whole(batch, name)[where] for name in COMPONENTS}
    columns: list[tuple[Codes, int]] = [
        (cpu[where].astype(np.int64) + 1, len(models) + 1),
        (kind[where].astype(np.int64) + 1, len(kinds) + 1),
    ]
    for values in numbers.values():
        found, inverse = np.unique(values, return_inverse=True)
        columns.append((inverse.reshape(-1), len(found)))
    rows, code = _number(_fuse(columns))
    part[where] = code + 1
    distinct = [Configuration(device="")]
    for row in rows.tolist():
        known = {name: int(values[row]) for name, values in numbers.items() if values[row] >= 0}
        distinct.append(
            Configuration(
                device="server",
                cpu_model=models[cpu[where[row]]] if cpu[where[row]] >= 0 else "",
                storage_type=kinds[kind[where[row]]] if kind[where[row]] >= 0 else "",
                cpu_sockets=known.get("cpu_sockets"),
                cpu_cores=known.get("cpu_cores"),
                ram=known.get("ram"),
                storage=known.get("storage"),
            )
        )
    return distinct, part


def _whole(batch: Batch, name: str) -> Codes:
    """Return a component column as whole numbers, -1 where unknown.

    Memory that an operating system reports (15.8 GiB) is the 16 that were bought.  No server has
    zero processors or no memory: a zero there is unknown; a server may have no disk.
    """
    values = np.rint(batch.values(name, COMPONENTS[name]))
    least = 0.0 if name == "storage" else 1.0
    return np.where(values >= least, values, -1.0).astype(np.int64)


def _fuse(columns: Sequence[tuple[Codes, int]]) -> tuple[Codes, int]:
    """Return one number for each row's tuple of codes, and the number of possible ones."""
    key, radix = np.zeros(len(columns[0][0]), np.int64), 1
    for codes, size in columns:
        if radix * size >= 1 << 62:
            distinct, inverse = np.unique(key, return_inverse=True)
            key, radix = inverse.reshape(-1), len(distinct)
        key, radix = key * size + codes, radix * size
    return key, radix


def _number(fused: tuple[Codes, int]) -> tuple[Codes, Codes]:
    """Return one row of each distinct key, in order of key, and the number of each row's key."""
    key, radix = fused
    if radix > _TABLE:
        _, rows, code = np.unique(key, return_index=True, return_inverse=True)
        return rows, code.reshape(-1)
    last = np.full(radix, -1, np.int64)
    last[key] = np.arange(len(key))
    present = np.flatnonzero(last >= 0)
    number = np.zeros(radix, np.int64)
    number[present] = np.arange(len(present))
    return last[present], number[key]
