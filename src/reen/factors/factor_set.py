"""Factor sets: the characterised impact of one unit of each flow, by stage and criterion.

Input: long-form rows (see `columns`).  Output: `values[flow, stage, criterion]`, NaN where nothing
is published, with flow keys, reference units and the source of every row.  A flow's key is its
content (pack, id, geography, year), never an index, so that folds made anywhere can be added.

Must not know methods, inventories or files.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.factors.columns import FACTOR_COLUMNS
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.stages import Stage

__all__ = ["REFERENCE_UNITS", "FactorSet", "Flow", "FlowDescription"]

#: What one unit of a flow may be.
REFERENCE_UNITS = ("item", "kWh", "kgCO2e")

_SAME = attrs.cmp_using(eq=lambda a, b: np.array_equal(a, b, equal_nan=True))


# A flow is a key many times over: its hash is worked out once.
@attrs.frozen(order=True, cache_hash=True)
class Flow:
    """The key of a reference flow.

    Attributes
    ----------
    pack
        Factor pack that describes it.
    id
        Identifier in that pack.
    geography
        Place, empty when it is not tied to one.
    year
        Year, 0 when it is not tied to one.
    """

    pack: str
    id: str
    geography: str = ""
    year: int = 0

    def sort_key(self) -> tuple[str, str, str, int]:
        """Return what flows are ordered by, for sorting many of them quickly."""
        return (self.pack, self.id, self.geography, self.year)

    def __str__(self) -> str:
        """Return the key in words, such as ``electricity-france:mix (FR, 2022)``."""
        place = ", ".join(part for part in (self.geography, str(self.year or "")) if part)
        return f"{self.pack}:{self.id}" + (f" ({place})" if place else "")


@attrs.frozen
class FlowDescription:
    """What is said of a flow, for explanations and matching.

    Attributes
    ----------
    name
        Label.
    reference_unit
        What one unit is: ``item``, ``kWh``.
    equipment_type, manufacturer, model
        Match keys; empty when the flow is found by id only.
    boundary, status
        System boundary and status as published.
    sources
        Distinct citations of its rows.
    licence, note
        Licence of the figures, remarks.
    """

    name: str = ""
    reference_unit: str = "item"
    equipment_type: str = ""
    manufacturer: str = ""
    model: str = ""
    boundary: str = ""
    status: str = ""
    sources: tuple[str, ...] = ()
    licence: str = ""
    note: str = ""


@attrs.frozen
class FactorSet:
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
    """

    flows: tuple[Flow, ...]
    descriptions: tuple[FlowDescription, ...]
    stages: tuple[Stage, ...]
    criteria: tuple[str, ...]
    values: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    lower: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    upper: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    spread: npt.NDArray[np.float64] = attrs.field(eq=_SAME)

    def __len__(self) -> int:
        """Return the number of flows."""
        return len(self.flows)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, str]],
        *,
        pack: str,
        equipment_types: EquipmentTypes | None = None,
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

        Raises
        ------
        FactorDataError
            A missing column, an unknown stage, criterion, unit, place or type, a value that is not
            a number, `embedded` beside parts that it may hold.
        DuplicateFactorError
            Two values for one (flow, geography, year, stage, criterion).
        """
        from reen.factors.long_form import factor_set_of
        from reen.factors.text_rows import given_rows

        numbered = given_rows(rows, place=pack, columns=FACTOR_COLUMNS)
        return factor_set_of(numbered, pack=pack, equipment_types=equipment_types)

    @classmethod
    def concatenate(cls, sets: Sequence[FactorSet]) -> FactorSet:
        """Return the flows of all sets, in order, on the union of their axes."""
        stages = tuple(stage for stage in Stage if any(stage in each.stages for each in sets))
        criteria = tuple(dict.fromkeys(key for each in sets for key in each.criteria))
        names = ("values", "lower", "upper", "spread")
        arrays = {
            name: np.concatenate(
                [_on_axes(each, getattr(each, name), stages, criteria) for each in sets]
                or [np.empty((0, len(stages), len(criteria)))]
            )
            for name in names
        }
        return cls(
            tuple(flow for each in sets for flow in each.flows),
            tuple(text for each in sets for text in each.descriptions),
            stages,
            criteria,
            **arrays,
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
        )

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
        """Return a SHA-256 of keys, descriptions and values, the same whatever the row order."""
        lines = []
        for k, (flow, text) in enumerate(zip(self.flows, self.descriptions, strict=True)):
            for s, stage in enumerate(self.stages):
                for c, criterion in enumerate(self.criteria):
                    cell = [a[k, s, c] for a in (self.values, self.lower, self.upper, self.spread)]
                    if not all(math.isnan(number) for number in cell):
                        numbers = [float(number) for number in cell]
                        lines.append(repr((attrs.astuple(flow), str(stage), criterion, numbers)))
            lines.append(repr((attrs.astuple(flow), attrs.astuple(text))))
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _on_axes(
    given: FactorSet,
    array: npt.NDArray[np.float64],
    stages: Sequence[Stage],
    criteria: Sequence[str],
) -> npt.NDArray[np.float64]:
    """Spread an array of `given` over wider axes, NaN elsewhere."""
    wide = np.full((len(given), len(stages), len(criteria)), np.nan)
    rows = [stages.index(stage) for stage in given.stages]
    columns = [criteria.index(key) for key in given.criteria]
    wide[np.ix_(range(len(given)), rows, columns)] = array
    return wide
