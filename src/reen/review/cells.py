"""Cells: the footprint by entity, type and stage, with what each rests on; small ones merged.

Input: the rows behind a footprint, and the fleet.  Output: sums by cell, which add up to the
footprint.  A cell of fewer than five items is published with others only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import pyarrow as pa

from reen.engine.exchanges import Status
from reen.inventory.inventory import Inventory
from reen.review.review import CLIMATE

__all__ = ["LEAST", "OTHERS", "Cell", "cells_of", "counts_of", "merged"]

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
        Which.
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
    value: float | None
    items: float
    assessed: float
    left_out: float
    unknown_rows: int


def _entities(inventory: Inventory) -> list[str]:
    table = inventory.table
    if "entity" not in table.column_names:
        return [""] * table.num_rows
    return [str(each) if each else "" for each in table.column("entity").to_pylist()]


def _quantities(inventory: Inventory) -> list[float | None]:
    table = inventory.table
    if "quantity" not in table.column_names:
        return [1.0] * table.num_rows
    found: list[float | None] = table.column("quantity").to_pylist()
    return found


def cells_of(rows: pa.Table, inventory: Inventory, *, criterion: str = CLIMATE) -> tuple[Cell, ...]:
    """Return the cells of the rows behind a footprint (see `YearReview.rows`), sorted."""
    stages = [
        name.removeprefix(f"{criterion}.")
        for name in rows.column_names
        if name.startswith(f"{criterion}.")
    ]
    entities, quantities = _entities(inventory), _quantities(inventory)
    kinds = rows.column("kind").to_pylist()
    values = {stage: rows.column(f"{criterion}.{stage}").to_pylist() for stage in stages}
    of_kind: dict[str, set[str]] = {}
    for stage, column in values.items():
        for kind, value in zip(kinds, column, strict=True):
            if value is not None:
                of_kind.setdefault(kind, set()).add(stage)
    sums: dict[tuple[str, str, str], list[float]] = {}
    assessed: set[tuple[str, str, str]] = set()
    numbers, types = rows.column("row").to_pylist(), rows.column("equipment_type").to_pylist()
    states = rows.column("status").to_pylist()
    for place, number in enumerate(numbers):
        if states[place] not in (Status.ASSESSED.label, Status.LEFT_OUT.label):
            continue
        for stage in of_kind.get(kinds[place], ()):
            key = (entities[number], types[place] or "", stage)
            found = sums.setdefault(key, [0.0] * 4)
            quantity, value = quantities[number], values[stage][place]
            known = states[place] == Status.ASSESSED.label and value is not None
            if quantity is None:
                found[3] += 1
            else:
                found[1 if known else 2] += quantity
            if known:
                found[0] += value
                assessed.add(key)
    return tuple(
        Cell(
            entity=key[0],
            equipment_type=key[1],
            stage=key[2],
            value=found[0] if key in assessed else None,
            items=found[1] + found[2],
            assessed=found[1],
            left_out=found[2],
            unknown_rows=int(found[3]),
        )
        for key, found in sorted(sums.items())
    )


def counts_of(cells: Iterable[Cell]) -> dict[Key, float]:
    """Return the items of each entity and type: those of the stage that has most of them."""
    found: dict[Key, float] = {}
    for cell in cells:
        key = (cell.entity, cell.equipment_type)
        found[key] = max(found.get(key, 0.0), cell.items)
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
