"""Draws: the interval of a total, against drawing the same normals in numpy and nothing else.

    python benchmarks/bench_draws.py
    python benchmarks/bench_draws.py --rows 1000000 --draws 10000

Output: a table per case, and a JSON record of all runs.  A case is a fleet already folded: what is
timed must not depend on its number of rows.  The factors of a flow have one published spread for
all its stages, as published percentages do, or one for each of three stages, which is the worst.
The last case is the interval of every group, each asset being one, with the memory that it takes:
`reen` draws groups block by block, numpy holds groups x draws.
"""

from __future__ import annotations

import argparse
import itertools
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
from fold_work import KernelWork
from generators import Sizes
from harness import REPEATS, Case, Contender, environment, report, run_in_turns, write_json
from reen.types import Provenance

from reen import Footprint
from reen.engine.draws import normals, stream_of

SEED = 0
LEVEL = 0.95

Floats = npt.NDArray[np.float64]


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--groups", type=int, default=5_000)
    parser.add_argument("--models", type=int, default=600)
    parser.add_argument("--entities", type=int, default=3_000)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_draws.json"))
    return parser.parse_args(given)


@attrs.frozen(eq=False)
class DrawWork:
    """A folded fleet whose factors are uncertain.

    Attributes
    ----------
    footprint
        What `reen` draws from.
    contributions, sigma
        The same as plain arrays, (F, S): share of the total, and deviation of the logarithm.
    draws
        Number of draws.
    """

    footprint: Footprint
    contributions: Floats
    sigma: Floats
    draws: int

    @classmethod
    def of(
        cls, sizes: Sizes, *, draws: int, by_stage: bool = False, sparse: bool = False
    ) -> DrawWork:
        """Fold a generated fleet, and give each factor a spread between 5 and 50 %."""
        work = KernelWork.of(sizes, criteria=1, sparse=sparse)
        fold = work.fold()
        position = {flow: k for k, flow in enumerate(work.factors.flows)}
        factors = work.factors.take([position[flow] for flow in fold.flows])
        random = np.random.default_rng(SEED)
        width = len(factors.stages) if by_stage else 1
        spread = random.uniform(0.05, 0.5, (len(factors), width, 1))
        spread = np.where(np.isnan(factors.values), np.nan, spread)
        footprint = Footprint(
            fold=fold,
            factors=attrs.evolve(factors, spread=spread),
            criteria=factors.criteria,
            nonnegative=factors.criteria,
            provenance=Provenance(
                reen_version="",
                method="benchmark",
                method_version="1",
                options={},
                as_of="2022-12-31",
                packs=(),
                plugins=(),
                rows=fold.rows,
                rows_digest="",
            ),
        )
        amounts = np.zeros(len(factors))
        np.add.at(amounts, fold.cells.flow, fold.cells.amount)
        contributions = amounts[:, None] * np.nan_to_num(factors.values[:, :, 0])
        sigma = np.sqrt(np.log1p(np.nan_to_num(spread[:, :, 0]) ** 2))
        return cls(footprint, contributions, sigma, draws)

    def reen(self) -> Floats:
        """Return mean and bounds by `reen`."""
        found = self.footprint.interval(level=LEVEL, draws=self.draws, seed=SEED)
        return np.array([[found.mean, found.lower, found.upper]])

    def normals(self) -> Floats:
        """Draw as many normals at once: one per flow and draw."""
        return np.random.default_rng(SEED).standard_normal((len(self.sigma), self.draws))

    def drawn(self) -> Floats:
        """Draw the normals of each flow, from its own stream."""
        drawn = np.empty((len(self.sigma), self.draws))
        for flow, row in zip(self.footprint.factors.flows, drawn, strict=True):
            name = stream_of("flow", flow.pack, flow.id, flow.geography, str(flow.year))
            normals(name, seed=SEED, out=row)
        return drawn

    def plain(self) -> Floats:
        """Return the same written plainly: every stage of every flow, in every draw."""
        drawn = self.drawn()
        totals = np.zeros(self.draws)
        for stage in range(self.sigma.shape[1]):
            sigma = self.sigma[:, stage, None]
            totals += self.contributions[:, stage] @ np.exp(drawn * sigma - sigma**2 / 2)
        tail = (1.0 - LEVEL) / 2.0
        return np.array([[self.contributions.sum(), *np.quantile(totals, [tail, 1.0 - tail])]])

    def reen_groups(self) -> Floats:
        """Return mean and bounds of every group by `reen`, 0 where nothing is assessed."""
        found = self.footprint.intervals(level=LEVEL, draws=self.draws, seed=SEED)
        columns = [found[name].fill_null(0.0).to_numpy() for name in ("mean", "lower", "upper")]
        return np.stack(columns, axis=1)

    def plain_groups(self) -> Floats:
        """Return the same with the draws of all groups in one table."""
        cells = self.footprint.fold.cells
        amounts = np.zeros((self.footprint.group_count, len(self.sigma)))
        amounts[cells.group, cells.flow] = cells.amount
        values = np.nan_to_num(self.footprint.factors.values[:, :, 0])
        drawn, factors = self.drawn(), np.zeros((len(values), self.draws))
        for stage in range(self.sigma.shape[1]):
            sigma = self.sigma[:, stage, None]
            factors += values[:, stage, None] * np.exp(drawn * sigma - sigma**2 / 2)
        tail = (1.0 - LEVEL) / 2.0
        bounds = np.quantile(amounts @ factors, [tail, 1.0 - tail], axis=1).T
        return np.concatenate([(amounts @ values.sum(axis=1))[:, None], bounds], axis=1)

    def contenders(self) -> list[Contender]:
        """Return `reen`, the plain way, and the normals alone."""
        return [
            Contender("reen, interval", run=self.reen, check=self.reen),
            Contender("numpy, stage by stage", run=self.plain, check=self.plain),
            Contender("numpy, the normals alone", run=self.normals, floor=True, target=2.0),
        ]


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Run the draws on fleets of every size."""
    for by_stage in (False, True):
        for rows in options.rows:
            sizes = Sizes(rows=rows, entities=options.entities, models=options.models)
            work = DrawWork.of(sizes, draws=options.draws, by_stage=by_stage)
            yield run_in_turns(
                f"draws, {'a spread for each stage' if by_stage else 'one spread per flow'}",
                work.contenders(),
                sizes={"rows": rows, "flows": len(work.sigma), "draws": options.draws},
                repeats=options.repeats,
            )


def case_of_groups(options: argparse.Namespace) -> Case:
    """Run the intervals of groups, each asset being one."""
    sizes = Sizes(rows=options.groups, entities=options.entities, models=options.models)
    work = DrawWork.of(sizes, draws=options.draws, sparse=True)
    runs = {"reen": work.reen_groups, "numpy": work.plain_groups}
    return run_in_turns(
        "draws, the interval of every group",
        [
            Contender("reen, intervals", run=work.reen_groups, check=work.reen_groups),
            Contender("numpy, groups x draws", run=work.plain_groups, check=work.plain_groups),
        ],
        sizes={
            "groups": work.footprint.group_count,
            "flows": len(work.sigma),
            "draws": options.draws,
            **{f"peak MiB of {name}": peak_of(run) for name, run in runs.items()},
        },
        repeats=options.repeats,
    )


def peak_of(run: Callable[[], object]) -> int:
    """Return the memory that a run takes above what is there, in MiB."""
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round(peak / 2**20)


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for case in itertools.chain(cases(options), map(case_of_groups, [options])):
        print(report(case), flush=True)
        done.append(case)
    about = environment("reen", "numpy")
    write_json(options.json, benchmark="draws", cases=done, about=about)


if __name__ == "__main__":
    main()
