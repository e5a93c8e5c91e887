"""Measurement: a method made ready once, with what to show, to measure one source after another.

Input: a method, packs, a date, grouping columns; then anything that can be measured.  Output: a
`Footprint`.  Wires source -> method -> fold -> footprint, and nothing else.  Batches are folded one
after the other, or handed in parts to an executor; folds add up, so both give the same figures.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, SupportsIndex

import attrs

from reen.engine.digest import MASK, digest_of
from reen.engine.fold import Fold, merge_folds
from reen.errors import EmptyInventoryError, OptionError
from reen.inventory.batch import BATCH_ROWS
from reen.inventory.equipment import Equipment, FilledCells, table_of_cells
from reen.inventory.grouping_columns import check_group_names
from reen.inventory.inventory import Inventory, inventory_of
from reen.inventory.schema import EQUIPMENT
from reen.inventory.system_schema import DATACENTERS
from reen.kernel import Engine, using
from reen.measurement.arguments import PackLike, day_of, given_packs, lines_apart_of, method_of
from reen.measurement.folding import (
    Folding,
    Progress,
    boundary_of,
    fold_beside,
    fold_parts,
    footprint_of,
    names_beside,
    nothing_to_count,
)
from reen.measurement.ready_method import prepare_method
from reen.plugins.building import default_registry
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.results.footprint import Footprint
from reen.sources.opening import Source, check_twice, open_parts
from reen.sources.parts import Opened
from reen.values import Printed
from reen.vocabulary.arguments import columns_of, criteria_of

if TYPE_CHECKING:
    from reen.measurement.single_items import ItemTemplate

__all__ = [
    "KEPT",
    "PreparedMeasurement",
    "measurement_of",
    "prepare",
]

#: Footprints of single items that are kept: the offer of a form, at some 10 kB each.
KEPT = 256


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PreparedMeasurement(Printed):
    """A method ready to measure any inventory.  Make one with `reen.prepare`.

    Nothing of it changes, so that threads may share it.  It can be pickled, with the packs that it
    was given; the method is prepared again where it is used next.

    Attributes
    ----------
    method, factors, as_of
        Configured method, packs given by the user, reference date.
    by, level, criteria
        Grouping columns, level, criteria to show.
    registry
        Plugins in use.
    batch_rows
        Rows of a batch.
    keep
        Footprints of single items that are kept, those asked for longest ago giving way.
    """

    method: str | Method
    by: tuple[str, ...] = ()
    level: str = "equipment"
    factors: PackLike | Sequence[PackLike] | None = attrs.field(default=None, repr=False)
    as_of: dt.date | str | None = None
    criteria: str | Sequence[str] | None = None
    registry: Registry = attrs.field(repr=False)
    batch_rows: int = BATCH_ROWS
    keep: int = 0
    engine: Engine | None = None

    def measure(
        self,
        source: Source,
        *,
        executor: Executor | None = None,
        in_flight: int | None = None,
        progress: Progress | None = None,
    ) -> Footprint:
        """Measure the yearly footprint of an inventory, exactly as `reen.measure` would.

        Parameters
        ----------
        source, executor, in_flight, progress
            As in `reen.measure`.

        Raises
        ------
        ReenError
            As `reen.measure`.
        """
        if in_flight is not None:
            _check_count("measure", "in_flight", in_flight, least=1)
        given: object = executor
        if given is not None and not callable(getattr(given, "submit", None)):
            reason = Reason("error_executor_expected")
            raise OptionError("measure", "executor", type(given).__name__, reason)
        with using(self.engine):
            return self._with_lines_apart(source, executor, in_flight, progress)

    def _with_lines_apart(
        self,
        source: Source,
        executor: Executor | None,
        in_flight: int | None,
        progress: Progress | None,
    ) -> Footprint:
        """Measure by the method and by each line apart of it."""
        if not self._apart:
            return self._published(source, executor, in_flight, progress)
        check_twice(source, next(iter(self._apart.values())).method)
        found = self._published(source, executor, in_flight, progress)
        counted = {each.table for each in found.fold.boundary}
        if counted and EQUIPMENT.name not in counted:
            return found  # services alone: nothing that a line of equipment could count
        lines = {
            name: line._published(source, executor, in_flight, None)  # noqa: SLF001 - its own kind
            for name, line in self._apart.items()
        }
        first = _rows_of_equipment(found.fold)
        for line in lines.values():
            again = _rows_of_equipment(line.fold)
            if again != first:
                expected = Reason("error_source_gives_same_rows_when_read")
                read = Reason("error_rows_then", first=first, again=again)
                raise OptionError("measure", "source", read, expected)
        return attrs.evolve(found, apart=lines)

    @functools.cached_property
    def _apart(self) -> Mapping[str, PreparedMeasurement]:
        """Return what measures each line apart of the method."""
        lines = lines_apart_of(method_of(self.method, self.registry))
        return {name: attrs.evolve(self, method=method) for name, method in lines.items()}

    def _published(
        self,
        source: Source,
        executor: Executor | None,
        in_flight: int | None,
        progress: Progress | None,
    ) -> Footprint:
        """Measure by the method itself."""
        if self.keep and executor is None and progress is None and isinstance(source, Equipment):
            filled = FilledCells.of(source)
            if filled is not None:
                return self._kept(filled)
        opened = open_parts(source, registry=self.registry, batch_rows=self.batch_rows, by=self.by)
        return self._measured(opened, executor, in_flight, progress)

    @functools.cached_property
    def _kept(self) -> Callable[[FilledCells], Footprint]:
        """Return what measures one item, or gives what it gave for the same item before."""
        from reen.measurement.single_items import ItemTemplate, kept_items
        from reen.results.protection import protected

        def whole(filled: FilledCells) -> tuple[Footprint, ItemTemplate | None]:
            types = self.registry.equipment_types
            one = inventory_of(table_of_cells([filled.cells]), equipment_types=types)
            opened = open_parts(one, registry=self.registry, batch_rows=self.batch_rows)
            found = protected(self._measured(opened, None, None, None))
            (batch,) = one.batches()
            plain = not self.by and self.level == "equipment"
            ready = self._folding.ready
            return found, ItemTemplate.of(filled, found, batch, ready) if plain else None

        return kept_items(whole, keep=self.keep)

    def _measured(
        self,
        opened: Opened,
        executor: Executor | None,
        in_flight: int | None,
        progress: Progress | None,
    ) -> Footprint:
        """Measure what was opened."""
        held = opened.held
        folding = self._folding if held is None else self._folding_in(held)
        ready = folding.ready.read_by(opened.readers, opened.mappings)
        if self.level != "equipment":
            from reen.measurement.levels import EXPECTED_LEVEL, fold_level

            if held is None:
                raise OptionError("measure", "level", self.level, EXPECTED_LEVEL)
            fold = fold_level(ready, held, self.level, self.by)
            return footprint_of(ready, fold, opened.files, self.criteria)
        fold = self._fold(folding, opened, executor, in_flight, progress)
        if held is not None and DATACENTERS.name in held.linked:
            # the same equipment in other data centres is other data
            places_batch = held.batch(DATACENTERS)
            digest = fold.digest + digest_of(places_batch, places_batch.schema)
            fold = attrs.evolve(fold, digest=digest & MASK)
        return footprint_of(ready, fold, opened.files, self.criteria)

    def _fold(
        self,
        folding: Folding,
        opened: Opened,
        executor: Executor | None,
        in_flight: int | None,
        progress: Progress | None,
    ) -> Fold:
        """Fold the equipment, where the method counts it, and the tables beside it."""
        held, ready = opened.held, folding.ready
        beside = fold_beside(ready, held, self.by)
        if EQUIPMENT.name not in ready.tables or (held is not None and held.linked and not held):
            if not beside:
                raise EmptyInventoryError(nothing_to_count(ready, held))
            check_group_names(self.by, sorted(names_beside(ready, held)), EQUIPMENT)
            folds = beside
        else:
            equipment = self._fold_equipment(folding, opened, executor, in_flight, progress)
            folds = [equipment, *beside]
        fold = merge_folds(folds, method=ready.name)
        return attrs.evolve(fold, boundary=boundary_of(ready, held))

    def _fold_equipment(
        self,
        folding: Folding,
        opened: Opened,
        executor: Executor | None,
        in_flight: int | None,
        progress: Progress | None,
    ) -> Fold:
        """Fold what was opened, here or by the workers of an executor."""
        beside = names_beside(folding.ready, opened.held)
        if opened.columns is not None:
            check_group_names(self.by, sorted(opened.columns | beside), EQUIPMENT)
        parts = opened.parts(folding.view)
        total = None if progress is None else opened.rows()
        if executor is None:
            folded = fold_parts(folding, parts, total=total, progress=progress)
        else:
            from reen.measurement.workers import SentFolding, fold_by_workers

            sent = SentFolding.of(folding, importers=frozenset())
            folded = fold_by_workers(
                executor, sent, parts, in_flight=in_flight, total=total, progress=progress
            )
        if opened.columns is None:
            # of files read one by one, some may lack a column, but not all
            check_group_names(self.by, sorted(folded.columns), EQUIPMENT)
        # what reading wrote is no column that somebody filled in vain
        unused = tuple(each for each in folded.fold.unused if each.column not in opened.written)
        account = opened.settle(folded.account)
        return attrs.evolve(folded.fold, account=account, unused=unused)

    @functools.cached_property
    def _folding(self) -> Folding:
        """Return how to fold equipment outside of data centres, prepared on first use."""
        ready = prepare_method(
            self.method, factors=self.factors, as_of=self.as_of, registry=self.registry
        )
        return Folding.of(ready, self.by, batch_rows=self.batch_rows)

    def _folding_in(self, inventory: Inventory) -> Folding:
        """Return how to fold an inventory, whose data centres a method is told when it prepares."""
        places = inventory.datacenter()
        if not places:
            return self._folding
        ready = prepare_method(
            self.method,
            factors=self.factors,
            as_of=self.as_of,
            registry=self.registry,
            datacenters=places,
        )
        return Folding.of(ready, self.by, batch_rows=self.batch_rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of equipment that a figure may depend on: those that the method reads.

        Examples
        --------
        >>> import reen
        >>> "ownership" in reen.prepare("declared").columns
        False
        """
        return tuple(sorted(self._folding.ready.columns))

    def warm(self) -> None:
        """Prepare the method now, which has been done unless this value was pickled.

        Raises
        ------
        ReenError
            As `reen.prepare`.
        """
        known = self._folding.ready.criteria
        criteria_of("measure", self.criteria, known.keys, known)


