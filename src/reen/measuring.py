"""Measuring: wires source -> method -> fold -> footprint, and nothing else.

Input: anything that can be measured and a method.  Output: a `Footprint`.  Batches are folded one
after the other, or handed in parts to an executor; folds add up, so both give the same figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import Executor

import attrs

from reen.arguments import columns_of, criteria_of
from reen.engine.digest import MASK
from reen.engine.exchanges import Status
from reen.engine.fold import Fold
from reen.engine.folder import Folder
from reen.errors import OptionError
from reen.execution.running import Progress, run_in_turn, run_on
from reen.execution.work import Errand, Work, fold_batches
from reen.factors.factor_set import FactorSet
from reen.inventory.batch import BATCH_ROWS
from reen.inventory.schema import EQUIPMENT
from reen.inventory.system import InformationSystem
from reen.inventory.system_schema import DATACENTERS, VIRTUAL_MACHINES
from reen.levels import level_of
from reen.plugins.guard import blame
from reen.plugins.method import Method
from reen.plugins.registry import Registry, default_registry
from reen.preparation import (
    PackLike,
    Preparation,
    check_group_names,
    check_groups,
    digest_of,
    factor_rows,
    prepare,
)
from reen.results.footprint import Footprint
from reen.sources import Opened, Source, open_parts
from reen.vocabulary.stages import Stage

__all__ = ["fold_batches", "measure"]


def measure(  # noqa: PLR0913 - the whole set-up of a measurement, each part by its name
    source: Source | InformationSystem,
    *,
    method: str | Method,
    by: str | Sequence[str] | None = (),
    level: str = "equipment",
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    criteria: str | Sequence[str] | None = None,
    executor: Executor | None = None,
    registry: Registry | None = None,
    batch_rows: int = BATCH_ROWS,
    in_flight: int | None = None,
    progress: Progress | None = None,
) -> Footprint:
    """Measure the yearly footprint of an inventory.

    Parameters
    ----------
    source
        An `Inventory`, an `InformationSystem`, an `Equipment` or several, a path or several, a
        pyarrow dataset, or Arrow data (pyarrow, polars, pandas, DuckDB).  Parquet and Arrow files,
        folders of Parquet, datasets, streams and lazy frames are read piece by piece.
    method
        A registered name, or a configured method.
    by
        A grouping column, or several: any of the inventory, or of the table that `level` names.
    level
        ``equipment``; for an `InformationSystem` and a method that allocates, also
        ``virtual_machine`` or ``application``: allocations of the same footprint, not additions.
    factors
        A pack (object, name, file), or several in order of precedence, that replace the method's
        own for what they hold.
    as_of
        Reference date; today when absent.  It is written in the provenance.
    criteria
        A criterion to show, or several, keys or aliases; all that the packs publish when absent.
    executor
        Anything with the `concurrent.futures.Executor` interface: threads, processes, a cluster's
        (``Client(...).get_executor()`` of Dask).  Its workers read files for themselves; streams
        and inventories in memory are sent to them.
    in_flight
        Parts handed to the executor at a time; twice the number of its workers keeps them busy.
        By default 64, or 8 where the rows have to be sent, and no less than twice the processors
        of this machine.
    registry
        Plugins to use, the installed ones by default.
    batch_rows
        Rows of a batch; changes speed, never figures.
    progress
        Called after each batch (each part, of an executor) with the number of rows folded so far
        and that of all rows, None when it is not known.

    Raises
    ------
    UnknownNameError
        A method or pack that no plugin provides.
    UnknownColumnError
        A grouping column that is not there.
    OptionError
        A level that the source or the method does not have, or an argument that names nothing.
    PluginError
        The method broke its contract.
    BatchError
        Rows of a file or of a stream that cannot be read.
    WorkerMismatchError
        A worker of the executor has other versions than this process.
    """
    columns = columns_of("measure", by)
    if batch_rows < 1:
        raise OptionError("measure", "batch_rows", str(batch_rows), "a whole number above 0")
    if in_flight is not None and in_flight < 1:
        raise OptionError("measure", "in_flight", str(in_flight), "a whole number above 0")
    found = registry or default_registry()
    opened = open_parts(source, registry=found, batch_rows=batch_rows, apart=True)
    system = opened.system
    places = None if system is None else system.datacenter()
    ready = prepare(
        method,
        factors=factors,
        as_of=as_of,
        registry=found,
        datacenters=places,
        importers=opened.readers,
    )
    if level != "equipment":
        if system is None:
            expected = "'equipment', or an InformationSystem as source"
            raise OptionError("measure", "level", level, expected)
        fold = _fold_level(ready, system, level, columns)
        return footprint_of(ready, fold, system.files, criteria)
    work = Work.of(ready, columns, batch_rows=batch_rows)
    fold = _fold(work, opened, executor, in_flight, progress)
    if system is not None and system.datacenters.num_rows:
        # the same equipment in other data centres is other data
        places_batch = system.batch(DATACENTERS)
        digest = fold.digest + digest_of(places_batch, places_batch.schema)
        fold = attrs.evolve(fold, digest=digest & MASK)
    return footprint_of(ready, fold, opened.files, criteria)


def _fold(
    work: Work,
    opened: Opened,
    executor: Executor | None,
    in_flight: int | None,
    progress: Progress | None,
) -> Fold:
    """Fold what was opened, here or by the workers of an executor."""
    if opened.columns is not None:
        check_group_names(work.by, sorted(opened.columns), EQUIPMENT)
    parts = opened.parts(work.view)
    total = None if progress is None else opened.rows()
    if executor is None:
        folded = run_in_turn(work, parts, total=total, progress=progress)
    else:
        errand = Errand.of(work, importers=opened.importers)
        folded = run_on(
            executor, errand, parts, in_flight=in_flight, total=total, progress=progress
        )
    if opened.columns is None:
        # of files read one by one, some may lack a column, but not all
        check_group_names(work.by, sorted(folded.columns), EQUIPMENT)
    return folded.fold


def _fold_level(
    ready: Preparation, system: InformationSystem, level: str, by: Sequence[str]
) -> Fold:
    """Fold the rows of a level; the digest also covers the tables that they depend on."""
    rows = level_of(ready, system, level)
    check_groups(by, rows.batch)
    folder = Folder(method=ready.method.name, by=by, factors=ready.library.factors)
    with blame(ready.name, f"while its answers were folded by {level}"):
        facts = ready.facts(rows.batch, by, columns=frozenset(rows.batch.schema))
        folder.add(facts, rows.exchanges)
    fold = folder.result()
    below = [*system.equipment.batches(), system.batch(DATACENTERS)]
    if level == "application":
        below.append(system.batch(VIRTUAL_MACHINES))
    digest = sum(digest_of(batch, batch.schema) for batch in below)
    return attrs.evolve(fold, digest=(fold.digest + digest) & MASK)


def footprint_of(
    ready: Preparation, fold: Fold, files: Sequence[str], criteria: str | Sequence[str] | None
) -> Footprint:
    """Return the footprint of a fold: its factors, what to show of them, and its provenance.

    Raises
    ------
    OptionError
        A criterion that no pack in use publishes.
    """
    factors = factor_rows(ready.library, fold.flows, fold.made)
    factors = factors.on_stages(_stages_in_view(ready, fold, factors))
    all_factors = [ready.library.factors] + ([fold.made] if fold.made is not None else [])
    available = tuple(dict.fromkeys(key for each in all_factors for key in each.criteria))
    shown = criteria_of("measure", criteria, available)
    negative = {
        key
        for each in all_factors
        for c, key in enumerate(each.criteria)
        if (each.values[:, :, c] < 0.0).any()
    }
    return Footprint(
        fold=fold,
        factors=factors,
        criteria=shown,
        nonnegative=tuple(key for key in available if key not in negative),
        provenance=ready.provenance(
            rows=fold.rows, digest=fold.digest, sources=files, types=fold.types
        ),
    )


def _stages_in_view(ready: Preparation, fold: Fold, factors: FactorSet) -> set[Stage]:
    """Return the stages to show, kind by kind of flow.

    Those that the flows in use publish; where a kind has none in use, those that it could have
    had, so that a use stage of which nothing could be assessed stays in view.  A kind that the
    method's rules exclude as a whole has no stage.
    """
    published = set(factors.published_stages())
    shown: set[Stage] = set()
    for kind in ready.prepared.kinds:
        mine = [klass for klass in fold.classes if klass.kind == kind.name]
        if mine and all(klass.outcome.status is Status.EXCLUDED for klass in mine):
            continue
        stages = published & set(kind.stages)
        shown |= stages or set(kind.stages) & set(factors.stages)
    return shown
