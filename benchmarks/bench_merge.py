"""Merging: what the folds of two parts cost to add and to send, by the number of groups.

    python benchmarks/bench_merge.py
    python benchmarks/bench_merge.py --groups 3000 30000

Output: a table per case, and a JSON record of all runs.  With the draws of an interval, these are
what is left once the rows are folded: they do not depend on how many rows there were.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from generators import Sizes, make_fleet
from harness import REPEATS, Case, Contender, environment, report, run_in_turns, write_json

import reen
from reen.engine.fold import Fold, merge_folds

AS_OF = "2022-12-31"


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--groups", type=int, nargs="+", default=[3_000, 30_000, 300_000])
    parser.add_argument("--rows", type=int, default=1 << 20)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_merge.json"))
    return parser.parse_args(given)


def part(rows: int, groups: int, seed: int) -> reen.Footprint:
    """Return the footprint of one part, by entity."""
    table = make_fleet(Sizes(rows=rows, entities=groups), seed=seed).inventory(dictionary=True)
    return reen.measure(table, method="base-carbone", by="entity", as_of=AS_OF)


def total(*folds: Fold) -> npt.NDArray[np.float64]:
    """Return the sum of all amounts of some folds, as a table of one cell."""
    return np.array([[sum(float(fold.cells.amount.sum()) for fold in folds)]])


def merging(options: argparse.Namespace) -> Iterator[Case]:
    """Add two parts of the same groups, against a copy of their figures."""
    for groups in options.groups:
        one, other = (part(options.rows, groups, seed).fold for seed in (0, 1))

        def copies(one: Fold = one, other: Fold = other) -> list[npt.NDArray[np.float64]]:
            return [fold.cells.amount.copy() for fold in (one, other)]

        yield run_in_turns(
            "merge",
            [
                Contender(
                    "two folds added",
                    run=lambda one=one, other=other: merge_folds([one, other]),
                    check=lambda one=one, other=other: total(merge_folds([one, other])),
                ),
                Contender(
                    "two folds sent and received",
                    run=lambda one=one, other=other: [
                        pickle.loads(pickle.dumps(fold))  # noqa: S301 - written here
                        for fold in (one, other)
                    ],
                    check=lambda one=one, other=other: total(one, other),
                ),
                Contender("a numpy copy of their amounts", run=copies, floor=True),
            ],
            sizes={
                "rows of a part": options.rows,
                "groups": one.group_count,
                "flows": len(one.flows),
                "cells": len(one.cells.amount),
                "bytes": len(pickle.dumps(one)),
            },
            repeats=options.repeats,
        )


def drawing(options: argparse.Namespace) -> Iterator[Case]:
    """Draw the factors of one part."""
    footprint = part(options.rows, options.groups[0], 0)
    yield run_in_turns(
        "draws",
        [Contender("interval", run=lambda: footprint.interval(draws=options.draws, seed=0))],
        sizes={"draws": options.draws, "flows": len(footprint.fold.flows)},
        repeats=options.repeats,
    )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for cases in (merging, drawing):
        for case in cases(options):
            print(report(case), flush=True)
            done.append(case)
    write_json(
        options.json, benchmark="merge", cases=done, about=environment("reen", "numpy", "pyarrow")
    )


if __name__ == "__main__":
    main()
