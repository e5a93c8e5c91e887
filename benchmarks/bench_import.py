"""Start-up: `import reen` against `import numpy, pyarrow`, each in a fresh interpreter.

    python benchmarks/bench_import.py

Output: a table per case, and a JSON record of all runs.  Starting the interpreter is part of every
figure, and measured apart.  What the commands take is in `bench_wait.py`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from harness import REPEATS, Case, Contender, environment, report, run_in_turns, write_json


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=3 * REPEATS)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_import.json"))
    return parser.parse_args(given)


def fresh(*command: str) -> Callable[[], object]:
    """Return a function that runs a fresh interpreter to its end.

    A command that fails raises `RuntimeError`, with what it printed: its time would mean nothing.
    """

    def run() -> object:
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, *command],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        if done.returncode:
            message = f"python {' '.join(command)}: exit code {done.returncode}\n{done.stderr}"
            raise RuntimeError(message)
        return done

    return run


def floors(target: float | None) -> list[Contender]:
    """Return what any library on these two would take, and what Python itself takes."""
    return [
        Contender(
            "import numpy, pyarrow",
            run=fresh("-c", "import numpy, pyarrow"),
            target=target,
            floor=True,
        ),
        Contender("Python alone", run=fresh("-c", "pass"), floor=True),
    ]


def cases(*, repeats: int) -> Iterator[Case]:
    """Time imports."""
    imports = {
        "import reen": 1.5,
        # Names are imported on use: this is what a program pays before it measures anything.
        "from reen import measure, Inventory": None,
    }
    for name, target in imports.items():
        contenders = [Contender(name, run=fresh("-c", name)), *floors(target)]
        yield run_in_turns(f"start-up, {name}", contenders, sizes={}, repeats=repeats)


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for case in cases(repeats=options.repeats):
        print(report(case), flush=True)
        done.append(case)
    about = environment("reen", "numpy", "pyarrow", "attrs", "pluggy")
    write_json(options.json, benchmark="import", cases=done, about=about)


if __name__ == "__main__":
    main()
