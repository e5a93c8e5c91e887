"""Sixteen criteria against one: what the others cost, when all are measured in one pass.

    python benchmarks/bench_criteria.py
    python benchmarks/bench_criteria.py --rows 1000000 --criteria 1 16 64 --parts kernel

Output: a table per case, and a JSON record of all runs.  The same rows, amounts and factors, of
which one side has the first criterion only; its figures must be the same in both.  Parts: *kernel*,
from prepared exchanges (see `fold_work`), and *measure*, from an `Inventory` (see `measure_work`).
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
from fold_work import KernelWork
from generators import Sizes
from harness import Case, Contender, environment, report, run_in_turns, write_json
from measure_work import MeasureWork

import reen
from reen.plugin import FactorPack
from reen.plugin.arrays import FactorSet
from reen.plugin.packs import PackContent

#: How many times as long all criteria may take as one.
TARGET = 1.05

#: More runs than elsewhere: what is looked for is a difference of a few percent.
REPEATS = 11


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=[5_000_000])
    parser.add_argument("--criteria", type=int, nargs="+", default=[16])
    parser.add_argument(
        "--parts", nargs="+", choices=["kernel", "measure"], default=["kernel", "measure"]
    )
    parser.add_argument("--entities", type=int, default=3_000)
    parser.add_argument("--models", type=int, default=600)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_criteria.json"))
    return parser.parse_args(given)


def first_criterion(factors: FactorSet) -> FactorSet:
    """Return the factors of the first criterion only."""

    def cut(cells: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.ascontiguousarray(cells[:, :, :1])

    return attrs.evolve(
        factors,
        criteria=factors.criteria[:1],
        values=cut(factors.values),
        lower=cut(factors.lower),
        upper=cut(factors.upper),
        spread=cut(factors.spread),
    )


def _same(content: PackContent) -> PackContent:
    return content


def cut_pack(pack: FactorPack) -> FactorPack:
    """Return a pack that publishes the first criterion only."""
    content = attrs.evolve(pack.content, factors=first_criterion(pack.factors))
    return attrs.evolve(pack, load=functools.partial(_same, content))


def of_first(
    result: npt.NDArray[np.float64], *, stages: int, criteria: int
) -> npt.NDArray[np.float64]:
    """Return the columns of the first criterion of (groups, stages x criteria)."""
    return result.reshape(len(result), stages, criteria)[:, :, 0]


def kernel_case(options: argparse.Namespace, rows: int, criteria: int) -> Case:
    """Fold and multiply prepared exchanges."""
    sizes = Sizes(rows=rows, entities=options.entities, models=options.models)
    many = KernelWork.of(sizes, criteria=criteria)
    one = attrs.evolve(many, factors=first_criterion(many.factors))
    stages = len(many.factors.stages)
    return run_in_turns(
        "kernel",
        [
            Contender(
                f"{criteria} criteria",
                run=many.reen,
                check=lambda: of_first(many.reen_result(), stages=stages, criteria=criteria),
            ),
            Contender(
                "1 criterion", run=one.reen, check=one.reen_result, target=TARGET, floor=True
            ),
        ],
        sizes=_sizes(options, rows, stages),
        repeats=options.repeats,
    )


def measure_case(options: argparse.Namespace, rows: int, criteria: int) -> Case:
    """Measure an `Inventory` with the method `base-carbone` and read all impacts."""
    sizes = Sizes(rows=rows, entities=options.entities, models=options.models)
    many = MeasureWork.of(sizes, criteria=criteria, dictionary=True)
    one = attrs.evolve(many, packs=tuple(cut_pack(pack) for pack in many.packs or ()))
    source = reen.Inventory.from_arrow(many.table)
    stages = len(many.cells) // criteria

    def result(work: MeasureWork, count: int) -> npt.NDArray[np.float64]:
        return of_first(np.nan_to_num(work.measure(source)), stages=stages, criteria=count)

    return run_in_turns(
        "measure",
        [
            Contender(
                f"{criteria} criteria",
                run=lambda: many.measure(source),
                check=lambda: result(many, criteria),
            ),
            Contender(
                "1 criterion",
                run=lambda: one.measure(source),
                check=lambda: result(one, 1),
                target=TARGET,
                floor=True,
            ),
        ],
        sizes=_sizes(options, rows, stages),
        repeats=options.repeats,
    )


def _sizes(options: argparse.Namespace, rows: int, stages: int) -> dict[str, float | str]:
    return {"rows": rows, "groups": options.entities, "stages": stages}


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Run the cases asked for, one by one."""
    for rows in options.rows:
        for criteria in options.criteria:
            if "kernel" in options.parts:
                yield kernel_case(options, rows, criteria)
            if "measure" in options.parts:
                yield measure_case(options, rows, criteria)


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases asked for, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for case in cases(options):
        print(report(case), flush=True)
        done.append(case)
    write_json(
        options.json,
        benchmark="criteria",
        cases=done,
        about=environment("reen", "numpy", "pyarrow"),
    )


if __name__ == "__main__":
    main()
