"""Workers: parts of a source folded by the workers of an executor.

Input: how to fold, parts, an executor.  Output: one fold, the same to the last bit whoever was
first.  A bounded number of parts is in flight, so that a long stream does not fill the memory;
folds are merged as they arrive; what is left is called off when a part fails.
"""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import nullcontext

import attrs

from reen.engine.fold import Fold, merge_folds
from reen.errors import WorkerError
from reen.inventory.account import Account
from reen.kernel import Engine, using, wanted
from reen.measurement.folding import Folded, Folding, Progress
from reen.measurement.sent_method import SentMethod
from reen.plugins.guard import current_time_limit, time_limit
from reen.reasons import Reason
from reen.sources.parts import Part

__all__ = ["FoldTree", "SentFolding", "fold_by_workers", "fold_part"]

#: Parts handed to the workers at a time, at least: those that they read for themselves, and those
#: whose rows go with them.
_READ_THERE = 64
_CARRIED = 8


@attrs.frozen(eq=False, repr=False)
class SentFolding:
    """How to fold, as it goes to a worker with each part.

    Attributes
    ----------
    method
        The method, to be prepared in another process.
    by, batch_rows, limit
        Grouping columns, rows of a batch, seconds that a plugin may take.
    engine
        ``numpy`` where it was asked for; elsewhere, whatever is there: sums are the same.
    here
        How to fold itself, in the process that prepared it.
    """

    method: SentMethod
    by: tuple[str, ...]
    batch_rows: int
    limit: float | None
    engine: Engine
    here: Folding | None

    @classmethod
    def of(cls, folding: Folding, *, importers: frozenset[str]) -> SentFolding:
        """Return what is handed to an executor."""
        return cls(
            SentMethod.of(folding.ready, importers=importers, key=uuid.uuid4().hex),
            folding.by,
            folding.view.batch_rows,
            current_time_limit(),
            "numpy" if wanted() == "numpy" else "auto",
            folding,
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Leave what was prepared behind; nothing is prepared on arrival, where it could fail."""
        return SentFolding, (self.method, self.by, self.batch_rows, self.limit, self.engine, None)

    def folding(self) -> Folding:
        """Return how to fold, the method prepared in this process."""
        return self.here or _prepared(self.method, self.by, self.batch_rows)


@functools.lru_cache(maxsize=4)
def _prepared(method: SentMethod, by: tuple[str, ...], batch_rows: int) -> Folding:
    return Folding.of(method.preparation(), by, batch_rows=batch_rows)


def fold_part(sent: SentFolding, part: Part) -> Folded:
    """Fold one part; what a worker is asked to do.

    Raises
    ------
    WorkerError
        The worker does not have what the caller has.
    ReenError
        What `measure` raises.
    """
    limited = nullcontext() if sent.limit is None else time_limit(sent.limit)
    # the workers are what runs beside each other: the loops of each stay on one thread
    with limited, using(sent.engine, threads=1):
        return sent.folding().fold(part)


def fold_by_workers(
    executor: Executor,
    sent: SentFolding,
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
    sent
        How to fold each part.
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
    tree = FoldTree(f"method {sent.method.method.name} {sent.method.method_version}")
    columns, done = frozenset[str](), 0
    accounts: dict[int, Account] = {}
    waiting: dict[Future[Folded], int] = {}
    try:
        for finished in _handed_over(executor, sent, parts, waiting, in_flight):
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
        nothing = sent.folding()
        return Folded(nothing.builder().result(), frozenset(nothing.by))
    return Folded(fold, columns, Account.sum(accounts[number] for number in sorted(accounts)))


def _handed_over(
    executor: Executor,
    sent: SentFolding,
    parts: Iterator[Part],
    waiting: dict[Future[Folded], int],
    in_flight: int | None,
) -> Iterator[set[Future[Folded]]]:
    """Hand the parts over as there is room, and yield what has come back; `waiting` is kept."""
    for number, part in enumerate(parts):
        waiting[_submitted(executor, sent, part)] = number
        while len(waiting) >= (in_flight or _room_for(part)):
            yield wait(waiting, return_when=FIRST_COMPLETED).done
    while waiting:
        yield wait(waiting, return_when=FIRST_COMPLETED).done


def _submitted(executor: Executor, sent: SentFolding, part: Part) -> Future[Folded]:
    try:
        return executor.submit(fold_part, sent, part)
    except BrokenExecutor as error:
        raise WorkerError(
            Reason("error_worker_lost", reason=str(error) or type(error).__name__)
        ) from error
    except RuntimeError as error:  # shut down
        raise WorkerError(
            Reason("error_executor_shut", reason=str(error) or type(error).__name__)
        ) from error


def _answer(future: Future[Folded]) -> Folded:
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


class FoldTree:
    """The sum of some folds, while they arrive.

    Each fold is merged about log2(n) times, n being their number.  Held are the sums whose
    neighbour has not come: about log2(n), and one for each part that is late.
    """

    def __init__(self, method: str = "") -> None:
        self._method = method
        self._held: dict[tuple[int, int], Fold] = {}

    def add(self, number: int, fold: Fold) -> None:
        """Add the fold of a part; parts are numbered from 0, each once."""
        level, place = 0, number
        while (other := self._held.pop((level, place ^ 1), None)) is not None:
            pair = [fold, other] if place % 2 == 0 else [other, fold]
            fold = merge_folds(pair, method=self._method)
            level, place = level + 1, place // 2
        self._held[level, place] = fold

    def result(self) -> Fold | None:
        """Return the sum, None when there was nothing to add."""
        ordered = sorted(self._held.items(), key=lambda held: held[0][1] << held[0][0])
        total: Fold | None = None
        # from the right, where the small ones are
        for _, fold in reversed(ordered):
            total = fold if total is None else merge_folds([fold, total], method=self._method)
        return total
