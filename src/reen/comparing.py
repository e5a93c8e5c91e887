"""Comparing: several methods run together on one inventory, and each gap split into its causes.

Input: what `measure` takes, and methods.  Output: a `Comparison`.  On each batch the methods answer
side by side; every method is folded as `measure` folds it, and every pair is summed on its joint
key (see `engine.joint`); the factors multiply at the end.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges
from reen.engine.folder import Folder
from reen.engine.groups import GroupIndex
from reen.engine.joint import GapCell, Joint, Places
from reen.errors import OptionError, ReenError
from reen.inventory.batch import BATCH_ROWS, Batch
from reen.inventory.system import Datacenter, InformationSystem
from reen.measuring import footprint_of
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
from reen.reading import read
from reen.results.comparison import Comparison, names_of
from reen.results.display import group_label
from reen.results.footprint import Footprint
from reen.results.gap import Effect

__all__ = ["compare"]

_TYPE = "equipment_type"

#: Order of the effects; comparing tuples is many times quicker than comparing effects.
_ORDER = operator.attrgetter(*(field.name for field in attrs.fields(Effect)))


def compare(  # noqa: PLR0913 - the whole set-up of a comparison, each part by its name
    source: Source | InformationSystem,
    *,
    methods: Sequence[str | Method],
    by: str | Sequence[str] = (),
    factors: Sequence[PackLike] | Mapping[str, Sequence[PackLike]] | None = None,
    as_of: dt.date | str | None = None,
    criteria: Sequence[str] | None = None,
    registry: Registry | None = None,
    on_error: Literal["raise", "report"] = "raise",
    batch_rows: int = BATCH_ROWS,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Measure one inventory by several methods and split their gaps into causes.

    Parameters
    ----------
    source, by, as_of, criteria, registry, batch_rows, progress
        As in `measure`.
    methods
        Two methods or more, names or configured objects.  A name that comes again (one method with
        other options) is numbered: ``base-carbone``, ``base-carbone #2``.
    factors
        As in `measure`, for every method; or a mapping from the names of some methods to the packs
        of each, such as a manufacturer's sheets that the other methods must not use.
    on_error
        ``report``: a method that cannot be run is named with the reason, and the others go on.

    Raises
    ------
    OptionError
        Fewer than two methods, or packs for a method that is not compared.
    ReenError
        What `measure` raises; with ``report``, only what concerns the source and the groups.
    """
    if len(methods) < 2:  # noqa: PLR2004 - a comparison needs two
        raise OptionError("compare", "methods", str(list(methods)), "two methods or more")
    columns = (by,) if isinstance(by, str) else tuple(by)
    if isinstance(source, (str, Path)):
        source = read(source, registry=registry)
    names = names_of([each if isinstance(each, str) else each.name for each in methods])
    places = source.datacenter() if isinstance(source, InformationSystem) else None
    run = _Run(columns, report=on_error == "report")
    packs = _packs_by_name(names, factors)
    for name, method in zip(names, methods, strict=True):
        run.prepare(name, method, packs[name], as_of, registry, places)
    batches, files = open_source(source, registry=registry, batch_rows=batch_rows)
    done = 0
    for batch in batches:
        check_groups(columns, batch)
        run.add(batch)
        done += len(batch)
        if progress is not None:
            progress(done)
    return run.comparison(files, criteria)


def _packs_by_name(
    names: Sequence[str], factors: Sequence[PackLike] | Mapping[str, Sequence[PackLike]] | None
) -> dict[str, Sequence[PackLike]]:
    """Return the packs given for each method."""
    if not isinstance(factors, Mapping):
        return dict.fromkeys(names, factors or ())
    for name in factors:
        if name not in names:
            raise OptionError("compare", "factors", name, f"one of {', '.join(names)}")
    return {name: factors.get(name, ()) for name in names}


