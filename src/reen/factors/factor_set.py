"""Factor sets: the characterised impact of one unit of each flow, by stage and criterion.

Input: long-form rows (see `columns`).  Output: `values[flow, stage, criterion]`, NaN where nothing
is published, with flow keys, reference units and the source of every row.

Must not know methods, inventories or files.
"""

from __future__ import annotations

import functools
import hashlib
import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt

from reen.factors.flow import Flow, FlowDescription
from reen.lazy_names import lazy_module
from reen.values import Compared
from reen.vocabulary.criteria import (
    Criteria,
    Criterion,
    bundled_criteria,
    completed,
    own_criteria,
)
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.stages import Stage

if TYPE_CHECKING:
    from reen.factors import text_rows
else:  # packs in compact form need no rows of text
    text_rows = lazy_module("reen.factors.text_rows")

__all__ = ["FactorSet", "figures_at", "flow_of_two_figures", "same_figures"]

#: Marks a field that was added later: where it is empty, results written before it keep their hash.
UNLESS_EMPTY = "digest only unless empty"

#: Arrays of a set, all of one shape.
_ARRAYS = ("values", "lower", "upper", "spread")

_SAME = attrs.cmp_using(eq=lambda a, b: np.array_equal(a, b, equal_nan=True))


@attrs.frozen(eq=False, repr=False)
class FactorSet(Compared):
    """Characterised impacts of reference flows.

    Attributes
    ----------
    flows
        Keys, length F.
    descriptions
        One per flow.
    stages, criteria
        Axes of the arrays, lengths S and C.
    values
        float64 (F, S, C), impact of one reference unit in the criterion's unit; NaN where the
        source publishes nothing.  `embedded` beside manufacturing, distribution or end of life is
        what the source does not separate: the stages of a flow always add up.
    lower, upper
        Published bounds, same shape, NaN where none.
    spread
        Relative standard deviation, same shape, NaN where none is published.
    definitions
        The criteria of the axis that reen does not ship, sorted by key: they go wherever the
        figures go.
    """

    flows: tuple[Flow, ...]
    descriptions: tuple[FlowDescription, ...]
    stages: tuple[Stage, ...]
    criteria: tuple[str, ...]
    values: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    lower: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    upper: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    spread: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    definitions: tuple[Criterion, ...] = attrs.field(
        default=(), converter=own_criteria, metadata={UNLESS_EMPTY: True}
    )

    def __len__(self) -> int:
        """Return the number of flows."""
        return len(self.flows)

    @functools.cached_property
    def position(self) -> Mapping[Flow, int]:
        """Return the position of each flow, the first one of a flow that occurs twice."""
        last_first = zip(reversed(self.flows), reversed(range(len(self.flows))), strict=True)
        return types.MappingProxyType(dict(last_first))

    @functools.cached_property
    def negative(self) -> frozenset[str]:
        """Return the criteria of which some value is negative."""
        below: npt.NDArray[np.bool_] = np.asarray((self.values < 0.0).any(axis=(0, 1)))
        return frozenset(key for key, there in zip(self.criteria, below, strict=True) if there)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, str]],
        *,
        pack: str,
        equipment_types: EquipmentTypes | None = None,
        criteria: Iterable[Criterion] = (),
    ) -> FactorSet:
        """Check long-form rows and build the set.

        Parameters
        ----------
        rows
            Cells as text, keyed by the columns of `FACTOR_COLUMNS`; the first is line 2 of its
            file.
        pack
            Name of the pack, part of every flow key and of every message.
        equipment_types
            Taxonomy that `equipment_type` refers to, the bundled one by default.
        criteria
            Criteria that `criterion` may name besides those that reen ships.

        Raises
        ------
        FactorDataError
            A missing column, an unknown stage, criterion, unit, place or type, a value that is not
            a number, `embedded` beside parts that it may hold.
        FactorDataError
            Two values for one (flow, geography, year, stage, criterion).
        VocabularyError
            One of `criteria` claims a key, alias or unit that another has.
        """
        from reen.factors.columns import FACTOR_COLUMNS

        numbered = text_rows.given_rows(rows, place=pack, columns=FACTOR_COLUMNS)
        return cls.from_text(
            numbered, pack=pack, equipment_types=equipment_types, criteria=criteria
        )

    @classmethod
    def from_text(
        cls,
        rows: text_rows.TextRows,
        *,
        pack: str,
        equipment_types: EquipmentTypes | None = None,
        criteria: Iterable[Criterion] = (),
    ) -> FactorSet:
        """Check long-form rows that know their lines and build the set, as `from_rows`."""
        from reen.factors.long_form import read_long_form  # packs in compact form need none

        return cls(*read_long_form(rows, pack, equipment_types, criteria))

    @classmethod
    def concatenate(cls, sets: Sequence[FactorSet]) -> FactorSet:
        """Return the flows of all sets, in order, on the union of their axes.

        Raises
        ------
        VocabularyError
            When two of them define one criterion otherwise.
        """
        definitions = own_criteria(own for each in sets for own in each.definitions)
        completed(bundled_criteria(), definitions)  # refuses two definitions of one
        stages = tuple(stage for stage in Stage if any(stage in each.stages for each in sets))
        criteria = tuple(dict.fromkeys(key for each in sets for key in each.criteria))
        filled = [_on_axes(each, stages, criteria) for each in sets if len(each)]
        nothing = [np.empty((0, len(stages), len(criteria)))] * len(_ARRAYS)
        parts = zip(*(filled or [nothing]), strict=True)
        arrays = {name: np.concatenate(found) for name, found in zip(_ARRAYS, parts, strict=True)}
        return cls(
            tuple(flow for each in sets for flow in each.flows),
            tuple(text for each in sets for text in each.descriptions),
            stages,
            criteria,
            **arrays,
            definitions=definitions,
        )

    def take(self, positions: Sequence[int]) -> FactorSet:
        """Return the flows at `positions`, in that order."""
        index = np.asarray(positions, dtype=np.intp)
        return FactorSet(
            tuple(self.flows[k] for k in index),
            tuple(self.descriptions[k] for k in index),
            self.stages,
            self.criteria,
            self.values[index],
            self.lower[index],
            self.upper[index],
            self.spread[index],
            self.definitions,
        )

    @property
    def vocabulary(self) -> Criteria:
        """Return the criteria that reen ships and those defined here, looked up by any name.

        Raises
        ------
        VocabularyError
            When two of them claim one key, alias or unit.
        """
        return completed(bundled_criteria(), self.definitions)

    def published_stages(self) -> tuple[Stage, ...]:
        """Return the stages that at least one flow publishes."""
        used = np.asarray((~np.isnan(self.values)).any(axis=(0, 2)))
        return tuple(stage for stage, there in zip(self.stages, used, strict=True) if there)

    def on_stages(self, stages: Collection[Stage]) -> FactorSet:
        """Return the same flows with only those of their stages."""
        used = np.array([stage in stages for stage in self.stages], np.bool_)
        return attrs.evolve(
            self,
            stages=tuple(stage for stage in self.stages if stage in stages),
            values=self.values[:, used],
            lower=self.lower[:, used],
            upper=self.upper[:, used],
            spread=self.spread[:, used],
        )

    def digest(self) -> str:
        """Return a SHA-256 of keys, definitions and values, the same whatever the row order."""
        lines = []
        cells = np.stack([self.values, self.lower, self.upper, self.spread], axis=-1)
        # without recursion: a flow and its description hold text, numbers and tuples of text
        keys = [attrs.astuple(flow, recurse=False) for flow in self.flows]
        for k, s, c in np.argwhere(~np.isnan(cells).all(axis=-1)).tolist():
            stage, criterion = str(self.stages[s]), self.criteria[c]
            lines.append(repr((keys[k], stage, criterion, cells[k, s, c].tolist())))
        for key, text in zip(keys, self.descriptions, strict=True):
            said = attrs.astuple(text, recurse=False)
            # a set without the validity, which came later, keeps the digest that it had
            lines.append(repr((key, said if text.validity else said[:-1])))
        lines += [repr(("criterion", attrs.astuple(own))) for own in self.definitions]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def figures_at(factors: FactorSet, position: int) -> Mapping[tuple[Stage, str], tuple[str, ...]]:
    """Return what a set publishes of a flow, by stage and criterion, whatever its axes are.

    Parameters
    ----------
    factors, position
        The set, and the place of the flow in it.

    Returns
    -------
    Mapping
        Value, bounds and spread of each cell that has a value, exact as text: NaN is NaN.
    """
    arrays = [getattr(factors, name)[position] for name in _ARRAYS]
    return {
        (factors.stages[s], factors.criteria[c]): tuple(float(each[s, c]).hex() for each in arrays)
        for s, c in np.argwhere(~np.isnan(factors.values[position])).tolist()
    }


