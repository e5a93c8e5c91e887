"""Executors: who folds which part, in what order, changes nothing; what is in flight is bounded."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq
import pytest

import reen
from reen import kernel
from reen.errors import InventoryError
from reen.plugin import Context
from reen.plugin.arrays import Batch, Exchanges, FlowKind
from reen.plugins.guard import current_time_limit, time_limit
from reen.tables.arrow_grid import MANY_ROWS
from reen.testing import assert_footprints_close

AS_OF = "2022-12-31"
ROWS = 3_000


@pytest.fixture(scope="module")
def fleet() -> pa.Table:
    rows = range(ROWS)
    return pa.table(
        {
            "id": [f"PC-{row}" for row in rows],
            "equipment_type": [["PC portable", "desktop", "écran", None][row % 4] for row in rows],
            "country": [["FR", "BE", None][row % 3] for row in rows],
            "quantity": [None if row % 11 == 0 else 1.0 + row % 4 for row in rows],
            "lifetime": [None if row % 6 == 0 else 3.3 + row % 5 for row in rows],
            "annual_energy": [None if row % 4 == 0 else 50.1 + row for row in rows],
            "team": [f"team {row % 8}" for row in rows],
        }
    )


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def measure(source: object, executor: Executor | None, **options: object) -> reen.Footprint:
    chosen: dict[str, object] = {"method": "base-carbone", "by": "team", "as_of": AS_OF, **options}
    return reen.measure(source, executor=executor, **chosen)  # type: ignore[arg-type]


def write_all(fleet: pa.Table, folder: Path) -> list[Path]:
    """Write three files of text, of different sizes."""
    paths = []
    for name, start, rows in (("a", 0, 500), ("b", 500, 1500), ("c", 2000, 1000)):
        paths.append(folder / f"{name}.csv")
        pyarrow.csv.write_csv(fleet.slice(start, rows), paths[-1])
    return paths


def source_of(kind: str, fleet: pa.Table, folder: Path) -> object:
    """Return the fleet in one of the forms that can be measured."""
    if kind == "inventory":
        return reen.Inventory.from_arrow(fleet)
    if kind == "stream":
        return fleet.to_reader(max_chunksize=170)
    if kind == "texts":
        return write_all(fleet, folder)
    path = folder / "fleet.parquet"
    pq.write_table(fleet, path, row_group_size=300)
    return path if kind == "parquet" else pa_dataset.dataset(path)


KINDS = pytest.mark.parametrize("kind", ["inventory", "stream", "parquet", "dataset", "texts"])
POOLS = pytest.mark.parametrize("pool", ["threads", "processes"])


@pytest.mark.slow
@KINDS
@POOLS
def test_every_pool_gives_what_this_thread_gives(
    kind: str, pool: str, fleet: pa.Table, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    executor: Executor = request.getfixturevalue(pool)
    alone = measure(source_of(kind, fleet, tmp_path), None, batch_rows=100)
    shared = measure(source_of(kind, fleet, tmp_path), executor, batch_rows=100, in_flight=3)
    assert_footprints_close(shared, alone)
    assert shared.provenance == alone.provenance
    assert list(map(repr, shared.coverage)) == list(map(repr, alone.coverage))


@pytest.mark.slow
@KINDS
def test_threads_and_processes_give_the_same_bits(
    kind: str,
    fleet: pa.Table,
    tmp_path: Path,
    threads: Executor,
    processes: Executor,
) -> None:
    one = measure(source_of(kind, fleet, tmp_path), threads, batch_rows=100)
    other = measure(source_of(kind, fleet, tmp_path), processes, batch_rows=100, in_flight=2)
    assert one == other


class Late(Executor):
    """An executor that finishes the last of what it holds first, when it can wait no longer."""

    def __init__(self) -> None:
        self.most = 0
        self._jobs: list[tuple[Future, object, tuple[object, ...]]] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._worker = threading.Thread(target=self._run, daemon=True)
        self._worker.start()

    def submit(self, function, /, *given, **named):  # noqa: ANN001, ANN002, ANN003, ANN201
        assert not named
        future: Future = Future()
        with self._lock:
            self._jobs.append((future, function, given))
            self.most = max(self.most, len(self._jobs))
        return future

    def _run(self) -> None:
        # at each look, whatever came last: parts arrive in an order of their own
        while not self._over.wait(0.01):
            with self._lock:
                job = self._jobs.pop() if self._jobs else None
            if job is not None:
                future, function, given = job
                if future.set_running_or_notify_cancel():
                    try:
                        future.set_result(function(*given))  # type: ignore[operator]
                    except reen.ReenError as error:
                        future.set_exception(error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        del wait, cancel_futures
        self._over.set()
        self._worker.join()


@pytest.mark.slow
def test_parts_that_come_back_out_of_order(fleet: pa.Table, threads: Executor) -> None:
    with Late() as late:
        found = measure(fleet.to_reader(), late, batch_rows=50, in_flight=7)
        assert late.most <= 7
    assert found == measure(fleet.to_reader(), threads, batch_rows=50)


@pytest.mark.slow
def test_a_stream_is_not_read_ahead_of_the_workers(fleet: pa.Table) -> None:
    """With three parts of two blocks in flight, no more than that is taken off the stream.

    But for the rows that tell whether it is short, and for one batch, which may be the last.
    """
    taken = 0
    long = pa.concat_tables([fleet] * 10)

    def rows() -> Iterator[pa.RecordBatch]:
        nonlocal taken
        for batch in long.combine_chunks().to_batches(max_chunksize=500):
            taken += 1
            yield batch

    started = threading.Event()

    class Counting(Late):
        def submit(self, function, /, *given, **named):  # noqa: ANN001, ANN002, ANN003, ANN202
            assert taken <= max(MANY_ROWS // 500, 2 * (len(done) + 3) + 2)
            started.set()
            return super().submit(function, *given, **named)

    done: list[int] = []
    with Counting() as executor:
        reader = pa.RecordBatchReader.from_batches(fleet.schema, rows())
        measure(
            reader,
            executor,
            batch_rows=500,
            in_flight=3,
            progress=lambda count, _: done.append(count),
        )
    assert started.is_set()
    assert done[-1] == 10 * ROWS
    assert len(done) == 10 * ROWS // 1_000


def test_progress_of_an_executor(fleet: pa.Table, tmp_path: Path, threads: Executor) -> None:
    seen: list[tuple[int, int | None]] = []
    path = source_of("parquet", fleet, tmp_path)
    measure(path, threads, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (ROWS, ROWS)


@pytest.mark.slow
@POOLS
def test_a_part_that_fails_calls_off_the_rest(
    pool: str, fleet: pa.Table, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The error of a worker arrives whole: its class, what it says, where."""
    path = tmp_path / "fleet.parquet"
    pq.write_table(fleet, path, row_group_size=300)
    raw = bytearray(path.read_bytes())
    chunk = pq.read_metadata(path).row_group(4).column(1)
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    raw[start : start + chunk.total_compressed_size] = b"\xff" * chunk.total_compressed_size
    path.write_bytes(bytes(raw))
    with pytest.raises(InventoryError, match=r"^fleet\.parquet, row group 4: cannot be read"):
        measure(path, request.getfixturevalue(pool), batch_rows=300)


