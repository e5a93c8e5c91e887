"""EcoDiag's figures by type, quoted as parameters, and the law that it gives them.

EcoDiag is a tool of EcoInfo, a service group of CNRS (https://ecoinfo.cnrs.fr/ecodiag-calcul/,
version 1.1.0 of 2022, `devices.js`).  Its repository states no licence: the sixteen types and the
three models that stand for desktops, workstations and printers are quoted with that attribution,
and nothing else of it is here (the user's copy has the others: `ecodiag_models`).  EcoDiag calls
several of them arbitrary or still to be done; see the page on methods.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from typing import Literal

import attrs
import numpy as np

from reen.plugin.arrays import FactorSet

__all__ = [
    "DEFAULT_DEVIATION",
    "DEVICES",
    "ELECTRICITY",
    "NEAREST",
    "TYPES",
    "Device",
    "device_factors",
    "electricity_factor",
    "ends",
]

InverseErf = Literal["exact", "approximate"]

_SOURCE = "EcoInfo (CNRS), EcoDiag 1.1.0"
_URL = "https://ecoinfo.cnrs.fr/ecodiag-calcul/"
_LICENCE = "not stated by the source: quoted with attribution"
_BOUNDARY = "manufacture and transport; end of life not said to be included"

#: Constant of the approximate inverse error function that EcoDiag uses (Winitzki, 2008).
_WINITZKI = 0.147

#: EcoDiag's factor of electricity, kgCO2e/kWh (its users may change it).
ELECTRICITY = 0.084

#: Its relative standard deviation of a figure for which it gives none.
DEFAULT_DEVIATION = 0.3


@attrs.frozen(repr=False)
class Device:
    """EcoDiag's defaults for one of its types.

    Attributes
    ----------
    grey
        Manufacture and transport of one item, kgCO2e.
    lifetime
        Years.
    energy
        Electricity of one item over a year, kWh.
    deviations
        Relative standard deviations of the life-cycle study and, for a mix of models, of the
        spread between models; EcoDiag's default of 0.3 where it gives none.
    note
        What to know of the figures.
    """

    grey: float
    lifetime: float
    energy: float
    deviations: tuple[float, ...] = (DEFAULT_DEVIATION,)
    note: str = ""

    @property
    def spread(self) -> float:
        """Return the relative standard deviation of `grey`: sqrt(a^2 + b^2)."""
        return math.hypot(*self.deviations)


#: EcoDiag's types, and the models that it counts some of them by, under its own names.
DEVICES: Mapping[str, Device] = {
    "desktop": Device(350, 4, 250, (0.3, 0.72)),
    "allinone": Device(352, 4, 78, (0.3, 0.51)),
    "laptop": Device(260, 3, 48, (0.2, 0.56), "the 0.2 is called arbitrary by the source"),
    "screen": Device(430, 5, 70),
    "videoprojector": Device(94, 7, 120),
    "pad": Device(150, 2, 5),
    "smartphone": Device(63, 1.5, 5, note="lifetime still to be done in the source"),
    "printer": Device(500, 3, 71, note="of which 300 kg of toners"),
    "ipphone": Device(17, 10, 40, note="lifetime called arbitrary by the source"),
    "dockingstation": Device(26, 5, 1.3),
    "keyboard": Device(24, 4, 0, note="called far too high by the source"),
    "mouse": Device(5, 4, 0),
    "wifihub": Device(10, 6, 70),
    "server": Device(1300, 5, 850),
    "harddrive": Device(10, 4, 0, (0.1,), "a magnetic disk"),
    "gpu": Device(60, 4, 0, (0.6, 0.6), "an assumption of the source"),
    "desktop/ecodiag_avg_PC": Device(300, 4, 189, (0.3, 0.2)),
    "desktop/avg_WS": Device(600, 5, 770, (0.3, 0.27)),
    "printer/office_40_99kg": Device(960, 5, 150, note="of which 300 kg of toners"),
}

#: EcoDiag's device of each equipment type: the model that its page takes for one of which nothing
#: else is known (`get_default_model`), else the type.
TYPES: Mapping[str, str] = {
    "desktop": "desktop/ecodiag_avg_PC",
    "workstation": "desktop/avg_WS",
    "all_in_one": "allinone",
    "laptop": "laptop",
    "monitor": "screen",
    "video_projector": "videoprojector",
    "tablet": "pad",
    "smartphone": "smartphone",
    "printer": "printer/office_40_99kg",
    "multifunction_printer": "printer/office_40_99kg",
    "desk_phone": "ipphone",
    "docking_station": "dockingstation",
    "keyboard": "keyboard",
    "mouse": "mouse",
    "wifi_access_point": "wifihub",
    "server": "server",
    "external_hdd": "harddrive",
    "graphics_card": "gpu",
}

#: Types that EcoDiag holds in a wider or a neighbouring one: used, and flagged.
NEAREST = frozenset({"multifunction_printer", "external_hdd"})


def ends(
    mean: float, spread: float, *, level: float, inverse_erf: InverseErf
) -> tuple[float, float]:
    """Return the quantiles 0.5 -+ level / 2 of the log-normal law of a mean.

    sigma^2 = ln(1 + spread^2), mu = ln(mean) - sigma^2 / 2 (EcoDiag, `device_utils.js`).
    """
    variance = math.log1p(spread**2)
    if inverse_erf == "exact":
        z = statistics.NormalDist().inv_cdf(0.5 + level / 2.0)
    else:
        z = math.sqrt(2.0) * _approximate_inverse_erf(level)
    centre, half = math.log(mean) - variance / 2.0, z * math.sqrt(variance)
    return math.exp(centre - half), math.exp(centre + half)


def _approximate_inverse_erf(x: float) -> float:
    """Return Winitzki's approximation of the inverse error function, for 0 < x < 1."""
    logarithm = math.log1p(-x * x)
    term = logarithm / 2.0 + 2.0 / (math.pi * _WINITZKI)
    return math.sqrt(math.sqrt(term * term - logarithm / _WINITZKI) - term)


