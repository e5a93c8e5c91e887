"""Converted: the columns of an inventory on their way from text cells.

They carry their units, and what was taken for granted on the way.
"""

from __future__ import annotations

import functools

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen.reasons import Reason
from reen.tables.cells.units_in_text import names_a_unit
from reen.tables.headers.headings import Heading, Headings

__all__ = ["Converted", "first_of", "say_alternatives", "say_units"]

#: Units that need not be written.
_OBVIOUS = frozenset({"1", "item", "person", ""})


@attrs.define(eq=False, repr=False)
class Converted:
    """Columns of an inventory on their way.

    Attributes
    ----------
    columns
        Arrays by column name, canonical ones first.
    units
        Unit of each number column.
    assumptions
        What was taken for granted, in sentences.
    details
        What the columns told of the file (decimal mark, order of day and month).
    personal
        Columns left out because their cells name persons.
    """

    columns: dict[str, pa.Array] = attrs.field(factory=dict)
    units: dict[str, str] = attrs.field(factory=dict)
    assumptions: list[Reason] = attrs.field(factory=list)
    details: dict[str, str] = attrs.field(factory=dict)
    personal: list[str] = attrs.field(factory=list)


def first_of(arrays: list[pa.Array]) -> pa.Array:
    """Return the first value that is there, row by row."""
    if len(arrays) == 1:
        return arrays[0]
    if any(pa.types.is_dictionary(array.type) for array in arrays):
        return pc.coalesce(*(array.cast(pa.string()) for array in arrays)).dictionary_encode()
    return pc.coalesce(*arrays)


def say_alternatives(column: str, group: tuple[Heading, ...], result: Converted) -> None:
    """Add the sentence that says which headers fill a column, when several do."""
    if len(group) > 1:
        sources = functools.reduce(
            lambda first, second: Reason("read_else", first=first, second=second),
            (Reason("read_header", header=heading.text) for heading in group),
        )
        result.assumptions.append(Reason("read_alternatives", column=column, sources=sources))


def say_units(headings: Headings, result: Converted) -> None:
    """Add the sentence that says in which units the numbers are whose headers name none."""
    silent = [
        Reason("read_column_in", column=column, unit=unit)
        for column, unit in result.units.items()
        if unit not in _OBVIOUS
        and column in headings.columns  # a constant names its unit
        and not _names_a_unit(headings.columns[column][0])
    ]
    if silent:
        result.assumptions.append(Reason("read_units", said=functools.reduce(_and, silent)))


def _and(first: Reason, second: Reason) -> Reason:
    return Reason("read_and", first=first, second=second)


def _names_a_unit(heading: Heading) -> bool:
    """Tell whether a header says its unit, if only in a word ("screen_inches")."""
    return bool(heading.unit) or names_a_unit(heading.text)
