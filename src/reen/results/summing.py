"""Summing: folds added to each other, and summed up over some of their groups.

Input: folds.  Output: folds.  Amounts and coverage add up.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.fold import Cells, Fold, make_cells, make_coverage, merge_folds
from reen.engine.numbering import number_rows
from reen.errors import OptionError, UnknownNameError
from reen.reasons import Reason

__all__ = ["added", "summed_by"]


def added(left: Fold, right: Fold, *, method: str) -> Fold:
    """Return the fold of both inventories, measured by one method.

    Raises
    ------
    OptionError
        When their groups are told by text on one side and by numbers on the other.
    PluginError
        The method made a flow at run time with another figure on each side.
    """
    _check_key_types(left, right)
    return merge_folds([left, right], method=method)


def _check_key_types(left: Fold, right: Fold) -> None:
    """Refuse keys that cannot stand in one column; whole and other numbers can."""
    for mine, other in zip(left.groups.schema, right.groups.schema, strict=True):
        try:
            pa.unify_schemas([pa.schema([mine]), pa.schema([other])], promote_options="permissive")
        except (pa.ArrowTypeError, pa.ArrowInvalid) as error:
            expected = Reason("error_same_type_on_both_sides_other", given_type=mine.type)
            what = Reason("error_as", name=mine.name, given_type=other.type)
            raise OptionError("Footprint + Footprint", "by", what, expected) from error


def summed_by(fold: Fold, columns: Sequence[str]) -> Fold:
    """Return a fold summed up by some of its grouping columns (none: one group).

    Raises
    ------
    UnknownNameError
        When the fold is not grouped by a column.
    """
    known = tuple(fold.groups.column_names)
    for name in columns:
        if name not in known:
            asked = name if known else Reason("error_not_grouped_by", column=name)
            raise UnknownNameError("column", asked, known=known)
    if columns:
        numbers, groups = number_rows(fold.groups.select(list(columns)))
    else:
        numbers, groups = np.zeros(fold.group_count, np.int64), pa.table({})
    cells, cover = fold.cells, fold.by_group
    noise = fold.noise
    return attrs.evolve(
        fold,
        groups=groups,
        cells=_moved(cells, numbers),
        noise=None if noise is None else _moved(noise, numbers),
        by_group=make_coverage(
            numbers[cover.key],
            cover.klass.astype(np.int64),
            np.stack([cover.quantity, cover.rows, cover.unknown]),
        ),
    )


def _moved(cells: Cells, numbers: npt.NDArray[np.int64]) -> Cells:
    return make_cells(numbers[cells.group], cells.flow.astype(np.int64), cells.amount)
