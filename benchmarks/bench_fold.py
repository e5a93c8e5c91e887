"""Fold and multiply: `reen` against DuckDB, and against the time it takes to copy the columns.

    python benchmarks/bench_fold.py
    python benchmarks/bench_fold.py --rows 1000000 --criteria 16 --parts kernel --shapes dense

Output: a table per case, and a JSON record of all runs.  Parts: *kernel*, from prepared exchanges
(see `fold_work`), and *measure*, from the text columns of an inventory (see `measure_work`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from fold_work import KernelWork
from generators import Sizes
from harness import REPEATS, Case, environment, report, run_in_turns, write_json
from measure_work import MeasureWork

#: Cells of a sparse result (groups x stages x criteria) beyond which a case is not run: the peers
#: hold all of it, twice while they sum, and the bench should fit in 16 GB.
LARGEST_SPARSE = 100_000_000


#: Where the rows are: in each side's own form (an `Inventory`, a DuckDB table), or in one Arrow
#: table that both read, with text as text readers give it or dictionary-encoded.
SOURCES = {"own tables": (True, False), "Arrow text": (False, False), "Arrow codes": (False, True)}


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--criteria", type=int, nargs="+", default=[1, 16])
    parser.add_argument(
        "--parts", nargs="+", choices=["kernel", "measure"], default=["kernel", "measure"]
    )
    parser.add_argument(
        "--shapes", nargs="+", choices=["dense", "sparse"], default=["dense", "sparse"]
    )
    parser.add_argument(
        "--sparse-rows", type=int, default=None, help="largest sparse case; all rows by default"
    )
    parser.add_argument("--sources", nargs="+", choices=list(SOURCES), default=list(SOURCES))
    parser.add_argument("--entities", type=int, default=3_000)
    parser.add_argument("--models", type=int, default=600)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_fold.json"))
    return parser.parse_args(given)


def kernel_cases(options: argparse.Namespace, rows: int) -> Iterator[Case]:
    """Fold and multiply prepared exchanges."""
    sizes = Sizes(rows=rows, entities=options.entities, models=options.models)
    for shape in options.shapes:
        for criteria in options.criteria:
            sparse = shape == "sparse"
            if sparse and options.sparse_rows is not None and rows > options.sparse_rows:
                continue
            if sparse and rows * criteria * 4 > LARGEST_SPARSE:
                print(f"kernel, sparse, {rows:,} rows, {criteria} criteria: too large, not run")
                continue
            work = KernelWork.of(sizes, criteria=criteria, sparse=sparse)
            yield run_in_turns(
                f"kernel, {shape}",
                work.contenders(),
                sizes={
                    "rows": rows,
                    "groups": rows if sparse else options.entities,
                    "flows": options.models + len(work.mix_table),
                    "stages": 4,
                    "criteria": criteria,
                    "bytes per row": work.bytes_per_row,
                },
                repeats=options.repeats,
            )


def measure_cases(options: argparse.Namespace, rows: int) -> Iterator[Case]:
    """Measure an inventory with the method `base-carbone`."""
    sizes = Sizes(rows=rows, entities=options.entities, models=options.models)
    # The method's own packs hold one criterion; more of them are generated.
    for criteria in (None if count == 1 else count for count in options.criteria):
        for source in options.sources:
            held, dictionary = SOURCES[source]
            work = MeasureWork.of(sizes, criteria=criteria, dictionary=dictionary)
            yield run_in_turns(
                f"measure, {source}",
                work.contenders(held=held),
                sizes={
                    "rows": rows,
                    "groups": options.entities,
                    "stages": 2 if criteria is None else 4,
                    "criteria": criteria or 1,
                },
                repeats=options.repeats,
            )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases asked for, print them as they come, and write the record."""
    options = arguments(given)
    cases = []
    for rows in options.rows:
        for part, make in (("kernel", kernel_cases), ("measure", measure_cases)):
            if part not in options.parts:
                continue
            for case in make(options, rows):
                print(report(case), flush=True)
                cases.append(case)
    write_json(
        options.json,
        benchmark="fold",
        cases=cases,
        about=environment("reen", "numpy", "pyarrow", "duckdb", "polars", "pandas"),
    )


if __name__ == "__main__":
    main()
