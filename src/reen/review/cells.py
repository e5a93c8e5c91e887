"""Cells: the footprint by entity, type and stage, with what each rests on; small ones merged.

Input: the rows behind a footprint, and the fleet.  Output: sums by cell, which add up to the
footprint, and the ends that a published cell lies between, where factors with a published
uncertainty cover enough of it.  A cell of fewer than five items is published with others only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import pyarrow as pa

from reen.engine.exchanges import Status
from reen.inventory.inventory import Inventory
from reen.results.footprint import Footprint
from reen.results.interval import ENOUGH
from reen.review.figures import Coverage
from reen.review.year import CLIMATE

__all__ = [
    "LEAST",
    "OTHERS",
    "Cell",
    "EntityOf",
    "cells_of",
    "counts_of",
    "ends_of_cells",
    "merged",
    "sum_of",
]

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
    whole
        What all stages of the kind of flow rest on: items that one of them has, of all.
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
    whole: Coverage = attrs.field(repr=False)


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


def cells_of(rows: pa.Table, inventory: Inventory) -> tuple[Cell, ...]:
    """Return the cells of the rows behind a footprint (see `YearReview.rows`), sorted.

    What is left out stands with the stages that others of its entity, type and kind of flow have;
    where nothing of these is assessed, with the stage by which most of the kind is.
    """
    prefix = f"{CLIMATE}."
    stages = [name for name in rows.column_names if name.startswith(prefix)]
    listed = rows.select(
        ["row", "source", "source_row", "equipment_type", "kind", "status", *stages]
    ).to_pylist()
    find = EntityOf(inventory)
    groups: dict[tuple[str, str, str], _Group] = {}
    for row in listed:
        if row["status"] not in (Status.ASSESSED.label, Status.LEFT_OUT.label):
            continue
        entity, quantity = find(row["row"], row["source"], row["source_row"])
        key = (entity, row["equipment_type"] or "", row["kind"])
        there = {stage: row[stage] for stage in stages if row[stage] is not None}
        known = there if row["status"] == Status.ASSESSED.label else {}
        groups.setdefault(key, _Group()).add(known, quantity)
    main = _main_stages(groups)
    found = [
        Cell(
            entity=entity,
            equipment_type=kind,
            stage=stage.removeprefix(prefix),
            kind=flow,
            value=sums[0] if sums else None,
            items=(sums[1] if sums else 0.0) + group.left_out,
            assessed=sums[1] if sums else 0.0,
            left_out=group.left_out,
            unknown_rows=group.unknown_rows,
            whole=Coverage(
                known=group.known,
                total=group.known + group.left_out,
                unknown_rows=group.unknown_rows,
            ),
        )
        for (entity, kind, flow), group in groups.items()
        for stage, sums in group.by_stage(main.get(flow, ""))
    ]
    return tuple(sorted(found, key=lambda c: (c.entity, c.equipment_type, c.stage, c.kind)))


class _Group:
    """Sums of the rows of an entity, a type and a kind of flow."""

    def __init__(self) -> None:
        #: Value and items by stage.
        self.stages: dict[str, list[float]] = {}
        self.known = self.left_out = 0.0
        self.unknown_rows = 0

    def add(self, values: Mapping[str, float], quantity: float | None) -> None:
        """Add a row: its values by stage, none where it is left out."""
        for stage, value in values.items():
            sums = self.stages.setdefault(stage, [0.0, 0.0])
            sums[0] += value
            sums[1] += quantity or 0.0
        if quantity is None:
            self.unknown_rows += 1
        elif values:
            self.known += quantity
        else:
            self.left_out += quantity

    def by_stage(self, otherwise: str) -> list[tuple[str, list[float]]]:
        """Return value and items by stage; neither, of another stage, where nothing is assessed."""
        return list(self.stages.items()) or [(otherwise, [])]


def _main_stages(groups: Mapping[tuple[str, str, str], _Group]) -> dict[str, str]:
    """Return the stage by which most items of each kind of flow are assessed."""
    counts: dict[str, dict[str, float]] = {}
    for (_, _, flow), group in groups.items():
        mine = counts.setdefault(flow, {})
        for stage, (_, items) in group.stages.items():
            mine[stage] = mine.get(stage, 0.0) + items
    return {flow: max(mine, key=lambda k: (mine[k], k)) for flow, mine in counts.items() if mine}


def counts_of(cells: Iterable[Cell]) -> dict[Key, float]:
    """Return the items of each entity and type: those of the kind of flow that has fewest."""
    found: dict[Key, float] = {}
    for cell in cells:
        key = (cell.entity, cell.equipment_type)
        found[key] = min(found.get(key, cell.items), cell.items)
    return found


def merged(counts: Mapping[Key, float]) -> dict[Key, Key]:
    """Return under which key each cell is published, none of which has fewer than `LEAST` items.

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
        for key in _small(mine):
            found[key] = (entity, OTHERS)
    sizes: dict[Key, float] = {}
    for key, place in found.items():
        sizes[place] = sizes.get(place, 0.0) + counts[key]
    for small in _small(sizes):
        found = {key: (OTHERS, OTHERS) if at == small else at for key, at in found.items()}
    return found


