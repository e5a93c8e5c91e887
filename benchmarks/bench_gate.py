"""The gate: what it costs to check a Parquet or Arrow file in full, against reading it.

    python benchmarks/bench_gate.py
    python benchmarks/bench_gate.py --rows 10000

Output: a table per case, and a JSON record of all runs.  `admit` checks what was read, `read_arrow`
reads and checks; the floor is pyarrow reading the same file and checking nothing.  The project
wants the check to take half as long as the read, at most, on Parquet.  An IPC file is read as fast
as it is copied, so that any look at its cells shows.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from generators import Sizes, make_fleet
from harness import REPEATS, Case, Contender, environment, report, run_in_turns, write_json
from reen.plugin.files import admit, read_arrow

#: Checking, over reading.
TARGET = 0.5


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_gate.json"))
    return parser.parse_args(given)


def fleet(rows: int, *, dictionary: bool) -> pa.Table:
    """Return an inventory with identifiers and dates, which are what the gate looks at longest."""
    table = make_fleet(Sizes(rows=rows)).inventory(dictionary=dictionary, ids=True)
    serials = pa.array([f"SN{k * 7919 % 10**9:09d}" for k in range(rows)])
    return table.append_column("serial_number", serials)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a Parquet file as pyarrow does when nothing is said."""
    pq.write_table(table, path)


def write_ipc(table: pa.Table, path: Path) -> None:
    """Write an Arrow IPC file without compression."""
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def read_parquet(path: Path) -> pa.Table:
    """Read a Parquet file as pyarrow does when nothing is said."""
    return pq.read_table(path)


def read_ipc(path: Path) -> pa.Table:
    """Read an Arrow IPC file into memory."""
    with pa.OSFile(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def digest(table: pa.Table) -> npt.NDArray[np.float64]:
    """Return the rows and, by column, the cells that are not blank and their bytes of text."""
    found = [float(table.num_rows)]
    for column in table.columns:
        texts = column.cast(pa.string())
        found += [
            float(len(texts) - texts.null_count),
            float(pc.sum(pc.binary_length(texts)).as_py()),
        ]
    return np.array(found)


FORMS: dict[
    str, tuple[Callable[[pa.Table, Path], None], Callable[[Path], pa.Table], bool, float | None]
] = {
    "Parquet": (write_parquet, read_parquet, False, TARGET),
    "Parquet of dictionaries": (write_parquet, read_parquet, True, TARGET),
    "Arrow IPC": (write_ipc, read_ipc, False, None),
}


def cases(folder: Path, *, rows: int, repeats: int) -> Iterator[Case]:
    """Time each form of file."""
    for name, (write, read, dictionary, target) in FORMS.items():
        path = folder / f"fleet{rows}"
        write(fleet(rows, dictionary=dictionary), path)
        table = read(path)
        reading = Contender(
            "pyarrow, unchecked",
            run=lambda path=path, read=read: read(path),
            check=lambda table=table: digest(table),
            floor=True,
        )
        sizes = {"rows": rows, "bytes": path.stat().st_size}
        checking = Contender(
            "reen.plugin.files.admit",
            run=lambda table=table: admit(table),
            check=lambda table=table: digest(admit(table)),
        )
        both = Contender(
            "reen.plugin.files.read_arrow",
            run=lambda path=path: read_arrow(path),
            check=lambda path=path: digest(read_arrow(path)[0]),
        )
        for what, contender, limit in (
            ("checking", checking, target),
            ("reading and checking", both, None if target is None else 1.0 + target),
        ):
            yield run_in_turns(
                f"{what}, {name}",
                [contender, attrs.evolve(reading, target=limit)],
                sizes=sizes,
                repeats=repeats,
            )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            for case in cases(Path(folder), rows=rows, repeats=options.repeats):
                print(report(case), flush=True)
                done.append(case)
    about = environment("reen", "numpy", "pyarrow", "attrs")
    write_json(options.json, benchmark="gate", cases=done, about=about)


if __name__ == "__main__":
    main()
