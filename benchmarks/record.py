"""Record: run the benchmarks of the page and write their records, on a machine that is quiet.

    python benchmarks/record.py                 # all of them, about an hour
    python benchmarks/record.py fold stream     # some

Input: names of benchmarks, as in `docs/performance.py`.  Output: the records that the page is made
of, and the page.  Refuses a machine on which others work, since the ratios would not be those of a
quiet one; ``--loaded`` runs all the same, into `.benchmarks/`, where no page looks.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "docs" / "explanation" / "performance"
ELSEWHERE = ROOT / ".benchmarks"

#: Processes that may wait for each processor, in the last minute, on a quiet machine.
QUIET = 0.25

#: Seconds for the benchmark before to fade from the load of the last minute.
_PAUSE = 90


def names() -> list[str]:
    """Return the benchmarks that have a record, or a program of their name."""
    programs = {path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*")}
    return sorted(path.stem for path in RECORDS.glob("*.json") if path.stem in programs)


def is_quiet() -> bool:
    """Tell whether hardly anybody else works here."""
    return os.getloadavg()[0] <= QUIET * (os.cpu_count() or 1)


def main(given: Sequence[str] | None = None) -> None:
    """Run the benchmarks asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--loaded", action="store_true", help="a trial, on a machine in use")
    options = parser.parse_args(given)
    unknown = sorted(set(options.names) - set(names()))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(names())}")
    folder = ELSEWHERE if options.loaded else RECORDS
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(options.names or names()):
        if number and not options.loaded:
            time.sleep(_PAUSE)
        if not options.loaded and not is_quiet():
            parser.error(f"load {os.getloadavg()[0]:.1f}: wait for the others, or say --loaded")
        program = ROOT / "benchmarks" / f"bench_{name}.py"
        command = [sys.executable, str(program), "--json", str(folder / f"{name}.json")]
        subprocess.run(command, check=True)  # noqa: S603 - a program of ours
    if not options.loaded:
        subprocess.run([sys.executable, str(ROOT / "docs" / "performance.py")], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
