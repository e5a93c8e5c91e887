"""Flow columns: the column of W that each exchange adds to, and what its factor publishes.

Input: exchanges, and the factors in use.  Output: two small numbers per exchange, looked up by
flow code (2 ns a row).  Flows get a column when a row first uses them, since a method may offer
the mixes of the whole world; that is also when a flow is checked against its factor.  Arrays only.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges
from reen.errors import PluginError
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.inventory.dictionaries import look_up
from reen.vocabulary.stages import Stage

__all__ = ["FlowColumns", "Published"]

#: Cells (stage, criterion) that a factor publishes, sorted: whichever factors came first.
Published = tuple[tuple[Stage, str], ...]

#: Sequences of flows whose look-up tables are kept; a method that makes a new one for every batch
#: must not fill the memory.
_KEPT = 64


class FlowColumns:
    """Columns of the flows that rows use, kind by kind, from 1 by order of first sight.

    Parameters
    ----------
    method
        Name of the method, for messages.
    factors
        Factors of the packs in use.
    """

    def __init__(self, method: str, factors: FactorSet) -> None:
        self._method = method
        self._factors = factors
        self._factor_at = factors.position
        self._columns: dict[str, dict[Flow, int]] = {}
        self._patterns: dict[Published, int] = {}
        self._pattern_of: dict[Hashable, int] = {}
        self._tables: dict[
            tuple[str, int], tuple[Sequence[Flow], npt.NDArray[np.int64], npt.NDArray[np.int32]]
        ] = {}
        self._made: dict[Flow, tuple[FactorSet, int]] = {}
        self._offered: dict[int, FactorSet] = {}  # by identity, kept so that none takes its place

    def flows(self, kind: str) -> list[Flow]:
        """Return the flows of columns 1, 2, ... of a flow kind."""
        return list(self._columns.get(kind, ()))

    def width(self, kind: str) -> int:
        """Return the number of columns of a flow kind, column 0 included."""
        return 1 + len(self._columns.get(kind, ()))

    @property
    def patterns(self) -> list[Published]:
        """Return what pattern 0 (no flow), 1, 2, ... publish."""
        return [(), *self._patterns]

    def of(self, each: Exchanges) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Return the column and the pattern of each exchange; both are 0 where it has no flow.

        Raises
        ------
        PluginError
            A flow without factor, in another unit, or with stages that its kind does not answer
            for.
        """
        self.offered(each)
        key = (each.kind.name, id(each.flows))
        known = self._tables.get(key)
        if known is None or known[0] is not each.flows:
            if len(self._tables) == _KEPT:
                self._tables.clear()
            columns = np.full(len(each.flows) + 1, -1, np.int64)
            columns[-1] = 0  # what flow code -1 reads
            known = (each.flows, columns, np.zeros(len(each.flows) + 1, np.int32))
            self._tables[key] = known
        _, columns, patterns = known
        numbers = look_up(columns, each.flow)
        if numbers.size and int(numbers.min()) < 0:
            kind = self._columns.setdefault(each.kind.name, {})
            # counting is several times as quick as sorting
            unseen = np.flatnonzero(np.bincount(each.flow[numbers < 0]))
            for code in unseen.tolist():
                flow = each.flows[code]
                patterns[code] = self._pattern(flow, each)
                columns[code] = kind.setdefault(flow, len(kind) + 1)
            numbers = look_up(columns, each.flow)
        return numbers, look_up(patterns, each.flow)

    def offered(self, each: Exchanges) -> Mapping[Flow, int]:
        """Return the positions of the flows that come with some exchanges, used or not."""
        factors = each.factors
        if factors is None:
            return {}
        self._offered[id(factors)] = factors
        return factors.position

    def _pattern(self, flow: Flow, each: Exchanges) -> int:
        position = self._factor_at.get(flow)
        factors = self._factors
        if position is None:
            position = self.offered(each).get(flow)
            if position is None or each.factors is None:
                raise PluginError(
                    self._method,
                    f"flow {flow} is in no factor pack in use, and no run-time factors come with"
                    " it; put it in Exchanges.factors or name its pack in Method.packs",
                )
            factors = each.factors
            # the first that came, whatever the batches are: sums and traces say the same
            self._made.setdefault(flow, (factors, position))
        unit = factors.descriptions[position].reference_unit
        if unit != each.reference_unit and unit not in each.kind.also:
            raise PluginError(
                self._method,
                f"flow {flow} is of one {unit}, and its amounts are in {each.reference_unit} per"
                " year",
            )
        there = ~np.isnan(factors.values[position])
        # Most flows publish the same cells: these are checked and written out once.  Factors are
        # those in use or are kept, so that no other set takes their identity.
        key = (each.kind.name, id(factors), there.tobytes())
        number = self._pattern_of.get(key)
        if number is None:
            self._check_stages(flow, each, factors, there)
            cells: Published = tuple(
                sorted((factors.stages[s], factors.criteria[c]) for s, c in np.argwhere(there))
            )
            number = self._patterns.setdefault(cells, len(self._patterns) + 1)
            self._pattern_of[key] = number
        return number

    def _check_stages(
        self, flow: Flow, each: Exchanges, factors: FactorSet, there: npt.NDArray[np.bool_]
    ) -> None:
        filled = {factors.stages[s] for s in np.flatnonzero(there.any(axis=1)).tolist()}
        outside = filled - set(each.kind.stages)
        if outside:
            raise PluginError(
                self._method,
                f"flow {flow} publishes the stages {', '.join(sorted(outside))}, which the flow"
                f" kind {each.kind.name!r} does not answer for; declare them in FlowKind.stages",
            )

    def made(self) -> FactorSet | None:
        """Return the factors of the flows that came with exchanges; None when none did."""
        if not self._offered:
            return None
        # Sets of which no flow was used still say which stages and criteria were possible.
        axes = [factors.take([]) for factors in self._offered.values()]
        used = [self._made[flow][0].take([self._made[flow][1]]) for flow in sorted(self._made)]
        return FactorSet.concatenate([*axes, *used])
