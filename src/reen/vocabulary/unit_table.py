"""Unit table: the units of our own vocabulary, so that pint is loaded for a user's unit only.

Input: unit names such as ``kWh/item/year``.  Output: an exact scale and the powers of the base
units, None for names that the table lacks.  A test holds every name to what pint makes of it:
loading pint takes longer than most files take to be measured.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

import attrs

from reen.values import Compared
from reen.vocabulary.criteria import bundled_criteria

__all__ = ["CLIMATE_MULTIPLES", "COUNTS", "Measure", "inverse", "known", "names"]

#: Names of the field that pint does not know.  `item` is a dimension of its own: forgetting to
#: multiply by the quantity is then an error of dimension.  `Pt_PEF` is the point of a single score.
COUNTS = ("item", "person", "Pt_PEF", "EUR")

#: Multiples are spelt out because a plain prefix prints "kilogCO2e".
CLIMATE_MULTIPLES: Mapping[str, Fraction] = {
    "gCO2e": Fraction(1, 1000),
    "tCO2e": Fraction(1000),
    "ktCO2e": Fraction(10**6),
    "MtCO2e": Fraction(10**9),
}

_HOUR = 3600
_YEAR = Fraction(1461, 4) * 24 * _HOUR
_INCH = Fraction(254, 10_000)

#: Seconds.
_TIMES: Mapping[str, Fraction] = {
    "s": Fraction(1),
    "second": Fraction(1),
    "minute": Fraction(60),
    "h": Fraction(_HOUR),
    "hour": Fraction(_HOUR),
    "day": Fraction(24 * _HOUR),
    "week": Fraction(7 * 24 * _HOUR),
    "month": _YEAR / 12,
    "year": _YEAR,
}

#: Joules.
_ENERGIES: Mapping[str, Fraction] = {
    "J": Fraction(1),
    "kJ": Fraction(10**3),
    "MJ": Fraction(10**6),
    "GJ": Fraction(10**9),
    "Wh": Fraction(_HOUR),
    "kWh": Fraction(_HOUR * 10**3),
    "MWh": Fraction(_HOUR * 10**6),
    "GWh": Fraction(_HOUR * 10**9),
    "TWh": Fraction(_HOUR * 10**12),
}

#: Watts; the apparent power of a supply too.
_POWERS: Mapping[str, Fraction] = {
    "mW": Fraction(1, 1000),
    "W": Fraction(1),
    "kW": Fraction(10**3),
    "MW": Fraction(10**6),
    "VA": Fraction(1),
    "kVA": Fraction(10**3),
}

#: Times a second.
_FREQUENCIES: Mapping[str, Fraction] = {
    "Hz": Fraction(1),
    "kHz": Fraction(10**3),
    "MHz": Fraction(10**6),
    "GHz": Fraction(10**9),
}

#: Kilograms.
_MASSES: Mapping[str, Fraction] = {
    "mg": Fraction(1, 10**6),
    "g": Fraction(1, 1000),
    "kg": Fraction(1),
    "t": Fraction(1000),
    "tonne": Fraction(1000),
}

#: Metres.
_LENGTHS: Mapping[str, Fraction] = {
    "mm": Fraction(1, 1000),
    "cm": Fraction(1, 100),
    "m": Fraction(1),
    "km": Fraction(1000),
    "inch": _INCH,
}

#: Bytes.
_BYTES: Mapping[str, Fraction] = {
    **{
        f"{prefix}B": Fraction(1000**power) for power, prefix in enumerate(("", "k", "M", "G", "T"))
    },
    **{f"{prefix}iB": Fraction(1024**power) for power, prefix in enumerate("KMGT", 1)},
}

_RATIOS: Mapping[str, Fraction] = {
    "1": Fraction(1),
    "dimensionless": Fraction(1),
    "percent": Fraction(1, 100),
    "%": Fraction(1, 100),
}

#: A name with a small power, and what may stand between two of them.
_FACTOR = re.compile(r"(1|%|[^\W\d]\w*)(?:\s*(?:\*\*|\^)\s*(-?\d))?")
_BETWEEN = re.compile(r"\s*([*/.])\s*|\s+")

Powers: TypeAlias = tuple[tuple[str, int], ...]


@attrs.frozen(eq=False, repr=False)
class Measure(Compared):
    """What a unit measures.

    Attributes
    ----------
    scale
        Size of the unit in base units, exact.
    powers
        Base units and their powers, sorted; equal for units that convert into each other.
    """

    scale: Fraction = Fraction(1)
    powers: Powers = ()

    def times(self, other: Measure, power: int = 1) -> Measure:
        """Return the product with a power of another measure."""
        powers = dict(self.powers)
        for base, exponent in other.powers:
            powers[base] = powers.get(base, 0) + power * exponent
        kept = tuple(sorted((base, exponent) for base, exponent in powers.items() if exponent))
        return Measure(self.scale * other.scale**power, kept)


def _of(names: Mapping[str, Fraction], **powers: int) -> dict[str, Measure]:
    bases = tuple(sorted(powers.items()))
    return {name: Measure(scale, bases) for name, scale in names.items()}


@functools.cache
def names() -> Mapping[str, Measure]:
    """Return what each name of the table measures."""
    table = {name: Measure(powers=((name, 1),)) for name in COUNTS}
    table |= {each.unit: Measure(powers=((each.unit, 1),)) for each in bundled_criteria()}
    return {
        **table,
        **_of(CLIMATE_MULTIPLES, kgCO2e=1),
        **_of(_TIMES, s=1),
        **_of(_ENERGIES, kg=1, m=2, s=-2),
        **_of(_POWERS, kg=1, m=2, s=-3),
        **_of(_FREQUENCIES, s=-1),
        **_of(_MASSES, kg=1),
        **_of(_LENGTHS, m=1),
        **_of(_BYTES, byte=1),
        **_of(_RATIOS),
    }


def _factors(unit: str) -> Powers | None:
    """Return the names of a unit with their powers, in order; None for what is not a unit.

    Read from left to right, as pint does: ``kW/item*h`` is kW h per item.
    """
    found: list[tuple[str, int]] = []
    text, position, sign = unit.strip(), 0, 1
    while True:
        factor = _FACTOR.match(text, position)
        if factor is None:
            return None
        found.append((factor[1], sign * int(factor[2] or 1)))
        if factor.end() == len(text):
            return tuple(found)
        between = _BETWEEN.match(text, factor.end())
        if between is None:
            return None
        position, sign = between.end(), -1 if between[1] == "/" else 1


@functools.lru_cache(maxsize=4096)
def known(unit: str) -> Measure | None:
    """Return what a unit measures, None when it is none or the table lacks one of its names."""
    factors, table = _factors(unit), names()
    if factors is None or any(name not in table for name, _ in factors):
        return None
    found = Measure()
    for name, power in factors:
        found = found.times(table[name], power)
    return found


def inverse(unit: str) -> str:
    """Return the unit of one divided by a value in `unit`.

    Raises
    ------
    ValueError
        The text is not a unit.

    Examples
    --------
    >>> inverse("year"), inverse("kWh/item/year"), inverse("1/year")
    ('1/year', 'item*year/kWh', 'year')
    """
    factors = _factors(unit)
    if factors is None:
        message = f"{unit!r} is not a unit"
        raise ValueError(message)
    written = [
        (name if abs(power) == 1 else f"{name}^{abs(power)}", power) for name, power in factors
    ]
    above = [name for name, power in written if power < 0 and name != "1"]
    below = [name for name, power in written if power > 0 and name != "1"]
    return "/".join(["*".join(above) or "1", *below])
