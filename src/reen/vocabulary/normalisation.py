"""What impacts are put in proportion to: planetary boundaries, and the factors of the PEF.

Role: read the two bundled tables once and hold them as values.  Boundaries are what the Earth bears
in a year; normalisation factors what one person causes in a year on world average; weights how much
each criterion counts in a single score.  Each figure has its source in its row.

Imports the table reader only; knows no footprint and does no arithmetic.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from reen.vocabulary.lookup import read_table

__all__ = ["PefFactor", "PlanetaryBoundary", "pef_factors", "planetary_boundaries"]


@attrs.frozen
class PlanetaryBoundary:
    """The planetary boundary of one criterion, for the whole Earth and a year.

    Attributes
    ----------
    criterion
        Criterion key.
    value
        Boundary in the criterion's unit per year; None when no published value can be used.
    source
        Citation; empty without a value.
    note
        What to know, or why there is no value.
    """

    criterion: str
    value: float | None
    source: str
    note: str


@attrs.frozen
class PefFactor:
    """Normalisation and weight of one criterion in the single score of the PEF, EF 3.1.

    Attributes
    ----------
    criterion
        Criterion key.
    normalisation
        World impact per person and year, in the criterion's unit.
    weight
        Weight in percent; those of the sixteen criteria add up to 100.
    sources
        Citations of the two.
    """

    criterion: str
    normalisation: float
    weight: float
    sources: tuple[str, str]


@functools.cache
def planetary_boundaries() -> Mapping[str, PlanetaryBoundary]:
    """Return the boundaries by criterion key; not every criterion has a row."""
    return MappingProxyType(
        {
            row["criterion"]: PlanetaryBoundary(
                row["criterion"],
                float(row["boundary"]) if row["status"] == "used" else None,
                _citation(row),
                row["note"],
            )
            for row in read_table("planetary_boundaries.csv")
        }
    )


@functools.cache
def pef_factors() -> Mapping[str, PefFactor]:
    """Return the factors of EF 3.1 by criterion key, one for each of the sixteen."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in read_table("pef_factors.csv"):
        found.setdefault(row["criterion"], {})[row["parameter"]] = row
    return MappingProxyType(
        {
            key: PefFactor(
                key,
                float(rows["normalisation"]["value"]),
                float(rows["weight"]["value"]),
                (_citation(rows["normalisation"]), _citation(rows["weight"])),
            )
            for key, rows in found.items()
        }
    )


def _citation(row: Mapping[str, str]) -> str:
    return ", ".join(row[name] for name in ("source", "source_year", "source_url") if row[name])