@pytest.mark.slow
@pytest.mark.parametrize("executor", [None, "threads"])
def test_files_read_apart_need_not_all_have_a_column(
    executor: str | None, fleet: pa.Table, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """One file without teams: its rows are of no team; a column that no file has is refused."""
    pyarrow.csv.write_csv(fleet.slice(0, 100), tmp_path / "a.csv")
    pyarrow.csv.write_csv(fleet.slice(100, 100).drop_columns(["team"]), tmp_path / "b.csv")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    pool = request.getfixturevalue(executor) if executor else None
    found = measure(paths, pool)
    assert_footprints_close(found, measure(reen.read(paths, keep=["team"]), None))
    assert found.groups["team"].to_pylist()[-1] is None
    with pytest.raises(reen.errors.UnknownNameError, match="'teem'"):
        measure(paths, pool, by="teem")


@pytest.mark.slow
def test_files_of_a_system_are_read_together(threads: Executor) -> None:
    """Machines and their applications belong together, whoever folds them."""
    folder = Path(__file__).parents[2] / "fixtures" / "numecoeval"
    paths = [folder / "materiel.csv", folder / "machines.csv"]
    found = measure(paths, threads, method="numecoeval", by=())
    assert_footprints_close(found, measure(reen.read(paths), None, method="numecoeval", by=()))


@pytest.mark.slow
def test_a_system_and_its_levels_with_an_executor(threads: Executor) -> None:
    folder = Path(__file__).parents[2] / "fixtures" / "numecoeval"
    system = reen.read([folder / "materiel.csv", folder / "machines.csv"])
    options = {"method": "numecoeval", "by": (), "level": "virtual_machine"}
    assert measure(system, threads, **options) == measure(system, None, **options)


@pytest.mark.slow
@pytest.mark.parametrize("in_flight", [0, -1])
def test_parts_in_flight_are_above_zero(fleet: pa.Table, threads: Executor, in_flight: int) -> None:
    with pytest.raises(reen.errors.OptionError, match="option in_flight="):
        measure(fleet, threads, in_flight=in_flight)


class Hurried:
    """A method that says how long it may take."""

    name = "hurried"
    version = "1"
    title = reference = "none"
    packs: tuple[str, ...] = ()
    kinds = (FlowKind("item", (reen.Stage.MANUFACTURING,)),)
    columns = ("equipment_type",)

    def prepare(self, context: Context) -> Hurried:
        del context
        return self

    def exchanges(self, batch: Batch) -> list[Exchanges]:
        raise RuntimeError(f"{len(batch)} rows within {current_time_limit()} s")


class Threaded(Hurried):
    """Says how many threads the compiled loops may use."""

    def exchanges(self, batch: Batch) -> list[Exchanges]:
        raise RuntimeError(f"{kernel.threads(10 * ROWS * len(batch))} threads")


@pytest.mark.parametrize(("executor", "allowed"), [(None, 3), ("threads", 1)])
def test_a_worker_starts_no_threads(
    executor: str | None,
    allowed: int,
    fleet: pa.Table,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """The workers are what runs beside each other: threads of each would be too many."""
    monkeypatch.setenv(kernel.THREADS_VARIABLE, "3")
    pool = request.getfixturevalue(executor) if executor else None
    with pytest.raises(reen.errors.PluginError, match=f"{allowed} threads"):
        measure(fleet, pool, method=Threaded())


@pytest.mark.slow
@pytest.mark.parametrize("executor", [None, "threads"])
def test_the_limit_of_time_goes_to_the_workers(
    executor: str | None, fleet: pa.Table, request: pytest.FixtureRequest
) -> None:
    pool = request.getfixturevalue(executor) if executor else None
    with time_limit(7.0), pytest.raises(reen.errors.PluginError, match=r"3000 rows within 7\.0 s"):
        measure(fleet, pool, method=Hurried())


@pytest.mark.slow
def test_no_row_with_an_executor(fleet: pa.Table, threads: Executor) -> None:
    nothing = fleet.slice(0, 0)
    assert measure(nothing, threads) == measure(nothing, None)
