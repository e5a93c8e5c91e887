"""Executors: an inventory in several files measured by two processes, by threads, and by one.

    python benchmarks/bench_executors.py
    python benchmarks/bench_executors.py --rows 400000 --files 4 --workers 2

Output: a table per format, and a JSON record of all runs.  End to end: from files of text, or of
Parquet, to impacts by entity.  The workers read the files for themselves; they are started, and
have loaded their plugins, before the clock does, but for the contender that says otherwise.  A last
case does work that shares nothing: what processes can gain on this machine at all, at this hour.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from generators import Sizes, make_fleet
from harness import REPEATS, Case, Contender, environment, report, run_in_turns, write_json

import reen

AS_OF = "2022-12-31"

#: Wanted of two processes on two cores.
TARGET = 1.6


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=3_200_000)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--entities", type=int, default=3_000)
    parser.add_argument("--models", type=int, default=600)
    parser.add_argument("--formats", nargs="+", choices=sorted(WRITERS), default=["csv", "parquet"])
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_executors.json"))
    return parser.parse_args(given)


def _csv(table: pa.Table, path: Path) -> None:
    pyarrow.csv.write_csv(table, path)


def _parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path)


#: How a file of each format is written.
WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {"csv": _csv, "parquet": _parquet}


def write(folder: Path, form: str, options: argparse.Namespace) -> list[Path]:
    """Write the files, all of one size."""
    sizes = Sizes(rows=options.rows, entities=options.entities, models=options.models)
    table = make_fleet(sizes).inventory(dictionary=False, ids=True)
    each = -(-options.rows // options.files)
    paths = []
    for number in range(options.files):
        paths.append(folder / f"fleet-{number}.{form}")
        WRITERS[form](table.slice(number * each, each), paths[-1])
    return paths


def measure(paths: Sequence[Path], executor: Executor | None) -> npt.NDArray[np.float64]:
    """Measure by entity and read all impacts: (groups, stages x criteria)."""
    footprint = reen.measure(
        paths, method="base-carbone", by="entity", as_of=AS_OF, executor=executor
    )
    return np.nan_to_num(footprint.impacts().reshape(footprint.group_count, -1))


def processes(workers: int) -> ProcessPoolExecutor:
    """Return processes that share nothing with this one, as on every system."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def contenders(
    paths: Sequence[Path], pool: Executor, threads: Executor, workers: int
) -> list[Contender]:
    """Return the processes first: it is they that are compared with the others."""

    def contender(name: str, executor: Executor | None, target: float | None = None) -> Contender:
        def run() -> npt.NDArray[np.float64]:
            return measure(paths, executor)

        return Contender(name, run=run, check=run, target=target)

    def started_anew() -> npt.NDArray[np.float64]:
        with processes(workers) as fresh:
            return measure(paths, fresh)

    return [
        contender(f"{workers} processes", pool),
        contender("one process", None, TARGET if workers == 2 else None),
        contender(f"{workers} threads", threads),
        Contender(f"{workers} processes, started anew", run=started_anew, check=started_anew),
    ]


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Run every format."""
    for form in options.formats:
        with (
            tempfile.TemporaryDirectory() as folder,
            processes(options.workers) as pool,
            ThreadPoolExecutor(options.workers) as threads,
        ):
            paths = write(Path(folder), form, options)
            size = sum(path.stat().st_size for path in paths)
            yield run_in_turns(
                f"end to end, {form}",
                contenders(paths, pool, threads, options.workers),
                sizes={
                    "rows": options.rows,
                    "files": options.files,
                    "MiB": round(size / 2**20, 1),
                    "entities": options.entities,
                },
                repeats=options.repeats,
                pools=True,
            )


def sums(seed: int) -> float:
    """Do work that needs a core, some memory, and nothing that another process has."""
    values = np.random.default_rng(seed).random(1 << 18)
    return float(sum(np.sort(values * factor)[::97].sum() for factor in range(1, 41)))


def ceiling(options: argparse.Namespace) -> Case:
    """Do the same sums by as many processes, and by one."""
    pieces = range(8 * options.workers)
    with processes(options.workers) as pool:

        def shared() -> npt.NDArray[np.float64]:
            return np.array([list(pool.map(sums, pieces))])

        def alone() -> npt.NDArray[np.float64]:
            return np.array([[sums(piece) for piece in pieces]])

        return run_in_turns(
            "sums that share nothing",
            [
                Contender(f"{options.workers} processes", run=shared, check=shared),
                Contender("one process", run=alone, check=alone),
            ],
            sizes={"pieces": len(pieces)},
            repeats=options.repeats,
            pools=True,
        )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for case in itertools.chain(cases(options), map(ceiling, [options])):
        print(report(case), flush=True)
        done.append(case)
    about = environment("reen", "numpy", "pyarrow")
    write_json(options.json, benchmark="executors", cases=done, about=about)


if __name__ == "__main__":
    main()
