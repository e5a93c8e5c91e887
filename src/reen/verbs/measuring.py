"""Measuring: one source by one method, in one call.

Input: anything that can be measured and a method.  Output: a `Footprint`.  What is done is a
`PreparedMeasurement`, made for this one source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import Executor

import attrs

from reen.inventory.batch import BATCH_ROWS
from reen.kernel import Engine
from reen.measurement.arguments import PackLike, day_of
from reen.measurement.folding import Progress
from reen.measurement.prepared_measurement import KEPT, PreparedMeasurement, measurement_of
from reen.plugins.method import Method
from reen.plugins.options import with_options
from reen.plugins.registry import Registry
from reen.results.footprint import Footprint
from reen.sources.opening import Source

__all__ = ["measure"]

#: Measurements that are kept for the next call with the same words.
_USUAL = 8


def measure(  # noqa: PLR0913 - the whole set-up of a measurement, each part by its name
    source: Source,
    method: str | Method,
    *,
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
    engine: Engine | None = None,
    **options: object,
) -> Footprint:
    """Measure the yearly footprint of an inventory.

    Parameters
    ----------
    source
        An `Inventory`, an `Equipment` or several, a path or several, a
        pyarrow dataset, or Arrow data (pyarrow, polars, pandas, DuckDB).  Parquet and Arrow files,
        folders of Parquet, datasets, streams and lazy frames are read piece by piece.
    method
        A registered name, or a configured method.
    by
        A grouping column, or several: any of the inventory, or of the table that `level` names.
    level
        ``equipment``, or ``virtual_machine`` or ``application`` if the inventory has them and the
        method allocates: allocations of the same footprint, not additions.
    factors
        A pack (object, name, file), or several in order of precedence; their figures replace
        those of the method's own packs.
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
    engine
        ``numpy``, or ``compiled`` (an error where the kernel was not built); by default that of
        the environment variable ``REEN_ENGINE``, else the compiled kernel if there is one.
        Figures are the same to the last bit.
    **options
        Options of the method, such as ``use_stage=False``; `reen methods NAME` lists them.

    Raises
    ------
    UnknownNameError
        A method or pack that no plugin provides.
    EmptyInventoryError
        No equipment, only tables of other kinds.
    UnknownNameError
        A grouping column that is not there.
    OptionError
        A level that the source or the method does not have, an argument that names nothing, or an
        option that the method does not have.
    PluginError
        The method broke its contract.
    InventoryError
        Rows of a file or of a stream that cannot be read.
    WorkerError
        A worker of the executor has other versions than this process.

    Examples
    --------
    >>> import reen
    >>> laptop = reen.Equipment("laptop", lifetime="5 year", country="FR")
    >>> reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    <Footprint base-carbone: 1 group(s), climate_change 31.2 kgCO2e/year>
    """
    made = measurement_of(
        with_options(method, options, registry),
        by=by,
        level=level,
        factors=factors,
        as_of=as_of,
        criteria=criteria,
        registry=registry,
        batch_rows=batch_rows,
        engine=engine,
    )
    return _kept_for_next(made).measure(
        source, executor=executor, in_flight=in_flight, progress=progress
    )


def _kept_for_next(made: PreparedMeasurement) -> PreparedMeasurement:
    """Return the measurement that was made before of the same words, or this one for the next.

    A method that goes by its name, as it is registered, with packs of its own, is prepared once
    for a registry and a day: whoever asks for one item after another pays for that once.  What the
    caller brings may change between two calls, and is prepared anew.
    """
    criteria = made.criteria
    shown = tuple(criteria) if isinstance(criteria, (list, tuple)) else (criteria or "",)
    words = (made.method, made.level, *made.by, *shown)
    if made.factors is not None or not all(isinstance(each, str) for each in words):
        return made
    day, asked = day_of(made.as_of), (type(criteria), *shown)
    key = "measure", made.method, made.by, made.level, day, asked, made.batch_rows, made.engine
    memo = made.registry.memo
    found = memo.get(key)
    if not isinstance(found, PreparedMeasurement):
        if len(memo) >= _USUAL:
            memo.clear()
        # of two threads that come first, both get what stays
        found = memo.setdefault(key, attrs.evolve(made, as_of=day, keep=KEPT))
    assert isinstance(found, PreparedMeasurement)  # noqa: S101 - no other has such a key
    return found
