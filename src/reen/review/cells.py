"""Cells: the footprint by entity, type and stage, with what each rests on; small ones merged.

Input: the rows behind a footprint, and the fleet.  Output: sums by cell, which add up to the
footprint.  A cell of fewer than five items is published with others only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import pyarrow as pa

from reen.engine.exchanges import Status
from reen.inventory.inventory import Inventory
from reen.review.figures import Coverage
from reen.review.review import CLIMATE

__all__ = ["LEAST", "OTHERS", "Cell", "EntityOf", "cells_of", "counts_of", "merged", "sum_of"]

#: Items under which a cell is not published alone.
LEAST = 5.0

#: What merged cells are called.
OTHERS = "(autres)"

#: An entity and a type; or an entity and a type with a status.
Key = tuple[str, str]


@attrs.frozen(kw_only=True)
class Cell:
    """What an entity's items of one type weigh in one stage.

    Attributes
    ----------
    entity, equipment_type, stage
        Which; no stage where nothing of the kind is assessed.
    kind
        Kind of flow that the stage is counted by: ``item``, ``electricity``, ``waste``...
    value
        Sum over the items assessed, in kgCO2e a year; None where none is.
    items, assessed, left_out
        Items to be counted, and what became of them; retired ones are in none.
    unknown_rows
        Rows whose number of items is not known.
    """

    entity: str
    equipment_type: str
    stage: str
    kind: str
    value: float | None
    items: float
    assessed: float
    left_out: float
    unknown_rows: int


@attrs.frozen
class _Places:
    """Entity and number of items of each row of one table."""

    sources: list[str | None]
    lines: list[int | None]
    entities: list[str | None]
    quantities: list[float | None]

    @classmethod
    def of(cls, table: pa.Table) -> _Places:
        size = table.num_rows

        def column(name: str, otherwise: object) -> list[Any]:
            there = name in table.column_names
            return table.column(name).to_pylist() if there else [otherwise] * size

        return cls(
            column("source", None),
            column("source_row", None),
            column("entity", None),
            # what is no number stands as one that is not known
            [
                None if each is None or math.isnan(each) else each
                for each in column("quantity", 1.0)
            ],
        )

    def holds(self, row: int, source: str | None, line: int | None) -> bool:
        """Tell whether a row of the trace is one of this table: position, file and line agree."""
        return row < len(self.sources) and (self.sources[row], self.lines[row]) == (source, line)


class EntityOf:
    """Finds the entity and the number of items of a row of the trace, in whichever table it is."""

    def __init__(self, inventory: Inventory) -> None:
        self._tables = [_Places.of(inventory.table), *map(_Places.of, inventory.linked.values())]

    def __call__(self, row: int, source: str | None, line: int | None) -> tuple[str, float | None]:
        """Return both; no entity and an unknown number where no table has the row."""
        for table in self._tables:
            if table.holds(row, source, line):
                return table.entities[row] or "", table.quantities[row]
        return "", None


def cells_of(rows: pa.Table, inventory: Inventory, *, criterion: str = CLIMATE) -> tuple[Cell, ...]:
    """Return the cells of the rows behind a footprint (see `YearReview.rows`), sorted."""
    prefix = f"{criterion}."
    stages = [name for name in rows.column_names if name.startswith(prefix)]
    listed = rows.select(
        ["row", "source", "source_row", "equipment_type", "kind", "status", *stages]
    ).to_pylist()
    of_kind: dict[str, set[str]] = {}
    for row in listed:
        there = {stage for stage in stages if row[stage] is not None}
        of_kind[row["kind"]] = of_kind.get(row["kind"], set()) | there
    find = EntityOf(inventory)
    sums: dict[tuple[str, str, str, str], list[float | None]] = {}
    for row in listed:
        if row["status"] not in (Status.ASSESSED.label, Status.LEFT_OUT.label):
            continue
        entity, quantity = find(row["row"], row["source"], row["source_row"])
        for stage in of_kind[row["kind"]] or {prefix}:
            key = (entity, row["equipment_type"] or "", stage.removeprefix(prefix), row["kind"])
            found = sums.setdefault(key, [None, 0.0, 0.0, 0.0])
            value = row.get(stage)
            known = row["status"] == Status.ASSESSED.label and value is not None
            place = 3 if quantity is None else 1 if known else 2
            found[place] = (found[place] or 0.0) + (1.0 if quantity is None else quantity)
            if known:
                found[0] = (found[0] or 0.0) + value
    return tuple(
        Cell(
            entity=key[0],
            equipment_type=key[1],
            stage=key[2],
            kind=key[3],
            value=found[0],
            items=(found[1] or 0.0) + (found[2] or 0.0),
            assessed=found[1] or 0.0,
            left_out=found[2] or 0.0,
            unknown_rows=int(found[3] or 0),
        )
        for key, found in sorted(sums.items())
    )


def counts_of(cells: Iterable[Cell]) -> dict[Key, float]:
    """Return the items of each entity and type: those of the kind of flow that has fewest."""
    found: dict[Key, float] = {}
    for cell in cells:
        key = (cell.entity, cell.equipment_type)
        found[key] = min(found.get(key, cell.items), cell.items)
    return found


def merged(counts: Mapping[Key, float], *, least: float = LEAST) -> dict[Key, Key]:
    """Return under which key each cell is published, none of which has fewer than `least` items.

    Small types of an entity become its others; where these are too few as well, they take in the
    next smallest type of the entity, and an entity that stays too small joins the others.  Where
    the whole is too small, all of it is under one key.

    Examples
    --------
    >>> found = merged({("CCAS", "laptop"): 20, ("CCAS", "server"): 2, ("CCAS", "switch"): 3})
    >>> found["CCAS", "server"], found["CCAS", "laptop"]
    (('CCAS', '(autres)'), ('CCAS', 'laptop'))
    """
    found = {key: key for key in counts}
    for entity in sorted({key[0] for key in counts}):
        mine = {key: number for key, number in counts.items() if key[0] == entity}
        for key in _small(mine, least):
            found[key] = (entity, OTHERS)
    sizes: dict[Key, float] = {}
    for key, place in found.items():
        sizes[place] = sizes.get(place, 0.0) + counts[key]
    for small in _small(sizes, least):
        found = {key: (OTHERS, OTHERS) if at == small else at for key, at in found.items()}
    return found


def _small(sizes: Mapping[Key, float], least: float) -> list[Key]:
    """Return what must be merged so that no key, nor what is merged, is smaller than `least`."""
    order = sorted(sizes, key=lambda key: (sizes[key], key))
    small = [key for key in order if sizes[key] < least]
    rest = order[len(small) :]
    while small and rest and sum(sizes[key] for key in small) < least:
        small.append(rest.pop(0))
    return small


def sum_of(cells: Iterable[Cell]) -> Coverage:
    """Return what some cells of one kind of flow rest on together."""
    given = tuple(cells)
    return Coverage(
        known=math.fsum(each.assessed for each in given),
        total=math.fsum(each.items for each in given),
        unknown_rows=sum(each.unknown_rows for each in given),
    )
