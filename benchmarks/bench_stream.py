"""Streaming: a Parquet file measured without loading it, at two sizes ten times apart.

    python benchmarks/bench_stream.py
    python benchmarks/bench_stream.py --rows 1000000 5000000 --sources path duckdb polars

Output: a table per source, and a JSON record of all runs.  Each run is a process of its own: its
time, and its peak of resident memory above the start.  Wanted: time that follows the rows, memory
that does not.  The files are written piece by piece to a temporary folder, and deleted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
from generators import Sizes, make_fleet
from harness import (
    AGREEMENT,
    REPEATS,
    Case,
    Disagreement,
    Ratio,
    Timing,
    environment,
    report,
    write_json,
)
from stream_work import SOURCES, measure

import reen

#: Rows that are generated and written at a time: a row group, as writers make them.
PIECE = 1 << 20

#: Room that a row takes on disk, generously, and what must be left over.
_BYTES_PER_ROW = 60
_SPARE = 2 << 30

#: Wanted: time per row and memory of the larger file over those of the smaller, and MiB.
LINEAR, FLAT, MEMORY = 1.15, 1.10, 600.0


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs=2, default=[5_000_000, 50_000_000])
    parser.add_argument("--entities", type=int, default=3_000)
    parser.add_argument("--models", type=int, default=600)
    parser.add_argument("--sources", nargs="+", choices=sorted(SOURCES), default=["path"])
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_stream.json"))
    return parser.parse_args(given)


@attrs.frozen(kw_only=True)
class StreamCase(Case):
    """A case with the memory of each contender.

    Attributes
    ----------
    memory
        Peak above the start of every run, MiB.
    processor
        Seconds that all cores together were busy, of every run.
    start
        Resident memory before the measurement, MiB, median.
    memory_ratio
        Memory of the larger file over that of the smaller, medians.
    """

    memory: Mapping[str, tuple[float, ...]]
    processor: Mapping[str, tuple[float, ...]]
    start: float
    memory_ratio: float


def pieces(rows: int, options: argparse.Namespace) -> Iterator[pa.Table]:
    """Generate an inventory with an identifier per row, a piece at a time."""
    for number, first in enumerate(range(0, rows, PIECE)):
        count = min(PIECE, rows - first)
        sizes = Sizes(rows=count, entities=options.entities, models=options.models)
        table = make_fleet(sizes, seed=number).inventory(dictionary=False)
        ids = pa.array([f"PC-{row:09d}" for row in range(first, first + count)], pa.string())
        yield table.append_column("id", ids)


def write(folder: Path, options: argparse.Namespace) -> tuple[list[Path], reen.Footprint]:
    """Write the two files, the smaller one as the head of the larger.

    Returns
    -------
    tuple
        The files, and the footprint of the smaller one, of its pieces held in memory and added.
    """
    needed = sum(options.rows) * _BYTES_PER_ROW + _SPARE
    free = shutil.disk_usage(folder).free
    if free < needed:
        message = (
            f"{needed / 2**30:.1f} GiB are needed in {folder}, and {free / 2**30:.1f} are free"
        )
        raise SystemExit(message)
    small, large = options.rows
    paths = [folder / f"fleet-{rows}.parquet" for rows in options.rows]
    held: reen.Footprint | None = None
    writers: list[pq.ParquetWriter] = []
    done = 0
    for piece in pieces(large, options):
        writers = writers or [pq.ParquetWriter(path, piece.schema) for path in paths]
        writers[1].write_table(piece)
        if done < small:
            head = piece.slice(0, small - done)
            writers[0].write_table(head)
            part = measure(head)
            held = part if held is None else held + part
        done += piece.num_rows
    for writer in writers:
        writer.close()
    assert held is not None
    return paths, held


def run(kind: str, path: Path) -> Mapping[str, float | str]:
    """Measure a file in a process of its own."""
    script = Path(__file__).with_name("stream_work.py")
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(script), kind, str(path)],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        message = f"{script.name} {kind}: exit code {done.returncode}\n{done.stderr}"
        raise RuntimeError(message)
    found: Mapping[str, float | str] = json.loads(done.stdout)
    return found


def case_of(
    kind: str, paths: Sequence[Path], held: reen.Footprint, options: argparse.Namespace
) -> StreamCase:
    """Run both sizes in turns."""
    names = [f"{rows:,} rows" for rows in options.rows]
    runs: dict[str, list[Mapping[str, float | str]]] = {name: [] for name in names}
    for turn in range(options.repeats):
        order = [0, 1] if turn % 2 == 0 else [1, 0]
        for k in order:
            runs[names[k]].append(run(kind, paths[k]))
    agreement = check(kind, runs[names[0]], held)
    timings = tuple(Timing(name, _column(runs[name], "seconds")) for name in names)
    times = options.rows[1] / options.rows[0]
    slower = timings[1].median / timings[0].median / times
    memory = {name: _column(runs[name], "above_start_mib") for name in names}
    processor = {name: _column(runs[name], "processor_seconds") for name in names}
    busier = statistics.median(processor[names[1]]) / statistics.median(processor[names[0]]) / times
    return StreamCase(
        name=f"streamed from Parquet, {kind}",
        sizes={"entities": options.entities, "models": options.models},
        timings=timings,
        ratios={
            # per row; on a machine that others use too, the processor's time is the fairer one
            names[1]: Ratio(slower, LINEAR, floor=True),
            f"{names[1]}, processor time": Ratio(busier, LINEAR, floor=True),
        },
        agreement={names[0]: agreement},
        memory=memory,
        processor=processor,
        memory_ratio=statistics.median(memory[names[1]]) / statistics.median(memory[names[0]]),
        start=statistics.median(_column(runs[names[0]], "start_mib")),
    )


def _column(runs: Sequence[Mapping[str, float | str]], name: str) -> tuple[float, ...]:
    return tuple(float(each[name]) for each in runs)


def check(kind: str, runs: Sequence[Mapping[str, float | str]], held: reen.Footprint) -> float:
    """Compare what was streamed with what was held: the rows, and the total."""
    total = float(held.total())
    apart = max(abs(float(each["total"]) - total) / abs(total) for each in runs)
    if apart > AGREEMENT or {each["rows"] for each in runs} != {held.provenance.rows}:
        message = f"{kind}: {runs[0]} instead of {total!r} of {held.provenance.rows} rows"
        raise Disagreement(message)
    return apart


def memory_report(case: StreamCase) -> str:
    """Return the memory of a case as two lines and a ratio."""
    medians = {name: statistics.median(runs) for name, runs in case.memory.items()}
    lines = [
        f"  {name}: {medians[name]:.0f} MiB above the start ({min(runs):.0f} to {max(runs):.0f}),"
        f" {statistics.median(case.processor[name]):.2f} s of processor"
        for name, runs in case.memory.items()
    ]
    (_, busier) = list(case.ratios.values())
    lines.append(f"  processor time per row of the larger: {str(busier).strip()}")
    lines.append(
        f"  memory of the larger: {case.memory_ratio:.2f} x as much, wanted at most {FLAT:g};"
        f" wanted at most {MEMORY:g} MiB"
    )
    return "\n".join(lines)


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    with tempfile.TemporaryDirectory() as folder:
        paths, held = write(Path(folder), options)
        for path in paths:
            print(f"{path.name}: {path.stat().st_size / 2**20:,.0f} MiB", flush=True)
        for kind in options.sources:
            case = case_of(kind, paths, held, options)
            print(f"{report(case)}\n{memory_report(case)}", flush=True)
            done.append(case)
        sizes = {
            str(rows): path.stat().st_size for rows, path in zip(options.rows, paths, strict=True)
        }
    about = {
        **environment("reen", "numpy", "pyarrow", *_peers(options.sources)),
        "file_bytes": sizes,
    }
    write_json(options.json, benchmark="stream", cases=done, about=about)


def _peers(sources: Sequence[str]) -> list[str]:
    return [name for name in ("duckdb", "polars") if name in sources]


if __name__ == "__main__":
    main()
