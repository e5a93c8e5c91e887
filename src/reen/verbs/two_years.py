"""Two years: each folded by what it is measured with, and the cells of both by one numbering.

Input: the sources of two years, and the measurements asked of each.  Output: their footprints, and
the effects that lead from the first, measured as the second is, to the second (see
`engine.yearly`).  `changing` is the verb over it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import attrs
import numpy as np
import pyarrow as pa

from reen.engine.assets import IDENTIFIERS, Roll, fleet_pieces
from reen.engine.key_sums import Floats, Keys
from reen.engine.sides import ITEM, USE
from reen.engine.year_tables import Year
from reen.engine.yearly import Arrivals, year_effects
from reen.measurement.folding import Progress, fold_beside, footprint_of
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.results.change_figures import ChangeEffect
from reen.results.effect_sums import group_key
from reen.results.footprint import Footprint
from reen.results.unread import UNTYPED
from reen.sources.parts import Opened
from reen.verbs.side_by_side import Packs, SideBySide
from reen.vocabulary.spellings import spelt_alike

__all__ = ["ENTITY", "NOW", "Day", "Step", "YearCells", "YearRun", "spell_as_one"]

#: A reference date.
Day: TypeAlias = dt.date | str | None

#: Column by which what came and what left is told apart.
ENTITY = "entity"

#: Column of the type of what is counted.
TYPE = "equipment_type"

#: Table, stage, group, type and criterion of what is counted beside the equipment.
Beside: TypeAlias = "tuple[str, str, tuple[object, ...], str, str]"

#: The measurement by which the two years are set against each other.
NOW = "now"


class Step(NamedTuple):
    """One measurement of the first year: its name, method, packs and registry, what it changes."""

    name: str
    method: str | Method
    factors: Packs
    registry: Registry
    cause: str = ""


@attrs.define(eq=False)
class YearRun:
    """One year: its source, its folds, its assets, and how the other year spells its groups."""

    opened: Opened
    folds: SideBySide
    roll: Roll
    details: Mapping[str, Footprint] = attrs.field(factory=dict)
    spelling: Mapping[object, object] = attrs.field(factory=dict)

    @classmethod
    def of(
        cls, by: Sequence[str], registry: Registry, opened: Opened, *, entities: bool
    ) -> YearRun:
        """Return a year of which nothing is measured yet."""
        more = [ENTITY] if entities and ENTITY not in by else []
        folds = SideBySide(by, registry=registry, cells_by=(*by, *more), chained=True)
        return cls(opened, folds, Roll())

    def prepare(self, steps: Sequence[Step], day: Day) -> None:
        """Prepare the measurements of the year, the last of which is set against the other."""
        places = None if self.opened.held is None else self.opened.held.datacenter()
        for step in steps:
            self.folds.prepare(
                step.name, step.method, step.factors, day, places, registry=step.registry
            )
        self.folds.watch(
            NOW,
            lambda batch, *told: self.roll.add(batch.data, *told),
            columns=IDENTIFIERS,
        )

    def measure(
        self,
        criteria: str | Sequence[str] | None,
        *,
        batch_rows: int,
        progress: Progress | None,
    ) -> None:
        """Fold the rows, and keep the footprints as `details`."""
        account = self.folds.run(self.opened, batch_rows=batch_rows, progress=progress)
        self.details = self.folds.details(self.opened.files, criteria, account)

    def beside(self, by: Sequence[str], criteria: Sequence[str]) -> dict[Beside, float]:
        """Return what the tables beside the equipment weigh, by what is set against each other.

        Parameters
        ----------
        by
            Columns of a group, with those by which entities are told apart.
        criteria
            Criteria.
        """
        ready, held = self.folds.ready(NOW), self.opened.held
        columns = by if TYPE in by else (*by, TYPE)
        tables = [batch.schema.name for _, batch in ready.beside(held)]
        found: dict[Beside, float] = {}
        for table, fold in zip(tables, fold_beside(ready, held, columns), strict=True):
            made = footprint_of(ready, fold, self.opened.files, criteria)
            keys = [tuple(row.values()) for row in made.groups.to_pylist()]
            places = [made.criteria.index(key) for key in criteria]
            for number, values in enumerate(made.impacts()):
                kind = str(keys[number][columns.index(TYPE)] or "")
                group = self._spelt(keys[number][: len(by)])
                for stage, row in zip(made.stages, values, strict=True):
                    for key, place in zip(criteria, places, strict=True):
                        if not np.isnan(row[place]):
                            at = (table, str(stage), group_key(group), kind, key)
                            found[at] = found.get(at, 0.0) + float(row[place])
        return found

    @property
    def groups(self) -> list[tuple[object, ...]]:
        """Return the key of each group, by its number; without columns, all rows are one group."""
        keys = self.folds.groups.keys()
        if not keys.num_columns:
            return [()]
        return [group_key(self._spelt(tuple(row.values()))) for row in keys.to_pylist()]

    def _spelt(self, key: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(self.spelling.get(each, each) for each in key)

    @property
    def names(self) -> set[str]:
        """Return the words that name groups, as the files spell them."""
        keys = self.folds.groups.keys()
        named = (keys[name] for name in keys.column_names if name != TYPE)
        words = (column.to_pylist() for column in named if _is_text(column.type))
        return {word for column in words for word in column if word}


def spell_as_one(runs: Sequence[YearRun]) -> tuple[tuple[str, ...], ...]:
    """Give groups that are spelt alike one name, that of the last year; return their spellings."""
    alike = spelt_alike(set().union(*(run.names for run in runs)))
    newest = runs[-1].names
    spelling: dict[object, object] = {
        name: next((each for each in names if each in newest), names[0])
        for names in alike
        for name in names
    }
    for run in runs:
        run.spelling = spelling
    return alike


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))


@attrs.frozen(eq=False)
class YearCells:
    """The cells of both years, by one numbering.

    Attributes
    ----------
    runs
        The two years.
    width
        How many of the columns of a group are asked for.
    columns
        Columns of a group.
    groups, types
        Groups and types of both years, by number.
    maps
        Of each year: the number in both of each of its own groups, and of its types.
    cells
        Sorted numbers of the cells: that of the group x types + that of the type.
    entity
        Place of the entity among the columns of a group, None when it is not there.
    """

    runs: tuple[YearRun, ...]
    width: int
    columns: tuple[str, ...]
    groups: Sequence[tuple[object, ...]]
    types: Sequence[str]
    maps: Sequence[tuple[Keys, Keys]]
    cells: Keys
    entity: int | None

    @classmethod
    def of(cls, runs: tuple[YearRun, ...], by: Sequence[str], *, entities: bool) -> YearCells:
        """Return the cells of two years that are folded."""
        groups = list(dict.fromkeys(key for run in runs for key in run.groups))
        types = list(dict.fromkeys(key for run in runs for key in run.folds.types))
        group_at = {key: place for place, key in enumerate(groups)}
        type_at = {key: place for place, key in enumerate(types)}
        maps = [
            (
                np.array([group_at[key] for key in run.groups], np.int64),
                np.array([type_at[key] for key in run.folds.types], np.int64),
            )
            for run in runs
        ]
        found = [
            group[run.roll.keys[:, 0]] * len(types) + kind[run.roll.keys[:, 1]]
            for run, (group, kind) in zip(runs, maps, strict=True)
        ]
        columns = (*by, ENTITY) if entities and ENTITY not in by else tuple(by)
        entity = columns.index(ENTITY) if entities else None
        cells = np.unique(np.concatenate(found))
        return cls(runs, len(by), columns, groups, types, maps, cells, entity)

    def pieces(self) -> dict[str, dict[str, Floats]]:
        """Return what became of the items, by part of the life cycle and cell."""
        places = []
        for run, (group, kind) in zip(self.runs, self.maps, strict=True):
            keys = run.roll.keys
            cell = group[keys[:, 0]] * len(self.types) + kind[keys[:, 1]]
            places.append(np.searchsorted(self.cells, cell))
        rolls = (self.runs[0].roll, self.runs[1].roll)
        return fleet_pieces(rolls, (places[0], places[1]), (ITEM, USE), cells=len(self.cells))

    def effects(
        self, shown: Sequence[str], pieces: Mapping[str, Mapping[str, Floats]]
    ) -> Iterator[ChangeEffect]:
        """Yield what leads from the first year, measured again, to the second."""
        years = []
        for run, (group, kind) in zip(self.runs, self.maps, strict=True):
            sums, fold = run.folds.watched[NOW], run.details[NOW].fold
            factors = run.folds.ready(NOW).library.rows(sums.flows, fold.made)
            years.append(
                Year(sums=sums, factors=factors, group=group, kind=kind, kinds=len(self.types))
            )
        found = year_effects(
            years[0],
            years[1],
            cells=self.cells,
            criteria=shown,
            arrivals=self._arrivals(identified=bool(pieces)),
            pieces=pieces,
        )
        for each in found:
            place, number = divmod(int(self.cells[each.cell]), len(self.types))
            yield ChangeEffect(
                cause=each.cause,
                detail=each.detail,
                stage=str(each.stage),
                group=self.groups[place][: self.width],
                equipment_type=self.types[number],
                criterion=each.criterion,
                value=each.value,
            )

    def beside(self, shown: Sequence[str]) -> Iterator[ChangeEffect]:
        """Yield what the tables beside the equipment add in the second year, or no longer do.

        They have neither number of items nor life to split by: one effect for each table, entity
        and type.  A table, or an entity, that only one of the years has is no change of what is
        done.
        """
        columns = self.columns
        years = [run.beside(columns, shown) for run in self.runs]
        tables = [{each for each, *_ in year} for year in years]
        entities = [{self._entity(key) for key in run.groups} for run in self.runs]
        for at in sorted({*years[0], *years[1]}, key=repr):
            table, stage, group, kind, criterion = at
            value = years[1].get(at, 0.0) - years[0].get(at, 0.0)
            cause, detail = table, ""
            if not (table in tables[0] and table in tables[1]):
                cause, detail = "perimeter", "known"
            elif self.entity is not None:
                there = [self._entity(group) in each for each in entities]
                if not all(there):
                    cause, detail = "perimeter", f"entity_{'left' if there[0] else 'entered'}"
            if value:
                yield ChangeEffect(
                    cause, detail, stage, group[: self.width], kind, criterion, value
                )

    def without_entity(self) -> tuple[float, float]:
        """Return the items of each year whose rows name no entity, where others do."""
        found = []
        for run in self.runs:
            blank = np.array([self._entity(key) is None for key in run.groups], np.bool_)
            items = run.roll.quantity(ITEM)
            found.append(float(items[blank[run.roll.keys[:, 0]]].sum()))
        return (found[0], found[1]) if self.entity is not None else (0.0, 0.0)

    def _arrivals(self, *, identified: bool) -> Arrivals:
        """Return the cause of a cell that exists in one year only."""
        entities = [
            {self._entity(run.groups[number]) for number in np.unique(run.roll.keys[:, 0])}
            for run in self.runs
        ]
        types = [
            {list(run.folds.types)[number] for number in np.unique(run.roll.keys[:, 1])}
            for run in self.runs
        ]

        def told(cell: int, other: int, verb: str, of_fleet: str) -> tuple[str, str]:
            group, kind = divmod(cell, len(self.types))
            entity = self._entity(self.groups[group])
            if self.entity is not None and entity not in entities[other]:
                return "perimeter", "entity_unstated" if entity is None else f"entity_{verb}"
            if self.types[kind] in UNTYPED:
                return "perimeter", "known"
            if self.types[kind] not in types[other]:
                return "perimeter", f"type_{verb}"
            return "fleet", of_fleet if identified else ""

        numbers = self.cells.tolist()
        return Arrivals(
            came=[told(cell, 0, "entered", "entries") for cell in numbers],
            gone=[told(cell, 1, "left", "exits") for cell in numbers],
        )

    def _entity(self, key: tuple[object, ...]) -> object:
        # a fleet without rows has one group, of no values
        return None if self.entity is None or not key else key[self.entity]
