"""The kernel's work: prepared exchanges, folded and multiplied, by `reen` and by SQL.

Input: a generated fleet and factors.  Output: contenders for `harness.run_in_turns`.  Everything
that a method would work out (flow codes, drivers, outcomes) is ready on both sides, so only the
fold, its coverage and the multiplication are timed.  Dense: groups are entities.  Sparse: each
asset is its own group, and results are read in blocks and dropped, on both sides.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import attrs
import numpy as np
import numpy.typing as npt
import peer_duckdb as sql
import polars as pl
import pyarrow as pa
from generators import FactorTable, Fleet, Sizes, make_factors, make_fleet
from harness import Contender
from peer_frames import Frames, in_order, in_pandas, pandas_by_join

from reen import Stage
from reen.engine.fold import Fold
from reen.engine.fold_builder import FoldBuilder
from reen.engine.rows import RowFacts
from reen.kernel import state, using
from reen.plugin import Assumption, Match, Reason
from reen.plugin.arrays import (
    Driver,
    Exchanges,
    FactorSet,
    Flow,
    FlowDescription,
    FlowKind,
    Outcome,
    Status,
)
from reen.results.footprint_figures import group_impacts
from reen.vocabulary.criteria import bundled_criteria

__all__ = ["STAGES", "KernelWork", "by_engine", "criteria_keys"]

STAGES = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.USE, Stage.END_OF_LIFE)
ITEM_STAGES = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE)

#: Groups whose impacts are read at a time in the sparse shape.
BLOCK = 1 << 16

#: Cells (rows x stages x criteria) beyond which pandas is not run: it holds them all, twice.
LARGEST_PANDAS = 64_000_000

#: How many times as fast as DuckDB the project wants to be, joining and by hand: by shape (a group
#: for each asset or not) and number of criteria.  By hand there is nothing to fold in the former.
WANTED = {
    (False, 1): (5.0, 5.0),
    (False, 16): (15.0, 8.0),
    (True, 1): (1.0, None),
    (True, 16): (2.0, None),
}

Floats = npt.NDArray[np.float64]

T = TypeVar("T")

_OUTCOMES = (
    Outcome(Status.ASSESSED, Match.MODEL),
    *(
        Outcome(
            Status.ASSESSED,
            Match.MODEL,
            None,
            (Assumption("default_of_type", parameter=parameter),),
        )
        for parameter in ("lifetime", "annual_energy")
    ),
    Outcome(Status.LEFT_OUT, reason=Reason("missing", column="quantity")),
    Outcome(Status.LEFT_OUT, reason=Reason("no_sheet")),
    Outcome(Status.LEFT_OUT, reason=Reason("missing", column="country")),
)
_MATCHED, _LIFETIME, _ENERGY, _NO_QUANTITY, _NO_FACTOR, _NO_COUNTRY = range(len(_OUTCOMES))


def by_engine(name: str, run: Callable[[], object], check: Callable[[], Floats]) -> list[Contender]:
    """Return work by the engine that runs here and, where that is the compiled one, by numpy's."""

    def on_numpy(work: Callable[[], T]) -> T:
        with using("numpy"):
            return work()

    found = [Contender(f"{name}, {state().engine}", run=run, check=check)]
    if state().engine == "compiled":
        found.append(
            Contender(f"{name}, numpy", run=lambda: on_numpy(run), check=lambda: on_numpy(check))
        )
    return found


def criteria_keys(count: int) -> tuple[str, ...]:
    """Return the keys of the first `count` criteria of the Environmental Footprint method."""
    return bundled_criteria().keys[:count]


def weights_of(groups: npt.NDArray[np.int64]) -> Floats:
    """Return a number in [0, 1) for each group, so that a sum notices two results swapped."""
    mixed = groups.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


