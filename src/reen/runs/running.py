"""Running: the parts of a source folded, one after the other or by the workers of an executor.

Input: work, parts, an executor or none.  Output: one fold.  A bounded number of parts is in flight,
so that a long stream does not fill the memory; folds are merged as they arrive; what is left of the
work is called off when a part fails.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import TypeAlias

import attrs

from reen.engine.fold import Fold
from reen.errors import WorkerError
from reen.inventory.account import Account
from reen.inventory.ledger import Ledger
from reen.reasons import Reason
from reen.runs.merging import FoldTree
from reen.runs.work import Done, Errand, Work, fold_part
from reen.sources.part import Part

__all__ = ["Folded", "Progress", "run_in_turn", "run_on"]

#: Called with the number of rows done and that of all rows, None when it is not known.
Progress: TypeAlias = Callable[[int, int | None], None]

#: Parts handed to the workers at a time, at least: those that they read for themselves, and those
#: whose rows go with them.
_READ_THERE = 64
_CARRIED = 8


@attrs.frozen(eq=False, repr=False)
class Folded:
    """The fold of a source, the grouping columns that some of its rows have, and their account."""

    fold: Fold
    columns: frozenset[str]
    account: Account = attrs.field(factory=Account)


def run_in_turn(
    work: Work, parts: Iterator[Part], *, total: int | None, progress: Progress | None
) -> Folded:
    """Fold the parts here, batch after batch."""
    folder, columns, done = work.folder(), frozenset[str](), 0
    accounts: list[Account] = []
    for part in parts:
        ledger = Ledger()
        for batch in part.batches(work.view, ledger):
            work.add(folder, batch)
            columns |= work.columns_of(batch)
            done += len(batch)
            if progress is not None:
                progress(done, total)
        accounts.append(ledger.account())
    return Folded(folder.result(), columns, Account.sum(accounts))


def run_on(
    executor: Executor,
    errand: Errand,
    parts: Iterator[Part],
    *,
    in_flight: int | None,
    total: int | None,
    progress: Progress | None,
) -> Folded:
    """Fold the parts by the workers of an executor.

    Parameters
    ----------
    executor
        Gives futures of `concurrent.futures`.
    errand
        What to do with each part.
    parts
        The parts, taken when there is room for them.
    in_flight
        Parts handed over at a time.
    total, progress
        Rows of all parts, and whom to tell how many are done.

    Raises
    ------
    WorkerError
        A worker does not have what the caller has.
    WorkerError
        A worker ended before it answered.
    ReenError
        What `measure` raises; the parts not yet begun are called off.
    """
    tree, columns, done = FoldTree(), frozenset[str](), 0
    accounts: dict[int, Account] = {}
    waiting: dict[Future[Done], int] = {}
    try:
        for finished in _handed_over(executor, errand, parts, waiting, in_flight):
            for future in finished:
                found = _answer(future)
                number = waiting.pop(future)
                tree.add(number, found.fold)
                # kept by part: sums of parts of items depend on the order in which they are taken
                accounts[number] = found.account
                columns |= found.columns
                done += found.fold.rows
                if progress is not None:
                    progress(done, total)
    finally:
        for future in waiting:
            future.cancel()
    fold = tree.result()
    if fold is None:
        nothing = errand.work()
        return Folded(nothing.folder().result(), frozenset(nothing.by))
    return Folded(fold, columns, Account.sum(accounts[number] for number in sorted(accounts)))


def _handed_over(
    executor: Executor,
    errand: Errand,
    parts: Iterator[Part],
    waiting: dict[Future[Done], int],
    in_flight: int | None,
) -> Iterator[set[Future[Done]]]:
    """Hand the parts over as there is room, and yield what has come back; `waiting` is kept."""
    for number, part in enumerate(parts):
        waiting[_submitted(executor, errand, part)] = number
        while len(waiting) >= (in_flight or _room_for(part)):
            yield wait(waiting, return_when=FIRST_COMPLETED).done
    while waiting:
        yield wait(waiting, return_when=FIRST_COMPLETED).done


def _submitted(executor: Executor, errand: Errand, part: Part) -> Future[Done]:
    try:
        return executor.submit(fold_part, errand, part)
    except BrokenExecutor as error:
        raise WorkerError(
            Reason("error_worker_lost", reason=str(error) or type(error).__name__)
        ) from error
    except RuntimeError as error:  # shut down
        raise WorkerError(
            Reason("error_executor_shut", reason=str(error) or type(error).__name__)
        ) from error


def _answer(future: Future[Done]) -> Done:
    """Return what a worker answers.

    Raises
    ------
    WorkerError
        It ended before.
    """
    error = future.exception()
    # Dask, which is no dependency, has an error of its own for workers that die again and again
    lost = isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"
    if lost:
        raise WorkerError(
            Reason("error_worker_lost", reason=str(error) or type(error).__name__)
        ) from error
    return future.result()


def _room_for(part: Part) -> int:
    return max(_CARRIED if part.carries_rows else _READ_THERE, 2 * (os.cpu_count() or 1))
