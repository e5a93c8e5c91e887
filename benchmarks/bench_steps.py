"""From a file to a footprint, step by step, each next to reading the file at all.

    python benchmarks/bench_steps.py
    python benchmarks/bench_steps.py --rows 400000 --formats csv --chunks 1 40

Output: a table per step, and a JSON record of all runs.  The file holds what a careful exporter
writes: canonical columns, words in several spellings, missing values, an identifier that never
comes twice.  Steps: *conform* (words to codes, dates, units, ranges: an `Inventory` from the table
that pyarrow read), *import* (`reen.read` of the file, which takes nothing on trust: every cell as
text, rows that are no equipment and assets that stand twice looked for), *measure* (that inventory
by entity), *all* (`reen.measure` of the file).  The floor is pyarrow reading the file, on all
cores.  Chunks: in how many pieces the table comes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
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

#: Wanted of each step before the method: at most as long as the read.
TARGET = 1.0


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--entities", type=int, default=3_000)
    parser.add_argument("--models", type=int, default=600)
    parser.add_argument("--chunks", type=int, nargs="+", default=[1, 40])
    parser.add_argument("--formats", nargs="+", choices=sorted(FORMATS), default=sorted(FORMATS))
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_steps.json"))
    return parser.parse_args(given)


def _write_csv(table: pa.Table, path: Path) -> None:
    pyarrow.csv.write_csv(table, path)


def _write_parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path)


def _read_csv(path: Path) -> pa.Table:
    return pyarrow.csv.read_csv(path)


def _read_parquet(path: Path) -> pa.Table:
    return pq.read_table(path)


#: How a file of each format is written, and read.
FORMATS: dict[str, tuple[Callable[[pa.Table, Path], None], Callable[[Path], pa.Table]]] = {
    "csv": (_write_csv, _read_csv),
    "parquet": (_write_parquet, _read_parquet),
}


def cut(table: pa.Table, chunks: int) -> pa.Table:
    """Return the table in so many pieces of one size."""
    rows = -(-table.num_rows // chunks)
    return pa.Table.from_batches(table.combine_chunks().to_batches(max_chunksize=rows))


def impacts(source: reen.Inventory | Path) -> npt.NDArray[np.float64]:
    """Measure by entity and read all impacts."""
    footprint = reen.measure(source, method="base-carbone", by="entity", as_of=AS_OF)
    return np.nan_to_num(footprint.impacts().reshape(footprint.group_count, -1))


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Run every format and number of chunks."""
    sizes = Sizes(rows=options.rows, entities=options.entities, models=options.models)
    fleet = make_fleet(sizes).inventory(dictionary=False, ids=True)
    for form in options.formats:
        write, read = FORMATS[form]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"fleet.{form}"
            write(fleet, path)

            def reading(target: float | None) -> Contender:
                return Contender(
                    "pyarrow reads the file",
                    run=lambda: read(path),  # noqa: B023 - run before the next turn of the loop
                    target=target,
                    floor=True,
                )

            table = read(path)
            about = {"rows": options.rows, "MiB": round(path.stat().st_size / 2**20, 1)}
            for chunks in options.chunks:
                pieces = cut(table, chunks)
                step = Contender("conform", run=lambda: reen.Inventory.from_arrow(pieces))  # noqa: B023
                yield run_in_turns(
                    f"conform, {form}",
                    [step, reading(TARGET)],
                    sizes={**about, "chunks": chunks},
                    repeats=options.repeats,
                )
            inventory = reen.Inventory.from_arrow(table)
            works: dict[str, tuple[Callable[[], object], float | None]] = {
                "import": (lambda: reen.read(path), TARGET),  # noqa: B023
                "measure": (lambda: impacts(inventory), None),  # noqa: B023
                "all": (lambda: impacts(path), None),  # noqa: B023
            }
            for name, (work, target) in works.items():
                yield run_in_turns(
                    f"{name}, {form}",
                    [Contender(name, run=work), reading(target)],
                    sizes=about,
                    repeats=options.repeats,
                )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for case in cases(options):
        print(report(case), flush=True)
        done.append(case)
    about = environment("reen", "numpy", "pyarrow")
    write_json(options.json, benchmark="steps", cases=done, about=about)


if __name__ == "__main__":
    main()
