"""Joint sums: what the effects of a gap need of the rows, summed on the joint key of two methods.

Input: the answers of two methods, batch by batch, then the factors of their flows.  Output: the
effects, by group, type, stage boundary and criterion.  The key is (group, type, flow of one or
none, flow of the other or none); an effect is P f_A + Q f_B on each key (see `gap`), so that stages
and criteria cost nothing while rows arrive.  Arrays only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges
from reen.engine.gap import shapley_coefficients
from reen.engine.key_sums import KeySums
from reen.engine.sides import (
    ITEM,
    USE,
    FlowNumbers,
    Pairing,
    comparable,
    pair_sides,
    sides_of,
)
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.vocabulary.stages import Stage

__all__ = ["COVERAGE", "GapCell", "Joint", "Places", "stage_boundaries"]

#: Name of the effect of what only one of the two methods assesses.
COVERAGE = "coverage"

#: Stages of figures whose stages are not separated.
_COARSE = frozenset({Stage.EMBEDDED, Stage.UNSPECIFIED})

Floats = npt.NDArray[np.float64]
Values = Mapping[Stage, float]


class GapCell(NamedTuple):
    """One effect: name, stage boundary, group and type numbers, criterion, value of b - a.

    Of a coverage effect, `only` is 0 when a alone covers it and 1 when b does; else it is None.
    """

    name: str
    only: int | None
    stage: Stage
    group: int
    kind: int
    criterion: str
    value: float


@attrs.frozen(eq=False)
class Places:
    """Where the rows of a batch belong.

    Attributes
    ----------
    group, kind
        int64, numbers of group and equipment type.
    """

    group: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]


class Joint:
    """Sums of coefficients on the joint key of a pair of methods."""

    def __init__(self) -> None:
        self._flows = (FlowNumbers(), FlowNumbers())
        #: (part of the life cycle, effect) -> sums by (group, type, flow of a, flow of b)
        self._sums: dict[tuple[str, str], KeySums] = {}

    @property
    def flows(self) -> tuple[tuple[Flow, ...], tuple[Flow, ...]]:
        """Return the flows of the two methods, in the order of their numbers."""
        return tuple(self._flows[0]), tuple(self._flows[1])

    def add(self, places: Places, a: Sequence[Exchanges], b: Sequence[Exchanges]) -> None:
        """Add the rows of a batch."""
        size = len(places.group)
        for part in (ITEM, USE):
            sides = [
                sides_of(answers, part, size=size, numbers=numbers)
                for answers, numbers in zip((a, b), self._flows, strict=True)
            ]
            for pairing in pair_sides(*sides):
                self._add(part, places, pairing)

    def _add(self, part: str, places: Places, pairing: Pairing) -> None:
        rows = pairing.rows
        keys = np.stack(
            [
                places.group[rows],
                places.kind[rows],
                *(
                    np.full(len(rows), -1, np.int64) if side is None else side.code[rows]
                    for side in (pairing.a, pairing.b)
                ),
            ],
            axis=1,
        )
        nothing = np.zeros(len(rows))
        if pairing.a is not None and pairing.b is not None:
            left, right, of_a, of_b = comparable(pairing.a, pairing.b, rows)
            made = shapley_coefficients(left, right, rows=len(rows))
            for name in made.on_a:
                self._sum(part, name, keys, made.on_a[name] * of_a, made.on_b[name] * of_b)
        elif pairing.a is not None:
            self._sum(part, COVERAGE, keys, -pairing.a.amount(rows), nothing)
        elif pairing.b is not None:
            self._sum(part, COVERAGE, keys, nothing, pairing.b.amount(rows))

    def _sum(
        self, part: str, name: str, keys: npt.NDArray[np.int64], on_a: Floats, on_b: Floats
    ) -> None:
        self._sums.setdefault((part, name), KeySums()).add(keys, on_a, on_b)

    def cells(self, a: FactorSet, b: FactorSet, criteria: Sequence[str]) -> Iterator[GapCell]:
        """Yield the effects, summed over flows.

        Parameters
        ----------
        a, b
            Factors of `flows`, in their order.
        criteria
            Criteria to give; one that a side does not publish is wholly what only one covers.
        """
        found: dict[tuple[str, int | None, Stage, int, int, str], float] = {}
        tables = (_by_flow(a, criteria), _by_flow(b, criteria))
        coarse = {
            criterion: any(
                not _COARSE.isdisjoint(values) for table in tables for values in table[criterion]
            )
            for criterion in criteria
        }
        for (part, name), sums in self._sums.items():
            for flow_a, flow_b, places, on_a, on_b in _by_pair(*sums.merged()):
                for criterion in criteria:
                    boundaries = stage_boundaries(
                        part,
                        tables[0][criterion][flow_a] if flow_a >= 0 else {},
                        tables[1][criterion][flow_b] if flow_b >= 0 else {},
                        coarse=coarse[criterion],
                    )
                    for stage, (of_a, of_b) in boundaries.items():
                        # what one of the two does not publish, it does not cover
                        only = 0 if of_b is None else 1 if of_a is None else None
                        effect = name if only is None else COVERAGE
                        values = on_a * (of_a or 0.0) + on_b * (of_b or 0.0)
                        for (group, kind), value in zip(places, values.tolist(), strict=True):
                            key = (effect, only, stage, group, kind, criterion)
                            found[key] = found.get(key, 0.0) + value
        return (GapCell(*key, value) for key, value in found.items())


def _by_pair(
    keys: npt.NDArray[np.int64], columns: Floats
) -> Iterator[tuple[int, int, list[list[int]], Floats, Floats]]:
    """Yield each pair of flows, its (group, type) places and the two sums of each."""
    order = np.lexsort((keys[:, 3], keys[:, 2]))
    keys, columns = keys[order], columns[:, order]
    starts = np.flatnonzero(np.r_[True, (keys[1:, 2:] != keys[:-1, 2:]).any(axis=1)])
    for start, stop in zip(starts, [*starts[1:], len(keys)], strict=True):
        here = slice(int(start), int(stop))
        flow_a, flow_b = keys[start, 2:].tolist()
        yield flow_a, flow_b, keys[here, :2].tolist(), columns[0, here], columns[1, here]


def _by_flow(factors: FactorSet, criteria: Sequence[str]) -> dict[str, list[Values]]:
    """Return the published stages of each flow and their values, by criterion."""
    found: dict[str, list[Values]] = {}
    for criterion in criteria:
        if criterion not in factors.criteria:
            found[criterion] = [{} for _ in factors.flows]
            continue
        cells = factors.values[:, :, factors.criteria.index(criterion)]
        found[criterion] = [
            {
                stage: float(value)
                for stage, value in zip(factors.stages, row, strict=True)
                if not np.isnan(value)
            }
            for row in cells
        ]
    return found


def stage_boundaries(
    part: str, a: Values, b: Values, *, coarse: bool
) -> dict[Stage, tuple[float | None, float | None]]:
    """Return two factors on the finest stage boundary that both share.

    Stage by stage where both separate the stages; as a whole, without the use, where one of them
    does not.  None stands for what is not published.

    Parameters
    ----------
    part
        `ITEM` or `USE`: the stages that are looked at.
    a, b
        Published stages of the two flows; nothing for no flow.
    coarse
        Whether a figure that only one side has is kept as a whole, because one of the two methods
        does not separate the stages anywhere.
    """
    a = {stage: value for stage, value in a.items() if (stage is Stage.USE) == (part == USE)}
    b = {stage: value for stage, value in b.items() if (stage is Stage.USE) == (part == USE)}
    together = a.keys() | b.keys()
    as_whole = not together.isdisjoint(_COARSE) or (coarse and not (a and b))
    if part == USE or not together or not as_whole:
        return {stage: (a.get(stage), b.get(stage)) for stage in Stage if stage in together}
    whole = Stage.UNSPECIFIED if Stage.UNSPECIFIED in together else Stage.EMBEDDED
    return {whole: (sum(a.values()) if a else None, sum(b.values()) if b else None)}
