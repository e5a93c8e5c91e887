"""Makes the pack proxies: factors borrowed from another device by a physical argument.

``python -m reen_plugins.factor_packs.making.proxies`` makes it from the tables below, which hold
masses, surfaces and arguments, and from the packs base-carbone and ademe-numerique, which hold the
figures borrowed; elements per kilogram stand in ``rows/proxy_elements.csv``.  No factor is typed
here: a new release of a pack changes the proxies that borrow from it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from reen_plugins.factor_packs.embedded import pack_named
from reen_plugins.factor_packs.making.packs import (
    DEFAULT_COLUMNS,
    ROWS,
    description,
    factors,
    table_text,
    write,
)

__all__ = ["ENERGY", "LEFT_OUT", "LIFETIME", "PROXIES", "files", "main"]

#: A sum of so many times a published factor: (number, ``pack:flow``).
Borrowed: TypeAlias = Sequence[tuple[float, str]]

_BASE, _ADEME = "base-carbone:", "ademe-numerique:"
NETWORK_KG, POWER_KG, MACHINE_KG = "kg:20895", "kg:20586", "kg:20906"
ROUTER, DISK = f"{_ADEME}router", f"{_ADEME}storage-disk"
#: Average mass of a unit, kg, by UNU key (Statistics Netherlands): small IT, telephones,
#: professional IT.
SMALL_IT, TELEPHONE, PROFESSIONAL_IT = 0.4, 0.45, 40.0
#: Mass of the remote control of element 24246, as its label says, kg.
REMOTE_KG = 0.08
#: Hours of a year; of the lessons of a school (24 a week, 36 weeks: code de l'éducation, D521-10
#: and L521-1).
ALWAYS, LESSONS = 8760.0, 864.0
#: What a powered device may draw by its class, W (IEEE 802.3, clause 33): 1, 2 and 3.
CLASS_1, CLASS_2, CLASS_3 = 3.84, 6.49, 12.95


class Proxy(NamedTuple):
    """The proxy of a type that no open source gives a factor of."""

    central: Borrowed
    low: Borrowed
    high: Borrowed
    why: str


def surface(inches: float) -> float:
    """Return the surface of a screen of 16:9, in m2, from its diagonal."""
    diagonal = inches * 0.0254
    return diagonal**2 * (16 * 9) / (16**2 + 9**2)


def _one(flow: str) -> Borrowed:
    return ((1.0, flow),)


#: Of each type: the figure, a low and a high one, and the argument.
PROXIES: Mapping[str, Proxy] = {
    "wifi_access_point": Proxy(
        _one(ROUTER),
        ((SMALL_IT, NETWORK_KG),),
        _one(f"{_BASE}27019"),
        "the small router, whose board, ports and radio it has; low: 0.4 kg of network equipment;"
        " high: the fibre box, which holds an access point and more",
    ),
    "interactive_display": Proxy(
        ((surface(75) / 2.0, f"{_BASE}28316"),),
        _one(f"{_BASE}27001"),
        _one(f"{_BASE}28315"),
        "surface: the advertising screen of 2 m2 without its casing, by the square metre, for a"
        " diagonal of 75 inches (1.55 m2); low: a television of 49 inches; high: the screen of 2 m2"
        " with its casing",
    ),
    "desk_phone": Proxy(
        _one(f"{_BASE}20614"),
        ((0.8, f"{_BASE}20614"),),
        ((TELEPHONE, NETWORK_KG),),
        "the archived element of that very object, which the base no longer vouches for; low: less"
        " its own 20 %; high: 0.45 kg of network equipment",
    ),
    "iot": Proxy(
        _one(f"{_BASE}27031"),
        _one(f"{_BASE}27014"),
        _one(f"{_BASE}28314"),
        "a connected watch: a board, a radio and a battery in a small case; low: a music player"
        " without a screen to touch; high: a loudspeaker that listens, as large as a camera",
    ),
    "ups": Proxy(
        ((PROFESSIONAL_IT, MACHINE_KG),),
        ((PROFESSIONAL_IT / 2.0, MACHINE_KG),),
        ((PROFESSIONAL_IT, POWER_KG),),
        "mass: 40 kg of machine, as most of it is lead, copper and sheet metal; low: half of that;"
        " high: 40 kg of power electronics (a variable-speed drive)",
    ),
    "storage": Proxy(
        ((12.0, DISK),),
        ((2.0, DISK),),
        ((24.0, DISK), (1.0, f"{_BASE}20894")),
        "parts: 12 disks, what a case of two units of height holds of those of 3.5 inches, the case"
        " not counted; low: the 2 disks of a small one; high: the 24 disks of 2.5 inches that such"
        " a case holds, and a server to run them",
    ),
    "docking_station": Proxy(
        ((SMALL_IT, NETWORK_KG),),
        ((SMALL_IT, POWER_KG),),
        _one(f"{_BASE}27018"),
        "mass: 0.4 kg of network equipment, a board of ports; low: 0.4 kg of power electronics;"
        " high: the DSL box",
    ),
    "thin_client": Proxy(
        _one(f"{_BASE}27020"),
        ((SMALL_IT, NETWORK_KG),),
        _one(f"{_BASE}27003"),
        "the set-top box: a small computer without a disk; low: 0.4 kg of network equipment; high:"
        " the office desktop computer",
    ),
    "all_in_one": Proxy(
        ((1.0, f"{_BASE}27003"), (1.0, f"{_BASE}27006")),
        _one(f"{_BASE}27002"),
        ((1.0, f"{_BASE}27004"), (1.0, f"{_BASE}27006")),
        "parts: the office desktop computer and a screen of 23.8 inches; low: a laptop, whose"
        " board it has; high: the powerful desktop computer and the screen",
    ),
    "webcam": Proxy(
        _one(f"{_BASE}27030"),
        _one(f"{_BASE}27017"),
        _one(f"{_BASE}27028"),
        "the compact camera; low: a small loudspeaker; high: the reflex camera",
    ),
    "headset": Proxy(
        _one(f"{_BASE}27017"),
        _one(f"{_BASE}27014"),
        _one(f"{_BASE}28314"),
        "the small wireless loudspeaker; low: a music player; high: a loudspeaker that listens",
    ),
    "kiosk": Proxy(
        ((1.0, f"{_BASE}27000"), (1.0, f"{_BASE}27003")),
        _one(f"{_BASE}27006"),
        _one(f"{_BASE}28315"),
        "parts: a screen of 40 to 49 inches and an office computer; low: a screen of 23.8 inches;"
        " high: the advertising screen of 2 m2",
    ),
    "mouse": Proxy(
        _one(f"{_BASE}24246"),
        _one(f"{_BASE}27014"),
        ((SMALL_IT / REMOTE_KG, f"{_BASE}24246"),),
        "the remote control of 80 g; low: a music player; high: 0.4 kg of remote control",
    ),
    "keyboard": Proxy(
        ((SMALL_IT / REMOTE_KG, f"{_BASE}24246"),),
        _one(f"{_BASE}24246"),
        ((SMALL_IT, NETWORK_KG),),
        "mass: 0.4 kg of remote control, keys on a plain board; low: one remote control; high:"
        " 0.4 kg of network equipment",
    ),
}

#: Types of which nothing can be argued, and why.
LEFT_OUT: Mapping[str, str] = {
    "network_other": "the type does not say what it is",
    "pdu": "neither a mass nor a like object has an open figure",
    "power_supply": "the two supplies that ADEME publishes differ tenfold",
    "scanner": "the nearest object, a multifunction printer, is several times as heavy",
    "tape_library": "neither a mass nor a like object has an open figure",
}

LEFT_OUT_FR: Mapping[str, str] = {
    "network_other": "le type ne dit pas ce que c'est",
    "pdu": "ni masse ni objet semblable qui ait un chiffre ouvert",
    "power_supply": "les deux alimentations que publie l'ADEME diffèrent d'un facteur dix",
    "scanner": "l'objet le plus proche, une imprimante multifonction, pèse plusieurs fois plus",
    "tape_library": "ni masse ni objet semblable qui ait un chiffre ouvert",
}

#: Years, of which type, and why that one.
LIFETIME: Mapping[str, tuple[float, str]] = {
    "wifi_access_point": (5, "as a router"),
    "interactive_display": (8, "as a television"),
    "desk_phone": (5, "as a box"),
    "iot": (5, "as a box"),
    "ups": (5, "as a server"),
    "docking_station": (5, "as a laptop"),
    "thin_client": (6, "as a desktop computer"),
    "all_in_one": (6, "as a desktop computer"),
    "workstation": (6, "as a desktop computer"),
    "webcam": (6, "as the screen that it stands on"),
    "headset": (5, "as a laptop"),
    "kiosk": (8, "as a television"),
    "mouse": (6, "as a desktop computer"),
    "keyboard": (6, "as a desktop computer"),
    "multifunction_printer": (5, "as a printer"),
    "e_reader": (3, "as a tablet"),
}

#: A sum of watts times hours of a year, for the figure, a low and a high one, and the argument.
Watts: TypeAlias = Sequence[tuple[float, float]]
ENERGY: Mapping[str, tuple[Watts, Watts, Watts, str]] = {
    "server": (
        ((367.0, ALWAYS),),
        ((38.0, ALWAYS),),
        ((400.0, ALWAYS),),
        (
            "all year at the mean power that 'bdd numérique' quotes from Borderstep, idle hours"
            " included; low: what the base of a server of two sockets may draw idle (Regulation"
            " (EU) 2019/424, annex II); high: the active power of 'bdd numérique'"
        ),
    ),
    "wifi_access_point": (
        ((8.0, ALWAYS),),
        ((CLASS_1, ALWAYS),),
        ((CLASS_3, ALWAYS),),
        (
            "as a box, which is on all year; low and high: what a device fed by the network may"
            " draw by IEEE 802.3, classes 1 and 3"
        ),
    ),
    "desk_phone": (
        ((CLASS_1, ALWAYS),),
        ((0.0, ALWAYS),),
        ((CLASS_2, ALWAYS),),
        (
            "a telephone fed by the network all year, IEEE 802.3 class 1; low: one fed by its line;"
            " high: class 2"
        ),
    ),
    "interactive_display": (
        ((65.0 * surface(75) / surface(48), LESSONS),),
        ((65.0, 3 * 365),),
        ((65.0 * surface(75) / surface(48), 3 * 365),),
        (
            "surface: the 65 W of a television of 48 inches for one of 75, over the hours of"
            " lessons of a school (24 a week, 36 weeks); low: the television itself; high: its 3"
            " hours a day"
        ),
    ),
    "iot": (
        ((2.0, ALWAYS),),
        ((0.0, ALWAYS),),
        ((CLASS_3, ALWAYS),),
        (
            "all year at the 2 W that networked equipment may draw in standby (Regulation (EU)"
            " 2023/826); low: a sensor on its battery; high: a camera fed by the network, IEEE"
            " 802.3 class 3"
        ),
    ),
    "storage": (
        ((12 * 6.0, ALWAYS),),
        ((2 * 6.0, ALWAYS),),
        ((24 * 6.0, ALWAYS), (367.0, ALWAYS)),
        "parts: 12 disks of 6 W all year ('bdd numérique'); low: 2; high: 24 and a server",
    ),
    "multifunction_printer": (
        ((60.0, 365.0),),
        ((0.5, ALWAYS),),
        ((60.0, 365.0), (8.0, ALWAYS)),
        (
            "as a printer, 60 W one hour a day; low: 0.5 W of standby all year (Regulation (EU)"
            " 2023/826); high: the printer and 8 W, the limit of equipment that stays reachable"
        ),
    ),
    "all_in_one": (
        ((70.0, 6 * 365),),
        ((26.5, 3 * 365),),
        ((70.0, 6 * 365), (50.0, 4 * 365)),
        "as a professional desktop computer; low: a laptop; high: the desktop and a screen",
    ),
    "workstation": (
        ((70.0, 6 * 365),),
        ((70.0, 4 * 365),),
        ((400.0, 6 * 365),),
        (
            "as a professional desktop computer; low: the hours of a personal one; high: the power"
            " of a server for six hours a day"
        ),
    ),
}

_SOURCE = "documented proxy of reen, from figures of ADEME (Base Carbone V23.6, 'bdd numérique')"
_LICENCES = {"base-carbone": "Licence Ouverte 2.0", "kg": "Licence Ouverte 2.0"}
_PUBLISHED = {"source_year": "2026", "source_url": "https://data.ademe.fr/datasets/base-carboner"}


def _borrowed(flow: str) -> float:
    """Return the published figure of a flow: kgCO2e of one item, or of a kilogram."""
    pack, _, name = flow.partition(":")
    if pack == "kg":
        with (ROWS / "proxy_elements.csv").open(encoding="utf-8", newline="") as stream:
            (row,) = (each for each in csv.DictReader(stream) if each["element"] == name)
        return float(row["value"]) / (1000.0 if row["unit"].endswith("tonne") else 1.0)
    found = pack_named(pack).factors
    (position,) = (k for k, each in enumerate(found.flows) if each.id == name)
    return float(np.nansum(found.values[position]))


def _sum(parts: Borrowed) -> str:
    return format(round(sum(number * _borrowed(flow) for number, flow in parts), 6), "g")


def _formula(parts: Borrowed) -> str:
    terms = []
    for number, flow in parts:
        pack, _, name = flow.partition(":")
        where = f"base-carbone {name} per kg" if pack == "kg" else f"{pack} {name}"
        times = "" if math.isclose(number, 1.0) else f"{number:.6g} x "
        terms.append(f"{times}{_borrowed(flow):.6g} ({where})")
    return " + ".join(terms)


def _factor(kind: str, proxy: Proxy) -> dict[str, str]:
    packs = {flow.partition(":")[0] for _, flow in proxy.central}
    licence = "; ".join(sorted({_LICENCES.get(pack, "MIT") for pack in packs}))
    central, low, high = map(_formula, proxy[:3])
    return {
        "flow": f"proxy-{kind}",
        "name": f"{kind.replace('_', ' ')}, by proxy",
        "reference_unit": "item",
        "stage": "embedded",
        "criterion": "climate_change",
        "value": _sum(proxy.central),
        "unit": "kgCO2e/item",
        "lower": _sum(proxy.low),
        "upper": _sum(proxy.high),
        "equipment_type": kind,
        "boundary": "that of the factors borrowed; use not included",
        "status": "proxy",
        "source": _SOURCE,
        **_PUBLISHED,
        "licence": licence,
        "note": f"{proxy.why}. Figure: {central}. Low: {low}. High: {high}.",
    }


def _default(kind: str, parameter: str, figures: Sequence[str], note: str) -> dict[str, str]:
    value, low, high = figures
    unit = "year" if parameter == "lifetime" else "kWh/year"
    return {
        **dict(zip(DEFAULT_COLUMNS[:6], (kind, parameter, value, low, high, unit), strict=True)),
        "source": _SOURCE,
        **_PUBLISHED,
        "licence": "Licence Ouverte 2.0; MIT",
        "note": note,
    }


def _energy(parts: Watts) -> str:
    return format(round(sum(watts * hours for watts, hours in parts) / 1000.0, 6), "g")


def _watts(parts: Watts) -> str:
    return " + ".join(f"{watts:.6g} W x {hours:g} h / 1000" for watts, hours in parts)


def files() -> dict[str, str]:
    """Return the text of each file of the pack, by its path under ``data``."""
    defaults = [
        _default(kind, "lifetime", (f"{years:g}", "", ""), f"{why}, whose lifetime is published")
        for kind, (years, why) in LIFETIME.items()
    ]
    for kind, (central, low, high, why) in ENERGY.items():
        said = f"Figure: {_watts(central)}. Low: {_watts(low)}. High: {_watts(high)}."
        figures = [_energy(each) for each in (central, low, high)]
        defaults.append(_default(kind, "annual_energy", figures, f"{why}. {said}"))
    left_out = "; ".join(f"{kind} ({why})" for kind, why in LEFT_OUT.items())
    left_out_fr = " ; ".join(f"{kind} ({LEFT_OUT_FR[kind]})" for kind in LEFT_OUT)
    return {
        "proxies/factors.csv": factors(_factor(*each) for each in PROXIES.items()),
        "proxies/defaults.csv": table_text(DEFAULT_COLUMNS, defaults),
        "proxies/pack.toml": description("proxies", left_out=left_out, left_out_fr=left_out_fr),
    }


def main() -> None:
    """Make the pack again."""
    write(files())


if __name__ == "__main__":
    main()
