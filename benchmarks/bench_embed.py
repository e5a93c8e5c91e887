"""One item at request time, and many: warm measurements of laptops, against BoaviztAPI calls.

    python benchmarks/bench_embed.py

Output: a table per case and a JSON record of all runs.  Each run does the work `--calls` times.
*measure* is `reen.measure` of one `Equipment` never seen, by the name of a method; *with packs* by
a method that each call prepares anew, because the caller brings its packs.  *prepared, new* is
`measure` of what `reen.prepare` returned, of an item never seen; *prepared, again* of the same
item; *advice* is an answer of the ticketing example (docs/examples/ticketing), price and reasons
included.  The peer, where the
package `boaviztapi` is installed, is its own computation of one laptop in this process, climate
change only, from the request on; the method `boavizta`, which asks the same package, must give the
same figure before anything is timed.  Different methods give different figures: the other
contenders are only timed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from harness import REPEATS, Case, Contender, environment, report, run_in_turns, write_json

import reen
from reen.plugin import Registry

AS_OF = "2024-12-31"
PEER = "boaviztapi"
TICKETING = Path(__file__).resolve().parents[1] / "docs" / "examples" / "ticketing"

#: What is timed: gives the figure.
Work: TypeAlias = Callable[[], float]

#: Time wanted for one warm measurement, in seconds: printed, never asserted.
WANTED = 1e-3

#: How many times as fast as a call for each an inventory is wanted to be measured.
PER_ASSET = 1000.0

#: Lifetimes of the laptops of an inventory, in years.
LIFETIMES = (3.0, 4.0, 5.0, 6.0)


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_embed.json"))
    return parser.parse_args(given)


def laptop(lifetime: float = 4.0) -> reen.Equipment:
    """Return the item, made anew as a request would."""
    return reen.Equipment("laptop", model="Latitude 5420", lifetime=lifetime, country="FR")


def measured(
    method: str, registry: Registry, lifetime: float = 4.0, packs: Sequence[str] | None = None
) -> float:
    """Return the yearly climate change of one laptop."""
    item = laptop(lifetime)
    made = reen.measure(item, method=method, as_of=AS_OF, registry=registry, factors=packs)
    return float(made.total())


def prepared(method: str, registry: Registry) -> tuple[Work, Work]:
    """Return what measures one laptop never seen, and what measures the same one again."""
    ready = reen.prepare(method, as_of=AS_OF, registry=registry)
    lifetimes = itertools.count(1)

    def new() -> float:
        return float(ready.measure(laptop(4.0 + next(lifetimes) * 1e-6)).total())

    def again() -> float:
        return float(ready.measure(laptop()).total())

    return new, again


def advised() -> Work:
    """Return the answer of the ticketing example to one request."""
    sys.path.insert(0, str(TICKETING))
    from advice import Advisor, read_catalogue

    items = read_catalogue(TICKETING / "catalogue.csv")
    advisor = Advisor(items, country="FR", as_of=dt.date.fromisoformat(AS_OF))
    return lambda: float(advisor.of("NB-14", 2).total)


def peer_figure(lifetime: float = 4.0) -> float:
    """Return BoaviztAPI's figure of one laptop over a year, computed as its server would."""
    from boaviztapi.compute.impacts_computation import compute_impacts
    from boaviztapi.data.archetype import get_user_terminal_archetype
    from boaviztapi.dto.device.user_terminal import Laptop, mapper_user_terminal
    from boaviztapi.utils.config import config

    request = Laptop(usage={"usage_location": "FRA", "hours_life_time": lifetime * 8760})
    archetype = get_user_terminal_archetype(config.default_laptop)
    model = mapper_user_terminal(request, archetype=archetype)
    compute_impacts(model=model, selected_criteria=["gwp"], duration=8760)
    impacts = model.impacts["gwp"]
    return float(impacts["embedded"].value + impacts["use"].value)