def flow_of_two_figures(sets: Sequence[FactorSet]) -> Flow | None:
    """Return a flow that has two figures, in several sets or in one; None where none has.

    A flow is known by its key alone: figures of which one would count for the other cannot be told
    apart once amounts are added up.
    """
    first: dict[Flow, tuple[FactorSet, int]] = {}
    for factors in sets:
        for k, flow in enumerate(factors.flows):
            known, at = first.setdefault(flow, (factors, k))
            if (known is not factors or at != k) and not same_figures(known, at, factors, k):
                return flow
    return None


def same_figures(left: FactorSet, i: int, right: FactorSet, k: int) -> bool:
    """Tell whether a flow has one unit and the same figures in two places."""
    if left.descriptions[i].reference_unit != right.descriptions[k].reference_unit:
        return False
    if (left.stages, left.criteria) == (right.stages, right.criteria):
        pairs = ((getattr(left, name)[i], getattr(right, name)[k]) for name in _ARRAYS)
        if all(np.array_equal(a, b, equal_nan=True) for a, b in pairs):
            return True
    return figures_at(left, i) == figures_at(right, k)


def _on_axes(
    given: FactorSet, stages: Sequence[Stage], criteria: Sequence[str]
) -> list[npt.NDArray[np.float64]]:
    """Return the arrays of `given` on wider axes, NaN elsewhere; as they are on the same axes."""
    arrays: list[npt.NDArray[np.float64]] = [getattr(given, name) for name in _ARRAYS]
    same = given.stages == tuple(stages) and given.criteria == tuple(criteria)
    size = len(given), len(stages), len(criteria)
    # what a method made at run time is not checked: other numbers are made float64 below
    if same and all(each.dtype == np.float64 and each.shape == size for each in arrays):
        return arrays
    rows = np.array([stages.index(stage) for stage in given.stages], np.intp)[:, None]
    columns = np.array([criteria.index(key) for key in given.criteria], np.intp)
    spread = []
    for array in arrays:
        wide = np.full(size, np.nan)
        wide[:, rows, columns] = array
        spread.append(wide)
    return spread
