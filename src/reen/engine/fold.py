"""The fold: W[g, f] = sum of the amounts of group g on flow f, and the coverage beside it.

Input: batches and their exchanges.  Output: a `Fold`, an immutable value that adds to others by
flow key, group key and coverage class, so that batches, files, processes and machines merge with
``+``.  Everything a footprint shows is derived from it:

    footprint[g, s, c] = sum over f of W[g, f] * F[f, s, c]

Two scatter passes over the exchanges (amounts, coverage) whatever the number of stages, criteria
and draws.  Arrays and Arrow tables only: no files, no pint, no methods.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.cells import sum_by_pair
from reen.engine.digest import MASK
from reen.engine.exchanges import Outcome
from reen.engine.flow_columns import UseTable, made_twice, merge_uses
from reen.engine.numbering import number_rows
from reen.factors.factor_set import UNLESS_EMPTY, FactorSet, flow_of_two_figures
from reen.factors.flow import Flow
from reen.inventory.account import Account
from reen.values import Printed
from reen.vocabulary.stages import Stage

__all__ = [
    "Cells",
    "ColumnRows",
    "CoverageCells",
    "CoverageClass",
    "Example",
    "Fold",
    "TableRows",
    "merge_folds",
]

K = TypeVar("K")

#: Examples kept per coverage class and type.
EXAMPLES = 5


@attrs.frozen(eq=False, repr=False)
class Cells:
    """Sparse sums W[g, f], sorted by group then flow.

    Attributes
    ----------
    group, flow
        int64 and int32 positions, length n.
    amount
        float64, reference units per year.
    """

    group: npt.NDArray[np.int64]
    flow: npt.NDArray[np.int32]
    amount: npt.NDArray[np.float64]


@attrs.frozen(order=True, cache_hash=True, repr=False)
class CoverageClass(Printed):
    """Rows that fared alike: same flow kind, same outcome, same published cells of the factor.

    Attributes
    ----------
    kind
        Name of the flow kind.
    stages
        Stages that the kind answers for.
    outcome
        Status, match level, reason, assumptions.
    published
        (stage, criterion) cells that the factor publishes; empty unless assessed.
    """

    kind: str
    stages: tuple[Stage, ...]
    outcome: Outcome
    published: tuple[tuple[Stage, str], ...] = ()


@attrs.frozen(eq=False, repr=False)
class CoverageCells:
    """Quantity and rows by (key, class), the key being a group or an equipment type.

    Attributes
    ----------
    key, klass
        Positions, length n, sorted.
    quantity
        Items (float64) of the rows whose quantity is known.
    rows, unknown
        Number of rows (int64), and of those whose quantity is not known.
    """

    key: npt.NDArray[np.int64]
    klass: npt.NDArray[np.int32]
    quantity: npt.NDArray[np.float64]
    rows: npt.NDArray[np.int64]
    unknown: npt.NDArray[np.int64]


@attrs.frozen(order=True, repr=False)
class Example(Printed):
    """One row of a coverage class, to show what it is about.

    Attributes
    ----------
    source, row
        File and line; the position in the inventory when there is no file.
    id
        Identifier or name of the row, else empty.
    text
        Type and model as written.
    quantity
        Items, NaN when unknown.
    """

    source: str
    row: int
    id: str = ""
    text: str = ""
    quantity: float = attrs.field(default=1.0, order=False)


@attrs.frozen(order=True, repr=False)
class TableRows:
    """Rows of one kind of table, and whether the method counts them.

    Attributes
    ----------
    table
        Kind of table: ``equipment``, ``services``, ``disposals``.
    counted
        Whether the method has a kind of flow for them.
    rows
        Number of rows.
    """

    table: str
    counted: bool
    rows: int


@attrs.frozen(order=True, repr=False)
class ColumnRows:
    """A column that rows fill and the method does not look at.

    Attributes
    ----------
    column
        Its name.
    rows
        Number of rows that fill it.
    """

    column: str
    rows: int


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Fold:
    """Sums by group and flow, and coverage by group and by type.

    Attributes
    ----------
    groups
        Group keys, one row per group, sorted, null last.
    flows
        Flow keys, sorted.
    cells
        Amounts by (group, flow).
    classes
        Coverage classes, sorted.
    by_group, by_type
        Quantity and rows by (group, class) and by (equipment type, class).
    types
        Equipment types, sorted; null (no type) is the empty text.
    examples
        First rows of each (class, equipment type), by (source, row).
    rows
        Number of inventory rows.
    digest
        Order-independent digest of the rows, modulo 2**64.
    made
        Factors of flows that the method made at run time.
    drivers
        How each driver enters the amounts of each flow (see `DriverUse`).
    noise
        Variance of the amounts, as sums by (group, flow), from the errors of single rows; None
        when no method states any.
    account
        What became of every row that was read: those folded, and the others.
    boundary
        Tables of which methods may count the rows, where there are others than equipment.
    unused
        Columns that could make a figure, by name, with the rows that fill them in vain.
    """

    groups: pa.Table
    flows: tuple[Flow, ...]
    cells: Cells
    classes: tuple[CoverageClass, ...]
    by_group: CoverageCells
    types: tuple[str, ...]
    by_type: CoverageCells
    examples: Mapping[tuple[CoverageClass, str], tuple[Example, ...]]
    rows: int
    digest: int
    made: FactorSet | None = None
    drivers: UseTable = attrs.field(factory=dict)
    noise: Cells | None = None
    account: Account = attrs.field(factory=Account, metadata={UNLESS_EMPTY: True})
    boundary: tuple[TableRows, ...] = attrs.field(default=(), metadata={UNLESS_EMPTY: True})
    unused: tuple[ColumnRows, ...] = attrs.field(default=(), metadata={UNLESS_EMPTY: True})

    def __add__(self, other: Fold) -> Fold:
        """Return the fold of both inventories."""
        return merge_folds([self, other])

    def __eq__(self, other: object) -> bool:
        """Tell whether every group, flow, class and figure is the same."""
        if not isinstance(other, Fold):
            return NotImplemented
        return (
            _same_groups(self.groups, other.groups)
            and self.flows == other.flows
            and self.classes == other.classes
            and self.types == other.types
            and self.rows == other.rows
            and self.digest == other.digest
            and self.made == other.made
            and _same_examples(self.examples, other.examples)
            and _same_arrays(self.cells, other.cells)
            and _same_arrays(self.by_group, other.by_group)
            and _same_arrays(self.by_type, other.by_type)
            and _same_uses(self.drivers, other.drivers)
            and _same_noise(self.noise, other.noise)
            and self.account == other.account
            and self.boundary == other.boundary
            and self.unused == other.unused
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def made_digest(self) -> str:
        """Return a SHA-256 of the factors in use that were made at run time; empty without any."""
        return "" if self.made is None or not len(self.made) else self.made.digest()

    @property
    def group_count(self) -> int:
        """Return the number of groups; one when nothing is grouped by."""
        return int(self.groups.num_rows) if self.groups.num_columns else 1


def _same_groups(left: pa.Table, right: pa.Table) -> bool:
    """Tell whether two key tables are the same, NaN being the same as NaN."""
    if left.equals(right):
        return True
    # repr, because NaN differs from itself
    return left.schema.equals(right.schema) and repr(left.to_pylist()) == repr(right.to_pylist())


def _same_arrays(left: Cells | CoverageCells, right: Cells | CoverageCells) -> bool:
    pairs = zip(
        attrs.astuple(left, recurse=False), attrs.astuple(right, recurse=False), strict=True
    )
    return all(np.array_equal(a, b) for a, b in pairs)


def _same_uses(left: UseTable, right: UseTable) -> bool:
    return left.keys() == right.keys() and all(
        np.array_equal(left[name], right[name]) for name in left
    )


def _same_noise(left: Cells | None, right: Cells | None) -> bool:
    if left is None or right is None:
        return left is right
    return _same_arrays(left, right)


def _same_examples(
    left: Mapping[tuple[CoverageClass, str], tuple[Example, ...]],
    right: Mapping[tuple[CoverageClass, str], tuple[Example, ...]],
) -> bool:
    # repr, because an unknown quantity is NaN, which differs from itself
    return {key: repr(rows) for key, rows in left.items()} == {
        key: repr(rows) for key, rows in right.items()
    }


def merge_folds(folds: Sequence[Fold], *, method: str = "") -> Fold:
    """Return the sum of some folds, the same whatever their order up to float rounding.

    Raises
    ------
    ValueError
        When there is no fold, or two are not grouped by the same columns.
    PluginError
        The `method` made a flow at run time with two figures.
    """
    if not folds:
        message = "There is nothing to merge: give at least one fold."
        raise ValueError(message)
    if len({tuple(fold.groups.column_names) for fold in folds}) > 1:
        message = "Folds grouped by different columns cannot be added."
        raise ValueError(message)
    if len(folds) == 1:
        return folds[0]
    numbers, groups = _merge_groups(folds)
    flows = tuple(sorted({flow for fold in folds for flow in fold.flows}))
    classes = tuple(sorted({klass for fold in folds for klass in fold.classes}))
    types = tuple(sorted({name for fold in folds for name in fold.types}))
    flow_at = {flow: k for k, flow in enumerate(flows)}
    class_at = {klass: k for k, klass in enumerate(classes)}
    type_at = {name: k for k, name in enumerate(types)}
    class_maps = [_positions(fold.classes, class_at) for fold in folds]
    flow_maps = [_positions(fold.flows, flow_at) for fold in folds]
    type_maps = [_positions(fold.types, type_at) for fold in folds]
    return Fold(
        groups=groups,
        flows=flows,
        cells=_merge_cells([fold.cells for fold in folds], numbers, flow_maps),
        classes=classes,
        by_group=_merge_coverage([fold.by_group for fold in folds], numbers, class_maps),
        types=types,
        by_type=_merge_coverage([fold.by_type for fold in folds], type_maps, class_maps),
        examples=_merge_examples(folds),
        rows=sum(fold.rows for fold in folds),
        digest=sum(fold.digest for fold in folds) & MASK,
        made=_merge_made([fold.made for fold in folds if fold.made is not None], method),
        drivers=merge_uses([fold.drivers for fold in folds], flow_maps, len(flows)),
        noise=_merge_noise([fold.noise for fold in folds], numbers, flow_maps),
        account=Account.sum(fold.account for fold in folds),
        boundary=_merge_boundaries(fold.boundary for fold in folds),
        unused=_merge_unused(fold.unused for fold in folds),
    )


def _merge_boundaries(parts: Iterable[tuple[TableRows, ...]]) -> tuple[TableRows, ...]:
    rows: dict[tuple[str, bool], int] = {}
    for each in itertools.chain.from_iterable(parts):
        key = each.table, each.counted
        rows[key] = rows.get(key, 0) + each.rows
    return tuple(sorted(TableRows(*key, count) for key, count in rows.items()))


def _merge_unused(parts: Iterable[tuple[ColumnRows, ...]]) -> tuple[ColumnRows, ...]:
    rows = Counter[str]()
    for each in itertools.chain.from_iterable(parts):
        rows[each.column] += each.rows
    return tuple(ColumnRows(*each) for each in sorted(rows.items()))


def _positions(items: Sequence[K], at: Mapping[K, int]) -> npt.NDArray[np.int64]:
    return np.array([at[item] for item in items], np.int64)


def _merge_groups(folds: Sequence[Fold]) -> tuple[list[npt.NDArray[np.int64]], pa.Table]:
    if not folds[0].groups.num_columns:
        return [np.zeros(1, np.int64) for _ in folds], folds[0].groups
    together = pa.concat_tables([fold.groups for fold in folds], promote_options="permissive")
    numbers, groups = number_rows(together)
    ends = np.cumsum([fold.groups.num_rows for fold in folds])
    return np.split(numbers, ends[:-1]), groups


def _merge_cells(
    parts: Sequence[Cells],
    groups: Sequence[npt.NDArray[np.int64]],
    flows: Sequence[npt.NDArray[np.int64]],
) -> Cells:
    group = np.concatenate([at[part.group] for part, at in zip(parts, groups, strict=True)])
    flow = np.concatenate([at[part.flow] for part, at in zip(parts, flows, strict=True)])
    return make_cells(group, flow, np.concatenate([part.amount for part in parts]))


def _merge_noise(
    parts: Sequence[Cells | None],
    groups: Sequence[npt.NDArray[np.int64]],
    flows: Sequence[npt.NDArray[np.int64]],
) -> Cells | None:
    """Return the sums of the variances: errors of different rows are independent."""
    there = [k for k, part in enumerate(parts) if part is not None]
    if not there:
        return None
    return _merge_cells(
        [part for part in parts if part is not None],
        [groups[k] for k in there],
        [flows[k] for k in there],
    )


def make_cells(
    group: npt.NDArray[np.int64],
    flow: npt.NDArray[np.int64],
    amount: npt.NDArray[np.float64],
) -> Cells:
    """Return sorted cells, equal (group, flow) pairs summed."""
    groups, flows, sums = sum_by_pair(group, flow, amount[None, :])
    return Cells(groups, flows, sums[0])


def _merge_coverage(
    parts: Sequence[CoverageCells],
    keys: Sequence[npt.NDArray[np.int64]],
    classes: Sequence[npt.NDArray[np.int64]],
) -> CoverageCells:
    return make_coverage(
        np.concatenate([at[part.key] for part, at in zip(parts, keys, strict=True)]),
        np.concatenate([at[part.klass] for part, at in zip(parts, classes, strict=True)]),
        np.stack(
            [
                np.concatenate([getattr(part, name) for part in parts]).astype(np.float64)
                for name in ("quantity", "rows", "unknown")
            ]
        ),
    )


def make_coverage(
    key: npt.NDArray[np.int64],
    klass: npt.NDArray[np.int64],
    values: npt.NDArray[np.float64],
) -> CoverageCells:
    """Return sorted coverage cells, equal (key, class) pairs summed.

    Parameters
    ----------
    key, klass
        (n,).
    values
        Quantity, rows, and rows of unknown quantity: (3, n).
    """
    keys, classes, sums = sum_by_pair(key, klass, values)
    # counts below 2**53 are exact in float64
    return CoverageCells(keys, classes, sums[0], sums[1].astype(np.int64), sums[2].astype(np.int64))


def _merge_examples(folds: Iterable[Fold]) -> dict[tuple[CoverageClass, str], tuple[Example, ...]]:
    found: dict[tuple[CoverageClass, str], list[Example]] = {}
    for fold in folds:
        for key, rows in fold.examples.items():
            found.setdefault(key, []).extend(rows)
    return {key: tuple(sorted(found[key])[:EXAMPLES]) for key in by_class_and_type(found)}


def by_class_and_type(keys: Iterable[tuple[CoverageClass, str]]) -> list[tuple[CoverageClass, str]]:
    """Return pairs of a class and a type, sorted; each class is compared once, not once a pair."""
    pairs = list(keys)
    rank = {klass: k for k, klass in enumerate(sorted({klass for klass, _ in pairs}))}
    return sorted(pairs, key=lambda pair: (rank[pair[0]], pair[1]))


def _merge_made(sets: Sequence[FactorSet], method: str) -> FactorSet | None:
    """Return run-time factors once per flow key, sorted."""
    if not sets:
        return None
    if flow := flow_of_two_figures(sets):
        raise made_twice(method, flow)
    together = FactorSet.concatenate(sets)
    return together.take([together.position[flow] for flow in sorted(together.position)])


@functools.cache
def no_groups() -> pa.Table:
    """Return the key table of an ungrouped fold: no column."""
    return pa.table({})
