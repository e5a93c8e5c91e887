"""Comparing: several methods run together on one inventory, and each gap split into its causes.

Input: what `measure` takes, and methods.  Output: a `Comparison`.  On each batch the methods answer
side by side; every method is folded as `measure` folds it, and every pair is summed on its joint
key (see `engine.joint`); the factors multiply at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges
from reen.engine.folder import Folder
from reen.engine.groups import GroupIndex, number_rows
from reen.engine.joint import GapCell, Joint, Places
from reen.errors import OptionError, ReenError
from reen.inventory.account import Account
from reen.inventory.batch import BATCH_ROWS, Batch
from reen.inventory.datacenter import Datacenter
from reen.inventory.grouping_columns import check_group_names, check_group_types
from reen.inventory.ledger import Ledger
from reen.inventory.schema import EQUIPMENT
from reen.plugins.guard import blame
from reen.plugins.method import Method
from reen.plugins.registry import Registry, default_registry
from reen.results.comparison import Comparison, names_of
from reen.results.footprint import Footprint
from reen.results.gap import Effect, group_key
from reen.runs.measurement import footprint_of
from reen.runs.preparation import PackLike, Preparation, prepare_method, rows_of
from reen.runs.running import Progress
from reen.sources.opening import Source, open_parts
from reen.sources.part import View, located
from reen.vocabulary.arguments import columns_of, one_or_more
from reen.vocabulary.criteria import bundled_criteria

__all__ = ["compare"]

#: Packs given to a method.
Packs: TypeAlias = "PackLike | Sequence[PackLike]"

_TYPE = "equipment_type"


def compare(  # noqa: PLR0913 - the whole set-up of a comparison, each part by its name
    source: Source,
    *,
    methods: str | Method | Sequence[str | Method],
    by: str | Sequence[str] | None = (),
    factors: Packs | Mapping[str, Packs] | None = None,
    as_of: dt.date | str | None = None,
    criteria: str | Sequence[str] | None = None,
    registry: Registry | None = None,
    on_error: Literal["raise", "report"] = "raise",
    batch_rows: int = BATCH_ROWS,
    progress: Progress | None = None,
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
    expected = "two methods or more, names or configured objects"
    asked: tuple[str | Method, ...] = one_or_more(
        "compare", "methods", methods, kinds=(str, Method), expected=expected
    )
    if len(asked) < 2:  # noqa: PLR2004 - a comparison needs two
        raise OptionError("compare", "methods", repr(methods), expected)
    columns = columns_of("compare", by)
    found = registry or default_registry()
    opened = open_parts(source, registry=found, batch_rows=batch_rows, by=columns)
    names = names_of([each if isinstance(each, str) else each.name for each in asked])
    places = None if opened.held is None else opened.held.datacenter()
    run = _Run(columns, report=on_error == "report")
    packs = _packs_by_name(names, factors)
    for name, method in zip(names, asked, strict=True):
        run.prepare(name, method, packs[name], as_of, found, places)
    check_group_names(columns, sorted(opened.columns or ()), EQUIPMENT)
    view = View(columns=run.columns | {*columns}, registry=found, by=columns, batch_rows=batch_rows)
    total = None if progress is None else opened.rows()
    done, ledger = 0, Ledger()
    for batch in opened.batches(view, ledger):
        with located(batch.place):
            check_group_types(columns, batch.data.schema)
            run.add(batch)
        done += len(batch)
        if progress is not None:
            progress(done, total)
    return run.comparison(opened.files, criteria, opened.settle(ledger.account()))


def _packs_by_name(
    names: Sequence[str], factors: Packs | Mapping[str, Packs] | None
) -> dict[str, Packs]:
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
        # one criterion is the same for all methods
        self._criteria = bundled_criteria()
        self.failed: dict[str, str] = {}

    @property
    def columns(self) -> frozenset[str]:
        """Return the columns that the methods read."""
        return frozenset().union(*(ready.columns for ready in self._ready.values()), {_TYPE})

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
        factors: Packs,
        as_of: dt.date | str | None,
        registry: Registry | None,
        places: Mapping[str, Datacenter] | None,
    ) -> None:
        """Prepare a method and its place among the others."""
        try:
            ready = prepare_method(
                method, factors=factors, as_of=as_of, registry=registry, datacenters=places
            )
            self._criteria = ready.library.criteria(self._criteria)
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
                with blame(ready.name, "while its answers were folded", where=rows_of(batch)):
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

    def comparison(
        self, files: Sequence[str], criteria: str | Sequence[str] | None, account: Account
    ) -> Comparison:
        """Return the comparison of the methods that ran."""
        details: dict[str, Footprint] = {}
        for name, ready in list(self._ready.items()):
            try:
                fold = attrs.evolve(self._folders[name].result(), account=account)
                details[name] = footprint_of(ready, fold, files, criteria)
            except ReenError as error:
                self._fail(name, error)
        shown = list(dict.fromkeys(key for each in details.values() for key in each.criteria))
        keys = self._groups.keys()
        names = _Names(
            groups=[group_key(tuple(row.values())) for row in keys.to_pylist()] or [()],
            ranks=number_rows(keys)[0].tolist() or [0],
            types=list(self._types),
            criteria=shown,
        )
        gaps = {}
        for (a, b), joint in self._pairs.items():
            if a in details and b in details:
                tables = [
                    self._ready[name].library.rows(flows, details[name].fold.made)
                    for name, flows in zip((a, b), joint.flows, strict=True)
                ]
                cells = sorted(joint.cells(tables[0], tables[1], shown), key=names.order)
                gaps[a, b] = tuple(names.effect(cell, (a, b)) for cell in cells)
        return Comparison(by=self._by, details=details, gaps=gaps, failed=self.failed)


@attrs.frozen(kw_only=True)
class _Names:
    """What the numbers of a `GapCell` stand for.

    Attributes
    ----------
    groups, types
        Key of each group, name of each type, by number.
    ranks
        Place of each group among them all, whatever the order of the rows.
    criteria
        Criteria in the order in which they are shown.
    """

    groups: Sequence[tuple[object, ...]]
    ranks: Sequence[int]
    types: Sequence[str]
    criteria: Sequence[str]

    def order(self, cell: GapCell) -> tuple[int, str, int, str, int, str]:
        """Return what effects are sorted by, within a pair of methods."""
        return (
            self.criteria.index(cell.criterion),
            cell.name,
            -1 if cell.only is None else cell.only,
            str(cell.stage),
            self.ranks[cell.group],
            self.types[cell.kind],
        )

    def effect(self, cell: GapCell, pair: tuple[str, str]) -> Effect:
        """Return a cell by its names."""
        return Effect(
            name=cell.name.removeprefix("per_"),
            only="" if cell.only is None else pair[cell.only],
            stage=str(cell.stage),
            group=self.groups[cell.group],
            equipment_type=self.types[cell.kind],
            criterion=cell.criterion,
            value=cell.value,
        )
