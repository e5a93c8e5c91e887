"""Measuring: wires source -> method -> fold -> footprint, and nothing else.

Input: anything that can be measured and a method.  Output: a `Footprint`.  Batches are folded one
after the other, or handed in parts to an executor; folds add up, so both give the same figures.
"""

from __future__ import annotations

import collections
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

import attrs

from reen.engine.digest import MASK
from reen.engine.exchanges import Status
from reen.engine.fold import Fold, merge_folds
from reen.engine.folder import Folder
from reen.errors import OptionError
from reen.factors.factor_set import FactorSet
from reen.inventory.batch import BATCH_ROWS, Batch
from reen.inventory.system import InformationSystem
from reen.inventory.system_schema import DATACENTERS, VIRTUAL_MACHINES
from reen.levels import level_of
from reen.plugins.guard import blame
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.preparation import (
    PackLike,
    Preparation,
    Source,
    check_groups,
    digest_of,
    factor_rows,
    open_source,
    prepare,
)
from reen.reading import read
from reen.results.footprint import Footprint
from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.stages import Stage

__all__ = ["measure"]

#: Batches handed to an executor at a time: enough rows for the hand-over to be forgotten.
_PART = 8

#: Parts in flight: bounds the memory when the source is a stream.
_IN_FLIGHT = 16


def measure(  # noqa: PLR0913 - the whole set-up of a measurement, each part by its name
    source: Source | InformationSystem,
    *,
    method: str | Method,
    by: str | Sequence[str] = (),
    level: str = "equipment",
    factors: Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    criteria: Sequence[str] | None = None,
    executor: Executor | None = None,
    registry: Registry | None = None,
    batch_rows: int = BATCH_ROWS,
    progress: Callable[[int], None] | None = None,
) -> Footprint:
    """Measure the yearly footprint of an inventory.

    Parameters
    ----------
    source
        An `Inventory`, an `InformationSystem`, an `Equipment` or several, a path, or Arrow data
        (pyarrow, polars, pandas, DuckDB); Arrow streams are read batch by batch.
    method
        A registered name, or a configured method.
    by
        Grouping columns: any column of the inventory, or of the table that `level` names.
    level
        ``equipment``; for an `InformationSystem` and a method that allocates, also
        ``virtual_machine`` or ``application``: allocations of the same footprint, not additions.
    factors
        Packs (objects, names, files) that replace the method's own for what they hold, in order
        of precedence.
    as_of
        Reference date; today when absent.  It is written in the provenance.
    criteria
        Criteria to show, keys or aliases; all that the packs publish when absent.
    executor
        Anything with the `concurrent.futures.Executor` interface.
    registry
        Plugins to use, the installed ones by default.
    batch_rows
        Rows of a batch; changes speed, never figures.
    progress
        Called with the number of rows folded so far.

    Raises
    ------
    UnknownNameError
        A method or pack that no plugin provides.
    UnknownColumnError
        A grouping column that is not there.
    OptionError
        A level that the source or the method does not have.
    PluginError
        The method broke its contract.
    """
    columns = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if batch_rows < 1:
        raise OptionError("measure", "batch_rows", str(batch_rows), "a whole number above 0")
    if isinstance(source, (str, Path)):
        source = read(source, registry=registry)
    places = source.datacenter() if isinstance(source, InformationSystem) else None
    ready = prepare(method, factors=factors, as_of=as_of, registry=registry, datacenters=places)
    if level != "equipment":
        if not isinstance(source, InformationSystem):
            expected = "'equipment', or an InformationSystem as source"
            raise OptionError("measure", "level", level, expected)
        fold = _fold_level(ready, source, level, columns)
        return footprint_of(ready, fold, source.files, criteria)
    batches, files = open_source(source, registry=registry, batch_rows=batch_rows)
    folds = _folds(ready, columns, batches, executor, progress)
    fold = merge_folds(list(folds))
    if isinstance(source, InformationSystem) and source.datacenters.num_rows:
        # the same equipment in other data centres is other data
        places_batch = source.batch(DATACENTERS)
        digest = fold.digest + digest_of(places_batch, places_batch.schema)
        fold = attrs.evolve(fold, digest=digest & MASK)
    return footprint_of(ready, fold, files, criteria)


def fold_batches(ready: Preparation, by: Sequence[str], batches: Iterable[Batch]) -> Fold:
    """Fold some batches; the unit of work of an executor.

    Raises
    ------
    PluginError
        The method broke its contract.
    """
    folder = Folder(method=ready.method.name, by=by, factors=ready.library.factors)
    for batch in batches:
        _add(folder, ready, by, batch)
    return folder.result()


def _add(folder: Folder, ready: Preparation, by: Sequence[str], batch: Batch) -> None:
    check_groups(by, batch)
    answers = ready.answers(batch)
    facts = ready.facts(batch, by)
    with blame(ready.name, "its answers being folded"):
        folder.add(facts, answers)


def _fold_level(
    ready: Preparation, system: InformationSystem, level: str, by: Sequence[str]
) -> Fold:
    """Fold the rows of a level; the digest also covers the tables that they depend on."""
    rows = level_of(ready, system, level)
    check_groups(by, rows.batch)
    folder = Folder(method=ready.method.name, by=by, factors=ready.library.factors)
    folder.add(ready.facts(rows.batch, by, columns=frozenset(rows.batch.schema)), rows.exchanges)
    fold = folder.result()
    below = [*system.equipment.batches(), system.batch(DATACENTERS)]
    if level == "application":
        below.append(system.batch(VIRTUAL_MACHINES))
    digest = sum(digest_of(batch, batch.schema) for batch in below)
    return attrs.evolve(fold, digest=(fold.digest + digest) & MASK)


def _folds(
    ready: Preparation,
    by: Sequence[str],
    batches: Iterator[Batch],
    executor: Executor | None,
    progress: Callable[[int], None] | None,
) -> Iterator[Fold]:
    if executor is None:
        folder = Folder(method=ready.method.name, by=by, factors=ready.library.factors)
        done = 0
        for batch in batches:
            _add(folder, ready, by, batch)
            done += len(batch)
            if progress is not None:
                progress(done)
        yield folder.result()
        return
    waiting: collections.deque[Future[Fold]] = collections.deque()
    done = 0
    parts = iter(lambda: list(itertools.islice(batches, _PART)), [])
    empty = True
    for part in parts:
        empty = False
        waiting.append(executor.submit(fold_batches, ready, by, part))
        if len(waiting) == _IN_FLIGHT:
            fold = waiting.popleft().result()
            done += fold.rows
            if progress is not None:
                progress(done)
            yield fold
    for future in waiting:
        fold = future.result()
        done += fold.rows
        if progress is not None:
            progress(done)
        yield fold
    if empty:
        yield fold_batches(ready, by, ())


def footprint_of(
    ready: Preparation, fold: Fold, files: Sequence[str], criteria: Sequence[str] | None
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
    shown = _criteria(criteria, available)
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
        provenance=ready.provenance(rows=fold.rows, digest=fold.digest, sources=files),
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


def _criteria(wanted: Sequence[str] | None, available: Sequence[str]) -> tuple[str, ...]:
    if wanted is None:
        return tuple(key for key in bundled_criteria().keys if key in available)
    keys = tuple(dict.fromkeys(bundled_criteria().resolve(text).key for text in wanted))
    for key in keys:
        if key not in available:
            expected = f"criteria that the packs in use publish: {', '.join(available) or 'none'}"
            raise OptionError("measure", "criteria", key, expected)
    return keys
