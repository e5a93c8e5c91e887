"""One streamed measurement in a process of its own: how long, and how much memory above the start.

    python benchmarks/stream_work.py path fleet.parquet

Input: how to open a Parquet file, and the file.  Output: one line of JSON.  The start is the
process with everything imported and one asset measured, so that what is counted is the stream.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow.dataset

import reen

__all__ = ["SOURCES", "measure"]

AS_OF = "2022-12-31"

#: Columns that the method reads or that show a row: what an analyst would select.
COLUMNS = (
    "id",
    "equipment_type",
    "model",
    "country",
    "status",
    "quantity",
    "lifetime",
    "annual_energy",
    "purchase_date",
    "entity",
)


def measure(source: object) -> reen.Footprint:
    """Measure by entity, by the method whose work the other benchmarks do."""
    return reen.measure(source, method="base-carbone", by="entity", as_of=AS_OF)  # type: ignore[arg-type]


def _dataset(path: Path) -> object:
    return pyarrow.dataset.dataset(path)


def _duckdb(path: Path) -> object:
    import duckdb

    return duckdb.read_parquet(str(path)).project(", ".join(COLUMNS))


def _polars(path: Path) -> object:
    import polars as pl

    return pl.scan_parquet(path).select(COLUMNS)


#: Ways to open the file.
SOURCES: Mapping[str, Callable[[Path], object]] = {
    "path": lambda path: path,
    "dataset": _dataset,
    "duckdb": _duckdb,
    "polars": _polars,
}


def _memory(field: str) -> float:
    """Return a figure of this process's memory in MiB: VmRSS, resident now, or VmHWM, its peak."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith(field))
        return int(line.split()[1]) / 1024
    # elsewhere than on Linux, the peak stands for both; on Linux it would be that of the parent
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / (2**20 if sys.platform == "darwin" else 1024)


def main(kind: str, path: Path) -> None:
    """Measure once and say how it went."""
    measure(reen.Equipment("laptop", country="FR", extra={"entity": "one"}))
    source = SOURCES[kind](path)
    before = _memory("VmRSS")
    wall, busy = time.perf_counter(), time.process_time()
    found = measure(source)
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    said = {
        "seconds": wall,
        "processor_seconds": busy,
        "start_mib": before,
        "above_start_mib": _memory("VmHWM") - before,
        "rows": found.provenance.rows,
        "rows_digest": found.provenance.rows_digest,
        "total": float(found.total()),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