def device_factors(
    devices: Mapping[str, Device] = DEVICES,
    *,
    level: float,
    inverse_erf: InverseErf,
    source: str = _SOURCE,
) -> FactorSet:
    """Return the factors of devices, in their order, with spread and bounds."""
    factors = FactorSet.from_rows(
        (
            _row(name, reference_unit="item", stage="embedded", value=device.grey)
            | {"boundary": _BOUNDARY, "note": device.note, "source": source}
            for name, device in devices.items()
        ),
        pack="ecodiag",
    )
    quantiles = [
        ends(device.grey, device.spread, level=level, inverse_erf=inverse_erf)
        for device in devices.values()
    ]
    columns = np.array(
        [(*pair, d.spread) for pair, d in zip(quantiles, devices.values(), strict=True)]
    )
    lower, upper, spread = (columns[:, k].reshape(factors.values.shape) for k in range(3))
    return attrs.evolve(factors, lower=lower, upper=upper, spread=spread)


def electricity_factor(value: float = ELECTRICITY) -> FactorSet:
    """Return EcoDiag's constant for electricity: one flow, without uncertainty."""
    row = _row("electricity", reference_unit="kWh", stage="use", value=value)
    note = "one constant for every country and year"
    return FactorSet.from_rows([row | {"boundary": "not stated", "note": note}], pack="ecodiag")


def _row(name: str, *, reference_unit: str, stage: str, value: float) -> dict[str, str]:
    return {
        "flow": name,
        "name": f"{name}, EcoDiag",
        "reference_unit": reference_unit,
        "stage": stage,
        "criterion": "climate_change",
        "value": repr(value),
        "unit": f"kgCO2e/{reference_unit}",
        "source": _SOURCE,
        "source_year": "2022",
        "source_url": _URL,
        "licence": _LICENCE,
    }