def _small(sizes: Mapping[Key, float]) -> list[Key]:
    """Return what must be merged so that no key, nor what is merged, is smaller than `LEAST`."""
    order = sorted(sizes, key=lambda key: (sizes[key], key))
    small = [key for key in order if sizes[key] < LEAST]
    rest = order[len(small) :]
    while small and rest and sum(sizes[key] for key in small) < LEAST:
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


# -- between which values a cell lies ------------------------------------------------------------

#: A published key and a stage.
Published = tuple[str, str, str]

_COLUMNS = ("entite", "categorie")

#: Relative difference of two sums that is rounding.
_ROUNDING = 1e-9


def ends_of_cells(
    footprint: Footprint, cells: Sequence[Cell], places: Mapping[str, Mapping[Key, Key]]
) -> dict[Published, tuple[float, float]]:
    """Return the ends at 95 % of each published cell that has some.

    Parameters
    ----------
    footprint
        Of the year, by entity and type.
    cells
        Its cells.
    places
        Under which key each entity and type is published, by kind of flow.
    """
    found: dict[Published, tuple[float, float]] = {}
    if CLIMATE not in footprint.criteria:
        return found
    for stage in footprint.stages:
        mine = [each for each in cells if each.stage == str(stage) and each.value is not None]
        values: dict[Key, float] = {}
        at: dict[Key, Key] = {}
        for each in mine:
            key = (each.entity, each.equipment_type)
            at[key] = place = places[each.kind][key]
            values[place] = values.get(place, 0.0) + (each.value or 0.0)
        named = _named(footprint, at)
        alone = attrs.evolve(named, factors=named.factors.on_stages((stage,)))
        for row in alone.intervals(criterion=CLIMATE).to_pylist():
            place = (row[_COLUMNS[0]], row[_COLUMNS[1]])
            whole = values.get(place)
            # a group that is published in two places, by two kinds of flow, is the sum of neither
            same = whole is not None and math.isclose(row["mean"] or 0.0, whole, rel_tol=_ROUNDING)
            if same and (row["covered"] or 0.0) >= ENOUGH:
                found[(*place, str(stage))] = (row["lower"], row["upper"])
    return found


def _named(footprint: Footprint, at: Mapping[Key, Key]) -> Footprint:
    """Return the footprint by the keys under which its groups are published."""
    keys = [
        at.get((row.get("entity") or "", row["equipment_type"] or ""), (OTHERS, ""))
        for row in footprint.groups.to_pylist()
    ]
    columns = {name: [key[k] for key in keys] for k, name in enumerate(_COLUMNS)}
    groups = pa.table({**columns, "place": list(range(len(keys)))})
    fold = attrs.evolve(footprint.fold, groups=groups)
    return attrs.evolve(footprint, fold=fold).by(*_COLUMNS)