class _Run:
    """The fold of each method and the joint sums of each pair, while batches arrive.

    Parameters
    ----------
    by
        Grouping columns; the folds also tell the equipment types apart.
    report
        Whether a method that fails is kept in `failed` rather than raised.
    """

    def __init__(self, by: Sequence[str], *, report: bool) -> None:
        self._by = tuple(by)
        self._detailed = self._by if _TYPE in self._by else (*self._by, _TYPE)
        self._report = report
        self._ready: dict[str, Preparation] = {}
        self._folders: dict[str, Folder] = {}
        self._pairs: dict[tuple[str, str], Joint] = {}
        self._groups = GroupIndex(by)
        self._types: dict[str, int] = {}
        self.failed: dict[str, str] = {}

    def _fail(self, name: str, error: ReenError) -> None:
        """Keep or raise what went wrong with a method; it takes no further part."""
        if not self._report:
            raise error
        self.failed[name] = str(error)
        self._ready.pop(name, None)

    def prepare(
        self,
        name: str,
        method: str | Method,
        factors: Sequence[PackLike],
        as_of: dt.date | str | None,
        registry: Registry | None,
        places: Mapping[str, Datacenter] | None,
    ) -> None:
        """Prepare a method and its place among the others."""
        try:
            ready = prepare(
                method, factors=factors, as_of=as_of, registry=registry, datacenters=places
            )
        except ReenError as error:
            self._fail(name, error)
            return
        self._pairs |= {(other, name): Joint() for other in self._ready}
        self._ready[name] = ready
        self._folders[name] = Folder(
            method=ready.method.name, by=self._detailed, factors=ready.library.factors
        )

    def add(self, batch: Batch) -> None:
        """Run every method on a batch."""
        answers: dict[str, list[Exchanges]] = {}
        for name, ready in list(self._ready.items()):
            try:
                found = ready.answers(batch)
                self._folders[name].add(ready.facts(batch, self._by), found)
            except ReenError as error:
                self._fail(name, error)
                continue
            answers[name] = found
        groups = np.asarray(self._groups.numbers(batch.data), np.int64)
        places = Places(np.broadcast_to(groups, (len(batch),)), self._type_numbers(batch))
        for (a, b), joint in self._pairs.items():
            if a in answers and b in answers:
                joint.add(places, answers[a], answers[b])

    def _type_numbers(self, batch: Batch) -> npt.NDArray[np.int64]:
        codes, names = batch.codes(_TYPE)
        # the last entry is that of code -1: no type
        table = [self._types.setdefault(name, len(self._types)) for name in (*names, "")]
        return np.array(table, np.int64)[codes]

    def comparison(self, files: Sequence[str], criteria: Sequence[str] | None) -> Comparison:
        """Return the comparison of the methods that ran."""
        details: dict[str, Footprint] = {}
        for name, ready in list(self._ready.items()):
            try:
                fold = self._folders[name].result()
                details[name] = footprint_of(ready, fold, files, criteria)
            except ReenError as error:
                self._fail(name, error)
        labels = [group_label(key) for key in self._groups.keys().to_pylist()] or [""]
        types = list(self._types)
        gaps = {}
        for (a, b), joint in self._pairs.items():
            if a in details and b in details:
                tables = [
                    factor_rows(self._ready[name].library, flows, details[name].fold.made)
                    for name, flows in zip((a, b), joint.flows, strict=True)
                ]
                shown = dict.fromkeys([*details[a].criteria, *details[b].criteria])
                cells = joint.cells(tables[0], tables[1], list(shown))
                found = [_effect(cell, (a, b), labels, types) for cell in cells]
                gaps[a, b] = tuple(sorted(found, key=_ORDER))
        return Comparison(by=self._by, details=details, gaps=gaps, failed=self.failed)


def _effect(
    cell: GapCell, pair: tuple[str, str], groups: Sequence[str], types: Sequence[str]
) -> Effect:
    return Effect(
        name=cell.name.removeprefix("per_"),
        only="" if cell.only is None else pair[cell.only],
        stage=str(cell.stage),
        group=groups[cell.group],
        equipment_type=types[cell.kind],
        criterion=cell.criterion,
        value=cell.value,
    )