def prepare(  # noqa: PLR0913 - the set-up of a measurement, each part by its name
    method: str | Method,
    *,
    by: str | Sequence[str] | None = (),
    level: str = "equipment",
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    criteria: str | Sequence[str] | None = None,
    registry: Registry | None = None,
    batch_rows: int = BATCH_ROWS,
    keep: int = KEPT,
    engine: Engine | None = None,
) -> PreparedMeasurement:
    """Prepare a method once, to measure many inventories quickly.

    For a program that measures one thing after another, such as the item of each request: the
    method is looked up, its packs are read and it is prepared once, and `measure` of what is
    returned does the rest.

    Parameters
    ----------
    method, by, level, factors, criteria, registry, batch_rows, engine
        As in `reen.measure`.
    as_of
        Reference date; that of today, for good, when absent.
    keep
        Footprints of single items to keep: who asks for one of them again is given the same value
        at once.  Those asked for longest ago give way to new ones; 0 keeps none.

    Returns
    -------
    PreparedMeasurement
        An immutable value, whose ``measure(source)`` gives what `reen.measure` gives.

    Raises
    ------
    UnknownNameError
        A method or pack that no plugin provides.
    UnknownNameError
        A criterion that the vocabulary does not have.
    OptionError
        An option of the method that is not finite, or an argument that names nothing.
    PluginError
        The method fails while preparing, or a pack cannot be loaded.

    Examples
    --------
    >>> prepared = reen.prepare("base-carbone", as_of="2025-12-31")
    >>> for quantity in (1, 10):
    ...     laptops = reen.Equipment("laptop", quantity=quantity, lifetime="5 year", country="FR")
    ...     print(prepared.measure(laptops).total())
    32.54 kgCO2e/year
    325.4 kgCO2e/year
    """
    found = registry or default_registry()
    ready = measurement_of(
        method_of(method, found),
        by=by,
        level=level,
        factors=tuple(given_packs(factors, found)),
        as_of=day_of(as_of),
        criteria=criteria,
        registry=found,
        batch_rows=batch_rows,
        keep=keep,
        engine=engine,
    )
    # a fault of the method is not for the first request to find
    ready.warm()
    return ready


