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

from reen.engine.fold import Fold, merge_folds
from reen.engine.folder import Folder
from reen.errors import OptionError
from reen.inventory.batch import BATCH_ROWS, Batch
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.preparation import (
    PackLike,
    Preparation,
    Source,
    check_groups,
    factor_rows,
    open_source,
    prepare,
)
from reen.results.footprint import Footprint
from reen.vocabulary.criteria import bundled_criteria

__all__ = ["measure"]

#: Batches handed to an executor at a time: enough rows for the hand-over to be forgotten.
_PART = 8

#: Parts in flight: bounds the memory when the source is a stream.
_IN_FLIGHT = 16


def measure(  # noqa: PLR0913 - the whole set-up of a measurement, each part by its name
    source: Source,
    *,
    method: str | Method,
    by: str | Sequence[str] = (),
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
        An `Inventory`, an `Equipment` or several, a path, or Arrow data (pyarrow, polars, pandas,
        DuckDB); Arrow streams are read batch by batch.
    method
        A registered name, or a configured method.
    by
        Grouping columns: any column of the inventory.
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
    PluginError
        The method broke its contract.
    """
    ready = prepare(method, factors=factors, as_of=as_of, registry=registry)
    columns = (by,) if isinstance(by, str) else tuple(by)
    batches, files = open_source(source, registry=registry, batch_rows=batch_rows)
    folds = _folds(ready, columns, batches, executor, progress)
    return _footprint(ready, merge_folds(list(folds)), files, criteria)


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
    folder.add(ready.facts(batch, by), ready.answers(batch))


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
        yield future.result()
    if empty:
        yield fold_batches(ready, by, ())


def _footprint(
    ready: Preparation, fold: Fold, files: Sequence[str], criteria: Sequence[str] | None
) -> Footprint:
    factors = factor_rows(ready.library, fold.flows, fold.made)
    if len(factors):  # with nothing assessed, every stage that could be stays in view
        factors = factors.without_empty_stages()
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


def _criteria(wanted: Sequence[str] | None, available: Sequence[str]) -> tuple[str, ...]:
    if wanted is None:
        return tuple(key for key in bundled_criteria().keys if key in available)
    keys = tuple(dict.fromkeys(bundled_criteria().resolve(text).key for text in wanted))
    for key in keys:
        if key not in available:
            expected = f"criteria that the packs in use publish: {', '.join(available) or 'none'}"
            raise OptionError("measure", "criteria", key, expected)
    return keys
