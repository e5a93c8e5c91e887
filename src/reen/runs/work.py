"""Work: fold one part of an inventory, here or in a worker process.

Input: a part.  Output: its fold.  In the process that prepared it, work is itself; in another, it
is made again from its plan, once per process and measurement.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

import attrs

from reen.engine.fold import Fold
from reen.engine.folder import Folder
from reen.inventory.account import Account
from reen.inventory.batch import Batch
from reen.inventory.grouping_columns import check_group_types
from reen.inventory.ledger import Ledger
from reen.inventory.schema import EQUIPMENT
from reen.kernel import Engine, using, wanted
from reen.plugins.guard import blame, current_time_limit, time_limit
from reen.runs.memory import keep_freed_memory
from reen.runs.preparation import Preparation, rows_of
from reen.sources.part import SHOWN, Part, View, located

if TYPE_CHECKING:
    from reen.runs.plan import Plan

__all__ = ["Done", "Errand", "Work", "fold_batches", "fold_part"]

#: Rows of a batch whose columns are small blocks of memory, which are kept anyway.
_FEW = 4096


@attrs.frozen(eq=False, repr=False)
class Done:
    """What became of a part.

    Attributes
    ----------
    fold
        Its sums.
    columns
        Grouping columns that its rows have.
    account
        What became of its rows; nothing of those that are in memory.
    """

    fold: Fold
    columns: frozenset[str]
    account: Account


@attrs.frozen(eq=False, repr=False)
class Work:
    """A prepared method and what to fold by.

    Attributes
    ----------
    ready
        The method.
    by
        Grouping columns.
    view
        What to read of the rows.
    """

    ready: Preparation
    by: tuple[str, ...]
    view: View

    @classmethod
    def of(cls, ready: Preparation, by: Sequence[str], *, batch_rows: int) -> Work:
        """Return the work that a preparation is for."""
        columns = ready.columns | set(by) | _counted(ready)
        view = View(columns=columns, registry=ready.registry, by=tuple(by), batch_rows=batch_rows)
        return cls(ready, tuple(by), view)

    def folder(self) -> Folder:
        """Return a folder that has seen no row."""
        ready = self.ready
        return Folder(method=ready.method.name, by=self.by, factors=ready.library.factors)

    def add(self, folder: Folder, batch: Batch) -> None:
        """Fold one batch.

        Raises
        ------
        PluginError
            The method broke its contract.
        """
        if len(batch) > _FEW:
            keep_freed_memory()
        with located(batch.place):
            check_group_types(self.by, batch.data.schema)
            by_case = self.ready.answers_by_case(batch)
            answers = self.ready.answers(batch) if by_case is None else []
            facts = self.ready.facts(batch, self.by)
            if batch.schema is EQUIPMENT:
                folder.add_unused(batch.data, self.ready.unused)
            doing = "while its answers were folded"
            with blame(self.ready.name, doing, where=rows_of(batch)):
                if by_case is None:
                    folder.add(facts, answers)
                else:
                    folder.add_cases(facts, by_case)

    def columns_of(self, batch: Batch) -> frozenset[str]:
        """Return the grouping columns that a batch has, or that every inventory may have."""
        there = {*batch.data.schema.names, *batch.schema}
        return frozenset(name for name in self.by if name in there)

    def fold(self, part: Part) -> Done:
        """Fold one part."""
        folder, columns, ledger = self.folder(), frozenset[str](), Ledger()
        for batch in part.batches(self.view, ledger):
            self.add(folder, batch)
            columns |= self.columns_of(batch)
        return Done(folder.result(), columns, ledger.account())


@attrs.frozen(eq=False, repr=False)
class Errand:
    """Work that may be done elsewhere.

    Attributes
    ----------
    plan
        How to do it in another process.
    by, batch_rows, limit
        Grouping columns, rows of a batch, seconds that a plugin may take.
    engine
        ``numpy`` where it was asked for; elsewhere, whatever is there: sums are the same.
    here
        The work itself, in the process that prepared it.
    """

    plan: Plan
    by: tuple[str, ...]
    batch_rows: int
    limit: float | None
    engine: Engine
    here: Work | None

    @classmethod
    def of(cls, work: Work, *, importers: frozenset[str]) -> Errand:
        """Return work to be handed to an executor."""
        from reen.runs.plan import Plan

        return cls(
            Plan.of(work.ready, importers=importers, key=uuid.uuid4().hex),
            work.by,
            work.view.batch_rows,
            current_time_limit(),
            "numpy" if wanted() == "numpy" else "auto",
            work,
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Leave what was prepared behind; nothing is prepared on arrival, where it could fail."""
        return Errand, (self.plan, self.by, self.batch_rows, self.limit, self.engine, None)

    def work(self) -> Work:
        """Return the work, prepared in this process."""
        return self.here or _prepared(self.plan, self.by, self.batch_rows)


@functools.lru_cache(maxsize=4)
def _prepared(plan: Plan, by: tuple[str, ...], batch_rows: int) -> Work:
    return Work.of(plan.preparation(), by, batch_rows=batch_rows)


def _counted(ready: Preparation) -> frozenset[str]:
    """Return the unused columns to read; those that show a row are read as they are."""
    return ready.unused - {*SHOWN}


def fold_part(errand: Errand, part: Part) -> Done:
    """Fold one part; what a worker is asked to do.

    Raises
    ------
    WorkerError
        The worker does not have what the caller has.
    ReenError
        What `measure` raises.
    """
    limited = nullcontext() if errand.limit is None else time_limit(errand.limit)
    # the workers are what runs beside each other: the loops of each stay on one thread
    with limited, using(errand.engine, threads=1):
        return errand.work().fold(part)


def fold_batches(ready: Preparation, by: Sequence[str], batches: Iterable[Batch]) -> Fold:
    """Fold some batches, here.

    Raises
    ------
    PluginError
        The method broke its contract.
    """
    work = Work.of(ready, by, batch_rows=1)
    folder = work.folder()
    for batch in batches:
        work.add(folder, batch)
    return folder.result()
