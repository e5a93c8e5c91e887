"""The compiled engine and numpy's give the same folds, to the last bit: skipped where not built."""

from __future__ import annotations

import hashlib
import os

import attrs
import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

import reen
from reen.engine.fold import Fold
from reen.engine.fold_builder import FoldBuilder
from reen.engine.rows import RowFacts
from reen.errors import OptionError, ReenError
from reen.inventory.inventory import Inventory
from reen.kernel import THREADS_VARIABLE, state, using
from reen.plugin import Match, Registry, Stage
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
from reen.testing import Measurement, inventories, measurements, methods
from reen.testing.fleets import fleet_of

pytestmark = pytest.mark.skipif(not state().built, reason="no compiled kernel here")

#: Numbers that the schema takes and those that it does not, at the ends of what floats hold.
HOSTILE = (0.0, -0.0, 5e-324, 1e-310, 1e15, 1.0000000000000002e15, -1.0, np.nan, np.inf, -np.inf)


def bits_of(fold: Fold) -> list[bytes]:
    """Return every figure of a fold as the bytes that it is made of."""
    parts = [fold.cells, fold.by_group, fold.by_type, *([fold.noise] if fold.noise else [])]
    arrays = [value for part in parts for value in attrs.astuple(part, recurse=False)]
    return [each.tobytes() for each in (*arrays, *fold.drivers.values())]


def assert_same(left: reen.Footprint | Exception, right: reen.Footprint | Exception) -> None:
    if isinstance(left, Exception) or isinstance(right, Exception):
        assert (type(left), str(left)) == (type(right), str(right))
        return
    assert left.fold == right.fold
    assert bits_of(left.fold) == bits_of(right.fold)
    assert left.impacts().tobytes() == right.impacts().tobytes()
    assert left.provenance.rows_digest == right.provenance.rows_digest


def by_engine(case: Measurement, engine: str, rows: int) -> reen.Footprint | Exception:
    with using(engine):  # type: ignore[arg-type]
        try:
            return case.run(batch_rows=rows)
        except ReenError as error:
            return error


def many(inventory: Inventory, seed: int, rows: int, *, hostile: bool) -> Inventory:
    """Return as many rows of an inventory, in any order; some numbers replaced by hostile ones.

    Enough of them that cases are looked up by stages; sliced, so that no array starts at 0.
    """
    dice = np.random.default_rng(seed)
    table = inventory.table
    taken = table.take(pa.array(dice.integers(0, len(table), rows + 3)))
    for number, field in enumerate(taken.schema):
        if hostile and pa.types.is_floating(field.type):
            values = taken.column(number).to_numpy(zero_copy_only=False).copy()
            where = dice.random(len(values)) < 0.2
            values[where] = dice.choice(HOSTILE, int(where.sum()))
            mask = taken.column(number).is_null().to_numpy(zero_copy_only=False) & ~where
            taken = taken.set_column(number, field, pa.chunked_array([pa.array(values, mask=mask)]))
    return Inventory.from_arrow(taken.slice(3))


@pytest.fixture(scope="module")
def drawn(registry: Registry) -> st.SearchStrategy[Measurement]:
    """Return measurements by any bundled method with any options."""
    of_any = methods(registry).filter(
        lambda each: [getattr(each, "archived", ""), getattr(each, "proxies", "")] != ["only"] * 2
    )
    fleets = inventories(
        min_rows=1, also=["power", "usage_hours", "reconditioned", "retirement_date"]
    )
    return measurements(registry, method=of_any, inventory=fleets)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.data(),
    seed=st.integers(0, 2**32),
    size=st.sampled_from((0, 1, 47, 49, 300, 1500)),
    rows=st.sampled_from((1_024, 100, 65_536)),
    hostile=st.booleans(),
)
def test_any_fleet(
    drawn: st.SearchStrategy[Measurement],
    data: st.DataObject,
    seed: int,
    size: int,
    rows: int,
    hostile: bool,  # noqa: FBT001 - drawn
) -> None:
    """Any method, option and group; NaN, infinities, subnormals; empty, sliced and cut batches."""
    case = data.draw(drawn)
    larger = many(case.inventory, seed, size, hostile=hostile)
    case = attrs.evolve(case, inventory=larger)
    assert_same(by_engine(case, "numpy", rows), by_engine(case, "compiled", rows))


@pytest.mark.slow
@pytest.mark.parametrize("method", ["base-carbone", "declared", "ecodiag", "numecoeval"])
@pytest.mark.parametrize("by", ["", "entity", "id", "entity,country,model"])
def test_a_large_fleet(registry: Registry, method: str, by: str) -> None:
    """Dense tables, sparse ones (a group a row), and groups of several columns."""
    named = ("annual_energy", "country", "entity", "id", "lifetime", "model", "status")
    fleet = fleet_of(named, {"country": ["FR", "DE", "BR"]}, rows=9_000, invented=300)
    found = []
    for engine in ("numpy", "compiled"):
        with using(engine):  # type: ignore[arg-type]
            keys = [name for name in by.split(",") if name]
            found.append(
                reen.measure(
                    fleet, method, by=keys, as_of="2022-12-31", registry=registry, batch_rows=2_000
                )
            )
    assert_same(*found)
    assert found[0].fold.rows == 9_000


