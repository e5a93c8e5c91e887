"""Examples in words: what a generated measurement holds, for whoever reads a broken law.

Input: a `Measurement`.  Output: a few lines that say its rows, cell by cell with units, and what
they were measured with.  Made for the smallest examples; longer tables are cut.
"""

from __future__ import annotations

import math

import pyarrow as pa

from reen.factors.pack import FactorPack
from reen.inventory.schema import EQUIPMENT
from reen.plugins.options import options_of
from reen.testing.measurements import Measurement

__all__ = ["counted", "in_words", "table_lines"]

#: Rows and factors shown; the smallest example rarely has as many.
_SHOWN = 8


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 row, 2 rows."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def in_words(case: Measurement) -> str:
    """Return a measurement in words."""
    table = case.inventory.table
    rows = counted(table.num_rows, "row")
    chunks = max((column.num_chunks for column in table.columns), default=0)
    pieces = f", in {chunks} pieces" if chunks > 1 else ""
    lines = [f"smallest example: an inventory of {rows}{pieces}", *table_lines(table)]
    for kind, linked in case.inventory.linked.items():
        lines += [f"{kind}: {counted(linked.num_rows, 'row')}", *table_lines(linked)]
    options = ", ".join(f"{name}={value}" for name, value in options_of(case.method).items())
    said = [f"as of {case.as_of}"]
    said += [f"grouped by {', '.join(case.by)}"] if case.by else []
    said += [f"options {options}"] if options else []
    lines.append(f"measured {'; '.join(said)}")
    for pack in case.factors:
        lines += [f"with the factor pack {pack.name!r}, which holds", *_pack_lines(pack)]
    return "\n".join(lines)


def table_lines(table: pa.Table) -> list[str]:
    """Return the rows of a table, cell by cell; blank cells are named last."""
    lines = []
    if not table.num_rows and table.column_names:
        lines.append(f"  columns: {', '.join(table.column_names)}")
    # a slice of a table without columns is as long as one asks
    shown = min(_SHOWN, table.num_rows)
    for number, row in enumerate(table.slice(0, shown).to_pylist()):
        there = [
            f"{name} {_cell(table.schema.field(name), value)}"
            for name, value in row.items()
            if value is not None
        ]
        blank = [name for name, value in row.items() if value is None]
        text = ", ".join(there) or "nothing"
        lines.append(f"  row {number}: {text}" + (f"; blank: {', '.join(blank)}" if blank else ""))
    if table.num_rows > _SHOWN:
        lines.append(f"  ... and {counted(table.num_rows - _SHOWN, 'row')} more")
    return lines


def _cell(field: pa.Field, value: object) -> str:
    column = EQUIPMENT.get(field.name)
    unit = (field.metadata or {}).get(b"unit", b"").decode() or (column.unit if column else "")
    if isinstance(value, float):
        text = f"{value:g}" if value == float(f"{value:g}") or math.isnan(value) else repr(value)
        return f"{text} {unit}" if unit not in ("", "1") else text
    return repr(value) if isinstance(value, str) else str(value)


def _pack_lines(pack: FactorPack) -> list[str]:
    factors = pack.factors
    lines = [
        f"  {flow}, {stage}, {criterion}: {factors.values[k, s, c]:g}"
        for k, flow in enumerate(factors.flows)
        for s, stage in enumerate(factors.stages)
        for c, criterion in enumerate(factors.criteria)
        if not math.isnan(factors.values[k, s, c])
    ]
    lines += [
        f"  default {each.parameter} of {each.equipment_type}: {each.value:g} {each.unit}"
        for each in pack.defaults
    ]
    if len(lines) > _SHOWN:
        lines = [*lines[:_SHOWN], f"  ... and {len(lines) - _SHOWN} more"]
    return lines or ["  nothing"]
