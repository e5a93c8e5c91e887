"""Flow columns: which column of W each exchange adds to, what its factor publishes, what drives it.

`FlowColumns` looks up two small numbers per exchange by flow code (2 ns a row).  Flows get a column
when a row first uses them, since a method may offer the mixes of the whole world; that is also when
a flow is checked against its factor.  `KnownKeys` has the same by key, as the compiled loops read
it: a key is the case of a row, or its outcome and its flow together.  `DriverUse` notes which
drivers enter the amounts of each flow, so that what is assumed of a lifetime is applied where a
lifetime stands and nowhere else.  Arrays only.
"""

from __future__ import annotations

import enum
from collections.abc import Hashable, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges
from reen.errors import PluginError
from reen.factors.factor_set import FactorSet, figures_at, flow_of_two_figures, same_figures
from reen.factors.flow import Flow
from reen.inventory.dictionaries import look_up
from reen.kernel import lendable
from reen.kernel.interface import Factor, Ints, Numbers, Parts
from reen.vocabulary.stages import Stage

__all__ = [
    "DriverUse",
    "FlowColumns",
    "Keyed",
    "KnownKeys",
    "Published",
    "Use",
    "UseTable",
    "made_twice",
    "merge_uses",
]

#: Cells (stage, criterion) that a factor publishes, sorted: whichever factors came first.
Published = tuple[tuple[Stage, str], ...]

#: Sequences of flows whose look-up tables are kept; a method that makes a new one for every batch
#: must not fill the memory.
_KEPT = 64

Uses = npt.NDArray[np.uint8]

#: Use of each flow (uint8) by name of a driver, sorted by name.
UseTable = Mapping[str, Uses]

#: Keys of outcomes and flows up to which they are looked up in a table.
_TABLE = 1 << 18


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
            A flow without factor, in another unit, with stages that its kind does not answer for,
            or of a pack in use with other factors than it has there.
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
        """Return the positions of the flows that come with some exchanges, used or not.

        Raises
        ------
        PluginError
            One of them came with other figures before, or stands there with two.
        """
        factors = each.factors
        if factors is None:
            return {}
        if id(factors) not in self._offered:
            self._offered[id(factors)] = factors
            if len(factors.position) < len(factors) and (flow := flow_of_two_figures([factors])):
                raise made_twice(self._method, flow)
            for flow, known in self._made.items():
                self._refuse_second(flow, known, factors)
        return factors.position

    def _refuse_second(self, flow: Flow, known: tuple[FactorSet, int], factors: FactorSet) -> None:
        """Refuse other figures of a flow that was made before."""
        position = factors.position.get(flow)
        if position is None or known[0] is factors:
            return
        if not same_figures(*known, factors, position):
            raise made_twice(self._method, flow)

    def _refuse_others(self, flow: Flow, position: int, factors: FactorSet | None) -> None:
        """Refuse factors made at run time for a flow of a pack, whose own figures would count.

        The same figures change nothing: they are let pass.
        """
        other = None if factors is None else factors.position.get(flow)
        if factors is None or other is None or factors is self._factors:
            return
        if figures_at(factors, other) != figures_at(self._factors, position):
            raise PluginError(
                self._method,
                f"flow {flow} is in the factor pack {flow.pack!r} in use, and other factors come"
                " with it, which would not count; give what they describe a flow of its own, as"
                " attrs.evolve(flow, key=attrs.evolve(flow.key, pack='mine'), factors=...) with"
                " that key in the factors, or leave them out",
            )

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
            known = self._made.setdefault(flow, (factors, position))
            self._refuse_second(flow, known, factors)
        else:
            self._refuse_others(flow, position, each.factors)
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


def made_twice(method: str, flow: Flow) -> PluginError:
    """Return the error for a flow that a method makes at run time with two figures."""
    return PluginError(
        method,
        f"flow {flow} is made at run time with two figures, and all its amounts would be multiplied"
        " by one of them; a flow has one unit and one factor wherever the method makes it: give the"
        " other an id of its own",
    )


@attrs.frozen(eq=False, repr=False)
class Keyed:
    """One flow kind of a batch, as the compiled loops take it.

    Attributes
    ----------
    kind
        Its name.
    parts, shift
        What makes the key of each row.
    klass, column
        Coverage class and column of each key, -1 where it was never seen.
    factors
        What the amounts are products of; None where they are not added with the rest.
    """

    kind: str
    parts: Parts
    shift: int
    klass: npt.NDArray[np.int32]
    column: Numbers
    factors: tuple[Factor, ...] | None

    def keys(self) -> Ints:
        """Return the key of each row."""
        keys = np.full(len(self.parts[0][0]), self.shift, np.int64)
        for codes, weight in self.parts:
            keys += codes.astype(np.int64) * weight
        return keys

    def unseen(self) -> tuple[Ints, npt.NDArray[np.intp]]:
        """Return the keys of some rows that were never seen, and the first row of each."""
        keys = self.keys()
        rows = np.flatnonzero(self.klass.take(keys) < 0)
        first = np.full(len(self.klass), -1, np.intp)
        first[keys[rows[::-1]]] = rows[::-1]
        found = np.flatnonzero(first >= 0)
        return found, first[found]

    def classes(self) -> npt.NDArray[np.int32]:
        """Return the class of each row."""
        return self.klass.take(self.keys())