def measurement_of(  # noqa: PLR0913 - as `prepare`
    method: str | Method,
    *,
    by: str | Sequence[str] | None,
    level: str,
    factors: PackLike | Sequence[PackLike] | None,
    as_of: dt.date | str | None,
    criteria: str | Sequence[str] | None,
    registry: Registry | None,
    batch_rows: int,
    keep: int = 0,
    engine: Engine | None = None,
) -> PreparedMeasurement:
    """Return a measurement whose method is prepared when it is first used.

    Raises
    ------
    OptionError
        Grouping columns that are no names, or batches without a row.
    """
    columns = columns_of("measure", by)
    _check_count("measure", "batch_rows", batch_rows, least=1)
    _check_count("prepare", "keep", keep, least=0)
    return PreparedMeasurement(
        method=method,
        by=columns,
        level=level,
        factors=factors,
        as_of=as_of,
        criteria=criteria,
        registry=registry or default_registry(),
        batch_rows=batch_rows,
        keep=keep,
        engine=engine,
    )


def _rows_of_equipment(fold: Fold) -> int:
    """Return how many rows of equipment a fold counts."""
    tables = (each for each in fold.boundary if each.counted and each.table != EQUIPMENT.name)
    return fold.rows - sum(each.rows for each in tables)


def _check_count(owner: str, option: str, given: object, *, least: int) -> None:
    """Refuse what is no whole number, or too small a one."""
    if not isinstance(given, SupportsIndex) or isinstance(given, bool) or int(given) < least:
        code = "error_whole_number_above_0" if least else "error_whole_number_0_more"
        raise OptionError(owner, option, str(given), Reason(code))
