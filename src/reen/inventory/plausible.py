"""Plausible: between which numbers a column lies, by type of equipment, and units taken for others.

Input: the bundled tables `data/ranges.csv` (limits, each with its argument) and
`data/unit_mistakes.csv` (units that people and tools write where another is expected).  Output:
limits and candidate units.  Limits are wide: they catch factors of a thousand, 1024 or twelve, not
unusual machines.

Knows no file and no cell.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import attrs

from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.inventory.system_schema import VIRTUAL_MACHINES
from reen.vocabulary.lookup import read_table

__all__ = [
    "ANY_TYPE",
    "DOUBTED",
    "WIDER",
    "Mistake",
    "Range",
    "mistakes_of",
    "range_of",
    "ranges_of",
]

#: Key of the limits that hold for every type without its own.
ANY_TYPE = ""

#: How far beyond the limits a number with a unit of its own may lie: an unusual machine is written
#: with its unit.  Of some columns no machine lies there, which is doubted.
WIDER = 16.0
DOUBTED = frozenset({"annual_energy", "declared_footprint", "lifetime", "power", "weight"})

#: Key of the limits of virtual machines, which have no type.
_VIRTUAL = "virtual_machine"


@attrs.frozen(eq=False, repr=False)
class Range:
    """Limits of a number column, in its canonical unit, both included.

    Attributes
    ----------
    minimum, maximum
        The limits; zero is judged by the schema alone, for it often stands for nothing.
    """

    minimum: float
    maximum: float


@attrs.frozen(eq=False, repr=False)
class Mistake:
    """A unit that is written where the canonical one is expected.

    Attributes
    ----------
    unit
        The unit.
    floor
        The smallest number that is written in it.
    multiple
        Numbers that are all multiples of it speak for the unit by themselves.
    """

    unit: str
    floor: float
    multiple: float


def _rows(name: str) -> list[dict[str, str]]:
    return list(read_table(name, "reen.inventory"))


@functools.cache
def _all_ranges() -> Mapping[str, Mapping[str, Range]]:
    ranges: dict[str, dict[str, Range]] = {}
    for row in _rows("ranges.csv"):
        limits = Range(float(row["minimum"]), float(row["maximum"]))
        for key in row["types"].split(";"):
            ranges.setdefault(row["column"], {})[key] = limits
    return ranges


@functools.cache
def _all_mistakes() -> Mapping[str, tuple[Mistake, ...]]:
    mistakes: dict[str, tuple[Mistake, ...]] = {}
    for row in _rows("unit_mistakes.csv"):
        mistake = Mistake(row["unit"], float(row["floor"]), float(row["multiple"]))
        mistakes[row["column"]] = (*mistakes.get(row["column"], ()), mistake)
    return mistakes


def ranges_of(column: str, schema: TableSchema = EQUIPMENT) -> Mapping[str, Range]:
    """Return the limits of a column by type, `ANY_TYPE` among them; none when it has no limits.

    A column of another table has those of the same name when it means the same: the weight of a
    lot that leaves is not the weight of an item.
    """
    ranges = _all_ranges().get(column, {})
    if schema is VIRTUAL_MACHINES and _VIRTUAL in ranges:
        return {ANY_TYPE: ranges[_VIRTUAL]}
    if column in EQUIPMENT and schema[column].unit != EQUIPMENT[column].unit:
        return {}
    return ranges


def range_of(
    column: str, equipment_type: str | None = None, *, schema: TableSchema = EQUIPMENT
) -> Range | None:
    """Return the limits of a column for a type, or for any."""
    ranges = ranges_of(column, schema)
    return ranges.get(equipment_type or ANY_TYPE, ranges.get(ANY_TYPE))


def mistakes_of(column: str, schema: TableSchema = EQUIPMENT) -> tuple[Mistake, ...]:
    """Return the units that are written where that of a column is expected."""
    found = _all_mistakes().get(column, ())
    if column not in schema or "/item" in schema[column].unit:
        return found
    return tuple(attrs.evolve(each, unit=each.unit.replace("/item", "")) for each in found)