class KnownKeys:
    """Keys of outcomes and flows, kind by kind, while the batches bring the same ones."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, object, Numbers, Numbers]] = {}

    def of(self, answers: Sequence[Exchanges]) -> list[Keyed] | None:
        """Return exchanges by key; None where some are not one a row, or have spreads or too many.

        Their shapes are checked already.
        """
        kinds = {each.kind.name for each in answers}
        if len(kinds) < len(answers) or not all(map(_is_plain, answers)):
            return None
        return [self._of(each) for each in answers]

    def _of(self, each: Exchanges) -> Keyed:
        width = len(each.flows) + 1
        known = self._known.get(each.kind.name)
        if known is None or known[0] is not each.flows or known[1] is not each.outcomes:
            size = width * len(each.outcomes)
            unseen = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
            known = self._known[each.kind.name] = (each.flows, each.outcomes, *unseen)
        return Keyed(
            each.kind.name,
            ((lendable(each.outcome), width), (lendable(each.flow), 1)),
            1,
            known[2],
            known[3],
            tuple(lendable(driver.values) for driver in each.drivers.values()),
        )


def _is_plain(each: Exchanges) -> bool:
    return (
        each.row is None
        and each.amount_spread is None
        and each.flow.dtype.isnative
        and each.outcome.dtype.isnative
        and (len(each.flows) + 1) * len(each.outcomes) <= _TABLE
    )


class Use(enum.IntEnum):
    """How a driver enters the amounts of a flow."""

    NONE = 0
    SOME = 1
    ALL = 2


class DriverUse:
    """Names of the drivers seen with each column, kind by kind of flow."""

    def __init__(self) -> None:
        self._first: dict[str, frozenset[str]] = {}
        # once a kind has had other drivers than the first: the columns seen with each set
        self._seen: dict[str, dict[frozenset[str], set[int]]] = {}

    def is_usual(self, kind: str, drivers: Mapping[str, object]) -> bool:
        """Tell whether all exchanges of a kind had these drivers: there is nothing to note."""
        first = self._first.get(kind)
        return first is not None and kind not in self._seen and first == drivers.keys()

    def add(
        self, kind: str, drivers: Mapping[str, object], columns: npt.NDArray[np.int64], width: int
    ) -> None:
        """Note the drivers of some exchanges.

        Parameters
        ----------
        kind, drivers
            Name of the flow kind, and drivers by name.
        columns
            Column of each exchange, 0 where it has no flow.
        width
            Number of columns that the kind had before these exchanges, column 0 included.
        """
        if self.is_usual(kind, drivers):
            return
        first, names = self._first.get(kind), frozenset(drivers)
        if first is None:
            self._first[kind] = names
            return
        if kind not in self._seen:
            self._seen[kind] = {first: set(range(1, width))}
        self._seen[kind].setdefault(names, set()).update(
            np.flatnonzero(np.bincount(columns)).tolist()
        )

    def table(self, flows: Mapping[str, Sequence[Flow]], flow_at: Mapping[Flow, int]) -> UseTable:
        """Return how each driver enters the amounts of each flow.

        Parameters
        ----------
        flows
            Flows of columns 1, 2, ... of each kind.
        flow_at
            Final position of each flow.
        """
        sets = np.zeros(len(flow_at), np.int64)  # of drivers, seen with each flow
        with_it: dict[str, npt.NDArray[np.int64]] = {}
        for kind, first in self._first.items():
            at = np.array([flow_at[flow] for flow in flows.get(kind, ())], np.int64)
            seen = self._seen.get(kind, {first: set(range(1, len(at) + 1))})
            for names, columns in seen.items():
                here = at[np.array(sorted(columns - {0}), np.int64) - 1]
                sets[here] += 1
                for name in names if len(here) else ():
                    with_it.setdefault(name, np.zeros(len(sets), np.int64))[here] += 1
        return {name: _use(with_it[name], sets) for name in sorted(with_it)}


def _use(with_it: npt.NDArray[np.int64], all_of_them: npt.NDArray[np.int64]) -> Uses:
    """Return the use of a driver, from how many times it was seen of how many."""
    some = np.where(with_it > 0, Use.SOME, Use.NONE)
    return np.where((with_it > 0) & (with_it == all_of_them), Use.ALL, some).astype(np.uint8)


def merge_uses(
    tables: Sequence[UseTable], positions: Sequence[npt.NDArray[np.int64]], size: int
) -> UseTable:
    """Return the use of drivers in several folds together.

    Parameters
    ----------
    tables
        Uses of the flows of each fold.
    positions
        Final position of the flows of each fold.
    size
        Number of flows of all.
    """
    folds = np.zeros(size, np.int64)
    for at in positions:
        folds[at] += 1
    merged = {}
    for name in sorted({name for table in tables for name in table}):
        whole, part = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for table, at in zip(tables, positions, strict=True):
            if name in table:
                whole[at] += table[name] == Use.ALL
                part[at] += table[name] != Use.NONE
        # a fold in which it enters some amounts only counts as none of the whole ones
        merged[name] = np.where(part > whole, np.uint8(Use.SOME), _use(whole, folds))
    return merged
