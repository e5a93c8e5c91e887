"""A million models: an inventory in which every row names another one, next to a few of them.

    python benchmarks/bench_models.py
    python benchmarks/bench_models.py --rows 100000 --methods ecodiag

Output: a table per case, and a JSON record of all runs.  The same rows, held in memory, measured by
methods that look at the model; on one side as many names as rows, on the other those of an ordinary
fleet.  Names say nothing of the type, so that the figures must be the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from generators import SEED
from harness import REPEATS, Case, Contender, environment, report, run_in_turns, write_json

import reen

AS_OF = "2024-12-31"

TYPES = ("laptop", "desktop", "monitor")


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--models", type=int, default=600)
    parser.add_argument("--methods", nargs="+", default=["ecodiag", "numecoeval"])
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_models.json"))
    return parser.parse_args(given)


def fleet(rows: int, models: int) -> reen.Inventory:
    """Return rows of so many models, in no order."""
    draw = np.random.default_rng(SEED)
    return reen.Inventory.from_arrow(
        pa.table(
            {
                "equipment_type": np.array(TYPES)[draw.integers(0, len(TYPES), rows)],
                "lifetime": draw.integers(3, 7, rows).astype(float),
                "country": ["FR"] * rows,
                "model": [f"Maker {k % 20} {k}" for k in draw.permutation(rows) % models],
            }
        )
    )


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Measure both, method by method."""
    many, few = (fleet(options.rows, models) for models in (options.rows, options.models))
    for method in options.methods:

        def total(inventory: reen.Inventory, method: str = method) -> npt.NDArray[np.float64]:
            made = reen.measure(inventory, method, criteria="climate_change", as_of=AS_OF)
            return np.array([[float(made.total())]])

        sides = {"as many models as rows": many, f"{options.models:,} models": few}
        yield run_in_turns(
            f"measure, {method}",
            [
                Contender(
                    name,
                    run=lambda side=side: total(side),
                    check=lambda side=side: total(side),
                    floor=side is few,
                )
                for name, side in sides.items()
            ],
            sizes={"rows": options.rows},
            repeats=options.repeats,
        )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for case in cases(options):
        print(report(case), flush=True)
        done.append(case)
    write_json(
        options.json,
        benchmark="models",
        cases=done,
        about=environment("reen", "numpy", "pyarrow"),
    )


if __name__ == "__main__":
    main()