@attrs.frozen(eq=False)
class KernelWork:
    """One fleet and one set of factors, as both sides want them.

    Attributes
    ----------
    sparse
        Whether each asset is its own group.
    factors
        Item flows, then mixes.
    batches
        What the builder takes in.
    columns
        The arrays that the fold reads, whole.
    item_table, mix_table, row_table
        What DuckDB takes in.
    """

    sparse: bool
    factors: FactorSet
    batches: Sequence[tuple[RowFacts, tuple[Exchanges, Exchanges]]]
    columns: Sequence[npt.NDArray[np.generic]]
    item_table: pa.Table
    mix_table: pa.Table
    row_table: pa.Table

    @classmethod
    def of(
        cls, sizes: Sizes, *, criteria: int, sparse: bool = False, batch_rows: int = 131_072
    ) -> KernelWork:
        """Prepare the work."""
        fleet = make_fleet(sizes)
        item, mix = _factors(fleet, criteria_keys(criteria))
        columns = _Columns.of(fleet)
        codes = fleet.asset if sparse else fleet.entity
        group = pa.RecordBatch.from_pydict(
            {"asset": pa.array(codes)} if sparse else {"entity": fleet.text("entity")}
        )
        return cls(
            sparse=sparse,
            factors=_factor_set(item, mix),
            batches=list(columns.batches(fleet, group, rows=batch_rows)),
            columns=[codes, *attrs.astuple(columns, recurse=False)],
            item_table=sql.wide(item, pa.array(range(len(item.keys)), pa.int32())),
            mix_table=sql.wide(mix, pa.array(range(len(mix.keys)), pa.int32())),
            row_table=columns.table(codes),
        )

    # -- reen ----------------------------------------------------------------------------------

    def fold(self) -> Fold:
        """Fold all batches."""
        builder = FoldBuilder(
            method="benchmark", by=("asset" if self.sparse else "entity",), factors=self.factors
        )
        for facts, exchanges in self.batches:
            builder.add(facts, exchanges)
        return builder.result()

    def _impacts(self, fold: Fold) -> Iterator[tuple[int, Floats]]:
        position = {flow: k for k, flow in enumerate(self.factors.flows)}
        values = self.factors.values[[position[flow] for flow in fold.flows]]
        step = BLOCK if self.sparse else fold.group_count
        for start in range(0, fold.group_count, step):
            stop = min(start + step, fold.group_count)
            yield start, group_impacts(fold.cells, values, start=start, stop=stop)

    def reen(self) -> object:
        """Fold and multiply."""
        return deque(self._impacts(self.fold()), maxlen=1)

    def reen_result(self) -> Floats:
        """Return what `reen` gives, in the common form."""
        fold = self.fold()
        blocks = []
        for start, impacts in self._impacts(fold):
            flat = impacts.reshape(len(impacts), -1)
            if self.sparse:
                groups = fold.groups["asset"].slice(start, len(flat)).to_numpy()
                blocks.append(_summary(groups, flat))
            else:
                blocks.append(flat)
        return np.sum(blocks, axis=0) if self.sparse else blocks[0]

    # -- peers ---------------------------------------------------------------------------------

    def contenders(self) -> list[Contender]:
        """Return `reen`, DuckDB written in two ways, and the bandwidth floor."""
        peer = sql.Peer(
            {
                "rows_in": self.row_table,
                "item_factors": self.item_table,
                "mix_factors": self.mix_table,
            }
        )
        query = sql.Query(
            rows=(
                "SELECT grouped, item_flow, mix_flow, quantity * per_lifetime AS item_amount,"
                " quantity * annual_energy AS kwh_amount FROM rows_in"
            ),
            group="grouped",
            item=self.item_table.column_names[1:],
            mix=self.mix_table.column_names[1:],
        )
        joined, by_hand = WANTED.get((self.sparse, len(self.factors.criteria)), (None, None))
        ways = {"join and group by": (sql.by_join(query), joined)}
        if not self.sparse:
            # With one group per asset there is nothing to fold before joining.
            ways["folded by hand"] = (sql.by_hand(query), by_hand)
        # The targets against the others are for entities and 16 criteria.
        aimed = not self.sparse and len(self.factors.criteria) == 16
        return [
            *by_engine("reen, with coverage", self.reen, self.reen_result),
            *(
                self._peer(peer, f"DuckDB, {way}", text, target)
                for way, (text, target) in ways.items()
            ),
            *([] if self.sparse else self._frames(aimed=aimed)),
            Contender(
                "numpy copy of the columns",
                run=self._copy,
                floor=True,
                target=6.0 if aimed else None,
            ),
        ]

    def _frames(self, *, aimed: bool) -> list[Contender]:
        """Return Polars, written in two ways, and pandas where it fits in memory."""
        frames = Frames.of(self.row_table, self.item_table, self.mix_table)
        factors = self.factors
        cells = [f"{stage}__{key}" for stage in factors.stages for key in factors.criteria]

        def contender(
            name: str, run: Callable[[], pl.DataFrame | pa.Table], target: float
        ) -> Contender:
            return Contender(
                name,
                run=run,
                check=lambda: in_order(run(), cells),
                target=target if aimed else None,
            )

        found = [
            contender("Polars, join and group by", frames.polars_by_join, 15.0),
            contender("Polars, folded by hand", frames.polars_by_hand, 5.0),
        ]
        if self.row_table.num_rows * len(cells) <= LARGEST_PANDAS:
            tables = in_pandas(frames)
            found.append(
                contender("pandas, join and group by", lambda: pandas_by_join(*tables), 100.0)
            )
        return found

    def _peer(self, peer: sql.Peer, name: str, text: str, target: float | None) -> Contender:
        # The order of the cells in reen's result: stage by stage, criterion by criterion.
        factors = self.factors
        cells = [f"{stage}__{key}" for stage in factors.stages for key in factors.criteria]

        def run() -> object:
            if not self.sparse:
                return peer.table(text)
            return deque(peer.batches(text, rows=BLOCK), maxlen=1)

        def check() -> Floats:
            if not self.sparse:
                return sql.in_order(peer.table(text), cells)
            batches = peer.batches(text, rows=BLOCK)
            parts = [
                _summary(each.column(0).to_numpy(), sql.numbers(each, cells)) for each in batches
            ]
            return np.asarray(np.sum(parts, axis=0))

        return Contender(name, run=run, check=check, target=target)

    def _copy(self) -> object:
        return [column.copy() for column in self.columns]

    @property
    def bytes_per_row(self) -> float:
        """Return how many bytes the fold reads for each row."""
        return sum(column.nbytes for column in self.columns) / len(self.columns[0])


