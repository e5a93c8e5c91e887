"""One item at request time: a warm measurement of one laptop, against one BoaviztAPI call.

    python benchmarks/bench_embed.py

Output: a table per case and a JSON record of all runs.  Each run does the work `--calls` times.
*measure* is `reen.measure` of one `Equipment`; *advice* is what a host that keeps its answers does
(docs/examples/ticketing).  The peer, where the package `boaviztapi` is installed, is its own
computation of one laptop in this process, climate change only, from the request on; the method
`boavizta`, which asks the same package, must give the same figure before anything is timed.
Different methods give different figures: the other contenders are only timed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from harness import Case, Contender, environment, report, run_in_turns, write_json

import reen

AS_OF = "2024-12-31"
PEER = "boaviztapi"
TICKETING = Path(__file__).resolve().parents[1] / "docs" / "examples" / "ticketing"

#: Time wanted for one warm measurement, in seconds: printed, never asserted.
WANTED = 1e-3


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_embed.json"))
    return parser.parse_args(given)


def laptop() -> reen.Equipment:
    """Return the item, made anew as a request would."""
    return reen.Equipment("laptop", model="Latitude 5420", lifetime=4, country="FR")


def measured(method: str, registry: reen.Registry) -> float:
    """Return the yearly climate change of one laptop."""
    made = reen.measure(laptop(), method=method, as_of=AS_OF, registry=registry)
    return float(made.total())


def advised() -> Callable[[], object]:
    """Return the answer of the ticketing example to one request."""
    sys.path.insert(0, str(TICKETING))
    from advice import Advisor, read_catalogue

    items = read_catalogue(TICKETING / "catalogue.csv")
    advisor = Advisor(items, country="FR", as_of=dt.date.fromisoformat(AS_OF))
    return lambda: advisor.of("NB-14", 2)


def peer_figure() -> float:
    """Return BoaviztAPI's figure of one laptop over a year, computed as its server would."""
    from boaviztapi.compute.impacts_computation import compute_impacts
    from boaviztapi.data.archetype import get_user_terminal_archetype
    from boaviztapi.dto.device.user_terminal import Laptop, mapper_user_terminal
    from boaviztapi.utils.config import config

    request = Laptop(usage={"usage_location": "FRA", "hours_life_time": 4 * 8760})
    archetype = get_user_terminal_archetype(config.default_laptop)
    model = mapper_user_terminal(request, archetype=archetype)
    compute_impacts(model=model, selected_criteria=["gwp"], duration=8760)
    impacts = model.impacts["gwp"]
    return float(impacts["embedded"].value + impacts["use"].value)


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
    works: dict[str, Callable[[], object]] = {
        f"measure, {name}": lambda name=name: measured(name, registry) for name in methods
    }
    works["advice, kept"] = advised()

    def figure_of(work: Callable[[], float]) -> Callable[[], npt.NDArray[np.float64]]:
        return lambda: np.array([work()])

    peer = Contender(PEER, run=repeated(options.calls, peer_figure), target=1.0)
    for name, work in works.items():
        check = None
        against = peer
        if name.endswith("boavizta"):
            check = figure_of(lambda: measured("boavizta", registry))
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