def fleet(assets: int) -> reen.Inventory:
    """Return an inventory of laptops, one a row."""
    lifetimes = np.resize(LIFETIMES, assets)
    words = {"equipment_type": "laptop", "country": "FR"}
    columns = {name: pa.array([word] * assets) for name, word in words.items()}
    return reen.Inventory.from_arrow(pa.table({**columns, "lifetime": lifetimes}))


def many(options: argparse.Namespace, methods: Sequence[str], *, here: bool) -> Iterator[Case]:
    """Measure an inventory, and call the peer for each of its assets."""
    inventory, assets = fleet(options.assets), options.assets
    by_lifetime = np.bincount(np.resize(range(len(LIFETIMES)), assets), minlength=len(LIFETIMES))

    def calls() -> None:
        for lifetime in np.resize(LIFETIMES, assets).tolist():
            peer_figure(lifetime)

    def in_all() -> npt.NDArray[np.float64]:
        figures = [peer_figure(lifetime) for lifetime in LIFETIMES]
        return np.array([[float(by_lifetime @ figures)]])

    for method in methods:

        def total(method: str = method) -> npt.NDArray[np.float64]:
            made = reen.measure(inventory, method=method, criteria="climate_change", as_of=AS_OF)
            return np.array([[float(made.total())]])

        same = method == "boavizta"
        reference = Contender("reen", run=total, check=total if same else None)
        peer = Contender(PEER, run=calls, check=in_all if same else None, target=PER_ASSET)
        yield run_in_turns(
            f"assets, {method}",
            [reference, *([peer] if here else [])],
            sizes={"assets": assets},
            repeats=min(options.repeats, REPEATS),
        )


def repeated(calls: int, work: Callable[[], object]) -> Callable[[], object]:
    """Return the work done so many times."""

    def run() -> None:
        for _ in range(calls):
            work()

    return run


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Run the cases, one after the other."""
    registry = reen.load_plugins(only=["reen-bundled"])
    here = importlib.util.find_spec(PEER) is not None
    sizes = {"calls": options.calls}
    methods = ["base-carbone", "declared", "ecodiag", "numecoeval"] + (["boavizta"] if here else [])
    lifetimes = (4.0 + number * 1e-6 for number in itertools.count(1))
    works: dict[str, Work] = {
        f"measure, {name}": lambda name=name: measured(name, registry, next(lifetimes))
        for name in methods
    }
    own = registry.method("base-carbone").packs
    works["measure with packs, base-carbone"] = lambda: measured(
        "base-carbone", registry, next(lifetimes), own
    )
    for name in methods:
        new, again = prepared(name, registry)
        works |= {f"prepared, new, {name}": new, f"prepared, again, {name}": again}
    works["advice"] = advised()

    def figure_of(work: Work) -> Callable[[], npt.NDArray[np.float64]]:
        return lambda: np.array([work()])

    peer = Contender(PEER, run=repeated(options.calls, peer_figure), target=1.0)
    for name, work in works.items():
        check = None
        against = peer
        if name in ("measure, boavizta", "prepared, again, boavizta"):
            # of the laptop that the peer knows
            check = figure_of(work if "again" in name else lambda: measured("boavizta", registry))
            against = Contender(PEER, run=peer.run, check=figure_of(peer_figure), target=1.0)
        contenders = [Contender("reen", run=repeated(options.calls, work), check=check)]
        yield run_in_turns(
            name, [*contenders, *([against] if here else [])], sizes=sizes, repeats=options.repeats
        )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for case in cases(options):
        print(report(case))
        each = case.timings[0].median / options.calls
        print(f"  {1e3 * each:.3f} ms a call, wanted at most {1e3 * WANTED:g}")
        done.append(case)
    here = importlib.util.find_spec(PEER) is not None
    for case in many(options, ["base-carbone", *(["boavizta"] if here else [])], here=here):
        print(report(case), flush=True)
        done.append(case)
    if not here:
        print(f"the peer {PEER} is not installed: nothing to compare with")
    write_json(
        options.json,
        benchmark="embed",
        cases=done,
        about=environment("reen", "numpy", "pyarrow", *([PEER] if here else [])),
    )


if __name__ == "__main__":
    main()