def _summary(groups: npt.NDArray[np.int64], cells: Floats) -> Floats:
    """Return the sums of the cells, plain and weighted by group: (2, cells)."""
    return np.stack([cells.sum(axis=0), weights_of(groups) @ cells])


def _factors(fleet: Fleet, criteria: Sequence[str]) -> tuple[FactorTable, FactorTable]:
    item = make_factors(
        fleet.words["model"], stages=STAGES, filled=ITEM_STAGES, criteria=criteria, mean=60.0
    )
    mix = make_factors(
        fleet.words["country"], stages=STAGES, filled=(Stage.USE,), criteria=criteria, mean=0.2
    )
    return item, mix


def _factor_set(item: FactorTable, mix: FactorTable) -> FactorSet:
    item_flows, mix_flows = _flows(item.keys, mix.keys)
    texts = [FlowDescription(name=key) for key in item.keys]
    texts += [FlowDescription(name=key, reference_unit="kWh") for key in mix.keys]
    values = np.concatenate([item.values, mix.values])
    none = np.full(values.shape, np.nan)
    return FactorSet(
        item_flows + mix_flows, tuple(texts), STAGES, item.criteria, values, none, none, none
    )


@attrs.frozen(eq=False)
class _Columns:
    """What a method worked out for each row, in the widths that the contract gives."""

    item_flow: npt.NDArray[np.int32]
    mix_flow: npt.NDArray[np.int32]
    type_code: npt.NDArray[np.int32]
    item_outcome: npt.NDArray[np.uint8]
    mix_outcome: npt.NDArray[np.uint8]
    quantity: Floats
    per_lifetime: Floats
    annual_energy: Floats

    @classmethod
    def of(cls, fleet: Fleet) -> _Columns:
        """Fill in what is missing as a method does: defaults flagged, the rest left out."""
        no_quantity = np.isnan(fleet.quantity)
        # Every twentieth model has no factor.
        no_factor = fleet.model % 20 == 19
        no_lifetime, no_energy = np.isnan(fleet.lifetime), np.isnan(fleet.annual_energy)
        item = np.where(no_lifetime, np.uint8(_LIFETIME), np.uint8(_MATCHED))
        item[no_factor] = _NO_FACTOR
        item[no_quantity] = _NO_QUANTITY
        mix = np.where(no_energy, np.uint8(_ENERGY), np.uint8(_MATCHED))
        mix[fleet.country < 0] = _NO_COUNTRY
        mix[no_quantity] = _NO_QUANTITY
        return cls(
            item_flow=np.where(item < _NO_QUANTITY, fleet.model, np.int32(-1)),
            mix_flow=np.where(mix < _NO_QUANTITY, fleet.country, np.int32(-1)),
            type_code=fleet.type_code,
            item_outcome=item,
            mix_outcome=mix,
            quantity=fleet.quantity,
            per_lifetime=1.0 / np.where(no_lifetime, 5.0, fleet.lifetime),
            annual_energy=np.where(no_energy, 50.0, fleet.annual_energy),
        )

    def table(self, group: npt.NDArray[np.integer]) -> pa.Table:
        """Return the columns as DuckDB wants them, null where there is nothing."""
        codes = {"item_flow": self.item_flow, "mix_flow": self.mix_flow}
        numbers = {
            "quantity": self.quantity,
            "per_lifetime": self.per_lifetime,
            "annual_energy": self.annual_energy,
        }
        return pa.table(
            {"grouped": group}
            | {name: pa.array(column, mask=column < 0) for name, column in codes.items()}
            | {name: pa.array(column, from_pandas=True) for name, column in numbers.items()}
        )

    def batches(
        self, fleet: Fleet, group: pa.RecordBatch, *, rows: int
    ) -> Iterator[tuple[RowFacts, tuple[Exchanges, Exchanges]]]:
        """Cut the columns as a run of `measure` does."""
        kinds = FlowKind("item", ITEM_STAGES), FlowKind("electricity", (Stage.USE,))
        flows = _flows(fleet.words["model"], fleet.words["country"])
        for start in range(0, len(fleet), rows):
            part = slice(start, start + rows)
            facts = RowFacts(
                data=group.slice(start, rows),
                quantity=self.quantity[part],
                type_codes=self.type_code[part],
                type_names=fleet.types,
                digest=0,
                offset=start,
            )
            quantity = Driver(self.quantity[part], "item")
            item = Exchanges(
                kind=kinds[0],
                flows=flows[0],
                flow=self.item_flow[part],
                drivers={
                    "quantity": quantity,
                    "per_lifetime": Driver(self.per_lifetime[part], "1/year"),
                },
                reference_unit="item",
                outcomes=_OUTCOMES,
                outcome=self.item_outcome[part],
            )
            electricity = Exchanges(
                kind=kinds[1],
                flows=flows[1],
                flow=self.mix_flow[part],
                drivers={
                    "quantity": quantity,
                    "annual_energy": Driver(self.annual_energy[part], "kWh/item/year"),
                },
                reference_unit="kWh",
                outcomes=_OUTCOMES,
                outcome=self.mix_outcome[part],
            )
            yield facts, (item, electricity)


def _flows(models: Sequence[str], countries: Sequence[str]) -> tuple[tuple[Flow, ...], ...]:
    return (
        tuple(Flow("benchmark", model) for model in models),
        tuple(Flow("benchmark", "electricity", country, 2022) for country in countries),
    )