@pytest.mark.slow
@pytest.mark.parametrize("by", ["", "entity", "id"])
def test_any_number_of_threads(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """Batches that several threads share, and those too small to be; whoever takes which part."""
    named = ("annual_energy", "country", "entity", "id", "lifetime", "model", "status")
    fleet = fleet_of(named, {"country": ["FR", "DE", "BR"]}, rows=90_000, invented=300)
    found = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv(THREADS_VARIABLE, threads)
        with using("compiled"):
            keys, day = [by] if by else [], "2022-12-31"
            found.append(
                reen.measure(
                    fleet, "base-carbone", by=keys, as_of=day, registry=registry, batch_rows=50_000
                )
            )
    for other in found[1:]:
        assert_same(found[0], other)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_process_that_forks(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads end with the call that started them: a child that is forked measures as before."""
    monkeypatch.setenv(THREADS_VARIABLE, "4")
    fleet = fleet_of(("country", "lifetime"), {"country": ["FR", "DE"]}, rows=40_000)

    def digest() -> str:
        made = reen.measure(fleet, "base-carbone", as_of="2022-12-31", registry=registry)
        return hashlib.sha256(b"".join(bits_of(made.fold))).hexdigest()

    mine = digest()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, digest().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        assert told.read() == mine
    assert os.waitpid(child, 0)[1] == 0


def rows_of(
    seed: int, size: int, offset: int, flows: tuple[Flow, ...]
) -> tuple[RowFacts, Exchanges]:
    """Return rows as a method of arrays answers them: hostile numbers where there is no flow."""
    dice = np.random.default_rng([seed, size, offset])
    outcomes = (Outcome(Status.ASSESSED, Match.MODEL), Outcome(Status.LEFT_OUT, reason="none"))
    outcome = dice.integers(0, 2, size).astype(np.uint8)
    flow = np.where(outcome == 0, dice.integers(0, len(flows), size), -1).astype(np.int32)
    drivers = {
        name: Driver(
            np.where(flow < 0, dice.choice(HOSTILE, size), dice.lognormal(0, 9, size)), "1"
        )
        for name in ("a", "b", "c")
    }
    words = dice.choice(["x", "y", "z", None], size)
    facts = RowFacts(
        data=pa.RecordBatch.from_pydict({"place": pa.array(words, pa.string())}),
        quantity=np.where(dice.random(size) < 0.2, np.nan, dice.lognormal(0, 5, size)),
        type_codes=dice.integers(-1, 2, size).astype(np.int32),
        type_names=("laptop", "server"),
        digest=0,
        offset=offset,
    )
    kind = FlowKind("item", (Stage.USE,))
    return facts, Exchanges(
        kind=kind,
        flows=flows,
        flow=flow,
        drivers=drivers,
        reference_unit="item",
        outcomes=outcomes,
        outcome=outcome,
    )


@given(
    seed=st.integers(0, 2**32),
    sizes=st.lists(st.sampled_from((0, 1, 65, 511, 512, 513, 2000)), max_size=4),
    by=st.sampled_from(((), ("place",))),
    dense_cells=st.sampled_from((0, 24, 1 << 24)),
)
def test_exchanges_of_arrays(
    seed: int, sizes: list[int], by: tuple[str, ...], dense_cells: int
) -> None:
    """Methods that answer row by row; tables dense, sparse, and given up on the way."""
    flows = tuple(Flow("pack", f"flow {number}") for number in range(5))
    values = np.random.default_rng(seed).lognormal(0, 3, (len(flows), 1, 1))
    none = np.full(values.shape, np.nan)
    described = tuple(FlowDescription(name=str(flow)) for flow in flows)
    factors = FactorSet(
        flows, described, (Stage.USE,), ("climate_change",), values, none, none, none
    )
    found = []
    for engine in ("numpy", "compiled"):
        builder = FoldBuilder(method="arrays", by=by, factors=factors, dense_cells=dense_cells)
        with using(engine):  # type: ignore[arg-type]
            for number, size in enumerate(sizes):
                facts, exchanges = rows_of(seed, size, 10_000 * number, flows)
                builder.add(facts, [exchanges])
            found.append(builder.result())
    assert found[0] == found[1]
    assert bits_of(found[0]) == bits_of(found[1])


def test_comparisons(registry: Registry) -> None:
    fleet = fleet_of(("country", "lifetime", "annual_energy"), {"country": ["FR", "DE"]}, rows=3000)
    results = [
        reen.compare(
            fleet,
            methods=["base-carbone", "ecodiag"],
            as_of="2022-12-31",
            registry=registry,
            engine=engine,
        )
        for engine in ("numpy", "compiled")
    ]
    assert repr(results[0].gaps) == repr(results[1].gaps)
    for name, footprint in results[0].details.items():
        assert_same(footprint, results[1].details[name])


def test_an_engine_that_there_is_not() -> None:
    laptop = reen.Equipment("laptop")
    with pytest.raises(OptionError, match="auto, numpy or compiled"):
        reen.measure(laptop, "declared", engine="gpu")  # type: ignore[arg-type]
