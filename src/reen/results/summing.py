"""Summing: footprints added to each other, and summed up over some of their groups.

Input: footprints.  Output: footprints.  Amounts and coverage add up; factors are looked up by flow
key.  Knows results only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.fold import Cells, make_cells, make_coverage, merge_folds
from reen.engine.groups import number_rows
from reen.errors import OptionError, UnknownColumnError
from reen.factors.factor_set import FactorSet
from reen.reasons import Reason

if TYPE_CHECKING:
    from reen.results.footprint import Footprint

__all__ = ["added", "summed_by"]


def added(left: Footprint, right: Footprint) -> Footprint:
    """Return the footprint of both inventories.

    Raises
    ------
    OptionError
        When the two were not made by the same method, options, packs, date and groups, or their
        groups are told by text on one side and by numbers on the other.
    """
    for name in ("method", "method_version", "options", "as_of", "packs"):
        mine, other = getattr(left.provenance, name), getattr(right.provenance, name)
        if mine != other:
            raise OptionError(
                "Footprint + Footprint", name, str(other), Reason("error_same", mine=mine)
            )
    if left.apart.keys() != right.apart.keys():
        expected = Reason("error_the_same_as_185", apart=str(list(left.apart)))
        raise OptionError("Footprint + Footprint", "apart", str(list(right.apart)), expected)
    if left.grouped_by != right.grouped_by:
        expected = Reason("error_the_same_as_186", grouped_by=str(left.grouped_by))
        raise OptionError("Footprint + Footprint", "by", str(right.grouped_by), expected)
    _check_key_types(left, right)
    fold = merge_folds([left.fold, right.fold])
    # a side without any flow has all possible stages in view: it adds none
    sides = [each.factors for each in (left, right) if len(each.factors)]
    both = FactorSet.concatenate(sides or [left.factors, right.factors])
    return attrs.evolve(
        left,
        apart={name: added(line, right.apart[name]) for name, line in left.apart.items()},
        fold=fold,
        factors=both.take([both.position[flow] for flow in fold.flows]),
        parts=tuple(sorted({*left.parts, *right.parts})),
        criteria=tuple(dict.fromkeys(left.criteria + right.criteria)),
        nonnegative=tuple(key for key in left.nonnegative if key in right.nonnegative),
        provenance=attrs.evolve(
            left.provenance,
            rows=fold.rows,
            rows_digest=f"{fold.digest:016x}",
            plugins=tuple(sorted({*left.provenance.plugins, *right.provenance.plugins})),
            sources=tuple(dict.fromkeys(left.provenance.sources + right.provenance.sources)),
            made=fold.made_digest,
        ),
    )


def _check_key_types(left: Footprint, right: Footprint) -> None:
    """Refuse keys that cannot stand in one column; whole and other numbers can."""
    for mine, other in zip(left.groups.schema, right.groups.schema, strict=True):
        try:
            pa.unify_schemas([pa.schema([mine]), pa.schema([other])], promote_options="permissive")
        except (pa.ArrowTypeError, pa.ArrowInvalid) as error:
            expected = Reason("error_same_type_on_both_sides_other", given_type=mine.type)
            what = Reason("error_as", name=mine.name, given_type=other.type)
            raise OptionError("Footprint + Footprint", "by", what, expected) from error


def summed_by(footprint: Footprint, columns: Sequence[str]) -> Footprint:
    """Return a footprint summed up by some of its grouping columns (none: one group).

    Raises
    ------
    UnknownColumnError
        When the footprint was not grouped by a column; declare it in `measure(by=...)`.
    """
    for name in columns:
        if name not in footprint.grouped_by:
            raise UnknownColumnError(name, known=footprint.grouped_by)
    if tuple(columns) == footprint.grouped_by:
        return footprint
    if columns:
        numbers, groups = number_rows(footprint.groups.select(list(columns)))
    else:
        numbers, groups = np.zeros(footprint.group_count, np.int64), pa.table({})
    cells, cover = footprint.fold.cells, footprint.fold.by_group
    noise = footprint.fold.noise
    fold = attrs.evolve(
        footprint.fold,
        groups=groups,
        cells=_moved(cells, numbers),
        noise=None if noise is None else _moved(noise, numbers),
        by_group=make_coverage(
            numbers[cover.key],
            cover.klass.astype(np.int64),
            np.stack([cover.quantity, cover.rows, cover.unknown]),
        ),
    )
    lines = {name: summed_by(line, columns) for name, line in footprint.apart.items()}
    return attrs.evolve(footprint, fold=fold, apart=lines)


def _moved(cells: Cells, numbers: npt.NDArray[np.int64]) -> Cells:
    return make_cells(numbers[cells.group], cells.flow.astype(np.int64), cells.amount)
