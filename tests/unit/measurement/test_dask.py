"""Dask, for real: two worker processes, one of which is killed while it has a part in hand.

What Dask makes of `Client.get_executor()` is an executor like any other; reen knows nothing of it.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen
from reen.errors import WorkerError
from reen.testing import assert_footprints_close

if TYPE_CHECKING:
    import distributed

pytestmark = [
    pytest.mark.slow,
    # its own clean-up of sockets and threads is not ours to judge
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by a POSIX signal"),
]

#: Seconds after which something hangs.
PATIENCE = 120.0


@pytest.fixture
def plugin(install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a plugin that is installed here and, by the same path, in the workers."""
    folder = install("here")
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()
    yield folder
    sys.modules.pop("reen_counting", None)


@pytest.fixture
def client(plugin: Path) -> Iterator[distributed.Client]:
    """Return a cluster of two processes on this machine, each watched by a nanny."""
    del plugin  # its path must be there before the workers start
    # here, since every worker of the quick tier imports this file and runs nothing of it
    distributed = pytest.importorskip(
        "distributed", reason="distributed is not installed: pip install -e '.[test]'"
    )
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            memory_limit=0,
            silence_logs=50,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(2, timeout=PATIENCE)
        yield client


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Return a folder of eight Parquet files, each of them a part."""
    folder = tmp_path / "fleet"
    folder.mkdir()
    for file in range(8):
        rows = range(1000 * file, 1000 * (file + 1))
        table = pa.table(
            {
                "equipment_type": ["laptop"] * len(rows),
                "quantity": [None if row % 7 == 0 else 1.0 + row % 3 for row in rows],
                "lifetime": [3.3 + row % 5 for row in rows],
                "team": [f"team {row % 8}" for row in rows],
            }
        )
        pq.write_table(table, folder / f"part-{file}.parquet", row_group_size=300)
    return folder


def wait_for(found: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < until, f"{what}: not within {PATIENCE:g} s"
        time.sleep(0.02)


def workers_of(client: distributed.Client) -> set[int]:
    return set(client.run(os.getpid).values())


def test_dask_gives_what_this_process_gives(client: distributed.Client, fleet: Path) -> None:
    """From files that the workers read, and from rows that are sent to them."""
    options = {"method": "base-carbone", "by": "team", "as_of": "2022-12-31"}
    for source in (fleet, pq.read_table(fleet), reen.read(fleet, keep=["team"])):
        alone = reen.measure(source, **options)
        executor = client.get_executor()
        shared = reen.measure(source, executor=executor, batch_rows=200, **options)
        assert_footprints_close(shared, alone)
        assert shared.provenance == alone.provenance
        assert list(map(repr, shared.coverage)) == list(map(repr, alone.coverage))


def test_the_part_of_a_killed_worker_is_done_again(
    client: distributed.Client, fleet: Path, tmp_path: Path
) -> None:
    """Both workers say that they are at work, and wait; one is killed; then the work goes on."""
    events = tmp_path / "events"
    events.mkdir()
    registry = reen.load_plugins()
    method = attrs.evolve(registry.method("counting"), events=str(events))
    before = workers_of(client)
    killed: list[int] = []

    def kill() -> None:
        wait_for(lambda: len(list(events.glob("at-work-*"))) == 2, "two workers at work")
        at_work = {int(each.name.removeprefix("at-work-")) for each in events.glob("at-work-*")}
        assert at_work == before
        killed.append(min(at_work))
        os.kill(killed[0], signal.SIGKILL)
        events.joinpath("go").touch()

    options = {"by": "team", "as_of": "2022-12-31", "registry": registry}
    killer = threading.Thread(target=kill)
    killer.start()
    shared = reen.measure(fleet, method=method, executor=client.get_executor(), **options)
    killer.join(PATIENCE)
    assert killed
    alone = reen.measure(fleet, method=method, **options)
    assert_footprints_close(shared, alone)
    assert shared.provenance == alone.provenance
    assert list(map(repr, shared.coverage)) == list(map(repr, alone.coverage))
    wait_for(lambda: len(workers_of(client)) == 2, "the nanny's new worker")
    assert killed[0] not in workers_of(client)


def test_a_worker_with_another_pack_is_refused(
    client: distributed.Client, fleet: Path, install: Callable[..., Path], plugin: Path
) -> None:
    """The workers have the pack of the path; the caller, a newer one."""
    newer = install("newer", pack="2", value="120")
    sys.path.remove(str(plugin))
    sys.path.insert(0, str(newer))
    importlib.invalidate_caches()
    registry = reen.load_plugins()
    with pytest.raises(WorkerError, match=r"has version 1 .* caller has version 2"):
        reen.measure(fleet, method="counting", registry=registry, executor=client.get_executor())
